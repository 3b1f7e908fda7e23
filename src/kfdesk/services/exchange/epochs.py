# SPDX-License-Identifier: GPL-3.0-or-later
"""Epochs of our files: each partner must acknowledge a new epoch, and a partner's is answered.

A store that was restored from a backup starts a new epoch, because it no longer knows which
sequence numbers it has used. Partners still count everything as delivered that the lost store
had acknowledged. So the new epoch goes to each verified partner, if need be in a file without
records, until the partner acknowledges a file of it. A partner that imports such a file owes a
reply, and replies with each file until one of its replies is acknowledged.

What a partner's file says of our store restarts the files to that partner alone: it may be false.
Only we ourselves, or another laptop of ours, begin a new epoch for everybody.
"""

from collections.abc import Collection, Mapping

from kfdesk.domain.audit import CHANNEL_ANSWERED, CHANNEL_NOTICE_SENT, RESTORED, DisclosureEntry
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.exchange import (
    MAX_NUMBERS_AHEAD,
    Acknowledgement,
    Direction,
    EpochFiles,
    ReceivedBundle,
)
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.own_laptops import end_tickets

REPLY_CHANNELS = (Channel.BUNDLE, CHANNEL_NOTICE_SENT, CHANNEL_ANSWERED)
"""Channels of the ledger whose files reply to what a partner has reported before."""

_EPOCH_SETTING, _EPOCH_BYTES = "epoch", 16
_KNOWN_SETTING = "epoch_known"
_STARTED_SETTING, _STARTED_AT_SETTING = "epoch_anew", "epoch_anew_at"


def our_epoch(desk: Session, organisation: bytes = b"") -> bytes:
    """Return the epoch of our files, or of those to one partner, as the store has it now."""
    common = desk.store.setting(_EPOCH_SETTING) or desk.identity.epoch
    return _own_epoch_of(desk, organisation, common) or common


def epoch_begun_anew(desk: Session) -> bytes | None:
    """Return the newest epoch that was begun after the first, as by a restored backup, or None."""
    return desk.store.setting(_STARTED_SETTING) or None


def epoch_begun_at(desk: Session) -> int:
    """Return when that epoch was begun (ms, UTC); 0 if none was, or an older program began it."""
    return int.from_bytes(desk.store.setting(_STARTED_AT_SETTING) or b"", "big")


def begin_epoch(desk: Session) -> bytes:
    """Begin a new epoch of our files and return it; call inside a transaction.

    Earlier acknowledgements no longer count. A partner acknowledges numbers, and another store
    may have used the same numbers for other files. So everything is sent once more. Another store
    may also have seen the answer to an invitation of another laptop of ours: its ticket ends.
    """
    epoch, ledger = desk.adapters.random(_EPOCH_BYTES), desk.store.ledger
    ledger.unacknowledge(tuple(ledger.acknowledged()))
    desk.store.set_setting(_EPOCH_SETTING, epoch)
    desk.store.set_setting(_STARTED_SETTING, epoch)
    desk.store.set_setting(_STARTED_AT_SETTING, desk.milliseconds.to_bytes(8, "big"))
    end_tickets(desk)
    return epoch


def begin_epoch_of(desk: Session, organisation: bytes) -> None:
    """Begin a new epoch of our files to one partner alone; call inside a transaction.

    It lasts until a new epoch for everybody begins.
    """
    ledger = desk.store.ledger
    ledger.unacknowledge(ledger.acknowledged_by(organisation))
    epoch = our_epoch(desk) + desk.adapters.random(_EPOCH_BYTES)
    desk.store.set_setting(_setting_of(organisation), epoch)


def _own_epoch_of(desk: Session, organisation: bytes, common: bytes) -> bytes:
    """Return the epoch of our files to a partner alone, begun within this one; empty for none."""
    kept = desk.store.setting(_setting_of(organisation)) or b""
    return kept[_EPOCH_BYTES:] if kept[:_EPOCH_BYTES] == common else b""


def _setting_of(organisation: bytes) -> str:
    return f"epoch_of.{organisation.hex()}"


def renew_epoch_out_of_reach(desk: Session, organisation: bytes) -> None:
    """Begin a new epoch if a partner would refuse our next number; call inside a transaction.

    A partner takes no number that is far above the highest one it has (`MAX_NUMBERS_AHEAD`).
    """
    mine = desk.store.ledger.epochs(organisation, Direction.OUT).get(our_epoch(desk, organisation))
    if mine is not None and mine.last >= mine.reached + MAX_NUMBERS_AHEAD:
        begin_epoch_of(desk, organisation)


