# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing the sixty digits: two people read them to each other over a number they know.

The partner counts as verified only after somebody has ticked that they were the same, or has
typed all sixty as they were heard.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.desk.exchange import Partner
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.services import partners
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.sharing import keys
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.step import Step
from kfdesk.ui.pages.first_run.typed import Tick
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import TextEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, line

_ALL = 60
_IN_ROW = 6
_GAP = "\u2003"  # a space as wide as a letter is high; it counts as white space
_WIDTH = 760
_STEPS = (
    N_("Call the partner on a number that you knew before this card came."),
    N_("Let them read both rows to you, and compare each digit. Then read both rows to them."),
    N_("If even one digit differs, stop: do not tick, and ask for the card again in person."),
)
_STEPS_OWN = (
    N_("Put the two laptops side by side, with this page open on both."),
    N_("Compare both rows, digit by digit. If even one differs, stop and do not tick."),
)


@dataclass(frozen=True)
class Comparing:
    """Whose digits are compared, and what is done once they were the same: nothing where the
    partner alone has something to decide.
    """

    digits: Callable[[Desk, bytes], str]
    settle: Callable[[Desk, bytes, str], Changes] | None = None


CARD = Comparing(partners.digits, partners.verify_partner)
NEW_CARD = Comparing(keys.offered_digits, keys.accept_card)
"""A card with another signing key, that a partner has sent."""
READ_OUT = Comparing(partners.digits)
"""Our own new card, of which the partner hears the digits."""


class Digits(Step):
    """The digits of one partner. `verified` carries the partner and what was changed."""

    verified = Signal(object, object)

    def __init__(self, kit: Kit, desk: Desk, partner: Partner, of: Comparing = CARD) -> None:
        super().__init__(kit, N_("Compare the digits"))
        self._desk = desk
        self._partner = partner
        self._of = of
        self._shown = ""
        self.rows = (Label(kit, style=Type.DISPLAY), Label(kit, style=Type.DISPLAY))
        self.same = Tick(
            kit,
            N_("Both laptops show the same digits")
            if partner.is_own
            else N_("They read the same digits to me, over a number I know"),
        )
        self.heard = TextEntry()
        self.heard.setAcceptDrops(False)  # a dropped file is for the page
        self.field = Field(kit, N_("Or type all sixty digits as you hear them"), self.heard)
        self.confirm = Button(kit, N_("The digits are the same"), "shield-check", Look.PRIMARY)
        self.act(self.confirm)
        self.under.show_text(partner.name)
        self.same.toggled.connect(self._on_edited)
        self.heard.textEdited.connect(self._on_edited)
        self.heard.returnPressed.connect(self.confirm.click)
        self.confirm.clicked.connect(self._on_confirmed)
        self._lay_out()
        self._on_edited()
        self.first = self.same
        if of.settle is None:
            for part in (self.same, self.field, self.confirm):
                part.hide()
            self.hint.tell(N_("They compare them with what they see. Nothing is decided here."))
        organisation = partner.organisation
        kit.work.run(lambda: of.digits(desk, organisation), self._on_read, self._on_refused)

    def _lay_out(self) -> None:
        card = Card(padding=24)
        card.setMaximumWidth(_WIDTH)
        steps = _STEPS_OWN if self._partner.is_own else _STEPS
        for number, message in enumerate(steps, start=1):
            card.body.addLayout(_numbered(self.kit, number, message))
        card.body.addSpacing(8)
        card.body.addWidget(line())
        card.body.addSpacing(8)
        for label in self.rows:
            card.body.addWidget(label)
        card.body.addSpacing(8)
        card.body.addWidget(line())
        card.body.addSpacing(8)
        ticking = QHBoxLayout()
        ticking.addSpacing(-tokens.RESERVE)
        ticking.addWidget(self.same)
        ticking.addStretch(1)
        card.body.addLayout(ticking)
        card.body.addSpacing(4)
        card.body.addWidget(self.field)
        self.body.addWidget(card)
        self.body.addStretch(1)

    def _on_read(self, digits: str) -> None:
        self._shown = digits
        groups = digits.split()
        for place, label in enumerate(self.rows):
            label.show_text(_GAP.join(groups[place * _IN_ROW : (place + 1) * _IN_ROW]))
        self._on_edited()

    def _on_edited(self, *_state: object) -> None:
        if self._of.settle is None:
            return
        self.field.say_nothing()
        typed = "".join(self.heard.text().split())
        is_ready = bool(self._shown) and (
            len(typed) == _ALL or (self.same.isChecked() and not typed)
        )
        self._show_ready(is_ready=is_ready)

    def _show_ready(self, *, is_ready: bool) -> None:
        self.confirm.setEnabled(is_ready)
        self.hint.tell(
            (
                N_("From then on it gets everything that is here.")
                if self._partner.is_own
                else N_("From then on the partner may receive what a consent allows.")
            )
            if is_ready
            else N_("Tick the sentence, or type all sixty digits.")
        )

    def _on_confirmed(self) -> None:
        desk, organisation = self._desk, self._partner.organisation
        heard, settle = self.heard.text().strip() or self._shown, self._of.settle
        assert settle is not None  # its button is not on view
        self._show_ready(is_ready=False)
        self.kit.work.run(
            lambda: settle(desk, organisation, heard),
            self._on_verified,
            self._on_refused,
        )

    def _on_verified(self, changes: Changes) -> None:
        self.verified.emit(self._partner, changes)

    def _on_refused(self, fault: KfdeskError) -> None:
        if fault.code == "card.other_digits":
            faults = self.kit.faults
            self.field.say_wrong(lambda language: " ".join(faults(fault, language)))
            self.heard.setFocus()
        else:
            self.refuse(fault)


def _numbered(kit: Kit, number: int, message: str) -> QHBoxLayout:
    mark = Label(kit, style=Type.STRONG, tone=Tone.ACCENT)
    mark.show_text(f"{number}")
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Label(kit, message).wrapped(), 1)
    return row
