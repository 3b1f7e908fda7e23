# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a new data key: who is here, each with a passphrase, then one act.

Who is here types it; whoever's field stays empty needs new words afterwards. The store is closed at
its end, whatever came of it, so the notebook locks itself; drafts and place are kept before.
"""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from kfdesk.domain.desk.users import User, fold, shown
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.services.access.data_key import change_data_key, prove_presence
from kfdesk.services.desk import Desk, keep_place
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.settings_views.own import OwnPassphrase, inset
from kfdesk.ui.pages.settings_views.steps import KeyStep
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import SecretEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.panel import Banner
from kfdesk.ui.words import Message

_WRONG = N_("This passphrase is not right. Check the keyboard language.")


class NewDataKey(KeyStep):
    """The page. `place` is where the guide goes on once the notebook was opened again."""

    def __init__(self, kit: Kit, desk: Desk, people: Sequence[User], place: str) -> None:
        act = Button(kit, N_("Write everything anew and lock"), "key-round", Look.PRIMARY)
        super().__init__(kit, desk, N_("A new data key"), act)
        self._place = place
        self._wrong = ""
        self.under.tell(N_("The old store is destroyed once the new one was read to its end."))
        self.own = OwnPassphrase(kit, N_("Your own passphrase"))
        self.own.changed.connect(self.show_state)
        self.fields = {
            user.initials: self._make_field(user)
            for user in people
            if user.initials != fold(desk.user)
        }
        self._part(N_("You"), self.own)
        if self.fields:
            self._part(N_("Who else is here? Let each type their own."), self._make_others())
        after = Banner(kit, Tone.INFO, "lock")
        after.tell(
            N_("Whoever is not here, and the recovery key, open this notebook no more."),
            N_("The guide goes on with both. Backups from before keep the old key."),
        )
        self.card.body.addLayout(inset(after))
        self.first = self.own
        self.show_state()

    @property
    def reason(self) -> Message:
        """One's own passphrase; the others' may stay empty."""
        return self.own.reason

    def service(self) -> Callable[[], object]:
        """Keep drafts and place, prove all passphrases, and write everything anew."""
        desk, place, own = self.desk, self._place, self.own.take()
        typed = {who: field.text() for who, (_, field) in self.fields.items() if field.text()}
        for _, field in self.fields.values():
            field.clear()
        self.kit.hub.lock_began.emit()  # what was typed elsewhere is handed over first
        self.kit.hub.paused.emit(True)  # noqa: FBT003 - a signal's one value

        def run() -> object:
            for who, words in typed.items():
                self._wrong = who
                prove_presence(desk, who, words)
            self._wrong = ""
            keep_place(desk, place)
            return change_data_key(desk, own, typed)

        return run

    def is_said_of(self, fault: KfdeskError) -> bool:
        """A wrong passphrase is said beside the field of whose it is."""
        self.kit.hub.paused.emit(False)  # noqa: FBT003
        if fault.code == "store.wrong_passphrase" and self._wrong in self.fields:
            field, entry = self.fields[self._wrong]
            field.say_wrong(_WRONG)
            entry.setFocus()
            return True
        return self.own.is_said_of(fault)

    def _on_done(self, is_new: object) -> None:
        self.kit.hub.rekeyed.emit(is_new is True)

    def _make_field(self, user: User) -> tuple[Field, SecretEntry]:
        entry = SecretEntry(self.kit)
        field = Field(self.kit, _named(user), entry)
        entry.line.textEdited.connect(field.say_nothing)
        return field, entry

    def _make_others(self) -> QWidget:
        others = QWidget()
        others.setLayout(inset(*(field for field, _ in self.fields.values())))
        return others


def _named(user: User) -> Message:
    return lambda language: language.gettext(N_("Passphrase of {initials}")).format(
        initials=shown(user.initials)
    )
