# SPDX-License-Identifier: GPL-3.0-or-later
"""Catalogues follow the source: what changed is translated anew, and nothing else moves."""

from pathlib import Path

import polib
import pytest
from babel.messages.catalog import Catalog

from extract_messages import (
    complaints,
    contents,
    differences,
    extracted,
    header,
    hints,
    keys,
    place,
    save,
    sources,
    untranslated,
    written,
)

PAGE = """
LABELS = (N_("Plans"), N_("About {name}"))


def count(language, plans):
    # Translators: on the list of plans
    words = language.ngettext("{count} plan", "{count} plans", plans)
    return words + language.pgettext("button", "Open") + self.gettext(variable)
"""
SPAN = 'def duration(self):\n    return self.gettext("{hours} h")\n'
PAPER = 'TITLE = N_("Travel plan")\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    put(tmp_path, "ui/plans.py", PAGE)
    put(tmp_path, "i18n/language.py", SPAN)
    put(tmp_path, "documents/traveller/words.py", PAPER)
    put(tmp_path, "documents/traveller/page.py", "")
    return tmp_path


def put(root: Path, name: str, text: str) -> None:
    path = root / "src" / "kfdesk" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def make(root: Path) -> list[str]:
    """Run the command; return the names of the files that it wrote."""
    return [
        path.relative_to(root / "translations").as_posix() for path in save(contents(root).items())
    ]


def swedish(root: Path) -> polib.POFile:
    return polib.pofile(str(place(root, "sv", "kfdesk")), wrapwidth=100)


def translate(root: Path, **said: str) -> None:
    catalogue = swedish(root)
    for entry in catalogue:
        entry.msgstr = said.get(entry.msgid, entry.msgstr)
    catalogue.save()


def test_messages_are_found_however_they_are_marked(tree: Path) -> None:
    assert keys(extracted(tree, "kfdesk")) == [
        ("", "{hours} h"),
        ("", "Plans"),
        ("", "About {name}"),
        ("", "{count} plan"),
        ("button", "Open"),
    ]


def test_travellers_sentences_are_apart_and_spans_are_said_by_both(tree: Path) -> None:
    assert keys(extracted(tree, "traveller")) == [("", "Travel plan"), ("", "{hours} h")]
    names = [path.name for path in sources(tree, "traveller")]
    assert names == ["page.py", "words.py", "language.py"]


def test_template_names_the_file_and_neither_line_nor_day_nor_machine(tree: Path) -> None:
    text = written(extracted(tree, "kfdesk"), "kfdesk")
    assert "\n#: src/kfdesk/ui/plans.py\n" in text
    assert "\n#. on the list of plans\n" in text
    assert "\n#, python-brace-format\n" in text
    assert str(tree) not in text
    assert "Date" not in text
    assert "@" not in text


LEAVES = """
class Leg:
    leaves: str = field(N_("Leaves"))
    note: str = field(N_("Two words"))
CODES = {"by": N_("By"), "road": N_("On the road")}
def bar(kit):
    return Button(kit, N_("Go"), other(N_("Back")))
"""


def test_word_alone_tells_a_translator_where_it_stands(tree: Path) -> None:
    put(tree, "ui/leg.py", LEAVES)
    put(tree, "domain/other.py", 'LEAVES = N_("Leaves")\n')
    assert dict(hints(LEAVES.encode())) == {
        "Leaves": "It stands in: Leg.leaves, field",
        "By": "It stands in: CODES, by",
        "Go": "It stands in: Button",
        "Back": "It stands in: Button, other",
    }
    save(contents(tree, ["et"]).items())
    template = polib.pofile(str(tree / "translations" / "kfdesk.pot"))
    told = {entry.msgid: entry.comment for entry in template}
    assert told["Leaves"].splitlines() == [
        "It stands in: LEAVES", "It stands in: Leg.leaves, field",
    ]  # fmt: skip
    assert told["Two words"] == told["On the road"] == ""
    begun = polib.pofile(str(place(tree, "et", "kfdesk")))
    assert {entry.msgid: entry.comment for entry in begun} == told
    assert [entry.comment for entry in swedish(tree) if "stands" in entry.comment] == []


