"""A template that the child process holds open: planned and filled there, so that nothing of it holds up the window.

Knows what is sent at each correction (the map and the report there, what filling comes to back), and that a child that
has died gets the template again, as it was read: whatever has become of the file, the same bytes are filled. The window
keeps those bytes and the workbook that it shows. Knows no widget; every call waits, so none is made in the thread of
the window.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from gxeditor import worker
from gxeditor.core.errors import Unfinished
from gxeditor.core.form import Form
from gxeditor.core.report import Report
from gxeditor.files.package import Package
from gxeditor.mapping.placement import TemplateMap
from gxeditor.templates import shelf
from gxeditor.templates.plan import Filling, Template
from gxeditor.templates.shelf import OpenTemplate
from gxeditor.ui.template.state import Planned, Wish, plan_wish
from gxeditor.workbook.formulas.calculate import Calculated
from gxeditor.workbook.read import read_workbook
from gxeditor.workbook.write import is_result, written

R = TypeVar("R")
Asked = Callable[[], bool]
"""Says whether the result is no longer wanted."""

SECONDS = 40.0
"""How long a call may work: a list of 20,000 units with all their figures is read and shown in a third of it."""
_GRACE = 1.0  # seconds that a plan given up has left: most come back in them, and the child stays as it is


class _Sent(NamedTuple):
    """A template on its way to a child that does not hold it."""

    path: Path
    form: Form
    package: Package
    map: TemplateMap


class _Held(NamedTuple):
    key: str
    opened: OpenTemplate


class _Kept(NamedTuple):
    """A plan that the child has made last, which filling most likely asks for."""

    key: str
    report: Report
    planned: Planned


# --- in the child

_held: _Held | None = None
_kept: _Kept | None = None


def _open(path: Path, report: Report, maps: Path) -> tuple[str, OpenTemplate, Planned]:
    global _held
    _forget()
    opened = shelf.open_template(path, report, maps=maps)
    held = _Held(sha256(opened.template.package.data).hexdigest(), opened)
    _held = held
    return held.key, opened, _plan(held, report, Wish(opened.map))


def _call(key: str, sent: _Sent | None, function: Callable[..., R], *arguments: object) -> tuple[R] | None:
    """What a function gives for the template of a key; None if it is not held here and was not sent."""
    global _held
    if _held is None or _held.key != key:
        _forget()
        if sent is None:
            return None
        template = Template(sent.package, read_workbook(sent.package), sent.map)
        _held = _Held(key, OpenTemplate(sent.path, sent.form, template, "given"))
    return (function(_held, *arguments),)


def _forget() -> None:
    global _held, _kept
    _held = _kept = None


def _plan(held: _Held, report: Report, wish: Wish) -> Planned:
    """The plan without what the window has: workbook, template, and results of formulas that stand there already."""
    global _kept
    planned = plan_wish(held.opened, report, wish)
    _kept = _Kept(held.key, report, planned)
    filling = planned.filling
    if filling is not None:
        sheets = {sheet.name: sheet for sheet in planned.book.sheets}
        added = filling.changes.formulas
        results = {
            place: result
            for place, result in filling.calculated.values.items()
            if place in added or not is_result(sheets[place.sheet].value(place.row, place.column), result)
        }
        calculated = Calculated(results, filling.unknown, None)  # type: ignore[arg-type]
        filling = replace(filling, template=None, reports=(), calculated=calculated)  # type: ignore[arg-type]
    return replace(planned, filling=filling, book=None)  # type: ignore[arg-type]


def _fill(held: _Held, report: Report, wish: Wish) -> bytes:
    kept = _kept
    if kept is None or (kept.key, kept.report, kept.planned.wish) != (held.key, report, wish):
        planned = plan_wish(held.opened, report, wish)
    else:
        planned = kept.planned
    if planned.trouble is not None:
        raise planned.trouble
    assert planned.filling is not None
    template = held.opened.template
    return written(template.package, template.workbook, planned.filling.changes)


def _with_map(held: _Held, corrected: TemplateMap) -> TemplateMap:
    return held.opened.with_map(corrected).map


def _given_map(held: _Held, map_file: Path, report: Report) -> TemplateMap:
    return shelf.with_map_file(held.opened.path, held.opened.template, map_file, report).map


# --- in the window


def open_held(path: Path, report: Report, cancelled: Asked) -> tuple[HeldTemplate, Planned]:
    """The template in a file, read and planned in the child.

    Raises as `shelf.open_template`, `Unfinished` if that takes too long or too much, and `Cancelled`.
    """
    key, opened, planned = worker.run(
        _open,
        path,
        report,
        shelf.kept_maps(),
        doing=f"读“{path.name}”",
        remedy="请在 Excel 或 WPS 里删去用不着的工作表和图片，另存后再选。",
        meaning="没有写出任何文件，年报没有变。",
        seconds=SECONDS,
        cancelled=cancelled,
    )
    held = HeldTemplate(key, opened)
    return held, held._whole(planned, report)


class HeldTemplate:
    """One template as the window has it. Its calls raise `Unfinished`, `Cancelled` and what the work itself raises."""

    def __init__(self, key: str, opened: OpenTemplate) -> None:
        self._key = key
        self._shown: Planned | None = None
        self.opened = opened

    def plan(self, report: Report, wish: Wish, cancelled: Asked) -> Planned:
        """What filling by a map comes to; if that cannot be found out in time, what was shown last, and why."""
        given_up: list[float] = []

        def is_over() -> bool:
            if cancelled() and not given_up:
                given_up.append(time.monotonic())
            return bool(given_up) and time.monotonic() - given_up[0] > _GRACE

        try:
            planned = self._run(_plan, report, wish, doing="算出要写入的内容", cancelled=is_over)
        except Unfinished as error:
            if self._shown is None:
                raise
            return replace(self._shown, wish=wish, filling=None, trouble=error)
        return self._whole(replace(planned, wish=wish), report)

    def fill(self, report: Report, wish: Wish, cancelled: Asked) -> bytes:
        """The filled workbook, read again and compared. Raises as `shelf.filled` too."""
        data: bytes = self._run(_fill, report, wish, doing="填写并核对", cancelled=cancelled)
        return data

    def with_map(self, corrected: TemplateMap, cancelled: Asked) -> OpenTemplate:
        """The template with a map that a person has corrected, to be kept; as `OpenTemplate.with_map`."""
        if corrected is self.opened.map:
            return self.opened
        found = self._run(_with_map, corrected, doing="整理对应关系", cancelled=cancelled)
        template = replace(self.opened.template, map=found)
        return replace(self.opened, template=template, origin="given", before=None)

    def map_in(self, map_file: Path, report: Report, cancelled: Asked) -> TemplateMap:
        """The map in a file, if it is one for this template. Raises as `shelf.open_template`."""
        how = {"doing": f"读“{map_file.name}”", "cancelled": cancelled}
        found: TemplateMap = self._run(_given_map, map_file, report, **how)
        return found

    def forget(self, cancelled: Asked) -> None:
        """The child need not hold the template any more."""
        worker.run(_forget, doing="关闭模板", cancelled=cancelled)

    def _run(self, function: Callable[..., Any], *arguments: object, **how: Any) -> Any:
        template = self.opened.template
        how = {"seconds": SECONDS, "meaning": "没有写出任何文件，年报和对应关系都没有变。", **how}
        how["remedy"] = "请撤销刚才的改动，或在 Excel 里删去用不着的工作表再试。"
        found: tuple[Any] | None = worker.run(_call, self._key, None, function, *arguments, **how)
        if found is None:  # another child than the one that had it
            sent = _Sent(self.opened.path, self.opened.form, template.package, self.opened.map)
            found = worker.run(_call, self._key, sent, function, *arguments, **how)
        assert found is not None
        return found[0]

    def _whole(self, planned: Planned, report: Report) -> Planned:
        filling: Filling | None = planned.filling
        if filling is not None:
            template = replace(self.opened.template, map=planned.wish.map)
            filling = replace(filling, template=template, reports=(report,))
        self._shown = replace(planned, filling=filling, book=self.opened.template.workbook)
        return self._shown
