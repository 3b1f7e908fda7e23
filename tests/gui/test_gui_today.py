# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the day: what is asked of me, who travels now, one click, and the first steps."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import MACHINE, WHO, OpenDesk, rows_of, said_under, texts
from tests.integration.run_samples import ADVISED, LAW, TITLE, WHY, begin, days_ago, step_named
from tests.support import make
from tests.support.windows import missed_by_tab, nameless, show

from kfdesk import store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.backup import CONTRADICTIONS_SETTING, ErasureEntry
from kfdesk.domain.exchange import REASON_BELOW_ERASED
from kfdesk.domain.records.case import LegalStatus
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.services.core.records import change_record, create_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.case import create_plan
from kfdesk.services.plans.plans import list_plans
from kfdesk.services.procedures.runs import set_clock
from kfdesk.services.today import FirstStep, read_today
from kfdesk.storage.store import Store
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.today import TodayPage

APPROVALS = "Waiting for your approval"


def put(opened: OpenDesk, rid: bytes, values: dict[str, Value]) -> None:
    """Change a record past all gates: they are not what is looked at here."""

    def write() -> None:
        row = require_record(opened.desk, rid)
        with opened.desk.store.transaction():
            opened.desk.store.put(make.changed(row, values, make.signature(minute=30)))

    opened.run(write)


def ask(opened: OpenDesk, plan: bytes, who: str, **values: Value) -> None:
    """Let somebody ask for a second person's approval."""

    def write() -> None:
        whole = {"kind": "decision", "asked_by": who, **values}
        ours, rid = opened.desk.identity.organisation, opened.desk.new_id()
        with opened.desk.store.transaction():
            opened.desk.store.put(make.row("approval", whole, rid=rid, parent=plan, custodian=ours))

    opened.run(write)


