# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of the files that pass between us and a partner: what has come, what is missing.

Each direction has its own row of numbers within an epoch. Files may come in any order; one that was
taken is not taken again, and a number that two files claim is an alarm. The newest file's word of
what has arrived is the whole truth: so whatever a restored backup has lost, on either side, goes
again. In another epoch of a partner nothing counts that it confirmed before. Knows no content.
"""

import json
from collections.abc import Iterator, Sequence

from kfdesk.domain.desk.exchange import (
    Acknowledgement,
    Direction,
    Envelope,
    Mark,
    Partner,
    Resend,
    Taken,
)
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.order import Finding, Found
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.writes import stamp
from kfdesk.services.desk import Desk
from kfdesk.services.parcels.epochs import begin_epoch, is_ahead, note_told, our_epoch
from kfdesk.services.sharing.asking import ask_anew

_MOST_MISSING = 64
_FIRST = bytes(32)
_HLC_BITS = 16
_MOST_KEPT = 63  # words of what was made good, beside a new one


def acknowledgement(desk: Desk, organisation: bytes) -> Acknowledgement:
    """What we have of a partner's files, in its newest epoch; what was made good counts, too."""
    taken = desk.store.ledger.marks(organisation, Direction.IN)
    if not taken:
        return Acknowledgement(bytes(16), 0)
    epoch, missing = _newest(taken).epoch, missing_from(desk, organisation)
    if len(missing) > _MOST_MISSING:
        return Acknowledgement(epoch, missing[0] - 1)
    return Acknowledgement(epoch, max(_numbers(taken)), missing)


def missing_from(desk: Desk, organisation: bytes) -> tuple[int, ...]:
    """The numbers of a partner's files, in its newest epoch, whose content has not come."""
    marks = desk.store.ledger.marks(organisation, Direction.IN)
    numbers = _numbers(marks)
    come = numbers | _made_good(desk, organisation, marks) if marks else numbers
    return tuple(sorted(set(range(1, max(numbers, default=0) + 1)) - come))


def unconfirmed(desk: Desk, organisation: bytes) -> int:
    """How many of our files to a partner, in our epoch, have not been confirmed to have arrived."""
    arrived = desk.store.ledger.acknowledged()
    sent = desk.store.ledger.marks(organisation, Direction.OUT)
    epoch = our_epoch(desk)
    return sum(mark.epoch == epoch and mark.digest not in arrived for mark in sent)


def next_envelope(desk: Desk, partner: Partner) -> Envelope:
    """The place of our next file to a partner; its time is after that of every one before."""
    sent = desk.store.ledger.marks(partner.organisation, Direction.OUT)
    epoch = our_epoch(desk)
    mine = [mark for mark in sent if mark.epoch == epoch]
    last = max(mine, key=lambda mark: mark.sequence, default=None)
    return Envelope(
        epoch,
        last.sequence + 1 if last else 1,
        last.digest if last else _FIRST,
        stamp(desk.milliseconds, max((mark.hlc for mark in sent), default=0)),
        acknowledgement(desk, partner.organisation),
        desk.store.ledger.audit_head(),
    )


def check_order(desk: Desk, taken: Taken) -> tuple[Found, ...]:
    """What the place of a file says, for people.

    Raises KfdeskError `bundle.taken_before`, or `bundle.forked` for one that does not fit into the
    row of those that were taken.
    """
    marks = desk.store.ledger.marks(taken.organisation, Direction.IN)
    row = {mark.sequence: mark for mark in marks if mark.epoch == taken.envelope.epoch}
    here = row.get(taken.envelope.sequence)
    if here is not None and here.digest == taken.digest:
        raise KfdeskError("bundle.taken_before")
    if here is not None or _is_forked(row, taken):
        raise KfdeskError("bundle.forked")
    return tuple(_found(desk, taken, marks))


def note_taken(desk: Desk, taken: Taken) -> None:
    """Note a file's place in the order, and which of ours it says have arrived.

    Where it knows of a file of ours that we do not, our files get a new epoch, as after a restore.
    Belongs inside a transaction.
    """
    envelope, ledger = taken.envelope, desk.store.ledger
    marks = ledger.marks(taken.organisation, Direction.IN)
    if is_ahead(desk, taken):
        begin_epoch(desk)
        desk.log(Action.OLDER_STORE, keys=(str(envelope.hlc >> _HLC_BITS),))
    before = ledger.acknowledged()
    if all(mark.hlc < envelope.hlc for mark in marks):
        is_other = bool(marks) and _newest(marks).epoch != envelope.epoch
        _note_arrived(desk, taken, is_other=is_other)
        note_told(desk, taken, marks)
    for resend in taken.dealings.resends:
        _forget_arrived(desk, taken.organisation, resend)
    if before - ledger.acknowledged():
        desk.store.levels.drop(taken.organisation)
    _note_made_good(desk, taken)
    ledger.mark(
        Mark(
            taken.organisation, Direction.IN, envelope.epoch, envelope.sequence, taken.digest,
            desk.milliseconds, envelope.previous, envelope.hlc,
        )
    )  # fmt: skip


