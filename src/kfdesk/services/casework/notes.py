# SPDX-License-Identifier: GPL-3.0-or-later
"""Notes and tasks of a plan: a note is signed and timed by itself, a task is done and undone.

Neither leaves this desk. What a note says is its writer's; nothing here reads it.
"""

from calendar import monthrange
from dataclasses import replace
from datetime import date

from kfdesk.domain.values import About
from kfdesk.services.casework import parts
from kfdesk.services.course.situations import moment_now
from kfdesk.services.desk import Desk
from kfdesk.services.policy.access import require_adding
from kfdesk.services.writing import drafts
from kfdesk.services.writing.drafts import Form
from kfdesk.services.writing.records import Done, change_record


def save_note(desk: Desk, rid: bytes, form: Form, keys: parts.Keys) -> Done:
    """Save a note; a new one is of now, if nothing else is said, and signed by who sits here.

    Raises KfdeskError as `drafts.finish_draft`.
    """
    if desk.store.row(rid) is not None:
        return parts.save_part(desk, rid, form, keys)
    require_adding(desk, form.type, form.parent)
    values = {"happened": moment_now(desk), **form.values, "written_by": desk.user}
    drafts.keep_draft(desk, rid, replace(form, values=values))
    return drafts.finish_draft(desk, rid)


def set_task_done(desk: Desk, rid: bytes, *, is_done: bool) -> Done:
    """Let a task be done, or be open again. Raises KfdeskError as `change_record`."""
    return change_record(desk, rid, {"state": "done" if is_done else "open"})


def last_day_of(due: object) -> date | None:
    """The last day on which something is not late; about when counts to its end."""
    if isinstance(due, date):
        return due
    if isinstance(due, About):
        year, _, month = due.text.partition("-")
        number = int(month or 12)
        return date(int(year), number, monthrange(int(year), number)[1])
    return None
