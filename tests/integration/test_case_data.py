# SPDX-License-Identifier: GPL-3.0-or-later
"""Case data for an organisation: her consent decides about each cell, and the ledger knows."""

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from tests.integration.pair_samples import refusal
from tests.support.clocks import SetClock

from kfdesk.demo import people
from kfdesk.domain.accounts import Role
from kfdesk.domain.case_data import COLUMNS, CONSENT
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.records.case import Referral
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.values import MissingAnswer, Value
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.figures.case_data import (
    export_case_data,
    list_case_data,
    list_receiving_organisations,
    preview_case_data,
)

GROWN: dict[str, Value] = {"age_band": "age_24_26", "age_disputed": False}
GROUPS = ("identity", "exploitation_history", "travel")


class Case:
    """A client of this desk, her plan, and an organisation that asks."""

    def __init__(self, desk: Session) -> None:
        self.desk = desk
        told: dict[str, Value] = {
            "given_name": "Vera", "family_name": "Påhittad", "gender": "Feminine",
            "languages": ("ru",), "age_band": "age_24_26", "age_disputed": False,
            "phone": "+46 8 465 004 10",
        }  # fmt: skip
        self.client = create_record(desk, Client, told)
        history: dict[str, Value] = {"type_of_exploitation": ("ForcedLabour",), "to_country": "EE"}
        self.plan = create_record(desk, Plan, history, self.client)
        house = {"name": "IOM Exempel", "country": "SE", "confidentiality": "public"}
        self.asks = create_record(desk, Organisation, house)

    def agree(self, **more: Value) -> bytes:
        now = self.desk.adapters.clock.now()
        values = people.consent_to_case_work(now, self.asks.hex())
        return create_record(self.desk, Consent, {**values, "groups": GROUPS, **more}, self.client)


@pytest.fixture
def case(desk: Session) -> Case:
    return Case(desk)


def test_without_her_consent_nothing_is_saved(case: Case, tmp_path: Path) -> None:
    found = preview_case_data(case.desk, case.plan, case.asks)
    assert dict(found.filled) == {CONSENT: "FALSE"}
    saved = tmp_path / "case.csv"
    fault = refusal(lambda: export_case_data(case.desk, [case.plan], case.asks, saved))
    assert fault.code == "case_data.no_consent"
    assert list(tmp_path.glob("case*")) == []


def test_consent_opens_its_groups_and_no_others(case: Case, tmp_path: Path) -> None:
    case.agree()
    saved = tmp_path / "case.csv"
    export_case_data(case.desk, [case.plan], case.asks, saved)
    with saved.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert tuple(row) == COLUMNS
    assert (row["prs_FirstName"], row["vic_TypeOfExploitation"]) == ("Vera", "ForcedLabour")
    assert row["prs_MobilePhone"] == "", "ways to reach her were not opened"
    assert row[CONSENT] == "TRUE"
    assert (case.asks, case.client) in {
        (holder, rid) for rid, holder in case.desk.store.ledger.holders((case.client, case.plan))
    }


def test_another_purpose_and_a_withdrawn_consent_open_nothing(case: Case) -> None:
    rid = case.agree(purpose="research")
    assert dict(preview_case_data(case.desk, case.plan, case.asks).filled) == {CONSENT: "FALSE"}
    change_record(case.desk, rid, {"purpose": "case_management"})
    assert "prs_FirstName" in preview_case_data(case.desk, case.plan, case.asks).filled
    now = people.zoned_time(case.desk.adapters.clock.now())
    change_record(case.desk, rid, {"withdrawn": now})
    assert dict(preview_case_data(case.desk, case.plan, case.asks).filled) == {CONSENT: "FALSE"}


def test_organisations_in_the_contacts_are_offered_by_name(case: Case) -> None:
    desk = case.desk
    named = create_record(desk, Organisation, {"name": "Annat Exempel", "country": "EE"})
    unnamed = create_record(desk, Organisation, {"name": MissingAnswer.UNKNOWN})
    delete_record(desk, create_record(desk, Organisation, {"name": "Borttaget Exempel"}))
    offered = list_receiving_organisations(desk)
    assert offered == ((unnamed, ""), (named, "Annat Exempel"), (case.asks, "IOM Exempel"))
    reader = replace(desk, roles=frozenset({Role.STATISTICS_READER}))
    assert refusal(lambda: list_receiving_organisations(reader)).code == "user.not_allowed"


def test_who_may_not_export_gets_nothing(case: Case, tmp_path: Path) -> None:
    case.agree()
    reader = replace(case.desk, roles=frozenset({Role.STATISTICS_READER}))
    fault = refusal(lambda: preview_case_data(reader, case.plan, case.asks))
    assert fault.code == "user.not_allowed"
    nowhere = tmp_path / "missing" / "case.csv"
    refused = refusal(lambda: export_case_data(case.desk, [case.plan], case.asks, nowhere))
    assert refused.code == "figures.not_written"
    assert refusal(lambda: preview_case_data(case.desk, case.client, case.asks)).code == (
        "record.missing"
    )


