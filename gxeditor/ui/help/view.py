"""The manual on the screen: its chapters left, the text of one right, a field that looks words up in all of it.

Knows how a chapter is drawn, where what is looked for was found and how one walks through it, and which keys are its
own. Links that lead out of the manual are passed on. Does not know where it stands, nor what leads to it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QAction,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTextBrowser,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gxeditor.paper.blocks import Block, Words
from gxeditor.ui.help.manual import Chapter, Manual, picture_image
from gxeditor.ui.look import theme

LIST, WIDTH = 148, 556
"""Logical pixels of the list of chapters, and of the whole where it stands beside a page."""
PICTURE = 364
"""The most of a picture's width."""
_TITLE = Qt.ItemDataRole.UserRole
_COLUMN = 620  # of a text that has all the room: more than 45 characters in a line are hard to follow
_OUT = ("go:", "do:")
_NAME = "使用说明"
_OWN = (Qt.Key.Key_Escape, Qt.Key.Key_F6, Qt.Key.Key_F3)
_SIZE = 9.75


class Hit(NamedTuple):
    """Where words were found: in which chapter, and there from which character of its text to which."""

    chapter: int
    start: int
    end: int


class ManualView(QWidget):
    """The manual, at a chapter.

    `closed` and `left` are Esc (or ×) and F6; `pdf_asked` is 「存为 PDF」; `turned` carries the title of the chapter
    that has come into view, `link_asked` a link that leads out of the manual: `go:` and the key of a page, `do:` and
    the name of a command.
    """

    closed = Signal()
    left = Signal()
    pdf_asked = Signal()
    link_asked = Signal(str)
    turned = Signal(str)

    def __init__(self, manual: Manual, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.manual = manual
        self.setAccessibleName(_NAME)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("ground", "base")
        self.setProperty("edge", "left")
        self._hits: tuple[Hit, ...] = ()
        self._at = -1
        self._shown = ""
        self._texts: list[str] = []
        self.search = QLineEdit()
        self.search.setPlaceholderText("在说明里找")
        self.search.setAccessibleName("在说明里找")
        self._glass = QAction("在说明里找", self.search)  # a screen reader meets it as a button
        self._glass.setToolTip("输入几个字，在整本说明里找（Ctrl+F）。")
        self._glass.triggered.connect(self.begin_search)
        theme.set_icon(self._glass, "search")
        self.search.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._look_up)
        self.count = theme.label("Ctrl+F", 8.25, tone="text3")
        self.count.setAccessibleName("找到多少处")
        self.pdf = QPushButton("存为 PDF")
        self.pdf.setProperty("link", True)
        self.pdf.setAutoDefault(False)
        self.pdf.setToolTip("把整本说明存成一个 PDF 文件，可以打印。")
        self.pdf.clicked.connect(self.pdf_asked)
        self.close_button = QToolButton()
        theme.set_icon(self.close_button, "close")
        self.close_button.setAccessibleName("关闭使用说明")
        self.close_button.setToolTip("收起使用说明，回到原来的地方（Esc）。")
        self.close_button.clicked.connect(self.closed)
        self.list = QListWidget()
        self.list.setProperty("bare", True)
        self.list.setProperty("plain", True)
        self.list.setFixedWidth(LIST)
        self.list.setAccessibleName("说明的各章")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setFont(theme.font())
        self.path = theme.label("", 8.25, tone="text2")
        self.text = _Text()
        self.text.anchorClicked.connect(self._follow)
        self._build()
        for chapter in manual.chapters:
            item = QListWidgetItem(f"{'　' * (chapter.level - 2)}{chapter.title}")
            item.setData(_TITLE, chapter.title)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, chapter.title)
            item.setSizeHint(QSize(0, 28))
            self.list.addItem(item)
        self.list.currentItemChanged.connect(self._chosen)
        theme.appearance.changed.connect(self._draw)
        self.show_chapter(manual.chapters[0].title)

    def _build(self) -> None:
        head = QFrame()
        head.setProperty("ground", "card")
        head.setProperty("edge", "bottom")
        across = QHBoxLayout(head)
        across.setContentsMargins(16, 8, 6, 8)
        across.setSpacing(10)
        across.addWidget(theme.label(_NAME, 10.5, 600))
        across.addWidget(self.search, 1)
        across.addWidget(self.count)
        across.addWidget(self.pdf)
        across.addWidget(self.close_button)
        left = QFrame()
        left.setProperty("ground", "card")
        left.setProperty("edge", "right")
        down = QVBoxLayout(left)
        down.setContentsMargins(0, 8, 0, 8)
        down.addWidget(self.list)
        right = QVBoxLayout()
        right.setContentsMargins(16, 10, 4, 0)
        right.setSpacing(0)
        right.addWidget(self.path)
        right.addWidget(self.text, 1)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(left)
        below.addLayout(right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addLayout(below, 1)
        self.setFocusProxy(self.text)
        for one, other in (
            (self.search, self.pdf),
            (self.pdf, self.close_button),
            (self.close_button, self.list),
        ):
            QWidget.setTabOrder(one, other)
        QWidget.setTabOrder(self.list, self.text)

    # --- chapters

    @property
    def chapter(self) -> Chapter:
        """The one in view."""
        return self.manual.chapter(self._shown)

    def show_chapter(self, title: str) -> None:
        """Brings a chapter into view, from its beginning. Raises `KeyError` if there is none."""
        chapter = self.manual.chapter(title)
        if title == self._shown and not self.text.says_nothing_found:
            self._mark()
            return
        self._shown = title
        open_one = chapter.within or chapter.title
        for row, each in enumerate(self.manual.chapters):
            self.list.setRowHidden(row, bool(each.within) and each.within != open_one)
        row = self.manual.chapters.index(chapter)
        if self.list.currentRow() != row:
            self.list.blockSignals(True)
            self.list.setCurrentRow(row)
            self.list.blockSignals(False)
        self.list.scrollToItem(self.list.item(row))
        self.path.setText(f"{chapter.within} › {chapter.title}" if chapter.within else "")
        self.path.setVisible(bool(chapter.within))
        self._draw()
        self.turned.emit(title)

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.show_chapter(item.data(_TITLE))

    def _draw(self) -> None:
        self.text.says_nothing_found = False
        self.text.show_html(self._html(self.chapter))
        self._mark()

    def _html(self, chapter: Chapter) -> str:
        """A chapter and, as links, what it is divided into."""
        parts = [one for one in self.manual.chapters if one.within == chapter.title]
        return chapter_html(chapter) + _links_html(parts)

    def _follow(self, link: QUrl) -> None:
        target = link.toString()
        if target.startswith(_OUT):
            self.link_asked.emit(target)
        else:
            self.show_chapter(link.fragment(QUrl.ComponentFormattingOption.FullyDecoded))

    # --- looking words up

    def begin_search(self) -> None:
        """Ctrl+F."""
        self.search.setFocus()
        self.search.selectAll()

    @property
    def hits(self) -> tuple[Hit, ...]:
        return self._hits

    def _look_up(self, words: str) -> None:
        wanted = words.strip()
        if not self._texts:  # as they are drawn, so that what is counted is what is marked
            self._texts = [drawn(self._html(chapter)).toRawText() for chapter in self.manual.chapters]
        self._hits = tuple(
            Hit(number, found.start(), found.end())
            for number, text in enumerate(self._texts)
            for found in (re.finditer(re.escape(wanted), text, re.IGNORECASE) if wanted else ())
        )
        self._at = -1
        if self._hits:
            here = self.manual.chapters.index(self.chapter)
            self._at = next((i for i, hit in enumerate(self._hits) if hit.chapter >= here), 0)
            self._show_hit()
        elif wanted:
            self.count.setText("没有")
            self.text.says_nothing_found = True
            self.text.show_html(_nothing_html(wanted, self.manual.nearest(wanted)))
            self.path.hide()
        else:
            self.count.setText("Ctrl+F")
            self._draw()

    def step(self, way: int) -> None:
        """The next place (1) or the one before (-1), around the end."""
        if self._hits:
            self._at = (self._at + way) % len(self._hits)
            self._show_hit()

    def _show_hit(self) -> None:
        self.count.setText(f"{self._at + 1} / {len(self._hits)} 处")
        self.show_chapter(self.manual.chapters[self._hits[self._at].chapter].title)

    def _mark(self) -> None:
        """Tints what was found in the chapter in view, the one at hand most, and scrolls to that."""
        colors, marks = theme.current(), []
        here = self.manual.chapters.index(self.chapter)
        for number, hit in enumerate(self._hits):
            if hit.chapter != here:
                continue
            cursor = QTextCursor(self.text.document())
            cursor.setPosition(hit.start)
            cursor.setPosition(hit.end, QTextCursor.MoveMode.KeepAnchor)
            mark, form = QTextEdit.ExtraSelection(), QTextCharFormat()
            at_hand = number == self._at
            form.setBackground(colors.accent if at_hand else colors.qrytint)
            form.setForeground(colors.accenttext if at_hand else colors.qrytext)
            mark.cursor, mark.format = cursor, form  # type: ignore[attr-defined]
            marks.append(mark)
            if at_hand:
                shown = QTextCursor(cursor)
                shown.clearSelection()
                self.text.setTextCursor(shown)
                self.text.ensureCursorVisible()
        self.text.setExtraSelections(marks)

    # --- keys

    def _is_own(self, event: QKeyEvent) -> bool:
        ctrl = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        return (ctrl and event.key() == Qt.Key.Key_F) or event.key() in _OWN

    def event(self, event: QEvent) -> bool:
        # Else a command of the window with the same key would take it.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._is_own(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            if self.search.hasFocus() and self.search.text():
                self.search.clear()
            else:
                self.closed.emit()
        elif event.key() == Qt.Key.Key_F6:
            self.left.emit()
        elif event.key() == Qt.Key.Key_F3:
            if self._hits:
                self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            else:
                self.begin_search()
        elif self._is_own(event):
            self.begin_search()
        elif enter and self.search.hasFocus():
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.step(-1 if back else 1)
        elif enter and self.list.hasFocus():
            self.text.setFocus()
        else:
            super().keyPressEvent(event)


class _Text(QTextBrowser):
    """The text of a chapter, in a column that is no wider than can be read."""

    def __init__(self) -> None:
        super().__init__()
        self.says_nothing_found = False
        self.setProperty("bare", True)
        self.setAccessibleName("说明正文")
        self.setOpenLinks(False)
        self.setMinimumWidth(200)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_html(self, content: str) -> None:
        self._document = drawn(content)  # which Qt does not keep for us
        self.setDocument(self._document)

    def resizeEvent(self, event: object) -> None:
        self.setViewportMargins(0, 0, max(0, self.contentsRect().width() - _COLUMN), 0)
        super().resizeEvent(event)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------ as Qt draws it


def drawn(content: str) -> QTextDocument:
    """A document of a chapter's HTML, with the pictures that it names."""
    document = QTextDocument()
    document.setDefaultFont(theme.font(_SIZE))
    document.setDocumentMargin(0)
    document.setIndentWidth(18)
    ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    for name, width in re.findall(r'<img src="([^"]+)" width="(\d+)"', content):
        image = picture_image(name).convertToFormat(QImage.Format.Format_RGB32)
        # Qt itself would drop lines instead of mixing them.
        image = image.scaledToWidth(round(int(width) * ratio), Qt.TransformationMode.SmoothTransformation)
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), image)
    document.setHtml(content)
    return document


