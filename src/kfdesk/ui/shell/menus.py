# SPDX-License-Identifier: GPL-3.0-or-later
"""The menu bar, and the permanent commands in it; pages add their own.

One list feeds the menus, the shortcut sheet and quick find, so none of them can miss one. A
command is one line here. The module knows no page by name and calls the session view for
everything.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QProxyStyle,
    QSizePolicy,
    QStyle,
    QStyleOption,
    QTextEdit,
    QToolButton,
    QWidget,
)
from shiboken6 import isValid

from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import icons, tokens
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.lock.idle import HIDE_KEY, LOCK_KEY
from kfdesk.ui.theme import Scheme
from kfdesk.ui.tokens import TextStyle
from kfdesk.ui.widgets.inputs import has_typing_to_undo
from kfdesk.ui.widgets.navigation import NavigationPlace
from kfdesk.ui.widgets.popup import PopupMenu
from kfdesk.ui.widgets.text import bind_tooltip

FIND_KEY = "Ctrl+K"
PANE_KEY = "F6"
MENUS_KEY = "F10"
PLAN_KEY = "Ctrl+N"
SEND_KEY = "Ctrl+E"
IMPORT_KEY = "Ctrl+I"
HELP_KEY = "F1"
KEYS_KEY = "Shift+F1"
CommandGroups = tuple[tuple[Command, ...], ...]

_SCHEMES = (
    (Scheme.SYSTEM, N_("Same colours as the system")),
    (Scheme.LIGHT, N_("Light colours")),
    (Scheme.DARK, N_("Dark colours")),
)


class ShellActions(Protocol):
    """The actions of the session view that commands call."""

    def begin_plan(self) -> None:
        """Begin a plan."""

    def send_file(self) -> None:
        """Send a file, for the plan on view if there is one."""

    def import_files(self) -> None:
        """Import files from a partner."""

    def hide_now(self) -> None:
        """Hide the window."""

    def lock_now(self) -> None:
        """Lock the store."""

    def quit_now(self) -> None:
        """End the program."""

    def undo(self) -> None:
        """Undo the last typing, else the last step."""

    def undo_words(self, language: Language) -> str:
        """Return the name of the command that calls `undo`: "Undo: Saved (Leg)"."""

    def find_anything(self) -> None:
        """Focus quick find."""

    def go_to(self, key: str) -> None:
        """Show a place."""

    def go_back(self) -> None:
        """Show the previous place."""

    def next_pane(self) -> None:
        """Focus the next pane of the window."""

    def open_menus(self) -> None:
        """Open the first menu by the keyboard."""

    def check_store(self) -> None:
        """Read the whole store."""

    def show_help(self) -> None:
        """Show the chapter of the manual about the page on view."""

    def show_keys(self) -> None:
        """Show the shortcut sheet."""

    def show_about(self) -> None:
        """Show what this program is."""


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu: its key and title, and its permanent commands in groups."""

    key: str
    title: str
    groups: CommandGroups


def fixed_menus(
    kit: UiContext, deeds: ShellActions, places: Sequence[NavigationPlace]
) -> tuple[Menu, ...]:
    """Return the menus of the program, in order."""
    return (
        Menu("file", N_("&File"), _file_menu(deeds)),
        Menu("edit", N_("&Edit"), _edit_menu(deeds)),
        Menu("view", N_("&View"), _view_menu(kit)),
        Menu("go", N_("&Go"), _go_menu(deeds, places)),
        Menu("help", N_("&Help"), _help_menu(deeds)),
    )


def _file_menu(deeds: ShellActions) -> CommandGroups:
    standard = QKeySequence.StandardKey
    return (
        (
            Command(
                N_("New plan"),
                deeds.begin_plan,
                PLAN_KEY,
                "plus",
                also=N_("new client case intake"),
            ),
        ),
        (
            Command(N_("Send a file"), deeds.send_file, SEND_KEY, "send"),
            Command(N_("Import an exchange file"), deeds.import_files, IMPORT_KEY, "download"),
        ),
        (Command(N_("Check the database"), deeds.check_store, icon="shield-check"),),
        (
            Command(N_("Hide the window"), deeds.hide_now, HIDE_KEY, "eye-off"),
            Command(
                N_("Lock the database"),
                deeds.lock_now,
                LOCK_KEY,
                "lock",
                also=N_("log out sign off"),
            ),
        ),
        (Command(N_("Quit"), deeds.quit_now, standard_key(standard.Quit, "Ctrl+Q"), "x"),),
    )


