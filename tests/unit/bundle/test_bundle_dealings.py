# SPDX-License-Identifier: GPL-3.0-or-later
"""What passes beside records: orders, receipts, cards, revocations, requests; and their limits."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest
from tests.unit.bundle.bundle_samples import ALDER, BIRCH, bytes_for, known, outgoing, refusal

from kfdesk.bundle import budget, payload
from kfdesk.bundle.container import BundleCounts, Segment, SegmentKind, SenderVersions
from kfdesk.bundle.files import BundleFiles
from kfdesk.bundle.payload import (
    MAX_ORDER_FIELDS,
    MAX_ORDER_WRITES,
    pack_audit,
    pack_cards,
    pack_countersignatures,
    pack_orders,
    pack_portions,
    pack_provenance,
    pack_resends,
    unpack_audit,
    unpack_cards,
    unpack_countersignatures,
    unpack_notices,
    unpack_orders,
    unpack_provenance,
    unpack_resends,
)
from kfdesk.bundle.writer import write_bundle
from kfdesk.domain.audit import NO_AUDIT_HEAD, AuditHead, AuditReport
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    ControlMessages,
    Countersignature,
    ErasureOrder,
    ErasureOutcome,
    ErasureReceipt,
    Identity,
    KeyRevocation,
    PartnerState,
    Provenance,
    ReceivedBundle,
    RecordPart,
    ResendRequest,
)
from kfdesk.domain.records.registry import SCHEMA_VERSION

OURS = bytes_for("org", 16)
EPOCH = bytes_for("birch epoch", 16)
SENDERS_EPOCH = bytes_for("epoch", 16)
PART: RecordPart = ((3, bytes_for("w1", 8)), (900, b"".join(sorted(bytes_for(x, 8) for x in "ab"))))


def order(name: str, part: RecordPart | None = None) -> ErasureOrder:
    return ErasureOrder(
        bytes_for(name, 16), bytes_for(f"{name} rid", 16), part, "client_request", 20_800, 1 << 20
    )


def receipt(name: str, outcome: ErasureOutcome = ErasureOutcome.DONE) -> ErasureReceipt:
    return ErasureReceipt(bytes_for(name, 16), outcome, 1 << 21)


def read(
    folder: Path, segments: Sequence[Segment], state: PartnerState = PartnerState.VERIFIED
) -> ReceivedBundle:
    """Return what comes of a file of Alder's with these segments."""
    path = write_bundle(
        folder, outgoing(segments, terms=SenderVersions(1, SCHEMA_VERSION, 1)), ALDER
    ).path
    identity = Identity(
        OURS, "Birch", bytes_for("device", 16), BIRCH.seed, BIRCH.age_secret, EPOCH
    )  # fmt: skip
    return BundleFiles(bytes).read(path, identity, known(ALDER, OURS, state))


def torn(action: Callable[[], object]) -> object:
    code, why = refusal(action)
    assert code == "bundle.torn"
    return why


def test_orders_and_receipts_come_back_sorted() -> None:
    orders = [order("one"), order("two", PART)]
    receipts = [receipt("three"), receipt("four", ErasureOutcome.NOT_HERE)]
    (segment,) = pack_orders(orders, receipts)
    assert (segment.kind, segment.counts) == (SegmentKind.ERASURES, BundleCounts(0, 0, 4, 0))
    found, places = unpack_orders(segment.raw)
    assert set(found) == {*orders, *receipts}
    assert [type(one) for one in found] == [
        ErasureOrder,
        ErasureOrder,
        ErasureReceipt,
        ErasureReceipt,
    ]
    assert places == sorted(places)


def test_nothing_makes_no_segment() -> None:
    assert [*pack_orders((), ()), *pack_cards((), ()), *pack_resends(())] == []


def test_cards_revocations_and_requests_come_back_sorted() -> None:
    cards, revoked = [b"card b", b"card a"], [KeyRevocation(bytes_for("key"), 5)]
    (segment,) = pack_cards(cards, revoked)
    found, places = unpack_cards(segment.raw)
    assert set(found) == {*cards, *revoked}
    assert places == sorted(places)
    asked = [ResendRequest(EPOCH, 9, 2**63 - 1), ResendRequest(EPOCH, 1, 3)]
    (segment,) = pack_resends(asked)
    assert unpack_resends(segment.raw)[0] == sorted(asked, key=lambda one: one.first)


