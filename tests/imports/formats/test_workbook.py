"""What an Excel workbook keeps beside its cells: text boxes."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.files.package import Package
from gxeditor.imports.formats.workbook import read_workbook
from gxeditor.imports.recognize.report import recognize
from gxeditor.imports.source import SourceText

FULL = Path(__file__).parents[2] / "samples" / "templates" / "full.xlsx"
REMARK = "填报说明：请先填写封面，再依次填写各表。"


def with_box(*paragraphs: str) -> bytes:
    """The trial template with other words in its text box."""
    package = Package.from_bytes(FULL.read_bytes())
    part = "xl/drawings/drawing1.xml"
    begin, _, rest = package.read(part).decode().partition("<a:p>")
    _, _, end = rest.rpartition("</a:p>")
    texts = "".join(
        f"<a:p><a:r><a:t>{text[:2]}</a:t></a:r><a:r><a:t>{text[2:]}</a:t></a:r></a:p>" for text in paragraphs
    )
    return package.replaced({part: f"{begin}{texts}{end}".encode()})


def test_prose_in_a_text_box_is_read_with_its_place(form: Form) -> None:
    source = read_workbook(with_box("一、总体情况", "全年主动公开12条。"), "年报.xlsx", form)
    texts = [block for block in source.blocks if isinstance(block, SourceText)]
    assert [(text.text, text.origin.words) for text in texts] == [
        ("一、总体情况", "“封面”C7"),
        ("全年主动公开12条。", "“封面”C7"),
    ]
    overview = recognize(source, form).report.sections["overview"]
    assert overview.startswith("全年主动公开12条。")
    assert "FALSE" not in overview  # a box to be ticked, further down on the sheet


def test_a_text_box_on_filling_in_is_no_prose(form: Form) -> None:
    source = read_workbook(FULL.read_bytes(), "年报.xlsx", form)
    assert any(isinstance(block, SourceText) and block.text == REMARK for block in source.blocks)
    assert dict(recognize(source, form).report.sections) == {}


def test_a_drawing_that_is_damaged_is_told_as_the_file(form: Form) -> None:
    package = Package.from_bytes(FULL.read_bytes())
    data = package.replaced({"xl/drawings/drawing1.xml": b"<xdr:wsDr>"})
    with pytest.raises(UnreadableSource, match="已损坏"):
        read_workbook(data, "年报.xlsx", form)


def test_the_words_of_a_drawing_that_two_programs_draw_are_read_once(form: Form) -> None:
    box = "<a:p><a:r><a:t>{}</a:t></a:r></a:p>"
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    package = Package.from_bytes(FULL.read_bytes())
    part = "xl/drawings/drawing1.xml"
    drawing = package.read(part).decode()
    begin, _, rest = drawing.partition("<a:p>")
    _, _, end = rest.rpartition("</a:p>")
    both = "".join(
        f"<mc:{kind} {space}>{box.format('全年主动公开12条，办结申请3件。')}</mc:{kind}>"
        for kind in ("Choice", "Fallback")
    )
    source = read_workbook(package.replaced({part: f"{begin}{both}{end}".encode()}), "年报.xlsx", form)
    assert sum(isinstance(block, SourceText) for block in source.blocks) == 1


def test_a_workbook_says_what_it_is(form: Form, tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "空.xlsx")
    source = read_workbook((tmp_path / "空.xlsx").read_bytes(), "空.xlsx", form)
    assert (source.kind, source.blocks) == ("Excel 工作簿，1 张工作表", ())
