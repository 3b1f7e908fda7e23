# SPDX-License-Identifier: GPL-3.0-or-later
"""One recorded consent: for what, to whom, whether it stands, what it opens now, what can be done.

It is shown and never edited: what she agreed to is evidence. It is taken back, or another talk
makes another one.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout

from kfdesk.domain.consents.standing import VITAL_INTERESTS
from kfdesk.domain.desk.users import Right
from kfdesk.domain.schema import N_
from kfdesk.services.course.agreements import note_told
from kfdesk.services.course.consents import second_vital_interests
from kfdesk.services.course.withdrawals import Withdrawal
from kfdesk.services.desk import Changes, Desk
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.facts import Facts
from kfdesk.ui.pages.plan_page.consent_views.standing import (
    Standing,
    is_first,
    lines_of,
    look_of,
)
from kfdesk.ui.pages.plan_page.consent_views.withdrawing import WithdrawPanel
from kfdesk.ui.pages.plan_page.consent_views.wording import purpose_word
from kfdesk.ui.pages.print_views.form_button import PRINT, FormPrinting
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.panel import Card, clear
from kfdesk.ui.words import Message

_FACTS = (
    "groups", "withheld", "form", "given_by", "guardian", "language", "interpreted_by", "given",
    "expires", "withdrawn", "withdrawal_effect", "transfer_tool", "warned", "decided_by",
    "second_person", "reason",
)  # fmt: skip


WITHDRAW, AGAIN = N_("Withdraw"), N_("Ask again")


class ConsentCard(Card):
    """The card. `again_asked` for another talk, `withdrawal_asked` to see what would stop."""

    again_asked = Signal()
    withdrawal_asked = Signal()

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.standing: Standing | None = None
        self.panel: WithdrawPanel | None = None
        self._words = QVBoxLayout()
        self._words.setSpacing(tokens.GRID)
        self.again = Button(kit, AGAIN, "refresh-cw", Look.TONAL)
        self.again.clicked.connect(self.again_asked)
        self.second = Button(kit, N_("I agree, as the second person"), "check", Look.TONAL)
        self.second.clicked.connect(self._on_second_clicked)
        self.told = Button(kit, N_("She has been told"), "check", Look.TONAL)
        self.told.clicked.connect(self._on_told_clicked)
        self.withdraw = Button(kit, WITHDRAW, "ban", Look.SECONDARY)
        self.withdraw.clicked.connect(self.withdrawal_asked)
        foot = QHBoxLayout()
        foot.setSpacing(0)
        foot.addSpacing(-tokens.RESERVE)
        for button in (self.withdraw, self.again, self.second, self.told):
            foot.addWidget(button)
        self.paper = FormPrinting(kit, desk, self._rid)
        foot.addWidget(self.paper)
        foot.addStretch(1)
        self._below = QVBoxLayout()
        self.body.addLayout(self._words)
        self.body.addLayout(foot)
        self.body.addLayout(self._below)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """What can be done with it now."""
        mine = (self.withdraw, self.again, self.second, self.told, self.paper.button)
        return tuple(button for button in mine if not button.isHidden() and button.isEnabled())

    def show_consent(self, standing: Standing) -> None:
        """Show how it stands today; an open panel stays open."""
        self.standing = standing
        clear(self._words)
        self._show_head(standing)
        self._show_words(standing)
        self._show_buttons(standing)
        if standing.is_withdrawn:
            self.close_panel()

    def open_panel(self, withdrawal: Withdrawal) -> None:
        """Show what the withdrawal would do, with the keyboard in it."""
        self.close_panel()
        self.panel = WithdrawPanel(self._kit, self._desk, withdrawal)
        self.panel.left.connect(self.close_panel)
        self._below.addWidget(self.panel)
        self.withdraw.setEnabled(False)
        self.panel.take_focus()

    def close_panel(self) -> None:
        """Put the panel away and give the keyboard back."""
        if self.panel is not None:
            focus = QApplication.focusWidget()
            had_focus = focus is not None and self.panel.isAncestorOf(focus)
            clear(self._below)
            self.panel = None
            self.withdraw.setEnabled(True)
            if had_focus:
                self.withdraw.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_head(self, standing: Standing) -> None:
        head = QHBoxLayout()
        head.setSpacing(9)
        title = Label(self._kit, purpose_word(standing.consent.purpose), Type.HEADING).wrapped()
        head.addWidget(title, 1)
        tone, icon, words = look_of(standing)
        chip = Chip(self._kit, tone, icon)
        chip.tell(words)
        head.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        self._words.addLayout(head)

    def _show_words(self, standing: Standing) -> None:
        name = standing.line.recipient
        if name:
            to = Label(self._kit, tone=Tone.MUTED).wrapped()
            to.tell(N_("To {name}"), name=lambda _: name)
            self._words.addWidget(to)
        for message, tone in lines_of(standing):
            label = Label(self._kit, message, Type.BODY, tone).wrapped()
            self._words.addWidget(label)
        record = standing.consent
        torn = standing.line.view.conflicts
        keys = [key for key in _FACTS if getattr(record, key) is not None or key in torn]
        facts = Facts(self._kit, keys)
        facts.show_record(standing.line.view)
        self._words.addWidget(facts)

    def _show_buttons(self, standing: Standing) -> None:
        is_over = standing.line.shut is not None and not standing.waits_for_second
        had_focus = any(button.hasFocus() for button in self.buttons)
        self.withdraw.setVisible(not standing.is_withdrawn)
        is_vital = standing.consent.form == VITAL_INTERESTS
        self.again.setVisible((is_over or standing.is_soon) and not is_vital)
        may_print = self._desk.may(Right.PRINT_INTERNAL) and standing.page.may_edit
        self.paper.setVisible(may_print and not is_vital and not standing.is_withdrawn)
        self.paper.offer((str(standing.consent.language),))
        self.second.setVisible(standing.waits_for_second)
        self.second.setEnabled(not is_first(standing))
        self.told.setVisible(standing.is_untold and not standing.waits_for_second)
        named = ((self.withdraw, WITHDRAW), (self.again, AGAIN), (self.paper.button, PRINT))
        for button, word in named:
            name = _named(word, standing.line.recipient)
            self._kit.words.bind(button.setAccessibleName, name)
        if had_focus and self.buttons and not any(button.hasFocus() for button in self.buttons):
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _rid(self) -> bytes | None:
        return self.standing.line.view.rid if self.standing is not None else None

    def _on_second_clicked(self) -> None:
        self._run(second_vital_interests, N_("Two people have decided. It ends within 72 hours."))

    def _on_told_clicked(self) -> None:
        self._run(note_told, N_("Noted that she has been told."))

    def _run(self, service: Callable[[Desk, bytes], Changes], words: str) -> None:
        assert self.standing is not None
        desk, rid, kit = self._desk, self.standing.line.view.rid, self._kit

        def done(changes: Changes) -> None:
            kit.hub.changed.emit(changes.types)
            kit.tell(words)

        kit.work.run(lambda: service(desk, rid), done)


def _named(word: str, name: str) -> Message:
    return lambda language: f"{language.gettext(word)}: {name}" if name else language.gettext(word)
