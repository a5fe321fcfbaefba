"""What a clerk would feel, measured: `make bench`.

Start and memory are those of the real program in processes of its own, next to an empty window started the same way,
and next to LibreOffice, which prints the same report from its Word file; keys, rules and layout are measured in this
process, offscreen. Every figure is the median of at least 7 in this run, shown with its limit. Exits with 1 if a limit
is exceeded. Knows the program from outside: its command, its window, its keys, its writers.
"""

from __future__ import annotations

import compileall
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gxeditor.core.checks.rules import Rule
    from gxeditor.core.report import Report
    from gxeditor.ui.shell.window import MainWindow

PROJECT = Path(__file__).parents[1]
SAMPLE = PROJECT / "resources" / "samples" / "lushan-2022.txt"

STARTS = 9
EXPORTS = 7
KEYS = 60
QUIET = 0.04  # seconds without painting after which a key is over; the cursor blinks more slowly
ROUNDS = 15

_REPORT = """
import os
import sys
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

class FirstPaint(QObject):
    \"\"\"Says `painted` when the first painting of a window is over, then its memory: at rest, and all tabs seen.\"\"\"

    def __init__(self, window):
        super().__init__(window)
        self.window = window
        self.seen = False
        window.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not self.seen:
            self.seen = True
            QTimer.singleShot(0, self.painted)
        return False

    def painted(self):
        print("painted", flush=True)
        QTimer.singleShot(700, self.rest)

    def rest(self):
        print(max_memory())
        tabs = getattr(self.window, "tabs", None)
        for place in range(tabs.count() if tabs is not None else 0):
            tabs.setCurrentIndex(place)
            QCoreApplication.processEvents()
        print(max_memory(), flush=True)
        os._exit(0)

def max_memory():
    import resource
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
"""

_EMPTY = (
    _REPORT
    + """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication(sys.argv[:1])
window = QMainWindow()
window.resize(1366, 740)
FirstPaint(window)
window.show()
app.exec()
"""
)

# The program as `gxeditor FILE` runs it, up to its event loop.
_EDITOR = (
    _REPORT
    + """
from PySide6.QtWidgets import QApplication

def run_loop(self=None):
    (window,) = [one for one in QApplication.topLevelWidgets() if one.inherits("QMainWindow")]
    FirstPaint(window)
    return loop()

loop, QApplication.exec = QApplication.exec, run_loop
from gxeditor.cli import main
main(sys.argv[1:])
"""
)


@dataclass(frozen=True)
class Figure:
    """One measured thing: the figures in `unit`, and what its median (or 95th percentile) may be at most."""

    name: str
    values: list[float]
    unit: str
    limit: float | None = None
    p95_limit: float | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        return sorted(self.values)[max(0, round(len(self.values) * 0.95) - 1)]

    @property
    def kept(self) -> bool:
        return (self.limit is None or self.median <= self.limit) and (
            self.p95_limit is None or self.p95 <= self.p95_limit
        )

    def line(self) -> str:
        share = f"{self.median / self.limit:5.2f}" if self.limit is not None else "    –"
        limits = f"{self.limit:g}" if self.limit is not None else "–"
        if self.p95_limit is not None:
            limits += f", p95 {self.p95_limit:g}"
        verdict = "" if self.kept else "  OVER"
        return (
            f"{self.name:44}{self.median:9.2f}{min(self.values):9.2f}{self.p95:9.2f}"
            f" {self.unit:3} {limits:>12} {share}{verdict}"
        )


