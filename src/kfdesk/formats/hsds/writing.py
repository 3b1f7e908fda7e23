# SPDX-License-Identifier: GPL-3.0-or-later
"""HSDS 3.0 as JSON: a list of organisations with their places, services, persons and telephones.

An address needs a street in HSDS, and ours never leave: a place is told without one rather than
with an invented one. What the schemas do not allow is left out.
"""

import json
import re
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from kfdesk.domain.listing.hours import DAYS, openings
from kfdesk.domain.lists.directory_codes import SERVICES
from kfdesk.formats.outgoing import Outgoing

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ADDRESS = re.compile(r"https?://\S+")


def write_hsds(entries: Collection[Outgoing], file: BinaryIO) -> None:
    """Write the entries as one JSON text, of which one organisation at a time is in memory."""
    file.write(b"[")
    for number, house in enumerate(houses_of(entries)):
        text = json.dumps(house, ensure_ascii=False, indent=1).replace("\n", "\n ")
        file.write(f"{',' if number else ''}\n {text}".encode())
    file.write(b"\n]\n")


def houses_of(entries: Collection[Outgoing]) -> Iterator[Mapping[str, Any]]:
    """The organisations with all that stands within them, as HSDS names it."""
    people: dict[bytes | None, list[Outgoing]] = {}
    for one in entries:
        if one.type == "contact":
            people.setdefault(one.above, []).append(one)
    for one in entries:
        if one.type == "organisation":
            yield _house(one, people.get(one.rid, []))


def _house(one: Outgoing, people: Sequence[Outgoing]) -> Mapping[str, Any]:
    said = _without_empty({
        "id": _id(one),
        "name": one.name,
        "alternate_name": one.text("other_name"),
        "description": one.text("offers") or one.name,
        "email": _matching(_MAIL, one.text("email")),
        "website": _matching(_ADDRESS, one.text("website")),
        "parent_organization_id": str(uuid.UUID(bytes=one.above)) if one.above else "",
        "phones": [_phone(one, place) for place in range(len(one.numbers))],
        "contacts": [_person(person) for person in people],
        "locations": _places(one),
    })  # fmt: skip
    return {**said, "services": [_service(one, code) for code in one.codes("services")]}


def _places(one: Outgoing) -> list[Mapping[str, Any]]:
    if not one.text("city"):
        return []
    place = {
        "id": _id(one, "location"), "location_type": "physical", "name": one.text("city"),
        "languages": _languages(one), "schedules": _schedules(one),
    }  # fmt: skip
    return [_without_empty(place)]


def _service(one: Outgoing, code: str) -> Mapping[str, Any]:
    return _without_empty({
        "id": _id(one, code), "name": SERVICES.get(code, code), "status": "active",
        "eligibility_description": ", ".join(one.codes("populations")),
        "languages": _languages(one, code),
    })  # fmt: skip


def _person(one: Outgoing) -> Mapping[str, Any]:
    return _without_empty({
        "id": _id(one), "name": one.name, "title": one.text("role"),
        "phones": [_phone(one, place) for place in range(len(one.numbers))],
    })  # fmt: skip


def _phone(one: Outgoing, place: int) -> Mapping[str, Any]:
    return {"id": _id(one, f"phone {place}"), "number": one.numbers[place], "type": "voice"}


def _languages(one: Outgoing, part: str = "") -> list[Mapping[str, Any]]:
    codes = one.codes("languages")
    return [{"id": _id(one, f"{part} language {code}"), "code": code} for code in codes]


def _schedules(one: Outgoing) -> list[Mapping[str, Any]]:
    """The opening hours by days; in words where they are typed in words."""
    hours = one.text("hours")
    found = openings(hours) if hours else ()
    if found is None:
        return [{"id": _id(one, "schedule"), "description": hours}]
    return [
        {
            "id": _id(one, f"schedule {place}"), "freq": "WEEKLY",
            "byday": ",".join(day.upper() for day in DAYS[each.first : each.last + 1]),
            "opens_at": each.opens, "closes_at": each.closes,
        }
        for place, each in enumerate(found)
    ]  # fmt: skip


def _id(one: Outgoing, part: str = "") -> str:
    own = uuid.UUID(bytes=one.rid)
    return str(uuid.uuid5(own, part) if part else own)


def _matching(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""


def _without_empty(cells: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in cells.items() if value}
