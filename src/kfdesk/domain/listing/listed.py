# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read from a file of contacts: its entries, what could not be read, and how it was read.

Values stand under the keys of their records, except that an organisation is named by its name.
Nothing here is kept yet, and nothing knows from which kind of file it came.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Said = str | tuple[str, ...]
"""A value as a file says it: a text, or codes."""

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
    values: Mapping[str, Said] = field(repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)

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
    """A file that was read; many entries are packed. `is_sure`: its letters mean only this."""

    entries: Sequence[Listed] = ()
    broken: Sequence[Broken] = ()
    columns: tuple[Column, ...] = ()
    encoding: str = "utf-8"
    is_sure: bool = True
