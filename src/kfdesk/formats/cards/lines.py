# SPDX-License-Identifier: GPL-3.0-or-later
"""vCard as lines: unfolded, with name, parameters and decoded value, of all three versions.

Works on bytes, because a fold may stand within a letter and each line may name its own code page.
Embedded pictures and sounds are passed over without being decoded. Knows no meaning of a name.
"""

import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kfdesk.domain.errors import KfdeskError
from kfdesk.formats.letters import guessed

_ENDS = re.compile(rb"\r\n|\r|\n")
_HEAD = re.compile(rb'((?:"[^"]*"|[^:"])*):(.*)', re.DOTALL)
_PARTS = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_BARE = {
    "quoted-printable": "encoding", "base64": "encoding", "b": "encoding", "8bit": "encoding",
}  # fmt: skip
MOST_VALUE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a card: its number, its name in capitals, its parameters and its value.

    `guessed` is the code page of a value that nothing told; empty where it was told.
    """

    number: int
    name: str
    params: Mapping[str, tuple[str, ...]]
    value: str
    guessed: str = ""

    def is_a(self, *types: str) -> bool:
        """Whether its TYPE is one of these."""
        return not set(types).isdisjoint(self.params.get("type", ()))

    def parts(self, sign: str = ";") -> list[str]:
        """The value taken apart at a sign that is not escaped, each part unescaped."""
        found, part, is_escaped = [], [], False
        for letter in self.value:
            if is_escaped:
                part.append("\\" + letter)
            elif letter == sign:
                found.append("".join(part))
                part = []
            elif letter != "\\":
                part.append(letter)
            is_escaped = letter == "\\" and not is_escaped
        return [_unescaped(one) for one in (*found, "".join(part))]

    @property
    def text(self) -> str:
        """The whole value, unescaped."""
        return _unescaped(self.value)


def read_lines(data: bytes, encoding: str) -> Iterator[Line | int]:
    """The lines of all cards; of what is no line of a card, its number."""
    for number, raw in _unfolded(data):
        matched = _HEAD.fullmatch(raw)
        if matched is None:
            yield number
            continue
        head, value = matched.groups()
        name, params = _head(head.decode("utf-8", "replace"))
        yield Line(number, name, params, *_value(value, params, encoding))


def _unfolded(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Logical lines with the number of their first one."""
    kept: list[bytes] = []
    first, size, is_soft = 1, 0, False
    for number, raw in enumerate(_split(data), start=1):
        is_folded = raw[:1] in (b" ", b"\t")
        goes_on = is_soft or is_folded or (_is_picture(kept) and _is_data(raw))
        if goes_on and kept:
            kept[-1] = kept[-1].removesuffix(b"=") if is_soft else kept[-1]
            part = raw[1:] if is_folded else raw
        else:
            if kept:
                yield first, b"".join(kept)
            first, kept, part, size = number, [], raw, 0
        room = max(MOST_VALUE - size, 0)
        size += len(part)
        if part[:room]:
            kept.append(part[:room])
        is_soft = part.endswith(b"=") and _is_quoted(kept)
    if kept:
        yield first, b"".join(kept)


def _split(data: bytes) -> Iterator[bytes]:
    """What stands between the ends of lines, one after the other."""
    begin = 0
    for end in _ENDS.finditer(data):
        yield data[begin : end.start()]
        begin = end.end()
    yield data[begin:]


def _is_quoted(kept: list[bytes]) -> bool:
    return bool(kept) and b"QUOTED-PRINTABLE" in kept[0].partition(b":")[0].upper()


def _is_picture(kept: list[bytes]) -> bool:
    head = kept[0].partition(b":")[0].upper() if kept else b""
    return b"BASE64" in head or b"ENCODING=B" in head


def _is_data(raw: bytes) -> bool:
    """Data that was wrapped without the space that says so."""
    return b":" not in raw


def _head(text: str) -> tuple[str, Mapping[str, tuple[str, ...]]]:
    name, *parts = _PARTS.split(text)
    params: dict[str, tuple[str, ...]] = {}
    for part in filter(None, parts):
        key, is_named, value = part.partition("=")
        if not is_named:
            key, value = _BARE.get(part.lower(), "type"), part
        words = tuple(word.strip().lower() for word in value.strip('"').split(","))
        params[key.lower()] = params.get(key.lower(), ()) + words
    return name.rpartition(".")[2].strip().upper(), params


def _value(raw: bytes, params: Mapping[str, tuple[str, ...]], encoding: str) -> tuple[str, str]:
    """The letters of a value, and by which code page, if that is only a guess."""
    ways = params.get("encoding", ())
    if "base64" in ways or "b" in ways:
        return "", ""
    if "quoted-printable" in ways:
        raw = quopri.decodestring(raw)
    named = params.get("charset", ())
    for name in (*named, "utf-8", *filter(None, [encoding])):
        try:
            return raw.decode(name.strip('"')), ""
        except (UnicodeDecodeError, LookupError):
            continue
    page = guessed(raw)
    return raw.decode(page, "replace"), page


def _unescaped(text: str) -> str:
    """Line ends and signs; an escape that no version knows keeps its stroke."""

    def one(found: re.Match[str]) -> str:
        sign = found[1]
        return "\n" if sign in "nN" else sign if sign in "\\;,:" else found[0]

    return re.sub(r"\\(.)", one, text, flags=re.DOTALL)


def as_utf8(data: bytes, encoding: str) -> bytes:
    """Bytes of which each sign of a line stands alone: what was written wide is written anew.

    Raises KfdeskError `contacts.not_these_letters`.
    """
    if not encoding.startswith("utf-16"):
        return data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode(encoding).lstrip("\ufeff").encode("utf-8", "replace")
    except UnicodeDecodeError:
        raise KfdeskError("contacts.not_these_letters") from None
