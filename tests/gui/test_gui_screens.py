# SPDX-License-Identifier: GPL-3.0-or-later
"""Every place on the screens of old laptops: nothing beside the window, one bar at a time."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk
from tests.support.windows import show

from kfdesk.ui.context import UiContext
from kfdesk.ui.shell.session_view import SessionView, make_session_view
from kfdesk.ui.shell.window import Window
from kfdesk.ui.widgets.buttons import Button

PLACES = (
    "today", "plans", "contacts", "calendar", "exchange", "print", "procedures", "book", "history",
    "backup", "settings",
)  # fmt: skip
SCREENS = ((1366, 728), (1024, 560))
"""What a screen of 1366×768 and one of 1024×600 leave beside the task bar."""


@pytest.fixture
def shell(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> Iterator[SessionView]:
    made = make_session_view(kit, opened.desk)
    window = Window(kit)
    window.show_page(made)
    show(qtbot, window)
    opened.rest()
    yield made
    window.close()


def outside(page: QWidget) -> list[str]:
    """Return the buttons on view that are cut at the side of the window."""
    window = page.window()
    return [
        button.text()
        for button in page.findChildren(Button)
        if button.isVisible()
        and button.mapTo(window, QPoint(button.width(), 0)).x() > window.width()
    ]


def double_bars(shell: SessionView) -> list[str]:
    """Return the areas with a vertical bar inside an area that has one beside it."""
    bars = [
        area.verticalScrollBar()
        for area in shell.findChildren(QScrollArea)
        if area.isVisible() and area.verticalScrollBar().isVisible()
    ]
    window = shell.window()
    rights = [bar.mapTo(window, QPoint(bar.width(), 0)).x() for bar in bars]
    return [
        f"{one} {other}"
        for at, one in enumerate(rights)
        for other in rights[at + 1 :]
        if abs(one - other) < 2 * bars[0].width()
    ]


def walk(shell: SessionView, opened: OpenDesk, size: tuple[int, int]) -> list[str]:
    """Visit every place at this size; return what is cut or has two bars, by place."""
    window = shell.window()
    window.resize(*size)
    opened.rest()
    found = [] if (window.width(), window.height()) == size else ["the window is larger"]
    for place in PLACES:
        shell.go_to(place)
        opened.rest()
        found += [f"{place}: {one}" for one in (*outside(shell), *double_bars(shell))]
    return found


@pytest.mark.parametrize("size", SCREENS)
def test_places_fit_a_small_screen(
    shell: SessionView, opened: OpenDesk, size: tuple[int, int]
) -> None:
    assert walk(shell, opened, size) == []


@pytest.mark.slow
@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("letters", [150, 200])
def test_places_fit_a_small_screen_with_large_letters(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, size: tuple[int, int], letters: int
) -> None:
    kit.theme.set_font_scale(letters)
    try:
        made = make_session_view(kit, opened.desk)
        window = Window(kit)
        window.show_page(made)
        show(qtbot, window)
        opened.rest()
        assert walk(made, opened, size) == []
        window.close()
    finally:
        kit.theme.set_font_scale(100)
