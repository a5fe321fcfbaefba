"""A ledger of 5,000 requests: read from a workbook, and what memory that takes."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.figures import PROJECT, Figure

REQUESTS = 5_000
ROUNDS = 5
OPENED, MEMORY = 1_500.0, 150.0
"""Milliseconds, and megabytes of the process that reads: what the specification grants."""
_PEAK = (
    "import resource, sys; from pathlib import Path; from gxeditor.ledger.reading import read_ledger; "
    "read_ledger(Path(sys.argv[1]), 2025, kept=Path(sys.argv[1]).parent); "
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
)


def ledgers(report: Path) -> list[Figure]:
    """Read in this process, where the library is loaded; the memory is that of a process of its own."""
    from openpyxl import Workbook

    from gxeditor.ledger.reading import read_ledger
    from tests.ledgers import FIELDS, HEADS, requests

    path = report.with_name("台账.xlsx")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append([HEADS[field][0] for field in FIELDS])
    for _, said in requests(random.Random(REQUESTS), REQUESTS):
        sheet.append([said.get(field, "") for field in FIELDS])
    book.save(path)
    opened = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        read = read_ledger(path, 2025, kept=path.parent)
        opened.append((time.perf_counter() - begun) * 1000)
        assert len(read.ledger.requests) == REQUESTS
    peak = float(subprocess.check_output([sys.executable, "-c", _PEAK, path], cwd=PROJECT, text=True))
    return [
        Figure(f"ledger of {REQUESTS} requests: read", opened, "ms", OPENED),
        Figure(f"ledger of {REQUESTS} requests: memory", [peak], "MB", MEMORY),
    ]