def test_second_run_changes_nothing(tree: Path) -> None:
    made = make(tree)
    assert made == [
        "kfdesk.pot",
        "traveller.pot",
        "ru/LC_MESSAGES/kfdesk.po",
        "sv/LC_MESSAGES/kfdesk.po",
    ]
    assert make(tree) == []


def test_message_that_only_moves_in_its_file_changes_nothing(tree: Path) -> None:
    make(tree)
    put(tree, "ui/plans.py", "\n\n\n" + PAGE)
    assert make(tree) == []


def test_changed_message_loses_its_translation_and_the_others_keep_theirs(tree: Path) -> None:
    make(tree)
    translate(tree, Plans="Planer", **{"About {name}": "Om {name}"})
    put(tree, "ui/plans.py", PAGE.replace("About {name}", "About {names}"))
    make(tree)
    found = {entry.msgid: entry.msgstr for entry in swedish(tree)}
    assert found["Plans"] == "Planer"
    assert found["About {names}"] == ""
    assert "About {name}" not in found
    assert [entry for entry in swedish(tree) if entry.fuzzy or entry.obsolete] == []


def test_languages_have_their_own_number_of_forms(tree: Path) -> None:
    make(tree)
    forms = {
        code: next(e for e in polib.pofile(str(place(tree, code, "kfdesk"))) if e.msgid_plural)
        for code in ("ru", "sv")
    }
    assert {code: len(entry.msgstr_plural) for code, entry in forms.items()} == {
        "ru": 3,
        "sv": 2,
    }


def test_new_plural_waits_for_a_translator_and_is_not_english_in_another_language(
    tree: Path,
) -> None:
    make(tree)
    (entry,) = [found for found in swedish(tree) if found.msgid_plural]
    assert set(entry.msgstr_plural.values()) == {""}


def test_header_names_the_language_and_its_rule() -> None:
    lines = list(header("kfdesk", "ru"))
    # REUSE-IgnoreStart
    assert lines[0] == "# SPDX-License-Identifier: GPL-3.0-or-later"
    # REUSE-IgnoreEnd
    assert lines[1] == "# What the program says. Russian."
    assert r'"Language: ru\n"' in lines
    assert any(line.startswith('"Plural-Forms: nplurals=3;') for line in lines)


def test_what_a_person_must_translate_is_said(tree: Path) -> None:
    make(tree)
    assert "sv: not translated 'Plans'" in list(complaints(tree))
    translate(tree, Plans="Planer")
    assert "sv: not translated 'Plans'" not in list(complaints(tree))
    assert not place(tree, "en", "kfdesk").exists()  # the source speaks English


def test_guessed_translation_counts_as_none() -> None:
    catalogue = Catalog(locale="sv")
    catalogue.add("Plans", "Planet", flags=["fuzzy"])
    catalogue.add("Days", "Dagar")
    assert untranslated(catalogue) == [("", "Plans")]


@pytest.mark.parametrize(
    ("language", "found"),
    [
        ("sv", ["sv: lacks '{hours} h'", "sv: nothing says 'Travel plane'"]),
        ("lv", ["lv: nothing says 'Travel plane'"]),
    ],
)
def test_travellers_catalogue_is_compared_and_never_written(
    tree: Path, language: str, found: list[str]
) -> None:
    source = place(tree, language, "traveller")
    catalogue = Catalog(locale=language)
    catalogue.add("Travel plan", "Resplan")
    catalogue.add("Travel plane", "Flygplan")
    save([(source, written(catalogue, "traveller"))])
    before = source.read_bytes()
    make(tree)
    assert list(differences(source, language, extracted(tree, "traveller"))) == found
    assert set(found) <= set(complaints(tree))
    assert source.read_bytes() == before
