"""The finding in view, and the way from one finding to the next.

Knows which finding is pinned and which is under the mouse, what becomes of both when the report changes, the order of
stepping, and tells whoever has the pages where to go. Changes no report and knows no page: an address is a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from gxeditor.core.checks.anchors import Anchor, Span, Whole, reading_order
from gxeditor.core.checks.findings import Finding, Findings
from gxeditor.core.form import Form
from gxeditor.core.report import Report


class Stop(NamedTuple):
    """A place that stepping leads to, the findings that are looked at there, and in a sum the cells that may be wrong:
    one, or two whose figures stand in each other's place."""

    where: Anchor
    findings: tuple[Finding, ...]
    cells: tuple[str, ...] = ()

    @property
    def is_sum(self) -> bool:
        """Whether figures do not add up here."""
        return self.findings[0].is_equation


class InView(QObject):
    """The finding in view, among those that it was given last (`begin`, `follow`). `suspected` says where to look first
    for those that are sums, the strongest first.

    `focused` carries the finding in view or None; `goto` the anchor to jump to; `told` a sentence.
    """

    focused = Signal(object)
    goto = Signal(object)
    told = Signal(str)

    def __init__(
        self,
        form: Form,
        parent: QObject | None = None,
        suspected: Callable[[], Sequence[Stop]] = tuple,
    ) -> None:
        super().__init__(parent)
        self._suspected = suspected
        self._form = form
        self._findings = Findings()
        self._pinned: Finding | None = None
        self._hovered: Finding | None = None
        self._last: Finding | None = None
        self._place = 0  # of the last one, for when it has been mended
        self._arrived: Anchor | None = None  # where stepping has led to in a sum

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
        self._arrived = None
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
        self._arrived = None
        if finding is not None:
            place = next((i for i, stop in enumerate(self.stops()) if finding in stop.findings), None)
            if place is not None:
                self._place, self._last = place, finding
        self.tell()

    def lead_to(self, finding: Finding) -> None:
        """Pins a finding and jumps to it, in a sum to where to look first."""
        stop = next((stop for stop in self.stops() if finding in stop.findings), None)
        self._lead(stop.where if stop is not None else finding.anchors[0], finding)

    def _lead(self, where: Anchor, finding: Finding) -> None:
        self.pin(finding)
        self._arrived = where
        self.goto.emit(where)

    def step(self, direction: int, page: str | None = None) -> Finding | None:
        """Leads to the next (1) or previous (-1) of the `stops`, around the end; the finding that is pinned there.

        Where the last one has been mended it goes on from its place, not from the top; the first time it begins on
        `page`, or on the first page behind it that has any.
        """
        stops = self.stops()
        if not stops:
            self.told.emit("没有要处理的问题。")
            return None
        place = self._place
        of_last = [
            i
            for i, stop in enumerate(stops)
            if self._last is not None and any(one.key == self._last.key for one in stop.findings)
        ]
        if self._last is None and page is not None:
            order = reading_order(self._form)
            at = order(Whole(page))[0]
            place = next((i for i, stop in enumerate(stops) if order(stop.where)[0] >= at), 0)
        there = [i for i in of_last if not stops[i].is_sum or stops[i].where == self._arrived]
        if there:
            place = there[0] + direction
        else:  # at another cell of a sum its suspect comes first
            place = of_last[0] if of_last else place
            place -= 1 if direction < 0 else 0
        stop = stops[place % len(stops)]
        self._lead(stop.where, stop.findings[0])
        self._place = place % len(stops)
        return stop.findings[0]

    def stops(self) -> list[Stop]:
        """Where stepping leads, page by page, worst first: of sums to the suspects, the strongest first, then to the
        totals that no suspect explains."""
        order = reading_order(self._form)
        found = self.in_form_order()
        suspected = self._suspected() if any(finding.is_equation for finding in found) else ()
        explained = {finding.key for stop in suspected for finding in stop.findings}
        stops = [
            (order(stop.where)[0], min(f.severity.rank for f in stop.findings), 0, stop) for stop in suspected
        ]
        for finding in found:
            if not (finding.is_equation and finding.key in explained):
                where: Anchor = finding.rule.decisive if finding.is_equation else finding.anchors[0]
                stops.append((order(finding.where)[0], finding.severity.rank, 1, Stop(where, (finding,))))
        return [stop for *_, stop in sorted(stops, key=lambda one: one[:3])]

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
