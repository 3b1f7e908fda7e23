# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms that show a part of a record each: none keeps, drops or saves what another holds."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.course_samples import Walk, walked
from tests.integration.pair_samples import refusal

from kfdesk.demo import people
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import RecordView, seen_writes, view
from kfdesk.domain.values import MissingAnswer, Value
from kfdesk.services.core.drafts import (
    FieldKeys,
    FormState,
    count_drafts,
    discard_partial_draft,
    new_record_drafts,
    read_draft,
    restrict_form,
    save_partial,
    save_partial_draft,
)
from kfdesk.services.core.records import change_record, delete_record, require_record, undo
from kfdesk.services.core.session import Session
from kfdesk.services.workflow import move_plan

BOOKING: FieldKeys = frozenset({"carrier", "booking_reference"})
TIMES: FieldKeys = frozenset({"departs", "arrives"})


@pytest.fixture
def walk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Walk]:
    """Yield a plan in the state that the test asks for."""
    with walked(tmp_path, getattr(request, "param", "draft")) as made:
        yield made


@pytest.fixture
def desk(walk: Walk) -> Session:
    return walk.ours


@pytest.fixture
def leg(walk: Walk) -> bytes:
    return walk.legs[0]


def opened(
    desk: Session, rid: bytes, typed: dict[str, str] | None = None, **values: Value
) -> FormState:
    """Return a form on a record, opened now, with this put into it."""
    row = require_record(desk, rid)
    return FormState(row.type, values, typed or {}, row.parent, seen_writes(row))


def held(desk: Session, rid: bytes) -> dict[str, Value]:
    """Return the values of the draft; empty where none waits."""
    draft = read_draft(desk, rid)
    return dict(draft.form.values) if draft is not None else {}


def typed(desk: Session, rid: bytes) -> dict[str, str]:
    draft = read_draft(desk, rid)
    return dict(draft.form.typed) if draft is not None else {}


def stored(desk: Session, rid: bytes) -> RecordView[Leg]:
    return view(require_record(desk, rid), Leg)


# keeping


def test_part_is_what_stands_in_its_fields_and_what_was_seen_of_them(
    desk: Session, leg: bytes
) -> None:
    whole = opened(desk, leg, {"departs": "12 dec kl"}, carrier="X", mode="bus")
    part = restrict_form(whole, BOOKING)
    assert (dict(part.values), dict(part.typed)) == ({"carrier": "X"}, {})
    ids = {RECORD_TYPES["leg"].ids[key] for key in BOOKING}
    assert {fid for fid, _ in part.seen} <= ids
    assert frozenset(part.seen) <= frozenset(whole.seen)
    assert (part.type, part.parent) == (whole.type, whole.parent)


def test_two_forms_keep_into_one_draft_and_neither_is_lost(desk: Session, leg: bytes) -> None:
    save_partial_draft(desk, leg, opened(desk, leg, carrier="X"), BOOKING)
    save_partial_draft(desk, leg, opened(desk, leg, {"departs": "12 dec kl"}), TIMES)
    save_partial_draft(desk, leg, opened(desk, leg, booking_reference="Y"), BOOKING)
    assert held(desk, leg) == {"booking_reference": "Y"}
    assert typed(desk, leg) == {"departs": "12 dec kl"}
    assert count_drafts(desk) == 1


def test_form_that_was_emptied_takes_its_own_part_out(desk: Session, leg: bytes) -> None:
    save_partial_draft(desk, leg, opened(desk, leg, carrier="X"), BOOKING)
    save_partial_draft(desk, leg, opened(desk, leg, departs=None), TIMES)
    save_partial_draft(desk, leg, opened(desk, leg), BOOKING)
    assert held(desk, leg) == {"departs": None}
    save_partial_draft(desk, leg, opened(desk, leg), TIMES)
    assert count_drafts(desk) == 0


def test_value_that_can_be_read_now_takes_the_place_of_what_was_typed(
    desk: Session, leg: bytes
) -> None:
    departs = stored(desk, leg).record.departs
    save_partial_draft(desk, leg, opened(desk, leg, {"departs": "12 dec kl"}), TIMES)
    save_partial_draft(desk, leg, opened(desk, leg, departs=departs), TIMES)
    assert (held(desk, leg), typed(desk, leg)) == ({"departs": departs}, {})


def test_each_part_remembers_what_its_own_form_showed(desk: Session, leg: bytes) -> None:
    early = opened(desk, leg, carrier="X")
    change_record(desk, leg, {"carrier": "Någon annans"})
    save_partial_draft(desk, leg, early, BOOKING)
    save_partial_draft(desk, leg, opened(desk, leg, departs=None), TIMES)  # opened after the change
    draft = read_draft(desk, leg)
    assert draft is not None
    assert draft.line.contested == {"carrier"}


