# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of procedures: list, show, export to a file, and import from one.

They answer with plain data, as `commands` does. An import without `--apply` writes nothing.
"""

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
    file_values,
    import_procedure,
    preview_procedure,
    read_procedure_file,
    shipped_procedure,
    shipped_procedures,
)
from kfdesk.services.procedures.procedures import list_procedures, read_procedure

Answer = dict[str, Any]


def _list(desk: Session, _asked: Namespace) -> Answer:
    return {
        "procedures": [
            {"procedure": line.view.rid.hex(), "steps": line.steps, "is_ours": line.is_ours,
             **_values(file_values(line.view), "title", "version", "status", "country", "region")}
            for line in list_procedures(desk)
        ],
        "shipped": [
            {"name": name, "steps": len(one.steps), **_values(one.values, "title", "version")}
            for name, one in shipped_procedures(desk).items()
        ],
    }  # fmt: skip


def _show(desk: Session, asked: Namespace) -> Answer:
    found = read_procedure(desk, asked.procedure)
    values = file_values(found.view)
    return {
        "procedure": asked.procedure.hex(),
        **_values(values, *values),
        "odd": [_fault(one) for one in found.faults],
        "conflicts": len(found.view.conflicts) + sum(len(one.conflicts) for one in found.steps),
        "steps_in_order": [_values(step, *step) for step in map(file_values, found.steps)],
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
        **_values(preview.file.values, "title", "version"),
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


def _values(values: FileValues, *keys: str) -> Answer:
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
