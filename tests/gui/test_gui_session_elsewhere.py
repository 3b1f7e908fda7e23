# SPDX-License-Identifier: GPL-3.0-or-later
"""Sleep and locks on Windows and macOS, as far as they can be tried here: message by message."""

import ctypes
import sys
from ctypes import wintypes
from typing import Any

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kfdesk.ui.lock.idle import SleepDetector, clock_pair
from kfdesk.ui.lock.session_monitor import (
    MacSessionMonitor,
    WindowsSessionMonitor,
    is_sleep,
    register_window,
    session_event,
    wants_answer,
)

POWER, SESSION, PAINT = 0x0218, 0x02B1, 0x000F
WILL_SLEEP, CAN_SLEEP, HAS_WOKEN = 0xE0000280, 0xE0000270, 0xE0000300
GENERIC = QByteArray(b"windows_generic_MSG")


@pytest.mark.parametrize(
    ("message", "reason", "means"),
    [
        (POWER, 0x4, "slept"),
        (POWER, 0x7, "slept"),
        (POWER, 0x12, "slept"),
        (POWER, 0xA, ""),
        (POWER, 0x8013, ""),
        (SESSION, 0x7, "locked"),
        (SESSION, 0x2, "locked"),
        (SESSION, 0x4, "locked"),
        (SESSION, 0x6, "locked"),
        (SESSION, 0x8, ""),
        (SESSION, 0x1, ""),
        (PAINT, 0x7, ""),
        (PAINT, 0x4, ""),
    ],
)
def test_each_message_of_windows_means_one_thing(message: int, reason: int, means: str) -> None:
    assert session_event(message, reason) == means


def test_message_in_memory_becomes_what_it_means_and_none_is_taken(qapp: QApplication) -> None:
    entered: list[int] = []

    def enter(window: int) -> bool:
        entered.append(window)
        return True

    session = WindowsSessionMonitor(77, enter)
    received: list[str] = []
    session.slept.connect(lambda: received.append("slept"))
    session.locked.connect(lambda: received.append("locked"))
    for message, reason in ((POWER, 0x4), (SESSION, 0x7), (PAINT, 0), (SESSION, 0x8)):
        sent = wintypes.MSG(message=message, wParam=reason)
        answer = session._messages.nativeEventFilter(GENERIC, ctypes.addressof(sent))
        assert answer == (False, 0)
    other = wintypes.MSG(message=POWER, wParam=0x4)
    session._messages.nativeEventFilter(QByteArray(b"xcb_generic_event_t"), ctypes.addressof(other))
    assert received == ["slept", "locked"]
    assert entered == [77]
    assert session.is_heard
    qapp.removeNativeEventFilter(session._messages)


@pytest.mark.skipif(sys.platform == "win32", reason="there is a Windows to ask")
def test_where_there_is_no_windows_nothing_is_entered() -> None:
    assert not register_window(1)


class _Called:
    """A function of C: what it was called with; it answers with its own number."""

    restype: Any = None
    argtypes: Any = None

    def __init__(self, number: int) -> None:
        self.number, self.calls = number, list[tuple[Any, ...]]()

    def __call__(self, *given: Any) -> int:
        assert self.argtypes is not None
        assert len(given) == len(self.argtypes)
        self.calls.append(given)
        return self.number


def test_windows_is_asked_for_locks_and_for_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int, int]] = []

    class Library:
        def __init__(self, answers: dict[str, int]) -> None:
            self._answers = answers

        def __getattr__(self, name: str) -> Any:
            if name not in self._answers:
                raise AttributeError(name)

            def call(handle: ctypes.c_void_p, how: int) -> int:
                asked.append((name, handle.value or 0, how))
                return self._answers[name]

            return call

    class Windows:
        wtsapi32 = Library({"WTSRegisterSessionNotification": 1})
        user32 = Library({"RegisterSuspendResumeNotification": 9})

    monkeypatch.setattr(ctypes, "windll", Windows, raising=False)
    assert register_window(5)
    assert asked == [
        ("WTSRegisterSessionNotification", 5, 0), ("RegisterSuspendResumeNotification", 5, 0)
    ]  # fmt: skip
    Windows.user32 = Library({})
    assert register_window(5)


class Mac:
    """Libraries that note what they are asked for."""

    def __init__(self, port: int = 7) -> None:
        self.functions: dict[str, _Called] = {}
        self.port = port
        self.CFRunLoopGetMain = self._make("CFRunLoopGetMain", 3)

    def _make(self, name: str, number: int) -> _Called:
        return self.functions.setdefault(name, _Called(number))

    def __getattr__(self, name: str) -> _Called:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._make(name, self.port if name == "IORegisterForSystemPower" else 1)


