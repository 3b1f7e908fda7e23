# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists of a case: aftercare, needs, persons and papers, journey, consent and decision.

The order of SCORE is its scale, 0 to 4. A code keeps its meaning for ever: append,
never rename or reuse.
"""

from collections.abc import Mapping

from kfdesk.domain.message_marks import N_, for_client

# --- aftercare

FOLLOW_UP_KIND: Mapping[str, str] = {
    "arrival": for_client("On arrival"),
    "regular": for_client("How she is"),
    "on_her_request": for_client("At her own request"),
    "after_reunification": for_client("After coming back to the family"),
    "in_care": for_client("About her placement in care"),
    "for_service": for_client("About a service"),
    "for_assesment": for_client("To review her needs"),
}
"""The purpose of a follow-up; the last four are Primero's, in its spelling."""

CONTACT_METHOD: Mapping[str, str] = {
    "in_person": for_client("In person"),
    "phone": for_client("By phone"),
    "secure_message": for_client("By secure message"),
    "through_partner": for_client("Through a partner"),
    "none_by_wish": for_client("No contact, at her request"),
}

CONTACT_RESULT: Mapping[str, str] = {
    "reached": N_("She was reached"),
    "not_reached": N_("She was not reached"),
    "refused": N_("She declined"),
    "unsafe_to_contact": N_("Not safe to contact her"),
}

SCORE: Mapping[str, str] = {
    "none": for_client("0 – nothing"),
    "poor": for_client("1 – poor"),
    "fair": for_client("2 – fair"),
    "good": for_client("3 – good"),
    "stable": for_client("4 – stable"),
}
"""The score of one area of life, from 0 to 4."""

EXPLOITATION_AGAIN: Mapping[str, str] = {
    "no": N_("No"),
    "suspected": N_("It is suspected"),
    "yes": N_("Yes"),
    "unknown": N_("It is not known"),
}

SATISFACTION: Mapping[str, str] = {
    "very_dissatisfied": N_("1 – not at all satisfied"),
    "dissatisfied": N_("2 – not satisfied"),
    "neither": N_("3 – neither"),
    "satisfied": N_("4 – satisfied"),
    "very_satisfied": N_("5 – very satisfied"),
}

NEED_DOMAIN: Mapping[str, str] = {
    "housing": for_client("Housing"),
    "safety": for_client("Feeling safe"),
    "basic_needs": for_client("Clothes, food, everyday things"),
    "health_physical": for_client("Health"),
    "health_mental": for_client("Mental wellbeing"),
    "legal": for_client("Legal matters"),
    "civil_documents": for_client("Identity papers"),
    "family": for_client("Family ties"),
    "education": for_client("School and language"),
    "vocational": for_client("Learning a trade"),
    "employment": for_client("Work"),
    "economic": for_client("Money of her own"),
    "social_network": for_client("People around her"),
}

NEED_LEVEL: Mapping[str, str] = {
    "none": N_("No need"),
    "low": N_("Low need"),
    "medium": N_("Some need"),
    "high": N_("High need"),
    "urgent": N_("Urgent need"),
}

GOAL_STATUS: Mapping[str, str] = {
    "planned": for_client("Not started yet"),
    "in_progress": for_client("Under way"),
    "met": for_client("Reached"),
    "partly_met": for_client("Partly reached"),
    "not_met": for_client("Not reached"),
    "dropped_by_client": for_client("Given up, by her choice"),
}

SERVICE_STATUS: Mapping[str, str] = {
    "offered": for_client("Offered"),
    "accepted": for_client("Agreed to"),
    "declined": for_client("Not wanted"),
    "referred": for_client("Referred"),
    "waiting": for_client("Waiting for a place"),
    "in_progress": for_client("Ongoing"),
    "completed": for_client("Completed"),
    "interrupted": for_client("Interrupted"),
}

FUNDING: Mapping[str, str] = {
    "own": N_("Our own money"),
    "municipality": N_("Municipality"),
    "iom_programme": N_("IOM assistance programme"),
    "partner": N_("The partner"),
    "donor": N_("A donor"),
    "state_of_origin": N_("Her home country"),
}


# --- persons, documents and journey

