"""The look: every colour, face, icon and mark, in one place.

Knows the tokens of both schemes and all that is made from them: palette, style sheet, icons, and the
painting of severity marks, signs, badges and device-pixel lines. It deliberately knows no widget of ours
and no report: a widget asks `current()` for a colour when it paints, so a change of scheme reaches it with
the next paint.

Widgets choose a look by dynamic properties that the style sheet reads (see `restyle`):

- `primary`, `link`, `chip`: a push button that names the result, one that looks like a link, or a filter
- `tone`: the token of a label's text, `ground`: the token behind a frame, `edge`: the side of it with a line
- `bare`: a tool button in a low bar, or an input or view that stands inside another frame
- `refused`: an input whose text was not taken, `held`: a text that is only to be read
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from math import ceil, floor
from string import Template
from typing import Generic, Literal, NamedTuple, TypeVar

from PySide6.QtCore import QByteArray, QDir, QMarginsF, QObject, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
    QStyleHints,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from gxeditor.core.checks.rules import Severity
from gxeditor.core.checks.standing import State
from gxeditor.resources import resource

T = TypeVar("T")
Scheme = Literal["light", "dark", "system"]


@dataclass(frozen=True)
class Tokens(Generic[T]):
    """One value per role of colour: `Tokens[str]` holds "#rrggbb", a theme holds ready colours.

    `line`, `line2` and `edge` are decoration only: nothing may be told by them alone.
    """

    window: T  # menu, toolbar, tab strip, bars
    base: T  # cells, prose paper, inputs
    card: T  # side card, rail
    text: T
    text2: T  # secondary text; a zero on a selection or tint
    text3: T  # placeholder, shortcut, rule code, disabled
    zero: T  # the figure 0
    line: T  # grid line, separators
    line2: T  # group and frame lines of tables
    edge: T  # bar edges, input and button borders
    head: T  # heading cell
    headtext: T
    headact: T  # heading of the current row or column
    total: T  # automatic total
    totaltext: T
    accent: T  # primary button, active tab line
    accenttext: T
    link: T  # link, text of an active toggle
    accenttint: T  # active toggle, active filter
    sel: T  # selection, current row of a list
    seltext: T
    focus: T  # 2 px cell frame, input ring
    err: T  # ▲ mark, sign chip, outline
    errwash: T  # cell of an equation that is not met; faint, so △ and 「差 9」 tell it as well
    errtint: T
    errtext: T
    qry: T  # ◆ mark
    qrytint: T
    qrytext: T
    hint: T  # ○ mark
    hinttint: T
    hinttext: T
    claim: T  # double underline of a disagreeing number
    bound: T  # number tied to a cell; mapped template cell
    boundtext: T
    last: T  # last year's value
    tip: T  # tooltip, popover


LIGHT: Tokens[str] = Tokens(
    window="#F2F4F6", base="#FFFFFF", card="#FAFBFC", text="#1D232B",
    text2="#535C68", text3="#626B77", zero="#626B77",
    line="#D6DBE1", line2="#A0AAB7", edge="#C3CAD3", head="#EAEEF3", headtext="#2B3440", headact="#D3DFEC",
    total="#F3F3F0", totaltext="#1D232B", accent="#2A5B8C", accenttext="#FFFFFF",
    link="#23527F", accenttint="#E4ECF5",
    sel="#DCE8F4", seltext="#1D232B", focus="#2A5B8C", claim="#BF3B2B",
    err="#BF3B2B", errwash="#FDF3F1", errtint="#F9DAD4", errtext="#992A1C",
    qry="#B06F00", qrytint="#FDF1D3", qrytext="#784C00",
    hint="#3C7AA6", hinttint="#E4EFF7", hinttext="#285A80", bound="#E6EBF4",
    boundtext="#23466B", last="#665C84", tip="#FFFFFF",
)  # fmt: skip
DARK: Tokens[str] = Tokens(
    window="#1D2025", base="#24282E", card="#2A2F36", text="#E6E9ED",
    text2="#B1B9C4", text3="#98A2AF", zero="#98A2AF",
    line="#3B424C", line2="#5C6673", edge="#4A525D", head="#2E343C", headtext="#D9DEE5", headact="#3B4B5E",
    total="#2C2E30", totaltext="#F0F2F4", accent="#7FB0E0", accenttext="#10202F",
    link="#93BFEA", accenttint="#2B3B4C",
    sel="#2F4660", seltext="#F2F5F8", focus="#8FBDEB", claim="#FF8B78",
    err="#FF8B78", errwash="#35292B", errtint="#5A2F2B", errtext="#FFB9AC",
    qry="#E3AC4C", qrytint="#443819", qrytext="#F3CE8B",
    hint="#7DB5DB", hinttint="#243A4B", hinttext="#ABD3EF", bound="#2F3B4D",
    boundtext="#BBD3EE", last="#B9AEDB", tip="#2F353D",
)  # fmt: skip
TOKEN_NAMES: tuple[str, ...] = tuple(field.name for field in fields(LIGHT))


TONES = {Severity.ERROR: "err", Severity.QUERY: "qry", Severity.HINT: "hint"}
"""The token of a severity's colour; with `tint` and `text` behind it those of its ground and its words."""


