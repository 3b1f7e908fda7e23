# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sentences: fixed words, zones, clock changes and the language card."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polib
import pytest
from tests.unit.documents.paper_samples import ROOT, at, elsa, grace, nina, spell

from kfdesk.documents.traveller import child_sheet, content
from kfdesk.documents.traveller.content import Ride, Transfer
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import TRANSPORT_MODE
from kfdesk.i18n.language import CLIENT_LANGUAGES

CATALOGUES = sorted((ROOT / "translations").glob("*/LC_MESSAGES/client.po"))
WHOLE = tuple(code for code in CLIENT_LANGUAGES if code != "en")
PHRASES = {
    *content.I_SPEAK_TEXTS.values(),
    *content.VEHICLE_QUESTIONS.values(),
    content.MAY_I_CALL,
}
CHILDS = {
    *child_sheet.CHILD_SENTENCES.values(),
    "{name} travels with me and looks after me.",
    "My journey",
    "Please call this number",
    "Draft: return not approved yet",
}
"""What the child's sheet says."""


def entries(catalogue: Path) -> polib.POFile:
    return polib.pofile(str(catalogue))


def code_of(catalogue: Path) -> str:
    return catalogue.parent.parent.name


@pytest.mark.parametrize(
    ("code", "title", "meets", "alone", "call", "show"),
    [
        ("en", "Travel plan", "Meets you", "Change on your own", "Need help? Call",
         "Show these words"),
        ("sv", "Resplan", "Möter dig", "Du byter själv", "Behöver du hjälp? Ring",
         "Visa de här orden"),
        ("ru", "План поездки", "Вас встречает", "Пересадка без встречи", "Нужна помощь? Звоните",
         "Покажите эти слова"),
        ("bg", "План за пътуване", "Посреща Ви", "Прекачване без посрещане",
         "Нужна е помощ? Обадете се", "Покажете тези думи"),
        ("ro", "Plan de călătorie", "Vă întâmpină", "Schimbare pe cont propriu",
         "Aveți nevoie de ajutor? Sunați", "Arătați aceste cuvinte"),
        ("uk", "План поїздки", "Вас зустрічає", "Пересадка без зустрічі",
         "Потрібна допомога? Телефонуйте", "Покажіть ці слова"),
    ],
)  # fmt: skip
def test_fixed_words_are_as_agreed(
    press: Typesetter, code: str, title: str, meets: str, alone: str, call: str, show: str
) -> None:
    words = press.client(code)
    assert content.traveller_title(words) == title
    assert content.meets_you(words) == meets
    assert content.alone_text(words) == alone
    assert content.help_heading(words) == call
    assert content.card_heading(words) == show


@pytest.mark.parametrize(
    ("code", "one", "several"),
    [
        ("en", "Name as on the ticket", "Names as on the tickets"),
        ("sv", "Namn som på biljetten", "Namn som på biljetterna"),
        ("ru", "Имя, как в билете", "Имена, как в билетах"),
    ],
)
def test_caption_says_how_many_names_follow(
    press: Typesetter, code: str, one: str, several: str
) -> None:
    words = press.client(code)
    captions = [content.ticket_name_caption(words, count) for count in (1, 2, 5)]
    assert captions == [one, several, several]


@pytest.mark.parametrize(
    ("code", "zone", "phrase"),
    [
        ("en", "Europe/Stockholm", "Stockholm time"),
        ("sv", "Europe/Stockholm", "svensk tid"),
        ("ru", "Europe/Stockholm", "время Стокгольма"),
        ("ru", "Europe/Moscow", "московское время"),
        ("sv", "Europe/Kyiv", "ukrainsk tid"),
        ("ru", "Africa/Lagos", "UTC+1"),
        ("sv", "Asia/Kolkata", "UTC+5:30"),
        ("bg", "Europe/Moscow", "московско време"),
        ("ro", "Europe/Chisinau", "ora din Chișinău"),
        ("uk", "Europe/Kyiv", "київський час"),
        ("en", "America/New_York", "UTC−5"),
        ("en", "Atlantic/Reykjavik", "UTC+0"),
    ],
)
def test_time_says_whose_clock_it_is_on(
    press: Typesetter, code: str, zone: str, phrase: str
) -> None:
    assert content.zone_text(press.client(code), zone, at(12, 12, 17)) == phrase


def test_unnamed_zone_follows_its_summer_time(press: Typesetter) -> None:
    words = press.client("en")
    assert content.zone_text(words, "America/New_York", at(7, 1, 12)) == "UTC−4"


@pytest.mark.parametrize(
    ("code", "change", "text"),
    [
        ("en", spell(1), "Set your watch 1 hour forward"),
        ("en", spell(-2), "Set your watch 2 hours back"),
        ("en", spell(0), "Leave your watch as it is"),
        ("en", spell(4, 30), "Set your watch 4 h 30 min forward"),
        ("sv", spell(1), "Ställ fram klockan 1 timme"),
        ("sv", spell(-1), "Ställ tillbaka klockan 1 timme"),
        ("sv", spell(0), "Låt klockan vara som den är"),
        ("ru", spell(1), "Переведите часы на 1 час вперёд"),
        ("ru", spell(-2), "Переведите часы на 2 часа назад"),
        ("ru", spell(5), "Переведите часы на 5 часов вперёд"),
        ("ru", spell(0), "Часы переводить не нужно"),
        ("bg", spell(2), "Преместете часовника с 2 часа напред"),
        ("ro", spell(1), "Dați ceasul înainte cu 1 oră"),
        ("uk", spell(-2), "Переведіть годинник на 2 години назад"),
        ("ru", -spell(3, 30), "Переведите часы на 3 ч 30 мин назад"),
    ],
)
def test_clock_change_is_said_in_a_sentence(
    press: Typesetter, code: str, change: timedelta, text: str
) -> None:
    assert content.clock_change_text(press.client(code), change) == text


