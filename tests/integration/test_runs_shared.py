# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedures in force and runs in files: who is believed, who reads what, and what stays."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import begin_network, send
from tests.integration.pair_samples import refusal
from tests.integration.run_samples import (
    ADVISED,
    LAW,
    TITLE,
    WHY,
    Step,
    begin,
    days_ago,
    in_force,
    prefixes,
    run_record,
    step_named,
    step_record,
    today,
)

from kfdesk.demo import people
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.cooperation import COPIED_KEYS, CooperationStep
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.procedures import Procedure
from kfdesk.domain.registers import encode_state
from kfdesk.domain.rows import Row, view, view_any
from kfdesk.domain.schema import DataGroup
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.procedures import procedures, runs

RUN_TYPES = ("cooperation", "cooperation_step")


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def agree(trio: Trio, *groups: DataGroup) -> bytes:
    """Let the client agree that B gets these groups, besides what travels; return the consent."""
    now, partner = trio.ours.adapters.clock.now(), trio.bad.identity.organisation
    values = {
        **people.reception_consent(now, partner.hex()),
        "groups": (DataGroup.IDENTITY, DataGroup.CONTACT, DataGroup.TRAVEL, *groups),
    }
    return create_record(trio.ours, Consent, values, trio.row(trio.plan).parent)


def pass_on(trio: Trio, here: Session, there: Session) -> None:
    to = there.identity.organisation
    trio.take(transfer.send_bundle(here, trio.plan, to, trio.post).path, there)


def state_of(desk: Session, *rids: bytes) -> list[bytes]:
    rows = [desk.store.row(rid) for rid in rids]
    return [encode_state(row.state) for row in rows if row is not None]


# --- procedures in force


@pytest.mark.parametrize("is_member", [False, True])
def test_version_of_ours_in_force_is_changed_by_no_file_of_another(
    trio: Trio, *, is_member: bool
) -> None:
    if is_member:
        begin_network(trio.ours, trio.bad, shares=("procedures",))
    head, forger = in_force(trio.ours, LAW, ADVISED), trio.forger(trio.bad)
    details = procedures.read_procedure(trio.ours, head)
    steps = [one.rid for one in details.steps]
    whole: list[Row] = [
        forger.changed(trio.row(steps[0]), {"amount": 99, "law": "x", "event": None}),
        forger.deleted(trio.row(steps[1])),
        forger.changed(trio.row(head), {"status": "draft", "region": "x", "adopted": None}),
        forger.written("procedure_step", {"prefix": "0", "title": TITLE}, parent=head),
        forger.written(
            "procedure_step", {"prefix": "1"}, parent=head,
            custodian=trio.ours.identity.organisation,
        ),
    ]  # fmt: skip
    before = trio.ours.store.digest()
    for row in whole:
        review = trio.take(forger.file((row,)))
        assert review.refused == 1
    trio.take(forger.file(whole))
    assert trio.ours.store.digest() == before
    assert procedures.read_procedure(trio.ours, head).is_as_adopted


def test_number_that_anothers_version_has_is_told_and_ours_is_not_stopped(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad, shares=("procedures",))
    first, forger = in_force(trio.ours, LAW), trio.forger(trio.bad)
    theirs = forger.written(
        "procedure",
        {"title": TITLE, "version": "4", "status": "active", "supersedes": first.hex(),
         "network": network.hex(), "confidentiality": "circle"},
    )  # fmt: skip
    trio.take(forger.file((theirs, forger.written("procedure_step", LAW, parent=theirs.rid))))
    assert trio.ours.store.row(theirs.rid) is not None
    second = procedures.make_next_version(trio.ours, first)
    assert view(trio.row(second), Procedure).record.version == "5"
    change_record(trio.ours, second, {"version": "4"})
    procedures.activate_procedure(trio.ours, second)
    found = procedures.read_procedure(trio.ours, second)
    assert [one.rid for one in found.overlaps] == [theirs.rid]
    third = procedures.make_next_version(trio.ours, second)
    change_record(trio.ours, third, {"version": "4"})
    taken = refusal(lambda: procedures.activate_procedure(trio.ours, third))
    assert taken.code == "procedure.version_taken"


