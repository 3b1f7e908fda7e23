# SPDX-License-Identifier: GPL-3.0-or-later
"""The writes of a record: their one form, how a save replaces what was seen, how two join."""

import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest
from tests.support import make

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Wire
from kfdesk.domain.registers import (
    DELETION,
    EMPTY_STATE,
    RecordState,
    Save,
    Write,
    WriteContext,
    apply_changes,
    build_state,
    count_superseded,
    decode_state,
    decode_trusted,
    encode_state,
    fold_equal_writes,
    is_canonical,
    is_deleted,
    keep_fields,
    live_writes,
    merge_beside,
    merge_states,
    next_hlc,
    state_extent,
    superseded_ids,
    writes_by_field,
)

OPEN, SHUT = 7, 9  # two fields
A, B, C = b"aaaaaaaa", b"bbbbbbbb", b"cccccccc"
D, E = b"dddddddd", b"eeeeeeee"


def write(wid: bytes, hlc: int = 1, value: Wire = "x", fid: int = OPEN) -> Write:
    return Write(fid, wid, hlc, "EV", value)


def by(*wids: bytes, hlc: int = 1, author: str = "EV") -> WriteContext:
    fresh = iter(wids)
    return WriteContext(author, hlc, lambda: next(fresh))


def seen(state: RecordState) -> frozenset[tuple[int, bytes]]:
    return frozenset((found.fid, found.wid) for found in live_writes(state))


def values(state: RecordState, fid: int = OPEN) -> list[Wire]:
    return [found.value for found in writes_by_field(state).get(fid, ())]


def torn(data: bytes) -> str:
    with pytest.raises(KfdeskError) as refused:
        decode_state(data)
    assert refused.value.code == "bundle.torn"
    return str(refused.value.data["why"])


# the one form


def test_state_is_the_bytes_that_the_format_says() -> None:
    state = apply_changes(EMPTY_STATE, {SHUT: None, OPEN: "hej"}, (), by(A, B, hlc=5))
    later = apply_changes(state, {OPEN: 3}, seen(state), by(C, hlc=6))
    assert encode_state(state) == msgspec.msgpack.encode(
        [[[5, "EV", b"\0\x07\0\x09", B + A, ["hej", None]]], None]
    )
    assert encode_state(later) == msgspec.msgpack.encode(
        [[[5, "EV", b"\0\x09", A, [None]], [6, "EV", b"\0\x07", C, [3]]], [[OPEN, B]]]
    )
    assert decode_state(encode_state(later)) == later


def test_empty_state_has_its_bytes_too() -> None:
    assert encode_state(EMPTY_STATE) == b"\x92\x90\xc0"
    assert decode_state(encode_state(EMPTY_STATE)) == EMPTY_STATE
    assert writes_by_field(EMPTY_STATE) == {}


def test_order_of_writes_makes_no_difference() -> None:
    every = [write(A), write(B, hlc=2), write(C, fid=SHUT), Write(OPEN, D, 1, "ОМ", ("a", "b"))]
    expected = encode_state(build_state(every, [(OPEN, E), (SHUT, A)]))
    assert encode_state(build_state(reversed(every), [(SHUT, A), (OPEN, E), (OPEN, E)])) == expected
    assert decode_state(expected) == make.canonicalize(decode_state(expected))


def test_writes_come_back_oldest_first() -> None:
    state = build_state([write(C, hlc=3), write(A, hlc=2), write(B, hlc=2), write(D, fid=SHUT)], ())
    assert [found.wid for found in writes_by_field(state)[OPEN]] == [A, B, C]
    assert [found.wid for found in writes_by_field(state)[SHUT]] == [D]


SOUND: list[Any] = [5, "EV", b"\0\x07", A, ["x"]]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        b"\x92\x90\xc0\x00",
        b"\x91" * 5000,
        msgspec.msgpack.encode([[], None, 1]),
        msgspec.msgpack.encode({"saves": [], "dead": None}),
        msgspec.msgpack.encode([[[*SOUND, 1]], None]),
        msgspec.msgpack.encode([[[5, 1, b"\0\x07", A, ["x"]]], None]),
        msgspec.msgpack.encode([[["5", "EV", b"\0\x07", A, ["x"]]], None]),
        msgspec.msgpack.encode([[[-1, "EV", b"\0\x07", A, ["x"]]], None]),
        msgspec.msgpack.encode([[[2**63, "EV", b"\0\x07", A, ["x"]]], None]),
        msgspec.msgpack.encode([[[5, "EV", b"\0\x07", A, [1.5]]], None]),
        msgspec.msgpack.encode([[[5, "EV", b"\0\x07", A, [True]]], None]),
        msgspec.msgpack.encode([[[5, "EV", b"\0\x07", A, [b"x"]]], None]),
        msgspec.msgpack.encode([[[5, "EV", b"\0\x07", A, [["a", 1]]]], None]),
        msgspec.msgpack.encode([[SOUND], [[-1, A]]]),
        msgspec.msgpack.encode([[SOUND], [[2**16, A]]]),
        b"\x92\x91\x95\x05\xa2\xff\xfe\xc4\x02\0\x07\xc4\x08" + A + b"\x91\xa1x\xc0",
    ],
)
def test_what_is_no_state_is_torn(data: bytes) -> None:
    assert torn(data) == "state"


