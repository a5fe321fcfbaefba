"""Steps of a ledger, what is reckoned of it and kept, and names that are masked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gxeditor.core.ledger.request import Ledger, Request
from gxeditor.ui.ledger.session import LedgerSession

pytestmark = pytest.mark.usefixtures("qapp")


def a_request(number: str, **values: object) -> Request:
    return Request(number, values)  # type: ignore[arg-type]


@pytest.fixture
def session(tmp_path: Path) -> LedgerSession:
    ledger = Ledger(
        agency="松塘县自然资源局",
        requests=(
            a_request(
                "r1",
                applicant="何小满",
                contact="0512-1234567",
                applicant_type="C1",
                received_on=date(2025, 12, 4),
                subject="何小满的征地补偿",
            ),
            a_request(
                "r2",
                applicant="青禾农业科技有限公司",
                applicant_type="C2",
                received_on=date(2025, 11, 24),
                answered_on=date(2025, 12, 18),
                outcome="G1",
            ),
            a_request("r3", outcome="VOID"),
        ),
    )
    return LedgerSession(
        ledger, tmp_path / "台账.gxl", save=lambda *_: "0" * 64, day=lambda: date(2026, 1, 5)
    )


def test_a_step_is_undone_and_done_again(session: LedgerSession) -> None:
    first = session.ledger.requests[0]
    assert session.edit(session.ledger.with_request(first.with_value("outcome", "G1")), "答复类型")
    assert session.undo_label == "答复类型"
    assert session.undo()
    assert session.ledger.by_id["r1"].outcome == "OPEN"
    assert session.redo()
    assert session.ledger.by_id["r1"].outcome == "G1"


def test_counts_and_deadlines_are_reckoned_once_for_each_value(session: LedgerSession) -> None:
    counts, due = session.counts(2025), session.deadlines
    assert session.counts(2025) is counts
    assert session.deadlines is due
    first, second = session.ledger.requests[:2]
    session.edit(session.ledger.with_request(first.with_value("answered_on", date(2025, 12, 30))), "答复日期")
    assert session.counts(2025) is not counts
    assert session.deadlines["r1"].standing == "answered"
    assert session.deadlines["r2"] is due["r2"]  # nothing of it has changed
    assert second.id in session.deadlines
    assert "r3" not in session.deadlines


def test_a_ledger_closed_by_service_has_other_deadlines(session: LedgerSession) -> None:
    seen = [session.deadlines["r2"].standing]
    session.edit(replace(session.ledger, closed_by="served_on"), "按送达日")
    seen.append(session.deadlines["r2"].standing)
    assert seen == ["answered", "due"]


def test_names_are_masked_until_they_are_shown_and_after_the_minutes(
    session: LedgerSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []
    session.masking_changed.connect(lambda: told.append(session.names_shown))
    person, company = session.ledger.requests[:2]
    assert session.shown(person, "applicant") == "何**"
    assert session.shown(person, "contact") == "**"
    assert session.shown(company, "applicant") == "青禾**公司"
    assert session.told_of("何小满的申请", person) == "何**的申请"
    session.show_names()
    assert session.shown(person, "applicant") == "何小满"
    assert session.told_of("何小满的申请", person) == "何小满的申请"
    session._showing.timeout.emit()
    assert session.shown(person, "applicant") == "何**"
    assert told == [True, False]


def test_what_is_no_name_is_seen_as_it_is_called(session: LedgerSession) -> None:
    company = session.ledger.requests[1]
    assert session.shown(company, "answered_on") == "2025年12月18日"
    outcome = session.vocabulary.lists["outcome"]["G1"].label
    assert session.shown(company, "outcome") == outcome
    assert session.shown(company, "due_on") == ""
    doubtful = Request("r9", {}, {"received_on": "2月30日", "applicant": "何小满、李四"})
    assert session.shown(doubtful, "received_on") == "2月30日"
    assert session.shown(doubtful, "applicant") == "何**、李**"


def test_another_day_is_told_once(session: LedgerSession) -> None:
    days = [date(2026, 1, 6)]
    told: list[date] = []
    session.day_changed.connect(lambda: told.append(session.today))
    session._day = lambda: days[0]
    session.take_day()
    session.take_day()
    assert told == [date(2026, 1, 6)]
