# SPDX-License-Identifier: GPL-3.0-or-later
"""The age codec: whom a file can be opened by, how it is cut and spoilt, whose error comes out."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

import pyrage
import pytest
from tests.unit.bundle.bundle_samples import (
    BIRCH,
    CEDAR,
    bytes_for,
    header_of,
    keys_for,
    opened,
    refusal,
    sealed,
)

from kfdesk.bundle import age
from kfdesk.bundle.age import STANZAS
from kfdesk.bundle.card import DeskKeys, age_key_of

PLAIN = bytes_for("plaintext", 200_000)


def open_refused(data: bytes, keys: DeskKeys = BIRCH) -> tuple[str, str | int]:
    return refusal(lambda: opened(data, keys))


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])
def test_what_was_encrypted_comes_out(size: int) -> None:
    assert opened(sealed(PLAIN[:size])) == PLAIN[:size]


@pytest.mark.parametrize("count", range(1, STANZAS + 1))
def test_each_of_one_to_eight_recipients_can_open(count: int) -> None:
    desks = [keys_for(f"desk {number}") for number in range(count)]
    data = sealed(PLAIN[:100], [desk.age_key for desk in desks])
    for desk in desks:
        assert opened(data, desk) == PLAIN[:100]


@pytest.mark.parametrize("count", range(1, STANZAS + 1))
def test_a_file_always_shows_eight_stanzas(count: int) -> None:
    recipients = [keys_for(f"desk {number}").age_key for number in range(count)]
    assert header_of(sealed(PLAIN, recipients)).count(b"\n-> X25519 ") == STANZAS


@pytest.mark.parametrize("count", [0, STANZAS + 1])
def test_no_or_too_many_recipients_are_a_mistake(count: int) -> None:
    recipients = [keys_for(f"desk {number}").age_key for number in range(count)]
    with pytest.raises(ValueError, match="1 to 8"):
        sealed(PLAIN, recipients)


def test_the_place_of_the_real_stanza_is_shuffled() -> None:
    """The one stanza that Birch can open stands at various places."""
    places = {_place_of_birch(sealed(b"x")) for _ in range(40)}
    assert len(places) >= 4


def _place_of_birch(data: bytes) -> int:
    """Spoil one stanza's body after the other; when Birch finds no key, it was his."""
    lines = data.split(b"\n")
    for number in range(STANZAS):
        spoilt = list(lines)
        body = spoilt[2 + 2 * number]
        spoilt[2 + 2 * number] = (b"B" if body[:1] == b"A" else b"A") + body[1:]
        if open_refused(b"\n".join(spoilt)) == ("bundle.not_for_us", "no_key"):
            return number
    raise AssertionError("no stanza was for Birch")


def test_two_files_of_the_same_plaintext_share_nothing() -> None:
    one, other = sealed(PLAIN), sealed(PLAIN)
    assert header_of(one) != header_of(other)
    assert one[-1000:] != other[-1000:]


def test_a_stranger_cannot_open() -> None:
    assert open_refused(sealed(PLAIN), CEDAR) == ("bundle.not_for_us", "no_key")


def test_any_of_several_secrets_may_open() -> None:
    target = io.BytesIO()
    secrets = [CEDAR.age_secret, bytes_for("old"), BIRCH.age_secret]
    age.decrypt(io.BytesIO(sealed(PLAIN)), target, secrets)
    assert target.getvalue() == PLAIN


def test_no_secret_opens_nothing() -> None:
    data = sealed(PLAIN)
    refused = refusal(lambda: age.decrypt(io.BytesIO(data), io.BytesIO(), []))
    assert refused == ("bundle.not_for_us", "no_key")


def test_decrypt_returns_the_size_of_the_file() -> None:
    data = sealed(PLAIN)
    assert age.decrypt(io.BytesIO(data), io.BytesIO(), [BIRCH.age_secret]) == len(data)


