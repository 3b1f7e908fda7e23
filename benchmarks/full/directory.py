# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory with a hundred thousand entries: its first page, a search, and a list looked at.

What is found by the index is measured against a LIKE scan of the same store, as a program without
an index would do it.
"""

from collections.abc import Iterator

from benchmarks.desks import MACHINE, WHO
from benchmarks.full.contacts import MANY, folder_of
from benchmarks.measure import Row, absolute, ratio, timed
from kfdesk import app
from kfdesk.domain.listing.leads import Sought
from kfdesk.domain.listing.listed import ReadAs
from kfdesk.domain.listing.needs import Need
from kfdesk.services.desk import Desk
from kfdesk.services.finding.seek import Asked, read_page, seek
from kfdesk.services.listing.looking import look_at_list

_PAGE, _LISTED = 64, 1_000
_LIST = "name,country\n" + "".join(f"Ny lista {number},SE\n" for number in range(_LISTED))


def rows() -> list[Row]:
    """The list, the search, the import."""
    desk = app.unlock_store(folder_of(MANY), WHO, MACHINE)
    found = list(_measured(desk))
    desk.store.close()
    return found


def _measured(desk: Desk) -> Iterator[Row]:
    language = app.language("sv")
    connection = desk.store._connection

    def show(typed: str) -> float:
        found = lambda: read_page(desk, seek(desk, Asked(typed), language, _PAGE).ids)  # noqa: E731
        return timed(found)

    def scan() -> float:
        asked = "SELECT rid FROM record_organisation WHERE f_name LIKE '%cededrueke%'"
        return timed(lambda: connection.execute(asked).fetchall())

    def search() -> float:
        sought = Sought((("cededrueke", "~cededrueke"),))
        return timed(lambda: desk.store.search.ids(sought, _PAGE))

    yield absolute(f"first page of {MANY} contacts", lambda: show(""), "≤ 100 ms, on the worker")
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
