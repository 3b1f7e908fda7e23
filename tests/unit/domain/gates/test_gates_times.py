# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates at the edge of their time: the last minute that counts, and the first that does not.

Clocks are turned, zones differ and days end at midnight of the desk; a gate that is wrong by an
hour lets somebody leave on an old word, or holds a journey that is in order.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.support import make
from tests.unit.domain.gates.gate_samples import (
    A_CHILD,
    OUTSIDE,
    TODAY,
    ago,
    ahead,
    answer,
    day,
    gate,
    rows,
    seen,
)

from kfdesk.domain.values import MissingAnswer, ZonedTime
from kfdesk.domain.workflow.decision import ASSESSMENT_VALIDITY
from kfdesk.domain.workflow.gates import (
    CaseContext,
    Gate,
    GateAnswer,
    GateReason,
    build_case_context,
)
from kfdesk.domain.workflow.travel import (
    RISK_READING_VALIDITY,
    WISH_VALIDITY,
    last_arrival,
    risk_fresh,
    wish_fresh,
)

TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
MILLISECOND = timedelta(milliseconds=1)


def why(code: str, **changes: Any) -> GateReason | None:
    """Return why a gate is not met with these parts changed; None where it is met."""
    found = gate(code, seen(changes))
    assert (found.why is None) is (found.answer is GateAnswer.MET)
    return found.why


def at(moment: datetime, **changes: Any) -> CaseContext:
    """Return the sample as it is seen at another time than NOW."""
    return build_case_context(rows(changes), moment, OUTSIDE)


def later(s: CaseContext, by: timedelta) -> CaseContext:
    """Return the same records, seen so much later."""
    return replace(s, at=s.at + by)


# the wish, 48 hours, and the risks, 72


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        ({"hours": 0}, None),
        ({"hours": 47, "minutes": 59}, None),
        ({"hours": 48}, None),
        ({"hours": 48, "minutes": 1}, GateReason.TOO_OLD),
        ({"days": 30}, GateReason.TOO_OLD),
        ({"minutes": -1}, GateReason.IN_THE_FUTURE),
    ],
)
def test_wish_holds_for_forty_eight_hours_to_the_minute(
    back: dict[str, int], expected: GateReason | None
) -> None:
    assert why("wish_fresh", plan={"wish_reconfirmed": ago(**back)}) is expected


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        ({"hours": 71, "minutes": 59}, None),
        ({"hours": 72}, None),
        ({"hours": 72, "minutes": 1}, GateReason.TOO_OLD),
        ({"minutes": -1}, GateReason.IN_THE_FUTURE),
    ],
)
def test_reading_of_the_risks_holds_for_seventy_two_hours_to_the_minute(
    back: dict[str, int], expected: GateReason | None
) -> None:
    assert why("risk_fresh", plan={"risk_read": ago(**back)}) is expected


@pytest.mark.parametrize(
    ("key", "lasts", "check"),
    [
        ("wish_reconfirmed", WISH_VALIDITY, wish_fresh),
        ("risk_read", RISK_READING_VALIDITY, risk_fresh),
    ],
)
def test_word_that_is_fresh_now_runs_out_by_itself(key: str, lasts: timedelta, check: Any) -> None:
    s = seen({"plan": {key: ago()}})
    assert check(later(s, lasts)).answer is GateAnswer.MET
    assert check(later(s, lasts + MILLISECOND)).why is GateReason.TOO_OLD


@pytest.mark.parametrize("value", [None, MissingAnswer.UNKNOWN, MissingAnswer.DECLINED])
def test_time_that_nobody_knows_is_not_fresh(value: MissingAnswer | None) -> None:
    assert why("wish_fresh", plan={"wish_reconfirmed": value}) is GateReason.MISSING
    assert why("risk_fresh", plan={"risk_read": value}) is GateReason.MISSING