class SeverityColors(NamedTuple):
    mark: QColor
    tint: QColor
    text: QColor


@dataclass(frozen=True)
class Theme(Tokens[QColor]):
    """One scheme, ready: `theme.err` a QColor, `theme.hex.err` text."""

    dark: bool
    hex: Tokens[str]
    severity: dict[Severity, SeverityColors]


def theme_of(tokens: Tokens[str], dark: bool) -> Theme:
    colors = {name: QColor(getattr(tokens, name)) for name in TOKEN_NAMES}
    return Theme(
        **colors,
        dark=dark,
        hex=tokens,
        severity={
            severity: SeverityColors(colors[name], colors[f"{name}tint"], colors[f"{name}text"])
            for severity, name in TONES.items()
        },
    )


# ------------------------------------------------------------------------- the scheme in use


_ASKED: dict[Scheme, Qt.ColorScheme] = {
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
    "system": Qt.ColorScheme.Unknown,
}


class Appearance(QObject):
    """The scheme in use. `changed` is emitted after palette and style sheet have been replaced.

    Ordinary widgets repaint by themselves then; listen only to renew what was made from a colour earlier,
    such as a pixmap or a text format.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = theme_of(LIGHT, dark=False)
        self._scheme: Scheme = "light"
        self._watched: QStyleHints | None = None

    def apply(self, app: QApplication, scheme: Scheme) -> Theme:
        hints = app.styleHints()
        self._scheme = scheme
        if self._watched is not hints:
            self._watched = hints
            if (
                app.property("fusion") is None
            ):  # asking for the style makes a dozen enumerations: 5 ms of a start
                app.setStyle("Fusion")
            QDir.setSearchPaths("icons", [str(resource("icons"))])
            hints.colorSchemeChanged.connect(self._follow)
        # Also gives the title bar its scheme where the platform draws one.
        asked = _ASKED[scheme]
        hints.setColorScheme(asked)
        self._use(app, hints.colorScheme() if scheme == "system" else asked)
        return self.theme

    @Slot(Qt.ColorScheme)
    def _follow(self, asked: Qt.ColorScheme) -> None:
        app = QApplication.instance()
        if self._scheme == "system" and isinstance(app, QApplication):
            self._use(app, asked)

    def _use(self, app: QApplication, asked: Qt.ColorScheme) -> None:
        dark = asked is Qt.ColorScheme.Dark
        self.theme = theme_of(DARK if dark else LIGHT, dark)
        app.setFont(font(9))
        app.setPalette(palette(self.theme))
        app.setStyleSheet(style_sheet(self.theme))
        self.changed.emit()


appearance = Appearance()


def current() -> Theme:
    """The theme in use; the light one until `apply_theme` was called."""
    return appearance.theme


def apply_theme(app: QApplication, scheme: Scheme = "system") -> Theme:
    """Give the application Fusion and our palette, style sheet and face; may be called again.

    With "system" the application follows the system from then on; a system that says nothing is light.
    """
    return appearance.apply(app, scheme)


def palette(theme: Theme) -> QPalette:
    """Every role of every group, so that nothing is left to the platform's own colours."""
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.base,
        QPalette.ColorRole.AlternateBase: theme.card,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.text3,
        QPalette.ColorRole.Button: theme.window,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.BrightText: theme.accenttext,
        QPalette.ColorRole.Highlight: theme.sel,
        QPalette.ColorRole.HighlightedText: theme.seltext,
        QPalette.ColorRole.Accent: theme.accent,
        QPalette.ColorRole.Link: theme.link,
        QPalette.ColorRole.LinkVisited: theme.link,
        QPalette.ColorRole.ToolTipBase: theme.tip,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Light: theme.base,
        QPalette.ColorRole.Midlight: theme.line,
        QPalette.ColorRole.Mid: theme.edge,
        QPalette.ColorRole.Dark: theme.line2,
        QPalette.ColorRole.Shadow: theme.line2,
    }
    disabled = {
        QPalette.ColorRole.WindowText: theme.text3,
        QPalette.ColorRole.Text: theme.text3,
        QPalette.ColorRole.ButtonText: theme.text3,
        QPalette.ColorRole.HighlightedText: theme.text3,
        QPalette.ColorRole.Base: theme.window,
        QPalette.ColorRole.Highlight: theme.head,
        QPalette.ColorRole.Accent: theme.line2,
        QPalette.ColorRole.Link: theme.text3,
    }
    result = QPalette()
    for role, color in roles.items():
        result.setColor(QPalette.ColorGroup.All, role, color)
    for role, color in disabled.items():
        result.setColor(QPalette.ColorGroup.Disabled, role, color)
    return result


