# SPDX-License-Identifier: GPL-3.0-or-later
"""How a record is described: a field a line, each with its eight attributes.

From a field's line follow the stored column, the label and format on screen and paper, what may
leave and to whom, and how two desks' versions are joined. A field's name is its key for ever:
retire it, never delete, rename or reuse it. Only `disclosure.py` reads `level` and `to`.
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
from kfdesk.domain.marks import N_ as N_
from kfdesk.domain.values import About, Gap, Moment, Told

T = TypeVar("T")


class Level(IntEnum):
    """How much harm a value can do: S0 public to S5 offences of others, which never leave."""

    S0 = 0
    S1 = 1
    S2 = 2
    S3 = 3
    S4 = 4
    S5 = 5


class Group(StrEnum):
    """Who a field may go to: a group of data that a consent opens, or one of the last three."""

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
    PARTIES = "parties"  # a consent's own fields: they go with what the consent opens
    DIRECTORY = "directory"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a record's page; its constant stands beside the record."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record: its key and eight attributes; there will never be a ninth.

    `since` and `retired` are versions of the schema; a retired field is kept and not shown.
    """

    key: str
    kind: kinds.Kind
    label: str
    section: Section
    level: Level
    to: Group
    since: int
    help: str = ""
    retired: int | None = None


class Attributes(TypedDict):
    """What each line must say beside kind, label and section."""

    level: Level
    to: Group
    since: int
    help: NotRequired[str]
    retired: NotRequired[int]


def text(label: str, section: Section, **rest: Unpack[Attributes]) -> str | Gap | None:
    """Plain text."""
    return cast("str | Gap | None", _field(kinds.Text(), label, section, rest))


def told(label: str, section: Section, **rest: Unpack[Attributes]) -> Told | Gap | None:
    """Text that may leave, in one or more languages."""
    return cast("Told | Gap | None", _field(kinds.ToldText(), label, section, rest))


def day(label: str, section: Section, **rest: Unpack[Attributes]) -> date | About | Gap | None:
    """A calendar day, or about when."""
    return cast("date | About | Gap | None", _field(kinds.Day(), label, section, rest))


def moment(label: str, section: Section, **rest: Unpack[Attributes]) -> Moment | Gap | None:
    """A time of day in a zone."""
    return cast("Moment | Gap | None", _field(kinds.MomentKind(), label, section, rest))


def number(label: str, section: Section, **rest: Unpack[Attributes]) -> int | Gap | None:
    """A whole number."""
    return cast("int | Gap | None", _field(kinds.Number(), label, section, rest))


def yes_no(label: str, section: Section, **rest: Unpack[Attributes]) -> bool | Gap | None:
    """Yes or no."""
    return cast("bool | Gap | None", _field(kinds.YesNo(), label, section, rest))


def reference(label: str, section: Section, **rest: Unpack[Attributes]) -> str | Gap | None:
    """Another record's id, in hexadecimal digits."""
    return cast("str | Gap | None", _field(kinds.Reference(), label, section, rest))


def code(
    codes: Mapping[str, str], label: str, section: Section, **rest: Unpack[Attributes]
) -> str | Gap | None:
    """One code of a list."""
    return cast("str | Gap | None", _field(kinds.Code(codes), label, section, rest))


def code_set(
    codes: Mapping[str, str], label: str, section: Section, **rest: Unpack[Attributes]
) -> tuple[str, ...] | Gap | None:
    """Several codes of a list."""
    return cast("tuple[str, ...] | Gap | None", _field(kinds.Codes(codes), label, section, rest))


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(text, told, day, moment, number, yes_no, reference, code, code_set),
)
def record(cls: type[T]) -> type[T]:
    """Make a class whose fields are described line by line into a record type.

    Its instances are frozen; its name in snake case is the record type's name for ever.
    """
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


def fields_of(cls: type[Any]) -> tuple[Field, ...]:
    """The described fields of a record type, in the order of their lines."""
    return tuple(
        dataclasses.replace(cast("Field", f.metadata["field"]), key=f.name)
        for f in dataclasses.fields(cls)
    )


def type_name(cls: type[Any]) -> str:
    """The record type's name: `HelpNumber` is `help_number`."""
    return _in_snake_case(cls.__name__)


def field_id(type_name: str, key: str) -> int:
    """The two-byte id of a field in a record's state: the head of BLAKE2b of `type.key`."""
    return int.from_bytes(blake2b(f"{type_name}.{key}".encode()).digest()[:2], "big")


@cache
def _in_snake_case(name: str) -> str:
    return "".join("_" + s.lower() if s.isupper() else s for s in name).lstrip("_")


def _field(kind: kinds.Kind, label: str, section: Section, rest: Attributes) -> object:
    described = Field("", kind, label, section, **rest)
    return dataclasses.field(default=None, metadata={"field": described})
