# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts that fold where there is little room, and letters of another size."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.gui import walk_judge
from tests.support.windows import show

from kfdesk.domain.message_marks import N_
from kfdesk.ui.context import UiContext
from kfdesk.ui.theme import Theme
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.widgets.button_row import ButtonRow
from kfdesk.ui.widgets.buttons import Button, SegmentedControl
from kfdesk.ui.widgets.inputs import CheckBox
from kfdesk.ui.widgets.layout import FlowBox, SideBySide
from kfdesk.ui.widgets.text import Chip, Label

LONG = "Nothing leaves this computer before somebody has looked at it and has agreed to it."


@pytest.fixture
def large(theme: Theme) -> Iterator[Theme]:
    """Yield the theme with a font scale of 200 %."""
    theme.set_font_scale(200)
    yield theme
    theme.set_font_scale(100)


def settle(part: QWidget, width: int) -> None:
    """Give a part another width, and wait until all in it is laid out."""
    part.resize(width, part.height())
    for _ in range(4):
        QApplication.processEvents()


@pytest.fixture
def foot(kit: UiContext, qtbot: QtBot) -> FlowBox:
    """Return a flow box with a sentence and two buttons."""
    text = Label(kit, lambda _: LONG).wrapped()
    flow = FlowBox(text, Button(kit, N_("Cancel")), Button(kit, N_("Save")), fills=text)
    show(qtbot, flow)
    return flow


def parts_of(flow: FlowBox) -> list[QWidget]:
    return list(flow._parts)


def test_a_text_takes_what_is_left_of_its_row_and_breaks_into_lines(foot: FlowBox) -> None:
    text, *buttons = parts_of(foot)
    settle(foot, 900)
    one_line = text.height()
    assert buttons[-1].geometry().right() in range(890, 900)
    settle(foot, 420)
    assert text.height() > one_line
    for left, right in pairwise(parts_of(foot)):
        assert left.geometry().right() < right.geometry().left()
    assert buttons[-1].geometry().right() < 420


def test_where_not_all_stand_in_one_row_nothing_stands_beside_the_text(foot: FlowBox) -> None:
    text, *buttons = parts_of(foot)
    settle(foot, 240)
    assert text.width() == 240
    assert all(button.y() > text.geometry().bottom() for button in buttons)
    assert foot.height() > buttons[-1].geometry().bottom()
    settle(foot, 900)
    assert foot.height() < 60


def test_a_flow_can_be_as_narrow_as_its_widest_part_can_be(foot: FlowBox) -> None:
    least = foot.minimumSizeHint().width()
    assert least == max(part.minimumSizeHint().width() for part in parts_of(foot))
    settle(foot, least)
    assert all(part.geometry().right() < least for part in parts_of(foot))


def test_what_a_flow_held_leaves_no_room_behind(foot: FlowBox) -> None:
    foot.clear()
    assert (parts_of(foot), foot.height()) == ([], 0)


def test_a_pill_that_is_wider_than_its_row_wraps_and_shows_all_its_words(
    kit: UiContext, qtbot: QtBot
) -> None:
    chip, other = Chip(kit, Tone.WARNING, "clock"), Chip(kit)
    chip.show_text("Дом у реки, 28 ноября 2026 г. · Их ответы не были отправлены")
    other.show_text("План")
    row = FlowBox(chip, other, gap=8)
    show(qtbot, row)
    settle(row, 900)
    whole, line = chip.width(), chip.height()
    assert chip.y() == other.y()
    assert line == other.height()
    settle(row, 260)
    assert chip.width() <= 260 < whole
    assert chip.height() >= chip.heightForWidth(chip.width()) > line
    assert other.y() > chip.geometry().bottom()
    assert not list(walk_judge.cut(walk_judge.Look(row)))
    assert row.minimumSizeHint().width() < 200
    chip.show_text("Kort")
    settle(row, 260)
    assert (chip.height(), chip.width() < 100) == (line, True)


def test_halves_stand_below_one_another_where_it_is_narrow(theme: Theme, qtbot: QtBot) -> None:
    left, right = QWidget(), QWidget()
    left.setMinimumSize(200, 50)
    halves = SideBySide(theme, (left, 1), (right, 1), least=600, gap=10)
    show(qtbot, halves)
    settle(halves, 620)
    assert (halves.is_narrow, left.y(), right.y()) == (False, 0, 0)
    settle(halves, 560)
    assert halves.is_narrow
    assert right.y() > left.geometry().bottom()
    assert halves.minimumSizeHint().width() == 200


def test_halves_need_more_room_with_larger_letters(large: Theme, qtbot: QtBot) -> None:
    halves = SideBySide(large, (QWidget(), 1), (QWidget(), 1), least=600, gap=10)
    show(qtbot, halves)
    settle(halves, 1100)
    assert halves.is_narrow
    settle(halves, 1300)
    assert not halves.is_narrow


def test_larger_letters_are_in_every_step_of_the_type_scale_and_in_the_sheet(
    large: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    large.style_window(window)
    for style in TextStyle:
        assert large.font(style).pointSizeF() == pytest.approx(2 * style.points)
    assert qapp.font().pointSizeF() == pytest.approx(2 * TextStyle.BODY.points)
    assert "font-size: 18pt" in window.styleSheet()
    assert large.scaled(100) == 200


def test_sentences_to_tick_and_answers_break_into_lines(kit: UiContext, qtbot: QtBot) -> None:
    tick = CheckBox(kit, lambda _: LONG)
    answers = SegmentedControl(kit, [("a", lambda _: LONG), ("b", N_("Cancel"))])
    for part in (tick, answers):
        show(qtbot, part)
        settle(part, part.sizeHint().width())
        wish = part.sizeHint()
        assert part.minimumSizeHint().width() < wish.width() / 2
        settle(part, part.minimumSizeHint().width())
        assert part.minimumSizeHint().height() > 2 * wish.height()
    assert tick.hitButton(tick.rect().center())
    assert answers.parts["b"].y() > answers.parts["a"].geometry().bottom()
    settle(answers, answers.sizeHint().width())
    assert answers.parts["b"].y() == answers.parts["a"].y()


def test_buttons_of_a_narrow_row_become_icons_one_by_one_before_it_wraps(
    kit: UiContext, qtbot: QtBot
) -> None:
    title = Label(kit, N_("Book")).wrapped()
    add, whole = Button(kit, N_("Cancel"), "download"), Button(kit, N_("Save"), "printer")
    line = ButtonRow(kit, title, add, whole, shrinks=(whole, add), fills=title)
    show(qtbot, line)
    names = add.text(), whole.text()
    settle(line, 900)
    one_row = line.height()
    both = sum(button.sizeHint().width() for button in (add, whole))
    seen = []
    for width in (both + 400, both + 20, 150):
        settle(line, width)
        assert line.height() == one_row
        seen.append((bool(add.toolTip()), bool(whole.toolTip())))
    assert seen == [(False, False), (False, True), (True, True)]
    assert (add.accessibleName() or add.text(), whole.text()) == names
    settle(line, both + 400)
    assert (add.toolTip(), whole.toolTip()) == ("", "")
    whole.hide()
    settle(line, both + 20)
    line.fit()
    assert add.toolTip() == ""
