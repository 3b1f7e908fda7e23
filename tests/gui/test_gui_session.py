# SPDX-License-Identifier: GPL-3.0-or-later
"""The desktop's signals as a bus carries them: on a private bus where there is a daemon for it."""

import os
import shutil
import subprocess
import sys

import pytest
from PySide6.QtDBus import QDBusConnection
from pytestqt.qtbot import QtBot

from kfdesk.ui.lock.session_monitor import DBusSessionMonitor, make_session_monitor

LISTENER = """
import json, os, sys
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from kfdesk.ui.lock.session_monitor import DBusSessionMonitor

LOGIN = "org.freedesktop.login1"
SIGNALS = [
    ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", [False]),
    ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", [True]),
    ("/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", [True]),
    ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", [True]),
    ("/org/freedesktop/login1/session/_31", LOGIN + ".Session", "Lock", []),
    ("/org/freedesktop/login1/session/_31", LOGIN + ".Session", "Unlock", []),
    ("/org/freedesktop/login1", LOGIN + ".Manager", "PrepareForSleep", [True]),
    ("/org/freedesktop/login1", LOGIN + ".Manager", "PrepareForSleep", [False]),
]
app = QCoreApplication([])
address = os.environ["DBUS_SESSION_BUS_ADDRESS"]
ours = QDBusConnection.connectToBus(address, "ours")
theirs = QDBusConnection.connectToBus(address, "theirs")
session = DBusSessionMonitor(ours, ours)
heard = []
session.slept.connect(lambda: heard.append("slept"))
session.locked.connect(lambda: heard.append("locked"))

def send():
    for path, interface, name, values in SIGNALS:
        message = QDBusMessage.createSignal(path, interface, name)
        message.setArguments(values)
        theirs.send(message)
    QTimer.singleShot(500, app.quit)

QTimer.singleShot(100, send)
app.exec()
print(session.is_heard, *heard)
"""


def on_own_bus(code: str) -> subprocess.CompletedProcess[str]:
    runner = shutil.which("dbus-run-session")
    if runner is None:
        pytest.skip("there is no daemon for a bus of the test's own")
    return subprocess.run(
        [runner, "--", sys.executable, "-c", code],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is no such bus there")
def test_session_hears_sleep_and_locks_on_a_real_bus() -> None:
    done = on_own_bus(LISTENER)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", "locked", "locked", "locked", "locked", "slept"]


def test_without_a_bus_nothing_is_heard_and_nothing_is_wrong() -> None:
    nowhere = QDBusConnection("nowhere")
    session = DBusSessionMonitor(nowhere, nowhere)
    assert not session.is_heard


def test_signals_say_what_the_bus_said(qtbot: QtBot) -> None:
    session = make_session_monitor(0)
    assert isinstance(session, DBusSessionMonitor)
    received: list[str] = []
    session.slept.connect(lambda: received.append("slept"))
    session.locked.connect(lambda: received.append("locked"))
    ends, begins = False, True
    session._on_sleep_prepared(ends)
    session._on_saver_changed(ends)
    assert received == []
    session._on_sleep_prepared(begins)
    session._on_saver_changed(begins)
    session._on_session_locked()
    assert received == ["slept", "locked", "locked"]
