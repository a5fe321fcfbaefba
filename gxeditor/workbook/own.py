"""What a file that we exported carries so that it reads back as it was.

Names for the rows of the sheet with the words (in Word bookmarks), properties of the document for what no cell says (in
a PDF its key words), and how prose was cut into rows. A person may change any of it in Excel or Word. The exports write
it (`exports`, `paper.pdf`), the imports read it (`imports.formats`); what it means for a report neither is told here.
"""

from __future__ import annotations

import re

MARK = "gx_"
"""The names of rows, bookmarks and places of a page: `gx_title`, `gx_signature`, `gx_date`, `gx_heading_` with a
section's key; where a text is of several lines with a name each, further ones as `gx_signature_2`, and what a
line goes on with because it was too long as `gx_signature_2_2`. A PDF has `gx_cover` and `gx_appendix` too, which begin
what is no part of the report, and `gx_attachment` for the line that names the appendix."""
COVER, APPENDIX, ATTACHMENT = "cover", "appendix", "attachment"
AGENCY, KIND, YEAR, TITLE = "机关名称", "机关类别", "年度", "年报标题"
"""The properties. TITLE is there only if it is not the computed one."""
NO_REPORT = "不是年报"
"""The property of what we write beside reports and is none, such as a 退回意见: what it is. A PDF has it among its key
words, in the same words (`no_report`)."""
ROLLUP, ROLLUP_FORMAT = "汇总工作簿", "1"
"""The property of a roll-up's workbook, and the format that it is in; such a workbook is no report."""
OWNER, ROLLUP_YEAR, ROLLUP_EDITION, ROLLUP_SCOPE = "汇总单位", "汇总年度", "汇总表式", "汇总口径"
"""Its further properties: not those of a report, which its lists of units would then seem to be."""
LEDGER_SHEET = "依申请公开台账"
"""The sheet of our own blank workbook for a ledger: what stands there under a code was chosen from our list."""
CREATOR = "gxeditor"
"""The program that a PDF of ours names as its maker."""
ROW_LIMIT = 500
"""Characters of prose in one row of our own workbook: a row of Excel is at most 409 points high."""
SENTENCES = re.compile("[^。！？；]*[。！？；]*[”’）」』]*")
"""What may be put into a row of its own where prose is cut: a sentence with the marks behind it."""
INDENT = "\u3000\u3000"
"""With which a paragraph begins; a row without it goes on from the row above."""


def mark(role: str, line: int = 0, part: int = 0) -> str:
    """The name of a line, counted from 0, of the text with this role, or of what it goes on with; headings are
    `heading_` with their key, notes below tables `note_` with the section's."""
    if part:
        return f"{MARK}{role}_{line + 1}_{part + 1}"
    return f"{MARK}{role}_{line + 1}" if line else f"{MARK}{role}"


def role_of(name: str) -> str:
    """The role of a text with a name of ours, headings as `heading:` and notes below tables as `note:` with their key;
    empty for any other name. What a line goes on with has a `+` behind its role."""
    found = re.fullmatch(
        rf"{MARK}(?:(heading|note)_([a-z_]{{1,40}})(?:_[0-9]{{1,2}})?"
        rf"|(title|signature|date|{ATTACHMENT})(?:_[0-9]{{1,2}}(_[0-9]{{1,2}})?)?)",
        name,
    )
    if found is None:
        return ""
    return f"{found[1]}:{found[2]}" if found[1] else f"{found[3]}{'+' if found[4] else ''}"


def last_line(agency: str, kind: str, year: int | None) -> str:
    """What a text of ours says in its last line where its title, being another, does not tell whose report it is."""
    return f"（{AGENCY}：{agency}；{key_words(kind, year)}）"


def no_report(what: str) -> str:
    """What the key words of a PDF say that is no report: 「不是年报：退回意见」."""
    return f"{NO_REPORT}：{what}"


def in_last_line(text: str) -> tuple[str, str, int | None] | None:
    """Agency, kind and year again; None for any other line."""
    match = re.fullmatch(f"（{AGENCY}：(.*)；({KIND}：.*)）", text.strip())
    found = None if match is None else in_key_words(match[2])
    return None if match is None or found is None else (match[1], *found)


def key_words(kind: str, year: int | None) -> str:
    """What the key words of a PDF say, as a person reads them: 「机关类别：人民政府；年度：2022」."""
    return f"{KIND}：{kind}；{YEAR}：{year or ''}"


def in_key_words(text: str) -> tuple[str, int | None] | None:
    """Kind and year again; None for key words that are not ours."""
    match = re.fullmatch(f"{KIND}：([^；]+)；{YEAR}：([0-9]{{4}})?", text.strip())
    return None if match is None else (match[1], int(match[2]) if match[2] else None)
