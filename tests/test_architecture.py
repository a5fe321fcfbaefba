"""The project's own rules that no linter knows.

Who may import whom stands in pyproject.toml and is checked by import-linter.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import gxeditor
from gxeditor.core import errors

PROJECT = Path(__file__).parents[1]
TOP_LEVEL = {
    ".ci",
    ".github",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "gxeditor",
    "packaging",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
    "resources",
    "tests",
}
# An entry point has nothing of its own to test.
UNTESTED = {"__init__.py", "__main__.py"}
# Where this machine keeps things, and where packages come from: neither belongs in a project.
PLACES = re.compile(r"(?<![\w.~])/(?:home|work|root|tmp|opt)/|\bpypi" + r"\.org|pythonhosted" + r"\.org")
CHINESE = r"[一-鿿]"


def project_files() -> list[Path]:
    """What is or would be committed; everything, where the project is no git checkout."""
    if shutil.which("git") and (PROJECT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=PROJECT,
            capture_output=True,
            check=True,
        ).stdout.decode("utf-8")
        paths = [PROJECT / name for name in listed.split("\0") if name]
    else:
        paths = [p for name in TOP_LEVEL for p in [PROJECT / name, *(PROJECT / name).rglob("*")]]
    return sorted(path for path in paths if path.is_file() and "__pycache__" not in path.parts)


FILES = project_files()
PYTHON = [path for path in FILES if path.suffix == ".py"]
MODULES = [path for path in PYTHON if path.is_relative_to(PROJECT / "gxeditor")]


def name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call in a module, with the last part of what is called."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node, node.func.attr
            elif isinstance(node.func, ast.Name):
                yield node, node.func.id


def test_the_top_level_holds_what_was_agreed() -> None:
    assert {path.relative_to(PROJECT).parts[0] for path in FILES} <= TOP_LEVEL


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_it_knows(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert docstring.split("\n")[0].endswith((".", "：", ":")), f"{name(path)} has no docstring"


@pytest.mark.parametrize("path", [p for p in MODULES if p.name not in UNTESTED], ids=name)
def test_a_module_has_its_test_file(path: Path) -> None:
    inside = path.relative_to(PROJECT / "gxeditor")
    assert (PROJECT / "tests" / inside.parent / f"test_{path.stem}.py").is_file()


@pytest.mark.parametrize(
    "path", [p for p in MODULES if p.name == "__init__.py" and p.parent.name != "gxeditor"], ids=name
)
def test_importing_a_package_does_nothing(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    assert all(isinstance(node, ast.Expr | ast.ImportFrom) for node in body), f"{name(path)} holds code"
    assert [n.module for n in body if isinstance(n, ast.ImportFrom)] in ([], ["__future__"])


def test_no_file_names_a_place_of_the_machine_it_was_written_on() -> None:
    for path in FILES:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found = PLACES.search(text)
        assert found is None, f"{name(path)} names {found[0]}"


def test_text_files_are_opened_as_utf8_on_every_system() -> None:
    """Without an encoding Windows reads Chinese files as cp936."""
    for path in PYTHON:
        for call, called in calls(path):
            keywords = {keyword.arg: keyword.value for keyword in call.keywords}
            given = [a.value for a in [*call.args, *keywords.values()] if isinstance(a, ast.Constant)]
            modes = [m for m in given if isinstance(m, str) and re.fullmatch("[rwaxbt+]{1,3}", m)]
            is_text = (
                (called in ("read_text", "write_text") and isinstance(call.func, ast.Attribute))
                or (called in ("open", "fdopen") and modes and "b" not in modes[0])
                or (called == "open" and not modes and isinstance(call.func, ast.Name))
                or (called in ("run", "Popen", "check_output") and "text" in keywords)
            )
            assert "encoding" in keywords or not is_text, f"{name(path)}:{call.lineno}"


CLOCKS = {"perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time", "thread_time"}


@pytest.mark.parametrize("path", [p for p in PYTHON if p.name.startswith("test_")], ids=name)
def test_no_test_takes_the_time(path: Path) -> None:
    """A busy machine is slow and right; speed is held by make bench, as ratios of one run."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    taken = [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in CLOCKS]
    taken += [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
        if alias.name in CLOCKS
    ]
    assert not taken


def test_messages_are_calm_chinese_sentences_with_chinese_punctuation() -> None:
    kinds = {key for key, value in vars(errors).items() if isinstance(value, type)}
    for path in MODULES:
        for call, called in calls(path):
            if called not in kinds:
                continue
            for part in (n for argument in call.args for n in ast.walk(argument)):
                if not isinstance(part, ast.Constant) or not isinstance(part.value, str):
                    continue
                text = part.value
                where = f"{name(path)}:{part.lineno}: {text}"
                assert "！" not in text, where
                assert not re.search(f"{CHINESE}[,;:!?.()]|[,;:!?()]{CHINESE}", text), where


