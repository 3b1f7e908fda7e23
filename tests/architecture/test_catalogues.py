# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogues say everything that the source says, in every language, and can be filled.

Which words they use for it is looked at in `tests/unit/i18n`.
"""

import gettext
import re
import runpy
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import polib
import pytest
from babel import Locale
from tests.architecture.tree import ROOT
from tests.unit.i18n.po_files import (
    CATALOGUES,
    PROGRAM_CATALOGUES,
    TEMPLATES,
    TRANSLATED,
    entries,
    language_of,
    name_of,
    places,
    said,
    sources,
    texts,
)

from kfdesk.i18n.catalogues import begun_languages
from kfdesk.i18n.language import CLIENT_LANGUAGES, SHEET_LANGUAGES, Language

PROGRAM_LANGUAGES = ("ru", "sv")  # beside English, which the source speaks


def key(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


@cache
def extracting() -> dict[str, Any]:
    """Return the globals of the script of `make translations`, which caches what it read."""
    return runpy.run_path(str(ROOT / "packaging" / "extract_messages.py"))


def stale_files(root: Path) -> list[str]:
    """Files of `translations` that `make translations` would change."""
    contents: Callable[[Path], dict[Path, str]] = extracting()["contents"]
    return [
        path.relative_to(root).as_posix()
        for path, text in contents(root).items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


@pytest.fixture
def translated(copy: Path) -> Path:
    """Return a copy of the source tree with its catalogues."""
    shutil.copytree(ROOT / "translations", copy / "translations")
    return copy


def test_catalogues_are_what_make_translations_makes_of_the_source() -> None:
    assert stale_files(ROOT) == []


@pytest.mark.slow
def test_changed_message_is_seen_in_every_language(translated: Path) -> None:
    text = 'from kfdesk.domain.schema import N_\n\nLABEL = N_("Nobody has said this yet")\n'
    (translated / "src" / "kfdesk" / "ui" / "breach.py").write_text(text, encoding="utf-8")
    codes = (*PROGRAM_LANGUAGES, *map(language_of, PROGRAM_CATALOGUES))
    po = [f"translations/{code}/LC_MESSAGES/kfdesk.po" for code in dict.fromkeys(codes)]
    assert stale_files(translated) == ["translations/kfdesk.pot", *po]


@pytest.mark.slow
def test_sentence_on_a_paper_of_hers_goes_to_the_clients_catalogues(translated: Path) -> None:
    words = translated / "src" / "kfdesk" / "documents" / "traveller" / "breach.py"
    text = 'from kfdesk.domain.schema import N_\n\nWORD = N_("Nobody has said this yet")\n'
    words.write_text(text, encoding="utf-8")
    po = [f"translations/{code}/LC_MESSAGES/client.po" for code in SHEET_LANGUAGES]
    assert sorted(stale_files(translated)) == sorted(["translations/client.pot", *po])


@pytest.mark.parametrize("code", CLIENT_LANGUAGES)
def test_clients_catalogue_has_every_sentence(code: str) -> None:
    template = entries(ROOT / "translations" / "client.pot")
    path = ROOT / "translations" / code / "LC_MESSAGES" / "client.po"
    assert {key(entry) for entry in entries(path)} == {key(entry) for entry in template}


def test_every_language_of_the_program_has_its_catalogue() -> None:
    assert set(PROGRAM_LANGUAGES) <= {language_of(path) for path in PROGRAM_CATALOGUES}


def test_templates_tell_neither_day_nor_line() -> None:
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert "-Date:" not in text
        assert not re.search(r"\.py:\d", text)
        assert "@" not in text


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_nothing_is_guessed_and_nothing_is_kept_for_later(path: Path) -> None:
    catalogue = entries(path)
    assert [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_nothing_is_missing(path: Path) -> None:
    """A language that is only begun may be silent; the program offers it when it is whole."""
    if path.stem == "kfdesk" and language_of(path) not in PROGRAM_LANGUAGES:
        return
    assert [entry.msgid for entry in entries(path) if not all(texts(entry))] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_number_of_plural_forms_is_the_languages_own(code: str) -> None:
    forms = {"ru": 3, "sv": 2}[code]
    path = ROOT / "translations" / code / "LC_MESSAGES" / "kfdesk.po"
    plurals = [entry for entry in entries(path) if entry.msgid_plural]
    assert plurals
    assert [entry.msgid for entry in plurals if len(entry.msgstr_plural) != forms] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_every_form_has_the_places_of_its_message(path: Path) -> None:
    for entry, text in said(path):
        wanted = [places(source) for source in sources(entry)]
        assert places(text) in wanted, text


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_plural_rule_is_that_of_cldr(path: Path) -> None:
    """A catalogue without numbers needs no rule."""
    catalogue = entries(path)
    if not any(entry.msgid_plural for entry in catalogue):
        return
    rule = re.search(r"nplurals=(\d+); plural=(.+);", catalogue.metadata["Plural-Forms"])
    assert rule is not None
    form = gettext.c2py(rule[2])
    plural = Locale.parse(language_of(path)).plural_form
    pairs = {(plural(count), form(count)) for count in range(1000)}
    assert len(pairs) == len({word for word, _ in pairs}) == int(rule[1])


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_edges_of_a_translation_are_those_of_its_message(path: Path) -> None:
    """The spaces, and the sign that ends a sentence."""
    for entry, text in said(path):
        assert text == text.strip(), text
        for sign in ".?!:…":
            ends = (sign, "؟") if sign == "?" else sign
            assert text.endswith(ends) == entry.msgid.endswith(sign), text


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_key_of_a_button_is_marked_once(path: Path) -> None:
    for entry, text in said(path):
        assert text.count("&") == entry.msgid.count("&"), text


@pytest.mark.slow
def test_language_that_is_begun_has_every_message_its_own_rule_and_breaks_nothing(
    translated: Path,
) -> None:
    """Finnish, as `CONTRIBUTING.md` tells a translator to begin it."""
    script = extracting()
    script["save"](script["contents"](translated, ["fi"]).items())
    assert stale_files(translated) == []
    assert "fi" in script["begun"](translated, "kfdesk")
    path = translated / "translations" / "fi" / "LC_MESSAGES" / "kfdesk.po"
    template = entries(translated / "translations" / "kfdesk.pot")
    assert {key(entry) for entry in entries(path)} == {key(entry) for entry in template}
    test_plural_rule_is_that_of_cldr(path)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('msgid "Today"\nmsgstr ""', 'msgid "Today"\nmsgstr "Tänään"'), encoding="utf-8"
    )
    compiled = runpy.run_path(str(ROOT / "packaging" / "make_catalogues.py"))
    compiled["make_catalogues"](translated / "translations")
    words = Language("fi", translated / "translations")
    assert [words.gettext(one) for one in ("Today", "Plans")] == ["Tänään", "Plans"]
    assert words.ngettext("{count} day", "{count} days", 2) == "{count} days"
    assert begun_languages(translated / "translations")["fi"] == 0
