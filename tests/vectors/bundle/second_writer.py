# SPDX-License-Identifier: GPL-3.0-or-later
"""A second writer, written from FORMAT.md alone, all of whose randomness is handed in.

Given the same name it makes the same file for ever, which pyrage cannot; the kept vectors come
from here. Segments are stored, not squeezed, so that no version of zlib changes a byte. It must
never import a kfdesk module, nor be used for anything but tests: its keys are not secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from tests.vectors.bundle.second_reader import CHUNK, hkdf, pack, padme


def invented(name: str, size: int = 32) -> bytes:
    """Bytes without meaning, the same for the same name."""
    return hashlib.shake_256(b"kfdesk vectors: " + name.encode()).digest(size)


@dataclass(frozen=True)
class Desk:
    """A desk by its name; its keys follow from it."""

    name: str

    @property
    def seed(self) -> bytes:
        return invented(f"{self.name} seed")

    @property
    def secret(self) -> bytes:
        return invented(f"{self.name} age secret")

    @property
    def sign_key(self) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()

    @property
    def age_key(self) -> bytes:
        return age_key(self.secret)

    def sign(self, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def age_key(secret: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def b64(value: bytes) -> bytes:
    return base64.b64encode(value).rstrip(b"=")


def seal(plain: bytes, recipients: Sequence[bytes], name: str, grease: bytes = b"") -> bytes:
    """Return an age file for `recipients`, with as many invented ones as are missing to eight."""
    keys = list(recipients)
    keys += [age_key(invented(f"{name} dummy {number}")) for number in range(8 - len(keys))]
    keys.sort(key=lambda key: hashlib.sha256(name.encode() + key).digest())
    file_key = invented(f"{name} file key", 16)
    header = b"age-encryption.org/v1\n"
    for number, key in enumerate(keys):
        header += stanza(file_key, key, invented(f"{name} ephemeral {number}"))
    header += grease + b"---"
    mac = hmac.new(hkdf(file_key, b"", b"header"), header, "sha256").digest()
    nonce = invented(f"{name} nonce", 16)
    return header + b" " + b64(mac) + b"\n" + nonce + seal_payload(plain, file_key, nonce)


def stanza(file_key: bytes, recipient: bytes, ephemeral: bytes) -> bytes:
    private = X25519PrivateKey.from_private_bytes(ephemeral)
    share = private.public_key().public_bytes_raw()
    shared = private.exchange(X25519PublicKey.from_public_bytes(recipient))
    wrap_key = hkdf(shared, share + recipient, b"age-encryption.org/v1/X25519")
    body = ChaCha20Poly1305(wrap_key).encrypt(bytes(12), file_key, None)
    return b"-> X25519 " + b64(share) + b"\n" + b64(body) + b"\n"


def seal_payload(plain: bytes, file_key: bytes, nonce: bytes) -> bytes:
    cipher = ChaCha20Poly1305(hkdf(file_key, nonce, b"payload"))
    count = max(1, -(-len(plain) // CHUNK))
    sealed = []
    for number in range(count):
        last = b"\1" if number == count - 1 else b"\0"
        piece = plain[number * CHUNK : (number + 1) * CHUNK]
        sealed.append(cipher.encrypt(number.to_bytes(11, "big") + last, piece, None))
    return b"".join(sealed)


def stored(raw: bytes) -> bytes:
    """Return a gzip member of stored blocks."""
    pieces = [raw[place : place + 65_535] for place in range(0, len(raw), 65_535)] or [b""]
    body = b""
    for number, piece in enumerate(pieces):
        final = b"\1" if number == len(pieces) - 1 else b"\0"
        size = len(piece)
        body += final + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + piece
    trailer = zlib.crc32(raw).to_bytes(4, "little") + len(raw).to_bytes(4, "little")
    return bytes.fromhex("1f8b08000000000000ff") + body + trailer


@dataclass(frozen=True)
class Letter:
    """A bundle in the making. `changes` sets members of the manifest by their number."""

    name: str
    sender: Desk
    recipient: Desk
    segments: Sequence[tuple[int, bytes]] = ()
    changes: dict[int, Any] = field(default_factory=dict)
    age_keys: Sequence[bytes] = ()
    signer: Desk | None = None
    raw_lengths: dict[int, int] = field(default_factory=dict)

    def manifest(self) -> list[Any]:
        """Return the manifest's members, in their order."""
        entries = []
        for number, (kind, raw) in enumerate(self.segments):
            piece = stored(raw)
            length = self.raw_lengths.get(number, len(raw))
            entries.append([kind, length, len(piece), hashlib.sha256(piece).digest()])
        members = [
            1,
            invented(f"{self.name} bundle id", 16),
            self.sender.sign_key,
            1,
            self.recipient.sign_key,
            sorted(self.age_keys or [self.recipient.age_key]),
            invented(f"{self.sender.name} epoch", 16),
            1,
            bytes(32),
            1_700_000_000_000 << 16,
            1,
            1,
            [bytes(16), 0, []],
            invented(f"{self.sender.name} audit head"),
            [0, 0, 0, 0],
            entries,
        ]
        for place, value in self.changes.items():
            members[place] = value
        return members

    def plaintext(self) -> bytes:
        """Magic, manifest, signature, segments, zeros."""
        encoded = pack(self.manifest())
        signature = (self.signer or self.sender).sign(b"kfdesk-bundle-v1\0" + encoded)
        start = b"KFBNDL1\n" + len(encoded).to_bytes(4, "big") + encoded + signature
        whole = start + b"".join(stored(raw) for _, raw in self.segments)
        return whole + bytes(padme(len(whole)) - len(whole))

    def file(self, grease: bytes = b"") -> bytes:
        """Return the finished file."""
        keys = self.age_keys or [self.recipient.age_key]
        return seal(self.plaintext(), keys, self.name, grease)


def answer(own: bytes, ticket: bytes) -> bytes:
    """Return the answer of a laptop with this card to a ticket."""
    proof = hmac.new(ticket, b"kfdesk-ticket-v1\0" + own, "sha256").digest()
    return b"KFANSW1\n" + proof + own


def card(desk: Desk, org_name: str, changes: dict[int, Any] | None = None) -> bytes:
    """Return the bytes of a card file."""
    members = [
        1,
        invented(f"{desk.name} organisation", 16),
        org_name,
        invented(f"{desk.name} device", 16),
        desk.sign_key,
        [[1, desk.age_key]],
        1,
    ]
    for place, value in (changes or {}).items():
        members[place] = value
    body = pack(members)
    return b"KFCARD1\n" + body + desk.sign(b"kfdesk-card-v1\0" + body)
