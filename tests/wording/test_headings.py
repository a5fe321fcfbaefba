"""Headings of forms to fill in: how they may be worded, and which cell several of them agree on."""

from __future__ import annotations

import pytest

from gxeditor.core.form import Form
from gxeditor.wording.headings import DERIVED, PRINTED, SLIP, VARIANT, Headings, headings_of
from gxeditor.wording.labels import Lexicon, load_aliases


@pytest.fixture
def headings(form: Form) -> Headings:
    return headings_of(form)


def cell(headings: Headings, *texts: str) -> str | None:
    """The cell on which headings agree; None if they leave a choice or contradict each other."""
    fit = headings.fit([part for text in texts for part in headings.read(text).parts])
    return fit.cell or None if fit is not None else None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("自\n然\n人", "known"),
        ("自然人（件）：", "known"),
        ("三、收到和处理政府信息公开申请情况", "known"),
        ("五、存在的主要问题及改进情况", "neutral"),
        ("表三", "neutral"),
        ("本年数", "neutral"),
        ("上年数", "foreign"),
        ("本年新收/上年", "foreign"),
        ("备注", "foreign"),
        ("填报单位：", "field"),
        ("2022年度数据", "year"),
        ("二〇二二年（件）", "year"),
        ("C0301-2", "noise"),
        ("注：上年结转数应与上年年报一致。", "noise"),
        ("自然人：____件", "noise"),
        ("", "noise"),
        ("属于工作秘密", "unknown"),
        ("小计", "unknown"),
        ("其中：外商投资企业", "unknown"),
        ("××市2022年度政府信息公开情况统计表", "unknown"),
    ],
)
def test_a_text_is_told_for_what_it_is(headings: Headings, text: str, kind: str) -> None:
    assert headings.read(text).kind == kind


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("自然人", PRINTED),
        ("公民", VARIANT),
        ("其中：自然人数量", DERIVED),
        ("不予公开-属于国家秘密", DERIVED),
    ],
)
def test_wording_that_is_not_the_printed_one_is_less_certain(
    headings: Headings, text: str, certainty: float
) -> None:
    assert headings.read(text).certainty == certainty


def test_only_a_long_heading_that_resembles_one_printed_is_mended(headings: Headings) -> None:
    mended = headings.resembling(headings.read("2.没有现成信息需另外制作"))
    assert (mended.kind, mended.certainty) == ("known", SLIP)
    known = headings.read("自然人")
    assert headings.resembling(known) is known
    for text in ("工业企业", "本年结转政府信息公开申请数量", "属于工作秘密"):
        strange = headings.read(text)
        assert headings.resembling(strange) is strange


@pytest.mark.parametrize(
    "text",
    [
        "三、本年度办理结果-（三）不予公开-1.属于国家秘密-自然人",
        "不予公开 / 属于国家秘密 / 自然人",
        "不予公开属于国家秘密自然人",
        "（三）不予公开1.属于国家秘密>公民",
        "不予公开（属于国家秘密）_自然人",
        "2022年·不予公开·属于国家秘密·自然人",
        "自然人：不予公开 属于国家秘密（件）",
    ],
)
def test_labels_joined_in_one_text_are_taken_apart(headings: Headings, text: str) -> None:
    assert cell(headings, text) == "requests.handled.denied.state_secret.natural_person"


def test_an_unknown_word_may_stand_before_known_ones_but_not_after(headings: Headings) -> None:
    before = headings.read("依申请公开/本年新收/自然人")
    assert (before.kind, before.strange) == ("known", ("依申请公开",))
    assert headings.read("本年新收/自然人/外籍").kind == "unknown"


def test_a_note_behind_a_total_does_not_count_as_another_total(headings: Headings) -> None:
    assert len(headings.read("总计（合计）").parts) == 1


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("本年新收", "自然人"), "requests.received.natural_person"),
        (("自然人", "本年新收"), "requests.received.natural_person"),
        (("规章", "本年制发件数"), "proactive.government_rules.issued"),
        (("行政许可",), "proactive.licensing.decisions"),
        (("第二十条第（五）项", "行政许可", "处理决定数量"), "proactive.licensing.decisions"),
        (("行政复议", "结果维持"), "disputes.reconsideration.upheld"),
        (("行政诉讼", "复议后起诉", "总计"), "disputes.suit_after_reconsideration.total"),
        (("其他处理", "3.其他", "其他"), "requests.handled.other.other_reasons.other_organization"),
        (("（七）总计", "总计"), "requests.handled.total.total"),
        (("自然人",), None),
        (("行政诉讼", "结果维持"), None),
        (("结果维持",), None),
        (("不予公开", "自然人"), None),
        (("总计",), None),
        (("规章", "自然人"), None),
        (("予以公开", "不予公开", "自然人"), None),
        (("第二十条第（五）项", "本年处理决定数量"), None),
        (("无法提供", "属于国家秘密", "自然人"), None),
    ],
)
def test_headings_agree_on_one_cell_or_on_none(
    headings: Headings, texts: tuple[str, ...], expected: str | None
) -> None:
    assert cell(headings, *texts) == expected


def test_every_cell_is_named_by_its_printed_headings_and_by_no_fewer(headings: Headings, form: Form) -> None:
    for one in form.cells.values():
        columns = one.column.labels if not one.row.labels else one.column.labels[-1:]
        assert cell(headings, *one.row.labels, *columns) == one.id
        if len([c for c in form.cells.values() if c.row == one.row and c.section == one.section]) > 1:
            assert cell(headings, *columns[:-1], *one.row.labels) is None


def test_a_row_that_has_one_column_may_do_without_its_heading(headings: Headings) -> None:
    without = headings.fit(headings.read("行政处罚").parts)
    with_it = headings.fit([*headings.read("行政处罚").parts, *headings.read("本年处理决定数量").parts])
    assert without is not None
    assert with_it is not None
    assert (without.whole, with_it.whole) == (False, True)


def test_an_unmerged_group_decides_between_cells_that_agree(headings: Headings) -> None:
    label = headings.read("结果维持").parts
    fit = headings.fit(label, headings.read("行政复议").parts)
    assert fit is not None
    assert fit.cell == "disputes.reconsideration.upheld"
    contradicting = headings.fit([*label, *headings.read("行政复议").parts], headings.read("自然人").parts)
    assert contradicting == fit


def test_the_order_tells_two_readings_apart(headings: Headings) -> None:
    parts = [*headings.read("其他").parts, *headings.read("总计").parts]
    fit = headings.fit(parts)
    assert fit is not None
    assert len(fit.rivals) == 2
    assert headings.in_order(parts, fit.rivals, True) == "requests.handled.other.other_reasons.total"
    assert headings.in_order(parts, fit.rivals, False) == "requests.handled.total.other_organization"


def test_readings_are_forgotten_before_they_fill_the_memory(
    form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gxeditor.wording.headings._KEPT", 3)
    few = Headings(form, Lexicon(form, load_aliases(form)))
    for text in ("甲", "乙", "丙", "丁", "戊"):
        few.read(text)
    assert few.has_read("戊")
    assert not few.has_read("甲")
