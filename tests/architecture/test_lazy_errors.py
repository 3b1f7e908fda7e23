# SPDX-License-Identifier: GPL-3.0-or-later
"""An error is translated where it happens: not by a decorator on what only reads later.

A decorator made of a context manager, such as `@translated_errors()`, is left before a generator
has run its first line. So on a function with `yield`, or one that returns what reads lazily, it
translates nothing, and a refusal becomes a bug.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, Function, Module, modules, said

LAZY_CALLS = {"map", "filter", "zip", "iter", "chain", "chain.from_iterable"}


def complaints(root: Path) -> list[str]:
    """Return each lazy function that stands under a decorator that is a context manager."""
    tree = list(modules(root, "src"))
    managers = {name for module in tree for name in context_managers(module)}
    return [f"{module.name} {name}" for module in tree for name in lazy_ones(module, managers)]


def context_managers(module: Module) -> Iterator[str]:
    """Yield the functions of a module that are made context managers."""
    for node in ast.walk(module.tree):
        if isinstance(node, Function):
            names = {said(each).rpartition(".")[2] for each in node.decorator_list}
            if "contextmanager" in names:
                yield node.name


def lazy_ones(module: Module, managers: set[str]) -> Iterator[str]:
    """Yield the lazy functions of a module under one of these decorators."""
    for node in ast.walk(module.tree):
        if isinstance(node, Function):
            calls = (each.func for each in node.decorator_list if isinstance(each, ast.Call))
            is_managed = any(said(call).rpartition(".")[2] in managers for call in calls)
            if is_managed and is_lazy(node):
                yield node.name


def is_lazy(function: ast.AST) -> bool:
    """Return whether a function itself yields, or returns what has not read yet."""
    for node in own_nodes(function):
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if isinstance(node, ast.Return) and node.value is not None:
            value = node.value
            is_call = isinstance(value, ast.Call) and said(value.func) in LAZY_CALLS
            if isinstance(value, ast.GeneratorExp) or is_call:
                return True
    return False


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in a function, but not in functions inside it."""
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, Function | ast.Lambda):
            yield child
            if not isinstance(child, ast.GeneratorExp):
                yield from own_nodes(child)


def test_no_errors_are_translated_round_what_reads_later() -> None:
    assert complaints(ROOT) == []


LAZY = (
    "    for x in c:\n        yield x\n",
    "    yield from c\n",
    "    return (x for x in c)\n",
    "    return map(str, c)\n",
    "    if c:\n        return iter(c)\n    return c\n",
)
EAGER = (
    "    return [x for x in c]\n",
    "    return tuple(x for x in c)\n",
    "    def inner():\n        yield 1\n    return list(inner())\n",
    "    return list(map(str, c))\n",
)


def test_wall_tells_what_reads_later_from_what_reads_at_once(tmp_path: Path) -> None:
    room = tmp_path / "src" / "kfdesk"
    room.mkdir(parents=True)
    head = "@contextmanager\ndef guarded():\n    yield\n"
    for number, body in enumerate((*LAZY, *EAGER)):
        (room / f"m{number}.py").write_text(f"{head}@guarded()\ndef read(c):\n{body}")
        (room / f"free{number}.py").write_text(f"@other()\ndef read(c):\n{body}")
    found = {line.split()[0] for line in complaints(tmp_path)}
    assert found == {f"src/kfdesk/m{number}.py" for number in range(len(LAZY))}
