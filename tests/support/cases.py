# SPDX-License-Identifier: GPL-3.0-or-later
"""Hundreds of tiny cases in one test, which names every one that fails and not only the first."""

from collections.abc import Callable, Iterable

import pytest


def failing(check: Callable[..., object], cases: Iterable[tuple[object, ...]]) -> dict[str, str]:
    """Return the failed cases with their errors; a case is the arguments of `check`."""
    found = {}
    for case in cases:
        try:
            check(*case)
        except (
            Exception,
            pytest.fail.Exception,
        ) as fault:  # the next is tried, too
            found[", ".join(map(repr, case))[:200]] = f"{type(fault).__name__}: {fault}"
    return found
