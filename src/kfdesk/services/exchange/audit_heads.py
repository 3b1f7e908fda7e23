# SPDX-License-Identifier: GPL-3.0-or-later
"""Audit heads: the newest entry of each other's history that two desks have seen.

Whoever has the data key of a store can rewrite its audit chain, and whoever has the disk can put an
old one back with all notes about it. So each file carries the head of its sender's chain, and
returns the newest head of the recipient's that the sender has seen. A desk that has lost an entry
which somebody else has seen learns it here. After a restore that was announced (`epochs.py`) that
is as it should be.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from kfdesk.domain.audit import NO_AUDIT_HEAD, AuditHead, AuditReport
from kfdesk.domain.exchange import FileFinding, FileIssue, ReceivedBundle
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.epochs import is_epoch_unacknowledged, is_newest_file

_KEPT = Struct(">QQ32s16s")


@dataclass(frozen=True, slots=True)
class _SeenHead:
    """The head of a partner's chain in the newest file from it, by the sender's time."""

    hlc: int
    head: AuditHead
    epoch: bytes


def report_audit(desk: Session, organisation: bytes) -> AuditReport:
    """Return what our next file to a partner says of our chain and of theirs."""
    kept = _seen_head(desk, organisation)
    seen = kept.head if kept is not None else NO_AUDIT_HEAD
    return AuditReport(desk.store.ledger.audit_number(), seen)


def audit_findings(desk: Session, taken: ReceivedBundle) -> Iterator[FileFinding]:
    """Yield what a file shows of our chain and of its sender's, for people to read."""
    if _has_seen_another(desk, taken):
        is_told = is_epoch_unacknowledged(desk, taken.organisation)
        yield FileFinding(FileIssue.HISTORY_BEFORE if is_told else FileIssue.OUR_HISTORY)
    kept, sent = _seen_head(desk, taken.organisation), _sent_head(taken)
    if kept is not None and sent is not None and not _can_follow(kept, sent):
        yield FileFinding(FileIssue.THEIR_HISTORY)


def shows_other_history(desk: Session, taken: ReceivedBundle) -> bool:
    """Return whether a file shows that our store is older than it was, or was changed.

    Not after a restore of which the sender has not acknowledged to know.
    """
    is_told = is_epoch_unacknowledged(desk, taken.organisation)
    return not is_told and _has_seen_another(desk, taken)


def record_audit_head(desk: Session, taken: ReceivedBundle) -> None:
    """Keep the head of a partner's chain from its newest file; inside a transaction."""
    kept, sent = _seen_head(desk, taken.organisation), _sent_head(taken)
    if sent is not None and (kept is None or kept.hlc < sent.hlc):
        packed = _KEPT.pack(sent.hlc, sent.head.number, sent.head.digest, sent.epoch)
        desk.store.set_setting(_seen_setting(taken.organisation), packed)


def _has_seen_another(desk: Session, taken: ReceivedBundle) -> bool:
    """Return whether the sender's newest file names an entry that our chain does not have."""
    said = taken.dealings.audit
    if said is None or not said.seen.number:
        return False
    return is_newest_file(desk, taken) and not desk.store.ledger.has_audit_entry(said.seen)


def _can_follow(kept: _SeenHead, sent: _SeenHead) -> bool:
    """Return whether both heads can be of one chain, which only grows; a new epoch ends it."""
    if kept.epoch != sent.epoch:
        return True
    first, last = sorted((kept, sent), key=lambda one: one.hlc)
    return first.head.number < last.head.number or first.head == last.head


def _sent_head(taken: ReceivedBundle) -> _SeenHead | None:
    """Return the head that a file brings; None from a program that does not number it."""
    envelope, said = taken.envelope, taken.dealings.audit
    if said is None or not said.number:
        return None
    return _SeenHead(envelope.hlc, AuditHead(said.number, envelope.audit_head), envelope.epoch)


def _seen_head(desk: Session, organisation: bytes) -> _SeenHead | None:
    kept = desk.store.setting(_seen_setting(organisation))
    if not kept:
        return None
    hlc, number, digest, epoch = _KEPT.unpack(kept)
    return _SeenHead(hlc, AuditHead(number, digest), epoch)


def _seen_setting(organisation: bytes) -> str:
    return f"audit_seen.{organisation.hex()}"
