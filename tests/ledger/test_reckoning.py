"""A ledger's file and what it comes to: our own and foreign ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gxeditor.core.errors import GxError
from gxeditor.core.ledger.request import Ledger, Origin, Request, Value
from gxeditor.ledger.account import account, lines
from gxeditor.ledger.reckoning import fields_of, read_apart, reckon
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.store.ledger_file import save_ledger

TEXT = (
    "序号,收到日期,申请人,申请人类别,答复日期,答复类型\n1,2025.3.4,甲,公民,2025.5.30,公开\n2,2025.3.5,乙,,,\n"
)


def test_a_foreign_ledger_is_read_apart_counted_and_checked(tmp_path: Path) -> None:
    (tmp_path / "台账.csv").write_text(TEXT, encoding="gb18030")
    reckoned = reckon(tmp_path / "台账.csv", 2025, today=date(2025, 6, 2))
    assert reckoned.counts.cells["requests.received.total"] == 1
    assert [(doubt.row, doubt.sheet) for doubt in reckoned.read.doubts] == [(3, "台账")]
    late = [one for one in reckoned.findings if one.rule == "L-04" and one.row == 2]
    assert [one.due for one in late] == ["2025-04-01"]


def test_our_own_ledger_is_counted_too(tmp_path: Path) -> None:
    path = tmp_path / "台账.gxl"
    values: dict[str, Value] = {"received_on": date(2025, 3, 4), "applicant_type": "C1"}
    save_ledger(Ledger(requests=(Request("1", values),)), path, None, load_vocabulary(load_form()))
    reckoned = reckon(path, 2025, today=date(2025, 3, 5))
    assert reckoned.counts.cells["requests.carried_forward.total"] == 1
    assert fields_of(reckoned.read) is None


def test_a_row_of_our_own_ledger_is_the_place_of_the_request_and_the_rules_not_checked_are_told(
    tmp_path: Path,
) -> None:
    path = tmp_path / "台账.gxl"
    early: dict[str, Value] = {"received_on": date(2026, 1, 5), "applicant_type": "C1", "outcome": "N2"}
    late: dict[str, Value] = {"received_on": date(2026, 12, 10), "applicant_type": "C1"}
    requests = (
        Request("7", late, origin=Origin("旧.xlsx", "2025", 40)),
        Request("8", early | {"answered_on": date(2026, 3, 2)}),
    )
    save_ledger(Ledger(requests=requests), path, None, load_vocabulary(load_form()))
    reckoned = reckon(path, 2026, today=date(2026, 12, 11))
    assert [(one.row, one.sheet) for one in reckoned.findings if one.rule == "L-04"] == [(2, "")]
    said = account(reckoned, load_vocabulary(load_form()))["not_checked"]
    unknown = "2027 年放假安排未收录，不能计算"
    assert {"rule": "L-04", "reason": unknown, "rows": [{"sheet": "", "row": 1}]} in said
    told = "\n".join(lines(reckoned, "台账.gxl", load_form(), load_vocabulary(load_form())))
    assert f"L-04　第 1 行　{unknown}。" in told
    assert "L-13　没有上年的年报。" in told


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "台账.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(GxError):
        read_apart(tmp_path / "台账.xlsx")
