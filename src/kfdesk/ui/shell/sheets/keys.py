# SPDX-License-Identifier: GPL-3.0-or-later
"""The sheet of keys: everything that has a key, on one calm page.

It reads the same commands as the menus; only what no command says, such as how lists are walked,
stands here. Keys are named as the keyboard of this computer names them.
"""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.shell.menu.commands import Menu
from kfdesk.ui.shell.sheets.floating import Sheet
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.words import Message

_WIDTH = 860
_KEY_ROOM = 118
Row = tuple[Message, str]

_WALKING: tuple[Row, ...] = (
    (N_("Walk a list"), "Up Down"),
    (N_("Open the chosen row"), "Return"),
    (N_("Go to the next field or button"), "Tab Shift+Tab"),
    (N_("Walk the sections of a plan"), "Alt+Up Alt+Down"),
    (N_("Give another answer in a field, such as unknown"), "Alt+Down"),
    (N_("Remove a language of a text"), "Alt+Del"),
    (N_("Walk the records of a file"), "J K"),
)


class Keycap(QWidget):
    """A key in its frame; those who listen hear its name."""

    def __init__(self, kit: Kit, keys: str) -> None:
        super().__init__()
        self._kit = kit
        self._keys = keys
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(paint.key_text(keys))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the name."""
        theme = self._kit.theme
        width = paint.hint_width(theme, self._keys)
        return QSize(round(width) + 2, paint.hint_height(theme) + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Frame and name."""
        colours = self._kit.theme.colours
        inks = (colours.text, colours.control)
        paint.hint(QPainter(self), self._kit.theme, QRectF(self.rect()), self._keys, inks)


class KeySheet(Sheet):
    """The sheet. `added` are the commands of the page on view."""

    def __init__(self, kit: Kit, menus: Sequence[Menu], added: Sequence[Command]) -> None:
        super().__init__(kit, N_("All keys"), "life-buoy")
        self.setMaximumWidth(_WIDTH)
        columns = QHBoxLayout()
        columns.setSpacing(40)
        by_key = {menu.key: tuple(_rows(menu)) for menu in menus}
        everywhere = (*by_key["file"], *by_key["edit"], *by_key["help"])
        parts: tuple[tuple[Message, tuple[Row, ...]], ...] = (
            (N_("On this page"), tuple(_keyed(added))),
            (N_("Places"), by_key["go"]),
            (N_("Everywhere"), everywhere),
            (N_("In lists and pages"), _WALKING),
        )
        for halves in (parts[:2], parts[2:]):
            column = QVBoxLayout()
            column.setSpacing(4)
            for title, rows in halves:
                if rows:
                    column.addWidget(Label(kit, title, Type.SMALL_STRONG, Tone.MUTED))
                    column.addLayout(_grid(kit, rows))
                    column.addSpacing(12)
            column.addStretch(1)
            columns.addLayout(column, 1)
        self.body.addLayout(columns)
        self.close_by(N_("Close"), "x")


def _grid(kit: Kit, rows: Iterable[Row]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(1, 1)
    grid.setColumnMinimumWidth(0, _KEY_ROOM)
    for number, (words, keys) in enumerate(rows):
        caps = [Keycap(kit, each) for each in keys.split(" ")]
        kept = QHBoxLayout()
        kept.setSpacing(4)
        for cap in caps:
            kept.addWidget(cap)
        kept.addStretch(1)
        label = Label(kit, _plain(words)).wrapped()
        label.setBuddy(caps[0])
        grid.addLayout(kept, number, 0)
        grid.addWidget(label, number, 1)
    grid.setContentsMargins(0, 2, 0, 2)
    grid.setSizeConstraint(QGridLayout.SizeConstraint.SetMinimumSize)
    return grid


def _rows(menu: Menu) -> Iterable[Row]:
    for group in menu.groups:
        yield from _keyed(group)


def _keyed(commands: Iterable[Command]) -> Iterable[Row]:
    return ((command.words, command.keys) for command in commands if command.keys)


def _plain(words: Message) -> Message:
    """The words without the sign of a menu's letter."""

    def say(language: Language) -> str:
        said = words(language) if callable(words) else language.gettext(words)
        return said.replace("&", "")

    return say
