# SPDX-License-Identifier: GPL-3.0-or-later
"""What the trials of a full disk leave behind for other processes: nothing that is cut short.

It knows the trials' own means alone, and nothing of what is tried.
"""

import importlib
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from tests.torture.scarce import short_files

ROOM = 40  # bytes: less than the smallest compiled module has


@pytest.mark.parametrize(
    ("name", "room", "is_kept"),
    [("module_with_room", nullcontext(), True), ("module_without", short_files(ROOM), False)],
)
def test_module_that_is_first_used_while_room_is_scarce_is_not_kept_in_part(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    room: AbstractContextManager[None],
    *,
    is_kept: bool,
) -> None:
    (tmp_path / f"{name}.py").write_text("WORD = 'a word'\n", encoding="utf-8")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "compiled"))
    monkeypatch.syspath_prepend(tmp_path)
    with room:
        module = importlib.import_module(name)
    assert module.WORD == "a word"
    kept = [path.stat().st_size for path in tmp_path.rglob("*.pyc")]
    assert bool(kept) is is_kept
    assert all(size > ROOM for size in kept)
