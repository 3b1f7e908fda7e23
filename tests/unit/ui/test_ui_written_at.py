# SPDX-License-Identifier: GPL-3.0-or-later
"""When something was written is said by the organisation's clocks, whatever the computer's are."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.architecture.tree import ROOT

from kfdesk.i18n.language import Language
from kfdesk.ui.pages.exchange.previews import when_lines
from kfdesk.ui.record_views import day_text, written_at

ENGLISH = Language("en", ROOT / "translations")
LATE = int(datetime(2026, 12, 2, 23, 30, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture(params=["UTC", "Europe/Stockholm", "Europe/Moscow"])
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Set the computer's zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_every_computer_of_the_organisation_says_the_same_minute(machine: str) -> None:
    here = replace(ENGLISH, zone="Europe/Stockholm")
    assert day_text(LATE, here) == "3 December 2026"
    assert when_lines(LATE, here) == ("3 Dec", "00:30")
    said = written_at(LATE, here)
    assert said == ("3 Dec 2026 00:30" if machine == "Europe/Stockholm" else "3 Dec 2026 00:30 CET")


def test_without_a_store_the_computers_clocks_are_said_with_their_zone(machine: str) -> None:
    shown = {"UTC": "2 Dec 2026 23:30 UTC", "Europe/Stockholm": "3 Dec 2026 00:30 CET",
             "Europe/Moscow": "3 Dec 2026 02:30 MSK"}  # fmt: skip
    assert written_at(LATE, ENGLISH) == shown[machine]


def test_language_about_somebody_keeps_the_zone() -> None:
    here = replace(ENGLISH, zone="Europe/Stockholm")
    assert here.about(next(iter(type(here.pronoun)))).zone == "Europe/Stockholm"
