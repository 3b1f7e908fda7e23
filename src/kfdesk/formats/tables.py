# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of contacts, read and written: what all have in common, CSV, and archives of tables.

The titles are the keys by which this program recognises the columns, also those of other
programs. A table is read row by row within limits. No written cell of CSV can become a formula:
such a cell gets an apostrophe. Knows no workbook.
"""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import BinaryIO
from zipfile import ZipFile

from kfdesk.domain.compact import CompactSequence
from kfdesk.domain.directory import (
    COLUMN_KEYS,
    MAX_ENTRIES,
    MAX_UNPACKED_BYTES,
    FileColumn,
    ParsedContact,
    ParsedFile,
    ParseFailure,
    ParseOptions,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.names import strip_marks
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.formats.rows import EntryBuilder, ExportedEntry, decode_text

# --- titles

_TITLES: Mapping[str, str] = {
    "name": """
        name; display name; full name; file as; organisation name; namn;
        visningsnamn; название; наименование; отображаемое имя; имя и фамилия; nimi; nazwa;
        wyswietlana nazwa; vardas ir pavarde; nosaukums; anzeigename; sending country;
        pavadinimas; naytettava nimi""",
    "other_name": "name local; alternate name; nickname; other name; smeknamn; псевдоним",
    "given_name": """
        first name; given name; fornamn; имя; etunimi; eesnimi; vards; vardas; imie; vorname;
        prenom; nombre; nome; krstne meno; meno""",
    "family_name": """
        last name; family name; surname; efternamn; фамилия; sukunimi; perekonnanimi; uzvards;
        pavarde; nazwisko; nachname; nom; apellidos; apellido; cognome; priezvisko""",
    "organisation": """
        company; organization; organisation; organization name; organization name value;
        foretag; организация; компания; yritys; organisaatio; ettevote; organisatsioon;
        uznemums; organizacija; imone; firma; organizacja; unternehmen; societe;
        organizacion; empresa; azienda; societa; spolocnost; works for""",
    "role": """
        job title; organization title; title; role; position; befattning; titel; должность;
        tehtavanimike; ametinimetus; amats; pareigos; stanowisko; position""",
    "phone": """
        phone; telephone; phone number; work phone; home phone; mobile phone; mobile number;
        business phone; phone value; primary phone; other phone; company main phone; car phone;
        phone unchecked; mobile; cell phone; telefon; telefonnummer; mobil; mobiltelefon;
        arbetstelefon; телефон; рабочий телефон; домашний телефон; номер сотового телефона;
        мобильный телефон; puhelin; matkapuhelin; tyopuhelin; kotipuhelin; mobiil; talrunis;
        telefonas; mobilusis telefonas; telefon sluzbowy; telefon domowy; telefon komorkowy;
        telefon geschaftlich; telefon privat; mobil telefon; telephone bureau; numero""",
    "fax": """
        fax; fax number; business fax; home fax; other fax; faks; факс; номер факса; faksi""",
    "email": """
        e mail; email; mail; e mail address; email address; primary email; secondary email;
        e mail value; email value; e post; epost; e postadress; адрес электронной почты;
        электронная почта; эл почта; альтернативный адрес электронной почты; sahkoposti;
        sahkopostiosoite; epasts; e pastas; el pastas; adres e mail; e mail adresse""",
    "website": """
        website; web page; webpage; url; web; homepage; website value; personal web page;
        webbplats; webbsida; hemsida; веб страница; сайт; verkkosivu; kodulehekulg; koduleht;
        majaslapa; svetaine; strona internetowa; webseite""",
    "address": """
        address; street; business street; home street; other street; home address; work address;
        address street; address po box; address postal code; postal code; zip; zipcode;
        home zipcode; work zipcode; home postal code; business postal code; adress; gata;
        gatuadress; postnummer; адрес; адрес раб; улица; почтовый индекс; почтовый индекс раб;
        osoite; katuosoite; postinumero; aadress; tanav; adrese; iela; adresas; adres; ulica;
        strasse; kod pocztowy; postleitzahl; address 1""",
    "city": """
        city; town; business city; home city; work city; other city; address city; ort; stad;
        postort; город; город раб; kaupunki; linn; pilseta; miestas; miasto; stadt; ville;
        ciudad; citta; mesto; place""",
    "country": """
        country; business country; home country; work country; other country; country region;
        business country region; home country region; other country region; address country;
        host country; land; страна; страна раб; maa; riik; valsts; salis; kraj; pays; pais;
        paese; krajina""",
    "languages": "languages; language; sprak; языки; язык; kielet; keeled; valodas; kalbos; jezyki",
    "services": "services; tjanster; услуги; palvelut; teenused; pakalpojumi; paslaugos; uslugi",
    "offers": "offers; kind; type; services in their words; description; beskrivning; описание",
    "populations": "populations; for whom; target groups; malgrupp; целевая группа",
    "networks": "networks; natverk; сети",
    "hours": "hours; opening hours; oppettider; часы работы; aukioloajat; darbo laikas",
    "part_of": "part of; parent organization; parent; ingar i; входит в",
    "contact_risk": "contact risk; risk",
    "actor_type": "actor type; kind of actor; typ av aktor; тип организации",
    "eligibility": "eligibility; eligibility description; who may come; vem som kan komma",
    "fees": "fees; fees description; what it costs; avgifter; стоимость",
    "application": "application; application process; how to apply; how to ask for help",
    "area": "area; service area; area served; omrade; район",
    "interpretation": "interpretation; interpretation services; interpreters; tolk; переводчики",
    "accessibility": "accessibility; tillganglighet; доступность",
    "alert": "alert; notice to all readers",
    "round_the_clock": "round the clock; open round the clock; dygnet runt; круглосуточно",
    "case_number_needed": "case number needed; asks for a case number",
    "note": """
        note; notes; comment; comments; remark; anteckningar; anteckning; заметки; примечание;
        заметка; комментарий; комментарии; muistiinpanot; markused; piezimes; pastabos; notatki;
        uwagi; notizen; remarques; notas; note personali; poznamky; say first; seen at""",
}
_NO_LETTERS = re.compile(r"[^\w]+|[\d_]+")
_FORMATTED = "address formatted"


def fold_title(title: str) -> str:
    """Return a title in its compared form: folded, without digits and signs."""
    return " ".join(_NO_LETTERS.sub(" ", strip_marks(title)).split())


_KEY_OF_TITLE = {
    fold_title(title): key for key, titles in _TITLES.items() for title in titles.split(";")
}


def guess_columns(titles: Sequence[str]) -> tuple[str, ...]:
    """Return the key of each column, empty for an unknown one.

    If first and last names have columns, a column of whole names is ignored.
    """
    keys = [_KEY_OF_TITLE.get(fold_title(title), "") for title in titles]
    if {"given_name", "family_name"} <= set(keys):
        keys = ["" if key == "name" else key for key in keys]
    if "name" not in keys and "given_name" not in keys and "organisation" in keys:
        place = keys.index("organisation")
        keys[place] = "name"
    return tuple(keys)


# --- rows

NumberedRow = tuple[int, Sequence[str]]
MOST_COLUMNS = 400
MOST_ROWS = 1_048_576
"""Rows of a table, blank ones too: as many as spreadsheet programs have."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""The first characters of a cell that a spreadsheet reads as a formula."""

