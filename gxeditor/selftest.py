"""The installed program tests itself: data files, the sample, the child process, exports, the window, a page, a ledger.

Knows what has to be true of an installation that was not damaged on its way, and says it line by line; leaves what it
made (and selftest.txt, for a program without console) in a folder. Does not test what the test suite tests.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import sys
import time
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

from gxeditor import crash, documents
from gxeditor.core.checks.check import check
from gxeditor.core.checks.coverage import coverage
from gxeditor.core.checks.rules import Severity
from gxeditor.core.errors import GxError, Unfinished
from gxeditor.core.report import Report
from gxeditor.resources import load_form, load_profiles, load_rules, resource
from gxeditor.settings import Folders

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gxeditor.ui.shell.window import MainWindow

_CELLS, _EQUATIONS = 200, 42
_SAMPLE = "samples/lushan-2022.txt"
_SAMPLE_CELLS, _SAMPLE_NOT_CHECKED = 182, 9
_SIZE = (1366, 768)
_COLOURS = 16  # what letters drawn with smooth edges have at least
_DPI = 72  # enough to see whether there is something on a page
_ARCHIVAL = (
    b"<pdfaid:part>2</pdfaid:part>"  # stands in the file as it is, for archives read it without a PDF library
)
_PATIENCE = 20_000  # milliseconds after which a dialog that nobody expects is closed, so that the test ends


_STARTING = "启动读取进程"
_READERS = (
    "cryptography.hazmat.backends.openssl.backend",  # an encrypted PDF asks for it, by a call
    "doc2docx", "lxml.etree", "ofdkit", "pdfplumber.display", "xlrd",
)  # fmt: skip
"""What readers load when a file of their format comes."""


def _load(names: Sequence[str]) -> int:
    """Loads the modules; how many there are. In the child."""
    for name in names:
        importlib.import_module(name)
    return len(names)


class _Failed(Exception):
    """Something is not as it must be; the text says what."""


def run(folder: Path) -> int:
    """Tests the program and leaves the results in `folder`: 0 if all is well, else 1. Prints a line for each step."""
    folder.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    passed = True
    test = _SelfTest(folder.absolute())
    steps: tuple[tuple[str, Callable[[], str]], ...] = (
        ("自带文件", test.resources),
        ("样例", test.sample),
        ("读取进程", test.child),
        ("PDF", test.pdf),
        ("Word", test.document),
        ("Excel", test.workbook),
        ("网页", test.web),
        ("窗口", test.window),
        ("打印", test.printing),
        ("台账", test.ledger),
    )
    for name, step in steps:
        try:
            line = f"{name}：通过。{step()}"
        except (_Failed, GxError) as error:
            passed, line = False, f"{name}：没有通过。{error}"
        except Exception as error:
            passed, line = False, f"{name}：没有通过。程序出错，详情记在 {name}.log。"
            (folder / f"{name}.log").write_text(crash.report_text(error), encoding="utf-8")
        lines.append(line)
        print(line, flush=True)
    lines.append("自检通过。" if passed else "自检没有通过，请重新安装程序。")
    print(lines[-1])
    (folder / "selftest.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0 if passed else 1


class _SelfTest:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._report: Report | None = None

    def resources(self) -> str:
        from gxeditor.wording.labels import load_aliases

        form = load_form()
        equations = [rule for rule in load_rules(form) if rule.kind in ("sum", "balance")]
        _expect(len(form.cells), _CELLS, "表格的格数")
        _expect(len(equations), _EQUATIONS, "勾稽关系的条数")
        load_aliases(form)
        load_profiles()
        faces = tomllib.loads(resource("fonts/fonts.toml").read_text(encoding="utf-8"))["face"]
        for face in faces:
            data = resource(f"fonts/{face['file']}").read_bytes()
            if hashlib.sha256(data).hexdigest() != face["sha256"]:
                raise _Failed(f"字体文件 {face['file']} 已损坏。")
        icons = sorted(resource("icons").glob("*.svg"))
        for icon in icons:
            try:
                ET.parse(icon)
            except ET.ParseError:
                raise _Failed(f"图标文件 {icon.name} 已损坏。") from None
        return (
            f"{len(form.cells)} 格，{len(equations)} 条勾稽关系，{len(faces)} 个字体，{len(icons)} 个图标。"
        )

    def sample(self) -> str:
        report = documents.read(resource(_SAMPLE)).report
        findings = check(report, load_rules(report.form))
        _expect(len(report.entries), _SAMPLE_CELLS, "读入的格数")
        _expect(findings.count(Severity.ERROR), 0, "错误数")
        checked = coverage(report, findings)
        _expect(checked.tables.not_checked, _SAMPLE_NOT_CHECKED, "未检查的条数")
        self._report = report
        return f"读入 {len(report.entries)} 格，{checked.sentence}。"

    def _sample(self) -> Report:
        if self._report is None:
            raise _Failed("样例没有读出来，这一步没有做。")
        return self._report

    def child(self) -> str:
        """A child process loads every reader, reads the sample, is ended while it hangs, and the next one comes up."""
        from gxeditor.worker import Worker

        one = Worker()
        try:
            first = one.run(os.getpid, doing=_STARTING)
            if first == os.getpid():
                raise _Failed("起不来，外来文件会在窗口的进程里读。")
            loaded = one.run(_load, _READERS, doing="装入读取文件的程序", seconds=_PATIENCE / 1000)
            if one.run(documents.read, resource(_SAMPLE), doing="读样例").report != self._sample():
                raise _Failed("读出的样例不一样。")
            try:
                one.run(time.sleep, _PATIENCE / 1000, doing=_STARTING, seconds=0.2)
            except Unfinished:
                pass
            else:
                raise _Failed("卡住时没有停下。")
            if one.run(os.getpid, doing=_STARTING) in (first, os.getpid()):
                raise _Failed("停下后没有重新启动。")
        finally:
            one.close()
        return f"读出样例，装入 {loaded} 个读取程序，卡住时停下并重新启动。"

    def pdf(self) -> str:
        path = self._folder / "样例.pdf"
        documents.export(self._sample(), path)
        data = path.read_bytes()
        if not data.startswith(b"%PDF-") or not data.rstrip().endswith(b"%%EOF"):
            raise _Failed(f"“{path.name}”不完整。")
        if _ARCHIVAL not in data:
            raise _Failed(f"“{path.name}”没有写明是存档格式（PDF/A）。")
        pages = self._drawn(path)
        return f"“{path.name}”，{pages} 页，{len(data) // 1000} KB，存档格式（PDF/A）。"

    def _drawn(self, path: Path) -> int:
        """The number of pages of a PDF, of which the first has been drawn and is not blank."""
        from gxeditor.paper.raster import PageImages

        with PageImages(path.read_bytes()) as images:
            page = images.render(0, _DPI, grey=True)
            if len(set(page.data)) < _COLOURS:
                raise _Failed(f"“{path.name}”的第 1 页是空白的。")
            return images.pages

    def document(self) -> str:
        path = self._folder / "样例.docx"
        documents.export(self._sample(), path)
        with ZipFile(path) as parts:
            if parts.testzip() is not None:
                raise _Failed(f"“{path.name}”不完整。")
            body = ET.fromstring(parts.read("word/document.xml"))
        tables = body.findall(".//{*}tbl")
        _expect(len(tables), len(self._sample().form.tables), "Word 文档中表格的张数")
        return f"“{path.name}”，{len(tables)} 张表格。"

    def workbook(self) -> str:
        path = self._folder / "样例.xlsx"
        documents.export(self._sample(), path)
        figures = 0
        with ZipFile(path) as book:
            if book.testzip() is not None:
                raise _Failed(f"“{path.name}”不完整。")
            sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
            for name in sheets:
                cells = ET.fromstring(book.read(name)).findall(".//{*}c")
                figures += sum(c.get("t", "n") == "n" and bool(c.findtext("{*}v")) for c in cells)
        _expect(len(sheets), 1 + len(self._sample().form.tables), "工作表的张数")
        _expect(figures, len(self._sample().values), "数字的个数")
        return f"“{path.name}”，{len(sheets)} 张工作表，{figures} 个数字。"

    def web(self) -> str:
        path = self._folder / "样例.html"
        documents.export(self._sample(), path)
        text = path.read_text(encoding="utf-8")
        if not text.rstrip().endswith("</html>"):
            raise _Failed(f"“{path.name}”不完整。")
        _expect(text.count("<table"), len(self._sample().form.tables), "网页中表格的张数")
        return f"“{path.name}”，{len(text) // 1000} KB。"

    def ledger(self) -> str:
        from gxeditor.core.ledger.request import Ledger, Request
        from gxeditor.resources import load_calendar, load_vocabulary
        from gxeditor.store.ledger_file import read_ledger, save_ledger
        from gxeditor.store.protection import new_key

        vocabulary, years = load_vocabulary(load_form()), load_calendar().years
        ledger = Ledger(agency="自检", requests=(Request("r1", {"subject": "自检"}),))
        path = self._folder / "自检.gxl"
        save_ledger(ledger, path, None, vocabulary, new_key("自检"))
        if read_ledger(path, vocabulary, "自检").ledger != ledger:
            raise _Failed("有密码的台账存下来，打开以后不一样。")
        return f"有密码的台账存了，又打开了；放假安排收录 {len(years)} 年。"

    def window(self) -> str:
        """The sample, saved as an own file, opened in the window that the program shows."""
        if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        from gxeditor.app import build

        path, picture = self._folder / "样例.gxr", self._folder / "样例.png"
        documents.export(self._sample(), path)
        own = self._folder / "用户文件夹"  # not the user's: a test changes nobody's settings
        app, window = build(["gxeditor"], Folders(own / "config", own / "data", own / "log"))
        try:
            _open(app, window, path)
            if window.session.report != self._sample():
                raise _Failed("窗口没有打开样例。")
            image = window.grab().toImage()
            if not image.save(str(picture)):
                raise _Failed(f"“{picture.name}”没有写出。")
            rows = range(0, image.height(), 4)
            colours = {image.pixel(x, y) for y in rows for x in range(0, image.width(), 4)}
            if len(colours) < _COLOURS:
                raise _Failed("窗口是空白的。")
        finally:
            window.close()
            window.deleteLater()
            app.processEvents()
        return f"“{picture.name}”，{image.width()}×{image.height()}。"

    def printing(self) -> str:
        """The first page of the PDF, printed into another one: that much can be tried without a printer."""
        from PySide6.QtWidgets import QApplication

        source, path = self._folder / "样例.pdf", self._folder / "打印.pdf"
        if not source.is_file() or QApplication.instance() is None:
            raise _Failed("PDF 没有写出，或者窗口没有打开，这一步没有做。")
        from PySide6.QtPrintSupport import QPrinter

        from gxeditor.ui.look.tasks import Work
        from gxeditor.ui.output import printing

        printer = printing.make_printer("自检")
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(path))
        printer.setPrintRange(QPrinter.PrintRange.PageRange)
        printer.setFromTo(1, 1)
        _expect(printing.print_pages(source.read_bytes(), printer, Work(lambda _: None)), 1, "打印的页数")
        _expect(self._drawn(path), 1, f"“{path.name}”的页数")
        return f"“{path.name}”，{path.stat().st_size // 1000} KB。"


def _open(app: QApplication, window: MainWindow, path: Path) -> None:
    """Shows the window with a file; a dialog that nobody expects is closed in the end."""
    from PySide6.QtCore import QTimer

    def dismiss() -> None:
        while (dialog := app.activeModalWidget()) is not None:
            dialog.close()

    watch = QTimer(window, interval=_PATIENCE)
    watch.timeout.connect(dismiss)
    watch.start()
    window.showNormal()
    window.resize(*_SIZE)  # a real screen that is smaller has its way
    window.files.open_path(path)
    app.processEvents()
    watch.stop()


def _expect(found: int, wanted: int, what: str) -> None:
    if found != wanted:
        raise _Failed(f"{what}应为 {wanted}，现在是 {found}。")
