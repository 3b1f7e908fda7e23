# SPDX-License-Identifier: GPL-3.0-or-later
"""The first talk on a bare store: a client under a code, and the draft of her plan."""

import re
from dataclasses import replace

import pytest

from kfdesk.demo import people
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.values import Gap, Value, Wording
from kfdesk.services.casework.intake import Talk, begin_plan, fresh_code, keep_talk, talk_of
from kfdesk.services.desk import Desk
from kfdesk.services.plans import list_plans, open_plan
from kfdesk.services.writing.drafts import Form, discard_draft, drafts, keep_again


def test_nothing_has_to_be_known_to_begin(desk: Desk) -> None:
    plan, changes = begin_plan(desk, {})
    page = open_plan(desk, plan)
    assert re.fullmatch(r"[a-z]+-[1-9][0-9]", str(page.client.record.code))
    assert page.plan.record.state == "draft"
    assert page.plan.record.owner == people.INITIALS
    assert changes.types == {"client", "plan"}
    assert [line.rid for line in list_plans(desk)] == [plan]


def test_what_is_known_is_kept_and_a_gap_is_an_answer(desk: Desk) -> None:
    plan, _ = begin_plan(desk, {"alias": "Nina", "birth_date": Gap.DECLINED}, {"to_country": "RU"})
    page = open_plan(desk, plan)
    assert page.client.record.alias == "Nina"
    assert page.client.record.birth_date is Gap.DECLINED
    assert page.plan.record.to_country == "RU"


def test_a_wrong_value_keeps_neither_client_nor_plan(desk: Desk) -> None:
    before = desk.store.digest()
    with pytest.raises(KfdeskError, match=r"field\."):
        begin_plan(desk, {"alias": "Nina"}, {"wish": 7})
    assert desk.store.digest() == before


def test_no_two_clients_share_a_code(desk: Desk) -> None:
    one = replace(desk, rooms=replace(desk.rooms, words=lambda _: ("alm",)))
    codes = {open_plan(one, begin_plan(one, {})[0]).client.record.code for _ in range(40)}
    assert len(codes) == 40  # of ninety: by chance alone two would be alike


def test_without_a_free_code_it_says_so(desk: Desk) -> None:
    none = replace(desk, rooms=replace(desk.rooms, words=lambda _: ()))
    with pytest.raises(KfdeskError, match=r"client\.no_code_left"):
        fresh_code(none)


def test_every_code_word_can_be_said_in_any_language(desk: Desk) -> None:
    words = desk.rooms.words("codes")
    assert len(words) == len(set(words)) >= 150
    assert all(re.fullmatch(r"[a-z]{3,10}", word) for word in words)


def a_talk(desk: Desk, client: dict[str, Value], plan: dict[str, Value]) -> Talk:
    return Talk(desk.new_id(), Form("client", client), Form("plan", plan))


def test_first_talk_is_kept_as_one_draft_and_comes_back_as_it_was(desk: Desk) -> None:
    told = (Wording("en", "Text messages only"),)
    client: dict[str, Value] = {"code": "alm-12", "languages": ("ru",), "safe_contact": told}
    talk = a_talk(desk, client, {"to_country": "RU", "wish": Gap.DECLINED})
    talk = replace(talk, plan=replace(talk.plan, typed={"to_place": "Psk"}))
    keep_talk(desk, talk)
    (line,) = drafts(desk)
    assert (line.type, line.code, line.is_new) == ("client", "alm-12", True)
    back = talk_of(desk, talk.rid)
    assert back is not None
    assert (back.client.values, back.client.typed) == (client, {})
    assert back.plan.values == talk.plan.values
    assert back.plan.typed == {"to_place": "Psk"}


def test_a_code_alone_is_no_draft(desk: Desk) -> None:
    talk = a_talk(desk, {"code": "alm-12", "alias": "Nina"}, {})
    keep_talk(desk, talk)
    keep_talk(desk, replace(talk, client=Form("client", {"code": "alm-12"})))
    assert drafts(desk) == ()


def test_discarded_talk_is_kept_again_with_what_belongs_to_the_plan(desk: Desk) -> None:
    talk = a_talk(desk, {"code": "alm-12"}, {"to_country": "RU"})
    keep_talk(desk, talk)
    gone = discard_draft(desk, talk.rid)
    assert gone is not None
    assert talk_of(desk, talk.rid) is None
    keep_again(desk, gone)
    back = talk_of(desk, talk.rid)
    assert back is not None
    assert back.plan.values == {"to_country": "RU"}


def test_beginning_takes_the_code_that_was_shown_and_ends_the_draft(desk: Desk) -> None:
    talk = a_talk(desk, {"code": "alm-12", "alias": "Nina"}, {})
    keep_talk(desk, talk)
    plan, _ = begin_plan(desk, talk.client.values, talk.plan.values, talk.rid)
    page = open_plan(desk, plan)
    assert (page.client.rid, page.client.record.code) == (talk.rid, "alm-12")
    assert drafts(desk) == ()
    assert talk_of(desk, talk.rid) is None


def test_a_code_that_was_given_away_meanwhile_is_drawn_anew(desk: Desk) -> None:
    first, _ = begin_plan(desk, {"code": "alm-12"})
    second, _ = begin_plan(desk, {"code": "alm-12"})
    codes = {open_plan(desk, plan).client.record.code for plan in (first, second)}
    assert len(codes) == 2
