# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of plans: filter, sorting that lasts, preview, drafts, and the way to the bin."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.gui.test_gui_today import put
from tests.support import make
from tests.support.samples import first
from tests.support.windows import missed_by_tab, nameless, show

from kfdesk.domain.audit import DisclosureEntry
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.values import Value
from kfdesk.services.core.drafts import FormState, save_draft
from kfdesk.services.core.history import read_bin
from kfdesk.services.core.records import change_record, create_record, restore_record
from kfdesk.services.plans.case import create_plan, move_plans_to_bin
from kfdesk.services.plans.lines import PlanLine
from kfdesk.services.plans.plans import list_plans
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.plan_list import PlanList
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.widgets.timeline import JourneyTimeline

CTRL = Qt.KeyboardModifier.ControlModifier


def begin(opened: OpenDesk, code: str, **plan: Value) -> bytes:
    return opened.run(lambda: create_plan(opened.desk, {"code": code}, plan)[0])


def shown(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> PlansPage:
    page = PlansPage(kit, opened.desk)
    page.resize(1166, 712)
    show(qtbot, page)
    opened.rest()
    return page


def codes(page: PlansPage) -> list[str]:
    return [line.code for line in page.listing.lines]


# what is on view


def test_who_travels_is_on_top_then_who_leaves_first_and_what_has_ended_is_last(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    travels, ended = begin(opened, "vallmo-10"), begin(opened, "akleja-11")
    put(opened, travels, {"state": "travelling"})
    put(opened, ended, {"state": "closed"})
    page = shown(kit, qtbot, opened)
    assert codes(page) == ["vallmo-10", "tulpan-47", "sippa-12", "akleja-11"]


@pytest.mark.parametrize(
    ("typed", "found"),
    first(
        3,
        [
            ("tulp", ["tulpan-47"]),
            ("nina", ["tulpan-47"]),
            ("Pskov", ["tulpan-47"]),
            ("Псков", ["tulpan-47"]),
            ("draft", ["tulpan-47", "sippa-12"]),
            ("riga nina", ["tulpan-47"]),
            ("nobody", []),
            ("russia", ["tulpan-47"]),
        ],
    ),
)
def test_words_filter_by_code_alias_place_and_state(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, typed: str, found: list[str]
) -> None:
    page = shown(kit, qtbot, opened)
    QTest.keyClick(page.listing.table, Qt.Key.Key_F, CTRL)
    assert QApplication.focusWidget() is page.listing.search
    page.listing.search.setText(typed)
    assert codes(page) == found
    QTest.keyClick(page.listing.search, Qt.Key.Key_Escape)
    assert len(codes(page)) == 2
    assert page.listing.search.text() == ""


def test_state_filters_and_says_how_many_of_all(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    put(opened, opened.empty, {"state": "closed"})
    page = shown(kit, qtbot, opened)
    listing = page.listing
    for key, found in (("open", ["tulpan-47"]), ("ended", ["sippa-12"]), ("approved", [])):
        keys = [option for option, _ in listing.states._options]
        listing.states.setCurrentIndex(keys.index(key))
        listing.states.chosen.emit(key)
        assert codes(page) == found
    assert "No plan matches the filter" in texts(listing)
    QTest.keyClick(listing.states, Qt.Key.Key_Escape)
    assert len(codes(page)) == 2


def test_heading_sorts_and_sorting_and_width_are_there_after_a_restart(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = shown(kit, qtbot, opened)
    header = page.listing.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(0) + 20, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert codes(page) == ["sippa-12", "tulpan-47"]
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert codes(page) == ["tulpan-47", "sippa-12"]
    header.resizeSection(1, 333)
    qtbot.waitUntil(lambda: 333 in kit.view.chosen.lists["plans"])
    again = shown(kit, qtbot, opened)
    assert again.listing.table.keeper.column == 0
    assert again.listing.table.keeper.is_backwards
    assert again.listing.table.columnWidth(1) == 333


@pytest.mark.parametrize("kept", [(9, 0, 0, 0, 0, 0, 0), (0,), (), (-1, 0, 0, 0, 0, 0, 0)])
def test_sorting_that_cannot_be_is_forgotten(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, kept: tuple[int, ...]
) -> None:
    kit.view.keep_list("plans", kept)
    page = shown(kit, qtbot, opened)
    assert codes(page)[0] == "tulpan-47"


def test_long_alias_leaves_the_other_columns_and_the_pane_on_view(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    client = opened.run(lambda: list_plans(opened.desk)[0].client)
    opened.run(lambda: change_record(opened.desk, client, {"alias": "lång text " * 960}))
    page = shown(kit, qtbot, opened)
    table = page.listing.table
    assert table.columnWidth(0) <= 200
    last = table.columnViewportPosition(4) + table.columnWidth(4)
    assert last <= table.viewport().width() + 1
    assert page.listing.minimumSizeHint().width() < 900


def test_preview_follows_the_selected_plan_and_opens_it(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = shown(kit, qtbot, opened)
    preview = page.listing.preview
    assert {"tulpan-47", "Nina", "Russia"} <= texts(preview)
    QTest.keyClick(page.listing.table, Qt.Key.Key_Down)
    assert "sippa-12" in texts(preview)
    assert "Nina" not in texts(preview)
    with qtbot.waitSignal(page.listing.chosen) as chosen:
        preview.open.click()
    assert chosen.args == [opened.empty]


def test_preview_of_an_ended_plan_reads_its_journey(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    """The list holds no legs of ended plans; only the one on view is read."""
    put(opened, opened.plan, {"state": "closed"})
    page = shown(kit, qtbot, opened)
    assert codes(page) == ["sippa-12", "tulpan-47"]
    QTest.keyClick(page.listing.table, Qt.Key.Key_Down)
    opened.rest()
    (line,) = (one for one in page.listing.lines if one.code == "tulpan-47")
    preview = page.listing.preview
    assert line.is_brief
    timeline = preview.findChild(JourneyTimeline)
    assert timeline is not None
    assert timeline.isVisible()
    QTest.keyClick(page.listing.table, Qt.Key.Key_Up)
    assert not timeline.isVisible()


def test_what_has_not_ended_is_shown_before_the_rest_is_read(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = begin(opened, "akleja-11")
    put(opened, ended, {"state": "closed"})
    seen: list[list[str]] = []
    show_all = PlanList._show_all

    def noted(listing: PlanList, lines: Sequence[PlanLine]) -> None:
        show_all(listing, lines)
        seen.append([line.code for line in listing.lines])

    monkeypatch.setattr(PlanList, "_show_all", noted)
    page = shown(kit, qtbot, opened)
    every = ["tulpan-47", "sippa-12", "akleja-11"]
    assert seen == [every[:2], every]
    page.listing.read()
    opened.rest()
    assert seen == [every[:2], every, every]  # a list that is there does not grow short meanwhile


def test_narrow_page_has_the_list_alone(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    page = shown(kit, qtbot, opened)
    assert page.listing.preview.isVisible()
    page.resize(700, 600)
    qtbot.waitUntil(lambda: not page.listing.preview.isVisible())
    page.resize(1166, 600)
    qtbot.waitUntil(page.listing.preview.isVisible)


def test_everything_is_named_and_reached_by_tab(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = shown(kit, qtbot, opened)
    assert nameless(page) == []
    assert missed_by_tab(page) == []


# drafts


def test_draft_of_a_plan_waits_above_the_list_and_goes_on_there(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    form = FormState("client", {"code": "syren-44"})
    rid = opened.run(lambda: save_draft(opened.desk, None, form))
    opened.run(lambda: save_draft(opened.desk, None, FormState("contact", {"given_name": "X"})))
    page = shown(kit, qtbot, opened)
    assert [line.rid for line in page.listing.drafts.lines] == [rid]
    page.listing.drafts.buttons[0][0].click()
    assert page.intake is not None
    assert page.intake.rid == rid


def test_escape_from_a_new_plan_says_where_it_waits(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    received: list[Notification] = []
    kit.events.told.connect(received.append)
    page = shown(kit, qtbot, opened)
    page.begin_plan()
    opened.rest()
    assert page.intake is not None
    QTest.keyClick(page.intake, Qt.Key.Key_Escape)
    assert received == []
    page.begin_plan()
    opened.rest()
    page.intake.client.editors["alias"].enter("Vera")
    page.intake.client.edited.emit()
    QTest.keyClick(page.intake, Qt.Key.Key_Escape)
    assert [kit.translator.translate(one.message) for one in received] == [
        "Saved as a draft. It is above the list of plans."
    ]
    opened.rest()
    qtbot.waitUntil(lambda: len(page.listing.drafts.lines) == 1)


# the bin


def bins(opened: OpenDesk) -> list[str]:
    return [line.type for line in opened.run(lambda: read_bin(opened.desk))]


def test_plan_begun_by_mistake_goes_to_the_bin_with_its_client_and_comes_back(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    received: list[Notification] = []
    kit.events.told.connect(received.append)
    page = shown(kit, qtbot, opened)
    page.listing.table.selectRow(1)
    assert codes(page)[1] == "sippa-12"
    (away,) = (one for one in page.commands() if str(one.words) == "Put in the bin")
    away.run()
    opened.rest()
    assert codes(page) == ["tulpan-47"]
    assert bins(opened) == ["client"]
    assert received[-1].undo is not None
    received[-1].undo()
    opened.rest()
    assert codes(page) == ["tulpan-47", "sippa-12"]
    assert bins(opened) == []


def test_second_plan_of_a_client_goes_alone(opened: OpenDesk) -> None:
    client = next(
        line.client
        for line in opened.run(lambda: list_plans(opened.desk))
        if line.rid == opened.empty
    )
    second = opened.run(lambda: create_record(opened.desk, Plan, {}, parent=client))
    opened.run(lambda: move_plans_to_bin(opened.desk, (second,)))
    left = {line.rid for line in opened.run(lambda: list_plans(opened.desk))}
    assert left == {opened.plan, opened.empty}
    opened.run(
        lambda: move_plans_to_bin(opened.desk, (opened.empty,))
    )  # the other one is in the bin
    assert sorted(bins(opened)) == ["client", "plan"]
    opened.run(lambda: restore_record(opened.desk, client))
    back = {line.rid for line in opened.run(lambda: list_plans(opened.desk))}
    assert back == {opened.plan, opened.empty}


def refused(opened: OpenDesk, plan: bytes) -> str:
    def move() -> str:
        try:
            move_plans_to_bin(opened.desk, (plan,))
        except KfdeskError as fault:
            return fault.code
        return ""

    return opened.run(move)


@pytest.mark.parametrize(
    ("channel", "code"),
    [
        (Channel.BUNDLE, "plan.was_sent"),
        (Channel.CARRIED, "plan.was_printed"),
        (Channel.DESK_PAPER, "plan.was_printed"),
    ],
)
def test_plan_that_was_sent_or_printed_stays(opened: OpenDesk, channel: Channel, code: str) -> None:
    def enter() -> None:
        tartu = make.named_id("Tartu")
        entry = DisclosureEntry(opened.legs[0], "leg", tartu, channel.value, (), {}, b"x" * 32, 1)
        with opened.desk.store.transaction():
            opened.desk.store.ledger.enter([entry])

    opened.run(enter)
    assert refused(opened, opened.plan) == code
    assert bins(opened) == []


def test_plan_that_was_approved_stays(opened: OpenDesk) -> None:
    def approve() -> None:
        ours = opened.desk.identity.organisation
        row = make.row("approval", rid=opened.desk.new_id(), parent=opened.empty, custodian=ours)
        with opened.desk.store.transaction():
            opened.desk.store.put(row)

    opened.run(approve)
    assert refused(opened, opened.empty) == "plan.was_approved"


def test_of_several_plans_all_go_or_none(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    first, second = begin(opened, "vallmo-10"), begin(opened, "akleja-11")
    faults: list[KfdeskError] = []
    kit.events.failed.connect(faults.append)
    page = shown(kit, qtbot, opened)
    table = page.listing.table
    model = table.selectionModel()
    flags = model.SelectionFlag.Select | model.SelectionFlag.Rows
    for row, line in enumerate(page.listing.lines):
        if line.rid in (first, second):
            model.select(table.model().index(row, 0), flags)
    chosen = {page.listing.lines[row].rid for row in table.selected_rows}
    assert {first, second} <= chosen
    commands = {str(one.words): one for one in page.listing._offered(table.selected)}
    assert set(commands) == {"Put in the bin"}
    commands["Put in the bin"].run()
    opened.rest()
    assert faults == []
    assert len(bins(opened)) >= 2
    assert first not in {line.rid for line in page.listing.lines}


def test_menu_key_shows_the_commands_of_the_row(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = shown(kit, qtbot, opened)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(page.listing.table.viewport(), event)
    (menu,) = (one for one in page.findChildren(QMenu) if one.isVisible())
    words = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert words == [
        "Open the plan", "Send the plan…", "Put in the bin", "Sort by: Plan", "Sort by: Status",
        "Sort by: Journey", "Sort by: Departs", "Sort by: To decide",
    ]  # fmt: skip
    assert [action.text() for action in menu.actions() if action.isChecked()] == [
        "Sort by: Departs"
    ]
    with qtbot.waitSignal(page.listing.chosen):
        menu.actions()[0].trigger()
    menu.close()
