# SPDX-License-Identifier: GPL-3.0-or-later
"""Sequence: the order of the files between us and a partner, what arrived and what is missing.

Each direction has its own sequence numbers within an epoch. Files may arrive in any order.
An imported file is not imported again, and two files with one number are an alarm. The
newest file's acknowledgement replaces all earlier ones. So whatever a restored backup has
lost, on either side, is sent again. This module knows no content.
"""

import json
from collections.abc import Iterator, Sequence

from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    Acknowledgement,
    Direction,
    Envelope,
    FileFinding,
    FileIssue,
    Partner,
    ReceivedBundle,
    ResendRequest,
    SequenceMark,
)
from kfdesk.domain.registers import next_hlc
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.epochs import (
    begin_epoch,
    our_epoch,
    record_epoch_reply_due,
    shows_our_rollback,
)
from kfdesk.services.exchange.erasure import reopen_orders

_MAX_MISSING = 64
_NO_PREVIOUS = bytes(32)
_HLC_BITS = 16
_MAX_MADE_GOOD = 63  # stored lists of replaced files, besides a new one


def build_acknowledgement(desk: Session, organisation: bytes) -> Acknowledgement:
    """Return what we have of a partner's files in its newest epoch, counting replaced ones."""
    taken = desk.store.ledger.marks(organisation, Direction.IN)
    if not taken:
        return Acknowledgement(bytes(16), 0)
    epoch, missing = _newest_mark(taken).epoch, missing_numbers(desk, organisation)
    if len(missing) > _MAX_MISSING:
        return Acknowledgement(epoch, missing[0] - 1)
    return Acknowledgement(epoch, max(_newest_epoch_numbers(taken)), missing)


def missing_numbers(desk: Session, organisation: bytes) -> tuple[int, ...]:
    """Return the numbers of a partner's files, in its newest epoch, whose content is missing."""
    marks = desk.store.ledger.marks(organisation, Direction.IN)
    numbers = _newest_epoch_numbers(marks)
    come = numbers | _made_good_numbers(desk, organisation, marks) if marks else numbers
    return tuple(sorted(set(range(1, max(numbers, default=0) + 1)) - come))


def count_unacknowledged(desk: Session, organisation: bytes) -> int:
    """Return how many of our files to a partner are not acknowledged."""
    arrived = desk.store.ledger.acknowledged()
    sent = desk.store.ledger.marks(organisation, Direction.OUT)
    epoch = our_epoch(desk)
    return sum(mark.epoch == epoch and mark.digest not in arrived for mark in sent)


def next_envelope(desk: Session, partner: Partner) -> Envelope:
    """Return the envelope of our next file to a partner; its time is after all earlier ones."""
    sent = desk.store.ledger.marks(partner.organisation, Direction.OUT)
    epoch = our_epoch(desk)
    mine = [mark for mark in sent if mark.epoch == epoch]
    last = max(mine, key=lambda mark: mark.sequence, default=None)
    return Envelope(
        epoch,
        last.sequence + 1 if last else 1,
        last.digest if last else _NO_PREVIOUS,
        next_hlc(desk.milliseconds, max((mark.hlc for mark in sent), default=0)),
        build_acknowledgement(desk, partner.organisation),
        desk.store.ledger.audit_head(),
    )


def check_sequence(desk: Session, taken: ReceivedBundle) -> tuple[FileFinding, ...]:
    """Return what the sequence number of a file shows, for people to read.

    Raise KfdeskError `bundle.taken_before`, or `bundle.forked` for a file that does not fit
    into the sequence of those imported.
    """
    marks = desk.store.ledger.marks(taken.organisation, Direction.IN)
    row = {mark.sequence: mark for mark in marks if mark.epoch == taken.envelope.epoch}
    here = row.get(taken.envelope.sequence)
    if here is not None and here.digest == taken.digest:
        raise KfdeskError("bundle.taken_before")
    if here is not None or _is_forked(row, taken):
        raise KfdeskError("bundle.forked")
    return tuple(_sequence_findings(desk, taken, marks))


def record_received(desk: Session, taken: ReceivedBundle) -> None:
    """Record a file's sequence number, and which of our files it acknowledges.

    If it acknowledges a file of ours that we do not know, our files get a new epoch, as after a
    restore. Call inside a transaction.
    """
    envelope, ledger = taken.envelope, desk.store.ledger
    marks = ledger.marks(taken.organisation, Direction.IN)
    if shows_our_rollback(desk, taken):
        begin_epoch(desk)
        desk.log(Action.OLDER_STORE, keys=(str(envelope.hlc >> _HLC_BITS),))
    before = ledger.acknowledged()
    if all(mark.hlc < envelope.hlc for mark in marks):
        is_other = bool(marks) and _newest_mark(marks).epoch != envelope.epoch
        _record_acknowledged(desk, taken, is_other=is_other)
        record_epoch_reply_due(desk, taken, marks)
    for resend in taken.dealings.resends:
        _forget_acknowledged(desk, taken.organisation, resend)
    if before - ledger.acknowledged():
        desk.store.levels.drop(taken.organisation)
    _record_made_good(desk, taken)
    ledger.mark(
        SequenceMark(
            taken.organisation, Direction.IN, envelope.epoch, envelope.sequence, taken.digest,
            desk.milliseconds, envelope.previous, envelope.hlc,
        )
    )  # fmt: skip


