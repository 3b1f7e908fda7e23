# SPDX-License-Identifier: GPL-3.0-or-later
"""The slot of the recovery key: what it is, what it opens, and that nothing is told."""

import hashlib
import hmac
from functools import partial

import msgspec
import pytest
from nacl import bindings
from tests.support import make
from tests.unit.storage.store_samples import WHO, known_bytes, refusal

from kfdesk.storage import key_slots
from kfdesk.storage.key_slots import MIN_COST, KeySlot, SlotFile

DATA_KEY = make.named_bytes("data key", 32)
CODE, OTHER = make.named_bytes("code", 20), make.named_bytes("other", 20)


@pytest.fixture(scope="module")
def user() -> KeySlot:
    return key_slots.new_user_slot(
        DATA_KEY, WHO.initials, WHO.passphrase, MIN_COST, known_bytes("user")
    )


@pytest.fixture
def file(user: KeySlot) -> SlotFile:
    return SlotFile(1, (user, key_slots.new_recovery_slot(DATA_KEY, CODE, known_bytes("recovery"))))


def refused(file: SlotFile, code: bytes | None) -> str:
    return refusal(lambda: key_slots.open_recovery_slot(file, code))


def test_key_opens_and_every_other_is_refused_alike(file: SlotFile, user: KeySlot) -> None:
    assert key_slots.open_recovery_slot(file, CODE) == DATA_KEY
    without = SlotFile(1, (user,))
    assert {refused(file, OTHER), refused(file, None), refused(without, CODE)} == {
        "store.wrong_passphrase"
    }


def test_slot_is_hkdf_and_chacha20_poly1305_as_it_says(file: SlotFile) -> None:
    """By the primitives alone, as another program would open it."""
    slot = file.slots[1]
    extracted = hmac.new(slot.salt, CODE, hashlib.sha512).digest()
    derived = hmac.new(extracted, b"kfdesk-recovery-v1\x01", hashlib.sha512).digest()
    head = [1, slot.id, 2, b"", 0, 0, slot.salt, slot.nonce, b"", b""]
    opened = bindings.crypto_aead_chacha20poly1305_ietf_decrypt(
        slot.wrapped, msgspec.msgpack.encode(head), slot.nonce, derived[:32]
    )
    assert opened == DATA_KEY
    assert slot.commitment == derived[32:]


def test_recovery_key_is_no_passphrase_and_a_passphrase_no_recovery_key(file: SlotFile) -> None:
    for typed in (CODE.hex(), ""):
        for initials in ("", WHO.initials):
            code = refusal(partial(key_slots.open_user_slot, file, initials, typed))
            assert code == "store.wrong_passphrase"
    assert refused(file, WHO.passphrase.encode()) == "store.wrong_passphrase"


@pytest.mark.parametrize("member", ["id", "salt", "nonce", "wrapped", "commitment"])
def test_slot_that_was_tampered_with_opens_nothing(file: SlotFile, member: str) -> None:
    slot = file.slots[1]
    before = getattr(slot, member)
    hurt = msgspec.structs.replace(slot, **{member: bytes([before[0] ^ 1]) + before[1:]})
    assert refused(SlotFile(1, (file.slots[0], hurt)), CODE) == "store.wrong_passphrase"


def test_new_key_takes_the_place_of_the_old(file: SlotFile, user: KeySlot) -> None:
    new = key_slots.new_recovery_slot(DATA_KEY, OTHER, known_bytes("new"))
    after = key_slots.with_slot(file, new)
    assert after.slots == (user, new)
    assert refused(after, CODE) == "store.wrong_passphrase"
    assert key_slots.open_recovery_slot(after, OTHER) == DATA_KEY
