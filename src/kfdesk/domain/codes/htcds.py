# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists of the Human Trafficking Case Data Standard 2.0 (IOM, 2021, CC BY 4.0).

The codes keep the spelling of the standard, so that an export needs no translation
table. The labels are ours. Append, never rename or reuse.
"""

from collections.abc import Mapping

from kfdesk.domain.message_marks import N_

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


METHOD_OF_RECRUITMENT: Mapping[str, str] = {
    "AtAPlaceOfBusiness": N_("At a place of business"),
    "AtAnEducationalInstitution": N_("At a school or university"),
    "AtWork": N_("At work"),
    "ThroughOnlineSocialNetworks": N_("Through social media"),
    "ThroughAnOnlineAdvertisement": N_("Through an advertisement on the internet"),
    "ThroughATelevisionAdvert": N_("Through an advertisement on television"),
    "ThroughANewspaperAdvert": N_("Through an advertisement in a newspaper"),
    "ThroughFamilyOrFamilyEvents": N_("Through family"),
    "ThroughFriendsOrSocialEvents": N_("Through friends"),
    "Other": N_("Other"),
}


RELATIONSHIP_TO_TRAFFICKER: Mapping[str, str] = {
    "Familial": N_("As family"),
    "Acquainted": N_("As an acquaintance"),
    "Unaquainted": N_("Not at all"),
}


TYPE_OF_SEX_EXPLOITATION: Mapping[str, str] = {
    "Prostitution": N_("Prostitution"),
    "Pornography": N_("Pornography"),
    "RemoteInteractiveServices": N_("Over the internet or by telephone"),
    "PrivateSexualServices": N_("Private sexual services"),
}


FORCED_LABOUR_INDUSTRY: Mapping[str, str] = {
    "A_AgricultureForestryAndFishing": N_("Agriculture, forestry and fishing"),
    "B_MiningAndQuarrying": N_("Mining and quarrying"),
    "C_Manufacturing": N_("Manufacturing"),
    "D_ElectricityGasSteamAndAirConditioningSupply": N_("Supply of electricity, gas and heat"),
    "E_WaterSupplySewerageWasteManagement": N_("Water supply, sewerage and waste"),
    "F_Construction": N_("Construction"),
    "G_WholesaleAndRetailTradeRepairOfMotorVehicles": N_("Trade and repair of vehicles"),
    "H_TransportationAndStorage": N_("Transport and storage"),
    "I_AccommodationAndFoodServiceActivities": N_("Hotels and restaurants"),
    "J_InformationAndCommunication": N_("Information and communication"),
    "K_FinancialAndInsuranceActivities": N_("Finance and insurance"),
    "L_RealEstateActivities": N_("Real estate"),
    "M_ProfessionalScientificAndTechnicalActivities": N_("Professional and technical services"),
    "N_AdministrativeAndSupportServiceActivities": N_("Cleaning and other support services"),
    "O_PublicAdministrationAndDefence": N_("Public administration and defence"),
    "P_Education": N_("Education"),
    "Q_HumanHealthAndSocialWorkActivities": N_("Health and social work"),
    "R_ArtsEntertainmentAndRecreation": N_("Arts, entertainment and recreation"),
    "S_OtherServiceActivities": N_("Other services"),
    "T_ActivitiesOfHouseholdsAsEmployers": N_("Work in a private household"),
    "U_ActivitiesOfExtraterritorialOrganizations": N_("Embassies and international bodies"),
}
"""The sections of ISIC, revision 4."""
