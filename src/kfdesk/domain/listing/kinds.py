# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of contacts as it leaves: in which kinds of file, and what of it a writer is handed.

A kind is known by the end of a file's name. What stands in such a file the room of formats knows.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from kfdesk.domain.disclosure import Disclosed


class FileKind(StrEnum):
    """A kind of file, by the end of its name."""

    VCARD = "vcf"
    CSV = "csv"
    XLSX = "xlsx"
    HSDS = "json"
    HSDS_TABLES = "zip"


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the entries that leave; what else was disclosed with them only lends its name."""

    what: Disclosed = field(repr=False)
    entries: frozenset[bytes] = field(repr=False)
