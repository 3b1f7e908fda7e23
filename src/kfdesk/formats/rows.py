# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts that all formats share: text encodings, entries while they are read, entries to be written.

Exported entries are made of what was disclosed and of nothing else, so that no writer can export
more. A name that was not disclosed stays out even where another entry refers to it. Only few
entries are unpacked at a time.
"""

import codecs
import heapq
import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import chardet

from kfdesk.domain.compact import CompactSequence
from kfdesk.domain.directory import (
    MAX_TEXT_LENGTH,
    ExportSelection,
    ParsedContact,
    ParsedValue,
    ParseFailure,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import BooleanKind, CodeKind, CodeSetKind, clean_text, is_blank_text
from kfdesk.domain.names import strip_marks
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import RecordView, view_any
from kfdesk.i18n.parsing import country_code, language_code

_FAX = "Fax"
_MAX_NUMBER_LENGTH = 100  # letters; what is longer is no number but a text
_NAMES = ("name", "given_name", "family_name")
_MULTILINE = frozenset({
    "address", "offers", "hours", "eligibility", "fees", "application", "area", "interpretation",
    "accessibility", "alert",
})  # fmt: skip
YES, NO = "yes", "no"
"""The words by which files answer a question."""
_ANSWERS = {
    **dict.fromkeys((YES, "y", "true", "1", "x", "ja", "да", "jah", "kyllä", "tak"), True),
    **dict.fromkeys((NO, "n", "false", "0", "nej", "нет", "ei", "nie"), False),
}


# --- entries while they are read


class EntryBuilder:
    """A directory entry that is filled line by line during an import."""

    def __init__(self, line: int, record_type: str) -> None:
        self._line = line
        self.type = record_type
        self._fields = RECORD_TYPES[record_type].fields
        self._values: dict[str, ParsedValue] = {}
        self._numbers: dict[str, None] = {}
        self._notes: dict[str, None] = {}
        self._is_cut = False
        self._lost_zero = False

    def put(self, key: str, text: str) -> None:
        """Set a field from text; a second value of the field goes to the note."""
        clean = self._fitting(_clean_lines(text))
        if not clean or (key in _NAMES and is_blank_text(clean)):
            return
        kind = self._fields[key].kind
        if isinstance(kind, CodeSetKind):
            self.put_codes(key, clean.replace(";", ",").split(","))
        elif isinstance(kind, BooleanKind):
            self._answer(key, clean)
        elif (isinstance(kind, CodeKind) and kind.codes.get(clean) is None) or key in self._values:
            self.note(clean)
        else:
            self._values[key] = clean if key in _MULTILINE else " ".join(clean.split())

    def _answer(self, key: str, text: str) -> None:
        """Set a yes or no; note any other text, and a second answer that is not the same."""
        answer = _ANSWERS.get(text.casefold())
        if answer is None or self._values.setdefault(key, answer) is not answer:
            self.note(text)

    def put_codes(self, key: str, words: Iterable[str]) -> None:
        """Add the words that are codes of the field's list or names of languages; note others."""
        kind = self._fields[key].kind
        assert isinstance(kind, CodeSetKind)
        said = [word.strip() for word in words if word.strip()]
        known = [language_code(word) if key == "languages" else word for word in said]
        codes = tuple(dict.fromkeys(code for code in known if code in kind.codes))
        for word, code in zip(said, known, strict=True):
            if code not in kind.codes:
                self.note(word)
        if codes:
            before = self._values.get(key, ())
            old = before if isinstance(before, tuple) else ()
            self._values[key] = tuple(dict.fromkeys((*old, *codes)))

    def codes_of(self, key: str) -> Container[str]:
        """Return the codes that a field may have."""
        kind = self._fields[key].kind
        assert isinstance(kind, CodeSetKind)
        return kind.codes

    def put_country(self, text: str) -> None:
        """Set the country by its code or name; an unknown one goes to the note."""
        code = country_code(clean_text(text))
        is_free = "country" in self._fields and self._values.get("country", code) == code
        if code and is_free:
            self._values["country"] = code
        elif text.strip():
            self.note(text)

    def number(self, text: str, *, is_called: bool = True) -> None:
        """Add a telephone number once; a fax or pager number goes to the note."""
        clean = clean_text(text.replace("\n", " ")).strip("\"' ")
        if clean and not is_called:
            self.note(f"{_FAX} {clean}")
        elif len(clean) > _MAX_NUMBER_LENGTH:
            self.note(clean)
        elif clean:
            self._numbers[clean] = None

    def numbers(self, text: str, *, is_called: bool = True) -> None:
        """Add the telephone numbers of a cell; what is said of one, such as its hours, is noted.

        A number of seven digits or more that begins neither with 0 nor with + may have lost its 0
        in a workbook; `faults` tells it.
        """
        for number, remark in split_numbers(text):
            self.number(number, is_called=is_called)
            if remark:
                self.note(f"{number}: {remark}")
            self._lost_zero |= _MAY_LACK_ZERO.fullmatch(number) is not None

    def note(self, text: str) -> None:
        """Add a text without a field to the note, once, unless it is a value of the entry."""
        clean = _clean_lines(text)
        if clean and clean not in self._values.values():
            self._notes[clean] = None

    def value(self, key: str) -> ParsedValue:
        """Return the value of a field so far; empty without one."""
        return self._values.get(key, "")

    @property
    def has_name(self) -> bool:
        """True if the entry has a name or an e-mail address, so that a list can show it."""
        return not self._values.keys().isdisjoint((*_NAMES, "email"))

    def is_named(self, keys: Collection[str]) -> bool:
        """Return whether the entry can be listed, in a table with these columns of names.

        Without any such column nobody knows who it is: an e-mail address is no name then.
        """
        return bool(keys) and self.has_name

    def done(self) -> ParsedContact:
        """Return the finished entry; one without a name is called by its e-mail address."""
        values = dict(self._values)
        if values.keys().isdisjoint(_NAMES) and "email" in values:
            values["name" if self.type == "organisation" else "given_name"] = values["email"]
        if self._notes:
            values["note"] = self._fitting("\n".join(self._notes))
        return ParsedContact(self._line, self.type, values, tuple(self._numbers))

    def faults(self) -> Iterator[ParseFailure]:
        """Yield what is wrong with the finished entry: a text was cut, a number lacks a digit."""
        if self._is_cut:
            yield ParseFailure(self._line, "cut")
        if self._lost_zero:
            yield ParseFailure(self._line, "lost_zero")

    def _fitting(self, text: str) -> str:
        self._is_cut = self._is_cut or len(text) > MAX_TEXT_LENGTH
        return text[:MAX_TEXT_LENGTH].strip()


