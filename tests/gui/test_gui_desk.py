# SPDX-License-Identifier: GPL-3.0-or-later
"""The desk: places by key and click, language and colours live, hide and lock always at hand."""

import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from tests.support.patience import HANG
from tests.support.windows import nameless, picture, show, timer_of, toast_label

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.shell.window import Window
from kfdesk.ui.widgets.navigation import NavigationPlace
from kfdesk.ui.widgets.text import Label
from kfdesk.ui.worker import JobProgress

CTRL = Qt.KeyboardModifier.ControlModifier


class Shown:
    """A desk with two places in its window."""

    def __init__(self, kit: UiContext, qtbot: QtBot) -> None:
        self.made: list[str] = []
        self.window = Window(kit)
        self.desk = SessionView(kit, self._places())
        self.window.show_page(self.desk)
        self.window.resize(1280, 800)
        show(qtbot, self.window)

    def _places(self) -> Sequence[NavigationPlace]:
        return (
            NavigationPlace("plans", N_("Open"), "clipboard-list", "Ctrl+2", self._make("plans")),
            NavigationPlace(
                "settings",
                N_("Close"),
                "settings",
                "Ctrl+,",
                self._make("settings"),
                is_at_foot=True,
            ),
        )

    def _make(self, key: str) -> "Maker":
        return Maker(self.made, key)


class Maker:
    """Makes a page and remembers that it did."""

    def __init__(self, made: list[str], key: str) -> None:
        self._made, self._key = made, key

    def __call__(self, kit: UiContext) -> QWidget:
        self._made.append(self._key)
        return QLabel(self._key)


@pytest.fixture
def shown(kit: UiContext, qtbot: QtBot) -> Shown:
    return Shown(kit, qtbot)


def page_text(shown: Shown) -> str:
    assert isinstance(shown.desk.page, QLabel)
    return shown.desk.page.text()


def test_the_first_place_is_shown_and_the_others_are_made_when_visited(shown: Shown) -> None:
    assert page_text(shown) == "plans"
    assert shown.made == ["plans"]
    QTest.keyClick(shown.window, Qt.Key.Key_Comma, CTRL)
    assert page_text(shown) == "settings"
    QTest.keyClick(shown.window, Qt.Key.Key_2, CTRL)
    assert page_text(shown) == "plans"
    assert shown.made == ["plans", "settings"]


def test_a_click_goes_to_a_place_and_marks_it(shown: Shown) -> None:
    item = shown.desk.rail.items["settings"]
    QTest.mouseClick(item, Qt.MouseButton.LeftButton)
    assert page_text(shown) == "settings"
    assert item.isChecked()
    assert not shown.desk.rail.items["plans"].isChecked()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_enter_and_space_go_to_the_focused_place(shown: Shown, key: Qt.Key) -> None:
    item = shown.desk.rail.items["settings"]
    item.setFocus()
    QTest.keyClick(item, key)
    assert page_text(shown) == "settings"


def test_places_at_the_foot_stand_below_the_others(shown: Shown) -> None:
    items = shown.desk.rail.items
    assert items["settings"].geometry().bottom() > shown.desk.rail.height() - 40
    assert items["plans"].geometry().top() < 40


def test_a_narrow_window_shows_icons_and_keeps_the_names(shown: Shown, qtbot: QtBot) -> None:
    rail = shown.desk.rail
    assert rail.width() == 200
    shown.window.resize(1000, 700)
    qtbot.waitUntil(lambda: rail.width() == 56)
    assert nameless(shown.window) == []
    assert rail.items["plans"].toolTip() == "Open (Ctrl 2)"
    shown.window.resize(1200, 700)
    qtbot.waitUntil(lambda: rail.width() == 200)


def test_how_much_waits_at_a_place_is_seen_and_heard(shown: Shown) -> None:
    item = shown.desk.rail.items["plans"]
    before = picture(item)
    item.show_count(3)
    assert picture(item) != before
    assert item.accessibleDescription() == "3"
    item.show_count(0)
    assert item.accessibleDescription() == ""


def view_menu(shown: Shown) -> QMenu:
    menu = shown.desk.bar.menus.menus["view"]
    shown.desk.bar.menus.setActiveAction(menu.menuAction())
    assert menu.isVisible()
    return menu


def test_the_language_menu_changes_every_word_at_once(kit: UiContext, shown: Shown) -> None:
    received: list[str] = []
    kit.events.language_changed.connect(received.append)
    menu = view_menu(shown)
    actions = menu.actions()[:3]
    assert [action.text() for action in actions] == ["Svenska", "English", "Русский"]
    assert [action.isChecked() for action in actions] == [False, True, False]
    menu.setActiveAction(actions[0])
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert received == ["sv"]
    bar = shown.desk.bar
    for button in (bar.hiding, bar.locking, *shown.desk.rail.items.values()):
        assert button.text().startswith("⟦")
    assert bar.field.placeholderText() == "⟦Search⟧"
    assert [menu.title()[0] for menu in bar.menus.menus.values()] == ["⟦"] * 5


