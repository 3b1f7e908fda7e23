# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists of the directory: what an organisation offers, to whom, and how far it is known.

Services are the domains of a plan's needs and a few more. A code keeps its meaning for ever:
append, never rename or reuse.
"""

from collections.abc import Mapping

from kfdesk.domain.marks import N_

SERVICES: Mapping[str, str] = {
    "shelter": N_("Shelter"),
    "helpline": N_("Helpline"),
    "housing": N_("Housing"),
    "safety": N_("Safety"),
    "basic_needs": N_("Basic needs"),
    "health_physical": N_("Health, body"),
    "health_mental": N_("Health, mind"),
    "legal": N_("Legal help"),
    "civil_documents": N_("Documents and registration"),
    "family": N_("Family"),
    "education": N_("Education"),
    "vocational": N_("Vocational training"),
    "employment": N_("Employment"),
    "economic": N_("Money and debts"),
    "social_network": N_("Social network"),
    "repatriation": N_("Repatriation"),
    "reception_of_returnees": N_("Reception of those who return"),
    "training": N_("Training of staff"),
    "research": N_("Research"),
    "awareness": N_("Raising awareness"),
    "advocacy": N_("Advocacy"),
}

POPULATIONS: Mapping[str, str] = {
    "women": N_("Women"),
    "girls": N_("Girls"),
    "men": N_("Men"),
    "boys": N_("Boys"),
    "lgbti": N_("LGBTI people"),
    "families": N_("Families"),
    "labour": N_("Exploited in work"),
    "sexual": N_("Exploited sexually"),
}

NETWORKS: Mapping[str, str] = {
    "contact_network_se": N_("Swedish contact network"),
    "samverkan_stockholm": N_("Cooperation in Stockholm"),
    "baltic_partners": N_("Baltic partners"),
    "angel_coalition": N_("Angel Coalition"),
    "civil_platform_se": N_("Swedish civil platform"),
    "cbss_trm": N_("Baltic Sea States referral network"),
    "global": N_("World-wide"),
}

CONTACT_RISK: Mapping[str, str] = {
    "none": N_("No risk known"),
    "ask_first": N_("Ask the client first"),
    "never_from_origin": N_("Never from the country of origin"),
}

VERIFICATION: Mapping[str, str] = {
    "unverified": N_("Not checked"),
    "verified_by_call": N_("Checked by telephone"),
    "verified_by_visit": N_("Checked by a visit"),
    "verified_by_partner": N_("Checked by a partner"),
}
