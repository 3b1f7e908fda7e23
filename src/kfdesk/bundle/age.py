# SPDX-License-Identifier: GPL-3.0-or-later
"""The age codec: streams plaintext into an age v1 file and out of one.

A thin shell around pyrage, the only module that knows it. It speaks raw 32-byte keys, because
cards do, and turns each of the library's failures into one of ours. Only `encrypt_io` and
`decrypt_io` are used: `pyrage.decrypt` takes minutes over headers that `decrypt_io` refuses in
seconds, and both run only behind the gate. What the plaintext says is the reader's affair.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import BinaryIO, Protocol

import pyrage
from nacl.bindings import crypto_scalarmult_base

from kfdesk.bundle.gate import MAX_FILE, STANZAS, read_header
from kfdesk.domain.errors import KfdeskError

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_NO_KEY = "No matching keys found"


class Source(Protocol):
    """Gives plaintext: at most `size` bytes at a time, none at the end."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes."""


class Sink(Protocol):
    """Takes bytes. What it raises stops the codec and leaves it unchanged."""

    def write(self, data: bytes, /) -> int:
        """Take all of `data` and return its length."""


def encrypt(source: Source, sink: Sink, recipients: Sequence[bytes]) -> None:
    """Write an age file for 1 to 8 raw X25519 keys; random ones make them up to eight.

    The order is shuffled, so nobody sees how many recipients are real. Raises ValueError for
    another number of recipients, and whatever `source` and `sink` raise.
    """
    if not 1 <= len(recipients) <= STANZAS:
        raise ValueError("a bundle has 1 to 8 recipients")
    dummies = [_dummy() for _ in range(STANZAS - len(recipients))]
    keys = [*recipients, *dummies]
    secrets.SystemRandom().shuffle(keys)
    pipe = _Pipe(source, sink)
    try:
        pyrage.encrypt_io(pipe, pipe, [_recipient(key) for key in keys])
    except (pyrage.EncryptError, OSError) as error:
        raise (pipe.failure or error) from None
    pipe.check()


def decrypt(
    stream: BinaryIO, sink: Sink, secret_keys: Iterable[bytes], *, stanzas: int = STANZAS
) -> int:
    """Pass the gate, stream the plaintext into `sink` by verified chunks; return the file's size.

    The sink has seen everything only when this returns: a cut file fails at its end. Raises
    KfdeskError: what the gate raises; `bundle.not_for_us` if no key opens the file;
    `bundle.torn` for anything wrong with header MAC or payload. The sink's own exceptions pass.
    """
    identities = [_identity(secret) for secret in secret_keys]
    source = _Gated(read_header(stream, stanzas=stanzas), stream)
    pipe = _Pipe(source, sink)
    try:
        pyrage.decrypt_io(pipe, pipe, identities)
    except (pyrage.DecryptError, OSError, ValueError) as error:
        raise (pipe.failure or _as_ours(error)) from None
    pipe.check()
    return source.taken


def age_key_text(key: bytes) -> str:
    """Return a raw X25519 key as age writes it, `age1…`."""
    return _bech32("age", key)


def age_secret_text(secret: bytes) -> str:
    """Return a raw X25519 secret as age writes it, `AGE-SECRET-KEY-1…`."""
    return _bech32("age-secret-key-", secret).upper()


class _Pipe:
    """Stands between pyrage and our source and sink, and keeps what they raise.

    pyrage turns a source's exception into one of its own, and loses a sink's exception
    altogether when it comes in the last write: a full disk would look like success.
    """

    def __init__(self, source: Source, sink: Sink) -> None:
        self._source = source
        self._sink = sink
        self.failure: BaseException | None = None

    def __enter__(self) -> None:
        self.check()

    def __exit__(
        self, _kind: object, failure: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.failure = failure

    def read(self, size: int, /) -> bytes:
        with self:
            return self._source.read(size)

    def write(self, data: bytes, /) -> int:
        with self:
            return self._sink.write(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def check(self) -> None:
        if self.failure is not None:
            raise self.failure


class _Gated:
    """The file as the gate saw it: the very header it checked, then the rest.

    Reading the header twice would let the file change between the check and the use.
    """

    def __init__(self, header: bytes, stream: BinaryIO) -> None:
        self._header = header
        self._stream = stream
        self.taken = len(header)

    def read(self, size: int, /) -> bytes:
        if self._header:
            start, self._header = self._header[:size], self._header[size:]
            return start
        try:
            data = self._stream.read(min(size, MAX_FILE - self.taken))
        except OSError:
            raise KfdeskError("bundle.torn", why="read") from None
        self.taken += len(data)
        return data


def _as_ours(error: Exception) -> KfdeskError:
    if not isinstance(error, pyrage.DecryptError):
        return KfdeskError("bundle.torn", why="payload")
    if str(error) == _NO_KEY:
        return KfdeskError("bundle.not_for_us", why="no_key")
    return KfdeskError("bundle.torn", why="header")


def _dummy() -> bytes:
    return crypto_scalarmult_base(secrets.token_bytes(32))


def _recipient(key: bytes) -> pyrage.x25519.Recipient:
    return pyrage.x25519.Recipient.from_str(age_key_text(key))


def _identity(secret: bytes) -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.from_str(age_secret_text(secret))


def _bech32(prefix: str, value: bytes) -> str:
    """Bech32 of BIP 173, without its limit on length, as age uses it."""
    bits = int.from_bytes(value, "big") << (-len(value) * 8 % 5)
    count = (len(value) * 8 + 4) // 5
    digits = [bits >> 5 * place & 31 for place in reversed(range(count))]
    spread = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    rest = _polymod([*spread, *digits, 0, 0, 0, 0, 0, 0]) ^ 1
    check = [rest >> 5 * place & 31 for place in reversed(range(6))]
    return prefix + "1" + "".join(_CHARSET[digit] for digit in [*digits, *check])


def _polymod(values: Iterable[int]) -> int:
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            state ^= generator if top >> place & 1 else 0
    return state