def test_colours_are_chosen_in_the_menu_and_marked_there(kit: UiContext, shown: Shown) -> None:
    menu = view_menu(shown)
    dark = next(action for action in menu.actions() if action.text() == "Dark colours")
    assert not dark.isChecked()
    menu.setActiveAction(dark)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert kit.theme.is_dark
    chosen = [action.text() for action in view_menu(shown).actions() if action.isChecked()]
    assert chosen == ["English", "Dark colours", "Comfortable rows"]
    menu.close()


def test_density_is_chosen_in_the_menu(kit: UiContext, shown: Shown) -> None:
    asked: list[bool] = []
    kit.events.density_chosen.connect(asked.append)
    menu = view_menu(shown)
    compact = next(action for action in menu.actions() if action.text() == "Compact rows")
    menu.setActiveAction(compact)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert asked == [True]
    item = shown.desk.rail.items["plans"]
    before = item.sizeHint().height()
    kit.view.apply(replace(kit.view.chosen, is_compact=True))
    assert item.sizeHint().height() < before


def test_hide_and_lock_are_buttons_too(shown: Shown) -> None:
    received: list[str] = []
    shown.desk.hide_asked.connect(lambda: received.append("hide"))
    shown.desk.lock_asked.connect(lambda: received.append("lock"))
    QTest.mouseClick(shown.desk.bar.hiding, Qt.MouseButton.LeftButton)
    QTest.mouseClick(shown.desk.bar.locking, Qt.MouseButton.LeftButton)
    assert received == ["hide", "lock"]


def test_every_control_of_the_desk_has_a_name(shown: Shown) -> None:
    assert nameless(shown.window) == []
    assert all(button.text() for button in shown.desk.findChildren(QPushButton))


def test_the_toast_says_what_was_done_and_undoes_it_by_key(
    kit: UiContext, shown: Shown, qtbot: QtBot
) -> None:
    undone: list[str] = []
    toast = shown.desk.toast
    toast.show_message(N_("Undo"), lambda: undone.append("leg 2"))
    assert toast.isVisible()
    assert toast.geometry().bottom() < shown.desk.height()
    QTest.keyClick(shown.window, Qt.Key.Key_Z, CTRL)
    assert undone == ["leg 2"]
    assert not toast.isVisible()
    QTest.keyClick(shown.window, Qt.Key.Key_Z, CTRL)
    assert undone == ["leg 2"]


def test_the_toast_goes_by_itself_and_takes_no_focus(shown: Shown) -> None:
    focus = shown.window.focusWidget()
    toast = shown.desk.toast
    toast.show_message(N_("Undo"))
    assert shown.window.focusWidget() is focus
    assert timer_of(toast).interval() == 8000
    timer_of(toast).timeout.emit()
    assert not toast.isVisible()


def test_the_toast_leads_to_the_place_of_what_it_tells_of(
    kit: UiContext, shown: Shown, qtbot: QtBot
) -> None:
    toast = shown.desk.toast
    kit.notify("Saved.")
    assert not toast.way.isVisible()
    kit.events.told.emit(Notification("The language was changed.", shown_at="settings"))
    qtbot.waitUntil(toast.way.isVisible)
    assert page_text(shown) == "plans"
    toast.way.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(toast.way, Qt.Key.Key_Return)
    assert page_text(shown) == "settings"
    assert not toast.isVisible()
    kit.events.told.emit(Notification("Of a place that is not yours.", shown_at="backup/0f"))
    toast.way.click()
    assert page_text(shown) == "settings"


def test_the_way_of_a_message_that_waited_is_offered_with_it(kit: UiContext, shown: Shown) -> None:
    toast = shown.desk.toast
    toast.wait(is_waiting=True)
    kit.notify("Saved.")
    kit.events.told.emit(Notification("The language was changed.", shown_at="settings"))
    assert not toast.way.isVisible()
    toast.wait(is_waiting=False)
    toast._timer.timeout.emit()
    assert toast._words.text() == "The language was changed."
    toast.way.click()
    assert page_text(shown) == "settings"


def covered(desk: SessionView) -> list[QWidget]:
    """List the focusable widgets that the toast covers."""
    toast = desk.toast
    place = QRect(toast.mapToGlobal(QPoint()), toast.size())
    return [
        each
        for each in desk.findChildren(QWidget)
        if each.isVisible()
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not toast.isAncestorOf(each)
        and place.intersects(QRect(each.mapToGlobal(QPoint()), each.size()))
    ]


