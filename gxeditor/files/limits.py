"""The one table of what is read of a file at most, own or foreign: how much, in which unit, why, and what is said.

Everything that a file may hold more of than a report ever does is bounded here, so that no file takes more than the
child process has (`worker.SECONDS`, `worker.MEMORY`). What counts is what is met while reading, never what a file says
of itself; a package says sizes as well, and is held to them. Knows no format: which reader counts what is the reader's.
What only decides how something is understood (how long a label is, how wide a gap) stands where it is decided.
"""

from __future__ import annotations

# -------------------- files, in bytes; “… MB，不像一份年报” and “…太大” in the words of each reader
FOREIGN_FILE = 128_000_000
"""Any foreign file; a reader may take less. A PDF with pictures of many pages has some tens of millions."""
OWN_FILE = 20_000_000
"""A .gxr; two hundred cells and six sections of prose are a thousandth of it."""
ROLLUP_FILE = 200_000_000
"""A .gxh; a province's 10,000 units with their figures, findings and last year's take some 40 MB."""
LEDGER_FILE = 60_000_000
"""A .gxl; 5,000 requests with every column take some 5 MB, sealed a third more."""
JOURNAL = 50_000_000
"""A journal: more than twice a report of the greatest size, and seconds of a start."""
SETTINGS = 4_000_000
"""A thousand times what a year of use leaves."""
PROFILE, PROFILES = 200_000, 200
"""Bytes of a profile that an office handed out, and how many there are; shipped ones have 2 kB."""
TEXT_FILE = 8_000_000
"""The longest report met has 20 kB."""
TEXT_LINES = 5_000
"""That are not blank; a report has some 500, with a cell a line; chosen."""
PAGE_FILE = 30_000_000
"""A page of the web that was saved with its pictures inside."""
MHTML_FILE = 60_000_000
"""With the pictures; a report without them has 0.3 MB."""
DOC_FILE = 64 * 2**20
"""A .doc: a report has at most 1 MB; pictures make the rest."""
XLS_FILE = 60 * 2**20
"""20,000 units with all their figures take some 50 MB."""
XLSX_FILE = 100 * 2**20

# -------------------- packages; “…展开后太大，没有打开。”
PARTS = 5_000
PART_BYTES = 160 * 2**20
PARTS_BYTES = 320 * 2**20
"""Bytes unpacked. 20,000 units with all their 200 figures take some 130 MB."""
DOCUMENT_XML = 40 * 2**20
"""Bytes of a part of a text document; reports met have at most 0.4 MB, one with all XML_ELEMENTS some 30."""
XML_DEPTH = 100
"""Of nested elements; spreadsheet parts have some ten."""
XML_ELEMENTS = 400_000
"""Of all parts together that are built as trees; worksheets and shared strings are streamed."""
JSON_DEPTH = 50
"""Brackets within brackets of an own file, which has four; “括号套得太深”."""
JSON_DIGITS = 30
"""Of a number before and behind the point; “不是可用的数”."""

# -------------------- texts and tables of any format
CHARACTERS = 2_000_000
"""Of all texts of a document; the longest report met has 6,300. “文字太多”."""
PASTED_CHARACTERS = 20_000_000
"""From the clipboard into a table, markup included; nothing is pasted beyond. “剪贴板里的内容太多”."""
PASTED_AT_ONCE, PASTED_AT_ONCE_CELLS = 20_000, 600
PASTED_AT_ONCE_HTML, PASTED_AT_ONCE_TAGS = 60_000, 1_500
"""Characters and cells, or tags, of what is understood while the window waits, some 50 ms of the worst that is made of
them; Excel copies the whole 表三 as 900 tags. More goes to the child process."""
PASTED_PROSE = 200_000
"""Characters pasted into a section at once, which the window takes a second to lay out; the longest report met has
6,300. “粘贴的文字太多”."""
TABLE_CELLS = 60_000
TABLE_AREA = 240_000
"""Cells of one table, and places they cover. The widest templates met have some 200 columns and 500 rows.
“表格太大”."""
COLUMN_SPAN = 250
"""What a cell says beyond counts as this."""
WORD_SPAN = 63
"""Columns of a table, which is what Word allows; more counts as this."""
ODT_REPEATS = 250
"""Columns, rows and blanks that one element may stand for; more counts as this."""
ODT_ROWS = 10_000
"""Rows that a cell spans; more counts as this."""

