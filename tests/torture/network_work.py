# SPDX-License-Identifier: GPL-3.0-or-later
"""A verified partner that meddles in the work of a network, and a member that joined late.

The partner puts meetings where they do not belong and writes below ours; nothing of it is taken.
The late member's file is read: it brings nothing older. A coordinator puts words into a member's
mouth; the member's own word counts. Whoever does a decision says that it is done, and changes
nothing else. Each way has a control in which its rule is switched off.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import add_member, begin_network, send
from tests.integration.test_network_work import TOLD, WORK, decide, hold_meeting, today
from tests.torture.harness import Seen, Size, Trial, joined
from tests.torture.word_of_a_file import without_rule
from tests.torture.world import World

from kfdesk.domain import disclosure
from kfdesk.domain.network_work import WORK_TYPES
from kfdesk.domain.records.network import Decision, Meeting
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record
from kfdesk.services.exchange.import_policy import ImportPolicy
from kfdesk.services.exchange.merge import ImportMerger

Off = Mapping[str, tuple[object, object]]
Attack = Callable[[Trio, bytes, random.Random], Sequence[Row]]


def meddle(trio: Trio, meeting: bytes, rng: random.Random) -> Sequence[Row]:
    """Return records of B below ours, below our plan, or below nothing."""
    forger = trio.forger(trio.bad)
    values: dict[str, Value] = {"title": TOLD, "confidentiality": "public"}
    own = trio.ours.identity.organisation
    places = (trio.plan, own, None, meeting, begin_network(trio.ours, shares=WORK))
    kind = rng.choice([*WORK_TYPES])
    place = rng.choice(places)
    if kind in ("attendance", "decision") and place == meeting:
        return [forger.written(kind, {}, parent=meeting)]
    whole: dict[str, Value] = (
        values if kind in ("meeting", "agreement", "project", "activity") else {}
    )
    return [forger.written(kind, whole, parent=place)]


def _meddling(off: Off | None = None) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        with hostile_trio(world.scratch()) as trio, pytest.MonkeyPatch.context() as patch:
            network = begin_network(trio.ours, trio.bad, shares=WORK)
            meeting = hold_meeting(trio.ours, network, today(trio.ours))
            trio.take(send(trio, trio.ours, trio.bad), trio.bad)
            for name, (where, other) in (off or {}).items():
                patch.setattr(where, name, other)
            rows = meddle(trio, meeting, rng)
            trio.take(trio.forger(trio.bad).file(rows))
            taken = [row.type for row in rows if trio.ours.store.row(row.rid) is not None]
            return Seen("refused", ", ".join(taken))

    return trial


def _joining_late(off: Off | None = None) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        with hostile_trio(world.scratch()) as trio, pytest.MonkeyPatch.context() as patch:
            joined_on = today(trio.ours) - timedelta(days=rng.randrange(1, 400))
            network = begin_network(trio.ours, shares=WORK)
            add_member(trio.ours, network, trio.bad, begins=joined_on)
            older = joined_on - timedelta(days=rng.randrange(1, 4_000))
            meeting = hold_meeting(trio.ours, network, older)
            below = decide(trio.ours, meeting, trio.bad, due=today(trio.ours))
            for name, (where, other) in (off or {}).items():
                patch.setattr(where, name, other)
            trio.take(send(trio, trio.ours, trio.bad), trio.bad)
            seen = [rid for rid in (meeting, below) if trio.bad.store.row(rid) is not None]
            return Seen("nothing older", f"{len(seen)} older" if seen else "")

    return trial


def _lying_coordinator(off: Off | None = None) -> Trial:
    """B coordinates, and says something else in C's meeting before or after C spoke itself."""

    def trial(world: World, rng: random.Random) -> Seen:
        with hostile_trio(world.scratch()) as trio, pytest.MonkeyPatch.context() as patch:
            network = begin_network(trio.bad, trio.ours, trio.third, shares=WORK)
            for member in (trio.ours, trio.third):
                trio.take(send(trio, trio.bad, member), member)
            change_record(trio.third, network, {"we_share": WORK})
            meeting = hold_meeting(trio.third, network, today(trio.third), place="Tartu")
            for name, (where, other) in (off or {}).items():
                patch.setattr(where, name, other)
            row = trio.third.store.row(meeting)
            assert row is not None
            forger = trio.forger(trio.bad)
            lies = (forger.changed(row, {"place": "Narva"}), forger.deleted(row))
            steps: list[Callable[[], object]] = [lambda: trio.take(forger.file([rng.choice(lies)])),
                     lambda: trio.take(send(trio, trio.third, trio.ours))]  # fmt: skip
            rng.shuffle(steps)
            for step in steps:
                step()
            seen = view(trio.row(meeting), Meeting)
            lie = seen.is_deleted or seen.record.place != "Tartu" or seen.conflicts
            return Seen("the member's own word", "a lie" if lie else "")

    return trial


def _meddling_owner(off: Off | None = None) -> Trial:
    """B has to do a decision of ours, and writes more in it than that it is done."""

    def trial(world: World, rng: random.Random) -> Seen:
        with hostile_trio(world.scratch()) as trio, pytest.MonkeyPatch.context() as patch:
            network = begin_network(trio.ours, trio.bad, shares=WORK)
            day = today(trio.ours)
            decision = decide(trio.ours, hold_meeting(trio.ours, network, day), trio.bad, due=day)
            trio.take(send(trio, trio.ours, trio.bad), trio.bad)
            before, forger = trio.row(decision), trio.forger(trio.bad)
            changes: dict[str, Value] = {"state": "dropped", "owner": None, "decided": None,
                                         "due": day + timedelta(days=400)}  # fmt: skip
            keys = rng.sample(sorted(changes), rng.randrange(1, 5))
            done = {"done_here": day} if rng.random() < 0.5 else {}
            for name, (where, other) in (off or {}).items():
                patch.setattr(where, name, other)
            trio.take(forger.file([forger.changed(before, {k: changes[k] for k in keys} | done)]))
            trio.take(forger.file([forger.deleted(before)]))
            ours, now = view(before, Decision), view(trio.row(decision), Decision)
            told = [key for key in changes
                    if getattr(ours.record, key) != getattr(now.record, key)]  # fmt: skip
            told += ["deleted"] if now.is_deleted or now.conflicts else []
            return Seen("done, and nothing else", ", ".join(told))

    return trial


def _take_all(_merger: ImportMerger, _ours: Row | None, row: Row) -> Row:
    return row


HARNESSES = (
    joined(
        "a partner that meddles in the work of a network, lies as its coordinator, or joined late",
        [
            (_meddling(), _meddling(without_rule("_outside_work"))),
            (_joining_late(), _joining_late({"has_begun_before": (disclosure, lambda *_: False)})),
            (
                _lying_coordinator(),
                _lying_coordinator(
                    {
                        "_is_first_word": (ImportMerger, lambda *_: False),
                        "is_passed_on": (ImportPolicy, lambda *_: True),
                    }
                ),
            ),
            (_meddling_owner(), _meddling_owner({"_acceptable": (ImportMerger, _take_all)})),
        ],
        Size(8, 80, 4_000),
    ),
)
