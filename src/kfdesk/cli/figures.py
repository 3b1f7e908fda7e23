# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of figures: list, release, attack, export to table files, sums, and case data.

They answer with plain data, as `commands` does. A release without `--apply` writes nothing. No
answer holds a number that the release itself does not have.
"""

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.cells import encode_tables
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.figures.release import SafeFigures
from kfdesk.i18n.case_sheets import CASE_FINDINGS
from kfdesk.services.core.records import require_readable
from kfdesk.services.core.session import Session
from kfdesk.services.figures import sums
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


def _ic_tip(desk: Session, asked: Namespace) -> Answer:
    save_ic_tip(desk, asked.release, asked.file)
    return {"saved": str(asked.file)}


def _htcds(desk: Session, asked: Namespace) -> Answer:
    return _htcds_import(desk, asked) if asked.way == "import" else _htcds_export(desk, asked)


def _htcds_export(desk: Session, asked: Namespace) -> Answer:
    """Say which columns would be filled, without their contents; save them if asked."""
    if require_readable(desk, asked.to).type != "organisation":
        raise KfdeskError("record.missing")
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


def _sum(desk: Session, asked: Namespace) -> Answer:
    """Take a step in a sum, and say what comes next in it; without a sum, in all of them."""
    if asked.step == "list":
        return {"sums": [_sum_lines(one) for one in sums.list_sums(desk)]}
    return _SUM_STEPS[asked.step](desk, asked)


def _begin_sum(desk: Session, asked: Namespace) -> Answer:
    question = FigureQuestion(
        asked.population, FigurePeriod.parse(asked.period),
        tuple(filter(None, asked.by.split(","))), asked.crossed,
    )  # fmt: skip
    rid = sums.begin_sum(desk, asked.network, question, asked.members, asked.until)
    return _sum_lines(sums.read_sum(desk, rid))


def _answer_sum(desk: Session, asked: Namespace) -> Answer:
    sums.answer_sum(desk, asked.sum)
    return _sum_lines(sums.read_sum(desk, asked.sum))


def _add_up(desk: Session, asked: Namespace) -> Answer:
    sums.add_up(desk, asked.sum)
    return _sum_lines(sums.read_sum(desk, asked.sum))


def _release_sum(desk: Session, asked: Namespace) -> Answer:
    answer: Answer = {**_table_lines(sums.preview_sum(desk, asked.sum)), "release": ""}
    if asked.apply:
        answer["release"] = sums.release_sum(desk, asked.sum).hex()
    return answer


def _end_sum(desk: Session, asked: Namespace) -> Answer:
    sums.end_sum(desk, asked.sum)
    return _sum_lines(sums.read_sum(desk, asked.sum))


def _begin_again(desk: Session, asked: Namespace) -> Answer:
    rid = sums.begin_again(desk, asked.sum, asked.until)
    return _sum_lines(sums.read_sum(desk, rid))


_SUM_STEPS: Mapping[str, Callable[[Session, Namespace], Answer]] = {
    "begin": _begin_sum,
    "answer": _answer_sum,
    "add-up": _add_up,
    "release": _release_sum,
    "end": _end_sum,
    "again": _begin_again,
}


def _sum_lines(one: sums.SumDetails) -> Answer:
    """Return what is asked, what comes next, and who is missing; none of the numbers."""
    asked = one.terms.question if one.terms is not None else None
    return {
        "sum": one.row.rid.hex(), "is_ours": one.is_ours, "step": one.step.value,
        "reason": one.reason.value if one.reason is not None else "",
        "population": asked.population if asked is not None else "",
        "period": asked.period.code if asked is not None else "",
        "by": list(asked.variables) if asked is not None else [],
        "until": one.terms.until.isoformat() if one.terms is not None else "",
        "missing": sorted(one.names[member] for member in one.missing),
    }  # fmt: skip


def _table_lines(figures: SafeFigures) -> Answer:
    """Return the total, the tables as canonical lines, and what was joined."""
    return {
        "total": figures.total if figures.total is not None else f"<{figures.least}",
        "median": figures.median,
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
    "figures sum": _sum,
    "figures ic-tip": _ic_tip,
    "figures htcds": _htcds,
}
