# SPDX-License-Identifier: GPL-3.0-or-later
"""A house in which a case is played at one window.

What is played there is each test's own; that no bug was met and the keyboard was never lost, is
asked here of every play.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.e2e.played_house import House
from tests.support.windows import swept_after

from kfdesk.system import settings


@pytest.fixture
def house(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    """Yield a House; check afterwards that no bug was met and the focus was never lost."""
    monkeypatch.setattr(settings, "settings_folder", lambda: tmp_path / "settings")
    with swept_after():
        made = House(qtbot, qapp, tmp_path)
        yield made
        made.closes()
    assert made.bugs == []
    assert [lost for player in made.players for lost in player.lost] == []
