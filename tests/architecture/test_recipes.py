# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide in `docs/architecture.md` names every file that a new field or paper needs.

A field is added to a copy of the tree, and the files that have to follow are counted. For a paper,
the tables that name every paper are looked for.
"""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.architecture.tree import ROOT, modules

ADDED = '    callable_at_night: YesNo = yes_no(N_("Answers at night, too"), IN_HELP_NUMBER)\n'
RECORD = "src/kfdesk/domain/records/journey.py"
SAMPLES = "tests/support/make.py"
MOST_FILES = 5  # written by hand, for a field or a paper
MANY_PAPERS = 20  # a table that names so many papers names all of them


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of what the commands for a new field read."""
    for name in ("src", "packaging", "translations", "tests/golden", "tests/support", "resources"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.pyc"))
    for name in ("pyproject.toml", "tests/__init__.py"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(tree: Path, *command: str) -> None:
    """Run a command of the project in a copy of its tree."""
    paths = os.pathsep.join((str(tree), str(tree / "src"), os.environ.get("PYTHONPATH", "")))
    environment = os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, *command], cwd=tree, check=True, env=environment)


def changed(tree: Path) -> set[str]:
    """Name the files of a copy that differ from the original."""
    found = (path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file())
    return {one for one in found if (ROOT / one).read_bytes() != (tree / one).read_bytes()}


def rows() -> Iterator[tuple[str, str]]:
    """Yield each task of the guide with the files it names."""
    for line in (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 2 and cells[0].startswith("add "):
            yield cells[0], cells[1]


@pytest.mark.slow
def test_new_field_is_written_in_the_files_that_the_guide_names(tree: Path) -> None:
    record = tree / RECORD
    before = record.read_text(encoding="utf-8")
    place = before.index("\n\nIN_HANDOVER = ")
    record.write_text(before[:place].rstrip() + "\n" + ADDED + before[place:], encoding="utf-8")
    run(tree, "-m", "tests.golden.tables", "--update")
    run(tree, "packaging/extract_messages.py")
    followed = changed(tree) - {RECORD}
    by_command = {
        one for one in followed if one.startswith("tests/golden/") or one.endswith(".pot")
    }
    catalogues = {one for one in followed if one.endswith(".po")}
    assert followed == by_command | catalogues
    by_hand = {RECORD, SAMPLES, *catalogues}
    assert len(by_hand) <= MOST_FILES
    guide = dict(rows())["add a field"]
    assert all(name in guide for name in ("domain/records/", SAMPLES, "translations/"))
    assert all(command in guide for command in ("tests.golden.tables --update", "translations"))


def test_new_paper_is_written_in_the_files_that_the_guide_names() -> None:
    naming = {
        module.name.removeprefix("src/kfdesk/")
        for module in modules(ROOT)
        if any(map(_names_papers, ast.walk(module.tree)))
    }
    guide = dict(rows())["add a paper"]
    assert len(naming) <= MOST_FILES
    assert all(name in guide for name in naming)


def _names_papers(node: ast.AST) -> bool:
    """Return whether a node is a table, or an enumeration, of all papers."""
    if isinstance(node, ast.ClassDef) and node.name == "PaperName":
        return True
    keys = node.keys if isinstance(node, ast.Dict) else []
    return sum("PaperName." in ast.unparse(key) for key in keys if key is not None) > MANY_PAPERS
