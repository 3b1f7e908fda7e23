# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read from a file of contacts: its entries, what could not be read, and how it was read.

Values stand under the keys of their records, except that an organisation is named by its name.
Nothing here is kept yet, and nothing knows from which kind of file it came.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kfdesk.domain.values import Value

MOST_ENTRIES = 100_000
MOST_BYTES = 32 * 1024 * 1024
MOST_UNPACKED = 128 * 1024 * 1024
MOST_TEXT = 4_000  # letters of one value; what is longer is cut

COLUMN_KEYS = (
    "name", "other_name", "given_name", "family_name", "organisation", "role", "phone", "fax",
    "email", "website", "address", "city", "country", "languages", "services", "offers",
    "populations", "networks", "hours", "part_of", "contact_risk", "note",
)  # fmt: skip
"""What a column of a table can be taken for; a column that is none of these is left out."""

NAMED = {"organisation": "part_of", "contact": "organisation"}
"""By type, the field that names an organisation by its name as long as it is in a file."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a file: its first line, its type, its values and its telephones."""

    line: int
    type: str
    values: Mapping[str, Value] = field(repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)
    place: str = ""
    """In which of several files it stands; empty where there is only one."""

    @property
    def name(self) -> str:
        """The name, as a list shows it."""
        keys = ("name",) if self.type == "organisation" else ("given_name", "family_name")
        return " ".join(str(self.values[key]) for key in keys if self.values.get(key))


@dataclass(frozen=True, slots=True)
class Broken:
    """What could not be read: where it begins, and a code for the reason."""

    line: int
    reason: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class ReadAs:
    """What a person says of a file: its letters, and what each of its columns means.

    Empty: it is guessed. A column that means nothing has an empty key.
    """

    encoding: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title, what it was taken for, and the first value in it."""

    title: str
    key: str
    sample: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read. `is_sure`: its letters can only be meant in this one way."""

    entries: tuple[Listed, ...] = ()
    broken: tuple[Broken, ...] = ()
    columns: tuple[Column, ...] = ()
    encoding: str = "utf-8"
    is_sure: bool = True

    def at(self, place: str) -> "Reading":
        """The same, standing in one of several files."""
        entries = tuple(replace(one, place=place) for one in self.entries)
        broken = tuple(replace(one, place=place) for one in self.broken)
        return replace(self, entries=entries, broken=broken)
