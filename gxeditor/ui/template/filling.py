"""The conversation about filling foreign workbooks: which one, is it known, where to, and what came of it.

Knows what is asked in which order: a template that is as last time is filled after one question, any other shows where
everything goes first. Reading, planning and filling are done in the child process (`held`), for which a thread waits.
The page itself is `page`, the work `templates`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileInfo, QObject
from PySide6.QtWidgets import QFileDialog

from gxeditor.core.errors import GxError, NotWritten
from gxeditor.core.fields import name_of
from gxeditor.core.report import Report
from gxeditor.files.names import file_name
from gxeditor.templates import shelf as templates
from gxeditor.templates.shelf import OpenTemplate
from gxeditor.ui.desk import Desk
from gxeditor.ui.look import dialog, opening
from gxeditor.ui.look.dialog import CANCEL, Choice
from gxeditor.ui.look.tasks import Task, Work

if TYPE_CHECKING:
    from gxeditor.templates.document import FilledDocument
    from gxeditor.templates.plan import Filling
    from gxeditor.ui.template.held import HeldTemplate
    from gxeditor.ui.template.page import TemplatePage
    from gxeditor.ui.template.state import Planned, Wish

_TEMPLATES = "Excel 模板 (*.xlsx *.xlsm *.xls *.et)"
_WORD = "Word 文档 (*.docx *.docm)"
_MAPS = "对应关系 (*.json)"
_TOLD = 6  # sentences that a question shows
BLANK_NAMES = {"form": "政府信息公开工作年度报告表", "rollup": "政府信息公开工作年度报告汇总表"}


class Templates(QObject):
    """One for the window; made when first used."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.frame)
        self._desk = desk
        self.page: TemplatePage | None = None
        self._held: HeldTemplate | None = None

    # --- opening

    def choose(self) -> None:
        """「填 Excel 模板」: asks for the workbook; the last one is at hand."""
        self._desk.finish_editing()
        last = self._desk.settings.template
        start = last if last and QFileInfo.exists(last) else str(self._desk.folder())
        name, _ = QFileDialog.getOpenFileName(
            self._desk.frame, "填 Excel 模板", start, f"{_TEMPLATES};;所有文件 (*)"
        )
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Reads a template and fills it after a question if it is known, else shows where everything goes."""
        report = self._desk.session.report

        def read(work: Work) -> tuple[HeldTemplate, Planned]:
            from gxeditor.ui.template.held import open_held

            return open_held(path, report, work.cancelled)

        found = dialog.run_task(self._desk.frame, "读取模板", read)
        if found is None:
            return
        held, planned = found
        opened = held.opened
        self._desk.keep_settings(template=str(path))
        for odd in opened.odd:
            self._desk.name_odd(odd)
        if opened.origin == "stored":
            self._fill_known(held, report, planned)
        elif opened.map.places or opened.map.doubtful:
            self._show(held, report, planned, _changed(opened))
        elif self._asked_by_hand(path):
            self._show(held, report, planned, "没有认出年报的任何一格，请从右边选一项，再点它的格子。")

    def _asked_by_hand(self, path: Path) -> bool:
        answer = dialog.ask(
            self._desk.frame,
            "填 Excel 模板",
            f"“{path.name}”里没有认出年报的任何一格。",
            "没有写出任何文件。",
            "请确认选对了文件；如果就是这个模板，可以手工指定每一项填在哪一格。",
            (Choice("by_hand", "手工指定"), Choice("cancel", "关闭", primary=True)),
        )
        return answer == "by_hand"

    def _fill_known(self, held: HeldTemplate, report: Report, planned: Planned) -> None:
        """A template that was filled before: one question, with all that should be known before."""
        filling, trouble = planned.filling, planned.trouble
        if filling is None:
            self._show(held, report, planned, f"{trouble.what}{trouble.remedy}" if trouble else "")
            return
        heading = f"和上次一样的模板，将写入 {filling.count} 格。"
        question = dialog.Dialog(
            self._desk.frame,
            "填 Excel 模板",
            heading,
            choices=(CANCEL, Choice("view", "查看对应关系"), Choice("fill", "填好并另存为…", primary=True)),
            width=40,
        )
        question.say(held.opened.path.name)
        told = _told(filling)
        for text in told[:_TOLD]:
            question.say(text, tone="qrytext")
        if len(told) > _TOLD:
            question.say(f"另有 {len(told) - _TOLD} 条，见对应关系。", tone="qrytext")
        answer = question.run()
        if answer == "view":
            self._show(held, report, planned)
        elif answer == "fill":
            self._save(held, filling, planned.wish)

    # --- the page

    def _show(self, held: HeldTemplate, report: Report, planned: Planned, notice: str = "") -> None:
        from gxeditor.ui.template.page import TemplatePage

        page = TemplatePage(held.opened, report, notice, planned=planned, planner=held.plan)
        self.page, self._held = page, held
        page.save_asked.connect(self._save_page)
        page.keep_asked.connect(self._keep)
        page.export_asked.connect(self._export_map)
        page.import_asked.connect(self._import_map)
        page.change_asked.connect(self._change)
        page.left.connect(self._leave)
        page.destroyed.connect(partial(self._forget, id(page)))
        self._desk.show_over(page)

    def _forget(self, gone: int) -> None:
        """A page has gone; another may stand there already."""
        if id(self.page) == gone:
            held, self.page, self._held = self._held, None, None
            if held is not None:
                Task(lambda work: held.forget(work.cancelled)).start()

    def _leave(self) -> None:
        if self._may_leave():
            self._desk.leave_over()

    def _change(self) -> None:
        if self._may_leave():
            self.choose()

    def _may_leave(self) -> bool:
        """Asks what becomes of corrections that nobody has kept."""
        page = self.page
        if page is None or not page.is_corrected:
            return True
        answer = dialog.ask(
            self._desk.frame,
            "填 Excel 模板",
            "您改过对应关系，还没有记住。",
            "不记住就返回，下次用这个模板要重新指定。",
            choices=(CANCEL, Choice("leave", "不记住"), Choice("keep", "记住", primary=True)),
        )
        return answer == "leave" or (answer == "keep" and self._keep())

    def _keep(self) -> bool:
        """「记住对应关系」: for the next time."""
        page, opened = self.page, self._with_map("记住对应关系")
        if page is None or opened is None:
            return False
        try:
            templates.store_map(opened)
        except NotWritten as error:
            dialog.show_error(self._desk.frame, error)
            return False
        page.kept()
        return True

    def _with_map(self, title: str) -> OpenTemplate | None:
        """The template with the map of the page, to be kept; None if that was given up or failed, which was shown."""
        held, page = self._held, self.page
        if held is None or page is None:
            return None
        corrected = page.map
        return dialog.run_task(self._desk.frame, title, lambda work: held.with_map(corrected, work.cancelled))

    def _export_map(self) -> None:
        page, opened = self.page, self._with_map("导出对应关系")
        if page is None or opened is None:
            return
        start = self._saving_folder() / f"{opened.path.stem} 对应关系.json"
        name, _ = QFileDialog.getSaveFileName(self._desk.frame, "导出对应关系", str(start), _MAPS)
        if name:
            path = _with_suffix(Path(name), ".json")
            try:
                templates.export_map(opened, path)
            except NotWritten as error:
                dialog.show_error(self._desk.frame, error)
            else:
                page.tell(f"已导出“{path.name}”，别的单位用“导入对应关系”采用。")

    def _import_map(self) -> None:
        page, held = self.page, self._held
        if page is None or held is None:
            return
        name, _ = QFileDialog.getOpenFileName(
            self._desk.frame, "导入对应关系", str(self._saving_folder()), _MAPS
        )
        if name:
            report = page.report
            imported = dialog.run_task(
                self._desk.frame, "读取对应关系", lambda work: held.map_in(Path(name), report, work.cancelled)
            )
            if imported is not None:
                page.take_map(imported)

    # --- writing

    def _save_page(self) -> None:
        page, held = self.page, self._held
        if page is None or held is None or page.filling is None:
            return
        if self._save(held, page.filling, page.wish):
            self._desk.leave_over()

    def _saving_folder(self) -> Path:
        known = self._desk.settings.filled_folder
        return Path(known) if known and QFileInfo.exists(known) else self._desk.folder()

    def _save(self, held: HeldTemplate, filling: Filling, wish: Wish) -> bool:
        """「填好并另存为」: asks for the file, writes it, says so; whether it was written."""
        opened, report = held.opened, filling.reports[0]
        suffix = opened.path.suffix
        agency = report.agency
        start = self._saving_folder() / f"{opened.path.stem} {file_name(agency)[:60]}".strip()
        while True:
            name, _ = QFileDialog.getSaveFileName(
                self._desk.frame, "填好并另存为", f"{start}{suffix}", f"Excel 工作簿 (*{suffix})"
            )
            if not name:
                return False
            path = _with_suffix(Path(name), suffix)
            trouble: list[NotWritten] = []

            def write(
                work: Work, path: Path = path, trouble: list[NotWritten] = trouble
            ) -> OpenTemplate | None:
                work.advance(0, 0, "填写并核对每一格")
                try:
                    templates.write_filled(
                        lambda: held.fill(report, wish, work.cancelled), opened, path, work.cancelled
                    )
                except NotWritten as error:
                    trouble.append(error)
                    return opened
                return held.with_map(wish.map, lambda: False)  # written is written

            kept = dialog.run_task(self._desk.frame, "填写模板", write)
            if kept is None:
                return False
            if not trouble:
                self._written(kept, filling, path)
                return True
            if not dialog.ask_elsewhere(self._desk.frame, trouble[0]):
                return False
            start = path.with_suffix("")

    def _written(self, opened: OpenTemplate, filling: Filling, path: Path) -> None:
        """Remembers template and folder, and says where the file is."""
        self._desk.keep_settings(filled_folder=str(path.parent))
        meaning = "每一格都读回核对过，模板文件没有改动。"
        try:
            templates.store_map(opened)
        except NotWritten as error:
            meaning = f"{meaning}{error.what}{error.remedy}"
        else:
            meaning += "下次用这个模板，一步就能填好。"
        if self.page is not None:
            self.page.kept()
        refused = len(filling.refused)
        answer = dialog.ask(
            self._desk.frame,
            "填 Excel 模板",
            f"已填好“{path.name}”，写入 {filling.count} 格。",
            meaning,
            f"有 {refused} 项没有填写，请在文件里补上。" if refused else "",
            (Choice("open", "打开"), Choice("folder", "打开文件夹"), Choice("cancel", "完成", primary=True)),
        )
        self._open(answer, path)

    def _open(self, answer: str, path: Path) -> None:
        """Does what was chosen of a file that was written, and says where that cannot be."""
        trouble = ""
        if answer == "open":
            trouble = opening.open_file(path)
        elif answer == "folder":
            trouble = opening.show_in_folder(path)
        if trouble:
            self._desk.tell(trouble)

    # --- last year's Word file

    def fill_word(self) -> None:
        """「填入去年的 Word 文件」: this year's figures into the tables of a document, everything else as it was."""
        self._desk.finish_editing()
        report = self._desk.session.report
        name, _ = QFileDialog.getOpenFileName(
            self._desk.frame, "选择去年的 Word 文件", str(self._desk.folder()), f"{_WORD};;所有文件 (*)"
        )
        if not name:
            return
        path = Path(name)

        def fill(work: Work) -> FilledDocument:
            from gxeditor.templates.document import fill_file

            work.advance(0, 0, "填写并核对每一格")
            return fill_file(path, report)

        filled = dialog.run_task(self._desk.frame, "填入去年的 Word 文件", fill)
        if filled is not None:
            self._save_word(path, report, filled)

    def _save_word(self, path: Path, report: Report, filled: FilledDocument) -> None:
        from gxeditor.templates.document import write_document

        start = self._saving_folder() / f"{file_name(report.title, path.stem)}{path.suffix}"
        while True:
            name, _ = QFileDialog.getSaveFileName(
                self._desk.frame, "填好并另存为", str(start), f"Word 文档 (*{path.suffix})"
            )
            if not name:
                return
            target = _with_suffix(Path(name), path.suffix)
            try:
                write_document(filled, path, target)
                break
            except NotWritten as error:
                if not dialog.ask_elsewhere(self._desk.frame, error):
                    return
                start = target
        self._desk.keep_settings(filled_folder=str(target.parent))
        places = [report.form.cells[cell_id].place for cell_id in filled.missing]
        answer = dialog.ask(
            self._desk.frame,
            "填入去年的 Word 文件",
            f"已填好“{target.name}”，写入 {len(filled.filled)} 格。",
            "每一格都读回核对过。只换了表里的数，标题、文字和年份还是去年的，请在 Word 里改。",
            f"文件里没有这 {len(places)} 格：{'、'.join(places[:_TOLD])}{'等' * (len(places) > _TOLD)}。"
            if places
            else "",
            (Choice("open", "打开"), Choice("folder", "打开文件夹"), Choice("cancel", "完成", primary=True)),
        )
        self._open(answer, target)

    # --- blank templates

    def make_blank(self) -> None:
        """「新建空白模板」: the form, or a list with a row per unit, to be filled in Excel and imported."""
        answer = dialog.ask(
            self._desk.frame,
            "新建空白模板",
            "新建哪一种空白模板？",
            "法定表格：一个单位一份，可以打印，填好后用“导入”读进来。",
            "汇总表：每个单位一行，用“填 Excel 模板”逐个单位填入。",
            (CANCEL, Choice("rollup", "汇总表"), Choice("form", "法定表格", primary=True)),
        )
        if answer not in BLANK_NAMES:
            return
        start = self._saving_folder() / f"{BLANK_NAMES[answer]}.xlsx"
        name, _ = QFileDialog.getSaveFileName(
            self._desk.frame,
            "新建空白模板",
            str(start),
            "Excel 工作簿 (*.xlsx)",
            options=QFileDialog.Option.DontConfirmOverwrite,  # nothing is overwritten
        )
        if not name:
            return
        path = _with_suffix(Path(name), ".xlsx")
        try:
            templates.write_blank(path, answer)
        except GxError as error:
            dialog.show_error(self._desk.frame, error)
            return
        self._desk.keep_settings(filled_folder=str(path.parent))
        done = dialog.ask(
            self._desk.frame,
            "新建空白模板",
            f"已新建“{path.name}”。",
            f"在 {path.parent}",
            choices=(
                Choice("open", "打开"),
                Choice("folder", "打开文件夹"),
                Choice("cancel", "完成", primary=True),
            ),
        )
        self._open(done, path)


