"""The command line, as scripts use it: exit codes, JSON, and messages without tracebacks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

import gxeditor
from gxeditor import cli, documents, resources
from gxeditor.core.checks.check import check
from gxeditor.core.checks.findings import Findings
from gxeditor.core.checks.rules import Rule
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Entry, Explanation, Report, blank_report
from gxeditor.documents import EXPORTS
from gxeditor.exports.blanks import rollup_bytes
from gxeditor.exports.excel import workbook_bytes
from gxeditor.exports.web import page_html, section_tsv
from gxeditor.paper.pdf import make_pdf
from gxeditor.resources import load_form
from gxeditor.settings import user_folders
from gxeditor.store.report_file import kept_path, read_report, save_report
from tests.imports.formats import test_ods, test_spreadsheetml
from tests.imports.formats.test_odt import odt
from tests.imports.formats.test_ofd import as_ofd
from tests.imports.test_sheets import copied, filled_in
from tests.office import SOFFICE, by_office
from tests.waiting import PATIENCE

PROJECT = Path(__file__).parents[1]
SAMPLE = PROJECT / "resources" / "samples" / "lushan-2022.txt"
GOLDEN = PROJECT / "tests" / "golden" / "rules-2021.txt"
ONE = "requests.received.natural_person"


@pytest.fixture
def zeros(form: Form) -> Report:
    """A complete report with nothing to find."""
    cells: dict[str, Entry | None] = {
        c.id: 0 for c in form.cells.values() if not c.is_total and not c.decimals
    }
    return (
        blank_report(form, 2022)
        .with_fields(agency="鲁山县教育体育局")
        .with_entries(cells)
        .with_entry("proactive.fees.amount", Decimal("0.0000"))
    )


@pytest.fixture
def report_file(tmp_path: Path) -> Any:
    """Saves a report under a name and says where."""

    def save(report: Report, name: str = "年报.gxr") -> Path:
        save_report(report, tmp_path / name, None)
        return tmp_path / name

    return save


class Ran:
    """What a command printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def gx(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command in this process."""

    def run(*arguments: str | Path) -> Ran:
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as end:  # argparse ends so
            code = int(end.code or 0)
        return Ran(code, *capsys.readouterr())

    return run


def in_a_console(*arguments: str | Path, encoding: str = "utf-8") -> subprocess.CompletedProcess[bytes]:
    """Runs a command as a program of its own, in a console of this encoding."""
    return subprocess.run(
        [sys.executable, "-m", "gxeditor", *map(str, arguments)],
        capture_output=True,
        cwd=PROJECT,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        timeout=PATIENCE,
    )


# --- check ----------------------------------------------------------------------------------------------------


def test_a_report_without_findings_ends_with_0_and_a_summary(
    zeros: Report, report_file: Any, gx: Any
) -> None:
    ran = gx("check", report_file(zeros))
    assert (ran.code, ran.err) == (0, "")
    (line,) = ran.out.splitlines()
    assert line.startswith(
        "鲁山县教育体育局2022年政府信息公开工作年度报告（年报.gxr）：表格 42 条相等；跨年 7 条未检查：没有选上年年报；"
    )
    assert line.endswith("；正文未写。错误 0，核实 0，提示 0。")


def test_a_finding_is_a_line_with_its_mark_its_table_and_its_rule(
    zeros: Report, report_file: Any, gx: Any
) -> None:
    ran = gx("check", report_file(zeros.with_entries({ONE: 5, "disputes.direct_suit.upheld": None})))
    assert ran.code == 1
    first, *lines = ran.out.splitlines()
    assert first.startswith(
        "鲁山县教育体育局2022年政府信息公开工作年度报告（年报.gxr）："
        "表格 39 条相等，2 条不等，1 条未检查：有格未填；跨年 7 条未检查：没有选上年年报；"
    )
    assert first.endswith("；正文未写。错误 2，核实 1，提示 0。")
    assert lines == [
        "  ▲ 表三　自然人：第一项加第二项为 5，第三项总计加第四项为 0，相差 5。（T3-01.natural_person）",
        "  ▲ 表三　总计：第一项加第二项为 5，第三项总计加第四项为 0，相差 5。（T3-01.total）",
        "  ◆ 表四还有 1 格未填，没有的请填 0。（E-01）",
    ]


def test_a_figure_taken_over_in_doubt_is_a_query_until_it_was_looked_at(
    zeros: Report, report_file: Any, gx: Any
) -> None:
    doubted = zeros.with_doubts({ONE: "原文是字母“O”。按 0 采用。"})
    ran = gx("check", report_file(doubted))
    assert ran.code == 0
    assert ran.out.splitlines()[1:] == [
        "  ◆ 表三　一、本年新收 · 自然人：导入时存疑。原文是字母“O”。按 0 采用。（E-07）"
    ]
    (found,) = json.loads(gx("check", "--json", report_file(doubted)).out)[0]["findings"]
    assert (found["rule"], found["severity"], found["cells"]) == ("E-07", "query", [ONE])


def test_what_was_explained_or_closed_is_told_apart_and_counts_no_more(
    zeros: Report, report_file: Any, gx: Any, rules: tuple[Rule, ...]
) -> None:
    blank = zeros.with_entry("disputes.direct_suit.upheld", None)
    finding = next(one for one in check(blank, rules).findings if one.rule.id == "E-01")
    report = blank.with_explanation(finding.address, Explanation("案卷还没有移交", finding.values))
    report = report.with_closed("E-02", "本省用“/”").with_closed("Y-02", "上年没有分类")
    ran = gx("check", report_file(report))
    first, *lines = ran.out.splitlines()
    assert "；7 条已关闭；" in first  # six lines of Y-02, and E-02
    assert first.endswith("错误 0，核实 0，提示 0，已说明 1。")
    assert lines == [
        "  ◇ 已说明：表四还有 1 格未填，没有的请填 0。说明：案卷还没有移交（E-01）",
        "  已关闭 Y-02：上年没有分类",
        "  已关闭 E-02：本省用“/”",
    ]
    (found,) = gx("check", "--json", report_file(report)).json
    assert found["findings"][0]["explanation"] == {
        "reason": "案卷还没有移交", "values": list(finding.values), "holds": True,
    }  # fmt: skip
    assert {one["rule"] for one in found["closed_rules"] if one["reason"] == "本省用“/”"} == {"E-02"}


def test_rules_that_meet_a_text_are_counted_without_calling_it_a_blank(
    zeros: Report, report_file: Any, gx: Any
) -> None:
    ran = gx("check", report_file(zeros.with_entry("disputes.direct_suit.upheld", "/")))
    assert "表格 41 条相等，1 条未检查：有格不是数字；" in ran.out


def test_a_query_alone_is_no_error(zeros: Report, report_file: Any, gx: Any) -> None:
    assert gx("check", report_file(zeros.with_entry("disputes.direct_suit.upheld", None))).code == 0


def equations(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Those of its rules that were not checked and are equations: a named check is no line of a table."""
    return [item for item in found["not_checked_rules"] if "." in item["rule"]]


def test_the_json_of_a_check_is_what_the_documentation_says(zeros: Report, report_file: Any, gx: Any) -> None:
    path = report_file(zeros.with_entries({ONE: 5, "disputes.direct_suit.upheld": None}))
    ran = gx("check", path, "--json")
    assert ran.code == 1
    (found,) = ran.json
    sentence, others = (found["coverage"].pop(key) for key in ("sentence", "others"))
    assert sentence.startswith(
        "2 个错误，1 处核实；表格 39 条相等，2 条不等，1 条未检查：有格未填；跨年 7 条未检查：没有选上年年报；另查"
    )
    assert sentence.endswith("；正文未写")
    assert [set(other) for other in others] == [{"word", "made", "not_checked"}] * len(others)
    assert next(other["made"] for other in others if other["word"] == "格式和单位") >= 6
    assert found.pop("not_checked") == len(found["not_checked_rules"])
    found["not_checked_rules"] = equations(found)
    assert {key: value for key, value in found.items() if key != "findings"} == {
        "file": str(path),
        "notes": [],
        "checked": 41,
        "prior": None,
        "claims": [],
        "coverage": {
            "tables": {"equal": 39, "different": 2, "explained": 0, "not_checked": 1},
            "last_year": {"equal": 0, "different": 0, "explained": 0, "not_checked": 7},
            "prose": "blank",
            "claims": None,
            "explained": 0,
            "closed": 0,
            "unwritten": ["一", "五", "六"],
        },
        "closed_rules": [],
        "not_checked_rules": [
            *(
                {"rule": f"Y-0{1 if one == 'total' else 2}.{one}", "reason": "没有选上年年报", "cells": []}
                for one in (
                    "total",
                    "natural_person",
                    "company",
                    "research",
                    "public_interest",
                    "legal_service",
                    "other_organization",
                )
            ),
            {
                "rule": "T4-01.direct_suit",
                "reason": "有 2 格未填",
                "cells": [
                    "disputes.direct_suit.upheld",
                    "disputes.direct_suit.total",
                ],
            },
        ],
    }
    assert found["findings"][0] == {
        "rule": "T3-01.natural_person",
        "severity": "error",
        "cells": [
            f"requests.{row}.natural_person"
            for row in ("received", "brought_forward", "handled.total", "carried_forward")
        ],
        "left": 5,
        "right": 0,
        "difference": 5,
        "message": "自然人：第一项加第二项为 5，第三项总计加第四项为 0，相差 5。",
        "basis": "年度报告格式表三：本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和",
        "explanation": None,
    }
    assert found["findings"][-1]["severity"] == "query"
    assert found["findings"][-1]["left"] is None


def test_amounts_are_texts_in_json_so_that_no_decimal_is_lost(
    zeros: Report, report_file: Any, gx: Any
) -> None:
    path = report_file(zeros.with_entry(ONE, Decimal("0.5000")))
    found = {finding["rule"]: finding for finding in gx("check", path, "--json").json[0]["findings"]}
    assert found["T3-01.natural_person"]["difference"] == "0.5000"
    assert found["E-05"]["cells"] == [ONE]


def test_last_years_report_is_compared_when_it_is_given(zeros: Report, report_file: Any, gx: Any) -> None:
    prior = zeros.with_fields(year=2021).with_entry("requests.carried_forward.company", 3)
    prior = prior.with_entry("requests.received.company", 3)
    ran = gx("check", report_file(zeros), "--prior", report_file(prior, "去年.gxr"))
    assert ran.code == 0
    assert "表格 42 条相等；跨年 5 条相等，2 条不等；" in ran.out
    assert "；正文未写。错误 0，核实 2，提示 0。" in ran.out
    assert (
        "  ◆ 表三　商业企业：上年年报结转下年度为 3，本年上年结转为 0，相差 3，请核实。（Y-02.company）"
        in ran.out
    )


def test_what_is_said_of_prose_a_field_or_the_whole_is_told_with_its_name(
    zeros: Report,
    report_file: Any,
    gx: Any,
    beside_the_tables: Findings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "gxeditor.core.checks.check.check", lambda *_, **__: replace(beside_the_tables, checked=42)
    )
    file = report_file(zeros)
    ran = gx("check", file)
    assert ran.code == cli.ERRORS
    assert "  ▲ 第一部分正文　正文写 30 件，表三为 31 件。（X-1）" in ran.out.splitlines()
    assert "  ▲ 年份：写的是 2002，请核对。（X-2）" in ran.out.splitlines()
    assert "  ◆ 整份年报　与上年年报一字不差，请核实。（X-3）" in ran.out.splitlines()
    (result,) = gx("check", file, "--json").json
    assert [(one["rule"], one["cells"]) for one in result["findings"]] == [
        ("X-1", []),
        ("X-2", []),
        ("X-3", []),
    ]


def test_several_files_are_checked_although_one_cannot_be_read(
    zeros: Report, report_file: Any, gx: Any, tmp_path: Path
) -> None:
    (tmp_path / "坏.gxr").write_text("{", encoding="utf-8")
    broken, good = tmp_path / "坏.gxr", report_file(zeros.with_entry(ONE, 5))
    ran = gx("check", broken, good, tmp_path / "没有.gxr", "--json")
    assert ran.code == 2
    assert [set(one) for one in ran.json] == [
        {"file", "error"},
        {
            *("file", "notes", "checked", "not_checked", "coverage"),
            *("findings", "claims", "not_checked_rules", "closed_rules", "prior"),
        },
        {"file", "error"},
    ]
    assert ran.json[0]["error"].startswith("“坏.gxr”读不出来：")
    assert ran.json[2]["error"] == "“没有.gxr”不见了。它可能被移动、改名或删除了，请从新的位置打开。"
    assert ran.json[0]["error"] in ran.err


def test_an_unreadable_report_of_last_year_is_told_before_anything_is_checked(
    zeros: Report, report_file: Any, gx: Any, tmp_path: Path
) -> None:
    ran = gx("check", report_file(zeros), "--prior", tmp_path / "去年.gxr")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("“去年.gxr”不见了。")


def test_the_real_report_has_no_error_and_nine_rules_that_its_blanks_prevent(gx: Any) -> None:
    ran = gx("check", SAMPLE, "--json")
    assert ran.code == 0
    (found,) = ran.json
    assert (found["checked"], len(equations(found))) == (33, 9 + 7)
    assert len([item for item in equations(found) if item["cells"]]) == 9
    assert {finding["severity"] for finding in found["findings"]} == {"query"}


# --- last year's report kept in the file ----------------------------------------------------------------------


@pytest.fixture
def prior(zeros: Report) -> Report:
    """Carried 3 requests of companies forward, which this year's `zeros` does not know of."""
    return zeros.with_fields(year=2021).with_entry("requests.carried_forward.company", 3)


def test_convert_stores_last_years_report_and_check_uses_it(
    zeros: Report, prior: Report, report_file: Any, gx: Any, tmp_path: Path
) -> None:
    last = report_file(prior, "去年.gxr")
    ran = gx("convert", report_file(zeros), tmp_path / "今年.gxr", "--prior", last)
    assert (ran.code, ran.err) == (0, "")
    told, given = gx("check", tmp_path / "今年.gxr"), gx("check", report_file(zeros), "--prior", last)
    assert "跨年 5 条相等，2 条不等；" in told.out
    assert "；正文未写。错误 0，核实 2，提示 0。" in told.out
    assert "  对照的上年年报：鲁山县教育体育局（2021 年），数存在本年报里。" in told.out
    (found,) = gx("check", tmp_path / "今年.gxr", "--json").json
    (other,) = gx("check", report_file(zeros), "--prior", last, "--json").json
    assert (found["findings"], equations(found)) == (other["findings"], [])
    assert found["prior"]["path"] == str(last)
    assert (found["prior"]["agency"], found["prior"]["year"]) == ("鲁山县教育体育局", 2021)
    assert given.out.splitlines()[1:3] == told.out.splitlines()[1:3]


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (lambda path: path.unlink(), "找不到原文件"),
        (lambda path: path.write_bytes(path.read_bytes() + b"\n"), "原文件已改动（"),
        (lambda path: (path.unlink(), path.mkdir()), "找不到原文件"),
        (lambda path: None, ""),
    ],
)
def test_the_stored_figures_are_used_whatever_became_of_the_file(
    zeros: Report, prior: Report, report_file: Any, gx: Any, tmp_path: Path, happens: Any, said: str
) -> None:
    last = report_file(prior, "去年.gxr")
    assert gx("convert", report_file(zeros), tmp_path / "今年.gxr", "--prior", last).code == 0
    happens(last)
    ran = gx("check", tmp_path / "今年.gxr")
    assert "跨年 5 条相等，2 条不等；" in ran.out
    assert "；正文未写。错误 0，核实 2，提示 0。" in ran.out
    assert said in ran.out
    assert ("原文件" in ran.out) == bool(said)
    (found,) = gx("check", tmp_path / "今年.gxr", "--json").json
    assert any("原文件" in remark for remark in found["prior"]["remarks"]) == bool(said)


