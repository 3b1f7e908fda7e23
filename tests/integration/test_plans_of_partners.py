# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a partner's plan is: it has no owner here, and must open nothing of our client."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio, take, written
from tests.integration.pair_samples import refusal

from kfdesk.domain.accounts import Role
from kfdesk.domain.rows import view_any
from kfdesk.services.core.authorization import may_edit, may_read
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans import emergency_access, plans


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


@pytest.fixture
def worker(trio: Trio) -> Session:
    """Return another worker at our desk, to whom the plan does not belong."""
    change_record(trio.ours, trio.plan, {"owner": trio.ours.user})
    return replace(trio.ours, user="QQ", roles=frozenset({Role.SHELTER_WORKER}))


def test_partners_plan_below_our_client_opens_her_to_nobody_else(
    trio: Trio, worker: Session
) -> None:
    client = trio.row(trio.row(trio.plan).parent or b"")
    second = written(trio, "plan", client)
    take(trio, second)
    for row in (client, trio.row(second.rid)):
        assert not may_read(worker, row)
        assert not may_edit(worker, row)
    assert plans.list_plans(worker) == ()
    assert refusal(lambda: plans.open_plan(worker, second.rid)).code == "user.not_allowed"
    owner = replace(worker, user=trio.ours.user)
    assert {line.rid for line in plans.list_plans(owner)} == {trio.plan, second.rid}


def test_whoever_opens_a_partners_plan_with_a_reason_opens_ours_and_its_owner_is_told(
    trio: Trio, worker: Session
) -> None:
    second = written(trio, "plan", trio.row(trio.row(trio.plan).parent or b""))
    take(trio, second)
    emergency_access.open_with_reason(worker, second.rid, "Natt")
    assert may_read(worker, trio.row(second.rid))
    (told,) = emergency_access.list_break_glass_accesses(trio.ours)
    assert (told.plan, told.opened_by, told.reason) == (trio.plan, "QQ", "Natt")


def test_partners_client_and_plan_are_everybodys_until_they_have_an_owner(
    trio: Trio, worker: Session
) -> None:
    client = written(trio, "client")
    plan = written(trio, "plan", client)
    take(trio, client, plan)
    assert may_edit(worker, trio.row(client.rid))
    change_record(trio.ours, plan.rid, {"owner": trio.ours.user})
    assert not may_read(worker, trio.row(client.rid))
    assert view_any(trio.row(plan.rid)).record.owner == trio.ours.user
