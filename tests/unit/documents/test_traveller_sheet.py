# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sheet as a finished PDF: what is on it, on which sheet, and what is refused."""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.unit.documents.paper_samples import (
    elsa,
    grace,
    long_journey,
    nina,
    squeezed,
    three_legs,
)

from kfdesk.documents.traveller.content import Greeter, TravellerSheet
from kfdesk.documents.traveller.drawing import draw_traveller_sheet
from kfdesk.documents.traveller.sheet import missing_facts
from kfdesk.documents.typesetting import Typesetter, page_texts
from kfdesk.domain.errors import KfdeskError

SAMPLES: list[tuple[str, Callable[[], TravellerSheet]]] = [
    ("ru", nina),
    ("sv", elsa),
    ("en", grace),
]
PDFFONTS, PDFIMAGES = shutil.which("pdffonts"), shutil.which("pdfimages")

NINA_LINES = """
План поездки
12–13 декабря 2026
Имя, как в билете
NINA VYMYSLOVA
17:00
сб, 12 декабря
время Стокгольма
Стокгольм
Värtahamnen, морской терминал
Паром M/S Havsörn · 16 ч 30 мин
Вас встречает
Анна
жёлтый шарф
10:30
вс, 13 декабря
время Риги
Рига
Rīgas pasažieru osta,
морской вокзал
Переведите часы на 1 час вперёд
Машина с Анной · 25 мин
12:40
вс, 13 декабря
время Риги
Рига
Rīgas autoosta, платформа 4
Автобус 17, Exempelbuss · 6 ч 35 мин
Вас встречает
Ольга
синий зонт
20:15
вс, 13 декабря
московское время
Псков
Автовокзал, главный вход
Переведите часы на 1 час вперёд
Никто не встретил? Оставайтесь в здании и звоните.
Нужна помощь? Звоните
1
+46 70-174 06 15
днём и ночью, по-русски
2
+7 000 555-01-17
с 8 до 22 по времени Пскова
112
Экстренный вызов.
Бесплатно с любого
телефона.
Покажите эти слова
Я говорю по-русски.
EN
I speak Russian.
LV
Es runāju krieviski.
Где этот автобус?
EN
Where is this bus, please?
LV
Kur ir šis autobuss, lūdzu?
Можно мне позвонить?
EN
May I make a phone call?
LV
Vai drīkstu piezvanīt?
Вещи — проверьте при пересадке
1 чемодан, синий
1 рюкзак, чёрный
паспорт и билеты — при себе
телефон, зарядка, деньги
"""


def drawn(press: Typesetter, sheet: TravellerSheet, code: str = "ru") -> bytes:
    return draw_traveller_sheet(sheet, press.client(code), press)


