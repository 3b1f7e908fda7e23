# SPDX-License-Identifier: GPL-3.0-or-later
"""The row of menus: what one can do, each with its key, and on top what the page adds.

A menu shows keys and hears none: the desk, the rail and the pages hear them, so that nothing is
heard twice. What does not fit into a narrow window goes behind an arrow at the end of the row.
"""

import sys
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import (
    QMenu,
    QMenuBar,
    QProxyStyle,
    QSizePolicy,
    QStyle,
    QStyleOption,
    QToolButton,
    QWidget,
)

from kfdesk.domain.schema import N_
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.shell.menu.commands import Menu
from kfdesk.ui.tokens import Type

Offer = Callable[[], Sequence[Command]]
_ROLES = {
    "Quit": QAction.MenuRole.QuitRole,
    "About this program": QAction.MenuRole.AboutRole,
    "Settings": QAction.MenuRole.PreferencesRole,
}
"""Where macOS wants some commands to stand; the others stay where they are."""
_LEAST = 72


class _ArrowStyle(QProxyStyle):
    """What makes the arrow behind the menus large enough to be hit."""

    def pixelMetric(  # noqa: N802 - Qt's name
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        """The arrow is as wide as any target; all else stays."""
        if metric is QStyle.PixelMetric.PM_ToolBarExtensionExtent:
            return tokens.TARGET
        return int(super().pixelMetric(metric, option, widget))


class Menus(QMenuBar):
    """The row. `offer` says what the page on view adds, each time a menu opens."""

    def __init__(self, kit: Kit, menus: Sequence[Menu], offer: Offer) -> None:
        super().__init__()
        self._kit = kit
        self._offer = offer
        self._commands: dict[QAction, Command] = {}
        self._arrow_style = _ArrowStyle()
        self.setNativeMenuBar(sys.platform == "darwin")
        self.setFont(kit.theme.font(Type.BUTTON))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.menus = {menu.key: self._add_menu(menu) for menu in menus}
        self._show_arrow()
        kit.theme.changed.connect(self._show_arrow)
        kit.words.changed.connect(self.updateGeometry)
        kit.hub.lock_asked.connect(self.close_all)

    def close_all(self, _why: str = "") -> None:
        """Close what is open."""
        for menu in self.menus.values():
            menu.close()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The first menu, and the arrow to the others."""
        return QSize(min(_LEAST, self.sizeHint().width()), self.sizeHint().height())

    def _show_arrow(self) -> None:
        """The arrow to the menus that have no room, in our colours and with a name."""
        arrow = self.findChild(QToolButton, "qt_menubar_ext_button")
        if isinstance(arrow, QToolButton):
            theme = self._kit.theme
            arrow.setStyle(self._arrow_style)
            arrow.setIcon(theme.icons.icon("chevron-down", theme.colours.text, icons.NORMAL))
            self._kit.words.bind(arrow.setAccessibleName, N_("More menus"))
            self._kit.words.bind(arrow.setToolTip, N_("More menus"))

    def _add_menu(self, menu: Menu) -> QMenu:
        shown = QMenu(self)
        self._kit.words.bind(shown.setTitle, menu.title)
        shown.triggered.connect(self._on_triggered)
        shown.aboutToShow.connect(lambda: self._fill(shown, menu))
        self.addMenu(shown)
        self._fill(shown, menu)
        return shown

    def _fill(self, shown: QMenu, menu: Menu) -> None:
        for action in shown.actions():
            self._commands.pop(action, None)
        shown.clear()
        added = tuple(command for command in self._offer() if command.menu == menu.key)
        for group in filter(None, (added, *menu.groups)):
            if not shown.isEmpty():
                shown.addSeparator()
            shown.addActions(list(self._actions(shown, group)))

    def _actions(self, shown: QMenu, group: Iterable[Command]) -> Iterable[QAction]:
        for command in group:
            action = QAction(shown)
            self._kit.words.bind(action.setText, command.words)
            action.setMenuRole(_ROLES.get(str(command.words), QAction.MenuRole.NoRole))
            if command.keys:
                action.setShortcut(QKeySequence(command.keys))
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            is_chosen = command.is_chosen is not None and command.is_chosen()
            action.setCheckable(command.is_chosen is not None)
            action.setChecked(is_chosen)
            action.setIcon(self._icon("check" if is_chosen else command.icon, command))
            self._commands[action] = command
            yield action

    def _on_triggered(self, action: QAction) -> None:
        self._commands[action].run()

    def _icon(self, name: str, command: Command) -> QIcon:
        if not name or (command.is_chosen is not None and name != "check"):
            return QIcon()
        theme = self._kit.theme
        return theme.icons.icon(name, theme.colours.text_muted, icons.MEDIUM)
