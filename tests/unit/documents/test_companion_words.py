# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences of the companion's papers: agreed words, without gender, and no others."""

import re
from collections.abc import Callable, Iterable

import pytest
from tests.unit.documents.companion_samples import journey
from tests.unit.documents.paper_samples import MOSCOW, RESOURCES, ROOT, at

from kfdesk.documents import receipt
from kfdesk.documents.escort import content as escort
from kfdesk.documents.escort.content import CheckInCall
from kfdesk.documents.papers import LeakCheckLists
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.i18n.language import Language

CODES = ("en", "sv", "ru")
SAID: tuple[Callable[[Language], Iterable[str]], ...] = (
    escort.escort_sentences,
    receipt.receipt_sentences,
)
NEVER = {
    "en": r"escort|shelter|victim|police|patient|medicine|pill|\bshe\b|\bher\b",
    "sv": r"ledsagar|skydd|offer|polis|patient|medicin|tablett|\bhon\b|\bhenne",
    "ru": r"эскорт|приют|жертв|полици|пациент|лекарств|таблет|\bона\b|\bеё\b|\bей\b",
}


@pytest.fixture(scope="module")
def whole() -> Typesetter:
    """Return a typesetter with the program's messages and the traveller's."""
    return Typesetter(RESOURCES, ROOT / "translations")


@pytest.mark.parametrize(
    ("code", "title", "way", "reminders", "calls"),
    [
        ("en", "Travel plan · companion", "On the way", "Reminders on request",
         "Whom to call, and when"),
        ("sv", "Resplan · ressällskap", "Under resan", "Önskade påminnelser",
         "Vem du ringer, och när"),
        ("ru", "План поездки · сопровождение", "В пути", "Напоминания по просьбе",
         "Кому и когда звонить"),
    ],
)  # fmt: skip
def test_fixed_words_of_the_sheet_are_as_agreed(
    whole: Typesetter, code: str, title: str, way: str, reminders: str, calls: str
) -> None:
    words = whole.client(code)
    assert escort.escort_title(words) == title
    assert escort.needs_heading(words) == way
    assert escort.reminders_heading(words) == reminders
    assert escort.calls_heading(words) == calls


@pytest.mark.parametrize(
    ("code", "title"),
    [("en", "Arrival receipt"), ("sv", "Kvittens vid ankomst"), ("ru", "Отметка о прибытии")],
)
def test_title_of_the_receipt_is_as_agreed(whole: Typesetter, code: str, title: str) -> None:
    assert receipt.receipt_title(whole.client(code)) == title


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("code", CODES)
def test_sentences_tell_neither_what_happened_nor_whom_it_is_about(
    whole: Typesetter, code: str, said: Callable[[Language], Iterable[str]]
) -> None:
    received = list(said(whole.client(code)))
    assert received
    assert [text for text in received if re.search(NEVER[code], text, re.IGNORECASE)] == []


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("code", ["sv", "ru"])
def test_no_sentence_is_left_in_english(
    whole: Typesetter, code: str, said: Callable[[Language], Iterable[str]]
) -> None:
    english, other = list(said(whole.client("en"))), list(said(whole.client(code)))
    assert len(english) == len(other)
    assert [text for text, there in zip(other, english, strict=True) if text == there] == []


@pytest.mark.parametrize(
    ("code", "board", "met", "arrived"),
    [
        ("en", "“On board, all well”", "“Anna has met us”", "“Arrived, all well”"),
        ("sv", "”Ombord, allt väl”", "”Anna har mött oss”", "”Framme, allt väl”"),
        ("ru", "«Едем, всё хорошо»", "«Нас встретили: Anna»", "«Доехали, всё хорошо»"),
    ],
)
def test_what_to_say_follows_from_when_the_call_is(
    whole: Typesetter, code: str, board: str, met: str, arrived: str
) -> None:
    words, moment = whole.client(code), at(12, 13, 11)
    calls = (
        CheckInCall(moment, MOSCOW, is_after_arrival=False),
        CheckInCall(moment, MOSCOW, is_after_arrival=True, met="Anna"),
        CheckInCall(moment, MOSCOW, is_after_arrival=True),
    )
    assert [escort.call_message(words, call) for call in calls] == [board, met, arrived]


@pytest.mark.parametrize(
    ("code", "one", "several"),
    [
        ("en", "You travel with (name as on the ticket)",
         "You travel with (names as on the tickets)"),
        ("sv", "Du reser med (namn som på biljetten)", "Du reser med (namn som på biljetterna)"),
        ("ru", "Вы сопровождаете (имя, как в билете)", "Вы сопровождаете (имена, как в билетах)"),
    ],
)  # fmt: skip
def test_caption_says_how_many_travel(whole: Typesetter, code: str, one: str, several: str) -> None:
    words = whole.client(code)
    captions = [escort.travel_with_caption(words, count) for count in (1, 2, 5)]
    assert captions == [one, several, several]


@pytest.mark.parametrize(
    ("code", "spoken"),
    [("en", "Russian and English"), ("sv", "ryska och engelska"), ("ru", "русский и английский")],
)
def test_languages_are_named_in_the_readers_own(whole: Typesetter, code: str, spoken: str) -> None:
    sheet = journey(code)
    assert escort.language_list(whole.client(code), sheet.languages) == spoken


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    ("paper", "form", "said"),
    [
        (PaperName.ESCORTS_SHEET, PaperFormat.A4, escort.escort_sentences),
        (PaperName.HANDOVER_RECEIPT, PaperFormat.A5, receipt.receipt_sentences),
    ],
)
def test_check_of_what_is_carried_knows_the_papers_own_sentences(
    whole: Typesetter,
    code: str,
    paper: PaperName,
    form: PaperFormat,
    said: Callable[[Language], Iterable[str]],
) -> None:
    lists = LeakCheckLists(RESOURCES, ROOT / "translations")
    allowed = lists.catalogue(PaperRequest(paper, b"", code, form))
    assert set(said(whole.client(code))) <= allowed
    hers = lists.catalogue(PaperRequest(PaperName.TRAVELLERS_SHEET, b"", code))
    assert not set(said(whole.client(code))) <= hers
