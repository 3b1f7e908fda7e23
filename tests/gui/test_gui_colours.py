# SPDX-License-Identifier: GPL-3.0-or-later
"""Other colours: worn at once by what is seen, and by the hidden as the window finds time.

Nothing is ever seen in the colours of before, and no colour of the palette is lost on the way
through Qt's roles.
"""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint
from PySide6.QtWidgets import QApplication, QMenu, QStackedWidget, QToolTip, QWidget
from pytestqt.qtbot import QtBot
from tests.support.windows import Stage, colour_at, colours, point_at

from kfdesk.domain.message_marks import N_
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.parts import SuggestionPopup
from kfdesk.ui.theme import Scheme
from kfdesk.ui.tokens import DARK, LIGHT, Colours, Tone
from kfdesk.ui.widgets.inputs import TextEntry
from kfdesk.ui.widgets.layout import CardFrame, stack_widgets
from kfdesk.ui.widgets.text import Label

MANY = 6
GROUNDS = {"window": "window", "rail": "rail", "bar": "surface", "raised": "raised"}


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each turn of incremental building end after its first piece of work."""
    monkeypatch.setattr("kfdesk.ui.worker._SLICE", 0)


@pytest.fixture
def pages(kit: UiContext, qtbot: QtBot, stage: Stage) -> Iterator[QStackedWidget]:
    """Two pages that have both been seen; the second is hidden now."""
    made = QStackedWidget()
    made.addWidget(stack_widgets(Label(kit, N_("Today"))))
    made.addWidget(stack_widgets(*(Label(kit, N_("Save")) for _ in range(MANY)), TextEntry()))
    stage(made)
    made.setCurrentIndex(1)
    made.setCurrentIndex(0)
    qtbot.waitUntil(lambda: kit.theme.is_applied)
    yield made
    qtbot.waitUntil(lambda: kit.theme.is_applied)


def page(pages: QStackedWidget, number: int) -> QWidget:
    """Return one of the two pages: the visible one or the hidden one."""
    found = pages.widget(number)
    assert found is not None
    return found


def worn_by(part: QWidget) -> list[str]:
    """List the text colour of each label in a widget."""
    return [one.palette().windowText().color().name().upper() for one in part.findChildren(Label)]


def test_only_what_is_seen_changes_its_colours_at_once(
    kit: UiContext, qtbot: QtBot, pages: QStackedWidget
) -> None:
    kit.set_theme(Scheme.DARK)
    assert worn_by(page(pages, 0)) == [DARK.text]
    assert worn_by(page(pages, 1)) == [LIGHT.text] * MANY
    assert not kit.theme.is_applied
    qtbot.waitUntil(lambda: kit.theme.is_applied)
    assert worn_by(page(pages, 1)) == [DARK.text] * MANY


def test_who_is_shown_before_its_turn_is_seen_in_the_new_colours(
    kit: UiContext, pages: QStackedWidget
) -> None:
    kit.set_theme(Scheme.DARK)
    pages.setCurrentIndex(1)
    assert not kit.theme.is_applied
    assert worn_by(page(pages, 1)) == [DARK.text] * MANY
    entry = pages.findChild(TextEntry)
    assert isinstance(entry, TextEntry)
    point_at(page(pages, 1), QPoint())  # an earlier test may have left the pointer on the entry
    assert {DARK.control, DARK.surface} <= colours(entry)


def test_colours_can_change_again_while_the_hidden_wait(
    kit: UiContext, qtbot: QtBot, pages: QStackedWidget
) -> None:
    kit.set_theme(Scheme.DARK)
    kit.set_theme(Scheme.LIGHT)
    qtbot.waitUntil(lambda: kit.theme.is_applied)
    assert worn_by(pages) == [LIGHT.text] * (MANY + 1)


def test_who_has_gone_before_its_turn_is_left_out(
    kit: UiContext, qtbot: QtBot, pages: QStackedWidget
) -> None:
    kit.set_theme(Scheme.DARK)
    page(pages, 1).deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: kit.theme.is_applied)
    assert worn_by(pages) == [DARK.text]


def test_letters_of_another_size_leave_the_colours(kit: UiContext, pages: QStackedWidget) -> None:
    kit.set_theme(Scheme.DARK)
    try:
        kit.theme.set_font_scale(125)
        assert worn_by(pages) == [DARK.text] * (MANY + 1)
    finally:
        kit.theme.set_font_scale(100)


@pytest.mark.parametrize(("scheme", "worn"), [(Scheme.LIGHT, LIGHT), (Scheme.DARK, DARK)])
def test_each_colour_of_the_sheet_is_that_of_the_palette(
    kit: UiContext, stage: Stage, scheme: Scheme, worn: Colours
) -> None:
    inks = [Label(kit, N_("Save"), tone=tone) for tone in Tone]
    grounds = [QWidget() for _ in GROUNDS]
    for one, ground in zip(grounds, GROUNDS, strict=True):
        one.setProperty("ground", ground)
        one.setMinimumSize(20, 20)
    entry, card = TextEntry(), CardFrame()
    window = stage(*inks, *grounds, entry, card)
    kit.set_theme(scheme)
    assert worn_by(window) == [tone.ink(worn) for tone in Tone]
    for one, colour in zip(grounds, GROUNDS.values(), strict=True):
        assert colour_at(one, 10, 10) == getattr(worn, colour)
    assert colour_at(card, card.width() // 2, 0) == worn.line
    assert {worn.focus, worn.surface} <= colours(entry)
    entry.clearFocus()
    assert {worn.control, worn.surface} <= colours(entry)
    entry.setProperty("wrong", "true")
    entry.style().polish(entry)
    assert worn.danger in colours(entry)


class Told(QObject):
    """Counts how often a part is told that its style is another."""

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        self.times = 0
        part.installEventFilter(self)

    def eventFilter(self, _part: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take nothing."""
        self.times += event.type() is QEvent.Type.StyleChange
        return False


def test_page_that_is_made_is_told_of_the_sheet_once(kit: UiContext, stage: Stage) -> None:
    place = QStackedWidget()
    stage(place)
    label = Label(kit, N_("Save"))
    told = Told(label)
    page = stack_widgets(stack_widgets(stack_widgets(label)))
    assert told.times == 0
    place.addWidget(page)
    assert told.times == 1
    assert worn_by(page) == [LIGHT.text]


def test_what_a_window_opens_wears_its_sheet(kit: UiContext, stage: Stage) -> None:
    kit.set_theme(Scheme.DARK)
    line = TextEntry()
    stage(line)
    menu = QMenu(line)
    menu.addAction("Save")
    menu.popup(line.mapToGlobal(QPoint(0, 0)))
    assert {DARK.raised, DARK.line} <= colours(menu)
    menu.close()
    proposals = SuggestionPopup(line)
    proposals.show_rows((("a", "Riga"),))
    assert proposals.list is not None
    assert {DARK.raised, DARK.line} <= colours(proposals.list)
    proposals.close()
    QToolTip.showText(line.mapToGlobal(QPoint(0, 0)), "Save", line)
    tip = next(one for one in QApplication.topLevelWidgets() if one.inherits("QTipLabel"))
    assert {DARK.raised, DARK.line} <= colours(tip)
    QToolTip.hideText()
