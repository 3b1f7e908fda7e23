# SPDX-License-Identifier: GPL-3.0-or-later
"""What the ledger adds up of a partner's files in SQL, beside the same told file by file.

After ten years there are thousands of files, so nothing reads them one by one any more.
"""

import itertools
import random
from collections.abc import Iterator

import pytest
from tests.support import make

from kfdesk.domain.exchange import (
    HLC_BITS,
    MAX_AHEAD,
    Acknowledgement,
    Direction,
    EpochFiles,
    SequenceMark,
)
from kfdesk.storage.ledger import Ledger
from kfdesk.storage.store import Store

EPOCHS = (b"first", b"other", b"third")
NEVER = b"never"


def some_marks(rng: random.Random) -> Iterator[SequenceMark]:
    """Files to and from two partners; some of an older program, some from the future."""
    for organisation in (make.PARTNER, make.THIRD):
        for direction in Direction:
            for epoch in rng.sample(EPOCHS, rng.randint(0, 3)):
                for number in rng.sample(range(1, 12), rng.randint(1, 9)):
                    at = rng.randint(0, 5) * MAX_AHEAD
                    ahead = rng.choice((0, 1, MAX_AHEAD, MAX_AHEAD + 1, 3 * MAX_AHEAD))
                    hlc = rng.choice((0, (at + ahead << HLC_BITS) + rng.randint(0, 3)))
                    digest = rng.randbytes(32)
                    yield SequenceMark(
                        organisation, direction, epoch, number, digest, at, b"before", hlc
                    )


def time_of(mark: SequenceMark) -> int:
    is_plausible = mark.hlc >> HLC_BITS <= mark.milliseconds + MAX_AHEAD
    return mark.hlc if is_plausible else max(mark.milliseconds << HLC_BITS, 1)


