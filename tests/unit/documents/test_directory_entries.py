# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of the directory as lists and cards have them, and the drawing of both."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.support import make
from tests.support.make import told
from tests.unit.documents.cabinet_samples import MADE

from kfdesk.documents.directory import (
    ListedPhone,
    listed_organisations,
    make_contact_card,
    make_contact_list,
)
from kfdesk.documents.layout.style import MILLIMETRE
from kfdesk.documents.typesetting import Typesetter, page_texts
from kfdesk.domain.codes.core import ListFilter, PaperFormat, PaperName, PaperRequest
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers import CONTENTS, PrintContext
from kfdesk.domain.rows import Row
from kfdesk.domain.values import PartialDate as Around
from kfdesk.domain.values import Value

ABOUT = PrintContext(MADE, "EB", 1)
LIST, CARD = (
    PaperRequest(PaperName.CONTACT_LIST, b"", "sv"),
    PaperRequest(PaperName.CONTACT_CARD, make.PARTNER, "sv"),
)


def house(name: str, country: str | None = None, phones: int = 1) -> tuple[Row, ...]:
    rid = make.named_id(name)
    values: dict[str, Value] = {"name": name, "confidentiality": "partners_only"}
    entry = make.row("organisation", {**values, "country": country}, rid=rid)
    numbers = (
        make.row(
            "phone",
            {
                "number": f"+372 000 01{number:02}", "hours": told("dygnet runt", "всегда"),
                "languages": ("et", "ru"), "confidentiality": "partners_only",
            },
            rid=make.named_id(f"{name} {number}"), parent=rid,
        )
        for number in range(phones)
    )  # fmt: skip
    return entry, *numbers


def person(name: str, at: str, confidentiality: str = "partners_only") -> Row:
    values: dict[str, Value] = {
        "given_name": name, "organisation": make.named_id(at).hex(),
        "confidentiality": confidentiality, "may_be_shared": True,
    }  # fmt: skip
    return make.row("contact", values, rid=make.named_id(f"person {name}"))


def shown(*rows: Row) -> Disclosed:
    """As a list has them: what anybody may see, with what our desk knows of it."""
    anybody = Recipient(RecipientKind.PARTNER, None, is_verified=True)
    open_to_all = make.disclosed(to=anybody, by=Channel.DESK_PAPER, rows=rows)
    seen = {given.row.rid for given in open_to_all.rows}
    rows = tuple(row for row in rows if row.rid in seen)
    what = make.disclosed(to=make.OWN_DESK, by=Channel.DESK_PAPER, rows=rows)
    return what.only_keys(CONTENTS[PaperName.CONTACT_LIST])


def described(name: str, **values: Value) -> Row:
    """Return an organisation with more than its name."""
    given: dict[str, Value] = {"name": name, "confidentiality": "partners_only", **values}
    return make.row("organisation", given, rid=make.named_id(name))


def listed(press: Typesetter, *rows: Row, by: ListFilter | None = None, code: str = "sv") -> str:
    """Return the text of a list of these, on one line."""
    order = PaperRequest(PaperName.CONTACT_LIST, b"", code, filter=by or ListFilter())
    pages = page_texts(make_contact_list(order, shown(*rows), ABOUT, press))
    return " ".join(" ".join(pages).split())


def test_entries_come_by_name_with_numbers_languages_and_first_names(press: Typesetter) -> None:
    what = shown(
        *house("Önskans hus", "SE"), *house("annan jour", "SE", 2), person("Anna", "Önskans hus")
    )
    found = listed_organisations(what, press.program("sv"))
    assert [one.name for one in found] == ["annan jour", "Önskans hus"]
    assert found[1].people == ("Anna",)
    assert found[1].numbers == (ListedPhone("+372 000 0100", "dygnet runt", ("et", "ru")),)
    assert found[0].languages == ("et", "ru")
    assert len(found[0].numbers) == 2


