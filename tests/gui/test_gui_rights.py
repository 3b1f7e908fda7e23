# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role sees: another's plan behind its reason, the owner who is told, places not one's own.

Before a real store, in real pages, by the keyboard; who sits here is a desk with other roles.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.support.journeys import record_leg_event
from tests.support.samples import first
from tests.support.windows import missed_by_tab, nameless, show, timer_of

from kfdesk.domain.accounts import Role
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans import emergency_access
from kfdesk.services.plans.journey import LegEvent
from kfdesk.services.plans.plans import zoned_now
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.access import NOT_IN_YOUR_ROLES, LockedPlanPage, NoAccessPage
from kfdesk.ui.pages.exchange.page import ExchangePage
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.pages.today import TodayPage
from kfdesk.ui.shell.session_view import SessionView as Shell
from kfdesk.ui.shell.session_view import make_session_view

OUTSIDE = (Role.DIRECTORY_EDITOR, Role.STATISTICS_READER, Role.ADMINISTRATOR)
FOR_ALL = {"today", "settings"}
SHUT = {
    Role.DIRECTORY_EDITOR: {"plans", "calendar", "exchange", "print", "backup"},
    Role.STATISTICS_READER: {
        "plans", "contacts", "calendar", "exchange", "print", "procedures", "book", "history",
        "backup",
    },
    Role.ADMINISTRATOR: {"plans", "contacts", "calendar", "print", "procedures", "book"},
}  # fmt: skip


