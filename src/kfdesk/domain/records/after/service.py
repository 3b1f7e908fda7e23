# SPDX-License-Identifier: GPL-3.0-or-later
"""One service or measure for an aim of hers, child of the plan: what, from whom, since when.

It names its goal and the referral by which she came there; without her consent nothing is referred.
"""

from datetime import date

from kfdesk.domain.lists.after_codes import FUNDING, NEED_DOMAIN, SERVICE_STATUS
from kfdesk.domain.records.after.goal import AFTER, S2, S3, SUPPORT
from kfdesk.domain.schema import N_, code, day, number, record, reference, text, told
from kfdesk.domain.values import About, Gap, Told


@record
class Service:
    """A service: what it is, who gives it, how it stands, and who pays."""

    goal: str | Gap | None = reference(N_("For which aim"), SUPPORT, level=S2, to=AFTER, since=2)
    domain: str | Gap | None = code(
        NEED_DOMAIN, N_("Part of her life"), SUPPORT, level=S3, to=AFTER, since=2
    )
    what: Told | Gap | None = told(N_("What she gets"), SUPPORT, level=S3, to=AFTER, since=2)
    organisation: str | Gap | None = reference(
        N_("Who gives it"), SUPPORT, level=S2, to=AFTER, since=2
    )
    status: str | Gap | None = code(
        SERVICE_STATUS, N_("How it stands"), SUPPORT, level=S2, to=AFTER, since=2
    )
    begins: date | About | Gap | None = day(N_("From"), SUPPORT, level=S2, to=AFTER, since=2)
    ends: date | About | Gap | None = day(N_("Until"), SUPPORT, level=S2, to=AFTER, since=2)
    cost: int | Gap | None = number(N_("Cost"), SUPPORT, level=S2, to=AFTER, since=2)
    currency: str | Gap | None = text(
        N_("Currency (three letters)"), SUPPORT, level=S2, to=AFTER, since=2
    )
    funding: str | Gap | None = code(FUNDING, N_("Who pays"), SUPPORT, level=S2, to=AFTER, since=2)
    referral: str | Gap | None = reference(
        N_("Referral by which she came"), SUPPORT, level=S2, to=AFTER, since=2
    )
