# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs: what starts clocks, what shows that steps are done, and which run of a plan counts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.support import make
from tests.unit.domain.disclosure_samples import with_deletion

from kfdesk.domain.procedures.clocks import ClockFault, ClockNote, Due, DueReason, NotDue
from kfdesk.domain.procedures.events import (
    EVENT_FIELDS,
    Proof,
    done_at,
    events_of,
    facts_of,
    is_investigation_open,
    proof_of,
)
from kfdesk.domain.procedures.runs import (
    RunStep,
    next_deadline,
    open_run,
    read_steps,
)
from kfdesk.domain.procedures.steps import StepDoubt
from kfdesk.domain.records.case import LegalStatus
from kfdesk.domain.records.cooperation import Cooperation, CooperationStep
from kfdesk.domain.rows import Row, view, view_fields
from kfdesk.domain.values import MissingAnswer, PartialDate, Translation, ZonedTime
from kfdesk.domain.workflow.gates import CaseContext, build_case_context

RUN = make.named_id("run")
WHY = (Translation("sv", "Därför"),)
EARLY, LATE = make.at(1, 10), make.at(9, 10)
GRANTED: Mapping[str, Any] = {"kind": "reflection", "decision": "granted"}


def case(*rows: Row, client: Any = None, plan: Any = None) -> CaseContext:
    heads = (make.row("client", client or {}), make.row("plan", plan or {}))
    return build_case_context((*heads, *rows), make.NOW)


def below(name: str, number: int = 0, **values: Any) -> Row:
    return make.row(name, values, rid=make.named_id(f"{name} {number}"), parent=make.PLAN)


def run_view(custodian: bytes = make.OURS, name: str = "run", **values: Any) -> Any:
    whole: dict[str, Any] = {"opened": EARLY, "country": "SE"} | values
    row = make.row("cooperation", whole, rid=make.named_id(name), custodian=custodian)
    return view(row, Cooperation)


def step_row(prefix: str, custodian: bytes = make.OURS, **values: Any) -> Row:
    whole = {"prefix": prefix, **values}
    rid = make.named_id(f"{prefix} {custodian.hex()}")
    return make.row("cooperation_step", whole, rid=rid, parent=RUN, custodian=custodian)


def steps_of(
    *rows: Row, where: CaseContext | None = None, country: str = "SE"
) -> tuple[RunStep, ...]:
    seen = [view(row, CooperationStep) for row in rows]
    return read_steps(where or case(), run_view(country=country), seen)


def events(*rows: Row, **heads: Any) -> Mapping[str, Any]:
    return events_of(case(*rows, **heads), run_view(closed=None).record, ())


# --- what starts a clock


def test_events_are_what_records_tell() -> None:
    legs = [below("leg", 1, sequence=2, departed=LATE, arrived=LATE),
            below("leg", 2, sequence=1, departed=EARLY, arrived=EARLY),
            below("leg", 3, sequence=3, status="cancelled", departed=EARLY)]  # fmt: skip
    found = events(
        make.consent(given=make.at(2, 9)), *legs,
        below("legal_status", 1, **GRANTED, begins=date(2026, 12, 1)),
        below("legal_status", 2, kind="permit", decision="granted", begins=date(2026, 12, 2),
              ends=date(2027, 6, 2)),
        below("legal_status", 3, kind="injured_party", begins=date(2026, 12, 3)),
        below("legal_status", 4, kind="injured_party", begins=date(2026, 12, 9), decision="ended"),
        below("reception", 1, asked=EARLY), below("reception", 2, asked=LATE),
        below("risk_assessment", 1, done=date(2026, 12, 5)),
        plan={"wish_stated": LATE},
    )  # fmt: skip
    assert found == {
        "opened": EARLY, "reflection_granted": date(2026, 12, 1),
        "reflection_ends": date(2026, 12, 30), "permit_granted": date(2026, 12, 2),
        "permit_ends": date(2027, 6, 2), "investigation_opened": date(2026, 12, 3),
        "wish_stated": LATE, "reception_asked": LATE, "risk_done": date(2026, 12, 5),
        "departed": EARLY, "arrived": LATE,
    }  # fmt: skip


