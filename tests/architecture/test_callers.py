# SPDX-License-Identifier: GPL-3.0-or-later
"""Callers: what only tests use is not kept in the program.

A function or a class counts as used if its name stands anywhere else in the program, its benchmarks
or its packaging. Names that Qt gives, in its own spelling, are called by Qt. A coroutine runs only
if something awaits it, or if `task` starts it: a button that calls a bare one does nothing.
"""

import ast
import re
from collections import Counter
from pathlib import Path

from tests.architecture.tree import ROOT, classes, functions, modules, place, said, walk

_WORD = re.compile(r"\w+")


def uncalled(root: Path) -> list[str]:
    """List the functions and classes of `src` whose names no other line of the program holds."""
    names: Counter[str] = Counter()
    for module in modules(root, "src", "benchmarks", "packaging"):
        names.update(_WORD.findall(module.text))
    return [
        place(module, found)
        for module in modules(root)
        for found in (*functions(module), *classes(module))
        if names[found.name] == 1 and not is_called_by_others(found.name)
    ]


def is_called_by_others(name: str) -> bool:
    """Return whether a name is spelled as Qt spells its own, or as Python its special methods."""
    return name.startswith("__") or re.match(r"[a-z]+[A-Z]", name) is not None


def test_nothing_is_kept_for_tests_alone() -> None:
    assert uncalled(ROOT) == []


def test_function_without_a_caller_is_seen(copy: Path) -> None:
    text = "def read_lonely(x): ...\nclass Lonely:\n    def closeEvent(self): ...\n"
    (copy / "src/kfdesk/lonely.py").write_text(text, encoding="utf-8")
    found = [one.rpartition(" ")[2] for one in uncalled(copy) if "lonely" in one]
    assert found == ["read_lonely", "Lonely"]


def unstarted(root: Path) -> list[str]:
    """List the coroutines that neither `task` starts nor any line of the program awaits."""
    awaited = {
        said(node.value.func).rpartition(".")[2]
        for module in modules(root)
        for node in walk(module.tree)
        if isinstance(node, ast.Await) and isinstance(node.value, ast.Call)
    }
    return [
        place(module, found)
        for module in modules(root)
        for found in functions(module)
        if isinstance(found, ast.AsyncFunctionDef)
        and "task" not in map(said, found.decorator_list)
        and found.name not in awaited
    ]


def test_every_coroutine_is_started_or_awaited() -> None:
    assert unstarted(ROOT) == []


def test_coroutine_that_nobody_starts_is_seen(copy: Path) -> None:
    text = (
        "class Page:\n    async def _repair(self): ...\n    @task\n    async def read(self): ...\n"
    )
    (copy / "src/kfdesk/lonely.py").write_text(text, encoding="utf-8")
    assert [one.rpartition(" ")[2] for one in unstarted(copy)] == ["_repair"]
