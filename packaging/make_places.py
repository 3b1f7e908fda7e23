# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes `resources/places/places.tsv` of lists of cities, airports and ports.

Run by hand when the lists are renewed, never during set-up: the result is kept in the repository.
A city's Swedish and Russian names come from `place_names.tsv`, which a person wrote; other
Cyrillic spellings are a mixture of languages, so they only help to find a place and are never
offered as its name. The same lists give the same bytes.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Line = Mapping[str, str]

COLUMNS = ("kind", "name", "country", "zone", "sv", "ru", "spellings")
_NAMES = Path(__file__).with_name("place_names.tsv")
_RUSSIAN = set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя -")
_LONGEST = 24  # letters of a spelling that is worth its bytes


@dataclass(frozen=True)
class Place:
    """A place as one line of the file says it, and how many people live there."""

    kind: str
    name: str
    country: str
    zone: str
    people: int = 0
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Spot:
    country: str
    lat: float
    lon: float
    zone: str


def lines_of(path: Path) -> list[dict[str, str]]:
    """Return the lines of a CSV list with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cities(lines: Iterable[Line]) -> Iterator[Place]:
    """Yield the cities, each with its Russian spellings as search terms."""
    for line in lines:
        spellings = tuple(
            spelling
            for spelling in line["cyrillic_names"].split("|")
            if spelling and len(spelling) <= _LONGEST and set(spelling.lower()) <= _RUSSIAN
        )
        people = int(line["population"] or 0)
        yield Place("city", line["name"], line["country"], line["tz"], people, spellings)


def airports(lines: Iterable[Line]) -> Iterator[Place]:
    """Yield the airports, each with its code and its city as search terms."""
    for line in lines:
        spellings = tuple(filter(None, (line["iata"], line["city"])))
        yield Place("airport", line["name"], line["country"], line["tz"], 0, spellings)


def ports(lines: Iterable[Line], spots: Sequence[_Spot], known: set[str]) -> Iterator[Place]:
    """Yield the ports that are no city, with the time zone of the nearest of `spots`."""
    for line in lines:
        if line["name"].lower() in known:
            continue
        near = [spot for spot in spots if spot.country == line["country"]]
        lat, lon = float(line["lat"]), float(line["lon"])
        nearest = min(near, key=lambda s: (s.lat - lat) ** 2 + (s.lon - lon) ** 2)
        name = line["name"].title() if line["name"].isupper() else line["name"]
        yield Place("port", name, line["country"], nearest.zone)


def written(places: Sequence[Place], names: Mapping[tuple[str, str], tuple[str, str]]) -> str:
    """Return the text of the file: cities by size, then airports, then ports, by name."""
    order = ("city", "airport", "port")
    ranked = sorted(places, key=lambda p: (order.index(p.kind), -p.people, p.name, p.zone))
    lines = ["\t".join(COLUMNS)]
    for place in ranked:
        key = (place.name, place.country)
        swedish, russian = names.get(key, ("", "")) if place.kind == "city" else ("", "")
        spellings = "|".join(s for s in place.spellings if s not in (place.name, russian))
        parts = (place.name, place.country, place.zone, swedish, russian, spellings)
        lines.append("\t".join((place.kind[0], *parts)))
    return "\n".join(lines) + "\n"


def make_places(source: Path, names: Path = _NAMES) -> str:
    """Return the text of the file made from the lists in `source`.

    Raise KeyError for a list without its columns, and for a name given by hand that no list
    has, if its country has several time zones.
    """
    city_lines = lines_of(source / "cities.csv")
    airport_lines = lines_of(source / "airports.csv")
    spots = [
        _Spot(line["country"], float(line["lat"]), float(line["lon"]), line["tz"])
        for line in (*city_lines, *airport_lines)
    ]
    given = [line.split("\t") for line in names.read_text(encoding="utf-8").splitlines()]
    found = [*cities(city_lines), *airports(airport_lines)]
    known = {place.name.lower() for place in found if place.kind == "city"}
    found.extend(_added(given, known))
    known.update(place.name.lower() for place in found)
    found.extend(ports(lines_of(source / "ports.csv"), spots, known))
    return written(found, {(name, country): (sv, ru) for name, country, sv, ru in given})


def _added(given: Sequence[Sequence[str]], known: set[str]) -> Iterator[Place]:
    """Places with names of their own that the list of cities leaves out."""
    for name, country, *_ in given:
        if name.lower() not in known:
            yield Place("city", name, country, _ZONES[country])


_ZONES = {
    "SE": "Europe/Stockholm",
    "AX": "Europe/Mariehamn",
    "FI": "Europe/Helsinki",
    "EE": "Europe/Tallinn",
    "LV": "Europe/Riga",
    "LT": "Europe/Vilnius",
    "RU": "Europe/Moscow",
}
"""The clock of a small place, where its country has one, or its part of it."""


def main(arguments: Sequence[str]) -> int:
    """Make the file of the folder of lists named on the command line."""
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description="Make the list of places that editors offer.")
    parser.add_argument("source", type=Path, help="folder with cities, airports and ports")
    parser.add_argument("--target", type=Path, default=root / "resources" / "places")
    parser.add_argument("--names", type=Path, default=_NAMES, help="names written by hand")
    chosen = parser.parse_args(arguments)
    text = make_places(chosen.source, chosen.names)
    chosen.target.mkdir(parents=True, exist_ok=True)
    (chosen.target / "places.tsv").write_text(text, encoding="utf-8", newline="\n")
    print(f"{text.count(chr(10)) - 1} places, {len(text.encode()) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