@pytest.fixture
def opened(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[OpenDesk]:
    """Yield a store whose whole plan belongs to EV; the empty one belongs to QQ."""
    made = OpenDesk(kit, qtbot, tmp_path / "store")
    made.run(lambda: change_record(made.desk, made.plan, {"owner": "EV"}))
    made.run(lambda: change_record(made.desk, made.empty, {"owner": "QQ"}))
    yield made
    made.close()


def before(opened: OpenDesk, *roles: Role, user: str = "QQ") -> Session:
    return replace(opened.desk, user=user, roles=frozenset(roles), opened=set())


def settled(
    opened: OpenDesk, qtbot: QtBot, widget: PlansPage | Shell | TodayPage | ExchangePage
) -> None:
    show(qtbot, widget)
    widget.resize(1280, 860)
    opened.rest()


@pytest.fixture
def plans(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> PlansPage:
    """Return the page Plans of a shelter worker, QQ."""
    page = PlansPage(kit, before(opened, Role.SHELTER_WORKER))
    settled(opened, qtbot, page)
    return page


def locked(plans: PlansPage) -> LockedPlanPage:
    page = plans.currentWidget()
    assert isinstance(page, LockedPlanPage)
    return page


def test_list_has_ones_own_plan_and_of_anothers_the_code_with_a_lock(plans: PlansPage) -> None:
    listing = plans.listing
    model = listing.others.table.model()
    assert listing.table.model().rowCount() == 1
    assert model.rowCount() == 1
    said = {
        str(model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole)) for column in (0, 1)
    }
    assert "tulpan-47" in said
    assert not any("Nina" in one for one in said)
    assert nameless(plans) == []


def test_anothers_plan_opens_with_a_reason_and_not_without(
    plans: PlansPage, opened: OpenDesk, qtbot: QtBot
) -> None:
    listing = plans.listing
    listing.others.table.setFocus()
    listing.others.table.selectRow(0)
    QTest.keyClick(listing.others.table, Qt.Key.Key_Return)
    opened.rest()
    page = locked(plans)
    qtbot.waitUntil(lambda: "tulpan-47" in texts(page))
    assert "Нина" not in " ".join(texts(page))
    QTest.keyClick(page.reason, Qt.Key.Key_Return)
    assert page.field.has_error
    QTest.keyClicks(page.reason, "Hon ringde i natt")
    assert not page.field.has_error
    QTest.keyClick(page.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: plans.plan is not None)
    opened.rest()
    view = plans.plan
    assert view is not None
    assert view.reading.isVisible()
    assert not view.header.printing.isVisible()
    owner = replace(opened.desk, roles=frozenset({Role.SHELTER_WORKER}))
    (told,) = opened.run(lambda: emergency_access.list_break_glass_accesses(owner))
    assert (told.opened_by, told.reason) == ("QQ", "Hon ringde i natt")


def test_way_back_from_anothers_plan_is_the_list(plans: PlansPage, opened: OpenDesk) -> None:
    plans.open_plan(opened.plan)
    opened.rest()
    page = locked(plans)
    page.setFocus()
    assert missed_by_tab(page) == []
    assert nameless(page) == []
    QTest.keyClick(page.reason, Qt.Key.Key_Escape)
    assert plans.currentWidget() is plans.listing


def test_ones_own_plan_can_be_changed_and_printed(plans: PlansPage, opened: OpenDesk) -> None:
    plans.open_plan(opened.empty)
    opened.rest()
    assert plans.plan is not None
    assert not plans.plan.reading.isVisible()
    assert plans.plan.header.printing.isVisible()


def test_approver_reads_a_plan_and_is_offered_no_change(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    plans = PlansPage(kit, before(opened, Role.APPROVER))
    settled(opened, qtbot, plans)
    assert not plans.listing.new.isVisible()
    assert not plans.listing.others.isVisible()
    plans.open_plan(opened.plan)
    opened.rest()
    assert plans.plan is not None
    assert plans.plan.reading.isVisible()
    plans.plan.go_to("person")
    plans.plan.parts["person"].complete()
    opened.rest()
    editors = [e for part in plans.plan.parts["person"].forms for e in part.form.editors.values()]
    assert editors
    assert all(vars(editor)["_is_read_only"] for editor in editors)


def test_owner_is_told_on_the_page_of_the_day_until_it_was_seen(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    worker = before(opened, Role.SHELTER_WORKER)
    opened.run(lambda: emergency_access.open_with_reason(worker, opened.plan, "Natt"))
    soon = {"departs": zoned_now(opened.desk)}
    opened.run(lambda: change_record(opened.desk, opened.legs[0], soon))
    opened.run(lambda: record_leg_event(worker, opened.legs[0], LegEvent.ARRIVED))
    page = TodayPage(kit, opened.desk)
    settled(opened, qtbot, page)
    card = page.openings
    assert card.isVisible()
    model = card.table.model()
    said = [str(model.index(row, 1).data()) for row in range(model.rowCount())]
    assert len(said) == 2
    assert said[1].startswith("QQ recorded what happened on leg 1")
    assert "Has arrived" in said[1]
    with qtbot.waitSignal(page.plan_chosen) as chosen:
        card.table.setFocus()
        card.table.selectRow(0)
        QTest.keyClick(card.table, Qt.Key.Key_Return)
    assert chosen.args == [opened.plan]
    card.seen.click()
    opened.rest()
    qtbot.waitUntil(lambda: not card.isVisible())


@pytest.mark.parametrize("role", first(1, OUTSIDE))
def test_place_that_no_role_is_made_for_says_so_and_nothing_fails(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, role: Role
) -> None:
    shell = make_session_view(kit, before(opened, role))
    settled(opened, qtbot, shell)
    assert isinstance(shell.page, TodayPage)
    for key in shell.rail.items:
        shell.go_to(key)
        opened.rest()
        is_outside = isinstance(shell.page, NoAccessPage)
        assert is_outside == (key in SHUT[role]), key
        if is_outside:
            assert shell.page is not None
            assert NOT_IN_YOUR_ROLES in texts(shell.page)
        assert shell.layer.sheet is None
    shell.finder.field.setFocus()
    QTest.keyClicks(shell.finder.field, "tulpan")
    qtbot.waitUntil(lambda: not timer_of(shell.finder).isActive())
    opened.rest()
    assert shell.layer.sheet is None


def test_each_role_of_a_case_finds_every_place(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    shell = make_session_view(kit, before(opened, Role.CASE_MANAGER))
    settled(opened, qtbot, shell)
    for key in shell.rail.items:
        shell.go_to(key)
        opened.rest()
        assert not isinstance(shell.page, NoAccessPage)
        assert shell.layer.sheet is None


def test_exchange_offers_what_ones_roles_allow(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    def offered(role: Role) -> tuple[bool, bool, set[str]]:
        page = ExchangePage(kit, before(opened, role))
        settled(opened, qtbot, page)
        words = {str(command.words) for command in page.commands()}
        return page.listing.take.isVisible(), page.listing.first_add.isVisible(), words

    take, add, words = offered(Role.CASE_MANAGER)
    assert (take, add) == (True, False)
    assert words == {"Save our card"}
    take, add, words = offered(Role.ADMINISTRATOR)
    assert (take, add) == (False, True)
    assert words == {"Save our card", "Add a partner's card", "Invite a partner"}
