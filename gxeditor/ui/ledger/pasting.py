"""A block of texts put into the grid: what is understood goes in, the rest is asked once.

Knows what each text means in its cell, which words are asked (once each, applicants that are 法人 by name), and what
becomes of a cell that nobody settles: it stays as it is, or holds the text as it was found and counts nowhere. Changes
no ledger; names in the question are masked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gxeditor.core.ledger.entries import Refused
from gxeditor.core.ledger.privacy import masked, without_names
from gxeditor.core.ledger.request import Ledger, Request, Settled, Value
from gxeditor.core.ledger.vocabulary import plain
from gxeditor.ui.ledger.model import Column, RowsModel, changed, is_masked, new_id, unsettled
from gxeditor.ui.look import dialog, theme
from gxeditor.ui.look.dialog import CANCEL, Choice, Dialog

_KIND = "applicant_type"
_TOLD = 200  # cells that are named one by one: nobody reads more
_ASKED = 100  # words that are asked at once
_HIGHEST = 320  # logical pixels of what is asked, before it scrolls


class Odd(NamedTuple):
    """A cell whose text was not understood: its `row` as the grid numbers it, and the id of its request.

    `key` is what it is asked by, with all that are answered alike: the field, the word, and the applicant where the
    word does not decide; None where nothing can be chosen (a day, a masked name).
    """

    row: int
    request: str
    column: Column
    text: str
    why: str
    key: tuple[str, str, str] | None


@dataclass
class Pasted:
    """What became of a block: requests as they are then, by id, in their order; those behind the last one are `added`.

    `cells` were understood, `passed` lie in columns that are reckoned, `beyond` right of the last column.
    """

    new: dict[str, Request] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    odd: list[Odd] = field(default_factory=list)
    cells: int = 0
    passed: int = 0
    beyond: int = 0


def understood(model: RowsModel, top: int, left: int, rows: Sequence[Sequence[str]]) -> Pasted:
    """What the texts mean from a cell of the grid on; rows below the last request are new requests."""
    done, columns, give = Pasted(), model.columns[left:], new_id(model.ledger)
    said = {(one.field, plain(one.word)): one.code for one in model.ledger.settled}
    known: dict[tuple[str, str], Value | Refused | None] = {}
    before = model.before(model.request(top))
    for i, texts in enumerate(rows):
        request = model.request(top + i)
        after = request or Request(give())
        done.beyond += sum(1 for text in texts[len(columns) :] if text.strip())
        odd: list[tuple[Column, str, str]] = []
        # The day of receipt first: it says the year of the others. The applicant before the kind of applicant.
        for one, text in sorted(
            zip(columns, texts, strict=False), key=lambda pair: pair[0].field != "received_on"
        ):
            if one.type == "told":
                done.passed += bool(text.strip())
                continue
            if is_masked(text) and one.type == "text":
                odd.append((one, text, "是遮住的姓名，请从原处复制。"))
                continue
            found = _found(model, one, text, after, before, said, known)
            if isinstance(found, Refused):
                odd.append((one, text, found.why))
                continue
            after = changed(after, [(one.field, found)])
            done.cells += 1
        before = after.day("received_on") or before
        for one, text, why in odd:
            if code := _by_name(one, text, after):
                after = changed(after, [(one.field, code)])
                done.cells += 1
                continue
            done.odd.append(Odd(_number(model, top + i), after.id, one, text, why, _key(one, text, after)))
        if request is not None or after.values or odd:
            done.new[after.id] = after
            if request is None:
                done.added.append(after.id)
    return done


def _found(
    model: RowsModel,
    one: Column,
    text: str,
    after: Request,
    before: date | None,
    said: Mapping[tuple[str, str], str],
    known: dict[tuple[str, str], Value | Refused | None],
) -> Value | Refused | None:
    if one.type == "date":
        return model.meant(text, one.field, after, before)
    if (one.field, text) not in known:
        found = model.meant(text, one.field, after)
        if isinstance(found, Refused) and one.type == "code":
            found = said.get((one.field, plain(text)), found)
        known[one.field, text] = found
    return known[one.field, text]


def _by_name(one: Column, text: str, request: Request) -> str:
    """The kind of an applicant that is only said to be no person, by the ending of its name."""
    if one.field != _KIND:
        return ""
    from gxeditor.ledger.reading import is_unlike_persons, kind_by_name

    return kind_by_name(request.text("applicant")) if is_unlike_persons(text) else ""


def _key(one: Column, text: str, request: Request) -> tuple[str, str, str] | None:
    if one.type != "code":
        return None
    from gxeditor.ledger.reading import is_unlike_persons

    whose = request.text("applicant") if one.field == _KIND and is_unlike_persons(text) else ""
    return one.field, plain(text), whose


def _number(model: RowsModel, row: int) -> int:
    """The number of a row, of those that come behind the last one as well."""
    beyond = row - len(model.listed)
    return model.number(row) if beyond <= 0 else len(model.ledger.requests) + 1 + beyond


def settled(
    done: Pasted, codes: Mapping[tuple[str, str, str], str], *, keeps: bool, ledger: Ledger
) -> tuple[Ledger, int]:
    """The ledger with the block in it, and how many cells hold what nobody settled.

    `codes` are what was chosen; with `keeps` what was not stands as it was found, else its cells stay as they are.
    """
    new, open_ones = dict(done.new), 0
    words: dict[tuple[str, str], Settled] = {}
    for one in done.odd:
        request = new[one.request]
        if one.key is not None and (code := codes.get(one.key, "")):
            new[one.request] = changed(request, [(one.column.field, code)])
            if not one.key[2]:  # 「法人」 is another kind the next time
                at = one.column.field, one.key[1]
                rows = words[at].rows if at in words else 0
                words[at] = Settled(one.column.field, one.text.strip(), code, rows + 1)
        elif keeps and not is_masked(one.text):
            new[one.request] = unsettled(request, one.column.field, one.text.strip(), one.why)
            open_ones += 1
    kept = tuple(new.get(one.id, one) for one in ledger.requests)
    more = tuple(new[one] for one in done.added if new[one].values or new[one].unsettled)
    if not more and all(a is b for a, b in zip(kept, ledger.requests, strict=True)):
        return ledger, open_ones
    said = {(one.field, plain(one.word)): one for one in ledger.settled} | words
    return replace(ledger, requests=(*kept, *more), settled=tuple(said.values())), open_ones


class OddCells(Dialog):
    """What was not understood of a block, and what is to become of it: `codes` is what was chosen."""

    def __init__(self, parent: QWidget, model: RowsModel, done: Pasted, verb: str) -> None:
        number = len(done.odd)
        super().__init__(
            parent, verb, f"{number} 格没有看懂，其余 {done.cells} 格可以{verb}。",
            choices=(
                CANCEL,
                Choice("leave", "没看懂的不动", tip="没有看懂的格保持现在的内容，其余照填。", letter="L"),
                Choice(
                    "keep", verb, primary=True,
                    tip="选定的照选的填；没有选的原样放着，标为未定，不计入表三。",
                ),
            ),
            width=40,
        )  # fmt: skip
        self.say("没有选定的原样放着，标为“未定”，不计入表三。是一步，可以撤销。")
        self._boxes: dict[tuple[str, str, str], QComboBox] = {}
        inside = QFrame()
        inside.setProperty("ground", "base")
        down = QVBoxLayout(inside)
        down.setContentsMargins(0, 0, 8, 0)
        down.setSpacing(6)
        asked: dict[tuple[str, str, str], list[Odd]] = {}
        for one in done.odd:
            if one.key is not None:
                asked.setdefault(one.key, []).append(one)
        for key, several in list(asked.items())[:_ASKED]:
            down.addLayout(self._question(model, key, several, done))
        for one in [one for one in done.odd if one.key is None or one.key not in self._boxes][:_TOLD]:
            request = done.new[one.request]
            why = without_names(f"“{one.text.strip()}”：{one.why}", request, model.vocabulary)
            down.addWidget(dialog.sentence(f"第 {one.row} 行“{one.column.heading}”，{why}", tone="qrytext"))
        down.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        area.setMinimumHeight(min(_HIGHEST, inside.sizeHint().height() + 4))
        self.body.addWidget(area)

    def _question(
        self, model: RowsModel, key: tuple[str, str, str], several: Sequence[Odd], done: Pasted
    ) -> QHBoxLayout:
        first = several[0]
        word = without_names(first.text.strip(), done.new[first.request], model.vocabulary)
        whose = f"　{masked(key[2])}" if key[2] else ""
        rows = "、".join(str(one.row) for one in several[:5]) + ("等" if len(several) > 5 else "")
        label = theme.label(f"{first.column.heading}“{word}”{whose}　第 {rows} 行，{len(several)} 格")
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        box = QComboBox()
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.setMinimumWidth(200)
        box.setAccessibleName(f"{first.column.heading}“{word}”{whose}是哪一种")
        box.setToolTip(theme.plain_tip("选一种，这几格都这样填；不选就是未定。"))
        box.addItem("先放着", "")
        for code in model.vocabulary.lists[key[0]].values():
            if not (key[2] and code.target == "natural_person"):
                box.addItem(code.label, code.code)
        self._boxes[key] = box
        row = QHBoxLayout()
        row.addWidget(label, 1)
        row.addWidget(box)
        return row

    @property
    def codes(self) -> dict[tuple[str, str, str], str]:
        """What was chosen, by what was asked."""
        return {key: str(box.currentData()) for key, box in self._boxes.items() if box.currentData()}


def ask_odd(
    parent: QWidget, model: RowsModel, done: Pasted, verb: str
) -> tuple[Mapping[tuple[str, str, str], str], bool] | None:
    """What was chosen of a block, and whether what was not is to stand as it was found; None to put in nothing."""
    asked = OddCells(parent, model, done, verb)
    answer = asked.run()
    return (asked.codes, answer == "keep") if answer in ("keep", "leave") else None


def without_headings(rows: list[list[str]], columns: Sequence[Column]) -> list[list[str]]:
    """The rows, but for a first one that only repeats the headings of the columns that it would go into."""
    if len(rows) < 2:
        return rows
    pairs = [(one.heading, text) for one, text in zip(columns, rows[0], strict=False) if text.strip()]
    repeats = len(pairs) > 1 and all(plain(heading) == plain(text) for heading, text in pairs)
    return rows[1:] if repeats else rows
