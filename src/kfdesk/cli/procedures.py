# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of procedures: list, show, export to a file, and import from one."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.procedures.files import FileValues
from kfdesk.domain.procedures.steps import FoundFault
from kfdesk.domain.values import Translation, Value
from kfdesk.services.core.session import Session
from kfdesk.services.procedures.files import (
    export_procedure,
    import_procedure,
    list_stored,
    preview_procedure,
    read_procedure_file,
    shipped_procedure,
    shipped_procedures,
    stored_steps,
)

Answer = dict[str, Any]


def _list(desk: Session, _asked: Namespace) -> Answer:
    lines = list_stored(desk)
    return {
        "procedures": [
            {"procedure": line.head.rid.hex(), "steps": line.steps,
             **_told(line.values, "title", "version", "status", "country", "region")}
            for line in lines
        ],
        "shipped": [
            {"name": name, "steps": len(one.steps), **_told(one.values, "title", "version")}
            for name, one in shipped_procedures(desk).items()
        ],
    }  # fmt: skip


def _show(desk: Session, asked: Namespace) -> Answer:
    line = next((one for one in list_stored(desk) if one.head.rid == asked.procedure), None)
    if line is None:
        raise KfdeskError("record.missing")
    steps = stored_steps(desk, asked.procedure)
    return {
        "procedure": asked.procedure.hex(),
        **_told(line.values, *line.values),
        "conflicts": line.conflicts,
        "steps_in_order": [_told(step, *step) for step in steps],
    }


def _export(desk: Session, asked: Namespace) -> Answer:
    steps = export_procedure(desk, asked.procedure, asked.file)
    return {"saved": str(asked.file), "steps": steps}


def _import(desk: Session, asked: Namespace) -> Answer:
    """Report what an import would add and, if asked, add it as a draft."""
    if (asked.file is None) != bool(asked.shipped):
        raise KfdeskError("procedure.one_source")
    data = (
        shipped_procedure(desk, asked.shipped) if asked.shipped else read_procedure_file(asked.file)
    )
    preview = preview_procedure(desk, data)
    answer: Answer = {
        **_told(preview.file.values, "title", "version"),
        "steps": len(preview.file.steps),
        "odd": [_fault(one) for one in preview.faults],
        "left_out": list(preview.file.left_out),
        "here": [one.rid.hex() for one in preview.here],
        "version_is_taken": preview.is_taken,
        "taken": "",
    }
    if asked.apply:
        answer["taken"] = import_procedure(desk, preview, asked.seen_by).procedure.hex()
    return answer


def _fault(one: FoundFault) -> Answer:
    told = {"kind": one.fault.value, "step": one.prefix, "what": one.about}
    return {key: value for key, value in told.items() if value}


def _told(values: FileValues, *keys: str) -> Answer:
    return {key: _plain(values[key]) for key in keys if key in values}


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        if all(isinstance(one, Translation) for one in value):
            return {one.language: one.text for one in value if isinstance(one, Translation)}
        return list(value)
    return value if isinstance(value, str | int) else str(value)


PROCEDURE_COMMANDS: Mapping[str, Callable[[Session, Namespace], Answer]] = {
    "procedure list": _list,
    "procedure show": _show,
    "procedure export": _export,
    "procedure import": _import,
}
