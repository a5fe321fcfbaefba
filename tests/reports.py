"""Random reports, as clerks write them: what every format should give back."""

from __future__ import annotations

from hypothesis import strategies as st

from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Report, blank_report, parse_entry

_WORDS = st.text(
    "一二三本年新收政府公开信息无报告情况总体存在问题（）。，；：、0123456789 abc<&\"'{}=-/",
    min_size=1,
    max_size=40,
)
_PARAGRAPH = (
    st.one_of(
        _WORDS,
        st.sampled_from(
            (
                "（一）主动公开情况。本年公开12条。",
                "来源：办公室",
                "一、总体情况",
                "附件：无",
                "某局",
                "2023年1月1日",
            )
        ),
        st.integers(100, 1800).map(lambda n: "某某单位依法公开政府信息" * (n // 10)),
        st.integers(3, 40).map(lambda n: "全年主动公开政府信息12条，办理依申请公开3件。" * n),
    )
    .map(lambda text: text.strip(" \u3000"))
    .filter(bool)
)
_PROSE = st.lists(_PARAGRAPH, max_size=4).map("\n".join)


@st.composite
def reports(draw: st.DrawFn, form: Form) -> Report:
    """Any report that can be typed: paragraphs without blanks around them, figures and kept texts in any cells."""
    cells = draw(st.sets(st.sampled_from(sorted(form.cells)), max_size=30) | st.just(set(form.cells)))
    entries = {}
    for cell_id in sorted(cells):
        cell = form.cells[cell_id]
        text = draw(st.sampled_from(("0", "7", "1234", "/", "无", "12.5" if cell.decimals else "12")))
        entries[cell_id] = parse_entry(text, cell)
    name = st.text("甲乙丙县局人民政府 2022年&'\"", max_size=20).map(str.strip)
    report = blank_report(form, draw(st.none() | st.integers(2008, 2099))).with_fields(
        agency=draw(name),
        kind=draw(st.sampled_from(AgencyKind)),
        own_title=draw(st.none() | name),
        preamble=draw(_PROSE),
        signature=draw(name),
        date=draw(st.sampled_from(("", "2023年1月16日", "二〇二三年一月", "年初"))),
        note_proactive=draw(_PROSE),
        note_disputes=draw(st.just("") | _PROSE),
    )
    for section in form.sections:
        report = report.with_section(section.key, draw(_PROSE))
    return report.with_entries(entries)
