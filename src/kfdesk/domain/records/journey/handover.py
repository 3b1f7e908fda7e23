# SPDX-License-Identifier: GPL-3.0-or-later
"""The moment she is received, child of the plan: who gave, who took over, and what went along.

It holds no history; the paper made of it may be carried.
"""

from kfdesk.domain.lists.case_codes import HANDOVER_PLACE, HANDOVER_RESULT
from kfdesk.domain.records.plan import JOURNEY
from kfdesk.domain.schema import N_, Group, Level, code, moment, record, text, told, yes_no
from kfdesk.domain.values import Gap, Moment, Told

TRAVEL, S2 = Group.TRAVEL, Level.S2


@record
class Handover:
    """Who met whom, where, when, and with what."""

    happened: Moment | Gap | None = moment(N_("When"), JOURNEY, level=S2, to=TRAVEL, since=2)
    place: str | Gap | None = code(
        HANDOVER_PLACE, N_("Where"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    given_by: str | Gap | None = text(
        N_("Brought by (first name)"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    received_by: str | Gap | None = text(
        N_("Received by (first name)"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    result: str | Gap | None = code(
        HANDOVER_RESULT, N_("Outcome"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    items: Told | Gap | None = told(N_("Things handed over"), JOURNEY, level=S2, to=TRAVEL, since=2)
    confirmed_by_client: bool | Gap | None = yes_no(
        N_("She confirmed it herself"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
