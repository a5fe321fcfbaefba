"""What must not become public is asked about where it stands; office numbers and ordinary words are not."""

from __future__ import annotations

import pytest

from gxeditor.core.checks.anchors import Span
from gxeditor.core.checks.check import check
from gxeditor.core.checks.rules import Group, Severity
from gxeditor.core.report import Report, blank_report
from gxeditor.resources import load_form, load_rules

FORM = load_form()
RULES = [rule for rule in load_rules(FORM) if rule.group is Group.DISCLOSURE]
ID = "110101199003077715"  # invented; its last sign fits GB 11643-1999
CARD = "6222020200112233446"  # invented; its last digit fits ISO/IEC 7812-1


def a_report(where: str, text: str) -> Report:
    report = blank_report(FORM, 2024)
    return report.with_fields(preamble=text) if where == "preamble" else report.with_section(where, text)


FOUND = [
    ("C-23a", "overview", f"申请人{ID}要求公开。", ID),
    ("C-23a", "preamble", f"联系人身份证号：{ID}。", ID),
    (
        "C-23a",
        "overview",
        "身份证号码１１０１０１１９９００３０７７７１５。",
        "１１０１０１１９９００３０７７７１５",
    ),
    ("C-23a", "overview", "身份证号110101900307771。", "110101900307771"),
    ("C-23a", "overview", "身份证号11010119900307123X。", "11010119900307123X"),
    ("C-23a", "overview", "证件号码110101900307771。", "110101900307771"),
    ("C-23b", "overview", "群众可拨打13800138000咨询。", "13800138000"),
    ("C-23b", "preamble", "联系电话：138-0013-8000。", "138-0013-8000"),
    ("C-23b", "other_matters", "手机138 0013 8000。", "138 0013 8000"),
    ("C-23b", "overview", "申请人（电话0375-5051111）来局查询。", "0375-5051111"),
    ("C-23c", "overview", "申请人张小三提出公开征地信息。", "申请人张小三"),
    ("C-23c", "overview", "申请人：王五，要求公开预算。", "申请人：王五"),
    ("C-23c", "overview", "李四申请公开征地批复。", "李四"),
    ("C-23c", "overview", "收到王大力提交的政府信息公开申请1件。", "收到王大力提交的"),
    ("C-23c", "overview", "市民赵小明向我局申请公开规划信息。", "市民赵小明"),
    ("C-23d", "other_matters", "缴费账号：6222020200112233445。", "6222020200112233445"),
    ("C-23d", "other_matters", f"请缴至{CARD}。", CARD),
    ("C-23d", "other_matters", "开户行账号1700 0201 0902 1234。", "1700 0201 0902 1234"),
    ("C-23e", "other_matters", "未收取信息处理费。\n【打印】【关闭窗口】", ""),
    ("C-23e", "overview", "浏览次数：1234", "浏览次数：1234"),
    ("C-23e", "overview", "字体：【大 中 小】", ""),
    ("C-23e", "overview", "<p>公开信息12条。", "<p>"),
    ("C-23e", "overview", "公开信息&nbsp;12条。", "&nbsp;"),
    ("C-23e", "other_matters", 'var title = "年报";', "var title ="),
    ("C-23e", "other_matters", "document.write(new Date());", "document.write"),
    ("C-23e", "overview", "新葡京博彩官网区人民政府办理申请2件。", ""),
    ("C-23e", "other_matters", "上一篇：某局年报", "上一篇："),
    ("C-23e", "overview", "公开��信息12条。", "��"),
]


@pytest.mark.parametrize(
    ("code", "where", "text", "quoted"), FOUND, ids=[f"{c} {t[:20]}" for c, _, t, _ in FOUND]
)
def test_what_must_not_become_public_is_asked_about(code: str, where: str, text: str, quoted: str) -> None:
    findings = check(a_report(where, text), RULES).findings
    assert {finding.rule.code for finding in findings} == {code}
    (first, *_) = findings
    assert isinstance(first.where, Span)
    assert first.severity is Severity.QUERY
    assert first.quoted in text
    assert not quoted or first.quoted == quoted


SILENT = [
    ("overview", "申请人张某某不服答复，申请人王某满意；市民李某某向我局申请公开规划信息。"),
    ("overview", "申请人可拨打电话0527-83605210咨询，群众可拨打0591-23165370反映。"),
    ("overview", "粉丝13912345678个，点击15812345678人次。"),
    ("overview", "网站提供字体大小、繁体版、无障碍、打印功能。"),
    ("overview", "访问量839294012345678901次，信用代码11410423005390456K。"),
    ("overview", "受理编号202400011234567，共12条。"),
    ("overview", "登记编号110101900307771，流水号11010119900307123X。"),
    ("overview", "网站访问8392940次，公众号推送20680批次，公开资金59237.2449万元。"),
    ("preamble", "如有疑问，请与办公室联系（地址：翔宇南道1号，邮编：223001，电话：0517-83605210）。"),
    ("preamble", "联系电话/传真：0591-23165370，电子邮箱：hazwgkc13800138000@163.com。"),
    ("overview", "公开咨询电话0375-5051111，开通12345热线。"),
    ("overview", "身份证号110101********7715已隐去，手机138****8000。"),
    ("overview", "着力强化与申请人的直接沟通，准确了解申请人诉求，申请人可以通过网站申请公开。"),
    ("overview", "申请人何时申请均予登记；申请人马上可以查询；申请人许可的除外；申请人张贴公告。"),
    ("overview", "收到林业方面的政府信息公开申请2件，收到陈年档案信息公开申请1件。"),
    ("overview", "收到李集村的政府信息公开申请1件，王家庄申请公开征地批复。"),
    ("overview", "全部为自然人申请，公民、法人申请公开政府信息3件。"),
    ("overview", "办理王庄村、李集镇信息公开申请4件。"),
    (
        "overview",
        "提供打印、复印设备，设置关闭提醒，附件可下载。福利彩票公益金、体育彩票公益金使用情况已公开。",
    ),
    ("overview", "微信公众号账号2个，政务新媒体账户95个。"),
    ("overview", "来源于网站的信息12条，责任编辑制度落实到位，发布时间及时。"),
    ("overview", "网站支持 HTML5 和 IPv6，a<b 时提示。"),
    ("overview", "点击量、浏览量稳步增长，访问次数8392940次。"),
    ("overview", "截至2024年12月31日，2024-12-31 12:00:00 汇总完成。"),
]


@pytest.mark.parametrize(("where", "text"), SILENT, ids=[text[:20] for _, text in SILENT])
def test_what_may_be_published_stays_silent(where: str, text: str) -> None:
    assert [finding.message for finding in check(a_report(where, text), RULES).findings] == []


def test_a_message_does_not_repeat_the_number_that_it_asks_about() -> None:
    (finding,) = check(a_report("overview", f"身份证号{ID}。"), RULES).findings
    assert ID not in finding.message
    assert "110************715" in finding.message
