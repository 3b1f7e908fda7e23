# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a record is and whether it is gone, whatever its siblings are and in which order asked."""

from dataclasses import replace
from itertools import permutations

from tests.support import make

from kfdesk.domain.disclosure import Ancestry
from kfdesk.domain.registers import DELETION, apply_changes
from kfdesk.domain.rows import Row, seen_writes


def deleted(row: Row) -> Row:
    return replace(
        row, state=apply_changes(row.state, {DELETION: 1}, seen_writes(row), make.signature())
    )


def test_siblings_are_told_apart_in_whatever_order_they_are_asked_for() -> None:
    client, plan, leg, _ = make.case_rows()
    forged = make.row("client", rid=make.named_id("forged"), parent=plan.rid)
    rows = {row.rid: row for row in (client, plan, leg, forged)}
    for order in permutations((client, leg, forged)):
        above = Ancestry(rows)
        found = {row.rid: above.client(row) for row in order}
        assert found == {client.rid: client, leg.rid: client, forged.rid: forged}


def test_what_stands_below_something_in_the_bin_is_gone_and_nothing_else() -> None:
    client, plan, leg, _ = make.case_rows()
    above = Ancestry({row.rid: row for row in (client, deleted(plan), leg)})
    assert above.is_deleted(leg)
    assert not above.is_deleted(plan)
    assert not above.is_deleted(client)
    assert above.client(leg) == client


def test_without_what_it_stands_under_a_record_is_nobodys_and_a_ring_ends() -> None:
    _, plan, leg, _ = make.case_rows()
    assert Ancestry({leg.rid: leg}).client(leg) is None
    ring = (replace(plan, parent=leg.rid), leg)
    above = Ancestry({row.rid: row for row in ring})
    for row in ring:
        assert above.client(row) is None
        assert not above.is_deleted(row)
