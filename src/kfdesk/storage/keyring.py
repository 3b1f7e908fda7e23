# SPDX-License-Identifier: GPL-3.0-or-later
"""The slots of one open store: somebody is let in, changes a passphrase, or is let in no more.

The data key is not kept for that: each act opens it again by a passphrase or the recovery key,
and forgets it. One act writes both copies once. Who may do it is decided above; nothing here
knows a role.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from kfdesk.domain.desk.users import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import recovery, slots
from kfdesk.storage.anchors.anchor import Watch, forget_state
from kfdesk.storage.backups.rekeying import Export, Present, rekeyed, succeed
from kfdesk.storage.backups.writing import Step
from kfdesk.storage.ending.wiping import wipe
from kfdesk.storage.slots import Cost, Making, Random, SlotFile
from kfdesk.storage.store import Store


class Keyring:
    """The slots in `folder`; `cost` says what a new one shall cost, and may measure it.

    What opens the key raises KfdeskError `store.wrong_passphrase`, or `store.not_a_store` where
    both copies are damaged; what writes raises `store.disk`, and has then changed nothing or all.
    """

    def __init__(
        self, folder: Path, cost: Callable[[], Cost], random: Random, state: Path | None = None
    ) -> None:
        """`state` is where this computer keeps what it knows of the store, if it does."""
        self._folder = folder
        self._state = state
        self._cost = cost
        self._random = random

    def slot_of(self, initials: str) -> bytes | None:
        """The id of somebody's slot, or None."""
        slot = slots.slot_of(slots.read_slots(self._folder), initials)
        return slot.id if slot is not None else None

    def has_recovery(self) -> bool:
        """Whether a recovery key was made."""
        return recovery.recovery_slot(slots.read_slots(self._folder)) is not None

    def prove(self, who: Credentials) -> None:
        """Whether somebody's passphrase opens the store; nothing is kept of it."""
        self._opened(who)

    def add(self, by: Credentials, new: Credentials) -> bytes:
        """Let somebody in, opened by one who is in already. Returns the new slot's id.

        A slot that these initials have left from an addition that was cut off is replaced.
        """
        file, key = self._opened(by)
        left = slots.slot_of(file, new.initials)
        kept = slots.without_slot(file, left.id) if left is not None else file
        slot = slots.new_slot(key, new.initials, new.passphrase, self._cost(), self._random)
        slots.write_slots(self._folder, slots.with_slot(kept, slot))
        return slot.id

    def change(self, who: Credentials, passphrase: str) -> None:
        """Give somebody another passphrase, opened by the present one."""
        file, key = self._opened(who)
        self._renew(file, key, Credentials(who.initials, passphrase))

    def remove(self, slot: bytes) -> None:
        """Let somebody in no more. Without such a slot nothing is written."""
        file = slots.read_slots(self._folder)
        if any(each.id == slot for each in file.slots):
            slots.write_slots(self._folder, slots.without_slot(file, slot))

    def set_recovery(self, by: Credentials, code: bytes) -> None:
        """Keep a recovery key; it takes the place of the one before."""
        file, key = self._opened(by)
        slot = recovery.new_slot(key, code, self._random)
        slots.write_slots(self._folder, slots.with_slot(file, slot))

    def regain(self, code: bytes, new: Credentials) -> None:
        """Give somebody who has a slot another passphrase, opened by the recovery key."""
        file = slots.read_slots(self._folder)
        self._renew(file, recovery.open_slots(file, code), new)

    def rekey(
        self,
        people: Sequence[Credentials],
        export: Export,
        leave: Callable[[Store], None],
        step: Step,
    ) -> bool:
        """Put the store under a new data key, which these people's passphrases open.

        `export` writes the open store into a file under a key; `leave` writes the last word into
        the new store and closes the old one. From then on nothing is raised: whether the new one
        is in the old one's place, else the old one still is. Before that, raises what `rekeyed`
        does, and then nothing has happened.
        """
        present = Present(people, Making(self._cost(), self._random))
        with rekeyed(self._folder, present, export, step) as store:
            leave(store)
            try:
                succeed(store, self._folder, Watch(self._state, self._random))
            except KfdeskError:
                return False
        return True

    def wipe(self) -> bool:
        """Make the store unreadable for good, once it is closed; whether all of it is gone."""
        is_gone = wipe(self._folder, self._random)
        with suppress(KfdeskError):  # what is left there says nothing without the keys
            forget_state(self._folder, self._state)
        return is_gone

    def _opened(self, by: Credentials) -> tuple[SlotFile, bytes]:
        file = slots.read_slots(self._folder)
        return file, slots.open_slots(file, by.initials, by.passphrase)

    def _renew(self, file: SlotFile, key: bytes, new: Credentials) -> None:
        old = slots.slot_of(file, new.initials)
        if old is None:
            raise KfdeskError("store.wrong_passphrase")
        making = Making(self._cost(), self._random)
        slot = slots.renewed_slot(old, key, new.initials, new.passphrase, making)
        slots.write_slots(self._folder, slots.with_slot(file, slot))
