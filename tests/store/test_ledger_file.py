"""A ledger comes back from its file as it was, with a password and without, and a file that is none changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.core.errors import ChangedElsewhere, DamagedFile, GxError, NewerFormat
from gxeditor.core.ledger.privacy import private_texts
from gxeditor.core.ledger.request import Ledger, Origin, Request, Settled
from gxeditor.core.report import Explanation
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.store import ledger_file
from gxeditor.store.ledger_file import (
    dump,
    has_password,
    is_own,
    parse,
    read_ledger,
    save_ledger,
    save_protected_anew,
)
from gxeditor.store.own_bytes import kept_path
from gxeditor.store.protection import Key, NeedsPassword, WrongPassword, new_key
from tests.named_ledger import named_ledger, request_of

VOCABULARY = load_vocabulary(load_form())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "松塘县自然资源局台账.gxl"


@pytest.fixture(scope="module")
def key() -> Key:
    return new_key("松塘 2026")


def content(data: bytes) -> Any:
    return json.loads(data)


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The file of the sample with something of it changed."""
    whole = content(dump(named_ledger(), VOCABULARY))
    change(whole)
    return json.dumps(whole, ensure_ascii=False).encode()


# --- there and back

_texts = st.text(max_size=12)
_explanations = st.builds(Explanation, _texts, st.lists(_texts, max_size=2).map(tuple))
_values = {
    "text": _texts,
    "code": _texts,
    "date": st.dates(),
    "money": st.decimals(allow_nan=False, allow_infinity=False),
    "number": st.integers(),
}


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    columns = st.sampled_from(VOCABULARY.columns)
    requests = []
    for number in range(draw(st.integers(0, 4))):
        values = {}
        for column in draw(st.lists(columns, max_size=6)):
            strange = draw(st.booleans()) and draw(st.booleans())
            of = st.one_of(*_values.values()) if strange else _values[column.type]
            values[column.field] = draw(of)
        requests.append(
            Request(
                f"r{number}",
                values,
                draw(st.dictionaries(_texts, _texts, max_size=2)),
                draw(st.dictionaries(_texts, _texts, max_size=2)),
                draw(st.none() | st.builds(Origin, _texts, _texts, st.integers(0, 10**6))),
            )
        )
    words = st.builds(Settled, _texts, _texts, _texts, st.integers(0, 10**6))
    return Ledger(
        agency=draw(_texts),
        requests=tuple(requests),
        settled=tuple(draw(st.lists(words, max_size=2, unique_by=lambda one: (one.field, one.word)))),
        closed_by=draw(st.sampled_from(("answered_on", "served_on"))),
        none_in=tuple(draw(st.lists(st.integers(1900, 2999), max_size=3))),
        explanations=draw(st.dictionaries(_texts, _explanations, max_size=2)),
    )


@settings(max_examples=150)
@given(ledgers())
def test_any_ledger_comes_back_as_it_was(ledger: Ledger) -> None:
    back, key = parse(dump(ledger, VOCABULARY), VOCABULARY)
    assert back == ledger
    assert key is None
    for one, other in zip(back.requests, ledger.requests, strict=True):
        for field, value in one.values.items():
            assert type(value) is type(other.values[field])
            assert str(value) == str(other.values[field])  # an amount with the zeros that were written
    assert dump(back, VOCABULARY) == dump(ledger, VOCABULARY)


def test_fields_are_the_names_of_columns_and_a_request_is_a_line() -> None:
    data = dump(named_ledger(), VOCABULARY)
    first, second = content(data)["requests"][:2]
    assert first["received_on"] == "2025-11-24"
    assert first["serial"] == 1
    assert second["fee_amount"] == "40.00"
    assert sum(1 for line in data.decode().splitlines() if line.startswith('  {"')) == 6  # a settled word too


def test_what_this_version_does_not_know_is_written_back() -> None:
    def add(whole: dict[str, Any]) -> None:
        whole["colour"] = {"a": [1, 2]}
        whole["requests"][1]["mood"] = "急"
        whole["settled"][0]["who"] = "李"
        whole["explanations"]["L-09 r4"]["by"] = "李"

    ledger, _ = parse(changed(add), VOCABULARY)
    step = ledger.with_request(ledger.requests[1].with_value("outcome", "G1"))
    again = content(dump(step, VOCABULARY))
    assert again["colour"] == {"a": [1, 2]}
    assert again["requests"][1]["mood"] == "急"
    assert again["settled"][0]["who"] == "李"
    assert again["explanations"]["L-09 r4"]["by"] == "李"
    assert again["requests"][1]["outcome"] == "G1"


