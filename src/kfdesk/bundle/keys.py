# SPDX-License-Identifier: GPL-3.0-or-later
"""The secret keys of a desk: one that signs, one that opens.

They live inside the encrypted store, as the bytes `to_bytes` gives. Nothing here writes a file
or shows a key: the repr is empty, because a repr may end in a log or in a crash report.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from nacl.bindings import crypto_scalarmult_base
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

KEY_SIZE = 32
SIGNATURE_SIZE = 64
_VERSION = b"\x01"


@dataclass(frozen=True, repr=False, slots=True)
class DeskKeys:
    """A desk's Ed25519 seed and age X25519 secret, 32 bytes each.

    Raises ValueError on any other length.
    """

    seed: bytes
    age_secret: bytes

    def __post_init__(self) -> None:
        if len(self.seed) != KEY_SIZE or len(self.age_secret) != KEY_SIZE:
            raise ValueError("a desk's keys are 32 bytes each")

    def __repr__(self) -> str:
        return "DeskKeys()"

    @classmethod
    def generate(cls, random: Callable[[int], bytes] = secrets.token_bytes) -> DeskKeys:
        """Return new keys; `random` gives as many random bytes as it is asked for."""
        return cls(random(KEY_SIZE), random(KEY_SIZE))

    @classmethod
    def from_bytes(cls, kept: bytes) -> DeskKeys:
        """Return the keys that `to_bytes` gave. Raises ValueError on anything else."""
        if len(kept) != 1 + 2 * KEY_SIZE or kept[:1] != _VERSION:
            raise ValueError("these are not a desk's keys of version 1")
        return cls(kept[1 : 1 + KEY_SIZE], kept[1 + KEY_SIZE :])

    def to_bytes(self) -> bytes:
        """Return the bytes the store keeps: version 1, seed, age secret."""
        return _VERSION + self.seed + self.age_secret

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
    """Whether `signature` over `message` is good under the Ed25519 `key`, as libsodium sees it.

    libsodium refuses low-order keys and non-canonical signatures, which OpenSSL lets pass.
    """
    try:
        VerifyKey(key).verify(message, signature)
    except (BadSignatureError, ValueError):
        return False
    return True