@pytest.mark.parametrize(
    "save",
    [
        [5, "EV", b"\0", A, ["x"]],
        [5, "EV", b"\0\x07\0\x07", A, ["x"]],
        [5, "EV", b"\0\x07", A[:7], ["x"]],
        [5, "EV", b"\0\x07", A + B, ["x"]],
        [5, "EV", b"\0\x07", A, ["x", "y"]],
        [5, "EV", b"\0\x07", A, []],
    ],
)
def test_save_with_ids_and_values_that_do_not_match_is_torn(save: list[Any]) -> None:
    assert torn(msgspec.msgpack.encode([[save], None])) == "save_shape"
    with pytest.raises(KfdeskError):
        make.canonicalize(RecordState((msgspec.convert(save, Save),), None))


@pytest.mark.parametrize("ids", [b"", A[:7], A + b"x"])
def test_dead_ids_of_another_length_are_torn(ids: bytes) -> None:
    assert torn(msgspec.msgpack.encode([[], [[OPEN, ids]]])) == "dead_shape"


@pytest.mark.parametrize(
    "parts",
    [
        [[], []],  # no dead ids are nil
        [[[5, "EV", b"", b"", []]], None],  # an empty save
        [[SOUND, SOUND], None],  # one write twice
        [[SOUND, [5, "EV", b"\0\x09", A, ["x"]]], None],  # one save in two
        [[[6, "EV", b"\0\x07", A, ["x"]], SOUND], None],  # saves not by time
        [[[5, "ÖZ", b"\0\x07", A, ["x"]], [5, "EV", b"\0\x07", B, ["x"]]], None],
        [[[5, "EV", b"\0\x09\0\x07", A + B, ["x", "x"]]], None],  # fields not in order
        [[[5, "EV", b"\0\x07\0\x07", B + A, ["x", "x"]]], None],  # ids not in order
        [[[5, "EV", b"\0\x07\0\x07", A + A, ["y", "x"]]], None],  # contents not in order
        [[], [[OPEN, B + A]]],
        [[], [[OPEN, A + A]]],
        [[], [[SHUT, A], [OPEN, A]]],
        [[], [[OPEN, A], [OPEN, B]]],
        [[SOUND, [6, "EV", b"\0\x07", B, ["y"]]], [[OPEN, A]]],  # carries what is dead
    ],
)
def test_state_in_another_form_is_refused(parts: list[Any]) -> None:
    assert torn(msgspec.msgpack.encode(parts)) == "state_not_canonical"


@pytest.mark.parametrize(
    "data",
    [
        b"\x92\x91\x95\xcd\0\x05\xa2EV\xc4\x02\0\x07\xc4\x08" + A + b"\x91\xa1x\xc0",  # long int
        b"\x92\x91\x95\x05\xd9\x02EV\xc4\x02\0\x07\xc4\x08" + A + b"\x91\xa1x\xc0",  # long string
        b"\x92\xdc\x00\x00\xc0",  # long array
    ],
)
def test_state_in_longer_msgpack_is_refused(data: bytes) -> None:
    assert torn(data) == "state_not_canonical"


# a save


def test_save_replaces_what_was_seen() -> None:
    before = apply_changes(EMPTY_STATE, {OPEN: "x"}, (), by(A))
    after = apply_changes(before, {OPEN: "y"}, seen(before), by(B, hlc=2))
    assert values(after) == ["y"]
    assert superseded_ids(after) == {(OPEN, A)}


def test_save_does_not_replace_what_came_in_between() -> None:
    opened = apply_changes(EMPTY_STATE, {OPEN: "x"}, (), by(A))
    meanwhile = apply_changes(opened, {OPEN: "theirs"}, seen(opened), by(B, hlc=2))
    after = apply_changes(meanwhile, {OPEN: "ours"}, seen(opened), by(C, hlc=3))
    assert values(after) == ["theirs", "ours"]


