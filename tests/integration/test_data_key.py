# SPDX-License-Identifier: GPL-3.0-or-later
"""A new data key as a desk has it made: who opens afterwards, what ends, and what goes on."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.pair_samples import refusal
from tests.support.stores import new_desk

from kfdesk import app, store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.audit import Action
from kfdesk.domain.recovery_key import generate_key, spell_key
from kfdesk.environment import Environment
from kfdesk.services import accounts
from kfdesk.services.accounts import check_passphrase, rekey_store
from kfdesk.services.core.session import Session
from kfdesk.services.upkeep.backup import list_backups, make_backup
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)
OWN, THEIRS, AWAY = (
    "sex helt vanliga ord till prov", "sex andra ord för en annan", "ord för en som är borta",
)  # fmt: skip
EV, QQ, AW = Credentials("EV", OWN), Credentials("QQ", THEIRS), Credentials("AW", AWAY)
KEY = " ".join(spell_key(generate_key(os.urandom)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "store"


@pytest.fixture
def desk(folder: Path) -> Iterator[Session]:
    """Yield a desk with a plan, three people and a recovery key."""
    made = new_desk(folder, people.HOUSE, EV, MACHINE)
    story.enter_plan(made, made.identity.organisation)
    accounts.add_user(made, OWN, "qq", THEIRS, [Role.CASE_MANAGER])
    accounts.add_user(made, OWN, "aw", AWAY, [Role.SHELTER_WORKER])
    accounts.set_recovery_key(made, OWN, KEY)
    yield made
    made.store.close()


def opened(folder: Path, who: Credentials) -> Session:
    desk = store_lifecycle.unlock_store(folder, who, MACHINE)
    desk.store.close()
    return desk


def test_desk_goes_on_as_it_was_for_all_who_are_here(desk: Session, folder: Path) -> None:
    before, identity = desk.store.digest(), desk.identity
    assert rekey_store(desk, OWN.upper(), {"QQ": THEIRS})
    again = store_lifecycle.unlock_store(folder, EV, MACHINE)
    assert (again.store.digest(), again.identity) == (before, identity)
    assert again.store.verify() == ()
    logged = [event.action for _, event in again.store.ledger.events(None, 2)]
    assert logged == [Action.OPEN, Action.DATA_KEY]
    again.store.close()
    assert opened(folder, QQ).roles == {Role.CASE_MANAGER}


def test_who_was_away_is_let_in_again_with_new_words_and_the_recovery_key_is_made_anew(
    desk: Session, folder: Path
) -> None:
    rekey_store(desk, OWN, {"qq": THEIRS})
    assert refusal(lambda: opened(folder, AW)).code == "store.wrong_passphrase"
    again = store_lifecycle.unlock_store(folder, EV, MACHINE)
    assert [user.initials for user in accounts.users_without_slot(again)] == ["aw"]
    assert not accounts.recovery_key_status(again).is_made
    taken = refusal(lambda: accounts.add_user(again, OWN, "qq", AWAY, [Role.APPROVER]))
    assert taken.code == "user.exists"
    accounts.add_user(again, OWN, "aw", "helt nya ord för henne", [Role.SHELTER_WORKER])
    accounts.set_recovery_key(again, OWN, KEY)
    assert accounts.users_without_slot(again) == ()
    again.store.close()
    theirs = opened(folder, Credentials("AW", "helt nya ord för henne"))
    assert theirs.roles == {Role.SHELTER_WORKER}


def test_who_was_away_can_be_removed_without_having_come_back(desk: Session, folder: Path) -> None:
    rekey_store(desk, OWN, {"qq": THEIRS})
    again = store_lifecycle.unlock_store(folder, EV, MACHINE)
    accounts.remove_user(again, "aw")
    assert accounts.users_without_slot(again) == ()
    again.store.close()


def test_wrong_passphrase_of_one_changes_nothing_and_the_desk_goes_on(
    desk: Session, folder: Path
) -> None:
    check_passphrase(desk, "qq", f" {THEIRS} ")
    assert refusal(lambda: check_passphrase(desk, "qq", OWN)).code == "store.wrong_passphrase"
    for own, others in ((AWAY, {}), (OWN, {"qq": OWN})):
        refused = refusal(lambda own=own, others=others: rekey_store(desk, own, others))
        assert refused.code == "store.wrong_passphrase"
    assert desk.store.rows("client")
    desk.store.close()
    assert opened(folder, AW).user == "AW"


def test_backups_from_before_open_by_themselves_and_are_no_longer_thrown_away(
    desk: Session, folder: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    old = make_backup(desk, stick).path
    rekey_store(desk, OWN, {})
    again = store_lifecycle.unlock_store(folder, EV, MACHINE)
    assert list_backups(again, stick) == ()
    new = make_backup(again, stick).path
    assert [backup.path for backup in list_backups(again, stick)] == [new]
    again.store.close()
    for backup in (old, new):
        path, counts = store_lifecycle.check_backup(backup, folder, EV)
        assert (path, counts["leg"]) == (backup, 2)
    assert (
        refusal(lambda: store_lifecycle.check_backup(new, folder, AW)).code
        == "store.wrong_passphrase"
    )


def test_command_line_asks_for_those_who_are_here_and_names_those_who_are_not(
    desk: Session, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.store.close()
    for name, words in (("own", OWN), ("here", THEIRS)):
        (tmp_path / name).write_text(f"{words}\n", encoding="utf-8")
    head = ["--store", str(folder), "--initials", "EV", "--json"]
    head += ["--passphrase-file", str(tmp_path / "own")]
    here = ["user", "data-key", "qq", "--present-file", str(tmp_path / "own")]
    assert app.main([*head, *here], MACHINE) == 1
    assert json.loads(capsys.readouterr().err)["refused"] == "store.wrong_passphrase"
    here[-1] = str(tmp_path / "here")
    assert app.main([*head, *here], MACHINE) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {"data_key": "new", "recovery_key": "none", "shut_out": ["AW"]}
    assert opened(folder, QQ).user == "QQ"
    assert app.main([*head, "verify"], MACHINE) == 0


def test_command_line_says_where_the_last_step_was_refused(
    desk: Session, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    desk.store.close()
    (tmp_path / "own").write_text(f"{OWN}\n", encoding="utf-8")
    rename = Path.rename

    def refused(path: Path, target: Path) -> Path:
        if path == folder:
            raise OSError
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refused)
    head = ["--store", str(folder), "--initials", "EV", "--json"]
    head += ["--passphrase-file", str(tmp_path / "own")]
    assert app.main([*head, "user", "data-key"], MACHINE) == 1
    said = json.loads(capsys.readouterr().err)
    assert said["refused"] == "store.key_stays"
    assert said["remedy"]
    assert opened(folder, AW).user == "AW"
