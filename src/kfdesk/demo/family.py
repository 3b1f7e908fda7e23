# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's family: a mother who goes home with her child.

The child has a row among the travellers, a document of its own, which its gate asks for, and a
sheet with pictures. Everything goes through the services, as in `story.py`.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from kfdesk.demo import people
from kfdesk.demo.people import Values
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.records.client import Client, Relationship
from kfdesk.domain.records.journey import HelpNumber, Leg, TravelDocument, Traveller
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.workflow.gates import GateReason
from kfdesk.domain.workflow.table import gates_before
from kfdesk.services.core.records import create_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import save_paper
from kfdesk.services.plans.plans import read_case_context

MOTHER: Values = {
    "code": "syren-21",
    "alias": "Ida",
    "given_name": "Ида",
    "family_name": "Небывалая",
    "name_on_ticket": "IDA NEBYVALAYA",
    "gender": "Feminine",
    "languages": ("ru",),
    "age_band": "age_24_26",
    "age_disputed": False,
}
CHILD: Values = {
    "given_name": "Мия",
    "kind": "child",
    "age_band": "age_0_8",
    "age_disputed": False,
    "travels_with": True,
}
CHILD_TICKET = "MIYA NEBYVALAYA"
ON_THE_WAY: Values = {
    "name_on_ticket": CHILD_TICKET,
    "seat": "12 B",
    "needs": ("child_seat",),
    "own_sheet": True,
}
_DAYS_AHEAD = 18


@dataclass(frozen=True, slots=True)
class TravellingFamily:
    """The plan of mother and child, and the child among the travellers."""

    plan: bytes
    traveller: bytes


def enter_family(desk: Session, partner: bytes) -> TravellingFamily:
    """Enter the mother, her passport, her child who travels, and the plan of both."""
    now = desk.adapters.clock.now()
    mother = create_record(desk, Client, MOTHER)
    child = create_record(desk, Relationship, CHILD, parent=mother)
    values = {**people.plan_values(now, partner.hex(), ""), "escort": None, "owner": desk.user,
              "code_word": "vitsippa"}  # fmt: skip
    plan = create_record(desk, Plan, values, parent=mother)
    for leg in people.leg_values(now + timedelta(_DAYS_AHEAD)):
        create_record(desk, Leg, leg, parent=plan)
    for number in people.help_number_values(now):
        create_record(desk, HelpNumber, number, parent=plan)
    hers = {**people.passport_values(now), "name_as_written": MOTHER["name_on_ticket"]}
    create_record(desk, TravelDocument, {**hers, "number": "00 0000002"}, parent=plan)
    row = create_record(desk, Traveller, {**ON_THE_WAY, "person": child.hex()}, parent=plan)
    return TravellingFamily(plan, row)


def document_gate(desk: Session, plan: bytes) -> GateReason | None:
    """Return why the gate of the travel documents is shut; None once everybody has one."""
    gates = gates_before("travel_ready", read_case_context(desk, plan))
    return next(one.why for one in gates if one.code == "documents_valid")


def add_childs_document(desk: Session, family: TravellingFamily) -> tuple[GateReason | None, ...]:
    """Enter the child's own passport; return what its gate said before and says after."""
    before = document_gate(desk, family.plan)
    values = {
        **people.passport_values(desk.adapters.clock.now()), "kind": "child_passport",
        "number": "00 0000003", "name_as_written": CHILD_TICKET, "whose": family.traveller.hex(),
    }  # fmt: skip
    create_record(desk, TravelDocument, values, parent=family.plan)
    return before, document_gate(desk, family.plan)


def make_family_papers(desk: Session, family: TravellingFamily, folder: Path) -> tuple[Path, ...]:
    """Save the mother's sheet, which names the child, and the child's own; return the files."""
    made = []
    for paper, form in (
        (PaperName.TRAVELLERS_SHEET, PaperFormat.A4),
        (PaperName.CHILDS_SHEET, PaperFormat.A6),
    ):
        path = folder / f"family-{paper}-ru.pdf"
        save_paper(desk, PaperRequest(paper, family.plan, "ru", form), path)
        made.append(path)
    return tuple(made)
