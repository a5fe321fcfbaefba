"""What was decided about an import: what is accepted, what stays blank, and what lives on as a doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gxeditor.core.report import Doubt, blank_report
from gxeditor.imports.formats.text import read_text_file
from gxeditor.imports.recognize.report import Imported, recognize
from gxeditor.imports.source import ImportNote, RawCell, Source
from gxeditor.resources import load_form, load_rules, resource
from gxeditor.ui.importing.decisions import Decisions

FORM = load_form()
RULES = load_rules(FORM)
PERSON, COMPANY, FEE = (
    "requests.received.natural_person",
    "requests.received.company",
    "proactive.fees.amount",
)
LETTER = ImportNote.on(
    [RawCell(1, 1, 1, 1, "O")],
    "表三 · 一、本年新收",
    "原文是字母“O”，可能是数字 0。",
    "留空。",
    [PERSON],
    offers=[(PERSON, "0")],
)
READ = ImportNote.on([], "表三 · 一、本年新收", "与行名差一个字。", "照原样读入。", [COMPANY])
TOLD = ImportNote.on([], "表三", "表格断开。", "已接上。", severity="info")


def imported(*notes: ImportNote) -> Imported:
    report = blank_report(FORM, 2022).with_entries({COMPANY: 6})
    return Imported(report, notes, {}, Source(()))


def test_an_offer_is_blank_until_it_is_accepted_and_then_a_doubt() -> None:
    decisions = Decisions(imported(LETTER, READ, TOLD))
    assert dict(decisions.report.entries) == {COMPANY: 6}
    assert decisions.open_notes([LETTER, READ, TOLD]) == [LETTER]
    decisions.accept([LETTER])
    assert dict(decisions.report.entries) == {PERSON: 0, COMPANY: 6}
    assert decisions.report.doubts[PERSON] == Doubt(0, "原文是字母“O”，可能是数字 0。按 0 采用。")
    assert decisions.open_notes([LETTER, READ, TOLD]) == []
    decisions.leave_blank(LETTER)
    assert PERSON not in decisions.report.entries
    assert PERSON not in decisions.report.doubts


def test_a_figure_read_with_a_doubt_stays_in_doubt_and_can_be_left_blank() -> None:
    decisions = Decisions(imported(READ))
    assert decisions.report.doubts == {COMPANY: Doubt(6, "与行名差一个字。照原样读入。")}
    assert decisions.is_accepted(READ)
    decisions.leave_blank(READ)
    assert dict(decisions.report.entries) == {}
    assert decisions.report.doubts == {}
    decisions.accept([READ])
    assert dict(decisions.report.entries) == {COMPANY: 6}


def test_what_is_only_told_leaves_nothing_to_decide() -> None:
    decisions = Decisions(imported(TOLD))
    assert decisions.figures(TOLD) == {}
    assert not decisions.is_open(TOLD)
    assert not decisions.is_accepted(TOLD)
    assert decisions.report == imported(TOLD).report


@pytest.mark.parametrize("offer", [(PERSON, "十二"), (PERSON, "1.5"), (PERSON, ""), ("no.such.cell", "3")])
def test_an_offer_that_no_cell_can_hold_is_none(offer: tuple[str, str]) -> None:
    note = replace(LETTER, offers=(offer,))
    decisions = Decisions(imported(note))
    assert decisions.figures(note) == {}
    decisions.accept([note])
    assert dict(decisions.report.entries) == {COMPANY: 6}


def test_an_amount_is_offered_with_its_decimals() -> None:
    note = replace(LETTER, cells=(FEE,), offers=((FEE, "1.28"),))
    decisions = Decisions(imported(note))
    decisions.accept([note])
    assert str(decisions.report.entries[FEE]) == "1.28"


def test_a_cell_doubted_twice_is_one_figure_with_both_reasons() -> None:
    other = replace(READ, what="这一行有两处。")
    decisions = Decisions(imported(READ, other))
    assert decisions.report.doubts[COMPANY].what == "与行名差一个字。照原样读入。这一行有两处。照原样读入。"


def test_forced_figures_are_filled_in_only_when_asked_and_taken_out_by_the_next_decision() -> None:
    sample = recognize(read_text_file(resource("samples/lushan-2022.txt")), FORM)
    decisions = Decisions(sample, RULES)
    assert len(decisions.forced) == decisions.blank == 18
    decisions.fill_forced(True)
    assert decisions.blank == 0
    assert decisions.forced_cells == set(decisions.forced)
    assert not decisions.forced_cells & set(decisions.report.doubts)
    decisions.leave_blank(sample.notes[0])
    assert not decisions.has_forced
    assert decisions.blank == 18 + 14
    decisions.accept([sample.notes[0]])
    decisions.fill_forced(True)
    decisions.fill_forced(False)
    assert decisions.blank == 18
