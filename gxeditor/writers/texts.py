"""What the texts of a report need on their way into a file that another program reads.

Knows which characters XML and HTML cannot hold, and which beginnings make a spreadsheet take a text for a formula.
Knows no file format beyond that.
"""

from __future__ import annotations

import re

from gxeditor.core.report import KEPT_TEXTS

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNSEEN = "\u200b"  # a blank without width; `parse_entry` takes it off again
_FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠]")


def printable(text: str) -> str:
    """The text with a blank for each character that XML cannot hold."""
    return _NOT_IN_XML.sub(" ", text)


def inert(text: str) -> str:
    """The text as a spreadsheet keeps it when it is pasted: led by an unseen character if it looked like a formula.

    Spreadsheets drop blanks in front of a formula and some take full-width signs for plain ones. The texts that stand
    in tables in place of a number (`KEPT_TEXTS`) are no formulas and stay as they are.
    """
    return _UNSEEN + text if _FORMULA.match(text) and text.strip() not in KEPT_TEXTS else text
