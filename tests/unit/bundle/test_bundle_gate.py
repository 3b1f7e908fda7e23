# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gate lets through and what it refuses, one named header for each rule."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import BinaryIO, cast

import pytest
from tests.unit.bundle.bundle_samples import bytes_for, header_of, refusal, sealed

from kfdesk.bundle.age import MAX_FILE, MAX_HEADER, read_header

VERSION = b"age-encryption.org/v1\n"
GREASE = b"-> x|y-grease ,: 7\nAAAA\n"


def key(name: str) -> bytes:
    return base64.b64encode(bytes_for(name)).rstrip(b"=")


def stanza(number: int) -> bytes:
    return b"-> X25519 " + key(f"share {number}") + b"\n" + key(f"body {number}") + b"\n"


def stanzas(count: int = 8) -> bytes:
    return b"".join(stanza(number) for number in range(count))


MAC = b"--- " + key("mac") + b"\n"
PAYLOAD = bytes_for("payload", 100)
GOOD = VERSION + stanzas() + MAC + PAYLOAD


def gate_refuses(data: bytes) -> tuple[str, str | int]:
    return refusal(lambda: read_header(io.BytesIO(data)))


def not_a_bundle(why: str) -> tuple[str, str]:
    return ("bundle.not_a_bundle", why)


def test_eight_stanzas_pass() -> None:
    assert read_header(io.BytesIO(GOOD)) == VERSION + stanzas() + MAC


def test_eight_stanzas_and_grease_pass() -> None:
    header = VERSION + stanzas() + GREASE + MAC
    assert read_header(io.BytesIO(header + PAYLOAD)) == header


def test_read_header_returns_all_before_the_payload() -> None:
    stream = io.BytesIO(GOOD)
    assert read_header(stream) == GOOD[: -len(PAYLOAD)]
    assert stream.read() == PAYLOAD


def test_a_header_without_payload_passes_the_gate() -> None:
    header = VERSION + stanzas() + MAC
    assert read_header(io.BytesIO(header)) == header


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_another_number_of_stanzas_passes_where_it_is_asked_for(count: int) -> None:
    header = VERSION + stanzas(count) + MAC
    assert read_header(io.BytesIO(header), stanzas=count) == header


@pytest.mark.parametrize("count", range(8))
def test_too_few_stanzas_are_refused(count: int) -> None:
    assert gate_refuses(VERSION + stanzas(count) + MAC) == not_a_bundle("header_stanza")


def test_a_ninth_stanza_is_refused() -> None:
    assert gate_refuses(VERSION + stanzas(9) + MAC) == not_a_bundle("header_grease")


def test_grease_in_place_of_a_stanza_is_refused() -> None:
    assert gate_refuses(VERSION + stanzas(7) + GREASE + MAC) == not_a_bundle("header_stanza")


def test_grease_before_the_last_stanza_is_refused() -> None:
    data = VERSION + stanzas(7) + GREASE + stanza(8) + MAC
    assert gate_refuses(data) == not_a_bundle("header_stanza")


def test_a_second_grease_is_refused() -> None:
    data = VERSION + stanzas() + GREASE + GREASE + MAC
    assert gate_refuses(data) == not_a_bundle("header_mac_line")


@pytest.mark.parametrize(
    "start",
    [
        b"hello",
        b"SQLite format 3\0",
        b"age-encryption.org/v2\n",
        b"age-encryption.org/v1\r\n",
        b"Age-encryption.org/v1\n",
        b"age-encryption.org/v1 \n",
        b"\n",
        b"\xef\xbb\xbfage-encryption.org/v1\n",
        b"-----BEGIN AGE ENCRYPTED FILE-----\n",
        b"PK\x03\x04",
    ],
)
def test_what_does_not_begin_like_an_age_file_is_refused(start: bytes) -> None:
    assert gate_refuses(start + stanzas() + MAC) == not_a_bundle("header_version")


@pytest.mark.parametrize("length", [0, 1, 21, 22, 23, 60, 120, 400])
def test_a_file_that_ends_inside_its_header_is_torn(length: int) -> None:
    assert gate_refuses(GOOD[:length]) == ("bundle.torn", "header_cut")


