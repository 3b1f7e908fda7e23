# SPDX-License-Identifier: GPL-3.0-or-later
"""Legs at the ends of their road, the list before leaving, numbers tried, notes and tasks."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from tests.integration.course_samples import START, Walk, walked
from tests.integration.pair_samples import refusal
from tests.integration.test_current_plans import write_beside
from tests.support.journeys import record_leg_event

from kfdesk.domain.codes.case import DEPARTURE_CHECK
from kfdesk.domain.records.case import Note, Task
from kfdesk.domain.records.journey import HelpNumber, Leg, TravelDocument
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import seen_writes, view
from kfdesk.domain.values import MissingAnswer, PartialDate, Value, ZonedTime, text_in_language
from kfdesk.domain.workflow.departure import proven_checks
from kfdesk.domain.workflow.gates import Gate
from kfdesk.domain.workflow.travel import paper_checked
from kfdesk.services.core.drafts import FormState, read_draft, save_draft
from kfdesk.services.core.history import read_bin, read_record_history
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    require_record,
    undo,
    undo_all,
)
from kfdesk.services.exchange import partners
from kfdesk.services.plans.case import last_day_due, save_note, set_task_done
from kfdesk.services.plans.journey import (
    CheckAnswer,
    LegEvent,
    add_leg,
    answer_departure_check,
    departure_answers,
    move_leg,
    now_in_zone,
    read_journey,
    record_test_call,
    replace_leg,
    replacement_leg_values,
    ticked_by_hand,
)
from kfdesk.services.plans.plans import load_case, open_plan, read_case_context, zoned_now
from kfdesk.services.workflow import move_plan
from kfdesk.ui.plan_sections import record_to_correct


@pytest.fixture
def walk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Walk]:
    """Yield a plan in the state that the test asks for."""
    with walked(tmp_path, getattr(request, "param", "draft")) as made:
        yield made


def numbered(walk: Walk) -> list[tuple[bytes, object]]:
    """Return the legs in their order, with their numbers."""
    legs = load_case(walk.ours, walk.plan).views(Leg, "leg")
    return [(leg.rid, leg.record.sequence) for leg in legs]


def leg(walk: Walk, rid: bytes) -> Leg:
    return view(require_record(walk.ours, rid), Leg).record


# legs


def test_first_leg_of_a_journey_begins_nowhere(walk: Walk) -> None:
    for rid in walk.legs:
        delete_record(walk.ours, rid)
    added = add_leg(walk.ours, walk.plan)
    assert numbered(walk) == [(added.leg, 1)]
    assert leg(walk, added.leg).from_place is None


def test_new_leg_begins_where_the_last_one_that_is_travelled_ends(walk: Walk) -> None:
    first, second = walk.legs
    record_leg_event(walk.ours, second, LegEvent.MISSED)
    added = add_leg(walk.ours, walk.plan)
    assert text_in_language(leg(walk, added.leg).from_place, "sv") == "Riga"
    change_record(walk.ours, first, {"to_place": MissingAnswer.UNKNOWN})
    last = add_leg(walk.ours, walk.plan, first)
    assert leg(walk, last.leg).from_place is None


def test_leg_in_the_bin_takes_no_number(walk: Walk) -> None:
    first, second = walk.legs
    delete_record(walk.ours, first)
    added = add_leg(walk.ours, walk.plan, second)
    assert numbered(walk) == [(second, 1), (added.leg, 2)]
    assert refusal(lambda: add_leg(walk.ours, walk.plan, first)).code == "record.missing"


@pytest.mark.parametrize("walk", ["travelling"], indirect=True)
def test_leg_has_one_number_everywhere_after_another_went_into_the_bin(walk: Walk) -> None:
    desk, (first, second) = walk.ours, walk.legs
    record_leg_event(desk, second, LegEvent.MISSED)
    delete_record(desk, first)
    write_beside(desk, require_record(desk, second), carrier="Baltic Lines")
    page = open_plan(desk, walk.plan)
    assert [one.rid for one in page.legs] == [second]
    assert {one.sequence for one in page.conflicts if one.rid == second} == {1}
    assert read_record_history(desk, second).number == 1
    assert {one.number for one in read_journey(desk, walk.plan).alarms if one.leg} == {1}
    assert numbered(walk) == [(second, 2)]


@pytest.mark.parametrize("walk", ["travel_ready"], indirect=True)
def test_gap_of_the_sheet_leads_to_its_leg_after_another_went_into_the_bin(walk: Walk) -> None:
    desk, (first, second) = walk.ours, walk.legs
    delete_record(desk, first)
    change_record(desk, second, {"departs": None})
    page, checked = open_plan(desk, walk.plan), paper_checked(read_case_context(desk, walk.plan))
    assert (page.gaps[0].type, page.gaps[0].sequence) == ("leg", 1)
    assert record_to_correct(checked, page) == ("leg", second, "departs")


def test_leg_in_the_bin_keeps_the_number_that_it_had(walk: Walk) -> None:
    desk, (first, second) = walk.ours, walk.legs
    delete_record(desk, second)
    delete_record(desk, first)
    assert {one.rid: one.number for one in read_bin(desk)} == {first: 1, second: 2}


@pytest.mark.parametrize("walk", ["travelling"], indirect=True)
def test_missed_leg_and_the_one_that_stands_in_are_numbered_as_the_form_shows_them(
    walk: Walk,
) -> None:
    desk, (first, second) = walk.ours, walk.legs
    record_leg_event(desk, first, LegEvent.MISSED)
    new = replace_leg(desk, first, replacement_leg_values(view(require_record(desk, first), Leg)))
    shown = {leg.rid: place for place, leg in enumerate(open_plan(desk, walk.plan).legs, start=1)}
    assert [rid for rid, _ in numbered(walk)] == [first, new, second]
    assert {rid: read_record_history(desk, rid).number for rid in shown} == shown
    walk.clock.time = START + timedelta(days=19, hours=3)
    alarms = read_journey(desk, walk.plan).alarms
    assert {shown[one.leg] == one.number for one in alarms if one.leg} == {True}


@pytest.mark.parametrize(("place", "by"), [(0, -1), (1, 1)])
def test_leg_at_the_end_of_the_road_goes_no_further(walk: Walk, place: int, by: int) -> None:
    digest = walk.ours.store.digest()
    moved = move_leg(walk.ours, walk.plan, walk.legs[place], by)
    assert (moved.done, moved.types, moved.leg) == ((), frozenset(), walk.legs[place])
    assert walk.ours.store.digest() == digest


def test_legs_without_numbers_are_numbered_as_they_stand(walk: Walk) -> None:
    first, second = walk.legs
    for rid in walk.legs:
        change_record(walk.ours, rid, {"sequence": None})
    before = [rid for rid, _ in numbered(walk)]
    added = add_leg(walk.ours, walk.plan, before[0])
    assert [rid for rid, _ in numbered(walk)][1] == added.leg
    move_leg(walk.ours, walk.plan, before[1], -1)
    assert [number for _, number in numbered(walk)] == [1, 2, 3]
    assert {first, second} < {rid for rid, _ in numbered(walk)}


def test_two_legs_of_one_number_that_are_both_travelled_get_their_own(walk: Walk) -> None:
    first, second = walk.legs
    change_record(walk.ours, second, {"sequence": 1})
    order = [rid for rid, _ in numbered(walk)]
    move_leg(walk.ours, walk.plan, order[0], 1)
    assert numbered(walk) == [(order[1], 1), (order[0], 2)]
    assert set(order) == {first, second}


@pytest.mark.parametrize(("one", "two"), [(5, 7), (2, 3), (None, 4)])
def test_new_leg_stands_where_it_was_put_whatever_numbers_there_were(
    walk: Walk, one: int | None, two: int
) -> None:
    for rid, number in zip(walk.legs, (one, two), strict=True):
        change_record(walk.ours, rid, {"sequence": number})
    first, second = (rid for rid, _ in numbered(walk))
    added = add_leg(walk.ours, walk.plan, first)
    assert numbered(walk) == [(first, 1), (added.leg, 2), (second, 3)]
    undo_all(walk.ours, added.done)
    assert [rid for rid, _ in numbered(walk)] == [first, second]


def test_leg_that_stands_in_takes_over_the_road_and_none_of_the_booking(walk: Walk) -> None:
    record_leg_event(walk.ours, walk.legs[0], LegEvent.MISSED)
    (old,) = (v for v in load_case(walk.ours, walk.plan).views(Leg, "leg") if v.rid == walk.legs[0])
    new = leg(walk, replace_leg(walk.ours, walk.legs[0], replacement_leg_values(old)))
    same = ("mode", "from_place", "to_place", "met_by", "sign", "sequence")
    assert [getattr(new, key) for key in same] == [getattr(old.record, key) for key in same]
    assert (new.status, new.departs, new.carrier, new.booking_reference) == (
        "planned", None, None, None,
    )  # fmt: skip


# the list before leaving


BY_HAND = (
    "transit_visa", "onward", "alarm_plan", "money", "medication", "luggage", "phone",
    "authorities",
)  # fmt: skip


def proven(walk: Walk) -> Mapping[str, Gate]:
    """Return what the records answer now."""
    return proven_checks(read_case_context(walk.ours, walk.plan), walk.ours.identity.organisation)


def plan_record(walk: Walk) -> Plan:
    return view(require_record(walk.ours, walk.plan), Plan).record


@pytest.mark.parametrize("answer", CheckAnswer)
def test_every_question_takes_every_answer_and_gives_it_back(
    walk: Walk, answer: CheckAnswer
) -> None:
    for check in BY_HAND:
        answer_departure_check(walk.ours, walk.plan, check, CheckAnswer.DONE)
        answer_departure_check(walk.ours, walk.plan, check, answer)
    held = departure_answers(plan_record(walk), proven(walk))
    assert {check: held[check] for check in BY_HAND} == dict.fromkeys(BY_HAND, answer)
    assert set(held) - set(proven(walk)) == set(BY_HAND)


@pytest.mark.parametrize("answer", CheckAnswer)
def test_point_that_the_records_answer_is_not_ticked_by_hand(
    walk: Walk, answer: CheckAnswer
) -> None:
    before = require_record(walk.ours, walk.plan)
    for check in set(DEPARTURE_CHECK) - set(BY_HAND):
        ask = partial(answer_departure_check, walk.ours, walk.plan, check, answer)
        assert refusal(ask).code == "check.proven"
    assert require_record(walk.ours, walk.plan) == before


def test_tick_written_past_the_list_stays_and_proves_nothing(walk: Walk) -> None:
    old = {"checks_done": ("wish", "risk", "money"), "checks_not_applicable": ("child", "papers")}
    change_record(walk.ours, walk.plan, old)
    held = departure_answers(plan_record(walk), proven(walk))
    assert {held[code] for code in ("wish", "risk")} == {CheckAnswer.OPEN}
    answer_departure_check(walk.ours, walk.plan, "money", CheckAnswer.OPEN)
    answer_departure_check(walk.ours, walk.plan, "luggage", CheckAnswer.DONE)
    assert plan_record(walk).checks_done == ("wish", "risk", "luggage")
    assert plan_record(walk).checks_not_applicable == ("child", "papers")
    assert ticked_by_hand(plan_record(walk)) == {"wish", "risk", "luggage"}


def test_point_ticks_itself_from_the_record_and_opens_with_it_again(walk: Walk) -> None:
    assert departure_answers(plan_record(walk), proven(walk))["wish"] is CheckAnswer.OPEN
    fresh: dict[str, Value] = {
        "wish": "client_wishes_to_return",
        "wish_reconfirmed": zoned_now(walk.ours),
    }
    change_record(walk.ours, walk.plan, fresh)
    assert departure_answers(plan_record(walk), proven(walk))["wish"] is CheckAnswer.DONE
    walk.clock.time += timedelta(hours=49)
    assert departure_answers(plan_record(walk), proven(walk))["wish"] is CheckAnswer.OPEN
    assert plan_record(walk).checks_done is None


def test_transit_visa_is_asked_by_hand_until_one_is_on_record(walk: Walk) -> None:
    answer_departure_check(walk.ours, walk.plan, "transit_visa", CheckAnswer.NOT_APPLICABLE)
    visa = {"kind": "visa_transit", "status": "requested"}
    rid = create_record(walk.ours, TravelDocument, visa, walk.plan)
    ask = partial(answer_departure_check, walk.ours, walk.plan, "transit_visa", CheckAnswer.DONE)
    assert refusal(ask).code == "check.proven"
    change_record(walk.ours, rid, {"status": "held_by_client", "valid_until": date(2027, 6, 1)})
    held = departure_answers(plan_record(walk), proven(walk))
    assert held["transit_visa"] is CheckAnswer.DONE
    assert plan_record(walk).checks_not_applicable == ("transit_visa",)


def test_answer_given_twice_stands_once(walk: Walk) -> None:
    for _ in range(2):
        answer_departure_check(walk.ours, walk.plan, "money", CheckAnswer.DONE)
    assert plan_record(walk).checks_done == ("money",)
    answer_departure_check(walk.ours, walk.plan, "money", CheckAnswer.OPEN)
    assert (plan_record(walk).checks_done, plan_record(walk).checks_not_applicable) == (None, None)


def test_question_answered_both_ways_counts_as_done(walk: Walk) -> None:
    torn = {"checks_done": ("money",), "checks_not_applicable": ("money", "x_no_longer_asked")}
    change_record(walk.ours, walk.plan, torn)
    held = departure_answers(plan_record(walk), {})
    assert held["money"] is CheckAnswer.DONE
    assert held.keys() == set(DEPARTURE_CHECK)
    change_record(walk.ours, walk.plan, {"checks_done": MissingAnswer.UNKNOWN})
    assert departure_answers(plan_record(walk), {})["money"] is CheckAnswer.NOT_APPLICABLE


def test_answers_of_a_plan_that_has_ended_stay(walk: Walk) -> None:
    answer_departure_check(walk.ours, walk.plan, "money", CheckAnswer.DONE)
    move_plan(walk.ours, walk.plan, "withdrawn")
    fault = refusal(lambda: answer_departure_check(walk.ours, walk.plan, "money", CheckAnswer.OPEN))
    assert fault.code == "plan.read_only"
    assert plan_record(walk).checks_done == ("money",)


# a number that was tried


def test_tried_number_says_when_and_by_whom_and_is_taken_back(walk: Walk) -> None:
    number = create_record(walk.ours, HelpNumber, {"number": "+46 70-174 06 15"}, walk.plan)
    done = record_test_call(walk.ours, number, "Europe/Riga")
    record = view(require_record(walk.ours, number), HelpNumber).record
    assert record.called_by == walk.ours.user
    assert isinstance(record.called, ZonedTime)
    assert (record.called.zone, record.called.wall.hour) == ("Europe/Riga", 13)
    assert record.called.utc <= walk.clock.time
    undo(walk.ours, done)
    assert view(require_record(walk.ours, number), HelpNumber).record.called is None


def test_now_is_written_to_the_minute_on_the_clocks_of_its_zone(walk: Walk) -> None:
    now = now_in_zone(walk.ours, "Europe/Moscow")
    assert (now.wall.second, now.wall.microsecond) == (0, 0)
    assert timedelta() <= walk.clock.time - now.utc < timedelta(minutes=1)
    assert now.wall.hour == 14


# what a journey's page asks


def test_receiver_reads_what_was_written_down_of_it(walk: Walk) -> None:
    partner = partners.find_partner(walk.ours, walk.partner)
    with walk.ours.store.transaction():
        walk.ours.store.ledger.set_partner(replace(partner, reads=("ru", "et", "ru")))
    assert read_journey(walk.ours, walk.plan).reads == ("ru", "et")
    change_record(walk.ours, walk.plan, {"receiver": None})
    assert read_journey(walk.ours, walk.plan).reads == ()


@pytest.mark.parametrize("walk", ["travelling"], indirect=True)
def test_journey_that_travels_tells_its_alarms(walk: Walk) -> None:
    walk.clock.time = START + timedelta(days=19, hours=3)
    raised = read_journey(walk.ours, walk.plan).alarms
    assert {(alarm.kind.value, alarm.number) for alarm in raised} == {
        ("check_in_missed", 1), ("not_arrived", 1), ("not_departed", 2),
    }  # fmt: skip
    assert {alarm.line.rid for alarm in raised} == {walk.plan}
    since = [alarm.since for alarm in raised]
    assert since == sorted(since, key=str)


def test_journey_of_a_plan_in_the_bin_is_not_read(walk: Walk) -> None:
    delete_record(walk.ours, walk.plan)
    assert refusal(lambda: read_journey(walk.ours, walk.plan)).code == "record.deleted"
    assert refusal(lambda: read_journey(walk.ours, walk.ours.new_id())).code == "record.missing"


# notes and tasks


def test_new_note_is_of_now_and_signed_whatever_its_form_says(walk: Walk) -> None:
    rid = walk.ours.new_id()
    form = FormState("note", {"content": "Samtal.", "written_by": "QQ"}, parent=walk.plan)
    save_note(walk.ours, rid, form, frozenset({"content"}))
    note = view(require_record(walk.ours, rid), Note).record
    assert (note.content, note.written_by) == ("Samtal.", walk.ours.user)
    assert isinstance(note.happened, ZonedTime)
    assert timedelta() <= walk.clock.time - note.happened.utc < timedelta(minutes=1)


def test_note_of_an_earlier_hour_keeps_it(walk: Walk) -> None:
    rid, earlier = walk.ours.new_id(), ZonedTime.at(START.replace(tzinfo=None), "Europe/Stockholm")
    form = FormState("note", {"content": "Samtal.", "happened": earlier}, parent=walk.plan)
    save_note(walk.ours, rid, form, frozenset({"content", "happened"}))
    assert view(require_record(walk.ours, rid), Note).record.happened == earlier


def test_note_that_is_changed_keeps_who_wrote_it(walk: Walk) -> None:
    rid = walk.ours.new_id()
    keys = frozenset({"content"})
    save_note(walk.ours, rid, FormState("note", {"content": "Ett"}, parent=walk.plan), keys)
    other, row = replace(walk.ours, user="QQ"), require_record(walk.ours, rid)
    save_note(
        other, rid, FormState("note", {"content": "Två"}, {}, walk.plan, seen_writes(row)), keys
    )
    note = view(require_record(walk.ours, rid), Note).record
    assert (note.content, note.written_by) == ("Två", walk.ours.user)


def test_note_that_was_begun_and_saved_leaves_no_draft(walk: Walk) -> None:
    rid, form = walk.ours.new_id(), FormState("note", {"content": "Ett"}, parent=walk.plan)
    save_draft(walk.ours, rid, form)
    save_note(walk.ours, rid, form, frozenset({"content"}))
    assert read_draft(walk.ours, rid) is None


def test_note_with_a_time_that_cannot_be_read_waits(walk: Walk) -> None:
    rid = walk.ours.new_id()
    form = FormState("note", {"content": "Ett"}, {"happened": "nyss"}, walk.plan)
    fault = refusal(lambda: save_note(walk.ours, rid, form, frozenset({"content", "happened"})))
    assert (fault.code, fault.data) == ("draft.unfinished", {"field": "note.happened"})
    assert read_draft(walk.ours, rid) is not None


def test_done_task_is_opened_again_by_undo(walk: Walk) -> None:
    rid = create_record(walk.ours, Task, {"title": "Ring", "state": "open"}, walk.plan)
    done = set_task_done(walk.ours, rid, is_done=True)
    assert view(require_record(walk.ours, rid), Task).record.state == "done"
    undo(walk.ours, done)
    assert view(require_record(walk.ours, rid), Task).record.state == "open"
    set_task_done(walk.ours, rid, is_done=True)
    set_task_done(walk.ours, rid, is_done=False)
    assert view(require_record(walk.ours, rid), Task).record.state == "open"


@pytest.mark.parametrize(
    ("due", "last"),
    [
        (date(2026, 12, 5), date(2026, 12, 5)),
        (PartialDate("2026-02"), date(2026, 2, 28)),
        (PartialDate("2028-02"), date(2028, 2, 29)),
        (PartialDate("2026-12"), date(2026, 12, 31)),
        (PartialDate("2026"), date(2026, 12, 31)),
        (MissingAnswer.UNKNOWN, None),
        (None, None),
    ],
)
def test_task_is_late_after_the_end_of_what_is_known(due: object, last: date | None) -> None:
    assert last_day_due(due) == last