def test_decrypt_starts_at_the_start_wherever_the_file_stands() -> None:
    stream = io.BytesIO(sealed(PLAIN))
    stream.seek(0, io.SEEK_END)
    target = io.BytesIO()
    age.decrypt(stream, target, [BIRCH.age_secret])
    assert target.getvalue() == PLAIN


DATA = sealed(PLAIN)
HEADER = len(header_of(DATA))
CHUNK = 65_536 + 16


@pytest.mark.parametrize(
    ("length", "why"),
    [
        (HEADER, "header"),
        (HEADER + 15, "header"),
        (HEADER + 16, "payload"),
        (HEADER + 17, "payload"),
        (HEADER + 16 + CHUNK - 1, "payload"),
        (HEADER + 16 + CHUNK, "payload"),
        (HEADER + 16 + CHUNK + 1, "payload"),
        (HEADER + 16 + 2 * CHUNK, "payload"),
        (HEADER + 16 + 3 * CHUNK, "payload"),
        (len(DATA) - 17, "payload"),
        (len(DATA) - 1, "payload"),
    ],
    ids=map(str, range(11)),  # the header's length is drawn: it must not be part of a test's name
)
def test_a_cut_payload_is_torn(length: int, why: str) -> None:
    assert open_refused(DATA[:length]) == ("bundle.torn", why)


@pytest.mark.parametrize("more", [b"\0", b"x" * 16, b"x" * CHUNK])
def test_bytes_behind_the_last_chunk_are_torn(more: bytes) -> None:
    assert open_refused(DATA + more) == ("bundle.torn", "payload")


def test_a_chunk_taken_out_is_torn() -> None:
    start = HEADER + 16
    assert open_refused(DATA[:start] + DATA[start + CHUNK :]) == ("bundle.torn", "payload")


def test_two_chunks_exchanged_are_torn() -> None:
    start = HEADER + 16
    one, two = DATA[start : start + CHUNK], DATA[start + CHUNK : start + 2 * CHUNK]
    data = DATA[:start] + two + one + DATA[start + 2 * CHUNK :]
    assert open_refused(data) == ("bundle.torn", "payload")


def test_a_changed_mac_is_torn() -> None:
    place = HEADER - 30
    changed = b"B" if DATA[place : place + 1] == b"A" else b"A"
    data = DATA[:place] + changed + DATA[place + 1 :]
    assert open_refused(data) == ("bundle.torn", "header")


def test_a_payload_under_another_header_is_torn() -> None:
    other = sealed(PLAIN)
    data = header_of(other) + DATA[HEADER:]
    assert open_refused(data) == ("bundle.torn", "payload")


def test_stanzas_in_another_order_are_torn() -> None:
    lines = DATA[:HEADER].split(b"\n")
    lines[1:5] = [*lines[3:5], *lines[1:3]]
    assert open_refused(b"\n".join(lines) + DATA[HEADER:]) == ("bundle.torn", "header")


def test_the_gate_stands_before_the_library() -> None:
    target = io.BytesIO()
    keys = [pyrage.x25519.Recipient.from_str(age.age_key_text(BIRCH.age_key))]
    pyrage.encrypt_io(io.BytesIO(PLAIN), target, keys)
    assert open_refused(target.getvalue()) == ("bundle.not_a_bundle", "header_stanza")


class Raising:
    """A source or sink that raises what it is told to, from its nth call on."""

    def __init__(self, failure: BaseException, after: int, plain: bytes = PLAIN) -> None:
        self._failure = failure
        self._calls = after
        self._source = io.BytesIO(plain)

    def read(self, size: int, /) -> bytes:
        self._count()
        return self._source.read(size)

    def write(self, data: bytes, /) -> int:
        self._count()
        return len(data)

    def _count(self) -> None:
        if self._calls == 0:
            raise self._failure
        self._calls -= 1


