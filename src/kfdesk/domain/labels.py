# SPDX-License-Identifier: GPL-3.0-or-later
"""Author labels of writes: whether one that came from elsewhere names a certain house.

A label is free text, usually `INITIALS, House`, and nobody can prove it. So words beside the name,
their order, punctuation and look-alike letters make no difference. Pure functions.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from kfdesk.domain.leak_check.spelling import is_same_name, normalize_text

_CACHE_SIZE = 256  # labels; the writes of a file have few
_MOST_WORDS = 40  # of an honest label
_MOST_LONGER = 4  # letters that one letter may become in another spelling: щ is shch

Run = tuple[int, int]
"""The first word of a name in a label, and the first word behind it."""


@lru_cache(maxsize=_CACHE_SIZE)
def names_house(label: str, house: str, others: tuple[str, ...] = ()) -> bool:
    """Return whether a label has the name of a house in it, or one that looks like it.

    `others` are houses that are known by their names. A label that says such a longer name whole,
    as *Kvinnohuset Linden*, does not name *Kvinnohuset*. A label of more words than any honest one
    is not searched, which would take long: it could hide the name, so it counts as naming it.
    """
    words, name = normalize_text(label).split(), normalize_text(house)
    if len(words) > _MOST_WORDS:
        return bool(name)
    ours = tuple(_runs(words, name))
    longer = [
        run
        for other in (map(normalize_text, others) if ours else ())
        if not is_same_name(other, name)
        for run in _runs(words, other)
    ]
    return not all(any(one[0] <= run[0] and run[1] <= one[1] for one in longer) for run in ours)


def _runs(words: Sequence[str], name: str) -> Iterator[Run]:
    """Yield each run of words that reads like a normalized name; spaces do not count."""
    most = _MOST_LONGER * len(name)
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            said = " ".join(words[start:end])
            if len(said) > most:
                break
            if is_same_name(said, name):
                yield start, end
