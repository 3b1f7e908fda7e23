# SPDX-License-Identifier: GPL-3.0-or-later
"""Five days when something happens, each by keys alone, and each finished on a bare laptop."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from tests.e2e import played_before, played_days
from tests.e2e.played_seat import Seat, seated
from tests.e2e.played_voices import SWEDISH

AWAY = "Anyone who was not there needs six new words. Let them sit beside you."


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


def begun(seat: Seat) -> str:
    """Set up a desk with one plan. Return the passphrase."""
    words = seat.does(played_before.found, SWEDISH)
    seat.does(played_before.take_in, SWEDISH)
    return words


def ends(seat: Seat) -> None:
    """Check that the runbook is complete, the plan exists, and the store is sound."""
    assert seat.does(played_days.is_at, "Everything is done.")
    assert seat.does(played_days.plans) == 1
    assert seat.does(played_days.is_sound)
    seat.does(played_days.says, "Close this guide")


@pytest.mark.slow
def test_laptop_crosses_a_border_empty_and_everything_comes_back(
    tmp_path: Path, stick: Path
) -> None:
    with seated(tmp_path / "hall") as hall, seated(tmp_path / "there") as there:
        words = begun(hall)
        hall.does(played_days.begin, played_days.TRAVEL)
        hall.does(played_days.back_up, stick)
        hall.does(played_days.try_out, words)
        hall.does(played_days.says, "I carry neither the USB stick nor a sheet")
        hall.does(played_days.wipe, words)
        assert not (tmp_path / "hall" / "ours").exists()
        there.does(played_days.restore, stick, words)
        there.does(played_days.begin, played_days.TRAVEL)
        ends(there)


@pytest.mark.slow
def test_desk_moves_to_a_new_laptop_and_the_old_one_is_emptied_last(
    tmp_path: Path, stick: Path
) -> None:
    with seated(tmp_path / "old") as old, seated(tmp_path / "new") as new:
        words = begun(old)
        old.does(played_days.begin, played_days.MOVE)
        old.does(played_days.back_up, stick)
        old.does(played_days.try_out, words)
        assert not old.does(played_days.is_at, "On the old laptop: destroy the database, below.")
        new.does(played_days.restore, stick, words)
        old.does(played_days.says, "I have seen my plans on the new laptop")
        old.does(played_days.wipe, words)
        assert not (tmp_path / "old" / "ours").exists()
        new.does(played_days.begin, played_days.MOVE)
        new.does(played_days.says, "The old laptop is empty")
        new.does(played_days.says, "Done")
        ends(new)


@pytest.mark.slow
def test_lost_laptop_is_shut_out_from_its_backup_on_a_bare_one(tmp_path: Path, stick: Path) -> None:
    with seated(tmp_path / "lost") as lost:
        words = begun(lost)
        lost.does(played_days.let_in_a_colleague, words)
        lost.does(played_days.begin, played_days.MOVE)
        lost.does(played_days.back_up, stick)
    with seated(tmp_path / "new") as new:
        new.does(played_days.restore, stick, words)
        new.does(played_days.begin, played_days.LOST)
        new.does(played_days.says, "There is no other laptop to block")
        new.does(played_days.new_signing_keys, words)
        new.does(played_days.new_data_key, words, others=played_days.COLLEAGUE)
        assert new.does(played_days.shut_out) == []
        for tick in (
            "Everyone has access", "Everyone was told",
            "It was reported, or the reason for not reporting it was written down",
            "Not needed here",
        ):  # fmt: skip
            new.does(played_days.says, tick)
        new.does(played_days.back_up, stick)
        new.does(played_days.says, "They are destroyed, or the key is the same")
        ends(new)


@pytest.mark.slow
def test_colleague_leaves_and_a_bare_laptop_opens_what_was_made_after(
    tmp_path: Path, stick: Path
) -> None:
    with seated(tmp_path / "hall") as hall, seated(tmp_path / "new") as new:
        words = begun(hall)
        hall.does(played_days.let_in_a_colleague, words)
        hall.does(played_days.begin, played_days.LEAVER)
        hall.does(played_days.hand_over)
        hall.does(played_days.remove)
        hall.does(played_days.new_data_key, words)
        for tick in ("Everyone has access", "Not needed here"):
            hall.does(played_days.says, tick)
        hall.does(played_days.back_up, stick)
        hall.does(played_days.says, "They are destroyed, or the key is the same")
        ends(hall)
        new.does(played_days.restore, stick, words)
        assert new.does(played_days.plans) == 1


@pytest.mark.slow
def test_who_was_away_for_a_new_data_key_is_named_and_the_guide_goes_on(
    tmp_path: Path, stick: Path
) -> None:
    with seated(tmp_path / "hall") as hall, seated(tmp_path / "new") as new:
        words = begun(hall)
        hall.does(played_days.let_in_a_colleague, words)
        hall.does(played_days.begin, played_days.NEW_KEY)
        hall.does(played_days.new_data_key, words)
        assert hall.does(played_days.shut_out) == ["qq"]
        assert hall.does(played_days.is_at, AWAY)
        for tick in ("Everyone has access", "Not needed here"):
            hall.does(played_days.says, tick)
        hall.does(played_days.back_up, stick)
        hall.does(played_days.says, "They are destroyed, or the key is the same")
        ends(hall)
        new.does(played_days.restore, stick, words)
        assert new.does(played_days.is_sound)


@pytest.mark.slow  # what a stop leaves is asked in tests/unit/storage/test_storage_rekeying.py
@pytest.mark.parametrize("key", [Qt.Key.Key_L, Qt.Key.Key_F12], ids=["lock", "hide"])
def test_whoever_locks_or_hides_while_all_is_written_anew_opens_one_whole_store(
    tmp_path: Path, key: Qt.Key
) -> None:
    with seated(tmp_path / "hall") as hall:
        words = begun(hall)
        hall.does(played_days.begin, played_days.NEW_KEY)
        hall.does(played_days.new_data_key_meanwhile, words, key)
        assert hall.does(played_days.plans) == 1
        assert hall.does(played_days.is_sound)
