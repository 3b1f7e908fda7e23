# SPDX-License-Identifier: GPL-3.0-or-later
"""Making and taking a bundle, against the floor of what it must at least do."""

import shutil
import tempfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import cast

from benchmarks.desks import MACHINE, WHO, Pair, pair
from benchmarks.measure import Row, ratio, timed
from kfdesk import app
from kfdesk.bundle import age
from kfdesk.bundle.items.records import pack_records
from kfdesk.bundle.keys import DeskKeys
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.rows import columns
from kfdesk.domain.writes import encode
from kfdesk.services import exchange
from kfdesk.services.desk import Desk
from kfdesk.services.partners import find_partner
from kfdesk.services.plans import disclose_case, load_case
from kfdesk.storage import tables
from kfdesk.storage.store import Store

RECORDS = 1000


def rows() -> list[Row]:
    """Take new, take the same again, make."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        both = pair(folder, RECORDS)
        partner = both.theirs.identity.organisation
        made, repeated = (
            exchange.send(both.ours, both.plan, partner, folder).path for _ in range(2)
        )
        both.theirs.store.close()
        insert, values = _full_rows(both)
        found = [
            ratio(
                f"take {RECORDS} new records ÷ the same full rows by executemany",
                lambda: _on_copy(folder, lambda desk: _take(desk, made)),
                lambda: _on_copy(folder, lambda desk: _insert(desk, insert, values)),
                "≤ 4.5 at 10k",
            ),
            ratio(
                "take the same records again ÷ first take",
                lambda: _on_copy(
                    folder, lambda desk: _take(desk, made), lambda desk: _take(desk, repeated)
                ),
                lambda: _on_copy(folder, lambda desk: _take(desk, made)),
                "≤ 0.25",
            ),
            ratio(
                f"make a bundle of {RECORDS} records ÷ gzip + age of the same bytes",
                lambda: timed(lambda: _make(both, folder)),
                lambda: _pack(both),
                "≤ 1.8 at 10k",
            ),
        ]
        both.ours.store.close()
        return found


def _on_copy(
    folder: Path,
    first: Callable[[Desk], object],
    then: Callable[[Desk], object] | None = None,
) -> float:
    """Run on a fresh copy of the partner's store; the seconds of the last action."""
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder / "theirs", copy)
    desk = app.unlock_store(copy, WHO, MACHINE)
    try:
        if then is None:
            return timed(lambda: first(desk))
        first(desk)
        return timed(lambda: then(desk))
    finally:
        desk.store.close()


def _take(desk: Desk, path: Path) -> None:
    exchange.apply(desk, path, exchange.review(desk, path))


def _full_rows(both: Pair) -> tuple[str, list[tuple[object, ...]]]:
    """The statement and the cells of the floor, made ready before anything is measured."""
    legs = [row for row in both.ours.store.children(both.plan) if row.type == "leg"]
    newest = [columns(row)[0] for row in legs]
    keys = list(newest[0])
    names = ", ".join(
        ("rid", "n", "parent", "custodian", "flags", "state", *map(tables.column, keys))
    )
    values: list[tuple[object, ...]] = [
        (row.rid, number, row.parent, row.custodian, "[]", encode(row.state),
         *(str(cells.get(key)) if key != "sequence" else cells.get(key) for key in keys))
        for number, (row, cells) in enumerate(zip(legs, newest, strict=True))
    ]  # fmt: skip
    marks = ", ".join("?" * len(values[0]))
    return f"INSERT INTO record_leg ({names}) VALUES ({marks})", values


def _insert(desk: Desk, insert: str, values: list[tuple[object, ...]]) -> None:
    """The floor: the same full rows with their indexes, in one transaction, nothing checked."""
    connection = cast("Store", desk.store)._connection
    with desk.store.transaction():
        connection.executemany(insert, values)


def _make(both: Pair, folder: Path) -> None:
    exchange.send(both.ours, both.plan, both.theirs.identity.organisation, folder).path.unlink()


def _pack(both: Pair) -> float:
    """The floor of making: the payload is there, and is compressed and encrypted."""
    partner = find_partner(both.ours, both.theirs.identity.organisation)
    case = load_case(both.ours, both.plan)
    what = disclose_case(both.ours, case, partner.recipient, Channel.BUNDLE)
    payload = [segment.raw for segment in pack_records(what)]
    recipient = DeskKeys.generate().age_key

    def pack() -> None:
        packed = b"".join(zlib.compress(raw) for raw in payload)
        age.encrypt(BytesIO(packed), BytesIO(), [recipient])

    return timed(pack)
