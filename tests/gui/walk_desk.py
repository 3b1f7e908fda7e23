# SPDX-License-Identifier: GPL-3.0-or-later
"""The stops of an open desk: its places, the sections of a plan and their forms, and what opens.

In this order, because what has been opened goes on being translated with the rest.
"""

from collections.abc import Callable
from itertools import starmap
from typing import Any

from PySide6.QtGui import QImage
from tests.gui.printer_samples import choose_plan
from tests.gui.walk_book import BOOK
from tests.gui.walk_cooperation import COOPERATION
from tests.gui.walk_networks import NETWORKS
from tests.gui.walk_others import GUIDES, PARTNERS, ROLES, WITHDRAWN, change, third_value, undecided
from tests.gui.walk_plans import ASIDE, LATE, TORN
from tests.gui.walk_procedures import PROCEDURES
from tests.gui.walk_typed import ENTRIES, TYPED
from tests.gui.walk_values import CASES
from tests.gui.walk_world import Stop, World
from tests.integration.list_samples import CARDS

from kfdesk.demo import people
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.services import accounts
from kfdesk.services.core.records import change_record
from kfdesk.services.exchange import transfer
from kfdesk.services.plans.case import add_attachment_file
from kfdesk.ui.pages.calendar.items import AFTER_ARRIVAL, FILTERS
from kfdesk.ui.pages.plan.consent_form import VitalInterestsForm
from kfdesk.ui.shell.overlays import ClosingSheet, FaultSheet
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.worker import Job, JobProgress

Act = Callable[[World], object]


def _nothing(_world: World) -> None:
    """Nothing has to be put away."""


def _place(key: str) -> Stop:
    return Stop(key, lambda world: world.page(key))


def _plans(world: World) -> None:
    world.page("plans").show_list()
    world.rest()


def _section(key: str) -> Stop:
    return Stop(f"plan/{key}", lambda world: world.section(key))


def _begun(section: str, record_type: str) -> Stop:
    """Return the stop of a new record of a type, begun in its section."""

    def go(world: World) -> None:
        assert world.section(section).begin_record(record_type), record_type
        world.rest()

    def leave(world: World) -> None:
        for records in world.section(section).lists:
            if records.form is not None:
                records.form.discard()
        world.rest()

    return Stop(f"plan/{section}/{record_type}", go, leave)


def _within(
    place: str, name: str, act: Callable[[World, Any], object], leave: Act = _nothing
) -> Stop:
    """Something that opens in a place."""

    def go(world: World) -> None:
        act(world, world.page(place))
        world.rest()

    return Stop(f"{place}/{name}", go, leave)


def _on_plan(
    section: str, name: str, act: Callable[[World, Any], object], leave: Act = _nothing
) -> Stop:
    """Something that opens in a section of our plan."""

    def go(world: World) -> None:
        act(world, world.section(section))
        world.rest()

    return Stop(f"plan/{section}/{name}", go, leave)


def _sheet(name: str, lay: Callable[[SessionView], None]) -> Stop:
    def go(world: World) -> None:
        world.page("today")
        lay(world.shell)
        world.rest()

    return Stop(f"sheet/{name}", go, lambda world: world.shell.layer.close_sheet())


def _fault(desk: SessionView) -> None:
    desk.layer.show_sheet(FaultSheet(desk._kit, KfdeskError("store.disk")))


def _closing(desk: SessionView) -> None:
    job = Job(N_("Checking the database…"), JobProgress())
    desk.layer.show_sheet(ClosingSheet(desk._kit, job))


def _find(world: World) -> None:
    world.page("today")
    world.shell.find_anything()
    world.shell.bar.field.setText("t")
    world.until(world.shell.finder.isVisible)


def _busy(world: World) -> None:
    world.page("today")
    world.shell.bar.busy._on_soon()
    world.shell.bar.busy._on_long()
    world.rest()


def _copies(world: World, page: Any = None) -> None:
    """To the copies that are out, or back to printing."""
    (page or world.page("print")).head.copies.click()


def _roles(world: World, page: Any) -> None:
    (user, *_) = world.run(lambda: accounts.list_users(world.walk.ours))
    page.people.roles_asked.emit(user)


