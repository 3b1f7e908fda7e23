# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of a record type, said once beside its class: where it stands, and whose word counts.

Whoever decides by the type of a record reads them here, by `RECORD_TYPES[name].rules`. A rule that
only one type has, and that needs more than data, stays a function; its name stands here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

EVERY_TYPE = ("*",)
"""Stands below any record."""


class Writer(StrEnum):
    """Those who may write a field of a record that is here."""

    DESK = "desk"
    """Nobody but this desk: the value is never taken from a partner's file."""
    CUSTODIAN = "custodian"
    """The custodian alone: what another sender says is not taken."""
    DECISION = "decision"
    """The custodian. What another sender says stands beside and waits for a person's decision."""
    NAMED = "named"
    """The custodian, and the organisation that the record names or asks; others' values wait."""
    MEMBER = "member"
    """Every member of the record's network, as long as it is a draft."""
    PARTNER = "partner"
    """Every partner that may receive it."""


class Family(StrEnum):
    """A family of record types: the same organisations get them, and the same word counts."""

    CASE = "case"
    """Of a client: her consents decide."""
    DIRECTORY = "directory"
    """An entry: its class decides, and its custodian alone writes."""
    SUGGESTION = "suggestion"
    """Of two: whoever made it, and whoever answers for the entry above it."""
    NETWORK = "network"
    """A network and who is in it: its custodian's word, for its members."""
    WORK = "work"
    """A network's work: its maker's word, passed on by the network's custodian."""
    TOGETHER = "together"
    """Written by all members of its network: procedures and the book."""
    FIGURES = "figures"
    """An organisation's own figures, which it alone writes."""
    SUM = "sum"
    """A sum of several organisations: shares and parts never change."""


_WRITERS = {Family.CASE: Writer.DECISION, Family.TOGETHER: Writer.MEMBER}
"""The writer of a field, by family, where the type names none; else it is the custodian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of a record type. A new type says all of them in one line beside its class."""

    family: Family = Family.CASE
    below: Sequence[str] = ()
    """The types that it stands below; none: it stands alone."""
    may_stand_alone: bool = False
    """True if it may also stand below nothing; then it stays here."""
    is_head: bool = False
    """True if a member makes it; what stands below it is the same member's."""
    is_of_one: bool = False
    """True if only the custodian of the record above it adds it."""
    has_parts: bool = False
    """True if records stand below it, although it stands below a plan itself."""
    is_statement: bool = False
    """True if it is its custodian's own word, of which nobody else changes anything."""
    writes: Writer | None = None
    """The writer of its fields, if that is not as in its family; the next four are exceptions."""
    custodians: Sequence[str] = ()
    partners: Sequence[str] = ()
    named: Sequence[str] = ()
    decided: Sequence[str] = ()
    span: tuple[str, str] | None = None
    """The fields with its beginning and its end, which may not be before it."""
    counts: Sequence[str] = ()
    """Numbers that are never below zero."""

    @property
    def writer(self) -> Writer:
        """The writer of the fields that are no exception."""
        return self.writes or _WRITERS.get(self.family, Writer.CUSTODIAN)

    def writer_of(self, key: str) -> Writer:
        """Return who writes a field that may leave the desk."""
        exceptions = (
            (self.custodians, Writer.CUSTODIAN), (self.partners, Writer.PARTNER),
            (self.named, Writer.NAMED), (self.decided, Writer.DECISION),
        )  # fmt: skip
        return next((whose for keys, whose in exceptions if key in keys), self.writer)


ALONE = Rules()
OF_PLAN = Rules(below=("plan",))
STATEMENT = Rules(below=("plan",), writes=Writer.CUSTODIAN, is_statement=True)
"""Of a plan, and its custodian's own word."""
QUESTION = Rules(below=("plan",), writes=Writer.NAMED, decided=("organisation",))
"""Of a plan; the organisation that it names answers in it."""
SHARED = Rules(below=("plan",), writes=Writer.PARTNER)
"""Of a plan; every partner that has it may write in it."""
