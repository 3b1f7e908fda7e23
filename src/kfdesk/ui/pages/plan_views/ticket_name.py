# SPDX-License-Identifier: GPL-3.0-or-later
"""Her name in Latin letters, offered below the field for the name as on the ticket.

While the field has Cyrillic letters it offers that name, while it is empty the name that stands
beside it. A press takes one; nothing is filled in by itself. How names are spelt, the domain says.
"""

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.carry.spelling import Spelling
from kfdesk.domain.letters.ticket import ticket_spellings
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import tokens
from kfdesk.ui.form.form import Form
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Label

KEY = "name_on_ticket"
_NAMES = ("given_name", "family_name")
_PASSPORTS: Mapping[Spelling, str] = {
    Spelling.PASSPORT: N_("Russian passport"),
    Spelling.UKRAINIAN: N_("Ukrainian passport"),
}
_LANGUAGES: Mapping[Spelling, str] = {
    Spelling.BGN: "en",
    Spelling.SWEDISH: "sv",
    Spelling.GERMAN: "de",
    Spelling.POLISH: "pl",
}


class TicketName(QWidget):
    """A line of words and a button for each spelling; to be seen while there is one to offer."""

    def __init__(self, kit: Kit, form: Form) -> None:
        super().__init__()
        self._form = form
        self._offered: Mapping[str, tuple[Spelling, ...]] = {}
        self.buttons = [
            Button(kit, "", look=Look.TONAL).sized(tokens.CONTROL_COMPACT)
            for _ in (*_PASSPORTS, *_LANGUAGES)
        ]
        for place, button in enumerate(self.buttons):
            button.clicked.connect(partial(self._on_chosen, place))
        said = N_("In Latin letters. Compare it with her passport, then press one:")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Label(kit, said, Type.SMALL, Tone.MUTED).wrapped())
        self._row = Flow(*self.buttons, gap=0)
        column.addWidget(self._row)
        form.edited.connect(self.offer)
        form.view_changed.connect(self.offer)
        form.slots[KEY].put_below(self, self.buttons)
        self.offer()

    def offer(self) -> None:
        """Offer the spellings of the name that stands there now."""
        self._offered = self._spellings()
        offered = [*self._offered.items()]
        for place, button in enumerate(self.buttons):
            if place < len(offered):
                button.tell(partial(_said, *offered[place]))
            button.setVisible(place < len(offered))
        self._row.arrange()
        self.setVisible(bool(offered))

    def _spellings(self) -> Mapping[str, tuple[Spelling, ...]]:
        """What there is to offer: for the field's own text, else for the name beside it."""
        editors, slot = self._form.editors, self._form.slots[KEY]
        own = editors[KEY].value()
        if slot.is_read_only or slot.is_torn or not (own is None or isinstance(own, str)):
            return {}
        if own:
            return ticket_spellings(own)
        beside = (editors[key].value() for key in _NAMES if key in editors)
        name = " ".join(part for part in beside if isinstance(part, str))
        return ticket_spellings(name) or ({name: ()} if name else {})

    def _on_chosen(self, place: int) -> None:
        editor = self._form.editors[KEY]
        editor.enter([*self._offered][place])
        editor.focus()


def _said(name: str, spellings: tuple[Spelling, ...], language: Language) -> str:
    """The name and the first of its spellings; a name as it stands has none."""
    if not spellings:
        return name
    first = spellings[0]
    is_passport = first in _PASSPORTS
    way = (
        language.gettext(_PASSPORTS[first]) if is_passport else language.language(_LANGUAGES[first])
    )
    return language.gettext(N_("{name} ({spelling})")).format(name=name, spelling=way)
