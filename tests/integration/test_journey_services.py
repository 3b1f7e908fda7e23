# SPDX-License-Identifier: GPL-3.0-or-later
"""Legs in their order, the list before leaving and tried numbers, as a real store keeps them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.integration.course_samples import Walk, walked
from tests.support.journeys import record_leg_event

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import Contact
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import RecordView, Row, view, view_any
from kfdesk.domain.values import ZonedTime, text_in_language
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    require_record,
    undo_all,
)
from kfdesk.services.plans.journey import (
    CheckAnswer,
    LegEvent,
    add_leg,
    answer_departure_check,
    departure_answers,
    move_leg,
    now_in_zone,
    read_journey,
    replace_leg,
    replacement_leg_values,
    zoned_time_at,
)
from kfdesk.services.plans.plans import load_case
from kfdesk.services.workflow import move_plan


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    with walked(tmp_path) as made:
        yield made


def order(walk: Walk) -> list[tuple[bytes, object]]:
    """Return the legs in their order, with their numbers."""
    legs = load_case(walk.ours, walk.plan).views(Leg, "leg")
    return [(leg.rid, leg.record.sequence) for leg in legs]


def plan_record(walk: Walk) -> Plan:
    return view(require_record(walk.ours, walk.plan), Plan).record


def test_record_of_a_plan_is_read_alone_and_one_that_is_gone_not_at_all(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []

    def counted(row: Row) -> RecordView[Any]:
        read.append(row.rid)
        return view_any(row)

    monkeypatch.setattr("kfdesk.services.plans.plans.view_any", counted)
    first, second = walk.legs
    delete_record(walk.ours, first)
    case = load_case(walk.ours, walk.plan)
    assert case.view_of(second) in case.views(Leg, "leg")
    assert (case.view_of(first), case.view_of(None)) == (None, None)
    assert read == [second]


def test_new_leg_stands_after_the_named_one_and_the_others_move_on(walk: Walk) -> None:
    first, second = walk.legs
    added = add_leg(walk.ours, walk.plan, first)
    assert order(walk) == [(first, 1), (added.leg, 2), (second, 3)]
    new = view(require_record(walk.ours, added.leg), Leg).record
    assert text_in_language(new.from_place, "sv") == "Riga"
    assert new.status == "planned"
    undo_all(walk.ours, added.done)
    assert order(walk) == [(first, 1), (second, 2)]


def test_new_leg_without_another_stands_last(walk: Walk) -> None:
    added = add_leg(walk.ours, walk.plan)
    assert order(walk)[-1] == (added.leg, 3)
    new = view(require_record(walk.ours, added.leg), Leg).record
    assert text_in_language(new.from_place, "sv") == "Pskov"


def test_moved_leg_changes_numbers_in_one_step_and_back(walk: Walk) -> None:
    first, second = walk.legs
    moved = move_leg(walk.ours, walk.plan, second, -1)
    assert order(walk) == [(second, 1), (first, 2)]
    assert moved.rids == {first, second}
    assert move_leg(walk.ours, walk.plan, second, -1).done == ()
    undo_all(walk.ours, moved.done)
    assert order(walk) == [(first, 1), (second, 2)]


def test_missed_leg_moves_with_the_one_that_stands_in_for_it(walk: Walk) -> None:
    first, second = walk.legs
    record_leg_event(walk.ours, first, LegEvent.MISSED)
    leg = next(leg for leg in load_case(walk.ours, walk.plan).views(Leg, "leg") if leg.rid == first)
    new = replace_leg(walk.ours, first, replacement_leg_values(leg))
    move_leg(walk.ours, walk.plan, new, 1)
    assert order(walk) == [(second, 1), (first, 2), (new, 2)]


def test_number_that_two_desks_wrote_apart_is_left_to_a_decision(walk: Walk) -> None:
    first, second = walk.legs
    change_record(walk.ours, second, {"sequence": 7}, ())
    move_leg(walk.ours, walk.plan, first, 1)
    torn = view(require_record(walk.ours, second), Leg)
    assert "sequence" in torn.conflicts


def test_leg_of_another_plan_is_not_moved_and_an_ended_plan_takes_none(walk: Walk) -> None:
    with pytest.raises(KfdeskError) as missing:
        move_leg(walk.ours, walk.plan, walk.plan, 1)
    assert missing.value.code == "record.missing"
    move_plan(walk.ours, walk.plan, "withdrawn")
    with pytest.raises(KfdeskError) as shut:
        add_leg(walk.ours, walk.plan)
    assert shut.value.code == "plan.read_only"
    assert order(walk) == [(walk.legs[0], 1), (walk.legs[1], 2)]


def test_answers_of_the_list_stand_beside_each_other(walk: Walk) -> None:
    answer_departure_check(walk.ours, walk.plan, "money", CheckAnswer.DONE)
    answer_departure_check(walk.ours, walk.plan, "phone", CheckAnswer.NOT_APPLICABLE)
    answer_departure_check(walk.ours, walk.plan, "luggage", CheckAnswer.DONE)
    assert plan_record(walk).checks_done == ("money", "luggage")
    held = departure_answers(plan_record(walk), {})
    assert len(held) == 18
    assert (held["money"], held["phone"]) == (CheckAnswer.DONE, CheckAnswer.NOT_APPLICABLE)
    answer_departure_check(walk.ours, walk.plan, "money", CheckAnswer.NOT_APPLICABLE)
    done = answer_departure_check(walk.ours, walk.plan, "phone", CheckAnswer.OPEN)
    assert plan_record(walk).checks_not_applicable == ("money",)
    undo_all(walk.ours, (done,))
    assert plan_record(walk).checks_not_applicable == ("phone", "money")


def test_instant_in_the_hour_that_comes_twice_keeps_its_offset() -> None:
    summer = datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("UTC"))
    for at, offset in ((summer, 180), (summer + timedelta(hours=1), 120)):
        moment = zoned_time_at(at, "Europe/Riga")
        assert moment.offset == offset
        assert moment.utc == at
        assert moment.wall.hour == 3


def told(walk: Walk) -> list[tuple[str, int | None]]:
    """Return the codes of the notices of a journey, each with the number of its leg."""
    return [(one.code, one.number) for one in read_journey(walk.ours, walk.plan).notices]


def test_journey_tells_what_does_not_fit_and_what_the_receiver_reads(walk: Walk) -> None:
    silent = [("meeter_without_a_number", 1), ("meeter_without_a_number", 2)]
    assert told(walk) == silent
    wrong = ZonedTime.at(now_in_zone(walk.ours, "Europe/Moscow").wall, "Europe/Moscow")
    change_record(walk.ours, walk.legs[1], {"arrives": wrong})
    journey = read_journey(walk.ours, walk.plan)
    assert told(walk) == [("arrives_before_departs", 2), *silent]
    assert journey.alarms == ()
    assert journey.reads == ()


def test_contact_with_her_own_name_as_her_escort_is_told_and_saved_all_the_same(walk: Walk) -> None:
    hers = {"given_name": "Нина", "family_name": "Щербакова"}
    client = load_case(walk.ours, walk.plan).client.rid
    change_record(walk.ours, client, hers)

    def told_of(given: str, family: str | None) -> list[str]:
        names = {"given_name": given, "family_name": family}
        escort = create_record(walk.ours, Contact, names)
        change_record(walk.ours, walk.plan, {"escort": escort.hex()})
        return [code for code, number in told(walk) if number is None]

    assert told_of("Nina", "Shcherbakova") == ["escort_is_the_client"]
    assert told_of("Nina", None) == []
    assert told_of("Karin", "Shcherbakova") == []
    change_record(walk.ours, walk.plan, {"escort": walk.partner.hex()})
    assert [code for code, number in told(walk) if number is None] == []
