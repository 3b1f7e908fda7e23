# SPDX-License-Identifier: GPL-3.0-or-later
"""Sequence: the order of the files between us and a partner, what arrived and what is missing.

Each direction has its own sequence numbers within an epoch. Files may arrive in any order.
An imported file is not imported again, and two files with one number are an alarm. The
newest file's acknowledgement replaces all earlier ones. So whatever a restored backup has
lost, on either side, is sent again. This module knows no content.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    EPOCH_DAYS,
    MAX_EPOCHS,
    MAX_MISSING,
    Acknowledgement,
    Direction,
    Envelope,
    FileFinding,
    FileIssue,
    Partner,
    ReceivedBundle,
    ResendRequest,
    SequenceMark,
    check_place,
    is_plausible_time,
)
from kfdesk.domain.registers import next_hlc
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.audit_heads import (
    audit_findings,
    record_audit_head,
    shows_other_history,
)
from kfdesk.services.exchange.epochs import (
    begin_epoch,
    our_epoch,
    received_marks,
    record_epoch_reply_due,
    renew_epoch_out_of_reach,
    shows_our_rollback,
)
from kfdesk.services.exchange.erasure import reopen_orders
from kfdesk.services.exchange.scopes import record_partner_schema

_MAX_LISTED = MAX_MISSING + 1  # missing numbers, because one more than an acknowledgement holds
_DAY = 86_400_000  # milliseconds
_NO_PREVIOUS = bytes(32)
_HLC_BITS = 16
_MAX_MADE_GOOD = 63  # stored lists of replaced files, besides a new one


def build_acknowledgement(desk: Session, organisation: bytes) -> Acknowledgement:
    """Return what we have of a partner's files in its newest epoch, counting replaced ones."""
    taken = received_marks(desk, organisation)
    if not taken:
        return Acknowledgement(bytes(16), 0)
    epoch, missing = _newest_mark(taken).epoch, missing_numbers(desk, organisation)
    if len(missing) > MAX_MISSING:
        return Acknowledgement(epoch, missing[0] - 1)
    return Acknowledgement(epoch, max(_newest_epoch_numbers(taken)), missing)


def missing_numbers(desk: Session, organisation: bytes) -> tuple[int, ...]:
    """Return the first numbers of a partner's newest epoch whose content is missing."""
    marks = received_marks(desk, organisation)
    numbers = _newest_epoch_numbers(marks)
    made_good = _made_good_ranges(desk, organisation, marks) if marks else ()
    come = chain(((number, number) for number in numbers), made_good)
    return _numbers_between(come, 1, max(numbers, default=0))


def count_unacknowledged(desk: Session, organisation: bytes) -> int:
    """Return how many of our files to a partner are not acknowledged."""
    arrived = desk.store.ledger.acknowledged()
    sent = desk.store.ledger.marks(organisation, Direction.OUT)
    epoch = our_epoch(desk)
    return sum(mark.epoch == epoch and mark.digest not in arrived for mark in sent)


def next_envelope(desk: Session, partner: Partner) -> Envelope:
    """Return the envelope of our next file to a partner."""
    sent = desk.store.ledger.marks(partner.organisation, Direction.OUT)
    epoch = our_epoch(desk)
    mine = [mark for mark in sent if mark.epoch == epoch]
    last = max(mine, key=lambda mark: mark.sequence, default=None)
    return Envelope(
        epoch,
        last.sequence + 1 if last else 1,
        last.digest if last else _NO_PREVIOUS,
        _next_time(desk, sent),
        build_acknowledgement(desk, partner.organisation),
        desk.store.ledger.audit_head(),
    )


def check_envelope(desk: Session, organisation: bytes, envelope: Envelope, digest: bytes) -> None:
    """Check what a file says of itself, before its content is read.

    Raise KfdeskError `bundle.taken_before`; `bundle.forked` for a file that does not fit into
    the sequence of those imported; `bundle.from_the_future`, `bundle.far_ahead` or
    `bundle.many_epochs` above a limit of FORMAT.md.
    """
    marks = received_marks(desk, organisation)
    row = {mark.sequence: mark for mark in marks if mark.epoch == envelope.epoch}
    here = row.get(envelope.sequence)
    if here is not None and here.digest == digest:
        raise KfdeskError("bundle.taken_before")
    if here is not None or _is_forked(row, envelope, digest):
        raise KfdeskError("bundle.forked")
    check_place(envelope, max(row, default=0), desk.milliseconds)
    if not row and len(_epochs_since(marks, desk.milliseconds - EPOCH_DAYS * _DAY)) >= MAX_EPOCHS:
        raise KfdeskError("bundle.many_epochs")


def check_sequence(desk: Session, taken: ReceivedBundle) -> tuple[FileFinding, ...]:
    """Return what the sequence number of a file shows, for people to read.

    Raise KfdeskError as `check_envelope` does.
    """
    check_envelope(desk, taken.organisation, taken.envelope, taken.digest)
    marks = received_marks(desk, taken.organisation)
    return tuple(_sequence_findings(desk, taken, marks))


