# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls go down: the contracts of `pyproject.toml` hold, and each of their lines is broken once.

A broken copy imports, in every room, all that the room may not; the report must then name every
single pair. A contract that is added later is broken in the same way, without a change here.
"""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

from tests.architecture.tree import ROOT, functions, modules, place, said, walk

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"
IMPORTING_CALLS = {"__import__", "import_module"}
COMPOSITION_ROOT = {
    *("src/kfdesk/__main__.py", "src/kfdesk/app.py", "src/kfdesk/store_lifecycle.py"),
    "src/kfdesk/ui/program.py",  # its half that shows the window
    "src/kfdesk/i18n/language.py",  # Babel comes with the first date
}
"""The modules that may import inside a function, so that the unlock page is painted first."""
NETWORK = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "asyncio", "requests"}
NETWORK_OF_QT = {"QtNetwork", "QtNetworkAuth", "QtWebSockets", "QtWebEngineCore"}
HARMLESS = {"urllib.parse"}

REPORTED = re.compile(r"^(\S+) is not allowed to import (\S+):$", re.MULTILINE)

Pair = tuple[str, str]


def lint_imports(root: Path) -> str:
    """Return what lint-imports reports of the tree at `root`."""
    source = os.pathsep.join((str(root / "src"), os.environ["PYTHONPATH"]))
    done = subprocess.run(
        [str(LINT_IMPORTS), "--no-logo", "--no-cache"],
        cwd=root,
        env=dict(os.environ, PYTHONPATH=source),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def contracts(root: Path) -> list[dict[str, Any]]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = project["tool"]["importlinter"]["contracts"]
    return found


def forbidden_pairs(contract: dict[str, Any]) -> Iterator[Pair]:
    """Yield every importer and imported module that a contract forbids."""
    if contract["type"] == "acyclic_siblings":
        return
    if contract["type"] == "forbidden":
        for source in contract["source_modules"]:
            yield from ((source, target) for target in contract["forbidden_modules"])
        return
    above: list[str] = []
    for layer in contract["layers"]:
        rooms = [f"{contract['containers'][0]}.{name.strip('( )')}" for name in layer.split("|")]
        yield from permutations(rooms, 2)
        yield from ((room, higher) for room in rooms for higher in above)
        above.extend(rooms)


def break_pair(root: Path, pair: Pair) -> None:
    """Let the first import the second: in a module of its own where the first is a folder."""
    source, target = pair
    folder = root / "src" / Path(*source.split("."))
    breach = folder / "breach.py" if folder.is_dir() else folder.with_suffix(".py")
    with breach.open("a", encoding="utf-8") as stream:
        stream.write(f"import {target}\n")


def inner_imports(root: Path) -> list[str]:
    """List imports inside functions outside of the composition root: they hide cycles."""
    return [
        place(module, function)
        for module in modules(root)
        if module.name not in COMPOSITION_ROOT
        for function in functions(module)
        for node in walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def called(node: ast.Call) -> str:
    return said(node.func).rpartition(".")[2]


def named_import(node: ast.Call) -> str:
    """Return the module that a call imports by a literal name; else an empty string."""
    given = node.args[0] if len(node.args) == 1 else None
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""


def hidden_imports(root: Path) -> list[str]:
    """List calls that import by name, which no contract and no type checker sees."""
    return [
        f"{module.name}:{node.lineno} {named_import(node) or 'computed'}"
        for module in modules(root)
        for node in walk(module.tree)
        if isinstance(node, ast.Call) and called(node) in IMPORTING_CALLS
    ]


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the dotted names that a module imports."""
    for node in walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def network_imports(root: Path) -> list[str]:
    """Modules of the program that import what can open a socket."""
    return [
        f"{module.name}: {name}"
        for module in modules(root)
        for name in imported(module.tree)
        if (name.split(".")[0] in NETWORK or set(name.split(".")) & NETWORK_OF_QT)
        and not any(f"{name}.".startswith(f"{harmless}.") for harmless in HARMLESS)
    ]


def test_contracts_hold() -> None:
    report = lint_imports(ROOT)
    assert f"Contracts: {len(contracts(ROOT))} kept, 0 broken." in report


def test_every_forbidden_pair_is_seen(copy: Path) -> None:
    pairs = {pair for contract in contracts(copy) for pair in forbidden_pairs(contract)}
    for pair in sorted(pairs):
        break_pair(copy, pair)
    report = lint_imports(copy)
    assert pairs - set(REPORTED.findall(report)) == set()
    assert f"Contracts: 0 kept, {len(contracts(copy))} broken." in report


def test_room_without_a_layer_is_seen(copy: Path) -> None:
    (copy / "src" / "kfdesk" / "stray").mkdir()
    (copy / "src" / "kfdesk" / "stray" / "__init__.py").touch()
    report = lint_imports(copy)
    assert "not listed as layers" in report
    assert "- kfdesk.stray" in report


def test_nothing_is_imported_inside_a_function() -> None:
    assert inner_imports(ROOT) == []


def test_nothing_is_imported_by_name() -> None:
    assert hidden_imports(ROOT) == []


def test_nothing_that_opens_sockets_is_imported() -> None:
    assert network_imports(ROOT) == []


def test_import_inside_a_method_is_seen(copy: Path) -> None:
    text = "class A:\n    def f(self):\n        import json\n"
    (copy / "src" / "kfdesk" / "breach.py").write_text(text, encoding="utf-8")
    assert inner_imports(copy) == ["src/kfdesk/breach.py:2 f"]


def test_import_by_name_is_seen(copy: Path) -> None:
    text = "import importlib\nimportlib.import_module('kfdesk.ui.context')\n__import__(name)\n"
    (copy / "src" / "kfdesk" / "domain" / "breach.py").write_text(text, encoding="utf-8")
    assert hidden_imports(copy) == [
        "src/kfdesk/domain/breach.py:2 kfdesk.ui.context",
        "src/kfdesk/domain/breach.py:3 computed",
    ]


def test_circle_of_siblings_is_seen(copy: Path) -> None:
    """Each of two folders of one package imports the other, by modules that are in no circle."""
    (copy / "src/kfdesk/services/papers/breach.py").write_text(
        "import kfdesk.services.upkeep.backup\n", encoding="utf-8"
    )
    (copy / "src/kfdesk/services/upkeep/breach.py").write_text(
        "import kfdesk.services.papers.kinds\n", encoding="utf-8"
    )
    report = lint_imports(copy)
    assert "siblings do not import each other in circles BROKEN" in report
    assert f"Contracts: {len(contracts(copy)) - 1} kept, 1 broken." in report


def test_composition_root_is_typed_and_exists() -> None:
    app = next(module for module in modules(ROOT) if module.name == "src/kfdesk/app.py")
    names = {node.id for node in walk(app.tree) if isinstance(node, ast.Name)}
    assert "Any" not in names
    assert all((ROOT / name).is_file() for name in COMPOSITION_ROOT)


def test_network_is_seen_in_each_form_of_import(copy: Path) -> None:
    text = (
        "import socket\nfrom http import client\nfrom PySide6 import QtNetwork\n"
        "from PySide6.QtNetwork import QTcpSocket\nfrom urllib.parse import quote\n"
    )
    (copy / "src" / "kfdesk" / "breach.py").write_text(text, encoding="utf-8")
    assert network_imports(copy) == [
        "src/kfdesk/breach.py: socket",
        "src/kfdesk/breach.py: http.client",
        "src/kfdesk/breach.py: PySide6.QtNetwork",
        "src/kfdesk/breach.py: PySide6.QtNetwork.QTcpSocket",
    ]
