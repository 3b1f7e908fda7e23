# SPDX-License-Identifier: GPL-3.0-or-later
"""Making and taking a bundle, against the floor of what it must at least do."""

import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path

from benchmarks.desks import MACHINE, WHO, Pair, new_leg, pair
from benchmarks.measure import Row, quietly, ratio, repeated, timed
from benchmarks.peak import grown
from kfdesk import store_lifecycle
from kfdesk.bundle import age
from kfdesk.bundle.card import DeskKeys
from kfdesk.bundle.payload import pack_records
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.exchange import Direction
from kfdesk.domain.records.directory import Membership, Network
from kfdesk.domain.registers import apply_changes, live_writes
from kfdesk.domain.rows import Row as RecordRow
from kfdesk.domain.rows import encode_changes, seen_writes
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.partners import find_partner
from kfdesk.services.plans.plans import disclose_case, load_case
from kfdesk.storage.row_codec import insert_statement, row_cells

SIZES = (100, 10_000)
DELTA = 100
COMMON_ENTRIES = 5_000
_ROUNDS = {100: 5, 10_000: 3, 100_000: 1}
_GOAL_OF_TAKING = {100_000: "≤ 5"}


def rows() -> list[Row]:
    """Make, take, take again, by size; and what is new, into a small store and a large one.

    With LONG set in the environment, also 100,000 records, once; that takes many minutes.
    """
    sizes = (*SIZES, 100_000) if os.environ.get("LONG") else SIZES
    found: list[Row] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            found += _by_size(Path(name), size)
    with tempfile.TemporaryDirectory() as name:
        found += _changed(Path(name), 1000)
    with tempfile.TemporaryDirectory() as name:
        found += _common(Path(name), COMMON_ENTRIES)
    for size in sizes[1:]:
        with tempfile.TemporaryDirectory() as name:
            found += _deltas(Path(name), 1000, size)
    return found


def _by_size(folder: Path, records: int) -> list[Row]:
    rounds, both = _ROUNDS[records], pair(folder, records)
    partner = both.theirs.identity.organisation
    made, made_again = (
        transfer.send_bundle(both.ours, both.plan, partner, folder).path for _ in range(2)
    )
    both.theirs.store.close()
    insert, values = _full_rows(both)

    def taken() -> tuple[float, ...]:
        first, again = _on_copy(
            folder, lambda desk: _take(desk, made), lambda desk: _take(desk, made_again)
        )
        return first, again, *_on_copy(folder, lambda desk: _insert(desk, insert, values))

    takings = repeated(taken, rounds)
    found = [
        Row(
            f"take {records} new records ÷ the same full rows by executemany",
            tuple(first / floor for first, _, floor in takings),
            _GOAL_OF_TAKING.get(records, "≤ 4.5 at 10k"),
        ),
        Row(
            f"take the same {records} records again ÷ first take",
            tuple(again / first for first, again, _ in takings),
            "≤ 0.25",
        ),
        ratio(
            f"make a bundle of {records} records ÷ gzip + age of the same bytes",
            lambda: timed(lambda: _make(both, folder)),
            lambda: _pack(both),
            "≤ 1.8 at 10k",
            rounds,
        ),
        Row(f"take {records} new records", tuple(each[0] * 1000 for each in takings), "", "ms"),
    ]
    both.ours.store.close()
    names = folder / "names.txt"
    names.write_text(f"{both.plan.hex()} {partner.hex()}")
    peaks = {"take": (folder / "theirs", made), "make": (folder / "ours", names)}
    for job, (store, file) in peaks.items():
        title = f"memory that it takes to {job} {records} records"
        found.append(Row(title, (grown(job, store, file),), "≤ 112: cache + 48", "MiB"))
    return found


