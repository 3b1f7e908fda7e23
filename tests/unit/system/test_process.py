# SPDX-License-Identifier: GPL-3.0-or-later
"""The process keeps to itself what it holds, where the platform lets it."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kfdesk.system import process
from kfdesk.system.clock import SystemClock

HARDENED = """
import ctypes, os, resource
from kfdesk.system import process
process.harden()
print(oct(os.umask(0o077)), resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux what it knows of the process")
def test_hardened_process_leaves_no_dump_and_no_open_file() -> None:
    said = subprocess.run(
        [sys.executable, "-c", HARDENED], capture_output=True, text=True, check=True
    ).stdout
    assert said.split() == ["0o77", "(0,", "0)", "0"]


TEMPORARY = """
from kfdesk.system import process
process.harden()
from PySide6.QtCore import QDir
import tempfile
print(QDir.tempPath(), tempfile.gettempdir())
"""


def temporary(runtime: Path, temp: Path) -> list[str]:
    """Return where Qt and Python put temporary files in a session with such folders."""
    around = os.environ | {"XDG_RUNTIME_DIR": str(runtime), "TMPDIR": str(temp)}
    run = subprocess.run(
        [sys.executable, "-c", TEMPORARY], env=around, capture_output=True, text=True, check=True
    )
    return run.stdout.split()


@pytest.mark.skipif(sys.platform != "linux", reason="only there a session has a folder in memory")
def test_what_a_printer_is_sent_by_goes_into_memory_where_there_is_such_a_place(
    tmp_path: Path,
) -> None:
    memory = Path("/dev/shm")
    if not process._is_memory(memory):
        pytest.skip("this system shares no memory by files")
    with TemporaryDirectory(dir=memory) as runtime:
        assert temporary(Path(runtime), tmp_path) == [runtime, runtime]
    on_disk = ["/proc", "/sys", str(tmp_path / "missing")]
    for runtime in on_disk:
        assert temporary(Path(runtime), tmp_path) == [str(tmp_path)] * 2


@pytest.mark.parametrize(
    "mounts", ["", "proc /proc proc rw 0 0\n"], ids=["no mount at all", "the root is no mount"]
)
def test_system_whose_root_is_no_mount_keeps_its_temporary_files_on_disk(
    monkeypatch: pytest.MonkeyPatch, mounts: str
) -> None:
    monkeypatch.setattr(Path, "read_text", lambda _path, _encoding: mounts)
    assert process._is_memory(Path("/usr")) is False


def test_memory_is_more_than_any_slot_may_take() -> None:
    assert process.system_memory() >= 2**28


def test_clock_is_aware_and_does_not_drift_while_nobody_sets_it() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() is not None
    assert abs(clock.drift().total_seconds()) < 60
