# SPDX-License-Identifier: GPL-3.0-or-later
"""Invented journeys for the traveller's sheet, and a press with the real fonts and catalogues."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from PIL import Image
from pypdfium2 import PdfDocument

from kfdesk.documents.traveller.content import (
    Greeter,
    HelpPhone,
    Ride,
    Transfer,
    TravellerSheet,
    TravelStop,
)
from kfdesk.documents.typesetting import Typesetter, page_pngs

ROOT = Path(__file__).parents[3]
RESOURCES = ROOT / "resources"
HOUR = timedelta(hours=1)
STOCKHOLM, RIGA, MOSCOW = "Europe/Stockholm", "Europe/Riga", "Europe/Moscow"
TALLINN, BERLIN, LAGOS = "Europe/Tallinn", "Europe/Berlin", "Africa/Lagos"


def page_images(pdf: bytes, scale: float) -> list[Image.Image]:
    """Return the pages as the program shows them, at `scale` pixels to a point."""
    return [Image.open(BytesIO(png)).convert("RGB") for png in page_pngs(pdf, scale)]


def compiled_catalogues(target: Path) -> Path:
    """Compile the catalogues of the repository below `target`."""
    for source in sorted((ROOT / "translations").glob("*/LC_MESSAGES/*.po")):
        folder = target / source.parent.relative_to(ROOT / "translations")
        folder.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as po, (folder / f"{source.stem}.mo").open("wb") as mo:
            write_mo(mo, read_po(po))
    return target


def press_at(folder: Path) -> Typesetter:
    return Typesetter(RESOURCES, compiled_catalogues(folder))


def at(month: int, day: int, hour: int, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - the wall clock at a stop


def spell(hours: int, minutes: int = 0) -> timedelta:
    return timedelta(hours=hours, minutes=minutes)


def nina() -> TravellerSheet:
    """Stockholm to Pskov by ferry, car and bus, in Russian."""
    return TravellerSheet(
        days=(date(2026, 12, 12), date(2026, 12, 13)),
        ticket_names=("NINA VYMYSLOVA",),
        stops=(
            TravelStop(
                at(12, 12, 17),
                STOCKHOLM,
                "Стокгольм",
                "Värtahamnen, морской терминал",
                ride=Ride("ferry", "M/S Havsörn", spell(16, 30)),
            ),
            TravelStop(
                at(12, 13, 10, 30),
                RIGA,
                "Рига",
                "Rīgas pasažieru osta, морской вокзал",
                clock_change=HOUR,
                transfer=Transfer("Машина с Анной", "car", spell(0, 25)),
                meets=Greeter("Анна", "жёлтый шарф"),
            ),
            TravelStop(
                at(12, 13, 12, 40),
                RIGA,
                "Рига",
                "Rīgas autoosta, платформа 4",
                ride=Ride("coach", "17, Exempelbuss", spell(6, 35)),
            ),
            TravelStop(
                at(12, 13, 20, 15),
                MOSCOW,
                "Псков",
                "Автовокзал, главный вход",
                clock_change=HOUR,
                meets=Greeter("Ольга", "синий зонт"),
            ),
        ),
        phones=(
            HelpPhone("+46 70-174 06 15", "днём и ночью, по-русски"),
            HelpPhone("+7 000 555-01-17", "с 8 до 22 по времени Пскова"),
        ),
        emergency="112",
        speaks="ru",
        transit=("lv",),
        vehicle="coach",
        luggage=(
            "1 чемодан, синий",
            "1 рюкзак, чёрный",
            "паспорт и билеты — при себе",
            "телефон, зарядка, деньги",
        ),
    )


def nina_in_two() -> TravellerSheet:
    """Return the journey of `nina` with Swedish next to her Russian."""
    first = nina()
    texts = (
        ("Stockholm", "Värtahamnen, färjeterminal"),
        ("Riga", "Rīgas pasažieru osta, hamnen"),
        ("Riga", "Rīgas autoosta, plattform 4"),
        ("Pskov", "Busstationen, stora ingången"),
    )
    met = {1: Greeter("Anna", "gul halsduk"), 3: Greeter("Olga", "blått paraply")}
    stops = [
        replace(stop, place=place, detail=detail, meets=met.get(number))
        for number, (stop, (place, detail)) in enumerate(zip(first.stops, texts, strict=True))
    ]
    stops[1] = replace(stops[1], transfer=Transfer("Bil med Anna", "car", spell(0, 25)))
    hours = ("dygnet runt, på ryska", "kl. 8–22, tid i Pskov")
    phones = tuple(
        replace(phone, hours=told) for phone, told in zip(first.phones, hours, strict=True)
    )
    luggage = ("1 resväska, blå", "1 ryggsäck, svart", "pass och biljetter", "telefon, pengar")
    beside = replace(first, stops=tuple(stops), phones=phones, luggage=luggage, speaks="sv")
    return replace(first, beside=beside)


def elsa() -> TravellerSheet:
    """Tallinn to Sundsvall by ferry, car and train, in Swedish."""
    return TravellerSheet(
        days=(date(2027, 1, 9), date(2027, 1, 10)),
        ticket_names=("ELSA PÅHITTAD LÖFGREN",),
        stops=(
            TravelStop(
                at(1, 9, 18, year=2027),
                TALLINN,
                "Tallinn",
                "Reisisadam, D-terminal",
                ride=Ride("ferry", "M/S Exempel", spell(17, 15)),
            ),
            TravelStop(
                at(1, 10, 10, 15, year=2027),
                STOCKHOLM,
                "Stockholm",
                "Värtahamnen, ankomsthallen",
                clock_change=-HOUR,
                transfer=Transfer("Bil med Karin", "car", spell(0, 20)),
                meets=Greeter("Karin", "grön halsduk"),
            ),
            TravelStop(
                at(1, 10, 12, 22, year=2027),
                STOCKHOLM,
                "Stockholm C",
                "Spår 10, vagn 3, plats 24",
                ride=Ride("rail", "5417 mot Sundsvall", spell(3, 41)),
            ),
            TravelStop(
                at(1, 10, 16, 3, year=2027),
                STOCKHOLM,
                "Sundsvall C",
                "Stora ingången, under klockan",
                meets=Greeter("Maj-Britt", "röd ryggsäck"),
            ),
        ),
        phones=(
            HelpPhone("+46 70-174 06 27", "dygnet runt, svenska"),
            HelpPhone("+372 000 0117", "kl. 8–22, estnisk tid"),
        ),
        emergency="112",
        speaks="sv",
        transit=("et",),
        vehicle="ferry",
        luggage=(
            "2 resväskor, röd och grå",
            "1 ryggsäck",
            "pass och biljetter, alltid hos dig",
            "telefon, laddare, pengar",
        ),
    )


def grace() -> TravellerSheet:
    """Stockholm to Lagos by plane, two names, a change on her own, in English."""
    return TravellerSheet(
        days=(date(2027, 1, 16), date(2027, 1, 16)),
        ticket_names=("GRACE INVENTED", "DANIEL INVENTED"),
        stops=(
            TravelStop(
                at(1, 16, 6, 40, year=2027),
                STOCKHOLM,
                "Stockholm",
                "Arlanda, terminal 5",
                ride=Ride("air", "XX 801", spell(2, 15)),
                meets=Greeter("Sara", "grey coat, red hat"),
            ),
            TravelStop(
                at(1, 16, 8, 55, year=2027),
                BERLIN,
                "Frankfurt",
                "Follow the signs “Connecting flights”",
                clock_change=timedelta(),
                transfer=Transfer("On foot, same terminal", "on_foot"),
                alone=True,
            ),
            TravelStop(
                at(1, 16, 11, 5, year=2027),
                BERLIN,
                "Frankfurt",
                "Gate: see the board, row “LAGOS”",
                ride=Ride("air", "XX 564", spell(6, 30)),
            ),
            TravelStop(
                at(1, 16, 17, 35, year=2027),
                LAGOS,
                "Lagos",
                "Arrivals hall, exit B",
                clock_change=timedelta(),
                meets=Greeter("Blessing", "green headscarf"),
            ),
        ),
        phones=(
            HelpPhone("+46 70-174 06 32", "day and night, in English"),
            HelpPhone("+234 000 555 0118", "8 am to 10 pm, Lagos time"),
        ),
        emergency="112",
        speaks="en",
        transit=("sv", "de"),
        vehicle="air",
        luggage=(
            "2 suitcases, black",
            "1 pushchair, to the aircraft door",
            "passports and tickets, with you",
            "telephone, charger, money",
        ),
    )


def abroad(code: str) -> TravellerSheet:
    """Stockholm to Sofia, Chișinău or Kyiv by coach and plane, in that language."""
    place, stop, name, sign, hours, luggage, zone = _ABROAD[code]
    return TravellerSheet(
        days=(date(2026, 12, 31), date(2027, 1, 1)),
        ticket_names=("ANA INVENTED",),
        stops=(
            TravelStop(
                at(12, 31, 22, 5),
                STOCKHOLM,
                {"ro": "Stockholm"}.get(code, "Стокгольм" if code == "uk" else "Стокхолм"),
                "Arlanda, terminal 5",
                ride=Ride("air", "XX 801", spell(3, 10)),
            ),
            TravelStop(
                at(1, 1, 2, 15, year=2027),
                zone,
                place,
                stop,
                clock_change=HOUR,
                meets=Greeter(name, sign),
            ),
        ),
        phones=(
            HelpPhone("+46 70-174 06 15", hours),
            HelpPhone("+46 70-174 06 27", hours),
        ),
        emergency="112",
        speaks=code,
        vehicle="air",
        luggage=luggage,
    )


_ABROAD = {
    "bg": (
        "София", "Терминал 2, изход Б", "Мария", "жълт шал", "денем и нощем, на български",
        ("1 куфар, син", "паспорт и билети – винаги в Вас"), "Europe/Sofia",
    ),
    "ro": (
        "Chișinău", "Sosiri, ieșirea din față", "Ștefania", "eșarfă galbenă",
        "ziua și noaptea, în română", ("1 valiză, albastră", "pașaport și bilete, la Dvs."),
        "Europe/Chisinau",
    ),
    "uk": (
        "Київ", "Зал прильоту, вихід ґ", "Ївга", "жовтий шарф", "вдень і вночі, українською",
        ("1 валіза, синя", "паспорт і квитки — при собі"), "Europe/Kyiv",
    ),
}  # fmt: skip


def three_legs() -> TravellerSheet:
    """Three vehicles with two changes between them: six stops, the most that one sheet holds."""
    first = nina()
    stops = (
        *first.stops[:3],
        replace(
            first.stops[3],
            transfer=Transfer("Пешком, вход рядом", "on_foot", spell(0, 5)),
            meets=None,
            alone=True,
        ),
        TravelStop(
            at(12, 13, 21, 30),
            MOSCOW,
            "Псков",
            "Вокзал, платформа 1",
            ride=Ride("rail", "677А", spell(4, 12)),
        ),
        TravelStop(
            at(12, 14, 1, 42),
            MOSCOW,
            "Дно",
            "Главный вход",
            meets=Greeter("Ольга", "синий зонт"),
        ),
    )
    return replace(first, days=(date(2026, 12, 12), date(2026, 12, 14)), stops=stops)


def long_journey(stops: int) -> TravellerSheet:
    """Return a journey of `stops` stops, two a leg, three hours apart.

    Each place is named by number.
    """
    start = at(12, 12, 6)
    rail = tuple(
        TravelStop(
            start + number * spell(3),
            MOSCOW,
            f"Выдумка-{number + 1}",
            f"Платформа {number + 1}",
            ride=Ride("rail", f"{500 + number}", spell(2)) if number % 2 == 0 else None,
            transfer=Transfer("Пешком", "on_foot") if number % 2 else None,
        )
        for number in range(stops - 1)
    )
    last = start + (stops - 1) * spell(3)
    end = TravelStop(last, MOSCOW, f"Выдумка-{stops}", meets=Greeter("Ольга", "синий зонт"))
    return replace(nina(), days=(start.date(), last.date()), stops=(*rail, end))


def placed_texts(pdf: bytes) -> list[list[tuple[str, float, float]]]:
    """Return the texts of each page, each with its middle in points from the top left."""
    document = PdfDocument(pdf)
    pages = []
    for page in document:
        text, height = page.get_textpage(), page.get_height()
        boxes = [text.get_rect(number) for number in range(text.count_rects())]
        pages.append(
            [
                (
                    text.get_text_bounded(*box).strip(),
                    (box[0] + box[2]) / 2,
                    height - (box[1] + box[3]) / 2,
                )
                for box in boxes
            ]
        )
    document.close()
    return pages


def squeezed(texts: Iterable[str]) -> str:
    """Texts as one, without spaces, as line breaks may stand anywhere."""
    return "".join("".join(texts).split())
