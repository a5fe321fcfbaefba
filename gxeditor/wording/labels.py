"""What a text found in a table or before a paragraph may stand for in the form.

Knows how labels are made comparable (width, blanks, numbering, notes in brackets, punctuation), the form's printed
headings, and the variants of resources/aliases met in published reports. Does not know where in a table a label stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cache, cached_property, lru_cache
from typing import Any, Literal

from gxeditor.core.defects import Reading
from gxeditor.core.form import Block, Cell, Form, Heading
from gxeditor.resources import read_shipped, resource

Axis = Literal["row", "column"]
Ids = frozenset[str]

_KEPT_LENGTH = 200  # characters of a text whose key is kept; no label is longer
FIELD_KEYS = ("agency", "name", "year", "date", "filler", "code", "other")
"""What a form asks for beside its tables: `name` heads the names of units, `other` is what no report knows."""

PAGE = ("label", "word", "never", "place", "organ")
"""What wording around a report is good for: see resources/aliases."""

AGENCY_ENDINGS = (
    "政府|办公室|办公厅|局|委|委员会|厅|办|院|署|处|中心|队"
    "|街道|镇|乡|苏木|区|县|市|州|盟|旗|省|公司|学校|大学"
)
"""What the name of an agency ends with, as alternatives of a pattern."""
REMARK_WORDS = "注|备注|说明|填表说明|填报说明|填报要求|填报口径"
"""What heads, before a colon, remarks on filling in a table: alternatives of a regular expression."""

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), None)
_RINGED = str.maketrans(
    {chr(0x2460 + i): f"{i + 1}." for i in range(20)}
)  # NFKC would drop the dot of ① = 1.
_CHINESE = "一二三四五六七八九十"
_NUMBERING = re.compile(
    rf"(?:第?(?P<outer>[{_CHINESE}]{{1,3}})(?:[、.,:]|(?=\())|\((?P<middle>[{_CHINESE}]{{1,3}}|[0-9]{{1,2}})\)[、.]?"
    r"|[\[【](?P<boxed>[0-9]{1,2})[\]】]"
    r"|(?P<inner>[0-9]{1,2})(?:[、.,:)](?![0-9])|(?=[\u4e00-\u9fff])(?!年)))"
)
_ARTICLE = re.compile(rf"第?二十条第?\(?([{_CHINESE}])\)?项")
_ARTICLE_LENGTH = 14  # “《条例》第二十条第（一）项”; longer texts only mention it
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\([^()]*$")  # the last: a note cut off before its end
_BRACKETS = re.compile(r"[()\[\]]")


def plain(text: str) -> str:
    """The text without blanks and invisible characters, in ordinary width, 其它 as 其他."""
    text = unicodedata.normalize("NFKC", text.translate(_RINGED)).translate(_INVISIBLE)
    return re.sub(r"\s+", "", text).replace("其它", "其他")


def simplified(text: str) -> str:
    """The text in Simplified characters as far as labels, titles and names need it, to compare; of the same length."""
    if text.isascii():
        return text
    words, characters = _traditional()
    for word, other in words:
        text = text.replace(word, other)
    return text.translate(characters)


@cache
def _traditional() -> tuple[tuple[tuple[str, str], ...], dict[int, str]]:
    """Words and characters, each with what it stands for, of resources/aliases/traditional.toml."""
    data = read_shipped(resource("aliases/traditional.toml"))
    words, characters = (
        [pair for item in data[name] for pair in zip(item["traditional"], item["simplified"], strict=True)]
        for name in ("words", "characters")
    )
    return tuple(words), {ord(one): other for pair in characters for one, other in zip(*pair, strict=True)}


def split_number(text: str) -> tuple[str, str]:
    """The innermost number in front of a plain text (“三”, “七”, “3”; empty if none) and what follows."""
    number = ""
    for _ in range(3):
        found = _NUMBERING.match(text)
        if found is None:
            break
        number = next(filter(None, found.groups()))
        text = text[found.end() :]
    return number, text


def label_key(text: str) -> tuple[str, str]:
    """Number and comparable key of a label: plain, simplified, without numbering, notes in brackets and punctuation."""
    return _kept_key(text) if len(text) <= _KEPT_LENGTH else _key(text)


@lru_cache(4_000)  # one text is asked about a dozen times on its way; texts differ from cell to cell
def _kept_key(text: str) -> tuple[str, str]:
    return _key(text)


def _key(text: str) -> tuple[str, str]:
    whole = plain(simplified(text))
    article = _ARTICLE.search(whole)
    if article is not None and len(whole) <= _ARTICLE_LENGTH:
        return "", f"第二十条第{article[1]}项"
    number, rest = split_number(whole)
    bare = _without_notes(rest)
    if not re.search(r"\w", bare):
        bare = rest
    return number, re.sub(r"[\W_]+", "", bare)


def _without_notes(text: str) -> str:
    """The text without what stands in brackets, nested ones too, nor a note that was cut off before its end.

    In one pass, for a text may be all brackets.
    """
    kept: list[str] = []
    opened: dict[str, list[int]] = {"(": [], "[": []}  # where in `kept` each that is still open stands
    end = 0
    for found in _BRACKETS.finditer(text):
        kept.append(text[end : found.start()])
        end = found.end()
        one = found[0]
        if one in opened:
            opened[one].append(len(kept))
            kept.append(one)
        elif places := opened["(" if one == ")" else "["]:
            del kept[places[-1] :]
            for still in opened.values():
                while still and still[-1] >= len(kept):
                    still.pop()
        else:
            kept.append(one)
    kept.append(text[end:])
    if opened["("]:
        del kept[opened["("][0] :]
    return "".join(kept)


@dataclass(frozen=True)
class Node:
    """A printed heading: the cells under it, and whether it is the innermost of its axis."""

    key: str
    number: str
    axis: Axis
    leaf: bool
    cells: Ids


@dataclass(frozen=True)
class Label:
    """A text and the headings it may stand for.

    "known": some heading; "neutral": belongs to tables but tells nothing; "foreign": figures that are not this year's;
    "unknown": anything else. `read_as` is the printed wording if the text only resembles it; `former` is the edition
    of the form that alone has this heading, which is then foreign.
    """

    text: str
    number: str
    kind: Literal["known", "neutral", "foreign", "unknown"]
    nodes: tuple[Node, ...] = ()
    read_as: str = ""
    former: str = ""

    @cached_property
    def cells(self) -> Ids:
        return frozenset().union(*(node.cells for node in self.nodes))

    def leaf_of(self, axis: Axis) -> Ids:
        """The cells whose own row (or column) this label may be."""
        return frozenset().union(*(node.cells for node in self.nodes if node.leaf and node.axis == axis))

    def only(self, axis: Axis) -> bool:
        """Whether it is known and can stand on this axis alone."""
        return bool(self.nodes) and all(node.axis == axis for node in self.nodes)


@dataclass(frozen=True)
class Aliases:
    """Variants of wording met in published reports and in forms to fill in.

    `labels` maps a variant's key to the key of the printed heading; `titles` maps a section's key to its titles, the
    printed one first; `neutral` are keys, `foreign` parts of keys; `fields` maps the key of a heading beside the tables
    (填报单位) to one of `FIELD_KEYS`; `page` holds for each of `PAGE` the wording of that use; `former` maps the key of
    a heading of an earlier form to its edition and axis; `one_row` the key of a heading that some reports give one row
    to, to the key of the row below it which that row is read as.
    """

    labels: Mapping[str, str]
    titles: Mapping[str, tuple[str, ...]]
    neutral: frozenset[str]
    foreign: tuple[str, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    page: Mapping[str, frozenset[str]] = field(default_factory=dict)
    former: Mapping[str, tuple[str, Axis]] = field(default_factory=dict)
    one_row: Mapping[str, str] = field(default_factory=dict)


def parse_aliases(data: Mapping[str, Any], form: Form) -> Aliases:
    """The aliases from their TOML data. Raises `Defects` with every defect: unknown or doubled wording, no source."""
    reading = Reading(data)
    reading.equal("edition", form.edition)
    reading.known(
        {"edition", "labels", "sections", "neutral", "foreign", "former", "one_row", "fields", "page"}
    )
    printed = {node.key for node in _nodes(form)}
    claimed = set(printed)  # no wording of a heading may mean two things
    labels: dict[str, str] = {}
    for item, texts in _wordings(reading, "labels", "label"):
        target = label_key(item.text("label"))[1]
        if target not in printed:
            item.wrong(f"表中没有“{item.data.get('label')}”")
        labels.update((key, target) for key, _ in _claim(item, texts, claimed))
    titles = {section.key: [section.title] for section in form.sections}
    known_titles = {label_key(section.title)[1] for section in form.sections}
    for item, texts in _wordings(reading, "sections", "key"):
        section = item.text("key")
        if section in titles:
            titles[section].extend(text for _, text in _claim(item, texts, known_titles))
        else:
            item.wrong(f"没有“{section}”这一部分")
    neutral = [
        key for item, texts in _wordings(reading, "neutral") for key, _ in _claim(item, texts, claimed)
    ]
    foreign = [label_key(text)[1] for _, texts in _wordings(reading, "foreign") for text in texts]
    former: dict[str, tuple[str, Axis]] = {}
    for item, texts in _wordings(reading, "former", "edition", "axis"):
        axis: Axis = "row" if item.one_of("axis", ("row", "column")) == "row" else "column"
        edition = item.text("edition")
        former.update((key, (edition, axis)) for key, _ in _claim(item, texts, claimed))
    one_row: dict[str, str] = {}
    for item, texts in _wordings(reading, "one_row", "row"):
        row = label_key(item.text("row"))[1]
        for text in texts:
            if not {label_key(text)[1], row} <= printed:
                item.wrong(f"表中没有“{text}”或“{item.data.get('row')}”")
            one_row[label_key(text)[1]] = row
    fields: dict[str, str] = {}
    for item, texts in _wordings(reading, "fields", "key"):
        if name := item.one_of("key", FIELD_KEYS):
            fields.update((key, name) for key, _ in _claim(item, texts, claimed))
    page: dict[str, set[str]] = {use: set() for use in PAGE}
    for item, texts in _wordings(reading, "page", "key"):
        if use := item.one_of("key", PAGE):
            page[use].update(map(plain, texts))
    reading.check("名称对照文件有误")
    return Aliases(
        labels,
        {key: tuple(found) for key, found in titles.items()},
        frozenset(neutral),
        tuple(foreign),
        fields,
        {use: frozenset(found) for use, found in page.items()},
        former,
        one_row,
    )


def _wordings(data: Reading, name: str, *needed: str) -> Iterator[tuple[Reading, tuple[str, ...]]]:
    """The tables of one kind with their texts, those without left out; each needs a source and what is `needed`."""
    for item in data.tables(name, "列表"):
        item = replace(item, of=item.lead)
        item.known({"texts", "source", *needed})
        for key in ("source", *needed):
            item.text(key)
        if texts := item.texts("texts", needed=True):
            yield item, texts


def _claim(item: Reading, texts: Iterable[str], claimed: set[str]) -> Iterator[tuple[str, str]]:
    """The keys of texts with the texts, each claimed for one meaning; what has one already is a defect."""
    for text in texts:
        key = label_key(text)[1]
        if key in claimed:
            item.wrong(f"“{text}”已有所指")
        else:
            claimed.add(key)
            yield key, text


@cache
def _shipped(edition: str) -> Mapping[str, Any]:
    return read_shipped(resource(f"aliases/{edition}.toml"))


def load_aliases(form: Form) -> Aliases:
    """The shipped aliases of a form's edition. Raises `GxError` if their file is missing, damaged or does not fit."""
    return parse_aliases(_shipped(form.edition), form)


