# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every bundle, and for everything that pretends to be one.

Codecs give back what they were given; whatever bytes come in, either all of it is good or one
KfdeskError says why not. Any other exception would fail these tests.
"""

from __future__ import annotations

import io
from typing import Any

import msgspec
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tests.support.samples import examples
from tests.unit.bundle.bundle_samples import (
    ALDER,
    BIRCH,
    Draft,
    Part,
    bytes_for,
    header_of,
    opened,
    part,
    read,
    sealed,
)
from tests.vectors.bundle import second_reader

from kfdesk.bundle.age import MAX_HEADER, read_header
from kfdesk.bundle.card import (
    CARD_MAGIC,
    CardHolder,
    DeskKeys,
    KeyCard,
    is_card_name,
    is_signed,
    make_card,
    read_card,
    verification_digits,
)
from kfdesk.bundle.container import (
    MIN_PLAINTEXT,
    NO_COUNTS,
    Ack,
    BundleCounts,
    Manifest,
    Segment,
    SegmentEntry,
    SegmentKind,
    pack_segment,
    padded_length,
    read_manifest,
    unpack_segment,
)
from kfdesk.bundle.payload import unpack_records
from kfdesk.domain.errors import KfdeskError

few = settings(max_examples=examples(60), deadline=None)
many = settings(max_examples=examples(400), deadline=None)

ids = st.binary(min_size=16, max_size=16)
keys = st.binary(min_size=32, max_size=32)
u16 = st.integers(0, 2**16 - 1)
u32 = st.integers(0, 2**32 - 1)
u63 = st.integers(0, 2**63 - 1)


def code_of(work: Any) -> str:
    """`fine`, or the code of the one error that may come out."""
    try:
        work()
    except KfdeskError as error:
        return error.code if error.data["why"] else "without a reason"
    return "fine"


@st.composite
def spoilt(draw: st.DrawFn, good: bytes) -> bytes:
    """Good bytes with a few things done to them."""
    data = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(data)))
        piece = draw(st.binary(max_size=4))
        match draw(st.sampled_from(["set", "insert", "cut", "delete", "repeat"])):
            case "set":
                data[place : place + len(piece)] = piece
            case "insert":
                data[place:place] = piece
            case "cut":
                del data[place:]
            case "delete":
                del data[place : place + draw(st.integers(1, 100))]
            case _:
                data[place:place] = data[place : place + draw(st.integers(1, 100))]
    return bytes(data)


# Padding


@many
@given(st.integers(0, 2**29))
def test_padding_covers_and_wastes_little(length: int) -> None:
    padded = padded_length(length)
    assert padded >= max(length, MIN_PLAINTEXT)
    most = 0.0625 if padded < 131_072 else 0.032
    assert padded - max(length, MIN_PLAINTEXT) <= most * max(length, MIN_PLAINTEXT)


@many
@given(st.integers(0, 2**29))
def test_padding_twice_is_padding_once(length: int) -> None:
    assert padded_length(padded_length(length)) == padded_length(length)


@many
@given(st.integers(0, 2**29), st.integers(0, 2**29))
def test_padding_keeps_the_order_of_lengths(one: int, other: int) -> None:
    assert (padded_length(one) <= padded_length(other)) or one > other


@many
@given(st.integers(0, 2**29))
def test_padding_agrees_with_the_second_reader(length: int) -> None:
    assert padded_length(length) == second_reader.padme(length)


# Segments


@few
@given(st.binary(min_size=1, max_size=5000))
def test_what_is_packed_is_unpacked(raw: bytes) -> None:
    assert unpack_segment(pack_segment(raw), len(raw)) == raw


@many
@given(st.binary(max_size=300), st.integers(1, 1000))
@example(pack_segment(b"x")[:10], 1)
def test_unpacking_anything_gives_the_length_or_an_error(packed: bytes, size: int) -> None:
    found: list[bytes] = []
    code = code_of(lambda: found.append(unpack_segment(packed, size)))
    assert code == "bundle.torn" or len(found[0]) == size


@many
@given(spoilt(pack_segment(b"a shelter for sheep " * 20)))
def test_unpacking_spoilt_members_never_gives_other_bytes(packed: bytes) -> None:
    raw = b"a shelter for sheep " * 20
    found: list[bytes] = []
    code = code_of(lambda: found.append(unpack_segment(packed, len(raw))))
    assert code == "bundle.torn" or found == [raw]


# The manifest


@st.composite
def acks(draw: st.DrawFn) -> Ack:
    upto = draw(u63)
    missing = draw(st.sets(st.integers(1, max(upto - 1, 1)), max_size=64)) if upto > 1 else set()
    return Ack(draw(ids), upto, tuple(sorted(missing)))


entries = st.builds(
    SegmentEntry, st.integers(1, 255), st.integers(1, 2**22), st.integers(1, 2**22 + 1024), keys
)

manifests = st.builds(
    Manifest,
    format=st.just(1),
    bundle_id=ids,
    sender=keys,
    generation=u32,
    recipient=keys,
    age_keys=st.sets(keys, min_size=1, max_size=8).map(lambda found: tuple(sorted(found))),
    epoch=ids,
    seq=st.integers(1, 2**63 - 1),
    previous=keys,
    hlc=u63,
    schema=u16,
    min_reader=u16,
    ack=acks(),
    audit_head=keys,
    counts=st.builds(BundleCounts, st.integers(0, 200_000), u32, u32, u32),
    segments=st.lists(entries, max_size=40).map(tuple),
)


@many
@given(manifests)
def test_a_manifest_survives_its_bytes(manifest: Manifest) -> None:
    encoded = manifest.to_bytes()
    assert read_manifest(encoded) == manifest
    assert second_reader.pack(second_reader.unpack(encoded)) == encoded
    second_reader.check_manifest(second_reader.unpack(encoded))


@many
@given(st.binary(max_size=200))
def test_anything_as_a_manifest_gives_one_kind_of_error(encoded: bytes) -> None:
    assert code_of(lambda: read_manifest(encoded)) == "bundle.torn"


GOOD_MANIFEST = msgspec.msgpack.encode(Draft(parts=[part(1, b"\x90")])._members())


@many
@given(spoilt(GOOD_MANIFEST))
def test_both_readers_judge_a_spoilt_manifest_alike(encoded: bytes) -> None:
    def second() -> None:
        second_reader.check_manifest(second_reader.unpack(encoded))

    try:
        second()
        expected = "fine"
    except second_reader.RefusedError as refused:
        expected = f"bundle.{refused}".replace(" ", "_")
    assert code_of(lambda: read_manifest(encoded)) == expected


plain_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text()
    | st.binary(max_size=40),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)  # fmt: skip


@many
@given(st.integers(0, 15), plain_values)
def test_any_value_as_any_member_gives_no_other_error(place: int, value: Any) -> None:
    members = Draft()._members()
    members[place] = value
    encoded = msgspec.msgpack.encode(members)
    assert code_of(lambda: read_manifest(encoded)) in ("fine", "bundle.torn", "bundle.too_large")


# The gate

GOOD_FILE = Draft(parts=[part(1, b"\x90")]).file()
GOOD_HEADER = header_of(GOOD_FILE)


@many
@given(st.binary(max_size=600))
def test_the_gate_lets_nothing_but_its_own_errors_out(data: bytes) -> None:
    codes = ("bundle.not_a_bundle", "bundle.torn")
    assert code_of(lambda: read_header(io.BytesIO(data))) in codes


@many
@given(spoilt(GOOD_HEADER), st.integers(0, 10))
def test_what_passes_the_gate_has_one_form(header: bytes, stanzas: int) -> None:
    found: list[bytes] = []
    stream = io.BytesIO(header + b"payload")
    code = code_of(lambda: found.append(read_header(stream, stanzas=stanzas)))
    assert code in ("fine", "bundle.not_a_bundle", "bundle.torn")
    for passed in found:
        assert len(passed) <= MAX_HEADER
        assert passed.count(b"\n-> X25519 ") == stanzas


@many
@given(spoilt(GOOD_HEADER))
def test_the_second_reader_lets_the_same_headers_pass(header: bytes) -> None:
    data = header + b"payload"
    try:
        second_reader.parse_header(data)
        expected = "fine"
    except second_reader.RefusedError as refused:
        expected = f"bundle.{refused}".replace(" ", "_")
    assert code_of(lambda: read_header(io.BytesIO(data))) == expected


# Whole files


@few
@given(
    st.binary(max_size=140_000) | st.integers(0, 140_000).map(bytes),
    st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=7, unique=True),
)
def test_a_plaintext_survives_its_age_file(plain: bytes, secrets: list[bytes]) -> None:
    desks = [DeskKeys(bytes(32), secret) for secret in secrets]
    data = sealed(plain, [desk.age_key for desk in desks])
    for desk in desks:
        assert opened(data, desk) == plain


@few
@given(st.lists(st.tuples(st.sampled_from(SegmentKind), st.binary(min_size=1)), max_size=12))
def test_segments_survive_their_bundle(segments: list[tuple[SegmentKind, bytes]]) -> None:
    draft = Draft(parts=[part(kind, raw) for kind, raw in segments])
    _, taker = read(draft.file())
    assert taker.segments == [Segment(kind, raw, NO_COUNTS) for kind, raw in segments]


@few
@given(spoilt(GOOD_FILE))
def test_a_spoilt_file_is_refused(data: bytes) -> None:
    assume(data != GOOD_FILE)
    codes = ("bundle.not_a_bundle", "bundle.torn", "bundle.not_for_us")
    assert code_of(lambda: read(data)) in codes


@few
@given(st.binary(max_size=500))
def test_anything_sealed_for_us_is_refused(plain: bytes) -> None:
    code = code_of(lambda: read(sealed(plain)))
    assert code in ("bundle.torn", "bundle.newer", "bundle.too_large")


GOOD_PLAINTEXT = Draft(parts=[part(1, b"\x90" * 30), part(4, b"\x91")]).plaintext()


@few
@given(spoilt(GOOD_PLAINTEXT[:900]), st.booleans())
def test_a_spoilt_plaintext_sealed_anew_is_refused(start: bytes, is_padded: bool) -> None:
    plain = start + (GOOD_PLAINTEXT[900:] if is_padded else b"")
    assume(plain != GOOD_PLAINTEXT)
    assert code_of(lambda: read(sealed(plain))).startswith("bundle.")


@few
@given(st.integers(1, 255), st.binary(min_size=1, max_size=60), st.integers(1, 100))
def test_any_signed_segment_is_taken_or_refused(kind: int, packed: bytes, raw: int) -> None:
    code = code_of(lambda: read(Draft(parts=[Part(kind, raw, packed)]).file()))
    if kind >= 128 and kind not in set(SegmentKind):
        assert code == "fine"
    elif kind not in set(SegmentKind):
        assert code == "bundle.newer"
    else:
        assert code == "bundle.torn"


# Records: the two readers


texts = st.text("ab\u00e9", max_size=3)
values = st.none() | st.integers(-40, 40) | texts | st.lists(texts, max_size=2)
wids = st.sampled_from([bytes([number]) * 8 for number in range(3)])
fids = st.sampled_from([b"\0\0", b"\0\1", b"\1\0"])


mostly = st.integers(0, 7).map(bool)


@st.composite
def saves(draw: st.DrawFn) -> list[Any]:
    several = draw(st.lists(st.tuples(fids, wids, values), min_size=1, max_size=3))
    if draw(mostly):
        several = list({write[:2]: write for write in several}.values())
        several.sort(key=lambda write: write[:2])
    return [
        draw(st.integers(0, 3)),
        draw(st.sampled_from(["A", "B"])),
        b"".join(fid for fid, _, _ in several)[: None if draw(mostly) else 1],
        b"".join(wid for _, wid, _ in several),
        [value for _, _, value in several],
    ]


@st.composite
def deaths(draw: st.DrawFn) -> list[Any] | None:
    found = draw(st.dictionaries(st.integers(0, 256), st.sets(wids, min_size=1), max_size=2))
    pairs = [[fid, b"".join(sorted(ids))] for fid, ids in found.items()]
    if draw(mostly):
        return sorted(pairs) or None
    return pairs + draw(st.lists(st.just([1, b"short"]) | st.just([0, b""]), max_size=1))


@st.composite
def items(draw: st.DrawFn) -> list[Any]:
    found = draw(st.lists(saves(), max_size=3))
    if draw(mostly):
        found = [save for _, save in sorted({tuple(save[:2]): save for save in found}.items())]
    rid = draw(st.sampled_from([bytes([number]) * 16 for number in range(4)]))
    parent = draw(st.none() | st.just(rid)) if draw(mostly) else b"short"
    return [rid, draw(texts), parent, bytes(16), [found, draw(deaths())]]


def in_order(several: list[list[Any]]) -> list[list[Any]]:
    return [item for _, item in sorted({item[0]: item for item in several}.items())]


@many
@given(st.lists(items(), max_size=3).map(in_order) | st.lists(items(), max_size=3))
def test_both_readers_judge_records_alike(several: list[list[Any]]) -> None:
    raw = second_reader.pack(several)
    try:
        found = second_reader.read_records([(1, raw)])
        expected = "fine"
    except second_reader.RefusedError as refused:
        expected = f"bundle.{refused}".replace(" ", "_")
    assert code_of(lambda: unpack_records(raw)) == expected
    if expected == "fine":
        assert [row.rid for row in unpack_records(raw)] == [item[0] for item in found]


@many
@given(st.binary(max_size=200))
def test_anything_as_records_gives_one_kind_of_error(raw: bytes) -> None:
    assert code_of(lambda: unpack_records(raw)) in ("fine", "bundle.torn", "bundle.too_large")


# Cards


names = st.text(min_size=1, max_size=60).filter(is_card_name)
holders = st.builds(CardHolder, ids, names, ids, u32)


@settings(max_examples=examples(20), deadline=None)  # the second reader's arithmetic is slow
@given(holders, keys, keys)
def test_a_card_survives_its_bytes(holder: CardHolder, seed: bytes, secret: bytes) -> None:
    desk = DeskKeys(seed, secret)
    data = make_card(holder, desk)
    card = read_card(data)
    assert (card.org_id, card.org_name, card.device_id) == (
        holder.org_id,
        holder.org_name,
        holder.device_id,
    )
    assert (card.sign_key, card.age_keys) == (desk.sign_key, (desk.age_key,))
    assert second_reader.read_card(data)[2] == holder.org_name


@many
@given(st.text(max_size=70))
def test_both_readers_judge_a_name_alike(name: str) -> None:
    try:
        expected = bool(name) and second_reader.is_name(name)
    except UnicodeEncodeError:
        expected = False
    assert is_card_name(name) == expected


GOOD_CARD = make_card(CardHolder(bytes(16), "Alder", bytes(16), 1), ALDER)


@many
@given(spoilt(GOOD_CARD))
def test_a_spoilt_card_is_damaged(data: bytes) -> None:
    assume(data != GOOD_CARD)
    assert code_of(lambda: read_card(data)) == "card.damaged"


@many
@given(spoilt(GOOD_CARD[8:-64]))
def test_a_spoilt_body_signed_anew_gives_no_other_error(body: bytes) -> None:
    data = CARD_MAGIC + body + ALDER.sign(b"kfdesk-card-v1\0" + body)
    assert code_of(lambda: read_card(data)) in ("fine", "card.damaged")


@many
@given(st.binary(max_size=300))
def test_anything_as_a_card_is_damaged(data: bytes) -> None:
    assert code_of(lambda: read_card(data)) == "card.damaged"
    assert code_of(lambda: read_card(CARD_MAGIC + data)) == "card.damaged"


@few
@given(keys, keys)
def test_the_digits_are_the_same_on_both_sides(one: bytes, other: bytes) -> None:
    first, second = (
        read_card(
            make_card(CardHolder(bytes(16), "A desk", bytes(16), 1), DeskKeys(seed, BIRCH.seed))
        )
        for seed in (one, other)
    )
    assert isinstance(first, KeyCard)
    digits = verification_digits(first, second)
    assert digits == verification_digits(second, first)
    assert len(digits) == 71


# Signatures


@few
@given(keys, st.binary(max_size=200), st.binary(max_size=70))
def test_any_bytes_as_a_signature_give_no_error(key: bytes, message: bytes, mark: bytes) -> None:
    assert not is_signed(key, message, mark)
    assert is_signed(DeskKeys(key, key).sign_key, message, DeskKeys(key, key).sign(message))


def test_invented_bytes_are_the_same_every_time() -> None:
    assert bytes_for("a name") == bytes_for("a name") != bytes_for("another name")
