# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms and notices at their edges: the last minute of grace, legs off the road, torn values."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.disclosure_samples import with_deletion
from tests.unit.domain.gates.gate_samples import SAFE_COUNTRY, ago, ahead, part, seen

from kfdesk.domain.registers import merge_states
from kfdesk.domain.rows import Row
from kfdesk.domain.values import MissingAnswer, ZonedTime
from kfdesk.domain.workflow.alarms import (
    Alarm,
    AlarmKind,
    PlanWarning,
    find_alarms,
    journey_times,
    plan_warnings,
)
from kfdesk.domain.workflow.gates import CaseContext

BOOKED = {"status": "booked", "departed": None, "arrived": None, "check_in_status": "due"}
FAR = {"departs": ahead(hours=3), "arrives": ahead(hours=9), "check_in": ahead(hours=9), **BOOKED}
LAST = {**FAR, "departs": ahead(hours=20), "arrives": ahead(hours=30), "check_in": ahead(hours=30)}
TRAVELLING = {"state": "travelling"}
ON_THE_WAY = {"handover": {"happened": None}}
MILLISECOND = timedelta(milliseconds=1)


def going(leg: dict[str, Any], second: dict[str, Any] | None = None, **more: Any) -> CaseContext:
    """Return a plan on the way with two legs, the second far ahead unless it is told otherwise."""
    legs = {"leg": {**FAR, **leg}, "second leg": {**LAST, **(second or {})}}
    return seen({"plan": TRAVELLING, **legs, **ON_THE_WAY, **more})


def raised(s: CaseContext) -> list[tuple[AlarmKind, int | None]]:
    """Return the alarms, in their order, each with the number of its leg."""
    return [(one.kind, _number(one)) for one in find_alarms(s)]


def _number(alarm: Alarm) -> int | None:
    number = alarm.leg.record.sequence if alarm.leg is not None else None
    return number if isinstance(number, int) else None


# the last minute of grace


@pytest.mark.parametrize(
    ("leg", "late", "kind"),
    [
        ({"departs": ago(minutes=30)}, {"departs": ago(minutes=31)}, AlarmKind.NOT_DEPARTED),
        (
            {"status": "departed", "arrives": ago(minutes=60)},
            {"status": "departed", "arrives": ago(minutes=61)},
            AlarmKind.NOT_ARRIVED,
        ),
        ({"check_in": ago(minutes=30)}, {"check_in": ago(minutes=31)}, AlarmKind.CHECK_IN_MISSED),
    ],
)
def test_grace_lasts_through_its_last_minute(
    leg: dict[str, Any], late: dict[str, Any], kind: AlarmKind
) -> None:
    assert raised(going(leg)) == []
    assert raised(going(late)) == [(kind, 1)]


@pytest.mark.parametrize(
    ("leg", "grace"),
    [
        ({"departs": ago()}, timedelta(minutes=30)),
        ({"status": "departed", "arrives": ago()}, timedelta(minutes=60)),
        ({"check_in": ago()}, timedelta(minutes=30)),
    ],
)
def test_alarm_comes_by_itself_when_the_grace_is_over(
    leg: dict[str, Any], grace: timedelta
) -> None:
    rows = going(leg)
    later = [_at(rows, by) for by in (grace, grace + MILLISECOND)]
    assert [bool(find_alarms(s)) for s in later] == [False, True]


def _at(s: CaseContext, by: timedelta) -> CaseContext:
    return CaseContext(**{**{name: getattr(s, name) for name in s.__slots__}, "at": s.at + by})


def test_alarm_is_counted_from_what_was_agreed_and_not_from_its_grace() -> None:
    (alarm,) = find_alarms(going({"departs": ago(hours=2)}))
    assert alarm.since == ago(hours=2).utc


def test_time_in_another_zone_is_the_same_instant() -> None:
    noon = datetime(2026, 11, 24, 13, 30)  # noqa: DTZ001 - a wall clock: 11:30 at the desk
    assert raised(going({"departs": ZonedTime.at(noon, make.MOSCOW)})) == []
    before = ZonedTime.at(noon - timedelta(minutes=1), make.MOSCOW)
    assert raised(going({"departs": before})) == [(AlarmKind.NOT_DEPARTED, 1)]


# what is not known is no alarm


def test_check_in_that_somebody_calls_missed_is_an_alarm_also_without_a_time() -> None:
    (alarm,) = find_alarms(going({"check_in": None, "check_in_status": "missed_alarm"}))
    assert (alarm.kind, alarm.since) == (AlarmKind.CHECK_IN_MISSED, None)


