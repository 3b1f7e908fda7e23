# SPDX-License-Identifier: GPL-3.0-or-later
"""One record's values from the first to the present, and how long replaced ones are kept."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.integration.pair_samples import MACHINE, WHO, refusal
from tests.support.stores import new_desk

from kfdesk import store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.audit import Action
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.registers import apply_changes
from kfdesk.domain.rows import seen_writes, view
from kfdesk.domain.version import RELEASE_DAY
from kfdesk.services.core import history
from kfdesk.services.core.history import read_record_history
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    require_record,
    restore_record,
)
from kfdesk.services.core.session import Session, open_session

NOON = datetime.combine(RELEASE_DAY, datetime.min.time()).astimezone() + timedelta(
    days=40, hours=23
)
UNKNOWN = 4711


@dataclass
class Clock:
    """A clock that goes as the test says."""

    time: datetime = NOON

    def now(self) -> datetime:
        return self.time

    def drift(self) -> timedelta:
        return timedelta(0)

    def pass_days(self, days: int) -> None:
        self.time += timedelta(days=days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[Session]:
    machine = replace(MACHINE, clock=clock)
    made = new_desk(tmp_path / "store", people.HOUSE, WHO, machine)
    yield made
    made.store.close()


@pytest.fixture
def leg(desk: Session) -> bytes:
    client = create_record(desk, Client, {"code": "tulpan-47"})
    plan = create_record(desk, Plan, {"state": "draft"}, parent=client)
    return create_record(desk, Leg, {"carrier": "1", "sequence": 1}, parent=plan)


def carriers(desk: Session, rid: bytes) -> list[object]:
    return [line.value for line in read_record_history(desk, rid).lines if line.key == "carrier"]


def test_values_stand_newest_first_with_author_and_day_of_replacement(
    desk: Session, leg: bytes, clock: Clock
) -> None:
    clock.pass_days(1)
    change_record(replace(desk, user="OM"), leg, {"carrier": "2"})
    clock.pass_days(1)
    change_record(desk, leg, {"carrier": "3"})
    seen = read_record_history(desk, leg)
    assert (seen.type, seen.code, seen.is_in_bin) == ("leg", "tulpan-47", False)
    lines = [line for line in seen.lines if line.key == "carrier"]
    house = people.HOUSE
    days = [NOON.date() + timedelta(days=days) for days in (1, 2)]
    assert [(line.value, line.author, line.replaced) for line in lines] == [
        ("3", f"{desk.user}, {house}", None),
        ("2", f"OM, {house}", days[1]),
        ("1", f"{desk.user}, {house}", days[0]),
    ]
    assert [line.value for line in seen.lines if line.key == "sequence"] == [1]
    assert "tulpan" not in repr(lines)
    assert "value" not in repr(lines[0])


def test_old_value_is_put_back_by_a_new_write(desk: Session, leg: bytes, clock: Clock) -> None:
    clock.pass_days(1)
    change_record(desk, leg, {"carrier": "2"})
    seen = read_record_history(desk, leg)
    old = next(line for line in seen.lines if line.replaced is not None)
    clock.pass_days(1)
    change_record(desk, leg, {old.key: old.value}, seen.seen)
    assert carriers(desk, leg) == ["1", "2", "1"]
    assert view(require_record(desk, leg), Leg).record.carrier == "1"


def test_putting_back_replaces_only_what_was_shown(desk: Session, leg: bytes) -> None:
    change_record(desk, leg, {"carrier": "2"})
    seen = read_record_history(desk, leg)
    old = next(line for line in seen.lines if line.replaced is not None)
    change_record(desk, leg, {"carrier": "3"})
    change_record(desk, leg, {old.key: old.value}, seen.seen)
    versions = view(require_record(desk, leg), Leg).versions["carrier"]
    assert {version.value for version in versions} == {"1", "3"}


def test_deletion_and_return_stand_there_as_lines_of_the_whole_record(
    desk: Session, leg: bytes, clock: Clock
) -> None:
    clock.pass_days(1)
    delete_record(desk, leg)
    assert read_record_history(desk, leg).is_in_bin
    clock.pass_days(1)
    restore_record(desk, leg)
    lines = [line for line in read_record_history(desk, leg).lines if not line.key]
    assert [(line.value, line.replaced is None) for line in lines] == [(None, True), (1, False)]


def test_field_of_a_newer_program_is_left_out(desk: Session, leg: bytes) -> None:
    row = require_record(desk, leg)
    later = replace(
        row, state=apply_changes(row.state, {UNKNOWN: "x"}, seen_writes(row), desk.signature)
    )
    with desk.store.transaction():
        desk.store.put(later)
    assert {line.key for line in read_record_history(desk, leg).lines} == {"carrier", "sequence"}


def test_history_of_nobody_is_refused(desk: Session) -> None:
    assert refusal(lambda: read_record_history(desk, bytes(16))).code == "record.missing"


# how long it is kept


def test_day_of_replacement_is_the_desks_own(desk: Session, leg: bytes, clock: Clock) -> None:
    """Late in the evening here, another day where days are counted in UTC or elsewhere."""
    change_record(desk, leg, {"carrier": "2"})
    assert set(desk.store.replaced(leg).values()) == {clock.time.date()}
    again = open_session(desk.store, desk.user, desk.adapters)
    clock.pass_days(3)
    change_record(again, leg, {"carrier": "3"})
    assert max(desk.store.replaced(leg).values()) == clock.time.date()


def worked_until(desk: Session, clock: Clock, days: int) -> None:
    """Use the desk now and then, so that its clock is plausible."""
    for _ in range(days // 30):
        clock.pass_days(30)
        desk.log(Action.OPEN)
    clock.pass_days(days % 30)


def test_what_was_replaced_half_a_year_ago_is_forgotten_and_nothing_else(
    desk: Session, leg: bytes, clock: Clock
) -> None:
    change_record(desk, leg, {"carrier": "2"})
    worked_until(desk, clock, 100)
    change_record(desk, leg, {"carrier": "3"})
    assert history.prune_history(desk) == 0
    worked_until(desk, clock, 85)
    assert history.prune_history(desk) == 1
    assert carriers(desk, leg) == ["3", "2"]
    assert desk.store.verify() == ()


def test_old_value_that_was_replaced_today_stays(desk: Session, leg: bytes, clock: Clock) -> None:
    """Counted from its replacement: else whoever replaces it could make it go at once."""
    worked_until(desk, clock, 500)
    change_record(desk, leg, {"carrier": "2"})
    assert history.prune_history(desk) == 0
    assert carriers(desk, leg) == ["2", "1"]


def test_days_are_set_within_bounds(desk: Session, leg: bytes, clock: Clock) -> None:
    assert history.history_days(desk) == 180
    for asked, kept in ((90, 90), (0, 30), (99_999, 3650)):
        history.set_history_days(desk, asked)
        assert history.history_days(desk) == kept
        _, event = desk.store.ledger.events(None, 1)[0]
        assert (event.action, event.keys) == (Action.HISTORY_DAYS, (str(kept),))
    history.set_history_days(desk, 30)
    change_record(desk, leg, {"carrier": "2"})
    clock.pass_days(31)
    assert history.prune_history(desk) == 1


def test_nothing_goes_by_a_clock_that_is_not_believed(
    desk: Session, leg: bytes, clock: Clock
) -> None:
    change_record(desk, leg, {"carrier": "2"})
    clock.pass_days(800)  # nobody opened anything meanwhile: rather a wrong clock
    assert history.prune_history(desk) == 0
    desk.log(Action.OPEN)
    clock.pass_days(-1)  # behind the trail
    assert history.prune_history(desk) == 0
    clock.pass_days(1)
    assert history.prune_history(desk) == 1


def test_store_prunes_when_it_is_opened(tmp_path: Path, clock: Clock) -> None:
    machine = replace(MACHINE, clock=clock)
    made = new_desk(tmp_path / "store", people.HOUSE, WHO, machine)
    rid = create_record(made, Client, {"alias": "1"})
    change_record(made, rid, {"alias": "2"})
    worked_until(made, clock, 370)
    made.store.close()
    again = store_lifecycle.unlock_store(tmp_path / "store", WHO, machine)
    assert again.store.history(rid) == ()
    assert again.store.oldest_history() is None
    again.store.close()


def test_store_without_a_desk_goes_by_the_newest_stamp(desk: Session, leg: bytes) -> None:
    desk.store._today = None
    change_record(desk, leg, {"carrier": "2"})
    (day,) = set(desk.store.replaced(leg).values())
    assert isinstance(day, date)
    assert abs(day - NOON.date()) <= timedelta(days=1)