def test_earliest_consent_that_stands_starts_a_clock() -> None:
    first, second = make.NOW - timedelta(3), make.NOW - timedelta(1)
    given = [
        make.consent("a", given=ZonedTime.at(first.replace(tzinfo=None), make.STOCKHOLM)),
        make.consent("b", given=ZonedTime.at(second.replace(tzinfo=None), make.STOCKHOLM)),
    ]
    found = events(*given, client=make.FILLED["client"])
    assert found["consent_given"].wall.day == first.day


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ({"begins": PartialDate("2026-03")}, PartialDate("2026-03")),
        ({"begins": None}, None),
        ({"begins": date(2026, 3, 1), "ends": PartialDate("2026-04")}, date(2026, 4, 1)),
        ({"begins": date.max}, date.max),
        ({"kind": "permit", "begins": date(2026, 3, 1)}, None),
        ({"decision": "applied", "begins": date(2026, 3, 1)}, None),
    ],
)
def test_end_of_a_period_is_the_decided_one_or_that_of_the_law(values: Any, ends: Any) -> None:
    found = events(below("legal_status", **{**GRANTED, **values}))
    assert found.get("reflection_ends") == ends


def test_record_of_another_starts_a_clock_only_where_the_plans_custodian_has_none() -> None:
    def theirs(name: str, **values: Any) -> Row:
        return replace(below(name, 9, **values), custodian=make.PARTNER)

    far, near = date(2031, 1, 1), date(2026, 12, 20)
    sent = (
        theirs("legal_status", **GRANTED, begins=far, ends=far),
        theirs("reception", asked=make.at(20, 10)), theirs("risk_assessment", done=far),
    )  # fmt: skip
    alone = events(*sent)
    assert (alone["reflection_ends"], alone["risk_done"]) == (far, far)
    both = events(
        *sent, below("legal_status", **GRANTED, ends=near), below("reception", asked=EARLY),
        below("risk_assessment", done=near),
    )  # fmt: skip
    assert (both["reflection_ends"], both["risk_done"]) == (near, near)
    assert both["reception_asked"] == EARLY
    opened = theirs("legal_status", kind="injured_party", begins=far)
    ours = below("legal_status", 3, kind="injured_party", begins=near)
    assert events(opened)["investigation_opened"] == far
    assert events(opened, ours)["investigation_opened"] == near


def test_of_two_last_days_the_earlier_ends_a_period() -> None:
    row = below("legal_status", **GRANTED, ends=date(2026, 12, 20))
    by = make.signature("AB, Дом у реки", 9)
    torn = make.changed(row, {"ends": date(2031, 1, 1)}, by, seen=below("legal_status"))
    assert events(torn)["reflection_ends"] == date(2026, 12, 20)


def test_computed_end_of_a_reflection_period_says_how_it_was_counted() -> None:
    step = step_row("6a", event="reflection_ends", clock="statutory")
    begun: dict[str, Any] = {**GRANTED, "begins": date(2026, 12, 1)}
    (one,) = steps_of(step, where=case(below("legal_status", **begun)))
    assert isinstance(one.due, Due)
    assert (one.due.last_day, one.due.because) == (date(2026, 12, 30), DueReason.COUNTED)
    assert one.due.notes == (ClockNote.EARLIER_READING,)
    decided = case(below("legal_status", **begun, ends=date(2026, 12, 31)))
    (one,) = steps_of(step, where=decided)
    assert isinstance(one.due, Due)
    assert (one.due.last_day, one.due.because) == (date(2026, 12, 31), DueReason.PERIOD_ENDS)
    assert one.due.notes == ()


def test_step_that_may_not_apply_says_why() -> None:
    step = step_row("6", applies=("no_permit",))
    (one,) = steps_of(step, where=case(client={"citizenship": ("RO",)}))
    assert one.doubt is StepDoubt.FREE_MOVEMENT
    (one,) = steps_of(step, where=case(client={"citizenship": ("NG",)}))
    assert one.doubt is None


def test_two_values_start_no_clock() -> None:
    row = below("legal_status", **GRANTED, begins=date(2026, 12, 1))
    torn = make.changed(row, {"begins": date(2026, 12, 9)}, make.signature(minute=5), seen=below(
        "legal_status"))  # fmt: skip
    assert "reflection_granted" not in events(torn)


def test_step_that_is_done_starts_the_clock_of_another() -> None:
    found = steps_of(
        step_row("4", state="completed", done=EARLY),
        step_row("4b", event="step_done", event_step="4", amount=14, unit="d"),
        step_row("5", event="step_done", event_step="77", amount=1, unit="d"),
        step_row("6", event="step_done", event_step="77", amount=1, unit="d", began=EARLY),
        step_row("7", event="step_done", event_step="4b", amount=1, unit="d"),
    )
    due = {one.prefix: one.due for one in found}
    assert isinstance(due["4b"], Due)
    assert due["4b"].last_day == date(2026, 12, 15)
    assert due["5"] == NotDue(ClockFault.STEP_MISSING, "77")
    assert isinstance(due["6"], Due)
    assert due["7"] == NotDue(ClockFault.NOT_BEGUN, "step_done:4b")