def _changed(folder: Path, records: int) -> list[Row]:
    """Every record again, with a tenth of its fields changed; of these one in a hundred there, too.

    What stands there is level with the first file, and the hundredth was written before the second
    comes. Each record that changes leaves what it was to history and to the taking's undo.
    """
    both = pair(folder, records)
    partner = both.theirs.identity.organisation
    made = transfer.send_bundle(both.ours, both.plan, partner, folder).path
    rids = sorted(row.rid for row in both.ours.store.children(both.plan) if row.type == "leg")
    _change(both.ours, dict(enumerate(rids)), " B")
    changed = transfer.send_bundle(both.ours, both.plan, partner, folder).path
    both.ours.store.close()
    both.theirs.store.close()
    hundredth = {number: rids[number] for number in range(0, records, 66)}

    takings = repeated(
        lambda: _on_copy(
            folder,
            lambda desk: _take(desk, made),
            lambda desk: _change(desk, hundredth, " C"),
            lambda desk: _take(desk, changed),
        ),
        _ROUNDS[100],
    )
    return [
        Row(
            f"take {records} records, 10 % of fields changed, 1 % of those here too ÷ first take",
            tuple(then / first for first, _, then in takings),
            "≤ 3.5",
        )
    ]


def _common(folder: Path, entries: int) -> list[Row]:
    """Measure the first file of a network's directory, and the one after ten entries changed."""
    both = pair(folder, 10)
    ours, them = both.ours, both.theirs.identity.organisation
    shares: Mapping[str, Value] = {
        "shares": ("directory",), "we_share": ("directory",), "confidentiality": "circle",
    }  # fmt: skip
    network = create_record(ours, Network, shares)
    create_record(ours, Membership, {"organisation": them.hex()}, network)
    rows = [_entry(ours, number) for number in range(entries)]
    with ours.store.transaction():
        ours.store.put_all((row, None) for row in rows)

    def send() -> tuple[float, int]:
        path: list[Path] = []
        seconds = timed(lambda: path.append(transfer.send_common(ours, them, folder).path))
        return seconds, path[0].stat().st_size

    first = send()
    with ours.store.transaction():
        ours.store.ledger.acknowledge(
            [mark.digest for mark in ours.store.ledger.marks(them, Direction.OUT)]
        )
    for row in rows[:10]:
        change_record(ours, row.rid, {"hours": "Mo-Su 00:00-24:00"})
    later = send()
    both.ours.store.close()
    both.theirs.store.close()
    kib = 1024
    return [
        Row(f"first file of {entries} common entries", (first[0] * 1000,), "≤ 10,000", "ms"),
        Row("the same, its size", (first[1] / kib,), "≤ 3,072", "KiB"),
        Row("file after ten of them changed, its size", (later[1] / kib,), "≤ 40", "KiB"),
    ]


def _entry(desk: Session, number: int) -> RecordRow:
    values: Mapping[str, Value] = {
        "name": f"Uppdiktat hus {number}", "country": "SE", "city": "Orten",
        "confidentiality": "partners_only", "hours": "Mo-Fr 09:00-17:00",
        "services": ("shelter", "legal"), "languages": ("sv", "ru"),
        "email": f"hus{number}@example.org",
    }  # fmt: skip
    changes = encode_changes("organisation", values)
    row = desk.new_row("organisation", None)
    return replace(row, state=apply_changes(row.state, changes, (), desk.signature))


def _change(desk: Session, rids: Mapping[int, bytes], sign: str) -> None:
    """Change three of two legs' thirty fields; the number of a leg says which."""
    kept = desk.store.kept(rids.values())
    with desk.store.transaction():
        for number, rid in rids.items():
            row, _ = kept[rid]
            fields = [
                (w.fid, w.value) for w in live_writes(row.state) if isinstance(w.value, tuple)
            ]
            places = {number % len(fields), (number + number % 2) % len(fields)}
            changes = {fid: (*said[:-1], said[-1] + sign)
                       for fid, said in (fields[place] for place in places)}  # fmt: skip
            state = apply_changes(row.state, changes, seen_writes(row), desk.signature)
            desk.store.put(replace(row, state=state))


