# SPDX-License-Identifier: GPL-3.0-or-later
"""The arrival receipt: what stands on it, what is left to write, and what it never says."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.unit.documents.paper_samples import RESOURCES, ROOT, at

from kfdesk.documents.layout.style import MILLIMETRE
from kfdesk.documents.receipt import PLACE_TEXTS, ArrivalReceipt, draw_receipt
from kfdesk.documents.typesetting import Typesetter, page_texts
from kfdesk.domain.codes.case import HANDOVER_PLACE
from kfdesk.domain.errors import KfdeskError

WHOLE = ArrivalReceipt(
    at(12, 13, 20, 15), "coach station, main entrance", "", "Maria", "Olga",
    ("1 suitcase, blue", "1 backpack, black", "1 passport", "1 telephone with charger"),
)  # fmt: skip
EMPTY = ArrivalReceipt(None, "", "", "", "", ())


@pytest.fixture(scope="module")
def whole() -> Typesetter:
    """Return a typesetter with the program's messages."""
    return Typesetter(RESOURCES, ROOT / "translations")


def said(press: Typesetter, receipt: ArrivalReceipt, code: str = "en") -> str:
    (page,) = page_texts(draw_receipt(receipt, press.client(code), press))
    return " ".join(page.split())


def test_receipt_names_who_when_where_and_what(whole: Typesetter) -> None:
    text = said(whole, WHOLE)
    for part in (
        "Arrival receipt", "13 December 2026", "20:15, coach station, main entrance", "Items",
        "received", "received with remarks:", "time", *WHOLE.things,
    ):  # fmt: skip
        assert part in text
    assert text.count("Maria") == text.count("Olga") == 2


def test_receipt_is_a5_and_the_same_bytes_again(whole: Typesetter) -> None:
    pdf = draw_receipt(WHOLE, whole.client("en"), whole)
    assert draw_receipt(WHOLE, whole.client("en"), whole) == pdf
    (page,) = PdfReader(BytesIO(pdf)).pages
    width, height = (float(side) for side in page.mediabox[2:])
    assert (width, height) == pytest.approx((148 * MILLIMETRE, 210 * MILLIMETRE), abs=0.01)
    assert b"Helvetica" not in pdf


@pytest.mark.parametrize(
    ("code", "title", "answer"),
    [
        ("sv", "Kvittens vid ankomst", "mottaget med anmärkning:"),
        ("ru", "Отметка о прибытии", "получено с замечаниями:"),
    ],
)
def test_receipt_speaks_the_readers_language(
    whole: Typesetter, code: str, title: str, answer: str
) -> None:
    text = said(whole, EMPTY, code)
    assert title in text
    assert answer in text


def test_receipt_before_the_arrival_has_lines_to_write_on(whole: Typesetter) -> None:
    text = said(whole, EMPTY)
    assert "Maria" not in text
    assert ":" not in text.replace("remarks:", "")
    assert "received" in text


def test_every_kind_of_place_can_be_said(whole: Typesetter) -> None:
    assert set(PLACE_TEXTS) == set(HANDOVER_PLACE)
    assert "20:15, at the door" in said(whole, replace(WHOLE, place="", kind="door"))


def test_many_things_stand_closer_and_too_many_are_refused(whole: Typesetter) -> None:
    ten = tuple(f"{number} suitcase" for number in range(1, 11))
    assert all(thing in said(whole, replace(WHOLE, things=ten)) for thing in ten)
    with pytest.raises(KfdeskError, match="too_much"):
        said(whole, replace(WHOLE, things=ten * 3))
