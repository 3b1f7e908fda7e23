# SPDX-License-Identifier: GPL-3.0-or-later
"""Bugs are not swallowed: only the worker's edge and the crash hook catch whatever comes."""

import ast
from pathlib import Path

from tests.architecture.tree import ROOT, modules

CATCHING_ALL = 2
EVERYTHING = {"Exception", "BaseException"}


def catches_all(node: ast.ExceptHandler) -> bool:
    """Whether a clause swallows every fault: bare, by name, or by a name among others.

    One that tidies up and ends by raising the same fault again swallows nothing.
    """
    if isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None:
        return False
    if node.type is None:
        return True
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(ast.unparse(kind).rpartition(".")[2] in EVERYTHING for kind in kinds)


def clauses_that_catch_all(root: Path) -> list[str]:
    return [
        f"{module.name}:{node.lineno}"
        for module in modules(root)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and catches_all(node)
    ]


def test_hardly_anything_catches_all() -> None:
    found = clauses_that_catch_all(ROOT)
    assert len(found) <= CATCHING_ALL, found


def test_clause_that_catches_all_is_seen_in_each_form(copy: Path) -> None:
    before = set(clauses_that_catch_all(copy))
    forms = ("except Exception as e:", "except (OSError, BaseException):", "except:")
    text = "".join(f"try:\n    pass\n{form}\n    pass\n" for form in forms)
    text += "try:\n    pass\nexcept (OSError, ValueError):\n    pass\n"
    text += "try:\n    pass\nexcept BaseException:\n    print()\n    raise\n"
    (copy / "src" / "kfdesk" / "breach.py").write_text(text, encoding="utf-8")
    assert set(clauses_that_catch_all(copy)) - before == {
        "src/kfdesk/breach.py:3",
        "src/kfdesk/breach.py:7",
        "src/kfdesk/breach.py:11",
    }
