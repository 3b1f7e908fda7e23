# SPDX-License-Identifier: GPL-3.0-or-later
"""A note of the desk, child of the plan. Notes never leave, by no way and to nobody.

What may leave is written into a field of its own, in the language of who shall read it.
"""

from kfdesk.domain.lists.case_codes import NOTE_KIND
from kfdesk.domain.schema import N_, Group, Level, Section, code, moment, record, text
from kfdesk.domain.values import Gap, Moment

NOTES = Section("notes", N_("Notes"))
DESK = Group.DESK
S3, S4 = Level.S3, Level.S4


@record
class Note:
    """A note: what was talked of or seen, and when."""

    happened: Moment | Gap | None = moment(N_("When"), NOTES, level=S3, to=DESK, since=2)
    kind: str | Gap | None = code(NOTE_KIND, N_("What it is"), NOTES, level=S3, to=DESK, since=2)
    content: str | Gap | None = text(N_("Note"), NOTES, level=S4, to=DESK, since=2)
    written_by: str | Gap | None = text(N_("Written by"), NOTES, level=S3, to=DESK, since=2)
