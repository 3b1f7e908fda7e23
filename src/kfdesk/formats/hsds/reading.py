# SPDX-License-Identifier: GPL-3.0-or-later
"""HSDS tables as entries of the directory.

A place that answers by itself becomes an entry that is part of its organisation; where there is
only one place, the two are one entry. Services stand in their own words with the place that offers
them. A row that nothing leads to is named, and costs no other.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import cleaned_text
from kfdesk.domain.listing.hours import clock, day_number, notation
from kfdesk.domain.listing.listed import Broken, Listed, Reading
from kfdesk.domain.lists.directory_codes import POPULATIONS, SERVICES
from kfdesk.domain.packed import Packed
from kfdesk.formats.entries import Draft
from kfdesk.formats.hsds.tables import TableRow, Tables

_BELOW = ("address", "phone", "service", "language", "schedule")
_NOBODY = -1
_PORTION = 5_000  # entries that are made at once
_NOT_CALLED = {"fax", "pager", "textphone"}
_ENDED = {"inactive", "defunct", "temporarily closed"}
_OURS = {label: code for code, label in SERVICES.items()}
"""Services by the names under which we give them away."""


def read_tables(tables: Tables) -> Reading:
    """The entries of the tables. Raises KfdeskError `contacts.nothing_inside`."""
    found = _Reader(tables)
    entries = Packed(Listed, found.entries())
    if not entries and not found.broken:
        raise KfdeskError("contacts.nothing_inside")
    return Reading(entries.kept, found.broken.kept)


class _Above(NamedTuple):
    """Under whom a row stands: an id of each table, or nothing."""

    organization: str
    location: str
    service: str
    service_at_location: str
    contact: str
    phone: str


class _Reader:
    """Finds for each row the entry it belongs to, then makes the entries a portion at a time.

    Rows refer to each other in any order, so their ids and what they stand under are in memory,
    and nothing else of them.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._ids: dict[str, str] = {}
        self.broken = Packed(Broken)
        self._names = {self._once(row["id"]): row["name"] for row in self._rows("organization")}
        asked = {row["phone_id"] for table in _BELOW for row in self._rows(table)}
        self._above = {
            table: {
                self._once(row["id"]): self._stands_under(row)._replace(
                    **{"phone": "", table: ""}
                )  # in no circle
                for row in self._rows(table)
                if table != "phone" or row["id"] in asked
            }
            for table in ("service", "service_at_location", "phone")
        }
        self._places = self._owners()
        self._counts = Counter(self._places.values())
        self._offered: dict[str, list[str]] = {}
        for link in map(self._stands_under, self._rows("service_at_location")):
            self._offered.setdefault(link.service, []).append(link.location)
        self._count = 0
        self._numbers: Mapping[str, dict[str, int]] = {
            table: {} for table in ("organization", "location", "contact")
        }
        self._owner: dict[str, array[int]] = {}
        self._said: dict[Draft, dict[str, list[str]]] = {}
        self._hours: dict[Draft, list[tuple[int, str, str]]] = {}

    def entries(self) -> Iterator[Listed]:
        """The entries, of which at most `_PORTION` are being made."""
        self._own("organization", self._number)
        self._own("location", self._number_place)
        self._own("contact", self._number)
        for table in _BELOW:
            self._own(table, self._number_of)
        for first in range(0, self._count, _PORTION):
            yield from self._made(range(first, min(first + _PORTION, self._count)))

    def _own(self, table: str, number: Callable[[str, TableRow], int]) -> None:
        self._owner[table] = array("l", (number(table, row) for row in self._rows(table)))

    def _once(self, rid: str) -> str:
        """The id as it was met first, so that each is in memory once."""
        return self._ids.setdefault(rid, rid)

    def _stands_under(self, row: TableRow) -> _Above:
        return _Above(*(self._once(row[f"{table}_id"]) for table in _Above._fields))

    def _rows(self, table: str) -> Sequence[TableRow]:
        return self._tables.get(table, ())

    def _owners(self) -> Mapping[str, str]:
        """The organisation of each place: by its own word, or by a service offered there."""
        found = {}
        for link in map(self._stands_under, self._rows("service_at_location")):
            service = self._above["service"].get(link.service)
            if service is not None:
                found[link.location] = service.organization
        for row in self._rows("location"):
            if row["organization_id"] in self._names:
                found[self._once(row["id"])] = self._once(row["organization_id"])
        return found

    def _number(self, table: str, row: TableRow) -> int:
        """The number of the entry that a row begins; one that is said again is the same."""
        if not cleaned_text(row["name"]):
            return self._lost(row, "no_name", table)
        rid, number = self._once(row["id"]), self._count
        if rid:
            number = self._numbers[table].setdefault(rid, number)
        self._count += number == self._count
        return number

    def _number_place(self, table: str, row: TableRow) -> int:
        house = self._places.get(row["id"], "")
        if row["organization_id"] and not house:
            return self._lost(row, "no_parent", table)
        above = self._numbers["organization"].get(house)
        if above is None or self._counts[house] > 1:
            return self._number(table, row)
        self._numbers[table][self._once(row["id"])] = above
        return above

    def _number_of(self, table: str, row: TableRow) -> int:
        above = self._stands_under(row)
        is_service = table == "service"
        own = self._of_service(row["id"], above) if is_service else self._target(above)
        return self._lost(row, "no_parent", table) if own is None else own

    def _lost(self, row: TableRow, reason: str, table: str) -> int:
        self.broken.extend([Broken(row.line, reason, table)])
        return _NOBODY

    def _target(self, above: _Above) -> int | None:
        """The entry that a row is about: the nearest that has one."""
        if above.phone:
            phone = self._above["phone"].get(above.phone)
            return self._target(phone) if phone is not None else None
        for table in ("location", "organization"):
            rid: str = getattr(above, table)
            own = self._numbers[table].get(rid)
            if own is not None:
                return own
        service = self._above["service"].get(above.service)
        if service is not None:
            return self._of_service(above.service, service)
        link = self._above["service_at_location"].get(above.service_at_location)
        if link is not None:
            return self._target(link)
        return self._numbers["contact"].get(above.contact)

    def _of_service(self, rid: str, above: _Above) -> int | None:
        places = {above.location, *self._offered.get(rid, ())} - {""}
        if len(places) == 1:
            place = self._numbers["location"].get(places.pop())
            if place is not None:
                return place
        return self._numbers["organization"].get(above.organization)

    def _house_of(self, row: TableRow) -> str:
        """The name of the organisation that a row stands under, however far down."""
        above = self._stands_under(row)
        link = self._above["service_at_location"].get(above.service_at_location)
        service = self._above["service"].get((link or above).service)
        place = (link or service or above).location
        rids = (
            above.organization if above.organization in self._names else "",
            service.organization if service is not None else "",
            self._places.get(place, ""),
        )
        return self._names.get(next(filter(None, rids), ""), "")

    def _made(self, numbers: range) -> Iterator[Listed]:
        """Make the entries of these numbers from all rows that belong to them."""
        drafts: dict[int, Draft] = {}
        for number, row in self._of("organization", numbers):
            drafts[number] = self._house(row)
        houses = dict(drafts)
        for number, row in self._of("location", numbers):
            drafts[number] = self._place(row, houses.get(number))
        for number, row in self._of("contact", numbers):
            drafts[number] = self._person(row)
        for table, take in (
            ("address", _address), ("phone", self._phone), ("service", self._service),
            ("language", self._language), ("schedule", self._schedule),
        ):  # fmt: skip
            for number, row in self._of(table, numbers):
                take(drafts[number], row)
        yield from map(self._finished, drafts.values())
        self._said.clear()
        self._hours.clear()

    def _of(self, table: str, numbers: range) -> Iterator[tuple[int, TableRow]]:
        owned = zip(self._owner[table], self._rows(table), strict=True)
        return (each for each in owned if each[0] in numbers)

    def _house(self, row: TableRow) -> Draft:
        draft = Draft(row.line, "organisation")
        draft.put("name", row["name"])
        draft.put("other_name", row["alternate_name"])
        draft.put("email", row["email"])
        draft.put("website", row["website"] or row["url"])
        if row["description"].strip() != row["name"].strip():
            draft.note(row["description"])
        return draft

    def _place(self, row: TableRow, above: Draft | None) -> Draft:
        """A place of its own, or the only one of a house, which is one with it."""
        draft = above or self._house(row)
        if above is not None:
            draft.put("other_name", row["name"])
            draft.put("email", row["email"])
        else:
            draft.put("part_of", self._names.get(self._places.get(row["id"], ""), ""))
        self._say(draft, "languages", row["languages"])
        return draft

    def _person(self, row: TableRow) -> Draft:
        given, _, family = row["name"].strip().rpartition(" ")
        draft = Draft(row.line, "contact")
        draft.put("given_name", given or family)
        draft.put("family_name", family if given else "")
        draft.put("role", row["title"])
        draft.put("email", row["email"])
        draft.note(row["department"])
        draft.put("organisation", self._house_of(row))
        return draft

    def _phone(self, draft: Draft, row: TableRow) -> None:
        number = row["number"].strip("\"' ")
        if row["extension"]:
            number = f"{number} ext. {row['extension']}"
        draft.number(number, is_called=(row["type"] or row["number_type"]) not in _NOT_CALLED)

    def _service(self, draft: Draft, row: TableRow) -> None:
        ended = f" ({row['status']})" if row["status"] in _ENDED else ""
        code = "" if ended else _OURS.get(row["name"].strip(), "")
        if code:
            self._say(draft, "services", code)
        else:
            self._say(draft, "offers", f"{row['name'].strip()}{ended}", sign="\n")
        self._say_populations(draft, row["eligibility_description"])
        draft.put("website", row["url"])
        self._say(draft, "languages", row["languages"])

    def _say_populations(self, draft: Draft, text: str) -> None:
        """For whom a service is, where it is said in our codes; others say it in sentences."""
        words = {word.strip() for word in text.split(",")}
        if words <= POPULATIONS.keys():
            self._say(draft, "populations", text)

    def _language(self, draft: Draft, row: TableRow) -> None:
        self._say(draft, "languages", row["code"] or row["name"] or row["language"])

    def _schedule(self, draft: Draft, row: TableRow) -> None:
        times = list(_times(row))
        self._hours.setdefault(draft, []).extend(times)
        if not times:
            draft.note(row["description"])

    def _say(self, draft: Draft, key: str, text: str, sign: str = ",") -> None:
        said = self._said.setdefault(draft, {}).setdefault(key, [])
        said += [one.strip() for one in text.split(sign) if one.strip()]

    def _finished(self, draft: Draft) -> Listed:
        said = self._said.get(draft, {})
        if draft.type == "organisation":
            draft.put("offers", "\n".join(dict.fromkeys(said.get("offers", ()))))
            draft.put("hours", notation(set(self._hours.get(draft, ()))))
            for key in ("languages", "services", "populations"):
                draft.put_codes(key, said.get(key, ()))
        return draft.done()


def _times(row: TableRow) -> Iterator[tuple[int, str, str]]:
    opens, closes = clock(row["opens_at"]), clock(row["closes_at"])
    for word in (row["byday"] or row["weekday"]).split(","):
        day = day_number(word)
        if day is not None and opens and closes:
            yield day, opens, closes


def _address(draft: Draft, row: TableRow) -> None:
    if draft.type != "organisation":
        return
    lines = (row["attention"], row["address_1"], row["address_2"], row["postal_code"])
    draft.put("address", ", ".join(filter(None, (line.strip() for line in lines))))
    draft.put("city", row["city"])
    draft.put_country(row["country"])
