# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading: each check of FORMAT.md, "Reading", has its spoilt file here, and its order holds."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.bundle.bundle_samples import (
    ALDER,
    BIRCH,
    CEDAR,
    SCHEMA,
    Collector,
    Draft,
    Part,
    birch_reads,
    bytes_for,
    header_of,
    keys_for,
    part,
    read,
    refusal_of,
    sealed,
)

from kfdesk.bundle.card import DeskKeys
from kfdesk.bundle.container import (
    MAX_MANIFEST,
    MAX_RAW,
    NO_COUNTS,
    Manifest,
    ReaderContext,
    Segment,
    SegmentKind,
    manifest_digest,
    pack_segment,
)
from kfdesk.bundle.reader import read_bundle
from kfdesk.domain.errors import KfdeskError

PARTS = (part(1, b"\x90" * 900), part(3, bytes_for("cards", 200)), part(4, b"\x91"))
GOOD = Draft(parts=PARTS)
MANIFEST_AT = 12


def set_member(place: int, value: object) -> Callable[[list[Any]], None]:
    def change(members: list[Any]) -> None:
        members[place] = value

    return change


def test_a_good_file_is_read() -> None:
    data = GOOD.file()
    incoming, taker = read(data)
    assert incoming.size == len(data)
    assert incoming.manifest == taker.manifest
    assert incoming.digest == taker.digest == manifest_digest(incoming.manifest.to_bytes())
    assert taker.segments == [
        Segment(SegmentKind.RECORDS, b"\x90" * 900),
        Segment(SegmentKind.CARDS, bytes_for("cards", 200)),
        Segment(SegmentKind.CHUNKS, b"\x91"),
    ]


def test_a_file_without_segments_is_read() -> None:
    incoming, taker = read(Draft().file())
    assert incoming.manifest.segments == ()
    assert taker.segments == []


def test_read_segments_carry_no_counts() -> None:
    _, taker = read(GOOD.file())
    assert {segment.counts for segment in taker.segments} == {NO_COUNTS}


def test_a_bundle_sealed_to_an_older_key_is_read() -> None:
    older = bytes_for("birch's older secret")
    former = DeskKeys(BIRCH.seed, older)
    draft = Draft(parts=PARTS, change_members=set_member(5, [former.age_key]))
    data = draft.file([former.age_key])
    assert refusal_of(data) == ("bundle.not_for_us", "no_key")
    _, taker = read(data, birch_reads(former_age_secrets=(bytes_for("oldest"), older)))
    assert len(taker.segments) == 3


def test_segments_of_kinds_to_ignore_are_left_out() -> None:
    parts = (part(128, b"unknown"), *PARTS, part(255, b"unknown too"))
    _, taker = read(Draft(parts=parts).file())
    assert [segment.kind for segment in taker.segments] == [1, 3, 4]


def test_ignored_segments_are_not_even_unpacked() -> None:
    parts = (Part(200, 5, b"no gzip at all"),)
    _, taker = read(Draft(parts=parts).file())
    assert taker.segments == []


# The age file


def test_a_file_for_somebody_else_is_not_for_us() -> None:
    assert refusal_of(GOOD.file([CEDAR.age_key])) == ("bundle.not_for_us", "no_key")


def test_what_is_no_age_file_is_not_a_bundle() -> None:
    assert refusal_of(b"%PDF-1.7\n" * 100) == ("bundle.not_a_bundle", "header_version")


def test_an_empty_file_is_torn() -> None:
    assert refusal_of(b"") == ("bundle.torn", "header_cut")


# The start of the plaintext


@pytest.mark.parametrize(
    "magic", [b"KFBNDL0\n", b"KFBNDLA\n", b"KFBNDL1\r", b"kfbndl1\n", b"KFBNDL2\0", bytes(8)]
)
def test_another_magic_is_torn(magic: bytes) -> None:
    assert refusal_of(Draft(magic=magic).file()) == ("bundle.torn", "magic")


