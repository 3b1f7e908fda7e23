# SPDX-License-Identifier: GPL-3.0-or-later
"""What has come: the files and cards on sticks, among the downloads, chosen or dropped.

One can look at each, or take all that can be taken at once; what both sides changed then stays
open. Nothing is written before that.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.sharing import arriving
from kfdesk.services.sharing.arriving import Arrival, Arrivals, Received
from kfdesk.ui import tokens
from kfdesk.ui.files import ask_several
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.step import Step
from kfdesk.ui.pages.shown import written_at
from kfdesk.ui.pages.taking_views.counts import brings, to_decide_words
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, Empty
from kfdesk.ui.widgets.rows import Cell, Column, Table
from kfdesk.ui.words import Message
from kfdesk.ui.work import Course

_COLUMNS = (
    Column(N_("From")), Column(N_("File"), stretches=True), Column(N_("What it brings")),
)  # fmt: skip
_HLC_BITS = 16


class Come(Step):
    """The list. `look_asked` carries a file's path, `card_asked` a card's; `taken` what was taken.

    Without paths it looks on sticks and among the downloads.
    """

    look_asked = Signal(object)
    card_asked = Signal(object)
    taken = Signal(object)

    def __init__(self, kit: Kit, desk: Desk, paths: Sequence[Path] = ()) -> None:
        super().__init__(kit, N_("What has come"))
        self._desk = desk
        self.paths = tuple(paths)
        self.found: Arrivals | None = None
        self.table = Table(kit, _COLUMNS)
        kit.words.bind(self.table.setAccessibleName, N_("What has come"))
        self.table.chosen.connect(self._on_row_chosen)
        self.open = Button(kit, N_("Choose files…"), "files")
        self.open.clicked.connect(self._on_open_clicked)
        self.again = Button(kit, N_("Look on sticks and in Downloads"), "refresh-cw", Look.QUIET)
        self.again.clicked.connect(lambda: self.look_at(()))
        self.look = Button(kit, N_("Look at it"), "eye")
        self.look.clicked.connect(lambda: self._on_row_chosen(self.table.currentIndex().row()))
        self.take = Button(kit, self._take_words, "download", Look.PRIMARY)
        self.take.clicked.connect(self._on_take_clicked)
        self.act(self.look)
        self.act(self.take)
        self.under.tell(N_("Files can also be dragged into this window."))
        self.hint.tell(N_("Nothing is written yet."))
        self._lay_out()
        self.first = self.open
        kit.words.changed.connect(self._show)
        self.look_at(self.paths)

    def look_at(self, paths: Sequence[Path]) -> None:
        """Look at these files, or, without any, for those that have come."""
        self.paths = tuple(paths)
        desk, course, wanted = self._desk, Course(), self.paths
        self.outcome.hide()
        self._show_ready(is_ready=False)
        self.kit.work.run(
            lambda: arriving.look_at_all(desk, wanted, course) if wanted
            else arriving.look_around(desk, course),
            self._on_looked,
            self._on_refused,
            title=N_("Looking for files…"),
            cancel=course,
        )  # fmt: skip

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addSpacing(-tokens.RESERVE)
        row.addWidget(self.open)
        row.addWidget(self.again)
        row.addStretch(1)
        self.body.addLayout(row)
        self._card = Card(padding=0)
        self._card.body.setContentsMargins(1, 1, 1, 1)
        self._card.body.addWidget(self.table, 1)
        self._nothing = Empty(
            self.kit, "inbox", N_("Nothing new has come"),
            N_("Put the stick in and look again, or choose the files yourself."),
        )  # fmt: skip
        self._left = Label(self.kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self.body.addWidget(self._card, 1)
        self.body.addWidget(self._nothing)
        self.body.addWidget(self._left)
        self.body.addStretch(0)
        for part in (self._card, self._nothing):
            part.hide()

    def _takeable(self) -> list[Arrival]:
        files = self.found.files if self.found is not None else ()
        return [one for one in files if one.review is not None]

    def _take_words(self, language: Language) -> str:
        count = len(self._takeable())
        return language.ngettext("Take {count} file", "Take {count} files", count).format(
            count=count
        )

    def _show_ready(self, *, is_ready: bool) -> None:
        files = self.found.files if self.found is not None else ()
        takeable = bool(self._takeable())
        self.take.setEnabled(is_ready and takeable)
        self.take.setVisible(takeable)
        self.look.setEnabled(is_ready and bool(files))
        for button in (self.open, self.again):
            button.setEnabled(is_ready)
        self.take.tell(self._take_words)

    def _on_looked(self, found: Arrivals) -> None:
        self.found = found
        self._show()
        self._show_ready(is_ready=True)
        if found.files:
            self.table.selectRow(0)
            self.table.setFocus()
        else:
            self.open.setFocus()

    def _show(self) -> None:
        found, language = self.found, self.kit.words.language
        if found is None:
            return
        self._card.setVisible(bool(found.files))
        self._nothing.setVisible(not found.files)
        self.table.show_rows([_cells(self.kit, one, language) for one in found.files])
        self._left.tell(lambda spoken: _left_out(found, spoken))
        self._left.setVisible(bool(found.taken_before or found.for_others))

    def _on_row_chosen(self, row: int) -> None:
        files = self.found.files if self.found is not None else ()
        if not 0 <= row < len(files):
            return
        chosen = files[row]
        if chosen.card is not None:
            self.card_asked.emit(chosen.path)
        elif chosen.fault is not None:
            self.refuse(chosen.fault)
        else:
            self.look_asked.emit(chosen.path)

    def _on_open_clicked(self) -> None:
        ask_several(self.kit, self, N_("Look at these files"), (".age", ".card"), self.look_at)

    def _on_take_clicked(self) -> None:
        desk, course, files = self._desk, Course(), self._takeable()
        self._show_ready(is_ready=False)
        self.kit.work.run(
            lambda: arriving.take_all(desk, files, course),
            self._on_taken,
            self._on_refused,
            title=N_("Taking the files…"),
            cancel=course,
        )

    def _on_taken(self, received: Received) -> None:
        self.taken.emit(received)
        self.look_at(self.paths)
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.tell(*received_words(received))
        self.outcome.show()

    def _on_refused(self, fault: KfdeskError) -> None:
        self._show_ready(is_ready=True)
        self.refuse(fault)


def _cells(kit: Kit, one: Arrival, language: Language) -> tuple[Cell, ...]:
    if one.card is not None:
        words = language.gettext(N_("a card: add it, then compare the digits"))
        return (
            Cell(one.card.name, is_strong=True),
            Cell(one.path.name),
            Cell(words, icon="plus", tone=Tone.INFO),
        )
    if one.review is None:
        fault = one.fault
        why = kit.faults(fault, language)[0] if fault is not None else ""
        return Cell("–"), Cell(one.path.name), Cell(why, icon="ban", tone=Tone.DANGER)
    envelope = one.review.taken.envelope
    made = written_at(envelope.hlc >> _HLC_BITS, language)
    number = language.gettext(N_("File no. {number}")).format(number=envelope.sequence)
    tone = Tone.WARNING if one.review.conflicts else Tone.SUCCESS
    icon = "git-merge" if one.review.conflicts else "circle-check"
    return (
        Cell(one.review.partner, is_strong=True),
        Cell(number, language.gettext(N_("File made {time}")).format(time=made)),
        Cell(brings(one.review, language), icon=icon, tone=tone),
    )


def _left_out(found: Arrivals, language: Language) -> str:
    parts = []
    if found.taken_before:
        words = language.ngettext(
            "{count} file was taken before.", "{count} files were taken before.",
            found.taken_before,
        )  # fmt: skip
        parts.append(words.format(count=found.taken_before))
    if found.for_others:
        words = language.ngettext(
            "{count} file is not for this desk.", "{count} files are not for this desk.",
            found.for_others,
        )  # fmt: skip
        parts.append(words.format(count=found.for_others))
    return " ".join(parts)


def received_words(received: Received) -> tuple[Message, Message]:
    """What came of taking them: how many, and what is left to do."""

    def title(language: Language) -> str:
        return language.ngettext(
            "{count} file is taken.", "{count} files are taken.", received.taken
        ).format(count=received.taken)

    open_fields = received.to_decide
    return title, partial(to_decide_words, open_fields) if open_fields else ""
