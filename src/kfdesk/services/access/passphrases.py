# SPDX-License-Identifier: GPL-3.0-or-later
"""Passphrases made of words: drawn at random, measured, and compared with what was typed back.

The words and the source of randomness are handed in; nothing here reads a list, keeps a passphrase
or knows a store. What counts as the passphrase is its plain form: lower-case words with single
spaces between them, so that neither capital letters nor spaces can shut anybody out.
"""

import math
import unicodedata
from collections.abc import Callable, Sequence

COUNT = 6
"""How many words a passphrase has; fewer would be too few for the lists that we have."""

LEAST_SIGNS = 12
"""Nothing shorter is taken as a passphrase, wherever it comes from."""

_DRAWN = 4  # bytes for one word


def generate(words: Sequence[str], count: int, random: Callable[[int], bytes]) -> tuple[str, ...]:
    """Draw `count` words, each as likely as any other; a word may come twice.

    `random` gives that many random bytes. Raises ValueError for fewer than COUNT words, and for
    a list that is no choice.
    """
    if count < COUNT or len(words) < 2:
        raise ValueError(count)
    return tuple(words[_below(len(words), random)] for _ in range(count))


def bits(words_in_list: int, count: int) -> float:
    """How hard `count` words from such a list are to guess: the logarithm of all possibilities."""
    return count * math.log2(words_in_list)


def plain(typed: str) -> str:
    """What was typed, as it counts: composed (NFC), in lower case, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", typed).lower().split())


def matches(typed: str, words: Sequence[str]) -> int:
    """How many words are right, counted from the first to the first that is not."""
    right = 0
    for one, other in zip(plain(typed).split(), words, strict=False):
        if one != other:
            break
        right += 1
    return right


def is_whole(typed: str, words: Sequence[str]) -> bool:
    """Whether exactly these words were typed, in this order."""
    return plain(typed) == " ".join(words)


def is_astray(typed: str, words: Sequence[str]) -> bool:
    """Whether typing on cannot make it right any more."""
    so_far = plain(typed)
    if so_far and typed[-1:].isspace() and not is_whole(typed, words):
        so_far += " "
    return not " ".join(words).startswith(so_far)


def _below(limit: int, random: Callable[[int], bytes]) -> int:
    """A number from 0 to `limit`, itself excluded; a draw from the uneven rest is thrown away."""
    span: int = 1 << (8 * _DRAWN)
    even = span - span % limit
    while (number := int.from_bytes(random(_DRAWN), "big")) >= even:
        pass
    return number % limit
