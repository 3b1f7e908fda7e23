# SPDX-License-Identifier: GPL-3.0-or-later
"""Which fields each paper contains, by record type and key: written by hand, one table a paper.

Apart from the drawing, so that a page can say who may have what without loading it. Whether a
field may stand on the paper is not decided here; `disclose()` does that.
"""

from collections.abc import Mapping

from kfdesk.domain.papers.order import PaperName
from kfdesk.domain.weighing.items import ITEM_KEYS

Keys = Mapping[str, frozenset[str]]
"""The keys that a paper contains, by record type."""

_TRAVELLERS_SHEET: Keys = {
    "client": frozenset({"name_on_ticket"}),
    "plan": frozenset({"luggage", "from_country", "to_country"}),
    "leg": frozenset(
        {
            "sequence", "mode", "carrier", "from_place", "from_stop", "departs", "to_place",
            "to_stop", "arrives", "met_by", "sign", "alone", "onward",
        }
    ),
    "help_number": frozenset({"sequence", "number", "hours"}),
}  # fmt: skip

_ESCORTS_SHEET: Keys = {
    "client": frozenset({"name_on_ticket", "languages"}),
    "plan": frozenset({"reminders", "travel_help", "from_country", "to_country"}),
    "leg": frozenset(
        {
            "sequence", "mode", "carrier", "from_place", "from_stop", "departs", "to_place",
            "to_stop", "arrives", "met_by", "sign", "alone", "onward", "check_in",
        }
    ),
    "help_number": frozenset({"sequence", "number", "answered_by"}),
}  # fmt: skip

_FILE_COPY: Keys = {
    "client": frozenset(
        {"code", "alias", "given_name", "family_name", "languages", "needs_interpreter"}
    ),
    "plan": frozenset(
        {
            "state", "wish", "wish_stated", "wish_reconfirmed", "from_country", "to_country",
            "to_place", "receiver", "escort", "escort_kind", "owner", "opened", "decision_signed",
            "decision_language", "luggage", "special_needs", "reminders",
        }
    ),
    "transition": frozenset({"to_state", "happened"}),
    "approval": frozenset({"kind", "gate", "given_by", "given", "reason"}),
    "consent": frozenset(
        {
            "purpose", "recipient", "groups", "form", "given_by", "language", "given", "expires",
            "withdrawn", "withheld",
        }
    ),
    "leg": frozenset(
        {
            "sequence", "mode", "carrier", "booking_reference", "from_place", "from_stop",
            "departs", "to_place", "to_stop", "arrives", "met_by", "sign", "alone", "onward",
            "check_in", "check_in_status", "status", "departed", "arrived", "fallback",
        }
    ),
    "help_number": frozenset({"sequence", "number", "hours", "called"}),
    "travel_document": frozenset(
        {"kind", "number", "country", "valid_until", "status", "name_as_written"}
    ),
    "handover": frozenset(
        {"happened", "place", "given_by", "received_by", "result", "items", "confirmed_by_client"}
    ),
    "risk_assessment": frozenset(
        {
            "organisation", "done", "valid_until", "conclusion", "unanswered", "client_view",
            "summary", "measures", "measures_agreed",
        }
    ),
    "risk_line": frozenset(
        {
            "category", "likelihood", "severity", "measure", "measure_by", "mitigation_status",
            "likelihood_after", "severity_after", *ITEM_KEYS,
        }
    ),
    "risk_event": frozenset({"kind", "happened", "account"}),
}  # fmt: skip
"""Neither code word nor alarm plan: what else is to be done stands with the legs. No history."""

_CONSENT_FORM: Keys = {
    "client": frozenset({"code", "alias", "given_name", "family_name"}),
    "consent": frozenset(
        {
            "purpose", "recipient", "groups", "form", "given_by", "language", "given", "expires",
            "interpreted_by", "guardian", "withheld",
        }
    ),
}  # fmt: skip

_HANDOVER_RECEIPT: Keys = {
    "plan": frozenset({"luggage"}),
    "leg": frozenset({"sequence", "arrives", "to_stop", "met_by"}),
    "handover": frozenset({"happened", "place", "given_by", "received_by", "items"}),
}

_DUTY_SHEET: Keys = {
    "client": frozenset({"code", "name_on_ticket", "languages", "safe_contact"}),
    "plan": frozenset({"receiver", "escort", "alarm_plan"}),
    "leg": frozenset(
        {
            "sequence", "mode", "carrier", "from_place", "departs", "to_place", "arrives",
            "met_by", "sign", "check_in", "meeter", "fallback",
        }
    ),
    "help_number": frozenset({"sequence", "number", "hours"}),
    "contact": frozenset({"given_name", "phone"}),
    "phone": frozenset({"number", "hours"}),
}  # fmt: skip
"""No history and no code word; whom to call, and what to do."""

_CONTACT_CARD: Keys = {
    "organisation": frozenset({"name", "country", "languages", "hours"}),
    "phone": frozenset({"number", "hours", "languages"}),
    "contact": frozenset({"given_name", "organisation"}),
}
"""No address, no surname, no private number."""

_CONTACT_LIST: Keys = {
    **_CONTACT_CARD,
    "organisation": _CONTACT_CARD["organisation"] | {"city", "services", "verification", "checked"},
}
"""The same with what it is good for, and whether somebody made sure of it."""

_SUPPORT_PLAN: Keys = {
    "client": frozenset({"code", "alias", "given_name", "family_name"}),
    "plan": frozenset({"owner"}),
    "goal": frozenset(
        {"domain", "aim", "baseline", "progress", "target", "due", "status", "organisation"}
    ),
    "service": frozenset({"goal", "domain", "what", "organisation", "status", "begins", "ends"}),
    "follow_up": frozenset({"due", "after_days", "kind", "refused"}),
}
"""What she signs: no score that she did not agree to, no history, nothing of money."""

_DISCLOSURE_LOG: Keys = {"client": frozenset({"code"})}
"""What went to whom is no field: it is worked out from the books."""

CONTENTS: Mapping[PaperName, Keys] = {
    PaperName.TRAVELLERS_SHEET: _TRAVELLERS_SHEET,
    PaperName.ESCORTS_SHEET: _ESCORTS_SHEET,
    PaperName.FILE_COPY: _FILE_COPY,
    PaperName.CONSENT_FORM: _CONSENT_FORM,
    PaperName.HANDOVER_RECEIPT: _HANDOVER_RECEIPT,
    PaperName.DUTY_SHEET: _DUTY_SHEET,
    PaperName.CONTACT_LIST: _CONTACT_LIST,
    PaperName.CONTACT_CARD: _CONTACT_CARD,
    PaperName.SUPPORT_PLAN: _SUPPORT_PLAN,
    PaperName.DISCLOSURE_LOG: _DISCLOSURE_LOG,
}
"""What each paper contains."""
