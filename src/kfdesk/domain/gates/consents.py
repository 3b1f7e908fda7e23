# SPDX-License-Identifier: GPL-3.0-or-later
"""Which consent a gate may rest on.

Her own, that stands today: one given in her vital interests lets data go for a few days, but it
decides nothing for her. A child's consent is its guardian's and its own.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kfdesk.domain.consents.completeness import Lack
from kfdesk.domain.consents.completeness import missing as missing_of
from kfdesk.domain.consents.majority import is_child
from kfdesk.domain.consents.standing import VITAL_INTERESTS, Reason, why_shut
from kfdesk.domain.gates.gate import Gate, Why, missing, not_met
from kfdesk.domain.gates.situation import Situation
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.rows import View

_LACKING = {Lack.CHILD: Why.GUARDIAN_MUST_CONSENT, Lack.ASSENT: Why.NOT_YES}
_ENDED = {Reason.EXPIRED: Why.CONSENT_ENDED, Reason.WITHDRAWN: Why.CONSENT_WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Found:
    """The consent that was looked for and stands; else how the gate is not met."""

    consent: View[Consent] | None
    fault: Gate | None


def standing(s: Situation, code: str, fits: Callable[[Consent], bool]) -> Found:
    """The consent that fits and stands; of those that do not, the nearest fault is told."""
    faults = []
    for seen in s.consents:
        if not seen.conflicts and not fits(seen.record):
            continue
        fault = _fault(s, code, seen)
        if fault is None:
            return Found(seen, None)
        faults.append(fault)
    if faults:
        return Found(None, faults[0])
    return Found(None, missing(code, Why.NO_CONSENT, "consent", "purpose"))


def _fault(s: Situation, code: str, seen: View[Consent]) -> Gate | None:
    if seen.conflicts:
        return not_met(code, Why.UNDECIDED, seen, min(seen.conflicts))
    consent = seen.record
    if consent.form == VITAL_INTERESTS:
        return not_met(code, Why.NO_CONSENT, seen, "form")
    shut = why_shut(seen, s.client, s.at)
    if shut is Reason.INCOMPLETE:
        key, lack = missing_of(consent, is_childs=is_child(s.client, s.at.date()))[0]
        return not_met(code, _LACKING.get(lack, Why.CONSENT_INCOMPLETE), seen, key)
    if shut is not None:
        key = "withdrawn" if shut is Reason.WITHDRAWN else "expires"
        return not_met(code, _ENDED.get(shut, Why.NO_CONSENT), seen, key)
    return None
