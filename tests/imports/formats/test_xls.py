"""Workbooks of Excel 97—2003 and of WPS come in as whole as others, or are refused in one sentence."""

from __future__ import annotations

import json
import random
import struct
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from xlrd.compdoc import CompDoc

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.exports.blanks import form_bytes
from gxeditor.exports.excel import workbook_bytes
from gxeditor.imports.doors import import_report
from gxeditor.imports.formats.xls import read_xls
from gxeditor.imports.recognize.report import Imported, recognize
from gxeditor.resources import resource
from tests.office import by_office, needs_office

SAMPLES = Path(__file__).parents[2] / "samples"
DISTINCT = (SAMPLES / "distinct.xls").read_bytes()


def imported(data: bytes, form: Form) -> Imported:
    return recognize(read_xls(data, "年报.xls", form), form)


def converted(data: bytes, folder: Path) -> bytes:
    (folder / "年报.xlsx").write_bytes(data)
    return by_office("xls", folder, folder / "年报.xlsx").read_bytes()


def stream() -> bytes:
    """The records of the sample, without the compound file around them."""
    found = CompDoc(DISTINCT, logfile=StringIO()).get_named_stream("Workbook")
    assert found is not None
    return bytes(found)


def test_every_figure_of_an_old_workbook_is_read_to_its_own_cell(form: Form) -> None:
    truth = json.loads((SAMPLES / "distinct.expected.json").read_text(encoding="utf-8"))["cells"]
    found = imported(DISTINCT, form)
    assert {key: float(str(value)) for key, value in found.report.entries.items()} == {
        key: float(value) for key, value in truth.items()
    }
    assert found.source.kind == "旧格式的工作簿（.xls、.et），1 张工作表"
    merged = {cell.column_span for block in found.source.blocks for cell in getattr(block, "cells", ())}
    assert max(merged) > 1


@needs_office
def test_our_own_workbook_saved_in_the_old_format_comes_back_whole(form: Form, tmp_path: Path) -> None:
    sample = import_report(resource("samples/lushan-2022.txt"), form).report
    report = sample.with_fields(own_title="鲁山县政务公开年报")
    found = imported(converted(workbook_bytes(report), tmp_path), form)
    assert (found.report, found.notes) == (report, ())


@needs_office
def test_dates_percentages_and_errors_are_read_as_they_are_shown(form: Form, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(form_bytes(form)))
    sheet = book["表三"]
    sheet["D5"], sheet["E5"], sheet["F5"] = 44927, 0.5, "=1/0"
    sheet["D5"].number_format, sheet["E5"].number_format = 'yyyy"年"m"月"d"日"', "0%"
    sheet["G5"], sheet["H5"] = "1,362", "１２"
    book.create_sheet("备份")["A1"] = "一份备份"
    book["备份"].sheet_state = "hidden"
    file = BytesIO()
    book.save(file)
    found = imported(converted(file.getvalue(), tmp_path), form)
    row = {
        key.rpartition(".")[2]: value for key, value in found.report.entries.items() if ".received." in key
    }
    assert {"1362", "12"} <= {str(value) for value in row.values()}
    assert not {"natural_person", "commercial"} & row.keys()
    told = " ".join(note.what for note in found.notes)
    for shown in ("2023年1月1日", "50%", "#DIV/0!", "隐藏的工作表“备份”"):
        assert shown in told


# -------------------- what is refused
def test_the_records_alone_are_read_as_older_programs_wrote_them(form: Form) -> None:
    assert imported(stream(), form).report == imported(DISTINCT, form).report


def test_a_workbook_with_a_password_is_refused_by_that_name(form: Form) -> None:
    first = 4 + struct.unpack_from("<H", stream(), 2)[0]
    locked = stream()[:first] + struct.pack("<HHH4s", 0x2F, 6, 1, b"1234") + stream()[first:]
    with pytest.raises(UnreadableSource, match="设有打开密码"):
        read_xls(locked, "年报.xls", form)


@pytest.mark.parametrize(
    ("kind", "body", "times"), [(0x203, bytes(14), 500_000), (0xBE, bytes(2 + 2 * 200 + 4), 3_000)]
)
def test_too_many_cells_are_refused_before_they_are_read(
    kind: int, body: bytes, times: int, form: Form
) -> None:
    with pytest.raises(UnreadableSource, match="展开后太大"):
        read_xls(stream() + (struct.pack("<HH", kind, len(body)) + body) * times, "年报.xls", form)


def test_damage_of_any_kind_ends_in_a_sentence_and_says_nothing_on_the_console(
    form: Form, capfd: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(11)
    told = []
    for number in range(100):
        data = bytearray(DISTINCT if number % 2 else stream())
        for _ in range(chance.choice((1, 3, 20))):
            at = chance.randrange(len(data))
            data[at : at + chance.randrange(1, 30)] = chance.randbytes(chance.randrange(30))
        try:
            read_xls(bytes(data), "年报.xls", form)
        except UnreadableSource as error:
            told.append(error.what)
    assert len(told) > 20
    assert all(what.startswith("“年报.xls”") for what in told)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "data", [b"", b"<html></html>", DISTINCT[:3000], bytes(4000), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_what_is_no_old_workbook_is_refused(data: bytes, form: Form) -> None:
    with pytest.raises(UnreadableSource, match=r"“年报\.xls”"):
        read_xls(data, "年报.xls", form)
