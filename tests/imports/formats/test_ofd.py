"""OFD files: their text, lines and templates become paragraphs and tables; pictures and damage are told."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

import pytest

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.core.report import Report, blank_report
from gxeditor.imports.formats.ofd import read_ofd
from gxeditor.imports.recognize.report import recognize
from gxeditor.imports.source import RawTable, Source, SourceText
from gxeditor.paper.pdf import make_pdf

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
MM = 25.4 / 72


def package(parts: Mapping[str, str]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return made.getvalue()


def ofd(
    pages: Iterable[str],
    *,
    resources: str = "",
    templates: Iterable[str] = (),
    namespace: str = NAMESPACE,
    size: str = "0 0 210 297",
) -> bytes:
    """A file with these objects on its pages; each page shows every template."""
    parts = {
        "OFD.xml": f"<ofd:OFD {namespace}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>"
    }
    listed, shown, common = "", "", ""
    for number, template in enumerate(templates, 1):
        common += f'<ofd:TemplatePage ID="t{number}" BaseLoc="Tpls/{number}.xml"/>'
        shown += f'<ofd:Template TemplateID="t{number}"/>'
        parts[f"Doc_0/Tpls/{number}.xml"] = page(template, namespace)
    for number, content in enumerate(pages):
        listed += f'<ofd:Page ID="{number}" BaseLoc="Pages/{number}.xml"/>'
        parts[f"Doc_0/Pages/{number}.xml"] = page(content, namespace, shown)
    if resources:
        common += "<ofd:DocumentRes>Res.xml</ofd:DocumentRes>"
        parts["Doc_0/Res.xml"] = f"<ofd:Res {namespace}>{resources}</ofd:Res>"
    parts["Doc_0/Document.xml"] = (
        f"<ofd:Document {namespace}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{size}</ofd:PhysicalBox>"
        f"</ofd:PageArea>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
    )
    return package(parts)


def page(content: str, namespace: str, front: str = "") -> str:
    return f'<ofd:Page {namespace}>{front}<ofd:Content><ofd:Layer ID="1">{content}</ofd:Layer></ofd:Content></ofd:Page>'


def text(x: float, y: float, shown: str, size: float = 5.0, more: str = "", matrix: str = "") -> str:
    """A text whose first base line begins at a place, in mm."""
    ctm = f' CTM="{matrix}"' if matrix else ""
    return (
        f'<ofd:TextObject ID="2" Boundary="{x} {y} 100 10" Size="{size}"{ctm}>'
        f'<ofd:TextCode X="0" Y="0"{more}>{escape(shown)}</ofd:TextCode></ofd:TextObject>'
    )


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return (
        f'<ofd:PathObject ID="3" Boundary="{x0} {y0} {max(x1 - x0, 0.1)} {max(y1 - y0, 0.1)}" LineWidth="0.2">'
        f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def grid(xs: list[float], ys: list[float]) -> str:
    across = "".join(line(xs[0], y, xs[-1], y) for y in ys)
    return across + "".join(line(x, ys[0], x, ys[-1]) for x in xs)


def texts(source: Source) -> list[str]:
    return [block.text for block in source.blocks if isinstance(block, SourceText)]


def tables(source: Source) -> list[RawTable]:
    return [block for block in source.blocks if isinstance(block, RawTable)]


def as_ofd(pdf: bytes) -> bytes:
    """The characters and lines of one of our own PDFs at the same places, a text object a line."""
    import pdfplumber

    pages = []
    with pdfplumber.open(BytesIO(pdf)) as opened:
        for one in opened.pages:
            content = ""
            for rule in (*one.lines, *one.rects):
                box = [rule[side] * MM for side in ("x0", "top", "x1", "bottom")]
                content += grid([box[0], box[2]], [box[1], box[3]])
            runs: dict[tuple[float, float], list[dict[str, Any]]] = {}
            for char in one.chars:
                runs.setdefault((round(char["matrix"][5], 1), char["size"]), []).append(char)
            for (base, size), chars in runs.items():
                starts = [float(char["matrix"][4]) for char in chars]
                steps = " ".join(f"{(b - a) * MM:.3f}" for a, b in pairwise(starts))
                shown = "".join(str(char["text"]) for char in chars)
                more = f' DeltaX="{steps}"' if steps else ""
                content += text(starts[0] * MM, (float(one.height) - base) * MM, shown, size * MM, more)
            pages.append(content)
    return ofd(pages)


@pytest.fixture
def report(form: Form) -> Report:
    """Every detail has a figure of its own, and the prose some paragraphs that are broken over lines."""
    details = [cell for cell in form.cells.values() if not cell.is_total]
    return (
        blank_report(form, 2023)
        .with_fields(agency="某县人民政府")
        .with_section("overview", "（一）主动公开情况。" + "全年主动公开政府信息12条，办理申请3件。" * 12)
        .with_section("problems", "一是公开的内容还不够全面；二是更新还不够及时。\n下一步将认真改进。")
        .with_entries({cell.id: number for number, cell in enumerate(details, 1) if not cell.decimals})
    )


def test_our_own_pages_as_ofd_give_back_figures_and_prose(report: Report, form: Form) -> None:
    found = recognize(read_ofd(as_ofd(make_pdf(report).data), "年报.ofd"), form).report
    assert {i: report.value(i) for i in form.cells} == {i: found.entries.get(i) for i in form.cells}
    assert dict(found.sections) == dict(report.sections)
    assert (found.agency, found.year) == ("某县人民政府", 2023)


def test_lines_make_a_table_and_missing_lines_merged_cells() -> None:
    drawn = grid([20, 60, 100], [50, 60, 70]).replace(line(60, 50, 60, 70), line(60, 60, 60, 70))
    content = drawn + text(21, 57, "信息内容") + text(21, 67, "规章") + text(61, 67, "12")
    (table,) = tables(read_ofd(ofd([content]), "甲.ofd"))
    assert [(c.row, c.column, c.column_span, c.text) for c in table.cells] == [
        (0, 0, 2, "信息内容"),
        (1, 0, 1, "规章"),
        (1, 1, 1, "12"),
    ]
    assert table.cells[1].origin.page == 1
    assert table.cells[1].origin.box == pytest.approx((20 / 210, 60 / 297, 60 / 210, 70 / 297), abs=0.002)


def test_repeated_steps_place_each_character() -> None:
    source = read_ofd(ofd([text(20, 50, "政府信息公开年度报告", more=' DeltaX="g 9 5.2"')]), "甲.ofd")
    assert texts(source) == ["政府信息公开年度报告"]


def test_a_turned_label_is_read_along_its_line() -> None:
    content = grid([20, 30, 100], [50, 120]) + text(31, 57, "（一）予以公开")
    content += text(23, 55, "三、本年度办理结果", matrix="0 1 -1 0 0 0")
    (table,) = tables(read_ofd(ofd([content]), "甲.ofd"))
    assert [cell.text for cell in table.cells] == ["三、本年度办理结果", "（一）予以公开"]


def test_templates_and_composite_objects_count() -> None:
    resources = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="9" Width="100" Height="20"><ofd:Content>'
        f"{text(0, 5, '二、主动公开政府信息情况')}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    )
    placed = '<ofd:CompositeObject ID="8" Boundary="20 80 100 20" ResourceID="9"/>'
    made = ofd([placed], resources=resources, templates=[text(20, 50, "一、总体情况")])
    assert texts(read_ofd(made, "甲.ofd")) == ["一、总体情况", "二、主动公开政府信息情况"]


@pytest.mark.parametrize(
    "namespace",
    ['xmlns:ofd="http://www.ofdspec.org"', 'xmlns:ofd="http://www.ofdspec.org/2016" xmlns=""', ""],
)
def test_any_namespace_is_read(namespace: str) -> None:
    assert texts(read_ofd(ofd([text(20, 50, "一、总体情况")], namespace=namespace), "甲.ofd")) == [
        "一、总体情况"
    ]


def test_a_watermark_across_the_page_is_told_and_not_read() -> None:
    content = text(20, 50, "一、总体情况") + text(60, 150, "内部资料", 20, matrix="0.7 -0.7 0.7 0.7 0 0")
    source = read_ofd(ofd([content]), "甲.ofd")
    assert texts(source) == ["一、总体情况"]
    assert [note.what for note in source.notes] == ["第 1 页有水印“内部资料”。"]


def test_what_cannot_be_seen_is_not_read() -> None:
    hidden = text(20, 70, "草稿").replace("<ofd:TextObject", '<ofd:TextObject Visible="false"')
    assert texts(read_ofd(ofd([text(20, 50, "一、总体情况") + hidden]), "甲.ofd")) == ["一、总体情况"]


def test_pictures_only_are_told_as_a_scan() -> None:
    picture = '<ofd:ImageObject ID="5" Boundary="0 0 210 297" ResourceID="6"/>'
    with pytest.raises(UnreadableSource, match=r"“甲\.ofd”是扫描的图片，里面没有文字") as caught:
        read_ofd(ofd([picture, picture]), "甲.ofd")
    assert "Word" in caught.value.remedy


def test_a_page_that_is_a_picture_is_told_beside_those_that_are_not() -> None:
    picture = '<ofd:ImageObject ID="5" Boundary="0 0 210 297" ResourceID="6"/>'
    prose = "".join(text(20, 50 + 8 * i, "全年主动公开政府信息十二条，办理申请三件。") for i in range(5))
    source = read_ofd(ofd([prose, picture]), "甲.ofd")
    assert [(note.severity, note.origin.page) for note in source.notes] == [("doubt", 2)]


def test_composite_objects_that_hold_each_other_end() -> None:
    """Each of thirty holds the next one ten times, and all of them themselves."""

    def unit(number: int) -> str:
        held = (number, *[number + 1] * 10)
        inside = "".join(f'<ofd:CompositeObject Boundary="0 0 9 9" ResourceID="{i}"/>' for i in held)
        content = f"<ofd:Content>{inside}</ofd:Content>"
        return f'<ofd:CompositeGraphicUnit ID="{number}">{content}</ofd:CompositeGraphicUnit>'

    units = "".join(map(unit, range(30)))
    resources = f"<ofd:CompositeGraphicUnits>{units}</ofd:CompositeGraphicUnits>"
    first = text(20, 50, "一、总体情况") + '<ofd:CompositeObject Boundary="0 0 9 9" ResourceID="0"/>'
    source = read_ofd(ofd([first], resources=resources), "甲.ofd")
    assert texts(source) == ["一、总体情况"]
    assert any("内容太多" in note.what for note in source.notes)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zip",
        package({"word/document.xml": "<a/>"}),
        package({"OFD.xml": "<ofd:OFD"}),
        package({"OFD.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><OFD>&b;</OFD>"}),
        package({"OFD.xml": "<OFD><DocBody><DocRoot>../../x</DocRoot></DocBody></OFD>"}),
        ofd([text(20, 50, "一、总体情况")])[:-300],
    ],
)
def test_what_is_no_ofd_file_ends_in_a_sentence(data: bytes) -> None:
    with pytest.raises(UnreadableSource, match=r"甲\.ofd"):
        read_ofd(data, "甲.ofd")


def test_odd_values_are_no_trouble() -> None:
    odd = (
        text(20, 40, "年报", more=' DeltaX="g 999999999999 5 x g"')
        + text(20, 50, "年报").replace('Size="5.0"', 'Size="nan"')
        + text(20, 50, "年报").replace('Boundary="20 50', 'Boundary="1e999 inf')
        + '<ofd:PathObject Boundary="a b"><ofd:AbbreviatedData>M 1 L B 2 3 C</ofd:AbbreviatedData></ofd:PathObject>'
        + text(20, 60, "一、总体情况")
    )
    assert texts(read_ofd(ofd([odd]), "甲.ofd"))[-1] == "一、总体情况"
