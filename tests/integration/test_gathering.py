# SPDX-License-Identifier: GPL-3.0-or-later
"""What leaves is the same, gathered a portion at a time, as if all of it were looked at at once."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks import desks
from tests.support import make

from kfdesk.domain.consent import RecipientKind
from kfdesk.domain.disclosure import Channel, Disclosed, disclose
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.services.core.records import delete_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.outbox import select_for_bundle
from kfdesk.services.exchange.partners import find_partner
from kfdesk.services.exchange.scopes import CaseScope, FullScope
from kfdesk.services.plans.plans import disclose_case, load_case

LEGS = 4_500  # more than are kept unpacked
NOWHERE = bytes(16)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, bytes, bytes]]:
    """Yield a desk with one long plan and a directory, the plan, and a partner."""
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


@pytest.mark.slow
def test_ids_of_a_plan_are_those_of_its_case(large: tuple[Session, bytes, bytes]) -> None:
    desk, plan, _ = large
    rows = load_case(desk, plan).rows
    assert {row.type for row in rows} >= {"client", "plan", "leg", "consent", "risk_line"}
    case, everything = CaseScope(desk, (require_record(desk, plan),)), FullScope(desk)
    house = desk.store.rows("organisation")[0].rid
    few = [row.rid for row in rows if row.type in ("client", "plan", "consent", "risk_line")]
    assert case.of([*few, house, NOWHERE]) == set(few)
    assert case.rids() == case.of(everything.rids()) == {row.rid for row in rows}
    assert case.rids() < everything.rids() == everything.of((*everything.rids(), NOWHERE))


def test_portions_disclose_just_what_the_whole_case_does(
    large: tuple[Session, bytes, bytes],
) -> None:
    desk, plan, organisation = large
    recipient = find_partner(desk, organisation).recipient
    case = load_case(desk, plan)
    at_once = disclose_case(desk, case, recipient, Channel.BUNDLE)
    may, unknown = select_for_bundle(desk, CaseScope(desk, (case.plan,)), recipient)
    assert len(may.rows) > LEGS
    assert may.withheld
    assert _same(may, at_once)
    assert unknown == {given.row.rid for given in at_once.rows} - _deleted(desk)


def test_portions_of_a_whole_desk_see_what_stands_above(
    large: tuple[Session, bytes, bytes],
) -> None:
    desk, _, organisation = large
    own = find_partner(desk, organisation).recipient
    rows = [row for record_type in RECORD_TYPES for row in desk.store.rows(record_type)]
    for who in (RecipientKind.OWN, RecipientKind.PARTNER):
        recipient = type(own)(who, own.rid, is_verified=True)
        consents = [row for row in rows if row.type == "consent"]
        at_once = disclose(rows, recipient, Channel.BUNDLE, desk.disclosure_basis(consents))
        assert _same(select_for_bundle(desk, FullScope(desk), recipient)[0], at_once)


@pytest.mark.slow
def test_making_a_file_needs_little_memory_for_many_records(
    large: tuple[Session, bytes, bytes], tmp_path: Path
) -> None:
    desk, plan, organisation = large
    tracemalloc.start()
    try:
        case = load_case(desk, plan)
        whole = tracemalloc.get_traced_memory()[0]
        del case
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        transfer.send_bundle(desk, plan, organisation, tmp_path)
        assert tracemalloc.get_traced_memory()[1] - before < whole * 1.4
    finally:
        tracemalloc.stop()


def _deleted(desk: Session) -> set[bytes]:
    """Return the records in the bin that a new recipient does not get."""
    return {desk.store.rows("leg")[7].rid}