def received_epochs(desk: Session, organisation: bytes) -> Mapping[bytes, EpochFiles]:
    """Return what the files imported from a partner add up to, by epoch."""
    return desk.store.ledger.epochs(organisation, Direction.IN)


def is_newest_file(desk: Session, taken: ReceivedBundle) -> bool:
    """Return whether a file is newer than all that were imported from its sender."""
    before = received_epochs(desk, taken.organisation).values()
    return all(one.newest < taken.envelope.hlc for one in before)


def record_epoch_known(desk: Session, taken: ReceivedBundle) -> None:
    """Record whether a partner's newest file shows that it knows our epoch; in a transaction.

    Files of the epoch that it asks for again count as not arrived; that it knows the epoch stays.
    """
    got = taken.envelope.acknowledged
    known = got.epoch if got.contiguous else b""
    desk.store.set_setting(f"{_KNOWN_SETTING}.{taken.organisation.hex()}", known)


def is_epoch_unacknowledged(desk: Session, organisation: bytes) -> bool:
    """Return whether a partner has not acknowledged that we have begun a new epoch.

    An older program did not store that an epoch was begun. Then our files of another epoch show
    it.
    """
    epoch, common = our_epoch(desk, organisation), our_epoch(desk)
    if desk.store.setting(f"{_KNOWN_SETTING}.{organisation.hex()}") == epoch:
        return False
    sent = desk.store.ledger.epochs(organisation, Direction.OUT)
    is_begun = epoch != common or desk.store.setting(_STARTED_SETTING) == common
    if not is_begun and sent.keys() <= {epoch}:
        return False
    return epoch not in sent or not sent[epoch].arrived


def is_quiet(desk: Session, organisation: bytes) -> bool:
    """Return whether nothing about clients goes to a partner before it has answered.

    After a restore we may lack withdrawals that it knows: it tells them with its first answer.
    """
    is_common = our_epoch(desk, organisation) == our_epoch(desk)
    return is_common and is_epoch_unacknowledged(desk, organisation)


def owes_epoch_reply(desk: Session, organisation: bytes) -> bool:
    """Return whether a partner has begun a new epoch since our last file to it."""
    return bool(desk.store.ledger.unanswered(organisation, RESTORED, REPLY_CHANNELS))


def shows_our_rollback(desk: Session, taken: ReceivedBundle) -> bool:
    """Return whether a file acknowledges files that this store never sent: it was rolled back.

    The file names a number of our epoch that we have not used, or an epoch that we never had. An
    unknown epoch proves nothing until the partner has acknowledged our own new one: it may mean
    the epoch that was lost with the restore.
    """
    got, epoch = taken.envelope.acknowledged, our_epoch(desk, taken.organisation)
    sent = desk.store.ledger.epochs(taken.organisation, Direction.OUT)
    if got.epoch == epoch:
        return got.contiguous > (sent[epoch].last if epoch in sent else 0)
    is_unknown = bool(got.contiguous) and got.epoch not in sent
    is_told = not is_epoch_unacknowledged(desk, taken.organisation)
    return is_unknown and is_told and is_newest_file(desk, taken)


def record_epoch_reply_due(desk: Session, taken: ReceivedBundle, before: Collection[bytes]) -> None:
    """Record that a partner's newest file needs a reply; call inside a transaction.

    A reply is due if its epoch differs from an earlier one, or if it is the first file and empty.
    None is due once the partner has acknowledged a reply about this epoch. `before` are the
    epochs of the partner's files that were imported before.
    """
    epoch, ledger = taken.envelope.epoch, desk.store.ledger
    is_first_and_empty = not before and _is_empty(taken)
    if all(one == epoch for one in before) and not is_first_and_empty:
        return
    replies = ledger.entries(taken.organisation, CHANNEL_ANSWERED)
    if any(one.rid == epoch and ledger.has_arrived(one.target) for one in replies):
        return
    entry = DisclosureEntry(
        epoch, "organisation", taken.organisation, RESTORED, (), {}, taken.digest, desk.milliseconds
    )
    ledger.enter([entry])


def _is_empty(taken: ReceivedBundle) -> bool:
    """Return whether a file has no content and acknowledges nothing."""
    nothing = Acknowledgement(bytes(16), 0)
    is_empty = not taken.rows and not taken.notices and taken.dealings.is_empty
    return is_empty and taken.envelope.acknowledged == nothing
