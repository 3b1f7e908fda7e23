# SPDX-License-Identifier: GPL-3.0-or-later
"""Printed telephone numbers: `+46 70 174 06 15`, grouped as one dials it.

Of the countries on the ways home only the digits count, not how somebody typed them; of others
the typed groups are kept. A text that is no international number, or that says more than one,
stays as it is.

Source: country codes of ITU-T E.164; the notation of ITU-T E.123; Swedish area codes of PTS.
"""

import re
from collections.abc import Mapping
from itertools import pairwise

_INTERNATIONAL = re.compile(r"\+[\d\s().\-/\u2010-\u2015]+")
_DIVIDERS = re.compile(r"\D+")
_TRUNK = re.compile(r"\(\s*0\s*\)")
_FEWEST, _MOST = 7, 15
"""The digits of a number with its country code (ITU-T E.164)."""

_SHORT_CODES = frozenset(
    {
        "1", "7", "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43",
        "44", "45", "46", "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58",
        "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90", "91", "92",
        "93", "94", "95", "98",
    }
)  # fmt: skip
"""Country codes of one or two digits; all others have three."""

_NATIONAL_GROUPS: Mapping[str, Mapping[int, tuple[int, ...]]] = {
    "7": {10: (3, 3, 2, 2)},
    "40": {9: (3, 3, 3)},
    "45": {8: (2, 2, 2, 2)},
    "47": {8: (3, 2, 3)},
    "48": {9: (3, 3, 3)},
    "359": {8: (2, 3, 3), 9: (3, 3, 3)},
    "370": {8: (3, 2, 3)},
    "371": {8: (2, 3, 3)},
    "372": {7: (3, 4), 8: (4, 4)},
    "373": {8: (2, 3, 3)},
    "375": {9: (2, 3, 2, 2)},
    "380": {9: (2, 3, 2, 2)},
}
"""The groups of a national number, by country code and count of digits."""

_SWEDISH_AREAS = frozenset(
    {
        "10", "11", "13", "16", "18", "19", "20", "21", "23", "26", "31", "33", "35", "36",
        "40", "42", "44", "46", "54", "60", "63", "70", "72", "73", "76", "79", "90",
    }
)  # fmt: skip
_SUBSCRIBER_GROUPS: Mapping[int, tuple[int, ...]] = {
    5: (3, 2), 6: (2, 2, 2), 7: (3, 2, 2), 8: (3, 3, 2)
}  # fmt: skip


def dialled_groups(text: str) -> str:
    """Return the number in international notation, its groups divided by spaces."""
    bare = _TRUNK.sub("", text.strip())
    digits = "".join(sign for sign in bare if sign.isdecimal())
    if not (_INTERNATIONAL.fullmatch(bare) and digits.isascii()):
        return text
    if not _FEWEST <= len(digits) <= _MOST:
        return text
    code = next((digits[:size] for size in (1, 2) if digits[:size] in _SHORT_CODES), digits[:3])
    typed = _DIVIDERS.split(bare.strip("+ "))
    return f"+{code} {' '.join(_national_groups(code, digits[len(code) :], typed))}"


def _national_groups(code: str, digits: str, typed: list[str]) -> list[str]:
    """Return the groups of a national number; `typed` are those of the whole number."""
    if code == "46":
        area = 1 if digits.startswith("8") else 2 if digits[:2] in _SWEDISH_AREAS else 3
        rest = digits[area:]
        return [digits[:area], *_cut(rest, _SUBSCRIBER_GROUPS.get(len(rest), ()))]
    if code in _NATIONAL_GROUPS:
        return _cut(digits, _NATIONAL_GROUPS[code].get(len(digits), ()))
    kept = [one for one in (typed[0].removeprefix(code), *typed[1:]) if one]
    is_grouped = len(kept) > 1 and "".join(kept) == digits and all(len(one) > 1 for one in kept)
    return kept if is_grouped else _cut(digits, ())


def _cut(digits: str, sizes: tuple[int, ...]) -> list[str]:
    """Cut digits into groups of these sizes, or into threes without a single digit at the end."""
    if not sizes:
        threes, rest = divmod(len(digits), 3)
        tail = {0: (3,) * threes, 1: (*(3,) * (threes - 1), 2, 2), 2: (*(3,) * threes, 2)}
        sizes = tail[rest]
    ends = [sum(sizes[:place]) for place in range(len(sizes) + 1)]
    return [digits[begin:end] for begin, end in pairwise(ends)]
