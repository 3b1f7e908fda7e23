# SPDX-License-Identifier: GPL-3.0-or-later
"""A finished paper is read back: what is missing is found, and pages become pictures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.documents.paper_samples import elsa, grace, nina, page_images

from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.style import A4, REGULAR, Style, TextLine
from kfdesk.documents.traveller.content import Greeter, HelpPhone, Ride, TravellerSheet
from kfdesk.documents.traveller.drawing import draw_traveller_sheet
from kfdesk.documents.traveller.sheet import missing_facts
from kfdesk.documents.typesetting import Typesetter, page_texts


def changed(sheet: TravellerSheet, number: int, **values: object) -> TravellerSheet:
    stops = list(sheet.stops)
    stops[number] = replace(stops[number], **values)  # type: ignore[arg-type]
    return replace(sheet, stops=tuple(stops))


@pytest.mark.parametrize(
    ("intended", "missing"),
    [
        (changed(nina(), 0, moment=nina().stops[0].moment.replace(hour=7)), "07:00"),
        (
            changed(nina(), 0, moment=nina().stops[0].moment - timedelta(days=1)),
            "пт, 11 декабря",
        ),
        (changed(nina(), 0, zone="Europe/Tallinn"), "время Таллина"),
        (changed(nina(), 3, place="Остров"), "Остров"),
        (changed(nina(), 2, detail="платформа 5"), "платформа 5"),
        (changed(nina(), 3, clock_change=timedelta(hours=2)), "Переведите часы на 2 часа вперёд"),
        (changed(nina(), 2, ride=Ride("coach", "18")), "Автобус 18"),
        (changed(nina(), 1, meets=Greeter("Анна", "зелёный шарф")), "зелёный шарф"),
        (changed(nina(), 1, meets=None, alone=True), "Пересадка без встречи"),
        (replace(nina(), phones=(HelpPhone("+46 70-174 06 16", ""),)), "+46 70-174 06 16"),
        (replace(nina(), ticket_names=("NINA PRIDUMANOVA",)), "NINA PRIDUMANOVA"),
        (replace(nina(), emergency="102"), "102"),
        (replace(nina(), luggage=("2 чемодана",)), "2 чемодана"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_page_does_not_show_is_named(
    press: Typesetter, intended: TravellerSheet, missing: str
) -> None:
    words = press.client("ru")
    pdf = draw_traveller_sheet(nina(), words, press)
    assert missing in missing_facts(pdf, intended, words)


def test_text_that_should_stand_twice_must_stand_twice(press: Typesetter) -> None:
    words = press.client("ru")
    pdf = draw_traveller_sheet(nina(), words, press)
    again = changed(nina(), 3, moment=nina().stops[2].moment)
    assert missing_facts(pdf, again, words) == ["12:40"]


@pytest.mark.parametrize(("code", "sample"), [("ru", nina), ("sv", elsa), ("en", grace)])
def test_another_sheet_lacks_almost_everything(
    press: Typesetter, code: str, sample: Callable[[], TravellerSheet]
) -> None:
    page = PageCanvas(A4, code, press.icon)
    page.put([TextLine("112", Style(REGULAR, 12), 60, 100, 100)])
    page.end_page()
    missing = missing_facts(page.pdf(), sample(), press.client(code))
    assert "112" not in missing
    assert set(sample().ticket_names) <= set(missing)
    assert {stop.place for stop in sample().stops} <= set(missing)


def test_text_off_the_page_or_white_is_read_too(press: Typesetter) -> None:
    page = PageCanvas(A4, "ru", press.icon)
    page.put([TextLine("невидимо", Style(REGULAR, 12, "#FFFFFF"), 60, 100, 100)])
    page.end_page()
    assert page_texts(page.pdf()) == ["невидимо"]


def test_pages_become_pictures_of_the_asked_size(press: Typesetter) -> None:
    pdf = draw_traveller_sheet(nina(), press.client("ru"), press)
    (image,) = page_images(pdf, 0.5)
    assert (image.width, image.height) == (298, 421)
    assert image.getpixel((0, 0)) == (255, 255, 255)
