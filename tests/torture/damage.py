# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that went bad: flipped bits and cut ends, in the store, its slots and a bundle.

A bad store is refused or found by `verify`, and nothing read from it is wrong; one bad copy of the
slots does no harm; a bad bundle is refused and changes nothing. The controls look at a plain
SQLite file, at a store's door, or at a bundle's header alone.
"""

import random
import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path

from benchmarks.desks import WHO
from tests.torture.harness import Harness, Seen, Size, Trial, joined
from tests.torture.world import (
    Place,
    World,
    connection_of,
    contents,
    open_at,
    read_everything,
    refusal,
    store_at,
)

from kfdesk.bundle import age
from kfdesk.domain.errors import KfdeskError
from kfdesk.services.exchange import transfer
from kfdesk.storage import driver, key_slots, keyring

_PAGE = 4096
_PASSPHRASES = 8  # one trial in so many opens with the passphrase itself, which is slow by design

Hurt = Callable[[Path, random.Random], object]
Look = Callable[[Place], str]


def flip(path: Path, rng: random.Random) -> None:
    """Turn one bit."""
    data = bytearray(path.read_bytes())
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)


def cut(path: Path, rng: random.Random) -> None:
    """Keep a beginning only: none of it, some pages, some bytes, all but some bytes."""
    size = path.stat().st_size
    lengths = (0, rng.randrange(size), rng.randrange(size) // _PAGE * _PAGE, size - 1)
    with path.open("r+b") as file:
        file.truncate(rng.choice(lengths))


def flip_behind_the_checksum(path: Path, rng: random.Random) -> None:
    """Wrong on purpose: turn one bit of a copy of the slots whose checksum follows suit."""
    start, data = len(key_slots.SLOTS_MAGIC) + 4, bytearray(path.read_bytes())
    data[rng.randrange(start, len(data))] ^= 1 << rng.randrange(8)
    data[start - 4 : start] = zlib.crc32(data[start:]).to_bytes(4, "big")
    path.write_bytes(data)


# the store


def look_whole(place: Place) -> str:
    """Return how a bad store is noticed: refused at the door or found by `verify`; else nothing."""
    try:
        store = store_at(place)
    except KfdeskError as refused:
        return refused.code
    try:
        return "found by verify" if store.verify() else ""
    finally:
        store.close()


def look_at_the_door_alone(place: Place) -> str:
    """Wrong on purpose: opens the store and leaves it at that."""
    return refusal(lambda: store_at(place).close())


def look_at_plain_twin(place: Place) -> str:
    """Wrong on purpose: the file is plain SQLite, which does not know a flipped letter."""
    try:
        twin = sqlite3.connect(place.file)
        verdict = twin.execute("PRAGMA integrity_check").fetchone()[0]
        twin.close()
    except sqlite3.DatabaseError:
        return "refused"
    return "" if verdict == "ok" else "found"


def _store(hurt: Hurt, look: Look, *, is_plain: bool = False) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        if is_plain:
            _make_plain(place)
        whole = place.file.read_bytes()
        hurt(place.file, rng)
        if place.file.read_bytes() == whole:
            return Seen("nothing was hurt")
        noticed = look(place)
        return Seen(noticed or "unseen", "" if noticed else "went unseen")

    return trial


def _reading(hurt: Hurt) -> Trial:
    """Somebody works on a bad store without asking `verify` first."""

    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        hurt(place.file, rng)
        code = refusal(lambda: read_everything(world.opened(place)))
        return Seen(code or "did not come by the bad page")

    return trial


def _misreading(hurt: Hurt) -> Trial:
    """Wrong on purpose: the bad store is plain, and what is read of it differs."""

    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        _make_plain(place)
        before = _letters(place)
        hurt(place.file, rng)
        after = _letters(place)
        is_wrong = after not in (before, None)
        return Seen("read", "another value was read" if is_wrong else "")

    return trial


def _make_plain(place: Place) -> None:
    """Let the same records stand in a plain file."""
    store = store_at(place)
    rows = connection_of(store).execute("SELECT rid, state FROM record_leg").fetchall()
    store.close()
    place.file.unlink()
    twin = sqlite3.connect(place.file)
    twin.execute("CREATE TABLE record_leg (rid BLOB, state BLOB)")
    twin.executemany("INSERT INTO record_leg VALUES (?, ?)", rows)
    twin.commit()
    twin.close()


def _letters(place: Place) -> list[tuple[bytes, bytes]] | None:
    try:
        twin = sqlite3.connect(place.file)
        rows = twin.execute("SELECT rid, state FROM record_leg").fetchall()
        twin.close()
    except sqlite3.DatabaseError:
        return None
    return rows


# the slots


def _one_copy(hurt: Hurt) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        whole = key_slots.read_slots(place.folder)
        hurt(place.folder / rng.choice(key_slots.SLOT_FILES), rng)
        if key_slots.read_slots(place.folder) != whole:
            return Seen("others", "the slots are others")
        if rng.randrange(_PASSPHRASES):
            return Seen("read from the other copy")
        keyring.unlock(place.folder, WHO).close()
        return Seen("opened with the passphrase")

    return trial


def _both_copies(hurt: Hurt) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        for name in key_slots.SLOT_FILES:
            hurt(place.folder / name, rng)
        code = refusal(lambda: key_slots.read_slots(place.folder))
        return Seen(code or "read", "" if code == "store.not_a_store" else "a bad slot was read")

    return trial


def _only_copy(hurt: Hurt) -> Trial:
    """Wrong on purpose: there is one copy and no other."""

    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        (place.folder / key_slots.SLOT_FILES[1]).unlink()
        hurt(place.folder / key_slots.SLOT_FILES[0], rng)
        code = refusal(lambda: key_slots.read_slots(place.folder))
        return Seen(code or "read", "it does not open" if code else "")

    return trial


# the bundle


def _bundle(hurt: Hurt) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        bad = world.post / "bad.age"
        bad.write_bytes(world.bundle.read_bytes())
        hurt(bad, rng)
        place = world.copy(world.theirs)
        desk = world.opened(place)
        before = contents(desk.store)
        code = refusal(lambda: transfer.review_bundle(desk, bad))
        if not code.startswith("bundle."):
            return Seen(code or "taken", "it was not refused as a bundle")
        return Seen(code, "" if contents(desk.store) == before else "the store is changed")

    return trial


def _header_alone(hurt: Hurt) -> Trial:
    """Wrong on purpose: nothing behind the header is looked at."""

    def trial(world: World, rng: random.Random) -> Seen:
        bad = world.post / "bad.age"
        bad.write_bytes(world.bundle.read_bytes())
        hurt(bad, rng)
        with bad.open("rb") as stream:
            code = refusal(lambda: age.read_header(stream))
        return Seen(code or "taken", "" if code else "it was not refused")

    return trial


# what somebody with the key has rewritten

_ENTRIES = 24  # there are at least as many legs and audit entries
_REWRITINGS = (
    "UPDATE record_leg SET f_carrier = 'Exempelbuss' WHERE id = {id}",
    "UPDATE record_leg SET flags = '[\"carrier\"]' WHERE id = {id}",
    "UPDATE record_leg SET state = x'9090' WHERE id = {id}",
    "DELETE FROM place WHERE rid = (SELECT rid FROM record_leg WHERE id = {id})",
    "UPDATE audit SET user = 'ZZ' WHERE id = {id}",
    "UPDATE audit SET at = at + 1 WHERE id = {id}",
    "DELETE FROM audit WHERE id = {id}",
    "UPDATE audit SET hash = zeroblob(32) WHERE id = {id}",
    "DELETE FROM sent WHERE id = {id}",
    "UPDATE sent SET rid = zeroblob(16) WHERE id = {id}",
)


def look_at_pages_alone(place: Place) -> str:
    """Wrong on purpose: leaves out the columns and the audit chain."""
    store = store_at(place)
    try:
        return " ".join(driver.check_pages(connection_of(store), place.file))
    finally:
        store.close()


def _rewritten(look: Look) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        store = open_at(place).store
        connection = connection_of(store)
        for name in ("audit_no_change", "audit_no_loss"):
            connection.execute(f"DROP TRIGGER {name}")
        number = rng.randrange(1, _ENTRIES)
        connection.execute(rng.choice(_REWRITINGS).format(id=number))
        changed = connection.execute("SELECT changes()").fetchone()[0]
        store.close()
        noticed = look(place)
        return Seen(noticed or "unseen", "" if noticed or not changed else "went unseen")

    return trial


HARNESSES = (
    Harness(
        "flipped bit in the store",
        _store(flip, look_whole),
        _store(flip, look_at_plain_twin, is_plain=True),
        Size(10, 1_000, 100_000),
    ),
    Harness(
        "reading past a flipped bit",
        _reading(flip),
        _misreading(flip),
        Size(10, 500, 50_000),
    ),
    Harness(
        "store cut short",
        _store(cut, look_whole),
        _store(cut, look_at_the_door_alone),
        Size(10, 500, 20_000),
    ),
    Harness(
        "rewritten with the key",
        _rewritten(look_whole),
        _rewritten(look_at_pages_alone),
        Size(10, 300, 10_000),
    ),
    joined(
        "one copy of the slots: flipped bits, cut short",
        [(_one_copy(flip), _only_copy(flip)), (_one_copy(cut), _only_copy(cut))],
        Size(10, 500, 40_000),
    ),
    Harness(
        "both copies of the slots bad",
        _both_copies(flip),
        _both_copies(flip_behind_the_checksum),
        Size(8, 300, 20_000),
    ),
    Harness(
        "flipped bit in a bundle", _bundle(flip), _header_alone(flip), Size(15, 2_000, 100_000)
    ),
    Harness("bundle cut short", _bundle(cut), _header_alone(cut), Size(15, 1_000, 50_000)),
)