def test_of_a_list_of_units_the_own_one_is_last_years(
    zeros: Report, prior: Report, report_file: Any, gx: Any, tmp_path: Path
) -> None:
    units = [
        prior.with_fields(agency=name).with_entry("requests.carried_forward.company", number)
        for number, name in enumerate(("鲁山县民政局", prior.agency, "鲁山县财政局"), 1)
    ]
    (tmp_path / "汇总.xlsx").write_bytes(filled_in(rollup_bytes(prior.form, units=4), *units))
    ran = gx("convert", report_file(zeros), tmp_path / "今年.gxr", "--prior", tmp_path / "汇总.xlsx")
    assert ran.code == 0
    kept = read_report(tmp_path / "今年.gxr", load_form).report.prior
    assert kept is not None
    assert (kept.report.agency, kept.report.value("requests.carried_forward.company")) == (prior.agency, 2)
    told = gx("check", report_file(zeros), "--prior", tmp_path / "汇总.xlsx")
    assert f"对照的上年年报：{prior.agency}" in told.out


def test_of_several_years_the_one_before_is_last_years(
    zeros: Report, prior: Report, report_file: Any, gx: Any, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for year, one in ((zeros.year, zeros), (prior.year, prior)):
        whole = openpyxl.load_workbook(BytesIO(workbook_bytes(one)), data_only=True)
        for sheet in whole.worksheets:
            if sheet.title.startswith("表"):
                copied(sheet, book.create_sheet(f"{year}年{sheet.title}"))
    book.save(tmp_path / "几年.xlsx")
    ran = gx("convert", report_file(zeros), tmp_path / "今年.gxr", "--prior", tmp_path / "几年.xlsx")
    assert ran.code == 0
    kept = read_report(tmp_path / "今年.gxr", load_form).report.prior
    assert kept is not None
    assert (kept.report.year, kept.report.value("requests.carried_forward.company")) == (prior.year, 3)


def test_what_is_given_goes_before_what_is_stored(
    zeros: Report, prior: Report, report_file: Any, gx: Any, tmp_path: Path
) -> None:
    last, other = report_file(prior, "去年.gxr"), report_file(zeros.with_fields(year=2021), "另一份.gxr")
    assert gx("convert", report_file(zeros), tmp_path / "今年.gxr", "--prior", last).code == 0
    assert "核实 0" in gx("check", tmp_path / "今年.gxr", "--prior", other).out
    assert "核实 2" in gx("check", tmp_path / "今年.gxr").out
    assert gx("convert", tmp_path / "今年.gxr", tmp_path / "改.gxr", "--prior", other).code == 0
    assert "核实 0" in gx("check", tmp_path / "改.gxr").out
    assert gx("convert", tmp_path / "今年.gxr", tmp_path / "抄.gxr").code == 0
    assert "核实 2" in gx("check", tmp_path / "抄.gxr").out


def test_any_report_that_can_be_read_may_be_last_years(
    zeros: Report, prior: Report, report_file: Any, gx: Any, tmp_path: Path
) -> None:
    assert gx("convert", report_file(prior, "去年.gxr"), tmp_path / "去年.xlsx").code == 0
    assert (
        gx("convert", report_file(zeros), tmp_path / "今年.gxr", "--prior", tmp_path / "去年.xlsx").code == 0
    )
    told = gx("check", tmp_path / "今年.gxr").out
    assert "跨年 5 条相等，2 条不等；" in told
    assert "；正文未写。错误 0，核实 2" in told
    assert "原文件" not in told


@pytest.mark.parametrize(
    ("fields", "said", "across"),
    [
        ({"year": 2019}, "选的年报是 2019 年的，本年报的上年是 2021 年。", False),
        ({"year": 2022}, "选的年报是 2022 年的，本年报的上年是 2021 年。", False),
        ({"year": None}, "选的年报没有写年份，本年报的上年是 2021 年。", True),
        (
            {"agency": "汝州市教育体育局"},
            "选的年报单位是“汝州市教育体育局”，本年报的单位是“鲁山县教育体育局”。",
            True,
        ),
        ({"agency": ""}, "选的年报没有写单位，本年报的单位是“鲁山县教育体育局”。", True),
    ],
)
def test_another_year_or_agency_is_said_and_taken_all_the_same(
    zeros: Report,
    prior: Report,
    report_file: Any,
    gx: Any,
    tmp_path: Path,
    fields: dict[str, Any],
    said: str,
    across: bool,
) -> None:
    last = report_file(prior.with_fields(**fields), "去年.gxr")
    ran = gx("convert", report_file(zeros), tmp_path / "今年.gxr", "--prior", last)
    assert (ran.code, ran.err) == (0, f"“去年.gxr”：{said}\n")
    told = gx("check", tmp_path / "今年.gxr").out
    assert ("跨年 5 条相等，2 条不等；" in told) == across
    assert said in told
    assert ("跨年 7 条未检查：上年年报是" in told) == (not across)


def test_a_file_whose_last_year_makes_no_sense_is_checked_without_it(
    zeros: Report, report_file: Any, gx: Any
) -> None:
    path = report_file(zeros)
    path.write_bytes(path.read_bytes().replace(b'"cells"', b'"prior": [1],\n "cells"'))
    ran = gx("check", path)
    assert ran.code == 0
    assert "跨年 7 条未检查：没有选上年年报；" in ran.out
    assert ran.err == "“年报.gxr”：年报文件里存的上年年报读不懂，没有采用，请重新选择上年年报。\n"


def test_nothing_is_written_if_last_years_report_cannot_be_read(
    zeros: Report, report_file: Any, gx: Any, tmp_path: Path
) -> None:
    (tmp_path / "去年.gxr").write_bytes(b"{")
    ran = gx("convert", report_file(zeros), tmp_path / "今年.gxr", "--prior", tmp_path / "去年.gxr")
    assert ran.code == 2
    assert not (tmp_path / "今年.gxr").exists()


# --- convert --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "magic"),
    [
        ("年报.pdf", b"%PDF-"),
        ("年报.XLSX", b"PK\x03\x04"),
        ("年报.docx", b"PK\x03\x04"),
        ("年报.html", b"<!DOCTYPE html>"),
        ("年报.txt", b"\xef\xbb\xbf"),
        ("年报.json", b"{"),
        ("副本.gxr", b"{"),
    ],
)
def test_a_report_is_converted_by_the_suffix_of_the_new_file(
    zeros: Report, report_file: Any, gx: Any, tmp_path: Path, name: str, magic: bytes
) -> None:
    ran = gx("convert", report_file(zeros), tmp_path / name)
    assert (ran.code, ran.out, ran.err) == (0, f"已写出“{name}”。\n", "")
    assert (tmp_path / name).read_bytes().startswith(magic)


