# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists of procedures, their clocks, and the cooperation in a plan.

Codes never change their meaning; a code of a newer program is kept and shown as it is. Statuses
and states are those of FHIR R4 (PublicationStatus, Task.status, with `_` for `-`), units those of
UCUM; only `workday` and `not_applicable` are ours.
"""

from collections.abc import Mapping

from kfdesk.domain.message_marks import N_

PROCEDURE_STATUS: Mapping[str, str] = {
    "draft": N_("Draft"),
    "active": N_("In force"),
    "retired": N_("No longer in force"),
}

PROCEDURE_ACTORS: Mapping[str, str] = {
    "anyone": N_("Whoever notices it"),
    "first_contact": N_("Whoever met her first"),
    "reporters": N_("All who must report"),
    "client": N_("The client"),
    "case_coordinator": N_("Coordinator of the plan"),
    "approver": N_("Approver"),
    "shelter": N_("Shelter or NGO"),
    "regional_coordinator": N_("Regional coordinator"),
    "social_services": N_("Social services"),
    "social_board": N_("Social welfare board"),
    "police": N_("Police"),
    "head_of_investigation": N_("Head of the investigation"),
    "prosecutor": N_("Prosecutor"),
    "court": N_("Court"),
    "migration_agency": N_("Migration agency"),
    "work_environment_authority": N_("Work environment authority"),
    "health_care": N_("Health care"),
    "foreign_ministry": N_("Foreign ministry"),
    "embassy_consulate": N_("Embassy or consulate"),
    "gender_equality_agency": N_("Gender equality agency"),
    "tax_agency": N_("Tax agency"),
    "guardian_service": N_("Guardians for children"),
    "legal_counsel": N_("Counsel"),
    "interpreter": N_("Interpreter"),
    "iom": N_("IOM"),
    "receiver": N_("Receiver"),
    "escort": N_("Escort"),
}
"""The actors that lead, take part in, are told of, or pay for a step."""

STEP_APPLIES: Mapping[str, str] = {
    "adult": N_("Adults"),
    "child": N_("Children"),
    "no_permit": N_("Without a residence permit"),
    "eu_citizen": N_("Citizens of the European Union"),
    "third_country": N_("Citizens of other countries"),
    "wants_return": N_("Wants to return"),
    "stays": N_("Wants to stay"),
    "investigation_open": N_("With a criminal investigation"),
}
"""The cases in which a step applies; a step without a code applies always."""

STEP_REQUIREMENTS: Mapping[str, str] = {
    "must": N_("Must be done"),
    "should": N_("Should be done"),
    "may": N_("May be done"),
}

CLOCK_EVENTS: Mapping[str, str] = {
    "opened": N_("The cooperation begins"),
    "step_done": N_("Another step is done"),
    "consent_given": N_("Her consent"),
    "reflection_granted": N_("The reflection period is granted"),
    "reflection_ends": N_("The reflection period ends"),
    "permit_granted": N_("The residence permit is granted"),
    "permit_ends": N_("The residence permit ends"),
    "investigation_opened": N_("The criminal investigation begins"),
    "wish_stated": N_("She says what she wishes"),
    "reception_asked": N_("The receiver is asked"),
    "risk_done": N_("The risks are assessed"),
    "departed": N_("The journey begins"),
    "arrived": N_("She arrives"),
}
"""The events that start a clock. Before the end of a period the clock counts backwards."""

CLOCK_UNITS: Mapping[str, str] = {
    "h": N_("Hours"),
    "d": N_("Days"),
    "workday": N_("Working days"),
    "wk": N_("Weeks"),
    "mo": N_("Months"),
}

CLOCK_KINDS: Mapping[str, str] = {
    "statutory": N_("By law"),
    "agreed": N_("Agreed"),
    "advised": N_("Advised"),
}

STEP_PROOFS: Mapping[str, str] = {
    "consent": N_("Consent"),
    "wish": N_("Her own wish"),
    "needs": N_("Needs are assessed"),
    "risk": N_("Risk assessment"),
    "reflection_applied": N_("Reflection period applied for"),
    "reflection_granted": N_("Reflection period granted"),
    "permit_applied": N_("Residence permit applied for"),
    "permit_granted": N_("Residence permit granted"),
    "investigation": N_("Injured party in a case"),
    "guardian": N_("Guardian of each child"),
    "programme": N_("Return programme"),
    "reception_asked": N_("Reception asked for"),
    "reception_confirmed": N_("Reception confirmed"),
    "decision": N_("Decision signed"),
    "departed": N_("Departed"),
    "arrived": N_("Arrived"),
    "handover": N_("Handover"),
    "reintegration": N_("Reintegration agreed"),
    "follow_up": N_("Contact after arrival"),
}
"""The record that shows that a step is done, so that nobody ticks it by hand."""

STEP_STATES: Mapping[str, str] = {
    "requested": N_("Asked"),
    "accepted": N_("Accepted"),
    "in_progress": N_("Under way"),
    "completed": N_("Done"),
    "rejected": N_("Declined"),
    "on_hold": N_("Waiting"),
    "cancelled": N_("Called off"),
    "not_applicable": N_("Does not apply"),
}
"""The state of a step in a plan; without one nothing has begun."""
