# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts on real desks: what was typed waits through everything and overwrites nobody."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.integration.pair_samples import MACHINE, WHO, Pair, met_pair, refusal
from tests.integration.stores import new_desk

from kfdesk import app
from kfdesk.demo import people, story
from kfdesk.domain.desk.backup import Erased
from kfdesk.domain.desk.erasure import ErasureReason
from kfdesk.domain.desk.log import Action
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import seen_in, view
from kfdesk.domain.values import Moment, Value
from kfdesk.domain.writes import encode
from kfdesk.services import exchange, plans
from kfdesk.services.desk import Desk
from kfdesk.services.writing import drafts
from kfdesk.services.writing.drafts import Form, draft_of, finish_draft, keep_draft
from kfdesk.services.writing.records import (
    change_record,
    create_record,
    delete_record,
    found,
    restore_record,
)

CANARY = "Kanariefågel 4711"
MINUTE = timedelta(minutes=1)


@dataclass
class Clock:
    """A clock that stands."""

    time: datetime

    def now(self) -> datetime:
        return self.time

    def drift(self) -> timedelta:
        return timedelta(0)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = new_desk(tmp_path / "store", people.HOUSE, WHO, MACHINE)
    yield made
    made.store.close()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as met:
        yield met


@pytest.fixture
def leg(desk: Desk) -> bytes:
    house = create_record(desk, TYPES["organisation"].cls, {"name": people.SAFE_HOUSE})
    _, legs = story.enter_plan(desk, house)
    return legs[0]


def form(desk: Desk, rid: bytes, **values: Value) -> Form:
    """A form on a record, opened now, with values typed into it."""
    row = found(desk, rid)
    return Form(row.type, values, parent=row.parent, seen=seen_in(row))


def carrier(desk: Desk, rid: bytes) -> object:
    return view(found(desk, rid), Leg).record.carrier


def test_what_was_typed_is_kept_as_it_was_typed(desk: Desk, leg: bytes) -> None:
    departs = Moment.parse("2026-12-12T17:00+01:00[Europe/Stockholm]")
    typed = {"arrives": "13 dec kl", "check_in": "\ud800\x00\u202e?"}
    filled = replace(form(desk, leg, carrier="X", departs=departs, mode=None), typed=typed)
    assert keep_draft(desk, leg, filled) == leg
    opened = draft_of(desk, leg)
    assert opened is not None
    assert opened.form.values == {"carrier": "X", "departs": departs, "mode": None}
    assert opened.form.typed == {"arrives": "13 dec kl", "check_in": "?\x00\u202e?"}
    assert opened.form.seen == filled.seen
    assert (opened.line.type, opened.line.code, opened.line.is_new) == ("leg", "tulpan-47", False)


def test_draft_changes_no_record_and_leaves_no_entry(desk: Desk, leg: bytes) -> None:
    digest, head = desk.store.digest(), desk.store.ledger.audit_head()
    keep_draft(desk, leg, form(desk, leg, carrier="X"))
    drafts.discard_draft(desk, leg)
    assert (desk.store.digest(), desk.store.ledger.audit_head()) == (digest, head)


def test_later_typing_takes_the_place_of_the_earlier(desk: Desk, leg: bytes) -> None:
    for text in ("1", "2"):
        keep_draft(desk, leg, form(desk, leg, carrier=text))
    (line,) = drafts.drafts(desk)
    opened = draft_of(desk, line.rid)
    assert opened is not None
    assert opened.form.values == {"carrier": "2"}
    assert drafts.count_drafts(desk) == 1


def test_form_that_was_emptied_leaves_no_draft(desk: Desk, leg: bytes) -> None:
    keep_draft(desk, leg, form(desk, leg, carrier="X"))
    keep_draft(desk, leg, form(desk, leg))
    assert drafts.drafts(desk) == ()


def test_newest_draft_comes_first(desk: Desk, leg: bytes) -> None:
    early = keep_draft(desk, None, Form("contact", {"given_name": "Påhittad"}))
    later = replace(desk, rooms=replace(desk.rooms, clock=Clock(desk.rooms.clock.now() + MINUTE)))
    keep_draft(later, leg, form(desk, leg, carrier="X"))
    assert [line.rid for line in drafts.drafts(desk)] == [leg, early]


