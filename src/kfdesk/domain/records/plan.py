# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a return, child of its client. Case and journey are sections of it."""

from kfdesk.domain.codes import PAPER_WISH, PLAN_STATE, WISH
from kfdesk.domain.schema import (
    N_,
    Group,
    Level,
    Section,
    code,
    moment,
    record,
    reference,
    text,
    told,
)
from kfdesk.domain.values import Gap, Moment, Told
from kfdesk.domain.world import COUNTRIES

DECISION = Section("decision", N_("Decision"))
JOURNEY = Section("journey", N_("Journey"))
SAFETY = Section("safety", N_("Safety"))
TRAVEL, DESK = Group.TRAVEL, Group.DESK
S2, S4 = Level.S2, Level.S4


@record
class Plan:
    """A plan; `code_word` and `alarm_plan` are never printed and never sent."""

    state: str | Gap | None = code(PLAN_STATE, N_("State"), DECISION, level=S2, to=TRAVEL, since=1)
    wish: str | Gap | None = code(WISH, N_("Her own wish"), DECISION, level=S2, to=TRAVEL, since=1)
    wish_stated: Moment | Gap | None = moment(
        N_("Wish stated"), DECISION, level=S2, to=TRAVEL, since=1
    )
    from_country: str | Gap | None = code(
        COUNTRIES, N_("From country"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    to_country: str | Gap | None = code(
        COUNTRIES, N_("To country"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    to_place: Told | Gap | None = told(N_("To region"), JOURNEY, level=S2, to=TRAVEL, since=1)
    receiver: str | Gap | None = reference(N_("Receiver"), JOURNEY, level=S2, to=TRAVEL, since=1)
    escort: str | Gap | None = reference(N_("Escort"), JOURNEY, level=S2, to=TRAVEL, since=1)
    luggage: Told | Gap | None = told(N_("Luggage"), JOURNEY, level=S2, to=TRAVEL, since=1)
    wants_paper: str | Gap | None = code(
        PAPER_WISH, N_("Her wish for paper"), JOURNEY, level=S2, to=DESK, since=1
    )
    alarm_plan: str | Gap | None = text(N_("Alarm plan"), SAFETY, level=S4, to=DESK, since=1)
    code_word: str | Gap | None = text(N_("Code word"), SAFETY, level=S4, to=DESK, since=1)
