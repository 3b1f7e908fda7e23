# SPDX-License-Identifier: GPL-3.0-or-later
"""What may stand in a window without a translation: words of the store, and names.

A value of a record is shown as it was written; a code is not, so a code is none of these words.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from tests.architecture.tree import ROOT
from tests.gui.walk_language import CODE
from tests.integration.list_samples import CARDS, TABLE

from kfdesk.domain.rows import view_any
from kfdesk.services.core.session import Session
from kfdesk.services.figures.estimates import shipped_estimates

LETTERS = re.compile(r"[^\W\d_]{2,}")
_HEAD = 160
_CODE = re.compile(r"[a-z_]+")
_NAMES = (
    "Notebook English Svenska Русский CET EET MSK UTC Rönnen media Anna scan Lilla huset "
    "Samordnare Дом у озера grön зелёная green The program speaks English Uppdiktat hus hem "
    "Påbörjat Naiste maja Ring tolken"
)
TWIN = "name,country,email\nУчилище «Образец»,RU,hus@example.org\n"
"""The program's own name, languages in themselves, and the short names of clocks."""


def values_of(desk: Session) -> frozenset[str]:
    """Return the words of every value of a store."""
    rows = (desk.store.row(rid) for rid in desk.store.tree.rids())
    texts = (text for row in rows if row is not None for text in _texts(view_any(row).record))
    return words(" ".join(texts))


CASES = "kf_Code,vic_MethodsOfControl,per_RoleDetails\ntulpan-99,RestrictsMovement,x\n"
"""A sheet of case data: its titles and codes are those of the standard in every language."""


def own_words() -> frozenset[str]:
    """Return words that are the same in every language, titles, and what comes along.

    Of the shipped articles the names of their files and the beginnings, with the titles.
    """
    chapters = sorted((ROOT / "resources" / "help" / CODE).glob("*.md"))
    titles = (path.read_text(encoding="utf-8").partition("\n")[0] for path in chapters)
    listed = TABLE.decode("cp1252"), CARDS.decode(), TWIN
    estimates = _texts(shipped_estimates(ROOT / "resources"))
    articles = sorted((ROOT / "resources" / "book").glob("*.md"))
    heads = [f"{path.name} {path.read_text(encoding='utf-8')[:_HEAD]}" for path in articles]
    return words(" ".join((_NAMES, CASES, *listed, *titles, *estimates, *heads)))


def words(text: str) -> frozenset[str]:
    """Return the words of a text, casefolded."""
    return frozenset(word.casefold() for word in LETTERS.findall(text))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if not _CODE.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, tuple | list | set | frozenset):
        for inner in value:
            yield from _texts(inner)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
