# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedures as files: preview and import one, ship some with the program, export one.

An import is a new draft, whatever the file says of itself: nothing here is replaced, and a person
puts it in force. `formats` knows how the file is written; this module does not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.codes.core import CONFIDENTIALITY
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import CodeKind, CodeSetKind
from kfdesk.domain.procedures.files import MAX_FILE_BYTES, FileValues, ProcedureFile
from kfdesk.domain.procedures.steps import FoundFault, StepFault, step_faults
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import RecordView, Row, encode_changes, view
from kfdesk.domain.values import MissingAnswer, Value
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.records import Saved, check_new_record, put_new
from kfdesk.services.core.saved_files import save_file
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.procedures.procedures import read_procedure

DRAFT = "draft"
DEFAULT_CONFIDENTIALITY = "circle"
_EXPORTED = frozenset({"public", "partners_only", "circle"})
"""The classes of procedures that somebody may hand to others as a file."""
_STAYS_HERE = frozenset({"network", "supersedes", "adopted", "confidentiality", "article"})
"""Fields that mean nothing at another desk, or that each desk decides."""


@dataclass(frozen=True, slots=True)
class ProcedurePreview:
    """Preview of an import: the procedure, what is odd in it, and versions of it here."""

    file: ProcedureFile = field(repr=False)
    faults: tuple[FoundFault, ...]
    here: tuple[RecordView[Procedure], ...] = field(repr=False)
    """Procedures here with a title of the file, in whatever version."""

    @property
    def is_taken(self) -> bool:
        """True if a procedure of this title has this version already."""
        return any(one.record.version == self.file.values.get("version") for one in self.here)


@dataclass(frozen=True, slots=True)
class ProcedureImport(Changes):
    """The saves of an import, to be undone together, and the id of the new procedure."""

    procedure: bytes = b""
    done: Sequence[Saved] = field(default=(), repr=False)


# --- reading a file