def texts_by_pypdf(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_page_says_exactly_what_is_meant(press: Typesetter) -> None:
    pdf = drawn(press, nina())
    for reader in (page_texts, texts_by_pypdf):
        lines = [line.strip() for line in reader(pdf)[0].splitlines()]
        assert sorted(squeezed(lines)) == sorted(squeezed(NINA_LINES))
        assert set(NINA_LINES.split()) == set(" ".join(lines).split())


@pytest.mark.parametrize(("code", "sample"), SAMPLES)
def test_two_readers_find_the_same_text(
    press: Typesetter, code: str, sample: Callable[[], TravellerSheet]
) -> None:
    pdf = drawn(press, sample(), code)
    assert len(page_texts(pdf)) == 1
    assert sorted(squeezed(page_texts(pdf))) == sorted(squeezed(texts_by_pypdf(pdf)))
    assert "■" not in squeezed(page_texts(pdf))
    assert missing_facts(pdf, sample(), press.client(code)) == []


def test_swedish_sheet_speaks_swedish(press: Typesetter) -> None:
    text = " ".join(page_texts(drawn(press, elsa(), "sv"))[0].split())
    for said in (
        "Resplan",
        "9–10 januari 2027",
        "Namn som på biljetten",
        "ELSA PÅHITTAD LÖFGREN",
        "lör 9 januari",
        "estnisk tid",
        "Ställ tillbaka klockan 1 timme",
        "Tåg 5417 mot Sundsvall · 3 tim 41 min",
        "Möter dig",
        "Bagage – räkna vid varje byte",
    ):
        assert said in text


def test_english_sheet_names_both_travellers_and_the_change_alone(press: Typesetter) -> None:
    text = " ".join(page_texts(drawn(press, grace(), "en"))[0].split())
    for said in (
        "Names as on the tickets",
        "GRACE INVENTED and DANIEL INVENTED",
        "Sat 16 January",
        "Leave your watch as it is",
        "Change on your own",
        "Flight XX 801 · 2 h 15 min",
        "UTC+1",
    ):
        assert said in text


def test_letters_of_the_region_survive(press: Typesetter) -> None:
    stops = nina().stops
    place = replace(stops[0], place="Ґанок Їжачківка", detail="ў ё й ł ž ų ș ț å ä ö, Šiauliai")
    text = page_texts(drawn(press, replace(nina(), stops=(place, *stops[1:]))))[0]
    assert "Ґанок Їжачківка" in text
    assert "ў ё й ł ž ų ș ț å ä ö" in text


@pytest.mark.skipif(PDFFONTS is None, reason="pdffonts (poppler) is not installed")
@pytest.mark.parametrize(("code", "sample"), SAMPLES)
def test_every_font_is_embedded_and_subset(
    press: Typesetter, tmp_path: Path, code: str, sample: Callable[[], TravellerSheet]
) -> None:
    file = tmp_path / "sheet.pdf"
    file.write_bytes(drawn(press, sample(), code))
    listed = subprocess.run([str(PDFFONTS), file], capture_output=True, text=True, check=True)
    fonts = listed.stdout.splitlines()[2:]
    assert fonts
    for font in fonts:
        assert re.match(r"[A-Z]{6}\+NotoSans-", font)
        assert re.search(r" yes yes yes +\d+ +0$", font)


@pytest.mark.skipif(PDFIMAGES is None, reason="pdfimages (poppler) is not installed")
def test_poppler_finds_no_image(press: Typesetter, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    file.write_bytes(drawn(press, nina()))
    listed = subprocess.run(
        [str(PDFIMAGES), "-list", file], capture_output=True, text=True, check=True
    )
    assert len(listed.stdout.splitlines()) == 2


@pytest.mark.parametrize("sheet", [nina(), long_journey(16)], ids=["one page", "several"])
def test_pages_hold_no_image_annotation_or_attachment(
    press: Typesetter, sheet: TravellerSheet
) -> None:
    reader = PdfReader(BytesIO(drawn(press, sheet)))
    assert not list(reader.attachments)
    for page in reader.pages:
        assert not list(page.images)
        assert "/Annots" not in page
        assert "/XObject" not in str(page["/Resources"])


def test_no_standard_font_is_named(press: Typesetter) -> None:
    pdf = drawn(press, nina())
    assert b"Helvetica" not in pdf
    assert b"/Lang (ru)" in pdf


@pytest.mark.parametrize(("code", "sample"), SAMPLES)
def test_two_runs_give_the_same_bytes(
    press: Typesetter, code: str, sample: Callable[[], TravellerSheet]
) -> None:
    first = drawn(press, sample(), code)
    drawn(press, long_journey(8))
    assert drawn(press, sample(), code) == first


def test_three_vehicles_with_two_changes_fit_on_one_page(press: Typesetter) -> None:
    pdf = drawn(press, three_legs())
    assert len(page_texts(pdf)) == 1
    assert missing_facts(pdf, three_legs(), press.client("ru")) == []


def test_seven_stops_go_on_on_a_second_sheet(press: Typesetter) -> None:
    sheet = long_journey(7)
    pdf = drawn(press, sheet)
    first, second = page_texts(pdf)
    assert "1 из 2" in first
    assert "дальше на листе 2" in first
    assert "2 из 2" in second
    assert "дальше" not in second
    assert "Звоните" in first
    assert "Звоните" not in second
    assert "VYMYSLOVA" not in second
    assert missing_facts(pdf, sheet, press.client("ru")) == []


@pytest.mark.parametrize("stops", [7, 8, 13, 16, 40, 80])
def test_no_stop_is_lost_split_or_doubled(press: Typesetter, stops: int) -> None:
    pages = page_texts(drawn(press, long_journey(stops)))
    found: list[str] = []
    for page in pages:
        places = re.findall(r"Выдумка-\d+", page)
        details = re.findall(r"Платформа (\d+)", page)
        assert len(places) <= 6
        assert [f"Выдумка-{number}" for number in details] == places[: len(details)]
        found += places
    assert found == [f"Выдумка-{number + 1}" for number in range(stops)]


def test_sheet_ends_after_an_arrival_and_names_the_next_time(press: Typesetter) -> None:
    first = page_texts(drawn(press, long_journey(16)))[0]
    assert "Выдумка-4" in first
    assert "Выдумка-5" not in first
    assert re.search(r"18:00\s+дальше на листе 2", first)


def test_later_sheets_name_their_own_days(press: Typesetter) -> None:
    pages = page_texts(drawn(press, long_journey(16)))
    assert "12–14 декабря 2026 · 1 из 3" in pages[0]
    assert "12–13 декабря 2026 · 2 из 3" in pages[1]
    assert "13–14 декабря 2026 · 3 из 3" in pages[2]


def test_journey_that_never_changes_vehicles_is_shared_out_too(press: Typesetter) -> None:
    sheet = long_journey(9)
    rides = tuple(
        replace(stop, ride=sheet.stops[0].ride, transfer=None) for stop in sheet.stops[:-1]
    )
    pdf = drawn(press, replace(sheet, stops=(*rides, sheet.stops[-1])))
    assert len(page_texts(pdf)) == 2


def test_overlong_name_breaks_and_nothing_is_cut(press: Typesetter) -> None:
    name = "MARIA MAGDALENA VYMYSLOVA-PRIDUMANOVA NESUSHCHESTVUYUSHCHAYA"
    sheet = replace(nina(), ticket_names=(name,))
    pdf = drawn(press, sheet)
    assert "PRIDUMANOVA" in squeezed(page_texts(pdf))
    assert missing_facts(pdf, sheet, press.client("ru")) == []


def test_name_that_no_line_holds_is_refused(press: Typesetter) -> None:
    with pytest.raises(KfdeskError, match="too_wide"):
        drawn(press, replace(nina(), ticket_names=("VYMYSLOVA" * 8,)))


def test_missing_glyph_is_refused_wherever_it_stands(press: Typesetter) -> None:
    stops = nina().stops
    for sheet in (
        replace(nina(), ticket_names=("妮娜",)),
        replace(nina(), luggage=("✓ паспорт",)),
        replace(nina(), stops=(replace(stops[0], place="תל אביב"), *stops[1:])),
        replace(nina(), stops=(*stops[:3], replace(stops[3], meets=Greeter("Ольга", "→ зонт")))),
    ):
        with pytest.raises(KfdeskError) as caught:
            drawn(press, sheet)
        assert caught.value.code == "documents.no_letter"


def test_long_texts_wrap_and_the_sheet_still_holds_everything(press: Typesetter) -> None:
    stops = list(nina().stops)
    stops[1] = replace(
        stops[1],
        detail="Rīgas pasažieru osta, морской вокзал, выход у стойки информации слева",
        meets=Greeter("Анна-Виктория", "жёлтый шарф, зелёная сумка и большой синий зонт"),
    )
    ride = stops[2].ride
    assert ride is not None
    stops[2] = replace(
        stops[2],
        ride=replace(ride, carrier="17, Exempelbuss International, рейс через Выдуманск и Остров"),
    )
    sheet = replace(nina(), stops=tuple(stops))
    pdf = drawn(press, sheet)
    assert missing_facts(pdf, sheet, press.client("ru")) == []


def test_much_luggage_sets_the_help_closer(press: Typesetter) -> None:
    pieces = tuple(f"{number} чемодан, синий" for number in range(1, 9))
    sheet = replace(nina(), luggage=pieces)
    pdf = drawn(press, sheet)
    assert len(page_texts(pdf)) == 1
    assert missing_facts(pdf, sheet, press.client("ru")) == []


def test_more_than_the_paper_holds_is_refused(press: Typesetter) -> None:
    pieces = tuple(f"{number} чемодан, синий" for number in range(60))
    with pytest.raises(KfdeskError, match="too_much"):
        drawn(press, replace(nina(), luggage=pieces))
    names = tuple(f"VYMYSHLENNYY REBYONOK{'A' * number}" for number in range(1, 16))
    with pytest.raises(KfdeskError, match="too_much"):
        drawn(press, replace(long_journey(7), ticket_names=names))


def test_sheet_without_luggage_emergency_box_or_hours_leaves_them_out(press: Typesetter) -> None:
    phones = tuple(replace(phone, hours="") for phone in nina().phones)
    text = page_texts(drawn(press, replace(nina(), luggage=(), emergency="", phones=phones)))[0]
    assert "Вещи" not in text
    assert "112" not in text
    assert "Экстренный" not in text
    assert "+46 70-174 06 15" in text


def test_two_stops_are_a_journey(press: Typesetter) -> None:
    sheet = replace(nina(), stops=nina().stops[2:])
    pdf = drawn(press, sheet)
    assert len(page_texts(pdf)) == 1
    assert missing_facts(pdf, sheet, press.client("ru")) == []
