# SPDX-License-Identifier: GPL-3.0-or-later
"""HSDS tables as entries of the directory.

A place that answers by itself becomes an entry that is part of its organisation; where there is
only one place, the two are one entry. Services stand in their own words with the place that offers
them. A row that nothing leads to is named, and costs no other.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.hours import clock, day_number, notation
from kfdesk.domain.listing.listed import Broken, Listed, Reading
from kfdesk.domain.lists.directory_codes import POPULATIONS, SERVICES
from kfdesk.domain.packed import Packed
from kfdesk.formats.entries import Draft
from kfdesk.formats.hsds.tables import TableRow, Tables

_NOT_CALLED = {"fax", "pager", "textphone"}
_ENDED = {"inactive", "defunct", "temporarily closed"}
_OURS = {label: code for code, label in SERVICES.items()}
"""Services by the names under which we give them away."""


def read_tables(tables: Tables) -> Reading:
    """The entries of the tables. Raises KfdeskError `contacts.nothing_inside`."""
    found = _Reader(tables)
    entries, broken = found.entries(), tuple(found.broken)
    if not entries and not broken:
        raise KfdeskError("contacts.nothing_inside")
    return Reading(entries, broken)


class _Reader:
    """The drafts of one set of tables, while rows find the entry they belong to."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.broken: list[Broken] = []
        self._ids = {name: {row["id"]: row for row in rows} for name, rows in tables.items()}
        self._places = self._owners()
        self._counts = Counter(self._places.values())
        self._offered: dict[str, set[str]] = {}
        for link in self._rows("service_at_location"):
            self._offered.setdefault(link["service_id"], set()).add(link["location_id"])
        self._drafts: dict[tuple[str, str], Draft] = {}
        self._said: dict[Draft, dict[str, list[str]]] = {}
        self._hours: dict[Draft, list[tuple[int, str, str]]] = {}

    def entries(self) -> Sequence[Listed]:
        for row in self._rows("organization"):
            self._begin("organization", row)
        for row in self._rows("location"):
            self._begin_place(row)
        for row in self._rows("contact"):
            self._begin_person(row)
        for table, take in (
            ("address", _address), ("phone", self._phone), ("service", self._service),
            ("language", self._language), ("schedule", self._schedule),
        ):  # fmt: skip
            for row in self._rows(table):
                draft = self._target(row) if table != "service" else self._of_service(row)
                if draft is None:
                    self.broken.append(Broken(row.line, "no_parent", table))
                else:
                    take(draft, row)
        drafts = dict.fromkeys(self._drafts.values())
        return Packed(Listed, map(self._finished, drafts)).kept

    def _rows(self, table: str) -> list[TableRow]:
        return self._tables.get(table, [])

    def _row(self, table: str, rid: str) -> TableRow | None:
        return self._ids.get(table, {}).get(rid)

    def _owners(self) -> Mapping[str, str]:
        """The organisation of each place: by its own word, or by a service offered there."""
        found = {}
        for link in self._rows("service_at_location"):
            service = self._row("service", link["service_id"])
            if service is not None:
                found[link["location_id"]] = service["organization_id"]
        for row in self._rows("location"):
            if self._row("organization", row["organization_id"]) is not None:
                found[row["id"]] = row["organization_id"]
        return found

    def _begin(self, table: str, row: TableRow) -> Draft | None:
        draft = Draft(row.line, "organisation")
        draft.put("name", row["name"])
        draft.put("other_name", row["alternate_name"])
        draft.put("email", row["email"])
        draft.put("website", row["website"] or row["url"])
        if row["description"].strip() != row["name"].strip():
            draft.note(row["description"])
        if not draft.has_name:
            self.broken.append(Broken(row.line, "no_name", table))
            return None
        self._drafts[table, row["id"]] = draft
        return draft

    def _begin_place(self, row: TableRow) -> None:
        house = self._places.get(row["id"], "")
        if row["organization_id"] and not house:
            self.broken.append(Broken(row.line, "no_parent", "location"))
            return
        above = self._drafts.get(("organization", house))
        if above is not None and self._counts[house] == 1:
            self._drafts["location", row["id"]] = above
            above.put("other_name", row["name"])
            above.put("email", row["email"])
            draft: Draft | None = above
        else:
            draft = self._begin("location", row)
            named = self._row("organization", house)
            if draft is not None and named is not None:
                draft.put("part_of", named["name"])
        if draft is not None:
            self._say(draft, "languages", row["languages"])

    def _begin_person(self, row: TableRow) -> None:
        given, _, family = row["name"].strip().rpartition(" ")
        draft = Draft(row.line, "contact")
        draft.put("given_name", given or family)
        draft.put("family_name", family if given else "")
        draft.put("role", row["title"])
        draft.put("email", row["email"])
        draft.note(row["department"])
        house = self._row("organization", self._house_of(row))
        draft.put("organisation", house["name"] if house is not None else "")
        if draft.has_name:
            self._drafts["contact", row["id"]] = draft
        else:
            self.broken.append(Broken(row.line, "no_name", "contact"))

    def _house_of(self, row: TableRow) -> str:
        """The id of the organisation that a row stands under, however far down."""
        if self._row("organization", row["organization_id"]) is not None:
            return row["organization_id"]
        link = self._row("service_at_location", row["service_at_location_id"])
        service = self._row("service", (link or row)["service_id"])
        if service is not None and service["organization_id"]:
            return service["organization_id"]
        return self._places.get((link or service or row)["location_id"], "")

    def _target(self, row: TableRow) -> Draft | None:
        """The entry that a row is about: the nearest that has one."""
        if row["phone_id"]:
            phone = self._row("phone", row["phone_id"])
            return self._target(phone) if phone is not None else None
        for key in ("location_id", "organization_id"):
            own = self._drafts.get((key.removesuffix("_id"), row[key]))
            if own is not None:
                return own
        service = self._row("service", row["service_id"])
        if service is not None:
            return self._of_service(service)
        link = self._row("service_at_location", row["service_at_location_id"])
        if link is not None:
            return self._target(link)
        return self._drafts.get(("contact", row["contact_id"]))

    def _of_service(self, row: TableRow) -> Draft | None:
        links = {row["location_id"], *self._offered.get(row["id"], ())}
        places = [self._drafts.get(("location", one)) for one in links if one]
        if len(places) == 1 and places[0] is not None:
            return places[0]
        return self._drafts.get(("organization", row["organization_id"]))

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
