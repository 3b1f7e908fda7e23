# SPDX-License-Identifier: GPL-3.0-or-later
"""Names in Arabic letters, compared by their consonants with names in Latin or Cyrillic ones.

Arabic writes consonants and long vowels, so a name has few ways in and many ways out: `فيميسلوفا`
is `Vymyslova`. A short name is compared with its vowels, too, else half of all words would be
`Eva`. The article and particles are written as one with a word, so a word is also read without
them. A false finding about a name can be overruled by a second person; a missed one cannot.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from kfdesk.domain.leak_check.spelling import casefold_text, spellings

_CACHE_SIZE = 16_384
_ARABIC = re.compile("[\u0621-\u06d3]")
_VOWEL = "-"
_LETTERS: Mapping[str, str] = {
    letter: sound
    for sound, letters in {
        "b": "بپ", "t": "تط", "d": "دض", "s": "سصث", "z": "زظذ", "x": "شچژ", "j": "ج", "g": "غگڭ",
        "k": "كقک", "h": "هحھ", "c": "خ", "f": "فڤ", "l": "ل", "m": "م", "n": "ن", "r": "ر",
        _VOWEL: "اوىيةعءٱآأإؤئیېےە",
    }.items()
    for letter in letters
}  # fmt: skip
"""The sound of each Arabic letter; alif, waw, ya and ain stand for vowels in foreign names."""
_SOUNDS: Mapping[str, tuple[str, ...]] = {
    "shch": ("x", "xt", "xx"), "schtsch": ("x", "xt", "xx"), "tsch": ("tx", "x"), "sch": ("x",),
    "szcz": ("x", "xt"), "sjtj": ("x", "xt"), "sh": ("x",), "sj": ("x", "s-"), "sz": ("x", "s"),
    "cz": ("tx", "x"), "tj": ("tx", "x", "t-"), "ch": ("tx", "x", "c", "k"), "zh": ("j", "x", "z"),
    "zj": ("j", "x", "z-"), "kh": ("c", "k"), "gh": ("g",), "th": ("t", "s"), "ph": ("f",),
    "ts": ("ts", "s"), "tz": ("ts", "z"), "dz": ("dz", "z"), "dj": ("j",), "ck": ("k",),
    "x": ("ks", "c"), "q": ("k",), "b": ("b",), "p": ("b",), "t": ("t",), "d": ("d",),
    "s": ("s", "z", "x"), "z": ("z", "s", "ts", "j"), "c": ("k", "s", "ts", "tx"), "k": ("k",),
    "g": ("g", "j", "k"), "h": ("h", ""), "j": ("j", _VOWEL), "f": ("f",),
    "v": ("f", _VOWEL), "w": (_VOWEL, "f"), "l": ("l",), "m": ("m",), "n": ("n",), "r": ("r",),
}  # fmt: skip
_GRAPHEME = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)) + "|.")
_VOWELS = "aeiouy"
_MOST_WAYS = 256
"""Ways in which the beginning of a word is kept: enough for four letters of three sounds each."""
_SHORT = 3
"""A name with fewer consonants is compared with its vowels."""
_BEFORE = ("", "و", "ف", "ب", "ك", "ل")
_ARTICLES = ("", "ال", "لل")
_LEAST = 2


def is_arabic(text: str) -> bool:
    """Return whether a text has an Arabic letter."""
    return _ARABIC.search(text) is not None


@lru_cache(maxsize=_CACHE_SIZE)
def arabic_sounds(word: str) -> tuple[str, ...]:
    """Return how an Arabic word sounds: as it is, and without what may be written before it."""
    apart = unicodedata.normalize("NFKD", casefold_text(word))
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    bare = (
        plain.removeprefix(before + article)
        for before in _BEFORE
        for article in _ARTICLES
        if plain.startswith(before + article)
    )
    ways = (_sounds_of(one) for one in bare if len(one) >= _LEAST)
    return tuple(dict.fromkeys(way for both in ways for way in both))


def _sounds_of(word: str) -> tuple[str, ...]:
    """Return how a word sounds; a last `ه` is often typed for the ending `ة`, which is a vowel."""
    sounds = _short("".join(_LETTERS.get(letter, letter) for letter in word))
    return (sounds, _short(sounds[:-1] + _VOWEL)) if word[-1] in "هھہ" else (sounds,)


@lru_cache(maxsize=_CACHE_SIZE)
def written_sounds(word: str) -> frozenset[str]:
    """Return how a word may sound if it is written in Arabic; the word itself if it is Arabic."""
    if is_arabic(word):
        return frozenset(arabic_sounds(word))
    return frozenset(way for form in spellings(word) if form.isascii() for way in _ways(form))


def _ways(form: str) -> Iterable[str]:
    ways = [""]
    for part in _GRAPHEME.findall(form):
        sounds = _SOUNDS.get(part) or (_VOWEL if part in _VOWELS else part,)
        ways = list(dict.fromkeys(_joined(way, sound) for way in ways for sound in sounds))
        del ways[_MOST_WAYS:]
    return ways


def _joined(before: str, sound: str) -> str:
    return before + (sound[1:] if before and before[-1] == sound[:1] else sound)


def _short(sounds: str) -> str:
    """Return sounds in which no sound stands twice in a row, as Arabic writes them."""
    return re.sub(r"(.)\1+", r"\1", sounds)


def consonants(sounds: str) -> str:
    """Return the sounds without vowels, by which names are looked up."""
    return _short(sounds.replace(_VOWEL, ""))


def sounds_alike(one: str, other: str) -> bool:
    """Return whether two words may be one name, in any letters; the vowels of a short one count."""
    return any(
        _is_one_name(first, second)
        for first in written_sounds(one)
        for second in written_sounds(other)
    )


def _is_one_name(one: str, other: str) -> bool:
    same = consonants(one)
    if same != consonants(other):
        return False
    begins_alike = one[:1] == other[:1] and len(same) > 1 and one[:1] == _VOWEL
    return one == other or len(same) >= _SHORT or begins_alike


def sound_keys(word: str) -> tuple[str, ...]:
    """Return the consonants by which a word is looked up."""
    return tuple(dict.fromkeys(consonants(sounds) for sounds in written_sounds(word)))
