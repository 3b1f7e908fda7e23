# SPDX-License-Identifier: GPL-3.0-or-later
"""What the program is made of, and the words of every licence, on one sheet and offline.

The list is read when the sheet opens; a person finds a part by its name. It does not know where
the list comes from.
"""

from collections.abc import Callable

from PySide6.QtWidgets import QPlainTextEdit

from kfdesk.domain.desk.release import Part
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.kit import Kit
from kfdesk.ui.shell.sheets.floating import Sheet
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.label import Label

_WIDTH, _HEIGHT = 860, 460
_ALL = "all"


class PartsSheet(Sheet):
    """The sheet: all parts by name and licence, or the words of one part's licence."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, N_("Parts and licences"), "files")
        self.setMaximumWidth(_WIDTH)
        self._parts = kit.program.parts()
        told = N_(
            "The program is free software and stands on the work of many others. Each part is "
            "under its own licence."
        )
        self.body.addWidget(Label(kit, told).wrapped())
        self.choice = Choice(kit)
        kit.words.bind(self.choice.setAccessibleName, N_("Parts and licences"))
        named = [(str(number), _named(part)) for number, part in enumerate(self._parts)]
        self.choice.offer([(_ALL, N_("All parts")), *named])
        self.choice.activated.connect(self._show)
        self.body.addWidget(self.choice)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setMinimumHeight(_HEIGHT)
        self.text.setTabChangesFocus(True)
        kit.words.bind(self.text.setAccessibleName, N_("Words of the licence"))
        self.body.addWidget(self.text)
        self.close_by(N_("Close"), "x")
        self._show()

    def _show(self, _place: int = 0) -> None:
        if self.choice.key == _ALL:
            self.text.setPlainText("\n".join(map(_line, self._parts)))
        else:
            self.text.setPlainText(self._parts[int(self.choice.key)].text)


def _line(part: Part) -> str:
    return f"{_name(part)}: {part.licence}" if part.licence else _name(part)


def _named(part: Part) -> Callable[[Language], str]:
    return lambda _: _name(part)


def _name(part: Part) -> str:
    return f"{part.name} {part.version}".strip()
