# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaving nothing on this computer, in the window: asked for by passphrase, then a first run."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import MACHINE, WHO
from tests.support.windows import nameless, shell_of, show

from kfdesk import app, store_lifecycle
from kfdesk.demo import people
from kfdesk.storage import keyring
from kfdesk.ui.lock.lock import ResumeState
from kfdesk.ui.pages.backup_jobs import WipeCard
from kfdesk.ui.program import Program
from kfdesk.ui.widgets.text import Label


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "store"
    store_lifecycle.create_store(made, people.HOUSE, WHO, MACHINE).store.close()
    return made


@pytest.fixture
def left() -> list[ResumeState]:
    """Return the list that collects what is passed to the next process."""
    return []


@pytest.fixture
def program(
    qtbot: QtBot, qapp: QApplication, folder: Path, left: list[ResumeState]
) -> Iterator[Program]:
    setting = replace(app.window_settings(folder, "en", MACHINE), replace=left.append)
    made = Program(qapp, setting)
    show(qtbot, made.window)
    made.door.initials.setText(WHO.initials)
    made.door.passphrase.line.setText(WHO.passphrase)
    made.door.button.click()
    qtbot.waitUntil(lambda: made.shell is not None and not made.kit.worker.is_busy)
    yield made
    made.close()
    made.window.close()


def card_of(program: Program) -> WipeCard:
    shell_of(program).go_to("backup")
    card: WipeCard = shell_of(program).page.wiping
    return card


def destroy(card: WipeCard) -> None:
    card.passphrase.line.setText(WHO.passphrase)
    card.passphrase.line.textEdited.emit(WHO.passphrase)
    card.button.click()


def test_wrong_passphrase_is_said_beside_the_field(
    qtbot: QtBot, program: Program, folder: Path
) -> None:
    card = card_of(program)
    assert not card.button.isEnabled()
    card.passphrase.line.setText("fel ord")
    card.passphrase.line.textEdited.emit("fel ord")
    card.button.click()
    qtbot.waitUntil(lambda: card.field.has_error)
    assert keyring.has_store(folder)
    assert card.passphrase.text() == ""
    assert nameless(program.window) == []


def test_store_is_gone_and_the_window_begins_anew(
    qtbot: QtBot, program: Program, folder: Path, left: list[ResumeState]
) -> None:
    card = card_of(program)
    destroy(card)
    qtbot.waitUntil(card.loses_all.isVisible)  # there is no backup: that is said first
    assert keyring.has_store(folder)
    card.loses_all.setChecked(True)
    destroy(card)
    qtbot.waitUntil(lambda: bool(left))
    assert not keyring.has_store(folder)
    assert program.shell is None
    assert program.first_run.isVisible()
    assert not program.window.cover.isVisible()


def test_folder_of_somebody_else_that_was_left_is_named_in_the_first_run(
    qtbot: QtBot, program: Program, folder: Path, left: list[ResumeState]
) -> None:
    """Its name is one that a restore gives; it is passed on to the process that follows."""
    other = folder.with_name("store-2026-11-24-1405")
    store_lifecycle.create_store(other, "Alhuset", WHO, MACHINE).store.close()
    card = card_of(program)
    card.loses_all.setChecked(True)
    destroy(card)
    qtbot.waitUntil(lambda: bool(left))
    assert left[0].left == other.name
    banner = program.first_run.left
    assert banner.isVisible()
    assert any(other.name in one.text() for one in banner.findChildren(Label))
    assert keyring.has_store(other)
