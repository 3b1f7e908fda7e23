# SPDX-License-Identifier: GPL-3.0-or-later
"""Menus, panes, sheets and undo: everything by its key, nothing twice, nothing left open."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.support.windows import accessible_parts, nameless, show

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.shell.overlays import (
    AboutSheet,
    FaultPresentation,
    FaultSheet,
    ShortcutSheet,
    fault_presentation,
)
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.shell.window import Window
from kfdesk.ui.translator import fixed_text
from kfdesk.ui.widgets.navigation import NavigationPlace, Page

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


class LinesPage(Page, QWidget):
    """A page with two lines and a command of its own."""

    def __init__(self, kit: UiContext, done: list[str]) -> None:
        super().__init__()
        self.kit = kit
        self.done = done
        self.lines = QLineEdit(), QLineEdit()
        column = QVBoxLayout(self)
        for line in self.lines:
            line.setAccessibleName("line")
            column.addWidget(line)
        self.setFocusProxy(self.lines[0])

    def commands(self) -> tuple[Command, ...]:
        """One command, under File."""
        return (Command(N_("Open"), lambda: self.done.append("open"), "Ctrl+O"),)


def keys_of(action: QAction) -> str:
    """Return the key that a menu shows beside an action."""
    return action.text().partition("\t")[2]


class Shown:
    """A desk of two places in its window."""

    def __init__(self, kit: UiContext, qtbot: QtBot) -> None:
        self.done: list[str] = []
        places = (
            NavigationPlace(
                "plans", N_("Plans"), "sun", "Ctrl+1", lambda kit: LinesPage(kit, self.done)
            ),
            NavigationPlace(
                "settings", N_("Settings"), "settings", "Ctrl+,", lambda _kit: QLabel("there"),
                is_at_foot=True,
            ),
        )  # fmt: skip
        self.window = Window(kit)
        self.window.show_page(QWidget())
        self.desk = SessionView(kit, places)
        self.desk.hide_asked.connect(lambda: self.done.append("hide"))
        self.desk.lock_asked.connect(lambda: self.done.append("lock"))
        self.window.show_page(self.desk)
        self.window.resize(1280, 800)
        show(qtbot, self.window)

    @property
    def page(self) -> LinesPage:
        """The page with lines."""
        page = self.desk.page
        assert isinstance(page, LinesPage)
        return page

    def actions(self, key: str) -> dict[str, QAction]:
        """Return the actions of a menu, as it opens."""
        menu = self.desk.bar.menus.menus[key]
        menu.aboutToShow.emit()
        shown = (action for action in menu.actions() if not action.isSeparator())
        return {action.text().partition("\t")[0]: action for action in shown}

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        """Press a key where the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)


@pytest.fixture
def shown(kit: UiContext, qtbot: QtBot) -> Shown:
    return Shown(kit, qtbot)


def test_every_place_stands_in_a_menu_with_its_key(shown: Shown) -> None:
    go = shown.actions("go")
    assert {text: keys_of(action) for text, action in go.items()} == {
        "Plans": "Ctrl+1", "Settings": "Ctrl+,", "Back": "Esc", "Next area of the window": "F6",
        "Menus": "F10",
    }  # fmt: skip


def test_a_key_that_a_menu_shows_is_heard_once(shown: Shown) -> None:
    shown.press(Qt.Key.Key_Comma, CTRL)
    assert isinstance(shown.desk.page, QLabel)
    shown.press(Qt.Key.Key_1, CTRL)
    assert isinstance(shown.desk.page, LinesPage)


def test_choosing_in_a_menu_does_what_the_key_does(shown: Shown) -> None:
    shown.actions("go")["Settings"].trigger()
    assert isinstance(shown.desk.page, QLabel)
    shown.actions("file")["Hide the window"].trigger()
    shown.actions("file")["Lock the database"].trigger()
    assert shown.done == ["hide", "lock"]


