# SPDX-License-Identifier: GPL-3.0-or-later
"""The records segment and the door: both sides of each limit, and counts that must be true."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs
from tests.support.make import (
    HERSELF,
    OURS,
    OWN_DESK,
    PLAN,
    basis,
    disclosed,
    named_bytes,
    named_id,
    row,
)
from tests.unit.bundle.bundle_samples import ALDER, BIRCH, bytes_for, known, outgoing, refusal

from kfdesk.bundle import budget, files
from kfdesk.bundle.container import BundleCounts, Segment, SegmentKind, SenderVersions
from kfdesk.bundle.files import BundleFiles
from kfdesk.bundle.payload import (
    MAX_RECORD_FIELDS,
    MAX_SIBLINGS,
    MAX_SUPERSEDED,
    CompressedRows,
    pack_records,
    unpack_received,
    unpack_records,
)
from kfdesk.bundle.writer import write_bundle
from kfdesk.domain.disclosure import Channel, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    MAX_MESSAGES_RAW,
    MAX_RECORDS_RAW,
    Identity,
    Payload,
    ReceivedBundle,
)
from kfdesk.domain.kinds import MAX_VALUE_BYTES
from kfdesk.domain.records.registry import RECORD_TYPES, SCHEMA_VERSION
from kfdesk.domain.registers import (
    DELETION,
    EMPTY_STATE,
    MAX_RECORD_BYTES,
    RecordState,
    Write,
    build_state,
    encode_state,
    live_writes,
)

HEAD = len(msgspec.msgpack.encode("x" * 2**15)) - 2**15  # what a long text has before it
LONGEST = "x" * (MAX_VALUE_BYTES - HEAD)


def written_at(number: int, *, fid: int = 1, value: Any = "x") -> Write:
    return Write(fid, named_bytes(f"write {number}", 8), number, "PP, Nordhuset", value)


def packed(state: RecordState, rid: bytes = named_id("leg")) -> bytes:
    """Return the bytes of a segment with one leg."""
    return msgspec.msgpack.encode([[rid, "leg", PLAN, OURS, state]])


def with_fields(count: int) -> RecordState:
    return build_state([written_at(number, fid=number + 1) for number in range(count)], ())


def with_siblings(count: int) -> RecordState:
    return build_state([written_at(number) for number in range(count)], ())


def with_dead(count: int, fid: int = 1) -> RecordState:
    dead = [(fid, named_bytes(f"dead {n}", 8)) for n in range(count)]
    return build_state([written_at(1, fid=fid)], dead)


def with_value(value: str) -> RecordState:
    return build_state([written_at(1, value=value)], ())


AT_LIMIT = {
    "fields": (with_fields(MAX_RECORD_FIELDS), with_fields(MAX_RECORD_FIELDS + 1)),
    "siblings": (with_siblings(MAX_SIBLINGS), with_siblings(MAX_SIBLINGS + 1)),
    "dead": (with_dead(MAX_SUPERSEDED), with_dead(MAX_SUPERSEDED + 1)),
    "value": (with_value(LONGEST), with_value(LONGEST + "x")),
}


@pytest.mark.parametrize("limit", AT_LIMIT)
def test_record_at_its_limit_is_taken_and_one_beyond_it_is_refused(limit: str) -> None:
    within, beyond = AT_LIMIT[limit]
    assert [found.state for found in unpack_records(packed(within))] == [within]
    assert refusal(lambda: unpack_records(packed(beyond))) == ("bundle.too_large", limit)


def test_field_of_which_only_dead_writes_are_left_counts_as_a_field() -> None:
    live = [written_at(number, fid=number + 1) for number in range(MAX_RECORD_FIELDS)]
    state = build_state(live, [(MAX_RECORD_FIELDS + 1, named_bytes("dead", 8))])
    assert refusal(lambda: unpack_records(packed(state))) == ("bundle.too_large", "fields")


CARRIER = RECORD_TYPES["leg"].ids["carrier"]


def of_bytes(size: int) -> RecordState:
    """Return a state of this many encoded bytes."""

    def of_texts(first: int, last: int) -> RecordState:
        lengths = [first] * (MAX_SIBLINGS - 1) + [last]
        texts = [f"{n}".zfill(length) for n, length in enumerate(lengths)]
        return build_state([written_at(n, fid=CARRIER, value=t) for n, t in enumerate(texts)], ())

    short = size - len(encode_state(of_texts(60_000, 60_000)))
    each = short // MAX_SIBLINGS
    return of_texts(60_000 + each, 60_000 + short - each * (MAX_SIBLINGS - 1))


def test_record_of_two_mebibytes_is_taken_and_one_byte_more_is_refused() -> None:
    within = of_bytes(MAX_RECORD_BYTES)
    assert len(encode_state(within)) == MAX_RECORD_BYTES
    assert [found.state for found in unpack_records(packed(within))] == [within]
    beyond = packed(of_bytes(MAX_RECORD_BYTES + 1))
    assert refusal(lambda: unpack_records(beyond)) == ("bundle.too_large", "record")


def sent(state: RecordState) -> RecordState:
    """Return the state of a leg as the writer puts it into a file, and a reader finds it."""
    leg = row("leg", {}, parent=PLAN)
    what = disclose((replace(leg, state=state),), OWN_DESK, Channel.BUNDLE, basis())
    (segment,) = pack_records(what)
    (found,) = unpack_records(segment.raw)
    return found.state


def test_writer_sends_a_record_at_its_limit_as_it_is() -> None:
    full = build_state([written_at(n, fid=CARRIER, value=f"{n}") for n in range(MAX_SIBLINGS)], ())
    assert sent(full) == full
    long = build_state([written_at(1, fid=CARRIER, value=LONGEST)], ())
    assert sent(long) == long


def test_writer_folds_equal_values_where_there_are_too_many() -> None:
    equal = build_state([written_at(n, fid=CARRIER) for n in range(MAX_SIBLINGS + 1)], ())
    assert [write.hlc for write in live_writes(sent(equal))] == [MAX_SIBLINGS]


@pytest.mark.parametrize(
    ("state", "code", "field"),
    [
        (
            build_state([written_at(n, fid=CARRIER, value=f"{n}") for n in range(33)], ()),
            "exchange.field_too_full",
            "leg.carrier",
        ),
        (
            build_state([written_at(1, fid=CARRIER, value=LONGEST + "x")], ()),
            "exchange.field_too_full",
            "leg.carrier",
        ),
        (
            build_state(
                [
                    written_at(1, fid=CARRIER),
                    *(written_at(n, fid=DELETION, value=f"{n}") for n in range(33)),
                ],
                (),
            ),
            "exchange.record_too_full",
            None,
        ),
        (with_dead(MAX_SUPERSEDED + 1, fid=CARRIER), "exchange.record_too_full", None),
        (of_bytes(MAX_RECORD_BYTES + 1), "exchange.record_too_full", None),
    ],
)
def test_writer_refuses_what_its_reader_would_refuse(
    state: RecordState, code: str, field: str | None
) -> None:
    with pytest.raises(KfdeskError) as refused:
        sent(state)
    assert (refused.value.code, refused.value.data.get("field")) == (code, field)


def test_id_of_another_length_is_torn() -> None:
    short = packed(EMPTY_STATE, rid=b"x" * 15)
    assert refusal(lambda: unpack_records(short)) == ("bundle.torn", "record_id")


def test_records_that_are_not_in_their_order_are_torn() -> None:
    first, second = sorted((named_id("one"), named_id("other")))
    kept, turned = (
        msgspec.msgpack.encode([[rid, "leg", PLAN, OURS, EMPTY_STATE] for rid in rids])
        for rids in ((first, second), (second, first))
    )
    assert [found.rid for found in unpack_records(kept)] == [first, second]
    assert refusal(lambda: unpack_records(turned)) == ("bundle.torn", "records_order")


def test_where_nothing_may_go_no_segment_is_packed() -> None:
    nothing = disclosed(to=HERSELF, rows=(row("contact", {"family_name": "Påhittad"}),))
    assert nothing.rows == ()
    assert list(pack_records(nothing)) == []


def test_many_records_go_in_several_segments_sorted_and_truly_counted() -> None:
    long = {"booking_reference": "x" * 60_000}
    rows = tuple(row("leg", long, rid=named_id(f"leg {n}"), parent=PLAN) for n in range(40))
    what = disclose(rows, OWN_DESK, Channel.BUNDLE, basis())
    segments = list(pack_records(what))
    taken = [unpack_records(segment.raw) for segment in segments]
    assert len(segments) > 1
    assert [found for part in taken for found in part] == sorted(rows, key=lambda leg: leg.rid)
    counted = [(len(part), len(part), 0, 0) for part in taken]
    assert [msgspec.structs.astuple(segment.counts) for segment in segments] == counted


# the door


def legs(*names: str) -> Segment:
    """Return a segment of empty legs with its true counts."""
    rids = sorted(named_id(name) for name in names)
    items = [[rid, "leg", PLAN, OURS, EMPTY_STATE] for rid in rids]
    return Segment(
        SegmentKind.RECORDS, msgspec.msgpack.encode(items), BundleCounts(len(items), 0, 0, 0)
    )


def taken(folder: Path, *segments: Segment) -> ReceivedBundle:
    """Return what Birch takes from a file of Alder's with these segments."""
    terms = SenderVersions(card_generation=1, schema=SCHEMA_VERSION, min_reader=SCHEMA_VERSION)
    written = write_bundle(folder, outgoing(segments, terms=terms), ALDER)
    birch = Identity(
        OURS,
        "Birch",
        bytes(16),
        bytes_for("birch house seed"),
        BIRCH.age_secret,
        bytes_for("epoch", 16),
    )
    return BundleFiles(bytes).read(written.path, birch, known(ALDER, OURS))


