# SPDX-License-Identifier: GPL-3.0-or-later
"""The stops of the place Procedures: the list, a version to read, a draft, its steps, two versions.

What comes with the program is taken over first, so that its words are those of our desk.
"""

from collections.abc import Callable
from typing import Any

from tests.gui.walk_plans import at_the_desk
from tests.gui.walk_world import Stop, World

from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.procedures import files, procedures

_SHIPPED = ("stockholm-region", "return-and-reception", "empty")


def _take_over(desk: Session) -> None:
    """Take over what comes with the program; put one in force, and make its next version."""
    taken = [
        files.import_procedure(
            desk, files.preview_procedure(desk, files.shipped_procedure(desk, name))
        ).procedure
        for name in _SHIPPED
    ]
    procedures.activate_procedure(desk, taken[0])
    following = procedures.make_next_version(desk, taken[0])
    steps = procedures.read_procedure(desk, following).steps
    change_record(desk, steps[0].rid, {"after": "99", "warn": "soon", "amount": 5, "unit": "d"})
    for value in ("5:15", "5:16"):
        change_record(desk, steps[1].rid, {"law": value}, ())


def _listed(world: World) -> None:
    page = world.page("procedures")
    if not page.listing.lines:
        at_the_desk(world, lambda: _take_over(world.walk.ours))
        page.listing.read()
        world.rest()


def _list(world: World) -> None:
    world.page("procedures").show_list()
    world.rest()


def _version(world: World, status: str) -> Any:
    """Open the version with steps that has this status, and return the page."""
    page = world.page("procedures")
    line = next(
        one for one in page.listing.lines if one.view.record.status == status and one.steps == 22
    )
    page.open_procedure(line.view.rid)
    world.rest()
    return page


def _stop(name: str, status: str, act: Callable[[Any], object]) -> Stop:
    """Something that opens in a version of this status."""

    def go(world: World) -> None:
        act(_version(world, status))
        world.rest()

    return Stop(f"procedures/{name}", go, _list)


def _nothing(_page: Any) -> None:
    """Look at the version itself."""


def _begin(world: World) -> None:
    world.page("procedures").begin()
    world.rest()


def _look(world: World) -> None:
    world.page("procedures").look_at("empty")
    world.rest()


PROCEDURES = (
    Stop("procedures/list", _listed),
    _stop("in force", "active", _nothing),
    _stop("in force/about", "active", lambda page: page.details.about.set_open(is_open=True)),
    _stop("in force/step", "active", lambda page: page.details.table.chosen.emit(9)),
    _stop("in force/retire", "active", lambda page: page.details.retire.click()),
    _stop("draft", "draft", _nothing),
    _stop("draft/head", "draft", lambda page: page.details.edit.click()),
    _stop("draft/step", "draft", lambda page: page.details.table.chosen.emit(0)),
    _stop("draft/torn", "draft", lambda page: page.details.table.chosen.emit(1)),
    _stop("draft/new step", "draft", lambda page: page.begin_step()),
    _stop("draft/put in force", "draft", lambda page: page.details.activate.click()),
    _stop("two versions", "draft", lambda page: page.details.compare.click()),
    Stop("procedures/new", _begin, _list),
    Stop("procedures/from the program", _look, _list),
)
