# SPDX-License-Identifier: GPL-3.0-or-later
"""A sheet of the HTCDS, line by line: its known faults, hostile cells, and nothing guessed."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from kfdesk.domain import case_sheet
from kfdesk.domain.case_sheet import (
    MAX_FINDINGS,
    CaseSheet,
    CaseSheetFault,
    SheetCase,
    SheetReferral,
    SheetWords,
    read_cases,
    read_day,
)
from kfdesk.domain.codes import htcds
from kfdesk.domain.codes.world import COUNTRIES, LANGUAGES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.values import PartialDate

TODAY = date(2026, 11, 29)
WORDS = SheetWords(
    lambda text: text if text in COUNTRIES else "",
    lambda text: text if text in LANGUAGES else "",
    TODAY,
)
VALUES = Path(__file__).resolve().parents[2] / "vectors" / "htcds" / "htcds-values.csv"
LISTS = {
    "prs_Gender": htcds.GENDER,
    "prs_MaritalStatus": htcds.MARITAL_STATUS,
    "prs_HighestLevelOfEducation": htcds.EDUCATION,
    "vic_TraffickingStatus": htcds.TRAFFICKING_STATUS,
    "vic_TraffickingStatusDecisionMakingOrg": htcds.DECISION_MAKING_ORG,
    "vic_RelationshipToTrafficker": htcds.RELATIONSHIP_TO_TRAFFICKER,
    "vic_MethodOfRecruitment": htcds.METHOD_OF_RECRUITMENT,
    "vic_MethodsOfControl": htcds.METHODS_OF_CONTROL,
    "vic_TypeOfExploitation": htcds.TYPE_OF_EXPLOITATION,
    "vic_ForcedLabourIndustry": htcds.FORCED_LABOUR_INDUSTRY,
    "vic_TypeOfSexExploitation": htcds.TYPE_OF_SEX_EXPLOITATION,
}


def sheet(*rows: Sequence[str]) -> CaseSheet:
    return read_cases(list(enumerate(rows, start=1)), WORDS)


def one(**cells: str) -> tuple[SheetCase, list[str]]:
    """Read a sheet of one line; return its case and the faults."""
    found = sheet(tuple(cells), tuple(cells.values()))
    (case,) = found.cases
    return case, [finding.fault.value for finding in found.findings]


def test_lists_are_those_of_the_standard() -> None:
    with VALUES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for name, ours in LISTS.items():
        assert [row["value_name"] for row in rows if row["field"] == name] == list(ours)


def test_codes_and_labels_of_the_standard_are_understood() -> None:
    with VALUES.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["field"] in LISTS]
    for row in rows:
        for text in (row["value_name"], row["value_label"]):
            case, _ = one(**{row["field"]: text})
            held = [*case.client.values(), *case.plan.values()]
            assert held in ([row["value_name"]], [(row["value_name"],)]), text
            assert case.said == ()


def test_line_becomes_values_of_a_client_and_a_plan() -> None:
    case, faults = one(
        prs_FirstName="Vera", prs_MiddleName="Nina", prs_SecondName="Påhittad",
        prs_Birthdate="2001-05", prs_Citizenship="RU;UA", prs_PrimaryLanguage="ru",
        prs_SecondaryLanguage="en", prs_NumberOfChildren="2.0", kf_Code="tulpan-47",
        vic_MethodsOfControl="DebtBondage, TakesEarnings", vic_AgeWhenTrafficked="19",
        vic_LocationOfExploitation="SE | FI", cas_Status="Active", con_Consent="FALSE",
    )  # fmt: skip
    assert case.client == {
        "given_name": "Vera Nina", "family_name": "Påhittad", "birth_date": PartialDate("2001-05"),
        "citizenship": ("RU", "UA"), "languages": ("ru", "en"), "number_of_children": 2,
        "code": "tulpan-47",
    }  # fmt: skip
    assert case.plan == {
        "methods_of_control": ("DebtBondage", "TakesEarnings"), "age_when_trafficked": 19,
        "country_of_exploitation": ("SE", "FI"),
    }  # fmt: skip
    assert (case.said, faults) == ((), [])


def test_middle_name_alone_is_a_given_name() -> None:
    case, _ = one(prs_MiddleName="Nina")
    assert case.client == {"given_name": "Nina"}


def test_official_sheet_with_its_faults_is_read() -> None:
    found = sheet(
        ("prs_FirstName", "prs_MailingCity", "vic_TraffickinStatusDecisionMakingOrg", "", "x"),
        ("First Name", "Mailing Street", "Trafficking Status Decision Making Organization",
         "Reason for Outgoing Referral"),
        ("Vera", "Påhittade gatan 1", "Police", "Other", "1"),
    )  # fmt: skip
    (case,) = found.cases
    assert (case.line, case.client) == (3, {"given_name": "Vera"})
    assert case.plan == {"trafficking_status_decided_by": "Police"}
    assert case.referrals == (SheetReferral("out", reason="Other"),)
    assert [(each.line, each.fault.value, each.column) for each in found.findings] == [
        (1, "titles_differ", "prs_MailingCity"),
        (1, "title", "vic_TraffickingStatusDecisionMakingOrg"),
        (1, "title_below", "cas_ReasonForOutgoingReferral"),
        (3, "address", "prs_MailingCity"),
        (3, "foreign", "x"),
    ]


def test_lines_with_a_number_alone_are_no_cases() -> None:
    found = sheet(("", "prs_FirstName"), ("1", "Vera"), *[(str(n), "") for n in range(2, 1_500)])
    assert [case.client for case in found.cases] == [{"given_name": "Vera"}]
    assert found.findings == ()
    with pytest.raises(KfdeskError) as refused:
        sheet(("", "prs_FirstName"), ("1", ""))
    assert refused.value.code == "case_sheet.nothing"
    with pytest.raises(KfdeskError) as refused:
        sheet(("prs_FirstName",), *[("Vera",)] * 1_001)
    assert refused.value.code == "case_sheet.too_many"


def test_comma_in_the_name_of_a_country_separates_nothing() -> None:
    assert one(prs_Citizenship="MD, Republic of")[0].client == {"citizenship": ("MD",)}
    assert one(prs_Citizenship="MD, Republic of; UA")[0].client == {"citizenship": ("MD", "UA")}
    assert one(prs_Citizenship="MD, UA")[0].client == {"citizenship": ("MD", "UA")}


def test_names_of_the_form_are_read() -> None:
    found = sheet(
        ("prs_First_Name", "vic_Methods_of_Control", "vic_ForcedLabourIndustry"),
        ("Vera", "DebtBondage TakesEarnings", "F_Construction P_Education"),
    )
    (case,) = found.cases
    assert case.plan == {"methods_of_control": ("DebtBondage", "TakesEarnings")}
    assert case.said == ("vic_ForcedLabourIndustry: F_Construction P_Education",)
    assert [each.fault.value for each in found.findings] == ["title", "title", "several"]


def test_sheet_may_have_labels_alone() -> None:
    titles = ("First Name", "Gender", "Methods of Control")
    found = sheet(titles, ("Vera", "Female", ""), ("Nina", "Masculine", "Other"))
    assert [dict(case.client) for case in found.cases] == [
        {"given_name": "Vera", "gender": "Feminine"},
        {"given_name": "Nina", "gender": "Masculine"},
    ]
    assert found.cases[1].plan == {"methods_of_control": ("Other",)}
    assert found.findings == ()


@pytest.mark.parametrize(
    ("column", "text", "value", "fault"),
    [
        ("vic_MethodsOfControl", "DebtBondage ", ("DebtBondage",), "spelling"),
        ("vic_MethodsOfControl", "MethodsOfControlDebtBondage", ("DebtBondage",), "spelling"),
        ("vic_MethodsOfControl", "PsychoactiveSubstances", ("PsychoactiveSubstance",), "spelling"),
        ("vic_RelationshipToTrafficker", "Unacquainted", "Unaquainted", "spelling"),
        ("vic_TraffickingStatus", " NotAVictimOfTrafficking", "NotAVictimOfTrafficking",
         "spelling"),
    ],
)  # fmt: skip
def test_odd_spelling_is_understood_and_told(
    column: str, text: str, value: object, fault: str
) -> None:
    case, faults = one(**{column: text})
    assert list(case.plan.values()) == [value]
    assert (faults, case.said) == ([fault], ())


@pytest.mark.parametrize(
    ("column", "text", "fault"),
    [
        ("vic_MethodsOfControl", "RestrictsMovement", "unknown"),
        ("vic_MethodsOfControl", "MethodsOfControl", "unknown"),
        ("vic_TypeOfExploitation", "Something New", "unknown"),
        ("vic_RelationshipToTrafficker", "Neighbour", "unknown"),
        ("vic_ForcedLabourIndustry", "F_Construction;P_Education", "several"),
        ("prs_Gender", "PsychoactiveSubstances", "unknown"),
        ("prs_Citizenship", "Atlantis", "unknown"),
        ("prs_PrimaryLanguage", "Atlantic", "unknown"),
        ("prs_Birthdate", "5/4/2001", "no_day"),
        ("prs_Birthdate", "20206", "no_day"),
        ("prs_NumberOfChildren", "-1", "no_number"),
        ("prs_NumberOfChildren", "999", "no_number"),
        ("vic_AgeWhenTrafficked", "as a child", "no_number"),
        ("kf_Code", "x" * 41, "unknown"),
        ("kf_Code", "../../tulpan", "unknown"),
        ("cas_Status", "Paused", "unknown"),
        ("cas_IncomingReferralDate", "soon", "no_day"),
        ("cas_IncomingReferralDate", "2025", "no_day"),
        ("cas_ReasonForOutgoingReferral", "Because", "unknown"),
    ],
)
def test_what_is_not_known_is_kept_as_it_was_said(column: str, text: str, fault: str) -> None:
    case, faults = one(**{column: text})
    assert (case.client, case.plan, case.referrals) == ({}, {}, ())
    assert case.said == (f"{column}: {text}",)
    assert faults == [fault]


def test_known_codes_beside_an_unknown_one_are_kept() -> None:
    case, faults = one(vic_MethodsOfControl="DebtBondage;UsesChildren;DebtBondage")
    assert case.plan == {"methods_of_control": ("DebtBondage",)}
    assert case.said == ("vic_MethodsOfControl: UsesChildren",)
    assert faults == ["unknown"]


def test_referrals_have_an_organisation_a_reason_and_a_day() -> None:
    case, faults = one(
        cas_ReferringOrganisation="Exempelhuset", cas_IncomingReferralDate="4.5.2025",
        cas_ReasonForOutgoingReferral="Other", cas_OutgoingReferralDate="2025-06-01 00:00:00",
    )  # fmt: skip
    assert case.referrals == (
        SheetReferral("in", "Exempelhuset", "", date(2025, 5, 4)),
        SheetReferral("out", "", "Other", date(2025, 6, 1)),
    )
    assert faults == []


def test_status_and_consent_elsewhere_are_none_here() -> None:
    case, faults = one(prs_FirstName="Vera", cas_Status="FollowUp", con_Consent="TRUE")
    assert case.plan == {}
    assert case.said == ("cas_Status: FollowUp",)
    assert faults == ["status", "consent"]


def test_columns_that_are_not_kept_are_named_once() -> None:
    found = sheet(
        ("prs_FirstName", "per_RoleDetails", "hte_City", "org_Name", "prs_Email",
         "vic_Vulnerabilities", "vic_NewColumn", "Colour", "prs_FirstName"),
        ("Vera", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j"),
        ("Nina", "a", "b", "c", "d", "e", "f", "g"),
        ("Olga", "", "", "", "", "", "", ""),
    )  # fmt: skip
    assert [(each.line, each.fault.value) for each in found.findings] == [
        (1, "repeated"), (2, "perpetrator"), (2, "address"), (2, "not_kept"), (2, "not_kept"),
        (2, "as_said"), (2, "newer"), (2, "foreign"), (2, "untitled"),
    ]  # fmt: skip
    assert found.cases[0].said == ("vic_Vulnerabilities: e", "vic_NewColumn: f")
    assert found.cases[2].said == ()


def test_line_without_anything_to_import_is_told() -> None:
    found = sheet(("prs_FirstName", "prs_Email"), ("", "x@example.org"), ("", "\x07"), ("Vera", ""))
    assert [case.line for case in found.cases] == [4]
    assert [(each.line, each.fault.value) for each in found.findings] == [
        (2, "not_kept"), (2, "empty"), (3, "empty"),
    ]  # fmt: skip


def test_titles_that_come_again_are_no_client() -> None:
    titles = ("prs_FirstName", "prs_SecondName")
    found = sheet(titles, ("Vera", "Påhittad"), titles, ("First Name", "Second Name"), ("Nina", ""))
    assert [case.line for case in found.cases] == [2, 5]
    assert [(each.line, each.fault.value) for each in found.findings] == [
        (3, "empty"),
        (4, "empty"),
    ]


def test_formulas_are_text_and_long_texts_are_cut() -> None:
    case, faults = one(prs_FirstName="=HYPERLINK(1)", prs_SecondName="'+x", prs_MobilePhone="1" * 9)
    assert case.client["given_name"] == "=HYPERLINK(1)"
    assert case.client["family_name"] == "+x"
    assert faults == ["formula"]
    case, faults = one(cco_CaseComment="long " * 900)
    assert len(case.said[0]) == len("cco_CaseComment: ") + 3999
    assert faults == ["cut", "as_said"]
    case, faults = one(cco_CaseComment="a" * 4000, spl_Objectives="b" * 4000, vic_New="c")
    assert [text[:4] for text in case.said] == ["cco_"]
    assert faults == ["as_said", "as_said", "newer", "cut"]


def test_findings_are_bounded() -> None:
    rows = [("prs_Birthdate", "prs_FirstName"), *[("never", "Vera")] * 600]
    found = sheet(*rows)
    assert len(found.cases) == 600
    assert (len(found.findings), found.more) == (MAX_FINDINGS, 100)


def test_sheet_of_something_else_is_refused() -> None:
    for rows, code in (
        ((), "case_sheet.nothing"),
        ((("", " "),), "case_sheet.nothing"),
        ((("prs_FirstName",),), "case_sheet.nothing"),
        ((("name", "phone"), ("Vera", "1")), "case_sheet.no_columns"),
        ((("First Name", "Email"), ("Vera", "x@example.org")), "case_sheet.no_columns"),
    ):
        with pytest.raises(KfdeskError) as refused:
            sheet(*rows)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2001-05-04", date(2001, 5, 4)),
        ("2001-05-04T00:00:00", date(2001, 5, 4)),
        ("2001", PartialDate("2001")),
        ("2001-05", PartialDate("2001-05")),
        ("4.5.2001", date(2001, 5, 4)),
        ("14/5/2001", date(2001, 5, 14)),
        ("5/14/2001", date(2001, 5, 14)),
        ("5/5/2001", date(2001, 5, 5)),
        ("5/4/2001", None),
        ("2001-02-30", None),
        ("2001-13", None),
        ("31.2.2001", None),
        ("2027-01-01", None),
        ("1802-01-01", None),
        ("1802", None),
        ("36525", None),
        ("", None),
    ],
)
def test_days_are_read_only_without_doubt(text: str, day: date | PartialDate | None) -> None:
    assert read_day(text, TODAY) == day


def test_every_fault_can_be_told() -> None:
    assert len(set(CaseSheetFault)) == 22
    assert case_sheet.MAX_CASES == 1_000
