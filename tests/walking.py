"""A reader of screens in front of a window: what it is told of each thing, and what the keys alone can reach."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QToolBar, QWidget

ROLE = QAccessible.Role
_PRESSED = (
    ROLE.Button, ROLE.CheckBox, ROLE.RadioButton, ROLE.ComboBox, ROLE.Link, ROLE.PageTab, ROLE.ButtonMenu,
    ROLE.ButtonDropDown, ROLE.MenuItem, ROLE.ListItem, ROLE.Cell, ROLE.EditableText, ROLE.SpinBox, ROLE.TreeItem,
)  # fmt: skip


class Heard(NamedTuple):
    """What a screen reader says of one thing: role, name, value and state; `widget` is the class of what it is."""

    role: QAccessible.Role
    name: str
    value: str
    description: str
    widget: str
    is_focusable: bool

    @property
    def is_used(self) -> bool:
        return self.is_focusable or self.role in _PRESSED


def heard(root: QWidget) -> list[Heard]:
    """All that can be seen of a window, in the order in which a screen reader goes through it."""
    interface = QAccessible.queryAccessibleInterface(root)
    assert interface is not None
    return list(_walk(interface))


def _walk(interface: QAccessibleInterface) -> Iterator[Heard]:
    if not interface.isValid():
        return
    state: Any = interface.state()  # its flags are not in the stubs
    if state.invisible or (state.offscreen and interface.role() not in (ROLE.Cell,)):
        return
    thing = interface.object()
    name = interface.text(QAccessible.Text.Name).strip()
    if isinstance(thing, QComboBox):  # whose name Qt gives on Windows; on Unix it gives the value twice
        name = thing.accessibleName()
    yield Heard(
        interface.role(),
        name,
        interface.text(QAccessible.Text.Value).strip(),
        interface.text(QAccessible.Text.Description).strip(),
        f"{type(thing).__name__}" + (f" {thing.objectName()}" if thing is not None else ""),
        bool(state.focusable) and not state.disabled,
    )
    count = interface.childCount()
    for place in range(count):
        child = interface.child(place)
        if child is not None:
            yield from _walk(child)


def nameless(things: Iterable[Heard]) -> list[str]:
    """What can be pressed or have the focus and has no name, or says no role."""
    return [
        f"{one.widget} ({one.role.name}, “{one.value}”)"
        for one in things
        if one.is_used and (not one.name or one.role is ROLE.NoRole)
    ]


def doubled(things: Iterable[Heard]) -> list[str]:
    """Names that two things of one kind have: who hears them cannot tell which is meant."""
    # The cells of a row say the row, words may be said twice, and several boxes may offer the same.
    same = (ROLE.Cell, ROLE.StaticText, ROLE.ListItem)
    counts = Counter((one.role, one.name) for one in things if one.is_focusable and one.role not in same)
    return [f"{role.name} “{name}” × {count}" for (role, name), count in counts.items() if count > 1]


def without_tips(root: QWidget) -> list[str]:
    """Visible buttons that say nothing, only their name again, or no sentence when the mouse rests on them."""
    buttons: Iterable[QAbstractButton] = root.findChildren(QAbstractButton)
    return [
        f"{type(button).__name__} “{plain(button.text()) or button.accessibleName()}”: “{button.toolTip()}”"
        for button in buttons
        if button.isVisible()
        and type(button) is not QAbstractButton
        and not says_more(button)  # Qt's own corner
    ]


def says_more(button: QAbstractButton) -> bool:
    tip = button.toolTip()
    said = re.sub("（[^（）]*）。$|。$", "", tip)
    return tip.endswith("。") and said not in (plain(button.text()), button.accessibleName())


def plain(text: str) -> str:
    """A name without letter and dots."""
    return re.sub(r"\(&\w\)|…|&", "", text).strip()


def by_tab(root: QWidget) -> list[QWidget]:
    """Where Tab leads from `root` on, around once."""
    found: list[QWidget] = []
    widget = root.nextInFocusChain()
    while widget is not None and widget is not root:
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def out_of_reach(root: QWidget) -> list[str]:
    """Buttons that neither Tab leads to nor an action with a key or a place in a menu stands for."""
    buttons: Iterable[QAbstractButton] = root.findChildren(QAbstractButton)
    return [
        f"{type(button).__name__} “{plain(button.text()) or button.accessibleName()}”"
        for button in buttons
        if button.isVisible()
        and button.isEnabled()
        and type(button) is not QAbstractButton
        and not button.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(button.parent(), QToolBar | QLineEdit)  # these have keys of their own
    ]
