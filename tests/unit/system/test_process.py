# SPDX-License-Identifier: GPL-3.0-or-later
"""The process keeps to itself what it holds, where the platform lets it."""

import subprocess
import sys

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


def test_memory_is_more_than_any_slot_may_take() -> None:
    assert process.memory() >= 2**28


def test_clock_is_aware_and_does_not_drift_while_nobody_sets_it() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() is not None
    assert abs(clock.drift().total_seconds()) < 60
