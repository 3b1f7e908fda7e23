# SPDX-License-Identifier: GPL-3.0-or-later
"""Every duty that a page creates has an item on Today; each group of Today has a service here.

What needs a longer story stands in a test of its own, which is named.
"""

import ast
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.architecture.tree import ROOT
from tests.integration.course_samples import START, Walk, walked
from tests.support import make
from tests.support.journeys import record_leg_event

from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.records.case import Task
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.network import Agreement
from kfdesk.domain.registers import merge_states
from kfdesk.domain.rows import Row
from kfdesk.domain.values import Translation, Value
from kfdesk.services.client_erasure import record_erasure_wish
from kfdesk.services.core.drafts import FormState, save_draft
from kfdesk.services.core.records import change_record, create_record, delete_record, restore_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.plans.journey import LegEvent
from kfdesk.services.today import Today, read_today
from kfdesk.services.workflow import request_approval

Duty = Callable[[Walk], object]
"""Creates a duty by a service."""
Whose = Callable[[Walk], Session]


def _today(walk: Walk) -> date:
    return walk.clock.time.date()


def _reception(walk: Walk) -> bytes:
    return next(row.rid for row in walk.of("consent"))


def _task(walk: Walk) -> None:
    due: dict[str, Value] = {"title": "Ring", "due": _today(walk), "state": "open"}
    create_record(walk.ours, Task, due, parent=walk.plan)


def _agreement(walk: Walk) -> None:
    ends = _today(walk) + timedelta(days=10)
    title = (Translation("sv", "Påhittat avtal"),)
    create_record(walk.ours, Agreement, {"title": title, "valid_until": ends})


def _draft(walk: Walk) -> None:
    state = FormState("leg", {"carrier": "Påhittad"}, parent=walk.plan)
    save_draft(walk.ours, walk.legs[0], state)


def _conflict(walk: Walk) -> None:
    walk.send()
    change_record(walk.theirs, walk.legs[0], {"carrier": "B"})
    change_record(walk.ours, walk.legs[0], {"carrier": "A"})
    walk.answer()


def _withdrawn(walk: Walk) -> None:
    walk.send()
    withdraw_consent(walk.ours, _reception(walk))


def _tell(walk: Walk) -> None:
    """Send a file without data, and let theirs take it."""
    made = transfer.send_notices(walk.ours, walk.partner, walk.post)
    review = transfer.review_bundle(walk.theirs, made.path)
    transfer.import_bundle(walk.theirs, made.path, review)


def _withdrawn_there(walk: Walk) -> None:
    walk.send()
    withdraw_consent(walk.ours, _reception(walk))
    _tell(walk)


def _erased(walk: Walk) -> None:
    walk.send()
    erase_client(walk.ours, walk.client, ErasureReason.CLIENT_REQUEST)


def _wish(walk: Walk) -> None:
    record_erasure_wish(walk.ours, walk.client, _today(walk))


def _approval(walk: Walk) -> None:
    request_approval(walk.ours, walk.plan, "decision")


def _ends_soon(walk: Walk) -> None:
    change_record(walk.ours, _reception(walk), {"expires": _today(walk) + timedelta(days=3)})


def _leaves(walk: Walk) -> None:
    for leg in walk.legs:
        delete_record(walk.ours, leg)
    assert read_today(walk.ours).departures == ()
    restore_record(walk.ours, walk.legs[0])


def _left(walk: Walk) -> None:
    walk.clock.time = START + timedelta(days=18, hours=6)
    record_leg_event(walk.ours, walk.legs[0], LegEvent.DEPARTED)


def _late(walk: Walk) -> None:
    _left(walk)
    walk.clock.time += timedelta(days=2)


def _left_there(walk: Walk) -> None:
    walk.send()
    walk.clock.time = START + timedelta(days=18, hours=6)
    record_leg_event(walk.theirs, walk.legs[0], LegEvent.DEPARTED)
    walk.answer()


def _put(walk: Walk, row: Row, above: bytes | None) -> None:
    """Keep a row as a partner's file leaves it."""
    with walk.ours.store.transaction():
        walk.ours.store.put(replace(row, parent=above))


def _torn_entry(walk: Walk) -> None:
    blank = make.row("organisation", {}, rid=make.named_id("Huset"))
    by = walk.ours.signature
    ours, theirs = (make.changed(blank, {"name": name}, by) for name in ("Huset", "Stugan"))
    _put(walk, replace(ours, state=merge_states(ours.state, theirs.state)), None)


