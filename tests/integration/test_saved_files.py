# SPDX-License-Identifier: GPL-3.0-or-later
"""A file that leaves the store is on the medium before its name; without it, no entry counts."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.course_samples import Walk, walked

from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.services.core.saved_files import save_file
from kfdesk.services.core.session import Session
from kfdesk.services.network.reports import ActivityQuery, save_activities


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Yield a desk with a plan."""
    with walked(tmp_path_factory.mktemp("ready"), "decision_ready") as made:
        yield made


def newest(desk: Session) -> list[Action]:
    return [one.action for _, one in desk.store.ledger.events(None, 2)]


def test_list_that_gets_no_name_is_told_as_not_saved(ready: Walk, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.mkdir()
    with pytest.raises(KfdeskError, match=r"store\.disk"):
        save_activities(ready.ours, ActivityQuery(), path, "en")
    assert newest(ready.ours) == [Action.NOT_SAVED, Action.SAVE_LIST]
    assert list(tmp_path.iterdir()) == [path]


def test_bytes_are_flushed_before_the_name(
    ready: Walk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, flush = tmp_path / "list.csv", os.fsync
    seen: list[tuple[int, str]] = []

    def watched(descriptor: int) -> None:
        inode = os.fstat(descriptor).st_ino
        seen.extend((inode, one.name) for one in tmp_path.iterdir() if one.stat().st_ino == inode)
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    save_file(ready.ours, path, b"a,b", lambda: ready.ours.log(Action.SAVE_BOOK))
    assert seen == [(path.stat().st_ino, "list.csv.part")]
    assert path.read_bytes() == b"a,b"
