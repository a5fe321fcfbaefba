"""A report on pages, set once: preview, printer and file take the same bytes.

May be called: `pdf.make_pdf` (report → PDF/A-2b with the places of its cells), `layouts` (what may be chosen about the
page), `raster` (pages as pictures), `faces` (which fonts there are), `expect_pdf`. Knows no window.
"""

from __future__ import annotations


def expect_pdf() -> None:
    """A PDF will be made: the child process loads what approves of it while this one reads, and sets the pages."""
    from gxeditor import worker

    worker.pages().warm("gxeditor.paper.archive")
