# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of the story goes through its gates: with real records, a second person and a partner.

Each step is `move_plan`, so the story can skip nothing. The clock is the desk's own: what lies
ahead, such as the departure, the demo does not play.
"""

from collections.abc import Callable
from dataclasses import replace

from kfdesk.demo import gates, risks
from kfdesk.domain.lists.risk_codes import ITEMS
from kfdesk.domain.records.case.reception import Reception
from kfdesk.domain.records.case.risk_assessment import RiskAssessment
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.journey.travel_document import TravelDocument
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import view
from kfdesk.domain.values import Moment
from kfdesk.domain.weighing.items import Item, ItemAnswer
from kfdesk.domain.weighing.levels import asked
from kfdesk.services.casework.weighing import answer_items, read_risks
from kfdesk.services.course.approvals import approve, ask_approval
from kfdesk.services.course.stages import move_plan
from kfdesk.services.desk import Desk
from kfdesk.services.plans import load_case
from kfdesk.services.writing.records import change_record, create_record


def make_ready(desk: Desk, plan: bytes, partner: bytes, weigh: Callable[[], None]) -> None:
    """Bring a draft to `travel_ready`; `weigh` has the partner's weighing of the risks come in."""
    assess(desk, plan, partner)
    prepare(desk, plan, partner)
    weigh()
    move_plan(desk, plan, "decision_ready")
    decide(desk, plan)
    leave(desk, plan)


def assess(desk: Desk, plan: bytes, partner: bytes) -> None:
    """She is asked, agrees, and her case is assessed."""
    at, client = desk.rooms.clock.now(), load_case(desk, plan).client.rid
    change_record(desk, partner, {"country": "RU"})
    change_record(desk, client, gates.WHO_SHE_IS)
    change_record(desk, plan, gates.TALKED)
    ours = desk.identity.organisation.hex()
    create_record(desk, Consent, gates.agreed_with_us(at, ours), parent=client)
    create_record(desk, Consent, gates.agreed_to_ask(at, partner.hex()), parent=client)
    move_plan(desk, plan, "assessing")


def prepare(desk: Desk, plan: bytes, partner: bytes) -> None:
    """What our side does before a decision."""
    at = desk.rooms.clock.now()
    create_record(desk, Reception, gates.asked(at, partner.hex()), parent=plan)
    change_record(desk, plan, gates.looked_at(at))
    weigh_risks(desk, plan)


def weigh_risks(desk: Desk, plan: bytes) -> None:
    """This desk's weighing of the risks; at the partner's desk it is the partner's word."""
    weighed = gates.weighed(desk.rooms.clock.now())
    values = {**weighed, "organisation": desk.identity.organisation.hex()}
    weighing = create_record(desk, RiskAssessment, values, parent=plan)
    found_here = risks.FOUND[risks.OURS if is_ours(desk, plan) else risks.THEIRS]
    source = "client_statement" if is_ours(desk, plan) else "worker_observation"
    for category in asked(has_children=read_risks(desk, plan).has_children):
        line = found_here.get(category)
        items = dict.fromkeys(ITEMS[category], Item(ItemAnswer.NOT_SO, source))
        done = answer_items(desk, weighing, category, items | dict(line.items if line else {}))
        if line is not None:
            change_record(desk, done.rid, line.values)


def is_ours(desk: Desk, plan: bytes) -> bool:
    """Whether this desk answers for the plan."""
    return load_case(desk, plan).plan.custodian == desk.identity.organisation


def decide(desk: Desk, plan: bytes) -> None:
    """She signs, one asks and another approves."""
    change_record(desk, plan, gates.decided(desk.rooms.clock.now()))
    ask_approval(desk, plan, "decision")
    approve(replace(desk, user=gates.SECOND), plan, "decision")
    move_plan(desk, plan, "approved")


def leave(desk: Desk, plan: bytes) -> None:
    """Reception, passport, the second leg, and the last talk."""
    at = desk.rooms.clock.now()
    for row in desk.store.children(plan):
        if row.type == "reception":
            change_record(desk, row.rid, gates.confirmed(at))
        leg = view(row, Leg).record if row.type == "leg" else None
        if leg is not None and leg.check_in is None and isinstance(leg.arrives, Moment):
            change_record(desk, row.rid, gates.second_leg(leg.arrives))
    create_record(desk, TravelDocument, gates.passport(at), parent=plan)
    change_record(desk, plan, gates.asked_again(at))
    move_plan(desk, plan, "travel_ready")
