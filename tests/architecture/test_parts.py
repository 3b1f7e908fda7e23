# SPDX-License-Identifier: GPL-3.0-or-later
"""Each part that others have made is known in one room only, and no part comes in unseen.

The contracts of `pyproject.toml` follow indirect imports, of the parts that they name; here every
direct import is held against one table, also where rooms are put together. A new part is a line of
the table, after its line among the dependencies.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from tests.architecture.tree import ROOT, Module, modules, walk

PROGRAM = "src/kfdesk/"
ROOMS_OF_PARTS: dict[str, tuple[str, ...]] = {
    "PySide6": ("ui/",),
    "shiboken6": ("ui/",),
    "sqlcipher3": ("storage/",),
    "reportlab": ("documents/",),
    "pypdfium2": ("documents/",),
    "PIL": ("documents/attachments.py",),
    "pyrage": ("bundle/",),
    "nacl": (
        *("bundle/", "storage/key_slots.py", "storage/rollback.py"),
        "system/signatures.py",
    ),
    "msgspec": ("domain/registers.py", "domain/compact.py", "bundle/", "storage/", "decoder/"),
    "babel": ("i18n/",),
    "phonenumbers": ("i18n/parsing.py",),
    "openpyxl": ("formats/workbooks.py",),
    "xlsxwriter": ("formats/workbooks.py",),
    "defusedxml": ("formats/workbooks.py",),
    "chardet": ("formats/rows.py",),
    "markdown_it": ("formats/markdown.py",),
    "platformdirs": ("system/",),
}
UNIMPORTED = {
    "tzdata",  # zones for systems that have none: data, read by the standard library
    "rl-accel",  # the same functions for ReportLab, compiled: it finds them itself
}
NAMES_OF_PARTS = {
    "markdown-it-py": "markdown_it",
    "phonenumberslite": "phonenumbers",
    "pillow": "PIL",
    "pyside6-essentials": "PySide6",
    "pynacl": "nacl",
}

DOMAIN = Path("src/kfdesk/domain")


def parts(module: Module) -> Iterator[str]:
    """Yield the third-party packages that a module imports."""
    for node in walk(module.tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for name in {name.partition(".")[0] for name in names}:
            if name not in sys.stdlib_module_names and name != "kfdesk":
                yield name


def misplaced_parts(root: Path) -> list[str]:
    """List imports of third-party packages from outside the folders that may use them."""
    return [
        f"{module.name}: {part}"
        for module in modules(root)
        for part in parts(module)
        if not module.name.removeprefix(PROGRAM).startswith(ROOMS_OF_PARTS.get(part, ()))
    ]


def idle_parts(root: Path) -> list[str]:
    """Parts that the project asks for at run time and nothing imports."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {Requirement(text).name for text in project["project"]["dependencies"]}
    used = {part for module in modules(root) for part in parts(module)}
    return sorted(name for name in asked - UNIMPORTED if NAMES_OF_PARTS.get(name, name) not in used)


def test_every_part_is_in_its_room() -> None:
    assert misplaced_parts(ROOT) == []


def test_every_part_asked_for_is_used() -> None:
    assert idle_parts(ROOT) == []


def test_each_part_in_a_strange_room_is_seen(copy: Path) -> None:
    lines = [f"import {part}.some\n" for part in ROOMS_OF_PARTS]
    (copy / DOMAIN / "breach.py").write_text("".join(lines), encoding="utf-8")
    wanted = [f"src/kfdesk/domain/breach.py: {part}" for part in ROOMS_OF_PARTS]
    assert [found for found in misplaced_parts(copy) if "breach" in found] == wanted


def test_part_without_a_room_is_seen_where_all_rooms_meet(copy: Path) -> None:
    with (copy / "src" / "kfdesk" / "app.py").open("a", encoding="utf-8") as stream:
        stream.write("from PySide6 import QtCore\nimport requests\n")
    found = misplaced_parts(copy)
    assert {"src/kfdesk/app.py: PySide6", "src/kfdesk/app.py: requests"} <= set(found)


def test_part_that_nobody_uses_is_seen(copy: Path) -> None:
    project = copy / "pyproject.toml"
    text = project.read_text(encoding="utf-8").replace(
        '"msgspec', '"somepart>=1",\n    "msgspec', 1
    )
    project.write_text(text, encoding="utf-8")
    assert set(idle_parts(copy)) - set(idle_parts(ROOT)) == {"somepart"}
