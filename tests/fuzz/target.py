# SPDX-License-Identifier: GPL-3.0-or-later
"""A target: what is aimed at, the control that must be caught, and the bytes to begin with.

An aim takes any bytes and raises only where something is wrong: an exception that is no refusal, a
refusal without a code of ours, another verdict than the second reader's, a word written before a
file was proved. A control is the same aim at a parser that is wrong on purpose.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kfdesk.domain.errors import KfdeskError

FOUND = Path(__file__).resolve().parent / "found"
_CODES = ("bundle.", "field.", "record.", "card.")

Aim = Callable[[bytes], None]


class FoundError(Exception):
    """Something is wrong, and what."""


@dataclass(frozen=True, slots=True)
class Target:
    """A parser that is fuzzed; `longest` bounds its inputs, `seeds` are good ones to begin with."""

    name: str
    aim: Aim
    control: Aim
    seeds: Callable[[], Sequence[bytes]]
    longest: int

    @property
    def found(self) -> Sequence[bytes]:
        """Return what was ever found; each stays, so that it is never found again."""
        folder = FOUND / self.name
        return [path.read_bytes() for path in sorted(folder.iterdir())] if folder.is_dir() else []


def is_taken(work: Callable[[], object]) -> bool:
    """Return whether something is taken; a refusal has a code of ours."""
    try:
        work()
    except KfdeskError as refused:
        if not refused.code.startswith(_CODES):
            raise FoundError(f"refused by {refused.code}") from None
        return False
    return True