AGE_BAND: Mapping[str, str] = {
    "age_0_8": N_("0–8 years"),
    "age_9_17": N_("9–17 years"),
    "age_18_20": N_("18–20 years"),
    "age_21_23": N_("21–23 years"),
    "age_24_26": N_("24–26 years"),
    "age_27_29": N_("27–29 years"),
    "age_30_38": N_("30–38 years"),
    "age_39_47": N_("39–47 years"),
    "age_48_up": N_("48 years or more"),
}

RELATIONSHIP_KIND: Mapping[str, str] = {
    "child": N_("Child"),
    "parent": N_("Parent"),
    "partner": N_("Partner"),
    "sibling": N_("Sibling"),
    "guardian": N_("Guardian"),
    "other": N_("Someone else"),
}

LEGAL_STATUS_KIND: Mapping[str, str] = {
    "reflection": N_("Reflection period"),
    "permit": N_("Residence permit"),
    "injured_party": N_("Injured party in a case"),
    "witness": N_("Witness in a case"),
    "claim": N_("Claim for compensation"),
    "protection_order": N_("Protection order"),
    "entry_ban": N_("Entry ban"),
}

LEGAL_DECISION: Mapping[str, str] = {
    "applied": N_("Applied for"),
    "granted": N_("Granted"),
    "refused": N_("Refused"),
    "ended": N_("Ended"),
}

TRAVEL_DOCUMENT: Mapping[str, str] = {
    "passport": N_("Passport"),
    "national_id": N_("National identity card"),
    "emergency_passport": N_("Emergency passport"),
    "return_certificate": N_("Certificate for return"),
    "laissez_passer_eu": N_("EU laissez-passer"),
    "child_passport": N_("Child's passport"),
    "birth_certificate": N_("Birth certificate"),
    "parental_travel_consent": N_("Parents' consent to the journey"),
    "visa_transit": N_("Transit visa"),
    "residence_permit": N_("Residence permit"),
    "none": N_("None"),
}

DOCUMENT_STATUS: Mapping[str, str] = {
    "held_by_client": N_("The client has it"),
    "held_safe": N_("Kept safe for her"),
    "requested": N_("Requested"),
    "at_embassy": N_("At the embassy"),
    "issued": N_("Issued"),
    "expired": N_("No longer valid"),
    "lost": N_("Lost"),
    "taken_by_trafficker": N_("Taken from her"),
    "held_by_police": N_("With the police"),
}

ESCORT_KIND: Mapping[str, str] = {
    "none_wanted": N_("None, by her choice"),
    "social": N_("Social worker"),
    "operational": N_("Operational companion"),
    "medical": N_("Medical companion"),
    "police": N_("Police"),
    "family": N_("Family"),
    "guardian": N_("Guardian"),
}

CHECK_IN_STATUS: Mapping[str, str] = {
    "due": N_("Due"),
    "made": N_("Made"),
    "late": N_("Late"),
    "missed_alarm": N_("Missed, alarm raised"),
    "waived": N_("Not needed"),
}

RECEPTION_STATUS: Mapping[str, str] = {
    "asked": N_("Asked"),
    "confirmed": N_("Confirmed"),
    "declined_referred_on": N_("Declined, referred on"),
    "no_answer": N_("No answer"),
}

HANDOVER_RESULT: Mapping[str, str] = {
    "received": N_("Received"),
    "received_with_remarks": N_("Received, with remarks"),
    "not_arrived": N_("Did not arrive"),
    "refused": N_("Would not receive her"),
}

HANDOVER_PLACE: Mapping[str, str] = {
    "pick_up": N_("Where she is picked up"),
    "departure_airport": N_("Place of departure"),
    "transit": N_("In transit"),
    "arrival": N_("Place of arrival"),
    "onward": N_("On the onward journey"),
    "door": N_("At the door"),
}

SPECIAL_NEED: Mapping[str, str] = {
    "wheelchair": N_("Wheelchair"),
    "pregnancy": N_("Pregnancy"),
    "infant": N_("Infant"),
    "medication": N_("Medication"),
    "interpreter": N_("Interpreter"),
    "dietary": N_("Diet"),
    "no_uniforms": N_("No uniforms"),
    "female_staff_only": N_("Female staff only"),
}

TRAVELLER_NEED: Mapping[str, str] = {
    "child_seat": N_("Child seat"),
    "cot": N_("Cot"),
    "pram": N_("Pram"),
    "seat_beside_family": N_("Seat beside the family"),
    "lift": N_("Lift instead of stairs"),
    "wheelchair": N_("Wheelchair"),
    "own_food": N_("Own food"),
    "quiet_seat": N_("Quiet seat"),
}
"""The help that a traveller needs on the way; never the reason."""

