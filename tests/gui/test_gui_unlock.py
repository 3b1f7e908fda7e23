# SPDX-License-Identifier: GPL-3.0-or-later
"""The unlock page, worked by keys and clicks."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from tests.support.windows import nameless, settle, show

from kfdesk.domain.errors import KfdeskError
from kfdesk.ui.context import UiContext
from kfdesk.ui.lock.lock import LockInfo
from kfdesk.ui.pages.unlock import StoreChoice, UnlockAttempt, UnlockPage, UnlockServices
from kfdesk.ui.shell.window import Window

NORTH, SOUTH = StoreChoice("north", "North desk"), StoreChoice("south", "South desk")
LOCKED = LockInfo(datetime(2026, 11, 26, 14, 5, tzinfo=UTC), 5, 1)


class Shown:
    """An unlock page in its window, and what it was asked to open."""

    def __init__(
        self, kit: UiContext, qtbot: QtBot, *stores: StoreChoice, locked: LockInfo | None = None
    ) -> None:
        self.qtbot = qtbot
        self.kit = kit
        self.attempts: list[UnlockAttempt] = []
        self.answer: Callable[[], object] = lambda: "desk"
        self.opened: list[object] = []
        self.window = Window(kit)
        self.page = UnlockPage(kit, UnlockServices(stores or (NORTH,), self._open, locked))
        self.page.opened.connect(self.opened.append)
        self.window.show_page(self.page)
        show(qtbot, self.window)
        self.page.start()

    def _open(self, attempt: UnlockAttempt) -> object:
        self.attempts.append(attempt)
        return self.answer()

    def enter(self, initials: str, passphrase: str) -> None:
        """Type both and press Enter, and wait for the answer."""
        self.page.initials.clear()
        QTest.keyClicks(self.page.initials, initials)
        QTest.keyClicks(self.page.passphrase.line, passphrase)
        QTest.keyClick(self.page.passphrase.line, Qt.Key.Key_Return)
        settle(self.qtbot, self.kit)

    @property
    def seen(self) -> list[str]:
        """The texts on view."""
        return [label.text() for label in self.page.findChildren(QLabel) if label.isVisible()]


def wrong() -> object:
    raise KfdeskError("store.wrong_passphrase")


def torn() -> object:
    raise KfdeskError("store.damaged")


def test_initials_and_passphrase_open_the_store(kit: UiContext, qtbot: QtBot) -> None:
    shown = Shown(kit, qtbot)
    shown.enter("EL", "six words that open")
    assert shown.attempts == [UnlockAttempt("north", "EL", "six words that open")]
    assert shown.opened == ["desk"]


def test_typing_begins_in_the_initials_and_enter_leads_on(kit: UiContext, qtbot: QtBot) -> None:
    shown = Shown(kit, qtbot)
    assert shown.page.initials.hasFocus()
    QTest.keyClicks(shown.page.initials, "EL")
    QTest.keyClick(shown.page.initials, Qt.Key.Key_Return)
    assert shown.page.passphrase.line.hasFocus()


@pytest.mark.parametrize(("initials", "passphrase"), [("", "words"), ("EL", ""), ("  ", "words")])
def test_an_empty_field_is_asked_for_and_nothing_is_tried(
    kit: UiContext, qtbot: QtBot, initials: str, passphrase: str
) -> None:
    shown = Shown(kit, qtbot)
    shown.enter(initials, passphrase)
    assert shown.attempts == []
    missing = shown.page.initials if not initials.strip() else shown.page.passphrase.line
    assert missing.hasFocus()


def test_the_passphrase_is_covered_until_asked_for(kit: UiContext, qtbot: QtBot) -> None:
    shown = Shown(kit, qtbot)
    line = shown.page.passphrase.line
    QTest.keyClicks(line, "words")
    assert line.echoMode() is QLineEdit.EchoMode.Password
    assert "words" not in line.displayText()
    button = shown.page.passphrase.cover
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert line.displayText() == "words"
    assert line.hasFocus()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert line.echoMode() is QLineEdit.EchoMode.Password


def test_the_passphrase_does_not_stay_in_the_field(kit: UiContext, qtbot: QtBot) -> None:
    shown = Shown(kit, qtbot)
    shown.answer = wrong
    shown.enter("EL", "wrong words")
    assert shown.page.passphrase.text() == ""
    assert shown.page.initials.text() == "EL"


def test_a_wrong_passphrase_is_said_beside_the_field_with_a_remedy(
    kit: UiContext, qtbot: QtBot
) -> None:
    shown = Shown(kit, qtbot)
    shown.answer = wrong
    shown.enter("EL", "wrong words")
    said = "store.wrong_passphrase in en. Do this."
    assert said in shown.seen
    assert shown.page.passphrase.line.accessibleDescription() == said
    QTest.keyClicks(shown.page.passphrase.line, "s")
    assert said not in shown.seen


def test_another_fault_is_said_above_the_fields(kit: UiContext, qtbot: QtBot) -> None:
    shown = Shown(kit, qtbot)
    shown.answer = torn
    shown.enter("EL", "words")
    assert "store.damaged in en." in shown.seen
    assert "Do this." in shown.seen
    QTest.keyClicks(shown.page.initials, "x")
    assert "store.damaged in en." not in shown.seen


def test_wait_goes_on_where_the_window_was_closed_and_opened_again(
    kit: UiContext, qtbot: QtBot
) -> None:
    page = UnlockPage(kit, UnlockServices((NORTH,), lambda _: None, tries=4))
    show(qtbot, page)
    assert not page.button.isEnabled()
    assert page.button.text() == "Try again in 4 seconds"
    for _ in range(4):
        page.pause.count_down()
    assert page.button.isEnabled()
    assert page.button.text() == "Open"
    page.pause.record_failure()
    assert page.button.text() == "Try again in 8 seconds"


def test_the_third_wrong_try_must_wait_and_says_for_how_long(kit: UiContext, qtbot: QtBot) -> None:
    shown = Shown(kit, qtbot)
    shown.answer = wrong
    for _ in range(3):
        shown.enter("EL", "wrong words")
    button = shown.page.button
    assert not button.isEnabled()
    assert button.text() == "Try again in 2 seconds"
    shown.enter("EL", "wrong words")
    assert len(shown.attempts) == 3
    shown.page.pause.count_down()
    assert button.text() == "Try again in 1 second"
    shown.page.pause.count_down()
    assert button.isEnabled()
    assert button.text() == "Open"


def test_after_opening_the_count_of_tries_begins_anew(kit: UiContext, qtbot: QtBot) -> None:
    shown = Shown(kit, qtbot)
    for answer in (wrong, wrong, lambda: "desk", wrong, wrong):
        shown.answer = answer
        shown.enter("EL", "words")
    assert shown.page.button.isEnabled()


def test_the_window_goes_on_while_the_key_is_derived(kit: UiContext, qtbot: QtBot) -> None:
    shown = Shown(kit, qtbot)
    gate = threading.Event()
    shown.answer = gate.wait
    QTest.keyClicks(shown.page.initials, "EL")
    QTest.keyClicks(shown.page.passphrase.line, "words")
    QTest.mouseClick(shown.page.button, Qt.MouseButton.LeftButton)
    assert shown.page.button.text() == "Opening…"
    assert not shown.page.button.isEnabled()
    QTest.keyClick(shown.page.passphrase.line, Qt.Key.Key_Return)
    kit.set_language("sv")
    assert shown.page.button.text() == "⟦Opening…⟧"
    gate.set()
    qtbot.waitUntil(lambda: shown.opened == [True])
    assert len(shown.attempts) == 1


def test_caps_lock_is_noticed_and_said(kit: UiContext, qtbot: QtBot) -> None:
    shown = Shown(kit, qtbot)
    line = shown.page.passphrase.line
    QTest.keyClicks(line, "W")  # the letter is a capital, and no Shift is held
    assert "Caps Lock is on" in shown.seen
    QTest.keyClick(line, Qt.Key.Key_CapsLock)
    assert "Caps Lock is on" not in shown.seen


def test_esc_empties_the_passphrase(kit: UiContext, qtbot: QtBot) -> None:
    shown = Shown(kit, qtbot)
    QTest.keyClicks(shown.page.passphrase.line, "half a")
    QTest.keyClick(shown.page.passphrase.line, Qt.Key.Key_Escape)
    assert shown.page.passphrase.text() == ""


def test_a_single_store_is_named_and_several_are_offered(kit: UiContext, qtbot: QtBot) -> None:
    one = Shown(kit, qtbot)
    assert "North desk" in one.seen
    assert not one.page.store.isVisible()
    two = Shown(kit, qtbot, NORTH, SOUTH)
    assert two.page.store.isVisible()
    two.page.store.setFocus()
    QTest.keyClick(two.page.store, Qt.Key.Key_Down)
    two.enter("EL", "words")
    assert two.attempts[0].store == "south"


def test_the_page_says_when_and_why_it_was_locked(kit: UiContext, qtbot: QtBot) -> None:
    shown = Shown(kit, qtbot, locked=LOCKED)
    assert "Locked at 14:05" in shown.seen
    assert "No input for 5 minutes, so the program locked itself" in shown.seen
    assert "1 draft is kept and opens again with the database" in shown.seen


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("key", "Someone locked the program by hand"),
        ("sleep", "The computer went to sleep, so the program locked itself"),
        ("session", "The computer's screen was locked, so the program locked itself"),
        ("", "Someone locked the program by hand"),
    ],
)
def test_every_reason_for_a_lock_is_said(kit: UiContext, qtbot: QtBot, why: str, said: str) -> None:
    shown = Shown(kit, qtbot, locked=LockInfo(LOCKED.at, drafts=2, why=why))
    assert "Locked at 14:05" in shown.seen
    assert said in shown.seen
    assert "2 drafts are kept and open again with the database" in shown.seen
    assert not any("No input" in text for text in shown.seen)


def test_the_language_can_be_chosen_before_the_store_is_open(kit: UiContext, qtbot: QtBot) -> None:
    shown = Shown(kit, qtbot)
    received: list[str] = []
    kit.events.language_changed.connect(received.append)
    shown.page.top.languages.setFocus()
    QTest.keyClick(shown.page.top.languages, Qt.Key.Key_Up)
    assert received == ["sv"]
    assert shown.page.button.text() == "⟦Open⟧"


def test_every_control_of_the_page_has_a_name(kit: UiContext, qtbot: QtBot) -> None:
    shown = Shown(kit, qtbot, NORTH, SOUTH, locked=LOCKED)
    assert nameless(shown.window) == []
    assert shown.page.initials.accessibleName() == "Initials"


def test_store_that_another_window_has_open_is_told_before_anything_is_typed(
    kit: UiContext, qtbot: QtBot
) -> None:
    found: list[KfdeskError] = [KfdeskError("store.in_use")]

    def check() -> None:
        if found:
            raise found[0]

    window = Window(kit)
    page = UnlockPage(kit, UnlockServices((NORTH,), lambda _attempt: "desk", check=check))
    window.show_page(page)
    show(qtbot, window)
    page.start()
    settle(qtbot, kit)
    told = " ".join(kit.faults(found[0], kit.translator.language))
    assert told in " ".join(
        label.text() for label in page.findChildren(QLabel) if label.isVisible()
    )
    assert page.initials.hasFocus()
    QTest.keyClicks(page.initials, "EL")
    assert not page.fault.isVisible()
    found.clear()
    page.start()
    settle(qtbot, kit)
    assert not page.fault.isVisible()
