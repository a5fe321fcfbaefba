"""Thousands of random things a hand can do to the window: no exception, no crash, and nothing lost.

The same things in every run; MONKEY_SEED in the environment has others done. The long run is `make monkey`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gxeditor import documents
from gxeditor.app import build
from gxeditor.resources import load_form, resource
from gxeditor.settings import Folders
from gxeditor.store.report_file import dump, parse
from gxeditor.ui.shell import questions
from tests.monkey import Monkey

ACTS = 2_000


@pytest.mark.slow
@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)  # menus ask for it, offscreen has none
def test_thousands_of_random_events_neither_crash_nor_lose_anything(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        questions, "ask_save", lambda *_: "discard"
    )  # a failed run must not wait for an answer
    seed = int(os.environ.get("MONKEY_SEED", 20))
    print(f"MONKEY_SEED={seed}")
    _, window = build([], Folders(tmp_path, tmp_path, tmp_path))
    qtbot.addWidget(window)
    window.session.begin(documents.read(resource("samples/lushan-2022.txt")).report)
    window.open_at("requests")
    window.show()
    monkey = Monkey(window, seed)
    for count in range(ACTS):
        monkey.act()
        if count % 50 == 0:
            QApplication.processEvents()
        if count % 500 == 0:
            window.finish_editing()
            monkey.consistent()
    monkey.answering.stop()
    window.finish_editing()
    QApplication.processEvents()
    monkey.consistent()
    session = window.session
    report = session.report
    assert parse(dump(report), load_form) == report
    reports = [step.report for step in session.history.steps]
    assert reports
    while session.history.can_undo:
        session.undo()
    monkey.consistent()
    session.redo()
    assert session.report == reports[0]
    while session.history.can_redo:
        session.redo()
    assert session.report == reports[-1]
    monkey.consistent()
    path = tmp_path / "猴子.gxr"
    session.undo()
    report = session.report
    session.save(path)
    session.close()
    session.load(path)
    assert session.report == report
    assert not session.modified
    assert session.history.can_redo == (session.history.position < len(session.history.steps))
    session.close()
