# SPDX-License-Identifier: GPL-3.0-or-later
"""Epochs of files: that ours was begun anew must reach each partner, and theirs is answered.

A store that was put back to an earlier day has a new epoch. A partner believes that this desk has
all that it ever confirmed, and would stay silent. So the new epoch goes to each verified partner,
by a file without any record if need be, until one that tells it is acknowledged. A partner that
takes it answers, and answers again each time until its own answer is acknowledged.
"""

from kfdesk.domain.audit import CHANNEL_ANSWERED, CHANNEL_NOTICE_SENT, RESTORED, DisclosureEntry
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.exchange import Acknowledgement, Direction, ReceivedBundle, SequenceMark
from kfdesk.services.core.session import Session

OUT = (Channel.BUNDLE, CHANNEL_NOTICE_SENT, CHANNEL_ANSWERED)
"""Channels of the ledger by which a file of ours answers what was told before it."""

_EPOCH, _EPOCH_BYTES = "epoch", 16
_ANEW = "epoch_anew"


def our_epoch(desk: Session) -> bytes:
    """Return the epoch of our files, as the store has it now."""
    return desk.store.setting(_EPOCH) or desk.identity.epoch


def begin_epoch(desk: Session) -> bytes:
    """Begin a new epoch of our files, which every partner is to be told of; in a transaction.

    What was confirmed of the files before counts no more: another store may have given the same
    numbers, and a partner confirms numbers. So all goes again, once.
    """
    epoch, ledger = desk.rooms.random(_EPOCH_BYTES), desk.store.ledger
    ledger.unacknowledge(tuple(ledger.acknowledged()))
    desk.store.set_setting(_EPOCH, epoch)
    desk.store.set_setting(_ANEW, epoch)
    return epoch


def is_untold(desk: Session, organisation: bytes) -> bool:
    """Return whether a partner has not confirmed that our epoch was begun anew.

    A program before this one did not keep that it was; our files of another epoch show it.
    """
    epoch, sent = our_epoch(desk), desk.store.ledger.marks(organisation, Direction.OUT)
    if desk.store.setting(_ANEW) != epoch and all(mark.epoch == epoch for mark in sent):
        return False
    arrived = desk.store.ledger.acknowledged()
    return not any(mark.epoch == epoch and mark.digest in arrived for mark in sent)


def owes_word(desk: Session, organisation: bytes) -> bool:
    """Return whether a partner has told its new epoch since our last file to it."""
    return bool(desk.store.ledger.unanswered(organisation, RESTORED, OUT))


def is_ahead(desk: Session, taken: ReceivedBundle) -> bool:
    """Return whether a file knows of one of ours that we do not: an older store stands here.

    Either a number in our epoch that we never gave, or an epoch that we never had. The latter says
    nothing while our own epoch is new to them: they speak of the one that our backup has lost.
    """
    got, epoch = taken.envelope.acknowledged, our_epoch(desk)
    sent = desk.store.ledger.marks(taken.organisation, Direction.OUT)
    if got.epoch == epoch:
        return got.contiguous > max((one.sequence for one in sent if one.epoch == epoch), default=0)
    is_strange = bool(got.contiguous) and all(one.epoch != got.epoch for one in sent)
    come = desk.store.ledger.marks(taken.organisation, Direction.IN)
    is_newest = all(mark.hlc < taken.envelope.hlc for mark in come)
    return is_strange and is_newest and not is_untold(desk, taken.organisation)


def note_told(desk: Session, taken: ReceivedBundle, before: tuple[SequenceMark, ...]) -> None:
    """Note that the newest file of a partner waits for our answer; inside a transaction.

    Where its epoch followed another, or where we never had a file of it and it holds nothing; as
    long as it has not confirmed a file of ours that answers. `before` are the files taken before.
    """
    epoch, arrived = taken.envelope.epoch, desk.store.ledger.acknowledged()
    if all(mark.epoch == epoch for mark in before) and not (not before and _is_bare(taken)):
        return
    answers = desk.store.ledger.entries(taken.organisation, CHANNEL_ANSWERED)
    if any(one.rid == epoch and one.target in arrived for one in answers):
        return
    entry = DisclosureEntry(
        epoch, "organisation", taken.organisation, RESTORED, (), {}, taken.digest, desk.milliseconds
    )
    desk.store.ledger.enter([entry])


def _is_bare(taken: ReceivedBundle) -> bool:
    """Return whether a file holds nothing and confirms nothing."""
    nothing = Acknowledgement(bytes(16), 0)
    is_empty = not taken.rows and not taken.notices and taken.dealings.is_empty
    return is_empty and taken.envelope.acknowledged == nothing
