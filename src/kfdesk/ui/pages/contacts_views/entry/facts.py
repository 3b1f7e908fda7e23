# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a contact, row by row: numbers first, as they are dialled from here.

Numbers and address of a secret entry are covered while the card says so. Only shows; which facts
stand there follows from the record, and what is copied leaves the clipboard by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.i18n.listing.phones import dialled, e164
from kfdesk.i18n.said.hours import hours_text
from kfdesk.services.directory import DirectoryEntry, Named, Naming
from kfdesk.ui import tokens
from kfdesk.ui.guard.clipboard import SECONDS, copy
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.contacts_views.words import UNDECIDED, phone_lines, roles, said
from kfdesk.ui.pages.shown import field_of, value_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import clear
from kfdesk.ui.words import Message, Telling

_LABEL_WIDTH = 150
_BUTTON_TOP = 12
_COPY_TOP = 6
_COVERED = "••••••••"
_COPIED = frozenset({"email", "website"})
_FACTS = {
    "organisation": (
        ("country", "confidentiality"),
        (
            "city", "hours", "email", "website", "languages", "services", "offers", "populations",
            "contact_risk", "networks", "other_name", "part_of", "front_door", "checked",
            "checked_by", "note",
        ),
    ),
    "contact": (("organisation", "confidentiality"), ("role", "email", "note")),
}  # fmt: skip


