# SPDX-License-Identifier: GPL-3.0-or-later
"""Today reads the plans that may ask something: those that ended long ago cost it nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kfdesk.demo import people
from kfdesk.domain.registers import EMPTY_STATE, apply_changes, decode_trusted
from kfdesk.domain.rows import Row, encode_changes
from kfdesk.services.core.session import Session
from kfdesk.services.plans import plans as plans_module
from kfdesk.services.plans.lines import PlanLine
from kfdesk.services.plans.plans import (
    list_chosen_plans,
    list_current_plans,
    list_ended_plans,
    list_plans,
)
from kfdesk.services.today import read_today


def put(desk: Session, record_type: str, parent: bytes | None, **values: Any) -> Row:
    """Write a record as it is, past what the program would ask of the user."""
    changes = encode_changes(record_type, values)
    state = apply_changes(EMPTY_STATE, changes, (), desk.signature)
    row = Row(desk.new_id(), record_type, parent, desk.identity.organisation, state)
    with desk.store.transaction():
        desk.store.put(row)
    return row


def end_plan(desk: Session, number: int, days: int | None = 400) -> Row:
    """Write an ended plan with two legs, kept for so many days more."""
    now = desk.adapters.clock.now()
    client = put(desk, "client", None, code=f"KF-{number}")
    until = now.date() + timedelta(days) if days is not None else None
    values = people.plan_values(now, "00" * 16, "00" * 16)
    plan = put(desk, "plan", client.rid, **{**values, "state": "closed", "retention_until": until})
    for leg in people.leg_values(now):
        put(desk, "leg", plan.rid, **leg)
    put(desk, "follow_up", plan.rid, result="reached", due=now.date() - timedelta(3))
    put(desk, "approval", plan.rid)
    return plan


def write_beside(desk: Session, row: Row, **values: Any) -> None:
    """Let another write stand beside what a record has."""
    state = apply_changes(row.state, encode_changes(row.type, values), (), desk.signature)
    with desk.store.transaction():
        desk.store.put(Row(row.rid, row.type, row.parent, row.custodian, state))


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return the states that the store decodes."""
    found: list[bytes] = []

    def decode(data: bytes) -> Any:
        found.append(data)
        return decode_trusted(data)

    monkeypatch.setattr("kfdesk.storage.store.decode_trusted", decode)
    return found


def test_plans_that_ended_long_ago_cost_today_nothing(desk: Session, decoded: list[bytes]) -> None:
    for number in range(3):
        end_plan(desk, number)
    decoded.clear()
    first, few = read_today(desk), len(decoded)
    for number in range(3, 20):
        end_plan(desk, number)
    decoded.clear()
    assert (read_today(desk).keeping, len(decoded)) == (first.keeping, few)
    assert list_current_plans(desk) == ()


def test_ended_plan_is_current_while_it_asks_something(desk: Session) -> None:
    ends = [end_plan(desk, number) for number in range(4)]
    write_beside(desk, ends[1], to_country="LV")
    legs = desk.store.rows_below("leg", ends[2].rid)
    write_beside(desk, legs[0], sequence=9)
    put(
        desk, "follow_up", ends[3].rid, result="unsafe_to_contact",
        due=desk.adapters.clock.now().date(),
    )  # fmt: skip
    today = read_today(desk)
    assert {line.rid for line in today.to_decide} == {ends[1].rid, ends[2].rid}
    assert [one.line.rid for one in today.concerns] == [ends[3].rid]
    assert {line.rid for line in list_current_plans(desk)} == {plan.rid for plan in ends[1:]}


def test_conflict_of_the_client_makes_her_ended_plan_current(desk: Session) -> None:
    plan = end_plan(desk, 1)
    client = desk.store.row(plan.parent or b"")
    assert client is not None
    write_beside(desk, client, code="KF-2")
    assert [line.rid for line in read_today(desk).to_decide] == [plan.rid]


def test_ended_plan_with_a_near_last_day_is_read_for_it_alone(desk: Session) -> None:
    near, unset, _far = end_plan(desk, 1, 3), end_plan(desk, 2, None), end_plan(desk, 3)
    assert {one.line.rid for one in read_today(desk).keeping} == {near.rid, unset.rid}


def test_plan_whose_state_is_disputed_is_current(desk: Session) -> None:
    plan = end_plan(desk, 1)
    write_beside(desk, plan, state="travelling")
    assert [line.rid for line in list_current_plans(desk)] == [plan.rid]


def test_chosen_plans_are_those_of_the_list(desk: Session) -> None:
    plans = [end_plan(desk, number) for number in range(3)]
    listed = {line.rid: line for line in list_plans(desk)}
    chosen = list_chosen_plans(desk, [plans[0].rid, plans[2].rid, b"\0" * 16])
    assert {line.rid: line for line in chosen} == {
        rid: listed[rid] for rid in (plans[0].rid, plans[2].rid)
    }


def without_states(lines: tuple[PlanLine, ...]) -> list[PlanLine]:
    """Return the lines by id, with legs that have no states, as brief ones are."""
    bare = [
        replace(
            line,
            is_brief=True,
            legs=tuple(replace(leg, row=replace(leg.row, state=EMPTY_STATE)) for leg in line.legs),
        )
        for line in lines
    ]
    return sorted(bare, key=lambda line: line.rid)


@pytest.mark.parametrize("portion", [1, 2, 256])
def test_current_and_ended_plans_are_all_plans(
    desk: Session, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    monkeypatch.setattr(plans_module, "_PLANS_PER_PORTION", portion)
    ends = [end_plan(desk, number) for number in range(4)]
    write_beside(desk, ends[1], to_country="LV")
    client = put(desk, "client", None, code="KF-9")
    put(desk, "plan", client.rid, state="ready")
    current, ended = list_current_plans(desk), list_ended_plans(desk)
    assert (len(current), len(ended)) == (2, 3)
    assert without_states((*current, *ended)) == without_states(list_plans(desk))
    assert all(line.is_brief for line in ended)
    assert not any(line.is_brief for line in current)


def test_lines_of_ended_plans_hold_no_state_and_each_is_decoded_once(
    desk: Session, decoded: list[bytes]
) -> None:
    for number in range(5):
        end_plan(desk, number)
    decoded.clear()
    ended = list_ended_plans(desk)
    assert len(decoded) == 5 * 4  # a client, a plan and two legs of each
    assert {leg.row.state for line in ended for leg in line.legs} == {EMPTY_STATE}
    assert [len(line.legs) for line in ended] == [2] * 5