def test_who_may_not_be_seen_is_not_there(press: Typesetter) -> None:
    secret = make.row("organisation", {"name": "Hemligt", "confidentiality": "secret"})
    what = shown(*house("Öppet"), secret, person("Dold", "Öppet", "secret"))
    (entry,) = listed_organisations(what, press.program("sv"))
    assert (entry.name, entry.people, entry.country) == ("Öppet", (), "")


def test_entry_without_country_or_telephone_stands_last_under_other(press: Typesetter) -> None:
    what = shown(*house("Utan land", None, 0), *house("I Lettland", "LV"))
    said = " ".join(page_texts(make_contact_list(LIST, what, ABOUT, press))[0].split())
    assert "–" in said  # in the place of a telephone
    assert (
        said.index("I Lettland")
        < said.index(press.program("sv").gettext("Country not given"))
        < said.index("Utan land")
    )
    assert "Antal 2" in said


def test_row_says_town_help_languages_and_when_the_door_is_open(press: Typesetter) -> None:
    house = described(
        "Õigusabi", country="EE", city="Tartu", services=("legal", "family"),
        languages=("et", "en"), hours="Mo-Fr 09:00-16:00",
    )  # fmt: skip
    phone = make.row(
        "phone", {"number": "+372 000 0101", "languages": ("ru",), "confidentiality": "public"},
        rid=make.named_id("phone"), parent=house.rid,
    )  # fmt: skip
    said = listed(press, house, phone)
    for words in (
        "Õigusabi", "Tartu", "juridisk hjälp · familj", "estniska, engelska, ryska",
        "+372 000 0101", "mån–fre 09:00–16:00",
    ):  # fmt: skip
        assert words in said
    told = make.changed(phone, {"hours": make.told("dygnet runt", "всегда")}, make.signature("EB"))
    assert "mån–fre" not in listed(press, house, told)  # its own hours are nearer


@pytest.mark.parametrize(
    ("checked", "said", "shape"),
    [
        (date(2026, 9, 12), "12 sep. 2026", "circle"),
        (date(2025, 8, 30), "30 aug. 2025", "triangle"),
        (Around("2026-06"), "juni 2026", "circle"),
        (None, "inte än", "question"),
    ],
)
def test_row_says_when_somebody_made_sure_and_by_a_shape_how_old_that_is(
    press: Typesetter, checked: Value, said: str, shape: str
) -> None:
    meanings = {
        "circle": "kontrollerad senaste året", "triangle": "äldre än ett år: ring först",
        "question": "inte kontrollerad",
    }  # fmt: skip
    page = listed(press, described("Önskans hus", country="SE", checked=checked))
    assert said in page
    assert meanings[shape] in page
    assert sum(meaning in page for meaning in meanings.values()) == 1


def test_column_of_which_nothing_is_known_is_left_out(press: Typesetter) -> None:
    titles = ("Hjälper med", "Språk", "Telefon och tider")
    bare = described("Önskans hus", country="EE")
    said = listed(press, bare)
    assert "Organisation Kontrollerad" in said
    assert not any(title in said for title in titles)
    assert "–" not in said
    told = (*house("Näide", "LV"), described("Õigusabi", country="EE", services=("legal",)))
    said = listed(press, bare, *told)  # one entry that says it brings the column back
    assert all(title in said for title in titles)
    said = listed(press, bare, described("Õigusabi", country="EE", services=("legal",)))
    assert "Organisation Hjälper med Kontrollerad" in said
    assert said.count("–") == 1


def test_list_says_by_what_it_was_chosen(press: Typesetter) -> None:
    rows = (*house("Önskans hus", "SE"), *house("Näide", "EE"))
    assert "Land Estland och Sverige Antal 2" in listed(press, *rows)
    chosen = ListFilter("EE", "legal", "ru")
    said = listed(press, *rows, by=chosen)
    assert "Land Estland Hjälper med Juridisk hjälp Talar ryska" in said
    many = [
        row
        for code in ["EE", "LV", "LT", "SE", "FI", "NO", "DK", "PL", "DE"]
        for row in house(code, code)
    ]
    assert "Land " not in listed(press, *many)


