# SPDX-License-Identifier: GPL-3.0-or-later
"""What newly stays out on a partner's word: entries of the list of the erased, to be taken back.

The whole list, with what people here erased, is on the command line (`kfdesk erased list`).
"""

from functools import partial

from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import REASON_BELOW_ERASED, TakeBackReason
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.exchange.erased_records import ErasedLine, list_erased, take_erasure_back
from kfdesk.ui.context import UiContext
from kfdesk.ui.record_views import written_at
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.layout import Banner, ShortList, show_fault_in

_SHOWN = 3  # the next one is shown once one is taken back
_DAYS_SHOWN = 30
_DAY = 86_400_000  # milliseconds


class ErasedRecordList(ShortList):
    """Records that stay out because a partner's file said so; hidden while there is none."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, N_("Kept out because of a partner's file"), "ban", _SHOWN)
        self._desk = desk
        self.buttons: list[Button] = []
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert").hidden()
        self.body.insertWidget(1, self.outcome)

    def read(self) -> None:
        """Read the list again, if the current user may change it."""
        desk = self._desk
        if desk.may(Right.ERASE):
            self._kit.worker.run(lambda: _said_by_partners(desk), self._on_read)

    def _on_read(self, found: tuple[ErasedLine, ...]) -> None:
        self.buttons = []
        self.fill(found, self._make_line)

    def _make_line(self, one: ErasedLine) -> QWidget:
        line = self.make_line(partial(_line_text, one), partial(_about_text, one))
        back = Button(self._kit, N_("Take it off the list"), "undo-2")
        back.clicked.connect(lambda: self._take_back(one))
        self.buttons.append(back)
        line.add(back)
        return line

    def _take_back(self, one: ErasedLine) -> None:
        desk = self._desk
        self.outcome.hide()
        self._kit.worker.run(
            lambda: take_erasure_back(desk, one.rid, TakeBackReason.FALSE_FILE),
            self._on_taken_back,
            self._on_refused,
        )

    def _on_taken_back(self, changes: Changes) -> None:
        self._kit.notify(N_("The record may come with the partner's next file."))
        self._kit.events.changed.emit(changes.types)
        self.read()

    def _on_refused(self, fault: KfdeskError) -> None:
        show_fault_in(self._kit, self.outcome, fault)


def _said_by_partners(desk: Session) -> tuple[ErasedLine, ...]:
    since = desk.milliseconds - _DAYS_SHOWN * _DAY
    return tuple(
        one
        for one in list_erased(desk)
        if one.sender and one.reason == REASON_BELOW_ERASED and one.milliseconds >= since
    )


def _line_text(one: ErasedLine, language: Language) -> str:
    words = N_("A record of {name}, since {time}")
    return language.gettext(words).format(
        name=one.custodian or "–", time=written_at(one.milliseconds, language)
    )


def _about_text(one: ErasedLine, language: Language) -> str:
    words = N_("Said by {name}: it was erased, or belongs to something that was.")
    return language.gettext(words).format(name=one.sender)