def test_value_that_does_not_fit_belongs_to_what_was_typed(desk: Desk, leg: bytes) -> None:
    refused = refusal(lambda: keep_draft(desk, leg, form(desk, leg, sequence="two")))
    assert refused.data["field"] == "leg.sequence"
    huge = replace(form(desk, leg), typed={"carrier": "x" * 1_000_001})
    assert refusal(lambda: keep_draft(desk, leg, huge)).code == "field.too_long"
    assert drafts.drafts(desk) == ()


# saving


def test_finished_draft_is_one_change_and_is_gone(desk: Desk, leg: bytes) -> None:
    keep_draft(desk, leg, form(desk, leg, carrier="X", booking_reference=None))
    done = finish_draft(desk, leg)
    assert (done.rid, done.type, set(done.keys)) == (leg, "leg", {"carrier", "booking_reference"})
    assert carrier(desk, leg) == "X"
    assert drafts.drafts(desk) == ()
    ((_, event),) = desk.store.ledger.events(None, 1)
    assert (event.action, event.rid) == (Action.CHANGE, leg)
    assert refusal(lambda: finish_draft(desk, leg)).code == "draft.missing"


def test_new_record_is_made_of_its_draft_under_the_same_id(desk: Desk, leg: bytes) -> None:
    plan = found(desk, leg).parent
    rid = keep_draft(desk, None, Form("leg", typed={"departs": "imorgon"}, parent=plan))
    assert desk.store.row(rid) is None
    (line,) = drafts.drafts(desk)
    assert (line.is_new, line.code, line.is_outdated) == (True, "tulpan-47", False)
    keep_draft(desk, rid, Form("leg", {"sequence": 7}, parent=plan))
    done = finish_draft(desk, rid)
    row = found(desk, rid)
    assert (done.action, row.parent) == (Action.CREATE, plan)
    assert view(row, Leg).record.sequence == 7
    assert drafts.drafts(desk) == ()


def test_draft_of_a_new_client_has_her_code_already(desk: Desk) -> None:
    keep_draft(desk, None, Form("client", {"code": "sippa-12"}))
    (line,) = drafts.drafts(desk)
    assert line.code == "sippa-12"


def test_new_form_may_be_emptied_and_filled_again(desk: Desk) -> None:
    rid = keep_draft(desk, None, Form("client", {"code": "sippa-12"}))
    keep_draft(desk, rid, Form("client"))
    keep_draft(desk, rid, Form("client", {"code": "sippa-13"}))
    finish_draft(desk, rid)
    assert view(found(desk, rid), Client).record.code == "sippa-13"


def test_unfinished_field_keeps_the_draft_waiting(desk: Desk, leg: bytes) -> None:
    filled = replace(form(desk, leg, carrier="X"), typed={"arrives": "13 dec kl"})
    keep_draft(desk, leg, filled)
    refused = refusal(lambda: finish_draft(desk, leg))
    assert (refused.code, refused.data) == ("draft.unfinished", {"field": "leg.arrives"})
    assert carrier(desk, leg) != "X"
    assert drafts.count_drafts(desk) == 1


def test_discarded_draft_can_be_kept_again(desk: Desk, leg: bytes) -> None:
    keep_draft(desk, leg, form(desk, leg, carrier="X"))
    gone = drafts.discard_draft(desk, leg)
    assert gone is not None
    assert drafts.drafts(desk) == ()
    drafts.keep_again(desk, gone)
    assert draft_of(desk, leg) == gone
    assert drafts.discard_draft(desk, create_record(desk, Contact, {})) is None


def test_draft_kept_again_does_not_replace_a_newer_one(desk: Desk, leg: bytes) -> None:
    keep_draft(desk, leg, form(desk, leg, carrier="old"))
    gone = drafts.discard_draft(desk, leg)
    keep_draft(desk, leg, form(desk, leg, carrier="new"))
    assert gone is not None
    drafts.keep_again(desk, gone)
    opened = draft_of(desk, leg)
    assert opened is not None
    assert opened.form.values == {"carrier": "new"}


