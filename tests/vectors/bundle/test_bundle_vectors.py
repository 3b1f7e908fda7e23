# SPDX-License-Identifier: GPL-3.0-or-later
"""The kept exchange files and cards: read or refused today as on the day they were made."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tests.vectors.bundle import second_reader
from tests.vectors.bundle.second_writer import invented
from tests.vectors.make_bundle_vectors import (
    CONTENT,
    DAY,
    DONE_ON,
    FOLDER,
    LIST,
    WORK,
    listed,
    named,
    ordered,
    vectors,
)

from kfdesk.bundle.card import (
    DeskKeys,
    answer_ticket,
    is_answer,
    is_countersigned,
    read_card,
    split_answer,
    verification_digits,
)
from kfdesk.bundle.container import BundleReceiver, Manifest, ReaderContext, Segment
from kfdesk.bundle.files import BundleFiles
from kfdesk.bundle.payload import unpack_notices, unpack_records
from kfdesk.bundle.reader import read_bundle
from kfdesk.domain.attachments import AttachmentChunk
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    ControlMessages,
    Identity,
    Partner,
    PartnerState,
    check_place,
)
from kfdesk.domain.places import is_in_place
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import view_any

COUNTERSIGNED = second_reader.read_countersignatures
KEPT: dict[str, Any] = json.loads(LIST.read_text(encoding="utf-8"))
BUNDLES = sorted(name for name in KEPT["vectors"] if name.endswith(".age"))
CARDS = sorted(name for name in KEPT["vectors"] if name.endswith(".card"))
READER = DeskKeys(
    bytes.fromhex(KEPT["reader"]["seed"]), bytes.fromhex(KEPT["reader"]["age_secret"])
)
KNOWN = [bytes.fromhex(key) for key in KEPT["known_senders"]]
CLASSES = {
    "bundle.torn": "torn",
    "bundle.newer": "newer",
    "bundle.not_for_us": "not for us",
    "bundle.unknown_sender": "unknown sender",
    "bundle.too_large": "too large",
    "bundle.not_a_bundle": "not a bundle",
    "card.damaged": "damaged",
}


class Collector(BundleReceiver):
    """Keeps all it is given."""

    def __init__(self) -> None:
        self.segments: list[Segment] = []

    def open(self, manifest: Manifest, digest: bytes) -> None: ...

    def take(self, segment: Segment) -> None:
        self.segments.append(segment)


def bytes_of(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def ours(data: bytes) -> tuple[Manifest, Collector]:
    taker = Collector()
    reading = ReaderContext(READER, frozenset(KNOWN), KEPT["schema"])
    return read_bundle(io.BytesIO(data), reading, taker).manifest, taker


def theirs(data: bytes) -> second_reader.Mail:
    reader = second_reader.Reader(READER.age_secret, READER.sign_key, KNOWN, KEPT["schema"])
    return second_reader.read_bundle(data, reader)


def test_the_list_and_the_folder_hold_the_same() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.suffix in (".age", ".card")}
    assert files == set(KEPT["vectors"])


def test_the_kept_files_still_come_out_byte_for_byte() -> None:
    for vector in vectors():
        assert vector.data == bytes_of(vector.name), vector.name
    assert listed() == LIST.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in BUNDLES if KEPT["vectors"][name]["why"] == ""])
def test_a_good_bundle_says_what_it_said(name: str) -> None:
    expected = KEPT["vectors"][name]
    manifest, taker = ours(bytes_of(name))
    assert str(manifest.seq) == expected["seq"]
    assert str(manifest.hlc) == expected["time"]
    assert list(manifest.ack.missing) == expected["missing"]
    assert [[int(s.kind), named(s.raw)] for s in taker.segments] == expected["segments"]


@pytest.mark.parametrize("name", [name for name in BUNDLES if KEPT["vectors"][name]["why"] != ""])
def test_a_refused_bundle_is_refused_for_its_reason(name: str) -> None:
    expected = KEPT["vectors"][name]
    with pytest.raises(KfdeskError) as caught:
        ours(bytes_of(name))
    assert (caught.value.code, caught.value.data["why"]) == (expected["expect"], expected["why"])


@pytest.mark.parametrize("name", BUNDLES)
def test_the_second_reader_says_the_same_of_a_bundle(name: str) -> None:
    expected = KEPT["vectors"][name]
    if expected["expect"] == "read":
        mail = theirs(bytes_of(name))
        assert str(mail.manifest[7]) == expected["seq"]
        assert [[kind, named(raw)] for kind, raw in mail.segments] == expected["segments"]
    else:
        with pytest.raises(second_reader.RefusedError, match=CLASSES[expected["expect"]]):
            theirs(bytes_of(name))


def test_both_readers_find_the_same_records() -> None:
    _, taker = ours(bytes_of("good_records.age"))
    rows = unpack_records(taker.segments[0].raw)
    items = second_reader.read_records(theirs(bytes_of("good_records.age")).segments)
    assert [(row.rid, row.type, row.parent, row.custodian) for row in rows] == [
        tuple(item[:4]) for item in items
    ]
    assert [len(row.state.saves) for row in rows] == [len(item[4][0]) for item in items] == [2, 1]


def test_both_readers_find_the_work_of_a_network_word_for_word() -> None:
    _, taker = ours(bytes_of("good_network_work.age"))
    items = second_reader.read_records(theirs(bytes_of("good_network_work.age")).segments)
    found = {}
    for row, item in zip(unpack_records(taker.segments[0].raw), items, strict=True):
        assert (row.rid, row.type, row.parent, row.custodian) == tuple(item[:4])
        assert is_in_place(row.type, next((one[1] for one in items if one[0] == row.parent), (
            "plan" if row.type == "case_conference" else None
        )))  # fmt: skip
        described, record = RECORD_TYPES[row.type], view_any(row).record
        values = {key: described.fields[key].kind.encode(getattr(record, key))
                  for key in described.fields}  # fmt: skip
        found[row.type] = {key: wire for key, wire in values.items() if wire is not None}
    expected = {name: dict(values) for name, (_, _, values) in WORK.items()}
    expected["decision"]["done_here"] = DONE_ON
    assert found == {name: {key: tuple(wire) if isinstance(wire, list) else wire
                            for key, wire in values.items()}
                     for name, values in expected.items()}  # fmt: skip


@pytest.mark.parametrize(("more", "is_taken"), [(0, True), (1, False)])
def test_both_readers_know_how_large_a_record_may_be(more: int, is_taken: bool) -> None:
    save = [1, "", b"\0\1" * 32, b"".join(n.to_bytes(8, "big") for n in range(32)), [""] * 32]
    item = [bytes(16), "pigeon", None, bytes(16), [[save], None]]
    save[4] = ["x" * 65_500] * 32
    short = 2_097_152 + more - len(second_reader.pack(item[4]))
    save[4] = ["x" * (65_500 + short // 32 + (n < short % 32)) for n in range(32)]
    raw = second_reader.pack([item])
    for reads, refused in (
        (lambda: unpack_records(raw), KfdeskError),
        (lambda: second_reader.read_records([(1, raw)]), second_reader.RefusedError),
    ):
        if is_taken:
            assert len(reads()) == 1
        else:
            with pytest.raises(refused):
                reads()


def test_both_readers_find_the_same_notices() -> None:
    _, taker = ours(bytes_of("good_notices.age"))
    rows = unpack_notices(taker.segments[0].raw)
    items = second_reader.read_notices(theirs(bytes_of("good_notices.age")).segments)
    assert [(row.rid, row.type, row.parent, row.custodian) for row in rows] == [
        tuple(item[:4]) for item in items
    ]
    assert len(rows) == 2


def test_both_readers_refuse_a_notice_that_tells_more_than_the_withdrawal() -> None:
    _, taker = ours(bytes_of("chatty_notices.age"))
    with pytest.raises(KfdeskError) as caught:
        unpack_notices(taker.segments[0].raw)
    assert (caught.value.code, caught.value.data["why"]) == ("bundle.torn", "notice")
    with pytest.raises(second_reader.RefusedError, match="torn"):
        second_reader.read_notices(theirs(bytes_of("chatty_notices.age")).segments)


def test_both_readers_find_the_same_beside_the_records() -> None:
    mail = theirs(bytes_of("good_dealings.age"))
    taken = whole(bytes_of("good_dealings.age"))
    orders = [
        [1, one.id, one.rid, as_list(one.part), one.reason, one.deadline, one.hlc]
        for one in taken.orders
    ]
    receipts = [[2, one.id, int(one.outcome), one.hlc] for one in taken.receipts]
    assert orders + receipts == second_reader.read_orders(mail.segments)
    cards = [[1, card] for card in taken.cards]
    revoked = [[2, one.sign_key, one.hlc] for one in taken.revoked]
    assert cards + revoked == second_reader.read_cards(mail.segments)
    asked = [[one.epoch, one.first, one.last] for one in taken.resends]
    assert asked == second_reader.read_resends(mail.segments)
    assert (len(orders), len(receipts), len(cards), len(revoked), len(asked)) == (2, 2, 1, 1, 2)
    assert second_reader.read_card(taken.cards[0])[6] == read_card(taken.cards[0]).generation == 2


def test_both_readers_believe_the_same_countersignatures() -> None:
    mail = theirs(bytes_of("good_countersignatures.age"))
    items = COUNTERSIGNED(mail.segments)
    found = whole(bytes_of("good_countersignatures.age")).countersigned
    assert [[one.card, one.name, one.day, one.signature] for one in found] == items
    (alder,) = KNOWN
    for one, item in zip(found, items, strict=True):
        assert is_countersigned(alder, one.card, one.day, one.signature)
        assert second_reader.is_countersigned(alder, item)
        for place, value in ((0, one.card + b"x"), (2, one.day + 1), (3, bytes(64))):
            forged = [*item[:place], value, *item[place + 1 :]]
            assert not is_countersigned(alder, forged[0], forged[2], forged[3])
            assert not second_reader.is_countersigned(alder, forged)


def test_both_readers_find_the_same_of_the_audit_chains() -> None:
    item = second_reader.read_audit(theirs(bytes_of("good_audit.age")).segments)
    said = whole(bytes_of("good_audit.age")).audit
    assert said is not None
    assert [said.number, said.seen.number, said.seen.digest] == item
    assert second_reader.read_audit(theirs(bytes_of("good_notices.age")).segments) is None
    assert whole(bytes_of("good_notices.age")).audit is None


def test_both_readers_find_the_same_provenance() -> None:
    items = second_reader.read_provenance(theirs(bytes_of("good_provenance.age")).segments)
    found = whole(bytes_of("good_provenance.age")).provenance
    packed = [sorted(fid.to_bytes(2, "big") + wid for fid, wid in one.writes) for one in found]
    heads = [[one.rid, one.sender] for one in found]
    assert [[*head, b"".join(each)] for head, each in zip(heads, packed, strict=True)] == items
    assert len(items) == 2


def test_both_readers_know_the_answer_to_a_ticket() -> None:
    data, ticket = bytes_of("good_answer.card"), invented("ticket")
    card, proof = split_answer(data)
    assert card == second_reader.read_answer(data, ticket)
    assert is_answer(card, proof, ticket)
    assert answer_ticket(card, ticket) == data
    assert split_answer(card) == (card, b"")
    for wrong in (invented("other ticket"), bytes(32)):
        assert not is_answer(card, proof, wrong)
        with pytest.raises(second_reader.RefusedError, match="damaged"):
            second_reader.read_answer(data, wrong)


def test_both_readers_find_the_same_content_and_its_record_proves_it() -> None:
    mail = theirs(bytes_of("good_chunks.age"))
    contents = second_reader.read_chunks(mail.segments)
    chunks: list[AttachmentChunk] = []
    again(bytes_of("good_chunks.age"), chunks.append)
    joined = {one.rid: b"".join(each.data for each in chunks) for one in chunks}
    assert joined == contents == dict.fromkeys(contents, CONTENT)
    wanted = second_reader.wanted_digests(second_reader.read_records(mail.segments))
    assert wanted == {rid: sha256(content).hexdigest() for rid, content in joined.items()}
    assert mail.manifest[14] == [1, 1, 0, 2]


def test_both_readers_tell_numbers_made_good_from_numbers_asked_for() -> None:
    mail = theirs(bytes_of("good_made_good.age"))
    taken = whole(bytes_of("good_made_good.age"))
    items = second_reader.read_resends(mail.segments)
    own = [[first, last] for epoch, first, last in items if epoch == mail.manifest[6]]
    assert [list(run) for run in taken.made_good] == own == [[2, 4]]
    asked = [[one.epoch, one.first, one.last] for one in taken.resends]
    assert asked == [item for item in items if item[0] != mail.manifest[6]]
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("name", "code", "what"),
    [
        ("edge_number", "", ""),
        ("far_number", "bundle.far_ahead", "far ahead"),
        ("edge_time", "", ""),
        ("far_time", "bundle.from_the_future", "from the future"),
    ],
)
def test_both_readers_know_where_a_file_may_stand(name: str, code: str, what: str) -> None:
    manifest = theirs(bytes_of(f"{name}.age")).manifest
    with kept(bytes_of(f"{name}.age")) as path:
        envelope = BundleFiles(bytes).read(path, IDENTITY, PARTNERS).envelope
    if not code:
        check_place(envelope, 0, DAY)
        second_reader.check_place(manifest, 0, DAY)
        return
    with pytest.raises(KfdeskError) as caught:
        check_place(envelope, 0, DAY)
    assert caught.value.code == code
    with pytest.raises(second_reader.RefusedError, match=what):
        second_reader.check_place(manifest, 0, DAY)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("edge_writes", "counts"),  # it says what is not there, and no more
        ("many_writes", "writes"),
        ("many_erasures", "orders"),
    ],
)
def test_both_readers_know_what_a_file_may_hold_in_all(name: str, why: str) -> None:
    with pytest.raises(KfdeskError) as caught:
        whole(bytes_of(f"{name}.age"))
    assert caught.value.data["why"] == why
    manifest = theirs(bytes_of(f"{name}.age")).manifest
    if why == "counts":
        second_reader.check_budget(manifest)
        return
    with pytest.raises(second_reader.RefusedError, match="too large"):
        second_reader.check_budget(manifest)


def test_both_readers_count_the_writes_that_orders_name() -> None:
    full, more = ordered(0).file(), ordered(1).file()
    assert len(whole(full).orders) == len(second_reader.read_orders(theirs(full).segments)) == 2
    with pytest.raises(KfdeskError) as caught:
        whole(more)
    assert caught.value.data["why"] == "orders"
    segments = theirs(more).segments
    with pytest.raises(second_reader.RefusedError, match="too large"):
        second_reader.read_orders(segments)


def as_list(part: object) -> object:
    return None if part is None else [list(pair) for pair in part]  # type: ignore[attr-defined]


IDENTITY = Identity(bytes(16), "Birch", bytes(16), READER.seed, READER.age_secret, bytes(16))
PARTNERS = {key: Partner(bytes(16), "Alder", b"", key, PartnerState.VERIFIED) for key in KNOWN}


def whole(data: bytes) -> ControlMessages:
    """Return what the whole of our reader takes from a file beside its records."""
    with kept(data) as path:
        return BundleFiles(bytes).read(path, IDENTITY, PARTNERS).dealings


def again(data: bytes, keep: Callable[[AttachmentChunk], None]) -> None:
    """Read a file as it is read when it is taken."""
    with kept(data) as path:
        BundleFiles(bytes).reread_chunks(path, IDENTITY, PARTNERS, keep)


@contextmanager
def kept(data: bytes) -> Iterator[Path]:
    """Yield a file with these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.age"
        path.write_bytes(data)
        yield path


