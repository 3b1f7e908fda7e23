# SPDX-License-Identifier: GPL-3.0-or-later
"""Locking: nothing is asked, nothing typed is lost, and one comes back to where one was."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.lock_samples import MACHINE, WHO, Left, new_store, start
from tests.support.patience import HANG
from tests.support.windows import session_of, shell_of, timer_of

from kfdesk import app, store_lifecycle
from kfdesk.domain.records.client import Client
from kfdesk.domain.schema import type_name
from kfdesk.services.core.drafts import FormState, count_drafts, save_draft
from kfdesk.services.core.session import pop_resume_state, save_resume_state
from kfdesk.ui.context import LockSettings
from kfdesk.ui.dialogs import ask_save
from kfdesk.ui.lock.lock import ResumeState, read_resume_state
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.program import Program
from kfdesk.ui.worker import JobProgress

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def plan(tmp_path: Path) -> bytes:
    return new_store(tmp_path / "store")


@pytest.fixture
def kept() -> list[LockSettings]:
    return []


@pytest.fixture
def left(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, plan: bytes, kept: list[LockSettings]
) -> Iterator[Left]:
    assert plan
    made = start(qtbot, qapp, tmp_path / "store", LockSettings(), kept.append)
    yield made
    made.program.close()


def lock(left: Left) -> ResumeState:
    """Lock by the key, as a person does; returns the note that was left."""
    count = len(left.notes)
    QTest.keyClick(left.program.window.windowHandle(), Qt.Key.Key_L, CTRL)
    left.rest()
    assert len(left.notes) == count + 1
    return left.notes[-1]


def texts(widget: QWidget) -> set[str]:
    return {label.text() for label in widget.findChildren(QLabel) if label.isVisible()}


def test_lock_leaves_a_note_without_content_and_a_closed_store(left: Left, tmp_path: Path) -> None:
    left.open()
    note = lock(left)
    assert (note.why, note.minutes, note.drafts, note.language) == ("key", 0, 0, "en")
    assert abs(note.at - time.time()) < 60
    store_lifecycle.unlock_store(tmp_path / "store", WHO, MACHINE).store.close()
    assert read_resume_state({**note.to_dict(), "store": "more"}) == note


@pytest.mark.parametrize(
    ("lose", "why"),
    [
        (lambda left: left.program.window.watch.idled.emit(), "idle"),
        (lambda left: left.program._session.slept.emit(), "sleep"),
        (lambda left: left.program.window.watch.slept.emit(), "sleep"),
        (lambda left: left.program._session.locked.emit(), "session"),
        (lambda left: shell_of(left.program).bar.locking.click(), "key"),
    ],
)
def test_every_way_to_lock_is_named_as_the_reason(left: Left, lose: object, why: str) -> None:
    assert callable(lose)
    left.open()
    lose(left)
    left.rest()
    assert [note.why for note in left.notes] == [why]
    assert left.program.shell is None
    assert left.program.door.isVisible()
    assert not left.program.window.cover.isVisible()


def test_what_is_switched_off_does_not_lock(left: Left) -> None:
    left.open()
    left.program.kit.lock_preferences.apply(
        LockSettings(locks_with_session=False, locks_for_sleep=False)
    )
    assert left.program._session is not None
    left.program._session.slept.emit()
    left.program._session.locked.emit()
    assert left.notes == []
    assert not timer_of(left.program.window.watch, is_single=False).isActive()


def test_choices_hold_at_once_and_are_kept(left: Left, kept: list[LockSettings]) -> None:
    left.open()
    assert timer_of(left.program.window.watch).interval() == 5 * 60_000
    chosen = LockSettings(lock_minutes=1, covers_when_left=True)
    left.program.kit.lock_preferences.apply(chosen)
    assert timer_of(left.program.window.watch).interval() == 60_000
    assert kept == [chosen]


def test_nothing_is_watched_before_the_store_is_open_and_after_the_lock(left: Left) -> None:
    watch = left.program.window.watch
    assert not timer_of(watch).isActive()
    left.open()
    assert timer_of(watch).isActive()
    assert timer_of(watch, is_single=False).isActive()
    lock(left)
    assert not timer_of(watch).isActive()
    assert not timer_of(watch, is_single=False).isActive()


def test_lock_at_the_door_does_nothing(left: Left) -> None:
    QTest.keyClick(left.program.window.windowHandle(), Qt.Key.Key_L, CTRL)
    assert left.notes == []
    assert not left.program.window.cover.isVisible()


def test_lock_while_the_passphrase_is_tried_shows_no_row(left: Left) -> None:
    door = left.program.door
    door.initials.setText("EV")
    door.passphrase.line.setText(WHO.passphrase)
    door.button.click()
    left.program.window.lock("sleep")
    left.qtbot.waitUntil(lambda: bool(left.notes))
    assert left.program.shell is None
    assert left.notes[0].why == "sleep"
    left.open()  # the lock that was asked for is over
    assert left.program.shell is not None


def test_lock_asked_during_a_wrong_try_is_forgotten(left: Left) -> None:
    door = left.program.door
    door.initials.setText("EV")
    door.passphrase.line.setText("not the words")
    door.button.click()
    left.program.window.lock("session")
    left.rest()
    left.open()
    assert left.program.shell is not None
    assert left.notes == []


def test_clock_runs_on_and_locks_while_a_dialog_is_open(left: Left) -> None:
    left.open()
    dialog = QDialog(left.program.window)
    timer_of(left.program.window.watch).setInterval(50)
    timer_of(left.program.window.watch).start()
    patience = QTimer(dialog, singleShot=True, interval=5000)
    patience.timeout.connect(dialog.accept)
    patience.start()
    result = dialog.exec()
    QApplication.processEvents()  # the offscreen screen still speaks of a window that has ended
    assert result == QDialog.DialogCode.Rejected
    assert [note.why for note in left.notes] == ["idle"]
    assert not dialog.isVisible()


def test_lock_closes_menus_and_questions_for_a_file_unasked(left: Left) -> None:
    left.open()
    shell = shell_of(left.program)
    dialog = ask_save(left.program.kit, shell.page, "Save", "sheet.pdf", lambda path: None)
    menu = QMenu(left.program.window)
    menu.addAction("tulpan-47")
    menu.popup(left.program.window.pos())
    assert dialog.isVisible()
    QTest.keyClick(left.program.window.windowHandle(), Qt.Key.Key_L, CTRL)
    left.rest()
    assert len(left.notes) == 1
    floating = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    assert floating == [left.program.window]
    assert left.program.window.findChildren(QFileDialog) == []


def test_text_handed_over_at_the_last_moment_waits_as_a_draft(left: Left, tmp_path: Path) -> None:
    left.open()
    program = left.program
    desk = session_of(program)
    form = FormState(type_name(Client), {"code": "sippa-12"})
    program.kit.events.lock_began.connect(
        lambda: program.kit.worker.run(lambda: save_draft(desk, None, form))
    )
    assert lock(left).drafts == 1
    assert "1 draft is kept and opens again with the database" in texts(program.door)
    again = store_lifecycle.unlock_store(tmp_path / "store", WHO, MACHINE)
    assert count_drafts(again) == 1
    again.store.close()


def test_text_is_handed_over_when_the_window_ends_too(left: Left) -> None:
    left.open()
    received: list[str] = []
    left.program.kit.events.lock_began.connect(lambda: received.append("now"))
    left.program.close()
    assert received == ["now"]


def test_one_comes_back_to_the_plan_and_section_where_one_was(left: Left, plan: bytes) -> None:
    left.open()
    shell_of(left.program).go_to("plans")
    shell_of(left.program).page.open_plan(plan)
    left.rest()
    shell_of(left.program).page.currentWidget().go_to("consent")
    lock(left)
    left.open()
    left.rest()
    plans = shell_of(left.program).page
    assert isinstance(plans, PlansPage)
    view = plans.currentWidget()
    assert isinstance(view, PlanView)
    assert view.parts["consent"].isVisible()
    assert shell_of(left.program).place() == f"plans/{plan.hex()}/consent"


@pytest.mark.slow
def test_another_user_begins_with_today(left: Left) -> None:
    left.open()
    shell_of(left.program).go_to("history")
    lock(left)
    left.open("AL")
    assert shell_of(left.program).place() == "today"
    lock(left)
    left.open("EV")
    assert shell_of(left.program).place() == "history"


def test_place_is_taken_up_once(tmp_path: Path, plan: bytes) -> None:
    assert plan
    desk = store_lifecycle.unlock_store(tmp_path / "store", WHO, MACHINE)
    assert pop_resume_state(desk) == ""
    save_resume_state(desk, "contacts")
    assert pop_resume_state(replace(desk, user="AL")) == ""
    assert pop_resume_state(desk) == "contacts"
    assert pop_resume_state(desk) == ""
    desk.store.close()


def test_place_that_is_gone_is_passed_over(left: Left) -> None:
    left.open()
    shell_of(left.program).return_to("ferries/1")
    assert shell_of(left.program).place() == "today"


def test_long_work_that_can_be_stopped_does_not_hold_up_the_lock(left: Left) -> None:
    left.open()
    course, ends = JobProgress(), list[str]()

    def long_work() -> None:
        began = time.monotonic()
        while time.monotonic() - began < HANG:  # it is stopped, or nobody stops it
            course.step(1, 2)
            time.sleep(0.01)
        ends.append("by itself")

    left.program.kit.worker.run(long_work, failed=lambda _: None, cancel=course)
    lock(left)
    assert ends == []


def test_clipboard_is_emptied_before_the_lock(left: Left) -> None:
    left.open()
    received: list[bool] = []
    window = left.program.window
    left.program.kit.events.leave_began.connect(lambda: received.append(window.isActiveWindow()))
    lock(left)
    assert received == [True]


@pytest.mark.slow
def test_locked_window_that_was_hidden_stays_hidden_in_the_new_process(
    qtbot: QtBot, qapp: QApplication, left: Left, tmp_path: Path
) -> None:
    left.open()
    left.program.window.hide_all()
    left.program.window.lock("idle")
    (note,) = left.notes
    assert note.is_minimised
    setting = replace(
        app.window_settings(tmp_path / "store", note.language, MACHINE),
        note=note,
        keep=lambda *_: None,
    )
    again = Program(qapp, setting)
    qtbot.addWidget(again.window)
    again.show()
    assert again.window.isMinimized()
    assert "No input for 5 minutes, so the program locked itself" in {
        label.text() for label in again.door.findChildren(QLabel)
    }
    again.close()


def test_new_window_stands_where_the_old_one_stood(
    qtbot: QtBot, qapp: QApplication, left: Left, tmp_path: Path
) -> None:
    left.open()
    left.program.window.setGeometry(37, 41, 740, 560)
    note = lock(left)
    setting = replace(
        app.window_settings(tmp_path / "store", "en", MACHINE), note=note, keep=lambda *_: None
    )
    again = Program(qapp, setting)
    qtbot.addWidget(again.window)
    again.show()
    assert again.window.geometry() == left.program.window.geometry()
    again.close()


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"why": "key"},
        ResumeState().to_dict() | {"at": "now"},
        ResumeState().to_dict() | {"drafts": True},
    ],
)
def test_note_that_does_not_fit_is_none(told: dict[str, object]) -> None:
    assert read_resume_state(told) is None