FAILURES: list[Callable[[], BaseException]] = [
    lambda: OSError(28, "No space left on device"),
    lambda: KeyError("a bug of ours"),
    lambda: ValueError("a bug of ours"),
    KeyboardInterrupt,
]


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("after", [0, 1, 10])
def test_what_the_sink_raises_while_decrypting_comes_out_unchanged(
    failure: Callable[[], BaseException], after: int
) -> None:
    error = failure()
    sink = Raising(error, after)
    with pytest.raises(type(error)) as caught:
        age.decrypt(io.BytesIO(DATA), sink, [BIRCH.age_secret])
    assert caught.value is error


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("after", range(5))
def test_what_the_sink_raises_while_encrypting_is_never_lost(
    failure: Callable[[], BaseException], after: int
) -> None:
    """The library swallows what its last write raises: a full disk would look like success."""
    error = failure()
    with pytest.raises(type(error)) as caught:
        age.encrypt(io.BytesIO(PLAIN), Raising(error, after), [BIRCH.age_key])
    assert caught.value is error


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("after", [0, 1, 10, 25])
def test_what_the_source_raises_while_encrypting_comes_out_unchanged(
    failure: Callable[[], BaseException], after: int
) -> None:
    error = failure()
    with pytest.raises(type(error)) as caught:
        age.encrypt(Raising(error, after), io.BytesIO(), [BIRCH.age_key])
    assert caught.value is error


class Failing(io.BytesIO):
    """A file on a stick that is pulled out after some bytes."""

    good = HEADER + 9000

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > self.good:
            raise OSError(5, "Input/output error")
        return super().read(size)


@pytest.mark.parametrize(
    "good", [HEADER, HEADER + 9000, HEADER + 150_000], ids=["head", "early", "late"]
)
def test_a_medium_that_fails_while_decrypting_is_a_torn_file(good: int) -> None:
    stream = Failing(DATA)
    stream.good = good
    source = cast(BinaryIO, stream)
    refused = refusal(lambda: age.decrypt(source, io.BytesIO(), [BIRCH.age_secret]))
    assert refused == ("bundle.torn", "read")


class Swapped(io.BytesIO):
    """A file whose header changes behind the gate's back."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        if offset == HEADER:
            with self.getbuffer() as view:
                view[:HEADER] = b"\n" * HEADER
        return super().seek(offset, whence)


def test_the_library_sees_the_very_header_that_the_gate_saw() -> None:
    target = io.BytesIO()
    age.decrypt(Swapped(DATA), target, [BIRCH.age_secret])
    assert target.getvalue() == PLAIN


def test_keys_are_written_as_age_writes_them() -> None:
    for number in range(50):
        secret = bytes_for(f"age secret {number}")
        identity = pyrage.x25519.Identity.from_str(age.age_secret_text(secret))
        assert str(identity) == age.age_secret_text(secret)
        assert str(identity.to_public()) == age.age_key_text(age_key_of(secret))


def test_the_age_program_opens_what_we_wrote(tmp_path: Path) -> None:
    program = shutil.which("age")
    if program is None:
        pytest.skip("the age program is not installed")
    identity = tmp_path / "identity"
    identity.write_text(age.age_secret_text(BIRCH.age_secret) + "\n")
    command = [program, "-d", "-i", str(identity)]
    found = subprocess.run(command, input=DATA, capture_output=True, check=True)
    assert found.stdout == PLAIN


def test_what_the_age_program_wrote_opens(tmp_path: Path) -> None:
    program = shutil.which("age")
    if program is None:
        pytest.skip("the age program is not installed")
    others = [keys_for(f"desk {number}").age_key for number in range(7)]
    recipients = tmp_path / "recipients"
    recipients.write_text("\n".join(map(age.age_key_text, [*others, BIRCH.age_key])) + "\n")
    command = [program, "-e", "-R", str(recipients)]
    found = subprocess.run(command, input=PLAIN, capture_output=True, check=True)
    assert opened(found.stdout) == PLAIN
