# SPDX-License-Identifier: GPL-3.0-or-later
"""Key cards: what one holds, each way to spoil it, and the digits both sides read aloud."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest
from tests.unit.bundle.bundle_samples import ALDER, BIRCH, CEDAR, bytes_for, keys_for, refusal

from kfdesk.bundle.card import (
    CARD_MAGIC,
    MAX_CARD,
    MAX_NAME_BYTES,
    CardHolder,
    DeskKeys,
    KeyCard,
    is_card_name,
    make_card,
    read_card,
    verification_digits,
)

ORG = bytes_for("organisation", 16)
DEVICE = bytes_for("device", 16)
FIELD = 2**255 - 19
LOW_ORDER_X25519 = [
    0,
    1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
    FIELD - 1,
]
LOW_ORDER_ED25519 = [
    bytes.fromhex("0100000000000000000000000000000000000000000000000000000000000000"),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    bytes.fromhex("0000000000000000000000000000000000000000000000000000000000000000"),
    bytes.fromhex("0000000000000000000000000000000000000000000000000000000000000080"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
]
NOT_CANONICAL_ED25519 = [
    bytes.fromhex("0100000000000000000000000000000000000000000000000000000000000080"),
    bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    bytes.fromhex("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
]


def holder(**changes: Any) -> CardHolder:
    plain: dict[str, Any] = {
        "org_id": ORG,
        "org_name": "Alder House",
        "device_id": DEVICE,
        "generation": 1,
    }
    return CardHolder(**(plain | changes))


def members(**changes: Any) -> list[Any]:
    """Return a good card's body as a plain list, some members changed."""
    plain: dict[str, Any] = {
        "version": 1,
        "org_id": ORG,
        "org_name": "Alder House",
        "device_id": DEVICE,
        "sign_key": ALDER.sign_key,
        "encryption_keys": [[1, ALDER.age_key]],
        "generation": 1,
    }
    assert changes.keys() <= plain.keys()
    return list((plain | changes).values())


def signed(body: bytes, keys: DeskKeys = ALDER, prefix: bytes = b"kfdesk-card-v1\0") -> bytes:
    return CARD_MAGIC + body + keys.sign(prefix + body)


def card_of(**changes: Any) -> bytes:
    return signed(msgspec.msgpack.encode(members(**changes)))


def refused(data: bytes) -> tuple[str, str | int]:
    return refusal(lambda: read_card(data))


def damaged(why: str) -> tuple[str, str]:
    return ("card.damaged", why)


def test_a_made_card_is_read() -> None:
    card = read_card(make_card(holder(generation=5), ALDER))
    assert card.version == 1
    assert card.org_id == ORG
    assert card.org_name == "Alder House"
    assert card.device_id == DEVICE
    assert card.sign_key == ALDER.sign_key
    assert card.age_keys == (ALDER.age_key,)
    assert card.generation == 5


def test_a_card_is_made_of_magic_body_and_signature() -> None:
    assert make_card(holder(), ALDER) == card_of()


def test_making_a_card_twice_gives_the_same_bytes() -> None:
    assert make_card(holder(), ALDER) == make_card(holder(), ALDER)


def test_the_current_key_stands_before_older_ones() -> None:
    older = (BIRCH.age_key, CEDAR.age_key, keys_for("elm").age_key)
    card = read_card(make_card(holder(), ALDER, older))
    assert card.age_keys == (ALDER.age_key, *older)


@pytest.mark.parametrize(
    ("change", "older"),
    [
        ({"org_id": bytes(15)}, ()),
        ({"device_id": b""}, ()),
        ({"generation": -1}, ()),
        ({"generation": 2**32}, ()),
        ({"org_name": ""}, ()),
        ({"org_name": "two\nlines"}, ()),
        ({}, (ALDER.age_key,)),
        ({}, (bytes(32),)),
        ({}, tuple(bytes_for(f"key {number}") for number in range(4))),
    ],
)
def test_what_no_card_may_hold_is_a_mistake(
    change: dict[str, Any], older: tuple[bytes, ...]
) -> None:
    with pytest.raises(ValueError, match="no reader"):
        make_card(holder(**change), ALDER, older)


# What is read


def test_more_than_4096_bytes_are_damaged() -> None:
    data = card_of().ljust(MAX_CARD, b"\0")
    assert refusal(lambda: read_card(data)) == damaged("content")
    assert refusal(lambda: read_card(data + b"\0")) == damaged("length")


