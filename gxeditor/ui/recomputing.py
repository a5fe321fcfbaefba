"""「按明细重算」: what it would change is listed first, wherever it is asked for.

Knows the question and the sentences; which totals are meant says who asks, what becomes of them `core.edits`.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from gxeditor.core import edits
from gxeditor.core.form import Cell
from gxeditor.core.report import show_entry
from gxeditor.ui.look.dialog import CANCEL, Choice, Dialog, Document, table_html
from gxeditor.ui.session import Session

_LABEL = "按明细重算"
_BLANK = "未填"


def ask_recompute(parent: QWidget | None, would: edits.Recomputed) -> bool:
    """Whether to do that; each total is shown with its figure before and after, and that it adds itself up then."""
    count = len(would.automatic)
    dialog = Dialog(
        parent,
        _LABEL,
        f"{count} 个手填的合计改为自动，由明细相加；可以撤销。",
        choices=(CANCEL, Choice("recompute", _LABEL, primary=True)),
        width=44,
    )
    form = would.report.form
    changed = {cell.id: (show_entry(old), show_entry(new)) for cell, old, new in would.changes}
    shown: dict[str, list[tuple[str, str, str]]] = {}
    automatic = {cell.id for cell in would.automatic}
    for cell in form.totals:
        if cell.id not in changed and cell.id not in automatic:
            continue
        old, new = changed.get(cell.id, ("", ""))
        figures = f"{old or _BLANK} → {new or _BLANK}" if cell.id in changed else "数不变"
        then = "手填改为自动" if cell.id in automatic else "跟着变"
        shown.setdefault(cell.section, []).append((cell.place, figures, then))
    groups = [(f"表{form.section(key).number}，{len(rows)} 格", rows) for key, rows in shown.items()]
    dialog.body.addWidget(
        Document(table_html(("合计", "数", ""), groups, (50, 27, 23)), "会变的合计", most=16)
    )
    return dialog.run() == "recompute"


def recompute(
    parent: QWidget | None, session: Session, cells: Iterable[Cell], origin: object | None = None
) -> bool:
    """Makes these totals automatic, as far as their details are complete, after it has been shown what that changes.

    Whether anything was there to be asked about.
    """
    if session.held():
        return True
    would = edits.recomputed(session.report, cells)
    if not would.automatic:
        return False
    if ask_recompute(parent, would) and session.edit(would.report, _LABEL, origin=origin):
        session.told.emit(f"已按明细重算 {len(would.automatic)} 个合计，可以撤销。")
    return True
