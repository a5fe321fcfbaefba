"""What a paragraph says in numbers: for each the cells that its words can mean, and lists whose parts should add up.

Knows how topic, subject, year and scope carry over from clause to clause; the words are the vocabulary's, which the
rule file states. Knows no report: the same sentence is read once, however often tables change. A number whose words
say nothing of the form has no meaning here, and is never guessed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from gxeditor.core.checks.claims.figures import MEASURES, Figure, figures, plain
from gxeditor.core.checks.findings import Number
from gxeditor.core.checks.passages import kept, pieces
from gxeditor.core.checks.rules import Rule
from gxeditor.core.expressions import expression, led

Frozen = tuple[tuple[str, ...], ...]


class Option(NamedTuple):
    """A sum of cells that a number can mean, as a clerk calls it."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Metric:
    """What a word of the vocabulary speaks of; `within` is the topic that has to be spoken of."""

    key: str
    code: str
    within: str
    options: tuple[Option, ...]
    words: str
    weak: bool = False
    columns: bool = False
    group: str = ""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The metrics of a form, with what finds their words; `cells` are the ids of the form. Itself only, as a key."""

    metrics: tuple[Metric, ...]
    finders: tuple[tuple[str, re.Pattern[str], tuple[Metric, ...]], ...]
    by_key: Mapping[str, Metric]
    cells: frozenset[str]


class Statement(NamedTuple):
    """A number of a paragraph, with positions in the paragraph as it stands.

    `options` are empty if the form has no cell for it; `firm` ones differ from the table or agree, others may mean
    something else. `year` is 0 for the report's, -1 for last year's, 1 for any other. `share_of` is the number of the
    statement whose part of a whole a percentage gives; `growth` is +1 or -1 for what grew or fell since last year.
    """

    start: int
    end: int
    phrase: tuple[int, int]
    text: str
    value: Number
    unit: str
    step: Decimal
    code: str = ""
    key: str = ""
    options: tuple[Option, ...] = ()
    firm: bool = False
    vague: bool = False
    year: int = 0
    scope: str = ""
    written: bool = False
    share_of: int = -1
    growth: int = 0
    label: str = ""

    def moved(self, by: int, before: int) -> Statement:
        """The same as one of a paragraph in which so many characters and statements stand before its sentence."""
        if not by and not before:
            return self
        first, last = self.phrase
        return self._replace(
            start=self.start + by,
            end=self.end + by,
            phrase=(first + by, last + by),
            share_of=self.share_of + before if self.share_of >= 0 else -1,
        )


class Listing(NamedTuple):
    """A whole and its parts, as numbers of statements. `complete` says that the words leave nothing out."""

    whole: int
    parts: tuple[int, ...]
    kind: Literal["metrics", "channels", "things"]
    complete: bool


@dataclass(frozen=True, eq=False)
class Part:
    """A piece of a paragraph: where it begins, its text, and its statements with places in it.

    `statements` is the very same object as long as the piece is.
    """

    start: int
    text: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, eq=False)
class Read:
    """What a paragraph says; `topic` is what the next one begins with, if this one was its heading.

    The statements of all `parts` are its own, in order.
    """

    text: str
    statements: tuple[Statement, ...]
    listings: tuple[Listing, ...]
    topic: str
    parts: tuple[Part, ...] = ()


# --- the vocabulary


def words_of(rules: Iterable[Rule]) -> Frozen:
    """The words that the claim rules of a rule file state, as a value to be looked up by; to `vocabulary`."""
    return tuple(
        (
            rule.code,
            *(
                part
                for metric in rule.data.get("metrics", ())
                for part in (
                    str(metric["key"]),
                    str(metric["within"]),
                    "|".join(metric["sums"]),
                    "|".join(metric["names"]),
                    str(metric["words"]),
                    ("w" if metric.get("weak") else "") + ("c" if metric.get("columns") else ""),
                    str(metric.get("group", "")),
                )
            ),
        )
        for rule in rules
        if rule.kind == "claim"
    )


_FIELDS = 7


@lru_cache(maxsize=4)
def vocabulary(stated: Frozen, cells: tuple[str, ...]) -> Vocabulary:
    """What the words of a rule file speak of on a form of these cells."""
    metrics = []
    for code, *rest in stated:
        for at in range(0, len(rest), _FIELDS):
            key, within, sums, names, words, flags, group = rest[at : at + _FIELDS]
            columns = "c" in flags
            options = tuple(
                Option(name, _terms(terms, cells, columns))
                for name, terms in zip(names.split("|"), sums.split("|"), strict=True)
            )
            its = code if not key.startswith("government_rules") else "P-21"
            metrics.append(Metric(key, its, within, options, words, "w" in flags, columns, group))
    finders = []
    for within in dict.fromkeys(metric.within for metric in metrics):
        of_it = tuple(metric for metric in metrics if metric.within == within)
        union = "|".join(f"(?P<m{number}>{metric.words})" for number, metric in enumerate(of_it))
        finders.append((within, expression(led(union)), of_it))
    return Vocabulary(
        tuple(metrics), tuple(finders), {metric.key: metric for metric in metrics}, frozenset(cells)
    )


def _terms(stated: str, cells: tuple[str, ...], columns: bool) -> tuple[str, ...]:
    """The ids of a sum as the rule file states it; names of columns and of outcomes stay as they are."""
    found: list[str] = []
    for term in stated.split(" + "):
        if columns or term in cells or ("." not in term and f"requests.{term}.total" not in cells):
            found.append(term)
        elif term.endswith(".*"):
            lead = f"requests.{term[:-1]}"
            found.extend(cell for cell in cells if cell.startswith(lead) and cell.endswith(".total"))
        else:
            found.append(f"requests.{term}.total")
    return tuple(found)


# --- what is spoken of

_REQUEST = expression(
    r"依申请(?:公开)?|信息公开(?:的)?申请|公开(?:政府|政务)?信息(?:的)?(?:书面)?申请|公开申请|申请(?:获取|公开)|"
    r"(?:政府|政务)?信息(?:的)?申请|公开(?:的)?请求|申请人|自然人申请|申请案件|信息公开答复(?!率|书|规范|文书|函)"
)
_APPLICATION = expression(r"申请(?!人|表)")
_ELSEWHERE = expression(
    r"主动公开|建议(?!书)|提案|议案|来信|信箱|留言|来电|咨询|投诉(?!类)|举报(?!投诉|、投诉|类)|热线|工单|诉求|问政|信访(?!举报|、举报|投诉|、投诉|类)|"
    r"(?:行政)?(?:许可|审批|登记|补贴|救助|执行|仲裁|证明|政务服务|办事|公证|认定|注册|备案|变更|低保|社保|专利|商标|援助|贷款|评审)(?:事项)?(?:的)?申请|办件|政务服务事项|督办|交办|调研|听证|审计项目|案源|意见|满意度|"
    r"不动产|惠企|仲裁|公证|社保|医保|"
    r"(?:[证房遇金款岗学籍照标车保助贴养险税]|开办|设立|注销|用地|资质|资格|职称|项目|评定|认定)(?:的)?申请|网民|民意|回应|解读|信用信息|基层减负"
)
_CHANNEL = expression(
    r"网上|网络|线上|在线|互联网|门户|网站|平台|系统|邮件|邮箱|信函|来信|邮寄|邮政|快递|信件|书面|当面|现场|窗口|来访|线下|传真|电话|EMS|微信|公众号|微博|抖音|客户端|新媒体"
)
_ONLINE = expression(r"网上|网络|线上|在线|互联网|网站|平台|系统|邮件|邮箱|微信|公众号")
_SOME_REQUESTS = expression(
    r"(?:其中[^，。；]{1,8}|其他|其它|疑难|重复|复杂|重大|有效|无效|同类|此类|重点)(?:的)?申请(?:件|的|有|共)*$"
)
_MONTH = expression(r"(?<![至到—－~～\d-])(?:[1-9]|1[0-2])\s?月份?(?![\d日底末至到—－~～-]|\s?\d)")
"""A month alone, in the text as it stands: what was counted in it is no figure of the year."""
_DOCUMENT_ALONE = expression(r"(?:政府|行政|本级)?(?:规范性文件|规章)")
_MEDIA = expression(
    r"网站|平台|微信|公众号|微博|抖音|客户端|新媒体|公开栏|公示栏|报纸|[日时晚]报|电视|头条|栏目|专栏"
)
_DOCUMENTS = expression(r"(?<!党内)(?<!党的)(?<!党委)(?:行政)?规范性文件(?!类|目录|数据库|栏目|专栏|合法性)")
_REGULATIONS = expression(r"(?:政府|地方(?:性)?|市政府|省政府)?规章(?!制度|类|和规范|库|数据库)")
_OPENNESS = expression(r"信息公开|依申请|公开申请|政府信息|政务公开|公开信息")
_SCOPES = expression(
    r"本级|代表[^，。；、]{0,12}政府|机关本身|局机关|委机关|以[^，。；、]{1,16}名义|(?:各|所属|下属|基层)(?:县|区|乡|镇|街道|市直|区直|县直|科室)[^，。；、]{0,10}|(?<!全市)(?<!全县)(?<!全区)(?<!全省)(?:各|所属|下属|基层)(?:部门|单位)[^，。；、]{0,10}|(?<!各)(?<!我)(?<!本)(?<!该)(?:乡镇|镇街|县区|区县|部门)(?:[（(][^（）()]{1,6}[）)])?(?:一级)?(?:共计?|累计|合计|总共)?(?:收到|受理|办理|答复|办结|承办|接收|作出|做出|下达|实施|制发|印发)|市直部门|区直部门|县直部门|(?:部门|单位|乡镇|街道|镇街|县区|区县|科室)(?:分别|各自)|居前|前[两三五十]位"
)
_COUNTS_THE_LAST = expression(
    r"(?<=[两二三四五六2-6])(?:项|类|者|种)(?:[^，。；\d%]{0,2}(?:合计|共计|总计|共|之和|相加)|占)"
)
_ONLY_SUMMED = expression(
    r"(?:合计|共计|总计|共|之和|相加|加起来|一共|数量|件数|为|是|达|有|约|的|占|比例|比重|比|办结|答复|受理|收到|新收|申请|总数|总量|全部|全年|本年度?|办理|结果|件|数|量)*"
)
_JUDGED = expression(
    r"(?:受理|办理|审理|收到|审结|代理|办结|处理|接收|一审|二审)[^，。；]{0,10}(?:复议|诉讼)|(?:一审|二审)"
)
_OPENLY = expression(r"其中[^，。；\d]{0,8}(?:信息公开|依申请公开)(?:类|方面|工作)?(?:的|案件|共|有)*$")
_ITS_COUNT = expression(r"(?:共计?|合计|为|计|有|达)+|(?<=[（(])")
_YEARS_JOINED = expression(r"20\d\d年?[、和与及]$")
_ATTRIBUTE = expression(
    r"(?:公文|文件)(?:的)?(?:公开)?属性|公开属性|属性(?:源头)?认定|"
    r"主动公开[^，。；、\d]{0,10}\d{1,6}[件份条篇个]?[，、和及]依申请公开[^，。；、\d]{0,6}\d{1,6}[件份条篇个]?[，、和及]不予?公开"
)
"""What documents are marked with when they are drawn up: the same words, and no requests."""
_ALL_LEVELS = expression(r"[^。；]{0,40}本级[^。；]{0,24}(?:部门|乡镇|街道|镇街)")
_MOVED = expression(r"(?:上升|增加|增长|下降|减少|提高|降低|攀升|回落|降|升|增|减)(?:到|至|为)")
_BOTH_DONE = expression(
    r"[、和及](?:宣布失效|修订|修改|废止|失效|新?制定|新?制发|印发|出台)(?:\d{1,4}|[一二三四五六七八九十]{1,3})[件份个部]"
)
_YEAR_SINCE = expression(r"(20\d\d)年?度?[至到—－~-]{1,2}$")
_ITS_AMOUNT = expression(
    r"(?:其?收费|征收|收取)?(?:总金额|金额|总额|收入)(?:共计?|合计|总计)?(?:为|是|达|:)?"
)
_TREATED = expression(r"[^，。；\d]{0,24}(?:开展|进行|组织)")
_COURT = expression(r"复议机(?:关|构)|法院|司法局|复议局|复议委员会|审判")
_HELPED = expression(
    r"(?:协助|协同|帮助|督促|指导|配合|抽查|检查|抽取|评查|复查|回访|选取)[^，。；、\d]{0,16}$"
)
_OF_LAST = expression(
    r"(?:(?<![一二三四五六七八九十\d])(?P<count>[两二三四五六2-6])(?:项|类|者|种)|(?P<both>以上|上述|二者))(?:申请|结果|情形)?(?:合计|共计|总计|共|之和|相加|加起来|一共)?"
)
_TO_NOW = expression(
    r"(?:上升|增加|增长|下降|减少|提高|降低|攀升|回落|降|升|增)(?:到|至|为)(?:了)?(?:20\d\d年度?的?|今年的?|本年度?的?)?$"
)
_WIDE = expression(r"全(?:市|县|区|省|州|旗|盟|系统|行业|域)")
_TRANSFER = expression(r"转办|转交|转送")
_AWAY = expression(r"转办|转交|移交|移送|转送")
_ANOTHER = expression(
    r"(?:局|委|办|室|股|镇|乡|街道|处|所|中心|公司|法院|大队|支队|分局|政府|科|集团)(?:共|为|直接|收到|受理|办理|答复)?$"
)
# A body named as who did it: 县公安局收到; not 我局, not the government or its office, whose report it is.
_BODY = expression(
    r"(?:\A|[，；：。、\n中]|\d年度?)(?P<body>(?![全各])[^，。；、：（）()\d\n我本该度]{2,14}?"
    r"(?:局|委|委员会|街道|街道办|办事处|镇|乡|中心|法院|公司|管委会|(?<!办公)厅|院|所|大队|支队))(?:全年|年内|本年度?|共计?|累计|直接|已|新|依法)*"
    r"(?:收到|受理|办理|答复|办结|收办|接到|接收|作出|做出|下达)"
)
_YEAR = expression(
    r"(?P<year>(?:19|20)\d\d)年?(?:度)?(?=年|以来|[^\d]|$)|二[〇零○](?P<han>[〇零○一二三四五六七八九]{2})年|(?P<last>上一?年(?:度|同期)?|去年(?:同期)?|前一年)|(?P<this>本年度?|今年)|(?P<before>[“”]?十[三四五]五[“”]?(?:以来|期间|时期)|近年来|前年|历年|上半年|下半年|前?[一二三四两]季度|前[一二三四两]个?季度|第[一二三四]季度|(?:施行|实施|成立|开通|建立|上线)以来|近[三五两]年|[三五]年来|累计至今)"
)
_COMPARED = expression(r"(?:比|较|与|同|相比|相较(?:于)?|对比)$")
_GREW = expression(
    r"(?:增长|增加|上升|提高|提升|增幅|升高|上涨|同比增|环比增|增)(?:了|为|达|幅度为|率为|约)?$"
)
_FELL = expression(r"(?:下降|减少|降低|回落|降幅|下滑|降|减)(?:了|为|达|幅度为|率为|约)?$")
_DIFFERS = expression(r"(?:增长|增加|上升|减少|下降|多|少|降低|回落|增|减)(?:了|收)?$")
_NOT_ONE = expression(r"(?:未|没有|没|无)(?:发生|出现|有|收到|接到|产生)?(?:过|任何)?$")
_TO_NEXT = expression(r"(?:至|到)(?:下|次|明|20)")
_REMAINDER = expression(r"(?:尚有|另有|另|还有|其余|剩余|余下|尚余|仍有)$")
_ANYBODY = expression(r"公民[、和，及]?法人[^，。；\d]{0,6}组织")
_AND = expression(r"(?:、|和|及|与|或|以及)(?:结果|案件)?")
_INCLUDING = expression(r"(?:的|答复|申请)*[（(](?:含|包括|包含)")
_ADDED = ({"P-09"}, {"P-18"}, {"P-07", "P-08"}, {"P-20"}, {"P-01", "P-04"})
# Behind a word of the vocabulary these say that something else is counted, or only some of it.
_HEAVY = expression(
    r"审核|审查|咨询|文书|培训|会商|研判|指导|抽查|检查|评查|修订|优化|更新|发布|推送|栏目|流程|制度|指南|责令|发出|告知书|"
    r"涉及|内容|主要|类事项|类别|居前|大厅|窗口|专区|系统|报告|信息量|网页|目录"
)
_SHARE = expression(r"占|比例|比重|比率|占比")
_RATE = expression(r"率(?:均|都)?(?:为|达到?|是|已达|保持|:|不低于|高于)?$")
_BASE = expression(
    r"(?:比|总数|总量|申请|办理|办结|答复|受理|收到|新收|件数?|全部|的|总|数|量|全年|本年度?|依申请|公开|政府信息|信息|约|达|为|到|处理|结果|案件|复议|诉讼|行政|比例|比重|率)*"
)
_PLAN = expression(r"计划|拟(?!定)|力争|预计|目标|不(?:少于|低于|超过)")
_BOUNDARY = expression(r"[，、；;：:（）()\n。！？]|,(?!\d{3})|(?<!\d),")
_FILLER = expression(
    r"^(?:[^，。；、]{0,6}?(?:共计?|总计|合计|总数|数量|件数|总量|为|是|有|达|约|近|已|的|:|全年|本年度?|累计|其中|分别|今年|当年|20\d\d年度?|计|约为)|行政机关不再处理其?(?:政府信息公开)?申请的)?$"
)

_RESULTS = frozenset(
    ("denied", "unable", "not_handled", "other_handling", "granted", "partial", "granted_or_partial")
)
_RECEIVED = frozenset(("new", "got", "accepted", "through", "in_hand", "handled"))
_COUNTED = frozenset(("P-01", "P-02", "P-03", "P-05", "P-07", "P-08", "P-22"))
_GROUP_OF = {"denied": "denied", "unable": "unable", "not_handled": "not_handled", "other_handling": "other"}
NAMED = "named:"
"""Leads the scope of a number of which a body is named."""
_INTAKE = frozenset(("new", "got", "accepted", "through", "handled"))
_TOPIC_OF = {
    "review": "dispute",
    "suits": "dispute",
    "direct": "dispute",
    "after": "dispute",
    "both_disputes": "dispute",
}


_TIMES = frozenset(
    (
        "个工作日",
        "个月",
        "个小时",
        "年",
        "月",
        "日",
        "天",
        "小时",
        "工作日",
        "岁",
        "点",
        "时",
        "号",
        "楼",
        "层",
        "路",
        "届",
        "周",
        "倍",
    )
)
_RUN = expression(r"(?P<each>分别|依次)(?:共)?(?:为|是|有|达|约|占)?$|(?P<all>均|都|皆|各)(?:为|是|有|共)?$")
_LINK = expression(r"^[、，和及与,]{1,2}(?:以及)?$")
_STEMS = expression(r"行政许可|行政处罚|行政强制|行政事业性收费")
_STEM_KEYS = {
    "行政许可": "licensing",
    "行政处罚": "penalties",
    "行政强制": "compulsion",
    "行政事业性收费": "fees",
}

_NOT = (
    r"(?<![是尚])(?:从未|暂未|均未|尚未|未曾|并未|也未|未有|均无|也无|并无|暂无|尚无|没有|没(?!收)|"
    r"未(?![来经审结决办完达按及]|能及时|必)|无(?![法正效关障偿需论纸线缝人害疑故序锡湖为偏差]))"
)
_NO_REQUEST = expression(
    rf"(?P<word>{_NOT}(?:再|有|曾|新|办理)?(?:收到|接到|接收到?|接获|接受|受理|收|发生|出现|产生|涉及)?)(?:过|和处理|及处理|并处理|和办理|、处理)?"
    r"(?P<object>[^，。；：（）\n\d]{0,40}?(?:依申请公开|信息公开(?:的)?申请|公开[^，。；：]{0,8}申请|申请公开|依申请|信息申请|公开请求))(?P<rest>[^，。；：]{0,40})"
)
_NARROWED = expression(
    r"复议|诉讼|投诉|举报|收费|费|不予|逾期|超期|超时|败诉|引起|引发|纠纷|争议|网上|网络|信函|当面|现场|线上|线下|法人|企业|结转|答复不|渠道|栏目|指南|制度|不规范|工作|问题|未答复|情况不|延期"
)
_NO_DISPUTE = expression(
    rf"(?P<word>{_NOT})(?P<rest>[^，。；：\n\d]{{0,60}}?(?:复议|诉讼)[^，。；：\n]{{0,24}})"
)
_LOST = expression(r"败诉|纠正|撤销|纠错|过错|追究|超期|逾期|经复议|审结|结案|整改|确认违法|上年|结转")
_ALL_DONE = expression(
    r"(?P<word>均已|全部|已全部|均|都已|皆已|悉数|都|皆)(?P<how>[^，。；：\d]{0,18}?)(?P<what>办结|答复|回复|办理完毕|处理完毕|办理完成|办理完结)(?!率|意见|书|的|内容|质量|件|申请|总|数|\d)"
)
_ALL_NATURAL = expression(
    r"(?P<word>均|皆|全部|都|全)(?:系|为|是|来自于?|来源于|属于?|由)(?P<who>自然人|公民(?:个人)?|个人)(?:(?:的)?(?:申请件?|提出|提交|申请人))?(?![、和及与或\d])|申请人(?:类型|身份)?(?P<word2>为|是)(?P<who2>自然人)(?![、和及与或\d的])"
)
_ALL_LEGAL = expression(
    r"(?P<word>均|皆|全部|都)(?:系|为|是|来自于?|来源于|属于?|由)(?:法人|企业|商业企业|法人(?:或|和|及|及其)?其他组织)(?:(?:提出|提交)?(?:的)?(?:申请)?)?(?![、和及与或\d])"
)
_ALL_UPHELD = expression(
    r"(?P<word>均|全部|都|皆)(?:已|被|获|获得|得到|予以|判决|结果|结果为|为|是|裁定|复议|法院|依法)*(?:维持)"
)
_NO_LOSS = expression(
    rf"(?P<word>零|{_NOT}(?:发生|出现|有|一起|一件)?)(?:行政)?(?:诉讼)?败诉|(?P<word2>均|全部|都)(?:获|获得|已)?胜诉"
)
_NONE_LEFT = expression(
    r"(?P<word>无|没有|未有|不存在)(?P<object>[^，。；、：\d]{0,10}?)(?:(?P<next>(?:结转|转结|顺延|转入)(?:至|到)?(?:下|次|明|20)|下(?:一)?年度?(?:结转|转结|继续办理))|(?P<last>上(?:一)?年度?(?:结转|转结|遗留)|(?:结转|转结)上))"
)
_NO_DOCUMENTS = expression(
    rf"(?P<word>{_NOT})(?:新)?(?P<verbs>(?:制发|制定|印发|出台|发布|废止|修订|修改)(?:发布|印发|出台)?(?:(?:、|和|或|及|也未|，也未|与)(?:制发|制定|印发|出台|发布|废止|修订|修改))*)(?:过|任何)?(?:的)?(?:政府|行政|本级)?(?P<what>规范性文件|规章)(?![、和及与])"
)
_NO_FEES = expression(
    rf"(?P<word>{_NOT}|不(?=涉及))(?P<rest>(?!公开|公示|更新|及时|按|在)[^，。；：\d]{{0,28}}?)行政事业性收费(?!目录|清单|公示|标准)"
)
_NO_DECISIONS = expression(
    rf"(?P<word>{_NOT}|不(?=涉及))(?P<verb>作出|做出|实施|涉及|发生|产生)(?:过|任何)?(?P<list>(?:行政许可|行政处罚|行政强制)(?:(?:、|和|及|或|以及)(?:行政许可|行政处罚|行政强制|行政事业性收费))*)(?:决定|案件|行为|措施)?(?:等)?(?=[，。；]|$)"
)
_WHOLE = expression(
    r"(?P<weak>其中|含|主要)|(?P<strong>包括|包含|分别(?:为|是)|分为|即|构成(?:为|是)?)|(?P<mark>[:：])|(?P<open>[（(])"
)
_LEAVES_OUT = expression(
    r"\d[\u4e00-\u9fff]{0,2}等(?!级|候|待)|主要|左右|大致|其余(?!\d)|其他(?![^，。；]{0,12}\d)|为主|重点|例如|比如|不等|以上|同时"
)
_NEW_THING = expression(
    r"同比|较上|比上|此外|另外|同时|另有|全年|累计|总共|共(?:发布|公开|收到|受理|组织|开展|召开)|合计|总计|共计|(?<!公益)(?<!其他)(?<!其它)组织(?!的?申请)|开展|召开|举办|(?<!不予)回复|办理|(?<!不予)(?<!其他)(?<!其它)处理|转载|推送|浏览|访问|粉丝|关注|整改|删除|其中|包括|含"
)
_ALIKE = (
    frozenset(("条", "篇", "件", "份", "则", "个", "")),
    frozenset(("件", "起", "宗", "例", "个", "份", "条", "项", "次", "")),
)


class _Token(NamedTuple):
    start: int
    end: int
    metric: Metric


class _Topic(NamedTuple):
    start: int
    end: int
    word: str  # request, application, dispute, documents, rules, elsewhere, channel


@kept(64, 16)
def read_text(text: str, words: Vocabulary, year: int | None, section: str) -> tuple[tuple[int, Read], ...]:
    """What the paragraphs of a text say that say anything, each with the place where it begins."""
    found, topic, start = [], "", 0
    for line in text.split("\n"):
        if line.strip():
            its = read(line, words, year, topic, section)
            if its.statements:
                found.append((start, its))
            if its.topic or len(line) <= 40:
                topic = its.topic
        start += len(line) + 1
    return tuple(found)


@kept(2048, 32)
def read(paragraph: str, words: Vocabulary, year: int | None, topic: str, section: str) -> Read:
    """What a paragraph says, in a report of this year; `topic` is that of the heading above it, "" for none.

    Sentence by sentence, so that of a long paragraph only what was changed is read again.
    """
    if year is None:
        year = max((int(found[0]) for found in _NAMED_YEAR.finditer(paragraph)), default=None)
    parts = pieces(paragraph)
    is_open = section in ("requests", "disputes") or any(_is_open(part.text) for part in parts)
    known = _known(year, section, is_open, any(_carries(part.text) for part in parts))
    ctx = topic or {"requests": "request", "disputes": "dispute"}.get(section, "")
    state = _state(ctx, ctx == "request", None, words.by_key["both_disputes"], frozenset())
    statements: list[Statement] = []
    listings: list[Listing] = []
    kinds: set[str] = set()
    found: list[Part] = []
    for start, part in parts:
        its = _part(part, words, known, state)
        state, before = its.state, len(statements)
        kinds |= its.topics
        if its.statements:
            statements.extend(_moved(its, start, before))
            listings.extend(_listed(its, before))
        found.append(Part(start, part, its.statements))
    after, whole = "", "".join(parts[0].text.split())
    if (
        len(parts) == 1
        and len(whole) <= _HEADING
        and not any(one.text for one in statements)
        and not whole.endswith("。")
    ):
        after = "request" if "request" in kinds else "dispute" if "dispute" in kinds else ""
    return Read(paragraph, tuple(statements), tuple(listings), after, tuple(found))


_HEADING = 30  # characters of a heading that says what follows
_SENTENCE = expression(
    r"[^。！？]{1,1200}[。！？]?|[。！？]"
)  # what is longer is no sentence: cut, to bound the work
_NAMED_YEAR = expression(r"(?<![\d])(?<!结转)(?<!转至)(?<!转到)(?<!延至)(?<!延到)(?:19|20)\d\d(?=年)")
_CARRIED = expression(
    r"(?:结转|顺延|转入?)(?:至|到)?(?:下|次|20)[^，。；]{0,16}[1-9]|[1-9][^，。；\d]{0,12}(?:结转|顺延|转入?)(?:至|到)?(?:下|次|20)"
)


@dataclass(frozen=True, eq=False)
class _Known:
    """What is known of a whole paragraph: the report's year, where it stands, whether it speaks of openness at all."""

    year: int | None
    section: str
    is_open: bool
    carried: bool


