# SPDX-License-Identifier: GPL-3.0-or-later
"""One aim of hers in one part of her life, child of the plan: in her words, with where she stands.

The scale of five is the same as in the contacts after an arrival. What she lets go stays to be
read and is no failure.
"""

from datetime import date

from kfdesk.domain.lists.after_codes import GOAL_STATUS, NEED_DOMAIN, NEED_LEVEL, SCORE
from kfdesk.domain.schema import N_, Group, Level, Section, code, day, record, reference, text, told
from kfdesk.domain.values import About, Gap, Told

SUPPORT = Section("support", N_("Rehabilitation"))
AFTER, S2, S3 = Group.REINTEGRATION_PLAN, Level.S2, Level.S3


@record
class Goal:
    """An aim: where she begins, where she wants to be and by when, and how far she has come."""

    domain: str | Gap | None = code(
        NEED_DOMAIN, N_("Part of her life"), SUPPORT, level=S3, to=AFTER, since=2
    )
    need_level: str | Gap | None = code(
        NEED_LEVEL, N_("How much is needed"), SUPPORT, level=S3, to=AFTER, since=2
    )
    aim: Told | Gap | None = told(
        N_("Her aim, in her own words"), SUPPORT, level=S3, to=AFTER, since=2
    )
    baseline: str | Gap | None = code(
        SCORE, N_("Where she began"), SUPPORT, level=S3, to=AFTER, since=2
    )
    target: str | Gap | None = code(
        SCORE, N_("Where she wants to be"), SUPPORT, level=S3, to=AFTER, since=2
    )
    progress: str | Gap | None = code(
        SCORE, N_("Where she is"), SUPPORT, level=S3, to=AFTER, since=2
    )
    due: date | About | Gap | None = day(N_("By when"), SUPPORT, level=S2, to=AFTER, since=2)
    status: str | Gap | None = code(
        GOAL_STATUS, N_("How it stands"), SUPPORT, level=S2, to=AFTER, since=2
    )
    organisation: str | Gap | None = reference(
        N_("Who helps her with it"), SUPPORT, level=S2, to=AFTER, since=2
    )
    owner: str | Gap | None = text(
        N_("Who follows it here (initials)"), SUPPORT, level=S2, to=Group.DESK, since=2
    )