def read_procedure_file(path: Path) -> bytes:
    """Return the bytes of a file, up to the allowed size.

    Raise KfdeskError `procedure.too_large` or `procedure.not_readable`.
    """
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise KfdeskError("procedure.not_readable")
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError:
        raise KfdeskError("procedure.not_readable") from None
    if len(data) > MAX_FILE_BYTES:
        raise KfdeskError("procedure.too_large", most=MAX_FILE_BYTES // 2**20)
    return data


def shipped_procedures(desk: Session) -> Mapping[str, ProcedureFile]:
    """Return the procedures that come with the program, by name.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    shipped = desk.adapters.procedures.shipped()
    return {name: desk.adapters.procedures.read(data) for name, data in shipped.items()}


def shipped_procedure(desk: Session, name: str) -> bytes:
    """Return a procedure that comes with the program, as its file.

    Raise KfdeskError `procedure.not_shipped` (`known`) or `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    shipped = desk.adapters.procedures.shipped()
    if name not in shipped:
        raise KfdeskError("procedure.not_shipped", known=", ".join(shipped))
    return shipped[name]


def preview_procedure(desk: Session, data: bytes) -> ProcedurePreview:
    """Return what importing this file would add. Write nothing.

    Raise KfdeskError `procedure.…`, `field.…` or `user.not_allowed`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    file = desk.adapters.procedures.read(data)
    encode_changes("procedure", _new_values(file, DEFAULT_CONFIDENTIALITY))
    for step in file.steps:
        encode_changes("procedure_step", step)
    return ProcedurePreview(file, tuple(_faults(desk, file)), tuple(_here(desk, file)))


def file_steps(file: ProcedureFile) -> tuple[ProcedureStep, ...]:
    """Return the steps of a file as records, in its order."""
    nothing: dict[str, Any] = dict.fromkeys(RECORD_TYPES["procedure_step"].fields)
    return tuple(ProcedureStep(**{**nothing, **step}) for step in file.steps)


def file_head(file: ProcedureFile) -> Procedure:
    """Return the procedure of a file as a record, without its steps."""
    nothing: dict[str, Any] = dict.fromkeys(RECORD_TYPES["procedure"].fields)
    return Procedure(**{**nothing, **file.values})


def _faults(desk: Session, file: ProcedureFile) -> Iterator[FoundFault]:
    """Yield what is odd: the order and clocks of the steps, and codes that no list knows."""
    steps = file_steps(file)
    found = dict.fromkeys(_unknown_codes("procedure", file.values))
    found |= dict.fromkeys(step_faults(steps, desk.adapters.clock.now().date()))
    for step in file.steps:
        found |= dict.fromkeys(_unknown_codes("procedure_step", step))
    yield from found


def _unknown_codes(record_type: str, values: FileValues) -> Iterator[FoundFault]:
    prefix = str(values.get("prefix", ""))
    for key, value in values.items():
        kind = RECORD_TYPES[record_type].fields[key].kind
        if isinstance(kind, CodeKind | CodeSetKind):
            codes = value if isinstance(value, tuple) else (value,)
            for code in map(str, codes):
                if code not in kind.codes:
                    yield FoundFault(prefix, StepFault.UNKNOWN_CODE, code)


def _here(desk: Session, file: ProcedureFile) -> Iterator[RecordView[Procedure]]:
    told = file.values.get("title")
    titles = set(told) if isinstance(told, tuple) else set()
    for row in desk.store.rows("procedure"):
        seen = view(row, Procedure)
        title = seen.record.title
        if not seen.is_deleted and isinstance(title, tuple) and titles.intersection(title):
            yield seen


# --- the import


def import_procedure(
    desk: Session, preview: ProcedurePreview, seen_by: str = DEFAULT_CONFIDENTIALITY
) -> ProcedureImport:
    """Add the procedure of a preview as a draft of ours; return the saves, to be undone.

    Raise KfdeskError `field.…` or `user.not_allowed`; then nothing was added.
    """
    desk.require(Right.EDIT_DIRECTORY)
    if seen_by not in CONFIDENTIALITY:
        raise KfdeskError("field.kind_mismatch", field="procedure.confidentiality")
    done: list[Saved] = []
    with desk.store.transaction():
        head = desk.new_row("procedure", None)
        done.append(_put(desk, head, _new_values(preview.file, seen_by)))
        for step in preview.file.steps:
            done.append(_put(desk, desk.new_row("procedure_step", head.rid), step))
    types = frozenset({"procedure", "procedure_step"})
    return ProcedureImport(types, procedure=head.rid, done=tuple(done))


def _new_values(file: ProcedureFile, seen_by: str) -> Mapping[str, Value]:
    return {**file.values, "status": DRAFT, "confidentiality": seen_by}


def _put(desk: Session, row: Row, values: Mapping[str, Value]) -> Saved:
    changes = encode_changes(row.type, values)
    check_new_record(desk, row, changes)
    return put_new(desk, row, changes)


# --- the export


def export_procedure(desk: Session, rid: bytes, path: Path) -> int:
    """Save a procedure with its steps as a file; return how many steps it has.

    Write a temporary file first, then rename it. Raise KfdeskError `procedure.stays` for one that
    is secret, `procedure.undecided` for one in a conflict, `record.missing`, `store.disk` or
    `user.not_allowed`; then there is no file.
    """
    desk.require(Right.PRINT_INTERNAL)
    file = stored_procedure(desk, rid)
    data = desk.adapters.procedures.write(file)
    save_file(desk, path, data, lambda: desk.log(Action.SAVE_PROCEDURE, rid))
    return len(file.steps)


def stored_procedure(desk: Session, rid: bytes) -> ProcedureFile:
    """Return a procedure of the store as a file has it. Raise as `export_procedure` does."""
    found = read_procedure(desk, rid)
    if found.view.conflicts or any(one.conflicts for one in found.steps):
        raise KfdeskError("procedure.undecided")
    if found.view.record.confidentiality not in _EXPORTED:
        raise KfdeskError("procedure.stays")
    return ProcedureFile(file_values(found.view), tuple(map(file_values, found.steps)))


def file_values(seen: RecordView[Any]) -> FileValues:
    """Return the values of a procedure or step that a file has, without missing answers."""
    keys = (key for key in RECORD_TYPES[seen.row.type].fields if key not in _STAYS_HERE)
    values = {key: getattr(seen.record, key) for key in keys}
    return {
        key: value
        for key, value in values.items()
        if value is not None and not isinstance(value, MissingAnswer)
    }
