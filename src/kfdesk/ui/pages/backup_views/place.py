# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a backup goes, or comes from: a stick that is plugged in, or a folder chosen by hand.

It knows folders and nothing of what is in them.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.marks import N_
from kfdesk.ui import tokens
from kfdesk.ui.files import ask_folder
from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.words import Message, Telling

_WIDTH = 340


class PlaceChoice(QWidget):
    """Sticks and folders to choose from. `changed` follows every choice; `path` is what holds."""

    changed = Signal()

    def __init__(self, kit: Kit, label: Message, title: Message) -> None:
        super().__init__()
        self._kit = kit
        self._title = title
        self._paths: tuple[Path, ...] = ()
        self._is_by_hand = False
        self.choice = Choice(kit)
        self.choice.setMinimumWidth(_WIDTH)
        self.choice.chosen.connect(self._on_chosen)
        self.browse = Button(kit, N_("Another folder…"), "files")
        self.browse.clicked.connect(self._on_browse_clicked)
        row = QHBoxLayout()
        row.setSpacing(tokens.GRID - tokens.RESERVE)
        row.addWidget(self.choice)
        row.addWidget(self.browse)
        row.addStretch(1)
        inside = QWidget()
        inside.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        self._field = Field(kit, label, inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._field)
        kit.words.bind(self.choice.setAccessibleName, label)
        self.offer(())

    @property
    def path(self) -> Path | None:
        """The folder that was chosen."""
        return Path(self.choice.key) if self.choice.key else None

    def offer(self, paths: Sequence[Path]) -> None:
        """Offer these folders; one that was chosen by hand stays, and stays chosen."""
        kept = self.path if self._is_by_hand else None
        every = tuple(dict.fromkeys((*((kept,) if kept else ()), *paths)))
        if every == self._paths and every:
            return
        self._paths = every
        before = self.path
        options = [(str(path), _plain(_shown(path, paths))) for path in every]
        nothing: list[tuple[str, Message]] = [("", N_("No stick is plugged in"))]
        self.choice.offer(options or nothing, str(before) if before in every else "")
        self.choice.setEnabled(bool(options))
        self.changed.emit()

    def choose(self, path: Path) -> None:
        """Let a folder hold that was chosen by hand."""
        self._is_by_hand = False
        rest = [each for each in self._paths if each != path]
        self._paths = ()
        self.offer((path, *rest))
        self.choice.setCurrentIndex(0)
        self._is_by_hand = True
        self.changed.emit()

    def _on_chosen(self, _key: str) -> None:
        self.changed.emit()

    def _on_browse_clicked(self) -> None:
        ask_folder(self._kit, self, self._title, self.choose)


def _shown(path: Path, sticks: Sequence[Path]) -> str:
    """A stick by its name, a folder by its last two."""
    if path in sticks and path.is_mount():
        return path.name or str(path)
    return str(Path(*path.parts[-2:])) if len(path.parts) > 2 else str(path)


def _plain(text: str) -> Telling:
    return lambda _: text
