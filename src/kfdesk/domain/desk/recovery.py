# SPDX-License-Identifier: GPL-3.0-or-later
"""The recovery key in letters: eight groups of four and a check sign, to be copied by hand.

Crockford's base 32: no I, L, O or U, and those that people write all the same are read as 1, 1, 0
and refused. The check sign is the number modulo 37, which finds any one wrong sign and any two
that changed places; keys whose check sign would be none of the 32 are not drawn. Knows no slot.
"""

from collections.abc import Callable, Sequence

KEY_BYTES = 20
GROUPS = 9
"""How many groups are written: eight of four signs, then the check sign alone."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SIGNS = 32
WRITTEN = _SIGNS + 1
"""How many signs are written, the check sign among them."""

IN_GROUP = 4
_PRIME = 37
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = frozenset(" -–—\t\n\r\u00a0\u2003")


def draw(random: Callable[[int], bytes]) -> bytes:
    """A new key of 160 bits, less the fifth of a bit that the check sign costs."""
    while int.from_bytes(key := random(KEY_BYTES), "big") % _PRIME >= len(ALPHABET):
        pass
    return key


def spell(key: bytes) -> tuple[str, ...]:
    """The key's nine groups."""
    signs = signs_of(int.from_bytes(key, "big"), _SIGNS)
    return (*grouped(signs), check_sign(signs))


def read(typed: str) -> bytes | None:
    """The key that was typed, in any case, with or without spaces; None if it is none.

    Says nothing of any store: it is None where a sign is missing, foreign or wrong.
    """
    signs = checked(typed, WRITTEN)
    return number_of(signs).to_bytes(KEY_BYTES, "big") if signs else None


def signs_of(number: int, count: int) -> str:
    """A number in so many signs, the highest first."""
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(count)))


def number_of(signs: str) -> int:
    """The number that signs of the alphabet write."""
    number = 0
    for sign in signs:
        number = number << 5 | ALPHABET.index(sign)
    return number


def grouped(signs: str) -> tuple[str, ...]:
    """Signs in fours, the last group perhaps shorter."""
    return tuple(signs[start : start + IN_GROUP] for start in range(0, len(signs), IN_GROUP))


def check_sign(signs: str) -> str:
    """The check sign of these signs; empty where it would be none of the alphabet."""
    rest = number_of(signs) % _PRIME
    return ALPHABET[rest] if rest < len(ALPHABET) else ""


def checked(typed: str, count: int) -> str:
    """What was typed without its check sign, if it is `count` signs long with it, and right."""
    signs = plain(typed)
    if len(signs) != count or not set(signs) <= set(ALPHABET):
        return ""
    return signs[:-1] if check_sign(signs[:-1]) == signs[-1] else ""


def plain(typed: str) -> str:
    """What was typed, as it counts: capital letters, nothing between them, O as 0, I and L as 1."""
    signs = "".join(sign for sign in typed.upper() if sign not in _BETWEEN)
    return signs.translate(_READ_AS)


def matches(typed: str, groups: Sequence[str]) -> int:
    """How many groups are right, counted from the first to the first that is not."""
    left, right = plain(typed), 0
    for group in groups:
        if not left.startswith(group):
            break
        left, right = left[len(group) :], right + 1
    return right


def is_whole(typed: str, groups: Sequence[str]) -> bool:
    """Whether exactly this key was typed."""
    return plain(typed) == "".join(groups)


def is_astray(typed: str, groups: Sequence[str]) -> bool:
    """Whether typing on cannot make it right any more."""
    return not "".join(groups).startswith(plain(typed))
