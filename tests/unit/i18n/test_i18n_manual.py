# SPDX-License-Identifier: GPL-3.0-or-later
"""What the manual says stands on a page stands there, in the same words.

A chapter writes the words of the window *so*. Few other words are written so; they are named here.
"""

import re
from collections.abc import Iterator

import pytest
from tests.support.pronouns import HER, HIM
from tests.unit.i18n.po_files import PROGRAM_CATALOGUES, entries, language_of, sources, texts

from kfdesk.i18n.language import PROGRAM_LANGUAGES, PRONOUNS
from kfdesk.system import paths

HELP = paths.resources_folder() / "help"
LANGUAGES = paths.translations_folder()
_QUOTED = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
_PLACE = re.compile(r"\\\{\w+\\\}")
NOT_IN_THE_WINDOW = {
    "en": """us|Post|tulpan-47|lawyer|A weak passphrase|An open laptop|A spying program|Roles
        |A printer|Sleep to disk|Enter|1|2|3""",
    "sv": "oss|tulpan-47|advokat|kvinnojour|uppfyllda|åsidosatta|Roller|Enter|1|2|3",
    "ru": """нас|Почта|tulpan-47|адвокат|выполнены|сняты|Программа-шпион|Роли|Принтер|Enter
        |1|2|3""",
}
"""Examples, keys, what is stressed, and what stands in a sentence in another case."""


def quoted(language: str) -> Iterator[tuple[str, str]]:
    """Each chapter with what it says stands on a page."""
    for file in sorted((HELP / language).glob("*.md")):
        for words in _QUOTED.findall(file.read_text(encoding="utf-8")):
            yield file.stem, words


def spoken(language: str) -> re.Pattern[str]:
    """Return a pattern of the window's texts, with any text in a placeholder.

    A chapter is about clients in general, so it may quote what the window says of any client.
    """
    held = "sv" if language == "en" else language  # English stands in every catalogue
    (path,) = (path for path in PROGRAM_CATALOGUES if language_of(path) == held)
    read = sources if language == "en" else texts
    forms = (form for entry in entries(path) for form in read(entry))
    said = (e.msgstr for e in entries(LANGUAGES / language / "LC_MESSAGES" / f"{PRONOUNS}.po"))
    each = {_PLACE.sub(".+", re.escape(_bare(form))) for form in (*forms, *said) if _bare(form)}
    return re.compile("|".join(sorted(each, key=len, reverse=True)), re.IGNORECASE)


def _bare(words: str) -> str:
    return words.rstrip("….").strip().replace("&", "")


@pytest.mark.parametrize("language", PROGRAM_LANGUAGES)
def test_words_that_stand_on_a_page_are_the_pages_words(language: str) -> None:
    window, others = spoken(language), NOT_IN_THE_WINDOW[language].split("|")
    known = {word.strip() for word in others}
    said = {
        (chapter, words)
        for chapter, words in quoted(language)
        if words not in known and not window.fullmatch(_bare(words))
    }
    assert said == set()
    assert known <= {words for _, words in quoted(language)}


@pytest.mark.parametrize("language", ["en", "sv"])
def test_chapters_speak_of_clients_as_neither_women_nor_men(language: str) -> None:
    buttons = re.compile(r"\*[^*]+\* \((or him|eller honom)\)")
    for file in sorted((HELP / language).glob("*.md")):
        said = buttons.sub("", file.read_text(encoding="utf-8")).lower()
        assert HER[language].findall(said) + HIM[language].findall(said) == [], file.name
