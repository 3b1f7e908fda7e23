# SPDX-License-Identifier: GPL-3.0-or-later
"""A verified partner that wants a deadline of ours to be forgotten.

It sends a run that began earlier, steps below our run, other copies of what our procedure says,
or days to which something was prolonged. Today tells the same as before. Each way has a control
in which its rule is switched off.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.run_samples import LAW, TITLE, Step, begin, days_ago, step_named, told
from tests.torture.harness import Seen, Size, Trial, joined
from tests.torture.word_of_a_file import without_rule
from tests.torture.world import World

from kfdesk.domain.procedures.runs import RunStep, open_run, read_steps
from kfdesk.domain.records.cooperation import Cooperation, CooperationStep
from kfdesk.domain.rows import RecordView, Row
from kfdesk.domain.workflow.gates import CaseContext
from kfdesk.services.exchange import merge
from kfdesk.services.exchange.merge import ImportMerger
from kfdesk.services.procedures import deadlines

Attack = Callable[[Trio, bytes, random.Random], Sequence[Row]]
_FLOOD = 300


def begin_earlier(trio: Trio, _run: bytes, rng: random.Random) -> Sequence[Row]:
    """Return a run of B's own that began before ours, with a step or without."""
    forger, opened = trio.forger(trio.bad), days_ago(trio.ours, rng.randrange(1, 9_000))
    run = forger.written("cooperation", {"opened": opened, "title": TITLE}, parent=trio.plan)
    steps = [{"prefix": f"{number}"} for number in range(rng.randrange(3))]
    return (run, *(forger.written("cooperation_step", one, parent=run.rid) for one in steps))


def add_below(trio: Trio, run: bytes, rng: random.Random) -> Sequence[Row]:
    """Return steps of B below our run: a ring of their order, or a flood of them."""
    ring: list[Step] = [{"prefix": "3", "after": "4b"}]
    flood: list[Step] = [{"prefix": "0", "lead": "anyone"}] * _FLOOD
    forger = trio.forger(trio.bad)
    chosen = rng.choice((ring, flood))
    return [forger.written("cooperation_step", one, parent=run) for one in chosen]


def copy_otherwise(trio: Trio, _run: bytes, rng: random.Random) -> Sequence[Row]:
    """Return our step with other copies of what the procedure says."""
    changes: list[Step] = [
        {"amount": 3_000}, {"event": "arrived"}, {"unit": "mo", "amount": 100},
        {"after": "4b"}, {"proof": "wish", "unit": "fortnight"},
    ]  # fmt: skip
    row = trio.row(step_named(trio.ours, trio.plan, "4b").view.rid)
    return [trio.forger(trio.bad).changed(row, rng.choice(changes))]


def prolong(trio: Trio, run: bytes, rng: random.Random) -> Sequence[Row]:
    """Return our step with a later day, or our run as ended."""
    now, forger = days_ago(trio.ours, 0), trio.forger(trio.bad)
    later = now.wall.date() + timedelta(rng.randrange(60, 900))
    step = trio.row(step_named(trio.ours, trio.plan, "4b").view.rid)
    ways = (
        forger.changed(step, {"extended_until": later}),
        forger.changed(step, {"began": days_ago(trio.ours, -rng.randrange(60, 900))}),
        forger.changed(trio.row(run), {"closed": now}),
        forger.deleted(step),
        forger.deleted(trio.row(run)),
    )
    return [rng.choice(ways)]


def _trial(attack: Attack, off: Mapping[str, tuple[object, object]] | None = None) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        with hostile_trio(world.scratch()) as trio, pytest.MonkeyPatch.context() as patch:
            law: Step = {**LAW, "after": "3"}  # a step that did not apply, and was left out
            kind = rng.choice(("statutory", "agreed", "advised"))
            run = begin(trio.ours, trio.plan, law | {"clock": kind})
            before = _told(trio)
            for name, (where, other) in (off or {}).items():
                patch.setattr(where, name, other)
            trio.take(trio.forger(trio.bad).file(attack(trio, run, rng)))
            after = _told(trio)
            if off is None and after == before:
                return Seen("told", ", ".join(trio.ours.store.verify()[:2]))
            return Seen("told", "" if after == before else f"{before} was told, now {after}")

    return trial


def _told(trio: Trio) -> list[tuple[str, str]]:
    return [(one.step.prefix, str(one.due.last_day)) for one in told(trio.ours)]


def _first_of_all(
    runs: Iterable[RecordView[Cooperation]], _custodian: bytes
) -> RecordView[Cooperation] | None:
    """Wrong on purpose: whoever answers for it."""
    return open_run(runs, b"")


def _steps_of_all(
    case: CaseContext,
    run: RecordView[Cooperation],
    steps: Iterable[RecordView[CooperationStep]],
) -> tuple[RunStep, ...]:
    """Wrong on purpose: whoever put them there."""
    whose = run.row.custodian
    taken = [replace(one, row=replace(one.row, custodian=whose)) for one in steps]
    return read_steps(case, run, taken)


HARNESSES = (
    joined(
        "a partner that wants a deadline to be forgotten",
        [
            (
                _trial(begin_earlier),
                _trial(begin_earlier, {"open_run": (deadlines, _first_of_all)}),
            ),
            (
                _trial(add_below),
                _trial(
                    add_below,
                    {
                        **without_rule("_below_anothers_run"),
                        "read_steps": (deadlines, _steps_of_all),
                    },
                ),
            ),
            (
                _trial(copy_otherwise),
                _trial(copy_otherwise, {"_acceptable_row": (merge, lambda _taken, row: row)}),
            ),
            (
                _trial(prolong),
                _trial(prolong, {"_waiting_fields": (ImportMerger, lambda *_: frozenset())}),
            ),
        ],
        Size(4, 80, 5_000),
    ),
)
