# SPDX-License-Identifier: GPL-3.0-or-later
"""The delay after wrong passphrases.

Apart from the accounts, because the unlock page needs it. Knows no clock: the caller waits.
"""

FREE_TRIES = 3
MAX_BACKOFF_SECONDS = 60


def backoff_seconds(tries: int) -> int:
    """Return the seconds to wait after this many wrong tries: none, then 2, 4, 8 … 60."""
    if tries < FREE_TRIES:
        return 0
    return min(MAX_BACKOFF_SECONDS, 2 << min(tries - FREE_TRIES, MAX_BACKOFF_SECONDS))
