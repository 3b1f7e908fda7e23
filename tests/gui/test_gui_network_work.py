# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of a network in the window: meetings, decisions, agreements, projects, news."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, contacts_on_view, texts
from tests.gui.test_gui_circles import PARTNER, partner_house, put
from tests.support.windows import show

from kfdesk.domain.audit import Action
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.exchange import Partner, PartnerState
from kfdesk.domain.records.directory import Membership, Network
from kfdesk.domain.records.network import (
    Activity,
    Agreement,
    AgreementParty,
    Attendance,
    Decision,
    Meeting,
    Project,
)
from kfdesk.domain.registers import live_writes
from kfdesk.domain.rows import encode_changes, view
from kfdesk.domain.values import Translation, Value
from kfdesk.services.core.records import create_record, put_new, require_record
from kfdesk.services.plans.plans import zoned_now
from kfdesk.services.today import read_today
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.nested_records import MOST_BELOW
from kfdesk.ui.forms.translated import LocalizedTextEditor
from kfdesk.ui.pages.directory.network_work import NetworkWorkPage
from kfdesk.ui.pages.directory.networks import NetworksPage
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.pages.today import TodayPage
from kfdesk.ui.shell.help import chapter_for_place

TITLE = (Translation("en", "Invented network"),)
SPRING = (Translation("en", "Spring meeting"),)
LIST = (Translation("en", "Make a list"),)
SHARES = ("directory", "network_work")


