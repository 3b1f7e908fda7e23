# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree as the walls see it: its modules, parsed, and its files.

A wall is a plain function that takes the root of a tree and returns one complaint for each breach,
so that it can be held against this tree and against a broken copy. This module knows no wall.
"""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS_WITH_CODE = ("src", "packaging", "benchmarks", "tests")
UNTRACKED = {
    *(".git", ".venv", ".tools", "build", "dist", "__pycache__", ".coverage", ".hypothesis"),
    *(".import_linter_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache"),
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file; `name` is its path below the root, with slashes."""

    name: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return parse(self.text)

    @property
    def stem(self) -> str:
        """The name of the file without its ending."""
        return Path(self.name).stem

    @property
    def is_package(self) -> bool:
        """Return whether the file is the header of a folder."""
        return self.stem == "__init__"


@cache
def parse(text: str) -> ast.Module:
    """Return the syntax tree of a text, cached because copies of the tree hold the same texts."""
    return ast.parse(text)


@cache
def walk(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return a node and all below it as `ast.walk` does, cached because most walls ask for it."""
    return tuple(ast.walk(tree))


def modules(root: Path, *rooms: str) -> Iterator[Module]:
    """Yield the Python files below the given folders, in order; by default those of `src`."""
    for room in rooms or ("src",):
        for path in sorted((root / room).rglob("*.py")):
            yield Module(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))


def said(node: ast.AST) -> str:
    """Return the text of a node as `ast.unparse` does, but faster for dotted names."""
    names, left = list[str](), node
    while isinstance(left, ast.Attribute):
        names.append(left.attr)
        left = left.value
    return (
        ".".join((left.id, *reversed(names))) if isinstance(left, ast.Name) else ast.unparse(node)
    )


def functions(module: Module) -> Iterator[Function]:
    """Every function of a module, methods and inner ones too."""
    for node in walk(module.tree):
        if isinstance(node, Function):
            yield node


def classes(module: Module) -> Iterator[ast.ClassDef]:
    """Every class of a module."""
    for node in walk(module.tree):
        if isinstance(node, ast.ClassDef):
            yield node


def place(module: Module, node: Function | ast.ClassDef) -> str:
    """Return where a node stands, for a complaint."""
    return f"{module.name}:{node.lineno} {node.name}"


def files(root: Path) -> list[str]:
    """List the files that git keeps or would keep; outside git all but generated files."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode == 0 and (root / ".git").exists():
        names = [name for name in done.stdout.split("\0") if name and (root / name).is_file()]
        return sorted(set(names))
    paths = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in paths if not UNTRACKED & set(path.parts))
