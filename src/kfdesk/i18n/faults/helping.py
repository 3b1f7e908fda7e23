# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences for what cannot be done in the time after an arrival, and what to do instead.

Kind and short: who reads them may have her beside them. Never a value of a record.
"""

from collections.abc import Mapping

from kfdesk.domain.schema import N_
from kfdesk.i18n.message import Message

HELPING: Mapping[str, Message] = {
    "referral.no_provider": Message(
        N_("Nobody is named yet who gives this service."),
        N_("Choose the organisation in the service, and refer her then."),
    ),
    "plan.held": Message(
        N_("This plan must be kept as it is, so nothing was changed."),
        N_("Why stands in the plan under Keeping. Who looks after data protection can lift it."),
    ),
    "plan.no_reason": Message(
        N_("A plan is not restricted without a reason."),
        N_("Write in a few words why it must be kept, and for whom."),
    ),
    "referral.no_consent": Message(
        N_("She has not agreed yet that this organisation hears of her."),
        N_("Talk with her, and write her consent to this organisation down under Consent."),
    ),
}
