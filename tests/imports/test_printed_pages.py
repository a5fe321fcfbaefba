"""Glyphs and lines of pages become paragraphs and tables, whatever format they come from."""

from __future__ import annotations

import pytest

from gxeditor.core.errors import UnreadableSource
from gxeditor.imports.printed_pages import Glyph, PrintedPage, part_of, read_pages, readable
from gxeditor.imports.source import RawTable, SourceText

SIZE = 12.0


def page(number: int = 1) -> PrintedPage:
    return PrintedPage(number, 600, 800)


def write(on: PrintedPage, x: float, y: float, text: str, step: float = SIZE) -> None:
    """Characters whose feet stand at y; digits are half as wide."""
    for char in text:
        wide = SIZE / 2 if char.isascii() else SIZE
        on.glyphs.append(Glyph(char, x, y - SIZE, x + wide, y, SIZE))
        x += step if not char.isascii() else wide


def grid(on: PrintedPage, xs: list[float], ys: list[float]) -> None:
    on.rules += [(xs[0], y, xs[-1], y) for y in ys] + [(x, ys[0], x, ys[-1]) for x in xs]


def texts(*pages: PrintedPage) -> list[str]:
    return [block.text for block in read_pages(pages, "甲")[0] if isinstance(block, SourceText)]


def cells(*pages: PrintedPage) -> list[tuple[int, int, int, int, str]]:
    (table,) = [block for block in read_pages(pages, "甲")[0] if isinstance(block, RawTable)]
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells]


def test_text_and_tables_come_in_the_order_of_the_page() -> None:
    one = page()
    write(one, 80, 300, "下面的文字")
    grid(one, [80, 200, 300], [150, 180])
    write(one, 90, 170, "规章")
    write(one, 210, 170, "12")
    write(one, 80, 100, "上面的文字")
    blocks, _ = read_pages([one], "甲")
    assert [type(block) for block in blocks] == [SourceText, RawTable, SourceText]


def test_dashed_and_open_sided_lines_make_a_table() -> None:
    one = page()
    for y in (100, 130, 160):
        one.rules += [(80 + 6 * i, y, 84 + 6 * i, y) for i in range(40)]
    one.rules.append((200, 100, 200, 160))
    for i, what in enumerate(("规章", "1", "许可", "2")):
        write(one, 90 + 120 * (i % 2), 120 + 30 * (i // 2), what)
    assert [cell[:2] + cell[4:] for cell in cells(one)] == [
        (0, 0, "规章"),
        (0, 1, "1"),
        (1, 0, "许可"),
        (1, 1, "2"),
    ]


def test_a_cell_that_is_no_rectangle_falls_into_its_rows() -> None:
    one = page()
    grid(one, [80, 140, 200], [100, 130, 160])
    one.rules.remove((80, 130, 200, 130))
    one.rules.append((80, 130, 140, 130))
    one.rules.remove((140, 100, 140, 160))
    one.rules.append((140, 130, 140, 160))
    write(one, 85, 120, "规章")
    write(one, 85, 150, "许可")
    assert [cell[4] for cell in cells(one)] == ["规章", "许可", ""]


def test_a_justified_line_has_no_blanks_and_a_gap_of_a_character_is_one() -> None:
    one = page()
    write(one, 80, 100, "号，邮编和联系电话都写在这里", step=1.6 * SIZE)
    write(one, 80, 150, "某某县")
    write(one, 80 + 4.2 * SIZE, 150, "人民政府")
    assert texts(one) == ["号，邮编和联系电话都写在这里", "某某县 人民政府"]


def test_figures_that_do_not_touch_are_never_one_number() -> None:
    one = page()
    grid(one, [80, 200, 320], [100, 130])
    write(one, 90, 120, "规章")
    write(one, 210, 120, "12")
    write(one, 210 + 1.3 * SIZE, 120, "34")
    assert cells(one)[1][4] == "12 34"


def test_a_page_full_of_rules_is_a_drawing() -> None:
    one = page()
    one.rules += [(10, 4 * i, 600, 4 * i) for i in range(1, 190)] * 3
    one.rules += [(0.4 * i, 0, 0.4 * i, 800) for i in range(1500)]
    write(one, 80, 100, "一、总体情况")
    assert texts(one)[0] == "一、总体情况"


def test_a_table_of_too_many_places_is_refused_or_left() -> None:
    one = page()
    one.width = one.height = 10_000
    one.rules += [(0, 10 * i, 9000, 10 * i) for i in range(400)] + [
        (10 * i, 0, 10 * i, 3990) for i in range(400)
    ]
    write(one, 12, 25, "一、总体情况一")
    found, _ = read_pages([one], "甲")
    assert found


@pytest.mark.parametrize("text", ["\ue001", "(cid:12)", "\ufffd"])
def test_what_the_file_does_not_tell_is_shown_and_never_left_out(text: str) -> None:
    assert readable(text) == "□"


def test_nothing_at_all_is_told() -> None:
    with pytest.raises(UnreadableSource, match="“甲”里没有文字"):
        read_pages([page()], "甲")


def test_boxes_stay_on_the_page() -> None:
    assert part_of(page(), (-10, 0, 300, 900)) == (0.0, 0.0, 0.5, 1.0)
