"""Proves the Windows program on Linux: installs it in Wine as a clerk would, uses it, upgrades it, takes it away.

    python packaging/windows_test.py [--no-suite] [--keep]        (`make windows-test`)

Knows what must be true of an installation from the first double-click to the last file removed, and that broken
bundles are found out. Prints a line per check, with the seconds since the start; pictures and logs stay in
build/windows-test. What Wine cannot show is in ACCEPTANCE-WINDOWS.md. Exit code: 0 if every check passed, else 1.
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
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import build_windows
import windows_runtime
from build_windows import NAME, PROGRAM, PROJECT, Tools
from bundle import Bundle, Part, digest, write
from wheels import WINDOWS, BuildError, fetch
from wine_machine import PACKAGES, TOOLS, Done, Machine, wait_until

FOLDER = PROJECT / "build" / "windows-test"
OLD_VERSION = "0.0.1"
STALE = f"{PROGRAM}/gxeditor/once.pyc"
UNINSTALLER = "gxeditor-uninstall.exe"
REPORT = "鲁山县 2022年年报.gxr"
COLOURS = 500  # what a window with smooth letters on the screen has at least
# What the tests need besides the program, all of it locked in requirements-dev.txt.
TEST_PACKAGES = [
    "fonttools",
    "hypothesis",
    "iniconfig",
    "packaging",
    "pluggy",
    "pygments",
    "pypdf",
    "pytest",
    "pytest-qt",
    "sortedcontainers",
    "typing-extensions",
]
TEST_QT = ("PySide6/QtTest.pyd", "PySide6/Qt6Test.dll", "PySide6/plugins/platforms/qoffscreen.dll")
# The tests of the build run on its host, and so do those of the sources as such.
NOT_FOR_WINDOWS = ("tests/packaging", "tests/test_architecture.py")
# They read a PDF with poppler, a program of Linux.
NEED_POPPLER = (
    "tests/writers/test_pdf.py::test_every_paragraph_and_heading_is_found_by_a_search",
    "tests/writers/test_pdf.py::test_faces_are_embedded_as_subsets_and_there_is_no_other",
    "tests/writers/test_typeset.py::test_squeezed_marks_are_copied_in_order_by_a_reader_that_goes_by_their_places",
)
# The face that the tests measure with. Qt's offscreen platform has no fonts of Windows and reads no collections.
COLLECTION = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
FACE = "Noto Sans CJK SC"


class Checks:
    """Counts and prints; a check that fails stops nothing."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self.passed = 0
        self.failed: list[str] = []

    def __call__(self, what: str, is_true: object, detail: object = "") -> bool:
        self.passed += bool(is_true)
        if not is_true:
            self.failed.append(what)
        self.say(f"{'ok  ' if is_true else 'FAIL'}  {what}{f'  ({detail})' if detail != '' else ''}")
        return bool(is_true)

    def say(self, text: str) -> None:
        print(f"[{time.monotonic() - self._started:6.1f} s] {text}", flush=True)


