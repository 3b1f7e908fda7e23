# SPDX-License-Identifier: GPL-3.0-or-later
"""No file may cost more than it is worth: what a trusted key signs is counted before it is done."""

import itertools
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs
from tests.integration.pair_samples import Pair, met_pair, refusal
from tests.support import make
from tests.support.hostile import Place, signed_file

from kfdesk import app
from kfdesk.bundle import budget, files, payload
from kfdesk.bundle.container import MAX_RECORDS, Ack, BundleCounts, Segment, SegmentKind
from kfdesk.bundle.payload import pack_orders, pack_records, pack_resends, unpack_records
from kfdesk.domain.attachments import AttachmentChunk
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    MAX_AHEAD,
    MAX_EPOCHS,
    MAX_FILE_CHUNKS,
    MAX_FILE_NOTICES,
    MAX_FILE_SAVES,
    MAX_FILE_SUPERSEDED,
    MAX_FILE_WRITES,
    MAX_NUMBERS_AHEAD,
    MAX_RECORDS_RAW,
    Direction,
    ErasureOrder,
    FileIssue,
    ReceivedRow,
    ResendRequest,
    SequenceMark,
)
from kfdesk.domain.kinds import Wire
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import (
    EMPTY_STATE,
    MAX_SUPERSEDED_IDS,
    Write,
    build_state,
    live_writes,
    merge_states,
    writes_by_field,
)
from kfdesk.domain.rows import Row, view, view_any
from kfdesk.i18n.messages import error_sentence
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import erasure, notices, partners, transfer
from kfdesk.services.exchange.epochs import our_epoch
from kfdesk.services.exchange.import_review import ImportReview
from kfdesk.services.exchange.notices import (
    list_received_withdrawals,
    mark_withdrawals_seen,
    notices_to_send,
)
from kfdesk.services.exchange.sequence import build_acknowledgement, missing_numbers
from kfdesk.services.plans import plans
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.today import read_today

DAY = 86_400_000
EPOCH = Place().epoch
MEBIBYTE = 2**20
OWN_LAPTOP = Recipient(RecipientKind.OWN, b"own laptop".ljust(16), is_verified=True)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as made:
        yield made


def hostile(pair: Pair, place: Place, *segments: Segment) -> Path:
    return signed_file(pair.theirs, pair.ours, pair.post, place, segments)


def take(desk: Session, path: Path) -> list[FileIssue]:
    review = transfer.review_bundle(desk, path)
    transfer.import_bundle(desk, path, review)
    return [one.finding for one in review.findings]


def made_good(*runs: tuple[int, int]) -> tuple[Segment, ...]:
    return tuple(pack_resends([ResendRequest(EPOCH, first, last) for first, last in runs]))


# the sequence


@pytest.mark.parametrize("number", [MAX_NUMBERS_AHEAD + 1, 2**31, 9 * 10**18, 2**63 - 1])
def test_number_far_above_those_that_came_is_refused(pair: Pair, number: int) -> None:
    before = pair.ours.store.digest()
    file = hostile(pair, Place(seq=number))
    assert refusal(lambda: transfer.review_bundle(pair.ours, file)).code == "bundle.far_ahead"
    assert pair.ours.store.digest() == before


def test_number_at_the_limit_is_taken_and_the_next_counts_from_there(pair: Pair) -> None:
    assert take(pair.ours, hostile(pair, Place(seq=MAX_NUMBERS_AHEAD))) == [FileIssue.MISSING]
    far = hostile(pair, Place(seq=2 * MAX_NUMBERS_AHEAD + 1))
    assert refusal(lambda: take(pair.ours, far)).code == "bundle.far_ahead"
    assert take(pair.ours, hostile(pair, Place(seq=2 * MAX_NUMBERS_AHEAD, ahead=1)))


def test_far_number_is_refused_before_the_content_is_read(pair: Pair) -> None:
    broken = Segment(SegmentKind.RECORDS, b"\xc1 this is no msgpack")
    far = hostile(pair, Place(seq=2**62), broken)
    assert refusal(lambda: transfer.review_bundle(pair.ours, far)).code == "bundle.far_ahead"
    near = hostile(pair, Place(), broken)
    assert refusal(lambda: transfer.review_bundle(pair.ours, near)).code == "bundle.torn"


