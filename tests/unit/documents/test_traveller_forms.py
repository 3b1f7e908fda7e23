# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sheet in each form and language: A4, folded to A6, and in large print."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.unit.documents.paper_samples import (
    abroad,
    elsa,
    grace,
    long_journey,
    nina,
    nina_in_two,
    placed_texts,
    three_legs,
)

from kfdesk.documents.layout.style import A6, MILLIMETRE
from kfdesk.documents.traveller.content import TravellerSheet, draft_mark
from kfdesk.documents.traveller.drawing import draw_traveller_sheet
from kfdesk.documents.traveller.sheet import (
    draw_in_two_languages,
    missing_facts,
    with_second_language,
)
from kfdesk.documents.typesetting import Typesetter, page_texts
from kfdesk.domain.codes.core import PaperFormat
from kfdesk.domain.errors import KfdeskError

SAMPLES: list[tuple[str, Callable[[], TravellerSheet]]] = [
    ("ru", nina),
    ("sv", elsa),
    ("en", grace),
    ("ru", three_legs),
    *((code, partial(abroad, code)) for code in ("bg", "ro", "uk")),
]
FORMS = (PaperFormat.A4, PaperFormat.A6_FOLD, PaperFormat.LARGE)
SMALLEST = {PaperFormat.A4: 9, PaperFormat.A6_FOLD: 8.2, PaperFormat.LARGE: 13}


def drawn(
    press: Typesetter,
    sheet: TravellerSheet,
    code: str = "ru",
    form: PaperFormat = PaperFormat.A6_FOLD,
) -> bytes:
    return draw_traveller_sheet(sheet, press.traveller(code), press, form)


def quarter_of(x: float, y: float) -> int:
    """0 and 1 above the fold, 2 and 3 below."""
    return int(x > A6.width) + 2 * int(y > A6.height)


def quarters(pdf: bytes, page: int = 0) -> list[str]:
    """Return the text in each quarter of a page."""
    texts: list[list[str]] = [[], [], [], []]
    for text, x, y in placed_texts(pdf)[page]:
        texts[quarter_of(x, y)].append(text)
    return [" ".join(found) for found in texts]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("code", "sample"), SAMPLES)
def test_every_form_shows_every_leg_and_number(
    press: Typesetter, code: str, sample: Callable[[], TravellerSheet], form: PaperFormat
) -> None:
    pdf = drawn(press, sample(), code, form)
    assert missing_facts(pdf, sample(), press.traveller(code)) == []
    assert "■" not in "".join(page_texts(pdf))
    assert b"Helvetica" not in pdf


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_an_a4_page_without_pictures_that_is_always_the_same(
    press: Typesetter, form: PaperFormat
) -> None:
    pdf = drawn(press, nina(), form=form)
    assert drawn(press, nina(), form=form) == pdf
    for page in PdfReader(BytesIO(pdf)).pages:
        assert [float(side) for side in page.mediabox[2:]] == pytest.approx(
            [210 * MILLIMETRE, 297 * MILLIMETRE], abs=0.01
        )
        assert not list(page.images)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("code", "sample"), SAMPLES)
def test_nothing_is_set_smaller_than_the_form_allows(
    press: Typesetter, code: str, sample: Callable[[], TravellerSheet], form: PaperFormat
) -> None:
    said: list[tuple[str, float]] = []
    for page in PdfReader(BytesIO(drawn(press, sample(), code, form))).pages:
        page.extract_text(visitor_text=lambda text, _u, _t, _f, size: said.append((text, size)))
    sizes = [size for text, size in said if text.strip()]
    assert min(sizes) >= SMALLEST[form]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("stops", [7, 16, 80])
def test_forty_legs_go_on_on_further_sheets_and_none_is_lost_or_doubled(
    press: Typesetter, stops: int, form: PaperFormat
) -> None:
    pdf = drawn(press, long_journey(stops), form=form)
    pages = page_texts(pdf)
    found = [re.findall(r"Платформа (\d+)", page) for page in pages]
    assert [int(number) for page in found for number in page] == list(range(1, stops))
    assert all(len(page) <= 6 for page in found)
    assert missing_facts(pdf, long_journey(stops), press.traveller("ru")) == []
    for number, page in enumerate(pages, start=1):
        assert f"{number} из {len(pages)}" in page
    assert [number for number, page in enumerate(pages) if "Звоните" in page] == [
        number for number, page in enumerate(pages) if "+46 70-174 06 15" in page
    ]
    assert sum("Звоните" in page for page in pages) == 1


