# SPDX-License-Identifier: GPL-3.0-or-later
"""A day with a wrong clock holds nothing back for good: no plan, no withdrawal, no erasure.

Two real desks, each with a clock of its own that is put ahead or behind, and then right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.integration.pair_samples import WHO, Pair, met_pair, refusal
from tests.support.clocks import SetClock
from tests.support.stores import unlock

from kfdesk.domain.audit import Action
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.consent import is_withdrawn
from kfdesk.domain.exchange import FileIssue
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.registers import live_writes
from kfdesk.domain.rows import conflicting_keys, seen_writes, view
from kfdesk.environment import Environment
from kfdesk.services.core.drafts import FormState, finish_draft, save_draft
from kfdesk.services.core.records import change_record, delete_record, require_record, undo
from kfdesk.services.core.session import Session, clock_doubt, desk_zone
from kfdesk.services.core.stamps import confirm_clock
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.erasure import (
    erase_client,
    erasure_orders_for,
    list_erasure_orders,
)
from kfdesk.services.exchange.import_review import ImportReview
from kfdesk.services.exchange.notices import notices_due
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.plans.plans import open_plan
from kfdesk.storage import key_slots

AHEAD = (timedelta(days=3), timedelta(days=20), timedelta(days=3650))
LEAP_MS = 48 * 3600 * 1000


@dataclass(frozen=True)
class Clocks:
    """Two desks and their clocks, which both show the right time at first."""

    pair: Pair
    ours: SetClock
    theirs: SetClock

    @property
    def us(self) -> bytes:
        return self.pair.ours.identity.organisation

    @property
    def them(self) -> bytes:
        return self.pair.theirs.identity.organisation

    def pass_time(self, by: timedelta) -> None:
        self.ours.time += by
        self.theirs.time += by


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Clocks]:
    with met_pair(tmp_path) as made:
        made.ours.store.close()
        made.theirs.store.close()
        now = datetime.now(tz=UTC) + timedelta(minutes=1)
        ours, theirs = SetClock(now), SetClock(now)
        here, there = (
            unlock(tmp_path / name, WHO, Environment(clock=clock, cost=key_slots.MIN_COST))
            for name, clock in (("ours", ours), ("theirs", theirs))
        )
        yield Clocks(Pair(here, there, made.plan, made.legs, made.post), ours, theirs)
        here.store.close()
        there.store.close()


def carrier_at(desk: Session, pair: Pair) -> object:
    return view(require_record(desk, pair.legs[0]), Leg).record.carrier


def told(desks: Clocks, here: Session, there: Session) -> ImportReview:
    """Send a file without data and take it."""
    made = transfer.send_notices(here, there.identity.organisation, desks.pair.post)
    reviewed = transfer.review_bundle(there, made.path)
    transfer.import_bundle(there, made.path, reviewed)
    return reviewed


def edit(desk: Session, pair: Pair, value: str) -> None:
    change_record(desk, pair.legs[0], {"carrier": value})


def consent_of(pair: Pair) -> bytes:
    return open_plan(pair.ours, pair.plan).consents[0].view.rid


def newest_stamp(desk: Session, rid: bytes) -> int:
    return max(write.milliseconds for write in live_writes(require_record(desk, rid).state))


# a plan


@pytest.mark.parametrize("ahead", AHEAD)
def test_plan_that_was_changed_under_a_clock_ahead_reaches_the_partner(
    desks: Clocks, ahead: timedelta
) -> None:
    pair = desks.pair
    pair.send()
    desks.ours.time += ahead
    edit(pair.ours, pair, "Ahead")
    if ahead != AHEAD[-1]:  # by then her consent has ended
        early = transfer.send_bundle(pair.ours, pair.plan, desks.them, pair.post).path
        refused = refusal(lambda: transfer.review_bundle(pair.theirs, early))
        assert refused.code == "bundle.from_the_future"
    desks.ours.time -= ahead
    assert refusal(pair.send).code == "clock.before_audit"
    assert confirm_clock(pair.ours) == 1
    made = transfer.send_bundle(pair.ours, pair.plan, desks.them, pair.post)
    reviewed = transfer.review_bundle(pair.theirs, made.path)
    assert FileIssue.MISSING not in {one.finding for one in reviewed.findings}
    transfer.import_bundle(pair.theirs, made.path, reviewed)
    assert carrier_at(pair.theirs, pair) == "Ahead"
    edit(pair.ours, pair, "Right")
    pair.send()
    for desk in (pair.ours, pair.theirs):
        assert carrier_at(desk, pair) == "Right"
        assert conflicting_keys(require_record(desk, pair.legs[0])) == frozenset()
        assert desk.store.verify() == ()


@pytest.mark.parametrize("ahead", AHEAD)
def test_partners_clock_ahead_holds_its_answer_back_only_until_it_is_right(
    desks: Clocks, ahead: timedelta
) -> None:
    pair = desks.pair
    pair.send()
    desks.theirs.time += ahead
    change_record(pair.theirs, pair.legs[1], {"carrier": "Deras buss"})
    if ahead != AHEAD[-1]:
        assert refusal(pair.answer).code == "bundle.from_the_future"
    desks.theirs.time -= ahead
    assert confirm_clock(pair.theirs) == 1
    pair.answer()
    said = {write.value for write in live_writes(require_record(pair.ours, pair.legs[1]).state)}
    assert "Deras buss" in said


def test_file_of_the_day_ahead_that_is_tried_again_when_its_day_comes_changes_no_value(
    desks: Clocks,
) -> None:
    pair = desks.pair
    pair.send()
    desks.ours.time += timedelta(days=3)
    edit(pair.ours, pair, "Ahead")
    early = transfer.send_bundle(pair.ours, pair.plan, desks.them, pair.post).path
    desks.ours.time -= timedelta(days=3)
    confirm_clock(pair.ours)
    pair.send()
    desks.pass_time(timedelta(days=2))
    transfer.import_bundle(pair.theirs, early, transfer.review_bundle(pair.theirs, early))
    assert carrier_at(pair.theirs, pair) == "Ahead"
    pair.answer()
    assert carrier_at(pair.ours, pair) == "Ahead"


def test_confirming_gives_a_time_of_now_in_the_order_of_writing(desks: Clocks) -> None:
    pair = desks.pair
    desks.ours.time += timedelta(days=20)
    edit(pair.ours, pair, "First")
    desks.ours.time += timedelta(hours=1)
    change_record(pair.ours, pair.legs[1], {"carrier": "Second"})
    desks.ours.time -= timedelta(days=20, hours=1)
    assert confirm_clock(pair.ours) == 2
    now = pair.ours.milliseconds
    hlcs = [
        max(write.hlc for write in live_writes(require_record(pair.ours, rid).state))
        for rid in pair.legs
    ]
    assert hlcs == sorted(set(hlcs))
    assert all(hlc >> 16 == now for hlc in hlcs)
    assert confirm_clock(pair.ours) == 0


def test_confirming_marks_what_was_written_and_until_which_day_times_are_doubtful(
    desks: Clocks,
) -> None:
    pair = desks.pair
    desks.ours.time += timedelta(days=20)
    until = pair.ours.milliseconds
    edit(pair.ours, pair, "Ahead")
    desks.ours.time -= timedelta(days=20)
    confirm_clock(pair.ours)
    newest = [event for _, event in pair.ours.store.ledger.events(None, 2)]
    assert [(one.action, one.rid, one.keys) for one in newest] == [
        (Action.CLOCK, None, (str(until),)),
        (Action.RESTAMP, pair.legs[0], ("carrier",)),
    ]


def test_small_correction_of_the_clock_gives_nothing_another_time(desks: Clocks) -> None:
    pair = desks.pair
    desks.ours.time += timedelta(hours=40)
    edit(pair.ours, pair, "Ahead")
    stamp = newest_stamp(pair.ours, pair.legs[0])
    desks.ours.time -= timedelta(hours=40)
    assert confirm_clock(pair.ours) == 0
    assert newest_stamp(pair.ours, pair.legs[0]) == stamp
    pair.send()
    assert carrier_at(pair.theirs, pair) == "Ahead"


def test_draft_and_undo_go_on_after_the_writes_that_they_saw_have_another_time(
    desks: Clocks,
) -> None:
    pair = desks.pair
    desks.ours.time += timedelta(days=20)
    before = carrier_at(pair.ours, pair)
    saved = change_record(pair.ours, pair.legs[0], {"carrier": "Ahead"})
    change_record(pair.ours, pair.legs[1], {"carrier": "Ahead"})
    leg = require_record(pair.ours, pair.legs[1])
    form = FormState("leg", {"carrier": "Typed"}, parent=pair.plan, seen=seen_writes(leg))
    save_draft(pair.ours, leg.rid, form)
    desks.ours.time -= timedelta(days=20)
    assert confirm_clock(pair.ours) == 2
    undo(pair.ours, saved)
    assert carrier_at(pair.ours, pair) == before
    finish_draft(pair.ours, leg.rid)
    for rid in pair.legs:
        assert conflicting_keys(require_record(pair.ours, rid)) == frozenset()


# a withdrawal


@pytest.mark.parametrize("is_confirmed", [True, False])
@pytest.mark.parametrize("ahead", AHEAD)
def test_withdrawal_written_under_a_clock_ahead_is_taken_at_once(
    desks: Clocks, ahead: timedelta, is_confirmed: bool
) -> None:
    pair = desks.pair
    pair.send()
    consent = consent_of(pair)
    desks.ours.time += ahead
    withdraw_consent(pair.ours, consent)
    desks.ours.time -= ahead
    if is_confirmed:
        confirm_clock(pair.ours)
    reviewed = told(desks, pair.ours, pair.theirs)
    assert reviewed.new_withdrawals
    assert is_withdrawn(require_record(pair.theirs, consent))
    told(desks, pair.theirs, pair.ours)
    assert notices_due(pair.ours) == ()
    if not is_confirmed:
        confirm_clock(pair.ours)
    told(desks, pair.ours, pair.theirs) if notices_due(pair.ours) else None
    for desk in (pair.ours, pair.theirs):
        assert is_withdrawn(require_record(desk, consent))
        assert conflicting_keys(require_record(desk, consent)) == frozenset()
        assert newest_stamp(desk, consent) <= desk.milliseconds


@pytest.mark.parametrize("ahead", AHEAD)
def test_partners_withdrawal_of_a_day_ahead_comes_back_to_us(
    desks: Clocks, ahead: timedelta
) -> None:
    pair = desks.pair
    pair.send()
    consent = consent_of(pair)
    desks.theirs.time += ahead
    withdraw_consent(pair.theirs, consent)
    desks.theirs.time -= ahead
    told(desks, pair.theirs, pair.ours)
    assert is_withdrawn(require_record(pair.ours, consent))
    assert transfer.prepare_bundle(pair.ours, pair.plan, desks.them).goes.rows == ()


def test_withdrawal_told_again_and_again_adds_nothing(desks: Clocks) -> None:
    pair = desks.pair
    pair.send()
    consent = consent_of(pair)
    desks.ours.time += timedelta(days=20)
    withdraw_consent(pair.ours, consent)
    desks.ours.time -= timedelta(days=20)
    told(desks, pair.ours, pair.theirs)
    state = require_record(pair.theirs, consent).state
    for _ in range(3):
        desks.pass_time(timedelta(minutes=1))
        assert not told(desks, pair.ours, pair.theirs).new_withdrawals
        assert require_record(pair.theirs, consent).state == state


# an erasure


def at_rest(pair: Pair) -> bytes:
    """Call the journey off; return the client."""
    for leg in pair.legs:
        delete_record(pair.ours, leg)
    client = require_record(pair.ours, pair.plan).parent
    assert client is not None
    return client


@pytest.mark.parametrize("ahead", AHEAD)
def test_erasure_ordered_under_a_clock_ahead_is_carried_out_and_has_the_right_days(
    desks: Clocks, ahead: timedelta
) -> None:
    pair = desks.pair
    pair.send()
    client = at_rest(pair)
    desks.ours.time += ahead
    erase_client(pair.ours, client, ErasureReason.CLIENT_REQUEST)
    desks.ours.time -= ahead
    confirm_clock(pair.ours)
    orders = erasure_orders_for(pair.ours, desks.them)
    assert orders
    for order in orders:
        assert order.hlc >> 16 <= pair.ours.milliseconds
    deadlines = {one.deadline for one in list_erasure_orders(pair.ours)}
    assert all(day and day <= (desks.ours.time + timedelta(days=31)).date() for day in deadlines)
    told(desks, pair.ours, pair.theirs)
    assert pair.theirs.store.row(pair.plan) is None


@pytest.mark.parametrize("ahead", AHEAD)
def test_erasure_order_goes_before_the_clock_is_confirmed(desks: Clocks, ahead: timedelta) -> None:
    pair = desks.pair
    pair.send()
    client = at_rest(pair)
    desks.ours.time += ahead
    erase_client(pair.ours, client, ErasureReason.CLIENT_REQUEST)
    desks.ours.time -= ahead
    told(desks, pair.ours, pair.theirs)
    assert pair.theirs.store.row(pair.plan) is None


# the sender refuses first


@pytest.fixture
def both_ahead(desks: Clocks) -> Clocks:
    """Let a partner whose clock was wrong, too, take a value of a day ahead."""
    pair = desks.pair
    pair.send()
    desks.pass_time(timedelta(days=20))
    edit(pair.ours, pair, "Ahead")
    pair.send()
    change_record(pair.theirs, pair.legs[1], {"carrier": "Deras buss"})
    pair.answer()
    desks.pass_time(timedelta(days=-20))
    for desk in (pair.ours, pair.theirs):
        confirm_clock(desk)
    return desks


def test_sender_refuses_what_a_partner_would_refuse_and_says_until_when(
    both_ahead: Clocks,
) -> None:
    pair = both_ahead.pair
    edit(pair.ours, pair, "Later")
    sent = set(pair.post.iterdir())
    fault = refusal(pair.send)
    assert fault.code == "exchange.stamped_ahead"
    assert fault.data["count"] == 2  # and the leg in which they wrote on that day
    zone = ZoneInfo(desk_zone(pair.ours))
    until = both_ahead.ours.time.astimezone(zone) + timedelta(days=18)
    assert fault.data["until"] == until.date().isoformat()
    assert set(pair.post.iterdir()) == sent
    parcel = transfer.prepare_bundle(pair.ours, pair.plan, both_ahead.them)
    assert parcel.fault is not None
    withdraw_consent(pair.ours, consent_of(pair))
    assert told(both_ahead, pair.ours, pair.theirs).new_withdrawals


def test_what_waited_for_its_day_goes_when_it_has_come(both_ahead: Clocks) -> None:
    pair = both_ahead.pair
    edit(pair.ours, pair, "Later")
    both_ahead.pass_time(timedelta(days=18, minutes=1))
    pair.send()
    assert carrier_at(pair.theirs, pair) == "Later"


def test_clock_behind_that_is_confirmed_by_mistake_sends_nothing_and_moves_no_time(
    desks: Clocks,
) -> None:
    pair = desks.pair
    pair.send()
    change_record(pair.theirs, pair.legs[1], {"carrier": "Deras buss"})
    pair.answer()
    edit(pair.ours, pair, "Today")
    stamp = newest_stamp(pair.ours, pair.legs[0])
    desks.ours.time -= timedelta(days=20)
    assert confirm_clock(pair.ours) == 0  # a file of the partner shows that the day had come
    assert newest_stamp(pair.ours, pair.legs[0]) == stamp
    assert refusal(pair.send).code == "exchange.nothing_allowed"  # her consent is of a later day
    withdraw_consent(pair.ours, consent_of(pair))
    assert told(desks, pair.ours, pair.theirs).new_withdrawals


def test_clock_behind_and_the_partners_ahead_are_both_set_right_and_nothing_is_lost(
    desks: Clocks,
) -> None:
    pair = desks.pair
    pair.send()
    desks.ours.time -= timedelta(days=2)
    desks.theirs.time += timedelta(days=3)
    change_record(pair.theirs, pair.legs[1], {"carrier": "Deras buss"})
    edit(pair.ours, pair, "Ours")
    assert refusal(pair.answer).code == "bundle.from_the_future"
    desks.ours.time += timedelta(days=2)
    desks.theirs.time -= timedelta(days=3)
    for desk in (pair.ours, pair.theirs):
        if clock_doubt(desk) is not None:
            confirm_clock(desk)
    pair.answer()
    pair.send()
    assert carrier_at(pair.theirs, pair) == "Ours"
    assert "Deras buss" in {
        write.value for write in live_writes(require_record(pair.ours, pair.legs[1]).state)
    }


# where stamps are made


def test_clock_that_leaps_while_the_program_runs_stamps_by_the_time_that_has_passed(
    desks: Clocks,
) -> None:
    pair = desks.pair
    pair.send()
    right = pair.ours.milliseconds
    desks.ours.time += timedelta(days=20)
    desks.ours.leap = timedelta(days=20)
    edit(pair.ours, pair, "Leapt")
    withdraw_consent(pair.ours, consent_of(pair))
    assert abs(newest_stamp(pair.ours, pair.legs[0]) - right) < LEAP_MS
    assert refusal(pair.send).code == "clock.leapt"
    assert told(desks, pair.ours, pair.theirs).new_withdrawals


def test_leap_that_a_person_has_confirmed_is_believed(desks: Clocks) -> None:
    pair = desks.pair
    desks.ours.time += timedelta(days=20)
    desks.ours.leap = timedelta(days=20)
    confirm_clock(pair.ours)
    edit(pair.ours, pair, "Right")
    assert newest_stamp(pair.ours, pair.legs[0]) == pair.ours.milliseconds


# the doubt


@pytest.mark.parametrize("ahead", AHEAD)
def test_doubt_that_was_answered_does_not_come_back(desks: Clocks, ahead: timedelta) -> None:
    pair = desks.pair
    desks.ours.time += ahead
    edit(pair.ours, pair, "Ahead")
    desks.ours.time -= ahead
    confirm_clock(pair.ours)
    for _ in range(4):
        desks.ours.time += timedelta(hours=49)
        assert clock_doubt(pair.ours) is None
        edit(pair.ours, pair, str(desks.ours.time))


def test_leap_that_was_answered_is_not_asked_about_every_two_days(desks: Clocks) -> None:
    desks.ours.leap = timedelta(days=20)
    confirm_clock(desks.pair.ours)
    for _ in range(4):
        desks.ours.time += timedelta(hours=49)
        assert clock_doubt(desks.pair.ours) is None
    desks.ours.leap += timedelta(days=20)
    assert clock_doubt(desks.pair.ours) == "leapt"


def test_clock_that_goes_ahead_and_back_soon_after_a_confirmation_is_doubted(
    desks: Clocks,
) -> None:
    confirm_clock(desks.pair.ours)
    desks.ours.time += timedelta(days=20)
    edit(desks.pair.ours, desks.pair, "Ahead")
    desks.ours.time -= timedelta(days=20) - timedelta(hours=1)
    assert clock_doubt(desks.pair.ours) == "before_audit"