def test_files_are_sent_and_taken_by_their_keys_from_any_page(shown: Shown, qtbot: QtBot) -> None:
    for key in ("plans", "settings"):
        shown.desk.go_to(key)
        with qtbot.waitSignal(shown.desk.send_asked) as sent:
            shown.press(Qt.Key.Key_E, CTRL)
        assert sent.args == [key]
        with qtbot.waitSignal(shown.desk.take_asked) as taken:
            shown.press(Qt.Key.Key_I, CTRL)
        assert taken.args == [()]
    file = shown.actions("file")
    assert keys_of(file["Send a file"]) == "Ctrl+E"
    assert keys_of(file["Import an exchange file"]) == "Ctrl+I"


def drop(desk: SessionView, *urls: QUrl) -> bool:
    """Drag files over the window and let them go; whether it wanted them."""
    data = QMimeData()
    data.setUrls(urls)
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    entering = QDragEnterEvent(QPoint(9, 9), copy, data, left, PLAIN)
    entering.ignore()
    QApplication.sendEvent(desk, entering)
    if entering.isAccepted():
        QApplication.sendEvent(desk, QDropEvent(QPointF(9, 9), copy, data, left, PLAIN))
    return entering.isAccepted()


def test_files_dropped_on_any_page_are_taken_and_what_is_no_file_is_not(
    shown: Shown, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = [tmp_path / "a.age", tmp_path / "b.card"]
    with qtbot.waitSignal(shown.desk.take_asked) as taken:
        assert drop(shown.desk, *(QUrl.fromLocalFile(str(path)) for path in paths))
    assert taken.args == [tuple(paths)]
    assert not drop(shown.desk)
    assert not drop(shown.desk, QUrl("https://example.org/a.age"))


def test_commands_of_the_page_stand_first_while_it_is_on_view(shown: Shown) -> None:
    file = shown.actions("file")
    assert next(iter(file)) == "Open"
    assert keys_of(file["Open"]) == "Ctrl+O"
    file["Open"].trigger()
    assert shown.done == ["open"]
    shown.desk.go_to("settings")
    assert "Open" not in shown.actions("file")


def test_menus_open_by_their_letter_and_act_where_the_cursor_was(shown: Shown) -> None:
    line = shown.page.lines[0]
    line.setFocus()
    QTest.keyClicks(line, "Riga")
    QTest.keyClick(line, Qt.Key.Key_E, ALT)
    menu = shown.desk.bar.menus.menus["edit"]
    assert menu.isVisible()
    wanted = next(action for action in menu.actions() if action.text().startswith("Select All"))
    menu.setActiveAction(wanted)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert line.selectedText() == "Riga"


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (Qt.Key.Key_F, "file"),
        (Qt.Key.Key_E, "edit"),
        (Qt.Key.Key_V, "view"),
        (Qt.Key.Key_G, "go"),
        (Qt.Key.Key_H, "help"),
    ],
)
def test_each_menu_opens_by_its_first_letter(shown: Shown, key: Qt.Key, name: str) -> None:
    line = shown.page.lines[0]
    line.setFocus()
    QTest.keyClick(line, key, ALT)
    menu = shown.desk.bar.menus.menus[name]
    assert menu.isVisible()
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    assert not menu.isVisible()


def test_open_menu_closes_when_the_window_hides_or_the_store_locks(
    kit: UiContext, shown: Shown
) -> None:
    menus = shown.desk.bar.menus
    for key, modifiers in ((Qt.Key.Key_F12, PLAIN), (Qt.Key.Key_L, CTRL)):
        menus.setActiveAction(menus.menus["file"].menuAction())
        assert menus.menus["file"].isVisible()
        QTest.keyClick(menus.menus["file"], key, modifiers)
        assert not menus.menus["file"].isVisible()
        shown.window.showNormal()
        shown.window.cover.uncover()


@pytest.mark.parametrize("key", ["file", "help"])
def test_keys_work_at_once_after_a_menu_was_left_by_esc(
    shown: Shown, qtbot: QtBot, key: str
) -> None:
    line, menus = shown.page.lines[1], shown.desk.bar.menus
    received: list[str] = []
    shown.desk.plan_asked.connect(lambda: received.append("plan"))
    line.setFocus()
    menus.setActiveAction(menus.menus[key].menuAction())
    assert menus.menus[key].isVisible()
    QTest.keyClick(menus.menus[key], Qt.Key.Key_Escape)
    assert not menus.menus[key].isVisible()
    qtbot.waitUntil(lambda: shown.window.focusWidget() is line)
    shown.window.activateWindow()  # offscreen, a closed menu stays the active window
    qtbot.waitUntil(lambda: QApplication.focusWidget() is line)
    shown.press(Qt.Key.Key_N, CTRL)
    assert received == ["plan"]
    shown.press(Qt.Key.Key_Comma, CTRL)
    assert isinstance(shown.desk.page, QLabel)