def plain_tip(text: str) -> str:
    """What makes a tool tip show just this text, whatever stands in it.

    Qt takes a text that looks like markup for markup, and an image in it opens the file or share that it names.
    """
    if "<" not in text and "&" not in text:
        return text
    import html  # its table of entities costs a start more than all the rest of this module

    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>"


def plain_action(text: str) -> str:
    """What makes an action, a button or a tab show just this text: no “&” in it underlines a letter."""
    return text.replace("&", "&&")


class Label(QLabel):
    """Words that are shown as they are: nothing in them is markup (see `plain_tip`)."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


def label(text: str = "", points: float = 9, weight: int = 400, tone: str = "text") -> Label:
    """Words on one line, in a size, weight and colour of the design."""
    made = Label(text)
    made.setFont(font(points, weight))
    made.setProperty("tone", tone)
    return made


def restyle(widget: QWidget, **properties: object) -> None:
    """Set look properties, such as `primary=True` or `refused=False`; the widget may already be on screen."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    if widget.testAttribute(
        Qt.WidgetAttribute.WA_WState_Polished
    ):  # else Qt looks at them when it shows it first
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)


# ------------------------------------------------------------------------------------- faces

FAMILIES = ["Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC"]


def face_weight(family: str, weight: int) -> int:
    """The weight to ask of `family` for a weight of the design (400, 500, 600).

    YaHei has Regular and Bold alone; asked for 500 or 600 some systems thicken the Regular artificially.
    """
    if "yahei" in family.lower() or "雅黑" in family:
        return 400 if weight <= 500 else 700
    return weight


@cache
def _family() -> str:
    """What the system resolves our families to."""
    face = QFont()
    face.setFamilies(FAMILIES)
    return QFontInfo(face).family()


@cache
def _font(points: float, weight: int) -> QFont:
    face = QFont()
    face.setFamilies(FAMILIES)
    face.setPointSizeF(points)
    face.setWeight(QFont.Weight(face_weight(_family(), weight)))
    return face


def font(points: float = 9, weight: int = 400, zoom: float = 1.0) -> QFont:
    """The interface face in weight 400, 500 (figures) or 600 (totals, titles). `zoom` 1 is 100 %."""
    return QFont(_font(points * zoom, weight))


# ------------------------------------------------------------------------------------- icons

RATIOS = (1.0, 1.25, 1.5, 1.75, 2.0)
"""Device pixel ratios an icon is rendered for, besides those of the screens present. Pixmaps rather than
an icon engine: one written in Python crashes when Qt clones it."""