def _file_with_a_conflict(world: World, page: Any) -> None:
    """Preview a partner's file with one conflict and one other change."""
    walk, leg = world.walk, world.walk.legs[1]

    def differ() -> Any:
        change_record(walk.ours, leg, {"carrier": "18, Exempelbuss"})
        sign = people.localized("grön", "зелёная", "green")
        change_record(walk.theirs, leg, {"carrier": "19, Exempelbuss", "sign": sign})
        change_record(walk.theirs, walk.legs[0], {"carrier": "14, Exempelbuss"})
        us = walk.ours.identity.organisation
        return transfer.send_bundle(walk.theirs, walk.plan, us, walk.post).path

    page.preview(world.run(differ))
    world.rest()


def _conflict(world: World, page: Any) -> None:
    """Import the same file, so that the plan shows the conflict."""
    page.step.apply.click()
    world.rest()
    world.section("travel")


def _list(world: World, page: Any) -> None:
    path = world.walk.post / "list.vcf"
    path.write_bytes(CARDS)
    page.preview_list(path)


def _back(world: World) -> None:
    world.shell.page.show_list()  # type: ignore[union-attr]
    world.rest()


def _case_sheet(world: World, page: Any) -> None:
    path = world.walk.post / "cases.csv"
    path.write_text(CASES)
    page.look_at_sheet(path)


def _tabs_back(world: World) -> None:
    page = world.page("figures")
    aside = page.entry or page.sheet
    if aside is not None:
        aside.cancel.click()
    page.show_tab("desk")
    world.rest()


def _contacts_back(world: World) -> None:
    page = world.page("contacts")
    page.find_helpers(None)
    world.rest()


def _wanted(world: World) -> None:
    section = world.section("support")
    section.help_asked.emit(("service", None, None))
    world.rest()


def _document(world: World, section: Any) -> None:
    """Open a picture among the documents."""
    path = world.walk.post / "scan.png"
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    image.save(str(path))
    rid = world.run(
        lambda: next(iter(add_attachment_file(world.walk.ours, world.walk.plan, path).rids))
    )
    world.kit.events.changed.emit(frozenset({"attachment"}))
    world.rest()
    section.shelf.chosen.emit("view", rid)


def _leg(world: World, section: Any) -> None:
    section.add.click()


def _no_leg(world: World) -> None:
    world.section("travel").legs.put_in_bin()
    world.rest()


def _checklist(world: World, section: Any = None) -> None:
    """Open the checklist before leaving, or fold it again."""
    card = (section or world.section("travel")).checklist
    card.set_open(is_open=not card.is_open)
    world.rest()


def _withdrawal(world: World, section: Any) -> None:
    section.cards[next(iter(section.cards))].withdraw.click()


def _after_arrival(_world: World, page: Any) -> None:
    page.return_to(f"list/{AFTER_ARRIVAL}")


def _all_kinds(world: World) -> None:
    world.page("calendar").return_to(f"list/{next(iter(FILTERS))}")
    world.rest()


def _calendar_back(world: World) -> None:
    world.page("calendar").show_overview()
    world.rest()


def _late(world: World) -> None:
    """Show the day of the journey, some hours after the planned arrival."""
    world.travel()
    world.section("travel")