def test_rows_of_several_segments_are_taken_in_their_order(tmp_path: Path) -> None:
    rids = sorted(named_id(name) for name in "abcd")
    halves = [
        Segment(
            SegmentKind.RECORDS,
            msgspec.msgpack.encode([[rid, "leg", PLAN, OURS, EMPTY_STATE] for rid in half]),
            BundleCounts(2, 0, 0, 0),
        )
        for half in (rids[:2], rids[2:])
    ]
    assert [found.rid for found in taken(tmp_path, *halves).rows] == rids
    assert refusal(lambda: taken(tmp_path, *reversed(halves))) == ("bundle.torn", "records_order")


def test_record_that_comes_twice_is_torn(tmp_path: Path) -> None:
    twice = (legs("a"), legs("a"))
    assert refusal(lambda: taken(tmp_path, *twice)) == ("bundle.torn", "records_order")


def test_counts_that_are_not_true_are_torn(tmp_path: Path) -> None:
    boast = Segment(SegmentKind.RECORDS, legs("a").raw, BundleCounts(2, 0, 0, 0))
    assert refusal(lambda: taken(tmp_path, boast)) == ("bundle.torn", "counts")


def test_segment_of_another_kind_holds_no_rows(tmp_path: Path) -> None:
    raw = msgspec.msgpack.encode([[named_id("b"), 0, bytes_for("chunks", 300)]])
    chunks = Segment(SegmentKind.CHUNKS, raw, BundleCounts(0, 0, 0, 1))
    assert [found.rid for found in taken(tmp_path, legs("a"), chunks).rows] == [named_id("a")]


