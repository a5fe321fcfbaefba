"""The tokens keep their contrast, and everything made from them is complete and sharp at every screen scale."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontInfo, QFontMetricsF, QIcon, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gxeditor.core.checks.rules import Severity
from gxeditor.core.errors import GxError
from gxeditor.resources import resource
from gxeditor.ui.look import theme
from gxeditor.ui.look.theme import DARK, LIGHT, Pixels, Tokens
from tests.pictures import alike, same_picture

TEXT_ON = {
    "base": "text text2 text3 zero link errtext qrytext hinttext last",
    "window": "text text2 text3 link errtext qrytext",
    "card": "text text2 text3",
    "tip": "text text2 text3 errtext",
    "head": "headtext text text2",
    "headact": "headtext text",
    "total": "totaltext zero last",
    "accent": "accenttext",
    "link": "accenttext",
    "accenttint": "link",
    "sel": "seltext text2",
    "bound": "boundtext",
    "errtint": "text text2 errtext",
    "errwash": "text text2 zero errtext link",
    "qrytint": "text text2 qrytext",
    "hinttint": "text hinttext",
}
"""What is written on what, by the design and by the style sheet."""
MARK_ON = {
    "base": "focus err qry hint claim",
    "sel": "focus",
    "errtint": "err",
    "errwash": "err",
    "qrytint": "qry",
    "hinttint": "hint",
}
TOOLS = (
    *(
        "new",
        "open",
        "save",
        "undo",
        "redo",
        "import",
        "export",
        "preview",
        "fill-zero",
        "recompute",
        "years",
    ),
    *("mapping", "check", "prev", "next", "chevron", "rows", "notes", "search", "recover", "close"),
    *("mark-error", "mark-query", "mark-hint"),
    *("rollup", "refresh", "folder", "list", "checklist", "return", "document", "merge"),
    *("add", "calendar", "chevron-down", "filter", "hide", "ledger", "lock", "order-down", "order-up", "pin"),
    *("show", "sum"),
)
SHEET_COLORS = {
    "down": "text2",
    "up": "text2",
    "right": "text2",
    "tick": "text2",
    "tick-on-accent": "accenttext",
}


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> Iterator[None]:
    theme.apply_theme(qapp, "light")
    yield
    theme.apply_theme(qapp, "light")


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(tokens: Tokens[str], color: str, ground: str) -> float:
    low, high = sorted(luminance(getattr(tokens, name)) for name in (color, ground))
    return (high + 0.05) / (low + 0.05)


def below(least: float, pairs: dict[str, str], tokens: Tokens[str]) -> list[tuple[str, str]]:
    return [
        (color, ground)
        for ground, colors in pairs.items()
        for color in colors.split()
        if contrast(tokens, color, ground) < least
    ]


def drawn(paint: Callable[[QPainter], None], width: int, height: int, ratio: float = 1) -> QImage:
    image = QImage(QSize(width, height) * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(theme.current().base)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return image


def pixels(image: QImage) -> list[list[str]]:
    return [[image.pixelColor(x, y).name() for x in range(image.width())] for y in range(image.height())]


def ink(image: QImage) -> QColor:
    """The colour of the most opaque pixel; at small sizes a thin curve covers none wholly."""
    colors = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(colors, key=QColor.alpha)


# ------------------------------------------------------------------------------------------------------ tokens


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_has_a_contrast_of_at_least_4_5_to_its_ground(tokens: Tokens[str]) -> None:
    assert below(4.5, TEXT_ON, tokens) == []


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_mark_and_frame_has_a_contrast_of_at_least_3_to_its_ground(tokens: Tokens[str]) -> None:
    assert below(3, MARK_ON, tokens) == []


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_a_sign_is_readable_on_its_chip(tokens: Tokens[str]) -> None:
    assert below(3, {"err": "base", "qry": "base", "hint": "base"}, tokens) == []


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_a_theme_holds_each_token_as_colour(tokens: Tokens[str]) -> None:
    made = theme.theme_of(tokens, dark=tokens is DARK)
    for name, value in asdict(tokens).items():
        assert re.fullmatch("#[0-9A-F]{6}", value), name
        assert getattr(made, name) == QColor(value)
    assert made.severity[Severity.QUERY] == (
        QColor(tokens.qry),
        QColor(tokens.qrytint),
        QColor(tokens.qrytext),
    )


# ------------------------------------------------------------------------------------------- the scheme in use


def test_every_role_of_the_palette_is_ours_in_every_group(qapp: QApplication) -> None:
    made = theme.apply_theme(qapp, "dark")
    ours = {QColor(value).rgb() for value in asdict(DARK).values()}
    groups = (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled)
    roles = [role for role in QPalette.ColorRole if role.name not in ("NoRole", "NColorRoles")]
    foreign = [
        (group.name, role.name)
        for group in groups
        for role in roles
        if qapp.palette().color(group, role).rgb() not in ours
    ]
    assert foreign == []
    assert qapp.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == made.text3
    assert qapp.palette().color(QPalette.ColorGroup.Inactive, QPalette.ColorRole.Highlight) == made.sel


@pytest.mark.parametrize("dark", [False, True])
def test_the_style_sheet_has_no_unresolved_place_and_only_colours_of_its_scheme(dark: bool) -> None:
    tokens = DARK if dark else LIGHT
    sheet = theme.style_sheet(theme.theme_of(tokens, dark))
    assert "$" not in sheet
    assert "None" not in sheet
    assert sheet.count("{") == sheet.count("}")
    assert set(re.findall("#[0-9A-Fa-f]{6}", sheet)) <= set(asdict(tokens).values())
    pictures = re.findall(r"url\(icons:(.+?)\)", sheet)
    assert {name.split("/")[0] for name in pictures} == {"dark" if dark else "light"}
    assert all(resource(f"icons/{name}").is_file() for name in pictures)


def test_the_style_sheet_is_understood_by_qt(qtbot: QtBot) -> None:
    # The log of a sheet that does not parse is a warning, which fails every test; this draws what it styles.
    button = QPushButton("恢复")
    qtbot.addWidget(button)
    theme.restyle(button, primary=True)
    assert alike(button.grab().toImage().pixelColor(6, 6), theme.current().accent)
    theme.restyle(button, primary=False)
    assert alike(button.grab().toImage().pixelColor(6, 6), theme.current().base)


def test_a_button_grows_with_its_face_instead_of_clipping_it(qtbot: QtBot) -> None:
    button = QPushButton("另存为副本")
    qtbot.addWidget(button)
    button.ensurePolished()
    assert button.sizeHint().height() == 28
    button.setFont(theme.font(24))
    assert button.sizeHint().height() >= QFontMetricsF(theme.font(24)).height()


def test_an_input_keeps_its_height_when_it_gets_the_ring_of_a_refused_entry(qtbot: QtBot) -> None:
    line = QLineEdit("12abc")
    qtbot.addWidget(line)
    line.ensurePolished()
    before = line.sizeHint().height()
    theme.restyle(line, refused=True)
    line.resize(line.sizeHint())
    assert before == line.sizeHint().height() == 28
    assert alike(line.grab().toImage().pixelColor(line.width() // 2, 1), theme.current().err)


def test_labels_and_frames_take_the_token_they_name(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    label = QLabel("█" * 8, page)
    label.setProperty("tone", "errtext")
    label.setProperty("ground", "errtint")
    QVBoxLayout(page).addWidget(label)
    colors = {color for row in pixels(label.grab().toImage()) for color in row}
    assert all(
        any(alike(QColor(color), token) for color in colors) for token in (LIGHT.errtint, LIGHT.errtext)
    )


def test_a_change_of_scheme_is_announced_after_it_is_in_use(qapp: QApplication, qtbot: QtBot) -> None:
    seen: list[bool] = []

    def look() -> None:
        seen.append(theme.current().dark and qapp.palette().window().color() == QColor(DARK.window))

    theme.appearance.changed.connect(look)
    try:
        with qtbot.waitSignal(theme.appearance.changed):
            made = theme.apply_theme(qapp, "dark")
    finally:
        theme.appearance.changed.disconnect(look)
    assert seen == [True]
    assert made is theme.current()


def test_the_system_scheme_is_followed_and_a_chosen_one_is_not(qapp: QApplication) -> None:
    hints = qapp.styleHints()
    theme.apply_theme(qapp, "system")
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.current().dark
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Unknown)
    assert not theme.current().dark
    theme.apply_theme(qapp, "light")
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert not theme.current().dark


# ------------------------------------------------------------------------------------------------------- faces


def test_yahei_is_asked_for_its_two_weights_only() -> None:
    assert [theme.face_weight("Microsoft YaHei UI", weight) for weight in (400, 500, 600)] == [400, 400, 700]
    assert [theme.face_weight("微软雅黑", weight) for weight in (400, 500, 600)] == [400, 400, 700]
    assert [theme.face_weight("Noto Sans CJK SC", weight) for weight in (400, 500, 600)] == [400, 500, 600]


def test_the_interface_face_is_9_points_and_grows_with_the_zoom(qapp: QApplication) -> None:
    assert qapp.font().pointSizeF() == 9
    assert qapp.font().families() == theme.FAMILIES
    assert theme.font(9.75, zoom=1.5).pointSizeF() == pytest.approx(14.625)


def test_a_font_handed_out_can_be_changed_without_changing_the_next() -> None:
    theme.font(9).setPointSizeF(40)
    assert theme.font(9).pointSizeF() == 9


@pytest.mark.parametrize("weight", [400, 500, 600])
def test_figures_are_equally_wide_so_that_columns_add_up_by_eye(weight: int) -> None:
    metrics = QFontMetricsF(theme.font(9, weight))
    widths = {figure: metrics.horizontalAdvance(figure) for figure in "0123456789"}
    assert max(widths.values()) - min(widths.values()) < 0.01, QFontInfo(theme.font(9, weight)).family()


# ------------------------------------------------------------------------------------------------------- icons


def test_every_icon_of_the_design_is_there_and_no_other() -> None:
    assert {path.stem for path in resource("icons").glob("*.svg")} == {*TOOLS, "app"}


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_icon_is_drawn_in_its_token_at_every_scale(name: str) -> None:
    for ratio in (1, 1.25, 1.5, 2):
        pixmap = theme.icon(name).pixmap(QSize(16, 16), ratio)
        assert pixmap.size() == QSize(16, 16) * ratio  # an exact drawing, not one that was scaled
        color = ink(pixmap.toImage())
        assert color.alpha() > 180
        assert alike(color, LIGHT.text2)


def test_a_tool_icon_tells_checked_and_disabled_apart() -> None:
    images = {
        (mode, state): theme.icon("notes").pixmap(QSize(16, 16), 1, mode, state).toImage()
        for mode, state in (
            (QIcon.Mode.Normal, QIcon.State.Off),
            (QIcon.Mode.Normal, QIcon.State.On),
            (QIcon.Mode.Disabled, QIcon.State.Off),
        )
    }
    assert alike(ink(images[QIcon.Mode.Normal, QIcon.State.Off]), LIGHT.text2)
    assert alike(ink(images[QIcon.Mode.Normal, QIcon.State.On]), LIGHT.link)
    off = ink(images[QIcon.Mode.Disabled, QIcon.State.Off])
    assert alike(off, LIGHT.text3)
    assert 128 < off.alpha() < 200


def test_an_icon_can_be_asked_for_in_a_token_and_size() -> None:
    pixmap = theme.icon("years", "accent", 20).pixmap(QSize(20, 20), 1.5)
    assert pixmap.size() == QSize(30, 30)
    assert alike(ink(pixmap.toImage()), LIGHT.accent)


def test_an_icon_that_does_not_exist_is_refused() -> None:
    with pytest.raises(GxError, match="icons/smile"):
        theme.icon("smile")


def test_icons_that_were_set_follow_the_scheme_until_their_owner_is_gone(qapp: QApplication) -> None:
    owner = QWidget()
    action = QAction("保存", owner)
    theme.set_icon(action, "open")
    theme.set_icon(action, "save")
    theme.apply_theme(qapp, "dark")
    image = action.icon().pixmap(QSize(16, 16), 1).toImage()
    assert alike(ink(image), DARK.text2)
    assert same_picture(image, theme.icon("save").pixmap(QSize(16, 16), 1).toImage())
    owner.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    theme.apply_theme(qapp, "light")


def test_a_button_shows_its_icon_in_the_size_asked_for(qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    theme.set_icon(button, "mark-error", "err", 20)
    image = button.grab().toImage()
    columns = [
        x
        for x in range(image.width())
        if any(alike(image.pixelColor(x, y), theme.current().err) for y in range(image.height()))
    ]
    assert button.iconSize() == QSize(20, 20)
    assert 12 <= columns[-1] - columns[0] <= 15  # the triangle's 15 of 20 units


def test_the_program_has_its_own_icon_in_all_usual_sizes() -> None:
    for size in (16, 32, 48, 256):
        image = theme.app_icon().pixmap(QSize(size, size), 1).toImage()
        assert image.size() == QSize(size, size)
        assert alike(image.pixelColor(size // 4, size // 2), LIGHT.accent)
    picture = QImage(str(resource("icons/app.png")))
    assert picture.size() == QSize(256, 256)
    assert same_picture(picture, theme.app_icon().pixmap(QSize(256, 256), 1).toImage())


@pytest.mark.parametrize(("folder", "tokens"), [("light", LIGHT), ("dark", DARK)])
def test_the_pictures_of_the_style_sheet_have_the_colours_of_their_scheme(
    folder: str, tokens: Tokens[str]
) -> None:
    files: dict[str, Path] = {path.stem: path for path in resource(f"icons/{folder}").glob("*.svg")}
    assert files.keys() == SHEET_COLORS.keys()
    for name, token in SHEET_COLORS.items():
        colors = re.findall("#[0-9A-Fa-f]{6}", files[name].read_text(encoding="utf-8"))
        assert colors == [getattr(tokens, token)]


# ----------------------------------------------------------------------------------------------- device pixels


@pytest.mark.parametrize("ratio", [1, 1.25, 1.5, 1.75, 2])
def test_grid_lines_are_equally_thick_and_unblurred_at_every_scale(ratio: float) -> None:
    def lines(painter: QPainter) -> None:
        snapped = Pixels(painter)
        for row in range(1, 9):
            snapped.hline(0, row * 19, 40, theme.current().line2)

    column = [row[20] for row in pixels(drawn(lines, 40, 180, ratio))]
    line, paper = QColor(LIGHT.line2).name(), QColor(LIGHT.base).name()
    assert set(column) == {line, paper}
    runs = "".join("#" if color == line else " " for color in column).split()
    assert {len(run) for run in runs} == {int(ratio)}
    assert len(runs) == 8


@pytest.mark.parametrize("ratio", [1, 1.25, 1.5, 1.75, 2])
def test_neighbouring_cells_meet_without_gap_or_overlap(ratio: float) -> None:
    def cells(painter: QPainter) -> None:
        painter.translate(3, 5)
        snapped = Pixels(painter)
        for row in range(8):
            color = theme.current().errtint if row % 2 else theme.current().qrytint
            snapped.fill(0, row * 19, 30, 19, color)

    column = [row[int(20 * ratio)] for row in pixels(drawn(cells, 40, 180, ratio))]
    assert {QColor(LIGHT.errtint).name(), QColor(LIGHT.qrytint).name(), QColor(LIGHT.base).name()} == set(
        column
    )


@pytest.mark.parametrize("ratio", [1, 1.25, 1.5, 2])
def test_the_focus_frame_lies_inside_its_cell_and_is_equally_thick_on_all_sides(ratio: float) -> None:
    image = drawn(
        lambda painter: Pixels(painter).frame(QRectF(4, 4, 32, 20), theme.current().focus, 2), 40, 28, ratio
    )
    picture, ink = pixels(image), QColor(LIGHT.focus).name()
    thick = int(2 * ratio)
    row = [color == ink for color in picture[image.height() // 2]]
    column = [line[image.width() // 2] == ink for line in picture]
    for side, size in ((row, image.width()), (column, image.height())):
        assert sum(side) == 2 * thick
        assert not any(side[: round(4 * ratio)])
        assert side.index(True) + len(side) - side[::-1].index(True) == pytest.approx(size, abs=1)


# ------------------------------------------------------------------------------------ marks, signs and badges


def test_the_three_severities_differ_in_shape_even_without_colour() -> None:
    shapes = []
    for severity in Severity:
        image = drawn(partial(theme.paint_mark, rect=QRectF(2, 2, 8, 8), severity=severity), 12, 12)
        ink = [[not alike(QColor(color), LIGHT.base) for color in row] for row in pixels(image)]
        assert not any(ink[0])
        shapes.append(ink)
    for first, second in ((0, 1), (0, 2), (1, 2)):
        differing = [
            (x, y) for x in range(12) for y in range(12) if shapes[first][y][x] != shapes[second][y][x]
        ]
        assert len(differing) >= 8
    error, query, hint = shapes
    assert sum(error[3]) < sum(error[8])  # a triangle stands on its base
    assert query[5:7] == [row[::-1] for row in query[5:7]]  # a diamond is alike on both sides
    assert query[2] == query[9]
    assert not hint[5][5]  # a ring is open in the middle


@pytest.mark.parametrize("ratio", [1, 1.25, 1.5, 2])
def test_the_signs_stand_in_the_middle_of_their_chips_and_differ(ratio: float) -> None:
    pictures = []
    for sign in "+-=":
        image = drawn(
            partial(theme.paint_sign, rect=QRectF(0, 0, 15, 19), sign=sign, severity=Severity.ERROR),
            15,
            19,
            ratio,
        )
        left, top, width, height = (round(value * ratio) for value in (2, 5, 11, 9))
        inner = image.copy(left, top, width, height)  # within the rounded corners of the chip
        white = [[alike(QColor(color), LIGHT.base) for color in row] for row in pixels(inner)]
        colors = {color for row in pixels(inner) for color in row}
        assert all(any(alike(QColor(color), token) for token in (LIGHT.base, LIGHT.err)) for color in colors)
        assert any(any(row) for row in white)
        pictures.append(white)
    plus, minus, equals = pictures
    assert plus != minus != equals != plus
    assert sum(map(sum, plus)) > sum(map(sum, minus)) > 0
    assert sum(map(sum, equals)) == 2 * sum(map(sum, minus))


def test_a_minus_sign_of_typesetting_is_drawn_like_the_hyphen() -> None:
    first, second = (
        drawn(
            partial(theme.paint_sign, rect=QRectF(0, 0, 15, 19), sign=sign, severity=Severity.QUERY), 15, 19
        )
        for sign in "-−"
    )
    assert same_picture(first, second)


def test_a_badge_is_16_high_tinted_and_stops_counting_at_99() -> None:
    assert theme.badge_size(7).height() == 16
    assert theme.badge_size(7).width() < theme.badge_size(42).width() < theme.badge_size(100).width()
    assert theme.badge_size(100) == theme.badge_size(2500)
    size = theme.badge_size(2)
    rect = QRectF(0, 0, size.width(), size.height())
    images = [
        drawn(partial(theme.paint_badge, rect=rect, severity=Severity.ERROR, count=count), size.width(), 16)
        for count in (2, 3)
    ]
    assert images[0] != images[1]
    assert alike(images[0].pixelColor(QPoint(size.width() // 2, 1)), LIGHT.errtint)
    assert alike(images[0].pixelColor(8, 9), LIGHT.err)
