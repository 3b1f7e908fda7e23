# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody sets a child's gate aside: whatever the role, by whatever way it is tried."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.integration.course_samples import WHO, Walk, walked, with_a_child

from kfdesk import app, store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import ALL_ROLES, Role
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.case import Approval
from kfdesk.domain.records.client import ChildPapers, Consent, Relationship
from kfdesk.domain.records.journey import TravelDocument, Traveller
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.registers import EMPTY_STATE
from kfdesk.domain.rows import Row, encode_changes, view
from kfdesk.domain.values import MissingAnswer, Value
from kfdesk.domain.workflow.table import OVERRIDABLE_GATES, STATE_GATES, gates_before
from kfdesk.environment import Environment
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    put_changed,
    put_new,
)
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import read_case_context
from kfdesk.services.workflow import approve, move_plan, request_approval
from kfdesk.storage import key_slots

TO_DECIDE = {"guardian_named", "child_heard", "family_assessed", "best_interests"}
TO_LEAVE = TO_DECIDE | {"guardian_order", "takeover_written"}
Values = dict[str, Value]


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    """Yield a plan of a mother who travels with a child of unknown age."""
    with walked(tmp_path, "assessing", with_a_child) as begun:
        yield begun


def open_now(walk: Walk, target: str = "decision_ready") -> set[str]:
    return {
        gate.code
        for gate in gates_before(target, read_case_context(walk.ours, walk.plan))
        if gate.is_open
    }


def papers(walk: Walk, **values: Value) -> Values:
    (child,) = walk.of("relationship")
    today = walk.clock.time.date()
    return {
        "child": child.rid.hex(), "guardian": "Nina Vymyslova", "guardian_order": "En domstol 1",
        "custody_contested": False,
        "childs_view_heard": today, "family_assessed": today, "family_assessment_result": "safe",
        "bid_decided": today, "bid_decision": "bid_in_favour",
        "takeover_authority": "En myndighet", "takeover_by_authority": today, **values,
    }  # fmt: skip


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(KfdeskError) as found:
        act()
    return found.value.code


def test_right_papers_let_mother_and_child_through_to_the_journey(walk: Walk) -> None:
    assert open_now(walk) == TO_DECIDE
    assert refused(lambda: move_plan(walk.ours, walk.plan, "decision_ready")) == "plan.gate_open"
    early: Values = dict.fromkeys(("guardian_order", "takeover_by_authority"))
    rid = create_record(walk.ours, ChildPapers, papers(walk, **early), parent=walk.plan)
    move_plan(walk.ours, walk.plan, "decision_ready")
    story.decide(walk.ours, walk.plan)
    assert walk.state == "approved"
    assert refused(lambda: story.prepare_departure(walk.ours, walk.plan)) == "plan.gate_open"
    still = open_now(walk, "travel_ready")
    assert {"guardian_order", "takeover_written", "documents_valid", "paper_checked"} == still
    change_record(walk.ours, rid, {key: papers(walk)[key] for key in early})
    passport = {**people.passport_values(walk.clock.time), "name_as_written": "ALVA VYMYSLOVA"}
    document = create_record(walk.ours, TravelDocument, passport, parent=walk.plan)
    assert open_now(walk, "travel_ready") == {"documents_valid", "paper_checked"}
    (child,) = walk.of("relationship")
    ticket = {"person": child.rid.hex(), "name_on_ticket": "ALVA VYMYSLOVA"}
    row = create_record(walk.ours, Traveller, ticket, parent=walk.plan)
    assert open_now(walk, "travel_ready") == {"documents_valid"}
    change_record(walk.ours, document, {"whose": row.hex()})
    assert open_now(walk, "travel_ready") == set()  # one passport for her, one for the child
    change_record(walk.ours, walk.plan, {"escort_kind": "none_wanted", "escort": None})
    assert open_now(walk, "travel_ready") == {"escort_set"}


def test_each_traveller_is_counted_once(walk: Walk) -> None:
    assert len(read_case_context(walk.ours, walk.plan).relationships) == 1