@pytest.fixture
def page(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> DirectoryPage:
    return contacts_on_view(kit, qtbot, opened)


def network(opened: OpenDesk) -> bytes:
    values: dict[str, Value] = {
        "title": TITLE, "shares": SHARES, "we_share": SHARES, "confidentiality": "circle",
    }  # fmt: skip
    made = opened.run(lambda: create_record(opened.desk, Network, values))
    member: dict[str, Value] = {"organisation": partner_house(opened).hex(), "role": "member"}
    opened.run(lambda: create_record(opened.desk, Membership, member, made))
    return made


def meeting(opened: OpenDesk, above: bytes) -> bytes:
    def make() -> bytes:
        values: dict[str, Value] = {
            "title": SPRING, "starts": zoned_now(opened.desk), "confidentiality": "circle",
        }  # fmt: skip
        return create_record(opened.desk, Meeting, values, above)

    return opened.run(make)


def decision(opened: OpenDesk, above: bytes, days: int) -> bytes:
    today = opened.desk.adapters.clock.now().date()
    values: dict[str, Value] = {
        "decided": LIST, "owner": opened.desk.identity.organisation.hex(), "state": "open",
        "due": today + timedelta(days=days),
    }  # fmt: skip
    return opened.run(lambda: create_record(opened.desk, Decision, values, above))


def work(page: DirectoryPage, opened: OpenDesk, of: bytes) -> NetworkWorkPage:
    page.show_circles()
    opened.rest()
    circles = page.task
    assert isinstance(circles, NetworksPage)
    circles.cards[of].work.click()
    opened.rest()
    assert isinstance(page.task, NetworkWorkPage)
    return page.task


def test_meeting_is_opened_with_who_takes_part_and_printed(
    page: DirectoryPage, opened: OpenDesk, qtbot: QtBot
) -> None:
    of = network(opened)
    held = meeting(opened, of)
    decision(opened, held, 3)
    shown = work(page, opened, of)
    assert "Spring meeting" in texts(shown)
    assert not shown.meetings.details.isVisible()
    shown.meetings.openers[held].click()
    opened.rest()
    assert shown.meetings.details.isVisible()
    assert "Make a list" in texts(shown.meetings.details)
    asked: list[tuple[object, bytes]] = []
    page.paper_asked.connect(lambda paper, rid: asked.append((paper, rid)))
    for words in ("Agenda…", "Minutes…"):
        buttons = shown.meetings.details.findChildren(QPushButton)
        next(one for one in buttons if one.text().strip() == words).click()
    assert asked == [(PaperName.AGENDA, held), (PaperName.MINUTES, held)]
    shown.closed.emit()
    opened.rest()
    assert isinstance(page.task, NetworksPage)


def test_new_meeting_stands_below_its_network(page: DirectoryPage, opened: OpenDesk) -> None:
    of = network(opened)
    shown = work(page, opened, of)
    shown.meetings.ours.begin()
    opened.rest()
    form = shown.meetings.ours.form
    assert form is not None
    form.save()
    opened.rest()
    rows = opened.run(lambda: opened.desk.store.rows("meeting"))
    assert [row.parent for row in rows] == [of]
    record = view(rows[0], Meeting).record
    assert (record.kind, record.confidentiality) == ("network", "circle")


def test_text_for_members_begins_in_the_language_of_the_window(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    shown = work(page, opened, network(opened))
    shown.meetings.ours.begin()
    opened.rest()
    form = shown.meetings.ours.form
    assert form is not None
    title = form.form.editors["title"]
    assert isinstance(title, LocalizedTextEditor)
    assert [one.language for one in title.tellings] == ["en", "sv", "ru"]


def test_meeting_of_another_member_is_read_and_not_edited(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    of = network(opened)
    theirs = put(opened, "meeting", {"title": SPRING, "confidentiality": "circle"}, parent=of)
    shown = work(page, opened, of)
    assert shown.meetings.theirs.isVisible()
    shown.meetings.openers[theirs].click()
    opened.rest()
    assert shown.meetings.details.isVisible()
    assert "Entered by Дом у реки" in texts(shown.meetings.details)
    assert not shown.meetings.parts["decision"].add_button.isVisible()
    assert theirs not in shown.meetings.ours.lines
    assert shown.meetings.theirs.lines == {}


def test_four_hundred_who_take_part_are_cut_and_counted(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    of = network(opened)
    held = meeting(opened, of)

    def fill() -> None:
        with opened.desk.store.transaction():
            for _ in range(400):
                values = encode_changes("attendance", {"role": "takes_part"})
                put_new(opened.desk, opened.desk.new_row("attendance", held), values)

    opened.run(fill)
    shown = work(page, opened, of)
    shown.meetings.open(held)
    opened.rest()
    assert len(shown.meetings.parts["attendance"].lines) == MOST_BELOW
    assert "300 more are not shown" in texts(shown.meetings.details)


def test_our_decision_is_marked_as_done_and_leaves_today(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    of = network(opened)
    ours = decision(opened, meeting(opened, of), 3)
    assert [one.rid for one in opened.run(lambda: read_today(opened.desk)).decisions] == [ours]
    shown = work(page, opened, of)
    shown.tabs.parts["decisions"].click()
    opened.rest()
    assert "in 3 days" in texts(shown.decisions)
    shown.decisions.done[ours].click()
    opened.rest()
    assert shown.decisions.done == {}
    assert "Everything that was decided is done." in texts(shown.decisions)
    assert opened.run(lambda: read_today(opened.desk)).decisions == ()


def test_news_tell_what_came_in_beside_what_goes_out(page: DirectoryPage, opened: OpenDesk) -> None:
    of, desk = network(opened), opened.desk
    meeting(opened, of)
    values: dict[str, Value] = {"title": LIST, "confidentiality": "circle"}
    came = put(opened, "meeting", values, parent=of)

    def come() -> None:
        """Note that a file of the partner brought it."""
        row = require_record(desk, came)
        with desk.store.transaction():
            desk.store.received.keep(PARTNER, {came: {one[:2] for one in live_writes(row.state)}})
            desk.log(Action.IMPORT, came, ("title",))

    opened.run(come)
    shown = work(page, opened, of)
    shown.tabs.parts["news"].click()
    opened.rest()
    card = shown.news.cards[desk.identity.organisation]
    assert "Came in during the last month" in texts(card)
    (line,) = [one for one in texts(card) if one.startswith("Meeting: Make a list")]
    today = desk.adapters.clock.now().date()
    assert f"from Дом у реки, {today.day} " in line
    asked: list[tuple[object, bytes]] = []
    page.paper_asked.connect(lambda paper, rid: asked.append((paper, rid)))
    next(one for one in card.findChildren(QPushButton) if "Print" in one.text()).click()
    assert asked == [(PaperName.NETWORK_NEWS, desk.identity.organisation)]


def test_project_shows_its_activities_and_the_sums_add_up(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    of, desk = network(opened), opened.desk
    begins = desk.adapters.clock.now().date()
    project = opened.run(lambda: create_record(desk, Project, {"title": TITLE}, of))
    done: dict[str, Value] = {"title": SPRING, "begins": begins, "women": 4, "men": 2}
    opened.run(lambda: create_record(desk, Activity, done, project))
    shown = work(page, opened, of)
    shown.tabs.parts["projects"].click()
    opened.rest()
    shown.projects.open(project)
    opened.rest()
    assert "Spring meeting" in texts(shown.projects.details)
    assert "Total: 1 (people reached: 6)" in texts(shown.report)


def test_own_agreement_of_no_network_stays_alone(page: DirectoryPage, opened: OpenDesk) -> None:
    desk = opened.desk
    opened.run(lambda: create_record(desk, Agreement, {"title": SPRING}))
    page.show_circles()
    opened.rest()
    circles = page.task
    assert isinstance(circles, NetworksPage)
    circles.alone.click()
    opened.rest()
    shown = page.task
    assert isinstance(shown, NetworkWorkPage)
    assert [*shown.tabs.parts] == ["agreements", "projects"]
    assert "Spring meeting" in texts(shown)


def test_attendance_form_offers_our_contacts(page: DirectoryPage, opened: OpenDesk) -> None:
    of = network(opened)
    held = meeting(opened, of)
    shown = work(page, opened, of)
    shown.meetings.open(held)
    shown.meetings.parts["attendance"].begin()
    opened.rest()
    form = shown.meetings.parts["attendance"].form
    assert form is not None
    form.save()
    opened.rest()
    (row,) = opened.run(lambda: opened.desk.store.rows("attendance"))
    assert (row.parent, view(row, Attendance).record.role) == (held, "invited")


def test_agreement_is_named_as_legal_basis_and_no_longer(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    of, desk = network(opened), opened.desk

    def sign() -> bytes:
        far = Partner(PARTNER, "Дом у реки", b"card", b"k" * 32, PartnerState.VERIFIED,
                      is_third_country=True)  # fmt: skip
        with desk.store.transaction():
            desk.store.ledger.set_partner(far)
        values: dict[str, Value] = {"title": SPRING, "kind": "data_sharing"}
        made = create_record(desk, Agreement, values, of)
        signed = desk.adapters.clock.now().date()
        party: dict[str, Value] = {"organisation": PARTNER.hex(), "signed": signed}
        create_record(desk, AgreementParty, party, made)
        return made

    agreement = opened.run(sign)
    shown = work(page, opened, of)
    shown.tabs.parts["agreements"].click()
    opened.rest()
    for words, covers in (
        ("Use it as legal basis for sending to Дом у реки", PARTNER.hex()),
        ("No longer our legal basis", None),
    ):
        shown.agreements.open(agreement)
        opened.rest()
        buttons = shown.agreements.details.findChildren(QPushButton)
        next(one for one in buttons if one.text().strip() == words).click()
        opened.rest()
        row = opened.run(lambda: desk.store.row(agreement))
        assert row is not None
        assert view(row, Agreement).record.covers == covers


def test_line_of_today_leads_to_its_meeting(
    kit: UiContext, qtbot: QtBot, page: DirectoryPage, opened: OpenDesk
) -> None:
    of = network(opened)
    held = meeting(opened, of)
    decision(opened, held, 3)
    today = TodayPage(kit, opened.desk)
    today.work_asked.connect(page.show_work)
    show(qtbot, today)
    opened.rest()
    groups = {group.title: group for group in today.listing.table.groups}
    (row,) = groups["Decided in networks"].rows
    row.open()
    opened.rest()
    assert isinstance(page.task, NetworkWorkPage)
    assert page.task.meetings.chosen == held
    assert "Make a list" in texts(page.task.meetings.details)


def test_networks_and_their_work_have_their_chapters_and_are_there_after_a_lock(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    of = network(opened)
    assert page.place() == ""
    work(page, opened, of)
    place = page.place()
    assert chapter_for_place(f"contacts/{place}") == "network_work"
    page.show_circles()
    assert chapter_for_place(f"contacts/{page.place()}") == "networks"
    page.return_to(place)
    opened.rest()
    assert isinstance(page.task, NetworkWorkPage)
    assert page.task.network == of
    page.return_to("networks")
    opened.rest()
    assert isinstance(page.task, NetworksPage)
    page.return_to(opened.house.hex())
    opened.rest()
    assert page.task is None