@dataclass(frozen=True)
class _Delta:
    """Two desks that are level, apart from what one of them has written since."""

    both: Pair
    folder: Path
    made: Path

    def make(self) -> float:
        """Make the file once more; it holds what is new."""
        return timed(lambda: _make(self.both, self.folder))

    def take(self) -> float:
        """Take it on a copy."""
        return _on_copy(self.folder, lambda desk: _take(desk, self.made))[0]


def _deltas(folder: Path, small: int, large: int) -> list[Row]:
    made = [_delta(folder / str(size), size) for size in (small, large)]
    found = [
        ratio(f"make {DELTA} new of {large} ÷ of {small}", made[1].make, made[0].make, "≤ 1.3"),
        ratio(f"take {DELTA} new into {large} ÷ {small}", made[1].take, made[0].take, "≤ 2.2"),
        *(
            Row(f"{job} {DELTA} new, {size} records", (measure() * 1000,), "", "ms")
            for one, size in zip(made, (small, large), strict=True)
            for job, measure in (("make", one.make), ("take", one.take))
        ),
    ]
    for one in made:
        one.both.ours.store.close()
    return found


def _delta(folder: Path, records: int) -> _Delta:
    folder.mkdir()
    both = pair(folder, records)
    ours, theirs = both.ours, both.theirs
    us, them = (desk.identity.organisation for desk in (ours, theirs))
    _take(theirs, transfer.send_bundle(ours, both.plan, them, folder).path)
    change_record(theirs, theirs.store.rows("leg")[0].rid, {"carrier": "41, Exempelbuss"})
    _take(ours, transfer.send_bundle(theirs, both.plan, us, folder).path)
    with ours.store.transaction():
        for number in range(DELTA):
            ours.store.put(new_leg(ours, both.plan, records + number))
    made = transfer.send_bundle(ours, both.plan, them, folder).path
    theirs.store.close()
    return _Delta(both, folder, made)


def _on_copy(folder: Path, *actions: Callable[[Session], object]) -> tuple[float, ...]:
    """One after the other on a fresh copy of the partner's store; the seconds of each."""
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder / "theirs", copy)
    desk = store_lifecycle.unlock_store(copy, WHO, MACHINE)
    try:
        return tuple(quietly(partial(timed, partial(act, desk))) for act in actions)
    finally:
        desk.store.close()


def _take(desk: Session, path: Path) -> None:
    transfer.import_bundle(desk, path, transfer.review_bundle(desk, path))


def _full_rows(both: Pair) -> tuple[str, Sequence[Sequence[object]]]:
    """Return the statement that inserts and the cells of the baseline, before anything is timed."""
    legs = [row for row in both.ours.store.children(both.plan) if row.type == "leg"]
    values = [row_cells(row, number, None) for number, row in enumerate(legs)]
    return insert_statement("leg"), values


def _insert(desk: Session, insert: str, values: Sequence[Sequence[object]]) -> None:
    """Insert the same full rows with their indexes in one transaction: the baseline."""
    connection = desk.store._connection
    with desk.store.transaction():
        connection.executemany(insert, values)


def _make(both: Pair, folder: Path) -> None:
    transfer.send_bundle(
        both.ours, both.plan, both.theirs.identity.organisation, folder
    ).path.unlink()


def _pack(both: Pair) -> float:
    """Return the seconds to compress and encrypt a ready payload: the baseline of making."""
    partner = find_partner(both.ours, both.theirs.identity.organisation)
    case = load_case(both.ours, both.plan)
    what = disclose_case(both.ours, case, partner.recipient, Channel.BUNDLE)
    payload = [segment.raw for segment in pack_records(what)]
    recipient = DeskKeys(os.urandom(32), os.urandom(32)).age_key

    def pack() -> None:
        packed = b"".join(zlib.compress(raw) for raw in payload)
        age.encrypt(BytesIO(packed), BytesIO(), [recipient])

    return timed(pack)