def outdated(desk: Session, rid: bytes) -> bool | None:
    """Return whether the draft says that its record has changed since; None where none waits."""
    draft = read_draft(desk, rid)
    return draft.line.is_outdated if draft is not None else None


def test_part_of_a_record_that_nobody_changed_is_not_out_of_date(desk: Session, leg: bytes) -> None:
    booking = opened(desk, leg, carrier="X")
    save_partial_draft(desk, leg, booking, BOOKING)
    assert outdated(desk, leg) is False
    save_partial_draft(desk, leg, opened(desk, leg, departs=None), TIMES)
    assert outdated(desk, leg) is False
    gone = discard_partial_draft(desk, leg, booking, BOOKING)
    assert outdated(desk, leg) is False
    save_partial_draft(desk, leg, gone, BOOKING)
    assert outdated(desk, leg) is False
    save_partial(desk, leg, booking, BOOKING)
    assert outdated(desk, leg) is False  # it was our own saving
    change_record(desk, leg, {"mode": "bus"})
    assert outdated(desk, leg) is True


def test_part_is_out_of_date_by_a_change_of_any_field(desk: Session, leg: bytes) -> None:
    save_partial_draft(desk, leg, opened(desk, leg, carrier="X"), BOOKING)
    change_record(desk, leg, {"mode": "bus"})
    assert outdated(desk, leg) is True
    draft = read_draft(desk, leg)
    assert draft is not None
    assert draft.line.contested == frozenset()


def test_saving_one_part_does_not_make_another_see_what_came_in(desk: Session, leg: bytes) -> None:
    save_partial_draft(desk, leg, opened(desk, leg, {"departs": "snart"}, arrives=None), TIMES)
    theirs = stored(desk, leg).record.departs
    change_record(desk, leg, {"arrives": theirs})
    save_partial(desk, leg, opened(desk, leg, carrier="X"), BOOKING)
    draft = read_draft(desk, leg)
    assert draft is not None
    assert draft.line.contested == {"arrives"}
    save_partial(desk, leg, draft.form, TIMES)
    assert stored(desk, leg).conflicts == {"arrives"}


# dropping


def test_dropped_part_is_gone_alone_and_comes_back_as_it_was(desk: Session, leg: bytes) -> None:
    form = opened(desk, leg, {"booking_reference": "half"}, carrier="X")
    save_partial_draft(desk, leg, form, BOOKING)
    save_partial_draft(desk, leg, opened(desk, leg, departs=None), TIMES)
    gone = discard_partial_draft(desk, leg, form, BOOKING)
    assert (dict(gone.values), dict(gone.typed)) == (
        {"carrier": "X"},
        {"booking_reference": "half"},
    )
    assert (held(desk, leg), typed(desk, leg)) == ({"departs": None}, {})
    save_partial_draft(desk, leg, gone, BOOKING)
    assert held(desk, leg) == {"carrier": "X", "departs": None}
    assert typed(desk, leg) == {"booking_reference": "half"}


def test_what_was_typed_and_not_kept_yet_is_had_back_as_well(desk: Session, leg: bytes) -> None:
    save_partial_draft(desk, leg, opened(desk, leg, {"booking_reference": "half"}), BOOKING)
    later = opened(desk, leg, booking_reference="whole")
    gone = discard_partial_draft(desk, leg, later, BOOKING)
    assert (dict(gone.values), dict(gone.typed)) == ({"booking_reference": "whole"}, {})
    never = discard_partial_draft(desk, leg, opened(desk, leg, carrier="X"), BOOKING)
    assert dict(never.values) == {"carrier": "X"}


def test_last_part_that_is_dropped_takes_the_draft_with_it(desk: Session, leg: bytes) -> None:
    form = opened(desk, leg, carrier="X")
    save_partial_draft(desk, leg, form, BOOKING)
    discard_partial_draft(desk, leg, form, BOOKING)
    assert read_draft(desk, leg) is None


def test_dropping_changes_no_record(desk: Session, leg: bytes) -> None:
    digest = desk.store.digest()
    form = opened(desk, leg, carrier="X")
    save_partial_draft(desk, leg, form, BOOKING)
    discard_partial_draft(desk, leg, form, BOOKING)
    assert desk.store.digest() == digest


