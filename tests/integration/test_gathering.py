# SPDX-License-Identifier: GPL-3.0-or-later
"""What leaves is the same, gathered a portion at a time, as if all of it were looked at at once."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks import desks
from tests import make

from kfdesk.domain.disclosure import Channel, Disclosed, Who, disclose
from kfdesk.domain.records.registry import TYPES
from kfdesk.services import exchange
from kfdesk.services.desk import Desk
from kfdesk.services.parcels.gathering import gathered
from kfdesk.services.parcels.scopes import Cases, Everything
from kfdesk.services.partners import find_partner
from kfdesk.services.plans import disclose_case, load_case
from kfdesk.services.writing.records import delete_record, found

LEGS = 4_500  # more than are kept unpacked
NOWHERE = bytes(16)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, bytes, bytes]]:
    """A desk with one long plan and a directory, the plan, and a partner."""
    folder = tmp_path_factory.mktemp("large")
    pair = desks.pair(folder, LEGS)
    weighing = desks.new_row(
        pair.ours, "risk_assessment", pair.plan, make.FILLED["risk_assessment"]
    )
    line = desks.new_row(pair.ours, "risk_line", weighing.rid, make.FILLED["risk_line"])
    house = desks.new_row(pair.ours, "organisation", None, make.FILLED["organisation"])
    phone = desks.new_row(pair.ours, "phone", house.rid, make.FILLED["phone"])
    with pair.ours.store.transaction():
        pair.ours.store.put_all((row, None) for row in (weighing, line, house, phone))
    delete_record(pair.ours, pair.ours.store.rows("leg")[7].rid)
    pair.theirs.store.close()
    yield pair.ours, pair.plan, pair.theirs.identity.organisation
    pair.ours.store.close()


def _same(one: Disclosed, other: Disclosed) -> bool:
    return (list(one.rows), sorted(map(repr, one.withheld))) == (
        list(other.rows), sorted(map(repr, other.withheld)),
    )  # fmt: skip


def test_ids_of_a_plan_are_those_of_its_case(large: tuple[Desk, bytes, bytes]) -> None:
    desk, plan, _ = large
    rows = load_case(desk, plan).rows
    assert {row.type for row in rows} >= {"client", "plan", "leg", "consent", "risk_line"}
    case, everything = Cases(desk, (found(desk, plan),)), Everything(desk)
    house = desk.store.rows("organisation")[0].rid
    few = [row.rid for row in rows if row.type in ("client", "plan", "consent", "risk_line")]
    assert case.of([*few, house, NOWHERE]) == set(few)
    assert case.rids() == case.of(everything.rids()) == {row.rid for row in rows}
    assert case.rids() < everything.rids() == everything.of((*everything.rids(), NOWHERE))


def test_portions_disclose_just_what_the_whole_case_does(large: tuple[Desk, bytes, bytes]) -> None:
    desk, plan, organisation = large
    recipient = find_partner(desk, organisation).recipient
    case = load_case(desk, plan)
    at_once = disclose_case(desk, case, recipient, Channel.BUNDLE)
    may, unknown = gathered(desk, Cases(desk, (case.plan,)), recipient)
    assert len(may.rows) > LEGS
    assert may.withheld
    assert _same(may, at_once)
    assert unknown == {given.row.rid for given in at_once.rows} - _deleted(desk)


def test_portions_of_a_whole_desk_see_what_stands_above(large: tuple[Desk, bytes, bytes]) -> None:
    desk, _, organisation = large
    own = find_partner(desk, organisation).recipient
    rows = [row for record_type in TYPES for row in desk.store.rows(record_type)]
    for who in (Who.OWN, Who.PARTNER):
        recipient = type(own)(who, own.rid, is_verified=True)
        consents = [row for row in rows if row.type == "consent"]
        at_once = disclose(rows, recipient, Channel.BUNDLE, consents, desk.rooms.clock.now())
        assert _same(gathered(desk, Everything(desk), recipient)[0], at_once)


def test_making_a_file_needs_little_memory_for_many_records(
    large: tuple[Desk, bytes, bytes], tmp_path: Path
) -> None:
    desk, plan, organisation = large
    tracemalloc.start()
    try:
        case = load_case(desk, plan)
        whole = tracemalloc.get_traced_memory()[0]
        del case
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        exchange.send(desk, plan, organisation, tmp_path)
        assert tracemalloc.get_traced_memory()[1] - before < whole * 1.4
    finally:
        tracemalloc.stop()


def _deleted(desk: Desk) -> set[bytes]:
    """The records in the bin, which nobody has who was never given them."""
    return {desk.store.rows("leg")[7].rid}
