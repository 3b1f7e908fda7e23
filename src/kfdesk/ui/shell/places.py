# SPDX-License-Identifier: GPL-3.0-or-later
"""The places of an open desk, in the order of the rail, and the ways between them.

The one module of the window that knows every page by name. Adding a place is one line.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk as OpenDesk
from kfdesk.services.directory import EntryLine
from kfdesk.services.finding.entries import Hit, Kind
from kfdesk.services.policy.access import DIRECTORY_READING, EDITING, READING
from kfdesk.services.writing.drafts import DraftLine, OpenDraft, draft_of
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.after_views.page import AfterPage
from kfdesk.ui.pages.backup_views.page import BackupPage
from kfdesk.ui.pages.contacts import Contacts
from kfdesk.ui.pages.exchange import Exchange
from kfdesk.ui.pages.history import History
from kfdesk.ui.pages.plan_views.goal import Goal
from kfdesk.ui.pages.plan_views.wanted import Step
from kfdesk.ui.pages.plans import Plans
from kfdesk.ui.pages.printing import Printing
from kfdesk.ui.pages.rights_views.outside import Outside
from kfdesk.ui.pages.settings import SettingsPage
from kfdesk.ui.pages.today import TodayPage
from kfdesk.ui.shell.desk import Desk
from kfdesk.ui.widgets.rail import Place

_ID_DIGITS = 32  # of a plan's id, as its page tells where one is
_Leading = TodayPage | Plans | AfterPage | Contacts | Printing | Exchange
Leads = TypeVar("Leads", TodayPage, Plans, AfterPage, Contacts, Printing, Exchange)

_NEEDS: Mapping[str, tuple[Right, ...]] = {
    "plans": READING,
    "contacts": DIRECTORY_READING,
    "follow_up": READING,
    "exchange": (Right.EXPORT_BUNDLE, Right.IMPORT_BUNDLE, Right.MANAGE_KEYS),
    "print": (Right.PRINT_CARRIED, Right.PRINT_INTERNAL),
    "history": (*DIRECTORY_READING, Right.MANAGE_USERS),
    "backup": (Right.BACKUP, Right.RESTORE),
}
"""The rights of which one leads into a place; any role may see the others."""


def make_shell(kit: Kit, desk: OpenDesk) -> Desk:
    """The window's inside for an open desk, with Today in view."""

    def leading(page: Leads, section: str = "") -> Leads:
        _lead(lambda: shell, page, section)
        return page

    places = (
        Place("today", N_("Today"), "sun", "Ctrl+1", lambda kit: leading(TodayPage(kit, desk))),
        Place(
            "plans", N_("Plans"), "clipboard-list", "Ctrl+2",
            lambda kit: leading(Plans(kit, desk)),
        ),
        Place(
            "contacts", N_("Contacts"), "book-user", "Ctrl+3",
            lambda kit: leading(Contacts(kit, desk)),
        ),
        Place(
            "follow_up", N_("After arrival"), "calendar-clock", "Ctrl+4",
            lambda kit: leading(AfterPage(kit, desk), "follow_up"),
        ),
        Place(
            "exchange", N_("Exchange"), "arrow-left-right", "Ctrl+5",
            lambda kit: leading(Exchange(kit, desk)),
        ),
        Place(
            "print", N_("Print"), "printer", "Ctrl+6", lambda kit: leading(Printing(kit, desk))
        ),
        Place(
            "history", N_("History"), "history", "Ctrl+7",
            lambda kit: History(kit, desk), is_at_foot=True,
        ),
        Place(
            "backup", N_("Backup"), "archive", "Ctrl+8",
            lambda kit: BackupPage(kit, desk), is_at_foot=True,
        ),
        Place(
            "settings", N_("Settings"), "settings", "Ctrl+,",
            lambda kit: SettingsPage(kit, desk), is_at_foot=True,
        ),
    )  # fmt: skip

    shell = Desk(kit, [_within_roles(desk, place) for place in places], desk)
    shell.finder.hit_chosen.connect(partial(_open_hit, shell))
    today = shell.page
    assert isinstance(today, TodayPage)
    _follow_today(today, kit, desk, shell)
    _hear_keys(kit, desk, shell)
    return shell


def _lead(shell: Callable[[], Desk], page: _Leading, section: str) -> None:
    """Follow the lines of a page to plans, to the very field of one, or from a plan to contacts."""
    if isinstance(page, Plans):
        page.help_asked.connect(lambda step: _find_help(shell(), step))
        return
    page.plan_chosen.connect(lambda rid: _open_plan(shell(), rid, section=section))
    if isinstance(page, Contacts):
        page.step_left.connect(lambda step, entry: _return_to_step(shell(), step, entry))
    if isinstance(page, Printing):
        page.goal_chosen.connect(lambda rid, goal: _open_plan(shell(), rid, goal=goal))


