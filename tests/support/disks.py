# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks of a test: whatever lies beside the store stands for a stick."""

import pytest

from kfdesk.storage.backup import Backups

ASKED_OF_THE_SYSTEM = Backups.is_on_same_disk
"""The real question, for tests about a backup on the disk of the store."""


@pytest.fixture(autouse=True)
def _sticks_are_other_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each folder be on another disk than the store: a test has no stick."""
    monkeypatch.setattr(Backups, "is_on_same_disk", lambda _backups, _into: False)