def test_saving_keeps_the_previous_version_beside_it(path: Path) -> None:
    first = named_ledger()
    sha256 = save_ledger(first, path, None, VOCABULARY)
    second = replace(first, agency="松塘县水利局")
    save_ledger(second, path, sha256, VOCABULARY)
    assert read_ledger(path, VOCABULARY).ledger == second
    assert read_ledger(kept_path(path), VOCABULARY).ledger == first
    assert kept_path(path).name.endswith(".gxl~")


def test_a_file_that_was_changed_elsewhere_is_not_overwritten(path: Path) -> None:
    sha256 = save_ledger(named_ledger(), path, None, VOCABULARY)
    path.write_bytes(path.read_bytes() + b" ")
    before = path.read_bytes()
    with pytest.raises(ChangedElsewhere, match="没有保存"):
        save_ledger(replace(named_ledger(), agency="别的"), path, sha256, VOCABULARY)
    assert path.read_bytes() == before
    path.unlink()
    save_ledger(named_ledger(), path, sha256, VOCABULARY)  # one that has vanished is simply written
    assert path.exists()


def test_a_step_writes_only_its_own_request_anew() -> None:
    ledger = named_ledger()
    before = dump(ledger, VOCABULARY).decode().splitlines()
    step = ledger.with_request(ledger.requests[0].with_value("outcome", "P1"))
    after = dump(step, VOCABULARY).decode().splitlines()
    assert [i for i, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]] == [
        i for i, line in enumerate(before) if '"r1"' in line
    ]


# --- a password


def test_with_a_password_nothing_of_it_can_be_read(path: Path, key: Key) -> None:
    ledger = named_ledger()
    sha256 = save_ledger(ledger, path, None, VOCABULARY, key)
    save_ledger(replace(ledger, agency="松塘县水利局"), path, sha256, VOCABULARY, key)
    for file in (path, kept_path(path)):
        data = file.read_bytes()
        for private in private_texts(ledger.requests, VOCABULARY):
            assert private.encode() not in data
        assert b"received_on" not in data
        assert has_password(file)
    opened = read_ledger(path, VOCABULARY, "松塘 2026")
    assert opened.ledger.agency == "松塘县水利局"
    assert opened.key == key
    assert read_ledger(kept_path(path), VOCABULARY, opened.key).ledger == ledger


def test_without_or_with_a_wrong_password_it_stays_shut(path: Path, key: Key) -> None:
    save_ledger(named_ledger(), path, None, VOCABULARY, key)
    with pytest.raises(NeedsPassword):
        read_ledger(path, VOCABULARY)
    for wrong in ("松塘2026", "松塘 2026 ", "x"):
        with pytest.raises(WrongPassword) as told:
            read_ledger(path, VOCABULARY, wrong)
        assert told.value.what == "密码不对。忘了密码，这份台账就打不开了。"
    with pytest.raises(NeedsPassword):
        read_ledger(path, VOCABULARY, replace(key, salt=b"1" * 16))


def test_each_save_is_sealed_another_way(key: Key) -> None:
    assert dump(named_ledger(), VOCABULARY, key) != dump(named_ledger(), VOCABULARY, key)


def test_a_sealed_file_that_was_changed_says_that_it_is_damaged(path: Path, key: Key) -> None:
    sealed = content(dump(named_ledger(), VOCABULARY, key))
    middle = len(sealed["sealed"]) // 2
    other = "A" if sealed["sealed"][middle] != "A" else "B"
    sealed["sealed"] = f"{sealed['sealed'][:middle]}{other}{sealed['sealed'][middle + 1 :]}"
    with pytest.raises(DamagedFile, match="加密的内容不完整或被改过"):
        parse(json.dumps(sealed).encode(), VOCABULARY, key)


@pytest.mark.parametrize("before", [None, "old"])
@pytest.mark.parametrize("after", [None, "new"])
def test_another_password_leaves_nothing_that_opens_by_the_old_one(
    path: Path, before: str | None, after: str | None
) -> None:
    old, new = (None if word is None else new_key(word) for word in (before, after))
    ledger = named_ledger()
    sha256 = save_ledger(ledger, path, None, VOCABULARY, old)
    sha256 = save_ledger(replace(ledger, agency="甲"), path, sha256, VOCABULARY, old)
    save_protected_anew(replace(ledger, agency="乙"), path, sha256, VOCABULARY, new)
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name, kept_path(path).name]
    for file in (path, kept_path(path)):
        assert has_password(file) == (after is not None)
        assert read_ledger(file, VOCABULARY, after).ledger.agency == "乙"
        if after is not None and before is not None:
            with pytest.raises(WrongPassword):
                read_ledger(file, VOCABULARY, before)


