# SPDX-License-Identifier: GPL-3.0-or-later
"""Sequence: the order of the files between us and a partner, what arrived and what is missing.

Each direction has its own sequence numbers within an epoch. Files may arrive in any order.
An imported file is not imported again, and two files with one number are an alarm. The
newest file's acknowledgement replaces all earlier ones. So whatever a restored backup has
lost, on either side, is sent again. This module knows no content.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    EPOCH_DAYS,
    MAX_AHEAD,
    MAX_EPOCHS,
    MAX_MISSING,
    Acknowledgement,
    Direction,
    Envelope,
    EpochFiles,
    FileFinding,
    FileIssue,
    Partner,
    ReceivedBundle,
    SequenceMark,
    check_place,
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
    begin_epoch_of,
    is_newest_file,
    our_epoch,
    received_epochs,
    record_epoch_known,
    record_epoch_reply_due,
    renew_epoch_out_of_reach,
    shows_our_rollback,
)
from kfdesk.services.exchange.erasure import reopen_orders
from kfdesk.services.exchange.message_policy import (
    acknowledgement,
    lost_files,
    replaced_files,
)
from kfdesk.services.exchange.scopes import record_partner_schema

_MAX_LISTED = MAX_MISSING + 1  # missing numbers, because one more than an acknowledgement holds
_DAY = 86_400_000  # milliseconds
_MAX_NUMBER = 2**63 - 1  # the highest that a file may name, and that a store can hold
_NO_PREVIOUS = bytes(32)
_HLC_BITS = 16
_MAX_MADE_GOOD = 63  # stored lists of replaced files, besides a new one


def build_acknowledgement(desk: Session, organisation: bytes) -> Acknowledgement:
    """Return what we have of a partner's files in its newest epoch, counting replaced ones."""
    epoch = desk.store.ledger.newest_epoch(organisation)
    if epoch is None:
        return Acknowledgement(bytes(16), 0)
    last = received_epochs(desk, organisation)[epoch].last
    missing = missing_numbers(desk, organisation)
    if len(missing) > MAX_MISSING:
        return Acknowledgement(epoch, missing[0] - 1)
    return Acknowledgement(epoch, last, missing)


def missing_numbers(desk: Session, organisation: bytes) -> tuple[int, ...]:
    """Return the first numbers of a partner's newest epoch whose content is missing."""
    epoch = desk.store.ledger.newest_epoch(organisation)
    if epoch is None:
        return ()
    files = received_epochs(desk, organisation)[epoch]
    if files.count == files.last:  # numbers begin with 1: none is missing
        return ()
    come = desk.store.ledger.runs_taken(organisation, epoch)
    made_good = _made_good_ranges(desk, organisation, epoch)
    return _numbers_between((*come, *made_good), 1, files.last)


def count_unacknowledged(desk: Session, organisation: bytes) -> int:
    """Return how many of our files to a partner are not acknowledged."""
    mine = desk.store.ledger.epochs(organisation, Direction.OUT).get(our_epoch(desk, organisation))
    return mine.count - mine.arrived if mine is not None else 0


def next_envelope(desk: Session, partner: Partner) -> Envelope:
    """Return the envelope of our next file to a partner."""
    organisation, ledger = partner.organisation, desk.store.ledger
    epoch = our_epoch(desk, organisation)
    mine = ledger.epochs(organisation, Direction.OUT).get(epoch)
    last = mine.last if mine is not None else 0
    before = ledger.marks_between(organisation, Direction.OUT, epoch, last, last)
    return Envelope(
        epoch,
        last + 1,
        before[last].digest if last in before else _NO_PREVIOUS,
        _next_time(desk, organisation),
        build_acknowledgement(desk, partner.organisation),
        ledger.audit_head(),
    )


def check_envelope(desk: Session, organisation: bytes, envelope: Envelope, digest: bytes) -> None:
    """Check what a file says of itself, before its content is read.

    Raise KfdeskError `bundle.taken_before`; `bundle.forked` for a file that does not fit into
    the sequence of those imported; `bundle.from_the_future`, `bundle.far_ahead` or
    `bundle.many_epochs` above a limit of FORMAT.md.
    """
    epoch, number = envelope.epoch, envelope.sequence
    near = (number - 1, min(number + 1, _MAX_NUMBER))
    row = desk.store.ledger.marks_between(organisation, Direction.IN, epoch, *near)
    here = row.get(number)
    if here is not None and here.digest == digest:
        raise KfdeskError("bundle.taken_before")
    if here is not None or _is_forked(row, envelope, digest):
        raise KfdeskError("bundle.forked")
    taken = received_epochs(desk, organisation)
    check_place(envelope, taken[epoch].last if epoch in taken else 0, desk.milliseconds)
    since = desk.milliseconds - EPOCH_DAYS * _DAY
    recent = sum(one.milliseconds >= since for one in taken.values())
    if epoch not in taken and recent >= MAX_EPOCHS:
        raise KfdeskError("bundle.many_epochs")


def check_sequence(desk: Session, taken: ReceivedBundle) -> tuple[FileFinding, ...]:
    """Return what the sequence number of a file shows, for people to read.

    Raise KfdeskError as `check_envelope` does.
    """
    check_envelope(desk, taken.organisation, taken.envelope, taken.digest)
    return tuple(_sequence_findings(desk, taken, received_epochs(desk, taken.organisation)))


