"""What the page of an import knows, without Qt: the file as it was read, and what a person decides of it.

Knows which words and which applicants' kinds are asked once, what is only proposed, which doubts are mended, and the
ledger that comes of it: what nobody settled stays unsettled, and is counted nowhere. Reads no file; what is remembered
for the next time (`kept`) holds headings and words, never a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from gxeditor.core.form import Form
from gxeditor.core.ledger.privacy import STARS, masked, private_fields, shown, without_names
from gxeditor.core.ledger.request import Ledger, Request, Settled, Value
from gxeditor.core.ledger.vocabulary import Code, Vocabulary, plain
from gxeditor.ledger.maps import NO_MAP, LedgerMap, stored_map
from gxeditor.ledger.pages import Page, read_pages
from gxeditor.ledger.reading import (
    Doubt,
    LedgerRead,
    SheetRead,
    UnknownWord,
    is_unlike_persons,
    read_ledger,
)
from gxeditor.resources import load_form, load_vocabulary
from gxeditor.workbook.cells import Range, column_number
from gxeditor.workbook.own import LEDGER_SHEET
from gxeditor.workbook.read import PlainCell, Sheet, sheet_of

KIND = "applicant_type"
NEEDED = ("received_on", "outcome", KIND)
"""The columns without one of which nothing can be counted of a file."""
_PRINTED = ("重复的表头", "栏号")
"""Why rows are left out that hold headings and nothing of an applicant."""
_BESIDE = {"count": "件数", "reason": "理由", "year": "年度"}
"""What columns are called that are no field and are read with the others."""
_REASONS = {"小计、合计": "小计", "重复的表头": "重复表头"}  # as the head of the page says them


class Place(NamedTuple):
    """A row of the file, counted from 1."""

    sheet: str
    row: int


class Standing(Enum):
    """How far a question is answered; what is only proposed counts nowhere."""

    ASKED = "等您选"
    PROPOSED = "建议"
    SETTLED = "已定"


class Asked(NamedTuple):
    """One question: a word of a code column, or one applicant's kind.

    `key` is what it is answered by, `shown` what stands on the screen, `code` what is chosen or proposed, "" for
    nothing, `choices` the likely codes. `by_row` if the rows are answered one by one; `is_body` of an applicant's kind.
    """

    field: str
    key: str
    shown: str
    rows: tuple[Place, ...]
    code: str
    standing: Standing
    choices: tuple[str, ...] = ()
    why: str = ""
    by_row: bool = False
    is_body: bool = False


class Mend(NamedTuple):
    """A doubt with what can be done: `field` is what is to be filled in, "" where it is only to be looked at."""

    doubt: Doubt
    field: str
    letter: str


class ReadFile(NamedTuple):
    """A file as it was read, its pages as they stand there, what was said of its layout, and whether that is known."""

    read: LedgerRead
    pages: tuple[Page, ...]
    given: LedgerMap = NO_MAP
    is_known: bool = False


def read_file_of(
    path: Path, year: int | None = None, given: LedgerMap | None = None, kept: Path | None = None
) -> ReadFile:
    """Reads a file for the page; made to be called in the child process. Raises as `read_ledger`.

    `given` is what was said of columns, else what is remembered (in `kept`) for a file of this layout is taken.
    """
    read = read_ledger(path, year, given, kept=kept)
    remembered = NO_MAP
    if given is None:
        prints = (sheet.fingerprint for sheet in read.sheets if sheet.fingerprint)
        remembered = stored_map(prints, load_vocabulary(load_form()), kept)
    is_own = any(sheet.name == LEDGER_SHEET and not sheet.why for sheet in read.sheets)
    return ReadFile(read, tuple(read_pages(path)), given or remembered, remembered is not NO_MAP or is_own)


@dataclass
class ImportState:
    """The decisions on one file. `given` is what was said of its columns (`LedgerMap.columns`) when it was read."""

    path: Path
    file: ReadFile
    form: Form
    vocabulary: Vocabulary
    given: LedgerMap = NO_MAP
    words: dict[tuple[str, str], str] = field(default_factory=dict)
    rows: dict[tuple[Place, str], str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    mended: dict[tuple[Place, str], Value] = field(default_factory=dict)
    one_by_one: set[tuple[str, str]] = field(default_factory=set)
    _doubted: tuple[ReadFile, int, list[Mend]] | None = None
    _found: tuple[ReadFile, Mapping[tuple[str, str], Sequence[Request]]] | None = None

    def take_file(self, file: ReadFile, given: LedgerMap) -> None:
        """The file was read again, with other columns: what was said of words and rows holds."""
        self.file, self.given = file, given

    @property
    def read(self) -> LedgerRead:
        return self.file.read

    @property
    def sheets(self) -> tuple[SheetRead, ...]:
        """The sheets that were read."""
        return tuple(sheet for sheet in self.read.sheets if not sheet.why)

    @property
    def said_of_sheets(self) -> str:
        """Which sheets were read and which not, in one line."""
        names = "".join(f"“{sheet.name}”" for sheet in self.sheets)
        others = "".join(f"“{sheet.name}”" for sheet in self.read.sheets if sheet.why)
        number = len(self.read.sheets)
        if number == 1:
            return f"1 个工作表，{names}读入"
        return f"{number} 个工作表，{names}读入" + (f"，{others}不读" if others else "")

    @property
    def said_of_left_out(self) -> str:
        """Why rows are left out: 小计、空行、重复表头."""
        kinds = Counter(_REASONS.get(one.why, one.why.partition("，")[0]) for one in self.read.left_out)
        named = [kind for kind, _ in kinds.most_common(3)]
        return "、".join(named) + ("等" if len(kinds) > 3 else "")

    # --- columns

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns that counting needs and that no sheet has, by field."""
        found = {one for sheet in self.sheets for column in sheet.columns for one in column.fields}
        return tuple(one for one in NEEDED if one not in found)

    def heading(self, field: str) -> str:
        """What a field is called."""
        column = self.vocabulary.by_field.get(field)
        return column.heading if column is not None else _BESIDE.get(field, "")

    def names_of(self, sheet: SheetRead) -> Mapping[int, tuple[str, str]]:
        """For each column of a sheet, from 0, our name for it and what stands above it in the file."""
        found = {}
        for column in sheet.columns:
            fields = "、".join(filter(None, (self.heading(one) for one in column.fields)))
            found[column_number(column.letter)] = fields, column.heading
        return found

    def with_column(self, sheet: SheetRead, column: int, field: str) -> LedgerMap:
        """What to read the file with so that a column is a field, "" for none."""
        letter_of = {column_number(one.letter): one for one in sheet.columns}
        heading = letter_of[column].heading if column in letter_of else ""
        return self.given.with_column(heading, field)

    # --- questions

    @property
    def questions(self) -> list[Asked]:
        """The words that are asked, once each, those that nobody answered first."""
        places = self._places()
        found = []
        for one in self.read.unknown:
            if one.field == KIND and is_unlike_persons(one.word):
                continue
            key = (one.field, one.word)
            rows = tuple(places.get(key, ()))
            by_row = key in self.one_by_one
            choices = tuple(one.similar)
            chosen = self.words.get(key, "")
            if by_row:
                done = all((place, one.field) in self.rows for place in rows)
                standing = Standing.SETTLED if done else Standing.ASKED
            else:
                standing = (
                    Standing.SETTLED
                    if chosen
                    else Standing.PROPOSED
                    if self._proposed(one)
                    else Standing.ASKED
                )
            code = "" if by_row else chosen or self._proposed(one)
            said = f"“{self._unnamed(one.field, one.word)}”"
            why = self._unnamed(one.field, one.word, one.why)
            found.append(Asked(one.field, one.word, said, rows, code, standing, choices, why, by_row))
        order = list(Standing)
        found.sort(key=lambda one: (one.field != "outcome", order.index(one.standing), -len(one.rows)))
        return found

    def _proposed(self, one: UnknownWord) -> str:
        """The code that is proposed for a word: the most similar one if it counts somewhere and needs no confirming."""
        codes = self.vocabulary.lists.get(one.field, {})
        counts = one.field not in ("outcome", KIND)
        return next(
            (code for code in one.similar[:1] if (counts or codes[code].target) and not codes[code].ask), ""
        )

    def _unnamed(self, of_field: str, word: str, text: str = "") -> str:
        """A word, or a text about it, without what is private of the requests that it stands in: an office may write a
        name where a kind belongs."""
        text = text or word
        for request in self._by_word.get((of_field, word), ()):
            text = self._without_names(text, request)
        return text

    def _without_names(self, text: str, request: Request) -> str:
        """A text without what is private of a request; looked at closely only where some of it may stand there."""
        for of_field in self._private:
            told = request.values.get(of_field, request.unsettled.get(of_field, ""))
            if told and any(part in text for part in _PARTS.split(str(told)) if len(part) > 1):
                return without_names(text, request, self.vocabulary)
        return text

    @cached_property
    def _private(self) -> frozenset[str]:
        return private_fields(self.vocabulary)

    @property
    def _by_word(self) -> Mapping[tuple[str, str], Sequence[Request]]:
        """The requests in which each unsettled word stands; found once for each reading of the file."""
        if self._found is None or self._found[0] is not self.file:
            found: dict[tuple[str, str], list[Request]] = {}
            for request in self.read.ledger.requests:
                for of_field, text in request.unsettled.items():
                    found.setdefault((of_field, text), []).append(request)
            self._found = self.file, found
        return self._found[1]

    def _places(self) -> dict[tuple[str, str], list[Place]]:
        """Where each unsettled word stands, by field and word."""
        return {key: [place_of(one) for one in requests] for key, requests in self._by_word.items()}

    @property
    def bodies(self) -> list[Asked]:
        """The applicants that are no natural person and whose name does not say their kind; each once, masked."""
        rows: dict[str, list[Request]] = {}
        for request in self.read.ledger.requests:
            if is_unlike_persons(request.unsettled.get(KIND, "")):
                rows.setdefault(plain(request.text("applicant")), []).append(request)
        found = []
        for name, requests in rows.items():
            code = self.kinds.get(name, "")
            seen = shown(requests[0], "applicant", self.vocabulary) or "没有写名称"
            places = tuple(place_of(one) for one in requests)
            standing = Standing.SETTLED if code else Standing.ASKED
            found.append(Asked(KIND, name, seen, places, code, standing, is_body=True))
        order = list(Standing)
        return sorted(found, key=lambda one: (order.index(one.standing), -len(one.rows)))

    @property
    def recognised_bodies(self) -> int:
        """Rows whose applicant's kind the ending of the name said."""
        return sum(1 for request in self.read.ledger.requests if request.why.get(KIND))

    def codes(self, field: str, *, bodies: bool = False) -> list[Code]:
        """The codes that a question of a field may be answered with."""
        codes = list(self.vocabulary.lists.get(field, {}).values())
        return [code for code in codes if code.target != "natural_person"] if bodies else codes

    def said_of_code(self, field: str, code: str) -> str:
        """A code as it is chosen: of an outcome the row of 表三 that it counts in; of several in one row what it is."""
        known = self.vocabulary.lists[field][code]
        if field != "outcome" or not known.target:
            return known.label
        row = next(
            cell.row.name
            for cell in self.form.cells.values()
            if cell.section == "requests" and cell.row.key == known.target
        )
        several = [one for one in self.vocabulary.lists[field].values() if one.target == known.target]
        if len(several) == 1:
            return row
        return f"{row}（{known.label.rpartition('·')[2].partition('（')[0].removeprefix('其他：')}）"

    # --- answers

    def answer(self, one: Asked, code: str) -> None:
        """Says what a word means, or of which kind an applicant is; "" takes an answer back."""
        if one.is_body:
            if code:
                self.kinds[one.key] = code
            else:
                self.kinds.pop(one.key, None)
            return
        key = (one.field, one.key)
        self.one_by_one.discard(key)
        for place in one.rows:
            self.rows.pop((place, one.field), None)
        if code:
            self.words[key] = code
        else:
            self.words.pop(key, None)

    def answer_rows(self, one: Asked, codes: Mapping[Place, str]) -> None:
        """Says row by row what a word means there; rows without a code stay unsettled."""
        key = (one.field, one.key)
        self.words.pop(key, None)
        self.one_by_one.add(key)
        for place in one.rows:
            self.rows.pop((place, one.field), None)
            if code := codes.get(place, ""):
                self.rows[place, one.field] = code

    def take(self, one: Asked) -> None:
        """Takes what is proposed."""
        if one.standing is Standing.PROPOSED:
            self.answer(one, one.code)

    def take_all(self) -> int:
        """Takes everything that is proposed; how many words that were."""
        proposed = [one for one in self.questions if one.standing is Standing.PROPOSED]
        for one in proposed:
            self.take(one)
        return len(proposed)

    @property
    def open_words(self) -> int:
        """How many words are not settled."""
        return sum(1 for one in self.questions if one.standing is not Standing.SETTLED)

    @property
    def open_bodies(self) -> int:
        """Rows whose applicant's kind is not settled."""
        return sum(len(one.rows) for one in self.bodies if one.standing is not Standing.SETTLED)

    # --- doubts

    @property
    def doubts(self) -> list[Mend]:
        """What is in doubt besides the questions, and not mended yet, in the order of the file."""
        key = self.file, len(self.mended)
        if self._doubted is None or self._doubted[0] is not key[0] or self._doubted[1] != key[1]:
            self._doubted = *key, self._find_doubts()
        return self._doubted[2]

    def _find_doubts(self) -> list[Mend]:
        asked = {(one.field, one.key) for one in self.questions}
        found = []
        for doubt in self.read.doubts:
            request = self.read.ledger.by_id.get(doubt.request)
            of_field, letter = self._field_of(doubt, request)
            if request is not None and of_field:
                text = request.unsettled.get(of_field, "")
                if (of_field, text) in asked or (of_field == KIND and is_unlike_persons(text)):
                    continue
                if (place_of(request), of_field) in self.mended:
                    continue
            fills = request is not None and of_field in self._fillable(request)
            if request is not None:
                text = self._without_names(doubt.text, request)
                reason = self._without_names(doubt.reason, request)
                doubt = doubt._replace(text=text, reason=reason)
            found.append(Mend(doubt, of_field if fills else "", letter))
        return found

    def _field_of(self, doubt: Doubt, request: Request | None) -> tuple[str, str]:
        """The field that a doubt is about, and the letter of its column."""
        sheet = next((one for one in self.read.sheets if one.name == doubt.sheet), None)
        letter = doubt.column.partition(" ")[0]
        column = next((one for one in sheet.columns if one.letter == letter), None) if sheet else None
        if column is not None:
            fields = [one for one in column.fields if request is None or one in request.unsettled]
            return next(iter(fields or column.fields), ""), letter
        heading = next((c.field for c in self.vocabulary.columns if c.heading == doubt.column), "")
        return heading, ""

    def _fillable(self, request: Request) -> frozenset[str]:
        """The fields of a request that a person may fill in here: what is unsettled, and what counting lacks."""
        lacking = {one for one in (*NEEDED, "answered_on") if one not in request.values}
        return frozenset({*request.unsettled, *lacking})

    def mend(self, one: Mend, value: Value) -> None:
        """Fills in what was in doubt."""
        request = self.read.ledger.by_id[one.doubt.request]
        self.mended[place_of(request), one.field] = value

    @property
    def doubtful(self) -> int:
        """How many rows something is in doubt of, or asked."""
        places = {(one.doubt.sheet, one.doubt.row) for one in self.doubts}
        for one in (*self.questions, *self.bodies):
            if one.standing is not Standing.SETTLED:
                places.update(one.rows)
        return len(places)

    # --- what comes of it

    @property
    def ledger(self) -> Ledger:
        """The ledger with everything that was said; what nobody settled is unsettled in it."""
        mended: dict[Place, list[str]] = {}
        for place, of_field in self.mended:
            mended.setdefault(place, []).append(of_field)
        requests = tuple(self._decided(one, mended) for one in self.read.ledger.requests)
        before = {(one.field, one.word) for one in self.read.ledger.settled}
        places = self._places()
        said = [
            Settled(of_field, word, code, len(places.get((of_field, word), ())))
            for (of_field, word), code in self.words.items()
            if (of_field, word) not in before
        ]
        return replace(self.read.ledger, requests=requests, settled=(*self.read.ledger.settled, *said))

    def _decided(self, request: Request, mended: Mapping[Place, Sequence[str]]) -> Request:
        place = place_of(request)
        for of_field, text in request.unsettled.items():
            code = self.rows.get((place, of_field)) or self.words.get((of_field, text), "")
            if not code and of_field == KIND and is_unlike_persons(text):
                code = self.kinds.get(plain(request.text("applicant")), "")
            if code:
                request = request.with_value(of_field, code)
        for of_field in mended.get(place, ()):
            request = request.with_value(of_field, self.mended[place, of_field])
        return request

    @property
    def kept(self) -> LedgerMap:
        """What is remembered for files of this layout: columns and words; of applicants nothing."""
        found = self.given
        for (of_field, word), code in self.words.items():
            if self._unnamed(of_field, word) == word:
                found = found.with_word(of_field, word, code)
        return found

    @property
    def is_plain(self) -> bool:
        """Whether nothing is asked and nothing missing: a known layout needs no page."""
        return not (self.missing or self.open_words or self.open_bodies)

    # --- the sheets as they are shown

    def shown_sheet(self, sheet: SheetRead) -> Sheet:
        """A sheet as it stands in the file, with names masked wherever they stand in it.

        What a column that is not read holds nobody knows: it may be names, and is masked as well.
        """
        page = next(one for one in self.file.pages if one.name == sheet.name)
        of_field = {
            column_number(one.letter): name
            for one in sheet.columns
            for name in one.fields
            if name in private_fields(self.vocabulary)
        }
        requests = {
            one.origin.row: one
            for one in self.read.ledger.requests
            if one.origin and one.origin.sheet == sheet.name
        }
        cells: list[PlainCell] = []
        merges: set[Range] = set()
        last = sheet.headings[1]
        unread = {column_number(one.letter) for one in sheet.columns if not one.fields}
        printed = {one.row for one in self.read.left_out if one.sheet == sheet.name and one.why in _PRINTED}
        for number, row in page.rows.items():
            own = {c: item for c, item in row.items() if not item.top or (item.top, item.left) == (number, c)}
            texts = {column: item.text for column, item in own.items()}
            if number > last and number not in printed:
                if (request := requests.get(number)) is not None:
                    open_ones = [column for column in texts if column not in of_field]
                    said = self._without_names(_APART.join(texts[c] for c in open_ones), request)
                    texts |= dict(zip(open_ones, said.split(_APART), strict=bool(open_ones)))
                for column in texts:
                    if column in of_field and texts[column]:
                        is_name = of_field[column] in _NAMES
                        texts[column] = masked(own[column].text) if is_name else STARS
                    elif column in unread:
                        texts[column] = masked(own[column].text)
            for column, item in own.items():
                is_number = item.number is not None and not item.dated and texts[column] == item.text
                value = _number(item.number) if is_number else texts[column]
                cells.append(PlainCell(number - 1, column, value))
                if item.wide > 1 or item.tall > 1:
                    merges.add(Range(number - 1, column, number + item.tall - 2, column + item.wide - 1))
        return sheet_of(sheet.name, cells, merges=sorted(merges))


