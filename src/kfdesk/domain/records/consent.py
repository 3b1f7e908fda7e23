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
)
from kfdesk.domain.values import About, Gap, Moment
from kfdesk.domain.world import LANGUAGES

CONSENT = Section("consent", N_("Consent"))
PARTIES, S2 = Group.PARTIES, Level.S2


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