_PERSON = frozenset({"given_name", "family_name"})
_VALUE_SEPARATOR = " ::: "
_JOINED = {"name": " ", "address": ", ", "other_name": ", ", "offers": ", "}


def read_rows(
    rows: Iterable[NumberedRow], how: ParseOptions, encoding: str, *, is_sure: bool
) -> ParsedFile:
    """Read the rows of a table whose first row has the titles.

    Raise KfdeskError `contacts.nothing_inside` if no row follows, or `contacts.too_many`.
    """
    there = iter(rows)
    _, titles = next(there, (0, ()))
    if not titles:
        raise KfdeskError("contacts.nothing_inside")
    keys = _keys(titles, how)
    entries, broken = CompactSequence(ParsedContact), CompactSequence(ParseFailure)
    samples = [""] * len(keys)
    for number, cells in there:
        if not any(cell.strip() for cell in cells):
            continue
        if len(entries) + len(broken) >= MAX_ENTRIES:
            raise KfdeskError("contacts.too_many", most=MAX_ENTRIES)
        samples = [
            old or cell.strip() for old, cell in zip(samples, _pad_row(cells, keys), strict=True)
        ]
        draft = _row_draft(
            number, [*zip(keys, _pad_row(cells, keys), strict=True), *_untitled(cells, keys)]
        )
        if draft.has_name:
            entries.extend((draft.done(),))
            broken.extend(draft.cut_parts())
        else:
            broken.extend((ParseFailure(number, "no_name"),))
    if not entries and not broken:
        raise KfdeskError("contacts.nothing_inside")
    columns = tuple(map(FileColumn, titles, keys, samples))
    return ParsedFile(entries.kept, broken.kept, columns, encoding, is_sure)


