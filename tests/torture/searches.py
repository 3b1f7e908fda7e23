# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and words that no list was made for: odd signs, words without end, pasted pages.

What was entered is found by its own name, again known, and offered. Whatever is typed costs the
store no more than a bounded number of steps. The controls take words apart as Unicode does, look
for every word that was pasted, and try every error in a word of any length.
"""

import random
from itertools import count

import pytest
from tests.torture.harness import Seen, Size, Trial, joined
from tests.torture.world import World, connection_of

from kfdesk import app
from kfdesk.domain import directory, names
from kfdesk.domain.kinds import clean_text
from kfdesk.domain.records.directory import Organisation
from kfdesk.services.core.records import create_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory import search
from kfdesk.services.directory.search import DirectoryQuery

_SIGNS = "½ͺﷺﹰ⑴ŉ℡ﬁⅣſİß𝔘㋿\ufffe\uffff🙂\u0345´゛\"'()*:^-#@=~_\\{\u2028\u00a0ąĳǆ①㌀\u0301\u200b"
_LETTERS = "abcåäöщжяñłß"
_WORDS = ("AND", "OR", "NOT", "NEAR", "house", "дом", "1", "0x", "+46 8", "a*", '"b"')
_ENGLISH = app.language("en")
_MOST_STEPS = 2_000_000  # of the store's machine; twenty words with an error take 500,000


def _word(rng: random.Random) -> str:
    signs = "".join(rng.choices(_SIGNS + _LETTERS, k=rng.randrange(1, 9)))
    return rng.choice((signs, rng.choice(_WORDS), f"{signs}{rng.choice(_WORDS)}{signs}"))


def _steps(desk: Session, typed: str) -> int:
    """Return about how many steps the store's machine makes to look for what was typed."""
    made = count()
    connection = connection_of(desk.store)

    def step() -> int:
        return int(next(made) * 1_000 > _MOST_STEPS)  # stops the machine above the limit

    connection.set_progress_handler(step, 1_000)
    try:
        search.search_directory(desk, DirectoryQuery(typed), _ENGLISH)
        search.quick_find(desk, typed, 9, _ENGLISH)
        search.find_same_name(desk, "organisation", b"", typed)
    finally:
        connection.set_progress_handler(None, 0)
    return next(made) * 1_000


def _strange_name(world: World, rng: random.Random) -> Seen:
    desk = world.opened(world.copy(world.ours))
    # cleaned as a form cleans what is typed
    name = clean_text(f"Hus{' '.join(_word(rng) for _ in range(rng.randrange(1, 5)))}").strip()
    values = {"name": name, "confidentiality": "partners_only", "city": clean_text(_word(rng))}
    rid = create_record(desk, Organisation, values)
    found = search.search_directory(desk, DirectoryQuery(name), _ENGLISH).ids
    again = search.find_same_name(desk, "organisation", b"", name)
    offered = search.quick_find(desk, name, 9, _ENGLISH)
    looked = (search.read_result_page(desk, found), again, offered)
    lost = any(rid not in {line.rid for line in lines} for lines in looked)
    return Seen("a strange name", f"{name!r} is not found again" if lost else "")


def _typed(world: World, rng: random.Random) -> Seen:
    desk = world.opened(world.copy(world.ours))
    how = rng.choice(("a word without end", "a pasted page"))
    if how == "a pasted page":
        typed = " ".join(f"{_word(rng)}{n}" for n in range(rng.randrange(600, 1_500)))
    else:
        typed = rng.choice(_LETTERS + _SIGNS) * rng.randrange(1_000, 60_000)
    return Seen(how, "" if _steps(desk, typed) <= _MOST_STEPS else "it costs without a bound")


def _misspelt(world: World, rng: random.Random) -> Seen:
    """Look for a long word with an error in it: as it is, and not in all its spellings."""
    typed = "".join(rng.choices("bcdfghjklmnpqrstvwxz", k=rng.randrange(200, 400)))
    (word,) = names.fold_words(typed)
    is_bounded = len(directory.fuzzy_terms(word)) <= 2_000
    desk = world.opened(world.copy(world.ours))
    is_bounded = is_bounded and _steps(desk, typed) <= _MOST_STEPS
    return Seen("a long word", "" if is_bounded else "it is looked for in thousands of spellings")


def _off(trial: Trial, where: object, other: object, *names_: str) -> Trial:
    def control(world: World, rng: random.Random) -> Seen:
        with pytest.MonkeyPatch.context() as patch:
            for name in names_:
                patch.setattr(where, name, other)
            try:
                return trial(world, rng)
            except Exception as fault:  # FTS5 refuses what it cannot read, or has no room for
                return Seen("refused", type(fault).__name__)

    return control


HARNESSES = (
    joined(
        "searches that nobody means",
        [
            (_strange_name, _off(_strange_name, names, names.strip_marks, "_bare_word")),
            (_typed, _off(_typed, search, 10**9, "_MOST_WORDS", "_MOST_TYPED")),
            (_misspelt, _off(_misspelt, directory, 10**9, "MAX_FUZZY_LETTERS")),
        ],
        Size(6, 150, 20_000),
    ),
)
