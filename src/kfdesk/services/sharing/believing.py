# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a partner's file is believed, and what our records become by it. Writes nothing.

A partner writes what it answers for and what it may answer to; it moves no record, opens nobody's
client, and fills no field until nothing more can be sent. A no is believed from both sides of a
consent, because it can only shut. What must be kept as it is gets its words beside, not in place.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from typing import overload

from kfdesk.domain.consents.majority import PEOPLE, TELLING, is_unmade
from kfdesk.domain.consents.withdrawal import is_notice
from kfdesk.domain.desk.exchange import Sent, Taken
from kfdesk.domain.disclosure import receivable
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import ID_BYTES, Row, check_row, view, view_any
from kfdesk.domain.writes import (
    DELETION,
    MOST_DEAD,
    State,
    encode,
    join,
    join_beside,
    most_dead,
    without,
    without_writes,
)
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.holding import held_plans, plan_above

Step = Callable[[int, int], None]
PORTION = 500  # records read and written at once
_AHEAD = 48 * 3600 * 1000  # a stamp further ahead than this, in milliseconds, is refused
_HLC_BITS = 16
_MOST_DEAD = MOST_DEAD - 64  # a partner must not fill what we need to go on saving and sending


@dataclass(frozen=True, slots=True)
class Told:
    """A withdrawal that a file tells: the consent before and after.

    `before` is None where the consent is not here. `is_ours`: we answer for the consent, and the
    client said no to the partner.
    """

    after: Row
    before: Row | None
    is_ours: bool

    @property
    def is_new(self) -> bool:
        """Whether it changes anything here."""
        return self.before is None or encode(self.before.state) != encode(self.after.state)


@dataclass(frozen=True, slots=True)
class Beside:
    """A row as it was sent, ours, and what ours becomes; None where nothing may become of it.

    `is_kept`: ours must be kept as it is, and what was sent stands beside it.
    """

    sent: Sent
    ours: Row | None
    becomes: Row | None
    is_kept: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether a row that was here becomes another."""
        ours, becomes = self.ours, self.becomes
        return ours is not None and becomes is not None and becomes.state != ours.state


def took_digest(sender: bytes, sent: Sent) -> bytes:
    """What tells a state that this sender sent from every other: 16 bytes, kept with the record.

    The sender is part of it: what one may not write, another who sends the same may.
    """
    return blake2b(sent.packed, digest_size=16, key=sender).digest()


def taken_before(desk: Desk, sender: bytes, rows: Sequence[Sent]) -> frozenset[bytes]:
    """Those of some records that were taken just so from this sender, and not touched since.

    Joining is monotone, so nothing can come of them a second time.
    """
    took = desk.store.tooks(sent.rid for sent in rows)
    return frozenset(
        sent.rid
        for sent in rows
        if sent.rid in took and took[sent.rid] == took_digest(sender, sent)
    )


class Weighing:
    """A file's rows beside ours, a portion at a time: `look_up` comes before the other two."""

    def __init__(self, desk: Desk, taken: Taken) -> None:
        self._desk = desk
        self._taken = taken
        self._ours: Mapping[bytes, tuple[Row, bytes | None]] = {}
        self._taken_before: frozenset[bytes] = frozenset()
        self._clients: Mapping[bytes, bytes] | None = None
        self._held: frozenset[bytes] | None = None
        self._erased = desk.store.orders.erased_writes()
        self._latest = (desk.milliseconds + _AHEAD) << _HLC_BITS

    def look_up(self, rows: Sequence[Sent]) -> None:
        """Read what is here of these records; of what was taken before, nothing but that it was."""
        self._taken_before = taken_before(self._desk, self._taken.organisation, rows)
        self._ours = self._desk.store.kept(
            sent.rid for sent in rows if sent.rid not in self._taken_before
        )

    def is_taken(self, sent: Sent) -> bool:
        """Whether just this was taken from this sender, and the record not touched since."""
        return sent.rid in self._taken_before

    def joined(self, row: Row, *, is_checked: bool = False) -> tuple[Row | None, Row | None]:
        """Our row and what it becomes; None for what this sender may not write.

        `is_checked`: the same file was looked at before, and its values need no second look.
        Raises KfdeskError `field.…` or `bundle.from_the_future`.
        """
        ours, _ = self._ours.get(row.rid, (None, None))
        if row.rid in self._erased:
            row = replace(row, state=without_writes(row.state, self._erased[row.rid]))
        is_moved = _is_moved(ours, row)
        both = join(ours.state, row.state) if ours is not None and not is_moved else None
        if ours is not None and both == ours.state:
            return ours, ours  # our own word, or theirs, as it comes back
        allowed = _receivable(self._taken, row) if row.type in TYPES else None
        if allowed is None or is_moved or self._opens_others(row):
            return ours, None
        if not is_checked:
            _check(allowed, self._latest)
        if ours is None:
            return None, allowed
        if self.is_kept(ours):
            allowed = replace(allowed, state=without(allowed.state, frozenset({DELETION})))
            return ours, _bounded(ours, join_beside(ours.state, allowed.state))
        if both is None or allowed.state is not row.state:
            both = join(ours.state, allowed.state)
        return ours, self._keeping_children(ours, allowed, _bounded(ours, both))

    def is_kept(self, ours: Row) -> bool:
        """Whether our row belongs to a plan that must be kept: this sender replaces nothing there.

        What another laptop of our own brings is our own word.
        """
        if self._held is None:
            plans = () if self._taken.is_own else held_plans(self._desk)
            self._held = frozenset(plan.rid for plan in plans)
        plan = plan_above(self._desk, ours) if self._held else None
        return plan is not None and plan.rid in self._held

    def _keeping_children(self, ours: Row, row: Row, after: Row | None) -> Row | None:
        """What ours becomes; who counts as a child here is made none by no partner's file.

        Its gates would be passed by that. Who answers for her writes it, knowing why.
        """
        is_own = self._taken.organisation == ours.custodian
        if after is None or is_own or ours.type not in PEOPLE:
            return after
        today = self._desk.rooms.clock.now().date()
        if not is_unmade(view_any(ours), view_any(after), today):
            return after
        ids = TYPES[ours.type].ids
        telling = frozenset(ids[key] for key in TELLING if key in ids) | {DELETION}
        return _join(ours, replace(row, state=without(row.state, telling)))

    def _opens_others(self, row: Row) -> bool:
        """Whether it is a consent about a client that the sender does not answer for.

        Believed, it would let a partner open our client to itself or to others.
        """
        if row.type != "consent" or self._taken.is_own:
            return False
        above = row.parent or b""
        ours, sender = self._desk.store.row(above), self._taken.organisation
        if self._clients is None:
            rows = self._taken.rows
            self._clients = {one.rid: one.custodian for one in rows if one.type == "client"}
        custodian = ours.custodian if ours is not None else self._clients.get(above)
        return (custodian, row.custodian) != (sender, sender)


