"""The 未交名单 as a Word document: who is missing of how many, and apart from them who is not in the sums either.

Draws what `core.rollup.missing` says and counts nothing. Equal lists give equal bytes.
"""

from __future__ import annotations

from dataclasses import replace

from gxeditor.core.form import Form
from gxeditor.core.rollup.missing import HEAD, MissingList
from gxeditor.exports.letters import Letter
from gxeditor.exports.word import spacing_xml
from gxeditor.paper.layouts import Margins, default_layout

_MARGINS = Margins(top=25, left=24, right=24, bottom=25)  # mm; the tables are wider than those of a report
_TEXT, _TABLE, _TITLE = 12.0, 10.5, 18.0  # points
_WIDTHS = (12.0, 54.0, 22.0, 24.0, 24.0, 42.0)
"""Of the columns of `HEAD`, in parts of the block."""


def missing_word(form: Form, owing: MissingList, owner: str) -> bytes:
    """The list as a .docx; `owner` is what the file names as its author."""
    faces = {"fang": "宋体", "hei": "黑体"}
    layout = replace(
        default_layout(),
        margins=_MARGINS,
        body_size=_TEXT,
        title_size=_TITLE,
        table_size=_TABLE,
        page_number="centre",
        faces=faces,
    )
    letter = Letter(form, layout, owing.title, owner, "")
    flush = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
    letter.text((owing.title, False), style="Title")
    centred = '<w:jc w:val="center"/>'
    letter.text((owing.day, False), shape=f"{spacing_xml(_TEXT * 1.7)}{flush}{centred}")
    letter.text((owing.head, False), shape=spacing_xml(_TEXT * 1.7, before=8))
    for part in owing.parts:
        letter.text((part.heading, True), shape=f"<w:keepNext/>{spacing_xml(_TEXT * 1.7, before=10)}{flush}")
        letter.table(_WIDTHS, HEAD, owing.rows(part), centred=(0, 2, 3, 4))
    return letter.finished()
