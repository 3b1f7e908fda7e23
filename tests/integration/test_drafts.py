# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts on real desks: what was typed waits through everything and overwrites nobody."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.integration.pair_samples import MACHINE, WHO, Pair, met_pair, refusal
from tests.support.stores import new_desk

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.audit import Action
from kfdesk.domain.backup import ErasureEntry
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.directory import Contact
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import encode_state
from kfdesk.domain.rows import seen_writes, view
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.services.core import drafts
from kfdesk.services.core.drafts import FormState, finish_draft, read_draft, save_draft
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    require_record,
    restore_record,
)
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.plans import plans

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
def desk(tmp_path: Path) -> Iterator[Session]:
    made = new_desk(tmp_path / "store", people.HOUSE, WHO, MACHINE)
    yield made
    made.store.close()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as met:
        yield met


@pytest.fixture
def leg(desk: Session) -> bytes:
    house = create_record(desk, RECORD_TYPES["organisation"].cls, {"name": people.SAFE_HOUSE})
    _, legs = story.enter_plan(desk, house)
    return legs[0]


def form(desk: Session, rid: bytes, **values: Value) -> FormState:
    """Return a form on a record, opened now, with values typed into it."""
    row = require_record(desk, rid)
    return FormState(row.type, values, parent=row.parent, seen=seen_writes(row))


def carrier(desk: Session, rid: bytes) -> object:
    return view(require_record(desk, rid), Leg).record.carrier


def test_what_was_typed_is_kept_as_it_was_typed(desk: Session, leg: bytes) -> None:
    departs = ZonedTime.parse("2026-12-12T17:00+01:00[Europe/Stockholm]")
    typed = {"arrives": "13 dec kl", "check_in": "\ud800\x00\u202e?"}
    filled = replace(form(desk, leg, carrier="X", departs=departs, mode=None), typed=typed)
    assert save_draft(desk, leg, filled) == leg
    opened = read_draft(desk, leg)
    assert opened is not None
    assert opened.form.values == {"carrier": "X", "departs": departs, "mode": None}
    assert opened.form.typed == {"arrives": "13 dec kl", "check_in": "?\x00\u202e?"}
    assert opened.form.seen == filled.seen
    assert (opened.line.type, opened.line.code, opened.line.is_new) == ("leg", "tulpan-47", False)


def test_draft_changes_no_record_and_leaves_no_entry(desk: Session, leg: bytes) -> None:
    digest, head = desk.store.digest(), desk.store.ledger.audit_head()
    save_draft(desk, leg, form(desk, leg, carrier="X"))
    drafts.discard_draft(desk, leg)
    assert (desk.store.digest(), desk.store.ledger.audit_head()) == (digest, head)


def test_later_typing_takes_the_place_of_the_earlier(desk: Session, leg: bytes) -> None:
    for text in ("1", "2"):
        save_draft(desk, leg, form(desk, leg, carrier=text))
    (line,) = drafts.list_drafts(desk)
    opened = read_draft(desk, line.rid)
    assert opened is not None
    assert opened.form.values == {"carrier": "2"}
    assert drafts.count_drafts(desk) == 1


def test_form_that_was_emptied_leaves_no_draft(desk: Session, leg: bytes) -> None:
    save_draft(desk, leg, form(desk, leg, carrier="X"))
    save_draft(desk, leg, form(desk, leg))
    assert drafts.list_drafts(desk) == ()


def test_newest_draft_comes_first(desk: Session, leg: bytes) -> None:
    early = save_draft(desk, None, FormState("contact", {"given_name": "Påhittad"}))
    later = replace(
        desk, adapters=replace(desk.adapters, clock=Clock(desk.adapters.clock.now() + MINUTE))
    )
    save_draft(later, leg, form(desk, leg, carrier="X"))
    assert [line.rid for line in drafts.list_drafts(desk)] == [leg, early]


def test_value_that_does_not_fit_belongs_to_what_was_typed(desk: Session, leg: bytes) -> None:
    refused = refusal(lambda: save_draft(desk, leg, form(desk, leg, sequence="two")))
    assert refused.data["field"] == "leg.sequence"
    huge = replace(form(desk, leg), typed={"carrier": "x" * 1_000_001})
    assert refusal(lambda: save_draft(desk, leg, huge)).code == "field.too_long"
    assert drafts.list_drafts(desk) == ()


# saving


