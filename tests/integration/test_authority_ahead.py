# SPDX-License-Identifier: GPL-3.0-or-later
"""What a partner says of values that have not come yet: it cannot keep the custodian's word out.

A partner may know the ids of a custodian's newest values, because it was given them before us.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.integration.hostile_samples import THIRD, Trio, hostile_trio

from kfdesk.demo import people
from kfdesk.domain.exchange import FileIssue
from kfdesk.domain.registers import build_state, live_writes, superseded_ids
from kfdesk.domain.rows import Row
from kfdesk.domain.values import Value
from kfdesk.services.core.history import read_record_history
from kfdesk.services.exchange import transfer

SIGNS = [people.localized(sign, sign, sign) for sign in ("red", "blue", "none")]
SAFETY: dict[str, tuple[dict[str, Value], dict[str, Value], dict[str, Value]]] = {
    "plan": ({"wish": "stay"}, {"receiver": "ab" * 16, "wish": "return"},
             {"receiver": "cd" * 16, "wish": "undecided"}),
    "leg": ({"sequence": 1, "sign": SIGNS[0]}, {"sign": SIGNS[1]}, {"sign": SIGNS[2]}),
    "help_number": ({"sequence": 1, "number": "+46 8 000 00 01"}, {"number": "+46 8 000 00 02"},
                    {"number": "+46 8 000 00 03"}),
    "cooperation_step": ({"prefix": "1", "extended_until": date(2027, 1, 1)},
                         {"extended_until": date(2027, 2, 1)},
                         {"extended_until": date(2027, 3, 1)}),
}  # fmt: skip
"""For each record type of C: what we have of it, and what C has changed since, and what B says."""


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def of_third(trio: Trio, record_type: str) -> tuple[Row, Row]:
    """Take a record of C below its client; return it as we have it, and as C has changed it."""
    forger = trio.forger(trio.third)
    client = forger.written("client", {"code": "koda-9"})
    plan = forger.written("plan", {"wish": "stay"}, parent=client.rid)
    run = forger.written("cooperation", {"version": "1"}, parent=plan.rid)
    first, later, _ = SAFETY[record_type]
    above = {"plan": client.rid, "cooperation_step": run.rid}.get(record_type, plan.rid)
    row = forger.written(record_type, first, parent=above)
    trio.take(forger.file([client, plan, run, row]))
    return row, forger.changed(row, later)


def replaced_ahead(row: Row, changed: Row, *, way: str, trio: Trio) -> Row:
    """Return B's row, in which the newest values of C are said to be replaced already."""
    had = {write[:2] for write in live_writes(row.state)}
    new = {write[:2] for write in live_writes(changed.state)} - had
    if way == "value":  # with a value of its own beside
        row = trio.forger(trio.bad).changed(changed, SAFETY[row.type][2], author="B")
        own = (one for one in live_writes(row.state) if one.author == "B")
        return replace(row, state=build_state(own, new))
    kept = () if way == "alone" else live_writes(row.state)
    return replace(row, state=build_state(kept, superseded_ids(row.state) | new))


@pytest.mark.parametrize("way", ["alone", "with ours", "value"])
@pytest.mark.parametrize("record_type", SAFETY)
def test_custodians_value_is_not_replaced_before_it_comes(
    trio: Trio, record_type: str, way: str
) -> None:
    row, changed = of_third(trio, record_type)
    trio.take(trio.forger(trio.bad).file([replaced_ahead(row, changed, way=way, trio=trio)]))
    trio.take(trio.forger(trio.third).file([changed]))
    here = {write[:2] for write in live_writes(trio.row(row.rid).state)}
    assert {write[:2] for write in live_writes(changed.state)} <= here


FALSE: dict[str, Value] = {
    "receiver": "cd" * 16, "luggage": people.localized("inget", "nothing", "ничего"),
}  # fmt: skip
TRUE: dict[str, Value] = {
    "receiver": "ab" * 16, "luggage": people.localized("en väska", "one bag", "одна сумка"),
}  # fmt: skip


@pytest.mark.parametrize("is_replaced", [True, False])
@pytest.mark.parametrize("key", TRUE)
def test_custodians_value_counts_though_its_id_was_used_before(
    trio: Trio, key: str, is_replaced: bool
) -> None:
    row, _ = of_third(trio, "plan")
    changed = trio.forger(trio.third).changed(row, TRUE)
    wids = {write.fid: write.wid for write in live_writes(changed.state)}
    other = trio.forger(trio.bad).changed(row, {key: FALSE[key]}, author="B")
    false = [
        write._replace(wid=wids[write.fid]) if write.author == "B" else write
        for write in live_writes(other.state)
    ]
    trio.take(trio.forger(trio.bad).file([replace(row, state=build_state(false, ()))]))
    if is_replaced:
        newer = trio.forger(trio.bad).changed(trio.row(row.rid), {key: None}, author="B")
        trio.take(trio.forger(trio.bad).file([newer]))
    review = trio.take(trio.forger(trio.third).file([changed]))
    assert set(live_writes(changed.state)) <= set(live_writes(trio.row(row.rid).state))
    assert FileIssue.FALSE_WRITE in {one.finding for one in review.findings}
    said = {(line.value, line.sender) for line in read_record_history(trio.ours, row.rid).lines}
    assert said >= {(FALSE[key], people.SAFE_HOUSE), (TRUE[key], THIRD)}
    again = transfer.review_bundle(trio.ours, trio.forger(trio.third).file([changed]))
    assert not again.findings
    assert trio.ours.store.verify() == ()
