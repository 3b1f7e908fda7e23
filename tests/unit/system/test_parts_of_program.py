# SPDX-License-Identifier: GPL-3.0-or-later
"""Every part that the program stands on is listed, with its licence word for word."""

import json
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.architecture.tree import ROOT

from kfdesk.domain.version import VERSION
from kfdesk.system.licences import COMPONENTS_FILE, installed_requirements, program_components

SHORT = {"PySide6_Essentials", "shiboken6"}  # under the licence of the program itself


def test_every_part_asked_for_is_listed_with_those_it_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {canonicalize_name(Requirement(t).name) for t in project["project"]["dependencies"]}
    listed = {canonicalize_name(part.name) for part in program_components()}
    assert asked <= listed
    assert {"cffi", "shiboken6"} <= listed  # which nobody asked for but the parts
    assert "pytest" not in listed


def test_every_part_says_its_licence_and_its_words() -> None:
    parts = program_components()
    assert parts[0].version == VERSION
    assert [part.name for part in parts if not part.licence] == []
    assert [part.name for part in parts if not part.text and part.name not in SHORT] == []


def test_every_list_and_font_of_others_is_named() -> None:
    listed = {part.name for part in program_components()}
    assert {"Noto Sans", "Lucide", "EFF word list", "SQLCipher", "OpenSSL", "Qt"} <= listed


def test_package_brings_its_own_list_along(tmp_path: Path) -> None:
    (tmp_path / COMPONENTS_FILE).write_text(
        json.dumps([["Only", "1", "MIT", "Words"]]), encoding="utf-8"
    )
    assert [part.name for part in program_components(tmp_path)] == ["Only"]


def test_packages_of_another_folder_are_read_there(tmp_path: Path) -> None:
    about = tmp_path / "one-1.0.dist-info"
    about.mkdir()
    head = "Metadata-Version: 2.1\nName: one\nVersion: 1.0\nRequires-Dist: two; extra == 'more'\n"
    (about / "METADATA").write_text(f"{head}Requires-Dist: three>=1\n", encoding="utf-8")
    assert installed_requirements("one", [str(tmp_path)]) == []
    assert installed_requirements("two", [str(tmp_path)]) == []
