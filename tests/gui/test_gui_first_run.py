# SPDX-License-Identifier: GPL-3.0-or-later
"""The first run, taken by keys and clicks from the language to an open desk."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.support.samples import first
from tests.support.windows import accessible_parts, colours, nameless, settle, show

from kfdesk import store_lifecycle
from kfdesk.bundle.card import is_card_name
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session
from kfdesk.storage import key_slots
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.first_run import FirstRunPage, SetupAnswers, SetupServices
from kfdesk.ui.shell.window import Window
from kfdesk.ui.theme import Scheme

LISTS = Path(__file__).parents[2] / "resources" / "words"
MACHINE = Environment(cost=key_slots.MIN_COST)
NAMES = {"sv": "Nordhuset", "ru": "Дом на берегу", "en": "Alder House"}
EACH_LANGUAGE = pytest.mark.parametrize("code", NAMES)
LEFT = Qt.MouseButton.LeftButton


def listed(code: str) -> tuple[str, ...]:
    return tuple((LISTS / f"{code}.txt").read_text(encoding="utf-8").split())


def type_in(widget: QWidget, text: str) -> None:
    """Type letters of any script; Qt's own typing knows the Latin ones only."""
    for sign in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, sign)
            QApplication.sendEvent(widget, event)


def test_example_is_offered_only_where_there_is_one_and_one_can_go_on_meanwhile(
    kit: UiContext, qtbot: QtBot
) -> None:
    begun: list[str] = []
    for example in (None, lambda: begun.append("begun")):
        founding = SetupServices(listed, os.urandom, is_card_name, lambda _: None, example=example)
        page = FirstRunPage(kit, founding)
        show(qtbot, page)
        assert page.language.example.isVisible() is (example is not None)
    QTest.mouseClick(page.language.example, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: begun == ["begun"])
    qtbot.waitUntil(page._invited.isVisible)
    assert page.next.isEnabled()


class Shown:
    """A first run in its window, and what it asked to be made."""

    def __init__(self, kit: UiContext, qtbot: QtBot) -> None:
        self.kit, self.qtbot = kit, qtbot
        self.asked: list[tuple[str, str, str]] = []
        self.keys: list[str] = []
        self.answer: Callable[[], object] = lambda: "desk"
        self.created: list[object] = []
        self.window = Window(kit)
        self.page = FirstRunPage(kit, SetupServices(listed, os.urandom, is_card_name, self._create))
        self.page.created.connect(self.created.append)
        self.window.show_page(self.page)
        show(qtbot, self.window)
        self.page.start()
        self.desk, self.words = self.page.desk, self.page.passphrase
        self.recovery = self.page.recovery

    def _create(self, wanted: SetupAnswers) -> object:
        self.asked.append((wanted.name, wanted.initials, wanted.passphrase))
        self.keys.append(wanted.recovery)
        return self.answer()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        """Press a key where the keyboard is."""
        target = QApplication.focusWidget()
        assert target is not None
        QTest.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)

    def go_on(self) -> None:
        """Press Alt+N."""
        self.press(Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)

    def come_to_words(self, name: str = "Alder House", initials: str = "EL") -> None:
        """Take the first two steps."""
        self.go_on()
        type_in(self.desk.name_entry, name)
        type_in(self.desk.initials_entry, initials)
        self.go_on()

    def read(self) -> list[str]:
        """Return the words in the tiles; an empty string for a covered one."""
        return [tile.word for tile in self.words.tiles.tiles]

    def come_to_end(self) -> list[str]:
        """Read the words, tick that they are on paper, and type them back."""
        words = self.read()
        QTest.mouseClick(self.words.tick, LEFT, pos=QPoint(10, 10))
        type_in(self.words.entry, " ".join(words))
        return words

    def come_to_key(self) -> list[str]:
        """Take the first three steps; the words."""
        self.come_to_words()
        words = self.come_to_end()
        self.go_on()
        return words

    def go_without(self) -> None:
        """From the words on: want no recovery key, and set up the desk."""
        self.go_on()
        if not self.recovery.without.isChecked():
            QTest.mouseClick(self.recovery.without, LEFT, pos=QPoint(10, 10))
        self.go_on()

    def read_key(self) -> list[str]:
        """Return the groups of the recovery key in the tiles."""
        return [tile.word for tile in self.recovery.proof.tiles.tiles]

    def wait(self) -> None:
        """Wait for the worker."""
        settle(self.qtbot, self.kit)

    @property
    def seen(self) -> list[str]:
        """The texts on view."""
        return [label.text() for label in self.page.findChildren(QLabel) if label.isVisible()]

    def walk(self, count: int) -> list[QWidget | None]:
        """Return where the keyboard comes by so many Tabs."""
        found = []
        for _ in range(count):
            self.press(Qt.Key.Key_Tab)
            found.append(QApplication.focusWidget())
        return found