@pytest.mark.parametrize("form", FORMS)
def test_form_that_cannot_hold_it_refuses(press: Typesetter, form: PaperFormat) -> None:
    pieces = tuple(f"{number} чемодан, синий" for number in range(60))
    with pytest.raises(KfdeskError, match="too_much"):
        drawn(press, replace(nina(), luggage=pieces), form=form)
    detail = ", ".join("у стойки информации слева от входа" for _ in range(40))
    stop = replace(nina().stops[0], detail=detail)
    with pytest.raises(KfdeskError, match="too_much"):
        drawn(press, replace(nina(), stops=(stop, *nina().stops[1:])), form=form)


def test_fold_has_the_journey_above_and_help_below(press: Typesetter) -> None:
    first, second, third, fourth = quarters(drawn(press, nina()))
    assert "NINA VYMYSLOVA" in first
    assert "17:00" in first
    assert "10:30" in first
    assert re.search(r"12:40 +дальше справа", first)
    assert second.startswith("Рига – Псков вс, 13 декабря")
    assert "20:15" in second
    assert "+46 70-174 06 15" in third
    assert "чемодан" in third
    assert "112" in third
    assert "I speak Russian." in fourth


@pytest.mark.parametrize("stops", [4, 7, 16, 31])
def test_fold_never_runs_through_a_stop(press: Typesetter, stops: int) -> None:
    for page in placed_texts(drawn(press, long_journey(stops))):
        named = {text: quarter_of(x, y) for text, x, y in page if re.fullmatch(r"Выд\S+", text)}
        for text, x, y in page:
            if number := re.fullmatch(r"Платформа (\d+)", text):
                assert named[f"Выдумка-{number[1]}"] == quarter_of(x, y)


def test_fold_leads_from_quarter_to_quarter_and_to_the_next_sheet(press: Typesetter) -> None:
    many = replace(long_journey(16), ticket_names=("NINA VYMYSLOVA", "ALVA VYMYSLOVA"))
    stops = tuple(replace(stop, meets=nina().stops[1].meets) for stop in many.stops)
    pdf = drawn(press, replace(many, stops=stops))
    first, second, third, _ = quarters(pdf)
    assert "дальше справа" in first
    assert "дальше на листе 2" in second
    assert "Звоните" in third
    led = [re.findall(r"дальше \w+(?: \w+ \d)?", quarter) for quarter in quarters(pdf, 1)]
    assert led[:2] == [["дальше справа"], ["дальше внизу"]]
    assert led[2] == ["дальше на листе 3"]


def test_fold_puts_luggage_below_where_the_journey_fills_the_upper_half(press: Typesetter) -> None:
    four = (*nina().phones, *nina().phones)
    _, second, third, _ = quarters(drawn(press, three_legs()))
    assert "чемодан" not in second
    assert "чемодан" in third
    _, second, third, fourth = quarters(drawn(press, replace(three_legs(), phones=four)))
    assert "чемодан" in fourth
    assert "чемодан" not in second + third


def test_short_journey_leaves_the_second_quarter_to_the_luggage(press: Typesetter) -> None:
    sheet = replace(nina(), stops=nina().stops[2:])
    first, second, *_ = quarters(drawn(press, sheet))
    assert "20:15" in first
    assert second.startswith("Вещи")


def test_long_head_stands_in_two_lines(press: Typesetter) -> None:
    stops = nina().stops
    far = replace(stops[2], place="Петропавловск-Камчатский")
    sheet = replace(nina(), stops=(*stops[:2], far, replace(stops[3], place="Новопридуманск")))
    pdf = drawn(press, sheet)
    assert missing_facts(pdf, sheet, press.traveller("ru")) == []
    assert "Петропавловск-Камчатский – Новопридуманск" in quarters(pdf)[1]


def test_large_print_has_the_journey_on_one_page_and_help_on_the_other(press: Typesetter) -> None:
    first, second = page_texts(drawn(press, nina(), form=PaperFormat.LARGE))
    assert "1 из 2" in first
    assert "Псков" in first
    assert "Звоните" not in first
    assert "2 из 2" in second
    for said in ("+46 70-174 06 15", "112", "I speak Russian.", "паспорт и билеты"):
        assert said in second


def test_large_print_goes_on_after_the_page_of_help(press: Typesetter) -> None:
    first, second, third, fourth = page_texts(
        drawn(press, long_journey(16), form=PaperFormat.LARGE)
    )
    assert re.search(r"00:00\s+дальше на листе 3", first)
    assert "Выдумка" not in second
    assert re.search(r"дальше на листе 4", third)
    assert "13 декабря 2026 · 3 из 4" in third
    assert "дальше" not in fourth


