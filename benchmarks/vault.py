# SPDX-License-Identifier: GPL-3.0-or-later
"""The store: opening it once the key is there, and one save against a bare commit.

The same save without the content hash is another desk, whose rows nobody follows.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.desks import WHO, pair
from benchmarks.measure import Row, absolute, ratio, timed
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.storage import driver, key_slots
from kfdesk.storage.driver import STORE_FILE

_ROUNDS = 9
_MANY_ROUNDS = 101


def rows() -> list[Row]:
    """Open, save."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        both = pair(folder, legs=200)
        desk = both.ours
        leg = next(row.rid for row in desk.store.children(both.plan) if row.type == "leg")
        key = key_slots.open_user_slot(
            key_slots.read_slots(folder / "ours"), WHO.initials, WHO.passphrase
        )
        connection = desk.store._connection
        connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, text TEXT)")
        numbers = iter(range(10**9))

        def save() -> float:
            values = {"carrier": f"Exempelbuss {next(numbers)}"}
            return timed(lambda: change_record(desk, leg, values))

        def commit() -> float:
            row = (f"Exempelbuss {next(numbers)}",)
            return timed(lambda: connection.execute("INSERT INTO bare (text) VALUES (?)", row))

        def unlock() -> float:
            opened = []
            seconds = timed(
                lambda: opened.append(driver.connect(folder / "ours" / STORE_FILE, key))
            )
            opened[0].close()
            return seconds

        found = [
            ratio("one save ÷ a bare one-row commit", save, commit, "≤ 3.5", _ROUNDS),
            hash_row(folder / "other", save),
            absolute("one save", save, "≤ 10 ms to the eye", _ROUNDS),
            absolute("open after the key derivation", unlock, "≤ 50 ms", _ROUNDS),
        ]
        desk.store.close()
        both.theirs.store.close()
        return found


def hash_row(folder: Path, save: Callable[[], float]) -> Row:
    """Compare a save with the same one at a desk without a content hash."""
    other = pair(folder, legs=200)
    followed_by_nobody(other.ours)
    leg = next(row.rid for row in other.ours.store.children(other.plan) if row.type == "leg")
    numbers = iter(range(10**9))

    def bare() -> float:
        values = {"carrier": f"Exempelbuss {next(numbers)}"}
        return timed(lambda: change_record(other.ours, leg, values))

    name = "one save ÷ a save without the content hash"
    found = ratio(name, save, bare, "≤ 1.15", _MANY_ROUNDS)
    other.ours.store.close()
    other.theirs.store.close()
    return found


def followed_by_nobody(desk: Session) -> None:
    """Let the store of a desk go on without its content hash."""
    content = desk.store.content
    content.follow()
    content._detach()
    content._attached = content._versions()
