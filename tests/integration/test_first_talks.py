# SPDX-License-Identifier: GPL-3.0-or-later
"""A first talk that is broken off: it waits whole, goes on, and ends as a client with a plan."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.integration.pair_samples import MACHINE, WHO, refusal
from tests.integration.stores import new_desk

from kfdesk.demo import people
from kfdesk.domain.desk.draft import Draft
from kfdesk.domain.desk.users import Role
from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import view
from kfdesk.domain.values import About, Gap, Value, Wording
from kfdesk.services.casework.intake import Talk, begin_plan, fresh_code, keep_talk, talk_of
from kfdesk.services.desk import Desk
from kfdesk.services.plans import open_plan
from kfdesk.services.writing import drafts
from kfdesk.services.writing.drafts import MOST_TYPED, Form
from kfdesk.services.writing.records import delete_record, found

CANARY = "Kanariefågel 4711"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = new_desk(tmp_path / "store", people.HOUSE, WHO, MACHINE)
    yield made
    made.store.close()


def talk(
    desk: Desk,
    client: dict[str, Value] | None = None,
    plan: dict[str, Value] | None = None,
    rid: bytes | None = None,
) -> Talk:
    """A talk in which this is known."""
    hers, of_plan = Form("client", client or {}), Form("plan", plan or {})
    return Talk(rid or desk.new_id(), hers, of_plan)


def test_talk_goes_on_as_it_was_broken_off(desk: Desk) -> None:
    told = (Wording("sv", "Pskov oblast"), Wording("ru", "Псковская область"))
    client: dict[str, Value] = {
        "code": "alm-12", "alias": "Nina", "languages": ("ru", "sv"), "birth_date": About("2001"),
    }  # fmt: skip
    plan: dict[str, Value] = {
        "to_country": "RU", "to_place": told, "opened": date(2026, 11, 24),
        "wish": Gap.DECLINED, "interpreter_used": True,
    }  # fmt: skip
    kept = talk(desk, client, plan)
    keep_talk(desk, kept)
    again = talk_of(desk, kept.rid)
    assert again is not None
    assert dict(again.client.values) == client
    assert dict(again.plan.values) == plan
    assert (again.client.typed, again.plan.typed) == ({}, {})


def test_what_could_not_be_read_comes_back_in_its_own_form(desk: Desk) -> None:
    rid = desk.new_id()
    hers = Form("client", {"alias": "Nina"}, {"birth_date": "maj nån gång"})
    of_plan = Form("plan", {}, {"wish_stated": "i går kl", "to_country": "=RU~"})
    keep_talk(desk, Talk(rid, hers, of_plan))
    again = talk_of(desk, rid)
    assert again is not None
    assert again.client.typed == {"birth_date": "maj nån gång"}
    assert again.plan.typed == {"wish_stated": "i går kl", "to_country": "=RU~"}
    assert again.plan.values == {}


def test_later_words_take_the_place_of_the_earlier(desk: Desk) -> None:
    first = talk(desk, {"alias": "Nina"}, {"to_country": "RU", "from_country": "SE"})
    keep_talk(desk, first)
    keep_talk(desk, talk(desk, {"alias": "Vera"}, {"to_country": "EE"}, first.rid))
    again = talk_of(desk, first.rid)
    assert again is not None
    assert dict(again.client.values) == {"alias": "Vera"}
    assert dict(again.plan.values) == {"to_country": "EE"}
    assert drafts.count_drafts(desk) == 1


def test_code_alone_is_worth_no_draft_and_emptying_takes_it_away(desk: Desk) -> None:
    kept = talk(desk, {"code": "alm-12"})
    keep_talk(desk, kept)
    assert drafts.count_drafts(desk) == 0
    keep_talk(desk, replace(kept, plan=Form("plan", {"to_country": "RU"})))
    assert drafts.count_drafts(desk) == 1
    keep_talk(desk, kept)
    assert talk_of(desk, kept.rid) is None


def test_only_the_plan_was_spoken_of_and_it_is_kept(desk: Desk) -> None:
    kept = Talk(desk.new_id(), Form("client"), Form("plan", {}, {"wish_stated": "nyss"}))
    keep_talk(desk, kept)
    again = talk_of(desk, kept.rid)
    assert again is not None
    assert again.plan.typed == {"wish_stated": "nyss"}


def test_talk_is_no_record_and_leaves_no_trace(desk: Desk) -> None:
    digest, head = desk.store.digest(), desk.store.ledger.audit_head()
    kept = talk(desk, {"alias": "Nina"})
    keep_talk(desk, kept)
    assert (desk.store.digest(), desk.store.ledger.audit_head()) == (digest, head)
    assert desk.store.row(kept.rid) is None
    assert CANARY not in repr(talk_of(desk, talk_with_canary(desk)))


def talk_with_canary(desk: Desk) -> bytes:
    kept = Talk(
        desk.new_id(), Form("client", {"alias": CANARY}), Form("plan", {}, {"wish_stated": CANARY})
    )
    keep_talk(desk, kept)
    return kept.rid


def test_talk_waits_for_its_own_user_alone(desk: Desk) -> None:
    kept = talk(desk, {"alias": "Nina"})
    keep_talk(desk, kept)
    assert talk_of(replace(desk, user="QQ"), kept.rid) is None
    assert talk_of(desk, kept.rid) is not None


def test_line_of_a_waiting_talk_has_her_code_and_nothing_else(desk: Desk) -> None:
    keep_talk(desk, talk(desk, {"code": "alm-12", "alias": "Nina"}))
    (line,) = drafts.drafts(desk)
    assert (line.type, line.code, line.is_new) == ("client", "alm-12", True)
    assert "Nina" not in repr(line)


def test_wrong_value_is_refused_and_the_talk_before_stands(desk: Desk) -> None:
    kept = talk(desk, {"alias": "Nina"}, {"to_country": "RU"})
    keep_talk(desk, kept)
    wrong = replace(kept, plan=Form("plan", {"to_country": 7}))
    assert refusal(lambda: keep_talk(desk, wrong)).code.startswith("field.")
    again = talk_of(desk, kept.rid)
    assert again is not None
    assert dict(again.plan.values) == {"to_country": "RU"}


@pytest.mark.parametrize("where", ["client", "plan"])
def test_what_was_pasted_by_mistake_is_refused(desk: Desk, where: str) -> None:
    long = "x" * (MOST_TYPED + 1)
    hers = Form("client", {"alias": "Nina"}, {"birth_date": long} if where == "client" else {})
    of_plan = Form("plan", {}, {"wish_stated": long} if where == "plan" else {})
    kept = Talk(desk.new_id(), hers, of_plan)
    assert refusal(lambda: keep_talk(desk, kept)).code == "field.too_long"
    assert drafts.count_drafts(desk) == 0


def test_half_a_sign_is_kept_as_a_question_mark(desk: Desk) -> None:
    kept = Talk(desk.new_id(), Form("client", {}, {"birth_date": "\ud83d 5"}), Form("plan"))
    keep_talk(desk, kept)
    again = talk_of(desk, kept.rid)
    assert again is not None
    assert again.client.typed == {"birth_date": "? 5"}


def test_what_an_older_program_took_is_left_out_and_the_rest_goes_on(desk: Desk) -> None:
    rid = desk.new_id()
    typed = {"plan.to_country": "=7", "plan.no_such_field": '="x"', "plan.from_country": '="SE"'}
    with desk.store.transaction():
        desk.store.drafts.keep(
            Draft(
                rid, desk.user, "client", None, desk.milliseconds, frozenset(),
                {"alias": "Nina"}, typed,
            )
        )  # fmt: skip
    again = talk_of(desk, rid)
    assert again is not None
    assert dict(again.plan.values) == {"from_country": "SE"}
    assert dict(again.client.values) == {"alias": "Nina"}


# what is no talk


def test_draft_of_another_type_and_of_a_client_that_exists_is_no_talk(desk: Desk) -> None:
    contact = drafts.keep_draft(desk, None, Form("contact", {"given_name": "Påhittad"}))
    assert talk_of(desk, contact) is None
    plan, _ = begin_plan(desk, {})
    client = open_plan(desk, plan).client.rid
    drafts.keep_draft(desk, client, Form("client", {"alias": "Nina"}))
    assert talk_of(desk, client) is None
    assert talk_of(desk, desk.new_id()) is None


# how it ends


def test_finished_talk_becomes_the_client_and_the_draft_is_gone(desk: Desk) -> None:
    kept = talk(desk, {"code": "alm-12", "alias": "Nina"}, {"to_country": "RU"})
    keep_talk(desk, kept)
    plan, _ = begin_plan(desk, dict(kept.client.values), dict(kept.plan.values), kept.rid)
    page = open_plan(desk, plan)
    assert page.client.rid == kept.rid
    assert (page.client.record.code, page.client.record.alias) == ("alm-12", "Nina")
    assert talk_of(desk, kept.rid) is None
    assert drafts.count_drafts(desk) == 0


def test_refused_beginning_leaves_the_talk(desk: Desk) -> None:
    kept = talk(desk, {"alias": "Nina"})
    keep_talk(desk, kept)
    refusal(lambda: begin_plan(desk, {"alias": "Nina"}, {"to_country": 7}, kept.rid))
    assert talk_of(desk, kept.rid) is not None
    assert desk.store.row(kept.rid) is None


def test_code_that_was_given_away_meanwhile_is_drawn_anew(desk: Desk) -> None:
    begin_plan(desk, {"code": "alm-12"})
    second, _ = begin_plan(desk, {"code": "alm-12"})
    code = open_plan(desk, second).client.record.code
    assert code != "alm-12"
    assert isinstance(code, str)


@pytest.mark.parametrize("code", ["", Gap.UNKNOWN, None])
def test_client_without_a_code_gets_one(desk: Desk, code: Value) -> None:
    plan, _ = begin_plan(desk, {"code": code})
    assert open_plan(desk, plan).client.record.code not in ("", None, Gap.UNKNOWN)


def test_code_of_a_client_in_the_bin_is_not_given_again(desk: Desk) -> None:
    plan, _ = begin_plan(desk, {"code": "alm-12"})
    delete_record(desk, open_plan(desk, plan).client.rid)
    second, _ = begin_plan(desk, {"code": "alm-12"})
    assert open_plan(desk, second).client.record.code != "alm-12"


def test_state_owner_and_day_of_a_new_plan_are_not_what_was_typed(desk: Desk) -> None:
    typed: dict[str, Value] = {"state": "approved", "owner": "QQ", "opened": date(2020, 1, 1)}
    plan, _ = begin_plan(desk, {}, typed)
    record = open_plan(desk, plan).plan.record
    assert (record.state, record.owner) == ("draft", desk.user)
    assert record.opened == desk.rooms.clock.now().date()


def test_both_digits_of_a_code_are_always_said(desk: Desk) -> None:
    lowest = replace(desk, rooms=replace(desk.rooms, random=bytes, words=lambda _: ("alm",)))
    assert fresh_code(lowest) == "alm-10"
    last = (89).to_bytes(8, "big")
    highest = replace(
        desk, rooms=replace(desk.rooms, random=lambda _: last, words=lambda _: ("alm",))
    )
    assert fresh_code(highest) == "alm-99"
    begin_plan(desk, {"code": "alm-99"})
    assert refusal(lambda: fresh_code(highest)).code == "client.no_code_left"


def test_who_writes_no_plans_begins_none(desk: Desk) -> None:
    reader = replace(desk, roles=frozenset({Role.ADMINISTRATOR}))
    digest = desk.store.digest()
    assert refusal(lambda: begin_plan(reader, {})).code == "user.not_allowed"
    assert refusal(lambda: fresh_code(reader)).code == "user.not_allowed"
    assert desk.store.digest() == digest


def test_client_answers_to_our_house(desk: Desk) -> None:
    plan, changes = begin_plan(desk, {"alias": "Nina"})
    client = open_plan(desk, plan).client.rid
    assert changes.rids == {client, plan}
    assert found(desk, client).custodian == desk.identity.organisation
    assert found(desk, plan).parent == client
    assert view(found(desk, client), Client).record.alias == "Nina"
