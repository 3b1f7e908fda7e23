# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line's run: unlock the store, ask for secrets, run one command, print the answer.

Secrets are typed without echo, shown once, and typed back to confirm. No secret is passed in an
argument, where other users of the machine could read it. A new key is shown on a terminal only,
never in a pipe or a log. Exit codes and error sentences are decided here.
"""

import getpass
import json
import sys
import time
import warnings
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from kfdesk.cli import commands
from kfdesk.cli import commands as salvage
from kfdesk.cli.directory import Answer, required_name
from kfdesk.domain.accounts import Right
from kfdesk.domain.backup import RestorePreview, RestoreResult, SalvagePreview, SalvageResult
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.login_delay import backoff_seconds
from kfdesk.domain.message_marks import N_
from kfdesk.domain.recovery_key import (
    SHEET_COUNT,
    SHEETS_NEEDED,
    KeyShareSheet,
    combine_sheets,
    generate_key,
    is_complete_key,
    parse_key,
    read_sheet,
    spell_key,
    spell_sheet,
    split_key,
)
from kfdesk.i18n import messages
from kfdesk.i18n.erasure_messages import erased_again_texts
from kfdesk.i18n.language import Language
from kfdesk.services.core.records import client_pronoun
from kfdesk.services.core.session import Session, progress_callback
from kfdesk.services.upkeep.update import update_program

if TYPE_CHECKING:
    from kfdesk.system.updates import ProgramUpdates

# --- secrets

STANDARD_INPUT = Path("-")
_CLEAR = "\x1b[H\x1b[2J\x1b[3J"  # clears the screen and the scrollback buffer
_MOST_SLIPS = 6
_IN_ROW = 4

Groups = Sequence[str]


def ask_passphrase(file: Path | None, words: Language, prompt: str = N_("Passphrase")) -> str:
    """Read a passphrase from the first line of the file, or from the terminal.

    Raise KfdeskError `secret.no_file` if the file cannot be read, or `secret.no_terminal`.
    """
    return _ask_hidden(words.gettext(prompt)) if file is None else _line_reader(file)()


def ask_passphrases(people: Sequence[str], file: Path | None, words: Language) -> Mapping[str, str]:
    """Read each person's passphrase from the lines of the file, or from the terminal.

    Raise KfdeskError as `ask_passphrase` does.
    """
    line = _line_reader(file) if file is not None else None
    ask = words.gettext(N_("Passphrase of {initials}"))
    return {
        who: line() if line is not None else _ask_hidden(ask.format(initials=who)) for who in people
    }


def ask_key(file: Path | None, words: Language) -> str:
    """Read a recovery key, or two of its three sheets, from the file or the terminal.

    The file has one sheet a line. A typing error is reported at once and asked again. Raise
    KfdeskError `recovery.not_a_key` if it remains, `store.wrong_passphrase` if the file cannot
    be read, or `secret.no_terminal`.
    """
    if file is not None:
        line = _line_reader(file, "store.wrong_passphrase")
        first = line()
        return f"{first} {line()}" if read_sheet(first) else first
    first = _ask_until_valid(words, N_("Recovery key, or one of its sheets"), _is_key_or_sheet)
    sheet = read_sheet(first)
    if sheet is None:
        return first
    second = _ask_until_valid(words, N_("A second sheet"), lambda typed: _fits(sheet, typed))
    return f"{first} {second}"


def confirm_new_key(random: Callable[[int], bytes], words: Language, sheets: int) -> str:
    """Show a new recovery key on one sheet or three, and have it typed back from paper.

    Raise KfdeskError `recovery.no_terminal` without a terminal, and `recovery.not_a_key` if the
    key is not typed back; then it is discarded.
    """
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stderr)):
        raise KfdeskError("recovery.no_terminal")
    key = generate_key(random)
    if sheets == 1:
        return _confirm_typed_back(spell_key(key), words, "")
    drawn = [spell_sheet(sheet, random) for sheet in split_key(key, random)]
    titles = [_numbered(words, number) for number in range(1, SHEET_COUNT + 1)]
    return " ".join(
        [*map(_confirm_typed_back, drawn, [words] * len(drawn), titles)][:SHEETS_NEEDED]
    )


def _ask_hidden(prompt: str) -> str:
    """Return a line typed without echo. Raise KfdeskError `secret.no_terminal` if none comes.

    Without a terminal it is the next line of the standard input, which nothing echoes.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(f"{prompt}: ")
    except (EOFError, OSError, UnicodeError, getpass.GetPassWarning):
        if _is_terminal(sys.stdin):
            raise KfdeskError("secret.no_terminal") from None
        return _read_input_line()


