"""What a workbook or a Word document that we exported carries so that it reads back as it was.

Names for the rows of the sheet with the words (in Word bookmarks), properties of the document for what no cell says,
and how prose was cut into rows. A person may change any of it in Excel or Word. The exports write it (`exports.excel`,
`exports.word`), the imports read it (`imports.formats`); what it means for a report neither is told here.
"""

from __future__ import annotations

import re

MARK = "gx_"
"""The names of rows and bookmarks: `gx_title`, `gx_signature`, `gx_date`, and `gx_heading_` with a section's key."""
AGENCY, KIND, YEAR, TITLE = "机关名称", "机关类别", "年度", "年报标题"
"""The properties. TITLE is there only if it is not the computed one."""
ROW_LIMIT = 500
"""Characters of prose in one row of our own workbook: a row of Excel is at most 409 points high."""
SENTENCES = re.compile("[^。！？；]*[。！？；]*[”’）」』]*")
"""What may be put into a row of its own where prose is cut: a sentence with the marks behind it."""
INDENT = "\u3000\u3000"
"""With which a paragraph begins; a row without it goes on from the row above."""
