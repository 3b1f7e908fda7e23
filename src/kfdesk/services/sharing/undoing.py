# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking back a file that was taken: every row and the order of files as they were before.

It is no save: what the file brought is gone, not replaced, and the file can be taken again. It
can be done until somebody writes in one of its records, or anything leaves the desk, because what
has been answered or printed cannot be unsaid. The trail keeps both, the taking and its undoing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kfdesk.domain.desk.exchange import Direction, Taken, Taking
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.keeping.holding import held_plans, is_held_above
from kfdesk.services.partners import find_partner


@dataclass(frozen=True, slots=True)
class Undoable:
    """A file that can be taken back: from whom, when it was taken, how many records it touched."""

    digest: bytes
    organisation: bytes
    partner: str
    milliseconds: int
    records: int


def list_undoable(desk: Desk) -> tuple[Undoable, ...]:
    """The files that can be taken back, the newest first. Raises KfdeskError `user.not_allowed`."""
    desk.require(Right.IMPORT_BUNDLE)
    return tuple(
        Undoable(
            one.digest, one.organisation, find_partner(desk, one.organisation).name,
            one.milliseconds, one.records,
        )
        for one in desk.store.takings.open()
    )  # fmt: skip


def undo_taking(desk: Desk, digest: bytes) -> Changes:
    """Put everything back as it was before a file was taken; the file can be taken again.

    Raises KfdeskError `user.not_allowed`, `exchange.not_undoable` where one of its records was
    written in since, anything has left the desk, or it is not known, or `plan.held` where one of
    them must be kept; then nothing is changed.
    """
    desk.require(Right.IMPORT_BUNDLE)
    with desk.store.transaction():
        found = {one.digest: one for one in desk.store.takings.open()}
        if digest not in found:
            raise KfdeskError("exchange.not_undoable")
        rows = tuple(desk.store.takings.rows(found[digest]))
        if held_plans(desk) and any(is_held_above(desk, row) for row in rows):
            raise KfdeskError("plan.held")
        rids = desk.store.takings.take_back(found[digest])
        desk.log_all(Action.IMPORT_UNDONE, ((rid, ()) for rid in sorted(rids)))
        desk.log(Action.IMPORT_UNDONE, found[digest].organisation)
    types = {row.type for row in rows}
    return Changes(frozenset(types | {"partner", "disclosure"}), rids)


def begin_taking(desk: Desk, taken: Taken) -> None:
    """A file is going to be written; inside a transaction."""
    arrived = desk.store.ledger.acknowledged()
    sent = desk.store.ledger.marks(taken.organisation, Direction.OUT)
    had = tuple(mark.digest for mark in sent if mark.digest in arrived)
    taking = Taking(taken.digest, taken.organisation, desk.milliseconds, 0, had)
    desk.store.takings.begin(taking)


def keep_before(desk: Desk, taken: Taken, rids: Iterable[bytes]) -> None:
    """Keep how these records are, before they are written; inside the same transaction."""
    desk.store.takings.keep(taken.digest, desk.store.kept(rids).values())


def end_taking(desk: Desk, taken: Taken, records: int) -> None:
    """All of a file is written, so many records; inside the same transaction."""
    desk.store.takings.end(taken.digest, records)
