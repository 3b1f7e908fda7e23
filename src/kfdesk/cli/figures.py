# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of figures: list, release, attack, and export to a table file.

They answer with plain data, as `commands` does. A release without `--apply` writes nothing. No
answer holds a number that the release itself does not have.
"""

from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from kfdesk.domain.figures.cells import encode_tables
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.figures.release import SafeFigures
from kfdesk.services.core.session import Session
from kfdesk.services.figures.case_data import export_case_data, preview_case_data
from kfdesk.services.figures.files import save_release
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
                **(_table_lines(one.figures) if one.figures is not None else {}),
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
    answer: Answer = {**_table_lines(preview_figures(desk, question)), "release": ""}
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


def _case_data(desk: Session, asked: Namespace) -> Answer:
    """Say which columns would be filled, without their contents; save them if asked."""
    if asked.into is None:
        found = preview_case_data(desk, asked.plan, asked.organisation)
    else:
        found = export_case_data(desk, asked.plan, asked.organisation, asked.into)
    saved = "" if asked.into is None else str(asked.into)
    return {"columns": list(found.filled), "withheld": found.withheld, "saved": saved}


def _table_lines(figures: SafeFigures) -> Answer:
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
    "figures case-data": _case_data,
}
