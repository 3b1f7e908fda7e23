# SPDX-License-Identifier: GPL-3.0-or-later
"""A consent, child of its client: one purpose, one recipient, some groups of data, an end.

Its own fields go to the two parties it stands between, together with what it opens: the partner
must see what was agreed, and answers under the same consent.
"""

from datetime import date

from kfdesk.domain.codes import (
    CONSENT_FORM,
    CONSENT_GIVEN_BY,
    CONSENT_PURPOSE,
    CONSENT_SCOPE,
    TRANSFER_TOOL,
)
from kfdesk.domain.lists.case_codes import CONSENT_EXPLAINED, WITHDRAWAL_EFFECT, WITHHOLDING_REASON
from kfdesk.domain.schema import (
    N_,
    Group,
    Level,
    Section,
    code,
    code_set,
    day,
    moment,
    record,
    reference,
    text,
    told,
    yes_no,
)
from kfdesk.domain.values import About, Gap, Moment, Told
from kfdesk.domain.world import LANGUAGES

CONSENT = Section("consent", N_("Consent"))
PARTIES = Group.PARTIES
S2, S4 = Level.S2, Level.S4


@record
class Consent:
    """A consent; `recipient` is one organisation or one contact, never all partners."""

    purpose: str | Gap | None = code(
        CONSENT_PURPOSE, N_("Purpose"), CONSENT, level=S2, to=PARTIES, since=1
    )
    recipient: str | Gap | None = reference(N_("Recipient"), CONSENT, level=S2, to=PARTIES, since=1)
    groups: tuple[str, ...] | Gap | None = code_set(
        CONSENT_SCOPE, N_("What may be shared"), CONSENT, level=S2, to=PARTIES, since=1
    )
    form: str | Gap | None = code(CONSENT_FORM, N_("Form"), CONSENT, level=S2, to=PARTIES, since=1)
    given_by: str | Gap | None = code(
        CONSENT_GIVEN_BY, N_("Given by"), CONSENT, level=S2, to=PARTIES, since=1
    )
    language: str | Gap | None = code(
        LANGUAGES, N_("Language it was explained in"), CONSENT, level=S2, to=PARTIES, since=1
    )
    given: Moment | Gap | None = moment(N_("Given"), CONSENT, level=S2, to=PARTIES, since=1)
    expires: date | About | Gap | None = day(N_("Last day"), CONSENT, level=S2, to=PARTIES, since=1)
    withdrawn: Moment | Gap | None = moment(N_("Withdrawn"), CONSENT, level=S2, to=PARTIES, since=1)
    transfer_tool: str | Gap | None = code(
        TRANSFER_TOOL, N_("Ground for a third country"), CONSENT, level=S2, to=PARTIES, since=1
    )
    explained: tuple[str, ...] | Gap | None = code_set(
        CONSENT_EXPLAINED, N_("What was explained"), CONSENT, level=S2, to=PARTIES, since=2
    )
    interpreted_by: str | Gap | None = text(
        N_("Interpreter"), CONSENT, level=S2, to=PARTIES, since=2
    )
    guardian: str | Gap | None = text(N_("Guardian"), CONSENT, level=S2, to=PARTIES, since=2)
    assent: bool | Gap | None = yes_no(
        N_("The child agrees"), CONSENT, level=S2, to=PARTIES, since=2
    )
    withheld: Told | Gap | None = told(
        N_("What must not be shared"), CONSENT, level=S2, to=PARTIES, since=2
    )
    withholding_reason: str | Gap | None = code(
        WITHHOLDING_REASON, N_("Why not"), CONSENT, level=S2, to=PARTIES, since=2
    )
    withdrawal_effect: tuple[str, ...] | Gap | None = code_set(
        WITHDRAWAL_EFFECT, N_("What the withdrawal asks"), CONSENT, level=S2, to=PARTIES, since=2
    )
    warned: Moment | Gap | None = moment(
        N_("Warned about the third country"), CONSENT, level=S2, to=PARTIES, since=2
    )
    decided_by: str | Gap | None = text(N_("Decided by"), CONSENT, level=S2, to=PARTIES, since=2)
    second_person: str | Gap | None = text(
        N_("Second person"), CONSENT, level=S2, to=PARTIES, since=2
    )
    reason: str | Gap | None = text(N_("Reason"), CONSENT, level=S4, to=PARTIES, since=2)