def chapter_html(chapter: Chapter) -> str:
    """A chapter in the colours of now."""
    parts = [f'<p style="font-size:12pt; font-weight:600; margin:0 0 6px 0">{html.escape(chapter.title)}</p>']
    for kind, blocks in groupby(chapter.blocks, key=lambda block: (block.kind, block.mark == "·")):
        if kind[0] == "item":
            parts.append(_items(blocks, "ul" if kind[1] else "ol"))
        else:
            parts += [_drawn(block) for block in blocks]
    return "".join(parts)


_LINE = "line-height:112%"  # of the face's own, which for Chinese is half as much again as its size


def _items(blocks: Iterable[Block], tag: str) -> str:
    items = "".join(f'<li style="{_LINE}; margin:0 0 3px 0">{_spans(block.words)}</li>' for block in blocks)
    return f'<{tag} style="margin:0 0 8px 0">{items}</{tag}>'


def _drawn(block: Block) -> str:
    colors = theme.current().hex
    if block.kind == "heading":
        return f'<p style="font-weight:600; margin:10px 0 4px 0">{html.escape(block.text)}</p>'
    if block.kind == "table":
        return _table(block)
    if block.kind == "picture":
        image = picture_image(block.picture)
        if image.isNull():
            return ""
        width = min(PICTURE, round(image.width() / 2))  # drawn at twice the size, for fine screens
        caption = html.escape(block.text)
        return (
            f'<p style="margin:4px 0 0 0"><img src="{html.escape(block.picture)}" width="{width}"></p>'
            f'<p style="margin:2px 0 10px 0; font-size:8.25pt; color:{colors.text2}">{caption}</p>'
        )
    return f'<p style="{_LINE}; margin:0 0 8px 0">{_spans(block.words)}</p>'


