# SPDX-License-Identifier: GPL-3.0-or-later
"""The disclosure log: what of hers went to whom, when, by which of her consents, and how.

Worked out from the ledger, which knows ids and names of fields, and never what stood in them. What
stays in our own cabinet went to nobody.
"""

from collections.abc import Iterator
from datetime import datetime

from kfdesk.domain.desk.log import Entry
from kfdesk.domain.disclosure import Channel, Recipient, Who, groups_of
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.about import Given
from kfdesk.domain.papers.order import Order
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.rows import view
from kfdesk.domain.schema import Group
from kfdesk.services.desk import Desk
from kfdesk.services.papers.gathered import Gathered
from kfdesk.services.plans import load_case, name_of

_Once = tuple[bytes, bytes, str]


def gather_log(desk: Desk, order: Order) -> Gathered:
    """Her code and name, and all that went out about her, the newest first."""
    case = load_case(desk, order.subject)
    ours = desk.identity.organisation
    given = tuple(_given(desk, case.client.rid))
    rows = (case.client, case.plan)
    return Gathered(rows, (), Recipient(Who.OWN, ours), ours, given=given)


def obstacles_of(_desk: Desk, _order: Order) -> Iterator[KfdeskError]:
    """Nothing keeps it back: that nothing went out is an answer, too."""
    return iter(())


def _given(desk: Desk, client: bytes) -> Iterator[Given]:
    once: dict[_Once, list[Entry]] = {}
    for entry in desk.store.ledger.about(desk.store.tree.family((client,))):
        is_out = entry.channel in set(Channel) and entry.recipient != desk.identity.organisation
        if is_out:
            once.setdefault((entry.target, entry.recipient, entry.channel), []).append(entry)
    for (_, recipient, channel), entries in reversed(once.items()):
        groups = {group for one in entries for group in groups_of(one.type, one.writes)}
        milliseconds = max(one.milliseconds for one in entries)
        zone = desk.rooms.clock.now().tzinfo
        yield Given(
            at=datetime.fromtimestamp(milliseconds / 1000, tz=zone),
            to="" if recipient == client else name_of(desk, recipient.hex()),
            groups=tuple(group for group in Group if group in groups),
            purposes=tuple(sorted(_purposes(desk, entries))),
            channel=channel,
            is_hers=recipient == client,
        )


def _purposes(desk: Desk, entries: list[Entry]) -> set[str]:
    """What she agreed to it for, by the consents that opened it."""
    rows = (desk.store.row(consent) for one in entries for consent in one.consents)
    return {str(view(row, Consent).record.purpose) for row in rows if row is not None}