def test_all_who_agreed_are_listed_and_leave_in_one_file(case: Case, tmp_path: Path) -> None:
    assert list_case_data(case.desk, case.asks) == ()
    case.agree()
    other = create_record(case.desk, Client, {**GROWN, "code": "aster-11", "given_name": "Nina"})
    plan = create_record(
        case.desk, Plan, {"trafficking_status": "PossibleVictimOfTrafficking"}, other
    )
    withdrawn = create_record(case.desk, Client, {**GROWN, "code": "lind-12"})
    create_record(case.desk, Plan, {}, withdrawn)
    now = case.desk.adapters.clock.now()
    values = {**people.consent_to_case_work(now, case.asks.hex()), "groups": ("identity",)}
    create_record(case.desk, Consent, values, other)
    rid = create_record(case.desk, Consent, values, withdrawn)
    change_record(case.desk, rid, {"withdrawn": people.zoned_time(now)})
    listed = list_case_data(case.desk, case.asks)
    assert {one.plan for one in listed} == {case.plan, plan}
    saved = tmp_path / "cases.csv"
    done = export_case_data(case.desk, [one.plan for one in listed], case.asks, saved)
    with saved.open(encoding="utf-8", newline="") as file:
        rows = {row["prs_FirstName"]: row for row in csv.DictReader(file)}
    assert rows.keys() == {"Vera", "Nina"}
    assert rows["Nina"]["vic_TraffickingStatus"] == "", "her history was not opened"
    assert [one.withheld for one in done if one.plan == plan] == [1]
    assert list(tmp_path.glob("cases*")) == [saved]


def test_clock_set_back_into_a_consent_that_has_ended_saves_nothing(
    case: Case, tmp_path: Path
) -> None:
    now = case.desk.adapters.clock.now()
    consent = case.agree(expires=now.date())
    clock = SetClock(now + timedelta(days=2))
    case.desk = replace(case.desk, adapters=replace(case.desk.adapters, clock=clock))
    saved = tmp_path / "case.csv"
    assert fault_of_export(case, saved) == "case_data.no_consent"
    change_record(case.desk, case.plan, {"wish": "stay"})
    clock.time = now
    assert fault_of_export(case, saved) == "clock.before_audit"
    assert case.desk.store.ledger.given(case.asks, Channel.DESK_PAPER, [consent]) == frozenset()
    assert list(tmp_path.glob("case*")) == []


def fault_of_export(case: Case, path: Path) -> str:
    return refusal(lambda: export_case_data(case.desk, [case.plan], case.asks, path)).code


def test_one_without_consent_keeps_the_whole_file_back(case: Case, tmp_path: Path) -> None:
    case.agree()
    other = create_record(case.desk, Client, {"code": "aster-11"})
    plan = create_record(case.desk, Plan, {}, other)
    saved = tmp_path / "cases.xlsx"
    plans = [case.plan, plan]
    fault = refusal(lambda: export_case_data(case.desk, plans, case.asks, saved))
    assert fault.code == "case_data.no_consent"
    fault = refusal(lambda: export_case_data(case.desk, [], case.asks, saved))
    assert fault.code == "case_data.none"
    assert list(tmp_path.glob("cases*")) == []


def test_referrals_name_public_organisations_alone(case: Case, tmp_path: Path) -> None:
    case.agree(groups=("identity", "immediate_needs"))
    for name, seen_by, direction in (
        ("Exempelpolisen", "public", "in"), ("Hemliga huset", "secret", "out"),
    ):  # fmt: skip
        house = create_record(case.desk, Organisation, {"name": name, "confidentiality": seen_by})
        told: dict[str, Value] = {
            "direction": direction, "organisation": house.hex(), "reason": "Other",
            "sent": people.zoned_time(case.desk.adapters.clock.now()),
        }  # fmt: skip
        create_record(case.desk, Referral, told, case.plan)
    cells = preview_case_data(case.desk, case.plan, case.asks).filled
    assert cells["cas_ReferringOrganisation"] == "Exempelpolisen"
    assert "cas_ReferredOrganisation" not in cells
    today = case.desk.adapters.clock.now().date().isoformat()
    assert (cells["cas_IncomingReferralDate"], cells["cas_OutgoingReferralDate"]) == (today, today)
    assert cells["cas_ReasonForOutgoingReferral"] == "Other"


def test_organisations_alone_are_no_consent(case: Case) -> None:
    house = create_record(case.desk, Organisation, {"name": "Öppet", "confidentiality": "public"})
    told: dict[str, Value] = {"direction": "in", "organisation": house.hex()}
    create_record(case.desk, Referral, told, case.plan)
    assert not preview_case_data(case.desk, case.plan, case.asks).has_consent


def test_workbook_has_texts_as_they_are_and_no_formula(case: Case, tmp_path: Path) -> None:
    change_record(case.desk, case.client, {"given_name": "=HYPERLINK(1)"})
    case.agree(groups=("identity", "contact"))
    saved = tmp_path / "cases.xlsx"
    export_case_data(case.desk, [case.plan], case.asks, saved)
    titles, cells = openpyxl.load_workbook(saved).worksheets[0].iter_rows()
    found = {str(title.value): cell for title, cell in zip(titles, cells, strict=True)}
    assert tuple(found) == COLUMNS
    assert found["prs_MobilePhone"].value == "+46 8 465 004 10"
    assert (found["prs_FirstName"].value, found["prs_FirstName"].data_type) == (
        "=HYPERLINK(1)", "s",
    )  # fmt: skip