@pytest.mark.parametrize("digit", [b"2", b"9"])
def test_the_magic_of_a_later_version_is_newer(digit: bytes) -> None:
    magic = b"KFBNDL" + digit + b"\n"
    assert refusal_of(Draft(magic=magic).file()) == ("bundle.newer", "magic")
    what_nobody_knows = Draft(magic=magic, length=2**32 - 1)
    assert refusal_of(what_nobody_knows.file()) == ("bundle.newer", "magic")


@pytest.mark.parametrize("length", [MAX_MANIFEST + 1, 2**31, 2**32 - 1])
def test_too_long_a_manifest_is_too_large(length: int) -> None:
    assert refusal_of(Draft(length=length).file()) == ("bundle.too_large", "manifest_length")


def test_a_manifest_length_beyond_the_plaintext_is_short() -> None:
    assert refusal_of(Draft(length=MAX_MANIFEST).file()) == ("bundle.torn", "short")


@pytest.mark.parametrize("length", [0, 1, 100])
def test_a_manifest_length_that_is_not_the_manifests_is_torn(length: int) -> None:
    assert refusal_of(Draft(length=length).file()) == ("bundle.torn", "manifest")


# The manifest


def test_a_manifest_out_of_its_bounds_is_torn() -> None:
    draft = Draft(change_members=set_member(7, 0))
    assert refusal_of(draft.file()) == ("bundle.torn", "manifest")


def test_a_manifest_that_is_not_canonical_is_torn() -> None:
    draft = Draft(change_manifest=lambda encoded: encoded.replace(b"\x93\xc4", b"\xdc\0\x03\xc4"))
    assert refusal_of(draft.file()) == ("bundle.torn", "manifest_not_canonical")


def test_an_unknown_sender_is_refused() -> None:
    draft = Draft(signer=CEDAR, change_members=set_member(2, CEDAR.sign_key))
    assert refusal_of(draft.file()) == ("bundle.unknown_sender", "sender")


def test_no_known_sender_refuses_all() -> None:
    assert refusal_of(GOOD.file(), birch_reads(known=frozenset())) == (
        "bundle.unknown_sender",
        "sender",
    )


def test_a_sender_signed_for_by_another_is_torn() -> None:
    assert refusal_of(Draft(signer=CEDAR).file()) == ("bundle.torn", "signature")


def test_our_own_key_does_not_sign_for_a_partner() -> None:
    assert refusal_of(Draft(signer=BIRCH).file()) == ("bundle.torn", "signature")


@pytest.mark.parametrize(
    "prefix", [b"", b"kfdesk-bundle-v1", b"kfdesk-bundle-v2\0", b"kfdesk-card-v1\0"]
)
def test_a_signature_for_another_purpose_is_torn(prefix: bytes) -> None:
    assert refusal_of(Draft(signed_prefix=prefix).file()) == ("bundle.torn", "signature")


def test_a_signature_over_another_manifest_is_torn() -> None:
    other = Draft(change_members=set_member(7, 2)).plaintext()
    length = int.from_bytes(other[8:12], "big")
    signature = other[MANIFEST_AT + length : MANIFEST_AT + length + 64]
    draft = Draft(change_signature=lambda _: signature)
    assert refusal_of(draft.file()) == ("bundle.torn", "signature")


def test_a_bundle_encrypted_anew_for_us_is_not_for_us() -> None:
    """Cedar received it, and passes it on to Birch as if Alder had meant him."""
    draft = Draft(change_members=set_member(4, CEDAR.sign_key))
    assert refusal_of(draft.file()) == ("bundle.not_for_us", "recipient")


def test_a_bundle_that_does_not_name_our_age_key_is_not_for_us() -> None:
    draft = Draft(change_members=set_member(5, [CEDAR.age_key]))
    assert refusal_of(draft.file()) == ("bundle.not_for_us", "age_key")


def test_one_of_our_devices_among_others_is_enough() -> None:
    keys = sorted([BIRCH.age_key, CEDAR.age_key, keys_for("elm").age_key])
    incoming, _ = read(Draft(change_members=set_member(5, keys)).file(keys))
    assert list(incoming.manifest.age_keys) == keys


