# SPDX-License-Identifier: GPL-3.0-or-later
"""The arrival receipt: what stands on it, what is left to write, and what it never says."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.unit.documents.paper_samples import RESOURCES, ROOT, at

from kfdesk.documents.drawing.type_scale import MILLIMETRE
from kfdesk.documents.press import Press
from kfdesk.documents.read_back import page_texts
from kfdesk.documents.receipt.page import draw_receipt
from kfdesk.documents.receipt.records import Receipt
from kfdesk.documents.receipt.words import PLACES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.lists.case_codes import HANDOVER_PLACE

WHOLE = Receipt(
    at(12, 13, 20, 15), "coach station, main entrance", "", "Maria", "Olga",
    ("1 suitcase, blue", "1 backpack, black", "1 passport", "1 telephone with charger"),
)  # fmt: skip
EMPTY = Receipt(None, "", "", "", "", ())


@pytest.fixture(scope="module")
def whole() -> Press:
    """A press with the program's messages."""
    return Press(RESOURCES, ROOT / "translations")


def said(press: Press, receipt: Receipt, code: str = "en") -> str:
    (page,) = page_texts(draw_receipt(receipt, press.program(code), press))
    return " ".join(page.split())


def test_receipt_names_who_when_where_and_what(whole: Press) -> None:
    text = said(whole, WHOLE)
    for part in (
        "Arrival receipt", "13 December 2026", "20:15, coach station, main entrance", "Items",
        "received", "received with remarks:", "hour", *WHOLE.things,
    ):  # fmt: skip
        assert part in text
    assert text.count("Maria") == text.count("Olga") == 2


def test_receipt_is_a5_and_the_same_bytes_again(whole: Press) -> None:
    pdf = draw_receipt(WHOLE, whole.program("en"), whole)
    assert draw_receipt(WHOLE, whole.program("en"), whole) == pdf
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
    whole: Press, code: str, title: str, answer: str
) -> None:
    text = said(whole, EMPTY, code)
    assert title in text
    assert answer in text


def test_receipt_before_the_arrival_has_lines_to_write_on(whole: Press) -> None:
    text = said(whole, EMPTY)
    assert "Maria" not in text
    assert ":" not in text.replace("remarks:", "")
    assert "received" in text


def test_every_kind_of_place_can_be_said(whole: Press) -> None:
    assert set(PLACES) == set(HANDOVER_PLACE)
    assert "20:15, at the door" in said(whole, replace(WHOLE, place="", kind="door"))


def test_many_things_stand_closer_and_too_many_are_refused(whole: Press) -> None:
    ten = tuple(f"{number} suitcase" for number in range(1, 11))
    assert all(thing in said(whole, replace(WHOLE, things=ten)) for thing in ten)
    with pytest.raises(KfdeskError, match="too_much"):
        said(whole, replace(WHOLE, things=ten * 3))
