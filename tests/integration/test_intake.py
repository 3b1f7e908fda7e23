# SPDX-License-Identifier: GPL-3.0-or-later
"""The first talk on a bare store: a client under a code, and the draft of her plan."""

import re
from dataclasses import replace

import pytest

from kfdesk.demo import people
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.values import MissingAnswer, Translation, Value
from kfdesk.services.core.drafts import FormState, discard_draft, list_drafts, restore_draft
from kfdesk.services.core.session import Session
from kfdesk.services.plans.case import (
    IntakeDraft,
    create_plan,
    new_client_code,
    read_intake_draft,
    save_intake_draft,
)
from kfdesk.services.plans.plans import list_plans, open_plan


def test_nothing_has_to_be_known_to_begin(desk: Session) -> None:
    plan, changes = create_plan(desk, {})
    page = open_plan(desk, plan)
    assert re.fullmatch(r"[a-z]+-[1-9][0-9]", str(page.client.record.code))
    assert page.plan.record.state == "draft"
    assert page.plan.record.owner == people.INITIALS
    assert changes.types == {"client", "plan"}
    assert [line.rid for line in list_plans(desk)] == [plan]


def test_what_is_known_is_kept_and_a_gap_is_an_answer(desk: Session) -> None:
    plan, _ = create_plan(
        desk, {"alias": "Nina", "birth_date": MissingAnswer.DECLINED}, {"to_country": "RU"}
    )
    page = open_plan(desk, plan)
    assert page.client.record.alias == "Nina"
    assert page.client.record.birth_date is MissingAnswer.DECLINED
    assert page.plan.record.to_country == "RU"


def test_a_wrong_value_keeps_neither_client_nor_plan(desk: Session) -> None:
    before = desk.store.digest()
    with pytest.raises(KfdeskError, match=r"field\."):
        create_plan(desk, {"alias": "Nina"}, {"wish": 7})
    assert desk.store.digest() == before


def test_no_two_clients_share_a_code(desk: Session) -> None:
    one = replace(desk, adapters=replace(desk.adapters, words=lambda _: ("alm",)))
    codes = {open_plan(one, create_plan(one, {})[0]).client.record.code for _ in range(40)}
    assert len(codes) == 40  # of ninety: by chance alone two would be alike


def test_without_a_free_code_it_says_so(desk: Session) -> None:
    none = replace(desk, adapters=replace(desk.adapters, words=lambda _: ()))
    with pytest.raises(KfdeskError, match=r"client\.no_code_left"):
        new_client_code(none)


def test_every_code_word_can_be_said_in_any_language(desk: Session) -> None:
    words = desk.adapters.words("codes")
    assert len(words) == len(set(words)) >= 150
    assert all(re.fullmatch(r"[a-z]{3,10}", word) for word in words)


def a_talk(desk: Session, client: dict[str, Value], plan: dict[str, Value]) -> IntakeDraft:
    return IntakeDraft(desk.new_id(), FormState("client", client), FormState("plan", plan))


def test_first_talk_is_kept_as_one_draft_and_comes_back_as_it_was(desk: Session) -> None:
    told = (Translation("en", "Text messages only"),)
    client: dict[str, Value] = {"code": "alm-12", "languages": ("ru",), "safe_contact": told}
    talk = a_talk(desk, client, {"to_country": "RU", "wish": MissingAnswer.DECLINED})
    talk = replace(talk, plan=replace(talk.plan, typed={"to_place": "Psk"}))
    save_intake_draft(desk, talk)
    (line,) = list_drafts(desk)
    assert (line.type, line.code, line.is_new) == ("client", "alm-12", True)
    back = read_intake_draft(desk, talk.rid)
    assert back is not None
    assert (back.client.values, back.client.typed) == (client, {})
    assert back.plan.values == talk.plan.values
    assert back.plan.typed == {"to_place": "Psk"}


def test_a_code_alone_is_no_draft(desk: Session) -> None:
    talk = a_talk(desk, {"code": "alm-12", "alias": "Nina"}, {})
    save_intake_draft(desk, talk)
    save_intake_draft(desk, replace(talk, client=FormState("client", {"code": "alm-12"})))
    assert list_drafts(desk) == ()


def test_discarded_talk_is_kept_again_with_what_belongs_to_the_plan(desk: Session) -> None:
    talk = a_talk(desk, {"code": "alm-12"}, {"to_country": "RU"})
    save_intake_draft(desk, talk)
    gone = discard_draft(desk, talk.rid)
    assert gone is not None
    assert read_intake_draft(desk, talk.rid) is None
    restore_draft(desk, gone)
    back = read_intake_draft(desk, talk.rid)
    assert back is not None
    assert back.plan.values == {"to_country": "RU"}


def test_beginning_takes_the_code_that_was_shown_and_ends_the_draft(desk: Session) -> None:
    talk = a_talk(desk, {"code": "alm-12", "alias": "Nina"}, {})
    save_intake_draft(desk, talk)
    plan, _ = create_plan(desk, talk.client.values, talk.plan.values, talk.rid)
    page = open_plan(desk, plan)
    assert (page.client.rid, page.client.record.code) == (talk.rid, "alm-12")
    assert list_drafts(desk) == ()
    assert read_intake_draft(desk, talk.rid) is None


def test_a_code_that_was_given_away_meanwhile_is_drawn_anew(desk: Session) -> None:
    first, _ = create_plan(desk, {"code": "alm-12"})
    second, _ = create_plan(desk, {"code": "alm-12"})
    codes = {open_plan(desk, plan).client.record.code for plan in (first, second)}
    assert len(codes) == 2