def _receivable(taken: Taken, row: Row) -> Row | None:
    """What of a row may be written here; another laptop of our own writes as this one does."""
    return row if taken.is_own else receivable(row, taken.organisation)


class NewRows(Sequence[Row]):
    """The rows of a file that are new here, made of those that it holds as they are asked for.

    Only their ids are kept, one behind the other, as a large file has many.
    """

    def __init__(self, taken: Taken) -> None:
        self._taken = taken
        self._rids = bytearray()

    def add(self, rid: bytes) -> None:
        """One more row is new; they come in the order of the file."""
        self._rids += rid

    def __len__(self) -> int:
        return len(self._rids) // ID_BYTES

    def __iter__(self) -> Iterator[Row]:
        place = 0
        for sent in self._taken.rows:
            if self._rids.startswith(sent.rid, place):
                place += ID_BYTES
                believed = _receivable(self._taken, sent.row)
                assert believed is not None
                yield believed

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, place: int | slice) -> Row | tuple[Row, ...]:
        return tuple(self)[place]


def walked(
    desk: Desk, taken: Taken, erased: Collection[bytes], step: Step, *, is_checked: bool = False
) -> Iterator[Beside]:
    """Each row of a file that says anything, beside ours.

    Nothing becomes of it where this sender may not write it, or where it was erased here. Raises
    KfdeskError as `Weighing.joined` does, and what `step` raises.
    """
    weighing, rows, number, of = Weighing(desk, taken), iter(taken.rows), 0, len(taken.rows)
    while portion := list(islice(rows, PORTION)):
        weighing.look_up(portion)
        for sent in portion:
            step(number, of)
            number += 1
            if sent.rid in erased:
                yield Beside(sent, None, None)
            elif not weighing.is_taken(sent):
                ours, becomes = weighing.joined(sent.row, is_checked=is_checked)
                is_kept = ours is not None and becomes is not ours and weighing.is_kept(ours)
                yield Beside(sent, ours, becomes, is_kept)


def told(desk: Desk, taken: Taken, notice: Row, fresh: Mapping[bytes, Row]) -> Told | None:
    """What a notice does; None where its sender is no side of the consent.

    `fresh` are rows as the same file makes them. A consent that is not here is shut in advance,
    on the word of who answers for it. Raises KfdeskError `field.…` or `bundle.from_the_future`.
    """
    assert is_notice(notice)
    ours = fresh.get(notice.rid) or desk.store.row(notice.rid)
    if _is_moved(ours, notice) or taken.organisation not in _sides(notice, ours):
        return None
    _check(notice, (desk.milliseconds + _AHEAD) << _HLC_BITS)
    after = notice if ours is None else _join(ours, notice)
    if after is None:
        return None
    return Told(after, ours, notice.custodian == desk.identity.organisation)


def _sides(notice: Row, ours: Row | None) -> frozenset[bytes]:
    """The organisations between which a consent stands, as far as we know it ourselves."""
    if ours is None:
        return frozenset({notice.custodian})
    seen = view(ours, Consent)
    versions = (version.value for version in seen.versions.get("recipient", ()))
    named = {one for one in (seen.record.recipient, *versions) if isinstance(one, str)}
    return frozenset({ours.custodian, *map(bytes.fromhex, named)})


def _join(ours: Row, row: Row) -> Row | None:
    return _bounded(ours, join(ours.state, row.state))


def _bounded(ours: Row, state: State) -> Row | None:
    """Our row in a state that still leaves us room to write."""
    if most_dead(state) > max(_MOST_DEAD, most_dead(ours.state)):
        return None
    return replace(ours, state=state)


def _is_moved(ours: Row | None, row: Row) -> bool:
    """Type, parent and custodian never change; who says otherwise is not believed."""
    if ours is None:
        return False
    return (ours.type, ours.parent, ours.custodian) != (row.type, row.parent, row.custodian)


def _check(row: Row, latest: int) -> None:
    check_row(row)
    if any(save.hlc > latest for save in row.state.saves):
        raise KfdeskError("bundle.from_the_future")
