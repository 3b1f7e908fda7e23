# SPDX-License-Identifier: GPL-3.0-or-later
"""vCard, read in all three versions and written as 4.0.

The reader works on bytes, because a fold may split a character and each line may name its own
encoding. Embedded pictures and sounds are skipped without decoding. A card becomes an entry of
an organisation or of a person.
"""

import codecs
import quopri
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from kfdesk.domain.compact import CompactSequence
from kfdesk.domain.directory import MAX_ENTRIES, ParsedContact, ParsedFile, ParseFailure
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.names import bare_words
from kfdesk.formats.content_lines import escape_text, fold_line
from kfdesk.formats.rows import (
    BOM,
    EntryBuilder,
    ExportedEntry,
    decode_text,
    guess_encoding,
    is_encoding,
)
from kfdesk.i18n.parsing import country_name

# --- content lines

_ENDS = re.compile(rb"\r\n|\r|\n")
_HEAD = re.compile(rb'((?:"[^"]*"|[^:"])*):(.*)', re.DOTALL)
_PARTS = re.compile(r'(?:"[^"]*"|[^;"])+')
_BARE = {
    "quoted-printable": "encoding", "base64": "encoding", "b": "encoding", "8bit": "encoding",
}  # fmt: skip
MOST_VALUE = 64 * 1024
_MOST_CHARSETS = 3  # a line should name one
_ENOUGH = 200_000  # bytes by which a code page is guessed


@dataclass(frozen=True, slots=True)
class VcardLine:
    """A content line: its number, its name in capitals, its parameters and its value.

    `guessed` is the encoding of the value if it had to be guessed, else empty.
    """

    number: int
    name: str
    params: Mapping[str, tuple[str, ...]]
    value: str
    guessed: str = ""

    def is_a(self, *types: str) -> bool:
        """Return whether its TYPE is one of these."""
        return not set(types).isdisjoint(self.params.get("type", ()))

    def parts(self, sign: str = ";") -> list[str]:
        """Return the value split at an unescaped sign, each part unescaped."""
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
        return [_unescape(one) for one in (*found, "".join(part))]

    @property
    def text(self) -> str:
        """The whole value, unescaped."""
        return _unescape(self.value)


def read_vcard_lines(data: bytes, encoding: str) -> Iterator[VcardLine | int]:
    """Yield the lines of all cards; for a malformed line yield its number.

    Values that are not UTF-8 and name no encoding are all in `encoding`, or in the code page that
    is likeliest for all of them together.
    """
    page = encoding
    for number, name, params, value in _raw_lines(data):
        if value is None:
            yield number
            continue
        text = _decode_value(value, params, encoding)
        guessed = "" if text is not None else page or guess_encoding(_undecided_values(data))
        page = page or guessed
        yield VcardLine(
            number, name, params, value.decode(page, "replace") if text is None else text, guessed
        )


def _undecided_values(data: bytes) -> bytes:
    """Return the values that are not UTF-8 and name no encoding, as far as a guess needs them."""
    found, size = [], 0
    for _, _, params, value in _raw_lines(data):
        if value is not None and _decode_value(value, params, "") is None:
            found.append(value)
            size += len(value)
        if size > _ENOUGH:
            break
    return b"\r\n".join(found)


def _raw_lines(
    data: bytes,
) -> Iterator[tuple[int, str, Mapping[str, tuple[str, ...]], bytes | None]]:
    """Yield number, name, parameters and value of each line; no value of a malformed one."""
    for number, raw in _unfold(data):
        matched = _HEAD.fullmatch(raw)
        if matched is None:
            yield number, "", {}, None
            continue
        head, value = matched.groups()
        name, params = _head(head.decode("utf-8", "replace"))
        yield number, name, params, _transferred(value, params)


