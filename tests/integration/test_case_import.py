# SPDX-License-Identifier: GPL-3.0-or-later
"""Sheets of case data come in: drafts, never over somebody; undone; the same values out and in."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from tests.integration.pair_samples import refusal

from kfdesk.demo import people
from kfdesk.domain.accounts import Role
from kfdesk.domain.audit import Action
from kfdesk.domain.case_data import COLUMNS, CONSENT
from kfdesk.domain.consent import SHAREABLE_GROUPS
from kfdesk.domain.records.case import Note, Referral
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value
from kfdesk.services.core.history import read_history
from kfdesk.services.core.records import create_record, delete_record, undo_all
from kfdesk.services.core.session import Session
from kfdesk.services.figures.case_data import export_case_data
from kfdesk.services.figures.case_import import (
    CaseFate,
    import_cases,
    preview_case_import,
    read_case_file,
)
from kfdesk.services.plans.case import create_plan
from kfdesk.services.plans.plans import list_plans, load_case

HERS: Mapping[str, Value] = {
    "given_name": "Vera", "family_name": "Påhittad", "birth_date": date(2001, 5, 4),
    "gender": "Feminine", "marital_status": "Single", "number_of_children": 1,
    "languages": ("ru", "en"), "education": "UpperSecondaryEducation", "citizenship": ("RU", "UA"),
    "identity_number": "000000-0000", "phone": "+46 8 465 004 10", "age_band": "age_24_26",
    "code": "aster-11", "age_disputed": False,
}  # fmt: skip
HISTORY: Mapping[str, Value] = {
    "trafficking_status": "ActualVictimOfTrafficking", "trafficking_status_decided_by": "Police",
    "relationship_to_trafficker": "Acquainted", "age_when_trafficked": 19,
    "method_of_recruitment": ("AtWork", "ThroughOnlineSocialNetworks"),
    "country_of_recruitment": "RU", "methods_of_control": ("DebtBondage", "TakesEarnings"),
    "type_of_exploitation": ("ForcedLabour", "SexualExploitation"),
    "forced_labour_industry": "N_AdministrativeAndSupportServiceActivities",
    "type_of_sex_exploitation": ("Prostitution",), "country_of_exploitation": ("SE", "FI"),
}  # fmt: skip


def sheet(*rows: tuple[str, ...], encoding: str = "utf-8", sign: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows(rows)
    return out.getvalue().encode(encoding)


def codes(desk: Session) -> list[str]:
    rows = (row for row in desk.store.rows("client") if not is_deleted(row.state))
    return sorted(str(view(row, Client).record.code) for row in rows)


def whole_case(desk: Session) -> tuple[bytes, bytes]:
    """Enter a client with every field that the standard has, who agreed to everything."""
    asks = create_record(desk, Organisation, {"name": "IOM Exempel", "confidentiality": "public"})
    plan, _ = create_plan(desk, HERS, HISTORY)
    client = load_case(desk, plan).client.rid
    now = desk.adapters.clock.now()
    for direction in ("in", "out"):
        told: dict[str, Value] = {"direction": direction, "organisation": asks.hex(),
                                  "reason": "Other", "sent": people.zoned_time(now)}  # fmt: skip
        create_record(desk, Referral, told, plan)
    values = people.consent_to_case_work(now, asks.hex())
    groups = tuple(sorted(group.value for group in SHAREABLE_GROUPS))
    create_record(desk, Consent, {**values, "groups": groups}, client)
    return plan, asks


@pytest.mark.parametrize("name", ["cases.csv", "cases.xlsx"])
def test_out_and_in_is_the_same(desk: Session, tmp_path: Path, name: str) -> None:
    plan, asks = whole_case(desk)
    saved = tmp_path / name
    (given,) = export_case_data(desk, [plan], asks, saved)
    assert {column for column in COLUMNS if column in given.filled} >= {
        *(one for one in COLUMNS if one.startswith("vic_") and "Vulnerabilities" not in one),
        "cas_ReferringOrganisation", "cas_OutgoingReferralDate", "prs_MobilePhone", CONSENT,
    }  # fmt: skip
    delete_record(desk, load_case(desk, plan).client.rid)
    preview = preview_case_import(desk, read_case_file(saved))
    assert [one.fault.value for one in preview.findings] == ["consent"]
    (made,) = import_cases(desk, preview).plans
    case = load_case(desk, made)
    client, new = view(case.client, Client).record, view(case.plan, Plan).record
    same = {key: value for key, value in HERS.items() if key not in ("age_disputed", "code")}
    assert {key: getattr(client, key) for key in same} == same
    assert {key: getattr(new, key) for key in HISTORY} == HISTORY
    assert not case.of("note")
    values = people.consent_to_case_work(desk.adapters.clock.now(), asks.hex())
    groups = tuple(sorted(group.value for group in SHAREABLE_GROUPS))
    create_record(desk, Consent, {**values, "groups": groups}, case.client.rid)
    (again,) = export_case_data(desk, [made], asks, tmp_path / "again.csv")
    assert {**again.filled, "kf_Code": ""} == {**given.filled, "kf_Code": ""}


def test_import_begins_drafts_and_can_be_undone(desk: Session) -> None:
    before = codes(desk)
    data = sheet(
        ("kf_Code", "prs_FirstName", "vic_MethodsOfControl"),
        ("aster-11", "Vera", "RestrictsMovement;DebtBondage"),
        ("", "Nina", ""),
    )
    preview = preview_case_import(desk, data)
    assert codes(desk) == before, "a preview writes nothing"
    assert [(one.line, one.fault.value) for one in preview.findings] == [(2, "unknown")]
    done = import_cases(desk, preview)
    assert len(codes(desk)) == len(before) + 2
    assert "aster-11" in codes(desk)
    case = load_case(desk, done.plans[0])
    plan = view(case.plan, Plan).record
    assert (plan.state, plan.owner, plan.methods_of_control) == (
        "draft", desk.user, ("DebtBondage",),
    )  # fmt: skip
    (note,) = case.views(Note, "note")
    assert note.record.content == "HTCDS 2.0\nvic_MethodsOfControl: RestrictsMovement"
    line = read_history(desk, None, 1).lines[0]
    assert (line.action, line.keys) == (Action.TAKE_CASES, ("2",))
    again = import_cases(desk, preview)
    assert len(again.plans) == 1, "who has come since is not imported twice; who has no mark is"
    undo_all(desk, again.done)
    undo_all(desk, done.done)
    assert codes(desk) == before
    assert not {one.rid for one in list_plans(desk)} & set(done.plans)


def test_nobody_here_is_changed_or_doubled_unasked(desk: Session) -> None:
    client = create_record(desk, Client, {**HERS, "code": "lind-12"})
    state = desk.store.row(client)
    data = sheet(
        ("kf_Code", "prs_IdentityNumber", "prs_FirstName", "prs_SecondName", "prs_Birthdate"),
        ("LIND 12", "", "Olga", "", ""),
        ("", "0000000000", "Olga", "", ""),
        ("", "", "Вера", "Pahittad", "2001-05"),
        ("", "", "Vera", "Påhittad", "1999-01-01"),
        ("", "", "VERA", "PÅHITTAD", "1999"),
    )
    preview = preview_case_import(desk, data)
    assert [(one.fate, one.other) for one in preview.lines] == [
        (CaseFate.LIKE, "lind-12"), (CaseFate.LIKE, "lind-12"), (CaseFate.LIKE, "lind-12"),
        (CaseFate.NEW, ""), (CaseFate.REPEATED, "5"),
    ]  # fmt: skip
    assert len(import_cases(desk, preview).plans) == 1
    assert desk.store.row(client) == state
    done = import_cases(desk, preview, {2, 6})
    assert len(done.plans) == 2, "a person says who is another; line 5 is here now"
    assert [code for code in codes(desk) if "lind" in code.lower()] == ["lind-12"]
    (note,) = load_case(desk, done.plans[0]).views(Note, "note")
    assert note.record.content == "HTCDS 2.0\nkf_Code: LIND 12"


def test_organisation_that_is_not_here_is_said(desk: Session) -> None:
    data = sheet(("cas_ReferringOrganisation",), ("Ingenstans",))
    preview = preview_case_import(desk, data)
    assert [one.fault.value for one in preview.findings] == ["house"]
    case = load_case(desk, import_cases(desk, preview).plans[0])
    (note,) = case.views(Note, "note")
    assert note.record.content == "HTCDS 2.0\ncas_ReferringOrganisation: Ingenstans"
    assert not case.of("referral")


@pytest.mark.parametrize(
    ("data", "encoding", "is_sure"),
    [
        (sheet(("prs_FirstName", "prs_SecondName"), ("Вера", "Чужая"), encoding="utf-8-sig"),
         "utf-8", True),
        (sheet(("prs_FirstName", "prs_SecondName"), ("Вера", "Чужая"), sign=";"), "utf-8", True),
        (sheet(("prs_FirstName", "prs_SecondName"), ("Вера", "Чужая"), encoding="utf-16"),
         "utf-16-le", True),
        (sheet(("prs_FirstName", "prs_SecondName"), *[("Вера", "Чужая")] * 9, encoding="cp1251"),
         "cp1251", False),
    ],
)  # fmt: skip
def test_any_encoding_and_separator_is_read(
    desk: Session, data: bytes, encoding: str, is_sure: bool
) -> None:
    preview = preview_case_import(desk, data)
    assert preview.lines[0].case.client == {"given_name": "Вера", "family_name": "Чужая"}
    assert (preview.sheet.encoding, preview.sheet.is_sure) == (encoding, is_sure)


def workbook(*rows: tuple[str | date | int, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.create_sheet("about").append(("IOM",))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_workbook_is_read_and_no_formula_is_computed(desk: Session) -> None:
    data = workbook(
        ("prs_FirstName", "prs_Birthdate", "prs_NumberOfChildren", "prs_SecondName"),
        ("Vera", date(2001, 5, 4), 2, '=HYPERLINK("http://x.example","y")'),
    )
    preview = preview_case_import(desk, data)
    (line,) = preview.lines
    assert line.case.client == {
        "given_name": "Vera", "birth_date": date(2001, 5, 4), "number_of_children": 2,
    }  # fmt: skip
    assert preview.sheet.left_out == ("about",)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "case_sheet.nothing"),
        (b"\0" * 50, "case_sheet.nothing"),
        (sheet(("prs_FirstName",)), "case_sheet.nothing"),
        (sheet(("name",), ("Vera",)), "case_sheet.no_columns"),
        (bytes(range(256)) * 8, "case_sheet.no_columns"),
        (b"%PDF-1.7 x", "contacts.other_kind"),
        (b"PK\x03\x04 broken", "contacts.torn"),
        (sheet(("prs_FirstName",) * 401, ("Vera",)), "case_sheet.too_wide"),
        (b"prs_FirstName\n" + b"Vera\n" * 1_000_000, "case_sheet.too_many"),
        (workbook(("prs_FirstName",), *[("Vera",)] * 1_010), "case_sheet.too_many"),
        (workbook(), "contacts.nothing_inside"),
        (b"x" * (32 * 2**20 + 1), "contacts.too_large"),
    ],
)
def test_hostile_files_are_refused(desk: Session, data: bytes, code: str) -> None:
    before = codes(desk)
    fault = refusal(lambda: preview_case_import(desk, data))
    assert fault.code == code.replace("contacts.nothing_inside", "case_sheet.no_columns")
    assert codes(desk) == before


def test_wide_sheet_is_read(desk: Session) -> None:
    titles = ("prs_FirstName", *(f"column {n}" for n in range(199)))
    preview = preview_case_import(desk, sheet(titles, ("Vera", *["1"] * 199)))
    assert preview.lines[0].case.client == {"given_name": "Vera"}
    assert preview.count(CaseFate.NEW) == 1
    assert len(preview.findings) == 199


def test_findings_are_bounded(desk: Session) -> None:
    rows = [(f"Hus {number}", "never") for number in range(400)]
    preview = preview_case_import(
        desk, sheet(("cas_ReferringOrganisation", "prs_Birthdate"), *rows)
    )
    assert (len(preview.findings), preview.more) == (500, 300)


def test_named_encoding_that_does_not_fit_is_refused(desk: Session) -> None:
    data = sheet(("prs_FirstName",), ("Вера",), encoding="cp1251")
    assert refusal(lambda: preview_case_import(desk, data, "utf-8")).code == (
        "contacts.not_these_letters"
    )


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    assert refusal(lambda: read_case_file(tmp_path / "none.csv")).code == "contacts.not_readable"
    assert refusal(lambda: read_case_file(tmp_path)).code == "contacts.not_readable"
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(32 * 2**20 + 1)
    assert refusal(lambda: read_case_file(large)).code == "contacts.too_large"


def test_nothing_chosen_and_no_right_write_nothing(desk: Session) -> None:
    create_record(desk, Client, {"code": "lind-12"})
    preview = preview_case_import(desk, sheet(("kf_Code",), ("lind-12",)))
    assert refusal(lambda: import_cases(desk, preview)).code == "case_sheet.nothing"
    worker = replace(desk, roles=frozenset({Role.SHELTER_WORKER}))
    assert refusal(lambda: preview_case_import(worker, b"")).code == "user.not_allowed"
    assert refusal(lambda: import_cases(worker, preview, {2})).code == "user.not_allowed"
    assert codes(desk) == ["lind-12"]
