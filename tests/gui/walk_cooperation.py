# SPDX-License-Identifier: GPL-3.0-or-later
"""The stops of a cooperation: offered, under way, a step opened, its questions, another version.

It is that of the plan that was just begun. The procedures come from the stops of their place.
"""

from typing import Any

from tests.gui.walk_plans import at_the_desk
from tests.gui.walk_world import Stop, World

from kfdesk.domain.procedures.runs import RunStep
from kfdesk.domain.records.case import LegalStatus
from kfdesk.domain.records.directory import Organisation, Phone
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.procedures import procedures, runs
from kfdesk.ui.pages.plan.cooperation_steps import StepLine
from kfdesk.ui.widgets.collapsible import CollapsibleCard

_STEPS = 22  # of the procedure that the stops of procedures have put in force


def _begin(desk: Session, plan: bytes) -> None:
    """Begin a run; ask for a step, finish one, and name who leads the one with a clock."""
    procedure = next(
        one.view.rid
        for one in procedures.list_procedures(desk)
        if one.view.record.status == "active" and one.steps == _STEPS
    )
    runs.start_run(desk, plan, procedure)
    run = runs.read_run(desk, plan)
    assert run is not None
    first, second = (one.view.rid for one in run.steps[:2])
    runs.finish_step(desk, first)
    runs.change_step(desk, second, "requested")
    values: dict[str, Value] = {"name": "Uppdiktat hus", "confidentiality": "circle"}
    house = create_record(desk, Organisation, values)
    create_record(desk, Phone, {"number": "+46 8 465 004 14"}, house)
    timed = next(one for one in run.steps if _has_clock(one))
    change_record(desk, timed.view.rid, {"led_by": house.hex()})


def _has_clock(step: RunStep) -> bool:
    return step.view.record.event is not None and not step.is_settled


def _section(world: World) -> Any:
    section = world.section("cooperation", world.begun)
    section.read()
    world.rest()
    return section


def _run(world: World) -> None:
    at_the_desk(world, lambda: _begin(world.walk.ours, world.begun))
    _section(world)


def _line(world: World) -> StepLine:
    lines: dict[bytes, StepLine] = _section(world).lines
    return next(one for one in lines.values() if _has_clock(one.step))


def _step(world: World) -> None:
    line = _line(world)
    line.open_details()
    for fold in line.findChildren(CollapsibleCard):
        fold.set_open(is_open=True)
    world.rest()


def _step_back(world: World) -> None:
    lines: dict[bytes, StepLine] = world.plan_view.parts["cooperation"].lines
    next(one for one in lines.values() if one.is_open).more.click()
    world.rest()


def _reason(world: World) -> None:
    _line(world).not_applicable.click()
    world.rest()


def _reason_back(world: World) -> None:
    _line(world).question.hide()
    world.rest()


def _mapping(world: World) -> None:
    """Put another procedure in force, and look at what it would change."""
    ours = world.walk.ours

    def write() -> None:
        other = next(
            one.view.rid
            for one in procedures.list_procedures(ours)
            if one.view.record.status == "draft" and 0 < one.steps < _STEPS
        )
        procedures.activate_procedure(ours, other)

    at_the_desk(world, write)
    _section(world).head.over.click()
    world.rest()


def _mapping_back(world: World) -> None:
    world.plan_view.parts["cooperation"].mapping.cancel.click()
    world.rest()


def _more(world: World) -> None:
    """Record that an investigation is open, so that more steps apply."""
    at_the_desk(
        world,
        lambda: create_record(
            world.walk.ours,
            LegalStatus,
            {"kind": "injured_party", "decision": "applied"},
            parent=world.begun,
        ),
    )
    _section(world)


def _ended(world: World) -> None:
    _section(world).head.end.click()
    world.rest()


def _go_on(world: World) -> None:
    _section(world).head.again.click()
    world.rest()


COOPERATION = (
    Stop("cooperation/offered", _section),
    Stop("cooperation/under way", _run),
    Stop("cooperation/step", _step, _step_back),
    Stop("cooperation/reason", _reason, _reason_back),
    Stop("cooperation/other version", _mapping, _mapping_back),
    Stop("cooperation/more steps", _more),
    Stop("cooperation/ended", _ended, _go_on),
)
