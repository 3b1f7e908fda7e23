# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaving nothing on this computer: by the service and by the command line, on real stores."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.pair_samples import refusal

from kfdesk import app, store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.backup import WipeResult
from kfdesk.environment import Environment
from kfdesk.services.upkeep.backup import make_backup, wipe_store
from kfdesk.storage import key_slots, keyring

WORDS = "sex helt vanliga ord till prov"
WHO = Credentials("EV", WORDS)


@pytest.fixture
def machine(tmp_path: Path) -> Environment:
    """Return an environment with a state folder."""
    return replace(Environment(cost=key_slots.MIN_COST), state=tmp_path / "state")


@pytest.fixture
def folder(tmp_path: Path, machine: Environment) -> Path:
    """Return the folder of a store that was created, opened and closed."""
    made = tmp_path / "store"
    store_lifecycle.create_store(made, people.HOUSE, WHO, machine).store.close()
    return made


def files_in(place: Path) -> list[Path]:
    return sorted(path for path in place.rglob("*") if path.is_file())


def test_wrong_passphrase_wipes_nothing_and_the_desk_goes_on(
    folder: Path, machine: Environment
) -> None:
    desk = store_lifecycle.unlock_store(folder, WHO, machine)
    assert refusal(lambda: wipe_store(desk, "fel ord")).code == "store.wrong_passphrase"
    assert desk.store.rows("organisation")
    desk.store.close()
    store_lifecycle.unlock_store(folder, WHO, machine).store.close()


def test_store_without_a_backup_elsewhere_is_wiped_only_if_all_may_be_lost(
    folder: Path, machine: Environment, tmp_path: Path
) -> None:
    desk = store_lifecycle.unlock_store(folder, WHO, machine)
    assert refusal(lambda: wipe_store(desk, WORDS)).code == "backup.none_elsewhere"
    wrong = refusal(lambda: wipe_store(desk, "fel ord", loses_all=True))
    assert wrong.code == "store.wrong_passphrase"
    make_backup(desk, tmp_path)
    assert wipe_store(desk, WORDS) == WipeResult(is_gone=True)


def test_nothing_is_left_but_the_backup_which_opens_elsewhere(
    folder: Path, machine: Environment, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    desk = store_lifecycle.unlock_store(folder, WHO, machine)
    make_backup(desk, stick)
    kept_outside = files_in(tmp_path / "state")
    assert wipe_store(desk, WORDS.upper()).is_gone
    assert not keyring.has_store(folder)
    assert len(files_in(tmp_path / "state")) < len(kept_outside)
    elsewhere = tmp_path / "elsewhere" / "store"
    store_lifecycle.restore_store(stick, elsewhere, WHO, machine)
    again = store_lifecycle.unlock_store(elsewhere, WHO, machine)
    assert again.identity.name == people.HOUSE
    again.store.close()


def test_new_store_can_begin_where_one_was_wiped(folder: Path, machine: Environment) -> None:
    desk = store_lifecycle.unlock_store(folder, WHO, machine)
    assert wipe_store(desk, WORDS, loses_all=True).is_gone
    desk = store_lifecycle.create_store(folder, "Alhuset", WHO, machine)
    assert desk.identity.name == "Alhuset"
    desk.store.close()


def test_command_line_wipes_only_when_it_is_said_twice(
    folder: Path, machine: Environment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "words.txt"
    file.write_text(WORDS + "\n", encoding="utf-8")
    head = ["--store", str(folder), "--initials", "EV", "--json", "--passphrase-file", str(file)]
    with pytest.raises(SystemExit) as stopped:
        app.main([*head, "wipe"], machine)
    assert stopped.value.code == 2
    assert keyring.has_store(folder)
    capsys.readouterr()
    assert app.main([*head, "wipe", "--for-good"], machine) == 1
    assert json.loads(capsys.readouterr().err or "{}").get("refused") == "backup.none_elsewhere"
    assert keyring.has_store(folder)
    assert app.main([*head, "wipe", "--for-good", "--without-backup"], machine) == 0
    assert json.loads(capsys.readouterr().out) == {"wiped": True, "all_files_gone": True}
    assert not keyring.has_store(folder)


@pytest.mark.parametrize(
    "ends", [("-2026-11-24-1405",), (".former", "-before/notebook-2026-11-24-1405")]
)
def test_folders_of_others_that_are_left_are_named_in_one_sentence(
    folder: Path, machine: Environment, tmp_path: Path, ends: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The near miss: a store called `store2` is no copy by its name, and is not spoken of."""
    places = [tmp_path / f"store{end}" for end in (*ends, "2")]
    for place in places:
        store_lifecycle.create_store(place, "Alhuset", WHO, machine).store.close()
    file = tmp_path / "words.txt"
    file.write_text(WORDS + "\n", encoding="utf-8")
    head = ["--store", str(folder), "--initials", "EV", "--json", "--passphrase-file", str(file)]
    assert app.main([*head, "wipe", "--for-good", "--without-backup"], machine) == 0
    said = json.loads(capsys.readouterr().out)
    names = [f"store{end}" for end in sorted(ends)]
    assert (said["all_files_gone"], sorted(said["left"])) == (False, names)
    assert said["note"].endswith(f"{', '.join(said['left'])}.")
    for place in places:
        store_lifecycle.unlock_store(place, WHO, machine).store.close()
