# SPDX-License-Identifier: GPL-3.0-or-later
"""A referral from us or to us, child of the plan (HTCDS: cas_, referral fields).

A referral names the consent that carries it; without one that stands nothing about her goes along.
"""

from kfdesk.domain.lists.case_codes import REFERRAL_DIRECTION, REFERRAL_KIND, REFERRAL_STATUS
from kfdesk.domain.lists.htcds import REASON_FOR_REFERRAL
from kfdesk.domain.schema import N_, Group, Level, Section, code, moment, record, reference, told
from kfdesk.domain.values import Gap, Moment, Told

REFERRAL = Section("referral", N_("Referrals"))
NEEDS, S2 = Group.IMMEDIATE_NEEDS, Level.S2


@record
class Referral:
    """A referral or a transfer, and what came of it."""

    direction: str | Gap | None = code(
        REFERRAL_DIRECTION, N_("Direction"), REFERRAL, level=S2, to=NEEDS, since=2
    )
    kind: str | Gap | None = code(
        REFERRAL_KIND, N_("Referral or transfer"), REFERRAL, level=S2, to=NEEDS, since=2
    )
    organisation: str | Gap | None = reference(
        N_("Organisation"), REFERRAL, level=S2, to=NEEDS, since=2
    )
    person: str | Gap | None = reference(
        N_("Contact person"), REFERRAL, level=S2, to=NEEDS, since=2
    )
    reason: str | Gap | None = code(
        REASON_FOR_REFERRAL, N_("Reason"), REFERRAL, level=S2, to=NEEDS, since=2
    )
    sent: Moment | Gap | None = moment(N_("Sent on"), REFERRAL, level=S2, to=NEEDS, since=2)
    status: str | Gap | None = code(
        REFERRAL_STATUS, N_("Status"), REFERRAL, level=S2, to=NEEDS, since=2
    )
    answer: Told | Gap | None = told(N_("Answer"), REFERRAL, level=S2, to=NEEDS, since=2)
    consent: str | Gap | None = reference(
        N_("Consent that carries it"), REFERRAL, level=S2, to=NEEDS, since=2
    )