def test_keys_work_while_the_menu_bar_has_the_keyboard(shown: Shown) -> None:
    received: list[str] = []
    shown.desk.plan_asked.connect(lambda: received.append("plan"))
    shown.desk.bar.menus.setFocus()
    QTest.keyClick(shown.desk.bar.menus, Qt.Key.Key_N, CTRL)
    assert received == ["plan"]


@pytest.mark.parametrize("key", [Qt.Key.Key_E, Qt.Key.Key_K, Qt.Key.Key_I, Qt.Key.Key_N])
def test_keys_of_the_window_work_in_text_fields(shown: Shown, key: Qt.Key) -> None:
    desk = shown.desk
    text = QPlainTextEdit("Riga", shown.page)
    text.show()
    for part in (shown.page.lines[0], text, desk.bar.field):
        heard: list[object] = []
        desk.send_asked.connect(heard.append)
        desk.take_asked.connect(heard.append)
        desk.plan_asked.connect(lambda heard=heard: heard.append("plan"))
        part.setFocus()
        assert QApplication.focusWidget() is part
        shown.press(key, CTRL)
        if key is Qt.Key.Key_K:
            assert desk.bar.field.hasFocus()
        else:
            assert len(heard) == 1
        assert shown.page.lines[0].text() == ""


def test_f6_walks_bar_rail_and_page_and_esc_leads_back(shown: Shown) -> None:
    seen = []
    for _ in range(3):
        shown.press(Qt.Key.Key_F6)
        seen.append(QApplication.focusWidget())
    desk = shown.desk
    assert seen == [desk.bar.field, desk.rail.current, shown.page.lines[0]]
    shown.press(Qt.Key.Key_F6, SHIFT)
    assert QApplication.focusWidget() is desk.rail.current
    shown.press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is shown.page.lines[0]


def test_f10_opens_the_menus_and_esc_leads_back(shown: Shown, qtbot: QtBot) -> None:
    before = shown.page.lines[0]
    before.setFocus()
    shown.press(Qt.Key.Key_F10)
    menus = shown.desk.bar.menus
    assert menus.activeAction() is menus.actions()[0]
    opened = QApplication.activePopupWidget()
    assert opened is menus.menus["file"]
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: shown.window.focusWidget() is before)
    shown.press(Qt.Key.Key_F12)
    assert shown.window.isMinimized()


def test_f10_opens_nothing_over_a_covered_window(shown: Shown, qtbot: QtBot) -> None:
    shown.window.cover.cover()
    shown.press(Qt.Key.Key_F10)
    qtbot.wait(1)  # the cover puts it away in the next turn, never shown
    assert not any(menu.isVisible() for menu in shown.desk.bar.menus.menus.values())


def test_ctrl_f_searches_where_a_page_has_no_filter_of_its_own(shown: Shown) -> None:
    shown.page.lines[0].setFocus()
    shown.press(Qt.Key.Key_F, CTRL)
    assert shown.desk.bar.field.hasFocus()


@pytest.mark.parametrize("is_busy", [False, True])
def test_ctrl_w_closes_the_window_as_quitting_does(shown: Shown, *, is_busy: bool) -> None:
    shown.window.asks_first = lambda: is_busy
    shown.page.lines[0].setFocus()
    shown.press(Qt.Key.Key_W, CTRL)
    assert shown.window.isVisible() is is_busy


def test_esc_leads_to_the_place_one_came_from(shown: Shown) -> None:
    shown.desk.go_to("settings")
    shown.desk.page.setFocus()  # type: ignore[union-attr]
    QTest.keyClick(shown.desk, Qt.Key.Key_Escape)
    assert isinstance(shown.desk.page, LinesPage)
    QTest.keyClick(shown.desk, Qt.Key.Key_Escape)
    assert isinstance(shown.desk.page, LinesPage)