def test_save_replaces_only_in_the_fields_that_it_writes() -> None:
    before = apply_changes(EMPTY_STATE, {OPEN: "x", SHUT: "y"}, (), by(A, B))
    after = apply_changes(before, {OPEN: "z"}, seen(before), by(C, hlc=2))
    assert values(after, SHUT) == ["y"]
    assert superseded_ids(after) == {(OPEN, A)}


def test_save_is_newer_than_all_it_replaces_though_its_clock_runs_behind() -> None:
    ahead = apply_changes(EMPTY_STATE, {OPEN: "x", SHUT: "x"}, (), by(A, B, hlc=next_hlc(9000)))
    after = apply_changes(ahead, {OPEN: "y"}, seen(ahead), by(C, hlc=next_hlc(10)))
    (newest,) = writes_by_field(after)[OPEN]
    assert newest.hlc == next_hlc(9000) + 1
    assert newest.milliseconds == 9000
    assert values(after) == ["y"]
    untouched = apply_changes(ahead, {3: "y"}, seen(ahead), by(C, hlc=next_hlc(10)))
    assert writes_by_field(untouched)[3][0].hlc == next_hlc(10)


def test_cleared_field_is_written_and_reads_as_none() -> None:
    before = apply_changes(EMPTY_STATE, {OPEN: "x"}, (), by(A))
    after = apply_changes(before, {OPEN: None}, seen(before), by(B, hlc=2))
    assert values(after) == [None]


def test_fields_saved_together_share_one_save() -> None:
    assert len(apply_changes(EMPTY_STATE, {1: "a", 2: "b", 3: "c"}, (), by(A, B, C)).saves) == 1


def test_save_of_nothing_changes_nothing() -> None:
    before = apply_changes(EMPTY_STATE, {OPEN: "x"}, (), by(A))
    assert encode_state(apply_changes(before, {}, seen(before), by())) == encode_state(before)


def test_name_of_the_author_cannot_mislead() -> None:
    state = apply_changes(
        EMPTY_STATE, {OPEN: "x"}, (), by(A, author="E\u202eVA\u0301\x00, Nordhuset ")
    )
    assert state.saves[0].author == "EVÁ, Nordhuset"


def test_stamp_is_milliseconds_and_a_counter() -> None:
    assert next_hlc(1_700_000_000_000) == 1_700_000_000_000 << 16
    assert next_hlc(1, after=next_hlc(5)) == next_hlc(5) + 1
    assert write(A, hlc=next_hlc(77) + 3).milliseconds == 77


# joining


def forked() -> tuple[RecordState, RecordState, RecordState]:
    """Return a state, and what two desks made of it apart."""
    start = apply_changes(EMPTY_STATE, {OPEN: "x", SHUT: "s"}, (), by(A, B))
    ours = apply_changes(start, {OPEN: "ours"}, seen(start), by(C, hlc=2, author="EV"))
    theirs = apply_changes(start, {OPEN: "theirs"}, seen(start), by(D, hlc=3, author="ОМ"))
    return start, ours, theirs


def test_both_words_stay_until_a_person_chooses() -> None:
    _, ours, theirs = forked()
    both = merge_states(ours, theirs)
    assert values(both) == ["ours", "theirs"]
    assert values(both, SHUT) == ["s"]
    decided = apply_changes(both, {OPEN: "theirs"}, seen(both), by(E, hlc=4))
    assert values(merge_states(decided, merge_states(theirs, ours))) == ["theirs"]


def test_joining_gives_the_same_bytes_on_both_sides_and_again() -> None:
    start, ours, theirs = forked()
    both = merge_states(ours, theirs)
    assert encode_state(both) == encode_state(merge_states(theirs, ours))
    assert (
        encode_state(both)
        == encode_state(merge_states(both, theirs))
        == encode_state(merge_states(start, both))
    )


def test_joining_what_is_the_same_makes_nothing_anew() -> None:
    _, ours, _ = forked()
    assert merge_states(ours, decode_state(encode_state(ours))) is ours


def test_what_is_put_beside_replaces_nothing_of_ours() -> None:
    _, ours, _ = forked()
    newer = apply_changes(ours, {OPEN: "newer", SHUT: "s"}, seen(ours), by(D, E, hlc=4))
    assert values(merge_states(ours, newer)) == ["newer"]
    beside = merge_beside(ours, newer)
    assert values(beside) == ["ours", "newer"]
    assert encode_state(merge_beside(beside, newer)) == encode_state(beside)


