# SPDX-License-Identifier: GPL-3.0-or-later
"""A telephone number that the traveller may call on the way, child of the plan.

It is apart from the directory's numbers, because it is tested for this journey and may be printed.
"""

from kfdesk.domain.records.plan import JOURNEY
from kfdesk.domain.schema import N_, Group, Level, code_set, moment, number, record, text, told
from kfdesk.domain.values import Gap, Moment, Told
from kfdesk.domain.world import LANGUAGES

TRAVEL, DESK, S2 = Group.TRAVEL, Group.DESK, Level.S2


@record
class HelpNumber:
    """A help number as it is dialled from abroad; `called` is when it was last tried."""

    sequence: int | Gap | None = number(N_("Order"), JOURNEY, level=S2, to=TRAVEL, since=1)
    number: str | Gap | None = text(N_("Telephone"), JOURNEY, level=S2, to=TRAVEL, since=1)
    hours: Told | Gap | None = told(
        N_("When it answers, in which language"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    languages: tuple[str, ...] | Gap | None = code_set(
        LANGUAGES, N_("Languages spoken"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    called: Moment | Gap | None = moment(N_("Last tried"), JOURNEY, level=S2, to=TRAVEL, since=1)
    answered_by: Told | Gap | None = told(
        N_("Who answers (first name)"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    called_by: str | Gap | None = text(N_("Tried by"), JOURNEY, level=S2, to=DESK, since=1)