@pytest.fixture
def shown(kit: UiContext, qtbot: QtBot) -> Shown:
    return Shown(kit, qtbot)


@pytest.fixture
def at_words(shown: Shown) -> Shown:
    shown.come_to_words()
    return shown


@EACH_LANGUAGE
def test_first_run_can_be_taken_by_keys_alone(kit: UiContext, shown: Shown, code: str) -> None:
    offered = list(shown.page.language.options)
    downs = offered.index(code) - offered.index("en")
    for _ in range(abs(downs)):
        shown.press(Qt.Key.Key_Down if downs > 0 else Qt.Key.Key_Up)
    assert kit.translator.language.code == code
    shown.press(Qt.Key.Key_Return)
    type_in(shown.desk.name_entry, NAMES[code])
    shown.press(Qt.Key.Key_Return)
    assert shown.desk.initials_entry.hasFocus()
    type_in(shown.desk.initials_entry, "EL")
    shown.press(Qt.Key.Key_Return)
    words = shown.read()
    assert shown.words.entry.hasFocus()
    assert set(words) <= set(listed(code))
    type_in(shown.words.entry, " ".join(words).upper())
    shown.press(Qt.Key.Key_Tab)
    shown.press(Qt.Key.Key_Space)
    shown.go_on()
    key = shown.read_key()
    assert shown.recovery.proof.entry.hasFocus()
    type_in(shown.recovery.proof.entry, "".join(key).lower())
    shown.press(Qt.Key.Key_Tab)
    shown.press(Qt.Key.Key_Space)
    shown.go_on()
    shown.wait()
    assert shown.asked == [(NAMES[code], "EL", " ".join(words))]
    assert shown.keys == [" ".join(key)]
    assert shown.created == ["desk"]


@EACH_LANGUAGE
def test_first_run_can_be_taken_by_the_mouse(kit: UiContext, shown: Shown, code: str) -> None:
    page = shown.page
    QTest.mouseClick(page.language.options[code], LEFT)
    assert kit.translator.language.code == code
    QTest.mouseClick(page.next, LEFT)
    type_in(shown.desk.name_entry, NAMES[code])
    QTest.mouseClick(shown.desk.initials_entry, LEFT)
    type_in(shown.desk.initials_entry, "EL")
    QTest.mouseClick(page.next, LEFT)
    words = shown.come_to_end()
    QTest.mouseClick(page.next, LEFT)
    QTest.mouseClick(shown.recovery.without, LEFT, pos=QPoint(10, 10))
    QTest.mouseClick(page.next, LEFT)
    shown.wait()
    assert shown.asked == [(NAMES[code], "EL", " ".join(words))]
    assert shown.keys == [""]


