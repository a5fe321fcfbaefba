"""A copy is placed by its labels or, if it is bare figures, by position; what is neither is refused with the reason."""

from __future__ import annotations

import pytest

from gxeditor.core.form import Form
from gxeditor.files.limits import PASTED_CHARACTERS
from gxeditor.imports.pasted import block

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
