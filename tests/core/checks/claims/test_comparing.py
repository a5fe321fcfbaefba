"""Numbers of the prose beside the tables: the same, different, or open; real cases; what can follow a cell."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxeditor.core.checks.anchors import Cell, Span
from gxeditor.core.checks.check import check
from gxeditor.core.checks.claims.comparing import bindable
from gxeditor.core.checks.findings import Findings
from gxeditor.core.checks.rules import Severity
from gxeditor.core.report import AgencyKind, Entry, Report, blank_report
from gxeditor.resources import load_form, load_rules
from tests import claims

FORM = load_form()
RULES = load_rules(FORM)
ZEROS: dict[str, Entry] = dict.fromkeys(FORM.cells, 0)


def report_of(
    text: str,
    year: int = 2024,
    *,
    section: str = "overview",
    kind: AgencyKind = AgencyKind.GOVERNMENT,
    blank: bool = False,
    figures: Mapping[str, Entry] | None = None,
    **given: Entry,
) -> Report:
    """A report with this prose; figures by the codes of the labels (N, B, T, FY, GF…), all others 0 or blank."""
    cells = {} if blank else dict(ZEROS)
    for code, value in {**(figures or {}), **given}.items():
        first = sorted(claims.sums(code.replace("_", ".").replace("plus", "+").replace("valid", "="))[0])[0]
        cells[first] = value
    report = blank_report(FORM, year).with_fields(kind=kind, agency="甲县人民政府").with_entries(cells)
    return report.with_section(section, text)


def prose(report: Report, prior: Report | None = None) -> Findings:
    return check(report, RULES, prior)


def codes(report: Report, prior: Report | None = None) -> list[str]:
    return [f.rule.code for f in prose(report, prior).findings if f.rule.group.value == "prose"]


def states(report: Report, prior: Report | None = None) -> list[str]:
    return [claim.state for claim in prose(report, prior).claims]


@pytest.mark.parametrize("kind", claims.KINDS)
def test_no_alarm_where_report_and_labels_agree_and_one_where_they_differ(kind: str) -> None:
    score = claims.alarmed(kind)
    assert score.false_alarms == 0, score.slips
    assert score.faults > 40
    assert score.found >= 0.95 * score.faults, score.slips


_KINDS = "其中自然人{}件，商业企业2件，科研机构1件，{}1件，法律服务机构1件，{}0件。"


@pytest.mark.parametrize(
    ("welfare", "others"), [("社会公益组织", "其他"), ("公益组织", "其他组织"), ("社会公益组织", "其它组织")]
)
def test_all_kinds_of_applicants_add_up_to_what_was_received(welfare: str, others: str) -> None:
    for natural, found in ((5, []), (4, ["P-13"]), (6, ["P-13"])):
        text = f"2024年，共收到政府信息公开申请10件，{_KINDS.format(natural, welfare, others)}"
        assert codes(report_of(text, blank=True)) == found
    only_some = "2024年，共收到政府信息公开申请10件，其中自然人5件，社会公益组织1件，法律服务机构1件。"
    assert codes(report_of(only_some, blank=True)) == []


def test_a_finding_stands_at_the_number_and_shows_both_values() -> None:
    text = "2024年，我局收到信息公开申请68件。"
    (finding,) = [f for f in prose(report_of(text, N=62)).findings if f.rule.code == "P-02"]
    start = text.index("68")
    assert finding.where == Span("overview", start, start + 2)
    assert finding.parts[0] == finding.where
    assert Cell("requests.received.total") in finding.parts
    assert (finding.left, finding.right, finding.difference) == (68, 62, 6)
    assert finding.quoted == "68"
    assert "68" in finding.values[0]
    assert "62" in finding.values[1]
    assert finding.message.endswith("表三的本年新收是 62，请核实。")


def test_findings_of_prose_are_never_errors() -> None:
    assert {rule.severity for rule in RULES if rule.kind == "claim"} == {Severity.QUERY, Severity.HINT}


def test_every_mention_is_compared_and_not_only_the_first() -> None:
    text = "收到信息公开申请62件。\n全年收到信息公开申请62件。\n今年收到信息公开申请26件。"
    assert states(report_of(text, N=62)) == ["same", "same", "different"]


def test_received_may_be_new_or_new_and_carried_over() -> None:
    for number in (110, 116):
        assert states(report_of(f"受理信息公开申请{number}件。", N=110, B=6)) == ["same"]
    assert states(report_of("受理信息公开申请6件。", N=110, B=6)) == ["different"]


def test_a_number_that_agrees_with_another_cell_is_not_the_same() -> None:
    assert states(report_of("信息公开申请部分公开5件。", G=5)) == ["different"]


def test_blank_tables_leave_a_claim_open() -> None:
    report = report_of("收到信息公开申请62件，予以公开3件。", blank=True)
    assert states(report) == ["open", "open"]
    assert codes(report) == []


def test_what_cannot_fit_whatever_the_blanks_are_is_found() -> None:
    assert codes(report_of("收到信息公开申请62件。", blank=True, N=70)) == ["P-02"]
    assert codes(report_of("收到信息公开申请72件。", blank=True, N=70)) == []


def test_rules_that_nothing_could_be_compared_for_are_not_met() -> None:
    found = prose(report_of("收到信息公开申请62件。", blank=True))
    (item,) = [one for one in found.not_checked if one.rule.code == "P-02"]
    assert item.reason == "正文写的数没有能对应的"
    assert found.across_years == ("7 条跨年关系没有检查：没有选上年年报",)


def test_rules_of_which_the_prose_says_nothing_are_not_met_either() -> None:
    found = prose(report_of("收到信息公开申请62件，予以公开3件。", N=62, G=3))
    reasons = {one.rule.code: one.reason for one in found.not_checked if one.rule.kind == "claim"}
    met = {one.rule.code for one in found.met if one.rule.kind == "claim"}
    assert met == {"P-02", "P-09"}
    assert set(reasons.values()) == {"文中没有这句话"}
    assert met | set(reasons) == {rule.code for rule in RULES if rule.kind == "claim"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("收到信息公开申请8件，其中网络申请3件、信函申请4件、当面申请1件。", "P-19"),
        ("上年结转信息公开申请8件。上年结转政府信息公开申请8件。", "P-24"),
        ("设立专区14个（一楼8个、二楼2个、三楼1个、四楼3个）。", "P-23"),
    ],
)
def test_sums_that_were_added_up_are_looked_at(text: str, code: str) -> None:
    found = prose(report_of(text, blank=True))
    assert code in {one.rule.code for one in found.met}


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        ("我县行政许可12件。", True),
        ("区政府本级收到信息公开申请12件。", True),
        ("收到信息公开申请62件。", False),
        ("收到信息公开申请68件。", False),
        ("举办培训12期。", False),
    ],
)
def test_words_that_may_mean_something_else_are_unclear(text: str, unclear: bool) -> None:
    (claim,) = prose(report_of(text, N=62)).claims
    assert claim.is_unclear == unclear
    assert not (unclear and claim.state != "open")


def test_what_blanks_keep_from_being_compared_is_not_unclear() -> None:
    (claim,) = prose(report_of("收到信息公开申请62件。", blank=True)).claims
    assert claim.state == "open"
    assert not claim.is_unclear


@pytest.mark.parametrize("share", ["52.5%", "52.4%"])
def test_the_share_of_two_results_is_that_of_their_sum(share: str) -> None:
    text = f"办理结果中，予以公开48件、部分公开16件，两项占办结总数的{share}，办结政府信息公开申请122件。"
    assert states(report_of(text, G=48, P=16, T=122)) == ["same"] * 4
    assert codes(report_of(text.replace(share, "42.4%"), G=48, P=16, T=122)) == ["P-11"]


def test_a_sum_of_what_was_named_before_is_compared_with_the_sum_of_the_cells() -> None:
    text = "依申请公开予以公开30件，部分公开5件，两项合计36件。"
    report = report_of(text, G=30, P=5)
    assert states(report) == ["same", "same", "different"]
    assert states(report_of("不予公开、无法提供各3件信息公开申请。", D1=3, U1=3)) == ["same", "same"]


@pytest.mark.parametrize(
    ("said", "amount", "same"),
    [
        ("25000元", Decimal("2.5"), True),
        ("250000元", Decimal("2.5"), False),
        ("2.5万元", Decimal("2.5"), True),
        ("2.50万元", Decimal("2.5034"), False),
        ("2.5万元", Decimal("2.5034"), True),
        ("25034元", Decimal("2.5034"), True),
        ("25034元", Decimal("2.50"), True),
        ("0元", 0, True),
        ("0.25万元", Decimal("2.5"), False),
    ],
)
def test_yuan_and_ten_thousand_yuan_are_converted(said: str, amount: Entry, same: bool) -> None:
    report = report_of(f"行政事业性收费{said}。").with_entry("proactive.fees.amount", amount)
    state = states(report)
    assert state == (["same"] if same or said == "2.50万元" else ["different"])


@pytest.mark.parametrize(
    ("said", "alarm"),
    [("44.4%", False), ("44.5%", False), ("44%", False), ("44.44%", False), ("44.7%", True), ("54.4%", True)],
)
def test_a_percentage_may_be_off_by_one_in_its_last_digit(said: str, alarm: bool) -> None:
    report = report_of(f"办结信息公开申请63件，予以公开28件，占{said}。", N=63, T=63, G=28)
    assert codes(report) == (["P-11"] if alarm else [])


def test_a_percentage_tells_how_it_is_calculated() -> None:
    found = prose(report_of("办结信息公开申请63件，予以公开28件，占44.4%。", T=63, G=28))
    assert found.claims[-1].how == "28 ÷ 63 ＝ 44.4%"


def test_percentages_of_other_wholes_are_left_alone() -> None:
    report = report_of("收到信息公开申请12件，占全部来件的15%；答复率100%，满意率98%。", N=12, C=3)
    assert codes(report) == []


def test_growth_is_compared_only_where_last_years_figure_is_there() -> None:
    text = "收办信息公开申请3646件，同比增长1.05%。"
    prior = blank_report(FORM, 2023).with_entries(ZEROS).with_entry("requests.received.total", 3607)
    assert codes(report_of(text, N=3646)) == []
    assert codes(report_of(text, N=3646), prior) == ["P-11"]
    assert codes(report_of(text.replace("1.05", "1.08"), N=3646), prior) == []


def test_last_years_number_is_compared_with_last_years_report() -> None:
    prior = blank_report(FORM, 2023).with_entries(ZEROS).with_entry("requests.received.total", 60)
    text = "收到信息公开申请45件，比2023年（{}件）下降。"
    assert states(report_of(text.format(60), N=45), prior) == ["same", "same"]
    assert codes(report_of(text.format(61), N=45), prior) == ["P-02"]
    assert codes(report_of(text.format(61), N=45)) == []


@pytest.mark.parametrize(
    "text",
    [
        "信息公开申请答复率100%，按期答复率100%。",
        "共受理信息公开申请1件，市转办2件。",
        "县政府办公室代表县政府受理信息公开申请17件。",
        "区政府本级收到信息公开申请17件。",
        "2024年累积发布各类政务信息4572条，行政许可类信息36条，公示行政许可事项12项。",
        "2022年收到信息公开申请3件，2021年收到2件。",
        "办理人大建议15件、政协提案22件，全部办结；市长信箱来信7件，办结7件；培训3次。",
        "其中网上申请7件、信函申请2件、当面申请1件。",
        "司法局全年受理行政复议案件120件，审结110件，维持80件。",
        "均在法定期限内予以答复信息公开申请。",
        "2025年计划受理信息公开申请50件。",
        "收到信息公开申请60余件。",
    ],
)
def test_traps_stay_silent(text: str) -> None:
    report = report_of(text, N=95, B=4, C=9, T=90, FY=3, XK=7)
    assert codes(report) == []


def test_the_whole_district_is_another_scope_than_an_office() -> None:
    text = "全区收到信息公开申请800件。"
    assert codes(report_of(text, N=206, kind=AgencyKind.DEPARTMENT)) == []
    assert codes(report_of(text, N=206, kind=AgencyKind.GOVERNMENT)) == ["P-02"]


SHANGHAI = (
    "全年共受理政府信息公开申请859件。经审查，答复申请805件，其中予以公开及部分公开258件，占33.9%；"
    "不予公开35件，占4.34%；因本机关不掌握等原因无法提供265件，占32.9%；不予处理、其他处理158件，占19.6%。"
    "结转下年度72件。因信息公开发生行政复议7件，诉讼9件，均获维持。"
)


def test_shanghai_2019_fires_for_sums_shares_groups_and_upheld_cases_only() -> None:
    report = report_of(
        SHANGHAI, 2019, N=859, B=18, T=805, C=72, G=260, P=15, D1=35, U1=265, U2=72, H1=100, O3=58
    )
    report = report.with_entries(
        {
            "disputes.reconsideration.total": 7,
            "disputes.reconsideration.upheld": 5,
            "disputes.reconsideration.pending": 2,
            "disputes.direct_suit.total": 9,
            "disputes.direct_suit.upheld": 8,
            "disputes.direct_suit.pending": 1,
        }
    )
    assert sorted(codes(report)) == ["P-09", "P-09", "P-10", "P-11", "P-12", "P-18"]


REAL: dict[str, tuple[str, int, dict[str, Entry], list[str]]] = {
    "平顶山 2021: two denominators": (
        "全市新收政府信息公开申请44件，其中予以公开17件，占38.6%；办结42件，不予公开14件，占33.3%；顺延到2022年度申请2件。",
        2021,
        {"N": 44, "T": 42, "C": 2, "G": 17, "D1": 14},
        ["P-11"],
    ),
    "连云区 2025: 受理 is new and carried over": (
        "2025年，全区共受理政府信息公开申请116件，共办结103件，结转至2026年13件。",
        2025,
        {"N": 110, "B": 6, "T": 103, "C": 13},
        [],
    ),
    "高平 2023: parts and what is carried over": (
        "2023年共收到依申请公开9件，均为自然人申请，其中部分公开2件，政府信息不存在5件，结转下年度2件。",
        2023,
        {"N": 9, "N_a": 9, "P": 2, "U1": 5, "T": 7, "C": 2},
        [],
    ),
    "会泽 2024": (
        "全县共受理政府信息公开申请42件，其中自然人41件，法人1件。",
        2024,
        {"N": 42, "N_a": 41, "N_b": 1},
        [],
    ),
    "长春 2024: percentages of the total of three": (
        "受理政府信息公开申请95件，其中自然人89件，法人6件；答复98件（含上年转结8件，另5件转下年），公开及部分公开42件，"
        "占42.86%；不予公开1件，占1.02%；无法提供49件，占50%；其他6件，占6.12%。",
        2024,
        {"N": 95, "N_a": 89, "N_b": 6, "B": 8, "T": 98, "C": 5, "G": 42, "D1": 1, "U1": 49, "O1": 6},
        [],
    ),
    "万源 2025: 办结 says 54, the parts give 55": (
        "受理政府信息公开申请54件，按时办结54件，上年结转2件。其中予以公开45件，部分公开4件，国家秘密1件，"
        "其他法律法规禁止公开1件，执法案卷1件，本机关不掌握2件，结转下年度1件；行政复议2件。",
        2025,
        {"N": 54, "B": 2, "T": 55, "C": 1, "G": 45, "P": 4, "D1": 1, "D2": 1, "D7": 1, "U1": 2, "FY": 2},
        ["P-05"],
    ),
    "崇川 2025: a number of two groups is nobody's": (
        "收到信息公开申请17件，其中信函11件、网络6件；公开2件，部分公开5件，不属于、未掌握、无信息8件，行政查询不予公开2件。",
        2025,
        {"N": 17, "T": 17, "G": 2, "P": 5, "U1": 8, "D8": 2},
        [],
    ),
    "临夏 2025": (
        "收到依申请公开24件，其中线下15件、网站9件，答复完成24件；行政复议3件，维持1件，纠正2件。",
        2025,
        {"N": 24, "T": 24, "FY": 3, "FY1": 1, "FY2": 2},
        [],
    ),
    "磐石 2024: which of the two is new?": ("受理政府信息公开申请1件，市转办2件。", 2024, {"N": 3}, []),
    "熊口 2025: nine parts": (
        "全年公开信息188条，其中，文件38条，计划4条，人事1条，财政1条，项目5条，动态127条，公告7条，其他4条，机构1条。",
        2025,
        {},
        [],
    ),
    "洪江: channels": ("收到信息公开申请105件，其中线上22件，线下83件。", 2024, {"N": 105}, []),
    "393 is last year's stock": ("现行有效行政规范性文件393件。", 2024, {"GFvalid": 470}, ["P-20"]),
    "81 is not 78": (
        "新收到依申请公开政府信息78件，结转上年度办理3件。答复75件，结转下年度继续办理3件。",
        2024,
        {"N": 75, "B": 3, "T": 75, "C": 3},
        ["P-01"],
    ),
}


@pytest.mark.parametrize("case", REAL)
def test_real_cases_fire_where_they_are_wrong_and_are_silent_where_not(case: str) -> None:
    text, year, figures, expected = REAL[case]
    assert codes(report_of(text, year, figures=figures)) == expected


def test_parts_that_do_not_add_up_are_found_without_any_table() -> None:
    text = "公开信息共计3437条，包括：人事12条，政务动态1740条，公告225条，解读110条，其他类信息1827条。"
    (finding,) = [f for f in prose(report_of(text)).findings if f.rule.code == "P-23"]
    assert (finding.left, finding.right, finding.quoted) == (3437, 3914, "3437")
    assert codes(report_of(text.replace("3437", "3914"))) == []


def test_a_list_behind_among_them_need_not_be_whole() -> None:
    assert codes(report_of("发布信息212条，其中动态100条，公告60条，文件36条。")) == []
    assert codes(
        report_of("发布信息77条，其中报告1条，招标37条，产权27条，动态4条，公告6条，建议2条，机构1条。")
    ) == ["P-23"]


def test_the_same_number_stated_differently_is_found_where_the_table_is_blank() -> None:
    text = "本年新收信息公开申请12件。\n2024年新收信息公开申请21件。"
    assert codes(report_of(text, blank=True)) == ["P-24"]
    assert codes(report_of(text, N=12)) == ["P-01"]


def test_prose_of_a_section_with_a_table_needs_no_topic() -> None:
    assert states(report_of("全年收到申请8份，均已答复。", section="requests", N=8)) == ["same", "same"]


def test_what_a_person_closed_is_not_found() -> None:
    report = report_of("收到信息公开申请68件。", N=62).with_closed("P-02", "只统计本级")
    assert codes(report) == []
    assert prose(report).claims


def test_places_follow_what_is_typed_before_them() -> None:
    text = "收到信息公开申请68件。"
    prose(report_of(text, N=62))
    (moved,) = [f for f in prose(report_of(f"某某\n某{text}", N=62)).findings if f.rule.code == "P-02"]
    assert isinstance(moved.where, Span)
    assert f"某某\n某{text}"[moved.where.start : moved.where.end] == "68"


# --- numbers that can follow a cell


def test_a_claim_that_agrees_in_one_reading_can_follow_its_cell() -> None:
    report = report_of("新收信息公开申请62件，上年结转3件。", N=62, B=3)
    (new, name), (brought, _) = bindable(report, RULES, "overview")
    assert (new.text, new.cells, name) == ("62", ("requests.received.total",), "本年新收")
    assert brought.cells == ("requests.brought_forward.total",)
    assert report.with_bound("overview", [new, brought]).bound["overview"] == (new, brought)


def test_what_could_be_two_things_differs_or_is_written_otherwise_follows_nothing() -> None:
    text = "收到信息公开申请62件，办结六十一件，予以公开1,005件，部分公开7件。"
    report = report_of(text, N=62, B=0, T=61, G=1005, P=8)
    assert bindable(report, RULES, "overview") == ()


# --- published reports


def test_the_published_reports_raise_no_alarm_in_their_prose() -> None:
    from gxeditor import documents

    report = documents.read(Path(__file__).parents[4] / "resources" / "samples" / "lushan-2022.txt").report
    assert codes(report) == []
    assert states(report).count("same") == 3


_PIECES = (
    *"，。；：、（）\n “1234567890零一两％%.,件份条万元占均",
    *(
        "收到",
        "办结",
        "结转下年度",
        "上年结转",
        "2023年",
        "信息公开申请",
        "其中",
        "分别为",
        "包括",
        "行政复议",
        "维持",
    ),
    *(
        "未",
        "没有",
        "规范性文件",
        "制发",
        "行政处罚决定",
        "行政事业性收费",
        "自然人",
        "不予公开",
        "同比增长",
        "百分之",
    ),
)


@given(st.lists(st.sampled_from(_PIECES), max_size=60).map("".join), st.sampled_from((2024, None)))
def test_whatever_is_typed_every_number_stands_where_it_is_said_to(text: str, year: int | None) -> None:
    report = blank_report(FORM, year).with_section("overview", text).with_entries(ZEROS)
    for claim in prose(report).claims:
        assert text[claim.where.start : claim.where.end] == claim.text
        assert claim.phrase.start <= claim.where.start
        assert claim.where.end <= claim.phrase.end
    bound = [one for one, _ in bindable(report, RULES, "overview")]
    assert len(report.with_bound("overview", bound).bound.get("overview", ())) == len(bound)
