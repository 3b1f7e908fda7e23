# SPDX-License-Identifier: GPL-3.0-or-later
"""The recovery key: its spelling with a check character, and its split over three sheets.

The key has 32 random bytes, written as sixteen groups of four and a check character.

Any two sheets restore it, and one reveals nothing: K = a ⊕ b ⊕ c, where a and b are
random (as in Martus). Sheet 1 has a and b, sheet 2 b and c, sheet 3 c and a. Two sheets
of one set share one part, so sheets of different sets are detected. A sheet is written
like a key: sixteen groups, then its number, a random character and the check character.
The random character is redrawn until the check character is in the alphabet. If a or b
were redrawn instead, a sheet would reveal a little of K. No key slots and no paper here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

RECOVERY_KEY_BYTES = 20


KEY_GROUPS = 9
"""The number of groups: eight of four characters, then the check character."""


ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


_SIGNS = 32


KEY_SIGNS = _SIGNS + 1
"""The number of characters with the check character."""


IN_GROUP = 4


_PRIME = 37


_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


_BETWEEN = frozenset(" -–—\t\n\r\u00a0\u2003")


# --- the key


def generate_key(random: Callable[[int], bytes]) -> bytes:
    """Generate a key of 160 bits, less the 0.2 bits that the check character costs."""
    while int.from_bytes(key := random(RECOVERY_KEY_BYTES), "big") % _PRIME >= len(ALPHABET):
        pass
    return key


def spell_key(key: bytes) -> tuple[str, ...]:
    """Return the nine groups of the key."""
    signs = encode_number(int.from_bytes(key, "big"), _SIGNS)
    return (*group_signs(signs), check_sign(signs))


def parse_key(typed: str) -> bytes | None:
    """Return the key that was typed, in any case and spacing; None if it is not valid.

    None means only that a character is missing, foreign or wrong. The store is not asked.
    """
    signs = strip_check_sign(typed, KEY_SIGNS)
    return decode_number(signs).to_bytes(RECOVERY_KEY_BYTES, "big") if signs else None


def encode_number(number: int, count: int) -> str:
    """Return a number in `count` characters, the highest first."""
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(count)))


def decode_number(signs: str) -> int:
    """Return the number that characters of the alphabet encode."""
    number = 0
    for sign in signs:
        number = number << 5 | ALPHABET.index(sign)
    return number


def group_signs(signs: str) -> tuple[str, ...]:
    """Return characters in groups of four; the last group may be shorter."""
    return tuple(signs[start : start + IN_GROUP] for start in range(0, len(signs), IN_GROUP))


def check_sign(signs: str) -> str:
    """Return the check character; empty if it would not be in the alphabet."""
    rest = decode_number(signs) % _PRIME
    return ALPHABET[rest] if rest < len(ALPHABET) else ""


def strip_check_sign(typed: str, count: int) -> str:
    """Return the typed text without its check character; empty if it is not valid.

    It must be `count` characters long with the check character.
    """
    signs = normalize_typed(typed)
    if len(signs) != count or not set(signs) <= set(ALPHABET):
        return ""
    return signs[:-1] if check_sign(signs[:-1]) == signs[-1] else ""


def normalize_typed(typed: str) -> str:
    """Return the typed text normalized: upper case, no separators, O as 0, I and L as 1."""
    signs = "".join(sign for sign in typed.upper() if sign not in _BETWEEN)
    return signs.translate(_READ_AS)


def count_matching_groups(typed: str, groups: Sequence[str]) -> int:
    """Return how many leading groups are right."""
    left, right = normalize_typed(typed), 0
    for group in groups:
        if not left.startswith(group):
            break
        left, right = left[len(group) :], right + 1
    return right


def is_complete_key(typed: str, groups: Sequence[str]) -> bool:
    """Return whether exactly this key was typed."""
    return normalize_typed(typed) == "".join(groups)


def has_typing_error(typed: str, groups: Sequence[str]) -> bool:
    """Return whether further typing cannot make the text right any more."""
    return not "".join(groups).startswith(normalize_typed(typed))


# --- the three sheets

SHEET_COUNT = 3


SHEETS_NEEDED = 2
"""The number of sheets that restore the key."""


SHEET_GROUPS = 17


_PART_SIGNS = 32


SHEET_SIGNS = 2 * _PART_SIGNS + 3
"""The number of characters on a sheet."""


_SPARE = 32


Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class KeyShareSheet:
    """One sheet: its number, from 1, and its two parts."""

    number: int
    parts: tuple[bytes, bytes] = field(repr=False)


def split_key(key: bytes, random: Random) -> tuple[KeyShareSheet, ...]:
    """Split the key (20 bytes) over three sheets."""
    a, b = random(RECOVERY_KEY_BYTES), random(RECOVERY_KEY_BYTES)
    parts = (a, b, _xor(key, _xor(a, b)))
    return tuple(
        KeyShareSheet(place + 1, (parts[place], parts[(place + 1) % SHEET_COUNT]))
        for place in range(SHEET_COUNT)
    )


def spell_sheet(sheet: KeyShareSheet, random: Random) -> tuple[str, ...]:
    """Return the seventeen groups of the sheet."""
    number = int.from_bytes(b"".join(sheet.parts), "big")
    parts, own = encode_number(number, 2 * _PART_SIGNS), ALPHABET[sheet.number]
    while True:
        signs = parts + own + ALPHABET[random(1)[0] % _SPARE]
        if check := check_sign(signs):
            return group_signs(signs + check)


def read_sheet(typed: str) -> KeyShareSheet | None:
    """Return the sheet that was typed, in any case and spacing; None if it is not valid."""
    signs = strip_check_sign(typed, SHEET_SIGNS)
    if not signs or not 1 <= (number := decode_number(signs[-2])) <= SHEET_COUNT:
        return None
    data = decode_number(signs[:-2]).to_bytes(2 * RECOVERY_KEY_BYTES, "big")
    return KeyShareSheet(number, (data[:RECOVERY_KEY_BYTES], data[RECOVERY_KEY_BYTES:]))


def combine_sheets(one: KeyShareSheet, other: KeyShareSheet) -> bytes | None:
    """Return the key of two sheets; None for the same sheet twice or for different sets."""
    if one.number == other.number:
        return None
    parts = dict(_parts_by_place(one))
    for place, part in _parts_by_place(other):
        if parts.setdefault(place, part) != part:
            return None
    a, b, c = parts.values()
    return _xor(a, _xor(b, c))


def parse_key_or_sheets(typed: str) -> bytes | None:
    """Return the key from the typed text: a whole recovery key, or two sheets in a row."""
    if not is_two_sheets(typed):
        return parse_key(typed)
    signs = normalize_typed(typed)
    one, other = read_sheet(signs[:SHEET_SIGNS]), read_sheet(signs[SHEET_SIGNS:])
    return combine_sheets(one, other) if one and other else None


def is_two_sheets(typed: str) -> bool:
    """Return whether the typed text is as long as two sheets."""
    return len(normalize_typed(typed)) == 2 * SHEET_SIGNS


def _parts_by_place(sheet: KeyShareSheet) -> tuple[tuple[int, bytes], ...]:
    first = sheet.number - 1
    return (first, sheet.parts[0]), ((first + 1) % SHEET_COUNT, sheet.parts[1])


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))
