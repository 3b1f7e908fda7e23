# SPDX-License-Identifier: GPL-3.0-or-later
"""No value that matters for safety changes without its custodian's write or a person's decision.

Random records of every type, of ours and of a third organisation; random files that a partner signs
with its own key, in any order, between honest files of the third; random consents and orders.
"""

import random
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.support.make import FILLED, PARENTS, named_id
from tests.support.samples import examples

from kfdesk.domain.authority import field_writer, make_record_id
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import ControlMessages, ErasureOrder
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import (
    DELETION,
    Write,
    build_state,
    is_deleted,
    live_writes,
    superseded_ids,
)
from kfdesk.domain.rows import Row, view_any
from kfdesk.domain.rules import Writer
from kfdesk.services.core.session import Session

MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None
FILES = 10
NEVER = frozenset({Writer.CUSTODIAN, Writer.DESK})
"""What no partner may so much as put in conflict."""
WAITING = frozenset({Writer.DECISION, Writer.NAMED, Writer.MEMBER})
"""What a partner may put beside, in a record that does not ask it and is no draft of a network."""
_ABOVE = {rid: name for name in RECORD_TYPES for rid in (named_id(name),)}
_TYPE_ABOVE = {
    name: _ABOVE.get(rid, {"risk_line": "risk_assessment"}.get(name, ""))
    for name, rid in PARENTS.items()
}
_CONFLICT = "in conflict"


def type_above(name: str) -> str | None:
    """Return the type of the record above records of a type; None for those at the top."""
    if name in ("plan", "consent", "relationship"):
        return "client"
    if name in ("phone", "suggestion", "entry_check"):
        return "organisation"
    if name not in PARENTS:
        return None
    return _TYPE_ABOVE[name] or "plan"


UNCHANGING = frozenset({"sum_share", "sum_part"})
"""Records that not even their maker changes."""


