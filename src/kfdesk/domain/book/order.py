# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of articles: their names in links, and the tree that they make.

Everything here is the same on every desk that has the same articles: it follows from the records
alone. A ring of articles that stand under each other is opened where it begins.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kfdesk.domain.records.book import Article
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import text_or_empty

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
MAX_SLUG_LENGTH = 80
_NO_PLACE = 1 << 40
"""The place of an article that has none: behind all others."""


@dataclass(frozen=True, slots=True)
class TreeArticle:
    """An article in the tree: its name in links, how deep it stands, and its twin if it has one.

    `slug` has `-2` behind it if another article has the same: `twin` is that other one.
    """

    view: RecordView[Article]
    slug: str
    depth: int = 0
    twin: bytes | None = None


def is_slug(text: str) -> bool:
    """Return whether a text can be the name of an article in links."""
    return len(text) <= MAX_SLUG_LENGTH and _SLUG.fullmatch(text) is not None


def make_slug(title: str, taken: Iterable[str] = ()) -> str:
    """Return a name for links from a heading: letters without marks, `-2` if it is taken."""
    plain = unicodedata.normalize("NFKD", title.lower())
    words = re.findall(r"[a-z0-9]+", "".join(map(_latin, plain)), re.ASCII)
    slug = "-".join(words)[: MAX_SLUG_LENGTH - 8].strip("-") or "article"
    used, number, found = set(taken), 2, slug
    while found in used:
        found, number = f"{slug}-{number}", number + 1
    return found


def in_tree(articles: Iterable[RecordView[Article]]) -> tuple[TreeArticle, ...]:
    """Return the articles in the order of the book, each once, however they name each other."""
    views = sorted(articles, key=_place)
    slugs = _unique_slugs(views)
    known = {one.rid.hex(): one for one in views}
    below: dict[str, list[RecordView[Article]]] = {}
    for one in views:
        above = text_or_empty(one.record.above)
        below.setdefault(above if above in known else "", []).append(one)
    found: dict[bytes, TreeArticle] = {}
    for begin in (*below.get("", ()), *views):  # what is in a ring begins it, in order
        waiting = [(begin, 0)]
        while waiting:
            one, depth = waiting.pop()
            if one.rid in found:
                continue
            slug, twin = slugs[one.rid]
            found[one.rid] = TreeArticle(one, slug, depth, twin)
            waiting += [(each, depth + 1) for each in reversed(below.get(one.rid.hex(), ()))]
    return tuple(found.values())


def _unique_slugs(
    views: Iterable[RecordView[Article]],
) -> Mapping[bytes, tuple[str, bytes | None]]:
    """Return the name of each article, and its twin: the smallest id keeps the name as it is."""
    first: dict[str, bytes] = {}
    found: dict[bytes, tuple[str, bytes | None]] = {}
    for one in sorted(views, key=lambda view: view.rid):
        said = text_or_empty(one.record.slug)
        slug = said if is_slug(said) else "article"
        twin = first.get(slug)
        unique, number = slug, 2
        while unique in first:
            unique, number = f"{slug}-{number}", number + 1
        first[unique] = one.rid
        found[one.rid] = unique, twin if said == slug else None
    return found


def _place(one: RecordView[Article]) -> tuple[int, str, bytes]:
    position = one.record.position
    place = position if isinstance(position, int) else _NO_PLACE
    return place, text_or_empty(one.record.slug), one.rid


_CYRILLIC: Mapping[str, str] = dict(
    zip("абвгдеёзийклмнопрстуфыэ", "abvgdeeziiklmnoprstufye", strict=True)
) | {
    "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "",
    "ю": "iu", "я": "ia",
}  # fmt: skip


def _latin(sign: str) -> str:
    if unicodedata.combining(sign):
        return ""
    return _CYRILLIC.get(sign, sign)