def test_real_store_is_made_and_opens_with_what_was_typed_back(
    shown: Shown, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    shown.answer = lambda: store_lifecycle.create_store(
        folder, shown.asked[-1][0], Credentials(*shown.asked[-1][1:]), MACHINE
    )
    shown.come_to_words()
    words = shown.come_to_end()
    shown.go_without()
    shown.wait()
    made = shown.created[0]
    assert isinstance(made, Session)
    assert made.identity.name == "Alder House"
    shown.kit.worker.run(made.store.close)
    shown.wait()
    opened = store_lifecycle.unlock_store(folder, Credentials("el", " ".join(words)), MACHINE)
    assert opened.identity.organisation == made.identity.organisation
    opened.store.close()


def test_place_that_cannot_be_written_is_said_and_can_be_tried_again(
    shown: Shown, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    shown.answer = lambda: store_lifecycle.create_store(
        blocked / "store", "Alder House", Credentials("EL", " ".join(words)), MACHINE
    )
    shown.come_to_words()
    words = shown.come_to_end()
    shown.go_without()
    shown.wait()
    assert shown.created == []
    assert "store.disk in en." in shown.seen
    assert "Do this." in shown.seen
    shown.answer = lambda: "desk"
    assert shown.page.next.hasFocus()
    shown.press(Qt.Key.Key_Return)
    assert "store.disk in en." not in shown.seen
    shown.wait()
    assert shown.created == ["desk"]
    assert [passphrase for *_, passphrase in shown.asked] == [" ".join(words)] * 2


def test_store_that_exists_is_left_alone_and_said(shown: Shown) -> None:
    def exists() -> object:
        raise KfdeskError("store.exists")

    shown.answer = exists
    shown.come_to_words()
    shown.come_to_end()
    shown.go_without()
    shown.wait()
    assert "store.exists in en." in shown.seen
    shown.press(Qt.Key.Key_Escape)
    assert "store.exists in en." not in shown.seen


def test_window_goes_on_while_the_store_is_made(kit: UiContext, shown: Shown) -> None:
    gate = threading.Event()
    shown.answer = gate.wait
    shown.come_to_words()
    shown.come_to_end()
    shown.go_without()
    page = shown.page
    assert "This takes a moment…" in shown.seen
    assert not page.next.isEnabled()
    assert not page.back.isEnabled()
    assert not shown.recovery.isEnabled()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    QTest.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    shown.recovery.finished.emit()
    kit.set_language("sv")
    assert "⟦This takes a moment…⟧" in shown.seen
    gate.set()
    shown.wait()
    assert shown.created == [True]
    assert len(shown.asked) == 1


def test_words_do_not_stay_on_the_page_when_the_store_has_them(at_words: Shown) -> None:
    at_words.come_to_end()
    at_words.go_without()
    at_words.wait()
    assert at_words.read() == [""] * 6
    assert at_words.read_key() == [""] * 9
    assert at_words.recovery.proof.text == ""
    assert at_words.words.entry.text() == ""
    assert at_words.words.passphrase == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Enter the name by which partners know you."),
        ("   ", "Enter the name by which partners know you."),
        ("ö" * 101, "This name cannot be put on a card. Shorten it, or type it again."),
        ("Alder\u202eHouse", "This name cannot be put on a card. Shorten it, or type it again."),
    ],
)
def test_name_that_will_not_do_is_said_beside_it(shown: Shown, name: str, said: str) -> None:
    shown.go_on()
    shown.desk.initials_entry.setText("EL")
    shown.desk.name_entry.setText(name)
    shown.desk.initials_entry.setFocus()
    shown.go_on()
    assert said in shown.seen
    assert shown.desk.name_entry.hasFocus()
    assert shown.desk.name_entry.accessibleDescription() == said
    type_in(shown.desk.name_entry, "x")
    assert said not in shown.seen
    assert "As partners will see it" in shown.seen


@pytest.mark.parametrize(
    ("initials", "said"),
    [
        ("", "Enter your initials. Two or three letters are enough."),
        (" ", "Enter your initials. Two or three letters are enough."),
        ("E\u200bL", "Use letters only."),
        ("e_l", "Use letters only."),
        ("007", "Use letters only."),
    ],
)
def test_initials_that_will_not_do_are_said_beside_them(
    shown: Shown, initials: str, said: str
) -> None:
    shown.go_on()
    type_in(shown.desk.name_entry, "Alder House")
    shown.desk.initials_entry.setText(initials)
    shown.go_on()
    assert said in shown.seen
    assert shown.desk.initials_entry.hasFocus()
    type_in(shown.desk.initials_entry, "x")
    assert said not in shown.seen


def test_empty_step_asks_for_both_and_begins_with_the_first(shown: Shown) -> None:
    shown.go_on()
    shown.go_on()
    assert "Enter the name by which partners know you." in shown.seen
    assert "Enter your initials. Two or three letters are enough." in shown.seen
    assert shown.desk.name_entry.hasFocus()


def test_name_is_composed_and_trimmed_as_the_card_wants_it(shown: Shown) -> None:
    shown.come_to_words("  No\u0308rdhuset ", " EL ")
    shown.come_to_end()
    shown.go_without()
    shown.wait()
    assert shown.asked[0][:2] == ("Nördhuset", "EL")


def test_words_are_shown_first_and_covered_as_soon_as_typing_begins(at_words: Shown) -> None:
    words = at_words.read()
    assert all(words)
    assert not at_words.words.is_covered
    type_in(at_words.words.entry, words[0][0])
    assert at_words.words.is_covered
    assert at_words.read() == [""] * 6