def _keys(titles: Sequence[str], how: ParseOptions) -> tuple[str, ...]:
    if len(titles) > MOST_COLUMNS:
        raise KfdeskError("contacts.too_wide", most=MOST_COLUMNS)
    guessed = guess_columns(titles)
    if not set(how.columns) <= {"", *COLUMN_KEYS}:
        raise KfdeskError("contacts.unknown_column", known=", ".join(COLUMN_KEYS))
    return (*how.columns, *guessed[len(how.columns) :])[: len(titles)] if how.columns else guessed


def _pad_row(cells: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Return as many cells as there are columns: fill a short row, cut a long one."""
    return [*cells, *[""] * len(keys)][: len(keys)]


def _untitled(cells: Sequence[str], keys: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the cells after the last column that has a title; they are noted."""
    yield from (("note", cell) for cell in cells[len(keys) :])


def _row_draft(number: int, cells: Sequence[tuple[str, str]]) -> EntryBuilder:
    said = [(key, strip_formula_guard(cell)) for key, cell in cells if key and cell.strip()]
    is_person = any(key in _PERSON for key, _ in said)
    draft = EntryBuilder(number, "contact" if is_person else "organisation")
    for key in dict.fromkeys(key for key, _ in said):
        texts = list(_split_values(cell for own, cell in said if own == key))
        _put(draft, key, texts, is_person=is_person)
    return draft


def strip_formula_guard(cell: str) -> str:
    """Return a cell without the apostrophe that keeps it from being a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text


def _split_values(cells: Iterable[str]) -> Iterator[str]:
    """Yield the values of cells in which Google joined several; `*` marks the preferred one."""
    for cell in cells:
        yield from (part.removeprefix("* ").strip() for part in cell.split(_VALUE_SEPARATOR))


def _put(draft: EntryBuilder, key: str, texts: Sequence[str], *, is_person: bool) -> None:
    record = "contact" if is_person else "organisation"
    own = {"name": "organisation"} if is_person else {"organisation": "name"}
    name = own.get(key, key)
    if key in {"phone", "fax"}:
        for text in texts:
            draft.number(text, is_called=key == "phone")
    elif key == "note" or name not in RECORD_TYPES[record].fields:
        for text in texts:
            draft.note(text)
    elif key == "country":
        for text in texts:
            draft.put_country(text)
    elif key in _JOINED:
        draft.put(name, _JOINED[key].join(dict.fromkeys(filter(None, texts))))
    else:
        for text in texts:
            draft.put(name, text)


# --- CSV

_SEPARATORS = ",;\t|"
_LONGEST_CELL = 1_000_000  # letters in a cell
_SEPARATOR_SAMPLE = 20_000
_TOLD_SEPARATOR = re.compile(
    r"""\s*(?P<quote>"?)sep=(?P<sign>\t|[^\w\s"'])(?P=quote)[^\w\r\n]*(?:\r\n|\r|\n)""",
    re.IGNORECASE,
)
"""The line by which spreadsheets tell each other the separator."""
_WORD = re.compile(r"\w")
_NO_TEXT = re.compile(r"[\0-\x08\x0e-\x19\x1b\x7f]")
"""Control characters that a text hardly ever has: no space, and no old end of a file."""
_TEXT_PER_NO_TEXT = 50  # of random bytes more than one in twelve is a control character
_PHYSICAL_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def read_csv(data: bytes, how: ParseOptions) -> ParsedFile:
    """Read the entries of a CSV file. Raise KfdeskError `contacts.…`."""
    text, encoding, is_sure = decode_text(data, how.encoding)
    most = MAX_ENTRIES + 1  # with the titles
    if sum(1 for _ in islice(csv_rows(text), most + 1)) > most:  # before any entry is made
        raise KfdeskError("contacts.too_many", most=MAX_ENTRIES)
    return read_rows(csv_rows(text), how, encoding, is_sure=is_sure)


def csv_rows(text: str) -> Iterator[NumberedRow]:
    """Yield the rows of a text that are not blank, with their first lines.

    Raise KfdeskError `contacts.not_text`, `contacts.not_a_table` or `contacts.too_many`.
    """
    _refuse_bytes(text.strip("\0"))
    csv.field_size_limit(_LONGEST_CELL)
    told = _TOLD_SEPARATOR.match(text)
    lines = (found[0] for found in _PHYSICAL_LINE.finditer(text, told.end() if told else 0))
    reader = csv.reader(lines, delimiter=told["sign"] if told else _separator(text))
    before = len(told[0].splitlines()) if told else 0
    first = before + 1
    for _ in range(MOST_ROWS):
        try:
            row = next(reader, None)
        except csv.Error:
            raise KfdeskError("contacts.not_a_table", line=first) from None
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield first, row
        first = before + reader.line_num + 1
    raise KfdeskError("contacts.too_many", most=MAX_ENTRIES)


def _refuse_bytes(text: str) -> None:
    """Raise KfdeskError `contacts.not_text` for the bytes of a file that was no text."""
    most = len(text) // _TEXT_PER_NO_TEXT
    if sum(1 for _ in islice(_NO_TEXT.finditer(text), most + 1)) > most:
        raise KfdeskError("contacts.not_text")


def _separator(text: str) -> str:
    """Return the most frequent separator in the first row with a word, outside of quotes."""
    lines = (found[0] for found in _PHYSICAL_LINE.finditer(text[:_SEPARATOR_SAMPLE]))
    head = next((line for line in lines if _WORD.search(line)), "")
    bare = "".join(head.split('"')[::2])
    return max(_SEPARATORS, key=bare.count)


# --- archives

BROKEN_ARCHIVE = (
    zipfile.BadZipFile, zlib.error, RuntimeError, LookupError, ValueError,
    OSError, EOFError, ArithmeticError, AttributeError, TypeError, SyntaxError, struct.error,
)  # fmt: skip
"""The errors that the readers of archives and workbooks raise on a broken file."""

_MOST_PARTS = 10_000  # files in an archive
_PART_MARK = b"PK\x01\x02"  # begins each entry of an archive's directory (APPNOTE.TXT 4.3.12)
_LOCKED = 0x1  # the flag of an encrypted file (APPNOTE.TXT 4.4.4)
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""The methods that OPC allows (ISO 29500-2, annex C); LZMA could ask for gigabytes of memory."""


def read_archive(data: bytes, wanted: Container[str]) -> Mapping[str, bytes]:
    """Return files of a ZIP archive by their names. Raise as `archive_names` does."""
    names = [name for name in archive_names(data) if name in wanted]
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in names}
    except BROKEN_ARCHIVE:
        raise KfdeskError("contacts.torn") from None


def archive_names(data: bytes) -> Sequence[str]:
    """Return the names of the files in a ZIP archive, which can be unpacked within the limits.

    Python's reader never unpacks more than an archive states. Raise KfdeskError `contacts.bomb`,
    `contacts.locked`, `contacts.foreign_compression` or `contacts.torn`.
    """
    if data.count(_PART_MARK) > _MOST_PARTS:
        raise KfdeskError("contacts.bomb")
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except BROKEN_ARCHIVE:
        raise KfdeskError("contacts.torn") from None
    if sum(one.file_size for one in parts) > MAX_UNPACKED_BYTES:
        raise KfdeskError("contacts.bomb")
    if any(one.flag_bits & _LOCKED for one in parts):
        raise KfdeskError("contacts.locked")
    if any(one.compress_type not in _METHODS for one in parts):
        raise KfdeskError("contacts.foreign_compression")
    return [one.filename for one in parts]


# --- writing

_EXPORTED_KEYS = (
    "name", "other_name", "given_name", "organisation", "role", "part_of", "country", "city",
    "services", "offers", "populations", "languages", "hours", "email", "website", "networks",
    "contact_risk", "actor_type", "eligibility", "fees", "application", "area", "interpretation",
    "accessibility", "alert", "round_the_clock", "case_number_needed",
)  # fmt: skip


def write_csv(entries: Collection[ExportedEntry], file: BinaryIO) -> None:
    """Write CSV in UTF-8 with a BOM, which spreadsheets need to detect the encoding."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    csv.writer(text).writerows([guard_formula(cell) for cell in row] for row in table_rows(entries))
    text.detach()  # flushes the text and leaves the file open


def table_rows(entries: Collection[ExportedEntry]) -> Iterator[list[str]]:
    """Yield the titles, then the cells of each entry, for a table in any format."""
    most = max((len(entry.numbers) for entry in entries), default=0)
    yield [*_EXPORTED_KEYS, *(f"phone {number + 1}" for number in range(most))]
    for entry in entries:
        yield [
            *(entry.text(key) for key in _EXPORTED_KEYS),
            *entry.numbers,
            *[""] * (most - len(entry.numbers)),
        ]


def guard_formula(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
