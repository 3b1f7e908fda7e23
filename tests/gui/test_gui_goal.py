# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a paper back leads to the very field: its section open, the keyboard in it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk
from tests.support.samples import first
from tests.support.windows import show

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.journey import Handover
from kfdesk.services.core.records import create_record
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.parts import GrowingTextArea
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.forms.translated import TranslationInput
from kfdesk.ui.pages.plan.page import FocusScroller, PlanView
from kfdesk.ui.plan_sections import FixTarget, fix_target_of

Led = Callable[[FixTarget], PlanView]


@pytest.fixture
def led(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> Led:
    """Return a function that opens the plan at a target before the plan is read.

    The print page opens it so. The window is active already, as in the program: a window
    that is activated after the plan was read gives the focus to what it shows first.
    """
    window = QWidget()
    window.resize(1200, 800)
    show(qtbot, window)

    def lead(goal: FixTarget) -> PlanView:
        page = PlanView(kit, opened.desk, opened.plan)
        page.jump_to_fix(goal)
        QVBoxLayout(window).addWidget(page)
        opened.rest()
        return page

    return lead


def focused(page: PlanView) -> tuple[str, bytes | None]:
    """Return the field and the record with the keyboard focus."""
    focus = QApplication.focusWidget()
    for form in page.findChildren(RecordForm):
        for key, slot in form.form.form_rows.items():
            if focus is not None and slot.isAncestorOf(focus):
                return f"{form.record_type}.{key}", form.rid
    return "", None


@pytest.mark.parametrize(
    ("goal", "section"),
    first(
        2,
        [
            (FixTarget("client", "name_on_ticket"), "person"),
            (FixTarget("plan", "luggage"), "travel"),
            (FixTarget("plan", "wants_paper"), "person"),
            (FixTarget("leg", "sign", 2), "travel"),
            (FixTarget("help_number", "hours", 2), "travel"),
        ],
    ),
)
def test_field_has_the_keyboard_in_its_open_section(
    led: Led, opened: OpenDesk, goal: FixTarget, section: str
) -> None:
    page = led(goal)
    field, rid = focused(page)
    assert field == f"{goal.record_type}.{goal.key}"
    assert page.parts[section].isVisible()
    if goal.record_type == "leg":
        assert rid == opened.legs[1]
    page.close()


def test_record_that_is_not_there_yet_is_begun(led: Led, opened: OpenDesk) -> None:
    page = led(FixTarget("help_number", "number"))
    field, rid = focused(page)
    assert field == "help_number.number"
    assert rid is not None
    assert opened.run(lambda: opened.desk.store.row(rid)) is None
    page.close()


@pytest.mark.parametrize("is_closed", [False, True])
def test_record_that_was_left_half_entered_is_gone_on_with(
    led: Led, opened: OpenDesk, *, is_closed: bool
) -> None:
    page = led(FixTarget("help_number", "number"))
    begun = focused(page)
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, "112")
    if is_closed:
        QTest.keyClick(focus, Qt.Key.Key_Escape)
    page.go_to("consent")
    opened.rest()
    page.jump_to_fix(FixTarget("help_number", "number"))
    opened.rest()
    assert focused(page) == begun
    field = QApplication.focusWidget()
    assert isinstance(field, GrowingTextArea)
    assert field.toPlainText() == "112"
    page.close()


@pytest.mark.parametrize(
    ("goal", "has_it"),
    first(
        3,
        [
            (FixTarget("leg", "sign", 2, language="ru"), True),
            (FixTarget("leg", "from_place", 1, language="ru"), True),
            (FixTarget("leg", "sign", 1, language="uk"), False),
            (FixTarget("plan", "luggage", language="bg"), False),
            (FixTarget("help_number", "hours", 1, language="ro"), False),
        ],
    ),
)
def test_keyboard_is_in_the_language_that_the_paper_lacks(
    led: Led, goal: FixTarget, has_it: bool
) -> None:
    page = led(goal)
    focus = QApplication.focusWidget()
    assert focus is not None
    (telling,) = (one for one in page.findChildren(TranslationInput) if one.isAncestorOf(focus))
    assert telling.language == goal.language
    assert bool(telling.text) is has_it
    assert focused(page)[0] == f"{goal.record_type}.{goal.key}"
    page.close()


