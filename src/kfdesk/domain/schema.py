# SPDX-License-Identifier: GPL-3.0-or-later
"""Record descriptions: one line per field, each with eight attributes.

A field's line determines its column, its label and format on screen and paper, what may
leave and to whom, and how versions are merged. A field's name is its key for ever:
retire it, never delete, rename or reuse it. Only `disclosure.py` reads `level` and
`to`.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from functools import cache
from hashlib import blake2b
from typing import Any, NotRequired, TypedDict, TypeVar, Unpack, cast, dataclass_transform

from kfdesk.domain import kinds
from kfdesk.domain.values import LocalizedText, MissingAnswer, PartialDate, ZonedTime

T = TypeVar("T")


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


class Attributes(TypedDict):
    """Attributes that each field line must give beside kind, label and section."""

    level: SensitivityLevel
    to: DataGroup
    since: int
    help: NotRequired[str]
    retired: NotRequired[int]


def text(label: str, section: Section, **rest: Unpack[Attributes]) -> str | MissingAnswer | None:
    """Describe a field of plain text."""
    return cast("str | MissingAnswer | None", _field(kinds.TextKind(), label, section, rest))


def localized_text(
    label: str, section: Section, **rest: Unpack[Attributes]
) -> LocalizedText | MissingAnswer | None:
    """Describe a field of text that may leave, in one or more languages."""
    return cast(
        "LocalizedText | MissingAnswer | None",
        _field(kinds.LocalizedTextKind(), label, section, rest),
    )


def day(
    label: str, section: Section, **rest: Unpack[Attributes]
) -> date | PartialDate | MissingAnswer | None:
    """Describe a field with a calendar date or a partial date."""
    return cast(
        "date | PartialDate | MissingAnswer | None", _field(kinds.DateKind(), label, section, rest)
    )


def zoned_time(
    label: str, section: Section, **rest: Unpack[Attributes]
) -> ZonedTime | MissingAnswer | None:
    """Describe a field with a time in a zone."""
    return cast(
        "ZonedTime | MissingAnswer | None", _field(kinds.ZonedTimeKind(), label, section, rest)
    )


def number(label: str, section: Section, **rest: Unpack[Attributes]) -> int | MissingAnswer | None:
    """Describe a field with a whole number."""
    return cast("int | MissingAnswer | None", _field(kinds.NumberKind(), label, section, rest))


def yes_no(label: str, section: Section, **rest: Unpack[Attributes]) -> bool | MissingAnswer | None:
    """Describe a field with yes or no."""
    return cast("bool | MissingAnswer | None", _field(kinds.BooleanKind(), label, section, rest))


def reference(
    label: str, section: Section, **rest: Unpack[Attributes]
) -> str | MissingAnswer | None:
    """Describe a field with another record's id, in hexadecimal digits."""
    return cast("str | MissingAnswer | None", _field(kinds.ReferenceKind(), label, section, rest))


def code(
    codes: Mapping[str, str], label: str, section: Section, **rest: Unpack[Attributes]
) -> str | MissingAnswer | None:
    """Describe a field with one code of a list."""
    return cast("str | MissingAnswer | None", _field(kinds.CodeKind(codes), label, section, rest))


def code_set(
    codes: Mapping[str, str], label: str, section: Section, **rest: Unpack[Attributes]
) -> tuple[str, ...] | MissingAnswer | None:
    """Describe a field with several codes of a list."""
    return cast(
        "tuple[str, ...] | MissingAnswer | None",
        _field(kinds.CodeSetKind(codes), label, section, rest),
    )


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
def record(cls: type[T]) -> type[T]:
    """Make a class whose fields are described line by line into a record type.

    Its instances are frozen. Its name in snake case is the record type's name for ever.
    """
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


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


def _field(kind: kinds.FieldKind, label: str, section: Section, rest: Attributes) -> object:
    described = Field("", kind, label, section, **rest)
    return dataclasses.field(default=None, metadata={"field": described})
