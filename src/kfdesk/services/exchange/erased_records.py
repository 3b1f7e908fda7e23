# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of the erased, as one file asks it; and how people read it and take an entry back.

An entry is bound to a record's id, to its custodian, and to who said that it was erased. What
people here erased counts for every file. What a partner said counts for its own files, and for
others only if the id itself is bound to the custodian that the entry names.
"""

from collections.abc import Iterable

from kfdesk.domain.authority import is_id_of
from kfdesk.domain.backup import ErasureEntry
from kfdesk.domain.exchange import (
    REASON_BELOW_ERASED,
    Direction,
    ErasureOrderState,
    ReceivedBundle,
    ReceivedRow,
)
from kfdesk.domain.rows import Row
from kfdesk.services.core.session import Session

_ANYBODY = b""
"""The custodian in an entry of an older program, which did not note whose record it was."""


class ErasedRecords:
    """What was erased here, or was ordered erased before it came, as far as it counts for a file.

    An older program noted what a file said lay below something erased without its custodian. Such
    an entry keeps out what stands below it, and not a record that somebody brings as its own.
    """

    def __init__(self, desk: Session, taken: ReceivedBundle) -> None:
        self._whose: dict[bytes, set[bytes]] = {}
        self._above = set[bytes]()
        for one in desk.store.erasures.entries():
            is_said = one.sender and not taken.is_own and one.sender != taken.organisation
            if is_said and not is_id_of(one.rid, one.custodian):
                continue
            self._above.add(one.rid)
            if one.custodian != _ANYBODY or one.reason != REASON_BELOW_ERASED:
                self._whose.setdefault(one.rid, set()).add(one.custodian)
        for rid, custodian in _ordered_before_arrival(desk):
            self._whose.setdefault(rid, set()).add(custodian)

    @property
    def is_empty(self) -> bool:
        """True if nothing was erased here."""
        return not self._above and not self._whose

    def names(self, row: Row | ReceivedRow) -> bool:
        """Return whether the list has this record."""
        return self.names_as(row.rid, row.custodian)

    def names_as(self, rid: bytes, custodian: bytes) -> bool:
        """Return whether the list has a record with this custodian."""
        whose = self._whose.get(rid)
        return whose is not None and (custodian in whose or _ANYBODY in whose)

    def has(self, rid: bytes) -> bool:
        """Return whether the list has a record that is not known otherwise, whoever's it was."""
        return rid in self._above


def _ordered_before_arrival(desk: Session) -> Iterable[tuple[bytes, bytes]]:
    """Yield id and custodian of records that were ordered erased before they arrived here."""
    for one in desk.store.orders.standing(Direction.IN):
        if one.order.part is None and one.state is ErasureOrderState.NOT_HERE:
            yield one.order.rid, one.partner


def record_kept_out(
    desk: Session, taken: ReceivedBundle, rows: Iterable[tuple[bytes, bytes]]
) -> None:
    """Note records (id, custodian) that stay out because they lie below something erased.

    So later records below them stay out as well. What is here is never noted. Call inside a
    transaction.
    """
    pairs = dict(rows)
    here = desk.store.tree.standing(pairs).keys()
    desk.store.erasures.mark(
        ErasureEntry(
            rid, desk.milliseconds, REASON_BELOW_ERASED, custodian, taken.organisation, taken.digest
        )
        for rid, custodian in pairs.items()
        if rid not in here
    )
