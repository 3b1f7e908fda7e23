# SPDX-License-Identifier: GPL-3.0-or-later
"""The shield is asked for every window that comes, and the settings promise what there is."""

import sys

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from tests.support.windows import nameless, show

from kfdesk.ui.context import LOCK_MINUTES, LockSettings, UiContext
from kfdesk.ui.lock import lock
from kfdesk.ui.lock.lock import CaptureBlocker, CaptureSupport, capture_support
from kfdesk.ui.pages.settings import LockSettingsCard


def test_every_window_is_protected_menus_and_dialogs_too(qtbot: QtBot, qapp: QApplication) -> None:
    asked: list[int] = []

    def protect(window: int) -> bool:
        asked.append(window)
        return True

    guard = CaptureBlocker(qapp, protect)
    window = QWidget()
    QPushButton("inside", window)
    show(qtbot, window)
    dialog = QDialog(window)
    dialog.show()
    menu = QMenu(window)
    menu.addAction("x")
    menu.popup(window.pos())
    for one in (window, dialog, menu):
        assert int(one.windowHandle().winId()) in asked
    assert len(set(asked)) == 3
    menu.close()
    dialog.close()
    qapp.removeEventFilter(guard)


@pytest.mark.parametrize(
    ("platform", "promised"),
    [
        ("win32", CaptureSupport.UNSEEN),
        ("darwin", CaptureSupport.ASKED),
        ("linux", CaptureSupport.NOTHING),
        ("freebsd14", CaptureSupport.NOTHING),
    ],
)
def test_each_platform_is_promised_what_it_can_do(platform: str, promised: CaptureSupport) -> None:
    assert capture_support(platform) is promised


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is a way there")
def test_where_there_is_no_way_nothing_watches(qapp: QApplication) -> None:
    assert lock.block_screen_capture(qapp) is None


def test_settings_show_what_holds_and_what_can_be_done_about_screenshots(
    kit: UiContext, qtbot: QtBot
) -> None:
    kit.lock_preferences.apply(LockSettings(lock_minutes=10, locks_for_sleep=False))
    page = LockSettingsCard(kit)
    show(qtbot, page)
    assert page.minutes.key == "10"
    assert {key: switch.key for key, switch in page.switches.items()} == {
        "locks_with_session": "yes",
        "locks_for_sleep": "no",
        "covers_when_left": "no",
    }
    assert nameless(page) == []
    assert "0" not in page.minutes.parts
    assert list(page.minutes.parts) == [str(count) for count in LOCK_MINUTES]


def test_each_choice_in_the_settings_holds_at_once(kit: UiContext, qtbot: QtBot) -> None:
    page = LockSettingsCard(kit)
    show(qtbot, page)
    page.minutes.parts["1"].click()
    page.switches["covers_when_left"].parts["yes"].click()
    page.switches["locks_with_session"].parts["no"].click()
    assert kit.lock_preferences.chosen == LockSettings(
        lock_minutes=1, locks_with_session=False, locks_for_sleep=True, covers_when_left=True
    )


def test_minutes_of_an_older_file_show_as_the_nearest_choice(kit: UiContext, qtbot: QtBot) -> None:
    kit.lock_preferences.apply(LockSettings(lock_minutes=7))
    page = LockSettingsCard(kit)
    qtbot.addWidget(page)
    assert page.minutes.key == "5"
    assert kit.lock_preferences.chosen.lock_minutes == 7
