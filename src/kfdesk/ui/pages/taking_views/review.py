# SPDX-License-Identifier: GPL-3.0-or-later
"""A file before it is taken: from whom, what is new, what changes, what both sides changed.

Nothing is written before Apply, which takes all or nothing. What both sides changed is decided here
or left open. J and K walk the lines, 1 leaves a field for later, 2 and on choose a side, U undoes.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services import exchange
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.sharing.deciding import Choice, Place
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.reading import Incoming
from kfdesk.ui.pages.exchange_views.step import Step
from kfdesk.ui.pages.notice_views.telling import told_banner
from kfdesk.ui.pages.partner_views.findings import finding_banners
from kfdesk.ui.pages.taking_views.change import ChangeCard
from kfdesk.ui.pages.taking_views.choice import LATER, ChoiceCard
from kfdesk.ui.pages.taking_views.counts import (
    apply_words,
    changed_words,
    conflicts_words,
    kept_sentence,
    new_words,
    refused_sentence,
    refused_words,
    untold_sentence,
)
from kfdesk.ui.pages.taking_views.lines import Line, cells_of, lines_of
from kfdesk.ui.pages.taking_views.proof import Proof
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Banner, Card, Empty, clear, line
from kfdesk.ui.widgets.rows import Column, Table
from kfdesk.ui.work import Course

_COLUMNS = (Column(N_("Record"), stretches=True), Column(N_("What happens")))
_LIST_WIDTH = 400
_MOST_KEYS = 9
_KEYS = (("J", N_("next")), ("K", N_("back")), ("1 2 3", N_("choose")), ("U", N_("undo")))


class FileReview(Step):
    """One file. `applied` carries what was looked at, what was changed, how much is left open."""

    applied = Signal(object, object, int)

    def __init__(self, kit: Kit, desk: Desk, incoming: Incoming) -> None:
        super().__init__(kit, N_("Look before you take"))
        self._desk = desk
        self.incoming = incoming
        self.decisions: dict[Place, bytes] = {}
        self._before: list[dict[Place, bytes]] = []
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
        self._beside = QVBoxLayout()
        self._show_counts()
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

    def decide(self, place: Place, wid: str) -> None:
        """Let a version hold, or leave the field for later."""
        self._before.append(dict(self.decisions))
        if wid == LATER:
            self.decisions.pop(place, None)
        else:
            self.decisions[place] = bytes.fromhex(wid)
        self._show_decisions()

    def undo(self) -> None:
        """Take the last decision back."""
        if self._before:
            self.decisions = self._before.pop()
            self._show_decisions()

    def _show_counts(self) -> None:
        review = self.incoming.review
        looks: tuple[tuple[str, Tone, int, Callable[[int, Language], str]], ...] = (
            ("plus", Tone.INFO, len(review.new), new_words),
            ("pencil", Tone.INFO, len(review.changed), changed_words),
            ("git-merge", Tone.WARNING, review.conflicts, conflicts_words),
            ("ban", Tone.DANGER, review.refused, refused_words),
        )
        for icon, tone, count, words in looks:
            shown = tone if count else Tone.MUTED
            self.head.addWidget(Icon(self.kit, icon, shown))
            label = Label(self.kit, style=Type.BUTTON, tone=shown)
            label.tell(partial(words, count))
            self.head.addWidget(label)
            self.head.addSpacing(8)

    def _lay_out(self) -> None:
        self.body.addWidget(Proof(self.kit, self.incoming))
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
        if review.refused:
            self._warn(
                partial(refused_sentence, review.refused),
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
            self.body.addStretch(1)
            return
        row = QHBoxLayout()
        row.setSpacing(tokens.CARD_GAP)
        row.addWidget(self._make_list())
        row.addLayout(self._beside, 1)
        self.body.addLayout(row, 1)

    def _warn(self, title: Callable[[Language], str], under: str, icon: str = "ban") -> None:
        banner = Banner(self.kit, Tone.WARNING, icon)
        banner.tell(title, under)
        self.body.addWidget(banner)

    def _make_list(self) -> QWidget:
        card = Card(padding=0)
        card.setFixedWidth(_LIST_WIDTH)
        card.body.setContentsMargins(1, 1, 1, 1)
        card.body.setSpacing(0)
        card.body.addWidget(self.table, 1)
        if any(one.place for one in self.lines):
            card.body.addWidget(line())
            card.body.addLayout(self._make_keys())
        return card

    def _make_keys(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(6)
        for keys, words in _KEYS:
            shown = Label(self.kit, style=Type.HINT, tone=Tone.PLAIN)
            shown.show_text(keys)
            row.addWidget(shown)
            row.addWidget(Label(self.kit, words, Type.SMALL, Tone.MUTED))
            row.addSpacing(6)
        row.addStretch(1)
        return row

    def _hear_keys(self) -> None:
        for key, step in (("J", 1), ("K", -1)):
            QShortcut(QKeySequence(key), self, partial(self._walk, step))
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
        choice = self._choice_at(place)
        is_ours = any(one.wid == self.decisions[place] for one in choice.ours)
        return N_("ours") if is_ours else N_("theirs")

    def _choice_at(self, place: Place) -> Choice:
        rid, key = place
        return next(one.choices[key] for one in self.incoming.changes if one.after.rid == rid)

    def _show_decisions(self) -> None:
        self._show_rows()
        self.apply.tell(self._apply_words)
        current = self._current()
        if current is not None and current.place is not None:
            wid = self.decisions.get(current.place, b"").hex()
            if isinstance(self.card, ChoiceCard):
                self.card.show_decision(wid)

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

    def _choose(self, number: int) -> None:
        current = self._current()
        if current is None or current.place is None:
            return
        choice = self._choice_at(current.place)
        if number == 1:
            self.decide(current.place, LATER)
        elif number - 2 < len(choice.versions):
            self.decide(current.place, choice.versions[number - 2].wid.hex())

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
        clear(self._beside)
        self.card = self._make_card(shown)
        self._beside.addWidget(self.card)
        self._beside.addStretch(1)
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
            self.card.show_decision(self.decisions[shown.place].hex())

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
