# SPDX-License-Identifier: GPL-3.0-or-later
"""The pseudo-locale: every message longer by two fifths, accented, and in brackets.

It takes the place of Swedish, and of its dates and names of countries, so that a window can change
into it while it is open. What is shown without a bracket then is a value, or was never translated.
Nothing here knows a page.
"""

import re
from collections.abc import Callable
from pathlib import Path

import polib
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from tests.architecture.tree import ROOT

from kfdesk.i18n.cldr import CldrFormats

CODE = "sv"
"""The language that is played by the pseudo-locale."""

_ACCENTED = str.maketrans("aeiouycnszAEIOUYCNSZ", "áéíóúýčñšžÁÉÍÓÚÝČÑŠŽ")
_KEPT = re.compile(r"\{\w+\}|%\d|&\w|[^{}%&]+|.", re.DOTALL)
_LONGER = 0.4
_CUT = " …"
"""How `FoldedText` shows that there is more."""
_BRACKETED = re.compile(r"\[[^\[\]]*\]")


def pseudo(message: str) -> str:
    """Return the message in the pseudo-locale; keep placeholders and shortcut keys."""
    parts = (one if one[0] in "{%&" else one.translate(_ACCENTED) for one in _KEPT.findall(message))
    words = "".join(parts)
    more = max(1, round(len(message) * _LONGER) - 2)
    filler = " ".join(["ñóšé"] * (more // 5 + 1))[:more].strip()
    end = message[-1] if message[-1:] in ".?!:…" else ""
    return f"[{words.removesuffix(end)} {filler}{end}]"


def write_catalogues(folder: Path) -> Path:
    """Write catalogues in which only CODE, the pseudo-locale, has messages."""
    catalogue = Catalog(locale=CODE)
    for entry in polib.pofile(str(ROOT / "translations" / "kfdesk.pot")):
        one, many = entry.msgid, entry.msgid_plural
        said = (pseudo(one), pseudo(many)) if many else pseudo(one)
        catalogue.add((one, many) if many else one, said, context=entry.msgctxt)
    target = folder / CODE / "LC_MESSAGES" / "kfdesk.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, catalogue)
    return folder


def pseudo_formats(real: Callable[[str], CldrFormats]) -> Callable[[str], object]:
    """Return formats that put what CODE writes into brackets, without lengthening it."""

    class Bracketed:
        def __getattr__(self, name: str) -> object:
            found = getattr(real("en"), name)
            if not callable(found):
                return found
            return lambda *args, **named: f"[{found(*args, **named)}]"

    return lambda code: Bracketed() if code == CODE else real(code)


def bare(text: str) -> str:
    """Return the part of a text outside all brackets; one that was cut may end inside of one."""
    before = ""
    if text.endswith(_CUT):
        text = f"{text.removesuffix(_CUT)}]" if text.count("[") > text.count("]") else text
    while before != text:
        before, text = text, _BRACKETED.sub(" ", text)
    return text