def test_every_page_begins_with_the_titles_of_the_columns_and_a_country(press: Typesetter) -> None:
    for count in range(14, 20):  # whether or not a country goes on
        rows = [row for n in range(count) for row in house(f"A {n:02}", "EE")]
        rows += [row for n in range(6) for row in house(f"B {n:02}", "LV")]
        pages = page_texts(make_contact_list(LIST, shown(*rows), ABOUT, press))
        assert len(pages) > 1
        for page in pages:
            assert "Telefon och tider" in page
            assert "Estland" in page or "Lettland" in page


def test_long_choice_goes_on_in_a_second_line_and_nothing_is_cut(press: Typesetter) -> None:
    chosen = ListFilter("BA", "reception_of_returnees", "sh")
    said = listed(press, *house("Дом", "BA"), by=chosen, code="ru")
    assert press.program("ru").country("BA") in said
    assert "Всего 1" in said


def test_nobody_to_list_is_a_page_that_says_so(press: Typesetter) -> None:
    (page,) = page_texts(make_contact_list(LIST, shown(), ABOUT, press))
    assert "Antal 0" in " ".join(page.split())


def test_same_entries_give_the_same_bytes(press: Typesetter) -> None:
    what = shown(*house("Önskans hus", "SE"))
    single = replace(CARD, form=PaperFormat.A6)
    for made, order in (
        (make_contact_list, LIST), (make_contact_card, CARD), (make_contact_card, single),
    ):  # fmt: skip
        assert made(order, what, ABOUT, press) == made(order, what, ABOUT, press)


@pytest.mark.parametrize("code", ["sv", "en", "ru"])
def test_every_letter_of_a_name_comes_out(press: Typesetter, code: str) -> None:
    name = "Ääkköset įžųšč Ķēķava ł ș ț ї ґ Ёлка"
    order = PaperRequest(PaperName.CONTACT_LIST, b"", code)
    said = " ".join(page_texts(make_contact_list(order, shown(*house(name)), ABOUT, press)))
    assert all(word in said for word in name.split())


def test_single_card_is_an_a6_with_larger_letters_and_room_for_more(press: Typesetter) -> None:
    what = shown(
        *house("Näidismaja naiste abi keskus", "EE", 4),
        person("Mare", "Näidismaja naiste abi keskus"),
    )
    with pytest.raises(KfdeskError, match=r"documents\.too_much"):
        make_contact_card(CARD, what, ABOUT, press)
    pdf = make_contact_card(replace(CARD, form=PaperFormat.A6), what, ABOUT, press)
    (page,) = PdfReader(BytesIO(pdf)).pages
    assert [round(float(side) / MILLIMETRE, 1) for side in page.mediabox[2:]] == [105, 148.5]
    said = " ".join(page_texts(pdf)[0].split())
    assert said.count("Näidismaja") == 1
    assert said.count("dygnet runt") == 4


def test_more_numbers_than_a_card_holds_are_refused(press: Typesetter) -> None:
    with pytest.raises(KfdeskError, match=r"documents\.too_much"):
        make_contact_card(CARD, shown(*house("Många", "SE", 9)), ABOUT, press)


def test_card_has_the_hours_of_the_house_where_its_telephone_has_none(press: Typesetter) -> None:
    entry = described("Õigusabi", hours="Mo-Fr 09:00-16:00", languages=("et",))
    phone = make.row(
        "phone", {"number": "+372 000 0101", "confidentiality": "public"},
        rid=make.named_id("phone"), parent=entry.rid,
    )  # fmt: skip
    said = " ".join(page_texts(make_contact_card(CARD, shown(entry, phone), ABOUT, press)))
    assert said.count("mån–fre 09:00–16:00") == 10
    assert said.count("estniska") == 10


def test_card_of_an_entry_that_may_not_be_seen_is_refused(press: Typesetter) -> None:
    with pytest.raises(KfdeskError, match=r"paper\.nothing_listed"):
        make_contact_card(CARD, shown(), ABOUT, press)
