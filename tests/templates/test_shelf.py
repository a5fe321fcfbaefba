"""Filling a foreign workbook from file to file: the template is never touched, and nothing is half written."""

from __future__ import annotations

import json
import os
import resource
import sys
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from gxeditor.core.errors import Defects, GxError, NotWritten, UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report
from gxeditor.files import atomic
from gxeditor.settings import user_folders
from gxeditor.templates import shelf as templates
from tests.permissions import ordinary_user

SAMPLES = Path(__file__).parents[1] / "samples" / "templates"
ONE = "requests.received.natural_person"


@pytest.fixture
def report(form: Form) -> Report:
    details = {cell.id: 3 for cell in form.cells.values() if not cell.is_total and not cell.decimals}
    return blank_report(form, 2022).with_fields(agency="鲁山县教育体育局").with_entries(details)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A template that may be spoilt."""
    path = tmp_path / "省模板.xlsx"
    path.write_bytes((SAMPLES / "full.xlsx").read_bytes())
    return path


def fill(file: Path, report: Report, target: Path, map_file: Path | None = None) -> None:
    opened = templates.open_template(file, report, map_file)
    templates.write_filling(templates.plan_filling(opened, [report]), opened, target)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if entry.is_file())


# --- filling --------------------------------------------------------------------------------------------------


def test_a_template_is_filled_into_another_file_and_stays_as_it_was(
    file: Path, report: Report, tmp_path: Path
) -> None:
    before, moment = file.read_bytes(), file.stat().st_mtime_ns
    fill(file, report, tmp_path / "填好.xlsx")
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (before, moment)
    with zipfile.ZipFile(tmp_path / "填好.xlsx") as book:
        assert b"<v>3</v>" in book.read("xl/worksheets/sheet3.xml")
    assert names(tmp_path) == ["填好.xlsx", "省模板.xlsx"]


def test_an_earlier_filling_is_replaced(file: Path, report: Report, tmp_path: Path) -> None:
    target = tmp_path / "填好.xlsx"
    target.write_bytes(b"old")
    fill(file, report, target)
    assert zipfile.is_zipfile(target)


@pytest.mark.parametrize("name", ["省模板.xlsx", "./省模板.xlsx", "链接.xlsx"])
def test_the_template_itself_is_no_target(name: str, file: Path, report: Report, tmp_path: Path) -> None:
    os.link(file, tmp_path / "链接.xlsx")
    before = file.read_bytes()
    with pytest.raises(NotWritten, match="就是模板本身，没有覆盖它"):
        fill(file, report, tmp_path / name)
    assert file.read_bytes() == before


def test_a_workbook_with_macros_stays_one(report: Report, tmp_path: Path) -> None:
    fill(SAMPLES / "full.xlsm", report, tmp_path / "填好.xlsm")
    with pytest.raises(NotWritten, match=r"模板是 \.xlsm 文件，不能写成“填好\.xlsx”"):
        fill(SAMPLES / "full.xlsm", report, tmp_path / "填好.xlsx")
    assert names(tmp_path) == ["填好.xlsm"]


def test_many_reports_go_into_one_list(report: Report, tmp_path: Path) -> None:
    opened = templates.open_template(SAMPLES / "T3_row_per_unit.xlsx")
    reports = [report.with_fields(agency=f"第{number}局") for number in range(30)]
    templates.write_filling(templates.plan_filling(opened, reports), opened, tmp_path / "汇总.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx").worksheets[0]
    assert [sheet.cell(row, 2).value for row in (8, 37)] == ["第0局", "第29局"]


# --- what goes wrong ------------------------------------------------------------------------------------------


def refused(file: Path, report: Report, folder: Path) -> str:
    """The message when nothing comes of it; nothing is written and the template is as it was."""
    before = file.read_bytes() if os.access(file, os.R_OK) else None
    there = names(folder)
    with pytest.raises(GxError) as trouble:
        fill(file, report, folder / "填好.xlsx")
    assert names(folder) == there
    assert before is None or file.read_bytes() == before
    message = str(trouble.value)
    assert message.count("。") <= 3
    assert "Error" not in message
    return message


def old_format(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream.encode("utf-16-le") + bytes(600)


def empty_zip() -> bytes:
    data = BytesIO()
    zipfile.ZipFile(data, "w").close()
    return data.getvalue()


def other_package() -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("word/document.xml", "<document/>")
    return data.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "是空文件"),
        (b"hello", "不是 Excel 工作簿"),
        (b"%PDF-1.7", "是 PDF 文件"),
        (b"<html><table></table></html>", "是网页或 XML 格式的表格"),
        (old_format("Workbook"), "是旧格式的表格（.xls、.et），不能直接填写"),
        (old_format("EncryptedPackage"), "设有打开密码"),
        (other_package(), "是 Word 文档"),
        ((SAMPLES / "full.xlsx").read_bytes()[:9_000], "已损坏"),
        ((SAMPLES / "full.xlsx").read_bytes()[:9_000] + bytes(9_000), "已损坏"),
    ],
)
def test_what_is_no_template_is_refused_in_a_sentence(
    content: bytes, said: str, report: Report, tmp_path: Path
) -> None:
    file = tmp_path / "省模板.xlsx"
    file.write_bytes(content)
    assert said in refused(file, report, tmp_path)


def test_damage_inside_a_part_is_found_before_anything_is_written(
    file: Path, report: Report, tmp_path: Path
) -> None:
    data = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as book:
        entry = book.getinfo("xl/worksheets/sheet3.xml")
    for at in range(entry.header_offset + 200, entry.header_offset + 260):
        data[at] ^= 0xFF
    file.write_bytes(data)
    assert "已损坏" in refused(file, report, tmp_path)


def test_a_workbook_without_a_heading_of_the_form_is_refused(report: Report, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "食堂菜谱"
    book.save(tmp_path / "菜谱.xlsx")
    assert "没有认出年报的任何一格" in refused(tmp_path / "菜谱.xlsx", report, tmp_path)


def test_another_ending_is_refused_with_a_way_out(file: Path, report: Report, tmp_path: Path) -> None:
    renamed = file.rename(tmp_path / "省模板.et")
    assert "请在 Excel 或 WPS 里另存为 .xlsx 再选。" in refused(renamed, report, tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="a file is not kept back by its permissions there")
def test_a_template_that_another_program_keeps_to_itself(
    file: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.chmod(0)
    file.parent.chmod(0o755)
    monkeypatch.chdir(file.parent)
    with ordinary_user(), pytest.raises(UnreadableSource, match="打不开，可能正在 Excel 或 WPS 中使用"):
        templates.open_template(Path(file.name), report)


def test_a_template_that_has_gone(file: Path, report: Report, tmp_path: Path) -> None:
    file.unlink()
    with pytest.raises(UnreadableSource, match="不见了"):
        templates.open_template(file, report)


def test_a_target_that_excel_keeps_open_stays_as_it_was(
    file: Path, report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "填好.xlsx"
    target.write_bytes(b"old")

    def refusing(*_: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(os, "replace", refusing)
    monkeypatch.setattr(atomic, "PAUSES", ())
    monkeypatch.setattr(
        atomic.write_atomic, "__kwdefaults__", {**(atomic.write_atomic.__kwdefaults__ or {}), "pauses": ()}
    )
    assert "正被其他程序占用或受到保护" in refused(file, report, tmp_path)
    assert target.read_bytes() == b"old"


def test_a_full_disk_leaves_nothing_behind(file: Path, report: Report, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        assert "磁盘已满" in refused(file, report, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# --- maps -----------------------------------------------------------------------------------------------------


def test_a_stored_map_is_used_for_every_file_of_this_structure(
    file: Path, report: Report, tmp_path: Path
) -> None:
    opened = templates.open_template(file, report)
    assert (opened.origin, len(opened.map.missing)) == ("found", 0)
    moved = replace(opened.map.targets[ONE], ref="B9", sheet="校验")
    corrected = replace(opened.map, places=(moved, *(t for t in opened.map.places if t.id != ONE)))
    templates.store_map(opened.with_map(corrected))
    other = tmp_path / "县里的.xlsx"
    fill(file, report, other)  # a filled one has the same structure
    for again in (file, other):
        known = templates.open_template(again, report)
        assert known.origin == "stored"
        assert (known.map.targets[ONE].sheet, known.map.targets[ONE].ref) == ("校验", "B9")


def changed_heading(file: Path) -> None:
    book = BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(book, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/sharedStrings.xml":
                part = part.replace("自然人".encode(), "公民个人".encode())
            new.writestr(name, part)
    file.write_bytes(book.getvalue())


def test_a_template_whose_structure_changed_is_never_filled_by_an_old_map(file: Path, report: Report) -> None:
    templates.store_map(templates.open_template(file, report))
    changed_heading(file)
    opened = templates.open_template(file, report)
    assert (opened.origin, opened.is_changed) == ("found", True)


def test_a_template_of_another_name_is_not_said_to_have_changed(
    file: Path, report: Report, tmp_path: Path
) -> None:
    templates.store_map(templates.open_template(file, report))
    opened = templates.open_template(SAMPLES / "V_sparse.xlsx", report)
    assert (opened.origin, opened.is_changed) == ("found", False)


def test_a_map_goes_from_the_city_to_its_counties(file: Path, report: Report, tmp_path: Path) -> None:
    opened = templates.open_template(file, report)
    templates.export_map(opened, tmp_path / "对应关系.json")
    given = templates.open_template(file, report, tmp_path / "对应关系.json")
    assert given.origin == "given"
    assert {t.id: t.ref for t in given.map.places} == {t.id: t.ref for t in opened.map.places}
    fill(file, report, tmp_path / "填好.xlsx", tmp_path / "对应关系.json")


def test_a_map_for_another_template_is_refused(file: Path, report: Report, tmp_path: Path) -> None:
    templates.export_map(templates.open_template(file, report), tmp_path / "对应关系.json")
    with pytest.raises(GxError, match=r"不是为“V_sparse\.xlsx”做的"):
        templates.open_template(SAMPLES / "V_sparse.xlsx", report, tmp_path / "对应关系.json")


def test_a_damaged_map_is_refused_with_its_defects_and_a_missing_one_too(
    file: Path, report: Report, tmp_path: Path
) -> None:
    broken = tmp_path / "对应关系.json"
    broken.write_text(json.dumps({"format": 99, "places": [{"id": "没有"}]}), encoding="utf-8")
    with pytest.raises(Defects) as trouble:
        templates.open_template(file, report, broken)
    assert len(trouble.value.defects) > 2
    with pytest.raises(UnreadableSource, match="不见了"):
        templates.open_template(file, report, tmp_path / "不在.json")


def test_damage_among_the_stored_maps_is_passed_over(file: Path, report: Report) -> None:
    folder = user_folders().data / "templates"
    folder.mkdir(parents=True)
    (folder / "坏.000000000000.json").write_bytes(b"\xff{")
    assert templates.open_template(file, report).origin == "found"


def test_a_map_that_cannot_be_kept_is_said(file: Path, report: Report) -> None:
    folder = user_folders().data
    folder.mkdir(parents=True)
    (folder / "templates").write_text("in the way", encoding="utf-8")
    with pytest.raises(NotWritten, match="对应关系没有保存到"):
        templates.store_map(templates.open_template(file, report))


# --- blank templates ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(templates.BLANK_FILES))
def test_a_blank_template_can_be_filled(kind: str, report: Report, tmp_path: Path) -> None:
    blank = tmp_path / "空白.xlsx"
    templates.write_blank(blank, kind)
    fill(blank, report, tmp_path / "填好.xlsx")
    assert zipfile.is_zipfile(tmp_path / "填好.xlsx")


def test_a_blank_template_replaces_nothing_and_is_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "在.xlsx").write_bytes(b"old")
    with pytest.raises(NotWritten, match="没有覆盖它"):
        templates.write_blank(tmp_path / "在.xlsx")
    with pytest.raises(NotWritten, match=r"请用 \.xlsx 作扩展名"):
        templates.write_blank(tmp_path / "空白.xls")
    assert names(tmp_path) == ["在.xlsx"]


# --- stored maps that are odd -----------------------------------------------------------------------------------

ODD_MAPS = {
    "empty": b"",
    "no utf-8": b"\xff{",
    "deep": b"[" * 200_000,
    "deep inside": b'{"format": 1, "fingerprint": "x", "places": ' + b"[" * 990 + b"]" * 990 + b"}",
    "a list": b"[]",
    "huge numbers": b'{"format": ' + b"9" * 5000 + b"}",
    "no places": b'{"format": 1, "edition": "2021", "kind": "sheets", "fingerprint": "x"}',
    "kinds": b'{"format": 1.5, "edition": [], "kind": {}, "fingerprint": 7, "places": 3, "units": true, "zero": null}',
    "giant": b'"' + b"a" * 6_000_000 + b'"',
}


@pytest.mark.parametrize("kind", ODD_MAPS)
def test_an_odd_stored_map_is_moved_aside_and_told_once(kind: str, file: Path, report: Report) -> None:
    folder = user_folders().data / "templates"
    folder.mkdir(parents=True)
    (folder / "坏.json").write_bytes(ODD_MAPS[kind])
    opened = templates.open_template(file, report)
    assert opened.origin == "found"
    assert [odd.name for odd in opened.odd] == ["坏.json"]
    assert (folder / "aside" / "坏.json").read_bytes() == ODD_MAPS[kind]
    assert templates.open_template(file, report).odd == ()


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders there")
def test_one_odd_map_does_not_take_the_sound_one_away(file: Path, report: Report) -> None:
    folder = user_folders().data / "templates"
    templates.store_map(templates.open_template(file, report))
    os.mkfifo(folder / "管道.json")
    (folder / "文件夹.json").mkdir()
    (folder / "深.json").write_bytes(b"[" * 200_000)
    opened = templates.open_template(file, report)
    assert opened.origin == "stored"
    assert sorted(path.name for path in (folder / "aside").iterdir()) == [
        "文件夹.json",
        "深.json",
        "管道.json",
    ]


@pytest.mark.parametrize("change", [{"format": 2}, {"edition": "2099"}])
def test_a_map_of_another_version_stays_where_it_is(
    change: dict[str, object], file: Path, report: Report
) -> None:
    templates.store_map(templates.open_template(file, report))
    (kept,) = (user_folders().data / "templates").iterdir()
    kept.write_text(json.dumps(json.loads(kept.read_text(encoding="utf-8")) | change), encoding="utf-8")
    opened = templates.open_template(file, report)
    assert (opened.origin, opened.odd) == ("found", ())
    assert kept.exists()
