# SPDX-License-Identifier: GPL-3.0-or-later
"""The carry check answers nobody whether a name, number or day stands in another's case.

Who may not read a record is told "not allowed" and nothing else. The history of the record has
the hit, and shows it to those who may read. Who may read everything is told all, as before.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.test_carry_check import Journey, fill
from tests.support.make import sheet
from tests.support.samples import first

from kfdesk import store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.accounts import Credentials, Right, Role
from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.environment import Environment
from kfdesk.services.core.history import read_history
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import (
    check_paper,
    make_paper,
    override_names,
    preview_pages,
    save_paper,
)
from kfdesk.services.workflow import move_plan
from kfdesk.storage import key_slots

WORKER = "WW"


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    machine = Environment(cost=key_slots.MIN_COST)
    who = Credentials(people.INITIALS, people.PASSPHRASE)
    folder = tmp_path_factory.mktemp("house")
    desk = store_lifecycle.create_store(folder / "store", people.HOUSE, who, machine)
    made = Journey(desk)
    fill(desk, made)
    change_record(desk, made.plan, {"owner": WORKER})
    (other,) = (row.rid for row in desk.store.rows("plan") if row.rid != made.plan)
    change_record(desk, other, {"owner": people.INITIALS})
    yield made
    desk.store.close()


@pytest.fixture
def worker(journey: Journey) -> Iterator[Session]:
    """Whoever cares for this plan alone; her fields are as they were afterwards."""
    yield replace(journey.desk, user=WORKER, roles=frozenset({Role.SHELTER_WORKER}))
    journey.plant("leg.sign", "Синий шарф")


def hits(desk: Session) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Return what the history says of hits, the newest first, as this user may read it."""
    return [
        (line.user, line.type, line.code, line.keys)
        for line in read_history(desk).lines
        if line.action is Action.PAPER_HIT
    ]


OTHERS = {
    "family name": ("Жаворонкова", ("family_name", "name_on_ticket")),
    "family name in Latin letters": ("Zhavoronkova", ("family_name", "name_on_ticket")),
    "given name": ("Василиса", ("given_name", "name_on_ticket")),
    "code": ("sparv-12", ("code",)),
}


def ways(desk: Session, journey: Journey, tmp_path: Path) -> list[Callable[[], object]]:
    order = sheet(journey.plan)
    second = Credentials(people.INITIALS, people.PASSPHRASE)
    return [
        lambda: make_paper(desk, order),
        lambda: save_paper(desk, order, tmp_path / "sheet.pdf"),
        lambda: check_paper(desk, order),
        lambda: override_names(desk, order, second, "En annan."),
    ]


@pytest.mark.parametrize("sort", first(1, OTHERS))
def test_worker_hears_not_allowed_and_nothing_else(
    journey: Journey, worker: Session, tmp_path: Path, sort: str
) -> None:
    planted, keys = OTHERS[sort]
    journey.plant("leg.sign", f"Синий шарф, {planted}")
    for way in ways(worker, journey, tmp_path):
        with pytest.raises(KfdeskError) as refused:
            way()
        assert refused.value.code == "user.not_allowed"
        assert refused.value.data == {"right": Right.READ_ALL}
        assert planted not in str(refused.value)
    assert list(tmp_path.iterdir()) == []
    shown = preview_pages(worker, sheet(journey.plan), 0.2)
    assert [one.code for one in shown.obstacles] == ["user.not_allowed"]
    assert (shown.found, shown.pages) == ((), ())
    told = hits(journey.desk)
    assert len(told) >= 5
    assert all(line[:3] == (WORKER, "client", "sparv-12") for line in told[:5])
    assert set(told[0][3]) <= set(keys)
    assert set(hits(worker)) == {(WORKER, "", "", ())}


def test_worker_hears_of_it_beside_a_hit_of_her_own_case_no_more(
    journey: Journey, worker: Session
) -> None:
    journey.plant("leg.sign", "Синий шарф, Щербакова, Жаворонкова, приют")
    shown = preview_pages(worker, sheet(journey.plan), 0.2)
    assert ([one.code for one in shown.obstacles], shown.found) == (["user.not_allowed"], ())


@pytest.mark.parametrize("planted", first(1, ["Щербакова", "приют", "одуванчик", "Дом у реки"]))
def test_worker_is_told_what_she_may_read(journey: Journey, worker: Session, planted: str) -> None:
    before = len(hits(journey.desk))
    journey.plant("leg.sign", f"Синий шарф, {planted}")
    shown = preview_pages(worker, sheet(journey.plan), 0.2)
    assert {one.field for one in shown.found} == {"leg.sign"}
    assert len(hits(journey.desk)) == before


def test_worker_who_has_opened_the_other_plan_with_a_reason_is_told(
    journey: Journey, worker: Session
) -> None:
    journey.plant("leg.sign", "Синий шарф, Жаворонкова")
    plans = {row.rid for row in worker.store.rows("plan")}
    told = preview_pages(replace(worker, opened=plans), sheet(journey.plan), 0.2)
    assert [one.words for one in told.found] == ["Жаворонкова"]


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.RETURN_COORDINATOR])
def test_who_may_read_everything_is_told_all(journey: Journey, worker: Session, role: Role) -> None:
    reader = replace(worker, user="RR", roles=frozenset({role}))
    journey.plant("leg.sign", "Синий шарф, Жаворонкова")
    told = preview_pages(reader, sheet(journey.plan), 0.2)
    assert [(one.code, one.words, one.field) for one in told.found] == [
        ("name", "Жаворонкова", "leg.sign")
    ]


def test_hit_before_the_departure_is_kept_though_the_step_is_refused(
    journey: Journey, worker: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kfdesk.services.workflow.gates_before", lambda _target, _case: ())
    monkeypatch.setattr("kfdesk.services.workflow.is_allowed_step", lambda _old, _new: True)
    journey.plant("leg.sign", "Синий шарф, Жаворонкова")
    before = len(hits(journey.desk))
    with pytest.raises(KfdeskError) as refused:
        move_plan(worker, journey.plan, "travel_ready")
    assert refused.value.code == "user.not_allowed"
    assert len(hits(journey.desk)) == before + 1
