# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that the program always has, menu by menu; pages add their own.

One list feeds the menus, the sheet of keys and quick find, so none of them can forget one. A
command of the program is one line here. Knows no page by name, and asks the desk for everything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from kfdesk.domain.schema import N_
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.shell.watch import HIDE_KEY, LOCK_KEY
from kfdesk.ui.theme import Scheme
from kfdesk.ui.widgets.rail import Place
from kfdesk.ui.words import Message

FIND_KEY = "Ctrl+K"
PANE_KEY = "F6"
PLAN_KEY = "Ctrl+N"
SEND_KEY = "Ctrl+E"
TAKE_KEY = "Ctrl+I"
HELP_KEY = "F1"
KEYS_KEY = "Shift+F1"
Groups = tuple[tuple[Command, ...], ...]

_SCHEMES = (
    (Scheme.SYSTEM, N_("Colours as the computer")),
    (Scheme.LIGHT, N_("Light colours")),
    (Scheme.DARK, N_("Dark colours")),
)


class Deeds(Protocol):
    """What the desk does for a command."""

    def begin_plan(self) -> None:
        """Begin a plan."""

    def send_file(self) -> None:
        """Send a file, of the plan on view if there is one."""

    def take_file(self) -> None:
        """Take files that have come."""

    def hide_now(self) -> None:
        """Hide the window."""

    def lock_now(self) -> None:
        """Lock the store."""

    def quit_now(self) -> None:
        """End the program."""

    def undo(self) -> None:
        """Take back what was just told."""

    def find_anything(self) -> None:
        """Go to quick find."""

    def go_to(self, key: str) -> None:
        """Show a place."""

    def go_back(self) -> None:
        """Show where one came from."""

    def next_pane(self) -> None:
        """Go to the next part of the window."""

    def check_store(self) -> None:
        """Read the whole store."""

    def show_help(self) -> None:
        """Show the chapter of the manual about the page on view."""

    def show_keys(self) -> None:
        """Show the sheet of keys."""

    def show_about(self) -> None:
        """Show what this program is."""


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu: its key and title, and the commands that always stand in it, in groups."""

    key: str
    title: str
    groups: Groups


def fixed_menus(kit: Kit, deeds: Deeds, places: Sequence[Place]) -> tuple[Menu, ...]:
    """The menus of the program, in order."""
    return (
        Menu("file", N_("&File"), _file(deeds)),
        Menu("edit", N_("&Edit"), _edit(deeds)),
        Menu("view", N_("&View"), _view(kit)),
        Menu("go", N_("&Go"), _go(deeds, places)),
        Menu("help", N_("Hel&p"), _help(deeds)),
    )


def _file(deeds: Deeds) -> Groups:
    standard = QKeySequence.StandardKey
    return (
        (Command(N_("New plan"), deeds.begin_plan, PLAN_KEY, "plus"),),
        (
            Command(N_("Send a file"), deeds.send_file, SEND_KEY, "send"),
            Command(N_("Take an exchange file"), deeds.take_file, TAKE_KEY, "download"),
        ),
        (Command(N_("Check the store"), deeds.check_store, icon="shield-check"),),
        (
            Command(N_("Hide the window"), deeds.hide_now, HIDE_KEY, "eye-off"),
            Command(N_("Lock the store"), deeds.lock_now, LOCK_KEY, "lock"),
        ),
        (Command(N_("Quit"), deeds.quit_now, key_of(standard.Quit, "Ctrl+Q"), "x"),),
    )


def _edit(deeds: Deeds) -> Groups:
    standard = QKeySequence.StandardKey
    return (
        (
            Command(N_("&Undo"), deeds.undo, key_of(standard.Undo, "Ctrl+Z"), "undo-2", "edit"),
            Command(N_("&Redo"), _in_text("redo"), key_of(standard.Redo, "Ctrl+Y"), menu="edit"),
        ),
        (
            Command(N_("Cu&t"), _in_text("cut"), key_of(standard.Cut, "Ctrl+X"), menu="edit"),
            Command(
                N_("&Copy"), _in_text("copy"), key_of(standard.Copy, "Ctrl+C"), "copy", "edit"
            ),
            Command(N_("&Paste"), _in_text("paste"), key_of(standard.Paste, "Ctrl+V"), menu="edit"),
            Command(
                N_("Select All"), _in_text("selectAll"), key_of(standard.SelectAll, "Ctrl+A"),
                menu="edit",
            ),
        ),
        (Command(N_("Find anything"), deeds.find_anything, FIND_KEY, "search", "edit"),),
    )  # fmt: skip


def _view(kit: Kit) -> Groups:
    languages = (
        Command(
            _named(offered.name), partial(kit.speak, offered.code), icon="languages", menu="view",
            is_chosen=partial(_speaks, kit, offered.code),
        )
        for offered in kit.words.offered
    )  # fmt: skip
    colours = (
        Command(
            words, partial(kit.wear, scheme), icon="sun", menu="view",
            is_chosen=partial(_wears, kit, scheme),
        )
        for scheme, words in _SCHEMES
    )  # fmt: skip
    return (tuple(languages), tuple(colours))


def _go(deeds: Deeds, places: Sequence[Place]) -> Groups:
    def groups(*, are_at_foot: bool) -> tuple[Command, ...]:
        return tuple(
            Command(place.label, partial(deeds.go_to, place.key), place.keys, place.icon, "go")
            for place in places
            if place.is_at_foot is are_at_foot
        )

    ways = (
        Command(N_("Back"), deeds.go_back, "Esc", "arrow-left", "go"),
        Command(N_("Next part of the window"), deeds.next_pane, PANE_KEY, menu="go"),
    )
    return (groups(are_at_foot=False), groups(are_at_foot=True), ways)


def _help(deeds: Deeds) -> Groups:
    return (
        (
            Command(N_("Help with this page"), deeds.show_help, HELP_KEY, "life-buoy", "help"),
            Command(N_("All keys"), deeds.show_keys, KEYS_KEY, "list-checks", "help"),
        ),
        (Command(N_("About this program"), deeds.show_about, icon="info", menu="help"),),
    )


def key_of(standard: QKeySequence.StandardKey, otherwise: str) -> str:
    """The platform's own key for something; `otherwise` where it has none."""
    keys = QKeySequence(standard).toString(QKeySequence.SequenceFormat.PortableText)
    return keys or otherwise


def undo_in(text: QWidget | None) -> bool:
    """Take back what was typed where the cursor is; says whether there was anything."""
    if isinstance(text, QLineEdit) and text.isUndoAvailable():
        text.undo()
        return True
    if isinstance(text, QPlainTextEdit) and text.document().isUndoAvailable():
        text.undo()
        return True
    return False


def _in_text(name: str) -> Callable[[], None]:
    """What a text field does by itself at its key, for those who choose it from the menu."""

    def act() -> None:
        text = QApplication.focusWidget()
        if isinstance(text, QLineEdit | QPlainTextEdit):
            getattr(text, name)()

    return act


def _named(name: str) -> Message:
    return lambda _: name


def _speaks(kit: Kit, code: str) -> bool:
    return kit.words.language.code == code


def _wears(kit: Kit, scheme: Scheme) -> bool:
    return kit.theme.scheme is scheme
