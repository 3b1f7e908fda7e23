# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the records of a store stand, told by their ids alone."""

import pytest
from tests.support import make

from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import EMPTY_STATE
from kfdesk.domain.rows import Row
from kfdesk.storage.store import Store

NOWHERE = make.named_id("nowhere")
ABOVE = {
    "client": None,
    "plan": "client",
    "leg": "plan",
    "risk_assessment": "plan",
    "risk_line": "risk_assessment",
    "consent": "client",
    "organisation": None,
}


@pytest.fixture
def ids(store: Store) -> dict[str, bytes]:
    """Return a record of some types each, by their type, beside what the store has already."""
    made = {name: make.named_id(f"new {name}") for name in ABOVE}
    rows = (
        Row(made[name], name, made[up] if up else None, make.OURS, EMPTY_STATE)
        for name, up in ABOVE.items()
    )
    with store.transaction():
        store.put_all((row, None) for row in rows)
    return made


def test_all_ids_are_in_their_order(store: Store, ids: dict[str, bytes]) -> None:
    rows = (row.rid for name in RECORD_TYPES for row in store.rows(name))
    assert list(store.tree.rids()) == sorted(rows)
    assert set(ids.values()) < set(store.tree.rids())


def test_each_record_stands_where_it_was_put(store: Store, ids: dict[str, bytes]) -> None:
    standing = store.tree.standing([*ids.values(), NOWHERE])
    assert standing == {ids[name]: (name, ids.get(up or "")) for name, up in ABOVE.items()}


def test_children_stand_right_below_and_can_be_asked_by_type(
    store: Store, ids: dict[str, bytes]
) -> None:
    both = [ids["client"], ids["plan"]]
    below = {ids[name] for name in ("plan", "consent", "leg", "risk_assessment")}
    assert store.tree.children(both) == below
    assert store.tree.children(both, ("leg",)) == {ids["leg"]}
    assert store.tree.children([ids["leg"], NOWHERE]) == frozenset()


def test_family_is_they_and_all_below_them(store: Store, ids: dict[str, bytes]) -> None:
    assert store.tree.family([ids["client"]]) == set(ids.values()) - {ids["organisation"]}
    assert store.tree.family([ids["risk_assessment"], NOWHERE]) == {
        ids["risk_assessment"], ids["risk_line"], NOWHERE,
    }  # fmt: skip


def test_many_more_than_are_asked_for_at_once_are_all_found(store: Store) -> None:
    client = make.named_id("a client with many")
    plans = [
        Row(make.named_id(f"plan {n}"), "plan", client, make.OURS, EMPTY_STATE) for n in range(901)
    ]
    legs = [Row(make.named_id(f"leg {n}"), "leg", plan.rid, make.OURS, EMPTY_STATE)
            for n, plan in enumerate(plans)]  # fmt: skip
    with store.transaction():
        store.put_all((row, None) for row in (*plans, *legs))
    assert store.tree.children(plan.rid for plan in plans) == {leg.rid for leg in legs}
    assert store.tree.standing(leg.rid for leg in legs) == {
        leg.rid: ("leg", leg.parent) for leg in legs
    }
    assert len(store.tree.family([client])) == 1 + len(plans) + len(legs)