def _nodes(form: Form) -> Iterator[Node]:
    for table in form.tables:
        for block in table.blocks:
            if block.band:
                yield Node(label_key(block.band)[1], "", "column", False, _ids(block.cells))
            yield from _tree_nodes(block.row_tree, "row", block, 0)
            yield from _tree_nodes(block.column_tree, "column", block, 0)


def _tree_nodes(tree: Iterable[Heading], axis: Axis, block: Block, first: int) -> Iterator[Node]:
    """The nodes of headings whose leaves begin with the `first` row (or column) of the block."""
    wide = len(block.columns)
    for heading in tree:
        leaves = range(first, first + sum(1 for _ in heading.leaves()))
        first = leaves.stop
        if heading.label:
            number, key = label_key(heading.label)
            here = (
                i // wide in leaves if axis == "row" else i % wide in leaves for i in range(len(block.cells))
            )
            cells = _ids(cell for cell, inside in zip(block.cells, here, strict=True) if inside)
            yield Node(key, number, axis, not heading.children, cells)
        yield from _tree_nodes(heading.children, axis, block, leaves.start)


def _ids(cells: Iterable[Cell]) -> Ids:
    return frozenset(cell.id for cell in cells)


_BEFORE_NUMBER = re.compile(r"(?<=[\s\u4e00-\u9fff）)])(?=[0-9]{1,2}\s*[.、．]\s*[^\s0-9])")
_DIVIDERS = re.compile(r"[-—–_/|>＞·→\\:：\n]+")

