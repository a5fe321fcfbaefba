"""Draws the pictures of the manual from the running program: `make pictures`.

Each scene brings the window, of a fixed size and with the bundled faces, to something that the manual speaks of, and
says which part of it is the picture. They are drawn at twice the size of the screen and kept with few colours, so that
all of them together take little room.

    python tests/manual_pictures.py     writes every picture into resources/manual
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from io import BytesIO
from pathlib import Path

if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = "2"
    os.environ["GXEDITOR_FACES"] = "bundled"

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QFontDatabase, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from gxeditor.core.report import Report
from gxeditor.resources import load_form, resource
from gxeditor.store.report_file import read_report
from gxeditor.ui.editor.pages import TablePage
from gxeditor.ui.editor.prose import ProsePage
from gxeditor.ui.editor.table.grid import GridView
from gxeditor.ui.shell.tour import SLIP, practice_report
from gxeditor.ui.shell.window import MainWindow

SIZE = 1280, 720
"""Logical pixels of the window in every picture."""
COLORS = 48
"""Of a picture: the program's own few, and the edges of letters."""
MOST = 400_000
"""Bytes of all pictures together."""
_PATIENCE = 60  # seconds for what a child process makes
_FOLDER = r"D:\年报\2025"  # not that of the machine on which they are drawn
_TEMPLATE = Path(__file__).parent / "samples" / "templates" / "full.xlsx"


