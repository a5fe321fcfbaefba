"""Menu bar and toolbar of the window: in which order its commands stand.

Knows the arrangement and the choices that exist only in menus: row height, colours, the edit commands.
What a command does is the window's.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from gxeditor.ui.editor.table.cells import DENSITIES
from gxeditor.ui.look import theme
from gxeditor.ui.shell.actions import Actions

_SCHEMES = {"system": "跟随系统", "light": "浅色", "dark": "深色"}
# The keys of these belong to whatever has the focus; here they are only named.
_EDITING = (
    ("剪切(&T)\tCtrl+X", "cut"), ("复制(&C)\tCtrl+C", "copy"), ("粘贴(&V)\tCtrl+V", "paste"),
    ("全选(&A)\tCtrl+A", "all"),
    ("清除内容\tDel", "clear"), ("向下填充\tCtrl+D", "down"), ("向右填充\tCtrl+R", "right"),
)  # fmt: skip
_TIPS = {
    "cut": "拿走选中的内容，可以粘贴到别处。",
    "copy": "复制选中的内容，可以粘贴到 Excel、WPS、Word。",
    "paste": "粘贴从别处复制的数或文字；带表头的表格按表头对号入座。",
    "all": "选中这张表的全部格，或正在写的全部文字，便于一起复制。",
    "clear": "选中的格改为未填；手填的合计改为自动。",
    "down": "用所选最上一行的数填满下面各行。",
    "right": "用所选最左一列的数填满右边各列。",
    "auto": "表格的行高由程序按窗口的高低选。",
    "compact": "行矮一些，小屏幕上一屏看到更多行。",
    "standard": "行高适中，不随窗口变。",
    "fit": "整张表正好放进窗口，不用滚动。",
    "wide": "行高一些，数字看得更清楚。",
    "system": "系统用深色时也用深色。",
    "light": "白底黑字，系统是深色也不变。",
    "dark": "黑底白字，光线暗的地方不刺眼。",
}
"""What the choices that exist only in menus do, by what they stand for."""
_ON_CELLS = ("clear", "down", "right")


class Menus:
    """Fills the menu bar of `window` with its commands and gives it a toolbar.

    `edit` is called when a command of 编辑 is chosen, which its action names as data; `density` and `scheme` with the
    action whose data is the choice. `editing` are those commands, `on_cells` the ones that only tables know.
    """

    def __init__(
        self,
        window: QMainWindow,
        actions: Actions,
        edit: Callable[[], None],
        density: Callable[[QAction], None],
        scheme: Callable[[QAction], None],
    ) -> None:
        self._window, self._actions = window, actions
        self.editing: list[QAction] = []
        self.densities = self._group(DENSITIES, density)
        self.schemes = self._group(_SCHEMES, scheme)
        for text, command in _EDITING:
            action = QAction(text, window)
            action.setData(command)
            action.setToolTip(theme.plain_tip(_TIPS[command]))
            action.triggered.connect(edit)
            self.editing.append(action)
        self.on_cells = [action for action in self.editing if action.data() in _ON_CELLS]
        self._fill_menu_bar()
        self._make_toolbar()

    def _group(self, choices: dict[str, str], chosen: Callable[[QAction], None]) -> QActionGroup:
        group = QActionGroup(self._window)
        for key, name in choices.items():
            action = QAction(name, self._window, checkable=True)
            action.setData(key)
            action.setToolTip(theme.plain_tip(_TIPS[key]))
            group.addAction(action)
        group.triggered.connect(chosen)
        return group

    def _fill_menu_bar(self) -> None:
        do = self._actions
        file = self._menu(
            "文件(&F)",
            (do.new, do.from_prior, do.open, do.open_new),
            (do.rollup, do.ledger),
            (do.save, do.save_as, do.restore),
            (do.import_, do.export, do.template),
            (do.preview, do.layout, do.print),
            (do.close, do.quit),
        )
        self.recent = QMenu("最近打开(&R)", file)
        file.insertMenu(do.open_new, self.recent)
        self._menu(
            "编辑(&E)",
            (do.undo, do.redo, do.history),
            tuple(self.editing),
            (do.find, do.replace, do.find_next, do.find_prev),
            (do.note,),
            (do.copy_table, do.copy_part),
        )
        view = self._menu(
            "查看(&V)",
            (),
            (do.zoom_in, do.zoom_out, do.zoom_100),
            (do.preview, do.locate),
            (do.beside, *do.views),
            (do.card, do.panel, do.next_tab, do.prev_tab, do.pane),
        )
        first = view.actions()[0]
        for text, group in (("行高(&D)", self.densities), ("配色(&S)", self.schemes)):
            choices = QMenu(text, view)
            choices.addActions(group.actions())
            choices.setToolTipsVisible(True)
            view.insertMenu(first, choices)
        self._menu(
            "检查(&C)",
            (do.next, do.prev, do.other),
            (do.seen, do.explain),
            (do.checks, do.of_cell, do.panel, do.back),
            (do.finalize, do.check_report),
        )
        self._menu(
            "工具(&T)",
            (do.fill, do.forced, do.recompute),
            (do.follow, do.follow_all),
            (do.template, do.fill_word, do.blank_template),
            (do.prior, do.show_prior, do.carried, do.draft, do.walk_years),
            (do.merge,),
        )
        self._menu("帮助(&H)", (do.help, do.help_pdf), (do.tour, do.keys), (do.about,))

    def _menu(self, name: str, *groups: tuple[QAction, ...]) -> QMenu:
        menu = self._window.menuBar().addMenu(name)
        menu.setToolTipsVisible(True)
        for i, group in enumerate(groups):
            if i:
                menu.addSeparator()
            menu.addActions(list(group))
        return menu

    def _make_toolbar(self) -> None:
        do = self._actions
        self.toolbar = bar = QToolBar("工具栏", self._window)
        bar.setMovable(False)
        bar.setIconSize(QSize(16, 16))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._window.addToolBar(bar)
        groups = (
            (do.open, do.save),
            (do.undo, do.redo),
            (do.import_, do.export, do.preview),
            (do.prev, do.next),
            (do.fill, do.beside),
        )
        for i, group in enumerate(groups):
            if i:
                bar.addSeparator()
            bar.addActions(list(group))
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._spacer = bar.addWidget(spacer)
        self.density_button = button = QToolButton()
        theme.set_icon(button, "rows")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setAccessibleName("行高")
        button.setToolTip("这是表格的行高：在“自动”和几种固定的行高里选，行多看不全时选矮的。")
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        menu.addActions(self.densities.actions())
        button.setMenu(menu)
        bar.addWidget(button)
        do.card.setCheckable(True)
        bar.addAction(do.card)
        more = bar.findChild(QToolButton, "qt_toolbar_ext_button")
        if isinstance(more, QToolButton):
            more.setToolTip("窗口窄，放不下的工具在这里。")
            more.setAccessibleName("更多工具")

    def set_wide(self, wide: bool) -> None:
        """Also offers in the toolbar what only a wide window has room for."""
        do, bar = self._actions, self.toolbar
        for action in (do.recompute, do.template):
            if wide and action not in bar.actions():
                bar.insertAction(self._spacer, action)
            elif not wide:
                bar.removeAction(action)
