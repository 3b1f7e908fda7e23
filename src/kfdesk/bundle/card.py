# SPDX-License-Identifier: GPL-3.0-or-later
"""Key cards: how one desk tells another its public keys, and the digits people compare.

A card is signed by its own key, which proves only that its maker holds that key. Whose card it is,
people find out by reading 60 digits over the telephone. Nothing here decides whether a card is
trusted; it only refuses what cannot be a proper card (FORMAT.md, "Key cards").
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Annotated, BinaryIO

import msgspec
from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_scalarmult
from nacl.exceptions import RuntimeError as LowOrderError

from kfdesk.bundle.keys import KEY_SIZE, SIGNATURE_SIZE, DeskKeys, is_signed
from kfdesk.domain.errors import KfdeskError

CARD_MAGIC = b"KFCARD1\n"
CARD_SUFFIX = ".card"
MAX_CARD = 4_096
MAX_NAME_BYTES = 200
X25519 = 1
_SIGNED_PREFIX = b"kfdesk-card-v1\0"
_DIGITS_PREFIX = b"kfdesk-digits-v1\0"
_BANNED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_FIELD = 2**255 - 19

_Id = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
_Key = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
_U32 = Annotated[int, msgspec.Meta(ge=0, le=0xFFFF_FFFF)]


class EncryptionKey(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A public key to encrypt to; kind 1 is X25519, the only one of version 1."""

    kind: Annotated[int, msgspec.Meta(ge=X25519, le=X25519)]
    key: _Key


class Card(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A card, member by member in the order of FORMAT.md. `generation` rises with each new one."""

    version: Annotated[int, msgspec.Meta(ge=1, le=1)]
    org_id: _Id
    org_name: str
    device_id: _Id
    sign_key: _Key
    encryption_keys: Annotated[tuple[EncryptionKey, ...], msgspec.Meta(min_length=1, max_length=4)]
    generation: _U32

    def to_bytes(self) -> bytes:
        """Return the canonical bytes that are signed."""
        return msgspec.msgpack.encode(self)

    @property
    def age_keys(self) -> tuple[bytes, ...]:
        """The raw X25519 keys, the current one first."""
        return tuple(entry.key for entry in self.encryption_keys)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose card it is: organisation, device, and how often its card was made anew."""

    org_id: bytes
    org_name: str
    device_id: bytes
    generation: int


def make_card(holder: Holder, keys: DeskKeys, older_age_keys: tuple[bytes, ...] = ()) -> bytes:
    """Return the bytes of a card file for these keys.

    `older_age_keys` are up to three public keys that still open bundles. Raises ValueError for
    values that no card may hold; `is_card_name` says beforehand whether a name will do.
    """
    age_keys = (keys.age_key, *older_age_keys)
    body = Card(
        version=1,
        org_id=holder.org_id,
        org_name=holder.org_name,
        device_id=holder.device_id,
        sign_key=keys.sign_key,
        encryption_keys=tuple(EncryptionKey(X25519, key) for key in age_keys),
        generation=holder.generation,
    ).to_bytes()
    card = CARD_MAGIC + body + keys.sign(_SIGNED_PREFIX + body)
    try:
        read_card(card)
    except KfdeskError as refused:
        raise ValueError("no reader would take this card") from refused
    return card


def read_card(data: bytes) -> Card:
    """Return the card in the bytes of a card file.

    Raises KfdeskError `card.damaged` for anything that is not a proper, self-signed card of
    version 1.
    """
    if len(data) > MAX_CARD:
        raise _damaged("length")
    if not data.startswith(CARD_MAGIC):
        raise _damaged("magic")
    body, signature = data[len(CARD_MAGIC) : -SIGNATURE_SIZE], data[-SIGNATURE_SIZE:]
    card = _decode(body)
    _check_members(card)
    if not is_signed(card.sign_key, _SIGNED_PREFIX + body, signature):
        raise _damaged("signature")
    return card


def read_card_file(stream: BinaryIO) -> Card:
    """Return the card in an open file, of which never more than 4097 bytes are read.

    Raises as `read_card` does, and KfdeskError `card.damaged` where reading fails.
    """
    try:
        data = stream.read(MAX_CARD + 1)
    except OSError:
        raise _damaged("read") from None
    return read_card(data)


def is_card_name(name: str) -> bool:
    """Whether a card may carry this name: 1 to 200 bytes of visible, composed (NFC) text."""
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        return False
    return (
        1 <= size <= MAX_NAME_BYTES
        and name == name.strip()
        and unicodedata.is_normalized("NFC", name)
        and not any(unicodedata.category(sign) in _BANNED for sign in name)
    )


def verification_digits(ours: Card, theirs: Card) -> str:
    """Return the 60 digits both sides read to each other: twelve groups of five.

    Each card gives 30 digits that depend on both cards. The same string comes out on both desks,
    whichever of them works it out.
    """
    first, second = sorted((ours.to_bytes(), theirs.to_bytes()))
    return f"{_half(first, second)} {_half(second, first)}"


def _half(card: bytes, other: bytes) -> str:
    both = hashlib.sha512(card).digest() + hashlib.sha512(other).digest()
    digest = hashlib.sha512(_DIGITS_PREFIX + both).digest()
    groups = (int.from_bytes(digest[place : place + 5], "big") for place in range(0, 30, 5))
    return " ".join(f"{group % 100_000:05}" for group in groups)


def _decode(body: bytes) -> Card:
    try:
        card = msgspec.msgpack.decode(body, type=Card)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _damaged("content") from None
    if card.to_bytes() != body:
        raise _damaged("not_canonical")
    return card


def _check_members(card: Card) -> None:
    if not is_card_name(card.org_name):
        raise _damaged("name")
    if not crypto_core_ed25519_is_valid_point(card.sign_key):
        raise _damaged("sign_key")
    if len(set(card.age_keys)) != len(card.age_keys):
        raise _damaged("age_key_twice")
    if not all(_is_x25519_point(key) for key in card.age_keys):
        raise _damaged("age_key")


def _is_x25519_point(key: bytes) -> bool:
    """Whether `key` is written canonically and does not lead every secret to the same zero."""
    if int.from_bytes(key, "little") >= _FIELD:
        return False
    try:
        crypto_scalarmult(bytes(KEY_SIZE), key)
    except LowOrderError:
        return False
    return True


def _damaged(why: str) -> KfdeskError:
    return KfdeskError("card.damaged", why=why)