def test_equal_writes_are_folded_into_the_newest_which_whoever_saw_it_replaces() -> None:
    equal = build_state([write(A), write(B, hlc=3), write(C, hlc=2), write(D, value="other")], ())
    folded = fold_equal_writes(equal)
    assert [found.wid for found in live_writes(folded)] == [D, B]
    assert superseded_ids(folded) == {(OPEN, A), (OPEN, C)}
    assert encode_state(fold_equal_writes(folded)) == encode_state(folded)
    assert encode_state(make.canonicalize(folded)) == encode_state(folded)
    decided = apply_changes(folded, {OPEN: "decided"}, seen(folded), by(E, hlc=4))
    assert values(merge_states(decided, equal)) == ["decided"]


def test_state_without_equal_writes_is_not_made_anew_by_folding() -> None:
    _, ours, theirs = forked()
    both = merge_states(ours, theirs)
    assert fold_equal_writes(ours) is ours
    assert fold_equal_writes(both) is both


def test_extent_counts_fields_writes_ids_and_bytes() -> None:
    state = build_state([write(A), write(B), write(C, fid=SHUT)], [(3, D), (3, E), (OPEN, E)])
    assert state_extent(state) == (3, 2, 2, len(encode_state(state)))
    assert state_extent(EMPTY_STATE) == (0, 0, 0, len(encode_state(EMPTY_STATE)))
    assert (count_superseded(state), count_superseded(EMPTY_STATE)) == (3, 0)


def test_newer_state_takes_the_place_of_the_one_it_had_seen() -> None:
    start, ours, _ = forked()
    assert encode_state(merge_states(start, ours)) == encode_state(ours)
    assert values(merge_states(start, ours)) == ["ours"]


def test_partner_that_was_shown_one_field_cannot_touch_the_other() -> None:
    start, ours, _ = forked()
    shown = keep_fields(start, frozenset({SHUT}))
    assert writes_by_field(shown).keys() == {SHUT}
    assert superseded_ids(keep_fields(ours, frozenset({SHUT}))) == frozenset()
    assert superseded_ids(keep_fields(ours, frozenset({OPEN}))) == {(OPEN, A)}
    answer = apply_changes(shown, {SHUT: "their s", OPEN: "guess"}, seen(shown), by(D, E, hlc=9))
    joined = merge_states(ours, answer)
    assert values(joined, SHUT) == ["their s"]
    assert values(joined, OPEN) == ["ours", "guess"]


def test_circle_of_replacements_cannot_blank_a_field() -> None:
    forged = build_state([write(A), write(B, hlc=2)], [(OPEN, A), (OPEN, B)])
    assert values(forged) == ["x"]
    assert [found.wid for found in live_writes(forged)] == [B]


def test_one_id_with_two_contents_shows_both() -> None:
    joined = merge_states(build_state([write(A)], ()), build_state([write(A, value="other")], ()))
    assert set(values(joined)) == {"x", "other"}
    assert encode_state(decode_state(encode_state(joined))) == encode_state(joined)


def test_dead_id_of_a_write_that_comes_later_is_remembered() -> None:
    start, ours, _ = forked()
    late = merge_states(ours, start)
    assert values(late) == ["ours"]
    never_seen = build_state([], [(OPEN, A), (SHUT, B)])
    assert values(merge_states(never_seen, ours)) == ["ours"]
    assert values(merge_states(never_seen, start)) == ["x"]  # the newest known always lives


# deletion


def deleted(state: RecordState, known: Iterable[tuple[int, bytes]] | None = None) -> RecordState:
    return apply_changes(
        state, {DELETION: 1}, seen(state) if known is None else known, by(E, hlc=5)
    )


def test_deleted_record_keeps_what_it_said() -> None:
    start, _, _ = forked()
    gone = deleted(start)
    assert not is_deleted(start)
    assert is_deleted(gone)
    assert values(gone) == ["x"]
    assert is_deleted(decode_state(encode_state(gone)))


def test_deletion_does_not_hide_an_edit_that_it_had_not_seen() -> None:
    start, ours, _ = forked()
    joined = merge_states(deleted(start), ours)
    assert not is_deleted(joined)
    assert values(joined) == ["ours"]


def test_deletion_does_not_hide_a_field_that_it_had_not_seen() -> None:
    start, _, _ = forked()
    by_partner = deleted(keep_fields(start, frozenset({OPEN})))
    assert is_deleted(by_partner)
    assert not is_deleted(merge_states(start, by_partner))


