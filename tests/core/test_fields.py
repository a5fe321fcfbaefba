"""Each plain field of a report is declared once, and everything that lists fields goes by the declaration."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gxeditor.core import fields
from gxeditor.core.difference import BASIC, difference
from gxeditor.core.edits import bring_forward, take_over
from gxeditor.core.fields import (
    ASKED,
    BY_NAME,
    FIELDS,
    LEDGER,
    NOTES,
    SEALED,
    YEAR,
    AgencyKind,
    LedgerCounts,
    PlainField,
    name_of,
)
from gxeditor.core.history import History, Step
from gxeditor.core.report import Report, blank_report
from gxeditor.mapping.placement import known_ids
from gxeditor.resources import load_form
from gxeditor.store.journal import JournalWriter, unfinished
from gxeditor.store.report_file import content_sha256, dump, exchange, from_json, parse, to_json
from gxeditor.ui.shell.undoing import tell_step

FORM = load_form()
EACH = pytest.mark.parametrize("plain", FIELDS, ids=[one.name for one in FIELDS])


def others(plain: PlainField) -> Iterator[Any]:
    """Values that the field does not have by default, by the kind of its values."""
    if isinstance(plain.default, AgencyKind):
        yield from (kind for kind in AgencyKind if kind is not plain.default)
    elif plain.values is YEAR:
        yield from (2008, 2022, 2099)
    elif plain.values is SEALED:
        yield True
    elif plain.values is LEDGER:
        counts = (("requests.received.company", 0), ("requests.received.total", 3))
        yield from (LedgerCounts(2025, "", ()), LedgerCounts(2025, "ab01", counts, undecided=2))
    else:
        yield from ("甲局", "甲局\n第二段", " “乙”局 ", "0")


def reports_with(plain: PlainField) -> Iterator[Report]:
    yield from (blank_report(FORM).with_fields(**{plain.name: value}) for value in others(plain))


@EACH
def test_a_report_with_another_value_is_another_report(plain: PlainField) -> None:
    for report in reports_with(plain):
        assert report != blank_report(FORM)
        assert report.with_fields(**{plain.name: plain.default}) == blank_report(FORM)


@EACH
def test_a_field_comes_back_from_a_file_under_its_key(plain: PlainField) -> None:
    for report in reports_with(plain):
        back = parse(dump(report), load_form)
        assert back == report
        assert getattr(back, plain.name) == getattr(report, plain.name)
        assert plain.key not in back.extra
        assert plain.key in from_json(exchange(report).decode())


@EACH
def test_a_field_without_sense_is_told_by_its_key(plain: PlainField) -> None:
    content = from_json(dump(blank_report(FORM)).decode())
    assert (plain.key in content) is not plain.sparse
    content.pop(plain.key, None)
    assert getattr(parse(_bytes(content), load_form), plain.name) == plain.default
    with pytest.raises(Exception, match=f"“{plain.key}”这一项应{plain.values.wanted}"):
        parse(_bytes({**content, plain.key: [1]}), load_form)


def _bytes(content: dict[str, Any]) -> bytes:
    return to_json(content).encode()


@EACH
def test_an_edit_of_a_field_outlives_a_crash(plain: PlainField, tmp_path: Path) -> None:
    history = History(blank_report(FORM))
    writer = JournalWriter(tmp_path, history)
    for report in reports_with(plain):
        history = history.push(report, f"修改{plain.word}")
        writer.record(history)
        assert writer.flush()
    writer.close()
    (journal,) = unfinished(tmp_path, load_form)
    assert [step.report for step in journal.history.steps] == list(reports_with(plain))


@EACH
def test_an_edit_that_empties_a_field_outlives_a_crash(plain: PlainField, tmp_path: Path) -> None:
    history = History(next(reports_with(plain)))
    writer = JournalWriter(tmp_path, history)
    history = history.push(blank_report(FORM), "清空")
    writer.record(history)
    assert writer.flush()
    writer.close()
    (journal,) = unfinished(tmp_path, load_form)
    assert journal.report == blank_report(FORM)
    assert parse(dump(journal.report), load_form) == blank_report(FORM)


@EACH
def test_a_difference_names_the_field_or_the_part_of_its_text(plain: PlainField) -> None:
    for report in reports_with(plain):
        found = difference(blank_report(FORM), report)
        texts = tuple(change.text for change in found.texts)
        assert (found.fields, texts) == (((), (plain.name,)) if plain.prose else ((plain.name,), ()))
        assert found.pages == (plain.table or BASIC,)


@EACH
def test_undo_names_the_field_that_it_changes(plain: PlainField) -> None:
    for report in reports_with(plain):
        told = tell_step(-1, Step("修改", report), difference(blank_report(FORM), report))
        assert told.what.startswith(f"{plain.word}第 1 段" if plain.prose else f"{plain.word}，")


@EACH
def test_what_a_file_says_of_a_field_is_taken_over_and_else_the_present_is_kept_and_told(
    plain: PlainField,
) -> None:
    here = blank_report(FORM, 2020).with_fields(**{plain.name: next(others(plain))})
    for read in reports_with(plain):
        if plain.read_with:
            assert getattr(take_over(here, read).report, plain.name) == getattr(here, plain.name)
            lead = BY_NAME[plain.read_with]
            read = read.with_fields(**{lead.name: next(others(lead))})
        assert getattr(take_over(here, read).report, plain.name) == getattr(read, plain.name)
    kept = take_over(here, blank_report(FORM))
    assert getattr(kept.report, plain.name) == getattr(here, plain.name)
    assert any(f"“{plain.word}”" in told for told in kept.told) is not bool(plain.read_with or plain.internal)


@EACH
def test_a_field_of_ones_own_is_never_taken_from_last_year_but_the_kind(plain: PlainField) -> None:
    for report in reports_with(plain):
        brought = bring_forward(report, blank_report(FORM), ()).report
        if plain.name != "kind":
            assert getattr(brought, plain.name) == getattr(report, plain.name)


def test_a_new_year_gets_agency_kind_profile_preamble_signature_and_seal_but_no_title_no_date_and_no_notes() -> (
    None
):
    last = blank_report(FORM, 2021).with_fields(
        agency="甲局", kind=AgencyKind.TOWNSHIP, profile="henan", own_title="报告", preamble="序", signature="甲",
        date="1月", sealed=True, note_proactive="注：含2021年的。", note_requests="注", note_disputes="注",
    )  # fmt: skip
    brought = bring_forward(blank_report(FORM), last, ()).report
    assert [getattr(brought, one.name) for one in FIELDS] == [
        "甲局", AgencyKind.TOWNSHIP, "henan", 2022, None, "序", "甲", "", True, None, "", "", "",
    ]  # fmt: skip


@EACH
def test_a_field_means_when_typed_what_it_shows(plain: PlainField) -> None:
    for report in reports_with(plain):
        meant = None if plain.values is LEDGER else getattr(report, plain.name)  # counts are typed by nobody
        assert plain.values.typed(plain.show(report)) == meant
        assert plain.show(report)


@pytest.mark.parametrize("text", ["", "年", "202", "20220", "2022年", "２０２２年"])
def test_only_four_digits_are_a_year(text: str) -> None:
    assert YEAR.typed(text) is None


def test_the_words_keys_and_names_of_the_fields_are_each_their_own() -> None:
    for names in ([f.word for f in FIELDS], [f.key for f in FIELDS], [f.asked for f in FIELDS if f.asked]):
        assert len(set(names)) == len(names)
    assert not {f.key for f in FIELDS} & {"format", "edition", "sections", "cells", "prior"}


def test_each_table_of_the_form_has_a_note_of_its_own_and_nothing_else_has() -> None:
    assert list(NOTES) == [table.key for table in FORM.tables]
    assert [one.word for one in NOTES.values()] == [f"表{FORM.section(key).number}注释" for key in NOTES]


def test_a_file_without_seal_and_notes_is_as_it_was_before_there_were_any_and_so_is_what_it_is_known_by() -> (
    None
):
    content = from_json(dump(blank_report(FORM)).decode())
    assert not {"sealed", *(one.key for one in NOTES.values())} & set(content)
    noted = blank_report(FORM).with_fields(note_requests="注：含转送。")
    assert content_sha256(noted) != content_sha256(blank_report(FORM))
    assert content_sha256(noted.with_fields(sealed=True)) == content_sha256(noted)
    assert content_sha256(noted.with_fields(note_requests="")) == content_sha256(blank_report(FORM))


def test_whatever_a_template_may_ask_for_has_a_name_for_the_clerk() -> None:
    assert {one.asked for one in FIELDS if one.asked} < set(ASKED) <= known_ids(FORM)
    for wanted in known_ids(FORM):
        assert name_of(wanted, FORM) not in (wanted, "")
    assert name_of("proactive.fees.amount", FORM) == FORM.cells["proactive.fees.amount"].place
    assert name_of("section.overview", FORM) == FORM.section("overview").heading
    assert name_of("report.unknown", FORM) == "report.unknown"


_WIDER = """
import pathlib, sys, types
import gxeditor.core.form
path = pathlib.Path({source!r})
row = '    telephone: Annotated[str, PlainField("电话", TEXT, asked="report.telephone", asked_word="联系电话")] = ""\\n'
before, after = path.read_text(encoding="utf-8").split("\\n\\ndef declared")
module = types.ModuleType("gxeditor.core.fields")
sys.modules[module.__name__] = gxeditor.core.fields = module
exec(compile(f"{{before}}{{row}}\\n\\ndef declared{{after}}", str(path), "exec"), module.__dict__)
import pytest
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "-k", "telephone", {test!r}]))
"""


def test_a_further_field_needs_nothing_but_its_row() -> None:
    """The tests above, of a field that is in no list but the declaration."""
    program = _WIDER.format(source=fields.__file__, test=__file__)
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (
        f"{len(re.findall('(?m)^@EACH', Path(__file__).read_text(encoding='utf-8')))} passed" in done.stdout
    )


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("2026-1-20", "2026年1月20日"),
        ("2026/01/20", "2026年1月20日"),
        (" 2026.1.20 ", "2026年1月20日"),
        ("20260120", "2026年1月20日"),
        ("２０２６．１．２０", "2026年1月20日"),
        ("2026 年 1 月 20 日", "2026年1月20日"),
        ("2026年1月20", "2026年1月20日"),
        ("2024-2-29", "2024年2月29日"),
        ("2026年1月20日", ""),
        ("2026-2-29", ""),
        ("2026-13-1", ""),
        ("20261", ""),
        ("2026120", ""),
        ("2026-1", ""),
        ("0026-1-20", ""),
        ("", ""),
        ("一月二十日", ""),
    ],
)
def test_a_date_is_offered_as_official_documents_write_it_only_if_it_is_one(typed: str, offered: str) -> None:
    assert BY_NAME["date"].offer(typed) == offered
    assert BY_NAME["signature"].offer(typed) == ""