def test_wish_that_has_changed_is_told_before_that_it_is_old() -> None:
    spoilt = {"wish": "client_undecided", "wish_reconfirmed": ago(days=9)}
    found = gate("wish_fresh", seen({"plan": spoilt}))
    assert (found.why, found.where and found.where.key) == (GateReason.WISH_IS_ANOTHER, "wish")


@pytest.mark.parametrize(
    ("asked", "now"),
    [
        # the night in which clocks go back: 48 hours of life are 47 on the wall
        ("2026-10-24T12:00+02:00", "2026-10-26T11:00+01:00"),
        # the night in which they go on: 48 hours of life are 49 on the wall
        ("2027-03-27T12:00+01:00", "2027-03-29T13:00+02:00"),
    ],
)
def test_forty_eight_hours_are_hours_of_life_and_not_of_the_clock(asked: str, now: str) -> None:
    moment = ZonedTime.parse(f"{asked}[{make.STOCKHOLM}]")
    last = datetime.fromisoformat(now).astimezone(ZoneInfo(make.STOCKHOLM))
    kept = {"plan": {"wish_reconfirmed": moment}}
    assert wish_fresh(at(last, **kept)).answer is GateAnswer.MET
    assert wish_fresh(at(last + timedelta(minutes=1), **kept)).why is GateReason.TOO_OLD


def test_hour_that_comes_twice_is_told_apart_by_its_offset() -> None:
    now = datetime.fromisoformat("2026-10-27T02:30:00+01:00").astimezone(ZoneInfo(make.STOCKHOLM))
    first = ZonedTime.parse(f"2026-10-25T02:30+02:00[{make.STOCKHOLM}]")
    second = ZonedTime.parse(f"2026-10-25T02:30+01:00[{make.STOCKHOLM}]")
    assert wish_fresh(at(now, plan={"wish_reconfirmed": first})).why is GateReason.TOO_OLD
    assert wish_fresh(at(now, plan={"wish_reconfirmed": second})).answer is GateAnswer.MET


def test_wish_told_in_another_zone_counts_from_the_same_instant() -> None:
    moscow = ZonedTime.at(datetime(2026, 11, 22, 14, 0), make.MOSCOW)  # noqa: DTZ001 - a wall clock
    early = ZonedTime.at(datetime(2026, 11, 22, 13, 59), make.MOSCOW)  # noqa: DTZ001
    assert why("wish_fresh", plan={"wish_reconfirmed": moscow}) is None  # 12:00 in Stockholm
    assert why("wish_fresh", plan={"wish_reconfirmed": early}) is GateReason.TOO_OLD


# days on which something was done


DONE_ON: list[tuple[str, str, str]] = [
    ("needs_assessed", "plan", "needs_assessed"),
    ("legal_checked", "plan", "legal_checked"),
    ("client_signed", "plan", "decision_signed"),
    ("reintegration_agreed", "plan", "reintegration_agreed"),
    ("last_risk_read", "plan", "last_risk_read"),
    ("client_told", "plan", "told_what_is_kept"),
]


@pytest.mark.parametrize(("code", "part", "key"), DONE_ON)
def test_what_was_done_today_counts_and_what_is_done_tomorrow_does_not(
    code: str, part: str, key: str
) -> None:
    assert why(code, **{part: {key: TODAY}}) is None
    assert why(code, **{part: {key: TOMORROW}}) is GateReason.IN_THE_FUTURE
    assert why(code, **{part: {key: None}}) is GateReason.MISSING
    assert why(code, **{part: {key: MissingAnswer.DECLINED}}) is GateReason.MISSING


@pytest.mark.parametrize(
    ("code", "key"),
    [("child_heard", "childs_view_heard"), ("family_assessed", "family_assessed")],
)
def test_childs_days_count_until_today(code: str, key: str) -> None:
    child = {"relationship": A_CHILD, "travel_document": {}}
    assert why(code, child_papers={key: TODAY}, **child) is None
    assert why(code, child_papers={key: TOMORROW}, **child) is GateReason.IN_THE_FUTURE


