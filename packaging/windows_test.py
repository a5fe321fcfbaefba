"""Proves the Windows program on Linux: installs it in Wine as a clerk would, uses it, upgrades it, takes it away.

    python packaging/windows_test.py [--no-suite] [--keep]        (`make windows-test`)

Builds what offices get and proves those very files. Knows what must be true of an installation from the first
double-click to the last file removed, and that broken bundles are found out. Prints a line per check, with the seconds
since the start, and the figures measured at the end; they, pictures and logs stay in build/windows-test. What Wine
cannot show is in ACCEPTANCE-WINDOWS.md. Exit code: 0 if every check passed, else 1.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import build_windows
import windows_runtime
from build_windows import NAME, PROGRAM, PROJECT, Tools
from bundle import Bundle, Part, digest, write
from wheels import WINDOWS, BuildError, fetch
from wine_machine import TOOLS, Done, Machine, Seen, texts, wait_until

FOLDER = PROJECT / "build" / "windows-test"
OLD_VERSION = "0.0.1"
STALE = f"{PROGRAM}/gxeditor/once.pyc"
UNINSTALLER = "gxeditor-uninstall.exe"
UNINSTALLING = "~nsu"  # in the path of the copy by which NSIS removes the uninstaller itself
PLATFORM_PLUGIN = f"{PROGRAM}/PySide6/plugins/platforms/qwindows.dll"
REPORT = "鲁山县 2022年年报.gxr"
NOTES = "我的笔记.txt"
# What has to be read on a picture of the sample: a heading of 表三, and in the row of another its figure.
HEADING, ROW, FIGURE = "申请人情况", "本机关不掌握相关政府信息", "29"
# And on one of the start page.
START = "新建空白年报"
# What the tests need besides the program, all of it locked in requirements-dev.txt.
TEST_PACKAGES = [
    "fonttools",
    "hypothesis",
    "iniconfig",
    "packaging",
    "pillow",  # pypdf asks for its version, and pictures are made with it; the program has a stand-in
    "pluggy",
    "pygments",
    "pypdf",
    "pytest",
    "pytest-qt",
    "sortedcontainers",
    "typing-extensions",
]
TEST_QT = ("PySide6/QtTest.pyd", "PySide6/Qt6Test.dll", "PySide6/plugins/platforms/qoffscreen.dll")
# The tests of the build and of the sources as such are about the host; random events take minutes and find what they
# find on any system, as do odd reports, which poppler reads besides.
NOT_FOR_WINDOWS = (
    "tests/packaging",
    "tests/test_architecture.py",
    "tests/test_monkey.py",
    "tests/test_print_sweep.py",
    # Files made to hurt and damaged ones, some 1,500: what reads them is alike everywhere.
    "tests/test_safety.py",
    # They compute with values alone, alike everywhere; files, encodings and libraries are tested by the formats.
    "tests/core",
    "tests/imports/recognize",
    "tests/imports/test_printed_pages.py",
    "tests/imports/test_sheets.py",
    "tests/mapping",
    "tests/wording",
    # Bytes from values, and values from bytes, in pure Python; what they write is opened by the proof, and formats
    # whose libraries are compiled are read by tests/imports.
    "tests/exports",
    "tests/templates",
    "tests/workbook",
    # Pages are laid out by our own lines and drawn by a library of pure Python from the faces that are bundled; the
    # self-test reads a PDF back and looks at it.
    "tests/paper",
    # What Qt draws and which keys it hands on is alike on its offscreen platform, which is all that runs here; the
    # proof looks at the real window.
    "tests/ui/checks",
    "tests/ui/editor",
    "tests/ui/findings",
    "tests/ui/look",
    "tests/ui/template",
    "tests/ui/help",
    "tests/ui/shell/test_helping.py",
    "tests/ui/shell/test_reachable.py",
    "tests/ui/shell/test_searching.py",
    "tests/ui/shell/test_tour.py",
    "tests/ui/shell/test_undo_panel.py",
    "tests/ui/shell/test_undo_rows.py",
    "tests/ui/shell/test_undoing.py",
    # A child that is killed in the midst of a call leaves Wine's pipes open now and then; the self-test kills one here.
    "tests/ui/importing/test_reading.py",
    "tests/test_worker.py",
    # Units, figures and papers of roll-ups are values and formats, alike everywhere, and so are their pages; reading a
    # folder ends children. Who has a roll-up open, and how it is kept, is tested here: tests/store and test_session.
    "tests/rollup",
    "tests/ui/shell/test_rollups.py",
    *(
        f"tests/ui/rollup/{path.name}"
        for path in sorted((PROJECT / "tests" / "ui" / "rollup").glob("test_*.py"))
        if path.stem != "test_session"
    ),
    # Requests, their columns, deadlines and counts are values and formats too; how a ledger is kept, sealed and opened
    # is tested here: tests/store, test_session, and test_ledgers among the windows of the program.
    "tests/ledger",
    *(
        f"tests/ui/ledger/{path.name}"
        for path in sorted((PROJECT / "tests" / "ui" / "ledger").glob("test_*.py"))
        if path.stem != "test_session"
    ),
    "tests/ui/merge",
    # kills the program in the midst of its work, and searches what it leaves, which is made alike everywhere
    "tests/test_names.py",
    # starts the program some hundred times, which takes Wine three seconds each; what it reads is tested by tests/files
    "tests/test_odd_files.py",
    # asks /proc which file is being brought to the disk; what waits for a slow disk is alike everywhere
    "tests/ui/shell/test_slow_disks.py",
)
NEED_WHAT_WINE_LACKS = (
    # a child that is killed (see above)
    "tests/ui/shell/test_files.py::test_what_hangs_while_it_is_read_leaves_the_open_report_as_it_is",
    # the same, while it holds its roll-up
    "tests/store/test_rollup_lock.py::test_a_program_that_was_killed_leaves_it_free",
    # a lock that keeps the same process out
    "tests/files/test_locking.py::test_a_file_is_locked_by_one_at_a_time",
    # links between files
    "tests/ui/shell/test_program.py::test_a_file_is_never_opened_for_editing_twice[through a link]",
    # the builder of wheels
    "tests/test_resources.py::test_the_wheel_runs_with_its_own_resources",
    # names of 255 characters: in Wine they are bytes of the system beneath
    "tests/files/test_atomic.py::test_names_and_paths_may_be_as_long_as_the_system_allows",
    "tests/files/test_names.py::test_the_previous_version_of_any_other_file_has_its_name_and_a_mark",
    "tests/store/test_report_file.py"
    "::test_a_report_with_the_longest_name_is_saved_again_and_its_previous_version_is_found",
    # pipes that are read without waiting
    "tests/test_recovery.py::test_the_window_loses_nothing_whenever_it_is_killed",
)


class Suite(NamedTuple):
    """A part of the project's tests that one process runs."""

    tests: tuple[str, ...]
    left_to_others: tuple[str, ...] = ()


