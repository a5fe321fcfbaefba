"""What scripts and the console are told of a ledger; no applicant is named."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from gxeditor.core.ledger.comparing import compare
from gxeditor.core.ledger.counting import count
from gxeditor.core.ledger.request import Ledger, Origin, Request
from gxeditor.core.report import blank_report
from gxeditor.ledger.account import Found, Reckoned, account, doubts_of, is_settled, lines
from gxeditor.ledger.reading import Doubt, LedgerRead, LeftOut, SheetRead, UnknownWord
from gxeditor.resources import load_form, load_vocabulary

FORM = load_form()
VOCABULARY = load_vocabulary(FORM)
NAME = "何志远"


def reckoned(*further: Request, doubts: tuple[Doubt, ...] = (), findings: tuple[Found, ...] = ()) -> Reckoned:
    known = Request(
        "1",
        {
            "received_on": date(2025, 3, 4),
            "applicant": NAME,
            "applicant_type": "C1",
            "answered_on": date(2025, 3, 20),
            "outcome": "G1",
        },
        origin=Origin("台账.xlsx", "台账", 2),
    )
    ledger = Ledger(requests=(known, *further))
    read = LedgerRead(
        ledger,
        (SheetRead("台账", "", 2025, (1, 1), (), (), len(ledger.requests)),),
        (UnknownWord("outcome", "不掌握", 1, ("U1",), "不认识"),),
        doubts,
        (LeftOut("台账", 9, "小计、合计"),),
    )
    return Reckoned(read, count(ledger, 2025, FORM, VOCABULARY), findings)


def test_the_data_have_all_190_cells_and_the_rows() -> None:
    said = account(reckoned(), VOCABULARY)
    assert len(said["counts"]) == 190
    assert said["counts"]["requests.handled.granted.natural_person"] == 1
    assert said["rows"] == {"read": 1, "doubtful": 0, "left_out": 1}
    assert json.loads(json.dumps(said)) == said


def test_a_request_that_is_counted_nowhere_is_among_the_doubts() -> None:
    lacking = Request("2", {"received_on": date(2025, 5, 6)}, origin=Origin("台账.xlsx", "台账", 3))
    said = account(reckoned(lacking), VOCABULARY)
    assert [(one["sheet"], one["row"]) for one in said["doubts"]] == [("台账", 3)]
    assert set(said["doubts"][0]) == {"sheet", "row", "column", "text", "reason"}
    assert not is_settled(reckoned(lacking))


def test_a_doubt_told_in_the_reading_is_not_told_twice() -> None:
    lacking = Request("2", {"received_on": date(2025, 5, 6)}, origin=Origin("台账.xlsx", "台账", 3))
    doubt = Doubt("台账", 3, "D 申请人类别", "法人", "请指定。", "2")
    assert doubts_of(reckoned(lacking, doubts=(doubt,))) == (doubt,)


def test_a_finding_says_rule_severity_row_message_and_due() -> None:
    found = Found("L-04", "query", 2, "晚 3 个工作日。", "2025-04-01", "台账", ("1",))
    said = account(reckoned(findings=(found,)), VOCABULARY)
    assert said["findings"] == [
        {"rule": "L-04", "severity": "query", "row": 2, "message": "晚 3 个工作日。", "due": "2025-04-01",
            "sheet": "台账", "rows": [{"sheet": "台账", "row": 2}]}
    ]  # fmt: skip


def test_only_an_error_or_a_doubt_is_to_be_settled() -> None:
    assert is_settled(reckoned())
    assert is_settled(reckoned(findings=(Found("L-04", "query", 2, ""),)))
    assert not is_settled(reckoned(findings=(Found("L-01", "error", 2, ""),)))


def test_a_report_is_compared_cell_by_cell_with_the_rows_behind() -> None:
    made = reckoned()
    cell = "requests.received.natural_person"
    report = blank_report(FORM, 2025).with_entry(cell, 3)
    compared = Reckoned(made.read, made.counts, (), compare(report, made.counts))
    (first,) = [one for one in account(compared, VOCABULARY)["differences"] if one["cell"] == cell]
    assert (first["report"], first["ledger"], first["rows"]) == (3, 1, [{"sheet": "台账", "row": 2}])
    assert not is_settled(compared)
    assert any("年报 3，台账 1" in line for line in lines(compared, "台账.xlsx", FORM, VOCABULARY))


def test_no_applicant_is_named() -> None:
    made = reckoned(
        Request("2", {"applicant": NAME}, {"received_on": "2月30日"}, origin=Origin("a", "台账", 3))
    )
    assert NAME not in json.dumps(account(made, VOCABULARY), ensure_ascii=False)
    assert NAME not in "\n".join(lines(made, "台账.xlsx", FORM, VOCABULARY))


def test_a_name_that_stands_where_none_belongs_is_masked() -> None:
    said = f"已电话告知{NAME}"
    request = Request(
        "2",
        {"applicant": NAME, "received_on": date(2025, 3, 5), "applicant_type": "C1"},
        {"answered_on": said, "outcome": said},
        {"answered_on": f"看不出“{said}”是哪一天。"},
        origin=Origin("台账.xlsx", "台账", 3),
    )
    doubt = Doubt("台账", 3, "G 答复日期", said, f"看不出“{said}”是哪一天。", "2")
    made = reckoned(request, doubts=(doubt,))
    word = UnknownWord("outcome", said, 1, (), f"“{said}”不是“答复类型”里的一种。")
    for one in (replace(made, read=replace(made.read, unknown=(word,))), reckoned(request)):
        told = json.dumps(account(one, VOCABULARY), ensure_ascii=False)
        told += "\n".join(lines(one, "台账.xlsx", FORM, VOCABULARY))
        assert "已电话告知何**" in told
        assert NAME not in told


def test_the_console_tells_the_words_to_settle_and_what_was_counted() -> None:
    told = "\n".join(lines(reckoned(), "台账.xlsx", FORM, VOCABULARY))
    assert "答复类型“不掌握”　1 行，相近的有：无法提供·信息不存在" in told
    assert "新收 1，上年结转 0，办理结果总计 1，结转下年 0" in told
    assert "不计 1 行：小计、合计" in told
