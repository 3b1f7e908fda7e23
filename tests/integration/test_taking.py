# SPDX-License-Identifier: GPL-3.0-or-later
"""Deciding while a file is taken, and taking many: between two real desks."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.pair_samples import Pair, met_pair, refusal

from kfdesk.demo import people
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.registers import apply_changes
from kfdesk.domain.rows import RecordView, encode_changes, seen_writes, view
from kfdesk.services.core.records import change_record
from kfdesk.services.exchange import import_review, partners, transfer
from kfdesk.services.exchange.import_review import (
    ConflictChoice,
    ImportReview,
    TypedValue,
    conflict_choices,
)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as made:
        yield made


def disagree(pair: Pair) -> Path:
    """Return a file of theirs that says otherwise than we do, of both legs."""
    pair.send()
    for leg in pair.legs:
        change_record(pair.ours, leg, {"carrier": "Vår buss"})
        change_record(pair.theirs, leg, {"carrier": "Deras buss"})
    us = pair.ours.identity.organisation
    return transfer.send_bundle(pair.theirs, pair.plan, us, pair.post).path


def choice_of(pair: Pair, reviewed: ImportReview, leg: bytes) -> ConflictChoice:
    (becomes,) = (row for row in reviewed.changed if row.rid == leg)
    return conflict_choices(pair.ours, reviewed.before[leg], becomes)["carrier"]


def leg_of(pair: Pair, rid: bytes) -> RecordView[Leg]:
    row = pair.ours.store.row(rid)
    assert row is not None
    return view(row, Leg)


def test_choice_names_both_sides_and_what_both_replaced(pair: Pair) -> None:
    before = leg_of(pair, pair.legs[1]).record.carrier
    reviewed = transfer.review_bundle(pair.ours, disagree(pair))
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
    path = transfer.send_bundle(pair.theirs, pair.plan, us, pair.post).path
    reviewed = transfer.review_bundle(pair.ours, path)
    (becomes,) = reviewed.changed
    found = conflict_choices(pair.ours, reviewed.before[becomes.rid], becomes)
    assert found["check_in_status"].before is None


def test_decision_holds_and_the_rest_stays_open(pair: Pair) -> None:
    path = disagree(pair)
    reviewed = transfer.review_bundle(pair.ours, path)
    theirs = choice_of(pair, reviewed, pair.legs[0]).theirs[0].wid
    transfer.import_bundle(pair.ours, path, reviewed, None, {(pair.legs[0], "carrier"): theirs})
    decided, left = (leg_of(pair, leg) for leg in pair.legs)
    assert (decided.record.carrier, decided.conflicts) == ("Deras buss", frozenset())
    assert left.conflicts == {"carrier"}
    assert pair.ours.store.verify() == ()


def test_third_value_replaces_both_and_goes_back_to_the_partner(pair: Pair) -> None:
    path = disagree(pair)
    reviewed = transfer.review_bundle(pair.ours, path)
    typed = {(leg, "carrier"): TypedValue("Tredje bussen") for leg in pair.legs}
    transfer.import_bundle(pair.ours, path, reviewed, None, typed)
    pair.send()
    for desk in (pair.ours, pair.theirs):
        rows = [desk.store.row(leg) for leg in pair.legs]
        seen = [view(row, Leg) for row in rows if row is not None]
        assert [one.record.carrier for one in seen] == ["Tredje bussen", "Tredje bussen"]
        assert not any(one.conflicts for one in seen)


def test_third_value_that_is_none_of_its_kind_refuses_the_whole_taking(pair: Pair) -> None:
    path = disagree(pair)
    reviewed = transfer.review_bundle(pair.ours, path)
    before = leg_of(pair, pair.legs[0])
    wrong = {(pair.legs[0], "carrier"): TypedValue("x" * 100_000)}
    assert refusal(
        lambda: transfer.import_bundle(pair.ours, path, reviewed, None, wrong)
    ).code.startswith("field.")
    assert leg_of(pair, pair.legs[0]) == before


def test_decision_is_ours_and_both_desks_agree_once_it_went_back(pair: Pair) -> None:
    path = disagree(pair)
    reviewed = transfer.review_bundle(pair.ours, path)
    decisions = {(leg, "carrier"): choice_of(pair, reviewed, leg).ours[0].wid for leg in pair.legs}
    transfer.import_bundle(pair.ours, path, reviewed, None, decisions)
    pair.send()
    for desk in (pair.ours, pair.theirs):
        rows = [desk.store.row(leg) for leg in pair.legs]
        seen = [view(row, Leg) for row in rows if row is not None]
        assert [one.record.carrier for one in seen] == ["Vår buss", "Vår buss"]
        assert not any(one.conflicts for one in seen)


def test_conflict_of_a_plan_that_is_only_read_can_be_decided(pair: Pair) -> None:
    path = disagree(pair)
    reviewed = transfer.review_bundle(pair.ours, path)
    decisions = {(pair.legs[0], "carrier"): choice_of(pair, reviewed, pair.legs[0]).ours[0].wid}
    row = pair.ours.store.row(pair.plan)
    assert row is not None
    state = apply_changes(row.state, encode_changes("plan", {"state": "closed"}), seen_writes(row),
                  pair.ours.signature)  # fmt: skip
    with pair.ours.store.transaction():
        pair.ours.store.put(replace(row, state=state))
    transfer.import_bundle(
        pair.ours, path, transfer.review_bundle(pair.ours, path), None, decisions
    )
    assert leg_of(pair, pair.legs[0]).record.carrier == "Vår buss"


def test_file_with_its_decisions_is_taken_back_whole(pair: Pair) -> None:
    path = disagree(pair)
    before = pair.ours.store.digest()
    reviewed = transfer.review_bundle(pair.ours, path)
    decisions = {
        (leg, "carrier"): choice_of(pair, reviewed, leg).theirs[0].wid for leg in pair.legs
    }
    transfer.import_bundle(pair.ours, path, reviewed, None, decisions)
    (one,) = import_review.list_undoable_imports(pair.ours)
    import_review.undo_import(pair.ours, one.digest)
    assert pair.ours.store.digest() == before
    assert transfer.review_bundle(pair.ours, path).conflicts == 2


def test_cards_and_files_are_told_apart_and_sorted(pair: Pair) -> None:
    first = disagree(pair)
    change_record(pair.theirs, pair.legs[0], {"carrier": "En annan post"})
    us = pair.ours.identity.organisation
    second = transfer.send_bundle(pair.theirs, pair.plan, us, pair.post).path
    card, letter, twin = (pair.post / name for name in ("a.card", "b.age", "c.age"))
    partners.save_own_card(pair.theirs, card)
    letter.write_bytes(b"a letter")
    twin.write_bytes(first.read_bytes())
    found = transfer.preview_files(pair.ours, (second, letter, first, card, twin))
    numbers = [one.review.taken.envelope.sequence for one in found.files if one.review]
    assert numbers == [1, 2]
    assert [one.path for one in found.files] == [first, second]  # the card is known
    assert (found.taken_before, found.for_others) == (0, 1)


def test_many_are_taken_each_by_itself_and_gaps_close(pair: Pair) -> None:
    first = disagree(pair)
    change_record(pair.theirs, pair.legs[0], {"carrier": "En annan post"})
    us = pair.ours.identity.organisation
    second = transfer.send_bundle(pair.theirs, pair.plan, us, pair.post).path
    late = transfer.review_bundle(pair.ours, second)
    assert transfer.missing_before(pair.ours, late.taken) == (1,)
    found = transfer.preview_files(pair.ours, (second, first))
    received = transfer.import_files(pair.ours, found.files)
    assert (received.taken, received.to_decide, received.faults) == (2, 2, ())
    assert set(pair.legs) <= received.changes.rids
    again = transfer.import_files(pair.ours, found.files)
    assert [fault.code for fault in again.faults] == ["bundle.taken_before"] * 2
    assert transfer.preview_files(pair.ours, (first, second)).taken_before == 2


def test_stop_in_the_middle_keeps_what_was_taken(pair: Pair) -> None:
    path = disagree(pair)
    files = transfer.preview_files(pair.ours, (path,)).files

    class Stopped:
        def step(self, _done: int, _of: int) -> None:
            raise KfdeskError("work.cancelled")

    before = pair.ours.store.digest()
    assert (
        refusal(lambda: transfer.import_files(pair.ours, files, Stopped())).code == "work.cancelled"
    )
    assert pair.ours.store.digest() == before
    assert refusal(
        lambda: transfer.preview_files(pair.ours, (path,), Stopped())
    ).code == "work.cancelled"  # fmt: skip


def test_look_around_reads_what_the_machine_has_found(pair: Pair) -> None:
    path = disagree(pair)
    rooms = replace(pair.ours.adapters, arrived=lambda: (path,))
    found = transfer.scan_for_files(replace(pair.ours, adapters=rooms))
    assert [one.path for one in found.files] == [path]
    assert (found.files[0].review.partner if found.files[0].review else "") == people.SAFE_HOUSE