# each for himself


def test_drafts_are_each_users_own(desk: Desk, leg: bytes) -> None:
    other = replace(desk, user="OM")
    keep_draft(desk, leg, form(desk, leg, carrier="mine"))
    assert drafts.drafts(other) == ()
    assert draft_of(other, leg) is None
    keep_draft(other, leg, form(desk, leg, carrier="theirs"))
    drafts.discard_draft(other, leg)
    opened = draft_of(desk, leg)
    assert opened is not None
    assert opened.form.values == {"carrier": "mine"}


def test_two_drafts_of_one_record_become_a_conflict_and_none_is_lost(
    desk: Desk, leg: bytes
) -> None:
    other = replace(desk, user="OM")
    keep_draft(desk, leg, form(desk, leg, carrier="mine"))
    keep_draft(other, leg, form(other, leg, carrier="theirs"))
    finish_draft(desk, leg)
    finish_draft(other, leg)
    versions = view(found(desk, leg), Leg).versions["carrier"]
    assert [version.value for version in versions] == ["mine", "theirs"]


# what came in between


def test_colleagues_change_makes_the_draft_outdated_and_then_a_conflict(
    desk: Desk, leg: bytes
) -> None:
    keep_draft(desk, leg, form(desk, leg, carrier="mine", booking_reference="A 1"))
    change_record(desk, leg, {"carrier": "theirs", "status": "booked"})
    (line,) = drafts.drafts(desk)
    assert (line.is_outdated, line.contested) == (True, frozenset({"carrier"}))
    finish_draft(desk, leg)
    shown = view(found(desk, leg), Leg)
    assert shown.conflicts == {"carrier"}
    assert {version.value for version in shown.versions["carrier"]} == {"mine", "theirs"}
    assert shown.record.booking_reference == "A 1"


def test_same_value_written_meanwhile_contests_nothing(desk: Desk, leg: bytes) -> None:
    keep_draft(desk, leg, form(desk, leg, carrier="same"))
    change_record(desk, leg, {"carrier": "same"})
    (line,) = drafts.drafts(desk)
    assert (line.is_outdated, line.contested) == (True, frozenset())
    finish_draft(desk, leg)
    assert carrier(desk, leg) == "same"


def test_change_that_was_deleted_and_restored_is_not_overwritten_either(
    desk: Desk, leg: bytes
) -> None:
    keep_draft(desk, leg, form(desk, leg, carrier="mine"))
    change_record(desk, leg, {"carrier": "theirs"})
    delete_record(desk, leg)
    restore_record(desk, leg)
    (line,) = drafts.drafts(desk)
    assert line.contested == {"carrier"}
    finish_draft(desk, leg)
    versions = view(found(desk, leg), Leg).versions["carrier"]
    assert {version.value for version in versions} == {"mine", "theirs"}


def test_draft_finished_on_a_deleted_record_brings_it_back(desk: Desk, leg: bytes) -> None:
    keep_draft(desk, leg, form(desk, leg, carrier="mine"))
    delete_record(desk, leg)
    (line,) = drafts.drafts(desk)
    assert (line.is_outdated, line.contested) == (True, frozenset())
    finish_draft(desk, leg)
    assert not view(found(desk, leg), Leg).is_deleted


def test_new_record_under_one_in_the_bin_waits(desk: Desk, leg: bytes) -> None:
    plan = found(desk, leg).parent
    assert plan is not None
    rid = keep_draft(desk, None, Form("leg", {"sequence": 7}, parent=plan))
    delete_record(desk, plan)
    assert refusal(lambda: finish_draft(desk, rid)).code == "record.deleted"
    restore_record(desk, plan)
    assert finish_draft(desk, rid).rid == rid


