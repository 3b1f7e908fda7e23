# SPDX-License-Identifier: GPL-3.0-or-later
"""The day of a busy house, counted: what Today and the calendar ask of the store does not grow.

A house with 200 plans, 100 meetings and 500 tasks asks the store as often as one with a few of
each. Nothing here hangs on the machine's speed.
"""

from collections.abc import Callable, Iterator

import pytest
from benchmarks.day import add_work
from benchmarks.desks import MACHINE, WHO, fill
from tests.integration.test_exact_facts import heard

from kfdesk import store_lifecycle
from kfdesk.services.calendar import read_calendar
from kfdesk.services.core.session import Session
from kfdesk.services.today import read_today

FEW, MANY = (4, 2, 10), (200, 100, 500)


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, Session]]:
    """Yield a house with a little to do, and a busy one."""
    made = []
    for plans, meetings, tasks in (FEW, MANY):
        folder = tmp_path_factory.mktemp("house") / "store"
        fill(folder, plans, legs=2, notes=0)
        desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
        add_work(desk, meetings, tasks)
        made.append(desk)
    yield made[0], made[1]
    for desk in made:
        desk.store.close()


@pytest.mark.parametrize("read", [read_today, read_calendar])
def test_busy_house_asks_the_store_as_often_as_a_quiet_one(
    houses: tuple[Session, Session], read: Callable[[Session], object]
) -> None:
    counts = []
    for desk in houses:
        read(desk)  # what is read once for a session is read
        with heard(desk) as said:
            read(desk)
        counts.append(len(said))
    assert counts[1] == counts[0]


def test_busy_day_has_all_that_is_due(houses: tuple[Session, Session]) -> None:
    found, today = read_today(houses[1]), houses[1].adapters.clock.now().date()
    assert len(found.decisions) == 3 * MANY[1]
    assert all((one.last - today).days <= 7 for one in found.tasks)
    assert len(found.tasks) == sum(number % 30 - 10 <= 7 for number in range(MANY[2]))
    meetings = [one for one in read_calendar(houses[1]).items if one.record_type == "meeting"]
    assert len(meetings) == MANY[1]
