# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock that cannot be right is asked about; until then nothing is sent or printed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.support.clocks import SetClock
from tests.support.make import sheet
from tests.support.stores import new_desk

from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session, clock_doubt
from kfdesk.services.core.stamps import confirm_clock
from kfdesk.services.exchange import transfer
from kfdesk.services.papers.production import make_paper
from kfdesk.storage import key_slots

START = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Set:
    desk: Session
    clock: SetClock
    plan: bytes


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Set]:
    clock = SetClock()
    machine = Environment(clock=clock, cost=key_slots.MIN_COST)
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    made = new_desk(tmp_path / "store", people.HOUSE, who, machine)
    plan, _ = story.enter_plan(made, made.identity.organisation)
    yield Set(made, clock, plan)
    made.store.close()


def refusals(desk: Set, folder: Path) -> set[str]:
    """Return the codes by which printing and sending are refused."""
    codes = set()
    for action in (
        lambda: make_paper(desk.desk, sheet(desk.plan)),
        lambda: transfer.send_bundle(desk.desk, desk.plan, desk.desk.identity.organisation, folder),
    ):
        with pytest.raises(KfdeskError) as refused:
            action()
        codes.add(refused.value.code)
    return codes


def test_right_clock_is_not_doubted(desk: Set) -> None:
    assert clock_doubt(desk.desk) is None
    desk.clock.time += timedelta(days=30)  # a laptop that lay in a drawer
    assert clock_doubt(desk.desk) is None


@pytest.mark.parametrize(
    ("time", "leap", "code"),
    [
        (datetime(2015, 1, 1, tzinfo=UTC), timedelta(), "clock.before_release"),
        (START - timedelta(hours=1), timedelta(), "clock.before_audit"),
        (START, timedelta(hours=49), "clock.leapt"),
        (START, timedelta(hours=-49), "clock.leapt"),
    ],
)
def test_doubted_clock_keeps_papers_and_files_back(
    desk: Set, tmp_path: Path, time: datetime, leap: timedelta, code: str
) -> None:
    desk.clock.time, desk.clock.leap = time, leap
    before = desk.desk.store.digest()
    assert refusals(desk, tmp_path) == {code}
    assert desk.desk.store.digest() == before
    assert list(tmp_path.glob("*.age")) == []


def test_saving_goes_on_while_the_clock_is_doubted(desk: Set) -> None:
    desk.clock.time = datetime(2015, 1, 1, tzinfo=UTC)
    changes = change_record(desk.desk, desk.plan, {"state": "draft"})
    assert changes.rids == {desk.plan}
    assert desk.desk.store.verify() == ()


def test_clock_set_back_by_a_few_minutes_is_no_doubt(desk: Set) -> None:
    desk.clock.time -= timedelta(minutes=5)
    assert clock_doubt(desk.desk) is None


def test_confirmed_clock_is_believed_until_it_goes_back_again(desk: Set) -> None:
    desk.clock.time -= timedelta(hours=3)
    confirm_clock(desk.desk)
    assert clock_doubt(desk.desk) is None
    desk.clock.time -= timedelta(hours=3)
    assert clock_doubt(desk.desk) == "before_audit"


def test_working_on_under_a_clock_that_went_back_does_not_hide_that_it_did(desk: Set) -> None:
    desk.clock.time -= timedelta(hours=3)
    change_record(desk.desk, desk.plan, {"alarm_plan": "Ring"})
    assert clock_doubt(desk.desk) == "before_audit"


def test_clock_that_was_ahead_and_is_set_right_is_believed_once_confirmed(desk: Set) -> None:
    desk.clock.time += timedelta(days=365)
    change_record(desk.desk, desk.plan, {"alarm_plan": "Ring"})
    desk.clock.time -= timedelta(days=365)
    assert clock_doubt(desk.desk) == "before_audit"
    confirm_clock(desk.desk)
    desk.clock.time += timedelta(days=30)  # long after the confirmation has run out
    assert clock_doubt(desk.desk) is None


def test_sheet_is_printed_once_the_clock_is_confirmed(desk: Set) -> None:
    desk.clock.leap = timedelta(hours=49)
    confirm_clock(desk.desk)
    paper = make_paper(desk.desk, sheet(desk.plan))
    assert replace(paper).pdf.startswith(b"%PDF-")