def test_rows_of_a_large_file_are_packed_and_walked_through_as_they_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rids = sorted(named_id(name) for name in "abcdef")
    parts = [
        Segment(
            SegmentKind.RECORDS,
            msgspec.msgpack.encode([[rid, "leg", PLAN, OURS, EMPTY_STATE] for rid in part]),
            BundleCounts(len(part), 0, 0, 0),
        )
        for part in (rids[:2], rids[2:3], rids[3:])
    ]
    whole = taken(tmp_path, *parts).rows
    assert isinstance(whole, tuple)
    monkeypatch.setattr(files, "UNPACKED_LIMIT", len(parts[0].raw))
    packed = taken(tmp_path, *parts).rows
    assert isinstance(packed, CompressedRows)
    assert len(packed) == len(whole)
    assert tuple(packed) == tuple(packed) == whole
    assert (packed[0], packed[4], packed[1:3]) == (whole[0], whole[4], whole[1:3])
    assert refusal(lambda: taken(tmp_path, *reversed(parts))) == ("bundle.torn", "records_order")
    with pytest.raises(IndexError):
        packed[6]


def test_what_was_proved_before_is_not_proved_again() -> None:
    spare = RecordState((), ())  # where nothing was replaced there is nil, and no empty list
    rows = [
        [named_id(name), "leg", PLAN, OURS, state]
        for name, state in sorted({"a": with_fields(3), "b": spare, "c": with_fields(2)}.items())
    ]
    raw = msgspec.msgpack.encode(sorted(rows, key=lambda item: item[0]))
    assert refusal(lambda: unpack_received(raw)) == ("bundle.torn", "records_not_canonical")
    sent = unpack_received(raw, lambda _rows: {named_id("a"), named_id("b")})
    assert [one.rid for one in sent] == sorted(map(named_id, "abc"))
    assert refusal(lambda: unpack_received(raw, lambda _rows: {named_id("a")})) == (
        "bundle.torn",
        "records_not_canonical",
    )


