# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of field: which values a kind accepts, and how they are encoded in a record's state.

A kind converts a value to what msgpack and a column can hold (`Wire`: None, int, str or
a tuple of str) and back. A missing answer is encoded as a text that begins with the
control character SUBSTITUTE, which no other text may hold. A new kind also needs an
editor in the window and a format on paper.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.values import (
    LocalizedText,
    MissingAnswer,
    PartialDate,
    Translation,
    Value,
    ZonedTime,
)

Wire = None | int | str | tuple[str, ...]

MAX_NAME_LETTERS = 200
"""The length up to which a name, a code or a number can be typed; files may bring longer ones."""

MAX_VALUE_BYTES = 65_536  # of a value in msgpack, as in bundles: what can be stored can be sent
_SHORT_TEXT = (
    MAX_VALUE_BYTES // 4
)  # characters; a text of this length never exceeds MAX_VALUE_BYTES
_HEADER_BYTES = 5  # the most that msgpack puts before a string or an array
_GAP_MARK = "\x1a"
# Control signs but the line feed, halves of surrogates, and signs that turn the reading direction.
_FORBIDDEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_RECORD_ID = re.compile(r"[0-9a-f]{32}")
_LARGEST = 2**53
_LANGUAGE_CACHE_SIZE = 64  # sets of language codes in the cache


class FieldKind:
    """The base of all kinds: missing answers and None are encoded alike, values by each kind."""

    def encode(self, value: Value) -> Wire:
        """Return the value as it is stored and exchanged; None (cleared) stays None.

        Raise KfdeskError `field.…` for a value that this kind does not accept.
        """
        if value is None:
            return None
        if isinstance(value, MissingAnswer):
            return _GAP_MARK + value.value
        wire = self._encode(value)
        if _size(wire) > MAX_VALUE_BYTES:
            raise KfdeskError("field.too_long")
        return wire

    def decode(self, wire: Wire) -> Value:
        """Return the value that `wire` encodes; the inverse of `encode`.

        Raise KfdeskError `field.kind_mismatch` if another kind or damage wrote it.
        """
        if self._is_plain(wire):
            return self._decode(wire)
        if wire is None:
            return None
        if isinstance(wire, str) and wire.startswith(_GAP_MARK):
            try:
                return MissingAnswer(wire[1:])
            except ValueError:
                raise KfdeskError("field.kind_mismatch") from None
        try:
            value = self._decode(wire)
            is_ours = self._canonical(value) == wire
        except (KfdeskError, ValueError):
            raise KfdeskError("field.kind_mismatch") from None
        if not is_ours:
            raise KfdeskError("field.kind_mismatch")
        return value

    def check(self, wire: Wire, texts: list[str]) -> None:
        """Refuse what `decode` refuses, except for bad texts, which are appended to `texts`."""
        found = self._texts(wire)
        if found is None:
            self.decode(wire)
        else:
            texts += found

    def _texts(self, _wire: Wire) -> Sequence[str] | None:
        """Return the texts that still need a check; None if the value must be decoded to tell."""
        return None

    def _is_plain(self, wire: Wire) -> bool:
        """Return whether a quick look proves that `wire` is valid and canonical."""
        texts = self._texts(wire)
        return texts is not None and _is_clean(texts)

    def _encode(self, value: Value) -> Wire:
        raise KfdeskError("field.kind_mismatch")

    def _decode(self, wire: Wire) -> Value:
        """Return the value of `wire`; `_canonical` checks whether it is written canonically."""
        return wire

    def _canonical(self, value: Value) -> Wire:
        """Return the one way to write what `_decode` has just returned."""
        return self._encode(value)


class TextKind(FieldKind):
    """Plain text without a language: names, codes, notes."""

    def _texts(self, wire: Wire) -> Sequence[str] | None:
        return _one_text(wire)

    def _encode(self, value: Value) -> Wire:
        return check_text(value)


class LocalizedTextKind(FieldKind):
    """Text that may leave: one or more translations, each with its language."""

    def _texts(self, wire: Wire) -> Sequence[str] | None:
        if not isinstance(wire, tuple) or not wire or len(wire) % 2:
            return None
        return wire if _are_languages(wire[::2]) else None

    def _encode(self, value: Value) -> Wire:
        wordings = (
            [w for w in value if isinstance(w, Translation)] if isinstance(value, tuple) else []
        )
        if not isinstance(value, tuple) or len(wordings) != len(value) or not value:
            raise KfdeskError("field.kind_mismatch")
        if not _are_languages(tuple(w.language for w in wordings)):
            raise KfdeskError("field.no_such_language")
        return tuple(part for w in wordings for part in (w.language, check_text(w.text)))

    def _decode(self, wire: Wire) -> LocalizedText:
        if not isinstance(wire, tuple) or len(wire) % 2:
            raise KfdeskError("field.kind_mismatch")
        return tuple(map(Translation, wire[::2], wire[1::2]))


class DateKind(FieldKind):
    """A calendar date (ISO 8601), or a partial date: a year or a month."""

    def _encode(self, value: Value) -> Wire:
        if isinstance(value, PartialDate):
            return value.text
        if type(value) is not date:
            raise KfdeskError("field.not_a_day")
        return value.isoformat()

    def _decode(self, wire: Wire) -> Value:
        text = check_text(wire)
        return date.fromisoformat(text) if len(text) == len("2026-11-24") else PartialDate(text)