def test_much_help_in_large_print_takes_two_pages(press: Typesetter) -> None:
    pieces = tuple(f"{number} чемодан, синий" for number in range(12))
    sheet = replace(nina(), luggage=pieces)
    pdf = drawn(press, sheet, form=PaperFormat.LARGE)
    _, second, third = page_texts(pdf)
    assert "Звоните" in second
    assert "Вещи" in third
    assert missing_facts(pdf, sheet, press.traveller("ru")) == []


def test_luggage_for_which_the_help_has_no_room_ends_a_long_journey(press: Typesetter) -> None:
    pieces = tuple(f"{number} чемодан, синий" for number in range(12))
    sheet = replace(long_journey(14), luggage=pieces)
    pdf = drawn(press, sheet, form=PaperFormat.LARGE)
    pages = page_texts(pdf)
    assert "Звоните" in pages[1]
    assert "Вещи" not in pages[1]
    assert [number for number, said in enumerate(pages) if "Вещи" in said] == [len(pages) - 1]
    assert re.search(r"\d\d:00", pages[-1])
    assert missing_facts(pdf, sheet, press.traveller("ru")) == []


def two_at(form: PaperFormat) -> TravellerSheet:
    sheet = nina_in_two()
    assert sheet.beside is not None
    return with_second_language(sheet, sheet.beside, form)


@pytest.mark.parametrize("form", FORMS)
def test_second_language_stands_below_hers_and_hers_is_whole(
    press: Typesetter, form: PaperFormat
) -> None:
    sheet = two_at(form)
    pdf = drawn(press, sheet, form=form)
    assert missing_facts(pdf, sheet, press.traveller("ru")) == []
    assert missing_facts(pdf, nina(), press.traveller("ru")) == []
    text = " ".join(" ".join(page_texts(pdf)).split())
    for said in (
        "Имя, как в билете · Namn som på biljetten", "Färja M/S Havsörn", "Bil med Anna",
        "Möter dig: Olga, blått paraply", "Behöver du hjälp? Ring", "Visa de här orden",
        "dygnet runt, på ryska",
    ):  # fmt: skip
        assert said in text


def in_two(
    press: Typesetter, sheet: TravellerSheet, beside: TravellerSheet
) -> tuple[TravellerSheet, bytes]:
    """Draw the folded sheet in Russian and Swedish."""
    words = press.traveller("ru")
    return draw_in_two_languages((sheet, beside), words, press, PaperFormat.A6_FOLD)


def test_fold_repeats_the_luggage_where_there_is_room(press: Typesetter) -> None:
    two = nina_in_two()
    assert two.beside is not None
    sheet, pdf = in_two(press, two, two.beside)
    assert sheet.beside is not None
    assert sheet.beside.luggage
    said = " ".join(" ".join(page_texts(pdf)).split())
    assert all(piece in said for piece in (*sheet.luggage, *sheet.beside.luggage))


def test_fold_says_much_luggage_once(press: Typesetter) -> None:
    two = nina_in_two()
    assert two.beside is not None
    long = tuple(f"{piece}, {'mörkblå ' * 40}" for piece in two.beside.luggage)
    much = two, replace(two.beside, luggage=long)
    sheet, pdf = in_two(press, *much)
    assert sheet.beside is not None
    assert sheet.beside.luggage == ()
    assert missing_facts(pdf, sheet, press.traveller("ru")) == []


def test_what_fits_in_no_language_is_refused(press: Typesetter) -> None:
    two = nina_in_two()
    assert two.beside is not None
    much = replace(two, luggage=tuple(f"{number} чемодан" for number in range(60)))
    with pytest.raises(KfdeskError, match=r"documents\.too_much"):
        in_two(press, much, two.beside)


@pytest.mark.parametrize(("code", "sheet"), [("ru", nina), ("sv", elsa), ("en", grace)])
def test_mark_of_a_draft_costs_no_sheet(
    press: Typesetter, code: str, sheet: Callable[[], TravellerSheet]
) -> None:
    plain = drawn(press, sheet(), code)
    draft = drawn(press, replace(sheet(), is_draft=True), code)
    assert len(PdfReader(BytesIO(draft)).pages) == len(PdfReader(BytesIO(plain)).pages)
    mark = draft_mark(press.traveller(code)).upper()
    assert mark in page_texts(draft)[0]  # in one line


