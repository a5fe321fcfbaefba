"""What must stand in a report and what must not: parts left out, years, dates and names that do not fit, slips.

Each check takes a report, a rule that names it in `test`, and what else a report is checked with. The words that are
looked for stand in the rule file. Knows no figure of a table but the fees and the requests that end without payment,
and compares no number of the prose with a cell. Says nothing of a report that nobody has begun to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from gxeditor.core.checks.anchors import Anchor, Field, Span, Whole, named
from gxeditor.core.checks.findings import Finding, NotChecked
from gxeditor.core.checks.passages import (
    MOST,
    Hit,
    found_in,
    hits,
    in_text,
    kept,
    looks_of,
    missing_of,
    paragraphs,
    sentence_at,
    sentences,
    spotted,
    words_of,
)
from gxeditor.core.checks.profiles import Given
from gxeditor.core.checks.rules import Rule
from gxeditor.core.difference import PREAMBLE
from gxeditor.core.expressions import expression
from gxeditor.core.fields import AgencyKind
from gxeditor.core.report import Report, show_entry
from gxeditor.core.revision import YEAR, to_revise

Results = Iterator[Finding | NotChecked]

OVERVIEW, PROBLEMS, OTHER = "overview", "problems", "other_matters"
FEES = "proactive.fees.amount"
NEW, NOT_PAID = "requests.received.total", "requests.handled.other.fee_not_paid.total"
EDITION = 2021
"""The first year that is reported in the form of 国办公开办函〔2021〕30号."""
_ENOUGH = (
    200  # characters of 一 from which on a part that is missing is rather forgotten than still to be written
)
_NOTHING = expression(
    r"\s*(?:(?:[一二三四五六]|\d)[、.．]|[（(][一二三四五六\d][)）])?\s*(?:无|没有|暂无|略|/|-+|—+|无其他(?:需要)?(?:报告)?的?事项)[。.．\s]*"
)


def _finding(report: Report, rule: Rule, where: Anchor, values: Iterable[str] = (), **said: Any) -> Finding:
    message = rule.message.format(place=named(where, report.form), **said)
    return Finding(rule, where, message, values=tuple(values))


def _bare(text: str) -> str:
    """A text without blanks."""
    return "".join(text.split())


def _is_older(report: Report, rule: Rule) -> Results:
    """Why a rule of the present form cannot be asked of a report of an earlier year."""
    if report.year is not None and report.year < EDITION:
        yield NotChecked(rule, f"{EDITION} 年以前的年报用的是旧格式", ())


def _is_left_out(report: Report, key: str, given: Given) -> bool:
    """Whether a blank part has been left out, and is not just still to be written.

    So it is if a later part is written, if all others are, if no figure is to be filled in any more, or if the report
    is handed over as complete: who has begun with 一 is not told of 五 and 六.
    """
    parts = (OVERVIEW, PROBLEMS, OTHER)
    written = {one for one in parts if report.text(one).strip()}
    if not written:
        return False
    if (
        given.complete
        or len(written) == len(parts) - 1
        or any(one in written for one in parts[parts.index(key) :])
    ):
        return True
    return all(report.value(cell) is not None for cell in report.form.cells)


def _to_be_written(report: Report, rule: Rule, key: str) -> NotChecked:
    return NotChecked(rule, f"{named(Whole(key), report.form)}还没有写", ())


def _is_whole(report: Report) -> bool:
    """Whether all parts that consist of prose are written."""
    return all(report.text(one).strip() for one in (OVERVIEW, PROBLEMS, OTHER))


# --- required content


def _unwritten(report: Report, rule: Rule, given: Given) -> Results:
    """The part named in `section` is blank while others are written."""
    key = rule.data["section"]
    if not report.text(key).strip():
        if _is_left_out(report, key, given):
            yield _finding(report, rule, Whole(key))
        else:
            yield _to_be_written(report, rule, key)


def _overview_parts(report: Report, rule: Rule, given: Given) -> Results:
    """一 speaks of each of its five parts: as a heading or in running text, whatever the order."""
    if older := list(_is_older(report, rule)):
        yield from older
        return
    text = report.text(OVERVIEW)
    if not text.strip() or not (_is_whole(report) or len(text) >= _ENOUGH):
        return
    looked_at = (report.preamble, text) if _names_no_parts(report.preamble) else (text,)
    missing = missing_of(rule, "parts", looked_at)
    if missing:
        yield _finding(report, rule, Whole(OVERVIEW), missing, text="、".join(missing))


def _names_no_parts(preamble: str) -> bool:
    """A preamble that lists the six parts of the report names 主动公开 without speaking of it."""
    return "其他需要报告" not in preamble


def _asked_of_governments(report: Report, rule: Rule, given: Given) -> Results:
    """条例 art. 50 (4) asks more of 各级人民政府; of an office of theirs nothing is known."""
    is_government = report.kind is AgencyKind.GOVERNMENT or (
        report.kind is not AgencyKind.DEPARTMENT and report.agency.strip().endswith("人民政府")
    )
    if not is_government:
        yield NotChecked(rule, "只用于人民政府", ())
        return
    if older := list(_is_older(report, rule)):
        yield from older
        return
    if not (_is_whole(report) or len(report.text(OVERVIEW)) >= _ENOUGH):
        return
    missing = missing_of(rule, "parts", [text for key, text in report.texts if key != PREAMBLE])
    if missing:
        yield _finding(report, rule, Whole(OVERVIEW), missing, text="、".join(missing))


def _overview_length(report: Report, rule: Rule, given: Given) -> Results:
    limit = given.profile.get("overview.max_chars")
    if not isinstance(limit, int):
        yield NotChecked(rule, "没有选定的地方要求", ())
        return
    length = len(_bare(report.text(OVERVIEW)))
    if length > limit:
        yield _finding(
            report, rule, Whole(OVERVIEW), (str(limit),), found=length, wanted=limit, name=given.profile.name
        )


def _must_state(report: Report, rule: Rule, given: Given) -> Results:
    """What the profile lists in `overview.must_state` and the rule has words for."""
    asked = given.profile.get("overview.must_state", ())
    listed = re.split("[、，；;\\s]+", asked) if isinstance(asked, str) else [str(one) for one in asked]
    wanted = {name for name in rule.data["items"] if any(name in one or one in name for one in listed if one)}
    if not wanted:
        yield NotChecked(rule, "没有选定的地方要求", ())
        return
    text = report.text(OVERVIEW)
    if not text.strip() or not (_is_whole(report) or len(text) >= _ENOUGH):
        return
    missing = missing_of(rule, "items", (text,), wanted.__contains__)
    if missing:
        yield _finding(
            report, rule, Whole(OVERVIEW), missing, text="、".join(missing), name=given.profile.name
        )


def _problems_empty(report: Report, rule: Rule, given: Given) -> Results:
    text = report.text(PROBLEMS)
    if not text.strip():
        if _is_left_out(report, PROBLEMS, given):
            yield _finding(report, rule, Whole(PROBLEMS), text="没有写")
        else:
            yield _to_be_written(report, rule, PROBLEMS)
    elif _NOTHING.fullmatch(text):
        yield _finding(report, rule, Whole(PROBLEMS), (text.strip(),), text=f"只写了“{text.strip()}”")


def _problems_short(report: Report, rule: Rule, given: Given) -> Results:
    text = _bare(report.text(PROBLEMS))
    if text and len(text) < rule.data["least"] and not _NOTHING.fullmatch(text):
        yield _finding(report, rule, Whole(PROBLEMS), (text,), found=len(text), wanted=rule.data["least"])


def _problems_and_measures(report: Report, rule: Rule, given: Given) -> Results:
    text = report.text(PROBLEMS)
    if len(_bare(text)) < rule.data["least"] or _NOTHING.fullmatch(text):
        return  # asked about by the rules before it
    missing = missing_of(rule, "parts", (text,))
    if missing:
        yield _finding(report, rule, Whole(PROBLEMS), missing, text="、".join(missing))


# --- fees


def _processing_fee(report: Report, rule: Rule, given: Given) -> Results:
    """六 says whether 信息处理费 was charged, in whatever words."""
    if older := list(_is_older(report, rule)):
        yield from older
        return
    text = report.text(OTHER)
    if not text.strip():
        if _is_left_out(report, OTHER, given):
            yield _finding(report, rule, Whole(OTHER), text="没有写")
        else:
            yield _to_be_written(report, rule, OTHER)
    elif not words_of(rule, "words").search(text) and not (_NOTHING.fullmatch(text) and _fees(report)):
        said = f"只写了“{text.strip()}”" if _NOTHING.fullmatch(text) else "没有提到信息处理费"
        yield _finding(report, rule, Whole(OTHER), text=said)


def _fees(report: Report) -> Decimal:
    entry = report.value(FEES)
    return Decimal(entry) if isinstance(entry, int | Decimal) and Decimal(entry).is_finite() else Decimal(0)


def _fees_beside_nothing(report: Report, rule: Rule, given: Given) -> Results:
    text = report.text(OTHER)
    if text.strip() and _NOTHING.fullmatch(text) and _fees(report) > 0:
        yield _finding(
            report, rule, Whole(OTHER), (text.strip(), show_entry(report.value(FEES))),
            text=text.strip(), found=show_entry(report.value(FEES)),
        )  # fmt: skip


_AMOUNT = expression(
    r"(?:信息处理费|信息处理相关费用|公开费用)[^。；，,\d]{0,16}?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,9}(?:\.\d{1,6})?)\s?(?P<unit>万?元)"
)


_PLAIN = str.maketrans("０１２３４５６７８９．", "0123456789.") | {ord("，"): ","}


def _fee_stated(text: str) -> tuple[Span, Decimal, str] | None:
    """The first amount of 信息处理费 that a text names, in 元, with where it stands and its words."""
    found = _AMOUNT.search(text.translate(_PLAIN))  # places stay
    if found is None:
        return None
    amount = Decimal(found["number"].replace(",", "")) * (10_000 if found["unit"] == "万元" else 1)
    where = Span(OTHER, found.start("number"), found.end("unit"))
    return where, amount, text[where.start : where.end]


_NO_FEE = expression(
    r"(?:未|没有|无|不|并未)[^。；，,\d]{0,14}(?:信息处理费|信息处理相关费用|公开费用|收费通知)(?!管理)"
    r"|(?:信息处理费|信息处理相关费用|公开费用)[^。；，,\d管]{0,12}(?:[:：]?\s?无|未发生|未收取|没有收取|零收费|为零)"
)
_NOTICES = expression(
    # Behind a comma a figure may be of anything; what is received and handled is none of notices.
    r"收费通知书?[^。；，,\d元申受办]{0,24}?(?:[，,](?:共|合计|计)[^。；，,\d元]{0,4}?)?(?P<number>\d{1,6})\s?(?:件|份|次|笔|宗)"
    r"|信息处理费(?!管理)[^。；，,\d元申受办]{0,8}?(?P<charged>\d{1,6})\s?(?:件|份|次|笔|宗)"
    r"|(?P<before>\d{1,6})\s?(?:件|份|次|笔|宗)(?:政府信息公开)?(?:收费通知|信息处理费)"
)


def processing_fee(text: str) -> tuple[int | None, Decimal | None] | None:
    """How many notices of 信息处理费 a text names, and how much in 元, each None where it is silent; None for silence.

    That none was charged is 0 of both.
    """
    amount = _fee_stated(text)
    counted = _NOTICES.search(text.translate(_PLAIN))
    notices = None if counted is None else int(counted["number"] or counted["charged"] or counted["before"])
    if amount is None and notices is None:
        return (0, Decimal(0)) if _NO_FEE.search(text) else None
    return notices, None if amount is None else amount[1]


def _fee_amount(report: Report, rule: Rule, given: Given) -> Results:
    """Where 信息处理费 is counted among the fees of 表二, it cannot exceed them."""
    if not given.profile.get("fee.includes_processing_fee"):
        yield NotChecked(rule, "没有选定的地方要求", ())
        return
    stated, fees = _fee_stated(report.text(OTHER)), report.value(FEES)
    if stated is None or fees is None or isinstance(fees, str):
        return
    where, amount, said = stated
    if amount / 10_000 > Decimal(fees) + Decimal("0.00005"):  # half of the last of four decimals
        yield _finding(report, rule, where, (said, show_entry(fees)), text=said, found=show_entry(fees))


def _fee_by_piece(report: Report, rule: Rule, given: Given) -> Results:
    """A fee by piece begins with the eleventh application of a month (国办函〔2020〕109号)."""
    stated, new = _fee_stated(report.text(OTHER)), report.value(NEW)
    if stated is None or not isinstance(new, int) or stated[1] == 0:
        return
    where, _, said = stated
    if new <= rule.data["free"] and "按量" not in sentence_at(report.text(OTHER), where.start).text:
        yield _finding(report, rule, where, (said, str(new)), text=said, found=new)


def _fee_not_paid(report: Report, rule: Rule, given: Given) -> Results:
    """Who did not pay had got a notice of a fee: 六 says something of it, or of what others paid."""
    count, text = report.value(NOT_PAID), report.text(OTHER)
    if not isinstance(count, int) or count <= 0 or not text.strip():
        return
    stated = _fee_stated(text)
    if words_of(rule, "words").search(text) is None and (stated is None or stated[1] == 0):
        yield _finding(report, rule, Whole(OTHER), (str(count),), count=count)


# --- words that are looked for


def _patterned(report: Report, rule: Rule, given: Given) -> Results:
    """What the rule lists in `patterns`; `since` is the first year of which it is asked, `once` one finding a text."""
    if rule.data.get("since") and (older := list(_is_older(report, rule))):
        yield from older
        return
    seen: dict[str, int] = {}
    found = list(spotted(report, rule))
    for where, _, _ in found:
        seen[where.section] = seen.get(where.section, 0) + 1
    told: set[str] = set()
    for where, hit, said in found:
        if rule.data.get("once") and where.section in told:
            continue
        told.add(where.section)
        yield _finding(report, rule, where, text=said, said=hit.said, count=seen[where.section])
    for name in rule.data.get("fields", ()):
        text = str(getattr(report, name) or "")
        for hit in hits(text, looks_of(rule))[:1]:
            yield _finding(
                report, rule, Field(name), (text,), text=text[hit.start : hit.end], said=hit.said, count=1
            )


# --- years and dates

_YEAR = expression(r"(?<![\d.,〔\[［])(?P<year>(?:19|20)\d\d)\s?(?:年度|年|度)(?![修版])")
_WHO = (
    r"(?:本(?:机关|单位|部门|局|委|厅|镇|乡|街道|办)"
    r"|我(?:局|委|厅|镇|乡|街道|办|县|市|区|州|旗|省|单位|机关|部门|院|中心))"
)
_LEADS = expression(rf"(?:^|[：:]|{_WHO})\s*[“\"]?$")
"""Before the year of a statement: nothing, a colon, or who states it."""
_HEADING = expression(
    r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s?[^，,。：:\d]{0,20}[：:.．。\s]?|[一二三四五六七八九十]是)\s*$"
)
_MONTH = expression(
    r"\s?\d{1,2}\s?(?:月|[-—~至])|[底末初]|以来|元旦|春节|[春秋]季|[上下]半年|第?[一二三四]季度|\s?[：:]|[-—－–~～至到、及和]"
)
_OF_A_THING = expression(
    r"(?:制定|制发|印发|出台|发布|公布|建成|建立|开通|启用|上线|新建|成立|投入|收到|受理|开展|实施|修改|编制|确定|完成|更新)(?:并|后|以后)?[一-龥]{0,4}的"
    r"|[一-龥]{0,8}(?:预算|决算|预决算|指南|公报|规划|目录|清单|考核|评估|统计|审计|整改)"
)
"""Behind a year that tells when a thing was made, or of which year it is: 2022年印发的方案, 2022年部门决算."""


def _wrong_year(report: Report, rule: Rule, given: Given) -> Results:
    """A statement of what was done names last year's or next year's, as if it were this one."""
    if report.year is None:
        return
    found: list[tuple[Span, int]] = []
    of_own = 0
    for key, text in report.texts:
        own, others = _years_stated(text, key, report.year, *_year_words(rule))
        of_own += own
        found += [(Span(key, start, end), year) for start, end, year in others]
    years = {year for _, year in found}
    if len(found) >= rule.data["many"] and not of_own and len(years) == 1:
        year = years.pop()
        message = rule.data["field"].format(year=report.year, text=year, count=len(found))
        yield Finding(
            rule,
            Field("year"),
            message,
            tuple([Field("year"), *(span for span, _ in found)]),
            values=(str(report.year), str(year)),
        )
        return
    for span, year in found:
        yield _finding(
            report, rule, span, text=span.text(report)[span.start : span.end], wanted=report.year, found=year
        )
    yield from _left_standing(report, rule, given.prior, {span for span, _ in found})


# --- years that last year's text has in the same place


def _left_standing(report: Report, rule: Rule, prior: Report | None, told: set[Span]) -> Results:
    """Last year's number where last year's report has the very clause with it: 「截至2024年底」 in both."""
    if prior is None or report.year is None or prior.year != report.year - 1:
        return
    if "still" not in rule.made:
        unless = [word for word in rule.data["unless"] if word not in rule.data["still"]]
        rule.made["still"] = expression("|".join((*unless, *rule.data["fact"])))
    known = frozenset(
        clause.shape
        for _, text in prior.texts
        for _, paragraph in paragraphs(text)
        for clause in _clauses_with(paragraph, prior.year, rule.made["still"])
    )
    for key, text in report.texts:
        doubts = report.prose_doubts.get(key, ())
        for first, paragraph in paragraphs(text) if known else ():
            for clause in _clauses_with(paragraph, prior.year, rule.made["still"]):
                span = Span(key, first + clause.start, first + clause.end)
                waits = any(d.start < span.end and span.start < d.end for d in doubts)  # E-08 tells it
                if clause.shape not in known or span in told or waits:
                    continue
                message = rule.data["beside"].format(text=clause.text, wanted=report.year, found=prior.year)
                # Known by its clause: the same year stands in a section more than once.
                yield Finding(rule, span, message, quoted=clause.text)


class _Clause(NamedTuple):
    """A clause that names a year: where the year with its 年 stands in the paragraph, the words, and these without
    other figures and blanks."""

    start: int
    end: int
    text: str
    shape: str


_CLAUSES = expression(r"[^，,。；;：:！!？?\n]+[，,。；;：:！!？?]?")
_FIGURES = expression(r"[0-9０-９.．%％]+")
_SAYS = 4
"""Characters of a clause besides its year and figures; with fewer the next belongs to it: 「2024年，我局……」."""


@lru_cache(maxsize=2048)
def _clauses_with(paragraph: str, year: int, unless: re.Pattern[str]) -> tuple[_Clause, ...]:
    """The clauses of a paragraph that speak of a year as of their own; what says otherwise is `unless`.

    Not years of documents, laws, titles and months (`core.revision` and `_MONTH`, of which 「年底」 is none).
    """
    marks = {m.start for m in to_revise(paragraph) if m.what == YEAR} if str(year) in paragraph else set()
    if not marks:
        return ()
    clauses = [(found.start(), found[0]) for found in _CLAUSES.finditer(paragraph)]
    found = []
    for place, (first, clause) in enumerate(clauses):
        for one in _YEAR.finditer(clause):
            at = first + one.start()
            if int(one["year"]) != year or at not in marks:
                continue
            whole = clause
            before, after = paragraph[:at], paragraph[first + one.end() :]
            if len(_shape(clause)) < _SAYS and place + 1 < len(clauses):
                whole += clauses[place + 1][1]
            if (
                before.rfind("《") > before.rfind("》")
                or (_MONTH.match(after) and after.lstrip()[:1] not in _YEAR_END)
                or _RANGE.search(before)
                or unless.search(whole)
                or str(year + 1) in whole
            ):
                continue
            found.append(
                _Clause(at, first + one.end(), whole.strip("，,。；;：: "), _shape(whole, str(year)))
            )
    return tuple(found)


_YEAR_END = frozenset("底末")
_RANGE = expression(r"\d\s?年?\s?[-—－–~～至到、及和]\s?$")


def _shape(clause: str, year: str = "") -> str:
    """The words of a clause without blanks and marks, and without figures other than the year."""
    bare = _FIGURES.sub(lambda figure: figure[0] if figure[0] == year else "", clause)
    return "".join(sign for sign in bare if sign.isalnum())


def _year_words(rule: Rule) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    return words_of(rule, "unless"), words_of(rule, "plans"), words_of(rule, "deeds")


@lru_cache(maxsize=64)
def _years_stated(
    text: str, key: str, year: int, unless: re.Pattern[str], plans: re.Pattern[str], deeds: re.Pattern[str]
) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """How often a text names the year of the report, and the other years it states something of, with their places."""
    own = 0
    others: list[tuple[int, int, int]] = []
    for number, (start, paragraph) in enumerate(paragraphs(text)):
        for at, end, stated in _years_of(paragraph, key, year, number == 0, unless, plans, deeds):
            if stated == year:
                own += 1
            else:
                others.append((start + at, start + end, stated))
    return own, tuple(others)


@lru_cache(maxsize=2048)
def _years_of(
    paragraph: str, key: str, year: int, is_first: bool,
    unless: re.Pattern[str], plans: re.Pattern[str], deeds: re.Pattern[str],
) -> tuple[tuple[int, int, int], ...]:  # fmt: skip
    found = []
    for first, sentence in sentences(paragraph):
        mentions = [(one, int(one["year"])) for one in _YEAR.finditer(sentence)]
        # 2021年受理20件；2022年受理25件；2023年受理30件: what a semicolon joins compares years.
        joined = _joined(paragraph, first) if "；" in paragraph or ";" in paragraph else sentence
        has_own = bool(mentions) and any(
            int(of["year"]) == year and not _IS_FOLLOWED.search(joined[: of.start()])
            for of in _YEAR.finditer(joined)
        )
        for one, stated in mentions:
            place = first + one.start(), first + one.end(), stated
            if stated == year or (
                not has_own
                and _is_statement(sentence, one, stated, key, year, is_first, unless, plans, deeds)
            ):
                found.append(place)
    return tuple(found)


_IS_FOLLOWED = expression("(?:根据|按照|对照|依据|落实)(?:[^《》，。；]{0,12}《[^《》]{0,20})?$")
"""Before the year of what is followed: 2023年，对照《2024年政务公开工作要点》 is no sentence of 2024."""


def _joined(paragraph: str, at: int) -> str:
    """The whole sentence around a place, with what semicolons join to it."""
    ends = [found.end() for found in re.finditer("[。！？]", paragraph)]
    start = max((end for end in ends if end <= at), default=0)
    return paragraph[start : min((end for end in ends if end > at), default=len(paragraph))]


_OWN_TITLE = expression(
    r"(?:编制|形成|制定|撰写|公布|发布|现将|本报告|本年度报告)[^。；《》]{0,24}《[^《》]{0,40}$"
)


_OWN_REPORT = expression(
    r"(?:现将|现公布|现发布|现予公布|向社会公布|^编制|[，,]编制|形成|反映)[^。；，,《》]{0,30}$"
)
_REPORT_BEHIND = expression(r"[^。；，,《》]{0,24}信息公开[^。；，,《》]{0,6}(?:报告|工作情况)")


def _is_statement(
    sentence: str, one: re.Match[str], stated: int, key: str, year: int, is_first: bool,
    unless: re.Pattern[str], plans: re.Pattern[str], deeds: re.Pattern[str],
) -> bool:  # fmt: skip
    """Whether a sentence says of another year what a report says of its own."""
    before, after = sentence[: one.start()], sentence[one.end() :]
    opened = before.rfind("《") > before.rfind("》")
    at_front = key == PREAMBLE or (key == OVERVIEW and is_first)
    if at_front and not opened and _OWN_REPORT.search(before) and _REPORT_BEHIND.match(after):
        return abs(stated - year) == 1 and "上年" not in sentence and "上一年" not in sentence
    if opened:  # the title of this very report, where a preamble gives it
        inside = after.partition("》")[0]
        return (
            at_front and re.search("信息公开.{0,6}报告$", inside) is not None and _OWN_TITLE.search(before) is not None
            and not (stated < year and re.search("(?:发布|公布|公开)《[^《》]{0,40}$", before) and key != PREAMBLE)
            and abs(stated - year) == 1 and "上年" not in sentence and "上一年" not in sentence
        )  # fmt: skip
    if abs(stated - year) != 1 or _MONTH.match(after) or _OF_A_THING.match(after) or unless.search(sentence):
        return False
    if not (_LEADS.search(before) or _HEADING.match(before)) or deeds.search(after) is None:
        return False
    if stated > year:
        return (
            key not in (PROBLEMS, OTHER)
            and plans.search(sentence) is None
            and re.search(r"共.{0,24}\d", after) is not None
        )
    return (
        key != PROBLEMS
        or re.match(rf"[，,]\s?(?:{_WHO}|[一-龥]{{2,16}}(?:政府)?信息公开工作)", after) is not None
    )


def _impossible_year(report: Report, rule: Rule, given: Given) -> Results:
    """A year before the first that was reported, or one that has not begun."""
    if report.year is None:
        return
    last = given.today.year if given.today is not None else rule.data["last"]
    if not rule.data["first"] <= report.year <= last:
        why = rule.data["late"] if report.year > last else rule.data["early"]
        yield _finding(report, rule, Field("year"), (str(report.year),), text=report.year, said=why)


_PERIOD = expression(
    r"(?:统计|数据|报告)(?:的|所)?(?:统计|起止|涉及)?的?"
    r"(?:期限|时限|期间|周期|区间|时段|时间段|时间范围|起止时间|截止时间|时间)[^。；;\n，,]{0,60}(?:[，,]\s?(?:至|到|截至|截止)[^。；;\n，,]{0,40})?"
)
_DAY = r"\s?(?:年|[./—-])\s?0?{month}\s?(?:月|[./—-])\s?0?{day}(?!\d)\s?日?"
_HOUR = r"(?:\s?(?:0?0|24)\s?(?:时|点|:00))?"
_FULL = expression(
    r"(?P<first>\d{4})" + _DAY.format(month=1, day=1) + _HOUR + r"[^\d]{0,8}?"
    r"(?:(?P<last>\d{4})\s?(?:年|[./—-])\s?|(?:同年|当年|本年)?)12\s?(?:月|[./—-])\s?31(?!\d)\s?日?"
    r"|(?P<month>\d{4})\s?年\s?0?1\s?月份?\s?(?:至|到|[—–~～-]{1,2})\s?(?:(?P<of>\d{4})\s?年)?\s?12\s?月(?!\s?\d)"
)
_BARE = expression(
    r"(?P<first>\d{4})?\D{0,8}?(?<!\d)0?1\s?月\s?(?:0?1\s?日)?[^\d]{0,8}12\s?月(?:\s?31\s?日|底|末|份?(?!\s?\d))"
    r"|(?P<of>\d{4})\s?年\s?0?1\s?[-—–~～至到]{1,2}\s?12\s?月"
)
_REPORTED = expression(
    "报告(?:时间|时限)|[^。]{0,12}(?:时间节点|时点)|[^。]{0,40}(?:挂牌|成立|组建|新设|设立)"
)
"""When somebody reported, or the one day that a figure is of: no period. An office founded within the year says so."""
_WHOLE_YEAR = expression(r"\D*(?P<first>\d{4})\s?年(?:度|全年|整年|内)?\D*")
_GARBLED = expression(r"(?:自|从)\s?\d{5,8}\s?日?[^。；\d]{0,4}(?:至|到)\s?\d{5,8}\s?日?(?:止)?")
_DATED = expression(r"\d{2,9}\s?(?:年|[./月日-])")


def _period(report: Report, rule: Rule, given: Given) -> Results:
    """The period that figures are counted for is the calendar year of the report."""
    if report.year is None:
        return
    for where, hit, said in found_in(report, _periods_of, report.year):
        yield _finding(report, rule, where, text=said, said=hit.said, wanted=report.year)


@lru_cache(maxsize=2048)
def _periods_of(paragraph: str, year: int) -> tuple[Hit, ...]:
    found = []
    places = [(one.start(), one.end()) for one in _PERIOD.finditer(paragraph)]
    places += [
        (one.start(), one.end())
        for one in _GARBLED.finditer(paragraph)
        if not any(a <= one.start() < b for a, b in places)
    ]
    for start, end in places:
        said = paragraph[start:end]
        if not _DATED.search(said) or _REPORTED.match(said):
            continue
        plain = said.replace("元月", "1月")
        full, whole = _FULL.search(plain), _WHOLE_YEAR.fullmatch(said)
        bare = _BARE.search(plain) if full is None else None
        if full is not None:
            first = full["first"] or full["month"]
            stated = {int(first), int(full["last"] or full["of"] or first)}
            if stated != {year}:
                found.append(Hit(start, end, f"年报是 {year} 年的"))
        elif bare is not None:
            if int(bare["first"] or bare["of"] or year) != year:
                found.append(Hit(start, end, f"年报是 {year} 年的"))
        elif whole is not None:
            if int(whole["first"]) != year:
                found.append(Hit(start, end, f"年报是 {year} 年的"))
        elif "截止" not in said and "截至" not in said and len(re.findall(r"\d+", said)) > 1:
            found.append(Hit(start, end, "日期不完整，或者不是全年"))
    return tuple(found)


_DATE = expression(
    r"(?<!\d)(?P<year>\d{4})\s?(?:年|[./-])\s?(?P<month>\d{1,2})\s?(?:月|[./-])\s?(?P<day>\d{1,3})(?:\s?日|(?=[^\d./-]|$))"
)
_MONTH_DAY = expression(r"(?<![\d年.])(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,3})\s?日")
_NUMERALS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "Ｏ": 0,
    "O": 0,
}
_WRITTEN = expression(
    r"(?P<year>[二一][〇零○ＯO一二三四五六七八九]{3})年(?P<month>[一二三四五六七八九十]{1,3})月(?P<day>[一二三四五六七八九十]{1,4})日"
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _written_number(text: str) -> int:
    """十二 is 12, 三十一 is 31; 0 for what is none."""
    if "十" not in text:
        return _NUMERALS[text] if len(text) == 1 else 0
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)


def _days(text: str) -> Iterator[tuple[int, int, tuple[int, int, int]]]:
    """The dates in a text with their places; the year is 0 where only month and day are named."""
    for one in _DATE.finditer(text):
        yield one.start(), one.end(), (int(one["year"]), int(one["month"]), int(one["day"]))
    for one in _MONTH_DAY.finditer(text):
        yield one.start(), one.end(), (0, int(one["month"]), int(one["day"]))
    for one in _WRITTEN.finditer(text):
        year = int("".join(str(_NUMERALS[sign]) for sign in one["year"]))
        yield one.start(), one.end(), (year, _written_number(one["month"]), _written_number(one["day"]))


def _is_day(year: int, month: int, day: int) -> bool:
    if not (1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return year == 0 or leap or (month, day) != (2, 29)


@lru_cache(maxsize=2048)
def _no_days(paragraph: str) -> tuple[Hit, ...]:
    return tuple(Hit(start, end) for start, end, day in _days(paragraph) if not _is_day(*day))


def _impossible_date(report: Report, rule: Rule, given: Given) -> Results:
    """A day that no calendar has; one written with points counts as a date only where a date stands."""
    for _ in _no_days(report.date):
        yield _finding(report, rule, Field("date"), (report.date,), text=report.date)
        break
    for where, _, said in found_in(report, _no_days):
        if "月" in said and said.endswith("日"):  # 2月30个单位 counts them
            yield _finding(report, rule, where, text=said)


_PUBLISHED = expression(
    r"(?P<year>(?:19|20)\d\d)\s?年(?:度)?[^。；，,\d]{0,24}(?:年度报告|年报|年度工作报告)(?:的?(?:编制|公布|发布|公开|撰写|报送)(?:工作)?)?》?[，,]?[^。；\d]{0,10}"
    r"(?:于|在|自)\s?(?P<date>(?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日)[^。；，,\d]{0,8}(?:公布|发布|公开|报送|提交|上报|上传|编制|完成)"
)
_YEARS_LATE = 5
"""A report dated so many years after its own is a slip: 2205 for 2025."""


_OWN_DAY = expression(
    r"本(?:年度)?(?:年)?报告?[^。；，,\d]{0,10}(?:于|在|自)\s?(?P<date>(?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日)"
    r"[^。；，,\d]{0,8}(?:公布|发布|公开|报送|提交|上报|上传|编制|完成)"
)


def _early_date(report: Report, rule: Rule, given: Given) -> Results:
    """A report is not published before the last day that it counts."""
    if report.year is None:
        return
    for _, _, (year, month, day) in _days(report.date):
        if _is_day(year, month, day) and year and not report.year < year <= report.year + _YEARS_LATE:
            early = year <= report.year
            said = rule.data["early" if early else "late"].format(year=report.year)
            yield _finding(
                report, rule, Field("date"), (str(report.year), report.date), text=report.date, said=said
            )
    for where, hit, said in found_in(report, _published):
        year = int(hit.said or report.year)
        if int(said[:4]) <= year:
            why = rule.data["early"].format(year=year)
            yield _finding(report, rule, where, (said, str(year)), text=said, said=why)


@lru_cache(maxsize=2048)
def _published(paragraph: str) -> tuple[Hit, ...]:
    """The days on which a paragraph says that a report was published, with its year, "" for this very report."""
    return (
        *(Hit(one.start("date"), one.end("date"), one["year"]) for one in _PUBLISHED.finditer(paragraph)),
        *(Hit(one.start("date"), one.end("date")) for one in _OWN_DAY.finditer(paragraph)),
    )


# --- whose report it is

_ENDS = (
    "委员会",
    "办事处",
    "管委会",
    "人民政府",
    "政府",
    "办公室",
    "办公厅",
    "街道",
    "局",
    "委",
    "厅",
    "院",
    "社",
    "镇",
    "乡",
    "县",
    "市",
    "区",
    "旗",
    "州",
    "省",
    "中心",
    "公司",
    "集团",
    "站",
    "所",
    "队",
)
_SHORTER = (
    ("经开区", "经济技术开发区"), ("高新区", "高新技术产业开发区"), ("管委会", "管理委"),
    ("人民政府", "政府"), ("委员会", "委"), ("街道办事处", "街道"), ("办公厅", "办"), ("办公室", "办"),
    ("和", ""), ("与", ""), ("及", ""), ("、", ""),
)  # fmt: skip


_PLACES = ("省", "市", "州", "县", "区", "旗", "镇", "乡", "街道")


@lru_cache(maxsize=512)
def _short(name: str) -> str:
    name = re.sub(r"[（(][^（）()]{0,40}[）)]|[^一-龥、]", "", name)
    for long, short in _SHORTER:
        name = name.replace(long, short)
    return name


@lru_cache(maxsize=1024)
def _may_be_same(one: str, other: str) -> bool:
    """Whether two names can be those of one agency: one holds all characters of the other, in their order."""
    one, other = _short(one), _short(other)
    places = one.removesuffix("政府"), other.removesuffix("政府")
    if all(name.endswith(_PLACES) for name in places):  # 云岭县青石镇 and 青石镇人民政府
        one, other = places
    longer, shorter = sorted((one, other), key=len, reverse=True)
    left = iter(longer)
    return all(sign in left for sign in shorter)


_TITLE_HERE = expression(
    r"(?:现将|现公布|现发布|现予公布|编制|撰写|形成|制定|特制|公布|发布|本报告为|这是)(?:本|了|完成|出)?[^。；《》，,]{0,8}(?P<open>《)"
    r"(?:关于)?(?P<before>[一-龥（）()]{0,40}?)(?:关于)?\s?(?P<year>(?:19|20)\d\d)\s?年?(?:度)?\s?(?P<after>[一-龥（）()]{0,40}?)(?:政府|政务)?信息公开[^《》]{0,8}报告》?"
)
_MADE_BY = expression(
    r"(?:本报告|本年报|本年度报告|年度报告)(?:系|是)?由(?P<name>[一-龥（）()]{4,40}?)(?=根据|按照|依据|依照|负责|编制|组织|撰写|牵头)"
)
_SUBJECT = expression(
    r"^(?:[（(][一二三四五六七八九十][）)][一-龥]{0,12}[。：:]?)?\s?(?:(?P<year>(?:19|20)\d\d)\s?年(?:度|以来)?[，,]?\s?)?(?P<name>[一-龥]{3,20}?)"
    r"(?=(?:(?:19|20)\d\d\s?年(?:度)?)?(?:认真|严格|深入|全面|积极|高度重视|坚持|紧紧|紧扣|扎实|切实|持续|不断|始终|按照|以习近平"
    r"|在[县市区省]|共(?:主动|收到|受理|公开|发布)|主动公开|依法|贯彻|深化|聚焦|立足))"
)
_NOT_A_NAME = expression(
    "各|全|我|本|相关|有关|党委|县委|市委|区委|省委|及|和|领导|各级|部门|单位|机关|上级|小组|专班|科室|干部"
)


@lru_cache(maxsize=256)
def _parts_of(name: str) -> tuple[tuple[str, ...], str]:
    """The places that a name begins with, and the organ it ends with: (沭阳县,), 发展改革局."""
    rest = re.sub(r"人民政府|政府", "", name)
    places = []
    while (
        one := re.match(
            r"[一-龥]{1,7}?(?:自治区|自治州|自治县|街道|省|市|县|区|旗|镇|乡)(?!管理|建设|场|政|长|级|规|社区|帜)",
            rest,
        )
    ) is not None:
        places.append(one[0])
        rest = rest[one.end() :]
    return tuple(places), rest


def _agency_named(report: Report, rule: Rule, given: Given) -> Results:
    """Another agency's name stands where the report's own has to: in its title, as its author, as who did things."""
    agency = report.agency.strip()
    if len(agency) < 4:
        return
    for where, _, said in _other_agencies(report, agency):
        yield _finding(report, rule, where, (agency, said), text=said, name=agency)


def _other_agencies(report: Report, agency: str) -> Iterator[tuple[Span, Hit, str]]:
    yield from found_in(report, _titled_otherwise, agency, keys=(PREAMBLE,))
    first = paragraphs(report.text(OVERVIEW))[:1]
    for start, paragraph in first:  # a preamble is often put at the head of 一
        for hit in _titled_otherwise(paragraph, agency):
            yield Span(OVERVIEW, start + hit.start, start + hit.end), hit, paragraph[hit.start : hit.end]
    yield from found_in(
        report, _named_otherwise, agency, report.year, keys=(PREAMBLE, OVERVIEW, PROBLEMS, OTHER)
    )


@lru_cache(maxsize=512)
def _titled_otherwise(paragraph: str, agency: str) -> tuple[Hit, ...]:
    """Another agency in the title of this report, or as its author."""
    found: list[Hit] = []
    for one in _TITLE_HERE.finditer(paragraph):
        group = "before" if one["before"] else "after"
        name = one[group]
        if (
            len(name) >= 3
            and name.endswith(_ENDS)
            and not _NOT_A_NAME.search(name)
            and not _may_be_same(name, agency)
        ):
            found.append(Hit(one.start(group), one.end(group)))
    places, organ = _parts_of(agency)
    for one in _MADE_BY.finditer(paragraph):
        name = one["name"]
        its_places, its_organ = _parts_of(name)
        if _NOT_A_NAME.search(name) or "公开" in name or "政务" in name or _may_be_same(name, agency):
            continue
        if _other_bureau(its_organ, organ) or _elsewhere(its_places, places):
            found.append(Hit(one.start("name"), one.end("name")))
    return tuple(found)


@lru_cache(maxsize=2048)
def _named_otherwise(paragraph: str, agency: str, year: int | None) -> tuple[Hit, ...]:
    """Another agency as who did things in the year of the report."""
    found: list[Hit] = []
    places, organ = _parts_of(agency)
    for first, sentence in sentences(paragraph):
        one = _SUBJECT.match(sentence)
        if one is None or (one["year"] and year is not None and int(one["year"]) != year):
            continue
        name = one["name"]
        if not name.endswith(_ENDS) or _NOT_A_NAME.search(name) or _may_be_same(name, agency):
            continue
        its_places, its_organ = _parts_of(name)
        # Without the year, a sentence may well begin with another bureau of the place: 县财政局认真公开预算.
        if (one["year"] and _other_bureau(its_organ, organ)) or _elsewhere(its_places, places):
            found.append(Hit(first + one.start("name"), first + one.end("name")))
    return tuple(found)


_BUREAUS = ("局", "委员会", "委", "厅")


def _other_bureau(one: str, other: str) -> bool:
    """Whether two organs are bureaus of different business; 教体局 may be 教育局, 发改委 发展和改革局."""
    if not (one.endswith(_BUREAUS) and other.endswith(_BUREAUS)):
        return False
    one, other = (re.sub("(?:委员会|委|局|厅)$", "", name.lstrip("省市县区旗")) for name in (one, other))
    return bool(one and other) and one[0] != other[0] and not _may_be_same(one, other)


_ZONES = (
    "新区", "经开区", "高新区", "开发区", "保税区", "示范区", "社区", "园区", "景区", "小区", "片区", "街区",
)  # fmt: skip
_LEVELS = {"镇": "镇", "乡": "镇", "道": "镇", "县": "县", "区": "县", "旗": "县"}


def _elsewhere(its: tuple[str, ...], own: tuple[str, ...]) -> bool:
    """Whether names of places are of different places of one level; a city may stand above a county."""
    for place in its:
        if place.endswith(_ZONES):  # within a county, or across its bounds
            continue
        level = _LEVELS.get(place[-1])
        beside = [one for one in own if _LEVELS.get(one[-1]) == level]
        if (
            level
            and beside
            and place[0] not in "全我各本该两几"
            and len(place) > 1
            and not any(place in one or one in place for one in beside)
        ):
            return True
    return False


def _signature(report: Report, rule: Rule, given: Given) -> Results:
    """Who signs is the agency of the report, or its office."""
    agency, signed = report.agency.strip(), "".join(report.signature.split())
    if len(agency) < 4 or len(signed) < 4 or not signed.endswith(_ENDS) or _may_be_same(signed, agency):
        return
    (places, organ), (its_places, its_organ) = _parts_of(agency), _parts_of(signed)
    if _elsewhere(its_places, places) or _other_bureau(organ, its_organ):
        yield _finding(report, rule, Field("signature"), (agency, signed), text=signed, name=agency)


_ORGANS = ("局", "委", "厅", "镇", "乡", "街道")


def _own_words(report: Report, rule: Rule, given: Given) -> Results:
    """我局, 我镇 and the like fit the agency; what is asked of a superior fits its level."""
    agency = "".join(report.agency.split())
    if not agency.endswith(tuple(rule.data["known"])):
        return
    for where, _, said in found_in(report, _words_of_others, agency):
        yield _finding(report, rule, where, (agency, said), text=said, name=agency)


_SELF = expression(
    r"(?<![基根成资版样文脚书剧自])[我本](?P<organ>街道|局|委|厅|镇|乡|校|院)(?![面部限静托派土任员书长内])|(?P<company>我(?:集团|公司))"
    r"|(?:按照|根据|落实|在)(?P<above>区委、?区政府|县委、?县政府|区政府|县政府)(?=统一|部署|要求|领导|的(?:统一|部署|要求|领导|坚强)|和|及)"
)


@lru_cache(maxsize=2048)
def _words_of_others(paragraph: str, agency: str) -> tuple[Hit, ...]:
    found = []
    for one in _SELF.finditer(paragraph):
        if (one["organ"] and one["organ"] not in agency) or (
            one["company"] and not re.search("公司|集团|厂", agency)
        ):
            found.append(Hit(one.start(), one.end()))
        elif one["above"] and _is_not_above(one["above"], agency):
            found.append(Hit(one.start("above"), one.end("above")))
    return tuple(found)


def _is_not_above(above: str, agency: str) -> bool:
    """Whether a county's or a district's government cannot stand above an agency: one of a city or the other kind."""
    places, organ = _parts_of(agency)
    levels = {place[-1] for place in places}
    if len(places) != 1 or not organ.endswith(("局", "委员会")) or "分局" in organ:
        return False
    return (
        above[0] not in levels
        and bool(levels & {"县", "区", "市"})
        and not (levels & {"市"} and above[0] == "县")
    )


_NAMED = expression("政府信息公开工作(?:的)?年度报告")


def _title(report: Report, rule: Rule, given: Given) -> Results:
    """A title of its own names agency and year and calls the report by its name; both orders are in use."""
    if report.own_title is None:
        if _is_whole(report):
            for name, word in (("agency", "单位"), ("year", "年份")):
                if not getattr(report, name):
                    yield _finding(
                        report,
                        rule,
                        Field(name),
                        text=f"“{report.title}”",
                        said=rule.data["blank"].format(name=word),
                    )
        return
    title = "".join(report.own_title.split())
    for written in re.findall("二[〇○零][〇○零一二三四五六七八九]{2}(?=年)", title):
        title = title.replace(written, "".join(str(_NUMERALS[sign]) for sign in written))
    years = re.findall(r"(?:19|20)\d\d", title)
    wrong = []
    if not _NAMED.search(title):
        wrong.append(rule.data["named"])
    if not years:
        wrong.append(rule.data["no_year"])
    elif report.year is not None and str(report.year) not in years:
        wrong.append(rule.data["other_year"].format(year=report.year))
    agency = report.agency.strip()
    rest = re.sub(
        r"(?:19|20)\d\d年?(?:度)?|(?:关于)?(?:政府|政务)?信息公开.*$|关于(?=(?:19|20)\d\d)", "", title
    )
    if len(agency) >= 3 and not (_may_be_same(rest, agency) and len(rest) >= 2):
        wrong.append(rule.data["other_agency" if rest else "no_agency"].format(agency=agency))
    if wrong:
        yield _finding(
            report,
            rule,
            Field("own_title"),
            (report.own_title, agency, str(report.year)),
            text=f"“{title}”",
            said="；".join(wrong),
        )


# --- slips

_TWICE = expression(r"(?P<word>[一-龥]{2,8})(?P=word)")


def _doubled(report: Report, rule: Rule, given: Given) -> Results:
    """A word written twice, unless two of them meet rightly: 县政府政府信息公开."""
    for where, hit, said in found_in(report, _twice, words_of(rule, "rightly")):
        yield _finding(report, rule, where, text=said, said=hit.said)


@lru_cache(maxsize=2048)
def _twice(paragraph: str, rightly: re.Pattern[str]) -> tuple[Hit, ...]:
    right = [(one.start(), one.end()) for one in rightly.finditer(paragraph)]
    found = []
    for one in _TWICE.finditer(paragraph):
        if not any(start < one.end() and one.start() < end for start, end in right):
            found.append(Hit(one.start(), one.end(), one["word"]))
    return tuple(found)


def _repeated(report: Report, rule: Rule, given: Given) -> Results:
    """A paragraph, or a long sentence, that stands twice in a report."""
    for where, first in _repeats(report.texts, rule.data["least"]):
        said = where.text(report)[where.start : where.end]
        yield _finding(report, rule, where, text=said[:16], name=named(first, report.form))


@lru_cache(maxsize=16)
def _repeats(all_texts: tuple[tuple[str, str], ...], least: int) -> tuple[tuple[Span, Span], ...]:
    """Where a sentence stands again, and where it stood first."""
    seen: dict[str, tuple[str, int]] = {}
    found = []
    for key, text in all_texts:
        for start, paragraph in paragraphs(text):
            for hit in _long_sentences(paragraph, least):
                here = (key, start + hit.start)
                first = seen.setdefault(hit.said, here)
                if first is not here:
                    first_key, at = first
                    spans = Span(key, here[1], start + hit.end), Span(first_key, at, at + len(hit.said))
                    found.append(spans)
    return tuple(found[:MOST])


@lru_cache(maxsize=2048)
def _long_sentences(paragraph: str, least: int) -> tuple[Hit, ...]:
    found = []
    # Up to the end as well, which is left out then: looked for only with its mark, what has none is tried from each
    # of its characters again.
    for whole in re.finditer("[^。！？]+(?:[。！？]|$)", paragraph):
        bare = whole[0].strip()
        if len(bare) >= least and bare[-1] in "。！？":
            at = whole.start() + whole[0].index(bare[0])
            found.append(Hit(at, at + len(bare), bare))
    return tuple(found)


_HALF = expression(r"(?<=[一-龥”》）])[,;:?!](?=[一-龥“《（])")


def _half_width(report: Report, rule: Rule, given: Given) -> Results:
    """Half-width marks between Chinese characters: one finding a text, at the first."""
    for key, text in report.texts:
        marks = in_text(text, _half_width_of)
        if marks:
            where = Span(key, marks[0].start, marks[0].end)
            yield _finding(
                report,
                rule,
                where,
                (str(len(marks)),),
                text=where.text(report)[where.start],
                count=len(marks),
            )


@lru_cache(maxsize=2048)
def _half_width_of(paragraph: str) -> tuple[Hit, ...]:
    return tuple(Hit(one.start(), one.end()) for one in _HALF.finditer(paragraph))


_COUNTED = expression(r"\d\s?(?P<unit>[件条份篇])")
_NO_NUMBER = expression(r"(?P<before>[一-龥])(?<!复制)(?P<unit>[件条份篇])(?=[、，,。；;]|$)")


def _no_number(report: Report, rule: Rule, given: Given) -> Results:
    """A measure word without its number, in a sentence that counts by it: 核准企业资质条、."""
    allowed = tuple((unit, str(before)) for unit, before in rule.data["words_before"].items())
    for where, hit, _ in found_in(report, _uncounted, allowed):
        yield _finding(report, rule, where, text=hit.said)


@lru_cache(maxsize=2048)
def _uncounted(paragraph: str, allowed: tuple[tuple[str, str], ...]) -> tuple[Hit, ...]:
    found = []
    right = dict(allowed)
    for first, sentence in sentences(paragraph):
        units = {one["unit"] for one in _COUNTED.finditer(sentence)}
        for one in _NO_NUMBER.finditer(sentence) if units else ():
            if one["unit"] in units and one["before"] not in right[one["unit"]]:
                around = sentence[max(0, one.start() - 6) : one.end()]
                found.append(
                    Hit(first + one.start(), first + one.end(), re.split("[、，,：:。；]", around)[-1])
                )
    return tuple(found)


_NAKED = expression(r"(?<![\d.,%％：:=/～~—-])(?P<number>\d{1,3}(?:,\d{3})+|\d{1,7})\s?(?=[。；]|$)")


def _no_unit(report: Report, rule: Rule, given: Given) -> Results:
    """A count at the end of a sentence without its measure word: 发布各类服务材料609."""
    deeds, none = words_of(rule, "deeds"), words_of(rule, "none")
    for key, text in report.texts:
        for hit in _unmeasured(text, deeds, none):
            yield _finding(
                report, rule, Span(key, hit.start, hit.end), text=text[hit.start : hit.end], said=hit.said
            )


_LISTED = expression(r"\d\s?[条件份篇次个项期][、，,；;][一-龥]{2,16}$")
"""The last of a list whose other items have their measure words."""


@kept(128, 16)
def _unmeasured(text: str, deeds: re.Pattern[str], none: re.Pattern[str]) -> tuple[Hit, ...]:
    found = []
    listed = paragraphs(text)
    for number, (start, paragraph) in enumerate(listed):
        following = listed[number + 1].text[0] if number + 1 < len(listed) else ""
        # A line broken within a sentence goes on with the measure word.
        goes_on = following and (following.isdecimal() or following in "件条份个次篇期家项人万元%")
        for hit in _without_unit(paragraph, deeds, none):
            if not (goes_on and hit.end == len(paragraph)):
                found.append(hit._replace(start=start + hit.start, end=start + hit.end))
    return tuple(found)


@lru_cache(maxsize=2048)
def _without_unit(paragraph: str, deeds: re.Pattern[str], none: re.Pattern[str]) -> tuple[Hit, ...]:
    found = []
    for one in _NAKED.finditer(paragraph):
        clause = re.split("[，,。；;：:（(]", paragraph[max(0, one.start() - 40) : one.start()])[-1]
        year = re.fullmatch("(?:19|20)\\d\\d", one["number"]) is not None
        listed = _LISTED.search(paragraph[max(0, one.start() - 48) : one.start()])
        if (
            clause
            and not year
            and re.search("[一-龥]$", clause)
            and (listed or deeds.search(clause))
            and not none.search(clause)
        ):
            found.append(Hit(one.start("number"), one.end("number"), f"{clause[-8:]}{one['number']}"))
    return tuple(found)


_PARTS_SAID = expression(r"(?P<count>[二三四五六七八九十]|\d{1,2})\s?个?\s?(?:大)?(?P<what>部分|方面)")


def _counted_parts(report: Report, rule: Rule, given: Given) -> Results:
    """The parts of the report that are listed are as many as is said."""
    for where, hit, said in found_in(report, _miscounted, words_of(rule, "names"), keys=(PREAMBLE, OVERVIEW)):
        yield _finding(report, rule, where, text=said, found=hit.said)


@lru_cache(maxsize=1024)
def _miscounted(paragraph: str, names: re.Pattern[str]) -> tuple[Hit, ...]:
    found = []
    for first, sentence in sentences(paragraph):
        said = _PARTS_SAID.search(sentence) if "总体" in sentence else None
        listed = list(names.finditer(sentence)) if said is not None else []
        if len(listed) < 4 or said is None:
            continue
        # Between the first and the last, nothing but what joins: an item that is not known makes the count unsure.
        between = "".join(sentence[one.end() : other.start()] for one, other in pairwise(listed))
        behind = sentence[listed[-1].end() : said.start()] if said.start() > listed[-1].end() else ""
        if re.sub(
            r"[、，,；;\s“”\"和及以与并《》（）()一二三四五六七八\d.]|等|共|组成|由|分为|包括|的|情况",
            "",
            between + behind,
        ):
            continue
        count = int(said["count"]) if said["count"].isdecimal() else _written_number(said["count"])
        if count != len(listed):
            found.append(Hit(first + said.start(), first + said.end(), str(len(listed))))
    return tuple(found)


_FIRST = expression(
    r"(?:(?:^|[。；;：:，,！\s”）)])\s{0,4}(?=[一二三四五六七八九十])|(?<![统唯之万第])(?=一))(?P<number>[一二三四五六七八九十])是(?=[^否])"
)
_NUMBERS = "一二三四五六七八九十"
_BEGINS = expression(r"(?<![统唯之万第])一是|一要|首先|第一|其一|一方面")
_BEGINS_HERE = expression(r"[（(]一[）)]|一、|1[.、．]|①")


def _numbered(report: Report, rule: Rule, given: Given) -> Results:
    """一是, 二是, 三是: none is left out and none comes twice."""
    for key, text in report.texts:
        for start, end, said in _misnumbered(text):
            yield _finding(report, rule, Span(key, start, end), text=text[start:end], said=said)


@lru_cache(maxsize=2048)
def _markers(paragraph: str) -> tuple[Hit, ...]:
    return tuple(
        Hit(one.start("number"), one.end("number") + 1, one["number"]) for one in _FIRST.finditer(paragraph)
    )


@kept(128, 16)
def _misnumbered(text: str) -> tuple[Hit, ...]:
    found = []
    last, since = 0, 0
    for one in in_text(text, _markers):
        number = _written_number(one.said)
        place = one.start, one.end
        if number != 1 and number != last + 1:
            line = text.rfind("\n", 0, place[0]) + 1
            begun = _BEGINS.search(text, since, place[0]) or _BEGINS_HERE.search(
                text, max(line, since), place[0]
            )
            wanted = _NUMBERS[last : last + 1]
            if last and number == last:
                then = f"，后面这个应是“{wanted}是”吗" if wanted else ""
                found.append(Hit(*place, f"“{one.said}是”前面已有一个{then}"))
            elif last and number > last + 1:
                if not begun and text.find(f"{wanted}是", since, place[0]) < 0:
                    found.append(Hit(*place, f"“{_NUMBERS[last - 1]}是”后面没有“{wanted}是”"))
            elif not begun:
                found.append(Hit(*place, "前面没有“一是”"))
        last, since = number, place[1]
    return tuple(found)


_SUBHEAD = expression(
    r"[（(][一二三四五六七八][）)]\s?(?P<head>[一-龥]{2,14}?)(?:情况|方面|工作)?(?:$|[。：:，,\s])"
)


def _dropped(report: Report, rule: Rule, given: Given) -> Results:
    """A heading within 一 that is one character short of one in use."""
    heads, also = tuple(rule.data["headings"]), tuple(rule.data["also"])
    for where, hit, said in found_in(report, _short_heads, heads, also, keys=(OVERVIEW,)):
        yield _finding(report, rule, where, text=said, said=hit.said)


@lru_cache(maxsize=1024)
def _short_heads(paragraph: str, heads: tuple[str, ...], also: tuple[str, ...]) -> tuple[Hit, ...]:
    one = _SUBHEAD.match(paragraph)
    if one is None or one["head"] in heads or one["head"] in also:
        return ()
    for head in heads:
        if any(head[:at] + head[at + 1 :] == one["head"] for at in range(len(head))):
            return (Hit(one.start("head"), one.end("head"), head),)
    return ()


TESTS = {
    "unwritten": _unwritten,
    "overview_parts": _overview_parts,
    "asked_of_governments": _asked_of_governments,
    "overview_length": _overview_length,
    "must_state": _must_state,
    "problems_empty": _problems_empty,
    "problems_short": _problems_short,
    "problems_and_measures": _problems_and_measures,
    "processing_fee": _processing_fee,
    "fees_beside_nothing": _fees_beside_nothing,
    "fee_amount": _fee_amount,
    "fee_by_piece": _fee_by_piece,
    "fee_not_paid": _fee_not_paid,
    "pattern": _patterned,
    "wrong_year": _wrong_year,
    "impossible_year": _impossible_year,
    "period": _period,
    "impossible_date": _impossible_date,
    "early_date": _early_date,
    "agency_named": _agency_named,
    "signature": _signature,
    "own_words": _own_words,
    "title": _title,
    "doubled": _doubled,
    "repeated": _repeated,
    "half_width": _half_width,
    "no_number": _no_number,
    "no_unit": _no_unit,
    "counted_parts": _counted_parts,
    "numbered": _numbered,
    "dropped": _dropped,
}
"""The checks that a rule can name in `test`."""
