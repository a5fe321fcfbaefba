"""What every test can use: the shipped form and rules, and a home of its own for settings and logs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partialmethod
from pathlib import Path
from typing import Any

# Before anything imports Qt: tests open no window on the screen of whoever runs them.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# And a PC with an office's own faces gives the pages that any other gives.
os.environ.setdefault("GXEDITOR_FACES", "bundled")

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.anchors import Field, Span, Whole
from gxeditor.core.checks.findings import Finding, Findings
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.form import Form
from gxeditor.resources import load_form, load_rules
from tests.waiting import PATIENCE

# A deadline measures the machine, not the code, and so does the check for slow examples. The examples of a property
# are the same in every run, so that what holds here holds where a change is let in; `make chance` looks for others.
# What a fixture gives is all examples' in turn, and none of them minds what another left.
untimed: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
}
settings.register_profile("project", **untimed, derandomize=True)
settings.register_profile("chance", **untimed)
settings.load_profile(os.environ.get("GXEDITOR_EXAMPLES", "project"))
# So does the time after which pytest-qt gives up by itself, 5 s.
for method in ("waitUntil", "waitSignal", "waitSignals", "waitExposed", "waitActive"):
    setattr(QtBot, method, partialmethod(getattr(QtBot, method), timeout=PATIENCE * 1000))


@pytest.fixture(scope="session")
def form() -> Form:
    return load_form()


@pytest.fixture(scope="session")
def rules(form: Form) -> tuple[Rule, ...]:
    return load_rules(form)


@pytest.fixture
def beside_the_tables() -> Findings:
    """What no shipped rule finds yet: of a number in the second paragraph of 一, of the year, and of the whole report.

    The number stands at characters 6 to 8 of the section's text.
    """
    rule = Rule("X-1", "entry", Severity.ERROR, "", "正文里的数", "", "依据")
    return Findings(
        (
            Finding(rule, Span("overview", 6, 8), "正文写 30 件，表三为 31 件。"),
            Finding(replace(rule, id="X-2"), Field("year"), "年份：写的是 2002，请核对。"),
            Finding(
                replace(rule, id="X-3", severity=Severity.QUERY), Whole(), "与上年年报一字不差，请核实。"
            ),
        )
    )


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder below which user_folders() lies; empty, and this test's alone."""
    folder = tmp_path / "home"
    monkeypatch.setenv("GXEDITOR_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that no one answers, because something else than was expected is asked, fails its test."""
    if (widgets := sys.modules.get("PySide6.QtWidgets")) is None:
        return
    from PySide6.QtCore import QTimer

    shown: Callable[[Any], int] = widgets.QDialog.exec

    def show(dialog: Any) -> int:
        unanswered: list[str] = []
        patience = QTimer(dialog, singleShot=True, interval=PATIENCE * 1000)
        patience.timeout.connect(lambda: unanswered.append(dialog.windowTitle()))
        patience.timeout.connect(lambda: dialog.done(0))
        patience.start()
        answer = shown(dialog)
        patience.stop()
        assert not unanswered, f"nobody answered “{unanswered[0]}”: {dialog.accessibleDescription()}"
        return answer

    monkeypatch.setattr(widgets.QDialog, "exec", show)


@pytest.fixture(autouse=True)
def light_again() -> Iterator[None]:
    """A test that ends in the dark leaves the next one in the light."""
    yield
    theme = sys.modules.get("gxeditor.ui.look.theme")
    if theme is not None and theme.current().dark:
        theme.apply_theme(sys.modules["PySide6.QtWidgets"].QApplication.instance(), "light")