def _note_arrived(desk: Desk, taken: Taken, *, is_other: bool) -> None:
    """What a partner has had before is as if it had never come, if it goes on in another epoch."""
    got, sent = (
        taken.envelope.acknowledged,
        desk.store.ledger.marks(taken.organisation, Direction.OUT),
    )
    desk.store.ledger.forget_acknowledged(
        [mark.digest for mark in sent if is_other or mark.epoch == got.epoch]
    )
    if is_other:
        ask_anew(desk, taken.organisation)
    desk.store.ledger.acknowledge(
        [
            mark.digest
            for mark in sent
            if mark.epoch == got.epoch == our_epoch(desk)
            and mark.sequence <= got.contiguous
            and mark.sequence not in got.missing
        ]
    )


def _forget_arrived(desk: Desk, organisation: bytes, resend: Resend) -> None:
    sent = desk.store.ledger.marks(organisation, Direction.OUT)
    desk.store.ledger.forget_acknowledged(
        [
            mark.digest
            for mark in sent
            if mark.epoch == resend.epoch and resend.first <= mark.sequence <= resend.last
        ]
    )


def _note_made_good(desk: Desk, taken: Taken) -> None:
    """Kept with the file that says so: it counts as long as that file does."""
    runs = [run for run in taken.dealings.made_good if run[1] < taken.envelope.sequence]
    if runs:
        kept = _kept_made_good(desk, taken.organisation)[-_MOST_KEPT:]
        fresh = (*kept, (taken.digest.hex(), runs))
        desk.store.set_setting(_made_good_key(taken.organisation), json.dumps(fresh).encode())


def _made_good(desk: Desk, organisation: bytes, marks: Sequence[Mark]) -> set[int]:
    """The numbers, in the newest epoch, that a file which was taken has made good."""
    epoch, top = _newest(marks).epoch, max(_numbers(marks))
    taken = {mark.digest.hex() for mark in marks if mark.epoch == epoch}
    runs = (runs for digest, runs in _kept_made_good(desk, organisation) if digest in taken)
    return {n for run in runs for first, last in run for n in range(first, min(last, top) + 1)}


def _kept_made_good(desk: Desk, organisation: bytes) -> list[tuple[str, list[tuple[int, int]]]]:
    kept: list[tuple[str, list[tuple[int, int]]]]
    kept = json.loads(desk.store.setting(_made_good_key(organisation)) or b"[]")
    return kept


def _made_good_key(organisation: bytes) -> str:
    return f"made_good.{organisation.hex()}"


def _found(desk: Desk, taken: Taken, marks: Sequence[Mark]) -> Iterator[Found]:
    envelope = taken.envelope
    if is_ahead(desk, taken):
        yield Found(Finding.AHEAD_OF_US)
    is_newest = all(mark.hlc < envelope.hlc for mark in marks)
    row = {mark.sequence for mark in marks if mark.epoch == envelope.epoch}
    if marks and not row and is_newest:
        yield Found(Finding.RESTORED)
    elif _is_twin(marks, envelope):
        yield Found(Finding.TWO_STORES)
    elif not is_newest:
        yield Found(Finding.LATE)
    missing = set(range(max(row, default=0) + 1, envelope.sequence))
    for first, last in taken.dealings.made_good:
        missing -= set(range(first, min(last, envelope.sequence) + 1))
    if missing:
        yield Found(Finding.MISSING, tuple(sorted(missing)))
    if taken.dealings.resends:
        yield Found(Finding.SENT_AGAIN)


def _is_forked(row: dict[int, Mark], taken: Taken) -> bool:
    """Whether its neighbours in the row, as far as they came, follow another file than this."""
    number, envelope = taken.envelope.sequence, taken.envelope
    before, after = row.get(number - 1), row.get(number + 1)
    if before is not None and before.digest != envelope.previous:
        return True
    return after is not None and after.previous not in (b"", taken.digest)


def _is_twin(marks: Sequence[Mark], envelope: Envelope) -> bool:
    """Whether an epoch goes on that another one has followed already."""
    begun: dict[bytes, int] = {}
    for mark in marks:
        begun[mark.epoch] = min(mark.hlc, begun.get(mark.epoch, mark.hlc))
    ours = begun.pop(envelope.epoch, None)
    return ours is not None and any(ours < other < envelope.hlc for other in begun.values())


def _newest(taken: Sequence[Mark]) -> Mark:
    return max(taken, key=lambda mark: (mark.hlc, mark.milliseconds, mark.sequence))


def _numbers(taken: Sequence[Mark]) -> set[int]:
    """The numbers of the newest epoch."""
    if not taken:
        return set()
    epoch = _newest(taken).epoch
    return {mark.sequence for mark in taken if mark.epoch == epoch}
