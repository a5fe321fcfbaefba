"""Figures run together are told apart where the form's equations leave one reading, and not otherwise."""

from __future__ import annotations

import random

import pytest

from gxeditor.core.form import Form
from gxeditor.imports.recognize.digits import RunTogether, are_run_together, lacks_figures, read_apart

WHO = (
    "natural_person",
    "company",
    "research",
    "public_interest",
    "legal_service",
    "other_organization",
    "total",
)


def row(form: Form, key: str, section: str = "requests") -> tuple[str, ...]:
    return tuple(cell.id for cell in form.cells.values() if cell.section == section and cell.row.key == key)


def alone(form: Form, ids: tuple[str, ...], digits: str) -> tuple[int, ...] | None:
    return read_apart([RunTogether(ids, digits)], {}, form).get(0)


@pytest.mark.parametrize(
    ("digits", "figures"),
    [
        ("640020470", (64, 0, 0, 2, 0, 4, 70)),
        ("0000000", (0,) * 7),
        ("500000 5", (5, 0, 0, 0, 0, 0, 5)),
        ("270020130", None),  # 27 0 0 2 0 1 30, or 2 7 0 0 20 1 30
        ("2010000", None),  # the total is not the sum
        ("00000000", None),  # eight zeros are no seven figures
    ],
)
def test_a_row_with_a_total_is_told_apart_if_one_reading_adds_up(
    form: Form, digits: str, figures: tuple[int, ...] | None
) -> None:
    assert alone(form, row(form, "received"), digits) == figures


def test_the_one_row_of_table_four_is_told_apart_by_its_three_totals(form: Form) -> None:
    ids = tuple(cell.id for cell in form.cells.values() if cell.section == "disputes")
    assert alone(form, ids, "0" * 15) == (0,) * 15
    assert alone(form, ids, "21317000001324019") == (2, 1, 3, 1, 7, 0, 0, 0, 0, 0, 13, 2, 4, 0, 19)


def test_a_row_without_a_total_is_told_apart_only_if_all_its_figures_are_zero(form: Form) -> None:
    ids = row(form, "normative_documents", "proactive")
    assert alone(form, ids, "000") == (0, 0, 0)
    assert alone(form, ids, "693665") is None
    assert alone(form, ids, "123") is None  # 12, 3 and a blank cell look the same


def test_the_equations_between_rows_decide_what_a_row_alone_does_not(form: Form) -> None:
    received, forward, total = (row(form, key) for key in ("received", "brought_forward", "handled.total"))
    rows = [RunTogether(received, "270020130")]
    known = dict.fromkeys((*forward, *row(form, "carried_forward")), 0)
    known |= dict(zip(total, (27, 0, 0, 2, 0, 1, 30), strict=True))
    assert read_apart(rows, known, form) == {0: (27, 0, 0, 2, 0, 1, 30)}
    known |= dict(zip(total, (2, 7, 0, 0, 20, 1, 30), strict=True))
    assert read_apart(rows, known, form) == {0: (2, 7, 0, 0, 20, 1, 30)}


def test_a_reading_that_other_rows_contradict_is_none(form: Form) -> None:
    rows = [RunTogether(row(form, "received"), "640020470")]
    known = {i: 1 for key in ("brought_forward", "handled.total", "carried_forward") for i in row(form, key)}
    assert read_apart(rows, known, form) == {}


def test_digits_of_any_length_take_a_bounded_search(form: Form) -> None:
    ids = tuple(cell.id for cell in form.cells.values() if cell.section == "disputes")
    assert read_apart([RunTogether(ids, "1" * 60)] * 40, {}, form) == {}


@pytest.mark.parametrize(
    ("text", "cells", "together"),
    [
        ("640020470", 7, True),
        ("500000 5", 7, True),
        ("12 0 0 0 0 12", 7, False),  # a row that lacks a figure
        ("1200 12", 3, False),
        ("12", 7, False),
        ("1.5", 3, False),
        ("1" * 60, 7, False),
    ],
)
def test_digits_run_together_have_hardly_a_border_and_enough_digits(
    text: str, cells: int, together: bool
) -> None:
    assert are_run_together(text, cells) is together


def test_fewer_digits_than_cells_say_that_cells_are_blank() -> None:
    assert lacks_figures("1212", 7)
    assert not lacks_figures("640020470", 7)


@pytest.mark.parametrize("seed", range(30))
def test_of_figures_that_add_up_none_is_told_apart_wrongly(form: Form, seed: int) -> None:
    chance = random.Random(seed)
    figures = {
        cell.id: chance.choice((0, 0, 1, 3, 12, 45, 120)) for cell in form.cells.values() if not cell.is_total
    }
    for total in form.totals:
        figures[total.id] = sum(figures[part] for part in total.parts)
    lines = dict.fromkeys(cell.row.key for cell in form.cells.values() if cell.section == "requests")
    rows = [row(form, key) for key in lines]
    # first and second are third and fourth together, as in a report without a mistake
    for who in WHO:
        figures[f"requests.brought_forward.{who}"] = 0
        figures[f"requests.received.{who}"] = (
            figures[f"requests.handled.total.{who}"] + figures[f"requests.carried_forward.{who}"]
        )
    together = [RunTogether(ids, "".join(str(figures[i]) for i in ids)) for ids in rows]
    told = read_apart(together, {}, form)
    assert told
    for place, found in told.items():
        assert found == tuple(figures[i] for i in together[place].ids)