def join(shell: Desk, folder: Path) -> None:
    """Show a new desk the card of who has invited it, and put its own beside that."""
    page = _exchange(shell)
    assert page is not None
    page.join(folder)


def _hear_keys(kit: Kit, desk: OpenDesk, shell: Desk) -> None:
    """Lead where the keys point that are heard on every page."""
    shell.plan_asked.connect(partial(_begin_plan, kit, desk, shell))
    shell.send_asked.connect(partial(_send, shell))
    shell.take_asked.connect(partial(_take, shell))


def _follow_today(today: TodayPage, kit: Kit, desk: OpenDesk, shell: Desk) -> None:
    """Lead where the lines of Today point."""
    today.counted.connect(shell.rail.items["today"].show_count)
    for asked, place in ((today.backup_asked, "backup"), (today.exchange_asked, "exchange")):
        asked.connect(partial(shell.go_to, place))
    ways = (
        (today.task_chosen, "notes"),
        (today.contact_chosen, "follow_up"),
        (today.keeping_chosen, "keeping"),
    )
    for chosen, section in ways:
        chosen.connect(partial(_open_plan, shell, section=section))
    today.draft_chosen.connect(partial(_open_draft, kit, desk, shell))


def offer_backup(shell: Desk) -> None:
    """Show a new desk the page of backups, which can wait."""
    shell.go_to("backup")
    page = shell.page
    assert isinstance(page, BackupPage)
    page.left.connect(partial(shell.go_to, "today"))
    page.offer()


def _within_roles(desk: OpenDesk, place: Place) -> Place:
    """The place; where none of one's roles is made for it, it says so in place of its page."""
    rights = _NEEDS.get(place.key, ())
    if not rights or any(map(desk.may, rights)):
        return place
    return replace(place, make=lambda kit: Outside(kit, place.label))


def _plans(shell: Desk) -> Plans | None:
    """The page of plans, now on view; None for whom the place only says that it is not theirs."""
    shell.go_to("plans")
    return shell.page if isinstance(shell.page, Plans) else None


def _open_plan(
    shell: Desk,
    rid: bytes,
    draft: OpenDraft | None = None,
    section: str = "",
    goal: Goal | None = None,
) -> None:
    plans = _plans(shell)
    if plans is not None:
        plans.open_plan(rid, draft, section=section, goal=goal)


def _begin_plan(kit: Kit, desk: OpenDesk, shell: Desk, rid: bytes | None = None) -> None:
    if not any(map(desk.may, EDITING)):
        kit.hub.failed.emit(KfdeskError("user.not_allowed", right=EDITING[0]))
        return
    plans = _plans(shell)
    if plans is not None:
        plans.begin_plan(rid)


def _open_draft(kit: Kit, desk: OpenDesk, shell: Desk, line: DraftLine) -> None:
    """Lead to where a draft can be gone on with."""
    if line.plan is None and line.type == "client":
        _begin_plan(kit, desk, shell, line.rid)
    elif line.plan is not None:
        plan = line.plan
        kit.work.run(lambda: draft_of(desk, line.rid), lambda draft: _open_plan(shell, plan, draft))
    elif (contacts := _contacts(shell)) is not None:
        contacts.go_on(line)


def _open_hit(shell: Desk, hit: Hit) -> None:
    """Open what quick find has found."""
    if hit.kind in (Kind.PLAN, Kind.HELP_NUMBER):
        _open_plan(shell, hit.rid)
    elif (contacts := _contacts(shell)) is not None:
        contacts.show_entry(hit.rid)


def _send(shell: Desk, place: str) -> None:
    """Begin a file, of the plan that one comes from."""
    key, _, inside = place.partition("/")
    plan = inside.partition("/")[0]
    is_plan = key == "plans" and len(plan) == _ID_DIGITS
    if (page := _exchange(shell)) is not None:
        page.ask_to_send(bytes.fromhex(plan) if is_plan else b"")


def _take(shell: Desk, paths: tuple[Path, ...]) -> None:
    """Show what has come."""
    if (page := _exchange(shell)) is not None:
        page.ask_to_take(paths)


def _exchange(shell: Desk) -> Exchange | None:
    shell.go_to("exchange")
    return shell.page if isinstance(shell.page, Exchange) else None


def _find_help(shell: Desk, step: Step) -> None:
    """Show who can help with a step of a plan."""
    if (contacts := _contacts(shell)) is not None:
        contacts.find_for(step)


def _return_to_step(shell: Desk, step: Step, entry: EntryLine | None) -> None:
    """Go back to a step of a plan, with an entry of the directory or without."""
    plans = _plans(shell)
    if plans is not None:
        plans.return_with(step, entry)


def _contacts(shell: Desk) -> Contacts | None:
    shell.go_to("contacts")
    return shell.page if isinstance(shell.page, Contacts) else None
