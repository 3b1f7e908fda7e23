# SPDX-License-Identifier: GPL-3.0-or-later
"""Public lists that an empty directory can begin with, shipped in `resources/lists`.

An entry that is taken becomes an entry of this desk, under an id of its own: two desks that began
with one list have two entries of each organisation, and are asked to join them. Ids fixed by name
would give one id two owners, and each owner's file would be refused by the other. Nobody checked
these entries. So each says so in its notice, which goes where the entry goes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.world import COUNTRIES
from kfdesk.domain.directory import ParsedContact, ParsedFile, ParsedValue
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.rows import view
from kfdesk.i18n.language import Language
from kfdesk.i18n.missions import mission_name
from kfdesk.services.core.session import Progress, Session
from kfdesk.services.directory.files import ContactImportPreview, preview_parsed_contacts

STARTER_CONFIDENTIALITY = "public"
"""The class of entries that were public before they came here."""
_COMMENT = "#"
_NOTICE = N_("From a public list ({date}). No one had checked it: make sure before you rely on it.")
_FROM = N_("Public list of {date}, from {source}.")
_PLAIN_KEYS = (
    "name", "other_name", "country", "actor_type", "offers", "website", "contact_risk", "email",
)  # fmt: skip


class StarterKind(StrEnum):
    """The lists, by the names of their files."""

    ORGANISATIONS = "organisations"
    MISSIONS = "missions"


@dataclass(frozen=True, slots=True)
class StarterList:
    """A list: what is in it, where it comes from, its day, and the country it is cut down to."""

    kind: StarterKind
    source: str
    date: str
    licence: str
    entries: tuple[ParsedContact, ...] = field(repr=False)
    country: str = ""


def read_starter_lists(desk: Session, folder: Path, words: Language) -> tuple[StarterList, ...]:
    """Return the lists in a folder, with names in the language of the window.

    Of the missions those in the country of this desk, all where that is not known or has none. A
    list that is missing or damaged is left out. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    row = desk.store.row(desk.identity.organisation)
    country = view(row, Organisation).record.country if row is not None else None
    found = (_read_list(kind, folder, words) for kind in StarterKind)
    return tuple(_cut_down(one, str(country or "")) for one in found if one is not None)


def preview_starter_list(
    desk: Session, chosen: StarterList, progress: Progress | None = None
) -> ContactImportPreview:
    """Return what taking a list over would do. Write nothing.

    Raise KfdeskError `user.not_allowed` or `work.cancelled`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    return preview_parsed_contacts(desk, ParsedFile(chosen.entries), progress)


def day_of_list(chosen: StarterList, words: Language) -> str:
    """Return the day of a list in words, or as it is written where it is no day."""
    try:
        return words.day(date.fromisoformat(chosen.date), year=True)
    except ValueError:
        return chosen.date


def _read_list(kind: StarterKind, folder: Path, words: Language) -> StarterList | None:
    try:
        lines = (folder / f"{kind}.tsv").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    told = dict(
        line.removeprefix(_COMMENT).strip().partition(": ")[::2]
        for line in lines if line.startswith(_COMMENT)
    )  # fmt: skip
    table = [line.split("\t") for line in lines if line and not line.startswith(_COMMENT)]
    if not table:
        return None
    about = StarterList(
        kind, told.get("source", ""), told.get("date", ""), told.get("licence", ""), ()
    )
    make = _organisation if kind is StarterKind.ORGANISATIONS else _mission
    rows = (dict(zip(table[0], row, strict=False)) for row in table[1:])
    entries = (
        _entry(number, make(row, words), row, about, words) for number, row in enumerate(rows, 1)
    )
    named = sorted((one for one in entries if one.name), key=lambda one: one.name.casefold())
    return replace(about, entries=tuple(named))


def _organisation(row: Mapping[str, str], _words: Language) -> dict[str, ParsedValue]:
    values: dict[str, ParsedValue] = {key: row[key] for key in _PLAIN_KEYS if row.get(key)}
    if row.get("services"):
        values["services"] = tuple(row["services"].split(","))
    return values


def _mission(row: Mapping[str, str], words: Language) -> dict[str, ParsedValue]:
    """Return a mission by its name; an embassy is named by the country in which it stands."""
    kind, host = row.get("kind", ""), row.get("host", "")
    city = row.get(f"city_{words.code}") or row.get("city", "")
    is_of_country = kind in ("embassy", "nunciature", "office") or not city
    place = words.country(host) if is_of_country else city
    values: dict[str, ParsedValue] = {key: row[key] for key in _PLAIN_KEYS if row.get(key)}
    return values | {
        "name": mission_name(kind, row.get("sender", ""), place, words),
        "country": host,
        "city": city,
        "actor_type": "embassy_consulate",
        "services": ("civil_documents",),
        "contact_risk": "ask_first",  # an embassy may tell her country that she was there
    }


def _entry(
    line: int, values: Mapping[str, ParsedValue], row: Mapping[str, str], about: StarterList,
    words: Language,
) -> ParsedContact:  # fmt: skip
    """Return an entry with its notice, and where it comes from in the note of this desk."""
    day = day_of_list(about, words)
    notice = words.gettext(_NOTICE).format(date=day)
    note = words.gettext(_FROM).format(date=day, source=row.get("source") or about.source)
    kept = {key: value for key, value in values.items() if value}
    if kept.get("country") not in COUNTRIES:
        kept.pop("country", None)
    numbers = tuple(filter(None, (row.get("phone", "").strip(),)))
    return ParsedContact(line, "organisation", {**kept, "alert": notice, "note": note}, numbers)


def _cut_down(whole: StarterList, country: str) -> StarterList:
    """Return a list of missions cut down to those in a country; whole if it has none."""
    here = tuple(_in_country(whole.entries, country))
    if whole.kind is StarterKind.ORGANISATIONS or not here:
        return whole
    return replace(whole, entries=here, country=country)


def _in_country(entries: Sequence[ParsedContact], country: str) -> Iterator[ParsedContact]:
    return (one for one in entries if country and one.values.get("country") == country)
