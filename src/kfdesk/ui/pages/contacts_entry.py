# SPDX-License-Identifier: GPL-3.0-or-later
"""One contact: its name, what is known of it, who may see it, and which plans name it.

Number and address of a secret entry are covered until somebody asks, and covered again with the
next entry. Here stand the words for an entry that list and preview share.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.codes import CONFIDENTIALITY
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.i18n.messages import field_label
from kfdesk.services.directory import DirectoryEntry, Naming
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import NOT_ASKED, field_of, value_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.panel import Card, clear, line
from kfdesk.ui.words import Message, Telling

_LABEL_WIDTH = 150
_BUTTON_EDGE = 18  # a quiet button's word begins so far inside it
_BUTTON_TOP = 12
_LOCK = (Tone.DANGER, "lock")
_SIGHTS = {
    "public": (Tone.SUCCESS, "circle-check"),
    "partners_only": (Tone.INFO, "circle-dot"),
    "front_door_only": (Tone.WARNING, "triangle-alert"),
    "secret": _LOCK,
}
_COVERED = "••••••••"


class EntryCard(Card):
    """The preview of an entry. `plan_chosen` carries the id of a plan that names it."""

    plan_chosen = Signal(bytes)

    def __init__(self, kit: Kit) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._name = Label(kit, style=Type.TITLE).wrapped()
        self._kind = Label(kit, tone=Tone.MUTED).wrapped()
        self._sight = Chip(kit)
        self._ours = Chip(kit, Tone.ACCENT, "notebook-text")
        self._ours.tell(N_("Our own desk"))
        self.cover = Button(kit, N_("Show"), "eye", Look.QUIET)
        self.cover.clicked.connect(self._on_cover_clicked)
        self._entry: DirectoryEntry | None = None
        self._is_covered = True
        self.plans: list[Button] = []
        self._facts = QVBoxLayout()
        self._facts.setSpacing(12)
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_entry(self, entry: DirectoryEntry) -> None:
        """Show this entry, covered as it should be; the same again changes nothing."""
        if entry == self._entry:
            return  # whoever stands on a button here keeps the keyboard
        is_another = self._entry is None or self._entry.view.rid != entry.view.rid
        self._is_covered = entry.is_secret if is_another else self._is_covered
        self._entry = entry
        self._name.tell(lambda language: name_line(entry, language))
        self._kind.tell(lambda language: kind_line(entry, language))
        tone, icon, _ = sight_word(entry, self._kit.words.language)
        self._sight.show_look(tone, icon)
        self._sight.tell(lambda language: sight_word(entry, language)[2])
        self._ours.setVisible(entry.is_ours)
        self._show_facts(entry)

    def _show_facts(self, entry: DirectoryEntry) -> None:
        clear(self._facts)
        self.plans = []
        for key in _facts_of(entry):
            field = field_of(entry.type, key)
            self._add(field.label, Label(self._kit, _value(entry, key)).wrapped())
        self._add_secret(entry)
        self._add_plans(entry.namings)
        self._facts.addStretch(1)

    def _add_secret(self, entry: DirectoryEntry) -> None:
        """The number or the address, which no paper and no partner gets."""
        key = "address" if entry.type == "organisation" else "phone"
        value = getattr(entry.view.record, key)
        is_there = isinstance(value, str) or key in entry.view.conflicts
        is_covered = is_there and self._is_covered
        told = _said(_COVERED) if is_covered else _value(entry, key)
        label = Label(self._kit, told, tone=Tone.PLAIN if is_there else Tone.MUTED).wrapped()
        self._add(field_of(entry.type, key).label, label)
        may_cover = is_there and entry.is_secret
        self.cover.setVisible(may_cover)
        self.cover.tell(N_("Show") if self._is_covered else N_("Cover"))
        self.cover.show_icon("eye" if self._is_covered else "eye-off")

    def _add_plans(self, namings: Sequence[Naming]) -> None:
        if not namings:
            label = Label(self._kit, N_("No plan names it."), tone=Tone.MUTED).wrapped()
            self._add(N_("Used in"), label)
            return
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for naming in namings:
            button = Button(self._kit, _said(naming.code or "–"), "clipboard-list", Look.QUIET)
            button.clicked.connect(partial(self.plan_chosen.emit, naming.plan))
            self.plans.append(button)
            role = Label(self._kit, _roles(naming), Type.SMALL, Tone.MUTED).wrapped()
            row = QHBoxLayout()
            row.setSpacing(0)
            row.addSpacing(-_BUTTON_EDGE)
            row.addWidget(button)
            row.addWidget(role, 1)
            column.addLayout(row)
        place = QWidget()
        place.setLayout(column)
        self._add(N_("Used in"), place, down=_BUTTON_TOP)

    def _add(self, message: Message, value: QWidget, down: int = 0) -> None:
        """Add a row; its label stands `down` pixels lower, in line with a button's word."""
        label = Label(self._kit, message, Type.LABEL, Tone.MUTED).wrapped()
        label.setContentsMargins(0, down, 0, 0)
        label.setFixedWidth(_LABEL_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(value, 1)
        self._facts.addLayout(row)

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(20, 16, 20, 14)
        head.setSpacing(2)
        head.addWidget(self._name)
        head.addWidget(self._kind)
        head.addSpacing(8)
        chips = QHBoxLayout()
        chips.setSpacing(8)
        chips.addWidget(self._sight)
        chips.addWidget(self._ours)
        chips.addStretch(1)
        chips.addWidget(self.cover)
        head.addLayout(chips)
        page = QWidget()
        page.setProperty("ground", "none")
        page.setLayout(self._facts)
        self._facts.setContentsMargins(20, 16, 20, 16)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.setSpacing(0)
        self.body.addLayout(head)
        self.body.addWidget(line())
        self.body.addWidget(scroll, 1)

    def _on_cover_clicked(self) -> None:
        if self._entry is not None:
            self._is_covered = not self._is_covered
            self._show_facts(self._entry)


def name_line(entry: DirectoryEntry, language: Language) -> str:
    """The name, or that there is none."""
    return entry.name or language.gettext(N_("without a name"))


def kind_line(entry: DirectoryEntry, language: Language) -> str:
    """What it is and where: `Organisation, Estonia`; of a person, for whom she works."""
    if entry.type == "contact":
        kind, place = N_("Contact person"), entry.works_for
    else:
        code = entry.view.record.country
        kind, place = N_("Organisation"), language.country(code) if isinstance(code, str) else ""
    return ", ".join(part for part in (language.gettext(kind), place) if part)


def sight_word(entry: DirectoryEntry, language: Language) -> tuple[Tone, str, str]:
    """Who may see an entry: tone, icon and word. In conflict it counts as secret, and says so."""
    if "confidentiality" in entry.view.conflicts:
        return (*_LOCK, language.gettext(N_("two values, not decided")))
    code = entry.view.record.confidentiality
    if code in CONFIDENTIALITY:
        return (*_SIGHTS[code], language.gettext(CONFIDENTIALITY[code]))
    return Tone.MUTED, "circle-question-mark", language.gettext(NOT_ASKED)


def _facts_of(entry: DirectoryEntry) -> tuple[str, ...]:
    if entry.type == "organisation":
        return ("country", "confidentiality")
    return ("organisation", "confidentiality")


def _value(entry: DirectoryEntry, key: str) -> Telling:
    """A field's value in words; a reference by the name it leads to."""
    field, value = field_of(entry.type, key), getattr(entry.view.record, key)

    def told(language: Language) -> str:
        if key in entry.view.conflicts:
            return language.gettext(N_("two values, not decided"))
        if key == "organisation" and isinstance(value, str):
            return entry.works_for or language.gettext(N_("an entry that is not here"))
        return value_text(field, value, language)

    return told


def _roles(naming: Naming) -> Telling:
    """As what a plan names the entry: `Receiver, Recipient`."""
    return lambda language: ", ".join(field_label(path, language) for path in naming.fields)


def _said(text: str) -> Telling:
    return lambda _: text
