# SPDX-License-Identifier: GPL-3.0-or-later
"""Message policy: what the sender of a file may say besides records.

A message counts for the sender itself: its own files and keys, our files to it, our orders to it.
What it says of anybody else's is left out. Whoever writes anything lasting of a file's messages
reads them here, and nowhere else (`tests/architecture/test_messages.py`). `import_policy` has the
rules for what names a record.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    OUTCOME_STATES,
    Acknowledgement,
    CardInfo,
    Countersignature,
    Direction,
    ErasureOrderState,
    KeyRevocation,
    Provenance,
    ReceivedBundle,
    TrackedErasureOrder,
)
from kfdesk.services.core.session import Session


def answered_orders(
    desk: Session, taken: ReceivedBundle
) -> list[tuple[TrackedErasureOrder, ErasureOrderState]]:
    """Return our orders that this sender was asked and answers, each with the state it gives."""
    said = {one.id: one.outcome for one in taken.dealings.receipts}
    asked = desk.store.orders.standing(Direction.OUT) if said else ()
    return [
        (one, OUTCOME_STATES[said[one.order.id]])
        for one in asked
        if one.partner == taken.organisation and one.order.id in said
    ]


def acknowledgement(taken: ReceivedBundle, epoch: bytes) -> Acknowledgement:
    """Return which of our files to the sender it has: none of an epoch that is not ours now."""
    got = taken.envelope.acknowledged
    return got if got.epoch == epoch else replace(got, contiguous=0)


def lost_files(desk: Session, taken: ReceivedBundle) -> list[bytes]:
    """Return the digests of our files to the sender that had arrived, and that it asks for again.

    What it says of files to somebody else names none.
    """
    ledger = desk.store.ledger
    asked = (
        ledger.marks_between(taken.organisation, Direction.OUT, one.epoch, one.first, one.last)
        for one in taken.dealings.resends
    )
    digests = (mark.digest for marks in asked for mark in marks.values())
    return [digest for digest in digests if ledger.has_arrived(digest)]


def sent_cards(desk: Session, taken: ReceivedBundle) -> list[tuple[bytes, CardInfo]]:
    """Return the key cards of a file that are the sender's own; damaged ones are left out."""
    cards = ((data, _read_card(desk, data)) for data in taken.dealings.cards)
    return [
        (data, card)
        for data, card in cards
        if card is not None and partner_id(desk, card) == taken.organisation
    ]


def partner_id(desk: Session, card: CardInfo) -> bytes:
    """Return a partner's id: its organisation, or for our own laptops the device."""
    is_own = card.organisation == desk.identity.organisation
    return card.device if is_own else card.organisation


def revokes_itself(taken: ReceivedBundle, own_key: bytes) -> bool:
    """Return whether a file revokes the key of its sender, which falls by that word."""
    return any(one.sign_key == own_key for one in taken.dealings.revoked)


def revoked_keys_of_others(taken: ReceivedBundle, own_key: bytes) -> tuple[KeyRevocation, ...]:
    """Return the keys of others that a file revokes.

    It is advice, on which people decide. Only what a laptop of ours says of our other laptops
    counts here by itself (`own_laptops.revoked_laptops`).
    """
    return tuple(one for one in taken.dealings.revoked if one.sign_key != own_key)


def vouched_laptops(
    desk: Session, taken: ReceivedBundle, signer: bytes
) -> Iterator[tuple[CardInfo, Countersignature]]:
    """Yield the cards of other laptops of ours that a laptop of ours countersigns by this key."""
    bundles, ours = desk.adapters.bundles, desk.identity
    for one in taken.dealings.countersigned if taken.is_own else ():
        card = _read_card(desk, one.card)
        if card is None or card.organisation != ours.organisation or card.device == ours.device:
            continue
        if bundles.is_countersigned(signer, one.card, one.day, one.signature):
            yield card, one


def _read_card(desk: Session, data: bytes) -> CardInfo | None:
    try:
        return desk.adapters.bundles.read_card(data)
    except KfdeskError:
        return None


def replaced_files(taken: ReceivedBundle) -> list[tuple[int, int]]:
    """Return the runs (first, last) of the sender's own earlier files that this one replaces."""
    return [run for run in taken.dealings.made_good if run[1] < taken.envelope.sequence]


def brought_writes(taken: ReceivedBundle, rid: bytes) -> Iterator[Provenance]:
    """Yield which partner's file had brought what of a record; only our own laptop may say it."""
    every = taken.dealings.provenance if taken.is_own else ()
    place = bisect_left(every, rid, key=lambda said: said.rid)
    while place < len(every) and every[place].rid == rid:
        yield every[place]
        place += 1
