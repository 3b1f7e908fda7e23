# SPDX-License-Identifier: GPL-3.0-or-later
"""Twelve desks, sixty days, a bad post: nobody's words are lost, and all come to the same.

Files are lost, doubled and overtaken; desks go on from old copies. Beside our joining the same
story is told with last-writer-wins, by record and by field, and all three figures are printed.
"""

import random
import sys
from dataclasses import dataclass, field
from itertools import chain, count

import pytest

from kfdesk.domain.registers import (
    EMPTY_STATE,
    RecordState,
    Write,
    WriteContext,
    apply_changes,
    live_writes,
    merge_states,
    superseded_ids,
)

DESKS, DAYS, RECORDS, FIELDS = 12, 60, 8, (5, 6, 7, 8)
LOST, DOUBLED, RESTORED = 0.2, 0.2, 0.02

Cells = dict[tuple[int, int], Write]


@dataclass
class Desk:
    """Records of one desk, joined in three ways."""

    ours: list[RecordState] = field(default_factory=lambda: [EMPTY_STATE] * RECORDS)
    by_record: list[dict[int, Write]] = field(default_factory=lambda: [{} for _ in range(RECORDS)])
    by_field: Cells = field(default_factory=dict)

    def copy(self) -> "Desk":
        return Desk([*self.ours], [dict(one) for one in self.by_record], dict(self.by_field))

    def take(self, sent: "Desk") -> None:
        """Join what was sent, each in its way."""
        self.ours = [
            merge_states(mine, theirs) for mine, theirs in zip(self.ours, sent.ours, strict=True)
        ]
        for number, theirs in enumerate(sent.by_record):
            self.by_record[number] = max(self.by_record[number], theirs, key=_newest)
        for place, write in sent.by_field.items():
            self.by_field[place] = max(self.by_field.get(place, write), write, key=_age)


@dataclass
class Story:
    """The desks, what is on its way, and what everybody wrote, with what each had seen."""

    rng: random.Random
    desks: list[Desk] = field(default_factory=lambda: [Desk() for _ in range(DESKS)])
    way: list[tuple[int, Desk]] = field(default_factory=list)
    copies: list[list[Desk]] = field(default_factory=lambda: [[] for _ in range(DESKS)])
    written: dict[tuple[int, Write], set[bytes]] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=count)

    def write(self, number: int, day: int) -> None:
        desk, record = self.desks[number], self.rng.randrange(RECORDS)
        before, fid = desk.ours[record], self.rng.choice(FIELDS)
        clock = (day * 86_400_000 + self.rng.randrange(86_400_000)) << 16
        by = WriteContext(f"desk {number}", clock, lambda: next(self.numbers).to_bytes(8, "big"))
        seen = [(w.fid, w.wid) for w in live_writes(before)]
        desk.ours[record] = apply_changes(before, {fid: f"{number}, {day}"}, seen, by)
        (fresh,) = set(live_writes(desk.ours[record])) - set(live_writes(before))
        self.written[record, fresh] = {wid for other, wid in seen if other == fid}
        desk.by_record[record] = {**desk.by_record[record], fid: fresh}
        desk.by_field[record, fid] = fresh

    def day(self, day: int) -> None:
        for number in range(DESKS):
            if self.rng.random() < RESTORED and self.copies[number]:
                self.desks[number] = self.rng.choice(self.copies[number]).copy()
            self.write(number, day)
            self.copies[number].append(self.desks[number].copy())
            for other in self.rng.sample(range(DESKS), 2):
                if self.rng.random() >= LOST:
                    times = 2 if self.rng.random() < DOUBLED else 1
                    self.way += [(other, self.desks[number].copy())] * times
        self.rng.shuffle(self.way)
        for _ in range(len(self.way) * 2 // 3):
            to, sent = self.way.pop()
            self.desks[to].take(sent)

    def end(self) -> Desk:
        """Everything that is still somewhere comes to everybody."""
        whole = Desk()
        for sent in (*self.desks, *(one for _, one in self.way), *chain(*self.copies)):
            whole.take(sent)
        for desk in self.desks:
            desk.take(whole)
        return whole

    def lost(self, living: set[tuple[int, Write]]) -> int:
        """Return writes that live nowhere and that nobody who had seen them has replaced."""
        replaced = {(record, wid) for (record, _), seen in self.written.items() for wid in seen}
        return sum(
            (record, write) not in living and (record, write.wid) not in replaced
            for record, write in self.written
        )


def _age(write: Write) -> tuple[int, bytes]:
    return (write.hlc, write.wid)


def _newest(record: dict[int, Write]) -> tuple[int, bytes]:
    return max(map(_age, record.values()), default=(0, b""))


def test_twelve_desks_come_to_the_same_and_lose_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    story = Story(random.Random(7))
    for day in range(1, DAYS + 1):
        story.day(day)
    whole = story.end()
    assert all(desk.ours == whole.ours for desk in story.desks)
    ours = {(n, write) for n, state in enumerate(whole.ours) for write in live_writes(state)}
    by_record = {(n, w) for n, record in enumerate(whole.by_record) for w in record.values()}
    by_field = {(record, write) for (record, _), write in whole.by_field.items()}
    figures = [story.lost(living) for living in (ours, by_field, by_record)]
    dead = {(n, wid) for n, state in enumerate(whole.ours) for _, wid in superseded_ids(state)}
    assert dead <= {(n, wid) for (n, _), seen in story.written.items() for wid in seen}
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(story.written)} writes; lost: ours {figures[0]}, "
            f"last writer by field {figures[1]}, by record {figures[2]}\n"
        )
    assert figures[0] == 0
    assert 0 < figures[1] < figures[2]