def test_right_words_come_into_view_one_by_one(at_words: Shown) -> None:
    words = at_words.read()
    type_in(at_words.words.entry, " ".join(words[:3]) + " ")
    assert at_words.read() == [*words[:3], "", "", ""]
    assert "3 of 6 words right. Capital letters do not matter." in at_words.seen
    type_in(at_words.words.entry, words[3][:2])
    assert at_words.read() == [*words[:3], "", "", ""]


def test_covered_words_show_neither_length_nor_themselves_to_a_screen_reader(
    at_words: Shown,
) -> None:
    words = at_words.read()
    before = {name for _, name, _ in accessible_parts(at_words.page)}
    open_words = {f"Word {number}: {word}" for number, word in enumerate(words, 1)}
    assert open_words <= before
    type_in(at_words.words.entry, "1")
    names = {name for _, name, _ in accessible_parts(at_words.page)}
    assert "Word 1, hidden" in names
    assert not names & open_words
    assert not any(word in name.split() for word in words for name in names - before)
    assert len({tile.sizeHint().width() for tile in at_words.words.tiles.tiles}) == 1


def test_wrong_word_is_said_with_its_number(at_words: Shown) -> None:
    words = at_words.read()
    type_in(at_words.words.entry, f"{words[0]} 17 ")
    said = "Word 2 is different. Look at your paper."
    assert said in at_words.seen
    assert at_words.words.entry.accessibleDescription() == said
    for _ in range(3):
        at_words.press(Qt.Key.Key_Backspace)
    assert said not in at_words.seen


def test_something_after_the_last_word_is_said(at_words: Shown) -> None:
    at_words.come_to_end()
    assert at_words.page.next.isEnabled()
    type_in(at_words.words.entry, " 7")
    assert "There is something after the sixth word. Delete it." in at_words.seen
    assert not at_words.page.next.isEnabled()


def test_one_cannot_go_on_before_words_are_typed_and_ticked(at_words: Shown) -> None:
    page, words = at_words.page, at_words.read()
    assert not page.next.isEnabled()
    assert "Type all six words to continue" in at_words.seen
    assert page.next.accessibleDescription() == "Type all six words to continue"
    at_words.press(Qt.Key.Key_Return)
    type_in(at_words.words.entry, " ".join(words))
    assert "All six words are right." in at_words.seen
    assert "Tick that the words are on paper to continue" in at_words.seen
    at_words.go_on()
    assert at_words.words.entry.text() == " ".join(words)
    assert at_words.words.tick.hasFocus()
    at_words.press(Qt.Key.Key_Return)
    assert at_words.asked == []
    at_words.press(Qt.Key.Key_Space)
    assert page.next.isEnabled()
    assert page.next.text() == "Next"


def test_ticking_alone_is_not_enough(at_words: Shown) -> None:
    QTest.mouseClick(at_words.words.tick, LEFT, pos=QPoint(10, 10))
    assert not at_words.page.next.isEnabled()


def test_empty_rest_of_the_row_does_not_tick(at_words: Shown) -> None:
    tick = at_words.words.tick
    QTest.mouseClick(tick, LEFT, pos=QPoint(tick.width() - 5, 10))
    assert not tick.isChecked()


def test_other_words_begin_anew(at_words: Shown) -> None:
    before = at_words.come_to_end()
    QTest.mouseClick(at_words.words.others, LEFT)
    assert at_words.read() != before
    assert all(at_words.read())
    assert at_words.words.entry.text() == ""
    assert not at_words.words.tick.isChecked()
    assert at_words.words.entry.hasFocus()
    assert not at_words.page.next.isEnabled()


def test_words_can_be_covered_and_shown_again(at_words: Shown) -> None:
    cover, words = at_words.words.cover, at_words.read()
    assert cover.text() == "Hide words"
    QTest.mouseClick(cover, LEFT)
    assert at_words.read() == [""] * 6
    assert cover.text() == "Show words"
    QTest.mouseClick(cover, LEFT)
    assert at_words.read() == words
    assert at_words.words.entry.hasFocus()


def test_strength_is_said_in_words(at_words: Shown) -> None:
    assert "Strong: six words drawn at random" in at_words.seen


