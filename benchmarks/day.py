# SPDX-License-Identifier: GPL-3.0-or-later
"""The day of many plans: with 22 steps of a cooperation in each, and with what has ended.

In each cooperation the first steps are done, and some clocks run. It is compared with the day of
the same plans without. What ended is kept for years, so that the day must not grow with it. A
network's meetings with their decisions, and tasks, are the work beside the plans.
"""

import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path

from benchmarks.desks import MACHINE, WHO, fill, new_row
from benchmarks.measure import Row, absolute, ratio, timed
from kfdesk import store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.records.cooperation import COPIED_KEYS
from kfdesk.formats.procedures import read_procedure
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import list_current_plans, list_ended_plans
from kfdesk.services.today import read_today

_PLANS, _ROUNDS, _ENDED = 200, 15, (300, 4800)
_MEETINGS, _TASKS = 100, 500
_DONE = frozenset({"1", "2", "3", "4", "4a", "4b", "5"})
_FILE = Path(__file__).parent.parent / "resources" / "procedures" / "stockholm-region.json"


def rows() -> list[Row]:
    """Return the day with and without the deadlines of steps."""
    with tempfile.TemporaryDirectory() as name:
        desks = [_desk(Path(name) / each) for each in ("with", "without")]
        add_runs(desks[0])
        with_runs, without = (lambda desk=desk: timed(lambda: read_today(desk)) for desk in desks)
        job = f"the day of {_PLANS} plans with 22 steps each"
        found = [
            ratio(f"{job} ÷ without", with_runs, without, "≤ 4", _ROUNDS),
            absolute(job, with_runs, "≤ 100 ms, on the worker", _ROUNDS),
        ]
        add_work(desks[1], _MEETINGS, _TASKS)
        job = f"the day of {_PLANS} plans, {_MEETINGS} meetings and {_TASKS} tasks"
        found.append(absolute(job, without, "≤ 100 ms, on the worker", _ROUNDS))
        for desk in desks:
            desk.store.close()
        return [*found, *_ten_years(Path(name))]


def add_work(desk: Session, meetings: int, tasks: int) -> None:
    """Write a network with meetings, three decisions of ours in each, and tasks in the plans."""
    today, own = desk.adapters.clock.now(), desk.identity.organisation.hex()
    told = people.localized("Påhittat", "Выдумано", "Invented")
    network = new_row(desk, "network", None, {"title": told, "we_share": ("network_work",)})
    rows = [network]
    for number in range(meetings):
        starts = people.zoned_time(today + timedelta(days=number % 60 - 30))
        held = new_row(desk, "meeting", network.rid, {"title": told, "starts": starts})
        rows.append(held)
        for each in range(3):
            due = today.date() + timedelta(days=number % 40 - 20 + each)
            values: people.Values = {"decided": told, "owner": own, "state": "open", "due": due}
            rows.append(new_row(desk, "decision", held.rid, values))
    plans = desk.store.rows("plan")
    for number in range(tasks):
        due = today.date() + timedelta(days=number % 30 - 10)
        task: people.Values = {"title": f"Ring {number}", "state": "open", "due": due}
        rows.append(new_row(desk, "task", plans[number % len(plans)].rid, task))
    with desk.store.transaction():
        desk.store.put_all((row, None) for row in rows)


def _ten_years(folder: Path) -> list[Row]:
    """Return the day of a desk with ten years' plans against one with a year's, and its list."""
    desks = [_desk(folder / str(ended)) for ended in _ENDED]
    for desk, ended in zip(desks, _ENDED, strict=True):
        _add_ended(desk, ended)
    few, many = (lambda desk=desk: timed(lambda: read_today(desk)) for desk in desks)
    job = f"the day of {_PLANS} plans and {_ENDED[1]} that have ended ÷ {_ENDED[0]}"
    found = [ratio(job, many, few, "≤ 1.5", _ROUNDS)]
    few, many = (lambda desk=desk: timed(lambda: list_current_plans(desk)) for desk in desks)
    job = f"list of {_PLANS} plans, first view, {_ENDED[1]} that have ended ÷ {_ENDED[0]}"
    found.append(ratio(job, many, few, "≤ 1.5", _ROUNDS))
    rest = partial(timed, partial(list_ended_plans, desks[1]))
    found.append(absolute(f"its {_ENDED[1]} ended plans, shown after that", rest, "≤ 1 s", 3))
    for desk in desks:
        desk.store.close()
    return found


def _add_ended(desk: Session, count: int) -> None:
    """Write so many ended plans, each with two legs, and kept for another year."""
    now, rows = desk.adapters.clock.now(), []
    ended: people.Values = {"state": "closed", "retention_until": now.date() + timedelta(365)}
    for number in range(count):
        client = new_row(desk, "client", None, {**people.CLIENT, "code": f"då-{number}"})
        begins = now - timedelta(days=400 + number % 3000)
        values = {**people.plan_values(begins, "00" * 16, "00" * 16), **ended}
        plan = new_row(desk, "plan", client.rid, values)
        legs = (new_row(desk, "leg", plan.rid, each) for each in people.leg_values(begins))
        rows += [client, plan, *legs]
    with desk.store.transaction():
        desk.store.put_all((row, None) for row in rows)


def _desk(folder: Path) -> Session:
    fill(folder, _PLANS, legs=2, notes=0)
    return store_lifecycle.unlock_store(folder, WHO, MACHINE)


def add_runs(desk: Session) -> None:
    """Begin a cooperation in each plan, on the days of the last forty."""
    shipped, now, new = read_procedure(_FILE.read_bytes()), desk.adapters.clock.now(), []
    for number, plan in enumerate(desk.store.rows("plan")):
        opened = people.zoned_time(now - timedelta(days=number % 40))
        head: people.Values = {
            "title": shipped.values["title"], "version": "1", "country": "SE", "opened": opened,
        }  # fmt: skip
        new.append(run := new_row(desk, "cooperation", plan.rid, head))
        for step in shipped.steps:
            values = {key: step[key] for key in COPIED_KEYS if key in step}
            if step["prefix"] in _DONE:
                values |= {"state": "completed", "done": opened}
            new.append(new_row(desk, "cooperation_step", run.rid, values))
    with desk.store.transaction():
        desk.store.put_all((row, None) for row in new)