def test_things_of_a_handover_are_those_of_the_last_one(led: Led, opened: OpenDesk) -> None:
    rids = [
        opened.run(lambda: create_record(opened.desk, Handover, {"place": "x"}, opened.plan))
        for _ in range(2)
    ]
    page = led(FixTarget("handover", "items"))
    assert focused(page)[0] == "handover.items"
    assert focused(page)[1] in rids
    page.close()


def test_consent_leads_to_its_section_and_begins_none(led: Led) -> None:
    page = led(FixTarget("consent"))
    assert page.parts["consent"].isVisible()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert page.parts["consent"].isAncestorOf(focus)
    assert focused(page) == ("", None)
    page.close()


def test_field_in_conflict_leads_to_its_decision_and_without_one_to_the_section(led: Led) -> None:
    page = led(FixTarget("leg", "carrier", is_torn=True))
    focus = QApplication.focusWidget()
    assert focus is not None
    assert page.parts["travel"].isAncestorOf(focus)
    page.close()


@pytest.mark.slow
def test_field_that_was_led_to_stays_in_view_while_the_page_grows(led: Led, qtbot: QtBot) -> None:
    page = led(FixTarget("leg", "sign", 2))
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.waitUntil(lambda: not focus.visibleRegion().isEmpty())
    seen = page._scroll.viewport()
    below = seen.height() - focus.mapTo(seen, focus.rect().bottomLeft()).y()
    assert below >= seen.height() // 4  # what follows it is seen, too
    page.close()


@pytest.mark.parametrize("pushed", range(0, 400, 40))
def test_what_is_pushed_to_the_edge_comes_well_into_view(qtbot: QtBot, pushed: int) -> None:
    above, field, beneath, page = QWidget(), QLineEdit(), QWidget(), QWidget()
    column = QVBoxLayout(page)
    for part in (above, field, beneath):
        column.addWidget(part)
    column.addStretch(1)
    above.setFixedHeight(300)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(page)
    area.resize(400, 600)
    in_view = FocusScroller(area)
    show(qtbot, area)
    field.setFocus()
    in_view.hold()
    above.setFixedHeight(300 + pushed)
    beneath.setFixedHeight(1500)
    qtbot.waitUntil(lambda: beneath.y() > 300 + pushed)
    seen = area.viewport()
    below = seen.height() - field.mapTo(seen, field.rect().bottomLeft()).y()
    assert below >= seen.height() // 4


def test_what_one_comes_to_is_held_in_view_until_one_scrolls(led: Led, qtbot: QtBot) -> None:
    page = led(FixTarget("leg", "sign", 2))
    focus = QApplication.focusWidget()
    assert focus is not None
    page.parts["travel"].setContentsMargins(0, 900, 0, 0)
    qtbot.waitUntil(lambda: page.parts["travel"].contentsMargins().top() == 900)
    qtbot.waitUntil(lambda: not focus.visibleRegion().isEmpty())
    bar = page._scroll.verticalScrollBar()
    bar.triggerAction(bar.SliderAction.SliderToMinimum)
    page.parts["travel"].setContentsMargins(0, 0, 0, 0)
    qtbot.wait(50)
    assert bar.value() == 0
    page.close()


@pytest.mark.parametrize(
    ("fault", "goal"),
    [
        (KfdeskError("paper.missing", field="leg.mode", number=2), FixTarget("leg", "mode", 2)),
        (KfdeskError("paper.carry_word", page=1, field="leg.sign", number=1),
         FixTarget("leg", "sign", 1)),
        (KfdeskError("paper.carry_somewhere", page=1, field=""), FixTarget("leg")),
        (KfdeskError("paper.not_in_language", field="leg.sign", number=1, language="uk"),
         FixTarget("leg", "sign", 1, language="uk")),
        (KfdeskError("paper.conflict", field="plan.luggage"),
         FixTarget("plan", "luggage", is_torn=True)),
        (KfdeskError("paper.wish_not_recorded"), FixTarget("plan", "wants_paper")),
        (KfdeskError("paper.too_few_numbers"), FixTarget("help_number", "number")),
        (KfdeskError("paper.consent_expired"), FixTarget("consent")),
        (KfdeskError("clock.back"), None),
        (KfdeskError("paper.nothing_listed"), None),
    ],
)  # fmt: skip
def test_each_fault_says_where_it_is_mended(fault: KfdeskError, goal: FixTarget | None) -> None:
    assert fix_target_of(fault) == goal
