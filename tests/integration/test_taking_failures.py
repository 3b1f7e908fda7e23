# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking is all or nothing: cancelled, interrupted or cut at any point, the store is as before."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.pair_samples import Pair, met_pair, refusal
from tests.support.erasing import erase_fields

from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import Row
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer

SOME = 24  # points of failure that are tried, evenly over the whole


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as met:
        yield met


def laden(pair: Pair) -> Path:
    """Write a file to theirs with new and changed records, an order and what causes a receipt."""
    pair.send()
    change_record(pair.theirs, pair.legs[1], {"carrier": "theirs"})
    change_record(pair.ours, pair.legs[0], {"carrier": "changed"})
    change_record(pair.ours, pair.legs[1], {"carrier": "torn"})
    erase_fields(pair.ours, pair.legs[0], ["sign"], ErasureReason.ERROR)
    return transfer.send_bundle(
        pair.ours, pair.plan, pair.theirs.identity.organisation, pair.post
    ).path


def state(desk: Session) -> list[tuple[object, ...]]:
    """Every row of every table, but for what the store counts as time passes."""
    connection = desk.store._connection
    tables = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
    ]
    return [
        (name, *row)
        for name in sorted(tables)
        for row in sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
    ]


class Stopping:
    """Stops at one of its steps, as a person does who presses Cancel."""

    def __init__(self, at: int | None) -> None:
        self.at = at
        self.steps = 0

    def step(self, _done: int, _of: int) -> None:
        self.steps += 1
        if self.steps == self.at:
            raise KfdeskError("work.cancelled")


def test_looking_writes_nothing(pair: Pair) -> None:
    file = laden(pair)
    before = state(pair.theirs)
    reviewed = transfer.review_bundle(pair.theirs, file)
    assert reviewed.changed
    assert reviewed.erased_by_order
    assert state(pair.theirs) == before


def test_cancelled_at_any_step_leaves_everything_as_it_was(pair: Pair) -> None:
    file = laden(pair)
    reviewed = transfer.review_bundle(pair.theirs, file)
    before = state(pair.theirs)
    steps = len(reviewed.taken.rows)
    for at in range(1, steps + 1):
        course = Stopping(at)
        fault = refusal(
            lambda course=course: transfer.import_bundle(pair.theirs, file, reviewed, course)
        )
        assert fault.code == "work.cancelled"
        assert state(pair.theirs) == before
    transfer.import_bundle(pair.theirs, file, reviewed, Stopping(steps + 1))
    assert state(pair.theirs) != before


def test_looking_is_cancelled_at_any_step(pair: Pair) -> None:
    file = laden(pair)
    count = Stopping(None)
    transfer.review_bundle(pair.theirs, file, count)
    before = state(pair.theirs)
    for at in range(1, count.steps + 1):
        fault = refusal(lambda at=at: transfer.review_bundle(pair.theirs, file, Stopping(at)))
        assert fault.code == "work.cancelled"
    assert state(pair.theirs) == before


def test_store_that_fails_at_any_point_of_it_is_as_it_was(pair: Pair) -> None:
    """The engine itself is stopped in the midst of its work, as by a full or failing disk."""
    file = laden(pair)
    reviewed = transfer.review_bundle(pair.theirs, file)
    before = state(pair.theirs)
    connection = pair.theirs.store._connection
    calls = 0

    def stop_at(number: int) -> None:
        nonlocal calls
        calls = 0

        def count() -> int:
            nonlocal calls
            calls += 1
            return int(calls == number)

        connection.set_progress_handler(count, 20)

    stop_at(-1)
    transfer.review_bundle(pair.theirs, file)
    reading, points = calls, 0
    for number in range(reading + 1, reading * 20, max(1, reading // 16)):
        stop_at(number)
        try:
            transfer.import_bundle(pair.theirs, file, reviewed)
        except KfdeskError:
            connection.set_progress_handler(None, 0)
            assert state(pair.theirs) == before
            points += 1
        else:
            break
    connection.set_progress_handler(None, 0)
    assert points >= SOME // 4
    assert pair.theirs.store.verify() == ()


def test_file_cut_at_any_length_changes_nothing(pair: Pair) -> None:
    file = laden(pair)
    whole = file.read_bytes()
    before = state(pair.theirs)
    for length in range(0, len(whole), len(whole) // SOME):
        file.write_bytes(whole[:length])
        fault = refusal(lambda: transfer.review_bundle(pair.theirs, file))
        assert fault.code in ("bundle.torn", "bundle.not_a_bundle")
    file.write_bytes(whole)
    assert state(pair.theirs) == before


def test_file_that_is_another_at_the_second_reading_changes_nothing(pair: Pair) -> None:
    file = laden(pair)
    reviewed = transfer.review_bundle(pair.theirs, file)
    change_record(pair.ours, pair.legs[0], {"carrier": "later"})
    organisation = pair.theirs.identity.organisation
    other = transfer.send_bundle(pair.ours, pair.plan, organisation, pair.post).path
    before = state(pair.theirs)
    other.replace(file)
    fault = refusal(lambda: transfer.import_bundle(pair.theirs, file, reviewed))
    assert fault.code == "bundle.changed_since"
    assert state(pair.theirs) == before


def test_rows_that_were_looked_at_are_those_that_are_written(pair: Pair) -> None:
    file = laden(pair)
    reviewed = transfer.review_bundle(pair.theirs, file)
    transfer.import_bundle(pair.theirs, file, reviewed)
    for row in reviewed.changed:
        kept = pair.theirs.store.row(row.rid)
        assert isinstance(kept, Row)
        assert kept.rid == row.rid


def test_large_file_is_taken_alike_though_it_is_not_kept_unpacked(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = pair.theirs.identity.organisation
    file = transfer.send_bundle(pair.ours, pair.plan, organisation, pair.post).path
    whole = transfer.review_bundle(pair.theirs, file)
    monkeypatch.setattr("kfdesk.bundle.files.UNPACKED_LIMIT", 0)
    monkeypatch.setattr("kfdesk.services.exchange.transfer._MAX_LISTED_ROWS", 0)
    monkeypatch.setattr("kfdesk.services.exchange.transfer.ROWS_PER_PORTION", 2)
    large = transfer.review_bundle(pair.theirs, file)
    assert tuple(large.new) == whole.new
    assert (len(large.new), large.new[0], large.new[1:]) == (
        len(whole.new), whole.new[0], whole.new[1:],
    )  # fmt: skip
    changes = transfer.import_bundle(pair.theirs, file, large)
    assert changes.rids == {row.rid for row in whole.new}
    assert all(pair.theirs.store.row(row.rid) == row for row in whole.new)
