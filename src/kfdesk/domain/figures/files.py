# SPDX-License-Identifier: GPL-3.0-or-later
"""A release as its record keeps it, and back: canonical lines that anybody may have written.

What cannot be read is refused whole. No store and no language here.
"""

from collections.abc import Iterable
from datetime import date

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.cells import decode_tables
from kfdesk.domain.figures.ladders import VARIABLES
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.figures.release import JoinedVariable, JoinReason, SafeFigures
from kfdesk.domain.records.figures import FigureRelease
from kfdesk.domain.values import text_or_empty

_OLDER_REASONS = {"certain": "small"}
"""Reasons that older programs told apart."""


def decode_release(record: FigureRelease) -> tuple[FigurePeriod, SafeFigures]:
    """Return the period and the tables of a release.

    Raise KfdeskError `figures.unreadable` or `figures.period`.
    """
    if not (isinstance(record.period_from, date) and isinstance(record.period_to, date)):
        raise KfdeskError("figures.unreadable")
    period = FigurePeriod(record.period_from, record.period_to)
    told, least = text_or_empty(record.total), record.least
    is_number = told.isascii() and told.isdecimal() and len(told) <= 7
    if (told and not is_number) or not isinstance(least, int) or least < 1:
        raise KfdeskError("figures.unreadable")
    total = int(told) if told else None
    tables = decode_tables(text_or_empty(record.cells), total or 0)
    if total is None and tables:
        raise KfdeskError("figures.unreadable")
    joined = decode_joined(text_or_empty(record.joined))
    weeks = record.median if total is not None and isinstance(record.median, int) else None
    return period, SafeFigures(total, tables, joined, least, weeks)


def encode_joined(joined: Iterable[JoinedVariable]) -> str:
    """Return a line for each variable that was joined: its name, its step, and why."""
    return "\n".join(f"{one.variable} {one.level} {one.reason}" for one in joined)


def decode_joined(text: str) -> tuple[JoinedVariable, ...]:
    """Return what was joined; a line that this program does not understand is left out."""
    found = []
    for line in text.splitlines()[: len(VARIABLES)]:
        name, level, told = (*line.split(" "), "", "", "")[:3]
        reason = _OLDER_REASONS.get(told, told)
        if name in VARIABLES and level in tuple("1234") and reason in set(JoinReason):
            found.append(JoinedVariable(name, int(level), JoinReason(reason)))
    return tuple(found)
