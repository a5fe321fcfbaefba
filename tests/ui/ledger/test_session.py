"""Steps of a ledger, what is reckoned of it and kept, and names that are masked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gxeditor.core.errors import GxError, NotWritten
from gxeditor.core.ledger.request import Ledger, Request
from gxeditor.core.report import blank_report
from gxeditor.crash import report_text
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.store.ledger_file import has_password, parse, read_ledger, save_ledger
from gxeditor.store.own_bytes import kept_path
from gxeditor.store.protection import NeedsPassword, WrongPassword, new_key
from gxeditor.store.rollup_rescue import content_of, rescue_of
from gxeditor.ui.ledger.session import LedgerSession
from tests.window import settled

VOCABULARY = load_vocabulary(load_form())
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
    path = tmp_path / "台账.gxl"
    sha256 = save_ledger(ledger, path, None, VOCABULARY)
    return LedgerSession(ledger, path, sha256=sha256, day=lambda: date(2026, 1, 5))


def written(session: LedgerSession, text: str) -> None:
    """One step."""
    first = session.ledger.by_id["r1"]
    assert session.edit(session.ledger.with_request(first.with_value("subject", text)), "申请内容")


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
    seen: list[bool] = []
    session.masking_changed.connect(lambda: seen.append(session.names_shown))
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
    assert seen == [True, False]


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
    seen: list[date] = []
    session.day_changed.connect(lambda: seen.append(session.today))
    session._day = lambda: days[0]
    session.take_day()
    session.take_day()
    assert seen == [date(2026, 1, 6)]


def test_every_step_reaches_the_file_and_the_one_before_is_kept(session: LedgerSession) -> None:
    before = session.ledger
    written(session, "甲")
    assert session.flush()
    assert read_ledger(session.path, VOCABULARY).ledger == session.ledger
    assert read_ledger(kept_path(session.path), VOCABULARY).ledger == before


def test_a_password_seals_the_file_the_kept_version_and_every_later_step(session: LedgerSession) -> None:
    seen: list[bool] = []
    session.protection_changed.connect(lambda: seen.append(session.is_protected))
    written(session, "甲")
    session.protect(new_key("松塘"))
    for step in ("乙", "丙"):
        written(session, step)
        assert session.flush()
    for file in (session.path, kept_path(session.path)):
        assert has_password(file)
        with pytest.raises(NeedsPassword):
            read_ledger(file, VOCABULARY)
    assert read_ledger(session.path, VOCABULARY, "松塘").ledger == session.ledger
    session.protect(new_key("河湾"))
    with pytest.raises(WrongPassword):
        read_ledger(kept_path(session.path), VOCABULARY, "松塘")
    session.protect(None)
    assert read_ledger(session.path, VOCABULARY).ledger == session.ledger
    assert not has_password(kept_path(session.path))
    written(session, "丁")
    assert session.flush()
    assert seen == [True, True, False]


def test_a_protected_ledger_is_protected_in_another_file_as_well(
    session: LedgerSession, tmp_path: Path
) -> None:
    session.protect(new_key("松塘"))
    session.keep_at(tmp_path / "另一份.gxl")
    assert has_password(tmp_path / "另一份.gxl")
    session.unlock()


def test_a_password_that_the_disk_refuses_is_none(
    session: LedgerSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise NotWritten("磁盘满了。", "改动还在。", "请腾出地方。")

    monkeypatch.setattr("gxeditor.ui.ledger.session.save_protected_anew", refuse)
    with pytest.raises(NotWritten):
        session.protect(new_key("松塘"))
    assert not session.is_protected
    session.held = "另一台电脑打开着。"
    with pytest.raises(GxError, match="另一台"):
        session.protect(None)


def test_no_report_of_a_bug_has_a_name_of_an_open_ledger(session: LedgerSession) -> None:
    first = session.ledger.by_id["r1"]
    session.edit(session.ledger.with_request(first.with_value("applicant", "Zbigniew Wolf")), "申请人")
    session.undo()
    surname = "Wolf"
    try:
        raise KeyError(f"{first!r} {session.ledger!r} {surname}")
    except KeyError as error:
        text = report_text(error)
    for name in ("何小满", "Zbigniew", "Wolf", "青禾", "1234567"):
        assert name not in text
        assert name not in repr(session.ledger)


@pytest.mark.parametrize("password", ["", "松塘"])
def test_what_the_disk_refuses_is_rescued_sealed_as_the_file_is(tmp_path: Path, password: str) -> None:
    full = True
    path, folder = tmp_path / "台账.gxl", tmp_path / "rescues"
    key = new_key(password) if password else None

    def save(ledger: Ledger, path: Path, sha256: str | None) -> str:
        if full:
            raise NotWritten("磁盘满了。", "改动还在。", "请腾出地方。")
        return save_ledger(ledger, path, sha256, VOCABULARY, key)

    session = LedgerSession(Ledger(), path, key=key, save=save, rescues=folder, sha256=None)
    session.edit(Ledger(requests=(a_request("r1", applicant="何小满"),)), "添一件")
    assert not session.flush()
    settled(lambda: rescue_of(folder, path) is not None)
    left = rescue_of(folder, path)
    assert left is not None
    content = content_of(left)
    assert ("何小满".encode() in content) != bool(password)
    assert parse(content, VOCABULARY, password or None)[0] == session.ledger
    full = False
    assert session.flush()
    settled(lambda: rescue_of(folder, path) is None)
    session.unlock()


def test_what_does_not_fit_is_found_of_the_present_value_and_said_when_it_is_wanted(
    session: LedgerSession,
) -> None:
    found: list[object] = []
    session.found.connect(found.append)
    session.want_findings(0)
    settled(lambda: bool(found))
    assert found[-1] is session.findings
    before = session.findings
    bare = session.ledger.by_id["r1"].with_value("applicant_type", None)
    session.edit(session.ledger.with_request(bare), "清空")
    assert session.findings is not before
    assert {one.rule for one in session.findings.open if one.request == "r1"} >= {"L-01"}
    session.want_findings(0)
    assert found[-1] is session.findings, "what is known is told at once"


def test_findings_are_of_the_report_that_is_compared_with(session: LedgerSession) -> None:
    assert "L-14" in {one.check.code for one in session.findings.not_checked}
    session.compare_with(blank_report(session.form, 2025).with_entry("requests.received.total", 9))
    assert "L-14" not in {one.check.code for one in session.findings.not_checked}
    assert "L-14" in {one.rule for one in session.findings.open}
