# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields of a case that papers look at: the code word in texts, and the names of references.

Several papers of the office ask the same two questions of a case before they are made. Reads only,
and knows neither a paper nor its layout.
"""

import re
from collections.abc import Iterator, Mapping

from kfdesk.domain.kinds import ReferenceKind
from kfdesk.domain.names import strip_marks
from kfdesk.domain.papers import PaperKeys
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import Row, column_values, view_any
from kfdesk.domain.values import Translation
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import Case, name_of

_NON_LETTERS = re.compile(r"[\W_]+")


def code_word_fields(case: Case, keys: PaperKeys) -> tuple[str, ...]:
    """Return the fields (`type.key`) among `keys` that contain the code word, each once."""
    secret = {
        _padded_words(text) for text in _texts_of_row(case.plan, frozenset({"code_word"}))
    } - {""}
    return tuple(dict.fromkeys(_fields_with(secret, case, keys)))


def referenced_names(desk: Session, rows: tuple[Row, ...]) -> Mapping[str, str]:
    """Return the names of the records that these refer to, by reference."""
    wanted = {
        str(wire)
        for row in rows
        for key, wire in column_values(row)[0].items()
        if wire is not None and isinstance(RECORD_TYPES[row.type].fields[key].kind, ReferenceKind)
    } | {
        str(version.value)
        for row in rows
        for key, versions in view_any(row).versions.items()
        if isinstance(RECORD_TYPES[row.type].fields[key].kind, ReferenceKind)
        for version in versions
    }
    return {reference: name for reference in wanted if (name := name_of(desk, reference))}


def _fields_with(secret: set[str], case: Case, keys: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for seen in case.present:
        kind = seen.row.type
        for key in sorted(keys.get(kind, frozenset())):
            texts = [_padded_words(text) for text in _texts_of_row(seen.row, frozenset({key}))]
            if any(word in text for word in secret for text in texts):
                yield f"{kind}.{key}"


def _texts_of_row(row: Row, keys: frozenset[str]) -> Iterator[str]:
    """Yield the texts of fields, for a field in conflict all of them."""
    seen = view_any(row)
    for key in keys:
        values = [getattr(seen.record, key), *(v.value for v in seen.versions.get(key, ()))]
        for value in values:
            if isinstance(value, str):
                yield value
            elif isinstance(value, tuple):
                yield from (word.text for word in value if isinstance(word, Translation))


def _padded_words(text: str) -> str:
    """Return the words of a text without capitals and punctuation, each between two spaces."""
    words = _NON_LETTERS.sub(" ", strip_marks(text)).split()
    return f" {' '.join(words)} " if words else ""
