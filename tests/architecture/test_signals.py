# SPDX-License-Identifier: GPL-3.0-or-later
"""Signals say what has happened, slots say on what they act; both read as one sentence.

A method that only answers a signal is a slot, `_on_…`. One that code calls as well is an act of
its page and keeps its verb: the signal merely repeats it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, Module, modules, said, walk

UI = Path("src/kfdesk/ui")
SLOT = "_on_"
IRREGULAR = {
    *(
        "began",
        "begun",
        "chosen",
        "done",
        "found",
        "given",
        "gone",
        "kept",
        "left",
        "lost",
        "made",
        "read",
        "sent",
    ),
    *("slept", "taken", "told", "written"),
}


def signals(module: Module) -> Iterator[str]:
    """Yield the names of the signals of a module's classes."""
    for node in walk(module.tree):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and said(node.value.func).rpartition(".")[2] == "Signal"
        ):
            yield from (said(target) for target in node.targets)


def is_past(name: str) -> bool:
    """Return whether a name ends in a past participle, such as `lock_asked`."""
    last = name.rpartition("_")[2]
    return last.endswith("ed") or last in IRREGULAR


def signals_not_past(root: Path) -> list[str]:
    return [
        f"{module.name} {name}"
        for module in modules(root)
        for name in signals(module)
        if not is_past(name)
    ]


def own_method(node: ast.expr) -> str:
    """Return the method of `self` that an expression names, bare or in a `partial`."""
    if isinstance(node, ast.Call) and said(node.func) == "partial" and node.args:
        node = node.args[0]
    is_own = isinstance(node, ast.Attribute) and said(node.value) == "self"
    return node.attr if is_own and isinstance(node, ast.Attribute) else ""


def misnamed_slots(root: Path) -> list[str]:
    """Private methods that only a signal calls, under another name than a slot's."""
    found = []
    for module in modules(root):
        calls = [node for node in walk(module.tree) if isinstance(node, ast.Call)]
        connected = {
            own_method(call.args[0])
            for call in calls
            if call.args and said(call.func).endswith(".connect")
        }
        called = {own_method(call.func) for call in calls}
        found += [
            f"{module.name} {name}"
            for name in sorted(connected - called)
            if name.startswith("_") and not name.startswith(SLOT)
        ]
    return found


def test_signals_say_what_has_happened() -> None:
    assert signals_not_past(ROOT) == []


def test_slots_say_on_what_they_act() -> None:
    assert misnamed_slots(ROOT) == []


def test_signal_in_another_tense_is_seen(copy: Path) -> None:
    text = (
        "class A:\n    lock_asked = Signal()\n    change = Signal(int)\n    _to_lock = Signal()\n"
    )
    (copy / UI / "breach.py").write_text(text, encoding="utf-8")
    wrong = {f"{UI}/breach.py change", f"{UI}/breach.py _to_lock"}
    assert set(signals_not_past(copy)) - set(signals_not_past(ROOT)) == wrong


def test_slot_by_another_name_is_seen_and_an_act_is_not(copy: Path) -> None:
    before = set(misnamed_slots(copy))
    text = (
        "class A:\n    def __init__(self):\n        self._show()\n"
        "        self.changed.connect(self._show)\n        self.changed.connect(self._clicked)\n"
        "        self.changed.connect(partial(self._chosen, 1))\n"
        "        self.changed.connect(self._on_chosen)\n        self.changed.connect(self.clear)\n"
    )
    (copy / UI / "breach.py").write_text(text, encoding="utf-8")
    wrong = {f"{UI}/breach.py _chosen", f"{UI}/breach.py _clicked"}
    assert set(misnamed_slots(copy)) - before == wrong
