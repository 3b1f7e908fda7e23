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

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SIGNS = 32
_IN_GROUP = 4
_PRIME = 37
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = frozenset(" -–—\t\u00a0\u2003")


def draw(random: Callable[[int], bytes]) -> bytes:
    """A new key of 160 bits, less the fifth of a bit that the check sign costs."""
    while int.from_bytes(key := random(KEY_BYTES), "big") % _PRIME >= len(_ALPHABET):
        pass
    return key


def spell(key: bytes) -> tuple[str, ...]:
    """The key's nine groups."""
    number = int.from_bytes(key, "big")
    signs = "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_SIGNS)))
    groups = [signs[start : start + _IN_GROUP] for start in range(0, _SIGNS, _IN_GROUP)]
    return (*groups, _ALPHABET[number % _PRIME])


def read(typed: str) -> bytes | None:
    """The key that was typed, in any case, with or without spaces; None if it is none.

    Says nothing of any store: it is None where a sign is missing, foreign or wrong.
    """
    signs = plain(typed)
    if len(signs) != _SIGNS + 1 or not set(signs) <= set(_ALPHABET):
        return None
    number = 0
    for sign in signs[:-1]:
        number = number << 5 | _ALPHABET.index(sign)
    is_right = number % _PRIME == _ALPHABET.index(signs[-1])
    return number.to_bytes(KEY_BYTES, "big") if is_right else None


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
