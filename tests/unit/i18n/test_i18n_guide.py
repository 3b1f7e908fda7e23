# SPDX-License-Identifier: GPL-3.0-or-later
"""The page for who is invited: read without the program, in three languages, asking for no key."""

import re
from html.parser import HTMLParser

import pytest

from kfdesk.i18n.invitation_guide import invitation_guide
from kfdesk.i18n.language import PROGRAM, PROGRAM_LANGUAGES, Language
from kfdesk.system import paths

HOUSE = "Nordhuset & <vänner>"
EACH_LANGUAGE = pytest.mark.parametrize("code", PROGRAM_LANGUAGES)


class Page(HTMLParser):
    """Parts of a page that a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def words(code: str) -> Language:
    return Language(code, paths.translations_folder(), PROGRAM)


@EACH_LANGUAGE
def test_page_is_whole_plain_and_calls_nothing(code: str) -> None:
    page = Page(invitation_guide(words(code), HOUSE, "program"))
    assert page.tags.count("li") == 6
    assert not {"script", "img", "a", "link", "iframe", "form"} & set(page.tags)
    assert set(page.attributes) == {"lang", "charset", "class"}
    assert HOUSE in page.text
    assert "{" not in page.text.partition("}")[2].rpartition("}")[2]


@EACH_LANGUAGE
def test_page_asks_nobody_to_know_what_a_key_is(code: str) -> None:
    text = Page(invitation_guide(words(code), HOUSE)).text.casefold()
    assert not re.search(r"\bkey|nyckel|ключ|encrypt|krypt|шифр", text)


@EACH_LANGUAGE
def test_page_says_where_the_program_is(code: str) -> None:
    here = Page(invitation_guide(words(code), HOUSE, "program")).text
    elsewhere = Page(invitation_guide(words(code), HOUSE)).text
    assert "program" in here
    assert here != elsewhere


def test_page_names_the_button_as_the_window_does() -> None:
    assert words("ru").gettext("I was invited…") in invitation_guide(words("ru"), HOUSE)


@EACH_LANGUAGE
def test_page_for_our_own_laptop_has_no_telephone(code: str) -> None:
    own = invitation_guide(words(code), HOUSE, is_own=True)
    assert not re.search("telephone|telefon|телефон", own, re.IGNORECASE)
    assert own != invitation_guide(words(code), HOUSE)
