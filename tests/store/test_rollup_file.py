"""The file of a roll-up: all of it comes back, and what is wrong with a file is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gxeditor.core.errors import ChangedElsewhere, DamagedFile, GxError, NewerFormat, UnreadableSource
from gxeditor.core.report import Explanation
from gxeditor.core.rollup.project import Adjustment, Decided, Fee, PriorYear, Received, Returned, Rollup, Told
from gxeditor.core.rollup.units import Alias, Duty, Role, Scope, Unit, UnitKind, Units
from gxeditor.resources import load_form
from gxeditor.store import rollup_file
from gxeditor.store.own_bytes import kept_path
from gxeditor.store.rollup_file import (
    dump,
    is_own,
    moved,
    parse,
    reached,
    read_rollup,
    save_rollup,
    seen_from,
)

FORM = load_form()
CELLS = len(FORM.cells)
ZEROS = (0,) * CELLS

texts = st.text(max_size=12)
names = st.text(min_size=1, max_size=12)
years = st.none() | st.integers(1990, 2100)
figures = st.none() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | texts.map(str)
entries = st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | texts
grids = st.just(()) | st.lists(figures, min_size=CELLS, max_size=CELLS).map(tuple)
whys = st.dictionaries(names, texts, max_size=3).map(MappingProxyType)
several = st.lists(texts, max_size=3).map(tuple)
tolds = st.builds(
    Told,
    names,
    st.sampled_from(["error", "query", "hint"]),
    texts,
    several,
    *(texts,) * (len(Told._fields) - 4),
)
aliases = st.builds(Alias, names, texts, texts, st.integers(0, 9))
adjustments = st.builds(Adjustment, names, names, entries, texts, texts, texts, texts)
returned = st.builds(Returned, names, names, names, names, texts, texts, grids, several)
received = st.builds(
    Received,
    path=names,
    sha256=texts,
    size=st.integers(0),
    modified=st.integers(0),
    row=texts,
    reader=texts,
    received=texts,
    read=texts,
    agency=texts,
    title=texts,
    year=years,
    edition=texts,
    date=texts,
    kind=texts,
    values=grids,
    doubts=whys,
    notes=several,
    found=st.lists(tolds, max_size=2).map(tuple),
    checked=st.integers(0, 99),
    not_checked=st.integers(0, 99),
    fee=st.none() | st.builds(Fee, st.none() | st.integers(), texts),
    problem=texts,
    basis=texts,
    unit=texts,
    matched=texts,
    candidates=several,
    why_not=texts,
    decided=st.sampled_from(get_args(Decided)),
    decided_why=texts,
)


@st.composite
def lists_of_units(draw: st.DrawFn) -> Units:
    ids = draw(st.lists(names, max_size=4, unique=True))
    units = []
    for at, one in enumerate(ids):
        units.append(
            Unit(
                one,
                draw(names),
                draw(st.sampled_from(UnitKind)),
                draw(st.sampled_from(["", "nobody", *ids[:at]])),
                draw(st.lists(aliases, max_size=2).map(tuple)),
                draw(texts),
                draw(st.sampled_from(Role)),
                draw(st.sampled_from(Duty)),
                draw(st.sampled_from(Scope)),
                draw(texts),
                draw(years),
                draw(years),
                draw(texts),
                draw(texts),
            )
        )
    return Units(tuple(units))


priors = st.builds(
    PriorYear,
    year=st.integers(1990, 2100),
    owner=texts,
    edition=texts,
    units=lists_of_units(),
    values=st.dictionaries(names, grids, max_size=2).map(MappingProxyType),
    adjustments=st.lists(adjustments, max_size=2).map(tuple),
    path=texts,
    sha256=texts,
)
rollups = st.builds(
    Rollup,
    st.just(FORM),
    year=st.integers(1990, 2100),
    owner=texts,
    scope=st.sampled_from(Scope),
    units=lists_of_units(),
    received=st.lists(received, max_size=3, unique_by=lambda one: one.key).map(tuple),
    adjustments=st.lists(adjustments, max_size=2).map(tuple),
    returned=st.lists(returned, max_size=2).map(tuple),
    explanations=st.dictionaries(names, st.builds(Explanation, texts, several), max_size=2).map(
        MappingProxyType
    ),
    given=st.dictionaries(names, entries, max_size=2).map(MappingProxyType),
    dues=st.dictionaries(names, texts, max_size=2).map(MappingProxyType),
    prior=st.none() | priors,
    profile=texts,
    changed=st.frozensets(texts, max_size=2),
    extra=st.dictionaries(st.text("xyz", min_size=1), texts, max_size=2).map(MappingProxyType),
)


def reading(value: Any) -> Any:
    """All that a roll-up says, figures with their kind: as numbers 0 and 0.0000 would be equal."""
    if is_dataclass(value) and not isinstance(value, type):
        return [(one.name, reading(getattr(value, one.name))) for one in fields(value) if one.name != "form"]
    if isinstance(value, Mapping):
        return [(key, reading(one)) for key, one in value.items()]
    if isinstance(value, frozenset):
        return sorted(map(repr, value))
    return [reading(one) for one in value] if isinstance(value, tuple) else repr(value)


def normal(rollup: Rollup) -> Rollup:
    """The same with its mappings in the order of the file, which nobody sees."""

    def ordered(mapping: Any) -> Any:
        return MappingProxyType(dict(sorted(mapping.items())))

    prior = rollup.prior
    return replace(
        rollup,
        received=tuple(replace(one, doubts=ordered(one.doubts)) for one in rollup.received),
        **{name: ordered(getattr(rollup, name)) for name in ("explanations", "given", "dues", "extra")},
        prior=prior and replace(prior, values=ordered(prior.values)),
    )


@settings(max_examples=40)
@given(rollups)
def test_every_field_comes_back(rollup: Rollup) -> None:
    rollup = normal(rollup)
    data = dump(rollup)
    read = parse(data, load_form)
    assert reading(normal(read)) == reading(rollup)
    assert dump(read) == data


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        (Received, rollup_file._received(rollup_file._TEXT)),
        (Returned, rollup_file._returned(rollup_file._TEXT)),
        (Adjustment, rollup_file._ADJUSTMENT),
        (Unit, rollup_file._UNIT),
        (Alias, rollup_file._ALIAS),
    ],
)
def test_no_field_is_left_out_of_the_file(kind: Any, table: Any) -> None:
    assert [one.name for one in fields(kind) if one.name not in table] == []


def full() -> Rollup:
    unit = Unit("u1", "松塘县沙田乡", UnitKind.TOWNSHIP, aliases=(Alias("沙田乡", "asked", used=2),))
    one = Received(
        "乡镇/沙田乡.docx",
        "a" * 64,
        12,
        3,
        edition="2021",
        year=2025,
        values=(*ZEROS[:-3], None, "/", Decimal("1.50")),
    )
    return Rollup(FORM, year=2025, owner="松塘县", units=Units((unit,)), received=(one,))


def test_the_figures_of_a_report_are_one_text(tmp_path: Path) -> None:
    kept = json.loads(dump(full()))["received"][0]["values"]
    assert kept.startswith("0,0,0")
    assert kept.endswith("0,,'/,1.50")
    assert kept.count(",") == CELLS - 1


def test_keys_are_sorted_behind_the_format() -> None:
    content = json.loads(dump(full()))
    assert next(iter(content)) == "format"
    assert list(content)[1:] == sorted(list(content)[1:])
    assert list(content["received"][0]) == sorted(content["received"][0])


def test_keys_of_a_later_program_are_written_back() -> None:
    content = json.loads(dump(full()))
    content["tints"] = {"a": [1, 2.5]}
    content["units"][0]["seal"] = "圆"
    content["received"][0]["pages"] = 7
    content["prior"] = {"year": 2024, "units": [{"id": "p", "name": "甲", "seal": "方"}], "colour": "red"}
    again = json.loads(dump(parse(json.dumps(content).encode(), load_form)))
    assert again["tints"] == {"a": [1, 2.5]}
    assert again["units"][0]["seal"] == "圆"
    assert again["received"][0]["pages"] == 7
    assert again["prior"]["colour"] == "red"
    assert again["prior"]["units"][0]["seal"] == "方"


def test_a_key_of_an_item_goes_with_its_item() -> None:
    content = json.loads(dump(full()))
    content["units"][0]["seal"] = "圆"
    read = parse(json.dumps(content).encode(), load_form)
    assert "seal" not in dump(replace(read, units=Units((Unit("u2", "乙"),)))).decode()


def test_a_save_keeps_the_previous_version(tmp_path: Path) -> None:
    path = tmp_path / "松塘县.gxh"
    first = save_rollup(full(), path, None)
    before = path.read_bytes()
    save_rollup(replace(full(), owner="别的县"), path, first)
    assert kept_path(path).read_bytes() == before
    assert kept_path(path).name == "松塘县.gxh~"
    assert read_rollup(path, load_form).rollup.owner == "别的县"


def test_what_another_computer_saved_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "松塘县.gxh"
    known = save_rollup(full(), path, None)
    save_rollup(replace(full(), owner="别人"), path, known)
    with pytest.raises(ChangedElsewhere):
        save_rollup(full(), path, known)
    assert read_rollup(path, load_form).rollup.owner == "别人"


def test_a_later_format_is_refused_politely() -> None:
    data = dump(full()).replace(b"gxeditor-rollup/1", b"gxeditor-rollup/2")
    with pytest.raises(NewerFormat, match="升级程序"):
        parse(data, load_form)


def test_a_report_is_no_roll_up() -> None:
    with pytest.raises(DamagedFile, match="不是本程序的汇总文件"):
        parse(b'{"format": "gxeditor-report/1"}', load_form)


def _change(*path: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: Any) -> None:
        for step in path[:-1]:
            content = content[step]
        if to is None:
            del content[path[-1]]
        else:
            content[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_change("year", to="2025"), "“year”这一项应是整数"),
        (_change("year", to=True), "“year”这一项应是整数"),
        (_change("year", to=None), "“year”"),
        (_change("units", to={}), "“units”这一项应是一组"),
        (_change("units", 0, "kind", to="VILLAGE"), "“units 第 1 项的 kind”"),
        (_change("units", 0, "name", to=None), "“units 第 1 项的 name”这一项应写明"),
        (_change("units", 0, "aliases", to=[{"name": 3}]), "units 第 1 项的 name"),
        (_change("received", 0, "values", to="1,2,3"), "有 200 个数，现在有 3 个"),
        (_change("received", 0, "values", to="1,x" + ",0" * 198), "“received 第 1 项的 values”"),
        (_change("received", 0, "values", to="1,1_0" + ",0" * 198), "“received 第 1 项的 values”"),
        (_change("received", 0, "values", to="1,NaN" + ",0" * 198), "“received 第 1 项的 values”"),
        (_change("received", 0, "decided", to="perhaps"), "“received 第 1 项的 decided”"),
        (_change("received", 0, "decided", to=[]), "“received 第 1 项的 decided”"),
        (_change("received", 0, "found", to=[["H-1"]]), "“received 第 1 项的 found”"),
        (_change("received", 0, "fee", to=[1]), "“received 第 1 项的 fee”"),
        (_change("prior", to=3), "“prior”"),
        (_change("prior", to={"units": []}), "“prior.year”"),
        (_change("explanations", to={"a": {"reason": 1, "values": []}}), "explanations 里“a”"),
        (_change("given", to={"H-14": 7}), "given 里“H-14”"),
        (_change("scope", to="ALL"), "“scope”"),
        (_change("edition", to="../2021"), "“edition”"),
    ],
)
def test_what_makes_no_sense_is_named(change: Callable[[Any], None], said: str) -> None:
    content = json.loads(dump(full()))
    change(content)
    with pytest.raises(DamagedFile) as told:
        parse(json.dumps(content).encode(), load_form)
    assert said in told.value.what


def test_a_unit_under_itself_is_named() -> None:
    units = Units((Unit("a", "甲", parent="b"), Unit("b", "乙", parent="a")))
    with pytest.raises(DamagedFile, match="“甲”的 parent"):
        parse(dump(replace(full(), units=units)), load_form)


def test_one_file_twice_is_named() -> None:
    one = full().received[0]
    with pytest.raises(DamagedFile, match="received 第 2 项”这一项应和前面的不同"):
        parse(dump(replace(full(), received=(one, one))), load_form)


@pytest.mark.parametrize("part", [0.0, 0.2, 0.5, 0.9, 0.999])
def test_half_a_file_is_told_with_its_kept_version(tmp_path: Path, part: float) -> None:
    path = tmp_path / "松塘县.gxh"
    save_rollup(full(), path, None)
    save_rollup(full(), path, None)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data.rstrip()) * part)])
    with pytest.raises(DamagedFile) as told:
        read_rollup(path, load_form)
    assert "松塘县.gxh" in told.value.what
    assert "松塘县.gxh~" in told.value.remedy


@given(st.binary(max_size=60), st.integers(0, 3000))
@settings(max_examples=60)
def test_no_damage_makes_anything_but_a_roll_up_or_a_sentence(noise: bytes, at: int) -> None:
    data = dump(full())
    with suppress(GxError):
        parse(data[:at] + noise + data[at + len(noise) :], load_form)


def test_too_large_a_file_is_not_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.gxh"
    save_rollup(full(), path, None)
    monkeypatch.setattr(rollup_file, "ROLLUP_FILE", 100)
    with pytest.raises(DamagedFile, match="太大"):
        read_rollup(path, load_form)
    with pytest.raises(UnreadableSource, match="不见了"):
        read_rollup(tmp_path / "b.gxh", load_form)


def test_a_roll_up_is_known_by_how_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "改了名.json"
    path.write_bytes(dump(full()))
    assert is_own(path)
    damaged = tmp_path / "a.gxh"
    damaged.write_bytes(b"")
    assert is_own(damaged)
    assert not is_own(tmp_path / "nothing.xlsx")


def test_paths_are_seen_from_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "汇总"
    assert seen_from(folder, tmp_path / "汇总" / "乡镇" / "a.gxr") == "乡镇/a.gxr"
    assert seen_from(folder, tmp_path / "上年" / "b.gxh") == "../上年/b.gxh"
    assert reached(folder, "../上年/b.gxh") == tmp_path / "上年" / "b.gxh"


def test_a_roll_up_saved_in_another_folder_finds_its_files(tmp_path: Path) -> None:
    prior = PriorYear(2024, "", "2021", Units(), {}, path="../上年.gxh")
    back = Returned("u1", "乡镇/沙田乡.docx", "", "")
    rollup = replace(full(), prior=prior, returned=(back,), changed=frozenset({"乡镇/沙田乡.docx"}))
    old, new = tmp_path / "汇总", tmp_path / "别处" / "深处"
    there = moved(rollup, old, new)
    assert there.received[0].path == "../../汇总/乡镇/沙田乡.docx" == there.returned[0].path
    assert there.changed == {"../../汇总/乡镇/沙田乡.docx"}
    assert there.prior is not None
    assert reached(new, there.prior.path) == tmp_path / "上年.gxh"
    assert reading(moved(there, new, old)) == reading(rollup)
