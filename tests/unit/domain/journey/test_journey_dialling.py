# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers that ring at home only are refused, country by country; ordinary ones are not."""

import pytest

from kfdesk.domain.itinerary import FREEPHONE_PREFIXES, works_from_abroad

FREE = {
    "Bosnia": "+387 80 123 456",
    "Azerbaijan": "+994 88 123 4567",
    "Belarus": "+375 801 100 10 00",
    "Belarus, by operators": "+375 820 0123 4567",
    "Brazil": "+55 800 123 4567",
    "Bulgaria": "+359 800 12 345",
    "Croatia": "+385 80 123 456",
    "Cyprus": "+357 8001 2345",
    "Czechia": "+420 800 123 456",
    "Denmark": "+45 80 12 34 56",
    "Estonia": "+372 800 1234",
    "Finland": "+358 800 12345",
    "France": "+33 805 12 34 56",
    "Germany": "+49 800 123 4567",
    "Hungary": "+36 80 123 456",
    "international": "+800 1234 5678",
    "Ireland": "+353 1800 123 456",
    "Iceland": "+354 808 1234",
    "Italy": "+39 803 123 456",
    "Latvia": "+371 8000 1234",
    "Lithuania": "+370 800 12345",
    "Moldova": "+373 800 12345",
    "North America": "+1 888 555 0117",
    "Norway": "+47 800 12 345",
    "Norway, the newer ones": "+47 801 12 345",
    "Poland": "+48 800 123 456",
    "Romania": "+40 800 123 456",
    "Portugal": "+351 802 123 456",
    "Russia": "+7 800 555-01-17",
    "Russia, the newer ones": "+7 804 555-01-17",
    "Sweden": "+46 20-12 34 56",
    "Thailand": "+66 1800 123 456",
    "Turkey": "+90 811 123 4567",
    "Ukraine": "+380 800 123 456",
    "United Kingdom": "+44 808 157 0117",
}
ORDINARY = {
    "Belarus": "+375 17 200 00 00",
    "Bulgaria": "+359 2 800 0000",
    "Denmark": "+45 32 80 80 80",
    "Estonia": "+372 600 0117",
    "Finland": "+358 9 800 800",
    "Germany": "+49 30 800 800",
    "Italy, where the zero is dialled": "+39 080 012 3456",
    "Latvia": "+371 67 800 800",
    "Lithuania": "+370 5 280 0800",
    "North America": "+1 202 555 0117",
    "Norway": "+47 22 80 08 00",
    "Poland": "+48 22 800 80 80",
    "Romania": "+40 21 800 0000",
    "Russia": "+7 812 800-08-00",
    "Azerbaijan": "+994 12 488 0000",
    "Bosnia": "+387 33 808 800",
    "Portugal": "+351 21 802 0000",
    "Turkey": "+90 212 811 0000",
    "Sweden": "+46 8-20 20 20",
    "Sweden, mobile": "+46 (0)70-174 06 15",
    "Ukraine": "+380 44 800 0000",
    "United Kingdom": "+44 20 7800 8000",
}


@pytest.mark.parametrize("country", FREE)
def test_free_phone_number_is_refused(country: str) -> None:
    assert not works_from_abroad(FREE[country])


@pytest.mark.parametrize("country", ORDINARY)
def test_ordinary_number_with_the_same_digits_inside_is_not(country: str) -> None:
    assert works_from_abroad(ORDINARY[country])


def test_each_line_of_the_table_is_a_country_and_beginnings() -> None:
    for country, heads in FREEPHONE_PREFIXES.items():
        assert country.isdigit()
        assert 1 <= len(country) <= 3
        assert heads
        assert all(head == "" or head.isdigit() for head in heads)
