# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents for developers name files that exist, and the picture shows the contract."""

import re
import runpy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.architecture.tree import ROOT

from kfdesk.domain.version import RELEASE_DAY, VERSION

ARCHITECTURE = "docs/architecture.md"
MOST_LINES = {"docs/performance.md": 120, "docs/reliability.md": 120, "CHANGELOG.md": 160}
LONGEST_CHANGE = 160  # letters of a line of the changelog
IN_PROGRAM = (
    *("app.py", "store_lifecycle.py", "bundle/", "decoder/", "documents/", "domain/", "formats/"),
    *("i18n/", "services/", "storage/", "ui/"),
)


def script() -> Mapping[str, Any]:
    """Return the names of the script that draws the picture."""
    return runpy.run_path(str(ROOT / "packaging" / "architecture.py"))


def missing_files(root: Path, document: str) -> list[str]:
    """List the files and folders that a document names in backticks and that do not exist."""
    named = re.findall(r"`([\w./-]+/[\w./-]*|[\w-]+\.(?:py|md|toml))`", document)
    found = []
    for name in named:
        base = root / "src" / "kfdesk" if name.startswith(IN_PROGRAM) else root
        if not (base / name).exists():
            found.append(name)
    return found


@pytest.mark.parametrize("name", [ARCHITECTURE, "CONTRIBUTING.md"])
def test_document_names_files_that_exist(name: str) -> None:
    assert missing_files(ROOT, (ROOT / name).read_text(encoding="utf-8")) == []


def test_file_that_has_gone_is_seen(tmp_path: Path) -> None:
    text = "`docs/decisions/` and `services/core/gone.py`, `run.py`, `word`"
    assert missing_files(ROOT, text) == ["services/core/gone.py", "run.py"]


def test_picture_is_drawn_from_the_contract() -> None:
    draw: Callable[[Path], str] = script()["draw"]
    picture = ROOT / "docs" / "pictures" / "architecture.svg"
    assert picture.read_text(encoding="utf-8") == draw(ROOT), "run `make architecture`"


def test_picture_follows_the_contract(copy: Path) -> None:
    draw: Callable[[Path], str] = script()["draw"]
    before = draw(copy)
    project = copy / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace('    "environment",\n', ""), encoding="utf-8")
    assert draw(copy) != before
    assert ">environment<" not in draw(copy)


@pytest.mark.parametrize("name", MOST_LINES)
def test_document_stays_short(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").count("\n") <= MOST_LINES[name]


def test_each_change_is_one_short_line() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("- ") and len(line) > LONGEST_CHANGE] == []


def test_changelog_dates_the_release() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[(\d[^\]]*)\] - (\S+)$", changes, re.MULTILINE)[0] == (
        VERSION,
        RELEASE_DAY.isoformat(),
    )