FILES = tuple(
    f"tests/{room}"
    for room in (
        "files",
        "imports",
        "store",
    )
)
# Side by side, in parts that take about as long.
SUITES = {
    "window": Suite(("tests/ui",)),
    "files": Suite(FILES),
    "rest": Suite(("tests",), ("tests/ui", *FILES)),
}
# The face that the tests measure with. Qt's offscreen platform has no fonts of Windows and reads no collections.
COLLECTION = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
FACE = "Noto Sans CJK SC"


class Checks:
    """Counts and prints; a check that fails stops nothing. Keeps the figures worth telling at the end."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self.passed = 0
        self.failed: list[str] = []
        self.figures: dict[str, str] = {}

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def __call__(self, what: str, is_true: object, detail: object = "") -> bool:
        self.passed += bool(is_true)
        if not is_true:
            self.failed.append(what)
        self.say(f"{'ok  ' if is_true else 'FAIL'}  {what}{f'  ({detail})' if detail != '' else ''}")
        return bool(is_true)

    def say(self, text: str) -> None:
        print(f"[{self.seconds:6.1f} s] {text}", flush=True)


class Proof:
    """One machine, and what is proved on it step by step; each step begins where the one before has ended."""

    def __init__(self, machine: Machine, bundle: Bundle, old: Path, check: Checks) -> None:
        self._machine = machine
        self._bundle = bundle
        self._old = old
        self._check = check
        self._local = machine.user / "AppData" / "Local"
        self._installed = self._local / "Programs" / "gxeditor"
        self._data = self._local / "gxeditor"
        self._documents = machine.user / "Documents"

    def go_on_with(self, product: Product) -> None:
        """All steps that need what offices get, after those with the older version."""
        self._new, self._portable = product.installer, product.portable
        self.upgrade_while_running()
        self.upgrade_by_keyboard()
        self.self_test()
        self.find_broken()
        self.repair()
        self.uninstall()
        self.install_by_keyboard()
        self.uninstall_by_keyboard()
        self.carry()

    # --- from the first double-click to the last file removed -----------------------------------------------

    def install_silently(self) -> None:
        check, done = self._check, self._machine.run(self._old, "/S")
        check("a silent installation ends with 0", done.code == 0, f"{done.seconds:.1f} s")
        check("it lays down the bundle and the uninstaller, byte for byte", self._differences(STALE) == [])
        check("start menu and desktop have a shortcut each", len(self._shortcuts()) == 2, self._shortcuts())
        registry = self._machine.registry()
        windows_path = self._machine.windows_path(self._installed).replace("\\", "\\\\")
        for what, wanted in {
            ".gxr belongs to the program": '\\Classes\\.gxr]\n@="gxeditor.report"',
            ".gxh too": '\\Classes\\.gxh]\n@="gxeditor.rollup"',
            "and .gxl": '\\Classes\\.gxl]\n@="gxeditor.ledger"',
            "its files have their own icon": f'\\DefaultIcon]\n@="{windows_path}\\\\gxeditor.exe,-2"',
            "Windows lists the program under its Chinese name": f'"DisplayName"="{NAME}"',
            "and with its version": f'"DisplayVersion"="{OLD_VERSION}"',
            "and a quiet uninstallation": f'"QuietUninstallString"="\\"{windows_path}\\\\{UNINSTALLER}\\" /S"',
            "and its size": '"EstimatedSize"=dword:000',
        }.items():
            check(what, wanted in registry)
        match = re.search(r'gxeditor\.report\\shell\\open\\command\]\n@="(.*)"\n', registry)
        self._command = match[1].replace('\\"', '"').replace("\\\\", "\\") if match else ""
        check("a double-click has a command", self._command.endswith('gxeditor.exe" "%1"'), self._command)

    def open_by_the_registered_command(self) -> None:
        """A report with a Chinese name, opened as Explorer would, and a second one handed over."""
        machine, check = self._machine, self._check
        done = self._cli("selftest", machine.windows_path(machine.user / "first"))
        report = self._documents / REPORT
        second = self._documents / "另一份.gxr"
        for path in (report, second):
            shutil.copy(machine.user / "first" / "样例.gxr", path)
        check(
            "the command line works", done.code == 0, f"{done.seconds:.1f} s" if done.code == 0 else done.text
        )
        program = re.findall(r'"([^"]+)"', self._command)[0]
        machine.start(program, machine.windows_path(report))
        seconds = machine.wait_for_window(report.stem)
        check("the registered command opens a report with a Chinese name", seconds >= 0, f"{seconds:.1f} s")
        self._look_at_screen("opened", _is_sample, "a heading of the sample and a figure in its row")
        handed = machine.run(program, machine.windows_path(second))
        check("a second start ends by itself", handed.code == 0, f"{handed.seconds:.1f} s")
        shown = machine.wait_for_window(second.stem)
        check("and a window of its own shows its report", shown >= 0, machine.titles())
        stays = machine.shut(report.stem) and any(second.stem in title for title in machine.titles())
        check("closing the first window leaves the second", stays, machine.titles())
        text = "".join(path.read_text(encoding="utf-8") for path in (self._data / "Logs").iterdir())
        check(
            "the log has nothing of the report", not re.search("鲁山|年报", text), f"{len(text)} characters"
        )

    def upgrade_while_running(self) -> None:
        machine, check = self._machine, self._check
        before = _sha256(self._installed / "gxeditor.exe")
        done = machine.run(self._new, "/S")
        check("an upgrade over the running program is refused with 3", done.code == 3, f"code {done.code}")
        same = _sha256(self._installed / "gxeditor.exe") == before
        check("and changes nothing", same and self._differences(STALE) == [])
        self._uninstall_silently()
        check("so is an uninstallation", self._differences(STALE) == [])

    def upgrade_by_keyboard(self) -> None:
        """The pages as a clerk sees them: asks to close the program, goes on, and starts the new one."""
        machine, check = self._machine, self._check
        (self._installed / NOTES).write_text("不是程序的文件", encoding="utf-8")
        desktop = machine.user / "Desktop" / f"{NAME}.lnk"
        desktop.unlink()
        self._turn_pages("upgrade")
        asks = wait_until(lambda: sum("安装" in title for title in machine.titles()) == 2)
        check("the installer asks to close the program", asks, machine.titles())
        machine.rest()
        machine.picture("upgrade-4-asks")
        check("and has changed nothing so far", self._differences(NOTES, STALE) == [])
        check("the program closes and ends", machine.close_window("另一份", "gxeditor.exe"))
        machine.press("安装", "Return")
        check("the upgrade replaces the program", self._is_laid_down(NOTES), self._differences(NOTES)[:3])
        check("and leaves what is not its own", (self._installed / NOTES).exists())
        self._start_from_last_page("upgrade")
        check("a shortcut that was taken away does not come back", not desktop.exists())
        version = f'"DisplayVersion"="{build_windows.version()}"'
        check("Windows lists the new version", version in machine.registry())

    def self_test(self) -> None:
        """What the installed program writes is opened by other programs than itself."""
        machine, check = self._machine, self._check
        folder = machine.user / "自检 结果"
        done = self._cli("selftest", machine.windows_path(folder))
        what = "the installed program's self-test passes"
        if not check(what, done.code == 0, f"{done.seconds:.1f} s" if done.code == 0 else done.text):
            return
        check(
            "it read in a child process, ended that and had another",
            "读取进程：通过。" in done.text,
            done.text,
        )
        check.figures["self-test in Wine"] = f"{done.seconds:.1f} s"
        text = subprocess.run(["pdftotext", folder / "样例.pdf", "-"], capture_output=True).stdout.decode(
            "utf-8"
        )
        check("another program reads the PDF", "政府信息公开工作年度报告" in re.sub(r"\s", "", text))
        from openpyxl import load_workbook

        book = load_workbook(folder / "样例.xlsx")
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        figures = sum(cell.data_type in ("n", "f") and cell.value is not None for cell in cells)
        check("another program reads the workbook", figures >= 182, f"{figures} figures and formulas")
        self._look_at_report(folder / "样例.png")
        deep = machine.user.joinpath(*(f"{'很长的文件夹名' * 8}{n}" for n in range(5)))
        deep.mkdir(parents=True)
        converted = machine.windows_path(deep / "转换.pdf")
        done = self._cli("convert", machine.windows_path(self._documents / REPORT), converted)
        what = f"the command line writes to a Chinese path of {len(converted)} characters"
        check(what, done.code == 0 and (deep / "转换.pdf").exists(), done.text.strip()[-80:])
        check("nothing was written into the program's folder", self._differences(NOTES) == [])

    def find_broken(self) -> None:
        """The self-test is worth something only if it can fail."""
        check, machine = self._check, self._machine
        target = machine.windows_path(machine.user / "broken")
        for name in (
            f"{PROGRAM}/PySide6/Qt6Widgets.dll",
            PLATFORM_PLUGIN,
            f"{PROGRAM}/python3.dll",
            f"{PROGRAM}/python311.dll",
            f"{PROGRAM}/PySide6/Qt6PrintSupport.dll",
            f"{PROGRAM}/pikepdf/_core.cp311-win_amd64.pyd",
            f"{PROGRAM}/pypdfium2_raw/pdfium.dll",
            f"{PROGRAM}/lxml/etree.cp311-win_amd64.pyd",
            f"{PROGRAM}/cryptography/hazmat/bindings/_rust.pyd",
            f"{PROGRAM}/resources/fonts/NotoSerifSC-Regular.ttf",
            f"{PROGRAM}/resources/forms/2021.toml",
            f"{PROGRAM}/packages.zip",
        ):
            with _without(self._installed / name):
                done = self._cli("selftest", target)
            check(f"the self-test fails without {name}", done.code not in (0, -1), f"code {done.code}")
        font = self._installed / PROGRAM / "resources" / "fonts" / "FandolFang-Regular.ttf"
        with _without(font) as aside:
            data = bytearray(aside.read_bytes())
            data[-10_000] ^= 1
            font.write_bytes(data)
            done = self._cli("selftest", target)
        check("the self-test fails with one bit of a font changed", done.code not in (0, -1))
        with _without(self._installed / PLATFORM_PLUGIN):
            machine.start(self._installed / "gxeditor.exe")
            check("a clerk is told of the missing file", machine.wait_for_window(NAME) >= 0)
            machine.rest()
            machine.picture("broken")
            machine.press(NAME, "Return")
            check("and the program ends", wait_until(lambda: not machine.running("gxeditor.exe")))

    def repair(self) -> None:
        """What a clerk is told to do about a damaged program helps: a silent installation over the closed program."""
        (self._installed / PLATFORM_PLUGIN).unlink()
        (self._installed / PROGRAM / "packages.zip").write_bytes(b"damaged")
        done = self._machine.run(self._new, "/S")
        is_whole = done.code == 0 and self._differences(NOTES) == []
        self._check("installing again mends a damaged program", is_whole, f"{done.seconds:.1f} s")

    def uninstall(self) -> None:
        check = self._check
        kept = [self._documents / REPORT, self._data / "settings.json"]
        self._uninstall_silently()
        left = [path.name for path in self._installed.iterdir()]
        check("a silent uninstallation leaves only what is not the program's", left == [NOTES], left)
        self._check_clean()
        check("reports and settings are kept", all(path.exists() for path in kept), _missing(kept))
        (self._installed / NOTES).unlink()
        self._installed.rmdir()

    def install_by_keyboard(self) -> None:
        """On a computer that has never seen the program, but for the settings it left."""
        self._turn_pages("install")
        self._check(
            "a fresh installation by keyboard is whole", self._is_laid_down(), self._differences()[:3]
        )
        self._start_from_last_page("install")
        self._check("with both shortcuts", len(self._shortcuts()) == 2, self._shortcuts())

    def uninstall_by_keyboard(self) -> None:
        """With the wish to take settings along; no folder of the program is left, and every report."""
        machine, check = self._machine, self._check
        machine.start(self._installed / UNINSTALLER)
        check("the uninstaller's window comes", machine.wait_for_window("卸载") >= 0, machine.titles())
        machine.rest()
        machine.picture("uninstall-1-confirm")
        check("its next page comes", machine.press("卸载", "Return"))
        check("settings can be ticked", machine.press("卸载", "Down", "space"))
        machine.picture("uninstall-2-parts")
        machine.press("卸载", "Return")
        check("the program's folder is gone", wait_until(lambda: not self._installed.exists()))
        check("the settings are gone, as wished", wait_until(lambda: not self._data.exists()))
        machine.rest()
        machine.picture("uninstall-3-done")
        machine.leave("卸载", "Return")
        check("the uninstaller ends", wait_until(lambda: not machine.running(UNINSTALLING)))
        self._check_clean()
        check("the reports are kept", (self._documents / REPORT).exists())

    def carry(self) -> None:
        """The portable zip, in a folder with a long Chinese name."""
        machine, check = self._machine, self._check
        stick = machine.drive / f"U 盘（{'长' * 60}）"
        with ZipFile(self._portable) as files:
            files.extractall(stick)
        folder = stick / NAME
        machine.start(folder / "gxeditor.exe", machine.windows_path(self._documents / REPORT))
        seconds = machine.wait_for_window(Path(REPORT).stem)
        check("the portable program opens a report", seconds >= 0, f"{seconds:.1f} s")
        check.figures["start to window in Wine"] = f"{seconds:.1f} s"
        check("and closes", machine.close_window(NAME, "gxeditor.exe"))
        check("its settings lie beside it", (folder / "用户数据" / "config" / "settings.json").exists())
        check("and not in the user's folder", not self._data.exists())

    # --- what the steps have in common ------------------------------------------------------------------------

    def _turn_pages(self, pictures: str) -> None:
        """The installer's pages, up to the one that installs."""
        machine, check = self._machine, self._check
        machine.start(self._new)
        check("the installer's window comes", machine.wait_for_window("安装") >= 0, machine.titles())
        machine.rest()
        for page in ("1-welcome", "2-folder", "3-parts"):
            machine.picture(f"{pictures}-{page}")
            check(f"the page after {page} comes", machine.press("安装", "Return"))

    def _is_laid_down(self, *extra: str) -> bool:
        """Whether the files of the bundle come to lie in the program's folder; hashed once all are there."""
        wanted = {name: len(part.data) for name, part in self._bundle.items()}

        def is_there() -> bool:
            try:
                sizes = {name: path.stat().st_size for name, path in self._files() if name not in extra}
            except OSError:  # gone since it was listed
                return False
            return sizes.pop(UNINSTALLER, None) is not None and sizes == wanted

        return wait_until(is_there, pause=0.5) and self._differences(*extra) == []

    def _start_from_last_page(self, pictures: str) -> None:
        machine, check = self._machine, self._check
        machine.rest()
        machine.picture(f"{pictures}-5-done")
        check("the last page closes", machine.leave("安装", "Return"))
        seconds = machine.wait_for_window(NAME, "安装")
        check("the last page starts the program", seconds >= 0, f"{seconds:.1f} s")
        self._look_at_screen(f"{pictures}-6-started", _is_start_page, "the start page")
        check("the installer has ended", wait_until(lambda: not machine.running(self._new.name)))
        check("the started program closes", machine.close_window(NAME, "gxeditor.exe"))

    def _uninstall_silently(self) -> None:
        self._machine.run(self._installed / UNINSTALLER, "/S")
        # It goes on in a copy of itself, which would otherwise be one of the files it removes.
        wait_until(lambda: not self._machine.running(UNINSTALLING))

    # --- the project's own tests ------------------------------------------------------------------------------

    def set_up_suite(self, tools: Tools) -> None:
        """The bundled Python, with the rest of the standard library and pytest put beside it, and the sources."""
        folder = self._machine.drive / "suite"
        self._python = _python_for_tests(folder, self._bundle, tools, self._machine)
        self._project = folder / "project"
        for name in ("gxeditor", "packaging", "resources", "tests"):
            shutil.copytree(
                PROJECT / name, self._project / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        for path in PROJECT.iterdir():
            if path.is_file() and not path.name.startswith("."):
                shutil.copy(path, self._project)

    def run_suite(self, name: str) -> Done:
        """Run a part of the tests without a screen; the output goes into suite-{name}.txt."""
        options = [
            "-q",
            "-p",
            "no:cacheprovider",
            "-rsfE",
            "--tb=short",
            "--continue-on-collection-errors",
            "--durations=20",
        ]
        options += ["--basetemp", f"C:\\suite\\temp-{name}"]  # nothing of theirs in the user's folder
        options += [f"--ignore={left_out}" for left_out in (*NOT_FOR_WINDOWS, *SUITES[name].left_to_others)]
        options += [f"--deselect={test}" for test in NEED_WHAT_WINE_LACKS]
        command = [str(self._python), "-B", "-m", "pytest", *options, *SUITES[name].tests]
        done = self._machine.run(*command, timeout=1500, folder=self._project)
        (FOLDER / f"suite-{name}.txt").write_text(done.text, encoding="utf-8")
        return done

    def tell_suite(self, what: str, done: Done) -> None:
        last = done.text.strip().splitlines()[-1:] or ["no output"]
        for line in done.text.splitlines():
            if line.startswith(("FAILED", "ERROR")):
                self._check.say(f"      {line}")
        self._check(what, done.code == 0, last[0] if done.code != -1 else "not finished in time")

    # --- looking --------------------------------------------------------------------------------------------

    def _cli(self, *arguments: str) -> Done:
        return self._machine.run(self._installed / "gxeditor-cli.exe", *arguments)

    def _differences(self, *extra: str) -> list[str]:
        """The files that are missing, too many or other than in the bundle; `extra` are expected besides."""
        wanted = {name: hashlib.sha256(part.data).hexdigest() for name, part in self._bundle.items()}
        found = {name: _sha256(path) for name, path in self._files() if name != UNINSTALLER}
        for name in extra:
            found.pop(name, None)
        return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))

    def _files(self) -> Iterator[tuple[str, Path]]:
        for path in self._installed.rglob("*"):
            if path.is_file():
                yield path.relative_to(self._installed).as_posix(), path

    def _shortcuts(self) -> list[str]:
        return sorted(path.parent.name for path in self._machine.user.rglob("*.lnk"))

    def _check_clean(self) -> None:
        registry = self._machine.registry()
        self._check("no shortcut is left", self._shortcuts() == [], self._shortcuts())
        self._check("nothing is left in the registry", not re.search(r"gxeditor|\.gx[rhl]\b", registry))

    def _look_at_report(self, picture: Path) -> None:
        """Whether the table of the sample can be read on a picture."""
        seen = texts(picture)
        self._check(
            f"{picture.name} shows a heading of the sample and a figure in its row", _is_sample(seen), seen
        )

    def _look_at_screen(self, name: str, is_it: Callable[[list[Seen]], bool], what: str) -> None:
        """Waits until what is meant can be read on the screen: a window's frame comes before what it shows."""
        seen: list[Seen] = []

        def is_there() -> bool:
            seen[:] = texts(self._machine.picture(name))
            return is_it(seen)

        there = wait_until(is_there, pause=1)
        self._check(f"{name}.png shows {what}", there, "" if there else seen)


