# SPDX-License-Identifier: GPL-3.0-or-later
"""What the program is made of: each part with its version, its licence and the licence's text.

A package brings the list along, made when it was built. A program that runs from its source reads
it off what is installed beside it, so that no list can forget a part. What the parts are for is
not known here.
"""

import json
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from kfdesk.domain.desk.release import VERSION, Part
from kfdesk.system import paths

FILE = "parts.json"
_OURS = ("Notebook (kfdesk)", VERSION, "GPL-3.0-or-later")
_LISTS = {
    "fonts": ("Noto Sans", "OFL-1.1"),
    "icons": ("Lucide", "ISC"),
    "places": ("GeoNames, airportsdata, searoute", "CC-BY-4.0, MIT, Apache-2.0"),
    "words": ("EFF word list", "CC-BY-3.0-US"),
}
_UNSAID = {"pyrage": "MIT", "sqlcipher3": "Zlib"}  # their own descriptions name no licence
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_TEXTS = re.compile(r"\.dist-info/.*(licen[cs]e|copying|notice)", re.IGNORECASE)
_LONGEST = 60


def program_parts(root: Path | None = None) -> tuple[Part, ...]:
    """All parts of this copy of the program, itself first; `root` is its own folder."""
    folder = root or paths.root()
    try:
        listed = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return every_part(folder, installed("kfdesk"))
    return tuple(Part(*each) for each in listed)


def every_part(
    folder: Path, packages: Iterable[Distribution], others: Iterable[Part] = ()
) -> tuple[Part, ...]:
    """The program in `folder`, and by name its lists, these packages and these others."""
    lists = [
        Part(name, "", licence, _joined(sorted((folder / "resources" / place).glob("*.txt"))))
        for place, (name, licence) in _LISTS.items()
    ]
    inside = map(_inside, (folder / "resources" / "parts").glob("*.txt"))
    found = [*map(_part, packages), *lists, *inside, *others]
    found.sort(key=lambda part: part.name.casefold())
    return (Part(*_OURS, _joined([folder / "LICENSE"])), *found)


def installed(name: str, where: list[str] | None = None) -> list[Distribution]:
    """The packages that `name` asks for, and those that these ask for, as far as installed.

    `where` are folders, or packed wheels, instead of this process's own.
    """
    every = distributions() if where is None else distributions(path=where)
    known = {_plain(found.name): found for found in every}
    reached: dict[str, Distribution] = {}
    waiting = [name]
    while waiting:
        asked = waiting.pop()
        if asked in known and asked not in reached:
            reached[asked] = known[asked]
            waiting += _asked(known[asked])
    reached.pop(name, None)
    return list(reached.values())


def _asked(found: Distribution) -> Iterator[str]:
    for text in found.requires or ():
        name = _NAME.match(text)
        if name is not None and "extra ==" not in text:
            yield _plain(name[0])


def _part(found: Distribution) -> Part:
    head = found.metadata
    said = head["License-Expression"] or head["License"] or ""
    first = said.strip().partition("\n")[0]
    kinds = [each for each in head.get_all("Classifier") or () if each.startswith("License ::")]
    named = ", ".join(each.rpartition(" :: ")[2] for each in kinds)
    files = sorted(file for file in found.files or () if _TEXTS.search(str(file)))
    texts = [file.read_binary().decode("utf-8", "replace") for file in files]
    licence = first if 0 < len(first) <= _LONGEST else named or _UNSAID.get(found.name, "")
    return Part(found.name, found.version, licence, "\n\n".join(texts))


def _inside(path: Path) -> Part:
    """A work of others that a package contains: name and version in the name of the file."""
    name, _, version = path.stem.partition("_")
    licence, _, text = path.read_text(encoding="utf-8").partition("\n\n")
    return Part(name, version, licence, text)


def _joined(files: list[Path]) -> str:
    texts = [path.read_text(encoding="utf-8").strip() for path in files if path.is_file()]
    return "\n\n".join(texts)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
