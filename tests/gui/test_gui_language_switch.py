# SPDX-License-Identifier: GPL-3.0-or-later
"""Another language is chosen in the midst of a sentence: nothing typed is lost, and nobody moved.

In every kind of form that the window has, chosen as a person does: by the menu, with keys alone.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk
from tests.support.windows import is_whole, show

from kfdesk.domain.message_marks import N_
from kfdesk.services.core import drafts
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.parts import AutocompleteInput, GrowingTextArea
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.widgets.build import row
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.inputs import TextEntry
from kfdesk.ui.widgets.layout import FlowBox

HALF = "En halv mening som"
BACK = 4
"""So many letters the cursor was moved back, to mend something."""
MENDED = f"{HALF[:-BACK]}!{HALF[-BACK:]}"

Open = Callable[[SessionView, OpenDesk], object]


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key in the focused widget."""
    target = QApplication.activePopupWidget() or QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifiers)


def choose(name: str) -> None:
    """Choose a language by its name in the menu, by keys alone."""
    press(Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    for _ in menu.actions():
        press(Qt.Key.Key_Down)
        if menu.activeAction().text() == name:  # type: ignore[attr-defined]
            press(Qt.Key.Key_Return)
            return
    raise AssertionError(name)


def settle(shell: SessionView, opened: OpenDesk) -> None:
    """Wait until all is read and laid out, and let the keyboard belong to the window."""
    opened.rest()
    for _ in range(4):
        QApplication.processEvents()
    shell.window().activateWindow()
    QApplication.processEvents()
    assert is_whole()


def _section(shell: SessionView, opened: OpenDesk, key: str) -> Any:
    shell.go_to("plans")
    page: Any = shell.page
    if page.plan is None:
        page.open_plan(opened.plan)
        settle(shell, opened)
    page.plan.go_to(key)
    page.plan.parts[key].complete()
    settle(shell, opened)
    return page.plan.parts[key]


def _begun(section: str, record_type: str) -> Open:
    return lambda shell, opened: _section(shell, opened, section).begin_record(record_type)


def _person(shell: SessionView, opened: OpenDesk) -> None:
    _section(shell, opened, "person").open_forms[0].form.focus_on("alias")


def _leg(shell: SessionView, opened: OpenDesk) -> None:
    _section(shell, opened, "travel").open_record(opened.legs[0], "carrier")


def _talk(shell: SessionView, opened: OpenDesk) -> None:
    """Begin a consent of another client, for whom nothing is agreed yet."""
    section = _section(shell, opened, "consent")
    section.begin()


def _intake(shell: SessionView, _opened: OpenDesk) -> None:
    shell.go_to("plans")
    shell.page.begin_plan()  # type: ignore[union-attr]


def _entry(record_type: str) -> Open:
    def go(shell: SessionView, opened: OpenDesk) -> None:
        shell.go_to("contacts")
        settle(shell, opened)
        shell.page.begin(record_type)  # type: ignore[union-attr]

    return go


FORMS: dict[str, Open] = {
    "person": _person,
    "somebody near her": _begun("person", "relationship"),
    "event": _begun("risk", "risk_event"),
    "reception": _begun("decision", "reception"),
    "leg": _leg,
    "follow-up": _begun("follow_up", "follow_up"),
    "note": _begun("notes", "note"),
    "task": _begun("notes", "task"),
    "consent": _talk,
    "first talk": _intake,
    "organisation": _entry("organisation"),
}


def go_to_a_text() -> QLineEdit | QPlainTextEdit:
    """Tab on to the first field that takes a sentence, and begin one."""
    for _ in range(60):
        focus = QApplication.focusWidget()
        if isinstance(focus, GrowingTextArea | TextEntry) and not isinstance(
            focus, AutocompleteInput
        ):
            QTest.keyClicks(focus, HALF)
            if HALF in text_of(focus):
                return focus
        press(Qt.Key.Key_Tab)
    raise AssertionError("no field")


def kept(opened: OpenDesk) -> list[str]:
    """All that the drafts hold."""
    desk = opened.desk
    found = [drafts.read_draft(desk, line.rid) for line in drafts.list_drafts(desk)]
    return [repr((one.form.values, one.form.typed)) for one in found if one is not None]


def forget(opened: OpenDesk) -> None:
    """Discard all drafts, so that the next one is seen alone."""
    for line in drafts.list_drafts(opened.desk):
        drafts.discard_draft(opened.desk, line.rid)


def text_of(field: QLineEdit | QPlainTextEdit) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def place_of(field: QLineEdit | QPlainTextEdit) -> int:
    if isinstance(field, QLineEdit):
        return field.cursorPosition()
    return field.textCursor().position()


def interrupted(shell: SessionView, opened: OpenDesk, name: str) -> Iterator[str]:
    """Yield what is lost when the language changes while a form is open."""
    settle(shell, opened)
    FORMS[name](shell, opened)
    settle(shell, opened)
    field = go_to_a_text()
    for _ in range(BACK):
        press(Qt.Key.Key_Left)
    text, place = text_of(field), place_of(field)
    before = shell._kit.translator.language.code
    choose("Svenska" if before == "en" else "English")
    settle(shell, opened)
    if shell._kit.translator.language.code == before:
        yield f"{name}: no other language is spoken"
    if QApplication.focusWidget() is not field:
        yield f"{name}: the keyboard has left the field"
        field.setFocus()
    if (text_of(field), place_of(field)) != (text, place):
        yield f"{name}: what was typed, or where"
    press(Qt.Key.Key_Exclam)
    shell.go_to("today")
    settle(shell, opened)
    if not any(MENDED in draft for draft in opened.run(lambda: kept(opened))):
        yield f"{name}: the draft"


OFTEN = ("leg", "note", "first talk", "organisation")
"""One form of each kind: a record of a plan, a list, a page of its own, the directory."""


@pytest.mark.parametrize(
    "names", [OFTEN, pytest.param(tuple(FORMS), marks=pytest.mark.slow)], ids=["often", "all"]
)
def test_sentence_cursor_and_keyboard_stay_and_the_draft_is_kept(
    shell: SessionView, opened: OpenDesk, names: tuple[str, ...]
) -> None:
    lost = []
    for name in names:
        lost += list(interrupted(shell, opened, name))
        opened.run(lambda: forget(opened))
    assert lost == []


def test_buttons_of_a_hidden_row_fit_the_language_in_which_it_is_shown_again(
    kit: UiContext, qtbot: QtBot
) -> None:
    button, other = Button(kit, N_("Lock"), "lock"), Button(kit, N_("Hide"), "eye-off")
    flow = FlowBox(button, other)
    around = QWidget()
    around.resize(600, 200)
    row(flow, on=around)
    show(qtbot, around)
    flow.hide()
    kit.set_language("sv")
    flow.show()
    assert button.text() == "⟦Lock⟧"
    assert button.width() >= button.sizeHint().width()
    assert not button.geometry().intersects(other.geometry())
