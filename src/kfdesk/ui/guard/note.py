# SPDX-License-Identifier: GPL-3.0-or-later
"""The note that a locked process leaves to the one that takes its place: why, when, and where.

It goes by the process's environment, so that it may hold no content: a number of drafts but not
which, the shape of the window but not what stood in it. What cannot be read counts as no note.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

BY_KEY = "key"
FOR_IDLENESS = "idle"
FOR_SLEEP = "sleep"
WITH_SESSION = "session"
FOR_KEYS = "keys"
FOR_DATA_KEY = "data_key"
NO_DATA_KEY = "no_data_key"


@dataclass(frozen=True, slots=True)
class Note:
    """Why it was locked, when (seconds since 1970, UTC), and how the window stood."""

    why: str = BY_KEY
    minutes: int = 0
    at: int = 0
    drafts: int = 0
    language: str = ""
    geometry: str = ""
    is_minimised: bool = False
    is_active: bool = True

    def plain(self) -> dict[str, str | int]:
        """The note as names and values, for the way to the next process."""
        return asdict(self)


def read_note(told: Mapping[str, Any]) -> Note | None:
    """The note in what the last process told, or None where it told nothing that fits."""
    found = {field.name: told.get(field.name) for field in fields(Note)}
    fits = all(type(found[field.name]) is type(field.default) for field in fields(Note))
    return Note(**found) if fits else None  # type: ignore[arg-type]
