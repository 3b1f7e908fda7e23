# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking a consent back: one panel that says what stops and whom to tell, and one button.

It works at once and in every state of a plan. There is no undo, so it says beforehand what will
be; only another talk opens anything again.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from kfdesk.domain.disclosure import Channel
from kfdesk.domain.lists.case_codes import WITHDRAWAL_EFFECT
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.course.consents import EFFECTS, withdraw_consent
from kfdesk.services.course.withdrawals import Holder, Stop, Withdrawal
from kfdesk.services.desk import Changes, Desk
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.typed import Tick
from kfdesk.ui.pages.plan_page.consent_views.wording import groups_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.words import Message

_ALWAYS = EFFECTS[0]


class WithdrawPanel(QFrame):
    """What the withdrawal does, and the button. `left` when a person leaves without it."""

    left = Signal()

    def __init__(self, kit: Kit, desk: Desk, withdrawal: Withdrawal) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._consent = withdrawal.consent
        self._is_busy = False  # a shut button would lose the keyboard
        self.setProperty("ground", "sunken")
        self.effects: dict[str, Tick] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 12, 16, 8)
        self.column.setSpacing(tokens.GRID)
        self._add(N_("She needs no reason, and we go on helping her as before."))
        self._head(N_("What stops now"))
        for stop in _stops(withdrawal):
            self._add(stop, "ban")
        self._head(N_("Who has had something under it"))
        self._add(_holder(withdrawal.holder), "send" if withdrawal.holder else "check")
        self._head(N_("What she asks for"))
        for code, word in WITHDRAWAL_EFFECT.items():
            self._add_effect(code, word)
        self._add(N_("This cannot be undone: only a new consent opens anything again."), "info")
        self.now = Button(kit, N_("Withdraw now"), "ban", Look.DANGER)
        self.now.clicked.connect(self._on_now_clicked)
        self.leave = Button(kit, N_("Leave it as it is"), look=Look.QUIET).show_key("Esc")
        self.leave.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.leave)
        foot.addWidget(self.now)
        self.column.addLayout(foot)

    def take_focus(self) -> None:
        """Give the keyboard to the first thing that can be chosen: not to the button."""
        first = next(tick for code, tick in self.effects.items() if code != _ALWAYS)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc leaves the panel, not the plan."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _head(self, title: str) -> None:
        self.column.addSpacing(4)
        self.column.addWidget(Label(self._kit, title, Type.STRONG).wrapped())

    def _add(self, message: Message, icon: str = "") -> None:
        label = Label(self._kit, message).wrapped()
        if not icon:
            self.column.addWidget(label)
            return
        row = QHBoxLayout()
        row.setSpacing(9)
        row.addWidget(Icon(self._kit, icon, Tone.MUTED), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label, 1)
        self.column.addLayout(row)

    def _add_effect(self, code: str, word: str) -> None:
        tick = Tick(self._kit, word)
        tick.setChecked(code in EFFECTS)
        tick.setEnabled(code != _ALWAYS)
        self.effects[code] = tick
        self.column.addWidget(tick, 0, Qt.AlignmentFlag.AlignLeft)

    def _on_now_clicked(self) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        desk, rid = self._desk, self._consent
        asked = [code for code, tick in self.effects.items() if tick.isChecked()]
        self._kit.work.run(
            lambda: withdraw_consent(desk, rid, asked), self._on_withdrawn, self._on_refused
        )

    def _on_withdrawn(self, changes: Changes) -> None:
        kit = self._kit
        self.left.emit()
        kit.hub.changed.emit(changes.types)
        kit.tell(N_("Withdrawn. Nothing more goes under it; only a new consent opens it again."))

    def _on_refused(self, fault: object) -> None:
        self._is_busy = False
        self._kit.hub.failed.emit(fault)


def _stops(withdrawal: Withdrawal) -> Iterator[Message]:
    if not withdrawal.stops:
        yield N_("Nothing goes out under it alone at present.")
    for stop in withdrawal.stops:
        yield _stop(stop)


def _stop(stop: Stop) -> Message:
    sentence = N_("{name}, by exchange file: {groups}")
    if stop.channel is Channel.CARRIED:
        sentence = N_("{name}, on paper: {groups}")

    def words(language: Language) -> str:
        groups = groups_text(stop.groups, language)
        return language.gettext(sentence).format(name=stop.name, groups=groups)

    return words


def _holder(holder: Holder | None) -> Message:
    if holder is None:
        return N_("Nobody has had anything under it.")
    return lambda language: holder_words(holder, language)


def holder_words(holder: Holder, language: Language) -> str:
    """Who has had how much, and how they are told."""
    had = language.ngettext(
        "{name} has had {count} record.", "{name} has had {count} records.", holder.records
    ).format(name=holder.name, count=holder.records)
    told = N_("Tell it at once; the notice is due with the next file.")
    if holder.knows:
        told = N_("They know that she has taken it back.")
    elif not holder.is_partner:
        told = N_("Tell them at once, and ask for the paper back.")
    return f"{had} {language.gettext(told)}"
