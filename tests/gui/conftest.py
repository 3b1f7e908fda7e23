# SPDX-License-Identifier: GPL-3.0-or-later
"""A window's tools without a screen, and a catalogue in which every message shows itself."""

import os
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from tests.gui.desk_samples import OpenDesk
from tests.support.decoding import _decoded_here  # noqa: F401 - a fixture
from tests.support.disks import _sticks_are_other_disks  # noqa: F401 - a fixture
from tests.support.windows import Stage, point_at, show, swept_after

from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import CLIENT, PROGRAM, Language
from kfdesk.ui.context import EventBus, UiContext
from kfdesk.ui.pages.printing import print_dialog
from kfdesk.ui.pages.printing.page import PrintingPage
from kfdesk.ui.shell.session_view import SessionView, make_session_view
from kfdesk.ui.shell.window import Window
from kfdesk.ui.theme import Scheme, Theme
from kfdesk.ui.translator import Translator
from kfdesk.ui.worker import Worker

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[2]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the offscreen platform say what it cannot do; every other warning of Qt fails."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))
    # What follows the pointer comes first: in a process that has shown hundreds of windows Qt was
    # seen to stop telling widgets that the pointer is over them, and why is not yet known.
    items.sort(key=lambda item: item.path.name != "test_gui_widgets.py")


@pytest.fixture(autouse=True)
def _garbage() -> Iterator[None]:
    with swept_after():
        yield


@pytest.fixture(autouse=True)
def _printer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the computer know a printer; the one that runs the tests need not have any."""
    monkeypatch.setattr(print_dialog, "has_printer", lambda: True)


def marked(message: str) -> str:
    """Return the message as the test language shows it."""
    return f"⟦{message}⟧"


@pytest.fixture(scope="session")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of catalogues in which `sv` shows each message in brackets."""
    folder = tmp_path_factory.mktemp("translations")
    for domain in (PROGRAM, CLIENT):
        catalogue = Catalog(locale="sv")
        with (ROOT / "translations" / f"{domain}.pot").open("rb") as file:
            known = read_po(file)  # of which a test of its own knows that it is up to the source
        for one in filter(attrgetter("id"), known):
            said = marked(one.id) if isinstance(one.id, str) else tuple(map(marked, one.id))
            catalogue.add(one.id, said, context=one.context)
        target = folder / "sv" / "LC_MESSAGES" / f"{domain}.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            write_mo(file, catalogue)
    return folder


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """Return the theme of the whole application."""
    return Theme(qapp, ROOT / "resources", Scheme.LIGHT)


def say_fault(fault: KfdeskError, language: Language) -> tuple[str, str]:
    """Return a sentence and a remedy for a fault, without a catalogue."""
    return f"{fault.code} in {language.code}.", "Do this."


@pytest.fixture
def kit(theme: Theme, catalogues: Path) -> Iterator[UiContext]:
    """Yield the UiContext of a window, in English and light; a worker bug fails the test."""
    bugs: list[BaseException] = []
    faults: list[KfdeskError] = []
    theme.set_scheme(Scheme.LIGHT)
    words = Translator("en", catalogues)
    made = UiContext(theme, words, EventBus(), Worker(bugs.append, faults.append), say_fault)
    yield made
    made.worker.close()
    delete(words)
    assert bugs == []
    assert faults == []


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    """Yield a function that shows widgets side by side in an active window."""
    kept = []

    def _stage(*widgets: QWidget) -> QWidget:
        window = QWidget()
        row = QHBoxLayout(window)
        for widget in widgets:
            row.addWidget(widget)
        show(qtbot, window)
        point_at(window, QPoint(1, 1))
        kept.append(window)
        return window

    yield _stage
    kept.clear()


@pytest.fixture
def opened(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[OpenDesk]:
    """Yield an open desk with two plans, closed after the test."""
    made = OpenDesk(kit, qtbot, tmp_path / "store")
    yield made
    made.close()


@pytest.fixture
def centre(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> PrintingPage:
    """Return the print page on that desk, on view."""
    made = PrintingPage(kit, opened.desk)
    made.resize(1080, 740)
    show(qtbot, made)
    opened.rest()
    return made


@pytest.fixture
def shell(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> Iterator[SessionView]:
    """Yield the SessionView of that desk, in its window."""
    made = make_session_view(kit, opened.desk)
    window = Window(kit)
    window.show_page(made)
    show(qtbot, window)
    opened.rest()
    yield made
    window.close()
