"""Which rows of a page are the headings of a ledger, and what each column under them is.

Knows headings of up to three lines, of which merged ones stand above several columns, columns that say two things
(答复时间及方式), that are ticked (自然人 | 商业企业 under 申请人类别), and days divided into 年 | 月 | 日.
A heading that it does not know means nothing; of two columns that may be the same the better one is, the other is
named. Reads no request.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from gxeditor.core.defects import Reading
from gxeditor.core.ledger.entries import Refused, parse_code, parse_date, says_nothing
from gxeditor.core.ledger.vocabulary import Vocabulary, plain
from gxeditor.ledger.pages import BLANK, Page, Row
from gxeditor.resources import read_shipped, resource

COUNT = "count"
"""A column that says how many requests a row stands for; no field of a ledger."""
REASON = "reason"
"""A column that says more of the outcome: 国家秘密 beside 不予公开; no field of a ledger."""
YEAR = "year"
"""A column that says the year of the days in its row; no field of a ledger."""
BESIDE = frozenset((COUNT, REASON, YEAR))
LINES = 3
"""The most lines of headings; the records seen have one to three."""
LEAST = 3
"""The fewest columns that must be known for rows to be headings: a table of totals has two by chance (序号, 备注)."""
_LOOKED_AT = 40
"""The rows from the top among which the headings are: above them stand a title, the year, the unit and remarks."""


LEGAL = frozenset(
    plain(word)
    for word in (
        "法人", "法人或其他组织", "法人或者其他组织", "法人和其他组织", "法人及其他组织", "法人其他组织",
        "法人/其他组织",
        "法人组织", "企业法人", "单位", "组织", "机构", "企事业单位", "非自然人", "非公民", "机关企事业单位",
        "其他法人", "法人单位", "单位法人", "法人非法人组织", "法人和非法人组织", "法人及非法人组织",
        "法人或非法人组织", "法人或者非法人组织", "组织机构", "企业或其他组织",
    )
)  # fmt: skip
"""Words for all applicants that are no natural person: the form divides them, and only the name may say how (L-15)."""


TICKS = frozenset(("√", "✓", "✔", "☑", "1", "是", "○", "●", "◯", "y", "v", "对", "有", "■", "*"))
NO_TICKS = frozenset(("0", "否", "×", "x", "□", "✗", "☐", "n"))


def mark(text: str) -> str:
    """A cell of a column that is ticked, as TICKS and NO_TICKS have them."""
    return unicodedata.normalize("NFKC", text).strip().lower().removesuffix(".0")


class Use(NamedTuple):
    """What a column is used for: `field` as a whole, or as a part: one of the two things it says (`first`, `second`),
    the year, month or day of the month of a day, or a tick that means `code`."""

    field: str
    part: Literal["whole", "first", "second", "年", "月", "日", "tick"] = "whole"
    code: str = ""


@dataclass(frozen=True)
class Layout:
    """The headings of a page: its rows, what stood in them by column, and what each column is.

    `unused` are columns that may be a field that another is, by column.
    """

    top: int
    bottom: int
    headings: Mapping[int, str]
    uses: Mapping[int, tuple[Use, ...]]
    unused: Mapping[int, str]

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(use.field for uses in self.uses.values() for use in uses)

    @cached_property
    def _columns(self) -> Mapping[str, tuple[int, ...]]:
        found: dict[str, list[int]] = {}
        for column, uses in sorted(self.uses.items()):
            for field in dict.fromkeys(use.field for use in uses):
                found.setdefault(field, []).append(column)
        return {field: tuple(columns) for field, columns in found.items()}

    def columns(self, field: str) -> tuple[int, ...]:
        """The columns that give a field, from the left."""
        return self._columns.get(field, ())

    @cached_property
    def turns(self) -> tuple[tuple[Use, int], ...]:
        """Uses and columns in the order in which a row is understood: days without a year go by that of receipt, the
        kind of an applicant by the name."""
        pairs = [(use, column) for column, uses in self.uses.items() for use in uses]
        first_and_last = {"received_on": -1, "applicant_type": 1}
        return tuple(sorted(pairs, key=lambda pair: first_and_last.get(pair[0].field, 0)))

    @cached_property
    def words(self) -> frozenset[str]:
        """What stands in the headings, line by line, as words are compared."""
        return frozenset(plain(part) for heading in self.headings.values() for part in heading.split("\n"))

    @property
    def fingerprint(self) -> str:
        """What two files of one layout share: their headings in order."""
        return "|".join(_bare(text) for _, text in sorted(self.headings.items()))


class _Like(NamedTuple):
    field: str
    pattern: re.Pattern[str]


@cache
def _likes() -> tuple[_Like, ...]:
    """The patterns of headings.toml. Raises `Defects` if the file is damaged."""
    said = Reading(read_shipped(resource("ledger/headings.toml")))
    said.known(("likes",))
    found = []
    for one in said.tables("likes", "列名", needed=True):
        one.known(("field", "pattern"))
        field, pattern = one.text("field", needed=False), one.text("pattern")
        try:
            found.append(_Like(field, re.compile(pattern)))
        except re.error:
            one.should("pattern", "是正则表达式")
    said.check("resources/ledger/headings.toml")
    return tuple(found)


_BRACKETS = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]")
_FRONT = re.compile(r"^(?:政府信息公开|依申请公开|信息公开|政府信息|依申请)(?:的)?(?=..)")
_NUMBERED = re.compile(r"^(?:\d{1,2}[.、．]|[①-⑳])")


@lru_cache(4096)
def _bare(text: str) -> str:
    """A heading as headings are compared."""
    word = _NUMBERED.sub("", unicodedata.normalize("NFKC", text).strip())
    bare = plain(_BRACKETS.sub("", word)) or plain(word)
    bare = re.sub(r"[*※★▲/\\:_]", "", bare)
    return _reworded(_FRONT.sub("", bare))


def _reworded(word: str) -> str:
    word = word.replace("时间", "日期").replace("类型", "类别").replace("种类", "类别").replace("公历", "")
    return re.sub("(日期)+", "日期", word)


@cache
def _exact(vocabulary: Vocabulary) -> Mapping[str, tuple[str, int]]:
    """The field of each declared heading, and its place among those of the field."""
    found: dict[str, tuple[str, int]] = {}
    for column in vocabulary.columns:
        for place, heading in enumerate((column.heading, *column.headings)):
            found.setdefault(_bare(heading), (column.field, place))
    return found


class _Meaning(NamedTuple):
    field: str
    score: int


_LISTED, _LIKE = 200, 100


def meaning(parts: Sequence[str], vocabulary: Vocabulary) -> tuple[str, int]:
    """What a heading of these lines, from the top, is, with how sure that is; "" if nothing that we know.

    All lines together count first; the last alone only if those above are no part of what it is.
    """
    return _meaning(tuple(parts), vocabulary)


@lru_cache(2048)  # the headings of a year are the same on each of its sheets, and are tried in several ways
def _meaning(parts: tuple[str, ...], vocabulary: Vocabulary) -> tuple[str, int]:
    exact = _exact(vocabulary)
    whole = (
        _bare("".join(parts)) if len(parts) == 1 else _FRONT.sub("", "".join(_bare(part) for part in parts))
    )
    whole = _reworded(whole)
    if whole in exact:
        field, place = exact[whole]
        return field, _LISTED - place
    for rank, (field, pattern) in enumerate(_likes()):
        if pattern.search(whole):
            return _of_last(parts, field, vocabulary) or (field, _LIKE - rank // 2)
    if len(parts) > 1:
        return meaning(parts[1:], vocabulary)
    return "", 0


def _of_last(parts: Sequence[str], field: str, vocabulary: Vocabulary) -> tuple[str, int] | None:
    """What the last line alone is by a declared heading, if all lines together are like the same or like the group."""
    if len(parts) < 2:
        return None
    last = _exact(vocabulary).get(_bare(parts[-1]))
    if last is None:
        return None
    group = meaning(parts[:-1], vocabulary)[0]
    if last[0] == field or group in ("", "applicant", "subject", "note") or not group:
        kept = field if field in _BY_GROUP else last[0]
        return kept, _LISTED - 1 - last[1]
    return None


_BY_GROUP = frozenset(
    (
        "correction_sent_on", "correction_due", "correction_back_on", "third_party_sent_on", "third_party_back_on",
        "co_agency_sent_on", "co_agency_back_on", "review_on", "review_result", "suit_on", "suit_kind", "suit_result",
        "fee_notice_on", "fee_amount", "fee_paid_on", "extended_on", "delay_until", "answered_on", "outcome",
        "answer_no", "served_on", "",
    )
)  # fmt: skip
"""Fields whose group says more than the last line: 补正 over 收到日期 is not the day of receipt."""


_AND = re.compile(r"[及和与/／、\n]|以及")
_ENDS = ("日期", "时间")


def _two(text: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """The two fields that a heading names: 答复时间及方式, 受理/答复日期; None if it is not such a one."""
    word = _BRACKETS.sub("", unicodedata.normalize("NFKC", text)).strip()
    pieces = [piece.strip() for piece in _AND.split(word) if piece.strip()]
    if len(pieces) != 2 or _bare(word) in _exact(vocabulary):
        return None
    first, second = pieces
    end = next((one for one in _ENDS if second.endswith(one)), "")
    fields = [meaning((first,), vocabulary)]
    if end and not first.endswith(_ENDS):
        fields = [meaning((first + end,), vocabulary), *fields]
    for begin, _ in fields:
        follow = meaning((second,), vocabulary)[0]
        if begin and (not follow or follow == begin or len(second) < 3):
            stem = re.sub("(日期|时间|类别|类型|情况)$", "", first)
            follow = meaning((stem + second,), vocabulary)[0] or follow
        types = [vocabulary.by_field[one].type for one in (begin, follow) if one in vocabulary.by_field]
        if begin != follow and len(types) == 2 and "date" in types and set(types) <= {"date", "code"}:
            return begin, follow
    return None


def find_layout(page: Page, vocabulary: Vocabulary, given: Mapping[str, str] | None = None) -> Layout | None:
    """The headings of a page; None if no rows near its top look like those of a ledger.

    `given` are fields by heading that a person has said.
    """
    numbers = list(page.rows)[:_LOOKED_AT]
    best: Layout | None = None
    for at, number in enumerate(numbers):
        for lines in range(1, LINES + 1):
            taken = numbers[at : at + lines]
            if len(taken) < lines or taken[-1] - number >= lines + 1:
                break
            if any(_holds_data(page.rows[row]) for row in taken):
                break
            layout = layout_of(page, taken, vocabulary, given or {})
            if _weight(layout, vocabulary) > (_weight(best, vocabulary) if best else (0, 0, 0)):
                best = layout
        if best is not None and number > best.bottom + LINES:
            break
    if best is None or len(best.fields - BESIDE) < LEAST:
        return None
    return _by_content(best, page, vocabulary, given or {})


_LOOKED_INTO = 60
"""The rows below headings by which it is told what stands under one."""
_UNLIKELY, _BETTER = 0.5, 0.3
"""The part of the words under a column of codes below which it may be another thing, and by how much another must be
better: 答复方式 with 邮寄 and 当面 beside 答复结果. Chosen; what is not understood is asked either way."""


def _below(page: Page, bottom: int, column: int) -> Iterator[str]:
    """What stands in a column under headings, in the first rows."""
    for row in islice((row for number, row in page.rows.items() if number > bottom), _LOOKED_INTO):
        item = row.get(column, BLANK)
        if item.wide == 1 and item.text and not says_nothing(item.text):
            yield item.text


def _by_content(layout: Layout, page: Page, vocabulary: Vocabulary, given: Mapping[str, str]) -> Layout:
    """The layout, with another column for a code where that holds its words and the one that its heading says does
    not. What a person said stays."""
    uses, unused = dict(layout.uses), dict(layout.unused)
    for field in ("outcome", "applicant_type"):
        others = [column for column, spare in unused.items() if spare == field]
        whole = [column for column, used in uses.items() if used == (Use(field),)]
        if not others or len(whole) != 1 or field in given.values():
            continue
        known = {
            column: _known(page, layout.bottom, column, field, vocabulary) for column in (*whole, *others)
        }
        other = max(others, key=known.__getitem__)
        if known[whole[0]] < _UNLIKELY and known[other] > known[whole[0]] + _BETTER:
            del uses[whole[0]], unused[other]
            uses[other], unused[whole[0]] = (Use(field),), field
    return replace(layout, uses=dict(sorted(uses.items())), unused=dict(sorted(unused.items())))


@lru_cache(2048)
def _code_of(word: str, field: str, vocabulary: Vocabulary) -> str:
    """The code of a word, itself if it stands for several kinds of applicants; "" if it means none."""
    code = parse_code(word, field, vocabulary)
    if not isinstance(code, Refused):
        return code.code
    return word if field == "applicant_type" and plain(word) in LEGAL else ""


def _known(page: Page, bottom: int, column: int, field: str, vocabulary: Vocabulary) -> float:
    """The part of what stands in a column that is words of a field."""
    words = list(_below(page, bottom, column))
    return sum(bool(_code_of(word, field, vocabulary)) for word in words) / len(words) if words else 0


def _weight(layout: Layout, vocabulary: Vocabulary) -> tuple[int, int, int]:
    """How much a layout knows: columns without which nothing counts, all others, then the fewer lines."""
    known = layout.fields & vocabulary.by_field.keys()
    needed = sum(vocabulary.by_field[field].need == 1 for field in known)
    return 2 * needed + len(known), len(layout.uses), layout.top - layout.bottom


def _holds_data(row: Row) -> bool:
    """Whether a row says a day or an amount: it is no heading."""
    texts = {(item.top, item.left): item for item in row.values() if item.text}
    if any(item.dated for item in texts.values()):
        return True
    days = sum(
        not isinstance(parse_date(item.text, 2024), Refused) for item in texts.values() if len(item.text) > 4
    )
    return days > 0 or sum(item.number is not None for item in texts.values()) > len(texts) // 2


def is_alike(row: Row, layout: Layout) -> bool:
    """Whether a row repeats the headings, or a line of them."""
    said = {item.text for item in row.values() if item.text}
    if not any(item.text and plain(item.text) in layout.words for item in islice(row.values(), 4)):
        return False  # of most rows: none of the first cells is a heading
    texts = {plain(text) for text in said}
    return len(texts & layout.words) >= max(2, len(texts) * 2 // 3)


def layout_of(page: Page, rows: Sequence[int], vocabulary: Vocabulary, given: Mapping[str, str]) -> Layout:
    """What the columns are if these rows are the headings."""
    parts = _parts([page.rows[row] for row in rows])
    headings = {column: "\n".join(texts) for column, texts in parts.items()}
    uses: dict[int, tuple[Use, ...]] = {}
    unused: dict[int, str] = {}
    scored: dict[str, tuple[int, int]] = {}
    known = {_bare(heading): field for heading, field in given.items()}
    ticks = _free_ticks(page, rows, parts, vocabulary)
    for column, texts in parts.items():
        whole = "".join(texts)
        said = known.get(_bare(whole), known.get(_bare(texts[-1])))
        if said is not None:
            if said:
                scored[said] = max(scored.get(said, (0, 0)), (1000, -column))
            continue
        if column in ticks:
            uses[column] = (ticks[column],)
            continue
        if (two := _two(texts[-1], vocabulary)) is not None:
            uses[column] = (Use(two[0], "first"), Use(two[1], "second"))
            continue
        part = _divided(texts, vocabulary) or _ticked(texts, vocabulary)
        if part is not None:
            uses[column] = (part,)
            continue
        field, score = meaning(texts, vocabulary)
        if not field:
            continue
        now = (score, -column)
        before = scored.get(field)
        if before is None or now > before:
            if before is not None:
                unused[-before[1]] = field
            scored[field] = now
        else:
            unused[column] = field
    for field in {use.field for use in ticks.values()} & scored.keys():
        if _known(page, rows[-1], -scored[field][1], field, vocabulary) >= _UNLIKELY:
            for column, use in ticks.items():  # tags beside a column that says the result are none themselves
                if use.field == field:
                    uses.pop(column, None)
    of_ticks = {use.field for found in uses.values() for use in found if use.part == "tick"}
    for column, found in list(uses.items()):  # one column called 公司 is no list of ticks
        if found[0].part == "tick" and not any(
            other != column and one[0].part == "tick" and one[0].field == found[0].field
            for other, one in uses.items()
        ):
            del uses[column]
    for field, (_, place) in scored.items():
        if field in of_ticks and any(use.field == field for one in uses.values() for use in one):
            unused[-place] = field
            continue
        uses[-place] = (Use(field),)
    taken = {use.field for column, one in uses.items() for use in one if use.part == "whole"}
    for column, found in list(uses.items()):
        if found[0].part == "first" and (spare := [use for use in found if use.field in taken]):
            left = [use for use in found if use not in spare]
            uses[column] = tuple(left)
            if not left:
                del uses[column]
    return Layout(rows[0], rows[-1], headings, dict(sorted(uses.items())), dict(sorted(unused.items())))


def _divided(texts: Sequence[str], vocabulary: Vocabulary) -> Use | None:
    """A column that holds the year, month or day of a day whose name stands above."""
    last = texts[-1].strip()
    if len(texts) < 2 or last not in ("年", "月", "日"):
        return None
    field = meaning(texts[:-1], vocabulary)[0]
    if field and field in vocabulary.by_field and vocabulary.by_field[field].type == "date":
        return Use(field, last)  # type: ignore[arg-type]
    return None


def _ticked(texts: Sequence[str], vocabulary: Vocabulary) -> Use | None:
    """A column that is ticked: its heading is a word of a code column, the one that stands above."""
    if len(texts) < 2:
        return None
    for field in ("applicant_type", "outcome"):
        for start in range(1, len(texts)):
            above = meaning(texts[:start], vocabulary)[0]
            if above != field and not (above == "applicant" and field == "applicant_type"):
                continue
            for word in ("".join(texts[start:]), texts[-1]):
                if code := _code_of(word, field, vocabulary):
                    return Use(field, "tick", code)
    return None


def _free_ticks(
    page: Page, rows: Sequence[int], parts: Mapping[int, Sequence[str]], vocabulary: Vocabulary
) -> dict[int, Use]:
    """Columns beside each other that hold nothing but ticks, two or more of which are called by words of one code
    column: 予以公开 | 部分公开 | 信息不存在, whether or not that column's name stands above them.

    One among them whose word is unknown is a tick as well: its word is asked. So is a day in the place of a tick, where
    the day of the answer has no column.
    """
    found: dict[int, Use] = {}
    held: dict[int, list[str]] = {}
    above = page.rows.get(rows[0] - 1, {})

    def is_ticked(column: int) -> bool:
        texts = held.setdefault(column, [mark(text) for text in _below(page, rows[-1], column)])
        others = [text for text in texts if text not in TICKS and text not in NO_TICKS]
        if all(text.isdecimal() for text in others) and 2 * len(others) <= len(texts):  # sums of ticks
            return True
        return not (
            any(isinstance(parse_date(text, 2024), Refused) for text in others)
            or any(meaning(lines, vocabulary)[0] == "answered_on" for lines in parts.values())
        )

    def words(column: int) -> tuple[str, ...]:
        """What a heading may be called: with the group above it, all its lines, the last."""
        whole, group = "".join(parts[column]), above.get(column, BLANK)
        grouped = (group.text + whole,) if 1 < group.wide < len(parts) and group.text else ()
        return *grouped, whole, parts[column][-1]

    for field in ("applicant_type", "outcome"):
        called = {
            column for column in parts if any(_code_of(word, field, vocabulary) for word in words(column))
        }
        if len(called) < 2:  # of most ledgers
            continue
        run: dict[int, Use] = {}
        for column in (*parts, -1):  # behind the last, the last run ends
            use = _free_tick(words(column), parts[column], field, vocabulary) if column in parts else None
            if use is not None and is_ticked(column):
                run[column] = use
                continue
            places = [place for place, one in enumerate(run) if one in called]
            if len(places) > 1 and any(text not in NO_TICKS for one in run for text in held[one]):
                for place, one in enumerate(run):
                    if one not in found and places[0] <= place and (place <= places[-1] or held[one]):
                        found[one] = run[one]
            run = {}
    return found


_NO_WORD = re.compile("^(?:是否|有无)|[数费号页额元计]$")
"""What no outcome is called: a column that is ticked or holds small numbers, and is another thing."""


def _free_tick(words: Sequence[str], texts: Sequence[str], field: str, vocabulary: Vocabulary) -> Use | None:
    """What a column means if it is ticked; None if its heading says another thing."""
    for word in words:
        if code := _code_of(word, field, vocabulary):
            return Use(field, "tick", code)
    if field == "applicant_type":
        return None
    other, score = meaning(texts, vocabulary)
    is_free = (other == field or not score) and not _NO_WORD.search(plain(texts[-1]))
    return Use(field, "tick", words[0]) if is_free else None


def is_other_headings(row: Row, layout: Layout, vocabulary: Vocabulary) -> bool:
    """Whether a row among the requests is headings of another order or in other words than those above."""
    at = {column: item.text for column, item in row.items() if item.text and item.left == column}
    if len(at) <= LEAST or _holds_data(row):
        return False
    exact = _exact(vocabulary)
    certain = [column for column, text in at.items() if plain(text) in layout.words or _bare(text) in exact]
    if len(certain) < 2:
        return False
    known = [column for column, text in at.items() if column in certain or meaning((text,), vocabulary)[1]]
    lines = {column: {plain(line) for line in text.split("\n")} for column, text in layout.headings.items()}
    moved = [column for column in known if plain(at[column]) not in lines.get(column, frozenset())]
    return len(moved) > 1 and len(known) > LEAST and 3 * len(known) >= 2 * len(at)


def _parts(rows: Sequence[Row]) -> dict[int, tuple[str, ...]]:
    """The texts above each column, from the top, each once; one that stands above several reaches as far as below it
    something stands and beside it nothing does."""
    columns = sorted({column for row in rows for column in row})
    lines: list[dict[int, str]] = []
    for depth, row in enumerate(rows):
        line: dict[int, str] = {}
        reaching = ""
        for column in columns:
            text = re.sub(r"\s+", "", row.get(column, BLANK).text)
            below = any(after.get(column, BLANK).text for after in rows[depth + 1 :])
            above = any(before.get(column, BLANK).text for before in lines_as_rows(rows[:depth], column))
            if text:
                reaching = text
            elif not below or above or depth == len(rows) - 1:
                reaching = ""
            line[column] = text or reaching
        lines.append(line)
    found: dict[int, tuple[str, ...]] = {}
    for column in columns:
        texts = tuple(dict.fromkeys(line[column] for line in lines if line[column]))
        if texts:
            found[column] = texts
    return found


def lines_as_rows(rows: Sequence[Row], column: int) -> Iterator[Row]:
    """The rows among these that have something of their own under a column, not merged from beside it."""
    for row in rows:
        item = row.get(column, BLANK)
        if item.text and item.wide == 1:
            yield row