def test_papers_in_the_bin_or_of_a_child_that_stays_do_not_count(walk: Walk) -> None:
    rid = create_record(walk.ours, ChildPapers, papers(walk), parent=walk.plan)
    assert open_now(walk) == set()
    delete_record(walk.ours, rid)
    assert open_now(walk) == TO_DECIDE
    create_record(walk.ours, ChildPapers, papers(walk, child=walk.plan.hex()), parent=walk.plan)
    assert open_now(walk) == TO_DECIDE


# every role


@pytest.mark.parametrize("role", [*Role, None])
def test_no_role_sets_a_childs_gate_aside(walk: Walk, role: Role | None) -> None:
    """None stands for somebody who holds all of them."""
    roles = ALL_ROLES if role is None else frozenset({role})
    other = replace(walk.ours, user="ZZ", roles=roles)
    allowed = {"user.not_allowed", "approval.not_possible"}
    for code in sorted(TO_LEAVE | {"escort_set", "legs_booked", "conclusion_allows"}):
        assert refused(lambda: request_approval(other, walk.plan, "override", code)) in allowed  # noqa: B023
        assert refused(lambda: approve(other, walk.plan, "override", code, "Brådskar")) in allowed  # noqa: B023
    moves = {"user.not_allowed", "plan.gate_open"}
    assert refused(lambda: move_plan(other, walk.plan, "decision_ready")) in moves
    values: Values = {"kind": "override", "gate": "guardian_named", "given_by": "AU"}
    assert refused(lambda: create_record(other, Approval, values, walk.plan)) in {
        "user.not_allowed", "record.guarded",
    }  # fmt: skip
    state: Values = {"state": "decision_ready"}
    assert refused(lambda: change_record(other, walk.plan, state)) in {
        "user.not_allowed", "field.guarded",
    }  # fmt: skip
    assert open_now(walk) == TO_DECIDE


def test_no_gate_of_a_child_is_among_those_that_can_be_set_aside() -> None:
    assert not OVERRIDABLE_GATES & (TO_LEAVE | {"escort_set", "legs_booked", "conclusion_allows"})
    assert {"decision_ready", "approved", "travel_ready", "travelling"} <= set(STATE_GATES)


# the store itself, behind the services


def forged(desk: Session, plan: bytes, code: str) -> None:
    """Write an approval past the service that would refuse it."""
    now = people.zoned_time(desk.adapters.clock.now() - timedelta(minutes=1))
    values: Values = {
        "kind": "override", "gate": code, "given_by": "AU", "given": now, "asked_by": "EV",
        "reason": "Brådskar",
    }  # fmt: skip
    row = Row(desk.new_id(), "approval", plan, desk.identity.organisation, EMPTY_STATE)
    with desk.store.transaction():
        put_new(desk, row, encode_changes("approval", values))


def test_approval_that_was_forged_in_the_store_opens_nothing(walk: Walk) -> None:
    for code in sorted(TO_LEAVE):
        forged(walk.ours, walk.plan, code)
    assert open_now(walk) == TO_DECIDE


# the command line


def command(walk: Walk, tmp_path: Path, *words: str) -> int:
    phrase = tmp_path / "phrase"
    phrase.write_text(WHO.passphrase + "\n", encoding="utf-8")
    head = ["--store", str(tmp_path / "ours"), "--initials", WHO.initials, "--json"]
    machine = Environment(clock=walk.clock, cost=key_slots.MIN_COST)
    return app.main([*head, "--passphrase-file", str(phrase), *words], machine)


def test_command_line_has_no_way_round(walk: Walk, tmp_path: Path) -> None:
    forged_line = next(row.rid for row in walk.of("risk_assessment"))
    plan, before = walk.plan.hex(), walk.ours.store.digest()
    walk.ours.store.close()
    for rid, key, value in (
        (plan, "state", "decision_ready"),
        (forged_line.hex(), "given_by", "AU"),
    ):
        assert command(walk, tmp_path, "plan", "set", rid, key, json.dumps(value)) == 1
    with pytest.raises(SystemExit):  # there is no such command
        command(walk, tmp_path, "plan", "approve", plan)
    desk = store_lifecycle.unlock_store(tmp_path / "ours", WHO, Environment(clock=walk.clock))
    try:
        assert desk.store.digest() == before
        found = gates_before("decision_ready", read_case_context(desk, walk.plan))
        assert {gate.code for gate in found if gate.is_open} == TO_DECIDE
    finally:
        desk.store.close()


