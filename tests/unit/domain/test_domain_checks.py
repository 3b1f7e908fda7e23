# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps the traveller's sheet from being printed: each finding once found, once not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.support import make

from kfdesk.domain.itinerary import (
    SheetFinding,
    bind_test_call,
    sheet_findings,
    with_own_test,
)
from kfdesk.domain.kinds import Wire
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.journey import HelpNumber, Leg
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import apply_changes, merge_states
from kfdesk.domain.rows import Row, encode_changes, seen_writes, view
from kfdesk.domain.values import MissingAnswer, Translation, Value, ZonedTime

RU_ONLY = (Translation("ru", "Рига"),)
SV_ONLY = (Translation("sv", "Riga"),)
EMPTY = (Translation("ru", ""),)


def client(**values: Value) -> Client:
    return view(make.row("client", {**make.FILLED["client"], **values}), Client).record


def leg(**values: Value) -> Leg:
    return view(make.row("leg", {**make.FILLED["leg"], **values}), Leg).record


def second(**values: Value) -> Leg:
    times: dict[str, Value] = {
        "sequence": 2,
        "departs": make.at(13, 12, 40, make.RIGA),
        "arrives": make.at(13, 20, 15, make.MOSCOW),
    }
    return leg(**{**times, **values})


def number(**values: Value) -> HelpNumber:
    whole = {**make.FILLED["help_number"], **values}
    return view(make.row("help_number", whole), HelpNumber).record


def moment(**back: int) -> ZonedTime:
    """So long before NOW."""
    return ZonedTime.at((make.NOW - timedelta(**back)).replace(tzinfo=None), make.STOCKHOLM)


def findings(
    who: Client | None = None,
    legs: tuple[Leg, ...] | None = None,
    numbers: tuple[HelpNumber, ...] | None = None,
    language: str = "ru",
) -> tuple[SheetFinding, ...]:
    return sheet_findings(
        (client() if who is None else who).name_on_ticket,
        (leg(), second()) if legs is None else legs,
        (number(), number(sequence=2)) if numbers is None else numbers,
        language,
        make.NOW,
    )


def of_leg(**values: Value) -> tuple[SheetFinding, ...]:
    return findings(legs=(leg(**values),))


def of_number(**values: Value) -> tuple[SheetFinding, ...]:
    return findings(numbers=(number(), number(**values)))


def test_whole_plan_has_nothing_to_find() -> None:
    assert findings() == ()
    assert findings(language="sv") == ()


@pytest.mark.parametrize("name", [None, "", "  ", MissingAnswer.UNKNOWN, MissingAnswer.DECLINED])
def test_name_on_the_ticket_must_be_there(name: Value) -> None:
    assert findings(who=client(name_on_ticket=name)) == (
        SheetFinding("missing", "client", "name_on_ticket"),
    )


def test_journey_must_have_a_leg() -> None:
    assert findings(legs=()) == (SheetFinding("missing", "leg", "sequence"),)


@pytest.mark.parametrize("key", ["sequence", "mode", "departs", "arrives"])
@pytest.mark.parametrize("value", [None, MissingAnswer.UNKNOWN])
def test_leg_must_say_how_and_when(key: str, value: Value) -> None:
    assert SheetFinding("missing", "leg", key, 1) in of_leg(**{key: value})
    found = findings(legs=(leg(), second(**{key: value})))
    assert found == (SheetFinding("missing", "leg", key, 2),)


@pytest.mark.parametrize("key", ["from_place", "to_place"])
@pytest.mark.parametrize("value", [None, MissingAnswer.UNKNOWN, SV_ONLY, EMPTY])
def test_places_must_stand_in_the_language_of_the_sheet(key: str, value: Value) -> None:
    assert of_leg(**{key: value}) == (SheetFinding("not_in_language", "leg", key, 1),)
    assert of_leg(**{key: RU_ONLY}) == ()


