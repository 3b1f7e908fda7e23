# SPDX-License-Identifier: GPL-3.0-or-later
"""Bugs are not swallowed: only places named here catch whatever comes.

Clauses that tidy up and raise again swallow nothing, and are named all the same: each holds a door
that must not stay open, and a new one is a decision.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from tests.architecture.tree import ROOT, Function, Module, modules, said

CATCHING_ALL = {  # at most two
    "src/kfdesk/ui/worker.py _run_job",  # the worker's edge: its thread must not end
    "src/kfdesk/storage/backup.py go_on",  # carries a fault past SQLite, to be raised
}
TIDYING_UP = {
    "src/kfdesk/store_lifecycle.py _complete_login",  # closes a store whose age could not be noted
    "src/kfdesk/store_lifecycle.py _open_session",  # lets go of a store that did not open
    "src/kfdesk/store_lifecycle.py recover_store",  # closes a store that got no new passphrase
    "src/kfdesk/storage/backup.py make",  # takes away half a backup
    "src/kfdesk/storage/driver.py _open",  # closes a connection that was not proved
    "src/kfdesk/storage/store.py transaction",  # rolls back
    "src/kfdesk/storage/keyring.py _create_noted_store",  # closes a store whose slots are not noted
    "src/kfdesk/storage/keyring.py create_empty_store",  # takes away half a store
    "src/kfdesk/storage/keyring.py _open_store",  # closes a store whose tables do not fit
    "src/kfdesk/system/updates.py install",  # takes away half a version
    "src/kfdesk/storage/keyring.py create_store",  # closes a store that was not written
}
EVERYTHING = {"Exception", "BaseException"}


def names_everything(kind: ast.expr | None) -> bool:
    """Return whether a clause takes every fault: bare, by name, or by a name among others."""
    if kind is None:
        return True
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(said(one).rpartition(".")[2] in EVERYTHING for one in kinds)


def is_suppressing(node: ast.AST) -> bool:
    """Return whether a node is a call of `suppress` that takes every fault."""
    return (
        isinstance(node, ast.Call)
        and said(node.func).rpartition(".")[2] == "suppress"
        and any(names_everything(kind) for kind in node.args)
    )


def raises_again(node: ast.AST) -> bool:
    """Return whether a clause ends by raising what it caught."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    last = node.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


@cache
def broad_clauses(module: Module) -> tuple[tuple[str, ast.AST], ...]:
    """Each clause of a module that takes every fault, with the innermost function around it."""
    return tuple(_broad(module))


def _broad(module: Module) -> Iterator[tuple[str, ast.AST]]:
    waiting: list[tuple[str, ast.AST]] = [(f"{module.name} -", module.tree)]
    while waiting:
        around, node = waiting.pop()
        if isinstance(node, Function):
            around = f"{module.name} {node.name}"
        if isinstance(node, ast.ExceptHandler) and names_everything(node.type):
            yield around, node
        if is_suppressing(node):
            yield around, node
        waiting.extend((around, child) for child in ast.iter_child_nodes(node))


def places(root: Path, wanted: Callable[[ast.AST], bool]) -> set[str]:
    """Return the functions that hold a clause that takes every fault and is wanted."""
    return {
        around for module in modules(root) for around, node in broad_clauses(module) if wanted(node)
    }


def swallowing(root: Path) -> set[str]:
    """Places that catch all and go on."""
    return places(root, lambda node: not raises_again(node))


def tidying(root: Path) -> set[str]:
    """Places that catch all, tidy up and raise again."""
    return places(root, raises_again)


BROAD_KINDS = {"AttributeError", "TypeError"}  # a tuple with both takes nearly any bug
YIELDS = (ast.Yield, ast.YieldFrom)


