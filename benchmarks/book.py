# SPDX-License-Identifier: GPL-3.0-or-later
"""The resource book: its 24 chapters as a PDF, its first view, and the search of names in it.

The names of clients are searched in a Russian article that somebody changed, before it leaves.
"""

import tempfile
from functools import partial
from pathlib import Path
from time import process_time

from benchmarks.desks import MACHINE, WHO, new_row
from benchmarks.measure import Row, absolute, timed
from kfdesk import store_lifecycle
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.leak_check.secrets import Secret, SecretIndex, SecretKind
from kfdesk.domain.leak_check.spelling import (
    casefold_text,
    expand_spellings,
    form_starts,
    look_alike_readings,
    normalize_word,
    spellings,
    tokenize,
    visible_text,
)
from kfdesk.i18n.language import Language
from kfdesk.services.book import articles, files
from kfdesk.services.book.articles import OfferFilter
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import make_paper
from kfdesk.system.paths import translations_folder

LETTERS = 32_000
_CLIENTS, _OFFERS, _ROUNDS = 300, 200, 5
_NAMES = ("Нина", "Щербакова", "Ольга", "Жаворонкова", "Anna", "Lindqvist", "Юлия", "Цветкова")
_CACHES = (
    casefold_text, expand_spellings, look_alike_readings, normalize_word, spellings, form_starts,
)  # fmt: skip


def rows() -> list[Row]:
    """Measure the shipped book in a store with many organisations."""
    with tempfile.TemporaryDirectory() as name:
        desk = store_lifecycle.create_store(Path(name) / "store", "Ett hus", WHO, MACHINE)
        files.import_book(desk, files.preview_book(desk, files.shipped_book(desk)), "public")
        services = ("safety", "legal")
        with desk.store.transaction():
            desk.store.put_all(
                (
                    new_row(
                        desk, "organisation", None, {"name": f"Hus {number}", "services": services}
                    ),
                    None,
                )
                for number in range(_OFFERS)
            )
        found = [
            absolute(
                f"PDF of the book's 24 chapters, {code}",
                partial(_print, desk, code), "≤ 6000 ms", 3,
            )
            for code in ("en", "sv", "ru")
        ]  # fmt: skip
        found.append(
            absolute("open the book: its list and an article", partial(_open, desk), "≤ 100 ms",
                     _ROUNDS)
        )  # fmt: skip
        found.append(_names(desk))
        desk.store.close()
        return found


def _print(desk: Session, code: str) -> float:
    return timed(lambda: make_paper(desk, PaperRequest(PaperName.BOOK, b"", code)))


def _open(desk: Session) -> float:
    """Do what the page does on the worker: read the list, then an article and who helps."""
    words = Language("sv", translations_folder())

    def job() -> None:
        book = articles.read_book(desk)
        found = articles.read_article(desk, book[5].rid).article
        articles.find_helpers(desk, found, words, OfferFilter())
        desk.adapters.book.html(found.texts["sv"].body)

    return timed(job)


def _names(desk: Session) -> Row:
    """Search the names of many clients in a long Russian article, each time as for the first."""
    book = articles.read_book(desk)
    text = "\n\n".join(one.texts["ru"].body for one in book if "ru" in one.texts)[:LETTERS]
    secrets = [
        Secret(SecretKind.NAME, f"{_NAMES[number % len(_NAMES)]}{'ый' * (number // len(_NAMES))}")
        for number in range(_CLIENTS)
    ] + [Secret(SecretKind.NUMBER, f"KF-{number}") for number in range(1000, 1000 + _CLIENTS)]

    def job() -> float:
        for cached in _CACHES:
            cached.cache_clear()
        began = process_time()
        tuple(SecretIndex.of(secrets).find(tokenize(visible_text(text)), {}))
        return process_time() - began

    return absolute(
        f"names of {_CLIENTS} clients in a Russian article of {LETTERS} letters, processor time",
        job,
        "≤ 1500 ms",
        3,
    )