class Facts(QWidget):
    """The rows. `plan_chosen` and `entry_chosen` carry the id of what one goes to."""

    plan_chosen = Signal(bytes)
    entry_chosen = Signal(bytes)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.plans: list[Button] = []
        self.people: list[Button] = []
        self.copies: list[Button] = []
        self._rows = QVBoxLayout(self)
        self._rows.setSpacing(12)
        self._rows.setContentsMargins(20, 16, 20, 16)

    def show_entry(self, entry: DirectoryEntry, *, is_covered: bool) -> None:
        """Show what is known of an entry, with what it keeps secret covered or not."""
        clear(self._rows)
        self.plans, self.people, self.copies = [], [], []
        for seen in entry.phones:
            self._add_phone(entry, seen, is_covered=is_covered)
        for key in facts_of(entry):
            self._add_fact(entry, key)
        self._add_secret(entry, is_covered=is_covered)
        self._add_people(entry.people)
        self._add_plans(entry.namings)
        self._rows.addStretch(1)

    def _add_fact(self, entry: DirectoryEntry, key: str) -> None:
        label: QWidget = Label(self._kit, value_of(entry, key)).wrapped()
        value = getattr(entry.view.record, key)
        down = 0
        if key in _COPIED and isinstance(value, str) and key not in entry.view.conflicts:
            label, down = self._with_copy(label, value), _COPY_TOP
        self._add(field_of(entry.type, key).label, label, down)

    def _add_phone(self, entry: DirectoryEntry, seen: View[object], *, is_covered: bool) -> None:
        if is_covered:
            self._add(N_("Telephone"), Label(self._kit, said(_COVERED)).wrapped())
            return
        lines = partial(phone_lines, seen, call=(country_of(entry), entry.caller))
        number = getattr(seen.record, "number", None)
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(Label(self._kit, lambda told: lines(told)[0], Type.STRONG).wrapped())
        under = Label(self._kit, lambda told: lines(told)[1], Type.SMALL, Tone.MUTED).wrapped()
        under.setVisible(bool(lines(self._kit.words.language)[1]))
        column.addWidget(under)
        if isinstance(number, str) and "number" not in seen.conflicts:
            words = self._with_copy(words, e164(number, country_of(entry)) or number)
        self._add(N_("Telephone"), words, _COPY_TOP)

    def _add_secret(self, entry: DirectoryEntry, *, is_covered: bool) -> None:
        """The number or the address, which no paper and no partner gets."""
        key, is_there = secret_of(entry)
        is_hidden = is_there and is_covered
        told = said(_COVERED) if is_hidden else value_of(entry, key)
        label: QWidget = Label(
            self._kit, told, tone=Tone.PLAIN if is_there else Tone.MUTED
        ).wrapped()
        value, down = getattr(entry.view.record, key), 0
        if key == "phone" and isinstance(value, str) and not is_hidden:
            label = self._with_copy(label, e164(value, country_of(entry)) or value)
            down = _COPY_TOP
        self._add(field_of(entry.type, key).label, label, down)

    def _with_copy(self, words: QWidget, text: str) -> QWidget:
        """A value with the button that copies it."""
        button = Button(self._kit, N_("Copy"), "copy", Look.QUIET).sized(tokens.CONTROL_COMPACT)
        self._kit.words.bind(button.setAccessibleName, N_("Copy: {value}"), value=said(text))
        button.clicked.connect(partial(self._on_copy_clicked, text))
        self.copies.append(button)
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(words, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return place

    def _on_copy_clicked(self, text: str) -> None:
        copy(text)
        self._kit.tell(
            N_("Copied. It leaves the clipboard after {count} seconds."),
            count=lambda _: str(SECONDS),
        )

    def _add_people(self, people: Sequence[Named]) -> None:
        if not people:
            return
        rows: list[tuple[Button, Message]] = []
        for one in people:
            button = Button(self._kit, said(one.name or "–"), "user", Look.QUIET)
            button.clicked.connect(partial(self.entry_chosen.emit, one.rid))
            self.people.append(button)
            rows.append((button, ""))
        self._add(N_("Works here"), self._make_buttons(rows), down=_BUTTON_TOP)

    def _add_plans(self, namings: Sequence[Naming]) -> None:
        if not namings:
            label = Label(self._kit, N_("No plan names it."), tone=Tone.MUTED).wrapped()
            self._add(N_("Used in"), label)
            return
        rows: list[tuple[Button, Message]] = []
        for naming in namings:
            button = Button(self._kit, said(naming.code or "–"), "clipboard-list", Look.QUIET)
            button.clicked.connect(partial(self.plan_chosen.emit, naming.plan))
            self.plans.append(button)
            rows.append((button, roles(naming)))
        self._add(N_("Used in"), self._make_buttons(rows), down=_BUTTON_TOP)

    def _make_buttons(self, rows: Iterable[tuple[Button, Message]]) -> QWidget:
        """Quiet buttons under each other, their edge in line with the values, a word after each."""
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.GRID // 2)
        for button, message in rows:
            word = Label(self._kit, message, Type.SMALL, Tone.MUTED).wrapped()
            column.addWidget(Flow(button, word, gap=0, fills=word))
        return place

    def _add(self, message: Message, value: QWidget, down: int = 0) -> None:
        """Add a row; its label stands `down` pixels lower, in line with a button's word."""
        label = Label(self._kit, message, Type.LABEL, Tone.MUTED).wrapped()
        label.setContentsMargins(0, down, 0, 0)
        label.setFixedWidth(self._kit.theme.sized(_LABEL_WIDTH))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(value, 1)
        self._rows.addLayout(row)


def secret_of(entry: DirectoryEntry) -> tuple[str, bool]:
    """The field that no paper and no partner gets, and whether anything stands there."""
    key = "address" if entry.type == "organisation" else "phone"
    is_there = isinstance(getattr(entry.view.record, key), str) or key in entry.view.conflicts
    return key, is_there


def country_of(entry: DirectoryEntry) -> str:
    """The country for which an entry's numbers were typed: its own, or that of its house."""
    record = entry.house.record if entry.house is not None else entry.view.record
    country = getattr(record, "country", None)
    return country if isinstance(country, str) else ""


def facts_of(entry: DirectoryEntry) -> Iterator[str]:
    """The fields that are shown: some always, the others where something stands there."""
    record, torn = entry.view.record, entry.view.conflicts
    always, others = _FACTS[entry.type]
    yield from always
    yield from (key for key in others if getattr(record, key) is not None or key in torn)


def value_of(entry: DirectoryEntry, key: str) -> Telling:
    """A field's value in words; a reference by the name it leads to, a number as one calls it."""
    field, value = field_of(entry.type, key), getattr(entry.view.record, key)

    def told(language: Language) -> str:
        if key in entry.view.conflicts:
            return language.gettext(UNDECIDED)
        if key in entry.names and isinstance(value, str):
            return entry.names[key] or language.gettext(N_("an entry that is not here"))
        if key == "phone" and isinstance(value, str):
            return dialled(value, country_of(entry), entry.caller)
        if key == "hours" and isinstance(value, str):
            return hours_text(value, language)
        return value_text(field, value, language)

    return told