class Proof:
    def __init__(self, machine: Machine, bundle: Bundle, new: Path, old: Path, check: Checks) -> None:
        self._machine = machine
        self._bundle = bundle
        self._new, self._old = new, old
        self._check = check
        self._local = machine.user / "AppData" / "Local"
        self._installed = self._local / "Programs" / "gxeditor"
        self._data = self._local / "gxeditor"
        self._documents = machine.user / "Documents"

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
        check("the command line works", done.code == 0, f"{done.seconds:.1f} s")
        program = re.findall(r'"([^"]+)"', self._command)[0]
        self._running = machine.start(program, machine.windows_path(report))
        seconds = machine.wait_for_window(report.stem)
        check("the registered command opens a report with a Chinese name", seconds >= 0, f"{seconds:.1f} s")
        time.sleep(1)
        self._look(machine.picture("opened"))
        handed = machine.run(program, machine.windows_path(second), timeout=30)
        check("a second start ends by itself", handed.code == 0, f"{handed.seconds:.1f} s")
        check(
            "and the open window shows its report",
            machine.wait_for_window(second.stem) >= 0,
            machine.titles(),
        )

    def upgrade_while_running(self) -> None:
        before = _sha256(self._installed / "gxeditor.exe")
        done = self._machine.run(self._new, "/S")
        self._check(
            "an upgrade over the running program is refused with 3", done.code == 3, f"code {done.code}"
        )
        same = _sha256(self._installed / "gxeditor.exe") == before
        self._check("and changes nothing", same and self._differences(STALE) == [])
        self._machine.run(self._installed / UNINSTALLER, "/S")
        time.sleep(4)  # it goes on in a copy of itself
        self._check("so is an uninstallation", self._differences(STALE) == [])

    def upgrade_by_keyboard(self) -> None:
        """The pages as a clerk sees them: asks to close the program, goes on, and starts the new one."""
        machine, check = self._machine, self._check
        (self._installed / "我的笔记.txt").write_text("不是程序的文件", encoding="utf-8")
        desktop = self._machine.user / "Desktop" / f"{NAME}.lnk"
        desktop.unlink()
        setup = machine.start(self._new)
        check("the installer's window comes", machine.wait_for_window("安装") >= 0, machine.titles())
        time.sleep(1)
        machine.picture("install-1-welcome")
        machine.press("Return")
        machine.picture("install-2-folder")
        machine.press("Return")
        machine.picture("install-3-parts")
        machine.press("Return")
        time.sleep(4)
        machine.picture("install-4-asks")
        check("the installer asks to close the program", self._differences("我的笔记.txt", STALE) == [])
        check("which closes and ends", machine.close_window("另一份", self._running))
        machine.press("Return")
        ready = wait_until(lambda: self._differences("我的笔记.txt") == [], 60)
        check(
            "the upgrade replaces the program and leaves what is not its own", ready, self._differences()[:3]
        )
        time.sleep(2)
        machine.picture("install-5-done")
        machine.press("Return")
        seconds = machine.wait_for_window(NAME, "安装")
        time.sleep(1)
        self._look(machine.picture("install-6-started"))
        check("the last page starts the program", seconds >= 0, f"{seconds:.1f} s")
        check("the installer has ended", wait_until(lambda: setup.poll() is not None))
        check("a shortcut that was taken away does not come back", not desktop.exists())
        version = f'"DisplayVersion"="{build_windows.version()}"'
        check("Windows lists the new version", version in machine.registry())
        check("the started program closes", machine.close_window(NAME))

    def self_test(self) -> None:
        """What the installed program writes is opened by other programs than itself."""
        machine, check = self._machine, self._check
        folder = machine.user / "自检 结果"
        time.sleep(1)
        done = self._cli("selftest", machine.windows_path(folder))
        check("the installed program's self-test passes", done.code == 0, f"{done.seconds:.1f} s")
        if done.code != 0:
            print(done.text)
            return
        text = subprocess.run(["pdftotext", folder / "样例.pdf", "-"], capture_output=True).stdout.decode(
            "utf-8"
        )
        check("another program reads the PDF", "政府信息公开工作年度报告" in re.sub(r"\s", "", text))
        from openpyxl import load_workbook

        book = load_workbook(folder / "样例.xlsx")
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        figures = sum(cell.data_type in ("n", "f") and cell.value is not None for cell in cells)
        check("another program reads the workbook", figures >= 182, f"{figures} figures and formulas")
        self._look(folder / "样例.png")
        converted = machine.windows_path(machine.user / "转换.pdf")
        done = self._cli("convert", machine.windows_path(self._documents / REPORT), converted)
        check("the command line converts a file with a Chinese name", done.code == 0, done.text.strip())
        check("nothing was written into the program's folder", self._differences("我的笔记.txt") == [])

    def find_broken(self) -> None:
        """The self-test is worth something only if it can fail."""
        for name in (
            f"{PROGRAM}/PySide6/Qt6Widgets.dll",
            f"{PROGRAM}/python3.dll",
            f"{PROGRAM}/python311.dll",
            f"{PROGRAM}/PIL/_imaging.cp311-win_amd64.pyd",
            f"{PROGRAM}/resources/fonts/NotoSerifSC-Regular.ttf",
            f"{PROGRAM}/resources/forms/2021.toml",
            f"{PROGRAM}/packages.zip",
        ):
            with _without(self._installed / name):
                done = self._cli(
                    "selftest", self._machine.windows_path(self._machine.user / "broken"), timeout=60
                )
            self._check(f"the self-test fails without {name}", done.code not in (0, -1), f"code {done.code}")
        font = self._installed / PROGRAM / "resources" / "fonts" / "FandolFang-Regular.ttf"
        with _without(font) as aside:
            data = bytearray(aside.read_bytes())
            data[100_000] ^= 1
            font.write_bytes(data)
            done = self._cli("selftest", self._machine.windows_path(self._machine.user / "broken"))
        self._check("the self-test fails with one bit of a font changed", done.code not in (0, -1))

    def uninstall(self) -> None:
        machine, check = self._machine, self._check
        kept = [self._documents / REPORT, self._data / "settings.json"]
        machine.run(self._installed / UNINSTALLER, "/S")
        gone = wait_until(lambda: [path.name for path in self._installed.iterdir()] == ["我的笔记.txt"], 30)
        check("a silent uninstallation leaves only what is not the program's", gone)
        self._check_clean()
        check("reports and settings are kept", all(path.exists() for path in kept), _missing(kept))
        (self._installed / "我的笔记.txt").unlink()
        self._installed.rmdir()

    def uninstall_by_keyboard(self) -> None:
        """With the wish to take settings along; no folder of the program is left, and every report."""
        machine, check = self._machine, self._check
        done = machine.run(self._new, "/S")
        check(
            "it can be installed again", done.code == 0 and self._differences() == [], f"{done.seconds:.1f} s"
        )
        machine.start(self._installed / UNINSTALLER)
        check("the uninstaller's window comes", machine.wait_for_window("卸载") >= 0, machine.titles())
        time.sleep(1)
        machine.picture("uninstall-1-confirm")
        machine.press("Return")
        machine.press("Down", "space")
        machine.picture("uninstall-2-parts")
        machine.press("Return")
        check("the program's folder is gone", wait_until(lambda: not self._installed.exists(), 30))
        check("the settings are gone, as wished", wait_until(lambda: not self._data.exists(), 5))
        machine.picture("uninstall-3-done")
        machine.press("Return")
        self._check_clean()
        check("the reports are kept", (self._documents / REPORT).exists())

    def carry(self) -> None:
        """The portable zip, in a folder with a long Chinese name."""
        machine, check = self._machine, self._check
        archive = self._new.parent / "portable.zip"
        build_windows.make_zip(self._bundle, archive)
        stick = machine.drive / f"U 盘（{'长' * 60}）"
        with ZipFile(archive) as files:
            files.extractall(stick)
        folder = stick / NAME
        process = machine.start(folder / "gxeditor.exe", machine.windows_path(self._documents / REPORT))
        seconds = machine.wait_for_window(Path(REPORT).stem)
        check("the portable program opens a report", seconds >= 0, f"{seconds:.1f} s")
        check("and closes", machine.close_window(NAME, process))
        check("its settings lie beside it", (folder / "用户数据" / "config" / "settings.json").exists())
        check("and not in the user's folder", not self._data.exists())

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

    def run_suite(self) -> Done:
        """Run the tests without a screen; the output goes into suite.txt."""
        options = [
            "-q",
            "-p",
            "no:cacheprovider",
            "-m",
            "not slow",
            "--tb=short",
            "--continue-on-collection-errors",
        ]
        options += ["--basetemp", "C:\\suite\\temp"]  # nothing of theirs in the user's folder
        options += [f"--ignore={name}" for name in NOT_FOR_WINDOWS]
        options += [f"--deselect={name}" for name in NEED_POPPLER]
        command = [str(self._python), "-B", "-m", "pytest", *options]
        done = self._machine.run(*command, timeout=400, folder=self._project)
        (FOLDER / "suite.txt").write_text(done.text, encoding="utf-8")
        return done

    def tell_suite(self, what: str, done: Done) -> None:
        last = done.text.strip().splitlines()[-1:] or ["no output"]
        for line in done.text.splitlines():
            if line.startswith(("FAILED", "ERROR")):
                self._check.say(f"      {line}")
        self._check(what, done.code == 0, last[0] if done.code != -1 else "not finished in time")

    # --- looking --------------------------------------------------------------------------------------------

    def _cli(self, *arguments: str, timeout: float = 120) -> Done:
        return self._machine.run(self._installed / "gxeditor-cli.exe", *arguments, timeout=timeout)

    def _differences(self, *extra: str) -> list[str]:
        """The files that are missing, too many or other than in the bundle; `extra` are expected besides."""
        wanted = {name: hashlib.sha256(part.data).hexdigest() for name, part in self._bundle.items()}
        found = {
            path.relative_to(self._installed).as_posix(): _sha256(path)
            for path in self._installed.rglob("*")
            if path.is_file() and path.name != UNINSTALLER
        }
        for name in extra:
            found.pop(name, None)
        return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))

    def _shortcuts(self) -> list[str]:
        return sorted(path.parent.name for path in self._machine.user.rglob("*.lnk"))

    def _check_clean(self) -> None:
        registry = self._machine.registry()
        self._check("no shortcut is left", self._shortcuts() == [], self._shortcuts())
        self._check("nothing is left in the registry", "gxeditor" not in registry and ".gxr" not in registry)

    def _look(self, picture: Path) -> None:
        """Whether there is something on a picture; what, is for a person to see."""
        counted = subprocess.run(["identify", "-format", "%k", picture], capture_output=True)
        colours = int(counted.stdout or 0)
        self._check(f"{picture.name} shows a window", colours >= COLOURS, f"{colours} colours")


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
    paths = [library, ".", build_windows.PACKAGES, "..\\packages", "..\\project"]
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