_NAMES = ("applicant", "agent")
_PARTS = re.compile(r"[\s、，,;；（）()/]+")  # what stands between several names in one cell
_APART = "\x1f"  # between the texts of a row, which are looked through as one


def _number(number: float | None) -> int | float | None:
    return int(number) if number is not None and number == int(number) else number


def subjects_of(state: ImportState, places: Collection[Place]) -> dict[Place, str]:
    """What the requests in these rows ask for, without names."""
    wanted = set(places)
    return {
        place: without_names(request.text("subject"), request, state.vocabulary)
        for request in state.read.ledger.requests
        if (place := place_of(request)) in wanted
    }


def place_of(request: Request) -> Place:
    """Where a request stands in the file."""
    assert request.origin is not None
    return Place(request.origin.sheet, request.origin.row)


def said_places(places: Sequence[Place], most: int = 5) -> str:
    """Rows in words: 第 6、9、22 行; of several sheets with their names."""
    by_sheet: dict[str, list[int]] = {}
    for place in places[:most]:
        by_sheet.setdefault(place.sheet, []).append(place.row)
    several = len({place.sheet for place in places}) > 1
    said = "；".join(_said(sheet if several else "", rows) for sheet, rows in by_sheet.items())
    return said + (f"等 {len(places)} 行" if len(places) > most else "")


def _said(sheet: str, rows: Sequence[int]) -> str:
    return f"{f'“{sheet}”' if sheet else ''}第 {'、'.join(map(str, rows))} 行"


def into(ledger: Ledger, found: Ledger, ids: Iterator[str], *, only_new: bool = False) -> Ledger:
    """The ledger with the requests of another behind its own, under ids of its own; words that were settled with them.

    With `only_new` those stay out that have the number and the day of one that is there.
    """
    there = {(one.text("reg_no"), one.day("received_on")) for one in ledger.requests if one.text("reg_no")}
    new = [
        replace(one, id=next(ids))
        for one in found.requests
        if not (only_new and (one.text("reg_no"), one.day("received_on")) in there)
    ]
    settled = {(one.field, one.word): one for one in (*ledger.settled, *found.settled)}
    return replace(ledger, requests=(*ledger.requests, *new), settled=tuple(settled.values()))


def same_numbers(ledger: Ledger, found: Ledger) -> int:
    """How many requests of another ledger have the number and the day of one that is there."""
    there = {(one.text("reg_no"), one.day("received_on")) for one in ledger.requests if one.text("reg_no")}
    return sum(1 for one in found.requests if (one.text("reg_no"), one.day("received_on")) in there)
