# SPDX-License-Identifier: GPL-3.0-or-later
"""Catalogues follow the source: what changed is translated anew, and nothing else moves."""

import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import polib
import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from tests.architecture.tree import ROOT

from extract_messages import (
    begun,
    complaints,
    contents,
    extracted,
    header,
    hints,
    keys,
    place,
    read_language,
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
CODES = 'METHOD = {"phone": for_client("By phone"), "none": N_("No contact")}\n'
SPAN = 'def duration(self):\n    return self.gettext("{hours} h")\n'
PAPER = 'TITLE = N_("Travel plan")\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    put(tmp_path, "ui/plans.py", PAGE)
    put(tmp_path, "i18n/language.py", SPAN)
    put(tmp_path, "documents/traveller/words.py", PAPER)
    put(tmp_path, "documents/traveller/page.py", "")
    put(tmp_path, "domain/codes.py", CODES)
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
        ("", "By phone"),
        ("", "No contact"),
        ("", "{hours} h"),
        ("", "Plans"),
        ("", "About {name}"),
        ("", "{count} plan"),
        ("button", "Open"),
    ]


def test_client_reads_her_papers_and_what_is_marked_for_her(tree: Path) -> None:
    found = keys(extracted(tree, "client"))
    assert found == [("", "Travel plan"), ("", "By phone"), ("", "{hours} h")]
    names = [path.name for path in sources(tree, "client")]
    assert names == ["page.py", "words.py", "codes.py", "language.py", "plans.py"]


@pytest.mark.parametrize(
    "name", ["consent_form.py", "support_plan.py", "disclosure_log.py", "receipt.py",
             "escort/content.py", "traveller/words.py"],
)  # fmt: skip
def test_sentence_of_a_paper_that_she_reads_is_hers_alone(tree: Path, name: str) -> None:
    put(tree, f"documents/{name}", 'ANSWER = N_("I agree")\n')
    assert ("", "I agree") in keys(extracted(tree, "client"))
    assert ("", "I agree") not in keys(extracted(tree, "kfdesk"))


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
def titles(words):
    return (words.gettext("Purpose"), words.pgettext("a value", "Other"))
FIRST, LAST = N_("First"), N_("Last")
ROLES: tuple[str, ...] = (N_("Worker"),)
"""


def test_word_alone_tells_a_translator_where_it_stands(tree: Path) -> None:
    put(tree, "ui/leg.py", LEAVES)
    put(tree, "domain/other.py", 'LEAVES = N_("Leaves")\n')
    assert dict(hints(LEAVES.encode())) == {
        "Leaves": "It stands in: Leg.leaves, field",
        "By": "It stands in: CODES, by",
        "Go": "It stands in: Button",
        "Back": "It stands in: Button, other",
        "Purpose": "It stands in: titles",
        "Other": "It stands in: titles",
        "First": "It stands in: (FIRST, LAST)",
        "Last": "It stands in: (FIRST, LAST)",
        "Worker": "It stands in: ROLES",
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


@pytest.mark.parametrize(("name", "least"), [("kfdesk", 400), ("client", 30)])
def test_each_message_of_one_word_says_where_it_stands_or_in_which_sense(
    name: str, least: int
) -> None:
    template = polib.pofile(str(ROOT / "translations" / f"{name}.pot"))
    words = [entry for entry in template if " " not in entry.msgid]
    assert len(words) > least
    assert [entry.msgid for entry in words if not entry.comment and not entry.msgctxt] == []


def test_second_run_changes_nothing(tree: Path) -> None:
    made = make(tree)
    assert made == [
        "kfdesk.pot",
        "ru/LC_MESSAGES/kfdesk.po",
        "sv/LC_MESSAGES/kfdesk.po",
        "client.pot",
        "ru/LC_MESSAGES/client.po",
        "sv/LC_MESSAGES/client.po",
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
    assert r'"Language-Team: Russian\n"' in lines
    assert any(line.startswith('"Plural-Forms: nplurals=3;') for line in lines)


def test_moment_of_the_last_translation_is_kept_and_a_new_file_has_one(tree: Path) -> None:
    make(tree)
    path = place(tree, "sv", "kfdesk")
    assert re.search(
        r'"PO-Revision-Date: \d{4}-\d\d-\d\d \d\d:\d\d\+0000\\n"', path.read_text("utf-8")
    )
    catalogue = swedish(tree)
    catalogue.metadata["PO-Revision-Date"] = "2025-01-31 09:15+0200"
    catalogue.save()
    put(tree, "ui/more.py", 'N_("Another page")')
    make(tree)
    assert swedish(tree).metadata["PO-Revision-Date"] == "2025-01-31 09:15+0200"
    assert make(tree) == []


def test_every_header_is_whole_for_other_tools() -> None:
    for path in sorted((ROOT / "translations").rglob("*.po*")):
        found = polib.pofile(str(path)).metadata
        assert (ROOT / found["Report-Msgid-Bugs-To"]).is_file(), path
        if path.suffix == ".po":
            code = found["Language"]
            assert found["Language-Team"] == Locale.parse(code).english_name
            assert found["Last-Translator"]
            assert re.match(r"nplurals=\d; plural=.+;", found["Plural-Forms"])
            assert datetime.strptime(found["PO-Revision-Date"], "%Y-%m-%d %H:%M%z").tzinfo


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext is not installed")
@pytest.mark.parametrize("path", sorted((ROOT / "translations").rglob("*.po")), ids=str)
def test_tool_of_gettext_has_nothing_to_say(path: Path, tmp_path: Path) -> None:
    command = ["msgfmt", "--check", f"--output-file={tmp_path / 'out.mo'}", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


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


def test_language_of_the_clients_papers_is_begun_without_the_window(tree: Path) -> None:
    save(contents(tree, ["client/lv"]).items())
    assert begun(tree, "client") == ["lv", "ru", "sv"]
    assert begun(tree, "kfdesk") == ["ru", "sv"]
    assert "lv: not translated 'By phone'" in list(complaints(tree))
    assert make(tree) == []


def test_english_says_what_the_source_says_unless_it_has_other_words(tree: Path) -> None:
    save(contents(tree, ["client/en"]).items())
    path = place(tree, "en", "client")
    first, *_ = [one for one in read_language(path, "en") if one.id == "By phone"]
    assert first.string == "By phone"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgstr "By phone"', 'msgstr "By your phone"'), encoding="utf-8")
    assert make(tree) == []
    assert 'msgstr "By your phone"' in path.read_text(encoding="utf-8")
    assert [one for one in complaints(tree) if one.startswith("en")] == []


def test_clients_catalogue_follows_the_source_and_keeps_what_is_translated(tree: Path) -> None:
    source = place(tree, "lv", "client")
    catalogue = Catalog(locale="lv")
    catalogue.add("Travel plan", "Ceļojuma plāns")
    catalogue.add("Travel plane", "Lidmašīna")
    save([(source, written(catalogue, "client"))])
    make(tree)
    found = {entry.msgid: entry.msgstr for entry in polib.pofile(str(source))}
    assert found == {"Travel plan": "Ceļojuma plāns", "By phone": "", "{hours} h": ""}