TIPS = {"setToolTip", "setStatusTip", "setWhatsThis", "setTabToolTip", "setTabWhatsThis", "showText"}
TIP_ROLES = {"ToolTipRole", "StatusTipRole", "WhatsThisRole"}
NAMED = {"QAction", "addAction", "addMenu", "addTab", "insertTab", "setTabText"}
# They take a text that looks like markup for markup.
GUESSING = {"QMessageBox", "QInputDialog", "QProgressDialog", "QErrorMessage", "QWhatsThis"}


def _is_plain(node: ast.expr, by: str = "plain_tip") -> bool:
    """Whether an expression is a text of the program's own, or one of a file made plain."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.IfExp):
        return _is_plain(node.body, by) and _is_plain(node.orelse, by)
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == by


def texts_left_to_guess(source: str) -> list[str]:
    """Where a module hands a text to Qt that Qt may take for markup, or for a name with an underlined letter."""
    found: list[tuple[int, str]] = []
    tree = ast.parse(source)
    answered: set[int] = set()
    for node in ast.walk(tree):
        roles = TIP_ROLES & {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
        if isinstance(node, ast.If) and TIP_ROLES & set(re.findall(r"\w+", ast.unparse(node.test))):
            answered |= {id(n) for n in ast.walk(node.test)}
            answers = [n.value for part in node.body for n in ast.walk(part) if isinstance(n, ast.Return)]
            if not answers or not all(answer is None or _is_plain(answer) for answer in answers):
                found.append((node.lineno, "a tip's role"))
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            direct = {a.attr for a in given if isinstance(a, ast.Attribute)}
            if roles & direct:
                answered |= {id(a) for a in given}
                if not any(isinstance(a, ast.Call) and _is_plain(a) for a in given):
                    found.append((node.lineno, "a tip's role"))
            if called in TIPS:
                text = given[1] if called in ("showText", "setTabToolTip", "setTabWhatsThis") else given[0]
                if not _is_plain(text):
                    found.append((node.lineno, called))
            if called == "QLabel":
                found.append((node.lineno, called))
            if called in NAMED and any(isinstance(a, ast.JoinedStr) for a in given):
                found.append((node.lineno, called))
        elif isinstance(node, ast.ClassDef) and node.name != "Label":
            bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
            found += [(node.lineno, node.name)] if "QLabel" in bases else []
        elif isinstance(node, ast.Name) and node.id in GUESSING:
            found.append((node.lineno, node.id))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in TIP_ROLES and id(node) not in answered:
            found.append((node.lineno, "a tip's role"))
    return [f"{what} in line {line}" for line, what in sorted(found)]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_text_of_a_file_becomes_markup(path: Path) -> None:
    """An image in a tip opens the file it names: on Windows perhaps a share, with the user's credentials."""
    assert not texts_left_to_guess(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "source",
    [
        "item.setToolTip(line.path)",
        "self.setToolTip(f'打开{words}')",
        "action.setStatusTip(text if text else '')",
        "tabs.setTabToolTip(3, name)",
        "QToolTip.showText(event.globalPos(), self.told(cell), self)",
        "label = QLabel(text)",
        "label = QtWidgets.QLabel()",
        "class Sentence(QLabel):\n    pass",
        "class Ask(QMessageBox):\n    pass",
        "QMessageBox.warning(self, '', text)",
        "menu.addAction(f'{agency} {year}')",
        "tabs.addTab(f'{sheet} {count}')",
        "box.setItemData(0, note, Qt.ItemDataRole.ToolTipRole)",
        "item.setData(Qt.ItemDataRole.ToolTipRole, note)",
        "def data(self, index, role):\n    if role == Qt.ItemDataRole.ToolTipRole:\n        return self.whole",
        "def data(self, index, role):\n    return {Qt.ItemDataRole.ToolTipRole: self.whole}.get(role)",
        "tip = Qt.ItemDataRole.ToolTipRole",
    ],
)
def test_a_text_left_to_qts_guess_is_found(source: str) -> None:
    assert texts_left_to_guess(source)


@pytest.mark.parametrize(
    "source",
    [
        "item.setToolTip('关闭')",
        "item.setToolTip(theme.plain_tip(f'{one}{two}'))",
        "label = theme.Label(text)",
        "menu.addAction(theme.plain_action(f'{agency} {year}'))",
        "box.setItemData(0, plain_tip(note), Qt.ItemDataRole.ToolTipRole)",
        "def data(self, index, role):\n    if role == ToolTip.ToolTipRole and row:\n        return plain_tip(row)",
    ],
)
def test_a_text_made_plain_is_let_pass(source: str) -> None:
    assert not texts_left_to_guess(source)


def test_none_keeps_its_references_in_calls_into_qt() -> None:
    """Some Qt bindings give up a reference to None per call; Python 3.11 aborts when none is left."""
    from PySide6.QtCore import QObject

    thing = QObject()
    before = sys.getrefcount(None)
    for number in range(1000):
        thing.setObjectName(str(number))
    assert sys.getrefcount(None) > before - 100


def test_the_version_is_that_of_the_project_file() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert gxeditor.__version__ == project["version"]
    assert not hasattr(gxeditor, "no_such_name")