def child(program: str, *arguments: str) -> tuple[float, float, float]:
    """Milliseconds from the start of a process to its first painting; its greatest memory in MB, then and at last."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE)
    assert process.stdout is not None
    first = process.stdout.readline()
    took = (time.perf_counter() - begun) * 1000
    rest, end = process.stdout.readline(), process.stdout.readline()
    process.stdout.close()
    process.wait(30)
    if first.strip() != b"painted":
        raise SystemExit("a window was not painted")
    return took, float(rest), float(end)


def starts(report: Path) -> list[Figure]:
    for program, arguments in ((_EMPTY, ()), (_EDITOR, (str(report),))):
        child(program, *arguments)  # warms the file cache
    empty, editor = [], []
    for _ in range(STARTS):
        empty.append(child(_EMPTY))
        editor.append(child(_EDITOR, str(report)))
    pairs = zip(editor, empty, strict=True)  # run one after the other, under the same load
    return [
        Figure("start: empty window", [run[0] for run in empty], "ms"),
        Figure("start: sample open, first painting", [run[0] for run in editor], "ms"),
        Figure("start: ratio to the empty window", [one[0] / other[0] for one, other in pairs], "×", 1.8),
        Figure("memory: empty window", [run[1] for run in empty], "MB"),
        Figure("memory: sample open", [run[1] for run in editor], "MB", 110),
        Figure("memory: sample open, every tab seen", [run[2] for run in editor], "MB", 110),
    ]


@contextmanager
def open_window(report: Path) -> Iterator[tuple[QApplication, MainWindow]]:
    """The program's window in this process, with a report open."""
    from gxeditor.app import build

    app, window = build(["gxeditor"])
    window.showNormal()
    window.resize(1366, 740)
    window.files.open_path(report)
    app.processEvents()
    yield app, window
    window.session.close(discard=True)
    window.deleteLater()
    app.processEvents()


def keys(report: Path) -> list[Figure]:
    """From a key to the end of the painting that shows it, in table three."""
    from PySide6.QtCore import QEvent, QObject, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication, QLineEdit, QTableView

    class Paintings(QObject):
        count = 0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                self.count += 1
            return False

    with open_window(report) as (app, window):
        grid = window.findChild(QTableView, "grid_requests")
        assert isinstance(grid, QTableView)
        grid.setFocus()
        grid.setCurrentIndex(grid.model().index(0, 0))
        app.processEvents()
        paintings = Paintings()
        editor = grid.findChild(QLineEdit, "cellEditor")
        for painted in (grid.viewport(), editor, window.tabs, window.panel):
            painted.installEventFilter(paintings)

        def press(key: Qt.Key, text: str) -> float:
            """Posts a key and waits until nothing more is painted; the time until the last painting was over."""
            target = QApplication.focusWidget() or grid
            count, last = paintings.count, 0.0
            begun = time.perf_counter()
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                app.postEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))
            while (now := time.perf_counter()) - (last or begun) < (QUIET if last else 5):
                app.processEvents()
                if paintings.count > count:
                    count, last = paintings.count, time.perf_counter()
            if not last:
                raise SystemExit(f"nothing was painted after {text!r} for {now - begun:.0f} s")
            return (last - begun) * 1000

        opening, digits, enters = [], [], []
        for number in range(KEYS):
            opening.append(press(Qt.Key.Key_3, "3"))
            digits.append(press(Qt.Key.Key_0 + number % 10, str(number % 10)))
            enters.append(press(Qt.Key.Key_Return, "\r"))
            if window.session.report.value("requests.received.natural_person") != 30 + number % 10:
                raise SystemExit("what was typed did not arrive")
            grid.setCurrentIndex(grid.model().index(0, 0))
            app.processEvents()
    return [
        Figure("first key in a cell → pixels", opening, "ms", 16, 33),
        Figure("further key in a cell → pixels", digits, "ms", 16, 33),
        Figure("Enter → rules, totals and marks repainted", enters, "ms", 16, 33),
    ]


PROSE, LONG = 6_000, 20_000
"""Characters of prose with which a check is measured, and those of a section into which is typed."""
TYPED = 40


