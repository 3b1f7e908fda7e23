# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending and taking bundles.

What goes is what `disclose()` grants and the partner does not have yet, record by record, whole.
Taking first proves the file and shows what it would do; only then, in one transaction, are its
writes joined with ours, the place in the order noted, and what it acknowledges. Nobody's words
are lost: what both wrote stays as a conflict.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kfdesk.domain.desk.exchange import (
    Acknowledgement,
    Direction,
    Envelope,
    Made,
    Mark,
    Partner,
    PartnerState,
    Route,
    Taken,
)
from kfdesk.domain.desk.log import Action, Entry
from kfdesk.domain.desk.users import Right
from kfdesk.domain.disclosure import Channel, Disclosed, DisclosedRow, receivable
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, check_row, view_any
from kfdesk.domain.writes import (
    DELETION,
    MOST_DEAD,
    encode,
    is_deleted,
    join,
    live_of,
    most_dead,
    stamp,
)
from kfdesk.services.clock import require_clock
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.keeping.erasure import erased_among, keep_out
from kfdesk.services.partners import find_partner
from kfdesk.services.plans import disclose_case, load_case
from kfdesk.services.policy.access import require_working
from kfdesk.services.ports import Progress
from kfdesk.services.writing.records import found

Step = Callable[[int, int], None]

_FIRST = bytes(32)
_MOST_MISSING = 64
_AHEAD = 48 * 3600 * 1000  # a stamp further ahead than this, in milliseconds, is refused
_HLC_BITS = 16
_MOST_DEAD = MOST_DEAD - 64  # a partner must not fill what we need to go on saving and sending


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a bundle would hold, before there is a file.

    `may` is all that may go to the partner now and what stays with its reason; `goes` is the part
    that the partner does not have yet.
    """

    partner: Partner
    may: Disclosed
    goes: Disclosed

    @property
    def fault(self) -> KfdeskError | None:
        """Why no file can be made of it, if none can."""
        if not self.may.rows:
            return KfdeskError("exchange.nothing_allowed", partner=self.partner.name)
        if not self.goes.rows:
            return KfdeskError("exchange.nothing_new", partner=self.partner.name)
        return None


@dataclass(frozen=True, slots=True)
class Review:
    """What a bundle would do, before anything is written.

    `before` has our rows that change; `erased` are among the refused, because they were erased
    here.
    """

    taken: Taken
    partner: str
    new: tuple[Row, ...]
    changed: tuple[Row, ...]
    conflicts: int
    refused: int
    before: Mapping[bytes, Row] = field(default_factory=dict)
    erased: frozenset[bytes] = frozenset()

    @property
    def is_known(self) -> bool:
        """Whether it brings nothing that we do not have."""
        return not self.new and not self.changed


def prepare(desk: Desk, plan: bytes, organisation: bytes) -> Parcel:
    """What `send` would put into a file now. Writes nothing.

    Raises KfdeskError `user.not_allowed`, `record.missing`, `partner.unknown`, or `clock.…` while
    the clock is in doubt.
    """
    desk.require(Right.EXPORT_BUNDLE)
    require_clock(desk)
    require_working(desk, found(desk, plan), Right.EXPORT_BUNDLE)
    partner = find_partner(desk, organisation)
    may = disclose_case(desk, load_case(desk, plan), partner.recipient, Channel.BUNDLE)
    return Parcel(partner, may, may.only_rows(_unknown_to(desk, may)))


def send(desk: Desk, plan: bytes, organisation: bytes, folder: Path) -> Made:
    """Make a bundle of one plan for a partner in `folder`.

    The file is written, flushed and read back before it counts. Raises KfdeskError
    `exchange.nothing_allowed` where no consent opens anything, `exchange.nothing_new`,
    `clock.…` while the clock is in doubt, or `bundle.…` from the file.
    """
    desk.require(Right.EXPORT_BUNDLE)
    parcel = prepare(desk, plan, organisation)
    if parcel.fault is not None:
        raise parcel.fault
    partner, fresh = parcel.partner, parcel.goes
    envelope = _envelope(desk, partner)

    def note(digest: bytes) -> None:
        mark = Mark(
            organisation, Direction.OUT, envelope.epoch, envelope.sequence, digest,
            desk.milliseconds,
        )  # fmt: skip
        with desk.store.transaction():
            desk.store.ledger.enter(entries_of(desk, fresh, organisation, digest))
            desk.store.ledger.mark(mark)
            for given in fresh.rows:
                desk.log(Action.EXPORT, given.row.rid, tuple(given.grants))

    route = Route(desk.identity, partner, folder)
    return desk.rooms.bundles.make(route, envelope, fresh, note)


def review(desk: Desk, path: Path, progress: Progress | None = None) -> Review:
    """Prove a file and say what it would do. Writes nothing.

    Raises KfdeskError `user.not_allowed`; `bundle.…`; `bundle.taken_before` for one that was taken
    already; `bundle.forked` for another file under a number that was used; `work.cancelled`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    return _review(desk, path, progress.step if progress else _nobody)


