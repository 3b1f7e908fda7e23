# SPDX-License-Identifier: GPL-3.0-or-later
"""Deciding while a file is taken, and taking many: between two real desks."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.pair_samples import Pair, met_pair, refusal

from kfdesk.demo import people
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import View, seen_in, view, wire_changes
from kfdesk.domain.writes import amend
from kfdesk.services import exchange, partners
from kfdesk.services.exchange import Review
from kfdesk.services.sharing import arriving, undoing
from kfdesk.services.sharing.deciding import Choice, Typed, choices_in
from kfdesk.services.writing.records import change_record


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as made:
        yield made


def disagree(pair: Pair) -> Path:
    """A file of theirs that says otherwise than we do, of both legs."""
    pair.send()
    for leg in pair.legs:
        change_record(pair.ours, leg, {"carrier": "Vår buss"})
        change_record(pair.theirs, leg, {"carrier": "Deras buss"})
    us = pair.ours.identity.organisation
    return exchange.send(pair.theirs, pair.plan, us, pair.post).path


def choice_of(pair: Pair, reviewed: Review, leg: bytes) -> Choice:
    (becomes,) = (row for row in reviewed.changed if row.rid == leg)
    return choices_in(pair.ours, reviewed.before[leg], becomes)["carrier"]


def leg_of(pair: Pair, rid: bytes) -> View[Leg]:
    row = pair.ours.store.row(rid)
    assert row is not None
    return view(row, Leg)


def test_choice_names_both_sides_and_what_both_replaced(pair: Pair) -> None:
    before = leg_of(pair, pair.legs[1]).record.carrier
    reviewed = exchange.review(pair.ours, disagree(pair))
    choice = choice_of(pair, reviewed, pair.legs[1])
    assert [one.value for one in choice.ours] == ["Vår buss"]
    assert [one.value for one in choice.theirs] == ["Deras buss"]
    assert choice.before is not None
    assert choice.before.value == before


def test_what_only_one_side_replaced_is_not_called_before(pair: Pair) -> None:
    change_record(pair.ours, pair.legs[0], {"booking_reference": None})
    pair.send()
    change_record(pair.ours, pair.legs[0], {"check_in_status": "check_in_due"})
    change_record(pair.theirs, pair.legs[0], {"check_in_status": "check_in_missed"})
    us = pair.ours.identity.organisation
    path = exchange.send(pair.theirs, pair.plan, us, pair.post).path
    reviewed = exchange.review(pair.ours, path)
    (becomes,) = reviewed.changed
    found = choices_in(pair.ours, reviewed.before[becomes.rid], becomes)
    assert found["check_in_status"].before is None


def test_decision_holds_and_the_rest_stays_open(pair: Pair) -> None:
    path = disagree(pair)
    reviewed = exchange.review(pair.ours, path)
    theirs = choice_of(pair, reviewed, pair.legs[0]).theirs[0].wid
    exchange.apply(pair.ours, path, reviewed, None, {(pair.legs[0], "carrier"): theirs})
    decided, left = (leg_of(pair, leg) for leg in pair.legs)
    assert (decided.record.carrier, decided.conflicts) == ("Deras buss", frozenset())
    assert left.conflicts == {"carrier"}
    assert pair.ours.store.verify() == ()


def test_third_value_replaces_both_and_goes_back_to_the_partner(pair: Pair) -> None:
    path = disagree(pair)
    reviewed = exchange.review(pair.ours, path)
    typed = {(leg, "carrier"): Typed("Tredje bussen") for leg in pair.legs}
    exchange.apply(pair.ours, path, reviewed, None, typed)
    pair.send()
    for desk in (pair.ours, pair.theirs):
        rows = [desk.store.row(leg) for leg in pair.legs]
        seen = [view(row, Leg) for row in rows if row is not None]
        assert [one.record.carrier for one in seen] == ["Tredje bussen", "Tredje bussen"]
        assert not any(one.conflicts for one in seen)


def test_third_value_that_is_none_of_its_kind_refuses_the_whole_taking(pair: Pair) -> None:
    path = disagree(pair)
    reviewed = exchange.review(pair.ours, path)
    before = leg_of(pair, pair.legs[0])
    wrong = {(pair.legs[0], "carrier"): Typed("x" * 100_000)}
    assert refusal(lambda: exchange.apply(pair.ours, path, reviewed, None, wrong)).code.startswith(
        "field."
    )
    assert leg_of(pair, pair.legs[0]) == before


def test_decision_is_ours_and_both_desks_agree_once_it_went_back(pair: Pair) -> None:
    path = disagree(pair)
    reviewed = exchange.review(pair.ours, path)
    decisions = {(leg, "carrier"): choice_of(pair, reviewed, leg).ours[0].wid for leg in pair.legs}
    exchange.apply(pair.ours, path, reviewed, None, decisions)
    pair.send()
    for desk in (pair.ours, pair.theirs):
        rows = [desk.store.row(leg) for leg in pair.legs]
        seen = [view(row, Leg) for row in rows if row is not None]
        assert [one.record.carrier for one in seen] == ["Vår buss", "Vår buss"]
        assert not any(one.conflicts for one in seen)


def test_conflict_of_a_plan_that_is_only_read_can_be_decided(pair: Pair) -> None:
    path = disagree(pair)
    reviewed = exchange.review(pair.ours, path)
    decisions = {(pair.legs[0], "carrier"): choice_of(pair, reviewed, pair.legs[0]).ours[0].wid}
    row = pair.ours.store.row(pair.plan)
    assert row is not None
    state = amend(row.state, wire_changes("plan", {"state": "closed"}), seen_in(row),
                  pair.ours.signature)  # fmt: skip
    with pair.ours.store.transaction():
        pair.ours.store.put(replace(row, state=state))
    exchange.apply(pair.ours, path, exchange.review(pair.ours, path), None, decisions)
    assert leg_of(pair, pair.legs[0]).record.carrier == "Vår buss"


def test_file_with_its_decisions_is_taken_back_whole(pair: Pair) -> None:
    path = disagree(pair)
    before = pair.ours.store.digest()
    reviewed = exchange.review(pair.ours, path)
    decisions = {
        (leg, "carrier"): choice_of(pair, reviewed, leg).theirs[0].wid for leg in pair.legs
    }
    exchange.apply(pair.ours, path, reviewed, None, decisions)
    (one,) = undoing.list_undoable(pair.ours)
    undoing.undo_taking(pair.ours, one.digest)
    assert pair.ours.store.digest() == before
    assert exchange.review(pair.ours, path).conflicts == 2


def test_cards_and_files_are_told_apart_and_sorted(pair: Pair) -> None:
    first = disagree(pair)
    change_record(pair.theirs, pair.legs[0], {"carrier": "En annan"})
    us = pair.ours.identity.organisation
    second = exchange.send(pair.theirs, pair.plan, us, pair.post).path
    card, letter, twin = (pair.post / name for name in ("a.card", "b.age", "c.age"))
    partners.save_card(pair.theirs, card)
    letter.write_bytes(b"a letter")
    twin.write_bytes(first.read_bytes())
    found = arriving.look_at_all(pair.ours, (second, letter, first, card, twin))
    numbers = [one.review.taken.envelope.sequence for one in found.files if one.review]
    assert numbers == [1, 2]
    assert [one.path for one in found.files] == [first, second]  # the card is known
    assert (found.taken_before, found.for_others) == (0, 1)


def test_many_are_taken_each_by_itself_and_gaps_close(pair: Pair) -> None:
    first = disagree(pair)
    change_record(pair.theirs, pair.legs[0], {"carrier": "En annan"})
    us = pair.ours.identity.organisation
    second = exchange.send(pair.theirs, pair.plan, us, pair.post).path
    late = exchange.review(pair.ours, second)
    assert arriving.missing_before(pair.ours, late.taken) == (1,)
    found = arriving.look_at_all(pair.ours, (second, first))
    received = arriving.take_all(pair.ours, found.files)
    assert (received.taken, received.to_decide, received.faults) == (2, 2, ())
    assert set(pair.legs) <= received.changes.rids
    again = arriving.take_all(pair.ours, found.files)
    assert [fault.code for fault in again.faults] == ["bundle.taken_before"] * 2
    assert arriving.look_at_all(pair.ours, (first, second)).taken_before == 2


def test_stop_in_the_middle_keeps_what_was_taken(pair: Pair) -> None:
    path = disagree(pair)
    files = arriving.look_at_all(pair.ours, (path,)).files

    class Stopped:
        def step(self, _done: int, _of: int) -> None:
            raise KfdeskError("work.cancelled")

    before = pair.ours.store.digest()
    assert refusal(lambda: arriving.take_all(pair.ours, files, Stopped())).code == "work.cancelled"
    assert pair.ours.store.digest() == before
    assert refusal(
        lambda: arriving.look_at_all(pair.ours, (path,), Stopped())
    ).code == "work.cancelled"  # fmt: skip


def test_look_around_reads_what_the_machine_has_found(pair: Pair) -> None:
    path = disagree(pair)
    rooms = replace(pair.ours.rooms, arrived=lambda: (path,))
    found = arriving.look_around(replace(pair.ours, rooms=rooms))
    assert [one.path for one in found.files] == [path]
    assert (found.files[0].review.partner if found.files[0].review else "") == people.SAFE_HOUSE