@pytest.mark.parametrize("unknown", [None, MissingAnswer.UNKNOWN, MissingAnswer.DECLINED])
@pytest.mark.parametrize("key", ["departs", "check_in"])
def test_time_that_nobody_knows_raises_nothing(key: str, unknown: MissingAnswer | None) -> None:
    assert raised(going({key: unknown})) == []


def test_leg_that_has_left_is_waited_for_only_where_its_arrival_is_known() -> None:
    assert raised(going({"status": "departed", "departs": ago(days=2), "arrives": None})) == []


def test_missed_leg_without_a_time_says_that_it_is_not_known_since_when() -> None:
    (alarm,) = find_alarms(going({"status": "missed", "departs": None}))
    assert (alarm.kind, alarm.since) == (AlarmKind.LEG_MISSED, None)


# she went on


@pytest.mark.parametrize("status", ["departed", "arrived"])
def test_later_leg_that_is_under_way_ends_the_waiting_for_an_earlier_one(status: str) -> None:
    late = {"departs": ago(hours=9), "check_in_status": "made"}
    assert raised(going(late)) == [(AlarmKind.NOT_DEPARTED, 1)]
    assert raised(going(late, {"status": status})) == []


def test_later_leg_that_was_cancelled_does_not_show_that_she_went_on() -> None:
    late = {"departs": ago(hours=9)}
    assert raised(going(late, {"status": "cancelled"})) == [(AlarmKind.NOT_DEPARTED, 1)]


def test_check_in_is_waited_for_though_she_went_on() -> None:
    late = {"status": "arrived", "check_in": ago(hours=1)}
    assert raised(going(late, {"status": "departed"})) == [(AlarmKind.CHECK_IN_MISSED, 1)]


def test_cancelled_leg_waits_for_nothing() -> None:
    late = {"status": "cancelled", "departs": ago(days=1), "check_in": ago(days=1)}
    assert raised(going(late)) == []


def test_missed_leg_keeps_its_alarm_whatever_else_is_late() -> None:
    missed = {"status": "missed", "departs": ago(hours=5), "check_in": ago(hours=5)}
    second = {"departs": ago(hours=1)}
    expected = [(AlarmKind.LEG_MISSED, 1), (AlarmKind.NOT_DEPARTED, 2)]
    assert raised(going(missed, second)) == expected


def test_new_leg_of_another_number_does_not_stand_in_for_a_missed_one() -> None:
    missed = {"status": "missed", "departs": ago(hours=5)}
    assert raised(going(missed, {"sequence": 3})) == [(AlarmKind.LEG_MISSED, 1)]
    assert raised(going(missed, {"sequence": 1})) == []


def test_cancelled_leg_does_not_stand_in_for_a_missed_one() -> None:
    missed = {"status": "missed", "departs": ago(hours=5)}
    off = {"sequence": 1, "status": "cancelled"}
    assert raised(going(missed, off)) == [(AlarmKind.LEG_MISSED, 1)]


def test_deleted_leg_raises_nothing() -> None:
    row = part("leg", {**FAR, "departs": ago(hours=9)})
    changes = {"plan": TRAVELLING, "leg": None, "second leg": LAST, **ON_THE_WAY}
    assert raised(seen(changes, row)) == [(AlarmKind.NOT_DEPARTED, 1)]
    assert raised(seen(changes, with_deletion(row))) == []


@pytest.mark.parametrize(
    ("key", "kind"),
    [("departs", AlarmKind.NOT_DEPARTED), ("check_in", AlarmKind.CHECK_IN_MISSED)],
)
def test_conflict_about_a_time_silences_no_alarm(key: str, kind: AlarmKind) -> None:
    changes = {"plan": TRAVELLING, "leg": None, "second leg": LAST, **ON_THE_WAY}
    early, late = ago(hours=9), ahead(hours=1)
    for one, other in ((early, late), (late, early), (early, None), (None, early)):
        (alarm,) = find_alarms(seen(changes, both(part("leg", FAR), key, one, other)))
        assert (alarm.kind, alarm.since) == (kind, early.utc)
    quiet = both(part("leg", FAR), key, late, ahead(hours=2))
    assert find_alarms(seen(changes, quiet)) == ()


def test_conflict_about_a_departure_after_the_handover_keeps_the_alarm() -> None:
    received = {"handover": {"happened": ago(hours=5)}}
    changes = {"plan": TRAVELLING, "leg": None, "second leg": LAST, **received}
    before, after = ago(hours=9), ago(hours=3)
    late = both(part("leg", {**FAR, "check_in": before}), "departs", before, after)
    assert {kind for kind, _ in raised(seen(changes, late))} == {
        AlarmKind.NOT_DEPARTED, AlarmKind.CHECK_IN_MISSED,
    }  # fmt: skip
    known = both(part("leg", {**FAR, "check_in": before}), "departs", before, ago(hours=8))
    assert raised(seen(changes, known)) == []


