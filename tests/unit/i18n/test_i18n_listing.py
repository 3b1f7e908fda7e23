# SPDX-License-Identifier: GPL-3.0-or-later
"""Countries and languages by the names people give them; numbers as they are dialled."""

import pytest

from kfdesk.i18n.parsing import country_code, country_name, language_code, to_dialled, to_e164


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SE", "SE"),
        ("se", "SE"),
        ("Sverige", "SE"),
        ("Швеция", "SE"),
        ("Rootsi", "SE"),
        ("Zviedrija", "SE"),
        ("U.S.A.", "US"),
        ("United States of America", "US"),
        ("Czech Republic", "CZ"),
        ("Российская Федерация", "RU"),
        ("Україна", "UA"),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_countries_are_known_by_their_names(name: str, code: str) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ru", "ru"),
        ("en-GB", "en"),
        ("Russian", "ru"),
        ("ryska", "ru"),
        ("русский", "ru"),
        ("eesti", "et"),
        ("Chinese (Mandarin)", "zh"),
        ("Klingon", ""),
        ("", ""),
    ],
)
def test_languages_are_known_by_their_names(name: str, code: str) -> None:
    assert language_code(name) == code


def test_other_programs_are_told_the_english_name() -> None:
    assert (country_name("SE"), country_name("")) == ("Sweden", "")


@pytest.mark.parametrize(
    ("typed", "country", "told"),
    [
        ("+46 8 465 004 01", "", "+46846500401"),
        ("08-465 004 01", "SE", "+46846500401"),
        ("+46 (0)8 465 004 01", "", "+46846500401"),
        ("8 (811) 255-01-01", "RU", "+78112550101"),
        ("tel 372 000 0142", "", ""),
        ("08-465 004 01", "", ""),
        ("ring först", "SE", ""),
        ("12", "SE", ""),
        ("", "", ""),
    ],
)
def test_numbers_are_told_in_e164(typed: str, country: str, told: str) -> None:
    assert to_e164(typed, country) == told


@pytest.mark.parametrize(
    ("caller", "told"),
    [("SE", "08-465 004 01"), ("RU", "+46 8 465 004 01"), ("", "+46 8 465 004 01")],
)
def test_a_number_is_shown_as_the_caller_dials_it(caller: str, told: str) -> None:
    assert to_dialled("+46846500401", "", caller) == told


def test_what_is_no_number_is_shown_as_it_was_typed() -> None:
    assert to_dialled("ring först", "SE", "SE") == "ring först"
