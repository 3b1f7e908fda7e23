# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending: to whom, of which plans, a look at exactly what would leave, then the file.

Nothing is written before the button is pressed, and what is written is what was shown: the
worker prepares it again and, if anything differs by then, shows that instead.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.desk.exchange import Made, PartnerState
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.services.casework.lines import PlanLine
from kfdesk.services.desk import Desk
from kfdesk.services.exchange import Plans
from kfdesk.ui import tokens
from kfdesk.ui.files import ask_folder
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.reading import (
    Sending,
    Shown,
    Waiting,
    read_parcel,
    read_sending,
    read_waiting,
    send_shown,
)
from kfdesk.ui.pages.exchange_views.step import Step
from kfdesk.ui.pages.sending_views.also import Also, plan_words
from kfdesk.ui.pages.sending_views.parcel import ParcelView
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.panel import Empty, clear
from kfdesk.ui.words import Message, Telling

_CHOICE_WIDTH = 340


class Send(Step):
    """One file for one partner. `sent` follows when it is written; `plan_asked` carries a plan.

    Without an `organisation` one is asked for, unless there is but one; `plan` is what one comes
    from, if it is a plan.
    """

    sent = Signal()
    plan_asked = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk, organisation: bytes = b"", plan: bytes = b"") -> None:
        super().__init__(kit, N_("Send"))
        self._desk = desk
        self._organisation = organisation
        self._plan = plan
        self._plans: tuple[PlanLine, ...] = ()
        self._waiting = Waiting()
        self._shown: Shown | None = None
        self._own: set[bytes] = set()
        self.made: Made | None = None
        self.partner, self.plan = Choice(kit), Choice(kit)
        for choice in (self.partner, self.plan):
            choice.setMinimumWidth(_CHOICE_WIDTH)
        self.partner.chosen.connect(self._on_partner_chosen)
        self.plan.chosen.connect(self._on_plan_chosen)
        self.also = Also(kit)
        self.also.changed.connect(self._prepare)
        self.make = Button(kit, N_("Make the file…"), "usb", Look.PRIMARY)
        self.make.clicked.connect(self._on_make_clicked)
        self.act(self.make)
        self.done = Button(kit, N_("Done"), "check", Look.PRIMARY)
        self.done.clicked.connect(self.closed)
        self.done.hide()
        self.act(self.done)
        self.under.tell(N_("Look at what leaves before a file is made."))
        self.view: ParcelView | None = None
        self._parcel = QVBoxLayout()
        self._lay_out()
        self._show_ready(is_ready=False)
        self.first = self.partner
        kit.work.run(lambda: read_sending(desk), self._on_read)

    def send_to(self, folder: Path) -> None:
        """Make the file of what is shown in `folder`."""
        if self._shown is None or self.view is None or not self._may_go():
            return
        desk, plans, parcel = self._desk, self._chosen_plans(), self._shown.parcel
        somebody_else = self.view.warnings.somebody_else
        self._show_ready(is_ready=False)
        self.kit.work.run(
            lambda: send_shown(desk, plans, parcel, folder, somebody_else),
            self._on_made,
            self._on_refused,
        )

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(tokens.FIELD_GAP)
        row.addWidget(Field(self.kit, N_("Partner"), self.partner))
        row.addWidget(Field(self.kit, N_("Plan"), self.plan))
        row.addStretch(1)
        row.setContentsMargins(0, 0, 0, 0)
        self._choices = QWidget()
        self._choices.setLayout(row)
        self.body.addWidget(self._choices)
        self.body.addWidget(self.also)
        self.body.addLayout(self._parcel)
        self.body.addStretch(1)

    def _on_read(self, sending: Sending) -> None:
        self._plans = sending.plans
        offered = [
            one.partner
            for one in sending.partners
            if one.partner.state is PartnerState.VERIFIED
            or one.partner.organisation == self._organisation
        ]
        self._own = {one.organisation for one in offered if one.is_own}
        named: list[tuple[str, Message]] = [
            (one.organisation.hex(), _plain(one.name)) for one in offered
        ]
        if not self._organisation and len(named) > 1:
            named.insert(0, ("", N_("Choose a partner")))
        self.partner.offer(named, self._organisation.hex())
        self._show_plans()
        self._on_partner_chosen()

    def _on_partner_chosen(self, _key: str = "") -> None:
        desk, organisation = self._desk, self._chosen_partner()
        self.outcome.hide()
        self.also.hide()
        self._clear()
        self._show_ready(is_ready=False)
        if organisation:
            self.kit.work.run(
                lambda: read_waiting(desk, organisation), self._on_waiting, self._on_refused
            )
        elif self.partner.count():
            under = N_("Then the page shows what may go there and what stays.")
            title = N_("Choose first to whom")
            self._parcel.addWidget(Empty(self.kit, "building-2", title, under))
        else:
            under = N_("Invite a partner, or compare the digits of one whose card is here.")
            title = N_("No partner is verified yet")
            self._parcel.addWidget(Empty(self.kit, "building-2", title, under))

    def _on_waiting(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._show_plans()
        if self._plans or self._chosen_partner() in self._own:
            self._prepare()
        else:
            under = N_("Plans that you enter or take from a partner stand here.")
            self._parcel.addWidget(Empty(self.kit, "clipboard-list", N_("No plan yet"), under))

    def _show_plans(self) -> None:
        """Offer the plans, those of which something waits for the partner first."""
        records, asked = self._waiting.records, self._plan.hex() or self.plan.key
        ordered = sorted(self._plans, key=lambda line: line.rid not in records)
        self.plan.offer(
            [
                (line.rid.hex(), partial(plan_words, line, records.get(line.rid, 0)))
                for line in ordered
            ],
            asked if self._plan or bytes.fromhex(asked) in records else "",
        )
        self._show_also()

    def _show_also(self) -> None:
        is_own = self._chosen_partner() in self._own
        records = {} if is_own else self._waiting.records
        self.also.show_plans(self._plans, records, bytes.fromhex(self.plan.key))

    def _on_plan_chosen(self, key: str) -> None:
        self._plan = bytes.fromhex(key)
        self.outcome.hide()
        self._show_also()
        self._prepare()

    def _chosen_partner(self) -> bytes:
        return bytes.fromhex(self.partner.key)

    def _chosen_plans(self) -> Plans:
        """The plans; none for a laptop of our own, which gets everything."""
        if self._chosen_partner() in self._own:
            return ()
        return (bytes.fromhex(self.plan.key), *self.also.chosen)

    def _prepare(self) -> None:
        desk, organisation, plans = self._desk, self._chosen_partner(), self._chosen_plans()
        self.plan.setEnabled(organisation not in self._own)
        self._show_ready(is_ready=False)
        self.kit.work.run(
            lambda: read_parcel(desk, plans, organisation), self._on_prepared, self._on_refused
        )

    def _on_prepared(self, shown: Shown) -> None:
        self._shown = shown
        self._clear()
        self.view = ParcelView(self.kit, shown)
        self._parcel.addWidget(self.view)
        self.view.warnings.changed.connect(lambda: self._show_ready(is_ready=self._may_go()))
        self.view.warnings.plan_asked.connect(self._on_plan_asked)
        self._show_ready(is_ready=self._may_go())
        if shown.parcel.fault is not None:
            self.refuse(shown.parcel.fault)

    def _clear(self) -> None:
        clear(self._parcel)
        self.view = None

    def _show_ready(self, *, is_ready: bool) -> None:
        self.make.setEnabled(is_ready)
        self.hint.tell(N_("Nothing is written yet."))

    def _on_make_clicked(self) -> None:
        put = self._waiting.put
        ask_folder(self.kit, self, N_("Put the file here"), self.send_to, put)

    def _on_made(self, made: Made | Shown) -> None:
        if isinstance(made, Shown):
            self._on_prepared(made)
            if made.parcel.fault is None:
                self._say_changed()
            return
        self.made = made
        self._clear()
        self._say_written(made)
        for widget in (self.make, self.cancel):
            widget.hide()
        self.also.hide()
        self._choices.hide()
        self.done.show()
        self.done.setFocus()
        self.sent.emit()

    def _say_changed(self) -> None:
        self.outcome.show_look(Tone.WARNING, "triangle-alert")
        self.outcome.tell(
            N_("Something has changed meanwhile."),
            N_("No file was made. Look again at what leaves, then make the file."),
        )
        self.outcome.show()

    def _say_written(self, made: Made) -> None:
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.tell(
            N_("The file is written and read back. You can take the stick out now."),
            N_("File {name}: only {partner} can open it."),
            name=lambda _: made.path.name,
            partner=lambda _: self.partner.currentText(),
        )
        self.outcome.show()
        self.under.hide()
        self.hint.tell(N_("What left is noted in the store."))

    def _on_refused(self, fault: KfdeskError) -> None:
        self._show_ready(is_ready=self._may_go())
        self.refuse(fault)

    def _may_go(self) -> bool:
        """Whether there is something to send, and no name in it stops it."""
        is_possible = self._shown is not None and self._shown.parcel.fault is None
        return is_possible and self.view is not None and self.view.warnings.may_pass

    def _on_plan_asked(self) -> None:
        """Lead to the plan of the first text that the partner cannot read."""
        assert self._shown is not None
        unread = {one.rid for one in self._shown.parcel.unread}
        for plan, rids in self._shown.parcel.whose.items():
            if unread & rids:
                self.plan_asked.emit(plan)
                return


def _plain(text: str) -> Telling:
    return lambda _: text
