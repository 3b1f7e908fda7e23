# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of a table as entries of the directory, wherever the table came from.

A row with a first name or surname is a person; any other is an organisation. What several columns
say of one field is joined. Knows no file: it is handed rows of texts.
"""

from collections.abc import Iterable, Iterator, Sequence

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.listed import (
    MOST_ENTRIES,
    Broken,
    Column,
    Listed,
    ReadAs,
    Reading,
)
from kfdesk.domain.packed import Packed
from kfdesk.domain.records.registry import TYPES
from kfdesk.formats.entries import Draft
from kfdesk.formats.tables.titles import guess

Row = tuple[int, Sequence[str]]
MOST_COLUMNS = 400
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How what a spreadsheet would count begins."""

_PERSON = frozenset({"given_name", "family_name"})
_SEVERAL = " ::: "
_JOINED = {"name": " ", "address": ", ", "other_name": ", ", "offers": ", "}


def read_rows(rows: Iterable[Row], how: ReadAs, encoding: str, *, is_sure: bool) -> Reading:
    """The rows of a table whose first row has the titles.

    Raises KfdeskError `contacts.nothing_inside` where no row follows, or `contacts.too_many`.
    """
    there = iter(rows)
    _, titles = next(there, (0, ()))
    if not titles:
        raise KfdeskError("contacts.nothing_inside")
    keys = _keys(titles, how)
    entries, broken = Packed(Listed), Packed(Broken)
    samples = [""] * len(keys)
    for number, cells in there:
        if not any(cell.strip() for cell in cells):
            continue
        if len(entries) + len(broken) >= MOST_ENTRIES:
            raise KfdeskError("contacts.too_many", most=MOST_ENTRIES)
        samples = [
            old or cell.strip() for old, cell in zip(samples, _even(cells, keys), strict=True)
        ]
        found = _entry(number, list(zip(keys, _even(cells, keys), strict=True)))
        broken.extend([Broken(number, "no_name")] if found is None else [])
        entries.extend([] if found is None else [found])
    if not entries and not broken:
        raise KfdeskError("contacts.nothing_inside")
    columns = tuple(map(Column, titles, keys, samples))
    return Reading(entries.kept, broken.kept, columns, encoding, is_sure)


def _keys(titles: Sequence[str], how: ReadAs) -> tuple[str, ...]:
    if len(titles) > MOST_COLUMNS:
        raise KfdeskError("contacts.too_wide", most=MOST_COLUMNS)
    guessed = guess(titles)
    return (*how.columns, *guessed[len(how.columns) :])[: len(titles)] if how.columns else guessed


def _even(cells: Sequence[str], keys: Sequence[str]) -> list[str]:
    """As many cells as there are columns; a short row is filled, a long one is cut."""
    return [*cells, *[""] * len(keys)][: len(keys)]


def _entry(number: int, cells: Sequence[tuple[str, str]]) -> Listed | None:
    said = [(key, bare(cell)) for key, cell in cells if key and cell.strip()]
    is_person = any(key in _PERSON for key, _ in said)
    draft = Draft(number, "contact" if is_person else "organisation")
    for key in dict.fromkeys(key for key, _ in said):
        texts = list(_texts(cell for own, cell in said if own == key))
        _put(draft, key, texts, is_person=is_person)
    return draft.done() if draft.has_name else None


def bare(cell: str) -> str:
    """A cell without the stroke that keeps it from being taken for a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


def _texts(cells: Iterable[str]) -> Iterator[str]:
    """Google joins several values of a cell in its own way; a star marks the preferred one."""
    for cell in cells:
        yield from (part.removeprefix("* ").strip() for part in cell.split(_SEVERAL))


def _put(draft: Draft, key: str, texts: Sequence[str], *, is_person: bool) -> None:
    record = "contact" if is_person else "organisation"
    own = {"name": "organisation"} if is_person else {"organisation": "name"}
    name = own.get(key, key)
    if key in {"phone", "fax"}:
        for text in texts:
            draft.number(text, is_called=key == "phone")
    elif key == "note" or name not in TYPES[record].fields:
        for text in texts:
            draft.note(text)
    elif key == "country":
        draft.put_country(texts[0])
    elif key in _JOINED:
        draft.put(name, _JOINED[key].join(dict.fromkeys(filter(None, texts))))
    else:
        for text in texts:
            draft.put(name, text)
