# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of papers are counted as they leave, and crossed off when they are out no more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.make import sheet

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.case import PaperCopy
from kfdesk.domain.rows import seen_writes
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record, create_record, undo
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import (
    list_copies,
    make_paper,
    next_copy_number,
    preview_pages,
    save_paper,
    set_copy_state,
)
from kfdesk.services.workflow import move_plan
from kfdesk.storage import key_slots


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    folder = tmp_path_factory.mktemp("copies") / "store"
    made = store_lifecycle.create_store(
        folder, people.HOUSE, who, Environment(cost=key_slots.MIN_COST)
    )
    yield made
    made.store.close()


@pytest.fixture
def plan(desk: Session) -> bytes:
    return story.enter_plan(desk, desk.identity.organisation)[0]


def out_of(desk: Session, plan: bytes) -> list[tuple[object, ...]]:
    return [
        (copy.view.record.number, copy.view.record.way, copy.view.record.language)
        for copy in list_copies(desk)
        if copy.view.row.parent == plan
    ]


def test_each_copy_has_the_next_number_and_says_how_it_left(
    desk: Session, plan: bytes, tmp_path: Path
) -> None:
    assert next_copy_number(desk, sheet(plan)) == 1
    make_paper(desk, sheet(plan))
    save_paper(desk, sheet(plan, "sv"), tmp_path / "sheet.pdf")
    assert sorted(out_of(desk, plan)) == [(1, "printed", "ru"), (2, "saved", "sv")]
    (first, *_) = [copy for copy in list_copies(desk) if copy.view.row.parent == plan]
    record = first.view.record
    assert (record.paper, record.form, record.made_by) == ("travellers_sheet", "a4", "EV")
    assert first.code == people.CLIENT["code"]


def test_who_only_looks_leaves_no_copy(desk: Session, plan: bytes) -> None:
    preview_pages(desk, sheet(plan), 0.2)
    assert out_of(desk, plan) == []


def test_copy_that_could_not_be_saved_is_not_counted(desk: Session, plan: bytes) -> None:
    with pytest.raises(KfdeskError):
        save_paper(desk, sheet(plan), Path("/nowhere/at/all/sheet.pdf"))
    assert out_of(desk, plan) == []


def test_copy_that_came_back_is_out_no_more_and_can_be_taken_back(
    desk: Session, plan: bytes
) -> None:
    make_paper(desk, sheet(plan))
    (copy,) = [one for one in list_copies(desk) if one.view.row.parent == plan]
    done = set_copy_state(desk, copy.view.rid, "returned")
    assert out_of(desk, plan) == []
    undo(desk, done)
    assert out_of(desk, plan) == [(1, "printed", "ru")]


def test_numbers_are_not_given_twice_when_a_copy_is_settled(desk: Session, plan: bytes) -> None:
    make_paper(desk, sheet(plan))
    (copy,) = [one for one in list_copies(desk) if one.view.row.parent == plan]
    set_copy_state(desk, copy.view.rid, "destroyed")
    assert next_copy_number(desk, sheet(plan)) == 2


def test_copy_can_be_crossed_off_after_the_plan_has_ended(desk: Session, plan: bytes) -> None:
    make_paper(desk, sheet(plan))
    move_plan(desk, plan, "cancelled")
    (copy,) = [one for one in list_copies(desk) if one.view.row.parent == plan]
    set_copy_state(desk, copy.view.rid, "lost")
    assert out_of(desk, plan) == []


@pytest.mark.parametrize("state", ["gone", "", 7])
def test_what_became_of_it_is_one_of_the_answers(desk: Session, plan: bytes, state: object) -> None:
    make_paper(desk, sheet(plan))
    (copy,) = [one for one in list_copies(desk) if one.view.row.parent == plan]
    with pytest.raises(KfdeskError, match="field"):
        set_copy_state(desk, copy.view.rid, state)  # type: ignore[arg-type]
    assert out_of(desk, plan) == [(1, "printed", "ru")]


def test_nobody_writes_a_copy_by_hand(desk: Session, plan: bytes) -> None:
    with pytest.raises(KfdeskError, match=r"record\.guarded"):
        create_record(desk, PaperCopy, {"state": "out"}, plan)
    make_paper(desk, sheet(plan))
    (copy,) = [one for one in list_copies(desk) if one.view.row.parent == plan]
    with pytest.raises(KfdeskError, match=r"record\.guarded"):
        change_record(desk, copy.view.rid, {"state": "lost"}, seen_writes(copy.view.row))
