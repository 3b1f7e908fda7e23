# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests draw the same bytes in every run, as those who repeat a failure need."""

import os

import pytest
from tests.support import chance

from kfdesk.environment import Environment


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


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no process")
def test_forked_process_does_not_repeat_its_parent() -> None:
    reading, writing = os.pipe()
    if not os.fork():
        os.write(writing, os.urandom(16))
        os._exit(0)
    os.wait()
    assert os.read(reading, 16) != os.urandom(16)