_BETWEEN_NUMBERS = re.compile(
    r"[;/|\n]|,(?!\d{1,3}\b)|\s(?:och|eller|or|and|и|или|ja|või|un|vai|ir|arba|i|lub|oder|und|tai)\s"
    r"|(?<=\d)\s+(?=\+\d|0\d{1,3}[-–]|8 ?\(\d)"
)
"""The signs and words between two numbers of a cell, or a blank before a number with a prefix."""
_REMARK = re.compile(r"\(([^()]*[^\W\d_][^()]*)\)")
_LEAST_DIGITS = 3
_MAY_LACK_ZERO = re.compile(r"[1-9]\d{6,9}", re.ASCII)


def split_numbers(text: str) -> Iterator[tuple[str, str]]:
    """Yield the telephone numbers of a cell, each with the words in brackets behind it.

    A piece without three digits belongs to the number before it: `08-123 45 67, ankn 12`. A cell
    with one number stays as it was written.
    """
    found: list[list[str]] = []
    for piece in _BETWEEN_NUMBERS.split(text):
        said = " ".join(piece.split())
        if found and sum(sign.isdecimal() for sign in _REMARK.sub("", said)) < _LEAST_DIGITS:
            found[-1][1] = ", ".join(filter(None, (found[-1][1], said)))
        elif said:
            remarks = ", ".join(_REMARK.findall(said))
            found.append([" ".join(_REMARK.sub(" ", said).split()), remarks])
    if len(found) == 1 and not found[0][1]:
        found[0][0] = text.strip()
    yield from ((number, remark) for number, remark in found)


def _clean_lines(text: str) -> str:
    return clean_text(text.replace("\r\n", "\n").replace("\r", "\n"))


# --- encodings

