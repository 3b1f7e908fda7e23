# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of the tree to break walls in, so that each is seen to stand for something."""

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.architecture.tree import ROOT, parse, walk


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to `make verify` to show that each wall sees its breach; each run asks the walls."""
    for item in items:
        if isinstance(item, pytest.Function) and "copy" in item.fixturenames:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="package", autouse=True)
def _forgotten() -> Iterator[None]:
    """Forget the parsed files at the end; until then let no collection walk their million nodes."""
    gc.disable()
    yield
    walk.cache_clear()
    parse.cache_clear()
    gc.enable()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with a copy of the program and its project file."""
    rubbish = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=rubbish)
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path
