"""What is shown of the names in a ledger: their beginning, for an organisation also what kind it is, and two stars.

So a clerk tells requests apart while somebody looks over the shoulder (何**, 青禾**公司). The stars are two whatever
the length, and never is a whole name shown: of a short one less is left. Knows nothing of when names are masked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from gxeditor.core.ledger.request import Request
from gxeditor.core.ledger.vocabulary import Vocabulary

STARS = "**"

_NAMES = {"applicant", "agent"}
"""The private columns that hold names; of the others (numbers, addresses) nothing is shown."""

_KINDS = (
    "律师事务所", "会计师事务所", "税务师事务所", "事务所", "法律援助中心", "基金会", "促进会", "联合会", "业主委员会",
    "村民委员会", "居民委员会", "委员会", "村委会", "居委会", "业委会", "研究院", "研究所", "研究会", "幼儿园",
    "合作联社", "合作社", "检察院", "个体工商户", "经营部", "服务部", "工作室", "电视台", "出版社", "报社", "杂志社",
    "分公司", "公司", "集团", "协会", "学会", "商会", "工会", "大学", "学院", "中学", "小学", "学校", "医院", "法院",
    "银行", "支行", "中心", "农场", "商店", "商行", "药店", "饭店", "酒店", "宾馆", "超市", "工厂", "厂", "店",
    "局", "部", "社", "队", "站",
)  # fmt: skip
"""What organisations are called after, the longest of those that end alike first."""
_SURE = (
    "公司", "事务所", "合作社", "基金会", "集团", "协会", "工会", "商会", "大学", "小学", "中学", "学校", "医院",
    "法院", "超市", "经营部", "银行",
)  # fmt: skip
"""Those that end no name of a person: they are believed of a name of four characters or fewer as well."""
_PERSON = 4  # characters that a person's name written in characters has at most
_FORM = re.compile(r"(?:[（(][^（）()]*[）)]|有限责任|股份有限|有限|股份|集团|专业|农民)+$")
_SURNAMES = re.compile(
    "欧阳|太史|上官|端木|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|"
    "太叔|申屠|公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|令狐|百里|呼延|轩辕|拓跋|第五|左丘|西门|东郭|南郭|羊舌|梁丘|段干|"
    "微生|公西|颛孙|漆雕|乐正|亓官|巫马|夹谷|谷梁"
)
"""Surnames of two characters (百家姓)."""
_COMMON = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石"
    "金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
)
"""The hundred or so surnames that are the most common."""
_PERSONS = re.compile(
    r"[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff]{1,10}[·•・‧][\u4e00-\u9fff]{1,15}(?:[·•・‧][\u4e00-\u9fff]{1,15})?"
)
_APART = re.compile(r"\s*(?:[、，；;/／|\r\n\t]|,(?=\s*[^\x00-\x7f]))\s*")
_REST = re.compile(r"等[0-9０-９一二三四五六七八九十百两]*[人名位户]?$")
_BRACKET = re.compile(r"\s*[（(【\[][^）)】\]]*(?:[）)】\]]|$)")


def masked(name: str) -> str:
    """The name as it may be seen: 何**, 欧阳**, J**, 青禾**公司; "" for blanks.

    Several names are masked one by one, what stands in brackets behind a name is left out, and a name that an office
    masked itself keeps no more than it had.
    """
    several = [one for one in _APART.split(name.strip()) if one.strip()]
    return "、".join(_one(one.strip()) for one in several)


def _one(name: str) -> str:
    rest = ""
    if (found := _REST.search(name)) is not None and found.start() > 1:
        name, rest = name[: found.start()], found[0]
    bare = _BRACKET.sub("", name) or name
    bare = re.sub(r"^[\W_]+", "", bare)
    kind = _kind(bare)
    if not kind:
        return _person(bare) + rest
    stem, star, _ = bare[: -len(kind)].partition("*")
    stem = stem if star else _FORM.sub("", stem)
    return f"{stem[: min(2, len(stem) - (not star))] if stem else ''}{STARS}{kind}{rest}"


def _kind(name: str) -> str:
    """What the name ends in, if it is an organisation's."""
    for kind in _KINDS:
        if name.endswith(kind) and (len(name) > _PERSON or (kind.endswith(_SURE) and len(name) > len(kind))):
            return kind
    return ""


def is_like_a_person(name: str) -> bool:
    """Whether a name is built as those of people are.

    Two or three characters, four with a surname of two (欧阳小燕), or parts with a dot between them (买买提·吐尔逊).
    """
    return _PERSONS.fullmatch(name) is not None or (len(name) == 4 and _SURNAMES.match(name) is not None)


def may_be_a_person(name: str, ending: str) -> bool:
    """Whether a name that ends as those of organisations do may be a person's all the same: 李学会, 王建厂."""
    return 2 <= len(name) <= 3 and name[0] in _COMMON and not ending.endswith(_SURE)


def _single_names(text: str) -> Iterator[str]:
    """The names that a text holds, each with what stands in brackets behind it and 「等3人」, and without."""
    for one in _APART.split(text):
        bare = _BRACKET.sub("", one).strip()
        yield from dict.fromkeys(name for name in (one, bare, _REST.sub("", bare)) if name)


def _person(name: str) -> str:
    if len(name) > 1 and name[0].isalpha():
        compound = _SURNAMES.match(name) and len(name) > 2
        return f"{name[: 2 if compound else 1]}{STARS}"
    return STARS


def shown(request: Request, field: str, vocabulary: Vocabulary) -> str:
    """What stands under a private column, masked; what is not understood there as well."""
    text = str(request.values.get(field, request.unsettled.get(field, ""))).strip()
    if not text:
        return ""
    return masked(text) if field in _NAMES and field in private_fields(vocabulary) else STARS


def private_fields(vocabulary: Vocabulary) -> frozenset[str]:
    """The columns that tell who somebody is."""
    return frozenset(column.field for column in vocabulary.columns if column.private)


def without_names(text: str, request: Request, vocabulary: Vocabulary) -> str:
    """A text about a request in which everything private of that request is masked where it occurs."""
    for private, instead in _privates(request, vocabulary):
        text = text.replace(private, instead)
    return text


def private_texts(requests: Iterable[Request], vocabulary: Vocabulary) -> frozenset[str]:
    """Everything that stands under private columns, each text once, and the single names of those that hold several."""
    return frozenset(
        private for request in requests for private, _ in _privates(request, vocabulary, least=1)
    )


def _privates(request: Request, vocabulary: Vocabulary, least: int = 2) -> list[tuple[str, str]]:
    """What is private of a request, and what stands in its place; the longest first, of `least` characters."""
    found: dict[str, str] = {}
    for field in private_fields(vocabulary):
        for told in (request.values.get(field), request.unsettled.get(field)):
            text = str(told).strip() if told is not None else ""
            for one in (text, unicodedata.normalize("NFKC", text)):  # as what was read is told
                if one:
                    found[one] = masked(one) if field in _NAMES else STARS
                if field in _NAMES:
                    found.update((name, masked(name)) for name in _single_names(one))
    return sorted(
        ((one, instead) for one, instead in found.items() if len(one) >= least),
        key=lambda pair: -len(pair[0]),
    )
