# SPDX-License-Identifier: GPL-3.0-or-later
"""Words as they are compared: normalized, split into tokens, and transliterated.

Cyrillic words have seven Latin spellings: passport (ICAO 9303), BGN/PCGN, ISO 9,
Swedish, German, Polish, and the Ukrainian passport. They stand here without diacritics,
as words are compared. A spelling is one line in `_TABLES`. A table has letters and
pairs; `'` and a letter apply after a vowel and at the beginning, `^` and a letter at
the beginning only.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import chain, product
from math import prod
from string import ascii_lowercase
from typing import NamedTuple

from kfdesk.domain.leak_check.look_alikes import CAPITAL, SMALL

_CACHE_SIZE = 16_384
"""Cached words while the store is open: most words of a page occur often."""

_BROKEN = re.compile(r"[\ufffe\u00ad\u2010\u2011-](?=\s*[\r\n])\s*|\ufffe\s*")
"""A hyphen at the end of a line, and the mark that PDF readers put in its place."""

_SPECIAL = str.maketrans({
    "ё": "е", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    "ŋ": "n", "ħ": "h", "ŧ": "t", "ґ": "г",
    "ة": "ه", "ى": "ي", "ک": "ك", "ی": "ي", "ھ": "ه", "ہ": "ه", "ە": "ه", "ٱ": "ا",
})  # fmt: skip
"""Letters that Unicode does not decompose; Arabic ones that are typed for each other."""

_FOREIGN_LOOK = {ord(sign): look for look, signs in SMALL.items() for sign in signs}
_FOREIGN_CAPITAL_LOOK = _FOREIGN_LOOK | {
    ord(sign): look for look, signs in CAPITAL.items() for sign in signs
}
_LATIN_LOOK = _FOREIGN_LOOK | str.maketrans({
    "а": "a", "в": "b", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c",
    "т": "t", "у": "y", "х": "x", "і": "i", "ј": "j", "ѕ": "s", "ԁ": "d", "ԛ": "q", "ԝ": "w",
    "һ": "h", "ӏ": "l", "ь": "b",
    "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "m", "ν": "v", "ο": "o",
    "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "ζ": "z", "γ": "y", "σ": "o", "ω": "w",
})  # fmt: skip
_CYRILLIC_LOOK = str.maketrans({
    "a": "а", "b": "в", "e": "е", "k": "к", "m": "м", "h": "н", "o": "о", "p": "р", "c": "с",
    "t": "т", "y": "у", "x": "х", "i": "і", "j": "ј", "s": "ѕ",
    "α": "а", "β": "в", "ε": "е", "η": "н", "ι": "і", "κ": "к", "μ": "м", "ν": "н", "ο": "о",
    "ρ": "р", "τ": "т", "υ": "у", "χ": "х", "γ": "у", "π": "п", "φ": "ф", "λ": "л", "δ": "д",
})  # fmt: skip
_LATIN_CAPITAL_LOOK = _LATIN_LOOK | _FOREIGN_CAPITAL_LOOK
_CYRILLIC_MIXED_LOOK = str.maketrans({
    "n": "п", "u": "и", "r": "г", "w": "ш", "l": "л", "v": "в", "z": "з", "g": "д",
})  # fmt: skip
"""Latin letters that stand for Cyrillic ones within a word that has Cyrillic letters, too."""
_CYRILLIC_CAPITAL_LOOK = str.maketrans({
    "ᴦ": "г", "ᴨ": "п", "ᴫ": "л", "ᴎ": "и", "ᴙ": "я", "ʌ": "л", "ɜ": "з", "ɯ": "ш", "ᴪ": "п",
})  # fmt: skip
"""Small capitals that no Latin letter looks like."""
_LATIN_DIGITS = ("o", "il", "z", "e", "a", "s", "bg", "t", "b", "g")
_CYRILLIC_DIGITS = ("о", "иіл", "", "з", "ч", "", "б", "т", "в", "я")
"""The letters that each digit may replace, the likeliest first."""
_MAX_READINGS = 4
_ONE_FOLD = str.maketrans("il", "11")
_LEET_SIGNS = str.maketrans({"@": "a", "$": "s", "!": "i", "|": "l", "€": "e", "£": "l", "¡": "i"})
_SILENT = re.compile(r"(?<=\w)['\u2019\u02bc`\u00b4\u02b9](?=\w)")
_WORD = re.compile(r"[^\W_]+")
_LEET = re.compile(
    r"[$@€£|!¡]?[^\W_]+(?:[@$!|€£¡]+[^\W_]+)+[$@€£|]*|[^\W\d_]+[$@€£]+|"
    r"[$@€£|!¡]+[^\W\d_]{2,}[^\W_]*[$@€£]*"
)
"""A word with signs in the place of letters: `p0l!ce`, `$helter`."""
_INTERNET = re.compile(r"\S*@[\w-]+(?:\.[\w-]+)+")


# --- tokens and normal form


class Token(NamedTuple):
    """A word or number of a page: normalized text, raw text, and position."""

    text: str
    raw: str
    start: int
    end: int

    @property
    def marked(self) -> str:
        """The text in lower case with its marks, for transliteration."""
        return casefold_text(self.raw)

    @property
    def is_capital(self) -> bool:
        """True if the raw text begins with a capital letter."""
        return self.raw[:1].isupper()


def visible_text(text: str) -> str:
    """Return the text as it is read: no invisible characters, and hyphenated words joined."""
    whole = _BROKEN.sub("", text)
    if not whole.isascii():
        whole = unicodedata.normalize("NFKC", whole).translate(_VISIBLE)
    return _SILENT.sub("", whole)


@lru_cache(maxsize=_CACHE_SIZE)
def casefold_text(text: str) -> str:
    """Return the text in lower case, composed and with its marks, for transliteration."""
    if text.isascii() and text.isalnum():
        return text.lower()
    return unicodedata.normalize("NFC", visible_text(text).casefold())


@lru_cache(maxsize=_CACHE_SIZE)
def normalize_word(text: str) -> str:
    """Return the text for comparison: lower case, no marks; ё is е, й is и, å is a, ł is l."""
    if text.isascii() and text.isalnum():
        return text.lower()
    apart = unicodedata.normalize("NFKD", casefold_text(text).translate(_SPECIAL))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(_SPECIAL)


def tokenize(text: str) -> tuple[Token, ...]:
    """Return the words and numbers of a text from `visible_text`, in their order.

    At the end, once more, come the words that have signs in the place of letters, read as letters.
    """
    found = [
        Token(normalize_word(found.group()), found.group(), found.start(), found.end())
        for found in _WORD.finditer(text)
    ]
    return (*found, *_leet_tokens(text)) if _LEET.search(text) else tuple(found)


def in_leet(found: Sequence[Token]) -> tuple[Token, ...] | None:
    """Return the tokens with each word of letters and signs in its place; None without any."""
    order = [token.start for token in found]
    back = next((at for at in range(1, len(found)) if order[at] < order[at - 1]), len(found))
    words = found[back:]
    if not words:
        return None
    spans = [(word.start, word.end) for word in words]
    plain = (
        token
        for token in found[:back]
        if not any(begin <= token.start < end for begin, end in spans)
    )
    return tuple(sorted((*plain, *words), key=lambda token: token.start))


def _leet_tokens(text: str) -> Iterator[Token]:
    """Yield the words with signs in the place of letters; not the addresses of the internet."""
    addresses = [found.span() for found in _INTERNET.finditer(text)]
    for found in _LEET.finditer(text):
        if not any(begin <= found.start() < end for begin, end in addresses):
            raw = found.group().translate(_LEET_SIGNS)
            yield Token(normalize_word(raw), raw, found.start(), found.end())


@lru_cache(maxsize=_CACHE_SIZE)
def marked_words(text: str) -> tuple[str, ...]:
    """Return the words and numbers of any text, in lower case with their marks."""
    return tuple(token.marked for token in tokenize(visible_text(text)))


def normalize_text(text: str) -> str:
    """Return a whole text for comparison: normalized words with single spaces between them."""
    return " ".join(token.text for token in tokenize(visible_text(text)))


@lru_cache(maxsize=_CACHE_SIZE)
def look_alike_readings(word: str) -> tuple[str, ...]:
    """Return a normalized word in each possible reading, with look-alike letters replaced."""
    return tuple(_iter_readings(word))


def _iter_readings(word: str) -> Iterator[str]:
    """Yield the word, then its readings in Latin letters, then those in Cyrillic ones."""
    yield word
    if word.isdigit():
        return
    ways = (word.translate(_LATIN_LOOK), word.translate(_LATIN_CAPITAL_LOOK))
    for way in _with_digits(ways, _LATIN_DIGITS):
        if way != word and way.isascii():
            yield way
    if "1" in word and ways[0].isascii():
        yield fold_ones(
            "".join(_LATIN_DIGITS[int(s)][0] if s in "02345679" else s for s in ways[0])
        )
    plain = word.translate(_CYRILLIC_CAPITAL_LOOK).translate(_FOREIGN_LOOK)
    plain = plain.translate(_CYRILLIC_LOOK)
    mixed = (plain.translate(_CYRILLIC_MIXED_LOOK),) if is_cyrillic(word) else ()
    for way in _with_digits((plain, *mixed), _CYRILLIC_DIGITS):
        if way != word and all(map(_is_cyrillic_or_digit, way)):
            yield way


def _with_digits(ways: Sequence[str], digits: Sequence[str]) -> Iterator[str]:
    """Yield the ways with their digits read as letters, the likeliest first; then as they are.

    Each digit is read by itself, as in `p011c3`, up to _MAX_READINGS readings of a word. More
    digits are read alike throughout: `fold_ones` helps there.
    """
    for way in dict.fromkeys(ways):
        choices = [digits[int(sign)] or sign if sign.isdecimal() else sign for sign in way]
        if prod(map(len, choices)) <= _MAX_READINGS:
            yield from map("".join, product(*choices))
        else:
            yield from ("".join(one[min(at, len(one) - 1)] for one in choices) for at in (0, 1))
    yield from ways


def _is_cyrillic_or_digit(sign: str) -> bool:
    return is_cyrillic(sign) or sign.isdigit()


def fold_ones(text: str) -> str:
    """Return a text with i and l as 1, to compare a word in which a 1 may be either."""
    return text.translate(_ONE_FOLD)


def is_cyrillic(text: str) -> bool:
    """Return whether the text has a Cyrillic letter."""
    return any("\u0400" <= sign <= "\u052f" for sign in text)


class _VisibleTable(dict[int, str]):
    """A translation table that is filled on demand: each character as it is shown."""

    def __missing__(self, number: int) -> str:
        self[number] = shown = _visible_sign(chr(number))
        return shown


_VISIBLE = _VisibleTable()


def _visible_sign(sign: str) -> str:
    if unicodedata.category(sign) in ("Cf", "Mn", "Me") and not unicodedata.combining(sign):
        return ""
    if "\u064b" <= sign <= "\u0652" or sign in "\u0640\u0670":  # vowels and lines of Arabic
        return ""
    if sign.isdigit():
        return str(unicodedata.digit(sign))
    return "" if sign in "\u034f\u115f\u1160\u3164\ufffe" else sign


_SPELLING_CACHE_SIZE = 16_384


# --- transliteration


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


@lru_cache(maxsize=_SPELLING_CACHE_SIZE)
def spellings(word: str) -> tuple[str, ...]:
    """Return a word for comparison; Cyrillic in the seven spellings too; å as a and aa."""
    if not is_cyrillic(word):
        return tuple(
            dict.fromkeys(
                (normalize_word(word), normalize_word(casefold_text(word).translate(_IN_TWO)))
            )
        )
    return tuple(dict.fromkeys(all_spellings(word)))


@lru_cache(maxsize=_SPELLING_CACHE_SIZE)
def usual_spellings(word: str) -> tuple[str, ...]:
    """Return the spellings without the Ukrainian passport's.

    That one writes `риск` as Swedish writes Russian.
    """
    return tuple(dict.fromkeys(all_spellings(word)[:-1])) if is_cyrillic(word) else spellings(word)


def all_spellings(word: str) -> tuple[str, ...]:
    """Return the normalized word, then the word in each of the seven spellings, in order."""
    own = casefold_text(word)
    if not is_cyrillic(own):  # no table has another letter
        return (normalize_word(own),) * (len(Spelling) + 1)
    return (
        normalize_word(own),
        *(normalize_word(_spell_word(own, spelling)) for spelling in Spelling),
    )


def transliterate(word: str, spelling: Spelling) -> str:
    """Return a word in one spelling: lower-case Latin letters without diacritics."""
    return normalize_word(_spell_word(casefold_text(word), spelling))


def is_same_name(one: str, other: str) -> bool:
    """Return whether two normalized texts may read the same, whatever spelling each word has.

    Spaces do not count, and look-alike letters are read as what they look like. Both texts are
    read along each other, so the cost does not grow with the number of ways to spell a whole text.
    """
    first, second = ([_readings_of(word) for word in text.split()] for text in (one, other))
    open_places, seen = [(0, 0, "", False)], set[tuple[int, int, str, bool]]()
    while open_places:
        place = open_places.pop()
        if place in seen:
            continue
        seen.add(place)
        used, other_used, ahead, is_second_ahead = place
        if not ahead and (used, other_used) == (len(first), len(second)):
            return True
        words, number = (first, used) if is_second_ahead or not ahead else (second, other_used)
        step = (1, 0) if words is first else (0, 1)
        for word in words[number] if number < len(words) else ():
            longer, shorter = (word, ahead) if len(word) > len(ahead) else (ahead, word)
            if longer.startswith(shorter):
                left = longer[len(shorter) :]
                is_second = (words is second) == (longer is word)
                open_places.append(
                    (used + step[0], other_used + step[1], left, bool(left) and is_second)
                )
    return False


def _readings_of(word: str) -> frozenset[str]:
    return frozenset(form for way in look_alike_readings(word) for form in spellings(way))


@lru_cache(maxsize=_SPELLING_CACHE_SIZE)
def back_transliterate(word: str) -> tuple[str, ...]:
    """Return Cyrillic words that a Latin word may stand for, one per spelling."""
    if not word.isascii() or not word.isalpha():
        return ()
    return tuple(dict.fromkeys(normalize_word(_read_back(word, *table)) for table in _BACK))


@lru_cache(maxsize=_SPELLING_CACHE_SIZE)
def expand_spellings(word: str) -> tuple[str, ...]:
    """Return the word, its possible Cyrillic forms, and the spellings of all of these."""
    sources = (word, *back_transliterate(word)) if word.isascii() else (word,)
    return tuple(dict.fromkeys(form for source in sources for form in spellings(source)))


SURE_LETTERS = 4
"""A word of more letters may go on after the forms of `form_starts`."""
_CYRILLIC_START = 6
_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяієїґў"
_SIMPLE_CYRILLIC = re.compile(f"[{_LETTERS}]+")
_LATIN_LOOKS = (_LATIN_LOOK, _LATIN_CAPITAL_LOOK)
_CLEAR_LETTER = re.compile(
    "[{}]".format(
        "".join(
            one for one in _LETTERS
            if not any(normalize_word(one).translate(look).isascii() for look in _LATIN_LOOKS)
        )
        + "".join(one for one in ascii_lowercase if not is_cyrillic(one.translate(_CYRILLIC_LOOK)))
    )
)  # fmt: skip
"""A letter that looks like none of the other alphabet: its word can be read in its own alone."""


def reading_starts(word: str) -> tuple[str, ...]:
    """Return the first letters of each reading of a word in lower case; none if unknown.

    They say how each form of a word begins if its letters are those of one alphabet.
    """
    is_latin = word.isascii() and word.isalpha()
    if not is_latin and not _SIMPLE_CYRILLIC.fullmatch(word):
        return ()
    if _CLEAR_LETTER.search(word):
        start = word[: _LATIN_START if is_latin else _CYRILLIC_START]
        return tuple(dict.fromkeys((start, normalize_word(start))))
    ways = dict.fromkeys((word, *look_alike_readings(normalize_word(word))))
    return tuple(one[: _LATIN_START if one.isascii() else _CYRILLIC_START] for one in ways)


@lru_cache(maxsize=_SPELLING_CACHE_SIZE)
def form_starts(start: str) -> tuple[str, ...]:
    """Return how every form of a reading begins that has these first letters.

    Each letter is spelt by itself, with the one before it or the few after it, so that every form
    of the word begins with one of these.
    """
    heard = (normalize_word(_read_start(start, *table)) for table in _BACK)
    sources = (start, *heard) if start.isascii() else (start,)
    return tuple(dict.fromkeys(form for one in sources for form in spellings(one)))


def _spell_word(word: str, table: Spelling) -> str:
    """Return a word in one spelling: what each letter adds after the one before it."""
    pairs = zip(chain(("",), word), word, strict=False)
    return "".join(map(_SOUNDS[table].__getitem__, pairs))


class _SoundTable(dict[tuple[str, str], str]):
    """Table of what a letter adds to a word after the letter before it, empty for the first.

    It is filled on demand, with pairs of known letters alone, so that no page can make it large.
    """

    def __init__(self, table: Mapping[str, str]) -> None:
        super().__init__()
        self._table = table

    def __missing__(self, pair: tuple[str, str]) -> str:
        before, sign = pair
        said = self._said(before, sign)
        if all(one.isascii() or one in _PLAIN for one in pair):
            self[pair] = said
        return said

    def _said(self, before: str, sign: str) -> str:
        table = self._table
        opens = not before or before in _VOWELS
        first = table.get(f"^{sign}") if not before else None
        special = first or (table.get(f"'{sign}") if opens else table.get(before + sign))
        if special is not None and not opens:
            # the letter before is already written: add only what follows it
            return special[len(table[before]) :]
        return special if special is not None else table.get(sign, sign)


_SOUNDS: Mapping[Spelling, _SoundTable] = {
    name: _SoundTable(table) for name, table in _TABLES.items()
}


def _reverse_table(table: Mapping[str, str]) -> Mapping[str, str]:
    """Return the table from spelling to letter; the commoner letter if two are spelt alike."""
    ways: dict[str, str] = {}
    for letter, written in table.items():
        if len(letter) == 1 and written and letter in "абвгдежзийклмнопрстуфхцчшщыэюяё":
            ways.setdefault(written, letter)
    ways.update({written: letter[1:] for letter, written in table.items() if letter[0] == "'"})
    return ways


def _read_back(word: str, ways: Mapping[str, str], parts: re.Pattern[str]) -> str:
    """Return a Latin word in Cyrillic letters: of what may stand for one the longest part first."""
    return parts.sub(lambda found: ways[found.group()], word)


def _read_start(word: str, ways: Mapping[str, str], parts: re.Pattern[str]) -> str:
    """Return the same of as much of a word as begins in its first letters."""
    found: list[str] = []
    place = 0
    while place < min(len(word), SURE_LETTERS):
        part = parts.match(word, place)
        said = part.group() if part is not None else word[place]
        found.append(ways.get(said, said))
        place += len(said)
    return "".join(found)


def _with_parts(ways: Mapping[str, str]) -> tuple[Mapping[str, str], re.Pattern[str]]:
    """Return the table with the pattern of its parts, the longest first."""
    return ways, re.compile("|".join(sorted(map(re.escape, ways), key=len, reverse=True)))


_BACK = tuple(_with_parts(_reverse_table(table)) for table in _TABLES.values())
_LATIN_START = SURE_LETTERS + max(len(written) for ways, _ in _BACK for written in ways)