# --- files that are none


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "文件是空的"),
        (b"\0\0\0", "文件是空的"),
        (b"[]", "不是本程序的台账文件"),
        (b'{"format": "gxeditor-rollup/1"}', "不是本程序的台账文件"),
        (b'{"format": "gxeditor-ledger/1", "requests": [', "文件不完整"),
        (b'{"format": "gxeditor-ledger/1"\xff', "第 1 行有不是 UTF-8"),
        (b'{"format": "gxeditor-ledger/1", "protection": 1, "sealed": "x"}', "密码的参数"),
        (b'{"format": "gxeditor-ledger/1", "requests": {}}', "“requests”这一项应是一组"),
        (b'{"format": "gxeditor-ledger/1", "closed_by": "applicant"}', "“closed_by”这一项应是一个日期列"),
        (b'{"format": "gxeditor-ledger/1", "none_in": ["2023"]}', "“none_in”这一项应是一组年份"),
        (b'{"format": "gxeditor-ledger/1", "explanations": {"a": "b"}}', "应说明原因"),
        (b'{"format": "gxeditor-ledger/1", "explanations": []}', "“explanations”这一项应是一组"),
    ],
)
def test_what_is_no_ledger_is_refused_with_the_place(path: Path, data: bytes, said: str) -> None:
    path.write_bytes(data)
    with pytest.raises(DamagedFile, match=said):
        read_ledger(path, VOCABULARY, "x")
    assert path.read_bytes() == data


@pytest.mark.parametrize(
    ("field", "stated", "said"),
    [
        ("received_on", "2025-02-30", "第 1 件申请的 received_on”这一项应是日期"),
        ("received_on", "2025.1.2", "是日期"),
        ("received_on", 45678, "是日期"),
        ("applicant", 5, "是文字"),
        ("serial", "1", None),
        ("serial", 1.5, "是整数"),
        ("fee_amount", "1,5", "是金额"),
        ("fee_amount", {"yuan": "1"}, "是金额"),
        ("id", 7, "第 1 件申请的 id"),
        ("id", "r2", "第 2 件申请的 id”这一项应和前面的不同"),
        ("origin", ["a", "b"], "是文件、工作表和行"),
        ("why", {"a": 1}, "是一组带名字的文字"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_with_its_place(
    field: str, stated: object, said: str | None
) -> None:
    data = changed(lambda whole: whole["requests"][0].update({field: stated}))
    if said is None:
        assert parse(data, VOCABULARY)[0].requests[0].values[field] == 1
        return
    with pytest.raises(DamagedFile, match=said):
        parse(data, VOCABULARY)


def test_a_damaged_file_leads_to_the_version_that_was_kept(path: Path) -> None:
    sha256 = save_ledger(named_ledger(), path, None, VOCABULARY)
    save_ledger(replace(named_ledger(), agency="甲"), path, sha256, VOCABULARY)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(DamagedFile) as told:
        read_ledger(path, VOCABULARY)
    assert kept_path(path).name in told.value.remedy


def test_a_ledger_of_a_later_version_is_not_touched(path: Path) -> None:
    path.write_bytes(b'{"format": "gxeditor-ledger/2"}')
    with pytest.raises(NewerFormat, match="较新版本"):
        read_ledger(path, VOCABULARY)


def test_a_file_too_large_to_be_a_ledger_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_ledger(named_ledger(), path, None, VOCABULARY)
    monkeypatch.setattr(ledger_file, "LEDGER_FILE", 100)
    with pytest.raises(DamagedFile, match="太大"):
        read_ledger(path, VOCABULARY)
    with pytest.raises(GxError, match="存下来也打不开"):
        save_ledger(named_ledger(), path, None, VOCABULARY)


def test_a_ledger_is_known_by_how_it_begins(path: Path, tmp_path: Path, key: Key) -> None:
    other = tmp_path / "a.txt"
    save_ledger(named_ledger(), other, None, VOCABULARY)
    assert is_own(other)
    assert not has_password(other)
    save_ledger(named_ledger(), path, None, VOCABULARY, key)
    assert is_own(path)
    assert has_password(path)
    assert is_own(tmp_path / "gone.gxl~")
    assert not is_own(tmp_path / "gone.txt")
    assert not has_password(tmp_path / "gone.gxl")


def test_amounts_and_days_of_other_kinds_than_their_column_say_so() -> None:
    odd = request_of(
        "r1", serial="25-068", applicant=date(2025, 1, 2), subject=Decimal("1.50"), fee_amount=10**30
    )
    data = dump(Ledger(requests=(odd,)), VOCABULARY)
    assert content(data)["requests"][0]["serial"] == {"text": "25-068"}
    back = parse(data, VOCABULARY)[0].requests[0]
    assert back.values == MappingProxyType(dict(odd.values))
    assert str(back.values["subject"]) == "1.50"
