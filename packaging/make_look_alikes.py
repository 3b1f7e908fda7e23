# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes `domain/leak_check/look_alikes.py` of the confusables of Unicode, as ICU carries them.

Run by hand when ICU is renewed, never during set-up: the result is kept in the repository. It asks
the system's ICU for the skeleton of each letter (Unicode Technical Standard 39, section 4) and
keeps those that look like a basic Latin letter or two. Small capitals are no confusables there;
their names say which letter they are. The same ICU gives the same bytes.
"""

import ctypes
import ctypes.util
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src" / "kfdesk" / "domain" / "leak_check" / "look_alikes.py"
_SMALL_CAPITAL = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])$")
_LATIN = re.compile(r"[a-z]{1,2}")
_ROOM = 1024
_CYRILLIC = range(0x0400, 0x0460)  # which `spelling.py` reads by tables of its own
_HEAD = '''# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters that look like basic Latin ones, in lower case, without Russian ones. Do not edit.

`packaging/make_look_alikes.py` makes it of the confusables of Unicode (Unicode Technical Standard
39) in ICU {icu}, Unicode {unicode}, under the Unicode License v3, and of the names of small
capitals. SMALL has letters that look so themselves, CAPITAL those whose capitals do.
"""

from collections.abc import Mapping

'''


class Icu:
    """The system's ICU, by its own names of functions, which end in its version."""

    def __init__(self) -> None:
        path = ctypes.util.find_library("icui18n") or ""
        self._library = ctypes.CDLL(path)
        self.number = re.findall(r"\d+", path.rpartition(".so")[2])[0]
        status = ctypes.c_int(0)
        open_checker = self._function("uspoof_open", ctypes.c_void_p)
        self._checker = ctypes.c_void_p(open_checker(ctypes.byref(status)))
        self._skeleton = self._function("uspoof_getSkeletonUTF8", ctypes.c_int32)

    def _function(self, name: str, result: type) -> Callable[..., int]:
        found = getattr(self._library, f"{name}_{self.number}")
        found.restype = result
        made: Callable[..., int] = found
        return made

    @property
    def unicode(self) -> str:
        """The version of Unicode."""
        version = (ctypes.c_uint8 * 4)()
        getattr(self._library, f"u_getUnicodeVersion_{self.number}")(version)
        return ".".join(map(str, version[:2]))

    def skeleton(self, text: str) -> str:
        """Return the skeleton of a text."""
        status, room = ctypes.c_int(0), ctypes.create_string_buffer(_ROOM)
        data = text.encode()
        size = self._skeleton(self._checker, 0, data, len(data), room, _ROOM, ctypes.byref(status))
        return room.raw[:size].decode()


def latin_look(sign: str, skeleton: Callable[[str], str]) -> str:
    """Return the basic Latin letters that a sign looks like; empty if it looks like none."""
    named = _SMALL_CAPITAL.match(unicodedata.name(sign, ""))
    if named:
        return named[1].lower()
    shown = skeleton(sign)
    if shown != sign and len(shown) == 1 and _SMALL_CAPITAL.match(unicodedata.name(shown, "")):
        return latin_look(shown, skeleton)
    apart = unicodedata.normalize("NFKD", shown.casefold())
    plain = "".join(one for one in apart if not unicodedata.combining(one))
    return plain if _LATIN.fullmatch(plain) else ""


def tables(skeleton: Callable[[str], str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return for each basic Latin text the letters that look so, themselves and as capitals."""
    small: dict[str, str] = defaultdict(str)
    capital: dict[str, str] = defaultdict(str)
    for number in range(0x80, sys.maxunicode + 1):
        sign = chr(number)
        is_letter = unicodedata.category(sign).startswith("L") and number not in _CYRILLIC
        if not is_letter or sign != unicodedata.normalize("NFKC", sign).casefold():
            continue
        if len(unicodedata.normalize("NFKD", sign)) > 1:
            continue  # a letter with a mark, which loses it in any case
        own, upper = latin_look(sign, skeleton), sign.upper()
        big = latin_look(upper, skeleton) if len(upper) == 1 and upper != sign else ""
        if own:
            small[own] += sign
        if big and big != own:
            capital[big] += sign
    return small, capital


def module_text(icu: Icu) -> str:
    """Return the text of the module."""
    small, capital = tables(icu.skeleton)
    parts = [_HEAD.format(icu=icu.number, unicode=icu.unicode)]
    for name, table in (("SMALL", small), ("CAPITAL", capital)):
        lines = "".join(f'    "{look}": "{signs}",\n' for look, signs in sorted(table.items()))
        parts.append(f"{name}: Mapping[str, str] = {{\n{lines}}}  # fmt: skip\n")
    return "".join(parts)


if __name__ == "__main__":
    TARGET.write_text(module_text(Icu()), encoding="utf-8")