def test_number_that_an_older_program_took_costs_nothing(pair: Pair) -> None:
    them, number = pair.theirs.identity.organisation, 9 * 10**18
    mark = SequenceMark(them, Direction.IN, EPOCH, number, bytes(32), pair.ours.milliseconds)
    with pair.ours.store.transaction():
        pair.ours.store.ledger.mark(mark)
    tracemalloc.start()
    try:
        assert missing_numbers(pair.ours, them)[:3] == (1, 2, 3)
        assert build_acknowledgement(pair.ours, them).contiguous == 0
        assert [line.missing[:2] for line in partners.list_partners(pair.ours)] == [(1, 2)]
        pair.send()
        assert tracemalloc.get_traced_memory()[1] < 64 * MEBIBYTE
    finally:
        tracemalloc.stop()


def test_ranges_made_good_cost_nothing_however_long_they_are(pair: Pair) -> None:
    runs = [(place * 2**56 + 1, (place + 1) * 2**56 - 2) for place in range(1, 60)]
    take(pair.ours, hostile(pair, Place(seq=9), *made_good((1, 3), (5, 6), *runs)))
    them = pair.theirs.identity.organisation
    assert missing_numbers(pair.ours, them) == (4, 7, 8)
    assert build_acknowledgement(pair.ours, them).missing == (4, 7, 8)


def test_our_numbers_never_leave_what_a_silent_partner_takes(pair: Pair) -> None:
    pair.send()
    them, epoch = pair.theirs.identity.organisation, our_epoch(pair.ours)
    assert our_epoch(pair.ours, them) == epoch
    with pair.ours.store.transaction():
        last = pair.ours.store.ledger.marks(them, Direction.OUT)[-1]
        lost = replace(last, sequence=MAX_NUMBERS_AHEAD - 1, digest=b"lost".ljust(32))
        pair.ours.store.ledger.mark(lost)
    pair.send()
    assert our_epoch(pair.ours, them) != epoch == our_epoch(pair.ours)
    first = transfer.send_notices(pair.ours, them, pair.post)
    assert take(pair.theirs, first.path) == [FileIssue.RESTORED]
    assert (
        pair.theirs.store.ledger.marks(pair.ours.identity.organisation, Direction.IN)[-1].sequence
        == 1
    )


# the time of a file


@pytest.mark.parametrize("ahead", [MAX_AHEAD + 60_000, 365 * DAY, 4_000 * 365 * DAY])
def test_file_from_the_future_is_refused(pair: Pair, ahead: int) -> None:
    before = pair.ours.store.digest()
    file = hostile(pair, Place(ahead=ahead))
    refused = refusal(lambda: transfer.review_bundle(pair.ours, file))
    assert refused.code == "bundle.from_the_future"
    assert pair.ours.store.digest() == before


def test_file_of_two_days_ahead_is_taken(pair: Pair) -> None:
    assert take(pair.ours, hostile(pair, Place(ahead=MAX_AHEAD - 60_000))) == []


def test_acknowledgement_counts_after_an_older_program_took_the_year_6000(pair: Pair) -> None:
    pair.send()
    them = pair.theirs.identity.organisation
    far = (pair.ours.milliseconds + 4_000 * 365 * DAY) << 16
    with pair.ours.store.transaction():
        pair.ours.store.ledger.mark(
            SequenceMark(
                them, Direction.IN, our_epoch(pair.theirs), 1, bytes(32),
                pair.ours.milliseconds - 1, bytes(32), far,
            )
        )  # fmt: skip
    sent = pair.ours.store.ledger.marks(them, Direction.OUT)[-1].digest
    told = Ack(our_epoch(pair.ours), 1, ())
    place = Place(our_epoch(pair.theirs), 2, bytes(32), ack=told)
    take(pair.ours, hostile(pair, place))
    assert sent in pair.ours.store.ledger.acknowledged()


def test_our_own_file_of_a_wrong_clock_does_not_shut_us_out(pair: Pair) -> None:
    them = pair.theirs.identity.organisation
    far = (pair.ours.milliseconds + 60 * 365 * DAY) << 16
    with pair.ours.store.transaction():
        pair.ours.store.ledger.mark(
            SequenceMark(
                them, Direction.OUT, our_epoch(pair.ours), 1, bytes(32),
                pair.ours.milliseconds, bytes(32), far,
            )
        )  # fmt: skip
    pair.send()
    assert pair.theirs.store.row(pair.plan) is not None


