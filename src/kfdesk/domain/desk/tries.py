# SPDX-License-Identifier: GPL-3.0-or-later
"""How long one waits after wrong tries at a passphrase or a key.

One rule for the window and the command line; it counts nothing itself and knows no clock.
"""

FREE = 3
LONGEST = 60


def pause_after(tries: int) -> int:
    """How many seconds to wait after so many wrong tries: none, then 2, 4, 8 … 60."""
    if tries < FREE:
        return 0
    return min(LONGEST, 2 << min(tries - FREE, LONGEST))
