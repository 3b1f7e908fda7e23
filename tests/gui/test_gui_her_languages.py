# SPDX-License-Identifier: GPL-3.0-or-later
"""Her languages: their own names and which papers exist are told before anything is printed."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk
from tests.gui.travel_samples import Trip, walking
from tests.unit.documents.paper_samples import RESOURCES, ROOT

from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.codes.world import LANGUAGES
from kfdesk.i18n.client_texts import ClientTexts, TextState, read_client_texts
from kfdesk.i18n.language import (
    CLIENT,
    CLIENT_LANGUAGES,
    PRINTED_SCRIPTS,
    SHEET_LANGUAGES,
    Language,
)
from kfdesk.services.core.records import change_record, require_record
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plan.language_note import LanguageNote, papers_text
from kfdesk.ui.pages.plan.person import PersonSection
from kfdesk.ui.pages.printing.page import PrintingPage

TEXTS = read_client_texts(RESOURCES / "client_texts.toml")
ENGLISH = Language("en", ROOT / "translations")


def hers(code: str) -> Language:
    return Language(code, ROOT / "translations", CLIENT)


@pytest.fixture
def trip(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Trip]:
    with walking(kit, qtbot, tmp_path, "draft") as walk:
        yield Trip(kit, qtbot, walk, walk.plan)


def note_of(trip: Trip) -> LanguageNote:
    trip.page.go_to("person")
    trip.rest()
    part = cast("PersonSection", trip.page.parts["person"])
    (note,) = part.parts["reach"].findChildren(LanguageNote)
    return note


def test_card_says_which_papers_exist_and_follows_what_is_chosen(trip: Trip) -> None:
    note = note_of(trip)
    assert note.isVisibleTo(trip.page)
    assert note.lines.text().splitlines() == [
        "Russian (Русский): all her papers", "English: all her papers",
    ]  # fmt: skip
    part = cast("PersonSection", trip.page.parts["person"])
    editor = part.parts["reach"].form.editors["languages"]
    editor.enter(("fa", "vi"))
    QApplication.processEvents()
    persian, vietnamese = note.lines.text().splitlines()
    assert "cannot print its letters" in persian
    assert vietnamese.startswith("Vietnamese (Tiếng Việt): no paper yet.")
    editor.enter(None)
    QApplication.processEvents()
    assert not note.isVisibleTo(trip.page)
    trip.kit.translator.set_language("ru")
    editor.enter(("uk",))
    QApplication.processEvents()
    assert note.lines.text().startswith("украинский (українська): ")
    trip.kit.translator.set_language("en")


def test_note_follows_what_another_desk_has_written(trip: Trip) -> None:
    note = note_of(trip)
    client = trip.run(lambda: require_record(trip.walk.ours, trip.plan).parent) or b""
    trip.run(lambda: change_record(trip.walk.ours, client, {"languages": ("th",)}))
    trip.kit.events.changed.emit(frozenset({"client"}))
    trip.rest()
    assert note.lines.text().startswith("Thai: no paper, because")


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_of_the_list_is_told_with_its_papers_or_why_there_is_none(code: str) -> None:
    said = papers_text(hers(code), TEXTS, ENGLISH)
    assert said.startswith(ENGLISH.language(code))
    assert ("all her papers" in said) == (code in CLIENT_LANGUAGES)
    is_printed = hers(code).script in PRINTED_SCRIPTS
    assert ("Traveller's sheet. An interpreter" in said) == (code == "ar")
    if code not in SHEET_LANGUAGES:
        assert ("no paper yet" in said, "cannot print" in said) == (is_printed, not is_printed)
        assert "interpreter" in said


@pytest.mark.parametrize("code", ["rom", "tlh", "zz", "x-none", "../sv", ""])
def test_language_that_nobody_knows_has_no_name_of_its_own_and_breaks_nothing(code: str) -> None:
    assert hers(code).name == ""
    assert papers_text(hers(code), TEXTS, ENGLISH)


def test_note_is_said_in_the_language_of_the_window() -> None:
    russian = Language("ru", ROOT / "translations")
    said = papers_text(hers("uk"), TEXTS, russian)
    assert said == "украинский (українська): есть все документы для неё"


def test_language_that_has_some_papers_names_them() -> None:
    some = ClientTexts({
        **TEXTS.states, "vi": {PaperName.TRAVELLERS_SHEET: TextState.NOT_READ},
    })  # fmt: skip
    said = papers_text(hers("vi"), some, ENGLISH)
    assert said == (
        "Vietnamese (Tiếng Việt): Traveller's sheet. An interpreter reads her the others."
    )


def test_print_says_for_each_paper_of_hers_who_has_read_its_text(
    centre: PrintingPage, opened: OpenDesk
) -> None:
    for paper, said in (
        (PaperName.TRAVELLERS_SHEET, {"ar": "not yet read by a native speaker"}),
        (PaperName.CHILDS_SHEET, {}),
        (PaperName.CONSENT_FORM, {}),
    ):
        centre.choices.papers.options[paper].click()
        opened.rest()
        box = centre.choices.language
        names = [box.itemText(at) for at in range(box.count())]
        assert len(names) == len(CLIENT_LANGUAGES) + len(said)
        for name, code in zip(names, (*CLIENT_LANGUAGES, *said), strict=True):
            assert name.endswith(said.get(code, " · checked twice, not yet by a native speaker"))
        beside = [centre.choices.beside.itemData(at) for at in range(len(names))]
        assert "ar" not in beside
