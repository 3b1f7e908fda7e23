# SPDX-License-Identifier: GPL-3.0-or-later
"""One plan: its header, its sections down the side, and the section one is in.

Reads the plan on the worker's thread, again after every change that it shows, and keeps section
and scroll position. What a section shows stands in its own module.
"""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.rows import Version
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services import plans, records
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.plans import Conflict, PlanPage
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.conflict import ConflictCard
from kfdesk.ui.pages.plan_page.consent import ConsentSection
from kfdesk.ui.pages.plan_page.header import PlanHeader
from kfdesk.ui.pages.plan_page.person import PersonSection
from kfdesk.ui.pages.plan_page.travel import TravelSection
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.paint import Fill
from kfdesk.ui.widgets.panel import clear
from kfdesk.ui.widgets.sections import Section, SectionList
from kfdesk.ui.words import Telling

_TYPES = frozenset({"client", "plan", "leg", "help_number", "consent", "partner"})
_SECTION_OF = {
    "client": "person",
    "plan": "person",
    "consent": "consent",
    "leg": "travel",
    "help_number": "travel",
}
_PERSON = ("code", "given_name", "family_name", "name_on_ticket", "languages")


class PlanView(QWidget):
    """The page of one plan. `closed` asks to go back to the list."""

    closed = Signal()

    def __init__(self, kit: Kit, desk: Desk, rid: bytes) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._rid = rid
        self.header = PlanHeader(kit, desk, rid)
        self.header.back.clicked.connect(self.closed)
        self.person = PersonSection(kit)
        self.consent = ConsentSection(kit)
        self.travel = TravelSection(kit)
        self._parts: dict[str, QWidget] = {
            "person": self.person,
            "consent": self.consent,
            "travel": self.travel,
        }
        self.sections = SectionList(kit)
        self.sections.chosen.connect(self.go_to)
        self.conflicts: list[ConflictCard] = []
        self._cards = QVBoxLayout()
        self._cards.setSpacing(tokens.CARD_GAP)
        self._lay_out()
        kit.hub.changed.connect(self._on_changed)
        self._section = "travel"
        self.read()

    def read(self) -> None:
        """Read the plan again."""
        self._kit.work.run(lambda: plans.open_plan(self._desk, self._rid), self._on_read)

    def go_to(self, key: str) -> None:
        """Show a section."""
        self._section = key
        self.sections.show_current(key)
        for name, part in self._parts.items():
            part.setVisible(name == key)
        for card in self.conflicts:
            card.setVisible(_SECTION_OF.get(card.conflict.type) == key)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Alt with up or down walks the sections, Esc goes back to the list."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.sections.step(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        side = QWidget()
        side.setProperty("ground", "column")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(tokens.SECTIONS)
        beside = QVBoxLayout(side)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.sections)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(self._make_contents(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(row, 1)
        self.setFocusProxy(self.sections)

    def _make_contents(self) -> QScrollArea:
        page = QWidget()
        page.setProperty("ground", "none")
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 16, tokens.PAGE_MARGIN, tokens.PAGE_MARGIN)
        column.setSpacing(tokens.CARD_GAP)
        column.addLayout(self._cards)
        for part in self._parts.values():
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return scroll

    def _on_read(self, page: PlanPage) -> None:
        self.header.show_plan(page)
        self.sections.show_sections(_sections(page))
        self.person.show_plan(page)
        self.consent.show_plan(page)
        self.travel.show_plan(page)
        self._show_conflicts(page)
        self.go_to(self._section)

    def _show_conflicts(self, page: PlanPage) -> None:
        clear(self._cards)
        self.conflicts = []
        for conflict in page.conflicts:
            card = ConflictCard(self._kit, conflict, self._desk.identity.name)
            card.decided.connect(self._on_decided)
            self._cards.addWidget(card)
            self.conflicts.append(card)

    def _on_decided(self, conflict: Conflict, version: Version) -> None:
        desk, values = self._desk, {conflict.key: version.value}

        def save() -> Changes:
            return records.change_record(desk, conflict.rid, values, conflict.seen)

        self._kit.work.run(save, self._on_saved)

    def _on_saved(self, changes: Changes) -> None:
        self._kit.hub.changed.emit(changes.types)

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _TYPES:
            self.read()


def _sections(page: PlanPage) -> list[Section]:
    known = [getattr(page.client.record, key) is not None for key in _PERSON]
    standing = sum(line.shut is None for line in page.consents)
    gaps = len(page.gaps)
    fills = {
        "person": _fill(known),
        "consent": Fill.DONE if standing else Fill.EMPTY,
        "travel": (Fill.PART if gaps else Fill.DONE) if page.legs else Fill.EMPTY,
    }
    facts: dict[str, Telling] = {
        "consent": lambda language: _standing(standing, language),
        "travel": lambda language: _gaps(gaps, language) if gaps else "",
    }
    labels = {"person": N_("Person"), "consent": N_("Consent"), "travel": N_("Travel")}
    return [
        _section(page, Section(key, label, fills[key], fact=facts.get(key, "")))
        for key, label in labels.items()
    ]


def _section(page: PlanPage, section: Section) -> Section:
    """The section; where a conflict waits in it, that is the fact to say."""
    waiting = sum(_SECTION_OF.get(conflict.type) == section.key for conflict in page.conflicts)
    if waiting:
        return replace(
            section,
            fill=Fill.PART,
            fact=lambda language: _waiting(waiting, language),
            tone=Tone.WARNING,
        )
    return replace(section, tone=Tone.WARNING if section.fill is Fill.PART else Tone.MUTED)


def _fill(known: list[bool]) -> Fill:
    if all(known):
        return Fill.DONE
    return Fill.PART if any(known) else Fill.EMPTY


def _standing(count: int, language: Language) -> str:
    if not count:
        return language.gettext(N_("none stands"))
    return language.ngettext("{count} stands", "{count} stand", count).format(count=count)


def _gaps(count: int, language: Language) -> str:
    return language.ngettext("{count} gap", "{count} gaps", count).format(count=count)


def _waiting(count: int, language: Language) -> str:
    return language.ngettext("{count} to decide", "{count} to decide", count).format(count=count)
