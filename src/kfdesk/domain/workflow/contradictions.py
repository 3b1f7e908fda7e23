# SPDX-License-Identifier: GPL-3.0-or-later
"""Contradictions: two statements about one case that cannot both be true.

A paper that would print one of them is refused, whatever paper it is: it may be the wrong one.
"Check" and the page show each beside the field where it is mended. A field in conflict is told
elsewhere and is none of these.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kfdesk.domain.itinerary import SheetFinding
from kfdesk.domain.names import fold_words
from kfdesk.domain.records.journey import HelpNumber, Leg
from kfdesk.domain.rows import RecordView, sibling_numbers
from kfdesk.domain.values import PartialDate, ZonedTime
from kfdesk.domain.workflow.gates import (
    CaseContext,
    FieldLocation,
    fault_unless_done,
    fault_unless_filled,
)
from kfdesk.domain.workflow.travel import active_legs

PaperKeys = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class MeetingContact:
    """A contact who meets her: the first name, and the organisation by its id in digits."""

    given_name: str
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements that do not fit together, the field to mend, and the number of a leg or call.

    `told` are the fields (`type.key`) that tell them. `is_doubt`: both may be true, so a paper is
    printed after a look. `waits`: somebody else must decide, so no duty by law waits for it.
    """

    code: str
    where: FieldLocation
    told: frozenset[str]
    number: int | None = None
    is_doubt: bool = False
    waits: bool = False

    def is_on(self, keys: PaperKeys) -> bool:
        """Return whether a paper with these fields prints one of the statements."""
        paths = (path.split(".") for path in self.told)
        return any(key in keys.get(record_type, ()) for record_type, key in paths)


def find_contradictions(
    s: CaseContext,
    contacts: Mapping[str, MeetingContact] | None = None,
    numbers: tuple[RecordView[HelpNumber], ...] = (),
) -> tuple[Contradiction, ...]:
    """Return all contradictions of a case.

    `contacts` are those who meet her, by their id in digits, and `numbers` the help numbers.
    """
    return (
        *_age_contradictions(s),
        *_birth_dates(s),
        *_escort_contradictions(s),
        *_meeting_contradictions(s, contacts or {}),
        *_custody_contradictions(s),
        *_untested_numbers(numbers),
    )


def contradiction_findings(
    s: CaseContext, contacts: Mapping[str, MeetingContact] | None = None
) -> tuple[SheetFinding, ...]:
    """Return what to mend before her journey, as faults of her sheet; custody has its own gate.

    `contacts` are those who meet her, by their id in digits.
    """
    return tuple(
        SheetFinding(one.code, one.where.type, one.where.key, one.number)
        for one in find_contradictions(s, contacts)
        if one.where.type != "child_papers" and not one.is_doubt
    )


def _age_contradictions(s: CaseContext) -> Iterator[Contradiction]:
    """Yield each person whose age does not fit the birth date today."""
    everybody: tuple[RecordView[Any], ...] = (s.client, *s.relationships)
    for person in everybody:
        record_type, record = person.row.type, person.record
        if person.conflicts & {"age_band", "birth_date"}:
            continue
        born, band = _ages_by_birth(record.birth_date, s.at.date()), _ages_of_band(record.age_band)
        if born and band and (born[1] < band[0] or band[1] < born[0]):
            told = frozenset({f"{record_type}.age_band", f"{record_type}.birth_date"})
            yield Contradiction("age_differs", _location(person, "age_band"), told)


def _birth_dates(s: CaseContext) -> Iterator[Contradiction]:
    """Yield each traveller whose birth date on the ticket differs from the person's own."""
    everybody: tuple[RecordView[Any], ...] = (s.client, *s.relationships)
    known = {one.rid.hex(): one for one in everybody}
    for row in s.travellers:
        person = known.get(str(row.record.person))
        born = row.record.birth_date
        own = person.record.birth_date if person is not None else None
        if person and isinstance(born, date) and isinstance(own, date) and born != own:
            told = frozenset({"traveller.birth_date", f"{person.row.type}.birth_date"})
            yield Contradiction("birth_date_differs", _location(row, "birth_date"), told)


def _escort_contradictions(s: CaseContext) -> Iterator[Contradiction]:
    plan = s.plan.record
    if plan.escort_kind == "none_wanted" and plan.escort is not None:
        told = frozenset({"plan.escort_kind", "plan.escort"})
        yield Contradiction("escort_not_wanted", _location(s.plan, "escort_kind"), told)


