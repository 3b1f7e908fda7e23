# SPDX-License-Identifier: GPL-3.0-or-later
"""No file may cost more than it is worth: what a trusted key signs is counted before it is done."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.pair_samples import Pair, met_pair, refusal
from tests.support.hostile import Place, signed_file

from kfdesk.bundle.container import Ack, Segment, SegmentKind
from kfdesk.bundle.payload import pack_resends
from kfdesk.domain.exchange import (
    MAX_AHEAD,
    MAX_EPOCHS,
    MAX_NUMBERS_AHEAD,
    Direction,
    ResendRequest,
    SequenceIssue,
    SequenceMark,
)
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.epochs import our_epoch
from kfdesk.services.exchange.sequence import build_acknowledgement, missing_numbers

DAY = 86_400_000
EPOCH = Place().epoch
MEBIBYTE = 2**20


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as made:
        yield made


def hostile(pair: Pair, place: Place, *segments: Segment) -> Path:
    return signed_file(pair.theirs, pair.ours, pair.post, place, segments)


def take(desk: Session, path: Path) -> list[SequenceIssue]:
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
    assert take(pair.ours, hostile(pair, Place(seq=MAX_NUMBERS_AHEAD))) == [SequenceIssue.MISSING]
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
    with pair.ours.store.transaction():
        last = pair.ours.store.ledger.marks(them, Direction.OUT)[-1]
        lost = replace(last, sequence=MAX_NUMBERS_AHEAD - 1, digest=b"lost".ljust(32))
        pair.ours.store.ledger.mark(lost)
    pair.send()
    assert our_epoch(pair.ours) != epoch
    first = transfer.send_notices(pair.ours, them, pair.post)
    assert take(pair.theirs, first.path) == [SequenceIssue.RESTORED]
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
