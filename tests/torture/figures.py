# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who wants to find one client in released figures, with linear programs and patience.

Each trial takes some invented worlds, with one release or two about some of the same clients. In
the control the rule of release is switched off: tables go out as fine as they are asked for.

Somebody adds up periods that are said to have fewer than eleven clients; in the control nobody asks
whether their whole tells how many each has.

A member who meddles in a sum sends shares that are not for us or not its own, and changes what it
gave: the sum is right, or the round is void. In the control such shares are taken.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.sum_samples import begin, carry_all, desks, join, own
from tests.support.figure_worlds import attack_world, make_world
from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.word_of_a_file import without_rule
from tests.torture.world import World

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures import release
from kfdesk.domain.figures.rounds import SumStep
from kfdesk.domain.rows import Row, view_any
from kfdesk.services.figures import sums

_WORLDS = 8
_CONTROL_WORLDS = 25


def _trial(worlds: int, *, is_off: bool = False) -> Trial:
    def trial(_world: World, rng: random.Random) -> Seen:
        with pytest.MonkeyPatch.context() as patch:
            if is_off:
                patch.setattr(release._JointTable, "fault", lambda *_: None)
                patch.setattr(release._JointTable, "has_small", lambda *_: False)
            seeds = [rng.randrange(10**9) for _ in range(worlds)]
            found = {seed: attack_world(seed, 32) for seed in seeds}
        tried = sum(one.tried > 0 for one in found.values())
        won = [seed for seed, one in found.items() if one.cells]
        how = "groups tried" if tried else "nothing to try"
        return Seen(how, f"a small group was recovered, worlds {won[:3]}" if won else "")

    return trial


def _adding(worlds: int, *, is_off: bool = False) -> Trial:
    def trial(_world: World, rng: random.Random) -> Seen:
        with pytest.MonkeyPatch.context() as patch:
            if is_off:
                patch.setattr(release, "_check_small_groups", lambda *_: None)
            found = [_told_of_parts(rng) for _ in range(worlds)]
        lows = [low for low in found if low is not None]
        return Seen("released" if lows else "nothing released", "" if max(lows, default=0) <= 1
                    else f"a part has at least {max(lows)} clients")  # fmt: skip

    return trial


def _told_of_parts(rng: random.Random) -> int | None:
    """Release two or four periods of 1 to 10 clients each, then their whole.

    Return how many clients a part has at least; None if the whole was refused.
    """
    sizes = [rng.randint(1, 10) for _ in range(rng.choice((2, 4)))]
    people = make_world(rng, sum(sizes))
    ids = sorted(people)
    ends = [sum(sizes[: at + 1]) for at in range(len(sizes))]
    parts = [frozenset(ids[end - size : end]) for size, end in zip(sizes, ends, strict=True)]
    earlier = [release.EarlierRelease("new_clients", one, (), is_small=True) for one in parts]
    request = release.TableRequest((("sex",),))
    try:
        whole = release.judge_release(frozenset(people), people, request, earlier)
    except KfdeskError:
        return None
    return (whole.total or 0) - 10 * (len(parts) - 1)


# --- sums


def _odd_rows(trio: Trio, rid: bytes, rng: random.Random) -> Sequence[Row]:
    """Return records of B that nobody may take, by their kinds."""
    forger, rows = trio.forger(trio.bad), trio.bad.store.rows_below("sum_share", rid)
    to = {str(view_any(row).record.to): row for row in rows}
    ours, thirds = to[own(trio.ours).hex()], to[own(trio.third).hex()]
    numbers = {"numbers": str(rng.randrange(2**31))}
    ways: Sequence[Callable[[], Row]] = (
        lambda: thirds,
        lambda: to[own(trio.bad).hex()],
        lambda: replace(thirds, custodian=own(trio.third), rid=rng.randbytes(16)),
        lambda: replace(thirds, parent=trio.plan, rid=rng.randbytes(16)),
        lambda: forger.changed(ours, numbers),
        lambda: forger.deleted(ours),
    )
    return [way() for way in rng.sample(ways, rng.randint(1, 4))]


def _meddling(*, is_off: bool = False) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        with hostile_trio(world.scratch()) as trio, pytest.MonkeyPatch.context() as patch:
            counts = (rng.randrange(4, 9), rng.randrange(4, 9), rng.randrange(4, 9))
            rid = begin(trio, join(trio, counts))
            for desk in desks(trio):
                sums.answer_sum(desk, rid)
            carry_all(trio)
            if is_off:
                for name, (where, other) in without_rule("_outside_sum").items():
                    patch.setattr(where, name, other)
            before = {row.rid: row.state for row in trio.ours.store.rows("sum_share")}
            for row in _odd_rows(trio, rid, rng):
                trio.take(trio.forger(trio.bad).file([row]))
            after = {row.rid: row.state for row in trio.ours.store.rows("sum_share")}
            if before != after:
                return Seen("taken", "a share that is not for us, or another one")
            for desk in desks(trio):
                sums.add_up(desk, rid)
            carry_all(trio)
            if sums.read_sum(trio.ours, rid).step is not SumStep.RELEASE:
                return Seen("void")
            total = sums.preview_sum(trio.ours, rid).total
            return Seen("added up", "" if total == sum(counts) else "the sum is wrong")

    return trial


HARNESSES = (
    Harness(
        "a member that meddles in a sum of several desks",
        _meddling(),
        _meddling(is_off=True),
        Size(1, 30, 1_000),
    ),
    Harness(
        "somebody who adds up periods of few clients",
        _adding(_WORLDS),
        _adding(_CONTROL_WORLDS, is_off=True),
        Size(2, 60, 2_000),
    ),
    Harness(
        "somebody who takes released figures apart",
        _trial(_WORLDS),
        _trial(_CONTROL_WORLDS, is_off=True),
        Size(3, 60, 2_000),
    ),
)
