# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of an organisation, key cards, and the digits that people compare.

A card is signed with its own key. That proves only that its maker holds the key. People
confirm whose card it is by reading 60 digits to each other on the telephone. This
module does not decide whether a card is trusted. It only refuses what is not a valid
card (FORMAT.md, "Key cards").
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from typing import Annotated

import msgspec
from nacl.bindings import (
    crypto_core_ed25519_is_valid_point,
    crypto_scalarmult,
    crypto_scalarmult_base,
)
from nacl.exceptions import BadSignatureError
from nacl.exceptions import RuntimeError as LowOrderError
from nacl.signing import SigningKey, VerifyKey

from kfdesk.domain.errors import KfdeskError

# --- keys and signatures

KEY_SIZE = 32
SIGNATURE_SIZE = 64


@dataclass(frozen=True, repr=False, slots=True)
class DeskKeys:
    """The Ed25519 seed and the age X25519 secret of one installation, 32 bytes each.

    Raise ValueError for any other length.
    """

    seed: bytes
    age_secret: bytes

    def __post_init__(self) -> None:
        if len(self.seed) != KEY_SIZE or len(self.age_secret) != KEY_SIZE:
            raise ValueError("a desk's keys are 32 bytes each")

    def __repr__(self) -> str:
        return "DeskKeys()"

    @property
    def sign_key(self) -> bytes:
        """The public Ed25519 key, 32 bytes."""
        return bytes(SigningKey(self.seed).verify_key)

    @property
    def age_key(self) -> bytes:
        """The public X25519 key that others encrypt to, 32 bytes."""
        return age_key_of(self.age_secret)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature over `message`."""
        return SigningKey(self.seed).sign(message).signature


def age_key_of(secret: bytes) -> bytes:
    """Return the public X25519 key of an age secret, 32 bytes each."""
    return crypto_scalarmult_base(secret)


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether `signature` over `message` is valid under the Ed25519 `key`.

    libsodium decides: it refuses low-order keys and non-canonical signatures, which OpenSSL
    accepts.
    """
    try:
        VerifyKey(key).verify(message, signature)
    except (BadSignatureError, ValueError):
        return False
    return True


# --- key cards

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
    """A public encryption key. Kind 1 is X25519, the only kind of version 1."""

    kind: Annotated[int, msgspec.Meta(ge=X25519, le=X25519)]
    key: _Key


class KeyCard(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A key card, member by member in the order of FORMAT.md.

    Each new card has a higher `generation`.
    """

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
class CardHolder:
    """The holder of a card: organisation, device, and the number of the card."""

    org_id: bytes
    org_name: str
    device_id: bytes
    generation: int


def make_card(holder: CardHolder, keys: DeskKeys, older_age_keys: tuple[bytes, ...] = ()) -> bytes:
    """Return the bytes of a card file for these keys.

    `older_age_keys` are up to three public keys that still open bundles. Raise ValueError
    for values that no card may hold; `is_card_name` tells beforehand whether a name is
    allowed.
    """
    age_keys = (keys.age_key, *older_age_keys)
    body = KeyCard(
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


def read_card(data: bytes) -> KeyCard:
    """Return the card in the bytes of a card file.

    Raise KfdeskError `card.damaged` for anything that is not a valid, self-signed card of
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


def is_card_name(name: str) -> bool:
    """Return whether a card may carry this name: 1 to 200 bytes of visible NFC text."""
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


def verification_digits(ours: KeyCard, theirs: KeyCard) -> str:
    """Return the 60 digits that both sides read to each other: twelve groups of five.

    Each card contributes 30 digits that depend on both cards. Both sides compute the same
    string.
    """
    first, second = sorted((ours.to_bytes(), theirs.to_bytes()))
    return f"{_half_of_digits(first, second)} {_half_of_digits(second, first)}"


# --- other laptops of the same organisation

TICKET_SIZE = 32
ANSWER_MAGIC = b"KFANSW1\n"
_PROOF_SIZE = 32
_TICKET_PREFIX = b"kfdesk-ticket-v1\0"
_COUNTERSIGNED_PREFIX = b"kfdesk-countersignature-v1\0"


def answer_ticket(card: bytes, ticket: bytes) -> bytes:
    """Return the answer to a ticket: our card, and the proof that its maker knows the ticket."""
    return ANSWER_MAGIC + _proof(card, ticket) + card


def split_answer(data: bytes) -> tuple[bytes, bytes]:
    """Return the card in an answer and its proof; of a bare card, the card and no proof."""
    if not data.startswith(ANSWER_MAGIC):
        return data, b""
    start = len(ANSWER_MAGIC)
    return data[start + _PROOF_SIZE :], data[start : start + _PROOF_SIZE]


def is_answer(card: bytes, proof: bytes, ticket: bytes) -> bool:
    """Return whether the proof shows that the maker of this very card knows the ticket."""
    return hmac.compare_digest(proof, _proof(card, ticket))


def countersign(keys: DeskKeys, card: bytes, day: int) -> bytes:
    """Return the 64-byte signature of a laptop over another one's card.

    `day` is the number of days since 1970. The card holds organisation, device and keys, so the
    signature holds for no other.
    """
    return keys.sign(_countersigned_message(card, day))


def is_countersigned(sign_key: bytes, card: bytes, day: int, signature: bytes) -> bool:
    """Return whether the holder of `sign_key` has countersigned this very card on that day."""
    return is_signed(sign_key, _countersigned_message(card, day), signature)


def _proof(card: bytes, ticket: bytes) -> bytes:
    return hmac.digest(ticket, _TICKET_PREFIX + card, "sha256")


def _countersigned_message(card: bytes, day: int) -> bytes:
    return _COUNTERSIGNED_PREFIX + day.to_bytes(4, "big") + card


def _half_of_digits(card: bytes, other: bytes) -> str:
    both = hashlib.sha512(card).digest() + hashlib.sha512(other).digest()
    digest = hashlib.sha512(_DIGITS_PREFIX + both).digest()
    groups = (int.from_bytes(digest[place : place + 5], "big") for place in range(0, 30, 5))
    return " ".join(f"{group % 100_000:05}" for group in groups)


def _decode(body: bytes) -> KeyCard:
    try:
        card = msgspec.msgpack.decode(body, type=KeyCard)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _damaged("content") from None
    if card.to_bytes() != body:
        raise _damaged("not_canonical")
    return card


def _check_members(card: KeyCard) -> None:
    if not is_card_name(card.org_name):
        raise _damaged("name")
    if not crypto_core_ed25519_is_valid_point(card.sign_key):
        raise _damaged("sign_key")
    if len(set(card.age_keys)) != len(card.age_keys):
        raise _damaged("age_key_twice")
    if not all(_is_x25519_point(key) for key in card.age_keys):
        raise _damaged("age_key")


def _is_x25519_point(key: bytes) -> bool:
    """Return whether `key` is canonical and does not map every secret to the same zero."""
    if int.from_bytes(key, "little") >= _FIELD:
        return False
    try:
        crypto_scalarmult(bytes(KEY_SIZE), key)
    except LowOrderError:
        return False
    return True


def _damaged(why: str) -> KfdeskError:
    return KfdeskError("card.damaged", why=why)
