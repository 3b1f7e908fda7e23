# SPDX-License-Identifier: GPL-3.0-or-later
"""The stops that others cause: a partner that tells or asks something, other roles, a bad day.

What the partner does happens at its own desk, and comes by a file. A role is our desk with other
rights, in a window of the same size. The guides of the bad days are begun and left.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.gui.walk_plans import at_the_desk
from tests.gui.walk_world import Stop, World
from tests.integration.course_samples import WHO
from tests.support.forging import Forger
from tests.support.laptops import invite_laptop
from tests.support.stores import new_desk

from kfdesk.demo import people, story
from kfdesk.domain.accounts import Role
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.runbooks import Runbook, RunbookStep
from kfdesk.domain.values import Value
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.exchange.invitations import LAPTOP_CARD_FILE
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.plans.plans import load_case, open_plan
from kfdesk.services.upkeep.runbooks import complete_runbook_step
from kfdesk.storage import key_slots


def _card(world: World) -> None:
    """Preview the card of an unknown desk."""
    walk = world.walk

    def write() -> Any:
        machine = Environment(clock=walk.clock, cost=key_slots.MIN_COST)
        third = new_desk(walk.post / "third", "Naiste maja", WHO, machine)
        partners.save_own_card(third, walk.post / "third.card")
        third.store.close()
        return walk.post / "third.card"

    world.page("exchange").add_card(world.run(write))
    world.rest()


def _invited(world: World) -> None:
    """Read the stick with which another laptop of ours invites this one."""
    walk = world.walk
    there = world.run(lambda: invite_laptop(walk.ours, walk.post))
    world.page("exchange").add_card(there / LAPTOP_CARD_FILE)
    world.rest()


def _back(world: World) -> None:
    world.page("exchange").show_list()
    world.rest()


def third_value(world: World) -> None:
    """Type a value that neither side has into the field in conflict."""
    QTest.keyClick(world.page("exchange").step, Qt.Key.Key_4)
    world.rest()


def undecided(world: World) -> None:
    """Undo the choice for the conflict."""
    world.page("exchange").step.undo()
    world.rest()


def change(world: World) -> None:
    """Select a record of the same file that changed only there."""
    step = world.page("exchange").step
    place = next(
        at for at, line in enumerate(step.lines) if line.change and line.field_place is None
    )
    step.table.selectRow(place)
    world.rest()


def _named(world: World) -> None:
    """Show a file that would name another client, with a text its reader cannot read."""
    walk = world.walk
    at_the_desk(
        world,
        lambda: change_record(walk.ours, walk.legs[1], {"carrier": "viol-12, Exempelbuss"}),
    )
    world.page("exchange").send(walk.partner, walk.plan)
    world.rest()


def _not_named(world: World) -> None:
    walk = world.walk
    _back(world)
    at_the_desk(
        world, lambda: change_record(walk.ours, walk.legs[1], {"carrier": "19, Exempelbuss"})
    )


def _taken(world: World, make: Callable[[], Any]) -> Any:
    """Import a file of the partner's. Return its review."""
    ours = world.walk.ours
    path = make().path
    reviewed = transfer.review_bundle(ours, path)
    transfer.import_bundle(ours, path, reviewed)
    return reviewed


def _heard(world: World) -> None:
    """Import the notice of a partner's client who withdrew what we had from them."""
    walk = world.walk
    theirs, us = walk.theirs, walk.ours.identity.organisation

    def write() -> None:
        plan, _ = story.enter_plan(theirs, us)
        _taken(world, lambda: transfer.send_bundle(theirs, plan, us, walk.post))
        withdraw_consent(theirs, open_plan(theirs, plan).consents[0].view.rid, ())
        _taken(world, lambda: transfer.send_notices(theirs, us, walk.post))

    at_the_desk(world, write)
    world.page("today")


def _withdrawn(world: World) -> None:
    """Our client has withdrawn what the partner has; it is to be told, and they ask to erase."""
    walk = world.walk
    theirs, us = walk.theirs, walk.ours.identity.organisation

    def write() -> None:
        change_record(theirs, walk.legs[0], {"carrier": "17, Exempelbuss"})
        _taken(world, lambda: transfer.send_bundle(theirs, walk.plan, us, walk.post))
        erase_client(theirs, load_case(theirs, walk.plan).client.rid, ErasureReason.CLIENT_REQUEST)
        _taken(world, lambda: transfer.send_notices(theirs, us, walk.post))
        for line in open_plan(walk.ours, walk.plan).consents:
            withdraw_consent(walk.ours, line.view.rid, ("request_erasure",))

    at_the_desk(world, write)
    world.page("exchange")