def _unfold(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield logical lines with the number of their first physical line."""
    kept: list[bytes] = []
    first, size, is_soft, is_quoted, is_picture = 1, 0, False, False, False
    for number, raw in enumerate(_split(data), start=1):
        is_folded = raw[:1] in (b" ", b"\t")
        goes_on = is_soft or is_folded or (is_picture and b":" not in raw)
        if goes_on and kept:
            kept[-1] = kept[-1].removesuffix(b"=") if is_soft else kept[-1]
            part = raw[1:] if is_folded else raw
        else:
            if kept:
                yield first, b"".join(kept)
            first, kept, part, size = number, [], raw, 0
            head = raw[:MOST_VALUE].partition(b":")[0].upper()
            is_quoted = b"QUOTED-PRINTABLE" in head
            is_picture = b"BASE64" in head or b"ENCODING=B" in head
        room = max(MOST_VALUE - size, 0)
        size += len(part)
        if part[:room]:
            kept.append(part[:room])
        is_soft = is_quoted and part.endswith(b"=")
    if kept:
        yield first, b"".join(kept)


def _split(data: bytes) -> Iterator[bytes]:
    """Yield the physical lines without their ends."""
    begin = 0
    for end in _ENDS.finditer(data):
        yield data[begin : end.start()]
        begin = end.end()
    yield data[begin:]


def _head(text: str) -> tuple[str, Mapping[str, tuple[str, ...]]]:
    name, *parts = _PARTS.findall(text) or [""]
    params: dict[str, list[str]] = {}
    for part in parts:
        key, is_named, value = part.partition("=")
        if not is_named:
            key, value = _BARE.get(part.lower(), "type"), part
        words = (word.strip().lower() for word in value.strip('"').split(","))
        params.setdefault(key.lower(), []).extend(words)
    plain = name.rpartition(".")[2].strip(f"{BOM} \t").upper()
    return plain, {key: tuple(words) for key, words in params.items()}


def _transferred(raw: bytes, params: Mapping[str, tuple[str, ...]]) -> bytes:
    """Return the bytes of a value out of its transfer encoding; nothing of a picture."""
    ways = params.get("encoding", ())
    if "base64" in ways or "b" in ways:
        return b""
    return quopri.decodestring(raw) if "quoted-printable" in ways else raw


def _decode_value(value: bytes, params: Mapping[str, tuple[str, ...]], encoding: str) -> str | None:
    """Return the text of a value by the encoding that it names, UTF-8 or `encoding`, or None."""
    named = (name.strip('"') for name in params.get("charset", ())[:_MOST_CHARSETS])
    for name in (*filter(is_encoding, named), "utf-8", *filter(None, [encoding])):
        try:
            return value.decode(name)
        except UnicodeError:
            continue
    return None


def _unescape(text: str) -> str:
    """Replace escaped line ends and signs; an unknown escape keeps its backslash."""

    def one(found: re.Match[str]) -> str:
        sign = found[1]
        return "\n" if sign in "nN" else sign if sign in "\\;,:" else found[0]

    return re.sub(r"\\(.)", one, text, flags=re.DOTALL)


def to_utf8(data: bytes, encoding: str) -> bytes:
    """Return UTF-16 or UTF-32 data as UTF-8, so that each sign of a line is one byte.

    Raise KfdeskError `contacts.not_these_letters`.
    """
    if not encoding.startswith(WIDE):
        return data.removeprefix(codecs.BOM_UTF8)
    return decode_text(data, encoding)[0].encode("utf-8", "replace")


# --- reading

_CODES = ("services", "populations", "networks")
_OWN_PROPERTIES = tuple(
    (f"X-KFDESK-{key.upper().replace('_', '-')}", key)
    for key in (
        "hours",
        "offers",
        "part_of",
        "contact_risk",
        "actor_type",
        "eligibility",
        "fees",
        "application",
        "area",
        "interpretation",
        "accessibility",
        "alert",
        "round_the_clock",
        "case_number_needed",
    )
)
_NOT_VOICE = ("fax", "pager")
_GROUPS = {"org", "group"}
WIDE = ("utf-16", "utf-32")
_NOTED = (
    "IMPP", "X-SKYPE", "X-SKYPE-USERNAME", "X-TELEGRAM", "X-WHATSAPP", "X-SIGNAL", "X-VIBER",
    "X-JABBER", "X-ICQ", "X-MSN", "X-SOCIALPROFILE",
)  # fmt: skip
"""Ways to reach somebody that have no field: they are noted with their names."""
_TECHNICAL = frozenset({
    "", "VERSION", "PRODID", "REV", "UID", "SOURCE", "NAME", "PROFILE", "CLASS", "SORT-STRING",
    "MAILER", "CLIENTPIDMAP", "XML", "KIND", "LABEL", "X-ABLABEL", "X-ABUID", "X-ABADR",
    "X-ABSHOWAS", "X-ADDRESSBOOKSERVER-KIND", "X-EVOLUTION-FILE-AS", "X-MOZILLA-HTML", "X-CLASS",
})  # fmt: skip
"""Properties that say nothing of a contact, or what another one says."""
_PROPERTY = re.compile(r"[A-Z][A-Z0-9-]{1,39}")
_FIRST_LINE = re.compile(rb"^BEGIN:VCARD", re.IGNORECASE | re.MULTILINE)
_MOST_LEFT_OUT = 20  # names of properties that are said to be left out
_READ = _TECHNICAL | {
    "N", "FN", "ORG", "NICKNAME", "URL", "EMAIL", "LANG", "CATEGORIES", "ADR", "TITLE", "ROLE",
    "TEL", "NOTE", *_NOTED, *(name for name, _ in _OWN_PROPERTIES),
}  # fmt: skip


def read_vcards(data: bytes, encoding: str = "") -> ParsedFile:
    """Read all cards of a file; `encoding` applies where the card names none.

    Raise KfdeskError `contacts.not_these_letters` or `contacts.too_many`.
    """
    found = encoding or decode_text(data)[1]
    is_wide = found.startswith(WIDE)
    narrow = to_utf8(data, found)
    if sum(1 for _ in islice(_FIRST_LINE.finditer(narrow), MAX_ENTRIES + 1)) > MAX_ENTRIES:
        raise KfdeskError("contacts.too_many", most=MAX_ENTRIES)  # before any card is read
    entries, broken = CompactSequence(ParsedContact), CompactSequence(ParseFailure)
    pages: set[str] = set()
    left: set[str] = set()
    for first, lines, reason in _split_cards(narrow, "" if is_wide else encoding):
        pages |= {line.guessed for line in lines}
        left |= set(islice(_names_left_out(lines), _MOST_LEFT_OUT - len(left)))
        draft = _vcard_draft(first, lines) if not reason else None
        if draft is not None:
            entries.extend((draft.done(),))
            broken.extend(draft.faults())
        else:
            broken.extend((ParseFailure(first, reason or "no_name"),))
        if len(entries) + len(broken) > MAX_ENTRIES:
            raise KfdeskError("contacts.too_many", most=MAX_ENTRIES)
    page = max(pages) if pages else ""
    told = found if is_wide else encoding or "utf-8"
    return ParsedFile(entries.kept, broken.kept, (), page or told, not page, tuple(sorted(left)))


def _names_left_out(lines: Iterable[VcardLine]) -> Iterator[str]:
    """Yield the properties that say something of a contact and have no place in an entry."""
    for line in lines:
        if line.name not in _READ and _PROPERTY.fullmatch(line.name):
            yield line.name


def _split_cards(data: bytes, encoding: str) -> Iterator[tuple[int, list[VcardLine], str]]:
    """Yield each card with its first line number, its lines, and a reason if unreadable."""
    lines: list[VcardLine] = []
    first, inside = 0, ""
    for line in read_vcard_lines(data, encoding):
        if isinstance(line, int):
            continue  # a malformed line does not spoil its card
        if line.name == "BEGIN":
            if inside or lines:
                yield first, lines, "no_end" if inside else "no_begin"
            first, lines, inside = line.number, [], line.value.strip().lower()
        elif line.name == "END":
            wrong = "not_a_card" if inside and inside != "vcard" else ""
            if inside or lines:
                yield first, lines, wrong or ("" if inside else "no_begin")
            lines, inside = [], ""
        else:
            first = first if inside or lines else line.number
            lines.append(line)
    if inside or lines:
        yield first, lines, "no_end" if inside else "no_begin"


def _vcard_draft(first: int, lines: Sequence[VcardLine]) -> EntryBuilder | None:
    """Return the entry of a card; None if nothing names it."""
    by_name: dict[str, list[VcardLine]] = {}
    for line in lines:
        if line.value.strip(" ;"):
            by_name.setdefault(line.name, []).append(line)
    names = by_name.get("N")
    parts = [part.strip() for part in names[0].parts()] if names else []
    family, given = (*parts, "", "")[:2]
    full, house = _first(by_name, "FN"), _first_part(by_name, "ORG")
    is_group = _first(by_name, "KIND").lower() in _GROUPS
    is_houses = house and (not full or full == house or _says_company(lines))
    if (is_group or not (family or given)) and (is_group or is_houses):
        draft = _organisation_draft(first, house if is_houses else full, by_name)
    else:
        values = {"given_name": given, "family_name": family, "organisation": house}
        if not (family or given):
            values["given_name"] = full
        draft = _person_draft(first, values, by_name)
    _note_names(draft, parts, by_name)
    return draft if draft.has_name else None


def _says_company(lines: Sequence[VcardLine]) -> bool:
    return any(line.name == "X-ABSHOWAS" and line.value == "COMPANY" for line in lines)


def _note_names(
    draft: EntryBuilder, parts: Sequence[str], by_name: Mapping[str, list[VcardLine]]
) -> None:
    """Note what the fields of a name do not hold: patronymic, titles, departments, other names."""
    family, given, further, before, after = (*parts, *[""] * 5)[:5]
    whole = " ".join(filter(None, (before, given, further, family, after)))
    if further or before or after:
        draft.note(whole)
    others = [*by_name.get("FN", ()), *by_name.get("N", ())[1:]]
    texts = [" ".join(filter(None, map(str.strip, line.parts()))) for line in others]
    held = " ".join(str(draft.value(key)) for key in ("name", "given_name", "family_name"))
    for text in texts:
        if not set(bare_words(text)) <= {*bare_words(whole), *bare_words(held)}:
            draft.note(text)
    for number, line in enumerate(by_name.get("ORG", ())):
        draft.note(", ".join(filter(None, map(str.strip, line.parts()[0 if number else 1 :]))))


def _organisation_draft(
    first: int, name: str, by_name: Mapping[str, list[VcardLine]]
) -> EntryBuilder:
    draft = EntryBuilder(first, "organisation")
    draft.put("name", name)
    _put_all(draft, by_name, ("NICKNAME", "other_name"), ("URL", "website"), ("EMAIL", "email"))
    draft.put_codes("languages", [line.text for line in by_name.get("LANG", ())])
    words = _categories(by_name)
    for key in _CODES:
        codes = draft.codes_of(key)
        draft.put_codes(key, [word for word in words if word in codes])
        words = [word for word in words if word not in codes]
    _put_all(draft, by_name, *_OWN_PROPERTIES)
    for number, line in enumerate(by_name.get("ADR", ())):
        _put_address(draft, line, is_first=number == 0)
    _note_lines(draft, by_name, "TITLE", "ROLE", texts=words)
    _put_notes(draft, by_name)
    return draft


def _person_draft(
    first: int, values: Mapping[str, str], by_name: Mapping[str, list[VcardLine]]
) -> EntryBuilder:
    draft = EntryBuilder(first, "contact")
    for key, value in values.items():
        draft.put(key, value)
    _put_all(draft, by_name, ("TITLE", "role"), ("ROLE", "role"))
    for line in by_name.get("ADR", ()):
        draft.note(_joined_address(line))
    _note_lines(draft, by_name, "URL", "NICKNAME", "LANG", texts=_categories(by_name))
    _put_all(draft, by_name, ("EMAIL", "email"))
    _put_notes(draft, by_name)
    return draft


def _put_all(
    draft: EntryBuilder, by_name: Mapping[str, list[VcardLine]], *pairs: tuple[str, str]
) -> None:
    """Set fields from properties; each further value goes to the note."""
    for name, key in pairs:
        for line in by_name.get(name, ()):
            draft.put(key, line.text)


def _note_lines(
    draft: EntryBuilder,
    by_name: Mapping[str, list[VcardLine]],
    *names: str,
    texts: Iterable[str] = (),
) -> None:
    for name in names:
        for line in by_name.get(name, ()):
            draft.note(line.text)
    for text in texts:
        draft.note(text)


def _put_address(draft: EntryBuilder, line: VcardLine, *, is_first: bool) -> None:
    box, more, street, city, region, code, country = (*line.parts(), *[""] * 7)[:7]
    if not is_first:
        draft.note(_joined_address(line))
        return
    draft.put("address", ", ".join(filter(None, (street, more, box, region, code))))
    draft.put("city", city)
    draft.put_country(country)


def _joined_address(line: VcardLine) -> str:
    return ", ".join(filter(None, (part.strip() for part in line.parts())))


def _put_notes(draft: EntryBuilder, by_name: Mapping[str, list[VcardLine]]) -> None:
    for line in by_name.get("TEL", ()):
        number = line.text.removeprefix("tel:").replace(";ext=", " ext. ")
        draft.number(number, is_called=not line.is_a(*_NOT_VOICE))
    for name in _NOTED:
        for line in by_name.get(name, ()):
            draft.note(f"{name.removeprefix('X-').capitalize()}: {line.text}")
    if "ADR" not in by_name:
        _note_lines(draft, by_name, "LABEL")
    _note_lines(draft, by_name, "NOTE")


def _categories(by_name: Mapping[str, list[VcardLine]]) -> list[str]:
    return [word for line in by_name.get("CATEGORIES", ()) for word in line.parts(",")]


def _first(by_name: Mapping[str, list[VcardLine]], name: str) -> str:
    return by_name[name][0].text.strip() if name in by_name else ""


def _first_part(by_name: Mapping[str, list[VcardLine]], name: str) -> str:
    return by_name[name][0].parts()[0].strip() if name in by_name else ""


# --- writing


def write_vcards(entries: Iterable[ExportedEntry], file: BinaryIO) -> None:
    """Write the entries as cards."""
    file.writelines(fold_line(line) for entry in entries for line in _card(entry))


def _card(entry: ExportedEntry) -> Iterator[str]:
    is_house = entry.type == "organisation"
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield f"KIND:{'org' if is_house else 'individual'}"
    yield f"FN:{escape_text(entry.name)}"
    if is_house:
        yield f"ORG:{escape_text(entry.name)}"
        yield from _organisation_lines(entry)
    else:
        yield f"N:;{escape_text(entry.name)};;;"
        yield from _lines((("ORG", "organisation"), ("TITLE", "role")), entry)
    for number in entry.numbers:
        yield f"TEL;VALUE=text:{escape_text(number)}"
    yield "END:VCARD"


def _organisation_lines(entry: ExportedEntry) -> Iterator[str]:
    yield from _lines((("NICKNAME", "other_name"), ("EMAIL", "email"), ("URL", "website")), entry)
    country = country_name(entry.text("country"))
    if entry.text("city") or country:
        yield f"ADR:;;;{escape_text(entry.text('city'))};;;{escape_text(country)}"
    for code in entry.codes("languages"):
        yield f"LANG:{code}"
    codes = [code for key in _CODES for code in entry.codes(key)]
    if codes:
        yield f"CATEGORIES:{','.join(codes)}"
    yield from _lines(_OWN_PROPERTIES, entry)


def _lines(pairs: Sequence[tuple[str, str]], entry: ExportedEntry) -> Iterator[str]:
    for name, key in pairs:
        if entry.text(key):
            yield f"{name}:{escape_text(entry.text(key))}"
