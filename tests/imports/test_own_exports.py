"""Our own exports read back to the identical report, whatever their layout and whatever is added to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gxeditor import documents
from gxeditor.core.checks.check import check
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Report, blank_report
from gxeditor.paper.layouts import layouts
from gxeditor.resources import load_rules


@pytest.fixture
def report(form: Form) -> Report:
    """What no text tells by itself: a title of one's own, an odd kind, two lines of signature, prose like headings."""
    return (
        blank_report(form, 2021)
        .with_fields(
            agency="供水公司",
            kind=AgencyKind.GOVERNMENT,
            own_title="关于去年工作情况的说明",
            preamble="一、总体情况见下文",
            signature="供水公司\n政务公开领导小组",
            date="年初",
            note_proactive="现行有效件数按清理结果调整",
            note_requests="一、总体情况\n注：" + "统计口径与去年相同，" * 20 + "不含咨询。\n2023年1月16日",
        )
        .with_section("overview", "六、其他需要报告的事项\n2023年1月16日\n无")
        .with_section("other_matters", "供水公司\n2023年1月16日")
        .with_entries({"requests.received.natural_person": 3})
    )


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html", ".pdf", ".txt"])
def test_nothing_is_guessed_from_the_words(report: Report, tmp_path: Path, suffix: str) -> None:
    documents.export(report, tmp_path / f"年报{suffix}")
    assert documents.read(tmp_path / f"年报{suffix}").report == report


@pytest.mark.parametrize("suffix", [".docx", ".html", ".pdf", ".txt"])
@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize(
    "signature",
    ["河南省平顶山市鲁山县人民政府政务服务和大数据管理局办公室", "某" * 26, "甲局\n乙局\n丙局"],
)
def test_a_signature_reads_back_as_it_was_however_it_was_placed_and_divided(
    report: Report, tmp_path: Path, suffix: str, sealed: bool, signature: str
) -> None:
    report = report.with_fields(sealed=sealed, signature=signature, date="2023年1月18日")
    documents.export(report, tmp_path / f"年报{suffix}")
    assert documents.read(tmp_path / f"年报{suffix}").report == report.with_fields(sealed=False)


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("suffix", [".docx", ".pdf"])
def test_a_cover_and_an_appendix_take_nothing_from_the_report(
    report: Report, tmp_path: Path, suffix: str, sealed: bool
) -> None:
    report = report.with_fields(sealed=sealed)
    layout = replace(layouts()[0], cover=True, charts=True)
    documents.export(report, tmp_path / f"年报{suffix}", layout=layout)
    assert documents.read(tmp_path / f"年报{suffix}").report == report.with_fields(sealed=False)


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.key)
def test_what_is_added_to_a_pdf_is_no_part_of_the_report(
    report: Report, tmp_path: Path, layout: object
) -> None:
    assert layout in layouts()
    chosen = next(one for one in layouts() if one == layout)
    findings = check(report, load_rules(report.form))
    documents.export(report, tmp_path / "年报.pdf", layout=chosen, findings=findings)
    read = documents.read(tmp_path / "年报.pdf").report
    assert (read.own_title, read.kind, read.sections) == (report.own_title, report.kind, report.sections)