def record_received(desk: Session, taken: ReceivedBundle) -> None:
    """Record a file's sequence number, and which of our files it acknowledges.

    If it acknowledges a file of ours that we do not know, or has seen a history of ours that is
    not here, our files to its sender get a new epoch, as after a restore; on the word of another
    laptop of ours, those to everybody. Call inside a transaction.
    """
    envelope, ledger = taken.envelope, desk.store.ledger
    is_newest = is_newest_file(desk, taken)
    last_epoch = ledger.newest_epoch(taken.organisation)
    epochs = received_epochs(desk, taken.organisation).keys()
    if shows_our_rollback(desk, taken) or shows_other_history(desk, taken):
        if taken.is_own:
            begin_epoch(desk)
        else:
            begin_epoch_of(desk, taken.organisation)
        desk.log(Action.OLDER_STORE, keys=(str(envelope.hlc >> _HLC_BITS),))
    epoch, is_taken_back = our_epoch(desk, taken.organisation), False
    if is_newest:
        is_other = last_epoch not in (None, envelope.epoch)
        is_taken_back = _record_acknowledged(desk, taken, is_other=is_other)
        record_epoch_known(desk, taken)
        record_epoch_reply_due(desk, taken, epochs)
    lost = lost_files(desk, taken)
    ledger.unacknowledge(lost)
    is_taken_back |= bool(lost)
    record_partner_schema(desk, taken.organisation, taken.schema)
    renew_epoch_out_of_reach(desk, taken.organisation)
    if is_taken_back or our_epoch(desk, taken.organisation) != epoch:
        desk.store.levels.drop(taken.organisation)
    _record_made_good(desk, taken)
    record_audit_head(desk, taken)
    ledger.mark(
        SequenceMark(
            taken.organisation, Direction.IN, envelope.epoch, envelope.sequence, taken.digest,
            desk.milliseconds, envelope.previous, envelope.hlc,
        )
    )  # fmt: skip


def _record_acknowledged(desk: Session, taken: ReceivedBundle, *, is_other: bool) -> bool:
    """Record acknowledged files; what a restored partner had before counts as never arrived.

    Return whether a file that was known to have arrived has not.
    """
    ledger, told = desk.store.ledger, _acknowledged(desk, taken)
    gone = ledger.told_no_more(taken.organisation, told, of_all_epochs=is_other)
    ledger.unacknowledge(gone)
    if is_other:
        reopen_orders(desk, taken.organisation)
    ledger.acknowledge(ledger.told_anew(taken.organisation, told))
    return bool(gone)


def count_confirmed(desk: Session, taken: ReceivedBundle) -> int:
    """Return how many of our files a bundle confirms that nobody had confirmed before."""
    if not is_newest_file(desk, taken):
        return 0  # an older file, whose acknowledgement counts for nothing
    return len(desk.store.ledger.told_anew(taken.organisation, _acknowledged(desk, taken)))


def _acknowledged(desk: Session, taken: ReceivedBundle) -> Acknowledgement:
    return acknowledgement(taken, our_epoch(desk, taken.organisation))


def _record_made_good(desk: Session, taken: ReceivedBundle) -> None:
    """Record which earlier files this file replaces; valid as long as this file is imported."""
    runs = replaced_files(taken)
    if runs:
        kept = _stored_made_good(desk, taken.organisation)[-_MAX_MADE_GOOD:]
        fresh = (*kept, (taken.digest.hex(), runs))
        desk.store.set_setting(_made_good_key(taken.organisation), json.dumps(fresh).encode())


def _made_good_ranges(
    desk: Session, organisation: bytes, epoch: bytes
) -> Iterator[tuple[int, int]]:
    """Yield the ranges of numbers that the imported files of an epoch have replaced."""
    kept = _stored_made_good(desk, organisation)
    by = [bytes.fromhex(digest) for digest, _ in kept]
    taken = desk.store.ledger.taken_among(organisation, epoch, by)
    for digest, (_, runs) in zip(by, kept, strict=True):
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
    desk: Session, taken: ReceivedBundle, before: Mapping[bytes, EpochFiles]
) -> Iterator[FileFinding]:
    envelope = taken.envelope
    if shows_our_rollback(desk, taken):
        yield FileFinding(FileIssue.AHEAD_OF_US)
    else:
        yield from audit_findings(desk, taken)
    is_newest = all(one.newest < envelope.hlc for one in before.values())
    row = before.get(envelope.epoch)
    if before and row is None and is_newest:
        yield FileFinding(FileIssue.RESTORED)
    elif _is_second_store(before, envelope):
        yield FileFinding(FileIssue.TWO_STORES)
    elif not is_newest:
        yield FileFinding(FileIssue.LATE)
    first, last = (row.last if row is not None else 0) + 1, envelope.sequence - 1
    missing = _numbers_between(replaced_files(taken), first, last)
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


def _is_forked(row: Mapping[int, SequenceMark], envelope: Envelope, digest: bytes) -> bool:
    """Return whether a neighbour in the sequence, as far as it arrived, links to another file."""
    before, after = row.get(envelope.sequence - 1), row.get(envelope.sequence + 1)
    if before is not None and before.digest != envelope.previous:
        return True
    return after is not None and after.previous not in (b"", digest)


def _next_time(desk: Session, organisation: bytes) -> int:
    """Return the time of our next file: after all earlier ones.

    A file that we wrote under a clock far ahead was refused, and does not count.
    """
    until = desk.stamp_milliseconds + MAX_AHEAD
    newest = desk.store.ledger.newest_time(organisation, Direction.OUT, until)
    return next_hlc(desk.stamp_milliseconds, newest)


def _is_second_store(before: Mapping[bytes, EpochFiles], envelope: Envelope) -> bool:
    """Return whether an epoch continues although another has followed it: a second store."""
    begun = {epoch: one.begun for epoch, one in before.items()}
    ours = begun.pop(envelope.epoch, None)
    return ours is not None and any(ours < other < envelope.hlc for other in begun.values())
