"""What comes back from where pages are set: values that bring nothing heavy along."""

from __future__ import annotations

import subprocess
import sys

from gxeditor import worker
from gxeditor.paper.pages import Missing, PageSpot, Pdf

MADE = Pdf(b"%PDF", 2, (PageSpot(1, 2.5, 3.0, 40.0, 12.0, "overview", 4),), (Missing("\U0001f600", "署名"),))


def test_they_come_back_equal_without_what_set_them() -> None:
    program = """
import sys
from gxeditor import worker
made = worker.loaded(sys.stdin.buffer.read())
assert not {"reportlab", "pikepdf", "PIL"} & set(sys.modules), sorted(sys.modules)
sys.stdout.buffer.write(worker.dumped(made))
"""
    there = subprocess.run(
        [sys.executable, "-c", program], input=worker.dumped(MADE), capture_output=True, check=True
    )
    assert worker.loaded(there.stdout) == MADE


def test_a_character_that_is_missing_tells_its_code() -> None:
    assert MADE.missing[0].code == "U+1F600"