def test_epochs_of_a_sender_are_bounded_and_a_year_later_counted_anew(pair: Pair) -> None:
    them = pair.theirs.identity.organisation
    with pair.ours.store.transaction():
        for number in range(MAX_EPOCHS - 1):
            epoch = number.to_bytes(16, "big")
            pair.ours.store.ledger.mark(
                SequenceMark(
                    them, Direction.IN, epoch, 1, epoch * 2, pair.ours.milliseconds - DAY * number
                )
            )  # fmt: skip
    take(pair.ours, hostile(pair, Place()))
    other = hostile(pair, Place(epoch=b"one more epoch 1", ahead=1))
    assert refusal(lambda: take(pair.ours, other)).code == "bundle.many_epochs"
    known = pair.ours.store.ledger.marks(them, Direction.IN)[-1].digest
    take(pair.ours, hostile(pair, Place(seq=2, previous=known, ahead=2)))


# the fields of one record


def leg_of(pair: Pair) -> Row:
    row = pair.ours.store.row(pair.legs[0])
    assert row is not None
    return row


def stuffed(row: Row, writes: Sequence[tuple[int, Wire]], salt: str) -> Row:
    """Return the row with one more live write for each field id and value."""
    late = max((write.hlc for write in live_writes(row.state)), default=0)
    more = [
        Write(fid, make.named_bytes(f"{salt} {number}", 8), late + number, "SA, desk", value)
        for number, (fid, value) in enumerate(writes, 1)
    ]
    return replace(row, state=build_state(more, ()))


def records(*rows: Row) -> tuple[Segment, ...]:
    items = [
        [row.rid, row.type, row.parent, row.custodian, row.state]
        for row in sorted(rows, key=lambda row: row.rid)
    ]
    count = sum(len(live_writes(row.state)) for row in rows)
    counts = BundleCounts(len(rows), count, 0, 0)
    return (Segment(SegmentKind.RECORDS, msgspec.msgpack.encode(items), counts),)


def take_rows(pair: Pair, files: Sequence[Sequence[Row]]) -> list[int]:
    """Take files of rows one after the other; return how many rows of each are refused."""
    refused = []
    for number, rows in enumerate(files):
        path = hostile(pair, Place(number.to_bytes(16, "big"), ahead=number), *records(*rows))
        review = transfer.review_bundle(pair.ours, path)
        transfer.import_bundle(pair.ours, path, review)
        refused.append(review.refused)
    return refused


CARRIER = RECORD_TYPES["leg"].ids["carrier"]


def test_equal_writes_of_three_files_are_folded_and_our_file_is_still_read(pair: Pair) -> None:
    pair.send()
    leg = leg_of(pair)
    files = [[stuffed(leg, [(CARRIER, "same")] * 31, f"file {n}")] for n in range(4)]
    assert take_rows(pair, files) == [0, 0, 0, 0]
    assert len(writes_by_field(leg_of(pair).state)[CARRIER]) == 2
    assert view_any(leg_of(pair)).conflicts == {"carrier"}
    change_record(pair.ours, pair.legs[0], {"carrier": "ours"})
    pair.send()
    theirs = pair.theirs.store.row(pair.legs[0])
    assert theirs is not None
    assert view(theirs, Leg).record.carrier == "ours"


def test_different_writes_are_bounded_and_can_be_decided_and_sent(pair: Pair) -> None:
    pair.send()
    leg = leg_of(pair)
    files = [
        [stuffed(leg, [(CARRIER, f"{n} {k}") for k in range(12)], f"file {n}")] for n in range(4)
    ]
    assert take_rows(pair, files) == [0, 1, 1, 1]
    assert view_any(leg_of(pair)).conflicts == {"carrier"}
    change_record(pair.ours, pair.legs[0], {"carrier": "decided"})
    pair.send()
    theirs = pair.theirs.store.row(pair.legs[0])
    assert theirs is not None
    assert view(theirs, Leg).record.carrier == "decided"


