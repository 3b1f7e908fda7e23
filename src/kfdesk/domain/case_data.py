# SPDX-License-Identifier: GPL-3.0-or-later
"""A case as a row of the Human Trafficking Case Data Standard 2.0 (IOM, 2021, CC BY 4.0).

The columns have the names of the standard, in its order; ours begin with `kf_`. All core fields
are among them, also those that are not kept here: these stay empty. Nothing about a perpetrator has
a column. What was not disclosed is an empty cell. It opens no file.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from kfdesk.domain.rows import RecordView, Row, view_any
from kfdesk.domain.values import PartialDate, ZonedTime, text_or_empty

SOURCES: Mapping[str, tuple[str, str]] = {
    "prs_FirstName": ("client", "given_name"),
    "prs_SecondName": ("client", "family_name"),
    "prs_Birthdate": ("client", "birth_date"),
    "prs_Gender": ("client", "gender"),
    "prs_MaritalStatus": ("client", "marital_status"),
    "prs_NumberOfChildren": ("client", "number_of_children"),
    "prs_PrimaryLanguage": ("client", "languages"),
    "prs_SecondaryLanguage": ("client", "languages"),
    "prs_HighestLevelOfEducation": ("client", "education"),
    "prs_Citizenship": ("client", "citizenship"),
    "prs_IdentityNumber": ("client", "identity_number"),
    "prs_MobilePhone": ("client", "phone"),
    "vic_TraffickingStatus": ("plan", "trafficking_status"),
    "vic_TraffickingStatusDecisionMakingOrg": ("plan", "trafficking_status_decided_by"),
    "vic_RelationshipToTrafficker": ("plan", "relationship_to_trafficker"),
    "vic_AgeWhenTrafficked": ("plan", "age_when_trafficked"),
    "vic_MethodOfRecruitment": ("plan", "method_of_recruitment"),
    "vic_LocationOfRecruitment": ("plan", "country_of_recruitment"),
    "vic_MethodsOfControl": ("plan", "methods_of_control"),
    "vic_TypeOfExploitation": ("plan", "type_of_exploitation"),
    "vic_ForcedLabourIndustry": ("plan", "forced_labour_industry"),
    "vic_TypeOfSexExploitation": ("plan", "type_of_sex_exploitation"),
    "vic_LocationOfExploitation": ("plan", "country_of_exploitation"),
    "cas_Status": ("plan", "state"),
    "kf_Code": ("client", "code"),
    "kf_AgeBand": ("client", "age_band"),
}
"""The columns that we can fill, each with the record type and the field that it comes from."""

REFERRALS: Mapping[str, tuple[str, str]] = {
    "cas_ReferringOrganisation": ("in", "organisation"),
    "cas_IncomingReferralDate": ("in", "sent"),
    "cas_ReasonForIncomingReferral": ("in", "reason"),
    "cas_ReferredOrganisation": ("out", "organisation"),
    "cas_ReasonForOutgoingReferral": ("out", "reason"),
    "cas_OutgoingReferralDate": ("out", "sent"),
}
"""The columns that the newest referral of a direction fills, each with its field."""

CONSENT = "con_Consent"
COLUMNS: tuple[str, ...] = (
    "prs_Salutation", "prs_FirstName", "prs_MiddleName", "prs_SecondName", "prs_Birthdate",
    "prs_Gender", "prs_MaritalStatus", "prs_NumberOfChildren", "prs_PrimaryLanguage",
    "prs_SecondaryLanguage", "prs_HighestLevelOfEducation", "prs_Citizenship",
    "prs_IdentityNumber", "prs_Title", "prs_Email", "prs_HomePhone", "prs_MobilePhone",
    "prs_MailingCity", "prs_MailingCountry", "prs_MailingState", "prs_MailingStreet",
    "prs_MailingPostalCode", "vic_TraffickingStatus", "vic_TraffickingStatusDecisionMakingOrg",
    "vic_RelationshipToTrafficker", "vic_AgeWhenTrafficked", "vic_MethodOfRecruitment",
    "vic_LocationOfRecruitment", "vic_MethodsOfControl", "vic_TypeOfExploitation",
    "vic_ForcedLabourIndustry", "vic_TypeOfSexExploitation", "vic_LocationOfExploitation",
    "vic_Vulnerabilities", "vic_DetailsOfVulnerabilities", "cas_Status", "cas_ReasonForCaseClosure",
    "cas_CaseOwner", "cas_ReferringOrganisation", "cas_IncomingReferralDate",
    "cas_ReferringPrimaryCaseWorker", "cas_ReasonForIncomingReferral",
    "cas_IncomingReferralDetails", "cas_ReferredOrganisation", "cas_ReferredPrimaryCaseWorker",
    "cas_ReasonForOutgoingReferral", "cas_OutgoingReferralDate", "cas_OutgoingReferralDetails",
    CONSENT, "kf_Code", "kf_AgeBand",
)  # fmt: skip

KEYS: Mapping[str, frozenset[str]] = {
    **{
        kind: frozenset(key for of, key in SOURCES.values() if of == kind)
        for kind in ("client", "plan")
    },
    "referral": frozenset({"direction", *(key for _, key in REFERRALS.values())}),
    "organisation": frozenset({"name"}),
}
"""The fields that a row may be made of, by record type."""

SEVERAL = ";"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""The first characters of a cell that a spreadsheet reads as a formula."""
_LANGUAGE_PLACES = {"prs_PrimaryLanguage": 0, "prs_SecondaryLanguage": 1}
_AFTER = frozenset({"arrived", "reintegrating", "follow_up"})
_OVER = frozenset({"closed", "withdrawn", "cancelled", "not_safe"})