BOM = "\ufeff"
_BOMS: Mapping[bytes, str] = {
    codecs.BOM_UTF32_LE: "utf-32-le",  # begins as the one of UTF-16, so it comes first
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_OLD_PAGES = (
    "cp1250", "cp1251", "cp1252", "cp1257", "iso8859-2", "iso8859-4", "iso8859-5", "iso8859-13",
    "iso8859-15", "koi8-r", "koi8-u", "cp866", "cp775", "cp850", "cp852", "mac-cyrillic",
    "mac-roman",
)  # fmt: skip
"""The code pages that offices of the region have used; no other one is guessed."""
_COMMON_PAGE = "cp1252"
_OF_LETTERS = re.compile(
    r"ascii|utf-(8|16|32)(-[bl]e|-sig)?|(iso|koi|mac|euc|gb|big5|shift)[\w-]*|cp\d+|tis-620|kz1048"
)
"""The codecs that may be named: Python has others, which unpack or run slowly."""
_SAMPLE = 200_000


def decode_text(data: bytes, encoding: str = "") -> tuple[str, str, bool]:
    """Decode the data; return the text, its encoding, and whether that is certain.

    Raise KfdeskError `contacts.not_these_letters` if the data does not fit the named encoding.
    """
    if encoding:
        return _decode_strictly(data, encoding), encoding, True
    named = next((name for mark, name in _BOMS.items() if data.startswith(mark)), "")
    certain = named or _detect_wide(data[:2000])
    if certain:
        return _decode_strictly(data, certain), certain, True
    try:
        return data.decode("utf-8"), "utf-8", True
    except UnicodeDecodeError:
        name = guess_encoding(data)
        return data.decode(name, "replace"), name, False


def guess_encoding(data: bytes) -> str:
    """Return the likeliest code page of bytes that are not UTF-8.

    Of two that give the same text the commoner one is named.
    """
    sample = data[:_SAMPLE]
    found = chardet.detect(
        sample, max_bytes=_SAMPLE, include_encodings=_OLD_PAGES, compat_names=False
    )
    name = found["encoding"] or _COMMON_PAGE
    is_same = sample.decode(name, "replace") == sample.decode(_COMMON_PAGE, "replace")
    return _COMMON_PAGE if is_same else name


def is_encoding(name: str) -> bool:
    """Return whether a file may name this encoding: one of letters, known here."""
    try:
        return _OF_LETTERS.fullmatch(codecs.lookup(name).name) is not None
    except (LookupError, ValueError):
        return False


def _decode_strictly(data: bytes, encoding: str) -> str:
    if not is_encoding(encoding):
        raise KfdeskError("contacts.not_these_letters")
    try:
        return data.decode(encoding).lstrip(BOM)
    except UnicodeError:
        raise KfdeskError("contacts.not_these_letters") from None


def _detect_wide(head: bytes) -> str:
    """Return the UTF-16 or UTF-32 encoding of data without a BOM, or an empty string.

    In UTF-16 every other byte of Latin letters and line ends is zero; in UTF-32 two of four
    bytes are zero in every letter in use.
    """
    zeros = [head[place::4].count(0) for place in range(4)]
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if len(head) < 4 or max(even, odd) * 8 < len(head):
        return ""
    if min(zeros[2:]) == len(head) // 4:
        return "utf-32-le"
    if min(zeros[:2]) == len(head) // 4:
        return "utf-32-be"
    return "utf-16-be" if even > odd else "utf-16-le"


# --- entries to be written

_RUN_LENGTH = 5_000  # entries that are sorted at once
_REFERENCES = ("part_of", "organisation", "front_door")


@dataclass(frozen=True, slots=True)
class ExportedEntry:
    """An exported entry with its values by key; references are names.

    `above` is the id of the organisation that it belongs to.
    """

    rid: bytes
    type: str
    values: Mapping[str, str | tuple[str, ...]] = field(repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)
    above: bytes | None = None

    @property
    def name(self) -> str:
        """The name by which it is sorted and listed."""
        return self.text("name") or self.text("given_name")

    def text(self, key: str) -> str:
        """Return a value as one text; empty without one."""
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ", ".join(value)

    def codes(self, key: str) -> tuple[str, ...]:
        """Return a value of several codes."""
        value = self.values.get(key, ())
        return value if isinstance(value, tuple) else ()


class ExportedEntries(Collection[ExportedEntry]):
    """The exported organisations and persons that have a name, sorted by name.

    They arrive in any order and are sorted in packed runs. Iteration merges the runs.
    """

    def __init__(self, parts: Iterable[ExportSelection]) -> None:
        self._runs: list[CompactSequence[ExportedEntry]] = []
        run: list[ExportedEntry] = []
        for part in parts:
            run += (entry for entry in _exported_entries(part) if entry.name)
            if len(run) >= _RUN_LENGTH:
                self._pack(run)
                run = []
        self._pack(run)

    def __len__(self) -> int:
        return sum(map(len, self._runs))

    def __iter__(self) -> Iterator[ExportedEntry]:
        return heapq.merge(*self._runs, key=_sort_key)

    def __contains__(self, one: object) -> bool:
        return any(entry == one for entry in self)

    def _pack(self, run: Iterable[ExportedEntry]) -> None:
        self._runs.append(CompactSequence(ExportedEntry, sorted(run, key=_sort_key)))


def _sort_key(entry: ExportedEntry) -> tuple[bool, str, bytes]:
    return entry.type != "organisation", strip_marks(entry.name), entry.rid


def _exported_entries(part: ExportSelection) -> Iterator[ExportedEntry]:
    seen = {given.rid: view_any(given.row) for given in part.what.rows}
    numbers: dict[bytes, list[str]] = {}
    for one in seen.values():
        if one.row.type == "phone" and isinstance(one.record.number, str):
            numbers.setdefault(one.row.parent or b"", []).append(one.record.number)
    for given in part.what.rows:
        if given.rid in part.entries:
            own = tuple(numbers.get(given.rid, ()))
            yield _exported_entry(seen[given.rid], frozenset(given.grants), seen, own)


def _exported_entry(
    one: RecordView[Any],
    keys: frozenset[str],
    seen: Mapping[bytes, RecordView[Any]],
    numbers: tuple[str, ...],
) -> ExportedEntry:
    values: dict[str, str | tuple[str, ...]] = {}
    above = None
    for key in sorted(keys - {"confidentiality"}):
        value = getattr(one.record, key)
        if key in _REFERENCES and isinstance(value, str):
            other = seen.get(bytes.fromhex(value))
            name = getattr(other.record, "name", None) if other is not None else None
            above = above or (other.rid if other is not None and key != "front_door" else None)
            value = name if isinstance(name, str) else None
        if isinstance(value, bool):
            value = YES if value else NO
        if isinstance(value, str | tuple) and value:
            values[key] = value
    return ExportedEntry(one.rid, one.row.type, values, numbers, above)
