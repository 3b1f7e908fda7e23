# SPDX-License-Identifier: GPL-3.0-or-later
"""The emergency number of a way: one that answers along all of it, or none."""

import pytest

from kfdesk.domain.itinerary import EmergencyNumber, emergency_number_for


@pytest.mark.parametrize("way", [["SE", "LV", "RU"], ["BY", "LT", "SE"], ["UA", "PL", "DE"]])
def test_112_where_every_country_of_the_way_answers_it(way: list[str]) -> None:
    assert emergency_number_for(way) == EmergencyNumber("112")


def test_country_that_has_not_taken_112_over_is_not_taken_for_one_that_has() -> None:
    assert emergency_number_for(["BA", "HR"]) == EmergencyNumber("122", "BA")
    assert emergency_number_for(["SM", "IT"]) is None


@pytest.mark.parametrize("way", [["SE", "TH"], ["TH", "LV", "SE"], ["SE", "TH", "RU"]])
def test_one_country_without_112_has_its_own_number_said_with_its_name(way: list[str]) -> None:
    assert emergency_number_for(way) == EmergencyNumber("191", "TH")


@pytest.mark.parametrize("way", [["SE", "TH", "VN"], ["SE", "AF"], ["SE", ""]])
def test_there_is_no_number_where_none_is_right(way: list[str]) -> None:
    assert emergency_number_for(way) is None