@cache
def _shapes(name: str, size: int, ratios: tuple[float, ...]) -> tuple[QPixmap, ...]:
    """The drawing in its own colours and in black where it asks for `currentColor`, one pixmap per ratio."""
    from PySide6.QtSvg import QSvgRenderer  # a library of its own, not needed to import this module

    renderer = QSvgRenderer(QByteArray(resource(f"icons/{name}.svg").read_bytes()))
    pixmaps = []
    for ratio in ratios:
        pixmap = QPixmap(QSize(size, size) * ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        pixmaps.append(pixmap)
    return tuple(pixmaps)


@cache
def _icon(name: str, colors: tuple[str, str, str], size: int, ratios: tuple[float, ...]) -> QIcon:
    states = (
        (QIcon.Mode.Normal, QIcon.State.Off),
        (QIcon.Mode.Normal, QIcon.State.On),
        (QIcon.Mode.Disabled, QIcon.State.Off),
    )
    result = QIcon()
    for shape in _shapes(name, size, ratios):
        for color, (mode, state) in zip(colors, states, strict=True):
            pixmap = QPixmap(shape)
            painter = QPainter(pixmap)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
            painter.setOpacity(0.7 if mode is QIcon.Mode.Disabled else 1)
            painter.fillRect(pixmap.rect(), QColor(color))
            painter.end()
            result.addPixmap(pixmap, mode, state)
    return result


def _screen_ratios() -> frozenset[float]:
    return frozenset(screen.devicePixelRatio() for screen in QGuiApplication.screens())


def icon(
    name: str, color: str | None = None, size: int = 16, *, ratios: frozenset[float] = frozenset(RATIOS)
) -> QIcon:
    """An icon of resources/icons by its name, drawn for `size`, in the token `color` of the theme in use.

    Without `color` it is a tool's: `text2`, `link` while checked, a pale `text3` while disabled. It keeps
    its colours when the scheme changes; `set_icon` renews them. Raises `GxError` if there is no such icon.
    """
    tokens = current().hex
    normal, checked = (tokens.text2, tokens.link) if color is None else (getattr(tokens, color),) * 2
    wanted = tuple(sorted(ratios | _screen_ratios()))
    return _icon(name, (normal, checked, tokens.text3), size, wanted)


class _IconKeeper(QObject):
    """Renews the icon of its parent when the scheme or the screens change, and dies with it.

    Drawn for the screens present only: two dozen icons for five ratios are a tenth of the program's start.
    """

    def __init__(self, target: QAction | QAbstractButton, name: str, color: str | None, size: int) -> None:
        super().__init__(target)
        self._target = target
        self.wanted = (name, color, size)
        appearance.changed.connect(self.renew)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.connect(self.renew)

    @Slot()
    def renew(self) -> None:
        self._target.setIcon(icon(*self.wanted, ratios=frozenset()))


def set_icon(target: QAction | QAbstractButton, name: str, color: str | None = None, size: int = 16) -> None:
    """Give `target` the icon `icon(name, color, size)`, and again whenever the scheme changes."""
    if isinstance(target, QAbstractButton):
        target.setIconSize(QSize(size, size))
    keeper = target.findChild(_IconKeeper, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if keeper is None:
        keeper = _IconKeeper(target, name, color, size)
    keeper.wanted = (name, color, size)
    keeper.renew()


def app_icon() -> QIcon:
    """The program's own icon, for the windows and the task bar."""
    result = QIcon()
    for size in (16, 20, 24, 32, 40, 48, 64, 256):
        result.addPixmap(_shapes("app", size, (1.0,))[0])
    return result


# ----------------------------------------------------------------------------- device pixels


class Pixels:
    """The device pixels under one painter, for lines that come out evenly at 125 % and 150 %.

    A pen 1 unit wide is 1 or 2 device pixels there, depending on where it falls. Everything here is filled
    instead, from one device pixel edge to another. Coordinates are the painter's; make one per paint event,
    after any translation. Not for rotated painters.
    """

    __slots__ = ("_dx", "_dy", "_painter", "_scale", "line")

    def __init__(self, painter: QPainter) -> None:
        transform = painter.deviceTransform()
        self._painter = painter
        self._scale = transform.m11()
        self._dx = transform.dx()
        self._dy = transform.dy()
        self.line = self.width(1)  # a hairline's thickness in the painter's units

    def width(self, width: float) -> float:
        """`width` cut down to whole device pixels, at least one."""
        return max(1, floor(width * self._scale + 1e-6)) / self._scale

    def x(self, x: float) -> float:
        """The device pixel edge nearest to `x`."""
        return (floor(x * self._scale + self._dx + 0.5) - self._dx) / self._scale

    def y(self, y: float) -> float:
        return (floor(y * self._scale + self._dy + 0.5) - self._dy) / self._scale

    def rect(self, x: float, y: float, width: float, height: float) -> QRectF:
        """That rectangle with all four edges on device pixels; neighbours still meet."""
        left, top = self.x(x), self.y(y)
        return QRectF(left, top, self.x(x + width) - left, self.y(y + height) - top)

    def fill(self, x: float, y: float, width: float, height: float, color: QColor) -> None:
        self._painter.fillRect(self.rect(x, y, width, height), color)

    def hline(self, x: float, y: float, width: float, color: QColor) -> None:
        """A hairline from `x` to `x + width` whose upper edge is at `y`."""
        left = self.x(x)
        self._painter.fillRect(QRectF(left, self.y(y), self.x(x + width) - left, self.line), color)

    def vline(self, x: float, y: float, height: float, color: QColor) -> None:
        """A hairline from `y` to `y + height` whose left edge is at `x`."""
        top = self.y(y)
        self._painter.fillRect(QRectF(self.x(x), top, self.line, self.y(y + height) - top), color)

    def frame(self, rect: QRectF, color: QColor, width: float = 1) -> None:
        """A frame inside `rect`, `width` units thick, cut down to whole device pixels."""
        thick = self.width(width)
        outer = self.rect(rect.x(), rect.y(), rect.width(), rect.height())
        left, top, right, bottom = outer.left(), outer.top(), outer.right(), outer.bottom()
        for part in (
            QRectF(left, top, outer.width(), thick),
            QRectF(left, bottom - thick, outer.width(), thick),
            QRectF(left, top + thick, thick, outer.height() - 2 * thick),
            QRectF(right - thick, top + thick, thick, outer.height() - 2 * thick),
        ):
            self._painter.fillRect(part, color)


# ------------------------------------------------------------------- marks, signs and badges

SIGN_SIZE = 13
BADGE_HEIGHT = 16


def paint_mark(painter: QPainter, rect: QRectF, severity: Severity, *, hollow: bool = False) -> None:
    """The severity's shape, ▲ filled, ◆ filled or ○ ring, as large as the square in the middle of `rect`.

    7 or 8 units in a cell, 8 in a badge, 10 to 12 before a line of text. The shape alone tells the severity.
    A `hollow` △ stands at what does not fit but need not be what is wrong.
    """
    size = min(rect.width(), rect.height())
    center = rect.center()
    x, y = center.x(), center.y()
    half = size / 2
    color = current().severity[severity].mark
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if hollow:
        thick = max(1.25, size * 0.15)
        half = (size - thick) / 2
    if severity is Severity.HINT:
        thick = max(1.25, size * 0.18)
        painter.setPen(QPen(color, thick))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(x, y), half - thick / 2, half - thick / 2)
    else:
        painter.setPen(QPen(color, thick) if hollow else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush if hollow else color)
        if severity is Severity.ERROR:
            rise = half * 0.9  # 0.9 high: nearly equilateral
            corners = [QPointF(x, y - rise), QPointF(x + half, y + rise), QPointF(x - half, y + rise)]
        else:
            corners = [QPointF(x, y - half), QPointF(x + half, y), QPointF(x, y + half), QPointF(x - half, y)]
        painter.drawPolygon(QPolygonF(corners))
    painter.restore()


def paint_state(painter: QPainter, rect: QRectF, state: State, severity: Severity) -> None:
    """How a rule stands, always beside its word: open ones as `paint_mark`, the others hollow or grey.

    A hollow diamond is explained, a dotted square not checked, a struck ring closed, two bars met.
    """
    if state is State.OPEN:
        paint_mark(painter, rect, severity)
        return
    colors, size = current(), min(rect.width(), rect.height())
    x, y, half = rect.center().x(), rect.center().y(), size / 2
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state is State.EXPLAINED:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors.qry, 1.4))
        reach = half - 0.9
        corners = [QPointF(x, y - reach), QPointF(x + reach, y), QPointF(x, y + reach), QPointF(x - reach, y)]
        painter.drawPolygon(QPolygonF(corners))
    elif state is State.NOT_CHECKED:
        pixels, side = Pixels(painter), int(size) - 2
        left, top = x - half + 1, y - half + 1
        for step in range(0, side, 2):  # dots: a dashed pen closes up at 150 %
            for across, down in ((step, 0), (step, side - 1), (0, step), (side - 1, step)):
                painter.fillRect(
                    QRectF(pixels.x(left + across), pixels.y(top + down), pixels.line, pixels.line),
                    colors.text2,
                )
    elif state is State.CLOSED:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors.text2, 1.2))
        painter.drawEllipse(QPointF(x, y), half - 1, half - 1)
        slant = (half - 1) * 0.7
        painter.drawLine(QPointF(x - slant, y + slant), QPointF(x + slant, y - slant))
    else:
        pixels = Pixels(painter)
        for above in (-2.5, 1.5):
            pixels.fill(x - half + 1, y + above, size - 2, 1.2, colors.text2)
    painter.restore()


