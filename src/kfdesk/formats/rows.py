# SPDX-License-Identifier: GPL-3.0-or-later
"""What all formats share: text encodings, entries while they are read, entries to be written.

Exported entries are made of what was disclosed and of nothing else, so that no writer can export
more. A name that was not disclosed stays out even where another entry refers to it. Only few
entries are unpacked at a time.
"""

import codecs
import heapq
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kfdesk.domain.compact import CompactSequence
from kfdesk.domain.directory import MAX_TEXT_LENGTH, ExportSelection, ParsedContact, ParsedValue
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import CodeKind, CodeSetKind, clean_text
from kfdesk.domain.names import strip_marks
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import RecordView, view_any
from kfdesk.i18n.parsing import country_code, language_code

_FAX = "Fax"
_MULTILINE = frozenset({"address", "offers", "hours"})


# --- entries while they are read


class EntryBuilder:
    """A directory entry that is filled line by line during an import."""

    def __init__(self, line: int, record_type: str) -> None:
        self._line = line
        self.type = record_type
        self._fields = RECORD_TYPES[record_type].fields
        self._values: dict[str, ParsedValue] = {}
        self._numbers: list[str] = []
        self._notes: list[str] = []

    def put(self, key: str, text: str) -> None:
        """Set a field from text; a second value of the field goes to the note."""
        clean = clean_text(text.replace("\r\n", "\n").replace("\r", "\n"))[:MAX_TEXT_LENGTH].strip()
        if not clean:
            return
        kind = self._fields[key].kind
        if isinstance(kind, CodeSetKind):
            self.put_codes(key, clean.replace(";", ",").split(","))
        elif (isinstance(kind, CodeKind) and kind.codes.get(clean) is None) or key in self._values:
            self.note(clean)
        else:
            self._values[key] = clean if key in _MULTILINE else " ".join(clean.split())

    def put_codes(self, key: str, words: Iterable[str]) -> None:
        """Set the words that are codes of the field's list or names of languages."""
        kind = self._fields[key].kind
        assert isinstance(kind, CodeSetKind)
        said = [word.strip() for word in words if word.strip()]
        known = [language_code(word) if key == "languages" else word for word in said]
        codes = tuple(dict.fromkeys(code for code in known if code in kind.codes))
        for word, code in zip(said, known, strict=True):
            if not code:
                self.note(word)
        if codes:
            self._values[key] = codes

    def put_country(self, text: str) -> None:
        """Set the country by its code or name; an unknown one goes to the note."""
        code = country_code(clean_text(text))
        if code and "country" in self._fields:
            self._values.setdefault("country", code)
        elif text.strip():
            self.note(text)

    def number(self, text: str, *, is_called: bool = True) -> None:
        """Add a telephone number once; a fax or pager number goes to the note."""
        clean = clean_text(text.replace("\n", " ")).strip("\"' ")[:100]
        if clean and not is_called:
            self.note(f"{_FAX} {clean}")
        elif clean and clean not in self._numbers:
            self._numbers.append(clean)

    def note(self, text: str) -> None:
        """Add a text without a field to the note, once."""
        clean = clean_text(text.replace("\r\n", "\n").replace("\r", "\n"))
        if clean and clean not in self._notes:
            self._notes.append(clean)

    @property
    def has_name(self) -> bool:
        """True if the entry has a name, so that a list can show it."""
        return not self._values.keys().isdisjoint(("name", "given_name", "family_name"))

    def done(self) -> ParsedContact:
        """Return the finished entry."""
        values = dict(self._values)
        if self._notes:
            values["note"] = "\n".join(self._notes)[:MAX_TEXT_LENGTH]
        return ParsedContact(self._line, self.type, values, tuple(self._numbers))


# --- encodings

_BOMS: Mapping[bytes, str] = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_CYRILLIC = re.compile(r"[а-яё]{3}", re.IGNORECASE)
_LATIN_WORD = re.compile(r"[a-z]{2}[à-öø-ž]|[à-öø-ž][a-z]{2}", re.IGNORECASE)
_SAMPLE = 200_000


def decode_text(data: bytes, encoding: str = "") -> tuple[str, str, bool]:
    """Decode the data; return the text, its encoding, and whether that is certain.

    Raise KfdeskError `contacts.not_these_letters` if the data does not fit the named encoding.
    """
    if encoding:
        return _decode_strictly(data.removeprefix(codecs.BOM_UTF8), encoding), encoding, True
    for mark, name in _BOMS.items():
        if data.startswith(mark):
            return _decode_strictly(data[len(mark) :], name), name, True
    wide = _detect_utf16(data[:2000])
    if wide:
        return _decode_strictly(data, wide), wide, True
    try:
        return data.decode("utf-8"), "utf-8", True
    except UnicodeDecodeError:
        name = guess_encoding(data)
        return data.decode(name, "replace"), name, False


def guess_encoding(data: bytes) -> str:
    """Return the likeliest code page of bytes that are not UTF-8."""
    sample = data[:_SAMPLE]
    cyrillic = {name: _count_cyrillic(sample, name) for name in ("cp1251", "koi8-r")}
    best = max(cyrillic, key=lambda name: cyrillic[name])
    latin = len(_LATIN_WORD.findall(sample.decode("cp1252", "replace")))
    return best if cyrillic[best] > latin else "cp1252"


def _count_cyrillic(sample: bytes, name: str) -> int:
    """Count the runs of small Cyrillic letters; a wrong code page swaps the letter case."""
    return sum(run[1:].islower() for run in _CYRILLIC.findall(sample.decode(name, "replace")))


def _decode_strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise KfdeskError("contacts.not_these_letters") from None


def _detect_utf16(head: bytes) -> str:
    """Return the UTF-16 encoding of data without a BOM, or an empty string.

    In UTF-16 every other byte of Latin letters and line ends is zero.
    """
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) < 4 or max(even, odd) * 8 < len(head):
        return ""
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
        if isinstance(value, str | tuple) and value:
            values[key] = value
    return ExportedEntry(one.rid, one.row.type, values, numbers, above)
