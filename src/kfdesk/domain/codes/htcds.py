# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists of the Human Trafficking Case Data Standard 2.0 (IOM, 2021, CC BY 4.0).

The codes keep the spelling of the standard, so that an export needs no translation
table. The labels are ours. Append, never rename or reuse.
"""

from collections.abc import Mapping

from kfdesk.domain.schema import N_

GENDER: Mapping[str, str] = {
    "Feminine": N_("Female"),
    "Masculine": N_("Male"),
    "TransgenderFeminine": N_("Trans woman"),
    "TransgenderMasculine": N_("Trans man"),
    "NonConforming": N_("Non-binary"),
    "NonSpecifiedUnknown": N_("Not specified"),
}


MARITAL_STATUS: Mapping[str, str] = {
    "Single": N_("Single"),
    "Married": N_("Married"),
    "Widowed": N_("Widowed"),
    "Divorced": N_("Divorced"),
    "Separated": N_("Separated"),
    "RegisteredPartnership": N_("Registered partnership"),
}


EDUCATION: Mapping[str, str] = {
    "EarlyChildhoodEducation": N_("Early childhood education"),
    "PrimaryEducation": N_("Primary"),
    "LowerSecondaryEducation": N_("Lower secondary"),
    "UpperSecondaryEducation": N_("Upper secondary"),
    "PostSecondaryNonTertiaryEducation": N_("Post-secondary"),
    "ShortCycleTertiaryEducation": N_("Short tertiary"),
    "BachelorsOrEquivalentLevel": N_("Bachelor"),
    "MastersOrEquivalentLevel": N_("Master"),
    "DoctoralOrEquivalentLevel": N_("Doctor"),
}


TRAFFICKING_STATUS: Mapping[str, str] = {
    "PossibleVictimOfTrafficking": N_("Possibly trafficked"),
    "ActualVictimOfTrafficking": N_("Trafficked"),
    "NotAVictimOfTrafficking": N_("Not trafficked"),
}


DECISION_MAKING_ORG: Mapping[str, str] = {
    "Police": N_("Police"),
    "NGO": N_("Voluntary organisation"),
    "CourtOrProsecution": N_("Court or prosecutor"),
    "NonPoliceGovernmentalOrganization": N_("Another authority"),
    "Other": N_("Other"),
}


TYPE_OF_EXPLOITATION: Mapping[str, str] = {
    "ForcedLabour": N_("Forced labour"),
    "SexualExploitation": N_("Sexual exploitation"),
    "ChildLabour": N_("Child labour"),
    "ForcedMarriage": N_("Forced marriage"),
    "Servitude": N_("Servitude"),
    "ForcedMilitaryByNonStateActors": N_("Forced into an armed group"),
    "OrganRemoval": N_("Removal of organs"),
    "ForcedBegging": N_("Forced begging"),
    "ForcedAdoption": N_("Forced adoption"),
    "Surrogacy": N_("Surrogacy"),
    "Other": N_("Other"),
}


METHODS_OF_CONTROL: Mapping[str, str] = {
    "PhysicalThreats": N_("Threats of violence"),
    "ThreatsLawEnforcement": N_("Threats to involve the police"),
    "ThreatensChildrenFamily": N_("Threats against children or family"),
    "DebtBondage": N_("Debt bondage"),
    "FalsePromises": N_("False promises"),
    "PhysicalAbuse": N_("Violence"),
    "SexualAbuse": N_("Sexual violence"),
    "TakesEarnings": N_("Earnings taken"),
    "RestrictsFinancialAccess": N_("No access to money"),
    "RestrictsMedicalCare": N_("No medical care"),
    "WithholdsNecessities": N_("Necessities withheld"),
    "PsychologicalAbuse": N_("Psychological violence"),
    "PsychoactiveSubstance": N_("Drugs"),
    "ExcessiveWorkingHours": N_("Excessive working hours"),
    "WithholdsDocuments": N_("Documents withheld"),
    "Other": N_("Other"),
}


REASON_FOR_REFERRAL: Mapping[str, str] = {
    "AdditionalServicesRequired": N_("Needs other services"),
    "MigrationOrChangeOfLocation": N_("Moves elsewhere"),
    "Other": N_("Other"),
}
