# SPDX-License-Identifier: GPL-3.0-or-later
"""The legs of a journey in their order: a new one between two, one moved up or down.

What changes numbers changes them all in one transaction, and says so in a way that can be taken
back. A leg that was missed keeps the number of the one that stands in for it. Knows no page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kfdesk.domain.codes import LEG_OFF
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import Row, View, seen_in, wire_changes
from kfdesk.domain.values import Told, Value
from kfdesk.domain.writes import EMPTY
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.plans import load_case
from kfdesk.services.policy.access import require_editing
from kfdesk.services.writing.records import Done, found, put_changed, put_new

_Groups = list[list[View[Leg]]]


@dataclass(frozen=True, slots=True)
class Ordered(Changes):
    """A leg that was added or moved; `done` are all saves of it, to be taken back together."""

    leg: bytes = b""
    done: tuple[Done, ...] = field(default=(), repr=False)


def add_leg(desk: Desk, plan: bytes, after: bytes | None = None) -> Ordered:
    """A new leg after another one, or the last; it begins where the one before it ends.

    Raises KfdeskError `record.missing`, `record.deleted` or `plan.read_only`.
    """
    require_editing(desk, found(desk, plan))
    with desk.store.transaction():
        groups = _groups(load_case(desk, plan).views(Leg, "leg"))
        place = _place(groups, after) + 1 if after is not None else len(groups)
        new = Row(desk.new_id(), "leg", plan, desk.identity.organisation, EMPTY)
        values = {**_begun(groups[:place]), "sequence": place + 1, "status": "planned"}
        moved = _renumber(desk, groups[:place], 1) + _renumber(desk, groups[place:], place + 2)
        made = put_new(desk, new, wire_changes("leg", values))
    return _ordered(new.rid, (*moved, made))


def move_leg(desk: Desk, plan: bytes, leg: bytes, by: int) -> Ordered:
    """Move a leg one place down (`by` 1) or up (-1); at the end nothing is done.

    Raises KfdeskError `record.missing`, `record.deleted` or `plan.read_only`.
    """
    require_editing(desk, found(desk, plan))
    with desk.store.transaction():
        groups = _groups(load_case(desk, plan).views(Leg, "leg"))
        here = _place(groups, leg)
        there = here + by
        if not 0 <= there < len(groups):
            return Ordered(leg=leg)
        groups[here], groups[there] = groups[there], groups[here]
        return _ordered(leg, _renumber(desk, groups, 1))


def copied(leg: View[Leg]) -> Mapping[str, Value]:
    """What a leg that stands in for a missed one takes over from it: where, and who meets her."""
    keys = ("mode", "from_place", "from_stop", "to_place", "to_stop", "met_by", "sign", "meeter")
    kept = {key: getattr(leg.record, key) for key in keys}
    return {key: value for key, value in kept.items() if value is not None} | {"status": "planned"}


def _begun(before: _Groups) -> dict[str, Value]:
    """Where a leg begins: at the end of the one before."""
    standing = [leg for group in before for leg in group if leg.record.status not in LEG_OFF]
    place = standing[-1].record.to_place if standing else None
    told: Told = place if isinstance(place, tuple) else ()
    return {"from_place": told} if told else {}


def _groups(legs: Sequence[View[Leg]]) -> _Groups:
    """The legs in order; one that was missed stands with the one of its number."""
    groups: _Groups = []
    for leg in legs:
        before = groups[-1] if groups else []
        together = [*before, leg]
        is_same = bool(before) and isinstance(leg.record.sequence, int) and all(
            one.record.sequence == leg.record.sequence for one in before
        )  # fmt: skip
        if is_same and sum(one.record.status not in LEG_OFF for one in together) <= 1:
            before.append(leg)
        else:
            groups.append([leg])
    return groups


def _place(groups: _Groups, rid: bytes) -> int:
    for place, group in enumerate(groups):
        if any(leg.rid == rid for leg in group):
            return place
    raise KfdeskError("record.missing")


def _renumber(desk: Desk, groups: _Groups, first: int) -> tuple[Done, ...]:
    """Number the groups from `first`; a number that waits for a decision is left to it."""
    return tuple(
        put_changed(desk, leg.row, wire_changes("leg", {"sequence": number}), seen_in(leg.row))
        for number, group in enumerate(groups, start=first)
        for leg in group
        if leg.record.sequence != number and "sequence" not in leg.conflicts
    )


def _ordered(leg: bytes, done: Iterable[Done]) -> Ordered:
    kept = tuple(done)
    rids = frozenset(one.rid for one in kept)
    return Ordered(frozenset({"leg"}) if kept else frozenset(), rids, leg, kept)
