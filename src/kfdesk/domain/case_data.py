# SPDX-License-Identifier: GPL-3.0-or-later
"""A case as a row of the Human Trafficking Case Data Standard 2.0 (IOM, 2021, CC BY 4.0).

The columns have the names of the official workbook, in its order; ours begin with `kf_`. Nothing
about a perpetrator has a column. What was not disclosed is an empty cell. It opens no file.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from kfdesk.domain.rows import Row, view_any
from kfdesk.domain.values import PartialDate

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
    "vic_MethodsOfControl": ("plan", "methods_of_control"),
    "vic_TypeOfExploitation": ("plan", "type_of_exploitation"),
    "cas_Status": ("plan", "state"),
    "kf_Code": ("client", "code"),
    "kf_AgeBand": ("client", "age_band"),
}
"""The columns that we can fill, each with the record type and the field that it comes from."""

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
    "cas_Status", CONSENT, "kf_Code", "kf_AgeBand",
)  # fmt: skip

KEYS: Mapping[str, frozenset[str]] = {
    kind: frozenset(key for of, key in SOURCES.values() if of == kind)
    for kind in ("client", "plan")
}
"""The fields that a row may be made of, by record type."""

_SEVERAL = ";"
_LANGUAGE_PLACES = {"prs_PrimaryLanguage": 0, "prs_SecondaryLanguage": 1}
_AFTER = frozenset({"arrived", "reintegrating", "follow_up"})
_OVER = frozenset({"closed", "withdrawn", "cancelled", "not_safe"})
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def case_row(rows: Iterable[Row], *, has_consent: bool) -> tuple[str, ...]:
    """Return the cells of a case, in the order of COLUMNS, from its disclosed client and plan.

    `has_consent`: she agreed to case management by this recipient, and that stands today.
    """
    records = {row.type: view_any(row).record for row in rows if row.type in KEYS}
    cells = {
        column: _cell(column, getattr(records.get(kind), key, None))
        for column, (kind, key) in SOURCES.items()
    }
    cells[CONSENT] = "TRUE" if has_consent else "FALSE"
    return tuple(_plain(cells.get(column, "")) for column in COLUMNS)


def _cell(column: str, value: object) -> str:
    if column in _LANGUAGE_PLACES and isinstance(value, tuple):
        return "".join(value[_LANGUAGE_PLACES[column] :][:1])
    if isinstance(value, tuple):
        return _SEVERAL.join(value)
    if column == "cas_Status" and isinstance(value, str):
        return "Closed" if value in _OVER else "FollowUp" if value in _AFTER else "Active"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, PartialDate):
        return value.text
    return str(value) if isinstance(value, str | int) else ""


def _plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def filled(cells: Sequence[str]) -> Mapping[str, str]:
    """Return the cells that are not empty, by their column."""
    return {column: cell for column, cell in zip(COLUMNS, cells, strict=True) if cell}
