"""What must stand in a report: consistent texts stay silent, faulty ones are found where they are wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gxeditor.core.checks.anchors import Field, Span, Whole
from gxeditor.core.checks.check import check
from gxeditor.core.checks.content import processing_fee
from gxeditor.core.checks.findings import Finding
from gxeditor.core.checks.profiles import Given, Profile, Stated
from gxeditor.core.checks.rules import Group, Severity
from gxeditor.core.report import AgencyKind, Prior, Report, blank_report
from gxeditor.core.revision import to_revise
from gxeditor.resources import load_form, load_rules

FORM = load_form()
RULES = [rule for rule in load_rules(FORM) if rule.group in (Group.CONTENT, Group.DISCLOSURE)]

OVERVIEW = """2024年，我局深入贯彻《条例》，扎实推进政府信息公开工作。
（一）主动公开情况。全年主动公开政府信息12条，发布政策解读3篇。
（二）依申请公开情况。收到政府信息公开申请2件，均按时答复。
（三）政府信息管理情况。严格执行信息发布审核制度。
（四）政府信息公开平台建设情况。维护门户网站公开专栏1个。
（五）监督保障情况。将政务公开纳入考核，开展培训1次。"""
PROBLEMS = "一是信息更新不够及时；二是政策解读形式单一。下一步，我局将加强检查，丰富解读形式。"
OTHER = "2024年，本机关未收取信息处理费。"

NOTHING = Given()


def a_report(agency: str = "丙县丁局", year: int | None = 2024, **texts: Any) -> Report:
    """A complete report with nothing to tell; a text named here is put behind what stands there."""
    report = blank_report(FORM, year).with_fields(agency=agency)
    for key, text in (("overview", OVERVIEW), ("problems", PROBLEMS), ("other_matters", OTHER)):
        report = report.with_section(key, "\n".join(one for one in (text, texts.get(key, "")) if one))
    return report.with_fields(preamble=texts.get("preamble", ""))


def found(report: Report, given: Given = NOTHING) -> tuple[Finding, ...]:
    return check(report, RULES, None, given).findings


def codes(report: Report, given: Given = NOTHING) -> list[str]:
    return [finding.rule.code for finding in found(report, given)]


def test_a_complete_report_has_nothing_to_tell() -> None:
    assert codes(a_report()) == []


def test_a_new_report_is_no_wall_of_findings() -> None:
    assert codes(blank_report(FORM, 2024)) == []
    assert codes(blank_report(FORM, 2024).with_fields(agency="丙县丁局")) == []
    assert codes(blank_report(FORM, 2024).with_entries({cell: 0 for cell in FORM.cells})) == []


# --- texts as offices write them: (where, text, other fields)

SILENT: list[tuple[str, str, dict[str, Any]]] = [
    ("overview", "公民可以申请公开政府信息，可以申请公共服务，难以申请公开的由窗口代办。", {}),
    ("overview", "2022年受理申请20件；2023年受理申请25件；2024年受理申请30件。", {}),
    ("overview", "财政信息方面：2023年部门决算按时公开，接受监督。2023年度三公经费决算通过网站公开。", {}),
    ("overview", "2023年制定的《政府信息公开指南》已更新，并通过网站公开。2023年建成的平台通过验收。", {}),
    ("overview", "2023年印发的实施方案继续执行，组织开展了自查。", {}),
    ("overview", "推送信息1286条。发布《2023年政府信息公开工作年度报告》1份。", {}),
    ("preamble", "统计数据时间节点为2024年12月31日24时。", {}),
    ("preamble", "本报告统计周期为2024年全年（1月1日至12月31日）。", {}),
    ("preamble", "数据统计期限为2024年元月1日至12月31日。", {}),
    ("preamble", "本报告的统计期限为本年度1月1日至12月31日。", {}),
    ("preamble", "统计期限为2024年1月1日至12月底。", {}),
    ("preamble", "统计期限为2024年1-12月。", {}),
    ("other_matters", "未收取信息处理费。报告时间：2025年1月16日。", {}),
    (
        "overview",
        "（一）主动公开。经开区积极公开招商信息20条。高新区持续优化专栏。红旗社区积极公开村务。",
        {},
    ),
    ("overview", "我县县城规划、我县县乡道路、我县县级领导的信息均已公开。", {}),
    ("overview", "开展面对面对接服务，点对点对企业宣传，手把手把政策讲清，一对一对口帮扶。", {}),
    ("overview", "某单位连续两季度未更新，某镇未及时公开，被通报。", {}),
    ("overview", "《关于印发<信息公开制度>的通知》已公开，修改<条例>实施细则。", {}),
    ("overview", "推进信息公开（数字政府建设）（具体情况详见附表）（年份合订本）。", {}),
    ("overview", "在网站首页请输入关键词检索，网址http://www.xx.gov.cn/zwgk/xx/index.html。", {}),
    ("overview", "对申请人张**的申请及时答复。", {}),
    ("overview", "答复12件，复制件、扫描件、热线件、电子件、纸质件均归档。", {}),
    ("overview", "编发信息12条，今日头条、抖音条、若干条并举；发布文章12篇，谱写新篇，上篇、下篇。", {}),
    ("overview", "公开满意度得分98。发布量同比增长15；", {}),
    ("overview", "2024年2月30个单位、2024年11月31个部门公开信息。", {}),
    ("overview", "做好迎峰2024度夏保电信息公开。", {}),
    (
        "overview",
        "2024年，全市共受理政府信息公开申请3119件，答复3050件（含上年度结转申请34件，另有103件顺延到下年度答复）。",
        {},
    ),
    ("overview", "2019年办理政府信息公开申请5件，2020年办理8件，2021年办理9件，2022年办理12件。", {}),
    ("overview", "2023年度，我局共收到信息公开申请4起，比2022年（6起）下降33%，答复4起。", {"year": 2023}),
    ("overview", "2023年结转政府信息公开申请3件，全部办结。", {}),
    ("overview", "2023年12月，印发《丙县丁局政务公开工作制度》，2024年1月起施行。", {}),
    ("overview", "公开2023年信息公开年报1条，2024年财政预算1条。", {}),
    ("overview", "较2023年增长5%，受理网络问政182件。", {}),
    ("overview", "按照《丙县2023年政务公开工作要点》和《条例》（2019年修订）要求落实各项任务。", {}),
    ("overview", "根据《通知》（岚综管办便函〔2021〕39号），落实“同步起草、同步审签、同步发布”机制。", {}),
    ("overview", "文化发展规划（2021-2035）和二〇三五年远景目标纲要已公开。", {}),
    ("overview", "自2021年以来，我局坚持每年公开财政预决算。", {}),
    ("overview", "在县委、县政府的正确领导下，按照市政府统一部署，各项工作有序推进。", {}),
    ("overview", "坚持7×24小时值守，推行“1+3+N”模式，建成5G应用专栏，网站支持IPv6。", {}),
    ("overview", "县人民政府政府信息公开工作主管部门组织培训2次，政务服务服务事项全部公开。", {}),
    ("overview", "达到公开的目的的同时，方便群众了解，一件一件办、一项一项抓。", {}),
    ("overview", "建设“五公开”平台，制作H5图解3个，微信公众号粉丝数达12000。", {}),
    ("overview", "县政务公开办联系电话：0375-5051111。", {}),
    ("overview", "主动公开规章0件，行政规范性文件2件，案件线索、来件、稿件全部登记。", {}),
    ("overview", "编发头条、专题，公开文件、要件，规范性文件5件。", {}),
    ("overview", "全年公开政府信息数量为609。", {}),
    ("overview", "设立专区（地址：丙县人民路1号二楼）。", {}),
    ("overview", "首先，抓学习。二是抓落实。三是抓监督。", {}),
    ("overview", "一是加强组织领导。二是规范审核。三是创新方法。\n一是抓公开。二是抓解读。", {}),
    ("overview", "统一是前提，公开是常态。", {}),
    ("overview", "信息公开内容有待补充完善，制度尚待健全。", {}),
    ("overview", "网址：http://www.shuyang.gov.cn/。", {}),
    ("overview", "办理“12345”热线工单1,362件，满意率100%。", {}),
    ("overview", "申请人何时申请、以何种方式申请，均及时登记；为申请人提供检索、复印等便利。", {}),
    ("overview", "落实《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）。", {}),
    ("overview", "二○○八年《条例》施行后，目录逐年更新。", {}),
    ("overview", "（六）政府信息公开标准化建设方面。梳理26个试点领域目录。", {}),
    (
        "overview",
        "基本局面良好，成本局限可控，自我局限意识增强。",
        {"agency": "丙县丁镇人民政府", "bare": True},
    ),
    (
        "preamble",
        "本报告由丙县丁局办公室根据《中华人民共和国政府信息公开条例》（国令第711号）编制。报告所列统计期限自2024年1月1日至2024年12月31日。如有疑问，请联系（地址：丙县人民路1号，邮编：223001，电话：0517-83605210，电子邮箱：a@163.com）。",
        {},
    ),
    ("preamble", "本报告所列数据的统计期限为2024年1月1日至12月31日。", {}),
    ("preamble", "本年度报告中所列数据的统计时限为2024年度。", {}),
    ("preamble", "所列数据的统计期限自2024年1月1日起，至2024年12月31日止。", {}),
    ("preamble", "使用数据统计期限为2024年1月1日0时至2024年12月31日24时。", {}),
    ("preamble", "本报告所列数据统计时间为2024年1月至12月。", {}),
    ("preamble", "本报告数据统计时间：2024.1.1-2024.12.31。", {}),
    (
        "preamble",
        "根据《国务院办公厅政府信息与政务公开办公室关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》（国办公开办函〔2021〕30号）要求，编制本报告。",
        {},
    ),
    ("preamble", "现向社会公布丙县丁局2024年度政府信息公开工作年度报告。", {}),
    (
        "preamble",
        "全文由总体情况、主动公开政府信息的情况、收到和处理政府信息公开申请情况、政府信息公开行政复议与行政诉讼情况、存在的主要问题及改进情况和其他需要报告的事项等六部分组成。",
        {},
    ),
    (
        "preamble",
        "本报告包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六个部分。",
        {},
    ),
    ("preamble", "依据《中华人民共和国政府信息公开条例》第五十条规定，编制本报告。", {}),
    ("problems", "针对2023年存在的问题，逐条整改。2025年，我局将继续加强培训，计划开展专题讲座。", {}),
    ("problems", "2023年年报中提出的问题已整改到位。", {}),
    ("problems", "2023年存在的政策解读形式单一问题，已改进。", {}),
    (
        "other_matters",
        "2024年有25件政府信息公开申请案件收取了信息处理费2950元。",
        {"entries": {"requests.received.total": 70}},
    ),
    (
        "other_matters",
        "2024年未涉及依申请公开收费和行政事业性收费。",
        {"entries": {"proactive.fees.amount": 0}},
    ),
    (
        "other_matters",
        "未收取信息处理费，行政事业性收费已按规定公开。",
        {"entries": {"proactive.fees.amount": 12}},
    ),
    ("other_matters", "没有其他需要报告的事项。", {}),
]


@pytest.mark.parametrize(("where", "text", "more"), SILENT, ids=[text[:24] for _, text, _ in SILENT])
def test_a_consistent_text_stays_silent(where: str, text: str, more: dict[str, Any]) -> None:
    texts: dict[str, Any] = {where: text}
    report = a_report(agency=more.get("agency", "丙县丁局"), **texts).with_entries(more.get("entries", {}))
    if year := more.get("year"):
        report = report.with_section("overview", OVERVIEW.replace("2024", str(year)) + "\n" + text)
        report = report.with_section("other_matters", OTHER.replace("2024", str(year))).with_fields(year=year)
    if more.get("bare"):
        report = report.with_section("overview", text).with_section(
            "problems", PROBLEMS.replace("我局", "我镇")
        )
        assert [f.message for f in found(report) if f.rule.code not in ("C-04", "C-05")] == []
    else:
        assert [finding.message for finding in found(report)] == []


# --- faulty texts: (code, where, text, what is pointed to)

FAULTY: list[tuple[str, str, str, str]] = [
    ("C-15", "overview", "2023年，我局对照《2024年政务公开工作要点》，逐项落实。", "2023年"),
    ("C-15", "other_matters", "2023年，无收取信息处理费情况。", "2023年"),
    ("C-15", "preamble", "为反映丙县丁局2023年度政府信息公开工作情况，制作本报告。", "2023年度"),
    ("C-25", "overview", "通过网站公开信息条，访问量8392940次。", "公开信息条"),
    ("C-25c", "overview", "公开文件31条、财政信息14条、人事信息5。", "5"),
    ("C-20b", "overview", "政务公开平台平台规范运行。", "平台平台"),
    ("C-14", "overview", "全年公开XX条。", "XX"),
    ("C-14", "overview", "全年召开会议××次。", "××"),
    ("C-14", "overview", "印发○○文件3份。", "○○"),
    ("C-14", "overview", "本段数据待补充。", "本段数据待补充"),
    ("C-14", "overview", "公开政府信息（待填）条。", "待填"),
    ("C-14", "overview", "某某单位开展培训。", "某某"),
    ("C-14", "overview", "{单位}开展培训。", "{单位}"),
    ("C-14", "overview", "TODO：核对数字。", "TODO"),
    ("C-14", "other_matters", "（文字描述）", "（文字描述）"),
    ("C-14", "overview", "共……件，均已办结。", "共……件"),
    ("C-14", "overview", "全年公开政府信息（　）条。", "（　）"),
    ("C-14", "overview", "印发《》，明确责任。", "《》"),
    ("C-14", "overview", "20XX年，开展培训2次。", "20XX"),
    ("C-14", "overview", "全年公开政府信息____条。", "____"),
    ("C-14", "overview", "X年，开展培训2次。", "X"),
    ("C-14", "overview", "（此处填写平台建设情况）", "（此处填写平台建设情况）"),
    (
        "C-03",
        "preamble",
        "本报告由总体情况、主动公开政府信息情况、因政府信息公开工作被申请行政复议、提起行政诉讼情况等组成。",
        "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    ),
    (
        "C-03",
        "preamble",
        "包括总体情况、主动公开情况、政府信息公开工作存在的主要问题及改进情况和其他事项。",
        "政府信息公开工作存在的主要问题及改进情况",
    ),
    (
        "C-03",
        "preamble",
        "包括总体情况、政府信息公开的收费及减免情况、咨询处理情况。",
        "政府信息公开的收费及减免情况",
    ),
    ("C-15", "overview", "2023年，根据《条例》精神和要求，主动公开政府信息20条。", "2023年"),
    ("C-15", "overview", "2023年度，我局共收到依申请信息公开26件。", "2023年度"),
    ("C-15", "overview", "（六）标准化建设情况。2023年，我局组织培训2次。", "2023年"),
    ("C-15", "other_matters", "本机关2023年未收到任何投诉。", "2023年"),
    ("C-15", "overview", "2025年，我局共主动公开政府信息30条。", "2025年"),
    ("C-15", "problems", "2023年，我局政府信息公开工作虽有成绩，但公开深度不够。", "2023年"),
    ("C-15", "preamble", "现将《丙县丁局2023年政府信息公开工作年度报告》公布如下。", "2023年"),
    ("C-16", "overview", "按照国办公开办函〔2019〕60号要求编制。", "国办公开办函〔2019〕60号"),
    (
        "C-16",
        "preamble",
        "根据《国务院办公厅政府信息与政务公开办公室关于政府信息公开工作年度报告有关事项的通知》编制。",
        "政务公开办公室关于政府信息公开工作年度报告有关事项的通知",
    ),
    ("C-16", "overview", "依据国务院令第492号开展工作。", "国务院令第492号"),
    ("C-16", "overview", "按照国办公开办函[2019]60号编制。", "国办公开办函[2019]60号"),
    ("C-16b", "overview", "按照国办公开函〔2021〕30号编制。", "国办公开函〔2021〕30号"),
    (
        "C-16b",
        "preamble",
        "根据《关于政府信息公开工作年度报告有关事项的通知》（国办公开办函〔2021〕30号）编制。",
        "年度报告有关事项的通知》（国办公开办函〔2021〕30号",
    ),
    ("C-16b", "overview", "印发内政公发【2021】1号文件。", ""),
    (
        "C-16b",
        "overview",
        "学习《中华人民共和国政府信息公开条例》（国务院令第771号）。",
        "信息公开条例》（国务院令第771号",
    ),
    ("C-16b", "overview", "学习《中华人民共和国政务信息公开条例》。", "《中华人民共和国政务信息公开条例》"),
    ("C-16b", "overview", "学习《政府信息公开条列》。", "信息公开条列"),
    ("C-17", "preamble", "现发布《丙县人民政府办公室2024年度政府信息公开工作报告》。", "丙县人民政府办公室"),
    ("C-17", "preamble", "编制《2024年戊县己局政府信息公开工作年度报告》。", "戊县己局"),
    ("C-17", "preamble", "本报告由南宁市武鸣区行政审批局编制。", "南宁市武鸣区行政审批局"),
    ("C-17", "overview", "2024年，丙县统计局认真落实各项要求。", "丙县统计局"),
    ("C-17", "overview", "2024年，戊县丁局严格执行审核制度。", "戊县丁局"),
    ("C-17c", "overview", "我镇积极推进公开工作。", "我镇"),
    ("C-17c", "overview", "本委积极推进公开工作。", "本委"),
    ("C-17c", "overview", "我集团积极推进公开工作。", "我集团"),
    ("C-17c", "overview", "按照区政府统一部署推进工作。", "区政府"),
    ("C-19", "preamble", "统计期限自2024年1月1日起至20241230日止。", ""),
    ("C-19", "preamble", "本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。", ""),
    ("C-19", "preamble", "统计期限自202411日起至20241231日止。", ""),
    ("C-19", "preamble", "统计期限自2024年1月1日起至2024年12月30日止。", ""),
    ("C-19", "overview", "数据自202411日起至20241231日止。", ""),
    ("C-19", "preamble", "数据统计时间为2023年度。", ""),
    ("C-19b", "overview", "2024年13月45日召开会议。", "2024年13月45日"),
    ("C-19b", "overview", "2023年2月29日召开会议。", "2023年2月29日"),
    ("C-19b", "overview", "4月31日开展活动。", "4月31日"),
    ("C-19b", "overview", "二〇二四年六月三十一日召开会议。", "二〇二四年六月三十一日"),
    ("C-19c", "overview", "按时完成2024年政府信息公开年度报告，并于2024年1月15日之前公布。", "2024年1月15日"),
    ("C-20e", "overview", "（四）府信息公开平台建设情况。", "府信息公开平台建设"),
    ("C-20", "overview", "属于四类过程性性信息2件。", "四类过程性性信息"),
    ("C-20", "overview", "发生行政法复议1件。", "行政法复议"),
    ("C-20", "overview", "收到的处理政府信息公开申请情况良好。", "收到的处理"),
    ("C-20", "overview", "上年转结3件。", "转结"),
    ("C-20", "overview", "培训效果残差不齐。", "残差不齐"),
    ("C-20", "overview", "发布政策解1条。", "政策解"),
    ("C-20", "overview", "本年度我未收到申请。", "本年度我"),
    ("C-20", "overview", "畅通依申请公开受理渠。", "受理渠"),
    ("C-20", "overview", "2024度开展培训1次。", "2024度"),
    ("C-20", "overview", "2205年我局开展培训1次。", "2205"),
    ("C-20", "overview", "加强学习，，落实责任。", "，，"),
    ("C-20", "overview", "主动公开政府政府情况良好。", "主动公开政府政府情况"),
    ("C-20b", "overview", "规范审核审核发布机制。", "审核审核"),
    ("C-20b", "overview", "加强组织领导组织领导。", "组织领导组织领导"),
    ("C-20c", "overview", "建立整体统一的的网站界面。", "的的"),
    (
        "C-20d",
        "overview",
        "（六）其他。严格落实“先审查、后公开”的原则，确保公开的政府信息不泄露国家秘密。严格落实“先审查、后公开”的原则，确保公开的政府信息不泄露国家秘密。",
        "",
    ),
    ("C-24", "overview", "完善工作机制,细化职责分工。", ","),
    ("C-25", "overview", "内容涉及关于第次会议政协提案的回复。", "第次会议"),
    ("C-25", "overview", "全年共主动公开信息条，质量良好。", "共主动公开信息条"),
    ("C-25", "overview", "召开县政府第届全体会议。", "第届"),
    ("C-25b", "overview", "公开行政许可12条、核准企业资质条、行政处罚3条。", "质条"),
    ("C-25b", "overview", "公开行政许可3件、行政强制件，均在期限内。", "制件"),
    ("C-25c", "overview", "发布各类服务材料609\n内容涉及政协提案的回复。", "609"),
    ("C-25c", "overview", "全年公布信息135。", "135"),
    (
        "C-26",
        "preamble",
        "本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、存在的主要问题及改进情况、其他需要报告的事项六部分组成。",
        "六部分",
    ),
    (
        "C-26",
        "preamble",
        "本报告分总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项等7个部分。",
        "7个部分",
    ),
    ("C-27", "overview", "一是抓学习。三是抓落实。", "三是"),
    ("C-27", "overview", "二是抓学习。三是抓落实。", "二是"),
    ("C-27", "overview", "一是抓学习。二是抓公开。二是抓落实。", "二是"),
    ("C-20e", "overview", "（五）督保障情况。开展培训。", "督保障"),
    ("C-20c", "overview", "我局局认真落实。", "我局局"),
    ("C-25", "overview", "召开会议次，开展培训2次。", "召开会议次"),
    ("C-25", "overview", "公开政府信息　　条，质量良好。", ""),
    ("C-14", "overview", "公开政府信息N条。", "N"),
    ("C-15", "preamble", "现将丙县丁局2023年政府信息公开工作年度报告公布如下。", "2023年"),
    ("C-17", "overview", "戊县己局高度重视政府信息公开工作。", "戊县己局"),
    ("C-17c", "overview", "我校公开信息12条。", "我校"),
    ("C-19c", "preamble", "本报告于2024年1月15日公布。", "2024年1月15日"),
    ("C-27", "overview", "我们一是抓学习；三是抓落实。", "三是"),
]


@pytest.mark.parametrize(
    ("code", "where", "text", "quoted"), FAULTY, ids=[f"{c} {t[:20]}" for c, _, t, _ in FAULTY]
)
def test_a_fault_is_found_at_its_words_and_nothing_else_is(
    code: str, where: str, text: str, quoted: str
) -> None:
    texts: dict[str, Any] = {where: text}
    report = a_report(**texts)
    (finding,) = found(report)
    assert finding.rule.code == code
    assert isinstance(finding.where, Span)
    assert finding.where.section == where
    assert finding.quoted
    assert finding.quoted in text
    assert not quoted or finding.quoted == quoted
    assert finding.message.endswith("。")


# --- parts left out


@pytest.mark.parametrize(
    ("key", "code", "severity"),
    [
        ("overview", "C-01", Severity.ERROR),
        ("problems", "C-10", Severity.ERROR),
        ("other_matters", "C-12", Severity.QUERY),
    ],
)
def test_an_empty_part_is_found_once_another_is_written(key: str, code: str, severity: Severity) -> None:
    (finding,) = found(a_report().with_section(key, " \n"))
    assert (finding.rule.code, finding.where, finding.severity) == (code, Whole(key), severity)


@pytest.mark.parametrize("text", ["无", "无。", "五、无", "没有。", "/", "（1）无。"])
def test_a_part_five_that_only_says_none_is_an_error(text: str) -> None:
    assert codes(a_report().with_section("problems", text)) == ["C-10"]


@pytest.mark.parametrize("text", ["更新不及时。", "加强培训。"])
def test_a_part_five_of_some_characters_is_too_short(text: str) -> None:
    assert codes(a_report().with_section("problems", text)) == ["C-10b"]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("一是信息更新不够及时，二是政策解读形式单一。", ("改进情况",)),
        ("开展专题培训，组织学习交流，推进标准化。", ("问题",)),
    ],
)
def test_part_five_has_problems_and_measures(text: str, missing: tuple[str, ...]) -> None:
    (finding,) = found(a_report().with_section("problems", text))
    assert (finding.rule.code, finding.values) == ("C-11", missing)


@pytest.mark.parametrize(
    "text",
    [
        "全年收取政府信息公开信息处理费3940元。",
        "2024年，无收取信息处理费情况。",
        "2024年，我县未向公众收取政府信息处理相关费用。",
        "未涉及依申请公开收费和行政事业性收费。",
        "县发展和改革局政府信息公开未发生收费情况。",
        "我局未收取政府信息公开费用，不存在减免费用。",
        "2024年度没有收费。",
    ],
)
def test_every_way_of_speaking_of_the_fee_is_accepted(text: str) -> None:
    report = a_report().with_section("other_matters", text).with_entries({"requests.received.total": 40})
    assert codes(report) == []


@pytest.mark.parametrize("text", ["无。", "无其他需要报告的事项。", "县人大建议办理满意率为100%。"])
def test_a_part_six_that_is_silent_about_the_fee_is_asked_about(text: str) -> None:
    assert codes(a_report().with_section("other_matters", text)) == ["C-12"]


def test_none_beside_fees_in_the_table_is_one_query_not_two() -> None:
    report = a_report().with_section("other_matters", "无。").with_entries({"proactive.fees.amount": 12})
    assert codes(report) == ["C-13"]


@pytest.mark.parametrize(
    ("left_out", "name"),
    [
        ("（二）依申请公开", "依申请公开"),
        ("（四）政府信息公开平台", "平台建设"),
        ("（五）监督保障", "监督保障"),
        ("（三）政府信息管理", "政府信息管理"),
    ],
)
def test_a_part_of_the_overview_that_is_left_out_is_named(left_out: str, name: str) -> None:
    text = "\n".join(line for line in OVERVIEW.split("\n") if not line.startswith(left_out))
    (finding,) = found(a_report().with_section("overview", text))
    assert (finding.rule.code, finding.where, finding.values) == ("C-04", Whole("overview"), (name,))
    assert name in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "（一）组织领导情况。成立领导小组。（二）主动公开和依申请公开情况。公开12条。（三）政府信息管理情况。规范流程。（四）政府信息公开平台建设和监督保障情况。维护网站。",
        "全年公开各类信息12条，未收到依申请公开，严格信息审核，办好门户网站，自觉接受社会监督。",
        "1.主动公开：发布动态信息32条。2.依申请公开：0件。3.信息管理：落实三审。4.平台载体建设：1个。5.监督管理：检查2次。",
    ],
)
def test_headings_in_another_order_and_running_text_are_accepted(text: str) -> None:
    assert "C-04" not in codes(a_report().with_section("overview", text))


def test_a_text_just_begun_lacks_nothing_yet() -> None:
    report = blank_report(FORM, 2024).with_section("overview", "2024年，我局主动公开政府信息12条。")
    assert "C-04" not in codes(report)


def test_a_report_of_the_old_form_is_not_asked_what_the_present_one_asks() -> None:
    findings = check(a_report(year=2020).with_section("overview", "公开信息12条。"), RULES)
    assert {"C-04", "C-12", "C-16"} <= {item.rule.code for item in findings.not_checked}
    assert {f.rule.code for f in findings.findings} <= {"C-15"}


@pytest.mark.parametrize(
    ("agency", "kind", "asked"),
    [
        ("丙县人民政府", AgencyKind.OTHER, True),
        ("丙县", AgencyKind.GOVERNMENT, True),
        ("丙县丁镇人民政府", AgencyKind.TOWNSHIP, True),
        ("丙县丁街道办事处", AgencyKind.TOWNSHIP, False),
        ("丙县人民政府办公室", AgencyKind.OTHER, False),
        ("丙县丁局", AgencyKind.DEPARTMENT, False),
    ],
)
def test_governments_have_to_report_evaluation_and_accountability(
    agency: str, kind: AgencyKind, asked: bool
) -> None:
    report = a_report(agency).with_fields(kind=kind)
    results = check(report, [rule for rule in RULES if rule.code == "C-05"])
    assert [finding.values for finding in results.findings] == ([("社会评议", "责任追究")] if asked else [])
    assert [item.reason for item in results.not_checked] == ([] if asked else ["只用于人民政府"])


# --- profiles


def asked(**values: Any) -> Given:
    return Given(
        profile=Profile("x", "某省", {k.replace("__", "."): Stated(v, "rule", "") for k, v in values.items()})
    )


def test_length_and_counts_are_asked_only_where_a_profile_states_them() -> None:
    assert codes(a_report(), asked(overview__max_chars=1000)) == []
    assert codes(a_report(), asked(overview__max_chars=50)) == ["C-06"]
    listed = "平台发布数、政策解读数、回应关切数；规章/规范性文件 制发 废止 现行有效；公报期数"
    assert set(codes(a_report(), asked(overview__must_state=listed))) == {"C-07", "C-08", "C-09"}
    assert codes(a_report(), asked(overview__must_state=["政策解读数"])) == []


def test_the_fee_is_compared_with_the_table_only_where_it_is_counted_there() -> None:
    report = a_report(other_matters="").with_section("other_matters", "全年收取信息处理费2,950元。")
    report = report.with_entries({"proactive.fees.amount": 0, "requests.received.total": 40})
    assert codes(report) == []
    given = asked(fee__includes_processing_fee="信息处理费是行政事业性收费")
    assert codes(report, given) == ["X-01"]
    assert codes(report.with_entries({"proactive.fees.amount": 1}), given) == []


@pytest.mark.parametrize(
    ("text", "notices", "yuan"),
    [
        ("2025年，发出收费通知5件，收取信息处理费300元。", 5, "300"),
        ("本年度依据国办函〔2020〕109号收取信息处理费0元，发出收费通知0件。", 0, "0"),
        ("2025年发出收费通知书，共3件，金额1,200元。", 3, None),
        ("发出收费通知的件数和总金额以及实际收取的总金额：0件，0元，0元。", 0, None),
        ("全年发出2份收费通知。", 2, None),
        ("根据《政府信息公开信息处理费管理办法》，本年受理申请30件，未收取信息处理费。", 0, "0"),
        ("我局未收取信息处理费，全年收到申请12件。", 0, "0"),
        ("本年度没有产生信息处理费，共办理申请8件。", 0, "0"),
        ("未发出收费通知，答复12件。", 0, "0"),
    ],
)
def test_the_fees_of_part_six_are_read_and_no_other_figure_beside_them(
    text: str, notices: int, yuan: str | None
) -> None:
    assert processing_fee(text) == (notices, None if yuan is None else Decimal(yuan))


@pytest.mark.parametrize("text", ["", "依申请公开15件。", "信息处理费：本年度办理依申请公开15件，均答复。"])
def test_of_fees_that_are_not_told_nothing_is_said(text: str) -> None:
    assert processing_fee(text) is None


# --- fields


@pytest.mark.parametrize(
    ("year", "today", "wrong"),
    [
        (2205, None, True),
        (2025, None, False),
        (1999, None, True),
        (2025, date(2026, 1, 5), False),
        (2026, date(2025, 12, 30), True),
        (2025, date(2025, 12, 30), False),
    ],
)
def test_a_year_that_cannot_be_is_an_error_at_its_field(year: int, today: date | None, wrong: bool) -> None:
    results = found(blank_report(FORM, year), Given(today=today))
    assert [(f.rule.code, f.where, f.severity) for f in results] == (
        [("C-15b", Field("year"), Severity.ERROR)] if wrong else []
    )


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2025年13月45日", "C-19b"),
        ("2025-02-30", "C-19b"),
        ("二〇二五年二月三十日", "C-19b"),
        ("2024年12月20日", "C-19c"),
        ("2024年1月15日", "C-19c"),
        ("2205年1月15日", "C-19c"),
        ("2025年1月15日", ""),
        ("二〇二五年一月十五日", ""),
        ("2025年1月", ""),
        ("", ""),
    ],
)
def test_the_day_of_signing_exists_and_comes_after_the_year(day: str, code: str) -> None:
    results = found(a_report().with_fields(date=day))
    assert [(f.rule.code, f.where) for f in results] == ([(code, Field("date"))] if code else [])


@pytest.mark.parametrize(
    ("signature", "is_wrong"),
    [
        ("丙县丁局", False),
        ("丙县丁局办公室", False),
        ("丁局", False),
        ("丙县戊局", True),
        ("戊县丁局", True),
        ("丙县人民政府", False),
        ("", False),
    ],
)
def test_another_agency_does_not_sign(signature: str, is_wrong: bool) -> None:
    results = found(a_report(agency="丙县丁局").with_fields(signature=signature))
    assert [f.where for f in results] == ([Field("signature")] if is_wrong else [])


@pytest.mark.parametrize(
    ("title", "is_whole"),
    [
        ("丙县丁局2024年政府信息公开工作年度报告", True),
        ("2024年丙县丁局政府信息公开工作年度报告", True),
        ("丙县丁局\n2024年度政府信息公开工作年度报告", True),
        ("丁局2024年政府信息公开工作年度报告", True),
        ("丙县丁局2024年政府信息公开年度报告", False),
        ("丙县丁局政府信息公开工作年度报告", False),
        ("2024年政府信息公开工作年度报告", False),
        ("丙县丁局2023年政府信息公开工作年度报告", False),
        ("戊县己局2024年政府信息公开工作年度报告", False),
    ],
)
def test_a_title_names_agency_year_and_report(title: str, is_whole: bool) -> None:
    results = found(a_report().with_fields(own_title=title))
    assert [(f.rule.code, f.where) for f in results] == ([] if is_whole else [("C-18", Field("own_title"))])


@pytest.mark.parametrize(
    ("agency", "title"),
    [
        ("临江市卫生健康委员会", "临江市卫健委关于2024年政府信息公开工作年度报告"),
        ("临江经济技术开发区管理委员会", "临江经开区管委会2024年政府信息公开工作年度报告"),
        ("青石镇人民政府", "云岭县青石镇2024年政府信息公开工作年度报告"),
        ("云岭县人民政府", "云岭县2024年政府信息公开工作年度报告"),
        ("国家统计局临江调查队", "国家统计局临江调查队二〇二四年政府信息公开工作年度报告"),
        ("东湖区白石街道办事处", "东湖区人民政府白石街道办事处2024年度政府信息公开工作年度报告"),
    ],
)
def test_an_agency_may_be_named_shorter_or_longer_in_the_title(agency: str, title: str) -> None:
    report = blank_report(FORM, 2024).with_fields(agency=agency, own_title=title)
    assert [finding.message for finding in found(report)] == []


def test_a_place_in_the_title_is_not_the_bureau_of_that_place() -> None:
    report = blank_report(FORM, 2024).with_fields(
        agency="云岭县发展和改革局", own_title="青石镇2024年政府信息公开工作年度报告"
    )
    assert codes(report) == ["C-18"]


def test_who_has_begun_with_part_one_is_not_told_of_the_others() -> None:
    begun = blank_report(FORM, 2024).with_section("overview", OVERVIEW)
    assert codes(begun) == []
    waiting = {one.rule.code for one in check(begun, RULES).not_checked if "还没有写" in one.reason}
    assert waiting == {"C-10", "C-12"}


@pytest.mark.parametrize("way", ["figures", "later part", "handed over"])
def test_a_part_that_is_blank_at_the_end_has_been_left_out(way: str) -> None:
    begun = blank_report(FORM, 2024).with_section("overview", OVERVIEW)
    if way == "figures":
        begun = begun.with_entries({cell.id: 0 for cell in FORM.cells.values() if not cell.is_total})
    if way == "later part":
        begun = begun.with_section("other_matters", OTHER)
    assert "C-10" in codes(begun, Given(complete=way == "handed over"))


def test_a_finished_report_without_agency_or_year_is_asked_for_them() -> None:
    assert [(f.rule.code, f.where) for f in found(a_report(agency=""))] == [("C-18", Field("agency"))]
    assert [(f.rule.code, f.where) for f in found(a_report(year=None))] == [("C-18", Field("year"))]


def test_prose_that_is_all_of_another_year_is_one_finding_at_the_year() -> None:
    older = [text.replace("2024", "2023") for text in (OVERVIEW, PROBLEMS, OTHER)]
    report = a_report().with_section("overview", f"{older[0]}\n2023年，我局组织培训2次。")
    report = report.with_section("problems", older[1]).with_section("other_matters", older[2])
    (finding,) = found(report)
    assert (finding.rule.code, finding.where) == ("C-15", Field("year"))
    assert [span.text(report)[span.start : span.end] for span in finding.spans] == ["2023年"] * 3


def test_the_words_of_a_township_are_not_those_of_a_bureau() -> None:
    report = a_report("丙县丁镇人民政府").with_fields(kind=AgencyKind.TOWNSHIP)
    assert {f.quoted for f in found(report) if f.rule.code == "C-17c"} == {"我局"}


@pytest.mark.parametrize(
    "agency",
    [
        "丙县卫生健康委员会（丙县疾病预防控制局）",
        "丙县公安局",
        "丙县发展和改革局",
        "丙县融媒体中心",
        "丙县人民医院",
    ],
)
def test_what_an_agency_may_call_itself_is_no_fault(agency: str) -> None:
    assert "C-17c" not in codes(a_report(agency))


def test_superiors_and_neighbours_in_other_roles_are_no_fault() -> None:
    text = (
        "2024年，县政府办公室认真组织培训。在丙县人民政府领导下，会同丙县统计局公开数据。"
        "向戊县学习经验。按照县委、县政府部署，落实省政府、市政府要求。"
    )
    assert codes(a_report(overview=text)) == []


@pytest.mark.parametrize(
    "written", ["1200元", "1,200元", "１２００元", "１，２００元", "0.12万元", "０．１２万元"]
)
def test_an_amount_of_the_fee_is_read_however_it_is_written(written: str) -> None:
    report = a_report(other_matters=f"全年收取信息处理费{written}。").with_entries(
        {"proactive.fees.amount": 0}
    )
    (finding,) = found(report, asked(**{"fee.includes_processing_fee": True}))
    assert (finding.rule.code, finding.quoted) == ("X-01", written)


def test_a_fee_notice_without_payment_wants_a_word_in_part_six() -> None:
    report = a_report().with_entries({"requests.handled.other.fee_not_paid.total": 2})
    (finding,) = found(report)
    assert (finding.rule.code, finding.severity) == ("T3-17", Severity.HINT)
    assert (
        codes(a_report(other_matters="发出收费通知2份，申请人逾期未缴纳。").with_entries(report.entries))
        == []
    )


def test_a_fee_that_others_paid_says_enough_of_one_who_did_not() -> None:
    entries = {"requests.handled.other.fee_not_paid.total": 2, "requests.received.total": 90}
    report = a_report().with_section("other_matters", "全年收取政府信息公开信息处理费3940元。")
    assert codes(report.with_entries(entries)) == []


def test_a_fee_for_few_requests_is_a_hint() -> None:
    report = a_report(other_matters="另收取信息处理费300元。").with_entries({"requests.received.total": 2})
    assert codes(report) == ["X-03"]
    assert codes(report.with_entries({"requests.received.total": 30})) == []


def test_half_width_marks_are_one_hint_a_text() -> None:
    (finding,) = found(a_report(overview="甲,乙,丙;丁。"))
    assert (finding.rule.code, finding.severity, finding.values) == ("C-24", Severity.HINT, ("3",))


def test_an_explanation_settles_a_finding_and_ends_with_its_words() -> None:
    report = a_report(overview="按照国办公开办函〔2019〕60号要求编制。")
    (finding,) = found(report)
    assert finding.address == "C-16@overview:国办公开办函〔2019〕60号"
    assert codes(report.with_section("overview", OVERVIEW)) == []


# --- years that stand where last year's report has them


def beside_last(now: str, then: str, *, last_year: int = 2023) -> list[Finding]:
    """What is found of years in a report of 2024 beside one of 2023; a text is put behind what stands there."""
    last = blank_report(FORM, last_year).with_fields(agency="丙县丁局").with_section("overview", then)
    report = a_report(overview=now).with_prior(Prior.of(last))
    return [f for f in check(report, RULES, None, NOTHING).findings if f.rule.code == "C-15"]


@pytest.mark.parametrize(
    ("now", "then", "clause"),
    [
        ("截至2023年底，现行有效文件17件。", "截至2023年底，现行有效文件16件。", "截至2023年底"),
        ("安排专人，2023年组织业务培训2次。", "安排专人，2023年组织业务培训1次。", "2023年组织业务培训2次"),
        (
            "我们在2023年全年更新专栏9期。",
            "另有一句。我们在2023年全年更新专栏 12 期。",
            "我们在2023年全年更新专栏9期",
        ),
        ("另，于2023年，共更新信息9条。", "另，于2023年，共更新信息8条。", "于2023年，共更新信息9条"),
    ],
)
def test_a_year_left_standing_in_last_years_clause_is_asked_about(now: str, then: str, clause: str) -> None:
    (finding,) = beside_last(now, then)
    report = a_report(overview=now)
    assert isinstance(finding.where, Span)
    assert finding.where.text(report)[finding.where.start : finding.where.end] == "2023年"
    assert finding.quoted == clause
    assert f"“{clause}”" in finding.message
    assert "去年同一句也是 2023 年" in finding.message
    assert finding.severity is Severity.QUERY


@pytest.mark.parametrize(
    "same",
    [
        "针对2023年存在的问题逐项改进。",
        "公开数量比2023年有所增长。",
        "较2023年增加12件。",
        "按照国办公开办函〔2023〕30号执行。",
        "落实《丙县2023年政务公开工作要点》。",
        "2023年12月，印发工作通知。",
        "网站自2023年以来稳定运行。",
        "执行《办法》（2023年修订）的规定。",
        "在2022—2023年两年间建成。",
        "上年（2023年）的情况照旧。",
        "2024年与2023年的做法相同。",
        "获2023年度先进单位称号。",
        "该中心成立于2023年。",
        "沿用2023年印发的审核制度。",
        "自2023年起实行季度自查。",
        "门户网站2023年改版上线。",
    ],
)
def test_a_year_that_means_last_year_stays_silent(same: str) -> None:
    assert beside_last(same, same) == []


def test_a_year_in_another_clause_than_last_years_stays_silent() -> None:
    assert beside_last("专栏里2023年的旧稿已经清理。", "截至2023年底，现行有效文件16件。") == []


def test_a_report_of_another_year_is_not_compared() -> None:
    text = "截至2023年底，现行有效文件16件。"
    assert beside_last(text, text, last_year=2022) == []
    assert beside_last(text, text) != []


def test_a_year_that_waits_to_be_looked_at_is_told_once() -> None:
    text = "截至2023年底，现行有效文件16件。"
    last = blank_report(FORM, 2023).with_section("overview", text)
    report = blank_report(FORM, 2024).with_section("overview", text).with_prior(Prior.of(last))
    waiting = report.with_prose_doubts("overview", to_revise(text))
    assert "C-15" in codes(report)
    assert "C-15" not in codes(waiting)


def test_each_clause_is_explained_for_itself() -> None:
    text = "截至2023年底，有文件16件。2023年组织培训2次。"
    first, second = beside_last(text, text)
    assert first.address != second.address


@pytest.mark.parametrize(
    ("text", "fee", "said"),
    [("其他事项详见门户网站。", 0, "没有提到信息处理费"), ("无。", 0, "只写了“无。”"), ("无。", 12, "")],
)
def test_six_is_told_for_what_it_says_of_the_fee_and_fees_with_nothing_said_by_another_rule(
    text: str, fee: int, said: str
) -> None:
    report = a_report().with_section("other_matters", text).with_entries({"proactive.fees.amount": fee})
    told = [finding.message for finding in found(report) if finding.rule.code == "C-12"]
    assert len(told) == bool(said)
    assert all(said in message for message in told)
