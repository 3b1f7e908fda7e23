# SPDX-License-Identifier: GPL-3.0-or-later
"""Records that stand where their type never stands, as a trusted partner can sign them.

A plan below an organisation, a client below our plan: such a record blanks no list and opens
nothing, whether what it stands below is here, comes in the same file, or comes later.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio, take, written
from tests.support.make import FILLED
from tests.torture.word_of_a_file import erased_here

from kfdesk import app
from kfdesk.domain.authority import make_record_id
from kfdesk.domain.places import is_in_place
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import Row
from kfdesk.services.calendar import read_calendar
from kfdesk.services.core.history import read_bin
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import list_directory
from kfdesk.services.directory.search import quick_find
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.import_policy import Head, ImportPolicy
from kfdesk.services.plans import plans
from kfdesk.services.plans.journey import read_alarms
from kfdesk.services.today import read_today

ALONE = ("organisation", "contact", "network", "procedure")
_DEPTH = 200
LOCAL = ("note", "task", "attachment", "paper_copy", "transition")
"""Types all of whose fields stay at the desk that wrote them."""


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def written_heads(trio: Trio) -> tuple[Row, ...]:
    client = written(trio, "client")
    plan = written(trio, "plan", client)
    assessment = written(trio, "risk_assessment", plan)
    return client, plan, assessment, *(written(trio, name) for name in ALONE)


def astray(trio: Trio, heads: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return a record of each type below each of these that it never stands below."""
    return tuple(
        written(trio, name, head)
        for name in RECORD_TYPES for head in heads if not is_in_place(name, head.type)
    )  # fmt: skip


def everything_is_shown(desk: Session, plan: bytes) -> bool:
    """Return whether the lists and our plan can be read; each raises if it cannot."""
    read_today(desk)
    read_calendar(desk)
    read_alarms(desk)
    read_bin(desk)
    list_directory(desk)
    quick_find(desk, "ni", 9, app.language("en"))
    page = plans.open_plan(desk, plan)
    (line,) = plans.list_chosen_plans(desk, [plan])
    return line.code == page.client.record.code and line in plans.list_plans(desk)


def test_record_in_the_wrong_place_is_not_taken(trio: Trio) -> None:
    ours = (trio.row(trio.plan), trio.row(trio.row(trio.plan).parent or b""))
    heads = written_heads(trio)
    sent = astray(trio, (*ours, *heads))
    take(trio, *heads, *sent)
    assert [row.type for row in sent if trio.ours.store.row(row.rid) is not None] == []
    assert everything_is_shown(trio.ours, trio.plan)


def test_head_that_comes_after_its_records_blanks_no_list(trio: Trio) -> None:
    heads = written_heads(trio)
    take(trio, *astray(trio, heads))
    take(trio, *heads)
    assert everything_is_shown(trio.ours, trio.plan)


def test_records_in_a_ring_do_not_stop_the_bin(trio: Trio) -> None:
    leg = written(trio, "leg")
    plan = trio.forger(trio.bad).deleted(written(trio, "plan", leg))
    leg = trio.forger(trio.bad).deleted(replace(leg, parent=plan.rid))
    take(trio, plan)
    take(trio, leg)
    assert {line.rid: line.below for line in read_bin(trio.ours)} == {leg.rid: 1, plan.rid: 1}


def test_record_of_which_nothing_may_be_written_is_not_taken_empty(trio: Trio) -> None:
    sent = [written(trio, name, trio.row(trio.plan)) for name in LOCAL]
    take(trio, *sent)
    assert [row.type for row in sent if trio.ours.store.row(row.rid) is not None] == []


@pytest.mark.parametrize("whose", ["theirs", "ours"])
@pytest.mark.parametrize("is_any_erased", [False, True])
def test_records_one_below_the_other_are_asked_a_few_times_each(
    trio: Trio, monkeypatch: pytest.MonkeyPatch, whose: str, *, is_any_erased: bool
) -> None:
    """A file may let its records stand as deep as it likes; each is asked by every rule once."""
    if is_any_erased:
        erased_here(trio, trio.bad, random.Random(1))
    forger, ours = trio.forger(trio.bad), trio.ours.identity.organisation
    owner = ours if whose == "ours" else trio.bad.identity.organisation
    above, rows = make_record_id(owner, bytes(8)), list[Row]()
    for number in range(1, _DEPTH + 1):
        rid = make_record_id(owner, number.to_bytes(8, "big"))
        rows.append(forger.written("note", FILLED["note"], parent=above, custodian=owner, rid=rid))
        above = rid
    asked = Counter[str]()
    real = ImportPolicy.head

    def head(policy: ImportPolicy, rid: bytes) -> Head | None:
        asked["head"] += 1
        return real(policy, rid)

    monkeypatch.setattr(ImportPolicy, "head", head)
    review = transfer.review_bundle(trio.ours, forger.file(rows))
    assert review.refused == _DEPTH
    assert 0 < asked["head"] < 10 * _DEPTH
