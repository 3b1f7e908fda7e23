# SPDX-License-Identifier: GPL-3.0-or-later
"""A compiled catalogue (`.mo`): each message is decoded when it is first asked for.

Python's own reader decodes all messages, some thousands, before the first one is shown, and the
unlock page shows thirty. The layout is that of the GNU gettext manual, "The Format of GNU MO
Files": a head, a table of the sources and one of their translations, then the texts.
"""

import re
import struct
from collections.abc import Callable, Mapping
from functools import cached_property
from gettext import c2py
from pathlib import Path

_ORDERS = {b"\xde\x12\x04\x95": "<", b"\x95\x04\x12\xde": ">"}  # the magic number
_HEAD = "4s4I"  # magic, format, number of messages, place of the sources, of the translations
_CONTEXT, _END = "\4", b"\0"
_PLURAL_RULE = re.compile(r"^plural-forms:[^;]*;\s*plural=([^;]+)", re.IGNORECASE | re.MULTILINE)
_ENGLISH_RULE = "n != 1"


class CatalogueFile:
    """The messages of one catalogue. Without one, and where it is silent, they stay English."""

    def __init__(self, data: bytes = b"") -> None:
        """Find the messages in `data`. Raise OSError for what is no catalogue."""
        self._data = data
        self._order, self._texts_at, self._numbers = _index(data)
        self._texts: dict[str, str] = {}
        self._plurals: dict[str, tuple[str, ...]] = {}

    def gettext(self, message: str) -> str:
        """Return the translation of a message, or itself."""
        text = self._texts.get(message)
        if text is None:
            texts = self._read(message.encode())
            text = self._texts[message] = texts[0] if texts else self._form(message, 1, message)
        return text

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the form of a message with a plural for `count`."""
        return self._form(one, count, one if count == 1 else many)

    def pgettext(self, context: str, message: str) -> str:
        """Return the translation of a message in a context, or itself."""
        key = f"{context}{_CONTEXT}{message}"
        text = self.gettext(key)
        return message if text == key else text

    @cached_property
    def _with_plurals(self) -> Mapping[bytes, bytes]:
        """The sources that have a plural, whole, by their singular."""
        return {key.partition(_END)[0]: key for key in self._numbers if _END in key}

    @cached_property
    def _plural_rule(self) -> Callable[[int], int]:
        found = _PLURAL_RULE.search("".join(self._read(b"")))
        try:
            return c2py(found[1] if found else _ENGLISH_RULE)
        except ValueError:
            return c2py(_ENGLISH_RULE)

    def _form(self, one: str, count: int, source: str) -> str:
        """Return the plural form for `count`, or `source` if there is none."""
        forms = self._plurals.get(one)
        if forms is None:
            forms = self._plurals[one] = self._read(self._with_plurals.get(one.encode()))
        number = self._plural_rule(count) if forms else 0
        return forms[number] if 0 <= number < len(forms) else source

    def _read(self, source: bytes | None) -> tuple[str, ...]:
        """Return the texts that stand for a source; none if it is not translated."""
        number = self._numbers.get(source) if source is not None else None
        if number is None:
            return ()
        row = self._texts_at + 8 * number
        size, begin = struct.unpack_from(f"{self._order}2I", self._data, row)
        if begin + size > len(self._data):
            return ()
        texts = self._data[begin : begin + size].split(_END)
        return tuple(text.decode(errors="replace") for text in texts)


def catalogue_path(folder: Path, code: str, domain: str) -> Path:
    """Return where the catalogue of a language lies."""
    return folder / code / "LC_MESSAGES" / f"{domain}.mo"


def message_count(path: Path) -> int:
    """Return how many messages a catalogue says, without its header; 0 for what is none."""
    try:
        with path.open("rb") as stream:
            head = stream.read(struct.calcsize(_HEAD))
        _, _, count, _, _ = struct.unpack(f"{_ORDERS[head[:4]]}{_HEAD}", head)
    except (OSError, KeyError, struct.error):
        return 0
    return max(0, int(count) - 1)


def _index(data: bytes) -> tuple[str, int, Mapping[bytes, int]]:
    """Return the order of bytes, the place of the table of translations, and each source's number.

    A catalogue that is torn has only what is whole. Raise OSError for what is none.
    """
    order = _ORDERS.get(data[:4], "<")
    if data and data[:4] not in _ORDERS:
        raise OSError("this is no catalogue: its magic number is another one")
    try:
        _, _, count, sources, texts = struct.unpack_from(f"{order}{_HEAD}", data)
        rows = struct.unpack_from(f"{order}{2 * count}I", data, sources)
        struct.unpack_from(f"{order}{2 * count}I", data, texts)
    except struct.error:
        return order, 0, {}
    keys = [data[at : at + size] for size, at in zip(rows[::2], rows[1::2], strict=True)]
    return order, texts, dict(zip(keys, range(count), strict=True))
