# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchange files that a trusted partner signs with a valid key, whatever stands in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from kfdesk.bundle.card import DeskKeys, read_card
from kfdesk.bundle.container import (
    Ack,
    BundleRecipient,
    OutgoingBundle,
    Segment,
    SenderVersions,
    SequencePosition,
)
from kfdesk.bundle.writer import write_bundle
from kfdesk.domain.registers import next_hlc
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners

_numbers = count(1)


@dataclass(frozen=True)
class Place:
    """Position that a hostile file claims; the honest first file by default."""

    epoch: bytes = b"hostile epoch 01"
    seq: int = 1
    previous: bytes = bytes(32)
    ahead: int = 0  # milliseconds from now
    ack: Ack = Ack(bytes(16), 0, ())  # noqa: RUF009 - it is frozen


def signed_file(
    sender: Session,
    recipient: Session,
    folder: Path,
    place: Place = Place(),
    segments: Sequence[Segment] = (),
) -> Path:
    """Write a file that `sender` signs for `recipient`, and return its path."""
    card = read_card(partners.our_card(recipient))
    outgoing = OutgoingBundle(
        bundle_id=next(_numbers).to_bytes(16, "big"),
        partner=BundleRecipient(card.sign_key, card.age_keys),
        place=SequencePosition(place.epoch, place.seq, place.previous),
        terms=SenderVersions(sender.identity.generation, 1, 1),
        hlc=next_hlc(sender.milliseconds + place.ahead),
        ack=place.ack,
        audit_head=bytes(32),
        segments=segments,
    )
    keys = DeskKeys(sender.identity.sign_seed, sender.identity.age_secret)
    return write_bundle(folder, outgoing, keys).path
