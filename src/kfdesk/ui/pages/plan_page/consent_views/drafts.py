# SPDX-License-Identifier: GPL-3.0-or-later
"""Consents that are only drafts: they open nothing, and wait to be gone on with.

It shows for whom and for what, as far as that was said, and hears what is to be done with one.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.course.agreements import Waiting
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.consent_views.wording import purpose_word
from kfdesk.ui.pages.shown import written_at
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.panel import Card, clear, line
from kfdesk.ui.words import Message


class DraftsCard(Card):
    """The drafts; `chosen` and `dropped` carry the line of one."""

    chosen = Signal(object)
    dropped = Signal(object)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.buttons: list[Button] = []
        self._shown: tuple[Waiting, ...] | None = None
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.head(kit, N_("Drafts of consents"), "pencil")
        self.body.addLayout(self._rows)
        self.hide()

    def show_drafts(self, waiting: Sequence[Waiting], but: bytes | None) -> None:
        """Show them all `but` the one that is open."""
        shown = tuple(one for one in waiting if one.line.rid != but)
        self.setVisible(bool(shown))
        if shown == self._shown:
            return
        self._shown = shown
        clear(self._rows)
        self.buttons = []
        for number, one in enumerate(shown):
            if number:
                self._rows.addWidget(line())
            self._rows.addWidget(self._make_row(one))

    def _make_row(self, one: Waiting) -> QWidget:
        title = Label(self._kit, _title(one), Type.BUTTON).wrapped()
        under = Label(self._kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        when = one.line.milliseconds
        under.tell(
            N_("Draft saved {time}. It opens nothing."),
            time=lambda language: written_at(when, language),
        )
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(under)
        chip = Chip(self._kit, Tone.MUTED, "circle-dashed")
        chip.tell(N_("draft"))
        go_on = Button(self._kit, N_("Continue"), "pencil", Look.TONAL)
        go_on.clicked.connect(lambda: self.chosen.emit(one.line))
        drop = Button(self._kit, N_("Discard"), look=Look.QUIET)
        drop.clicked.connect(lambda: self.dropped.emit(one.line))
        self.buttons += [go_on, drop]
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(chip, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(drop)
        row.addWidget(go_on)
        return part


def _title(one: Waiting) -> Message:
    def words(language: Language) -> str:
        purpose = language.gettext(purpose_word(one.purpose))
        if not one.recipient:
            return purpose
        return language.gettext(N_("{purpose}, to {name}")).format(
            purpose=purpose, name=one.recipient
        )

    return words
