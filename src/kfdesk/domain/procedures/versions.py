# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of a procedure: their digest, the next number, and what changed between two.

Steps of two versions are the same if they have the same number, or else the same title. A run is
compared in the same way, because it has copies of the steps under the same keys.
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import blake2b

from kfdesk.domain.deadlines import earliest_day
from kfdesk.domain.procedures.steps import AnyStep, prefix_key, prefix_of
from kfdesk.domain.records.cooperation import COPIED_KEYS
from kfdesk.domain.records.procedures import Procedure
from kfdesk.domain.rows import RecordView, Row, column_values

_HEAD_KEYS = (
    "title", "country", "region", "version", "dated", "purpose", "source", "review_by",
)  # fmt: skip
"""The fields that make a version; its status, dates of force and readers may change later."""
_LAST_NUMBER = re.compile(r"(.*?)([0-9]{1,6})", re.ASCII | re.DOTALL)
_DIGEST_BYTES = 16


class StepChangeKind(StrEnum):
    """Change of a step in another version."""

    SAME = "same"
    CHANGED = "changed"
    RENUMBERED = "renumbered"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step before and after, by place in the two sequences; `keys` are the changed fields."""

    kind: StepChangeKind
    before: int | None
    after: int | None
    keys: tuple[str, ...] = ()


def version_digest(head: Row, steps: Iterable[Row]) -> str:
    """Return the digest of what a version of a procedure says, as 32 hexadecimal digits.

    `steps` are those that are not deleted. It is the same on every desk.
    """
    shown = column_values(head)[0]
    said = [[shown.get(key) for key in _HEAD_KEYS]]
    for row in sorted(steps, key=lambda row: row.rid):
        values = column_values(row)[0]
        said.append([row.rid.hex(), *(values.get(key) for key in COPIED_KEYS)])
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=_DIGEST_BYTES, person=b"procedure").hexdigest()


def next_version(version: str, taken: Collection[str]) -> str:
    """Return the text of the next version that is not taken: `3` becomes `4`, `2.1` `2.2`."""
    text = version.strip()
    match = _LAST_NUMBER.fullmatch(text)
    head, number = (match.group(1), int(match.group(2))) if match else (f"{text} ".lstrip(), 1)
    used = {one.strip() for one in taken} | {text}
    while f"{head}{number}" in used:
        number += 1
    return f"{head}{number}"


def compare_steps(before: Sequence[AnyStep], after: Sequence[AnyStep]) -> tuple[StepChange, ...]:
    """Return what became of each step, in the order of the later version, removed ones last."""
    pairs = _pairs(before, after)
    old_of = {new: old for old, new in pairs}
    found = []
    for place in _places_in_order(after):
        old = old_of.get(place)
        if old is None:
            found.append(StepChange(StepChangeKind.ADDED, None, place))
            continue
        keys = tuple(
            key for key in COPIED_KEYS if getattr(before[old], key) != getattr(after[place], key)
        )
        kind = StepChangeKind.CHANGED if keys else StepChangeKind.SAME
        found.append(
            StepChange(StepChangeKind.RENUMBERED if "prefix" in keys else kind, old, place, keys)
        )
    kept = {old for old, _ in pairs}
    gone = (place for place in _places_in_order(before) if place not in kept)
    return (*found, *(StepChange(StepChangeKind.REMOVED, place, None) for place in gone))


def are_in_force_together(one: Procedure, other: Procedure) -> bool:
    """Return whether two versions are in force on a common day, as far as their days tell."""
    begins = [earliest_day(each.effective_from) or date.min for each in (one, other)]
    ends = [earliest_day(each.effective_to) or date.max for each in (one, other)]
    return max(begins) <= min(ends)


def line_of(procedure: bytes, versions: Iterable[RecordView[Procedure]]) -> frozenset[bytes]:
    """Return the ids of the versions that follow each other, with a procedure among them.

    Each version is looked at once, so a ring or a long line of a partner costs no more.
    """
    beside: dict[bytes, list[bytes]] = defaultdict(list)
    for one in versions:
        follows = one.record.supersedes
        if isinstance(follows, str):
            beside[one.rid].append(bytes.fromhex(follows))
            beside[bytes.fromhex(follows)].append(one.rid)
    line, waiting = {procedure}, [procedure]
    while waiting:
        new = set(beside[waiting.pop()]) - line
        line |= new
        waiting += new
    return frozenset(line)


def _places_in_order(steps: Sequence[AnyStep]) -> list[int]:
    return sorted(range(len(steps)), key=lambda place: prefix_key(prefix_of(steps[place])))


def _pairs(before: Sequence[AnyStep], after: Sequence[AnyStep]) -> tuple[tuple[int, int], ...]:
    """Return the places of the steps that are the same: by number first, then by title."""
    pairs: dict[int, int] = {}
    for name in (prefix_of, _title_of):
        free_old = [place for place in range(len(before)) if place not in pairs]
        free_new = [place for place in range(len(after)) if place not in pairs.values()]
        names = {name(after[place]): place for place in reversed(free_new)}
        for place in free_old:
            wanted = name(before[place])
            if wanted and names.get(wanted) is not None:
                pairs[place] = names.pop(wanted)
    return tuple(pairs.items())


def _title_of(step: AnyStep) -> str:
    told = step.title if isinstance(step.title, tuple) else ()
    return "\n".join(f"{one.language} {one.text}" for one in told)