@pytest.mark.parametrize(
    "item",
    [
        [1, b"short", bytes(16), None, "error", 0, 0],
        [1, bytes(16), b"short", None, "error", 0, 0],
        [1, bytes(16), bytes(16), None, "", 0, 0],
        [1, bytes(16), bytes(16), None, "a" * 33, 0, 0],
        [1, bytes(16), bytes(16), None, "error", 2**32, 0],
        [1, bytes(16), bytes(16), None, "error", 0, 2**63],
        [1, bytes(16), bytes(16), None, "error", 0],
        [1, bytes(16), bytes(16), [[3, bytes(7)]], "error", 0, 0],
        [1, bytes(16), bytes(16), [[3, bytes(12)]], "error", 0, 0],
        [1, bytes(16), bytes(16), [[3, b"bbbbbbbbaaaaaaaa"]], "error", 0, 0],
        [1, bytes(16), bytes(16), [[3, bytes(8)], [3, bytes(8)]], "error", 0, 0],
        [1, bytes(16), bytes(16), [[9, bytes(8)], [3, bytes(8)]], "error", 0, 0],
        [1, bytes(16), bytes(16), [[3, bytes(8 * MAX_ORDER_WRITES + 8)]], "error", 0, 0],
        [
            1,
            bytes(16),
            bytes(16),
            [[n, bytes(8)] for n in range(MAX_ORDER_FIELDS + 1)],
            "error",
            0,
            0,
        ],
        [2, bytes(16), 0, 0],
        [2, bytes(16), 4, 0],
        [3, bytes(16), 1, 0],
        "no item",
    ],
)
def test_what_is_no_order_and_no_receipt_is_torn(item: object) -> None:
    assert torn(lambda: unpack_orders(msgspec.msgpack.encode([item]))) == "orders"


def test_longer_spelling_is_torn() -> None:
    (segment,) = pack_resends([ResendRequest(EPOCH, 1, 3)])
    longer = segment.raw[:-1] + b"\xcc\x03"
    assert torn(lambda: unpack_resends(longer)) == "resends"
    assert torn(lambda: unpack_cards(b"\xc1")) == "cards"
    assert torn(lambda: unpack_resends(msgspec.msgpack.encode([[EPOCH, 4, 3]]))) == "resends"


def test_same_item_twice_is_torn() -> None:
    twice = msgspec.msgpack.encode([[EPOCH, 1, 3], [EPOCH, 1, 3]])
    assert torn(lambda: unpack_resends(twice)) == "resends_order"
    cards = msgspec.msgpack.encode([[1, b"b"], [1, b"a"]])
    assert torn(lambda: unpack_cards(cards)) == "cards_order"


def test_file_brings_all_of_it_over_several_segments(tmp_path: Path) -> None:
    first, second = sorted((order("one"), order("two")), key=lambda one: one.id)
    segments = [
        *pack_orders([first], ()), *pack_orders([second], [receipt("three")]),
        *pack_cards([b"card"], ()), *pack_resends([ResendRequest(EPOCH, 1, 1)]),
    ]  # fmt: skip
    taken = read(tmp_path, segments)
    assert taken.dealings == ControlMessages(
        (first, second), (receipt("three"),), (b"card",), (), (ResendRequest(EPOCH, 1, 1),)
    )
    assert not taken.dealings.is_empty
    assert read(tmp_path, ()).dealings.is_empty


def test_numbers_of_the_senders_own_epoch_are_made_good(tmp_path: Path) -> None:
    asked, good = ResendRequest(EPOCH, 1, 1), ResendRequest(SENDERS_EPOCH, 2, 3)
    taken = read(tmp_path, [*pack_resends([asked, good])])
    assert taken.dealings == ControlMessages(resends=(asked,), made_good=((2, 3),))
    assert ControlMessages(made_good=((2, 3),)).is_empty  # no file is made for that alone


def test_segments_out_of_order_are_torn(tmp_path: Path) -> None:
    first, second = sorted((order("one"), order("two")), key=lambda one: one.id)
    wrong = [*pack_orders([second], ()), *pack_orders([first], ())]
    assert torn(lambda: read(tmp_path, wrong)) == "orders_order"
    empty = Segment(SegmentKind.RESENDS, b"\x90")
    asked = [
        *pack_resends([ResendRequest(EPOCH, 2, 2)]),
        empty,
        *pack_resends([ResendRequest(EPOCH, 1, 1)]),
    ]
    assert torn(lambda: read(tmp_path, asked)) == "resends_order"
    assert read(tmp_path, (empty,)).dealings.resends == ()


