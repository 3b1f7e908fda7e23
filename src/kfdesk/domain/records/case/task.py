# SPDX-License-Identifier: GPL-3.0-or-later
"""Something to do, child of a plan: by whom and until when.

`neutral_title` is what a calendar or a locked screen may show.
"""

from datetime import date

from kfdesk.domain.lists.case_codes import TASK_STATE
from kfdesk.domain.schema import N_, Group, Level, Section, code, day, record, text
from kfdesk.domain.values import About, Gap

TASKS = Section("tasks", N_("Tasks"))
DESK, S2 = Group.DESK, Level.S2


@record
class Task:
    """A task with its day; done or dropped ones stay to be read."""

    title: str | Gap | None = text(N_("What is to be done"), TASKS, level=S2, to=DESK, since=2)
    due: date | About | Gap | None = day(N_("Due on"), TASKS, level=S2, to=DESK, since=2)
    owner: str | Gap | None = text(N_("Who does it (initials)"), TASKS, level=S2, to=DESK, since=2)
    state: str | Gap | None = code(TASK_STATE, N_("State"), TASKS, level=S2, to=DESK, since=2)
    neutral_title: str | Gap | None = text(
        N_("Neutral words for it"), TASKS, level=S2, to=DESK, since=2
    )
