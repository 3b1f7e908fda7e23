# SPDX-License-Identifier: GPL-3.0-or-later
"""A language writes days, times, spans and lists the way its readers do."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from reportlab.pdfbase.ttfonts import TTFont
from tests.unit.i18n.conftest import Speaking

from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import (
    CLIENT,
    CLIENT_LANGUAGES,
    PRINTED_SCRIPTS,
    PROGRAM_LANGUAGES,
    Language,
)
from kfdesk.i18n.phrases import hours_text, zoned_time_text

DAY = date(2026, 12, 12)
LATER = {"same month": date(2026, 12, 13), "next month": date(2027, 1, 2)}
WALL = datetime(2026, 12, 12, 7, 5)  # noqa: DTZ001 - what a clock on a wall shows


def spell(hours: int, minutes: int = 0) -> timedelta:
    return timedelta(hours=hours, minutes=minutes)


@pytest.mark.parametrize(
    ("code", "plain", "with_year", "with_weekday", "with_both"),
    [
        ("sv", "12 december", "12 december 2026", "lör 12 december", "lör 12 december 2026"),
        ("en", "12 December", "12 December 2026", "Sat 12 December", "Sat 12 December 2026"),
        ("ru", "12 декабря", "12 декабря 2026", "сб, 12 декабря", "сб, 12 декабря 2026"),
    ],
)
def test_day_is_written_as_people_write_it(
    speaking: Speaking, code: str, plain: str, with_year: str, with_weekday: str, with_both: str
) -> None:
    words = speaking(code)
    assert words.day(DAY) == plain
    assert words.day(DAY, year=True) == with_year
    assert words.day(DAY, weekday=True) == with_weekday
    assert words.day(DAY, year=True, weekday=True) == with_both


@pytest.mark.parametrize(
    ("code", "short", "full"),
    [
        ("sv", "12 dec.", "lördag 12 december 2026"),
        ("en", "12 Dec", "Saturday 12 December 2026"),
        ("ru", "12 дек.", "суббота, 12 декабря 2026"),
    ],
)
def test_day_is_shorter_where_room_is_short_and_whole_where_it_matters(
    speaking: Speaking, code: str, short: str, full: str
) -> None:
    assert speaking(code).short_day(DAY) == short
    assert speaking(code).full_date(DAY) == full


@pytest.mark.parametrize(
    ("code", "same_month", "next_year"),
    [
        ("sv", "12–13 december 2026", "12 december 2026 – 2 januari 2027"),
        ("en", "12–13 December 2026", "12 December 2026 – 2 January 2027"),
        ("ru", "12–13 декабря 2026", "12 декабря 2026 – 2 января 2027"),
    ],
)
def test_span_of_days_names_month_and_year_no_oftener_than_needed(
    speaking: Speaking, code: str, same_month: str, next_year: str
) -> None:
    assert speaking(code).days(DAY, LATER["same month"]) == same_month
    assert speaking(code).days(DAY, LATER["next month"]) == next_year


@pytest.mark.parametrize(
    ("code", "span"),
    [
        ("sv", "28 november – 3 december 2026"),
        ("en", "28 November – 3 December 2026"),
        ("ru", "28 ноября – 3 декабря 2026"),
        ("lt", "2026 m. lapkričio 28 d. – gruodžio 3 d."),
        ("lv", "2026. gada 28. novembris – 3. decembris"),
        ("es", "28 de noviembre – 3 de diciembre de 2026"),
    ],
)
def test_span_over_two_months_of_a_year_names_the_year_once(
    speaking: Speaking, code: str, span: str
) -> None:
    assert speaking(code).days(date(2026, 11, 28), date(2026, 12, 3)) == span


@pytest.mark.parametrize(
    ("code", "day", "weekday", "span", "short"),
    [
        ("de", "3. Februar 2027", "Mi., 3. Februar", "3.–5. Februar 2027", "3. Feb. 2027"),
        ("fi", "3. helmikuuta 2027", "ke 3. helmikuuta", "3.–5. helmikuuta 2027", "3.2.2027"),
        ("et", "3. veebruar 2027", "K, 3. veebruar", "3.–5. veebruar 2027", "3. veebr 2027"),
        ("es", "3 de febrero de 2027", "mié, 3 de febrero", "3–5 de febrero de 2027",
         "3 feb 2027"),
        ("lv", "2027. gada 3. februāris", "trešd., 3. februāris",
         "2027. gada 3.–5. februāris", "2027. g. 3. febr."),
        ("lt", "2027 m. vasario 3 d.", "tr, vasario 3 d.",
         "2027 m. vasario 3–5 d.", "2027-02-03"),
        ("pl", "3 lutego 2027", "śr. 3 lutego", "3–5 lutego 2027", "3 lut 2027"),
    ],
)  # fmt: skip
def test_day_is_written_as_the_language_of_a_paper_writes_it(
    speaking: Speaking, code: str, day: str, weekday: str, span: str, short: str
) -> None:
    words, first = speaking(code, CLIENT), date(2027, 2, 3)
    assert words.day(first, year=True) == day
    assert words.day(first, weekday=True) == weekday
    assert words.days(first, date(2027, 2, 5)) == span
    assert words.short_day(first, year=True) == short


@pytest.mark.parametrize("code", CLIENT_LANGUAGES)
def test_every_language_of_the_papers_has_a_script_that_the_fonts_have(
    speaking: Speaking, code: str
) -> None:
    assert speaking(code).script in {"Latn", "Cyrl"}


@pytest.mark.parametrize(
    ("code", "script"), [("ru", "Cyrl"), ("vi", "Latn"), ("th", "Thai"), ("ar", "Arab")]
)
def test_language_knows_its_script(speaking: Speaking, code: str, script: str) -> None:
    assert speaking(code, CLIENT).script == script


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_journey_of_one_day_has_one_day(speaking: Speaking, code: str) -> None:
    assert speaking(code).days(DAY, DAY) == speaking(code).day(DAY, year=True)


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_clock_has_twenty_four_hours_and_two_digits(speaking: Speaking, code: str) -> None:
    assert speaking(code).clock(time(7, 5)) == "07:05"
    assert speaking(code).clock(time(18, 40)) == "18:40"
    assert speaking(code).clock(datetime.combine(DAY, time(0, 0))) == "00:00"


@pytest.mark.parametrize(
    ("code", "stamp"),
    [("sv", "12 dec. 2026 07:05"), ("en", "12 Dec 2026 07:05"), ("ru", "12 дек. 2026 07:05")],
)
def test_stamp_has_day_and_time(speaking: Speaking, code: str, stamp: str) -> None:
    assert speaking(code).stamp(WALL) == stamp


@pytest.mark.parametrize(
    ("code", "stamp"),
    [
        ("sv", "2026-12-12, 07:05"), ("ru", "12.12.2026, 07:05"), ("en", "12 Dec 2026, 07:05"),
        ("es", "12/12/2026, 07:05"), ("lt", "2026-12-12, 07:05"),
    ],
)  # fmt: skip
def test_stamp_for_a_narrow_column_is_in_figures(speaking: Speaking, code: str, stamp: str) -> None:
    assert speaking(code, CLIENT).numeric_stamp(WALL) == stamp


@pytest.mark.parametrize(
    ("code", "spans"),
    [
        ("sv", ["25 min", "3 tim", "16 tim 30 min", "49 tim", "0 min"]),
        ("en", ["25 min", "3 h", "16 h 30 min", "49 h", "0 min"]),
        ("ru", ["25 мин", "3 ч", "16 ч 30 мин", "49 ч", "0 мин"]),
    ],
)
@pytest.mark.parametrize("domain", ["kfdesk", CLIENT])
def test_duration_is_said_in_hours_and_minutes_by_desk_and_paper(
    speaking: Speaking, code: str, spans: list[str], domain: str
) -> None:
    words = speaking(code, domain)
    times = [spell(0, 25), spell(3), spell(16, 30), spell(49), timedelta(seconds=59)]
    assert [words.duration(span) for span in times] == spans


@pytest.mark.parametrize(
    ("code", "listings"),
    [
        ("sv", ["", "a", "a och b", "a, b och c"]),
        ("en", ["", "a", "a and b", "a, b and c"]),
        ("ru", ["", "a", "a и b", "a, b и c"]),
    ],
)
def test_listing_joins_words_as_the_language_does(
    speaking: Speaking, code: str, listings: list[str]
) -> None:
    words = speaking(code)
    assert [words.listing("abc"[:count]) for count in range(4)] == listings


@pytest.mark.parametrize(
    ("code", "winter", "summer", "east"),
    [
        ("sv", "CET, Stockholm", "CEST, Stockholm", "MSK, Moskva"),
        ("en", "CET, Stockholm", "CEST, Stockholm", "MSK, Moscow"),
        ("ru", "CET, Стокгольм", "CEST, Стокгольм", "MSK, Москва"),
    ],
)
def test_clock_is_named_with_its_city(
    speaking: Speaking, code: str, winter: str, summer: str, east: str
) -> None:
    words = speaking(code)
    assert words.clock_of("Europe/Stockholm", WALL) == winter
    assert words.clock_of("Europe/Stockholm", WALL.replace(month=7)) == summer
    assert words.clock_of("Europe/Moscow", WALL) == east


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "GMT", "CET"])
@pytest.mark.parametrize("code", ["sv", "en", "ru"])
def test_clock_without_a_city_is_told_once(speaking: Speaking, code: str, zone: str) -> None:
    words = speaking(code)
    said = words.clock_of(zone, WALL)
    assert said == zone.removeprefix("Etc/")
    moment = ZonedTime.at(WALL, zone)
    assert zoned_time_text(moment, words).endswith(f" {said}")
    assert zoned_time_text(moment, words).count(said) == 1


def test_clock_without_a_name_is_told_by_its_distance(speaking: Speaking) -> None:
    assert speaking("en").clock_of("Asia/Tashkent", WALL) == "UTC+05, Tashkent"


@pytest.mark.parametrize(
    ("code", "name", "country", "language"),
    [
        ("sv", "Svenska", "Lettland", "ryska"),
        ("en", "English", "Latvia", "Russian"),
        ("ru", "Русский", "Латвия", "русский"),
    ],
)
def test_names_of_countries_and_languages_are_in_the_language(
    speaking: Speaking, code: str, name: str, country: str, language: str
) -> None:
    words = speaking(code)
    assert words.name == name
    assert (words.country("LV"), words.language("ru")) == (country, language)


@pytest.mark.parametrize(
    ("code", "typed", "said"),
    [
        ("sv", "Mo-Fr 09:00-16:00", "mån–fre 09:00–16:00"),
        ("en", "Mo-Fr 09:00-16:00; Sa 10:00-14:00", "Mon–Fri 09:00–16:00, Sat 10:00–14:00"),
        ("ru", "Tu 13:00-16:00", "вт 13:00–16:00"),
        ("sv", "24/7", "dygnet runt"),
        ("ru", " 24/7", "круглосуточно"),
        ("ru", "vardagar, efter åtta", "vardagar, efter åtta"),
        ("ru", "", ""),
    ],
)
def test_hours_in_the_notation_are_told_and_words_stand_as_typed(
    speaking: Speaking, code: str, typed: str, said: str
) -> None:
    assert hours_text(typed, speaking(code)) == said


@pytest.mark.parametrize(
    ("code", "month"), [("sv", "juni 2026"), ("en", "Jun 2026"), ("ru", "июнь 2026")]
)
def test_day_known_to_its_month_or_year_is_said_as_far_as_it_is_known(
    speaking: Speaking, code: str, month: str
) -> None:
    assert speaking(code).partial_date("2026-06") == month
    assert speaking(code).partial_date("2026") == "2026"


@pytest.mark.parametrize(
    ("code", "month"), [("sv", "Maj 2026"), ("ru", "Май 2026"), ("en", "May 2026")]
)
def test_month_as_a_heading_begins_with_a_capital_in_the_form_that_stands_alone(
    speaking: Speaking, code: str, month: str
) -> None:
    assert speaking(code).month(date(2026, 5, 31)) == month


def test_language_of_the_card_has_its_own_name(speaking: Speaking) -> None:
    assert speaking("lv", CLIENT).name == "latviešu"


def test_unknown_code_of_country_or_language_stands_as_it_is(speaking: Speaking) -> None:
    words = speaking("sv")
    assert (words.country("XQ"), words.language("x_new")) == ("XQ", "x_new")


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("sv", {1: "1 plan", 2: "2 planer", 5: "5 planer", 21: "21 planer"}),
        ("en", {1: "1 plan", 2: "2 plans", 5: "5 plans", 21: "21 plans"}),
        ("ru", {1: "1 план", 2: "2 плана", 5: "5 планов", 11: "11 планов", 21: "21 план"}),
    ],
)
def test_number_chooses_the_form(speaking: Speaking, code: str, forms: dict[int, str]) -> None:
    words = speaking(code)
    for count, text in forms.items():
        assert words.ngettext("{count} plan", "{count} plans", count).format(count=count) == text


def test_word_in_a_context_without_translation_stands_as_it_is(speaking: Speaking) -> None:
    assert speaking("sv").pgettext("nowhere", "Plan") == "Plan"


@pytest.mark.parametrize("code", ["nb", "uk"])
def test_unknown_language_speaks_english(speaking: Speaking, code: str) -> None:
    words = speaking(code)
    assert words.gettext("Passphrase") == "Passphrase"
    assert words.ngettext("{count} plan", "{count} plans", 2) == "{count} plans"
    assert not words.knows("Passphrase")


def test_folder_without_catalogues_speaks_english(tmp_path: Path) -> None:
    assert Language("sv", tmp_path).gettext("Passphrase") == "Passphrase"


def test_language_knows_what_its_catalogue_says(speaking: Speaking) -> None:
    assert speaking("ru").knows("Passphrase")
    assert speaking("en").knows("Passphrase")
    assert not speaking("ru").knows("Nobody has said this yet")


def test_paper_speaks_another_language_than_the_window_at_the_same_time(speaking: Speaking) -> None:
    window, paper = speaking("sv"), speaking("ru", CLIENT)
    assert (window.gettext("Luggage"), paper.gettext("Meets you")) == ("Bagage", "Вас встречает")
    assert not paper.knows("Luggage")


def test_catalogue_is_opened_with_the_first_message(tmp_path: Path) -> None:
    broken = tmp_path / "sv" / "LC_MESSAGES" / "kfdesk.mo"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"no catalogue")
    words = Language("sv", tmp_path)
    assert words.name == "Svenska"
    with pytest.raises(OSError, match="magic"):
        words.gettext("Passphrase")


def test_scripts_of_the_papers_are_those_of_the_fonts() -> None:
    letters = {"Latn": "Åžș", "Cyrl": "Жїѝ", "Arab": "رحل", "Thai": "ไทย", "Grek": "Ελ",
               "Hebr": "עב", "Ethi": "ትግ", "Geor": "ქა", "Armn": "հա", "Hans": "中"}  # fmt: skip
    for font in sorted((Path(__file__).parents[3] / "resources" / "fonts").glob("*.ttf")):
        known = TTFont(font.stem, font).face.charToGlyph
        has = {script for script, text in letters.items() if all(ord(one) in known for one in text)}
        is_arabic = font.stem.startswith("NotoSansArabic")
        assert has == ({"Arab"} if is_arabic else PRINTED_SCRIPTS), font.name
