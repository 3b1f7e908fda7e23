# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts on a real store: found by typing, secret ones locked and covered."""

from collections.abc import Sequence
from threading import Event
from time import sleep
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid
from tests.gui.desk_samples import OpenDesk, contacts_on_view, texts
from tests.support import make
from tests.support.patience import HANG
from tests.support.windows import nameless

from kfdesk.demo import people
from kfdesk.domain.codes.core import CONFIDENTIALITY
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import Organisation, Phone
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import EntryLine
from kfdesk.services.directory.search import read_result_page
from kfdesk.services.plans.plans import open_plan
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.directory import search as listing
from kfdesk.ui.pages.directory.card import VISIBILITY_LOOKS
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.pages.directory.search import CHECKED_COLUMN
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.widgets.table import CELL_ROLE

RAIL = 176  # the width of the sidebar with its words


@pytest.fixture
def page(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> DirectoryPage:
    made = contacts_on_view(kit, qtbot, opened)
    made.setFocus()
    return made


def rest(page: DirectoryPage) -> None:
    while page._kit.worker.is_busy or not page.listing.is_complete:
        QApplication.processEvents()
        sleep(0.001)  # QTest.qWait would keep Python from the worker while it sleeps


def listed(page: DirectoryPage) -> list[str]:
    """Return the names in the list once it is idle."""
    rest(page)
    model = page.table.model()
    return [model.index(row, 0).data(CELL_ROLE).text for row in range(model.rowCount())]


def go_to(page: DirectoryPage, name: str) -> None:
    page.table.selectRow(listed(page).index(name))
    rest(page)


def test_organisations_and_persons_stand_in_one_list_by_name(page: DirectoryPage) -> None:
    assert listed(page) == ["Karin Påhittad", people.HOUSE, people.SAFE_HOUSE]
    assert "3 contacts" in texts(page)


def test_typing_narrows_the_list_whatever_the_case(page: DirectoryPage) -> None:
    QTest.keyClicks(page.search, "NORD")
    assert listed(page) == [people.HOUSE]
    assert "1 of 3 contacts" in texts(page)
    page.search.setText("ДОМ рек")
    assert listed(page) == [people.SAFE_HOUSE]
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert len(listed(page)) == 3


@pytest.mark.parametrize("typed", ["dom u reki", "Dom u", "reki"])
def test_name_is_found_in_another_alphabet(page: DirectoryPage, typed: str) -> None:
    page.search.setText(typed)
    assert listed(page) == [people.SAFE_HOUSE]


def test_telephone_is_found_however_its_digits_are_grouped(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    opened.run(
        lambda: create_record(
            opened.desk, Phone, {"number": "+7 811 555 01 72"}, parent=opened.house
        )
    )
    page.read()
    opened.rest()
    for typed in ("5550172", "811 555", "(811) 555-01"):
        page.search.setText(typed)
        assert listed(page) == [people.SAFE_HOUSE]
    page.search.setText("55")
    assert listed(page) == []


def test_country_is_found_by_its_name_in_each_language(kit: UiContext, page: DirectoryPage) -> None:
    page.search.setText("russia")
    assert listed(page) == [people.SAFE_HOUSE]
    kit.translator.set_language("sv")
    page.search.setText("ryssland")
    assert listed(page) == [people.SAFE_HOUSE]


def test_search_without_a_find_says_so_and_the_preview_goes(page: DirectoryPage) -> None:
    page.search.setText("zzz")
    rest(page)
    assert "Nothing found" in texts(page)
    assert not page.entry.isVisible()


def test_arrow_keys_walk_the_list_and_the_preview_follows(page: DirectoryPage) -> None:
    page.search.setFocus()
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert page.table.hasFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    rest(page)
    said = texts(page.entry)
    assert {people.SAFE_HOUSE, "Organisation, Russia", "Secret"} <= said


def test_secret_entry_carries_a_lock(page: DirectoryPage) -> None:
    model = page.table.model()
    assert model.index(2, 0).data(CELL_ROLE).icon == "lock"
    assert model.index(1, 0).data(CELL_ROLE).icon == ""


def test_what_a_secret_entry_hides_is_covered_until_somebody_asks_and_again_after(
    page: DirectoryPage,
) -> None:
    go_to(page, people.SAFE_HOUSE)
    assert "Påhittade gatan 1" not in texts(page.entry)
    QTest.keyClick(page.entry.cover, Qt.Key.Key_Space)
    assert "Påhittade gatan 1" in texts(page.entry)
    go_to(page, people.HOUSE)
    assert not page.entry.cover.isVisible()
    go_to(page, people.SAFE_HOUSE)
    assert "Påhittade gatan 1" not in texts(page.entry)


def test_preview_names_the_plans_and_leads_to_them(
    qtbot: QtBot, page: DirectoryPage, opened: OpenDesk
) -> None:
    go_to(page, people.SAFE_HOUSE)
    (button,) = page.entry.facts.plans
    assert button.text() == "tulpan-47"
    assert "Receiver, Consent" in texts(page.entry)
    with qtbot.waitSignal(page.plan_chosen) as told:
        QTest.keyClick(button, Qt.Key.Key_Return)
    assert told.args == [opened.plan]
    go_to(page, people.HOUSE)
    assert "No plan names it." in texts(page.entry)


def test_change_elsewhere_is_shown_and_the_selected_entry_stays(
    kit: UiContext, page: DirectoryPage, opened: OpenDesk
) -> None:
    go_to(page, people.SAFE_HOUSE)
    changes = opened.run(
        lambda: change_record(opened.desk, opened.house, {"name": "A house", "country": "EE"})
    )
    kit.events.changed.emit(changes.types)
    opened.rest()
    assert listed(page)[0] == "A house"
    assert {"A house", "Organisation, Estonia"} <= texts(page.entry)


def test_undecided_sight_is_told_as_such(
    kit: UiContext, page: DirectoryPage, opened: OpenDesk
) -> None:
    change = {"confidentiality": "public"}
    changes = opened.run(lambda: change_record(opened.desk, opened.house, change, ()))
    kit.events.changed.emit(changes.types)
    opened.rest()
    go_to(page, people.SAFE_HOUSE)
    assert "two values, not yet decided" in texts(page.entry)
    assert page.table.model().index(2, 0).data(CELL_ROLE).icon == "lock"


def test_every_code_of_who_may_see_it_has_its_look() -> None:
    assert set(VISIBILITY_LOOKS) == set(CONFIDENTIALITY)


def test_every_word_follows_the_language_and_the_selection_stays(
    kit: UiContext, page: DirectoryPage
) -> None:
    go_to(page, people.SAFE_HOUSE)
    kit.translator.set_language("sv")
    rest(page)
    assert {"⟦Contacts⟧", "⟦Used in⟧", "⟦Organisation⟧, Ryssland"} <= texts(page)
    assert page.table.model().index(2, CHECKED_COLUMN).data() == "⟦Not checked⟧"


def test_every_control_has_a_name(page: DirectoryPage) -> None:
    go_to(page, people.SAFE_HOUSE)
    assert nameless(page) == []
    page.search.setText("zzz")
    rest(page)
    assert nameless(page) == []


def test_organisation_that_was_typed_and_came_as_a_partner_is_joined_by_one_press(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    desk, theirs = opened.desk, make.named_id("Tartu")

    def enter() -> bytes:
        values = {"name": "Tartu naiste maja", "confidentiality": "secret", "address": None}
        with desk.store.transaction():
            desk.store.put(make.row("organisation", values, rid=theirs, custodian=theirs))
        return create_record(desk, Organisation, {"name": "TARTU Naiste maja"})

    typed = opened.run(enter)
    opened.run(lambda: change_record(desk, opened.plan, {"receiver": typed.hex()}))
    page._kit.events.changed.emit(frozenset({"organisation"}))
    opened.rest()
    go_to(page, "Tartu naiste maja")
    opened.rest()
    offer = page.side.offer
    assert offer.isVisible()
    assert nameless(offer) == []
    go_to(page, "TARTU Naiste maja")
    opened.rest()
    assert offer.isVisible()
    assert "1 plan" in " ".join(texts(offer))
    offer.join.setFocus()
    QTest.keyClick(offer.join, Qt.Key.Key_Return)
    opened.rest()
    assert not offer.isVisible()
    assert [name for name in listed(page) if "artu" in name] == ["Tartu naiste maja"]
    page_of = opened.run(lambda: open_plan(desk, opened.plan))
    assert page_of.plan.record.receiver == theirs.hex()


def test_an_entry_is_noted_as_checked_today_by_whoever_sits_here(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    go_to(page, people.SAFE_HOUSE)
    assert "Last checked" not in texts(page.entry)
    page.entry.check.click()
    QTest.keyClick(page.side.check.record, Qt.Key.Key_Return)
    opened.rest()
    entry = page.entry.entry
    assert entry is not None
    record = entry.view.record
    assert record.checked == opened.desk.adapters.clock.now().date()
    assert (record.checked_by, record.verification) == (opened.desk.user, "verified_by_call")
    assert "Last checked" in texts(page.entry)
    go_to(page, people.HOUSE)
    assert not page.entry.check.isVisible()  # our own desk


# narrowed, and long


def enter(opened: OpenDesk, page: DirectoryPage, *values: dict[str, Any]) -> None:
    opened.run(lambda: [create_record(opened.desk, Organisation, one) for one in values])
    page.read()
    rest(page)


def test_list_is_narrowed_by_what_is_chosen_and_only_by_what_is_there(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    legal = {"name": "Kaunas legal aid", "country": "LT", "services": ("legal",)}
    enter(opened, page, legal, {"name": "Riga house", "country": "LV", "services": ("shelter",)})
    countries = page.filters.choices["country"]
    offered = [countries.itemText(place) for place in range(countries.count())]
    assert offered == ["Country", "Latvia", "Lithuania", "Russia"]
    page.filters.choose("services", "legal")
    assert listed(page) == ["Kaunas legal aid"]
    assert "1 of 5 contacts" in texts(page)
    page.filters.choose("country", "LV")
    assert listed(page) == []
    page.show_entry(opened.house)
    assert len(listed(page)) == 5
    assert page.entry.entry is not None
    assert page.entry.entry.name == people.SAFE_HOUSE


def test_what_nobody_has_checked_for_a_year_says_so_and_is_listed_apart(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    today = opened.desk.adapters.clock.now().date()
    old, new = today.replace(year=today.year - 2), today
    enter(opened, page, {"name": "A old", "checked": old}, {"name": "A new", "checked": new})
    model = page.table.model()
    assert listed(page)[:2] == ["A new", "A old"]
    said = [model.index(row, CHECKED_COLUMN).data(CELL_ROLE) for row in (0, 1)]
    assert [(cell.text, cell.icon) for cell in said] == [
        ("Checked", "circle-check"), ("24 months ago", "triangle-alert"),
    ]  # fmt: skip
    go_to(page, "A old")
    assert "24 months ago" in texts(page.entry)
    page.filters.check.setCurrentIndex(1)
    page.filters.changed.emit()
    assert listed(page) == ["A new"]
    page.filters.check.setCurrentIndex(2)
    page.filters.changed.emit()
    assert "A old" in listed(page)
    assert "A new" not in listed(page)


def test_word_with_a_letter_wrong_finds_what_is_like_it_and_says_so(page: DirectoryPage) -> None:
    page.search.setText("nordhudet")
    assert listed(page) == [people.HOUSE]
    assert "No exact match. 1 contact is similar" in texts(page)


@pytest.fixture
def long(page: DirectoryPage, opened: OpenDesk) -> DirectoryPage:
    """Return the page with a list of 303 entries."""
    enter(opened, page, *({"name": f"Hus {number:04}"} for number in range(300)))
    return page


def first_seen(page: DirectoryPage) -> str:
    table = page.table
    return str(table.model().index(table.rowAt(0), 0).data(CELL_ROLE).text)


def test_long_list_is_read_where_one_looks(long: DirectoryPage) -> None:
    model = long.table.model()
    assert model.rowCount() == 303
    long.table.scrollToBottom()
    assert model.index(299, 0).data(CELL_ROLE).text == ""
    rest(long)
    assert model.index(299, 0).data(CELL_ROLE).text == "Hus 0299"
    long.table.selectRow(299)
    rest(long)
    assert long.entry.entry is not None
    assert long.entry.entry.name == "Hus 0299"
    long.table.scrollToTop()
    long.show_entry(long.entry.entry.rid)
    rest(long)
    assert long.table.currentIndex().row() == 299
    assert first_seen(long).startswith("Hus 02")


def test_what_was_scrolled_past_is_not_read(
    long: DirectoryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the places that one comes by while the worker is busy, only the last is wanted."""
    read: list[int] = []

    def noted(desk: Session, ids: Sequence[int]) -> tuple[EntryLine, ...]:
        read.extend(ids)
        return read_result_page(desk, ids)

    monkeypatch.setattr(listing, "read_result_page", noted)
    go_on = Event()
    long._kit.worker.run(lambda: go_on.wait(HANG))
    bar = long.table.verticalScrollBar()
    for place in range(1, 11):
        bar.setValue(bar.maximum() * place // 10)
        long.table.viewport().repaint()
    go_on.set()
    rest(long)
    assert first_seen(long).startswith("Hus 02")
    assert 0 < len(read) <= 2 * long.table.visible_capacity
    assert set(read) <= set(long.listing.found.ids[-2 * long.table.visible_capacity :])


def test_list_goes_on_after_a_reading_that_failed(
    long: DirectoryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a question nor a place that could not be read ends the list."""

    def broken(*_asked: object) -> None:
        raise KfdeskError("store.in_use")

    received: list[KfdeskError] = []
    long._kit.events.failed.connect(received.append)
    with monkeypatch.context() as faulty:
        faulty.setattr(listing, "search_directory", broken)
        long.search.setText("Nord")
        rest(long)
    assert [fault.code for fault in received] == ["store.in_use"]
    long.search.setText("")
    rest(long)
    assert long.table.model().rowCount() == 303
    with monkeypatch.context() as faulty:
        faulty.setattr(listing, "read_result_page", broken)
        long.table.scrollToBottom()
        rest(long)
    long.table.scrollToTop()
    long.table.scrollToBottom()
    rest(long)
    assert first_seen(long).startswith("Hus 02")


def test_page_that_has_gone_hears_no_change_of_language(kit: UiContext, opened: OpenDesk) -> None:
    """As at the door after a lock, while something still holds the page's list."""
    page = DirectoryPage(kit, opened.desk)
    listing = page.listing
    opened.rest()
    delete(page)
    kit.set_language("sv")
    opened.rest()
    assert not isValid(listing)


@pytest.mark.parametrize("code", ["en", "sv", "ru"])
@pytest.mark.parametrize("width", [1366 - RAIL, 1280 - RAIL])
def test_head_stands_in_one_row_and_as_many_buttons_say_their_words_as_fit(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, code: str, width: int
) -> None:
    page = contacts_on_view(kit, qtbot, opened)
    kit.translator.set_language(code)
    page.resize(width, 700)
    opened.rest()
    middles = {part.geometry().center().y() for part in page._head._parts if part.isVisible()}
    assert max(middles) - min(middles) <= 1
    assert page.new["organisation"].width() > 100
    page.resize(1900, 700)
    opened.rest()
    lists = (page.networks, page.suggestions, page.transfer.take, page.transfer.give)
    assert not any(button.toolTip() for button in (*lists, page.new["contact"]))


@pytest.mark.parametrize("opens", ["show_circles", "show_suggestions"])
def test_keys_of_the_list_do_nothing_behind_another_page(
    shell: SessionView, opened: OpenDesk, opens: str
) -> None:
    """No entry is begun or goes to the bin there, where nobody would see it."""
    shell.go_to("contacts")
    opened.rest()
    page = shell.page
    assert isinstance(page, DirectoryPage)
    before = page.listing.found.count
    getattr(page, opens)()
    opened.rest()
    for key, mod in ((Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier),
                     (Qt.Key.Key_E, Qt.KeyboardModifier.NoModifier),
                     (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)):  # fmt: skip
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus.isVisible()
        QTest.keyClick(focus, key, mod)
        opened.rest()
    assert not page.side.is_editing
    assert page.task is not None
    assert page.listing.found.count == before
    assert shell.page_commands() == ()