# -------------------- workbooks; “…展开后太大，没有打开。” and “…超过 60000 格。”
WORKBOOK_CELLS = 5_000_000
"""Of all sheets, while cells are streamed; 20,000 units with all their figures are 4.2 million."""
WORKBOOK_ROWS = 200_000
"""Rows that have cells, of all sheets."""
ROW_BYTES = 8 * 2**20
"""Bytes of one row, and of what stands before the first; a row of 16,384 figures has 1 MB."""
REWRITTEN_XML = 8 * 2**20
"""Bytes of a part in UTF-16 or with comments, which is rewritten as a whole before it is read."""
SHARED_FORMULAS = 40_000_000
"""Characters of formulas that the file has once for many cells, written out; a million of them have 30 million."""
SHOWN_CELLS = 3 * TABLE_CELLS
"""Of the visible sheets, blank ones included: templates have borders about thousands of cells without a text."""
OPEN_CELLS = 200_000
"""Of an .ods or an XML workbook, repeated ones written out: few enough to be kept at once."""
XLS_CELLS = 400_000
"""Blank ones included: what xlrd keeps of so many takes some 100 MB."""
XLS_PROPERTIES = 1_000
FORMULA = 8_192
"""Characters, which is what Excel takes; a longer one is not calculated."""
FORMULA_DEPTH = 64
"""Brackets and functions within each other, which is what Excel takes of functions. “套得太深”."""
FORMULA_STEPS = 5_000_000
"""Cells and parts of formulas looked at for all formulas of a workbook, and again for its validations: 5 s of work.

Totals of 20,000 units with all their figures take 4.2 million. “公式要算的太多”: Excel calculates them.
"""
CELL_TEXT = 32_767
"""Characters of a cell, which is what Excel takes; a formula that joins more gives #VALUE!."""
NUMBER_FORMAT = 255
"""Characters, which is what Excel takes; a longer one is none."""
NAMES = 20_000
"""Defined names; further ones are unknown. The fullest templates met have some hundred."""
MERGES = 100_000
MERGED_ROWS, MERGED_COLUMNS = 2_000, 1_000
"""A merge that is larger is no table's; it counts as the one cell where it begins."""
MERGED_PLACES = 400_000
"""Cells of all merges, or of all array formulas; four times as many are looked at before merges count no more."""
VALIDATIONS, TALL_VALIDATIONS = 20_000, 500
"""Ranges with what their cells accept, and those among them that are looked through for each cell: of many rows.

Those beyond are not known here; Excel goes on looking after them.
"""
BLANKS = 1_000
"""In a row of `text:s`; more is no text."""

# -------------------- pages of the web; “…太大，不像一份年报的网页。” and “…套得太深”
MARKUP = 6_000_000
"""Characters without the pictures; pages have some 200,000. Bounds memory: 400 MB of attributes."""
MARKUP_EVENTS = 400_000
"""Elements and texts between them; the page of a report has some 10,000."""
MARKUP_LINES = 100_000
MARKUP_FLOWS = 200
"""Tables and lists within each other; old pages have some 8."""
MARKUP_NESTING = 300_000_000
"""Ends of elements times their depth: what the parser may have to look through."""
MHTML_PARTS = 5_000
"""Browsers keep every picture and style sheet as one."""
MHTML_NESTED = 20
"""Parts within parts: the parser goes down by recursion."""
MHTML_HEAD = 20_000
"""Characters in which a page says its encoding."""

# -------------------- files of pages (PDF, OFD); what is left out is said in a note
PAGES = 60
"""A report has some ten, with all of its attachments thirty."""
PAGE_GLYPHS = 30_000
PAGE_RULES = 20_000
"""Of one page: the fullest met have 600 characters and 130 lines."""
GLYPHS = 150_000
"""Of a file, after which no further page is begun; a report of thirty pages has 20,000."""
PDF_PAGES = 2_000
"""Pages that are counted; further ones are not looked for."""
PDF_OBJECTS = 200_000
"""Places of objects that one table of a file is asked for; a report of thirty pages has some thousand."""
PDF_LINKS = 20
"""Objects that are nothing but a reference to the next one; files have none of them."""
PDF_TOKENS = 200_000
"""Words and numbers of all objects beside what draws the pages: 3 s of work; reports met have 2,000. “对象太多”."""
PDF_CONTENT = 4 * 2**20
"""Bytes of what draws the pages, unpacked, all pages together: 4 s of work. A page of text has some 30 kB."""
PDF_DRAWING = 200
"""Bytes that each drawing of a stream counts for beside its own, so that empty ones cannot be nested without end."""
OFD_CHARACTERS = 2 * PAGE_GLYPHS
"""Of one page, those beyond its edges included."""
OFD_NESTED = 24
"""Levels of blocks and composite objects."""
OFD_PAGE_OBJECTS = 60_000
"""Those of the page's template and composite objects included."""
OFD_OBJECTS = 300_000
"""Of a file, after which no further page is begun."""
OFD_PATH = 200_000
"""Characters of one path; a rule has thirty."""
