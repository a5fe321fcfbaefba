"""Stands in the Windows program for `PIL.Image` and `PIL.ImageDraw`, which three libraries import and none uses.

reportlab, openpyxl and pdfplumber import them to draw, keep and paint pictures. The program has them do nothing of the
kind: reports have no pictures, and pages are drawn by pdfium. Whoever is asked for a picture after all says that it
cannot be read, which all three pass over or tell as they do for a damaged one.
"""

from __future__ import annotations

from typing import NoReturn


class Image:
    """A picture; there is none."""


def open(*_: object, **__: object) -> NoReturn:
    """Raises `OSError`."""
    raise OSError("no picture can be read")


new = frombytes = frombuffer = fromarray = Draw = open
FASTOCTREE = 2  # a default argument of pdfplumber
