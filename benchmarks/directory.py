# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory with a hundred thousand entries: its first page, a search, and a list looked at.

What is found by the index is measured against a LIKE scan of the same store, as a program without
an index would do it.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from benchmarks.desks import MACHINE, WHO, new_row
from benchmarks.measure import Row, absolute, ratio, timed
from kfdesk import app
from kfdesk.domain.listing.leads import Sought
from kfdesk.domain.listing.listed import ReadAs
from kfdesk.domain.listing.needs import Need
from kfdesk.domain.rows import Row as Record
from kfdesk.services.desk import Desk
from kfdesk.services.finding.seek import Asked, read_page, seek
from kfdesk.services.listing.looking import look_at_list
from kfdesk.storage.store import Store

_HOUSES, _PAGE, _LISTED = 100_000, 64, 1_000
_PARTS = ("ask", "björ", "cede", "dru", "eke", "fur", "gra", "hass", "idi", "jung")
_LIST = "name,country\n" + "".join(f"Ny lista {number},SE\n" for number in range(_LISTED))


def rows() -> list[Row]:
    """The list, the search, the import."""
    with tempfile.TemporaryDirectory() as name:
        desk = app.create_store(Path(name) / "store", "Ett hus", WHO, MACHINE)
        with desk.store.transaction():
            desk.store.put_all((one, None) for one in _houses(desk))
        found = list(_measured(desk))
        desk.store.close()
        return found


def _measured(desk: Desk) -> Iterator[Row]:
    language = app.language("sv")
    connection = cast("Store", desk.store)._connection

    def show(typed: str) -> float:
        found = lambda: read_page(desk, seek(desk, Asked(typed), language, _PAGE).ids)  # noqa: E731
        return timed(found)

    def scan() -> float:
        asked = "SELECT rid FROM record_organisation WHERE f_name LIKE '%cededrueke%'"
        return timed(lambda: connection.execute(asked).fetchall())

    def search() -> float:
        sought = Sought((("cededrueke", "~cededrueke"),))
        return timed(lambda: desk.store.search.ids(sought, _PAGE))

    yield absolute(f"first page of {_HOUSES} contacts", lambda: show(""), "≤ 100 ms, on the worker")
    yield absolute(
        "a name typed, its first page", lambda: show("cededrueke"), "≤ 100 ms, on the worker"
    )
    yield ratio("index ÷ a LIKE scan of the same store", search, scan, "≤ 0.01")
    yield absolute("one letter typed, its first page", lambda: show("c"), "≤ 100 ms, on the worker")
    yield absolute("a word with an error in it", lambda: show("cedrdu"), "≤ 300 ms, on the worker")
    need = Need(("legal",), "EE", ("ru",), ("Tartu",), ("women",))

    def match() -> float:
        asked = Asked(need=need)
        return timed(lambda: read_page(desk, seek(desk, asked, language, _PAGE).ids))

    yield absolute("who fits a step of a plan, ranked", match, "≤ 300 ms, on the worker")
    look = lambda: look_at_list(desk, {"list.csv": _LIST.encode()}, ReadAs())  # noqa: E731
    yield Row(
        f"look at a list of {_LISTED}", (timed(look) * 1000,), "≤ 1000 ms, on the worker", "ms"
    )


def _houses(desk: Desk) -> Iterator[Record]:
    for number in range(_HOUSES):
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
    """An invented name that some ten houses have: one of its parts for each digit."""
    return "".join(_PARTS[int(digit)] for digit in f"{number % 10_000:04}").capitalize()
