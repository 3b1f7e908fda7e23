# SPDX-License-Identifier: GPL-3.0-or-later
"""What a vCard says, as an entry of the directory: an organisation, or a person who works for one.

Names, telephones, addresses and notes are taken; birthdays, pictures and the marks of other
programs are not, since a directory of helpers does not need them. Knows no file's letters.
"""

from collections.abc import Iterator, Mapping, Sequence

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.listed import MOST_ENTRIES, Broken, Listed, Reading
from kfdesk.domain.packed import Packed
from kfdesk.formats.cards.lines import Line, as_utf8, read_lines
from kfdesk.formats.entries import Draft
from kfdesk.formats.letters import decoded

_NOT_CALLED = ("fax", "pager")
_GROUPS = {"org", "group"}


def read_cards(data: bytes, encoding: str = "") -> Reading:
    """All cards of a file; those that nothing tells otherwise in `encoding`.

    Raises KfdeskError `contacts.not_these_letters` or `contacts.too_many`.
    """
    found = encoding or decoded(data)[1]
    is_wide = found.startswith("utf-16")
    entries, broken = Packed(Listed), Packed(Broken)
    pages: set[str] = set()
    for first, lines, reason in _cards(as_utf8(data, found), "" if is_wide else encoding):
        pages |= {line.guessed for line in lines}
        entry = _entry(first, lines) if not reason else None
        if entry is not None:
            entries.extend((entry,))
        else:
            broken.extend((Broken(first, reason or "no_name"),))
        if len(entries) + len(broken) > MOST_ENTRIES:
            raise KfdeskError("contacts.too_many", most=MOST_ENTRIES)
    page = max(pages) if pages else ""
    told = found if is_wide else encoding or "utf-8"
    return Reading(entries.kept, broken.kept, (), page or told, not page)


def _cards(data: bytes, encoding: str) -> Iterator[tuple[int, list[Line], str]]:
    """Each card with its first line, its lines, and why it cannot be read, if so."""
    lines: list[Line] = []
    first, inside = 0, ""
    for line in read_lines(data, encoding):
        if isinstance(line, int):
            continue  # a line that says nothing harms no card
        if line.name == "BEGIN":
            if inside or lines:
                yield first, lines, "no_end" if inside else "no_begin"
            first, lines, inside = line.number, [], line.value.strip().lower()
        elif line.name == "END":
            wrong = "not_a_card" if inside and inside != "vcard" else ""
            if inside or lines:
                yield first, lines, wrong or ("" if inside else "no_begin")
            lines, inside = [], ""
        else:
            first = first if inside or lines else line.number
            lines.append(line)
    if inside or lines:
        yield first, lines, "no_end" if inside else "no_begin"


def _entry(first: int, lines: Sequence[Line]) -> Listed | None:
    by_name: dict[str, list[Line]] = {}
    for line in lines:
        if line.value.strip(" ;"):
            by_name.setdefault(line.name, []).append(line)
    names = by_name.get("N")
    parts = [part.strip() for part in names[0].parts()[:2]] if names else []
    family, given = (*parts, "", "")[:2]
    full, house = _first(by_name, "FN"), _first_part(by_name, "ORG")
    if _first(by_name, "KIND").lower() in _GROUPS or not (family or given):
        if house and (not full or full == house or _says_company(lines)):
            return _house(first, house, by_name)
        if _first(by_name, "KIND").lower() in _GROUPS:
            return _house(first, full, by_name) if full else None
    if not (family or given or full):
        return None
    values = {"given_name": given, "family_name": family, "organisation": house}
    if not (family or given):
        values["given_name"] = full
    return _person(first, values, by_name)


def _says_company(lines: Sequence[Line]) -> bool:
    return any(line.name == "X-ABSHOWAS" and line.value == "COMPANY" for line in lines)


def _house(first: int, name: str, by_name: Mapping[str, list[Line]]) -> Listed:
    draft = Draft(first, "organisation")
    draft.put("name", name)
    nick = _first(by_name, "NICKNAME")
    draft.put("other_name", nick)
    draft.put("website", _first(by_name, "URL"))
    draft.put("email", _first(by_name, "EMAIL"))
    draft.put_codes("languages", [line.text for line in by_name.get("LANG", ())])
    draft.put_codes("services", _categories(by_name))
    draft.put_codes("populations", _categories(by_name))
    draft.put_codes("networks", _categories(by_name))
    draft.put("hours", _first(by_name, "X-KFDESK-HOURS"))
    draft.put("offers", _first(by_name, "X-KFDESK-OFFERS"))
    draft.put("part_of", _first(by_name, "X-KFDESK-PART-OF"))
    draft.put("contact_risk", _first(by_name, "X-KFDESK-CONTACT-RISK"))
    for line in by_name.get("ADR", ())[:1]:
        _put_address(draft, line)
    _put_rest(draft, by_name)
    return draft.done()


def _person(first: int, values: Mapping[str, str], by_name: Mapping[str, list[Line]]) -> Listed:
    draft = Draft(first, "contact")
    for key, value in values.items():
        draft.put(key, value)
    draft.put("role", _first(by_name, "TITLE") or _first(by_name, "ROLE"))
    draft.put("email", _first(by_name, "EMAIL"))
    for line in by_name.get("ADR", ()):
        draft.note(", ".join(filter(None, (part.strip() for part in line.parts()))))
    for line in by_name.get("URL", ()):
        draft.note(line.text)
    _put_rest(draft, by_name)
    return draft.done()


def _put_address(draft: Draft, line: Line) -> None:
    box, more, street, city, _, code, country = (*line.parts(), *[""] * 7)[:7]
    draft.put("address", ", ".join(filter(None, (street, more, box, code))))
    draft.put("city", city)
    draft.put_country(country)


def _put_rest(draft: Draft, by_name: Mapping[str, list[Line]]) -> None:
    for line in by_name.get("TEL", ()):
        number = line.text.removeprefix("tel:").replace(";ext=", " ext. ")
        draft.number(number, is_called=not line.is_a(*_NOT_CALLED))
    for line in by_name.get("EMAIL", ())[1:]:
        draft.note(line.text)
    for line in by_name.get("NOTE", ()):
        draft.note(line.text)


def _categories(by_name: Mapping[str, list[Line]]) -> list[str]:
    return [word for line in by_name.get("CATEGORIES", ()) for word in line.parts(",")]


def _first(by_name: Mapping[str, list[Line]], name: str) -> str:
    return by_name[name][0].text.strip() if name in by_name else ""


def _first_part(by_name: Mapping[str, list[Line]], name: str) -> str:
    return by_name[name][0].parts()[0].strip() if name in by_name else ""
