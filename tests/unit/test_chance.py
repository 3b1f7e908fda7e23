# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests draw the same bytes in every run, as those who repeat a failure need."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support import chance

from kfdesk.environment import Environment

ROOT = Path(__file__).resolve().parents[2]


def test_program_draws_from_the_seed_of_the_test() -> None:
    with chance.seeded("a test"):
        first = Environment().random(16)
    with chance.seeded("a test"):
        assert os.urandom(16) == first
    with chance.seeded("another"):
        assert os.urandom(16) != first


def test_seed_within_a_test_does_not_set_its_draws_back() -> None:
    before = os.urandom(16)
    with chance.seeded("something shared"):
        os.urandom(16)
    assert os.urandom(16) != before


def test_two_desks_in_processes_of_their_own_do_not_draw_the_same() -> None:
    words = "import os, tests.support.stores; print(os.urandom(16).hex())"
    command = [sys.executable, "-c", words]
    first, second = (
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout for _ in range(2)
    )
    assert first != second


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no process")
def test_forked_process_does_not_repeat_its_parent() -> None:
    reading, writing = os.pipe()
    if not os.fork():
        os.write(writing, os.urandom(16))
        os._exit(0)
    os.wait()
    assert os.read(reading, 16) != os.urandom(16)
