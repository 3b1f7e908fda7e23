# SPDX-License-Identifier: GPL-3.0-or-later
"""Names: none that fits everything, no class name twice, no gerund for a module.

What is true or false reads as a question: `is_`, `has_`, `may_`, or a verb in the third person
that is one by itself (`knows`, `begins_with`). An action may report whether it was done: it is a
function whose docstring does not begin with "Return whether".
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, Function, Module, classes, modules, place, said, walk

EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "base"}
EMPTY_ENDINGS = ("Manager", "Helper", "Handler")
QUESTIONS = ("is", "are", "has", "may", "can", "must")
NOUNS = {"drawing", "keyring", "painting", "parsing", "printing", "spelling", "typesetting"}
"""Nouns of the field that end in -ing."""
KEYS = {"src/kfdesk/documents/traveller/content.py alone"}  # the key of the record's own field
NAMES_OF_QT = {"event"}  # lower case throughout, as ours are
EVERYWHERE = ("src", "packaging", "benchmarks", "tests")

DOMAIN = Path("src/kfdesk/domain")


def empty_module_names(root: Path) -> list[str]:
    return [
        module.name
        for module in modules(root, *EVERYWHERE)
        if EMPTY_NAMES & {part.removesuffix(".py") for part in Path(module.name).parts}
    ]


def empty_class_names(root: Path) -> list[str]:
    return [
        place(module, found)
        for module in modules(root, *EVERYWHERE)
        for found in classes(module)
        if found.name.endswith(EMPTY_ENDINGS)
    ]


def is_raised(found: ast.ClassDef) -> bool:
    parents = [said(parent) for parent in found.bases]
    return any(parent.endswith(("Error", "Exception")) for parent in parents)


def nameless_errors(root: Path) -> list[str]:
    return [
        place(module, found)
        for module in modules(root, *EVERYWHERE)
        for found in classes(module)
        if is_raised(found) and not found.name.endswith("Error")
    ]


def doubled_class_names(root: Path) -> list[str]:
    """List the names that two public classes of the program share."""
    places: dict[str, list[str]] = {}
    for module in modules(root):
        for found in module.tree.body:
            if isinstance(found, ast.ClassDef) and not found.name.startswith("_"):
                places.setdefault(found.name, []).append(module.name)
    return [f"{name}: {', '.join(where)}" for name, where in places.items() if len(where) > 1]


def gerund_modules(root: Path) -> list[str]:
    """List the modules and packages whose name is a gerund and no noun of the field."""
    return [
        module.name
        for module in modules(root)
        for part in [Path(module.name).parent.name if module.is_package else module.stem]
        if part.rpartition("_")[2].endswith("ing") and part not in NOUNS
    ]


def is_question(name: str) -> bool:
    """Return whether a name asks something that is true or false."""
    first = name.partition("_")[0]
    return first in QUESTIONS or first.endswith("s")


def is_act(function: Function) -> bool:
    """Return whether a function does something and merely reports on it; a property never does."""
    is_property = any("property" in said(mark) for mark in function.decorator_list)
    told = ast.get_docstring(function) or "Return whether"
    return not is_property and not told.startswith(("Whether", "Return whether"))


def answers(module: Module) -> Iterator[tuple[int, str]]:
    """Yield the public functions, properties and fields of a module that are booleans.

    Leave out names that Qt has given, in its own spelling.
    """
    for node in walk(module.tree):
        if isinstance(node, Function) and not is_act(node):
            name, kind = node.name, node.returns
        elif isinstance(node, ast.AnnAssign):
            name, kind = said(node.target).rpartition(".")[2], node.annotation
        else:
            continue
        is_ours = name.islower() and name not in NAMES_OF_QT
        if kind is not None and said(kind) == "bool" and is_ours:
            yield node.lineno, name


def unasked_answers(root: Path) -> list[str]:
    return [
        f"{module.name}:{line} {name}"
        for module in modules(root)
        for line, name in answers(module)
        if not name.startswith("_")
        and not is_question(name)
        and f"{module.name} {name}" not in KEYS
    ]


def test_what_is_true_or_false_reads_as_a_question() -> None:
    assert unasked_answers(ROOT) == []


def test_answer_without_a_question_is_seen(copy: Path) -> None:
    text = (
        "class A:\n    dirty: bool = False\n    is_new: bool\n    wants_paper: bool\n"
        "    @property\n    def open(self) -> bool: ...\n    def eventFilter(self) -> bool: ...\n"
        "def check(x) -> bool: ...\ndef knows(x) -> bool: ...\ndef _inner() -> bool: ...\n"
        "def sound(x) -> bool:\n    'Return whether it holds.'\n"
        "def remove(x) -> bool:\n    'Remove it; return whether it is gone.'\n"
    )
    before = unasked_answers(copy)
    (copy / DOMAIN / "breach.py").write_text(text, encoding="utf-8")
    assert [found for found in unasked_answers(copy) if found not in before] == [
        "src/kfdesk/domain/breach.py:8 check",
        "src/kfdesk/domain/breach.py:11 sound",
        "src/kfdesk/domain/breach.py:2 dirty",
        "src/kfdesk/domain/breach.py:6 open",
    ]


def test_no_module_has_a_name_that_fits_everything() -> None:
    assert empty_module_names(ROOT) == []


def test_no_class_has_a_name_that_fits_everything() -> None:
    assert empty_class_names(ROOT) == []


def test_no_two_classes_share_a_name() -> None:
    assert doubled_class_names(ROOT) == []


def test_no_module_is_named_by_a_gerund() -> None:
    assert gerund_modules(ROOT) == []


def test_second_class_of_one_name_is_seen(copy: Path) -> None:
    (copy / DOMAIN / "breach.py").write_text("class Row: ...\n", encoding="utf-8")
    (found,) = doubled_class_names(copy)
    assert found == "Row: src/kfdesk/domain/breach.py, src/kfdesk/domain/rows.py"


def test_gerund_is_seen_as_module_and_as_package(copy: Path) -> None:
    (copy / DOMAIN / "believing.py").touch()
    (copy / DOMAIN / "carrying").mkdir()
    (copy / DOMAIN / "carrying" / "__init__.py").touch()
    assert gerund_modules(copy) == [
        "src/kfdesk/domain/believing.py",
        "src/kfdesk/domain/carrying/__init__.py",
    ]


def test_errors_end_in_error() -> None:
    assert nameless_errors(ROOT) == []


def test_module_of_leftovers_is_seen_as_file_and_as_folder(copy: Path) -> None:
    (copy / DOMAIN / "utils.py").touch()
    (copy / DOMAIN / "common").mkdir()
    (copy / DOMAIN / "common" / "names.py").touch()
    assert empty_module_names(copy) == [
        "src/kfdesk/domain/common/names.py",
        "src/kfdesk/domain/utils.py",
    ]


def test_manager_is_seen(copy: Path) -> None:
    (copy / DOMAIN / "breach.py").write_text("class PlanManager: ...\n", encoding="utf-8")
    assert empty_class_names(copy) == ["src/kfdesk/domain/breach.py:1 PlanManager"]


def test_error_by_another_name_is_seen(copy: Path) -> None:
    text = "class Torn(ValueError): ...\nclass TornError(ValueError): ...\n"
    (copy / DOMAIN / "breach.py").write_text(text, encoding="utf-8")
    assert nameless_errors(copy) == ["src/kfdesk/domain/breach.py:1 Torn"]
