# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys at the terminal: typed without being shown, shown once, and typed back before they count.

The sentences are the window's. Nothing secret stands in an argument, where other users of the
machine could read it; a new key is shown at a terminal alone, never in a pipe or a log.
"""

import getpass
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kfdesk.domain.desk import recovery, shares
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language

STANDARD_INPUT = Path("-")
_CLEAR = "\x1b[H\x1b[2J\x1b[3J"  # the screen, and what has scrolled off it
_MOST_SLIPS = 6
_IN_ROW = 4

Groups = Sequence[str]


def ask_passphrase(file: Path | None, words: Language, prompt: str = N_("Passphrase")) -> str:
    """A passphrase: the first line of the file, else typed at the terminal.

    Raises KfdeskError `store.wrong_passphrase` where the file cannot be read.
    """
    return getpass.getpass(f"{words.gettext(prompt)}: ") if file is None else _reader(file)()


def ask_passphrases(people: Sequence[str], file: Path | None, words: Language) -> Mapping[str, str]:
    """The passphrase of each of these: the lines of the file, else typed one after the other.

    Raises KfdeskError `store.wrong_passphrase` where the file cannot be read.
    """
    line = _reader(file) if file is not None else None
    ask = words.gettext(N_("Passphrase of {initials}"))
    return {
        who: line() if line is not None else getpass.getpass(f"{ask.format(initials=who)}: ")
        for who in people
    }


def ask_key(file: Path | None, words: Language) -> str:
    """A recovery key, or two of its three sheets: one a line in the file, else asked for.

    A slip in what is typed is said at once and asked for again. Raises KfdeskError
    `recovery.not_a_key` where it stays, and as `ask_passphrase` does.
    """
    if file is not None:
        line = _reader(file)
        first = line()
        return f"{first} {line()}" if shares.read_sheet(first) else first
    first = _typed(words, N_("Recovery key, or one of its sheets"), _is_key_or_sheet)
    sheet = shares.read_sheet(first)
    if sheet is None:
        return first
    second = _typed(words, N_("A second sheet"), lambda typed: _fits(sheet, typed))
    return f"{first} {second}"


def prove_key(random: Callable[[int], bytes], words: Language, sheets: int) -> str:
    """A new recovery key, on one sheet or on three, shown and typed back from paper.

    Raises KfdeskError `recovery.no_terminal` where nobody could see it, and `recovery.not_a_key`
    where it does not come back; then it counts for nothing.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise KfdeskError("recovery.no_terminal")
    key = recovery.draw(random)
    if sheets == 1:
        return _prove(recovery.spell(key), words, "")
    drawn = [shares.spell(sheet, random) for sheet in shares.share(key, random)]
    titles = [_numbered(words, number) for number in range(1, shares.SHEETS + 1)]
    return " ".join([*map(_prove, drawn, [words] * len(drawn), titles)][: shares.ENOUGH])


def _reader(file: Path) -> Callable[[], str]:
    """What gives one line after the other of a file with secrets; `-` is the standard input."""
    if file == STANDARD_INPUT:
        return lambda: sys.stdin.readline().rstrip("\r\n")
    try:
        left = iter(file.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        raise KfdeskError("store.wrong_passphrase") from None
    return lambda: next(left, "")


def _prove(groups: Groups, words: Language, title: str) -> str:
    """Show the groups, take them off the screen, and have them typed back."""
    say = words.gettext
    rows = [groups[start : start + _IN_ROW] for start in range(0, len(groups), _IN_ROW)]
    shown = "\n".join("   ".join(row) for row in rows)
    lead = say(N_("Write it on paper, and press Enter when it stands there."))
    sys.stderr.write("\n".join(filter(None, (title, shown, lead))) + "\n")
    sys.stderr.flush()
    sys.stdin.readline()
    sys.stderr.write(_CLEAR)
    field = N_("Type the key back")
    return _typed(words, field, lambda typed: recovery.is_whole(typed, groups), title)


def _numbered(words: Language, number: int) -> str:
    said = words.gettext(N_("Sheet {number} of {count}"))
    return said.format(number=number, count=shares.SHEETS)


def _typed(words: Language, prompt: str, is_right: Callable[[str], bool], title: str = "") -> str:
    """What was typed, once it is right. Raises KfdeskError `recovery.not_a_key`."""
    asked = " · ".join(filter(None, (title, words.gettext(prompt))))
    for _ in range(_MOST_SLIPS):
        typed = getpass.getpass(f"{asked}: ")
        if is_right(typed):
            return typed
        if not sys.stdin.isatty():
            break
        slip = N_("A sign is wrong, missing or too many. Compare each group with your paper.")
        sys.stderr.write(f"{words.gettext(slip)}\n")
    raise KfdeskError("recovery.not_a_key")


def _is_key_or_sheet(typed: str) -> bool:
    return recovery.read(typed) is not None or shares.read_sheet(typed) is not None


def _fits(sheet: shares.Sheet, typed: str) -> bool:
    second = shares.read_sheet(typed)
    return second is not None and shares.join(sheet, second) is not None
