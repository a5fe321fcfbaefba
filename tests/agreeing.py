"""Whole reports that are right: what no rule may raise anything on, whatever the house style.

Sentences are written after published reports of counties, bureaus, towns, sub-districts, cities, management committees
and institutions; the figures they state are those of the tables. Last year's report goes before each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Entry, Prior, Report, blank_report

GOV, DEP, TOWN, OTHER = AgencyKind.GOVERNMENT, AgencyKind.DEPARTMENT, AgencyKind.TOWNSHIP, AgencyKind.OTHER


class Office(NamedTuple):
    """Who reports: its names, its place, whom it obeys, where it is found."""

    agency: str
    me: str
    place: str
    above: str
    kind: AgencyKind
    year: int
    said: str = "{Y}年1月20日"


OFFICES = (
    Office("云岭县人民政府", "我县", "云岭县", "省、市", GOV, 2023),
    Office("云岭县发展和改革局", "我局", "云岭县", "县委、县政府", DEP, 2023),
    Office("临江市人民政府", "我市", "临江市", "省委、省政府", GOV, 2024),
    Office("临江市卫生健康委员会", "市卫健委", "临江市", "市委、市政府", DEP, 2024),
    Office("青石镇人民政府", "我镇", "青石镇", "县委、县政府", TOWN, 2022),
    Office("东湖区白石街道办事处", "街道", "白石街道", "区委、区政府", TOWN, 2022),
    Office("临江经济技术开发区管理委员会", "管委会", "开发区", "市委、市政府", OTHER, 2023),
    Office("南溪县公安局", "县公安局", "南溪县", "县委、县政府", DEP, 2021),
    Office("南溪县教育和体育局", "本机关", "南溪县", "县委、县政府", DEP, 2025),
    Office("东湖区人民政府", "我区", "东湖区", "市委、市政府", GOV, 2022),
    Office("东湖区人民政府办公室", "我办", "东湖区", "区委、区政府", DEP, 2025),
    Office("临江市市场监督管理局", "市局", "临江市", "市委、市政府", DEP, 2023),
    Office("临江市生态环境局云岭分局", "我分局", "云岭县", "市局和县委、县政府", DEP, 2024),
    Office("云岭县大坪乡人民政府", "我乡", "大坪乡", "县委、县政府", TOWN, 2024),
    Office("临江市住房公积金管理中心", "本单位", "临江市", "市委、市政府", OTHER, 2024),
    Office("国家统计局临江调查队", "临江调查队", "临江市", "国家统计局", OTHER, 2022),
    Office("云岭县自然资源和规划局", "县自然资源和规划局", "云岭县", "县委、县政府", DEP, 2022),
    Office("东湖区审计局", "区审计局", "东湖区", "区委、区政府", DEP, 2021),
    Office("南溪县人民政府", "全县", "南溪县", "省、市", GOV, 2025),
    Office("临江市烟草专卖局", "我局", "临江市", "市委、市政府", OTHER, 2023),
    Office("临江市财政局", "我局", "临江市", "市委、市政府", DEP, 2022),
    Office("云岭县税务局", "本局", "云岭县", "县委、县政府", DEP, 2023),
    Office("东湖区城市管理局", "我局", "东湖区", "区委、区政府", DEP, 2024),
    Office("北山新区管理委员会", "新区", "北山新区", "市委、市政府", OTHER, 2021),
    Office("南溪县城关镇人民政府", "镇政府", "城关镇", "县委、县政府", TOWN, 2023),
    Office("临江市司法局", "我局", "临江市", "市委、市政府", DEP, 2025),
    Office("云岭县水利局", "县水利局", "云岭县", "县委、县政府", DEP, 2024),
    Office("东湖区人力资源和社会保障局", "区人社局", "东湖区", "区委、区政府", DEP, 2023),
    Office("南溪县气象局", "我局", "南溪县", "县委、县政府", OTHER, 2024),
    Office("临江市交通运输局", "市交通运输局", "临江市", "市委、市政府", DEP, 2025),
    Office("云岭县医疗保障局", "我局", "云岭县", "县委、县政府", DEP, 2022),
    Office("临江市江北区人民政府", "全区", "江北区", "市委、市政府", GOV, 2024),
    Office("南溪县行政审批局", "我局", "南溪县", "县委、县政府", DEP, 2024),
    Office("云岭县柳林镇人民政府", "柳林镇", "柳林镇", "县委、县政府", TOWN, 2025),
    Office("临江市消防救援支队", "支队", "临江市", "市委、市政府", OTHER, 2025),
    Office("东湖区农业农村局", "我局", "东湖区", "区委、区政府", DEP, 2022),
)

# Figures: 新收 by 自然人 and 商业企业 and 其他, 结转 in and out, outcomes, disputes; 行政规范性文件; decisions; fee.


class Year(NamedTuple):
    """A year's figures of 表二 to 表四; the totals follow."""

    received: tuple[int, int, int]
    brought: int
    forward: int
    denied: int
    unable: int
    refused: int
    other: int
    partly: int
    disputes: tuple[int, int, int, int]
    documents: tuple[int, int, int]
    rules: tuple[int, int, int]
    decisions: tuple[int, int, int]
    fee: str


