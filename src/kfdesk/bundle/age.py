# SPDX-License-Identifier: GPL-3.0-or-later
"""The age file: check its header, encrypt and decrypt it as a stream.

The library (pyrage) takes minutes over a hostile header of a few kilobytes, and it opens
some malformed stanzas (FORMAT.md, "The age file"). So `read_header` reads at most 4096
bytes first and accepts one form only. It authenticates nothing; it ensures that the next
step is cheap. `encrypt` and `decrypt` take raw 32-byte keys, as key cards hold them, and
turn each failure of the library into a KfdeskError. No other module knows pyrage.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import BinaryIO, Protocol

import pyrage
from nacl.bindings import crypto_scalarmult_base

from kfdesk.domain.errors import KfdeskError

MAX_HEADER = 4_096
MAX_FILE = 512 * 1024 * 1024
STANZAS = 8
_VERSION = b"age-encryption.org/v1\n"
_X25519 = b"-> X25519 "
_COLUMNS = 64


# --- header


def read_header(stream: BinaryIO, *, stanzas: int = STANZAS) -> bytes:
    """Return the checked header of a file with its MAC line; the position is behind it.

    `stream` is seekable; `stanzas` is the exact number of X25519 stanzas. Raise KfdeskError
    `bundle.not_a_bundle` for any other form, `bundle.torn` for a file that ends inside its
    header or cannot be read, and `bundle.too_large` above 512 MiB.
    """
    try:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        start = stream.read(MAX_HEADER)
        header = _header_of(start, stanzas)
        stream.seek(len(header))
    except OSError:
        raise KfdeskError("bundle.torn", why="read") from None
    if size > MAX_FILE:
        raise KfdeskError("bundle.too_large", why="file")
    return header


def _header_of(start: bytes, stanzas: int) -> bytes:
    if not start.startswith(_VERSION[: len(start)]):
        raise _not_a_bundle("header_version")
    lines = _HeaderLines(start)
    lines.next()
    for _ in range(stanzas):
        _check_stanza(lines)
    line = lines.next()
    if line.startswith(b"-> "):
        _check_grease(line, lines)
        line = lines.next()
    if not line.startswith(b"--- ") or not _is_key(line[4:]):
        raise _not_a_bundle("header_mac_line")
    return start[: lines.position]


def _check_stanza(lines: _HeaderLines) -> None:
    share = lines.next()
    if not share.startswith(_X25519) or not _is_key(share[len(_X25519) :]):
        raise _not_a_bundle("header_stanza")
    if not _is_key(lines.next()):
        raise _not_a_bundle("header_stanza")


def _check_grease(first: bytes, lines: _HeaderLines) -> None:
    """Check one stanza of type `…-grease`, with any arguments and any well-formed body."""
    words = first[3:].split(b" ")
    if not words[0].endswith(b"-grease") or not all(_is_word(word) for word in words):
        raise _not_a_bundle("header_grease")
    line = lines.next()
    while len(line) == _COLUMNS and _is_base64(line):
        line = lines.next()
    if len(line) >= _COLUMNS or not _is_base64(line):
        raise _not_a_bundle("header_grease")


class _HeaderLines:
    """The lines of a header, each ended by one LF. A file that ends earlier was truncated."""

    def __init__(self, start: bytes) -> None:
        self._start = start
        self.position = 0

    def next(self) -> bytes:
        end = self._start.find(b"\n", self.position)
        if end < 0 and len(self._start) < MAX_HEADER:
            raise KfdeskError("bundle.torn", why="header_cut")
        if end < 0:
            raise _not_a_bundle("header_length")
        line = self._start[self.position : end]
        self.position = end + 1
        return line


def _is_word(word: bytes) -> bool:
    return bool(word) and all(0x21 <= byte <= 0x7E for byte in word)


def _is_key(text: bytes) -> bool:
    """Return whether `text` is 32 bytes in canonical unpadded base64."""
    return len(text) == 43 and _is_base64(text)


def _is_base64(text: bytes) -> bool:
    padded = text + b"=" * (-len(text) % 4)
    try:
        value = base64.b64decode(padded, validate=True)
    except binascii.Error:
        return False
    return base64.b64encode(value).rstrip(b"=") == text


def _not_a_bundle(why: str) -> KfdeskError:
    return KfdeskError("bundle.not_a_bundle", why=why)


# --- encryption

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_NO_KEY = "No matching keys found"


class PlaintextSource(Protocol):
    """A stream of plaintext."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; return no bytes at the end."""


