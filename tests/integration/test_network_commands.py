# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of networks on the command line: read it, report a decision as done, add up."""

import json
from datetime import date, timedelta
from pathlib import Path

from tests.integration.test_directory_commands import (
    NOWHERE,
    Run,
    begin_network,
    opened,
    refused,
    run,
)

from kfdesk.demo import people
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.network import Activity, Decision, Meeting
from kfdesk.domain.values import Value
from kfdesk.services.core.records import create_record

__all__ = ["run"]
TOLD = people.localized("Skriva en lista", "Составить список", "Write a list")


def work(folder: Path) -> tuple[str, str]:
    """Enter a meeting with a decision of ours, and activities; return network and decision."""
    network, own = begin_network(folder)
    desk = opened(folder)
    meeting = create_record(desk, Meeting, {"title": TOLD}, bytes.fromhex(network))
    due = desk.adapters.clock.now().date() - timedelta(days=2)
    values: dict[str, Value] = {"decided": TOLD, "owner": own, "due": due, "state": "open"}
    decision = create_record(desk, Decision, values, meeting)
    ministry = create_record(desk, Organisation, {"name": "Påhittade departementet"}).hex()
    for year, by in ((2024, ministry), (2026, ministry), (2026, None), (2027, ministry)):
        done: dict[str, Value] = {
            "title": TOLD, "kind": "expert_assignment", "begins": date(year, 5, 1), "women": 3,
            "assigned_by": by,
        }  # fmt: skip
        create_record(desk, Activity, done, bytes.fromhex(network))
    desk.store.close()
    return network, decision.hex()


def test_decision_is_listed_reported_as_done_and_taken_back(run: Run, tmp_path: Path) -> None:
    network, decision = work(tmp_path)
    code, answer = run("network", "decisions")
    assert code == 0
    ((found, name, days, ours),) = [
        (one["decision"], one["name"], one["days"], one["ours"]) for one in answer["decisions"]
    ]
    assert (found, name, days, ours) == (decision, "Write a list", -2, True)
    assert run("network", "done", decision)[1]["done"]
    assert run("network", "decisions")[1] == {"decisions": []}
    assert run("network", "done", decision, "--undo")[1]["done"] is None
    assert len(run("network", "decisions")[1]["decisions"]) == 1
    assert refused(run("network", "done", NOWHERE)) == "record.missing"
    assert refused(run("network", "done", network)) == "record.missing"


def test_work_and_news_are_listed(run: Run, tmp_path: Path) -> None:
    network, decision = work(tmp_path)
    code, answer = run("network", "work", network)
    assert code == 0
    assert [len(answer[name]) for name in ("meetings", "agreements", "projects", "activities")] == [
        1, 0, 0, 4,
    ]  # fmt: skip
    assert answer["meetings"][0]["below"][0]["record"] == decision
    for nowhere in (NOWHERE, decision):
        assert refused(run("network", "work", nowhere)) == "record.missing"
    assert run("network", "news") == (0, {"came_in": [], "goes": []})


def test_activities_add_up_and_are_saved(run: Run, tmp_path: Path) -> None:
    work(tmp_path)
    path = tmp_path / "assignments.csv"
    head = ("network", "activities", "--kind", "expert_assignment")
    code, answer = run(*head, "--first", "2024", "--last", "2026", "--into", str(path))
    assert (code, answer["activities"], answer["people"], answer["saved"]) == (0, 3, 9, 3)
    assert {one["name"]: one["activities"] for one in answer["groups"]} == {
        "": 1, "Påhittade departementet": 2,
    }  # fmt: skip
    assert path.read_text(encoding="utf-8-sig").count("\n") == 4
    assert run(*head)[1]["activities"] == 4
    assert refused(run("network", "activities", "--kind", "party")) == "field.kind_mismatch"
    assert "party" not in json.dumps(run("network", "activities", "--by", "funding")[1])
