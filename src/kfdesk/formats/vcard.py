# SPDX-License-Identifier: GPL-3.0-or-later
"""vCard, read in all three versions and written as 4.0.

The reader works on bytes, because a fold may split a character and each line may name its own
encoding. Embedded pictures and sounds are skipped without decoding. A card becomes an entry of
an organisation or of a person.
"""

import quopri
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from kfdesk.domain.compact import CompactSequence
from kfdesk.domain.directory import MAX_ENTRIES, ParsedContact, ParsedFile, ParseFailure
from kfdesk.domain.errors import KfdeskError
from kfdesk.formats.rows import EntryBuilder, ExportedEntry, decode_text, guess_encoding
from kfdesk.i18n.parsing import country_name

# --- content lines

_ENDS = re.compile(rb"\r\n|\r|\n")
_HEAD = re.compile(rb'((?:"[^"]*"|[^:"])*):(.*)', re.DOTALL)
_PARTS = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_BARE = {
    "quoted-printable": "encoding", "base64": "encoding", "b": "encoding", "8bit": "encoding",
}  # fmt: skip
MOST_VALUE = 64 * 1024


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
    """Yield the lines of all cards; for a malformed line yield its number."""
    for number, raw in _unfold(data):
        matched = _HEAD.fullmatch(raw)
        if matched is None:
            yield number
            continue
        head, value = matched.groups()
        name, params = _head(head.decode("utf-8", "replace"))
        yield VcardLine(number, name, params, *_decode_value(value, params, encoding))