IN_TWO = pytest.mark.parametrize("codes", [("ru", "sv"), ("sv", "ru")], ids="+".join)


def sheet_in(codes: tuple[str, str], *, is_draft: bool = False) -> TravellerSheet:
    """Return the journey in two languages, the first of them hers."""
    whole = nina_in_two()
    assert whole.beside is not None
    own, again = replace(whole, beside=None), replace(whole.beside, beside=None)
    first, second = (own, again) if codes[0] == "ru" else (again, own)
    beside = replace(second, speaks=codes[1], language=codes[1])
    return replace(first, speaks=codes[0], language=codes[0], beside=beside, is_draft=is_draft)


@IN_TWO
@pytest.mark.parametrize("form", [PaperFormat.A4, PaperFormat.A6_FOLD])
def test_two_languages_stand_on_one_sheet(
    press: Typesetter, codes: tuple[str, str], form: PaperFormat
) -> None:
    sheet = sheet_in(codes)
    pdf = drawn(press, sheet, codes[0], form=form)
    assert len(page_texts(pdf)) == 1
    assert missing_facts(pdf, sheet, press.traveller(codes[0])) == []


@IN_TWO
def test_mark_of_a_draft_in_two_languages_costs_no_sheet(
    press: Typesetter, codes: tuple[str, str]
) -> None:
    sheet = sheet_in(codes, is_draft=True)
    pdf = drawn(press, sheet, codes[0], form=PaperFormat.A4)
    (page,) = page_texts(pdf)
    marks = [draft_mark(press.traveller(code)).upper() for code in codes]
    assert " · ".join(marks) in page
    assert missing_facts(pdf, sheet, press.traveller(codes[0])) == []


def test_name_that_is_the_same_in_both_languages_is_printed_once(press: Typesetter) -> None:
    pdf = drawn(press, two_at(PaperFormat.A6_FOLD), form=PaperFormat.A6_FOLD)
    said = " ".join(" ".join(page_texts(pdf)).split())
    assert said.count("Rīgas autoosta") == 1
    assert "Riga, plattform 4" in said
    assert "Stockholm, färjeterminal" in said


def test_second_language_is_smaller_than_hers_and_grey(press: Typesetter) -> None:
    said: list[tuple[str, float]] = []
    for page in PdfReader(BytesIO(drawn(press, two_at(PaperFormat.A4), form=PaperFormat.A4))).pages:
        page.extract_text(visitor_text=lambda text, _u, _t, _f, size: said.append((text, size)))
    sizes = {text.strip(): size for text, size in said if text.strip()}
    assert sizes["жёлтый шарф"] > sizes["Möter dig: Anna, gul halsduk"] >= 9
    assert sizes["днём и ночью, по-русски"] > sizes["dygnet runt, på ryska"] >= 9


def test_lost_text_of_the_second_language_is_missed(press: Typesetter) -> None:
    sheet, alone = two_at(PaperFormat.A4), drawn(press, nina(), form=PaperFormat.A4)
    lost = missing_facts(alone, sheet, press.traveller("ru"))
    for text in ("Busstationen, stora ingången", "gul halsduk", "kl. 8–22, tid i Pskov"):
        assert text in lost


def test_what_reads_the_same_in_both_languages_is_said_once(press: Typesetter) -> None:
    sheet = nina()
    pdf = drawn(press, replace(sheet, beside=replace(sheet, speaks="uk")), form=PaperFormat.A4)
    text = " ".join(" ".join(page_texts(pdf)).split())
    assert text.count("Автовокзал, главный вход") == 1
    assert text.count("днём и ночью, по-русски") == 1
    assert "Вас зустрічає: Ольга, синий зонт" in text


def test_stop_that_reads_the_same_in_both_languages_is_not_missed(press: Typesetter) -> None:
    """A Swedish sheet with English beside: "Rīgas pasažieru osta" is one name in both."""
    for form in FORMS:
        two = two_at(form)
        assert two.beside is not None
        first, second = list(two.stops), list(two.beside.stops)
        first[1] = replace(first[1], place=second[1].place, detail=second[1].detail)
        sheet = replace(two, stops=tuple(first))
        assert missing_facts(drawn(press, sheet, form=form), sheet, press.traveller("ru")) == []


def test_change_alone_is_said_in_both_languages(press: Typesetter) -> None:
    sheet = three_legs()
    pdf = drawn(press, replace(sheet, beside=replace(sheet, speaks="sv")), form=PaperFormat.LARGE)
    assert "Du byter själv" in " ".join(page_texts(pdf))