@pytest.mark.parametrize(
    ("writes", "step"),
    [
        pytest.param([(40_000 + n, 1) for n in range(150)], 150, id="fields nobody knows"),
        pytest.param([(40_000 + n, "x" * 60_000) for n in range(15)], 15, id="long values"),
        pytest.param([(40_000, f"{n}") for n in range(20)], 0, id="values of an unknown field"),
    ],
)
def test_record_is_not_filled_until_our_laptop_cannot_send_it(
    pair: Pair, writes: list[tuple[int, Wire]], step: int
) -> None:
    leg = leg_of(pair)
    files = [
        [stuffed(leg, [(fid + step * n, f"{n}{value}") for fid, value in writes], f"file {n}")]
        for n in range(4)
    ]
    assert take_rows(pair, files)[-1] == 1
    own = disclose((leg_of(pair),), OWN_LAPTOP, Channel.BUNDLE, pair.ours.disclosure_basis())
    (segment,) = pack_records(own)
    assert [row.rid for row in unpack_records(segment.raw)] == [pair.legs[0]]


def test_new_record_that_is_full_already_is_refused(pair: Pair) -> None:
    rid = make.named_id("full")
    row = Row(rid, "contact", None, pair.theirs.identity.organisation, EMPTY_STATE)
    dead = [(CARRIER, n.to_bytes(8, "big")) for n in range(MAX_SUPERSEDED_IDS)]
    full = replace(row, state=build_state([], dead))
    assert take_rows(pair, [[full]]) == [1]
    assert pair.ours.store.row(rid) is None


def test_store_that_was_filled_before_sends_equal_values_and_names_the_others(pair: Pair) -> None:
    leg = leg_of(pair)
    equal = stuffed(leg, [(CARRIER, "same")] * 91, "equal")
    pair.ours.store.put(replace(leg, state=merge_states(leg.state, equal.state)))
    pair.send()
    leg = leg_of(pair)
    other = stuffed(leg, [(CARRIER, f"other {n}") for n in range(40)], "other")
    pair.ours.store.put(replace(leg, state=merge_states(leg.state, other.state)))
    refused = refusal(pair.send)
    assert (refused.code, refused.data) == ("exchange.field_too_full", {"field": "leg.carrier"})
    change_record(pair.ours, pair.legs[0], {"carrier": "decided"})
    pair.send()
    theirs = pair.theirs.store.row(pair.legs[0])
    assert theirs is not None
    assert view(theirs, Leg).record.carrier == "decided"


# notices of withdrawal and orders


WITHDRAWN = RECORD_TYPES["consent"].ids["withdrawn"]
SINCE = "2026-11-20T14:30+02:00[Europe/Riga]"


def notice(pair: Pair, number: int, client: bytes | None = None) -> Row:
    """Return a notice of a consent that their desk answers for, of a client nobody knows."""
    write = Write(WITHDRAWN, make.named_bytes(f"withdrawn {number}", 8), 1, "SA, desk", SINCE)
    rid = number.to_bytes(16, "big")
    above = client or make.named_id(f"client {number}")
    custodian = pair.theirs.identity.organisation
    return Row(rid, "consent", above, custodian, build_state([write], ()))


def told(pair: Pair, place: Place, *rows: Row) -> Path:
    items = [[row.rid, row.type, row.parent, row.custodian, row.state] for row in rows]
    raw = msgspec.msgpack.encode(items)
    return hostile(pair, place, Segment(SegmentKind.NOTICES, raw))


def tell(pair: Pair, numbers: Sequence[int], at: int, client: bytes | None = None) -> ImportReview:
    """Take a file of notices with these numbers."""
    place = Place(at.to_bytes(16, "big"), ahead=at)
    path = told(pair, place, *(notice(pair, number, client) for number in numbers))
    review = transfer.review_bundle(pair.ours, path)
    transfer.import_bundle(pair.ours, path, review)
    return review


def steps(desk: Session, action: Callable[[], object]) -> int:
    """Return how many hundreds of steps the store's machine makes."""
    found = itertools.count()
    connection = desk.store._connection
    connection.set_progress_handler(lambda: next(found) and 0, 100)
    try:
        action()
    finally:
        connection.set_progress_handler(None, 0)
    return next(found)


def test_pages_cost_no_more_for_each_notice_when_there_are_many(pair: Pair) -> None:
    tell(pair, range(100), 1)
    few = steps(pair.ours, lambda: read_today(pair.ours))
    tell(pair, range(100, 800), 2)
    many = steps(pair.ours, lambda: read_today(pair.ours))
    assert many < 16 * few


def test_file_of_more_notices_than_the_format_allows_is_refused(pair: Pair) -> None:
    path = told(pair, Place(), *(notice(pair, n) for n in range(MAX_FILE_NOTICES + 1)))
    refused = refusal(lambda: transfer.review_bundle(pair.ours, path))
    assert (refused.code, refused.data["why"]) == ("bundle.too_large", "notices")


