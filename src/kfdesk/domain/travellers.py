# SPDX-License-Identifier: GPL-3.0-or-later
"""The travellers of a plan: the client and who is with her, each with ticket and documents.

A person travels if the client's people say so (`travels_with`); a `traveller` row of the plan adds
what the ticket needs. So a row alone makes nobody travel, and nobody travels without a document.
A document that names nobody is the client's. Where a plan has several rows for one person, the
newest counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from kfdesk.domain.consent import counts_as_traveller, is_child
from kfdesk.domain.itinerary import SheetFinding
from kfdesk.domain.records.client import Client, Relationship
from kfdesk.domain.records.journey import TravelDocument, Traveller
from kfdesk.domain.registers import live_writes
from kfdesk.domain.rows import RecordView

IDENTITY_PAPERS = frozenset(
    {
        "passport", "national_id", "emergency_passport", "return_certificate",
        "laissez_passer_eu", "child_passport",
    }
)  # fmt: skip
"""Documents with which a border is crossed."""
IN_HAND = frozenset({"held_by_client", "held_safe", "issued"})
"""Statuses of a document that is at hand."""

Rows = Sequence[RecordView[Traveller]]
People = Sequence[RecordView[Relationship]]


@dataclass(frozen=True, slots=True)
class TravelParty:
    """The client, the people in her life, and the travellers and documents of one plan."""

    client: RecordView[Client]
    people: People
    rows: Rows
    documents: Sequence[RecordView[TravelDocument]] = ()

    @property
    def companions(self) -> tuple[RecordView[Relationship], ...]:
        """Those who travel with the client, or may do so."""
        return tuple(person for person in self.people if counts_as_traveller(person))

    def row_of(self, person: RecordView[Any]) -> RecordView[Traveller] | None:
        """Return the newest traveller row about a person; None if there is none."""
        return max(self._rows_of(person), key=_newness, default=None)

    def ticket_name(self, person: RecordView[Any]) -> object:
        """Return the name on a person's ticket; the client's stands in her own record."""
        if person.rid == self.client.rid:
            return self.client.record.name_on_ticket
        row = self.row_of(person)
        return row.record.name_on_ticket if row is not None else None

    def documents_of(self, person: RecordView[Any]) -> tuple[RecordView[TravelDocument], ...]:
        """Return the documents of a person; hers are also those that name nobody."""
        whose: set[object] = {row.rid.hex() for row in self._rows_of(person)}
        if person.rid == self.client.rid:
            whose.add(None)
        return tuple(
            one
            for one in self.documents
            if one.record.whose in whose and "whose" not in one.conflicts
        )

    def identity_papers_of(self, person: RecordView[Any]) -> tuple[RecordView[TravelDocument], ...]:
        """Return a person's documents with which a border is crossed."""
        found = self.documents_of(person)
        return tuple(one for one in found if one.record.kind in IDENTITY_PAPERS)

    def holder_of(self, document: RecordView[TravelDocument]) -> RecordView[Any] | None:
        """Return the person whose document it is; None if that cannot be said."""
        everybody: tuple[RecordView[Any], ...] = (self.client, *self.people)
        return next((one for one in everybody if document in self.documents_of(one)), None)

    def children(self, on: date) -> tuple[RecordView[Relationship], ...]:
        """Return the children who certainly travel with her, in the order of the people."""
        return tuple(
            person
            for person in self.people
            if person.record.travels_with is True and is_child(person, on)
        )

    def _rows_of(self, person: RecordView[Any]) -> list[RecordView[Traveller]]:
        return [row for row in self.rows if row.record.person == person.rid.hex()]


def is_valid_document(document: RecordView[TravelDocument], last: date) -> bool:
    """Return whether a document is at hand and valid on the last day of the journey."""
    record = document.record
    is_valid = isinstance(record.valid_until, date) and record.valid_until >= last
    return not document.conflicts and record.status in IN_HAND and is_valid


def ticket_rows(party: TravelParty, on: date) -> tuple[RecordView[Traveller], ...]:
    """Return the traveller rows of the children who travel: those that her sheet names."""
    found = (party.row_of(child) for child in party.children(on))
    return tuple(row for row in found if row is not None)


def ticket_findings(party: TravelParty, on: date) -> tuple[SheetFinding, ...]:
    """Return what her sheet lacks about the children who travel: a name on a ticket, once."""
    for child in party.children(on):
        row = party.row_of(child)
        is_torn = row is not None and "name_on_ticket" in row.conflicts
        if not is_torn and not _is_filled(party.ticket_name(child)):
            return (SheetFinding("missing", "traveller", "name_on_ticket"),)
    return ()


class PartyFault(StrEnum):
    """A fault among the travellers."""

    TWICE = "traveller_twice"
    STAYS = "traveller_stays"
    OF_NOBODY = "document_of_nobody"
    OTHER_BIRTH_DATE = "birth_date_differs"
    COUNTS_AS_CHILD = "counts_as_child"


FoundFault = tuple[PartyFault, RecordView[Any], str]
"""A fault, the record and its field."""


def party_faults(party: TravelParty) -> Iterator[FoundFault]:
    """Yield the contradictions among the travellers."""
    named: set[object] = set()
    everybody: tuple[RecordView[Any], ...] = (party.client, *party.people)
    known = {one.rid.hex(): one for one in everybody}
    for row in sorted(party.rows, key=_newness):
        who = row.record.person
        person = known.get(who) if isinstance(who, str) else None
        if person is not None and who in named:
            yield PartyFault.TWICE, row, "person"
        named.add(who)
        if "person" not in row.conflicts and (person is None or not _is_known_to_travel(person)):
            yield PartyFault.STAYS, row, "person"
        if person is not None:
            yield from _age_faults(row, person)
    for document in party.documents:
        if "whose" not in document.conflicts and party.holder_of(document) is None:
            yield PartyFault.OF_NOBODY, document, "whose"


def _age_faults(row: RecordView[Traveller], person: RecordView[Any]) -> Iterator[FoundFault]:
    born, told = row.record.birth_date, person.record.birth_date
    if isinstance(born, date) and isinstance(told, date) and born != told:
        yield PartyFault.OTHER_BIRTH_DATE, row, "birth_date"
    if person.record.age_disputed is True:  # so the person counts as a child
        yield PartyFault.COUNTS_AS_CHILD, person, "age_disputed"


def _is_known_to_travel(person: RecordView[Any]) -> bool:
    return not hasattr(person.record, "travels_with") or person.record.travels_with is True


def _is_filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _newness(row: RecordView[Traveller]) -> tuple[int, bytes]:
    written = max((write.milliseconds for write in live_writes(row.row.state)), default=0)
    return written, row.rid
