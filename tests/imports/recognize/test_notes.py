"""How a person is told what was not understood, or went nowhere."""

from __future__ import annotations

from gxeditor.core.form import Cell, Form
from gxeditor.imports.recognize.notes import line_number, remainder, shortened, unmapped, without_values
from gxeditor.imports.source import Mapped, Origin, RawCell, Unmapped


def cell(ref: str, text: str) -> RawCell:
    return RawCell(0, 0, 1, 1, text, Origin(sheet="表三", cell=ref))


def test_rows_are_called_by_their_numbers(form: Form) -> None:
    def row(cell_id: str) -> Cell:
        return form.cells[cell_id]

    assert line_number(row("requests.received.total").row) == "一"
    assert line_number(row("requests.handled.granted.total").row) == "（一）"
    assert line_number(row("requests.handled.denied.state_secret.total").row) == "（三）1"
    assert line_number(row("proactive.government_rules.issued").row) == "规章"


def test_a_long_text_is_shown_in_one_line_that_ends_in_dots() -> None:
    assert shortened(" 甲\n 乙 ") == "甲 乙"
    assert shortened("甲" * 41) == "甲" * 39 + "…"
    assert shortened("甲" * 20, 20) == "甲" * 20


def test_what_is_left_over_is_told_once_with_all_its_places() -> None:
    assert remainder([]) == ()
    (note,) = remainder([cell(f"A{i}", f"受理{i}件") for i in range(1, 8)])
    assert note.what.startswith("有 7 处没有读入：“表三”A1“受理1件”、")
    assert note.what.endswith("“表三”A5“受理5件”等。")
    assert (note.severity, note.origin, len(note.raw)) == ("doubt", Origin(sheet="表三", cell="A1"), 7)


def test_remarks_and_captions_that_are_left_over_want_no_look() -> None:
    (note,) = remainder([cell("A9", "备注：2024年起填报"), cell("B9", "审核")])
    assert note.severity == "info"


def test_a_cell_that_a_map_cannot_tell_leads_to_those_that_it_may_be(form: Form) -> None:
    first = next(iter(form.cells.values()))
    may_be = (cell("C5", "约十二件"), cell("D5", ""))
    doubts = (
        Unmapped(first.id, first.place, "有两格都像。", may_be),
        Unmapped("report.year", "年份", "不清楚。"),
    )
    told, field = unmapped(form, Mapped(doubtful=doubts), {})
    assert (told.cells, told.origin.words, told.raw) == ((first.id,), "“表三”C5", may_be)
    assert (field.cells, field.where, bool(field.origin)) == ((), "年份", False)


def test_cells_that_a_file_does_not_have_are_named_up_to_three(form: Form) -> None:
    ids = tuple(form.cells)
    (few,) = unmapped(form, Mapped(missing=ids[:4]), {})
    assert few.what == "没有认出" + "、".join(f"“{form.cells[i].place}”" for i in ids[:3]) + "等 4 格。"
    (none,) = unmapped(form, Mapped(missing=ids), {})
    assert (none.what, none.done) == ("没有认出年报的任何一格。", "各格留空。")


def test_formulas_without_results_are_told_with_the_remedy() -> None:
    note = without_values([cell(f"C{i}", "") for i in range(1, 5)], ["proactive.fees.amount"])
    assert note.cells == ("proactive.fees.amount",)
    assert note.what == "有 4 格是公式，文件里没有算好的数：“表三”C1、“表三”C2、“表三”C3等。"
    assert "打开保存一次" in note.done
