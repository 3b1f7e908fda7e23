# SPDX-License-Identifier: GPL-3.0-or-later
"""The manifest: one canonical spelling, every bound on both sides, one error for all the rest."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest
from tests.unit.bundle.bundle_samples import ALDER, BIRCH, bytes_for, refusal

from kfdesk.bundle.container import (
    MAX_MANIFEST,
    MAX_PACKED,
    MAX_RAW,
    MAX_RAW_TOTAL,
    MAX_RECORDS,
    MAX_SEGMENTS,
    manifest_digest,
    read_manifest,
)

MOST = 2**63 - 1


def entry(raw: int = 1, packed: int = 1, kind: int = 1) -> list[Any]:
    return [kind, raw, packed, bytes_for("hash")]


def members(**changes: Any) -> list[Any]:
    """Return a good manifest as a plain list, some members changed."""
    plain: dict[str, Any] = {
        "format": 1,
        "bundle_id": bytes_for("id", 16),
        "sender": ALDER.sign_key,
        "generation": 3,
        "recipient": BIRCH.sign_key,
        "age_keys": [BIRCH.age_key],
        "epoch": bytes_for("epoch", 16),
        "seq": 5,
        "previous": bytes_for("previous"),
        "hlc": 1_700_000_000_000 << 16,
        "schema": 7,
        "min_reader": 6,
        "ack": [bytes_for("their epoch", 16), 9, [3, 4]],
        "audit_head": bytes_for("audit"),
        "counts": [1, 2, 3, 4],
        "segments": [entry(100, 50)],
    }
    assert changes.keys() <= plain.keys()
    return list((plain | changes).values())


def encode(value: object) -> bytes:
    return msgspec.msgpack.encode(value)


def refused(encoded: bytes) -> tuple[str, str | int]:
    return refusal(lambda: read_manifest(encoded))


TORN = ("bundle.torn", "manifest")


def test_a_good_manifest_is_read_member_by_member() -> None:
    manifest = read_manifest(encode(members()))
    assert manifest.format == 1
    assert manifest.bundle_id == bytes_for("id", 16)
    assert manifest.sender == ALDER.sign_key
    assert manifest.generation == 3
    assert manifest.recipient == BIRCH.sign_key
    assert manifest.age_keys == (BIRCH.age_key,)
    assert manifest.epoch == bytes_for("epoch", 16)
    assert manifest.seq == 5
    assert manifest.previous == bytes_for("previous")
    assert manifest.hlc == 1_700_000_000_000 << 16
    assert (manifest.schema, manifest.min_reader) == (7, 6)
    assert (manifest.ack.contiguous, manifest.ack.missing) == (9, (3, 4))
    assert manifest.audit_head == bytes_for("audit")
    assert manifest.counts.records == 1
    assert manifest.counts.writes == 2
    assert manifest.counts.erasures == 3
    assert manifest.counts.chunks == 4
    assert manifest.segments[0].kind == 1
    assert manifest.segments[0].raw == 100
    assert manifest.segments[0].packed == 50
    assert manifest.segments[0].sha256 == bytes_for("hash")


def test_a_manifest_writes_itself_as_it_was_read() -> None:
    encoded = encode(members())
    assert read_manifest(encoded).to_bytes() == encoded


def test_the_digest_is_the_sha256_of_the_bytes() -> None:
    encoded = encode(members())
    assert manifest_digest(encoded) == hashlib.sha256(encoded).digest()


@pytest.mark.parametrize(
    "changes",
    [
        {"generation": 0},
        {"generation": 2**32 - 1},
        {"seq": 1},
        {"seq": MOST},
        {"hlc": 0},
        {"hlc": MOST},
        {"schema": 0, "min_reader": 0},
        {"schema": 65_535, "min_reader": 65_535},
        {"ack": [bytes(16), 0, []]},
        {"ack": [bytes(16), MOST, [1, MOST - 1]]},
        {"ack": [bytes(16), 65, list(range(1, 65))]},
        {"age_keys": sorted(bytes_for(f"key {number}") for number in range(8))},
        {"counts": [MAX_RECORDS, 2**32 - 1, 2**32 - 1, 2**32 - 1]},
        {"segments": []},
        {"segments": [entry(MAX_RAW, MAX_PACKED)]},
        {"segments": [entry(kind=1), entry(kind=255)]},
        {"segments": [entry(MAX_RAW)] * (MAX_RAW_TOTAL // MAX_RAW)},
        {"segments": [entry()] * MAX_SEGMENTS},
    ],
)
def test_the_furthest_values_still_pass(changes: dict[str, Any]) -> None:
    encoded = encode(members(**changes))
    assert read_manifest(encoded).to_bytes() == encoded


def test_the_largest_manifest_fits_its_limit() -> None:
    """Every member at its longest: no writer can make a manifest that is too long."""
    most = members(
        generation=2**32 - 1,
        age_keys=[bytes_for(f"key {number}") for number in range(8)],
        seq=MOST,
        hlc=MOST,
        schema=65_535,
        min_reader=65_535,
        ack=[bytes(16), MOST, [MOST] * 64],
        counts=[2**32 - 1] * 4,
        segments=[entry(MAX_RAW, MAX_PACKED, 255)] * MAX_SEGMENTS,
    )
    assert len(encode(most)) <= MAX_MANIFEST


@pytest.mark.parametrize(
    "changes",
    [
        {"format": -1},
        {"format": 256},
        {"format": "1"},
        {"format": None},
        {"format": True},
        {"format": 1.0},
        {"bundle_id": bytes(15)},
        {"bundle_id": bytes(17)},
        {"bundle_id": "0123456789abcdef"},
        {"bundle_id": None},
        {"sender": bytes(31)},
        {"sender": bytes(33)},
        {"sender": [0] * 32},
        {"generation": -1},
        {"generation": 2**32},
        {"recipient": b""},
        {"recipient": bytes(33)},
        {"age_keys": []},
        {"age_keys": BIRCH.age_key},
        {"age_keys": [bytes(31)]},
        {"age_keys": sorted(bytes_for(f"key {number}") for number in range(9))},
        {"epoch": bytes(8)},
        {"seq": 0},
        {"seq": -1},
        {"seq": MOST + 1},
        {"seq": 2**64 - 1},
        {"previous": bytes(64)},
        {"previous": None},
        {"hlc": -1},
        {"hlc": MOST + 1},
        {"hlc": 1.5},
        {"schema": 65_536},
        {"schema": -1},
        {"min_reader": 65_536},
        {"ack": None},
        {"ack": []},
        {"ack": [bytes(16), 0]},
        {"ack": [bytes(16), 0, [], 0]},
        {"ack": [bytes(15), 0, []]},
        {"ack": [bytes(16), -1, []]},
        {"ack": [bytes(16), MOST + 1, []]},
        {"ack": [bytes(16), MOST, [MOST + 1]]},
        {"ack": [bytes(16), 5, [0]]},
        {"ack": [bytes(16), 99, list(range(1, 66))]},
        {"ack": {"epoch": bytes(16), "contiguous": 0, "missing": []}},
        {"audit_head": bytes(20)},
        {"counts": [0, 0, 0]},
        {"counts": [0, 0, 0, 0, 0]},
        {"counts": [0, 0, 0, -1]},
        {"counts": [0, 0, 0, 2**32]},
        {"segments": None},
        {"segments": [[]]},
        {"segments": [entry()[:3]]},
        {"segments": [[*entry(), 0]]},
        {"segments": [entry(raw=0)]},
        {"segments": [entry(raw=MAX_RAW + 1)]},
        {"segments": [entry(packed=0)]},
        {"segments": [entry(packed=MAX_PACKED + 1)]},
        {"segments": [entry(kind=0)]},
        {"segments": [entry(kind=256)]},
        {"segments": [[1, 1, 1, bytes(31)]]},
        {"segments": [entry()] * (MAX_SEGMENTS + 1)},
    ],
)
def test_a_member_out_of_its_bounds_is_torn(changes: dict[str, Any]) -> None:
    assert refused(encode(members(**changes))) == TORN


@pytest.mark.parametrize("format_number", [0, 2, 255])
def test_another_format_number_is_torn(format_number: int) -> None:
    assert refused(encode(members(format=format_number))) == ("bundle.torn", "manifest_format")


LOW, HIGH = sorted([bytes_for("one key"), bytes_for("another key")])


@pytest.mark.parametrize("keys", [[HIGH, LOW], [LOW, LOW], [LOW, HIGH, HIGH], [LOW, HIGH, LOW]])
def test_age_keys_out_of_order_or_twice_are_torn(keys: list[bytes]) -> None:
    assert refused(encode(members(age_keys=keys))) == ("bundle.torn", "manifest_age_keys")


@pytest.mark.parametrize(
    ("upto", "missing"),
    [(9, [4, 3]), (9, [3, 3]), (9, [9]), (9, [10]), (9, [3, 10]), (0, [1]), (9, [MOST])],
)
def test_missing_numbers_out_of_order_or_above_are_torn(upto: int, missing: list[int]) -> None:
    encoded = encode(members(ack=[bytes(16), upto, missing]))
    assert refused(encoded) == ("bundle.torn", "manifest_ack")


def test_a_raw_total_above_one_gib_is_too_large() -> None:
    full = [entry(MAX_RAW)] * (MAX_RAW_TOTAL // MAX_RAW)
    encoded = encode(members(segments=[*full, entry(1)]))
    assert refused(encoded) == ("bundle.too_large", "raw_total")


def test_more_records_than_a_bundle_may_hold_is_too_large() -> None:
    encoded = encode(members(counts=[MAX_RECORDS + 1, 0, 0, 0]))
    assert refused(encoded) == ("bundle.too_large", "records")


@pytest.mark.parametrize("place", range(16))
def test_a_missing_member_is_torn(place: int) -> None:
    shorter = members()
    del shorter[place]
    assert refused(encode(shorter)) == TORN


@pytest.mark.parametrize("more", [None, 0, b"", []])
def test_a_further_member_is_torn(more: object) -> None:
    assert refused(encode([*members(), more])) == TORN


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("nothing", b""),
        ("nil", b"\xc0"),
        ("an integer", b"\x01"),
        ("never used", b"\xc1"),
        ("an empty array", b"\x90"),
        ("an empty map", b"\x80"),
        ("a map of 16", b"\x8f" + b"\x00" * 30),
        ("an extension", b"\xd4\x01\x00"),
        ("a huge array", b"\xdd\xff\xff\xff\xff"),
        ("a huge byte string", b"\xdc\x00\x10\x01\xc6\xff\xff\xff\xff"),
        ("a huge map", b"\xdf\xff\xff\xff\xff"),
        ("deep nesting", b"\x91" * 200_000),
        ("deep nesting in a member", b"\xdc\x00\x10" + b"\x91" * 200_000),
        ("text that is not UTF-8", b"\xdc\x00\x10\xa2\xff\xff"),
        ("a text as a member", b"\xdc\x00\x10\x01\xd9\x10" + b"\xff" * 16),
        ("a huge array of keys", encode(members())[:80] + b"\xdd\xff\xff\xff\xff"),
    ],
)
def test_bytes_that_are_no_manifest_are_torn(name: str, encoded: bytes) -> None:
    assert refused(encoded) == TORN, name


GOOD = encode(members())


def test_every_cut_is_torn() -> None:
    for length in range(len(GOOD)):
        assert refused(GOOD[:length]) == TORN


def test_bytes_behind_are_torn() -> None:
    assert refused(GOOD + b"\0") == TORN
    assert refused(GOOD + GOOD) == TORN


SHORT_AND_LONG = [
    ("the outer array as array32", b"\xdc\x00\x10", b"\xdd\x00\x00\x00\x10"),
    ("format as uint8", b"\xdc\x00\x10\x01", b"\xdc\x00\x10\xcc\x01"),
    ("format as uint64", b"\xdc\x00\x10\x01", b"\xdc\x00\x10\xcf" + bytes(7) + b"\x01"),
    ("format as int8", b"\xdc\x00\x10\x01", b"\xdc\x00\x10\xd0\x01"),
    ("format as int64", b"\xdc\x00\x10\x01", b"\xdc\x00\x10\xd3" + bytes(7) + b"\x01"),
    ("the id as bin16", b"\xc4\x10" + bytes_for("id", 16), b"\xc5\x00\x10" + bytes_for("id", 16)),
    (
        "the sender as bin32",
        b"\xc4\x20" + ALDER.sign_key,
        b"\xc6\x00\x00\x00\x20" + ALDER.sign_key,
    ),
    ("the keys as array16", b"\x91\xc4\x20", b"\xdc\x00\x01\xc4\x20"),
    ("the counts as array16", b"\x94\x01\x02", b"\xdc\x00\x04\x01\x02"),
    ("a missing number as uint16", b"\x92\x03\x04", b"\x92\xcd\x00\x03\x04"),
]


@pytest.mark.parametrize(("name", "short", "long"), SHORT_AND_LONG)
def test_a_longer_spelling_of_the_same_is_refused(name: str, short: bytes, long: bytes) -> None:
    assert GOOD.count(short) == 1, name
    assert refused(GOOD.replace(short, long)) == ("bundle.torn", "manifest_not_canonical"), name