_ZERO = Year((0, 0, 0), 0, 0, 0, 0, 0, 0, 0, (0, 0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0), "0")
PAIRS = (
    (
        Year(
            (58, 6, 1),
            2,
            3,
            6,
            14,
            2,
            3,
            9,
            (3, 1, 0, 1),
            (12, 4, 86),
            (0, 0, 0),
            (1203, 214, 18),
            "356.2014",
        ),
        Year(
            (66, 5, 2), 3, 2, 7, 16, 2, 4, 10, (4, 1, 1, 0), (10, 6, 90), (0, 0, 0), (1318, 236, 21), "401.33"
        ),
    ),
    (
        Year((9, 1, 0), 0, 0, 1, 3, 0, 1, 2, (0, 0, 0, 0), (2, 0, 11), (0, 0, 0), (46, 0, 0), "0"),
        Year((12, 1, 0), 0, 0, 1, 4, 0, 1, 2, (0, 0, 0, 0), (3, 1, 13), (0, 0, 0), (51, 0, 0), "0"),
    ),
    (_ZERO, _ZERO._replace(documents=(1, 0, 1))),
    (
        Year(
            (803, 52, 9),
            22,
            31,
            61,
            262,
            40,
            55,
            88,
            (31, 6, 9, 8),
            (22, 9, 470),
            (2, 1, 38),
            (9021, 3310, 402),
            "20331.7",
        ),
        Year(
            (871, 60, 11),
            31,
            26,
            70,
            281,
            44,
            58,
            92,
            (28, 5, 11, 7),
            (19, 12, 477),
            (1, 0, 39),
            (9544, 3602, 377),
            "21045.093",
        ),
    ),
    (
        Year((1, 0, 0), 0, 0, 0, 1, 0, 0, 0, (0, 0, 0, 0), (0, 0, 0), (0, 0, 0), (15, 9, 0), "0"),
        Year((2, 0, 0), 0, 0, 0, 1, 0, 0, 0, (0, 0, 0, 0), (0, 0, 0), (0, 0, 0), (19, 8, 0), "0"),
    ),
    (
        Year((24, 2, 0), 1, 1, 2, 8, 1, 1, 3, (1, 0, 0, 1), (5, 2, 30), (0, 0, 0), (820, 96, 3), "12.5"),
        Year((28, 2, 0), 1, 2, 3, 9, 1, 1, 4, (2, 0, 0, 0), (6, 0, 36), (0, 0, 0), (844, 101, 3), "13.8"),
    ),
)