def _told(filling: Filling) -> list[str]:
    """What should be known before a known template is filled: the line, what is refused, what differs, the rest."""
    told = []
    for line in filling.lines[0] if filling.lines else ():
        word = "行" if line.axis == "row" else "列"
        if line.is_new:
            said = f"“{line.sheet}”里没有“{line.name}”，新添在第 {line.number + 1} {word}。"
            told.append(said + (f"有相近的名称：{'、'.join(line.similar)}。" if line.similar else ""))
        else:
            told.append(f"填在“{line.sheet}”第 {line.number + 1} {word} {line.name}，替换原有的数。")
    told += [remark.text for remark in filling.refused]
    told += [difference.text for difference in filling.differences]
    told += [remark.text for remark in filling.remarks if not remark.refused]
    return told


def _changed(opened: OpenTemplate) -> str:
    """What is otherwise in a template than in the one of the same name that was filled before."""
    if opened.before is None:
        return ""
    form = opened.form
    old, new = opened.before.targets, opened.map.targets
    listed = list(dict.fromkeys(target.id for target in (*opened.before.places, *opened.map.places)))
    moved = [
        i
        for i in listed
        if i in old and i in new and (old[i].sheet, old[i].ref) != (new[i].sheet, new[i].ref)
    ]
    said = []
    if moved:
        first = moved[0]
        said.append(
            f"{len(moved)} 项换了位置（如“{name_of(first, form)}”原在 {old[first].ref}，现在 {new[first].ref}）"
        )
    for ids, word in (
        ([i for i in listed if i not in new], "没有了"),
        ([i for i in listed if i not in old], "是新的"),
    ):
        if ids:
            said.append(f"{len(ids)} 项{word}（如“{name_of(ids[0], form)}”）")
    what = "，".join(said) or "各项的位置没有变，表头或合并的格变了"
    return f"这个模板与上次同名的模板结构不同：{what}。没有沿用上次的对应关系，请核对后再填。"


def _with_suffix(path: Path, suffix: str) -> Path:
    return path if path.suffix.lower() == suffix.lower() else path.with_name(f"{path.name}{suffix}")