def test_count_of_orders_is_proved(tmp_path: Path) -> None:
    (segment,) = pack_orders([order("one")], ())
    boast = Segment(segment.kind, segment.raw, BundleCounts(0, 0, 2, 0))
    assert torn(lambda: read(tmp_path, (boast,))) == "counts"


@pytest.mark.parametrize(
    ("limit", "segments", "what"),
    [
        ("MAX_ORDERS", tuple(pack_orders([order("one"), order("two")], ())), "orders"),
        ("MAX_KEY_ITEMS", tuple(pack_cards([b"a", b"b"], ())), "cards"),
        (
            "MAX_KEY_ITEMS",
            tuple(pack_resends([ResendRequest(EPOCH, 1, 1), ResendRequest(EPOCH, 2, 2)])),
            "resends",
        ),
    ],
)
def test_more_than_a_file_may_hold_is_refused(
    limit: str,
    segments: tuple[Segment, ...],
    what: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(budget, limit, 1)
    assert refusal(lambda: read(tmp_path, segments)) == ("bundle.too_large", what)


@pytest.mark.parametrize("state", [PartnerState.SUSPENDED, PartnerState.REVOKED])
def test_sender_that_is_shut_out_is_named_before_anything_of_it_is_read(
    state: PartnerState, tmp_path: Path
) -> None:
    nonsense = Segment(SegmentKind.ERASURES, b"\xc1")
    answer = refusal(lambda: read(tmp_path, (nonsense,), state))
    assert answer == (f"bundle.sender_{state.value}", "sender")


@pytest.mark.parametrize("count", [1, 15, 16, 17, 70_000])
def test_items_are_one_canonical_array(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload, "_SEGMENT_TARGET", 10_000_000)
    items = list(range(count))
    ((kept, raw),) = pack_portions(items)
    assert kept == items
    assert raw == msgspec.msgpack.encode(items)


def test_items_that_do_not_fit_together_go_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload, "_SEGMENT_TARGET", 10)
    parts = [kept for kept, _ in pack_portions([b"a" * 4, b"b" * 4, b"c" * 40, b"d"])]
    assert parts == [[b"a" * 4], [b"b" * 4], [b"c" * 40], [b"d"]]


# --- countersignatures


def countersignature(name: str = "Kontoret", day: int = 20_000) -> Countersignature:
    card = bytes_for(f"card of {name}", 300)
    return Countersignature(card, name, day, bytes_for("signature", 64))


def test_countersignatures_come_back_sorted(tmp_path: Path) -> None:
    some = [countersignature(), countersignature("Hallen"), countersignature(day=20_001)]
    (segment,) = pack_countersignatures(some)
    assert segment.kind is SegmentKind.COUNTERSIGNATURES
    found, places = unpack_countersignatures(segment.raw)
    assert sorted(found, key=repr) == sorted(some, key=repr)
    assert places == sorted(places)
    taken = read(tmp_path, [segment])
    assert taken.dealings.countersigned == tuple(found)
    assert not taken.dealings.is_empty
    assert list(pack_countersignatures([])) == []


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ([[b"card", "Kontoret", 1, bytes(63)]], "countersignatures"),
        ([[b"", "Kontoret", 1, bytes(64)]], "countersignatures"),
        ([[bytes(4_097), "Kontoret", 1, bytes(64)]], "countersignatures"),
        ([[b"card", " Kontoret", 1, bytes(64)]], "countersignatures"),
        ([[b"card", "Kontoret", -1, bytes(64)]], "countersignatures"),
        ([[b"card", "Kontoret", 1, bytes(64), 0]], "countersignatures"),
        ([[b"card", "Kontoret", 1, bytes(64)]] * 2, "countersignatures_order"),
    ],
)
def test_countersignatures_of_another_form_are_torn(items: list[object], why: str) -> None:
    raw = msgspec.msgpack.encode(items)
    assert torn(lambda: unpack_countersignatures(raw)) == why