def test_version_in_force_comes_to_a_member_as_it_was_adopted(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad, shares=("procedures",))
    head = in_force(trio.ours, LAW, ADVISED)
    draft = procedures.make_next_version(trio.ours, head)
    change_record(trio.ours, draft, {"network": network.hex()})
    procedures.activate_procedure(trio.ours, draft)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    there = procedures.read_procedure(trio.bad, draft)
    assert (there.is_as_adopted, there.is_ours, there.may_write) == (True, False, False)
    for attack in (
        lambda: change_record(trio.bad, there.steps[0].rid, {"law": "x"}),
        lambda: change_record(trio.bad, draft, {"region": "x"}),
    ):
        assert isinstance(refusal(attack), KfdeskError)


# --- runs: who reads them


@pytest.mark.parametrize("does_agree", [False, True])
def test_steps_leave_with_the_consent_to_them_alone(trio: Trio, *, does_agree: bool) -> None:
    """Works means 7: without it the partner sees the plan and no step."""
    agree(trio, *([DataGroup.COOPERATION] if does_agree else []))
    run = begin(trio.ours, trio.plan, LAW, ADVISED)
    step = step_named(trio.ours, trio.plan, "4b").view.rid
    change_record(trio.ours, step, {"note": "bara här", "reference_number": "B 1-26"})
    pass_on(trio, trio.ours, trio.bad)
    assert trio.bad.store.row(trio.plan) is not None
    there = {name: trio.bad.store.rows(name) for name in RUN_TYPES}
    values = [view_any(row).record for row in there["cooperation_step"]]
    if not does_agree:
        assert [one for rows in there.values() for one in rows if view_any(one).record.title] == []
        assert prefixes(trio.bad) == []
        return
    assert [row.rid for row in there["cooperation"]] == [run]
    assert {one.prefix for one in values} == {"4b", "6"}
    assert [one for one in values if one.note or one.reference_number or one.done_by] == []
    assert prefixes(trio.bad) == ["4b", "6"]


def test_third_organisation_gets_no_step_through_the_partner(trio: Trio) -> None:
    agree(trio, DataGroup.COOPERATION)
    begin(trio.ours, trio.plan, LAW)
    pass_on(trio, trio.ours, trio.bad)
    to = trio.third.identity.organisation
    parcel = transfer.prepare_bundle(trio.bad, trio.plan, to)
    assert [row.type for row in parcel.may.rows if row.type in RUN_TYPES] == []


# --- runs: who is believed


def test_partners_done_shows_its_name_and_stands_at_both(trio: Trio) -> None:
    agree(trio, DataGroup.COOPERATION)
    begin(trio.ours, trio.plan, LAW, ADVISED)
    pass_on(trio, trio.ours, trio.bad)
    step = step_named(trio.bad, trio.plan, "6").view.rid
    runs.finish_step(trio.bad, step)
    assert step_named(trio.bad, trio.plan, "6").written_by == f"EV, {trio.bad.identity.name}"
    pass_on(trio, trio.bad, trio.ours)
    found = step_named(trio.ours, trio.plan, "6")
    assert found.state == "completed"
    assert found.written_by == f"EV, {trio.bad.identity.name}"
    assert found.view.record.done_by is None  # initials stay at their own desk
    assert prefixes(trio.ours) == ["4b"]


def test_two_words_on_one_step_leave_it_open_until_somebody_decides(trio: Trio) -> None:
    agree(trio, DataGroup.COOPERATION)
    begin(trio.ours, trio.plan, LAW)
    pass_on(trio, trio.ours, trio.bad)
    rid = step_named(trio.ours, trio.plan, "4b").view.rid
    runs.skip_step(trio.bad, rid, WHY)
    runs.change_step(trio.ours, rid, "in_progress")
    pass_on(trio, trio.bad, trio.ours)
    found = step_named(trio.ours, trio.plan, "4b")
    assert "state" in found.view.conflicts
    assert not found.is_settled
    assert prefixes(trio.ours) == ["4b"]


