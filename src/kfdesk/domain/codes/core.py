# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists that most of the program uses: consent, plan, leg, directory, papers, erasure.

Codes are stored and exchanged; labels are translated. A code keeps its meaning for
ever: append, never rename or reuse. A code from a bundle that no list knows is kept and
shown as unknown. HSDS codes keep the spelling of their source.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kfdesk.domain.message_marks import N_
from kfdesk.domain.schema import DataGroup

# --- consent

CONSENT_SCOPE: Mapping[str, str] = {
    DataGroup.IDENTITY: N_("Identity"),
    DataGroup.CONTACT: N_("Ways to reach her"),
    DataGroup.TRAVEL: N_("Journey"),
    DataGroup.IMMEDIATE_NEEDS: N_("Immediate needs"),
    DataGroup.HEALTH: N_("Health"),
    DataGroup.CHILDREN_FAMILY: N_("Children and family"),
    DataGroup.RISK_SUMMARY: N_("Summary of risks"),
    DataGroup.EXPLOITATION_HISTORY: N_("What happened to her"),
    DataGroup.LEGAL_CASE: N_("Legal case"),
    DataGroup.REINTEGRATION_PLAN: N_("Reintegration plan"),
    DataGroup.PHOTO: N_("Photo"),
    DataGroup.COOPERATION: N_("Progress of the cooperation"),
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
    "vital_interests": N_("Danger to life (vital interests), decided by two people"),
    "written_signature": N_("Signed"),
    "thumb_print": N_("Thumbprint"),
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
    "adequacy_45": N_("The EU accepts the law there (adequacy decision, Art. 45)"),
    "scc_46": N_("A contract protects the data (standard clauses, Art. 46)"),
    "explicit_consent_49_1_a": N_("Her explicit consent, after the warning (Art. 49)"),
    "vital_interests_49_1_f": N_("A life is in danger (vital interests, Art. 49)"),
    "legal_claims_49_1_e": N_("It is needed for a legal claim (Art. 49)"),
    "none": N_("None"),
}

# --- plan and journey

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
    "no_paper": N_("Does not want a paper plan"),
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
"""Statuses of legs that are not travelled: still readable, but ignored elsewhere."""

# --- directory

CONFIDENTIALITY: Mapping[str, str] = {
    "public": N_("Public"),
    "partners_only": N_("Partners only"),
    "circle": N_("Members of our networks"),
    "front_door_only": N_("Public contact point only"),
    "secret": N_("Secret"),
}


SERVICES: Mapping[str, str] = {
    "shelter": N_("Shelter"),
    "helpline": N_("Helpline"),
    "housing": N_("Housing"),
    "safety": N_("Safety"),
    "basic_needs": N_("Basic needs"),
    "health_physical": N_("Physical health"),
    "health_mental": N_("Mental health"),
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
    "labour": N_("Exploited at work"),
    "sexual": N_("Exploited sexually"),
}

NETWORKS: Mapping[str, str] = {
    "contact_network_se": N_("Swedish contact network"),
    "samverkan_stockholm": N_("Cooperation in Stockholm"),
    "baltic_partners": N_("Baltic partners"),
    "angel_coalition": N_("Angel Coalition"),
    "civil_platform_se": N_("Swedish civil platform against trafficking"),
    "cbss_trm": N_("Baltic Sea States referral network"),
    "global": N_("Worldwide"),
}

CONTACT_RISK: Mapping[str, str] = {
    "none": N_("No risk known"),
    "ask_first": N_("Ask the client first"),
    "never_from_origin": N_("Never from the country of origin"),
}

VERIFICATION: Mapping[str, str] = {
    "unverified": N_("Not checked"),
    "verified_by_call": N_("Checked by phone"),
    "verified_by_visit": N_("Checked by a visit"),
    "verified_by_partner": N_("Checked by a partner"),
}


# --- papers


class PaperName(StrEnum):
    """The papers. Appended to, never renamed: the ledger and the command line use the names."""

    TRAVELLERS_SHEET = "travellers_sheet"
    ESCORTS_SHEET = "escorts_sheet"
    DUTY_SHEET = "duty_sheet"
    FILE_COPY = "file_copy"
    CONSENT_FORM = "consent_form"
    HANDOVER_RECEIPT = "handover_receipt"
    CONTACT_LIST = "contact_list"
    CONTACT_CARD = "contact_card"
    SUPPORT_PLAN = "support_plan"
    DISCLOSURE_LOG = "disclosure_log"
    PROCEDURE_SHEET = "procedure_sheet"
    WHO_DOES_WHAT = "who_does_what"
    COOPERATION_SHEET = "cooperation_sheet"
    AUTHORITY_LETTER = "authority_letter"
    CHILDS_SHEET = "childs_sheet"
    AGENDA = "agenda"
    MINUTES = "minutes"
    MEMBERS = "members"
    NETWORK_NEWS = "network_news"
    WEEK_SHEET = "week_sheet"
    BOOK = "book"
    LEAFLET = "leaflet"
    CARD = "card"
    POSTER = "poster"
    STAFF_CARD = "staff_card"
    FIGURE_TABLE = "figure_table"
    YEAR_REPORT = "year_report"


