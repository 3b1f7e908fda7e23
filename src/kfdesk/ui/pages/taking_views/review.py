# SPDX-License-Identifier: GPL-3.0-or-later
"""A file before it is taken: from whom, what is new, what changes, what both sides changed.

Nothing is written before Apply, which takes all or nothing. What both sides changed is decided here
or left open. J and K walk the lines, 1 leaves a field for later, 2 and 3 choose a side, 4 is for a
third value, U undoes.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services import exchange
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.sharing.deciding import Choice, Decision, Place, Typed
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.reading import Incoming
from kfdesk.ui.pages.exchange_views.step import Step
from kfdesk.ui.pages.notice_views.telling import told_banner
from kfdesk.ui.pages.partner_views.findings import finding_banners
from kfdesk.ui.pages.taking_views.change import ChangeCard
from kfdesk.ui.pages.taking_views.choice import ChoiceCard
from kfdesk.ui.pages.taking_views.counts import (
    apply_words,
    erased_sentence,
    kept_sentence,
    refused_sentence,
    untold_sentence,
)
from kfdesk.ui.pages.taking_views.halves import Counts, Halves
from kfdesk.ui.pages.taking_views.lines import Line, cells_of, lines_of
from kfdesk.ui.pages.taking_views.proof import Proof
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.panel import Banner, Empty
from kfdesk.ui.widgets.rows import Column, Table
from kfdesk.ui.work import Course

_COLUMNS = (Column(N_("Record"), stretches=True), Column(N_("What happens")))
_NARROW = 980  # below it the two halves stand one over the other
_MOST_KEYS = 9


class FileReview(Step):
    """One file. `applied` carries what was looked at, what was changed, how much is left open."""

    applied = Signal(object, object, int)

    def __init__(self, kit: Kit, desk: Desk, incoming: Incoming) -> None:
        super().__init__(kit, N_("Look before you take"))
        self._desk = desk
        self.incoming = incoming
        self.decisions: dict[Place, Decision] = {}
        self._before: list[dict[Place, Decision]] = []
        self._shown: Line | None = None
        self.lines = lines_of(incoming)
        self.under.tell(N_("File from {name}"), name=lambda _: incoming.review.partner)
        self.table = Table(kit, _COLUMNS)
        kit.words.bind(self.table.setAccessibleName, N_("What the file brings"))
        self.apply = Button(kit, self._apply_words, "check", Look.PRIMARY)
        self.apply.clicked.connect(self._on_apply_clicked)
        self.act(self.apply)
        self.hint.tell(N_("Nothing is written yet."))
        self.card: ChangeCard | ChoiceCard | None = None
        has_choices = any(one.place for one in self.lines)
        self._halves = Halves(kit, self.table, has_choices=has_choices)
        self._counts = (Counts(kit, incoming.review), Counts(kit, incoming.review))
        self.head.addWidget(self._counts[0])
        self._lay_out()
        self._show_rows()
        kit.words.changed.connect(self._show_rows)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self._walk(1)
        self.first = self.table if self.lines else self.apply
        self._hear_keys()

    @property
    def open_fields(self) -> int:
        """How many fields are left for later."""
        return sum(one.place is not None for one in self.lines) - len(self.decisions)

    def decide(self, place: Place, decision: Decision | None) -> None:
        """Let a version or a third value hold, or leave the field for later."""
        was = self.decisions.get(place)
        if not (isinstance(was, Typed) and isinstance(decision, Typed)):
            self._before.append(dict(self.decisions))  # each letter of one value is no step
        if decision is None:
            self.decisions.pop(place, None)
        else:
            self.decisions[place] = decision
        self._show_decisions()

    def undo(self) -> None:
        """Take the last decision back."""
        if self._before:
            self.decisions = self._before.pop()
            if isinstance(self.card, ChoiceCard):
                self.card.stop_typing()
            self._show_decisions()

    def _lay_out(self) -> None:
        self._proof = Proof(self.kit, self.incoming)
        self.body.addWidget(self._counts[1])
        self.body.addWidget(self._proof)
        review = self.incoming.review
        for banner in finding_banners(self.kit, review):
            self.body.addWidget(banner)
        for one in self.incoming.told:
            self.body.addWidget(told_banner(self.kit, review.partner, one))
        if review.untold:
            self._warn(
                partial(untold_sentence, review.untold),
                N_("Only a side of a consent can tell that it was withdrawn. Ask the partner."),
            )
        if review.kept_out:
            self._warn(
                partial(erased_sentence, review.kept_out),
                N_("An erasure holds against every file, old or new. Nothing of it comes back."),
            )
        if review.refused > review.kept_out:
            self._warn(
                partial(refused_sentence, review.refused - review.kept_out),
                N_("A consent can be changed only by the organisation that answers for it."),
            )
        if review.kept:
            self._warn(
                partial(kept_sentence, review.kept),
                N_("What the file says is put beside what stands there, and replaces nothing."),
                "lock",
            )
        if not self.incoming.changes and not self.incoming.told:
            under = N_("It is noted that the file has arrived; nothing else changes.")
            title = N_("The file brings nothing that is not here already")
            self.body.addWidget(Empty(self.kit, "inbox", title, under))
        if not self.incoming.changes:
            self._halves.hide()
            self.body.addStretch(1)
        self.body.addWidget(self._halves, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Where there is little room, what is looked at stands below the list."""
        super().resizeEvent(event)
        is_narrow = self.width() < self.kit.theme.sized(_NARROW)
        for counts, is_shown in zip(self._counts, (not is_narrow, is_narrow), strict=True):
            counts.setVisible(is_shown)
        self._halves.set_narrow(is_narrow=is_narrow)

    def _warn(self, title: Callable[[Language], str], under: str, icon: str = "ban") -> None:
        banner = Banner(self.kit, Tone.WARNING, icon)
        banner.tell(title, under)
        self.body.addWidget(banner)

    def _hear_keys(self) -> None:
        for key, step in (("J", 1), ("K", -1)):
            QShortcut(QKeySequence(key), self, partial(self._walk_on, step))
        QShortcut(QKeySequence("U"), self, self.undo)
        for number in range(1, _MOST_KEYS + 1):
            QShortcut(QKeySequence(f"{number}"), self, partial(self._choose, number))

    def _apply_words(self, language: Language) -> str:
        count = len(self.incoming.changes)
        if not count and self.incoming.told:
            return language.gettext(N_("Take note of it"))
        if not count:
            return language.gettext(N_("Note that it arrived"))
        return apply_words(count, self.open_fields, language)

    def _show_rows(self) -> None:
        language = self.kit.words.language
        sides = {place: self._side(place) for place in self.decisions}
        self.table.show_rows([cells_of(one, sides, language) for one in self.lines])

    def _side(self, place: Place) -> str:
        decision = self.decisions[place]
        if isinstance(decision, Typed):
            return N_("another value")
        is_ours = any(one.wid == decision for one in self._choice_at(place).ours)
        return N_("ours") if is_ours else N_("theirs")

    def _choice_at(self, place: Place) -> Choice:
        rid, key = place
        return next(one.choices[key] for one in self.incoming.changes if one.after.rid == rid)

    def _show_decisions(self) -> None:
        self._show_rows()
        self.apply.tell(self._apply_words)
        current = self._current()
        if current is not None and current.place and isinstance(self.card, ChoiceCard):
            self.card.show_decision(self.decisions.get(current.place))

    def _current(self) -> Line | None:
        row = self.table.currentIndex().row()
        return self.lines[row] if 0 <= row < len(self.lines) else None

    def _walk(self, step: int) -> None:
        """Go to the next line that is not a head."""
        row = self.table.currentIndex().row() + step
        while 0 <= row < len(self.lines) and self.lines[row].change is None:
            row += step
        if 0 <= row < len(self.lines):
            self.table.selectRow(row)

    def _walk_on(self, step: int) -> None:
        self._walk(step)
        self._come_to_card()

    def _come_to_card(self) -> None:
        """Bring what is looked at into view, once it is laid out; it may stand below the list."""
        card = self.card
        if card is not None:
            QTimer.singleShot(0, card, lambda: self.come_to(card))

    def _choose(self, number: int) -> None:
        current = self._current()
        if current is None or current.place is None:
            return
        if isinstance(self.card, ChoiceCard):
            self.card.answer(number - 1)
            self._come_to_card()

    def _on_row_changed(self, current: QModelIndex, before: QModelIndex) -> None:
        if not current.isValid():
            return
        shown = self.lines[current.row()]
        if shown.change is None:  # a head is passed over, the way one was going
            self._walk(-1 if before.row() > current.row() > 0 else 1)
            return
        if shown is self._shown:  # the rows were shown anew, as after a decision
            return
        self._shown = shown
        self.card = self._make_card(shown)
        self._halves.show_beside(self.card)
        self._show_decisions_of(shown)

    def _make_card(self, shown: Line) -> ChangeCard | ChoiceCard:
        assert shown.change is not None
        place = shown.place
        if place is None:
            return ChangeCard(self.kit, shown.change, self.incoming.names)
        card = ChoiceCard(self.kit, shown.change, shown.key, self.incoming.names)
        card.chosen.connect(partial(self.decide, place))
        return card

    def _show_decisions_of(self, shown: Line) -> None:
        if isinstance(self.card, ChoiceCard) and shown.place in self.decisions:
            self.card.show_decision(self.decisions[shown.place])

    def _on_apply_clicked(self) -> None:
        desk, incoming, course = self._desk, self.incoming, Course()
        decisions = dict(self.decisions)
        self.apply.setEnabled(False)
        self.kit.work.run(
            lambda: exchange.apply(desk, incoming.path, incoming.review, course, decisions),
            self._on_applied,
            self._on_refused,
            title=N_("Taking the file…"),
            cancel=course,
        )

    def _on_applied(self, changes: Changes) -> None:
        self.applied.emit(self.incoming.review, changes, self.open_fields)

    def _on_refused(self, fault: KfdeskError) -> None:
        self.apply.setEnabled(True)
        self.refuse(fault)
