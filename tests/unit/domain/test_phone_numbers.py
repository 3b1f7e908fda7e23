# SPDX-License-Identifier: GPL-3.0-or-later
"""Telephone numbers on papers are grouped alike, however they were typed, and no digit is lost."""

import random

import pytest

from kfdesk.domain.phone_numbers import dialled_groups


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("+46812345678", "+46 8 123 456 78"),
        ("+46 70-174 06 15", "+46 70 174 06 15"),
        ("+46 (0)70 1740615", "+46 70 174 06 15"),
        ("+46 611-123 45", "+46 611 123 45"),
        ("+46 18 12 34 56", "+46 18 12 34 56"),
        ("+7 811 999 0000", "+7 811 999 00 00"),
        ("+7(811)266-12-34", "+7 811 266 12 34"),
        ("+371 000 00117", "+371 00 000 117"),
        ("+372 000 0117", "+372 000 0117"),
        ("+380671234567", "+380 67 123 45 67"),
        ("+35812345678", "+358 123 456 78"),
        ("+4930123456", "+49 301 234 56"),
        ("+49301234567", "+49 301 234 567"),
        ("+493012345", "+49 301 23 45"),
        (" +44 20 7946 0000 ", "+44 20 7946 0000"),
        ("+4420-7946-0000", "+44 20 7946 0000"),
        ("+4 4 2079460000", "+44 207 946 00 00"),
        ("+44 2 07946 0000", "+44 207 946 00 00"),
        ("+464", "+464"),
        ("+46123456789012345", "+46123456789012345"),
        ("08-123 456 78", "08-123 456 78"),
        ("0046 8 123 456 78", "0046 8 123 456 78"),
        ("+46 8 123 456 78, +46 8 123 456 79", "+46 8 123 456 78, +46 8 123 456 79"),
        ("+46 8 123 456 78 ext. 4", "+46 8 123 456 78 ext. 4"),
        ("+٤٦٨١٢٣٤٥٦٧٨", "+٤٦٨١٢٣٤٥٦٧٨"),
        ("112", "112"),
        ("", ""),
    ],
)
def test_number_is_printed_as_one_dials_it(typed: str, printed: str) -> None:
    assert dialled_groups(typed) == printed


def test_no_digit_is_lost_or_moved() -> None:
    rng = random.Random(20261129)
    for _ in range(500):
        digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(7, 15)))
        printed = dialled_groups(f"+{digits}")
        assert printed.replace(" ", "") == f"+{digits}"
        assert dialled_groups(printed) == printed
        assert all(len(group) > 1 for group in printed.split()[2:])
