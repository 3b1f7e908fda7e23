# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that knows no locks is not told as another program that holds the store."""

import errno
from pathlib import Path

import pytest

from kfdesk.domain.errors import KfdeskError
from kfdesk.system import process

pytest.importorskip("fcntl", reason="this system locks in another way")


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EAGAIN])
def test_only_a_held_lock_is_told_as_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(_descriptor: int, _how: int) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr("fcntl.flock", refuse)
    if number == errno.ENOLCK:
        process.lock_store(tmp_path).release()
    else:
        with pytest.raises(KfdeskError, match=r"store\.in_use"):
            process.lock_store(tmp_path)