def test_every_means_of_travel_has_its_word(press: Typesetter) -> None:
    assert set(content.VEHICLE_TEXTS) == set(TRANSPORT_MODE)
    for code in WHOLE:
        words = press.client(code)
        said = {content.way_text(words, Ride(mode, "17")) for mode in TRANSPORT_MODE}
        assert len(said) == len(TRANSPORT_MODE)
        assert all(text.endswith(" 17") for text in said)


def test_ride_without_a_number_and_transfer_stand_as_they_are(press: Typesetter) -> None:
    words = press.client("ru")
    assert content.way_text(words, Ride("on_foot", "")) == "Пешком"
    assert content.way_text(words, Transfer("Машина с Анной")) == "Машина с Анной"
    assert content.way_text(words, Ride("of a newer program", "Linje 4")) == "Linje 4"


def test_only_112_is_said_to_be_free(press: Typesetter) -> None:
    words = press.client("ru")
    assert content.emergency_sentences(words, "112") == [
        "Экстренный вызов.",
        "Бесплатно с любого телефона.",
    ]
    assert content.emergency_sentences(words, "102") == ["Экстренный вызов."]
    assert content.emergency_sentences(words, "102", "BY") == [
        "Экстренный вызов.",
        "Беларусь",
    ]


def test_card_shows_english_and_the_language_on_the_way(press: Typesetter) -> None:
    card = content.language_card(press.client("ru"), nina(), press.client)
    assert card == [
        ("Я говорю по-русски.", (("en", "I speak Russian."), ("lv", "Es runāju krieviski."))),
        (
            "Где этот автобус?",
            (("en", "Where is this bus, please?"), ("lv", "Kur ir šis autobuss, lūdzu?")),
        ),
        (
            "Можно мне позвонить?",
            (("en", "May I make a phone call?"), ("lv", "Vai drīkstu piezvanīt?")),
        ),
    ]


def test_card_never_shows_the_readers_own_language_as_anothers(press: Typesetter) -> None:
    card = content.language_card(press.client("en"), grace(), press.client)
    assert [[code for code, _ in phrase.shown] for phrase in card] == [["sv", "de"]] * 3
    card = content.language_card(press.client("sv"), elsa(), press.client)
    assert card[1].shown[1] == ("et", "Kus see laev on, palun?")


@pytest.mark.parametrize("code", ["bg", "ro", "uk"])
def test_card_says_her_language_in_english_and_in_that_of_the_way(
    press: Typesetter, code: str
) -> None:
    sheet = replace(nina(), speaks=code)
    first = content.language_card(press.client(code), sheet, press.client)[0]
    assert first.own != "I speak Russian."
    assert dict(first.shown)["en"].startswith("I speak ")
    assert dict(first.shown)["lv"].startswith("Es runāju ")


def test_card_shows_two_languages_at_most(press: Typesetter) -> None:
    sheet = replace(nina(), transit=("lv", "lt", "pl"))
    card = content.language_card(press.client("ru"), sheet, press.client)
    assert {code for phrase in card for code, _ in phrase.shown} == {"en", "lv"}


def test_language_without_a_catalogue_is_not_shown(press: Typesetter) -> None:
    sheet = replace(nina(), transit=("nb",))
    card = content.language_card(press.client("ru"), sheet, press.client)
    assert [[code for code, _ in phrase.shown] for phrase in card] == [["en"]] * 3


def test_phrase_that_nobody_would_understand_is_left_out(press: Typesetter) -> None:
    sheet = replace(grace(), transit=("nb",))
    assert content.language_card(press.client("en"), sheet, press.client) == []


def test_card_asks_for_no_vehicle_and_no_language_that_it_has_no_words_for(
    press: Typesetter,
) -> None:
    sheet = replace(nina(), speaks="vi", vehicle="car")
    card = content.language_card(press.client("ru"), sheet, press.client)
    assert [phrase.own for phrase in card] == ["Можно мне позвонить?"]


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=code_of)
def test_catalogue_has_whole_sentences_with_their_places(catalogue: Path) -> None:
    for entry in entries(catalogue):
        texts = [entry.msgstr, *entry.msgstr_plural.values()]
        for text in filter(None, texts):
            assert text.count("{") == entry.msgid.count("{")
            assert text.endswith(".") == entry.msgid.endswith(".")
            assert text.endswith(("?", "؟")) == entry.msgid.endswith("?")


@pytest.mark.parametrize("code", WHOLE)
def test_languages_of_the_sheet_say_everything(code: str) -> None:
    catalogue = entries(ROOT / "translations" / code / "LC_MESSAGES" / "client.po")
    assert catalogue.percent_translated() == 100
    said = {entry.msgid for entry in catalogue}
    assert said >= PHRASES | {
        *content.VEHICLE_TEXTS.values(),
        *content.ZONE_TEXTS.values(),
    }