class PaperFormat(StrEnum):
    """The size and layout of a paper."""

    A4 = "a4"
    A6_FOLD = "a6_fold"
    LARGE = "large"
    A5 = "a5"
    A6 = "a6"
    A3 = "a3"


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Choice of the organisations that a list shows; an empty field allows all.

    `country` is an ISO 3166-1 code, `service` a code of SERVICES, `spoken` a language (ISO
    639).
    """

    country: str = ""
    service: str = ""
    spoken: str = ""

    def matches(self, country: str, services: Collection[str], spoken: Collection[str]) -> bool:
        """Return whether an organisation with these values passes the filter."""
        is_there = self.country in ("", country)
        is_able = not self.service or self.service in services
        return is_there and is_able and (not self.spoken or self.spoken in spoken)


@dataclass(frozen=True, slots=True)
class PaperRequest:
    """A request for a paper.

    `subject` is the id of the record that it is about: a plan, the consent of a consent form, or
    the referral that a letter goes with; empty for a list. `language` is the reader's (ISO
    639-1). `beside` is the second language of a bilingual paper. `filter` selects the entries of a
    list.
    """

    paper: PaperName
    subject: bytes
    language: str
    form: PaperFormat = PaperFormat.A4
    beside: str = ""
    filter: ListFilter = field(default_factory=ListFilter)


PAPER: Mapping[str, str] = {
    PaperName.TRAVELLERS_SHEET: N_("Traveller's sheet"),
    PaperName.ESCORTS_SHEET: N_("Companion's sheet"),
    PaperName.DUTY_SHEET: N_("Duty sheet"),
    PaperName.FILE_COPY: N_("File copy"),
    PaperName.CONSENT_FORM: N_("Consent form"),
    PaperName.HANDOVER_RECEIPT: N_("Arrival receipt"),
    PaperName.CONTACT_LIST: N_("Contact list"),
    PaperName.CONTACT_CARD: N_("Contact card"),
    PaperName.SUPPORT_PLAN: N_("Support plan"),
    PaperName.DISCLOSURE_LOG: N_("Disclosure log"),
    PaperName.PROCEDURE_SHEET: N_("Procedure on a page"),
    PaperName.WHO_DOES_WHAT: N_("Who does what"),
    PaperName.COOPERATION_SHEET: N_("Cooperation sheet"),
    PaperName.AUTHORITY_LETTER: N_("Letter to an authority"),
    PaperName.CHILDS_SHEET: N_("Child's sheet"),
    PaperName.AGENDA: N_("Agenda"),
    PaperName.MINUTES: N_("Minutes"),
    PaperName.MEMBERS: N_("Members of a network"),
    PaperName.NETWORK_NEWS: N_("News of the network"),
    PaperName.WEEK_SHEET: N_("Week sheet"),
    PaperName.BOOK: N_("Resource book"),
    PaperName.LEAFLET: N_("Leaflet"),
    PaperName.CARD: N_("Cards for clients"),
    PaperName.POSTER: N_("Poster"),
    PaperName.STAFF_CARD: N_("Cards for staff"),
    PaperName.FIGURE_TABLE: N_("Table of figures"),
    PaperName.YEAR_REPORT: N_("Year report"),
}

PAPER_FORM: Mapping[str, str] = {
    PaperFormat.A4: N_("A4"),
    PaperFormat.A6_FOLD: N_("A6, folded"),
    PaperFormat.LARGE: N_("Large print"),
    PaperFormat.A5: N_("A5"),
    PaperFormat.A6: N_("A6"),
    PaperFormat.A3: N_("A3"),
}

COPY_WAY: Mapping[str, str] = {
    "printed": N_("Printed"),
    "saved": N_("Saved as a file"),
}

COPY_STATE: Mapping[str, str] = {
    "out": N_("Handed out"),
    "returned": N_("Came back"),
    "destroyed": N_("Destroyed"),
    "lost": N_("Lost"),
    "draft": N_("Draft, not handed out"),
    "not_made": N_("Was not printed or saved"),
}


# --- erasure


class ErasureReason(StrEnum):
    """Reason why a record is erased."""

    CLIENT_REQUEST = "client_request"
    RETENTION_OVER = "retention_over"
    ERROR = "error"
    LEGAL_DUTY = "legal_duty"
