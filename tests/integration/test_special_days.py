# SPDX-License-Identifier: GPL-3.0-or-later
"""A laptop is lost, a colleague leaves: what goes to whom, whom it concerns, and how far one is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.pair_samples import refusal
from tests.integration.stores import new_desk, unlock

from kfdesk import app
from kfdesk.demo import people, story
from kfdesk.documents.read_back import page_texts
from kfdesk.domain.desk.draft import Draft
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Role
from kfdesk.domain.keeping.errands import Errand, Step
from kfdesk.domain.records.case.task import Task
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.services.access import users
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.backup import make_backup
from kfdesk.services.keeping.errands import begin_errand, courses, end_errand, tick_step
from kfdesk.services.keeping.handing import hand_over, whom_it_concerns
from kfdesk.services.papers.report import report_pictures, save_report
from kfdesk.services.writing.records import create_record
from kfdesk.storage import slots
from kfdesk.storage.vault import Credentials

MACHINE = app.Machine(cost=slots.FLOOR)
WORDS = "sex helt vanliga ord till prov"
WHO = Credentials("EV", WORDS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "store"


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    made = new_desk(folder, people.HOUSE, WHO, MACHINE)
    story.enter_plan(made, made.identity.organisation)
    users.add_user(made, WORDS, "qq", "sex andra ord för en annan", [Role.CASE_MANAGER])
    yield made
    made.store.close()


def draft(desk: Desk, rid: bytes, user: str, text: str) -> None:
    with desk.store.transaction():
        desk.store.drafts.keep(Draft(rid, user, "plan", None, 1, frozenset(), {}, {"alias": text}))


def test_what_is_to_be_done_goes_over_and_what_was_done_stays(desk: Desk) -> None:
    client = desk.store.rows("client")[0].rid
    plan = create_record(desk, Plan, {"owner": "qq"}, parent=client)
    theirs = create_record(desk, Task, {"owner": "QQ", "state": "open"}, parent=plan)
    done = create_record(desk, Task, {"owner": "QQ", "state": "done"}, parent=plan)
    other = create_record(desk, Task, {"owner": "AW", "state": "open"}, parent=plan)
    handed = hand_over(desk, "qq", "ev")
    assert handed.rids == {plan, theirs}
    owners = {rid: view(desk.store.row(rid), Task).record.owner for rid in (theirs, done, other)}  # type: ignore[arg-type]
    assert owners == {theirs: "EV", done: "QQ", other: "AW"}
    assert hand_over(desk, "QQ", "EV").records == 0


def test_drafts_go_over_and_none_takes_the_place_of_another(desk: Desk) -> None:
    plan = desk.store.rows("plan")[0].rid
    draft(desk, plan, "QQ", "hers")
    draft(desk, bytes(16), "QQ", "hers, too")
    draft(desk, plan, "EV", "ours")
    handed = hand_over(desk, "qq", "ev")
    assert (handed.drafts, handed.kept_drafts) == (1, 1)
    kept = {one.rid: one.typed["alias"] for one in desk.store.drafts.of_user("EV")}
    assert kept == {plan: "ours", bytes(16): "hers, too"}
    assert [one.rid for one in desk.store.drafts.of_user("QQ")] == [plan]


def test_nothing_goes_to_somebody_who_does_not_open_this_store(desk: Desk) -> None:
    for to in ("nn", "qq"):
        assert refusal(lambda to=to: hand_over(desk, "qq", to)).code == "user.unknown"
    worker = replace(desk, roles=frozenset({Role.SHELTER_WORKER}))
    assert refusal(lambda: hand_over(worker, "qq", "ev")).code == "user.not_allowed"


def test_whom_a_lost_laptop_concerns_is_told_by_codes_and_partners(desk: Desk) -> None:
    concerned = whom_it_concerns(desk)
    assert concerned.partners == ()
    assert len(concerned.clients) == 1


def test_note_for_the_authority_has_every_point_and_no_name(desk: Desk, tmp_path: Path) -> None:
    for code in ("en", "sv", "ru"):
        words = app.language(code)
        file = tmp_path / f"{code}.pdf"
        save_report(desk, words, file)
        (text,) = page_texts(file.read_bytes())
        for number in range(1, 10):
            assert f"{number}. " in text
        assert "72" in text
        secret = [people.HOUSE, *whom_it_concerns(desk).clients]
        assert not [name for name in secret if name in text]
    (picture,) = report_pictures(desk, app.language("sv"), 0.3)
    assert picture.startswith(b"\x89PNG")
    missing = tmp_path / "none" / "x.pdf"
    assert refusal(lambda: save_report(desk, app.language("sv"), missing)).code == "store.disk"


def test_errand_goes_on_after_the_store_was_closed(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    assert courses(desk) == ()
    make_backup(desk, tmp_path)  # from before: it does not count
    assert begin_errand(desk, Errand.MOVE).next is Step.BACKUP
    make_backup(desk, tmp_path)
    tick_step(desk, Errand.MOVE, Step.TRY)
    tick_step(desk, Errand.LOST, Step.WARN)  # not begun: nothing is kept of it
    desk.store.close()
    again = unlock(folder, WHO, MACHINE)
    (course,) = courses(again)
    assert (course.errand, course.next) == (Errand.MOVE, Step.RESTORE)
    assert begin_errand(again, Errand.MOVE) == course
    end_errand(again, Errand.MOVE)
    assert courses(again) == ()
    again.store.close()


def test_new_keys_of_a_partner_are_not_taken_for_our_own(desk: Desk) -> None:
    begin_errand(desk, Errand.LOST)
    tick_step(desk, Errand.LOST, Step.REVOKE)
    with desk.store.transaction():
        desk.log(Action.KEYS, bytes(16))
    assert courses(desk)[0].next is Step.SIGNING
    with desk.store.transaction():
        desk.log(Action.KEYS, desk.identity.organisation)
    assert courses(desk)[0].next is Step.DATA_KEY
