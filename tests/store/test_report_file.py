"""A report and its .gxr: what goes out comes back, what is damaged is told with its place."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.core.errors import ChangedElsewhere, DamagedFile, GxError, NewerFormat, NotWritten
from gxeditor.core.fields import FIELDS
from gxeditor.core.form import Form
from gxeditor.core.report import (
    AgencyKind,
    Bound,
    Doubt,
    Entry,
    Explanation,
    Final,
    Prior,
    Report,
    blank_report,
)
from gxeditor.core.revision import to_revise
from gxeditor.files.reading import reachable, sha256_of
from gxeditor.resources import load_form
from gxeditor.store.report_file import (
    SAID,
    begins_as_own,
    check_code,
    content_sha256,
    document,
    dump,
    exchange,
    find_prior,
    from_json,
    kept_of,
    kept_path,
    parse,
    prior_unread,
    read_report,
    save_report,
    to_json,
)

COUNT, OTHER_COUNT, FEES = (
    "requests.received.natural_person",
    "requests.brought_forward.natural_person",
    "proactive.fees.amount",
)


def _bytes(content: dict[str, Any]) -> bytes:
    return to_json(content).encode()


@pytest.fixture
def report(form: Form) -> Report:
    blank = blank_report(form, 2022).with_fields(
        agency="鲁山县人民政府办公室",
        kind=AgencyKind.DEPARTMENT,
        signature="鲁山县人民政府办公室",
        date="2023年1月",
    )
    return blank.with_section("overview", "（一）主动公开。\n全年公开 30 件。").with_entries(
        {COUNT: 30, OTHER_COUNT: "/", FEES: Decimal("0.0000")}
    )


def written(**keys: Any) -> bytes:
    """A file with these keys besides the required ones."""
    content = {"format": "gxeditor-report/1", "edition": "2021", **keys}
    return json.dumps(content, ensure_ascii=False).encode("utf-8")


def exact(report: Report) -> dict[str, str]:
    """The entries so that 0, 0.0000 and “0” are told apart."""
    return {cell: repr(entry) for cell, entry in report.entries.items()}


# --- the format ----------------------------------------------------------------------------------------------------


def test_the_file_is_readable_with_one_cell_per_line_and_sorted(report: Report) -> None:
    assert dump(report).decode("utf-8") == (
        """{
 "format": "gxeditor-report/1",
 "edition": "2021",
 "year": 2022,
 "agency": "鲁山县人民政府办公室",
 "kind": "department",
 "profile": "",
 "title": null,
 "preamble": "",
 "sections": {
  "overview": "（一）主动公开。\\n全年公开 30 件。",
  "proactive": "",
  "requests": "",
  "disputes": "",
  "problems": "",
  "other_matters": ""
 },
 "signature": "鲁山县人民政府办公室",
 "date": "2023年1月",
 "cells": {
  "proactive.fees.amount": "0.0000",
  "requests.brought_forward.natural_person": "/",
  "requests.received.natural_person": 30
 }
}
"""
    )


def test_a_change_of_one_cell_changes_one_line(report: Report) -> None:
    before, after = (dump(r).splitlines() for r in (report, report.with_entry(COUNT, 31)))
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_an_automatic_total_is_not_in_the_file(report: Report, form: Form) -> None:
    row = form.cells["requests.received.total"].parts
    full = report.with_entries(dict.fromkeys(row, 1))
    assert full.value("requests.received.total") == 6
    assert "requests.received.total" not in document(full)["cells"]


def test_a_file_with_nothing_but_the_main_keys_is_read(form: Form) -> None:
    report = parse(
        written(
            year=2022,
            agency="鲁山县人民政府办公室",
            title="年报",
            sections={"overview": "总体情况"},
            cells={COUNT: 30, FEES: "0.0000", OTHER_COUNT: "/"},
        ),
        load_form,
    )
    assert (report.year, report.agency, report.title) == (2022, "鲁山县人民政府办公室", "年报")
    assert report.sections == {"overview": "总体情况"}
    assert report.entries == {COUNT: 30, FEES: Decimal("0.0000"), OTHER_COUNT: "/"}


def test_the_shortest_file_is_a_blank_report(form: Form) -> None:
    assert parse(written(), load_form) == blank_report(form)


def test_a_file_that_notepad_marked_as_utf8_is_read(report: Report) -> None:
    assert parse(b"\xef\xbb\xbf" + dump(report), load_form) == report


def test_a_title_of_its_own_stays_even_if_empty(report: Report) -> None:
    for title in ("二〇二二年年报", "", None):
        assert parse(dump(report.with_fields(own_title=title)), load_form).own_title == title


def test_what_a_later_version_added_is_kept_and_written_back() -> None:
    later = written(
        year=2022,
        explanations={"T3-01": {"text": "属实", "at": 1.10, "big": 10**50}, "list": [1, [], {}, True, None]},
        cells={COUNT: 30, "requests.new_row.natural_person": 0.5},
        sections={"overview": "一", "seventh": {"text": "七"}},
    ).replace(b"1.1,", b"1.10,")
    report = parse(later, load_form)
    assert report.entries == {COUNT: 30}
    assert report.sections == {"overview": "一"}
    back = json.loads(dump(report))
    assert back["explanations"] == json.loads(later)["explanations"]
    assert back["cells"] == {COUNT: 30, "requests.new_row.natural_person": 0.5}
    assert back["sections"]["seventh"] == {"text": "七"}
    assert b"1.10," in dump(report)
    assert parse(dump(report), load_form) == report


# --- what others write ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "found", "entry"),
    [
        (COUNT, "30", 30),
        (COUNT, "007", 7),
        (COUNT, -3, -3),
        (COUNT, 1.5, Decimal("1.5")),
        (COUNT, "1.5", Decimal("1.5")),
        (COUNT, "30件", "30件"),
        (COUNT, "", None),
        (COUNT, " ", None),
        (COUNT, 10**20, 10**20),
        (COUNT, 10**40, "1" + "0" * 40),
        (COUNT, "9" * 40, "9" * 40),
        (FEES, 3, Decimal("3")),
        (FEES, -0.25, Decimal("-0.25")),
        (FEES, "1.23456", Decimal("1.23456")),
        (FEES, "无", "无"),
    ],
)
def test_a_foreign_entry_is_read_so_that_the_checks_can_mark_it(
    cell: str, found: Any, entry: Entry | None
) -> None:
    report = parse(written(cells={cell: found}), load_form)
    assert repr(report.entries.get(cell)) == repr(entry)
    assert exact(parse(dump(report), load_form)) == exact(report)


@pytest.mark.parametrize("number", ["1e999999", "-1E-999999", "0e5000", "1" * 5000])
def test_a_number_beyond_all_measure_is_kept_as_a_text(number: str) -> None:
    report = parse(written(cells={COUNT: "?"}).replace(b'"?"', number.encode()), load_form)
    assert isinstance(report.entries[COUNT], str)
    assert parse(dump(report), load_form) == report


def test_a_year_in_quotes_is_a_year() -> None:
    assert parse(written(year="2022"), load_form).year == 2022


# --- damage --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"", "文件是空的"),
        (b" \r\n", "文件是空的"),
        (b"\0" * 500, "第 1 行第 1 列写法不对"),
        (b"\xca\xfd\xbe\xdd", "第 1 行有不是 UTF-8 编码的内容"),
        (b'{\n "format": "gxeditor-report/1",\n "edition" "2021"}', "第 3 行第 12 列写法不对"),
        (
            b'{\n "format": "gxeditor-report/1",\n "agency": "\xe9\xb2\x81',
            "文件不完整，在第 3 行第 12 列中断",
        ),
        (b'{"format": "gxeditor-report/1",\n', "文件不完整，在第 2 行第 1 列中断"),
        (b'{"format":\n NaN}', "第 2 行第 2 列的 NaN 不是可用的数"),
        (b'{"a": "NaN",\n"b": -Infinity}', "第 2 行第 6 列的 -Infinity 不是可用的数"),
        (b'{"a": 1e99999999999999999999}', "第 1 行第 7 列的 1e999999999999999999 不是可用的数"),
        (b"[" * 100_000, "第 1 行第 51 列括号套得太深"),
        (b'{"cells": {"a": 1, "a": 2}}', "“a”出现了两次"),
        (b"[1]", "不是本程序的年报文件"),
        (b'{"format": "office-report/1"}', "不是本程序的年报文件"),
        (b'{"format": "gxeditor-report/1"}', "“edition”这一项应写明年报格式的版本"),
        (written(edition="../rules/2021"), "“edition”这一项应写明年报格式的版本"),
        (b'{"format": "gxeditor-report/1", "edition": "\\ud800"}', "“edition”这一项应写明年报格式的版本"),
        (written(year=True), "“year”这一项应是四位数的年份"),
        (written(year=20222), "“year”这一项应是四位数的年份"),
        (written(kind="bank"), "“kind”这一项应是 government、department、township、other 之一"),
        (written(kind=["government"]), "“kind”这一项应是"),
        (written(title=5), "“title”这一项应是文字"),
        (written(agency=None), "“agency”这一项应是文字"),
        (written(sections=[]), "“sections”这一项应是一组带名字的值"),
        (written(sections={"overview": 5}), "“sections.overview”这一项应是文字"),
        (written(cells={COUNT: None}), "自然人（requests.received.natural_person）里既不是数字也不是文字"),
        (written(cells={COUNT: True}), "requests.received.natural_person）里既不是数字也不是文字"),
        (written(cells={COUNT: [1]}), "requests.received.natural_person）里既不是数字也不是文字"),
    ],
)
def test_damage_is_told_with_its_place(data: bytes, place: str) -> None:
    with pytest.raises(DamagedFile) as damage:
        parse(data, load_form)
    assert place in damage.value.what
    assert damage.value.meaning == "文件没有改动。"


def test_every_truncation_of_a_file_is_noticed(report: Report) -> None:
    data = dump(report)
    for length in range(len(data) - 2):
        with pytest.raises(DamagedFile):
            parse(data[:length], load_form)


def test_a_file_of_a_later_program_is_refused() -> None:
    data = written().replace(b"gxeditor-report/1", b"gxeditor-report/2")
    with pytest.raises(NewerFormat, match=r"用较新版本的程序保存的.*请升级程序"):
        parse(data, load_form)


def test_an_edition_without_form_is_refused() -> None:
    with pytest.raises(GxError, match="没有“2099”版的年报格式"):
        parse(written(edition="2099"), load_form)


# --- there and back ------------------------------------------------------------------------------------------------

# Two halves of a character side by side are read back as that character; single ones stay.
texts = st.text(
    st.one_of(st.characters(exclude_categories=()), st.sampled_from('（一）。\n\r\t\0\u2028\\"\ufeff\ud800'))
)
joined = texts.map(lambda t: t.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass"))
kept_texts = joined.filter(lambda text: text.strip() and not text.strip("-0123456789."))
amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False)
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | amounts | joined,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(joined, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def reports(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Report:
    form = load_form()
    counts = st.integers(-(10**12), 10**12)
    words = joined.filter(lambda text: bool(text.strip()) and not set(text) <= set("-0123456789."))
    entries = {
        cell.id: draw((amounts if cell.decimals else counts) | words)
        for cell in draw(st.lists(st.sampled_from(list(form.cells.values())), max_size=12))
    }
    sections = {
        key: text
        for key in draw(st.sets(st.sampled_from([s.key for s in form.sections])))
        if (text := draw(joined))
    }
    extra = draw(st.dictionaries(joined.map(lambda key: f"x-{key}"), any_json, max_size=3))
    doubts = (
        {
            cell: Doubt(entries[cell], draw(joined))
            for cell in draw(st.sets(st.sampled_from(sorted(entries))))
            if entries
        }
        if entries
        else {}
    )
    reasons = joined.filter(lambda text: bool(text.strip()))
    names = joined.filter(bool)
    explained = st.builds(Explanation, reasons, st.lists(joined, max_size=3).map(tuple))
    hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
    finals = st.builds(Final, st.dates().map(str), joined, hashes, joined, joined)
    bound = {
        key: (Bound(at, text[at : at + 2], (draw(st.sampled_from(list(form.cells))),)),)
        for key, text in sections.items()
        if (at := draw(st.integers(0, len(text) - 1))) >= 0
    }
    return Report(
        form,
        doubts=MappingProxyType(doubts),
        bound=MappingProxyType(bound),
        explanations=MappingProxyType(draw(st.dictionaries(names, explained, max_size=3))),
        closed=MappingProxyType(draw(st.dictionaries(names, reasons, max_size=3))),
        finals=tuple(draw(st.lists(finals, max_size=2))),
        profile=draw(joined),
        agency=draw(joined),
        kind=draw(st.sampled_from(AgencyKind)),
        year=draw(st.none() | st.integers(1, 9999)),
        own_title=draw(st.none() | joined),
        preamble=draw(joined),
        sections=MappingProxyType(sections),
        entries=MappingProxyType(entries),
        signature=draw(joined),
        date=draw(joined),
        extra=MappingProxyType(extra),
    )


@settings(max_examples=60)
@given(reports())
def test_whatever_is_saved_is_loaded_again(report: Report) -> None:
    data = dump(report)
    back = parse(data, load_form)
    assert back == report
    assert exact(back) == exact(report)
    assert dump(back) == data


@given(texts)
def test_half_a_character_harms_nothing(text: str) -> None:
    report = blank_report(load_form()).with_section("overview", text)
    back = parse(dump(report), load_form)
    assert dump(back) == dump(report)


@given(any_json)
def test_json_comes_back_on_one_line_or_many(value: Any) -> None:
    assert from_json(to_json(value)) == from_json(to_json(value, "")) == value
    assert "\n" not in to_json(value)


# --- files ---------------------------------------------------------------------------------------------------------


# --- for other programs ---------------------------------------------------------------------------------------


def test_other_programs_get_every_cell_and_are_told_which_totals_are_sums(form: Form) -> None:
    row = {c.id: 2 for c in form.cells.values() if c.id.startswith("requests.received.") and not c.is_total}
    report = (
        blank_report(form, 2022).with_fields(agency="甲局").with_entries({**row, FEES: Decimal("0.0000")})
    )
    content = json.loads(exchange(report))
    assert content["format"] == "gxeditor-exchange/1"
    assert content["title"] == "甲局2022年政府信息公开工作年度报告"
    assert list(content["cells"]) == list(form.cells)
    assert content["cells"]["requests.received.total"] == 12
    assert content["cells"][FEES] == "0.0000"
    assert content["cells"][OTHER_COUNT] is None
    assert content["automatic"] == ["requests.received.total"]
    shared = set(document(report)) - {"format", "title", "cells"}
    assert {key: content[key] for key in shared} == {key: document(report)[key] for key in shared}


def test_a_typed_total_is_not_called_automatic(form: Form) -> None:
    content = json.loads(exchange(blank_report(form).with_entry("requests.received.total", 5)))
    assert (content["cells"]["requests.received.total"], content["automatic"]) == (5, [])


def test_what_is_for_other_programs_is_not_taken_for_a_report_file(report: Report) -> None:
    """All its totals would be typed ones."""
    with pytest.raises(DamagedFile, match="它不是本程序的年报文件"):
        parse(exchange(report), load_form)


def test_a_saved_report_is_opened_again(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "2022.gxr"
    sha256 = save_report(report, path, None)
    opened = read_report(path, load_form)
    assert opened.report == report
    assert opened.sha256 == sha256 == sha256_of(path)


def test_saving_again_keeps_the_previous_version(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "2022.gxr"
    sha256 = save_report(report, path, None)
    save_report(report.with_entry(COUNT, 31), path, sha256)
    assert read_report(path, load_form).report.entries[COUNT] == 31
    assert read_report(kept_path(path), load_form).report == report


def test_a_file_that_somebody_else_changed_is_not_overwritten_unasked(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "2022.gxr"
    sha256 = save_report(report, path, None)
    theirs = dump(report.with_entry(COUNT, 99))
    path.write_bytes(theirs)
    with pytest.raises(
        ChangedElsewhere, match=r"“2022.gxr”打开以后被别的程序或别的人改过，没有保存。.*覆盖.*另存"
    ):
        save_report(report, path, sha256)
    assert path.read_bytes() == theirs
    assert not kept_path(path).exists()
    save_report(report, path, None)
    assert kept_path(path).read_bytes() == theirs


def test_a_file_that_has_vanished_is_written_anew(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "2022.gxr"
    sha256 = save_report(report, path, None)
    path.unlink()
    assert save_report(report, path, sha256) == sha256


def test_a_file_that_cannot_be_compared_is_not_overwritten(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "2022.gxr"
    path.mkdir()
    with pytest.raises(NotWritten, match="同名的文件夹"):
        save_report(report, path, "0" * 64)


def test_a_damaged_file_is_named_and_the_kept_version_offered(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "2022.gxr"
    save_report(report, path, None)
    save_report(report, path, None)
    path.write_bytes(dump(report)[:200])
    with pytest.raises(DamagedFile, match=r"“2022.gxr”读不出来：文件不完整.*没有改动.*可以打开“2022.gxr~”"):
        read_report(path, load_form)
    kept_path(path).unlink()
    with pytest.raises(DamagedFile, match="请换一份备份打开"):
        read_report(path, load_form)


def test_a_file_that_is_not_there_is_said_not_to_be(tmp_path: Path) -> None:
    with pytest.raises(GxError, match=r"“2022.gxr”不见了"):
        read_report(tmp_path / "2022.gxr", load_form)


def test_a_folder_is_not_opened_as_a_report(tmp_path: Path) -> None:
    with pytest.raises(GxError, match=f"“{tmp_path.name}”是一个文件夹"):
        read_report(tmp_path, load_form)


def test_a_report_far_down_in_folders_with_long_names_is_saved_and_opened(
    report: Report, tmp_path: Path
) -> None:
    folder = tmp_path.joinpath(*["政府信息公开工作年度报告" * 5] * 6)
    os.makedirs(reachable(folder))
    path = folder / "鲁山县人民政府办公室2022年年报.gxr"
    assert len(str(path)) > 360
    sha256 = save_report(report, path, None)
    save_report(report.with_entry(COUNT, 31), path, sha256)
    assert read_report(path, load_form).report.value(COUNT) == 31
    assert read_report(kept_path(path), load_form).report == report


def hold(path: Path) -> Callable[[], None]:
    """Another program opens the file and lets nobody else even read it; what is returned closes it."""
    if sys.platform != "win32":
        pytest.skip("an open file is in nobody's way here")
    import ctypes

    kernel = ctypes.WinDLL("kernel32")
    kernel.CreateFileW.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(kernel.CreateFileW(str(path), 0x80000000, 0, None, 3, 0, None))
    return lambda: kernel.CloseHandle(handle)


def test_a_file_that_the_cloud_drive_holds_for_a_moment_is_waited_for(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "2022.gxr"
    sha256 = save_report(report, path, None)
    for action in (lambda: read_report(path, load_form), lambda: save_report(report, path, sha256)):
        later = threading.Timer(0.2, hold(path))
        later.start()
        action()
        later.join()


def test_a_file_that_another_program_keeps_to_itself_is_said_to_be_held(
    report: Report, tmp_path: Path
) -> None:
    path = tmp_path / "2022.gxr"
    sha256 = save_report(report, path, None)
    let_go = hold(path)
    try:
        with pytest.raises(GxError, match=r"“2022.gxr”打不开.*关闭正在使用它的程序"):
            read_report(path, load_form)
        with pytest.raises(NotWritten, match=r"占用.*关闭正在使用它的程序"):
            save_report(report, path, sha256)
    finally:
        let_go()


def test_a_file_whose_disk_does_not_answer_may_be_far_away(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "2022.gxr"
    save_report(report, path, None)

    def absent(*_: object) -> int:
        raise OSError(errno.EINVAL, "the cloud file provider is not running")

    monkeypatch.setattr(os, "open", absent)
    with pytest.raises(GxError, match=r"打不开.*没有改动.*云盘（如 OneDrive）.*等它下载完"):
        read_report(path, load_form)


def test_a_giant_is_not_read_at_all(tmp_path: Path) -> None:
    path = tmp_path / "2022.gxr"
    with open(path, "wb") as file:
        file.truncate(30_000_000)
    with pytest.raises(DamagedFile, match="太大"):
        read_report(path, load_form)


# --- last year's report --------------------------------------------------------------------------------------------


def last(form: Form, **cells: Entry) -> Report:
    return (
        blank_report(form, 2021).with_fields(agency="鲁山县人民政府办公室").with_entries({COUNT: 7, **cells})
    )


def chosen(path: Path, form: Form) -> Prior:
    """Last year's report, saved to `path` and chosen from there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    report = last(form).with_section("overview", "去年的文字")
    return Prior.of(report, str(path), save_report(report, path, None))


