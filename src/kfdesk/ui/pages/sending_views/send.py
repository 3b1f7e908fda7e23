# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending: choose plan and partner, look at exactly what would leave, then make the file.

Nothing is written before the button is pressed, and what is written is what was shown: the
worker prepares it again and, if anything differs by then, shows that instead.
"""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kfdesk.domain.desk.exchange import Made
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanLine
from kfdesk.ui import tokens
from kfdesk.ui.files import ask_folder
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.reading import (
    Sending,
    Shown,
    read_parcel,
    read_sending,
    send_shown,
)
from kfdesk.ui.pages.exchange_views.step import Step
from kfdesk.ui.pages.sending_views.parcel import ParcelView
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.panel import Empty, clear
from kfdesk.ui.words import Telling

_CHOICE_WIDTH = 340


class Send(Step):
    """One file for one partner. `sent` follows when it is written; `plan_asked` carries a plan."""

    sent = Signal()
    plan_asked = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk, organisation: bytes) -> None:
        super().__init__(kit, N_("Send"))
        self._desk = desk
        self._organisation = organisation
        self._shown: Shown | None = None
        self._own: set[bytes] = set()
        self.made: Made | None = None
        self.plan, self.partner = Choice(kit), Choice(kit)
        for choice in (self.plan, self.partner):
            choice.setMinimumWidth(_CHOICE_WIDTH)
            choice.chosen.connect(self._on_chosen)
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
        self.first = self.plan
        kit.work.run(lambda: read_sending(desk), self._on_read)

    def send_to(self, folder: Path) -> None:
        """Make the file of what is shown in `folder`."""
        if self._shown is None or self.view is None or not self._may_go():
            return
        desk, plan, parcel = self._desk, self._chosen_plan(), self._shown.parcel
        somebody_else = self.view.warnings.somebody_else
        self._show_ready(is_ready=False)
        self.kit.work.run(
            lambda: send_shown(desk, plan, parcel, folder, somebody_else),
            self._on_made,
            self._on_refused,
        )

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(tokens.FIELD_GAP)
        row.addWidget(Field(self.kit, N_("Plan"), self.plan))
        row.addWidget(Field(self.kit, N_("Partner"), self.partner))
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addLayout(self._parcel)
        self.body.addStretch(1)

    def _on_read(self, sending: Sending) -> None:
        self.plan.offer([(line.rid.hex(), _plan_name(line)) for line in sending.plans])
        partners = [(one.partner.organisation.hex(), one.partner.name) for one in sending.partners]
        self._own = {one.partner.organisation for one in sending.partners if one.partner.is_own}
        named = [(key, _plain(name)) for key, name in partners]
        self.partner.offer(named, self._organisation.hex())
        if sending.plans or self._own:
            self._prepare()
        else:
            under = N_("Plans that you enter or take from a partner stand here.")
            self._parcel.addWidget(Empty(self.kit, "clipboard-list", N_("No plan yet"), under))

    def _on_chosen(self, _key: str) -> None:
        self.outcome.hide()
        self._prepare()

    def _chosen_plan(self) -> bytes:
        """The plan; nothing for a laptop of our own, which gets everything."""
        is_own = bytes.fromhex(self.partner.key) in self._own
        return b"" if is_own else bytes.fromhex(self.plan.key)

    def _prepare(self) -> None:
        desk = self._desk
        organisation = bytes.fromhex(self.partner.key)
        self.plan.setEnabled(organisation not in self._own)
        plan = self._chosen_plan()
        if not organisation or not (plan or organisation in self._own):
            return
        self._show_ready(is_ready=False)
        self.kit.work.run(
            lambda: read_parcel(desk, plan, organisation), self._on_prepared, self._on_refused
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
        ask_folder(self.kit, self, N_("Put the file here"), self.send_to)

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
        for choice in (self.plan, self.partner):
            choice.setEnabled(False)
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
            N_("File {name}: only the partner can open it."),
            name=lambda _: made.path.name,
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
        self.plan_asked.emit(bytes.fromhex(self.plan.key))


def _plan_name(line: PlanLine) -> Telling:
    return _plain(f"{line.code} · {line.alias}" if line.alias else line.code)


def _plain(text: str) -> Telling:
    return lambda _: text