def _review(desk: Desk, path: Path, step: Step) -> Review:
    senders = {
        partner.sign_key: partner.organisation
        for partner in desk.store.ledger.partners()
        if partner.state is PartnerState.VERIFIED
    }
    taken = desk.rooms.bundles.read(path, desk.identity, senders)
    _check_order(desk, taken)
    new: list[Row] = []
    changed: list[Row] = []
    before: dict[bytes, Row] = {}
    erased = erased_among(desk, taken.rows)
    conflicts = refused = 0
    for number, row in enumerate(taken.rows):
        step(number, len(taken.rows))
        ours, joined = _joined(desk, taken, row) if row.rid not in erased else (None, None)
        if joined is None:
            refused += 1
        elif ours is None:
            new.append(joined)
        elif encode(ours.state) != encode(joined.state):
            changed.append(joined)
            before[row.rid] = ours
            conflicts += len(view_any(joined).conflicts - view_any(ours).conflicts)
    name = find_partner(desk, taken.organisation).name
    return Review(taken, name, tuple(new), tuple(changed), conflicts, refused, before, erased)


def apply(desk: Desk, path: Path, reviewed: Review, progress: Progress | None = None) -> Changes:
    """Take what was reviewed: the file is read again and must be the same.

    One transaction: all of it or nothing. Raises KfdeskError as `review` does, and
    `bundle.changed_since` for a file that is not the one reviewed.
    """
    desk.require(Right.IMPORT_BUNDLE)
    step = progress.step if progress else _nobody
    again = _review(desk, path, lambda done, of: step(done, 2 * of))
    if again.taken.digest != reviewed.taken.digest:
        raise KfdeskError("bundle.changed_since")
    rows = (*again.new, *again.changed)
    with desk.store.transaction():
        for number, row in enumerate(rows):
            step(len(rows) + number, 2 * len(rows))
            desk.store.put(row)
            desk.log(Action.IMPORT, row.rid, _keys(row))
        keep_out(desk, again.erased)
        _note(desk, again.taken)
    return Changes(frozenset(row.type for row in rows), frozenset(row.rid for row in rows))


def _nobody(_done: int, _of: int) -> None:
    """Nobody asks how far it is."""


def entries_of(desk: Desk, what: Disclosed, recipient: bytes, target: bytes) -> list[Entry]:
    """The ledger's entries for what goes in one file or paper."""
    return [
        Entry(
            given.row.rid,
            given.row.type,
            recipient,
            what.channel,
            tuple(sorted({consent for consent in given.grants.values() if consent})),
            dict(_writes(given)),
            target,
            desk.milliseconds,
        )
        for given in what.rows
    ]


def _writes(given: DisclosedRow) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    live, ids = live_of(given.row.state), TYPES[given.row.type].ids
    if DELETION in live:
        yield "", tuple(write.wid for write in live[DELETION])
    for key in given.grants:
        yield key, tuple(write.wid for write in live.get(ids[key], ()))


def _unknown_to(desk: Desk, what: Disclosed) -> frozenset[bytes]:
    """The records with a disclosable write that the partner has not acknowledged.

    What is in the bin goes to those alone who have it, so that it is gone there, too.
    """
    acknowledged = desk.store.ledger.acknowledged()
    known: dict[bytes, set[tuple[str, bytes]]] = {}
    entries = desk.store.ledger.entries(what.recipient.rid or b"")
    was_given = {entry.rid for entry in entries if entry.channel == Channel.BUNDLE}
    for entry in entries:
        if entry.target in acknowledged and entry.channel == Channel.BUNDLE:
            pairs = {(key, wid) for key, wids in entry.writes.items() for wid in wids}
            known.setdefault(entry.rid, set()).update(pairs)
    return frozenset(
        given.row.rid
        for given in what.rows
        if given.row.rid in was_given or not is_deleted(given.row.state)
        if {(key, wid) for key, wids in _writes(given) for wid in wids}
        - known.get(given.row.rid, set())
    )


