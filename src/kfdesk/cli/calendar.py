# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the calendar: list it, and save one's own as a calendar file.

An answer has codes and days, and no text that somebody wrote.
"""

from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from kfdesk.domain.calendar import CalendarItem, items_between
from kfdesk.services.calendar import read_calendar
from kfdesk.services.calendar_export import ExportOptions, export_calendar
from kfdesk.services.core.session import Session

Answer = dict[str, Any]


def _list(desk: Session, asked: Namespace) -> Answer:
    """Report what has a day in the next days, with what is late."""
    calendar = read_calendar(desk)
    last = calendar.on + timedelta(max(0, min(asked.days, 3_660)))
    still = [one for one in calendar.items if one.standing.is_open]
    late = [one for one in still if one.last < calendar.on]
    shown = dict.fromkeys((*late, *items_between(still, calendar.on, last)))
    return {
        "items": [_item(one) for one in shown],
        "undated": {str(kind): count for kind, count in calendar.undated.items()},
    }


def _item(one: CalendarItem) -> Answer:
    return {
        "kind": str(one.kind), "record": one.rid.hex(), "field": f"{one.record_type}.{one.key}",
        "plan": one.plan.hex(), "code": one.code, "day": one.day.isoformat(),
        "time": str(one.starts) if one.starts is not None else "", "standing": str(one.standing),
        "owner": one.owner,
    }  # fmt: skip


def _export(desk: Session, asked: Namespace) -> Answer:
    options = ExportOptions(asked.meetings, asked.remind, asked.tasks)
    done = export_calendar(desk, asked.file, asked.days, options)
    cancelled = sum(line.entry.is_cancelled for line in done.lines)
    return {
        "saved": str(asked.file),
        "entries": len(done.lines),
        "cancelled": cancelled,
        "left_out": done.undated,
    }


CALENDAR_COMMANDS: Mapping[str, Callable[[Session, Namespace], Answer]] = {
    "calendar list": _list,
    "calendar export": _export,
}
