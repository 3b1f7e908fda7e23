# SPDX-License-Identifier: GPL-3.0-or-later
"""Names: search keys by sound, sort keys, and the spellings that a ticket may have.

*Shcherbakova*, *Sjtjerbakova* and *Щербакова* have the same sound key, and so have *Åsa
Öberg*, *Asa Oberg* and *AASA OEBERG* on a ticket. Sound keys are for comparison only.
They are loose on purpose: one hit too many costs a glance, a missed one costs a person.
Pure functions.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from kfdesk.domain.leak_check.spelling import Spelling, is_cyrillic, transliterate

# --- search keys

CYRILLIC_SOUNDS: Mapping[str, str] = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "e", "ж": "zh",
    "з": "z", "и": "i", "і": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ѣ": "e", "ѳ": "f",
    "ѵ": "i", "ђ": "d", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "ch", "џ": "zh",
}  # fmt: skip
"""Letters without marks: ё, й, ї and ў are already е, и, і and у."""


_NO_MARK = {
    "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ß": "ss",
    "ŋ": "n", "ħ": "h", "ŧ": "t", "ґ": "г",
}  # fmt: skip
"""Letters that Unicode does not decompose into a letter and its mark."""

_HUSHED = str.maketrans({"š": "sh", "č": "ch", "ž": "zh", "ě": "e"})
"""Letters whose mark changes the sound: only the sound key keeps it."""

_MIN_SOUNDS = 2
"""Minimum typed sounds that count: one alone would fit half of all names."""

_FOLDED_WORD = re.compile(r"[^\W_]+")
_SILENT = re.compile("['’ʹʼ`´]")

_Rule = tuple[re.Pattern[str], str, frozenset[str]]


def _rule(pattern: str, sound: str, needed: str = "") -> _Rule:
    """Return a rule with the letters of which at least one must occur for it to apply.

    Most words need few rules.
    """
    return re.compile(pattern), sound, frozenset(needed)


_SOUNDS: tuple[_Rule, ...] = tuple(
    _rule(*each)
    for each in (
        ("shch|sjtj|sjtsj|szcz|shh", "SX", "s"),
        ("tsch|tch|cz|ch|kh", "X", "ck"),
        ("tj(?![aeiouy])", "X", "j"),
        ("sch|sh|sz|sj(?![aeiouy])|zh|zj(?![aeiouy])", "S", "hzj"),
        ("ph", "f", "p"),
        ("th", "t", "h"),
        ("tz", "ts", "z"),
        ("ck|q|c(?![eiy])", "k", "cq"),
        ("[cz]", "s", "cz"),
        ("x", "ks", "x"),
        ("w", "v", "w"),
        ("h", "X", "h"),
        ("[yj]", "i", "yj"),
    )
)
"""Spellings of a sound, longest first. S is any of ш, ж; X is any of ч, х and their spellings."""

_JOINED: tuple[_Rule, ...] = tuple(
    _rule(*each)
    for each in (
        (r"(.)\1+", r"\1"),
        ("ti(?=[aeou])", "X", "t"),  # тя in Катя is written as ч is in Chekhov: Katja, Tjechov
        ("si(?=[aeou])", "S", "s"),  # ся in Вася as ш in Sasha: Vasja, Sasja
        ("(?<=[SX])o", "e", "o"),  # Хрущёв: Khrushchev, Chrusjtjov
        ("io|ie", "e", "i"),  # ё and е: Alyokhina, Alekhina; Yelena, Elena
        ("ae", "a", "a"),
        ("oe", "o", "o"),
        ("ue", "u", "u"),
        ("SX|sX", "S", "X"),
        (r"(.)\1+", r"\1"),
    )
)
"""The rules by which neighbouring sounds change each other, in this order."""


@dataclass(frozen=True, slots=True)
class FoldedWord:
    """A word for comparison: its letters without marks, and its sound key."""

    letters: str
    sound: str

    def begins_with(self, typed: "FoldedWord") -> bool:
        """Return whether this word begins as `typed` does, in letters or in sound."""
        if self.letters.startswith(typed.letters):
            return True
        return len(typed.sound) >= _MIN_SOUNDS and self.sound.startswith(typed.sound)


def fold_words(*texts: str) -> tuple[FoldedWord, ...]:
    """Return the words of all texts, folded."""
    found = (word for text in texts for word in _FOLDED_WORD.findall(_casefold_letters(text)))
    folded = (FoldedWord(_bare_word(word), sound_key(word)) for word in found)
    return tuple(word for word in folded if word.letters)


def bare_letters(text: str) -> tuple[str, ...]:
    """Return the words of a text in the letters of `fold_words`, without their sound."""
    words = map(_bare_word, _FOLDED_WORD.findall(_casefold_letters(text)))
    return tuple(filter(None, words))


def bare_words(*texts: str) -> tuple[str, ...]:
    """Return the words of all texts without marks or sound, for texts that are not names."""
    return tuple(word for text in texts for word in _FOLDED_WORD.findall(strip_marks(text)))


def strip_marks(text: str) -> str:
    """Return the text in lower case without marks: å is a, ё is е, й is и, ł is l."""
    if text.isascii():
        return _SILENT.sub("", text.lower())
    small = _casefold_letters(text)
    for sign in _NO_MARK.keys() & set(small):  # far faster than looking at every character
        small = small.replace(sign, _NO_MARK[sign])
    apart = unicodedata.normalize("NFKD", small)
    for mark in filter(unicodedata.combining, set(apart)):
        apart = apart.replace(mark, "")
    return apart


def _bare_word(word: str) -> str:
    """Return a word without marks; signs that NFKD takes apart, as ½ or ﷺ, stay one word."""
    bare = strip_marks(word)
    return bare if bare.isalnum() else "".join(_FOLDED_WORD.findall(bare))


def sound_key(word: str) -> str:
    """Return the sound key of a word: the same for each way of writing it."""
    bare = _bare_word(_casefold_letters(word).translate(_HUSHED))
    heard = "".join(CYRILLIC_SOUNDS.get(sign, sign) for sign in bare)
    signs = set(heard)  # far faster to look at than a word of a million letters
    for pattern, sound, needed in (*_SOUNDS, *_JOINED):
        if not needed or not needed.isdisjoint(signs):
            heard = pattern.sub(sound, heard)
            signs = set(heard)
    return heard


def begins_joined(whole: Sequence[FoldedWord], typed: Sequence[FoldedWord]) -> bool:
    """Return whether the joined words begin with the joined typed words."""
    return bool(typed) and _join_words(whole).begins_with(_join_words(typed))


def matches_all(whole: Sequence[FoldedWord], typed: Sequence[FoldedWord]) -> bool:
    """Return whether each typed word begins one of the words; nothing typed fits nothing."""
    return bool(typed) and all(any(word.begins_with(part) for word in whole) for part in typed)


def _casefold_letters(text: str) -> str:
    return _SILENT.sub("", unicodedata.normalize("NFC", text).casefold())


def _join_words(folded: Sequence[FoldedWord]) -> FoldedWord:
    return FoldedWord(
        "".join(word.letters for word in folded), "".join(word.sound for word in folded)
    )


# --- sort order

_SHORT_I, _KEPT = "й", "\ue000"
"""A separate letter, unlike ё: it is protected while marks are removed."""

_AFTER_Z = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"})
_ESTONIAN = str.maketrans(
    {"š": "s{", "z": "s|", "ž": "s}", "õ": "w{", "ä": "w|", "ö": "w}", "ü": "w~"}
)
"""The alphabet: … r s š z ž t u v w õ ä ö ü x y."""
FIRST_CYRILLIC = "\u0400"


class SortOrder(StrEnum):
    """The sort order of a list, by its readers."""

    LATIN = "latin"
    NORDIC = "nordic"
    CYRILLIC = "cyrillic"


_SORT_ORDERS = {
    "sv": SortOrder.NORDIC, "et": SortOrder.NORDIC, "fi": SortOrder.NORDIC,
    "ru": SortOrder.CYRILLIC,
}  # fmt: skip
"""The order of a language: Nordic has å, ä and ö after z. The store knows no finer order."""


def sort_order_of(language: str) -> SortOrder:
    """Return the sort order for a language of the window."""
    return _SORT_ORDERS.get(language, SortOrder.LATIN)


def plain_sort_key(name: str) -> str:
    """Return the sort key for readers who read å as a and ё as е; й sorts after и."""
    return _sort_key(_casefold_name(name))


def nordic_sort_key(name: str) -> str:
    """Return the sort key for readers who sort å, ä and ö after z."""
    return _sort_key(_casefold_name(name).translate(_AFTER_Z))


def name_sort_key(name: str, language: str) -> str:
    """Return the sort key for readers of a language of the window."""
    if language == "et":
        return _sort_key(_casefold_name(name).translate(_ESTONIAN))
    is_nordic = sort_order_of(language) is SortOrder.NORDIC
    return nordic_sort_key(name) if is_nordic else plain_sort_key(name)


def _casefold_name(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _sort_key(small: str) -> str:
    """Return the key without marks and without signs before the first letter."""
    key = strip_marks(small.replace(_SHORT_I, _KEPT)).replace(_KEPT, _SHORT_I)
    return " ".join(key.lstrip("\"'«»„“”‘’()[]-–* ").split())


_NAME_WORD = re.compile("[^\\W\\d_]+(?:['\u2019\u02bc][^\\W\\d_]+)*")
_UKRAINIAN = re.compile("[іїєґ]", re.IGNORECASE)
# --- spellings on a ticket

_SPELLING_ORDER = (
    Spelling.PASSPORT, Spelling.UKRAINIAN, Spelling.BGN, Spelling.SWEDISH, Spelling.GERMAN,
    Spelling.POLISH,
)  # fmt: skip
"""Without ISO 9: without its marks, which no ticket has, several names become one."""


def ticket_spellings(name: str) -> Mapping[str, tuple[Spelling, ...]]:
    """Return the Latin forms of a name, each with the spellings that produce it.

    Capitals stay capitals. A name without Cyrillic letters has none. The Ukrainian
    passport's form comes first if the name has a letter that only Ukrainian has.
    """
    if not is_cyrillic(name):
        return MappingProxyType({})
    first = Spelling.UKRAINIAN if _UKRAINIAN.search(name) else Spelling.PASSPORT
    found: dict[str, tuple[Spelling, ...]] = {}
    for spelling in sorted(_SPELLING_ORDER, key=lambda one: one is not first):
        spelt = _spell_name(name, spelling)
        found[spelt] = (*found.get(spelt, ()), spelling)
    return MappingProxyType(found)


def _spell_name(name: str, spelling: Spelling) -> str:
    return _NAME_WORD.sub(lambda found: _spell_word(found.group(), spelling), name)


def _spell_word(word: str, spelling: Spelling) -> str:
    if not is_cyrillic(word):
        return word
    spelt = transliterate(word, spelling)
    if word.isupper() and len(word) > 1:
        return spelt.upper()
    return spelt.capitalize() if word[0].isupper() else spelt