def test_file_holds_no_more_countersignatures_than_laptops(tmp_path: Path) -> None:
    (most,) = pack_countersignatures([countersignature(day=day) for day in range(64)])
    assert len(read(tmp_path, [most]).dealings.countersigned) == 64
    (more,) = pack_countersignatures([countersignature(day=day) for day in range(65)])
    with pytest.raises(KfdeskError) as caught:
        read(tmp_path, [more])
    assert (caught.value.code, caught.value.data["why"]) == (
        "bundle.too_large", "countersignatures",
    )  # fmt: skip


def test_laptop_countersigns_one_card_on_one_day() -> None:
    bundles = BundleFiles(bytes)
    identity = Identity(OURS, "Birch", bytes_for("device", 16), BIRCH.seed, BIRCH.age_secret, EPOCH)
    card = bytes_for("card", 300)
    signature = bundles.countersign(identity, card, 20_000)
    assert bundles.is_countersigned(BIRCH.sign_key, card, 20_000, signature)
    assert not bundles.is_countersigned(ALDER.sign_key, card, 20_000, signature)
    assert not bundles.is_countersigned(BIRCH.sign_key, card + b"x", 20_000, signature)
    assert not bundles.is_countersigned(BIRCH.sign_key, card, 20_001, signature)
    assert not bundles.is_countersigned(b"", b"", 0, b"")


def test_laptop_answers_a_ticket_with_its_card() -> None:
    bundles = BundleFiles(bytes)
    identity = Identity(OURS, "Birch", bytes_for("device", 16), BIRCH.seed, BIRCH.age_secret, EPOCH)
    card, proof = bundles.split_answer(bundles.answer(identity, bytes_for("ticket")))
    assert card == bundles.card(identity)
    assert bundles.is_answer(card, proof, bytes_for("ticket"))
    assert not bundles.is_answer(card, proof, bytes_for("another"))
    assert not bundles.is_answer(card + b"x", proof, bytes_for("ticket"))
    assert bundles.split_answer(card) == (card, b"")


# --- audit chains

SEEN = AuditHead(300, bytes_for("their head"))


@pytest.mark.parametrize("report", [AuditReport(7, SEEN), AuditReport(0, NO_AUDIT_HEAD)])
def test_what_a_file_says_of_audit_chains_comes_back(report: AuditReport, tmp_path: Path) -> None:
    (segment,) = pack_audit(report)
    assert segment.kind is SegmentKind.AUDIT
    assert unpack_audit(segment.raw) == report
    taken = read(tmp_path, [segment])
    assert taken.dealings.audit == report
    assert taken.dealings.is_empty  # no file is made for it
    assert list(pack_audit(None)) == []


@pytest.mark.parametrize(
    "items",
    [
        [],
        [[1, 2, bytes(32)], [1, 2, bytes(32)]],
        [[1, 0, bytes_for("no entry")]],
        [[1, 2, bytes(31)]],
        [[-1, 2, bytes(32)]],
        [[2**63, 2, bytes(32)]],
        [[1, 2, bytes(32), 0]],
    ],
)
def test_audit_chains_of_another_form_are_torn(items: list[object]) -> None:
    assert torn(lambda: unpack_audit(msgspec.msgpack.encode(items))) == "audit"


def test_file_speaks_of_audit_chains_once(tmp_path: Path) -> None:
    (segment,) = pack_audit(AuditReport(7, SEEN))
    assert torn(lambda: read(tmp_path, [segment, segment])) == "audit"


# --- provenance


def provenance(number: int, *names: str) -> Provenance:
    writes = frozenset((len(name), bytes_for(name, 8)) for name in names)
    return Provenance(number.to_bytes(16, "big"), bytes_for("sender", 16), writes)


def test_provenance_comes_back(tmp_path: Path) -> None:
    some = [provenance(1, "one", "three"), provenance(2, "two")]
    (segment,) = pack_provenance(some)
    assert segment.kind is SegmentKind.PROVENANCE
    assert unpack_provenance(segment.raw)[0] == some
    taken = read(tmp_path, [segment])
    assert taken.dealings.provenance == tuple(some)
    assert taken.dealings.is_empty
    assert list(pack_provenance([])) == []


