# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of the erased, as one file asks it; and how people read it and take an entry back.

An entry is bound to a record's id, to its custodian, and to who said that it was erased. What
people here erased counts for every file. What a partner said counts for its own files, and for
others only if the id itself is bound to the custodian that the entry names.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.authority import is_id_of, is_id_of_another
from kfdesk.domain.backup import CONTRADICTIONS_SETTING, ErasureEntry
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    REASON_BELOW_ERASED,
    Direction,
    ErasureOrderState,
    ReceivedBundle,
    ReceivedRow,
    TakeBackReason,
)
from kfdesk.domain.rows import ID_BYTES, Row
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.plans.plans import name_of

_NEWLY = timedelta(days=30)
_ANYBODY = b""
"""The custodian in an entry of an older program, which did not note whose record it was."""


class ErasedRecords:
    """The records that were erased, or ordered erased before they came, as they count for a file.

    An older program noted what a file said lay below something erased without its custodian. Such
    an entry keeps out what stands below it, and not a record that somebody brings as its own.
    """

    def __init__(self, desk: Session, taken: ReceivedBundle) -> None:
        self._desk = desk
        self._taken = taken
        self._whose: dict[bytes, set[bytes]] = {}
        self._above, self._read = set[bytes](), set[bytes]()
        for rid, custodian in _ordered_before_arrival(desk):
            self._whose.setdefault(rid, set()).add(custodian)
        self.is_empty = not self._whose and desk.store.erasures.is_empty()
        if not self.is_empty:
            self._read_entries(_ids_in(taken))

    def _read_entries(self, rids: set[bytes]) -> None:
        """Read the entries of these ids: the whole list would cost seconds, one by one as well."""
        self._read |= rids
        taken = self._taken
        for one in self._desk.store.erasures.entries_among(rids):
            is_said = one.sender and not taken.is_own and one.sender != taken.organisation
            if is_said and not is_id_of(one.rid, one.custodian):
                continue
            self._above.add(one.rid)
            if one.custodian != _ANYBODY or one.reason != REASON_BELOW_ERASED:
                self._whose.setdefault(one.rid, set()).add(one.custodian)

    def _read_more(self, rid: bytes) -> None:
        """Read the entries of an id that the file does not name itself."""
        if not self.is_empty and rid not in self._read:
            self._read_entries({rid})

    def names(self, row: Row | ReceivedRow) -> bool:
        """Return whether the list has this record."""
        return self.names_as(row.rid, row.custodian)

    def names_as(self, rid: bytes, custodian: bytes) -> bool:
        """Return whether the list has a record with this custodian."""
        self._read_more(rid)
        whose = self._whose.get(rid)
        return whose is not None and (custodian in whose or _ANYBODY in whose)

    def has(self, rid: bytes) -> bool:
        """Return whether the list has a record that is not known otherwise, whoever's it was."""
        self._read_more(rid)
        return rid in self._above


def _ids_in(taken: ReceivedBundle) -> set[bytes]:
    """Return the ids that a file names: of rows, notices and orders, and of what stands above."""
    found = {one.rid for one in taken.rows} | {one.parent for one in taken.rows if one.parent}
    found |= {one.rid for one in taken.notices}
    return found | {one.rid for one in taken.dealings.orders}


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


# --- for people


@dataclass(frozen=True, slots=True)
class ErasedLine:
    """An entry of the list, for people to read: what, when, why, whose, and on whose word.

    `custodian` and `sender` are names; the first is empty if an older program wrote the entry, the
    second for what people here erased. `file` is the number of the sender's file that says it, None
    if no file that is known here does. `is_here`: a record stands here under the id.
    """

    rid: bytes
    milliseconds: int
    reason: str
    custodian: str
    sender: str
    is_here: bool
    file: int | None = None


def list_erased(desk: Session) -> tuple[ErasedLine, ...]:
    """Return the list of the erased, the newest first. Raise KfdeskError `user.not_allowed`."""
    desk.require(Right.ERASE)
    return _lines(desk, desk.store.erasures.entries())


def list_kept_out(desk: Session) -> tuple[ErasedLine, ...]:
    """Return what partners' files of the last 30 days keep out, the newest first.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.ERASE)
    since = desk.milliseconds - _NEWLY // timedelta(milliseconds=1)
    return _lines(desk, desk.store.erasures.said_since(since, REASON_BELOW_ERASED))


def _lines(desk: Session, entries: Sequence[ErasureEntry]) -> tuple[ErasedLine, ...]:
    here = desk.store.tree.standing(one.rid for one in entries)
    told = {one for entry in entries for one in (entry.custodian, entry.sender)}
    names = {one: name_of(desk, one.hex()) if one else "" for one in told}
    numbers = desk.store.ledger.numbers_of({one.file for one in entries if one.file})
    lines = (
        ErasedLine(
            one.rid, one.milliseconds, one.reason, names[one.custodian], names[one.sender],
            one.rid in here, numbers.get(one.file),
        )
        for one in entries
    )  # fmt: skip
    return tuple(sorted(lines, key=lambda one: (-one.milliseconds, one.rid)))


def take_erasure_back(desk: Session, rid: bytes, reason: TakeBackReason) -> Changes:
    """Take an id off the list, so that its record may come again by a file.

    What was erased here stays erased. Raise KfdeskError `user.not_allowed`, or `record.missing`
    for what is not on the list.
    """
    desk.require(Right.ERASE)
    entries = desk.store.erasures.entries_of(rid)
    if not entries:
        raise KfdeskError("record.missing")
    with desk.store.transaction():
        for one in entries:
            desk.store.erasures.take_back(one)
        desk.log(Action.ERASURE_TAKEN_BACK, rid, (reason,))
    return Changes(frozenset({"partner"}), frozenset({rid}))


def count_contradictions(desk: Session) -> int:
    """Return how many ids an upgrade found that older programs noted wrongly, on a file's word.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.ERASE)
    return len(desk.store.setting(CONTRADICTIONS_SETTING) or b"") // ID_BYTES


def repair_contradictions(desk: Session) -> Changes:
    """Take off the list what is in use, and remove withdrawals under an id of somebody else.

    The true consent can then come with the next file of whoever answers for it. Raise KfdeskError
    `user.not_allowed`.
    """
    desk.require(Right.ERASE)
    joined = desk.store.setting(CONTRADICTIONS_SETTING) or b""
    rids = {joined[at : at + ID_BYTES] for at in range(0, len(joined), ID_BYTES)}
    types = set[str]()
    with desk.store.transaction():
        for rid in sorted(rids):
            row = desk.store.row(rid)
            if row is None:
                continue  # somebody erased it since
            for entry in desk.store.erasures.entries_of(rid):
                desk.store.erasures.take_back(entry)
            if is_id_of_another(rid, row.custodian):
                desk.store.erasures.remove_false(rid)
            types.add(row.type)
            desk.log(Action.ERASURE_TAKEN_BACK, rid, (TakeBackReason.FALSE_FILE,))
        desk.store.set_setting(CONTRADICTIONS_SETTING, b"")
    return Changes(frozenset(types | {"partner"}), frozenset(rids))
