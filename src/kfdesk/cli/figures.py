# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of figures: list, release, attack, export to table files, and case data.

They answer with plain data, as `commands` does. A release without `--apply` writes nothing. No
answer holds a number that the release itself does not have.
"""

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kfdesk.domain.figures.cells import encode_tables
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.figures.release import SafeFigures
from kfdesk.i18n.case_sheets import CASE_FINDINGS
from kfdesk.services.core.session import Session
from kfdesk.services.figures.case_data import (
    export_case_data,
    list_case_data,
    preview_case_data,
)
from kfdesk.services.figures.case_import import (
    CaseFate,
    import_cases,
    preview_case_import,
    read_case_file,
)
from kfdesk.services.figures.files import save_release
from kfdesk.services.figures.ic_tip import save_ic_tip
from kfdesk.services.figures.releases import (
    FigureQuestion,
    attack_figures,
    freeze_release,
    list_releases,
    preview_figures,
)

Answer = dict[str, Any]


def _list(desk: Session, _asked: Namespace) -> Answer:
    return {
        "releases": [
            {
                "release": one.view.rid.hex(), "number": one.view.record.number,
                "population": one.view.record.population, "is_ours": one.is_ours,
                "period": one.period.code if one.period is not None else "",
                **(_told(one.figures) if one.figures is not None else {}),
            }
            for one in list_releases(desk)
        ]
    }  # fmt: skip


def _release(desk: Session, asked: Namespace) -> Answer:
    """Report what may be released and, if asked, freeze it."""
    question = FigureQuestion(
        asked.population, FigurePeriod.parse(asked.period),
        tuple(filter(None, asked.by.split(","))), asked.crossed or asked.fixed_rows,
        asked.least, asked.fixed_rows,
    )  # fmt: skip
    answer: Answer = {**_told(preview_figures(desk, question)), "release": ""}
    if asked.apply:
        answer["release"] = freeze_release(desk, question, asked.corrects).hex()
    return answer


def _attack(desk: Session, asked: Namespace) -> Answer:
    found = attack_figures(desk, asked.release)
    return {
        "found": [
            {"kind": one.kind.value, "group": list(one.key), "release": one.release}
            for one in found
        ]
    }


def _export(desk: Session, asked: Namespace) -> Answer:
    save_release(desk, asked.release, asked.words, asked.file)
    return {"saved": str(asked.file)}


def _ic_tip(desk: Session, asked: Namespace) -> Answer:
    save_ic_tip(desk, asked.release, asked.file)
    return {"saved": str(asked.file)}


def _htcds(desk: Session, asked: Namespace) -> Answer:
    return _htcds_import(desk, asked) if asked.way == "import" else _htcds_export(desk, asked)


def _htcds_export(desk: Session, asked: Namespace) -> Answer:
    """Say which columns would be filled, without their contents; save them if asked."""
    plans: Sequence[bytes] = asked.plans
    if asked.all_agreed:
        plans = [one.plan for one in list_case_data(desk, asked.to)]
    if asked.into is None:
        found = [preview_case_data(desk, plan, asked.to) for plan in plans]
    else:
        found = list(export_case_data(desk, plans, asked.to, asked.into))
    return {
        "cases": [
            {"plan": one.plan.hex(), "code": one.code, "consent": one.has_consent,
             "columns": list(one.filled), "withheld": one.withheld}
            for one in found
        ],
        "saved": "" if asked.into is None else str(asked.into),
    }  # fmt: skip


def _htcds_import(desk: Session, asked: Namespace) -> Answer:
    """Say what a sheet would add and what is odd about it, line by line; add it if asked."""
    preview = preview_case_import(desk, read_case_file(asked.file), asked.encoding)
    answer: Answer = {fate.value: preview.count(fate) for fate in CaseFate}
    answer |= {
        "lines": [
            {"line": one.case.line, "fate": one.fate.value, "like": one.other}
            for one in preview.lines
        ],
        "findings": [
            {"line": one.line, "column": one.column, "fault": one.fault.value,
             "remedy": CASE_FINDINGS[one.fault].remedy}
            for one in preview.findings
        ],
        "more_findings": preview.more,
        "encoding": preview.sheet.encoding,
        "encoding_is_sure": preview.sheet.is_sure,
        "left_out": list(preview.sheet.left_out),
        "plans": [],
    }  # fmt: skip
    if asked.apply:
        apart = frozenset(asked.as_new)
        answer["plans"] = [one.hex() for one in import_cases(desk, preview, apart).plans]
    return answer


def _told(figures: SafeFigures) -> Answer:
    """Return the total, the tables as canonical lines, and what was joined."""
    return {
        "total": figures.total if figures.total is not None else f"<{figures.least}",
        "tables": encode_tables(figures.tables).splitlines(),
        "joined": [
            {"variable": one.variable, "reason": one.reason.value, "left_out": one.is_left_out}
            for one in figures.joined
        ],
    }


FIGURE_COMMANDS: Mapping[str, Callable[[Session, Namespace], Answer]] = {
    "figures list": _list,
    "figures release": _release,
    "figures attack": _attack,
    "figures export": _export,
    "figures ic-tip": _ic_tip,
    "figures htcds": _htcds,
}
