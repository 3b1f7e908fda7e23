# SPDX-License-Identifier: GPL-3.0-or-later
"""Catalogues are compiled whole, and no translation gets past with a place it should not have."""

import gettext
import os
from pathlib import Path

import pytest

from make_catalogues import CatalogueError, make_catalogues, places

HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)
PLURAL = 'msgid "One plan"\nmsgid_plural "{{count}} plans"\nmsgstr[0] "{}"\nmsgstr[1] "{}"\n'


def put(folder: Path, text: str, language: str = "sv") -> Path:
    source = folder / language / "LC_MESSAGES" / "kfdesk.po"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(HEADER + text, encoding="utf-8")
    return source


def one(source: str, translation: str) -> str:
    return f'msgid "{source}"\nmsgstr "{translation}"\n'


def spoken(folder: Path) -> gettext.NullTranslations:
    return gettext.translation("kfdesk", folder, languages=["sv"])


def refusal(folder: Path) -> str:
    with pytest.raises(CatalogueError) as caught:
        make_catalogues(folder)
    return str(caught.value)


def test_catalogue_is_compiled_beside_its_source(tmp_path: Path) -> None:
    source = put(tmp_path, one("Plan for {name}", "Plan för {name}"))
    assert make_catalogues(tmp_path) == [source.with_suffix(".mo")]
    assert spoken(tmp_path).gettext("Plan for {name}") == "Plan för {name}"
    assert list(source.parent.glob("*.new")) == []


def test_catalogue_tells_nothing_of_when_it_was_compiled(tmp_path: Path) -> None:
    """Else two packages of one tree would differ."""
    put(tmp_path, one("Day", "Dag"))
    make_catalogues(tmp_path)
    head = gettext.translation("kfdesk", tmp_path, languages=["sv"]).info()
    assert head["pot-creation-date"] == "1970-01-01 00:00+0000"


def test_untranslated_and_guessed_sentences_stay_in_the_source_language(tmp_path: Path) -> None:
    put(tmp_path, one("{count} of", "") + "\n#, fuzzy\n" + one("Day", "Natt {torn"))
    make_catalogues(tmp_path)
    assert spoken(tmp_path).gettext("{count} of") == "{count} of"
    assert spoken(tmp_path).gettext("Day") == "Day"


def test_number_that_is_not_translated_stays_in_the_source_language(tmp_path: Path) -> None:
    put(tmp_path, PLURAL.format("", "") + "\n" + one("Day", "Dag"))
    make_catalogues(tmp_path)
    said = [spoken(tmp_path).ngettext("One plan", "{count} plans", count) for count in (1, 2)]
    assert said == ["One plan", "{count} plans"]
    assert spoken(tmp_path).gettext("Day") == "Dag"


def test_unchanged_catalogue_is_left_alone_and_a_changed_one_is_not(tmp_path: Path) -> None:
    source = put(tmp_path, one("Day", "Dag"))
    os.utime(source, (1, 1))
    assert len(make_catalogues(tmp_path)) == 1
    assert make_catalogues(tmp_path) == []
    later = source.with_suffix(".mo").stat().st_mtime + 1
    os.utime(source, (later, later))
    assert len(make_catalogues(tmp_path)) == 1


@pytest.mark.parametrize(
    "translation",
    [
        "Plan för {namn}",  # another name
        "Plan",  # none
        "Plan för {name} {count}",  # one more
        "Plan för {name!r}",  # shown as a programmer sees it
        "Plan för {name.secret}",  # a look inside
        "Plan för {name:>9}",  # another format
    ],
)
def test_other_place_than_the_source_is_refused(tmp_path: Path, translation: str) -> None:
    put(tmp_path, one("Plan for {name}", translation))
    assert "other places than the source" in refusal(tmp_path)


@pytest.mark.parametrize("translation", ["Plan för {name", "Plan för name}"])
def test_torn_place_is_refused(tmp_path: Path, translation: str) -> None:
    put(tmp_path, one("Plan for {name}", translation))
    assert "torn place" in refusal(tmp_path)


def test_torn_place_in_the_source_is_refused(tmp_path: Path) -> None:
    put(tmp_path, one("Plan for {name", "Plan"))
    assert "torn place in the source" in refusal(tmp_path)


def test_form_for_one_may_do_without_the_number_or_use_it(tmp_path: Path) -> None:
    put(tmp_path, PLURAL.format("En plan", "{count} planer"))
    make_catalogues(tmp_path)
    put(tmp_path, PLURAL.format("{count} plan", "{count} planer"))
    make_catalogues(tmp_path)
    assert spoken(tmp_path).ngettext("One plan", "{count} plans", 2) == "{count} planer"


def test_new_place_in_a_plural_form_is_refused(tmp_path: Path) -> None:
    put(tmp_path, PLURAL.format("En plan", "{number} planer"))
    assert "other places" in refusal(tmp_path)


def test_missing_plural_form_is_refused(tmp_path: Path) -> None:
    put(tmp_path, PLURAL.format("En plan", ""))
    assert "a plural form is missing" in refusal(tmp_path)


def test_file_that_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "this is not a catalogue\n")
    assert "kfdesk.po" in refusal(tmp_path)


def test_fault_names_the_language_and_the_line_and_spares_the_sound(tmp_path: Path) -> None:
    put(tmp_path, one("Day", "{x}"), language="ru")
    put(tmp_path, one("Day", "Dag"))
    assert refusal(tmp_path).startswith("ru/kfdesk.po:6: ")
    assert spoken(tmp_path).gettext("Day") == "Dag"


def test_broken_catalogue_leaves_the_older_one_in_place(tmp_path: Path) -> None:
    source = put(tmp_path, one("Day", "Dag"))
    make_catalogues(tmp_path)
    put(tmp_path, one("Day", "{x}"))
    later = source.with_suffix(".mo").stat().st_mtime + 1
    os.utime(source, (later, later))
    refusal(tmp_path)
    assert spoken(tmp_path).gettext("Day") == "Dag"


def test_doubled_brace_is_no_place() -> None:
    assert places("{{name}} {count:d}") == {("count", "d", "")}
