# SPDX-License-Identifier: GPL-3.0-or-later
"""A desk that is played in a process of its own: its window stays open while others are played.

Here sits whoever tells it what to do; there the real program runs, with a player at its keyboard.
What goes between them is a function of a play and its arguments, and what it returned.
"""

import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Concatenate, ParamSpec, TypeVar

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from tests.e2e.played_house import House
from tests.e2e.player import Player

P = ParamSpec("P")
T = TypeVar("T")
PATIENCE = 240  # seconds for one thing to be done, on the slowest machine
_TURN = 0.005  # seconds between two looks for what is to be done


class Seat:
    """A person at the other process's window; `does` has them do something."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def does(
        self,
        step: Callable[Concatenate[Player, P], T],
        *arguments: P.args,
        **named: P.kwargs,
    ) -> T:
        """Return what a step returns in the other process; fail here if it fails there."""
        self._pipe.send((step, arguments, named))
        if not self._pipe.poll(PATIENCE):
            raise AssertionError(f"nothing came of {step.__name__}")
        result, fault = self._pipe.recv()
        assert not fault, fault
        return result  # type: ignore[no-any-return]


def be_at(stockholm: Seat, pskov: Seat, time: str) -> None:
    """Set the clock of both desks to a time in Stockholm."""
    for seat in (stockholm, pskov):
        seat.does(_is_at, time)


@contextmanager
def seated(folder: Path) -> Iterator[Seat]:
    """Yield a window on an empty store in `folder`, in a process of its own.

    Fail if the window met a bug or the keyboard focus was lost.
    """
    folder.mkdir(parents=True, exist_ok=True)
    context = get_context("spawn")  # a process that has a window cannot be doubled
    here, there = context.Pipe()
    process = context.Process(target=_sit, args=(there, folder), daemon=True)
    process.start()
    there.close()
    try:
        seat = Seat(here)
        yield seat
        faults = seat.does(_faults)
        assert not faults, faults
    finally:
        here.close()
        process.join(20)
        process.kill()


class _Bot:
    """Part of pytest's bot that a player needs where there is no test."""

    def waitUntil(self, is_so: Callable[[], bool], *, timeout: int = PATIENCE * 1000) -> None:  # noqa: N802
        end = monotonic() + timeout / 1000
        while not is_so():
            assert monotonic() < end, "it did not become so"
            QApplication.processEvents()
            sleep(0.001)  # QTest.qWait would keep Python from the worker while it sleeps

    @contextmanager
    def waitActive(self, window: QWidget) -> Iterator[None]:  # noqa: N802 - the bot's name
        yield
        QTest.qWaitForWindowActive(window)


def _sit(pipe: Connection, folder: Path) -> None:
    """Open the window and do what comes, until nobody is there any more."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["XDG_CONFIG_HOME"] = str(folder / "settings")
    bot: Any = _Bot()
    house = House(bot, QApplication([]), folder)
    player = house.opens()
    _HOUSES.append(house)
    while True:
        while not pipe.poll(_TURN):
            QApplication.processEvents()
        try:
            step, arguments, named = pipe.recv()
        except EOFError:
            break
        try:
            pipe.send((step(player, *arguments, **named), ""))
        except Exception:
            pipe.send((None, traceback.format_exc()))
    house.closes()


_HOUSES: list[House] = []


def _is_at(player: Player, time: str) -> None:
    _HOUSES[0].is_at(time)
    player.program.kit.events.minute_passed.emit()  # as a window's own timer does
    player.rests()


def _faults(player: Player) -> list[str]:
    """List the bugs and lost focuses that no step has reported."""
    return [*map(repr, _HOUSES[0].bugs), *player.lost]