@pytest.mark.parametrize("data", [b"", b"hello", b"KFCARD2\n", b"KFBNDL1\n", CARD_MAGIC[:-1]])
def test_another_magic_is_damaged(data: bytes) -> None:
    assert refused(data) == damaged("magic")


def test_every_cut_is_damaged() -> None:
    data = card_of()
    for length in range(len(data)):
        assert refused(data[:length])[0] == "card.damaged", length


def test_every_flipped_bit_is_damaged() -> None:
    data = card_of()
    for bit in range(len(data) * 8):
        spoilt = bytearray(data)
        spoilt[bit // 8] ^= 1 << bit % 8
        assert refused(bytes(spoilt))[0] == "card.damaged", bit


@pytest.mark.parametrize("more", [b"\0", b"\n", bytes(64)])
def test_bytes_behind_are_damaged(more: bytes) -> None:
    assert refused(card_of() + more)[0] == "card.damaged"


# The body


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 0},
        {"version": 2},
        {"version": "1"},
        {"org_id": bytes(15)},
        {"org_id": "0123456789abcdef"},
        {"org_name": b"Alder House"},
        {"org_name": None},
        {"device_id": bytes(17)},
        {"sign_key": bytes(31)},
        {"sign_key": None},
        {"encryption_keys": []},
        {"encryption_keys": [[1, bytes_for(str(number))] for number in range(5)]},
        {"encryption_keys": [[2, bytes_for("a key of a later kind")]]},
        {"encryption_keys": [[0, bytes_for("a key")]]},
        {"encryption_keys": [[1, bytes(31)]]},
        {"encryption_keys": [[1]]},
        {"encryption_keys": [[1, bytes_for("a key"), 0]]},
        {"encryption_keys": [bytes_for("a key")]},
        {"generation": -1},
        {"generation": 2**32},
    ],
)
def test_a_member_out_of_its_bounds_is_damaged(changes: dict[str, Any]) -> None:
    assert refused(card_of(**changes)) == damaged("content")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xc0",
        b"\x80",
        b"\x90",
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 3000,
        b"\x97\x01\xd9\x10" + b"\xff" * 16,
        msgspec.msgpack.encode(members()[:-1]),
        msgspec.msgpack.encode([*members(), 0]),
        msgspec.msgpack.encode(members()) + b"\0",
    ],
)
def test_a_body_that_is_no_card_is_damaged(body: bytes) -> None:
    assert refused(signed(body)) == damaged("content")


@pytest.mark.parametrize(
    ("short", "long"),
    [
        (b"\x97\x01", b"\xdc\x00\x07\x01"),
        (b"\x97\x01", b"\x97\xcc\x01"),
        (b"\xabAlder House", b"\xd9\x0bAlder House"),
        (b"\xc4\x10" + ORG, b"\xc5\x00\x10" + ORG),
    ],
)
def test_a_longer_spelling_of_the_same_is_damaged(short: bytes, long: bytes) -> None:
    body = msgspec.msgpack.encode(members())
    assert body.count(short) == 1
    assert refused(signed(body.replace(short, long))) == damaged("not_canonical")


@pytest.mark.parametrize("key", [BIRCH, CEDAR])
def test_a_card_signed_by_another_is_damaged(key: DeskKeys) -> None:
    body = msgspec.msgpack.encode(members())
    assert refused(signed(body, key)) == damaged("signature")


@pytest.mark.parametrize("prefix", [b"", b"kfdesk-card-v1", b"kfdesk-bundle-v1\0"])
def test_a_signature_for_another_purpose_is_damaged(prefix: bytes) -> None:
    body = msgspec.msgpack.encode(members())
    assert refused(signed(body, prefix=prefix)) == damaged("signature")


@pytest.mark.parametrize("key", LOW_ORDER_ED25519 + NOT_CANONICAL_ED25519)
def test_a_low_order_or_odd_sign_key_is_damaged(key: bytes) -> None:
    assert refused(card_of(sign_key=key)) == damaged("sign_key")


def test_a_sign_key_with_a_low_order_part_is_damaged() -> None:
    """A real key plus the point of order two: sound to look at, but not in the subgroup."""
    y = int.from_bytes(ALDER.sign_key, "little") & (2**255 - 1)
    sign = ALDER.sign_key[31] >> 7
    mixed = ((FIELD - y) | (1 - sign) << 255).to_bytes(32, "little")
    assert refused(card_of(sign_key=mixed)) == damaged("sign_key")


