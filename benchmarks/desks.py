# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores for measuring: two desks that know each other, filled with invented legs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.kinds import Wire
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import EMPTY_STATE, apply_changes
from kfdesk.domain.rows import Row
from kfdesk.domain.schema import type_name
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)
WHO = Credentials("EV", "sex ord som bara mäter tiden")


@dataclass(frozen=True)
class Pair:
    """Two desks and a plan of the first that the second may have."""

    ours: Session
    theirs: Session
    plan: bytes


def pair(folder: Path, legs: int) -> Pair:
    """Two desks; our plan has `legs` legs, every field of them filled."""
    ours = store_lifecycle.create_store(folder / "ours", "Ett hus", WHO, MACHINE)
    theirs = store_lifecycle.create_store(folder / "theirs", "Annat hus", WHO, MACHINE)
    for one, other in ((ours, theirs), (theirs, ours)):
        partners.add_partner(one, partners.our_card(other), PartnerTerms(is_third_country=True))
    for one, other in ((ours, theirs), (theirs, ours)):
        organisation = other.identity.organisation
        partners.verify_partner(one, organisation, partners.verification_digits(one, organisation))
    plan, _ = story.enter_plan(ours, theirs.identity.organisation)
    with ours.store.transaction():
        ours.store.put_all((new_leg(ours, plan, number), None) for number in range(legs))
    return Pair(ours, theirs, plan)


def fill(folder: Path, plans: int, legs: int, notes: int) -> None:
    """Create a store with so many two-leg plans; the last one has `legs` and `notes`."""
    desk = store_lifecycle.create_store(folder, "Ett hus", WHO, MACHINE)
    now = datetime.now(tz=UTC)
    rows = []
    for number in range(plans):
        begins = now + timedelta(days=number % 60)
        client = new_row(desk, "client", None, {**people.CLIENT, "code": f"klient-{number}"})
        plan = new_row(desk, "plan", client.rid, people.plan_values(begins, "00" * 16, "00" * 16))
        rows += [client, plan]
        rows += [new_row(desk, "leg", plan.rid, values) for values in people.leg_values(begins)]
    rows += [new_leg(desk, plan.rid, number) for number in range(2, legs)]
    rows += [
        new_row(
            desk, "note", plan.rid, {"happened": people.zoned_time(now), "content": f"Rad {number}"}
        )
        for number in range(notes)
    ]
    with desk.store.transaction():
        desk.store.put_all((row, None) for row in rows)
    desk.store.close()


def new_row(desk: Session, record_type: str, parent: bytes | None, values: people.Values) -> Row:
    """Return a record of any type under its parent."""
    state = apply_changes(EMPTY_STATE, _wired(record_type, values), (), desk.signature)
    return Row(desk.new_id(), record_type, parent, desk.identity.organisation, state)


def new_leg(desk: Session, plan: bytes, number: int) -> Row:
    """Return a leg under a plan, with every field filled."""
    values = dict(people.leg_values(datetime.now(tz=UTC))[number % 2]) | {"sequence": number + 3}
    return new_row(desk, type_name(Leg), plan, values)


def _wired(record_type: str, values: people.Values) -> dict[int, Wire]:
    described = RECORD_TYPES[record_type]
    return {described.ids[k]: described.fields[k].kind.encode(v) for k, v in values.items()}
