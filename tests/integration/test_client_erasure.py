# SPDX-License-Identifier: GPL-3.0-or-later
"""An erasure is asked for by two people, or by her signed wish and a day; never while she travels.

Real desks with real passphrases; each refusal has a neighbour that is let through.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from tests.integration.course_samples import START, WHO, Walk, walked
from tests.integration.pair_samples import refusal

from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.audit import Action
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Direction, ErasureOrder, TrackedErasureOrder
from kfdesk.services import accounts
from kfdesk.services.client_erasure import (
    ErasureProof,
    carry_out_erasure,
    erase_as_asked,
    list_erasure_waits,
    read_erasure_terms,
    record_erasure_wish,
    take_back_erasure_wish,
)
from kfdesk.services.core.records import change_record
from kfdesk.services.exchange import erasure, partners, transfer
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.exchange.import_review import ImportReview
from kfdesk.services.plans.case import move_plans_to_bin
from kfdesk.services.plans.journey import LegEvent, record_leg_event
from kfdesk.services.today import read_today
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.services.workflow import move_plan

ASKED, DUTY = ErasureReason.CLIENT_REQUEST, ErasureReason.LEGAL_DUTY
LEADS = Role.DATA_PROTECTION_LEAD
LEAD = Credentials("QQ", "en annan fras med sex ord")
WORKER = Credentials("RR", "ännu en fras med fler ord")
ALONE = ErasureProof(WHO.passphrase)
TWO = ErasureProof(WHO.passphrase, LEAD)


@pytest.fixture
def walk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Walk]:
    """Yield a plan in the state that the test asks for; two colleagues, one of whom may erase."""
    with walked(tmp_path, getattr(request, "param", "draft")) as made:
        for who, role in ((LEAD, LEADS), (WORKER, Role.SHELTER_WORKER)):
            accounts.add_user(made.ours, WHO.passphrase, who.initials, who.passphrase, [role])
        yield made


def erased(walk: Walk, proof: ErasureProof = TWO, reason: ErasureReason = ASKED) -> str:
    """Return the code of the refusal; empty if she is erased."""
    plan = walk.ours.store.row(walk.plan)
    assert plan is not None
    client = plan.parent or b""
    try:
        carry_out_erasure(walk.ours, client, reason, proof)
    except KfdeskError as fault:
        assert walk.ours.store.row(client) is not None
        return fault.code
    assert walk.ours.store.row(client) is None
    return ""


# two people


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        (ErasureProof("fel ord"), "store.wrong_passphrase"),
        (ErasureProof("fel ord", LEAD), "store.wrong_passphrase"),
        (ALONE, "erasure.second_missing"),
        (ErasureProof(WHO.passphrase, WHO), "approval.same_person"),
        (replace(TWO, second=Credentials(WHO.initials.lower(), "")), "approval.same_person"),
        (replace(TWO, second=Credentials("qq", "fel ord")), "store.wrong_passphrase"),
        (replace(TWO, second=Credentials("XX", LEAD.passphrase)), "store.wrong_passphrase"),
        (replace(TWO, second=WORKER), "user.not_allowed"),
        (replace(TWO, second=Credentials("qq", LEAD.passphrase.upper())), ""),
    ],
)
def test_two_people_who_may_erase_are_asked(walk: Walk, proof: ErasureProof, code: str) -> None:
    assert erased(walk, proof) == code


def test_a_colleague_who_was_removed_is_no_second_person(walk: Walk) -> None:
    accounts.remove_user(walk.ours, LEAD.initials)
    assert erased(walk) == "store.wrong_passphrase"


def test_history_says_who_agreed_and_why(walk: Walk) -> None:
    client = walk.client
    assert erased(walk) == ""
    agreed = [one for _, one in walk.ours.store.ledger.events(None, 9)
              if one.action is Action.ERASE_APPROVED]  # fmt: skip
    assert [(one.rid, one.keys) for one in agreed] == [
        (client, (LEAD.initials, "two_people", "client_request"))
    ]


# her wish, and a day


def signed(walk: Walk) -> None:
    record_erasure_wish(walk.ours, walk.client, walk.clock.time.date())


def test_her_wish_opens_after_a_day_and_not_a_minute_before(walk: Walk) -> None:
    signed(walk)
    for later, code in ((0, "erasure.waiting"), (23.98, "erasure.waiting"), (0.03, "")):
        walk.clock.time += timedelta(hours=later)
        assert erased(walk, ALONE) == code
    assert list_erasure_waits(walk.ours) == ()


def test_wish_that_was_taken_back_opens_nothing_and_a_new_one_waits_anew(walk: Walk) -> None:
    signed(walk)
    walk.clock.time += timedelta(hours=25)
    take_back_erasure_wish(walk.ours, walk.client)
    assert erased(walk, ALONE) == "erasure.second_missing"
    signed(walk)
    assert erased(walk, ALONE) == "erasure.waiting"


def test_wish_recorded_twice_keeps_its_first_hour(walk: Walk) -> None:
    signed(walk)
    walk.clock.time += timedelta(hours=20)
    signed(walk)
    (one,) = list_erasure_waits(walk.ours)
    waits = timedelta(milliseconds=one.ready - walk.ours.milliseconds)
    assert timedelta(hours=3) < waits <= timedelta(hours=4)
    walk.clock.time += timedelta(hours=5)
    assert erased(walk, ErasureProof("fel ord")) == "store.wrong_passphrase"
    assert erased(walk, ALONE) == ""


def test_day_of_signing_is_today_or_earlier(walk: Walk) -> None:
    today = walk.clock.time.date()
    ahead = refusal(lambda: record_erasure_wish(walk.ours, walk.client, today + timedelta(1)))
    assert ahead.code == "erasure.signed_later"
    record_erasure_wish(walk.ours, walk.client, today - timedelta(400))
    assert [one.code for one in list_erasure_waits(walk.ours)] == ["tulpan-47"]


def test_without_her_signature_only_an_ended_period_waits(walk: Walk) -> None:
    unsigned = partial(record_erasure_wish, walk.ours, walk.client, None)
    assert refusal(unsigned).code == "erasure.not_signed"
    move_plan(walk.ours, walk.plan, "withdrawn")
    today = walk.clock.time.date()
    change_record(walk.ours, walk.plan, {"retention_until": today})
    assert refusal(unsigned).code == "erasure.not_signed"
    change_record(walk.ours, walk.plan, {"retention_until": today - timedelta(1)})
    unsigned()
    walk.clock.time += timedelta(hours=24)
    change_record(walk.ours, walk.plan, {"retention_until": today + timedelta(90)})
    assert erased(walk, ALONE) == "erasure.second_missing"
    change_record(walk.ours, walk.plan, {"retention_until": today - timedelta(1)})
    assert erased(walk, ALONE, ErasureReason.RETENTION_OVER) == ""


def test_today_tells_a_wish_with_its_hour_until_it_is_done_or_taken_back(walk: Walk) -> None:
    assert read_today(walk.ours).erasures == ()
    before = read_today(walk.ours).count
    signed(walk)
    (one,) = read_today(walk.ours).erasures
    assert (one.line.rid, one.wish.is_ready) == (walk.plan, False)
    assert read_today(walk.ours).count == before
    walk.clock.time += timedelta(hours=24)
    assert [one.wish.is_ready for one in read_today(walk.ours).erasures] == [True]
    assert read_today(walk.ours).count > before
    worker = replace(walk.ours, roles=frozenset({Role.CASE_MANAGER}))
    assert read_today(worker).erasures == ()
    take_back_erasure_wish(walk.ours, walk.client)
    assert read_today(walk.ours).erasures == ()


def test_clock_that_leapt_is_no_day_of_waiting(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    signed(walk)
    walk.clock.time += timedelta(hours=25)
    monkeypatch.setattr(walk.clock, "drift", lambda: timedelta(hours=25))
    assert erased(walk, ALONE) == "erasure.waiting"
    monkeypatch.undo()
    assert erased(walk, ALONE) == ""


# on her way


def leave(walk: Walk) -> None:
    walk.clock.time = START + timedelta(days=18, hours=6)
    record_leg_event(walk.ours, walk.legs[0], LegEvent.DEPARTED)


def past_departure(walk: Walk) -> None:
    walk.clock.time = START + timedelta(days=18, hours=6)


def in_the_bin(walk: Walk) -> None:
    leave(walk)
    move_plans_to_bin(walk.ours, [walk.plan])


def given_up(walk: Walk) -> None:
    leave(walk)
    move_plan(walk.ours, walk.plan, "withdrawn")


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (leave, "erasure.departed"),
        (past_departure, "erasure.should_have_left"),
        (in_the_bin, "erasure.departed"),
        (given_up, "erasure.departed"),
        (lambda _: None, ""),
    ],
)
def test_who_is_on_her_way_is_not_erased(
    walk: Walk, happens: Callable[[Walk], None], code: str
) -> None:
    happens(walk)
    assert erased(walk) == code
    if code and happens is not in_the_bin:
        assert read_erasure_terms(walk.ours, walk.client).transit is not None


@pytest.mark.parametrize("walk", ["travelling"], indirect=True)
def test_open_alarm_is_looked_at_first(walk: Walk) -> None:
    assert erased(walk) == "erasure.departed"
    walk.clock.time += timedelta(days=2)
    assert erased(walk) == "erasure.alarm"
    assert erased(walk, TWO, ErasureReason.ERROR) == "erasure.alarm"


@pytest.mark.parametrize("walk", ["travelling"], indirect=True)
def test_law_is_kept_by_two_people_also_on_her_way_and_not_by_one(walk: Walk) -> None:
    signed(walk)
    walk.clock.time += timedelta(hours=25)
    assert erased(walk, ALONE, DUTY) == "erasure.alarm"
    assert erased(walk, TWO, DUTY) == ""


def arrived(walk: Walk) -> None:
    for leg in walk.legs:
        record_leg_event(walk.ours, leg, LegEvent.ARRIVED)


def called_off(walk: Walk) -> None:
    for leg in walk.legs:
        change_record(walk.ours, leg, {"status": "cancelled"})


def test_first_leg_alone_is_no_arrival(walk: Walk) -> None:
    leave(walk)
    walk.clock.time += timedelta(days=3)
    record_leg_event(walk.ours, walk.legs[0], LegEvent.ARRIVED)
    assert erased(walk) == "erasure.departed"
    record_leg_event(walk.ours, walk.legs[1], LegEvent.ARRIVED)
    assert erased(walk) == ""


def test_legs_that_were_called_off_hold_nothing_up(walk: Walk) -> None:
    past_departure(walk)
    assert erased(walk) == "erasure.should_have_left"
    called_off(walk)
    assert erased(walk) == ""


def test_plan_that_ended_on_the_way_is_let_go_after_a_week(walk: Walk) -> None:
    given_up(walk)
    walk.clock.time += timedelta(days=6)
    assert erased(walk) == "erasure.departed"
    walk.clock.time += timedelta(days=2)
    assert erased(walk) == ""


# partners


def tell(walk: Walk) -> ImportReview:
    """Send a file without data to theirs, and import it at once."""
    there = walk.theirs
    file = transfer.send_notices(walk.ours, there.identity.organisation, walk.post).path
    reviewed = transfer.review_bundle(there, file)
    transfer.import_bundle(there, file, reviewed)
    return reviewed


def ordered(walk: Walk) -> ImportReview:
    """Order the partner to erase our client, after it knows her journey."""
    walk.send()
    erase_client(walk.ours, walk.client, ASKED, is_duty=True)
    return tell(walk)


def test_order_for_who_rests_is_carried_out_as_ever(walk: Walk) -> None:
    assert ordered(walk).requests == 0
    assert walk.theirs.store.row(walk.plan) is None


def test_order_for_who_travels_to_us_waits_for_people_until_she_is_there(walk: Walk) -> None:
    leave(walk)
    reviewed = ordered(walk)
    assert reviewed.erased_by_order == frozenset()
    assert reviewed.requests > 0
    theirs, ours = walk.theirs, walk.ours.identity.organisation
    assert theirs.store.row(walk.plan) is not None
    orders = [one.id for one in erasure.list_erasure_requests(theirs)]
    accounts.add_user(theirs, WHO.passphrase, LEAD.initials, LEAD.passphrase, [LEADS])
    fault = refusal(lambda: erase_as_asked(theirs, ours, orders, TWO))
    assert fault.code == "erasure.departed"
    walk.clock.time += timedelta(days=2)
    for leg in walk.legs:
        record_leg_event(theirs, leg, LegEvent.ARRIVED)
    alone = refusal(lambda: erase_as_asked(theirs, ours, orders, ALONE))
    assert alone.code == "erasure.second_missing"
    wrong = refusal(lambda: erase_as_asked(theirs, ours, orders, ErasureProof("fel", LEAD)))
    assert wrong.code == "store.wrong_passphrase"
    erase_as_asked(theirs, ours, orders, TWO)
    assert theirs.store.row(walk.plan) is None
    assert erasure.list_erasure_requests(theirs) == ()


def test_keeping_it_is_said_by_one_alone(walk: Walk) -> None:
    leave(walk)
    ordered(walk)
    theirs, ours = walk.theirs, walk.ours.identity.organisation
    orders = [one.id for one in erasure.list_erasure_requests(theirs)]
    erasure.answer_erasure_requests(theirs, ours, orders, erases=False)
    assert erasure.list_erasure_requests(theirs) == ()
    assert theirs.store.row(walk.plan) is not None


def test_request_about_no_client_needs_the_passphrase_alone(walk: Walk) -> None:
    partner, record = walk.partner, walk.ours.identity.organisation
    order = ErasureOrder(bytes(range(16)), record, None, "client_request", 0, 1)
    with walk.ours.store.transaction():
        walk.ours.store.orders.enter(Direction.IN, [TrackedErasureOrder(order, partner)])
    wrong = refusal(lambda: erase_as_asked(walk.ours, partner, [order.id], ErasureProof("fel")))
    assert wrong.code == "store.wrong_passphrase"
    unknown = refusal(lambda: erase_as_asked(walk.ours, partner, [bytes(16)], ALONE))
    assert unknown.code == "order.missing"


# what the page says before


def test_terms_name_what_goes_who_is_asked_and_which_backups_hold_her(
    walk: Walk, tmp_path: Path
) -> None:
    walk.send()
    stick = tmp_path / "stick"
    stick.mkdir()
    made = make_backup(walk.ours, stick)
    terms = read_erasure_terms(walk.ours, walk.client)
    assert terms.leaving.records["leg"] == 2
    assert (terms.asked, terms.to_call) == ((walk.theirs.identity.name,), ())
    last = (walk.clock.time + timedelta(days=35)).date()
    assert terms.backups == ((made.path, last),)
    assert terms.seconds == (LEAD.initials.lower(),)
    assert terms.transit is None


def test_who_is_reached_by_no_file_is_to_be_called(walk: Walk) -> None:
    walk.send()
    partners.suspend_partner(walk.ours, walk.partner)
    terms = read_erasure_terms(walk.ours, walk.client)
    assert terms.asked == ()
    assert [name for name, _ in terms.to_call] == [walk.theirs.identity.name]


def test_only_who_may_erase_sees_or_does_any_of_it(walk: Walk) -> None:
    desk = replace(walk.ours, roles=frozenset({Role.CASE_MANAGER}))
    today = walk.clock.time.date()
    for act in (
        lambda: read_erasure_terms(desk, walk.client),
        lambda: record_erasure_wish(desk, walk.client, today),
        lambda: take_back_erasure_wish(desk, walk.client),
        lambda: list_erasure_waits(desk),
        lambda: carry_out_erasure(desk, walk.client, ASKED, TWO),
        lambda: erase_as_asked(desk, walk.partner, [], TWO),
    ):
        assert refusal(act).code == "user.not_allowed"
    for act in (
        lambda: read_erasure_terms(walk.ours, walk.plan),
        lambda: record_erasure_wish(walk.ours, walk.plan, today),
        lambda: take_back_erasure_wish(walk.ours, walk.plan),
        lambda: carry_out_erasure(walk.ours, walk.plan, ASKED, TWO),
    ):
        assert refusal(act).code == "record.missing"