def test_partner_moves_no_deadline_of_our_run_and_ends_it_not(trio: Trio) -> None:
    """Copied fields are ours; what prolongs, sets or ends anything waits for a decision."""
    run, forger = begin(trio.ours, trio.plan, LAW, ADVISED), trio.forger(trio.bad)
    step = step_named(trio.ours, trio.plan, "4b")
    far = today(trio.ours) + timedelta(900)
    odd: Step = {
        "prefix": "99", "title": WHY, "event": "arrived", "amount": 900, "unit": "mo",
        "clock": "advised", "warn": "1", "prolong": None, "rolls": True, "proof": "wish",
        "after": "4b", "lead": "client", "law": "x", "event_step": "6", "extended_until": far,
        "began": days_ago(trio.ours, -900), "led_by": trio.bad.identity.organisation.hex(),
    }  # fmt: skip
    ended: Step = {"closed": days_ago(trio.ours, 0), "opened": days_ago(trio.ours, 900),
                   "version": "9", "country": "FI", "title": WHY}  # fmt: skip
    before = step_record(trio, step.view.rid)
    trio.take(forger.file((
        forger.changed(trio.row(step.view.rid), odd), forger.changed(trio.row(run), ended),
    )))  # fmt: skip
    after, head = step_record(trio, step.view.rid), run_record(trio, run)
    for key in COPIED_KEYS:
        assert getattr(after, key) == getattr(before, key), key
    assert (head.version, head.country, head.title) == ("3", "SE", TITLE)
    found = step_named(trio.ours, trio.plan, "4b")
    assert found.due == step.due
    assert prefixes(trio.ours) == ["4b", "6"]
    waits = view(trio.row(step.view.rid), CooperationStep).conflicts
    assert {"extended_until", "began", "led_by"} <= waits
    for row in (trio.row(step.view.rid), trio.row(run)):
        trio.take(forger.file((forger.deleted(row),)))
        assert not view_any(trio.row(row.rid)).is_deleted


def test_run_for_a_plan_that_was_never_shared_is_the_partners_and_opens_nothing(
    trio: Trio,
) -> None:
    desk, forger = trio.ours, trio.forger(trio.bad)
    client = create_record(desk, Client, {"code": "sippa-3"})
    plan = create_record(desk, Plan, {}, client)
    run = forger.written("cooperation", {"opened": days_ago(desk, 9), "title": TITLE}, parent=plan)
    trio.take(forger.file((run, forger.written("cooperation_step", ADVISED, parent=run.rid))))
    found = runs.read_run(desk, plan)
    assert found is not None
    assert not found.is_ours
    parcel = transfer.prepare_bundle(desk, plan, trio.bad.identity.organisation)
    assert [row.rid for row in parcel.may.rows if row.rid == plan] == []
    before = state_of(desk, plan, client)
    runs.close_run(desk, run.rid)  # who answers for the plan may end it here, and begin its own
    assert begin(desk, plan, LAW)
    assert state_of(desk, plan, client) == before


@pytest.mark.parametrize("has_begun", [False, True])
def test_run_in_our_name_or_a_thirds_hides_none_of_ours(trio: Trio, *, has_begun: bool) -> None:
    """In our name a partner brings back what a restored backup lacks, and says nothing in it."""
    forger = trio.forger(trio.bad)
    if has_begun:
        begin(trio.ours, trio.plan, LAW)
    for whose in (trio.ours, trio.third):
        name = whose.identity.organisation
        early: Step = {"opened": days_ago(trio.ours, 9_000), "title": WHY, "country": "FI"}
        run = forger.written("cooperation", early, parent=trio.plan, custodian=name)
        step = forger.written("cooperation_step", ADVISED, parent=run.rid, custodian=name)
        trio.take(forger.file((run, step)))
        if trio.ours.store.row(run.rid) is not None:
            assert run_record(trio, run.rid).opened is None
    assert prefixes(trio.ours) == (["4b"] if has_begun else [])
