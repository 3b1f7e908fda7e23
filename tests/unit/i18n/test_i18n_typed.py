# SPDX-License-Identifier: GPL-3.0-or-later
"""What people type for days, times and numbers is read as they mean it, and never guessed."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kfdesk.domain.values import PartialDate, shift_day
from kfdesk.i18n.language import Language
from kfdesk.i18n.parsing import parse_clock, parse_day, parse_number, read_weekday
from kfdesk.system.paths import translations_folder

DAY = date(2026, 12, 3)


@pytest.mark.parametrize(
    "typed",
    [
        "3.12.2026",
        "03/12/2026",
        "3 12 2026",
        "2026-12-03",
        "3 December 2026",
        "3 dec. 2026",
        "den 3 december 2026",
        "3 декабря 2026",
        "3 декабря 2026 г.",
        "3 дек. 2026",
        "December 3, 2026",
        " 3.12.2026 ",
    ],
)
def test_a_day_is_read_in_every_usual_form(typed: str) -> None:
    assert parse_day(typed) == DAY


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("2026", "2026"),
        ("12.2026", "2026-12"),
        ("2026-12", "2026-12"),
        ("maj 2026", "2026-05"),
        ("мая 2026", "2026-05"),
        ("май 2026", "2026-05"),
        ("about 2026-05", "2026-05"),
        ("около 1999 года", "1999"),
        ("~1999", "1999"),
        ("ca 1999", "1999"),
    ],
)
def test_a_month_or_a_year_alone_is_about_when(typed: str, text: str) -> None:
    assert parse_day(typed) == PartialDate(text)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "  ", "soon", "12.12", "3 dec", "12.12.26", "31.2.2026", "2026-13", "ma 2026"),
        *("1.2.3.2026", "2026 2027", "about 3.12.2026", "12.2026.3", "0000", "20261203"),
    ],
)
def test_what_could_be_another_day_is_no_day(typed: str) -> None:
    assert parse_day(typed) is None


TODAY = date(2026, 12, 2)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        *((form, date(2026, 12, 4)) for form in (
            "4/12", "4.12", "4.12.", "04.12", "4-12", "den 4 dec", "4 dec", "4 december", "Dec 4",
            "4 декабря", "4 дек.", "4. detsember", "den 4:e december",
        )),
        *((form, date(2026, 12, 3)) for form in (
            "imorgon", "i morgon", "I morgon", "tomorrow", "завтра", "homme",
        )),
        *((form, TODAY) for form in ("idag", "i dag", "today", "сегодня", "täna")),
        *((form, date(2026, 12, 1)) for form in ("igår", "i går", "yesterday", "вчера", "eile")),
        ("övermorgon", date(2026, 12, 4)), ("послезавтра", date(2026, 12, 4)),
        ("3/1", date(2027, 1, 3)), ("30 nov", date(2026, 11, 30)), ("2/6", date(2027, 6, 2)),
        ("5/6", date(2026, 6, 5)), ("4.12.2025", date(2025, 12, 4)), ("29/2", None),
        ("31/4", None), ("12/25", None), ("0/5", None), ("4", None), ("4/12/26", None),
        ("about 4/12", None), ("4/12/2026/1", None), ("tomorrow 4", None), ("maj", None),
        ("123/4", None),
    ],
)  # fmt: skip
def test_day_without_its_year_is_the_nearest_one(typed: str, day: date | None) -> None:
    assert parse_day(typed, TODAY) == day


def test_year_alone_and_a_month_of_a_year_stay_what_they_are_beside_today() -> None:
    assert parse_day("2026", TODAY) == PartialDate("2026")
    assert parse_day("12.2026", TODAY) == PartialDate("2026-12")
    assert parse_day("maj 2026", TODAY) == PartialDate("2026-05")


@given(typed=st.dates(date(1000, 1, 1), date(9998, 12, 31)), today=st.dates(), code=st.sampled_from(
    ("sv", "en", "ru", "et")))  # fmt: skip
def test_every_day_that_is_shown_is_read_as_that_day(typed: date, today: date, code: str) -> None:
    language = Language(code, translations_folder())
    assert parse_day(language.day(typed, year=True), today) == typed


@given(day=st.integers(0, 40), month=st.integers(0, 20), today=st.dates(),
       sign=st.sampled_from("/.- "))  # fmt: skip
def test_day_that_is_filled_in_is_the_day_and_month_that_were_typed(
    day: int, month: int, today: date, sign: str
) -> None:
    read = parse_day(f"{day}{sign}{month}", today)
    if read is not None:
        assert isinstance(read, date)
        assert (read.day, read.month) == (day, month)
        assert abs(read.year - today.year) <= 1
        assert parse_day(read.isoformat(), today) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("kl 14", time(14)), ("kl. 14.30", time(14, 30)), ("KL 14:30", time(14, 30)),
        ("kl14", time(14)), ("14.30", time(14, 30)), ("klo 9", time(9)), ("kell 9.05", time(9, 5)),
        ("at 17", time(17)), ("в 17:00", time(17)), ("17 ч", time(17)), ("17h", time(17)),
        ("klart", None), ("kl", None), ("kl 25", None), ("14.3", None), ("в", None),
    ],
)  # fmt: skip
def test_time_is_read_as_people_say_it(typed: str, read: time | None) -> None:
    assert parse_clock(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("17:00", time(17)),
        ("17.05", time(17, 5)),
        ("1705", time(17, 5)),
        ("905", time(9, 5)),
        ("9", time(9)),
        (" 9 05 ", time(9, 5)),
        ("24:00", None),
        ("17:60", None),
        ("5 pm", None),
        ("", None),
    ],
)
def test_a_time_of_day_is_read_or_refused(typed: str, read: time | None) -> None:
    assert parse_clock(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [("7", 7), ("-3", -3), ("−3", -3), ("1 200", 1200), ("7,5", None), ("two", None), ("", None)],
)
def test_a_whole_number_is_read_or_refused(typed: str, read: int | None) -> None:
    assert parse_number(typed) == read


@pytest.mark.parametrize("digits", ["9" * 17, "9" * 400, "9" * 5_000, "9" * 60_000])
def test_digits_without_end_are_no_number_and_no_day(digits: str) -> None:
    assert parse_number(digits) is None
    assert parse_number(f"-{digits}") is None
    for typed in (f"{digits}.12.2026", f"2026-{digits}-1", f"2026-1-{digits}", digits):
        assert parse_day(typed) is None


THURSDAY = date(2026, 12, 3)
NAMES = {
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "ru": ("понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье"),
    "et": (
        "esmaspäeval", "teisipäeval", "kolmapäeval", "neljapäeval", "reedel", "laupäeval",
        "pühapäeval",
    ),
}  # fmt: skip
SHORT = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "sv": ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "et": ("esm", "teisip", "kolmap", "neljap", "reede", "laup", "pühap"),
}
LEADS = {"en": "on ", "sv": "på ", "ru": "на ", "et": ""}
NEXT = {"en": "next ", "sv": "nästa ", "ru": "следующий ", "et": "järgmisel "}


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("fre 4 dec", "2026-12-04"),
        ("fre 4/12", "2026-12-04"),
        ("fredag den 4 december 2026", "2026-12-04"),
        ("Friday", "2026-12-04"),
        ("on Friday", "2026-12-04"),
        ("Fri, 4 Dec 2026", "2026-12-04"),
        ("на пятницу", "2026-12-04"),
        ("в пятницу", "2026-12-04"),
        ("во вторник", "2026-12-08"),
        ("пт", "2026-12-04"),
        ("пт 4.12", "2026-12-04"),
        ("пятница, 4 декабря", "2026-12-04"),
        ("på fredag", "2026-12-04"),
        ("i fredags", "2026-11-27"),
        ("reede", "2026-12-04"),
        ("reedel", "2026-12-04"),
        ("next Monday", "2026-12-07"),
        ("nästa måndag", "2026-12-07"),
        ("last Friday", "2026-11-27"),
        ("next Thursday", "2026-12-10"),
    ],
)
def test_weekday_is_read_as_people_write_it(typed: str, day: str) -> None:
    assert parse_day(typed, THURSDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("mån 4 dec", ["2026-12-04"]),  # the weekday contradicts the date
        ("Monday 4.12.2026", ["2026-12-04"]),
        ("Thursday", ["2026-12-03", "2026-12-10"]),  # today, or in a week
        ("next Friday", ["2026-12-04", "2026-12-11"]),
        ("last Monday", ["2026-11-30", "2026-11-23"]),
        ("some Friday", []),
        ("Friday 31 feb", []),
        ("fri 2026", []),
    ],
)
def test_weekday_that_is_not_sure_is_asked_about(typed: str, days: list[str]) -> None:
    assert parse_day(typed, THURSDAY) is None
    reading = read_weekday(typed, THURSDAY)
    assert reading is not None
    assert [str(day) for day in reading.days] == days


def test_text_without_a_weekday_has_no_reading_of_one() -> None:
    for typed in ("4/12", "imorgon", "mar 2027", "Friday or Monday", "", "fridays"):
        assert read_weekday(typed, THURSDAY) is None
    assert parse_day("Friday") is None  # without a today there is no coming Friday
    assert parse_day("Friday 4.12.2026") == date(2026, 12, 4)


@given(
    today=st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    away=st.integers(-150, 150),
    weekday=st.integers(0, 6),
    code=st.sampled_from(sorted(NAMES)),
    forms=st.sampled_from((NAMES, SHORT)),
)
def test_weekday_never_leads_to_a_day_of_another_one(
    today: date, away: int, weekday: int, code: str, forms: dict[str, tuple[str, ...]]
) -> None:
    name, day = forms[code][weekday], shift_day(today, away)
    fits = day.weekday() == weekday
    for written in (f"{day.day}/{day.month}", f"{day.day}.{day.month}.{day.year}", str(day)):
        typed = f"{name} {written}"
        assert parse_day(typed, today) == (day if fits else None), typed
        reading = read_weekday(typed, today)
        assert reading is not None, typed
        assert reading.days == (day,), typed
    for lead in ("", LEADS[code], NEXT[code]):
        read = parse_day(lead + name, today)
        reading = read_weekday(lead + name, today)
        assert reading is not None, lead + name
        assert reading.days, lead + name
        assert all(one.weekday() == weekday for one in reading.days)
        if read is None:
            assert len(reading.days) == 2
        else:
            assert isinstance(read, date)
            assert 0 < (read - today).days <= 7