def _meeting_contradictions(
    s: CaseContext, contacts: Mapping[str, MeetingContact]
) -> Iterator[Contradiction]:
    """Yield each leg that names somebody and nobody, or two people, and another house's meeter."""
    legs, places = active_legs(s), sibling_numbers(s.legs)
    for leg in legs:
        record, number = leg.record, places.get(leg.rid)
        contact = contacts.get(str(record.meeter)) if "meeter" not in leg.conflicts else None
        names = _names_of(leg)
        if record.alone is True and (names or contact):
            told = frozenset({"leg.alone", "leg.met_by"})
            yield Contradiction("alone_and_met", _location(leg, "alone"), told, number)
        if contact and names and not _is_one_name(names, contact.given_name):
            told = frozenset({"leg.met_by", "leg.meeter"})
            yield Contradiction("meeter_is_another", _location(leg, "met_by"), told, number)
        house = contact.organisation if contact and leg is legs[-1] else ""
        receiver = s.plan.record.receiver
        if house and isinstance(receiver, str) and house != receiver:
            told = frozenset({"leg.meeter"})
            where = _location(leg, "meeter")
            yield Contradiction("meeter_of_another", where, told, number, is_doubt=True)


def _custody_contradictions(s: CaseContext) -> Iterator[Contradiction]:
    """Yield each child whose papers name a guardian's order while custody is contested.

    It is decided once it is known who contests it, which court decides, and on which day it did.
    """
    told = frozenset({"child_papers.guardian_order", "child_papers.custody_contested"})
    for papers in s.child_papers:
        record = papers.record
        missing = {
            "custody_contested_by": fault_unless_filled(record.custody_contested_by),
            "custody_court": fault_unless_filled(record.custody_court),
            "custody_day": fault_unless_done(record.custody_day, s.at),
        }
        key = next((key for key, fault in missing.items() if fault is not None), "")
        is_open = record.custody_contested is True and not papers.conflicts & missing.keys()
        if is_open and key and record.guardian_order is not None:
            where = _location(papers, key)
            yield Contradiction("custody_is_contested", where, told, waits=True)


def _untested_numbers(numbers: tuple[RecordView[HelpNumber], ...]) -> Iterator[Contradiction]:
    for place, one in enumerate(numbers, start=1):
        is_tested = isinstance(one.record.called, ZonedTime) or "called" in one.conflicts
        if isinstance(one.record.number, str) and not is_tested:
            told = frozenset({"help_number.number"})
            where = _location(one, "called")
            yield Contradiction("number_untested", where, told, place, is_doubt=True)


def _names_of(leg: RecordView[Leg]) -> tuple[str, ...]:
    """Return the first name in each language; empty while it is in conflict."""
    told = leg.record.met_by
    if "met_by" in leg.conflicts or not isinstance(told, tuple):
        return ()
    return tuple(one.text for one in told if one.text.strip())


def _is_one_name(names: tuple[str, ...], other: str) -> bool:
    """Return whether a name sounds as the other in one of the languages, in any alphabet."""
    heard = {word.sound for word in fold_words(*names)}
    known = {word.sound for word in fold_words(other)}
    return not known or bool(heard & known)


_BAND = re.compile(r"age_(\d{1,3})_(\d{1,3}|up)", re.ASCII)
_OLDEST = 200
"""Years that nobody reaches; the end of an open band."""


def _ages_of_band(band: object) -> tuple[int, int] | None:
    """Return the lowest and the highest age of a band's code, `age_9_17` or `age_48_up`.

    Return None for any other code: a newer program may have written it.
    """
    found = _BAND.fullmatch(band) if isinstance(band, str) else None
    if found is None:
        return None
    return int(found[1]), _OLDEST if found[2] == "up" else int(found[2])


def _ages_by_birth(born: object, today: date) -> tuple[int, int] | None:
    """Return the youngest and the oldest that a person can be; None if it is not known well."""
    if isinstance(born, date):
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        return age, age
    if not isinstance(born, PartialDate):
        return None
    year, month = int(born.text[:4]), born.text[5:7]
    if not month:
        return today.year - year - 1, today.year - year
    youngest = today.year - year - (today.month <= int(month))
    return youngest, today.year - year - (today.month < int(month))


def _location(seen: RecordView[Any], key: str) -> FieldLocation:
    return FieldLocation(seen.row.type, key, seen.rid)