def test_nothing_typed_or_shown_can_be_copied(at_words: Shown) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    words, entry = at_words.come_to_end(), at_words.words.entry
    for keys in (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_X):
        QTest.keyClick(entry, keys, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(entry, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    QTest.mouseDClick(entry, LEFT, pos=QPoint(20, 20))
    QTest.keyClick(entry, Qt.Key.Key_Insert, Qt.KeyboardModifier.ControlModifier)
    assert entry.selectedText() == ""
    assert entry.text() == " ".join(words)
    assert clipboard.text() == "before"
    assert entry.contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu
    flags = {
        label.textInteractionFlags()
        for label in at_words.page.findChildren(QLabel)
        if label.isVisible()
    }
    assert Qt.TextInteractionFlag.TextSelectableByMouse not in flags


def test_change_of_language_keeps_what_was_entered(kit: UiContext, shown: Shown) -> None:
    shown.come_to_words("Дом на берегу", "ЕЛ")
    words = shown.read()
    type_in(shown.words.entry, " ".join(words[:2]))
    shown.page.top.languages.setFocus()
    shown.press(Qt.Key.Key_Up)
    assert kit.translator.language.code == "sv"
    assert shown.words.entry.text() == " ".join(words[:2])
    assert shown.read() == [*words[:2], "", "", "", ""]
    assert "⟦Your passphrase⟧" in shown.seen
    assert "⟦2 of 6 words right. Capital letters do not matter.⟧" in shown.seen
    QTest.mouseClick(shown.page.back, LEFT)
    assert shown.desk.organisation == "Дом на берегу"
    assert shown.desk.initials == "ЕЛ"
    assert "⟦Your organisation⟧" in shown.seen


def test_other_words_come_in_the_language_spoken_now(kit: UiContext, at_words: Shown) -> None:
    assert set(at_words.read()) <= set(listed("en"))
    kit.set_language("ru")
    assert set(at_words.read()) <= set(listed("en"))
    QTest.mouseClick(at_words.words.others, LEFT)
    assert set(at_words.read()) <= set(listed("ru"))


def test_both_choices_of_the_language_agree(kit: UiContext, shown: Shown) -> None:
    received: list[str] = []
    kit.events.language_changed.connect(received.append)
    QTest.mouseClick(shown.page.language.options["ru"], LEFT)
    assert shown.page.top.languages.key == "ru"
    shown.page.top.languages.setFocus()
    shown.press(Qt.Key.Key_Up)
    assert shown.page.language.options["en"].isChecked()
    assert received == ["ru", "en"]


def test_each_language_is_named_and_described_in_itself(shown: Shown) -> None:
    options = shown.page.language.options
    assert [option.text() for option in options.values()] == ["Svenska", "English", "Русский"]
    assert options["en"].accessibleDescription() == "The program speaks English"
    assert options["sv"].accessibleDescription() == "⟦The program speaks English⟧"


def test_back_and_esc_keep_everything(at_words: Shown) -> None:
    words = at_words.read()
    type_in(at_words.words.entry, words[0])
    at_words.press(Qt.Key.Key_Escape)
    assert at_words.desk.name_entry.hasFocus()
    assert at_words.desk.name_entry.text() == "Alder House"
    QTest.mouseClick(at_words.page.back, LEFT)
    assert not at_words.page.back.isVisible()
    at_words.press(Qt.Key.Key_Escape)
    at_words.go_on()
    at_words.go_on()
    assert at_words.read() == [words[0], "", "", "", "", ""]
    assert at_words.words.entry.text() == words[0]


def test_trail_says_where_one_stands(shown: Shown) -> None:
    trail = shown.page.trail
    assert trail.accessibleName() == "Step 1 of 4: Language"
    shown.come_to_words()
    assert trail.accessibleName() == "Step 3 of 4: Passphrase"
    shown.kit.set_language("sv")
    assert trail.accessibleName() == "⟦Step 3 of 4: Passphrase⟧".replace("Pass", "⟦Pass") + "⟧"


def test_advice_belongs_to_the_step(shown: Shown) -> None:
    assert "Five minutes" in shown.seen
    shown.come_to_words()
    assert "Five minutes" not in shown.seen
    assert "No one else has it" in shown.seen


def test_keyboard_walks_in_reading_order(shown: Shown) -> None:
    page, options = shown.page, shown.page.language.options
    assert options["en"].hasFocus()
    above = [page.top.languages, page.top.help]
    first = [page.top.languages, page.top.letters, page.top.help]
    assert shown.walk(6) == [page.have, page.next, *first, options["en"]]
    shown.go_on()
    desk = shown.desk
    assert desk.name_entry.hasFocus()
    assert shown.walk(5) == [desk.initials_entry, page.back, page.next, *above]
    assert shown.walk(1) == [desk.name_entry]
    type_in(desk.name_entry, "Alder House")
    type_in(desk.initials_entry, "EL")
    shown.go_on()
    words = shown.words
    assert words.entry.hasFocus()
    assert shown.walk(4) == [words.tick, page.back, *above]
    assert shown.walk(3) == [words.cover, words.others, words.entry]


def test_every_control_of_each_step_has_a_name(shown: Shown) -> None:
    assert nameless(shown.window) == []
    shown.go_on()
    assert nameless(shown.window) == []
    assert shown.desk.name_entry.accessibleName() == "Name of the organisation"
    type_in(shown.desk.name_entry, "Alder House")
    type_in(shown.desk.initials_entry, "EL")
    shown.go_on()
    assert nameless(shown.window) == []
    assert shown.words.entry.accessibleName() == "Type it from the paper"
    assert shown.words.tick.text() == "I have written the words on paper"


@EACH_LANGUAGE
@pytest.mark.parametrize("width", first(1, [720, 1280]))
def test_nothing_is_cut_at_any_width(kit: UiContext, shown: Shown, code: str, width: int) -> None:
    kit.set_language(code)
    shown.come_to_words()
    shown.window.resize(width, 800)
    type_in(shown.words.entry, "7")
    QApplication.processEvents()
    for part in shown.words.findChildren(QWidget):
        if part.isVisible():
            assert part.height() >= part.minimumSizeHint().height()
            assert part.width() >= part.minimumSizeHint().width()
    right = shown.page.next.mapTo(shown.window, shown.page.next.rect().topRight())
    assert right.x() < width


def test_advice_stands_below_in_a_narrow_window(at_words: Shown) -> None:
    title = next(
        label
        for label in at_words.page.findChildren(QLabel)
        if label.text() == "Keep the paper safe"
    )
    tick = at_words.words.tick
    assert title.mapToGlobal(QPoint()).y() < tick.mapToGlobal(QPoint()).y()
    at_words.window.resize(720, 800)
    QApplication.processEvents()
    assert title.mapToGlobal(QPoint()).y() > tick.mapToGlobal(QPoint()).y()


def test_tiles_show_cover_next_and_right_by_more_than_colour(
    kit: UiContext, at_words: Shown
) -> None:
    tiles, words = at_words.words.tiles.tiles, at_words.read()
    assert kit.theme.colours.success not in colours(tiles[0])
    type_in(at_words.words.entry, words[0])
    assert kit.theme.colours.success in colours(tiles[0])
    assert kit.theme.colours.focus in colours(tiles[1])
    assert kit.theme.colours.focus not in colours(tiles[2])


def test_page_wears_the_dark_colours_too(kit: UiContext, at_words: Shown) -> None:
    kit.theme.set_scheme(Scheme.DARK)
    QTest.mouseClick(at_words.words.tick, LEFT, pos=QPoint(10, 10))
    assert kit.theme.colours.accent in colours(at_words.words.tick)
    assert kit.theme.colours.accent in colours(at_words.page.trail)


def test_secrets_do_not_show_in_what_is_handed_in() -> None:
    founding = SetupServices(listed, os.urandom, is_card_name, lambda *_: None)
    assert "urandom" not in repr(founding)


# the recovery key


@pytest.fixture
def at_key(shown: Shown) -> Shown:
    shown.come_to_key()
    return shown


def test_last_step_shows_a_recovery_key_that_is_typed_back(at_key: Shown) -> None:
    key, page = at_key.read_key(), at_key.page
    assert [len(group) for group in key] == [4] * 8 + [1]
    assert page.next.text() == "Set up the database"
    assert not page.next.isEnabled()
    proof = at_key.recovery.proof
    type_in(proof.entry, key[0].lower() + "-" + key[1] + " ")
    assert at_key.read_key() == [*key[:2], *[""] * 7]
    said = "2 of 9 groups right. Capital letters and spaces do not matter."
    assert said in at_key.seen
    type_in(proof.entry, " ".join(key[2:]))
    assert "The whole key is right." in at_key.seen
    assert "Tick that the key is on paper to continue" in at_key.seen
    QTest.mouseClick(proof.tick, LEFT, pos=QPoint(10, 10))
    at_key.go_on()
    at_key.wait()
    assert at_key.keys == [" ".join(key)]


def test_wrong_group_is_said_with_its_number(at_key: Shown) -> None:
    key = at_key.read_key()
    wrong = "".join("7" if sign != "7" else "8" for sign in key[1])
    type_in(at_key.recovery.proof.entry, f"{key[0]} {wrong}")
    assert "Group 2 is different. Look at your paper." in at_key.seen


def test_covered_groups_tell_a_screen_reader_nothing(at_key: Shown) -> None:
    key = at_key.read_key()
    names = [name for _, name, _ in accessible_parts(at_key.page)]
    assert f"Group 1: {key[0]}" in names
    type_in(at_key.recovery.proof.entry, "-")
    names = [name for _, name, _ in accessible_parts(at_key.page)]
    assert "Group 9, hidden" in names
    assert not any(group in name.split() for group in key[:8] for name in names)


def test_going_on_without_a_key_says_what_that_means(at_key: Shown) -> None:
    without = at_key.recovery.without
    assert without.text() == "Continue without one: if the words are lost, everything is lost"
    assert "Type the whole key, or tick that you continue without one" in at_key.seen
    QTest.mouseClick(without, LEFT, pos=QPoint(10, 10))
    assert not at_key.recovery.proof.isEnabled()
    assert at_key.page.next.isEnabled()
    QTest.mouseClick(without, LEFT, pos=QPoint(10, 10))
    assert not at_key.page.next.isEnabled()


def test_key_that_was_typed_and_then_not_wanted_is_not_kept(at_key: Shown) -> None:
    type_in(at_key.recovery.proof.entry, " ".join(at_key.read_key()))
    QTest.mouseClick(at_key.recovery.without, LEFT, pos=QPoint(10, 10))
    at_key.go_on()
    at_key.wait()
    assert at_key.keys == [""]


def test_store_of_the_first_run_opens_by_its_recovery_key(shown: Shown, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    shown.answer = lambda: store_lifecycle.create_store(
        folder, shown.asked[-1][0], Credentials(*shown.asked[-1][1:]), MACHINE, shown.keys[-1]
    )
    shown.come_to_key()
    key = shown.read_key()
    type_in(shown.recovery.proof.entry, " ".join(key))
    QTest.mouseClick(shown.recovery.proof.tick, LEFT, pos=QPoint(10, 10))
    shown.go_on()
    shown.wait()
    made = shown.created[0]
    assert isinstance(made, Session)
    shown.kit.worker.run(made.store.close)
    shown.wait()
    store_lifecycle.check_recovery(folder, "el", " ".join(key), MACHINE)


def test_store_of_the_first_run_opens_by_two_of_three_sheets(shown: Shown, tmp_path: Path) -> None:
    folder = tmp_path / "store"

    def create() -> Session:
        who = Credentials(*shown.asked[-1][1:])
        return store_lifecycle.create_store(
            folder, shown.asked[-1][0], who, MACHINE, shown.keys[-1]
        )

    shown.answer = create
    shown.come_to_key()
    key = shown.recovery.key
    key.ways.parts["three"].click()
    sheets = [part.text for part in key.parts]
    for place, part in enumerate(key.parts):
        key.numbers.parts[str(place)].click()
        if place:
            type_in(part.entry, sheets[place])
        QTest.mouseClick(part.tick, LEFT, pos=QPoint(10, 10))
    shown.go_on()
    shown.qtbot.waitUntil(lambda: bool(shown.created))
    desk = shown.created[0]
    assert isinstance(desk, Session)
    shown.kit.worker.run(desk.store.close)
    shown.wait()
    store_lifecycle.check_recovery(folder, "el", f"{sheets[0]} {sheets[2]}", MACHINE)
    with pytest.raises(KfdeskError):
        store_lifecycle.check_recovery(folder, "el", sheets[0], MACHINE)
    assert not any(part.text for part in key.parts)


@EACH_LANGUAGE
@pytest.mark.parametrize("width", first(1, [720, 1280]))
def test_nothing_of_the_key_is_cut_at_any_width(
    kit: UiContext, shown: Shown, code: str, width: int
) -> None:
    kit.set_language(code)
    shown.come_to_key()
    shown.window.resize(width, 800)
    QApplication.processEvents()
    for part in shown.recovery.findChildren(QWidget):
        if part.isVisible():
            assert part.height() >= part.minimumSizeHint().height()
            assert part.width() >= part.minimumSizeHint().width()
    assert nameless(shown.window) == []