def main() -> int:
    arguments = argparse.ArgumentParser(description="Proves the Windows program in Wine.")
    arguments.add_argument("--no-suite", action="store_true", help="leave out the project's own tests")
    arguments.add_argument("--keep", action="store_true", help="keep the Wine prefix, 700 MB")
    options = arguments.parse_args()
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        print(f"error: not found: {', '.join(missing)}. apt-get install {PACKAGES}", file=sys.stderr)
        return 1
    check = Checks()
    try:
        prove(check, with_suite=not options.no_suite)
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if not options.keep:
        shutil.rmtree(FOLDER / "machine" / "prefix", ignore_errors=True)
    check.say(
        f"{check.passed} passed, {len(check.failed)} failed; pictures in {FOLDER.relative_to(PROJECT)}/machine"
    )
    return 1 if check.failed else 0


def prove(check: Checks, *, with_suite: bool) -> None:
    """Build what is to be proved and prove it."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    tools = build_windows.find_tools()
    bundle = build_windows.assemble(tools)
    check(
        "two builds of the same sources are the same", digest(bundle) == digest(build_windows.assemble(tools))
    )
    new, old = FOLDER / "new.exe", FOLDER / "old.exe"
    for path, version, parts in (
        (new, build_windows.version(), bundle),
        (old, OLD_VERSION, {**bundle, STALE: Part(b"once", "tests")}),
    ):
        folder = FOLDER / path.stem / "bundle"
        write(parts, folder)
        build_windows.make_installer(tools, parts, folder, path, version, fast=True)
    check.say("two installers are built")
    with Machine(FOLDER / "machine") as machine:
        check.say("a fresh Chinese Windows is set up")
        proof = Proof(machine, bundle, new, old, check)
        steps: list[Callable[[], None]] = [
            proof.install_silently,
            proof.open_by_the_registered_command,
            proof.upgrade_while_running,
            proof.upgrade_by_keyboard,
            proof.self_test,
            proof.find_broken,
            proof.uninstall,
            proof.uninstall_by_keyboard,
            proof.carry,
        ]
        if not with_suite:
            for step in steps:
                step()
            return
        proof.set_up_suite(tools)
        check.say("the bundled Python is set up for the project's tests")
        with ThreadPoolExecutor(1) as background:
            suite = background.submit(proof.run_suite)
            for step in steps:
                step()
            proof.tell_suite("the project's tests pass under Windows", suite.result())


if __name__ == "__main__":
    sys.exit(main())