TOGETHER_SHOWS: Mapping[str, str] = {
    "who": N_("Who she is"),
    "journey": N_("When her journey changes"),
}
"""The facts that one adult lets another who travels with her be told."""

# --- referrals, notes and tasks

REFERRAL_DIRECTION: Mapping[str, str] = {
    "out": N_("From us"),
    "in": N_("To us"),
}

REFERRAL_KIND: Mapping[str, str] = {
    "refer": N_("Referral"),
    "transfer": N_("Transfer"),
}

REFERRAL_STATUS: Mapping[str, str] = {
    "in_progress": N_("In progress"),
    "accepted": N_("Accepted"),
    "rejected": N_("Rejected"),
    "done": N_("Done"),
    "revoked": N_("Revoked"),
}

LETTER_PURPOSE: Mapping[str, str] = {
    "police_report": N_("Report to the police"),
    "reflection_period_application": N_("Request for a reflection period"),
    "residence_permit_application": N_("Request for a residence permit"),
    "report_of_concern": N_("Report of concern for a child"),
    "health_care": N_("Request for health care"),
    "legal_representation": N_("Request for legal counsel"),
    "reception_and_reintegration": N_("Enquiry about reception abroad"),
}
"""The purposes of a letter to an authority; all but the report of concern are a consent's, too."""

LEGAL_BASIS: Mapping[str, str] = {
    "consent": N_("Her consent"),
    "legal_obligation": N_("Legal duty, without consent"),
}

NOTE_KIND: Mapping[str, str] = {
    "contact": N_("Contact"),
    "observation": N_("Observation"),
    "supervision": N_("Supervision"),
    "opened": N_("Opened with a reason"),
}

TASK_STATE: Mapping[str, str] = {
    "open": N_("Not done yet"),
    "done": N_("Done"),
    "dropped": N_("Dropped"),
}

ATTACHMENT_KIND: Mapping[str, str] = {
    "document": N_("Document"),
    "picture": N_("Picture"),
    "consent_evidence": N_("Signed consent"),
    "receipt": N_("Receipt"),
}

TOLD_BY_WAY: Mapping[str, str] = {
    "telephone": N_("By phone"),
    "in_person": N_("In person"),
    "on_paper": N_("On paper"),
    "secure_message": N_("By secure message"),
}
"""The ways in which an organisation without its own installation reported."""

# --- decision and closure

RISK_CONCLUSION: Mapping[str, str] = {
    "return_possible": N_("Return is possible"),
    "return_possible_with_measures": N_("Return is possible with measures"),
    "postpone": N_("Wait"),
    "return_not_safe": N_("Return is not safe"),
}

PROGRAMME: Mapping[str, str] = {
    "none": N_("None"),
    "iom_amp": N_("IOM assistance programme"),
    "municipality": N_("Municipality"),
    "own": N_("Our own"),
}

BID_DECISION: Mapping[str, str] = {
    "bid_in_favour": N_("In favour of return"),
    "bid_against": N_("Against return"),
}

ASSESSMENT_RESULT: Mapping[str, str] = {
    "safe": N_("Safe for the child"),
    "not_safe": N_("Not safe for the child"),
    "unclear": N_("Not clear"),
}

CLOSURE_REASON: Mapping[str, str] = {
    "goals_met": N_("Goals met"),
    "client_request": N_("At her request"),
    "moved_no_contact": N_("Moved, no contact"),
    "transferred_to_partner": N_("Transferred to a partner"),
    "transferred_to_authority": N_("Transferred to an authority"),
    "programme_ended": N_("Programme ended"),
    "not_eligible": N_("Not eligible"),
    "returned_no_followup_wanted": N_("Returned, wants no follow-up"),
    "stays_in_destination": N_("Stays in the country"),
    "deceased": N_("Deceased"),
    "duplicate_record": N_("Entered twice"),
    "consent_withdrawn": N_("Consent withdrawn"),
}

CONSENT_EXPLAINED: Mapping[str, str] = {
    "agrees_to_talk": N_("She agrees to this talk"),
    "purpose": N_("What it is for"),
    "use_of_data": N_("What her data is used for"),
    "research": N_("Use without names in research"),
    "right_of_access": N_("She may ask for her data at any time"),
    "how_long": N_("How long data is kept"),
    "withdrawal": N_("How she withdraws"),
}

