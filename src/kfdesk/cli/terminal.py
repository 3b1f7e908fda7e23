# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line at its edges: who asks, what is printed, and the exit code.

0 done, 1 refused with the reason and its remedy, 2 wrong use. No traceback, and no passphrase in
an argument, where other users of the machine could read it.
"""

import json
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TextIO, TypeVar

from kfdesk.cli import commands, keys, salvage
from kfdesk.domain.desk.backup import Restored
from kfdesk.domain.desk.tries import pause_after
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.keeping.salvage import Examined, Salvage
from kfdesk.domain.marks import N_
from kfdesk.i18n import messages
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk

T = TypeVar("T")

DONE, REFUSED = 0, 1
_MOST_TRIES = 6
_WRONG = "store.wrong_passphrase"
_OLDER = "store.rolled_back"
_FOUND = "found"
_ACCEPT = "--accept-older-store"
_WAY_ON = N_(
    "If it was done knowingly, say {option} before the command. What was written since is "
    "missing, and clients erased since must be erased again."
)


@dataclass(frozen=True, slots=True)
class Doors:
    """What `app.py` opens for the command line: the store that was named."""

    create: Callable[[str, str, str], Desk]  # organisation, initials, passphrase
    unlock: Callable[[str, str], Desk]  # initials, passphrase
    check_key: Callable[[str, str], None]  # initials, recovery key
    recover: Callable[[str, str, str], Desk]  # initials, recovery key, new passphrase
    words: Callable[[str], Language]
    check: Callable[[Path, str, str], tuple[Path, Mapping[str, int]]]  # backup, initials, …
    restore: Callable[[Path, str, str], Restored]
    examine: Callable[[str, str], Examined]  # initials, passphrase
    salvage: Callable[[str, str], Salvage]
    tries: Callable[[], int] = lambda: 0  # in vain, since it was last opened
    wait: Callable[[float], None] = field(default_factory=lambda: time.sleep)  # seconds


def run(asked: Namespace, doors: Doors) -> int:
    """Run one command and say what came of it. Returns the exit code."""
    words = doors.words(asked.language or "")
    try:
        answer = _answer(asked, doors, words)
    except KfdeskError as error:
        _say(sys.stderr, asked, _refusal(error, words))
        return REFUSED
    _say(sys.stdout, asked, answer)
    return DONE


def _answer(asked: Namespace, doors: Doors, words: Language) -> commands.Answer:
    if asked.command == "init":
        passphrase = keys.ask_passphrase(asked.passphrase_file, words)
        desk = doors.create(asked.name, asked.initials, passphrase)
        desk.store.close()
        return {"organisation": desk.identity.organisation.hex()}
    if asked.command == "backup" and asked.action != "make":
        return _about_backup(asked, doors, keys.ask_passphrase(asked.passphrase_file, words))
    if asked.command == "salvage":
        who = (asked.initials, keys.ask_passphrase(asked.passphrase_file, words))
        means = (partial(doors.examine, *who), partial(doors.salvage, *who))
        return salvage.answer(asked, *means, words)
    if asked.command == "user" and asked.action == "recover":
        return _recover(asked, doors, words)
    desk = _unlocked(asked, doors, words)
    try:
        _ask_for_secrets(desk, asked, words)
        return commands.run(desk, asked)
    finally:
        desk.store.close()


def _ask_for_secrets(desk: Desk, asked: Namespace, words: Language) -> None:
    """What a command needs that must not stand in an argument."""
    if hasattr(asked, "new_passphrase_file"):
        asked.new_passphrase = _new_passphrase(asked.new_passphrase_file, words)
    if hasattr(asked, "present"):
        desk.require(Right.MANAGE_USERS)
        asked.others = keys.ask_passphrases(asked.present, asked.present_file, words)
    if hasattr(asked, "sheets"):
        desk.require(Right.MANAGE_USERS)  # before a key is shown that would then be refused
        asked.recovery_key = keys.prove_key(desk.rooms.random, words, asked.sheets)


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


def _recover(asked: Namespace, doors: Doors, words: Language) -> commands.Answer:
    """A new passphrase by the recovery key, which must fit before anything else is asked."""

    def check() -> str:
        key = keys.ask_key(asked.key_file, words)
        doors.check_key(asked.initials, key)
        return key

    key = _tried(check, doors, is_asked=asked.key_file is None)
    passphrase = _new_passphrase(asked.new_passphrase_file, words)
    desk = doors.recover(asked.initials, key, passphrase)
    desk.store.close()
    return {"changed": desk.user}


def _unlocked(asked: Namespace, doors: Doors, words: Language) -> Desk:
    """The desk; its passphrase is kept for a command that asks for it again."""

    def unlock() -> Desk:
        asked.own_passphrase = keys.ask_passphrase(asked.passphrase_file, words)
        return doors.unlock(asked.initials, asked.own_passphrase)

    return _tried(unlock, doors, is_asked=asked.passphrase_file is None)


def _tried(act: Callable[[], T], doors: Doors, *, is_asked: bool) -> T:
    """What comes of it. Who types may try again, and waits longer from the third try on.

    Tries of other programs and other days count, until the store is opened.
    """
    before, tries = doors.tries(), 0
    if before:
        doors.wait(pause_after(before))
    while True:
        try:
            return act()
        except KfdeskError as error:
            tries += 1
            is_final = not is_asked or tries == _MOST_TRIES
            if error.code != _WRONG or is_final or not sys.stdin.isatty():
                raise
        doors.wait(pause_after(before + tries))


def _new_passphrase(file: Path | None, words: Language) -> str:
    """A new passphrase; one that is typed is typed twice before it counts."""
    first = keys.ask_passphrase(file, words, N_("New passphrase"))
    if file is None and keys.ask_passphrase(None, words, N_("The same again")) != first:
        raise KfdeskError("user.not_the_same")
    return first


def _refusal(error: KfdeskError, words: Language) -> commands.Answer:
    said: dict[str, Any] = {
        "refused": error.code,
        "reason": messages.sentence(error, words),
        "remedy": messages.remedy(error, words),
    }
    if _FOUND in error.data:
        said[_FOUND] = str(error.data[_FOUND]).split()
    if error.code == _OLDER:
        said["way_on"] = words.gettext(_WAY_ON).format(option=_ACCEPT)
    return said


def _say(stream: TextIO, asked: Namespace, answer: commands.Answer) -> None:
    if asked.json:
        stream.write(json.dumps(answer, ensure_ascii=False) + "\n")
    else:
        stream.write("".join(f"{key}: {_plain(value)}\n" for key, value in answer.items()))


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