class Scenes:
    """The window in front of its photographer."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.right = read_report(resource("samples/practice.gxr"), load_form).report

    def open(self, report: Report, page: str) -> None:
        self.window.close_preview()
        self.window.session.begin(report, kept=False)
        self.window.open_at(page)
        self.settle()

    def settle(self, is_so: Callable[[], bool] = lambda: True) -> None:
        """Lets the window live until something is so."""
        for _ in range(_PATIENCE * 20):
            for _ in range(5):
                QApplication.processEvents()
                time.sleep(0.01)
            if is_so():
                return
        raise AssertionError("it never came")

    def part(self, rect: QRect) -> QPixmap:
        return self.window.grab(rect.intersected(self.window.rect()))

    def around(self, *widgets: QWidget, wide: int = 420, high: int = 0) -> QRect:
        """A part of the window in which the widgets stand, from the upper left of them all."""
        whole = QRect()
        for widget in widgets:
            whole = whole.united(QRect(widget.mapTo(self.window, QPoint()), widget.size()))
        return QRect(whole.topLeft(), whole.size()) if not high else QRect(whole.x(), whole.y(), wide, high)

    # --- what the manual speaks of

    def start(self) -> QPixmap:
        page = self.window.start
        return self.part(self.around(page).adjusted(page.width() - 460, 110, -85, -240))

    def table(self) -> QPixmap:
        self.open(self.right, "requests")
        grid = self._grid("requests")
        cell = "requests.handled.granted.total"
        grid.go_to(cell)
        self.settle()
        rect = grid.rect_on_screen(cell)
        corner = self.window.mapFromGlobal(rect.bottomRight())
        return self.part(QRect(corner.x() - 424, corner.y() - 150, 430, 240))

    def findings(self) -> QPixmap:
        self.open(practice_report(), "requests")
        panel = self.window.panel
        place = panel.mapTo(self.window, QPoint())
        return self.part(QRect(place.x(), place.y() - 70, 520, panel.height() + 70 + 22))

    def equation(self) -> QPixmap:
        self.open(self.right.with_entry(SLIP, practice_report().entries[SLIP]), "requests")
        self.window.next_finding()
        page = self.window.page("requests")
        assert isinstance(page, TablePage)
        self.settle(lambda: page._popover is not None and page._popover.isVisible())
        assert page._popover is not None
        cell = self._grid("requests").rect_on_screen(SLIP)
        stands = QRect(self.window.mapFromGlobal(cell.topLeft()), cell.size())
        shown = QRect(page._popover.mapTo(self.window, QPoint()), page._popover.size())
        return self.part(stands.united(shown).adjusted(-4, -10, 8, 26))

    def history(self) -> QPixmap:
        self.open(self.right, "requests")
        session = self.window.session
        for figure in (26, 36):
            session.edit(session.report.with_entry(SLIP, figure), "填数")
        text = session.report.sections["problems"]
        session.edit(session.report.with_section("problems", f"一是主动性不够。\n{text}"), "修改文字")
        session.undo()
        session.edit(session.report.with_fields(date="2026年1月20日"), "修改落款日期")
        session.edit(session.report.with_entry(SLIP, 12), "填数")
        session.undo()
        self.window.toggle_undo_history()
        self.settle()
        panel = self.window.undo_history.panel
        whole = self.around(panel)
        picture = self.part(QRect(whole.x(), whole.y(), whole.width(), 352))
        self.window.toggle_undo_history()
        return picture

    def claim(self) -> QPixmap:
        text = self.right.sections["overview"].replace("新收政府信息公开申请62件", "新收政府信息公开申请68件")
        self.open(self.right.with_section("overview", text), "overview")
        page = self.window.page("overview")
        assert isinstance(page, ProsePage)
        self.settle(lambda: any(one.state == "different" for one in page.numbers.claims))
        page.numbers.show(next(one for one in page.numbers.claims if one.state == "different"))
        self.settle()
        popover = page.numbers.popover
        assert popover is not None
        shown = QRect(popover.mapTo(self.window, QPoint()), popover.size())
        return self.part(shown.adjusted(-40, -74, 60, 8))

    def imported(self) -> QPixmap:
        from gxeditor.ui.importing.review import ImportReview

        self.window.session.close()
        self.window.forget_report()
        self.window.show_start()
        path = resource("samples/lushan-2022.txt")
        self.window.files.import_path(path)
        self.settle(lambda: isinstance(self.window.stack.currentWidget(), ImportReview))
        self.settle()
        page = self.window.stack.currentWidget()
        return self.part(self.around(page, wide=560, high=330))

    def preview(self) -> QPixmap:
        self.open(self.right, "requests")
        self.window.open_preview()
        pane = self.window.output.preview
        assert pane is not None
        self.settle(lambda: pane.view.pages > 0)
        for _ in range(20):  # the pages are drawn beside the window
            self.settle()
        picture = self.part(self.around(pane, wide=620, high=430))
        self.window.close_preview()
        return picture

    def export(self) -> QPixmap:
        self.open(self.right, "requests")
        return self._dialog(self.window.export)

    def template(self) -> QPixmap:
        from gxeditor.templates import shelf
        from gxeditor.ui.template.page import TemplatePage

        page = TemplatePage(shelf.open_template(_TEMPLATE, self.right), self.right)
        self.open(self.right, "requests")
        self.window.show_over(page)
        self.settle(lambda: page.is_planned)
        self.settle()
        picture = self.part(self.around(page, wide=620, high=360))
        self.window.leave_over()
        return picture

    # --- hands

    def _grid(self, key: str) -> GridView:
        page = self.window.page(key)
        assert isinstance(page, TablePage)
        return page.grid

    def _dialog(self, ask: Callable[[], object]) -> QPixmap:
        """The dialog that a call shows, which is given up then."""
        found: list[QPixmap] = []

        def look() -> None:
            shown = QApplication.activeModalWidget()
            if shown is None or type(shown).__name__ == "Progress":
                QTimer.singleShot(50, look)
                return
            fields: Iterable[QLineEdit] = shown.findChildren(QLineEdit)
            for field in fields:
                if "文件夹" in field.accessibleName():
                    field.setText(_FOLDER)
            found.append(shown.grab())
            shown.reject()  # type: ignore[attr-defined]

        QTimer.singleShot(0, look)
        ask()
        return found[0]


SCENES: dict[str, Callable[[Scenes], QPixmap]] = {
    "start.png": Scenes.start,
    "table.png": Scenes.table,
    "findings.png": Scenes.findings,
    "equation.png": Scenes.equation,
    "claim.png": Scenes.claim,
    "history.png": Scenes.history,
    "preview.png": Scenes.preview,
    "export.png": Scenes.export,
    "template.png": Scenes.template,
    "import.png": Scenes.imported,
}
"""The pictures by their names in the manual, in the order in which they are drawn."""


def window_in(folder: Path) -> MainWindow:
    """The window as a clerk has it, with nothing remembered, on a day long before any deadline."""
    from dataclasses import replace

    from gxeditor.app import build
    from gxeditor.settings import Folders

    _, window = build([], Folders(folder / "config", folder / "data", folder / "log"))
    window.session.given = replace(window.session.given, today=date(2026, 6, 1))
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(*SIZE)
    window.show()
    for _ in range(20):
        QApplication.processEvents()
        time.sleep(0.01)
    return window


def framed(picture: QPixmap) -> QPixmap:
    """With a thin line around it: most of it is white, as the paper is."""
    painter = QPainter(picture)
    ratio = picture.devicePixelRatio()
    painter.setPen(QColor("#C3CAD3"))
    painter.drawRect(0, 0, int(picture.width() / ratio) - 1, int(picture.height() / ratio) - 1)
    painter.end()
    return picture


def packed(picture: QPixmap) -> bytes:
    """A PNG with a palette of few colours. Needs Pillow, which only those who build the program have."""
    from PIL import Image

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.toImage().save(buffer, "PNG")  # type: ignore[call-overload]
    with Image.open(BytesIO(buffer.data().data())) as image:
        few = image.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
        packed = BytesIO()
        few.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def main() -> None:
    from gxeditor.app import make_application
    from gxeditor.ui.look import theme

    app = make_application(sys.argv[:1])
    loaded = QFontDatabase.addApplicationFont(str(resource("fonts/NotoSansSC-Medium.ttf")))
    theme.FAMILIES[:] = QFontDatabase.applicationFontFamilies(loaded)
    theme.apply_theme(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        scenes = Scenes(window_in(Path(folder)))
        for name, scene in SCENES.items():
            data = packed(framed(scene(scenes)))
            (resource("manual") / name).write_bytes(data)
            print(f"{name:<14} {len(data):>7,} bytes")
        scenes.window.session.close(discard=True)
    whole = sum((resource("manual") / name).stat().st_size for name in SCENES)
    print(f"{'together':<14} {whole:>7,} bytes of {MOST:,}")
    os._exit(whole > MOST)  # the child processes have nothing left to do


if __name__ == "__main__":
    main()