def test_withdrawals_of_people_nobody_knows_are_bounded_and_nothing_is_half_taken(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "MAX_UNKNOWN_CONSENTS", 10)
    tell(pair, range(10), 1)
    before = pair.ours.store.digest()
    refused = refusal(lambda: tell(pair, [10], 2))
    assert refused.code == "bundle.unknown_consents"
    assert pair.ours.store.digest() == before
    assert tell(pair, range(5), 3).new_withdrawals == ()  # what is known may come again


def test_withdrawals_that_nobody_has_seen_are_bounded_until_somebody_sees_them(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "MAX_UNSEEN_WITHDRAWALS", 10)
    tell(pair, range(10), 1)
    refused = refusal(lambda: tell(pair, [10], 2))
    assert (refused.code, refused.data) == ("bundle.unseen_withdrawals", {"count": 10})
    said = error_sentence(refused, app.language("en"))
    assert said == "A great many withdrawals from this partner are waiting on Today: 10."
    assert len(list_received_withdrawals(pair.ours)) == 10
    mark_withdrawals_seen(pair.ours)
    assert len(tell(pair, [10], 2).new_withdrawals) == 1


def test_more_notices_than_a_file_holds_go_in_the_next_one(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.send()
    monkeypatch.setattr(notices, "MAX_FILE_NOTICES", 1)
    consents = plans.load_case(pair.ours, pair.plan).consents
    them = pair.theirs.identity.organisation
    for row in consents:
        withdraw_consent(pair.ours, row.rid)
    assert len(notices_to_send(pair.ours, them)) == 1


def ordered(count: int, first: int = 0) -> tuple[Segment, ...]:
    orders = [
        ErasureOrder(n.to_bytes(16, "big"), make.named_id(f"rid {n}"), None, "error", 0, 1)
        for n in range(first, first + count)
    ]
    return tuple(pack_orders(orders, ()))


def test_orders_that_wait_are_bounded(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "MAX_WAITING_ORDERS", 10)
    assert take(pair.ours, hostile(pair, Place(), *ordered(10))) == []
    more = hostile(pair, Place(epoch=b"another epoch 01", ahead=1), *ordered(1, first=10))
    assert refusal(lambda: take(pair.ours, more)).code == "bundle.many_orders"
    again = hostile(pair, Place(epoch=b"another epoch 01", ahead=1), *ordered(10))
    assert take(pair.ours, again) == [FileIssue.RESTORED]


# the cost of a look


def test_record_of_very_many_writes_is_refused_before_they_are_sorted(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    leg = leg_of(pair)
    full = stuffed(leg, [(CARRIER, 1)] * 20_000, "full")
    path = hostile(pair, Place(), *records(full))
    monkeypatch.setattr(payload, "is_canonical", lambda _state: pytest.fail("it was sorted"))
    refused = refusal(lambda: transfer.review_bundle(pair.ours, path))
    assert (refused.code, refused.data["why"]) == ("bundle.too_large", "siblings")


@pytest.mark.parametrize("limit", ["MAX_FILE_SAVES", "MAX_FILE_SUPERSEDED"])
def test_saves_and_replaced_writes_of_a_whole_file_are_counted(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(budget, limit, 20)
    leg = leg_of(pair)
    rows = [replace(leg, rid=make.named_id(f"leg {n}"), state=EMPTY_STATE) for n in range(7)]
    live = [stuffed(row, [(CARRIER + n, 1) for n in range(3)], row.rid.hex()) for row in rows]
    if limit == "MAX_FILE_SUPERSEDED":
        dead = [(CARRIER, n.to_bytes(8, "big")) for n in range(3)]
        live = [replace(row, state=build_state([], dead)) for row in rows]
    refused = refusal(
        lambda: transfer.review_bundle(pair.ours, hostile(pair, Place(), *records(*live)))
    )
    assert refused.code == "bundle.too_large"
    assert refused.data["why"] == limit.removeprefix("MAX_FILE_").lower()


class Stopped:
    """A person who stops the work at its n-th step."""

    def __init__(self, after: int) -> None:
        self._left = itertools.count(-after)

    def step(self, _done: int, _of: int) -> None:
        if next(self._left) >= 0:
            raise KfdeskError("work.cancelled")


@pytest.mark.parametrize("after", [0, 1])
def test_look_at_a_file_can_be_stopped_while_it_is_read(pair: Pair, after: int) -> None:
    path = hostile(pair, Place(), *ordered(3), *made_good((2, 3)))
    looks = lambda: transfer.review_bundle(pair.ours, path, Stopped(after))  # noqa: E731
    assert refusal(looks).code == "work.cancelled"
    lists = lambda: transfer.preview_files(pair.ours, [path], Stopped(after + 1))  # noqa: E731
    assert refusal(lists).code == "work.cancelled"


def test_desk_of_500_plans_stays_far_below_every_limit_of_a_file() -> None:
    """500 plans of 60 records and 5,000 contacts, 15 fields each, every field written twice."""
    count = 500 * 60 + 5_000
    assert 4 * count < MAX_RECORDS
    assert 3 * 15 * count < MAX_FILE_WRITES
    assert 3 * 15 * count < MAX_FILE_SUPERSEDED
    assert 9 * 3 * count < MAX_FILE_SAVES
    assert 5 * 1_000 * count < MAX_RECORDS_RAW
    assert MAX_FILE_NOTICES >= 2 * 500 * 4  # four consents of each client, all withdrawn at once


# counted while it is read, before the work


RECORDS_EACH = 40
DEAD = b"".join(number.to_bytes(8, "big") for number in range(5))


def item_list(*states: object, start: int = 1) -> bytes:
    return msgspec.msgpack.encode(
        [
            [n.to_bytes(16, "big"), "leg", None, bytes(16), state]
            for n, state in enumerate(states, start)
        ]
    )


def saved(number: int) -> list[object]:
    """Return a state of three saves of one write each."""
    saves = [
        [number + n, "SA", (CARRIER + n).to_bytes(2, "big"), n.to_bytes(8, "big"), [1]]
        for n in range(1, 4)
    ]
    return [saves, None]


def three_segments(kind: SegmentKind, counts: BundleCounts, state: object) -> tuple[Segment, ...]:
    """Return three segments of forty records each; the manifest says `counts`."""
    return tuple(
        Segment(
            kind,
            item_list(*[state] * RECORDS_EACH, start=1 + place * RECORDS_EACH),
            counts if not place else BundleCounts(0, 0, 0, 0),
        )
        for place in range(3)
    )


HONEST = BundleCounts(3 * RECORDS_EACH, 9 * RECORDS_EACH, 0, 0)
"""What three segments of `saved` records hold."""


class Spent:
    """What a budget counted, and which segments were checked afterwards."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.found = Counter[str]()
        self.checked: list[int] = []
        spend, unpack = budget.FileBudget.spend, payload.unpack_received

        def counting(budgeted: budget.FileBudget, what: str, count: int) -> None:
            self.found[what] += count
            spend(budgeted, what, count)

        def unpacking(raw: bytes, *more: Any) -> Sequence[ReceivedRow]:
            self.checked.append(len(raw))
            return unpack(raw, *more)

        monkeypatch.setattr(budget.FileBudget, "spend", counting)
        monkeypatch.setattr(files, "unpack_received", unpacking)


@pytest.mark.parametrize(
    ("counts", "limit", "what", "why"),
    [
        (structs.replace(HONEST, records=0), None, "records", "counts"),
        (structs.replace(HONEST, records=41), None, "records", "counts"),
        (structs.replace(HONEST, writes=121), None, "writes", "counts"),
        (HONEST, ("MAX_FILE_SAVES", 121), "saves", "saves"),
        (
            structs.replace(HONEST, writes=0),
            ("MAX_FILE_SUPERSEDED", 201),
            "superseded",
            "superseded",
        ),
    ],
)
@pytest.mark.parametrize("unpacked_limit", [0, files.UNPACKED_LIMIT])
def test_records_beyond_the_budget_are_counted_and_none_is_checked(
    pair: Pair,
    monkeypatch: pytest.MonkeyPatch,
    counts: BundleCounts,
    limit: tuple[str, int] | None,
    what: str,
    why: str,
    unpacked_limit: int,
) -> None:
    monkeypatch.setattr(files, "UNPACKED_LIMIT", unpacked_limit)
    if limit is not None:
        monkeypatch.setattr(budget, *limit)
    allowed = limit[1] if limit is not None else getattr(counts, what)
    state = [[], [[CARRIER, DEAD]]] if what == "superseded" else saved(1)
    spent = Spent(monkeypatch)
    path = hostile(pair, Place(), *three_segments(SegmentKind.RECORDS, counts, state))
    refused = refusal(lambda: transfer.review_bundle(pair.ours, path))
    assert refused.data["why"] == why
    portion = max(spent.found[what] // 3, 5 * RECORDS_EACH)
    assert allowed < spent.found[what] <= allowed + portion
    assert spent.checked == []


@pytest.mark.parametrize("unpacked_limit", [0, files.UNPACKED_LIMIT])
def test_records_within_the_budget_are_all_checked(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, unpacked_limit: int
) -> None:
    monkeypatch.setattr(files, "UNPACKED_LIMIT", unpacked_limit)
    monkeypatch.setattr(budget, "MAX_FILE_SAVES", HONEST.writes)
    spent = Spent(monkeypatch)
    path = hostile(pair, Place(), *three_segments(SegmentKind.RECORDS, HONEST, saved(1)))
    assert len(transfer.review_bundle(pair.ours, path).taken.rows) == HONEST.records
    assert (spent.found["records"], spent.found["writes"]) == (HONEST.records, HONEST.writes)
    assert len(spent.checked) == 3


def test_fewer_records_than_announced_are_refused_before_they_are_checked(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent = Spent(monkeypatch)
    more = structs.replace(HONEST, writes=HONEST.writes + 1)
    path = hostile(pair, Place(), *three_segments(SegmentKind.RECORDS, more, saved(1)))
    assert refusal(lambda: transfer.review_bundle(pair.ours, path)).data["why"] == "counts"
    assert spent.checked == []


def test_notices_of_very_many_dead_ids_are_counted_like_records(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit, state in (("SUPERSEDED", [[], [[WITHDRAWN, DEAD]]]), ("SAVES", saved(1))):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(budget, f"MAX_FILE_{limit}", 119)
            raw = item_list(*[state] * RECORDS_EACH)
            path = hostile(pair, Place(), Segment(SegmentKind.NOTICES, raw))
            refused = refusal(lambda path=path: transfer.review_bundle(pair.ours, path))
            assert (refused.code, refused.data["why"]) == ("bundle.too_large", limit.lower())


def test_chunks_beyond_the_announced_ones_are_not_decoded(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks = [[n.to_bytes(16, "big"), 0, b"a"] for n in range(1, 60)]
    raw = msgspec.msgpack.encode(chunks)
    read = list[bytes]()
    unpack = payload.ChunkUnpacker.unpack

    def unpacking(one: payload.ChunkUnpacker, raw: bytes) -> Iterator[AttachmentChunk]:
        read.append(raw)
        return unpack(one, raw)

    monkeypatch.setattr(payload.ChunkUnpacker, "unpack", unpacking)
    for announced, expected in ((58, []), (59, [raw])):
        segment = Segment(SegmentKind.CHUNKS, raw, BundleCounts(0, 0, 0, announced))
        path = hostile(pair, Place(epoch=bytes([announced]) * 16, ahead=announced), segment)
        code = "" if expected else refusal(lambda p=path: transfer.review_bundle(pair.ours, p)).code
        if expected:
            transfer.review_bundle(pair.ours, path)
        assert (code, read) == ("" if expected else "bundle.torn", expected)


def test_file_that_announces_too_many_chunks_is_refused_at_once(pair: Pair) -> None:
    segment = Segment(SegmentKind.CHUNKS, b"\xc1", BundleCounts(0, 0, 0, MAX_FILE_CHUNKS + 1))
    refused = refusal(lambda: transfer.review_bundle(pair.ours, hostile(pair, Place(), segment)))
    assert (refused.code, refused.data["why"]) == ("bundle.too_large", "chunks")


def test_writes_that_orders_name_are_counted_before_they_are_sorted(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payload, "_check_part", lambda _part: pytest.fail("it was sorted"))
    part = ((CARRIER, DEAD),)
    orders = [ErasureOrder(bytes([n]) * 16, bytes(16), part, "error", 0, 1) for n in range(1, 5)]
    monkeypatch.setattr(budget, "MAX_ORDERED_WRITES", 19)
    path = hostile(pair, Place(), *pack_orders(orders, ()))
    refused = refusal(lambda: transfer.review_bundle(pair.ours, path))
    assert (refused.code, refused.data["why"]) == ("bundle.too_large", "orders")
