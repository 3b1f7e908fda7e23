# SPDX-License-Identifier: GPL-3.0-or-later
"""The recovery key shared out over three sheets: any two give it back, one tells nothing.

K = a ⊕ b ⊕ c, where a and b are drawn at random, as Martus had it: sheet 1 has a and b, sheet 2
b and c, sheet 3 c and a. Two sheets of one set know one part in common, so that sheets of
different sets are found out here. A sheet is written like a key: sixteen groups of four, then its
number, a sign drawn for it alone, and the check sign. That sign is what makes every check sign
one of the alphabet's: were a or b drawn again for its sake, a sheet would tell a little of K.
Knows no slot and no paper.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from kfdesk.domain.desk import recovery
from kfdesk.domain.desk.recovery import KEY_BYTES

SHEETS = 3
ENOUGH = 2
"""How many of them open."""

GROUPS = 17

_PART_SIGNS = 32
WRITTEN = 2 * _PART_SIGNS + 3
"""How many signs are written on a sheet."""

_SPARE = 32

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its number, from 1, and the two parts that it knows."""

    number: int
    parts: tuple[bytes, bytes] = field(repr=False)


def share(key: bytes, random: Random) -> tuple[Sheet, ...]:
    """The key (20 bytes) shared out over three sheets."""
    a, b = random(KEY_BYTES), random(KEY_BYTES)
    parts = (a, b, _xor(key, _xor(a, b)))
    return tuple(
        Sheet(place + 1, (parts[place], parts[(place + 1) % SHEETS])) for place in range(SHEETS)
    )


def spell(sheet: Sheet, random: Random) -> tuple[str, ...]:
    """The sheet's seventeen groups."""
    number = int.from_bytes(b"".join(sheet.parts), "big")
    parts, own = recovery.signs_of(number, 2 * _PART_SIGNS), recovery.ALPHABET[sheet.number]
    while True:
        signs = parts + own + recovery.ALPHABET[random(1)[0] % _SPARE]
        if check := recovery.check_sign(signs):
            return recovery.grouped(signs + check)


def read_sheet(typed: str) -> Sheet | None:
    """The sheet that was typed, in any case, with or without spaces; None if it is none."""
    signs = recovery.checked(typed, WRITTEN)
    if not signs or not 1 <= (number := recovery.number_of(signs[-2])) <= SHEETS:
        return None
    data = recovery.number_of(signs[:-2]).to_bytes(2 * KEY_BYTES, "big")
    return Sheet(number, (data[:KEY_BYTES], data[KEY_BYTES:]))


def join(one: Sheet, other: Sheet) -> bytes | None:
    """The key of two sheets; None if they are the same sheet or of different sets."""
    if one.number == other.number:
        return None
    parts = dict(_placed(one))
    for place, part in _placed(other):
        if parts.setdefault(place, part) != part:
            return None
    a, b, c = parts.values()
    return _xor(a, _xor(b, c))


def read(typed: str) -> bytes | None:
    """The key in what was typed: a whole recovery key, or two sheets one after the other."""
    if not is_shared(typed):
        return recovery.read(typed)
    signs = recovery.plain(typed)
    one, other = read_sheet(signs[:WRITTEN]), read_sheet(signs[WRITTEN:])
    return join(one, other) if one and other else None


def is_shared(typed: str) -> bool:
    """Whether what was typed is as long as two sheets."""
    return len(recovery.plain(typed)) == 2 * WRITTEN


def _placed(sheet: Sheet) -> tuple[tuple[int, bytes], ...]:
    first = sheet.number - 1
    return (first, sheet.parts[0]), ((first + 1) % SHEETS, sheet.parts[1])


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))
