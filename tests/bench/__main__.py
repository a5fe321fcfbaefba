"""What a clerk would feel, measured: `make bench`.

Every figure is the median of several in this run, shown with the least, the 95th percentile and its limit; what is
compared with another program is measured in turn with it, under the same load. Exits with 1 if a limit is exceeded.
Knows the program from outside: its command, its window, its keys, its writers.

    python -m tests.bench [PART …]      all parts by default
"""

from __future__ import annotations

import compileall
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench.figures import HEAD, PROJECT, SAMPLE, Figure


def parts(report: Path) -> dict[str, Callable[[], list[Figure]]]:
    """What is measured, by the name of the part."""
    from tests.bench import area, filling, ledger, pages, reading, rules, start, turns, window
    from tests.bench.office import Office, office

    known: list[Office | None] = []

    def libre() -> Office | None:
        if not known:
            word = report.with_name("样例 Word.docx")
            documents.export(documents.read(report).report, word)
            known.append(office(report.parent, word))
        return known[0]

    from gxeditor import documents

    return {
        "start": lambda: [*start.starts(report), *start.settled(report)],
        "cells": lambda: window.keys(report),
        "prose": lambda: [*window.typing(report), *window.zoom(report)],
        "rules": lambda: [*rules.checks(report), *rules.broken(report)],
        "history": lambda: window.reopening(report),
        "pages": lambda: pages.exports(report, libre()),
        "filling": filling.fillings,
        "turns": lambda: turns.turns(report),
        "reading": lambda: reading.readings(report, libre()),
        "area": lambda: area.roll_ups(report),
        "ledger": lambda: [*ledger.ledgers(), *ledger.readings(report)],
    }


def main(wanted: list[str]) -> int:
    compileall.compile_dir(str(PROJECT / "gxeditor"), quiet=1)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GXEDITOR_HOME"] = folder
        from gxeditor import documents

        report = Path(folder) / "样例.gxr"
        documents.export(documents.read(SAMPLE).report, report)
        measured = parts(report)
        print(HEAD)
        kept = True
        for name in wanted or measured:
            for figure in measured[name]():
                print(figure.line(), flush=True)
                kept = kept and figure.kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
