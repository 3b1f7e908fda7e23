# SPDX-License-Identifier: GPL-3.0-or-later
"""A decision of a case conference becomes a step of the cooperation, with its owner and its day."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.pair_samples import refusal
from tests.integration.test_procedure_runs import in_force, step_named, today

from kfdesk.domain.procedures.clocks import Due
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.cooperation import CooperationStep
from kfdesk.domain.records.network import CaseConference, ConferenceDecision
from kfdesk.domain.rows import view, view_any
from kfdesk.domain.values import PartialDate, Translation, Value
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    restore_record,
)
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.plans.plans import load_case
from kfdesk.services.procedures import procedures, runs
from kfdesk.services.today import read_today

DECIDED = (Translation("sv", "Påhittat beslut om henne"),)
TITLE = (Translation("sv", "Ring kommunen"),)


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def decided(trio: Trio, due: Value, owner: Session | None = None, **more: Value) -> bytes:
    """Return the decision of a new case conference about our plan."""
    head = create_record(trio.ours, CaseConference, {"place": "Här"}, trio.plan)
    whose = (owner or trio.ours).identity.organisation.hex()
    values: dict[str, Value] = {"decided": DECIDED, "state": "open", "due": due, "owner": whose}
    return create_record(trio.ours, ConferenceDecision, values | more, head)


def last_day(desk: Session, plan: bytes, prefix: str) -> date:
    found = step_named(desk, plan, prefix).due
    assert isinstance(found, Due)
    return found.last_day


@pytest.mark.parametrize("days", [-400, -1, 0, 1, 30, 3650, 3651])
def test_step_has_the_owner_and_the_day_of_the_decision(trio: Trio, days: int) -> None:
    desk, day = trio.ours, today(trio.ours) + timedelta(days=days)
    runs.start_run(desk, trio.plan, in_force(desk))
    decision = decided(trio, day, trio.bad)
    step = runs.add_decided_step(desk, decision, TITLE)
    found = step_named(desk, trio.plan, "+1")
    record = found.view.record
    assert (found.view.rid, record.title, record.step) == (step, TITLE, decision.hex())
    assert record.led_by == trio.bad.identity.organisation.hex()
    assert last_day(desk, trio.plan, "+1") == day
    assert str(DECIDED) not in str(record)  # what was decided is told to fewer than a step


def test_month_counts_to_its_end_and_without_a_day_there_is_no_clock(trio: Trio) -> None:
    desk = trio.ours
    runs.start_run(desk, trio.plan, in_force(desk))
    runs.add_decided_step(desk, decided(trio, PartialDate("2099-02")), TITLE)
    runs.add_decided_step(desk, decided(trio, None), TITLE)
    assert last_day(desk, trio.plan, "+1") == date(2099, 2, 28)
    assert not isinstance(step_named(desk, trio.plan, "+2").due, Due)


def test_what_became_a_step_is_told_once(trio: Trio) -> None:
    desk, day = trio.ours, today(trio.ours)
    run = runs.start_run(desk, trio.plan, in_force(desk))
    decision = decided(trio, day)
    assert [one.view.rid for one in read_today(desk).conference_decisions] == [decision]
    step = runs.add_decided_step(desk, decision, TITLE)
    found = read_today(desk)
    assert found.conference_decisions == ()
    assert step in {one.step.view.rid for one in found.steps}
    runs.close_run(desk, run)
    assert [one.view.rid for one in read_today(desk).conference_decisions] == [decision]


def test_decision_is_told_again_while_its_step_is_in_the_bin(trio: Trio) -> None:
    desk, day = trio.ours, today(trio.ours)
    runs.start_run(desk, trio.plan, in_force(desk))
    decision = decided(trio, day)
    step = runs.add_decided_step(desk, decision, TITLE)
    delete_record(desk, step)
    assert [one.view.rid for one in read_today(desk).conference_decisions] == [decision]
    restore_record(desk, step)
    assert read_today(desk).conference_decisions == ()


def test_what_cannot_become_a_step_is_refused_with_the_remedy(trio: Trio) -> None:
    desk, day = trio.ours, today(trio.ours)

    def tried(decision: bytes, title: tuple[Translation, ...] = TITLE) -> str:
        return refusal(lambda: runs.add_decided_step(desk, decision, title)).code

    decision = decided(trio, day)
    assert tried(decision) == "cooperation.none"
    run = runs.start_run(desk, trio.plan, in_force(desk))
    assert tried(decision, (Translation("sv", "  "),)) == "step.title_missing"
    assert tried(trio.plan) == "record.missing"
    runs.add_decided_step(desk, decision, TITLE)
    assert tried(decision) == "step.made_already"
    gone = decided(trio, day)
    delete_record(desk, gone)
    assert tried(gone) == "record.missing"
    other = decided(trio, day)
    runs.close_run(desk, run)
    assert tried(other) == "cooperation.none"
    runs.reopen_run(desk, run)
    for _ in range(200):
        create_record(desk, CooperationStep, {}, run)
    assert tried(other) == "cooperation.full"


def test_step_goes_along_to_another_version_as_it_stands(trio: Trio) -> None:
    desk, day = trio.ours, today(trio.ours)
    first = in_force(desk)
    run = runs.start_run(desk, trio.plan, first)
    step = runs.add_decided_step(desk, decided(trio, day + timedelta(days=9)), TITLE)
    runs.finish_step(desk, step)
    later = procedures.make_next_version(desk, first)
    procedures.activate_procedure(desk, later)
    shown = runs.preview_go_over(desk, run, later)
    assert [one.view.rid for one in shown.decided] == [step]
    assert step not in {one.view.rid for one in (*shown.before, *shown.lost)}
    runs.go_over(desk, shown)
    found = step_named(desk, trio.plan, "+1")
    assert found.view.rid != step
    assert (found.state, found.view.record.title) == ("completed", TITLE)
    assert last_day(desk, trio.plan, "+1") == day + timedelta(days=9)


def test_partner_makes_no_step_of_our_run(trio: Trio) -> None:
    desk = trio.ours
    runs.start_run(desk, trio.plan, in_force(desk))
    decision = decided(trio, today(desk))
    step = runs.add_decided_step(desk, decision, TITLE)
    consent = view(load_case(desk, trio.plan).consents[0], Consent)
    groups = consent.record.groups
    assert isinstance(groups, tuple)
    change_record(desk, consent.rid, {"groups": (*groups, "cooperation")})
    other = decided(trio, today(desk))
    trio.take(_sent(trio), trio.bad)
    row = trio.bad.store.row(step)
    assert row is not None
    assert view_any(row).record.title == TITLE
    assert refusal(lambda: runs.add_decided_step(trio.bad, other, TITLE)).code == "record.not_ours"


def _sent(trio: Trio) -> Path:
    whose = trio.bad.identity.organisation
    return transfer.send_bundle(trio.ours, trio.plan, whose, trio.post).path
