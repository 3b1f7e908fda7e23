# SPDX-License-Identifier: GPL-3.0-or-later
"""Which telephone numbers ring from another country, by their digits alone.

Free-phone numbers and short ones do not: they are barred or answer at home only. 112 is the
paper's own and stands in no field. Knows no record.

Source: the metadata of libphonenumber 9.0.42, read country by country; a number is free-phone
here if it is toll-free there. That +800 (ITU-T E.169.1) reaches few mobile networks is no word of
that source, but the reason why it is refused like the rest. A country is one line: after its code,
how its free-phone numbers begin.
"""

from collections.abc import Mapping

FREE_PHONE: Mapping[str, tuple[str, ...]] = {
    "1": ("800", "833", "844", "855", "866", "877", "888"),
    "7": ("800", "804"),  # Russia and Kazakhstan
    "30": ("800",),
    "31": ("800",),
    "32": ("800",),
    "33": ("800", "801", "802", "803", "804", "805"),
    "34": ("800", "900"),
    "36": ("40", "80", "6802", "6809"),
    "39": ("800", "803"),
    "40": ("800",),
    "41": ("800",),
    "43": ("800",),
    "44": ("800", "808"),
    "45": ("80",),
    "46": ("20",),
    "47": ("800", "801"),
    "48": ("800",),
    "49": ("800",),
    "55": ("800",),
    "63": ("1800",),
    "66": ("1800",),
    "84": ("1800",),
    "86": ("800",),
    "90": ("800", "811"),
    "351": ("800", "802"),
    "352": ("800",),
    "353": ("1800",),
    "354": ("80",),
    "355": ("800",),
    "356": ("800",),
    "357": ("800",),
    "358": ("800",),
    "359": ("800", "00800"),
    "370": ("800", "802"),
    "371": ("80",),
    "372": ("800",),
    "373": ("800",),
    "374": ("800",),
    "375": ("800", "801", "803", "820"),
    "376": ("180",),
    "377": ("800", "90"),
    "380": ("800",),
    "381": ("800",),
    "382": ("80",),
    "383": ("800",),
    "385": ("80",),
    "386": ("80",),
    "387": ("80", "88"),
    "389": ("800",),
    "420": ("800",),
    "421": ("800",),
    "423": ("80",),
    "800": ("",),
    "994": ("88",),
    "995": ("800",),
    "996": ("800",),
}

_FEWEST = 8
"""Digits with the country's; shorter numbers are a country's own."""

_MOST = 15
"""Digits of the longest number there can be (ITU-T E.164)."""


def works_from_abroad(number: object) -> bool:
    """Whether a telephone number can be dialled in every country: `+`, whole, and not free."""
    dialled = number.strip().replace("(0)", "") if isinstance(number, str) else ""
    digits = "".join(sign for sign in dialled if sign in "0123456789")
    return dialled.startswith("+") and _FEWEST <= len(digits) <= _MOST and not _is_free(digits)


def _is_free(digits: str) -> bool:
    return any(
        digits.startswith(country) and digits[len(country) :].startswith(heads)
        for country, heads in FREE_PHONE.items()
    )
