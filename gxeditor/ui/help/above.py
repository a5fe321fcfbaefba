"""The manual in a window of its own above what it is about, and the whole of it as a PDF.

For dialogs, and for windows that have no room beside their page. Knows no window of the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QVBoxLayout, QWidget

from gxeditor import documents
from gxeditor.files.atomic import write_atomic
from gxeditor.ui.help.manual import Manual, load_manual, pictures
from gxeditor.ui.help.view import ManualView
from gxeditor.ui.look import dialog
from gxeditor.ui.look.tasks import Work

_SIZE = 640, 560  # logical pixels
NAME = "政府信息公开年报编辑器使用说明"


class ManualAbove(QDialog):
    """The manual in a window of its own, which goes when the window below goes."""

    def __init__(self, view: ManualView, parent: QWidget) -> None:
        super().__init__(parent)
        self.view = view
        self.setWindowTitle("使用说明")
        self.setAccessibleName("使用说明")
        self.setModal(False)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        screen = self.screen().availableGeometry()
        self.resize(min(_SIZE[0], screen.width()), min(_SIZE[1], screen.height() - 60))
        view.closed.connect(self.close)
        view.left.connect(self._leave)
        view.link_asked.connect(self._refuse)

    def _leave(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        parent.activateWindow()

    def _refuse(self, _link: str) -> None:
        self.view.count.setText("先关上对话框再转到")


def show_above(asked: QWidget, manual: Manual, title: str, save_pdf: Callable[[], None]) -> None:
    """Shows a chapter of the manual above a dialog or window, in the one that stands there already if there is one."""
    shown = asked.findChild(ManualAbove)
    if shown is None:
        shown = ManualAbove(ManualView(manual), asked)
        shown.view.pdf_asked.connect(save_pdf)
    shown.view.show_chapter(title)
    shown.show()
    shown.raise_()
    shown.activateWindow()
    shown.view.setFocus()


def classes(widget: QWidget | None) -> Iterator[str]:
    """The names of the classes of a widget and of all that it stands in, from the inside."""
    while widget is not None:
        yield type(widget).__name__
        widget = None if widget.isWindow() else widget.parentWidget()


def ask_save(above: QWidget, folder: Path) -> str:
    """Writes the whole manual as a PDF where the clerk says; the file's name, "" if it was not written."""
    name, _ = QFileDialog.getSaveFileName(
        above, "使用说明存为 PDF", str(folder / f"{NAME}.pdf"), "PDF 文件 (*.pdf)"
    )
    if not name:
        return ""
    path = Path(name)
    if path.suffix.lower() != ".pdf":
        path = path.with_name(f"{path.name}.pdf")
    blocks = load_manual().blocks
    shown = pictures(blocks)

    def write(work: Work) -> str:
        data = documents.booklet_apart(blocks, shown, work.cancelled)
        work.stop_if_cancelled()
        write_atomic(path, data)
        return path.name

    return dialog.run_task(above, "把使用说明存为 PDF", write) or ""