def test_part_that_was_never_kept_is_dropped_without_a_trace(desk: Session, leg: bytes) -> None:
    save_partial_draft(desk, leg, opened(desk, leg, departs=None), TIMES)
    discard_partial_draft(desk, leg, opened(desk, leg), BOOKING)
    assert held(desk, leg) == {"departs": None}


# saving


def test_saved_part_leaves_the_rest_a_draft(desk: Session, leg: bytes) -> None:
    before = stored(desk, leg).record.departs
    save_partial_draft(desk, leg, opened(desk, leg, departs=None), TIMES)
    done = save_partial(desk, leg, opened(desk, leg, carrier="X"), BOOKING)
    assert stored(desk, leg).record.carrier == "X"
    assert stored(desk, leg).record.departs == before
    assert held(desk, leg) == {"departs": None}
    assert done.keys == ("carrier",)
    undo(desk, done)
    assert stored(desk, leg).record.carrier == "M/S Havsörn"
    assert held(desk, leg) == {"departs": None}


def test_saved_part_keeps_what_could_not_be_read(desk: Session, leg: bytes) -> None:
    save_partial_draft(desk, leg, opened(desk, leg, {"departs": "i morgon"}, arrives=None), TIMES)
    save_partial(desk, leg, opened(desk, leg, {"departs": "i morgon"}, arrives=None), TIMES)
    assert stored(desk, leg).record.arrives is None
    assert (held(desk, leg), typed(desk, leg)) == ({}, {"departs": "i morgon"})


def test_fields_of_another_form_are_not_saved_though_they_are_handed_in(
    desk: Session, leg: bytes
) -> None:
    before = stored(desk, leg).record.departs
    save_partial(desk, leg, opened(desk, leg, carrier="X", departs=None), BOOKING)
    assert stored(desk, leg).record.departs == before
    assert held(desk, leg) == {}


def test_what_came_in_between_becomes_a_conflict_of_that_field_alone(
    desk: Session, leg: bytes
) -> None:
    form = opened(desk, leg, carrier="Vår", booking_reference="B 1")
    change_record(desk, leg, {"carrier": "Deras"})
    save_partial(desk, leg, form, BOOKING)
    torn = stored(desk, leg)
    assert torn.conflicts == {"carrier"}
    assert {version.value for version in torn.versions["carrier"]} == {"Vår", "Deras"}
    assert torn.record.booking_reference == "B 1"


def test_draft_of_an_older_sight_becomes_a_conflict_when_it_is_saved_later(
    desk: Session, leg: bytes
) -> None:
    save_partial_draft(desk, leg, opened(desk, leg, carrier="Vår"), BOOKING)
    change_record(desk, leg, {"carrier": "Deras"})
    save_partial(desk, leg, opened(desk, leg, departs=None), TIMES)
    draft = read_draft(desk, leg)
    assert draft is not None
    save_partial(desk, leg, draft.form, BOOKING)
    assert stored(desk, leg).conflicts == {"carrier"}
    assert count_drafts(desk) == 0


def test_answer_that_is_no_value_is_saved_as_what_it_is(desk: Session, leg: bytes) -> None:
    save_partial(desk, leg, opened(desk, leg, carrier=MissingAnswer.DECLINED), BOOKING)
    assert stored(desk, leg).record.carrier is MissingAnswer.DECLINED


# a record that does not exist yet


def new_leg(walk: Walk, **values: Value) -> tuple[bytes, FormState]:
    return walk.ours.new_id(), FormState("leg", values, parent=walk.plan)


def test_new_record_is_made_of_all_that_its_forms_hold(walk: Walk, desk: Session) -> None:
    rid, booking = new_leg(walk, carrier="X")
    save_partial_draft(
        desk, rid, FormState("leg", {"sequence": 3}, parent=walk.plan), frozenset({"sequence"})
    )
    save_partial(desk, rid, booking, BOOKING)
    record = stored(desk, rid).record
    assert (record.carrier, record.sequence) == ("X", 3)
    assert read_draft(desk, rid) is None


def test_new_record_waits_for_what_another_form_cannot_read_yet(walk: Walk, desk: Session) -> None:
    rid, booking = new_leg(walk, carrier="X")
    save_partial_draft(desk, rid, FormState("leg", {}, {"departs": "snart"}, walk.plan), TIMES)
    fault = refusal(lambda: save_partial(desk, rid, booking, BOOKING))
    assert (fault.code, fault.data) == ("draft.unfinished", {"field": "leg.departs"})
    assert desk.store.row(rid) is None
    assert held(desk, rid) == {"carrier": "X"}
    assert typed(desk, rid) == {"departs": "snart"}


