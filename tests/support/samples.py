# SPDX-License-Identifier: GPL-3.0-or-later
"""How many cases a run draws at random: all of them before a release, else a third of them.

Other cases are drawn in each run, so that runs together see as much. `make verify` sets
`ALL_EXAMPLES=1`.
"""

import os

_PART = 3


def examples(count: int) -> int:
    """Return how many examples to draw where `make verify` draws `count`."""
    return count if os.environ.get("ALL_EXAMPLES") else max(1, count // _PART)
