# SPDX-License-Identifier: GPL-3.0-or-later
"""A telephone is seen no wider than its organisation, and numbers that work from abroad."""

from dataclasses import replace

import pytest
from tests.support import make
from tests.support.make import disclosed
from tests.unit.domain.disclosure_samples import granted, with_deletion

from kfdesk.domain import disclosure
from kfdesk.domain.consent import Recipient, RecipientKind, WithheldReason
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.itinerary import works_from_abroad
from kfdesk.domain.registers import apply_changes
from kfdesk.domain.rows import Row, encode_changes, seen_writes
from kfdesk.domain.values import MissingAnswer, Value

PARTNER = make.partner()
A_PERSON = Recipient(RecipientKind.PERSON, b"q" * 16)
CLASSES = ("public", "partners_only", "front_door_only", "secret", None, MissingAnswer.UNKNOWN)
PARTNERS_SEE = {"public", "partners_only"}


def rows(house: Value, phone: Value) -> tuple[Row, Row]:
    above = make.row("organisation", {"name": "Uppdiktat hus", "confidentiality": house})
    below = make.row("phone", {"number": "+372 000 0142", "confidentiality": phone})
    return above, replace(below, parent=above.rid)


def goes(seen: tuple[Row, ...], to: Recipient, by: Channel = Channel.BUNDLE) -> bool:
    return "phone.number" in granted(disclosed(to=to, by=by, rows=seen))


@pytest.mark.parametrize("house", CLASSES)
@pytest.mark.parametrize("phone", CLASSES)
def test_number_goes_only_to_those_who_may_see_both_it_and_its_house(
    house: Value, phone: Value
) -> None:
    seen = rows(house, phone)
    assert goes(seen, PARTNER) is ({house, phone} <= PARTNERS_SEE)
    assert goes(seen, A_PERSON) is (house == phone == "public")
    assert goes(seen, make.OWN_DESK)


def test_number_that_its_house_holds_back_is_told_as_secret() -> None:
    what = disclosed(to=PARTNER, by=Channel.BUNDLE, rows=rows("secret", "public"))
    told = {kept.reason for kept in what.withheld if kept.type == "phone"}
    assert told == {WithheldReason.SECRET}


def test_number_without_its_house_among_the_rows_goes_to_nobody() -> None:
    _, phone = rows("public", "public")
    assert not goes((phone,), PARTNER)
    assert not goes((replace(phone, parent=None),), PARTNER)


def test_number_of_a_house_in_the_bin_goes_to_nobody() -> None:
    house, phone = rows("public", "public")
    assert not goes((with_deletion(house), phone), PARTNER)


def test_number_whose_house_has_two_classes_goes_to_nobody() -> None:
    house, phone = rows("public", "public")
    other = apply_changes(
        house.state, encode_changes("organisation", {"confidentiality": "secret"}), (),
        make.signature(minute=20),
    )  # fmt: skip
    torn = replace(house, state=other)
    assert not goes((torn, phone), PARTNER)
    decided = apply_changes(
        torn.state, encode_changes("organisation", {"confidentiality": "public"}),
        seen_writes(torn),
        make.signature(minute=40),
    )  # fmt: skip
    assert goes((replace(torn, state=decided), phone), PARTNER)


def test_number_under_something_that_is_no_house_goes_to_nobody() -> None:
    _, phone = rows("public", "public")
    client = make.row("client")
    assert not goes((client, replace(phone, parent=client.rid)), PARTNER)


def test_what_is_no_entry_of_the_directory_has_no_class_and_is_seen_by_nobody() -> None:
    assert disclosure.confidentiality_classes(make.row("client"), {}) == ()
    assert not disclosure.may_see_entry((), is_partner=True)


@pytest.mark.parametrize(
    ("number", "does_work"),
    [
        ("+46 8 123 456", True),
        (" +372 000 0142", True),
        ("+7 (812) 266-12-34", True),
        ("+46 (0)70-174 06 15", True),
        ("+371 67 000 000", True),
        ("+1234567890123456", False),
        ("+46 20-123 456", False),
        ("+46 (0)20-123 456", False),
        ("+7 800 555-01-17", False),
        ("+372 800 01 17", False),
        ("+371 8000 1234", False),
        ("+370 800 12345", False),
        ("+48 800 123 456", False),
        ("+49 800 1234567", False),
        ("+800 1234 5678", False),
        ("+46 112", False),
        ("08 123 456", False),
        ("0046 8 123 456", False),
        ("+112", False),
        ("", False),
        (None, False),
        (MissingAnswer.UNKNOWN, False),
    ],
)
def test_number_works_from_abroad_with_plus_and_the_countrys_number(
    number: Value, does_work: bool
) -> None:
    assert works_from_abroad(number) is does_work


def test_each_entry_is_judged_by_its_own_class_and_its_own_fields_beside_others() -> None:
    classes = ("public", "secret", "public", "secret")
    houses = [
        replace(rows(house, "public")[0], rid=bytes([number]) * 16)
        for number, house in enumerate(classes)
    ]
    bare = replace(make.row("organisation", {"confidentiality": "public"}), rid=b"z" * 16)
    what = disclosed(to=PARTNER, by=Channel.BUNDLE, rows=(*houses, bare))
    went = {given.row.rid: set(given.grants) for given in what.rows}
    assert went == {
        houses[0].rid: {"confidentiality", "name"},
        houses[2].rid: {"confidentiality", "name"},
        bare.rid: {"confidentiality"},
    }
