# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that have come: what each of them is, and taking many at once in the right order.

Looking writes nothing. A file that cannot be taken says why, so that nobody has to try each by
itself; what was taken before, or is for somebody else, is only counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kfdesk.domain.desk.exchange import Direction, Taken
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.services import exchange
from kfdesk.services.desk import Changes, Desk, Progress
from kfdesk.services.exchange import Review
from kfdesk.services.partners import Offered, look_at_card

CARD_SUFFIX = ".card"
_NOT_FOR_US = frozenset({"bundle.not_for_us", "bundle.not_a_bundle", "card.own", "card.damaged"})
_MOST_SHOWN = 64  # numbers of missing files


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file: what it would do, whose card it is, or why it cannot be taken."""

    path: Path
    review: Review | None = None
    card: Offered | None = None
    fault: KfdeskError | None = None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What was found, in the order in which it is best taken.

    `taken_before` and `for_others` count what is left out of `files`.
    """

    files: tuple[Arrival, ...]
    taken_before: int = 0
    for_others: int = 0


@dataclass(frozen=True, slots=True)
class Received:
    """What came of taking many files: how many were taken, how many fields wait for a decision."""

    changes: Changes
    taken: int
    to_decide: int
    faults: tuple[KfdeskError, ...]


def look_around(desk: Desk, progress: Progress | None = None) -> Arrivals:
    """What lies on sticks and among the downloads. Writes nothing.

    Raises KfdeskError `user.not_allowed` or `work.cancelled`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    return look_at_all(desk, desk.rooms.arrived(), progress)


def look_at_all(desk: Desk, paths: Sequence[Path], progress: Progress | None = None) -> Arrivals:
    """What each of these files is, in the order of senders and numbers, cards first.

    Raises KfdeskError `user.not_allowed` or `work.cancelled`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    files = []
    for number, path in enumerate(paths):
        if progress is not None:
            progress.step(number, len(paths))
        files.append(_look(desk, path))
    codes = [one.fault.code if one.fault else "" for one in files]
    before, others = codes.count("bundle.taken_before"), sum(code in _NOT_FOR_US for code in codes)
    shown = [
        one for one, code in zip(files, codes, strict=True)
        if code not in _NOT_FOR_US and code != "bundle.taken_before"
        and not (one.card and one.card.is_known)
    ]  # fmt: skip
    return Arrivals(tuple(sorted(_once(shown), key=_order)), before, others)


def take_all(desk: Desk, files: Iterable[Arrival], progress: Progress | None = None) -> Received:
    """Take every file that can be taken, each by itself; what both changed stays open.

    One that is refused by then keeps none of the others back. Raises KfdeskError
    `user.not_allowed` or `work.cancelled`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    changes, taken, to_decide, faults = Changes(), 0, 0, []
    for one in files:
        if one.review is None:
            continue
        try:
            review = exchange.review(desk, one.path, progress)
            changes |= exchange.apply(desk, one.path, review, progress)
        except KfdeskError as fault:
            if fault.code == "work.cancelled":
                raise
            faults.append(fault)
            continue
        taken += 1
        to_decide += review.conflicts
    return Received(changes, taken, to_decide, tuple(faults))


def missing_before(desk: Desk, taken: Taken) -> tuple[int, ...]:
    """The numbers of the sender's files before this one that have not come.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    epoch, sequence = taken.envelope.epoch, taken.envelope.sequence
    marks = desk.store.ledger.marks(taken.organisation, Direction.IN)
    known = {mark.sequence for mark in marks if mark.epoch == epoch}
    return tuple(sorted(set(range(max(1, sequence - _MOST_SHOWN), sequence)) - known))


def _look(desk: Desk, path: Path) -> Arrival:
    try:
        if path.suffix == CARD_SUFFIX:
            return Arrival(path, card=look_at_card(desk, path))
        return Arrival(path, review=exchange.review(desk, path))
    except KfdeskError as fault:
        return Arrival(path, fault=fault)


def _once(files: Iterable[Arrival]) -> Iterable[Arrival]:
    """Each file once: the same lies on the stick and among the downloads."""
    seen: set[bytes] = set()
    for one in files:
        digest = one.card.data if one.card else one.review.taken.digest if one.review else None
        if digest is None or digest not in seen:
            yield one
        if digest is not None:
            seen.add(digest)


def _order(one: Arrival) -> tuple[int, str, int, str]:
    if one.card is not None:
        return (0, one.card.name, 0, one.path.name)
    if one.review is None:
        return (2, "", 0, one.path.name)
    return (1, one.review.partner, one.review.taken.envelope.sequence, one.path.name)
