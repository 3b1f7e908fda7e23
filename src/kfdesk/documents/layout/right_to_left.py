# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines in Arabic letters: joined, and turned into the order in which they are drawn.

A letter has up to four forms, by its neighbours; Unicode lists them as signs of their own, which
the faces have (Unicode 15, chapter 9.2). A line is read from the right. A part of it in Latin or
Cyrillic letters or in digits is read from the left and stays whole: a name, a time, a telephone
number. That is each such part isolated, as in UAX 9. A line is turned back by the same steps, so
that a finished page can be read; one that does not come back is no paper. Short vowels and
stretched lines, which Arabic may leave out, are left out.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping

_FORMS = ("isolated", "final", "initial", "medial")
_PRESENTED = (*range(0xFB50, 0xFDD0), *range(0xFE80, 0xFEFD))
_LAM = "\u0644"
LEFT_OUT = re.compile("[\u064b-\u0652\u0670\u0640]")
"""Short vowels, and what only stretches a line."""
_ARABIC = "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"
_HAS_ARABIC = re.compile(f"[{_ARABIC}\u0590-\u05ff]")
_FROM_THE_LEFT = rf"(?:[^\W_{_ARABIC}]|[\u0660-\u0669])"  # digits are, in any letters
_PART = re.compile(
    rf"(?:\+(?=\d))?{_FROM_THE_LEFT}+"
    rf"(?:(?:[,:;.?!] |[ \-/:.+'’&@\u00a0])?{_FROM_THE_LEFT}+)*(?:(?<=\d)\+)?"
)
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


def _forms() -> tuple[Mapping[str, Mapping[str, str]], Mapping[str, str]]:
    """Return the forms of each letter and pair by name, and the letters of each form."""
    forms: dict[str, dict[str, str]] = {}
    letters: dict[str, str] = {}
    for number in _PRESENTED:
        kind, *points = unicodedata.decomposition(chr(number)).split() or [""]
        text = "".join(chr(int(point, 16)) for point in points)
        is_pair = len(text) == 2 and text[0] == _LAM and text[1] in "\u0622\u0623\u0625\u0627"
        if kind.strip("<>") in _FORMS and (len(text) == 1 or is_pair):
            forms.setdefault(text, {}).setdefault(kind.strip("<>"), chr(number))
            letters[chr(number)] = text
    return forms, letters


_OF_LETTER, _OF_FORM = _forms()
DRAWN_FORMS = frozenset(_OF_FORM)
"""Every sign in which a letter may be drawn."""


def has_arabic(text: str) -> bool:
    """Return whether a text has letters that are read from the right."""
    return _HAS_ARABIC.search(text) is not None


def as_drawn(line: str) -> str:
    """Return a line (NFC) in the order of its signs from the left, each letter in its form.

    A line without Arabic letters is returned as it is.
    """
    return _turned("".join(_joined(as_letters(line)))) if has_arabic(line) else line


def as_letters(line: str) -> str:
    """Return a line in plain letters: no forms, as some programs copy them, and no short vowels."""
    return LEFT_OUT.sub("", "".join(_OF_FORM.get(sign, sign) for sign in line))


def as_read(drawn: str) -> str:
    """Return a line in the order in which it is read, from its signs from the left (NFC)."""
    if not has_arabic(drawn):
        return drawn
    return as_letters(_turned(drawn))


def _joined(line: str) -> Iterator[str]:
    """Yield each letter in the form that its neighbours ask for; lam and alif as one sign."""
    units = re.findall(f"{_LAM}[\u0622\u0623\u0625\u0627]|.", line, re.DOTALL)
    joins_before = False
    for place, unit in enumerate(units):
        after = units[place + 1] if place + 1 < len(units) else ""
        forms = _OF_LETTER.get(unit, {})
        joins_after = "initial" in forms and "final" in _OF_LETTER.get(after, {})
        is_final = joins_before and "final" in forms
        name = _FORMS[2 * joins_after + is_final]
        yield forms.get(name, unit)
        joins_before = joins_after


def _turned(line: str) -> str:
    """Return the line from its other end; the parts read from the left stay as they are."""
    pieces: list[str] = []
    place = 0
    for part in _PART.finditer(line):
        pieces += [_reversed(line[place : part.start()]), part.group()]
        place = part.end()
    return "".join(reversed([*pieces, _reversed(line[place:])]))


def _reversed(text: str) -> str:
    return text[::-1].translate(_MIRRORED)
