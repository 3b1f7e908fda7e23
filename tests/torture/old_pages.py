# SPDX-License-Identifier: GPL-3.0-or-later
"""Single pages, or key files, of an older copy put back by somebody without any key.

A few older pages, or all but a few, each whole by itself. The store notices without its anchors, by
the content hash, unless the pages hold the same rows, or are an older store as a whole. The control
does not ask the content hash. Older key files never bring an old passphrase back; the control asks
the key files alone.
"""

import os
import random
import zlib
from collections.abc import Callable
from pathlib import Path

import msgspec
from benchmarks.desks import WHO
from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.world import Place, World, connection_of, open_at, refusal, store_at

from kfdesk.domain.accounts import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.partners import revoke_partner, suspend_partner
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.storage import key_slots, keyring
from kfdesk.storage.content_hash import MIXED, check_header
from kfdesk.storage.driver import PAGE_BYTES
from kfdesk.storage.keyring import Keyring
from kfdesk.storage.rollback import RollbackCheck
from kfdesk.storage.store import Store

_MOST_PAGES = 3
_NEW = Credentials(WHO.initials, "six new words for the key files")

Look = Callable[[Store], str]


def look_whole(store: Store) -> str:
    """Return how the store notices: at the door, or by `verify`; else nothing."""
    try:
        check_header(connection_of(store))
    except KfdeskError as refused:
        return refused.code
    return "found by verify" if store.verify() else ""


def look_without_hash(store: Store) -> str:
    """Wrong on purpose: believe all rows that fit together."""
    return "found by verify" if {code for code in store.verify() if code != MIXED} else ""


def _put_back(look: Look) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        before, rows_before = place.file.read_bytes(), _rows(place)
        desk = open_at(place)
        for _ in range(rng.randrange(1, 4)):
            _change(desk, world, rng)
        desk.store.close()
        after = place.file.read_bytes()
        rows = _rows(place)
        count = min(len(before), len(after)) // PAGE_BYTES
        differing = [n for n in range(count) if _page(before, n) != _page(after, n)]
        few = rng.sample(differing, min(len(differing), rng.randrange(1, _MOST_PAGES + 1)))
        old = few if rng.random() < 0.7 else set(differing) - set(few)
        mixed = bytearray(after)
        for number in old:
            mixed[number * PAGE_BYTES : (number + 1) * PAGE_BYTES] = _page(before, number)
        place.file.write_bytes(mixed)
        seen = _seen(place, look, rows)
        if seen.wrong and _rows(place) == rows_before:
            return Seen("an older store, whole")  # which the notes outside tell
        return seen

    return trial


Door = Callable[[Path, Credentials], object]


def ask_key_files(folder: Path, who: Credentials) -> object:
    """Wrong on purpose: believe whatever key files lie there."""
    return key_slots.open_any_copy(
        folder, lambda file: key_slots.open_user_slot(file, who.initials, who.passphrase)
    )


def ask_store(folder: Path, who: Credentials) -> object:
    """Open the store as the program does, and close it."""
    store = keyring.unlock(folder, who, RollbackCheck())
    store.close()
    return store


def _old_slots(door: Door) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        keyring.unlock(place.folder, WHO, RollbackCheck()).close()
        old = {name: (place.folder / name).read_bytes() for name in key_slots.SLOT_FILES}
        store = keyring.unlock(place.folder, WHO, RollbackCheck())
        keys = Keyring(store, lambda: key_slots.MIN_COST, os.urandom)
        for number in range(rng.randrange(1, 3)):
            keys.change(WHO if number == 0 else _NEW, _NEW.passphrase)
        store.close()
        generation = rng.choice((None, 1, rng.randrange(2, 2**62)))
        for name in rng.sample(key_slots.SLOT_FILES, rng.randrange(1, 3)):
            (place.folder / name).write_bytes(_numbered(old[name], generation))
        code = refusal(lambda: door(place.folder, WHO))
        return Seen(code or "opened", "" if code else "an old passphrase came back")

    return trial


def _numbered(data: bytes, generation: int | None) -> bytes:
    """Return a copy of the slots with another generation, as anybody can write it."""
    found = key_slots.parse_slots(data)
    assert found is not None
    if generation is None:
        return data
    body = key_slots.encode_slots(msgspec.structs.replace(found, generation=generation))
    return key_slots.SLOTS_MAGIC + zlib.crc32(body).to_bytes(4, "big") + body


def _seen(place: Place, look: Look, rows: list[str]) -> Seen:
    try:
        store = store_at(place)
    except KfdeskError as refused:
        return Seen(refused.code)
    try:
        noticed = look(store)
    finally:
        store.close()
    if noticed:
        return Seen(noticed)
    return Seen("the same rows") if _rows(place) == rows else Seen("unseen", "went unseen")


def _change(desk: Session, world: World, rng: random.Random) -> None:
    (partner,) = desk.store.ledger.partners()
    consents = desk.store.rows("consent")
    acts: list[Callable[[], object]] = [
        lambda: change_record(desk, world.leg, {"carrier": str(rng.random())}),
        lambda: revoke_partner(desk, partner.organisation),
        lambda: suspend_partner(desk, partner.organisation),
        *(lambda rid=row.rid: withdraw_consent(desk, rid) for row in consents),
    ]
    try:
        rng.choice(acts)()
    except KfdeskError:  # it was withdrawn or revoked already
        change_record(desk, world.leg, {"carrier": str(rng.random())})


def _rows(place: Place) -> list[str]:
    """Return every row of the store but those of the full-text index, read without indexes."""
    store = store_at(place)
    try:
        connection = connection_of(store)
        names = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 "
            "AND name NOT LIKE 'lead%'"
        ).fetchall()
        return sorted(
            f"{name} {row!r}"
            for (name,) in names
            for row in connection.execute(f"SELECT * FROM {name} NOT INDEXED")
        )
    finally:
        store.close()


def _page(data: bytes, number: int) -> bytes:
    return data[number * PAGE_BYTES : (number + 1) * PAGE_BYTES]


HARNESSES = (
    Harness(
        "pages of an older copy put back",
        _put_back(look_whole),
        _put_back(look_without_hash),
        Size(6, 300, 20_000),
    ),
    Harness(
        "key files of an older copy put back",
        _old_slots(ask_store),
        _old_slots(ask_key_files),
        Size(2, 60, 2_000),
    ),
)