def _suggested(walk: Walk) -> None:
    entry = create_record(walk.ours, Organisation, {"name": "Huset"})
    values = {**make.FILLED["suggestion"], "by": walk.partner.hex(), "key": "city", "value": "Byn"}
    _put(walk, make.row("suggestion", values, rid=b"s" * 16, custodian=walk.partner), entry)


def _decided(walk: Walk) -> None:
    ours = walk.ours.identity.organisation
    values = {**make.FILLED["decision"], "owner": ours.hex(), "due": _today(walk), "state": "open",
              "done_here": None}  # fmt: skip
    network, meeting = make.named_id("network"), make.named_id("meeting")
    for name, rid, above in (("network", network, None), ("meeting", meeting, network)):
        _put(walk, make.row(name, make.FILLED[name], rid=rid, custodian=ours), above)
    _put(walk, make.row("decision", values, rid=b"d" * 16, custodian=ours), meeting)


def _asked_to_erase(walk: Walk) -> None:
    walk.send()
    walk.clock.time = START + timedelta(days=18, hours=6)
    record_leg_event(walk.ours, walk.legs[0], LegEvent.DEPARTED)  # she travels to them: they decide
    walk.send()
    erase_client(walk.ours, walk.client, ErasureReason.CLIENT_REQUEST, is_duty=True)
    _tell(walk)


DUTIES: dict[str, tuple[str, Duty]] = {
    "tasks": ("draft", _task),
    "agreements": ("draft", _agreement),
    "drafts": ("draft", _draft),
    "to_decide": ("draft", _conflict),
    "calls": ("draft", _withdrawn),
    "heard": ("draft", _withdrawn_there),
    "orders": ("draft", _erased),
    "erasures": ("draft", _wish),
    "asked": ("decision_ready", _approval),
    "endings": ("draft", _ends_soon),
    "departures": ("travel_ready", _leaves),
    "travelling": ("travel_ready", _left),
    "alarms": ("travel_ready", _late),
    "to_follow": ("travel_ready", _left_there),
    "torn": ("draft", _torn_entry),
    "suggestions": ("draft", _suggested),
    "decisions": ("draft", _decided),
    "requests": ("travel_ready", _asked_to_erase),
}


def _ours(walk: Walk) -> Session:
    return walk.ours


def _theirs(walk: Walk) -> Session:
    return walk.theirs


WHOSE: dict[str, Whose] = {"heard": _theirs, "requests": _theirs, "asked": Walk.second}
"""The desk whose Today has the duty, where it is not ours."""
ELSEWHERE = {
    "answers": "tests/integration/test_authority_letters.py",
    "deadlines": "tests/integration/test_run_deadlines.py",
    "steps": "tests/integration/test_decided_steps.py",
    "conference_decisions": "tests/integration/test_decided_steps.py",
    "sums": "tests/integration/test_figure_sums.py",
    "keeping": "tests/integration/test_retention.py",
    "follow_ups": "tests/integration/test_follow_ups.py",
    "concerns": "tests/integration/test_follow_up_year.py",
}
"""The test of each group whose duty needs a longer story."""
NO_DUTIES = frozenset({"first_steps", "partners"})
"""Groups that tell how things stand."""


@pytest.mark.parametrize("group", DUTIES)
def test_duty_that_a_service_creates_is_on_today(group: str, tmp_path: Path) -> None:
    state, create = DUTIES[group]
    with walked(tmp_path, state) as walk:
        desk = WHOSE.get(group, _ours)(walk)
        if group != "departures":  # its service looks itself: a plan of the sample has legs
            assert getattr(read_today(desk), group) == ()
        create(walk)
        assert getattr(read_today(desk), group)


def groups() -> set[str]:
    """Return the groups of Today that hold items."""
    return {one.name for one in fields(Today) if str(one.type).startswith("tuple")}


def test_every_group_has_its_duty_here_or_a_test_of_its_own() -> None:
    assert groups() == set(DUTIES) | set(ELSEWHERE) | NO_DUTIES
    for group, name in ELSEWHERE.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "read_today" in text, group
        assert f".{group}" in text, group


def test_page_shows_every_group() -> None:
    room = ROOT / "src/kfdesk/ui/pages"
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in room.glob("today*.py")]
    read = {
        node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }
    assert groups() - NO_DUTIES - read == set()
