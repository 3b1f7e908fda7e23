# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry of all record types, with their fields by key and by id.

A new type is one entry here. Names and ids never change, so that old stores and bundles
can be read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kfdesk.domain.records.aftercare import FollowUp, Goal, Service
from kfdesk.domain.records.case import (
    Approval,
    Attachment,
    LegalStatus,
    Note,
    PaperCopy,
    Reception,
    Referral,
    Task,
    Transition,
)
from kfdesk.domain.records.client import ChildPapers, Client, Consent, Relationship
from kfdesk.domain.records.directory import (
    Contact,
    EntryCheck,
    Membership,
    Network,
    Organisation,
    Phone,
    Suggestion,
)
from kfdesk.domain.records.journey import Handover, HelpNumber, Leg, TravelDocument
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.risk import RiskAssessment, RiskEvent, RiskLine
from kfdesk.domain.schema import Field, field_id, fields_of, type_name

SCHEMA_VERSION = 5  # the version that a field's `since` counts in

RECORD_CLASSES: tuple[type[Any], ...] = (
    Client, Relationship, Plan, Leg, HelpNumber, TravelDocument, Handover, Consent,
    LegalStatus, RiskAssessment, Reception, Referral, Approval, Transition, Note, Task, Attachment,
    Organisation, Contact, Phone, PaperCopy, FollowUp, Goal, Service, RiskLine, RiskEvent,
    ChildPapers, Network, Membership, Suggestion, EntryCheck,
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


RECORD_TYPES: Mapping[str, RecordType] = {type_name(cls): _described(cls) for cls in RECORD_CLASSES}
