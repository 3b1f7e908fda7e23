# SPDX-License-Identifier: GPL-3.0-or-later
"""Record descriptions: one line per field, which has eight attributes.

A field's line determines its column, its label and format on screen and paper, what may
leave and to whom, and how versions are merged. What the fields of a section share is said
once, by its `Terms`; a line gives what differs. A field's name is its key for ever: retire it,
never delete, rename or reuse it. Only `disclosure.py` reads `level` and `to`.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from functools import cache
from hashlib import blake2b
from typing import Any, TypedDict, TypeVar, Unpack, cast, dataclass_transform

from kfdesk.domain import kinds
from kfdesk.domain.rules import Rules
from kfdesk.domain.values import LocalizedText, MissingAnswer, PartialDate, ZonedTime

T = TypeVar("T")

# What a field of each kind may hold; None means that it was never filled in.
Codes = tuple[str, ...] | MissingAnswer | None
Day = date | PartialDate | MissingAnswer | None
Moment = ZonedTime | MissingAnswer | None
Number = int | MissingAnswer | None
Text = str | MissingAnswer | None
Texts = LocalizedText | MissingAnswer | None
YesNo = bool | MissingAnswer | None


class SensitivityLevel(IntEnum):
    """Harm that a value can do: from S0 (public) to S5 (offences of others, never leaves)."""

    S0 = 0
    S1 = 1
    S2 = 2
    S3 = 3
    S4 = 4
    S5 = 5


class DataGroup(StrEnum):
    """Readers of a field: a data group that a consent opens, or one of the last four."""

    IDENTITY = "identity"
    CONTACT = "contact"
    TRAVEL = "travel"
    IMMEDIATE_NEEDS = "immediate_needs"
    HEALTH = "health"
    CHILDREN_FAMILY = "children_family"
    RISK_SUMMARY = "risk_summary"
    EXPLOITATION_HISTORY = "exploitation_history"
    LEGAL_CASE = "legal_case"
    REINTEGRATION_PLAN = "reintegration_plan"
    PHOTO = "photo"
    COOPERATION = "cooperation"
    PARTIES = "parties"  # a consent's own fields: they go with what the consent opens
    DIRECTORY = "directory"
    COMMON = "common"  # records of a network, about no client
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a record's page; its constant stands beside the record."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that the fields of a section share; without defaults, so each section decides."""

    section: Section
    level: SensitivityLevel
    to: DataGroup
    since: int = dataclasses.field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record: its key and eight attributes; there will never be a ninth.

    `since` and `retired` are schema versions. A retired field is kept but not shown.
    """

    key: str
    kind: kinds.FieldKind
    label: str
    section: Section
    level: SensitivityLevel
    to: DataGroup
    since: int
    help: str = ""
    retired: int | None = None


class Differences(TypedDict, total=False):
    """Attributes that a field line may give beside its kind, label and terms."""

    level: SensitivityLevel
    to: DataGroup
    since: int
    help: str
    retired: int


def text(label: str, terms: Terms, **rest: Unpack[Differences]) -> Text:
    """Describe a field of plain text."""
    return cast("Text", _field(kinds.TextKind(), label, terms, rest))


def localized_text(label: str, terms: Terms, **rest: Unpack[Differences]) -> Texts:
    """Describe a field of text that may leave, in one or more languages."""
    return cast("Texts", _field(kinds.LocalizedTextKind(), label, terms, rest))


def day(label: str, terms: Terms, **rest: Unpack[Differences]) -> Day:
    """Describe a field with a calendar date or a partial date."""
    return cast("Day", _field(kinds.DateKind(), label, terms, rest))


def zoned_time(label: str, terms: Terms, **rest: Unpack[Differences]) -> Moment:
    """Describe a field with a time in a zone."""
    return cast("Moment", _field(kinds.ZonedTimeKind(), label, terms, rest))


def number(label: str, terms: Terms, **rest: Unpack[Differences]) -> Number:
    """Describe a field with a whole number."""
    return cast("Number", _field(kinds.NumberKind(), label, terms, rest))


def yes_no(label: str, terms: Terms, **rest: Unpack[Differences]) -> YesNo:
    """Describe a field with yes or no."""
    return cast("YesNo", _field(kinds.BooleanKind(), label, terms, rest))


def reference(label: str, terms: Terms, **rest: Unpack[Differences]) -> Text:
    """Describe a field with another record's id, in hexadecimal digits."""
    return cast("Text", _field(kinds.ReferenceKind(), label, terms, rest))


def code(codes: Mapping[str, str], label: str, terms: Terms, **rest: Unpack[Differences]) -> Text:
    """Describe a field with one code of a list."""
    return cast("Text", _field(kinds.CodeKind(codes), label, terms, rest))


def code_set(
    codes: Mapping[str, str], label: str, terms: Terms, **rest: Unpack[Differences]
) -> Codes:
    """Describe a field with several codes of a list."""
    return cast("Codes", _field(kinds.CodeSetKind(codes), label, terms, rest))


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(
        text,
        localized_text,
        day,
        zoned_time,
        number,
        yes_no,
        reference,
        code,
        code_set,
    ),
)
def record(rules: Rules) -> Callable[[type[T]], type[T]]:
    """Make a class whose fields are described line by line into a record type with these rules.

    Its instances are frozen. Its name in snake case is the record type's name for ever.
    """

    def described(cls: type[T]) -> type[T]:
        made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        _RULES[made] = rules
        return made

    return described


_RULES: dict[type[Any], Rules] = {}


def rules_of(cls: type[Any]) -> Rules:
    """Return the rules of a record type."""
    return _RULES[cls]


def fields_of(cls: type[Any]) -> tuple[Field, ...]:
    """Return the described fields of a record type, in the order of their lines."""
    return tuple(
        dataclasses.replace(cast("Field", f.metadata["field"]), key=f.name)
        for f in dataclasses.fields(cls)
    )


def type_name(cls: type[Any]) -> str:
    """Return the name of a record type: `HelpNumber` is `help_number`."""
    return _in_snake_case(cls.__name__)


def field_id(type_name: str, key: str) -> int:
    """Return the two-byte id of a field in a record's state: the head of BLAKE2b of `type.key`."""
    return int.from_bytes(blake2b(f"{type_name}.{key}".encode()).digest()[:2], "big")


@cache
def _in_snake_case(name: str) -> str:
    return "".join("_" + s.lower() if s.isupper() else s for s in name).lstrip("_")


def _field(kind: kinds.FieldKind, label: str, terms: Terms, rest: Differences) -> object:
    given = {"level": terms.level, "to": terms.to, "since": terms.since} | rest
    described = Field("", kind, label, terms.section, **given)
    return dataclasses.field(default=None, metadata={"field": described})
