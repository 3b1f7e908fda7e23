# SPDX-License-Identifier: GPL-3.0-or-later
"""A procedure as a file has it, and what is odd in it.

A file brings the fields of a procedure and of its steps by their keys. What is odd is kept and
told: a person decides. `formats` knows how such a file is written; this module does not.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kfdesk.domain.values import Value, text_or_empty

MAX_FILE_BYTES = 2**20
"""A whole procedure in three languages has about 40 kB."""
MAX_STEPS = 200
MAX_CODES = 40
"""The most codes, warnings or earlier steps in one field of a step."""

_NUMBERED = re.compile(r"([0-9]{1,9})(.*)", re.DOTALL)

FileValues = Mapping[str, Value]
"""Values by the keys of their fields."""


class FindingKind(StrEnum):
    """What is odd in a file that can still be taken over."""

    NO_STEPS = "no_steps"
    NO_PREFIX = "no_prefix"
    SAME_PREFIX = "same_prefix"
    AFTER_NOTHING = "after_nothing"
    RING = "ring"
    UNKNOWN_CODE = "unknown_code"
    UNKNOWN_PART = "unknown_part"


@dataclass(frozen=True, slots=True)
class FileFinding:
    """Something odd: the step by its prefix, empty for the procedure, and the part or code."""

    kind: FindingKind
    prefix: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class ProcedureFile:
    """The fields of a procedure, of its steps in order, and the findings of the reader."""

    values: FileValues = field(repr=False)
    steps: tuple[FileValues, ...] = field(repr=False)
    findings: tuple[FileFinding, ...] = ()


def step_order(prefix: object) -> tuple[bool, int, str]:
    """Return what orders steps by their prefixes: `10` comes after `6b`, others come last."""
    text = text_or_empty(prefix)
    found = _NUMBERED.match(text)
    return (False, int(found[1]), found[2]) if found else (True, 0, text)


def prefixes_of(steps: Iterable[FileValues]) -> list[str]:
    """Return the prefix of each step, empty where it has none."""
    return [text_or_empty(step.get("prefix")) for step in steps]


def earlier_steps(step: FileValues) -> list[str]:
    """Return the prefixes of the steps that come before this one."""
    return text_or_empty(step.get("after")).split()


def check_order(steps: tuple[FileValues, ...]) -> Iterator[FileFinding]:
    """Yield what is odd in the prefixes of steps and in their order."""
    prefixes = prefixes_of(steps)
    if not steps:
        yield FileFinding(FindingKind.NO_STEPS)
    for place, prefix in enumerate(prefixes, start=1):
        if not prefix:
            yield FileFinding(FindingKind.NO_PREFIX, part=str(place))
    for prefix, count in Counter(filter(None, prefixes)).items():
        if count > 1:
            yield FileFinding(FindingKind.SAME_PREFIX, prefix)
    before: dict[str, list[str]] = {}
    for prefix, step in zip(prefixes, steps, strict=True):
        before.setdefault(prefix, []).extend(earlier_steps(step))
        for other in (*earlier_steps(step), *text_or_empty(step.get("event_step")).split()):
            if other not in prefixes:
                yield FileFinding(FindingKind.AFTER_NOTHING, prefix, other)
    for prefix in rings(before):
        yield FileFinding(FindingKind.RING, prefix)


def rings(before: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the steps that come before themselves, in order; `before` has the earlier ones."""
    return [prefix for prefix in before if _reaches_itself(prefix, before)]


def _reaches_itself(prefix: str, before: Mapping[str, Iterable[str]]) -> bool:
    seen: set[str] = set()
    waiting = [prefix]
    while waiting:
        for other in before.get(waiting.pop(), ()):
            if other == prefix:
                return True
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return False
