"""One request, and the ledger of them."""

from __future__ import annotations

from datetime import date

from gxeditor.core.ledger.request import Ledger, Request


def test_a_value_settles_what_was_found_there() -> None:
    found = Request("1", unsettled={"received_on": "2025.2.30"}, why={"received_on": "2月30日没有这一天。"})
    settled = found.with_value("received_on", date(2025, 2, 28))
    assert settled.day("received_on") == date(2025, 2, 28)
    assert not settled.unsettled
    assert not settled.why


def test_a_request_of_which_nothing_is_said_is_still_being_handled() -> None:
    assert Request("1").outcome == "OPEN"
    assert Request("1", unsettled={"outcome": "答复给他了"}).outcome == ""


def test_a_request_takes_the_place_of_the_one_of_its_id() -> None:
    ledger = Ledger(requests=(Request("1"), Request("2")))
    changed = ledger.with_request(Request("1", {"note": "改"}))
    assert [one.id for one in changed.requests] == ["1", "2"]
    assert changed.by_id["1"].text("note") == "改"
    assert len(changed.with_request(Request("3")).requests) == 3
