# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of the directory as lists and cards have them, and the drawing of both."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests import make
from tests.make import told
from tests.unit.documents.cabinet_samples import MADE

from kfdesk.documents.contents import CONTENTS
from kfdesk.documents.directory.contact_card import make_contact_card
from kfdesk.documents.directory.contact_list import make_contact_list
from kfdesk.documents.directory.entries import Number, entries_of
from kfdesk.documents.drawing.type_scale import MILLIMETRE
from kfdesk.documents.press import Press
from kfdesk.documents.read_back import page_texts
from kfdesk.domain.disclosure import Channel, Disclosed, Recipient, Who
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.about import About
from kfdesk.domain.papers.order import Form, Order, PaperName
from kfdesk.domain.rows import Row
from kfdesk.domain.values import Value

ABOUT = About(MADE, "EB", 1)
LIST, CARD = (
    Order(PaperName.CONTACT_LIST, b"", "sv"),
    Order(PaperName.CONTACT_CARD, make.PARTNER, "sv"),
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
        "confidentiality": confidentiality,
    }  # fmt: skip
    return make.row("contact", values, rid=make.named_id(f"person {name}"))


def shown(*rows: Row) -> Disclosed:
    anybody = Recipient(Who.PARTNER, None, is_verified=True)
    what = make.disclosed(to=anybody, by=Channel.DESK_PAPER, rows=rows)
    return what.only(CONTENTS[PaperName.CONTACT_LIST])


def test_entries_come_by_name_with_numbers_languages_and_first_names(press: Press) -> None:
    what = shown(
        *house("Önskans hus", "SE"), *house("annan jour", "SE", 2), person("Anna", "Önskans hus")
    )
    found = entries_of(what, press.program("sv"))
    assert [one.name for one in found] == ["annan jour", "Önskans hus"]
    assert found[1].people == ("Anna",)
    assert found[1].numbers == (Number("+372 000 0100", "dygnet runt", ("et", "ru")),)
    assert found[0].languages == ("et", "ru")
    assert len(found[0].numbers) == 2


def test_who_may_not_be_seen_is_not_there(press: Press) -> None:
    secret = make.row("organisation", {"name": "Hemligt", "confidentiality": "secret"})
    what = shown(*house("Öppet"), secret, person("Dold", "Öppet", "secret"))
    (entry,) = entries_of(what, press.program("sv"))
    assert (entry.name, entry.people, entry.country) == ("Öppet", (), "")


def test_entry_without_country_or_telephone_stands_last_under_other(press: Press) -> None:
    what = shown(*house("Utan land", None, 0), *house("I Lettland", "LV"))
    said = " ".join(page_texts(make_contact_list(LIST, what, ABOUT, press))[0].split())
    assert (
        said.index("I Lettland")
        < said.index(press.program("sv").gettext("Other"))
        < said.index("Utan land")
    )
    assert "2 organisationer" in said


def test_nobody_to_list_is_a_page_that_says_so(press: Press) -> None:
    (page,) = page_texts(make_contact_list(LIST, shown(), ABOUT, press))
    assert "0 organisationer" in page


def test_same_entries_give_the_same_bytes(press: Press) -> None:
    what = shown(*house("Önskans hus", "SE"))
    single = replace(CARD, form=Form.A6)
    for made, order in (
        (make_contact_list, LIST), (make_contact_card, CARD), (make_contact_card, single),
    ):  # fmt: skip
        assert made(order, what, ABOUT, press) == made(order, what, ABOUT, press)


@pytest.mark.parametrize("code", ["sv", "en", "ru"])
def test_every_letter_of_a_name_comes_out(press: Press, code: str) -> None:
    name = "Ääkköset įžųšč Ķēķava ł ș ț ї ґ Ёлка"
    order = Order(PaperName.CONTACT_LIST, b"", code)
    said = " ".join(page_texts(make_contact_list(order, shown(*house(name)), ABOUT, press)))
    assert all(word in said for word in name.split())


def test_single_card_is_an_a6_with_larger_letters_and_room_for_more(press: Press) -> None:
    what = shown(
        *house("Näidismaja naiste abi keskus", "EE", 4),
        person("Mare", "Näidismaja naiste abi keskus"),
    )
    with pytest.raises(KfdeskError, match=r"documents\.too_much"):
        make_contact_card(CARD, what, ABOUT, press)
    pdf = make_contact_card(replace(CARD, form=Form.A6), what, ABOUT, press)
    (page,) = PdfReader(BytesIO(pdf)).pages
    assert [round(float(side) / MILLIMETRE, 1) for side in page.mediabox[2:]] == [105, 148.5]
    said = " ".join(page_texts(pdf)[0].split())
    assert said.count("Näidismaja") == 1
    assert said.count("dygnet runt") == 4


def test_more_numbers_than_a_card_holds_are_refused(press: Press) -> None:
    with pytest.raises(KfdeskError, match=r"documents\.too_much"):
        make_contact_card(CARD, shown(*house("Många", "SE", 9)), ABOUT, press)


def test_card_of_an_entry_that_may_not_be_seen_is_refused(press: Press) -> None:
    with pytest.raises(KfdeskError, match=r"paper\.nothing_listed"):
        make_contact_card(CARD, shown(), ABOUT, press)
