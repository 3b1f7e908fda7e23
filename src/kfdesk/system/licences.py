# SPDX-License-Identifier: GPL-3.0-or-later
"""The components of the program: each with its version, licence and licence text.

A package contains the list, which its build made. A program that runs from source collects
the list from the installed packages, so that no component can be forgotten. Knows no
purpose of a component.
"""

import json
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from kfdesk.domain.version import VERSION, LicensedComponent
from kfdesk.system import paths

COMPONENTS_FILE = "parts.json"
_PROGRAM = ("Notebook (kfdesk)", VERSION, "GPL-3.0-or-later")
DATA_LICENCES = {
    "fonts": ("Noto Sans", "OFL-1.1"),
    "icons": ("Lucide", "ISC"),
    "lists": ("Database of Embassies, from Wikidata", "CC0-1.0"),
    "places": ("GeoNames, airportsdata, searoute", "CC-BY-4.0, MIT, Apache-2.0"),
    "words": ("EFF word list", "CC-BY-3.0-US"),
}
_MISSING_LICENCES = {"pyrage": "MIT", "sqlcipher3": "Zlib"}  # their metadata names no licence
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LICENCE_FILE = re.compile(r"\.dist-info/.*(licen[cs]e|copying|notice)", re.IGNORECASE)
_LONGEST_LICENCE = 60


def program_components(root: Path | None = None) -> tuple[LicensedComponent, ...]:
    """Return all components of this program, itself first; `root` is its folder."""
    folder = root or paths.program_folder()
    try:
        listed = json.loads((folder / COMPONENTS_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return list_components(folder, installed_requirements("kfdesk"))
    return tuple(LicensedComponent(*each) for each in listed)


def list_components(
    folder: Path, packages: Iterable[Distribution], others: Iterable[LicensedComponent] = ()
) -> tuple[LicensedComponent, ...]:
    """Return the program in `folder` first, then by name its data, packages and `others`."""
    lists = [
        LicensedComponent(
            name, "", licence, _join_texts(sorted((folder / "resources" / place).glob("*.txt")))
        )
        for place, (name, licence) in DATA_LICENCES.items()
    ]
    inside = map(_bundled_component, (folder / "resources" / "parts").glob("*.txt"))
    found = [*map(_package_component, packages), *lists, *inside, *others]
    found.sort(key=lambda part: part.name.casefold())
    return (LicensedComponent(*_PROGRAM, _join_texts([folder / "LICENSE"])), *found)


def installed_requirements(name: str, where: list[str] | None = None) -> list[Distribution]:
    """Return the installed packages that `name` requires, directly or indirectly.

    `where` are folders or wheels to search instead of this process's own.
    """
    every = distributions() if where is None else distributions(path=where)
    known = {_normalize_name(found.name): found for found in every}
    reached: dict[str, Distribution] = {}
    waiting = [name]
    while waiting:
        asked = waiting.pop()
        if asked in known and asked not in reached:
            reached[asked] = known[asked]
            waiting += _requirements(known[asked])
    reached.pop(name, None)
    return list(reached.values())


def _requirements(found: Distribution) -> Iterator[str]:
    for text in found.requires or ():
        name = _NAME.match(text)
        if name is not None and "extra ==" not in text:
            yield _normalize_name(name[0])


def _package_component(found: Distribution) -> LicensedComponent:
    head = found.metadata
    said = head["License-Expression"] or head["License"] or ""
    first = said.strip().partition("\n")[0]
    kinds = [each for each in head.get_all("Classifier") or () if each.startswith("License ::")]
    named = ", ".join(each.rpartition(" :: ")[2] for each in kinds)
    files = sorted(file for file in found.files or () if _LICENCE_FILE.search(str(file)))
    texts = [file.read_binary().decode("utf-8", "replace") for file in files]
    licence = (
        first
        if 0 < len(first) <= _LONGEST_LICENCE
        else named or _MISSING_LICENCES.get(found.name, "")
    )
    return LicensedComponent(found.name, found.version, licence, "\n\n".join(texts))


def _bundled_component(path: Path) -> LicensedComponent:
    """Read a bundled work of others; the file name holds its name and version."""
    name, _, version = path.stem.partition("_")
    licence, _, text = path.read_text(encoding="utf-8").partition("\n\n")
    return LicensedComponent(name, version, licence, text)


def _join_texts(files: list[Path]) -> str:
    texts = [path.read_text(encoding="utf-8").strip() for path in files if path.is_file()]
    return "\n\n".join(texts)


def _normalize_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
