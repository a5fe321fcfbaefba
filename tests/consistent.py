"""Reports that agree with themselves and with last year's: what no check may find an error or a query in.

Figures of the whole form: every equation holds, stocks go on, nothing changes more than twofold, no table is last
year's; prose that says nothing of a figure.
"""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Entry, Prior, Report, blank_report

_AGENCIES = (
    ("甲市人民政府", AgencyKind.GOVERNMENT, True),
    ("丙县人民政府", AgencyKind.GOVERNMENT, False),
    ("丙县丁局", AgencyKind.DEPARTMENT, False),
    ("甲市司法局", AgencyKind.DEPARTMENT, True),
    ("丙县丁镇人民政府", AgencyKind.TOWNSHIP, False),
    ("某某管理委员会", AgencyKind.OTHER, False),
)
_SENTENCES = (
    "全年围绕群众关心的事项及时公开信息，并随文发布解读材料",
    "按季度检查栏目更新情况，对不符合要求的逐一通知整改",
    "组织业务培训，邀请法律顾问讲解答复文书的制作要求",
    "在政务服务大厅设立查阅点，为老年人提供代查代打服务",
    "优化门户网站检索功能，合并内容重复的专栏",
    "建立信息发布三级审核制度，明确各科室保密审查责任人",
)
_LAST = (
    "本年度未收取信息处理费。",
    "本机关依申请公开未收取任何费用，没有其他需要报告的事项。",
    "未发出收费通知，未收取信息处理费。",
)


@st.composite
def consistent_reports(draw: st.DrawFn, form: Form) -> Report:
    """A complete report with last year's, its prose and its date."""
    agency, kind, has_rules = draw(st.sampled_from(_AGENCIES))
    last, now = _two_years(draw, form, has_rules)
    year = draw(st.integers(2022, 2040))
    order = draw(st.permutations(_SENTENCES))
    common = {"agency": agency, "kind": kind}
    before = blank_report(form, year - 1).with_fields(**common).with_entries(last)
    before = before.with_section("overview", "。".join(order[:3]) + "。")
    report = blank_report(form, year).with_fields(
        **common, date=f"{year + 1}年1月{draw(st.integers(1, 31))}日"
    )
    report = report.with_entries(now).with_section("overview", "。".join(order[3:]) + "。")
    report = report.with_section("other_matters", draw(st.sampled_from(_LAST)))
    return report.with_prior(Prior.of(before))


def _two_years(draw: st.DrawFn, form: Form, has_rules: bool) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """Entries of two years; none of a total, which shows what its details give, but for the totals of all outcomes."""
    last: dict[str, Entry] = {}
    now: dict[str, Entry] = {}

    def grow(cell: str, least: int = 0, most: int = 3) -> None:
        """A figure that stays 0 or grows by one at most."""
        then = draw(st.integers(least, most))
        last[cell], now[cell] = then, then + (1 if least else draw(st.integers(0, 1)) if then else 0)

    _table2(draw, last, now, has_rules)
    proactive, requests, disputes = form.tables
    for cell in proactive.cells:
        if cell.id.endswith(".decisions"):
            grow(cell.id, least=1, most=5000)
    for cell in disputes.cells:
        if not cell.is_total:
            grow(cell.id, least=1 if cell.id == "disputes.reconsideration.upheld" else 0)
    applicants = [column.key for column in requests.blocks[0].columns if not column.is_sum]
    outcomes = [r.key for r in requests.blocks[0].rows if r.key.startswith("handled.") and not r.is_sum]
    brought = 0
    for applicant in applicants:
        ids = [f"requests.{outcome}.{applicant}" for outcome in outcomes]
        for one in ids:
            if not one.endswith("fee_not_paid." + applicant):
                grow(one, least=1 if one == "requests.handled.granted.natural_person" else 0, most=2)
            else:
                last[one] = now[one] = 0
        brought = 0
        for entries in (last, now):
            total = sum(int(str(entries[one])) for one in ids)
            forward = draw(st.integers(0, 1)) if applicant == applicants[0] else 0
            entries[f"requests.carried_forward.{applicant}"] = forward
            entries[f"requests.brought_forward.{applicant}"] = brought
            entries[f"requests.received.{applicant}"] = total + forward - brought
            brought = forward
    return last, now


def _table2(draw: st.DrawFn, last: dict[str, Entry], now: dict[str, Entry], has_rules: bool) -> None:
    for row in ("government_rules", "normative_documents"):
        counts = st.integers(0, 9) if row == "normative_documents" or has_rules else st.just(0)
        stock = draw(counts) * 10 + draw(counts)
        for entries in (last, now):
            issued = draw(counts)
            repealed = draw(st.integers(0, min(9, stock + issued)))
            stock += issued - repealed
            entries[f"proactive.{row}.issued"] = issued
            entries[f"proactive.{row}.repealed"] = repealed
            entries[f"proactive.{row}.in_force"] = stock
    fee = draw(st.integers(0, 4_900_000))  # whole amounts of ten million yuan are asked about
    last["proactive.fees.amount"] = Decimal(fee).scaleb(-4)
    now["proactive.fees.amount"] = Decimal(fee * 2).scaleb(-4) if fee % 2 else last["proactive.fees.amount"]
