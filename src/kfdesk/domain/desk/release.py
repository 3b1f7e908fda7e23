# SPDX-License-Identifier: GPL-3.0-or-later
"""What this release of the program is.

Constants that a release changes; the version is the one in pyproject.toml, which a test compares.
And what one installed copy of it says of itself; where that is read from is not known here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

VERSION = "0.2.0"
RELEASED = date(2026, 11, 28)  # no clock that is right can be before this day


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things the program is made of; `text` is its licence, word for word."""

    name: str
    version: str
    licence: str
    text: str


@dataclass(frozen=True, slots=True)
class Installed:
    """The program as it is here: its build, empty where it runs from its source; whether it lies
    on a stick with its store beside it; and what lists its parts.
    """

    build: str = ""
    is_portable: bool = False
    parts: Callable[[], tuple[Part, ...]] = tuple
