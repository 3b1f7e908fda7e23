# SPDX-License-Identifier: GPL-3.0-or-later
"""Work in pieces: the window answers between them, and who needs all of it gets all of it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from kfdesk.domain.records.registry import TYPES
from kfdesk.ui.editing.turns import Turns
from kfdesk.ui.form.form import GrowingForm
from kfdesk.ui.kit import Kit

LONG = 0.02  # seconds: more than is done in one turn
spent = [0.0]


@pytest.fixture
def turns(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Turns]:
    """Turns by a clock that goes on with each piece, however busy the machine is."""
    monkeypatch.setattr("kfdesk.ui.editing.turns._now", lambda: spent[0])
    owner = QObject()
    yield Turns(owner)
    owner.deleteLater()


def counted(done: list[int], name: int = 0, lasting: float = LONG) -> Iterator[None]:
    for number in range(4):
        spent[0] += lasting
        done.append(name + number)
        yield


def test_window_is_answered_between_two_pieces(turns: Turns, qtbot: QtBot) -> None:
    done: list[int] = []
    heard: list[int] = []
    beat = QTimer(turns, interval=0)
    beat.timeout.connect(lambda: heard.append(len(done)))
    beat.start()
    turns.begin(counted(done))
    assert done == [0]
    qtbot.waitUntil(lambda: turns.is_done)
    assert done == [0, 1, 2, 3]
    assert {1, 2, 3} <= set(heard)


def test_short_pieces_share_a_turn(turns: Turns) -> None:
    done: list[int] = []
    turns.begin(counted(done, lasting=0))
    assert done == [0, 1, 2, 3]
    assert turns.is_done


def test_who_needs_all_of_it_has_it_at_once(turns: Turns) -> None:
    done: list[int] = []
    turns.begin(counted(done))
    turns.finish()
    assert done == [0, 1, 2, 3]
    assert turns.is_done


def test_new_work_takes_the_place_of_what_was_left(turns: Turns, qtbot: QtBot) -> None:
    done: list[int] = []
    turns.begin(counted(done))
    turns.begin(counted(done, 10))
    qtbot.waitUntil(lambda: turns.is_done)
    assert done == [0, 10, 11, 12, 13]


def test_a_piece_that_asks_for_the_rest_gets_what_there_is(turns: Turns) -> None:
    done: list[int] = []

    def asking() -> Iterator[None]:
        turns.finish()
        done.append(1)
        yield

    turns.begin(asking())
    assert done == [1]


def test_work_that_is_stopped_is_left_undone(turns: Turns, qtbot: QtBot) -> None:
    done: list[int] = []
    turns.begin(counted(done))
    turns.stop()
    qtbot.wait(50)
    assert done == [0]


def test_form_grows_by_one_field_at_a_time_and_is_whole_for_who_asks(
    kit: Kit, qtbot: QtBot
) -> None:
    keys = tuple(TYPES["client"].fields)[:4]
    form = GrowingForm(kit, "client", keys)
    qtbot.addWidget(form)
    growing = form.grow()
    next(growing)
    assert not form.is_whole
    assert form.keys == frozenset(keys)
    assert not form.has_changes
    with qtbot.waitSignal(form.completed):
        assert list(form.editors) == list(keys)
    assert form.is_whole
    assert list(growing) == []
