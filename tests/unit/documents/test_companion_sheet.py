# SPDX-License-Identifier: GPL-3.0-or-later
"""The companion's sheet as a finished PDF: legs, help on the way, calls, in each language."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.unit.documents.companion_samples import journey, many_legs
from tests.unit.documents.paper_samples import RESOURCES, ROOT

from kfdesk.documents.escort.content import EscortSheet, Reminder
from kfdesk.documents.escort.layout import draw_escort_sheet, escort_facts
from kfdesk.documents.typesetting import Typesetter, missing_texts, page_texts
from kfdesk.domain.codes.core import PaperFormat
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.itinerary import EmergencyNumber

CODES = ("en", "sv", "ru")
FORMS = (PaperFormat.A4, PaperFormat.LARGE)


@pytest.fixture(scope="module")
def whole() -> Typesetter:
    """Return a typesetter with the program's messages too."""
    return Typesetter(RESOURCES, ROOT / "translations")


def drawn(
    press: Typesetter, sheet: EscortSheet, code: str = "en", form: PaperFormat = PaperFormat.A4
) -> bytes:
    words = press.client(code)
    return draw_escort_sheet(sheet, words, press, form)


def said(pdf: bytes) -> str:
    return " ".join(" ".join(page_texts(pdf)).split())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("code", CODES)
def test_every_leg_call_and_line_of_help_is_on_it(
    whole: Typesetter, code: str, form: PaperFormat
) -> None:
    sheet = journey(code)
    pdf = drawn(whole, sheet, code, form)
    assert missing_texts(pdf, escort_facts(sheet, whole.client(code))) == []
    assert drawn(whole, sheet, code, form) == pdf
    assert b"Helvetica" not in pdf
    assert f"/Lang ({code})".encode() in pdf


@pytest.mark.parametrize(
    ("code", "sentences"),
    [
        ("en", ("Travel plan · companion", "You travel with (name as on the ticket)",
                "Russian and English", "On the way", "Reminders on request",
                "Whom to call, and when", "“Anna has met us”", "“On board, all well”",
                "Emergency. Free of charge from any phone. Then call Marina.",
                "Please tear up after the journey.")),
        ("sv", ("Resplan · ressällskap", "ryska och engelska", "Under resan",
                "Önskade påminnelser", "Vem du ringer, och när", "”Anna har mött oss”")),
        ("ru", ("План поездки · сопровождение", "русский и английский", "В пути",
                "Напоминания по просьбе", "Кому и когда звонить", "«Нас встретили: Анна»")),
    ],
)  # fmt: skip
def test_sheet_speaks_the_companions_language(
    whole: Typesetter, code: str, sentences: tuple[str, ...]
) -> None:
    text = said(drawn(whole, journey(code), code))
    for sentence in sentences:
        assert sentence in text
    assert not re.search(r"escort|эскорт|ledsagare", text, re.IGNORECASE)


def test_large_print_is_14_points_and_never_below_13(whole: Typesetter) -> None:
    pieces: list[tuple[str, float]] = []
    for page in PdfReader(BytesIO(drawn(whole, journey("ru"), "ru", PaperFormat.LARGE))).pages:
        page.extract_text(visitor_text=lambda text, _u, _t, _f, size: pieces.append((text, size)))
    sizes = {size for text, size in pieces if text.strip()}
    assert min(sizes) >= 13
    assert 14 in sizes


def test_usual_journey_is_one_page_and_says_so_by_no_number(whole: Typesetter) -> None:
    (page,) = page_texts(drawn(whole, journey("en")))
    assert "1 of" not in page


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("count", [9, 40])
def test_rows_go_on_under_a_repeated_head_and_none_is_lost(
    whole: Typesetter, count: int, form: PaperFormat
) -> None:
    sheet = many_legs(count)
    pdf = drawn(whole, sheet, "ru", form)
    pages = page_texts(pdf)
    assert missing_texts(pdf, escort_facts(sheet, whole.client("ru"))) == []
    found = [re.findall(r"Выдумка-(\d+)", page) for page in pages]
    assert [int(number) for page in found for number in page] == list(range(1, count + 1))
    for number, (page, legs) in enumerate(zip(pages, found, strict=True), start=1):
        assert f"{number} из {len(pages)}" in page
        assert ("Откуда — куда" in page) == bool(legs)


