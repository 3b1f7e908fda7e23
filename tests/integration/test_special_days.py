# SPDX-License-Identifier: GPL-3.0-or-later
"""A laptop is lost, a colleague leaves: what goes to whom, whom it concerns, and how far one is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.pair_samples import refusal
from tests.support.stores import new_desk, unlock

from kfdesk import app
from kfdesk.demo import people, story
from kfdesk.documents.typesetting import page_texts
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.audit import Action
from kfdesk.domain.records.case import Task
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import StoredDraft, view
from kfdesk.domain.runbooks import Runbook, RunbookStep
from kfdesk.environment import Environment
from kfdesk.services import accounts
from kfdesk.services.core.records import create_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import breach_note_pages, save_breach_note
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.services.upkeep.runbooks import (
    close_runbook,
    complete_runbook_step,
    list_affected_parties,
    list_runbooks,
    reassign_work,
    start_runbook,
)
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)
WORDS = "sex helt vanliga ord till prov"
WHO = Credentials("EV", WORDS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "store"


@pytest.fixture
def desk(folder: Path) -> Iterator[Session]:
    made = new_desk(folder, people.HOUSE, WHO, MACHINE)
    story.enter_plan(made, made.identity.organisation)
    accounts.add_user(made, WORDS, "qq", "sex andra ord för en annan", [Role.CASE_MANAGER])
    yield made
    made.store.close()


def draft(desk: Session, rid: bytes, user: str, text: str) -> None:
    with desk.store.transaction():
        desk.store.drafts.keep(
            StoredDraft(rid, user, "plan", None, 1, frozenset(), {}, {"alias": text})
        )


def test_what_is_to_be_done_goes_over_and_what_was_done_stays(desk: Session) -> None:
    client = desk.store.rows("client")[0].rid
    plan = create_record(desk, Plan, {"owner": "qq"}, parent=client)
    theirs = create_record(desk, Task, {"owner": "QQ", "state": "open"}, parent=plan)
    done = create_record(desk, Task, {"owner": "QQ", "state": "done"}, parent=plan)
    other = create_record(desk, Task, {"owner": "AW", "state": "open"}, parent=plan)
    handed = reassign_work(desk, "qq", "ev")
    assert handed.rids == {plan, theirs}
    owners = {rid: view(desk.store.row(rid), Task).record.owner for rid in (theirs, done, other)}  # type: ignore[arg-type]
    assert owners == {theirs: "EV", done: "QQ", other: "AW"}
    assert reassign_work(desk, "QQ", "EV").records == 0


def test_drafts_go_over_and_none_takes_the_place_of_another(desk: Session) -> None:
    plan = desk.store.rows("plan")[0].rid
    draft(desk, plan, "QQ", "hers")
    draft(desk, bytes(16), "QQ", "hers, too")
    draft(desk, plan, "EV", "ours")
    handed = reassign_work(desk, "qq", "ev")
    assert (handed.drafts, handed.kept_drafts) == (1, 1)
    kept = {one.rid: one.typed["alias"] for one in desk.store.drafts.of_user("EV")}
    assert kept == {plan: "ours", bytes(16): "hers, too"}
    assert [one.rid for one in desk.store.drafts.of_user("QQ")] == [plan]


def test_nothing_goes_to_somebody_who_does_not_open_this_store(desk: Session) -> None:
    for to in ("nn", "qq"):
        assert refusal(lambda to=to: reassign_work(desk, "qq", to)).code == "user.unknown"
    worker = replace(desk, roles=frozenset({Role.SHELTER_WORKER}))
    assert refusal(lambda: reassign_work(worker, "qq", "ev")).code == "user.not_allowed"


def test_whom_a_lost_laptop_concerns_is_told_by_codes_and_partners(desk: Session) -> None:
    concerned = list_affected_parties(desk)
    assert concerned.partners == ()
    assert len(concerned.clients) == 1


def test_note_for_the_authority_has_every_point_and_no_name(desk: Session, tmp_path: Path) -> None:
    for code in ("en", "sv", "ru"):
        words = app.language(code)
        file = tmp_path / f"{code}.pdf"
        save_breach_note(desk, words, file)
        (text,) = page_texts(file.read_bytes())
        for number in range(1, 10):
            assert f"{number}. " in text
        assert "72" in text
        secret = [people.HOUSE, *list_affected_parties(desk).clients]
        assert not [name for name in secret if name in text]
    (picture,) = breach_note_pages(desk, app.language("sv"), 0.3)
    assert picture.startswith(b"\x89PNG")
    missing = tmp_path / "none" / "x.pdf"
    assert refusal(lambda: save_breach_note(desk, app.language("sv"), missing)).code == "store.disk"


def test_runbook_goes_on_after_the_store_was_closed(
    desk: Session, folder: Path, tmp_path: Path
) -> None:
    assert list_runbooks(desk) == ()
    make_backup(desk, tmp_path)  # from before: it does not count
    assert start_runbook(desk, Runbook.MOVE).next is RunbookStep.BACKUP
    make_backup(desk, tmp_path)
    complete_runbook_step(desk, Runbook.MOVE, RunbookStep.TRY)
    complete_runbook_step(desk, Runbook.LOST, RunbookStep.WARN)  # not begun: nothing is kept of it
    desk.store.close()
    again = unlock(folder, WHO, MACHINE)
    (course,) = list_runbooks(again)
    assert (course.runbook, course.next) == (Runbook.MOVE, RunbookStep.RESTORE)
    assert start_runbook(again, Runbook.MOVE) == course
    close_runbook(again, Runbook.MOVE)
    assert list_runbooks(again) == ()
    again.store.close()


def test_new_keys_of_a_partner_are_not_taken_for_our_own(desk: Session) -> None:
    start_runbook(desk, Runbook.LOST)
    complete_runbook_step(desk, Runbook.LOST, RunbookStep.REVOKE)
    with desk.store.transaction():
        desk.log(Action.KEYS, bytes(16))
    assert list_runbooks(desk)[0].next is RunbookStep.SIGNING
    with desk.store.transaction():
        desk.log(Action.KEYS, desk.identity.organisation)
    assert list_runbooks(desk)[0].next is RunbookStep.DATA_KEY