@pytest.mark.parametrize("width", [853, 1000, 1150, 1600])
def test_the_toast_lies_over_nothing_but_quick_find(shown: Shown, qtbot: QtBot, width: int) -> None:
    shown.window.resize(width, 700)
    toast = shown.desk.toast
    long = "The arrival is written down, and the one who meets her has been told of it."
    for words in ("Saved.", long):
        toast.show_message(words, lambda: None)
        qtbot.waitUntil(lambda: set(covered(shown.desk)) <= {shown.desk.bar.field})
        assert toast_label(toast).height() >= toast_label(toast).heightForWidth(
            toast_label(toast).width()
        )


def test_the_toast_makes_room_for_whoever_searches(shown: Shown, qtbot: QtBot) -> None:
    toast = shown.desk.toast
    shown.window.resize(1280, 700)
    toast.show_message(N_("Undo"), lambda: None)
    assert shown.desk.bar.field in covered(shown.desk)
    shown.desk.find_anything()
    qtbot.waitUntil(lambda: shown.desk.bar.field not in covered(shown.desk))
    assert toast.isVisible()
    QTest.keyClick(shown.desk.bar.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: shown.desk.bar.field in covered(shown.desk))


def test_the_toast_leaves_what_is_being_done_on_view(
    kit: UiContext, shown: Shown, qtbot: QtBot
) -> None:
    shown.window.resize(1280, 700)
    shown.desk.toast.show_message(
        "The arrival is written down, and she has been told.", lambda: None
    )
    busy, gate = shown.desk.bar.busy, threading.Event()
    kit.worker.run(
        lambda: gate.wait(HANG), title=N_("Checking the database…"), cancel=JobProgress()
    )
    qtbot.waitUntil(lambda: bool(busy.title))
    assert shown.desk.toast.geometry().right() < busy.x()
    gate.set()
    qtbot.waitUntil(lambda: not busy.title)


def test_a_click_sends_the_toast_away(shown: Shown) -> None:
    shown.desk.toast.show_message(N_("Undo"))
    QTest.mouseClick(shown.desk.toast, Qt.MouseButton.LeftButton)
    assert not shown.desk.toast.isVisible()


def test_a_label_shows_what_people_typed_as_they_typed_it(kit: UiContext, qtbot: QtBot) -> None:
    label = Label(kit)
    label.show_text("<b>Riga</b> & {place}")
    assert label.text() == "<b>Riga</b> & {place}"
    assert label.textFormat() is Qt.TextFormat.PlainText
    kit.set_language("sv")
    assert label.text() == "<b>Riga</b> & {place}"


def test_a_fault_nobody_asked_for_is_said_until_it_is_closed(kit: UiContext, shown: Shown) -> None:
    fault = shown.desk.fault
    assert not fault.isVisible()
    kit.events.failed.emit(KfdeskError("record.missing"))
    assert fault.isVisible()
    said = [label.text() for label in fault.findChildren(QLabel)]
    assert said == ["record.missing in en.", "Do this."]
    (close,) = fault.findChildren(QPushButton)
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not fault.isVisible()


def test_fault_goes_when_the_person_goes_on_and_not_before(kit: UiContext, shown: Shown) -> None:
    """A refusal on one page does not stand on another, nor beside "Saved."."""
    desk, places = shown.desk, list(shown.desk._places)
    kit.events.failed.emit(KfdeskError("record.missing"))
    desk.go_to(places[1])  # the same turn: the step itself led there
    assert desk.fault.isVisible()
    QApplication.processEvents()
    kit.notify(N_("Copied."))
    desk.go_to(places[1])
    assert desk.fault.isVisible()
    desk.go_to(places[0])
    assert not desk.fault.isVisible()
    kit.events.failed.emit(KfdeskError("record.missing"))
    QApplication.processEvents()
    kit.notify(N_("Saved."), lambda: None)
    assert not desk.fault.isVisible()


def test_fault_that_nobody_has_read_stays(kit: UiContext, shown: Shown) -> None:
    desk, places = shown.desk, list(shown.desk._places)
    kit.events.away_changed.emit(True)  # noqa: FBT003 - the signal says it
    kit.events.failed.emit(KfdeskError("record.missing"))
    QApplication.processEvents()
    desk.go_to(places[1])
    kit.notify(N_("Saved."), lambda: None)
    assert not desk.fault.isHidden()


def test_the_keyboard_belongs_to_the_page_when_the_desk_opens(shown: Shown) -> None:
    assert shown.window.focusWidget() is shown.desk.page
