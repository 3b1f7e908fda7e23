# SPDX-License-Identifier: GPL-3.0-or-later
"""Times on clocks on walls, days known about, and texts in languages."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.values import (
    MissingAnswer,
    PartialDate,
    Translation,
    ZonedTime,
    shift_day,
    text_in_language,
    text_or_empty,
    zone_rules,
)

ZONES = [  # zone, offset in winter, offset in summer, in minutes
    ("Europe/Stockholm", 60, 120),
    ("Europe/Riga", 120, 180),
    ("Europe/Sofia", 120, 180),
    ("Europe/Kaliningrad", 120, 120),
    ("Europe/Moscow", 180, 180),
]
CHANGING = [zone for zone, winter, summer in ZONES if winter != summer]


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def code_of(text: str) -> str:
    with pytest.raises(KfdeskError) as refused:
        ZonedTime.parse(text)
    return refused.value.code


@pytest.mark.parametrize(("zone", "winter", "summer"), ZONES)
def test_offset_follows_the_zone_through_the_year(zone: str, winter: int, summer: int) -> None:
    assert ZonedTime.at(wall("2026-12-12T17:00"), zone).offset == winter
    assert ZonedTime.at(wall("2026-07-12T17:00"), zone).offset == summer


@pytest.mark.parametrize(("zone", "winter", "summer"), ZONES)
def test_moment_is_written_as_rfc_9557_and_read_back(zone: str, winter: int, summer: int) -> None:
    for text in ("2026-12-12T17:00", "2026-07-12T17:05"):
        moment = ZonedTime.at(wall(text), zone)
        sign_and_zone = f"+{moment.offset // 60:02}:00[{zone}]"
        assert str(moment) == text + sign_and_zone
        assert ZonedTime.parse(str(moment)) == moment
        assert moment.utc == (wall(text) - timedelta(minutes=moment.offset)).replace(tzinfo=UTC)


def test_zone_west_of_greenwich_has_a_negative_offset() -> None:
    moment = ZonedTime.at(wall("2026-12-12T17:00"), "America/St_Johns")
    assert str(moment) == "2026-12-12T17:00-03:30[America/St_Johns]"
    assert ZonedTime.parse(str(moment)) == moment


@pytest.mark.parametrize(
    ("zone", "skipped"),
    [
        ("Europe/Stockholm", "2026-03-29T02:30"),
        ("Europe/Riga", "2026-03-29T03:30"),
        ("Europe/Sofia", "2026-03-29T03:00"),
    ],
)
def test_hour_that_spring_leaves_out_is_refused(zone: str, skipped: str) -> None:
    with pytest.raises(KfdeskError) as refused:
        ZonedTime.at(wall(skipped), zone)
    assert refused.value.code == "field.no_such_time"
    assert ZonedTime.at(wall(skipped) + timedelta(hours=1), zone).wall == wall(skipped) + timedelta(
        hours=1
    )


@pytest.mark.parametrize("zone", ["Europe/Kaliningrad", "Europe/Moscow"])
def test_zone_without_summer_time_leaves_no_hour_out(zone: str) -> None:
    for hour in ("02:30", "03:00", "03:30"):
        assert ZonedTime.at(wall(f"2026-03-29T{hour}"), zone).wall == wall(f"2026-03-29T{hour}")


@pytest.mark.parametrize(
    ("zone", "twice", "first"),
    [
        ("Europe/Stockholm", "2026-10-25T02:30", 120),
        ("Europe/Riga", "2026-10-25T03:30", 180),
        ("Europe/Sofia", "2026-10-25T03:30", 180),
    ],
)
def test_hour_that_is_lived_twice_is_the_first_of_the_two(
    zone: str, twice: str, first: int
) -> None:
    assert ZonedTime.at(wall(twice), zone).offset == first
    assert ZonedTime.at(wall(twice).replace(fold=1), zone).offset == first
    assert ZonedTime.at(wall(twice), zone) == ZonedTime.at(wall(twice).replace(fold=1), zone)


def test_second_of_the_double_hour_can_be_written_down() -> None:
    later = ZonedTime.parse("2026-10-25T02:30+01:00[Europe/Stockholm]")
    earlier = ZonedTime.at(wall("2026-10-25T02:30"), "Europe/Stockholm")
    assert later.utc - earlier.utc == timedelta(hours=1)


def test_train_stays_where_it_was_when_the_rules_of_a_zone_change() -> None:
    """Bulgaria as it might once be: the offset seen at entry holds, not today's rule."""
    kept = ZonedTime.parse("2026-07-12T17:00+02:00[Europe/Sofia]")
    assert kept.utc == datetime(2026, 7, 12, 15, 0, tzinfo=UTC)


def test_moments_are_kept_to_the_minute() -> None:
    moment = ZonedTime.at(wall("2026-12-12T17:00:59.999"), "Europe/Riga")
    assert moment.wall == wall("2026-12-12T17:00")
    assert ZonedTime.parse(str(moment)) == moment


