"""What a heading of an office's ledger means, and which rows are headings."""

from __future__ import annotations

import pytest

from gxeditor.core.ledger.vocabulary import Vocabulary
from gxeditor.ledger.columns import Use, find_layout, is_alike, layout_of, meaning
from gxeditor.ledger.pages import Item, Page
from gxeditor.resources import load_form, load_vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary(load_form())


def page(*rows: tuple[str, ...]) -> Page:
    return Page(
        "台账",
        {
            number: {column: Item(text, top=number, left=column) for column, text in enumerate(row) if text}
            for number, row in enumerate(rows, 1)
        },
    )


def test_every_declared_heading_means_its_column(vocabulary: Vocabulary) -> None:
    for column in vocabulary.columns:
        for heading in (column.heading, *column.headings):
            assert meaning((heading,), vocabulary)[0] == column.field, heading


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("收件时间", "received_on"), ("收到申请的日期（年月日）", "received_on"), ("来信日期", "received_on"),
        ("申请人姓名（名称）", "applicant"), ("公民、法人或者其他组织姓名或名称", "applicant"),
        ("公民、法人或其他组织", "applicant_type"),
        ("申请人性质", "applicant_type"), ("申请主体类别", "applicant_type"), ("身份证号码", "id_no"), ("联系人电话",
        "agent"),
        ("申请事项", "subject"), ("所需政府信息", "subject"), ("办结时间", "answered_on"), ("回复日期", "answered_on"),
        ("答复书文号", "answer_no"), ("答复结果", "outcome"), ("决定类型", "outcome"), ("补正通知时间",
        "correction_sent_on"),
        ("补正材料提交日期", "correction_back_on"), ("补正截止日期", "correction_due"), ("征求第三方意见时间",
        "third_party_sent_on"),
        ("第三方反馈时间", "third_party_back_on"), ("延期告知时间", "extended_on"), ("答复截止时间", "due_on"),
        ("邮寄送达时间", "served_on"),
        ("行政复议受理时间", "review_on"), ("行政复议决定结果", "review_result"), ("行政诉讼立案时间", "suit_on"),
        ("诉讼判决结果", "suit_result"),
        ("是否经过复议", "suit_kind"), ("是否复议", "review_result"), ("是否提起行政诉讼", "suit_result"),
        ("法定答复日期", "due_on"), ("最迟办结时间", "due_on"), ("实际答复日期", "answered_on"), ("受理件数", "count"),
        ("不予公开原因", "reason"), ("收件方式", "channel"), ("姓名或单位", "applicant"),
        ("收取信息处理费（元）", "fee_amount"), ("依申请公开受理编号", "reg_no"),
        ("承办处室", "unit"),
        ("*备注", "note"), ("收到\n日期", "received_on"),
    ],
)  # fmt: skip
def test_a_heading_in_other_words_means_its_column(heading: str, field: str, vocabulary: Vocabulary) -> None:
    assert meaning((heading,), vocabulary)[0] == field


@pytest.mark.parametrize(
    "heading",
    ["经办人", "是否补正", "剩余天数", "复议机关", "审核人", "快递单号", "是否超期", "预计答复日期"],
)
def test_a_heading_that_is_only_like_one_of_ours_is_not_read(heading: str, vocabulary: Vocabulary) -> None:
    assert meaning((heading,), vocabulary)[0] == ""


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        (("申请人", "姓名"), "applicant"), (("申请人", "类别"), "applicant_type"), (("补正", "收到日期"),
        "correction_back_on"),
        (("补正情况", "告知日期"), "correction_sent_on"), (("答复", "日期"), "answered_on"), (("答复情况", "类型"),
        "outcome"),
        (("行政复议", "结果"), "review_result"), (("行政诉讼", "立案日期"), "suit_on"), (("基本情况", "收到日期"),
        "received_on"),
        (("办理过程", "延期", "告知日期"), "extended_on"), (("申请情况", "申请人", "联系电话"), "contact"),
    ],
)  # fmt: skip
def test_lines_above_each_other_are_read_together(
    lines: tuple[str, ...], field: str, vocabulary: Vocabulary
) -> None:
    assert meaning(lines, vocabulary)[0] == field


@pytest.mark.parametrize(
    ("heading", "fields"),
    [
        ("答复时间及方式", ("answered_on", "outcome")), ("受理/答复日期", ("received_on", "answered_on")),
        ("收到、答复时间", ("received_on", "answered_on")), ("答复日期和结果", ("answered_on", "outcome")),
        ("收到日期及申请方式", ("received_on", "channel")),
    ],
)  # fmt: skip
def test_a_heading_for_two_things_names_both(
    heading: str, fields: tuple[str, str], vocabulary: Vocabulary
) -> None:
    layout = layout_of(page(("序号", heading, "申请人")), [1], vocabulary, {})
    assert layout.uses[1] == (Use(fields[0], "first"), Use(fields[1], "second"))


def test_of_two_columns_that_may_be_the_same_the_better_is_read_and_the_other_named(
    vocabulary: Vocabulary,
) -> None:
    layout = layout_of(page(("登记日期", "收到日期", "申请日期", "申请人")), [1], vocabulary, {})
    assert layout.columns("received_on") == (1,)
    assert layout.unused == {0: "received_on", 2: "received_on"}


def test_headings_are_found_below_a_title_and_not_among_the_requests(vocabulary: Vocabulary) -> None:
    found = find_layout(
        page(
            ("2025年台账",),
            ("单位：某局",),
            ("序号", "收到日期", "申请人", "答复日期"),
            ("1", "2025.3.4", "甲", "2025.3.20"),
        ),
        vocabulary,
    )
    assert found is not None
    assert (found.top, found.bottom) == (3, 3)


def test_a_list_of_sums_is_no_ledger(vocabulary: Vocabulary) -> None:
    assert find_layout(page(("月份", "收到", "办结"), ("1月", "3", "2")), vocabulary) is None


def test_the_same_headings_have_the_same_fingerprint_whatever_stands_above(vocabulary: Vocabulary) -> None:
    heads = ("序号", "收到日期", "申请人", "答复日期")
    one, other = (find_layout(page(*rows), vocabulary) for rows in ((heads,), (("另一年",), heads)))
    assert one is not None
    assert other is not None
    assert one.fingerprint == other.fingerprint


def test_repeated_headings_are_known_again(vocabulary: Vocabulary) -> None:
    listed = page(("序号", "收到日期", "申请人", "答复日期"), ("1", "收到日期", "甲", ""))
    layout = layout_of(listed, [1], vocabulary, {})
    assert is_alike(listed.rows[1], layout)
    assert not is_alike(listed.rows[2], layout)
