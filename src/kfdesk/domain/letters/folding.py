# SPDX-License-Identifier: GPL-3.0-or-later
"""Folding: one key for all the ways in which people write the same name.

*Shcherbakova*, *Sjtjerbakova* and *Щербакова* have the same key, and so have *Åsa Öberg*, *Asa
Oberg* and *AASA OEBERG* on a ticket. A key is for comparing alone: it is loose on purpose, since
finding one name too many costs a glance and missing one costs a person. Pure; knows no record.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from kfdesk.domain.letters.cyrillic import SOUNDS

_NO_MARK = {
    "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ß": "ss",
    "ŋ": "n", "ħ": "h", "ŧ": "t", "ґ": "г",
}  # fmt: skip
"""Letters that Unicode does not take apart into a letter and its mark."""

_HUSHED = str.maketrans({"š": "sh", "č": "ch", "ž": "zh", "ě": "e"})
"""Letters whose mark changes the sound: only a key hears it, plain typing does without."""

_FEWEST = 2
"""Sounds that must be typed before they count: one alone would fit half of all names."""

_WORD = re.compile(r"[^\W_]+")
_SILENT = re.compile("['’ʹʼ`´]")

_Rule = tuple[re.Pattern[str], str, frozenset[str]]


def _rule(pattern: str, sound: str, needed: str = "") -> _Rule:
    """A rule, and letters without all of which it has nothing to do: most words need few rules."""
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
"""What neighbours make of each other, in this order."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared: its bare letters, and how it sounds."""

    letters: str
    sound: str

    def begins_with(self, typed: "Word") -> bool:
        """Whether this word begins as `typed` does, in letters or in sound."""
        if self.letters.startswith(typed.letters):
            return True
        return len(typed.sound) >= _FEWEST and self.sound.startswith(typed.sound)


def fold(*texts: str) -> tuple[Word, ...]:
    """The words of all texts, folded."""
    found = (word for text in texts for word in _WORD.findall(_small(text)))
    return tuple(Word(simple(word), key(word)) for word in found)


def letters(text: str) -> tuple[str, ...]:
    """The words of a text in the letters that `fold` gives them, without their sound."""
    return tuple(simple(word) for word in _WORD.findall(_small(text)))


def bare_words(*texts: str) -> tuple[str, ...]:
    """The words of all texts in bare letters, without their sound: for texts that are no names."""
    return tuple(word for text in texts for word in _WORD.findall(simple(text)))


def simple(text: str) -> str:
    """The text in small letters without their marks: å is a, ё is е, й is и, ł is l."""
    if text.isascii():
        return _SILENT.sub("", text.lower())
    small = _small(text)
    for sign in _NO_MARK.keys() & set(small):  # far quicker than to look at every sign
        small = small.replace(sign, _NO_MARK[sign])
    apart = unicodedata.normalize("NFKD", small)
    for mark in filter(unicodedata.combining, set(apart)):
        apart = apart.replace(mark, "")
    return apart


def key(word: str) -> str:
    """How a word sounds: the same for each way of writing it."""
    bare = simple(_small(word).translate(_HUSHED))
    heard = "".join(SOUNDS.get(sign, sign) for sign in bare)
    for pattern, sound, needed in (*_SOUNDS, *_JOINED):
        if not needed or not needed.isdisjoint(heard):
            heard = pattern.sub(sound, heard)
    return heard


def begins(whole: Sequence[Word], typed: Sequence[Word]) -> bool:
    """Whether words begin with what was typed as one, whatever stood between its words."""
    return bool(typed) and _joined(whole).begins_with(_joined(typed))


def fits(whole: Sequence[Word], typed: Sequence[Word]) -> bool:
    """Whether each typed word begins one of the words; nothing typed fits nothing."""
    return bool(typed) and all(any(word.begins_with(part) for word in whole) for part in typed)


def _small(text: str) -> str:
    return _SILENT.sub("", unicodedata.normalize("NFC", text).casefold())


def _joined(folded: Sequence[Word]) -> Word:
    return Word("".join(word.letters for word in folded), "".join(word.sound for word in folded))
