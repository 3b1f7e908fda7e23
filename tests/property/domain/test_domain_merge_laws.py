# SPDX-License-Identifier: GPL-3.0-or-later
"""The laws of joining, for desks that play by the rules and for inputs that nobody honest made.

A story is a list of things that happen between three desks: saves by somebody who had opened the
form earlier, and deliveries, whole or narrowed to some fields. Beside the desks the test keeps a
log of everything that was ever written, and judges by it alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count, permutations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import make
from tests.support.samples import examples

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Wire
from kfdesk.domain.registers import (
    DELETION,
    EMPTY_STATE,
    RecordState,
    Write,
    WriteContext,
    apply_changes,
    build_state,
    decode_state,
    encode_state,
    keep_fields,
    live_writes,
    merge_beside,
    merge_states,
    superseded_ids,
    writes_by_field,
)

FIELDS = (DELETION, 7, 9)
DESKS = range(3)
VALUES: tuple[Wire, ...] = (None, 1, "x", "y", ("a", "b"))
quick = settings(max_examples=examples(150), deadline=None, database=None)

Pair = tuple[int, bytes]


def newest(writes: Iterable[Write]) -> Write:
    return max(writes, key=lambda w: (w.hlc, w.wid, msgspec.msgpack.encode([w.author, w.value])))


def expected(log: Iterable[Write], dead: frozenset[Pair]) -> set[Write]:
    """Return the writes that live, by the rule as it is written down, with nothing ever dropped."""
    known = set(log)
    return {
        write
        for write in known
        if (write.fid, write.wid) not in dead
        or write == newest(other for other in known if other.fid == write.fid)
    }


def live(state: RecordState) -> set[Write]:
    return set(live_writes(state))


def in_field(state: RecordState, fid: int) -> tuple[Write, ...]:
    return writes_by_field(state).get(fid, ())


def outcome(data: bytes) -> bytes | str:
    """Return the one form of the state in `data`, or the code with which it is refused."""
    try:
        return encode_state(decode_state(data))
    except KfdeskError as error:
        return error.code


# stories of honest desks


@dataclass
class Story:
    """Three desks, what each could know, and all that was ever written."""

    states: list[RecordState] = field(default_factory=lambda: [EMPTY_STATE] * len(DESKS))
    opened: list[frozenset[Pair]] = field(default_factory=lambda: [frozenset()] * len(DESKS))
    log: list[Write] = field(default_factory=list)
    reached: list[set[Write]] = field(default_factory=lambda: [set() for _ in DESKS])
    buried: list[set[Pair]] = field(default_factory=lambda: [set() for _ in DESKS])
    numbers: Iterable[int] = field(default_factory=count)

    def open(self, desk: int) -> None:
        """Somebody opens the form."""
        self.opened[desk] = frozenset((w.fid, w.wid) for w in live_writes(self.states[desk]))

    def save(self, desk: int, fids: frozenset[int], value: Wire, clock: int) -> None:
        """Somebody saves, having seen what was there when the form was opened."""
        by = WriteContext(
            f"desk {desk}", clock, lambda: next(iter(self.numbers)).to_bytes(8, "big")
        )
        before = self.states[desk]
        after = apply_changes(before, dict.fromkeys(fids, value), self.opened[desk], by)
        fresh = live(after) - live(before)
        assert {write.fid for write in fresh} == fids
        self.states[desk] = after
        self.log += fresh
        self.reached[desk] |= fresh
        self.buried[desk] |= superseded_ids(after) - superseded_ids(before)

    def deliver(self, sender: int, taker: int, fids: frozenset[int]) -> None:
        """Import a bundle with these fields."""
        sent = decode_state(encode_state(keep_fields(self.states[sender], fids)))
        before = self.states[taker]
        self.states[taker] = merge_states(before, sent)
        self.reached[taker] |= {write for write in self.reached[sender] if write.fid in fids}
        self.buried[taker] |= {pair for pair in self.buried[sender] if pair[0] in fids}
        for fid in set(FIELDS) - fids:
            assert in_field(self.states[taker], fid) == in_field(before, fid)

    def check(self) -> None:
        """Check what must hold at every moment, on every desk."""
        for desk in DESKS:
            state, reached = self.states[desk], self.reached[desk]
            assert decode_state(encode_state(state)) == state
            assert superseded_ids(state) == self.buried[desk]
            assert live(state) == expected(reached, frozenset(self.buried[desk]))
            assert {write.fid for write in reached} == writes_by_field(state).keys()


desks = st.sampled_from(DESKS)
some_fields = st.frozensets(st.sampled_from(FIELDS), min_size=1)
opening = st.tuples(st.just("open"), desks)
saving = st.tuples(st.just("save"), desks, some_fields, st.sampled_from(VALUES), st.integers(1, 6))
delivery = st.tuples(st.just("deliver"), desks, desks, some_fields)
stories = st.lists(st.one_of(opening, saving, delivery), max_size=25)


def played(events: list[tuple[object, ...]], *, watched: bool = False) -> Story:
    story = Story()
    for what, *how in events:
        getattr(story, str(what))(*how)
        if watched:
            story.check()
    return story


def everything_known(states: Iterable[RecordState]) -> RecordState:
    found = EMPTY_STATE
    for state in states:
        found = merge_states(found, state)
    return found


@quick
@given(stories)
def test_desk_holds_what_reached_it_and_nothing_else_at_every_moment(
    events: list[tuple[object, ...]],
) -> None:
    """With it: redacted fields stay untouched, dropping dead content commutes with joining."""
    assert played(events, watched=True).states


@quick
@given(stories, st.lists(desks, max_size=12))
def test_desks_agree_in_whatever_order_and_however_often_bundles_come(
    events: list[tuple[object, ...]], again: list[int]
) -> None:
    states = played(events).states
    whole = encode_state(everything_known(states))
    for order in permutations(states):
        assert encode_state(everything_known(order)) == whole
    repeated = [states[desk] for desk in again]
    assert encode_state(everything_known([*repeated, *states, *repeated])) == whole


@quick
@given(stories)
def test_no_word_is_lost_unless_somebody_who_saw_it_replaced_it(
    events: list[tuple[object, ...]],
) -> None:
    story = played(events)
    whole = everything_known(story.states)
    buried = set().union(*story.buried)
    for write in story.log:
        assert write in live(whole) or (write.fid, write.wid) in buried
    for fid in {write.fid for write in story.log}:
        assert newest(w for w in story.log if w.fid == fid) in live(whole)


@quick
@given(stories, some_fields, desks)
def test_save_is_what_its_author_reads_next(
    events: list[tuple[object, ...]], fids: frozenset[int], desk: int
) -> None:
    story = played(events)
    story.open(desk)
    story.save(desk, fids - {DELETION}, "decided", clock=1)
    for fid in fids - {DELETION}:
        assert [write.value for write in in_field(story.states[desk], fid)] == ["decided"]


@quick
@given(stories, some_fields)
def test_narrowing_commutes_with_joining(
    events: list[tuple[object, ...]], fids: frozenset[int]
) -> None:
    one, two, _ = played(events).states
    apart = merge_states(keep_fields(one, fids), keep_fields(two, fids))
    assert encode_state(keep_fields(merge_states(one, two), fids)) == encode_state(apart)


# anything at all

wids = st.sampled_from([bytes([letter]) * 8 for letter in b"abcd"])
forged_writes = st.builds(
    Write,
    fid=st.sampled_from([*FIELDS, 65_535]),
    wid=wids,
    hlc=st.sampled_from([0, 1, 2, 2**62, 2**63 - 1]),
    author=st.sampled_from(["", "EV", "ОМ"]),
    value=st.sampled_from(VALUES),
)
pairs = st.tuples(st.sampled_from([*FIELDS, 65_535]), wids)
forged = st.builds(
    build_state, st.lists(forged_writes, max_size=8), st.frozensets(pairs, max_size=8)
)


@quick
@given(forged, forged)
def test_joining_is_commutative(one: RecordState, two: RecordState) -> None:
    assert encode_state(merge_states(one, two)) == encode_state(merge_states(two, one))


@quick
@given(forged, forged, forged)
def test_joining_is_associative(one: RecordState, two: RecordState, three: RecordState) -> None:
    assert encode_state(merge_states(merge_states(one, two), three)) == encode_state(
        merge_states(one, merge_states(two, three))
    )


@quick
@given(forged, forged)
def test_joining_is_idempotent(one: RecordState, two: RecordState) -> None:
    assert encode_state(merge_states(one, one)) == encode_state(one)
    both = merge_states(one, two)
    assert (
        encode_state(merge_states(both, one))
        == encode_state(merge_states(both, both))
        == encode_state(both)
    )


def is_told_once(state: RecordState) -> bool:
    """Return whether each name of a write stands for one write, as it does for honest desks."""
    names = [(write.fid, write.wid) for write in live_writes(state)]
    return len(set(names)) == len(names)


@quick
@given(forged, forged)
def test_what_must_be_kept_loses_nothing_to_what_is_put_beside_it(
    one: RecordState, two: RecordState
) -> None:
    beside = merge_beside(one, two)
    assert set(live_writes(one)) <= set(live_writes(beside))
    known = set(live_writes(one)) | set(live_writes(merge_states(one, two)))
    assert known <= set(live_writes(beside))
    if is_told_once(two):  # a forger's two words under one name may come in one after the other
        assert live_writes(merge_beside(beside, two)) == live_writes(beside)


@quick
@given(forged, forged)
def test_written_field_is_never_empty_though_a_circle_was_forged(
    one: RecordState, two: RecordState
) -> None:
    written = writes_by_field(one).keys() | writes_by_field(two).keys()
    assert writes_by_field(merge_states(one, two)).keys() == written


@quick
@given(st.lists(forged_writes, max_size=8), st.frozensets(pairs, max_size=8))
def test_what_lives_follows_from_all_that_is_known(
    writes: list[Write], dead: frozenset[Pair]
) -> None:
    assert live(build_state(writes, dead)) == expected(writes, dead)


@quick
@given(st.lists(forged_writes, max_size=8), st.lists(st.tuples(pairs, st.booleans()), max_size=8))
def test_dead_content_may_be_dropped_at_any_time(
    writes: list[Write], graves: list[tuple[Pair, bool]]
) -> None:
    """One desk hears all at once; another hears of each death before or after the rest."""
    dead = frozenset(pair for pair, _ in graves)
    at_once = build_state(writes, dead)
    step = EMPTY_STATE
    for pair, is_early in graves:
        step = merge_states(step, build_state([], [pair])) if is_early else step
    for write in writes:
        step = merge_states(step, build_state([write], ()))
    for pair, _ in graves:
        step = merge_states(step, build_state([], [pair]))
    assert encode_state(step) == encode_state(at_once)


@quick
@given(forged)
def test_every_state_has_one_form_that_reads_back(state: RecordState) -> None:
    assert make.canonicalize(state) == state
    assert decode_state(encode_state(state)) == state


@quick
@given(forged, some_fields)
def test_narrowed_state_says_nothing_of_the_rest(state: RecordState, fids: frozenset[int]) -> None:
    narrowed = keep_fields(state, fids)
    assert writes_by_field(narrowed).keys() <= fids
    assert {fid for fid, _ in superseded_ids(narrowed)} <= fids
    assert live(narrowed) == {write for write in live(state) if write.fid in fids}
    for fid in set(FIELDS) - fids:
        assert in_field(merge_states(state, narrowed), fid) == in_field(state, fid)


@quick
@given(st.binary(max_size=200))
def test_bytes_are_a_state_in_its_one_form_or_are_refused(data: bytes) -> None:
    assert outcome(data) in (data, "bundle.torn")


@settings(max_examples=examples(300), deadline=None, database=None)
@given(forged, st.integers(0, 400), st.integers(0, 7))
def test_flipped_bit_is_refused_or_is_another_whole_state(
    state: RecordState, place: int, bit: int
) -> None:
    data = bytearray(encode_state(state))
    data[place % len(data)] ^= 1 << bit
    assert outcome(bytes(data)) in (bytes(data), "bundle.torn")


def test_the_judge_can_say_no() -> None:
    """The rule as the test writes it down tells a wrong state from a right one."""
    one, two = Write(7, b"a" * 8, 1, "EV", "x"), Write(7, b"b" * 8, 2, "EV", "y")
    assert expected([one, two], frozenset()) == {one, two}
    assert expected([one, two], frozenset({(7, one.wid)})) == {two}
    assert expected([one, two], frozenset({(7, one.wid), (7, two.wid)})) == {two}
    wrong = Story()
    wrong.check()
    wrong.reached[0].add(one)
    with pytest.raises(AssertionError):
        wrong.check()