def test_mac_is_asked_and_answered_before_it_sleeps(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    mac = Mac()
    pointer = type("Pointer", (ctypes.c_void_p,), {"in_dll": staticmethod(lambda *_: None)})
    monkeypatch.setattr("kfdesk.ui.lock.session_monitor._Pointer", pointer)
    session = MacSessionMonitor(lambda _path: mac)
    assert session.is_heard
    assert {"CFRunLoopAddSource", "CFNotificationCenterAddObserver"} <= set(mac.functions)
    received: list[str] = []
    session.slept.connect(lambda: received.append("slept"))
    session.locked.connect(lambda: received.append("locked"))
    for message in (CAN_SLEEP, WILL_SLEEP, HAS_WOKEN):
        session._on_power(None, 0, message, 42)
    session._on_notice(None, None, None, None, None)
    assert received == ["slept", "locked"]
    assert mac.functions["IOAllowPowerChange"].calls == [(7, 42), (7, 42)]


def test_mac_that_does_not_agree_or_has_no_library_is_not_heard(qtbot: QtBot) -> None:
    def missing(_path: str) -> object:
        raise OSError

    assert not MacSessionMonitor(missing).is_heard
    assert not MacSessionMonitor(lambda _path: Mac(port=0)).is_heard


def test_only_the_sleep_itself_locks() -> None:
    assert [is_sleep(each) for each in (WILL_SLEEP, CAN_SLEEP, HAS_WOKEN)] == [True, False, False]
    assert [wants_answer(each) for each in (WILL_SLEEP, CAN_SLEEP, HAS_WOKEN)] == [
        True, True, False
    ]  # fmt: skip


# the clocks


class Clocks:
    """A computer whose clocks one sets."""

    def __init__(self) -> None:
        self.always, self.awake, self.wall = 1000.0, 400.0, 5000.0

    def run(self, seconds: float, *, asleep: float = 0, leap: float = 0) -> None:
        self.always += seconds + asleep
        self.awake += seconds
        self.wall += seconds + asleep + leap


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def paired(clocks: Clocks) -> SleepDetector:
    return SleepDetector((lambda: clocks.always, lambda: clocks.awake), lambda: clocks.wall)


def test_short_sleep_is_told_by_two_clocks_once(clocks: Clocks, paired: SleepDetector) -> None:
    clocks.run(1)
    assert not paired.has_slept()
    clocks.run(1, asleep=5)
    assert paired.has_slept()
    clocks.run(1)
    assert not paired.has_slept()


def test_clock_that_is_set_by_some_seconds_is_no_sleep(
    clocks: Clocks, paired: SleepDetector
) -> None:
    clocks.run(1, leap=30)
    assert not paired.has_slept()
    clocks.run(1, leap=-3600)
    assert not paired.has_slept()


def test_without_two_clocks_the_wall_clock_tells_of_a_longer_sleep(clocks: Clocks) -> None:
    bare = SleepDetector(None, lambda: clocks.wall)
    clocks.run(1, asleep=30)
    assert not bare.has_slept()
    clocks.run(1, asleep=90)
    assert bare.has_slept()
    clocks.run(1)
    assert not bare.has_slept()


def test_what_was_slept_before_the_beginning_does_not_count(
    clocks: Clocks, paired: SleepDetector
) -> None:
    clocks.run(1, asleep=500)
    paired.start()
    assert not paired.has_slept()


def test_this_computers_two_clocks_go_on_together_while_it_is_awake() -> None:
    pair = clock_pair()
    if pair is None:
        pytest.skip("this system has no such pair")
    detector = SleepDetector(pair)
    assert not detector.has_slept()
    always, awake = pair
    assert always() >= awake() - 1


@pytest.mark.skipif(sys.platform != "linux", reason="asks for what Linux lacks")
def test_system_without_such_clocks_has_no_pair() -> None:
    assert clock_pair("win32") is None
    assert clock_pair("darwin") is None


def test_windows_counts_with_and_without_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ticks:
        restype: Any = None

        def __call__(self) -> int:
            return 9_000

    class Kernel:
        GetTickCount64 = Ticks()

        @staticmethod
        def QueryUnbiasedInterruptTime(parts: Any) -> None:  # noqa: N802 - Windows' name
            parts._obj.value = 40_000_000

    class Windows:
        kernel32 = Kernel()

    monkeypatch.setattr(ctypes, "windll", Windows, raising=False)
    pair = clock_pair("win32")
    assert pair is not None
    assert [clock() for clock in pair] == [9.0, 4.0]
