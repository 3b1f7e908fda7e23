# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong between two desks, and what is told then, on real stores and by real files.

Three more stand where their like is: a leg that is missed on the third day, in
`test_plan_across_desks`; a partner that restores an old backup, in `test_order_of_files`; another
client's name in this client's text, in `test_leaving`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.integration.pair_samples import WHO, Pair, met_pair, refusal
from tests.support.make import sheet
from tests.support.stores import remembering

from kfdesk import store_lifecycle
from kfdesk.domain.exchange import Direction
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import seen_writes, view
from kfdesk.environment import Environment
from kfdesk.services.core.drafts import FormState, finish_draft, list_drafts, save_draft
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import sequence, transfer
from kfdesk.services.exchange.notices import list_received_withdrawals, notices_due
from kfdesk.services.papers.production import make_paper
from kfdesk.services.plans import plans
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.storage import key_slots


@dataclass
class Stopped:
    """A clock that stands."""

    time: datetime

    def now(self) -> datetime:
        return self.time

    def drift(self) -> timedelta:
        return timedelta()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as made:
        yield made


def leg_of(desk: Session, rid: bytes) -> Leg:
    row = desk.store.row(rid)
    assert row is not None
    return view(row, Leg).record


def consent_of(pair: Pair) -> bytes:
    return plans.open_plan(pair.ours, pair.plan).consents[0].view.rid


def disagree(pair: Pair) -> None:
    """Both desks hold two values of one field of a leg."""
    pair.send()
    change_record(pair.ours, pair.legs[1], {"carrier": "Vår buss"})
    change_record(pair.theirs, pair.legs[1], {"carrier": "Deras buss"})
    pair.answer()
    pair.send()


def test_both_desks_refuse_the_paper_of_a_leg_that_is_not_decided(pair: Pair) -> None:
    pair.send()
    change_record(pair.theirs, pair.plan, {"wants_paper": "wants_paper"})  # her word to them
    for desk in (pair.ours, pair.theirs):
        assert make_paper(desk, sheet(pair.plan)).pdf
    disagree(pair)
    for desk in (pair.ours, pair.theirs):
        (conflict,) = plans.open_plan(desk, pair.plan).conflicts
        assert conflict.key == "carrier"
        fault = refusal(lambda desk=desk: make_paper(desk, sheet(pair.plan)))
        assert (fault.code, fault.data) == ("paper.conflict", {"field": "leg.carrier"})
        assert leg_of(desk, pair.legs[1]).carrier is None


def test_one_decision_ends_the_conflict_on_both_desks(pair: Pair) -> None:
    disagree(pair)
    row = pair.ours.store.row(pair.legs[1])
    assert row is not None
    change_record(pair.ours, pair.legs[1], {"carrier": "Vår buss"}, seen_writes(row))
    pair.send()
    assert leg_of(pair.theirs, pair.legs[1]).carrier == "Vår buss"
    assert plans.open_plan(pair.theirs, pair.plan).conflicts == ()


def test_scope_that_is_widened_after_all_was_confirmed_sends_the_old_field(pair: Pair) -> None:
    consent = consent_of(pair)
    row = pair.ours.store.row(consent)
    assert row is not None
    groups = view(row, Consent).record.groups
    assert isinstance(groups, tuple)
    change_record(pair.ours, consent, {"groups": tuple(set(groups) - {"travel"})})
    pair.send()
    assert pair.theirs.store.row(pair.legs[0]) is None
    them, us = pair.theirs.identity.organisation, pair.ours.identity.organisation
    taken = sequence.build_acknowledgement(pair.theirs, us)
    assert taken.contiguous == 1
    (sent,) = pair.ours.store.ledger.marks(them, Direction.OUT)
    with pair.ours.store.transaction():
        pair.ours.store.ledger.acknowledge([sent.digest])  # as their next file says
    assert transfer.prepare_bundle(pair.ours, pair.plan, them).goes.rows == ()
    change_record(pair.ours, consent, {"groups": groups})
    parcel = transfer.prepare_bundle(pair.ours, pair.plan, them)
    assert set(pair.legs) <= {given.row.rid for given in parcel.goes.rows}
    pair.send()
    ours, theirs = (leg_of(desk, pair.legs[0]) for desk in (pair.ours, pair.theirs))
    assert theirs.carrier == ours.carrier
    assert theirs.carrier is not None


def test_clock_of_another_year_sends_nothing_and_says_so(pair: Pair) -> None:
    clock = Stopped(datetime(2015, 1, 1, tzinfo=UTC))
    desk = replace(pair.ours, adapters=replace(pair.ours.adapters, clock=clock))
    them = pair.theirs.identity.organisation
    fault = refusal(lambda: transfer.send_bundle(desk, pair.plan, them, pair.post))
    assert fault.code == "clock.before_release"
    assert list(pair.post.glob("*.age")) == []
    assert pair.ours.store.ledger.entries(them, "bundle") == ()


def test_draft_that_outlives_lock_and_import_becomes_a_conflict_when_it_is_saved(
    pair: Pair, tmp_path: Path
) -> None:
    pair.send()
    row = pair.ours.store.row(pair.legs[1])
    assert row is not None
    form = FormState("leg", {"carrier": "Vår buss"}, seen=seen_writes(row), parent=row.parent)
    save_draft(pair.ours, pair.legs[1], form)
    change_record(pair.theirs, pair.legs[1], {"carrier": "Deras buss"})
    pair.answer()
    pair.ours.store.close()
    with remembering():
        again = store_lifecycle.unlock_store(
            tmp_path / "ours", WHO, Environment(cost=key_slots.MIN_COST)
        )
    (line,) = list_drafts(again)
    assert line.is_outdated
    finish_draft(again, pair.legs[1])
    (conflict,) = plans.open_plan(again, pair.plan).conflicts
    assert {one.value for one in conflict.versions} == {"Vår buss", "Deras buss"}
    assert list_drafts(again) == ()
    again.store.close()


def test_withdrawal_reaches_a_partner_that_has_confirmed_nothing_and_brings_no_data(
    pair: Pair,
) -> None:
    pair.send()
    change_record(pair.ours, pair.legs[0], {"carrier": "Efter hennes nej"})
    withdraw_consent(pair.ours, consent_of(pair))
    assert [due.is_sent for due in notices_due(pair.ours)] == [False]
    pair.send()
    (heard,) = list_received_withdrawals(pair.theirs)
    assert (heard.consent, heard.is_ours) == (consent_of(pair), False)
    assert leg_of(pair.theirs, pair.legs[0]).carrier != "Efter hennes nej"
    us = pair.ours.identity.organisation
    made = transfer.send_notices(pair.theirs, us, pair.post)
    transfer.import_bundle(pair.ours, made.path, transfer.review_bundle(pair.ours, made.path))
    assert notices_due(pair.ours) == ()


def test_files_that_come_in_any_order_and_twice_end_in_the_same(pair: Pair) -> None:
    them = pair.theirs.identity.organisation
    made = []
    for carrier in ("ett", "två", "tre"):
        change_record(pair.ours, pair.legs[0], {"carrier": carrier})
        made.append(transfer.send_bundle(pair.ours, pair.plan, them, pair.post).path)
    for path in (made[2], made[0], made[1]):
        transfer.import_bundle(pair.theirs, path, transfer.review_bundle(pair.theirs, path))
    assert leg_of(pair.theirs, pair.legs[0]).carrier == "tre"
    for path in made:
        fault = refusal(lambda path=path: transfer.review_bundle(pair.theirs, path))
        assert fault.code == "bundle.taken_before"
    assert plans.open_plan(pair.theirs, pair.plan).conflicts == ()
