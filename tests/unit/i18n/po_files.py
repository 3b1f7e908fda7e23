# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogues as the tests read them: with another reader than the one that writes them.

It knows files and entries; what they should be is the business of the tests.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import polib
from tests.architecture.tree import ROOT

TRANSLATED = ("ru", "sv")
CATALOGUES = sorted((ROOT / "translations").glob("*/LC_MESSAGES/*.po"))
TEMPLATES = sorted((ROOT / "translations").glob("*.pot"))
PROGRAM_CATALOGUES = [path for path in CATALOGUES if path.stem == "kfdesk"]
CLIENT_CATALOGUES = [path for path in CATALOGUES if path.stem == "client"]
_CARRIED = ("documents/traveller/", "documents/escort/", "documents/receipt.py")


def language_of(path: Path) -> str:
    """Return the language of a catalogue, by its folder."""
    return path.parent.parent.name


def name_of(path: Path) -> str:
    return f"{language_of(path)}-{path.stem}"


def entries(path: Path) -> polib.POFile:
    """Return a catalogue, for reading only; cached while its text is the same."""
    return _read(path.read_text(encoding="utf-8"))


@cache
def _read(text: str) -> polib.POFile:
    return polib.pofile(text)


def texts(entry: polib.POEntry) -> list[str]:
    """Every form that a translation has."""
    return [str(form) for form in (entry.msgstr_plural.values() or [entry.msgstr])]


def sources(entry: polib.POEntry) -> list[str]:
    """Every form that a message has in English."""
    return [form for form in (entry.msgid, entry.msgid_plural) if form]


def said(path: Path) -> Iterator[tuple[polib.POEntry, str]]:
    """Each form of a catalogue that says anything, with its message.

    Where a word of the drawn track may be parted is no letter of it.
    """
    for entry in entries(path):
        for text in filter(None, texts(entry)):
            yield entry, text.replace("|", "") if entry.msgctxt == "track" else text


def is_carried(entry: polib.POEntry) -> bool:
    """Say whether a message stands on a paper that is carried over a border."""
    return any(carried in file for file, _ in entry.occurrences for carried in _CARRIED)


def places(text: str) -> list[str]:
    """Return the names of the placeholders."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)
