# SPDX-License-Identifier: GPL-3.0-or-later
"""Quick find in a real window on a real store: typed, walked, opened, forgotten."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk
from tests.support.samples import first
from tests.support.windows import accessible_parts, nameless, show, timer_of

from kfdesk.domain.records.client import Client
from kfdesk.domain.records.directory import Contact
from kfdesk.domain.records.plan import Plan
from kfdesk.services.core.records import create_record, delete_record
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.shell.session_view import SessionView, make_session_view
from kfdesk.ui.shell.window import Window

CTRL = Qt.KeyboardModifier.ControlModifier


class Finding:
    """The window on an open desk, and a person at its keys."""

    def __init__(self, kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
        self.kit, self.qtbot, self.opened = kit, qtbot, opened
        self.shell: SessionView = make_session_view(kit, opened.desk)
        self.window = Window(kit)
        self.window.show_page(self.shell)
        self.window.resize(1280, 800)
        show(qtbot, self.window)
        opened.rest()

    def type(self, words: str) -> list[str]:
        """Ctrl+K, the words, and what is shown for them."""
        QTest.keyClick(QApplication.focusWidget() or self.window, Qt.Key.Key_K, CTRL)
        field = self.shell.bar.field
        assert field.hasFocus()
        field.setText(words)  # a Cyrillic letter has no key here
        self.qtbot.waitUntil(lambda: not timer_of(self.shell.finder).isActive())
        self.opened.rest()
        return self.titles

    @property
    def titles(self) -> list[str]:
        """Return what the list shows."""
        return [line.title for line in self.shell.finder.listing.lines.lines]

    def press(self, key: Qt.Key) -> None:
        """Press a key in the field."""
        QTest.keyClick(self.shell.bar.field, key)
        self.opened.rest()


@pytest.fixture
def finding(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Finding]:
    opened = OpenDesk(kit, qtbot, tmp_path / "store")
    opened.run(lambda: _fill(opened))
    yield Finding(kit, qtbot, opened)
    opened.close()


def _fill(opened: OpenDesk) -> None:
    client = create_record(
        opened.desk, Client, {"code": "vitsippa-30", "family_name": "Щербакова", "alias": "Vera"}
    )
    create_record(opened.desk, Plan, {}, parent=client)
    create_record(opened.desk, Contact, {"given_name": "Zoja", "family_name": "Uppdiktad"})


@pytest.mark.parametrize(
    "typed", first(2, ["Shcherbakova", "Sjtjerb", "щербакова", "vitsippa", "vera"])
)
def test_plan_is_found_by_any_spelling_and_opened_by_enter(finding: Finding, typed: str) -> None:
    assert finding.type(typed)[0] == "vitsippa-30"
    assert "Щербакова" not in " ".join(
        name for _, name, _ in accessible_parts(finding.shell.finder)
    )
    finding.press(Qt.Key.Key_Return)
    plans = finding.shell.page
    assert isinstance(plans, PlansPage)
    assert isinstance(plans.currentWidget(), PlanView)
    assert finding.shell.bar.field.text() == ""
    assert not finding.shell.finder.isVisible()


@pytest.mark.parametrize("before", ["", "zoya upp"])
def test_enter_before_anything_is_found_opens_what_was_typed(finding: Finding, before: str) -> None:
    """And not what an earlier text had found."""
    if before:
        assert finding.type(before) == ["Zoja Uppdiktad"]
    else:
        finding.type("")
    finding.shell.bar.field.setText("vitsippa")
    finding.press(Qt.Key.Key_Return)
    finding.opened.rest()
    plans = finding.shell.page
    assert isinstance(plans, PlansPage)
    assert isinstance(plans.currentWidget(), PlanView)
    assert not finding.shell.finder.isVisible()


def test_enter_that_found_nothing_opens_nothing_later(finding: Finding) -> None:
    finding.type("")
    finding.shell.bar.field.setText("solros")
    finding.press(Qt.Key.Key_Return)
    desk = finding.opened.desk
    finding.opened.run(lambda: create_record(desk, Contact, {"given_name": "Solros"}))
    finding.kit.events.changed.emit(frozenset({"contact"}))
    finding.opened.rest()
    assert finding.titles == ["Solros"]
    assert finding.shell.finder.isVisible()


def test_contact_is_opened_in_contacts(finding: Finding) -> None:
    assert finding.type("zoya upp") == ["Zoja Uppdiktad"]
    finding.press(Qt.Key.Key_Return)
    page = finding.shell.page
    assert isinstance(page, DirectoryPage)
    finding.opened.rest()
    assert page.entry.entry is not None
    assert page.entry.entry.name == "Zoja Uppdiktad"
    assert page.table.hasFocus()


def test_contact_is_opened_again_whatever_the_page_had_found(finding: Finding) -> None:
    finding.shell.go_to("contacts")
    page = finding.shell.page
    assert isinstance(page, DirectoryPage)
    finding.opened.rest()
    page.search.setText("zzz")
    finding.type("zoja")
    finding.press(Qt.Key.Key_Return)
    finding.opened.rest()
    assert page.entry.entry is not None
    assert page.entry.entry.name == "Zoja Uppdiktad"


def test_places_and_commands_are_found_too(finding: Finding) -> None:
    assert "Exchange" in finding.type("exch")
    finding.press(Qt.Key.Key_Return)
    assert finding.shell.rail.current is finding.shell.rail.items["exchange"]
    assert finding.type("save card") == ["Save our card"]


def test_arrows_walk_and_go_round(finding: Finding) -> None:
    titles = finding.type("s")
    listing = finding.shell.finder.listing
    assert len(titles) > 2
    finding.press(Qt.Key.Key_Down)
    assert listing.current is not None
    assert listing.current.title == titles[1]
    finding.press(Qt.Key.Key_Up)
    finding.press(Qt.Key.Key_Up)
    assert listing.current.title == titles[-1]
    assert finding.shell.bar.field.hasFocus()


def test_esc_closes_empties_and_gives_the_page_the_keyboard(finding: Finding) -> None:
    finding.type("vitsippa")
    finding.press(Qt.Key.Key_Escape)
    finder = finding.shell.finder
    assert not finder.isVisible()
    assert finding.shell.bar.field.text() == ""
    assert (finder._hits, finder._index, finding.titles) == ((), None, [])
    focus = QApplication.focusWidget()
    assert focus is not None
    assert finding.shell.page is not None
    assert finding.shell.page is focus or finding.shell.page.isAncestorOf(focus)


@pytest.mark.parametrize("key", [Qt.Key.Key_F12, Qt.Key.Key_Tab])
def test_going_elsewhere_forgets_what_was_typed(finding: Finding, key: Qt.Key) -> None:
    finding.type("vitsippa")
    QTest.keyClick(finding.shell.bar.field, key)
    assert finding.shell.bar.field.text() == ""
    assert not finding.shell.finder.isVisible()


def test_nothing_found_says_so(finding: Finding) -> None:
    assert finding.type("zzzz") == []
    assert finding.shell.finder.nothing.isVisible()
    finding.press(Qt.Key.Key_Return)
    assert finding.shell.finder.isVisible()


def test_every_line_has_a_name_that_says_what_it_is(finding: Finding) -> None:
    finding.type("vitsippa")
    assert nameless(finding.window) == []
    names = [name for _, name, _ in accessible_parts(finding.shell.finder)]
    assert "vitsippa-30, Vera, Plan" in names


def test_a_later_answer_wins_over_an_earlier_one(finding: Finding) -> None:
    gate = threading.Event()
    finding.kit.worker.run(gate.wait)
    field = finding.shell.bar.field
    field.setFocus()
    for typed in ("zoja", "vitsippa"):
        field.setText(typed)
        timer_of(finding.shell.finder).timeout.emit()
    timer_of(finding.shell.finder).stop()
    gate.set()
    finding.opened.rest()
    assert finding.titles == ["vitsippa-30"]


def test_answer_that_comes_after_closing_shows_nothing(finding: Finding) -> None:
    gate = threading.Event()
    finding.kit.worker.run(gate.wait)
    field = finding.shell.bar.field
    field.setFocus()
    field.setText("vitsippa")
    timer_of(finding.shell.finder).timeout.emit()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    gate.set()
    finding.opened.rest()
    assert not finding.shell.finder.isVisible()
    assert finding.titles == []


def test_deleted_record_goes_from_the_open_list(finding: Finding) -> None:
    assert finding.type("zoja") == ["Zoja Uppdiktad"]
    (hit,) = finding.shell.finder._hits
    finding.opened.run(lambda: delete_record(finding.opened.desk, hit.rid))
    finding.kit.events.changed.emit(frozenset({"contact"}))
    finding.opened.rest()
    assert finding.titles == []


def test_list_stays_inside_a_small_window_and_under_its_field(
    finding: Finding, qtbot: QtBot
) -> None:
    finding.window.resize(720, 520)
    qtbot.waitUntil(lambda: finding.shell.width() == 720)
    finding.type("s")
    finder = finding.shell.finder
    assert finding.shell.rect().contains(finder.geometry())
    assert finder.y() > finding.shell.bar.field.geometry().bottom()


def test_lines_speak_another_language_at_once(finding: Finding) -> None:
    finding.type("vitsippa")
    finding.kit.set_language("sv")
    assert [line.what for line in finding.shell.finder.listing.lines.lines] == ["⟦Plan⟧"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("options", "Settings"), ("users", "Settings"), ("log out", "Lock the database"),
        ("stick", "Backup"), ("intake", "New plan"), ("trash", "History"),
    ],
)  # fmt: skip
def test_command_is_found_by_what_else_people_call_it(
    finding: Finding, typed: str, found: str
) -> None:
    assert found in finding.type(typed)
