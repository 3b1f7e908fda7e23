# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes as letters: in which of the usual ways a file was written.

UTF-8 and UTF-16 prove themselves. Among the old code pages only a guess is possible, by which
letters a word has; then a person is asked. Knows no format.
"""

import codecs
import re
from collections.abc import Mapping

from kfdesk.domain.errors import KfdeskError

ENCODINGS = (
    "utf-8", "utf-16-le", "utf-16-be", "cp1252", "cp1251", "cp1257", "cp1250", "latin-1",
    "koi8-r",
)  # fmt: skip
"""What a person can choose from."""

_MARKS: Mapping[bytes, str] = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_CYRILLIC = re.compile(r"[а-яё]{3}", re.IGNORECASE)
_LATIN_WORD = re.compile(r"[a-z]{2}[à-öø-ž]|[à-öø-ž][a-z]{2}", re.IGNORECASE)
_SAMPLE = 200_000


def decoded(data: bytes, encoding: str = "") -> tuple[str, str, bool]:
    """The text, in which encoding it was, and whether it can be no other.

    Raises KfdeskError `contacts.not_these_letters` where it cannot be in the one that was named.
    """
    if encoding:
        return _strict(data.removeprefix(codecs.BOM_UTF8), encoding), encoding, True
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            return _strict(data[len(mark) :], name), name, True
    wide = _wide(data[:2000])
    if wide:
        return _strict(data, wide), wide, True
    try:
        return data.decode("utf-8"), "utf-8", True
    except UnicodeDecodeError:
        name = guessed(data)
        return data.decode(name, "replace"), name, False


def guessed(data: bytes) -> str:
    """The likeliest code page of bytes that are not UTF-8."""
    sample = data[:_SAMPLE]
    cyrillic = {name: _count(sample, name) for name in ("cp1251", "koi8-r")}
    best = max(cyrillic, key=lambda name: cyrillic[name])
    latin = len(_LATIN_WORD.findall(sample.decode("cp1252", "replace")))
    return best if cyrillic[best] > latin else "cp1252"


def _count(sample: bytes, name: str) -> int:
    """Runs of small letters speak for a page: the wrong one turns capitals and small ones round."""
    return sum(run[1:].islower() for run in _CYRILLIC.findall(sample.decode(name, "replace")))


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise KfdeskError("contacts.not_these_letters") from None


def _wide(head: bytes) -> str:
    """UTF-16 without its mark: every other byte of Latin letters and line ends is zero."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) < 4 or max(even, odd) * 8 < len(head):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"
