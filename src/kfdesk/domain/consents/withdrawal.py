# SPDX-License-Identifier: GPL-3.0-or-later
"""A consent that was taken back, and the notice by which another desk is told of it.

A notice is the consent's record with nothing left of it but when it was withdrawn and what she
asked for: ids and dates, nothing that the consent says. It joins as every record does, so it may
come twice, late, or before the consent itself. Who may tell whom is the services' to say.
"""

from dataclasses import dataclass, replace

from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row
from kfdesk.domain.writes import live_of, narrow

TOLD = ("withdrawn", "withdrawal_effect")
"""The fields of a consent that a notice tells."""


def withdrawing(row: Row) -> frozenset[bytes]:
    """The ids of the writes by which a consent is withdrawn; empty while it is not.

    One is enough: where two desks differ about it, the no counts until people have decided.
    """
    writes = live_of(row.state).get(TYPES["consent"].ids["withdrawn"], ())
    return frozenset(write.wid for write in writes if write.value is not None)


def is_withdrawn(row: Row) -> bool:
    """Whether a consent's row says, in any live write, that it was withdrawn."""
    return bool(withdrawing(row))


def is_notice(row: Row) -> bool:
    """Whether a row is the notice of a withdrawal and tells nothing else."""
    if row.type != "consent" or row.parent is None or not is_withdrawn(row):
        return False
    return narrow(row.state, _told()) == row.state


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told of one withdrawal; `row` is the consent's, narrowed to TOLD."""

    row: Row

    def __post_init__(self) -> None:
        if not is_notice(self.row):
            raise TypeError


def notice_of(row: Row) -> Notice:
    """The notice of a consent that is withdrawn."""
    return Notice(replace(row, state=narrow(row.state, _told())))


def _told() -> frozenset[int]:
    return frozenset(TYPES["consent"].ids[key] for key in TOLD)