def _read_input_line() -> str:
    """Return the next line of the standard input.

    Raise KfdeskError `secret.no_terminal` if it is closed or at its end, and `secret.no_file` if it
    cannot be read as text.
    """
    try:
        line = sys.stdin.readline() if sys.stdin is not None else ""
        line.encode()  # in the C locale, bytes that are no text come as lone surrogates
    except (OSError, UnicodeError):
        raise KfdeskError("secret.no_file") from None
    if not line:
        raise KfdeskError("secret.no_terminal")
    return line.rstrip("\r\n")


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _line_reader(file: Path, fault: str | None = None) -> Callable[[], str]:
    """Return a function that reads the secrets line by line; `-` is the standard input.

    Raise KfdeskError `fault`, or else `secret.no_file`, if the file cannot be read.
    """
    if file == STANDARD_INPUT:
        return _read_input_line
    try:
        left = iter(file.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        raise KfdeskError("secret.no_file" if fault is None else fault) from None
    return lambda: next(left, "")


def _confirm_typed_back(groups: Groups, words: Language, title: str) -> str:
    """Show the groups, clear the screen, and have the groups typed back."""
    say = words.gettext
    rows = [groups[start : start + _IN_ROW] for start in range(0, len(groups), _IN_ROW)]
    shown = "\n".join("   ".join(row) for row in rows)
    lead = say(N_("Write it on paper, and press Enter when you have done so."))
    sys.stderr.write("\n".join(filter(None, (title, shown, lead))) + "\n")
    sys.stderr.flush()
    sys.stdin.readline()
    sys.stderr.write(_CLEAR)
    field = N_("Type the key from your paper")
    return _ask_until_valid(words, field, lambda typed: is_complete_key(typed, groups), title)


def _numbered(words: Language, number: int) -> str:
    said = words.gettext(N_("Sheet {number} of {count}"))
    return said.format(number=number, count=SHEET_COUNT)


def _ask_until_valid(
    words: Language, prompt: str, is_right: Callable[[str], bool], title: str = ""
) -> str:
    """Return the typed line once it is valid. Raise KfdeskError `recovery.not_a_key`."""
    asked = " · ".join(filter(None, (title, words.gettext(prompt))))
    for _ in range(_MOST_SLIPS):
        typed = _ask_hidden(asked)
        if is_right(typed):
            return typed
        if not _is_terminal(sys.stdin):
            break
        slip = N_("A character is wrong, missing or extra. Compare each group with your paper.")
        sys.stderr.write(f"{words.gettext(slip)}\n")
    raise KfdeskError("recovery.not_a_key")


def _is_key_or_sheet(typed: str) -> bool:
    return parse_key(typed) is not None or read_sheet(typed) is not None


def _fits(sheet: KeyShareSheet, typed: str) -> bool:
    second = read_sheet(typed)
    return second is not None and combine_sheets(sheet, second) is not None


# --- run

T = TypeVar("T")

DONE, REFUSED = 0, 1
_MOST_TRIES = 6
_WRONG = "store.wrong_passphrase"
_OLDER = "store.rolled_back"
_NOT_AGREED = "backup.not_agreed"
_FOUND = "found"
_AGAIN = "erases_again"
_ACCEPT = "--accept-older-store"
_YES = "--erase-again"
_WAY_ON = N_(
    "If this was intended, put {option} before the command. What was written since "
    "then is missing, and data erased since then must be erased again."
)


_SAY_YES = N_("If it is right that these records go, put {option} after the command.")


@dataclass(frozen=True, slots=True)
class StoreAccess:
    """The functions of `app.py` that create, open and repair the store that was named."""

    create: Callable[[str, str, str], Session]  # organisation, initials, passphrase
    unlock: Callable[[str, str], Session]  # initials, passphrase
    check_key: Callable[[str, str], None]  # initials, recovery key
    recover: Callable[[str, str, str], Session]  # initials, recovery key, new passphrase
    words: Callable[[str], Language]
    check: Callable[[Path, str, str], tuple[Path, Mapping[str, int]]]  # backup, initials, …
    restore: Callable[[Path, str, str, Callable[[RestorePreview], bool]], RestoreResult]
    examine: Callable[[str, str], SalvagePreview]  # initials, passphrase
    salvage: Callable[[str, str], SalvageResult]
    updates: Callable[[], "ProgramUpdates"]
    is_new: Callable[[], bool]  # whether no store is here
    tries: Callable[[], int] = lambda: 0  # failed attempts since the last unlock
    wait: Callable[[float], None] = field(default_factory=lambda: time.sleep)  # seconds


def run_command_line(asked: Namespace, doors: StoreAccess) -> int:
    """Run one command, print its answer, and return the exit code."""
    words = doors.words(asked.language or "")
    try:
        answer = _dispatch(asked, doors, words)
    except KfdeskError as error:
        return _refuse(error, asked, getattr(asked, "words", words))
    try:
        _print_answer(sys.stdout, asked, answer)
    except BrokenPipeError:  # the next program in the pipe has read enough
        return REFUSED
    except OSError:
        return _refuse(KfdeskError("store.disk"), asked, words)
    return DONE


def _refuse(error: KfdeskError, asked: Namespace, words: Language) -> int:
    """Say why a command was refused, if anybody can read it, and return its exit code."""
    with suppress(OSError):
        said = dict(_describe_error(error, words))
        if error.code == _NOT_AGREED:
            said[_AGAIN] = asked.erases_again
            said["way_on"] = words.gettext(_SAY_YES).format(option=_YES)
        _print_answer(sys.stderr, asked, said)
    return REFUSED


def _dispatch(asked: Namespace, doors: StoreAccess, words: Language) -> Answer:
    if asked.command == "init":
        name = required_name(asked.name)
        passphrase = _new_passphrase(asked.passphrase_file, words)
        desk = doors.create(name, asked.initials, passphrase)
        desk.store.close()
        return {"organisation": desk.identity.organisation.hex()}
    if asked.command == "backup" and asked.action != "make":
        return _run_backup_command(asked, doors, words)
    if asked.command == "salvage":
        who = (asked.initials, ask_passphrase(asked.passphrase_file, words))
        means = (partial(doors.examine, *who), partial(doors.salvage, *who))
        return salvage.run_salvage(asked, *means, words)
    if asked.command == "user" and asked.action == "recover":
        return _recover_access(asked, doors, words)
    if asked.command == "update":
        return _run_update(asked, doors, words)
    desk = _unlock(asked, doors, words)
    try:
        _ask_for_secrets(desk, asked, words)
        about = getattr(asked, "plan", None) or getattr(asked, "subject", None) or b""
        asked.words = words.about(client_pronoun(desk, about))
        return commands.run_command(desk, asked)
    finally:
        desk.store.close()


def _ask_for_secrets(desk: Session, asked: Namespace, words: Language) -> None:
    """Ask for the secrets of a command, which must not be arguments."""
    if hasattr(asked, "new_passphrase_file"):
        asked.new_passphrase = _new_passphrase(asked.new_passphrase_file, words)
    if hasattr(asked, "present"):
        desk.require(Right.MANAGE_USERS)
        asked.others = ask_passphrases(asked.present, asked.present_file, words)
    if getattr(asked, "second", None) is not None:
        desk.require(Right.ERASE)
        (asked.second_passphrase,) = ask_passphrases(
            [asked.second], asked.second_file, words
        ).values()
    if hasattr(asked, "sheets"):
        desk.require(Right.MANAGE_USERS)  # check first, so that no key is shown and then refused
        asked.recovery_key = confirm_new_key(desk.adapters.random, words, asked.sheets)


def _run_backup_command(asked: Namespace, doors: StoreAccess, words: Language) -> Answer:
    """Check or restore a backup; this needs no store, since there may be none."""
    passphrase = ask_passphrase(asked.passphrase_file, words)
    if asked.action == "check":
        path, counts = doors.check(asked.folder, asked.initials, passphrase)
        return {"sound": True, "backup": str(path), "records": dict(counts)}
    agrees = partial(_agree_to_erase_again, asked, words)
    done = doors.restore(asked.folder, asked.initials, passphrase, agrees)
    return {
        "records": dict(done.counts),
        "erased_again": done.erased,
        _AGAIN: asked.erases_again,
        "knows_erasures": done.knows_erasures,
        "store_before": str(done.aside) if done.aside else None,
    }


def _agree_to_erase_again(asked: Namespace, words: Language, preview: RestorePreview) -> bool:
    """Say what a restore erases again; ask a person if a record of ours is among it."""
    lines = asked.erases_again = list(erased_again_texts(preview, words))
    is_read = _is_terminal(sys.stderr)
    if lines and is_read:
        lead = words.gettext(N_("The restore erases again what was erased since this backup:"))
        sys.stderr.write("\n".join((lead, *lines, "")))
    if asked.erase_again or not preview.is_asked:
        return True
    if not (is_read and _is_terminal(sys.stdin)):
        return False
    yes = words.gettext(N_("yes"))
    prompt = words.gettext(N_("Type {word} to go on; anything else leaves all as it is"))
    sys.stderr.write(f"{prompt.format(word=yes)}: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() == yes.casefold()


def _run_update(asked: Namespace, doors: StoreAccess, words: Language) -> Answer:
    """Update the program, or go back; a store that is here is backed up first."""
    updates = doors.updates()
    if asked.back:
        return {"version": updates.go_back()}
    update = updates.check(asked.file, progress_callback(None))
    assert update.manifest is not None
    if doors.is_new():
        before = updates.install(update, progress_callback(None))
        return {"version": update.manifest.version, "before": before}
    desk = _unlock(asked, doors, words)
    try:
        done = update_program(desk, asked.file)
    finally:
        desk.store.close()
    return {"version": done.version, "before": done.before, "backup": str(done.backup)}


def _recover_access(asked: Namespace, doors: StoreAccess, words: Language) -> Answer:
    """Set a new passphrase by the recovery key, which is checked before anything else."""

    def check() -> str:
        key = ask_key(asked.key_file, words)
        doors.check_key(asked.initials, key)
        return key

    key = _retry_unlock(check, doors, is_asked=asked.key_file is None)
    passphrase = _new_passphrase(asked.new_passphrase_file, words)
    desk = doors.recover(asked.initials, key, passphrase)
    desk.store.close()
    return {"changed": desk.user}


def _unlock(asked: Namespace, doors: StoreAccess, words: Language) -> Session:
    """Unlock the store; keep the passphrase for commands that need it again."""

    def unlock() -> Session:
        asked.own_passphrase = ask_passphrase(asked.passphrase_file, words)
        return doors.unlock(asked.initials, asked.own_passphrase)

    return _retry_unlock(unlock, doors, is_asked=asked.passphrase_file is None)


def _retry_unlock(act: Callable[[], T], doors: StoreAccess, *, is_asked: bool) -> T:
    """Run `act`; after a wrong passphrase ask again, with a delay from the third time on.

    Failed attempts of other programs and other days count, until the store is unlocked.
    """
    before, tries = doors.tries(), 0
    if before:
        doors.wait(backoff_seconds(before))
    while True:
        try:
            return act()
        except KfdeskError as error:
            tries += 1
            is_final = not is_asked or tries == _MOST_TRIES
            if error.code != _WRONG or is_final or not _is_terminal(sys.stdin):
                raise
        doors.wait(backoff_seconds(before + tries))


def _new_passphrase(file: Path | None, words: Language) -> str:
    """Ask for a new passphrase; one that is typed must be typed twice."""
    first = ask_passphrase(file, words, N_("New passphrase"))
    if file is None and ask_passphrase(None, words, N_("Type it again")) != first:
        raise KfdeskError("user.not_the_same")
    return first


def _describe_error(error: KfdeskError, words: Language) -> Answer:
    said: dict[str, Any] = {
        "refused": error.code,
        "reason": messages.error_sentence(error, words),
        "remedy": messages.error_remedy(error, words),
    }
    if _FOUND in error.data:
        said[_FOUND] = str(error.data[_FOUND]).split()
    if error.code == _OLDER:
        said["way_on"] = words.gettext(_WAY_ON).format(option=_ACCEPT)
    return said


def _print_answer(stream: TextIO | None, asked: Namespace, answer: Answer) -> None:
    """Print an answer; signs that the terminal's encoding lacks are escaped.

    Raise OSError if the stream is closed or full.
    """
    if stream is None:  # closed by the shell
        return
    encoding = stream.encoding or "utf-8"
    is_unicode = encoding.lower().replace("_", "-").startswith("utf")
    if asked.json:
        text = json.dumps(answer, ensure_ascii=not is_unicode) + "\n"
    else:
        text = "".join(f"{key}: {_format_value(value)}\n" for key, value in answer.items())
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


def _format_value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
