# SPDX-License-Identifier: GPL-3.0-or-later
"""User accounts and keys: the cards in Settings, and one page for each action on them.

A page asks for the user's own passphrase where an action needs the store's key. The
passphrase is removed from its field when it is used. After three wrong attempts each further
one has to wait longer. The services change accounts and keys; this module holds no key.
"""

from abc import abstractmethod
from collections.abc import Callable, Collection, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.accounts import (
    MAX_INITIALS_LENGTH,
    Role,
    User,
    fold_initials,
    format_initials,
    is_initials,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.services import accounts as users
from kfdesk.services.accounts import RecoveryKeyStatus
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners
from kfdesk.ui.context import UiContext
from kfdesk.ui.lock.lock import FOR_KEYS
from kfdesk.ui.pages.recovery_key import KeyPrinting, RecoveryKeySetup
from kfdesk.ui.pages.secret_confirmation import PassphraseConfirmation, SecretConfirmation
from kfdesk.ui.record_views import ROLE_PRESETS, ROLE_WORDS, day_text, roles_text
from kfdesk.ui.tokens import FIELD_GAP, GRID, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import STRETCH, TOP, aligned, column, extend, grown, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook, OptionButton
from kfdesk.ui.widgets.inputs import (
    WRONG_PASSPHRASE,
    WRONG_PASSPHRASE_TEXT,
    CheckBox,
    LabelledField,
    PassphraseEntry,
    RetryDelay,
    TextEntry,
)
from kfdesk.ui.widgets.layout import (
    Banner,
    CardFrame,
    FlowBox,
    TaskPage,
    clear_layout,
    make_hairline,
)
from kfdesk.ui.widgets.text import Chip, Icon, Label

# --- parts

CARD_WIDTH = 700
_ROLE_INDENT = 33


class OwnPassphrase(QWidget):
    """A field for the user's own passphrase, with a growing delay after wrong attempts.

    `changed` follows what alters `reason`; `finished` is Enter in the field.
    """

    changed = Signal()
    finished = Signal()

    def __init__(self, kit: UiContext, label: Message) -> None:
        super().__init__()
        self._kit = kit
        self.entry = PassphraseEntry(kit)
        self.field = LabelledField(kit, label, self.entry)
        self.field.reserve_note(WRONG_PASSPHRASE_TEXT)
        self.pause = RetryDelay(self)
        self.pause.ticked.connect(self.changed)
        self.entry.line.textEdited.connect(self._on_edited)
        self.entry.line.returnPressed.connect(self.finished)
        column(self.field, margins=(RESERVE, 0, RESERVE, 0), on=self)
        self.setFocusProxy(self.entry)

    @property
    def reason(self) -> Message:
        """The next thing to do; empty if nothing is missing."""
        if not self.pause.is_over:
            return self.pause.delay_text
        return "" if self.entry.text() else N_("Enter the passphrase that you use now")

    def take_text(self) -> str:
        """Return what was typed, and clear the field."""
        typed = self.entry.text()
        self.entry.clear()
        return typed

    def handles_fault(self, fault: KfdeskError) -> bool:
        """Show a wrong passphrase beside the field, and return whether it was one."""
        if fault.code != WRONG_PASSPHRASE:
            return False
        self.field.show_error(WRONG_PASSPHRASE_TEXT)
        self.pause.record_failure()
        self.entry.setFocus()
        return True

    def _on_edited(self) -> None:
        if self.pause.is_over:
            self.field.clear_note()
        self.changed.emit()


class RoleCheckBoxes(QWidget):
    """A check box for each role that can be given, and buttons that tick the usual ones."""

    changed = Signal()

    def __init__(self, kit: UiContext, held: Collection[Role] = ()) -> None:
        super().__init__()
        self.ticks = {role: CheckBox(kit, words[0]) for role, words in ROLE_WORDS.items()}
        self.presets = {
            label: Button(kit, label, look=ButtonLook.TONAL, on=partial(self.choose, roles))
            for label, roles in ROLE_PRESETS
        }
        box = column(gap=2, on=self)
        usual = Label(kit, N_("Usual for"), TextStyle.SMALL, Tone.MUTED)
        extend(box, FlowBox(usual, *self.presets.values(), gap=GRID))
        for role, tick in self.ticks.items():
            meaning = ROLE_WORDS[role][1]
            tick.setChecked(role in held)
            tick.toggled.connect(self.changed)
            kit.translator.bind(tick.setAccessibleDescription, meaning)
            under = row(
                muted(kit, meaning, TextStyle.SMALL), gap=2, margins=(_ROLE_INDENT, 0, RESERVE, 4)
            )
            extend(box, tick, under)

    @property
    def chosen(self) -> frozenset[Role]:
        """The roles that are ticked."""
        return frozenset(role for role, tick in self.ticks.items() if tick.isChecked())

    def choose(self, roles: Collection[Role]) -> None:
        """Tick these roles and no others."""
        for role, tick in self.ticks.items():
            tick.setChecked(role in roles)


def inset_column(*parts: QWidget) -> QVBoxLayout:
    """Lay out the parts in line with those that keep room for a focus ring."""
    return column(*parts, gap=GRID, margins=(RESERVE, 0, RESERVE, 0))


# --- cards in Settings


class UsersCard(CardFrame):
    """The users of the store. `roles_asked` carries the user whose roles are to change."""

    add_asked = Signal()
    passphrase_asked = Signal()
    roles_asked = Signal(object)

    def __init__(self, kit: UiContext, own: str, *, may_manage: bool) -> None:
        super().__init__()
        self._kit = kit
        self._own = fold_initials(own)
        self._may_manage = may_manage
        self.changes: dict[str, Button] = {}
        self.add = Button(kit, N_("Add a person…"), "plus", on=self.add_asked.emit)
        self.passphrase = Button(kit, N_("Change your passphrase…"), "key-round")
        self.passphrase.clicked.connect(self.passphrase_asked)
        if not may_manage:  # shown without a parent it would open a window
            self.add.hide()
        self.add_heading(kit, N_("People who can open this database"), "user")
        self._rows = column()
        extend(self.body, self._rows)
        buttons = (self.passphrase, self.add)
        foot = row(-RESERVE, *buttons, STRETCH, gap=2, margins=(0, 4, 0, 0))
        extend(self.body, foot)

    def show_users(self, users: Sequence[User]) -> None:
        clear_layout(self._rows)
        self.changes = {}
        for user in users:
            extend(self._rows, make_hairline(), self._row(user))

    def _row(self, user: User) -> QHBoxLayout:
        kit = self._kit
        name = Label(kit, style=TextStyle.STRONG)
        name.show_text(format_initials(user.initials))
        head = row(name, gap=8)
        if user.initials == self._own:
            chip = Chip(kit, Tone.ACCENT)
            chip.set_message(N_("You"))
            extend(head, chip)
        extend(head, STRETCH)
        roles = muted(kit, "", TextStyle.SMALL)
        roles.set_message(lambda language: roles_text(user.roles, language))
        words = column(head, roles, gap=1)
        line = row(aligned(Icon(kit, "user"), TOP), grown(words), gap=12, margins=(0, 8, 0, 8))
        if self._may_manage:
            extend(line, self._make_change(user))
        return line

    def _make_change(self, user: User) -> Button:
        change = Button(self._kit, N_("Change…"), on=lambda: self.roles_asked.emit(user))
        self._kit.translator.bind(
            change.setAccessibleName,
            N_("Change the roles of {initials}"),
            initials=lambda _: format_initials(user.initials),
        )
        self.changes[user.initials] = change
        return change


class RecoveryCard(CardFrame):
    """The state of the recovery key, with the button that makes a new one."""

    make_asked = Signal()

    def __init__(self, kit: UiContext, *, may_manage: bool) -> None:
        super().__init__()
        self._state = text(kit, "", TextStyle.STRONG)
        self._under = muted(kit, "", TextStyle.SMALL)
        self.make = Button(kit, N_("Make a recovery key…"), "life-buoy", on=self.make_asked.emit)
        if not may_manage:  # shown without a parent it would open a window
            self.make.hide()
        self.add_heading(kit, N_("Recovery key"), "life-buoy")
        extend(self.body, self._state, self._under)
        extend(self.body, row(-RESERVE, self.make, STRETCH, margins=(0, 4, 0, 0)))

    def show_recovery(self, found: RecoveryKeyStatus) -> None:
        """Show whether there is a key, and since when."""
        made = found.made
        if not found.is_made:
            self._state.set_message(N_("There is none."))
        elif made is None:
            self._state.set_message(N_("There is one."))
        else:
            said = N_("There is one, made on {day}.")
            shared = N_("There is one on three sheets, made on {day}. Any two of them are enough.")
            self._state.set_message(
                shared if found.is_shared else said, day=lambda language: day_text(made, language)
            )
        self._under.set_message(
            N_("With it, anyone on the list above can set a new passphrase if they lose theirs.")
            if found.is_made
            else N_("If no one knows their passphrase, everything here is lost.")
        )
        self.make.set_message(
            N_("Make a new recovery key…") if found.is_made else N_("Make a recovery key…")
        )


# --- pages: users and passphrases

_USER_INITIALS_WIDTH = 220


class AccountTaskPage(TaskPage):
    """A page with one action. `done` carries the sentence that says what was done."""

    done = Signal(object)

    def __init__(self, kit: UiContext, desk: Session, title: Message, act: Button) -> None:
        super().__init__(kit, title)
        self.desk = desk
        self.confirm = act
        self._is_busy = False
        self.set_action(act)
        act.clicked.connect(self._on_confirmed)
        self.card = CardFrame(padding=24 - RESERVE, gap=FIELD_GAP)
        self.card.setMaximumWidth(CARD_WIDTH)
        extend(self.body, self.card, STRETCH)

    @property
    def reason(self) -> Message:
        """The next thing to do; empty if nothing is missing."""
        return ""

    @abstractmethod
    def make_job(self) -> Callable[[], object]:
        """Return the job for the worker's thread, with all it needs taken from the page."""

    def success_message(self) -> Message:
        """Return what was done; empty on a page after which the window locks."""
        return ""

    def handles_fault(self, fault: KfdeskError) -> bool:
        """Return whether the page has shown the fault beside a field."""
        return False

    def show_state(self) -> None:
        """Show what is still to be done."""
        reason = self.reason
        self.confirm.setEnabled(not reason and not self._is_busy)
        self.hint.set_message(N_("This takes a moment…") if self._is_busy else reason)
        self.kit.translator.bind(self.confirm.setAccessibleDescription, reason)

    def _add_part(self, heading: Message, *parts: QWidget) -> None:
        if self.card.body.count():
            extend(self.card.body, make_hairline())
        extend(self.card.body, inset_column(text(self.kit, heading, TextStyle.HEADING)), *parts)

    def _on_confirmed(self) -> None:
        if not self.confirm.isEnabled():
            return
        self._set_busy(is_busy=True)
        self.kit.worker.run(self.make_job(), self._on_done, self._on_refused)

    def _on_done(self, _changes: object) -> None:
        self._set_busy(is_busy=False)
        self.done.emit(self.success_message())

    def _on_refused(self, fault: KfdeskError) -> None:
        self._set_busy(is_busy=False)
        if not self.handles_fault(fault):
            self.show_fault(fault)
            self.confirm.setFocus()

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.card.setEnabled(not is_busy)
        self.cancel.setEnabled(not is_busy)
        if is_busy:
            self.outcome.hide()
        self.show_state()


class SecretTaskPage(AccountTaskPage):
    """A page with a secret that is typed back, and the user's passphrase that confirms it."""

    def __init__(self, kit: UiContext, desk: Session, title: Message, act: Button) -> None:
        super().__init__(kit, desk, title, act)
        self.proof: SecretConfirmation | RecoveryKeySetup = self._make_proof()
        self.own = OwnPassphrase(kit, N_("Your own passphrase"))
        self.proof.changed.connect(self.show_state)
        self.own.changed.connect(self.show_state)
        self.own.finished.connect(self._on_confirmed)

    @property
    def reason(self) -> Message:
        """The missing part: first the secret, then the passphrase."""
        return self.proof.reason or self.own.reason

    def handles_fault(self, fault: KfdeskError) -> bool:
        """Show a wrong passphrase beside its field, and return whether it was one."""
        return self.own.handles_fault(fault)

    def _make_proof(self) -> SecretConfirmation | RecoveryKeySetup:
        return PassphraseConfirmation(self.kit, self.desk.adapters.words, self.desk.adapters.random)

    def _on_done(self, changes: object) -> None:
        self.proof.clear_secrets()
        super()._on_done(changes)


class AddUserPage(SecretTaskPage):
    """The page that adds a user: initials, roles, a new passphrase, and the own one to confirm.

    `back` is an existing user who was absent when the data key was changed.
    """

    def __init__(self, kit: UiContext, desk: Session, back: User | None = None) -> None:
        act = Button(kit, N_("Add this person"), "user", ButtonLook.PRIMARY)
        super().__init__(kit, desk, N_("Add a person"), act)
        self.under.set_message(N_("Let the person sit beside you: the six words are theirs alone."))
        self.initials = TextEntry()
        self.initials.setMaxLength(MAX_INITIALS_LENGTH)
        self.initials.setMaximumWidth(_USER_INITIALS_WIDTH)
        self.roles = RoleCheckBoxes(kit, back.roles if back is not None else ())
        if back is not None:
            self.initials.setText(format_initials(back.initials))
            self.initials.setEnabled(False)
        field = QWidget()
        field.setLayout(inset_column(LabelledField(kit, N_("Initials"), self.initials)))
        self._add_part(N_("Who is it?"), field)
        self._add_part(N_("What do they do here?"), self.roles)
        self._add_part(N_("Their passphrase, for them to write on paper"), self.proof)
        self._add_part(N_("Confirm with your passphrase"), self.own)
        self.initials.textEdited.connect(self.show_state)
        self.roles.changed.connect(self.show_state)
        self.first = self.initials if back is None else self.proof
        self.proof.draw_secret()
        self.show_state()

    @property
    def reason(self) -> Message:
        """The missing part, from the top of the page to its end."""
        if not is_initials(self.initials.text()):
            return N_("Enter the person's initials. Two or three letters are enough.")
        if not self.roles.chosen:
            return N_("Tick at least one role")
        return super().reason

    def make_job(self) -> Callable[[], object]:
        desk, initials, roles = self.desk, self.initials.text(), self.roles.chosen
        own, words = self.own.take_text(), self.proof.text
        return lambda: users.add_user(desk, own, initials, words, roles)

    def success_message(self) -> Message:
        initials = format_initials(self.initials.text())
        said = N_("{initials} can now open this database.")
        return lambda language: language.gettext(said).format(initials=initials)


class NewPassphrasePage(SecretTaskPage):
    """The page that changes the user's passphrase."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        act = Button(kit, N_("Use the new passphrase"), "key-round", ButtonLook.PRIMARY)
        super().__init__(kit, desk, N_("Change your passphrase"), act)
        self.under.set_message(
            N_("Older copies and backups still open with the old one. Destroy its paper.")
        )
        self._add_part(N_("Your new passphrase, to write on paper"), self.proof)
        self._add_part(N_("The passphrase that you use now"), self.own)
        self.first = self.proof
        self.proof.draw_secret()
        self.show_state()

    def make_job(self) -> Callable[[], object]:
        desk, old, words = self.desk, self.own.take_text(), self.proof.text
        return lambda: users.change_passphrase(desk, old, words)

    def success_message(self) -> Message:
        return N_("Your new passphrase is valid from now on.")


class NewRecoveryKeyPage(SecretTaskPage):
    """The page that makes a recovery key, in place of the one before."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        act = Button(kit, N_("Keep this recovery key"), "life-buoy", ButtonLook.PRIMARY)
        super().__init__(kit, desk, N_("Make a recovery key"), act)
        self.under.set_message(
            N_("Seal its paper and keep it in another building. It replaces any earlier key.")
        )
        self._add_part(N_("The recovery key, to write on paper"), self.proof)
        self._add_part(N_("Confirm it with your passphrase"), self.own)
        self.first = self.proof
        self.proof.draw_secret()
        self.show_state()

    def make_job(self) -> Callable[[], object]:
        desk, own, key = self.desk, self.own.take_text(), self.proof.text
        return lambda: users.set_recovery_key(desk, own, key)

    def success_message(self) -> Message:
        return N_("The recovery key on your paper is valid from now on.")

    def _make_proof(self) -> SecretConfirmation | RecoveryKeySetup:
        desk = self.desk
        prints = KeyPrinting(
            lambda *what: users.preview_key_sheets(desk, *what),
            lambda *what: users.print_key_sheets(desk, *what),
        )
        return RecoveryKeySetup(self.kit, desk.adapters.random, prints)


class ChangeRolesPage(AccountTaskPage):
    """The page that changes the roles of one user, or removes the user."""

    def __init__(self, kit: UiContext, desk: Session, user: User) -> None:
        act = Button(kit, N_("Save the roles"), "check", ButtonLook.PRIMARY)
        super().__init__(kit, desk, "", act)
        self._user = user
        self._name = format_initials(user.initials)
        self._is_removing = False
        self.title.show_text(self._name)
        self.under.set_message(
            N_("Changed roles are valid from the next time this person opens the program.")
        )
        self.roles = RoleCheckBoxes(kit, user.roles)
        self.roles.changed.connect(self.show_state)
        self._add_part(N_("What do they do here?"), self.roles)
        self._make_removal()
        if user.initials != fold_initials(desk.user):
            self._add_part(N_("Remove access"), self.remove, self.question)
        self.first = self.roles.ticks[Role.SHELTER_WORKER]
        self.show_state()

    @property
    def reason(self) -> Message:
        """The missing part: a user without a role could do nothing."""
        return "" if self.roles.chosen else N_("Tick at least one role")

    def make_job(self) -> Callable[[], object]:
        desk, initials, roles = self.desk, self._user.initials, self.roles.chosen
        if self._is_removing:
            return lambda: users.remove_user(desk, initials)
        return lambda: users.set_roles(desk, initials, roles)

    def success_message(self) -> Message:
        removed = N_("{initials} can no longer open this database.")
        saved = N_("The roles of {initials} are saved.")
        said = removed if self._is_removing else saved
        return lambda language: language.gettext(said).format(initials=self._name)

    def _make_removal(self) -> None:
        kit, name = self.kit, self._name
        self.remove_button = Button(kit, "", "user-x", ButtonLook.DANGER, on=self._on_remove_asked)
        self.remove_button.set_message(N_("Remove {initials}…"), initials=lambda _: name)
        self.remove = QWidget()
        row(self.remove_button, STRETCH, on=self.remove)
        self.question = Banner(kit, Tone.DANGER, "user-x")
        self.question.set_message(
            N_("Remove {initials}?"),
            N_("Their passphrase no longer opens anything here. What they wrote stays."),
            initials=lambda _: name,
        )
        self.keep = Button(kit, N_("Keep"), on=self._on_keep_clicked)
        self.sure = Button(kit, N_("Remove"), look=ButtonLook.DANGER, on=self._on_sure_clicked)
        self.question.set_action(self.keep)
        self.question.set_action(self.sure)
        self.question.hide()

    def _on_remove_asked(self) -> None:
        self.question.show()
        self.remove.hide()
        self.keep.setFocus()

    def _on_keep_clicked(self) -> None:
        self.question.hide()
        self.remove.show()
        self.remove_button.setFocus()

    def _on_sure_clicked(self) -> None:
        self._is_removing = True
        self._set_busy(is_busy=True)
        self.kit.worker.run(self.make_job(), self._on_done, self._on_refused)

    def _on_refused(self, fault: KfdeskError) -> None:
        self._is_removing = False
        super()._on_refused(fault)


# --- our exchange keys

BOX_KEY, SIGNING_KEY, STOLEN_KEY = "box", "signing", "stolen"
_KEY_OPTIONS = {
    BOX_KEY: (
        N_("The key that files to us are encrypted with"),
        N_("Each partner receives it with our next file. No one has to call."),
    ),
    SIGNING_KEY: (
        N_("The key that we sign with, too"),
        N_(
            "Each partner calls and compares sixty digits. Until then everything continues "
            "as before."
        ),
    ),
    STOLEN_KEY: (
        N_("Both, because the old ones may be in other hands"),
        N_("Partners import nothing more under the old key until they have compared the digits."),
    ),
}


class OwnKeysCard(CardFrame):
    """Our exchange keys, with the button that renews them."""

    renew_asked = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self.renew = Button(kit, N_("Make new keys…"), "key-round", on=self.renew_asked.emit)
        self.add_heading(kit, N_("Our keys for the exchange"), "key-round")
        said = N_("They show partners that a file is ours, and only we can open their files to us.")
        when = N_(
            "Make new ones when a laptop is lost or someone leaves, and otherwise once a year."
        )
        extend(self.body, text(kit, said), muted(kit, when, TextStyle.SMALL))
        extend(self.body, row(-RESERVE, self.renew, STRETCH, margins=(0, 4, 0, 0)))


class RenewKeysPage(AccountTaskPage):
    """The page that renews our exchange keys: which ones, and what partners must do.

    The store is locked afterwards.
    """

    def __init__(self, kit: UiContext, desk: Session) -> None:
        act = Button(kit, N_("Make new keys and lock"), "key-round", ButtonLook.PRIMARY)
        super().__init__(kit, desk, N_("New keys"), act)
        self.under.set_message(N_("Files on their way under the old keys can still be imported."))
        self.options = {key: OptionButton(kit, *words) for key, words in _KEY_OPTIONS.items()}
        self._group = QButtonGroup(self)
        for option in self.options.values():
            self._group.addButton(option)
            option.toggled.connect(self.show_state)
        self._add_part(N_("Which keys do you want to renew?"), *self.options.values())
        after = Banner(kit, Tone.INFO, "lock")
        after.set_message(
            N_("The program locks itself and opens again with the new keys."),
            N_("What you have typed is kept. Files to partners are made on their page as before."),
        )
        extend(self.card.body, inset_column(after))
        self.first = self.options[BOX_KEY]
        self.show_state()

    @property
    def chosen(self) -> str:
        """The chosen option; empty if there is none."""
        return next((key for key, option in self.options.items() if option.isChecked()), "")

    @property
    def reason(self) -> Message:
        """The next thing to do; no option is preselected, as each has other effects."""
        return "" if self.chosen else N_("First choose which keys to renew.")

    def make_job(self) -> Callable[[], object]:
        desk, chosen = self.desk, self.chosen
        if chosen == BOX_KEY:
            return lambda: partners.rotate_encryption_key(desk)
        return lambda: partners.rotate_signing_key(desk, is_stolen=chosen == STOLEN_KEY)

    def success_message(self) -> Message:
        return N_("The keys have been renewed.")

    def _on_done(self, changes: object) -> None:
        super()._on_done(changes)
        self.kit.events.lock_asked.emit(FOR_KEYS)
