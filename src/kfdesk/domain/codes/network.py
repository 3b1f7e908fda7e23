# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists of networks and their work, suggestions and checks of directory entries.

Codes never change their meaning; a code of a newer program is kept and shown as it is.
"""

from collections.abc import Mapping

from kfdesk.domain.message_marks import N_

NETWORK_LEVELS: Mapping[str, str] = {
    "national": N_("National"),
    "baltic": N_("Around the Baltic"),
    "global": N_("Worldwide"),
    "local": N_("Local"),
}

SHARED_SORTS: Mapping[str, str] = {
    "directory": N_("Contacts"),
    "procedures": N_("Procedures"),
    "book": N_("Resource book"),
    "network_work": N_("Meetings and projects"),
    "figures": N_("Figures"),
}
"""The sorts of records that members of a network may share without a plan."""

MEMBER_ROLES: Mapping[str, str] = {
    "coordinator": N_("Coordinator"),
    "member": N_("Member"),
    "observer": N_("Observer"),
    "focal_point": N_("Focal point"),
}

SUGGESTION_STATES: Mapping[str, str] = {
    "open": N_("Not decided yet"),
    "taken": N_("Applied"),
    "declined": N_("Declined"),
}

CHECK_METHODS: Mapping[str, str] = {
    "call": N_("Called"),
    "visit": N_("Visited"),
    "e_mail": N_("By e-mail"),
    "partner": N_("A partner checked it"),
    "website": N_("Read on their website"),
}

CHECK_OUTCOMES: Mapping[str, str] = {
    "right": N_("Everything is right"),
    "corrected": N_("Corrected"),
    "not_reached": N_("No one was reached"),
    "closed_down": N_("Closed down"),
}

ACTOR_TYPES: Mapping[str, str] = {
    "ngo": N_("Non-governmental organisation"),
    "shelter": N_("Shelter"),
    "coalition": N_("Coalition"),
    "police": N_("Police"),
    "border_police": N_("Border police"),
    "prosecutor": N_("Prosecutor"),
    "court": N_("Court"),
    "social_services": N_("Social services"),
    "migration_agency": N_("Migration agency"),
    "work_environment_authority": N_("Work environment authority"),
    "health_care": N_("Health care"),
    "municipality": N_("Municipality"),
    "county_board": N_("County administrative board"),
    "gender_equality_agency": N_("Gender equality agency"),
    "embassy_consulate": N_("Embassy or consulate"),
    "foreign_ministry": N_("Foreign ministry"),
    "iom": N_("International Organization for Migration"),
    "other_igo": N_("Other international organisation"),
    "legal_aid": N_("Legal aid"),
    "guardian_service": N_("Guardians for children"),
    "school": N_("School"),
    "employer": N_("Employer"),
    "faith_community": N_("Faith community"),
    "researcher": N_("Researcher"),
    "media": N_("Media"),
}
"""The kinds of actors (after the manual of the Nordic and Baltic project)."""

MEETING_KINDS: Mapping[str, str] = {
    "network": N_("Network meeting"),
    "board": N_("Board meeting"),
    "seminar": N_("Seminar"),
}
"""A meeting about one client is a record of its own: the case conference in her plan."""

ATTENDANCE_ROLES: Mapping[str, str] = {
    "chair": N_("Chair"),
    "notes": N_("Takes the minutes"),
    "takes_part": N_("Takes part"),
    "invited": N_("Invited"),
    "excused": N_("Cannot come"),
}

DECISION_STATES: Mapping[str, str] = {
    "proposed": N_("Proposed"),
    "open": N_("Decided, not done yet"),
    "done": N_("Done"),
    "dropped": N_("No longer needed"),
}

AGREEMENT_KINDS: Mapping[str, str] = {
    "cooperation": N_("Cooperation"),
    "data_sharing": N_("Sharing of personal data"),
    "processor": N_("Data processing for another"),
    "confidentiality": N_("Confidentiality"),
    "funding": N_("Funding"),
}

GDPR_ROLES: Mapping[str, str] = {
    "controller": N_("Controller"),
    "joint_controller": N_("Joint controller"),
    "processor": N_("Processor"),
}
"""The roles of the General Data Protection Regulation, articles 4, 26 and 28."""

PROJECT_STATUS: Mapping[str, str] = {
    "pipeline": N_("Being prepared"),
    "implementation": N_("Under way"),
    "finalisation": N_("Being finished"),
    "closed": N_("Ended"),
    "cancelled": N_("Called off"),
}
"""The activity status of IATI 2.03, whose codes 1 to 5 stand in this order."""

PROJECT_ROLES: Mapping[str, str] = {
    "funding": N_("Funds it"),
    "accountable": N_("Answers for it"),
    "extending": N_("Passes the funds on"),
    "implementing": N_("Carries it out"),
}
"""The organisation role of IATI 2.03."""

ACTIVITY_KINDS: Mapping[str, str] = {
    "training": N_("Training"),
    "seminar": N_("Seminar"),
    "campaign": N_("Campaign"),
    "publication": N_("Publication"),
    "expert_assignment": N_("Expert assignment"),
    "mission": N_("Mission"),
    "outreach": N_("Outreach"),
    "consultation": N_("Consultation"),
}