@pytest.mark.parametrize("value", [*LOW_ORDER_X25519, FIELD, FIELD + 1, 2**255 + 9, 2**256 - 1])
def test_a_low_order_or_odd_encryption_key_is_damaged(value: int) -> None:
    key = value.to_bytes(32, "little")
    assert refused(card_of(encryption_keys=[[1, key]])) == damaged("age_key")
    both = [[1, ALDER.age_key], [1, key]]
    assert refused(card_of(encryption_keys=both)) == damaged("age_key")


def test_an_encryption_key_twice_is_damaged() -> None:
    twice = [[1, ALDER.age_key], [1, BIRCH.age_key], [1, ALDER.age_key]]
    assert refused(card_of(encryption_keys=twice)) == damaged("age_key_twice")


# Names


@pytest.mark.parametrize(
    "name",
    [
        "A",
        "Alder House",
        "Alksnių namai",
        "Lepikumaja „Õnn“",
        "Дом «Ольха»",
        "Притулок «Їжак»",
        "Dom Łąka & Żuraw, sp. z o.o.",
        "女性の家",
        "x" * MAX_NAME_BYTES,
    ],
)
def test_a_visible_name_will_do(name: str) -> None:
    assert is_card_name(name)
    assert read_card(card_of(org_name=name)).org_name == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        " Alder",
        "Alder ",
        "Alder\u00a0",
        "Alder\nHouse",
        "Alder\tHouse",
        "Alder\0",
        "Alder\x7f",
        "Alder\u0085House",
        "Alder\u2028House",
        "Alder\u2029House",
        "Alder\u200bHouse",
        "Alder\u200eHouse",
        "Alder\u202eesuoH",
        "Alder\u2066House",
        "Alder\ufeffHouse",
        "Al\u00adder",
        "A\u0308lder",
        "Å" * (MAX_NAME_BYTES // 2 + 1),
        "x" * (MAX_NAME_BYTES + 1),
    ],
)
def test_a_name_with_hidden_signs_or_too_long_will_not_do(name: str) -> None:
    assert not is_card_name(name)
    assert refused(card_of(org_name=name)) == damaged("name")


def test_half_a_sign_is_no_name() -> None:
    assert not is_card_name("Alder\ud800")


# The digits


def card_for(name: str, **changes: Any) -> KeyCard:
    return read_card(make_card(holder(**changes), keys_for(name)))


def test_there_are_twelve_groups_of_five() -> None:
    groups = verification_digits(card_for("alder house"), card_for("birch house")).split(" ")
    assert len(groups) == 12
    assert all(len(group) == 5 and group.isdecimal() for group in groups)


def test_both_sides_read_the_same() -> None:
    for number in range(30):
        ours, theirs = card_for(f"ours {number}"), card_for(f"theirs {number}")
        assert verification_digits(ours, theirs) == verification_digits(theirs, ours)


def test_another_key_changes_both_halves() -> None:
    ours = card_for("alder house")
    one = verification_digits(ours, card_for("birch house")).split(" ")
    other = verification_digits(ours, card_for("an impostor")).split(" ")
    assert all(group not in other for group in one)


def test_any_change_of_a_card_changes_the_digits() -> None:
    ours, theirs = card_for("alder house"), "birch house"
    found = {
        verification_digits(ours, card_for(theirs)),
        verification_digits(ours, card_for(theirs, generation=2)),
        verification_digits(ours, card_for(theirs, org_name="Birch House")),
        verification_digits(ours, card_for(theirs, device_id=bytes(16))),
        verification_digits(ours, card_for(theirs, org_id=bytes(16))),
    }
    assert len(found) == 5


def test_the_digits_are_those_of_the_format() -> None:
    """Worked out by the words of FORMAT.md."""
    ours, theirs = card_for("alder house"), card_for("birch house")
    a, b = sorted([ours.to_bytes(), theirs.to_bytes()])
    groups = []
    for x, y in ((a, b), (b, a)):
        inner = hashlib.sha512(x).digest() + hashlib.sha512(y).digest()
        d = hashlib.sha512(b"kfdesk-digits-v1\0" + inner).digest()
        for place in (0, 5, 10, 15, 20, 25):
            groups.append(str(int(d[place : place + 5].hex(), 16) % 100_000).zfill(5))
    assert verification_digits(ours, theirs) == " ".join(groups)
