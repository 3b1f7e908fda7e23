# SPDX-License-Identifier: GPL-3.0-or-later
"""Five days when something happens, each by keys alone, and each finished on a bare laptop."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from tests.e2e import played_before as before
from tests.e2e import played_days as days
from tests.e2e.played_seat import Seat, seated
from tests.e2e.played_voices import SWEDISH

AWAY = "Whoever was not there needs six new words. Let them sit beside you."


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


def begun(seat: Seat) -> str:
    """A desk with one plan. Returns the words."""
    words = seat.does(before.found, SWEDISH)
    seat.does(before.take_in, SWEDISH)
    return words


def ends(seat: Seat) -> None:
    """The guide says that all is done, the plan is there, and the store is whole."""
    assert seat.does(days.is_at, "Everything is done.")
    assert seat.does(days.plans) == 1
    assert seat.does(days.is_sound)
    seat.does(days.says, "Put this guide away")


@pytest.mark.slow
def test_laptop_crosses_a_border_empty_and_everything_comes_back(
    tmp_path: Path, stick: Path
) -> None:
    with seated(tmp_path / "hall") as hall, seated(tmp_path / "there") as there:
        words = begun(hall)
        hall.does(days.begin, days.TRAVEL)
        hall.does(days.back_up, stick)
        hall.does(days.try_out, words)
        hall.does(days.says, "I carry neither the stick nor a sheet")
        hall.does(days.wipe, words)
        assert not (tmp_path / "hall" / "ours").exists()
        there.does(days.restore, stick, words)
        there.does(days.begin, days.TRAVEL)
        ends(there)


@pytest.mark.slow
def test_desk_moves_to_a_new_laptop_and_the_old_one_is_emptied_last(
    tmp_path: Path, stick: Path
) -> None:
    with seated(tmp_path / "old") as old, seated(tmp_path / "new") as new:
        words = begun(old)
        old.does(days.begin, days.MOVE)
        old.does(days.back_up, stick)
        old.does(days.try_out, words)
        assert not old.does(days.is_at, "On the old laptop: destroy the store, below.")
        new.does(days.restore, stick, words)
        old.does(days.says, "I have seen my plans on the new laptop")
        old.does(days.wipe, words)
        assert not (tmp_path / "old" / "ours").exists()
        new.does(days.begin, days.MOVE)
        new.does(days.says, "The old laptop is empty")
        new.does(days.says, "Done")
        ends(new)


def test_lost_laptop_is_shut_out_from_its_backup_on_a_bare_one(tmp_path: Path, stick: Path) -> None:
    with seated(tmp_path / "lost") as lost:
        words = begun(lost)
        lost.does(days.let_in_a_colleague, words)
        lost.does(days.begin, days.MOVE)
        lost.does(days.back_up, stick)
    with seated(tmp_path / "new") as new:
        new.does(days.restore, stick, words)
        new.does(days.begin, days.LOST)
        new.does(days.says, "There is no other laptop to shut out")
        new.does(days.new_signing_keys, words)
        new.does(days.new_data_key, words, others=days.COLLEAGUE)
        assert new.does(days.shut_out) == []
        for tick in (
            "Everybody is in", "Everybody was told",
            "It was reported, or the reason not to was written down", "Not needed here",
        ):  # fmt: skip
            new.does(days.says, tick)
        new.does(days.back_up, stick)
        new.does(days.says, "They are destroyed, or the key is the same")
        ends(new)


@pytest.mark.slow
def test_colleague_leaves_and_a_bare_laptop_opens_what_was_made_after(
    tmp_path: Path, stick: Path
) -> None:
    with seated(tmp_path / "hall") as hall, seated(tmp_path / "new") as new:
        words = begun(hall)
        hall.does(days.let_in_a_colleague, words)
        hall.does(days.begin, days.LEAVER)
        hall.does(days.hand_over)
        hall.does(days.remove)
        hall.does(days.new_data_key, words)
        for tick in ("Everybody is in", "Not needed here"):
            hall.does(days.says, tick)
        hall.does(days.back_up, stick)
        hall.does(days.says, "They are destroyed, or the key is the same")
        ends(hall)
        new.does(days.restore, stick, words)
        assert new.does(days.plans) == 1


@pytest.mark.slow
def test_who_was_away_for_a_new_data_key_is_named_and_the_guide_goes_on(
    tmp_path: Path, stick: Path
) -> None:
    with seated(tmp_path / "hall") as hall, seated(tmp_path / "new") as new:
        words = begun(hall)
        hall.does(days.let_in_a_colleague, words)
        hall.does(days.begin, days.NEW_KEY)
        hall.does(days.new_data_key, words)
        assert hall.does(days.shut_out) == ["qq"]
        assert hall.does(days.is_at, AWAY)
        for tick in ("Everybody is in", "Not needed here"):
            hall.does(days.says, tick)
        hall.does(days.back_up, stick)
        hall.does(days.says, "They are destroyed, or the key is the same")
        ends(hall)
        new.does(days.restore, stick, words)
        assert new.does(days.is_sound)


@pytest.mark.parametrize(
    "key",
    [Qt.Key.Key_L, pytest.param(Qt.Key.Key_F12, marks=pytest.mark.slow)],
    ids=["lock", "hide"],
)
def test_whoever_locks_or_hides_while_all_is_written_anew_opens_one_whole_store(
    tmp_path: Path, key: Qt.Key
) -> None:
    with seated(tmp_path / "hall") as hall:
        words = begun(hall)
        hall.does(days.begin, days.NEW_KEY)
        hall.does(days.new_data_key_meanwhile, words, key)
        assert hall.does(days.plans) == 1
        assert hall.does(days.is_sound)
