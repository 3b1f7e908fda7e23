# SPDX-License-Identifier: GPL-3.0-or-later
"""What a finished page may say, and what is told of the rest."""

from kfdesk.domain.leak_check.check import (
    ExpectedContent,
    LeakFinding,
    PageEvidence,
    ReferenceLists,
    SourceField,
    check_pages,
    normalize_places,
)
from kfdesk.domain.leak_check.secrets import Secret, SecretIndex, SecretKind
from kfdesk.domain.leak_check.wordlists import StemIndex, read_stems

LISTS = ReferenceLists(
    StemIndex.of(read_stems("police\tanywhere\nшелтер\tanywhere")),
    normalize_places(["Police", "Lund", "Санкт-Петербург"]),
)
SIGN = SourceField("leg.sign", 1, "blue umbrella")
PHONE = SourceField("help_number.number", 1, "+46 70-174 06 15")
CATALOGUE = frozenset({"Meets you", "{hours} h", "2026", "December"})


def check(
    text: str, *sources: SourceField, secrets: tuple[Secret, ...] = (), also: str = ""
) -> list[tuple[str, str, str]]:
    pages = (text, also) if also else (text,)
    expected = ExpectedContent((SIGN, PHONE, *sources), CATALOGUE, ("+46 70-174 06 15",))
    found = check_pages(PageEvidence((pages,)), expected, SecretIndex.of(secrets), LISTS)
    return [(one.code, one.words, one.field) for one in found]


def test_page_of_its_fields_and_the_catalogue_passes() -> None:
    assert check("Meets you\nblue umbrella 17:00\n12 December 2026\n+46 70-174 06 15") == []


def test_word_from_nowhere_is_told() -> None:
    assert check("Meets you secretly") == [("unknown", "secretly", "")]
    assert check("Meets 1234567") == [("unknown", "1234567", ""), ("phone", "1234567", "")]


def test_two_words_that_a_line_has_joined_are_known() -> None:
    assert check("blue-\r\numbrella") == []


def test_listed_word_is_told_with_its_field_and_leg() -> None:
    source = SourceField("leg.onward", 2, "by police car")
    found = check_pages(
        PageEvidence((("by police car",),)),
        ExpectedContent((source,), CATALOGUE, ()),
        SecretIndex(),
        LISTS,
    )
    assert found == (LeakFinding("word", 1, "police", "leg.onward", 2),)
    assert found[0].fault.code == "paper.carry_word"
    assert found[0].fault.data == {"page": 1, "field": "leg.onward", "number": 2}
    assert not found[0].may_be_somebody_else


def test_fault_of_a_field_without_a_number_and_of_none() -> None:
    assert LeakFinding("day", 2, "x", "plan.luggage").fault.data == {
        "page": 2,
        "field": "plan.luggage",
    }
    assert LeakFinding("initials", 2, "x", "plan.luggage").fault.code == "paper.carry_name"
    assert LeakFinding("day", 2, "x").fault.code == "paper.carry_somewhere"
    assert LeakFinding("strange", 0, "picture").fault.code == "paper.carry_strange"


def test_town_that_is_called_so_passes_where_a_leg_names_its_place_alone() -> None:
    assert check("Police", SourceField("leg.to_place", 1, "Police")) == []
    assert check("Police", SourceField("leg.sign", 1, "Police"))
    assert check("the Police", SourceField("leg.to_place", 1, "the Police"))


def test_name_that_is_a_place_passes_in_places_and_stops() -> None:
    secret = Secret(SecretKind.NAME, "Lund")
    for field in ("leg.from_place", "leg.to_stop"):
        assert check("Lund", SourceField(field, 1, "Lund"), secrets=(secret,)) == []
    assert check("Lund", SourceField("leg.met_by", 1, "Lund"), secrets=(secret,)) == [
        ("name", "Lund", "leg.met_by")
    ]
    other = Secret(SecretKind.NAME, "Exempelstad")
    assert check("Exempelstad", SourceField("leg.to_place", 1, "Exempelstad"), secrets=(other,))


def test_secret_passes_in_the_fields_that_it_names() -> None:
    secret = Secret(SecretKind.INITIALS, "SK", frozenset({"leg.carrier"}))
    assert check("SK 12", SourceField("leg.carrier", 1, "SK 12"), secrets=(secret,)) == []
    (found,) = check("SK 12", SourceField("leg.sign", 1, "SK 12"), secrets=(secret,))
    assert found == ("initials", "SK", "leg.sign")
    assert LeakFinding("initials", 1, "SK").may_be_somebody_else


def test_secret_that_the_catalogue_says_is_told_only_of_a_field() -> None:
    secret = Secret(SecretKind.SEALED, "December")
    assert check("12 December", secrets=(secret,)) == []
    assert check("December", SourceField("leg.sign", 1, "December"), secrets=(secret,))


def test_secret_on_a_page_and_in_no_field_is_told_without_one() -> None:
    secret = Secret(SecretKind.NAME, "Zinaida")
    assert check("blue Zinai\r\nda", secrets=(secret,))[-1] == ("name", "Zinai da", "")


def test_telephone_that_is_none_of_its_own_is_told_with_its_field() -> None:
    source = SourceField("leg.carrier", 1, "Taxi 08-123 456 78")
    assert check("Taxi 08-123 456 78", source) == [("phone", "08-123 456 78", "leg.carrier")]
    assert check("12.12.2026 - 13", SourceField("leg.sign", 1, "12.12.2026 - 13")) == []


def test_address_of_the_net_is_told() -> None:
    for text in ("a@b.se", "www.b", "http://b", "see b.org"):
        found = check(text, SourceField("leg.sign", 1, text))
        assert [code for code, _, _ in found] == ["net"] * len(found) != [], text


def test_page_is_read_in_every_order() -> None:
    assert check("po x lice", SourceField("leg.sign", 1, "po x lice"), also="x po lice") == [
        ("word", "po lice", "")
    ]


def test_what_is_no_text_is_told_with_its_page() -> None:
    evidence = PageEvidence((("",),), ((1, "picture"), (0, "script")))
    found = check_pages(evidence, ExpectedContent((), frozenset(), ()), SecretIndex(), LISTS)
    assert found == (LeakFinding("strange", 1, "picture"), LeakFinding("strange", 0, "script"))
