# SPDX-License-Identifier: GPL-3.0-or-later
"""Records that newly stay out on a partner's word, each to be taken off the list of the erased.

The whole list, with what people here erased, is on the command line (`kfdesk erased list`).
"""

from functools import partial

from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import TakeBackReason
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.erased_records import ErasedLine, list_kept_out, take_erasure_back
from kfdesk.ui.context import UiContext
from kfdesk.ui.record_views import written_at
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.layout import Banner, ShortList, show_fault_in

_SHOWN = 3  # the next one is shown once one is taken back


class ErasedRecordList(ShortList):
    """Records that stay out because a partner's file said so; hidden while there is none."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, N_("Kept out because of a partner's file"), "ban", _SHOWN)
        self._desk = desk
        self.buttons: list[Button] = []
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert").hidden()
        self.body.insertWidget(1, self.outcome)

    @task
    async def read(self) -> None:
        """Read the list again, if the current user may change it."""
        if self._desk.may(Right.ERASE):
            found = await call(self._kit, list_kept_out, self._desk)
            self.buttons = []
            self.fill(found, self._make_line)

    def refuse(self, fault: KfdeskError) -> None:
        """Show in the card what was refused."""
        show_fault_in(self._kit, self.outcome, fault)

    def _make_line(self, one: ErasedLine) -> QWidget:
        line = self.make_line(partial(_line_text, one), partial(_about_text, one))
        back = Button(self._kit, N_("Take it off the list"), "undo-2")
        back.clicked.connect(lambda: self._take_back(one))
        self.buttons.append(back)
        line.add(back)
        return line

    @task
    async def _take_back(self, one: ErasedLine) -> None:
        self.outcome.hide()
        why = TakeBackReason.FALSE_FILE
        changes = await call(self._kit, take_erasure_back, self._desk, one.rid, why)
        self._kit.notify(N_("The record may come with the partner's next file."))
        self._kit.events.changed.emit(changes.types)
        self.read()


def _line_text(one: ErasedLine, language: Language) -> str:
    words = N_("A record of {name}, since {time}")
    return language.gettext(words).format(
        name=one.custodian or "–", time=written_at(one.milliseconds, language)
    )


def _about_text(one: ErasedLine, language: Language) -> str:
    words = N_(
        "Said by {name} in file no. {number}: it was erased, or belongs to something that was."
    )
    if one.file is None:  # its receipt is not in this store
        words = N_("Said by {name}: it was erased, or belongs to something that was.")
    return language.gettext(words).format(name=one.sender, number=one.file)
