# SPDX-License-Identifier: GPL-3.0-or-later
"""The emergency number of a plan: its way is its countries and where it stops."""

from tests.support.make import row

from kfdesk.documents.traveller.content import find_emergency_number
from kfdesk.domain.itinerary import EmergencyNumber
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view


def plan_of(**countries: str) -> Plan:
    return view(row("plan", countries), Plan).record


def test_country_that_is_only_passed_through_counts_too() -> None:
    plan = plan_of(from_country="SE", to_country="RU")
    assert find_emergency_number([plan], ["Europe/Stockholm", "Europe/Moscow"]) == EmergencyNumber(
        "112"
    )
    through = ["Europe/Stockholm", "Asia/Bangkok", "Europe/Moscow"]
    assert find_emergency_number([plan], through) == EmergencyNumber("191", "TH")
    assert find_emergency_number([plan], ["Europe/Kyiv", "Etc/UTC"]) is None
    assert find_emergency_number([plan], ["Europe/Kyiv"]) == EmergencyNumber("112")


def test_plan_without_its_countries_has_no_number() -> None:
    assert find_emergency_number([plan_of(from_country="SE")], ["Europe/Stockholm"]) is None
    assert find_emergency_number([], ["Europe/Stockholm"]) is None