def _edit_menu(deeds: ShellActions) -> CommandGroups:
    standard = QKeySequence.StandardKey
    return (
        (
            Command(
                deeds.undo_words,
                deeds.undo,
                standard_key(standard.Undo, "Ctrl+Z"),
                "undo-2",
                "edit",
            ),
            Command(
                N_("&Redo"),
                _text_action("redo"),
                standard_key(standard.Redo, "Ctrl+Y"),
                menu="edit",
            ),
        ),
        (
            Command(
                N_("Cu&t"), _text_action("cut"), standard_key(standard.Cut, "Ctrl+X"), menu="edit"
            ),
            Command(
                N_("&Copy"),
                _text_action("copy"),
                standard_key(standard.Copy, "Ctrl+C"),
                "copy",
                "edit",
            ),
            Command(
                N_("&Paste"),
                _text_action("paste"),
                standard_key(standard.Paste, "Ctrl+V"),
                menu="edit",
            ),
            Command(
                N_("Select All"),
                _text_action("selectAll"),
                standard_key(standard.SelectAll, "Ctrl+A"),
                menu="edit",
            ),
        ),
        (Command(N_("Search"), deeds.find_anything, FIND_KEY, "search", "edit"),),
    )


def _view_menu(kit: UiContext) -> CommandGroups:
    languages = (
        Command(
            name,
            partial(kit.set_language, code),
            icon="languages",
            menu="view",
            is_chosen=partial(_is_language, kit, code),
        )
        for code, name in kit.translator.offered_languages
    )
    colours = (
        Command(
            words,
            partial(kit.set_theme, scheme),
            icon="sun",
            menu="view",
            is_chosen=partial(_is_scheme, kit, scheme),
        )
        for scheme, words in _SCHEMES
    )
    distances = (
        Command(
            words,
            partial(kit.events.density_chosen.emit, is_compact),
            icon="list-checks",
            menu="view",
            is_chosen=partial(_is_density, kit, is_compact=is_compact),
        )
        for is_compact, words in ((False, N_("Comfortable rows")), (True, N_("Compact rows")))
    )
    return (tuple(languages), tuple(colours), tuple(distances))


def _go_menu(deeds: ShellActions, places: Sequence[NavigationPlace]) -> CommandGroups:
    def groups(*, are_at_foot: bool) -> tuple[Command, ...]:
        return tuple(
            Command(
                place.label,
                partial(deeds.go_to, place.key),
                place.keys,
                place.icon,
                "go",
                also=place.also,
            )
            for place in places
            if place.is_at_foot is are_at_foot
        )

    ways = (
        Command(N_("Back"), deeds.go_back, "Esc", "arrow-left", "go"),
        Command(N_("Next area of the window"), deeds.next_pane, PANE_KEY, menu="go"),
        Command(N_("Menus"), deeds.open_menus, MENUS_KEY, menu="go"),
    )
    return (groups(are_at_foot=False), groups(are_at_foot=True), ways)


def _help_menu(deeds: ShellActions) -> CommandGroups:
    return (
        (
            Command(N_("Help with this page"), deeds.show_help, HELP_KEY, "life-buoy", "help"),
            Command(N_("All keys"), deeds.show_keys, KEYS_KEY, "list-checks", "help"),
        ),
        (Command(N_("About this program"), deeds.show_about, icon="info", menu="help"),),
    )


def standard_key(standard: QKeySequence.StandardKey, otherwise: str) -> str:
    """Return the platform's key for a standard action, or `otherwise` if it has none."""
    keys = QKeySequence(standard).toString(QKeySequence.SequenceFormat.PortableText)
    return keys or otherwise


def undo_typing(text: QWidget | None) -> bool:
    """Undo the typing in a focused text field. Return whether there was anything to undo."""
    if isinstance(text, QLineEdit | QPlainTextEdit) and has_typing_to_undo(text):
        text.undo()
        return True
    return False


def _text_action(name: str) -> Callable[[], None]:
    """Return a function that calls the method `name` of the focused text field."""

    def act() -> None:
        text = QApplication.focusWidget()
        if isinstance(text, QLineEdit | QPlainTextEdit):
            getattr(text, name)()

    return act


def _is_language(kit: UiContext, code: str) -> bool:
    return kit.translator.language.code == code


def _is_density(kit: UiContext, *, is_compact: bool) -> bool:
    return kit.view.chosen.is_compact is is_compact


def _is_scheme(kit: UiContext, scheme: Scheme) -> bool:
    return kit.theme.scheme is scheme


def _action_text(command: Command, language: Language) -> str:
    """Return the label of a command with its key behind a tab, which Qt shows at the right.

    The key is no shortcut of the action: while the menu bar has the keyboard, Qt would find two
    shortcuts with one key and call neither.
    """
    words = command.words
    label = words(language) if callable(words) else language.gettext(words)
    if not command.keys:
        return label
    keys = QKeySequence(command.keys).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{label}\t{keys}"


# --- The menu bar

PageCommands = Callable[[], Sequence[Command]]
_MAC_ROLES = {
    "Quit": QAction.MenuRole.QuitRole,
    "About this program": QAction.MenuRole.AboutRole,
    "Settings": QAction.MenuRole.PreferencesRole,
}
"""Commands that macOS moves to its application menu."""
_FIRST_MENU_WIDTH = 72