class PlaintextSink(Protocol):
    """A consumer of bytes. An exception that it raises stops the codec and passes unchanged."""

    def write(self, data: bytes, /) -> int:
        """Accept all of `data` and return its length."""


def encrypt(source: PlaintextSource, sink: PlaintextSink, recipients: Sequence[bytes]) -> None:
    """Write an age file for 1 to 8 raw X25519 keys, padded with random keys to eight.

    The order is shuffled, so that nobody sees how many recipients are real. Raise
    ValueError for another number of recipients. Exceptions of `source` and `sink` pass
    unchanged.
    """
    if not 1 <= len(recipients) <= STANZAS:
        raise ValueError("a bundle has 1 to 8 recipients")
    dummies = [_random_recipient() for _ in range(STANZAS - len(recipients))]
    keys = [*recipients, *dummies]
    secrets.SystemRandom().shuffle(keys)
    pipe = _PyrageAdapter(source, sink)
    try:
        pyrage.encrypt_io(pipe, pipe, [_age_recipient(key) for key in keys])
    except (pyrage.EncryptError, OSError) as error:
        raise (pipe.failure or error) from None
    pipe.check()


def decrypt(
    stream: BinaryIO, sink: PlaintextSink, secret_keys: Iterable[bytes], *, stanzas: int = STANZAS
) -> int:
    """Check the header, stream the plaintext into `sink` and return the size of the file.

    Each chunk is verified before it is passed on. Only when this returns has the sink seen
    everything: a truncated file fails at its end. Raise KfdeskError `bundle.not_for_us` if
    no key opens the file, `bundle.torn` if the header MAC or the payload is wrong, or what
    the header guard raises. Exceptions of the sink pass unchanged.
    """
    identities = [_age_identity(secret) for secret in secret_keys]
    source = _CheckedFile(read_header(stream, stanzas=stanzas), stream)
    pipe = _PyrageAdapter(source, sink)
    try:
        pyrage.decrypt_io(pipe, pipe, identities)
    except (pyrage.DecryptError, OSError, ValueError) as error:
        raise (pipe.failure or _translate_error(error)) from None
    pipe.check()
    return source.taken


def age_key_text(key: bytes) -> str:
    """Return a raw X25519 key in age's notation, `age1…`."""
    return _bech32("age", key)


def age_secret_text(secret: bytes) -> str:
    """Return a raw X25519 secret in age's notation, `AGE-SECRET-KEY-1…`."""
    return _bech32("age-secret-key-", secret).upper()


class _PyrageAdapter:
    """An adapter between pyrage and our source and sink that keeps the exceptions they raise.

    pyrage turns an exception of the source into one of its own. It loses an exception that
    the sink raises in the last write: a full disk would look like success.
    """

    def __init__(self, source: PlaintextSource, sink: PlaintextSink) -> None:
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
        """Do nothing: no data is buffered."""

    def check(self) -> None:
        if self.failure is not None:
            raise self.failure


class _CheckedFile:
    """A file that begins with the very header that was checked.

    If the header were read twice, the file could change between the check and the use.
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


def _translate_error(error: Exception) -> KfdeskError:
    if not isinstance(error, pyrage.DecryptError):
        return KfdeskError("bundle.torn", why="payload")
    if str(error) == _NO_KEY:
        return KfdeskError("bundle.not_for_us", why="no_key")
    return KfdeskError("bundle.torn", why="header")


def _random_recipient() -> bytes:
    return crypto_scalarmult_base(secrets.token_bytes(32))


def _age_recipient(key: bytes) -> pyrage.x25519.Recipient:
    return pyrage.x25519.Recipient.from_str(age_key_text(key))


def _age_identity(secret: bytes) -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.from_str(age_secret_text(secret))


def _bech32(prefix: str, value: bytes) -> str:
    """Encode as Bech32 (BIP 173) without the limit on length, as age does."""
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