@pytest.mark.parametrize(
    ("name", "why", "reads"),
    [
        ("unsorted_orders", "orders_order", second_reader.read_orders),
        ("whole_part_orders", "orders", second_reader.read_orders),
        ("loud_reason_orders", "orders", second_reader.read_orders),
        ("long_receipt_orders", "orders", second_reader.read_orders),
        ("unsorted_cards", "cards_order", second_reader.read_cards),
        ("backward_resends", "resends", second_reader.read_resends),
        *(
            (f"{name}_countersignatures", f"countersignatures{more}", COUNTERSIGNED)
            for name, more in (("unsorted", "_order"), ("long", ""), ("cut", ""), ("hidden", ""))
        ),
        *(
            (f"{name}_audit", "audit", second_reader.read_audit)
            for name in ("unseen", "long", "empty", "two")
        ),
        *(
            (f"{name}_provenance", f"provenance{more}", second_reader.read_provenance)
            for name, more in (("unsorted", "_order"), ("swapped", ""), ("cut", ""), ("bare", ""))
        ),
        ("gap_chunks", "chunks_order", second_reader.read_chunks),
        ("short_chunks", "chunks_order", second_reader.read_chunks),
        ("headless_chunks", "chunks_order", second_reader.read_chunks),
        ("empty_chunks", "chunks", second_reader.read_chunks),
        ("hundred_chunks", "chunks", second_reader.read_chunks),
    ],
)
def test_both_readers_refuse_the_same_beside_the_records(
    name: str, why: str, reads: Callable[[list[tuple[int, bytes]]], object]
) -> None:
    with pytest.raises(KfdeskError) as caught:
        whole(bytes_of(f"{name}.age"))
    assert (caught.value.code, caught.value.data["why"]) == ("bundle.torn", why)
    with pytest.raises(second_reader.RefusedError, match="torn"):
        reads(theirs(bytes_of(f"{name}.age")).segments)


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_read_or_refused_as_it_was(name: str) -> None:
    expected = KEPT["vectors"][name]
    if expected["expect"] == "read":
        card = read_card(bytes_of(name))
        members = second_reader.read_card(bytes_of(name))
        assert [card.org_id, card.org_name, card.device_id, card.sign_key] == members[1:5]
        assert card.generation == members[6]
    else:
        with pytest.raises(KfdeskError) as caught:
            read_card(bytes_of(name))
        assert (caught.value.code, caught.value.data["why"]) == (
            expected["expect"],
            expected["why"],
        )
        with pytest.raises(second_reader.RefusedError, match="damaged"):
            second_reader.read_card(bytes_of(name))