def _is_sample(seen: list[Seen]) -> bool:
    """Both are on the client area: neither stands in a title bar."""
    rows = [one for one in seen if one.is_like(ROW)]
    figures = [one for one in seen if one.text == FIGURE]
    in_row = any(abs(row.middle - figure.middle) < row.height for row in rows for figure in figures)
    return in_row and any(one.is_like(HEADING) for one in seen)


def _is_start_page(seen: list[Seen]) -> bool:
    return any(one.is_like(START) for one in seen)


@contextmanager
def _without(path: Path) -> Iterator[Path]:
    """The file moved aside for a while."""
    aside = path.with_name(path.name + ".aside")
    path.rename(aside)
    try:
        yield aside
    finally:
        aside.replace(path)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _missing(paths: list[Path]) -> str:
    return ", ".join(path.name for path in paths if not path.exists())


def _python_for_tests(folder: Path, bundle: Bundle, tools: Tools, machine: Machine) -> Path:
    """A python.exe over the bundle's own files, with all of the standard library and the test packages."""
    from fontTools.ttLib import TTCollection

    carried = {name: part for name, part in bundle.items() if not name.startswith(f"{PROGRAM}/gxeditor/")}
    carried |= build_windows.launchers(tools, for_tests=True)
    found = fetch(build_windows.LOCK, WINDOWS)
    with ZipFile(found["panda3d"]) as files:
        for name in files.namelist():
            if re.fullmatch(r"deploy_libs/(\w+\.pyd|libcrypto-3\.dll|libssl-3\.dll|sqlite3\.dll)", name):
                carried.setdefault(f"{PROGRAM}/{Path(name).name}", Part(files.read(name), "tests"))
    with ZipFile(found["pyside6-essentials"]) as files:
        carried |= {f"{PROGRAM}/{name}": Part(files.read(name), "tests") for name in TEST_QT}
    library = machine.windows_path(windows_runtime.library_folder())
    # The tests' own packages first: of fontTools the bundle has only a part.
    paths = [library, ".", "..\\packages", build_windows.PACKAGES, "..\\project"]
    carried[f"{PROGRAM}/python311._pth"] = Part("\r\n".join(paths).encode(), "tests")
    write(carried, folder)
    packages = folder / "packages"
    packages.mkdir()
    for wheel in fetch(PROJECT / "requirements-dev.txt", WINDOWS, TEST_PACKAGES).values():
        with ZipFile(wheel) as files:
            files.extractall(packages)
    shutil.copy(Path(__file__).parent / "wine" / "site" / "resource.py", packages)
    fonts = folder / PROGRAM / "PySide6" / "lib" / "fonts"
    fonts.mkdir(parents=True)
    (face,) = (font for font in TTCollection(COLLECTION).fonts if font["name"].getDebugName(1) == FACE)
    face.save(fonts / "face.otf")
    return folder / "python.exe"