class _ArrowStyle(QProxyStyle):
    """A style that makes the arrow behind the menus large enough to click."""

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        """Return the width of any click target for the arrow; leave all else."""
        if metric is QStyle.PixelMetric.PM_ToolBarExtensionExtent:
            return tokens.TARGET
        return int(super().pixelMetric(metric, option, widget))


class MenuBar(QMenuBar):
    """The menu bar. `offer` returns the commands of the page on view when a menu opens."""

    def __init__(self, kit: UiContext, menus: Sequence[Menu], offer: PageCommands) -> None:
        super().__init__()
        self._kit = kit
        self._offer = offer
        self._commands: dict[QAction, Command] = {}
        self._before: QWidget | None = None
        kit.theme.app.focusChanged.connect(self._on_focus_changed)
        self._arrow_style = _ArrowStyle()
        self.setNativeMenuBar(sys.platform == "darwin")
        self.setFont(kit.theme.font(TextStyle.BUTTON))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.menus = {menu.key: self._add_menu(menu) for menu in menus}
        self._show_arrow()
        kit.theme.changed.connect(self._show_arrow)
        kit.translator.changed.connect(self.updateGeometry)
        kit.events.lock_asked.connect(self.close_all)

    def open_first(self) -> None:
        """Open the first menu; the page keeps the focus for afterwards."""
        self.setActiveAction(self.actions()[0])

    def close_all(self, _why: str = "") -> None:
        """Close every open menu."""
        for menu in self.menus.values():
            menu.close()

    def minimumSizeHint(self) -> QSize:
        """Return room for the first menu and the arrow."""
        return QSize(min(_FIRST_MENU_WIDTH, self.sizeHint().width()), self.sizeHint().height())

    def _show_arrow(self) -> None:
        """Style and name the arrow to the menus that do not fit."""
        arrow = self.findChild(QToolButton, "qt_menubar_ext_button")
        if isinstance(arrow, QToolButton):
            theme = self._kit.theme
            arrow.setStyle(self._arrow_style)
            arrow.setIcon(theme.icons.icon("chevron-down", theme.colours.text, icons.NORMAL))
            self._kit.translator.bind(arrow.setAccessibleName, N_("More menus"))
            bind_tooltip(self._kit, arrow, N_("More menus"))

    def _add_menu(self, menu: Menu) -> QMenu:
        shown = PopupMenu(self)
        self._kit.translator.bind(shown.setTitle, menu.title)
        shown.triggered.connect(self._on_triggered)
        shown.aboutToShow.connect(lambda: self._fill(shown, menu))
        shown.aboutToHide.connect(self._on_menu_hidden)
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
            self._kit.translator.bind(action.setText, partial(_action_text, command))
            action.setMenuRole(_MAC_ROLES.get(str(command.words), QAction.MenuRole.NoRole))
            is_chosen = command.is_chosen is not None and command.is_chosen()
            action.setCheckable(command.is_chosen is not None)
            action.setChecked(is_chosen)
            action.setIcon(self._icon("check" if is_chosen else command.icon, command))
            self._commands[action] = command
            yield action

    def _on_menu_hidden(self) -> None:
        """Give the keyboard back to the page when a menu was left, once no other menu opens."""
        QTimer.singleShot(0, self, self._leave)

    def _leave(self) -> None:
        before = self._before
        if QApplication.activePopupWidget() is None and self.hasFocus() and before is not None:
            self.setActiveAction(None)  # type: ignore[arg-type]  # Qt takes None
            if isValid(before) and before.isVisible():
                before.setFocus(Qt.FocusReason.MenuBarFocusReason)

    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        if now is self and before is not None:
            self._before = before

    def _on_triggered(self, action: QAction) -> None:
        self._commands[action].run()

    def _icon(self, name: str, command: Command) -> QIcon:
        if not name or (command.is_chosen is not None and name != "check"):
            return QIcon()
        theme = self._kit.theme
        return theme.icons.icon(name, theme.colours.text_muted, icons.MEDIUM)


# --- keys of the window in text fields


class TextKeys(QObject):
    """Lets keys of the window win over those that a text field has of its own.

    On Linux Ctrl+E, for one, goes to the end of a line; a focused field would keep it.
    """

    def __init__(self, window: QWidget, keys: Sequence[str]) -> None:
        super().__init__(window)
        self._window = window
        self._keys = frozenset(QKeySequence(one).toString() for one in keys)
        self._watched: QWidget | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keep the field from claiming such a key; the shortcut of the window gets it."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.ShortcutOverride:
            return False
        if QKeySequence(event.keyCombination()).toString() not in self._keys:
            return False
        event.ignore()
        return True

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = now if isinstance(now, _TEXT_FIELDS) else None
        if self._watched is not None and self._window.isAncestorOf(self._watched):
            self._watched.installEventFilter(self)


_TEXT_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit, QComboBox)
