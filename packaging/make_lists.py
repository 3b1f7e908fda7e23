# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the public lists in `resources/lists/` that an empty directory can begin with.

Run by hand when the lists are renewed, never during set-up: the result is kept in the repository.
Addresses are left out: they are old, and a desk needs none to call. A country without a code of
ISO 3166-1 is left out, too. The same lists give the same bytes.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from babel import Locale

Line = Mapping[str, str]

_ORGANISATIONS = (
    "Organisations, authorities and helplines against trafficking in human beings.",
    "source: lastradainternational.org, noomimalmo.se, cbss.org, github.com/UKHomeOffice …",
    "sources: named line by line in the column source",
    "date: 2026-11-24",
    "licence: GPL-3.0-or-later; single facts of public pages, which nobody owns",
    "warning: nobody has checked these entries with the organisations; some are from 2019",
)
_MISSIONS = (
    "Embassies and consulates in Northern and Eastern Europe, Germany, Romania and Georgia.",
    "source: github.com/database-of-embassies (Wikidata)",
    "commit: b1987a62f9412564fa33c5e9193a65319bc504a3",
    "date: 2022-11-16",
    "licence: CC0-1.0; rows and columns cut, countries as codes",
    "warning: nobody has checked these entries; telephones and e-mails are often old",
)
_ORGANISATION_COLUMNS = (
    "name", "other_name", "country", "actor_type", "services", "offers", "website", "phone",
    "contact_risk", "source",
)  # fmt: skip
_MISSION_COLUMNS = (
    "kind", "sender", "host", "city", "city_sv", "city_ru", "phone", "email", "website",
)  # fmt: skip
_ACTORS = (
    ("gender equality", "gender_equality_agency"), ("intergovernmental", "other_igo"),
    ("municipality", "municipality"), ("network", "coalition"), ("platform", "coalition"),
    ("ngo", "ngo"),
)  # fmt: skip
"""A word of name or kind, and the kind of actor that it tells; the first that fits."""
_LINES = ("hotline", "support line", "referral line", "line for people")
_RISKY = frozenset({"BY", "RU"})
"""Where contact with such an organisation can itself be held against somebody."""
_KINDS = {
    "embassy": "embassy", "consulate general": "consulate_general", "consulate": "consulate",
    "honorary consulate": "honorary_consulate", "apostolic nunciature": "nunciature",
    "de facto embassy": "office", "Consulate General of Sweden": "consulate_general",
    "Consular Agency": "consulate", "Taipei Representative Office": "office",
}  # fmt: skip
_OTHER_NAMES = {
    "Bosnia and Herzegovina": "BA", "Czech Republic": "CZ", "Ivory Coast": "CI", "Myanmar": "MM",
    "Democratic Republic of the Congo": "CD", "Palestine": "PS", "Turkey": "TR", "Vatican": "VA",
    "People's Republic of China": "CN", "Republic of Ireland": "IE", "The Gambia": "GM",
    "Republic of the Congo": "CG", "United States of America": "US",
}  # fmt: skip


def lines_of(path: Path) -> list[dict[str, str]]:
    """Return the lines of a CSV list with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def organisations(lines: Iterable[Line]) -> Iterator[tuple[str, ...]]:
    """Yield the organisations, one row each."""
    for line in lines:
        told = f"{line['name']} {line['kind']}".lower()
        actor = next((code for word, code in _ACTORS if word in told), "")
        yield (
            line["name"], line["name_local"] if line["name_local"] != line["name"] else "",
            line["country"], actor, "helpline" if any(word in told for word in _LINES) else "",
            line["kind"], line["website"], line["phone_unchecked"],
            "ask_first" if line["country"] in _RISKY else "", line["seen_at"],
        )  # fmt: skip


def missions(
    lines: Iterable[Line], names: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[str, ...]]:
    """Yield the missions, one row each; of those that nothing tells apart, the first."""
    seen: set[tuple[str, ...]] = set()
    for line in lines:
        sender, host = _code(line["sending_country"]), _code(line["host_country"])
        if not sender or not host:
            continue
        kind, city = _KINDS[line["type"]], line["city"]
        mark = (kind, sender, host, city)
        if mark in seen:
            continue
        seen.add(mark)
        other = names.get(city, ("", ""))
        yield (*mark, *other, line["phone"], line["email"], line["website"])


def make_list(about: Sequence[str], columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a list as text: what it is, its columns, and its rows in order."""
    cells = sorted(tuple(" ".join(cell.split()) for cell in row) for row in rows)
    head = [f"# {line}" for line in about]
    return "\n".join([*head, "\t".join(columns), *map("\t".join, cells)]) + "\n"


def _code(country: str) -> str:
    return _OTHER_NAMES.get(country) or _codes().get(country, "")


def _codes() -> Mapping[str, str]:
    known = Locale.parse("en").territories
    return {name: code for code, name in known.items() if len(code) == 2 and code.isalpha()}


def main(arguments: Sequence[str]) -> int:
    """Make the files of the lists named on the command line."""
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description="Make the public lists to begin with.")
    parser.add_argument("organisations", type=Path, help="list of organisations, CSV")
    parser.add_argument("missions", type=Path, help="list of embassies and consulates, CSV")
    parser.add_argument("--target", type=Path, default=root / "resources" / "lists")
    parser.add_argument("--names", type=Path, default=Path(__file__).with_name("place_names.tsv"))
    chosen = parser.parse_args(arguments)
    with chosen.names.open(encoding="utf-8", newline="") as file:
        names = {line[0]: (line[2], line[3]) for line in csv.reader(file, delimiter="\t")}
    made = {
        "organisations": make_list(
            _ORGANISATIONS, _ORGANISATION_COLUMNS, organisations(lines_of(chosen.organisations))
        ),
        "missions": make_list(
            _MISSIONS, _MISSION_COLUMNS, missions(lines_of(chosen.missions), names)
        ),
    }
    chosen.target.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (chosen.target / f"{name}.tsv").write_text(text, encoding="utf-8", newline="\n")
        print(f"{name}: {len(text.encode()) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
