# SPDX-License-Identifier: GPL-3.0-or-later
"""A document or picture kept in the store, child of a plan; its content is kept in parts beside it.

It is shown in the program only, and goes to nobody but other laptops of our own. Pictures are drawn
anew when they come in, so that no place or camera data stays in them.
"""

from kfdesk.domain.lists.case_codes import ATTACHMENT_KIND
from kfdesk.domain.schema import N_, Group, Level, Section, code, moment, number, record, text
from kfdesk.domain.values import Gap, Moment

ATTACHMENTS = Section("attachments", N_("Documents"))
DESK, S4 = Group.DESK, Level.S4


@record
class Attachment:
    """What an attachment is; `digest` is the SHA-256 of its content."""

    title: str | Gap | None = text(N_("Name"), ATTACHMENTS, level=S4, to=DESK, since=2)
    kind: str | Gap | None = code(
        ATTACHMENT_KIND, N_("What it is"), ATTACHMENTS, level=S4, to=DESK, since=2
    )
    media_type: str | Gap | None = text(N_("Type of file"), ATTACHMENTS, level=S4, to=DESK, since=2)
    size: int | Gap | None = number(N_("Size"), ATTACHMENTS, level=S4, to=DESK, since=2)
    digest: str | Gap | None = text(N_("Digest"), ATTACHMENTS, level=S4, to=DESK, since=2)
    added: Moment | Gap | None = moment(N_("Added"), ATTACHMENTS, level=S4, to=DESK, since=2)
