# SPDX-License-Identifier: GPL-3.0-or-later
"""A first talk that is broken off: it waits whole, goes on, and ends as a client with a plan."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.integration.pair_samples import MACHINE, WHO, refusal
from tests.support.stores import new_desk

from kfdesk.demo import people
from kfdesk.domain.accounts import Role
from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import StoredDraft, view
from kfdesk.domain.values import MissingAnswer, PartialDate, Translation, Value
from kfdesk.services.core import drafts
from kfdesk.services.core.drafts import MAX_TYPED_LENGTH, FormState
from kfdesk.services.core.records import delete_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.case import (
    IntakeDraft,
    create_plan,
    new_client_code,
    read_intake_draft,
    save_intake_draft,
)
from kfdesk.services.plans.plans import open_plan

CANARY = "Kanariefågel 4711"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Session]:
    made = new_desk(tmp_path / "store", people.HOUSE, WHO, MACHINE)
    yield made
    made.store.close()


def talk(
    desk: Session,
    client: dict[str, Value] | None = None,
    plan: dict[str, Value] | None = None,
    rid: bytes | None = None,
) -> IntakeDraft:
    """Return an intake in which this is known."""
    hers, of_plan = FormState("client", client or {}), FormState("plan", plan or {})
    return IntakeDraft(rid or desk.new_id(), hers, of_plan)


def test_talk_goes_on_as_it_was_broken_off(desk: Session) -> None:
    told = (Translation("sv", "Pskov oblast"), Translation("ru", "Псковская область"))
    client: dict[str, Value] = {
        "code": "alm-12", "alias": "Nina", "languages": ("ru", "sv"),
        "birth_date": PartialDate("2001"),
    }  # fmt: skip
    plan: dict[str, Value] = {
        "to_country": "RU", "to_place": told, "opened": date(2026, 11, 24),
        "wish": MissingAnswer.DECLINED, "interpreter_used": True,
    }  # fmt: skip
    kept = talk(desk, client, plan)
    save_intake_draft(desk, kept)
    again = read_intake_draft(desk, kept.rid)
    assert again is not None
    assert dict(again.client.values) == client
    assert dict(again.plan.values) == plan
    assert (again.client.typed, again.plan.typed) == ({}, {})


def test_what_could_not_be_read_comes_back_in_its_own_form(desk: Session) -> None:
    rid = desk.new_id()
    hers = FormState("client", {"alias": "Nina"}, {"birth_date": "maj nån gång"})
    of_plan = FormState("plan", {}, {"wish_stated": "i går kl", "to_country": "=RU~"})
    save_intake_draft(desk, IntakeDraft(rid, hers, of_plan))
    again = read_intake_draft(desk, rid)
    assert again is not None
    assert again.client.typed == {"birth_date": "maj nån gång"}
    assert again.plan.typed == {"wish_stated": "i går kl", "to_country": "=RU~"}
    assert again.plan.values == {}


def test_later_words_take_the_place_of_the_earlier(desk: Session) -> None:
    first = talk(desk, {"alias": "Nina"}, {"to_country": "RU", "from_country": "SE"})
    save_intake_draft(desk, first)
    save_intake_draft(desk, talk(desk, {"alias": "Vera"}, {"to_country": "EE"}, first.rid))
    again = read_intake_draft(desk, first.rid)
    assert again is not None
    assert dict(again.client.values) == {"alias": "Vera"}
    assert dict(again.plan.values) == {"to_country": "EE"}
    assert drafts.count_drafts(desk) == 1


def test_code_alone_is_worth_no_draft_and_emptying_takes_it_away(desk: Session) -> None:
    kept = talk(desk, {"code": "alm-12"})
    save_intake_draft(desk, kept)
    assert drafts.count_drafts(desk) == 0
    save_intake_draft(desk, replace(kept, plan=FormState("plan", {"to_country": "RU"})))
    assert drafts.count_drafts(desk) == 1
    save_intake_draft(desk, kept)
    assert read_intake_draft(desk, kept.rid) is None


def test_only_the_plan_was_spoken_of_and_it_is_kept(desk: Session) -> None:
    kept = IntakeDraft(
        desk.new_id(), FormState("client"), FormState("plan", {}, {"wish_stated": "nyss"})
    )
    save_intake_draft(desk, kept)
    again = read_intake_draft(desk, kept.rid)
    assert again is not None
    assert again.plan.typed == {"wish_stated": "nyss"}


def test_talk_is_no_record_and_leaves_no_trace(desk: Session) -> None:
    digest, head = desk.store.digest(), desk.store.ledger.audit_head()
    kept = talk(desk, {"alias": "Nina"})
    save_intake_draft(desk, kept)
    assert (desk.store.digest(), desk.store.ledger.audit_head()) == (digest, head)
    assert desk.store.row(kept.rid) is None
    assert CANARY not in repr(read_intake_draft(desk, talk_with_canary(desk)))


def talk_with_canary(desk: Session) -> bytes:
    kept = IntakeDraft(
        desk.new_id(),
        FormState("client", {"alias": CANARY}),
        FormState("plan", {}, {"wish_stated": CANARY}),
    )
    save_intake_draft(desk, kept)
    return kept.rid


def test_talk_waits_for_its_own_user_alone(desk: Session) -> None:
    kept = talk(desk, {"alias": "Nina"})
    save_intake_draft(desk, kept)
    assert read_intake_draft(replace(desk, user="QQ"), kept.rid) is None
    assert read_intake_draft(desk, kept.rid) is not None


def test_line_of_a_waiting_talk_has_her_code_and_nothing_else(desk: Session) -> None:
    save_intake_draft(desk, talk(desk, {"code": "alm-12", "alias": "Nina"}))
    (line,) = drafts.list_drafts(desk)
    assert (line.type, line.code, line.is_new) == ("client", "alm-12", True)
    assert "Nina" not in repr(line)


def test_wrong_value_is_refused_and_the_talk_before_stands(desk: Session) -> None:
    kept = talk(desk, {"alias": "Nina"}, {"to_country": "RU"})
    save_intake_draft(desk, kept)
    wrong = replace(kept, plan=FormState("plan", {"to_country": 7}))
    assert refusal(lambda: save_intake_draft(desk, wrong)).code.startswith("field.")
    again = read_intake_draft(desk, kept.rid)
    assert again is not None
    assert dict(again.plan.values) == {"to_country": "RU"}


@pytest.mark.parametrize("where", ["client", "plan"])
def test_what_was_pasted_by_mistake_is_refused(desk: Session, where: str) -> None:
    long = "x" * (MAX_TYPED_LENGTH + 1)
    hers = FormState("client", {"alias": "Nina"}, {"birth_date": long} if where == "client" else {})
    of_plan = FormState("plan", {}, {"wish_stated": long} if where == "plan" else {})
    kept = IntakeDraft(desk.new_id(), hers, of_plan)
    assert refusal(lambda: save_intake_draft(desk, kept)).code == "field.too_long"
    assert drafts.count_drafts(desk) == 0


def test_half_a_sign_is_kept_as_a_question_mark(desk: Session) -> None:
    kept = IntakeDraft(
        desk.new_id(), FormState("client", {}, {"birth_date": "\ud83d 5"}), FormState("plan")
    )
    save_intake_draft(desk, kept)
    again = read_intake_draft(desk, kept.rid)
    assert again is not None
    assert again.client.typed == {"birth_date": "? 5"}


def test_what_an_older_program_took_is_left_out_and_the_rest_goes_on(desk: Session) -> None:
    rid = desk.new_id()
    typed = {"plan.to_country": "=7", "plan.no_such_field": '="x"', "plan.from_country": '="SE"'}
    with desk.store.transaction():
        desk.store.drafts.keep(
            StoredDraft(
                rid, desk.user, "client", None, desk.milliseconds, frozenset(),
                {"alias": "Nina"}, typed,
            )
        )  # fmt: skip
    again = read_intake_draft(desk, rid)
    assert again is not None
    assert dict(again.plan.values) == {"from_country": "SE"}
    assert dict(again.client.values) == {"alias": "Nina"}


# what is no talk


def test_draft_of_another_type_and_of_a_client_that_exists_is_no_talk(desk: Session) -> None:
    contact = drafts.save_draft(desk, None, FormState("contact", {"given_name": "Påhittad"}))
    assert read_intake_draft(desk, contact) is None
    plan, _ = create_plan(desk, {})
    client = open_plan(desk, plan).client.rid
    drafts.save_draft(desk, client, FormState("client", {"alias": "Nina"}))
    assert read_intake_draft(desk, client) is None
    assert read_intake_draft(desk, desk.new_id()) is None


# how it ends


def test_finished_talk_becomes_the_client_and_the_draft_is_gone(desk: Session) -> None:
    kept = talk(desk, {"code": "alm-12", "alias": "Nina"}, {"to_country": "RU"})
    save_intake_draft(desk, kept)
    plan, _ = create_plan(desk, dict(kept.client.values), dict(kept.plan.values), kept.rid)
    page = open_plan(desk, plan)
    assert page.client.rid == kept.rid
    assert (page.client.record.code, page.client.record.alias) == ("alm-12", "Nina")
    assert read_intake_draft(desk, kept.rid) is None
    assert drafts.count_drafts(desk) == 0


def test_refused_beginning_leaves_the_talk(desk: Session) -> None:
    kept = talk(desk, {"alias": "Nina"})
    save_intake_draft(desk, kept)
    refusal(lambda: create_plan(desk, {"alias": "Nina"}, {"to_country": 7}, kept.rid))
    assert read_intake_draft(desk, kept.rid) is not None
    assert desk.store.row(kept.rid) is None


def test_code_that_was_given_away_meanwhile_is_drawn_anew(desk: Session) -> None:
    create_plan(desk, {"code": "alm-12"})
    second, _ = create_plan(desk, {"code": "alm-12"})
    code = open_plan(desk, second).client.record.code
    assert code != "alm-12"
    assert isinstance(code, str)


@pytest.mark.parametrize("code", ["", MissingAnswer.UNKNOWN, None])
def test_client_without_a_code_gets_one(desk: Session, code: Value) -> None:
    plan, _ = create_plan(desk, {"code": code})
    assert open_plan(desk, plan).client.record.code not in ("", None, MissingAnswer.UNKNOWN)


def test_code_of_a_client_in_the_bin_is_not_given_again(desk: Session) -> None:
    plan, _ = create_plan(desk, {"code": "alm-12"})
    delete_record(desk, open_plan(desk, plan).client.rid)
    second, _ = create_plan(desk, {"code": "alm-12"})
    assert open_plan(desk, second).client.record.code != "alm-12"


def test_state_owner_and_day_of_a_new_plan_are_not_what_was_typed(desk: Session) -> None:
    typed: dict[str, Value] = {"state": "approved", "owner": "QQ", "opened": date(2020, 1, 1)}
    plan, _ = create_plan(desk, {}, typed)
    record = open_plan(desk, plan).plan.record
    assert (record.state, record.owner) == ("draft", desk.user)
    assert record.opened == desk.adapters.clock.now().date()


def test_both_digits_of_a_code_are_always_said(desk: Session) -> None:
    lowest = replace(desk, adapters=replace(desk.adapters, random=bytes, words=lambda _: ("alm",)))
    assert new_client_code(lowest) == "alm-10"
    last = (89).to_bytes(8, "big")
    highest = replace(
        desk, adapters=replace(desk.adapters, random=lambda _: last, words=lambda _: ("alm",))
    )
    assert new_client_code(highest) == "alm-99"
    create_plan(desk, {"code": "alm-99"})
    assert refusal(lambda: new_client_code(highest)).code == "client.no_code_left"


def test_who_writes_no_plans_begins_none(desk: Session) -> None:
    reader = replace(desk, roles=frozenset({Role.ADMINISTRATOR}))
    digest = desk.store.digest()
    assert refusal(lambda: create_plan(reader, {})).code == "user.not_allowed"
    assert refusal(lambda: new_client_code(reader)).code == "user.not_allowed"
    assert desk.store.digest() == digest


def test_client_answers_to_our_house(desk: Session) -> None:
    plan, changes = create_plan(desk, {"alias": "Nina"})
    client = open_plan(desk, plan).client.rid
    assert changes.rids == {client, plan}
    assert require_record(desk, client).custodian == desk.identity.organisation
    assert require_record(desk, plan).parent == client
    assert view(require_record(desk, client), Client).record.alias == "Nina"
