# SPDX-License-Identifier: GPL-3.0-or-later
"""The stops of networks: their page and forms, suggestions, checks, what is sent without a plan.

Both desks begin a network of one name, share an entry each, and suggest something to each other.
"""

from collections.abc import Callable
from typing import Any

from tests.gui.walk_world import Stop, World

from kfdesk.demo import network, people
from kfdesk.domain.records.directory import Membership, Network, Organisation, Phone
from kfdesk.domain.values import Value
from kfdesk.services.core.records import create_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory.checks import record_check
from kfdesk.services.directory.networks import suggest_change
from kfdesk.services.exchange import transfer
from kfdesk.ui.pages.directory.network_work import TABS
from kfdesk.ui.pages.directory.page import StarterOffer

_TITLE = people.localized("Uppdiktat nätverk", "Выдуманная сеть", "Invented network")
_SHARED: dict[str, Value] = {
    "title": _TITLE, "confidentiality": "circle", "level": "baltic",
    "shares": ("directory", "figures"), "we_share": ("directory",),
}  # fmt: skip
_HOUSES = {"ours": "Uppdiktat delat hus", "theirs": "Annat delat hus"}


def _begin(desk: Session, member: Session, name: str) -> bytes:
    """Begin a network with another desk, and enter a house that its members may see."""
    network = create_record(desk, Network, _SHARED)
    named: dict[str, Value] = {
        "organisation": member.identity.organisation.hex(), "role": "focal_point",
    }  # fmt: skip
    create_record(desk, Membership, named, network)
    seen_by: dict[str, Value] = {"confidentiality": "circle"}
    house = create_record(desk, Organisation, {"name": name, "country": "SE", **seen_by})
    create_record(desk, Phone, {"number": "+46 8 465 004 12", **seen_by}, house)
    return house


def _pass(world: World, sender: Session, receiver: Session) -> None:
    post, there = world.walk.post, receiver.identity.organisation
    path = transfer.send_common(sender, there, post).path
    transfer.import_bundle(receiver, path, transfer.review_bundle(receiver, path))


def _houses(world: World) -> dict[str, bytes]:
    """Return the shared houses; make them, and all that belongs to them, at the first time."""
    ours, theirs = world.walk.ours, world.walk.theirs

    def make() -> dict[str, bytes]:
        found = {
            name: row.rid
            for name in _HOUSES
            for row in ours.store.rows("organisation")
            if _HOUSES[name] in str(row.state)
        }
        if found:
            return found
        made = {
            "ours": _begin(ours, theirs, _HOUSES["ours"]),
            "theirs": _begin(theirs, ours, _HOUSES["theirs"]),
        }
        _pass(world, ours, theirs)
        _pass(world, theirs, ours)
        suggest_change(theirs, made["ours"], "hours", "Mo-Fr 09:00-17:00", "Uppdiktad orsak")
        _pass(world, theirs, ours)
        suggest_change(ours, made["theirs"], "country", "EE")
        for outcome in ("not_reached",) * 3:
            record_check(ours, made["ours"], "call", outcome)
        return made

    houses = world.run(make)
    world.kit.events.changed.emit(frozenset({"network", "organisation", "suggestion"}))
    world.rest()
    return houses


def _networks(world: World) -> Any:
    _houses(world)
    page = world.page("contacts")
    page.show_circles()
    world.rest()
    return page.task


def _form(world: World) -> None:
    _networks(world).ours.begin()
    world.rest()


def _member(world: World) -> None:
    cards = _networks(world).cards.values()
    next(card for card in cards if card.line.is_ours).members.begin()
    world.rest()


def _forms_back(world: World) -> None:
    task = world.page("contacts").task
    for records in (task.ours, *(card.members for card in task.cards.values())):
        if records.form is not None:
            records.form.discard()
    world.rest()
    _back(world)


def _work(world: World) -> Any:
    """Show the work of our network: with a meeting, a decision, an agreement and a project."""
    cards = _networks(world).cards.values()
    ours = next(card for card in cards if card.line.is_ours).line.view.rid
    desk = world.walk.ours

    def make() -> bytes:
        held = [row.rid for row in desk.store.rows("meeting")]
        if not held:
            network.hold_meeting(desk, ours, world.walk.theirs.identity.organisation)
        return desk.store.rows("meeting")[0].rid

    meeting = world.run(make)
    world.page("contacts").show_work(ours, meeting)
    world.rest()
    return world.page("contacts").task


def _tab(key: str) -> Callable[[World], None]:
    def show(world: World) -> None:
        _work(world).show_tab(key)
        world.rest()

    return show


def _work_back(world: World) -> None:
    world.page("contacts").task.closed.emit()
    world.rest()
    _back(world)


def _suggestions(world: World) -> None:
    world.page("contacts").show_suggestions()
    world.rest()


def _entry(world: World, whose: str) -> Any:
    page = world.page("contacts")
    page.show_entry(_houses(world)[whose])
    world.rest()
    return page


def _check(world: World) -> None:
    _entry(world, "ours").entry.check.click()
    world.rest()


def _suggest(world: World) -> None:
    _entry(world, "theirs").entry.suggest.click()
    world.rest()


def _back(world: World) -> None:
    page = world.page("contacts")
    if page.task is not None:
        page.task.closed.emit()
    for form in (page.side.check, page.side.suggestion):
        form.hide()
    world.rest()


def _send(world: World) -> None:
    world.page("exchange").send_common(world.walk.partner)
    world.rest()


def _list_back(world: World) -> None:
    world.page("exchange").show_list()
    world.rest()


def _starter(world: World) -> None:
    """Show what an empty directory offers; this one is not empty."""
    page = world.page("contacts")
    page.layout().addWidget(StarterOffer(world.kit, world.walk.ours))
    world.rest()


def _starter_back(world: World) -> None:
    offer = world.inside(StarterOffer)
    offer.hide()
    offer.deleteLater()
    world.rest()


NETWORKS = (
    Stop("contacts/starter", _starter, _starter_back),
    Stop("contacts/circles", _networks, _back),
    Stop("contacts/circle", _form, _forms_back),
    Stop("contacts/member", _member, _forms_back),
    *(Stop(f"contacts/work/{key}", _tab(key), _work_back) for key in TABS),
    Stop("contacts/suggestions", _suggestions, _back),
    Stop("contacts/check", _check, _back),
    Stop("contacts/suggest", _suggest, _back),
    Stop("exchange/common", _send, _list_back),
)
