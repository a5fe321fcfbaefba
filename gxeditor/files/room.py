"""What a kind of file cannot hold of a report, said by name before anything is written.

Knows how a text is measured and the sentence for the person. How much a format holds stands where the format is known
and in `limits`; which texts there are is told by whoever writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gxeditor.core.errors import NotWritten

if TYPE_CHECKING:
    from gxeditor.core.report import Report

PDF_TEXT = 16_382
"""Units of UTF-16 in a property of a PDF/A: 32,767 bytes of a string (ISO 19005-2, 6.1.13), less those of its mark."""
WORD_TEXT = 9_900_000
"""Bytes of UTF-8 in one paragraph: libxml2, by which Word files are made and read, takes 10,000,000 of a text."""


def units(text: str) -> int:
    """The length of a text as Windows programs count it, in UTF-16; halves of characters count, too."""
    return len(text) + sum(char > "\uffff" for char in text)


def check_texts(kind: str, most: int, texts: Iterable[tuple[str, str]]) -> None:
    """Raises `NotWritten` for the first text of more units than a kind of file (「Excel 的一格」) can hold of it.

    `texts` are pairs of what the clerk calls the place and what stands there.
    """
    for place, text in texts:
        length = units(text)
        if length > most:
            raise too_long(kind, place, length, most)


def too_long(kind: str, place: str, length: int, most: int) -> NotWritten:
    """The trouble of a text that a kind of file cannot hold."""
    return NotWritten(
        f"“{place}”有 {length} 个字，{kind}最多能放 {most} 个。",
        "没有写出任何文件，年报没有改动。",
        "请把它改短，或换一种文件格式。",
    )


def texts_of(report: Report) -> Iterator[tuple[str, str]]:
    """All texts of a report that stand in one piece in a file, with their places, prose by its paragraphs."""
    yield "机关名称", report.agency
    yield "标题", report.title
    yield "落款单位", report.signature
    yield "落款日期", report.date
    yield from (("序文", one) for one in report.preamble.split("\n"))
    for section in report.form.sections:
        yield from ((section.heading, one) for one in report.sections.get(section.key, "").split("\n"))
        if section.table is not None:
            yield from ((f"表{section.number}注释", one) for one in report.note(section.key).split("\n"))
            for cell in section.table.cells:
                entry = report.entries.get(cell.id)
                if isinstance(entry, str):
                    yield f"表{section.number} · {cell.place}", entry
