# SPDX-License-Identifier: GPL-3.0-or-later
"""Signatures of releases in minisign's format, and the public keys that count.

The format is that of https://jedisct1.github.io/minisign/: Ed25519 over the BLAKE2b-512 of the file
(`ED`), and a second signature over the first one and the trusted comment. The `minisign` tool reads
the same files. Knows no private key, and not what is signed.
"""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from kfdesk.domain.errors import KfdeskError

KEYS_FILE = "release_keys.txt"
MAX_SIGNATURE = 8_192  # bytes
PREHASHED, PUBLIC = b"ED", b"Ed"
_ID, _KEY, _SIGNED = 8, 32, 64  # bytes
_UNTRUSTED, _TRUSTED = "untrusted comment: ", "trusted comment: "
_PIECE = 2**20
_KEY_LINE = re.compile(r"(key|revoked)\s+(\S+)")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")

CountBytes = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class ReleaseKeys:
    """The public keys of releases by their ids; and the revoked ones, which count for nothing."""

    valid: Mapping[bytes, bytes] = field(default_factory=dict)
    revoked: Mapping[bytes, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReleaseSignature:
    """The content of a signature file: id of the key, both signatures, and the trusted comment."""

    key: bytes
    signature: bytes
    comment: bytes
    comment_signature: bytes


def read_keys(text: str) -> ReleaseKeys:
    """Read the program's own list: lines `key BASE64` and `revoked BASE64`, in minisign's base64.

    A key that is in both lists is revoked. Raise ValueError for a line that is neither, nor a
    comment (`#`): the list is part of the program.
    """
    lists: dict[str, dict[bytes, bytes]] = {"key": {}, "revoked": {}}
    for line in text.splitlines():
        said = line.partition("#")[0].strip()
        if not said:
            continue
        found = _KEY_LINE.fullmatch(said)
        if found is None:
            raise ValueError("a line of the release keys is no key")
        key, public = read_public_key(found[2])
        lists[found[1]][key] = public
    revoked = lists["revoked"]
    gone = set(revoked.values())
    valid = {key: each for key, each in lists["key"].items() if each not in gone}
    return ReleaseKeys({key: each for key, each in valid.items() if key not in revoked}, revoked)


def read_public_key(text: str) -> tuple[bytes, bytes]:
    """Return id and Ed25519 key of a public key in base64. Raise ValueError."""
    data = _decoded(text)
    if len(data) != len(PUBLIC) + _ID + _KEY or not data.startswith(PUBLIC):
        raise ValueError("no public key of minisign")
    return data[len(PUBLIC) : -_KEY], data[-_KEY:]


def read_signature(data: bytes) -> ReleaseSignature:
    """Read a signature file. Raise KfdeskError `update.unsigned` for anything else."""
    try:
        untrusted, signature, trusted, second = data.decode("utf-8").rstrip("\r\n").split("\n")
        first, last = _decoded(signature), _decoded(second)
    except ValueError:
        raise KfdeskError("update.unsigned") from None
    is_whole = len(first) == len(PREHASHED) + _ID + _SIGNED and len(last) == _SIGNED
    has_comments = untrusted.startswith(_UNTRUSTED) and trusted.startswith(_TRUSTED)
    if not is_whole or not has_comments or not first.startswith(PREHASHED):
        raise KfdeskError("update.unsigned")
    comment = trusted.removeprefix(_TRUSTED).encode()
    return ReleaseSignature(first[2 : 2 + _ID], first[-_SIGNED:], comment, last)


def file_hash(read: Callable[[int], bytes], count: CountBytes = lambda _size: None) -> bytes:
    """Return the BLAKE2b-512 of what `read` gives; `count` gets the bytes of each piece."""
    digest = blake2b()
    while piece := read(_PIECE):
        digest.update(piece)
        count(len(piece))
    return digest.digest()


def find_key(keys: ReleaseKeys, signature: ReleaseSignature) -> bytes:
    """Return the public key that a signature names.

    Raise KfdeskError `update.no_keys`, `update.revoked_key` or `update.other_key`.
    """
    if not keys.valid:
        raise KfdeskError("update.no_keys")
    if signature.key in keys.revoked:
        raise KfdeskError("update.revoked_key")
    if signature.key not in keys.valid:
        raise KfdeskError("update.other_key")
    return keys.valid[signature.key]


def check_signature(key: bytes, digest: bytes, signature: ReleaseSignature) -> None:
    """Check both signatures under `key`. Raise KfdeskError `update.torn` if one does not hold.

    libsodium decides: it refuses low-order keys and signatures in another form.
    """
    try:
        verify = VerifyKey(key).verify
        verify(digest, signature.signature)
        verify(signature.signature + signature.comment, signature.comment_signature)
    except (BadSignatureError, ValueError):
        raise KfdeskError("update.torn") from None


def _decoded(text: str) -> bytes:
    if _BASE64.fullmatch(text) is None:
        raise ValueError("no base64")
    return base64.b64decode(text, validate=True)