@pytest.mark.parametrize(
    "zone", ["Europe/Nowhere", "", "Europe", "../../etc/passwd", "Europe/Riga\0", "/etc/passwd"]
)
def test_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(KfdeskError) as refused:
        ZonedTime.at(wall("2026-12-12T17:00"), zone)
    assert refused.value.code == "field.no_such_zone"


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_year_without_an_instant_in_utc_is_refused(year: str) -> None:
    with pytest.raises(KfdeskError) as refused:
        ZonedTime.at(wall(f"{year}-01-01T00:00"), "Europe/Riga")
    assert refused.value.code == "field.no_such_time"
    assert code_of(f"{year}-12-31T23:59-12:00[Europe/Riga]") == "field.not_a_moment"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-12-12",
        "2026-12-12T17:00",
        "2026-12-12T17:00Z",
        "2026-12-12T17:00+01:00",
        "2026-12-12T17:00:00+01:00[Europe/Riga]",
        "2026-12-12 17:00+01:00[Europe/Riga]",
        "2026-12-12T17:00+01:00[Europe/Riga][u-ca=buddhist]",
        "2026-12-12T17:00+01:00[]",
        "2026-12-12T17:00+01:00[" + "x" * 65 + "]",
        "2026-12-12T17:00+01:00[Europe/Riga]\n",
        "2026-13-12T17:00+01:00[Europe/Riga]",
        "2026-02-30T17:00+01:00[Europe/Riga]",
        "2026-12-12T25:00+01:00[Europe/Riga]",
        "2026-12-12T17:00+24:00[Europe/Riga]",
        "2026-12-12T17:00+99:59[Europe/Riga]",
        "2026-12-12T17:00+01:60[Europe/Riga]",
        "٢٠٢٦-12-12T17:00+01:00[Europe/Riga]",
        "2026-12-12T17:00+٠١:00[Europe/Riga]",
    ],
)
def test_text_that_is_no_moment_is_refused(text: str) -> None:
    assert code_of(text) == "field.not_a_moment"


def test_every_moment_that_is_read_has_an_instant() -> None:
    for text in (
        "0002-01-01T00:00+23:59[Europe/Riga]",
        "9998-12-31T23:59-23:59[Europe/Riga]",
        "1915-06-01T12:00+01:36[Europe/Riga]",
    ):
        assert ZonedTime.parse(text).utc.tzinfo is UTC


@pytest.mark.parametrize("text", ["2026", "0001", "2026-01", "2026-12"])
def test_year_or_month_is_about_when(text: str) -> None:
    assert PartialDate(text).text == text


@pytest.mark.parametrize(
    "text",
    ["", "26", "0000", "20267", "2026-13", "2026-00", "2026-1", "2026-05-11", "२०२६", "2026\n"],
)
def test_what_is_neither_year_nor_month_is_refused(text: str) -> None:
    with pytest.raises(KfdeskError) as refused:
        PartialDate(text)
    assert refused.value.code == "field.not_a_day"


TOLD = (Translation("sv", "gul halsduk"), Translation("ru", "жёлтый шарф"), Translation("en", ""))


def test_text_is_found_in_the_first_language_that_it_has() -> None:
    assert text_in_language(TOLD, "ru") == "жёлтый шарф"
    assert text_in_language(TOLD, "lv", "sv", "ru") == "gul halsduk"
    assert text_in_language(TOLD, "en", "sv") == ""


def test_text_that_is_not_there_is_none_in_every_language() -> None:
    assert text_in_language(TOLD, "lv") is None
    assert text_in_language(TOLD) is None
    assert text_in_language(None, "sv") is None
    assert text_in_language(MissingAnswer.UNKNOWN, "sv") is None
    assert text_in_language(MissingAnswer.DECLINED, "sv") is None


def test_changing_zones_are_those_of_the_union() -> None:
    assert CHANGING == ["Europe/Stockholm", "Europe/Riga", "Europe/Sofia"]


@pytest.mark.parametrize(("value", "text"), [("Anna", "Anna"), ("", ""), (None, ""), (7, "")])
def test_only_a_text_is_a_text(value: object, text: str) -> None:
    assert text_or_empty(value) == text


@pytest.mark.parametrize(
    "zone", ["Mars/Base", "/etc/passwd", "../etc", "Europe", "", "UTC+99", "x" * 64]
)
def test_zone_nobody_knows_has_the_rules_of_its_offset(zone: str) -> None:
    assert zone_rules(zone, -90).utcoffset(None) == timedelta(minutes=-90)
    assert zone_rules("Europe/Riga", 7) == ZoneInfo("Europe/Riga")


def test_day_is_shifted_within_the_calendar() -> None:
    assert shift_day(date(2026, 2, 28), 1) == date(2026, 3, 1)
    assert shift_day(date(2026, 3, 1), -1) == date(2026, 2, 28)
    assert shift_day(date.max, 90) == shift_day(date.min, 10**12) == date.max
    assert shift_day(date.min, -1) == shift_day(date.max, -(10**12)) == date.min