def shown(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> TodayPage:
    page = TodayPage(kit, opened.desk)
    page.resize(1100, 700)
    show(qtbot, page)
    opened.rest()
    return page


# deadlines of the cooperation


def test_deadline_of_a_step_says_who_acts_and_one_click_leads_to_the_cooperation(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    desk = opened.desk
    board = opened.run(partial(create_record, desk, Organisation, {"name": "Nämnden"}))
    opened.run(partial(begin, desk, opened.plan, LAW, {**ADVISED, "unit": "h", "amount": 5}))
    step = opened.run(partial(step_named, desk, opened.plan, "4b")).view.rid
    opened.run(partial(change_record, desk, step, {"led_by": board.hex()}))
    opened.run(partial(set_clock, desk, step, opened.run(partial(days_ago, desk, 14)), WHY))
    page = shown(kit, qtbot, opened)
    lines = said_under(page.listing.table, "Deadlines of the cooperation")
    assert [line[1].partition(" ")[0] for line in lines] == ["4b", "6"]
    assert TITLE[0].text in lines[0][1]
    assert "Social welfare board · Nämnden · By law" in lines[0][1]
    assert "today" in lines[0][2]
    looks = [one.is_urgent for one in opened.run(lambda: read_today(desk)).steps]
    assert looks[0] is True
    table = page.listing.table
    (row, _) = rows_of(table, "Deadlines of the cooperation")
    at = table.visualRect(table.model().index(row, 1)).center()
    with qtbot.waitSignal(page.section_chosen) as chosen:
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert chosen.args == [opened.plan, "cooperation"]


@pytest.mark.parametrize("is_investigated", [False, True])
def test_half_way_through_a_reflection_period_it_is_said_who_alone_can_prolong_it(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, is_investigated: bool
) -> None:
    today = opened.desk.adapters.clock.now().date()
    values: dict[str, Value] = {
        "kind": "reflection", "decision": "granted", "ends": today + timedelta(days=15),
    }  # fmt: skip
    opened.run(partial(create_record, opened.desk, LegalStatus, values, opened.plan))
    if is_investigated:
        other: dict[str, Value] = {"kind": "injured_party"}
        opened.run(partial(create_record, opened.desk, LegalStatus, other, opened.plan))
    page = shown(kit, qtbot, opened)
    ((_, matter, when),) = said_under(page.listing.table, "Legal deadlines")
    assert "Only the head of the investigation can apply to extend it" in matter
    assert ("no investigation is entered here" in matter) is not is_investigated
    assert "in 15 days" in when


# what is asked of me


def test_second_person_is_told_what_waits_for_them_and_one_click_leads_there(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    put(opened, opened.plan, {"state": "decision_ready"})
    ask(opened, opened.plan, "AB")
    page = shown(kit, qtbot, opened)
    table = page.alerts.table
    (said,) = said_under(table, APPROVALS)
    assert said == ["tulpan-47, Nina", "The decision to return, AB asks.", ""]
    (row,) = rows_of(table, APPROVALS)
    at = table.visualRect(table.model().index(row, 1)).center()
    with qtbot.waitSignal(page.section_chosen) as chosen:
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert chosen.args == [opened.plan, "decision"]


@pytest.mark.parametrize("who", ["EV", "ev"])
def test_who_asked_is_not_asked_by_themselves(opened: OpenDesk, who: str) -> None:
    put(opened, opened.plan, {"state": "decision_ready"})
    ask(opened, opened.plan, who)
    today = opened.run(lambda: read_today(opened.desk))
    assert today.asked == ()


@pytest.mark.parametrize("state", ["draft", "travelling", "closed"])
def test_request_that_changes_nothing_any_more_is_not_shown(opened: OpenDesk, state: str) -> None:
    put(opened, opened.plan, {"state": state})
    ask(opened, opened.plan, "AB")
    assert opened.run(lambda: read_today(opened.desk)).asked == ()


def test_request_counts_until_it_is_answered(opened: OpenDesk) -> None:
    put(opened, opened.plan, {"state": "decision_ready"})
    before = opened.run(lambda: read_today(opened.desk)).count
    ask(opened, opened.plan, "AB")
    assert opened.run(lambda: read_today(opened.desk)).count == before + 1
    moment = make.FILLED["approval"]["given"]
    ask(opened, opened.plan, "AB", given_by="CD", given=moment)
    assert opened.run(lambda: read_today(opened.desk)).count == before


# who travels now


@pytest.fixture
def travelling(opened: OpenDesk) -> OpenDesk:
    put(opened, opened.plan, {"state": "travelling"})
    put(opened, opened.legs[0], {"status": "departed"})
    return opened


def leg_of(opened: OpenDesk, number: int) -> Leg:
    return opened.run(lambda: view(require_record(opened.desk, opened.legs[number]), Leg).record)


def test_arrival_is_recorded_by_one_key_and_can_be_undone(
    kit: UiContext, qtbot: QtBot, travelling: OpenDesk
) -> None:
    received: list[Notification] = []
    kit.events.told.connect(received.append)
    page = shown(kit, qtbot, travelling)
    (card,) = page.journeys
    assert any("On the way to Riga, expected" in said for said in texts(card))
    assert any("Check-in:" in said for said in texts(card))
    QTest.keyClick(page, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    travelling.rest()
    assert leg_of(travelling, 0).status == "arrived"
    assert received[-1].undo is not None
    received[-1].undo()
    travelling.rest()
    assert leg_of(travelling, 0).status == "departed"


def test_not_heard_from_her_raises_the_alarm_and_opens_the_plan(
    kit: UiContext, qtbot: QtBot, travelling: OpenDesk
) -> None:
    page = shown(kit, qtbot, travelling)
    (card,) = page.journeys
    with qtbot.waitSignal(page.section_chosen) as chosen:
        card.not_heard.click()
    assert chosen.args == [travelling.plan, "travel"]
    travelling.rest()
    assert leg_of(travelling, 0).check_in_status == "missed_alarm"
    said = [cells[1] for cells in said_under(page.alerts.table, "Alarms")]
    assert any("check" in one.lower() for one in said)


def test_who_has_not_left_cannot_arrive(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    put(opened, opened.plan, {"state": "travelling"})
    page = shown(kit, qtbot, opened)
    (card,) = page.journeys
    assert card.left.isVisible()
    assert not card.arrived.isVisible()
    assert not card.not_heard.isVisible()
    assert any("Waits in Stockholm. Departs" in said for said in texts(card))


def test_two_journeys_have_buttons_and_no_key(
    kit: UiContext, qtbot: QtBot, travelling: OpenDesk
) -> None:
    put(travelling, travelling.empty, {"state": "travelling"})
    page = shown(kit, qtbot, travelling)
    assert len(page.journeys) == 2
    QTest.keyClick(page, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    travelling.rest()
    assert leg_of(travelling, 0).status == "departed"


def test_who_is_at_home_leaves_no_more(opened: OpenDesk) -> None:
    for state in ("arrived", "reintegrating", "follow_up", "closed", "travelling"):
        put(opened, opened.plan, {"state": state})
        today = opened.run(lambda: read_today(opened.desk))
        assert [one.line.rid for one in today.departures] == [], state


# the list


def test_row_opens_by_one_click_and_by_enter_and_headings_do_nothing(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = shown(kit, qtbot, opened)
    table = page.listing.table
    (row,) = rows_of(table, "Journeys")
    opened_rows: list[object] = []
    page.section_chosen.connect(lambda *what: opened_rows.append(what))
    head = table.visualRect(table.model().index(row - 1, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=head)
    assert opened_rows == []
    at = table.visualRect(table.model().index(row, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert opened_rows == [(opened.plan, "travel")]
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened_rows == [(opened.plan, "travel")] * 2
    assert table.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor


def test_keys_pass_over_headings(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    page = shown(kit, qtbot, opened)
    table = page.listing.table
    table.setFocus()
    seen = set()
    for _ in range(table.model().rowCount() + 1):
        QTest.keyClick(table, Qt.Key.Key_Down)
        seen.add(table.currentIndex().row())
    heads = set(range(table.model().rowCount())) - {
        row for group in table.groups for row in rows_of(table, group.title)
    }
    assert heads
    assert not seen & heads


def test_page_has_names_tab_and_words_in_each_language(
    kit: UiContext, qtbot: QtBot, travelling: OpenDesk
) -> None:
    page = shown(kit, qtbot, travelling)
    assert nameless(page) == []
    page.alerts.table.setFocus()
    assert missed_by_tab(page) == []
    kit.set_language("sv")
    QApplication.processEvents()
    assert "⟦Journeys⟧" not in texts(page)
    assert page.alerts.table.model().index(0, 0).data() == "⟦Alarms⟧"


def test_no_row_costs_a_query_of_its_own(opened: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def add(count: int) -> None:
        for number in range(count):
            create_plan(opened.desk, {"code": f"prov-{number}{count}"})

    def queries() -> int:
        asked: list[bytes] = []
        store = opened.desk.store
        read = type(store).row

        def noted(own: Store, rid: bytes) -> Row | None:
            asked.append(rid)
            return read(own, rid)

        with monkeypatch.context() as patch:
            patch.setattr(type(store), "row", noted)
            read_today(opened.desk)
        return len(asked)

    opened.run(lambda: add(2))
    few = opened.run(queries)
    opened.run(lambda: add(20))
    assert opened.run(queries) == few


# the first steps


@pytest.fixture
def bare(kit: UiContext, tmp_path: Path, qtbot: QtBot) -> Iterator[Session]:
    made: list[Session] = []

    def make_store() -> None:
        made.append(store_lifecycle.create_store(tmp_path / "bare", people.HOUSE, WHO, MACHINE))

    kit.worker.run(make_store)
    qtbot.waitUntil(lambda: bool(made))
    yield made[0]
    kit.worker.run(made[0].store.close)
    qtbot.waitUntil(lambda: not kit.worker.is_busy)


def test_bare_store_offers_the_first_steps_and_ticks_what_is_done(
    kit: UiContext, qtbot: QtBot, bare: Session
) -> None:
    page = TodayPage(kit, bare)
    show(qtbot, page)
    qtbot.waitUntil(lambda: bool(page.steps))
    assert set(page.steps) == set(FirstStep)
    with qtbot.waitSignal(page.step_asked) as asked:
        page.steps[FirstStep.PARTNER].click()
    assert asked.args == [FirstStep.PARTNER]
    with qtbot.waitSignal(page.list_asked):
        page.public.click()
    kit.worker.run(lambda: create_plan(bare, {}), lambda _: kit.events.changed.emit(frozenset()))
    qtbot.waitUntil(lambda: FirstStep.PLAN not in page.steps)
    assert FirstStep.BACKUP in page.steps
    kit.worker.run(lambda: create_plan(bare, {}), lambda _: kit.events.changed.emit(frozenset()))
    qtbot.waitUntil(lambda: not page.steps)
    plans: list[object] = []
    kit.worker.run(lambda: list_plans(bare), plans.append)
    qtbot.waitUntil(lambda: bool(plans))


def test_missing_backup_stands_above_and_a_fresh_one_below(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = shown(kit, qtbot, opened)
    top = page.backup.mapTo(page, QPoint()).y()
    assert top < page.listing.mapTo(page, QPoint()).y()


# deadlines of the law


def test_period_that_ends_and_a_hearing_are_told_whatever_procedure_runs(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    today = opened.desk.adapters.clock.now().date()
    hearing = ZonedTime.at(
        datetime.combine(today + timedelta(days=9), datetime.min.time()), "Europe/Stockholm"
    )
    matters: tuple[dict[str, Value], ...] = (
        {"kind": "reflection", "decision": "granted", "ends": today + timedelta(days=3)},
        {"kind": "permit", "decision": "granted", "ends": today - timedelta(days=1)},
        {"kind": "witness", "next_hearing": hearing, "must_be_present": True},
        {"kind": "entry_ban", "ends": today + timedelta(days=200)},
    )
    for values in matters:
        opened.run(partial(create_record, opened.desk, LegalStatus, values, opened.plan))
    page = shown(kit, qtbot, opened)
    lines = said_under(page.listing.table, "Legal deadlines")
    assert [[line[1].partition(".")[0], line[2]] for line in lines] == [
        ["Residence permit, Last day", lines[0][2]],
        ["Reflection period, Last day", lines[1][2]],
        ["Witness in a case, Hearing; she must be present", lines[2][2]],
    ]
    assert [line[2].rpartition(", ")[2] for line in lines] == [
        "1 day ago",
        "in 3 days",
        "in 9 days",
    ]
    looks = [
        row.deadline.is_urgent for row in opened.run(lambda: read_today(opened.desk)).deadlines
    ]
    assert looks == [True, False, False]


def test_what_an_older_program_noted_wrongly_is_repaired_by_one_press(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    store = opened.desk.store

    def poison() -> None:
        with store.transaction():
            store.erasures.mark([ErasureEntry(opened.plan, 1, REASON_BELOW_ERASED)])
            store.set_setting(CONTRADICTIONS_SETTING, opened.plan)

    opened.run(poison)
    page = shown(kit, qtbot, opened)
    assert "1 record is marked as erased because of a partner's file" in " ".join(texts(page))
    QTest.mouseClick(page.repair, Qt.MouseButton.LeftButton)
    opened.rest()
    assert opened.run(store.erasures.entries) == ()
    assert "is marked as erased" not in " ".join(texts(page))
