# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine's clock says its zone by name, whichever way the machine is told it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kfdesk.system.clock import SystemClock, find_zone

Set = Callable[[str], None]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Set]:
    """Yield a function that sets the time zone of this process."""

    def _set(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield _set
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    "name",
    ["Europe/Stockholm", "Europe/Riga", "Europe/Kaliningrad", "Europe/Moscow", "Europe/Sofia"],
)
def test_zone_of_the_machine_is_known_by_its_name(machine: Set, name: str) -> None:
    machine(name)
    now = SystemClock().now()
    assert now.tzinfo == ZoneInfo(name)


def test_clock_of_no_place_has_one_name(machine: Set) -> None:
    machine("Etc/UTC")
    assert SystemClock().now().tzinfo == ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Stockholm"),
        ("EET-2EEST,M3.5.0/3,M10.5.0/4", "Europe/Helsinki"),
        ("EET-2", "Europe/Kaliningrad"),
        ("MSK-3", "Europe/Moscow"),
        ("UTC0", "UTC"),
    ],
)
def test_offsets_alone_are_named_after_a_near_city_with_the_same_clocks(
    machine: Set, tmp_path: Path, told: str, found: str
) -> None:
    machine(told)
    assert find_zone(tmp_path, told) == ZoneInfo(found)


def test_machine_says_it_by_a_link_or_in_a_file(machine: Set, tmp_path: Path) -> None:
    machine("EET-2EEST,M3.5.0/3,M10.5.0/4")
    (tmp_path / "timezone").write_text("Europe/Tallinn\n", encoding="ascii")
    assert find_zone(tmp_path, "") == ZoneInfo("Europe/Tallinn")
    (tmp_path / "localtime").symlink_to("/usr/share/zoneinfo/Europe/Vilnius")
    assert find_zone(tmp_path, "") == ZoneInfo("Europe/Vilnius")


def test_name_that_shows_another_time_or_is_none_does_not_count(
    machine: Set, tmp_path: Path
) -> None:
    machine("MSK-3")
    (tmp_path / "timezone").write_text("Europe/Stockholm", encoding="ascii")
    (tmp_path / "localtime").write_bytes(b"TZif")
    assert find_zone(tmp_path, "") == ZoneInfo("Europe/Moscow")
    assert find_zone(tmp_path, "../Nowhere") == ZoneInfo("Europe/Moscow")


def test_clock_without_any_name_goes_on_by_its_offset(machine: Set, tmp_path: Path) -> None:
    machine("XXX-7:13")
    assert find_zone(tmp_path, "") is None
    now = SystemClock().now()
    assert str(now.utcoffset()) == "7:13:00"


def test_who_moves_the_zone_meanwhile_is_followed(machine: Set) -> None:
    machine("Europe/Stockholm")
    clock = SystemClock()
    clock.now()
    machine("Europe/Moscow")
    assert clock.now().tzinfo == ZoneInfo("Europe/Moscow")