def test_a_foreign_report_becomes_an_own_file_and_what_was_doubtful_is_said(gx: Any, tmp_path: Path) -> None:
    ran = gx("convert", SAMPLE, tmp_path / "鲁山.gxr")
    assert ran.code == 0
    assert ran.out.startswith("从“lushan-2022.txt”读入 182 格。\n")
    assert len(ran.out.splitlines()) > 3
    opened = read_report(tmp_path / "鲁山.gxr", resources.load_form)
    assert len(opened.report.entries) == 182


READ = [".docx", ".xlsx", ".html", ".pdf", ".txt", ".mht", ".ofd", ".odt", ".ods", ".xml"]
READ += [".doc", ".xls"] if SOFFICE is not None else []


def foreign(report: Report, suffix: str, folder: Path) -> Path:
    """The report as a file that another program may have written."""
    path = folder / f"外来{suffix}"
    if suffix in EXPORTS:
        documents.export(report, path)
    elif suffix in (".doc", ".xls"):
        documents.export(report, folder / f"外来{suffix}x")
        by_office(suffix[1:], folder, folder / f"外来{suffix}x")
    elif suffix == ".mht":
        whole = MIMEMultipart("related")
        whole.attach(MIMEText(page_html(report), "html", "utf-8"))
        path.write_bytes(whole.as_bytes())
    elif suffix == ".ofd":
        path.write_bytes(as_ofd(make_pdf(report).data))
    else:
        parts = [section_tsv(report, section.key).splitlines() for section in report.form.sections]
        rows = [[report.title], *(row.split("\t") for part in parts for row in part)]
        if suffix == ".odt":
            texts = (text for row in rows for text in row if text)
            path.write_bytes(odt("".join(f"<text:p>{text}</text:p>" for text in texts)))
        elif suffix == ".ods":
            path.write_bytes(
                test_ods.spreadsheet(
                    test_ods.table(*(test_ods.row(*map(test_ods.cell, row)) for row in rows))
                )
            )
        else:
            cells = ("".join(map(test_spreadsheetml.cell, row)) for row in rows)
            path.write_bytes(test_spreadsheetml.workbook("".join(f"<Row>{row}</Row>" for row in cells)))
    return path