def test_new_records_that_wait_are_found_under_their_plan(walk: Walk, desk: Session) -> None:
    rid, booking = new_leg(walk, carrier="X")
    save_partial_draft(desk, rid, booking, BOOKING)
    save_partial_draft(desk, walk.legs[0], opened(desk, walk.legs[0], carrier="Y"), BOOKING)
    waiting = new_record_drafts(desk, "leg", walk.plan)
    assert [one.line.rid for one in waiting] == [rid]
    assert new_record_drafts(desk, "help_number", walk.plan) == ()
    assert new_record_drafts(desk, "leg", walk.client) == ()
    assert new_record_drafts(replace(desk, user="QQ"), "leg", walk.plan) == ()
    save_partial(desk, rid, booking, BOOKING)
    assert new_record_drafts(desk, "leg", walk.plan) == ()


def test_nothing_is_made_under_a_plan_that_has_ended(walk: Walk, desk: Session) -> None:
    rid, booking = new_leg(walk, carrier="X")
    move_plan(desk, walk.plan, "withdrawn")
    assert refusal(lambda: save_partial(desk, rid, booking, BOOKING)).code == "plan.read_only"
    assert desk.store.row(rid) is None
    assert held(desk, rid) == {"carrier": "X"}  # what was typed is not lost


def test_nothing_is_made_under_a_plan_in_the_bin(walk: Walk, desk: Session) -> None:
    rid, booking = new_leg(walk, carrier="X")
    delete_record(desk, walk.plan)
    assert refusal(lambda: save_partial(desk, rid, booking, BOOKING)).code == "record.deleted"
    assert desk.store.row(rid) is None


# what is not written by hand


def test_plan_that_has_ended_is_not_changed_by_a_part(walk: Walk, desk: Session) -> None:
    form = opened(desk, walk.legs[0], carrier="X")
    move_plan(desk, walk.plan, "withdrawn")
    save_partial_draft(desk, walk.legs[0], form, BOOKING)
    fault = refusal(lambda: save_partial(desk, walk.legs[0], form, BOOKING))
    assert fault.code == "plan.read_only"
    assert stored(desk, walk.legs[0]).record.carrier != "X"
    assert held(desk, walk.legs[0]) == {"carrier": "X"}


def test_state_of_a_plan_is_not_written_by_a_form(walk: Walk, desk: Session) -> None:
    form = opened(desk, walk.plan, state="approved")
    fault = refusal(lambda: save_partial(desk, walk.plan, form, frozenset({"state"})))
    assert (fault.code, fault.data) == ("field.guarded", {"field": "plan.state"})
    assert walk.state == "draft"


@pytest.mark.parametrize("walk", ["decision_ready"], indirect=True)
def test_receivers_own_weighing_is_not_written_by_our_form(walk: Walk, desk: Session) -> None:
    (theirs,) = (r for r in walk.of("risk_assessment") if r.custodian == walk.partner)
    before = desk.store.digest()
    form = opened(desk, theirs.rid, conclusion="return_possible")
    fault = refusal(lambda: save_partial(desk, theirs.rid, form, frozenset({"conclusion"})))
    assert fault.code == "record.not_ours"
    assert desk.store.digest() == before


def test_part_of_a_record_that_is_not_there_is_refused(walk: Walk, desk: Session) -> None:
    form = opened(desk, walk.legs[0], carrier="X")
    desk.store.drafts.drop(walk.legs[0], desk.user)
    unknown = desk.new_id()
    assert refusal(lambda: save_partial(desk, unknown, form, BOOKING)).code == "record.missing"


def test_colleagues_hold_their_parts_apart(walk: Walk, desk: Session, leg: bytes) -> None:
    colleague = replace(desk, user="QQ")
    save_partial_draft(desk, leg, opened(desk, leg, carrier="Min"), BOOKING)
    save_partial_draft(colleague, leg, opened(desk, leg, carrier="Hennes"), BOOKING)
    discard_partial_draft(desk, leg, opened(desk, leg), BOOKING)
    assert held(desk, leg) == {}
    assert held(colleague, leg) == {"carrier": "Hennes"}


def test_plan_is_written_by_parts_as_well(walk: Walk, desk: Session) -> None:
    keys: FieldKeys = frozenset({"luggage", "alarm_plan"})
    save_partial(desk, walk.plan, opened(desk, walk.plan, alarm_plan="Ring Eva."), keys)
    record = view(require_record(desk, walk.plan), Plan).record
    assert record.alarm_plan == "Ring Eva."
    assert record.owner == people.INITIALS or record.owner is None
