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
    "referral.no_consent": Message(
        N_("She has not agreed yet that this organisation hears of her."),
        N_("Talk with her, and write her consent to this organisation down under Consent."),
    ),
}