def test_of_last_years_report_the_file_keeps_figures_prose_path_and_hash(
    report: Report, form: Form, tmp_path: Path
) -> None:
    prior = chosen(tmp_path / "2021.gxr", form)
    save_report(report.with_prior(prior), tmp_path / "2022.gxr", None)
    content = json.loads((tmp_path / "2022.gxr").read_bytes())
    assert content["prior"] == {
        "path": str(tmp_path / "2021.gxr"),
        "beside": "2021.gxr",
        "sha256": sha256_of(tmp_path / "2021.gxr"),
        "agency": "鲁山县人民政府办公室",
        "year": 2021,
        "cells": {COUNT: 7},
        "sections": {"overview": "去年的文字"},
    }
    assert read_report(tmp_path / "2022.gxr", load_form).report == report.with_prior(prior)


def test_last_years_figures_alone_as_older_programs_kept_them_are_read(form: Form) -> None:
    prior = {"path": "", "beside": "", "sha256": "", "agency": "甲", "year": 2021, "cells": {COUNT: 7}}
    back = parse(_bytes({**document(blank_report(form)), "prior": prior}), load_form)
    assert back.prior is not None
    assert (back.prior.report.entries, back.prior.report.sections) == ({COUNT: 7}, {})
    assert document(back)["prior"] == prior