@pytest.mark.parametrize("min_reader", [SCHEMA + 1, 65_535])
def test_a_bundle_for_newer_programs_is_newer(min_reader: int) -> None:
    draft = Draft(change_members=set_member(11, min_reader))
    assert refusal_of(draft.file()) == ("bundle.newer", "min_reader")


def test_a_newer_schema_that_we_may_still_read_is_read() -> None:
    newer, _ = read(Draft(change_members=set_member(10, SCHEMA + 50)).file())
    assert newer.manifest.schema == SCHEMA + 50
    same, _ = read(Draft(change_members=set_member(11, SCHEMA)).file())
    assert same.manifest.min_reader == SCHEMA


@pytest.mark.parametrize("kind", [7, 8, 64, 127])
def test_a_segment_of_a_reserved_kind_is_newer(kind: int) -> None:
    draft = Draft(parts=(*PARTS, part(kind, b"\x90")))
    assert refusal_of(draft.file()) == ("bundle.newer", "segment_kind")


def test_the_second_reading_proves_the_same_manifest() -> None:
    data = GOOD.file()
    incoming, _ = read(data)
    again, _ = read(data, birch_reads(expected=incoming.digest))
    assert again == incoming


def test_a_file_that_changed_between_the_readings_is_torn() -> None:
    incoming, _ = read(GOOD.file())
    other = Draft(parts=PARTS, change_members=set_member(7, 2)).file()
    reading = birch_reads(expected=incoming.digest)
    assert refusal_of(other, reading) == ("bundle.torn", "changed")


# The segments


def spoil(place: int, change: Callable[[bytes], bytes]) -> Callable[[list[bytes]], None]:
    def work(packed: list[bytes]) -> None:
        packed[place] = change(packed[place])

    return work


def test_a_changed_segment_is_torn() -> None:
    draft = Draft(parts=PARTS, change_packed=spoil(1, lambda p: p[:-1] + bytes([p[-1] ^ 1])))
    assert refusal_of(draft.file()) == ("bundle.torn", "segment_hash")


def test_a_changed_segment_to_ignore_is_torn_too() -> None:
    parts = (part(200, b"ignored"),)
    draft = Draft(parts=parts, change_packed=spoil(0, lambda p: p[:-1] + bytes([p[-1] ^ 1])))
    assert refusal_of(draft.file()) == ("bundle.torn", "segment_hash")


def test_exchanged_segments_are_torn() -> None:
    draft = Draft(parts=PARTS, change_packed=lambda packed: packed.reverse())
    assert refusal_of(draft.file()) == ("bundle.torn", "segment_hash")


def test_a_repeated_segment_is_torn() -> None:
    draft = Draft(parts=PARTS, change_packed=lambda packed: packed.insert(1, packed[0]))
    assert refusal_of(draft.file()) == ("bundle.torn", "segment_hash")


def test_a_missing_segment_is_torn() -> None:
    draft = Draft(parts=PARTS, change_packed=lambda packed: packed.pop(0))
    assert refusal_of(draft.file()) == ("bundle.torn", "segment_hash")


def test_a_missing_last_segment_is_torn() -> None:
    draft = Draft(parts=PARTS, change_packed=lambda packed: packed.pop())
    assert refusal_of(draft.file()) == ("bundle.torn", "segment_hash")


def test_a_segment_too_many_is_torn() -> None:
    draft = Draft(parts=PARTS, change_packed=lambda packed: packed.append(pack_segment(b"more")))
    assert refusal_of(draft.file()) == ("bundle.torn", "padding")


@pytest.mark.parametrize("raw", [899, 901, 1, MAX_RAW])
def test_a_segment_of_another_length_is_torn(raw: int) -> None:
    parts = (Part(1, raw, pack_segment(b"\x90" * 900)),)
    assert refusal_of(Draft(parts=parts).file()) == ("bundle.torn", "segment_length")


