"""Foreign files read in a child process started for each, and LibreOffice converting the same file to PDF."""

from __future__ import annotations

import resource
import time
from pathlib import Path

from tests.bench.figures import Figure, ratios
from tests.bench.office import Office

SUFFIXES = (".docx", ".xlsx", ".html", ".txt", ".pdf", ".doc")
ROUNDS = 7


def readings(report: Path, office: Office | None) -> list[Figure]:
    """The start of the child included: a clerk reads one file."""
    from gxeditor import documents
    from gxeditor.core.errors import UnreadableSource
    from gxeditor.worker import Worker

    sample = documents.read(report).report
    out = report.parent / "out"
    figures: list[Figure] = []
    for suffix in SUFFIXES:
        path = report.with_name(f"读{suffix}")
        if suffix != ".doc":
            documents.export(sample, path)
        elif office is None:
            continue
        else:  # LibreOffice writes it
            office.convert(path.with_suffix(".docx"), "doc", path.parent)
        ours, theirs, busy = [], [], []
        for number in range(ROUNDS + 1):
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
            converted = office.convert(path, "pdf", out) * 1000 if office is not None else 0.0
            if number:  # the first warms the file cache
                ours.append(took)
                theirs.append(converted)
                busy.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
        if ours:
            figures.append(Figure(f"reading {suffix}, with the child's start", ours, "ms"))
            figures.append(Figure(f"reading {suffix}: the processor's time", busy, "ms"))
            if office is not None:
                limit = (
                    1.5 if suffix in (".pdf", ".doc") else 1
                )  # LibreOffice draws a PDF, it does not read its tables
                figures.append(
                    Figure(f"reading {suffix}: ratio to LibreOffice", ratios(ours, theirs), "×", limit)
                )
    return figures
