"""Where two reports differ: the place to show when a step is undone or redone.

Knows cells, texts and plain fields, on which page of the form each stands, and the changed part of a text; and what a
person said of the report. Automatic totals and the bound numbers of prose follow by themselves and are no difference.
Knows no step, no page on a screen and no words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from gxeditor.core.fields import BY_NAME, FIELDS, PRIOR
from gxeditor.core.following import follow
from gxeditor.core.report import ProseDoubt, Report, same_entry
from gxeditor.core.report import (
    text_difference as text_difference,
)  # who asks for a difference knows it by this

BASIC = ""
"""The page of the plain fields; a section's page has the section's key."""
PREAMBLE = "preamble"
_PROSE = tuple(one.name for one in FIELDS if one.prose)
SAID = ("explanations", "bound", "closed", "finals")
"""What a person said of a report, by attribute."""
_PLAIN = (*(one.name for one in FIELDS if not one.prose), PRIOR)


class TextChange(NamedTuple):
    """The part of a text that differs, between what both have at the beginning and at the end.

    `text` is a section's key or the name of a field of prose (`PREAMBLE`); `start` counts characters, `paragraph`
    those that are not empty, from 1. Where only numbers in the text are longer, or newly, in doubt, `old` and `new` are
    the first of them.
    """

    text: str
    start: int
    old: str
    new: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two reports of one form, each in the order of the form.

    `fields` are names of `Report`; `cells` are those in which something else was typed or read, or whose figure is no
    longer, or newly, in doubt; `texts` sections and fields of prose, likewise. `said` are those of `SAID`, and
    `said_on` the pages that they speak of.
    """

    before: Report
    after: Report
    fields: tuple[str, ...]
    cells: tuple[str, ...]
    texts: tuple[TextChange, ...]
    said: tuple[str, ...] = ()
    said_on: frozenset[str] = frozenset()

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages on which something differs: `BASIC`, then the sections, by their keys."""
        form = self.before.form
        touched = {form.cells[cell].section for cell in self.cells} | self.said_on
        touched.update(page_of(change.text) for change in self.texts)
        if self.fields:
            touched.add(BASIC)
        return tuple(key for key in (BASIC, *(s.key for s in form.sections)) if key in touched)

    def cells_of(self, section: str) -> tuple[str, ...]:
        return tuple(c for c in self.cells if self.before.form.cells[c].section == section)

    def text_of(self, text: str) -> TextChange | None:
        return next((change for change in self.texts if change.text == text), None)


def page_of(text: str) -> str:
    """The page on which a text is written: a section's own, `BASIC`, or that of the table which it is a note of."""
    return BY_NAME[text].table or BASIC if text in BY_NAME else text


def difference(before: Report, after: Report) -> Difference:
    """What differs between two reports of one form.

    What no page shows, the keys of a file that this version does not know, counts only if nothing else differs.
    """
    named = tuple(name for name in _PLAIN if getattr(before, name) != getattr(after, name))
    cells = tuple(
        cell
        for cell in before.form.cells
        if not same_entry(before.entries.get(cell), after.entries.get(cell))
        or before.doubts.get(cell) != after.doubts.get(cell)
    )
    written = [(name, getattr(before, name), getattr(after, name)) for name in _PROSE]
    for section in before.form.sections:
        key = section.key
        written.append((key, before.sections.get(key, ""), after.sections.get(key, "")))
    followed = _followed(before, after)
    texts = tuple(
        _text_change(text, old, new)
        for text, old, new in written
        if old != new and new != (followed.text(text) if text in before.bound else old)
    )
    texts += tuple(
        _doubt_change(text, new, _doubt_differs(before, after, text))
        for text, old, new in written
        if old == new and before.prose_doubts.get(text) != after.prose_doubts.get(text)
    )
    said = tuple(name for name in SAID if getattr(before, name) != getattr(after, name))
    pages = frozenset(_said_on(before, after)) if said else frozenset()
    if texts or cells:  # with which bound numbers move
        said = tuple(name for name in said if name != "bound")
    if not (named or cells or texts or said) and before.extra != after.extra:
        named = ("extra",)
    return Difference(before, after, named, cells, texts, said, pages)


def _followed(before: Report, after: Report) -> Report:
    """The earlier report whose bound numbers say what the cells of the later one say."""
    return follow(replace(before, entries=after.entries)) if before.bound else before


def _said_on(before: Report, after: Report) -> Iterator[str]:
    """The pages of which something is said otherwise: of explanations by their addresses, of numbers newly bound.

    Rules closed and that the report is final are of no page.
    """
    keys = {section.key for section in before.form.sections}
    for address in before.explanations.keys() | after.explanations.keys():
        if before.explanations.get(address) != after.explanations.get(address):
            place = address.partition("@")[2].partition(":")[0].partition(".")[0]
            yield place if place in keys else BASIC
    for text in before.bound.keys() | after.bound.keys():
        if before.text(text) == after.text(text) and before.bound.get(text) != after.bound.get(text):
            yield page_of(text)


def _doubt_differs(before: Report, after: Report, text: str) -> ProseDoubt:
    """The first number that is in doubt in one report only."""
    had, has = (set(report.prose_doubts.get(text, ())) for report in (before, after))
    return min(had ^ has, key=lambda doubt: doubt.start)


def _doubt_change(text: str, whole: str, doubt: ProseDoubt) -> TextChange:
    lines = whole[: doubt.start].split("\n")
    paragraph = 1 + sum(1 for line in lines[:-1] if line.strip())
    return TextChange(text, doubt.start, doubt.text, doubt.text, paragraph)


def _text_change(text: str, old: str, new: str) -> TextChange:
    start, gone, come = text_difference(old, new)
    longer, part = (new, come) if len(come) > len(gone) else (old, gone)
    lines = longer[: start + len(part) - len(part.lstrip("\n"))].split("\n")
    return TextChange(text, start, gone, come, 1 + sum(1 for line in lines[:-1] if line.strip()))
