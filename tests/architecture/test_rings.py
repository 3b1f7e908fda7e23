# SPDX-License-Identifier: GPL-3.0-or-later
"""No module reaches itself through what it imports, not even through imports for types alone.

Layers allow rings inside a room; this wall does not. Imports inside functions, which could hide a
ring, are refused in `test_imports.py`.
"""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.architecture.tree import ROOT, modules, walk

SOURCE = "src/"


def dotted(name: str) -> str:
    """Return the name by which a file is imported."""
    return name.removeprefix(SOURCE).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def reached(tree: ast.Module, known: Mapping[str, ast.Module]) -> Iterator[str]:
    """Yield the modules of the program that a module imports."""
    for node in walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module in known:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from (inner & known.keys()) or (node.module,)


def ring(root: Path) -> list[str]:
    """Return the modules of one import cycle, the first again at the end; else nothing."""
    known = {dotted(module.name): module.tree for module in modules(root)}
    graph = {name: set(reached(tree, known)) for name, tree in known.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def test_there_is_no_ring() -> None:
    assert ring(ROOT) == []


def test_ring_of_three_is_seen_even_where_types_alone_close_it(tmp_path: Path) -> None:
    room = tmp_path / "src" / "kfdesk" / "domain"
    room.mkdir(parents=True)
    (room / "__init__.py").touch()
    (room / "a.py").write_text("from kfdesk.domain import b\n", encoding="utf-8")
    (room / "b.py").write_text("import kfdesk.domain.c\n", encoding="utf-8")
    closing = "if TYPE_CHECKING:\n    from kfdesk.domain.a import A\n"
    (room / "c.py").write_text("x = 1\n", encoding="utf-8")
    assert ring(tmp_path) == []
    (room / "c.py").write_text(closing, encoding="utf-8")
    names = {f"kfdesk.domain.{name}" for name in "abc"}
    assert (len(ring(tmp_path)), set(ring(tmp_path))) == (4, names)


def test_ring_is_seen_in_the_tree_itself(copy: Path) -> None:
    """A module names one that already names it."""
    with (copy / "src/kfdesk/domain/values.py").open("a", encoding="utf-8") as stream:
        stream.write("from kfdesk.domain.schema import Field\n")
    assert {"kfdesk.domain.values", "kfdesk.domain.schema"} <= set(ring(copy))