@pytest.mark.parametrize("suffix", READ)
def test_every_format_is_converted_and_checked(zeros: Report, gx: Any, tmp_path: Path, suffix: str) -> None:
    report = zeros.with_fields(agency="青溪县公安局", year=2022)
    counts = [cell.id for cell in report.form.cells.values() if not cell.is_total and not cell.decimals]
    report = report.with_entries({cell: number for number, cell in enumerate(counts, 1)})
    path = foreign(report, suffix, tmp_path)
    assert gx("convert", path, tmp_path / "读入.gxr").code == 0
    read = read_report(tmp_path / "读入.gxr", resources.load_form).report
    assert {cell: read.value(cell) for cell in counts} == {cell: report.value(cell) for cell in counts}
    assert (read.agency, read.year) == ("青溪县公安局", 2022)
    ran = gx("check", path)
    assert ran.code == gx("check", tmp_path / "读入.gxr").code
    assert ran.out.startswith(report.title)


def test_the_year_wanted_is_converted_and_checked(zeros: Report, gx: Any, tmp_path: Path) -> None:
    book, path = openpyxl.Workbook(), tmp_path / "两年.xlsx"
    for year in (2021, 2022):
        report = zeros.with_fields(agency="青溪县公安局", year=year).with_entry(ONE, year)
        sheet = book.create_sheet(f"{year}年")
        sheet.append([report.title])
        for section in report.form.sections:
            for row in section_tsv(report, section.key).splitlines():
                sheet.append([int(text) if text.isdigit() else text for text in row.split("\t")])
    del book["Sheet"]
    book.save(path)
    for options, year in (((), 2022), (("--year", "2021"), 2021)):
        assert gx("convert", path, tmp_path / "一.gxr", *options).code == 0
        read = read_report(tmp_path / "一.gxr", resources.load_form).report
        assert (read.year, read.value(ONE)) == (year, year)
        assert gx("check", path, *options).out.startswith(f"青溪县公安局{year}年")


def test_the_unit_wanted_is_converted_and_checked(gx: Any, tmp_path: Path) -> None:
    units = tmp_path / "汇总.xlsx"
    shutil.copy(TEMPLATES / "T3_row_per_unit.xlsx", units)
    assert gx("convert", units, tmp_path / "一.gxr", "--unit", "新华区人民政府").code == 0
    assert read_report(tmp_path / "一.gxr", resources.load_form).report.agency == "新华区人民政府"
    assert gx("check", units, "--unit", "新华区人民政府").out.startswith("新华区人民政府")
    ran = gx("check", units, "--unit", "不在的局")
    assert ran.code == 2
    assert "不在的局" in ran.err


def test_converting_twice_gives_the_same_file(
    zeros: Report, report_file: Any, gx: Any, tmp_path: Path
) -> None:
    source = report_file(zeros)
    for suffix in EXPORTS:
        for name in ("甲", "乙"):
            assert gx("convert", source, tmp_path / f"{name}{suffix}").code == 0
        assert (tmp_path / f"甲{suffix}").read_bytes() == (tmp_path / f"乙{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", ["pdf", "docx"])
def test_a_layout_is_named_by_its_key_and_公文_is_taken_without(
    zeros: Report, report_file: Any, gx: Any, tmp_path: Path, suffix: str
) -> None:
    source = report_file(zeros)
    for key in ("official", "compact", "web"):
        assert gx("convert", source, tmp_path / f"{key}.{suffix}", "--layout", key).code == 0
    gx("convert", source, tmp_path / f"年报.{suffix}")
    gx("convert", source, tmp_path / f"草稿.{suffix}", "--draft")
    written = [
        (tmp_path / f"{n}.{suffix}").read_bytes() for n in ("official", "compact", "web", "草稿", "年报")
    ]
    assert written[0] == written[4]
    assert len(set(written)) == 4


def test_a_proof_marks_what_the_check_finds_also_against_last_year(
    zeros: Report, report_file: Any, gx: Any, tmp_path: Path
) -> None:
    source = report_file(zeros.with_entry(ONE, 5))
    prior = report_file(
        zeros.with_fields(year=2021).with_entry("requests.carried_forward.company", 3), "去年.gxr"
    )
    assert gx("convert", source, tmp_path / "稿.pdf", "--proof").code == 0
    assert gx("convert", source, tmp_path / "两年.pdf", "--proof", "--prior", prior).code == 0
    alone, both = (
        "".join("".join(page.extract_text().split()) for page in PdfReader(tmp_path / name).pages)
        for name in ("稿.pdf", "两年.pdf")
    )
    assert "第一项加第二项为5" in alone
    assert "上年年报结转下年度为3" not in alone
    assert "上年年报结转下年度为3" in both


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("年报.xlsx", ["--layout", "web"], "--layout 只用于 .pdf、.docx 文件。"),
        ("年报.html", ["--draft"], "--draft 只用于 .pdf、.docx 文件。"),
        ("年报.docx", ["--proof"], "--proof 只用于 .pdf 文件。"),
        ("年报.pdf", ["--prior", "去年.gxr"], "--prior 只用于写出 .gxr 文件，或与 --proof 一起用。"),
        ("年报.pdf", ["--layout", "公文"], "命令没有看懂：--layout: 没有 '公文'（可以是 "),
    ],
)
def test_an_option_that_the_format_has_no_use_for_is_refused(
    zeros: Report, report_file: Any, gx: Any, tmp_path: Path, name: str, options: list[str], message: str
) -> None:
    ran = gx("convert", report_file(zeros), tmp_path / name, *options)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(message)
    assert not (tmp_path / name).exists()


def test_a_character_that_no_face_has_is_named_with_its_place(
    zeros: Report, report_file: Any, gx: Any, tmp_path: Path
) -> None:
    ran = gx("convert", report_file(zeros.with_fields(date="2023年\ue000月")), tmp_path / "年报.pdf")
    assert ran.code == 0
    assert ran.err == "字库里没有“\ue000”（U+E000，日期），PDF 中印作“〓”。\n"


@pytest.mark.parametrize("name", ["年报.doc", "年报"])
def test_a_format_that_cannot_be_written_is_refused_before_anything_is_read(
    gx: Any, tmp_path: Path, name: str
) -> None:
    ran = gx("convert", tmp_path / "没有.gxr", tmp_path / name)
    assert (ran.code, ran.out) == (2, "")
    assert (
        ran.err
        == f"不能写出“{name}”这种文件。没有写出任何文件。请用 {'、'.join(('.gxr', *EXPORTS))} 作扩展名。\n"
    )


def test_every_command_tells_what_a_reading_noted(
    gx: Any, zeros: Report, report_file: Any, tmp_path: Path
) -> None:
    text = Path(__file__).parent / "samples" / "pingtan-2021.txt"
    noted = "表二 · 行政规范性文件行：3 格的数连在一起"
    ran = gx("check", text)
    assert noted in ran.out
    (found,) = gx("check", text, "--json").json
    assert any(note["text"].startswith("3 格的数连在一起") for note in found["notes"])
    assert {note["place"] for note in found["notes"]} >= {"第 10 行"}
    own = report_file(zeros)
    ran = gx("check", own, "--prior", text)
    assert ran.code == 0
    assert noted in ran.err
    template = tmp_path / "模板.xlsx"
    gx("template", "new", template)
    assert noted in gx("fill", template, text, tmp_path / "填好.xlsx").out
    assert noted in gx("convert", text, tmp_path / "年报.gxr").out