def test_a_segment_that_is_a_bomb_is_torn() -> None:
    parts = (Part(1, 1000, pack_segment(bytes(30_000_000))),)
    assert refusal_of(Draft(parts=parts).file()) == ("bundle.torn", "segment_length")


def test_a_segment_of_two_gzip_members_is_torn() -> None:
    parts = (Part(1, 2, pack_segment(b"a") + pack_segment(b"b")),)
    assert refusal_of(Draft(parts=parts).file()) == ("bundle.torn", "segment_length")


def test_a_segment_that_is_not_gzip_is_torn() -> None:
    parts = (Part(1, 9, b"\x90" * 9),)
    assert refusal_of(Draft(parts=parts).file()) == ("bundle.torn", "segment_gzip")


# The end


@pytest.mark.parametrize("place", [-1, -1000, -20_000])
def test_padding_that_is_not_zero_is_torn(place: int) -> None:
    def change(plaintext: bytes) -> bytes:
        spoilt = bytearray(plaintext)
        spoilt[place] = 1
        return bytes(spoilt)

    draft = Draft(parts=PARTS, change_plaintext=change)
    assert refusal_of(draft.file()) == ("bundle.torn", "padding")


@pytest.mark.parametrize("missing", [1, 1000, 20_000])
def test_padding_that_is_too_short_is_torn(missing: int) -> None:
    draft = Draft(parts=PARTS, change_plaintext=lambda plaintext: plaintext[:-missing])
    assert refusal_of(draft.file()) == ("bundle.torn", "short")


@pytest.mark.parametrize("more", [b"\0", bytes(2048), bytes(100_000), b"hidden"])
def test_bytes_behind_the_padding_are_torn(more: bytes) -> None:
    draft = Draft(parts=PARTS, change_plaintext=lambda plaintext: plaintext + more)
    assert refusal_of(draft.file()) == ("bundle.torn", "trailing")


def test_every_boundary_of_the_plaintext_is_a_torn_place() -> None:
    """Cut before and behind every part; re-encrypted, so that only our own checks can tell."""
    whole = Draft(parts=PARTS).plaintext()
    length = int.from_bytes(whole[8:12], "big")
    places = [0, 8, 12, 12 + length, 76 + length]
    for one in PARTS:
        places.append(places[-1] + len(one.packed))
    for place in {cut + step for cut in places for step in (-1, 0, 1)} - {-1}:
        assert refusal_of(sealed(whole[:place])) == ("bundle.torn", "short"), place


def test_every_boundary_of_the_file_is_a_torn_place() -> None:
    data = Draft(parts=(part(4, bytes_for("noise", 150_000)),)).file()
    start = len(header_of(data))
    chunk = 65_536 + 16
    places = [0, 22, start, start + 16, *range(start + 16 + chunk, len(data), chunk), len(data)]
    for place in {cut + step for cut in places for step in (-1, 0, 1)}:
        if 0 <= place < len(data):
            assert refusal_of(data[:place])[0] == "bundle.torn", place


def test_bytes_behind_the_file_are_torn() -> None:
    assert refusal_of(GOOD.file() + b"\0") == ("bundle.torn", "payload")
    assert refusal_of(GOOD.file() * 2) == ("bundle.torn", "payload")


# What has reached the taker when


