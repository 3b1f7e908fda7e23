# SPDX-License-Identifier: GPL-3.0-or-later
"""A file before it is taken: from whom, what is new, what changes, what both sides changed.

Nothing is written before Apply, which takes all or nothing; what both sides wrote stays open and
is decided in its plan. J and K walk the records as the arrow keys do.
"""

from functools import partial

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services import exchange
from kfdesk.services.desk import Changes, Desk
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.change import ChangeCard, change_title
from kfdesk.ui.pages.exchange_views.reading import Change, Incoming
from kfdesk.ui.pages.exchange_views.step import Step
from kfdesk.ui.pages.exchange_views.wording import record_title
from kfdesk.ui.pages.notice_views.telling import told_banner
from kfdesk.ui.pages.shown import written_at
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Banner, Card, Empty, clear
from kfdesk.ui.widgets.rows import Cell, Column, Table
from kfdesk.ui.work import Course

_COLUMNS = (Column(N_("Record"), stretches=True), Column(N_("What happens")))
_LIST_WIDTH = 392
_HLC_BITS = 16


class FileReview(Step):
    """One file. `applied` carries what was looked at and what was changed."""

    applied = Signal(object, object)

    def __init__(self, kit: Kit, desk: Desk, incoming: Incoming) -> None:
        super().__init__(kit, N_("Look before you take"))
        self._desk = desk
        self.incoming = incoming
        self.under.tell(N_("File from {name}"), name=lambda _: incoming.review.partner)
        self.table = Table(kit, _COLUMNS)
        kit.words.bind(self.table.setAccessibleName, N_("What the file brings"))
        self.apply = Button(kit, self._apply_words, "check", Look.PRIMARY)
        self.apply.clicked.connect(self._on_apply_clicked)
        self.act(self.apply)
        self.hint.tell(N_("Nothing is written yet."))
        self.card: ChangeCard | None = None
        self._beside = QVBoxLayout()
        self._show_counts()
        self._lay_out()
        self._show_rows()
        kit.words.changed.connect(self._show_rows)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        if incoming.changes:
            self.table.selectRow(0)
        self.first = self.table if incoming.changes else self.apply
        for key, step in (("J", 1), ("K", -1)):
            QShortcut(QKeySequence(key), self, partial(self._walk, step))

    def _show_counts(self) -> None:
        review = self.incoming.review
        looks = (
            ("plus", Tone.INFO, len(review.new), _new),
            ("pencil", Tone.INFO, len(review.changed), _changed),
            ("git-merge", Tone.WARNING, review.conflicts, _conflicts),
            ("ban", Tone.DANGER, review.refused, _refused),
        )
        for icon, tone, count, words in looks:
            shown = tone if count else Tone.MUTED
            self.head.addWidget(Icon(self.kit, icon, shown))
            label = Label(self.kit, style=Type.BUTTON, tone=shown)
            label.tell(partial(words, count))
            self.head.addWidget(label)
            self.head.addSpacing(8)

    def _lay_out(self) -> None:
        self.body.addWidget(self._make_proof())
        review = self.incoming.review
        for one in self.incoming.told:
            self.body.addWidget(told_banner(self.kit, review.partner, one))
        if review.untold:
            untold = Banner(self.kit, Tone.WARNING, "ban")
            untold.tell(
                lambda language: _untold_words(review.untold, language),
                N_("Only a side of a consent can tell that it was withdrawn. Ask the partner."),
            )
            self.body.addWidget(untold)
        if review.refused:
            refused = Banner(self.kit, Tone.WARNING, "ban")
            refused.tell(
                lambda language: _refused_words(review.refused, language),
                N_("A consent can be changed only by the organisation that answers for it."),
            )
            self.body.addWidget(refused)
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

    def _make_list(self) -> QWidget:
        card = Card(padding=0)
        card.setFixedWidth(_LIST_WIDTH)
        card.body.setContentsMargins(1, 1, 1, 1)
        card.body.addWidget(self.table, 1)
        return card

    def _make_proof(self) -> Banner:
        envelope = self.incoming.review.taken.envelope
        banner = Banner(self.kit, Tone.SUCCESS, "shield-check")
        banner.tell(
            N_("The sender is verified, the file is whole and meant for us."),
            N_("Made {time} · file no. {number}"),
            time=lambda language: written_at(envelope.hlc >> _HLC_BITS, language),
            number=lambda _: envelope.sequence,
        )
        return banner

    def _apply_words(self, language: Language) -> str:
        count = len(self.incoming.changes)
        if not count and self.incoming.told:
            return language.gettext(N_("Take note of it"))
        if not count:
            return language.gettext(N_("Note that it arrived"))
        return language.ngettext("Apply {count} record", "Apply {count} records", count).format(
            count=count
        )

    def _show_rows(self) -> None:
        language = self.kit.words.language
        self.table.show_rows([_cells(change, language) for change in self.incoming.changes])

    def _walk(self, step: int) -> None:
        row = self.table.currentIndex().row() + step
        if 0 <= row < len(self.incoming.changes):
            self.table.selectRow(row)

    def _on_row_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            clear(self._beside)
            change = self.incoming.changes[current.row()]
            self.card = ChangeCard(self.kit, change, self.incoming.names)
            self._beside.addWidget(self.card)
            self._beside.addStretch(1)

    def _on_apply_clicked(self) -> None:
        desk, incoming, course = self._desk, self.incoming, Course()
        self.apply.setEnabled(False)
        self.kit.work.run(
            lambda: exchange.apply(desk, incoming.path, incoming.review, course),
            self._on_applied,
            self._on_refused,
            title=N_("Taking the file…"),
            cancel=course,
        )

    def _on_applied(self, changes: Changes) -> None:
        self.applied.emit(self.incoming.review, changes)

    def _on_refused(self, fault: KfdeskError) -> None:
        self.apply.setEnabled(True)
        self.refuse(fault)


def _cells(change: Change, language: Language) -> tuple[Cell, ...]:
    icon, tone, word = "pencil", Tone.INFO, N_("changed")
    if change.torn:
        icon, tone, word = "git-merge", Tone.WARNING, N_("to decide")
    elif change.is_new:
        icon, tone, word = "plus", Tone.SUCCESS, N_("new")
    title = change_title(change, language)
    under = record_title(change.after, language) if change.code else ""
    return (
        Cell(title, under, is_strong=True),
        Cell(language.gettext(word), icon=icon, tone=tone),
    )


def _new(count: int, language: Language) -> str:
    return language.ngettext("{count} new", "{count} new", count).format(count=count)


def _changed(count: int, language: Language) -> str:
    return language.ngettext("{count} changed", "{count} changed", count).format(count=count)


def _conflicts(count: int, language: Language) -> str:
    return language.ngettext("{count} conflict", "{count} conflicts", count).format(count=count)


def _refused(count: int, language: Language) -> str:
    return language.ngettext("{count} refused", "{count} refused", count).format(count=count)


def _untold_words(count: int, language: Language) -> str:
    return language.ngettext(
        "{count} notice of withdrawal is refused, because this partner is no side of that consent.",
        "{count} notices of withdrawal are refused, because this partner is no side of those "
        "consents.",
        count,
    ).format(count=count)


def _refused_words(count: int, language: Language) -> str:
    return language.ngettext(
        "{count} record is refused, because this partner may not write it.",
        "{count} records are refused, because this partner may not write them.",
        count,
    ).format(count=count)
