# SPDX-License-Identifier: GPL-3.0-or-later
"""What was done is taken back by new writes; what was deleted is hidden everywhere and returns."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.pair_samples import MACHINE, WHO, Pair, met_pair, refusal
from tests.support.make import sheet
from tests.support.stores import new_desk

from kfdesk.demo import people, story
from kfdesk.domain.audit import Action
from kfdesk.domain.consent import WithheldReason
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.registers import live_writes
from kfdesk.domain.rows import seen_writes, view, view_any
from kfdesk.domain.values import Value
from kfdesk.services.core import history
from kfdesk.services.core.records import (
    Saved,
    add_record,
    change_record,
    create_record,
    delete_record,
    require_record,
    restore_record,
    undo,
)
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import list_directory
from kfdesk.services.exchange import transfer
from kfdesk.services.papers.production import make_paper, paper_obstacles
from kfdesk.services.plans import plans
from kfdesk.services.plans.plans import disclose_case, list_plans, load_case, open_plan
from kfdesk.services.today import read_today


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as met:
        yield met


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Session]:
    made = new_desk(tmp_path / "store", people.HOUSE, WHO, MACHINE)
    yield made
    made.store.close()


@pytest.fixture
def plan(desk: Session) -> bytes:
    house = create_record(desk, Organisation, {"name": people.SAFE_HOUSE, "country": "RU"})
    return story.enter_plan(desk, house)[0]


@pytest.fixture
def leg(desk: Session, plan: bytes) -> bytes:
    return open_plan(desk, plan).legs[0].rid


def value(desk: Session, rid: bytes, key: str) -> Value:
    found_value: Value = getattr(view_any(require_record(desk, rid)).record, key)
    return found_value


def versions(desk: Session, rid: bytes, key: str) -> set[object]:
    return {version.value for version in view_any(require_record(desk, rid)).versions[key]}


def child(desk: Session, plan: bytes, record_type: str) -> bytes:
    return next(row.rid for row in load_case(desk, plan).rows if row.type == record_type)


# undo


def test_change_is_taken_back_by_a_new_write(desk: Session, leg: bytes) -> None:
    before = value(desk, leg, "carrier")
    done = change_record(desk, leg, {"carrier": "X", "alone": None})
    undo(desk, done)
    assert value(desk, leg, "carrier") == before
    assert view_any(require_record(desk, leg)).conflicts == frozenset()
    assert [write.value for write in desk.store.history(leg)].count("X") == 1
    assert desk.store.verify() == ()


def test_undo_can_be_undone(desk: Session, leg: bytes) -> None:
    done = change_record(desk, leg, {"carrier": "X"})
    undo(desk, undo(desk, done))
    assert value(desk, leg, "carrier") == "X"


def test_field_that_was_never_asked_is_asked_for_again(desk: Session, plan: bytes) -> None:
    rid = create_record(desk, Leg, {"sequence": 9}, plan)
    done = change_record(desk, rid, {"carrier": "X", "sequence": 8})
    assert done.keys == ("carrier", "sequence")
    undo(desk, done)
    assert (value(desk, rid, "carrier"), value(desk, rid, "sequence")) == (None, 9)


def test_what_somebody_else_wrote_meanwhile_becomes_a_conflict(desk: Session, leg: bytes) -> None:
    before = value(desk, leg, "carrier")
    done = change_record(desk, leg, {"carrier": "mine", "booking_reference": "B 2"})
    change_record(desk, leg, {"carrier": "theirs"})
    undo(desk, done)
    assert versions(desk, leg, "carrier") == {before, "theirs"}
    assert value(desk, leg, "booking_reference") == people.leg_values(desk.adapters.clock.now())[
        0
    ].get("booking_reference")


def test_decision_that_is_taken_back_is_a_conflict_again(pair: Pair) -> None:
    pair.send()
    leg, ours = pair.legs[0], pair.ours
    change_record(pair.theirs, leg, {"carrier": "theirs"})
    change_record(ours, leg, {"carrier": "ours"})
    pair.answer()
    done = change_record(ours, leg, {"carrier": "decided"})
    back = undo(ours, done)
    assert versions(ours, leg, "carrier") == {"theirs", "ours"}
    undo(ours, back)
    assert value(ours, leg, "carrier") == "decided"


def test_new_record_that_is_taken_back_is_in_the_bin(desk: Session, plan: bytes) -> None:
    done = add_record(desk, "leg", {"sequence": 9}, plan)
    back = undo(desk, done)
    assert [line.rid for line in history.read_bin(desk)] == [done.rid]
    undo(desk, back)
    assert history.read_bin(desk) == ()
    assert value(desk, done.rid, "sequence") == 9


def test_new_record_that_somebody_else_wrote_in_stays(desk: Session, plan: bytes) -> None:
    done = add_record(desk, "leg", {"sequence": 9}, plan)
    change_record(desk, done.rid, {"carrier": "theirs"})
    undo(desk, done)
    assert done.rid in {leg.rid for leg in open_plan(desk, plan).legs}


def test_deletion_and_restoring_are_taken_back(desk: Session, leg: bytes) -> None:
    deleted = delete_record(desk, leg)
    restored = undo(desk, deleted)
    assert not view_any(require_record(desk, leg)).is_deleted
    undo(desk, restored)
    assert view_any(require_record(desk, leg)).is_deleted
    assert deleted.keys == ()


def test_each_of_them_stands_in_the_trail_and_what_it_held_in_no_repr(
    desk: Session, leg: bytes
) -> None:
    done = change_record(desk, leg, {"carrier": "X"})
    undo(desk, undo(desk, delete_record(desk, leg)))
    restore_record(desk, leg)
    undo(desk, done)
    actions = [event.action for _, event in desk.store.ledger.events(None, 5)]
    names = ("change", "restore", "delete", "restore", "delete")
    assert actions == [Action(name) for name in names]
    assert "Havsörn" not in repr(done)


def test_undoing_a_record_that_is_not_there_is_refused(desk: Session) -> None:
    never = Saved(frozenset({"leg"}), frozenset({desk.new_id()}))
    assert refusal(lambda: undo(desk, never)).code == "record.missing"


# the bin


def test_deleted_plan_is_in_no_list_and_is_not_opened(desk: Session, plan: bytes) -> None:
    delete_record(desk, plan)
    assert list_plans(desk) == ()
    today = read_today(desk)
    assert (today.to_decide, today.departures, today.endings) == ((), (), ())
    for work in (
        lambda: open_plan(desk, plan),
        lambda: make_paper(desk, sheet(plan)),
        lambda: paper_obstacles(desk, sheet(plan)),
    ):
        assert refusal(work).code == "record.deleted"
    assert all(entry.namings == () for entry in list_directory(desk) if entry.type == "contact")


def test_deleted_client_hides_what_stands_below_and_brings_it_back(
    desk: Session, plan: bytes
) -> None:
    client = child(desk, plan, "client")
    shown = open_plan(desk, plan)
    delete_record(desk, client)
    assert list_plans(desk) == ()
    assert refusal(lambda: open_plan(desk, plan)).code == "record.deleted"
    assert all(entry.namings == () for entry in list_directory(desk))
    (line,) = history.read_bin(desk)
    assert (line.rid, line.type, line.code, line.below) == (client, "client", "tulpan-47", 6)
    restore_record(desk, client)
    back = open_plan(desk, plan)
    assert (len(back.legs), len(back.numbers)) == (len(shown.legs), len(shown.numbers))
    assert len(list_plans(desk)) == 1


@pytest.mark.parametrize("record_type", ["leg", "help_number"])
def test_deleted_leg_or_number_is_not_of_the_plan(
    desk: Session, plan: bytes, record_type: str
) -> None:
    def shown() -> int:
        page = open_plan(desk, plan)
        return len({"leg": page.legs, "help_number": page.numbers}[record_type])

    before, rid = shown(), child(desk, plan, record_type)
    delete_record(desk, rid)
    assert shown() == before - 1
    restore_record(desk, rid)
    assert shown() == before


def test_deleted_contact_or_organisation_is_not_in_the_directory(
    desk: Session, plan: bytes
) -> None:
    for name, record_type in (("Karin", "contact"), (people.SAFE_HOUSE, "organisation")):
        entry = next(one for one in list_directory(desk) if one.name.startswith(name))
        delete_record(desk, entry.view.rid)
        assert entry.view.rid not in {one.view.rid for one in list_directory(desk)}
        line = history.read_bin(desk)[0]
        assert (line.rid, line.type, line.code) == (entry.view.rid, record_type, "")
        assert line.name.startswith(name)
        assert line.author == f"{desk.user}, {people.HOUSE}"


def test_deleted_consent_opens_nothing_and_its_restoring_opens_again(pair: Pair) -> None:
    ours, them = pair.ours, pair.theirs.identity.organisation
    consent = child(ours, pair.plan, "consent")
    assert transfer.prepare_bundle(ours, pair.plan, them).may.rows
    delete_record(ours, consent)
    parcel = transfer.prepare_bundle(ours, pair.plan, them)
    assert [row for row in parcel.may.rows if row.row.type != "organisation"] == []
    assert {field.reason for field in parcel.may.withheld} >= {WithheldReason.CONFLICT}
    assert open_plan(ours, pair.plan).consents == ()
    restore_record(ours, consent)
    assert transfer.prepare_bundle(ours, pair.plan, them).may.rows


def test_nothing_of_a_plan_in_the_bin_is_sent(pair: Pair) -> None:
    delete_record(pair.ours, pair.plan)
    them = pair.theirs.identity.organisation
    assert (
        refusal(lambda: transfer.prepare_bundle(pair.ours, pair.plan, them)).code
        == "record.deleted"
    )


def test_deleted_leg_is_gone_at_the_partner_too_and_comes_back(pair: Pair) -> None:
    pair.send()
    delete_record(pair.ours, pair.legs[0])
    pair.send()
    shown = open_plan(pair.theirs, pair.plan)
    assert [leg.rid for leg in shown.legs] == [pair.legs[1]]
    restore_record(pair.ours, pair.legs[0])
    pair.send()
    assert len(open_plan(pair.theirs, pair.plan).legs) == 2


def test_leg_that_was_deleted_before_it_was_ever_sent_stays_here(pair: Pair) -> None:
    delete_record(pair.ours, pair.legs[0])
    pair.send()
    assert pair.theirs.store.row(pair.legs[0]) is None


def test_deletion_does_not_hide_what_a_partner_wrote_meanwhile(pair: Pair) -> None:
    pair.send()
    change_record(pair.theirs, pair.legs[0], {"carrier": "theirs"})
    delete_record(pair.ours, pair.legs[0])
    pair.answer()
    assert value(pair.ours, pair.legs[0], "carrier") == "theirs"
    assert len(open_plan(pair.ours, pair.plan).legs) == 2
    assert history.read_bin(pair.ours) == ()


def test_record_in_conflict_is_decided_before_it_is_deleted(desk: Session, leg: bytes) -> None:
    seen = seen_writes(require_record(desk, leg))
    change_record(desk, leg, {"carrier": "A"})
    change_record(desk, leg, {"carrier": "B"}, seen)
    assert refusal(lambda: delete_record(desk, leg)).code == "record.undecided"
    assert versions(desk, leg, "carrier") == {"A", "B"}


def test_conflict_of_a_deleted_leg_waits_for_nobody(pair: Pair) -> None:
    """Both write in it, and both then delete it: whoever is left has nothing to decide."""
    pair.send()
    leg = pair.legs[0]
    change_record(pair.theirs, leg, {"carrier": "theirs"})
    delete_record(pair.theirs, leg)
    change_record(pair.ours, leg, {"carrier": "ours"})
    delete_record(pair.ours, leg)
    pair.answer()
    assert plans.list_plans(pair.ours)[0].conflicts == len(
        open_plan(pair.ours, pair.plan).conflicts
    )


def test_last_deleted_stands_first_in_the_bin(desk: Session, plan: bytes) -> None:
    first, second = (leg.rid for leg in open_plan(desk, plan).legs)
    for rid in (second, first):
        delete_record(desk, rid)
    lines = history.read_bin(desk)
    assert {line.rid for line in lines} == {first, second}
    assert lines[0].milliseconds >= lines[1].milliseconds
    assert {line.code for line in lines} == {"tulpan-47"}


def test_deleted_record_loses_no_word(desk: Session, leg: bytes) -> None:
    before = {(w.fid, w.value) for w in live_writes(require_record(desk, leg).state)}
    delete_record(desk, leg)
    restore_record(desk, leg)
    after = {(w.fid, w.value) for w in live_writes(require_record(desk, leg).state) if w.fid}
    assert after == before
    assert view(require_record(desk, leg), Leg).record.sequence == 1


def test_nothing_below_a_deleted_client_goes_even_if_somebody_asks(pair: Pair) -> None:
    case = load_case(pair.ours, pair.plan)
    delete_record(pair.ours, case.client.rid)
    kept = plans.Case(
        require_record(pair.ours, case.client.rid), case.plan, case.below, case.consents
    )
    recipient = pair.ours.store.ledger.partners()[0].recipient
    what = disclose_case(pair.ours, kept, recipient, Channel.BUNDLE)
    assert {row.row.type for row in what.rows} <= {"client"}
    assert {held.type for held in what.withheld} <= {"client"}


def test_empty_plan_can_be_deleted_and_restored(desk: Session, plan: bytes) -> None:
    bare = create_record(desk, Plan, {}, parent=child(desk, plan, "client"))
    delete_record(desk, bare)
    assert [line.rid for line in list_plans(desk)] == [plan]
    restore_record(desk, bare)
    assert {line.rid for line in list_plans(desk)} == {plan, bare}


def test_directory_names_no_deleted_consents_recipient(desk: Session, plan: bytes) -> None:
    house = next(one for one in list_directory(desk) if one.name == people.SAFE_HOUSE)
    assert "consent.recipient" in house.namings[0].fields
    delete_record(desk, child(desk, plan, "consent"))
    house = next(one for one in list_directory(desk) if one.name == people.SAFE_HOUSE)
    assert "consent.recipient" not in house.namings[0].fields


def test_contact_that_was_made_by_mistake_is_no_more_than_a_line_in_the_bin(desk: Session) -> None:
    done = add_record(desk, "contact", {"given_name": "Påhittad"})
    undo(desk, done)
    assert done.rid not in {one.view.rid for one in list_directory(desk)}
    assert view(require_record(desk, done.rid), Contact).record.given_name == "Påhittad"


def test_saves_are_undone_one_after_the_other_without_a_conflict(
    desk: Session, plan: bytes
) -> None:
    leg = create_record(desk, Leg, {"carrier": "A"}, plan)

    def save(carrier: str) -> Saved:
        now = require_record(desk, leg)
        return change_record(desk, leg, {"carrier": carrier}, seen_writes(now))

    def carrier() -> tuple[object, bool]:
        seen = view(require_record(desk, leg), Leg)
        return seen.record.carrier, "carrier" in seen.conflicts

    first, second = save("B"), save("C")
    undo(desk, second)
    assert carrier() == ("B", False)
    third = save("D")
    undo(desk, third)
    assert carrier() == ("B", False)
    undo(desk, first)
    assert carrier() == ("A", False)


def test_created_record_is_undone_after_the_changes_that_followed(
    desk: Session, plan: bytes
) -> None:
    created = add_record(desk, "leg", {"carrier": "A"}, plan)
    changed = change_record(
        desk, created.rid, {"carrier": "B"}, seen_writes(require_record(desk, created.rid))
    )
    undo(desk, changed)
    undo(desk, created)
    assert view_any(require_record(desk, created.rid)).is_deleted


def test_what_another_wrote_between_two_undone_saves_stays_in_conflict(
    desk: Session, plan: bytes
) -> None:
    leg = create_record(desk, Leg, {"carrier": "A"}, plan)
    first = change_record(desk, leg, {"carrier": "B"}, seen_writes(require_record(desk, leg)))
    change_record(desk, leg, {"carrier": "X"}, ())  # unseen: another user at the same time
    seen = seen_writes(require_record(desk, leg))
    decided = change_record(desk, leg, {"carrier": "C"}, seen)
    undo(desk, decided)
    assert "carrier" in view(require_record(desk, leg), Leg).conflicts
    undo(desk, first)
    values = {one.value for one in view(require_record(desk, leg), Leg).versions["carrier"]}
    assert "X" in values
    assert "A" in values


def test_creating_and_deleting_are_taken_back_one_after_the_other(
    desk: Session, plan: bytes
) -> None:
    made = add_record(desk, "leg", {"sequence": 9}, plan)
    deleted = delete_record(desk, made.rid)
    undo(desk, deleted)
    assert not view_any(require_record(desk, made.rid)).is_deleted
    undo(desk, made)
    gone = view_any(require_record(desk, made.rid))
    assert gone.is_deleted
    assert not gone.conflicts