@pytest.mark.parametrize(
    ("heard", "assessed", "decided", "expected"),
    [
        (day(1), day(1), day(1), GateReason.IN_THE_FUTURE),
        (YESTERDAY, YESTERDAY, YESTERDAY, None),  # on the same day, after both
        (YESTERDAY, TODAY, YESTERDAY, GateReason.BEFORE_IT_WAS_KNOWN),
        (TODAY, YESTERDAY, YESTERDAY, GateReason.BEFORE_IT_WAS_KNOWN),
        (YESTERDAY, YESTERDAY, TODAY, None),
        (None, YESTERDAY, YESTERDAY, None),  # that the child was not heard, its own gate says
    ],
)
def test_best_interests_are_decided_when_everything_is_known(
    heard: date | None, assessed: date, decided: date, expected: GateReason | None
) -> None:
    papers = {"childs_view_heard": heard, "family_assessed": assessed, "bid_decided": decided}
    child = {"relationship": A_CHILD, "travel_document": {}}
    assert why("best_interests", child_papers=papers, **child) is expected


def test_day_of_the_desk_ends_at_its_own_midnight() -> None:
    late = datetime(2026, 11, 24, 23, 59, tzinfo=ZoneInfo(make.STOCKHOLM))
    tomorrow = {"plan": {"legal_checked": TOMORROW}}
    assert gate("legal_checked", at(late, **tomorrow)).why is GateReason.IN_THE_FUTURE
    assert (
        answer("legal_checked", later(at(late, **tomorrow), timedelta(minutes=1))) is GateAnswer.MET
    )


@pytest.mark.parametrize(
    ("moment", "expected"), [(ago(), None), (ahead(minutes=1), GateReason.IN_THE_FUTURE)]
)
def test_wish_was_stated_by_now_and_not_in_a_minute(
    moment: ZonedTime, expected: GateReason | None
) -> None:
    assert why("wish_recorded", plan={"wish_stated": moment}) is expected


# what ends


@pytest.mark.parametrize(
    ("ends", "expected"), [(TODAY, None), (YESTERDAY, GateReason.CONSENT_ENDED), (TOMORROW, None)]
)
def test_consent_holds_through_its_last_day(ends: date, expected: GateReason | None) -> None:
    assert why("consent_case_management", **{"ours agreed": {"expires": ends}}) is expected
    assert why("consent_to_receiver", **{"theirs agreed": {"expires": ends}}) is expected


def test_consent_ends_at_midnight_of_the_desk() -> None:
    last = datetime(2026, 11, 24, 23, 59, 59, tzinfo=ZoneInfo(make.STOCKHOLM))
    s = at(last, **{"ours agreed": {"expires": TODAY}})
    assert answer("consent_case_management", s) is GateAnswer.MET
    ended = gate("consent_case_management", later(s, timedelta(seconds=1)))
    assert (ended.why, ended.where and ended.where.key) == (GateReason.CONSENT_ENDED, "expires")


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (TODAY, None),
        (YESTERDAY, GateReason.OUT_OF_DATE),
        (MissingAnswer.UNKNOWN, GateReason.OUT_OF_DATE),
    ],
)
def test_weighing_counts_through_the_day_it_names(last: Any, expected: GateReason | None) -> None:
    for side in ("our risks", "their risks"):
        assert why("risk_assessed", **{side: {"valid_until": last}}) is expected


@pytest.mark.parametrize(("older", "expected"), [(0, None), (1, GateReason.OUT_OF_DATE)])
def test_weighing_without_a_last_day_counts_thirty_days(
    older: int, expected: GateReason | None
) -> None:
    done = TODAY - ASSESSMENT_VALIDITY - timedelta(days=older)
    found = gate("risk_assessed", seen({"our risks": {"done": done, "valid_until": None}}))
    assert found.why is expected
    assert timedelta(days=30) == ASSESSMENT_VALIDITY


@pytest.mark.parametrize(
    ("done", "expected"), [(TODAY, None), (TOMORROW, GateReason.IN_THE_FUTURE)]
)
def test_weighing_was_done_by_today(done: date, expected: GateReason | None) -> None:
    assert why("risk_assessed", **{"their risks": {"done": done}}) is expected


