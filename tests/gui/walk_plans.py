# SPDX-License-Identifier: GPL-3.0-or-later
"""The stops of plans that are not as usual: one just begun, one with a child, one that has ended.

They stand beside ours in the same store and are written by the services, once each, when the walk
comes to them. Ours walks on to its end, last of all.
"""

from collections.abc import Callable

from tests.gui.printer_samples import choose_plan
from tests.gui.walk_world import Stop, World
from tests.support.endings import handover_values

from kfdesk.domain.records.client import Relationship
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.journey import Handover
from kfdesk.domain.records.risk import RiskAssessment
from kfdesk.domain.risk import ThemeAnswer
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.plans.case import create_plan
from kfdesk.services.plans.journey import LegEvent
from kfdesk.services.plans.plans import load_case
from kfdesk.services.plans.risk import answer_risk_theme
from kfdesk.services.workflow import move_plan, request_approval
from kfdesk.ui.pages.plan.header import SheetWay
from kfdesk.ui.pages.plan.risk import REPORTED_ASSESSMENT

EVERYTHING = frozenset(
    ("client", "plan", "leg", "consent", "follow_up", "handover", "relationship", "approval",
     "risk_assessment", "risk_line", "attachment")
)  # fmt: skip


def at_the_desk(world: World, write: Callable[[], object]) -> None:
    """Something is written behind the window, which then reads it."""
    world.run(write)
    world.kit.events.changed.emit(EVERYTHING)
    world.rest()


def _begin(world: World) -> None:
    """Create a plan of a new client, with her name and her return home."""
    ours = world.walk.ours

    def write() -> None:
        client: dict[str, Value] = {"given_name": "Юлия", "family_name": "Хабарова"}
        plan, _ = create_plan(ours, client)
        create_record(ours, Handover, handover_values(world.walk.clock.time), parent=plan)
        world.begun = plan

    at_the_desk(world, write)
    world.section("person", world.begun)


def _of_begun(key: str) -> Stop:
    return Stop(f"begun plan/{key}", lambda world: world.section(key, world.begun))


def _no_sheet(world: World) -> None:
    """Ask for a sheet of a plan without a journey."""
    world.section("travel", world.begun)
    world.plan_view.header.ask_for_sheet(SheetWay.SAVE)
    world.rest()


def _no_sheet_back(world: World) -> None:
    world.plan_view.header.outcome.hide()
    world.rest()


def _worry(world: World) -> None:
    """Record at the contact that is due that she is in danger again."""
    ours, plan = world.walk.ours, world.other

    def write() -> None:
        due = next(
            one for one in load_case(ours, plan).all_views("follow_up") if one.record.result is None
        )
        said: dict[str, Value] = {"result": "reached", "exploitation_again": "suspected"}
        change_record(ours, due.rid, said)

    at_the_desk(world, write)
    world.section("follow_up", plan)


def _child(world: World) -> None:
    """Add a travelling child of unknown age, and request an approval."""
    ours, plan = world.walk.ours, world.other

    def write() -> None:
        child: dict[str, Value] = {"given_name": "Alva", "kind": "child", "travels_with": True}
        create_record(ours, Relationship, child, parent=load_case(ours, plan).client.rid)
        request_approval(
            world.walk.second(), plan, "override", "interpreter_used", "Ingen tolk finns"
        )

    at_the_desk(world, write)
    world.section("decision", plan)


def _papers(world: World) -> None:
    world.section("decision", world.other).children_card.begin()
    world.rest()


def _papers_away(world: World) -> None:
    form = world.section("decision", world.other).children_card.papers.form
    assert form is not None
    form.discard()
    world.rest()


def _told(world: World) -> None:
    """Record the risk assessment of a receiver without a desk, told by telephone."""
    ours, plan = world.walk.ours, world.other

    def write() -> None:
        shelter = create_record(ours, Organisation, {"name": "Дом без компьютера"})
        change_record(ours, plan, {"receiver": shelter.hex()})
        told: dict[str, Value] = {
            "organisation": shelter.hex(), "done": world.walk.clock.time.date(),
            "conclusion": "return_possible", "told_by": "Ольга", "told_way": "telephone",
        }  # fmt: skip
        create_record(ours, RiskAssessment, told, parent=plan)

    at_the_desk(world, write)
    world.section("risk", plan)


def _telling(world: World) -> None:
    world.section("risk", world.other).begin_record(REPORTED_ASSESSMENT)
    world.rest()


def _put_away(key: str) -> Callable[[World], None]:
    def leave(world: World) -> None:
        for form in world.plan_view.parts[key].open_forms:
            form.discard()
        world.rest()

    return leave


def _own_weighing(world: World) -> None:
    """Open the questions of one theme of a new risk assessment of ours."""
    ours = world.walk.ours

    def begun() -> None:
        values = {"organisation": ours.identity.organisation.hex()}
        rid = create_record(ours, RiskAssessment, values, parent=world.other)
        answer_risk_theme(ours, rid, "trafficker_network", ThemeAnswer.SOMETHING)

    at_the_desk(world, begun)
    section = world.section("risk", world.other)
    assert section.answering.open_category("trafficker_network")
    world.rest()


def _way(world: World) -> None:
    """Enter whether she wants to stop, and why."""
    section = world.section("decision", world.other)
    section.step.ask_alternative("cancelled")
    world.rest()


def _no_way(world: World) -> None:
    world.plan_view.parts["decision"].step.asking.close_question()


def _ended(world: World) -> None:
    ours, plan = world.walk.ours, world.other
    at_the_desk(world, lambda: move_plan(ours, plan, "cancelled", reason="Hon stannar"))
    world.section("person", plan)


def _torn(world: World) -> None:
    """Open the leg with a field in conflict."""
    section = world.section("travel")
    section.open_record(world.walk.legs[1], "carrier")
    world.rest()


def _obstacles(world: World) -> None:
    choose_plan(world.page("print"), world.rest, world.walk.plan)


def _decided(world: World) -> None:
    world.section("travel")
    while world.plan_view.conflicts:
        world.plan_view.conflicts[0].buttons[0].click()
        world.rest()


def _alarms(world: World) -> None:
    """Show the same delay from another section of the plan."""
    world.section("notes")


def _ask_before(world: World) -> None:
    """Record that the second leg has begun while the first has not arrived."""
    section = world.section("travel")
    second = next(leg for leg in section.day._legs if leg.view.rid == world.walk.legs[1])
    section.day.record_event(LegEvent.DEPARTED, second)
    world.rest()


ASIDE = (
    Stop("begun plan/person", _begin),
    *map(_of_begun, ("consent", "risk", "decision", "travel", "support", "follow_up")),
    Stop("begun plan/no sheet yet", _no_sheet, _no_sheet_back),
    Stop("other plan/worry", _worry),
    Stop("other plan/child", _child),
    Stop("other plan/papers of a child", _papers, _papers_away),
    Stop("other plan/told", _told),
    Stop("other plan/telling", _telling, _put_away("risk")),
    Stop("other plan/questions", _own_weighing),
    Stop("other plan/way out", _way, _no_way),
    Stop("other plan/ended", _ended),
)
TORN = (
    Stop("plan/torn", _torn),
    Stop("print/obstacles", _obstacles, _decided),
)
LATE = (
    Stop("plan/alarms", _alarms),
    Stop("plan/ask before", _ask_before),
)