def _envelope(desk: Desk, partner: Partner) -> Envelope:
    sent = desk.store.ledger.marks(partner.organisation, Direction.OUT)
    mine = [mark for mark in sent if mark.epoch == desk.identity.epoch]
    last = max(mine, key=lambda mark: mark.sequence, default=None)
    return Envelope(
        desk.identity.epoch,
        last.sequence + 1 if last else 1,
        last.digest if last else _FIRST,
        stamp(desk.milliseconds),
        _acknowledgement(desk, partner),
        desk.store.ledger.audit_head(),
    )


def _acknowledgement(desk: Desk, partner: Partner) -> Acknowledgement:
    """What we have of theirs, in their newest epoch."""
    taken = desk.store.ledger.marks(partner.organisation, Direction.IN)
    if not taken:
        return Acknowledgement(bytes(16), 0)
    epoch = taken[-1].epoch
    numbers = {mark.sequence for mark in taken if mark.epoch == epoch}
    highest = max(numbers)
    missing = sorted(set(range(1, highest + 1)) - numbers)
    if len(missing) > _MOST_MISSING:
        return Acknowledgement(epoch, missing[0] - 1)
    return Acknowledgement(epoch, highest, tuple(missing))


def _check_order(desk: Desk, taken: Taken) -> None:
    place = (taken.envelope.epoch, taken.envelope.sequence)
    for mark in desk.store.ledger.marks(taken.organisation, Direction.IN):
        if (mark.epoch, mark.sequence) == place:
            code = "bundle.taken_before" if mark.digest == taken.digest else "bundle.forked"
            raise KfdeskError(code)


def _joined(desk: Desk, taken: Taken, row: Row) -> tuple[Row | None, Row | None]:
    """Our row and what it becomes; None for what this sender may not write."""
    ours = desk.store.row(row.rid)
    allowed = receivable(row, taken.organisation) if row.type in TYPES else None
    if ours is not None and _is_known(ours, row):
        return ours, ours  # our own word, or theirs, as it comes back
    if allowed is None or _is_moved(ours, row) or _opens_others(desk, taken, row):
        return ours, None
    row = allowed
    check_row(row)
    _check_stamps(desk, row)
    if ours is None:
        return None, row
    joined = join(ours.state, row.state)
    if most_dead(joined) > max(_MOST_DEAD, most_dead(ours.state)):
        return ours, None
    return ours, replace(ours, state=joined)


def _opens_others(desk: Desk, taken: Taken, row: Row) -> bool:
    """Whether it is a consent about a client that the sender does not answer for.

    Believed, it would let a partner open our client to itself or to others.
    """
    if row.type != "consent":
        return False
    theirs = {each.rid: each for each in taken.rows}
    client = desk.store.row(row.parent or b"") or theirs.get(row.parent or b"")
    return client is None or {client.custodian, row.custodian} != {taken.organisation}


def _is_known(ours: Row, row: Row) -> bool:
    """Whether it says nothing that we do not have already."""
    return not _is_moved(ours, row) and encode(join(ours.state, row.state)) == encode(ours.state)


def _is_moved(ours: Row | None, row: Row) -> bool:
    """Type, parent and custodian never change; who says otherwise is not believed."""
    if ours is None:
        return False
    return (ours.type, ours.parent, ours.custodian) != (row.type, row.parent, row.custodian)


def _check_stamps(desk: Desk, row: Row) -> None:
    latest = (desk.milliseconds + _AHEAD) << _HLC_BITS
    if any(save.hlc > latest for save in row.state.saves):
        raise KfdeskError("bundle.from_the_future")


def _note(desk: Desk, taken: Taken) -> None:
    """Note its place in the order, and which of ours it says have arrived."""
    envelope, ledger = taken.envelope, desk.store.ledger
    ledger.mark(
        Mark(
            taken.organisation, Direction.IN, envelope.epoch, envelope.sequence, taken.digest,
            desk.milliseconds,
        )
    )  # fmt: skip
    got = envelope.acknowledged
    ledger.acknowledge(
        [
            mark.digest
            for mark in ledger.marks(taken.organisation, Direction.OUT)
            if mark.epoch == got.epoch
            and mark.sequence <= got.contiguous
            and mark.sequence not in got.missing
        ]
    )
    desk.log(Action.IMPORT, taken.organisation)


def _keys(row: Row) -> tuple[str, ...]:
    by_id = TYPES[row.type].by_id
    return tuple(sorted(by_id[fid].key for fid in live_of(row.state) if fid in by_id))