def paint_sign(
    painter: QPainter, rect: QRectF, sign: str, severity: Severity, size: float = SIGN_SIZE
) -> None:
    """The part a cell plays in a finding: a filled chip, `size` square, in the middle of `rect`.

    `sign` is "+", "-" (or "−") or "=".
    """
    theme = current()
    pixels = Pixels(painter)
    side, unit = pixels.width(size), size / SIGN_SIZE
    left = pixels.x(rect.center().x() - side / 2)
    top = pixels.y(rect.center().y() - side / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.severity[severity].mark)
    painter.drawRoundedRect(QRectF(left, top, side, side), 2, 2)
    painter.restore()
    # Long and thick are made of the same oddness in device pixels, or a plus would lean to one side.
    thick = pixels.width(2 * unit)
    long = thick + 2 * pixels.width(3 * unit)
    start, middle = left + pixels.width((side - long) / 2), left + pixels.width((side - thick) / 2)
    upper, center = top + (start - left), top + (middle - left)
    bars = {
        "+": ((start, center, long, thick), (middle, upper, thick, long)),
        "=": ((start, center - thick, long, thick), (start, center + thick, long, thick)),
    }.get(sign, ((start, center, long, thick),))
    for bar in bars:
        pixels.fill(*bar, theme.base)


SWAP_SIZE = 15, 13


