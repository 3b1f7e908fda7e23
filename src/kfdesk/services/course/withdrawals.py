# SPDX-License-Identifier: GPL-3.0-or-later
"""What a withdrawal would do, said before it is done: what stops, and who has had something.

Reads only. What may go is asked of `disclose()`, once with the consent and once without it; who
had what stands in the ledger. The withdrawal itself is in `consents.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kfdesk.domain.consents.withdrawal import is_withdrawn
from kfdesk.domain.disclosure import Channel, disclose
from kfdesk.domain.papers.contents import CONTENTS
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.rows import Row, view
from kfdesk.domain.schema import Group
from kfdesk.services.desk import Desk
from kfdesk.services.plans import CARRIED_BY, PlanPage, Share, name_of, open_plan
from kfdesk.services.policy.access import require_reading
from kfdesk.services.sharing.notices import notices_due


@dataclass(frozen=True, slots=True)
class Stop:
    """What one recipient may have now, and would have no more, by one channel."""

    name: str = field(repr=False)
    channel: Channel
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has had something under the consent.

    `is_partner`: a file can tell it; `knows`, that she has taken it back, by a file or a call.
    """

    name: str = field(repr=False)
    records: int
    is_partner: bool
    knows: bool


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What the withdrawal of one consent would do."""

    consent: bytes
    stops: tuple[Stop, ...]
    holder: Holder | None


def read_withdrawal(desk: Desk, plan: bytes, consent: bytes) -> Withdrawal:
    """What would happen. Raises KfdeskError `record.missing` or `record.deleted`."""
    page = open_plan(desk, plan)
    stops = tuple(_stops(desk, page, consent))
    return Withdrawal(consent, stops, holder_of(desk, page, consent))


def holder_of(desk: Desk, page: PlanPage, consent: bytes) -> Holder | None:
    """Who has had something under a consent of the plan's client; None if nobody has."""
    require_reading(desk, page.plan.row)
    row = next((row for row in page.case.consents if row.rid == consent), None)
    recipient = view(row, Consent).record.recipient if row is not None else None
    if row is None or not isinstance(recipient, str):
        return None
    rid = bytes.fromhex(recipient)
    given = {one.rid for one in desk.store.ledger.entries(rid) if consent in one.consents}
    given.discard(consent)  # its own words are no data about her
    if not given:
        return None
    partners = {one.organisation for one in desk.store.ledger.partners()}
    knows = is_withdrawn(row) and not any(
        (one.consent, one.recipient) == (consent, rid) for one in notices_due(desk)
    )
    return Holder(name_of(desk, recipient), len(given), rid in partners, knows)


def _stops(desk: Desk, page: PlanPage, consent: bytes) -> Iterator[Stop]:
    left = [row for row in page.case.consents if row.rid != consent]
    for share in page.shares:
        after = _groups(desk, page, share, left)
        before = _groups(desk, page, share, page.case.consents)
        gone = tuple(group for group in before if group not in after)
        if gone:
            yield Stop(share.name, share.channel, gone)


def _groups(desk: Desk, page: PlanPage, share: Share, consents: Sequence[Row]) -> tuple[Group, ...]:
    """The groups that go to a recipient under these consents, whatever is written down in them."""
    now = desk.rooms.clock.now()
    given = disclose(page.case.rows, share.recipient, share.channel, consents, now)
    if share.channel is Channel.CARRIED:
        given = given.only(CONTENTS[CARRIED_BY[share.recipient.who]])
    return tuple(group for group in given.groups if group is not Group.PARTIES)