def prose(characters: int, numbers: int = 0) -> str:
    """So many characters of made-up prose, no two sentences alike, with so many numbers that no table tells."""
    words = ("健全机制", "优化平台", "规范流程", "推进共享", "落实责任", "强化监督", "加强培训", "完善目录")
    lines: list[str] = []
    sentences = 0
    while sum(map(len, lines)) < characters:
        line = ""
        while len(line) < 300:
            first, second = words[sentences % 8], words[sentences // 8 % 8]
            counted = f"，召开座谈会{sentences + 2}次" if sentences < numbers else ""
            line += f"围绕第{'甲乙丙丁戊己庚辛'[sentences // 64 % 8]}项{first}并{second}{counted}，各科室都已办结。"
            sentences += 1
        lines.append(line)
    return "\n".join(lines)


def checks(report: Path) -> list[Figure]:
    """The whole check with much prose after one changed character and one changed cell, and that of equations only.

    Ratios of the two, measured in turn, so that a busy machine tells neither better nor worse.
    """
    from gxeditor import documents
    from gxeditor.core.checks.check import check
    from gxeditor.resources import load_rules

    sample = documents.read(report).report
    rules = load_rules(sample.form)
    equations = tuple(rule for rule in rules if not rule.test)
    written = sample.with_section("overview", prose(PROSE, 60))
    place = PROSE // 2

    def typed(number: int) -> Report:
        text = written.sections["overview"]
        return written.with_section("overview", f"{text[:place]}{chr(0x4E00 + number)}{text[place:]}")

    def changed(number: int) -> Report:
        return written.with_entry("requests.received.natural_person", 100 + number)

    def took(one: Report, its: tuple[Rule, ...]) -> float:
        begun = time.process_time()
        check(one, its)
        return (time.process_time() - begun) * 1000

    check(written, rules)
    check(written, equations)
    characters, cells, alone = [], [], []
    for number in range(KEYS):
        characters.append(took(typed(number), rules))
        cells.append(took(changed(number), rules))
        alone.append(took(changed(number + KEYS), equations))
    return [
        Figure("check, 6,000 characters, one typed", characters, "ms", None, 8),
        Figure("check, 6,000 characters, one cell changed", cells, "ms", None, 8),
        Figure("check of equations only", alone, "ms"),
        Figure("ratio: one typed to equations", _ratios(characters, alone), "×", 14),
        Figure("ratio: one cell changed to equations", _ratios(cells, alone), "×", 10),
    ]


def _ratios(ours: list[float], theirs: list[float]) -> list[float]:
    return [one / other for one, other in zip(ours, theirs, strict=True)]


def typing(report: Path) -> list[Figure]:
    """A character typed into a long section until it is painted, beside one typed into an empty section."""
    from gxeditor import documents

    sample, path = documents.read(report).report, report.with_name("正文.gxr")
    texts = {"empty": "", "long": prose(LONG), "numbers": prose(LONG, 300)}
    times: dict[str, list[float]] = {}
    for name, text in texts.items():
        path.unlink(missing_ok=True)
        documents.export(sample.with_section("overview", text), path)
        times[name] = _typed_into(path, len(text) // 2)
    return [
        Figure("key in an empty section → pixels", times["empty"], "ms", 16, 33),
        Figure("key in 20,000 characters → pixels", times["long"], "ms", None, 16),
        Figure("key in the same with 300 numbers", times["numbers"], "ms", None, 16),
        Figure("ratio: 20,000 characters to empty", _ratios(times["long"], times["empty"]), "×", 3),
        Figure("ratio: with 300 numbers to empty", _ratios(times["numbers"], times["empty"]), "×", 4),
    ]


def _typed_into(report: Path, place: int) -> list[float]:
    """Milliseconds of the processor for each key, with all that it sets going and the painting."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent

    from gxeditor.ui.editor.prose_editor import ProseEditor

    values = []
    with open_window(report) as (app, window):
        window.tabs.setCurrentIndex(window.tabs.keys.index("overview"))
        app.processEvents()
        editors: Iterable[ProseEditor] = window.findChildren(ProseEditor)
        editor = next(one for one in editors if one.isVisible())
        editor.focus_span(place, place)
        for number in range(TYPED + 1):
            begun = time.process_time()
            key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, chr(0x4E00 + number))
            app.sendEvent(editor, key)
            for _ in range(4):  # what is left for later, and what that leaves
                app.processEvents()
            values.append((time.process_time() - begun) * 1000)
            quiet = time.perf_counter() + QUIET
            while time.perf_counter() < quiet:
                app.processEvents()
    return values[1:]  # the first makes what is made once


def run(*command: str) -> tuple[float, float]:
    """Seconds that a process takes and its greatest memory in MB, which is never told as less than our own."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read().decode(errors="replace")
    process.stderr.close()
    _, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}: {said}")
    return took, used.ru_maxrss / 1000


def exports(report: Path) -> list[Figure]:
    """The command that prints a report, in a process of its own, and LibreOffice doing the same from a Word file."""
    pdf, word = report.with_suffix(".pdf"), report.with_suffix(".docx")
    convert = (sys.executable, "-m", "gxeditor", "convert", str(report))
    office = shutil.which("soffice")
    if office is None:
        print("LibreOffice (soffice) is not installed: the PDF export has nothing to be compared with.")
    else:
        run(*convert, str(word))
    profile = f"-env:UserInstallation={(report.parent / 'office').as_uri()}"
    print_word = (
        str(office),
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(report.parent / "out"),
    )
    ours, theirs = [], []
    for number in range(EXPORTS + 1):
        if office is not None:
            theirs.append(run(*print_word, str(word)))
        ours.append(run(*convert, str(pdf)))
        if number == 0:  # LibreOffice made its profile
            ours.clear()
            theirs.clear()
    pairs = zip(ours, theirs, strict=False)  # run one after the other, under the same load
    compared = [
        Figure("convert to PDF: LibreOffice, from Word", [took for took, _ in theirs], "s"),
        Figure("convert to PDF: ratio to LibreOffice", [one[0] / other[0] for one, other in pairs], "×", 1.2),
    ]
    return [
        Figure("convert to PDF: gxeditor, cold", [took for took, _ in ours], "s"),
        *(compared if office is not None else ()),
        Figure("convert to PDF: memory", [memory for _, memory in ours], "MB", 140),
        Figure("convert to PDF: size of the sample", [pdf.stat().st_size / 1000], "kB", 350),
    ]


def long_report(report: Report, pages: int) -> Report:
    """The report with so much more prose, no two paragraphs alike, that it fills this many pages."""
    from gxeditor.paper.pdf import make_pdf

    prose = [line for line in report.sections["overview"].split("\n") if line.strip()]
    lines: list[str] = []
    while make_pdf(long := report.with_section("overview", "\n".join(lines))).pages < pages:
        for _ in range(40):
            lines.append(f"{prose[len(lines) % len(prose)]}以上是第{len(lines) + 1}段。")
    return long


def layouts(report: Path) -> list[Figure]:
    """What the open preview waits for after an edit: the whole PDF again, checked, in a running program."""
    from gxeditor import documents
    from gxeditor.paper.pdf import make_pdf
    from gxeditor.paper.raster import PageImages

    sample = documents.read(report).report
    long = long_report(sample, 50)
    edits = iter(range(10**6))

    def again(one: Report) -> None:
        make_pdf(one.with_entry("requests.received.natural_person", next(edits)))

    with PageImages(make_pdf(sample).data) as images:
        return [
            Figure("PDF again after an edit", timed(lambda: again(sample)), "ms", 500),
            Figure("PDF of 50 pages", timed(lambda: again(long), EXPORTS), "ms", 3000),
            Figure("a page on the screen, 150 dpi", timed(lambda: images.render(0, 150)), "ms"),
            Figure(
                "a page to the printer, 600 dpi",
                timed(lambda: list(images.bands(2, 600)), EXPORTS),
                "ms",
                350,
            ),
        ]


READ_LIMITS = {".docx": 1000, ".xlsx": 1000, ".html": 1000, ".txt": 1000, ".pdf": 3000, ".doc": 3000}
"""Milliseconds for reading the sample, by format, the start of the child process included."""
TURNS = 2000
BIG = (300, 60)  # rows and columns of figures beside the report's own tables


def reading(report: Path) -> list[Figure]:
    """Foreign files in a child process started for each, and LibreOffice converting the same file."""
    from gxeditor import documents
    from gxeditor.core.errors import UnreadableSource
    from gxeditor.worker import Worker

    sample, office = documents.read(report).report, shutil.which("soffice")
    figures: list[Figure] = []
    for suffix, limit in READ_LIMITS.items():
        path = report.with_name(f"读{suffix}")
        profile = f"-env:UserInstallation={(report.parent / 'office').as_uri()}"
        convert = (
            str(office),
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(report.parent / "out"),
        )
        if suffix != ".doc":
            documents.export(sample, path)
        elif office is None:
            continue
        else:  # LibreOffice writes it
            run(
                str(office),
                profile,
                "--headless",
                "--convert-to",
                "doc",
                "--outdir",
                str(path.parent),
                str(path) + "x",
            )
        ours, ratios, busy = [], [], []
        for number in range(EXPORTS + 1):
            one = Worker()
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            begun = time.perf_counter()
            try:
                one.run(documents.read, path, doing=f"读{suffix}")
            except UnreadableSource as error:
                print(f"{suffix} is not read: {error}")
                break
            finally:
                took = (time.perf_counter() - begun) * 1000
                one.close()
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
            theirs = run(*convert, str(path))[0] * 1000 if office is not None else 0
            if number:  # the first warms the file cache, and LibreOffice makes its profile
                ours.append(took)
                used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                busy.append(used * 1000)
                ratios.append(took / theirs if theirs else 0)
        if ours:
            figures.append(Figure(f"reading {suffix}, with the child's start", ours, "ms", limit))
            figures.append(Figure(f"reading {suffix}: the processor's time", busy, "ms"))
            if office is not None:
                figures.append(Figure(f"reading {suffix}: ratio to LibreOffice", ratios, "×", 1))
    return figures


def turns_while_reading(report: Path) -> list[Figure]:
    """How long the window's event loop takes for a turn while the child reads a large workbook, again and again."""
    from openpyxl import load_workbook
    from PySide6.QtCore import QTimer

    from gxeditor import documents
    from gxeditor.imports import doors
    from gxeditor.resources import load_form
    from gxeditor.ui.look.tasks import in_child

    path = report.with_name("很大的工作簿.xlsx")
    documents.export(documents.read(report).report, path)
    book = load_workbook(path)
    sheet = book.create_sheet("台账")
    for row in range(BIG[0]):
        sheet.append([row * BIG[1] + column for column in range(BIG[1])])
    book.save(path)
    turns: list[float] = []
    with open_window(report):
        last = time.perf_counter()

        def turn() -> None:
            nonlocal last
            now = time.perf_counter()
            turns.append((now - last) * 1000)
            last = now

        timer = QTimer(interval=5)
        timer.timeout.connect(turn)
        reads = 0
        while len(turns) < TURNS:
            task = in_child(doors.import_report, path, load_form(), doing="读很大的工作簿")
            results: list[object] = []
            troubles: list[object] = []
            task.done.connect(results.append)
            task.failed.connect(troubles.append)
            last = time.perf_counter()
            timer.start()
            task.start().wait()
            timer.stop()
            reads += 1
            if not results:
                raise SystemExit(f"the large workbook was not read: {troubles}")
    late = 100 * sum(turn > 50 for turn in turns) / len(turns)
    return [
        Figure(f"turns of the window in {reads} reads of a big file", turns, "ms", 50),
        Figure("such turns of more than 50 ms", [late], "%", 0.1),
    ]


def timed(action: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    action()
    values = []
    for _ in range(rounds):
        begun = time.perf_counter()
        action()
        values.append((time.perf_counter() - begun) * 1000)
    return values


def figures_of_the_core(report: Path) -> list[Figure]:
    from gxeditor import documents
    from gxeditor.core.checks.check import check
    from gxeditor.exports.excel import workbook_bytes
    from gxeditor.resources import load_rules

    sample = documents.read(report).report
    rules = load_rules(sample.form)
    broken = sample.with_entries({cell.id: i for i, cell in enumerate(sample.form.cells.values())})

    def fresh_check() -> None:
        check(broken.with_entry("requests.received.total", 0), rules, sample)

    return [
        Figure("all rules, a new report with 49 broken", timed(fresh_check), "ms", 2),
        Figure("reading the text sample", timed(lambda: documents.read(SAMPLE)), "ms"),
        Figure("workbook", timed(lambda: workbook_bytes(sample)), "ms"),
    ]


def main() -> int:
    compileall.compile_dir(str(PROJECT / "gxeditor"), quiet=1)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GXEDITOR_HOME"] = folder
        from gxeditor import documents

        report = Path(folder) / "样例.gxr"
        documents.export(documents.read(SAMPLE).report, report)
        figures = [
            *starts(report),
            *exports(report),
            *keys(report),
            *checks(report),
            *typing(report),
            *figures_of_the_core(report),
            *layouts(report),
            *reading(report),
            *turns_while_reading(report),
        ]
    print(f"{'':44}{'median':>9}{'least':>9}{'p95':>9}     {'limit':>12} share")
    for figure in figures:
        print(figure.line())
    return 0 if all(figure.kept for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
