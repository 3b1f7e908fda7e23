# SPDX-License-Identifier: GPL-3.0-or-later
"""The first run: the steps language, organisation, passphrase and recovery key, in one page.

The last step creates the store on the worker's thread, because deriving a key takes a second
or two. Nothing is written before that, so the user can go back, change the language or leave.
The services are handed in; this module knows no store.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.accounts import MAX_INITIALS_LENGTH, is_initials
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.erasure_messages import left_beside_text
from kfdesk.services.core.session import OrganisationRef
from kfdesk.services.exchange.invitations import Invitation
from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import ask_folder
from kfdesk.ui.icons import LARGE
from kfdesk.ui.pages.recovery_key import KeyPrinting, RecoveryKeySetup
from kfdesk.ui.pages.secret_confirmation import PassphraseConfirmation
from kfdesk.ui.pages.unlock import WelcomeBar, portable_warning, scroll_both_ways
from kfdesk.ui.tokens import (
    CARD_GAP,
    CONTROL_LARGE,
    FIELD_GAP,
    GRID,
    PAGE_MARGIN,
    RESERVE,
    TextStyle,
    Tone,
)
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import (
    HCENTRE,
    LEFT,
    STRETCH,
    TOP,
    Space,
    aligned,
    column,
    extend,
    grown,
    muted,
    on_escape,
    panel,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook, OptionButton
from kfdesk.ui.widgets.inputs import CheckBox, LabelledField, TextEntry
from kfdesk.ui.widgets.layout import Banner, CardFrame, FlowBox, make_hairline
from kfdesk.ui.widgets.navigation import Stepper
from kfdesk.ui.widgets.text import Icon, Label

# --- answers and services


@dataclass(frozen=True, slots=True)
class SetupAnswers:
    """The answers of all steps. `recovery` is the recovery key as it was typed back, or empty."""

    name: str
    initials: str
    passphrase: str = field(repr=False)
    recovery: str = field(default="", repr=False)
    invitation: Invitation | None = field(default=None, repr=False)

    @property
    def owner(self) -> OrganisationRef:
        """The organisation of the new store, which an own laptop's invitation names."""
        own = self.invitation
        if own is None or not own.is_own:
            return OrganisationRef(self.name)
        return OrganisationRef(self.name, own.organisation, own.sign_key)


@dataclass(frozen=True, slots=True)
class SetupServices:
    """The services of a first run.

    `words` returns the word list for a language code. `random` returns a number of random
    bytes. `is_name` says whether a card may carry a name. `create` makes the wanted store on
    the worker's thread; its result goes out with `FirstRunPage.created`; it raises KfdeskError
    where it cannot. `prints` makes the paper of a recovery key; without it the key is only
    copied by hand. `look` reads the invitation in a folder, on the worker's thread. `example`
    opens an invented store in a window of its own, which touches nothing else.
    """

    words: Callable[[str], tuple[str, ...]] = field(repr=False)
    random: Callable[[int], bytes] = field(repr=False)
    is_name: Callable[[str], bool]
    create: Callable[[SetupAnswers], object]
    prints: KeyPrinting | None = field(default=None, repr=False)
    look: Callable[[Path], Invitation] | None = field(default=None, repr=False)
    example: Callable[[], None] | None = field(default=None, repr=False)


# --- step

ADVICE_WIDTH = 288


class AdviceItem(NamedTuple):
    """One piece of advice beside a step."""

    icon: str
    title: Message
    under: Message