def paint_swap(painter: QPainter, rect: QRectF, severity: Severity = Severity.ERROR) -> None:
    """⇄, two figures that stand in each other's place: a filled chip, `SWAP_SIZE`, in the middle of `rect`."""
    theme = current()
    pixels = Pixels(painter)
    wide, high = (pixels.width(side) for side in SWAP_SIZE)
    left, top = pixels.x(rect.center().x() - wide / 2), pixels.y(rect.center().y() - high / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.severity[severity].mark)
    painter.drawRoundedRect(QRectF(left, top, wide, high), 2, 2)
    painter.setPen(QPen(theme.base, 1.25))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    start, end = left + wide * 0.2, left + wide * 0.8
    for y, tip, back in ((top + high * 0.34, end, -2.5), (top + high * 0.66, start, 2.5)):
        painter.drawLine(QPointF(start, y), QPointF(end, y))
        painter.drawPolyline(
            QPolygonF([QPointF(tip + back, y - 2.2), QPointF(tip, y), QPointF(tip + back, y + 2.2)])
        )
    painter.restore()


def _badge_text(count: int) -> str:
    return str(count) if count <= 99 else "99+"


def badge_size(count: int) -> QSize:
    """The size of the badge with `count`; badges stand 4 apart and 8 after the name."""
    width = QFontMetricsF(font(8.25, 600)).horizontalAdvance(_badge_text(count))
    return QSize(20 + ceil(width), BADGE_HEIGHT)


def paint_badge(painter: QPainter, rect: QRectF, severity: Severity | None, count: int) -> None:
    """How many findings of `severity` a tab has, or how many questions (?) for None: tint, shape and count.

    The `rect` has `badge_size(count)`.
    """
    colors = current().severity[severity or Severity.QUERY]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colors.tint)
    painter.drawRoundedRect(rect, 3, 3)
    painter.setFont(font(8.25, 600))
    painter.setPen(colors.text)
    if severity is None:
        painter.drawText(
            QRectF(rect.left() + 4, rect.top(), 8, rect.height()), Qt.AlignmentFlag.AlignCenter, "?"
        )
    else:
        paint_mark(painter, QRectF(rect.left() + 4, rect.center().y() - 4, 8, 8), severity)
    text = rect.marginsRemoved(QMarginsF(14, 0, 0, 0))
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, _badge_text(count))
    painter.restore()


# --------------------------------------------------------------------------- the style sheet

