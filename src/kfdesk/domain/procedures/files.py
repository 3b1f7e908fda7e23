# SPDX-License-Identifier: GPL-3.0-or-later
"""A procedure as a file has it: fields by their keys, and what no field can hold.

`formats` knows how such a file is written; this module does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kfdesk.domain.values import Value

MAX_FILE_BYTES = 2**20
"""A whole procedure in three languages has about 40 kB."""

FileValues = Mapping[str, Value]
"""Values by the keys of their fields."""


@dataclass(frozen=True, slots=True)
class ProcedureFile:
    """The fields of a procedure and of its steps, in order.

    `left_out` names the parts of the file that are not read, those of a step after its place.
    """

    values: FileValues = field(repr=False)
    steps: tuple[FileValues, ...] = field(repr=False)
    left_out: tuple[str, ...] = ()
