# SPDX-License-Identifier: GPL-3.0-or-later
"""What raises an alarm on the way, what ends it, and what does not fit together beside fields."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.gates.gate_samples import ago, ahead, part, seen

from kfdesk.domain.registers import WriteContext, next_hlc
from kfdesk.domain.rows import Row
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.alarms import (
    ARRIVAL_GRACE,
    CHECK_IN_GRACE,
    DEPARTURE_GRACE,
    AlarmKind,
    find_alarms,
    plan_warnings,
    stage_of,
)
from kfdesk.domain.workflow.travel import arrival_confirmed

BOOKED = {"status": "booked", "departed": None, "arrived": None, "check_in_status": "due"}
FAR = {"departs": ahead(hours=3), "arrives": ahead(hours=9), "check_in": ahead(hours=9), **BOOKED}
ON_THE_WAY = {"handover": {"happened": None}}
"""Nobody has received her yet."""


def kinds(leg: dict[str, Any], second: dict[str, Any] | None = None, **more: Any) -> set[AlarmKind]:
    changes = {"plan": {"state": "travelling"}, "leg": {**FAR, **leg}, **ON_THE_WAY, **more}
    changes["second leg"] = {**FAR, "departs": ahead(hours=20), **(second or {})}
    return {alarm.kind for alarm in find_alarms(seen(changes))}


def test_journey_as_agreed_raises_nothing() -> None:
    assert kinds({}) == set()
    gone = {"status": "departed", "departed": ago(hours=1), "departs": ago(hours=1)}
    assert kinds(gone) == set()


@pytest.mark.parametrize(
    ("leg", "kind"),
    [
        ({"departs": ago(minutes=31)}, AlarmKind.NOT_DEPARTED),
        ({"status": "departed", "departs": ago(hours=5), "arrives": ago(minutes=61)},
         AlarmKind.NOT_ARRIVED),
        ({"status": "missed"}, AlarmKind.LEG_MISSED),
        ({"check_in": ago(minutes=31)}, AlarmKind.CHECK_IN_MISSED),
        ({"check_in_status": "missed_alarm"}, AlarmKind.CHECK_IN_MISSED),
        ({"check_in": ago(minutes=31), "check_in_status": "late"}, AlarmKind.CHECK_IN_MISSED),
    ],
)  # fmt: skip
def test_trouble_raises_an_alarm(leg: dict[str, Any], kind: AlarmKind) -> None:
    assert kinds(leg) == {kind}


def event(name: str, at: int, **values: Any) -> Row:
    """Something that happened, written so many milliseconds after 1970."""
    by = WriteContext("EV, Nordhuset", next_hlc(at), lambda: make.named_bytes(name, 8))
    blank = make.row("risk_event", {}, rid=make.named_id(name))
    return make.changed(blank, {"kind": "new_threat", **values}, by)


def test_what_changes_the_risks_is_an_alarm_until_they_were_read_again() -> None:
    now = int(make.NOW.timestamp() * 1000)
    hour = 3_600_000
    read = {"plan": {"state": "travelling", "risk_read": ago(hours=2)}, "leg": FAR,
            "second leg": {**FAR, "departs": ahead(hours=20)}}  # fmt: skip
    assert find_alarms(seen(read, event("before", now - 3 * hour))) == ()
    happened = ago(hours=5)
    news = event("after", now - hour, happened=happened)
    (alarm,) = find_alarms(seen(read, event("before", now - 3 * hour), news))
    assert (alarm.kind, alarm.leg, alarm.since) == (
        AlarmKind.SOMETHING_HAPPENED, None, happened.utc,
    )  # fmt: skip
    (undated,) = find_alarms(seen(read, event("after", now - hour)))
    assert undated.since == make.NOW - timedelta(hours=1)
    never = {**read, "plan": {"state": "travelling", "risk_read": None}}
    assert [one.kind for one in find_alarms(seen(never, event("before", 1)))] == [
        AlarmKind.SOMETHING_HAPPENED
    ]


@pytest.mark.parametrize(
    "leg",
    [
        {"departs": ago(minutes=29)},
        {"status": "departed", "departs": ago(hours=5), "arrives": ago(minutes=59)},
        {"status": "arrived", "departs": ago(hours=5), "arrives": ago(hours=2)},
        {"status": "cancelled", "departs": ago(hours=5), "check_in": ago(hours=5)},
        {"check_in": ago(minutes=29)},
        {"check_in": ago(hours=5), "check_in_status": "made"},
        {"check_in": ago(hours=5), "check_in_status": "waived"},
    ],
)
def test_no_alarm_within_the_grace_or_once_it_is_settled(leg: dict[str, Any]) -> None:
    assert kinds(leg) == set()


def test_later_leg_that_has_left_shows_that_she_went_on() -> None:
    later = {"status": "departed", "departs": ago(minutes=5)}
    assert kinds({"departs": ago(hours=5), "check_in_status": "made"}, later) == set()


def test_leg_without_a_decided_place_shows_of_no_other_that_she_went_on() -> None:
    late = {"plan": {"state": "travelling"}, "second leg": None, **ON_THE_WAY,
            "leg": {**FAR, "departs": ago(hours=5), "check_in_status": "made"}}  # fmt: skip
    added = make.row(
        "leg", {"status": "arrived"}, rid=make.named_id("added"), custodian=make.PARTNER
    )
    assert [a.kind for a in find_alarms(seen(late, added))] == [AlarmKind.NOT_DEPARTED]
    missed = {**late, "leg": {**FAR, "sequence": None, "status": "missed"}}
    assert [a.kind for a in find_alarms(seen(missed, added))] == [AlarmKind.LEG_MISSED]


def test_new_leg_in_place_of_a_missed_one_ends_its_alarm() -> None:
    new = part("leg", {**FAR})
    changes = {"plan": {"state": "travelling"}, "leg": None, "second leg": FAR}
    missed = make.row("leg", {**FAR, "sequence": 1, "status": "missed"}, rid=make.named_id("old"))
    assert [a.kind for a in find_alarms(seen(changes, missed))] == [AlarmKind.LEG_MISSED]
    assert find_alarms(seen(changes, missed, new)) == ()


@pytest.mark.parametrize("status", ["declined_referred_on", "no_answer"])
def test_withdrawn_reception_raises_an_alarm_without_a_leg(status: str) -> None:
    assert kinds({}, reception={"status": status}) == {AlarmKind.RECEPTION_WITHDRAWN}
    assert kinds({}, reception=None) == {AlarmKind.RECEPTION_WITHDRAWN}


def test_client_on_her_way_before_anybody_was_asked_raises_no_withdrawal() -> None:
    gone = {**FAR, "departs": ago(hours=1), "status": "departed"}
    s = seen({"plan": {"state": "approved"}, "leg": gone, "second leg": FAR, **ON_THE_WAY,
              "reception": None})  # fmt: skip
    assert find_alarms(s) == ()


@pytest.mark.parametrize("state", ["draft", "approved", "arrived", "withdrawn"])
def test_plan_that_does_not_travel_raises_nothing(state: str) -> None:
    legs = {"leg": {**FAR, "status": "missed"}, "second leg": FAR}
    s = seen({"plan": {"state": state}, **legs, **ON_THE_WAY})
    assert find_alarms(s) == ()
    assert alarms_of_begun_journey(state) == (
        [] if state in {"arrived", "withdrawn"} else [AlarmKind.NOT_ARRIVED]
    )


def alarms_of_begun_journey(state: str) -> list[AlarmKind]:
    """Return the alarms of a plan in a state, whose client left and is two hours late."""
    gone = {**FAR, "departs": ago(hours=9), "arrives": ago(hours=2), "status": "departed"}
    legs = {"leg": gone, "second leg": FAR}
    return [one.kind for one in find_alarms(seen({"plan": {"state": state}, **legs, **ON_THE_WAY}))]


def test_handover_answers_what_was_to_happen_before_it_and_nothing_after() -> None:
    late = {"departs": ago(hours=9), "arrives": ago(hours=3), "check_in": ago(hours=2)}
    received = {"handover": {"happened": ago(hours=1)}}
    assert kinds(late) == {AlarmKind.NOT_DEPARTED, AlarmKind.CHECK_IN_MISSED}
    assert kinds(late, **received) == set()
    assert kinds({"status": "missed", "departs": ago(hours=9)}, **received) == set()
    assert kinds(late, {"departs": ago(minutes=40)}, **received) == {AlarmKind.NOT_DEPARTED}
    refused = {"handover": {"result": "refused", "confirmed_by_client": None}}
    assert kinds(late, **refused) == {AlarmKind.NOT_DEPARTED, AlarmKind.CHECK_IN_MISSED}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("handover", {"happened": ago(hours=1), "place": "door", "result": "received"}),
        ("follow_up", {"happened": ago(hours=1), "after_days": 0, "result": "reached"}),
    ],
)
@pytest.mark.parametrize(
    ("writer", "is_believed"), [(make.OURS, True), (make.PARTNER, True), (make.THIRD, False)]
)
def test_only_we_and_the_receiver_say_that_she_is_home(
    kind: str, values: dict[str, Any], writer: bytes, is_believed: bool
) -> None:
    late = {**FAR, "departs": ago(hours=9), "arrives": ago(hours=3), "check_in": ago(hours=2)}
    told = make.row(kind, {**make.FILLED[kind], **values}, custodian=writer)
    s = seen({"plan": {"state": "travelling"}, "leg": late, "second leg": None, "handover": None},
             told)  # fmt: skip
    assert (find_alarms(s) == ()) is is_believed
    assert (stage_of(s) == "arrived") is is_believed
    if kind == "handover":
        assert arrival_confirmed(s).is_open is not is_believed


def test_departure_that_nobody_wrote_down_is_seen_in_a_plan_that_is_ready() -> None:
    s = seen({"plan": {"state": "travel_ready"}, "leg": {**FAR, "departs": ago(hours=1)},
              "second leg": FAR, **ON_THE_WAY})  # fmt: skip
    (alarm,) = find_alarms(s)
    assert (alarm.kind, alarm.since) == (AlarmKind.NOT_DEPARTED, ago(hours=1).utc)


def test_longest_alarm_stands_on_top() -> None:
    s = seen({"plan": {"state": "travelling"}, **ON_THE_WAY,
              "leg": {**FAR, "departs": ago(hours=2), "check_in": ago(hours=6)},
              "second leg": FAR})  # fmt: skip
    assert [a.kind for a in find_alarms(s)] == [AlarmKind.CHECK_IN_MISSED, AlarmKind.NOT_DEPARTED]


# beside the fields


def said(**changes: Any) -> list[tuple[str, str]]:
    return [(notice.code, notice.where.key) for notice in plan_warnings(seen(changes))]


QUIET = {"law": {"next_hearing": None}}


def test_plan_that_fits_together_says_nothing() -> None:
    assert said(**QUIET) == []


@pytest.mark.parametrize(
    ("changes", "code", "key"),
    [
        ({"second leg": {"arrives": make.at(13, 12, 0, make.RIGA)}}, "arrives_before_departs",
         "arrives"),
        ({"second leg": {"departs": make.at(13, 10, 0, make.RIGA)}},
         "leaves_before_the_one_above_arrives", "departs"),
        ({"plan": {"escort": make.HER.hex()}}, "escort_is_the_client", "escort"),
        ({"passport": {"valid_until": date(2026, 12, 12)}}, "document_ends_before_arrival",
         "valid_until"),
        ({"passport": {"name_as_written": "NINA W"}}, "name_is_not_as_on_the_ticket",
         "name_as_written"),
        ({"law": {"next_hearing": make.at(13, 9)}}, "hearing_during_the_journey", "next_hearing"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_beside_its_field(
    changes: dict[str, Any], code: str, key: str
) -> None:
    assert said(**{**QUIET, **changes}) == [(code, key)]


@pytest.mark.parametrize(
    "changes",
    [
        {"passport": {"name_as_written": " nina  vymyslova "}},
        {"passport": {"kind": "child_passport", "name_as_written": "ALVA V"}},
        {"law": {"next_hearing": make.at(20, 9)}},
        {"second leg": {"departs": make.at(13, 10, 0, make.RIGA), "status": "cancelled"}},
    ],
)
def test_what_fits_is_not_spoken_of(changes: dict[str, Any]) -> None:
    assert said(**{**QUIET, **changes}) == []


AUCKLAND, ANGELES = "Pacific/Auckland", "America/Los_Angeles"


@pytest.mark.parametrize(
    ("departs", "arrives", "is_before"),
    [
        (make.at(12, 23, 0, AUCKLAND), make.at(12, 10, 0, ANGELES), False),  # 8 hours later
        (make.at(12, 22, 0, ANGELES), make.at(13, 6, 0, AUCKLAND), True),  # 13 hours earlier
        (make.at(12, 22, 0, ANGELES), make.at(14, 6, 0, AUCKLAND), False),
    ],
)
def test_order_of_a_leg_goes_by_instants_across_the_date_line(
    departs: ZonedTime, arrives: ZonedTime, is_before: bool
) -> None:
    times = {"departs": departs, "arrives": arrives, "check_in": None}
    codes = [code for code, _ in said(**{**QUIET, "leg": times, "second leg": None})]
    assert ("arrives_before_departs" in codes) is is_before


def test_grace_is_short() -> None:
    assert timedelta(minutes=30) == DEPARTURE_GRACE == CHECK_IN_GRACE
    assert timedelta(hours=1) == ARRIVAL_GRACE