def test_prose_of_last_years_report_in_a_section_that_nobody_knows_is_kept(form: Form) -> None:
    prior = {
        "path": "", "beside": "", "sha256": "", "agency": "甲", "year": 2021, "cells": {}, "preamble": "序",
        "sections": {"overview": "一", "later": "二"},
    }  # fmt: skip
    back = parse(_bytes({**document(blank_report(form)), "prior": prior}), load_form)
    assert back.prior is not None
    assert (back.prior.report.preamble, back.prior.report.sections) == ("序", {"overview": "一"})
    assert document(back)["prior"] == prior


def test_a_report_without_last_years_has_the_file_it_always_had(report: Report) -> None:
    assert "prior" not in document(report)
    assert document(report.with_prior(Prior.of(report)).with_prior(None)) == document(report)


def test_the_year_before_last_is_not_kept_in_turn(report: Report, form: Form) -> None:
    before = last(form).with_prior(Prior.of(blank_report(form, 2020)))
    assert Prior.of(before).report == Prior.of(last(form)).report


prior_texts = st.text(st.characters(codec=None), max_size=12)


@given(
    prior_texts,
    prior_texts,
    prior_texts,
    st.none() | st.integers(1, 9999),
    st.dictionaries(
        st.sampled_from([COUNT, OTHER_COUNT]), st.integers(0, 10**12) | st.sampled_from(["/", "无"])
    ),
    st.sampled_from(["", "0" * 64]),
    st.dictionaries(st.sampled_from(["preamble", "overview", "requests"]), prior_texts),
)
def test_whatever_is_kept_of_last_years_report_comes_back(
    form: Form,
    path: str,
    beside: str,
    agency: str,
    year: int | None,
    cells: dict[str, Entry | None],
    sha256: str,
    prose: dict[str, str],
) -> None:
    whole = blank_report(form, year).with_fields(agency=agency).with_entries(cells)
    for key, text in prose.items():
        whole = whole.with_text(key, text)
    kept = Prior.of(whole, path, sha256)
    report = blank_report(form).with_prior(kept)
    back = parse(dump(report), load_form)
    assert dump(back) == dump(report)
    if not any(
        "\ud800" <= char <= "\udfff" for char in "".join((path, agency, *prose.values()))
    ):  # halves of characters join
        assert back == report
    there = blank_report(form).with_prior(Prior(kept.report, path, sha256, beside))
    found = parse(dump(there), load_form).prior
    assert found is not None
    assert find_prior(found, Path("/nowhere")).state in ("missing", "remote")


