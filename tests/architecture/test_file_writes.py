# SPDX-License-Identifier: GPL-3.0-or-later
"""A file is flushed in one room, and a service gives no file its name by itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, Module, modules, said, walk

ROOM = "src/kfdesk/files.py"
FLUSHES = frozenset({"fsync", "fdatasync", "posix_fadvise"})
NAMES = frozenset({"replace", "rename"})


def complaints(root: Path) -> list[str]:
    """Return each call that flushes, or in services names a file, outside its room."""
    return [found for module in modules(root, "src") for found in calls(module)]


def calls(module: Module) -> Iterator[str]:
    """Yield the calls of a module that belong in the room; text has two arguments to replace."""
    if module.name == ROOM:
        return
    for node in walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        name = said(node.func).rpartition(".")[2]
        is_service = module.name.startswith("src/kfdesk/services/")
        is_naming = name in NAMES and len(node.args) == 1 and not node.keywords
        if name in FLUSHES or (is_service and is_naming):
            yield f"{module.name} {said(node.func)}"


def test_files_are_flushed_and_named_in_one_room() -> None:
    assert complaints(ROOT) == []


def test_other_rooms_are_refused(tmp_path: Path) -> None:
    text = "os.fsync(1)\nbeside.replace(path)\n'a'.replace('b', 'c')\nreplace(record, name='')\n"
    module = Module("src/kfdesk/services/lists.py", text)
    assert list(calls(module)) == [f"{module.name} os.fsync", f"{module.name} beside.replace"]
    assert list(calls(Module(ROOM, text))) == []
