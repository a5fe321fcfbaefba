"""Which parts of last year's prose have to be looked at before it can be this year's: every year number and count.

Knows how offices write years, counts and percentages, and what looks like them and is none: the numbers of articles,
documents, headings, dates, telephones. Does not know what the right figure would be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gxeditor.core.expressions import expression
from gxeditor.core.report import ProseDoubt

YEAR = "是去年文字里的年份，请改成今年的。"
COUNT = "是去年文字里的数，请改成今年的。"

# Each half-width for its full-width one, so that places stay; a wide comma parts two numbers and is left alone.
_PLAIN = str.maketrans("０１２３４５６７８９．％（）［］【】〔〕＋", "0123456789.%()[][][]+")
_N = "[0-9〇零一二三四五六七八九十百]{1,7}"
_PARTS = "(?:条|款|项|目|号|章|节|部分|点)"
_UNITS = "人次|条次|件次|万元|亿元|工作日|件|条|次|项|家|份|篇|期|场|部|宗|起|例|人|名|处|册|户|张|页|类|个"
_DAY = r"[0-9]{1,2}\s{0,2}"
# What is no figure, whole: looked for first, as its digits would look like one.
_NONE = expression(
    "|".join(
        (
            rf"第\s?{_N}(?:\s?{_PARTS}?\s?[、和及至到~～—–-]\s?第?\s?{_N}){{1,9}}\s?{_PARTS}",  # 第十三、十四条
            rf"第\s?(?:\({_N}\)|{_N})",
            r"[(\[][0-9]{4}[)\]]\s?第?\s?[0-9]{1,6}(?:[-—、][0-9]{1,6})?\s?号",  # 〔2021〕30号
            r"\[[0-9]{4}\]",
            r"[0-9]{1,6}(?:[-—、][0-9]{1,6})?\s?号(?!线)",
            # （2019年修订） behind a law
            r"\((?:19|20)[0-9]{2}\s?年?[^()\n]{0,16}(?:修订|修正|通过|公布|施行|实施)[^()\n]{0,6}\)",
            r"[A-Z]{2,5}(?:/[A-Z])?\s?[0-9]{1,6}(?:\.[0-9]{1,3})?[-—](?:19|20)[0-9]{2}",  # GB/T 9704-2012
            r"(?:https?://|www\.)[!-~]{1,300}",
            r"[0-9A-Za-z._-]{0,60}[A-Za-z@][0-9A-Za-z@._-]{0,60}",  # 5A, 4G, addresses
            r"(?<![0-9])0[0-9]{2,3}\s?[-—－–]?\s?[0-9]{7,8}(?![0-9])",
            r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])",
            r"(?:电话|传真)(?:号码)?\s?[:：]?\s?[0-9]{7,8}(?![0-9])",
            r"(?<=[0-9]{4})[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?![0-9])",  # 2022-01-28
            r"邮(?:政)?编(?:码)?\s?[:：]?\s?[0-9]{6}",
            r"(?<![0-9])12345(?=[”\"]?(?:热线|政务|便民|市民|服务|平台|便))",
            r"[0-9]{1,3}(?:\s?[+×*]\s?[0-9N]{1,3}){1,9}",  # “1+3+N”, 7×24
            r"^[ \t\u3000]{0,8}\(?[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}[).、](?![0-9])",
            r"^[ \t\u3000]{0,8}[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}[ \u3000]",
            r"\([0-9]{1,2}\)",
            r"(?<=[。；;：:，,\s])[0-9]{1,2}[.、](?=[^0-9\s])",  # … 1.推进…；2.完善…
            rf"(?<![0-9.]){_DAY}月(?:\s?{_DAY}日)?",
            rf"(?<![0-9.]){_DAY}日(?!内|以内)",
            r"(?<![0-9])[0-9]{1,2}[:：][0-9]{2}(?![0-9])",
        )
    ),
    re.MULTILINE,
)
_FIGURE = expression(
    r"(?P<year>(?<![0-9.])(?:19|20)[0-9]{2}(?![0-9]|\.[0-9]{3}|,[0-9]{3}))"
    r"|(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]{1,12})?|[0-9]+(?:\.[0-9]{1,12})?)"
    r"|(?P<written>(?<![〇零一二三四五六七八九十])[一二][〇○零一二三四五六七八九]{3}(?=\s?年))"
    r"|(?P<share>(?<=百分之)[一二三四五六七八九十百点]{1,7})"
    # One of something is mostly no count: 一次性, 一件事, 一个.
    rf"|(?P<one>(?<![第〇零一二三四五六七八九十百千万两几数统唯逐同])一(?=件(?!事)|次(?!性)|份|篇|场))"
    r"|(?P<counted>(?<![第〇零一二三四五六七八九十百千万两几数])"
    rf"(?:[二两三四五六七八九十]|一(?=[百千万十]))[〇零一二两三四五六七八九十百千万]{{0,8}}(?=[余多]?(?:{_UNITS})"
    r"(?!意识|自信|维护|确立|代表|全面|革命|方面|坚持|必须|季度|部分|分之)))"
)
_AFTER_YEAR = expression(r"\s?(?:年|[-－—–~～至/,，。、；;)》]|$)", re.MULTILINE)


def to_revise(text: str) -> tuple[ProseDoubt, ...]:
    """Every year number and every count of a text, in order, as what a person has to look at.

    A mark is the number alone, without its measure word, so that it can be typed over.
    """
    return tuple(_found(text))


def without_references(text: str) -> str:
    """The text in half-width digits and signs, a newline for each character of what looks like a figure and is none.

    So the places of the rest stay, and nothing joins its neighbours. 第三方 stays: it counts nothing.
    """
    plain = text.translate(_PLAIN)
    return _NONE.sub(lambda none: none[0] if _third(plain, none) else "\n" * len(none[0]), plain)


def _third(plain: str, none: re.Match[str]) -> bool:
    return none[0] == "第三" and plain[none.end() : none.end() + 1] in ("方", "人")


def _found(text: str) -> Iterator[ProseDoubt]:
    plain = without_references(text)
    for found in _FIGURE.finditer(plain):
        kind = found.lastgroup
        is_year = kind == "written" or (kind == "year" and _AFTER_YEAR.match(plain, found.end()) is not None)
        what = YEAR if is_year else COUNT
        yield ProseDoubt(found.start(), text[found.start() : found.end()], what)
