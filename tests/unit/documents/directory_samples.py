# SPDX-License-Identifier: GPL-3.0-or-later
"""Invented organisations around the Baltic Sea, as lists and cards have them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tests.support import make
from tests.support.make import told
from tests.unit.documents.cabinet_samples import MADE

from kfdesk.documents.directory import make_contact_card, make_contact_list
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.papers import CONTENTS, PrintContext
from kfdesk.domain.rows import Row
from kfdesk.domain.values import PartialDate as Around
from kfdesk.domain.values import Value


@dataclass(frozen=True)
class House:
    """One of them: what a list says of it."""

    name: str
    country: str
    city: str
    services: tuple[str, ...]
    languages: tuple[str, ...]
    number: str
    hours: Value = None
    checked: date | Around | None = None
    door: str = ""


ALWAYS, WEEK = told("dygnet runt", "круглосуточно"), "Mo-Fr 09:00-16:00"
HOUSES = (
    House("Naiste Näide", "EE", "Tartu", ("helpline", "legal", "family"), ("et", "ru", "en"),
          "+372 000 0101", ALWAYS, date(2026, 9, 12)),
    House("Õigusabi Näidis", "EE", "Tallinn", ("legal",), ("et", "ru", "en"),
          "+372 000 0102", None, date(2026, 10, 2), WEEK),
    House("Centrs Paraugs", "LV", "Riga", ("reception_of_returnees", "health_physical"),
          ("lv", "ru", "en"), "+371 0000 0103", ALWAYS, date(2026, 11, 8)),
    House("Pagalbos linija „Pavyzdys“", "LT", "Kaunas", ("helpline", "legal"),
          ("lt", "ru", "pl", "en"), "+370 000 00104", told("mån–sön 8–20", "пн–вс 8–20"),
          date(2025, 8, 30)),
    House("Darbo kelias", "LT", "Vilnius", ("vocational", "employment"), ("lt", "ru"),
          "+370 000 00105", None, Around("2026-06"), WEEK),
    House("Дом «Пример»", "RU", "Псков", ("reception_of_returnees", "education"), ("ru", "en"),
          "+7 000 555-01-06", told("mån–lör 9–20", "пн–сб 9–20"), date(2026, 11, 20)),
    House("Центр «Образец» – psykologisk hjälp för kvinnor och familjer", "RU", "S:t Petersburg",
          ("health_mental", "family"), ("ru",), "+7 000 555-01-07"),
    House("Påhittade jouren Norr", "SE", "Sundsvall", ("shelter", "awareness"),
          ("sv", "en", "ru"), "+46 70-174 06 40", None, date(2026, 11, 3), "24/7"),
)  # fmt: skip


def rows_of(houses: tuple[House, ...] = HOUSES) -> Iterator[Row]:
    """Yield the records of these organisations, each with its telephone."""
    for place, one in enumerate(houses):
        values: dict[str, Value] = {
            "name": one.name, "country": one.country, "city": one.city, "services": one.services,
            "languages": one.languages, "checked": one.checked, "hours": one.door,
            "confidentiality": "public",
        }  # fmt: skip
        rid = make.named_id(f"{place} {one.name}")
        yield make.row("organisation", _said(values), rid=rid)
        phone = {"number": one.number, "hours": one.hours, "confidentiality": "public"}
        yield make.row("phone", _said(phone), rid=make.named_id(f"{rid.hex()} 1"), parent=rid)


def listed(press: Typesetter, code: str, houses: tuple[House, ...] = HOUSES) -> bytes:
    """Return the contact list of these organisations as a PDF."""
    order = PaperRequest(PaperName.CONTACT_LIST, b"", code)
    what = _shown(houses, PaperName.CONTACT_LIST)
    return make_contact_list(order, what, PrintContext(MADE, "EB", 1), press)


def cards(press: Typesetter, code: str, form: PaperFormat = PaperFormat.A4) -> bytes:
    """Return the contact card of the first organisation as a PDF."""
    order = PaperRequest(PaperName.CONTACT_CARD, b"", code, form)
    what = _shown(HOUSES[:1], PaperName.CONTACT_CARD)
    return make_contact_card(order, what, PrintContext(MADE, "EB", 1), press)


def _shown(houses: tuple[House, ...], paper: PaperName) -> Disclosed:
    rows = tuple(rows_of(houses))
    what = make.disclosed(to=make.OWN_DESK, by=Channel.DESK_PAPER, rows=rows)
    return what.only_keys(CONTENTS[paper])


def _said(values: dict[str, Value]) -> dict[str, Value]:
    return {key: value for key, value in values.items() if value not in (None, "")}