def both(row: Row, key: str, one: Any, other: Any) -> Row:
    """Return a record with a field that two desks wrote apart."""
    first = make.changed(row, {key: one}, make.signature("EV, Nordhuset", 2))
    second = make.changed(row, {key: other}, make.signature("ОМ, Дом у реки", 3))
    return Row(
        row.rid, row.type, row.parent, row.custodian, merge_states(first.state, second.state)
    )


# the reception


def test_reception_of_another_house_is_not_ours_to_lose() -> None:
    other = make.row(
        "reception",
        {"organisation": make.THIRD.hex(), "status": "declined_referred_on"},
        rid=make.named_id("other"),
    )
    assert raised(seen({"plan": TRAVELLING, "leg": FAR, "second leg": LAST}, other)) == []


def test_newest_word_of_the_receiver_counts() -> None:
    changes = {"plan": TRAVELLING, "leg": FAR, "second leg": LAST, **ON_THE_WAY}
    before = make.row("reception", {}, rid=make.named_id("newer"))
    values: dict[str, Any] = {"organisation": make.PARTNER.hex(), "answered": ago(hours=2)}
    for status, expected in (("declined_referred_on", 1), ("confirmed", 0)):
        newer = make.changed(before, {**values, "status": status}, make.signature(minute=9))
        found = find_alarms(seen(changes, newer))
        assert len(found) == expected
        assert [one.since for one in found] == [ago(hours=2).utc] * expected


@pytest.mark.parametrize("receiver", [None, SAFE_COUNTRY])
def test_plan_whose_receiver_nobody_names_has_lost_its_reception(receiver: Any) -> None:
    changes = {"plan": TRAVELLING, "leg": FAR, "second leg": LAST, **ON_THE_WAY}
    lost = [] if receiver else [(AlarmKind.RECEPTION_WITHDRAWN, None)]
    assert raised(seen(changes, receiver=receiver)) == lost
    at_home = {**changes, "handover": {"happened": ago(hours=1)}}
    assert raised(seen(at_home, receiver=receiver)) == lost  # who else says so is not believed
    ours = part("handover", {"happened": ago(hours=1)})
    told = replace(ours, custodian=make.OURS)
    assert raised(seen({**changes, "handover": None}, told, receiver=receiver)) == []


def test_alarm_whose_time_is_not_known_stands_with_what_happened_now() -> None:
    s = going({"departs": ago(hours=2)}, reception=None)
    expected = [(AlarmKind.NOT_DEPARTED, 1), (AlarmKind.RECEPTION_WITHDRAWN, None)]
    assert raised(s) == expected


def test_plan_whose_state_two_desks_wrote_apart_is_watched() -> None:
    torn = both(part("plan", {"state": "travel_ready"}), "state", "travelling", "withdrawn")
    changes = {"plan": None, "leg": {**FAR, "departs": ago(hours=2)}, "second leg": LAST}
    assert raised(seen({**changes, **ON_THE_WAY}, torn)) == [(AlarmKind.NOT_DEPARTED, 1)]


# notices


QUIET: dict[str, Any] = {"law": {"next_hearing": None}}


def said(*more: Row, **changes: Any) -> tuple[PlanWarning, ...]:
    return plan_warnings(seen({**QUIET, **changes}, *more))


def codes(*more: Row, **changes: Any) -> list[tuple[str, int | None]]:
    return [(notice.code, notice.number) for notice in said(*more, **changes)]


def test_leg_that_leaves_in_the_minute_of_arrival_fits() -> None:
    first = make.at(13, 10, 30, make.RIGA)
    assert codes(**{"second leg": {"departs": first}}) == []
    early = make.at(13, 10, 29, make.RIGA)
    expected = [("leaves_before_the_one_above_arrives", 2)]
    assert codes(**{"second leg": {"departs": early}}) == expected


def test_leg_that_arrives_in_the_minute_in_which_it_leaves_fits() -> None:
    assert codes(leg={"arrives": make.at(12, 17)}) == []
    assert codes(leg={"arrives": make.at(12, 16, 59)}) == [("arrives_before_departs", 1)]


def test_clocks_of_two_zones_are_compared_as_instants() -> None:
    leaves, arrives = make.at(12, 17), make.at(12, 18, 30, make.MOSCOW)  # 16:30 in Stockholm
    assert codes(leg={"departs": leaves, "arrives": arrives}) == [("arrives_before_departs", 1)]
    in_time = make.at(12, 19, 0, make.MOSCOW)
    assert codes(leg={"departs": leaves, "arrives": in_time}) == []


