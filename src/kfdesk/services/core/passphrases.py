# SPDX-License-Identifier: GPL-3.0-or-later
"""Passphrases made of words: draw them at random, measure them, compare what was typed.

The caller hands in the word list and the source of randomness. This module reads no list,
keeps no passphrase and knows no store. What counts is the normalized form: lower-case words
with single spaces. So neither capital letters nor spaces can lock anybody out.
"""

import math
import unicodedata
from collections.abc import Callable, Sequence

WORD_COUNT = 6
"""How many words a passphrase has; fewer would be too few for the lists that we have."""

MIN_LENGTH = 12
"""Nothing shorter is taken as a passphrase, wherever it comes from."""

_BYTES_PER_WORD = 4  # bytes for one word


def generate_passphrase(
    words: Sequence[str], count: int, random: Callable[[int], bytes]
) -> tuple[str, ...]:
    """Draw `count` words, each with equal probability; a word may occur twice.

    `random` returns that many random bytes. Raise ValueError for fewer than WORD_COUNT words, or
    for a list with fewer than two words.
    """
    if count < WORD_COUNT or len(words) < 2:
        raise ValueError(count)
    return tuple(words[_random_below(len(words), random)] for _ in range(count))


def entropy_bits(words_in_list: int, count: int) -> float:
    """Return the entropy in bits of `count` words drawn from a list of `words_in_list` words."""
    return count * math.log2(words_in_list)


def normalize_passphrase(typed: str) -> str:
    """Normalize what was typed: composed (NFC), lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", typed).lower().split())


def count_matching_words(typed: str, words: Sequence[str]) -> int:
    """Count the words that are right, from the first up to the first wrong one."""
    right = 0
    for one, other in zip(normalize_passphrase(typed).split(), words, strict=False):
        if one != other:
            break
        right += 1
    return right


def is_complete(typed: str, words: Sequence[str]) -> bool:
    """Return whether exactly these words were typed, in this order."""
    return normalize_passphrase(typed) == " ".join(words)


def is_off_track(typed: str, words: Sequence[str]) -> bool:
    """Return whether the text can no longer become right by typing on."""
    so_far = normalize_passphrase(typed)
    if so_far and typed[-1:].isspace() and not is_complete(typed, words):
        so_far += " "
    return not " ".join(words).startswith(so_far)


def _random_below(limit: int, random: Callable[[int], bytes]) -> int:
    """Draw a uniform number from 0 up to, not including, `limit`; redraw what would bias it."""
    span: int = 1 << (8 * _BYTES_PER_WORD)
    even = span - span % limit
    while (number := int.from_bytes(random(_BYTES_PER_WORD), "big")) >= even:
        pass
    return number % limit