def test_finished_draft_is_one_change_and_is_gone(desk: Session, leg: bytes) -> None:
    save_draft(desk, leg, form(desk, leg, carrier="X", booking_reference=None))
    done = finish_draft(desk, leg)
    assert (done.rid, done.type, set(done.keys)) == (leg, "leg", {"carrier", "booking_reference"})
    assert carrier(desk, leg) == "X"
    assert drafts.list_drafts(desk) == ()
    ((_, event),) = desk.store.ledger.events(None, 1)
    assert (event.action, event.rid) == (Action.CHANGE, leg)
    assert refusal(lambda: finish_draft(desk, leg)).code == "draft.missing"


def test_new_record_is_made_of_its_draft_under_the_same_id(desk: Session, leg: bytes) -> None:
    plan = require_record(desk, leg).parent
    rid = save_draft(desk, None, FormState("leg", typed={"departs": "imorgon"}, parent=plan))
    assert desk.store.row(rid) is None
    (line,) = drafts.list_drafts(desk)
    assert (line.is_new, line.code, line.is_outdated) == (True, "tulpan-47", False)
    save_draft(desk, rid, FormState("leg", {"sequence": 7}, parent=plan))
    done = finish_draft(desk, rid)
    row = require_record(desk, rid)
    assert (done.action, row.parent) == (Action.CREATE, plan)
    assert view(row, Leg).record.sequence == 7
    assert drafts.list_drafts(desk) == ()


def test_draft_of_a_new_client_has_her_code_already(desk: Session) -> None:
    save_draft(desk, None, FormState("client", {"code": "sippa-12"}))
    (line,) = drafts.list_drafts(desk)
    assert line.code == "sippa-12"


def test_new_form_may_be_emptied_and_filled_again(desk: Session) -> None:
    rid = save_draft(desk, None, FormState("client", {"code": "sippa-12"}))
    save_draft(desk, rid, FormState("client"))
    save_draft(desk, rid, FormState("client", {"code": "sippa-13"}))
    finish_draft(desk, rid)
    assert view(require_record(desk, rid), Client).record.code == "sippa-13"


def test_unfinished_field_keeps_the_draft_waiting(desk: Session, leg: bytes) -> None:
    filled = replace(form(desk, leg, carrier="X"), typed={"arrives": "13 dec kl"})
    save_draft(desk, leg, filled)
    refused = refusal(lambda: finish_draft(desk, leg))
    assert (refused.code, refused.data) == ("draft.unfinished", {"field": "leg.arrives"})
    assert carrier(desk, leg) != "X"
    assert drafts.count_drafts(desk) == 1


def test_discarded_draft_can_be_kept_again(desk: Session, leg: bytes) -> None:
    save_draft(desk, leg, form(desk, leg, carrier="X"))
    gone = drafts.discard_draft(desk, leg)
    assert gone is not None
    assert drafts.list_drafts(desk) == ()
    drafts.restore_draft(desk, gone)
    assert read_draft(desk, leg) == gone
    assert drafts.discard_draft(desk, create_record(desk, Contact, {})) is None


def test_draft_kept_again_does_not_replace_a_newer_one(desk: Session, leg: bytes) -> None:
    save_draft(desk, leg, form(desk, leg, carrier="old"))
    gone = drafts.discard_draft(desk, leg)
    save_draft(desk, leg, form(desk, leg, carrier="new"))
    assert gone is not None
    drafts.restore_draft(desk, gone)
    opened = read_draft(desk, leg)
    assert opened is not None
    assert opened.form.values == {"carrier": "new"}


# each for himself


def test_drafts_are_each_users_own(desk: Session, leg: bytes) -> None:
    other = replace(desk, user="OM")
    save_draft(desk, leg, form(desk, leg, carrier="mine"))
    assert drafts.list_drafts(other) == ()
    assert read_draft(other, leg) is None
    save_draft(other, leg, form(desk, leg, carrier="theirs"))
    drafts.discard_draft(other, leg)
    opened = read_draft(desk, leg)
    assert opened is not None
    assert opened.form.values == {"carrier": "mine"}


def test_two_drafts_of_one_record_become_a_conflict_and_none_is_lost(
    desk: Session, leg: bytes
) -> None:
    other = replace(desk, user="OM")
    save_draft(desk, leg, form(desk, leg, carrier="mine"))
    save_draft(other, leg, form(other, leg, carrier="theirs"))
    finish_draft(desk, leg)
    finish_draft(other, leg)
    versions = view(require_record(desk, leg), Leg).versions["carrier"]
    assert [version.value for version in versions] == ["mine", "theirs"]


# what came in between


