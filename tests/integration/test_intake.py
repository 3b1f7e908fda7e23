# SPDX-License-Identifier: GPL-3.0-or-later
"""The first talk on a bare store: a client under a code, and the draft of her plan."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kfdesk import app
from kfdesk.demo import people
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.values import Gap
from kfdesk.services.casework.intake import begin_plan, fresh_code
from kfdesk.services.desk import Desk
from kfdesk.services.plans import list_plans, open_plan
from kfdesk.storage import slots
from kfdesk.storage.vault import Credentials


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    made = app.create_store(tmp_path / "store", people.HOUSE, who, app.Machine(cost=slots.FLOOR))
    yield made
    made.store.close()


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
