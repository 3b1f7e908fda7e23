# SPDX-License-Identifier: GPL-3.0-or-later
"""A file is flushed, renamed and locked in one room alone, so that one rule holds for each."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.architecture.tree import ROOT, Module, modules, said, walk

ROOM = "src/kfdesk/files.py"
ANYWHERE = frozenset({"fsync", "fdatasync", "posix_fadvise", "flock", "lockf", "locking"})
WHOLE = frozenset({"os.replace", "os.rename", "os.renames", "shutil.move"})
ON_A_PATH = frozenset({"replace", "rename"})  # of one argument: text has two, a date names its own
NO_PATHS = frozenset({"src/kfdesk/ui/program.py self._setting.replace"})  # starts the program anew


def complaints(root: Path) -> list[str]:
    """Return each call outside its room that flushes, renames or locks a file."""
    return [found for module in modules(root, "src") for found in calls(module)]


def calls(module: Module) -> Iterator[str]:
    """Yield the calls of a module that belong in the room, and what it fetches to call them."""
    if module.name == ROOM:
        return
    for node in walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            yield from (
                f"{module.name} {node.module}.{one.name}"
                for one in node.names
                if one.name in ANYWHERE or f"{node.module}.{one.name}" in WHOLE
            )
        if not isinstance(node, ast.Call):
            continue
        whole = said(node.func)
        name = whole.rpartition(".")[2]
        is_on_a_path = (
            isinstance(node.func, ast.Attribute)
            and name in ON_A_PATH
            and (len(node.args), node.keywords) == (1, [])
            and not isinstance(node.args[0], ast.Starred)
        )
        if name in ANYWHERE or whole in WHOLE or is_on_a_path:
            found = f"{module.name} {whole}"
            if found not in NO_PATHS:
                yield found


def test_files_are_flushed_named_and_locked_in_one_room() -> None:
    assert complaints(ROOT) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("os.fsync(1)", "os.fsync"),
        ("fcntl.flock(1, 2)", "fcntl.flock"),
        ("msvcrt.locking(1, 2, 1)", "msvcrt.locking"),
        ("from os import fsync as f", "os.fsync"),
        ("from shutil import move", "shutil.move"),
        ("beside.replace(path)", "beside.replace"),
        ("folder.rename(path)", "folder.rename"),
        ("os.replace(one, other)", "os.replace"),
        ("shutil.move(one, other)", "shutil.move"),
        ("'a'.replace('b', 'c')", ""),
        ("replace(record, name='')", ""),
        ("moment.replace(day=1)", ""),
        ("text.replace(*both)", ""),
        ("received.rename(rid, ids)", ""),
    ],
)
def test_other_rooms_are_refused(text: str, found: str) -> None:
    module = Module("src/kfdesk/storage/lists.py", f"{text}\n")
    assert list(calls(module)) == ([f"{module.name} {found}"] if found else [])
    assert list(calls(Module(ROOM, f"{text}\n"))) == []


def test_what_is_excepted_stands_there() -> None:
    for name, call in map(str.split, NO_PATHS):
        assert f"{call}(" in (ROOT / name).read_text(encoding="utf-8")
