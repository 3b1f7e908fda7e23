# SPDX-License-Identifier: GPL-3.0-or-later
"""Qt without a screen, for the tests of the window's parts."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.windows import swept_after

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _garbage() -> Iterator[None]:
    with swept_after():
        yield


@pytest.fixture(scope="session")
def resources() -> Path:
    """Return the folder of fonts and icons."""
    return Path(__file__).parents[3] / "resources"
