"""Pages: the command that makes a PDF/A of a report beside LibreOffice printing the Word file of the same, and what a
running program needs for pages again.
"""

from __future__ import annotations

import sys
from pathlib import Path

from gxeditor.core.report import Report
from tests.bench.figures import Figure, ratios, run
from tests.bench.office import Office

ROUNDS = 9


def exports(report: Path, office: Office | None) -> list[Figure]:
    """Each in a process of its own, one after the other."""
    pdf, word = report.with_suffix(".pdf"), report.with_suffix(".docx")
    convert = (sys.executable, "-m", "gxeditor", "convert", str(report))
    run(*convert, str(word))
    ours, theirs = [], []
    for number in range(ROUNDS + 1):
        pair = run(*convert, str(pdf)), office.convert(word, "pdf", report.parent / "out") if office else 0.0
        if number:  # the first warms the file cache
            ours.append(pair[0])
            theirs.append(pair[1])
    figures = [Figure("convert to PDF/A: gxeditor, cold", [took for took, _ in ours], "s")]
    if office is not None:
        compared = ratios([took for took, _ in ours], theirs)
        figures.append(Figure("convert to PDF: LibreOffice, from Word", theirs, "s"))
        figures.append(Figure("convert to PDF: ratio to LibreOffice", compared, "×", 0.9))
    return [
        *figures,
        Figure("convert to PDF/A: memory", [memory for _, memory in ours], "MB", 140),
        Figure("convert to PDF/A: size of the sample", [pdf.stat().st_size / 1000], "kB", 350),
    ]


def long_report(report: Report, pages: int) -> Report:
    """The report with so much more prose, no two paragraphs alike, that it fills this many pages."""
    from gxeditor.paper.pdf import make_pdf

    prose = [line for line in report.sections["overview"].split("\n") if line.strip()]
    lines: list[str] = []
    while make_pdf(long := report.with_section("overview", "\n".join(lines))).pages < pages:
        for _ in range(40):
            lines.append(f"{prose[len(lines) % len(prose)]}以上是第{len(lines) + 1}段。")
    return long
