# SPDX-License-Identifier: GPL-3.0-or-later
"""Which records a file is about: those of some plans' cases, or all that the desk has.

A scope tells of records whether they are its own, by where they stand, so that of a large plan
nobody must list thousands to look at the few that are new. What of them may go is not known here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row
from kfdesk.services.desk import Desk

_AROUND = frozenset({"consent", "relationship"})  # of what stands below a client, in every case
_WEIGHED = ("risk_assessment",)  # of what stands below a plan, that which has lines of its own
_PORTION = 500  # records that are looked at at once


class Scope(Protocol):
    """Records that belong together."""

    def rids(self) -> frozenset[bytes]:
        """The ids of all of them."""

    def of(self, rids: Collection[bytes]) -> frozenset[bytes]:
        """Those of these ids that are theirs."""


class Cases:
    """Of each of some plans just the rows that `case_of` reads."""

    def __init__(self, desk: Desk, plans: Iterable[Row]) -> None:
        self._tree = desk.store.tree
        heads = [(plan.parent or b"", plan.rid) for plan in plans]
        under: dict[bytes, Collection[str]] = {}
        for client, plan in heads:
            under |= {client: _AROUND, plan: TYPES}
            under |= dict.fromkeys(self._tree.children((plan,), _WEIGHED), TYPES)
        self._heads = frozenset(rid for pair in heads for rid in pair)
        self._under: Mapping[bytes, Collection[str]] = under

    def rids(self) -> frozenset[bytes]:
        """The ids of all rows of these cases."""
        each = (self._tree.children((above,), types) for above, types in self._under.items())
        return self._heads.union(*each)

    def of(self, rids: Collection[bytes]) -> frozenset[bytes]:
        """Those of these ids that are of these cases."""
        if len(rids) > _PORTION:  # to ask where each of many stands costs more than to list all
            return self.rids().intersection(rids)
        return frozenset(
            rid
            for rid, (name, above) in self._tree.standing(rids).items()
            if rid in self._heads or (above and name in self._under.get(above, ()))
        )


class Everything:
    """All records of the desk."""

    def __init__(self, desk: Desk) -> None:
        self._tree = desk.store.tree

    def rids(self) -> frozenset[bytes]:
        """The ids of all records."""
        return frozenset(self._tree.rids())

    def of(self, rids: Collection[bytes]) -> frozenset[bytes]:
        """Those of these ids that are of records which are here."""
        return frozenset(rid for part in portions(rids) for rid in self._tree.standing(part))


def portions(rids: Iterable[bytes]) -> Iterator[Sequence[bytes]]:
    """The ids in order, a portion at a time."""
    wanted = sorted(rids)
    for begin in range(0, len(wanted), _PORTION):
        yield wanted[begin : begin + _PORTION]
