# SPDX-License-Identifier: GPL-3.0-or-later
"""What nothing can undo stands in one table, and asks no less than what does less harm.

A service destroys if it, or a service that it calls, calls one of `DESTROYERS`.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.architecture.test_rights import SERVICES
from tests.architecture.tree import ROOT, Function, Module, modules, said, walk

from kfdesk.domain.irreversible import IRREVERSIBLE_ACTS, Harm, Safeguard

DESTROYERS = (
    "erasures.erase", "erasures.vacuum", "store.erase_writes", "drafts.erase",
    "store.prune_history", "backups.remove", "keys.wipe", "_key_slots(desk).remove",
    "_key_slots(desk).rekey", "_key_slots(desk).change", "_key_slots(desk).set_recovery",
    "_key_slots(desk).reset_passphrase",
)  # fmt: skip
"""Ends of calls that leave nothing to undo; a draft that is dropped is saved or can be restored."""

PARTS = frozenset(
    {
        "exchange.erasure.erase_client", "exchange.erasure.answer_erasure_requests",
        "exchange.erasure.import_orders", "exchange.erasure.compact_store",
    }
)  # fmt: skip
"""Inner parts: only services of the table call them to erase."""
ALSO = {"upkeep.update.update_program": "makes a backup, as `make_backup` does"}
DOORS = frozenset({"client_erasure", "exchange.erasure", "exchange.transfer"})


def name_of(module: Module) -> str:
    return module.name.removeprefix(f"{SERVICES}/").removesuffix(".py").replace("/", ".")


def imported(module: Module) -> Mapping[str, str]:
    """Return what each imported name of a module means: a service, or a module of services."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}".removeprefix("kfdesk.services.")
        for node in walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kfdesk.services")
        for alias in node.names
    }


def called(root: Path) -> dict[str, set[str]]:
    """Return for each function of services what it calls, imported ones by their full names."""
    found: dict[str, set[str]] = {}
    for module in modules(root, SERVICES):
        here, known = name_of(module), imported(module)
        own = {node.name for node in module.tree.body if isinstance(node, Function)}
        for node in module.tree.body:
            if isinstance(node, Function):
                names = (said(one.func) for one in walk(node) if isinstance(one, ast.Call))
                found[f"{here}.{node.name}"] = set(resolved(names, here, own, known))
    return found


def resolved(
    names: Iterator[str], here: str, own: set[str], known: Mapping[str, str]
) -> Iterator[str]:
    for name in names:
        head, _, rest = name.partition(".")
        if name in own:
            yield f"{here}.{name}"
        elif head in known:
            yield f"{known[head]}.{rest}" if rest else known[head]
        else:
            yield name


def destroying(root: Path) -> set[str]:
    """Return the public services that destroy something, directly or by others."""
    calls = called(root)
    found = {
        name for name, names in calls.items() if any(one.endswith(DESTROYERS) for one in names)
    }
    while more := {name for name, names in calls.items() if names & found} - found:
        found |= more
    return {name for name in found if not name.rpartition(".")[2].startswith("_")}


def test_every_service_that_destroys_stands_in_the_table() -> None:
    listed = {name for terms in IRREVERSIBLE_ACTS.values() for name in terms.services}
    assert destroying(ROOT) - listed - PARTS - ALSO.keys() == set()


def test_table_names_services_that_exist() -> None:
    listed = {name for terms in IRREVERSIBLE_ACTS.values() for name in terms.services}
    assert (listed | PARTS | ALSO.keys()) - called(ROOT).keys() == set()


def test_service_that_destroys_by_another_is_seen(tmp_path: Path) -> None:
    room = tmp_path / SERVICES
    room.mkdir(parents=True)
    (room / "deep.py").write_text(
        "def _sweep(desk): desk.store.erasures.erase(x)\ndef clean(desk): _sweep(desk)\n"
        "def harmless(desk): desk.store.rows('plan')\n"
    )
    (room / "far.py").write_text(
        "from kfdesk.services.deep import clean\nfrom kfdesk.services import deep\n"
        "def tidy(desk): clean(desk)\ndef tidier(desk): deep.clean(desk)\n"
    )
    assert destroying(tmp_path) == {"deep.clean", "far.tidy", "far.tidier"}


def test_more_harm_never_asks_less() -> None:
    decided = [
        one for one in IRREVERSIBLE_ACTS.items() if one[1].harm is not Harm.DECIDED_ELSEWHERE
    ]
    weaker = [
        (worse, better)
        for worse, more in decided
        for better, less in decided
        if more.harm > less.harm and max(more.asks) < max(less.asks)
    ]
    assert weaker == []
    persons = [terms for terms in IRREVERSIBLE_ACTS.values() if terms.harm is Harm.A_PERSON]
    assert all(terms.is_at_rest and Safeguard.TWO_PEOPLE in terms.asks for terms in persons)


def reaching_around(root: Path) -> list[str]:
    """Return who takes an inner part of an erasure without going through the one door."""
    return [
        f"{module.name}: {node.name}"
        for module in modules(root)
        if name_of(module) not in DOORS
        for node in walk(module.tree)
        if isinstance(node, ast.alias) and node.name in {"erase_client", "require_erasable"}
    ] + [
        f"{module.name}: {said(node.func)}"
        for module in modules(root)
        if name_of(module) not in DOORS
        for node in walk(module.tree)
        if isinstance(node, ast.Call) and says_yes(node)
    ]


def says_yes(node: ast.Call) -> bool:
    """Return whether a call, also one that `partial` prepares, answers a request with a yes."""
    is_answer = "answer_erasure_requests" in {
        said(one).rpartition(".")[2] for one in (node.func, *node.args)
        if isinstance(one, ast.Name | ast.Attribute)
    }  # fmt: skip
    no = {word.arg for word in node.keywords if isinstance(word.value, ast.Constant)
          and word.value.value is False}  # fmt: skip
    return is_answer and "erases" not in no


def test_erasure_has_one_door() -> None:
    assert reaching_around(ROOT) == []


def test_a_way_around_the_door_is_seen(tmp_path: Path) -> None:
    room = tmp_path / "src/kfdesk/ui"
    room.mkdir(parents=True)
    (room / "a.py").write_text("from kfdesk.services.exchange.erasure import erase_client\n")
    (room / "b.py").write_text("erasure.answer_erasure_requests(desk, a, b, erases=True)\n")
    (room / "c.py").write_text("erasure.answer_erasure_requests(desk, a, b, erases=False)\n")
    found = reaching_around(tmp_path)
    assert [one.partition(":")[0][-4:] for one in found] == ["a.py", "b.py"]
