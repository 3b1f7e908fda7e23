# SPDX-License-Identifier: GPL-3.0-or-later
"""The themes of risk on the page: a key each, what is open, not known or contradictory, undo."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.gui.test_gui_decision import Stand, press, stand, texts
from tests.gui.test_gui_risk import answer_theme, begun, opened
from tests.integration.course_samples import Walk
from tests.support.windows import read_by

from kfdesk.domain.risk import (
    ItemAnswer,
    RiskItem,
    RiskState,
    ThemeAnswer,
    items_on_line,
    line_fields,
)
from kfdesk.domain.rows import encode_changes, seen_writes
from kfdesk.services.core.records import put_changed, require_record
from kfdesk.services.plans.risk import answer_risk_items, answer_risk_theme, read_risks
from kfdesk.services.workflow import move_plan
from kfdesk.ui.widgets.table import CELL_ROLE

__all__ = ("stand",)


def test_ten_themes_with_something_in_two_take_forty_keys(stand: Stand) -> None:
    stand.prepare(begun, state="assessing")
    look = opened(stand)
    themes, answers = look.risk.answering.categories, look.risk.answering.answers
    themes.start()
    typed = 0

    def keys(*pressed: Qt.Key) -> None:
        nonlocal typed
        for key in pressed:
            press(key)
            look.sight.settle()
            typed += 1

    one, two, down = Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_Down
    keys(one, two, one, one, one, one, two, one, one, one)
    for left in (1, 0):
        keys(Qt.Key.Key_Return, one, two, Qt.Key.Key_0)
        assert answers.form is not None
        assert answers.form.form.editors["likelihood"].isAncestorOf(
            look.sight.program.window.focusWidget()
        )
        keys(down, down, Qt.Key.Key_Tab, down, down)
        look.sight.save()
        typed += 1
        keys(Qt.Key.Key_Escape)
        assert themes.table.hasFocus()
        still = [name for name, said in look.categories.items() if "questions answered" in said]
        assert len(still) == left
    assert typed <= 40
    assert "10 of 10 themes answered" in texts(themes)
    status = read_by(look.sight.page).risk
    assert status is not None
    assert status.state is RiskState.FOUND


def test_ten_themes_with_nothing_take_ten_keys_however_fast_they_come(stand: Stand) -> None:
    stand.prepare(state="assessing")
    look = opened(stand)
    look.risk.weighings.ours.begin()
    look.sight.settle()
    assert look.risk.answering.categories.table.hasFocus()  # at the first theme, without a key
    for _ in range(10):
        press(Qt.Key.Key_1)  # nobody waits until each is saved
    look.sight.settle()
    assert set(look.categories.values()) == {"Nothing"}
    assert "10 of 10 themes answered" in texts(look.risk.answering.categories)
    assert [row.theme_answer for row in look.records("risk_line")] == ["nothing"] * 10
    status = read_by(look.sight.page).risk
    assert status is not None
    assert status.state is RiskState.NOTHING_FOUND


def test_theme_opens_by_one_click_and_asks_only_where_there_is_something(stand: Stand) -> None:
    stand.prepare(begun, state="assessing")
    look = opened(stand)
    themes, answers = look.risk.answering.categories, look.risk.answering.answers
    for key, asks in ((Qt.Key.Key_1, False), (Qt.Key.Key_3, False), (Qt.Key.Key_2, True)):
        answer_theme(look, "health", key)
        area = themes.table.visualRect(themes.table.rows.index(5, 1))
        QTest.mouseClick(themes.table.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
        look.sight.settle()
        assert answers.category == "health"
        assert answers.table.isVisibleTo(answers) is asks
        assert answers.form is not None
        assert "own_words" in answers.form.form.editors
        assert ("likelihood" in answers.form.form.editors) is (key != Qt.Key.Key_1)
        answers.close_card()


def test_page_names_what_is_not_known_and_counts_it_as_no_answer(stand: Stand) -> None:
    stand.prepare(begun, state="assessing")
    look = opened(stand)
    look.risk.answering.categories.start()
    for key in (*[Qt.Key.Key_1] * 8, Qt.Key.Key_3, Qt.Key.Key_3):
        press(key)
        look.sight.settle()
    said = "8 of 10 themes answered · not known: Phone, accounts and data, The country"
    assert said in texts(look.risk.answering.categories)
    assert look.risk.picture.before.level.text() == "High (themes not known: 2)"


def test_yes_under_a_theme_with_nothing_is_shown_until_it_is_decided(stand: Stand) -> None:
    def torn(walk: Walk) -> None:
        begun(walk)
        ours = read_risks(walk.ours, walk.plan).ours
        assert ours is not None
        answer_risk_items(
            walk.ours, ours.view.rid, "health", {"pregnancy": RiskItem(ItemAnswer.SO)}
        )

    stand.prepare(torn, state="assessing")
    look = opened(stand)
    answers = look.risk.answering.answers
    answer_theme(look, "health", Qt.Key.Key_1)
    assert look.categories["Health"] == "Nothing · a question says more, High"
    look.risk.answering.open_category("health")
    assert answers.contradiction.isVisibleTo(answers)
    answers.theme.parts["something"].click()
    look.sight.settle()
    assert not answers.contradiction.isVisibleTo(answers)
    assert look.categories["Health"] == "Something · 1 of 7 questions answered, High"


def test_theme_that_an_older_laptop_opened_again_says_so_until_it_is_answered(
    stand: Stand,
) -> None:
    def reopened(walk: Walk) -> None:
        begun(walk)
        ours = read_risks(walk.ours, walk.plan).ours
        assert ours is not None
        rid = answer_risk_theme(walk.ours, ours.view.rid, "health", ThemeAnswer.NOTHING).rid
        row = require_record(walk.ours, rid)
        changes = encode_changes(row.type, line_fields(items_on_line("health", None)))
        with walk.ours.store.transaction():
            put_changed(walk.ours, row, changes, seen_writes(row))

    stand.prepare(reopened, state="assessing")
    look = opened(stand)
    assert look.categories["Health"] == "Nothing · to be answered again"
    shown = look.risk.answering.categories.table.model().index(5, 2).data(CELL_ROLE)
    assert shown.icon == "circle-alert"  # no tick beside what is open
    look.risk.answering.open_category("health")
    answers = look.risk.answering.answers
    assert answers.contradiction.isVisibleTo(answers)
    assert "The questions here were opened again on another laptop." in texts(answers)
    answers.theme.parts["nothing"].click()  # the same answer, given again
    look.sight.settle()
    assert look.categories["Health"] == "Nothing"


def test_picture_says_which_theme_is_not_known(stand: Stand) -> None:
    def unknown(walk: Walk) -> None:
        begun(walk)
        ours = read_risks(walk.ours, walk.plan).ours
        assert ours is not None
        answer_risk_theme(walk.ours, ours.view.rid, "health", ThemeAnswer.NOT_KNOWN)

    stand.prepare(unknown, state="assessing")
    look = opened(stand)
    choice = look.risk.picture.whose
    choice.setCurrentIndex(1)
    choice.activated.emit(1)
    assert [row[1:3] for row in look.rows] == [["Health, The theme is not known", "High"]]


def test_answer_to_a_theme_is_undone_by_its_key(stand: Stand) -> None:
    stand.prepare(begun, state="assessing")
    look = opened(stand)
    answer_theme(look, "health", Qt.Key.Key_1)
    answer_theme(look, "health", Qt.Key.Key_3)
    assert look.categories["Health"] == "Not known, High"
    for said in ("Nothing", "Not answered"):
        QTest.keyClick(look.sight.program.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        look.sight.settle()
        assert look.categories["Health"] == said
    answer_theme(look, "health", Qt.Key.Key_2)
    assert look.categories["Health"] == "Something · 0 of 7 questions answered, High"


def test_theme_answered_with_nothing_in_its_card_leads_to_the_next(stand: Stand) -> None:
    stand.prepare(begun, state="assessing")
    look = opened(stand)
    look.risk.answering.open_category("health")
    look.sight.settle()
    answers = look.risk.answering.answers
    assert answers.form is None
    assert not answers.table.isVisibleTo(answers)
    assert answers.theme.parts["not_known"].hasFocus()  # a key that slips says not "nothing"
    press(Qt.Key.Key_2)  # the keys of the list, also here
    look.sight.settle()
    assert answers.theme.key == "something"
    assert answers.table.isVisibleTo(answers)
    answers.theme.parts["nothing"].setFocus()
    press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)  # is the page's
    assert answers.theme.key == "something"
    press(Qt.Key.Key_1)
    look.sight.settle()
    assert answers.category == "travel"
    assert look.categories["Health"] == "Nothing"


def test_themes_of_a_plan_that_is_only_read_are_not_answered(stand: Stand) -> None:
    stand.prepare(lambda walk: move_plan(walk.ours, walk.plan, "not_safe"), state="decision_ready")
    look = opened(stand)
    said = look.categories
    answer_theme(look, "health", Qt.Key.Key_3)
    assert look.categories == said
