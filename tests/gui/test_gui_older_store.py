# SPDX-License-Identifier: GPL-3.0-or-later
"""The door of a store that is older than it was: asked about, left shut, or gone on with."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk
from tests.gui.lock_samples import MACHINE, WHO, new_store
from tests.support.windows import missed_by_tab, nameless, settle, show, timer_of

from kfdesk import app, store_lifecycle
from kfdesk.domain.audit import Action
from kfdesk.services.core.records import change_record
from kfdesk.storage.driver import STORE_FILE
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.unlock import OlderStoreCard
from kfdesk.ui.program import Program
from kfdesk.ui.shell.overlays import FaultSheet
from kfdesk.ui.shell.session_view import SessionView


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create a store, with a copy of last week next to it."""
    folder = tmp_path_factory.mktemp("older") / "store"
    new_store(folder)
    shutil.copyfile(folder / STORE_FILE, folder.with_name("old"))
    desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    change_record(desk, desk.store.rows("client")[0].rid, {"alias": "Siri"})
    desk.store.close()
    return folder.parent


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """Return a store that was replaced by that old copy."""
    kept = Path(shutil.copytree(template / "store", tmp_path / "store"))
    shutil.copyfile(template / "old", kept / STORE_FILE)
    return kept


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication, folder: Path) -> Iterator[Program]:
    setting = replace(
        app.window_settings(folder, "en", MACHINE),
        keep=lambda *_: None,
        keep_habit=lambda _: None,
        replace=lambda _: None,
    )
    made = Program(qapp, setting)
    show(qtbot, made.window)
    yield made
    made.close()


def tried(program: Program, qtbot: QtBot) -> OlderStoreCard:
    """Return the question that appears when a user tries to unlock as usual."""
    program.door.initials.setText(WHO.initials)
    program.door.passphrase.line.setText(WHO.passphrase)
    program.door.button.click()
    found = program.window.findChildren

    def is_asked() -> bool:
        return any(card.isVisible() for card in found(OlderStoreCard))

    qtbot.waitUntil(is_asked)
    assert program.door.older is not None
    return program.door.older


def answer(card: OlderStoreCard, program: Program, qtbot: QtBot, words: str) -> None:
    QTest.keyClicks(card.passphrase.line, words)
    QTest.keyClick(card.passphrase.line, Qt.Key.Key_Return)
    settle(qtbot, program.kit)


def test_older_store_is_asked_about_and_stays_shut_unless_somebody_goes_on(
    program: Program, qtbot: QtBot, folder: Path
) -> None:
    before = (folder / STORE_FILE).read_bytes()
    card = tried(program, qtbot)
    assert card.isVisible()
    assert card.back.hasFocus()
    assert not card.go_on.isEnabled()
    assert nameless(program.window) == []
    assert missed_by_tab(card) == []
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert program.door.older is None
    assert program.door.initials.isVisible()
    assert program.shell is None
    assert (folder / STORE_FILE).read_bytes() == before


def test_going_on_takes_the_passphrase_again_and_is_noted(
    program: Program, qtbot: QtBot, folder: Path
) -> None:
    card = tried(program, qtbot)
    answer(card, program, qtbot, "some other words that open nothing")
    assert program.shell is None
    assert card.refusal.isVisible()
    answer(card, program, qtbot, WHO.passphrase)
    assert program.shell is not None
    program.close()
    desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    noted = [(one.user, one.action) for _, one in desk.store.ledger.events(None, 9)]
    desk.store.close()
    assert (WHO.initials, Action.OLDER_STORE) in noted


def test_question_leads_to_the_backups(program: Program, qtbot: QtBot) -> None:
    card = tried(program, qtbot)
    card.restore.click()
    assert program.restore.isVisible()


# old pages in an open store


def test_store_is_checked_when_nobody_waits_and_old_rows_are_said(
    kit: UiContext, shell: SessionView, opened: OpenDesk, qtbot: QtBot
) -> None:
    """Rows that somebody put into the file are nothing that this program has written."""

    def put_back() -> None:
        content = opened.desk.store.content
        content.follow()
        content._sum += 1

    opened.run(put_back)
    timer_of(shell).timeout.emit()
    qtbot.waitUntil(lambda: isinstance(shell.layer.sheet, FaultSheet))
    assert isinstance(shell.layer.sheet, FaultSheet)
    assert shell.layer.sheet.code == "store.mixed"


def test_check_of_a_whole_store_says_nothing_and_gives_way(
    kit: UiContext, shell: SessionView, opened: OpenDesk, qtbot: QtBot
) -> None:
    timer_of(shell).stop()
    timer_of(shell).timeout.emit()
    kit.worker.run(lambda: None)  # somebody wants something: the check waits for another time
    opened.rest()
    assert timer_of(shell).isActive()
    timer_of(shell).stop()
    timer_of(shell).timeout.emit()
    opened.rest()
    assert not timer_of(shell).isActive()
    assert shell.layer.sheet is None
    assert not shell.fault.isVisible()