@pytest.mark.parametrize(
    ("until", "expected"), [(TODAY, None), (TOMORROW, None), (YESTERDAY, GateReason.IN_THE_PAST)]
)
def test_day_of_erasing_is_not_past(until: date, expected: GateReason | None) -> None:
    assert why("retention_set", plan={"retention_until": until}) is expected


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (None, None),
        (ahead(minutes=1), None),
        (ago(), GateReason.TOO_OLD),  # until then, and no longer
        (ago(minutes=1), GateReason.TOO_OLD),
        (MissingAnswer.UNKNOWN, GateReason.TOO_OLD),
    ],
)
def test_approval_with_an_end_holds_until_then(ends: Any, expected: GateReason | None) -> None:
    assert why("second_person", decision={"ends": ends}) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (ago(), None),
        (ahead(minutes=1), GateReason.IN_THE_FUTURE),
        (MissingAnswer.UNKNOWN, GateReason.NOBODY_APPROVED),
    ],
)
def test_approval_was_given_by_now(given: Any, expected: GateReason | None) -> None:
    assert why("second_person", decision={"given": given}) is expected


# what must last until she has arrived


ARRIVES = make.at(13, 20, 15, make.MOSCOW)  # the last leg of the sample


@pytest.mark.parametrize(
    ("until", "expected"),
    [(day(13), None), (day(12), GateReason.DOCUMENT_ENDS), (None, GateReason.DOCUMENT_ENDS),
     (MissingAnswer.UNKNOWN, GateReason.DOCUMENT_ENDS)],
)  # fmt: skip
def test_document_is_valid_on_the_day_of_her_arrival(
    until: Any, expected: GateReason | None
) -> None:
    assert why("documents_valid", passport={"valid_until": until}) is expected


@pytest.mark.parametrize(
    ("until", "expected"),
    [(day(14), None), (day(13), GateReason.DOCUMENT_ENDS)],
)
def test_day_of_arrival_is_that_of_the_calendar_there(
    until: date, expected: GateReason | None
) -> None:
    after_midnight = {"second leg": {"arrives": make.at(14, 1, 30, make.MOSCOW)}}  # the 13th in UTC
    assert why("documents_valid", passport={"valid_until": until}, **after_midnight) is expected


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (ARRIVES, None),
        (make.at(13, 18, 15), None),  # the same instant on another clock
        (make.at(13, 18, 14), GateReason.ENDS_TOO_EARLY),
        (make.at(13, 20, 14, make.MOSCOW), GateReason.ENDS_TOO_EARLY),
    ],
)
def test_doctors_word_holds_to_the_minute_of_arrival(
    until: ZonedTime, expected: GateReason | None
) -> None:
    assert why("fit_to_travel", plan={"fit_to_travel_until": until}) is expected


def test_last_arrival_is_that_of_the_legs_that_count() -> None:
    assert last_arrival(seen()) == ARRIVES.utc
    off = {"second leg": {"status": "cancelled"}}
    assert last_arrival(seen(off)) == make.at(13, 10, 30, make.RIGA).utc
    assert last_arrival(seen({"leg": None, "second leg": None})) == make.NOW
    past = {"leg": {"arrives": ago(days=2)}, "second leg": {"arrives": ago(days=1)}}
    assert last_arrival(seen(past)) == make.NOW


@pytest.mark.parametrize("unknown", [None, MissingAnswer.UNKNOWN])
def test_leg_whose_arrival_nobody_knows_does_not_shorten_the_journey(
    unknown: MissingAnswer | None,
) -> None:
    assert last_arrival(seen({"leg": {"arrives": unknown}})) == ARRIVES.utc


def test_journey_that_is_late_asks_for_a_document_that_is_valid_now() -> None:
    past = {"leg": {"arrives": ago(days=2)}, "second leg": {"arrives": ago(days=1)}}
    assert (
        why("documents_valid", passport={"valid_until": YESTERDAY}, **past)
        is GateReason.DOCUMENT_ENDS
    )
    assert why("documents_valid", passport={"valid_until": TODAY}, **past) is None