def test_what_a_later_version_says_of_last_years_report_is_kept(form: Form) -> None:
    prior = {
        "path": "",
        "beside": "",
        "sha256": "",
        "agency": "",
        "year": None,
        "cells": {COUNT: 1, "new.x": 2},
        "k": [1],
    }
    report = parse(written(prior=prior), load_form)
    assert report.prior is not None
    assert dict(report.prior.report.entries) == {COUNT: 1}
    assert document(report)["prior"] == prior


@pytest.mark.parametrize(
    "prior",
    [
        "2021.gxr",
        7,
        True,
        [],
        {},
        {"cells": None},
        {"cells": [1]},
        {"cells": {COUNT: []}},
        {"cells": {COUNT: True}},
        {"cells": {}, "path": 3},
        {"cells": {}, "agency": None},
        {"cells": {}, "year": "去年"},
        {"cells": {}, "year": -1},
        {"cells": {}, "sha256": "abc"},
        {"cells": {}, "beside": {}},
    ],
)
def test_a_last_years_report_that_makes_no_sense_is_set_aside_and_kept(prior: Any, form: Form) -> None:
    report = parse(written(year=2022, cells={COUNT: 3}, prior=prior), load_form)
    assert (report.value(COUNT), report.prior) == (3, None)
    assert prior_unread(report).startswith("年报文件里存的上年年报读不懂")
    assert document(report)["prior"] == prior
    mended = report.with_prior(Prior.of(last(form)))
    assert not prior_unread(mended)
    assert parse(dump(mended), load_form) == mended