@lru_cache(maxsize=2048)
def _is_open(part: str) -> bool:
    return _OPENNESS.search("".join(part.split())) is not None


@lru_cache(maxsize=2048)
def _carries(part: str) -> bool:
    return _CARRIED.search("".join(part.split())) is not None


_known = lru_cache(maxsize=64)(_Known)


@dataclass(frozen=True, eq=False)
class _State:
    """What a sentence takes over from the one before it."""

    ctx: str
    seen_request: bool
    rows: Metric | None
    dispute: Metric
    said: frozenset[str]


_state = lru_cache(maxsize=1024)(_State)
"""Equal ones are the same: as keys they are compared, hundreds of times with every keystroke, by identity."""


@dataclass(frozen=True, eq=False)
class _Sentence:
    """What one sentence says, or a few, with places in it, and what the next one takes over."""

    statements: tuple[Statement, ...]
    listings: tuple[Listing, ...]
    topics: frozenset[str]
    state: _State


@lru_cache(maxsize=2048)
def _part(part: str, words: Vocabulary, known: _Known, state: _State) -> _Sentence:
    """What the sentences of a short paragraph, or of a piece of a long one, say."""
    statements: list[Statement] = []
    listings: list[Listing] = []
    kinds: set[str] = set()
    start = 0
    for sentence in _SENTENCE.findall(part):
        its = _sentence(sentence, words, known, state)
        state, before = its.state, len(statements)
        kinds |= its.topics
        statements.extend(_moved(its, start, before))
        listings.extend(_listed(its, before))
        start += len(sentence)
    return _Sentence(tuple(statements), tuple(listings), frozenset(kinds), state)


