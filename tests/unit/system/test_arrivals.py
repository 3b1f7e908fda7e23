# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking for files that may have come: by name alone, not deep, and never for long."""

import os
from pathlib import Path

import platformdirs
import pytest

from kfdesk.system import paths
from kfdesk.system.paths import find_files_below, find_incoming_files


def put(path: Path, at: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    os.utime(path, (at, at))
    return path


def test_files_and_cards_are_found_the_newest_first(tmp_path: Path) -> None:
    old = put(tmp_path / "a" / "old.age", 10)
    new = put(tmp_path / "new.age", 30)
    card = put(tmp_path / "b" / "notebook" / "answer.card", 20)
    put(tmp_path / "picture.jpg", 40)
    assert find_files_below((tmp_path,)) == (new, card, old)


def test_what_lies_deep_or_hidden_is_not_looked_for(tmp_path: Path) -> None:
    put(tmp_path / "1" / "2" / "3" / "deep.age")
    put(tmp_path / ".hidden" / "one.age")
    put(tmp_path / ".two.age")
    assert find_files_below((tmp_path,)) == ()
    last = put(tmp_path / "1" / "2" / "last.age")
    assert find_files_below((tmp_path,)) == (last,)


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside" / "one.age")
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "folder").symlink_to(tmp_path / "outside")
    (stick / "file.age").symlink_to(outside)
    assert find_files_below((stick,)) == ()


def test_same_place_twice_gives_each_file_once(tmp_path: Path) -> None:
    one = put(tmp_path / "one.age")
    assert find_files_below((tmp_path, tmp_path)) == (one,)


def test_place_that_is_gone_or_shut_is_passed_over(tmp_path: Path) -> None:
    here = put(tmp_path / "here" / "one.age")
    assert find_files_below((tmp_path / "gone", here, tmp_path / "here")) == (here,)


def test_search_ends_however_large_the_stick_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "_MOST_ENTRIES", 5)
    for number in range(9):
        put(tmp_path / f"{number}.age")
    assert len(find_files_below((tmp_path,))) == 5
    monkeypatch.setattr(paths, "_MOST_FOUND", 3)
    assert len(find_files_below((tmp_path,))) == 3


def test_downloads_are_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "removable_disks", lambda: (tmp_path / "stick",))
    monkeypatch.setattr(platformdirs, "user_downloads_dir", lambda: tmp_path / "downloads")
    there, here = put(tmp_path / "stick" / "a.age", 2), put(tmp_path / "downloads" / "b.age", 1)
    assert find_incoming_files() == (there, here)
