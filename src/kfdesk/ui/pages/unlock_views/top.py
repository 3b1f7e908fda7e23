# SPDX-License-Identifier: GPL-3.0-or-later
"""The row above a page that stands before an open store: help, language and size of letters.

Whoever cannot read the page, or does not know what it wants, begins here. It neither loads nor
knows the manual: it says that it was asked for.
"""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.theme import LETTERS
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.flow import Flow, together
from kfdesk.ui.widgets.label import Icon
from kfdesk.ui.words import Telling

_KEY = "F1"
_WIDTH = 130


class Top(QWidget):
    """The row. `help_asked` follows its button and F1 anywhere on `page`, which it is part of."""

    help_asked = Signal()

    def __init__(self, kit: Kit, page: QWidget) -> None:
        super().__init__()
        self._kit = kit
        self.setProperty("ground", "none")
        self._codes = [one.code for one in kit.words.offered]
        self.languages = Choice(kit)
        self.languages.setMinimumWidth(_WIDTH)
        names = [(one.code, _plain(one.name)) for one in kit.words.offered]
        self.languages.offer(names, kit.words.language.code)
        kit.words.bind(self.languages.setAccessibleName, N_("Language"))
        self.languages.chosen.connect(kit.speak)
        kit.words.changed.connect(self._on_language_changed)
        self.letters = Choice(kit)
        sizes = [(str(one), partial(_sized, one)) for one in LETTERS]
        self.letters.offer(sizes, str(kit.theme.letters))
        kit.words.bind(self.letters.setAccessibleName, N_("Size of letters"))
        self.letters.chosen.connect(lambda key: kit.enlarge(int(key)))
        self.help = Button(kit, N_("Help"), "life-buoy", Look.QUIET).show_key(_KEY)
        self.help.clicked.connect(self.help_asked)
        QShortcut(QKeySequence(_KEY), page, self.help_asked.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.GRID)
        row.addStretch(1)
        spoken = together(Icon(kit, "languages"), self.languages, gap=tokens.GRID)
        row.addWidget(Flow(spoken, self.letters, self.help, gap=tokens.GRID))

    def _on_language_changed(self) -> None:
        self.languages.setCurrentIndex(self._codes.index(self._kit.words.language.code))


def _sized(letters: int, language: Language) -> str:
    return language.gettext(N_("Letters {percent}%")).format(percent=letters)


def _plain(name: str) -> Telling:
    return lambda _: name
