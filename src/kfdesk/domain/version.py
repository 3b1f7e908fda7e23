# SPDX-License-Identifier: GPL-3.0-or-later
"""The version of the program, its day of release, and what is installed with it.

The day of release is the earliest that a right clock can show. Knows no file and no network.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

VERSION = "0.2.0"
RELEASE_DAY = date(2026, 11, 28)  # no clock that is right can be before this day
SELF_CHECK = "self-check"
"""The argument by which a version only says whether it can run here, and prints its number."""


@dataclass(frozen=True, slots=True)
class LicensedComponent:
    """A third-party component of the program; `text` is its licence, word for word."""

    name: str
    version: str
    licence: str
    text: str


@dataclass(frozen=True, slots=True)
class Installation:
    """An installed copy: its build, whether it is portable, and a function that lists its parts.

    `build` is empty if it runs from source. A portable copy lies on a stick with its store.
    `is_confined` returns whether the system limits the process that opens files of others; it
    starts one, and raises KfdeskError `work.not_started` if it cannot.
    """

    build: str = ""
    is_portable: bool = False
    parts: Callable[[], tuple[LicensedComponent, ...]] = tuple
    is_confined: Callable[[], bool] = bool