# a partner's file


def test_partners_file_brings_neither_papers_nor_an_override_nor_a_state(walk: Walk) -> None:
    (child,) = walk.of("relationship")
    for code in sorted(TO_LEAVE):
        forged(walk.theirs, walk.plan, code)
    theirs = create_record(walk.theirs, ChildPapers, papers(walk), parent=walk.plan)
    row = walk.theirs.store.row(walk.plan)
    assert row is not None
    with walk.theirs.store.transaction():
        changes = encode_changes("plan", {"state": "decision_ready", "guardian": "Ingen Alls"})
        put_changed(walk.theirs, row, changes, ())
    walk.answer()
    assert open_now(walk) == TO_DECIDE
    assert walk.state == "assessing"
    kept = walk.ours.store.row(theirs)
    assert kept is None or kept.custodian == walk.partner
    assert child.custodian == walk.ours.identity.organisation


def test_partner_writes_in_none_of_our_childs_papers(walk: Walk) -> None:
    rid = create_record(
        walk.ours, ChildPapers, papers(walk, bid_decision="bid_against"), parent=walk.plan
    )
    row = walk.ours.store.row(rid)
    assert row is not None
    with walk.theirs.store.transaction():
        walk.theirs.store.put(row)  # as if it had been disclosed to them
    assert refused(lambda: change_record(walk.theirs, rid, {"guardian": "X"})) == "record.not_ours"
    with walk.theirs.store.transaction():
        changes = encode_changes("child_papers", {"bid_decision": "bid_in_favour"})
        put_changed(walk.theirs, row, changes, ())
    walk.answer()
    assert open_now(walk) == {"best_interests"}


def test_older_partner_that_writes_the_plans_own_fields_changes_nothing_here(walk: Walk) -> None:
    row = walk.ours.store.row(walk.plan)
    assert row is not None
    assert {"guardian", "bid_decision"} <= set(Plan.__dataclass_fields__)
    with walk.ours.store.transaction():
        values: Values = {"guardian": "Ingen Alls", "bid_decision": "bid_in_favour"}
        put_changed(walk.ours, row, encode_changes("plan", values), ())
    assert open_now(walk) == TO_DECIDE


@pytest.mark.parametrize(
    "values",
    [
        {"age_band": "age_30_38"},
        {"birth_date": date(1990, 1, 1), "age_disputed": False},
        {"travels_with": False},
        {"birth_date": MissingAnswer.UNKNOWN, "age_band": "age_18_20", "given_name": "Alva P"},
    ],
)
def test_partners_file_makes_no_adult_of_who_counts_as_a_child_here(
    walk: Walk, values: Values
) -> None:
    """Nor does it take the child from the journey; the rest of what it says is taken."""
    (child,) = walk.of("relationship")
    with walk.theirs.store.transaction():
        walk.theirs.store.put(child)  # as if it had been disclosed to them
    agreed = {
        **people.consent_to_risk_enquiry(walk.clock.time, walk.partner.hex()),
        "purpose": "family_assessment",
        "groups": ("identity", "children_family"),
    }
    create_record(walk.ours, Consent, agreed, parent=walk.client)
    walk.send()
    change_record(walk.theirs, child.rid, values)
    walk.answer()
    assert open_now(walk) == TO_DECIDE
    (kept,) = walk.of("relationship")
    name = view(kept, Relationship).record.given_name
    assert name == values.get("given_name", "Alva")
    change_record(walk.ours, child.rid, {"age_band": "age_30_38"})  # who answers for her may
    assert open_now(walk) == set()


def test_partners_file_may_say_that_somebody_is_a_child(walk: Walk) -> None:
    (child,) = walk.of("relationship")
    change_record(walk.ours, child.rid, {"age_band": "age_30_38"})
    assert open_now(walk) == set()
    agreed = {
        **people.consent_to_risk_enquiry(walk.clock.time, walk.partner.hex()),
        "purpose": "family_assessment",
        "groups": ("identity", "children_family"),
    }
    create_record(walk.ours, Consent, agreed, parent=walk.client)
    walk.send()
    change_record(walk.theirs, child.rid, {"age_band": "age_9_17"})
    walk.answer()
    assert open_now(walk) >= TO_DECIDE
