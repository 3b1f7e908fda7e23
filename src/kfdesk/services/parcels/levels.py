# SPDX-License-Identifier: GPL-3.0-or-later
"""With what a recipient is level, so that for the next file not every record is looked at again.

When a file is made, all that may go and is not known to have arrived goes in it. From then on a
record can be lacking there only if it, or one above it, was changed; if the file it went in has
not arrived, or is not there after all; or if what decides who may have what is another. Of the
last there is a digest: with any other, all is looked at. What may go, `disclose()` alone says,
whatever is looked at; a level spares only the looking.
"""

from collections.abc import Mapping, Set
from functools import cache
from hashlib import blake2b

from kfdesk.domain.consents.opening import opening
from kfdesk.domain.desk.exchange import Level
from kfdesk.domain.disclosure import Channel, Disclosed, Recipient
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, view
from kfdesk.services.desk import Desk
from kfdesk.services.parcels.epochs import our_epoch
from kfdesk.services.parcels.gathering import gathered
from kfdesk.services.parcels.scopes import Scope

EVERYTHING = b""
"""The scope of a level that is about all records, not about one plan's."""


def level_now(desk: Desk, plan: Row | None, recipient: Recipient) -> Level:
    """The level that a file for `recipient` made now sets, of a plan's records, or of all.

    It is believed for this day alone: should a rule change and the digest not, all is looked at
    again tomorrow.
    """
    now = desk.rooms.clock.now()
    parts = [repr(recipient), now.date().isoformat(), _described(), our_epoch(desk).hex()]
    if plan is not None:
        client = desk.store.row(plan.parent or b"")
        consents = sorted(desk.store.rows("consent"), key=lambda row: row.rid)
        opened = opening(client, recipient, [view(row, Consent) for row in consents], now)
        decided = (opened.groups, opened.shut)
        parts += [repr(sorted(one.items())) for one in decided] + [repr(sorted(opened.standing))]
    shown = blake2b("\n".join(parts).encode(), digest_size=16).digest()
    rid = plan.rid if plan is not None else EVERYTHING
    return Level(recipient.rid or b"", rid, shown, desk.store.levels.number())


def looked_at(desk: Desk, whose: Mapping[Level, Scope]) -> frozenset[bytes]:
    """The records that can be lacking at a recipient, of those that belong to levels of now."""
    each = [_looked_at(desk, level, scope) for level, scope in whose.items()]
    return each[0] if len(each) == 1 else frozenset[bytes]().union(*each)


def _looked_at(desk: Desk, level: Level, scope: Scope) -> frozenset[bytes]:
    kept = desk.store.levels.of(level.recipient, level.rid)
    if kept is None or kept.shown != level.shown:
        return scope.rids()
    under_way = desk.store.ledger.under_way(level.recipient, Channel.BUNDLE, our_epoch(desk))
    return scope.of(under_way | desk.store.levels.since(kept.number))


def gathered_news(
    desk: Desk, whose: Mapping[Level, Scope], among: Scope, recipient: Recipient
) -> tuple[Disclosed, Set[bytes]]:
    """What may go of records that belong to levels of now, as far as it must be looked at.

    And which of them the recipient is not known to have. `among` is all that belongs to any of the
    levels. Before it is said that there are none, all are looked at.
    """
    may, unknown = gathered(desk, among, recipient, looked_at(desk, whose))
    return (may, unknown) if unknown else gathered(desk, among, recipient)


@cache
def _described() -> str:
    """The fields of all records, with what decides of each who may have it."""
    return repr(
        sorted(
            (name, field.key, described.ids[field.key], field.level, field.to)
            for name, described in TYPES.items()
            for field in described.fields.values()
        )
    )
