# SPDX-License-Identifier: GPL-3.0-or-later
"""How many cases a run tries: all of them before a release, else some of them.

Of what is drawn at random a run draws a sixth, the same in each run (`support/chance.py`).
`make verify` sets `ALL_EXAMPLES=1`, draws other cases each time, and runs what is marked `slow`.
"""

import os
from collections.abc import Iterable
from typing import Any

import pytest

_PART = 6


def examples(count: int, part: int = _PART) -> int:
    """Return how many examples to draw where `make verify` draws `count`: one of `part`."""
    return count if os.environ.get("ALL_EXAMPLES") else max(1, count // part)


def first(count: int, values: Iterable[Any]) -> list[Any]:
    """Return parameters of which each run tries the first few, and `make verify` all.

    A tuple is one value for each of several names. The others must go the way of the first: what
    only one of them goes stands among the first.
    """
    all_of_them = [value if isinstance(value, tuple) else (value,) for value in values]
    return [
        pytest.param(*each, marks=pytest.mark.slow if place >= count else ())
        for place, each in enumerate(all_of_them)
    ]
