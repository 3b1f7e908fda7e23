# SPDX-License-Identifier: GPL-3.0-or-later
"""A desk's keys: what they are, and that nothing shows them."""

from __future__ import annotations

import dataclasses

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from tests.unit.bundle.bundle_samples import ALDER, BIRCH

from kfdesk.bundle.card import DeskKeys, age_key_of, is_signed

MESSAGE = b"the geese are back"


@pytest.mark.parametrize(("seed", "secret"), [(31, 32), (32, 31), (33, 32), (0, 0)])
def test_keys_of_another_length_are_a_mistake(seed: int, secret: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        DeskKeys(bytes(seed), bytes(secret))


def test_nothing_shows_a_key() -> None:
    shown = f"{ALDER!r} {ALDER} {[ALDER]}"
    assert shown == "DeskKeys() DeskKeys() [DeskKeys()]"


def test_an_error_about_keys_shows_no_key() -> None:
    with pytest.raises(ValueError, match="32 bytes") as caught:
        DeskKeys(b"SECRET", b"SECRET")
    assert "SECRET" not in str(caught.value)


def test_keys_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ALDER.seed = bytes(32)  # type: ignore[misc]


def test_public_keys_are_those_another_library_finds() -> None:
    sign = Ed25519PrivateKey.from_private_bytes(ALDER.seed).public_key()
    opens = X25519PrivateKey.from_private_bytes(ALDER.age_secret).public_key()
    assert ALDER.sign_key == sign.public_bytes_raw()
    assert ALDER.age_key == opens.public_bytes_raw() == age_key_of(ALDER.age_secret)


def test_a_signature_is_that_of_another_library() -> None:
    other = Ed25519PrivateKey.from_private_bytes(ALDER.seed)
    assert ALDER.sign(MESSAGE) == other.sign(MESSAGE)


def test_a_signature_holds_for_its_message_and_key_alone() -> None:
    signature = ALDER.sign(MESSAGE)
    assert is_signed(ALDER.sign_key, MESSAGE, signature)
    assert not is_signed(ALDER.sign_key, MESSAGE + b".", signature)
    assert not is_signed(BIRCH.sign_key, MESSAGE, signature)


def test_every_flipped_bit_of_a_signature_spoils_it() -> None:
    signature = ALDER.sign(MESSAGE)
    for bit in range(512):
        changed = bytearray(signature)
        changed[bit // 8] ^= 1 << bit % 8
        assert not is_signed(ALDER.sign_key, MESSAGE, bytes(changed))


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
def test_a_key_of_another_length_signs_nothing(length: int) -> None:
    assert not is_signed(bytes(length), MESSAGE, ALDER.sign(MESSAGE))


@pytest.mark.parametrize("length", [0, 1, 63, 65, 128])
def test_a_signature_of_another_length_is_none(length: int) -> None:
    signature = (ALDER.sign(MESSAGE) * 2)[:length]
    assert not is_signed(ALDER.sign_key, MESSAGE, signature)


@pytest.mark.parametrize("key", [bytes(32), b"\x01" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f"])
def test_a_low_order_key_signs_nothing(key: bytes) -> None:
    """R = the neutral point and S = 0 satisfy the equation for such keys, for any message."""
    forged = b"\x01" + bytes(63)
    assert not is_signed(key, MESSAGE, forged)