# --- what shows that a step is done


@pytest.mark.parametrize(
    ("proof", "rows", "plan", "at"),
    [
        ("wish", [], {"wish": "client_wishes_to_return", "wish_stated": EARLY}, EARLY),
        ("needs", [], {"needs_assessed": date(2026, 12, 1)}, date(2026, 12, 1)),
        ("risk", [below("risk_assessment", conclusion="travel_is_acceptable",
                        done=date(2026, 12, 1))], {}, date(2026, 12, 1)),
        ("reflection_applied", [below("legal_status", kind="reflection", decision="applied")], {},
         None),
        ("reflection_granted", [below("legal_status", **GRANTED, begins=date(2026, 12, 1))], {},
         date(2026, 12, 1)),
        ("permit_granted", [below("legal_status", kind="permit", decision="ended")], {}, None),
        ("permit_applied", [below("legal_status", kind="permit", decision="applied")], {}, None),
        ("investigation", [below("legal_status", kind="injured_party")], {}, None),
        ("guardian", [below("child_papers", guardian="Vera")], {}, None),
        ("programme", [], {"programme": "iom_amp"}, None),
        ("reception_asked", [below("reception", status="asked", asked=EARLY)], {}, EARLY),
        ("reception_confirmed", [below("reception", status="confirmed", answered=LATE)], {}, LATE),
        ("decision", [], {"decision_signed": date(2026, 12, 1)}, date(2026, 12, 1)),
        ("departed", [below("leg", sequence=1, departed=EARLY)], {}, EARLY),
        ("arrived", [below("leg", sequence=1, arrived=LATE)], {}, LATE),
        ("handover", [below("handover", result="received", happened=LATE)], {}, LATE),
        ("reintegration", [], {"reintegration_agreed": date(2026, 12, 1)}, date(2026, 12, 1)),
        ("follow_up", [below("follow_up", result="reached", happened=LATE)], {}, LATE),
    ],
)  # fmt: skip
def test_record_shows_that_a_step_is_done(proof: str, rows: Any, plan: Any, at: Any) -> None:
    shown = view(step_row("1", proof=proof), CooperationStep).record
    found = proof_of(shown, case(*rows, plan=plan))
    assert isinstance(found, Proof)
    assert found.at == at
    assert done_at(shown, case(*rows, plan=plan)) == at
    assert proof_of(shown, case()) is None
    (step,) = steps_of(step_row("1", proof=proof, state="requested"), where=case(*rows, plan=plan))
    assert (step.state, step.is_settled) == ("completed", True)


@pytest.mark.parametrize(
    ("proof", "rows", "plan"),
    [
        ("consent", [make.consent(withdrawn=EARLY)], {}),
        ("wish", [], {"wish": "client_wishes_to_return"}),
        ("risk", [below("risk_assessment", conclusion="travel_is_acceptable")], {}),
        ("guardian", [below("child_papers", 1, guardian="V"), below("child_papers", 2)], {}),
        ("programme", [], {"programme": "none"}),
        ("reception_confirmed", [below("reception", status="asked")], {}),
        ("departed", [below("leg", sequence=1, departed=EARLY, status="cancelled")], {}),
        ("handover", [below("handover", result="not_met")], {}),
        ("follow_up", [below("follow_up", result="reached")], {}),
        ("reflection_granted", [below("legal_status", kind="reflection", decision="refused")], {}),
        ("stamp", [], {}),
        (None, [], {}),
    ],
)
def test_half_a_record_shows_nothing(proof: Any, rows: Any, plan: Any) -> None:
    assert proof_of(view(step_row("1", proof=proof), CooperationStep).record,
                    case(*rows, plan=plan)) is None  # fmt: skip


def test_consent_for_the_asked_purpose_shows_it() -> None:
    where = case(make.consent(), client=make.FILLED["client"])
    purpose = where.consents[0].record.purpose
    shown = view(step_row("1", proof="consent", needs_consent=purpose), CooperationStep).record
    assert proof_of(shown, where) is not None
    other = view(step_row("1", proof="consent", needs_consent="police_report"), CooperationStep)
    assert proof_of(other.record, where) is None


