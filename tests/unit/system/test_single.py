# SPDX-License-Identifier: GPL-3.0-or-later
"""One program at a time on one store."""

import subprocess
import sys
from pathlib import Path

import pytest

from kfdesk.domain.errors import KfdeskError
from kfdesk.system import process

HOLDER = """
import sys
from pathlib import Path
from kfdesk.system import process
held = process.lock_store(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_second_program_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    held = process.lock_store(tmp_path)
    with pytest.raises(KfdeskError) as refused:
        process.lock_store(tmp_path)
    assert refused.value.code == "store.in_use"
    held.release()
    held.release()
    process.lock_store(tmp_path).release()


def test_program_that_was_killed_leaves_the_store_free(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(KfdeskError):
            process.lock_store(tmp_path)
        other.kill()
        other.wait()
    process.lock_store(tmp_path).release()


def test_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(KfdeskError) as refused:
        process.lock_store(tmp_path / "not there")
    assert refused.value.code == "store.read_only"