def record_received(desk: Session, taken: ReceivedBundle) -> None:
    """Record a file's sequence number, and which of our files it acknowledges.

    If it acknowledges a file of ours that we do not know, or has seen a history of ours that is
    not here, our files get a new epoch, as after a restore. Call inside a transaction.
    """
    envelope, ledger = taken.envelope, desk.store.ledger
    marks = received_marks(desk, taken.organisation)
    if shows_our_rollback(desk, taken) or shows_other_history(desk, taken):
        begin_epoch(desk)
        desk.log(Action.OLDER_STORE, keys=(str(envelope.hlc >> _HLC_BITS),))
    before = ledger.acknowledged()
    if all(mark.hlc < envelope.hlc for mark in marks):
        is_other = bool(marks) and _newest_mark(marks).epoch != envelope.epoch
        _record_acknowledged(desk, taken, is_other=is_other)
        record_epoch_reply_due(desk, taken, marks)
    for resend in taken.dealings.resends:
        _forget_acknowledged(desk, taken.organisation, resend)
    record_partner_schema(desk, taken.organisation, taken.schema)
    renew_epoch_out_of_reach(desk, taken.organisation)
    if before - ledger.acknowledged():
        desk.store.levels.drop(taken.organisation)
    _record_made_good(desk, taken)
    record_audit_head(desk, taken)
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
    desk.store.ledger.acknowledge(_acknowledged_digests(desk, taken))


def count_confirmed(desk: Session, taken: ReceivedBundle) -> int:
    """Return how many of our files a bundle confirms that nobody had confirmed before."""
    marks = received_marks(desk, taken.organisation)
    if any(mark.hlc >= taken.envelope.hlc for mark in marks):
        return 0  # an older file, whose acknowledgement counts for nothing
    return len(set(_acknowledged_digests(desk, taken)) - desk.store.ledger.acknowledged())


def _acknowledged_digests(desk: Session, taken: ReceivedBundle) -> list[bytes]:
    got, epoch = taken.envelope.acknowledged, our_epoch(desk)
    return [
        mark.digest
        for mark in desk.store.ledger.marks(taken.organisation, Direction.OUT)
        if mark.epoch == got.epoch == epoch
        and mark.sequence <= got.contiguous
        and mark.sequence not in got.missing
    ]


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


def _made_good_ranges(
    desk: Session, organisation: bytes, marks: Sequence[SequenceMark]
) -> Iterator[tuple[int, int]]:
    """Yield the ranges of numbers, in the newest epoch, that an imported file has replaced."""
    epoch = _newest_mark(marks).epoch
    taken = {mark.digest.hex() for mark in marks if mark.epoch == epoch}
    for digest, runs in _stored_made_good(desk, organisation):
        if digest in taken:
            yield from ((first, last) for first, last in runs)


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
    else:
        yield from audit_findings(desk, taken)
    is_newest = all(mark.hlc < envelope.hlc for mark in marks)
    row = {mark.sequence for mark in marks if mark.epoch == envelope.epoch}
    if marks and not row and is_newest:
        yield FileFinding(FileIssue.RESTORED)
    elif _is_second_store(marks, envelope):
        yield FileFinding(FileIssue.TWO_STORES)
    elif not is_newest:
        yield FileFinding(FileIssue.LATE)
    first, last = max(row, default=0) + 1, envelope.sequence - 1
    missing = _numbers_between(taken.dealings.made_good, first, last)
    if missing:
        yield FileFinding(FileIssue.MISSING, missing)
    if taken.dealings.resends:
        yield FileFinding(FileIssue.SENT_AGAIN)


def _numbers_between(runs: Iterable[tuple[int, int]], first: int, last: int) -> tuple[int, ...]:
    """Return the first numbers from `first` to `last` that are in no run.

    A run is a first and a last number. The cost depends on the number of runs alone.
    """
    gaps, at = list[range](), first
    for low, high in sorted((*runs, (last + 1, last + 1))):
        gaps.append(range(at, min(low, last + 1)))
        at = max(at, high + 1)
    return tuple(islice(chain.from_iterable(gaps), _MAX_LISTED))


def _is_forked(row: dict[int, SequenceMark], envelope: Envelope, digest: bytes) -> bool:
    """Return whether a neighbour in the sequence, as far as it arrived, links to another file."""
    before, after = row.get(envelope.sequence - 1), row.get(envelope.sequence + 1)
    if before is not None and before.digest != envelope.previous:
        return True
    return after is not None and after.previous not in (b"", digest)


def _epochs_since(marks: Sequence[SequenceMark], milliseconds: int) -> set[bytes]:
    """Return the epochs of which a file was taken since a time (ms since 1970, UTC)."""
    return {mark.epoch for mark in marks if mark.milliseconds >= milliseconds}


def _next_time(desk: Session, sent: Sequence[SequenceMark]) -> int:
    """Return the time of our next file: after all earlier ones.

    A file that we wrote under a clock far ahead was refused, and does not count.
    """
    times = (mark.hlc for mark in sent if is_plausible_time(mark.hlc, desk.milliseconds))
    return next_hlc(desk.milliseconds, max(times, default=0))


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