class SetupStep(QWidget):
    """One step of the setup.

    `changed` follows what may alter `reason`; `finished` is Enter at its end.
    `body` holds its controls. A control with its own space for a focus ring goes into `column`,
    which is wider by that space, so that all boxes line up.
    """

    changed = Signal()
    finished = Signal()

    name: Message = ""
    """The step's name in the stepper."""

    hints: tuple[AdviceItem, ...] = ()

    def __init__(self, kit: UiContext, title: Message, lead: Message) -> None:
        super().__init__()
        self._kit = kit
        self.column = column(on=self)
        self.body = column(margins=(RESERVE, 0, RESERVE, 0))
        extend(self.column, self.body)
        extend(self.body, text(kit, title, TextStyle.TITLE), 5, muted(kit, lead), 20)

    @property
    def reason(self) -> Message:
        """The reason why the user cannot continue yet; empty if the step can be checked."""
        return ""

    def validate(self) -> bool:
        """Check the entries; show errors beside the fields and focus the first."""
        return not self.reason

    def start(self) -> None:
        """Focus the first control of the step."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Continue on Enter, wherever in the step it is pressed."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_enter()
        else:
            super().keyPressEvent(event)

    def _on_enter(self) -> None:
        self.finished.emit()


class AdvicePanel(QFrame):
    """The panel beside a step, with its advice."""

    def __init__(self, kit: UiContext, hints: tuple[AdviceItem, ...]) -> None:
        super().__init__()
        self.setProperty("ground", "sunken")
        self.setMinimumWidth(ADVICE_WIDTH)
        box = column(
            Label(kit, N_("Good to know"), TextStyle.HEADING),
            gap=20,
            margins=(20, 20, 18, 20),
            on=self,
        )
        for hint in hints:
            extend(box, _advice_row(kit, hint))
        extend(box, STRETCH)


def _advice_row(kit: UiContext, hint: AdviceItem) -> QHBoxLayout:
    words = column(
        text(kit, hint.title, TextStyle.STRONG), muted(kit, hint.under, TextStyle.SMALL), gap=3
    )
    return row(aligned(Icon(kit, hint.icon, Tone.ACCENT, LARGE), TOP), grown(words), gap=12)


# --- organisation

_INITIALS_WIDTH = 220
_NAME_NOTE = N_("As partners will see it")
_INITIALS_NOTE = N_("Two or three letters. You enter them whenever you unlock.")


class OrganisationStep(SetupStep):
    """The step for the name of the organisation and the user's initials."""

    name = N_("Organisation")
    hints = (
        AdviceItem(
            "arrow-left-right",
            N_("Partners see the name"),
            N_("It is on your card and in every file that you send."),
        ),
        AdviceItem(
            "pencil",
            N_("Initials, not a name"),
            N_("They are shown beside what you write, here and with partners."),
        ),
        AdviceItem(
            "lock",
            N_("Only with the passphrase"),
            N_("Everything you enter is kept encrypted. The next step makes the passphrase."),
        ),
    )

    def __init__(self, kit: UiContext, is_name: Callable[[str], bool]) -> None:
        super().__init__(
            kit,
            N_("Your organisation"),
            N_("Who works here? Partners must be able to recognise you."),
        )
        self._is_name = is_name
        self.name_entry = TextEntry(CONTROL_LARGE)
        self.initials_entry = TextEntry(CONTROL_LARGE)
        self.initials_entry.setMaxLength(MAX_INITIALS_LENGTH)
        self.initials_entry.setMaximumWidth(_INITIALS_WIDTH)
        self._name_field = LabelledField(kit, N_("Name of the organisation"), self.name_entry)
        self._initials_field = LabelledField(kit, N_("Your initials"), self.initials_entry)
        self._on_name_edited()
        self._on_initials_edited()
        self.name_entry.textEdited.connect(self._on_name_edited)
        self.initials_entry.textEdited.connect(self._on_initials_edited)
        extend(self.body, self._name_field, FIELD_GAP, self._initials_field)
        extend(self.column, STRETCH)

    @property
    def organisation(self) -> str:
        """The name, composed (NFC) and without surrounding spaces."""
        return _normalized(self.name_entry.text())

    @property
    def initials(self) -> str:
        """The initials, composed (NFC) and without surrounding spaces."""
        return _normalized(self.initials_entry.text())

    def set_fixed_name(self, name: str) -> None:
        """Fix the name of an organisation that has a laptop already; empty unlocks it."""
        self.name_entry.setText(name)
        self.name_entry.setEnabled(not name)

    def validate(self) -> bool:
        """Check both entries, and focus the first invalid one."""
        wrong = self._wrong_name(), self._wrong_initials()
        if wrong[1]:
            self._initials_field.show_error(wrong[1])
            self.initials_entry.setFocus()
        if wrong[0]:
            self._name_field.show_error(wrong[0])
            self.name_entry.setFocus()
        return not any(wrong)

    def start(self) -> None:
        """Focus the name, or the initials where the name is fixed."""
        (self.name_entry if self.name_entry.isEnabled() else self.initials_entry).setFocus()

    def _wrong_name(self) -> Message:
        if not self.organisation:
            return N_("Enter the name by which partners know you.")
        if not self._is_name(self.organisation):
            return N_("This name cannot be put on a card. Shorten it, or type it again.")
        return ""

    def _wrong_initials(self) -> Message:
        if not self.initials:
            return N_("Enter your initials. Two or three letters are enough.")
        is_fit = self._is_name(self.initials) and is_initials(self.initials)
        return "" if is_fit else N_("Use letters only.")

    def _on_enter(self) -> None:
        if self.name_entry.hasFocus() and not self.initials:
            self.initials_entry.setFocus()
        else:
            self.finished.emit()

    def _on_name_edited(self) -> None:
        self._name_field.show_note(Tone.MUTED, _NAME_NOTE)

    def _on_initials_edited(self) -> None:
        self._initials_field.show_note(Tone.MUTED, _INITIALS_NOTE)


