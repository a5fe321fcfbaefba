"""What differs between two states of a report, shown side by side, and what is asked in view of it.

Knows which parts are compared and how much of a long text is quoted. Which states they are is the window's.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from gxeditor.core.fields import FIELDS, PlainField
from gxeditor.core.report import Report, show_entry
from gxeditor.resources import load_profiles
from gxeditor.ui.look.dialog import Choice, Dialog, Document, table_html


def show_diff(parent: QWidget | None, before: Report, after: Report) -> None:
    """What stands in `after` otherwise than in `before`: fields, cells as printed, and the changed part of the texts.

    Automatic totals follow by themselves and are left out.
    """
    count, table = _told(before, after, ("", "文件里", "修改后"))
    heading = f"没有保存的修改有 {count} 处。" if count else "与文件里的内容没有差别。"
    dialog = Dialog(parent, "没有保存的修改", heading, width=52)
    if count:
        dialog.body.addWidget(Document(table, "没有保存的修改", width=60, most=26))
    dialog.run()


def ask_previous(parent: QWidget | None, name: str, kept: Report, saved: Report | None) -> bool:
    """Whether to take up the previous version of the file `name`, beside what differs from the one saved last.

    `saved` is None where that cannot be read.
    """
    count, table = (0, "") if saved is None else _told(kept, saved, ("", "上一版本", "最近保存的"))
    heading = (
        f"这是“{name}”上一次保存的版本，最近保存的那份读不出来。"
        if saved is None
        else f"这是“{name}”上一次保存的版本，与最近保存的有 {count} 处不同。"
        if count
        else f"这是“{name}”上一次保存的版本，与最近保存的没有差别。"
    )
    choices = [Choice("cancel", "取消"), Choice("open", "用上一版本打开", primary=True)]
    dialog = Dialog(parent, "打开上一版本", heading, choices=choices, width=52)
    dialog.say(f"打开以后还没有保存；保存才会替换“{name}”。")
    if count:
        dialog.body.addWidget(Document(table, "与最近保存的不同", width=60, most=26))
    return dialog.run() == "open"


def _told(before: Report, after: Report, head: tuple[str, str, str]) -> tuple[int, str]:
    """How many differences there are, and the table of them."""
    groups = list(filter(lambda group: group[1], _differences(before, after)))
    return sum(len(rows) for _, rows in groups), table_html(head, groups, (30, 35, 35))


def _differences(before: Report, after: Report) -> Iterable[tuple[str, list[tuple[str, str, str]]]]:
    def row(name: str, old: str, new: str) -> list[tuple[str, str, str]]:
        return [(name, *_excerpts(old, new))] if old != new else []

    yield (
        "基本信息",
        [
            *(
                one
                for field in FIELDS
                for one in row(field.word, *(_field(field, r) for r in (before, after)))
            ),
            *row("上年年报", *(one.prior.words if one.prior else "" for one in (before, after))),
            *row("定稿", *(_finals(one) for one in (before, after))),
        ],
    )
    explained = dict.fromkeys((*before.explanations, *after.explanations))
    reasons = [
        [said.reason if (said := one.explanations.get(address)) else "" for one in (before, after)]
        for address in explained
    ]
    closed = dict.fromkeys((*before.closed, *after.closed))
    yield (
        "检查",
        [
            *(one for old, new in reasons for one in row("核实说明", old, new)),
            *(
                one
                for code in closed
                for one in row(f"关闭的检查 {code}", before.closed.get(code, ""), after.closed.get(code, ""))
            ),
        ],
    )
    for section in after.form.sections:
        rows = row("文字", before.sections.get(section.key, ""), after.sections.get(section.key, ""))
        for cell in section.table.cells if section.table else ():
            if not (before.is_automatic(cell.id) and after.is_automatic(cell.id)):
                old, new = show_entry(before.value(cell.id)), show_entry(after.value(cell.id))
                rows += [(cell.place, old or "未填", new or "未填")] if old != new else []
            if (cell.id in before.doubts) != (cell.id in after.doubts):
                was, now = ("存疑" if cell.id in one.doubts else "不再存疑" for one in (before, after))
                rows += [(f"{cell.place}（导入时存疑）", was, now)]
        counts = [len(one.prose_doubts.get(section.key, ())) for one in (before, after)]
        if counts[0] != counts[1]:
            rows += [("文字里待改的去年的年份和数", f"{counts[0]} 处", f"{counts[1]} 处")]
        counts = [len(one.bound.get(section.key, ())) for one in (before, after)]
        if counts[0] != counts[1]:
            rows += [("文字里跟随表格的数", f"{counts[0]} 处", f"{counts[1]} 处")]
        yield section.heading, rows


def _field(field: PlainField, report: Report) -> str:
    if field.name != "profile" or not report.profile:
        return field.show(report)
    return next((one.name for one in load_profiles() if one.id == report.profile), report.profile)


def _finals(report: Report) -> str:
    """「2026-01-12 张三；2026-01-14 张三（已重新打开）」"""
    return "；".join(
        f"{one.date} {one.checker}{'（已重新打开）' if one.reopened else ''}" for one in report.finals
    )


_CONTEXT = 8
_LONGEST = 120


def _excerpts(old: str, new: str) -> tuple[str, str]:
    """The part in which two texts differ, with a few characters around it; empty ones are 「空」."""
    most = min(len(old), len(new))
    start = next((i for i in range(most) if old[i] != new[i]), most)
    end = next((i for i in range(most - start) if old[-1 - i] != new[-1 - i]), most - start)
    return _excerpt(old, start, end), _excerpt(new, start, end)


def _excerpt(text: str, start: int, end: int) -> str:
    if not text:
        return "空"
    first, last = max(0, start - _CONTEXT), min(len(text), len(text) - end + _CONTEXT)
    part = text[first:last].replace("\n", " ")
    if len(part) > _LONGEST:
        part = f"{part[: _LONGEST // 2]}……{part[-_LONGEST // 2 :]}"
    return f"{'…' if first else ''}{part}{'…' if last < len(text) else ''}"