def test_calls_stay_together_with_the_emergency_number(whole: Typesetter) -> None:
    pages = page_texts(drawn(whole, many_legs(9), "ru"))
    (calls,) = [page for page in pages if "Кому и когда звонить" in page]
    assert calls.count("Доехали, всё хорошо") == 9
    assert "112" in calls


def test_calls_that_no_page_holds_go_on_under_their_head(whole: Typesetter) -> None:
    pages = page_texts(drawn(whole, many_legs(40), "ru"))
    assert sum("Кому и когда звонить" in page for page in pages) > 1
    assert sum(page.count("Доехали, всё хорошо") for page in pages) == 40


def test_what_is_not_there_leaves_no_heading(whole: Typesetter) -> None:
    bare = replace(journey("en"), needs=(), reminders=(), languages=(), emergency=None)
    text = said(drawn(whole, bare))
    for heading in ("On the way", "Reminders on request", "Speaks", "Emergency"):
        assert heading not in text
    one = replace(bare, reminders=(Reminder("", "blue box, when the ferry leaves"),))
    text = said(drawn(whole, one))
    assert "blue box, when the ferry leaves" in text
    assert "On the way" not in text


@pytest.mark.parametrize("form", FORMS)
def test_reminder_has_its_place_beside_the_time(whole: Typesetter, form: PaperFormat) -> None:
    one, other, third = (
        Reminder("21:00", "blue box, with food", "Stockholm"), Reminder("9:00", "", "Riga"),
        Reminder("23:30", "blue box"),
    )  # fmt: skip
    text = said(drawn(whole, replace(journey("en"), reminders=(one, other, third)), "en", form))
    assert "21:00 Stockholm blue box, with food" in text
    assert "9:00 Riga" in text
    assert "23:30 blue box" in text


@pytest.mark.parametrize("name", ["Александра", "Константин", "Alexandra", "Maj-Britt"])
def test_usual_first_name_of_who_answers_has_room(whole: Typesetter, name: str) -> None:
    for form in FORMS:
        sheet = journey("ru")
        answering = tuple(replace(one, name=name) for one in sheet.answering)
        assert name in said(drawn(whole, replace(sheet, answering=answering), "ru", form))


def test_number_that_answers_in_one_country_says_which(whole: Typesetter) -> None:
    text = said(drawn(whole, replace(journey("en"), emergency=EmergencyNumber("191", "TH"))))
    assert "Emergency number. Thailand" in text
    assert "Free of charge" not in text


def test_number_without_a_name_is_called_the_first(whole: Typesetter) -> None:
    sheet = journey("en")
    nameless = tuple(replace(one, name="") for one in sheet.answering)
    text = said(drawn(whole, replace(sheet, answering=nameless)))
    assert "Then call the first number above." in text
    assert "Marina" not in text
    lonely = said(drawn(whole, replace(sheet, answering=sheet.answering[:1])))
    assert "No answer in 10 min" not in lonely


def test_companion_is_told_where_nobody_meets_them(whole: Typesetter) -> None:
    sheet = journey("sv")
    legs = (replace(sheet.legs[0], meets=None, onward=None), *sheet.legs[1:])
    for form in FORMS:
        assert "Du byter själv" in said(drawn(whole, replace(sheet, legs=legs), "sv", form))


def test_way_onward_is_told_with_its_minutes(whole: Typesetter) -> None:
    for form in FORMS:
        text = said(drawn(whole, journey("ru"), "ru", form))
        assert re.search("Машина с Анной, серая (· )?25 мин", text)


def test_row_that_no_page_holds_is_refused(whole: Typesetter) -> None:
    sheet = journey("en")
    long = replace(sheet.legs[0].start, detail="by the desk, " * 400)
    legs = (replace(sheet.legs[0], start=long), *sheet.legs[1:])
    with pytest.raises(KfdeskError, match="too_much"):
        drawn(whole, replace(sheet, legs=legs))
