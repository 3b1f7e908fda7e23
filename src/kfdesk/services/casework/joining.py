# SPDX-License-Identifier: GPL-3.0-or-later
"""Joining an organisation that was typed here with the partner that it turned out to be.

Whatever names the typed one names the partner from then on; telephones and address go along, and
the typed entry goes into the bin. All is written by ordinary saves, so that it can be taken back.
What another organisation has said, what has ended, and what is in conflict stays as it is: the
typed entry still has its name there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.disclosure import OWN_WORD
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Reference, Wire
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, seen_in
from kfdesk.domain.writes import DELETION, EMPTY, is_deleted, live_of
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.directory import DirectoryEntry, read_entry, read_lines
from kfdesk.services.finding.seek import named_alike
from kfdesk.services.policy.access import DIRECTORY_READING
from kfdesk.services.writing.records import Done, found, put_changed, put_new

_LEFT = frozenset({"paper_copy", "transition", "approval"})  # they tell what was, and to whom
_ADDRESS = TYPES["organisation"].ids["address"]
_REFERENCES: Mapping[str, tuple[int, ...]] = {
    name: tuple(described.ids[key] for key, f in described.fields.items()
                if isinstance(f.kind, Reference))
    for name, described in TYPES.items()
    if name not in _LEFT
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Joined(Changes):
    """What was done, to be taken back together; `left` records still name the typed one."""

    done: tuple[Done, ...] = field(default=(), repr=False)
    left: int = 0


def twin_of(desk: Desk, rid: bytes) -> DirectoryEntry | None:
    """The other entry of what is probably one organisation: one typed here, one a partner's.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READING)
    entry = next(iter(read_lines(desk, (rid,))), None)
    if entry is None or entry.type != "organisation" or entry.is_ours:
        return None
    alike = named_alike(desk, "organisation", entry.rid, entry.name)
    twin = next((o for o in alike if not o.is_ours and o.is_theirs != entry.is_theirs), None)
    return read_entry(desk, twin.rid) if twin is not None else None


def typed_as(desk: Desk, partner: bytes) -> DirectoryEntry | None:
    """The entry typed here that has a partner's name. Raises KfdeskError `user.not_allowed`."""
    twin = twin_of(desk, partner)
    return twin if twin is not None and not twin.is_theirs else None


def join_organisation(desk: Desk, typed: bytes, partner: bytes) -> Joined:
    """Let the partner's entry stand for the one that was typed here, in one transaction.

    Raises KfdeskError `record.missing`, `record.not_ours` where it is not so that the first was
    typed here and the second is another's, or `user.not_allowed`.
    """
    desk.require(Right.EDIT_ALL)
    desk.require(Right.EDIT_DIRECTORY)
    old, new = _house(desk, typed), _house(desk, partner)
    ours = desk.identity.organisation
    if old.custodian != ours or typed == ours or new.custodian == ours:
        raise KfdeskError("record.not_ours")
    with desk.store.transaction():
        done, left = rename(desk, typed.hex(), partner.hex())
        done += _bring_along(desk, old, new)
        done.append(put_changed(desk, old, {DELETION: 1}, seen_in(old), Action.DELETE))
    types = frozenset().union(*(one.types for one in done))
    rids = frozenset().union(*(one.rids for one in done))
    return Joined(types, rids, tuple(done), left)


def rename(desk: Desk, old: str, new: str) -> tuple[list[Done], int]:
    """Let what names `old` name `new`; how many records still name it. Inside a transaction."""
    done, left = [], 0
    for row, changes in _naming(desk, old, new):
        is_anothers = row.type in OWN_WORD and row.custodian != desk.identity.organisation
        if is_anothers or not changes:
            left += 1
            continue
        try:
            done.append(put_changed(desk, row, changes, seen_in(row)))
        except KfdeskError as fault:
            if fault.code not in ("plan.read_only", "plan.held"):
                raise
            left += 1
    return done, left


def _naming(desk: Desk, old: str, new: str) -> Iterator[tuple[Row, dict[int, Wire]]]:
    """The records that name it, with what to write; nothing where it is one of several values."""
    for name, fids in _REFERENCES.items():
        for row in desk.store.rows(name):
            live = live_of(row.state)
            held = {fid: [write.value for write in live.get(fid, ())] for fid in fids}
            if any(old in values for values in held.values()) and not is_deleted(row.state):
                yield row, {fid: new for fid, values in held.items() if values == [old]}


def _bring_along(desk: Desk, old: Row, new: Row) -> list[Done]:
    """Telephones and address, which are ours to keep also of a partner."""
    done = []
    for row in desk.store.children(old.rid):
        if row.type == "phone" and not is_deleted(row.state):
            own = Row(desk.new_id(), "phone", new.rid, desk.identity.organisation, EMPTY)
            done.append(put_new(desk, own, newest(row)))
    address = [write.value for write in live_of(old.state).get(_ADDRESS, ())]
    if len(address) == 1 and address[0] is not None and not live_of(new.state).get(_ADDRESS):
        done.append(put_changed(desk, new, {_ADDRESS: address[0]}, seen_in(new)))
    return done


def newest(row: Row) -> Mapping[int, Wire]:
    """What a record says, by field; of several values the newest."""
    newest = {
        fid: max(writes, key=lambda write: write.hlc).value
        for fid, writes in live_of(row.state).items()
        if fid != DELETION
    }
    return {fid: value for fid, value in newest.items() if value is not None}


def _house(desk: Desk, rid: bytes) -> Row:
    row = found(desk, rid)
    if row.type != "organisation" or is_deleted(row.state):
        raise KfdeskError("record.missing")
    return row