def test_every_cut_inside_the_header_is_torn() -> None:
    header = GOOD[: -len(PAYLOAD)]
    for length in range(len(header)):
        assert gate_refuses(header[:length]) == ("bundle.torn", "header_cut")


SHARE, BODY = key("share 0"), key("body 0")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("another type", lambda s: s.replace(b"X25519", b"X25518")),
        ("lower case", lambda s: s.replace(b"X25519", b"x25519")),
        ("scrypt", lambda s: s.replace(b"X25519", b"scrypt")),
        ("two spaces", lambda s: s.replace(b"X25519 ", b"X25519  ")),
        ("no arrow", lambda s: s[3:]),
        ("a tab", lambda s: s.replace(b"X25519 ", b"X25519\t")),
        ("one more argument", lambda s: s.replace(SHARE, SHARE + b" x")),
        ("no argument", lambda s: s.replace(b" " + SHARE, b"")),
        ("share too short", lambda s: s.replace(SHARE, SHARE[:42])),
        ("share too long", lambda s: s.replace(SHARE, SHARE + b"A")),
        ("share padded", lambda s: s.replace(SHARE, SHARE + b"=")),
        ("share padded within", lambda s: s.replace(SHARE, SHARE[:42] + b"=")),
        ("share with another sign", lambda s: s.replace(SHARE, b"-" + SHARE[1:])),
        ("share of the url alphabet", lambda s: s.replace(SHARE, b"_" + SHARE[1:])),
        ("share not canonical", lambda s: s.replace(SHARE, SHARE[:42] + b"B")),
        ("share with carriage return", lambda s: s.replace(SHARE, SHARE + b"\r")),
        ("share with NUL", lambda s: s.replace(SHARE, SHARE[:42] + b"\0")),
        ("body too short", lambda s: s.replace(BODY, BODY[:42])),
        ("body of 31 bytes", lambda s: s.replace(BODY, BODY[:42] + b"\n")),
        ("body too long", lambda s: s.replace(BODY, BODY + b"AA")),
        ("body padded", lambda s: s.replace(BODY, BODY + b"=")),
        ("body not canonical", lambda s: s.replace(BODY, BODY[:42] + b"/")),
        ("body with carriage return", lambda s: s.replace(BODY, BODY + b"\r")),
        ("body with trailing space", lambda s: s.replace(BODY, BODY + b" ")),
        ("no body", lambda s: s.replace(BODY + b"\n", b"")),
        ("empty body", lambda s: s.replace(BODY, b"")),
        ("an empty line before", lambda s: b"\n" + s),
    ],
)
def test_a_malformed_stanza_is_refused(name: str, change: Callable[[bytes], bytes]) -> None:
    changed = change(stanza(0))
    assert changed != stanza(0), name
    data = VERSION + changed + stanzas(7) + MAC
    assert gate_refuses(data) == not_a_bundle("header_stanza")


FULL_LINE = base64.b64encode(bytes_for("grease", 48))


@pytest.mark.parametrize(
    "grease",
    [
        b"-> -grease\n\n",
        b"-> !~-grease\nAA\n",
        b"-> x-grease a b c d e f g h i\n\n",
        b"-> x-grease\n" + FULL_LINE + b"\n\n",
        b"-> x-grease\n" + FULL_LINE + b"\n" + FULL_LINE + b"\nAAA\n",
    ],
)
def test_grease_of_proper_form_passes(grease: bytes) -> None:
    header = VERSION + stanzas() + grease + MAC
    assert read_header(io.BytesIO(header + PAYLOAD)) == header