class ZonedTimeKind(FieldKind):
    """A time in a zone: wall time, zone, offset (RFC 9557)."""

    def _texts(self, wire: Wire) -> Sequence[str] | None:
        return () if isinstance(wire, str) and ZonedTime.is_valid_text(wire) else None

    def _encode(self, value: Value) -> Wire:
        if not isinstance(value, ZonedTime) or ZonedTime.parse(str(value)) != value:
            raise KfdeskError("field.not_a_moment")
        return str(value)

    def _decode(self, wire: Wire) -> Value:
        return ZonedTime.parse(check_text(wire))

    def _canonical(self, value: Value) -> Wire:
        return str(value)


class NumberKind(FieldKind):
    """A whole number."""

    def _encode(self, value: Value) -> Wire:
        if type(value) is not int or abs(value) > _LARGEST:
            raise KfdeskError("field.not_a_number")
        return value


class BooleanKind(FieldKind):
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
class CodeKind(FieldKind):
    """One code of a list. An unknown code is kept: it comes from a newer program."""

    codes: Mapping[str, str]

    def _texts(self, wire: Wire) -> Sequence[str] | None:
        return _one_text(wire)

    def _encode(self, value: Value) -> Wire:
        return check_text(value)


@dataclass(frozen=True)
class CodeSetKind(FieldKind):
    """Several codes of a list, in the order given, without repeats."""

    codes: Mapping[str, str]

    def _texts(self, wire: Wire) -> Sequence[str] | None:
        return wire if isinstance(wire, tuple) and len(set(wire)) == len(wire) else None

    def _encode(self, value: Value) -> Wire:
        if not isinstance(value, tuple) or len(set(value)) != len(value):
            raise KfdeskError("field.kind_mismatch")
        return tuple(check_text(code) for code in value)


class ReferenceKind(FieldKind):
    """Another record, by its id: 32 hexadecimal digits."""

    def _texts(self, wire: Wire) -> Sequence[str] | None:
        return () if isinstance(wire, str) and _RECORD_ID.fullmatch(wire) else None

    def _encode(self, value: Value) -> Wire:
        text = check_text(value)
        if not _RECORD_ID.fullmatch(text):
            raise KfdeskError("field.kind_mismatch")
        return text


def is_reference(wire: Wire) -> bool:
    """Return whether a stored value is a record's id."""
    return isinstance(wire, str) and _RECORD_ID.fullmatch(wire) is not None


def check_values(values: Sequence[tuple[FieldKind, Wire]]) -> None:
    """Raise what decoding any of these values would raise.

    All texts are checked in one piece, which costs a quarter of checking each.
    """
    texts: list[str] = []
    for kind, wire in values:
        kind.check(wire, texts)
    if not _is_clean(texts):
        for kind, wire in values:
            kind.decode(wire)


def check_text(value: object) -> str:
    """Return `value` if it is a valid text: NFC, no control or bidi characters, up to 64 KiB.

    Bidi overrides can make a name or a number read backwards on a screen (Unicode TR 36).
    Raise KfdeskError `field.kind_mismatch`, `field.control_character`,
    `field.not_normalised` or `field.too_long`.
    """
    if not isinstance(value, str):
        raise KfdeskError("field.kind_mismatch")
    if _is_clean((value,)):
        return value
    if _FORBIDDEN.search(value):
        raise KfdeskError("field.control_character")
    if not value.isascii() and not unicodedata.is_normalized("NFC", value):
        raise KfdeskError("field.not_normalised")
    if len(value) > _SHORT_TEXT and len(value.encode("utf-8", "surrogatepass")) > MAX_VALUE_BYTES:
        raise KfdeskError("field.too_long")
    return value


def _one_text(wire: Wire) -> Sequence[str] | None:
    return (wire,) if isinstance(wire, str) and not is_missing_answer(wire) else None


def _is_clean(texts: Sequence[str]) -> bool:
    """Return whether a quick look proves the texts valid: short, printable and in NFC.

    They can be checked joined by spaces, because a space never combines with a character.
    """
    text = " ".join(texts)
    if len(text) > _SHORT_TEXT or not (text.isprintable() or _FORBIDDEN.search(text) is None):
        return False
    return text.isascii() or unicodedata.is_normalized("NFC", text)


@lru_cache(maxsize=_LANGUAGE_CACHE_SIZE)
def _are_languages(codes: tuple[str, ...]) -> bool:
    """Return whether these are distinct language codes."""
    return len(set(codes)) == len(codes) and all(map(_LANGUAGE.fullmatch, codes))


def is_missing_answer(wire: Wire) -> bool:
    """Return whether a stored value is a missing answer, not a text."""
    return isinstance(wire, str) and wire.startswith(_GAP_MARK)


def clean_text(value: str) -> str:
    """Return typed or pasted text made valid: NFC, without control and bidi characters.

    A tab, as between two cells of a table, becomes a space.
    """
    spaced = value.replace("\t", " ")
    return unicodedata.normalize("NFC", _FORBIDDEN.sub("", spaced)).strip()


_SHOW_NOTHING = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and a symbol, yet blank
_BLANK_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Mn", "Mc", "Me", "Zl", "Zp", "Zs"})


def is_blank_text(text: str) -> bool:
    """Return whether nothing of a text can be seen, as of one that is empty."""
    return all(
        sign in _SHOW_NOTHING or unicodedata.category(sign) in _BLANK_CATEGORIES for sign in text
    )


def _size(wire: Wire) -> int:
    """Return an upper bound of the bytes that the wire takes in msgpack."""
    texts = wire if isinstance(wire, tuple) else (str(wire),)
    return _HEADER_BYTES + sum(_HEADER_BYTES + len(text.encode()) for text in texts)