_SHEET = Template("""
QDialog { background: $base; }
QMenuBar { background: $window; color: $text; padding: 0 3px; }
QMenuBar::item { background: transparent; padding: 4px 13px; border-radius: 3px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $head; }
QMenu { background: $tip; color: $text; border: 1px solid $edge; padding: 4px 0; }
QMenu::item { padding: 5px 24px 5px 30px; border: none; }
QMenu::item:selected { background: $sel; color: $seltext; }
QMenu::item:disabled { color: $text3; background: transparent; }
QMenu::icon { left: 9px; }
QMenu::indicator { left: 9px; width: 16px; height: 16px; }
QMenu::indicator:checked { image: url(icons:$folder/tick.svg); }
QMenu::right-arrow { image: url(icons:$folder/right.svg); width: 16px; height: 16px; right: 4px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 0; }

QToolBar { background: $window; border: none; padding: 2px; spacing: 1px; icon-size: 16px; }
QToolBar::separator { background: $edge; width: 1px; margin: 6px 4px; }
QToolButton {
    background: transparent; color: $text; border: none; border-radius: 3px; padding: 0 3px; min-height: 25px;
}
QToolBar QToolButton { padding: 0 0 0 6px; }
QToolButton:hover { background: $head; }
QToolButton:pressed { background: $headact; }
QToolButton:checked { background: $accenttint; color: $link; }
QToolButton:disabled { color: $text3; background: transparent; }
QToolButton:focus { border: 2px solid $focus; padding: 0 1px; min-height: 21px; }
QToolBar QToolButton:focus { padding: 0 0 0 4px; }
QToolButton::menu-indicator { image: none; }
QToolButton[tone="errtext"] { color: $errtext; }
QToolButton[tone="link"] { color: $link; font-size: 8.25pt; }
QLineEdit[tone="text2"] { color: $text2; }
QToolButton[bare="true"] { padding: 0 3px; min-height: 17px; }
QToolButton[bare="true"]:focus { border: 1px solid $focus; padding: 0 2px; min-height: 15px; }
QLineEdit QToolButton { padding: 0; min-height: 0; background: transparent; }

QTabBar { background: $window; border: none; }
QTabBar::tab {
    background: transparent; color: $text2; font-size: 9.75pt;
    border: none; padding: 5px 14px; min-height: 20px;
}
QTabBar::tab:first { margin-left: 8px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected {
    background: $base; color: $text; font-weight: $strong; padding: 3px 13px 4px 13px;
    border: 1px solid $edge; border-top: 2px solid $accent; border-bottom: 1px solid $base;
}
QTabBar::tab:disabled { color: $text3; }
QTabBar::tab:selected:focus { color: $link; text-decoration: underline; }
QTabWidget::pane { border: none; border-top: 1px solid $edge; top: -1px; background: $base; }

QPushButton {
    background: $base; color: $text;
    border: 1px solid $edge; border-radius: 3px; padding: 0 14px; min-height: 26px;
}
QPushButton:hover { background: $window; border-color: $line2; }
QPushButton:pressed, QPushButton:checked { background: $accenttint; color: $link; }
QPushButton:focus { border: 2px solid $focus; padding: 0 13px; min-height: 24px; }
QPushButton:disabled { background: $window; color: $text3; border-color: $line; }
QPushButton[primary="true"] {
    background: $accent; color: $accenttext; border-color: $accent; font-weight: $strong;
}
QPushButton[primary="true"]:hover, QPushButton[primary="true"]:pressed {
    background: $link; border-color: $link;
}
QPushButton[primary="true"]:focus { border: 2px solid $sel; }
QPushButton[primary="true"]:disabled { background: $head; color: $text3; border-color: $head; }
QPushButton[link="true"] {
    background: transparent; color: $link; border-color: transparent; padding: 0 8px; min-height: 20px;
}
QPushButton[link="true"]:hover { text-decoration: underline; }
QPushButton[link="true"]:focus { border: 2px solid $focus; padding: 0 7px; min-height: 18px; }
QPushButton[link="true"]:disabled { color: $text3; }
QPushButton[chip="true"] {
    background: transparent; color: $text; border-color: transparent; padding: 0 9px; min-height: 22px;
}
QPushButton[chip="true"]:hover { background: $head; }
QPushButton[chip="true"]:checked { background: $accenttint; color: $link; }
QPushButton[chip="true"]:focus { border: 2px solid $focus; padding: 0 8px; min-height: 20px; }

QLineEdit, QAbstractSpinBox, QComboBox {
    background: $base; color: $text;
    border: 1px solid $edge; border-radius: 3px; padding: 0 8px; min-height: 26px;
    selection-background-color: $sel; selection-color: $seltext; placeholder-text-color: $text3;
}
QPlainTextEdit, QTextEdit, QTextBrowser {
    background: $base; color: $text; border: 1px solid $edge; border-radius: 3px; padding: 4px;
    selection-background-color: $sel; selection-color: $seltext; placeholder-text-color: $text3;
}
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover, QPlainTextEdit:hover, QTextEdit:hover {
    border-color: $line2;
}
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
    border: 2px solid $focus; padding: 0 7px; min-height: 24px;
}
QPlainTextEdit:focus, QTextEdit:focus, QTextBrowser:focus { border: 2px solid $focus; padding: 3px; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled,
QPlainTextEdit:disabled, QTextEdit:disabled {
    background: $window; color: $text3; border-color: $line;
}
QLineEdit:read-only { background: $window; }
QAbstractSpinBox { min-height: 23px; }
QAbstractSpinBox:focus { min-height: 21px; }
QLineEdit[refused="true"], QAbstractSpinBox[refused="true"], QComboBox[refused="true"] {
    border: 2px solid $err; padding: 0 7px; min-height: 24px;
}
QAbstractSpinBox[refused="true"] { min-height: 21px; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 24px; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url(icons:$folder/down.svg); width: 16px; height: 16px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    background: transparent; border: none; width: 20px;
}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $head; }
QAbstractSpinBox::up-arrow { image: url(icons:$folder/up.svg); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url(icons:$folder/down.svg); width: 12px; height: 12px; }
QCheckBox, QRadioButton { color: $text; spacing: 8px; }
QCheckBox:disabled, QRadioButton:disabled { color: $text3; }
QCheckBox::indicator, QRadioButton::indicator {
    background: $base; border: 1px solid $text3; border-radius: 2px; width: 14px; height: 14px;
}
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $focus; }
QCheckBox::indicator:checked {
    background: $accent; border-color: $accent; image: url(icons:$folder/tick-on-accent.svg);
}
QRadioButton::indicator:checked { border: 5px solid $accent; width: 6px; height: 6px; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line2; }
QCheckBox::indicator:checked:disabled { background: $line2; }

QAbstractItemView QLineEdit, QAbstractSpinBox QLineEdit, QComboBox QLineEdit, QLineEdit[bare="true"] {
    background: $base; border: none; border-radius: 0; padding: 0; min-height: 0;
}
QPlainTextEdit[bare="true"], QTextEdit[bare="true"], QTextBrowser[bare="true"] {
    border: none; border-radius: 0; padding: 0;
}
QTextEdit[held="true"] { background: $window; }

QListView, QTreeView, QTableView {
    background: $base; alternate-background-color: $card; color: $text; border: 1px solid $edge;
    gridline-color: $line; outline: none; selection-background-color: $sel; selection-color: $seltext;
}
QListView[bare="true"], QTreeView[bare="true"], QTableView[bare="true"] {
    background: transparent; border: none;
}
QListView::item, QTreeView::item {
    padding: 5px 8px 5px 5px; border: none; border-left: 3px solid transparent;
    border-bottom: 1px solid $line;
}
QListView[plain="true"]::item { border-bottom: none; }
QListView::item:hover, QTreeView::item:hover { background: $card; }
QListView::item:selected, QTreeView::item:selected {
    background: $sel; color: $seltext; border-left-color: $accent;
}
QComboBox QAbstractItemView { background: $tip; border: 1px solid $edge; }
QComboBox QAbstractItemView::item { border: none; padding: 4px 8px; }
QListView:focus, QTreeView:focus, QTableView:focus { border-color: $focus; }
QHeaderView { background: $head; }
QHeaderView::section {
    background: $head; color: $headtext; padding: 4px 8px;
    border: none; border-right: 1px solid $line; border-bottom: 1px solid $line2;
}
QHeaderView::section:checked { background: $headact; font-weight: 400; }
QTableCornerButton::section { background: $head; border: none; }

QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: $line2; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $text3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QStatusBar { background: $window; border-top: 1px solid $edge; min-height: 21px; }
QStatusBar, QStatusBar QLabel { font-size: 8.25pt; color: $text2; }
QStatusBar::item { border: none; }
QToolTip { background: $tip; color: $text; border: 1px solid $edge; padding: 4px 8px; }
QProgressBar { background: $head; border: none; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSplitter::handle { background: $window; }
QMessageBox QLabel#qt_msgbox_label { font-size: 10.5pt; font-weight: $strong; min-width: 320px; }
QMessageBox QLabel#qt_msgbox_informativelabel { color: $text2; }
""")
_TONES = ("text", "text2", "text3", "link", "errtext", "qrytext", "hinttext", "last", "boundtext", "seltext")
_GROUNDS = ("window", "base", "card", "head", "sel", "errtint", "qrytint", "hinttint", "tip", "accenttint")
_EDGES = ("top", "bottom", "left", "right")


def style_sheet(theme: Theme) -> str:
    """The whole style sheet. Heights are minima, so a taller face grows its box instead of being clipped.

    Its pictures are found by the search path "icons", which `apply_theme` sets: a path in a style sheet may
    not hold every character that a folder's name may.
    """
    values = {name: getattr(theme.hex, name) for name in TOKEN_NAMES}
    folder = "dark" if theme.dark else "light"
    rules = [_SHEET.substitute(values, folder=folder, strong=face_weight(_family(), 600))]
    rules += [f'QLabel[tone="{name}"] {{ color: {values[name]}; }}' for name in _TONES]
    rules += [f'QWidget[ground="{name}"] {{ background: {values[name]}; }}' for name in _GROUNDS]
    line = f"1px solid {theme.hex.edge}"
    rules += [f'QWidget[edge="{side}"] {{ border: none; border-{side}: {line}; }}' for side in _EDGES]
    return "\n".join(rules)