WITHHOLDING_REASON: Mapping[str, str] = {
    "fear": N_("Fear of harm to herself or others"),
    "communicate_information": N_("Wants to tell it herself"),
    "others": N_("Something else"),
}

WITHDRAWAL_EFFECT: Mapping[str, str] = {
    "stop_new_sharing": N_("Stop sharing from now on"),
    "notify_recipients": N_("Tell everyone who received something"),
    "request_erasure": N_("Ask them to erase it"),
    "keep_legal_minimum": N_("Keep what the law requires"),
}

APPROVAL_KIND: Mapping[str, str] = {
    "decision": N_("Decision to return"),
    "override": N_("Condition set aside"),
    "vital_interests": N_("Danger to life (vital interests)"),
    "somebody_else": N_("The name on a paper belongs to someone else"),
}

DEPARTURE_CHECK: Mapping[str, str] = {
    "wish": N_("Asked again what she wishes"),
    "risk": N_("Risks reviewed again"),
    "fit_to_travel": N_("Fit to travel"),
    "documents": N_("Documents in hand, names as on the ticket"),
    "transit_visa": N_("Transit visa checked"),
    "reception": N_("Reception confirmed, with name and time"),
    "meeters": N_("She is met on every leg"),
    "onward": N_("Onward transport"),
    "check_ins": N_("Check-in times agreed"),
    "alarm_plan": N_("Alarm plan: who calls whom"),
    "money": N_("Money and SIM card"),
    "medication": N_("Medication and prescription"),
    "luggage": N_("Luggage, things for the children"),
    "phone": N_("Phone checked together with her"),
    "papers": N_("Papers she carries were checked"),
    "authorities": N_("Authorities that must be informed have been informed"),
    "hearings": N_("No hearing requires her presence on these days"),
    "child": N_("Child: guardian's order, decision and takeover, in writing"),
}

GATES: Mapping[str, str] = {
    "consent_case_management": N_("Consent to case management is valid"),
    "wish_recorded": N_("Her own wish is recorded"),
    "interpreter_used": N_("An interpreter was used where needed"),
    "options_explained": N_("All choices were explained"),
    "risk_assessed": N_("Both sides have assessed the risks"),
    "needs_assessed": N_("Her needs were reviewed"),
    "reception_asked": N_("The receiver was asked"),
    "legal_checked": N_("No legal obstacle to leaving"),
    "guardian_named": N_("Child: a guardian, or the parent who travels along, is named"),
    "child_heard": N_("Child: the child was heard"),
    "family_assessed": N_("Child: the family was assessed"),
    "best_interests": N_("Child: decision on best interests"),
    "guardian_order": N_("Child: custody is clear, and its document is in hand"),
    "takeover_written": N_("Child: the authority confirms in writing that it takes over"),
    "conclusion_allows": N_("The risk assessment allows the return"),
    "measures_agreed": N_("Measures against high risks are agreed"),
    "second_person": N_("A second person has approved"),
    "client_signed": N_("She signed in her own language"),
    "consent_to_receiver": N_("Consent to share with the receiver is valid"),
    "third_country": N_("Third country: legal basis chosen, risk explained"),
    "reception_confirmed": N_("Reception is confirmed by a named person"),
    "documents_valid": N_("Travel documents are valid"),
    "legs_booked": N_("Each leg is booked, and she is met"),
    "check_ins_set": N_("Each leg has a check-in time"),
    "escort_set": N_("Company on the journey is arranged"),
    "fit_to_travel": N_("She is fit to travel"),
    "paper_checked": N_("Her sheet can be printed"),
    "wish_fresh": N_("She was asked again about her wish within 48 hours"),
    "risk_fresh": N_("Risks were reviewed again within 72 hours"),
    "departure_recorded": N_("First departure recorded"),
    "arrival_confirmed": N_("The handover is recorded, or she confirmed it"),
    "reintegration_agreed": N_("The reintegration plan is agreed"),
    "services_running": N_("Services are under way or completed"),
    "follow_up_scheduled": N_("Times for follow-up are set"),
    "closure_reason": N_("A reason for closing is given"),
    "last_risk_read": N_("Risks were reviewed a last time"),
    "client_told": N_("She knows what is kept and until when"),
    "retention_set": N_("The day of erasure is set"),
    "receipts_in": N_("Partners' receipts have arrived"),
}
