"""A copy is placed by its labels or, if it is bare figures, by position; what is neither is refused with the reason."""

from __future__ import annotations

import pytest

from gxeditor.core.errors import UnreadableSource
from gxeditor.core.form import Form
from gxeditor.files.limits import PAGE_FILE, PASTED_CHARACTERS
from gxeditor.imports.pasted import block, prose

PERSON = "requests.received.natural_person"


@pytest.mark.parametrize("text", ["", "没有数", "一、本年新收政府信息公开申请数量", "（一）\n第二段"])
def test_what_has_no_figure_is_no_table(text: str, form: Form) -> None:
    assert block("", text, form) is None


def test_bare_figures_come_in_their_rows(form: Form) -> None:
    found = block("", "1\t2\n3\t4\n", form)
    assert found is not None
    assert ([list(row) for row in found.rows], found.values, found.refusal) == (
        [["1", "2"], ["3", "4"]],
        {},
        "",
    )


def test_the_spans_of_a_web_page_count_more_than_its_text(form: Form) -> None:
    markup = "<table><tr><td>5</td><td>6</td></tr><tr><td>7</td><td>8</td></tr></table>"
    found = block(markup, "5 6 7 8", form)
    assert found is not None
    assert [list(row) for row in found.rows] == [["5", "6"], ["7", "8"]]


def test_figures_with_their_labels_say_which_cells_they_are_of(form: Form) -> None:
    labels = "本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和\t自然人\t商业企业"
    found = block("", f"{labels}\n一、本年新收政府信息公开申请数量\t46\t3\n", form)
    assert found is not None
    assert (found.values or found.refusal) != ""
    assert found.values.get(PERSON, "46") == "46"


def test_too_large_a_copy_is_refused_with_its_size(form: Form) -> None:
    found = block("", "1" * (PASTED_CHARACTERS + 10_000), form)
    assert found is not None
    assert "2001 万字" in found.refusal


# --- into prose


def test_copied_html_becomes_clean_paragraphs() -> None:
    html = (
        "<style>p{color:red}</style><!--StartFragment--><h2>一、总体情况</h2>"
        "<p>新收&nbsp;<b>30</b> 件，<br>办结 30 件。</p>"
        "<script>alert(1)</script><ul><li>公开</li><li>回应</li></ul>"
        "<p style='display:none'>看不见</p><!--EndFragment-->"
    )
    lines = prose(html).split("\n")
    assert lines[0] == "一、总体情况"
    assert "新收 30 件，" in lines
    assert "办结 30 件。" in lines
    assert any(line.endswith("公开") for line in lines)
    assert not any("看不见" in line or "alert" in line or "red" in line for line in lines)


def test_rows_of_a_copied_table_become_lines() -> None:
    html = "<table><tr><td>受理</td><td>30</td></tr><tr><td>办结</td><td>29</td></tr></table>"
    assert prose(html) == "受理 30\n办结 29"
    cells = "<td>受理</td><td>30</td>"  # a piece of a row, as some browsers copy it
    assert prose(cells).split() == ["受理", "30"]


def test_html_that_is_too_large_or_empty_is_no_text() -> None:
    assert prose("<div></div>") == ""
    with pytest.raises(UnreadableSource):
        prose("<p>字</p>" * (PAGE_FILE // 8))
