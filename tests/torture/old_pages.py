# SPDX-License-Identifier: GPL-3.0-or-later
"""Single pages of an older copy put back into a store, by somebody without any key.

Each page is whole by itself. The store notices without its anchors, by the content hash, unless
the older pages hold the same rows. The control does not ask the content hash.
"""

import random
from collections.abc import Callable

from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.world import Place, World, connection_of, open_at, store_at

from kfdesk.domain.errors import KfdeskError
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.partners import revoke_partner, suspend_partner
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.storage.content_hash import MIXED, check_header
from kfdesk.storage.driver import PAGE_BYTES
from kfdesk.storage.store import Store

_MOST_PAGES = 3

Look = Callable[[Store], str]


def look_whole(store: Store) -> str:
    """How the store notices: at the door, or by `verify`; else nothing."""
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
        before = place.file.read_bytes()
        desk = open_at(place)
        for _ in range(rng.randrange(1, 4)):
            _change(desk, world, rng)
        desk.store.close()
        after = place.file.read_bytes()
        rows = _rows(place)
        count = min(len(before), len(after)) // PAGE_BYTES
        differing = [n for n in range(count) if _page(before, n) != _page(after, n)]
        mixed = bytearray(after)
        for number in rng.sample(differing, min(len(differing), rng.randrange(1, _MOST_PAGES + 1))):
            mixed[number * PAGE_BYTES : (number + 1) * PAGE_BYTES] = _page(before, number)
        place.file.write_bytes(mixed)
        return _seen(place, look, rows)

    return trial


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
)
