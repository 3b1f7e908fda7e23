# SPDX-License-Identifier: GPL-3.0-or-later
"""What a finished page may say, and what is told of the rest."""

from kfdesk.domain.carry.check import (
    Evidence,
    Expected,
    Found,
    Lists,
    Source,
    check_pages,
    place_names,
)
from kfdesk.domain.carry.listed import Listed, read_stems
from kfdesk.domain.carry.secrets import Secret, Secrets, Sort

LISTS = Lists(
    Listed.of(read_stems("police\tanywhere\nшелтер\tanywhere")),
    place_names(["Police", "Lund", "Санкт-Петербург"]),
)
SIGN = Source("leg.sign", 1, "blue umbrella")
PHONE = Source("help_number.number", 1, "+46 70-174 06 15")
CATALOGUE = frozenset({"Meets you", "{hours} h", "2026", "December"})


def check(
    text: str, *sources: Source, secrets: tuple[Secret, ...] = (), also: str = ""
) -> list[tuple[str, str, str]]:
    pages = (text, also) if also else (text,)
    expected = Expected((SIGN, PHONE, *sources), CATALOGUE, ("+46 70-174 06 15",))
    found = check_pages(Evidence((pages,)), expected, Secrets.of(secrets), LISTS)
    return [(one.code, one.words, one.field) for one in found]


def test_page_of_its_fields_and_the_catalogue_passes() -> None:
    assert check("Meets you\nblue umbrella 17:00\n12 December 2026\n+46 70-174 06 15") == []


def test_word_from_nowhere_is_told() -> None:
    assert check("Meets you secretly") == [("unknown", "secretly", "")]
    assert check("Meets 1234567") == [("unknown", "1234567", ""), ("phone", "1234567", "")]


def test_two_words_that_a_line_has_joined_are_known() -> None:
    assert check("blue-\r\numbrella") == []


def test_listed_word_is_told_with_its_field_and_leg() -> None:
    source = Source("leg.onward", 2, "by police car")
    found = check_pages(
        Evidence((("by police car",),)), Expected((source,), CATALOGUE, ()), Secrets(), LISTS
    )
    assert found == (Found("word", 1, "police", "leg.onward", 2),)
    assert found[0].fault.code == "paper.carry_word"
    assert found[0].fault.data == {"page": 1, "field": "leg.onward", "number": 2}
    assert not found[0].may_be_somebody_else


def test_fault_of_a_field_without_a_number_and_of_none() -> None:
    assert Found("day", 2, "x", "plan.luggage").fault.data == {"page": 2, "field": "plan.luggage"}
    assert Found("initials", 2, "x", "plan.luggage").fault.code == "paper.carry_name"
    assert Found("day", 2, "x").fault.code == "paper.carry_somewhere"
    assert Found("strange", 0, "picture").fault.code == "paper.carry_strange"


def test_town_that_is_called_so_passes_where_a_leg_names_its_place_alone() -> None:
    assert check("Police", Source("leg.to_place", 1, "Police")) == []
    assert check("Police", Source("leg.sign", 1, "Police"))
    assert check("the Police", Source("leg.to_place", 1, "the Police"))


def test_name_that_is_a_place_passes_in_places_and_stops() -> None:
    secret = Secret(Sort.NAME, "Lund")
    for field in ("leg.from_place", "leg.to_stop"):
        assert check("Lund", Source(field, 1, "Lund"), secrets=(secret,)) == []
    assert check("Lund", Source("leg.met_by", 1, "Lund"), secrets=(secret,)) == [
        ("name", "Lund", "leg.met_by")
    ]
    other = Secret(Sort.NAME, "Exempelstad")
    assert check("Exempelstad", Source("leg.to_place", 1, "Exempelstad"), secrets=(other,))


def test_secret_passes_in_the_fields_that_it_names() -> None:
    secret = Secret(Sort.INITIALS, "SK", frozenset({"leg.carrier"}))
    assert check("SK 12", Source("leg.carrier", 1, "SK 12"), secrets=(secret,)) == []
    (found,) = check("SK 12", Source("leg.sign", 1, "SK 12"), secrets=(secret,))
    assert found == ("initials", "SK", "leg.sign")
    assert Found("initials", 1, "SK").may_be_somebody_else


def test_secret_that_the_catalogue_says_is_told_only_of_a_field() -> None:
    secret = Secret(Sort.SEALED, "December")
    assert check("12 December", secrets=(secret,)) == []
    assert check("December", Source("leg.sign", 1, "December"), secrets=(secret,))


def test_secret_on_a_page_and_in_no_field_is_told_without_one() -> None:
    secret = Secret(Sort.NAME, "Zinaida")
    assert check("blue Zinai\r\nda", secrets=(secret,))[-1] == ("name", "Zinai da", "")


def test_telephone_that_is_none_of_its_own_is_told_with_its_field() -> None:
    source = Source("leg.carrier", 1, "Taxi 08-123 456 78")
    assert check("Taxi 08-123 456 78", source) == [("phone", "08-123 456 78", "leg.carrier")]
    assert check("12.12.2026 - 13", Source("leg.sign", 1, "12.12.2026 - 13")) == []


def test_address_of_the_net_is_told() -> None:
    for text in ("a@b.se", "www.b", "http://b", "see b.org"):
        found = check(text, Source("leg.sign", 1, text))
        assert [code for code, _, _ in found] == ["net"] * len(found) != [], text


def test_page_is_read_in_every_order() -> None:
    assert check("po x lice", Source("leg.sign", 1, "po x lice"), also="x po lice") == [
        ("word", "po lice", "")
    ]


def test_what_is_no_text_is_told_with_its_page() -> None:
    evidence = Evidence((("",),), ((1, "picture"), (0, "script")))
    found = check_pages(evidence, Expected((), frozenset(), ()), Secrets(), LISTS)
    assert found == (Found("strange", 1, "picture"), Found("strange", 0, "script"))