def test_shift_f1_shows_every_key_and_esc_gives_the_cursor_back(shown: Shown) -> None:
    shown.page.lines[1].setFocus()
    shown.press(Qt.Key.Key_F1, SHIFT)
    sheet = shown.desk.layer.sheet
    assert isinstance(sheet, ShortcutSheet)
    said = {label.text() for label in sheet.findChildren(QLabel)}
    keyed = {
        command.words.replace("&", "")
        for command in shown.desk.all_commands()
        if command.keys and isinstance(command.words, str)
    }
    assert keyed <= said
    assert nameless(shown.window) == []
    shown.press(Qt.Key.Key_Escape)
    assert shown.desk.layer.sheet is None
    assert QApplication.focusWidget() is shown.page.lines[1]
    assert shown.page.lines[1].isEnabled()


def test_sheet_says_its_words_in_a_new_language_at_once(kit: UiContext, shown: Shown) -> None:
    shown.desk.show_about()
    sheet = shown.desk.layer.sheet
    assert isinstance(sheet, AboutSheet)
    kit.set_language("sv")
    assert all(label.text().startswith("⟦") for label in sheet.findChildren(QLabel))


def test_page_rests_under_a_sheet_and_going_elsewhere_closes_it(shown: Shown) -> None:
    shown.press(Qt.Key.Key_F1)
    assert not shown.page.isEnabled()
    shown.press(Qt.Key.Key_Tab)
    sheet = shown.desk.layer.sheet
    assert sheet is not None
    assert sheet.isAncestorOf(QApplication.focusWidget())  # type: ignore[arg-type]
    shown.press(Qt.Key.Key_Comma, CTRL)
    assert shown.desk.layer.sheet is None
    assert isinstance(shown.desk.page, QLabel)


@pytest.mark.parametrize(
    ("code", "voice"),
    [
        ("store.disk", FaultPresentation.SHEET),
        ("store.damaged", FaultPresentation.SHEET),
        ("record.missing", FaultPresentation.BANNER),
        ("bundle.torn", FaultPresentation.BANNER),
        ("work.cancelled", FaultPresentation.PASSING),
    ],
)
def test_fault_is_said_as_loud_as_it_is_grave(
    kit: UiContext, shown: Shown, code: str, voice: FaultPresentation
) -> None:
    desk = shown.desk
    kit.events.failed.emit(KfdeskError(code))
    assert fault_presentation(KfdeskError(code)) is voice
    assert (desk.layer.sheet is not None) is (voice is FaultPresentation.SHEET)
    assert desk.fault.isVisible() is (voice is FaultPresentation.BANNER)
    assert desk.toast.isVisible() is (voice is FaultPresentation.PASSING)


def test_grave_fault_says_sentence_and_remedy_and_ends_by_its_one_button(
    kit: UiContext, shown: Shown
) -> None:
    for _ in range(2):
        kit.events.failed.emit(KfdeskError("store.disk"))
    sheet = shown.desk.layer.sheet
    assert isinstance(sheet, FaultSheet)
    said = [label.text() for label in sheet.findChildren(QLabel)]
    assert said == ["store.disk in en.", "Do this."]
    assert ("store.disk in en.") in [name for _, name, _ in accessible_parts(shown.window)]
    shown.press(Qt.Key.Key_Return)
    assert shown.desk.layer.sheet is None


def test_lock_and_cover_need_no_answer_from_a_sheet(
    kit: UiContext, shown: Shown, qtbot: QtBot
) -> None:
    kit.events.lock_asked.connect(lambda _: shown.window.show_page(QWidget()))
    kit.events.failed.emit(KfdeskError("store.damaged"))
    sheet = shown.desk.layer.sheet
    assert sheet is not None
    with qtbot.waitSignal(sheet.destroyed):
        shown.press(Qt.Key.Key_L, CTRL)


def test_what_a_page_tells_is_taken_back_by_ctrl_z(kit: UiContext, shown: Shown) -> None:
    undone: list[str] = []
    shown.desk.rail.items["plans"].setFocus()
    kit.notify(N_("{what} moved"), lambda: undone.append("leg 2"), what=lambda _: "Leg 2")
    assert "Leg 2 moved" in {label.text() for label in shown.desk.toast.findChildren(QLabel)}
    shown.press(Qt.Key.Key_Z, CTRL)
    assert undone == ["leg 2"]
    shown.press(Qt.Key.Key_Z, CTRL)
    assert undone == ["leg 2"]


