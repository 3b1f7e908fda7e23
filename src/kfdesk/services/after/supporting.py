# SPDX-License-Identifier: GPL-3.0-or-later
"""What helps her on: referring her to who gives a service, by a consent that stands.

Goals and services are records like any other; only a referral asks first whether she has agreed
that this organisation may hear of her.
"""

from kfdesk.domain.consents.purposes import PURPOSES
from kfdesk.domain.disclosure import why_shut
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.after.service import Service
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.rows import Row, View, seen_in, view, wire_changes
from kfdesk.domain.schema import Group
from kfdesk.domain.values import Value
from kfdesk.domain.writes import EMPTY
from kfdesk.services.course.situations import moment_now
from kfdesk.services.desk import Desk
from kfdesk.services.plans import Case, load_case
from kfdesk.services.policy.access import require_editing
from kfdesk.services.writing.records import Done, found, put_changed, put_new

_NEEDED = Group.IMMEDIATE_NEEDS


def refer(desk: Desk, service: bytes) -> tuple[Done, ...]:
    """Refer her to who gives a service: a referral that names the consent, and the service says so.

    The service goes on as referred. Raises KfdeskError `referral.no_provider` where nobody is
    named, `referral.no_consent` where she has not agreed to them, `record.missing`,
    `plan.read_only` or `user.not_allowed`.
    """
    row = found(desk, service)
    require_editing(desk, row)
    if row.type != "service" or row.parent is None:
        raise KfdeskError("record.missing")
    provider = view(row, Service).record.organisation
    if not isinstance(provider, str):
        raise KfdeskError("referral.no_provider", field="service.organisation")
    consent = _consent_to(desk, load_case(desk, row.parent), provider)
    if consent is None:
        raise KfdeskError("referral.no_consent")
    values: dict[str, Value] = {
        "direction": "out",
        "kind": "refer",
        "organisation": provider,
        "status": "in_progress",
        "sent": moment_now(desk),
        "consent": consent.rid.hex(),
    }
    new = Row(desk.new_id(), "referral", row.parent, desk.identity.organisation, EMPTY)
    with desk.store.transaction():
        made = put_new(desk, new, wire_changes("referral", values))
        says = wire_changes("service", {"status": "referred", "referral": new.rid.hex()})
        return made, put_changed(desk, row, says, seen_in(row))


def _consent_to(desk: Desk, case: Case, provider: str) -> View[Consent] | None:
    """The consent of hers that stands and lets this organisation hear what she needs."""
    now, client = desk.rooms.clock.now(), view(case.client, Client)
    for consent in case.views(Consent, "consent"):
        record = consent.record
        groups = record.groups if isinstance(record.groups, tuple) else ()
        may_open = _NEEDED in PURPOSES.get(str(record.purpose), frozenset())
        if record.recipient == provider and may_open and _NEEDED in groups:
            is_answer = consent.row.custodian != desk.identity.organisation
            if why_shut(consent, client, now, is_answer=is_answer) is None:
                return consent
    return None
