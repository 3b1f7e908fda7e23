# SPDX-License-Identifier: GPL-3.0-or-later
"""Each message that speaks of one client is said of a woman, of a man, and where nothing is known.

A message says "she". What differs for others stands in `pronouns.po`, in each whole language.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.architecture.tree import ROOT
from tests.support.pronouns import HER, HIM, RUSSIAN
from tests.unit.i18n.conftest import Speaking
from tests.unit.i18n.po_files import TEMPLATES, entries, places, sources, texts

from kfdesk.domain.pronouns import Pronoun
from kfdesk.i18n.language import CLIENT, CLIENT_LANGUAGES, PRONOUNS, Language

WHOLE = ("en", "sv", "ru")
OTHERS = (Pronoun.HE, Pronoun.CLIENT)
OF_THINGS = {
    "Принимающая сторона сама", "Программа остановилась сама", "Эта копия программы не может",
    "зашифрованная так же, как и она сама", "Одна таблица из всех", "теперь запись одна",
    "теперь это одна", "в выпуске одна таблица", "может сообщить только одна", "одна и та же",
    "её оценка должна", "если она должна участвовать", "одна из них", "одна организация",
    "хотя бы одна цифра", "чтобы одна кража", "Одна новая фраза",
    "одна папка", "Одна запись", "Одна из записей", "фраза должна быть", "входить сама в себя",
    "ни одна не хранится", "хоть одна отличается", "Сама резервная копия",
}  # fmt: skip
"""Russian sentences in which such a word agrees with a thing."""


Key = tuple[str, str]


def ordinary(code: str) -> dict[Key, str]:
    """Return what each message of the program says in a language, by context and English."""
    if code == "en":
        template = next(path for path in TEMPLATES if path.stem == "kfdesk")
        return {(e.msgctxt or "", e.msgid): " | ".join(sources(e)) for e in entries(template)}
    path = ROOT / "translations" / code / "LC_MESSAGES" / "kfdesk.po"
    return {(e.msgctxt or "", e.msgid): " | ".join(texts(e)) for e in entries(path)}


def variants(code: str) -> dict[tuple[Pronoun, Key], str]:
    """Return what is said with another pronoun."""
    path = ROOT / "translations" / code / "LC_MESSAGES" / f"{PRONOUNS}.po"
    found = {}
    for one in entries(path):
        pronoun, _, context = (one.msgctxt or "").partition("|")
        found[Pronoun(pronoun), (context, one.msgid)] = one.msgstr
    return found


def speaks_of_her(code: str, english: str, said: str) -> bool:
    """Return whether a message says in a language that one client is a woman."""
    if code != "ru":
        return HER[code].search(said.lower()) is not None
    if any(words in said for words in OF_THINGS):
        return False
    is_about_her = HER["en"].search(english.lower()) is not None
    pattern = HER["ru"] if is_about_her else RUSSIAN
    return pattern.search(said.lower()) is not None


@pytest.mark.parametrize("code", WHOLE)
def test_message_that_speaks_of_her_is_said_of_others_too(code: str) -> None:
    wanted = {key for key, said in ordinary(code).items() if speaks_of_her(code, key[1], said)}
    found = variants(code)
    assert len(wanted) > 250
    assert (
        sorted(key for key in wanted if any((pronoun, key) not in found for pronoun in OTHERS))
        == []
    )


@pytest.mark.parametrize("code", WHOLE)
def test_what_is_said_of_others_is_a_message_that_differs_and_can_be_filled(code: str) -> None:
    known = ordinary(code)
    for (pronoun, key), said in variants(code).items():
        assert key in known, key
        assert said not in ("", known[key], key[1]), (pronoun, key)
        assert places(said) == places(key[1]), (pronoun, key)


@pytest.mark.parametrize("code", WHOLE)
def test_what_is_said_of_others_does_not_say_she(code: str) -> None:
    of_her = RUSSIAN if code == "ru" else HER[code]
    for (pronoun, key), said in variants(code).items():
        assert of_her.search(said.lower()) is None, (pronoun, key, said)
        if pronoun is Pronoun.CLIENT:
            assert HIM[code].search(said.lower()) is None, (key, said)


def test_russian_pronoun_of_a_variant_stands_for_a_thing() -> None:
    left = {said for said in variants("ru").values() if HER["ru"].search(said.lower()) is not None}
    assert all("добавьте её в план" in said for said in left), left


@pytest.mark.parametrize("code", WHOLE)
def test_no_message_with_a_number_speaks_of_her(code: str) -> None:
    template = next(path for path in TEMPLATES if path.stem == "kfdesk")
    several = {(e.msgctxt or "", e.msgid) for e in entries(template) if e.msgid_plural}
    said = ordinary(code)
    assert [key for key in several if speaks_of_her(code, " | ".join(key), said[key])] == []


@pytest.mark.parametrize("code", CLIENT_LANGUAGES)
def test_papers_for_the_client_tell_no_sex(code: str) -> None:
    path = ROOT / "translations" / code / "LC_MESSAGES" / "client.po"
    own = {"en": HER["en"], "sv": HER["sv"]}.get(code, re.compile(r"\bклиентк|\bрядом с ней\b"))
    found = [text for one in entries(path) for text in texts(one) if own.search(text.lower())]
    assert found == []


SAID: Mapping[str, tuple[str, ...]] = {
    "en": ("She has arrived", "He has arrived", "The client has arrived"),
    "sv": ("Hon är framme", "Han är framme", "Klienten är framme"),
    "ru": ("Прибыла", "Прибыл", "Клиент на месте"),
}


@pytest.mark.parametrize("code", WHOLE)
def test_language_speaks_of_the_client_whom_it_is_told(speaking: Speaking, code: str) -> None:
    language = speaking(code)
    said = tuple(language.about(pronoun).gettext("She has arrived") for pronoun in Pronoun)
    assert said == SAID[code]
    assert language.gettext("She has arrived") == SAID[code][0]


def test_language_of_a_woman_is_the_ordinary_one(speaking: Speaking) -> None:
    language = speaking("ru")
    assert language.about(Pronoun.SHE) is language
    assert language.about(Pronoun.HE).about(Pronoun.SHE) == language


def test_word_in_a_context_follows_too(speaking: Speaking) -> None:
    context, word = "she has just arrived", "Arrived"
    said = [speaking("ru").about(one).pgettext(context, word) for one in Pronoun]
    assert said == ["Прибыла", "Прибыл", "На месте"]
    assert speaking("ru").about(Pronoun.HE).pgettext("a value", "Other") == "Другое"


def test_message_without_another_wording_is_the_same_of_everybody(speaking: Speaking) -> None:
    said = {speaking("sv").about(pronoun).gettext("Save") for pronoun in Pronoun}
    assert said == {"Spara"}
    counted = {
        speaking("sv").about(one).plural("{count} day", "{count} days", 2) for one in Pronoun
    }
    assert len(counted) == 1


def test_begun_language_speaks_english_where_it_lacks_the_message(speaking: Speaking) -> None:
    assert speaking("fi").about(Pronoun.HE).gettext("She has arrived") == "He has arrived"
    estonian = {speaking("et").about(pronoun).gettext("She has arrived") for pronoun in Pronoun}
    assert len(estonian) == 1
    assert "She has arrived" not in estonian


def test_catalogue_that_is_missing_is_the_ordinary_wording(tmp_path: Path) -> None:
    language = Language("sv", tmp_path).about(Pronoun.HE)
    assert language.gettext("She has arrived") == "She has arrived"


def test_papers_for_the_client_speak_to_the_client(speaking: Speaking) -> None:
    said = {speaking("en", CLIENT).about(one).gettext("People around her") for one in Pronoun}
    assert said == {"People around you"}