def _listed(its: _Sentence, before: int) -> Iterator[Listing]:
    for one in its.listings:
        yield one._replace(whole=one.whole + before, parts=tuple(part + before for part in one.parts))


@lru_cache(maxsize=8192)
def _moved(its: _Sentence, by: int, before: int) -> tuple[Statement, ...]:
    return tuple(one.moved(by, before) for one in its.statements)


@lru_cache(maxsize=8192)
def _sentence(sentence: str, words: Vocabulary, known: _Known, state: _State) -> _Sentence:
    return _Reader(sentence, words, known, state).read()


class _Reader:
    """The reading of one sentence."""

    def __init__(self, sentence: str, words: Vocabulary, known: _Known, state: _State) -> None:
        self.paragraph, self.words, self.year, self.section = sentence, words, known.year, known.section
        self.is_open, self.carried = known.is_open, known.carried
        self.plain = plain(sentence)
        self.text = self.plain.text
        self.statements: list[Statement] = []
        self.listings: list[Listing] = []
        self.ctx, self.seen_request, self.said = state.ctx, state.seen_request, state.said
        self.rows, self.dispute = state.rows, state.dispute
        self.documents = ""
        self.elsewhere = False  # whether the disputes named last are those of all fields
        self.published = False
        self.is_attribute = "公开" in self.text and _ATTRIBUTE.search(self.text) is not None
        self.sums_last = _OF_LAST.search(self.text) is not None

    def read(self) -> _Sentence:
        self.figures = figures(self.text)
        self.tokens = self._tokens()
        self.topics = self._topics()
        self.guessed = False
        if (
            self.ctx == ""
            and "废止" in self.text
            and re.search(r"制发|现行有效|继续有效", self.text)
            and "制度" not in self.text
        ):
            self.guessed = not any(topic.word in ("documents", "rules") for topic in self.topics)
            self.ctx = "documents" if self.guessed else ""
        results = {token.metric.key for token in self.tokens["request"]} & _RESULTS - {"granted"}
        told = results - {"denied"} and any(t.metric.key == "granted" for t in self.tokens["request"])
        if (len(results) > 1 or told) and self.ctx == "":
            self.ctx, self.seen_request = "request", True
        self._read()
        order = sorted(range(len(self.statements)), key=lambda number: self.statements[number].start)
        moved = {old: new for new, old in enumerate(order)}
        said = frozenset(one.key for one in self.statements if one.key in _INTAKE or one.key == "brought")
        return _Sentence(
            tuple(
                one._replace(share_of=moved[one.share_of]) if one.share_of >= 0 else one
                for one in (self.statements[number] for number in order)
            ),
            tuple(
                one._replace(whole=moved[one.whole], parts=tuple(moved[part] for part in one.parts))
                for one in self.listings
            ),
            frozenset(topic.word for topic in self.topics),
            _state(self.ctx, self.seen_request, self.rows, self.dispute, said or self.said),
        )

    # --- words with their places

    def _tokens(self) -> dict[str, list[_Token]]:
        found: dict[str, list[_Token]] = {}
        for within, pattern, metrics in self.words.finders:
            found[within] = [
                _Token(one.start(), one.end(), metrics[int((one.lastgroup or "m0")[1:])])
                for one in pattern.finditer(self.text)
                if one.end() > one.start()
            ]
        anybody = [one.span() for one in _ANYBODY.finditer(self.text)]
        found["request"] = [
            self._in_year(token)
            for token in found.get("request", ())
            if not (token.metric.columns and any(a <= token.start < b for a, b in anybody))
        ]
        return found

    def _in_year(self, token: _Token) -> _Token:
        """2023年结转 is of the year before, 结转2024年 of the year after; of another year they mean no cell."""
        named = re.search(r"20\d\d", self.text[token.start : token.end])
        if named is None or self.year is None or token.metric.key not in ("brought", "carried"):
            return token
        is_next = token.metric.key == "carried"
        if int(named[0]) == self.year + (1 if is_next else -1):
            return token
        if is_next and int(named[0]) == self.year and not re.match("将?[在于留待]", self.text[token.start :]):
            return token._replace(metric=self.words.by_key["brought"])
        return token._replace(metric=replace(token.metric, options=()))

    def _topics(self) -> list[_Topic]:
        text = self.text
        found = [
            _Topic(token.start, token.end, _TOPIC_OF[token.metric.key])
            for token in self.tokens.get("", ())
            if token.metric.key in _TOPIC_OF
        ]
        found += [
            _Topic(token.start, token.end, "decisions")
            for token in self.tokens.get("", ())
            if token.metric.key not in _TOPIC_OF and token.metric.key != "others"
        ]
        taken = [(topic.start, topic.end) for topic in found]
        strong = [
            (token.start, token.end)
            for token in self.tokens.get("request", ())
            if token.metric.group or token.metric.key in _RESULTS
        ]
        for pattern, word in (
            (_REQUEST, "request"),
            (_DOCUMENTS, "documents"),
            (_REGULATIONS, "rules"),
            (_ELSEWHERE, "elsewhere"),
            (_CHANNEL, "channel"),
            (_APPLICATION, "application"),
        ):
            for one in pattern.finditer(text):
                inside = [*taken, *strong] if word in ("application", "elsewhere") else taken
                if not any(start <= one.start() < end for start, end in inside):
                    found.append(_Topic(one.start(), one.end(), word))
                    taken.append((one.start(), one.end()))
        return sorted(found)

    # --- one sentence

    def _read(self) -> None:
        text = self.text
        start, stop = 0, len(text)
        its = [one for one in self.figures if start <= one.start < stop and one.unit != "年"]
        its = [one for one in its if not self._within_token(one)]
        spans = [(token.start, token.end) for tokens in self.tokens.values() for token in tokens]
        ends = (found.end() for found in _BOUNDARY.finditer(text, start, stop))
        bounds = [start, *(end for end in ends if not any(a < end < b for a, b in spans)), stop]
        first = len(self.statements)
        before = start
        numbers: list[tuple[Figure, int]] = []
        skip: set[int] = set()
        self._words_for_none(start, stop)
        for place, one in enumerate(its):
            if place in skip:
                continue
            clause = bounds[bisect_right(bounds, one.start) - 1]
            behind = bisect_left(bounds, one.after)
            end = bounds[behind] if behind < len(bounds) else stop
            following = its[place + 1].start if place + 1 < len(its) else stop
            after = min(end, following)
            run = self._respective(its, place, start)
            if run is not None:
                for figure, statement in run:
                    numbers.append((figure, len(self.statements)))
                    self.statements.append(statement)
                skip.update(range(place, place + len({f.start for f, _ in run})))
                before = its[max(skip)].after
                continue
            for made in self._statement(one, max(clause, before), after, start, before, clause, first):
                numbers.append((one, len(self.statements)))
                self.statements.append(made)
            if not _COUNTS_THE_LAST.match(text, one.end):
                before = one.after
        self._lists(numbers, stop)
        last = [topic for topic in self.topics if start <= topic.start < stop and topic.word != "channel"]
        for topic in last:
            self._enter(topic)

    def _within_token(self, one: Figure) -> bool:
        return any(
            token.start <= one.start and one.end <= token.end
            for tokens in self.tokens.values()
            for token in tokens
        )

    def _enter(self, topic: _Topic) -> None:
        if topic.word == "application":
            if self.ctx == "" or (self.seen_request and self.ctx != "elsewhere"):
                self.ctx = "request"
        else:
            self.ctx = topic.word
        if topic.word == "request":
            self.seen_request = True

    def _topic(self, clause: int, one: Figure, after: int) -> tuple[str, bool]:
        """What is spoken of at a number, and whether that is sure."""
        inherited, sure = self.ctx, True
        seen = self.seen_request
        results = (
            token
            for token in self.tokens["request"]
            if token.metric.code == "P-09" and not token.metric.weak and token.end - token.start > 2
        )
        told = any(clause <= token.start and token.end <= after for token in results)
        if told and (seen or any(t.word == "request" and t.start < one.start for t in self.topics)):
            named = [t.word for t in self.topics if clause <= t.start < one.start and t.word != "channel"]
            if not named or named[-1] in ("request", "application"):
                return "request", True
        for topic in self.topics:
            if topic.start >= one.start:
                break
            seen = seen or topic.word == "request"
            if topic.start < clause and topic.word != "channel":
                if topic.word == "application":
                    possible = inherited == "" or (seen and inherited != "elsewhere")
                    sure = sure and (inherited != "" or self._is_of_requests(one))
                    inherited = "request" if possible else inherited
                else:
                    inherited, sure = topic.word, True
        for topic in reversed(self.topics):
            if clause <= topic.start < one.start:
                if topic.word == "application":
                    inside = [t.word for t in self.topics if clause <= t.start < topic.start]
                    if "elsewhere" in inside:
                        return "elsewhere", True
                    if inherited in ("dispute", "documents", "rules") and not seen:
                        return inherited, True
                    return "request", seen or self._is_of_requests(one)
                if topic.word == "channel":
                    continue
                return topic.word, True
        for topic in self.topics:
            if one.after <= topic.start < after and topic.start - one.after <= 12:
                if topic.word == "application":
                    return "request", seen or inherited == "request" or self._is_of_requests(one)
                if topic.word == "channel":
                    continue
                if topic.word in ("dispute", "decisions") and topic.start - one.after > 1:
                    continue
                return topic.word, True
        if inherited == "elsewhere" and any(t.word == "documents" and t.start < clause for t in self.topics):
            its = [t for t in self.tokens.get("documents", ()) if clause <= t.start and t.end <= one.start]
            if its and its[-1].metric.key.endswith(("_repealed", "_in_force")):
                return "documents", True
        if (
            inherited == ""
            and "规" in self.text
            and any(clause <= t.start and t.end <= one.start for t in self.tokens.get("documents", ()))
        ):
            for later in self.topics:
                of_both = later.word in ("documents", "rules") and later.start > one.after
                if of_both and _BOTH_DONE.fullmatch(self.text, one.after, later.start):
                    return later.word, True  # 废止2件、修订1件行政规范性文件
        if inherited == "" or (inherited == "request" and not sure):
            words = [t for t in self.tokens["request"] if clause <= t.start and t.end <= after]
            if any(self._speaks_for_itself(token) for token in words):
                return "request", True
            if any(token.metric.key in ("done", "granted") for token in words):
                return "request", False
        return inherited, sure

    def _speaks_for_itself(self, token: _Token) -> bool:
        """Whether a word is said of requests for information alone, so that no topic has to be named."""
        metric = token.metric
        if metric.weak or not metric.options:
            return False
        if metric.columns:
            said = self.text[token.start : token.end]
            return re.search(r"自然人|法人|商业企业|科研机构|公益组织|法律服务", said) is not None
        around = self.text[max(0, token.start - 12) : token.end + 12]
        if metric.code in ("P-04", "P-06"):
            return re.search(r"项目|资金|经费|预算|指标|结余|款", around) is None
        return metric.code == "P-09" and metric.key != "granted"

    def _is_of_requests(self, one: Figure) -> bool:
        """Whether 申请 without 公开 can only be such a request: what else the sentence says is said of no other."""
        if self.section == "requests":
            return True
        start = max(self.text.rfind(mark, 0, one.start) for mark in "。！？") + 1
        said = self.text[start : self._sentence_end(one.after)]
        return re.search(r"结转|转结|顺延|转入20|予以公开|不予公开|部分公开|自然人|法人", said) is not None

    def _allowed(self, topic: str, start: int, stop: int) -> list[_Token]:
        """The words between two places that count where this is spoken of, in order."""
        domains = {"": True, topic: True}
        if topic == "rules":
            domains["documents"] = True
        tokens = [
            token
            for within in domains
            for token in self.tokens.get(within, ())
            if start <= token.start < stop and token.end <= stop + 0
        ]
        tokens.sort(key=lambda token: (token.start, -token.end))
        kept: list[_Token] = []
        for token in tokens:
            if kept and token.start < kept[-1].end:
                if token.end - token.start > kept[-1].end - kept[-1].start:
                    kept[-1] = token
                continue
            kept.append(token)
        return kept

    def _statement(
        self, one: Figure, left: int, right: int, sentence: int, before: int, clause: int, first: int
    ) -> list[Statement]:
        text = self.text
        lead = text[left : one.start]
        if one.unit == "%" or one.unit == "个百分点":
            return self._share(one, left, right, sentence, first)
        if one.unit in ("元", "万元", "亿元"):
            return self._amount(one, left, right, before)
        countable = one.unit in MEASURES or one.unit in ("人", "名", "家", "则", "期", "场", "批")
        if not countable:
            return [] if one.written or one.unit in _TIMES else [self._plain_number(one, left, right)]
        if _COUNTS_THE_LAST.match(text, one.end):
            return []  # 两项合计: the numbers before it
        year, compared = self._year(one, sentence, left, clause)
        topic, sure = self._topic(left, one, right)
        self.documents = topic
        if re.search(r"[由从][^，。；、\d]{0,4}$", lead) and _MOVED.match(text, one.after):
            year = year or -1  # 由61件升至70件
        whole = self._of_last(one, sentence, first)
        if whole is not None:
            firm = one.unit in MEASURES and not whole.weak
            return [self._made(one, whole, firm, left, right, year, self._scope(sentence, one.start, left))]
        metric, firm = self._metric(one, topic, left, right, sentence, before)
        if (
            metric is not None
            and not metric.columns
            and one.unit in ("人", "名", "家", "则", "期", "场", "批")
        ):
            metric = None
        if one.written and _NOT_ONE.search(lead):
            return []
        if _DIFFERS.search(lead) and not lead.endswith("新增"):
            metric, compared = None, False
        if metric is not None and metric.code in _COUNTED and not metric.columns:
            spoken = [t for t in self._allowed(topic, left, one.start) if t.end <= one.start]
            if metric.key in _TOPIC_OF and re.search(r"办结|审结|结案", lead):
                firm = False
            if spoken and _HEAVY.search(text, spoken[-1].end, one.start):
                metric = None
        if re.search(r"对(?:全[县市区省]|其中|的)*$", lead) and _TREATED.match(text, one.after):
            return [self._plain_number(one, left, right)]
        if metric is not None and metric.code == "P-22" and self._is_published(lead, metric):
            return [self._plain_number(one, left, right)]
        if metric is not None and metric.within == "documents" and re.search(r"收录|汇编|梳理", lead):
            firm = False
        if metric is not None and (
            (metric.key == "fees" and one.value) or self._shows(metric, topic, left, one)
        ):
            return [self._plain_number(one, left, right)]
        if self.is_attribute and metric is not None and metric.within == "request":
            return [self._plain_number(one, left, right)]
        if metric is not None and metric.code == "P-09" and re.search(r"(?:其余|剩余|余下)(?:的)?$", lead):
            firm = False
        if (
            metric is not None
            and metric.key.endswith("_loose")
            and re.fullmatch(r"行政[许处强][可罚制]", lead)
        ):
            firm = text[left - 1 : left] in ("、", "和") and bool(
                self.statements and self.statements[-1].firm
            )
            if firm and self.statements[-1].code == "P-22" and one.unit in MEASURES:
                metric = self.words.by_key[metric.key.removesuffix("_loose")]
        if metric is not None and metric.key in _TOPIC_OF:
            openly = _OPENNESS.search(text, left, one.start) is not None
            as_base = re.search(r"占|全部", lead) is not None and not openly
            judged = _COURT.search(text, sentence, one.start) and _JUDGED.search(text, left, one.start)
            if as_base or (not openly and (judged or self._narrowed_later(one))):
                self.elsewhere = True
                return [self._plain_number(one, left, right)]
            self.elsewhere = False
        if metric is not None and metric.within == "dispute" and self.elsewhere:
            return [self._plain_number(one, left, right)]
        if metric is None and "其中" in lead and _OPENLY.search(lead) and self.statements:
            last = [
                t for t in self.tokens.get("", ()) if t.metric.key in ("review", "suits") and t.end <= left
            ]
            if last and not any(mark in text[last[-1].end : left] for mark in "；;"):
                metric, firm, self.elsewhere = replace(last[-1].metric, weak=True), False, False
        is_loose = metric is not None and metric.key.endswith("_loose")
        if is_loose and re.search(r"清单|目录|事项", text[sentence : one.start]):
            return [self._plain_number(one, left, right)]
        if metric is not None and _HELPED.search(text, max(left, one.start - 40), one.start):
            return [self._plain_number(one, left, right)]
        if metric is not None and metric.key == "others" and self.statements:
            counts = [made for made in self.statements if made.unit != "%"][-1:]
            if counts and counts[0].end >= self.plain.places[sentence]:
                if counts[0].key.startswith("c_"):
                    metric = replace(self.words.by_key["c_other"], weak=True)
                elif not counts[0].options:
                    return [self._plain_number(one, left, right)]
        if metric is None and _TO_NOW.search(lead) and self.statements:
            previous = self.statements[-1]
            if previous.options and previous.year and previous.key in self.words.by_key:
                metric, firm, year = self.words.by_key[previous.key], True, 0
        if metric is None and text[left - 1 : left] == "、" and _DOCUMENT_ALONE.fullmatch(lead):
            metric, firm = self._like_the_last(topic), True
        if metric is None and compared and self.rows is not None and topic in ("request", "application"):
            metric, firm = self.rows, True
        bare = one.unit == "" and not one.written
        if bare and not self._stands_alone(one, metric):
            return []
        if metric is None:
            return [] if one.written or bare else [self._plain_number(one, left, right)]
        if _TRANSFER.search(text, sentence, self._sentence_end(one.after)):
            firm = False
        clause = max(text.rfind(mark, 0, one.start) for mark in "，。；;,") + 1
        if _AWAY.search(lead) or _PLAN.search(text, max(clause, sentence), one.start):
            return [self._plain_number(one, left, right)]
        if one.written and (
            (one.unit == "个" and topic not in ("documents", "rules"))
            or text[one.start - 1 : one.start] in '“"'
        ):
            return []
        if metric.key in _INTAKE and self._is_channel(lead):
            return [self._plain_number(one, left, right)]
        if metric.key == "got" and _SOME_REQUESTS.search(lead):
            return [self._plain_number(one, left, right)]
        if _ANOTHER.search(lead) and not self._own(lead):
            firm = False
            if not self._allowed(topic, left, one.start):
                return [self._plain_number(one, left, right)]
        scope = self._scope(sentence, one.start, left)
        metrics = [metric]
        if re.search(r"各(?:为|有)?$", lead):
            metrics = self._each(metric, topic, max(sentence, before), one)
        return [
            self._made(
                one, each, firm and sure and not each.weak and one.unit in MEASURES, left, right, year, scope
            )
            for each in metrics
        ]

    def _of_last(self, one: Figure, sentence: int, first: int) -> Metric | None:
        """The sum of the results named last: 予以公开48件、部分公开16件，两项合计64件; None where nothing is summed."""
        if not self.sums_last:
            return None
        begin = max(sentence, one.start - 30)
        found = next(reversed(list(_OF_LAST.finditer(self.text, begin, one.start))), None)
        clause = (
            max(self.text.rfind(mark, 0, begin if found is None else found.start()) for mark in "，；。、")
            + 1
        )
        if found is not None and self._allowed("request", clause, found.start()):
            return None  # names stand right before it: 不予公开、无法提供两项合计9件
        if found is None or not _ONLY_SUMMED.fullmatch(self.text, found.end(), one.start):
            return None
        made = [
            m for m in self.statements[first:] if m.unit != "%" and m.end <= self.plain.places[found.start()]
        ]
        if found["count"]:
            parts = made[
                -(
                    "零一二三四五六".find(found["count"].replace("两", "二"))
                    if not found["count"].isdigit()
                    else int(found["count"])
                ) :
            ]
        else:
            parts = []
            for m in reversed(made):
                if m.code != "P-09":
                    break
                parts.insert(0, m)
        if len(parts) < 2 or not all(m.options for m in parts) or {m.code for m in parts} != {"P-09"}:
            return None
        cells = tuple(cell for m in parts for cell in m.options[0].cells)
        if len(set(cells)) < len(cells) or len({m.year for m in parts}) > 1:
            return None
        name = "与".join(m.options[0].name for m in parts) + "之和"
        return replace(
            self.words.by_key["granted_or_partial"],
            options=(Option(name, cells),),
            weak=not all(m.firm for m in parts),
        )

    def _is_channel(self, lead: str) -> bool:
        """Whether only what came one way is counted: 其中信函申请3件, not 通过信函等渠道共收到3件."""
        found = _CHANNEL.search(lead)
        if found is not None and found[0] == "书面":
            others = (one[0] for one in _CHANNEL.finditer(self.text))
            return any(one != "书面" for one in others)
        return found is not None and not re.search(r"等|共|总|各|多种", lead[found.start() :])

    def _is_published(self, lead: str, metric: Metric) -> bool:
        """Whether decisions are counted as they were published, which may be others: 公示行政处罚决定1,023条."""
        if metric.key == "fees" or re.search(r"作出|做出|办理|实施|下达|数量|处理决定", lead):
            self.published = False
        elif re.search(r"(?:公开|公示|发布|归集|上传|推送|报送)[^，。；]{0,6}行政", lead):
            self.published = True
        return self.published

    def _shows(self, metric: Metric, topic: str, left: int, one: Figure) -> bool:
        """Whether 公开 is what was done with the things that are counted: 依法公开行政复议决定书18份."""
        if metric.key != "granted":
            return False
        its = [t for t in self._allowed(topic, left, one.start) if t.end <= one.start]
        if not its or not self.text[its[-1].start : its[-1].end].startswith(("已", "依法", "向")):
            return False
        said = self.text[its[-1].end : one.start]
        return (
            re.fullmatch(r"(?:政府|信息|公开|申请|的|有|共计?|了|约|为|件数|数量|事项|答复)*", said) is None
        )

    def _narrowed_later(self, one: Figure) -> bool:
        """Whether a part of what a number counts is told to be about openness: 复议96件，其中涉及信息公开7件."""
        stop = self._sentence_end(one.after)
        return (
            re.match(
                r"[^。；]{0,30}其中[^，。；\d]{0,10}(?:信息公开|依申请公开)", self.text[one.after : stop]
            )
            is not None
        )

    def _like_the_last(self, topic: str) -> Metric | None:
        """What is said of 规章 said of 规范性文件 too: 现行有效规章10件、行政规范性文件78件."""
        last = self.statements[-1].key if self.statements else ""
        group, _, part = last.partition("_" if not last.startswith(("normative_", "government_")) else "s_")
        if group not in ("normative_document", "government_rule"):
            return None
        metric = self.words.by_key[f"normative_documents_{part}"]
        return self._of_regulations(metric) if topic == "rules" else metric

    def _own(self, lead: str) -> bool:
        """Whether a body named before a number is the reporting one: 我局, 本办, 全镇."""
        return re.search(r"(?:我|本|全|该)(?:市|县|区)?[^，、]{0,12}$", lead) is not None

    def _sentence_end(self, at: int) -> int:
        ends = [place for place in (self.text.find(mark, at) for mark in "。！？") if place >= 0]
        return min(ends, default=len(self.text))

    def _stands_alone(self, one: Figure, metric: Metric | None) -> bool:
        """Whether a number without measure word counts: directly behind the word that says what it counts."""
        if metric is None:
            return False
        following = self.text[one.after : one.after + 1]
        before = self.text[max(0, one.start - 8) : one.start]
        return following in ("", "，", "；", "。", "、", "）", ")", ";", ",", ":") and (
            re.search(r"[\u4e00-\u9fff:]$", before) is not None
        )

    def _plain_number(self, one: Figure, left: int, right: int) -> Statement:
        return self._made(one, None, False, left, right, 0, "")

    def _made(
        self,
        one: Figure,
        metric: Metric | None,
        firm: bool,
        left: int,
        right: int,
        year: int,
        scope: str,
    ) -> Statement:
        options: tuple[Option, ...] = ()
        code = key = ""
        if metric is not None:
            code, key = metric.code, metric.key
            options = self._options(metric, one.start)
            if firm and metric.within == "request" and self.ctx == "":
                self.ctx = "request"
            if metric.within == "documents" and self.guessed:
                firm = False
            if metric.columns:
                pass
            elif metric.key in _RECEIVED or metric.code == "P-05":
                self.rows = metric
            if metric.key in _TOPIC_OF:
                self.dispute = self._parent(one.start)
        places = self.plain.places
        phrase = (places[left], places[max(left, min(right, len(places) - 1))])
        lead = self.text[left : one.start]
        while phrase[0] < places[one.start] and self.paragraph[phrase[0]].isspace():
            phrase = phrase[0] + 1, phrase[1]
        start, end = places[one.start], places[one.end - 1] + 1
        phrase = phrase[0], max(phrase[1], end)
        if phrase[1] > end and self.paragraph[phrase[1] - 1] in "，。；、：:（）(),;":
            phrase = phrase[0], phrase[1] - 1
        return Statement(
            start,
            end,
            phrase,
            self.paragraph[start:end],
            one.value,
            one.unit,
            one.step,
            code,
            key,
            options,
            firm and bool(options),
            one.vague,
            year,
            scope,
            one.written,
            label=lead,
        )

    def _options(self, metric: Metric, at: int) -> tuple[Option, ...]:
        if metric.columns:
            rows = self.rows.options if self.rows is not None else self.words.by_key["through"].options
            return tuple(
                Option(f"{row.name}·{column.name}", tuple(self._crossed(row.cells, column.cells)))
                for column in metric.options
                for row in rows
            )
        if metric.within == "dispute":
            of = self._parent(at)
            groups = [cell.removesuffix(".total") for cell in of.options[0].cells]
            lead = {
                "review": "行政复议",
                "suits": "行政诉讼",
                "direct": "未经复议直接起诉",
                "after": "复议后起诉",
            }
            return tuple(
                Option(
                    f"{lead.get(of.key, '行政复议和行政诉讼')}·{option.name}",
                    tuple(f"{group}.{part}" for group in groups for part in option.cells),
                )
                for option in metric.options
            )
        return metric.options

    def _parent(self, at: int) -> Metric:
        """The disputes of which results are told at a place: those named last, outside of brackets closed since."""
        text, by_key = self.text, self.words.by_key
        named = [
            token
            for token in self.tokens.get("", ())
            if token.metric.key in _TOPIC_OF and token.end <= at and not self._enclosed(token.start, at)
        ]
        if not named:
            return self.dispute
        last = named[-1].metric
        if len(named) > 1:
            both = {named[-2].metric.key, last.key}
            between = text[named[-2].end : named[-1].start]
            if both == {"direct", "after"}:
                is_own = re.search(r"[；;。]|维持|纠正|审结|结果", between) is not None
                return last if is_own else by_key["suits"]
            joined = _AND.fullmatch(text[named[-2].end : named[-1].start])
            if joined and both == {"review", "suits"}:
                return by_key["both_disputes"]
        return last

    def _enclosed(self, place: int, at: int) -> bool:
        """Whether a place is within brackets that are closed before another."""
        depth = 0
        for char in self.text[place:at]:
            depth += char in "（("
            depth -= char in "）)"
            if depth < 0:
                return True
        return False

    def _crossed(self, rows: Sequence[str], columns: Sequence[str]) -> Iterator[str]:
        for row in rows:
            for column in columns:
                yield row.removesuffix("total") + column

    def _scope(self, sentence: int, at: int, left: int) -> str:
        stop = self._sentence_end(at)
        parts = self.text.find("其中", at, stop)
        if parts >= 0 and not _ALL_LEVELS.match(self.text, parts, stop):
            parts = -1  # its own part may be what the tables are of
        if _SCOPES.search(self.text, sentence, parts if parts >= 0 else stop) is not None:
            return "narrow"
        bodies = [one for one in _BODY.finditer(self.text, sentence, at)]
        if bodies:
            return f"{NAMED}{bodies[-1]['body']}"
        return "wide" if _WIDE.search(self.text, sentence, at) else ""

    # --- which year

    def _year(self, one: Figure, sentence: int, left: int, clause: int) -> tuple[int, bool]:
        """The year that a number is of (0, -1, 1 for another), and whether it stands there to be compared with."""
        text, year, compared = self.text, 0, False
        for found in _YEAR.finditer(text, sentence, one.start):
            # For a year only: there may be hundreds of numbers before a full stop, and hundreds of characters.
            opened = [p for p in range(sentence, found.start()) if text[p] in "（("]
            closed = [p for p in range(sentence, one.start) if text[p] in "）)"]
            if any(
                token.start <= found.start() < token.end
                for token in self.tokens["request"]
                if token.metric.key in ("brought", "carried")
            ):
                continue
            ended = any(found.start() < p for p in closed)
            if opened and ended and not any(opened[-1] < p < found.start() for p in closed):
                continue  # in brackets that are closed again
            against = _COMPARED.search(text, max(0, found.start() - 4), found.start()) is not None
            if against:
                ends = _BOUNDARY.search(text, found.end(), one.start)
                if ends is not None and ends[0] not in "（(":
                    continue
                if ends is not None and ")" in text[found.end() : one.start].replace("）", ")"):
                    continue
                compared = True
            else:
                compared = False
            year = self._offset(found)
            since = _YEAR_SINCE.search(text, max(0, found.start() - 9), found.start())
            if since is not None and found["year"] and since[1] != found["year"]:
                year = 1  # 2020年至2024年
            if year and _YEARS_JOINED.search(text, max(0, found.start() - 6), found.start()):
                year = 1  # 2022年、2023年分别: one of several years
        place = self.plain.places[one.start]
        begins = max(self.paragraph.rfind(mark, 0, place) for mark in "，。；：,;:") + 1
        if _MONTH.search(self.paragraph[begins:place]):
            return 1, False
        return year, compared and year == -1

    def _offset(self, found: re.Match[str]) -> int:
        if found["last"]:
            return -1
        if found["this"]:
            return 0
        if found["before"]:
            return 1
        stated = (
            int(found["year"])
            if found["year"]
            else 2000
            + int(
                "".join(
                    str("零一二三四五六七八九".index(c)) if c in "零一二三四五六七八九" else "0"
                    for c in found["han"]
                )
            )
        )
        if re.match("年?(?:度)?(?:及)?(?:以前|之前|底?前)", self.text[found.end() : found.end() + 6]):
            return 1
        known = self.year if self.year is not None else stated
        return {known: 0, known - 1: -1}.get(stated, 1)

    # --- which word

    def _metric(
        self, one: Figure, topic: str, left: int, right: int, sentence: int, before: int
    ) -> tuple[Metric | None, bool]:
        """What a number counts, None if its words say nothing of the form; and whether that is sure."""
        text = self.text
        if topic == "application":
            topic = "request"
        if self.statements and _ITS_COUNT.fullmatch(text, left, one.start):
            share = self.statements[-1]
            if share.key == "share" and share.share_of < 0 and share.options and not share.growth:
                gap = text[self.plain.places.index(share.end) : left]
                if len(gap) <= 2:
                    of = self.words.by_key["granted_or_partial"]
                    code = (
                        "P-13"
                        if any(not cell.endswith(".total") for cell in share.options[0].cells)
                        else "P-09"
                    )
                    return replace(of, code=code, options=share.options, within="request"), True
        ahead = [token for token in self._allowed(topic, left, one.start) if token.end <= one.start]
        behind = self._allowed(topic, one.after, right)
        inner = text.find("中", one.after, right)
        if behind and inner >= behind[0].end and text[inner - 1] != "其":
            behind = [token for token in behind if token.end <= inner]  # 60件答复中予以公开27件
        named = [token for token in ahead if token.metric.key == "got" and self._is_noun(token)]
        others = [token for token in ahead if token not in named and token.metric.key != "in_hand"]
        if named and others:
            ahead = [token for token in ahead if token not in named]
        elif not others and any(token.metric.key in _RESULTS for token in behind):
            ahead = []  # 合计3件信息公开申请不予处理
        elif named and any(token.metric.code in ("P-04", "P-06", "P-09", "P-13") for token in behind):
            ahead = []
        if ahead:
            together = self._together(topic, max(sentence, before), one)
            if together is not None:
                return together, not together.weak and self._sure(together, topic, left, one, sentence)
            metric = self._joined(ahead, text[left : one.start], topic, one, behind)
            if metric is not None and metric.key == "left" and _TO_NEXT.match(text, one.after):
                metric = self.words.by_key["carried"]
            if metric is not None and metric.key in _GROUP_OF:
                metric = self._with_reason(metric, topic, max(sentence, before), left)
            if metric is not None:
                return metric, self._sure(metric, topic, left, one, sentence)
            return None, False
        if behind:
            token = behind[0]
            gap = text[one.after : token.start]
            if token.metric.key in ("got", "handled", "answered", "done") and "均" in gap:
                return None, False
            if len(gap) <= 24 and not re.search(r"的(?:信息|文件|材料)", gap):
                sure = self._sure(token.metric, topic, left, one, sentence)
                if token.metric.key in ("got", "accepted", "handled", "new") and self.section != "requests":
                    sure = sure and topic == "request"
                return self._joined(behind, gap, topic, one, ()), sure
        if _REMAINDER.search(text[left : one.start]) and topic == "request":
            stop = min(
                (f.start for f in self.figures if f.start >= one.after and f.unit != "年"), default=len(text)
            )
            later = self._allowed(topic, one.after, min(stop, self._sentence_end(one.after)))
            later = [token for token in later if token.metric.key == "carried"]
            if later:
                return later[0].metric, True
        if _FILLER.match(text[left : one.start]) and right - one.after <= 1:
            earlier = [token for token in self._allowed(topic, max(sentence, before), left)]
            if (
                earlier
                and len(text[earlier[-1].end : left]) <= 20
                and not self._broken(earlier[-1].end, left)
            ):
                token = earlier[-1]
                metric = self._together(topic, max(sentence, before), one)
                metric = metric or self._joined(earlier[-1:], "", topic, one, ())
                return metric, self._sure(token.metric, topic, left, one, sentence) if metric else False
        return None, False

    def _each(self, metric: Metric, topic: str, start: int, one: Figure) -> list[Metric]:
        """What a number is said of that is the same for several: 行政复议、行政诉讼各2件."""
        if metric.key == "both_disputes":
            return [self.words.by_key["review"], self.words.by_key["suits"]]
        tokens = [token for token in self._allowed(topic, start, one.start) if token.end <= one.start]
        run = tokens[-1:]
        for token in reversed(tokens[:-1]):
            if not _AND.fullmatch(self.text[token.end : run[0].start]):
                break
            run.insert(0, token)
        its = [token.metric for token in run]
        alike = {each.code for each in its} <= {"P-07", "P-08"} or {each.code for each in its} == {"P-09"}
        return its if len(its) > 1 and alike else [metric]

    def _together(self, topic: str, start: int, one: Figure) -> Metric | None:
        """What several names joined before one number mean: their sum (不予处理、其他处理158件)."""
        tokens = [token for token in self._allowed(topic, start, one.start) if token.end <= one.start]
        named = [token for token in tokens if token.metric.key == "got" and self._is_noun(token)]
        if named and len(named) < len(tokens):
            tokens = [token for token in tokens if token not in named]
        if tokens and tokens[-1].metric.key == "in_hand":
            tokens = tokens[:-1]
        run = tokens[-1:]
        for token in reversed(tokens[:-1]):
            gap = self.text[token.end : run[0].start]
            if not _AND.fullmatch(gap) and not (
                _INCLUDING.fullmatch(gap) and self.text[run[-1].end : run[-1].end + 1] in "）)"
            ):
                break
            run.insert(0, token)
        metrics = [token.metric for token in run]
        if len(run) < 2 or len({metric.key for metric in metrics}) < len(run):
            return None
        if not any({metric.code for metric in metrics} <= codes for codes in _ADDED):
            return None
        if not re.match(
            r"[）)]?(?:案件|(?:政府)?信息公开申请|依申请公开|申请|的|共计?|合计|总计|为|数量|各|分别|均)*$",
            self.text[run[-1].end : one.start],
        ):
            return None
        if re.search(r"各|分别|均", self.text[run[-1].end : one.start]):
            return None
        if any(metric.columns for metric in metrics):
            return None
        first = [option for metric in metrics for option in self._options(metric, one.start)[:1]]
        if sum(len(option.cells) for option in first) > len({c for option in first for c in option.cells}):
            return None
        if metrics[0].within == "documents" and self.documents == "rules":
            first = [self._of_regulations(metric).options[0] for metric in metrics]
        whole = Option(
            "与".join(option.name for option in first) + "之和",
            tuple(dict.fromkeys(cell for option in first for cell in option.cells)),
        )
        last = metrics[-1]
        return replace(last, within="request", options=(whole,), weak=any(metric.weak for metric in metrics))

    def _with_reason(self, metric: Metric, topic: str, start: int, left: int) -> Metric:
        """A group whose reason stands in the clause before: 因没有现成信息需要另行制作，无法提供5件."""
        said = self.text[start:left]
        reasons = [
            token.metric
            for token in self._allowed(topic, start, left)
            if token.metric.group == _GROUP_OF[metric.key]
        ]
        if len(reasons) != 1 or not re.search(r"因|由于|属|涉及|补正后", said) or re.search(r"等", said):
            return metric
        return replace(reasons[0], options=(*reasons[0].options, *metric.options))

    def _broken(self, start: int, stop: int) -> bool:
        """Whether what stands between a word and a number speaks of something else."""
        return any(start <= topic.start < stop and topic.word == "elsewhere" for topic in self.topics) or any(
            mark in self.text[start:stop] for mark in "；;（("
        )

    def _joined(
        self, tokens: Sequence[_Token], lead: str, topic: str, one: Figure, behind: Sequence[_Token]
    ) -> Metric | None:
        """One meaning of several words: 行政执法案卷 and 不予公开, 受理 and 答复, 复议 and 维持."""
        metrics = [token.metric for token in tokens]
        last = metrics[-1]
        by_key = self.words.by_key
        if last.key == "in_hand" and len(metrics) > 1:
            last = metrics[-2]
            metrics = metrics[:-1]
        if last.key == "in_hand":
            said = self.said | {s.key for s in self.statements}
            if not ({"brought"} & said and {"got", "new", "accepted"} & said):
                return None
        if last.key in _GROUP_OF:
            detail = [m for m in metrics[:-1] if m.group == _GROUP_OF[last.key]]
            if detail:
                at = [token.end for token in tokens[:-1] if token.metric is detail[-1]][-1]
                if re.search(r"等|、|和|或|及", self.text[at : tokens[-1].start]):
                    return last
                if len(detail) > 1 and len({o.cells for m in detail for o in m.options}) == 1:
                    detail = detail[-1:]
                options = (*detail[-1].options, *last.options)
                return replace(detail[-1], options=options if len(detail) == 1 else last.options)
        if (
            last.key == "answered"
            and len(metrics) > 1
            and metrics[-2].key in ("granted", "partial", "denied", "unable")
        ):
            return metrics[-2]
        if last.key in ("answered", "done", "handled") and len(metrics) > 1:
            gap = tokens[-1].start - tokens[-2].end
            if metrics[-2].key in ("got", "accepted") and gap <= 1:
                return by_key["through"]
            if metrics[-2].key in ("brought", "carried") and gap <= 3:
                return metrics[-2]
        if last.key == "got" and len(metrics) > 1 and self._is_noun(tokens[-1]):
            if metrics[-2].key == "in_hand":
                return last
            return self._joined(tokens[:-1], lead, topic, one, behind)
        if last.within == "documents":
            return self._document(last)
        if last.key.endswith("_loose") and one.unit not in ("件", "起", "宗", "例", "项", "次", "个", ""):
            return None
        return last

    def _is_noun(self, token: _Token) -> bool:
        """Whether 申请 stands there as what another word speaks of: 办结依申请公开12件."""
        said = self.text[token.start : token.end]
        return said.startswith(("依申请", "申请"))

    def _document(self, metric: Metric) -> Metric | None:
        if self.documents == "rules":
            return self._of_regulations(metric)
        return metric

    def _of_regulations(self, metric: Metric) -> Metric:
        def swapped(text: str) -> str:
            return text.replace("normative_documents", "government_rules").replace("行政规范性文件", "规章")

        options = tuple(
            Option(swapped(option.name), tuple(swapped(cell) for cell in option.cells))
            for option in metric.options
        )
        return replace(metric, key=swapped(metric.key), code="P-21", options=options)

    def _sure(self, metric: Metric, topic: str, left: int, one: Figure, sentence: int) -> bool:
        if metric.weak:
            return False
        if metric.key in _TOPIC_OF or metric.within == "dispute":
            stop = self._sentence_end(one.after)
            lead = self.text[left : one.start]
            as_judge = re.search(
                r"(?:受理|办理|审理|收到|审结|代理|办结|处理|接收)[^，。；]{0,8}(?:复议|诉讼)", lead
            )
            of_openness = _OPENNESS.search(self.text, sentence, stop) is not None
            if re.search(r"无关|一审|二审|再审", self.text[sentence:stop]):
                return False
            if one.value == 0:
                return True
            parents = [made for made in self.statements if made.key in _TOPIC_OF]
            if metric.within == "dispute" and parents and not parents[-1].firm:
                return False
            if as_judge and not _OPENNESS.search(self.text, left, one.start):
                return False
            return of_openness or self.is_open
        return True

    # --- shares and amounts

    def _share(self, one: Figure, left: int, right: int, sentence: int, first: int) -> list[Statement]:
        lead = self.text[left : one.start]
        nothing = [self._plain_number(one, left, right)]
        if _RATE.search(lead) and not _SHARE.search(lead):
            return nothing
        counted = [n for n in range(first, len(self.statements)) if self.statements[n].unit != "%"]
        grew = 1 if _GREW.search(lead) else -1 if _FELL.search(lead) else 0
        if grew or "同比" in lead or "环比" in lead:
            if not grew or one.unit != "%":
                return nothing
            subjects = [n for n in counted if self.statements[n].year == 0 and self.statements[n].value]
            if not subjects or not self.statements[subjects[-1]].options:
                return nothing
            if self.statements[subjects[-1]].code not in ("P-01", "P-02", "P-03"):
                return nothing
            made = self._made(one, None, False, left, right, 0, self.statements[subjects[-1]].scope)
            return [made._replace(code="P-11", growth=grew, share_of=subjects[-1])]
        if one.unit != "%" or not (
            _SHARE.search(lead) or (left and self.text[left - 1] in "（(" and not lead)
        ):
            return nothing
        topic, _ = self._topic(left, one, right)
        share = _SHARE.search(lead)
        whole = self._of_last(one, sentence, first)
        if whole is not None:
            made = self._made(
                one, whole, not whole.weak, left, right, 0, self._scope(sentence, one.start, left)
            )
            return [made._replace(code="P-11", key="share")]
        if share is not None and not _BASE.fullmatch(lead, share.end()):
            return nothing
        stop = left + (share.start() if share is not None else len(lead))
        ahead = self._allowed("request" if topic == "application" else topic, left, stop)
        year, _ = self._year(one, sentence, left, left)
        if ahead and ahead[-1].metric.key not in ("got", "accepted", "handled", "in_hand"):
            metric = self._joined(ahead, lead, topic, one, ())
            if metric is None or metric.weak:
                return nothing
            made = self._made(one, metric, True, left, right, year, self._scope(sentence, one.start, left))
            return [made._replace(code="P-11", key="share")]
        if not counted:
            return nothing
        subject = self.statements[counted[-1]]
        if subject.code in ("", "P-01", "P-02", "P-03", "P-20", "P-21", "P-22"):
            return nothing
        if not subject.options or self.plain.places.index(subject.end) < sentence:
            return nothing
        made = self._made(one, None, False, left, right, subject.year, subject.scope)
        return [made._replace(code="P-11", key="share", share_of=counted[-1], firm=subject.firm)]

    def _amount(self, one: Figure, left: int, right: int, before: int) -> list[Statement]:
        fees = [token for token in self.tokens.get("", ()) if token.metric.key == "fees"]
        ahead = [token for token in fees if token.start >= left and token.end <= one.start]
        if not ahead and _FILLER.match(self.text[left : one.start]):
            ahead = [
                token
                for token in fees
                if before <= token.start and token.end <= left and left - token.end <= 3
            ]
        if not ahead and _ITS_AMOUNT.fullmatch(self.text, left, one.start):
            ahead = [token for token in fees if token.end <= left and left - token.end <= 12][-1:]
        if ahead and re.search(
            r"取消|减免|停征|降低|免征", self.text[max(0, ahead[-1].start - 6) : ahead[-1].start]
        ):
            ahead = []
        if not ahead or re.search(r"信息处理费|退|减免|免收", self.text[left : one.start]):
            return [self._plain_number(one, left, right)]
        year, _ = self._year(one, max(0, before), left, left)
        scope = self._scope(before, one.start, left)
        return [self._made(one, ahead[-1].metric, True, left, right, year, scope)]

    # --- names first, numbers after

    def _respective(
        self, its: Sequence[Figure], place: int, sentence: int
    ) -> list[tuple[Figure, Statement]] | None:
        """「A、B、C 分别为 1、2、3」 and 「A、B 均为 0」; None if it is neither."""
        text, one = self.text, its[place]
        found = _RUN.search(text, max(sentence, one.start - 8), one.start)
        if found is None:
            return None
        run = [one]
        if found["each"]:
            for other in its[place + 1 :]:
                if not _LINK.match(text[run[-1].after : other.start]):
                    break
                run.append(other)
            if len(run) < 2:
                return None
        elif one.value != 0:
            return None
        start = max(
            (
                sentence,
                *(f.after for f in its[:place]),
                *(text.rfind(mark, sentence, found.start()) + 1 for mark in "；;"),
            )
        )
        topic, sure = self._topic(start, one, one.after)
        names = self._allowed("request" if topic == "application" else topic, start, found.start())
        stems = list(_STEMS.finditer(text, start, found.start()))
        if stems and topic == "decisions":
            said = text[start : found.start()]
            firm = "决定" in said or "处理" in said or one.value == 0
            keys = [_STEM_KEYS[stem[0]] for stem in stems]
            metrics = [self.words.by_key[key] for key in keys]
            if re.search(r"信息|事项|公示", said):
                metrics = []
        else:
            if topic == "dispute" and any(token.metric.within == "dispute" for token in names):
                parents = [token.metric for token in names if token.metric.key in _TOPIC_OF]
                if parents:
                    self.dispute = parents[-1]
                names = [token for token in names if token.metric.within == "dispute"]
            elif any(token.metric.columns for token in names):
                names = [token for token in names if token.metric.columns]
            elif topic in ("documents", "rules"):
                names = [token for token in names if token.metric.within == "documents"]
            firm = True
            self.documents = topic
            metrics = [
                self._document(t.metric) or t.metric if t.metric.within == "documents" else t.metric
                for t in names
            ]
        if found["all"] and topic == "dispute" and not any(t.metric.within == "dispute" for t in names):
            requests = (t for t in self.topics if t.word == "request" and t.start >= start)
            if any(text[t.end : t.end + 1] in ("、", "和", "及", "与") for t in requests):
                metrics = [self.words.by_key["got"], *metrics]
        year, _ = self._year(one, sentence, start, start)
        scope = self._scope(sentence, one.start, start)
        if found["all"]:
            if not metrics:
                return None
            if [metric.key for metric in metrics] == ["got"]:
                return None
            if not any(metric.key in _TOPIC_OF for metric in metrics):
                metrics = [metric for metric in metrics if metric.key not in ("got", "handled")] or metrics
            pairs = [(one, metric) for metric in metrics]
        else:
            joined = [m.key for m in metrics].count("granted_or_partial")
            if joined and len(metrics) + joined == len(run):
                both = [self.words.by_key["granted"], self.words.by_key["partial"]]
                metrics = [m for one in metrics for m in (both if one.key == "granted_or_partial" else [one])]
            metrics = metrics[-len(run) :]
            if len(metrics) != len(run):
                return [
                    (figure, self._made(figure, None, False, figure.start, figure.after, 0, ""))
                    for figure in run
                ]
            pairs = list(zip(run, metrics, strict=True))
        unit = next((figure.unit for figure in reversed(run) if figure.unit), "")
        made = []
        for figure, metric in pairs:
            sure_of = firm and sure and not metric.weak and self._sure(metric, topic, start, figure, sentence)
            if metric.key == "fees" and figure.unit not in ("元", "万元"):
                made.append((figure, self._made(figure, None, False, figure.start, figure.after, 0, "")))
                continue
            statement = self._made(figure, metric, sure_of, start, figure.after, year, scope)
            made.append((figure, statement._replace(unit=figure.unit or unit)))
        return made

    # --- words for none and for all

    def _words_for_none(self, start: int, stop: int) -> None:
        text = self.text
        by_key = self.words.by_key
        carried = self.carried

        def said(
            found: re.Match[str], code: str, options: tuple[Option, ...], firm: bool, group: str = "word"
        ) -> None:
            at, end = found.span(group)
            year = self._word_year(start, at)
            if year == 1 or not options:
                return
            places = self.plain.places
            first, last = places[at], places[end - 1] + 1
            self.statements.append(
                Statement(
                    first,
                    last,
                    (first, places[found.end() - 1] + 1),
                    self.paragraph[first:last],
                    0,
                    "",
                    Decimal(1),
                    code,
                    "none",
                    options,
                    firm,
                    False,
                    year,
                    self._scope(start, at, at),
                    True,
                )
            )

        for found in _NO_REQUEST.finditer(text, start, stop):
            obj = found["object"] + found["rest"]
            if _NARROWED.search(re.sub(r"公民、?法人[^，。；]{0,12}组织", "", obj)) or re.search(
                r"收到|受理", found["object"]
            ):
                continue
            if found["word"] in ("未", "没有") and not re.match(r"未|没有", found["word"]):
                continue
            if "现成" in found["object"] or re.match(r"[共有为]?[\d一二三四五六七八九十]", found["rest"]):
                continue  # 未补正的信息公开申请2件
            if found["word"] == "未" or (_ELSEWHERE.search(found["object"])):
                continue
            said(found, "P-15", by_key["new"].options, True)
        for found in _NO_DISPUTE.finditer(text, start, stop):
            rest = found["rest"]
            if _LOST.search(rest) or re.search(r"\d|[一二两三]件", text[found.end() : found.end() + 3]):
                continue
            review = "复议" in rest
            suits = re.search(r"诉讼(?!法)", rest) is not None
            if re.match(r"公开|公示|开展|参加|建立|及时", rest) or re.search(
                r"应诉|培训|机制|制度|能力", rest
            ):
                continue
            key = "both_disputes" if review and suits else "review" if review else "suits"
            said(found, "P-16", by_key[key].options, True)
        for found in _NONE_LEFT.finditer(text, start, stop):
            key = "carried" if found["next"] else "brought"
            said(found, by_key[key].code, by_key[key].options, True)
        for found in _NO_DOCUMENTS.finditer(text, start, stop):
            options = []
            if re.search(r"制发|制定|印发|出台|发布", found["verbs"]):
                options.append(by_key["normative_documents_issued"])
            if "废止" in found["verbs"]:
                options.append(by_key["normative_documents_repealed"])
            if not options:
                continue
            rules = found["what"] == "规章"
            metrics = [self._of_regulations(one) if rules else one for one in options]
            joined = Option(
                "、".join(one.options[0].name for one in metrics),
                tuple(cell for one in metrics for cell in one.options[0].cells),
            )
            said(found, "P-21" if rules else "P-20", (joined,), True)
        for found in _NO_FEES.finditer(text, start, stop):
            said(found, "P-22", by_key["fees"].options, True)
        for found in _NO_DECISIONS.finditer(text, start, stop):
            metrics = [by_key[_STEM_KEYS[stem[0]]] for stem in _STEMS.finditer(found["list"])]
            metrics = [one for one in metrics if one.key != "fees"]
            joined = Option(
                "、".join(one.options[0].name for one in metrics),
                tuple(cell for one in metrics for cell in one.options[0].cells),
            )
            said(found, "P-22", (joined,), found["verb"] in ("作出", "做出", "实施"))
        self._words_for_all(start, stop, said, carried)

    def _words_for_all(self, start: int, stop: int, said: Any, carried: bool) -> None:
        text, by_key = self.text, self.words.by_key
        for found in _ALL_DONE.finditer(text, start, stop):
            topic = self._topic_word(found.start(), start)
            if topic != "request" or re.search(
                r"其余|其他|剩余|除|建议|提案|率", text[max(start, found.start() - 12) : found.end()]
            ):
                continue
            clause = max(text.rfind(mark, 0, found.start()) for mark in "，。；") + 1
            if _ELSEWHERE.search(text, clause, found.end()) or carried:
                continue
            already = (
                "已" in found["word"] + found["how"]
                or found["word"] == "全部"
                or "已" in text[found.start() - 1 : found.start()]
            )
            in_time = re.search(r"期限|时限|规定时间", found["how"]) is not None
            firm = "办" in found["what"] or (already and not in_time)
            spoken = [token for token in self.tokens["request"] if clause <= token.start < found.start()]
            if spoken and spoken[0].metric.key == "brought":
                continue  # of those of last year alone
            said(found, "P-17", by_key["carried"].options, firm)
        rows = self.rows.options if self.rows is not None else by_key["got"].options
        for pattern, columns in ((_ALL_NATURAL, "c_legal"), (_ALL_LEGAL, "c_natural")):
            for found in pattern.finditer(text, start, stop):
                topic = self._topic_word(found.start(), start)
                if topic != "request" and not (topic == "" and "自然人" in found[0]):
                    continue
                options = tuple(
                    Option(
                        f"{row.name}·{by_key[columns].options[0].name}",
                        tuple(self._crossed(row.cells, by_key[columns].options[0].cells)),
                    )
                    for row in rows
                )
                group = "word" if found["word"] else "word2"
                said(found, "P-14", options, True, group)
        for found in _ALL_UPHELD.finditer(text, start, stop):
            groups = self._groups_before(start, found.start())
            if groups and self.is_open:
                cells = tuple(
                    f"{group}.{part}" for group in groups for part in ("corrected", "other", "pending")
                )
                said(found, "P-18", (Option("维持以外的结果", cells),), True)
        for found in _NO_LOSS.finditer(text, start, stop):
            groups = self._groups_before(start, found.start()) or self._groups_before(start, stop)
            if groups and self.is_open:
                cells = tuple(f"{group}.corrected" for group in groups)
                said(found, "P-18", (Option("结果纠正", cells),), True, "word" if found["word"] else "word2")

    def _groups_before(self, start: int, at: int) -> list[str]:
        text = self.text[start:at]
        groups = (
            ["disputes.reconsideration"]
            if "复议" in text.replace("复议后", "").replace("未经复议", "")
            else []
        )
        if "诉讼" in text or "起诉" in text or "败诉" in text:
            groups += ["disputes.direct_suit", "disputes.suit_after_reconsideration"]
        return groups

    def _topic_word(self, at: int, sentence: int) -> str:
        word, seen = self.ctx, self.seen_request
        for topic in self.topics:
            if topic.start >= at:
                break
            if topic.word == "channel":
                continue
            seen = seen or topic.word == "request"
            if topic.word == "application":
                word = "request" if word == "" or (seen and word != "elsewhere") else word
            else:
                word = topic.word
        return word

    def _word_year(self, sentence: int, at: int) -> int:
        found = [one for one in _YEAR.finditer(self.text, sentence, at)]
        found = [
            one
            for one in found
            if not any(
                token.start <= one.start() < token.end
                for token in self.tokens["request"]
                if token.metric.key in ("brought", "carried")
            )
        ]
        found = [
            one for one in found if not _COMPARED.search(self.text, max(0, one.start() - 4), one.start())
        ]
        return self._offset(found[-1]) if found else 0

    # --- parts of a whole

    def _lists(self, numbers: Sequence[tuple[Figure, int]], stop: int) -> None:
        text = self.text
        for place, (one, number) in enumerate(numbers):
            if one.unit not in MEASURES and one.unit not in ("则", "期", "场", "人", "家"):
                continue
            after = place + 1
            while after < len(numbers) and numbers[after][0].unit == "%":
                after += 1
            if after >= len(numbers) or self.statements[number].vague:
                continue
            gap = text[one.after : numbers[after][0].start]
            marks = list(_WHOLE.finditer(gap))
            if not marks or marks[0].start() > 6 or len(gap) > 60 or re.search(r"[。]", gap):
                continue
            self._list(numbers, place, after, marks, gap, stop)

    def _list(
        self,
        numbers: Sequence[tuple[Figure, int]],
        place: int,
        after: int,
        marks: Sequence[re.Match[str]],
        gap: str,
        stop: int,
    ) -> None:
        text, (one, number) = self.text, numbers[place]
        opened = any(mark["open"] for mark in marks)
        weak = any(mark["weak"] for mark in marks)
        colon = any(mark["mark"] for mark in marks)
        strong = any(mark["strong"] for mark in marks) or ((opened or colon) and not weak)
        depth = 1 if opened else 0
        end = stop
        if opened:
            level, end = 0, stop
            for at in range(one.after, stop):
                level += text[at] in "（("
                level -= text[at] in "）)"
                if level == 0 and text[at] in "）)":
                    end = at
                    break
        parts: list[int] = []
        unit = ""
        before = one.after
        level = 0
        scanned = one.after
        clean = True
        for figure, part in numbers[after:]:
            if figure.start >= end:
                break
            level += sum(char in "（(" for char in text[scanned : figure.start])
            level -= sum(char in "）)" for char in text[scanned : figure.start])
            scanned = figure.start
            if level < depth:
                break
            if level > depth or figure.unit == "%":
                continue
            between = text[before : figure.start]
            if parts:
                is_result = self.statements[number].code == "P-05" and self.statements[part].code == "P-09"
                if re.search(r"[；;]", between) and not (colon or opened or is_result):
                    break
                if _NEW_THING.search(re.sub(r"[（(][^（）()]{0,80}[）)]", "", between)):
                    clean = clean and not re.search(r"其中|包括|含", between)
                    break
            if figure.unit not in MEASURES and figure.unit not in ("则", "期", "场", "人", "家"):
                break
            if not parts:
                unit = figure.unit or one.unit
                if not any({unit, one.unit} <= alike for alike in _ALIKE) and unit != one.unit:
                    return
            elif figure.unit and unit and figure.unit != unit and not {figure.unit, unit} <= _ALIKE[0]:
                break
            statement = self.statements[part]
            if statement.vague or (statement.written and not statement.options and figure.value == 0):
                return
            parts.append(part)
            before = figure.after
        if len(parts) < 2:
            return
        left_out = _LEAVES_OUT.search(text, one.after, min(end, before + 6)) is not None
        known = [part for part in parts if self.statements[part].options]
        whole = self.statements[number]
        labels = [self.statements[part].label for part in parts]
        if whole.options and len(known) == len(parts):
            self.listings.append(Listing(number, tuple(parts), "metrics", not left_out))
        elif whole.options and not known and all(_CHANNEL.search(label) for label in labels):
            online = [bool(_ONLINE.search(label)) for label in labels]
            total = any("线上" in x for x in labels) and any("线下" in x for x in labels)
            complete = total or (len(parts) >= 3 and any(online) and not all(online))
            self.listings.append(Listing(number, tuple(parts), "channels", complete and not left_out))
        elif not known and not whole.options and clean:
            if any(_MEDIA.search(label) for label in labels) and whole.unit not in ("个", "家"):
                strong = False
                if weak or not opened:
                    return
            if not left_out:
                self.listings.append(Listing(number, tuple(parts), "things", strong and len(parts) >= 3))
