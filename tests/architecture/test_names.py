# SPDX-License-Identifier: GPL-3.0-or-later
"""Names say what a thing is: none that fits everything, and errors are known by their ending."""

import ast
from pathlib import Path

from tests.architecture.tree import ROOT, classes, modules, place

EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "base"}
EMPTY_ENDINGS = ("Manager", "Helper", "Handler")
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
    parents = [ast.unparse(parent) for parent in found.bases]
    return any(parent.endswith(("Error", "Exception")) for parent in parents)


def nameless_errors(root: Path) -> list[str]:
    return [
        place(module, found)
        for module in modules(root, *EVERYWHERE)
        for found in classes(module)
        if is_raised(found) and not found.name.endswith("Error")
    ]


def test_no_module_has_a_name_that_fits_everything() -> None:
    assert empty_module_names(ROOT) == []


def test_no_class_has_a_name_that_fits_everything() -> None:
    assert empty_class_names(ROOT) == []


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
