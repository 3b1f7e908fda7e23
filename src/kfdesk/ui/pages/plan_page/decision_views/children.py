# SPDX-License-Identifier: GPL-3.0-or-later
"""The children on a journey: for each, which of its papers is in hand, which is missing, and why.

Each row leads to the field where it is mended. What a paper must say is the gates' matter; nobody
can set one aside, so no button here offers it.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.gates.gate import Gate
from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.i18n.gates import gate_label, gate_sentence
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.ui.editing.offered import offers_of
from kfdesk.ui.editing.record_list import Listing, RecordList, Summary
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.decision_views.standing import Child
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Chip, Icon, Label
from kfdesk.ui.widgets.panel import Card, clear, line
from kfdesk.ui.words import Message

_KEYS = (
    "child", "guardian", "guardian_order", "childs_view_heard", "childs_view", "family_assessed",
    "family_assessment_result", "bid_decided", "bid_decision", "bid_reasons",
    "takeover_authority", "takeover_by_authority",
)  # fmt: skip
_ROWS = (
    ("guardian", "guardian_order"), ("family_assessed", "family_assessment_result"),
    ("bid_decided", "bid_decision"), ("takeover_authority", "takeover_by_authority"),
)  # fmt: skip
_BEFORE = (
    "guardian", "guardian_order", "childs_view_heard", "family_assessed",
    "family_assessment_result", "bid_decided", "bid_decision", "takeover_by_authority",
)  # fmt: skip
"""Fields that stood in the plan before each child had papers of its own."""


class PapersList(RecordList):
    """The papers of each child, one record a child."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        self._names: dict[str, Message] = {}
        self._starts: dict[str, Any] = {}
        listing = Listing(
            record_type="child_papers",
            keys=_KEYS,
            title=N_("Papers of the children"),
            icon="file-check",
            add=N_("Papers of a child"),
            empty=N_("No papers are written down yet."),
            sum_up=self._sum_up,
            rows=_ROWS,
            starts_with=lambda: dict(self._starts),
        )
        super().__init__(kit, desk, listing)

    def show_children(
        self, page: PlanPage, names: dict[str, Message], *, is_read_only: bool
    ) -> None:
        """Show the papers that there are; new ones are begun from a child's row."""
        self._names, self.offers = names, offers_of(self._kit, page, self._desk)
        papers = page.case.all_views("child_papers")
        self.show_records(papers, page.plan.rid, is_read_only=is_read_only)
        self.add_button.hide()

    def begin_for(self, child: bytes, values: dict[str, Any], key: str) -> None:
        """Begin the papers of a child, with what is known already."""
        self._starts = {**values, "child": child.hex()}
        self.begin()
        if self.form is not None:
            self.form.form.slots["child"].set_read_only(is_read_only=True)
            self.form.form.focus_on(key if key in _KEYS else "guardian")

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open a child's papers; whose they are is not changed."""
        is_here = super().open_record(rid, key or "guardian")
        if is_here and self.form is not None:
            self.form.form.slots["child"].set_read_only(is_read_only=True)
        return is_here

    def _sum_up(self, seen: View[Any], language: Language) -> Summary:
        name = self._names.get(str(seen.record.child))
        who = self._kit.words.say(name) if name is not None else "–"
        return Summary(language.gettext(N_("Papers of {name}")).format(name=who))


