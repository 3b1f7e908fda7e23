# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages between the program and its decoding child, and the limits of the child.

A request is one value in msgpack, up to the end of the pipe. An answer is a sequence of frames:
a length of four bytes (big endian), a byte that says what follows, and a value in msgpack. The
first frame says which limits hold, the last that the answer is whole.
"""

from collections.abc import Mapping
from enum import StrEnum

from kfdesk.system.child_process import ChildLimits

LENGTH_BYTES = 4


class DecoderTask(StrEnum):
    """Job of a child process; `CHECK` only says which limits hold.

    `WORKBOOK` is for contact files of which one is an archive, `CONTACTS` for all others.
    `SHEET` is for any other table.
    """

    SANITIZE = "sanitize"
    SHOW = "show"
    CONTACTS = "contacts"
    WORKBOOK = "workbook"
    SHEET = "sheet"
    CHECK = "check"


class FrameKind(StrEnum):
    """Kind of content of a frame."""

    LIMITS = "l"
    VALUE = "v"
    REFUSAL = "r"
    END = "e"


_MB = 2**20
LIMITS: Mapping[DecoderTask, ChildLimits] = {
    DecoderTask.SANITIZE: ChildLimits(1024 * _MB, 120, 300, 32 * _MB),
    DecoderTask.SHOW: ChildLimits(768 * _MB, 60, 120, 64 * _MB),
    DecoderTask.CONTACTS: ChildLimits(768 * _MB, 300, 600, 128 * _MB),
    DecoderTask.WORKBOOK: ChildLimits(768 * _MB, 300, 600, 128 * _MB),
    DecoderTask.SHEET: ChildLimits(768 * _MB, 120, 300, 128 * _MB),
    DecoderTask.CHECK: ChildLimits(512 * _MB, 10, 30, _MB),
}
