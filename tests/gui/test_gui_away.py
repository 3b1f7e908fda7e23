# SPDX-License-Identifier: GPL-3.0-or-later
"""While nobody is there, no job opens a window; what it has to say waits until somebody is back.

That holds after F12, while a lock waits for a job that nobody can stop, and after the lock.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import cast

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QToolTip,
)
from pytestqt.qtbot import QtBot
from tests.gui.key_states import CTRL, Stage, is_on_x11, press
from tests.gui.lock_samples import MACHINE, WHO, Left, new_store, start
from tests.gui.test_gui_hide_and_lock import HIDE, LOCK, is_hidden, on_view, stage
from tests.support.patience import HANG
from tests.support.samples import first
from tests.support.windows import session_of, settle, shell_of, timer_of, toast_label

from kfdesk import store_lifecycle
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.client import Client
from kfdesk.domain.schema import type_name
from kfdesk.services.core.drafts import FormState, count_drafts, save_draft
from kfdesk.ui.context import LockSettings
from kfdesk.ui.dialogs import ask_open, ask_save
from kfdesk.ui.lock import resume
from kfdesk.ui.lock.session_monitor import SessionMonitor
from kfdesk.ui.pages.printing.print_dialog import new_print_dialog, new_printer
from kfdesk.ui.shell.overlays import AboutSheet
from kfdesk.ui.worker import JobProgress

__all__ = ("stage",)
SAID = "The file is ready."


@pytest.fixture
def left(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Left]:
    """Yield a program with an open store."""
    new_store(tmp_path / "store")
    made = start(qtbot, qapp, tmp_path / "store", LockSettings(), lambda _: None)
    made.open()
    yield made
    made.program.close()


# --- What a job may try


def _file_dialog(stage: Stage) -> None:
    ask_save(stage.kit, stage.shell, "Save", "sheet.pdf", lambda _: None)


def _dialog_in_dialog(stage: Stage) -> None:
    outer = ask_open(stage.kit, stage.shell, "Open", ".age", lambda _: None)
    ask_save(stage.kit, outer, "Save", "sheet.pdf", lambda _: None)


def _print_dialog(stage: Stage) -> None:
    printer = new_printer()
    dialog = new_print_dialog(printer, stage.shell)
    QDialog.open(dialog)
    dialog.destroyed.connect(lambda _=printer: None)


def _message(stage: Stage) -> None:
    QMessageBox(QMessageBox.Icon.Warning, SAID, SAID, parent=stage.window).open()


def _application_modal(stage: Stage) -> None:
    dialog = QDialog()
    dialog.setModal(True)
    stage.kept.append(dialog)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()


def _plain_window(stage: Stage) -> None:
    window = QLabel(SAID)
    stage.kept.append(window)
    window.showMaximized()


def _dialog_with_a_loop(stage: Stage) -> None:
    QDialog(stage.window).exec()


WINDOWS: dict[str, Callable[[Stage], None]] = {
    made.__name__.lstrip("_"): made
    for made in (
        _file_dialog, _dialog_in_dialog, _print_dialog, _message, _application_modal,
        _plain_window, _dialog_with_a_loop,
    )
}  # fmt: skip


def _menu(stage: Stage) -> None:
    menu = QMenu(stage.shell)
    menu.addAction(SAID)
    menu.popup(QPoint(60, 60))


def _tooltip(stage: Stage) -> None:
    QToolTip.showText(QPoint(60, 60), SAID, stage.shell)


def _sheet(stage: Stage) -> None:
    stage.shell.layer.show_sheet(AboutSheet(stage.kit))


def _stopping_fault(stage: Stage) -> None:
    stage.kit.events.failed.emit(KfdeskError("store.damaged"))


def _other_page(stage: Stage) -> None:
    stage.shell.go_to("contacts")


def _focus(stage: Stage) -> None:
    line = QLineEdit(stage.shell)
    line.show()
    line.setFocus()


INSIDE: dict[str, Callable[[Stage], None]] = {
    made.__name__.lstrip("_"): made
    for made in (_menu, _tooltip, _sheet, _stopping_fault, _other_page, _focus)
}


def after_a_job(stage: Stage, act: Callable[[Stage], None]) -> None:
    """Press F12 in the midst of a job, and let the job end with `act`."""
    gate, ended = Event(), []

    def done(_: object) -> None:
        ended.append(1)
        act(stage)

    stage.kit.worker.run(lambda: gate.wait(HANG), done)
    press(HIDE)
    if is_on_x11():
        stage.qtbot.waitUntil(lambda: is_hidden(stage))
    assert is_hidden(stage)
    gate.set()
    stage.qtbot.waitUntil(lambda: bool(ended))
    settle(stage.qtbot, stage.kit)


# --- After F12


@pytest.mark.parametrize("act", first(5, [*WINDOWS, *INSIDE]))
def test_a_job_that_ends_after_f12_brings_nothing_on_view(stage: Stage, act: str) -> None:
    after_a_job(stage, (WINDOWS | INSIDE)[act])
    assert is_hidden(stage)
    stage.window.cover.uncover()


@pytest.mark.parametrize(
    "act", first(2, [name for name in WINDOWS if name != "dialog_with_a_loop"])
)
def test_a_window_that_a_job_opens_waits_until_the_person_is_back(stage: Stage, act: str) -> None:
    after_a_job(stage, WINDOWS[act])
    stage.window.showNormal()
    stage.window.activateWindow()
    assert on_view() == ["Window"]
    QTest.mouseClick(stage.window.cover.button, Qt.MouseButton.LeftButton)
    settle(stage.qtbot, stage.kit)
    assert len(on_view()) == (3 if act == "dialog_in_dialog" else 2)
    opened = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    assert all(one.isModal() or one is stage.window or act == "plain_window" for one in opened), (
        opened
    )
    press(HIDE)  # and now it is a window as any other
    if is_on_x11():
        stage.qtbot.waitUntil(lambda: is_hidden(stage))
    assert is_hidden(stage)


@pytest.mark.parametrize("act", ["sheet", "stopping_fault", "other_page", "focus"])
def test_what_a_job_puts_on_the_page_takes_no_key_from_the_cover(stage: Stage, act: str) -> None:
    after_a_job(stage, INSIDE[act])
    cover = stage.window.cover
    stage.window.showNormal()
    stage.window.activateWindow()
    stage.qtbot.waitUntil(lambda: QApplication.focusWidget() is cover.button)
    QTest.keyClick(cover.button, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is cover.button
    press(Qt.Key.Key_Return)
    stage.qtbot.waitUntil(cover.isHidden)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert stage.shell.isAncestorOf(focus)


def test_what_jobs_have_to_say_waits_and_none_of_it_is_lost(stage: Stage) -> None:
    toast = stage.shell.toast

    def said() -> str:
        return toast_label(toast).text() if not toast.isHidden() else ""

    def tell(_: Stage) -> None:
        for words in (SAID, "Another one.", "The last."):
            stage.kit.notify(words)

    after_a_job(stage, tell)
    assert not timer_of(toast).isActive()
    assert toast.unread() == (SAID, "Another one.", "The last.")
    stage.window.showNormal()
    stage.window.cover.uncover()
    for words in (SAID, "Another one.", "The last."):
        assert said() == words
        assert timer_of(toast).isActive()
        timer_of(toast).timeout.emit()
    assert said() == ""
    assert toast.unread() == ()


def test_a_message_on_view_stays_while_nobody_is_there(stage: Stage) -> None:
    stage.kit.notify(SAID)
    press(HIDE)
    if is_on_x11():
        stage.qtbot.waitUntil(lambda: is_hidden(stage))
    assert not timer_of(stage.shell.toast).isActive()
    assert not stage.shell.toast.isHidden()
    stage.window.cover.uncover()
    assert timer_of(stage.shell.toast).isActive()
    assert stage.shell.toast.unread() == ()


# --- While a lock waits, and after it


class Waiting:
    """A lock that waits for a job; `during` runs in the midst of it, and then the job ends."""

    def __init__(self, left: Left, during: Callable[[], None]) -> None:
        self.gate = Event()
        self.left = left
        self._during = during
        self.has_waited = False

    def run(
        self,
        lose: Callable[[], object],
        done: Callable[[object], None] | None = None,
        failed: Callable[[KfdeskError], None] | None = None,
    ) -> None:
        """Begin the job, lock by `lose`, and return when the lock is over."""

        def job() -> None:
            self.gate.wait(HANG)
            if failed is not None:
                raise KfdeskError("record.missing")

        self.left.program.kit.worker.run(job, done, failed)
        QTimer.singleShot(50, self._act)
        lose()
        self.left.qtbot.waitUntil(lambda: bool(self.left.notes))
        self.left.rest()

    def _act(self) -> None:
        try:
            assert self.left.program.window.cover.isVisibleTo(self.left.program.window)
            self.has_waited = self.left.notes == []
            self._during()
        finally:
            self.gate.set()


LOSSES: dict[str, Callable[[Left], object]] = {
    "key": lambda left: press(LOCK, CTRL),
    "button": lambda left: shell_of(left.program).bar.locking.click(),
    "idle": lambda left: left.program.window.watch.idled.emit(),
    "sleep": lambda left: left.program.window.watch.slept.emit(),
    "session": lambda left: cast("SessionMonitor", left.program._session).locked.emit(),
}


@pytest.mark.parametrize("why", first(2, LOSSES))
def test_f12_hides_at_once_while_a_lock_waits_for_a_job(left: Left, why: str) -> None:
    window, seen = left.program.window, []

    def during() -> None:
        press(HIDE)
        if is_on_x11():
            left.qtbot.waitUntil(window.isMinimized)
        seen.append((window.isMinimized(), on_view(), left.program.kit.worker.is_busy))

    wait = Waiting(left, during)
    wait.run(lambda: LOSSES[why](left))
    assert wait.has_waited
    assert seen == [(True, ["Window"], True)]
    assert left.notes[0].is_minimised
    assert window.isMinimized()
    assert left.program.shell is None


@pytest.mark.parametrize(
    "key", first(3, ["return", "space", "escape", "click", "lock", "tab", "command"])
)
def test_nothing_but_the_end_of_the_lock_lifts_the_cover(left: Left, key: str) -> None:
    window, shell = left.program.window, left.program.shell
    assert shell is not None
    place, seen = shell.place(), []

    def during() -> None:
        keys = {
            "return": (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
            "space": (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier),
            "escape": (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
            "tab": (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier),
            "lock": (LOCK, CTRL),
            "command": (Qt.Key.Key_3, CTRL),
        }
        if key == "click":
            at = window.rect().center()
            QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=at)
        else:
            for _ in range(2):
                QTest.keyClick(window.windowHandle(), *keys[key])
        focus = QApplication.focusWidget()
        assert focus is None or not shell.isAncestorOf(focus)
        seen.append((window.cover.isVisibleTo(window), shell.place()))

    Waiting(left, during).run(lambda: press(LOCK, CTRL))
    assert seen == [(True, place)]
    assert [note.why for note in left.notes] == ["key"]
    assert not window.cover.isVisibleTo(window)
    assert left.program.door.isVisible()


@pytest.mark.parametrize("is_hidden_too", first(1, [True, False]))
@pytest.mark.parametrize("act", ["file_dialog", "message", "application_modal", "plain_window"])
def test_a_job_that_ends_during_a_lock_opens_no_window(
    left: Left, act: str, is_hidden_too: bool
) -> None:
    program, kept = left.program, []
    shell = program.shell
    assert shell is not None

    def done(_: object) -> None:
        stage = Stage(program.kit, left.qtbot, program.window, shell, b"", Path())
        WINDOWS[act](stage)
        kept.append(stage)

    Waiting(left, lambda: press(HIDE) if is_hidden_too else None).run(
        lambda: press(LOCK, CTRL), done
    )
    assert len(kept) == 1
    left.rest()
    assert on_view() == ["Window"]
    left.open()
    assert on_view() == ["Window"]


def test_what_a_job_says_during_a_lock_is_said_after_the_next_unlock(left: Left) -> None:
    kit = left.program.kit
    shell_of(left.program).go_to("contacts")
    left.rest()

    def done(_: object) -> None:
        kit.notify(SAID)
        kit.events.failed.emit(KfdeskError("record.missing"))

    Waiting(left, lambda: None).run(lambda: press(LOCK, CTRL), done)
    assert SAID not in str(left.notes)
    left.open()
    shell = left.program.shell
    assert shell is not None
    assert shell.place() == "contacts"
    assert shell.toast.isVisible()
    assert not shell.toast.can_undo


def test_what_was_said_after_f12_is_said_after_an_idle_lock_too(left: Left) -> None:
    kit = left.program.kit
    press(HIDE)
    left.qtbot.waitUntil(left.program.window.isMinimized)
    kit.worker.run(lambda: None, lambda _: kit.notify(SAID))
    left.rest()
    left.program.window.watch.idled.emit()
    left.rest()
    assert [note.why for note in left.notes] == ["idle"]
    left.open()
    shell = left.program.shell
    assert shell is not None
    assert toast_label(shell.toast).text() == SAID


def test_a_change_refused_during_a_lock_is_kept_as_a_draft(left: Left, tmp_path: Path) -> None:
    program, desk = left.program, session_of(left.program)
    form = FormState(type_name(Client), {"code": "sippa-12"})

    def refused(_: KfdeskError) -> None:
        program.kit.worker.run(lambda: save_draft(desk, None, form))

    Waiting(left, lambda: None).run(lambda: press(LOCK, CTRL), failed=refused)
    assert left.notes[0].drafts == 1
    again = store_lifecycle.unlock_store(tmp_path / "store", WHO, MACHINE)
    assert count_drafts(again) == 1
    again.store.close()


def test_a_job_that_begins_another_one_is_stopped_with_it(left: Left) -> None:
    worker, told = left.program.kit.worker, []

    def chain(_: object) -> None:
        course = JobProgress()
        worker.run(
            lambda: course.step(1, 2), chain, lambda fault: told.append(fault.code), cancel=course
        )

    Waiting(left, lambda: None).run(lambda: press(LOCK, CTRL), chain)
    assert told == ["work.cancelled"]


def test_a_job_that_does_not_end_is_told_at_the_door(
    left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resume, "_LOCK_TIMEOUT", 0.1)
    gate = Event()
    left.program.kit.worker.run(lambda: gate.wait(HANG))
    press(LOCK, CTRL)
    left.qtbot.waitUntil(lambda: bool(left.notes))
    gate.set()
    left.rest()
    assert left.notes[0].is_cut
    said = {label.text() for label in left.program.door.findChildren(QLabel)}
    assert (
        "Work in progress could not finish and was stopped. Check whether it has to be done again."
        in said
    )


def test_sleep_ends_the_waiting(left: Left) -> None:
    gate = Event()
    left.program.kit.worker.run(lambda: gate.wait(HANG))
    QTimer.singleShot(50, left.program.window.watch.slept.emit)
    QTimer.singleShot(100, left.program.kit.worker.stop_waiting)  # as for the drafts behind the job
    press(LOCK, CTRL)
    left.qtbot.waitUntil(lambda: bool(left.notes))
    assert [note.why for note in left.notes] == ["key"]
    gate.set()
    left.rest()


def test_window_closed_while_a_lock_waits_does_not_start_anew(left: Left) -> None:
    gate = Event()

    def close() -> None:
        left.program.window.close()
        gate.set()

    left.program.kit.worker.run(lambda: gate.wait(HANG))
    QTimer.singleShot(50, close)
    press(LOCK, CTRL)
    left.rest()
    assert left.notes == []