@pytest.fixture(params=range(12))
def played(request: pytest.FixtureRequest, store: Store) -> tuple[Ledger, random.Random]:
    rng = random.Random(request.param)
    marks = list(some_marks(rng))
    ours = [one.digest for one in marks if one.direction is Direction.OUT]
    with store.transaction():
        for one in marks:
            store.ledger.mark(one)
        store.ledger.acknowledge(rng.sample(ours, len(ours) // 2))
        store.ledger.acknowledge([b"a file of a former partner"])
    return store.ledger, rng


def summed(ledger: Ledger, organisation: bytes, direction: Direction) -> dict[bytes, EpochFiles]:
    arrived, marks = ledger.acknowledged(), ledger.marks(organisation, direction)
    found = {}
    for epoch in {one.epoch for one in marks}:
        its = [one for one in marks if one.epoch == epoch]
        had = [one.sequence for one in its if one.digest in arrived]
        found[epoch] = EpochFiles(
            len(its),
            max(one.sequence for one in its),
            min(map(time_of, its)),
            max(map(time_of, its)),
            max(one.milliseconds for one in its),
            len(had),
            max(had, default=0),
        )
    return found


PARTNERS = (make.PARTNER, make.THIRD, make.OURS)


def test_epochs_add_up_to_their_files(played: tuple[Ledger, random.Random]) -> None:
    ledger, _ = played
    for organisation in PARTNERS:
        for direction in Direction:
            added = ledger.epochs(organisation, direction)
            assert added == summed(ledger, organisation, direction)


def test_newest_file_tells_the_newest_epoch(played: tuple[Ledger, random.Random]) -> None:
    ledger, _ = played
    for organisation in PARTNERS:
        marks = ledger.marks(organisation, Direction.IN)
        newest = max(map(time_of, marks), default=0)
        tied: set[bytes | None] = {one.epoch for one in marks if time_of(one) == newest}
        assert ledger.newest_epoch(organisation) in (tied or {None})


def test_newest_time_leaves_out_what_is_far_ahead(played: tuple[Ledger, random.Random]) -> None:
    ledger, rng = played
    for organisation in PARTNERS:
        until = rng.randint(0, 8) * MAX_AHEAD
        times = [one.hlc for one in ledger.marks(organisation, Direction.OUT)]
        expected = max((one for one in times if one >> HLC_BITS <= until), default=0)
        assert ledger.newest_time(organisation, Direction.OUT, until) == expected


def test_files_are_found_by_their_numbers(played: tuple[Ledger, random.Random]) -> None:
    ledger, rng = played
    first = rng.randint(0, 9)
    for organisation in PARTNERS:
        marks = ledger.marks(organisation, Direction.IN)
        for epoch in (*EPOCHS, NEVER):
            wanted = {
                one.sequence: one
                for one in marks
                if one.epoch == epoch and first <= one.sequence <= first + 2
            }
            found = ledger.marks_between(organisation, Direction.IN, epoch, first, first + 2)
            assert found == wanted


def test_files_on_their_way_and_files_that_have_arrived(
    played: tuple[Ledger, random.Random],
) -> None:
    ledger, _ = played
    arrived = ledger.acknowledged()
    for organisation in PARTNERS:
        marks = ledger.marks(organisation, Direction.OUT)
        assert set(ledger.acknowledged_by(organisation)) == arrived & {x.digest for x in marks}
        assert all(ledger.has_arrived(one.digest) == (one.digest in arrived) for one in marks)
        for epoch in (*EPOCHS, NEVER):
            on_way = [x for x in marks if x.epoch == epoch and x.digest not in arrived]
            wanted = {one.sequence: one.digest for one in on_way}
            assert ledger.unacknowledged(organisation, epoch) == wanted
    assert not ledger.has_arrived(b"")


def test_file_counts_as_taken_from_its_partner_and_of_its_epoch(
    played: tuple[Ledger, random.Random],
) -> None:
    ledger, _ = played
    marks = [one for who in PARTNERS for way in Direction for one in ledger.marks(who, way)]
    digests = [one.digest for one in marks]
    for who in PARTNERS:
        for epoch in EPOCHS:
            for one in marks:
                is_so = (one.organisation, one.direction, one.epoch) == (who, Direction.IN, epoch)
                assert (one.digest in ledger.taken_among(who, epoch, digests)) == is_so
                assert (one.digest in ledger.taken_among(who, epoch, [one.digest])) == is_so


def test_numbers_that_came_are_told_as_runs(played: tuple[Ledger, random.Random]) -> None:
    ledger, _ = played
    for who in PARTNERS:
        for epoch in (*EPOCHS, NEVER):
            its = [one for one in ledger.marks(who, Direction.IN) if one.epoch == epoch]
            runs = ledger.runs_taken(who, epoch)
            told = [number for first, last in runs for number in range(first, last + 1)]
            assert told == sorted(one.sequence for one in its)
            assert all(one[1] + 1 < other[0] for one, other in itertools.pairwise(runs))


@pytest.mark.parametrize("of_all", [False, True])
def test_what_a_partner_tells_is_what_has_arrived(
    played: tuple[Ledger, random.Random], store: Store, *, of_all: bool
) -> None:
    ledger, rng = played
    before = ledger.acknowledged()
    for epoch in (*EPOCHS, NEVER):
        last = rng.randint(0, 12)
        missing = tuple(sorted(rng.sample(range(1, 12), rng.randint(0, 4))))
        told = Acknowledgement(epoch, last, missing)
        for organisation in PARTNERS:
            marks = ledger.marks(organisation, Direction.OUT)
            named = {
                one.digest
                for one in marks
                if one.epoch == epoch and one.sequence <= last and one.sequence not in missing
            }
            asked = {one.digest for one in marks if of_all or one.epoch == epoch}
            anew = ledger.told_anew(organisation, told)
            gone = ledger.told_no_more(organisation, told, of_all_epochs=of_all)
            assert set(anew) == named - before
            assert set(gone) == (asked - named) & before
            with store.transaction():
                ledger.unacknowledge(gone)
                ledger.acknowledge(anew)
            assert ledger.acknowledged() == (before - asked) | named
            before = ledger.acknowledged()