def test_the_digits_of_the_kept_cards_never_change() -> None:
    alder, birch = bytes_of("good_alder.card"), bytes_of("good_birch.card")
    assert verification_digits(read_card(alder), read_card(birch)) == KEPT["digits"]
    assert verification_digits(read_card(birch), read_card(alder)) == KEPT["digits"]
    assert second_reader.digits(birch, alder) == KEPT["digits"]


@pytest.mark.parametrize(
    ("reads", "kind", "most"),
    [
        (second_reader.read_notices, 6, 4_096),
        (second_reader.read_orders, 2, 65_536),
        (second_reader.read_cards, 3, 64),
        (second_reader.read_resends, 5, 64),
        (second_reader.read_countersignatures, 129, 64),
        (second_reader.read_provenance, 131, 65_536),
    ],
)
def test_second_reader_counts_what_arrays_announce_over_all_segments(
    reads: Callable[[list[tuple[int, bytes]]], object], kind: int, most: int
) -> None:
    def announced(count: int) -> tuple[int, bytes]:
        return kind, b"\xdd" + count.to_bytes(4, "big")

    for segments, said in (
        ([announced(most + 1)], "too large"), ([announced(most)], "torn"),
        ([announced(most), (kind, b"\x91")], "too large"),
    ):  # fmt: skip
        with pytest.raises(second_reader.RefusedError, match=said):
            reads(segments)


def test_second_reader_counts_the_writes_of_provenance() -> None:
    def named(count: int) -> list[tuple[int, bytes]]:
        writes = b"".join(number.to_bytes(10, "big") for number in range(count))
        return [(131, second_reader.pack([[bytes(16), bytes(16), writes]]))]

    assert len(second_reader.read_provenance(named(500_000))) == 1
    with pytest.raises(second_reader.RefusedError, match="too large"):
        second_reader.read_provenance(named(500_001))
