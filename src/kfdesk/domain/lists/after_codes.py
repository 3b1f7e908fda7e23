# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists of the time after an arrival: how she is reached, how she is, what she may need.

The last third of `codes.py`. The order of SCORE is its scale, 0 to 4. A code keeps its meaning
for ever: append, never rename or reuse.
"""

from collections.abc import Mapping

from kfdesk.domain.schema import N_

FOLLOW_UP_KIND: Mapping[str, str] = {
    "arrival": N_("On arrival"),
    "regular": N_("How she is"),
    "on_her_request": N_("At her own request"),
    "after_reunification": N_("After coming back to the family"),
    "in_care": N_("Where she lives in care"),
    "for_service": N_("About a service"),
    "for_assesment": N_("To look at needs anew"),
}
"""What a follow-up is for; the last four are Primero's, in its spelling."""

CONTACT_METHOD: Mapping[str, str] = {
    "in_person": N_("In person"),
    "phone": N_("By phone"),
    "secure_message": N_("By secure message"),
    "through_partner": N_("Through a partner"),
    "none_by_wish": N_("No contact, by her wish"),
}

CONTACT_RESULT: Mapping[str, str] = {
    "reached": N_("She was reached"),
    "not_reached": N_("She was not reached"),
    "refused": N_("She did not want it"),
    "unsafe_to_contact": N_("Not safe to contact her"),
}

SCORE: Mapping[str, str] = {
    "none": N_("0 – nothing"),
    "poor": N_("1 – poor"),
    "fair": N_("2 – fair"),
    "good": N_("3 – good"),
    "stable": N_("4 – stable"),
}
"""How it is in one area of her life, from 0 to 4."""

EXPLOITATION_AGAIN: Mapping[str, str] = {
    "no": N_("No"),
    "suspected": N_("It is suspected"),
    "yes": N_("Yes"),
    "unknown": N_("It is not known"),
}

SATISFACTION: Mapping[str, str] = {
    "very_dissatisfied": N_("1 – not at all content"),
    "dissatisfied": N_("2 – not content"),
    "neither": N_("3 – neither"),
    "satisfied": N_("4 – content"),
    "very_satisfied": N_("5 – very content"),
}

NEED_DOMAIN: Mapping[str, str] = {
    "housing": N_("Housing"),
    "safety": N_("Feeling safe"),
    "basic_needs": N_("Clothes, food, everyday things"),
    "health_physical": N_("Health"),
    "health_mental": N_("Mental wellbeing"),
    "legal": N_("Legal matters"),
    "civil_documents": N_("Identity papers"),
    "family": N_("Family ties"),
    "education": N_("School and language"),
    "vocational": N_("Learning a trade"),
    "employment": N_("Work"),
    "economic": N_("Money of her own"),
    "social_network": N_("People around her"),
}

NEED_LEVEL: Mapping[str, str] = {
    "none": N_("No need"),
    "low": N_("Small need"),
    "medium": N_("Some need"),
    "high": N_("Great need"),
    "urgent": N_("Needed at once"),
}

GOAL_STATUS: Mapping[str, str] = {
    "planned": N_("Not begun yet"),
    "in_progress": N_("Under way"),
    "met": N_("Reached"),
    "partly_met": N_("Partly reached"),
    "not_met": N_("Not reached"),
    "dropped_by_client": N_("Let go, by choice"),
}

SERVICE_STATUS: Mapping[str, str] = {
    "offered": N_("Offered"),
    "accepted": N_("Agreed to"),
    "declined": N_("Not wanted"),
    "referred": N_("Referred"),
    "waiting": N_("Waiting for a place"),
    "in_progress": N_("Running"),
    "completed": N_("Completed"),
    "interrupted": N_("Interrupted"),
}

FUNDING: Mapping[str, str] = {
    "own": N_("Our own money"),
    "municipality": N_("Municipality"),
    "iom_programme": N_("IOM assistance programme"),
    "partner": N_("The partner"),
    "donor": N_("A donor"),
    "state_of_origin": N_("Her home country"),
}
