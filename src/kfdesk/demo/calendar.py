# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's calendar: a worker's week on paper by the telephone, and her own times on her phone.

Everything goes through the services, as in `story.py`. The file says when, and *Ring* once.
"""

from datetime import timedelta
from pathlib import Path

from kfdesk.demo.people import Values
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.records.case import Task
from kfdesk.services.calendar_export import FILE_NAME, CalendarExport, export_calendar
from kfdesk.services.core.records import create_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import save_paper

TASK: Values = {
    "title": "Ring tingsrätten om tolk", "neutral_title": "Ring", "state": "open",
}  # fmt: skip
_IN_DAYS = 2


def take_calendar(desk: Session, plan: bytes, folder: Path) -> CalendarExport:
    """Add a task with a neutral title, and save the week sheet and the calendar file in `folder`.

    Return what the file says.
    """
    due = desk.adapters.clock.now().date() + timedelta(_IN_DAYS)
    create_record(desk, Task, {**TASK, "due": due, "owner": desk.user}, plan)
    save_paper(desk, PaperRequest(PaperName.WEEK_SHEET, b"", "sv"), folder / "week-sv.pdf")
    return export_calendar(desk, folder / FILE_NAME)
