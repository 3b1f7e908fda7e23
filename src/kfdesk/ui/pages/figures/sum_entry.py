# SPDX-License-Identifier: GPL-3.0-or-later
"""A page to begin a sum of several organisations, or to begin one anew.

Who takes part is chosen once; a sum that begins anew asks for its last day alone.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Signal

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.registers import EMPTY_STATE, apply_changes
from kfdesk.domain.rows import Row, encode_changes, view_any
from kfdesk.i18n.figures import sum_title
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import localized_text
from kfdesk.services.core.session import Session
from kfdesk.services.figures.sums import (
    SumDetails,
    SumNetwork,
    begin_again,
    begin_sum,
    list_sum_networks,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.form import Form
from kfdesk.ui.pages.figures.question import QuestionForm
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import TextStyle
from kfdesk.ui.translator import fixed_text
from kfdesk.ui.widgets.build import column, extend, filled, labelled, muted
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import CheckBox, ChoiceBox
from kfdesk.ui.widgets.layout import CardFrame, TaskPage, clear_layout
from kfdesk.ui.widgets.text import Label

_NO_NETWORK = N_(
    "In Contacts, under Networks, start a network that shares figures, or ask the "
    "coordinator of yours to share them."
)
_DAYS = 30


class SumEntryPage(TaskPage):
    """The page; `before` is a sum to begin anew."""

    done = Signal()

    def __init__(self, kit: UiContext, desk: Session, before: SumDetails | None = None) -> None:
        super().__init__(kit, N_("New sum") if before is None else N_("Begin the sum again"))
        self._desk, self._before = desk, before
        self.networks: tuple[SumNetwork, ...] = ()
        self.boxes: dict[bytes, CheckBox] = {}
        self.network, self.asked = ChoiceBox(kit), QuestionForm(kit, desk)
        self.form = Form(kit, "sum_round", ("until",))
        self.save = Button(kit, N_("Begin the sum"), "check", ButtonLook.PRIMARY, self._save)
        self.set_action(self.save)
        self._members, self._lacking = column(gap=8), muted(kit, "", TextStyle.SMALL)
        self._lay_out()
        today = desk.adapters.clock.now().date()
        self._until = today + timedelta(days=_DAYS)
        changes = encode_changes("sum_round", {"until": self._until})
        state = apply_changes(EMPTY_STATE, changes, (), desk.signature)
        own = desk.identity.organisation
        self.form.show_view(view_any(Row(bytes(16), "sum_round", None, own, state)))
        if before is None:
            self.read()

    @task
    async def read(self) -> None:
        """Read the networks in which figures are shared."""
        self.networks = await call(self.kit, list_sum_networks, self._desk)
        options = [(one.rid.hex(), partial(_network_name, one)) for one in self.networks]
        self.network.set_options(options or (("", N_("No network shares figures")),))
        self.save.setEnabled(bool(self.networks))
        self._show_members()

    def _show_members(self, *_: object) -> None:
        clear_layout(self._members)
        one = next((each for each in self.networks if each.rid.hex() == self.network.key), None)
        self.boxes = {}
        for member, name in (one.members if one is not None else {}).items():
            box = self.boxes[member] = CheckBox(self.kit, fixed_text(name))
            box.setChecked(True)
            extend(self._members, box)
        lacking = ", ".join(one.lacking) if one is not None else ""
        self._lacking.setVisible(bool(lacking) or not self.networks)
        said = N_("No verified partners of yours, so they cannot take part: {names}.")
        self._lacking.set_message(filled(said, names=lacking) if self.networks else _NO_NETWORK)

    @task
    async def _save(self) -> None:
        if self.form.unparsed():
            return  # the field says itself what is wrong
        until = self.form.changes().get("until", self._until)
        if not isinstance(until, date):
            self.show_fault(KfdeskError("sums.day_over"))
            return
        if self._before is not None:
            await call(self.kit, begin_again, self._desk, self._before.row.rid, until)
        else:
            network, members = bytes.fromhex(self.network.key), self._chosen()
            question = self.asked.question
            await call(self.kit, begin_sum, self._desk, network, question, members, until)
        self.kit.events.changed.emit(frozenset({"sum_round"}))
        self.kit.notify(N_("The sum is begun. Send a file to each member."))
        self.done.emit()

    def refuse(self, fault: KfdeskError) -> None:
        """Show what was refused."""
        self.show_fault(fault)

    def _chosen(self) -> Sequence[bytes]:
        return [member for member, box in self.boxes.items() if box.isChecked()]

    def _lay_out(self) -> None:
        kit = self.kit
        if self._before is not None:
            self.first = self.form.editors["until"]
            heading = Label(kit, partial(sum_title, self._before.terms), TextStyle.HEADING)
            said = muted(
                kit,
                N_(
                    "The old round is ended. Those who have not answered are left out; "
                    "everyone else draws fresh numbers."
                ),
            )
            self.body.addWidget(CardFrame(parts=(heading.wrapped(), said, self.form), gap=12))
            self.body.addStretch(1)
            return
        self.first = self.network
        said = muted(
            kit,
            N_("You and at least two others. Each must be a verified partner of all the others."),
            TextStyle.SMALL,
        )
        members = CardFrame(
            parts=(
                Label(kit, N_("Who takes part besides you"), TextStyle.HEADING), self._members,
                self._lacking, said,
            ),
            gap=8,
        )  # fmt: skip
        network = labelled(kit, N_("Network"), self.network)
        parts = (CardFrame(parts=(network, self.asked, self.form), gap=12), members)
        extend(self.body, *parts)
        self.body.addStretch(1)
        self.network.chosen.connect(self._show_members)


def _network_name(one: SumNetwork, language: Language) -> str:
    return localized_text(one.title, language) if isinstance(one.title, tuple) else "–"