def test_head_in_another_form_is_torn_whatever_is_known() -> None:
    raw = packed(EMPTY_STATE)
    longer = b"\xdc\0\1" + raw[1:]  # an array of one, with the head of a long one
    assert refusal(lambda: unpack_received(longer)) == ("bundle.torn", "records_not_canonical")
    found = refusal(lambda: unpack_received(longer, lambda _rows: {named_id("leg")}))
    assert found == ("bundle.torn", "records_not_canonical")


def test_content_of_documents_goes_only_where_somebody_gives_it() -> None:
    assert list(Payload(disclosed(to=OWN_DESK)).content(named_id("a"))) == []


def full_leg() -> Segment:
    """Return a segment of one leg with two saves and three superseded ids."""
    dead = [(CARRIER, bytes([n]) * 8) for n in (1, 2, 3)]
    state = build_state([written_at(1, fid=CARRIER), written_at(2, fid=CARRIER + 1)], dead)
    return Segment(SegmentKind.RECORDS, packed(state), BundleCounts(1, 2, 0, 0))


@pytest.mark.parametrize(("why", "found"), [("saves", 2), ("superseded", 3)])
def test_saves_and_superseded_ids_of_a_file_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str, found: int
) -> None:
    limit = f"MAX_FILE_{why.upper()}"
    monkeypatch.setattr(budget, limit, found)
    assert len(taken(tmp_path, full_leg()).rows) == 1
    monkeypatch.setattr(budget, limit, found - 1)
    assert refusal(lambda: taken(tmp_path, full_leg())) == ("bundle.too_large", why)


def test_record_of_more_writes_than_all_its_fields_may_hold_is_refused() -> None:
    count = MAX_RECORD_FIELDS * MAX_SIBLINGS + 1
    save = (1, "", b"\0\1" * count, b"".join(n.to_bytes(8, "big") for n in range(count)))
    raw = msgspec.msgpack.encode(
        [[named_id("leg"), "leg", PLAN, OURS, [[[*save, [None] * count]], None]]]
    )
    assert refusal(lambda: unpack_records(raw)) == ("bundle.too_large", "siblings")


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        (SegmentKind.RECORDS, MAX_RECORDS_RAW),
        (SegmentKind.NOTICES, MAX_MESSAGES_RAW),
        (SegmentKind.ERASURES, MAX_MESSAGES_RAW),
    ],
)
def test_bytes_of_each_kind_are_bounded(kind: SegmentKind, most: int) -> None:
    counts = BundleCounts(0, 0, 0, 0)
    budget._check_announced(counts, {kind: most, SegmentKind.CHUNKS: 2**30, 255: 2**30})
    assert refusal(lambda: budget._check_announced(counts, {kind: most + 1})) == (
        "bundle.too_large",
        "raw_kind",
    )


def test_numbers_that_a_manifest_announces_are_bounded() -> None:
    most = BundleCounts(0, 2_000_000, 65_536, 200_000)
    budget._check_announced(most, {})
    for name, why in (("writes", "writes"), ("erasures", "orders"), ("chunks", "chunks")):
        more = structs.replace(most, **{name: getattr(most, name) + 1})
        refused = refusal(partial(budget._check_announced, more, {}))
        assert refused == ("bundle.too_large", why)