PLACES = (
    "exchange", "print", "procedures", "book", "figures", "backup", "settings", "calendar",
)  # fmt: skip
SECTIONS = (
    "person", "consent", "risk", "decision", "cooperation", "travel", "support", "follow_up",
    "notes", "documents", "keeping",
)  # fmt: skip
BEGUN = (
    ("person", "relationship"), ("risk", "risk_assessment"), ("risk", "risk_event"),
    ("decision", "reception"), ("decision", "legal_status"), ("decision", "referral"),
    ("travel", "help_number"), ("travel", "traveller"), ("travel", "travel_document"),
    ("travel", "handover"),
    ("support", "goal"), ("support", "service"), ("follow_up", "follow_up"),
    ("notes", "task"), ("notes", "note"),
)  # fmt: skip
SHEETS = (
    ("help", SessionView.show_help), ("keys", SessionView.show_keys),
    ("about", SessionView.show_about),
    ("parts", SessionView.show_parts), ("fault", _fault), ("closing", _closing),
)  # fmt: skip
OPEN = (
    _place("today"),
    Stop("busy", _busy, lambda world: world.shell.bar.busy.set_idle()),
    Stop("finder", _find),
    *starmap(_sheet, SHEETS),
    *map(_place, PLACES),
    _within("figures", "sums", lambda _, page: page.show_tab("network"), _tabs_back),
    _within("figures", "a sum", lambda _, page: page.new_sum(), _tabs_back),
    _within("figures", "estimates", lambda _, page: page.show_tab("estimates"), _tabs_back),
    _within("figures", "publications", lambda _, page: page.show_tab("publications"), _tabs_back),
    _within("figures", "case data", lambda _, page: page.show_tab("case_data"), _tabs_back),
    _within("figures", "a sheet of case data", _case_sheet, _tabs_back),
    _within("figures", "an estimate", lambda _, page: page.new_estimate(), _tabs_back),
    _within("figures", "a publication", lambda _, page: page.new_publication(), _tabs_back),
    _within("settings", "person", lambda _, page: page.people.add.click(), _back),
    _within("settings", "passphrase", lambda _, page: page.people.passphrase.click(), _back),
    _within("settings", "recovery key", lambda _, page: page.recovery.make_asked.emit(), _back),
    _within("settings", "keys", lambda _, page: page.keys.renew.click(), _back),
    _within("settings", "roles", _roles, _back),
    _within("exchange", "invite", lambda _, page: page.invite(), _back),
    _within("exchange", "what has come", lambda _, page: page.show_inbox(), _back),
    _within(
        "exchange", "digits", lambda world, page: page.compare_digits(world.walk.partner), _back
    ),
    _within(
        "exchange",
        "send",
        lambda world, page: page.send(world.walk.partner, world.walk.plan),
        _back,
    ),
    _within(
        "print",
        "traveller's sheet",
        lambda world, page: choose_plan(page, world.rest, world.walk.plan),
    ),
    _within(
        "print",
        "file copy",
        lambda world, page: choose_plan(page, world.rest, world.walk.plan, PaperName.FILE_COPY),
    ),
    _within(
        "print",
        "contact list",
        lambda _, page: page.choices.papers.options[PaperName.CONTACT_LIST].click(),
    ),
    _within("print", "copies", _copies, _copies),
    _within("calendar", "week", lambda _, page: page.views.parts["week"].click()),
    _within("calendar", "month", lambda _, page: page.views.parts["month"].click()),
    _within("calendar", "after arrival", _after_arrival, _all_kinds),
    _within("calendar", "phone", lambda _, page: page.show_export(), _calendar_back),
    Stop("plans", _plans),
    _within("plans", "first talk", lambda _, page: page.begin_plan(), _plans),
    *map(_section, SECTIONS),
    *starmap(_begun, BEGUN),
    _on_plan(
        "consent",
        "talk",
        lambda _, part: part.begin(),
        lambda world: world.section("consent").talks.close_form(),
    ),
    _on_plan(
        "consent",
        "vital interests",
        lambda _, part: part.talks.begin(VitalInterestsForm, {}),
        lambda world: world.section("consent").talks.close_form(),
    ),
    _on_plan("consent", "withdrawal", _withdrawal),
    _on_plan("travel", "leg", _leg, _no_leg),
    _on_plan("travel", "checklist", _checklist, _checklist),
    _on_plan("documents", "picture", _document),
    _within("exchange", "file", _file_with_a_conflict),
    Stop("exchange/third value", third_value, undecided),
    Stop("exchange/change", change),
    _within("exchange", "taken", _conflict),
    *TORN,
    *PARTNERS,
    *ASIDE,
    *TYPED,
    Stop("plan/travel/late", _late),
    *LATE,
    _place("contacts"),
    _within("contacts", "organisation", lambda _, page: page.begin("organisation"), _contacts_back),
    _within("contacts", "person", lambda _, page: page.begin("contact"), _contacts_back),
    _within("contacts", "list", _list, _contacts_back),
    _within("contacts", "doubles", lambda _, page: page.show_duplicates(), _contacts_back),
    *ENTRIES,
    _within("contacts", "networks", lambda _, page: page.show_networks(), _contacts_back),
    Stop("contacts/wanted", _wanted, _contacts_back),
    *NETWORKS,
    *PROCEDURES,
    *BOOK,
    *COOPERATION,
    _place("history"),
    _within("history", "bin", lambda _, page: page.go_to("bin")),
    _within("history", "record", lambda world, page: page.open_record(world.walk.plan)),
    *GUIDES,
    *WITHDRAWN,
    *ROLES,
)
