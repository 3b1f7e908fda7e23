# SPDX-License-Identifier: GPL-3.0-or-later
"""A window in a language that is only begun: "beta", whole pages, and papers in whole languages."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from tests.gui.conftest import say_fault
from tests.gui.desk_samples import OpenDesk
from tests.support.windows import show
from tests.unit.i18n.test_i18n_begun import compile_into

from kfdesk import app
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.papers.kinds import PAPER_KINDS
from kfdesk.system import paths
from kfdesk.ui.context import EventBus, UiContext
from kfdesk.ui.pages.exchange.verification import InvitePage
from kfdesk.ui.pages.first_run import LanguageStep
from kfdesk.ui.pages.printing.page import PrintingPage
from kfdesk.ui.pages.settings import SettingsPage
from kfdesk.ui.pages.unlock import WelcomeBar
from kfdesk.ui.shell.session_view import make_session_view
from kfdesk.ui.shell.window import Window
from kfdesk.ui.theme import Theme
from kfdesk.ui.translator import Translator
from kfdesk.ui.worker import Worker

SAID = {"Settings": "Sätted", "Language": "Keel", "{language} (beta)": "{language} (beeta)"}


@pytest.fixture
def begun(catalogues: Path, tmp_path: Path) -> Path:
    """Return the folder of catalogues, with one more that says a few words."""
    folder = tmp_path / "translations"
    shutil.copytree(catalogues, folder)
    compile_into(folder, "et", SAID, "Eesti")
    return folder


@pytest.fixture
def kit(theme: Theme, begun: Path) -> Iterator[UiContext]:
    bugs: list[BaseException] = []
    faults: list[KfdeskError] = []
    words = Translator("en", begun)
    made = UiContext(theme, words, EventBus(), Worker(bugs.append, faults.append), say_fault)
    yield made
    made.worker.close()
    delete(words)
    assert bugs == []
    assert faults == []


def test_settings_offer_it_with_the_word_beta_and_the_share(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = SettingsPage(kit, opened.desk)
    show(qtbot, page)
    opened.rest()
    assert list(page.language.parts) == [*PROGRAM_LANGUAGES, "et"]
    said = page.language.parts["et"].text()
    assert said.startswith("Eesti (beta, ")
    assert said.endswith("% translated)")
    (readers,) = page.readers
    assert readers.text() == "Eesti (beta) · checked twice, not yet by a native speaker"
    page.language.parts["et"].click()
    opened.rest()
    assert (kit.translator.language.code, page.language.key) == ("et", "et")
    assert page.language.accessibleName() == "Keel"
    assert page.scheme.accessibleName() == "Colours"  # English where it is silent
    page.language.parts["sv"].click()
    assert page.language.key == "sv"


def test_door_and_first_run_agree_on_it(kit: UiContext) -> None:
    room = QWidget()
    bar, step = WelcomeBar(kit, room), LanguageStep(kit)
    assert [bar.languages.itemText(at) for at in range(4)][3] == "Eesti (beta)"
    assert step.options["et"].text() == "Eesti (beta)"
    kit.set_language("et")
    assert bar.languages.key == "et"
    assert step.options["et"].isChecked()
    assert step.options["et"].text() == "Eesti (beeta)"
    step.start()
    for part in (bar, step, room):
        part.deleteLater()


def test_every_page_opens_and_papers_of_the_office_are_in_a_whole_language(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    kit.set_language("et")
    shell = make_session_view(kit, opened.desk)
    window = Window(kit)
    window.show_page(shell)
    show(qtbot, window)
    opened.rest()
    page = PrintingPage(kit, opened.desk)
    show(qtbot, page)
    opened.rest()
    for name, option in page.choices.papers.options.items():
        option.click()
        opened.rest()
        if PAPER_KINDS[name].languages is PROGRAM_LANGUAGES:
            box = page.choices.language
            assert box.count() == len(PROGRAM_LANGUAGES)
            assert page.choices.paper_order.language in ("", *PROGRAM_LANGUAGES)
    assert PaperName.FILE_COPY in page.choices.papers.options
    window.close()


def test_page_for_a_partner_is_in_a_whole_language(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    kit.set_language("et")
    page = InvitePage(kit, opened.desk, is_own=False)
    show(qtbot, page)
    opened.rest()
    assert list(page.language.parts) == list(PROGRAM_LANGUAGES)
    assert page.language.key == "en"


def test_it_is_used_if_somebody_asked_for_it_and_never_because_of_the_system(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "translations_folder", lambda: begun)
    monkeypatch.setattr("kfdesk.system.process.system_languages", lambda: ("et", "ru"))
    assert app.language("et").code == "et"
    assert app.language("").code == "ru"
    assert app.language("fi").code == "en"
    shutil.rmtree(begun / "et")
    assert app.language("et").code == "en"


def test_passphrase_is_drawn_from_words_that_exist() -> None:
    assert paths.passphrase_words("et") == paths.passphrase_words("en")
    assert paths.passphrase_words("sv") != paths.passphrase_words("en")


@pytest.fixture(autouse=True)
def _calm() -> Iterator[None]:
    yield
    QApplication.processEvents()
