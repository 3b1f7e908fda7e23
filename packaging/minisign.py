# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs files with a private key of minisign, as the `minisign` tool does.

The key is a file that `minisign -G` has made, outside this tree, with a passphrase or without one.
The layout is that of https://jedisct1.github.io/minisign/#signature-format. The program itself only
checks signatures; it has no line of this.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from nacl.pwhash import scrypt
from nacl.signing import SigningKey

from kfdesk.domain.updates import SIGNATURE_SUFFIX
from kfdesk.system.signatures import PREHASHED, PUBLIC, file_hash
from steps import SetupError

_ID, _SEED, _PAIR, _SUM, _SALT, _NUMBER = 8, 32, 64, 32, 32, 8  # bytes
_SCRYPT, _OPEN, _BLAKE = b"Sc", b"\0\0", b"B2"
_HEAD = len(PUBLIC) + len(_SCRYPT) + len(_BLAKE)
_LOCKED = _ID + _PAIR + _SUM
_MOST_MEMORY = 2**31


@dataclass(frozen=True, slots=True)
class ReleaseKey:
    """A private key: its id, 8 bytes, and its Ed25519 seed, 32 bytes."""

    id: bytes
    seed: bytes = field(repr=False)

    @property
    def public(self) -> str:
        """The public key as minisign writes it, in base64."""
        key = bytes(SigningKey(self.seed).verify_key)
        return base64.b64encode(PUBLIC + self.id + key).decode()

    def sign(self, path: Path, comment: str) -> Path:
        """Sign a file by a signature file beside it, with a trusted comment; return that."""
        with path.open("rb") as file:
            digest = file_hash(file.read)
        sign = SigningKey(self.seed).sign
        first = sign(digest).signature
        last = sign(first + comment.encode()).signature
        beside = path.with_name(f"{path.name}{SIGNATURE_SUFFIX}")
        lines = (
            f"untrusted comment: signature of {path.name}",
            base64.b64encode(PREHASHED + self.id + first).decode(),
            f"trusted comment: {comment}",
            base64.b64encode(last).decode(),
        )
        beside.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
        return beside


def read_key(path: Path, ask: Callable[[], str]) -> ReleaseKey:
    """Read a private key; `ask` is asked for its passphrase if it has one. Raise SetupError."""
    try:
        data = base64.b64decode(path.read_text(encoding="utf-8").splitlines()[1], validate=True)
    except (OSError, ValueError, IndexError):
        raise SetupError("the key cannot be read: name the file that minisign -G wrote") from None
    kind = data[len(PUBLIC) : len(PUBLIC) + len(_SCRYPT)]
    is_whole = len(data) == _HEAD + _SALT + 2 * _NUMBER + _LOCKED and data.startswith(PUBLIC)
    if not is_whole or kind not in (_SCRYPT, _OPEN):
        raise SetupError("this is no private key of minisign: name the file that minisign -G wrote")
    inside = data[-_LOCKED:]
    if kind == _SCRYPT:  # only such a key has a sum
        stream = _stream(ask().encode(), data[_HEAD:-_LOCKED])
        inside = bytes(one ^ other for one, other in zip(inside, stream, strict=True))
        if blake2b(PUBLIC + inside[:-_SUM], digest_size=_SUM).digest() != inside[-_SUM:]:
            raise SetupError("the key does not open: type its passphrase again")
    key = inside[:-_SUM]
    return ReleaseKey(key[:_ID], key[_ID : _ID + _SEED])


def _stream(passphrase: bytes, cost: bytes) -> bytes:
    """Return what hides the key: scrypt of the passphrase, at the cost that the file names."""
    salt, operations, memory = cost[:_SALT], cost[_SALT : _SALT + _NUMBER], cost[-_NUMBER:]
    limits = int.from_bytes(operations, "little"), int.from_bytes(memory, "little")
    if limits[1] > _MOST_MEMORY:
        raise SetupError("the key asks for more memory than this computer should give")
    return scrypt.kdf(_LOCKED, passphrase, salt, *limits)