@pytest.mark.parametrize(
    "grease",
    [
        b"-> x-greasy\n\n",
        b"-> grease\n\n",
        b"-> x-GREASE\n\n",
        b"->  x-grease\n\n",
        b"-> x-grease \n\n",
        b"-> x-grease  a\n\n",
        b"-> x-grease \x7f\n\n",
        b"-> x-grease \xc3\xa9\n\n",
        b"-> x-grease \x01\n\n",
        b"-> ssh-ed25519 AAAA\n\n",
        b"-> x-grease\nA\n",
        b"-> x-grease\nAB\n",
        b"-> x-grease\nAA==\n",
        b"-> x-grease\n-\n",
        b"-> x-grease\n" + FULL_LINE[:63] + b"-\n\n",
        b"-> x-grease\n" + FULL_LINE + b"AAAA\n",
        b"-> x-grease\nAAAA\r\n",
    ],
)
def test_grease_of_another_form_is_refused(grease: bytes) -> None:
    assert gate_refuses(VERSION + stanzas() + grease + MAC) == not_a_bundle("header_grease")


@pytest.mark.parametrize(
    "mac",
    [
        b"---" + key("mac") + b"\n",
        b"---  " + key("mac") + b"\n",
        b"--- " + key("mac")[:42] + b"\n",
        b"--- " + key("mac") + b"=\n",
        b"--- " + key("mac") + b" \n",
        b"--- " + key("mac") + b"\r\n",
        b"--- " + key("mac")[:42] + b"/\n",
        b"---\n",
        b"\n",
        b"+-- " + key("mac") + b"\n",
    ],
)
def test_another_mac_line_is_refused(mac: bytes) -> None:
    assert gate_refuses(VERSION + stanzas() + mac + PAYLOAD) == not_a_bundle("header_mac_line")


def test_a_header_of_exactly_4096_bytes_passes() -> None:
    rest = VERSION + stanzas() + b"-> " + b"-grease\n\n" + MAC
    grease = b"-> " + b"x" * (MAX_HEADER - len(rest)) + b"-grease\n\n"
    header = VERSION + stanzas() + grease + MAC
    assert len(header) == MAX_HEADER
    read_header(io.BytesIO(header + PAYLOAD))


def test_a_header_of_4097_bytes_is_refused() -> None:
    rest = VERSION + stanzas() + b"-> " + b"-grease\n\n" + MAC
    grease = b"-> " + b"x" * (MAX_HEADER + 1 - len(rest)) + b"-grease\n\n"
    header = VERSION + stanzas() + grease + MAC
    assert gate_refuses(header + PAYLOAD) == not_a_bundle("header_length")


def test_a_line_without_end_is_refused() -> None:
    assert gate_refuses(VERSION + b"-> X25519 " + b"A" * 10_000) == not_a_bundle("header_length")


class Watched(io.BytesIO):
    """A file that remembers how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


@pytest.mark.parametrize(
    "hostile", [stanzas(4000), b"\n" * 200_000, GREASE * 9000, b"-> " * 90_000]
)
def test_the_gate_never_reads_more_than_4096_bytes(hostile: bytes) -> None:
    stream = Watched(VERSION + hostile + MAC)
    refusal(lambda: read_header(stream))
    assert stream.taken <= MAX_HEADER


class Long(io.BytesIO):
    """A file that says it is longer than it is."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        place = super().seek(offset, whence)
        return self.claimed if whence == io.SEEK_END else place

    claimed = MAX_FILE


def test_a_file_of_exactly_512_mib_passes() -> None:
    assert read_header(Long(GOOD)) == GOOD[: -len(PAYLOAD)]


def test_a_longer_file_is_too_large() -> None:
    stream = Long(GOOD)
    stream.claimed = MAX_FILE + 1
    assert refusal(lambda: read_header(stream)) == ("bundle.too_large", "file")


class Broken(io.BytesIO):
    """A file on a medium that has been pulled out."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


def test_a_medium_that_fails_is_a_torn_file() -> None:
    stream = cast(BinaryIO, Broken(GOOD))
    assert refusal(lambda: read_header(stream)) == ("bundle.torn", "read")


def test_every_header_our_codec_writes_passes() -> None:
    for number in range(300):
        data = sealed(
            b"x", [bytes_for(f"recipient {number % 7} {i}") for i in range(1 + number % 8)]
        )
        stream = io.BytesIO(data)
        assert read_header(stream) == header_of(data)
