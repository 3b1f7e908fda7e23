# SPDX-License-Identifier: GPL-3.0-or-later
"""A decision is told, and Ctrl+Z takes it back, in the real window on a real store."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import MACHINE, WHO, OpenDesk
from tests.gui.editing_samples import press, type_in, type_on
from tests.support.stores import new_desk
from tests.support.windows import show, timer_of

from kfdesk.demo import people
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import RecordView, view
from kfdesk.services.core.records import change_record, require_record
from kfdesk.services.exchange import partners
from kfdesk.services.plans.plans import open_plan
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.pages.exchange.page import ExchangePage
from kfdesk.ui.pages.exchange.verification import NewPartnerPage
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.shell.session_view import SessionView, make_session_view
from kfdesk.ui.shell.window import Window
from kfdesk.ui.widgets.navigation import NavigationPlace

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[OpenDesk]:
    """Yield a desk with a leg that has one field in conflict."""
    made = OpenDesk(kit, qtbot, tmp_path / "store")
    made.run(lambda: change_record(made.desk, made.legs[1], {"carrier": "18, Exempelbuss"}, ()))
    yield made
    made.close()


def test_decision_is_told_and_ctrl_z_opens_the_field_again(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    shell = make_session_view(kit, opened.desk)
    window = Window(kit)
    window.show_page(shell)
    show(qtbot, window)
    shell.go_to("plans")
    plans = shell.page
    assert isinstance(plans, PlansPage)
    plans.open_plan(opened.plan)
    opened.rest()
    page = plans.currentWidget()
    assert isinstance(page, PlanView)
    (card,) = page.conflicts
    card.buttons[0].click()
    opened.rest()
    assert page.conflicts == []
    assert shell.toast.can_undo
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Z, CTRL)
    opened.rest()
    (again,) = opened.run(lambda: open_plan(opened.desk, opened.plan)).conflicts
    assert (again.key, len(again.versions)) == ("carrier", 2)
    assert len(page.conflicts) == 1
    assert not shell.toast.isVisible()


def test_what_was_told_lies_over_no_button_of_a_step(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    shell = make_session_view(kit, opened.desk)
    shell.resize(853, 500)
    show(qtbot, shell)
    shell.go_to("exchange")
    opened.rest()
    assert isinstance(shell.page, ExchangePage)
    shell.page.invite()
    opened.rest()
    shell.toast.show_message("Saved.", lambda: None)
    step = shell.page.step
    assert step is not None
    qtbot.waitUntil(lambda: shell.toast.isVisible() and shell.toast.width() > 0)
    bottom = shell.toast.mapToGlobal(shell.toast.rect().bottomLeft()).y()
    assert bottom < step.cancel.mapToGlobal(step.cancel.rect().topLeft()).y()


def test_what_was_told_lies_over_the_page_that_comes_next(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    shell = make_session_view(kit, opened.desk)
    shell.resize(1000, 700)
    show(qtbot, shell)
    shell.toast.wait(is_waiting=True)  # it stays, however long the page takes
    shell.toast.show_message("Saved.", lambda: None)
    shell.go_to("contacts")
    opened.rest()
    top = shell.childAt(shell.toast.geometry().center())
    assert top is not None
    assert top is shell.toast or shell.toast.isAncestorOf(top)


def test_what_is_told_of_a_card_leads_to_the_entry_that_was_typed_by_hand(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, tmp_path: Path
) -> None:
    theirs = new_desk(tmp_path / "theirs", people.SAFE_HOUSE, WHO, MACHINE)
    card = tmp_path / "theirs.card"
    partners.save_own_card(theirs, card)
    theirs.store.close()
    shell = make_session_view(kit, opened.desk)
    shell.resize(1190, 720)
    show(qtbot, shell)
    shell.go_to("exchange")
    opened.rest()
    assert isinstance(shell.page, ExchangePage)
    shell.page.add_card(card)
    opened.rest()
    step = shell.page.step
    assert isinstance(step, NewPartnerPage)
    step.where.parts["outside"].click()
    step.add.click()
    opened.rest()
    assert shell.toast._words.text().startswith("This partner is already in Contacts")
    shell.toast.way.click()
    opened.rest()
    contacts = shell.page
    assert isinstance(contacts, DirectoryPage)
    assert contacts.listing.current == opened.house
    assert contacts.side.offer.isVisible()  # the offer to merge the two


def test_ctrl_z_in_a_field_undoes_the_typing_and_then_the_saving(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    form = RecordForm(kit, opened.desk, "leg", Form(kit, "leg", ("booking_reference", "departs")))
    place = NavigationPlace("plans", "Plans", "sun", "Ctrl+1", lambda _: form)
    shell = SessionView(kit, (place,))
    window = Window(kit)
    window.show_page(shell)
    show(qtbot, window)

    def stored() -> RecordView[Any]:
        row = opened.run(lambda: require_record(opened.desk, opened.legs[0]))
        return view(row, RECORD_TYPES["leg"].cls)

    kit.events.changed.connect(lambda _: form.show_view(stored()))
    before = stored().record.booking_reference
    form.show_view(stored())
    opened.rest()
    for booking in ("A1", "A1B2"):
        type_in(form, "booking_reference", booking)
        press(Qt.Key.Key_S, CTRL)
        opened.rest()
        assert stored().record.booking_reference == booking
    timer_of(shell.toast).timeout.emit()
    assert not shell.toast.isVisible()
    area = QApplication.focusWidget()
    type_on("C")
    seen = []
    for _ in range(3):
        press(Qt.Key.Key_Z, CTRL)
        opened.rest()
        assert QApplication.focusWidget() is area
        seen.append((form.form.editors["booking_reference"].raw(), stored().record))
    assert [raw for raw, _ in seen] == ["A1B2", "A1", before or ""]
    assert [record.booking_reference for _, record in seen] == ["A1B2", "A1", before]
    form.form.focus_on("departs")
    press(Qt.Key.Key_Z, CTRL)
    assert form.form.editors["departs"].value() == stored().record.departs
