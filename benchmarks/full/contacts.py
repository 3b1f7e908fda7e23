# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores full of contacts, made once for all jobs of a run, and gone with it.

A job must leave them as it finds them, or work on a copy.
"""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from benchmarks.desks import MACHINE, WHO, new_row
from kfdesk import store_lifecycle
from kfdesk.demo import story
from kfdesk.domain.rows import Row
from kfdesk.services.core.session import Session

MANY, FEW = 100_000, 1_000
_PARTS = ("ask", "björ", "cede", "dru", "eke", "fur", "gra", "hass", "idi", "jung")


@cache
def folder_of(contacts: int) -> Path:
    """Return the folder of a store with so many organisations and one plan."""
    place = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    desk = store_lifecycle.create_store(place / "store", "Ett hus", WHO, MACHINE)
    story.enter_plan(desk, desk.identity.organisation)
    with desk.store.transaction():
        desk.store.put_all((one, None) for one in houses(desk, contacts))
    desk.store.close()
    return place / "store"


def houses(desk: Session, count: int) -> Iterator[Row]:
    """Organisations of four kinds in three countries."""
    for number in range(count):
        name = f"{_word(number // 4)} {('hus', 'hem', 'jour', 'vila')[number % 4]}"
        values = {
            "name": name,
            "country": ("SE", "EE", "LV")[number % 3],
            "services": ("legal",) if number % 2 else ("shelter",),
            "languages": ("ru",) if number % 5 else ("et",),
            "confidentiality": "public",
        }
        yield new_row(desk, "organisation", None, values)


def _word(number: int) -> str:
    """Return an invented name that about ten organisations share: one part per digit."""
    return "".join(_PARTS[int(digit)] for digit in f"{number % 10_000:04}").capitalize()