def _entries(y: Year) -> dict[str, Entry]:
    """Every cell that is no sum. 自然人 have what the others have not; the others are all granted."""
    out: dict[str, Entry] = {}
    natural, company, other = y.received
    columns = (
        "natural_person",
        "company",
        "research",
        "public_interest",
        "legal_service",
        "other_organization",
    )
    rows = {
        "received": (natural, company, other),
        "brought_forward": (y.brought, 0, 0),
        "carried_forward": (y.forward, 0, 0),
        "handled.partially_granted": (y.partly, 0, 0),
        "handled.denied.internal_affairs": (y.denied // 3, 0, 0),
        "handled.denied.process_information": (y.denied - y.denied // 3, 0, 0),
        "handled.unable_to_provide.not_held": (y.unable, 0, 0),
        "handled.not_handled.petition": (y.refused, 0, 0),
        "handled.other.not_corrected": (y.other - y.other // 2, 0, 0),
        "handled.other.other_reasons": (y.other // 2, 0, 0),
    }
    spent = y.partly + y.denied + y.unable + y.refused + y.other
    rows["handled.granted"] = (natural + y.brought - y.forward - spent, company, other)
    for row in _ROWS:
        a, b, c = rows.get(row, (0, 0, 0))
        for column, n in zip(columns, (a, b, 0, 0, 0, c), strict=True):
            out[f"requests.{row}.{column}"] = n
    for name, (issued, repealed, force) in (
        ("government_rules", y.rules),
        ("normative_documents", y.documents),
    ):
        out |= {
            f"proactive.{name}.issued": issued,
            f"proactive.{name}.repealed": repealed,
            f"proactive.{name}.in_force": force,
        }
    for name, n in zip(("licensing", "penalties", "compulsion"), y.decisions, strict=True):
        out[f"proactive.{name}.decisions"] = n
    out["proactive.fees.amount"] = Decimal(y.fee)
    upheld, corrected, rest, pending = y.disputes
    for group in ("reconsideration", "direct_suit", "suit_after_reconsideration"):
        first = group == "reconsideration"
        share = (
            (upheld, corrected, rest, pending)
            if first
            else (upheld // 3, 0, 0, 0)
            if group != "direct_suit"
            else (0,) * 4
        )
        for part, n in zip(("upheld", "corrected", "other", "pending"), share, strict=True):
            out[f"disputes.{group}.{part}"] = n
    return out


_ROWS = (
    "received",
    "brought_forward",
    "handled.granted",
    "handled.partially_granted",
    "handled.denied.state_secret",
    "handled.denied.prohibited_by_law",
    "handled.denied.security_and_stability",
    "handled.denied.third_party_rights",
    "handled.denied.internal_affairs",
    "handled.denied.process_information",
    "handled.denied.enforcement_files",
    "handled.denied.administrative_inquiry",
    "handled.unable_to_provide.not_held",
    "handled.unable_to_provide.to_be_created",
    "handled.unable_to_provide.still_unclear",
    "handled.not_handled.petition",
    "handled.not_handled.duplicate",
    "handled.not_handled.publication",
    "handled.not_handled.excessive",
    "handled.not_handled.reconfirmation",
    "handled.other.not_corrected",
    "handled.other.fee_not_paid",
    "handled.other.other_reasons",
    "carried_forward",
)

PREAMBLES = (
    "根据《中华人民共和国政府信息公开条例》（以下简称《条例》）、《国务院办公厅政府信息与政务公开办公室关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》（国办公开办函〔2021〕30号）要求，由{A}编制本报告。本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项等六个部分组成。本报告所列数据的统计期限自{Y}年1月1日起至{Y}年12月31日止。如对本报告有疑问，请与{A}联系（地址：{place}解放路118号，邮编：223600，电话：0527-83593059）。",
    "依据《中华人民共和国政府信息公开条例》第五十条规定，编制本报告。",
    "",
    "本报告是根据《中华人民共和国政府信息公开条例》（以下简称《条例》）要求，结合{place}实际，主要从总体情况，主动公开政府信息情况，收到和处理政府信息公开申请情况，政府信息公开行政复议、行政诉讼情况，存在的主要问题及改进情况及其他需要报告的事项等六个方面汇报{Y}年政府信息公开工作。",
    "按照《中华人民共和国政府信息公开条例》（国务院令第711号）有关规定，现公布{A}{Y}年政府信息公开工作年度报告。全文包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项。报告中所列数据的统计期限从{Y}年1月1日至12月31日。本报告电子版可在{place}人民政府门户网站（http://www.example.gov.cn/zwgk/gknb/）下载，联系电话（传真）：（0591）23165370，电子邮箱：zwgk@example.gov.cn。",
    "现将{A}{Y}年度政府信息公开工作报告如下，数据统计时间为{Y}.1.1—{Y}.12.31。",
    "本年报依据新修订的《条例》和省政府办公厅《关于做好{Y}年政府信息公开工作年度报告编制和发布工作的通知》编制，统计期限为{Y}年1月1日—{Y}年12月31日，公众可登录{place}政府网站“政府信息公开年报”专栏查阅。联系单位：{A}办公室，联系电话：0731-84227788。",
    "为全面、准确反映{A}{Y}年度政府信息公开工作情况，依照《中华人民共和国政府信息公开条例》（中华人民共和国国务院令第711号，2019年5月15日起施行）第四十九条、第五十条的规定，制作本报告并向社会公布。报告内容分为六部分：一、总体情况；二、主动公开政府信息情况；三、收到和处理政府信息公开申请情况；四、政府信息公开行政复议、行政诉讼情况；五、存在的主要问题及改进情况；六、其他需要报告的事项。",
    "本报告依据国办公开办函〔2021〕30号文件规定的格式编制，所列数据统计期限自{Y}年1月1日至{Y}年12月31日。",
    "{A}现向社会公布{Y}年政府信息公开工作年度报告。本报告由{A}编制。报告中所列数据的统计期限为{Y}年1月1日起，至{Y}年12月31日止。欢迎公众查阅，地址：{place}人民路2号3楼302室；工作时间：周一至周五9：00—12：00，13：30—17：30；电话：0591—23165370转8012；传真23165371。",
    "按照《政府信息公开条例》和上级关于编制{Y}年度政府信息公开年报的通知要求，编制了{Y}年度政府信息公开工作年度报告，现予公布。数据截至{Y}年12月31日。",
    "根据《中华人民共和国政府信息公开条例》（2007年4月5日中华人民共和国国务院令第492号公布，2019年4月3日中华人民共和国国务院令第711号修订）的规定，特向社会公布本报告。如有疑问，请联系{A}（邮编100044；电话68351234；E-mail：xxgk@example.gov.cn）。",
    "本年度报告中所列数据，除注明外，统计期限为{Y}年1月1日至12月31日，统计范围为{A}本级。需要查询往年（2008年以来）年报的，可登录https://www.example.gov.cn/col/col1229/index.html?id=20240131。",
)

GENERAL = (
    "{Y}年，{A}坚持以习近平新时代中国特色社会主义思想为指导，全面贯彻落实党的二十大精神，严格执行《中华人民共和国政府信息公开条例》，按照{above}关于政务公开工作的部署，扎实推进各项工作。",
    "{Y}年，在{above}的正确领导下，{me}深入贯彻《条例》，以公开促落实、促规范、促服务，政府信息公开工作取得新成效。",
    "今年以来，{me}认真落实国务院办公厅和{above}有关要求，紧扣“十四五”规划目标任务，不断深化政府信息公开。",
    "",
    "{Y}年，{me}对照《{Y}年政务公开工作要点》，细化分解5大类21项任务，逐项明确责任科室和完成时限。",
    "{Y}年，{me}全面学习贯彻党的二十大和二十届二中、三中全会精神，认真落实《国务院办公厅关于印发2019年政务公开工作要点的通知》《关于全面推进政务公开工作的意见》等文件，按照《国务院办公厅关于全面推进基层政务公开标准化规范化工作的指导意见》（国办发〔2019〕54号）要求，持续推进基层政务公开。",
    "{Y}年是实施“十四五”规划的重要一年。{me}认真贯彻国务院办公厅和{above}决策部署，坚持“公开为常态、不公开为例外”，做到应公开尽公开。",
    "一年来，{A}紧紧围绕中心工作，服务大局、服务群众，扎扎实实做好政府信息公开，工作水平稳步提升。",
    "{A}高度重视政府信息公开工作，主要领导亲自抓、分管领导具体抓、办公室牵头抓，形成一级抓一级、层层抓落实的工作格局。现将有关情况报告如下：",
    "自2008年5月1日《条例》施行以来，{me}坚持把政府信息公开作为建设法治政府的重要举措。{Y}年，根据{Y}年省、市政务公开工作要点，{me}制定实施方案，推动各项任务落地见效。",
    "{Y}年度，{me}政府信息公开工作在{above}坚强领导下，以数字赋能改革，以公开促进规范，较好完成了全年目标任务。具体情况如下。",
)

HEADS = (
    (
        "（一）主动公开情况。",
        "（二）依申请公开情况。",
        "（三）政府信息管理情况。",
        "（四）政府信息公开平台建设情况。",
        "（五）监督保障情况。",
    ),
    (
        "（一）主动公开\n",
        "（二）依申请公开\n",
        "（三）政府信息管理\n",
        "（四）政府信息公开平台建设\n",
        "（五）监督保障\n",
    ),
    (
        "(一)政府信息主动公开情况。",
        "(二)政府信息依申请公开情况。",
        "(三)政府信息管理情况。",
        "(四)平台建设情况。",
        "(五)监督保障机制。",
    ),
    (
        "1.主动公开方面。",
        "2.依申请公开方面。",
        "3.政府信息管理方面。",
        "4.平台建设方面。",
        "5.监督保障方面。",
    ),
    (
        "一是主动公开持续深化。",
        "二是依申请公开规范有序。",
        "三是政府信息管理不断加强。",
        "四是平台建设日益完善。",
        "五是监督保障更加有力。",
    ),
    (
        "（一）主动公开方面：",
        "（二）依申请公开方面：",
        "（三）政府信息管理方面：",
        "（四）政府信息公开平台建设方面：",
        "（五）监督保障方面：",
    ),
)

ACTIVE = (
    "全年通过政府网站主动公开政府信息1362条，其中政策文件86条、政策解读41条、财政信息35条、重点领域信息1200条；通过政务新媒体发布信息2,105条，总阅读量12.6万人次。",
    "{Y}年共发布各类信息249条，其中：行政公文和政策解读信息9条；机构设置和人事任免信息7条；重点工作39条；财政预决算信息6条；信息公开年度报告1条；政府信息公开指南1条；网站动态信息185条；制度1条。",
    "依托门户网站、微信公众号、政务公开栏等渠道，及时公开涉及群众切身利益的信息。全年更新微信公众号文章180余篇，召开新闻发布会12场，在线访谈6期，回复网民留言96条。",
    "严格落实重点领域信息公开目录，集中公开“双随机、一公开”监管、惠农补贴、乡村振兴等信息近300条，制作图解18幅、短视频4个。",
    "聚焦财政预决算、行政许可、行政处罚等重点领域，做好信息公开，及时公示行政许可类信息322条、行政处罚类信息45条。围绕“高效办成一件事”、“互联网+政务服务”等改革，编制发布办事指南。",
    "{me}主动公开政府信息110条，较上年增加10条，增长10%。其中机构职能类12条，政策法规类8条，规划计划类3条，统计信息类22条，业务动态类65条。",
    "截至{Y}年12月31日，通过政府门户网站公开信息4572条，访问量8392940次；“{place}发布”公众号关注人数38,421人，推送信息1,286条。发布《{L}年政府信息公开工作年度报告》1份。",
    "{Y}年1月至12月，累计公开文件类信息31条、财政信息14条、人事信息5条，合计50条。公开{X}年部门预算1份和{L}年部门决算1份。",
    "全年公开各类信息60余条，其中公示公告20条、工作动态30条、政策文件10条等。办理市长信箱来信7件，12345热线转办件321件，办结率100%，满意率99.07%。",
    "认真落实“五公开”要求，推进决策、执行、管理、服务、结果全过程公开。重大行政决策事项公开征求意见5次，收到意见建议23条，采纳9条。",
    "推进政策解读，按照“谁起草、谁解读”原则，发布解读材料26篇，其中图文解读15篇、视频解读6篇、负责人解读5篇；政策解读率100%。",
    "及时公开《{place}国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要》《{place}{L}年国民经济和社会发展统计公报》等重要文件。",
    "发布“六稳”“六保”、减税降费、疫情防控等信息，第一时间回应群众关心的问题。全年召开新闻发布会（通气会）四次，一把手走流程活动两场，政府开放日活动3场，邀请企业代表、群众代表200多人次参加。",
    "落实《中华人民共和国行政许可法》和“双公示”制度，行政许可和行政处罚信息自作出决定之日起7个工作日内上网公示，公示率、及时率均为100%。",
    "主动公开基层政务公开标准目录26个试点领域的信息；公开权责清单（2023年版）、行政事业性收费目录清单、政府定价的经营服务性收费目录清单。",
    "通过门户网站发布信息：1月12条，2月9条，3月15条，4月14条，全年各月均有更新。建议提案办理复文公开14件（建议8件、提案6件）。",
    "更新机构职能、领导信息、内设机构信息各1次；公开行政规范性文件的制定依据、政策问答（Q&A）、一图读懂等解读材料，做到解读关联率100%。",
    "公开政府采购信息37项、工程建设项目信息21项，金额总计1,362.55万元；公开乡村振兴衔接资金信息3期，资金2.3亿元。",
)
REQUESTS = (
    ("", "{Y}年，{me}共收到政府信息公开申请{N}件，上年结转{B}件，办结{T}件，结转下年度继续办理{C}件。"),
    (
        "",
        "{Y}年新收到政府信息公开申请{N}件，其中自然人申请{Nn}件，法人或其他组织申请{No}件。予以公开{G}件，部分公开{P}件，不予公开{D}件，无法提供{U}件，不予处理{H}件，其他处理{O}件。",
    ),
    ("N", "全年共受理政府信息公开申请{N}件，比上年{rise}。所有申请均依法答复。"),
    ("0", "{Y}年度{me}未收到政府信息公开申请，也没有因政府信息公开引发的行政复议、行政诉讼。"),
    ("C0", "共收到依申请公开{N}件，均在法定期限内办结，答复率100%。"),
    ("0", "全年未收到依申请公开事项，零申请、零复议、零诉讼。"),
    (
        "",
        "持续完善申请受理、审核、答复、归档流程，依法保障公民、法人和其他组织获取政府信息的权利。全年收到申请{N}件。",
    ),
    (
        "N",
        "{Y}年，收到依申请公开政府信息{N}件（{L}年为{LN}件），办结{T}件，办结的申请中予以公开及部分公开{GP}件。",
    ),
    ("FY", "因政府信息公开引起的行政复议{FY}件、行政诉讼{SS}件。全年新收申请{N}件。"),
    ("FY0", "本年度收到申请{N}件，未发生因政府信息公开申请引起的行政复议和行政诉讼。"),
    ("", "全年收到申请{N}件，均未收取任何费用。"),
    (
        "",
        "{Y}年，{me}新收政府信息公开申请{N}件，其中网上申请与信函申请均有，均按规定登记。上年结转{B}件，本年办结{T}件，{C}件结转至{X}年继续办理。",
    ),
    ("N", "{Y}年{me}共收到依申请公开申请{N}件，与{L}年的{LN}件相比{rise}。"),
    (
        "",
        "全年收政府信息公开申请{N}件，结转上年度政府信息公开申请{B}件，本年度办结{T}件，剩余{C}件结转下年度办理。",
    ),
    ("0", "{Y}年，未接到信息公开申请，不存在上年结转和结转下年度办理的情况，不存在收费情况。"),
    ("0", "我单位{Y}年没有收到公民、法人或者其他组织提出的政府信息公开申请。"),
    ("FY", "{Y}年，政府信息公开行政复议{FY}件，政府信息公开行政诉讼{SS}件。"),
    ("FY0", "收到信息公开申请{N}件，无行政复议、行政诉讼案件。"),
    (
        "",
        "不断规范依申请公开工作流程，依托政府信息公开申请办理平台，对收到的申请及时登记、统一编号、分类处理，由业务科室提出意见，经法制审核后答复。",
    ),
    (
        "N",
        "{Y}年，受理信息公开申请{N}件，均为书面形式。申请内容主要涉及征地拆迁、补偿安置、城乡规划、社会保障等方面。",
    ),
    (
        "",
        "进一步畅通信函、网络、当面提交等申请渠道，严格按照《条例》第三十三条规定的20个工作日期限答复；需要延长的，经负责人同意并告知申请人，延长的期限最长不超过20个工作日。{Y}年收到申请{N}件。",
    ),
    (
        "",
        "本年新收政府信息公开申请数量{N}件，上年结转政府信息公开申请数量{B}件，办理结果总计{T}件，结转下年度继续办理{C}件。",
    ),
)
MANAGE = (
    "严格执行信息发布“三审三校”制度，规范政府信息制作、获取、保存、处理等环节，落实先审查、后公开要求。全年制发行政规范性文件{gi}件，废止{gr}件，现行有效{gs}件。",
    "按照“谁制作、谁公开、谁负责”的原则，动态调整主动公开基本目录，对历年规范性文件开展清理。截至{Y}年底，现行有效的行政规范性文件{gs}件。",
    "健全政府信息公开属性源头认定机制，公文拟制时同步确定主动公开、依申请公开、不予公开等属性，不予公开的依法依规说明理由。",
    "依据《条例》第十五条“涉及商业秘密、个人隐私等公开会对第三方合法权益造成损害的政府信息，行政机关不得公开”的规定，加强发布前审查，全年未发生失泄密事件。",
    "落实信息发布审核制度，完善《{place}政务信息发布管理办法（试行）》，做到一事一审、全面审查，确保不发生泄密问题。",
    "严格执行《中华人民共和国保守国家秘密法》《中华人民共和国个人信息保护法》，对拟公开的信息逐条审核，做到上网不涉密、涉密不上网。",
    "{Y}年，{me}制发行政规范性文件{gi}件，废止行政规范性文件{gr}件；所有规范性文件均按规定报备。",
    "根据《国务院办公厅关于印发〈公共企事业单位信息公开规定制定办法〉的通知》（国办发〔2020〕50号），指导供水、供电、供气、公交等公共企事业单位公开信息。",
    "按照国务院办公厅政府信息与政务公开办公室《关于规范政府信息公开平台有关事项的通知》（国办公开办函〔2019〕61号），统一栏目名称，规范信息展示格式。",
    "修订完善《{A}政府信息公开指南》《{A}政府信息公开目录》，对2010年以来的文件进行梳理，移交档案馆、图书馆文件各一批。",
    "坚持日常巡查与重点检查相结合，每日读网、每周通报、每月小结，发现错敏词、错链、断链等问题即查即改，整改率100%。",
    "加强政府信息管理，政府信息公开前依照《中华人民共和国保守国家秘密法》以及其他法律、法规和国家有关规定进行审查，公文类信息按“先审后发”的原则发布。",
)
PLATFORM = (
    "加强门户网站栏目维护，新增“优化营商环境”“稳就业”等专栏3个，在政务服务中心设立政务公开专区1个，配备查询设备2台。",
    "目前共有政务新媒体14个（微信公众号8个、新浪微博2个、抖音1个、今日头条3个），均已备案，统一管理。",
    "推进网站适老化和无障碍改造，完成IPv6升级，支持PC端、移动端同步浏览；App和小程序合并为1个入口，访问量839.29万次。",
    "充分发挥政府网站第一平台作用，规范政府信息公开专栏设置，做好政策文件库建设，编发政府公报6期，赠阅1.2万册。",
    "利用微信公众号“{place}发布”、村（社区）公开栏、村村响广播等载体，方便群众就近获取信息。",
    "做优政府网站。网站通过国务院办公厅第三季度检查，抽查合格率100%。全年网站总访问量102.5万次，独立用户访问量35.1万个，信息更新总量5,327条。",
    "规范政务新媒体。关停“僵尸”账号2个，保留微信公众号1个、微博1个，全年发布微信1,286条、微博842条。",
    "完善政务公开专区建设，在市、县、乡三级政务服务大厅设置专区，提供政府公报查阅、信息查询、政策咨询、办事引导等服务。",
    "建设“政企直通车”“惠企政策兑现”平台，归集政策文件，推行“免申即享”，实现政策一站式查询、一键式申报。",
    "{place}人民政府网（www.example.gov.cn）、“{place}发布”微信公众号是{me}信息公开的主要平台，开设专题专栏12个，其中新增2个、撤并3个。",
    "2021年建成的政务公开体验区运行良好，{Y}年接待群众1.3万人次。统筹推进网站集约化建设，做好IPv6支持度提升和https改造。",
)
GUARD = (
    "成立由主要负责人任组长的工作领导小组，配备专职人员1名、兼职人员3名，全年组织业务培训2次，参训65人次。",
    "将政府信息公开纳入年度绩效考核，占分4%；定期开展自查，发现并整改问题17个。未发生责任追究情形。",
    "主动接受社会监督，公布监督电话0527-12345，开展社会评议1次，回收问卷312份，满意率98.7%。",
    "召开政务公开工作推进会2次，举办专题培训班3期，邀请专家授课，切实提高工作人员能力水平。{Y}年没有发生追责情况。",
    "调整充实领导小组，明确1名领导分管、1个科室牵头、2名专人负责。于{Y}年3月15日、9月20日组织2次培训。{Y}年未发生因信息公开被问责情形。",
    "完善考核评估机制，把政务公开工作纳入年度目标考核，{Y}年度考核结果为优秀。自觉接受人大、政协、社会各界和新闻媒体监督。无社会评议、责任追究情况。",
    "{Y}年4月，{me}召开专题会议学习《条例》；7月，组织参加市级培训；11月，开展专项检查，下发整改通知3份。",
    "督促各股室严格落实工作责任制，对信息发布不及时、不准确、不规范的予以通报。全年通报4次，约谈0人次，责任追究0人次。",
)
GOVERNMENT_GUARD = (
    "将政务公开纳入政府绩效考核，分值权重占4%，按季度通报考核结果；组织开展社会评议，群众满意度98.2%；{Y}年未发生需要责任追究的情形。",
    "强化监督考核，对12个乡镇、28个部门开展年度考核，评定优秀单位8个；委托第三方机构开展社会评议；对工作不力的单位进行约谈，全年无责任追究情况。",
    "（1）工作考核：把政府信息公开纳入绩效考核指标体系，所占分值4%。（2）社会评议：开展问卷调查，社会评议满意率97.5%。（3）责任追究：{Y}年无因违反《条例》被追究责任的情况。",
    "{Y}年，将政务公开纳入综合考核。全年开展社会评议活动1次，结果良好。未发生需追究责任的情况，责任追究结果为零。",
)
PROBLEMS = (
    "{Y}年，{me}政府信息公开工作取得一定成效，但还存在一些问题：一是政策解读形式不够丰富，以文字解读为主；二是信息公开工作人员变动较频繁，业务能力有待提高。\n下一步，{me}将从以下两个方面改进：一是丰富解读形式，采用图解、视频、问答等方式开展解读；二是加强业务培训，{X}年计划举办培训2次，提升队伍素质。",
    "（一）存在的主要问题\n1.主动公开的深度和广度还需拓展。\n2.依申请公开答复规范性有待加强。\n（二）改进情况\n1.完善主动公开目录，细化公开标准。针对{L}年存在的栏目更新不及时问题，已建立定期巡查机制。\n2.严格落实《政府信息公开申请办理答复规范》，加强答复文书的合法性审查。",
    "存在的问题：公开内容与群众期待还有差距，部分栏目更新不够及时。\n改进措施：加大督促检查力度，{X}年起每季度通报一次栏目更新情况，健全长效机制。",
    "对照新形势新要求，工作中仍存在不足：政策解读质量不高，互动交流不够。对此，{me}采取以下措施整改：一是落实解读材料与政策文件同步起草、同步审批、同步发布；二是拓宽互动渠道，及时回应关切；三是加强与{above}主管部门的沟通，提升工作水平。",
    "虽然{Y}年工作取得了一定成绩，但还存在薄弱环节。主要是个别科室主动公开意识不强，信息报送不及时。{X}年，{me}将深入贯彻落实《条例》，进一步提高认识，强化责任，完善制度，改进方法，推动工作再上新台阶。",
    "一是公开意识还需增强。部分业务股室对信息公开重视程度不够。二是队伍建设还需加强。三是平台功能还需优化。针对以上问题，{me}在{Y}年下半年已采取以下改进措施：1.召开专题会议，传达学习有关文件；2.将信息公开列入股室年度目标；3.优化网站检索功能，合并重复栏目4个。",
    "（一）存在的主要问题。{Y}年，{me}信息公开工作虽取得一些成绩，但仍存在以下不足：一是公开内容不够全面；二是公开形式比较单一；三是工作人员业务能力不强。\n（二）改进情况。针对上述问题，{me}将做好以下工作：一是进一步丰富公开内容，二是进一步创新公开形式，三是进一步加强学习培训。",
    "（一）存在问题\n一是主动公开的时效性有待提高，二是与公众互动较少。\n（二）改进措施\n（1）强化时效意识，确保信息形成之日起20个工作日内公开。（2）扩大公众参与，{X}年计划开展政府开放日活动不少于2次。",
    "从{Y}年的工作看，主要存在问题有：1.少数单位对政府信息公开工作的重要性认识不足；2.个别栏目信息更新慢；3.解读质量不高。改进情况：1.加强领导，压实责任；2.加强督查，定期通报；3.加强审核，提升质量。2026年至2030年，将分步实施数字化改造。",
    "对{L}年年报中提出的“政策解读形式单一”问题，{me}在{Y}年通过制作动画、短视频等方式加以改进，效果明显。当前存在的主要问题是基层力量薄弱，有的乡镇信息员身兼数职。{X}年将通过以会代训、跟班学习等形式提升业务水平。",
    "存在的主要问题及原因：一方面，信息公开的广度、深度还不够，与“应公开尽公开”的要求还有差距；另一方面，工作人员流动性较大，专业性不强。改进的具体办法和措施：一要加强组织领导，二要抓好培训，三要强化考核。",
    "问题一：公开时效性不强。改进：建立信息发布台账，明确时限。\n问题二：解读质量不高。改进：邀请专家、业务骨干参与解读，力求通俗易懂。\n问题三：队伍不稳定。改进：实行A、B岗制度。",
)
OTHERS = (
    "根据《政府信息公开信息处理费管理办法》，{Y}年{me}未收取信息处理费。",
    "{Y}年，无收取信息处理费情况。",
    "{Y}年，{place}未向公众收取政府信息处理相关费用。",
    "本年度政府信息公开未发生收费情况。",
    "{me}未收取政府信息公开费用，不存在减免费用。除此之外，无其他需要报告的事项。",
    "按照《国务院办公厅关于印发〈政府信息公开信息处理费管理办法〉的通知》（国办函〔2020〕109号）规定的按件、按量收费标准，本年度没有产生信息处理费。",
    "（一）信息处理费收取情况：0元。\n（二）无其他需要报告的事项。",
    "{Y}年度未发出收费通知，收取信息处理费总金额为0元。",
    "本行政机关本年度依申请公开信息处理费收取金额为零，没有其他需要报告的事项。",
    "1.收取信息处理费情况：无。2.建议提案办理结果公开情况：全年承办人大代表建议8件、政协提案11件，答复率100%，均已按要求公开。",
    "全年收取政府信息公开信息处理费0元。{Y}年政务公开工作要点落实情况：完成政策解读41件，召开新闻发布会3场。",
    "{Y}年，{me}未按件、按量收取信息处理费，也未减免。本报告由{A}负责解释。",
    "{me}{Y}年度没有收取信息处理费的情况，也没有其他需要报告的事项。",
    "{Y}年，{A}依据《政府信息公开信息处理费管理办法》收取信息处理费的件数为0件，金额为0元。",
    "无信息处理费收取情况，无其他需要报告的事项。",
    "信息处理费：本年度未发生。",
    "{Y}年度，{me}严格执行国务院办公厅关于信息处理费的规定，未向申请人收取信息处理费。",
    "（一）收取信息处理费情况\n{Y}年，{me}未收取信息处理费。\n（二）落实上级年度政务公开工作要点情况\n认真落实{Y}年政务公开工作要点，各项任务均已完成。",
    "1.本年度未向申请人收取任何检索、复制、邮寄等费用及信息处理费。\n2.本报告统计数据可能因四舍五入存在尾差。",
    "{me}按照《国务院办公厅关于做好政府信息公开信息处理费管理工作的通知》要求，本年度收取信息处理费0.00元。",
    "{me}未按时间段、件数收取过信息处理费，除上述情况外无其他需要报告的事项。",
    "未收取信息处理费。以上报告，如有疑问，请拨打电话0527-83605210咨询。",
)
DATES = ("{X}年1月{d}日", "{X}年1月{d}日", "{X}年01月{d}日", "")


def _holds(when: str, x: Mapping[str, object]) -> bool:
    new, forward, disputed = x["N"], x["C"], x["FY"] or x["SS"]
    return {
        "": True,
        "N": bool(new),
        "0": not new and not x["B"] and not disputed,
        "C0": not forward and not x["B"] and bool(new),
        "FY": bool(disputed),
        "FY0": not disputed,
    }[when]


@dataclass(frozen=True)
class Agreeing:
    """One report, the day it is checked, and what its sentences were filled with."""

    report: Report
    today: date
    words: Mapping[str, object] = field(repr=False)


def agreeing(form: Form, number: int, prior: bool = True) -> Agreeing:
    """The report of this number (any); consistent with itself and, if it has one, with last year's."""
    office = OFFICES[number % len(OFFICES)]
    pairs = [0, 3, 5] if office.kind is GOV else [1, 2, 4] if office.kind is TOWN else [1, 5, 4, 0, 2]
    before, now = PAIRS[pairs[number // 3 % len(pairs)]]
    if office.agency not in _RULE_MAKERS:
        before, now = (one._replace(rules=(0, 0, 0)) for one in (before, now))
    last = _text(form, office, office.year - 1, before, before, number + 5)[0]
    report, words = _text(form, office, office.year, now, before, number)
    if prior:
        report = report.with_prior(Prior.of(last))
    return Agreeing(report, date(office.year + 1, 1, 12 + number % 15), words)


_RULE_MAKERS = ("临江市人民政府",)


def report_of(form: Form, office: Office, year: int, now: Year, before: Year, number: int) -> Report:
    """The report of an office with these figures, the year's before among them where its prose compares; `number`
    chooses among the sentences."""
    return _text(form, office, year, now, before, number)[0]


def _text(
    form: Form, office: Office, year: int, figures: Year, before: Year, number: int
) -> tuple[Report, Mapping[str, object]]:
    entries = _entries(figures)
    report = (
        blank_report(form, year).with_fields(agency=office.agency, kind=office.kind).with_entries(entries)
    )
    value = {key: int(str(report.value(cell))) for key, cell in _VALUES.items()}
    for key, group in _SUMS.items():
        value[key] = sum(int(str(report.value(f"requests.handled.{row}.total"))) for row in _rows_of(group))
    suits = ("direct_suit", "suit_after_reconsideration")
    value["SS"] = sum(int(str(report.value(f"disputes.{one}.total"))) for one in suits)
    value["GP"] = value["G"] + value["P"]
    value["No"] = value["N"] - value["Nn"]
    value["LN"] = sum(before.received)
    more = value["N"] - value["LN"]
    share = f"{abs(more) / value['LN']:.1%}" if value["LN"] else ""
    rise = f"增长{share}" if more > 0 else f"下降{share}" if more else "持平"
    x: dict[str, object] = {
        **value,
        "rise": rise,
        "A": office.agency,
        "me": office.me,
        "place": office.place,
        "above": office.above,
        "Y": year,
        "L": year - 1,
        "X": year + 1,
        "d": 12 + number % 15,
    }

    def one(texts: tuple[str, ...], step: int) -> str:
        return texts[(number * step + step) % len(texts)].format(**x)

    fitting = tuple(text for when, text in REQUESTS if _holds(when, x))
    guard = GOVERNMENT_GUARD if office.agency.endswith("人民政府") else GUARD
    heads = HEADS[number % len(HEADS)]
    bodies = (one(ACTIVE, 1), one(fitting, 1), one(MANAGE, 1), one(PLATFORM, 2), one(guard, 1))
    general = one(GENERAL, 1)
    parts = [head + body for head, body in zip(heads, bodies, strict=True)]
    overview = "\n".join(filter(None, (general, *parts)))
    report = report.with_fields(preamble=one(PREAMBLES, 1), date=one(DATES, 1))
    report = report.with_section("overview", overview)
    report = report.with_section("problems", one(PROBLEMS, 1)).with_section("other_matters", one(OTHERS, 1))
    return report, x


_VALUES = {
    "N": "requests.received.total",
    "Nn": "requests.received.natural_person",
    "B": "requests.brought_forward.total",
    "C": "requests.carried_forward.total",
    "T": "requests.handled.total.total",
    "G": "requests.handled.granted.total",
    "P": "requests.handled.partially_granted.total",
    "FY": "disputes.reconsideration.total",
    "gi": "proactive.normative_documents.issued",
    "gr": "proactive.normative_documents.repealed",
    "gs": "proactive.normative_documents.in_force",
}
_SUMS = {"D": "denied", "U": "unable_to_provide", "H": "not_handled", "O": "other"}


def _rows_of(group: str) -> tuple[str, ...]:
    return tuple(row.removeprefix("handled.") for row in _ROWS if row.startswith(f"handled.{group}."))
