# SPDX-License-Identifier: GPL-3.0-or-later
"""The places of an open desk, in the order of the rail, and the ways between them.

The one module of the window that knows every page by name. Adding a place is one line.
"""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk as OpenDesk
from kfdesk.services.finding.entries import Hit, Kind
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.backup_views.page import BackupPage
from kfdesk.ui.pages.contacts import Contacts
from kfdesk.ui.pages.exchange import Exchange
from kfdesk.ui.pages.history import History
from kfdesk.ui.pages.plans import Plans
from kfdesk.ui.pages.printing import Printing
from kfdesk.ui.pages.settings import SettingsPage
from kfdesk.ui.pages.today import TodayPage
from kfdesk.ui.shell.desk import Desk
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, Empty
from kfdesk.ui.widgets.rail import Place

_Leading = TodayPage | Contacts | Printing


def make_shell(kit: Kit, desk: OpenDesk) -> Desk:
    """The window's inside for an open desk, with Today in view."""

    def open_plan(rid: bytes) -> None:
        _open_plan(shell, rid)

    def leading(page: _Leading) -> QWidget:
        """A page whose lines lead to plans."""
        page.plan_chosen.connect(open_plan)
        return page

    places = (
        Place("today", N_("Today"), "sun", "Ctrl+1", lambda kit: leading(TodayPage(kit, desk))),
        Place("plans", N_("Plans"), "clipboard-list", "Ctrl+2", lambda kit: Plans(kit, desk)),
        Place(
            "contacts", N_("Contacts"), "book-user", "Ctrl+3",
            lambda kit: leading(Contacts(kit, desk)),
        ),
        Place("follow_up", N_("After arrival"), "calendar-clock", "Ctrl+4", FollowUp),
        Place(
            "exchange", N_("Exchange"), "arrow-left-right", "Ctrl+5",
            lambda kit: Exchange(kit, desk),
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

    shell = Desk(kit, places, desk)
    shell.finder.hit_chosen.connect(partial(_open_hit, shell))
    today = shell.page
    assert isinstance(today, TodayPage)
    today.counted.connect(shell.rail.items["today"].show_count)
    today.backup_asked.connect(partial(shell.go_to, "backup"))
    return shell


def offer_backup(shell: Desk) -> None:
    """Show a new desk the page of backups, which can wait."""
    shell.go_to("backup")
    page = shell.page
    assert isinstance(page, BackupPage)
    page.left.connect(partial(shell.go_to, "today"))
    page.offer()


def _open_plan(shell: Desk, rid: bytes) -> None:
    shell.go_to("plans")
    plans = shell.page
    assert isinstance(plans, Plans)
    plans.open_plan(rid)


def _open_hit(shell: Desk, hit: Hit) -> None:
    """Open what quick find has found."""
    if hit.kind in (Kind.PLAN, Kind.HELP_NUMBER):
        _open_plan(shell, hit.rid)
        return
    shell.go_to("contacts")
    contacts = shell.page
    assert isinstance(contacts, Contacts)
    contacts.show_entry(hit.rid)


class FollowUp(QWidget):
    """The place for what follows an arrival; nothing can stand there yet, and it says so."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        card = Card()
        under = N_(
            "Contacts after an arrival will stand here. This version does not plan them yet."
        )
        card.body.addWidget(Empty(kit, "calendar-clock", N_("Nothing to follow up"), under))
        column = QVBoxLayout(self)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(tokens.CARD_GAP)
        column.addWidget(Label(kit, N_("After arrival"), Type.DISPLAY))
        column.addWidget(card)
        column.addStretch(1)