def _record_acknowledged(desk: Session, taken: ReceivedBundle, *, is_other: bool) -> None:
    """Record acknowledged files; what a restored partner had before counts as never arrived."""
    got = taken.envelope.acknowledged
    sent = desk.store.ledger.marks(taken.organisation, Direction.OUT)
    desk.store.ledger.unacknowledge(
        [mark.digest for mark in sent if is_other or mark.epoch == got.epoch]
    )
    if is_other:
        reopen_orders(desk, taken.organisation)
    desk.store.ledger.acknowledge(
        [
            mark.digest
            for mark in sent
            if mark.epoch == got.epoch == our_epoch(desk)
            and mark.sequence <= got.contiguous
            and mark.sequence not in got.missing
        ]
    )


def _forget_acknowledged(desk: Session, organisation: bytes, resend: ResendRequest) -> None:
    sent = desk.store.ledger.marks(organisation, Direction.OUT)
    desk.store.ledger.unacknowledge(
        [
            mark.digest
            for mark in sent
            if mark.epoch == resend.epoch and resend.first <= mark.sequence <= resend.last
        ]
    )


def _record_made_good(desk: Session, taken: ReceivedBundle) -> None:
    """Record which earlier files this file replaces; valid as long as this file is imported."""
    runs = [run for run in taken.dealings.made_good if run[1] < taken.envelope.sequence]
    if runs:
        kept = _stored_made_good(desk, taken.organisation)[-_MAX_MADE_GOOD:]
        fresh = (*kept, (taken.digest.hex(), runs))
        desk.store.set_setting(_made_good_key(taken.organisation), json.dumps(fresh).encode())


def _made_good_numbers(
    desk: Session, organisation: bytes, marks: Sequence[SequenceMark]
) -> set[int]:
    """Return the numbers, in the newest epoch, that an imported file has replaced."""
    epoch, top = _newest_mark(marks).epoch, max(_newest_epoch_numbers(marks))
    taken = {mark.digest.hex() for mark in marks if mark.epoch == epoch}
    runs = (runs for digest, runs in _stored_made_good(desk, organisation) if digest in taken)
    return {n for run in runs for first, last in run for n in range(first, min(last, top) + 1)}


def _stored_made_good(
    desk: Session, organisation: bytes
) -> list[tuple[str, list[tuple[int, int]]]]:
    kept: list[tuple[str, list[tuple[int, int]]]]
    kept = json.loads(desk.store.setting(_made_good_key(organisation)) or b"[]")
    return kept


def _made_good_key(organisation: bytes) -> str:
    return f"made_good.{organisation.hex()}"


def _sequence_findings(
    desk: Session, taken: ReceivedBundle, marks: Sequence[SequenceMark]
) -> Iterator[FileFinding]:
    envelope = taken.envelope
    if shows_our_rollback(desk, taken):
        yield FileFinding(FileIssue.AHEAD_OF_US)
    is_newest = all(mark.hlc < envelope.hlc for mark in marks)
    row = {mark.sequence for mark in marks if mark.epoch == envelope.epoch}
    if marks and not row and is_newest:
        yield FileFinding(FileIssue.RESTORED)
    elif _is_second_store(marks, envelope):
        yield FileFinding(FileIssue.TWO_STORES)
    elif not is_newest:
        yield FileFinding(FileIssue.LATE)
    missing = set(range(max(row, default=0) + 1, envelope.sequence))
    for first, last in taken.dealings.made_good:
        missing -= set(range(first, min(last, envelope.sequence) + 1))
    if missing:
        yield FileFinding(FileIssue.MISSING, tuple(sorted(missing)))
    if taken.dealings.resends:
        yield FileFinding(FileIssue.SENT_AGAIN)


def _is_forked(row: dict[int, SequenceMark], taken: ReceivedBundle) -> bool:
    """Return whether a neighbour in the sequence, as far as it arrived, links to another file."""
    number, envelope = taken.envelope.sequence, taken.envelope
    before, after = row.get(number - 1), row.get(number + 1)
    if before is not None and before.digest != envelope.previous:
        return True
    return after is not None and after.previous not in (b"", taken.digest)


def _is_second_store(marks: Sequence[SequenceMark], envelope: Envelope) -> bool:
    """Return whether an epoch continues although another has followed it: a second store."""
    begun: dict[bytes, int] = {}
    for mark in marks:
        begun[mark.epoch] = min(mark.hlc, begun.get(mark.epoch, mark.hlc))
    ours = begun.pop(envelope.epoch, None)
    return ours is not None and any(ours < other < envelope.hlc for other in begun.values())


def _newest_mark(taken: Sequence[SequenceMark]) -> SequenceMark:
    return max(taken, key=lambda mark: (mark.hlc, mark.milliseconds, mark.sequence))


def _newest_epoch_numbers(taken: Sequence[SequenceMark]) -> set[int]:
    """Return the numbers of the newest epoch."""
    if not taken:
        return set()
    epoch = _newest_mark(taken).epoch
    return {mark.sequence for mark in taken if mark.epoch == epoch}
