# SPDX-License-Identifier: GPL-3.0-or-later
"""Telephone numbers as they are dialled: in E.164, and as one country writes them for itself.

A number is kept as it was typed; these two follow from it each time. Where nobody can tell which
country a number belongs to, it is nothing more than its digits. Knows no record.
"""

from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

_KEPT = 20_000


@lru_cache(_KEPT)
def e164(typed: str, country: str = "") -> str:
    """The number with + and all its digits; empty where it cannot be one.

    `country` is where it was typed for, as its organisation's; a number with + needs none.
    """
    found = _parsed(typed, country)
    return phonenumbers.format_number(found, PhoneNumberFormat.E164) if found is not None else ""


@lru_cache(_KEPT)
def dialled(typed: str, country: str, caller: str) -> str:
    """The number as somebody in the country `caller` dials it; as typed where nobody can tell."""
    found = _parsed(typed, country)
    if found is None:
        return typed
    if caller and phonenumbers.country_code_for_region(caller) == found.country_code:
        return phonenumbers.format_number(found, PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_number(found, PhoneNumberFormat.INTERNATIONAL)


def national(typed: str) -> str:
    """The digits after the country's, of a number with + or the beginning of one; else empty."""
    found = _parsed(typed, "")
    if found is not None:
        return str(found.national_number)
    digits = "".join(sign for sign in typed if sign.isdecimal())
    is_abroad = typed.strip().startswith("+")
    return next((digits[n:] for n in (1, 2, 3) if is_abroad and _is_country(digits[:n])), "")


def _is_country(digits: str) -> bool:
    """Whether these are the digits of a country, which no longer ones begin with."""
    return digits.isdecimal() and int(digits) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE


def _parsed(typed: str, country: str) -> PhoneNumber | None:
    try:
        found = phonenumbers.parse(typed.replace("(0)", ""), country or None)
    except NumberParseException:
        return None
    return found if phonenumbers.is_possible_number(found) else None
