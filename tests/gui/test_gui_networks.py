# SPDX-License-Identifier: GPL-3.0-or-later
"""A network as a list of who does what, and the way from a row to its contacts."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, contacts_on_view, texts
from tests.gui.test_gui_contacts import listed
from tests.support.windows import nameless

from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.values import Value
from kfdesk.services.core.records import create_record
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.pages.directory.search import NETWORKS_TITLE, ServiceOverviewPage
from kfdesk.ui.widgets.table import CELL_ROLE


@pytest.fixture
def page(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> DirectoryPage:
    return contacts_on_view(kit, qtbot, opened)


def enter(opened: OpenDesk, name: str, network: str, *services: str, **values: Value) -> None:
    whole: dict[str, Value] = {
        "name": name, "networks": (network,), "services": services, "confidentiality": "public",
        **values,
    }  # fmt: skip
    opened.run(lambda: create_record(opened.desk, Organisation, whole))


def networks(page: DirectoryPage, opened: OpenDesk) -> ServiceOverviewPage:
    next(one for one in page.commands() if one.words == NETWORKS_TITLE).run()
    opened.rest()
    assert isinstance(page.task, ServiceOverviewPage)
    return page.task


def rows(found: ServiceOverviewPage) -> list[tuple[str, str, str]]:
    model = found.table.model()
    cells = [
        (model.index(row, 0).data(CELL_ROLE), model.index(row, 1).data(CELL_ROLE))
        for row in range(model.rowCount())
    ]
    return [(first.text, first.under, second.text) for first, second in cells]


def test_each_service_stands_with_who_of_the_network_offers_it(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    enter(opened, "Ett hus", "baltic_partners", "shelter", "legal", country="EE")
    enter(opened, "Annat hus", "baltic_partners", "shelter", country="LV")
    enter(opened, "Långt bort", "global", "legal")
    found = networks(page, opened)
    assert rows(found) == [
        ("Shelter", "Annat hus (Latvia), Ett hus (Estonia)", "2"),
        ("Legal help", "Ett hus (Estonia)", "1"),
    ]
    assert "2 organisations" in texts(found)
    assert nameless(found) == []
    found.choice.setCurrentIndex(1)
    found.choice.activated.emit(1)
    opened.rest()
    assert rows(found) == [("Legal help", "Långt bort", "1")]


def test_a_row_leads_to_its_contacts_by_the_keyboard(page: DirectoryPage, opened: OpenDesk) -> None:
    enter(opened, "Ett hus", "baltic_partners", "shelter", "legal")
    enter(opened, "Annat hus", "baltic_partners", "shelter")
    found = networks(page, opened)
    found.table.setFocus()
    QTest.keyClick(found.table, Qt.Key.Key_Down)
    QTest.keyClick(found.table, Qt.Key.Key_Return)
    assert page.task is None
    assert listed(page) == ["Ett hus"]
    assert page.filters.choices["networks"].key == "baltic_partners"
    assert page.filters.choices["services"].key == "legal"


def test_many_are_cut_and_counted(page: DirectoryPage, opened: OpenDesk) -> None:
    for number in range(14):
        enter(opened, f"Hus {number:02}", "global", "legal")
    ((_, who, count),) = rows(networks(page, opened))
    assert who.endswith("Hus 11, …")
    assert count == "14"


def test_where_nobody_belongs_to_a_network_it_says_how_one_does(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    found = networks(page, opened)
    assert not found.choice.isVisible()
    assert not found.table.isVisible()  # an empty box says nothing
    assert not found.open.isEnabled()
    assert any(line.startswith("No contact belongs to a network yet.") for line in texts(found))