def test_no_last_years_report_is_nothing_to_tell(form: Form) -> None:
    report = parse(written(prior=None), load_form)
    assert (report, prior_unread(report)) == (blank_report(form), "")


def test_the_data_for_other_programs_say_nothing_of_last_years_report(report: Report, form: Form) -> None:
    assert exchange(report.with_prior(Prior.of(last(form), "/reports/2021.gxr"))) == exchange(report)


@pytest.mark.parametrize("where", ["2021.gxr", "旧/2021.gxr", "../2021/鲁山 2021.gxr"])
def test_both_reports_moved_together_find_each_other(
    report: Report, form: Form, tmp_path: Path, where: str
) -> None:
    """As on a USB stick that gets another letter: the absolute path is no longer any good."""
    stick, other = tmp_path / "E", tmp_path / "F"
    (stick / "2022").mkdir(parents=True)
    prior = chosen((stick / "2022" / where).resolve(), form)
    save_report(report.with_prior(prior), stick / "2022" / "2022.gxr", None)
    stick.rename(other)
    found = read_report(other / "2022" / "2022.gxr", load_form).report.prior
    assert found is not None
    file = find_prior(found, other / "2022")
    assert file.path is not None
    assert (file.state, file.path.resolve()) == ("same", (other / "2022" / where).resolve())
    # saved again where it is now, it is still found after the next move
    save_report(report.with_prior(found), other / "2022" / "2022.gxr", None)
    other.rename(tmp_path / "G")
    again = read_report(tmp_path / "G" / "2022" / "2022.gxr", load_form).report.prior
    assert again is not None
    assert find_prior(again, tmp_path / "G" / "2022").state == "same"


def test_a_report_moved_alone_finds_last_years_where_it_was_chosen(
    report: Report, form: Form, tmp_path: Path
) -> None:
    prior = chosen(tmp_path / "年报" / "2021.gxr", form)
    save_report(report.with_prior(prior), tmp_path / "年报" / "2022.gxr", None)
    desk = tmp_path / "a" / "b" / "c"
    desk.mkdir(parents=True)
    found = read_report(tmp_path / "年报" / "2022.gxr", load_form).report.prior
    assert found is not None
    assert find_prior(found, desk) == ("same", tmp_path / "年报" / "2021.gxr")