def test_deletion_can_be_taken_back() -> None:
    start, _, _ = forked()
    gone = deleted(start)
    back = apply_changes(gone, {DELETION: None}, seen(gone), by(D, hlc=6))
    assert not is_deleted(back)
    assert values(back) == ["x"]
    assert not is_deleted(merge_states(gone, back))


def test_deletion_taken_back_by_one_and_proposed_by_another_does_not_stand() -> None:
    start, _, _ = forked()
    gone = deleted(start)
    back = apply_changes(gone, {DELETION: None}, seen(gone), by(D, hlc=6))
    again = apply_changes(gone, {DELETION: 1}, seen(gone), by(C, hlc=6))
    assert not is_deleted(merge_states(back, again))


def test_same_deletion_on_both_sides_is_one() -> None:
    start, _, _ = forked()
    other = apply_changes(start, {DELETION: 1}, seen(start), by(D, hlc=6))
    assert is_deleted(merge_states(deleted(start), other))


@pytest.mark.parametrize("value", [0, 2, "1", ("1",)])
def test_deletion_of_another_value_is_none(value: Wire) -> None:
    start, _, _ = forked()
    assert not is_deleted(apply_changes(start, {DELETION: value}, seen(start), by(E)))


def test_state_that_is_granted_whole_leaves_as_it_is() -> None:
    changed = make.changed(make.row("leg"), {"carrier": "18"}, make.signature("EV", 5))
    whole = changed.state
    fids = frozenset(writes_by_field(whole))
    assert keep_fields(whole, fids | {DELETION}) is whole
    less = min(fids)
    assert keep_fields(whole, fids - {less}) == build_state(
        (write for write in live_writes(whole) if write.fid != less),
        (pair for pair in superseded_ids(whole) if pair[0] != less),
    )
    dead_alone = build_state((), [(less, bytes(8))])
    assert keep_fields(dead_alone, frozenset({DELETION})) == EMPTY_STATE


def test_own_state_is_read_as_it_was_written() -> None:
    state = make.row("leg").state
    assert decode_trusted(encode_state(state)) == state
    with pytest.raises(KfdeskError) as torn:
        decode_trusted(b"\xc1")
    assert torn.value.code == "bundle.torn"


def odd_state(rng: random.Random) -> RecordState:
    """Return a state of few fields and ids, often twisted: unsorted, doubled or misnamed."""

    def ids(count: int) -> bytes:
        return b"".join(bytes([rng.randrange(4)]) * 8 for _ in range(count))

    def save() -> Save:
        count = rng.choice((0, 1, 1, 1, 2, 3))
        fids = b"".join(bytes([0, rng.randrange(1, 4)]) for _ in range(count))
        values = tuple(rng.choice(("x", "y")) for _ in range(count))
        return Save(rng.randrange(3), rng.choice(("EV", "QQ")), fids, ids(count), values)

    fields = [(rng.randrange(1, 4), ids(rng.randrange(1, 3))) for _ in range(rng.randrange(4))]
    dead = rng.choice((None, tuple(fields), tuple(sorted(fields))))
    return RecordState(tuple(save() for _ in range(rng.randrange(3))), dead)


@pytest.mark.parametrize("seed", range(20))
def test_quick_answer_is_that_of_all_writes_sorted_anew(seed: int) -> None:
    rng = random.Random(seed)
    answers = Counter[bool]()
    for _ in range(300):
        state = odd_state(rng)
        is_so = make.canonicalize(state) == state
        assert is_canonical(state) is is_so, state
        assert is_canonical(make.canonicalize(state))
        answers[is_so] += 1
    assert min(answers[True], answers[False]) > 10


@pytest.mark.parametrize("is_newest", [True, False])
def test_superseded_write_lives_only_as_the_newest_of_its_field(is_newest: bool) -> None:
    one, other = Save(1, "EV", b"\0\3", b"a" * 8, ("x",)), Save(2, "EV", b"\0\3", b"c" * 8, ("y",))
    state = RecordState((one, other), ((3, b"c" * 8 if is_newest else b"a" * 8),))
    assert is_canonical(state) is is_newest
    assert (make.canonicalize(state) == state) is is_newest


def test_id_that_another_field_has_superseded_may_live() -> None:
    state = RecordState((Save(1, "EV", b"\0\3", b"a" * 8, ("x",)),), ((4, b"a" * 8),))
    assert is_canonical(state)
    assert make.canonicalize(state) == state
