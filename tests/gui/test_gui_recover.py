# SPDX-License-Identifier: GPL-3.0-or-later
"""The way in for a lost passphrase, worked by keys and clicks on the unlock page."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.support.windows import missed_by_tab, nameless, settle, show

from kfdesk import app, store_lifecycle
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.recovery_key import spell_key
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session
from kfdesk.storage import key_slots
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.recover import LostPassphraseCard, RecoveryAttempt, RecoveryServices
from kfdesk.ui.pages.unlock import StoreChoice, UnlockPage, UnlockServices
from kfdesk.ui.shell.window import Window

LISTS = Path(__file__).parents[2] / "resources" / "words"
KEY = " ".join(spell_key(bytes(19) + b"\x07"))
OTHER = " ".join(spell_key(bytes(19) + b"\x08"))
MACHINE = Environment(cost=key_slots.MIN_COST)
WORDS = "sex helt vanliga ord till prov"
RETURN = Qt.Key.Key_Return


def listed(code: str) -> tuple[str, ...]:
    return tuple((LISTS / f"{code}.txt").read_text(encoding="utf-8").split())


def refused() -> object:
    raise KfdeskError("store.wrong_passphrase")


class Shown:
    """An unlock page in its window, and what was claimed at it."""

    def __init__(
        self,
        kit: UiContext,
        qtbot: QtBot,
        rescue: Callable[[UiContext], LostPassphraseCard] | None = None,
    ) -> None:
        self.kit, self.qtbot = kit, qtbot
        self.claims: list[RecoveryAttempt] = []
        self.answer: Callable[[], object] = lambda: "desk"
        self.opened: list[object] = []
        self.window = Window(kit)
        means = RecoveryServices(listed, os.urandom, self._check, self._open)
        make_card = rescue or (lambda kit: LostPassphraseCard(kit, means))
        door = UnlockServices(
            (StoreChoice("north", "North desk"),), lambda _: None, None, make_card
        )
        self.page = UnlockPage(kit, door)
        self.page.opened.connect(self.opened.append)
        self.window.show_page(self.page)
        show(qtbot, self.window)
        self.page.start()

    def _check(self, claim: RecoveryAttempt) -> None:
        self.claims.append(claim)
        self.answer()

    def _open(self, claim: RecoveryAttempt) -> object:
        self.claims.append(claim)
        return self.answer()

    @property
    def card(self) -> LostPassphraseCard:
        assert self.page.recover is not None
        return self.page.recover

    def lose(self) -> None:
        """Say that the passphrase is lost."""
        QTest.mouseClick(self.page.lost, Qt.MouseButton.LeftButton)

    def claim(self, initials: str = "EL", key: str = KEY) -> None:
        """Type initials and key, and go on."""
        self.card.initials.clear()
        self.card.key.clear()
        QTest.keyClicks(self.card.initials, initials)
        QTest.keyClicks(self.card.key, key)
        QTest.keyClick(self.card.key, RETURN)
        self.wait()

    def prove(self) -> str:
        """Type the new words back and tick that they are on paper; the words."""
        words = self.card.proof.text
        QTest.keyClicks(self.card.proof.entry, words)
        self.card.proof.tick.click()
        return words

    def wait(self) -> None:
        """Wait for the worker."""
        settle(self.qtbot, self.kit)

    @property
    def seen(self) -> list[str]:
        """The texts on view."""
        return [label.text() for label in self.page.findChildren(QLabel) if label.isVisible()]


@pytest.fixture
def shown(kit: UiContext, qtbot: QtBot) -> Shown:
    return Shown(kit, qtbot)


@pytest.fixture
def lost(shown: Shown) -> Shown:
    QTest.keyClicks(shown.page.initials, "EL")
    shown.lose()
    return shown


def test_without_a_way_in_none_is_offered(kit: UiContext, qtbot: QtBot) -> None:
    page = UnlockPage(kit, UnlockServices((StoreChoice("north", "North desk"),), lambda _: None))
    show(qtbot, page)
    assert not page.lost.isVisible()


def test_key_then_new_words_open_the_store(lost: Shown) -> None:
    assert lost.card.initials.text() == "EL"
    lost.claim()
    assert lost.claims == [RecoveryAttempt("EL", KEY)]
    assert lost.card.is_proving
    assert lost.card.proof.entry.hasFocus()
    assert not lost.card.key.isVisible()
    assert "These six words open the database from now on. Write them on paper." in lost.seen
    words = lost.prove()
    assert set(words.split()) <= set(listed("en"))
    QTest.mouseClick(lost.card.next, Qt.MouseButton.LeftButton)
    lost.wait()
    assert lost.claims[-1] == RecoveryAttempt("EL", KEY, words)
    assert lost.opened == ["desk"]
    assert lost.card.key.text() == lost.card.proof.text == ""


def test_one_cannot_go_on_before_all_is_typed(lost: Shown) -> None:
    lost.claim(initials="", key="")
    assert "Enter your initials" in lost.seen
    QTest.keyClicks(lost.card.initials, "EL")
    assert "Enter the whole recovery key" in lost.seen
    assert not lost.card.next.isEnabled()
    assert lost.claims == []
    lost.claim()
    assert "Type all six words to continue" in lost.seen
    assert not lost.card.next.isEnabled()


def test_slip_in_the_key_is_said_before_anything_is_tried(lost: Shown) -> None:
    said = "A character is wrong, missing or extra. Compare each group with your paper."
    lost.claim(key=KEY[:-1])
    assert said not in lost.seen
    lost.claim(key=KEY[:-1] + "8")
    assert said in lost.seen
    assert lost.claims == []
    lost.claim(key=KEY.replace("0", "O").lower())
    assert said not in lost.seen
    assert len(lost.claims) == 1


def test_key_that_does_not_fit_is_answered_as_a_wrong_passphrase(lost: Shown) -> None:
    lost.answer = refused
    lost.claim()
    assert "store.wrong_passphrase in en." in lost.seen
    assert not lost.card.is_proving
    assert lost.card.key.hasFocus()
    QTest.keyClicks(lost.card.key, " ")
    assert "store.wrong_passphrase in en." not in lost.seen


def test_third_wrong_try_must_wait(lost: Shown) -> None:
    lost.answer = refused
    for _ in range(3):
        lost.claim()
    assert not lost.card.next.isEnabled()
    assert "Try again in 2 seconds" in lost.seen
    lost.claim()
    assert len(lost.claims) == 3
    for _ in range(2):
        lost.card._pause.count_down()
    assert lost.card.next.isEnabled()


def test_esc_and_back_lead_to_the_passphrase_and_keep_nothing(lost: Shown) -> None:
    QTest.keyClicks(lost.card.key, KEY)
    QTest.keyClick(lost.card.key, Qt.Key.Key_Escape)
    assert lost.page.recover is None
    assert lost.page.initials.hasFocus()
    lost.lose()
    assert lost.card.key.text() == ""
    QTest.mouseClick(lost.card.back, Qt.MouseButton.LeftButton)
    assert lost.page.button.isVisible()


def test_every_control_is_named_and_reached_by_tab(lost: Shown) -> None:
    for _ in range(2):
        assert nameless(lost.window) == []
        assert missed_by_tab(lost.page) == []
        lost.claim()
    assert lost.card.is_proving


@pytest.mark.parametrize("code", ["sv", "en", "ru"])
def test_nothing_is_cut(kit: UiContext, lost: Shown, code: str) -> None:
    kit.set_language(code)
    lost.claim()
    QApplication.processEvents()
    for part in lost.card.findChildren(QWidget):
        if part.isVisible():
            assert part.height() >= part.minimumSizeHint().height()
            assert part.width() >= part.minimumSizeHint().width()


def test_secrets_do_not_show_in_what_is_handed_on() -> None:
    assert KEY not in repr(RecoveryAttempt("EL", KEY, WORDS))
    assert WORDS not in repr(RecoveryAttempt("EL", KEY, WORDS))


def test_real_store_opens_by_its_key_and_then_by_the_new_words(
    kit: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    store_lifecycle.create_store(
        folder, "Nordhuset", Credentials("EL", WORDS), MACHINE, KEY
    ).store.close()
    setting = app.window_settings(folder, "en", MACHINE)
    shown = Shown(kit, qtbot, setting.rescue)
    shown.lose()
    shown.claim(initials="el", key=OTHER)
    assert "store.wrong_passphrase in en." in shown.seen
    shown.claim(initials="el")
    words = shown.prove()
    QTest.keyClick(shown.card.proof.entry, RETURN)
    shown.wait()
    (desk,) = shown.opened
    assert isinstance(desk, Session)
    kit.worker.run(desk.store.close)
    shown.wait()
    store_lifecycle.unlock_store(folder, Credentials("EL", words), MACHINE).store.close()
