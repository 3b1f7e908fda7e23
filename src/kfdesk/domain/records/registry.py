# SPDX-License-Identifier: GPL-3.0-or-later
"""Every record type there is, and its fields by key and by id.

A new type is one entry here; names and ids never change, so an old store or bundle can be read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kfdesk.domain.records.after.follow_up import FollowUp
from kfdesk.domain.records.after.goal import Goal
from kfdesk.domain.records.after.service import Service
from kfdesk.domain.records.case.approval import Approval
from kfdesk.domain.records.case.attachment import Attachment
from kfdesk.domain.records.case.legal_status import LegalStatus
from kfdesk.domain.records.case.note import Note
from kfdesk.domain.records.case.paper_copy import PaperCopy
from kfdesk.domain.records.case.reception import Reception
from kfdesk.domain.records.case.referral import Referral
from kfdesk.domain.records.case.risk_assessment import RiskAssessment
from kfdesk.domain.records.case.task import Task
from kfdesk.domain.records.case.transition import Transition
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.directory.phone import Phone
from kfdesk.domain.records.help_number import HelpNumber
from kfdesk.domain.records.journey.handover import Handover
from kfdesk.domain.records.journey.travel_document import TravelDocument
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.records.person.child_papers import ChildPapers
from kfdesk.domain.records.person.relationship import Relationship
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.risk.risk_event import RiskEvent
from kfdesk.domain.records.risk.risk_line import RiskLine
from kfdesk.domain.schema import Field, field_id, fields_of, type_name

SCHEMA = 4  # the version that a field's `since` counts in

RECORDS: tuple[type[Any], ...] = (
    Client, Relationship, Plan, Leg, HelpNumber, TravelDocument, Handover, Consent,
    LegalStatus, RiskAssessment, Reception, Referral, Approval, Transition, Note, Task, Attachment,
    Organisation, Contact, Phone, PaperCopy, FollowUp, Goal, Service, RiskLine, RiskEvent,
    ChildPapers,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordType:
    """A record type: its name, its class, and its fields by key and by id."""

    name: str
    cls: type[Any]
    fields: Mapping[str, Field]
    by_id: Mapping[int, Field]
    ids: Mapping[str, int]


def _described(cls: type[Any]) -> RecordType:
    name = type_name(cls)
    fields = {field.key: field for field in fields_of(cls)}
    ids = {key: field_id(name, key) for key in fields}
    return RecordType(name, cls, fields, {ids[key]: fields[key] for key in fields}, ids)


TYPES: Mapping[str, RecordType] = {type_name(cls): _described(cls) for cls in RECORDS}
