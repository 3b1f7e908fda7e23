# SPDX-License-Identifier: GPL-3.0-or-later
"""Contact files, read in a child: what it found is checked before an entry is shown or taken.

An entry may have the fields and codes of a contact file and no others, and every text is one
that a record may hold. So a child that lies can invent contacts, which a person sees in the
preview, and nothing else.
"""

from collections.abc import Iterable, Mapping

import msgspec

from kfdesk.decoder.client import LARGEST_NUMBER, ask, believe
from kfdesk.decoder.protocol import DecoderTask
from kfdesk.domain.compact import CompactSequence
from kfdesk.domain.directory import (
    COLUMN_KEYS,
    MAX_ENTRIES,
    MAX_LEFT_OUT,
    MAX_TEXT_LENGTH,
    NAMED_ORGANISATION_KEY,
    FileColumn,
    ParsedContact,
    ParsedFile,
    ParsedValue,
    ParseFailure,
    ParseOptions,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import (
    BooleanKind,
    CodeKind,
    CodeSetKind,
    FieldKind,
    TextKind,
    Wire,
    check_values,
    is_missing_answer,
)
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.i18n.messages import BROKEN_ROW_REASONS
from kfdesk.system.child_process import CheckCancelled, ChildFailedError

Head = tuple[tuple[FileColumn, ...], str, bool, tuple[str, ...]]
"""The first value of an answer: columns, encoding, whether it is certain, and what is left out."""
Part = tuple[list[ParsedContact], list[ParseFailure]]
"""Some entries and some failures: each further value."""

_ARCHIVE_MARK = b"PK"  # a ZIP archive begins so, and every workbook is one
_MAX_COLUMNS = 400
_MAX_NAME = 200  # characters of a telephone number, an encoding or a table
_TEXT = TextKind()


def read_contact_files(
    files: Mapping[str, bytes], how: ParseOptions, check: CheckCancelled
) -> ParsedFile:
    """Read a contact file, or several that belong together, in a child.

    Raise KfdeskError `contacts.…`, `work.not_started` or `work.cancelled`.
    """
    heads: list[Head] = []
    entries, broken = CompactSequence(ParsedContact), CompactSequence(ParseFailure)

    def take(value: bytes) -> None:
        if not heads:
            heads.append(_checked_head(msgspec.msgpack.decode(value, type=Head)))
            return
        contacts, failures = msgspec.msgpack.decode(value, type=Part)
        count = len(entries) + len(contacts), len(broken) + len(failures)
        believe(is_sound=max(count) <= MAX_ENTRIES and all(map(_is_failure, failures)))
        _check_contacts(contacts)
        entries.extend(contacts)
        broken.extend(failures)

    is_archive = any(data.startswith(_ARCHIVE_MARK) for data in files.values())
    ask(DecoderTask.WORKBOOK if is_archive else DecoderTask.CONTACTS, (files, how), take, check)
    if not heads:
        raise KfdeskError("contacts.unsafe")
    return ParsedFile(entries.kept, broken.kept, *heads[0])


def _checked_head(head: Head) -> Head:
    columns, encoding, is_sure, left_out = head
    is_known = all(column.key in {"", *COLUMN_KEYS} for column in columns)
    is_named = encoding.isascii() and encoding.isprintable() and len(encoding) <= _MAX_NAME
    believe(is_sound=is_known and is_named and len(columns) <= _MAX_COLUMNS)
    believe(is_sound=len(left_out) <= MAX_LEFT_OUT)
    cut = (
        FileColumn(one.title[:MAX_TEXT_LENGTH], one.key, one.sample[:MAX_TEXT_LENGTH])
        for one in columns
    )
    return tuple(cut), encoding, is_sure, tuple(one[:_MAX_NAME] for one in left_out)


def _is_failure(one: ParseFailure) -> bool:
    is_known = one.reason in BROKEN_ROW_REASONS and len(one.place) <= _MAX_NAME
    return is_known and 0 <= one.line <= LARGEST_NUMBER


def _check_contacts(contacts: Iterable[ParsedContact]) -> None:
    """Raise ChildFailedError unless each entry is one that a contact file can hold."""
    found: list[tuple[FieldKind, Wire]] = []
    for one in contacts:
        is_known = one.type in NAMED_ORGANISATION_KEY and 0 <= one.line <= LARGEST_NUMBER
        believe(is_sound=is_known and bool(one.name.strip()))
        for key, value in one.values.items():
            kind = _kind(one.type, key)
            believe(is_sound=_fits(kind, value))
            found.append((kind, value))
        believe(is_sound=all(len(each) <= _MAX_NAME and _fits(_TEXT, each) for each in one.numbers))
        found += ((_TEXT, number) for number in one.numbers)
    try:
        check_values(found)
    except KfdeskError:
        raise ChildFailedError from None


def _kind(record_type: str, key: str) -> FieldKind:
    """Return the kind of a field; an organisation is named by its name while in a file."""
    fields = RECORD_TYPES[record_type].fields
    believe(is_sound=key in COLUMN_KEYS and key in fields)
    return _TEXT if key == NAMED_ORGANISATION_KEY[record_type] else fields[key].kind


def _fits(kind: FieldKind, value: ParsedValue) -> bool:
    """Return whether a value is a text of a bounded length, known codes, or an answer."""
    if isinstance(kind, BooleanKind):
        return isinstance(value, bool)
    if isinstance(kind, CodeSetKind):
        return isinstance(value, tuple) and all(map(kind.codes.__contains__, value))
    if isinstance(kind, CodeKind) and value not in kind.codes:
        return False
    is_text = isinstance(value, str) and len(value) <= MAX_TEXT_LENGTH
    return is_text and not is_missing_answer(value)
