# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing moves under the pointer: what a page says takes room that was kept for it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.test_gui_unlock import NORTH, torn, wrong
from tests.support.windows import settle, show

from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import Editor, FormRow
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.translated import LocalizedTextEditor
from kfdesk.ui.pages.unlock import UnlockPage, UnlockServices
from kfdesk.ui.shell.window import Window
from kfdesk.ui.widgets.build import STRETCH, column, panel

LEFT = Qt.MouseButton.LeftButton


def places(page: QWidget, *but: QWidget) -> dict[QWidget, QPoint]:
    """Return where the buttons and fields on view are in the window, without those in `but`."""
    kinds = (QAbstractButton, QLineEdit)
    return {
        one: one.mapTo(page.window(), QPoint(0, 0))
        for one in page.findChildren(QWidget)
        if isinstance(one, kinds) and one.isVisible()
        if not any(inside is one or inside.isAncestorOf(one) for inside in but)
    }


def moved(before: dict[QWidget, QPoint], after: dict[QWidget, QPoint]) -> list[str]:
    """Return what stands elsewhere now; what came or went with the focus does not count."""
    return [
        f"{type(one).__name__} {one.accessibleName()}: {at.toTuple()} -> {after[one].toTuple()}"
        for one, at in before.items()
        if one in after and after[one] != at
    ]


@pytest.mark.parametrize("size", [(1366, 768), (1024, 600)])
@pytest.mark.parametrize("answer", [wrong, torn])
def test_what_is_refused_at_the_door_moves_no_field_and_no_button(
    kit: UiContext, qtbot: QtBot, answer: Callable[[], object], size: tuple[int, int]
) -> None:
    window = Window(kit)
    page = UnlockPage(kit, UnlockServices((NORTH,), lambda _: answer()))
    window.show_page(page)
    show(qtbot, window)
    window.resize(*size)
    page.start()
    settle(qtbot, kit)
    before = places(page, page.fault)
    for round_ in ("first", "again"):
        page.initials.setText("EL")
        QTest.keyClicks(page.passphrase.line, f"words {round_}")
        QTest.mouseClick(page.button, LEFT)
        settle(qtbot, kit)
        assert places(page, page.fault) == before
        QTest.keyClicks(page.passphrase.line, "w")
        settle(qtbot, kit)
        assert places(page, page.fault) == before


WRONG = "?!\t?!\t?!"
"""What no kind of field can read."""
FORMS = [one for one in sorted(RECORD_TYPES) if RECORD_TYPES[one].fields]


def one_form(kit: UiContext, qtbot: QtBot, record_type: str) -> Form:
    """Return a form of all fields of a type, on view and with room below, as on a page."""
    form = Form(kit, record_type, [*RECORD_TYPES[record_type].fields])
    page = panel(column(form, STRETCH))
    show(qtbot, page)
    page.resize(900, 12_000)
    rest()
    return form


def rest() -> None:
    """Let Qt lay out what has changed."""
    for _ in range(3):
        QApplication.processEvents()


@pytest.mark.parametrize("record_type", FORMS)
def test_no_field_and_no_button_above_the_focus_moves_when_a_message_comes_or_goes(
    kit: UiContext, qtbot: QtBot, record_type: str
) -> None:
    form = one_form(kit, qtbot, record_type)
    for key, editor in form.editors.items():
        row = form.form_rows[key]
        form.focus_on(key)
        rest()
        top = row.mapTo(form, QPoint(0, 0)).y()
        before = {one: at for one, at in places(form).items() if at.y() <= top}
        _enter_nonsense(editor)
        row.validate()
        rest()
        assert moved(before, places(form)) == [], key
        height = row.height()
        editor.enter(None)
        rest()
        assert moved(before, places(form)) == [], key
        assert row.height() >= height or not row.message_text, key


@pytest.mark.parametrize("record_type", ["leg", "client", "plan"])
def test_what_is_pressed_stays_below_the_pointer_until_the_button_is_released(
    kit: UiContext, qtbot: QtBot, record_type: str
) -> None:
    form = one_form(kit, qtbot, record_type)
    window = form.window().windowHandle()
    rows = list(form.form_rows.values())
    left = next(row for row in rows if row.editor.fault is None and _can_be_wrong(row))
    below = rows[-1]
    left.editor.focus_targets[0].setFocus()
    target = below.editor.focus_targets[0]
    at = target.mapTo(form.window(), target.rect().center())
    before = places(form)
    QTest.mousePress(window, LEFT, pos=at)
    left.validate()
    rest()
    qtbot.waitUntil(lambda: left._is_held)
    assert moved(before, places(form)) == []
    QTest.mouseRelease(window, LEFT, pos=at)
    qtbot.waitUntil(lambda: bool(left.message_text))


def test_release_that_qt_was_not_told_of_hides_no_message(
    kit: UiContext, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = one_form(kit, qtbot, "leg")
    left = next(row for row in form.form_rows.values() if _can_be_wrong(row))
    monkeypatch.setattr(QApplication, "mouseButtons", lambda: LEFT)
    left.validate()
    assert not left.message_text
    qtbot.waitUntil(lambda: bool(left.message_text))


def _enter_nonsense(editor: Editor) -> None:
    if not isinstance(editor, LocalizedTextEditor):  # there is no text that it does not take
        editor.enter_raw(WRONG)


def _can_be_wrong(row: FormRow) -> bool:
    _enter_nonsense(row.editor)
    return row.editor.fault is not None
