# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores for measuring: two desks that know each other, filled with invented legs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kfdesk import app
from kfdesk.demo import people, story
from kfdesk.domain.kinds import Wire
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row
from kfdesk.domain.schema import type_name
from kfdesk.domain.writes import EMPTY, amend
from kfdesk.services import partners
from kfdesk.services.desk import Desk
from kfdesk.services.partners import Terms
from kfdesk.storage import slots
from kfdesk.storage.vault import Credentials

MACHINE = app.Machine(cost=slots.FLOOR)
WHO = Credentials("EV", "sex ord som bara mäter tiden")


@dataclass(frozen=True)
class Pair:
    """Two desks and a plan of the first that the second may have."""

    ours: Desk
    theirs: Desk
    plan: bytes


def pair(folder: Path, legs: int) -> Pair:
    """Two desks; our plan has `legs` legs, every field of them filled."""
    ours = app.create_store(folder / "ours", "Ett hus", WHO, MACHINE)
    theirs = app.create_store(folder / "theirs", "Annat hus", WHO, MACHINE)
    for one, other in ((ours, theirs), (theirs, ours)):
        partners.add_partner(one, partners.our_card(other), Terms(is_third_country=True))
    for one, other in ((ours, theirs), (theirs, ours)):
        organisation = other.identity.organisation
        partners.verify_partner(one, organisation, partners.digits(one, organisation))
    plan, _ = story.enter_plan(ours, theirs.identity.organisation)
    with ours.store.transaction():
        ours.store.put_all((new_leg(ours, plan, number), None) for number in range(legs))
    return Pair(ours, theirs, plan)


def fill(folder: Path, plans: int, legs: int, notes: int) -> None:
    """A store with so many plans of two legs each, of which the last has `legs` and `notes`."""
    desk = app.create_store(folder, "Ett hus", WHO, MACHINE)
    now = datetime.now(tz=UTC)
    rows = []
    for number in range(plans):
        begins = now + timedelta(days=number % 60)
        client = new_row(desk, "client", None, {**people.CLIENT, "code": f"klient-{number}"})
        plan = new_row(desk, "plan", client.rid, people.plan(begins, "00" * 16, "00" * 16))
        rows += [client, plan]
        rows += [new_row(desk, "leg", plan.rid, values) for values in people.legs(begins)]
    rows += [new_leg(desk, plan.rid, number) for number in range(2, legs)]
    rows += [
        new_row(
            desk, "note", plan.rid, {"happened": people.moment(now), "content": f"Rad {number}"}
        )
        for number in range(notes)
    ]
    with desk.store.transaction():
        desk.store.put_all((row, None) for row in rows)
    desk.store.close()


def new_row(desk: Desk, record_type: str, parent: bytes | None, values: people.Values) -> Row:
    """A record of any type, under its parent."""
    state = amend(EMPTY, _wired(record_type, values), (), desk.signature)
    return Row(desk.new_id(), record_type, parent, desk.identity.organisation, state)


def new_leg(desk: Desk, plan: bytes, number: int) -> Row:
    """A leg with every field filled, under a plan."""
    values = dict(people.legs(datetime.now(tz=UTC))[number % 2]) | {"sequence": number + 3}
    return new_row(desk, type_name(Leg), plan, values)


def _wired(record_type: str, values: people.Values) -> dict[int, Wire]:
    described = TYPES[record_type]
    return {described.ids[k]: described.fields[k].kind.encode(v) for k, v in values.items()}