def test_what_has_become_of_last_years_file_is_known_by_its_bytes(form: Form, tmp_path: Path) -> None:
    path = tmp_path / "2021.gxr"
    prior = chosen(path, form)
    data = path.read_bytes()
    assert find_prior(prior, None) == ("same", path)
    path.write_bytes(data + b" ")  # it reads the same, and yet it is another file
    assert find_prior(prior, None) == ("changed", path)
    assert str(path) in find_prior(prior, None).words
    path.write_bytes(b"")
    assert find_prior(prior, None).state == "changed"
    path.unlink()
    assert find_prior(prior, None) == ("missing", None)
    path.mkdir()
    assert find_prior(prior, None) == ("missing", None)
    path.rmdir()
    path.write_bytes(data)
    assert find_prior(prior, None).words == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among its files")
def test_a_pipe_in_place_of_last_years_file_is_not_waited_for(form: Form, tmp_path: Path) -> None:
    prior = chosen(tmp_path / "2021.gxr", form)
    (tmp_path / "2021.gxr").unlink()
    os.mkfifo(tmp_path / "2021.gxr")
    assert find_prior(prior, None).state == "missing"


@pytest.mark.parametrize("path", [r"\\server\share\2021.gxr", "//server/share/2021.gxr"])
def test_a_path_to_another_computer_is_not_called_by_itself(
    form: Form, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def called(there: Path) -> bool:
        raise AssertionError(there)

    monkeypatch.setattr(Path, "is_file", called)
    prior = Prior.of(last(form), path)
    assert find_prior(prior, None) == ("remote", Path(path))


@pytest.mark.parametrize(
    "beside", ["/etc/hostname", "../../x.gxr", "a/../../../x.gxr", r"..\..\x.gxr", "C:x.gxr", r"\\s\x.gxr"]
)
def test_a_relative_path_leads_no_further_than_beside_the_folder(
    form: Form, beside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def called(there: Path) -> bool:
        raise AssertionError(there)

    monkeypatch.setattr(Path, "is_file", called)
    prior = Prior(blank_report(form), "", "", beside)
    assert find_prior(prior, tmp_path) == ("missing", None)


# --- figures taken over in doubt

PERSON, COMPANY = "requests.received.natural_person", "requests.received.company"


def doubted() -> Report:
    entries: dict[str, Entry] = {PERSON: 0, COMPANY: 6}
    return (
        blank_report(load_form(), 2022)
        .with_entries(entries)
        .with_doubts({PERSON: "原文是字母“O”。按 0 采用。"})
    )


def test_a_figure_in_doubt_is_kept_with_its_reason() -> None:
    report = doubted()
    content = json.loads(dump(report))
    assert content["doubts"] == {PERSON: {"cell": 0, "what": "原文是字母“O”。按 0 采用。"}}
    assert parse(dump(report), lambda _: load_form()) == report
    assert "doubts" not in json.loads(dump(report.without_doubts([PERSON])))


def test_a_doubt_whose_cell_another_program_changed_has_ended() -> None:
    content = json.loads(dump(doubted()))
    content["cells"][PERSON] = 3
    read = parse(json.dumps(content).encode(), lambda _: load_form())
    assert read.doubts == {}
    assert "doubts" not in json.loads(dump(read))


@pytest.mark.parametrize(
    "odd",
    [
        "三", [], 7, {"x.y": {"cell": 1, "what": "…"}}, {PERSON: "三"}, {PERSON: {"cell": 0}}, {PERSON: None},
        {PERSON: {"cell": 0, "what": 3}}, {PERSON: {"cell": [], "what": "…"}},
        {PERSON: {"cell": 0, "what": "…", "by": "将来"}},
    ],
)  # fmt: skip
def test_doubts_that_this_version_cannot_read_are_kept_as_they_are(odd: Any) -> None:
    content = json.loads(dump(doubted())) | {"doubts": odd}
    read = parse(json.dumps(content).encode(), lambda _: load_form())
    assert read.doubts == {}
    assert read.entries == doubted().entries
    assert json.loads(dump(read)).get("doubts") == odd


def test_a_doubt_that_is_read_stands_beside_one_that_is_not() -> None:
    content = json.loads(dump(doubted()))
    content["doubts"]["future.cell"] = {"cell": 1, "what": "将来的格"}
    read = parse(json.dumps(content).encode(), lambda _: load_form())
    assert set(read.doubts) == {PERSON}
    assert json.loads(dump(read))["doubts"] == content["doubts"]


# --- numbers of last year's prose


def brought() -> Report:
    text = "2022年收到62件。"
    report = (
        blank_report(load_form(), 2023).with_section("overview", text).with_fields(preamble="2022年编制。")
    )
    report = report.with_prose_doubts("preamble", to_revise("2022年编制。"))
    return report.with_prose_doubts("overview", to_revise(text)).without_prose_doubts("overview", [0])


def test_numbers_of_prose_that_nobody_looked_at_are_kept_with_their_places() -> None:
    report = brought()
    content = json.loads(dump(report))
    assert content["doubts"]["overview"] == [
        {"at": 7, "text": "62", "what": "是去年文字里的数，请改成今年的。"}
    ]
    assert parse(dump(report), load_form) == report
    assert dump(parse(dump(report), load_form)) == dump(report)


def test_a_number_that_another_program_changed_is_in_doubt_no_more() -> None:
    content = json.loads(dump(brought()))
    content["sections"]["overview"] = "2023年收到75件。"
    read = parse(json.dumps(content).encode(), load_form)
    assert set(read.prose_doubts) == {"preamble"}


@pytest.mark.parametrize(
    "odd", [7, "62", [7], [{"at": 7}], [{"at": "7", "text": "62", "what": ""}], {"at": 7}]
)
def test_odd_doubts_of_prose_are_kept_as_they_are(odd: Any) -> None:
    content = json.loads(dump(brought()))
    content["doubts"]["overview"] = odd
    read = parse(json.dumps(content).encode(), load_form)
    assert set(read.prose_doubts) == {"preamble"}
    assert json.loads(dump(read))["doubts"]["overview"] == odd


def test_the_previous_version_knows_its_file() -> None:
    assert kept_of(Path("a") / "年报.gxr~") == Path("a") / "年报.gxr"
    assert kept_of(Path("年报.GXR~")) == Path("年报.GXR")
    assert kept_of(Path("年报.gxr")) is None


def test_a_file_of_ours_is_told_by_its_beginning(form: Form, tmp_path: Path) -> None:
    (tmp_path / "年报.txt").write_bytes(dump(blank_report(form, 2022)))
    (tmp_path / "年报.gxr").write_text("年报", encoding="utf-8")
    assert begins_as_own(tmp_path / "年报.txt")
    assert not begins_as_own(tmp_path / "年报.gxr")
    assert not begins_as_own(tmp_path / "没有.gxr")
    assert not begins_as_own(tmp_path)


# --- what a person said of the report ------------------------------------------------------------------------------

FINAL = Final("2026-01-12", "张三", "0" * 64)


def said_of(form: Form) -> Report:
    report = blank_report(form, 2022).with_entry(COUNT, 30).with_section("overview", "全年收到申请 30 件。")
    return (
        report.with_bound("overview", [Bound(7, "30", (COUNT,))])
        .with_explanation(f"E-01@{COUNT}", Explanation("省厅统一口径", ("30", "")))
        .with_closed("Y-01", "机构合并，上年数不可比")
        .with_finals(
            [replace(FINAL, reopened="2026-01-13 补充附件"), replace(FINAL, forced="上级要求先报送一份")]
        )
    )


def test_what_a_person_said_of_a_report_comes_back(form: Form) -> None:
    report = said_of(form)
    assert set(document(report)) - set(document(blank_report(form))) == set(SAID)
    back = parse(dump(report), load_form)
    assert back == report
    assert dump(back) == dump(report)
    assert not back.extra
    assert back.is_final


def test_a_report_of_which_nothing_was_said_has_no_key_for_it(form: Form) -> None:
    assert not set(SAID) & set(document(blank_report(form)))


def test_a_program_that_does_not_know_what_was_said_writes_it_back(form: Form) -> None:
    """As the one before did: keys that it does not know are those of `extra`."""
    content = document(said_of(form))
    old = blank_report(form).with_fields(extra={key: content[key] for key in SAID})
    assert {key: document(old)[key] for key in SAID} == {key: content[key] for key in SAID}


ODD: list[Any] = [None, 1, "甲", True, [], [1], {"": None}, {"at": 1}]


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("key", SAID)
def test_one_odd_item_is_kept_beside_those_that_are_read(key: str, odd: Any, form: Form) -> None:
    report = said_of(form)
    content = document(report)
    if isinstance(content[key], list):
        content[key] = [odd, *content[key]]
    elif key == "bound":
        content[key] = {"overview": [*content[key]["overview"], odd], "later": odd}
    else:
        content[key] = {
            **content[key],
            "Z@later": {"reason": odd, "values": odd} if key == "explanations" else odd,
        }
    if (key, odd) == ("closed", "甲"):
        content[key]["Z@later"] = ""
    back = parse(_bytes(content), load_form)
    assert back.with_fields(extra={}) == report.with_fields(extra={})
    again = document(back)
    assert again == document(parse(dump(back), load_form))
    kept = to_json(again[key])
    assert kept.count(to_json(odd)) >= to_json(content[key]).count(to_json(odd))


@pytest.mark.parametrize("odd", [1, "甲", True, [1], {"a": 1}], ids=repr)
@pytest.mark.parametrize("key", SAID)
def test_what_makes_no_sense_as_a_whole_refuses_no_file_and_outlives_what_is_said_anew(
    key: str, odd: Any, form: Form
) -> None:
    back = parse(_bytes({**document(blank_report(form)), key: odd}), load_form)
    assert document(back)[key] == odd
    assert not any((back.explanations, back.bound, back.closed, back.finals))
    new = said_of(form).with_fields(extra=back.extra)
    assert to_json(odd).strip("{}[]") in to_json(document(new)[key])
    assert parse(dump(new), load_form).with_fields(extra={}) == said_of(form)


@pytest.mark.parametrize(
    "final",
    [
        {"date": "2026年1月12日"},
        {"date": "2026-13-45"},
        {"date": "20260112"},
        {"sha256": ""},
        {"sha256": "g" * 64},
        {"checker": None},
        {"witness": "李四"},
    ],
    ids=repr,
)
def test_a_report_is_not_final_by_a_record_that_makes_no_sense(final: dict[str, Any], form: Form) -> None:
    (good,) = document(blank_report(form).with_finals([FINAL]))["finals"]
    back = parse(_bytes({**document(blank_report(form)), "finals": [{**good, **final}]}), load_form)
    assert not back.is_final
    assert document(back)["finals"] == [{**good, **final}]


def test_a_bound_number_that_its_text_no_longer_holds_has_ended(form: Form) -> None:
    content = document(said_of(form))
    content["sections"]["overview"] = "全年收到申请 31 件。"
    assert not parse(_bytes(content), load_form).bound


def test_bound_numbers_that_lie_in_one_another_are_not_both_taken(form: Form) -> None:
    content = document(said_of(form))
    content["bound"]["overview"].append({"at": 8, "text": "0", "cells": [COUNT]})
    assert parse(_bytes(content), load_form).bound == said_of(form).bound


def test_other_programs_get_the_explanations_and_nothing_else_of_what_was_said(form: Form) -> None:
    content = json.loads(exchange(said_of(form)))
    assert set(SAID) & set(content) == {"explanations"}
    assert content["explanations"] == {f"E-01@{COUNT}": {"reason": "省厅统一口径", "values": ["30", ""]}}


# --- what is published ---------------------------------------------------------------------------------------------


def test_the_hash_of_what_is_published_leaves_out_what_nobody_prints(form: Form) -> None:
    report = said_of(form)
    bare = blank_report(form, 2022).with_entry(COUNT, 30).with_section("overview", "全年收到申请 30 件。")
    same = (
        bare.with_doubts({COUNT: "疑"})
        .with_prior(Prior.of(bare))
        .with_fields(profile="henan", extra={"a": 1})
    )
    assert content_sha256(report) == content_sha256(bare) == content_sha256(same)
    assert content_sha256(bare.with_section("overview", "全年收到申请 30 件。\n")) == content_sha256(bare)
    assert content_sha256(parse(dump(report), load_form)) == content_sha256(report)


def test_a_total_counts_alike_whether_it_was_typed_or_added_up(form: Form) -> None:
    total = "disputes.reconsideration.total"
    report = blank_report(form).with_entries(
        {cell: 1 for cell in form.cells if cell.startswith("disputes.reconsideration.") and cell != total}
    )
    assert report.is_automatic(total)
    assert content_sha256(report.with_entry(total, report.value(total))) == content_sha256(report)


@pytest.mark.parametrize("name", [one.name for one in FIELDS if one.printed])
def test_the_hash_differs_with_every_field_that_is_printed(name: str, form: Form) -> None:
    report = blank_report(form, 2022)
    assert content_sha256(report.with_fields(**{name: "甲"})) != content_sha256(report)


def test_the_hash_differs_with_every_cell_and_every_section(form: Form) -> None:
    report = blank_report(form, 2022)
    others = [
        report.with_entry(cell.id, Decimal("0.0") if cell.decimals else 0) for cell in form.cells.values()
    ]
    others += [report.with_section(section.key, "无") for section in form.sections]
    others += [report.with_entry(COUNT, "/"), report.with_fields(agency="甲"), report.with_fields(year=2023)]
    assert len({content_sha256(one) for one in (report, *others)}) == 1 + len(others)


@given(st.binary(min_size=32, max_size=32))
def test_the_short_code_has_four_groups_of_four_characters_that_nobody_mistakes(sha: bytes) -> None:
    code = check_code(sha.hex())
    assert re.fullmatch("(?:[2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}", code)
    other = bytes([sha[0] ^ 1, *sha[1:9], sha[9] ^ 0x80, *sha[10:]])
    assert check_code(other.hex()) != code
    assert check_code((sha[:10] + bytes(22)).hex()) == code


def test_the_short_code_spells_the_first_bits_five_at_a_time() -> None:
    assert check_code("0" * 64) == "2222-2222-2222-2222"
    assert check_code("f" * 64) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ"
    assert check_code("08" + "0" * 62) == "3222-2222-2222-2222"


@pytest.mark.parametrize("name", ["n" * 251 + ".gxr", "年" * 83 + "ab.gxr"])
def test_a_report_with_the_longest_name_is_saved_again_and_its_previous_version_is_found(
    name: str, tmp_path: Path, report: Report
) -> None:
    path = tmp_path / name
    sha256 = save_report(report, path, None)
    for year in (2023, 2024):
        sha256 = save_report(report.with_fields(year=year), path, sha256)
    kept = kept_path(path)
    assert sorted(tmp_path.iterdir()) == sorted([path, kept])
    assert read_report(kept, load_form).report.year == 2023
    assert kept_of(kept) == path
    path.unlink()
    assert kept_of(kept) is not None


_LIMITED = """
import resource, sys
from pathlib import Path
from gxeditor.core.errors import GxError
from gxeditor.resources import load_form
from gxeditor.store.report_file import dump, read_report
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
try:
    report = read_report(Path(sys.argv[1]), load_form).report
    report.values
    dump(report)
except GxError as error:
    print(error)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no process")
@pytest.mark.parametrize(
    "hostile",
    [
        '"' + '\\\\"' * 1_000_000,
        '{"a": "' + '\\\\"' * 1_000_000,
        "{" + ", ".join(['"a": 1'] * 200_000) + "}",
        "{" + ", ".join(f'"{i}": 1' for i in range(200_000)) + ', "0": 2}',
        "[" * 2_000_000,
        '{"a":' * 500_000,
        "9" * 400_000,
        "[" + "-" * 1_000_000,
    ],
    ids=["quotes", "a text of quotes", "one key", "many keys", "brackets", "objects", "digits", "signs"],
)
@pytest.mark.parametrize("where", ["all of it", "a cell", "a key"])
def test_no_file_takes_long_to_read(hostile: str, where: str, tmp_path: Path, report: Report) -> None:
    path = tmp_path / "2022.gxr"
    save_report(report.with_fields(agency="某局"), path, None)
    text = path.read_text(encoding="utf-8")
    match where:
        case "all of it":
            text = hostile
        case "a cell":
            text = text.replace('"cells": {', f'"cells": {{"{next(iter(report.form.cells))}": {hostile},')
        case "a key":
            text = text.replace('"edition"', f'"later": {hostile}, "edition"')
    path.write_text(text, encoding="utf-8")
    program = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (program.returncode, program.stderr) == (0, "")
