"""No name of an applicant leaves the ledger: not into reports, exports, journals, settings, logs or reports of a bug.

A program of its own opens a generated ledger, takes its figures into a report, exports that in every format, has a bug
with names in it, and is killed. Then every file that it left is searched for every name.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from pypdf import PdfReader

from gxeditor.core.ledger.privacy import private_texts
from gxeditor.core.ledger.request import Ledger
from gxeditor.documents import EXPORTS
from gxeditor.resources import load_form, load_vocabulary, resource
from gxeditor.store.ledger_file import SUFFIX, read_ledger, save_ledger
from gxeditor.store.protection import new_key
from tests.named_ledger import many_names
from tests.waiting import mortal

PROJECT = Path(__file__).parents[1]
VOCABULARY = load_vocabulary(load_form())
PASSWORD = "松塘县 2026 年的台账"

_PROGRAM = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from gxeditor import app, crash, documents
from gxeditor.core.ledger.comparing import adopt, digest_of
from gxeditor.core.report import blank_report
from gxeditor.settings import user_folders
from gxeditor.ui.ledger import password as passwords
from gxeditor.ui.shell import ledgers
from gxeditor.ui.look import dialog
from tests.named_ledger import many_names

folder, password = Path(sys.argv[1]), sys.argv[2]
ledgers.open_protected = lambda above, name, read: read(password)
shown = []
folders = user_folders()
log = crash.install(folders.log)
qapp, window = app.build(["gxeditor"], folders)
log.on_crash = lambda text: ([each.flush() for each in window.program.windows], shown.append(text))
window.show()

def wait(so):
    for _ in range(12_000):
        if so():
            return
        qapp.processEvents()
        time.sleep(0.005)
    sys.exit("what was waited for did not come")

window.files.open_path(folder / "台账.gxl")
wait(lambda: window.program.ledgers.windows)
(one,) = window.program.ledgers.windows
ledger_session = one.session
first = ledger_session.ledger.requests[0]
ledger_session.edit(ledger_session.ledger.with_request(first.with_value("agent", "Przemek")), "代理人")
ledger_session.edit(ledger_session.ledger.with_request(first.with_value("contact", "0518-88000000")), "联系方式")

report = blank_report(window.session.form, 2025).with_fields(agency="松塘县自然资源局")
window.session.begin(report)
window.open_at("requests")
counts = ledger_session.counts(2025)
window.session.edit(adopt(window.session.report, counts, None, digest_of(ledger_session.ledger)), "采用台账的数")
for suffix in documents.EXPORTS:
    documents.export(window.session.report, folder / f"年报{suffix}")
documents.export(window.session.report, folder / "年报.gxr")
wait(lambda: ledger_session.is_kept)

def bug():
    name = ledger_session.ledger.requests[5].text("applicant")
    other = ledger_session.ledger.requests[3].text("agent")
    raise ValueError(f"no request of {name} {other} {ledger_session.ledger!r} {first!r} in 'requests'")

QTimer.singleShot(0, bug)
loop = QEventLoop()
QTimer.singleShot(300, loop.quit)
loop.exec()
assert shown
one.grid.selectAll()
one.grid.copy()
copied = QGuiApplication.clipboard()
assert "河湾镇" in copied.text(), "the grid was copied"
(folder / "剪贴板.txt").write_text(copied.text() + copied.mimeData().html(), encoding="utf-8")
titles = (window.windowTitle(), one.windowTitle())
(folder / "提示.txt").write_text("\\n".join([one.statusBar().currentMessage(), *titles, *shown]), encoding="utf-8")
one.remember()
wait(lambda: ledger_session.flush())
ledger_session.edit(ledger_session.ledger.with_request(first.with_value("applicant", "尉迟晏如")), "申请人")
wait(lambda: ledger_session.is_kept)
print("ready", flush=True)
wait(lambda: False)
"""


