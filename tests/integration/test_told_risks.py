# SPDX-License-Identifier: GPL-3.0-or-later
"""A receiver without the program: what it tells on the telephone is written down, and counts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration.course_samples import Walk, walked

from kfdesk.demo import people, story
from kfdesk.domain.exchange import PartnerState
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.risk import RiskAssessment
from kfdesk.domain.values import Value
from kfdesk.domain.workflow.gates import FieldLocation, Gate, GateAnswer, GateReason
from kfdesk.domain.workflow.table import gates_before
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.plans.plans import read_case_context


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    with walked(tmp_path, "assessing") as begun:
        story.prepare(begun.ours, begun.plan, begun.partner)
        yield begun


def asked(walk: Walk) -> Gate:
    found = gates_before("decision_ready", read_case_context(walk.ours, walk.plan))
    return next(gate for gate in found if gate.code == "risk_assessed")


def tell(walk: Walk, organisation: bytes) -> bytes:
    values: dict[str, Value] = {
        "organisation": organisation.hex(),
        "done": walk.clock.time.date(),
        "conclusion": "return_possible",
        "unanswered": 0,
        "told_by": "Ольга",
        "told_way": "telephone",
        "told": people.zoned_time(walk.clock.time - timedelta(hours=1)),
    }
    return create_record(walk.ours, RiskAssessment, values, walk.plan)


def test_shelter_without_the_program_tells_it_and_the_gate_lets_her_pass(walk: Walk) -> None:
    shelter = create_record(walk.ours, Organisation, {"name": "Дом без компьютера"})
    change_record(walk.ours, walk.plan, {"receiver": shelter.hex()})
    assert asked(walk).why is GateReason.THEIRS_MISSING
    told = tell(walk, shelter)
    assert asked(walk).answer is GateAnswer.MET
    change_record(walk.ours, told, {"told_by": None})
    found = asked(walk)
    assert (found.why, found.where) == (
        GateReason.MISSING,
        FieldLocation("risk_assessment", "told_by", told),
    )


def test_partner_with_a_desk_speaks_for_itself_until_its_keys_are_in_doubt(walk: Walk) -> None:
    tell(walk, walk.partner)
    assert asked(walk).why is GateReason.HAS_OWN_DESK
    (partner,) = walk.ours.store.ledger.partners()
    with walk.ours.store.transaction():
        walk.ours.store.ledger.set_partner(replace(partner, state=PartnerState.SUSPENDED))
    assert asked(walk).answer is GateAnswer.MET


def test_what_we_wrote_in_a_partners_name_is_not_its_word_at_its_own_desk(walk: Walk) -> None:
    told = tell(walk, walk.partner)
    walk.send()
    row = walk.theirs.store.row(told)
    assert row is not None
    assert row.custodian == walk.ours.identity.organisation
    found = gates_before("decision_ready", read_case_context(walk.theirs, walk.plan))
    assert next(g for g in found if g.code == "risk_assessed").why is GateReason.HAS_OWN_DESK
