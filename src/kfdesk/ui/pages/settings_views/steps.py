# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages that open from Settings: somebody is let in, roles, one's own passphrase, the key.

Each runs one service and says by `done` what came of it; nothing is kept before that. A secret
counts once it was typed back, and leaves the page only on the worker's thread.
"""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kfdesk.domain.desk.users import LONGEST_INITIALS, User, fold, is_initials, shown
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.services.access import users
from kfdesk.services.desk import Desk
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.step import Step
from kfdesk.ui.pages.keys.paper import Prints
from kfdesk.ui.pages.keys.proof import Proof, WordsProof
from kfdesk.ui.pages.keys.sheets import KeySheets
from kfdesk.ui.pages.settings_views.own import CARD_WIDTH, OwnPassphrase, RoleTicks, inset
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import TextEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card, line
from kfdesk.ui.words import Message

_INITIALS_WIDTH = 220


class KeyStep(Step):
    """A page with one act. `done` carries the sentence that says what was done."""

    done = Signal(object)

    def __init__(self, kit: Kit, desk: Desk, title: Message, act: Button) -> None:
        super().__init__(kit, title)
        self.desk = desk
        self.confirm = act
        self._is_busy = False
        self.act(act)
        act.clicked.connect(self._on_confirmed)
        self.card = Card(padding=24 - tokens.RESERVE)
        self.card.setMaximumWidth(CARD_WIDTH)
        self.card.body.setSpacing(tokens.FIELD_GAP)
        self.body.addWidget(self.card)
        self.body.addStretch(1)

    @property
    def reason(self) -> Message:
        """What is still to be done; empty if nothing is."""
        return ""

    def service(self) -> Callable[[], object]:
        """What runs on the worker's thread, with all it needs taken from the page."""
        raise NotImplementedError

    def told(self) -> Message:
        """What was done."""
        raise NotImplementedError

    def is_said_of(self, fault: KfdeskError) -> bool:
        """Whether the page has said it beside a field."""
        return False

    def show_state(self) -> None:
        """Say what is still to be done."""
        reason = self.reason
        self.confirm.setEnabled(not reason and not self._is_busy)
        self.hint.tell(N_("This takes a moment …") if self._is_busy else reason)
        self.kit.words.bind(self.confirm.setAccessibleDescription, reason)

    def _part(self, heading: Message, *parts: QWidget) -> None:
        if self.card.body.count():
            self.card.body.addWidget(line())
        self.card.body.addLayout(inset(Label(self.kit, heading, Type.HEADING).wrapped()))
        for part in parts:
            self.card.body.addWidget(part)

    def _on_confirmed(self) -> None:
        if not self.confirm.isEnabled():
            return
        self._rest(is_busy=True)
        self.kit.work.run(self.service(), self._on_done, self._on_refused)

    def _on_done(self, _changes: object) -> None:
        self._rest(is_busy=False)
        self.done.emit(self.told())

    def _on_refused(self, fault: KfdeskError) -> None:
        self._rest(is_busy=False)
        if not self.is_said_of(fault):
            self.refuse(fault)
            self.confirm.setFocus()

    def _rest(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.card.setEnabled(not is_busy)
        self.cancel.setEnabled(not is_busy)
        if is_busy:
            self.outcome.hide()
        self.show_state()


class ProofStep(KeyStep):
    """A page with a secret that is typed back, and one's own passphrase that lets it count."""

    def __init__(self, kit: Kit, desk: Desk, title: Message, act: Button) -> None:
        super().__init__(kit, desk, title, act)
        self.proof: Proof | KeySheets = self._make_proof()
        self.own = OwnPassphrase(kit, self._own_label())
        self.proof.changed.connect(self.show_state)
        self.own.changed.connect(self.show_state)
        self.own.finished.connect(self._on_confirmed)

    @property
    def reason(self) -> Message:
        """First the secret, then the passphrase."""
        return self.proof.reason or self.own.reason

    def is_said_of(self, fault: KfdeskError) -> bool:
        """A wrong passphrase is said beside its field."""
        return self.own.is_said_of(fault)

    def _make_proof(self) -> Proof | KeySheets:
        return WordsProof(self.kit, self.desk.rooms.words, self.desk.rooms.random)

    def _own_label(self) -> Message:
        return N_("Your own passphrase")

    def _on_done(self, changes: object) -> None:
        self.proof.forget()
        super()._on_done(changes)


class AddPerson(ProofStep):
    """Somebody is let in: initials, roles, their words, and the passphrase of who lets them in.

    `back` is who belongs here already, and was away when the data key was changed.
    """

    def __init__(self, kit: Kit, desk: Desk, back: User | None = None) -> None:
        act = Button(kit, N_("Let them in"), "user", Look.PRIMARY)
        super().__init__(kit, desk, N_("Add a person"), act)
        self.under.tell(N_("Let the person sit beside you: the six words are theirs alone."))
        self.initials = TextEntry()
        self.initials.setMaxLength(LONGEST_INITIALS)
        self.initials.setMaximumWidth(_INITIALS_WIDTH)
        self.roles = RoleTicks(kit, back.roles if back is not None else ())
        if back is not None:
            self.initials.setText(shown(back.initials))
            self.initials.setEnabled(False)
        field = QWidget()
        field.setLayout(inset(Field(kit, N_("Initials"), self.initials)))
        self._part(N_("Who is it?"), field)
        self._part(N_("What do they do here?"), self.roles)
        self._part(N_("Their passphrase, for them to write on paper"), self.proof)
        self._part(N_("You let them in with your passphrase"), self.own)
        self.initials.textEdited.connect(self.show_state)
        self.roles.changed.connect(self.show_state)
        self.first = self.initials if back is None else self.proof
        self.proof.draw()
        self.show_state()

    @property
    def reason(self) -> Message:
        """From the top of the page to its end."""
        if not is_initials(self.initials.text()):
            return N_("Enter the person's initials. Two or three letters are enough.")
        if not self.roles.chosen:
            return N_("Tick at least one role")
        return super().reason

    def service(self) -> Callable[[], object]:
        """Let them in."""
        desk, initials, roles = self.desk, self.initials.text(), self.roles.chosen
        own, words = self.own.take(), self.proof.text
        return lambda: users.add_user(desk, own, initials, words, roles)

    def told(self) -> Message:
        """Who can open now."""
        initials = shown(self.initials.text())
        said = N_("{initials} can open this notebook now.")
        return lambda language: language.gettext(said).format(initials=initials)


class NewPassphrase(ProofStep):
    """Who sits here changes their passphrase."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        act = Button(kit, N_("Use the new passphrase"), "key-round", Look.PRIMARY)
        super().__init__(kit, desk, N_("Change your passphrase"), act)
        self.under.tell(
            N_("Copies and backups from before still open with the old one. Destroy its paper.")
        )
        self._part(N_("Your new passphrase, to write on paper"), self.proof)
        self._part(N_("The passphrase that you use now"), self.own)
        self.first = self.proof
        self.proof.draw()
        self.show_state()

    def service(self) -> Callable[[], object]:
        """Change it."""
        desk, old, words = self.desk, self.own.take(), self.proof.text
        return lambda: users.change_passphrase(desk, old, words)

    def told(self) -> Message:
        """What counts from now on."""
        return N_("Your new passphrase counts from now on.")


class NewRecovery(ProofStep):
    """A recovery key is made, in place of the one before."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        act = Button(kit, N_("Keep this recovery key"), "life-buoy", Look.PRIMARY)
        super().__init__(kit, desk, N_("Make a recovery key"), act)
        self.under.tell(
            N_("Seal its paper and keep it in another house. A key from before is replaced.")
        )
        self._part(N_("The recovery key, to write on paper"), self.proof)
        self._part(N_("You make it count with your passphrase"), self.own)
        self.first = self.proof
        self.proof.draw()
        self.show_state()

    def service(self) -> Callable[[], object]:
        """Keep it."""
        desk, own, key = self.desk, self.own.take(), self.proof.text
        return lambda: users.set_recovery(desk, own, key)

    def told(self) -> Message:
        """What counts from now on."""
        return N_("The recovery key on your paper counts from now on.")

    def _make_proof(self) -> Proof | KeySheets:
        desk = self.desk
        prints = Prints(
            lambda *what: users.look_at_key_sheets(desk, *what),
            lambda *what: users.print_key_sheets(desk, *what),
        )
        return KeySheets(self.kit, desk.rooms.random, prints)


class ChangeRoles(KeyStep):
    """Roles of one person, and the way to let them in no more."""

    def __init__(self, kit: Kit, desk: Desk, user: User) -> None:
        act = Button(kit, N_("Save the roles"), "check", Look.PRIMARY)
        super().__init__(kit, desk, "", act)
        self._user = user
        self._name = shown(user.initials)
        self._is_removing = False
        self.title.show_text(self._name)
        self.under.tell(N_("Changed roles hold from the next time this person opens."))
        self.roles = RoleTicks(kit, user.roles)
        self.roles.changed.connect(self.show_state)
        self._part(N_("What do they do here?"), self.roles)
        self._make_removal()
        if user.initials != fold(desk.user):
            self._part(N_("Let in no more"), self.remove, self.question)
        self.first = self.roles
        self.show_state()

    @property
    def reason(self) -> Message:
        """Somebody without a role could do nothing."""
        return "" if self.roles.chosen else N_("Tick at least one role")

    def service(self) -> Callable[[], object]:
        """Save the roles, or remove."""
        desk, initials, roles = self.desk, self._user.initials, self.roles.chosen
        if self._is_removing:
            return lambda: users.remove_user(desk, initials)
        return lambda: users.set_roles(desk, initials, roles)

    def told(self) -> Message:
        """Who does what from now on, or opens no more."""
        removed = N_("{initials} cannot open this notebook any more.")
        saved = N_("The roles of {initials} are saved.")
        said = removed if self._is_removing else saved
        return lambda language: language.gettext(said).format(initials=self._name)

    def _make_removal(self) -> None:
        kit, name = self.kit, self._name
        self.remove_button = Button(kit, "", "user-x", Look.DANGER)
        self.remove_button.tell(N_("Remove {initials}…"), initials=lambda _: name)
        self.remove = QWidget()
        row = QHBoxLayout(self.remove)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.remove_button)
        row.addStretch(1)
        self.question = Banner(kit, Tone.DANGER, "user-x")
        self.question.tell(
            N_("Remove {initials}?"),
            N_("Their passphrase opens nothing here any more. What they wrote stays."),
            initials=lambda _: name,
        )
        self.keep = Button(kit, N_("Keep"))
        self.sure = Button(kit, N_("Remove"), look=Look.DANGER)
        self.question.act(self.keep)
        self.question.act(self.sure)
        self.question.hide()
        self.remove_button.clicked.connect(self._on_remove_asked)
        self.keep.clicked.connect(self._on_keep_clicked)
        self.sure.clicked.connect(self._on_sure_clicked)

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
        self._rest(is_busy=True)
        self.kit.work.run(self.service(), self._on_done, self._on_refused)

    def _on_refused(self, fault: KfdeskError) -> None:
        self._is_removing = False
        super()._on_refused(fault)
