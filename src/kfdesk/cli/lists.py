# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the directory: list, add, and take over or give away whole lists.

One call of a service each, and an answer made of plain values. Nothing here prints or asks.
"""

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from kfdesk.domain.codes import CONFIDENTIALITY
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import cleaned_text
from kfdesk.domain.listing.kinds import FileKind
from kfdesk.domain.listing.listed import ReadAs
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.values import Value
from kfdesk.services.desk import Desk
from kfdesk.services.directory import list_directory
from kfdesk.services.listing.giving import save_list
from kfdesk.services.listing.looking import Fate, look_at_list, read_list
from kfdesk.services.listing.taking import Choices, take_list
from kfdesk.services.writing.records import create_record

Answer = Mapping[str, Any]


def list_contacts(desk: Desk, asked: Namespace) -> Answer:
    """The directory, or the organisations of one country."""
    entries = list_directory(desk)
    if asked.country:
        entries = tuple(one for one in entries if _country(one.view.record) == asked.country)
    return {
        "contacts": [
            {"record": one.view.rid.hex(), "type": one.type, "name": one.name,
             "works_for": one.works_for, "seen_by": one.view.record.confidentiality}
            for one in entries
        ]
    }  # fmt: skip


def add_contact(desk: Desk, asked: Namespace) -> Answer:
    """Add one organisation."""
    _check_sight(asked.seen_by)
    values: dict[str, Value] = {
        "name": cleaned_text(asked.name),
        "country": asked.country or None,
        "confidentiality": asked.seen_by,
    }
    return {"record": create_record(desk, Organisation, values).hex()}


def import_contacts(desk: Desk, asked: Namespace) -> Answer:
    """Say what a list would do and, if that is wanted, take over what is new in it."""
    _check_sight(asked.seen_by)
    how = ReadAs(asked.encoding, tuple(asked.columns.split(",")) if asked.columns else ())
    preview = look_at_list(desk, read_list(asked.file), how)
    answer: dict[str, Any] = {fate.value: preview.count(fate) for fate in Fate}
    answer |= {
        "broken": [
            {"line": one.line, "reason": one.reason} | ({"in": one.place} if one.place else {})
            for one in preview.broken
        ],
        "columns": [f"{one.title}: {one.key or '-'}" for one in preview.reading.columns],
        "encoding": preview.reading.encoding,
        "encoding_is_sure": preview.reading.is_sure,
        "taken": 0,
    }
    if asked.apply:
        answer["taken"] = take_list(desk, preview, Choices(asked.seen_by)).new
    return answer


def export_contacts(desk: Desk, asked: Namespace) -> Answer:
    """Save what may leave of the directory as a file."""
    end = asked.file.suffix.lower().removeprefix(".")
    if end not in set(FileKind):
        raise KfdeskError("contacts.unknown_kind", known=", ".join(FileKind))
    only = None
    if asked.country:
        entries = list_directory(desk)
        only = {e.view.rid for e in entries if _country(e.view.record) == asked.country}
    return {"saved": str(asked.file), "contacts": save_list(desk, FileKind(end), asked.file, only)}


def _check_sight(code: str) -> None:
    if code not in CONFIDENTIALITY:
        raise KfdeskError("field.kind_mismatch", field="organisation.confidentiality")


def _country(record: Any) -> Value:
    value: Value = getattr(record, "country", None)
    return value
