# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists: what a coded field may say, with the words for it.

Codes are stored and exchanged, labels are translated. A code keeps its meaning for ever: append,
never rename or reuse. A code met in a bundle that no list here knows is kept and shown as
unknown, never dropped. HTCDS and HSDS codes keep their source's spelling.
"""

from collections.abc import Mapping

from kfdesk.domain.schema import N_, Group

CONSENT_SCOPE: Mapping[str, str] = {
    Group.IDENTITY: N_("Identity"),
    Group.CONTACT: N_("Ways to reach her"),
    Group.TRAVEL: N_("Journey"),
    Group.IMMEDIATE_NEEDS: N_("Immediate needs"),
    Group.HEALTH: N_("Health"),
    Group.CHILDREN_FAMILY: N_("Children and family"),
    Group.RISK_SUMMARY: N_("Summary of risks"),
    Group.EXPLOITATION_HISTORY: N_("What happened to her"),
    Group.LEGAL_CASE: N_("Legal case"),
    Group.REINTEGRATION_PLAN: N_("Reintegration plan"),
    Group.PHOTO: N_("Photo"),
}

CONSENT_PURPOSE: Mapping[str, str] = {
    "case_management": N_("Case management"),
    "health_care": N_("Health care"),
    "risk_enquiry_in_origin_country": N_("Enquiry about risks in the country of origin"),
    "family_contact": N_("Contact with the family"),
    "family_assessment": N_("Assessment of the family"),
    "travel_booking": N_("Booking of the journey"),
    "travel_escort": N_("Company on the journey"),
    "referral_service": N_("Referral to a service"),
    "reception_and_reintegration": N_("Reception and reintegration"),
    "legal_representation": N_("Legal representation"),
    "police_report": N_("Report to the police"),
    "reflection_period_application": N_("Application for a reflection period"),
    "residence_permit_application": N_("Application for a residence permit"),
    "statistics_anonymised": N_("Anonymised statistics"),
    "research": N_("Research"),
}

CONSENT_FORM: Mapping[str, str] = {
    "vital_interests": N_("Vital interests, decided by two people"),
    "written_signature": N_("Signed"),
    "thumb_print": N_("Thumb print"),
    "oral_witnessed": N_("Spoken, with a witness"),
    "oral_interpreter": N_("Spoken, through an interpreter"),
    "guardian_signature": N_("Signed by the guardian"),
}

CONSENT_GIVEN_BY: Mapping[str, str] = {
    "client": N_("The client"),
    "guardian": N_("The guardian"),
    "both_parents": N_("Both parents"),
    "one_parent": N_("One parent"),
    "court_or_authority": N_("A court or an authority"),
}

TRANSFER_TOOL: Mapping[str, str] = {
    "adequacy_45": N_("Adequacy decision (Art. 45)"),
    "scc_46": N_("Standard contractual clauses (Art. 46)"),
    "explicit_consent_49_1_a": N_("Her explicit consent, after the warning (Art. 49)"),
    "vital_interests_49_1_f": N_("Vital interests (Art. 49)"),
    "legal_claims_49_1_e": N_("Legal claims (Art. 49)"),
    "none": N_("None"),
}

PLAN_STATE: Mapping[str, str] = {
    "draft": N_("Draft"),
    "assessing": N_("Assessing"),
    "decision_ready": N_("Ready for decision"),
    "approved": N_("Approved"),
    "travel_ready": N_("Ready to travel"),
    "travelling": N_("Travelling"),
    "arrived": N_("Arrived"),
    "reintegrating": N_("Reintegrating"),
    "follow_up": N_("Follow-up"),
    "closed": N_("Closed"),
    "not_safe": N_("Not safe"),
    "withdrawn": N_("Withdrawn"),
    "cancelled": N_("Cancelled"),
}

WISH: Mapping[str, str] = {
    "client_wishes_to_return": N_("Wishes to return"),
    "client_wishes_to_stay": N_("Wishes to stay"),
    "client_undecided": N_("Undecided"),
}

PAPER_WISH: Mapping[str, str] = {
    "wants_paper": N_("Wants a travel plan on paper"),
    "no_paper": N_("Wants no paper"),
}

TRANSPORT_MODE: Mapping[str, str] = {
    "air": N_("Plane"),
    "rail": N_("Train"),
    "ferry": N_("Ferry"),
    "coach": N_("Bus"),
    "car": N_("Car"),
    "taxi": N_("Taxi"),
    "on_foot": N_("On foot"),
}

LEG_STATUS: Mapping[str, str] = {
    "planned": N_("Planned"),
    "booked": N_("Booked"),
    "confirmed": N_("Confirmed"),
    "departed": N_("Departed"),
    "arrived": N_("Arrived"),
    "missed": N_("Missed"),
    "cancelled": N_("Cancelled"),
}

LEG_OFF = frozenset({"missed", "cancelled"})
"""Legs that nobody takes any more: they stay to be read, and count for nothing else."""

CONFIDENTIALITY: Mapping[str, str] = {
    "public": N_("Public"),
    "partners_only": N_("Partners only"),
    "front_door_only": N_("Public contact point only"),
    "secret": N_("Secret"),
}
