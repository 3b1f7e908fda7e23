# SPDX-License-Identifier: GPL-3.0-or-later
"""Sums of three desks by ordinary files: exact, in any order, and nobody's numbers are seen."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import send
from tests.integration.pair_samples import refusal
from tests.integration.sum_samples import begin, carry, carry_all, desks, join, own, until
from tests.support.figure_samples import add_clients, asked

from kfdesk.domain.accounts import Role
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.figures.rounds import SumStep, VoidReason, read_terms
from kfdesk.domain.figures.sums import add_numbers, decode_numbers, encode_numbers
from kfdesk.domain.rows import encode_changes, seen_writes, view_any
from kfdesk.services.core.records import put_changed, put_new
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks
from kfdesk.services.figures import sums
from kfdesk.services.figures.releases import (
    attack_figures,
    freeze_release,
    list_releases,
    preview_figures,
)
from kfdesk.services.today import read_today


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def step(desk: Session, rid: bytes) -> SumStep:
    return sums.read_sum(desk, rid).step


def share_numbers(desk: Session, rid: bytes, giver: Session) -> list[str]:
    rows = desk.store.rows_below("sum_share", rid)
    return [str(view_any(row).record.numbers) for row in rows if row.custodian == own(giver)]


@pytest.mark.parametrize("order", list(permutations(range(3)))[::2])
def test_five_seven_and_eight_are_twenty_in_any_order(trio: Trio, order: tuple[int, ...]) -> None:
    rid = begin(trio, join(trio))
    assert {step(desk, rid) for desk in desks(trio)} == {SumStep.ANSWER}
    for place in order:
        sums.answer_sum(desks(trio)[place], rid)
    pairs = list(permutations(desks(trio), 2))
    for sender, receiver in (pairs[place] for at in order for place in (at, at + 3)):
        carry(trio, sender, receiver)
    assert {step(desk, rid) for desk in desks(trio)} == {SumStep.ADD}
    for place in order:
        sums.add_up(desks(trio)[place], rid)
        if place:
            carry(trio, desks(trio)[place], trio.ours)
    assert sums.preview_sum(trio.ours, rid).total == 20
    release = sums.release_sum(trio.ours, rid)
    for desk in (trio.bad, trio.third):
        carry(trio, trio.ours, desk)
        (there,) = list_releases(desk)
        assert there.view.rid == release
        assert there.figures is not None
        assert there.figures.total == 20
        assert step(desk, rid) is SumStep.RELEASED


def test_tables_of_a_sum_are_safe_like_any_release(trio: Trio) -> None:
    network = join(trio, (14, 5, 3))
    add_clients(trio.bad, 9, gender="Masculine")
    add_clients(trio.third, 4, gender="Masculine")
    rid = begin(trio, network, "sex", "citizenship")
    play(trio, rid)
    figures = sums.preview_sum(trio.ours, rid)
    assert figures.total == 35
    assert figures.tables[0].cells == {("women",): 22, ("men",): 13}
    release = sums.release_sum(trio.ours, rid)
    assert attack_figures(trio.ours, release) == ()
    assert list_releases(trio.ours)[0].view.record.method == "sum"


def play(trio: Trio, rid: bytes) -> None:
    """Let all three take part and add up."""
    for desk in desks(trio):
        sums.answer_sum(desk, rid)
    carry_all(trio)
    for desk in desks(trio):
        sums.add_up(desk, rid)
    carry_all(trio)
    assert step(trio.ours, rid) is SumStep.RELEASE


def test_ten_clients_in_all_give_no_number(trio: Trio) -> None:
    rid = begin(trio, join(trio, (3, 3, 4)), "sex")
    play(trio, rid)
    figures = sums.preview_sum(trio.ours, rid)
    assert (figures.total, figures.tables) == (None, ())


def test_no_store_holds_the_numbers_of_another(trio: Trio) -> None:
    rid = begin(trio, join(trio), "sex")
    play(trio, rid)
    length = read_terms(trio.row(rid)).question.length
    for giver in desks(trio):
        vector = add_numbers(
            [decode_numbers(one, length) for one in share_numbers(giver, rid, giver)]
        )
        for holder in desks(trio):
            held = [
                str(view_any(row).record.numbers)
                for name in ("sum_share", "sum_part")
                for row in holder.store.rows(name)
            ]
            assert encode_numbers(vector) not in held
            assert not is_anywhere(holder, encode_numbers(vector).encode())
            if holder is not giver:
                given = share_numbers(holder, rid, giver)
                assert len(given) == 1, "one of three shares, and no other ever comes here"
    assert not trio.bad.store.rows("sum_part")[1:], "a part goes to the coordinator alone"


def is_anywhere(desk: Session, wanted: bytes) -> bool:
    """Return whether some cell of the store, of any table, holds these bytes."""
    connection = desk.store._connection
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master "
             "WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")]  # fmt: skip
    return any(
        wanted in (cell if isinstance(cell, bytes) else str(cell).encode())
        for name in names
        for row in connection.execute(f"SELECT * FROM {name}")
        for cell in row
    )


def test_a_scan_of_a_store_finds_what_is_there(trio: Trio) -> None:
    rid = begin(trio, join(trio))
    sums.answer_sum(trio.bad, rid)
    (mine, *_) = share_numbers(trio.bad, rid, trio.bad)
    assert is_anywhere(trio.bad, mine.encode())
    assert not is_anywhere(trio.ours, mine.encode())


def test_a_share_goes_to_the_one_that_it_is_for(trio: Trio) -> None:
    rid = begin(trio, join(trio))
    sums.answer_sum(trio.bad, rid)
    carry(trio, trio.bad, trio.third)
    (share,) = trio.third.store.rows_below("sum_share", rid)
    assert view_any(share).record.to == own(trio.third).hex()
    assert not trio.ours.store.rows_below("sum_share", rid)


def test_a_sum_in_which_others_take_part_is_not_listed(trio: Trio) -> None:
    rid = begin(trio, join(trio))
    row = trio.row(rid)
    others = " ".join(sorted((own(trio.bad).hex(), own(trio.third).hex(), "12" * 16)))
    odd = replace(row, custodian=own(trio.bad), rid=b"\x04" * 16)
    forger = trio.forger(trio.bad)
    trio.take(forger.file([forger.changed(odd, {"members": others})]))
    assert [one.row.rid for one in sums.list_sums(trio.ours)] == [rid]


def test_a_lost_file_comes_again_with_the_next(trio: Trio) -> None:
    rid = begin(trio, join(trio))
    for desk in desks(trio):
        sums.answer_sum(desk, rid)
    send(trio, trio.bad, trio.ours)  # this file is lost on the way
    assert step(trio.ours, rid) is SumStep.SHARES
    carry(trio, trio.bad, trio.ours)
    carry(trio, trio.third, trio.ours)
    assert step(trio.ours, rid) is SumStep.ADD


def test_a_share_may_come_before_the_round(trio: Trio) -> None:
    network = join(trio)
    rid = sums.begin_sum(
        trio.ours, network, asked(), (own(trio.bad), own(trio.third)), until(trio.ours)
    )
    carry(trio, trio.ours, trio.bad)
    sums.answer_sum(trio.bad, rid)
    carry(trio, trio.bad, trio.third)
    carry(trio, trio.ours, trio.third)
    assert own(trio.bad) in sums.read_sum(trio.third, rid).came
    sums.answer_sum(trio.third, rid)
    assert step(trio.third, rid) is SumStep.SHARES


def test_who_answers_twice_makes_the_round_void(trio: Trio) -> None:
    rid = begin(trio, join(trio))
    for desk in desks(trio):
        sums.answer_sum(desk, rid)
    answered_again(trio.bad, rid)
    carry_all(trio)
    found = sums.read_sum(trio.ours, rid)
    assert (found.step, found.reason) == (SumStep.VOID, VoidReason.TWICE)
    assert refusal(lambda: sums.add_up(trio.ours, rid)).code == "sums.void"


def answered_again(desk: Session, rid: bytes) -> None:
    """Answer once more with other random numbers, as a desk restored from a backup could."""
    for row in desk.store.rows_below("sum_share", rid):
        values = {
            key: getattr(view_any(row).record, key) for key in ("to", "asked", "draw", "numbers")
        }
        values |= {"draw": "f" * 32}
        with desk.store.transaction():
            put_new(desk, desk.new_row("sum_share", rid), encode_changes("sum_share", values))


def test_parts_of_different_draws_are_never_added_up(trio: Trio) -> None:
    """One desk has the first answer of a member, another the second: the sum would be nonsense."""
    rid = begin(trio, join(trio))
    for desk in desks(trio):
        sums.answer_sum(desk, rid)
    forger = trio.forger(trio.bad)
    rows = trio.bad.store.rows_below("sum_share", rid)
    ours = next(row for row in rows if view_any(row).record.to == own(trio.ours).hex())
    trio.take(forger.file([forger.changed(ours, {"draw": "e" * 32})]))
    carry(trio, trio.third, trio.ours)
    carry(trio, trio.ours, trio.third)
    carry(trio, trio.bad, trio.third)
    carry(trio, trio.ours, trio.bad)
    carry(trio, trio.third, trio.bad)
    for desk in desks(trio):
        sums.add_up(desk, rid)
    for desk in (trio.bad, trio.third):
        carry(trio, desk, trio.ours)
    found = sums.read_sum(trio.ours, rid)
    assert (found.step, found.reason) == (SumStep.VOID, VoidReason.TWICE)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"numbers": "1 2 3"}, VoidReason.ODD),
        ({"numbers": "x"}, VoidReason.ODD),
        ({"numbers": "9999999999"}, VoidReason.ODD),
        ({"asked": "a" * 32}, VoidReason.CHANGED),
    ],
)
def test_a_hostile_share_makes_the_round_void_and_nothing_else(
    trio: Trio, values: dict[str, str], reason: VoidReason
) -> None:
    rid = begin(trio, join(trio))
    sums.answer_sum(trio.ours, rid)
    sums.answer_sum(trio.bad, rid)
    forger = trio.forger(trio.bad)
    rows = trio.bad.store.rows_below("sum_share", rid)
    ours = next(row for row in rows if view_any(row).record.to == own(trio.ours).hex())
    trio.take(forger.file([forger.changed(ours, values)]))
    found = sums.read_sum(trio.ours, rid)
    assert (found.step, found.reason) == (SumStep.VOID, reason)
    assert preview_figures(trio.ours, asked()).total is None


def test_a_share_that_is_here_is_never_changed_or_deleted(trio: Trio) -> None:
    rid = begin(trio, join(trio))
    sums.answer_sum(trio.bad, rid)
    carry(trio, trio.bad, trio.ours)
    (share,) = trio.ours.store.rows_below("sum_share", rid)
    forger = trio.forger(trio.bad)
    for odd in (
        forger.changed(share, {"numbers": "7"}),
        forger.changed(share, {"draw": "7" * 32}),
        forger.deleted(share),
    ):
        trio.take(forger.file([odd]))
        assert trio.row(share.rid).state == share.state


def test_a_share_of_a_stranger_or_for_somebody_else_is_not_taken(trio: Trio) -> None:
    network = join(trio)
    rid = begin(trio, network)
    sums.answer_sum(trio.bad, rid)
    forger = trio.forger(trio.bad)
    rows = trio.bad.store.rows_below("sum_share", rid)
    for_third = next(row for row in rows if view_any(row).record.to == own(trio.third).hex())
    stolen = replace(for_third, custodian=own(trio.third), rid=b"\x01" * 16)
    elsewhere = replace(for_third, rid=b"\x02" * 16, parent=trio.plan)
    below_network = replace(for_third, rid=b"\x03" * 16, parent=network)
    trio.take(forger.file([for_third]))
    trio.take(forger.file([stolen, elsewhere, below_network]))
    assert not trio.ours.store.rows("sum_share")


def test_a_part_after_the_round_is_not_taken(trio: Trio) -> None:
    rid = begin(trio, join(trio))
    for desk in desks(trio):
        sums.answer_sum(desk, rid)
    carry_all(trio)
    for desk in desks(trio):
        sums.add_up(desk, rid)
    late = send(trio, trio.bad, trio.ours)
    sums.end_sum(trio.ours, rid)
    trio.take(late)
    assert [row.custodian for row in trio.ours.store.rows("sum_part")] == [own(trio.ours)]
    found = sums.read_sum(trio.ours, rid)
    assert (found.step, found.reason) == (SumStep.VOID, VoidReason.CALLED_OFF)


def test_nothing_of_a_void_round_goes_out(trio: Trio) -> None:
    rid = begin(trio, join(trio))
    for desk in desks(trio):
        sums.answer_sum(desk, rid)
    sums.end_sum(trio.ours, rid)
    carry(trio, trio.ours, trio.bad)
    carry_all(trio)
    for desk in (trio.ours, trio.third):
        assert not share_numbers(desk, rid, trio.bad)
    assert refusal(lambda: sums.add_up(trio.bad, rid)).code == "sums.void"


def test_a_round_without_one_is_void_reveals_nothing_and_begins_again(trio: Trio) -> None:
    network = join(trio)
    rid = begin(trio, network)
    first = numbers_of(trio, rid, trio.ours, trio.bad)
    carry_all(trio)
    assert step(trio.ours, rid) is SumStep.SHARES
    assert sums.read_sum(trio.ours, rid).missing == {own(trio.third)}
    assert refusal(lambda: sums.begin_again(trio.ours, rid, until(trio.ours))).code == (
        "sums.few_members"
    )
    assert step(trio.ours, rid) is SumStep.SHARES, "nothing was ended"
    sums.end_sum(trio.ours, rid)
    again = begin(trio, network)
    second = numbers_of(trio, again, trio.ours, trio.bad)
    assert not set(first) & set(second)
    sums.answer_sum(trio.third, again)
    carry_all(trio)
    for desk in desks(trio):
        sums.add_up(desk, again)
    carry_all(trio)
    assert sums.preview_sum(trio.ours, again).total == 20
    assert step(trio.bad, rid) is SumStep.VOID


def numbers_of(trio: Trio, rid: bytes, *answering: Session) -> list[str]:
    for desk in answering:
        sums.answer_sum(desk, rid)
    return [one for desk in answering for one in share_numbers(desk, rid, desk)]


def test_after_the_last_day_the_round_is_void(trio: Trio) -> None:
    network = join(trio)
    today = trio.ours.adapters.clock.now().date()
    rid = sums.begin_sum(trio.ours, network, asked(), (own(trio.bad), own(trio.third)), today)
    sums.answer_sum(trio.ours, rid)
    found = sums.read_sum(later(trio.ours), rid)
    assert (found.step, found.reason) == (SumStep.VOID, VoidReason.LATE)


class _Later:
    def __init__(self, desk: Session) -> None:
        self._clock = desk.adapters.clock

    def now(self) -> datetime:
        return self._clock.now() + timedelta(days=1)

    def drift(self) -> timedelta:
        return self._clock.drift()


def later(desk: Session) -> Session:
    return replace(desk, adapters=replace(desk.adapters, clock=_Later(desk)))


def test_a_member_who_leaves_makes_the_round_void(trio: Trio) -> None:
    network = join(trio)
    rid = begin(trio, network)
    for desk in desks(trio):
        sums.answer_sum(desk, rid)
    networks.end_membership(trio.ours, network, own(trio.third))
    found = sums.read_sum(trio.ours, rid)
    assert (found.step, found.reason) == (SumStep.VOID, VoidReason.LEFT)
    carry(trio, trio.ours, trio.bad)
    assert sums.read_sum(trio.bad, rid).reason is VoidReason.LEFT
    assert not share_numbers(trio.bad, rid, trio.ours), "our share did not go out any more"


def test_members_who_were_changed_afterwards_are_noticed(trio: Trio) -> None:
    rid = begin(trio, join(trio), "sex")
    sums.answer_sum(trio.bad, rid)
    row = trio.row(rid)
    with trio.ours.store.transaction():
        changes = encode_changes("sum_round", {"variables": ("age",)})
        put_changed(trio.ours, row, changes, seen_writes(row))
    carry(trio, trio.ours, trio.bad)
    found = sums.read_sum(trio.bad, rid)
    assert (found.step, found.reason) == (SumStep.VOID, VoidReason.CHANGED)


def test_two_sums_about_the_same_clients_are_refused(trio: Trio) -> None:
    network = join(trio)
    rid = begin(trio, network)
    sums.answer_sum(trio.bad, rid)
    quarter = begin(trio, network, period=FigurePeriod.parse("2025-Q1"))
    assert refusal(lambda: sums.answer_sum(trio.bad, quarter)).code == "sums.again"
    other = begin(trio, network, population="returned")
    sums.answer_sum(trio.bad, other)
    assert refusal(lambda: sums.answer_sum(trio.bad, other)).code == "sums.answered"


def test_after_its_part_a_desk_gives_the_same_numbers_to_the_same_members_alone(
    trio: Trio,
) -> None:
    network = join(trio)
    rid = begin(trio, network)
    for desk in desks(trio):
        sums.answer_sum(desk, rid)
    carry_all(trio)
    sums.add_up(trio.bad, rid)
    add_clients(trio.bad, 3)
    again = sums.begin_again(trio.ours, rid, until(trio.ours))
    for desk in (trio.bad, trio.third):
        carry(trio, trio.ours, desk)
    play(trio, again)
    assert sums.preview_sum(trio.ours, again).total == 20, "the three who came later do not show"
    with_table = begin(trio, network, "sex")
    assert refusal(lambda: sums.answer_sum(trio.bad, with_table)).code == "sums.again"


def test_what_members_have_published_is_not_left_as_a_small_rest(trio: Trio) -> None:
    network = join(trio, (14, 12, 4))
    freeze_release(trio.ours, asked("sex"))
    freeze_release(trio.bad, asked("sex"))
    rid = begin(trio, network)
    play(trio, rid)
    assert refusal(lambda: sums.preview_sum(trio.ours, rid)).code == "figures.difference"
    assert refusal(lambda: sums.release_sum(trio.ours, rid)).code == "figures.difference"


def test_what_a_member_published_twice_is_subtracted_once(trio: Trio) -> None:
    network = join(trio, (14, 12, 4))
    for variable in ("sex", "age", "citizenship"):
        freeze_release(trio.ours, asked(variable))
    freeze_release(trio.bad, asked("sex"))
    rid = begin(trio, network)
    play(trio, rid)
    assert refusal(lambda: sums.preview_sum(trio.ours, rid)).code == "figures.difference"


def test_members_who_said_fewer_are_told_no_more_of(trio: Trio) -> None:
    network = join(trio, (10, 10, 10))
    for desk in desks(trio):
        freeze_release(desk, asked())
    carry_all(trio)
    rid = begin(trio, network)
    play(trio, rid)
    assert refusal(lambda: sums.release_sum(trio.ours, rid)).code == "figures.difference"


def test_a_sum_that_waits_for_us_stands_on_today_until_the_step_is_taken(trio: Trio) -> None:
    def waiting(desk: Session) -> list[tuple[bytes, SumStep]]:
        return [(one.row.rid, one.step) for one in read_today(desk).sums]

    network = join(trio)
    assert waiting(trio.ours) == []
    rid = begin(trio, network)
    counts = [read_today(desk).count for desk in desks(trio)]
    assert [waiting(desk) for desk in desks(trio)] == [[(rid, SumStep.ANSWER)]] * 3
    for role in (Role.STATISTICS_READER, Role.APPROVER, Role.CASE_MANAGER):
        reader = replace(trio.ours, roles=frozenset({role}))
        assert waiting(reader) == [], "who may not take the step is not asked for it"
    for desk in desks(trio):
        sums.answer_sum(desk, rid)
        assert waiting(desk) == []
    assert [read_today(desk).count for desk in desks(trio)] == [one - 1 for one in counts]
    carry_all(trio)
    assert [waiting(desk) for desk in desks(trio)] == [[(rid, SumStep.ADD)]] * 3
    for desk in desks(trio):
        sums.add_up(desk, rid)
    carry_all(trio)
    assert waiting(trio.ours) == [(rid, SumStep.RELEASE)]
    assert waiting(trio.bad) == waiting(trio.third) == []
    sums.release_sum(trio.ours, rid)
    carry_all(trio)
    assert [waiting(desk) for desk in desks(trio)] == [[]] * 3


def test_a_sum_that_is_void_waits_for_nobody(trio: Trio) -> None:
    rid = begin(trio, join(trio))
    sums.end_sum(trio.ours, rid)
    carry_all(trio)
    assert [read_today(desk).sums for desk in desks(trio)] == [()] * 3


def test_many_rounds_of_a_partner_hide_no_sum_that_ends_before_them(trio: Trio) -> None:
    rid = begin(trio, join(trio))
    forger, record = trio.forger(trio.bad), view_any(trio.row(rid)).record
    values = {key: value for key, value in asdict(record).items() if value is not None}
    late = {**values, "until": until(trio.ours) - timedelta(days=90)}
    after = {**values, "until": until(trio.ours) + timedelta(days=1)}
    rows = [forger.written("sum_round", one) for one in (late, after) for _ in range(60)]
    trio.take(forger.file(rows))
    assert len(trio.ours.store.rows("sum_round")) == 121
    found = [one.row.rid for one in read_today(trio.ours).sums]
    assert (found[0], len(found)) == (rid, 50)


def test_a_sum_does_not_stand_in_the_way_of_our_own_figures(trio: Trio) -> None:
    network = join(trio, (25, 12, 14))
    rid = begin(trio, network, "sex")
    play(trio, rid)
    sums.release_sum(trio.ours, rid)
    assert preview_figures(trio.ours, asked("sex")).total == 25


def test_a_round_needs_members_of_one_network_who_are_partners(trio: Trio) -> None:
    network = join(trio)
    both = (own(trio.bad), own(trio.third))
    day = until(trio.ours)
    cases = [
        ("sums.few_members", lambda: begin_with(trio, network, both[:1])),
        ("sums.not_in_network", lambda: begin_with(trio, network, (*both, b"x" * 16))),
        ("sums.not_in_network", lambda: begin_with(trio, b"x" * 16, both)),
        ("sums.day_over", lambda: begin_with(trio, network, both, day - timedelta(days=60))),
    ]
    for code, act in cases:
        assert refusal(act).code == code
    for code, question in (
        ("sums.too_long", asked("age", "citizenship", is_crossed=True)),
        ("figures.variables", asked("shoes")),
        ("figures.population", asked(population="everybody")),
        ("figures.period_open", asked(period=FigurePeriod.parse("2099"))),
    ):
        found = refusal(lambda q=question: sums.begin_sum(trio.ours, network, q, both, day))
        assert found.code == code
    networks.share_in_network(trio.ours, network, ())
    assert refusal(lambda: begin_with(trio, network, both)).code == "sums.not_shared"


def begin_with(
    trio: Trio, network: bytes, members: tuple[bytes, ...], day: date | None = None
) -> bytes:
    return sums.begin_sum(trio.ours, network, asked(), members, day or until(trio.ours))


def test_only_who_may_release_takes_part(trio: Trio) -> None:
    rid = begin(trio, join(trio))
    reader = replace(trio.bad, roles=frozenset({Role.STATISTICS_READER}))
    assert refusal(lambda: sums.answer_sum(reader, rid)).code == "user.not_allowed"