# --- which steps apply


@pytest.mark.parametrize(
    ("client", "plan", "rows", "holds", "does_not"),
    [
        ({}, {}, [], "child wants_return stays", "adult eu_citizen third_country no_permit"),
        ({"birth_date": date(1990, 1, 1), "citizenship": ("BG",)}, {}, [], "adult eu_citizen",
         "child third_country no_permit"),
        ({"birth_date": date(1990, 1, 1), "citizenship": ("NO",)},
         {"wish": "client_wishes_to_return"}, [], "adult third_country wants_return",
         "eu_citizen stays no_permit"),
        ({"birth_date": date(1990, 1, 1), "citizenship": ("BG", "RU")},
         {"wish": "client_wishes_to_stay"},
         [below("legal_status", kind="permit", decision="granted")],
         "eu_citizen third_country stays", "no_permit wants_return"),
        ({"citizenship": ("NG",)}, {}, [below("legal_status", **GRANTED)], "no_permit", ""),
        ({"birth_date": date(1990, 1, 1)}, {}, [below("relationship", travels_with=True)],
         "adult child", ""),
        ({}, {}, [below("legal_status", kind="injured_party")], "investigation_open", ""),
    ],
)  # fmt: skip
def test_what_is_not_known_counts_on_the_careful_side(
    client: Any, plan: Any, rows: Any, holds: str, does_not: str
) -> None:
    found = facts_of(case(*rows, client=client, plan=plan)).hold
    assert set(holds.split()) <= found
    assert found.isdisjoint(does_not.split())


FREE, UNKNOWN = StepDoubt.FREE_MOVEMENT, StepDoubt.CITIZENSHIP


@pytest.mark.parametrize(
    ("citizenship", "is_without", "doubt"),
    [
        (("RO",), False, FREE), (("BG",), False, FREE), (("NO",), False, FREE),
        (("CH",), False, FREE), (("RO", "MD"), False, FREE), (("NG",), True, None),
        (("RS",), True, None), (("UA",), True, None), (("XX",), True, None),
        (None, False, UNKNOWN), (MissingAnswer.UNKNOWN, False, UNKNOWN), (("SE",), False, None),
        (("SE", "NG"), False, None),
    ],
)  # fmt: skip
def test_citizenship_says_who_is_without_a_permit_or_that_nobody_knows(
    citizenship: Any, is_without: bool, doubt: StepDoubt | None
) -> None:
    client = {} if citizenship is None else {"citizenship": citizenship}
    found = facts_of(case(client=client), "SE")
    assert ("no_permit" in found.hold, found.unclear.get("no_permit")) == (is_without, doubt)
    permit = below("legal_status", kind="permit", decision="granted")
    allowed = facts_of(case(permit, client=client), "SE")
    assert "no_permit" not in allowed.hold | allowed.unclear.keys()


def test_investigation_that_is_over_or_in_the_bin_is_not_open() -> None:
    matter = below("legal_status", kind="injured_party")
    ended = below("legal_status", kind="injured_party", decision="ended")
    seen = [view(row, LegalStatus) for row in (with_deletion(matter), ended)]
    assert not is_investigation_open(seen)
    assert is_investigation_open([view(matter, LegalStatus)])


# --- steps of a run


def test_step_says_that_its_consent_is_missing_and_no_more_once_it_stands() -> None:
    where = case(make.consent(), client=make.FILLED["client"])
    purpose = where.consents[0].record.purpose
    rows = (
        step_row("1", needs_consent=purpose), step_row("2", needs_consent="police_report"),
        step_row("3"),
    )  # fmt: skip
    assert [one.lacks_consent for one in steps_of(*rows, where=where)] == [False, True, False]


def test_step_waits_for_the_open_steps_that_it_follows() -> None:
    found = steps_of(
        step_row("10", after="2 9"), step_row("2"), step_row("9", state="not_applicable"),
        with_deletion(step_row("3")),
    )  # fmt: skip
    assert [one.prefix for one in found] == ["2", "9", "10"]
    assert found[2].waits_for == ("2",)


