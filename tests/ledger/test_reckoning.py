"""A ledger's file and what it comes to: our own and foreign ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gxeditor.core.errors import GxError
from gxeditor.core.ledger.request import Ledger, Request, Value
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


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "台账.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(GxError):
        read_apart(tmp_path / "台账.xlsx")
