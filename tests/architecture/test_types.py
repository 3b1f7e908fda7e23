# SPDX-License-Identifier: GPL-3.0-or-later
"""Types are checked strictly and everywhere; a line that is let off says from which rule.

`make check` runs the checker itself. This holds what it is told: a setting that loosens it, or a
room that it no longer looks at, would pass unseen.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

from tests.architecture.tree import ROOMS_WITH_CODE, ROOT, files, modules

LET_OFF = re.compile(r"#\s*type:\s*ignore(?!\[[\w-]+(?:, ?[\w-]+)*\])")
WHOLE_FILE = re.compile(r"^#\s*mypy:", re.MULTILINE)
NEEDED_CODES = {"ignore-without-code", "redundant-expr", "truthy-bool"}
SETTINGS = {
    *("strict", "python_version", "files", "mypy_path", "explicit_package_bases"),
    *("enable_error_code", "overrides"),
}
OTHERS_UNTYPED = {
    "sqlcipher3.*",
    "pyrage.*",
    "pypdfium2.*",
    "fontTools.*",
    "apsw.*",
    "atheris.*",
    "xlsxwriter.*",
}


def loose_settings(root: Path) -> list[str]:
    """List mypy settings that are not strict or not in the prescribed set."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    told: dict[str, Any] = project["tool"]["mypy"]
    found = sorted(told.keys() - SETTINGS)
    if told.get("strict") is not True:
        found.append("strict")
    if not set(told.get("enable_error_code", ())) >= NEEDED_CODES:
        found.append("enable_error_code")
    if not set(ROOMS_WITH_CODE) <= set(told.get("files", ())):
        found.append("files")
    for override in told.get("overrides", ()):
        parts = override.pop("module")
        if not set(parts) <= OTHERS_UNTYPED or override != {"ignore_missing_imports": True}:
            found.append(f"overrides of {', '.join(parts)}")
    return found


def stray_settings(root: Path) -> list[str]:
    """Files that would tell the checker something else than `pyproject.toml`."""
    names = ("mypy.ini", ".mypy.ini", "setup.cfg")
    return [name for name in files(root) if Path(name).name in names]


def lines_let_off(root: Path) -> list[str]:
    """Lines that are let off every rule, and files that set rules of their own."""
    found = []
    for module in modules(root, *ROOMS_WITH_CODE):
        if WHOLE_FILE.search(module.text):
            found.append(module.name)
        for number, line in enumerate(module.text.splitlines(), start=1):
            if LET_OFF.search(line):
                found.append(f"{module.name}:{number}")
    return found


def change(root: Path, old: str, new: str) -> None:
    path = root / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_types_are_checked_strictly() -> None:
    assert loose_settings(ROOT) == []
    assert stray_settings(ROOT) == []


def test_nothing_is_let_off_every_rule() -> None:
    assert lines_let_off(ROOT) == []


def test_checker_that_is_loosened_is_seen(copy: Path) -> None:
    change(copy, "strict = true", "strict = false\nallow_untyped_defs = true")
    change(copy, '"ignore-without-code", ', "")
    change(copy, 'files = ["src", "tests", ', 'files = ["src", ')
    change(copy, '"sqlcipher3.*"', '"kfdesk.ui.*", "sqlcipher3.*"')
    found = loose_settings(copy)
    assert found[:4] == ["allow_untyped_defs", "strict", "enable_error_code", "files"]
    assert "kfdesk.ui.*" in found[4]


def test_settings_in_another_file_are_seen(copy: Path) -> None:
    (copy / "src" / "mypy.ini").touch()
    assert stray_settings(copy) == ["src/mypy.ini"]


def test_line_and_file_that_are_let_off_are_seen(copy: Path) -> None:
    mark = "# type: " + "ignore"
    text = f"x = 1  {mark}[assignment]\ny = 1  {mark}\nz = 1  {mark}[a, b]  # why\n"
    (copy / "src" / "breach.py").write_text(text, encoding="utf-8")
    (copy / "src" / "hole.py").write_text("# my" + "py: ignore-errors\n", encoding="utf-8")
    assert lines_let_off(copy) == ["src/breach.py:2", "src/hole.py"]