@pytest.mark.parametrize("key", ["met_by", "sign"])
@pytest.mark.parametrize("value", [None, SV_ONLY, EMPTY])
def test_whoever_meets_her_must_stand_in_her_language_unless_she_goes_alone(
    key: str, value: Value
) -> None:
    expected = (SheetFinding("not_in_language", "leg", key, 1),)
    for alone in (False, None, MissingAnswer.UNKNOWN):
        assert of_leg(**{key: value, "alone": alone}) == expected
    assert of_leg(**{key: value, "alone": True}) == ()


@pytest.mark.parametrize("key", ["from_stop", "to_stop", "onward"])
def test_what_need_not_be_said_must_be_in_her_language_if_it_is(key: str) -> None:
    assert of_leg(**{key: None}) == ()
    assert of_leg(**{key: SV_ONLY}) == (SheetFinding("not_in_language", "leg", key, 1),)
    assert findings(legs=(leg(**{key: SV_ONLY}),), language="sv") == ()


def test_nobody_arrives_before_they_leave() -> None:
    early = make.at(12, 16, 59)
    assert of_leg(arrives=early) == (SheetFinding("before_the_one_above", "leg", "arrives", 1),)
    assert of_leg(arrives=make.at(12, 17, 0)) == ()


def test_next_leg_leaves_after_the_one_above_has_arrived() -> None:
    late = second(departs=make.at(13, 10, 29, make.RIGA))
    assert findings(legs=(leg(), late)) == (
        SheetFinding("before_the_one_above", "leg", "departs", 2),
    )


def test_order_is_that_of_instants_and_not_of_clocks() -> None:
    """10:30 in Riga is 9:30 in Stockholm; 10:00 there comes after, though its clock shows less."""
    assert findings(legs=(leg(), second(departs=make.at(13, 10, 0)))) == ()
    moscow = make.at(13, 11, 15, make.MOSCOW)
    found = findings(legs=(leg(), second(departs=moscow)))
    assert [(finding.code, finding.key) for finding in found] == [
        ("before_the_one_above", "departs")
    ]


def test_leg_without_times_does_not_hide_a_wrong_order() -> None:
    unknown = second(departs=None, arrives=None)
    third = second(sequence=3, departs=make.at(12, 9))
    found = findings(legs=(leg(), unknown, third))
    assert SheetFinding("before_the_one_above", "leg", "departs", 3) in found


def test_two_numbers_are_needed() -> None:
    for numbers in ((), (number(),)):
        found = findings(numbers=numbers)
        assert found == (SheetFinding("too_few_numbers", "help_number", "number"),)
    assert findings(numbers=(number(), number(), number())) == ()


@pytest.mark.parametrize(
    "value",
    [
        None,
        MissingAnswer.UNKNOWN,
        "070-174 06 15",
        "0046 70 174 06 15",
        "+46 70 17",
        "112",
        "+²²²²²²²²",
        "",
    ],
)
def test_number_must_be_one_that_is_dialled_from_abroad(value: Value) -> None:
    assert of_number(number=value) == (
        SheetFinding("not_dialled_from_abroad", "help_number", "number", 2),
    )


def test_short_number_with_its_country_is_enough() -> None:
    assert of_number(number="+371 2000 0000") == ()
    assert of_number(number="+4670 1746") == ()


@pytest.mark.parametrize("value", [None, MissingAnswer.UNKNOWN, SV_ONLY, EMPTY])
def test_hours_must_stand_in_the_language_of_the_sheet(value: Value) -> None:
    assert of_number(hours=value) == (SheetFinding("not_in_language", "help_number", "hours", 2),)


@pytest.mark.parametrize(
    "called",
    [
        None,
        MissingAnswer.UNKNOWN,
        moment(hours=72, minutes=1),
        moment(minutes=-1),
        moment(days=400),
    ],
)
def test_number_must_have_been_tried_within_three_days(called: Value) -> None:
    assert of_number(called=called) == (SheetFinding("not_tested", "help_number", "called", 2),)


