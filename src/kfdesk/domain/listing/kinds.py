# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of file in which a list of contacts can leave.

A kind is known by the end of a file's name. What stands in such a file the room of formats knows.
"""

from enum import StrEnum


class FileKind(StrEnum):
    """A kind of file, by the end of its name."""

    VCARD = "vcf"
    CSV = "csv"
    XLSX = "xlsx"
    HSDS = "json"
    HSDS_TABLES = "zip"
