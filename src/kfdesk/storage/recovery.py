# SPDX-License-Identifier: GPL-3.0-or-later
"""The slot of the recovery key: opened by 160 random bits instead of a passphrase.

So many bits need no slow derivation: HKDF (RFC 5869, SHA-512, the slot's salt) gives the same two
halves as a user's slot has, one to encrypt and one to commit. What it looks like in letters is not
known here; a wrong key and a store without one look alike.
"""

import hmac

from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import slots
from kfdesk.storage.slots import RECOVERY, Random, Slot, SlotFile

_PURPOSE = b"kfdesk-recovery-v1"


def new_slot(key: bytes, code: bytes, random: Random) -> Slot:
    """A slot that opens `key` (32 bytes) by the recovery key `code` (20 bytes)."""
    head = slots.fresh_head(RECOVERY, random)
    return slots.seal(head, key, _derive(head, code))


def open_slots(file: SlotFile, code: bytes | None) -> bytes:
    """The data key. Raises KfdeskError `store.wrong_passphrase` whatever it is that fails."""
    slot = recovery_slot(file)
    if slot is not None and code is not None:
        key = slots.unseal(slot, _derive(slot, code))
        if key is not None:
            return key
    raise KfdeskError("store.wrong_passphrase")


def recovery_slot(file: SlotFile) -> Slot | None:
    """The slot of the recovery key, if one was made."""
    return next((slot for slot in file.slots if slot.kind == RECOVERY), None)


def _derive(slot: Slot, code: bytes) -> bytes:
    extracted = hmac.digest(slot.salt, code, "sha512")
    return hmac.digest(extracted, _PURPOSE + b"\x01", "sha512")
