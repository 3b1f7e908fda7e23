# SPDX-License-Identifier: GPL-3.0-or-later
"""Activities or projects by year, and by who assigned or funds them: in sums, and as CSV.

Each counts once, so the sums add up: what two funders pay together is a group of its own. The
year is that in which it began. Of a project, whoever answers for it stands for who assigned it.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Any

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.network import first_possible_day
from kfdesk.domain.records.network import Activity, Project, ProjectParty
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.values import PartialDate, Value, text_in_language
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.history import row_name
from kfdesk.services.core.saved_files import save_file
from kfdesk.services.core.session import Session

PEOPLE_KEYS = ("women", "men", "others", "not_known")
CSV_COLUMNS = (
    "kind", "title", "assigned_by", "funding", "begins", "ends", "place", *PEOPLE_KEYS, "status",
    "budget", "currency",
)  # fmt: skip
PROJECTS = "project"
"""The kind by which projects are asked for, in place of activities."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""The first characters of a cell that a spreadsheet reads as a formula."""


class GroupedBy(StrEnum):
    """By whom the activities are grouped."""

    ASSIGNED_BY = "assigned_by"
    FUNDING = "funding"


@dataclass(frozen=True, slots=True)
class ActivityQuery:
    """A choice of activities: of one kind or all, from one year to another, ours or everybody's.

    The kind `PROJECTS` asks for projects instead.
    """

    kind: str = ""
    first: int = date.min.year
    last: int = date.max.year
    by: GroupedBy = GroupedBy.ASSIGNED_BY
    is_ours_only: bool = True


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity: the year in which it began, who assigned it and who funds its project.

    `year` is None if it has no day, `people` are all who were reached. It may be a project itself.
    """

    view: RecordView[Any]
    year: int | None
    assigned_by: str
    funding: str
    people: int


@dataclass(frozen=True, slots=True)
class ActivityReport:
    """Activities by day, with their count and people by group; the empty name is nobody known.

    `undated` counts activities without a day, which are in no year.
    """

    lines: tuple[ActivityLine, ...]
    groups: Mapping[str, tuple[int, int]]
    undated: int

    @property
    def total(self) -> tuple[int, int]:
        """The number of activities, and of people whom they reached."""
        return len(self.lines), sum(line.people for line in self.lines)


def report_activities(desk: Session, asked: ActivityQuery) -> ActivityReport:
    """Return the activities of some years, in groups that add up.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    is_project = asked.kind == PROJECTS
    every = _project_lines(desk) if is_project else _lines(desk)
    lines = [one for one in every if is_project or asked.kind in ("", one.view.record.kind)]
    if asked.is_ours_only:
        own = desk.identity.organisation
        lines = [one for one in lines if one.view.row.custodian == own]
    dated = [one for one in lines if one.year is not None and asked.first <= one.year <= asked.last]
    groups: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for line in dated:
        name = line.funding if asked.by is GroupedBy.FUNDING else line.assigned_by
        count, people = groups[name]
        groups[name] = count + 1, people + line.people
    undated = sum(one.year is None for one in lines)
    return ActivityReport(tuple(sorted(dated, key=_order)), dict(sorted(groups.items())), undated)


def save_activities(desk: Session, asked: ActivityQuery, path: Path, language: str) -> int:
    """Save the activities as CSV (UTF-8, comma); return how many. Titles are in `language`.

    Write a temporary file first, then rename it. Raise KfdeskError `user.not_allowed` or
    `store.disk`; then there is no file.
    """
    desk.require(Right.PRINT_INTERNAL)
    lines = report_activities(desk, asked).lines
    text = StringIO()
    csv.writer(text).writerows([CSV_COLUMNS, *(_cells(line, language) for line in lines)])
    data = text.getvalue().encode("utf-8-sig")
    keys = ("csv", str(len(lines)))
    save_file(desk, path, data, lambda: desk.log(Action.SAVE_LIST, keys=keys))
    return len(lines)


def _cells(line: ActivityLine, language: str) -> list[str]:
    record = line.view.record
    others = [one.language for one in record.title] if isinstance(record.title, tuple) else []
    values = {
        **{key: getattr(record, key) for key in CSV_COLUMNS if hasattr(record, key)},
        "title": text_in_language(record.title, language, *others),
        "assigned_by": line.assigned_by,
        "funding": line.funding,
        **({"kind": PROJECTS} if line.view.row.type == PROJECTS else {}),
    }
    return [_cell(values.get(key)) for key in CSV_COLUMNS]


def _cell(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    text = value.text if isinstance(value, PartialDate) else value if isinstance(value, str) else ""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _lines(desk: Session) -> Iterator[ActivityLine]:
    activities = desk.store.rows("activity")
    funders = _parties(desk, "funding") if activities else {}
    for row in activities:
        seen = view(row, Activity)
        if seen.is_deleted:
            continue
        record = seen.record
        counts = (getattr(record, key) for key in PEOPLE_KEYS)
        people = sum(one for one in counts if isinstance(one, int) and one > 0)
        whose, paid = _name(desk, record.assigned_by), funders.get(row.parent or b"", "")
        yield ActivityLine(seen, _year(record), whose, paid, people)


def _project_lines(desk: Session) -> Iterator[ActivityLine]:
    funders, leads = (_parties(desk, role) for role in ("funding", "accountable"))
    for row in desk.store.rows("project"):
        seen = view(row, Project)
        if not seen.is_deleted:
            whose, paid = leads.get(row.rid, ""), funders.get(row.rid, "")
            yield ActivityLine(seen, _year(seen.record), whose, paid, 0)


def _parties(desk: Session, role: str) -> Mapping[bytes, str]:
    """Return the names of the organisations that have a role in each project."""
    found: dict[bytes, set[str]] = defaultdict(set)
    for row in desk.store.rows("project_party"):
        party = view(row, ProjectParty).record
        if not is_deleted(row.state) and party.role == role:
            found[row.parent or b""].add(_name(desk, party.organisation))
    return {rid: ", ".join(sorted(filter(None, names))) for rid, names in found.items()}


def _year(record: Activity | Project) -> int | None:
    began = record.begins if isinstance(record.begins, date | PartialDate) else record.ends
    day = first_possible_day(began, date.max)
    return None if day == date.max else day.year


def _name(desk: Session, reference: Value) -> str:
    row = desk.store.row(bytes.fromhex(reference)) if isinstance(reference, str) else None
    return row_name(row) if row is not None else ""


def _order(line: ActivityLine) -> tuple[date, bytes]:
    record = line.view.record
    return first_possible_day(record.begins, date.max), line.view.rid