# a hearing


@pytest.mark.parametrize(
    ("hearing", "present", "expected"),
    [
        (ago(minutes=1), True, None),  # it is over
        (ago(), True, GateReason.HEARING),  # it begins now
        (ahead(minutes=1), True, GateReason.HEARING),
        (ahead(days=400), None, GateReason.HEARING),
        (ahead(days=1), MissingAnswer.UNKNOWN, GateReason.HEARING),
        (ahead(days=1), False, None),
        (None, True, None),
        (
            MissingAnswer.UNKNOWN,
            False,
            GateReason.HEARING,
        ),  # a day that nobody knows may be tomorrow
        (MissingAnswer.DECLINED, False, GateReason.HEARING),
    ],
)
def test_hearing_that_may_need_her_holds_the_plan(
    hearing: Any, present: Any, expected: GateReason | None
) -> None:
    law = {"next_hearing": hearing, "must_be_present": present}
    assert why("legal_checked", law=law) is expected


# what was recorded of the journey


@pytest.mark.parametrize(
    ("happened", "expected"), [(ago(), None), (ahead(minutes=1), GateReason.NOT_RECORDED)]
)
def test_departure_and_arrival_lie_behind_us(
    happened: ZonedTime, expected: GateReason | None
) -> None:
    assert why("departure_recorded", leg={"departed": happened}) is expected
    assert why("arrival_confirmed", handover={"happened": happened}) is expected


def test_second_leg_that_has_left_is_a_departure_too() -> None:
    gone = {"status": "departed", "departed": ago(minutes=5)}
    missed = {"status": "missed", "departed": None}
    assert why("departure_recorded", leg=missed, **{"second leg": gone}) is None


# sent back


def sent_back(hours: int) -> Any:
    """Return the record of the step by which the plan was given up to be weighed anew."""
    values: dict[str, Any] = {
        "from_state": "approved", "to_state": "assessing", "happened": ago(hours=hours),
        "taken_by": "EV",
    }  # fmt: skip
    return make.row("transition", values, rid=make.named_id(f"back {hours}"))


def back(code: str, hours: int, **changes: Any) -> Gate:
    """Return what a gate says of a plan that went back so many hours ago."""
    return gate(code, seen(changes, sent_back(hours)))


def test_approval_of_the_minute_in_which_it_went_back_counts_and_of_before_does_not() -> None:
    same = back("second_person", 3, decision={"given": ago(hours=3)})
    before = back("second_person", 3, decision={"given": ago(hours=3, minutes=1)})
    assert same.answer is GateAnswer.MET
    assert before.why is GateReason.BEFORE_IT_WENT_BACK


def test_weighing_of_the_day_on_which_it_went_back_counts() -> None:
    today, both = {"done": TODAY}, ("our risks", "their risks")
    assert back("risk_assessed", 3, **dict.fromkeys(both, today)).answer is GateAnswer.MET
    old = back("risk_assessed", 3, **{both[0]: today, both[1]: {"done": YESTERDAY}})
    assert (old.why, old.where and old.where.key) == (GateReason.BEFORE_IT_WENT_BACK, "done")


def test_signature_of_the_day_on_which_it_went_back_counts() -> None:
    assert back("client_signed", 3, plan={"decision_signed": TODAY}).answer is GateAnswer.MET
    old = back("client_signed", 3, plan={"decision_signed": YESTERDAY})
    assert old.why is GateReason.BEFORE_IT_WENT_BACK


def test_last_time_that_it_went_back_counts() -> None:
    steps = (sent_back(30), sent_back(3))
    for order in (steps, steps[::-1]):
        s = seen({"decision": {"given": ago(hours=20)}}, *order)
        assert s.sent_back_at == ago(hours=3)
        assert gate("second_person", s).why is GateReason.BEFORE_IT_WENT_BACK
