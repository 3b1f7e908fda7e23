# SPDX-License-Identifier: GPL-3.0-or-later
"""Work in pieces: the window answers between them, and who needs all of it gets all of it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.form import IncrementalForm
from kfdesk.ui.worker import IncrementalBuilder

LONG = 0.02  # seconds: more than is done in one turn
spent = [0.0]


@pytest.fixture
def turns(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[IncrementalBuilder]:
    """Yield a builder with a clock that advances by the piece, whatever the load."""
    monkeypatch.setattr("kfdesk.ui.worker._perf_counter", lambda: spent[0])
    owner = QObject()
    yield IncrementalBuilder(owner)
    owner.deleteLater()


def counted(done: list[int], name: int = 0, lasting: float = LONG) -> Iterator[None]:
    for number in range(4):
        spent[0] += lasting
        done.append(name + number)
        yield


def test_window_is_answered_between_two_pieces(turns: IncrementalBuilder, qtbot: QtBot) -> None:
    done: list[int] = []
    received: list[int] = []
    beat = QTimer(turns, interval=0)
    beat.timeout.connect(lambda: received.append(len(done)))
    beat.start()
    turns.start(counted(done))
    assert done == [0]
    qtbot.waitUntil(lambda: turns.is_done)
    assert done == [0, 1, 2, 3]
    assert {1, 2, 3} <= set(received)


def test_short_pieces_share_a_turn(turns: IncrementalBuilder) -> None:
    done: list[int] = []
    turns.start(counted(done, lasting=0))
    assert done == [0, 1, 2, 3]
    assert turns.is_done


def test_who_needs_all_of_it_has_it_at_once(turns: IncrementalBuilder) -> None:
    done: list[int] = []
    turns.start(counted(done))
    turns.finish()
    assert done == [0, 1, 2, 3]
    assert turns.is_done


def test_new_work_takes_the_place_of_what_was_left(turns: IncrementalBuilder, qtbot: QtBot) -> None:
    done: list[int] = []
    turns.start(counted(done))
    turns.start(counted(done, 10))
    qtbot.waitUntil(lambda: turns.is_done)
    assert done == [0, 10, 11, 12, 13]


def test_a_piece_that_asks_for_the_rest_gets_what_there_is(turns: IncrementalBuilder) -> None:
    done: list[int] = []

    def asking() -> Iterator[None]:
        turns.finish()
        done.append(1)
        yield

    turns.start(asking())
    assert done == [1]


def test_work_that_is_stopped_is_left_undone(turns: IncrementalBuilder, qtbot: QtBot) -> None:
    done: list[int] = []
    turns.start(counted(done))
    turns.stop()
    qtbot.wait(50)
    assert done == [0]


def test_form_grows_by_one_field_at_a_time_and_is_whole_for_who_asks(
    kit: UiContext, qtbot: QtBot
) -> None:
    keys = tuple(RECORD_TYPES["client"].fields)[:4]
    form = IncrementalForm(kit, "client", keys)
    qtbot.addWidget(form)
    growing = form.build_incrementally()
    next(growing)
    assert not form.is_complete
    assert form.keys == frozenset(keys)
    assert not form.has_changes
    with qtbot.waitSignal(form.completed):
        assert list(form.editors) == list(keys)
    assert form.is_complete
    assert list(growing) == []
