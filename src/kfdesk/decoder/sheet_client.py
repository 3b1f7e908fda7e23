# SPDX-License-Identifier: GPL-3.0-or-later
"""Table files, read in a child: rows of texts of a bounded number and length, and nothing else.

A child that lies can invent cells, which a person sees in the preview. Knows no columns.
"""

import msgspec

from kfdesk.decoder.client import LARGEST_NUMBER, ask, believe
from kfdesk.decoder.protocol import DecoderTask
from kfdesk.domain.case_sheet import MAX_SHEET_ROWS, SheetRows
from kfdesk.domain.directory import MAX_LEFT_OUT, MAX_TEXT_LENGTH
from kfdesk.domain.errors import KfdeskError
from kfdesk.system.child_process import CheckCancelled

_MAX_COLUMNS = 400
_MAX_NAME = 200  # characters of an encoding or a sheet
Head = tuple[str, bool, tuple[str, ...]]
"""The first value of an answer: encoding, whether it is certain, and what is left out."""
Part = list[tuple[int, tuple[str, ...]]]


def read_sheet_file(data: bytes, encoding: str, check: CheckCancelled) -> SheetRows:
    """Read a table file (CSV or XLSX) in a child.

    Raise KfdeskError `case_sheet.…`, `contacts.…`, `work.not_started` or `work.cancelled`.
    """
    heads: list[Head] = []
    rows: Part = []

    def take(value: bytes) -> None:
        if not heads:
            head = msgspec.msgpack.decode(value, type=Head)
            is_named = head[0].isascii() and head[0].isprintable() and len(head[0]) <= _MAX_NAME
            believe(is_sound=is_named and len(head[2]) <= MAX_LEFT_OUT)
            heads.append(head)
            return
        part = msgspec.msgpack.decode(value, type=Part)
        believe(is_sound=len(rows) + len(part) <= MAX_SHEET_ROWS and all(map(_is_row, part)))
        rows.extend(part)

    ask(DecoderTask.SHEET, (data, encoding), take, check)
    if not heads:
        raise KfdeskError("contacts.unsafe")
    name, is_sure, left_out = heads[0]
    return SheetRows(tuple(rows), name, is_sure, tuple(one[:_MAX_NAME] for one in left_out))


def _is_row(row: tuple[int, tuple[str, ...]]) -> bool:
    line, cells = row
    is_small = all(len(cell) <= MAX_TEXT_LENGTH + 1 for cell in cells)
    return 0 <= line <= LARGEST_NUMBER and len(cells) <= _MAX_COLUMNS and is_small
