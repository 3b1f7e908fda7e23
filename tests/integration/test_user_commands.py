# SPDX-License-Identifier: GPL-3.0-or-later
"""People and passphrases by the command line: who opens the store, asked for and typed twice."""

import getpass
import json
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.support.stores import new_desk

from kfdesk import app, store_lifecycle
from kfdesk.cli import terminal
from kfdesk.cli.arguments import build_parser
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.errors import KfdeskError
from kfdesk.environment import Environment
from kfdesk.services.core.session import Session
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)
OWN, THEIRS = "sex helt vanliga ord till prov", "sex andra ord för en annan"
Run = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_desk(tmp_path / "store", "Nordhuset", Credentials("EV", OWN), MACHINE).store.close()
    return tmp_path / "store"


@pytest.fixture
def run(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as EV; the answer, or what was refused."""
    (tmp_path / "own.txt").write_text(f"{OWN}\n", encoding="utf-8")
    (tmp_path / "new.txt").write_text(f"{THEIRS}\n", encoding="utf-8")

    def runs(*words: str) -> Any:
        head = ["--store", str(folder), "--initials", "EV", "--json"]
        app.main([*head, "--passphrase-file", str(tmp_path / "own.txt"), *words], MACHINE)
        said = capsys.readouterr()
        return json.loads(said.out or said.err)

    return runs


def typing(monkeypatch: pytest.MonkeyPatch, *typed: str) -> list[str]:
    """Somebody types these at the terminal; what they were asked."""
    left, asked = list(typed), list[str]()

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return left.pop(0)

    monkeypatch.setattr(getpass, "getpass", ask)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    return asked


def test_person_is_let_in_listed_given_roles_and_removed(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    new = ("--new-passphrase-file", str(tmp_path / "new.txt"))
    added = run("user", "add", "qq", "--roles", "approver, case_manager", *new)
    assert added == {"added": "QQ", "roles": ["approver", "case_manager"]}
    store_lifecycle.unlock_store(folder, Credentials("QQ", THEIRS), MACHINE).store.close()
    assert run("user", "list")["users"] == [
        {"initials": "EV", "roles": sorted(Role)},
        {"initials": "QQ", "roles": ["approver", "case_manager"]},
    ]
    assert run("user", "roles", "QQ", "--roles", "approver")["roles"] == ["approver"]
    assert run("user", "remove", "QQ") == {"removed": "QQ"}
    assert len(run("user", "list")["users"]) == 1


def test_unknown_role_is_refused_with_its_remedy(run: Run, tmp_path: Path) -> None:
    new = ("--new-passphrase-file", str(tmp_path / "new.txt"))
    refused = run("user", "add", "qq", "--roles", "boss", *new)
    assert refused["refused"] == "user.unknown_role"
    assert refused["remedy"]


def test_own_passphrase_is_changed_by_a_file(run: Run, folder: Path, tmp_path: Path) -> None:
    new = ("--new-passphrase-file", str(tmp_path / "new.txt"))
    assert run("user", "passphrase", *new) == {"changed": "EV"}
    store_lifecycle.unlock_store(folder, Credentials("EV", THEIRS), MACHINE).store.close()


def test_new_passphrase_that_is_typed_is_typed_twice(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = typing(monkeypatch, THEIRS, "något annat", THEIRS, THEIRS)
    assert run("user", "passphrase")["refused"] == "user.not_the_same"
    assert run("user", "passphrase") == {"changed": "EV"}
    assert asked == ["New passphrase: ", "Type it again: "] * 2
    store_lifecycle.unlock_store(folder, Credentials("EV", THEIRS), MACHINE).store.close()


class Opened:
    """Doors that refuse so many passphrases, and how long one had to wait between them."""

    def __init__(self, wrong: int, code: str = "store.wrong_passphrase", before: int = 0) -> None:
        self.wrong, self.code, self.before = wrong, code, before
        self.waits: list[float] = []

    def unlock(self, _initials: str, _passphrase: str) -> Session:
        if self.wrong:
            self.wrong -= 1
            raise KfdeskError(self.code)
        raise KfdeskError("store.in_use")  # the passphrase was right; more is not asked here

    def tried(self, *words: str) -> str:
        """Return the exit code."""

        def unasked(*_: object) -> Any:
            raise AssertionError

        doors = terminal.StoreAccess(
            create=unasked, unlock=self.unlock, check_key=unasked, recover=unasked,
            words=app.language, check=unasked, restore=unasked, examine=unasked, salvage=unasked,
            updates=unasked, is_new=unasked,
            tries=lambda: self.before, wait=self.waits.append,
        )  # fmt: skip
        asked: Namespace = build_parser().parse_args([*words, "user", "list"])
        with pytest.raises(KfdeskError) as refused:
            terminal._dispatch(asked, doors, app.language("en"))
        return refused.value.code


def test_each_wrong_try_from_the_third_on_waits_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, *["fel"] * 9)
    doors = Opened(wrong=4)
    assert doors.tried() == "store.in_use"
    assert doors.waits == [0, 0, 2, 4]


def test_tries_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, *["fel"] * 9)
    doors = Opened(wrong=99)
    assert doors.tried() == "store.wrong_passphrase"
    assert doors.waits == [0, 0, 2, 4, 8]


def test_only_a_wrong_passphrase_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "ord")
    doors = Opened(wrong=1, code="store.damaged")
    assert doors.tried() == "store.damaged"


def test_script_is_not_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch)
    (tmp_path / "words.txt").write_text("fel\n", encoding="utf-8")
    doors = Opened(wrong=9)
    assert doors.tried("--passphrase-file", str(tmp_path / "words.txt")) == "store.wrong_passphrase"
    assert doors.waits == []


def test_tries_before_count_for_a_script_and_for_who_types(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, *["fel"] * 9)
    doors = Opened(wrong=2, before=4)
    assert doors.tried() == "store.in_use"
    assert doors.waits == [4, 8, 16]
    (tmp_path / "words.txt").write_text("fel\n", encoding="utf-8")
    script = Opened(wrong=9, before=5)
    script.tried("--passphrase-file", str(tmp_path / "words.txt"))
    assert script.waits == [8]


def test_wrong_tries_are_counted_until_the_store_opens(folder: Path, tmp_path: Path) -> None:
    machine = replace(MACHINE, state=tmp_path / "state")
    for _ in range(3):
        with pytest.raises(KfdeskError):
            store_lifecycle.unlock_store(folder, Credentials("EV", THEIRS), machine)
    assert app.window_settings(folder, "en", machine).tries() == 3
    store_lifecycle.unlock_store(folder, Credentials("EV", OWN), machine).store.close()
    assert app.window_settings(folder, "en", machine).tries() == 0
