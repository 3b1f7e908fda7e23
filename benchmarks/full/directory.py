# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory with a hundred thousand entries: its first page, a search, and a list looked at.

What is found by the index is measured against a LIKE scan of the same store, as a program without
an index would do it.
"""

from collections.abc import Iterator

from benchmarks.desks import MACHINE, WHO
from benchmarks.full.contacts import MANY, folder_of
from benchmarks.measure import Row, absolute, ratio, timed
from kfdesk import app, store_lifecycle
from kfdesk.domain.directory import DirectoryNeed, ParseOptions, SearchQuery
from kfdesk.services.core.session import Session
from kfdesk.services.directory.files import preview_contact_import
from kfdesk.services.directory.search import DirectoryQuery, read_result_page, search_directory

_PAGE, _LISTED = 64, 1_000
_LIST = "name,country\n" + "".join(f"Ny lista {number},SE\n" for number in range(_LISTED))


def rows() -> list[Row]:
    """Return the rows for the list, the search and the import."""
    desk = store_lifecycle.unlock_store(folder_of(MANY), WHO, MACHINE)
    found = list(_measured(desk))
    desk.store.close()
    return found


def _measured(desk: Session) -> Iterator[Row]:
    language = app.language("sv")
    connection = desk.store._connection

    def show(typed: str) -> float:
        asked = DirectoryQuery(typed)
        return timed(
            lambda: read_result_page(desk, search_directory(desk, asked, language, _PAGE).ids)
        )

    def scan() -> float:
        asked = "SELECT rid FROM record_organisation WHERE f_name LIKE '%cededrueke%'"
        return timed(lambda: connection.execute(asked).fetchall())

    def search() -> float:
        sought = SearchQuery((("cededrueke", "~cededrueke"),))
        return timed(lambda: desk.store.search.ids(sought, _PAGE))

    yield absolute(f"first page of {MANY} contacts", lambda: show(""), "≤ 100 ms, on the worker")
    yield absolute(
        "a name typed, its first page", lambda: show("cededrueke"), "≤ 100 ms, on the worker"
    )
    yield ratio("index ÷ a LIKE scan of the same store", search, scan, "≤ 0.01")
    yield absolute("one letter typed, its first page", lambda: show("c"), "≤ 100 ms, on the worker")
    yield absolute("a word with an error in it", lambda: show("cedrdu"), "≤ 300 ms, on the worker")
    need = DirectoryNeed(("legal",), "EE", ("ru",), ("Tartu",), ("women",))

    def match() -> float:
        asked = DirectoryQuery(need=need)
        return timed(
            lambda: read_result_page(desk, search_directory(desk, asked, language, _PAGE).ids)
        )

    yield absolute("who fits a step of a plan, ranked", match, "≤ 300 ms, on the worker")
    look = lambda: preview_contact_import(desk, {"list.csv": _LIST.encode()}, ParseOptions())  # noqa: E731
    yield Row(
        f"look at a list of {_LISTED}", (timed(look) * 1000,), "≤ 1000 ms, on the worker", "ms"
    )
