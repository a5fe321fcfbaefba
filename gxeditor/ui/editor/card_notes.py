"""The lines of the side card: what belongs in a cell or a section, and the text in which it stands.

Knows how the statements of the cards, the rules of a cell, last year's figure and the statute are ordered, and how each
is set; a statement never stands without its status. Every word of substance is the cards' or the rules'. Loaded when a
card is first opened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QInputMethodEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPixmap,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
    QTextOption,
)
from PySide6.QtWidgets import (
    QMenu,
    QTextEdit,
    QWidget,
)

from gxeditor.core.cards import Statement
from gxeditor.core.checks.findings import Claimed
from gxeditor.core.checks.rules import Rule, Severity
from gxeditor.core.checks.standing import standings
from gxeditor.core.form import Cell, Form, Section
from gxeditor.core.report import Entry, Report, show_entry
from gxeditor.resources import load_cards
from gxeditor.ui.editor.number_popover import called, named, percent
from gxeditor.ui.editor.numbers import claims_of
from gxeditor.ui.look import theme
from gxeditor.ui.session import Session

MENTIONED, MISSED = "提到了", "没提到"


@dataclass(frozen=True, slots=True)
class CardLine:
    """A paragraph of the card: its look, its text, a value at the right, and the mark before it.

    `look` is title, head, text, small, point, under, group, number, law, checks (which leads to the list of rules) or
    rule (a line across), or what the line before rests on: basis, and source under a point; `mark` is a severity's
    value, "same" or "open". `state` are words before the text of a point, or a number of the text before its name, in a
    column of their own. `paragraph` is the one, counted from 0 with blank lines, to which the value leads, `number` the
    one of the text, counted from 0, to which its line leads; `unfolds` says that the line leads to the rest of a group.
    """

    look: str
    text: str = ""
    tone: str = "text"
    value: str = ""
    mark: str = ""
    state: str = ""
    paragraph: int | None = None
    number: int | None = None
    unfolds: bool = False


def cell_lines(session: Session, cell: Cell) -> Iterator[CardLine]:
    """What there is to say about a cell of the present report."""
    report, findings = session.report, session.findings
    labels = cell.row.labels or cell.column.labels
    yield CardLine("title", labels[-1])
    if labels[:-1]:
        yield CardLine("small", " · ".join(labels[:-1]), "text2")
    if cell.row.labels:
        yield CardLine("small", " · ".join(cell.column.labels), "text2")
    for finding in findings.by_cell.get(cell.id, ()):
        if finding.rule.kind == "entry":
            severity = finding.severity
            yield CardLine("text", finding.message, f"{theme.TONES[severity]}text", mark=severity.value)

    if report.value(cell.id) is None and (value := session.forced().get(cell.id)) is not None:
        told = f"按勾稽关系，这一格只能是 {show_entry(value)}。可以用“工具”里的“按提示填入”。"
        yield CardLine("text", told, "hinttext", mark=Severity.HINT.value)

    cards, section = load_cards(session.form), session.form.section(cell.section)
    of_row, of_column = cards.of_row(cell, report.year), cards.of_column(cell, report.year)
    of_table = cards.of_section(section, report.year)
    lasting = [("本行填什么", _lasting(of_row)), ("本列填什么", _lasting(of_column))]
    for head, statements in lasting if cell.row.labels else reversed(lasting):
        yield from _stated(head, statements)
    if state := _total_state(report, cell):
        yield CardLine("head", "本格的合计")
        yield CardLine("text", state)

    relations = [line for rule in session.rules if cell.id in rule.signs for line in _relation(session, rule)]
    checks = [line for line in standings(session.rules, findings) if line.is_about(cell.id)]
    if relations or checks:
        yield CardLine("head", "与其他格的关系")
        yield from relations
    if checks:
        counts = Counter(line.word for line in checks)
        states = "，".join(f"{count} 条{word}" for word, count in counts.items())
        yield CardLine("checks", f"这一格的检查项目 {len(checks)} 条：{states}", "link")
    if session.prior is not None:
        yield CardLine("head", "上年对照")
        yield from _last_year(session, session.prior, cell)
    yield from _stated("近年的规定", [one for one in (*of_row, *of_column) if one.since])
    yield from _stated("本表", of_table)
    yield from _laws((*of_row, *of_column, *of_table))


def _lasting(statements: Iterable[Statement]) -> list[Statement]:
    """Those that hold in any year; what is new comes after the figures, which must not be pushed out of sight."""
    return [statement for statement in statements if not statement.since]


def _stated(head: str, statements: Sequence[Statement]) -> Iterator[CardLine]:
    """Statements under a heading, each with its status and what it rests on."""
    if statements:
        yield CardLine("head", head)
    for statement in statements:
        yield CardLine("text", statement.text)
        yield CardLine("basis", statement.mark, "text2")


def _laws(statements: Iterable[Statement]) -> Iterator[CardLine]:
    """The words of the laws that these statements cite, each once."""
    laws = dict.fromkeys(law for statement in statements for law in statement.laws if law.text)
    if laws:
        yield CardLine("head", "条文")
    for law in laws:
        yield CardLine("law", law.article)
        for paragraph in law.text.strip().split("\n"):
            yield CardLine("small", paragraph, "text2")


def _total_state(report: Report, cell: Cell) -> str:
    """How a total came to be what it shows; empty for other cells."""
    if not cell.is_total:
        return ""
    total = report.details_sum(cell)
    if not report.is_automatic(cell.id):
        typed = show_entry(report.value(cell.id))
        if total is None:
            return f"现在是手填的 {typed}，明细没有填全。"
        same = total == report.value(cell.id)
        return (
            "现在是手填的，与明细相同。" if same else f"现在是手填的 {typed}，按明细为 {show_entry(total)}。"
        )
    return "没有手填时由明细自动合计。" if total is not None else "明细填全后自动合计，也可以直接填。"


def _relation(session: Session, rule: Rule) -> Iterator[CardLine]:
    """A rule as a sentence with its present figures."""
    finding = next((f for f in session.findings.findings if f.rule.id == rule.id), None)
    if finding is not None and finding.is_explained and finding.explanation is not None:
        yield CardLine("text", f"{finding.message}已说明：{finding.explanation.reason}")
        return
    if finding is not None:
        yield CardLine(
            "text", finding.message, f"{theme.TONES[finding.severity]}text", mark=finding.severity.value
        )
        return
    place = rule.title.partition("：")[0]
    waiting = next((item for item in session.findings.not_checked if item.rule.id == rule.id), None)
    if waiting is not None:
        equation = f"{place}：{rule.left_name}应等于{rule.right_name}。"
        yield CardLine("text", f"{equation}未检查：{waiting.reason}。")
        return
    closed = next((item for item in session.findings.closed if item.rule.id == rule.id), None)
    if closed is not None:
        yield CardLine("text", f"{place}：{rule.left_name}应等于{rule.right_name}。已关闭：{closed.reason}")
        return
    values = [session.report.value(cell) for cell in rule.right]
    side = show_entry(_sum(values))
    yield CardLine("text", f"{place}：{rule.left_name}为 {side}，{rule.right_name}为 {side}，两边相等。")


def _sum(values: list[Entry | None]) -> Entry:
    numbers = [value for value in values if value is not None and not isinstance(value, str)]
    return sum(numbers[1:], numbers[0])


def _last_year(session: Session, prior: Report, cell: Cell) -> Iterator[CardLine]:
    year = f"{prior.year} 年" if prior.year else "上年"
    yield CardLine("text", year, "last", show_entry(prior.value(cell.id)) or "未填")
    for rule in session.rules:
        if rule.kind == "carry_over" and cell.id in rule.right:
            for name, source in zip(rule.names, rule.left, strict=False):
                yield CardLine("text", f"{year}“{name}”", "last", show_entry(prior.value(source)) or "未填")


def _mentioned(lines: Sequence[str], words: Sequence[str]) -> int | None:
    """The first of these lines with one of the words."""
    return next((n for n, line in enumerate(lines) if any(word in line for word in words)), None)


_MOST = 100
"""Numbers of a group that are listed at most: writing thousands would hold up the window for seconds."""
_SHOWN = 6
"""Numbers of a group that are listed before 「其余 5 处…」, which all the others stand behind."""
_GROUPS: tuple[tuple[str, str, str], ...] = (
    ("different", "与表不同", Severity.QUERY.value),
    ("same", "与表相同", "same"),
    ("open", "没有可核对的格", "open"),
)


def number_lines(session: Session, section: Section, *, whole: bool) -> Iterator[CardLine]:
    """The numbers that the prose states, by what came of comparing them; `whole` lists those of long groups as well."""
    report = session.report
    text = report.text(section.key)
    claims = claims_of(session.findings, section.key)
    if not claims:
        return
    yield CardLine("rule")
    yield CardLine("title", "文中的数", value=str(len(claims)))
    for state, words, mark in _GROUPS:
        group = [(number, claim) for number, claim in enumerate(claims) if claim.state == state]
        if not group:
            continue
        yield CardLine(
            "group", f"{words} {len(group)}", "qrytext" if state == "different" else "text", mark=mark
        )
        shown = group if whole or state == "different" or len(group) <= _SHOWN + 1 else group[:_SHOWN]
        for number, claim in shown[:_MOST]:
            yield _number_line(claim, text, number, session.form)
        if len(shown) < len(group):
            yield CardLine("number", f"其余 {len(group) - len(shown)} 处…", unfolds=True)
        elif len(shown) > _MOST:
            yield CardLine("under", f"其余 {len(shown) - _MOST} 处见正文。", "text2")


def _number_line(claim: Claimed, text: str, number: int, form: Form) -> CardLine:
    reading = claim.reading or next(iter(claim.readings), None)
    if reading is None:
        return CardLine("number", called(claim, text), "text2", state=claim.text, number=number)
    wrong = claim.state == "different"
    name = claim.how if claim.state == "same" and claim.how else named(reading, form)
    tone = "qrytext" if wrong else "text2"
    return CardLine("number", name, tone, percent(claim, reading.value), state=claim.text, number=number)


def section_lines(
    session: Session, section: Section, heading: str = "", *, whole: bool = False
) -> Iterator[CardLine]:
    """What belongs under the `heading` at the caret, what the prose of the section should say, whether words of it
    occur there, its numbers, and the statute.

    That a word occurs says nothing of what is said, so no point is ever ticked.
    """
    text, year = session.report.sections.get(section.key, ""), session.report.year
    kind = session.report.kind.value
    lines = text.split("\n")
    points = [point for point in section.points if not point.kinds or kind in point.kinds]
    cards = load_cards(session.form)
    here = next((point for point in points if any(word in heading for word in point.words)), None)
    if heading:
        yield CardLine("title", heading)
        if here is None:
            yield CardLine("small", "光标所在的小标题。下面是本节要写的。", "text2")
        else:
            yield from _stated("这一段写什么", cards.of_point(section, here.title, year))
        yield CardLine("rule")
    yield CardLine("small", session.form.basis, "text2")
    stated = bool(claims_of(session.findings, section.key))
    for point in points:
        where = _mentioned(lines, point.words)
        # A section not yet begun misses nothing: states would only be noise.
        state = "" if not text.strip() else MISSED if where is None else MENTIONED
        value = ""
        if where is not None:
            value = f"第 {sum(bool(line.strip()) for line in lines[: where + 1])} 段"
        yield CardLine("point", point.title, value=value, state=state, paragraph=where)
        if state == MISSED:
            words = "".join(f"“{word}”" for word in point.words[:2])
            yield CardLine("under", f"没有见到{words}{'等' if len(point.words) > 2 else ''}字样", "qrytext")
        unsaid = point is not here and not (
            stated and state == MENTIONED
        )  # else there is room for the numbers
        for statement in cards.of_point(section, point.title, year) if unsaid else ():
            yield CardLine("under", statement.text, "text2")
            yield CardLine("source", statement.mark, "text2")
    if text.strip() and points:
        yield CardLine("small", "按字样查找，只说提没提到，不判断对不对。", "text2")
    yield from number_lines(session, section, whole=whole)
    of_section = cards.of_section(section, year)
    yield CardLine("rule")
    yield from _stated("本节", of_section)
    yield from _laws(
        (*of_section, *(one for point in points for one in cards.of_point(section, point.title, year)))
    )


# Points, weight, gap above, left margin; pixels at 100 %.
_LOOKS = {
    "title": (10.5, 600, 0, 0),
    "head": (9, 600, 16, 0),
    "text": (9.75, 400, 4, 0),
    "small": (9, 400, 4, 0),
    "point": (9.75, 400, 12, 0),
    "under": (9, 400, 1, 0),
    "basis": (8.25, 400, 1, 0),
    "source": (8.25, 400, 1, 0),
    "checks": (9, 400, 4, 0),
    "law": (9, 600, 8, 0),
    "group": (9, 600, 8, 0),
    "number": (9, 400, 2, 0),
}
# What leads the address of a link: into the text of the section, to a number there, to the rest of a group, to the
# list of rules.
_PARAGRAPH, _NUMBER, _UNFOLD, _CHECKS = "paragraph:", "number:", "unfold:", "checks:"
_COLUMN = 58  # width of the column of numbers
_MARK = 18  # width of a mark with the gap after it


class Notes(QTextEdit):
    """The lines of the card; text that can be selected and scrolled, never edited.

    `paragraph_chosen` with a paragraph, counted from 0, when the link to it is clicked, `number_chosen` with a
    number of the text, counted from 0; `unfolded` when the rest of a group is to be listed, `checks_asked` when the
    rules of the cell are.
    """

    paragraph_chosen = Signal(int)
    number_chosen = Signal(int)
    unfolded = Signal()
    checks_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("bare", True)
        self.setProperty("ground", "card")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTabChangesFocus(True)
        self.setCursorWidth(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._lines: tuple[CardLine, ...] = ()
        self._zoom = 1.0
        self._width = 0

    def write(self, lines: tuple[CardLine, ...], *, again: bool = False) -> None:
        """Shows these lines; where they continue what was shown, it stays scrolled as it is."""
        if lines == self._lines and not again:
            return
        bar = self.verticalScrollBar()
        place = bar.value() if lines[:1] == self._lines[:1] else 0
        self._lines = lines
        self._width = self.width()
        document = self.document()
        document.clear()
        document.setDocumentMargin(0)
        frame = document.rootFrame().frameFormat()
        frame.setLeftMargin(20)
        frame.setRightMargin(12)
        frame.setTopMargin(4)
        frame.setBottomMargin(20)
        document.rootFrame().setFrameFormat(frame)
        cursor = QTextCursor(document)
        for number, line in enumerate(lines):
            self._write(cursor, line, number)
        # Qt leaves the end of a selection behind the end of the new text.
        self.setTextCursor(QTextCursor(document))
        bar.setValue(place)

    def _write(self, cursor: QTextCursor, line: CardLine, number: int) -> None:
        zoom, colors = self._zoom, theme.current()
        block = QTextBlockFormat()
        if line.look == "rule":
            block.setProperty(QTextBlockFormat.Property.BlockTrailingHorizontalRulerWidth, 1)
            block.setTopMargin(8 * zoom)
            block.setBackground(colors.line)
            cursor.insertBlock(block)
            return
        points, weight, gap, margin = _LOOKS[line.look]
        face = theme.font(points, weight, zoom)
        block.setTopMargin(gap * zoom if number else 0)
        block.setLineHeight(4 * zoom, QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value)
        if line.mark:
            margin = _MARK
            block.setTextIndent(-margin * zoom)
        if line.look in ("point", "under", "source") and any(other.state for other in self._lines):
            column = QFontMetrics(theme.font(9.75, 400, zoom)).horizontalAdvance(f"{MENTIONED}　")
            margin = round(column / zoom)
            block.setTextIndent(-column if line.state else 0)
        if line.look == "number":
            margin = _COLUMN
            block.setTextIndent(-margin * zoom if line.state else 0)
        block.setLeftMargin(margin * zoom)
        if line.value:
            # Of the widget, not the viewport: a scroll bar may come while the lines are written.
            # And from where the line begins, which is left of the margin where a state stands.
            width = self._width - 20 - 24 - (0 if line.state else margin * zoom)
            block.setTabPositions([QTextOption.Tab(width, QTextOption.TabType.RightTab)])
        if line.look == "number":
            tabs = [QTextOption.Tab(margin * zoom, QTextOption.TabType.LeftTab)]
            block.setTabPositions([*tabs, *block.tabPositions()])
        if number:
            cursor.insertBlock(block)
        else:
            cursor.setBlockFormat(block)
        if line.mark:
            cursor.insertImage(self._mark(line.mark, round(margin * zoom)))
        letters = QTextCharFormat()
        letters.setFont(face)
        if line.look == "number":
            self._write_number(cursor, line, letters)
            return
        if line.state:
            missed = line.state == MISSED
            letters.setForeground(colors.text if missed else colors.text2)
            letters.setFont(theme.font(points, 600 if missed else weight, zoom))
            cursor.insertText(f"{line.state}　", letters)
            letters.setFont(face)
        tone = "text2" if line.look == "head" else line.tone
        letters.setForeground(getattr(colors, tone))
        if line.look == "checks":
            letters.setAnchor(True)
            letters.setAnchorHref(_CHECKS)
        cursor.insertText(line.text, letters)
        if line.value:
            letters.setFont(theme.font(points, 600 if line.paragraph is None else weight, zoom))
            cursor.insertText("\t", letters)
            if line.paragraph is not None:
                letters.setForeground(colors.link)
                letters.setAnchor(True)
                letters.setAnchorHref(f"{_PARAGRAPH}{line.paragraph}")
            cursor.insertText(line.value, letters)

    def _write_number(self, cursor: QTextCursor, line: CardLine, letters: QTextCharFormat) -> None:
        """A number, what it speaks of, and what the table has; all of it leads into the text."""
        colors, zoom = theme.current(), self._zoom
        letters.setAnchor(True)
        letters.setAnchorHref(_UNFOLD if line.number is None else f"{_NUMBER}{line.number}")
        letters.setForeground(colors.link if line.unfolds else colors.text)
        if line.state:
            room = round((_COLUMN - 6) * zoom)
            shown = QFontMetrics(letters.font()).elidedText(line.state, Qt.TextElideMode.ElideRight, room)
            cursor.insertText(f"{shown}\t", letters)
            letters.setForeground(colors.text2)
        name = line.text
        if line.state:
            taken = QFontMetrics(letters.font()).horizontalAdvance(f"{line.value}国")
            room = self._width - 20 - 24 - round(_COLUMN * zoom) - taken
            name = QFontMetrics(letters.font()).elidedText(name, Qt.TextElideMode.ElideRight, max(room, 40))
        cursor.insertText(name, letters)
        if line.value:
            wrong = line.tone == "qrytext"
            letters.setForeground(getattr(colors, line.tone))
            letters.setFont(theme.font(9, 600 if wrong else 400, zoom))
            cursor.insertText(f"\t{line.value}", letters)

    def _mark(self, name: str, width: int) -> QTextImageFormat:
        """A mark as an image in the text, with the gap after it."""
        ratio = self.devicePixelRatioF()
        height = round(10 * self._zoom)
        pixmap = QPixmap(QSize(width, height) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        box = QRectF(0, 0, height, height)
        if name in ("same", "open"):
            _paint_state(painter, box, name)
        else:
            theme.paint_mark(painter, box, Severity(name))
        painter.end()
        url = QUrl(f"mark:{name}")
        self.document().addResource(QTextDocument.ResourceType.ImageResource.value, url, pixmap)
        image = QTextImageFormat()
        image.setName(url.toString())
        image.setWidth(width)
        image.setHeight(height)
        return image

    def set_zoom(self, zoom: float) -> None:
        self._zoom = zoom
        self.write(self._lines, again=True)

    def renew(self) -> None:
        """Writes the same lines in the colours of the scheme in use."""
        self.write(self._lines, again=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.width() != self._width and any(line.value for line in self._lines):
            self.write(self._lines, again=True)  # values stand at the right edge

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = self.anchorAt(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        link = self.anchorAt(event.position().toPoint())
        if not link or self.textCursor().hasSelection():
            return
        if link.startswith(_PARAGRAPH):
            self.paragraph_chosen.emit(int(link.removeprefix(_PARAGRAPH)))
        elif link.startswith(_NUMBER):
            self.number_chosen.emit(int(link.removeprefix(_NUMBER)))
        elif link == _CHECKS:
            self.checks_asked.emit()
        else:
            self.unfolded.emit()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        event.ignore()  # Qt would show a composition even in a text that cannot be edited, and move the caret behind it

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.context_menu().popup(event.globalPos())

    def context_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction("复制\tCtrl+C")
        copy.setEnabled(self.textCursor().hasSelection())
        copy.triggered.connect(self.copy)
        menu.addAction("全选\tCtrl+A").triggered.connect(self.selectAll)
        return menu


def _paint_state(painter: QPainter, box: QRectF, name: str) -> None:
    """＝ for what is equal, a dotted square for what was not compared."""
    pen = QPen(theme.current().text2, max(1.25, box.height() * 0.14))
    if name == "same":
        painter.setPen(pen)
        for y in (box.height() * 0.36, box.height() * 0.68):
            painter.drawLine(QPointF(1, y), QPointF(box.width() - 1, y))
    else:
        pen.setWidthF(1)
        pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.drawRect(box.adjusted(1, 1, -1.5, -1.5))
