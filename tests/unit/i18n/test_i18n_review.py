# SPDX-License-Identifier: GPL-3.0-or-later
"""What `translations/REVIEW.md` asks a native reader to look at is what the program says."""

import re
from pathlib import Path

import pytest
from tests.architecture.tree import ROOT
from tests.unit.i18n.po_files import PROGRAM_CATALOGUES, TRANSLATED, language_of, said

from kfdesk.domain.codes.core import PaperName
from kfdesk.i18n.catalogues import begun_languages
from kfdesk.i18n.client_texts import ClientTexts, TextState, read_client_texts
from make_review import renewed, review, rows

REVIEW = (ROOT / "translations" / "REVIEW.md").read_text(encoding="utf-8")
_QUOTED = re.compile(r"“([^”]+)”|«([^»]+)»")
_ALOUD, _CARRIED = "## Sentences to read aloud", "## The client's papers"


def spoken(code: str) -> str:
    """All that a catalogue says."""
    (path,) = (path for path in PROGRAM_CATALOGUES if language_of(path) == code)
    return "\n".join(text for _, text in said(path)).casefold()


def terms(code: str) -> list[str]:
    """Return the terms of the tables, without what follows in brackets."""
    column = {"sv": 1, "ru": 2}[code]
    rows = (line.strip("|").split("|") for line in REVIEW.partition(_CARRIED)[0].splitlines())
    cells = [row[column] for row in rows if len(row) > column and "-" not in row[0][:2]]
    listed = (word.partition("(")[0].strip() for cell in cells for word in re.split("[;,]", cell))
    return [word for word in listed if word and word not in ("Swedish", "Russian")]


@pytest.mark.parametrize("code", TRANSLATED)
def test_words_to_look_at_are_those_of_the_catalogue(code: str) -> None:
    everything, named = spoken(code), terms(code)
    assert len(named) > 15
    # the end of a word depends on its sentence
    assert [word for word in named if word.casefold()[:-2] not in everything] == []


def test_sentences_to_read_aloud_are_said() -> None:
    everything = "\n".join(map(spoken, TRANSLATED))
    part = REVIEW.partition(_ALOUD)[2].partition(_CARRIED)[0]
    quoted = ["".join(found).rstrip(".…") for found in _QUOTED.findall(part)]
    assert quoted
    assert [text for text in quoted if text.casefold() not in everything] == []


def test_table_of_who_has_read_what_is_that_of_the_list() -> None:
    assert review() == REVIEW


def test_table_says_for_each_language_which_papers_are_in_which_state() -> None:
    papers = {
        PaperName.CONSENT_FORM: TextState.NATIVE, PaperName.SUPPORT_PLAN: TextState.NOT_READ,
        PaperName.HANDOVER_RECEIPT: TextState.NOT_READ,
    }  # fmt: skip
    *_, line = rows(ClientTexts({"uk": papers}), ROOT / "translations")
    assert line == (
        "| Ukrainian (uk) | українська | Cyrl | consent form: read by a native speaker; "
        "support plan, arrival receipt: not yet read by a native speaker |"
    )
    begun = ClientTexts({"et": {}}, {"et": TextState.CHECKED_TWICE})
    *_, line = rows(begun, ROOT / "translations")
    assert line.endswith("| eesti | Latn | window: checked twice, not yet by a native speaker |")
    with pytest.raises(ValueError, match="place of the table"):
        renewed("no marks", "")


def test_every_language_that_the_window_has_begun_says_who_has_read_it(tmp_path: Path) -> None:
    texts = read_client_texts(ROOT / "resources" / "client_texts.toml")
    assert set(texts.window) == set(begun_languages(ROOT / "translations"))
    file = tmp_path / "client_texts.toml"
    for line in ('window = "read"', 'window = ["native"]', 'windows = "native"', "window = 1"):
        file.write_text(f"[et]\n{line}\n", encoding="utf-8")
        with pytest.raises((ValueError, TypeError)):
            read_client_texts(file)