def _normalized(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


# --- language


class LanguageStep(SetupStep):
    """The step for the language: all languages, one below the other."""

    name = N_("Language")
    hints = (
        AdviceItem(
            "clock",
            N_("Five minutes"),
            N_("Have pen and paper ready. You will write down six words."),
        ),
        AdviceItem(
            "languages",
            N_("Only the window"),
            N_("A paper is written in the language of the person who will read it."),
        ),
        AdviceItem(
            "shield-check",
            N_("This program never goes online"),
            N_("What you enter stays on this computer until you hand it over yourself."),
        ),
    )

    def __init__(self, kit: UiContext) -> None:
        super().__init__(
            kit,
            N_("Welcome"),
            N_("Four short steps, and you can start. First: which language do you read best?"),
        )
        offered = kit.translator.offered_languages
        self.options = {code: _option(kit, code, name) for code, name in offered}
        for code, option in self.options.items():
            option.toggled.connect(lambda is_on, code=code: self._on_toggled(code, is_on=is_on))
            extend(self.column, option, GRID - RESERVE)
        extend(self.column, STRETCH)
        self.example = Button(kit, N_("Look at an invented example first"), "eye", ButtonLook.QUIET)
        extend(self.column, aligned(self.example, LEFT))
        kit.translator.changed.connect(self._on_language_changed)
        self._on_language_changed()

    def start(self) -> None:
        """Focus the language in use."""
        self.options[self._kit.translator.language.code].setFocus()

    def _on_toggled(self, code: str, *, is_on: bool) -> None:
        if is_on and code != self._kit.translator.language.code:
            self._kit.set_language(code)

    def _on_language_changed(self) -> None:
        self.options[self._kit.translator.language.code].setChecked(True)


def _option(kit: UiContext, code: str, name: Message) -> OptionButton:
    """Return the option of a language: its own name and a sentence in it."""
    own = kit.translator.program(code)
    return OptionButton(kit, name, lambda _: own.gettext("The program speaks English"))


# --- passphrase


class PassphraseStep(SetupStep):
    """The step for the passphrase: its words, to be written on paper and typed back."""

    name = N_("Passphrase")
    hints = (
        AdviceItem(
            "list-checks",
            N_("Six words, not one"),
            N_("Long and easy to type beats short and hard to remember."),
        ),
        AdviceItem(
            "key-round",
            N_("No one else has it"),
            N_("No one can look the words up, and no one can send you others."),
        ),
        AdviceItem(
            "archive",
            N_("Keep the paper safe"),
            N_("Not beside this computer, and where only you can find it."),
        ),
        AdviceItem(
            "ban",
            N_("No photo, no copy"),
            N_("The words cannot be copied. Do not take a photo of them."),
        ),
    )

    def __init__(self, kit: UiContext, services: SetupServices) -> None:
        super().__init__(
            kit,
            N_("Your passphrase"),
            N_(
                "These six words open the database. Write them on paper, then type "
                "them from the paper: they are hidden while you type."
            ),
        )
        self.proof = PassphraseConfirmation(kit, services.words, services.random)
        self.tiles, self.entry, self.tick = self.proof.tiles, self.proof.entry, self.proof.tick
        self.cover, self.others = self.proof.cover, self.proof.others
        self.proof.changed.connect(self.changed)
        extend(self.column, self.proof, STRETCH)

    @property
    def passphrase(self) -> str:
        """The words as they count: in lower case, with single spaces."""
        return self.proof.text

    @property
    def is_covered(self) -> bool:
        """True if words that were not typed back are hidden."""
        return self.proof.is_covered

    @property
    def reason(self) -> Message:
        return self.proof.reason

    def validate(self) -> bool:
        """Check that all is done, and focus what is not."""
        if self.reason:
            self.proof.focus_next()
        return not self.reason

    def start(self) -> None:
        """Draw words if there are none, and focus the line."""
        self.proof.start()

    def clear_secrets(self) -> None:
        """Drop the words, because the store has them now."""
        self.proof.clear_secrets()


# --- recovery key


class RecoveryStep(SetupStep):
    """The step for the recovery key, on one sheet or on three, or without one."""

    name = N_("Recovery key")
    hints = (
        AdviceItem(
            "life-buoy",
            N_("For a lost passphrase"),
            N_("With this key and your initials you set a new passphrase."),
        ),
        AdviceItem(
            "key-round",
            N_("It opens everything"),
            N_("Anyone who has the paper and this computer can read everything in it."),
        ),
        AdviceItem(
            "printer",
            N_("Writing by hand is safest"),
            N_("A printer may keep what it has printed. You can still print the key."),
        ),
        AdviceItem(
            "archive",
            N_("Seal it, and keep it elsewhere"),
            N_("In an envelope, in another building: not where the passphrase is."),
        ),
        AdviceItem(
            "pencil",
            N_("Hard to misread"),
            N_("There is no O, I or L in it. A zero is a zero, a one is a one."),
        ),
    )

    def __init__(self, kit: UiContext, services: SetupServices) -> None:
        super().__init__(
            kit,
            N_("A recovery key"),
            N_(
                "It opens the database if a passphrase is lost. Write it on paper, then type it "
                "from the paper."
            ),
        )
        self.key = RecoveryKeySetup(kit, services.random, services.prints)
        self.proof = self.key.whole
        self.without = CheckBox(
            kit, N_("Continue without one: if the words are lost, everything is lost")
        )
        self.key.changed.connect(self.changed)
        self.without.toggled.connect(self._on_without_toggled)
        extend(self.column, self.key, self.without, STRETCH)

    @property
    def recovery(self) -> str:
        """The key; empty where none is wanted."""
        return "" if self.without.isChecked() else self.key.text

    @property
    def reason(self) -> Message:
        if self.without.isChecked():
            return ""
        if not self.key.is_complete and not self.key.is_shared:
            return N_("Type the whole key, or tick that you continue without one")
        return self.key.reason

    def validate(self) -> bool:
        """Check that all is done, and focus what is not."""
        if self.reason:
            self.key.focus_next()
        return not self.reason

    def start(self) -> None:
        """Draw a key if there is none, and focus the line."""
        self.key.start()
        if self.without.isChecked():
            self.without.setFocus()

    def clear_secrets(self) -> None:
        """Drop the key, because the store has it now."""
        self.key.clear_secrets()

    def _on_without_toggled(self, is_without: bool) -> None:
        self.key.setEnabled(not is_without)
        self.changed.emit()


# --- page

_SETUP_WIDTH = 960
_CONTENT_HEIGHT = 418
_SETUP_PADDING = 36
_ADVICE_MIN_WIDTH = 900
"""The width of the page below which the advice is under the step."""


class FirstRunPage(QWidget):
    """The page while there is no store. `created` carries the result of `SetupServices.create`.

    `backup_asked` is for users who have a backup to begin with.
    """

    created = Signal(object)
    backup_asked = Signal()

    def __init__(self, kit: UiContext, setting: SetupServices) -> None:
        super().__init__()
        self._kit = kit
        self._create = setting.create
        self._look = setting.look
        self._example = setting.example
        self.invitation: Invitation | None = None
        self._place = 0
        self._is_creating = False
        self.language = LanguageStep(kit)
        self.desk = OrganisationStep(kit, setting.is_name)
        self.passphrase = PassphraseStep(kit, setting)
        self.recovery = RecoveryStep(kit, setting)
        self._steps: tuple[SetupStep, ...] = (
            self.language, self.desk, self.passphrase, self.recovery,
        )  # fmt: skip
        self._advices = [AdvicePanel(kit, step.hints) for step in self._steps]
        self.trail = Stepper(kit, [step.name for step in self._steps])
        self._make_foot_parts()
        self.top = WelcomeBar(kit, self)
        self.carried = portable_warning(kit)
        self.left = Banner(kit, Tone.INFO, "info").hidden()
        card = row(STRETCH, grown(self._make_card(), 100), STRETCH)
        parts = (
            self.top, CARD_GAP, Space(2), aligned(self.trail, HCENTRE), 24, self.left,
            card, Space(5),
            aligned(self.carried, HCENTRE),
        )  # fmt: skip
        whole = panel(column(*parts, margins=(PAGE_MARGIN, 20, PAGE_MARGIN, 20)))
        self._scroll = scroll_both_ways(whole, on=self)
        self._show(0)
        self.language.example.setVisible(setting.example is not None)
        self.language.example.clicked.connect(self._on_example_clicked)
        for step in self._steps:
            step.changed.connect(self._on_step_changed)
            step.finished.connect(self._on_next)
        on_escape(self, self.back.click, self.back.isVisible)

    def show_left(self, names: Sequence[str]) -> None:
        """Say which folders the destruction of the database here has left."""
        self.left.set_message(partial(left_beside_text, names))
        self.left.show()

    def read_invitation(self, folder: Path) -> None:
        """Read the invitation in `folder`, and continue with it."""
        look = self._look
        if look is not None:
            self._kit.worker.run(lambda: look(folder), self._on_invited, self._show_fault)

    def start(self) -> None:
        """Focus the first control of the step."""
        self._steps[self._place].start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the advice below the step in a narrow window."""
        super().resizeEvent(event)
        is_narrow = self.width() < self._kit.theme.scaled(_ADVICE_MIN_WIDTH)
        way = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        self._content.setDirection(way)
        for advice in self._advices:
            advice.setMaximumWidth(_SETUP_WIDTH if is_narrow else ADVICE_WIDTH)

    def _make_card(self) -> CardFrame:
        card = CardFrame(padding=0, gap=0)
        card.setMaximumWidth(_SETUP_WIDTH)
        self._content = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._content.setContentsMargins(_SETUP_PADDING - RESERVE, 32, _SETUP_PADDING, 28)
        self._content.setSpacing(32 - RESERVE)
        self._content.addStrut(_CONTENT_HEIGHT)
        extend(self._content, grown(self._make_left()), *self._advices)
        extend(card.body, grown(self._content), make_hairline(), self._make_foot())
        return card

    def _make_left(self) -> QVBoxLayout:
        self._fault = Banner(self._kit, Tone.DANGER, "circle-alert").hidden()
        self._invited = Banner(self._kit, Tone.INFO, "usb").hidden()
        inset = column(self._fault, self._invited, gap=CARD_GAP, margins=(RESERVE, 0, RESERVE, 0))
        left = column(inset, gap=CARD_GAP)
        extend(left, *map(grown, self._steps))
        return left

    def _make_foot_parts(self) -> None:
        kit = self._kit
        self.back = Button(kit, N_("Back"), "chevron-left", on=self._on_back)
        self._reason = muted(kit, "", TextStyle.SMALL)
        self._reason.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.next = Button(kit, N_("Next"), look=ButtonLook.PRIMARY).show_key("Alt+N")
        self.next.with_end_icon("chevron-right")
        self.have = Button(kit, N_("I have a backup…"), "archive", ButtonLook.QUIET)
        self.have.clicked.connect(self.backup_asked)
        self.joining = Button(kit, N_("I was invited…"), "usb", ButtonLook.QUIET)
        self.joining.clicked.connect(self._on_joining_clicked)
        self.next.clicked.connect(self._on_next)
        # The shortcut belongs to the page: with a disabled button, N would go into the field.
        QShortcut(QKeySequence("Alt+N"), self, self._on_next)

    def _make_foot(self) -> QHBoxLayout:
        parts = (self.joining, self.have, self.back, self._reason, self.next)
        edge = _SETUP_PADDING - RESERVE
        return row(FlowBox(*parts, gap=10, fills=self._reason), margins=(edge, 11, edge, 11))

    def _show(self, place: int) -> None:
        self._place = place
        for number, (step, advice) in enumerate(zip(self._steps, self._advices, strict=True)):
            step.setVisible(number == place)
            advice.setVisible(number == place)
        self.trail.set_current(place)
        self.back.setVisible(place > 0)
        self.top.letters.setVisible(not place)  # another size rebuilds the page, from its start
        self.have.setVisible(not place)
        self.joining.setVisible(not place and self._look is not None)
        self._fault.hide()
        self._on_step_changed()

    def _on_step_changed(self) -> None:
        is_last = self._place == len(self._steps) - 1
        reason = self._steps[self._place].reason
        self._reason.set_message(N_("This takes a moment…") if self._is_creating else reason)
        was_enabled = self.next.isEnabled()
        self.next.setEnabled(not reason and not self._is_creating)
        if is_last and self.next.isEnabled() and not was_enabled:  # it may be below the edge
            self._scroll.ensureWidgetVisible(self.next)
        self.next.set_message(N_("Set up the database") if is_last else N_("Next"))
        self._kit.translator.bind(self.next.setAccessibleDescription, reason)

    def _on_next(self) -> None:
        step = self._steps[self._place]
        if self._is_creating or not step.validate():
            return
        if step is self._steps[-1]:
            self._create_store()
        else:
            self._show(self._place + 1)
            self.start()

    def _on_back(self) -> None:
        if self._place and not self._is_creating:
            self._show(self._place - 1)
            self.start()

    def _on_example_clicked(self) -> None:
        if self._example is not None:
            self._kit.worker.run(self._example, self._on_example_begun, self._show_fault)

    def _on_example_begun(self, _nothing: None) -> None:
        self._invited.set_message(
            N_("The example opens in a window of its own, in half a minute or so."),
            N_("You can continue here meanwhile: it does not touch your data."),
        )
        self._invited.show()

    def _on_joining_clicked(self) -> None:
        ask_folder(self._kit, self, N_("This is the folder"), self.read_invitation)

    def _on_invited(self, invitation: Invitation) -> None:
        self.invitation = invitation
        self._invited.set_message(
            N_("Another laptop belonging to {name}.")
            if invitation.is_own
            else N_("You are joining: {name}."),
            N_("Set up your own database. When it is ready, your card is put beside theirs."),
            name=lambda _: invitation.name,
        )
        self.desk.set_fixed_name(invitation.name if invitation.is_own else "")
        self._invited.show()
        self._show(max(self._place, 1))
        self.start()

    def _create_store(self) -> None:
        wanted = SetupAnswers(
            self.desk.organisation,
            self.desk.initials,
            self.passphrase.passphrase,
            self.recovery.recovery,
            self.invitation,
        )
        self._fault.hide()
        self._set_busy(is_creating=True)
        self._kit.worker.run(lambda: self._create(wanted), self._on_created, self._on_refused)

    def _set_busy(self, *, is_creating: bool) -> None:
        self._is_creating = is_creating
        self._steps[-1].setEnabled(not is_creating)
        self.back.setEnabled(not is_creating)
        self._on_step_changed()

    def _on_created(self, made: object) -> None:
        self.passphrase.clear_secrets()
        self.recovery.clear_secrets()
        self.created.emit(made)

    def _on_refused(self, fault: KfdeskError) -> None:
        self._set_busy(is_creating=False)
        self._show_fault(fault)
        self.next.setFocus()

    def _show_fault(self, fault: KfdeskError) -> None:
        self._fault.show_fault(fault)
