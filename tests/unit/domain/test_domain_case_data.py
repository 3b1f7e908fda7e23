# SPDX-License-Identifier: GPL-3.0-or-later
"""A case as a row of the HTCDS: official columns, nothing about a perpetrator, no formula."""

import csv
from datetime import date
from pathlib import Path

from tests.support import make

from kfdesk.domain.case_data import COLUMNS, CONSENT, REFERRALS, SOURCES, case_row, filled
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import Row
from kfdesk.domain.values import MissingAnswer, PartialDate, Value, ZonedTime

STANDARD = Path(__file__).resolve().parents[2] / "vectors" / "htcds" / "htcds-fields.csv"


def cells(*rows: Row, has_consent: bool = True) -> dict[str, str]:
    return dict(filled(case_row(rows, has_consent=has_consent)))


def client(**values: Value) -> Row:
    return make.row("client", values)


def plan(**values: Value) -> Row:
    return make.row("plan", values)


def test_columns_are_those_of_the_standard_in_its_order() -> None:
    with STANDARD.open(encoding="utf-8") as file:
        official = [row["field"] for row in csv.DictReader(file)]
    ours = [column for column in COLUMNS if not column.startswith("kf_")]
    assert set(ours) <= set(official)
    assert ours[:-1] == [one for one in official if one in ours[:-1]]
    assert not any(column.startswith("per_") for column in COLUMNS)
    assert SOURCES.keys() <= set(COLUMNS)
    for kind, key in SOURCES.values():
        assert key in RECORD_TYPES[kind].fields


def test_codes_go_out_as_the_standard_spells_them() -> None:
    found = cells(
        client(gender="Feminine", languages=("ru", "en", "sv"), citizenship=("RU", "UA"),
               number_of_children=0, birth_date=PartialDate("2001-05"), given_name="Vera"),
        plan(type_of_exploitation=("ForcedLabour", "Servitude"), state="follow_up",
             methods_of_control=("DebtBondage",)),
    )  # fmt: skip
    assert found == {
        "prs_FirstName": "Vera", "prs_Birthdate": "2001-05", "prs_Gender": "Feminine",
        "prs_NumberOfChildren": "0", "prs_PrimaryLanguage": "ru", "prs_SecondaryLanguage": "en",
        "prs_Citizenship": "RU;UA", "vic_MethodsOfControl": "DebtBondage",
        "vic_TypeOfExploitation": "ForcedLabour;Servitude", "cas_Status": "FollowUp",
        CONSENT: "TRUE",
    }  # fmt: skip


def test_states_of_a_plan_become_those_of_a_case() -> None:
    for state, said in (("draft", "Active"), ("closed", "Closed"), ("arrived", "FollowUp")):
        assert cells(plan(state=state))["cas_Status"] == said


def test_what_is_not_there_is_empty() -> None:
    assert cells(has_consent=False) == {CONSENT: "FALSE"}
    assert cells(client(given_name=MissingAnswer.DECLINED, languages=("ru",)), make.row("leg")) == {
        "prs_PrimaryLanguage": "ru", CONSENT: "TRUE",
    }  # fmt: skip
    assert cells(client(birth_date=date(2001, 5, 4)))["prs_Birthdate"] == "2001-05-04"


def test_no_cell_is_a_formula() -> None:
    found = cells(client(given_name="=HYPERLINK(1)", family_name="@sum", phone="+46 8 465 004 10"))
    assert found["prs_FirstName"] == "'=HYPERLINK(1)"
    assert found["prs_SecondName"] == "'@sum"
    assert found["prs_MobilePhone"] == "'+46 8 465 004 10"


def referral(direction: str, **values: Value) -> Row:
    return make.row("referral", {"direction": direction, **values})


def test_newest_referral_of_each_direction_fills_the_columns() -> None:
    house = make.row("organisation", {"name": "Exempelhuset"})
    older, newer = (ZonedTime.parse(f"2025-0{month}-10T12:00+00:00[UTC]") for month in (3, 5))
    found = cells(
        house,
        referral("in", sent=older, reason="MigrationOrChangeOfLocation"),
        referral("in", sent=newer, reason="Other", organisation=house.rid.hex()),
        referral("in", reason="AdditionalServicesRequired"),
        referral("out", organisation="00" * 16),
    )
    assert found == {
        "cas_ReferringOrganisation": "Exempelhuset", "cas_IncomingReferralDate": "2025-05-10",
        "cas_ReasonForIncomingReferral": "Other", CONSENT: "TRUE",
    }  # fmt: skip


def test_core_fields_have_a_column_each_and_most_are_filled() -> None:
    with STANDARD.open(encoding="utf-8") as file:
        core = [row["field"] for row in csv.DictReader(file) if row["core"]]
    assert len(core) == 40
    assert set(core) <= set(COLUMNS)
    assert set(core) - {*SOURCES, *REFERRALS, CONSENT} == {
        "prs_Salutation", "prs_Title", "prs_Email", "prs_HomePhone", "prs_MailingCity",
        "prs_MailingCountry", "prs_MailingState", "prs_MailingStreet", "prs_MailingPostalCode",
        "vic_Vulnerabilities", "vic_DetailsOfVulnerabilities", "cas_ReasonForCaseClosure",
        "cas_CaseOwner", "cas_ReferringPrimaryCaseWorker", "cas_ReferredPrimaryCaseWorker",
        "cas_IncomingReferralDetails", "cas_OutgoingReferralDetails",
    }, "what is not kept is named in the help"  # fmt: skip
