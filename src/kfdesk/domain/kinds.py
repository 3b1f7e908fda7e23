# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of value: what a field of a kind accepts, and how it is written in a record's state.

A kind turns a value into what msgpack and a column can hold (`Wire`: None, int, str or a tuple of
str) and back. A gap, and so never a text, begins with the control character SUBSTITUTE, which no
text may hold. Add a kind here, an editor in the window and a format on paper.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.values import About, Gap, Moment, Told, Value, Wording

Wire = None | int | str | tuple[str, ...]

MAX_BYTES = 65_536  # of a value in msgpack, as it travels; what a desk keeps it can send
_SHORT = MAX_BYTES // 4  # signs, which no text takes more bytes for
_HEAD = 5  # the most that msgpack puts before a string or an array
_GAP_MARK = "\x1a"
# Control signs but the line feed, halves of surrogates, and signs that turn the reading direction.
_FORBIDDEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_RECORD_ID = re.compile(r"[0-9a-f]{32}")
_LARGEST = 2**53
_SETS = 64  # of languages that are remembered to be such


class Kind:
    """What every kind does: gaps and absence the same way, values its own way."""

    def encode(self, value: Value) -> Wire:
        """The value as it is stored and exchanged; None (cleared) stays None.

        Raises KfdeskError `field.…` for a value that this kind does not accept.
        """
        if value is None:
            return None
        if isinstance(value, Gap):
            return _GAP_MARK + value.value
        wire = self._encode(value)
        if _size(wire) > MAX_BYTES:
            raise KfdeskError("field.too_long")
        return wire

    def decode(self, wire: Wire) -> Value:
        """The value that `wire` stands for; the inverse of `encode`.

        Raises KfdeskError `field.kind_mismatch` where another kind or damage wrote it.
        """
        if self._is_plain(wire):
            return self._decode(wire)
        if wire is None:
            return None
        if isinstance(wire, str) and wire.startswith(_GAP_MARK):
            try:
                return Gap(wire[1:])
            except ValueError:
                raise KfdeskError("field.kind_mismatch") from None
        try:
            value = self._decode(wire)
            is_ours = self._spelled(value) == wire
        except (KfdeskError, ValueError):
            raise KfdeskError("field.kind_mismatch") from None
        if not is_ours:
            raise KfdeskError("field.kind_mismatch")
        return value

    def check(self, wire: Wire, texts: list[str]) -> None:
        """Refuse what `decode` refuses, but for the texts of it, which are added to `texts`."""
        found = self._texts(wire)
        if found is None:
            self.decode(wire)
        else:
            texts += found

    def _texts(self, _wire: Wire) -> Sequence[str] | None:
        """The texts that alone are left to prove of a value; None where a look does not tell."""
        return None

    def _is_plain(self, wire: Wire) -> bool:
        """Whether a look is enough to say that `_decode` makes a value of this, written just so."""
        texts = self._texts(wire)
        return texts is not None and _is_clean(texts)

    def _encode(self, value: Value) -> Wire:
        raise KfdeskError("field.kind_mismatch")

    def _decode(self, wire: Wire) -> Value:
        """What `wire` would stand for; whether it is written just so is asked by `_spelled`."""
        return wire

    def _spelled(self, value: Value) -> Wire:
        """The one way to write what `_decode` has just made."""
        return self._encode(value)


class Text(Kind):
    """Plain text in one language or none: names, codes, notes."""

    def _texts(self, wire: Wire) -> Sequence[str] | None:
        return _one_text(wire)

    def _encode(self, value: Value) -> Wire:
        return checked_text(value)


class ToldText(Kind):
    """Text that may leave: one wording or several, each with its language."""

    def _texts(self, wire: Wire) -> Sequence[str] | None:
        if not isinstance(wire, tuple) or not wire or len(wire) % 2:
            return None
        return wire if _are_languages(wire[::2]) else None

    def _encode(self, value: Value) -> Wire:
        wordings = [w for w in value if isinstance(w, Wording)] if isinstance(value, tuple) else []
        if not isinstance(value, tuple) or len(wordings) != len(value) or not value:
            raise KfdeskError("field.kind_mismatch")
        if not _are_languages(tuple(w.language for w in wordings)):
            raise KfdeskError("field.no_such_language")
        return tuple(part for w in wordings for part in (w.language, checked_text(w.text)))

    def _decode(self, wire: Wire) -> Told:
        if not isinstance(wire, tuple) or len(wire) % 2:
            raise KfdeskError("field.kind_mismatch")
        return tuple(map(Wording, wire[::2], wire[1::2]))


class Day(Kind):
    """A calendar day (ISO 8601), or about when: a year or a month."""

    def _encode(self, value: Value) -> Wire:
        if isinstance(value, About):
            return value.text
        if type(value) is not date:
            raise KfdeskError("field.not_a_day")
        return value.isoformat()

    def _decode(self, wire: Wire) -> Value:
        text = checked_text(wire)
        return date.fromisoformat(text) if len(text) == len("2026-11-24") else About(text)