def test_colleagues_change_makes_the_draft_outdated_and_then_a_conflict(
    desk: Session, leg: bytes
) -> None:
    save_draft(desk, leg, form(desk, leg, carrier="mine", booking_reference="A 1"))
    change_record(desk, leg, {"carrier": "theirs", "status": "booked"})
    (line,) = drafts.list_drafts(desk)
    assert (line.is_outdated, line.contested) == (True, frozenset({"carrier"}))
    finish_draft(desk, leg)
    shown = view(require_record(desk, leg), Leg)
    assert shown.conflicts == {"carrier"}
    assert {version.value for version in shown.versions["carrier"]} == {"mine", "theirs"}
    assert shown.record.booking_reference == "A 1"


def test_same_value_written_meanwhile_contests_nothing(desk: Session, leg: bytes) -> None:
    save_draft(desk, leg, form(desk, leg, carrier="same"))
    change_record(desk, leg, {"carrier": "same"})
    (line,) = drafts.list_drafts(desk)
    assert (line.is_outdated, line.contested) == (True, frozenset())
    finish_draft(desk, leg)
    assert carrier(desk, leg) == "same"


def test_change_that_was_deleted_and_restored_is_not_overwritten_either(
    desk: Session, leg: bytes
) -> None:
    save_draft(desk, leg, form(desk, leg, carrier="mine"))
    change_record(desk, leg, {"carrier": "theirs"})
    delete_record(desk, leg)
    restore_record(desk, leg)
    (line,) = drafts.list_drafts(desk)
    assert line.contested == {"carrier"}
    finish_draft(desk, leg)
    versions = view(require_record(desk, leg), Leg).versions["carrier"]
    assert {version.value for version in versions} == {"mine", "theirs"}


def test_draft_finished_on_a_deleted_record_brings_it_back(desk: Session, leg: bytes) -> None:
    save_draft(desk, leg, form(desk, leg, carrier="mine"))
    delete_record(desk, leg)
    (line,) = drafts.list_drafts(desk)
    assert (line.is_outdated, line.contested) == (True, frozenset())
    finish_draft(desk, leg)
    assert not view(require_record(desk, leg), Leg).is_deleted


def test_new_record_under_one_in_the_bin_waits(desk: Session, leg: bytes) -> None:
    plan = require_record(desk, leg).parent
    assert plan is not None
    rid = save_draft(desk, None, FormState("leg", {"sequence": 7}, parent=plan))
    delete_record(desk, plan)
    assert refusal(lambda: finish_draft(desk, rid)).code == "record.deleted"
    restore_record(desk, plan)
    assert finish_draft(desk, rid).rid == rid


def test_import_between_typing_and_saving_shows_both_values(pair: Pair) -> None:
    ours, leg = pair.ours, pair.legs[1]
    pair.send()
    mine, theirs = (
        ZonedTime.parse(f"2026-12-13T{clock}+02:00[Europe/Riga]") for clock in ("07:10", "09:40")
    )
    save_draft(ours, leg, form(ours, leg, arrives=mine))
    change_record(pair.theirs, leg, {"arrives": theirs, "booking_reference": None})
    pair.answer()
    (line,) = drafts.list_drafts(ours)
    assert (line.is_outdated, line.contested) == (True, frozenset({"arrives"}))
    finish_draft(ours, leg)
    (conflict,) = plans.open_plan(ours, pair.plan).conflicts
    assert conflict.key == "arrives"
    assert {version.value for version in conflict.versions} == {mine, theirs}
    assert view(require_record(ours, leg), Leg).record.booking_reference is None
    assert ours.store.verify() == ()


# where a draft is, and where it is not


def test_draft_survives_the_lock(tmp_path: Path) -> None:
    made = new_desk(tmp_path / "store", people.HOUSE, WHO, MACHINE)
    rid = save_draft(made, None, FormState("client", {"alias": CANARY}, {"birth_date": "2001-"}))
    made.store.close()
    again = store_lifecycle.unlock_store(tmp_path / "store", WHO, MACHINE)
    opened = read_draft(again, rid)
    again.store.close()
    assert opened is not None
    assert (opened.form.values, opened.form.typed) == ({"alias": CANARY}, {"birth_date": "2001-"})


def test_draft_lies_encrypted_and_is_in_no_repr(tmp_path: Path) -> None:
    made = new_desk(tmp_path / "store", people.HOUSE, WHO, MACHINE)
    rid = save_draft(made, None, FormState("client", {"alias": CANARY}, {"birth_date": CANARY}))
    assert CANARY not in repr(read_draft(made, rid)) + repr(made.store.drafts.one(rid, made.user))
    made.store.close()
    for file in (tmp_path / "store").iterdir():
        assert CANARY.encode() not in file.read_bytes()