def case_row(rows: Iterable[Row], *, has_consent: bool) -> tuple[str, ...]:
    """Return the cells of a case, in the order of COLUMNS, from its disclosed records.

    `rows`: the client, the plan, its referrals, and organisations that they name. `has_consent`:
    she agreed to case management by this recipient, and that stands today.
    """
    seen = [view_any(row) for row in rows if row.type in KEYS]
    records = {one.row.type: one.record for one in seen}
    cells = {
        column: _cell(column, getattr(records.get(kind), key, None))
        for column, (kind, key) in SOURCES.items()
    }
    cells |= _referral_cells(seen)
    cells[CONSENT] = "TRUE" if has_consent else "FALSE"
    return tuple(_plain(cells.get(column, "")) for column in COLUMNS)


def _referral_cells(seen: Iterable[RecordView[Any]]) -> Mapping[str, str]:
    """Return the cells of the newest referral of each direction."""
    by_type: dict[str, list[RecordView[Any]]] = {"referral": [], "organisation": []}
    for one in seen:
        by_type.get(one.row.type, []).append(one)
    names = {one.rid.hex(): text_or_empty(one.record.name) for one in by_type["organisation"]}
    newest = {
        str(one.record.direction): one.record for one in sorted(by_type["referral"], key=_sent)
    }
    cells: dict[str, str] = {}
    for column, (direction, key) in REFERRALS.items():
        value = getattr(newest.get(direction), key, None)
        cells[column] = names.get(str(value), "") if key == "organisation" else _cell(column, value)
    return cells


def _sent(referral: RecordView[Any]) -> tuple[str, bytes]:
    moment = referral.record.sent
    return moment.utc.isoformat() if isinstance(moment, ZonedTime) else "", referral.rid


def _cell(column: str, value: object) -> str:
    if column in _LANGUAGE_PLACES and isinstance(value, tuple):
        return "".join(value[_LANGUAGE_PLACES[column] :][:1])
    if isinstance(value, tuple):
        return SEVERAL.join(value)
    if column == "cas_Status" and isinstance(value, str):
        return "Closed" if value in _OVER else "FollowUp" if value in _AFTER else "Active"
    if isinstance(value, ZonedTime):
        return value.wall.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, PartialDate):
        return value.text
    return str(value) if isinstance(value, str | int) else ""


def _plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def without_guard(cell: str) -> str:
    """Return a cell without the apostrophe that keeps it from being a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA_STARTS) else cell


def filled(cells: Sequence[str]) -> Mapping[str, str]:
    """Return the cells that are not empty, by their column."""
    return {column: cell for column, cell in zip(COLUMNS, cells, strict=True) if cell}
