# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line at its edges: who asks, what is printed, and the exit code.

0 done, 1 refused with the reason and its remedy, 2 wrong use. No traceback, and no passphrase in
an argument, where other users of the machine could read it.
"""

import getpass
import json
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TextIO

from kfdesk.cli import commands
from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n import messages
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk

DONE, REFUSED = 0, 1


@dataclass(frozen=True, slots=True)
class Doors:
    """What `app.py` opens for the command line: the store that was named."""

    create: Callable[[str, str, str], Desk]  # organisation, initials, passphrase
    unlock: Callable[[str, str], Desk]  # initials, passphrase
    words: Callable[[str], Language]
    papers: commands.Papers


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
    passphrase = _passphrase(asked)
    if asked.command == "init":
        desk = doors.create(asked.name, asked.initials, passphrase)
        desk.store.close()
        return {"organisation": desk.identity.organisation.hex()}
    desk = doors.unlock(asked.initials, passphrase)
    try:
        return commands.run(desk, asked, doors.papers)
    finally:
        desk.store.close()


def _passphrase(asked: Namespace) -> str:
    if asked.passphrase_file is None:
        return getpass.getpass()
    try:
        lines = asked.passphrase_file.read_text(encoding="utf-8").splitlines()
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
