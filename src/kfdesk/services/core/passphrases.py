# SPDX-License-Identifier: GPL-3.0-or-later
"""Passphrases made of words: draw them, check new ones, measure them, compare what was typed.

`check_new_passphrase` is the one rule for every passphrase that is set: at the first run, for a
new laptop, for another user, by a change and by the recovery key. A passphrase that only opens
what exists is not checked, so that nobody is locked out. The caller hands in the word list and
the source of randomness. This module reads no list, keeps no passphrase and knows no store.
What counts is the normalized form: lower-case words with single spaces. So neither capital
letters nor spaces can lock anybody out.
"""

import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise

from kfdesk.domain.errors import KfdeskError

WORD_COUNT = 6
"""The number of words of a passphrase; fewer would be too few for the lists that we have."""

MIN_LENGTH = 12
"""Nothing shorter is taken as a passphrase, wherever it comes from."""

_MIN_FREE = 8  # signs left when whatever can be foreseen is taken away
_MIN_DISTINCT = 5
_MEASURED = 200  # signs; a longer passphrase is measured by its beginning
_MIN_NAME = 3  # shorter words of a name occur in any sentence
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0\u034f"  # letters and symbols that show nothing
_MIN_DIGITS = 20  # of a passphrase without letters: no date, no telephone number
_COMMON = (
    "password", "passphrase", "passwort", "passord", "lösenord", "lösenfras", "пароль", "kfdesk",
    "letmein", "welcome", "välkommen", "administrator", "admin", "secret", "hemligt", "секрет",
    "iloveyou",
)  # fmt: skip
_KEY_ROWS = (
    "1234567890", "qwertyuiopå", "qwertz", "azerty", "asdfghjklöä", "zxcvbnm", "1qaz2wsx3edc4rfv",
    "qazwsxedcrfvtgb", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "йцукенгшщзхъ",
    "фывапролджэ", "ячсмитьбю",
)  # fmt: skip
_LOOK_ALIKE = str.maketrans("@430157$!|аеорсухікмнв", "aaeoistsiiaeopcyxikmhb")

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


def normalize_passphrase(typed: str) -> str:
    """Normalize what was typed: composed (NFC), lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", typed).lower().split())


def check_new_passphrase(passphrase: str, house: str = "") -> str:
    """Check a passphrase that is to be set, and return its normalized form.

    It must have MIN_LENGTH visible signs with its spaces. It must not be easy to guess: little
    is left of it without repeated words, runs such as "1234" or "qwerty", common words, and the
    name of the organisation, `house`. Neither other signs for letters nor signs between them
    hide a word, and without letters it must have _MIN_DIGITS digits. Raise KfdeskError
    `user.short_passphrase` or `user.weak_passphrase`.
    """
    typed = normalize_passphrase(passphrase)
    visible = " ".join("".join(sign for sign in typed if sign == " " or _is_visible(sign)).split())
    if len(visible) < MIN_LENGTH:
        raise KfdeskError("user.short_passphrase")
    is_number = not any(map(str.isalpha, visible)) and len(visible) < _MIN_DIGITS
    if is_number or any(map(_is_weak, _forms(visible[:_MEASURED]), _forms(house))):
        raise KfdeskError("user.weak_passphrase")
    return typed


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


def _is_visible(sign: str) -> bool:
    """Return whether a sign can be seen and told from others; a blank letter cannot."""
    return unicodedata.category(sign)[0] in "LNPSM" and sign not in _BLANKS


def _forms(text: str) -> tuple[str, ...]:
    """Return a text as it is and with plain letters for signs, each also without gaps."""
    whole = unicodedata.normalize("NFKD", text).lower()
    bare = "".join(sign for sign in whole if not unicodedata.combining(sign))
    plain = bare.translate(_LOOK_ALIKE)
    joined = ("".join(filter(str.isalnum, one)) for one in (bare, plain))
    return normalize_passphrase(text), plain, *joined


def _is_weak(typed: str, house: str) -> bool:
    free = _free_signs(typed, house)
    return len(free) < _MIN_FREE or len(set(free)) < _MIN_DISTINCT


def _free_signs(typed: str, house: str) -> str:
    """Return the signs that somebody who guesses cannot foresee; `house` has the same form."""
    names = sorted((word for word in house.split() if len(word) >= _MIN_NAME), key=len)
    common = [form for word in _COMMON for form in dict.fromkeys(_forms(word))]
    for known in (*common, house, *reversed(names)):
        for spelt in (known, known[::-1]):
            typed = typed.replace(spelt, spelt[:1]) if spelt else typed
    signs = "".join(dict.fromkeys(typed.split()))
    size = len(signs)
    period = next((few for few in range(1, size) if signs == (signs[:few] * size)[:size]), size)
    signs = "".join(
        sign for before, sign in pairwise(f" {signs[:period]}") if sign != before
    )  # a doubled sign is one
    return "".join(
        sign
        for place, sign in enumerate(signs)
        if not any(_is_run(signs[max(0, end - 2) : end + 1]) for end in (place, place + 1))
    )


def _is_run(three: str) -> bool:
    """Return whether three signs are equal, follow in the alphabet, or lie beside each other."""
    if len(three) < 3:
        return False
    first, second, third = map(ord, three)
    if second - first == third - second and abs(second - first) <= 1:
        return True
    return any(three in row or three[::-1] in row for row in _KEY_ROWS)
