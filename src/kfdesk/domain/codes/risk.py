# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists of the risk assessment: categories with their items, answers, levels, sources.

The order of the categories numbers them in every list. The order of a scale is its
value. A code keeps its meaning for ever: append, never rename or reuse.
"""

from collections.abc import Mapping

from kfdesk.domain.message_marks import N_

RISK_CATEGORY: Mapping[str, str] = {
    "trafficker_network": N_("Traffickers and their network"),
    "family_community": N_("Family and community"),
    "retrafficking": N_("New exploitation"),
    "state_protection": N_("Protection by the state"),
    "legal_proceedings": N_("Legal proceedings"),
    "health": N_("Health"),
    "travel": N_("The journey"),
    "reception": N_("Reception"),
    "data_security": N_("Phone, accounts and data"),
    "country_context": N_("The country"),
    "child_specific": N_("For a child"),
}
"""Their order numbers them in every list and drawing."""

FOR_CHILDREN = "child_specific"
"""The category that applies only if a traveller counts as a child."""

CATEGORY_ITEMS: Mapping[str, Mapping[str, str]] = {
    "trafficker_network": {
        "threats_received": N_("Threats have come"),
        "home_address_known": N_("They know the home address"),
        "in_home_community": N_("They are in the home community"),
        "trafficker_free": N_("They are free, or it is unclear where they are"),
        "debt_claimed": N_("They claim a debt"),
        "linked_to_officials": N_("They have ties to officials"),
        "contact_since_exit": N_("There has been contact since she got away"),
        "images_held": N_("They have pictures of her"),
    },
    "family_community": {
        "family_recruited": N_("Someone in the family took part in it"),
        "violence_at_home": N_("There is violence at home"),
        "family_does_not_agree": N_("The family is against the return"),
        "rejection": N_("Rejection or stigma"),
        "honour_threat": N_("Honour-related threat"),
        "children_at_risk": N_("Children there are in danger"),
        "family_knows": N_("The family knows what happened, against her wish"),
    },
    "retrafficking": {
        "no_income": N_("Left without an income"),
        "debt": N_("Debts"),
        "no_housing": N_("Left without a home"),
        "dependent_minors": N_("Children who depend on her"),
        "low_schooling": N_("Little schooling"),
        "addiction": N_("Addiction"),
        "earlier_trafficking": N_("It has happened before"),
        "wish_to_leave_again": N_("A wish to leave again"),
    },
    "state_protection": {
        "police_do_not_protect": N_("Left without protection by the police"),
        "corruption": N_("Corruption"),
        "criminalised": N_("She may be punished for what happened to her"),
        "no_witness_protection": N_("Witnesses are left without protection"),
        "border_detention": N_("Detention or questioning at the border"),
        "political_profile": N_("A political profile"),
    },
    "legal_proceedings": {
        "testimony": N_("She has testified or will"),
        "protection_in_force": N_("Measures that protect her end when she leaves"),
        "claim_lapses": N_("A claim or permit is lost when she leaves"),
        "custody_dispute": N_("A dispute about custody"),
        "own_offence": N_("She is accused of something she was made to do"),
    },
    "health": {
        "urgent_care": N_("Urgent care is needed"),
        "pregnancy": N_("Pregnancy"),
        "infection_treated": N_("An infection is being treated"),
        "mental_health": N_("Mental health, thoughts of suicide"),
        "medication_missing": N_("Medicine that is needed is missing there"),
        "disability": N_("A disability that needs help"),
        "substance_treatment": N_("Treatment for addiction"),
    },
    "travel": {
        "no_valid_document": N_("A valid document is missing"),
        "crosses_exploitation_place": N_("The route passes the place where she was exploited"),
        "transit_unmet": N_("Alone at a change on the way"),
        "alone_with_infants": N_("Alone with small children"),
        "recognised_on_the_way": N_("She may be recognised on the way"),
        "conflict_on_the_way": N_("An area of conflict on the way"),
        "document_tells": N_("A document shows that she was sent back"),
    },
    "reception": {
        "receiver_unconfirmed": N_("It is still open who will be the receiver, by name"),
        "bed_unconfirmed": N_("The bed is still to be confirmed"),
        "far_from_services": N_("Far from the services she needs"),
        "language_not_shared": N_("A shared language is missing"),
        "place_unsuited": N_("The place is wrong for sex, age or children"),
    },
    "data_security": {
        "accounts_known": N_("Others know her phone or accounts"),
        "shared_devices": N_("Devices that others use too"),
        "social_media": N_("She can be found on social media"),
        "papers_reveal": N_("Papers she carries reveal her history"),
        "partner_storage": N_("It is unclear how the receiver keeps data"),
    },
    "country_context": {
        "armed_conflict": N_("Armed conflict"),
        "disaster": N_("A disaster"),
        "receiver_banned": N_("The receiving organisation is banned or under surveillance"),
        "discrimination": N_("Her group is discriminated against"),
    },
    "child_specific": {
        "identity_not_established": N_("The child's identity or age is still unclear"),
        "parents_unclear": N_("It is unclear whether the parents agree and can care for the child"),
        "guardian_objects": N_("The guardian objects"),
        "child_objects": N_("The child is against it"),
        "abduction": N_("The child could be taken away"),
        "no_school_place": N_("A place in school is missing"),
    },
}
"""The items of each category.

