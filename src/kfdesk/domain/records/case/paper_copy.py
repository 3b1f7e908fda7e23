# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of a paper that was printed or saved, child of what it is about.

It says that there is a paper, when it was made, and where it went: never what stands on it. It
stays at the desk.
"""

from kfdesk.domain.lists.paper_codes import COPY_STATE, COPY_WAY, PAPER, PAPER_FORM
from kfdesk.domain.schema import (
    N_,
    Group,
    Level,
    Section,
    code,
    moment,
    number,
    record,
    reference,
    text,
)
from kfdesk.domain.values import Gap, Moment
from kfdesk.domain.world import LANGUAGES

COPIES = Section("copies", N_("Copies of papers"))
DESK, S2 = Group.DESK, Level.S2


@record
class PaperCopy:
    """A copy; `number` counts the copies of one paper about one record."""

    paper: str | Gap | None = code(PAPER, N_("Paper"), COPIES, level=S2, to=DESK, since=2)
    subject: str | Gap | None = reference(
        N_("What it is about"), COPIES, level=S2, to=DESK, since=2
    )
    number: int | Gap | None = number(N_("Copy number"), COPIES, level=S2, to=DESK, since=2)
    language: str | Gap | None = code(
        LANGUAGES, N_("Language of the paper"), COPIES, level=S2, to=DESK, since=2
    )
    form: str | Gap | None = code(PAPER_FORM, N_("Size"), COPIES, level=S2, to=DESK, since=2)
    way: str | Gap | None = code(COPY_WAY, N_("How it left"), COPIES, level=S2, to=DESK, since=2)
    made: Moment | Gap | None = moment(N_("Made on"), COPIES, level=S2, to=DESK, since=2)
    made_by: str | Gap | None = text(N_("Made by (initials)"), COPIES, level=S2, to=DESK, since=2)
    state: str | Gap | None = code(
        COPY_STATE, N_("Where it is now"), COPIES, level=S2, to=DESK, since=2
    )
