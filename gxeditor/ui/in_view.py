"""The finding in view, and the way from one finding to the next.

Knows which finding is pinned and which is under the mouse, what becomes of both when the report changes, the order of
stepping, and tells whoever has the pages where to go. Changes no report and knows no page: an address is a value.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from gxeditor.core.checks.anchors import Span, reading_order
from gxeditor.core.checks.findings import Finding, Findings
from gxeditor.core.form import Form
from gxeditor.core.report import Report


class InView(QObject):
    """The finding in view, among those that it was given last (`begin`, `follow`).

    `focused` carries the finding in view or None; `goto` the anchor to jump to; `told` a sentence.
    """

    focused = Signal(object)
    goto = Signal(object)
    told = Signal(str)

    def __init__(self, form: Form, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self._findings = Findings()
        self._pinned: Finding | None = None
        self._hovered: Finding | None = None
        self._last: Finding | None = None
        self._place = 0  # of the last one, for when it has been mended

    @property
    def shown(self) -> Finding | None:
        """The finding whose signs are drawn: the one under the mouse, else the pinned one."""
        return self._hovered or self._pinned

    @property
    def pinned(self) -> Finding | None:
        return self._pinned

    # --- the report changes

    def begin(self, findings: Findings) -> None:
        """Those of another report: none of them is in view."""
        self._findings = findings
        self._pinned = self._hovered = self._last = None
        self._place = 0
        self.focused.emit(None)

    def follow(self, findings: Findings, before: Report, after: Report) -> None:
        """Those of the report after an edit; what was in view stays so if it is still found.

        Says nothing: whoever asks `tell`s when everybody knows the edit.
        """
        self._findings = findings
        self._pinned = _again(self._pinned, findings.findings, before, after)
        self._hovered = _again(self._hovered, findings.findings, before, after)
        self._last = _again(self._last, findings.findings, before, after) or self._last

    def tell(self) -> None:
        self.focused.emit(self.shown)

    # --- the clerk looks

    def hover(self, finding: Finding | None) -> None:
        if finding is not self._hovered:
            self._hovered = finding
            self.tell()

    def pin(self, finding: Finding | None) -> None:
        """Keeps a finding in view until it is unpinned (None) or another one is pinned."""
        self._pinned = finding
        self._hovered = None
        if finding is not None and finding in (found := self.in_form_order()):
            self._place, self._last = found.index(finding), finding
        self.tell()

    def lead_to(self, finding: Finding) -> None:
        """Pins a finding and jumps to it."""
        self.pin(finding)
        self.goto.emit(finding.anchors[0])

    def step(self, direction: int) -> Finding | None:
        """Leads to the next (1) or previous (-1) finding in the order of the form, around the end.

        Where the last one has been mended it goes on from its place, not from the top.
        """
        found = self.in_form_order()
        if not found:
            self.told.emit("没有要处理的问题。")
            return None
        place, keys = self._place, [one.key for one in found]
        if self._last is not None and self._last.key in keys:
            place = keys.index(self._last.key) + direction
        elif direction < 0:
            place -= 1
        finding = found[place % len(found)]
        self.lead_to(finding)
        return finding

    def in_form_order(self) -> list[Finding]:
        """The open findings as they come up when reading from the top: by page, worst first, prose as it is read."""
        order = reading_order(self._form)

        def key(finding: Finding) -> tuple[int, int, int]:
            where = finding.where
            return order(where)[0], finding.severity.rank, where.start if isinstance(where, Span) else 0

        return sorted(self._findings.open, key=key)


def _again(
    finding: Finding | None, among: Iterable[Finding], before: Report, after: Report
) -> Finding | None:
    """The same finding after an edit, which may have moved the part of a text that it is about."""
    if finding is None:
        return None
    where = finding.where
    if not isinstance(where, Span):
        return next((one for one in among if one.key == finding.key), None)
    # What is typed behind or inside it leaves its start alone, what is typed before it moves it by as much.
    starts = where.start, where.start + len(where.text(after)) - len(where.text(before))
    return next(
        (
            one
            for one in among
            if one.rule.id == finding.rule.id
            and isinstance(one.where, Span)
            and one.where.section == where.section
            and one.where.start in starts
        ),
        None,
    )
