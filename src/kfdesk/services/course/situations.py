# SPDX-License-Identifier: GPL-3.0-or-later
"""One plan as the gates see it, read from the store; and now, as a record writes it.

Reads only. What is believed of whom is decided in the domain; here the rows are brought together.
"""

from zoneinfo import ZoneInfo

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.gates.situation import Receiver, Situation, situation
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import Moment
from kfdesk.domain.world import EEA
from kfdesk.services.desk import Desk
from kfdesk.services.plans import Case, load_case, sheet_gaps


def read_situation(desk: Desk, plan_rid: bytes) -> Situation:
    """The plan's situation now.

    Raises KfdeskError `record.missing`, `record.deleted` or `user.not_allowed`.
    """
    return situation_of(desk, load_case(desk, plan_rid))


def situation_of(desk: Desk, case: Case) -> Situation:
    """The situation now of a case that was loaded."""
    now, receiver = desk.rooms.clock.now(), _receiver(desk, case)
    return situation(case.rows, now, receiver, sheet_gaps(desk, case))


def moment_now(desk: Desk) -> Moment:
    """Now, on the clock of the desk's zone if that has a name, else in UTC."""
    now = desk.rooms.clock.now()
    zone = now.tzinfo.key if isinstance(now.tzinfo, ZoneInfo) else "UTC"
    return Moment.at(now.astimezone(ZoneInfo(zone)).replace(tzinfo=None), zone)


def happened_or_now(desk: Desk, happened: Moment | None) -> Moment:
    """When it happened; now, if that is not said. Raises KfdeskError `plan.in_the_future`."""
    if happened is None:
        return moment_now(desk)
    if happened.utc > desk.rooms.clock.now():
        raise KfdeskError("plan.in_the_future")
    return happened


def _receiver(desk: Desk, case: Case) -> Receiver | None:
    row = _referred(desk, view(case.plan, Plan).record.receiver)
    if row is not None and row.type == "contact":
        row = _referred(desk, view(row, Contact).record.organisation)
    if row is None or row.type != "organisation":
        return None
    return Receiver(row.rid, is_third_country(desk, row), has_own_desk(desk, row.rid))


def has_own_desk(desk: Desk, organisation: bytes) -> bool:
    """Whether an organisation speaks for itself here: our own, or a partner that is verified."""
    verified = {p.organisation for p in desk.store.ledger.partners() if p.recipient.is_verified}
    return organisation in verified | {desk.identity.organisation}


def is_third_country(desk: Desk, organisation: Row) -> bool | None:
    """Whether data that goes there leaves the area in which our law protects it; None: unknown.

    By its country, or by what was said when its card was taken; the graver counts.
    """
    country = view(organisation, Organisation).record.country
    partners = desk.store.ledger.partners()
    said = [p.is_third_country for p in partners if p.organisation == organisation.rid]
    if isinstance(country, str):
        said.append(country not in EEA)
    return any(said) if said else None


def _referred(desk: Desk, reference: object) -> Row | None:
    return desk.store.row(bytes.fromhex(reference)) if isinstance(reference, str) else None
