# SPDX-License-Identifier: GPL-3.0-or-later
"""Cyrillic words in the seven Latin spellings that people and papers use, and the way back.

Passport (ICAO 9303), BGN/PCGN, ISO 9, Swedish, German, Polish, and the Ukrainian passport's. What a
spelling writes with marks stands here without them, as words are compared. A spelling is one line
in `_TABLES`. A table has letters, `'` and a letter after a vowel and at the beginning, `^` and a
letter at the beginning alone, and pairs.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache

from kfdesk.domain.carry.letters import is_cyrillic, normal, small

_REMEMBERED = 16_384


class Spelling(StrEnum):
    """The spellings by name."""

    PASSPORT = "passport"
    BGN = "bgn"
    ISO_9 = "iso_9"
    SWEDISH = "swedish"
    GERMAN = "german"
    POLISH = "polish"
    UKRAINIAN = "ukrainian"


_PLAIN: Mapping[str, str] = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh",
    "з": "z", "и": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia", "є": "ie", "і": "i",
    "ї": "i", "ў": "u", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj", "џ": "dz",
}  # fmt: skip
_PASSPORT: Mapping[str, str] = {"ъ": "ie"}
_BGN: Mapping[str, str] = {
    "й": "y", "ё": "yo", "ю": "yu", "я": "ya", "є": "ye", "ї": "yi", "'е": "ye",
}  # fmt: skip
_ISO: Mapping[str, str] = {
    "ж": "z", "й": "j", "х": "h", "ц": "c", "ч": "c", "ш": "s", "щ": "s", "ю": "u", "я": "a",
    "є": "e",
}  # fmt: skip
_SWEDISH: Mapping[str, str] = {
    "ж": "zj", "й": "j", "х": "ch", "ч": "tj", "ш": "sj", "щ": "sjtj", "ё": "jo", "ю": "ju",
    "я": "ja", "є": "je", "ї": "ji", "'е": "je",
}  # fmt: skip
_GERMAN: Mapping[str, str] = {
    "в": "w", "ж": "sch", "з": "s", "й": "i", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch",
    "щ": "schtsch", "ё": "jo", "ю": "ju", "я": "ja", "є": "je", "ї": "ji", "'е": "je",
}  # fmt: skip
_POLISH: Mapping[str, str] = {
    "в": "w", "ж": "z", "й": "j", "х": "ch", "ц": "c", "ч": "cz", "ш": "sz", "щ": "szcz",
    "е": "ie", "ё": "io", "ю": "iu", "я": "ia", "є": "ie", "ї": "ji", "'е": "je", "'ё": "jo",
    "'ю": "ju", "'я": "ja", "ле": "le", "лё": "lo", "лю": "lu", "ля": "la", "же": "ze", "ше": "sze",
    "че": "cze", "це": "ce", "ще": "szcze", "жи": "zy", "ши": "szy", "ци": "cy",
}  # fmt: skip
_UKRAINIAN: Mapping[str, str] = {
    "г": "h", "и": "y", "^й": "y", "^є": "ye", "^ї": "yi", "^ю": "yu", "^я": "ya", "зг": "zgh",
}  # fmt: skip
_TABLES: Mapping[Spelling, Mapping[str, str]] = {
    Spelling.PASSPORT: {**_PLAIN, **_PASSPORT},
    Spelling.BGN: {**_PLAIN, **_BGN},
    Spelling.ISO_9: {**_PLAIN, **_ISO},
    Spelling.SWEDISH: {**_PLAIN, **_SWEDISH},
    Spelling.GERMAN: {**_PLAIN, **_GERMAN},
    Spelling.POLISH: {**_PLAIN, **_POLISH},
    Spelling.UKRAINIAN: {**_PLAIN, **_UKRAINIAN},
}

_IN_TWO = str.maketrans({"å": "aa", "ä": "ae", "ö": "oe", "ø": "oe", "ü": "ue", "õ": "oe"})
_VOWELS = "аеёиоуыэюяєіїъь"


@lru_cache(maxsize=_REMEMBERED)
def spellings(word: str) -> tuple[str, ...]:
    """A word as it is compared: if Cyrillic, in the seven spellings too; å is a and aa."""
    if not is_cyrillic(word):
        return tuple(dict.fromkeys((normal(word), normal(small(word).translate(_IN_TWO)))))
    return tuple(dict.fromkeys(in_each(word)))


@lru_cache(maxsize=_REMEMBERED)
def usual_spellings(word: str) -> tuple[str, ...]:
    """The same but for the Ukrainian passport's, which writes `риск` as Swedish writes Russian."""
    return tuple(dict.fromkeys(in_each(word)[:-1])) if is_cyrillic(word) else spellings(word)


def in_each(word: str) -> tuple[str, ...]:
    """The word as it is compared, then in each of the seven spellings, alike or not."""
    own = small(word)
    return (normal(own), *(normal(_spelt(own, table)) for table in _TABLES.values()))


def in_spelling(word: str, spelling: Spelling) -> str:
    """A word as one spelling writes it: small Latin letters without marks."""
    return normal(_spelt(small(word), _TABLES[spelling]))


@lru_cache(maxsize=_REMEMBERED)
def back(word: str) -> tuple[str, ...]:
    """Cyrillic words that a Latin word may stand for, one a spelling; nothing for others."""
    if not word.isascii() or not word.isalpha():
        return ()
    return tuple(dict.fromkeys(normal(_heard(word, table)) for table in _BACK))


@lru_cache(maxsize=_REMEMBERED)
def expanded(word: str) -> tuple[str, ...]:
    """The word, what it may stand for in Cyrillic, and all these in all spellings."""
    sources = (word, *back(word)) if word.isascii() else (word,)
    return tuple(dict.fromkeys(form for source in sources for form in spellings(source)))


def _spelt(word: str, table: Mapping[str, str]) -> str:
    return "".join(_sounds(word, table))


def _sounds(word: str, table: Mapping[str, str]) -> Iterator[str]:
    before = ""
    for sign in word:
        opens = not before or before in _VOWELS
        first = table.get(f"^{sign}") if not before else None
        special = first or (table.get(f"'{sign}") if opens else table.get(before + sign))
        if special is not None and not opens:
            # the letter before is written already: only what comes after it is added
            yield special[len(table[before]) :]
        else:
            yield special if special is not None else table.get(sign, sign)
        before = sign


def _reversed(table: Mapping[str, str]) -> Mapping[str, str]:
    """From what is written to its letter; the commoner letter where two are written alike."""
    ways: dict[str, str] = {}
    for letter, written in table.items():
        if len(letter) == 1 and written and letter in "абвгдежзийклмнопрстуфхцчшщыэюяё":
            ways.setdefault(written, letter)
    ways.update({written: letter[1:] for letter, written in table.items() if letter[0] == "'"})
    return ways


def _heard(word: str, ways: Mapping[str, str]) -> str:
    found: list[str] = []
    place = 0
    while place < len(word):
        size = next((n for n in range(_LONGEST, 1, -1) if word[place : place + n] in ways), 1)
        part = word[place : place + size]
        found.append(ways.get(part, part))
        place += size
    return "".join(found)


_BACK = tuple(_reversed(table) for table in _TABLES.values())
_LONGEST = max(len(written) for ways in _BACK for written in ways)