def test_import_between_typing_and_saving_shows_both_values(pair: Pair) -> None:
    ours, leg = pair.ours, pair.legs[1]
    pair.send()
    mine, theirs = (
        Moment.parse(f"2026-12-13T{clock}+02:00[Europe/Riga]") for clock in ("07:10", "09:40")
    )
    keep_draft(ours, leg, form(ours, leg, arrives=mine))
    change_record(pair.theirs, leg, {"arrives": theirs, "sign": None})
    pair.answer()
    (line,) = drafts.drafts(ours)
    assert (line.is_outdated, line.contested) == (True, frozenset({"arrives"}))
    finish_draft(ours, leg)
    (conflict,) = plans.open_plan(ours, pair.plan).conflicts
    assert conflict.key == "arrives"
    assert {version.value for version in conflict.versions} == {mine, theirs}
    assert view(found(ours, leg), Leg).record.sign is None
    assert ours.store.verify() == ()


# where a draft is, and where it is not


def test_draft_survives_the_lock(tmp_path: Path) -> None:
    made = new_desk(tmp_path / "store", people.HOUSE, WHO, MACHINE)
    rid = keep_draft(made, None, Form("client", {"alias": CANARY}, {"birth_date": "2001-"}))
    made.store.close()
    again = app.unlock_store(tmp_path / "store", WHO, MACHINE)
    opened = draft_of(again, rid)
    again.store.close()
    assert opened is not None
    assert (opened.form.values, opened.form.typed) == ({"alias": CANARY}, {"birth_date": "2001-"})


def test_draft_lies_encrypted_and_is_in_no_repr(tmp_path: Path) -> None:
    made = new_desk(tmp_path / "store", people.HOUSE, WHO, MACHINE)
    rid = keep_draft(made, None, Form("client", {"alias": CANARY}, {"birth_date": CANARY}))
    assert CANARY not in repr(draft_of(made, rid)) + repr(made.store.drafts.one(rid, made.user))
    made.store.close()
    for file in (tmp_path / "store").iterdir():
        assert CANARY.encode() not in file.read_bytes()


def test_no_draft_leaves_in_a_bundle(pair: Pair) -> None:
    ours, leg = pair.ours, pair.legs[0]
    keep_draft(ours, leg, form(ours, leg, carrier=CANARY))
    keep_draft(ours, None, Form("leg", {"sequence": 9, "carrier": CANARY}, parent=pair.plan))
    parcel = exchange.prepare(ours, pair.plan, pair.theirs.identity.organisation)
    gone = [encode(given.row.state) for given in parcel.may.rows]
    assert gone
    assert all(CANARY.encode() not in state for state in gone)
    pair.send()
    assert drafts.count_drafts(pair.theirs) == 0
    assert CANARY not in str([pair.theirs.store.rows(name) for name in TYPES])
    assert drafts.count_drafts(ours) == 2


def test_what_was_erased_does_not_come_back_by_being_typed_in(desk: Desk, leg: bytes) -> None:
    plan = found(desk, leg).parent
    assert plan is not None
    opened = form(desk, leg, carrier="X")
    for rid, kept in ((leg, opened), (None, Form("leg", {"sequence": 9}, parent=plan))):
        keep_draft(desk, rid, kept)
    keep_draft(replace(desk, user="OM"), leg, opened)
    bare = create_record(desk, Contact, {})
    keep_draft(desk, bare, Form("contact", {"given_name": "X"}))
    gone = [drafts.discard_draft(desk, rid) for rid in (leg, bare)]
    client = found(desk, plan).parent
    assert client is not None
    with desk.store.transaction():
        for rid in (client, bare):
            desk.store.erasures.erase(Erased(rid, desk.milliseconds, ErasureReason.CLIENT_REQUEST))
    assert drafts.drafts(desk) == drafts.drafts(replace(desk, user="OM")) == ()
    under = Form("leg", {"sequence": 9}, parent=plan)
    for rid, kept in ((leg, opened), (None, under), (bare, Form("contact", {"given_name": "X"}))):
        assert refusal(lambda: keep_draft(desk, rid, kept)).code == "record.missing"  # noqa: B023
    for one in gone:
        assert one is not None
        assert refusal(lambda: drafts.keep_again(desk, one)).code == "record.missing"  # noqa: B023
    assert drafts.drafts(desk) == ()
