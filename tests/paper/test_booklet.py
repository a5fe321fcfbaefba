"""A booklet on paper: an archive's file with bookmarks, pictures and tables, the same each time."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
import pypdf
import pytest
from pytestqt.qtbot import QtBot

from gxeditor.core.errors import Cancelled
from gxeditor.paper.blocks import Block, Picture, Piece
from gxeditor.paper.booklet import make_booklet
from gxeditor.paper.pages import Pdf


def words(text: str) -> tuple[Piece, ...]:
    return (Piece(text),)


def heading(text: str, level: int = 2) -> Block:
    return Block("heading", words(text), level=level)


def pictures_of(file: pikepdf.Pdf) -> list[Any]:
    """The pictures of the first page."""
    resources: Any = file.pages[0].obj.Resources
    return list(resources.get("/XObject", pikepdf.Dictionary()).values())


SQUARES = Picture(4, 2, bytes([0, 1, 0, 1, 1, 0, 1, 0]), bytes([0, 0, 0, 42, 91, 140]))
BLOCKS = (
    heading("说明", 1),
    heading("填表"),
    Block("text", (Piece("每格只收"), Piece("数字", strong=True), Piece("。"))),
    Block("item", words("没有发生的填 0。"), mark="1."),
    Block("item", words("合计自动算。"), mark="2."),
    heading("合计", 3),
    Block("picture", words("图说"), picture="a.png"),
    heading("小题", 4),
    Block("table", rows=((words("键"), words("作用")), (words("F1"), words("使用说明")))),
)


@pytest.fixture(scope="module")
def pdf() -> Pdf:
    return make_booklet(BLOCKS, {"a.png": SQUARES})


def test_all_its_words_can_be_found_and_copied(pdf: Pdf) -> None:
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf.data)).pages)
    for said in ("填表", "每格只收数字。", "1.", "没有发生的填 0。", "图说", "小题", "F1", "使用说明"):
        assert said.replace(" ", "") in text.replace(" ", "").replace("\n", ""), said


def test_its_headings_are_bookmarks_in_two_levels(pdf: Pdf) -> None:
    first, within = pypdf.PdfReader(BytesIO(pdf.data)).outline
    assert first.title == "填表"  # type: ignore[union-attr]
    assert [one.title for one in within] == ["合计"]  # type: ignore[union-attr]


def test_a_picture_keeps_its_pixels_and_colours(pdf: Pdf) -> None:
    with pikepdf.open(BytesIO(pdf.data)) as file:
        (image,) = pictures_of(file)
        assert image.read_bytes() == SQUARES.pixels
        assert (int(image.Width), int(image.Height)) == (4, 2)
        assert bytes(image.ColorSpace[3])[:6] == SQUARES.palette


def test_it_says_what_it_is_and_has_nothing_that_no_face_can_show(pdf: Pdf) -> None:
    reader = pypdf.PdfReader(BytesIO(pdf.data))
    assert reader.metadata is not None
    assert reader.metadata.title == "说明"
    assert pdf.missing == ()


def test_equal_blocks_give_equal_bytes(pdf: Pdf) -> None:
    assert make_booklet(BLOCKS, {"a.png": SQUARES}).data == pdf.data


def test_a_picture_that_is_not_there_is_left_out() -> None:
    with pikepdf.open(BytesIO(make_booklet(BLOCKS, {}).data)) as file:
        assert pictures_of(file) == []


def test_a_heading_never_stands_alone_at_the_foot_of_a_page() -> None:
    for lines in range(25, 36):
        blocks = [heading("说明", 1), *(Block("text", words(f"第 {n} 段。")) for n in range(lines))]
        blocks += [heading("最后"), Block("text", words("末段。" * 40))]
        pages = [
            page.extract_text() for page in pypdf.PdfReader(BytesIO(make_booklet(blocks, {}).data)).pages
        ]
        (at,) = [page for page in pages if "最后" in page]
        assert "末段。" in at.partition("最后")[2], lines


def test_a_long_item_goes_on_in_the_next_page_without_its_mark() -> None:
    blocks = [heading("说明", 1), Block("item", words("很长的一条。" * 600), mark="·")]
    made = make_booklet(blocks, {})
    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(made.data)).pages]
    assert len(pages) > 1
    assert sum(page.count("·") for page in pages) == 1


def test_it_can_be_given_up() -> None:
    with pytest.raises(Cancelled):
        make_booklet(BLOCKS, {}, cancelled=lambda: True)


def test_the_manual_is_such_a_booklet(qtbot: QtBot) -> None:
    from gxeditor.ui.help.manual import load_manual, pictures

    blocks = load_manual().blocks
    made = make_booklet(blocks, pictures(blocks))
    assert made.missing == (), "the manual uses a character that prints as 〓"
    assert made.pages >= 10
    assert len(made.data) < 1_500_000