def test_a_template_with_texts_in_place_of_figures_says_where_they_stand(
    gx: Any, zeros: Report, report_file: Any, tmp_path: Path
) -> None:
    template = tmp_path / "模板.xlsx"
    gx("template", "new", template)
    book = openpyxl.load_workbook(template)
    book["表三"]["D5"], book["表三"]["E5"] = "{{x}}", "____"
    book.save(template)
    ran = gx("map", template)
    assert ran.code == 1
    assert "这一格里已有程序不认识的占位符“{{x}}”。（“表三”D5）" in ran.out
    assert "“____”。（“表三”E5）" in ran.out
    ran = gx("fill", template, report_file(zeros), tmp_path / "填好.xlsx")
    assert ran.code == 1
    assert "（“表三”D5）" in ran.out
    assert openpyxl.load_workbook(tmp_path / "填好.xlsx")["表三"]["D5"].value == "{{x}}"


def test_a_format_that_cannot_be_read_is_refused(gx: Any, tmp_path: Path) -> None:
    (tmp_path / "年报.docx").write_bytes(rb"{\rtf1\ansi}")
    ran = gx("convert", tmp_path / "年报.docx", tmp_path / "年报.pdf")
    assert ran.code == 2
    assert ran.err.startswith(
        "“年报.docx”是 RTF 文档，还不能直接读。没有读入任何内容。请在 Word 或 WPS 里打开它"
    )


def test_last_years_word_file_is_filled_as_a_template_is(report_file: Any, gx: Any, tmp_path: Path) -> None:
    report = documents.read(SAMPLE).report
    last, target = tmp_path / "去年.docx", tmp_path / "今年.docx"
    documents.export(report.with_entries(dict.fromkeys(report.form.cells)), last)
    ran = gx("fill", last, report_file(report), target)
    assert (ran.code, ran.out) == (0, "填入 200 格，已写出“今年.docx”。\n")
    assert documents.read(target).report.values == report.values
    assert gx("fill", last, report_file(report), last).code == 2
    assert documents.read(last).report.entries == {}


def test_a_folder_that_is_not_there_leaves_a_sentence_and_no_file(
    zeros: Report, report_file: Any, gx: Any, tmp_path: Path
) -> None:
    ran = gx("convert", report_file(zeros), tmp_path / "不在" / "年报.xlsx")
    assert ran.code == 2
    assert "不见了，“年报.xlsx”没有保存。" in ran.err


# --- rules ----------------------------------------------------------------------------------------------------


def test_the_catalogue_of_rules_is_the_reviewed_one(gx: Any) -> None:
    """Whoever changes a rule or its wording reads the difference here."""
    assert gx("rules").out == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes there alone")
@pytest.mark.parametrize("command", [["check"], ["check", "--json"], ["map"], ["map", "--json"]])
def test_a_file_whose_name_is_of_another_encoding_is_named_and_no_bug(
    zeros: Report, tmp_path: Path, command: list[str]
) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + "年报.xlsx".encode("gbk")))
    path.write_bytes(workbook_bytes(zeros))
    ran = in_a_console(*command, path)
    assert ran.returncode in (0, 1)
    assert "出错" not in ran.stderr.decode()
    if command == ["check", "--json"]:
        assert json.loads(ran.stdout)[0]["file"] == str(path)


def test_the_catalogue_in_json_has_every_rule_in_order(gx: Any, rules: tuple[Rule, ...]) -> None:
    listed = gx("rules", "--json").json
    assert [one["rule"] for one in listed] == [rule.id for rule in rules]
    assert listed[0]["left"] == [
        "requests.received.natural_person",
        "requests.brought_forward.natural_person",
    ]
    assert list(listed[0]) == [
        "rule", "kind", "group", "severity", "section", "title", "left", "right", "message", "basis", "good", "bad",
    ]  # fmt: skip
    assert listed[0]["bad"]["cells"][ONE] == 30
    (entry,) = (one for one in listed if one["rule"] == "E-05")
    assert entry["good"] == {"cells": {"proactive.fees.amount": "1.2345", ONE: 3}}
    (yearly,) = (one for one in listed if one["rule"] == "Y-01.total")
    assert yearly["bad"] == {
        "cells": {"requests.brought_forward.total": 2},
        "prior": {"requests.carried_forward.total": 3},
    }


def test_the_catalogue_names_the_kind_and_the_weight_of_every_rule(gx: Any, rules: tuple[Rule, ...]) -> None:
    out = gx("rules").out
    for rule in rules:
        assert f"{rule.id}　{rule.group.word}　{rule.severity.word}　{rule.title}\n" in out
    assert f"共 {len(rules)} 条：表格 " in out.splitlines()[-1]