def _unfold(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield logical lines with the number of their first physical line."""
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
    """Yield the physical lines without their ends."""
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
    """Return whether the line is wrapped data that lacks the leading space."""
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


def _decode_value(
    raw: bytes, params: Mapping[str, tuple[str, ...]], encoding: str
) -> tuple[str, str]:
    """Decode a value; also return the encoding if it was guessed, else an empty string."""
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
    page = guess_encoding(raw)
    return raw.decode(page, "replace"), page


def _unescape(text: str) -> str:
    """Replace escaped line ends and signs; an unknown escape keeps its backslash."""

    def one(found: re.Match[str]) -> str:
        sign = found[1]
        return "\n" if sign in "nN" else sign if sign in "\\;,:" else found[0]

    return re.sub(r"\\(.)", one, text, flags=re.DOTALL)


def to_utf8(data: bytes, encoding: str) -> bytes:
    """Return UTF-16 data as UTF-8, so that each sign of a line is one byte.

    Raise KfdeskError `contacts.not_these_letters`.
    """
    if not encoding.startswith("utf-16"):
        return data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode(encoding).lstrip("\ufeff").encode("utf-8", "replace")
    except UnicodeDecodeError:
        raise KfdeskError("contacts.not_these_letters") from None


# --- reading

_NOT_VOICE = ("fax", "pager")
_GROUPS = {"org", "group"}


def read_vcards(data: bytes, encoding: str = "") -> ParsedFile:
    """Read all cards of a file; `encoding` applies where the card names none.

    Raise KfdeskError `contacts.not_these_letters` or `contacts.too_many`.
    """
    found = encoding or decode_text(data)[1]
    is_wide = found.startswith("utf-16")
    entries, broken = CompactSequence(ParsedContact), CompactSequence(ParseFailure)
    pages: set[str] = set()
    for first, lines, reason in _split_cards(to_utf8(data, found), "" if is_wide else encoding):
        pages |= {line.guessed for line in lines}
        entry = _vcard_entry(first, lines) if not reason else None
        if entry is not None:
            entries.extend((entry,))
        else:
            broken.extend((ParseFailure(first, reason or "no_name"),))
        if len(entries) + len(broken) > MAX_ENTRIES:
            raise KfdeskError("contacts.too_many", most=MAX_ENTRIES)
    page = max(pages) if pages else ""
    told = found if is_wide else encoding or "utf-8"
    return ParsedFile(entries.kept, broken.kept, (), page or told, not page)


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


def _vcard_entry(first: int, lines: Sequence[VcardLine]) -> ParsedContact | None:
    by_name: dict[str, list[VcardLine]] = {}
    for line in lines:
        if line.value.strip(" ;"):
            by_name.setdefault(line.name, []).append(line)
    names = by_name.get("N")
    parts = [part.strip() for part in names[0].parts()[:2]] if names else []
    family, given = (*parts, "", "")[:2]
    full, house = _first(by_name, "FN"), _first_part(by_name, "ORG")
    if _first(by_name, "KIND").lower() in _GROUPS or not (family or given):
        if house and (not full or full == house or _says_company(lines)):
            return _organisation_entry(first, house, by_name)
        if _first(by_name, "KIND").lower() in _GROUPS:
            return _organisation_entry(first, full, by_name) if full else None
    if not (family or given or full):
        return None
    values = {"given_name": given, "family_name": family, "organisation": house}
    if not (family or given):
        values["given_name"] = full
    return _person_entry(first, values, by_name)


def _says_company(lines: Sequence[VcardLine]) -> bool:
    return any(line.name == "X-ABSHOWAS" and line.value == "COMPANY" for line in lines)


def _organisation_entry(
    first: int, name: str, by_name: Mapping[str, list[VcardLine]]
) -> ParsedContact:
    draft = EntryBuilder(first, "organisation")
    draft.put("name", name)
    nick = _first(by_name, "NICKNAME")
    draft.put("other_name", nick)
    draft.put("website", _first(by_name, "URL"))
    draft.put("email", _first(by_name, "EMAIL"))
    draft.put_codes("languages", [line.text for line in by_name.get("LANG", ())])
    draft.put_codes("services", _categories(by_name))
    draft.put_codes("populations", _categories(by_name))
    draft.put_codes("networks", _categories(by_name))
    draft.put("hours", _first(by_name, "X-KFDESK-HOURS"))
    draft.put("offers", _first(by_name, "X-KFDESK-OFFERS"))
    draft.put("part_of", _first(by_name, "X-KFDESK-PART-OF"))
    draft.put("contact_risk", _first(by_name, "X-KFDESK-CONTACT-RISK"))
    for line in by_name.get("ADR", ())[:1]:
        _put_address(draft, line)
    _put_rest(draft, by_name)
    return draft.done()


def _person_entry(
    first: int, values: Mapping[str, str], by_name: Mapping[str, list[VcardLine]]
) -> ParsedContact:
    draft = EntryBuilder(first, "contact")
    for key, value in values.items():
        draft.put(key, value)
    draft.put("role", _first(by_name, "TITLE") or _first(by_name, "ROLE"))
    draft.put("email", _first(by_name, "EMAIL"))
    for line in by_name.get("ADR", ()):
        draft.note(", ".join(filter(None, (part.strip() for part in line.parts()))))
    for line in by_name.get("URL", ()):
        draft.note(line.text)
    _put_rest(draft, by_name)
    return draft.done()


def _put_address(draft: EntryBuilder, line: VcardLine) -> None:
    box, more, street, city, _, code, country = (*line.parts(), *[""] * 7)[:7]
    draft.put("address", ", ".join(filter(None, (street, more, box, code))))
    draft.put("city", city)
    draft.put_country(country)


def _put_rest(draft: EntryBuilder, by_name: Mapping[str, list[VcardLine]]) -> None:
    for line in by_name.get("TEL", ()):
        number = line.text.removeprefix("tel:").replace(";ext=", " ext. ")
        draft.number(number, is_called=not line.is_a(*_NOT_VOICE))
    for line in by_name.get("EMAIL", ())[1:]:
        draft.note(line.text)
    for line in by_name.get("NOTE", ()):
        draft.note(line.text)


def _categories(by_name: Mapping[str, list[VcardLine]]) -> list[str]:
    return [word for line in by_name.get("CATEGORIES", ()) for word in line.parts(",")]


def _first(by_name: Mapping[str, list[VcardLine]], name: str) -> str:
    return by_name[name][0].text.strip() if name in by_name else ""


def _first_part(by_name: Mapping[str, list[VcardLine]], name: str) -> str:
    return by_name[name][0].parts()[0].strip() if name in by_name else ""


# --- writing

_FOLD_WIDTH = 75
_CODES = ("services", "populations", "networks")
_OWN_PROPERTIES = ("hours", "offers", "part_of", "contact_risk")


def write_vcards(entries: Iterable[ExportedEntry], file: BinaryIO) -> None:
    """Write the entries as cards."""
    file.writelines(_fold(line) for entry in entries for line in _card(entry))


def _card(entry: ExportedEntry) -> Iterator[str]:
    is_house = entry.type == "organisation"
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield f"KIND:{'org' if is_house else 'individual'}"
    yield f"FN:{_text(entry.name)}"
    if is_house:
        yield f"ORG:{_text(entry.name)}"
        yield from _organisation_lines(entry)
    else:
        yield f"N:;{_text(entry.name)};;;"
        yield from _lines((("ORG", "organisation"), ("TITLE", "role")), entry)
    for number in entry.numbers:
        yield f"TEL;VALUE=text:{_text(number)}"
    yield "END:VCARD"


def _organisation_lines(entry: ExportedEntry) -> Iterator[str]:
    yield from _lines((("NICKNAME", "other_name"), ("EMAIL", "email"), ("URL", "website")), entry)
    country = country_name(entry.text("country"))
    if entry.text("city") or country:
        yield f"ADR:;;;{_text(entry.text('city'))};;;{_text(country)}"
    for code in entry.codes("languages"):
        yield f"LANG:{code}"
    codes = [code for key in _CODES for code in entry.codes(key)]
    if codes:
        yield f"CATEGORIES:{','.join(codes)}"
    yield from _lines(
        [(f"X-KFDESK-{k.upper().replace('_', '-')}", k) for k in _OWN_PROPERTIES], entry
    )


def _lines(pairs: Sequence[tuple[str, str]], entry: ExportedEntry) -> Iterator[str]:
    for name, key in pairs:
        if entry.text(key):
            yield f"{name}:{_text(entry.text(key))}"


def _text(text: str) -> str:
    for sign in "\\,;":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _fold(line: str) -> bytes:
    """Fold the line into pieces that never split a character."""
    pieces, piece = [], b""
    for letter in line:
        data = letter.encode()
        if len(piece) + len(data) > _FOLD_WIDTH:
            pieces.append(piece)
            piece = b" "
        piece += data
    return b"\r\n".join((*pieces, piece)) + b"\r\n"