class MomentKind(Kind):
    """A time of day somewhere: wall time, zone, offset (RFC 9557)."""

    def _texts(self, wire: Wire) -> Sequence[str] | None:
        return () if isinstance(wire, str) and Moment.is_written(wire) else None

    def _encode(self, value: Value) -> Wire:
        if not isinstance(value, Moment) or Moment.parse(str(value)) != value:
            raise KfdeskError("field.not_a_moment")
        return str(value)

    def _decode(self, wire: Wire) -> Value:
        return Moment.parse(checked_text(wire))

    def _spelled(self, value: Value) -> Wire:
        return str(value)


class Number(Kind):
    """A whole number."""

    def _encode(self, value: Value) -> Wire:
        if type(value) is not int or abs(value) > _LARGEST:
            raise KfdeskError("field.not_a_number")
        return value


class YesNo(Kind):
    """Yes or no; stored as 1 and 0."""

    def _encode(self, value: Value) -> Wire:
        if not isinstance(value, bool):
            raise KfdeskError("field.not_yes_or_no")
        return int(value)

    def _decode(self, wire: Wire) -> Value:
        if wire not in (0, 1):
            raise KfdeskError("field.kind_mismatch")
        return bool(wire)


@dataclass(frozen=True)
class Code(Kind):
    """One code of a list. A code the list does not know is kept: it comes from a newer desk."""

    codes: Mapping[str, str]

    def _texts(self, wire: Wire) -> Sequence[str] | None:
        return _one_text(wire)

    def _encode(self, value: Value) -> Wire:
        return checked_text(value)


@dataclass(frozen=True)
class Codes(Kind):
    """Several codes of a list, in the order given, none twice."""

    codes: Mapping[str, str]

    def _texts(self, wire: Wire) -> Sequence[str] | None:
        return wire if isinstance(wire, tuple) and len(set(wire)) == len(wire) else None

    def _encode(self, value: Value) -> Wire:
        if not isinstance(value, tuple) or len(set(value)) != len(value):
            raise KfdeskError("field.kind_mismatch")
        return tuple(checked_text(code) for code in value)


class Reference(Kind):
    """Another record, by its id: 32 hexadecimal digits."""

    def _texts(self, wire: Wire) -> Sequence[str] | None:
        return () if isinstance(wire, str) and _RECORD_ID.fullmatch(wire) else None

    def _encode(self, value: Value) -> Wire:
        text = checked_text(value)
        if not _RECORD_ID.fullmatch(text):
            raise KfdeskError("field.kind_mismatch")
        return text


def check_all(values: Sequence[tuple[Kind, Wire]]) -> None:
    """Refuse what one of these kinds refuses to decode, and raise what it raises.

    The texts of all are looked at in one piece, which costs a fourth of a look at each.
    """
    texts: list[str] = []
    for kind, wire in values:
        kind.check(wire, texts)
    if not _is_clean(texts):
        for kind, wire in values:
            kind.decode(wire)


def checked_text(value: object) -> str:
    """`value` if it is a text that may be kept: NFC, no control or bidi sign, at most 64 KiB.

    Bidi overrides can make a name or a number read backwards on a screen (Unicode TR 36).
    Raises KfdeskError `field.kind_mismatch`, `field.control_character`, `field.not_normalised` or
    `field.too_long`.
    """
    if not isinstance(value, str):
        raise KfdeskError("field.kind_mismatch")
    if _is_clean((value,)):
        return value
    if _FORBIDDEN.search(value):
        raise KfdeskError("field.control_character")
    if not value.isascii() and not unicodedata.is_normalized("NFC", value):
        raise KfdeskError("field.not_normalised")
    if len(value) > _SHORT and len(value.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise KfdeskError("field.too_long")
    return value


def _one_text(wire: Wire) -> Sequence[str] | None:
    return (wire,) if isinstance(wire, str) and not is_gap(wire) else None


def _is_clean(texts: Sequence[str]) -> bool:
    """Whether a look is enough: short texts of signs that can be seen, each in its one form.

    Side by side they are what they are one by one: a space joins with nothing.
    """
    text = " ".join(texts)
    if len(text) > _SHORT or not (text.isprintable() or _FORBIDDEN.search(text) is None):
        return False
    return text.isascii() or unicodedata.is_normalized("NFC", text)


@lru_cache(maxsize=_SETS)
def _are_languages(codes: tuple[str, ...]) -> bool:
    """Whether these are codes of languages, none of them twice."""
    return len(set(codes)) == len(codes) and all(map(_LANGUAGE.fullmatch, codes))


def is_gap(wire: Wire) -> bool:
    """Whether a stored value is a gap, and so no text."""
    return isinstance(wire, str) and wire.startswith(_GAP_MARK)


def cleaned_text(value: str) -> str:
    """What a person typed or pasted, made fit to keep: NFC, without control and bidi signs.

    A tab, as between two cells of a table, becomes a space.
    """
    spaced = value.replace("\t", " ")
    return unicodedata.normalize("NFC", _FORBIDDEN.sub("", spaced)).strip()


def _size(wire: Wire) -> int:
    """At most so many bytes the wire takes in msgpack."""
    texts = wire if isinstance(wire, tuple) else (str(wire),)
    return _HEAD + sum(_HEAD + len(text.encode()) for text in texts)
