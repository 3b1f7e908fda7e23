# SPDX-License-Identifier: GPL-3.0-or-later
"""The service that updates the program: the store is backed up first, and never touched."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.gui.desk_samples import MACHINE, WHO
from tests.support.stores import new_desk
from tests.support.updates import FOREIGN_KEY, NEW, OLD, OLD_NAME, Bench, make_bench, refusal

from kfdesk import store_lifecycle
from kfdesk.domain.accounts import Role
from kfdesk.domain.errors import KfdeskError
from kfdesk.services.core.session import Session
from kfdesk.services.upkeep.backup import backup_state
from kfdesk.services.upkeep.update import update_program


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return make_bench(tmp_path / "program")


@pytest.fixture
def desk(tmp_path: Path, bench: Bench) -> Iterator[Session]:
    made = new_desk(tmp_path / "store", "Nordhuset", WHO, MACHINE)
    yield replace(made, adapters=replace(made.adapters, updates=bench.updates))
    made.store.close()


class Course:
    """The progress of a job, which is cancelled after some steps."""

    def __init__(self, most: int = 10**9) -> None:
        self.shares: list[float] = []
        self._most = most

    def step(self, done: int, of: int) -> None:
        self.shares.append(done / of)
        if len(self.shares) > self._most:
            raise KfdeskError("work.cancelled")


def test_backup_is_made_before_the_switch_and_opens(
    desk: Session, bench: Bench, tmp_path: Path
) -> None:
    course = Course()
    done = update_program(desk, bench.update(), course)
    assert (done.version, done.before, bench.current) == (NEW, OLD_NAME, NEW)
    assert course.shares == sorted(course.shares)
    assert course.shares[-1] <= 1
    assert done.backup is not None
    assert done.backup.parent == tmp_path / "store-before"
    found, _ = store_lifecycle.check_backup(done.backup, tmp_path / "store", WHO)
    assert found == done.backup
    assert backup_state(desk).days is None  # one on this disk is not what Today asks for


def test_refused_update_makes_no_backup(desk: Session, bench: Bench, tmp_path: Path) -> None:
    before = desk.store.digest()
    path = bench.update(FOREIGN_KEY)
    assert refusal(lambda: update_program(desk, path)) == "update.other_key"
    assert (desk.store.digest(), bench.current) == (before, OLD)
    assert not (tmp_path / "store-before").exists()


def test_backup_that_cannot_be_made_stops_the_update(
    desk: Session, bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "store-before").write_bytes(b"in the way")
    assert refusal(lambda: update_program(desk, bench.update())) == "update.not_backed_up"
    assert (bench.current, bench.versions) == (OLD, [])


@pytest.mark.parametrize("after", [0, 3, 8, 15, 30])
def test_cancelled_update_leaves_program_and_records(
    desk: Session, bench: Bench, after: int
) -> None:
    before, path = desk.store.digest(), bench.update()
    assert refusal(lambda: update_program(desk, path, Course(after))) in ("work.cancelled", "")
    assert desk.store.digest() == before
    assert not desk.store.verify()
    assert bench.current in (OLD, NEW)
    assert not (bench.root / "versions" / ".new").exists()


def test_who_may_make_no_backup_may_not_update(desk: Session, bench: Bench) -> None:
    reader = replace(desk, roles=frozenset({Role.STATISTICS_READER}))
    assert refusal(lambda: update_program(reader, bench.update())) == "user.not_allowed"
    assert bench.current == OLD