Each is worded so that *yes* means danger, and without a denial: two of them in one question are
answered the wrong way. A wording may change; what the code means may not.
"""

RISK_ITEM: Mapping[str, str] = {
    code: label for items in CATEGORY_ITEMS.values() for code, label in items.items()
}

RISK_THEME: Mapping[str, str] = {
    "nothing": N_("Nothing"),
    "something": N_("Something"),
    "not_known": N_("Not known"),
}
"""The answer for a whole category, which people see as a theme. Only `something` asks further."""

RISK_ANSWER: Mapping[str, str] = {
    "nothing_found": N_("Nothing found"),
    "found": N_("Something found"),
    "not_known": N_("Something is not known"),
}
"""The overall answer of a category. Not known counts as high."""

LIKELIHOOD: Mapping[str, str] = {
    "rare": N_("Very unlikely"),
    "unlikely": N_("Unlikely"),
    "possible": N_("Possible"),
    "likely": N_("Likely"),
    "certain": N_("Almost certain"),
}
"""From one to five."""

SEVERITY: Mapping[str, str] = {
    "minor": N_("Minor"),
    "some": N_("Some harm"),
    "serious": N_("Serious"),
    "severe": N_("Severe"),
    "life_threatening": N_("A danger to life"),
}
"""From one to five."""

RISK_LEVEL: Mapping[str, str] = {
    "low": N_("Low"),
    "moderate": N_("Moderate"),
    "high": N_("High"),
    "very_high": N_("Very high"),
}

RISK_SOURCE: Mapping[str, str] = {
    "client_statement": N_("What she says"),
    "origin_partner": N_("The partner in the home country"),
    "authority": N_("An authority"),
    "country_information": N_("Reports about the country"),
    "worker_observation": N_("What we have seen"),
}

CONFIDENCE: Mapping[str, str] = {
    "confirmed": N_("Has been confirmed"),
    "probable": N_("Probable"),
    "uncertain": N_("Uncertain"),
}

MITIGATION_STATUS: Mapping[str, str] = {
    "proposed": N_("Proposed"),
    "agreed": N_("Agreed"),
    "in_place": N_("In place"),
    "failed": N_("Failed"),
}

TRIGGER_EVENT: Mapping[str, str] = {
    "new_threat": N_("A new threat"),
    "trafficker_released": N_("A trafficker was released"),
    "address_changed": N_("An address has changed"),
    "receiver_changed": N_("The receiver has changed"),
    "health_changed": N_("Her health has changed"),
    "hearing_set": N_("A date for a hearing was set"),
    "media_exposure": N_("It is in the media"),
}
"""Events that invalidate earlier assessments: the risks must be assessed again."""