def contents(file: Path) -> Iterator[tuple[str, bytes]]:
    """What is in a file, and in each part of a package; the text of a PDF's pages as well."""
    data = file.read_bytes()
    yield file.name, data
    if is_zipfile(BytesIO(data)):
        with ZipFile(BytesIO(data)) as package:
            for name in package.namelist():
                yield f"{file.name} {name}", package.read(name)
    if file.suffix == ".pdf":
        reader = PdfReader(BytesIO(data))
        yield f"{file.name} as text", "".join(page.extract_text() for page in reader.pages).encode()
        yield f"{file.name} of itself", str(reader.metadata).encode()


def codes_of(word: str) -> Iterator[bytes]:
    """A word in every encoding that can say it whole."""
    yield from (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be"))
    yield "".join(f"\\u{ord(char):04x}" for char in word).encode()
    with suppress(UnicodeEncodeError):
        yield word.encode("gbk")


def found_in(files: list[Path], ledger: Ledger) -> list[tuple[str, str]]:
    """(file, name) of each private text that stands in one of the files, in whatever encoding.

    Six bytes stand nowhere by chance; what is sealed or packed has any four of them somewhere, as text in letters has.
    """
    private = private_texts(ledger.requests, VOCABULARY)
    wanted = {word for text in private for word in (text, *text.split()) if len(word) > 1}
    codes = [(word, code) for word in wanted for code in set(codes_of(word)) if len(code) >= 4]
    return [
        (where, word)
        for file in files
        for where, data in contents(file)
        for word, code in codes
        if code in data and (len(code) >= 6 or not (code.isascii() or b"\0" in data or is_sealed(data)))
    ]


def is_sealed(data: bytes) -> bool:
    """Whether bytes are no text in any encoding that names are looked for in."""
    for encoding in ("utf-8", "gbk"):
        with suppress(UnicodeDecodeError):
            data.decode(encoding)
            return False
    return True


@pytest.mark.parametrize("protected", [False, True])
def test_no_name_is_in_anything_that_a_killed_program_left(
    tmp_path: Path, home: Path, protected: bool
) -> None:
    ledger = many_names()
    folder = tmp_path / "台账文件夹"
    folder.mkdir()
    path = folder / "台账.gxl"
    save_ledger(ledger, path, None, VOCABULARY, new_key(PASSWORD) if protected else None)
    errors = tmp_path / "errors.txt"
    with (
        errors.open("wb") as stderr,
        subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(folder), PASSWORD],
            stdout=subprocess.PIPE,
            stderr=stderr,
            encoding="utf-8",
            cwd=PROJECT,
            env={
                **os.environ,
                "PYTHONPATH": str(PROJECT),
                "QT_QPA_PLATFORM": "offscreen",
                "GXEDITOR_HOME": str(home),
            },
        ) as child,
        mortal(child),
    ):
        assert child.stdout is not None
        said = child.stdout.readline()
    assert said == "ready\n", errors.read_text(encoding="utf-8", errors="replace")

    opened = read_ledger(path, VOCABULARY, PASSWORD).ledger
    assert opened.requests[0].text("applicant") == "尉迟晏如", "what was typed before the end is there"
    left = [file for root in (home, folder) for file in root.rglob("*") if file.is_file()]
    names = {file.name for file in left}
    assert {f"年报{suffix}" for suffix in EXPORTS} | {"年报.gxr", "settings.json", "gxeditor.log"} <= names
    assert any(file.suffix == ".journal" or "journals" in file.parts for file in left)
    assert "ValueError" in (home / "log" / "gxeditor.log").read_text(encoding="utf-8")
    apart = [file for file in left if protected or not file.name.startswith(path.name)]
    assert found_in(apart, opened) == []
    assert found_in(apart, ledger) == []
    own = [file for file in left if file.name.startswith(path.name)]
    assert {file.name for file in own} >= {path.name, f"{path.stem}{SUFFIX}~"}
    assert bool(found_in(own, ledger)) != protected, "the search finds what is there"


def test_no_sample_and_nothing_else_that_is_shipped_has_a_ledger_with_names() -> None:
    shipped = list(resource("samples").parent.rglob(f"*{SUFFIX}"))
    assert shipped == []