# A text that resembles a heading this much, and any other this much less, is taken for a slip of the pen. The closest
# two printed headings are alike by 0.79 (本年新收… and 上年结转…); 本年结转…, between them, is refused.
# Of 161 slips made at random in 60 headings and variants (a character lost, wrong or swapped) 142 are read right, none
# wrong: the same for _LIKENESS 0.5–0.83 (0.85: 120), and 136–144 right for _LEAD 0.02–0.16 (0: one wrong). Of wording
# that is none of the form's, likeness 0.6 takes 行政处罚决定数 for a heading, 0.65 does not.
_LIKENESS = 0.82
_LEAD = 0.12
_SHORTEST = 6
_LONGEST_SLIP = 60  # characters of a key that is compared with all others; chosen, not measured
_LONGEST_PATH = 200  # characters that are taken apart into several labels; chosen, not measured
_LONGEST = (
    2_000  # characters that can be a label; the longest met, with the note in its brackets, has some 100
)


class Lexicon:
    """The form's headings with their variants, to look labels up in."""

    def __init__(self, form: Form, aliases: Aliases) -> None:
        self.form = form
        self.aliases = aliases
        self.titles = aliases.titles
        self._foreign = aliases.foreign
        words = "|".join(map(re.escape, sorted(aliases.foreign, key=len, reverse=True))) or "(?!)"
        self._another_year = re.compile(rf"[(\[](?:{words})(?:同期|年?度|末|底|数[据值量]?|情况|实际)*[)\]]?")
        self._nodes: dict[str, list[Node]] = {}
        for node in _nodes(form):
            self._nodes.setdefault(node.key, []).append(node)
        for variant, printed in aliases.labels.items():
            self._nodes[variant] = self._nodes[printed]
        self._neutral = (
            aliases.neutral
            | aliases.fields.keys()
            | {
                label_key(text)[1]
                for section in form.sections
                for text in (
                    *aliases.titles[section.key],
                    *_corners(section.table.blocks if section.table else ()),
                )
            }
        )
        self._printed = {key: nodes for key, nodes in self._nodes.items() if len(key) >= _SHORTEST}
        self._read: dict[str, tuple[Label, ...]] = {}

    @property
    def nodes(self) -> Mapping[str, Sequence[Node]]:
        """The headings by their keys, variants included."""
        return self._nodes

    def read(self, text: str) -> tuple[Label, ...]:
        """The labels in a text, outermost first: mostly one; “（三）不予公开 1.属于国家秘密” holds two."""
        if text not in self._read:
            self._read[text] = self._labels(text)
        return self._read[text]

    def _labels(self, text: str) -> tuple[Label, ...]:
        if len(text) > _LONGEST:
            return (Label(text, "", "unknown"),)
        whole = self.label(text)
        if whole.kind in ("known", "neutral") or len(text) > _LONGEST_PATH:
            return (whole,)
        for parts in (_BEFORE_NUMBER.split(text), _DIVIDERS.split(text)):
            labels = tuple(self.label(part) for part in parts if part.strip())
            if len(labels) > 1 and all(label.kind == "known" for label in labels):
                return labels
        return (whole,)

    def label(self, text: str) -> Label:
        """The text as one label, whatever it holds."""
        number, key = label_key(text)
        if key in self.aliases.former:
            return Label(text, number, "foreign", former=self.aliases.former[key][0])
        nodes = self._nodes.get(key, ())
        if nodes and self.is_of_another_year(text):
            return Label(text, number, "foreign")
        if nodes:
            same = tuple(node for node in nodes if number and node.number == number)
            return Label(text, number, "known", same or tuple(nodes))
        if key in self._neutral or not key:
            return Label(text, number, "neutral" if key else "unknown")
        return Label(text, number, "foreign" if self.says_another_year(text) else "unknown")

    def says_another_year(self, text: str) -> bool:
        """Whether a text holds a word for figures of another year, or for no figures at all."""
        key = label_key(text)[1]
        return any(word in key for word in self._foreign)

    def is_of_another_year(self, text: str) -> bool:
        """Whether a bracket says that a heading is of another year: 「本年制发件数（上年数）」."""
        brackets = _IN_BRACKETS.findall(plain(text)) if "(" in text or "（" in text else ()
        return any(self._another_year.fullmatch(bracket) for bracket in brackets)

    def one_row(self, label: Label) -> Ids:
        """The cells that a row is read as which has but the name of several of the form's rows; mostly none."""
        row = self.aliases.one_row.get(label_key(label.text)[1])
        nodes = self._nodes.get(row, ()) if row and label.only("row") else ()
        below = (node.cells & label.cells for node in nodes if node.axis == "row" and node.leaf)
        return frozenset().union(*below)

    def resembling(self, text: str) -> Label | None:
        """The label that an unknown text is a slip of, if only one comes near and its number does not object."""
        number, key = label_key(text)
        if not _SHORTEST <= len(key) <= _LONGEST_SLIP or key.startswith("第二十条"):
            return None
        ratios = sorted(((_likeness(key, other), other) for other in self._printed), reverse=True)
        best, other = ratios[0]
        nodes = self._printed[other]
        rival = next((ratio for ratio, name in ratios if self._printed[name] != nodes), 0.0)
        if best < _LIKENESS or best - rival < _LEAD:
            return None
        if number and all(node.number and node.number != number for node in nodes):
            return None
        return Label(text, number, "known", tuple(nodes), other)

    @cached_property
    def without_row_label(self) -> Ids:
        """The cells whose row has no printed heading: the one row of 表四."""
        return _ids(cell for cell in self.form.cells.values() if not cell.row.labels)


def _corners(blocks: Iterable[Block]) -> Iterator[str]:
    return (block.corner for block in blocks if block.corner)


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _LIKENESS - _LEAD else 0.0