def _table(block: Block) -> str:
    colors = theme.current().hex
    lines = []
    for number, row in enumerate(block.rows):
        style = f"border-bottom:1px solid {colors.line if number else colors.line2}"
        if not number:
            style += f"; color:{colors.text2}"
        cells = (f'<td style="{style}">{_spans(words)}</td>' for words in row)
        lines.append(f"<tr>{''.join(cells)}</tr>")
    table = '<table width="100%" cellspacing="0" cellpadding="4" style="border-collapse:collapse; border-width:0">'
    return f'{table}{"".join(lines)}</table><p style="margin:0 0 6px 0; font-size:4pt"></p>'


def _spans(words: Words) -> str:
    return "".join(_spanned(words))


def _spanned(words: Words) -> Iterator[str]:
    for text, strong, link in words:
        said = html.escape(text)
        if strong:
            said = f'<span style="font-weight:600">{said}</span>'
        if link:
            color = theme.current().hex.link
            said = f'<a href="{html.escape(link)}" style="color:{color}; text-decoration:none">{said}</a>'
        yield said


def _links_html(chapters: Iterable[Chapter]) -> str:
    color = theme.current().hex.link
    return "".join(
        f'<p style="margin:0 0 5px 0"><a href="#{html.escape(one.title)}" style="color:{color}; '
        f'text-decoration:none">{html.escape(one.title)}</a></p>'
        for one in chapters
    )


def _nothing_html(wanted: str, nearest: Iterable[Chapter]) -> str:
    return (
        f'<p style="font-weight:600; margin:0 0 8px 0">没有找到“{html.escape(wanted)}”</p>'
        f'<p style="margin:0 0 6px 0">最接近的几章：</p>{_links_html(nearest)}'
    )