def test_undo_of_the_menu_first_takes_back_what_was_typed(kit: UiContext, shown: Shown) -> None:
    undone: list[str] = []
    line = shown.page.lines[0]
    line.setFocus()
    QTest.keyClicks(line, "Riga")
    kit.notify(N_("Undo"), lambda: undone.append("leg 2"))
    shown.actions("edit")["&Undo"].trigger()
    assert (line.text(), undone) == ("", [])
    assert "&Undo" not in shown.actions("edit")
    shown.actions("edit")["&Undo: Undo"].trigger()
    assert undone == ["leg 2"]


def test_ctrl_z_undoes_several_steps_by_their_names_and_after_the_toast(
    kit: UiContext, shown: Shown
) -> None:
    undone: list[int] = []
    shown.desk.rail.items["plans"].setFocus()
    for number in range(1, 4):
        step, name = partial(undone.append, number), fixed_text(f"Leg & {number}")
        kit.notify(N_("{what} moved."), step, what=name)
    kit.notify(N_("Saved."), partial(undone.append, 4), subject=lambda _: "Leg")
    toast = shown.desk.toast
    assert "&Undo: Saved (Leg)" in shown.actions("edit")
    shown.press(Qt.Key.Key_Z, CTRL)
    assert (undone, toast.isVisible()) == ([4], False)
    shown.press(Qt.Key.Key_Z, CTRL)
    assert undone == [4, 3]
    assert "Undone: Leg & 3 moved" in {label.text() for label in toast.findChildren(QLabel)}
    assert not toast.can_undo
    assert "&Undo: Leg && 2 moved" in shown.actions("edit")
    shown.press(Qt.Key.Key_Z, CTRL)
    shown.press(Qt.Key.Key_Z, CTRL)
    shown.press(Qt.Key.Key_Z, CTRL)
    assert undone == [4, 3, 2, 1]
    assert "&Undo" in shown.actions("edit")


def test_ctrl_z_undoes_nothing_below_a_sheet(kit: UiContext, shown: Shown) -> None:
    undone: list[int] = []
    shown.desk.rail.items["plans"].setFocus()
    kit.notify(N_("Saved."), lambda: undone.append(1))
    shown.desk.show_keys()
    shown.press(Qt.Key.Key_Z, CTRL)
    assert undone == []
    shown.desk.layer.close_sheet()
    shown.press(Qt.Key.Key_Z, CTRL)
    assert undone == [1]


def test_what_cannot_be_taken_back_is_told_without_undo(kit: UiContext, shown: Shown) -> None:
    kit.notify(N_("Undo"))
    assert shown.desk.toast.isVisible()
    assert not shown.desk.toast.can_undo


Size = Callable[[], tuple[int, int]]


@pytest.mark.parametrize("width", [720, 1000, 1280, 1600])
@pytest.mark.parametrize("times", [1.0, 1.5, 2.0])
def test_nothing_of_the_top_bar_is_cut(
    kit: UiContext, shown: Shown, qtbot: QtBot, width: int, times: float
) -> None:
    bar = shown.desk.bar
    for part in (bar.menus, bar.hiding, bar.locking, bar.field):
        font = part.font()
        font.setPointSizeF(font.pointSizeF() * times)
        part.setFont(font)
    shown.window.resize(width, 520)
    kit.translator.changed.emit()
    qtbot.waitUntil(lambda: bar.width() == width)
    QApplication.processEvents()
    parts = (bar.menus, bar.field, bar.busy, bar.hiding, bar.locking)
    edges = [
        (part.mapTo(bar, part.rect().topLeft()).x(), part.mapTo(bar, part.rect().topRight()).x())
        for part in parts
    ]
    flat = [edge for pair in edges for edge in pair]
    assert flat == sorted(flat)
    assert flat[-1] <= width
    for button in (bar.hiding, bar.locking):
        assert button.width() >= button.sizeHint().width()
        assert button.text()
    assert nameless(bar) == []
