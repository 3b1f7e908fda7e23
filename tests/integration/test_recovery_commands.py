# SPDX-License-Identifier: GPL-3.0-or-later
"""The recovery key by the command line: made at a terminal, proved from paper, and used."""

import getpass
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support import make

from kfdesk import app, store_lifecycle
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.recovery_key import generate_key, read_sheet, spell_key, spell_sheet, split_key
from kfdesk.environment import Environment
from kfdesk.services import accounts
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)
OWN, NEW = "sex helt vanliga ord till prov", "sex andra ord för en annan"
KEY = " ".join(spell_key(bytes(19) + b"\x07"))
OTHER = " ".join(spell_key(bytes(19) + b"\x08"))
HIDDEN = "\x1b[3J"


class Terminal(io.StringIO):
    """A screen with a keyboard; `screens` are what stood on it before each time it was cleared."""

    def isatty(self) -> bool:
        return True

    @property
    def screens(self) -> list[str]:
        return self.getvalue().split(HIDDEN)


class Shell:
    """Commands on one store, typed at a terminal, with what is answered and refused."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._patch = folder, monkeypatch
        self.screen = Terminal()
        self.asked: list[str] = []
        self.answers: list[str | Callable[[], str]] = []
        self.waits: list[float] = []
        monkeypatch.setattr(getpass, "getpass", self._ask)
        monkeypatch.setattr("time.sleep", self.waits.append)

    def _ask(self, prompt: str) -> str:
        self.asked.append(prompt)
        answer = self.answers.pop(0)
        return answer if isinstance(answer, str) else answer()

    def run(self, *words: str, typed: str = "", code: str = "en") -> Any:
        """Return the answer of a command; `typed` is the standard input."""
        told = Terminal()
        self.screen = Terminal()
        with self._patch.context() as patch:
            patch.setattr(sys, "stdin", Terminal(typed))
            patch.setattr(sys, "stdout", told)
            patch.setattr(sys, "stderr", self.screen)
            head = ["--store", str(self.folder), "--initials", "EV", "--language", code]
            app.main([*head, "--json", *words], MACHINE)
        return json.loads(told.getvalue() or self.screen.getvalue().splitlines()[-1])

    def shown(self, screen: int) -> str:
        """Return the groups that stood on a screen."""
        rows = [row for row in self.screen.screens[screen].splitlines() if "   " in row]
        return " ".join(rows)

    def last_shown(self) -> str:
        """Return the groups on the screen before this one, as they are typed from paper."""
        return " ".join(self.shown(-2).split() + self._last_group(-2))

    def _last_group(self, screen: int) -> list[str]:
        rows = self.screen.screens[screen].splitlines()
        place = max(number for number, row in enumerate(rows) if "   " in row)
        return rows[place + 1].split()


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    folder = tmp_path / "store"
    store_lifecycle.create_store(
        folder, "Nordhuset", Credentials("EV", OWN), MACHINE, KEY
    ).store.close()
    return Shell(folder, monkeypatch)


def opens(shell: Shell, passphrase: str) -> bool:
    try:
        store_lifecycle.unlock_store(
            shell.folder, Credentials("EV", passphrase), MACHINE
        ).store.close()
    except KfdeskError:
        return False
    return True


def test_key_from_paper_gives_a_new_passphrase(shell: Shell) -> None:
    shell.answers = [KEY.lower(), NEW, NEW]
    assert shell.run("user", "recover") == {"changed": "EV"}
    assert shell.asked == [
        "Recovery key, or one of its sheets: ", "New passphrase: ", "Type it again: "
    ]  # fmt: skip
    assert opens(shell, NEW)
    assert not opens(shell, OWN)


def test_slip_is_said_at_once_and_a_key_that_does_not_fit_waits_longer(shell: Shell) -> None:
    shell.answers = [KEY[:-1] + "9", OTHER, OTHER, OTHER, OTHER, KEY, NEW, NEW]
    assert shell.run("user", "recover") == {"changed": "EV"}
    slip = "A character is wrong, missing or extra. Compare each group with your paper."
    assert shell.screen.getvalue().splitlines() == [slip]
    assert shell.waits == [0, 0, 2, 4]


def test_key_that_does_not_fit_is_refused_like_a_wrong_passphrase(
    shell: Shell, tmp_path: Path
) -> None:
    (tmp_path / "key.txt").write_text(OTHER, encoding="utf-8")
    refused = shell.run("user", "recover", "--key-file", str(tmp_path / "key.txt"))
    assert refused["refused"] == "store.wrong_passphrase"
    assert refused["reason"] == "The initials, passphrase and database do not match."
    assert shell.asked == []
    assert opens(shell, OWN)


def test_two_sheets_that_were_made_and_proved_at_the_terminal_open(shell: Shell) -> None:
    shell.answers = [OWN, shell.last_shown, shell.last_shown, shell.last_shown]
    assert shell.run("user", "recovery-key", "--sheets", "3", typed="\n\n\n") == {
        "recovery_key": "made", "sheets": 3
    }  # fmt: skip
    assert shell.asked[1:] == [
        f"Sheet {n} of 3 · Type the key from your paper: " for n in (1, 2, 3)
    ]
    seen = [shell.shown(number) for number in range(3)]
    last = [" ".join(shell._last_group(number)) for number in range(3)]
    sheets = [f"{groups} {end}" for groups, end in zip(seen, last, strict=True)]
    assert all(map(read_sheet, sheets))
    assert "Write it on paper" not in shell.screen.screens[-1]
    shell.answers = [sheets[2], sheets[2], sheets[0], NEW, NEW]
    assert shell.run("user", "recover") == {"changed": "EV"}
    assert shell.asked[-5:-2] == [
        "Recovery key, or one of its sheets: ", "A second sheet: ", "A second sheet: "
    ]  # fmt: skip
    assert opens(shell, NEW)


def test_old_key_opens_nothing_once_another_was_made(shell: Shell) -> None:
    shell.answers = [OWN, shell.last_shown]
    assert shell.run("user", "recovery-key", typed="\n")["sheets"] == 1
    shell.answers = [KEY] * 6
    assert shell.run("user", "recover")["refused"] == "store.wrong_passphrase"
    assert shell.waits == [0, 0, 2, 4, 8]


def test_key_that_does_not_come_back_from_paper_counts_for_nothing(shell: Shell) -> None:
    shell.answers = [OWN, *[OTHER] * 6]
    refused = shell.run("user", "recovery-key", typed="\n")
    assert refused["refused"] == "recovery.not_a_key"
    shell.answers = [KEY, NEW, NEW]
    assert shell.run("user", "recover") == {"changed": "EV"}


def test_no_key_is_shown_where_no_screen_is_or_no_right(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Terminal, "isatty", lambda _self: False)
    shell.answers = [OWN]
    refused = shell.run("user", "recovery-key")
    assert refused["refused"] == "recovery.no_terminal"
    desk = store_lifecycle.unlock_store(shell.folder, Credentials("EV", OWN), MACHINE)
    accounts.add_user(desk, OWN, "QQ", NEW, {Role.ADMINISTRATOR})
    accounts.set_roles(desk, "EV", {Role.SHELTER_WORKER})
    desk.store.close()
    monkeypatch.setattr(Terminal, "isatty", lambda _self: True)
    shell.answers = [OWN]
    assert shell.run("user", "recovery-key")["refused"] == "user.not_allowed"
    assert len(shell.screen.screens) == 1


def test_key_and_passphrase_come_by_the_standard_input_for_a_script(shell: Shell) -> None:
    random = lambda size: make.named_bytes("random", size)  # noqa: E731 - one line says it
    key = generate_key(random)
    sheets = [" ".join(spell_sheet(one, random)) for one in split_key(key, random)]
    desk = store_lifecycle.unlock_store(shell.folder, Credentials("EV", OWN), MACHINE)
    accounts.set_recovery_key(desk, OWN, " ".join(sheets[1:]))
    desk.store.close()
    words = ("user", "recover", "--key-file", "-", "--new-passphrase-file", "-")
    assert shell.run(*words, typed=f"{sheets[2]}\n{sheets[0]}\n{NEW}\n") == {"changed": "EV"}
    assert shell.asked == []
    assert opens(shell, NEW)


def test_file_that_is_not_there_is_refused_with_its_remedy(shell: Shell, tmp_path: Path) -> None:
    refused = shell.run("user", "recover", "--key-file", str(tmp_path / "none.txt"))
    assert refused["refused"] == "store.wrong_passphrase"


def test_questions_are_asked_in_the_language_of_the_answers(shell: Shell) -> None:
    shell.answers = [KEY, NEW, NEW]
    shell.run("user", "recover", code="sv")
    assert shell.asked[1] == "Ny lösenfras: "