class ChildrenCard(QWidget):
    """The card with the children, and the one with their papers."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._page: PlanPage | None = None
        self.papers = PapersList(kit, desk)
        self.buttons: dict[tuple[bytes, str], Button] = {}
        self.card = Card()
        self.card.head(kit, N_("Children on this journey"), "user")
        under = N_(
            "Whoever is younger than eighteen, or whose age is not known or in doubt, counts as "
            "a child. Nobody can set these conditions aside."
        )
        self.card.body.addWidget(Label(kit, under, Type.SMALL, Tone.MUTED).wrapped())
        self._column = QVBoxLayout()
        self._column.setSpacing(10)
        self.card.body.addLayout(self._column)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.card)
        column.addWidget(self.papers)
        self.hide()

    def show_page(self, page: PlanPage, children: Sequence[Child], *, is_read_only: bool) -> None:
        """Show the children of this plan's journey; without any there is nothing to show."""
        self._page = page
        names = {child.person.rid.hex(): _name(child) for child in children}
        self.papers.show_children(page, names, is_read_only=is_read_only)
        clear(self._column)
        self.buttons = {}
        for number, child in enumerate(children):
            if number:
                self._column.addWidget(line())
            self._add(child, names[child.person.rid.hex()], len(children), is_shut=is_read_only)
        self.papers.setVisible(bool(page.case.all_views("child_papers")) or self._is_open)
        self.setVisible(bool(children) or bool(page.case.all_views("child_papers")))

    @property
    def _is_open(self) -> bool:
        return self.papers.form is not None

    def _add(self, child: Child, name: Message, count: int, *, is_shut: bool) -> None:
        title = Label(self._kit, style=Type.STRONG).wrapped()
        title.tell(name)
        left = sum(gate.is_open for gate in child.gates)
        chip = Chip(self._kit, Tone.WARNING if left else Tone.SUCCESS,
                    "triangle-alert" if left else "circle-check")  # fmt: skip
        chip.tell(lambda language: _left(left, language))
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(chip)
        self._column.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(1, 1)
        for row, gate in enumerate(child.gates):
            self._add_gate(grid, row, gate)
            if gate.is_open and not is_shut:
                button = self._make_button(child, gate, is_only=count == 1)
                grid.addWidget(button, row, 2)
        self._column.addLayout(grid)

    def _add_gate(self, grid: QGridLayout, row: int, gate: Gate) -> None:
        tone, icon = (
            (Tone.WARNING, "circle-dashed") if gate.is_open else (Tone.SUCCESS, "circle-check")
        )
        grid.addWidget(Icon(self._kit, icon, tone), row, 0)
        words = Label(self._kit).wrapped()
        words.tell(lambda language: _gate_text(gate, language))
        grid.addWidget(words, row, 1)

    def _make_button(self, child: Child, gate: Gate, *, is_only: bool) -> Button:
        button = Button(self._kit, N_("Fill in"), "pencil", Look.QUIET)
        name = N_("Fill in: {what}")
        self._kit.words.bind(
            button.setAccessibleName, name, what=lambda language: gate_label(gate.code, language)
        )
        button.clicked.connect(partial(self._on_fill_in, child, gate, is_only=is_only))
        self.buttons[(child.person.rid, gate.code)] = button
        return button

    def begin(self, code: str = "") -> bool:
        """Fill in what the first child lacks, of this gate if it is said; whether one does."""
        for (_, own), button in self.buttons.items():
            if code in ("", own):
                button.click()
                return True
        return False

    def _on_fill_in(self, child: Child, gate: Gate, *, is_only: bool) -> None:
        key = gate.where.key if gate.where is not None else ""
        self.papers.show()
        if child.papers is not None:
            self.papers.open_record(child.papers.rid, key)
            return
        known = self._written_before() if is_only else {}
        self.papers.begin_for(child.person.rid, known, key)

    def _written_before(self) -> dict[str, Any]:
        """What an earlier version of the program kept with the plan, for the one child there is."""
        record = self._page.plan.record if self._page is not None else None
        values = {key: getattr(record, key, None) for key in _BEFORE}
        return {key: value for key, value in values.items() if value is not None}


def _name(child: Child) -> Message:
    """How a child is called: the client by her code, others by the first name, if there is one."""
    person = child.person.record
    if isinstance(person, Client):
        code = person.code if isinstance(person.code, str) else ""
        return lambda language: language.gettext(N_("The client, {code}")).format(code=code)
    given = person.given_name if isinstance(person.given_name, str) else ""
    return (lambda _: given) if given else N_("Somebody without a name")


def _gate_text(gate: Gate, language: Language) -> str:
    label = gate_label(gate.code, language)
    return f"{label}. {gate_sentence(gate, language)}" if gate.is_open else label


def _left(count: int, language: Language) -> str:
    if not count:
        return language.gettext(N_("all papers in hand"))
    words = language.ngettext("{count} paper missing", "{count} papers missing", count)
    return words.format(count=count)
