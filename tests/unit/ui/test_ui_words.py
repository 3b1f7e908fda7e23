# SPDX-License-Identifier: GPL-3.0-or-later
"""Bound words follow the language, and end with what they speak for."""

import gc
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QLineEdit, QWidget
from shiboken6 import delete

from kfdesk.domain.message_marks import N_
from kfdesk.ui.translator import Translator

SWEDISH = {
    N_("Plans"): "Planer",
    N_("Cancel"): "Avbryt",
    N_("{place} at {time}"): "{time} i {place}",
}
PLURAL = ("{count} leg", "{count} legs")


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("translations")
    catalogue = Catalog(locale="sv")
    for message, words in SWEDISH.items():
        catalogue.add(message, words)
    catalogue.add(PLURAL, ("{count} sträcka", "{count} sträckor"))
    target = folder / "sv" / "LC_MESSAGES" / "kfdesk.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, catalogue)
    return folder


@pytest.fixture
def words(qapp: QApplication, catalogues: Path) -> Iterator[Translator]:
    speaking = Translator("en", catalogues)
    yield speaking
    delete(speaking)


def test_a_bound_text_is_said_at_once_and_again_in_the_new_language(words: Translator) -> None:
    label = QLabel()
    words.bind(label.setText, N_("Plans"))
    assert label.text() == "Plans"
    words.set_language("sv")
    assert label.text() == "Planer"


def test_every_setter_of_a_widget_is_bound_for_itself(words: Translator) -> None:
    line = QLineEdit()
    words.bind(line.setPlaceholderText, N_("Plans"))
    words.bind(line.setAccessibleName, N_("Cancel"))
    words.set_language("sv")
    assert (line.placeholderText(), line.accessibleName()) == ("Planer", "Avbryt")


def test_binding_again_replaces_what_was_said_before(words: Translator) -> None:
    label = QLabel()
    words.bind(label.setText, N_("Cancel"))
    words.bind(label.setText, N_("Plans"))
    words.set_language("sv")
    assert label.text() == "Planer"
    assert len(label.children()) == 1


def test_named_places_are_filled_in_the_order_of_the_language(words: Translator) -> None:
    label = QLabel()
    words.bind(
        label.setText,
        N_("{place} at {time}"),
        place=lambda _: "Riga",
        time=lambda language: language.code,
    )
    assert label.text() == "Riga at en"
    words.set_language("sv")
    assert label.text() == "sv i Riga"


@pytest.mark.parametrize(("count", "said"), [(1, "1 sträcka"), (3, "3 sträckor")])
def test_a_callable_says_plurals(words: Translator, count: int, said: str) -> None:
    label = QLabel()
    words.bind(
        label.setText, lambda language: language.ngettext(*PLURAL, count).format(count=count)
    )
    words.set_language("sv")
    assert label.text() == said


def test_a_value_with_braces_is_shown_as_it_is(words: Translator) -> None:
    label = QLabel()
    words.bind(label.setText, lambda _: "{name}")
    assert label.text() == "{name}"


def test_an_empty_message_says_nothing(words: Translator) -> None:
    assert words.translate("") == ""


def test_a_widget_that_is_gone_is_not_spoken_for(words: Translator) -> None:
    label = QLabel()
    words.bind(label.setText, N_("Plans"))
    delete(label)
    words.set_language("sv")
    assert words.language.code == "sv"


def test_a_binding_does_not_keep_its_widget_alive(words: Translator) -> None:
    label = QLabel()
    references = sys.getrefcount(label)
    words.bind(label.setText, N_("Plans"))
    gc.collect()
    assert sys.getrefcount(label) == references


def test_a_language_without_a_catalogue_speaks_english(words: Translator) -> None:
    label = QLabel()
    words.bind(label.setText, N_("Plans"))
    words.set_language("lt")
    assert label.text() == "Plans"


def test_the_languages_on_offer_are_named_in_themselves(words: Translator) -> None:
    assert [language.name for language in words.available_languages] == [
        "Svenska",
        "English",
        "Русский",
    ]


def test_qt_asks_our_catalogue_for_its_buttons(words: Translator) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    button = box.buttons()[0]
    assert button.text() == "Cancel"
    box.show()
    words.set_language("sv")
    QCoreApplication.processEvents()
    assert button.text() == "Avbryt"


def test_what_is_not_on_our_list_is_said_as_qt_says_it(words: Translator) -> None:
    words.set_language("sv")
    assert QCoreApplication.translate("QPlatformTheme", "Abort") == "Avbryt"
    assert QCoreApplication.translate("Elsewhere", "Cancel") == "Cancel"
    words.set_language("en")
    assert words._sentences.translate("QPlatformTheme", "Abort") is None  # Qt keeps its own


def test_changed_is_sent_after_every_text_has_spoken(words: Translator) -> None:
    label = QLabel()
    words.bind(label.setText, N_("Plans"))
    received = []
    words.changed.connect(lambda: received.append((words.language.code, label.text())))
    words.set_language("sv")
    assert received == [("sv", "Planer")]


def test_page_speaks_another_language_once_somebody_looks_at_it(words: Translator) -> None:
    """At once where it is on view; where it is hidden, before it is seen, and only once."""
    window = QWidget()
    seen, hidden = QLabel(window), QLabel(window)

    def speak(label: QLabel) -> None:
        label.setText(label.text() + words.translate(N_("Plans")))

    for label in (seen, hidden):
        words.on_language_change(label, partial(speak, label))
    hidden.hide()
    window.show()
    words.set_language("sv")
    assert (seen.text(), hidden.text()) == ("Planer", "")
    words.set_language("en")
    words.set_language("sv")
    hidden.show()
    assert hidden.text() == "Planer"
    hidden.hide()
    hidden.show()
    assert hidden.text() == "Planer"
    delete(hidden)
    words.set_language("en")
    assert seen.text() == "PlanerPlansPlanerPlans"
    window.close()
