# SPDX-License-Identifier: GPL-3.0-or-later
"""The first run as a page: the trail, one step at a time, and the way back and on.

What the last step needs is made on the worker's thread, because deriving a key takes a second or
two. Nothing is written before that, so one can go back, change the language or leave at any time.
"""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.sharing.inviting import Invitation
from kfdesk.ui import tokens
from kfdesk.ui.files import ask_folder
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.desk import DeskStep
from kfdesk.ui.pages.first_run.founding import Founding, Wanted
from kfdesk.ui.pages.first_run.language import LanguageStep
from kfdesk.ui.pages.first_run.passphrase import PassphraseStep
from kfdesk.ui.pages.first_run.recovery import RecoveryStep
from kfdesk.ui.pages.first_run.step import ADVICE_WIDTH, Advice, Step
from kfdesk.ui.pages.first_run.trail import Trail
from kfdesk.ui.pages.unlock_views.carried import carried_warning
from kfdesk.ui.pages.unlock_views.top import Top
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card, line
from kfdesk.ui.words import Message

_CARD_WIDTH = 960
_CONTENT_HEIGHT = 418
_PADDING = 36
_TOO_NARROW = 900
"""Below this width of the page the advice stands under the step."""


class FirstRun(QWidget):
    """The page where there is no store yet. `created` carries what `Founding.create` returned.

    `backup_asked` is for those who have a backup to begin with.
    """

    created = Signal(object)
    backup_asked = Signal()

    def __init__(self, kit: Kit, setting: Founding) -> None:
        super().__init__()
        self._kit = kit
        self._create = setting.create
        self._look = setting.look
        self._example = setting.example
        self.invitation: Invitation | None = None
        self._place = 0
        self._is_creating = False
        self.language = LanguageStep(kit)
        self.desk = DeskStep(kit, setting.is_name)
        self.passphrase = PassphraseStep(kit, setting)
        self.recovery = RecoveryStep(kit, setting)
        self._steps: tuple[Step, ...] = (
            self.language, self.desk, self.passphrase, self.recovery,
        )  # fmt: skip
        self._advices = [Advice(kit, step.hints) for step in self._steps]
        self.trail = Trail(kit, [step.name for step in self._steps])
        self._make_foot_parts()
        page = QWidget()
        page.setProperty("ground", "none")
        column = QVBoxLayout(page)
        column.setContentsMargins(tokens.PAGE_MARGIN, 20, tokens.PAGE_MARGIN, 20)
        column.setSpacing(0)
        self.top = Top(kit, self)
        column.addWidget(self.top)
        column.addSpacing(tokens.CARD_GAP)
        column.addStretch(2)
        column.addWidget(self.trail, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(24)
        column.addLayout(_centred(self._make_card()))
        column.addStretch(5)
        self.carried = carried_warning(kit)
        column.addWidget(self.carried, 0, Qt.AlignmentFlag.AlignHCenter)
        self._fill(page)
        self._show(0)
        self.language.example.setVisible(setting.example is not None)
        self.language.example.clicked.connect(self._on_example_clicked)
        for step in self._steps:
            step.changed.connect(self._on_step_changed)
            step.finished.connect(self._on_next)

    def look_at(self, folder: Path) -> None:
        """Look for an invitation in `folder`, and go on with it."""
        look = self._look
        if look is not None:
            self._kit.work.run(lambda: look(folder), self._on_invited, self._say_fault)

    def start(self) -> None:
        """Put the keyboard where the step begins."""
        self._steps[self._place].start()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc goes back a step; what was entered stays."""
        if event.key() == Qt.Key.Key_Escape and self.back.isVisible():
            self.back.click()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """In a narrow window the advice stands under the step."""
        super().resizeEvent(event)
        is_narrow = self.width() < self._kit.theme.sized(_TOO_NARROW)
        way = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        self._content.setDirection(way)
        for advice in self._advices:
            advice.setMaximumWidth(_CARD_WIDTH if is_narrow else ADVICE_WIDTH)

    def _fill(self, page: QWidget) -> None:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)

    def _make_card(self) -> Card:
        card = Card(padding=0)
        card.setMaximumWidth(_CARD_WIDTH)
        self._content = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._content.setContentsMargins(_PADDING - tokens.RESERVE, 32, _PADDING, 28)
        self._content.setSpacing(32 - tokens.RESERVE)
        self._content.addStrut(_CONTENT_HEIGHT)
        self._content.addLayout(self._make_left(), 1)
        for advice in self._advices:
            self._content.addWidget(advice)
        card.body.setSpacing(0)
        card.body.addLayout(self._content, 1)
        card.body.addWidget(line())
        card.body.addLayout(self._make_foot())
        return card

    def _make_left(self) -> QVBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(tokens.CARD_GAP)
        self._fault = Banner(self._kit, Tone.DANGER, "circle-alert")
        self._fault.hide()
        inset = QVBoxLayout()
        inset.setContentsMargins(tokens.RESERVE, 0, tokens.RESERVE, 0)
        inset.addWidget(self._fault)
        self._invited = Banner(self._kit, Tone.INFO, "usb")
        self._invited.hide()
        inset.addWidget(self._invited)
        left.addLayout(inset)
        for step in self._steps:
            left.addWidget(step, 1)
        return left

    def _make_foot_parts(self) -> None:
        kit = self._kit
        self.back = Button(kit, N_("Back"), "chevron-left")
        self._reason = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self._reason.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.next = Button(kit, N_("Next"), look=Look.PRIMARY).show_key("Alt+N")
        self.next.ended_by("chevron-right")
        self.have = Button(kit, N_("I have a backup…"), "archive", Look.QUIET)
        self.have.clicked.connect(self.backup_asked)
        self.joining = Button(kit, N_("I was invited…"), "usb", Look.QUIET)
        self.joining.clicked.connect(self._on_joining_clicked)
        self.back.clicked.connect(self._on_back)
        self.next.clicked.connect(self._on_next)
        # Of the page, not of the button: a disabled one would let the N into the field.
        QShortcut(QKeySequence("Alt+N"), self, self._on_next)

    def _make_foot(self) -> QHBoxLayout:
        parts = (self.joining, self.have, self.back, self._reason, self.next)
        row = QHBoxLayout()
        edge = _PADDING - tokens.RESERVE
        row.setContentsMargins(edge, 11, edge, 11)
        row.addWidget(Flow(*parts, gap=10, fills=self._reason))
        return row

    def _show(self, place: int) -> None:
        self._place = place
        for number, (step, advice) in enumerate(zip(self._steps, self._advices, strict=True)):
            step.setVisible(number == place)
            advice.setVisible(number == place)
        self.trail.stand_at(place)
        self.back.setVisible(place > 0)
        self.top.letters.setVisible(not place)  # another size makes the page anew, from its start
        self.have.setVisible(not place)
        self.joining.setVisible(not place and self._look is not None)
        self._fault.hide()
        self._on_step_changed()

    def _on_step_changed(self) -> None:
        is_last = self._place == len(self._steps) - 1
        reason = self._steps[self._place].reason
        self._reason.tell(N_("This takes a moment …") if self._is_creating else reason)
        self.next.setEnabled(not reason and not self._is_creating)
        self.next.tell(N_("Set up the desk") if is_last else N_("Next"))
        self._kit.words.bind(self.next.setAccessibleDescription, reason)

    def _on_next(self) -> None:
        step = self._steps[self._place]
        if self._is_creating or not step.may_go_on():
            return
        if step is self._steps[-1]:
            self._found()
        else:
            self._show(self._place + 1)
            self.start()

    def _on_back(self) -> None:
        if self._place and not self._is_creating:
            self._show(self._place - 1)
            self.start()

    def _on_example_clicked(self) -> None:
        if self._example is not None:
            self._kit.work.run(self._example, self._on_example_begun, self._say_fault)

    def _on_example_begun(self, _nothing: None) -> None:
        self._invited.tell(
            N_("The example opens in a window of its own, in half a minute or so."),
            N_("You can go on here meanwhile: it touches nothing of yours."),
        )
        self._invited.show()

    def _on_joining_clicked(self) -> None:
        ask_folder(self._kit, self, N_("This is the folder"), self.look_at)

    def _on_invited(self, invitation: Invitation) -> None:
        self.invitation = invitation
        self._invited.tell(
            N_("Another laptop of {name}.") if invitation.is_own else N_("You join: {name}."),
            N_("Set up your own desk. When it stands, your card is put beside theirs."),
            name=lambda _: invitation.name,
        )
        self.desk.keep_name(invitation.name if invitation.is_own else "")
        self._invited.show()
        self._show(max(self._place, 1))
        self.start()

    def _found(self) -> None:
        wanted = Wanted(
            self.desk.organisation,
            self.desk.initials,
            self.passphrase.passphrase,
            self.recovery.recovery,
            own.organisation if (own := self.invitation) and own.is_own else None,
        )
        self._fault.hide()
        self._rest(is_creating=True)
        self._kit.work.run(lambda: self._create(wanted), self._on_created, self._on_refused)

    def _rest(self, *, is_creating: bool) -> None:
        self._is_creating = is_creating
        self._steps[-1].setEnabled(not is_creating)
        self.back.setEnabled(not is_creating)
        self._on_step_changed()

    def _on_created(self, made: object) -> None:
        self.passphrase.forget()
        self.recovery.forget()
        self.created.emit(made)

    def _on_refused(self, fault: KfdeskError) -> None:
        self._rest(is_creating=False)
        self._say_fault(fault)
        self.next.setFocus()

    def _say_fault(self, fault: KfdeskError) -> None:
        self._fault.tell_fault(fault)


def _centred(card: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(card, 100)
    row.addStretch(1)
    return row


def _plain(text: str) -> Message:
    def said(_: Language) -> str:
        return text

    return said
