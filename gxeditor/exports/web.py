"""A report as a web page, and one section or table of it for the clipboard, as HTML and as tab-separated text.

Knows how a `Grid` becomes an HTML table: real spans, headings that say what they head, and styles inline, since an
editor on a web site keeps nothing else. There is no script and nothing is loaded from elsewhere. Every text is escaped
and, as all this is pasted into spreadsheets too, kept from becoming a formula there (`texts.inert`). Draws from form
and report only; what is done with the text, saving or copying, is the caller's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from gxeditor.core.form import Grid, Place, Section
from gxeditor.core.report import Entry, Paragraph, Report, paragraphs, show_entry
from gxeditor.core.text import inert, printable
from gxeditor.paper.layouts import FORM_BLOCK, LABELS
from gxeditor.paper.titles import em_width, signature_lines
from gxeditor.workbook.own import AGENCY, KIND, MARK, TITLE, YEAR, mark

_FANG = "font-family:仿宋_GB2312,仿宋,FangSong,STFangsong,serif"
_HEI = "font-family:黑体,SimHei,STHeiti,sans-serif"
_KAI = "font-family:楷体_GB2312,楷体,KaiTi,STKaiti,serif"
_SONG = "font-family:宋体,SimSun,STSong,serif"

_LATIN = (
    ("normal", "Times New Roman", "Liberation Serif"),
    ("bold", "Times New Roman Bold", "Liberation Serif Bold"),
)
_FIRST = (
    ("仿宋_GB2312", "FangSong_GB2312"),
    ("黑体", "SimHei"),
    ("楷体_GB2312", "KaiTi_GB2312"),
    ("宋体", "SimSun"),
)
"""The faces that stand first above. In a page each gets the letters and figures of Times New Roman, as in the PDF, and
those alone: that face itself, first in the row, would draw “”, …… and —— narrow too, and Word, into which such text is
pasted, would take it for the Chinese as well. All are the reader's own; what has none shows the Chinese face's."""

_PAGE = (
    "max-width:960px;margin:0 auto;padding:24px 16px;color:#000;background:#fff;text-autospace:normal;"
    f"text-spacing-trim:normal;{_FANG}"
)
_TITLE = f"margin:0 0 24px;text-align:center;font-size:24px;line-height:1.5;font-weight:bold;{_SONG}"
_HEADING = f"margin:24px 0 8px;font-size:18px;line-height:1.75;font-weight:normal;{_HEI}"
_SUB = f"margin:0 0 8px;text-indent:2em;font-size:16px;line-height:1.75;font-weight:normal;{_KAI}"
_TEXT = f"margin:0 0 8px;text-indent:2em;font-size:16px;line-height:1.75;{_FANG}"
_SIGNED = f"margin:0 0 8px;font-size:16px;line-height:1.75;{_FANG}"
_NOTE = f"margin:0 0 4px;font-size:12px;line-height:1.5;{_SONG}"
_AROUND = (
    "margin:8px 0 16px;overflow-x:auto;position:relative"  # on a telephone a wide table scrolls, not the page
)
_LEAST = 48  # px for a column of figures: six of them, or a heading of two characters, and the white beside
_UNSEEN = (  # read aloud only: the heading above says the same to the eye, and would be copied twice
    "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap;user-select:none"
)
_TABLE = f"width:100%;border-collapse:collapse;border:1px solid #000;font-size:14px;line-height:1.4;{_SONG}"
_CELL = "border:1px solid #000;padding:4px 6px;vertical-align:middle;font-weight:normal;text-align:"


_BLANKS = re.compile("[ \t\n\r\f\v]+")
_SPACES = re.compile(" +(?= )")


def page_html(report: Report) -> str:
    """The whole report as one HTML file that refers to no other. Encode it as UTF-8."""
    title = _plain(report.title)
    parts = [f'<h1 id="{MARK}title" style="{_TITLE}">{_text(title)}</h1>'] if title.strip() else []
    parts += _prose(report.preamble)
    parts += [_section(report, section, for_sheets=False) for section in report.form.sections]
    parts += _closing(report)
    body = "\n".join(parts)
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{_said(report)}<title>{escape(title)}</title>\n<style>\n{_letters()}</style>\n</head>\n"
        f'<body style="margin:0">\n<div style="{_PAGE}">\n{body}\n</div>\n'
        "</body>\n</html>\n"
    )


def _letters() -> str:
    """The faces of `_FIRST` with the letters and figures of another."""
    rules = []
    for names in _FIRST:
        whole = ",".join(f'local("{name}")' for name in names)
        rules.append(f"@font-face{{font-family:{names[0]};src:{whole}}}\n")
        for weight, *latin in _LATIN:
            there = ",".join(f'local("{name}")' for name in latin)
            form = f"font-weight:{weight};unicode-range:U+20-7E"
            rules.append(f"@font-face{{font-family:{names[0]};src:{there};{form}}}\n")
    return "".join(rules)


_BLOCK = 28.0  # characters in a line, as in an official document: what a signature is divided by


def _closing(report: Report) -> list[str]:
    """Signature and date (GB/T 9704, 7.3.5), placed by the widths that the browser gives them.

    Under a seal the date alone makes the width of the box, four characters from the edge, and the signature is centred
    over it. Without one the longer of them ends two characters from the edge, and the date begins two later than the
    signature. A long name is broken only where a title may be divided.
    """
    signature, date = _lines(report.signature), _lines(report.date)
    if not signature + date:
        return []
    wide = {line: sum(map(em_width, line)) for line in (*signature, *date)}
    after = max((wide[line] for line in date), default=0.0)
    stacked = "display:flex;flex-direction:column;align-items:center"
    if report.sealed:
        box = "width:fit-content;margin:48px 4em 0 auto"
        names = f"width:0;min-width:100%;{stacked};white-space:nowrap" if date else "text-align:center"
        dated = "white-space:nowrap"
    else:
        longer = not signature or after > max(wide[line] for line in signature)
        box = "width:fit-content;margin:24px 0 0 auto"
        names = f"text-align:center;width:fit-content;padding-right:{0 if longer else 2}em"
        dated = f"padding:0 {2 if longer else 0}em 0 {2 if signature else 0}em"
    lines = [f'<div style="{box}">', *([f'<div style="{names}">'] if signature else [])]
    for i, line in enumerate(signature):
        rows = signature_lines(line.strip(), after, _BLOCK, sealed=report.sealed)
        shown, shape = _spaced(line), ""
        if len(rows) > 1:
            shown = "".join(f'<span style="display:inline-block">{_spaced(row)}</span>' for row in rows)
            shape = f";{stacked}" if report.sealed else ""
        lines.append(f'<p id="{mark("signature", i)}" style="{_SIGNED}{shape}">{shown}</p>')
    lines += ["</div>"] if signature else []
    for i, line in enumerate(date):
        lines.append(f'<p id="{mark("date", i)}" style="{_SIGNED};{dated}">{_spaced(line)}</p>')
    return [*lines, "</div>"]


def _note(report: Report, table: str, *, for_sheets: bool) -> list[str]:
    """The note below the table of a section."""
    lines = _lines(report.note(table))
    marks = ["" if for_sheets else f' id="{mark(f"note_{table}", i)}"' for i in range(len(lines))]
    return [f'<p{at} style="{_NOTE}">{_spaced(line)}</p>' for at, line in zip(marks, lines, strict=True)]


def _said(report: Report) -> str:
    """What no text of the page says outright, and what reading the page back takes from here (`workbook.own`)."""
    said = {
        AGENCY: report.agency,
        KIND: report.kind.word,
        YEAR: str(report.year or ""),
        TITLE: report.own_title,
    }
    return "".join(
        f'<meta name="{name}" content="{escape(printable(text))}">\n'
        for name, text in said.items()
        if text is not None
    )


def section_html(report: Report, key: str) -> str:
    """One section: heading, table, prose. KeyError if the form has no such section."""
    return _section(report, report.form.section(key), for_sheets=True)


def table_html(report: Report, key: str) -> str:
    """The table of one section. KeyError if there is no such section or it has no table.

    For the clipboard it is offered alone: a spreadsheet merges the cells of several tables at once wrongly.
    """
    section, grid = _grid(report, key)
    return _table(report, section, grid, for_sheets=True)


def section_tsv(report: Report, key: str) -> str:
    """The same section as lines of text, those of its table as `table_tsv`. KeyError as `section_html`."""
    section = report.form.section(key)
    rows = [[_plain(section.heading)]]
    if section.table is not None:
        rows += _matrix(report, section.table.grid())
        rows += [[inert(_plain(line))] for line in _lines(report.note(key))]
    rows += [[inert(_plain(paragraph.text))] for paragraph in paragraphs(report.sections.get(key, ""))]
    return _tsv(rows)


def table_tsv(report: Report, key: str) -> str:
    """The table as rows of tab-separated texts, a merged one in its first row and column. KeyError as `table_html`."""
    return _tsv(_matrix(report, _grid(report, key)[1]))


def _grid(report: Report, key: str) -> tuple[Section, Grid]:
    section = report.form.section(key)
    if section.table is None:
        raise KeyError(key)
    return section, section.table.grid()


# ---- HTML ------------------------------------------------------------------------------------------------------


def _section(report: Report, section: Section, *, for_sheets: bool) -> str:
    marked = "" if for_sheets else f' id="{mark(f"heading_{section.key}")}"'
    parts = [f'<h2{marked} style="{_HEADING}">{_text(section.heading)}</h2>']
    if section.table is not None:
        table = _table(report, section, section.table.grid(), for_sheets=for_sheets)
        # A sheet or an editor makes of what is around a table what it likes; on the page, keys scroll it too.
        around = f'<div tabindex="0" role="region" aria-label="{_text(section.heading)}（表格）" style="{_AROUND}">'
        parts.append(table if for_sheets else f"{around}\n{table}\n</div>")
        parts += _note(report, section.key, for_sheets=for_sheets)
    return "\n".join((*parts, *_prose(report.sections.get(section.key, ""))))


def _table(report: Report, section: Section, grid: Grid, *, for_sheets: bool) -> str:
    """A table; its head apart where it has one, and each block of 表二 in a body of its own.

    `for_sheets` adds the number formats by which Excel and WPS keep “0.0000” and “/” as they are.
    """
    heading = _text(section.heading)
    widths = _widths(grid)
    if for_sheets:
        lines = [f'<table border="1" cellspacing="0" aria-label="{heading}" style="{_TABLE}">']
    else:
        least = round(_LEAST / widths[-1] * 100)
        lines = [f'<table border="1" cellspacing="0" style="min-width:{least}px;{_TABLE}">']
        lines.append(f'<caption style="{_UNSEEN}">{heading}</caption>')
    columns = "".join(f'<col style="width:{width:.2f}%">' for width in widths)
    lines.append(f"<colgroup>{columns}</colgroup>")
    bands = {place.row for place in grid.places if place.kind == "band"}
    inside = ""
    for row in range(grid.rows):
        group = "thead" if row < grid.head_rows else "tbody"
        if inside != group or row in bands:
            lines.append(f"</{inside}><{group}>" if inside else f"<{group}>")
            inside = group
        cells = (_cell(report, grid, place, for_sheets) for place in grid.places if place.row == row)
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join((*lines, f"</{inside}></table>"))


def _widths(grid: Grid) -> list[float]:
    """The widths of the columns in hundredths of the table, as in the PDF."""
    labels = [width / FORM_BLOCK * 100 for width in LABELS[grid.label_columns]]
    count = grid.columns - len(labels)
    return [*labels, *[(100 - sum(labels)) / count] * count]


def _cell(report: Report, grid: Grid, place: Place, for_sheets: bool) -> str:
    spans = "".join(
        f' {name}="{count}"'
        for name, count in (("rowspan", place.row_span), ("colspan", place.column_span))
        if count > 1
    )
    if place.cell is not None:
        entry = report.value(place.cell.id)
        form = f";mso-number-format:'{_number_format(entry)}'" if for_sheets and entry is not None else ""
        marked = "" if for_sheets else f' id="{MARK}{place.cell.id}"'
        return f'<td{marked}{spans} style="{_CELL}center{form}">{escape(_entry(entry))}</td>'
    if place.kind == "corner":
        return f'<td{spans} style="{_CELL}center">{_text(place.text)}</td>'
    side = "left" if place.kind == "row" and grid.label_columns > 1 and place.row_span == 1 else "center"
    text, whole = _text(place.text), ""
    if not for_sheets and (place.kind == "column" or (place.kind == "row" and place.row_span > 1)):
        text, whole = _worded(text), ";word-break:keep-all"
    return f'<th{spans} scope="{_scope(place)}" style="{_CELL}{side}{whole}">{text}</th>'


def _worded(text: str) -> str:
    """A heading that may be divided between its words as on paper: 社会, 公益, 组织. Those of an even length are of
    words of two characters; others are divided only where punctuation allows it."""
    if len(text) % 2 or not 2 < len(text) <= _LONG or not text.isalpha():
        return text
    return "<wbr>".join(text[start : start + 2] for start in range(0, len(text), 2))


_LONG = 8  # characters; longer headings are those of wide columns


def _number_format(entry: Entry) -> str:
    if isinstance(entry, str):
        return r"\@"
    decimals = show_entry(entry).partition(".")[2]
    return rf"0\.{'0' * len(decimals)}" if decimals else "0"


def _entry(entry: Entry | None) -> str:
    """What stands in a cell; a number stays one, whatever its sign."""
    return inert(_plain(entry)) if isinstance(entry, str) else show_entry(entry)


def _scope(place: Place) -> str:
    """What a heading heads: its column or row, or the group of them that it spans; a band the rows below it."""
    if place.kind == "band":
        return "rowgroup"
    if place.kind == "column":
        return "colgroup" if place.column_span > 1 else "col"
    return "rowgroup" if place.row_span > 1 else "row"


def _prose(text: str) -> list[str]:
    return list(map(_paragraph, paragraphs(printable(text))))


def _paragraph(paragraph: Paragraph) -> str:
    """Headings （一） in 楷体, as in the PDF; one that stands alone is a heading of the page."""
    if not paragraph.body:
        return f'<h3 style="{_SUB}">{_spaced(paragraph.heading)}</h3>'
    body = _spaced(paragraph.body)
    if paragraph.heading:
        head = f'<span style="{_KAI}">{_spaced(paragraph.heading)}</span>'
        body = head + _SPACES.sub(_hard, escape(paragraph.body))
    return f'<p style="{_TEXT}">{body}</p>'


def _text(text: str) -> str:
    return escape(inert(_plain(text)))


def _spaced(text: str) -> str:
    """The same with all its blanks, of which a browser would show one."""
    return _SPACES.sub(_hard, escape(inert(text.strip())))


def _hard(blanks: re.Match[str]) -> str:
    return "&nbsp;" * len(blanks[0])


def _plain(text: str) -> str:
    """On one line, as a browser shows it."""
    return _BLANKS.sub(" ", printable(text)).strip(" ")


def _lines(text: str) -> list[str]:
    return [line for line in printable(text).split("\n") if line.strip()]


# ---- tab-separated text ----------------------------------------------------------------------------------------


def _matrix(report: Report, grid: Grid) -> list[list[str]]:
    rows = [[""] * grid.columns for _ in range(grid.rows)]
    for place in grid.places:
        entry = report.value(place.cell.id) if place.cell is not None else None
        rows[place.row][place.column] = _entry(entry) if place.cell is not None else place.text
    return rows


def _tsv(rows: Iterable[Sequence[str]]) -> str:
    """Lines that end as Windows ends them. A field that begins with a quotation mark is quoted, as sheets expect."""
    return "".join("\t".join(map(_field, row)) + "\r\n" for row in rows)


def _field(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if text.startswith('"') else text
