# SPDX-License-Identifier: GPL-3.0-or-later
"""Chance in tests: a test draws the same bytes in every run and on every machine.

The ids of records are drawn by `os.urandom`, and what is sorted by id follows them. A test that
holds by most draws would fail once in many runs, mostly on somebody else's machine. Here each test
has its own seed, its name. `CHANCE=n` draws others; `make verify` sets `CHANCE=any`, and a run
prints its number.
Other processes, and the libraries that encrypt, draw from the system as ever: two desks that are
played in two processes would else be one.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

if os.environ.get("CHANCE") == "any":
    os.environ["CHANCE"] = os.urandom(4).hex()  # for the workers of this run, too
NUMBER = os.environ.get("CHANCE", "")
_GENERATOR = Random(NUMBER)
_PROCESS = os.getpid()
_system = os.urandom


def draw(size: int, /) -> bytes:
    """Return `size` bytes as `os.urandom` does; a forked process must not repeat its parent's."""
    return _GENERATOR.randbytes(size) if os.getpid() == _PROCESS else _system(size)


@contextmanager
def seeded(name: str) -> Iterator[None]:
    """Draw what belongs to this name, and go on afterwards as if nothing had been drawn."""
    before = _GENERATOR.getstate()
    _GENERATOR.seed(f"{NUMBER}/{name}")
    try:
        yield
    finally:
        _GENERATOR.setstate(before)


def begin() -> None:
    """Let this process draw so. Before the program is imported: its defaults are bound then."""
    os.urandom = draw