def test_deadline_says_where_the_holidays_of_the_country_are_not_known() -> None:
    begun: dict[str, Any] = {"began": make.at(1, 10), "event": "opened", "amount": 5}
    rows = (
        step_row("1", **begun, unit="workday"), step_row("2", **begun, unit="d", rolls=True),
        step_row("3", **begun, unit="d"), step_row("4"),
        step_row("5", **begun, unit="workday", extended_until=date(2027, 6, 1)),
    )  # fmt: skip

    def warned(country: str) -> list[str]:
        found = steps_of(*rows, country=country)
        note = ClockNote.HOLIDAYS_UNKNOWN
        return [one.prefix for one in found if isinstance(one.due, Due) and note in one.due.notes]

    assert (warned("SE"), warned("FI")) == ([], ["1", "2"])


def test_steps_of_another_custodian_are_not_of_the_run() -> None:
    law: Any = {"event": "opened", "amount": 14, "unit": "d", "after": "4"}
    theirs = [
        step_row("4", make.PARTNER, after="4b"),
        step_row("4b", make.PARTNER, state="completed"),
    ]
    found = steps_of(step_row("4b", **law), *theirs)
    assert [one.view.row.custodian for one in found] == [make.OURS]
    assert isinstance(found[0].due, Due)
    assert found[0].waits_for == ()


def test_ring_has_no_deadline_and_the_steps_beside_it_have() -> None:
    law: Any = {"event": "opened", "amount": 14, "unit": "d"}
    found = steps_of(step_row("1", after="2", **law), step_row("2", after="1", **law),
                     step_row("3", **law))  # fmt: skip
    assert [isinstance(one.due, Due) for one in found] == [False, False, True]
    assert found[0].due == NotDue(ClockFault.ORDER)


def test_who_wrote_the_state_is_named_and_two_states_are_none() -> None:
    row = step_row("1", state="requested")
    (found,) = steps_of(row)
    assert (found.written_by, found.state) == ("PP, Nordhuset", "requested")
    by = make.signature("AB, Дом у реки", 9)
    torn = make.changed(row, {"state": "completed"}, by, seen=step_row("1"))
    (both,) = steps_of(torn)
    assert (both.written_by, both.state, both.is_settled) == ("AB, Дом у реки", "", False)
    assert steps_of(step_row("2"))[0].written_by == ""


def test_next_deadline_is_the_earliest_one_and_the_laws_on_the_same_day() -> None:
    law: Any = {"event": "opened", "unit": "d"}
    found = steps_of(
        step_row("1", amount=5, clock="advised", **law),
        step_row("2", amount=5, clock="statutory", **law),
        step_row("3", amount=2, state="completed", **law),
        step_row("4"),
    )
    upcoming = next_deadline(found)
    assert upcoming is not None
    assert upcoming.prefix == "2"
    assert next_deadline(found[3:]) is None
    assert next_deadline(()) is None


# --- which run counts


def test_run_of_the_plans_custodian_counts_before_an_earlier_one() -> None:
    ours, later = run_view(name="a", opened=LATE), run_view(name="b", opened=None)
    theirs = run_view(make.PARTNER, "c", opened=EARLY)
    closed = run_view(name="d", closed=LATE)
    gone = with_deletion(run_view(name="e").row)

    def counts(*runs: Any) -> Any:
        return open_run(runs, make.OURS)

    assert counts(later, theirs, ours, closed, view(gone, Cooperation)) is ours
    assert counts(theirs, later) is later
    assert counts(closed, theirs) is theirs
    assert counts(closed) is None
    assert open_run([ours, theirs], make.PARTNER) is theirs


# --- reading for lists


def test_few_fields_tell_the_same_events_as_all_of_them() -> None:
    rows = (make.row("client"), make.row("plan"), make.row("leg"), make.row("legal_status"),
            make.row("reception"), make.consent())  # fmt: skip
    whole, few = (build_case_context(rows, make.NOW, fields=f) for f in (None, EVENT_FIELDS))
    run = run_view().record
    assert events_of(few, run, ()) == events_of(whole, run, ())
    for proof in ("consent", "wish", "needs", "decision", "programme", "departed", "arrived"):
        shown = view(step_row("1", proof=proof), CooperationStep).record
        assert proof_of(shown, few) == proof_of(shown, whole)


def test_view_of_few_fields_keeps_what_is_in_conflict() -> None:
    row = step_row("1", law="a", state="requested")
    torn = make.changed(row, {"law": "b"}, make.signature(minute=9), seen=step_row("1"))
    found = view_fields(torn, CooperationStep, ("law", "prefix"))
    assert (found.record.law, found.record.prefix, found.record.state) == (None, "1", None)
    assert found.conflicts == {"law"}
    assert found.versions == {}
