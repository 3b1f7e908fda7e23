# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line at its edges: who asks, what is printed, and the exit code.

0 done, 1 refused with the reason and its remedy, 2 wrong use. No traceback, and no passphrase in
an argument, where other users of the machine could read it.
"""

import getpass
import json
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from kfdesk.cli import commands
from kfdesk.domain.desk.backup import Restored
from kfdesk.domain.desk.tries import pause_after
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n import messages
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk

DONE, REFUSED = 0, 1
_MOST_TRIES = 6
_WRONG = "store.wrong_passphrase"


@dataclass(frozen=True, slots=True)
class Doors:
    """What `app.py` opens for the command line: the store that was named."""

    create: Callable[[str, str, str], Desk]  # organisation, initials, passphrase
    unlock: Callable[[str, str], Desk]  # initials, passphrase
    words: Callable[[str], Language]
    papers: commands.Papers
    check: Callable[[Path, str, str], tuple[Path, Mapping[str, int]]]  # backup, initials, …
    restore: Callable[[Path, str, str], Restored]
    wait: Callable[[float], None] = time.sleep  # seconds, after wrong tries


def run(asked: Namespace, doors: Doors) -> int:
    """Run one command and say what came of it. Returns the exit code."""
    words = doors.words(asked.language or "")
    try:
        answer = _answer(asked, doors)
    except KfdeskError as error:
        _say(sys.stderr, asked, _refusal(error, words))
        return REFUSED
    _say(sys.stdout, asked, answer)
    return DONE


def _answer(asked: Namespace, doors: Doors) -> commands.Answer:
    if asked.command == "init":
        passphrase = _passphrase(asked.passphrase_file)
        desk = doors.create(asked.name, asked.initials, passphrase)
        desk.store.close()
        return {"organisation": desk.identity.organisation.hex()}
    if asked.command == "backup" and asked.action != "make":
        return _about_backup(asked, doors, _passphrase(asked.passphrase_file))
    desk = _unlocked(asked, doors)
    try:
        if hasattr(asked, "new_passphrase_file"):
            asked.new_passphrase = _new_passphrase(asked.new_passphrase_file)
        return commands.run(desk, asked, doors.papers)
    finally:
        desk.store.close()


def _about_backup(asked: Namespace, doors: Doors, passphrase: str) -> commands.Answer:
    """What needs no store, because there may be none any more."""
    if asked.action == "check":
        path, counts = doors.check(asked.folder, asked.initials, passphrase)
        return {"sound": True, "backup": str(path), "records": dict(counts)}
    done = doors.restore(asked.folder, asked.initials, passphrase)
    return {
        "records": dict(done.counts),
        "erased_again": done.erased,
        "knows_erasures": done.knows_erasures,
        "store_before": str(done.aside) if done.aside else None,
    }


def _unlocked(asked: Namespace, doors: Doors) -> Desk:
    """The desk. Who types may try again, and waits longer after each try from the third on."""
    tries = 0
    while True:
        asked.own_passphrase = _passphrase(asked.passphrase_file)
        try:
            return doors.unlock(asked.initials, asked.own_passphrase)
        except KfdeskError as error:
            tries += 1
            is_final = asked.passphrase_file is not None or tries == _MOST_TRIES
            if error.code != _WRONG or is_final or not sys.stdin.isatty():
                raise
        doors.wait(pause_after(tries))


def _new_passphrase(file: Path | None) -> str:
    """A new passphrase; one that is typed is typed twice before it counts."""
    first = _passphrase(file, "New passphrase: ")
    if file is None and getpass.getpass("The same again: ") != first:
        raise KfdeskError("user.not_the_same")
    return first


def _passphrase(file: Path | None, prompt: str = "Passphrase: ") -> str:
    if file is None:
        return getpass.getpass(prompt)
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise KfdeskError("store.wrong_passphrase") from None
    return lines[0] if lines else ""


def _refusal(error: KfdeskError, words: Language) -> commands.Answer:
    return {
        "refused": error.code,
        "reason": messages.sentence(error, words),
        "remedy": messages.remedy(error, words),
    }


def _say(stream: TextIO, asked: Namespace, answer: commands.Answer) -> None:
    if asked.json:
        stream.write(json.dumps(answer, ensure_ascii=False) + "\n")
    else:
        stream.write("".join(f"{key}: {_plain(value)}\n" for key, value in answer.items()))


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