class Journal(Collector):
    """A taker that notes its calls."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    def open(self, manifest: Manifest, digest: bytes) -> None:
        self.calls.append("open")

    def take(self, segment: Segment) -> None:
        self.calls.append(f"take {segment.kind}")


def calls_until_refused(data: bytes, reading: ReaderContext | None = None) -> list[str]:
    taker = Journal()
    with pytest.raises(KfdeskError):
        read_bundle(io.BytesIO(data), reading or birch_reads(), taker)
    return taker.calls


def test_the_taker_sees_nothing_of_a_file_that_is_not_proved() -> None:
    assert calls_until_refused(Draft(signer=CEDAR).file()) == []
    assert calls_until_refused(Draft(change_members=set_member(4, CEDAR.sign_key)).file()) == []
    assert calls_until_refused(Draft(change_members=set_member(11, SCHEMA + 1)).file()) == []
    assert calls_until_refused(Draft(parts=(part(7, b"x"),)).file()) == []
    assert calls_until_refused(GOOD.file(), birch_reads(expected=bytes(32))) == []


def test_the_taker_sees_no_segment_whose_hash_is_wrong() -> None:
    draft = Draft(parts=PARTS, change_packed=spoil(1, lambda p: p[:-1] + bytes([p[-1] ^ 1])))
    assert calls_until_refused(draft.file()) == ["open", "take 1"]


def test_a_file_torn_at_its_end_is_refused_after_its_segments() -> None:
    draft = Draft(parts=PARTS, change_plaintext=lambda plaintext: plaintext[:-1] + b"\1")
    assert calls_until_refused(draft.file()) == ["open", "take 1", "take 3", "take 4"]


class Refusing(Collector):
    """A taker that has reasons of its own."""

    def __init__(self, failure: Exception, *, at_open: bool) -> None:
        super().__init__()
        self._failure = failure
        self._at_open = at_open

    def open(self, manifest: Manifest, digest: bytes) -> None:
        if self._at_open:
            raise self._failure

    def take(self, segment: Segment) -> None:
        raise self._failure


@pytest.mark.parametrize("at_open", [True, False])
@pytest.mark.parametrize(
    "failure",
    [
        KfdeskError("exchange.already_taken"),
        OSError(5, "the store's disk"),
        ValueError("a bug"),
        StopIteration("a bug"),
    ],
)
def test_what_the_taker_raises_comes_out(failure: Exception, at_open: bool) -> None:
    expected = RuntimeError if isinstance(failure, StopIteration) else type(failure)
    with pytest.raises(expected) as caught:
        read_bundle(io.BytesIO(GOOD.file()), birch_reads(), Refusing(failure, at_open=at_open))
    assert failure in (caught.value, caught.value.__cause__)


def test_a_taker_that_refuses_is_not_called_again() -> None:
    taker = Refusing(KfdeskError("exchange.already_taken"), at_open=True)
    assert refusal_code(taker) == "exchange.already_taken"
    assert taker.segments == []


def refusal_code(taker: Collector) -> str:
    with pytest.raises(KfdeskError) as caught:
        read_bundle(io.BytesIO(GOOD.file()), birch_reads(), taker)
    return caught.value.code


def test_an_error_says_nothing_of_the_content() -> None:
    parts = (Part(1, 3, pack_segment(b"canary in the content")),)
    with pytest.raises(KfdeskError) as caught:
        read(Draft(parts=parts).file())
    error = caught.value
    assert "canary" not in f"{error} {error!r} {error.data} {error.__cause__!r}"


def test_bit_flips_in_the_plaintext_are_all_found() -> None:
    """Anything but the signed content changed by one bit; encrypted anew, so age cannot tell."""
    whole = Draft(parts=PARTS).plaintext()
    content = len(whole.rstrip(b"\0"))
    for place in [*range(0, content, 7), content + 5, len(whole) - 1]:
        spoilt = bytearray(whole)
        spoilt[place] ^= 1 << place % 8
        code, _ = refusal_of(sealed(bytes(spoilt)))
        assert code.startswith("bundle."), place


def test_bit_flips_in_the_file_are_all_found() -> None:
    """In the header one bit in three bytes, in the payload here and there."""
    data = GOOD.file()
    for place in [*range(0, 1200, 3), *range(1200, len(data), 997), len(data) - 1]:
        spoilt = bytearray(data)
        spoilt[place] ^= 1 << place % 8
        code, _ = refusal_of(bytes(spoilt))
        assert code in ("bundle.not_a_bundle", "bundle.torn", "bundle.not_for_us"), place


def test_reading_leaves_alder_no_way_to_open_it() -> None:
    reading = ReaderContext(ALDER, frozenset({ALDER.sign_key}), SCHEMA)
    assert refusal_of(GOOD.file(), reading) == ("bundle.not_for_us", "no_key")