def broad_tuples(tree: Sequence[Module]) -> set[str]:
    """Return the names of tuples of faults, also of those made of others, that take any bug."""
    named = {
        said(node.targets[0]): set(map(said, _elements(node.value)))
        for module in tree
        for node in module.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)
    }
    broad = {name for name, kinds in named.items() if kinds >= BROAD_KINDS}
    return broad | {name for name, kinds in named.items() if kinds & broad}


def _elements(kinds: ast.expr) -> list[ast.expr]:
    parts = kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]
    return [one.value if isinstance(one, ast.Starred) else one for one in parts]


def round_the_caller(tree: Sequence[Module]) -> Iterator[str]:
    """Yield each function that would take a bug of its caller for a fault of a foreign library.

    It yields, for a caller's block or loop, within a clause of such a tuple.
    """
    broad = broad_tuples(tree)
    for module in tree:
        for function in ast.walk(module.tree):
            if isinstance(function, Function):
                for node in ast.walk(function):
                    if isinstance(node, ast.Try) and _is_broad(node, broad) and _yields(node):
                        yield f"{module.name} {function.name}"


def _is_broad(node: ast.Try, broad: set[str]) -> bool:
    kinds = [set(map(said, _elements(one.type))) for one in node.handlers if one.type is not None]
    return any(one & broad or one >= BROAD_KINDS for one in kinds)


def _yields(node: ast.Try) -> bool:
    return any(isinstance(each, YIELDS) for part in node.body for each in ast.walk(part))


def test_faults_of_a_library_are_caught_round_its_call_alone() -> None:
    tree = list(modules(ROOT, "src"))
    assert broad_tuples(tree) >= {"BROKEN_ARCHIVE", "_BROKEN", "DECODER_ERRORS"}
    assert list(round_the_caller(tree)) == []


@pytest.mark.parametrize(
    ("kinds", "body", "is_refused"),
    [
        ("MANY", "yield 1", True),
        ("MORE", "with c:\n            yield 1", True),
        ("(AttributeError, TypeError)", "yield from c", True),
        ("MANY", "c()", False),
        ("(OSError, TypeError)", "yield 1", False),
    ],
)
def test_caller_within_such_a_clause_is_seen(kinds: str, body: str, is_refused: bool) -> None:
    text = (
        "MANY = (OSError, AttributeError, TypeError)\nMORE = (*MANY, KeyError)\n"
        f"def read(c):\n    try:\n        {body}\n    except {kinds}:\n        pass\n"
    )
    module = Module("src/kfdesk/breach.py", text)
    assert list(round_the_caller([module])) == [f"{module.name} read"] * is_refused


def test_hardly_anything_catches_all() -> None:
    assert len(CATCHING_ALL) <= 2
    assert swallowing(ROOT) == CATCHING_ALL


def test_what_tidies_up_after_any_fault_is_named() -> None:
    assert tidying(ROOT) == TIDYING_UP


def test_clause_that_catches_all_is_seen_in_each_form(copy: Path) -> None:
    before = swallowing(copy)
    forms = {
        "named": "try:\n        pass\n    except Exception as e:\n        pass",
        "among": "try:\n        pass\n    except (OSError, BaseException):\n        pass",
        "bare": "try:\n        pass\n    except:\n        pass",
        "silent": "with contextlib.suppress(OSError, Exception):\n        pass",
        "other": "try:\n        pass\n    except Exception:\n        raise KeyError from None",
        "sound": "try:\n        pass\n    except (OSError, ValueError):\n        pass",
        "tidy": "try:\n        pass\n    except BaseException:\n        print()\n        raise",
    }
    text = "".join(f"def {name}():\n    {body}\n" for name, body in forms.items())
    breach = copy / "src" / "kfdesk" / "breach.py"
    breach.write_text(text, encoding="utf-8")
    wrong = ("named", "among", "bare", "silent", "other")
    assert swallowing(copy) - before == {f"src/kfdesk/breach.py {name}" for name in wrong}
    assert tidying(copy) - tidying(ROOT) == {"src/kfdesk/breach.py tidy"}
