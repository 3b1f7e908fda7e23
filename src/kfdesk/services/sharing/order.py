# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of the files that pass between us and a partner: what has come, what is missing.

Each direction has its own row of numbers within an epoch. Files may come in any order; one that was
taken is not taken again, and a number that two files claim is an alarm. Knows no content.
"""

from kfdesk.domain.desk.exchange import Acknowledgement, Direction, Envelope, Mark, Partner, Taken
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.writes import stamp
from kfdesk.services.desk import Desk

_MOST_MISSING = 64
_FIRST = bytes(32)  # the digest of the file before the first one


def acknowledgement(desk: Desk, organisation: bytes) -> Acknowledgement:
    """What we have of a partner's files, in its newest epoch."""
    taken = desk.store.ledger.marks(organisation, Direction.IN)
    if not taken:
        return Acknowledgement(bytes(16), 0)
    epoch, numbers = taken[-1].epoch, _numbers(taken)
    missing = missing_from(desk, organisation)
    if len(missing) > _MOST_MISSING:
        return Acknowledgement(epoch, missing[0] - 1)
    return Acknowledgement(epoch, max(numbers), missing)


def missing_from(desk: Desk, organisation: bytes) -> tuple[int, ...]:
    """The numbers of a partner's files, in its newest epoch, that have not come."""
    numbers = _numbers(desk.store.ledger.marks(organisation, Direction.IN))
    return tuple(sorted(set(range(1, max(numbers, default=0) + 1)) - numbers))


def unconfirmed(desk: Desk, organisation: bytes) -> int:
    """How many of our files to a partner have not been confirmed to have arrived."""
    arrived = desk.store.ledger.acknowledged()
    sent = desk.store.ledger.marks(organisation, Direction.OUT)
    return sum(mark.digest not in arrived for mark in sent)


def next_envelope(desk: Desk, partner: Partner) -> Envelope:
    """The place of our next file to a partner, and what we have of theirs."""
    sent = desk.store.ledger.marks(partner.organisation, Direction.OUT)
    mine = [mark for mark in sent if mark.epoch == desk.identity.epoch]
    last = max(mine, key=lambda mark: mark.sequence, default=None)
    return Envelope(
        desk.identity.epoch,
        last.sequence + 1 if last else 1,
        last.digest if last else _FIRST,
        stamp(desk.milliseconds),
        acknowledgement(desk, partner.organisation),
        desk.store.ledger.audit_head(),
    )


def check_order(desk: Desk, taken: Taken) -> None:
    """Refuse a file that was taken, one under a number that another had, and one that knows of a
    file of ours that we do not: then an older store stands here.

    Raises KfdeskError `bundle.taken_before`, `bundle.forked` or `bundle.ahead_of_us`.
    """
    place = (taken.envelope.epoch, taken.envelope.sequence)
    for mark in desk.store.ledger.marks(taken.organisation, Direction.IN):
        if (mark.epoch, mark.sequence) == place:
            code = "bundle.taken_before" if mark.digest == taken.digest else "bundle.forked"
            raise KfdeskError(code)
    got, epoch = taken.envelope.acknowledged, desk.identity.epoch
    sent = desk.store.ledger.marks(taken.organisation, Direction.OUT)
    newest = max((mark.sequence for mark in sent if mark.epoch == epoch), default=0)
    if got.epoch == epoch and got.contiguous > newest:
        raise KfdeskError("bundle.ahead_of_us")


def note_taken(desk: Desk, taken: Taken) -> None:
    """Note a file's place in the order, and which of ours it says have arrived.

    Belongs inside a transaction.
    """
    envelope, ledger = taken.envelope, desk.store.ledger
    ledger.mark(
        Mark(
            taken.organisation, Direction.IN, envelope.epoch, envelope.sequence, taken.digest,
            desk.milliseconds, envelope.previous, envelope.hlc,
        )
    )  # fmt: skip
    got = envelope.acknowledged
    ledger.acknowledge(
        [
            mark.digest
            for mark in ledger.marks(taken.organisation, Direction.OUT)
            if mark.epoch == got.epoch
            and mark.sequence <= got.contiguous
            and mark.sequence not in got.missing
        ]
    )


def _numbers(taken: tuple[Mark, ...]) -> set[int]:
    """The numbers of the newest epoch."""
    return {mark.sequence for mark in taken if mark.epoch == taken[-1].epoch}
