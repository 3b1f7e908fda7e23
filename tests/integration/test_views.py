# SPDX-License-Identifier: GPL-3.0-or-later
"""Who looked at what is entered in the trail: once in five minutes, and never in the way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration.pair_samples import MACHINE, WHO
from tests.support.clocks import SetClock

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.audit import ACTION_KINDS, Action, ActionKind
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import Organisation
from kfdesk.environment import Environment
from kfdesk.services.core import history
from kfdesk.services.core.records import change_record, create_record, read_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans import plans
from kfdesk.services.plans.case import add_attachment_file, preview_attachment
from kfdesk.services.upkeep.backup import make_backup, rehearse_restore


@dataclass(frozen=True)
class Watched:
    """A desk, its clock, one plan with a leg, and its folder."""

    desk: Session
    clock: SetClock
    plan: bytes
    leg: bytes
    folder: Path

    def logged(self, desk: Session | None = None) -> list[tuple[str, Action, bytes | None]]:
        """Return who did what since the beginning of the test, oldest first."""
        events = (desk or self.desk).store.ledger.events(None, 999)
        new = [(one.user, one.action, one.rid) for _, one in events]
        return [each for each in reversed(new) if each[1] in {Action.VIEW, Action.OPEN}]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder, clock = tmp_path_factory.mktemp("views"), SetClock()
    desk = store_lifecycle.create_store(
        folder / "store", people.HOUSE, WHO, replace(MACHINE, clock=clock)
    )
    plan, legs = story.enter_plan(desk, desk.identity.organisation)
    yield Watched(desk, clock, plan, legs[0], folder)
    desk.store.close()


@pytest.fixture
def watched(made: Watched) -> Watched:
    """Return the desk, an hour after everything that was done before."""
    made.clock.time += timedelta(hours=1)
    return made


def new_views(watched: Watched, work: Callable[[], object]) -> list[bytes | None]:
    """Return the views that `work` adds to the audit log."""
    before = len(watched.logged())
    work()
    return [rid for _, action, rid in watched.logged()[before:] if action is Action.VIEW]


def changes(watched: Watched) -> int:
    return watched.desk.store._connection.total_changes


def test_opening_a_plan_is_entered_with_who_did_it(watched: Watched) -> None:
    plans.open_plan(watched.desk, watched.plan)
    assert watched.logged()[-1] == (WHO.initials, Action.VIEW, watched.plan)


def test_looking_again_is_entered_once_in_five_minutes(watched: Watched) -> None:
    def look() -> None:
        plans.open_plan(watched.desk, watched.plan)

    assert new_views(watched, look) == [watched.plan]
    written = changes(watched)
    watched.clock.time += timedelta(minutes=4, seconds=59)
    assert new_views(watched, look) == []
    assert changes(watched) == written  # not even a transaction
    watched.clock.time += timedelta(seconds=1)
    assert new_views(watched, look) == [watched.plan]


def test_each_person_is_entered_for_themselves(watched: Watched) -> None:
    plans.open_plan(watched.desk, watched.plan)
    other = replace(watched.desk, user="KA")
    assert new_views(watched, lambda: plans.open_plan(other, watched.plan)) == [watched.plan]


def test_new_process_knows_what_was_entered_before_the_lock(watched: Watched) -> None:
    plans.open_plan(watched.desk, watched.plan)
    fresh = replace(watched.desk, viewed={})
    assert new_views(watched, lambda: plans.open_plan(fresh, watched.plan)) == []


@pytest.mark.parametrize("look", [read_record, history.read_record_history])
def test_record_of_a_plan_is_entered_as_its_plan(
    watched: Watched, look: Callable[[Session, bytes], object]
) -> None:
    assert new_views(watched, lambda: look(watched.desk, watched.leg)) == [watched.plan]


def test_directory_and_lists_are_no_view(watched: Watched) -> None:
    house = create_record(watched.desk, Organisation, {"name": people.SAFE_HOUSE})

    def look() -> None:
        read_record(watched.desk, house)
        plans.list_plans(watched.desk)
        history.read_history(watched.desk)

    assert new_views(watched, look) == []


def test_document_is_entered_itself(watched: Watched) -> None:
    note = watched.folder / "note.txt"
    note.write_text("Påhittad text", encoding="utf-8")
    added = add_attachment_file(watched.desk, watched.plan, note)
    assert new_views(watched, lambda: preview_attachment(watched.desk, added.rid, 0, 200)) == [
        added.rid
    ]


def test_disk_that_refuses_keeps_nobody_from_reading(watched: Watched) -> None:
    connection = watched.desk.store._connection
    connection.execute("PRAGMA query_only = ON")
    try:
        page = plans.open_plan(watched.desk, watched.plan)
    finally:
        connection.execute("PRAGMA query_only = OFF")
    assert page.client.record.code == people.CLIENT["code"]
    assert new_views(watched, lambda: plans.open_plan(watched.desk, watched.plan)) == [watched.plan]


def test_one_kind_of_entries_can_be_asked_for(watched: Watched) -> None:
    plans.open_plan(watched.desk, watched.plan)
    change_record(watched.desk, watched.leg, {"carrier": "41, Exempelbuss"})
    for kind in ActionKind:
        found = history.read_history(watched.desk, kind=kind).lines
        assert {ACTION_KINDS[line.action] for line in found} == ({kind} if found else set())
    (seen, *_), (written, *_) = (
        history.read_history(watched.desk, kind=kind).lines
        for kind in (ActionKind.SEEN, ActionKind.WRITTEN)
    )
    assert (seen.action, seen.rid) == (Action.VIEW, watched.plan)
    assert (written.action, written.rid) == (Action.CHANGE, watched.leg)


def test_every_action_is_of_one_kind() -> None:
    assert set(ACTION_KINDS) == set(Action)


def test_what_concerns_the_desk_itself_is_entered(watched: Watched) -> None:
    stick = watched.folder / "stick"
    stick.mkdir()
    made_backup = make_backup(watched.desk, stick)
    rehearse_restore(watched.desk, made_backup.path, WHO.passphrase)
    history.set_history_days(watched.desk, 90)
    found = [line.action for line in history.read_history(watched.desk, kind=ActionKind.KEPT).lines]
    assert found[:3] == [Action.HISTORY_DAYS, Action.TRY_BACKUP, Action.BACKUP]


# at the door


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    store_lifecycle.create_store(
        folder, people.HOUSE, WHO, replace(MACHINE, state=tmp_path / "a")
    ).store.close()
    return folder


def entries(folder: Path, machine: Environment) -> list[tuple[Action, tuple[str, ...]]]:
    """Return the newest entries after one more opening, oldest first."""
    desk = store_lifecycle.unlock_store(folder, WHO, machine)
    found = [(one.action, one.keys) for _, one in desk.store.ledger.events(None, 3)]
    desk.store.close()
    return found[::-1]


def test_opening_says_whether_this_computer_knew_the_store(store: Path, tmp_path: Path) -> None:
    known, other = (replace(MACHINE, state=tmp_path / name) for name in ("a", "b"))
    assert entries(store, known)[-1] == (Action.OPEN, ())
    assert entries(store, other)[-1] == (Action.OPEN, ("first_here",))
    assert entries(store, other)[-1] == (Action.OPEN, ())


def test_wrong_tries_are_counted_and_entered_once_somebody_comes_in(
    store: Path, tmp_path: Path
) -> None:
    machine = replace(MACHINE, state=tmp_path / "a")
    wrong = replace(WHO, passphrase="andra ord som inte öppnar något")
    for _ in range(3):
        with pytest.raises(KfdeskError, match=r"store\.wrong_passphrase"):
            store_lifecycle.unlock_store(store, wrong, machine)
    assert (Action.WRONG_TRIES, ("3",)) in entries(store, machine)
    assert (Action.WRONG_TRIES, ("3",)) not in entries(store, machine)[-2:]


@pytest.mark.parametrize("kept", [b"", b"-4", b"a lot", b"\xff\xfe", b"9" * 4000])
def test_count_that_cannot_be_read_keeps_nobody_out(
    store: Path, tmp_path: Path, kept: bytes
) -> None:
    machine = replace(MACHINE, state=tmp_path / "a")
    wrong = replace(WHO, passphrase="andra ord som inte öppnar något")
    with pytest.raises(KfdeskError):
        store_lifecycle.unlock_store(store, wrong, machine)
    (count,) = (path for path in (tmp_path / "a").iterdir() if path.read_bytes() == b"1")
    count.write_bytes(kept)
    assert entries(store, machine)[-1] == (Action.OPEN, ())