# --- arguments and trouble ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check"], "命令没有看懂：缺少 文件。"),
        (["check", "年报.gxr", "--prior"], "命令没有看懂：--prior: 后面要有一个值。"),
        (["check", "年报.gxr", "--jsn"], "命令没有看懂：不认识 --jsn。"),
        (["convert", "年报.gxr"], "命令没有看懂：缺少 新文件。"),
        (["甲.gxr", "乙.gxr"], "一次只能打开一个文件。要检查多个文件，请用 gxeditor check。"),
    ],
)
def test_a_command_that_is_not_understood_is_said_in_chinese(
    gx: Any, arguments: list[str], message: str
) -> None:
    ran = gx(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[0] == message


def test_the_help_is_chinese_throughout(gx: Any) -> None:
    texts = [gx("--help"), *(gx(command, "--help") for command in ("convert", "check", "rules", "selftest"))]
    assert all(ran.code == 0 for ran in texts)
    for ran in texts:
        assert ran.out.startswith("用法：gxeditor")
        assert not any(word in ran.out for word in ("usage", "options", "positional", "show this"))
    convert = "".join(texts[1].out.split())
    assert f"写{'、'.join(('.gxr', *EXPORTS))}" in convert
    assert "official公文、compact简洁、web网页附件" in convert


def test_the_version_is_told(gx: Any) -> None:
    assert gx("--version").out == f"gxeditor {gxeditor.__version__}\n"


def test_a_bug_is_called_a_bug_and_leaves_its_traceback_in_the_log_only(
    gx: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(form: Form) -> tuple[Rule, ...]:
        raise ZeroDivisionError("除以 0")

    monkeypatch.setattr("gxeditor.resources.load_rules", broken)
    ran = gx("rules")
    log = home / "log" / "gxeditor.log"
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == f"程序出错了。已保存的年报不受影响。详情记在 {log}。\n"
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")


def test_a_program_without_a_console_keeps_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert cli.main(["rules", "--json"]) == 0
    assert cli.main(["check", "没有.gxr"]) == 2


def test_a_window_that_cannot_open_says_so_in_a_box_where_there_is_no_console(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if sys.platform != "win32":
        pytest.skip("a program of Windows has no console")
    import ctypes

    said: list[str] = []
    monkeypatch.setattr(ctypes.windll.user32, "MessageBoxW", lambda _owner, text, *_: said.append(text))
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert cli.main(["甲.gxr", "乙.gxr"]) == 2
    assert said == ["一次只能打开一个文件。要检查多个文件，请用 gxeditor check。"]
    assert cli.main(["check", "没有.gxr"]) == 2
    assert len(said) == 1


def test_stopping_a_command_shows_no_traceback(gx: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(form: Form) -> tuple[Rule, ...]:
        raise KeyboardInterrupt

    monkeypatch.setattr("gxeditor.resources.load_rules", stopped)
    ran = gx("rules")
    assert (ran.code, ran.out, ran.err) == (130, "", "")


def test_a_file_is_opened_in_the_window(gx: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from gxeditor import app

    opened: list[list[Path]] = []

    def shown(files: Sequence[Path]) -> int:
        opened.append(list(files))
        return 0

    monkeypatch.setattr(app, "run", shown)
    assert (gx("年报.gxr").code, gx().code) == (0, 0)
    assert opened == [[Path("年报.gxr")], []]


# --- as a program ---------------------------------------------------------------------------------------------


def test_json_is_utf_8_whatever_the_console_is(zeros: Report, report_file: Any) -> None:
    ran = in_a_console("check", report_file(zeros.with_entry(ONE, 1)), "--json", encoding="gbk")
    assert ran.returncode == 1
    assert json.loads(ran.stdout.decode("utf-8"))[0]["findings"][0]["message"].startswith("自然人：")


def test_an_old_chinese_console_shows_every_line(zeros: Report, report_file: Any) -> None:
    """Characters that it lacks become question marks, never an exception."""
    path = report_file(zeros.with_fields(agency="𬭎村").with_entry(ONE, 1))
    ran = in_a_console("check", path, encoding="gbk")
    assert ran.returncode == 1
    assert ran.stdout.decode("gbk").splitlines()[1].startswith("  ▲ 表三　自然人：")
    assert "?村2022年" in ran.stdout.decode("gbk")


LOADED = (
    "loaded = {name.partition('.')[0] for name in sys.modules}; "
    "print(sorted(loaded & {'PySide6', 'openpyxl', 'reportlab', 'lxml', 'docx', 'pikepdf', 'PIL'}), file=sys.stderr)"
)


@pytest.mark.parametrize("arguments", [["rules"], ["check", str(SAMPLE)]])
def test_checking_loads_no_window_and_no_library_of_other_formats(arguments: list[str]) -> None:
    code = f"import sys; from gxeditor.cli import main; main(sys.argv[1:]); {LOADED}"
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, cwd=PROJECT, timeout=PATIENCE
    )
    assert ran.stderr.decode("utf-8").strip() == "[]"


def test_opening_a_report_in_the_window_loads_no_library_of_other_formats(
    zeros: Report, report_file: Any
) -> None:
    code = (
        "import sys; from PySide6.QtWidgets import QApplication; "
        "QApplication.exec = lambda app: QApplication.processEvents(); "  # one round instead of a loop
        f"from gxeditor.cli import main; main(sys.argv[1:]); {LOADED}"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(report_file(zeros))],
        capture_output=True,
        cwd=PROJECT,
        timeout=PATIENCE,
    )
    assert ran.stderr.decode("utf-8").splitlines()[-1] == "['PySide6']"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_whoever_stops_reading_the_output_causes_no_trouble() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "gxeditor", "rules"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=PROJECT,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(PATIENCE) == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()


# --- templates ------------------------------------------------------------------------------------------------

TEMPLATES = PROJECT / "tests" / "samples" / "templates"


def test_fill_fills_a_template_and_says_what_was_not_written(
    gx: Any, report_file: Any, zeros: Report, tmp_path: Path
) -> None:
    report = zeros.with_entries({ONE: 5, "requests.handled.granted.total": 9})
    target = tmp_path / "填好.xlsx"
    ran = gx("fill", TEMPLATES / "full.xlsx", report_file(report), target)
    assert ran.code == cli.ERRORS
    assert "“表三”J7由模板算得 0，年报为 9（三（一）予以公开 · 总计），相差 9。" in ran.out
    assert "模板自带的校验 “校验”B2 显示“错误”。" in ran.out
    assert ran.out.endswith("已写出“填好.xlsx”。\n")
    assert target.is_file()


def test_fill_of_a_report_that_agrees_with_the_template_returns_0(
    gx: Any, report_file: Any, zeros: Report, tmp_path: Path
) -> None:
    ran = gx("fill", TEMPLATES / "full.xlsx", report_file(zeros), tmp_path / "填好.xlsx")
    assert (ran.code, ran.out, ran.err) == (cli.OK, "填入 168 格，已写出“填好.xlsx”。\n", "")


def test_fill_says_which_row_of_a_list_it_writes(
    gx: Any, report_file: Any, zeros: Report, tmp_path: Path
) -> None:
    units = TEMPLATES / "T3_row_per_unit.xlsx"
    ran = gx("fill", units, report_file(zeros), tmp_path / "甲.xlsx")
    assert "“汇总”里没有“鲁山县教育体育局”，填在第 8 行。" in ran.out
    ran = gx("fill", units, report_file(zeros), tmp_path / "乙.xlsx", "--row", "新华区人民政府")
    assert "“汇总”第 7 行是“新华区人民政府”，覆盖这一行。" in ran.out
    ran = gx("fill", units, report_file(zeros), tmp_path / "丙.xlsx", "--row", "不在的局")
    assert (ran.code, (tmp_path / "丙.xlsx").exists()) == (cli.UNREADABLE, False)
    assert ran.err.startswith("“汇总”里没有名称或编码为“不在的局”的行。")


def test_map_lists_where_everything_goes_and_its_json_can_be_handed_back(
    gx: Any, report_file: Any, zeros: Report, tmp_path: Path
) -> None:
    ran = gx("map", TEMPLATES / "full.xlsx")
    assert ran.code == cli.OK
    assert ran.out.startswith("“full.xlsx”：200 格中 200 格有对应，缺 0 格，存疑 0 处。\n")
    assert "requests.received.total　“表三”J5" in ran.out
    found = gx("map", TEMPLATES / "full.xlsx", "--json").json
    (one,) = [place for place in found["places"] if place["id"] == ONE]
    assert (one["sheet"], one["ref"], one["confidence"] > 0.9) == ("表三", "D5", True)
    assert (found["missing"], found["doubtful"]) == ([], [])
    found["places"] = [one | {"ref": "D6"}]
    (tmp_path / "对应.json").write_text(json.dumps(found), encoding="utf-8")
    given = ("--map", tmp_path / "对应.json")
    report = report_file(zeros.with_entry(ONE, 7))
    ran = gx("fill", TEMPLATES / "full.xlsx", report, tmp_path / "填好.xlsx", *given)
    assert "填入 1 格，" in ran.out
    ran = gx("fill", TEMPLATES / "V_sparse.xlsx", report, tmp_path / "别的.xlsx", *given)
    assert (ran.code, (tmp_path / "别的.xlsx").exists()) == (cli.UNREADABLE, False)
    assert "不是为“V_sparse.xlsx”做的，模板的结构不同。" in ran.err


def test_map_returns_1_where_cells_have_no_place(gx: Any, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "食堂菜谱"
    book.save(tmp_path / "菜谱.xlsx")
    ran = gx("map", tmp_path / "菜谱.xlsx")
    assert ran.code == cli.ERRORS
    assert ran.out.startswith("“菜谱.xlsx”：200 格中 0 格有对应，缺 200 格")


def test_a_blank_template_is_written_filled_and_read_back(
    gx: Any, report_file: Any, zeros: Report, tmp_path: Path
) -> None:
    assert gx("template", "new", tmp_path / "空白.xlsx").code == cli.OK
    assert gx("template", "new", tmp_path / "汇总.xlsx", "--rollup").code == cli.OK
    assert gx("fill", tmp_path / "空白.xlsx", report_file(zeros), tmp_path / "填好.xlsx").code == cli.OK
    ran = gx("convert", tmp_path / "填好.xlsx", tmp_path / "读回.gxr")
    assert ran.out.startswith("从“填好.xlsx”读入 200 格。")
    assert read_report(tmp_path / "读回.gxr", lambda edition: zeros.form).report.values == zeros.values
    ran = gx("template", "new", tmp_path / "空白.xlsx")
    assert (ran.code, "没有覆盖它" in ran.err) == (cli.UNREADABLE, True)


# --- the 校验报告


@pytest.mark.parametrize("suffix", [".pdf", ".xlsx"])
def test_check_also_writes_a_report_of_what_was_checked(gx: Any, tmp_path: Path, suffix: str) -> None:
    sample, target = SAMPLE, tmp_path / f"校验{suffix}"
    plain, ran = gx("check", sample), gx("check", sample, "--report", target)
    assert ran.code == plain.code
    assert ran.out == f"{plain.out}校验报告已写出“{target.name}”。\n"
    assert target.read_bytes()[:2] == {".pdf": b"%P", ".xlsx": b"PK"}[suffix]
    assert isinstance(gx("check", sample, "--json", "--report", target).json, list)


def test_a_report_of_what_was_checked_is_of_one_file_and_a_pdf_or_a_workbook(gx: Any, tmp_path: Path) -> None:
    sample = SAMPLE
    ran = gx("check", sample, "--report", tmp_path / "校验.txt")
    assert (ran.code, ran.out) == (2, "")
    assert "请用 .pdf、.xlsx 作扩展名。" in ran.err
    ran = gx("check", sample, sample, "--report", tmp_path / "校验.pdf")
    assert ran.code == 2
    assert "一份校验报告只写一份年报。" in ran.err
    assert list(tmp_path.iterdir()) == []


# --- where it is asked, and on which day ----------------------------------------------------------------------


def rules_of(ran: Any) -> set[str]:
    (found,) = ran.json
    return {finding["rule"] for finding in found["findings"]}


def test_a_profile_adds_what_its_province_asks_for(zeros: Report, report_file: Any, gx: Any) -> None:
    path = report_file(zeros.with_entry("proactive.fees.amount", Decimal("8.5")))
    assert "U-01" not in rules_of(gx("check", path, "--json"))
    assert "U-01" in rules_of(gx("check", path, "--json", "--profile", "henan"))
    chosen = report_file(
        zeros.with_entry("proactive.fees.amount", Decimal("8.5")).with_fields(profile="henan"), "河南.gxr"
    )
    assert "U-01" in rules_of(gx("check", chosen, "--json"))
    assert "U-01" not in rules_of(gx("check", chosen, "--json", "--profile", ""))


def test_a_profile_that_nobody_has_is_refused_or_told(zeros: Report, report_file: Any, gx: Any) -> None:
    ran = gx("check", report_file(zeros), "--profile", "atlantis")
    assert (ran.code, ran.out) == (cli.UNREADABLE, "")
    assert ran.err.startswith("没有地区要求“atlantis”。有：anhui（安徽）、")
    ran = gx("check", report_file(zeros.with_fields(profile="atlantis")))
    assert (ran.code, ran.err) == (cli.OK, "没有地区要求“atlantis”。按全国的要求检查。\n")


def test_a_profile_that_an_office_handed_out_is_used_and_a_broken_one_told(
    zeros: Report, report_file: Any, gx: Any
) -> None:
    folder = user_folders().config / "profiles"
    folder.mkdir(parents=True)
    (folder / "a.toml").write_text("id = 4\n", encoding="utf-8")
    (folder / "b.toml").write_text(
        'id = "ours"\nname = "我县"\n[[values]]\nkey = "fee.decimals"\nvalue = 2\nstatus = "rule"\nsource = "通知"\n',
        encoding="utf-8",
    )
    ran = gx("check", report_file(zeros.with_entry("proactive.fees.amount", 7)), "--profile", "ours")
    assert "我县要求保留 2 位" in ran.out
    assert ran.err.startswith("地区要求文件“a.toml”读不出来，已移到 ")
    assert "id 应为文字" in ran.err


def test_the_day_of_checking_decides_whether_a_deadline_is_near(
    zeros: Report, report_file: Any, gx: Any
) -> None:
    path = report_file(zeros.with_fields(kind=AgencyKind.DEPARTMENT, date=""))
    assert "D-01" in rules_of(gx("check", path, "--json", "--today", "2023-01-20"))
    assert "D-01b" in rules_of(gx("check", path, "--json", "--today", "2023-02-20"))
    assert not rules_of(gx("check", path, "--json", "--today", "2024-02-20")) & {"D-01", "D-01b"}
    ran = gx("check", path, "--today", "二月")
    assert (ran.code, "不是日期" in ran.err) == (cli.UNREADABLE, True)


# --- merging two copies -----------------------------------------------------------------------------------------------


def test_two_copies_without_a_question_are_merged_and_written(
    gx: Any, report_file: Any, zeros: Report
) -> None:
    began = report_file(zeros, "原稿.gxr")
    ours = report_file(zeros.with_entry(ONE, 3), "甲.gxr")
    theirs = report_file(zeros.with_section("overview", "对方写的。"), "乙.gxr")
    target = began.with_name("合并.gxr")
    ran = gx("merge", began, ours, theirs, target, "--json")
    assert (ran.code, ran.json["written"], ran.json["conflicts"]) == (0, True, [])
    assert [(one["place"], one["side"], one["before"], one["after"]) for one in ran.json["taken"]] == [
        ("overview:0", "theirs", None, "对方写的。"),
        (ONE, "ours", 0, 3),
    ]
    merged = read_report(target, load_form).report
    assert (merged.value(ONE), merged.sections["overview"]) == (3, "对方写的。")


def test_with_something_to_choose_nothing_is_written(gx: Any, report_file: Any, zeros: Report) -> None:
    began = report_file(zeros, "原稿.gxr")
    ours = report_file(zeros.with_entry(ONE, 3), "甲.gxr")
    theirs = report_file(zeros.with_entry(ONE, 4), "乙.gxr")
    target = began.with_name("合并.gxr")
    ran = gx("merge", began, ours, theirs, target, "--json")
    assert ran.code == 1
    (conflict,) = ran.json["conflicts"]
    assert (conflict["place"], conflict["base"], conflict["ours"], conflict["theirs"]) == (ONE, 0, 3, 4)
    assert not target.exists()
    told = gx("merge", began, ours, theirs, target)
    assert told.code == 1
    assert "没有写出“合并.gxr”" in told.out


def test_without_a_common_state_every_difference_is_to_be_chosen(
    gx: Any, report_file: Any, zeros: Report
) -> None:
    ours = report_file(zeros.with_entry(ONE, 3), "甲.gxr")
    theirs = report_file(zeros, "乙.gxr")
    target = ours.with_name("合并.gxr")
    ran = gx("merge", "-", ours, theirs, target)
    assert ran.code == 1
    assert "找不到同一份原稿，两边不同的地方都要选。" in ran.out
    same = gx("merge", "-", ours, ours, target)
    assert same.code == 0
    assert "两份内容相同，不用合并。" in same.out


def test_merging_into_one_of_the_files_keeps_its_previous_version(
    gx: Any, report_file: Any, zeros: Report
) -> None:
    began = report_file(zeros, "原稿.gxr")
    ours = report_file(zeros.with_entry(ONE, 3), "甲.gxr")
    theirs = report_file(zeros.with_section("overview", "对方写的。"), "乙.gxr")
    assert gx("merge", began, ours, theirs, ours).code == 0
    assert read_report(ours, load_form).report.sections["overview"] == "对方写的。"
    assert read_report(kept_path(ours), load_form).report.sections == {}
    assert gx("merge", kept_path(ours), ours, theirs, ours).code == 2  # it would be overwritten
    assert read_report(kept_path(ours), load_form).report.sections == {}
    page = began.with_name("乙.html")
    page.write_text(page_html(zeros), encoding="utf-8")
    content = page.read_bytes()
    assert gx("merge", began, ours, page, page).code == 2
    assert page.read_bytes() == content


def test_other_units_and_years_and_what_cannot_be_read_are_not_merged(
    gx: Any, report_file: Any, zeros: Report, tmp_path: Path
) -> None:
    ours, target = report_file(zeros, "甲.gxr"), tmp_path / "合并.gxr"
    for other in (zeros.with_fields(year=2021), zeros.with_fields(agency="鲁山县水利局")):
        ran = gx("merge", "-", ours, report_file(other, "乙.gxr"), target)
        assert ran.code == 2
        assert "不能合并" in ran.err
    (tmp_path / "坏.gxr").write_text("{", encoding="utf-8")
    assert gx("merge", "-", ours, tmp_path / "坏.gxr", target).code == 2
    assert not target.exists()


LEDGER = "序号,收到日期,申请人,申请人类别,申请内容,答复日期,答复类型\n"
KNOWN = "1,2025.3.4,何志远,公民,某事,2025.3.20,公开\n"


def test_a_ledger_is_counted_for_a_script(gx: Any, tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    path.write_bytes((LEDGER + KNOWN + "小计,1件\n2,2月30日,青禾公司,法人,某事,,\n").encode("gb18030"))
    ran = gx("ledger", path, "--year", "2025", "--json")
    said = json.loads(ran.out)
    assert ran.code == 1
    assert len(said["counts"]) == 190
    assert said["counts"]["requests.handled.granted.natural_person"] == 1
    assert said["rows"] == {"read": 2, "doubtful": 1, "left_out": 1}
    assert said["doubts"] == [
        {
            "sheet": "台账",
            "row": 4,
            "column": "B 收到日期",
            "text": "2月30日",
            "reason": "2月30日没有这一天。",
        }
    ]
    assert {one["rule"] for one in said["findings"]} >= {"L-01"}
    assert "何志远" not in ran.out


def test_a_ledger_with_nothing_to_settle_ends_with_0_and_one_that_is_none_with_2(
    gx: Any, tmp_path: Path
) -> None:
    path = tmp_path / "台账.csv"
    path.write_text(LEDGER + KNOWN, encoding="utf-8")
    ran = gx("ledger", path, "--year", "2025")
    assert ran.code == 0
    assert "2025 年：新收 1" in ran.out
    assert "何志远" not in ran.out
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    assert gx("ledger", path, "--year", "2025").code == 2
    assert gx("ledger", path).code == 2


def test_words_of_a_ledger_are_settled_by_a_map(gx: Any, tmp_path: Path) -> None:
    path, said = tmp_path / "台账.csv", tmp_path / "对应.json"
    path.write_text((LEDGER + KNOWN).replace("公开", "办了").replace("答复日期", "办了日"), encoding="utf-8")
    asked = json.loads(gx("ledger", path, "--year", "2025", "--json").out)
    assert [(one["word"], one["rows"]) for one in asked["unknown_words"]] == [("办了", 1)]
    said.write_text(
        json.dumps({"columns": {"办了日": "answered_on"}, "words": {"outcome": {"办了": "G1"}}}),
        encoding="utf-8",
    )
    ran = gx("ledger", path, "--year", "2025", "--map", said, "--json")
    assert ran.code == 0
    assert json.loads(ran.out)["counts"]["requests.handled.granted.natural_person"] == 1
    said.write_text('{"columns": {"甲": "nothing"}}', encoding="utf-8")
    assert gx("ledger", path, "--year", "2025", "--map", said).code == 2


def test_a_ledger_is_compared_with_a_report_and_put_into_a_copy(
    gx: Any, report_file: Any, zeros: Report, tmp_path: Path
) -> None:
    path, out = tmp_path / "台账.csv", tmp_path / "新.gxr"
    path.write_text(LEDGER + KNOWN, encoding="utf-8")
    report = report_file(zeros.with_fields(year=2025), "年报.gxr")
    before = report.read_bytes()
    ran = gx("ledger", path, "--year", "2025", "--report", report, "--write", out, "--json")
    assert ran.code == 1
    differing = {one["cell"]: (one["report"], one["ledger"]) for one in json.loads(ran.out)["differences"]}
    assert differing[ONE] == (0, 1)
    assert report.read_bytes() == before
    assert read_report(out, load_form).report.value(ONE) == 1
    assert "何志远" not in out.read_text(encoding="utf-8")
    assert gx("ledger", path, "--year", "2025", "--report", out).code == 0
    assert gx("ledger", path, "--year", "2025", "--report", out, "--write", out).code == 2


def test_a_ledger_with_a_password_is_opened_in_the_program_only(
    gx: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gxeditor.core.ledger.request import Ledger
    from gxeditor.resources import load_vocabulary
    from gxeditor.store import protection
    from gxeditor.store.ledger_file import save_ledger

    monkeypatch.setattr(protection, "_N", 2)
    path = tmp_path / "台账.gxl"
    save_ledger(Ledger(), path, None, load_vocabulary(load_form()), protection.new_key("松塘"))
    ran = gx("ledger", path, "--year", "2025", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "命令行里不能输密码" in ran.err


def test_a_blank_ledger_is_written_once_and_reads_back_empty(gx: Any, tmp_path: Path) -> None:
    path = tmp_path / "空表.xlsx"
    assert gx("ledger", "new", path).code == 0
    assert gx("ledger", "new", path).code == 2
    assert gx("ledger", "new", tmp_path / "空表.xls").code == 2
    ran = gx("ledger", path, "--year", "2025", "--json")
    assert ran.code == 0
    assert set(json.loads(ran.out)["counts"].values()) == {0}


# --- workdays, calendar ---------------------------------------------------------------------------------------


DEADLINES = """\
2025-01-02\t2025-01-13\t2025-02-06\t2025-03-05
2025-01-27\t2025-02-12\t2025-03-03\t2025-03-31
2025-03-31\t2025-04-10\t2025-04-28\t2025-05-29
2025-09-28\t2025-10-14\t2025-10-31\t2025-11-28
2025-12-01\t2025-12-10\t2025-12-29\t2026-01-27
2025-12-04\t2025-12-15\t2026-01-04\t2026-01-30
2025-12-31\t2026-01-12\t2026-01-29\t2026-03-04
2026-01-16\t2026-01-27\t2026-02-13\t2026-03-19
2026-02-10\t2026-02-26\t2026-03-16\t2026-04-14
2026-02-28\t2026-03-10\t2026-03-27\t2026-04-27
2026-04-24\t2026-05-08\t2026-05-26\t2026-06-24
2026-10-10\t2026-10-20\t2026-11-06\t2026-12-04
2026-11-02\t2026-11-11\t2026-11-30\t2026-12-28
"""
"""A day of receipt, and the 7th, 20th and 40th working day behind it, worked out beforehand."""


def test_the_20th_working_day_is_told_with_the_days_passed_over(gx: Any) -> None:
    ran = gx("workdays", "2025-12-04", "20")
    assert ran.code == 0
    assert "第 20 个工作日是 2026年1月4日（周日）" in ran.out
    assert "元旦 1月1日至3日" in ran.out
    assert "1月4日是周日，调休上班，计入" in ran.out
    found = json.loads(gx("workdays", "2025-12-04", "20", "--json").out)
    assert (found["date"], len(found["holidays"]), found["worked"]) == (
        "2026-01-04",
        3,
        [{"date": "2026-01-04", "name": "元旦"}],
    )


@pytest.mark.parametrize(
    "line", [one.split("\t") for one in DEADLINES.splitlines()], ids=lambda line: str(line[0])
)
def test_the_days_worked_out_by_hand(line: list[str], gx: Any) -> None:
    for count, day in zip((7, 20, 40), line[1:], strict=True):
        assert json.loads(gx("workdays", line[0], str(count), "--json").out)["date"] == day


def test_beyond_the_notices_no_day_is_told(gx: Any) -> None:
    ran = gx("workdays", "2026-12-21", "20")
    assert ran.code == 2
    assert "2027 年放假安排未收录，不能计算。" in ran.err
    assert not ran.out
    early = gx("workdays", "2018-12-21", "3")
    assert early.code == 2
    assert "收录的从 2019 年起；要算更早的，请导入 2018 年的放假安排。" in early.err


@pytest.mark.parametrize("count", ["0", "-1", "1001", "x", "2.5", "", "1_0"])
def test_a_number_of_days_that_makes_no_sense_is_refused(count: str, gx: Any) -> None:
    ran = gx("workdays", "2025-12-04", count)
    assert ran.code == 2
    assert "invalid" not in ran.err
    assert "整数" in ran.err
    assert "2月30日没有这一天" in gx("workdays", "2025.2.30", "20").err


def test_a_day_is_written_as_clerks_write_it(gx: Any) -> None:
    told = {gx("workdays", day, "20").out for day in ("2025-12-04", "2025.12.4", "20251204", "2025年12月4日")}
    assert len(told) == 1


def test_the_next_year_is_imported_from_the_notice_and_listed_beside_the_shipped_ones(
    gx: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GXEDITOR_HOME", str(tmp_path / "home"))
    notice = tmp_path / "2027.toml"
    spans = {
        "元旦": ("01-01", "01-03"),
        "春节": ("02-05", "02-12"),
        "清明节": ("04-05", "04-05"),
        "劳动节": ("05-01", "05-03"),
        "端午节": ("06-09", "06-09"),
        "中秋节": ("09-15", "09-15"),
        "国庆节": ("10-01", "10-07"),
    }
    notice.write_text(
        "year = 2027\nsource = '通知'\n"
        + "".join(
            f"[[off]]\nname = '{name}'\nfirst = 2027-{first}\nlast = 2027-{last}\n"
            for name, (first, last) in spans.items()
        ),
        encoding="utf-8",
    )
    assert "已导入 2027 年放假安排" in gx("calendar", notice).out
    listed = json.loads(gx("calendar", "--json").out)["years"]
    assert [one["year"] for one in listed if one["own"]] == [2027]
    assert len(listed) == 9
    assert gx("workdays", "2026-12-21", "20").code == 0
    notice.write_text("year = 2028\n", encoding="utf-8")
    refused = gx("calendar", notice)
    assert refused.code == 2
    assert "没有导入" in refused.err