@dataclass
class World:
    """Three desks, the records of every type here, and what each safety value must be."""

    trio: Trio
    rng: random.Random
    rows: dict[bytes, Row] = field(default_factory=dict)
    expected: dict[tuple[bytes, str], object] = field(default_factory=dict)
    written: dict[bytes, Row] = field(default_factory=dict)
    """The third organisation's records as it has them."""

    def fill(self) -> None:
        """Put a record of every type here, of ours and of the third organisation."""
        first: dict[str, Row] = {}
        for owner in (self.trio.ours, self.trio.third):
            made: dict[str, Row] = {}
            for name in _in_order():
                found = first if name == "suggestion" else made  # about an entry of ours
                above = found.get(type_above(name) or "")
                made[name] = row = self.new_row(owner, name, above)
                self.rows[row.rid] = row
            first = first or made
            with self.trio.ours.store.transaction():
                self.trio.ours.store.put_all((row, None) for row in made.values())
        self.written = {rid: row for rid, row in self.rows.items()
                        if row.custodian == self.trio.third.identity.organisation}  # fmt: skip
        self.note(self.rows)

    def new_row(self, owner: Session, name: str, above: Row | None) -> Row:
        values = {key: value for key, value in FILLED[name].items() if self.rng.random() < 0.7}
        if name == "procedure":
            values["status"] = "active"
        rid = make_record_id(owner.identity.organisation, self.rng.randbytes(8))
        return self.trio.forger(owner).written(
            name, values, parent=above.rid if above else None, rid=rid
        )

    def note(self, rids: Mapping[bytes, object]) -> None:
        """Expect from now on what stands here."""
        for rid in rids:
            self.expected |= dict(values_of(self.trio.row(rid)))

    def honest(self) -> None:
        """Let the third organisation change records of its own, and take its file."""
        some = self.rng.sample(
            sorted(rid for rid, row in self.written.items() if row.type not in UNCHANGING), 4
        )
        changed = {}
        for rid in some:
            row = self.written[rid]
            keys = self.rng.sample(sorted(FILLED[row.type]), min(3, len(FILLED[row.type])))
            values = {key: self.rng.choice([FILLED[row.type][key], None]) for key in keys
                      if row.type != "consent" or key != "withdrawn"}  # fmt: skip
            changed[rid] = self.trio.forger(self.trio.third).changed(row, values)
        self.written |= changed
        self.hostile_first(changed)
        self.take(self.trio.forger(self.trio.third).file(changed.values()))
        for rid, row in changed.items():
            here = {(write.fid, write.value) for write in live_writes(self.trio.row(rid).state)}
            gone = superseded_ids(row.state)
            sent = {(w.fid, w.value) for w in live_writes(row.state) if w[:2] not in gone
                    and _writer(row.type, w.fid) not in (Writer.DESK, Writer.PARTNER)}  # fmt: skip
            assert sent <= here, row.type
            self.expected |= dict(values_of(self.trio.row(rid)))

    def hostile_first(self, coming: Mapping[bytes, Row]) -> None:
        """Let B say of values that come next that they are replaced."""
        for rid, row in coming.items():
            if self.rng.random() < 0.5:
                base = self.trio.row(rid)
                gone = superseded_ids(base.state) | {w[:2] for w in live_writes(row.state)}
                beside = self.attacked(base)
                state = build_state(live_writes(beside.state), gone)
                self.take(self.trio.forger(self.trio.bad).file([replace(base, state=state)]))
        self.check()

    def hostile(self) -> None:
        """Take a file of B: changed, deleted and new records, and orders."""
        rng, forger = self.rng, self.trio.forger(self.trio.bad)
        sent = [self.attacked(self.trio.row(rid)) for rid in rng.sample(sorted(self.rows), 6)]
        names = sorted(set(RECORD_TYPES) - {"client"})
        name = rng.choice([*names, "phone", "membership", "entry_check", "leg", "consent"])
        above = [one for one in self.rows.values() if one.type == type_above(name)]
        owner = rng.choice([self.trio.bad, self.trio.ours, self.trio.third])
        sent.append(self.new_row(owner, name, rng.choice(above) if above else None))
        part = rng.choice([None, ((DELETION, rng.randbytes(8)),)])
        order = ErasureOrder(rng.randbytes(16), rng.choice(sorted(self.rows)), part,
                             ErasureReason.ERROR, 0, 1 << 16)  # fmt: skip
        orders = (order,) if rng.random() < 0.3 else ()
        rows = {row.rid: row for row in sent}.values()
        self.take(forger.file(rows, ControlMessages(orders=orders)))
        self.check()

    def attacked(self, row: Row) -> Row:
        """Return a record as B changes it: values, blanks, a deletion, or what was replaced."""
        rng, forger, filled = self.rng, self.trio.forger(self.trio.bad), FILLED[row.type]
        way = rng.randrange(6)
        keys = rng.sample(sorted(filled), min(4, len(filled)))
        if way == 0:
            return forger.deleted(row)
        if way == 1:  # replaced by nothing
            return replace(row, state=build_state((), superseded_ids(forger.deleted(row).state)))
        if way == 2:
            return forger.changed(row, dict.fromkeys(keys))
        if way == 3 and live_writes(row.state):  # another value under an id that is known here
            known = rng.choice(live_writes(row.state))
            other = Write(*known[:2], known.hlc + rng.choice((0, 1)), known.author, None)
            return replace(row, state=build_state((other,), ()))
        author = f"EV, {self.trio.ours.identity.name}" if way == 4 else ""
        return forger.changed(row, {key: filled[key] for key in keys}, author)

    def take(self, path: Path) -> None:
        """Take a file; a file that is refused as a whole changes nothing either."""
        with suppress(KfdeskError):
            self.trio.take(path)

    def check(self) -> None:
        """Compare all safety values with what they must be."""
        wrong = []
        for (rid, key), before in self.expected.items():
            row = self.trio.ours.store.row(rid)
            if row is None:
                wrong.append(f"gone: {self.rows[rid].type}")
                continue
            now = dict(values_of(row)).get((rid, key))
            is_never = key and field_writer(row.type, key) in NEVER
            if now != before and (is_never or now != _CONFLICT):
                wrong.append(f"{row.type}.{key}: {before} -> {now}")
        wrong += [
            f"hung: {row.type}"
            for name in ("phone", "membership", "entry_check")
            for row in self.trio.ours.store.rows(name)
            if row.parent in self.rows and row.custodian != self.rows[row.parent].custodian
        ]
        assert wrong == []


def values_of(row: Row) -> Iterator[tuple[tuple[bytes, str], object]]:
    """Yield the values of a record that no partner may change, and whether it is in the bin."""
    seen = view_any(row)
    for key in RECORD_TYPES[row.type].fields:
        if field_writer(row.type, key) in NEVER | WAITING:
            value = _CONFLICT if key in seen.conflicts else getattr(seen.record, key)
            yield (row.rid, key), value
    yield (row.rid, ""), is_deleted(row.state)


def _in_order() -> list[str]:
    """Return all record types, each behind the one above it."""
    order: list[str] = []
    for name in (*RECORD_TYPES, *RECORD_TYPES, *RECORD_TYPES):
        above = type_above(name)
        if name not in order and (above is None or above in order):
            order.append(name)
    assert set(order) == set(RECORD_TYPES)
    return order


def _writer(record_type: str, fid: int) -> Writer | None:
    described = RECORD_TYPES[record_type].by_id.get(fid)
    return field_writer(record_type, described.key) if described else None


@settings(max_examples=examples(9), deadline=None, phases=(Phase.generate,))
@given(seed=st.integers(0, 2**32))
def test_no_safety_value_changes_without_its_custodian_or_a_decision(seed: int) -> None:
    rng, numbers = random.Random(seed), count()
    with TemporaryDirectory(dir=MEMORY) as folder, hostile_trio(Path(folder)) as trio:
        world = World(trio, rng)
        world.fill()
        while next(numbers) < FILES:
            (world.honest if rng.random() < 0.3 else world.hostile)()
        assert trio.ours.store.verify() == ()
