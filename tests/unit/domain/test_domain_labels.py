# SPDX-License-Identifier: GPL-3.0-or-later
"""Author labels that imitate a house's name, and those of honest houses that only resemble it."""

import pytest

from kfdesk.domain.labels import names_house

HOUSE = "Nordhuset"
IMITATED = (
    "EV, Nordhuset", "Nordhuset", "EV Nordhuset", "Nordhuset EV", "EV, Nordhuset, Malmö",
    "EV, Nordhus\N{CYRILLIC SMALL LETTER IE} t AB", "EV, Nordhus\N{CYRILLIC SMALL LETTER IE}t AB",
    "(Nordhuset)", "EV/NORDHUSET", "EV, N0rdhuset", "EV, Nord huset", "Malmö, EV - Nordhuset (AB)",
    "EV, Nord\N{ZERO WIDTH SPACE}huset i Malmö", "från Nordhuset av EV", "EV, N o r d h u s e t",
)  # fmt: skip
OTHERS = (
    "", "EV", "EV, Sydhuset", "EV, Nordhusets vänner", "EV, Nord", "EV, Huset", "EV, Nordhamnen",
    "EV, Västra huset, Nord",
)  # fmt: skip


@pytest.mark.parametrize("label", IMITATED)
def test_label_with_our_name_in_it_names_us(label: str) -> None:
    assert names_house(label, HOUSE, ("Sydhuset",))


@pytest.mark.parametrize("label", OTHERS)
def test_label_of_another_house_does_not(label: str) -> None:
    assert not names_house(label, HOUSE)


def test_house_that_shares_a_word_is_another() -> None:
    for label in ("EV, Kvinnohuset Linden", "EV, Linden", "Kvinnohuset, EV", "Eken, EV"):
        assert not names_house(label, "Kvinnohuset Eken")
    assert names_house("EV, Kvinnohuset Eken i Lund", "Kvinnohuset Eken")


def test_known_house_may_have_our_whole_name_in_its_own() -> None:
    known = ("Kvinnohuset Linden", "Sydhuset")
    assert not names_house("EV, Kvinnohuset Linden", "Kvinnohuset", known)
    assert not names_house("EV, Kvinnohuset Lindеn, Lund", "Kvinnohuset", known)
    assert names_house("EV, Kvinnohuset Rönnen", "Kvinnohuset", known)
    assert names_house("Kvinnohuset / Kvinnohuset Linden", "Kvinnohuset", known)


def test_partner_that_has_our_very_name_excuses_nobody() -> None:
    assert names_house("EV, Nordhuset", HOUSE, ("NORDHUSET", "Nordhuset"))


def test_house_without_a_name_is_named_by_nobody() -> None:
    assert not names_house("EV, Nordhuset", "")
    assert not names_house("EV, Nordhuset", HOUSE * 200)


def test_long_label_costs_little() -> None:
    assert names_house("x " * 20 + HOUSE + " x" * 30_000, HOUSE)


def test_label_too_long_to_search_counts_as_naming_us() -> None:
    for before in (41, 30_000):
        assert names_house("x " * before + HOUSE, HOUSE)
    assert not names_house("x " * 41, "")