class Product:
    """What `make windows` makes, made in a process of its own while the proof gets ready."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._log = folder / "build.txt"
        build = [
            sys.executable,
            build_windows.__file__,
            "--output",
            str(folder),
            "--work",
            str(folder / "work"),
        ]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(build, stdout=log, stderr=subprocess.STDOUT)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def wait(self) -> None:
        """Until it is built. Raises `BuildError`."""
        code = self._process.wait()
        text = self._log.read_text(encoding="utf-8")
        print(text, end="", flush=True)
        if code != 0:
            raise BuildError("the program for Windows could not be built; what was wrong stands above.")
        (self.installer,) = self._folder.glob("*.exe")
        (self.portable,) = self._folder.glob("*.zip")
        self.seconds = int(re.findall(r"(\d+) s$", text, re.MULTILINE)[-1])
        (contents,) = self._folder.glob("*-contents.txt")
        self.digest = contents.read_text(encoding="utf-8").split(maxsplit=3)[2]


def main() -> int:
    arguments = argparse.ArgumentParser(description="Proves the Windows program in Wine.")
    arguments.add_argument("--no-suite", action="store_true", help="leave out the project's own tests")
    arguments.add_argument("--keep", action="store_true", help="keep the Wine prefix, 700 MB")
    options = arguments.parse_args()
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        told = f"error: not found: {', '.join(missing)}; packaging/setup.sh windows installs them."
        print(told, file=sys.stderr)
        return 1
    check = Checks()
    try:
        prove(check, with_suite=not options.no_suite)
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if not options.keep:
        shutil.rmtree(FOLDER / "machine" / "prefix", ignore_errors=True)
    told = "".join(f"{name}: {figure}\n" for name, figure in check.figures.items())
    told += f"Windows proof: {check.passed} passed, {len(check.failed)} failed, {check.seconds:.0f} s\n"
    told += "".join(f"FAILED: {what}\n" for what in check.failed)
    (FOLDER / "figures.txt").write_text(told, encoding="utf-8")
    print(f"{told}Pictures and logs: {FOLDER.relative_to(PROJECT)}")
    return 1 if check.failed else 0


def prove(check: Checks, *, with_suite: bool) -> None:
    """Build what offices get and prove it."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    with ExitStack() as stack:
        product = Product(FOLDER / "product")
        stack.callback(product.stop)
        tools = build_windows.find_tools()
        bundle = build_windows.assemble(tools)
        old, parts = FOLDER / "old.exe", {**bundle, STALE: Part(b"once", "tests")}
        write(parts, FOLDER / "old" / "bundle")
        build_windows.make_installer(tools, parts, FOLDER / "old" / "bundle", old, OLD_VERSION, fast=True)
        check.say("an older version is built")
        machine = stack.enter_context(Machine(FOLDER / "machine"))
        check.say("a fresh Chinese Windows is set up")
        proof = Proof(machine, bundle, old, check)
        suites: dict[str, Future[Done]] = {}
        if with_suite:
            proof.set_up_suite(tools)
            check.say("the bundled Python is set up for the project's tests")
            runs = stack.enter_context(ThreadPoolExecutor(len(SUITES)))
            suites = {name: runs.submit(proof.run_suite, name) for name in SUITES}
        proof.install_silently()
        proof.open_by_the_registered_command()
        product.wait()
        check("two builds of the same sources are the same", product.digest == digest(bundle))
        sources = [name for name in bundle if name.endswith(".py") or "__pycache__" in name]
        check("all code in it is compiled", not sources, sources[:3])
        check.figures |= {
            "build": f"{product.seconds} s, beside the first steps of the proof",
            "installer": f"{product.installer.stat().st_size / 1e6:.1f} MB",
            "portable zip": f"{product.portable.stat().st_size / 1e6:.1f} MB",
            "installed": f"{sum(len(part.data) for part in bundle.values()) / 1e6:.1f} MB, {len(bundle)} files",
        }
        proof.go_on_with(product)
        for name, suite in suites.items():
            proof.tell_suite(f"the project's tests pass under Windows: {name}", suite.result())


if __name__ == "__main__":
    sys.exit(main())