def test_no_draft_leaves_in_a_bundle(pair: Pair) -> None:
    ours, leg = pair.ours, pair.legs[0]
    save_draft(ours, leg, form(ours, leg, carrier=CANARY))
    save_draft(ours, None, FormState("leg", {"sequence": 9, "carrier": CANARY}, parent=pair.plan))
    parcel = transfer.prepare_bundle(ours, pair.plan, pair.theirs.identity.organisation)
    gone = [encode_state(given.row.state) for given in parcel.may.rows]
    assert gone
    assert all(CANARY.encode() not in state for state in gone)
    pair.send()
    assert drafts.count_drafts(pair.theirs) == 0
    assert CANARY not in str([pair.theirs.store.rows(name) for name in RECORD_TYPES])
    assert drafts.count_drafts(ours) == 2


def test_what_was_erased_does_not_come_back_by_being_typed_in(desk: Session, leg: bytes) -> None:
    plan = require_record(desk, leg).parent
    assert plan is not None
    opened = form(desk, leg, carrier="X")
    for rid, kept in ((leg, opened), (None, FormState("leg", {"sequence": 9}, parent=plan))):
        save_draft(desk, rid, kept)
    save_draft(replace(desk, user="OM"), leg, opened)
    bare = create_record(desk, Contact, {})
    save_draft(desk, bare, FormState("contact", {"given_name": "X"}))
    gone = [drafts.discard_draft(desk, rid) for rid in (leg, bare)]
    client = require_record(desk, plan).parent
    assert client is not None
    with desk.store.transaction():
        for rid in (client, bare):
            desk.store.erasures.erase(
                ErasureEntry(rid, desk.milliseconds, ErasureReason.CLIENT_REQUEST)
            )
    assert drafts.list_drafts(desk) == drafts.list_drafts(replace(desk, user="OM")) == ()
    under = FormState("leg", {"sequence": 9}, parent=plan)
    for rid, kept in (
        (leg, opened),
        (None, under),
        (bare, FormState("contact", {"given_name": "X"})),
    ):
        assert refusal(lambda: save_draft(desk, rid, kept)).code == "record.missing"  # noqa: B023
    for one in gone:
        assert one is not None
        assert refusal(lambda: drafts.restore_draft(desk, one)).code == "record.missing"  # noqa: B023
    assert drafts.list_drafts(desk) == ()


@pytest.mark.parametrize("typed", [{}, {"name": None}, {"name": " "}, {"country": "SE"}])
def test_organisation_without_a_name_is_not_saved_and_waits_as_a_draft(
    desk: Session, typed: dict[str, Value]
) -> None:
    before = len(desk.store.rows("organisation"))
    form = FormState("organisation", {"confidentiality": "secret", **typed})
    rid = save_draft(desk, None, form)
    assert refusal(lambda: finish_draft(desk, rid)).code == "field.no_name"
    keys = frozenset(form.values)
    assert refusal(lambda: drafts.save_partial(desk, rid, form, keys)).code == "field.no_name"
    assert len(desk.store.rows("organisation")) == before
    assert read_draft(desk, rid) is not None
    named = save_draft(desk, rid, FormState("organisation", {"name": people.SAFE_HOUSE}))
    assert finish_draft(desk, named).rid == rid


def test_name_of_an_organisation_cannot_be_emptied(desk: Session) -> None:
    rid = create_record(desk, RECORD_TYPES["organisation"].cls, {"name": people.SAFE_HOUSE})
    seen = seen_writes(require_record(desk, rid))
    emptied = FormState("organisation", {"name": None}, seen=seen)
    for save in (
        lambda: drafts.save_partial(desk, rid, emptied, frozenset({"name"})),
        lambda: finish_draft(desk, save_draft(desk, rid, emptied)),
    ):
        assert refusal(save).code == "field.no_name"
    hours = FormState("organisation", {"hours": "Mo-Fr 9-17"}, seen=seen)
    assert drafts.save_partial(desk, rid, hours, frozenset({"hours"})).keys == ("hours",)


@pytest.mark.parametrize("code", ["Sasha", "Саша", "Нина Вымыслова", "x-y"])
def test_code_without_a_digit_is_refused_as_a_name(desk: Session, code: str) -> None:
    rid = create_record(desk, Client, people.CLIENT)
    seen = seen_writes(require_record(desk, rid))
    form = FormState("client", {"code": code}, seen=seen)
    fault = refusal(lambda: drafts.save_partial(desk, rid, form, frozenset({"code"})))
    assert fault.code == "field.code_a_name"
    kept = FormState("client", {"code": "vinter-61", "alias": "Sasha"}, seen=seen)
    drafts.save_partial(desk, rid, kept, frozenset({"code", "alias"}))
    assert view(require_record(desk, rid), Client).record.code == "vinter-61"