def test_number_of_a_notice_counts_the_legs_that_are_travelled() -> None:
    early = {"sequence": 3, "departs": make.at(13, 9, 0, make.RIGA)}
    off = make.row("leg", {**FAR, "sequence": 2, "status": "cancelled"}, rid=make.named_id("off"))
    assert codes(off, **{"second leg": early}) == [("leaves_before_the_one_above_arrives", 2)]


def test_leg_whose_arrival_is_not_known_is_passed_over() -> None:
    second = {"sequence": 2, "departs": None, "arrives": None}
    third = make.row(
        "leg",
        {**BOOKED, "sequence": 3, "departs": make.at(13, 9, 0, make.RIGA)},
        rid=make.named_id("third"),
    )
    expected = [("leaves_before_the_one_above_arrives", 3)]
    assert codes(third, **{"second leg": second}) == expected


def test_notice_leads_to_the_field_of_the_record() -> None:
    (notice,) = said(**{"second leg": {"departs": make.at(13, 9, 0, make.RIGA)}})
    where = (notice.where.type, notice.where.key, notice.where.rid)
    assert where == ("leg", "departs", make.named_id("second leg"))
    (own,) = said(plan={"escort": make.HER.hex()})
    assert (own.where.type, own.where.key, own.where.rid) == ("plan", "escort", make.PLAN)


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (date(2026, 12, 13), []),  # the day on which she arrives
        (date(2026, 12, 12), [("document_ends_before_arrival", None)]),
        (None, []),
        (MissingAnswer.UNKNOWN, []),
    ],
)
def test_document_is_spoken_of_from_the_day_before_arrival(until: Any, expected: Any) -> None:
    assert codes(passport={"valid_until": until}) == expected


def test_document_must_last_the_night_in_which_she_arrives() -> None:
    midnight = {"second leg": {"arrives": make.at(14, 1, 30, make.MOSCOW)}}  # the 13th in UTC
    assert codes(passport={"valid_until": date(2026, 12, 14)}, **midnight) == []
    ended = codes(passport={"valid_until": date(2026, 12, 13)}, **midnight)
    assert ended == [("document_ends_before_arrival", None)]


def test_document_of_a_journey_without_times_is_not_spoken_of() -> None:
    legs = {key: {"departs": None, "arrives": None} for key in ("leg", "second leg")}
    assert codes(passport={"valid_until": date(2020, 1, 1)}, **legs) == []


@pytest.mark.parametrize(
    ("passport", "expected"),
    [
        ({"name_as_written": "Nina Vymyslova"}, []),
        ({"name_as_written": "NINA\u00a0VYMYSLOVA"}, []),
        ({"name_as_written": "VYMYSLOVA NINA"}, [("name_is_not_as_on_the_ticket", None)]),
        ({"name_as_written": "NINA VYMISLOVA"}, [("name_is_not_as_on_the_ticket", None)]),
        ({"name_as_written": None}, []),
        ({"name_as_written": MissingAnswer.UNKNOWN}, []),
        ({"kind": "birth_certificate", "name_as_written": "ALVA"}, []),
    ],
)
def test_name_is_compared_whatever_its_case_and_spaces(passport: Any, expected: Any) -> None:
    assert codes(passport=passport) == expected


def test_name_is_not_compared_where_no_ticket_has_one() -> None:
    assert codes(client={"name_on_ticket": None}, passport={"name_as_written": "ANNA"}) == []


@pytest.mark.parametrize(
    ("hearing", "expected"),
    [
        (make.at(12, 17), True),  # as she leaves
        (make.at(12, 16, 59), False),
        (make.at(13, 20, 15, make.MOSCOW), True),  # as she arrives
        (make.at(13, 20, 16, make.MOSCOW), False),
        (make.at(13, 9), True),
        (MissingAnswer.UNKNOWN, False),
    ],
)
def test_hearing_falls_into_the_journey_from_its_first_minute_to_its_last(
    hearing: Any, expected: bool
) -> None:
    found = {notice.code for notice in plan_warnings(seen({"law": {"next_hearing": hearing}}))}
    assert ("hearing_during_the_journey" in found) is expected


def test_journey_runs_from_the_first_departure_to_the_last_arrival() -> None:
    first, last = make.at(12, 17).utc, make.at(13, 20, 15, make.MOSCOW).utc
    assert journey_times(seen()) == (first, last)
    assert journey_times(seen({"leg": {"status": "missed"}})) == (
        make.at(13, 12, 40, make.RIGA).utc,
        last,
    )
    assert journey_times(seen({"leg": None, "second leg": None})) == (None, None)
