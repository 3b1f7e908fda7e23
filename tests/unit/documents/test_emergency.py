# SPDX-License-Identifier: GPL-3.0-or-later
"""The emergency number of a plan: its way is its countries and where it stops."""

from tests.make import row

from kfdesk.documents.traveller.records import emergency_of
from kfdesk.domain.journey.emergency import Emergency
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view


def plan_of(**countries: str) -> Plan:
    return view(row("plan", countries), Plan).record


def test_country_that_is_only_passed_through_counts_too() -> None:
    plan = plan_of(from_country="SE", to_country="RU")
    assert emergency_of([plan], ["Europe/Stockholm", "Europe/Moscow"]) == Emergency("112")
    through = ["Europe/Stockholm", "Asia/Bangkok", "Europe/Moscow"]
    assert emergency_of([plan], through) == Emergency("191", "TH")
    assert emergency_of([plan], ["Europe/Kyiv", "Etc/UTC"]) is None
    assert emergency_of([plan], ["Europe/Kyiv"]) == Emergency("112")


def test_plan_without_its_countries_has_no_number() -> None:
    assert emergency_of([plan_of(from_country="SE")], ["Europe/Stockholm"]) is None
    assert emergency_of([], ["Europe/Stockholm"]) is None
