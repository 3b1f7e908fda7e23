# SPDX-License-Identifier: GPL-3.0-or-later
"""A desk with a plan, authorities in the directory, consents for letters, and their referrals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.documents.typesetting import page_texts
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.consent import PURPOSE_GROUPS
from kfdesk.domain.records.aftercare import Goal
from kfdesk.domain.records.case import LegalStatus
from kfdesk.domain.records.client import Client, Consent, Relationship
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.journey import TravelDocument
from kfdesk.domain.records.risk import RiskAssessment
from kfdesk.domain.rows import view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record, create_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.letters import LetterRequest, prepare_letter
from kfdesk.services.papers.production import make_paper, paper_obstacles
from kfdesk.storage import key_slots

ACTORS: Mapping[str, str] = {
    "police_report": "police",
    "reflection_period_application": "social_services",
    "residence_permit_application": "police",
    "report_of_concern": "social_services",
    "health_care": "health_care",
    "legal_representation": "legal_aid",
    "reception_and_reintegration": "ngo",
}
BY_CONSENT = tuple(purpose for purpose in ACTORS if purpose != "report_of_concern")

PLANTED: Mapping[DataGroup, str] = {
    DataGroup.IDENTITY: "Identova",
    DataGroup.CONTACT: "+46 70 174 06 01",
    DataGroup.CHILDREN_FAMILY: "Barnlilla",
    DataGroup.REINTEGRATION_PLAN: "Bagarskolan",
    DataGroup.TRAVEL: "PASS-774401",
    DataGroup.EXPLOITATION_HISTORY: "Avlägsnande av organ",
    DataGroup.IMMEDIATE_NEEDS: "Vinterkappan",
    DataGroup.HEALTH: "Astmasprayen",
    DataGroup.RISK_SUMMARY: "Hotfulla brodern",
    DataGroup.LEGAL_CASE: "BLANKETT-9",
}
"""A value for each group of data that a letter may hold; each word stands in one field alone."""


@dataclass(frozen=True)
class Letters:
    desk: Session
    plan: bytes
    client: bytes

    def organisation(self, **values: Value) -> bytes:
        given = {"name": "Myndigheten", "country": "SE", "confidentiality": "public"}
        return create_record(self.desk, Organisation, {**given, **values})

    def consent(self, purpose: str, to: bytes, **values: Value) -> bytes:
        given: dict[str, Value] = {
            **people.consent_to_case_work(self.desk.adapters.clock.now(), to.hex()),
            "purpose": purpose,
            "groups": tuple(sorted(PURPOSE_GROUPS[purpose])),
        }
        return create_record(self.desk, Consent, {**given, **values}, self.client)

    def letter(self, purpose: str, to: bytes, answer_by: date | None = None) -> bytes:
        return prepare_letter(self.desk, self.plan, LetterRequest(purpose, to, answer_by))

    def order(self, referral: bytes, language: str = "sv") -> PaperRequest:
        return PaperRequest(PaperName.AUTHORITY_LETTER, referral, language)

    def refused(self, referral: bytes, language: str = "sv") -> list[str]:
        found = paper_obstacles(self.desk, self.order(referral, language))
        return [f"{one.code} {one.data.get('field', '')}".strip() for one in found]

    def pages(self, referral: bytes, language: str = "sv") -> list[str]:
        pdf = make_paper(self.desk, self.order(referral, language)).pdf
        return [" ".join(text.split()) for text in page_texts(pdf)]

    def said(self, referral: bytes, language: str = "sv") -> str:
        return " ".join(self.pages(referral, language))


def open_letters(folder: Path) -> Letters:
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    desk = store_lifecycle.create_store(
        folder, people.HOUSE, who, Environment(cost=key_slots.MIN_COST)
    )
    plan, _ = story.enter_plan(desk, desk.identity.organisation)
    client = require_record(desk, plan).parent or b""
    made = Letters(desk, plan, client)
    _plant(made)
    return made


def _plant(made: Letters) -> None:
    """Write one word of PLANTED in a field of each group."""
    desk, plan, client = made.desk, made.plan, made.client
    child: dict[str, Value] = {
        "given_name": PLANTED[DataGroup.CHILDREN_FAMILY], "kind": "child",
        "birth_date": date(2019, 5, 1),
    }  # fmt: skip
    change_record(
        desk, client,
        {
            "family_name": PLANTED[DataGroup.IDENTITY], "birth_date": date(2001, 4, 3),
            "citizenship": ("RU",), "phone": PLANTED[DataGroup.CONTACT],
        },
    )  # fmt: skip
    create_record(desk, Relationship, child, client)
    goal: dict[str, Value] = {
        "domain": "education", "aim": all_told(PLANTED[DataGroup.REINTEGRATION_PLAN]),
    }  # fmt: skip
    create_record(desk, Goal, goal, plan)
    document = {"kind": "passport", "number": PLANTED[DataGroup.TRAVEL]}
    create_record(desk, TravelDocument, document, plan)
    change_record(
        desk, plan,
        {
            "type_of_exploitation": ("OrganRemoval",),
            "immediate_needs": all_told(PLANTED[DataGroup.IMMEDIATE_NEEDS]),
            "health_needs": all_told(PLANTED[DataGroup.HEALTH]),
        },
    )  # fmt: skip
    risk: dict[str, Value] = {
        "done": date(2026, 11, 20), "summary": all_told(PLANTED[DataGroup.RISK_SUMMARY]),
        "organisation": desk.identity.organisation.hex(),
    }  # fmt: skip
    create_record(desk, RiskAssessment, risk, plan)
    matter: dict[str, Value] = {
        "kind": "claim", "form_number": PLANTED[DataGroup.LEGAL_CASE], "begins": date(2026, 11, 2),
    }  # fmt: skip
    create_record(desk, LegalStatus, matter, plan)


def all_told(text: str) -> Value:
    """Return a told text with the same words in the program's three languages."""
    return people.localized(text, text, text)


def planted(made: Letters) -> Mapping[DataGroup, str]:
    """Return the word by which each group is recognised on a Swedish page."""
    code = view(require_record(made.desk, made.client), Client).record.code
    return {**PLANTED, DataGroup.IDENTITY: str(code)}