RID, WRITE = bytes_for("rid", 16), bytes_for("write", 10)


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ([[RID, RID, b""]], "provenance"),
        ([[RID, RID, WRITE[:9]]], "provenance"),
        ([[RID, RID, WRITE + b"x"]], "provenance"),
        ([[RID, RID, WRITE * 2]], "provenance"),
        ([[RID[1:], RID, WRITE]], "provenance"),
        ([[RID, RID, WRITE, 0]], "provenance"),
        ([[RID, RID, WRITE], [RID, RID, WRITE]], "provenance_order"),
    ],
)
def test_provenance_of_another_form_is_torn(items: list[object], why: str) -> None:
    assert torn(lambda: unpack_provenance(msgspec.msgpack.encode(items))) == why


@pytest.mark.parametrize(
    ("kind", "most", "what", "torn_as"),
    [
        (SegmentKind.PROVENANCE, 65_536, "provenance", "provenance"),
        (SegmentKind.NOTICES, 4_096, "notices", "records"),
        (SegmentKind.CARDS, 64, "cards", "cards"),
        (SegmentKind.RESENDS, 64, "resends", "resends"),
        (SegmentKind.COUNTERSIGNATURES, 64, "countersignatures", "countersignatures"),
    ],
)
def test_segment_that_announces_too_many_items_is_refused_unread(
    tmp_path: Path, kind: SegmentKind, most: int, what: str, torn_as: str
) -> None:
    def announcing(count: int) -> tuple[Segment, ...]:
        return (Segment(kind, b"\xdd" + count.to_bytes(4, "big")),)

    assert refusal(lambda: read(tmp_path, announcing(most + 1))) == ("bundle.too_large", what)
    assert torn(lambda: read(tmp_path, announcing(most))) == torn_as
    assert refusal(lambda: read(tmp_path, announcing(most) * 2))[1] == torn_as


def test_writes_that_provenance_names_are_counted_before_they_are_sorted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = [provenance(number, "one") for number in range(3)]
    count = sum(len(one.writes) for one in some)
    segments = tuple(pack_provenance(some))
    monkeypatch.setattr(budget, "MAX_PROVENANCE_WRITES", count)
    assert len(read(tmp_path, segments).dealings.provenance) == 3
    monkeypatch.setattr(budget, "MAX_PROVENANCE_WRITES", count - 1)
    assert refusal(lambda: read(tmp_path, segments)) == ("bundle.too_large", "provenance")
    monkeypatch.setattr(payload, "MAX_PROVENANCE_WRITES", count - 1)
    (shorter,) = pack_provenance(some)
    assert unpack_provenance(shorter.raw)[0] == some[:2]


def test_file_holds_no_more_provenance_than_its_reader_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    three = [provenance(number, "one") for number in range(3)]
    more = [*pack_provenance(three[:2]), *pack_provenance(three[2:])]
    monkeypatch.setattr(payload, "MAX_PROVENANCE", 2)
    (segment,) = pack_provenance(three)
    assert unpack_provenance(segment.raw)[0] == three[:2]
    monkeypatch.setattr(budget, "MAX_PROVENANCE", 2)
    code, why = refusal(lambda: read(tmp_path, more))
    assert (code, why) == ("bundle.too_large", "provenance")


@pytest.mark.parametrize("unpack", [unpack_provenance, unpack_notices])
def test_segment_without_a_byte_is_torn(unpack: Callable[[bytes], object]) -> None:
    assert refusal(lambda: unpack(b""))[0] == "bundle.torn"


@pytest.mark.parametrize("announced", [0, 1, 3])
def test_chunks_are_as_many_as_the_manifest_says(tmp_path: Path, announced: int) -> None:
    raw = msgspec.msgpack.encode([[bytes([n]) * 16, 0, b"a"] for n in (1, 2)])
    segment = Segment(SegmentKind.CHUNKS, raw, BundleCounts(0, 0, 0, announced))
    assert torn(lambda: read(tmp_path, (segment,))) == "counts"
    right = Segment(SegmentKind.CHUNKS, raw, BundleCounts(0, 0, 0, 2))
    assert read(tmp_path, (right,)).rows == ()


def test_more_chunks_than_a_file_may_hold_are_refused_unread(tmp_path: Path) -> None:
    boast = Segment(SegmentKind.CHUNKS, b"\xc1", BundleCounts(0, 0, 0, 200_001))
    assert refusal(lambda: read(tmp_path, (boast,))) == ("bundle.too_large", "chunks")
