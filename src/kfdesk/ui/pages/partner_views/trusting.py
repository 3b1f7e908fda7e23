# SPDX-License-Identifier: GPL-3.0-or-later
"""Pausing a partner, going on with it, ending its card: which service does it, and what is said.

Whether it may be done is the service's to say.
"""

from collections.abc import Callable, Mapping

from kfdesk.domain.desk.exchange import PartnerState
from kfdesk.domain.schema import N_
from kfdesk.services import partners
from kfdesk.services.desk import Changes, Desk

TRUST: Mapping[PartnerState, Callable[[Desk, bytes], Changes]] = {
    PartnerState.SUSPENDED: partners.suspend_partner,
    PartnerState.VERIFIED: partners.resume_partner,
    PartnerState.REVOKED: partners.revoke_partner,
}
TRUSTED_WORDS: Mapping[PartnerState, str] = {
    PartnerState.SUSPENDED: N_("Suspended. Nothing is sent or taken until you go on."),
    PartnerState.VERIFIED: N_("Files can be sent and taken again."),
    PartnerState.REVOKED: N_("Revoked. Tell the other partners, if that card may be misused."),
}