@pytest.mark.parametrize("called", [moment(), moment(hours=72), moment(hours=1)])
def test_number_that_was_tried_within_three_days_is_good(called: Value) -> None:
    assert of_number(called=called) == ()


def test_findings_come_in_the_order_of_the_page() -> None:
    nothing: Any = dict.fromkeys(make.FILLED["leg"])
    found = findings(who=client(name_on_ticket=None), legs=(leg(**nothing),), numbers=())
    assert [finding.type for finding in found] == ["client", *["leg"] * 8, "help_number"]


# a test call and its number

TRIED: dict[str, Value] = {"called": moment(hours=1), "called_by": "PP"}
CALL = encode_changes("help_number", TRIED)
OTHER = encode_changes("help_number", {"number": "+371 26 11 22 33"})
KEYS = {key: RECORD_TYPES["help_number"].ids[key] for key in ("number", "called", "called_by")}


def counts(row: Row) -> bool:
    return with_own_test(view(row, HelpNumber)).record.called is not None


def saved(row: Row, changes: Mapping[int, Wire], minute: int, *, bound: bool) -> Row:
    """Return the row after a save at so many minutes after NOW, by this program or an older one."""
    seen = seen_writes(row)
    kept = bind_test_call(row, changes, seen) if bound else changes
    return replace(row, state=apply_changes(row.state, kept, seen, make.signature(minute=minute)))


@pytest.mark.parametrize("minute", [-9, 9])
@pytest.mark.parametrize("bound", [False, True])
def test_call_does_not_count_for_a_later_number(minute: int, *, bound: bool) -> None:
    before = make.row("help_number")
    assert counts(before)
    changed = saved(before, OTHER, minute, bound=bound)
    assert not counts(changed)
    assert counts(saved(changed, CALL, 20, bound=True))
    assert not counts(saved(changed, CALL, 20, bound=False))


def test_call_of_an_older_program_counts_for_the_first_number_alone() -> None:
    before = make.row("help_number", {"number": "+46 70-174 06 15"})
    assert not counts(before)
    assert counts(saved(before, CALL, 1, bound=False))
    assert not counts(saved(before, CALL, -1, bound=False))


def test_call_without_a_number_stays_as_it_is() -> None:
    empty = make.row("help_number", {"sequence": 1})
    assert bind_test_call(empty, CALL, seen_writes(empty)) == CALL
    assert bind_test_call(empty, OTHER, seen_writes(empty)) == OTHER


def test_call_is_saved_with_the_number_that_was_seen() -> None:
    before = make.row("help_number")
    bound = bind_test_call(before, CALL, seen_writes(before))
    assert bound == {**CALL, KEYS["number"]: make.FILLED["help_number"]["number"]}
    assert bind_test_call(before, CALL, ()) == CALL
    both = {**CALL, **OTHER}
    assert bind_test_call(before, both, seen_writes(before)) == both
    leg = make.row("leg")
    assert bind_test_call(leg, OTHER, seen_writes(leg)) == OTHER


def test_number_is_saved_without_the_call_before_it() -> None:
    before = saved(make.row("help_number"), CALL, 1, bound=True)
    gone = bind_test_call(before, OTHER, seen_writes(before))
    assert gone == {**OTHER, KEYS["called"]: None, KEYS["called_by"]: None}
    by = {KEYS["called_by"]: "NN"}
    assert bind_test_call(before, {**OTHER, **by}, ())[KEYS["called_by"]] == "NN"


def test_number_in_conflict_has_no_call() -> None:
    before = make.row("help_number")
    seen = seen_writes(before)
    theirs = apply_changes(before.state, OTHER, seen, make.signature("KA, Other", 1))
    ours = saved(before, CALL, 2, bound=True).state
    merged = replace(before, state=merge_states(ours, theirs))
    assert "number" in view(merged, HelpNumber).conflicts
    assert view(merged, HelpNumber).record.number is None