def _proposed(world: World) -> None:
    """Import a help number and the deletion of a leg that the partner proposes."""
    walk = world.walk
    forger = Forger(walk.theirs, walk.ours, walk.post)
    values: dict[str, Value] = {
        "sequence": 7, "number": "+7 000 555-01-99", "languages": ("ru",),
        "answered_by": people.localized("Anna", "Anna", "Anna"),
    }  # fmt: skip

    def write() -> None:
        leg = walk.ours.store.row(walk.legs[1])
        assert leg is not None
        number = forger.written("help_number", values, parent=walk.plan)
        path = forger.file([number, forger.deleted(leg)])
        transfer.import_bundle(walk.ours, path, transfer.review_bundle(walk.ours, path))

    at_the_desk(world, write)
    world.section("travel")


def _declined(world: World) -> None:
    for card in tuple(world.plan_view.deletions):
        card.keep.click()
        world.rest()
    for card in tuple(world.plan_view.proposals):
        card.decline.click()
        world.rest()


def _notices(world: World) -> None:
    world.page("exchange").send(world.walk.partner)
    world.rest()


PARTNERS = (
    Stop("exchange/card", _card, _back),
    Stop("exchange/invited", _invited, _back),
    Stop("exchange/named", _named, _not_named),
    Stop("plan/proposed", _proposed, _declined),
    Stop("today/heard", _heard),
)
WITHDRAWN = (
    Stop("exchange/withdrawn", _withdrawn),
    Stop("exchange/notices", _notices, _back),
)


def _before(world: World, *roles: Role) -> Session:
    return replace(world.walk.ours, user="QQ", roles=frozenset(roles), opened=set())


def _outside(world: World) -> None:
    """Somebody who sees no plans."""
    world.sit(_before(world, Role.DIRECTORY_EDITOR))
    world.page("plans")


def _others(world: World) -> None:
    """Somebody who sees her own plans, and that there are others."""
    world.sit(_before(world, Role.SHELTER_WORKER))
    world.page("plans")


def _locked(world: World) -> None:
    world.page("plans").open_plan(world.other)
    world.rest()


def _reading(world: World) -> None:
    """Open the other's plan with a break-glass reason."""
    page = world.page("plans").currentWidget()
    page.reason.setText("Hon ringde i natt")
    page.open_button.click()
    world.rest()
    world.section("person", world.other)


def _opened(world: World) -> None:
    """Its owner is told."""
    world.sit(world.walk.ours)
    world.page("today")


ROLES = (
    Stop("role/directory", _outside),
    Stop("role/others' plans", _others),
    Stop("role/locked", _locked),
    Stop("role/reading", _reading),
    Stop("role/owner is told", _opened),
)


BEFORE_THE_REPORT = (
    RunbookStep.REVOKE,
    RunbookStep.SIGNING,
    RunbookStep.DATA_KEY,
    RunbookStep.LET_IN,
    RunbookStep.WARN,
)


def _guide(runbook: Runbook, *ticked: RunbookStep) -> Callable[[World], None]:
    def go(world: World) -> None:
        page = world.page("backup")
        page.open_runbook(runbook)
        world.rest()
        for step in ticked:
            world.run(lambda step=step: complete_runbook_step(world.walk.ours, runbook, step))  # type: ignore[misc]
        page.open_runbook(runbook)
        world.rest()

    return go


def _data_key(world: World) -> None:
    """Open the page that a step shows over its runbook."""
    _guide(Runbook.NEW_KEY)(world)
    world.page("backup").guide.guide.part.buttons[0].click()
    world.rest()


def _backup(world: World) -> None:
    page = world.page("backup")
    page.guide.closed.emit()
    world.rest()


GUIDES = (
    Stop("guide/leaver", _guide(Runbook.LEAVER), _backup),
    Stop(
        "guide/lost",
        _guide(Runbook.LOST, *BEFORE_THE_REPORT),
        _backup,
    ),
    Stop("guide/move", _guide(Runbook.MOVE), _backup),
    Stop("guide/new key begun", _guide(Runbook.NEW_KEY), _backup),
    Stop("guide/new key", _data_key, _backup),
)
