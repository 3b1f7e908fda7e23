# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at the window, who has a keyboard and nothing else.

Every verb sends keys to whatever has the keyboard, and comes to a control by Tab, by its name in
the window's language, as somebody does who uses no mouse. It knows no page: where a thing stands
is the play's to know. What it reads of the store it asks on the window's own worker.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.support.windows import is_whole, session_of, shell_of

from kfdesk.domain.kinds import DateKind
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import view
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import gate_label
from kfdesk.services.core.session import Session
from kfdesk.ui.forms.editor import Editor
from kfdesk.ui.forms.editors import CheckBoxesEditor, ChoiceEditor
from kfdesk.ui.forms.moments import ZonedTimeEditor
from kfdesk.ui.forms.parts import SuggestionPopup
from kfdesk.ui.forms.translated import LocalizedTextEditor
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.program import Program
from kfdesk.ui.shell.quick_find import QuickFindField
from kfdesk.ui.shell.window import Window

T = TypeVar("T")
Key = Qt.Key
NONE, CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
_ROUND = 400  # more Tabs than any page has stops
_MENDED = ("Fix", "Fill in", "Record", "Ask")  # what the button of an open condition may say


class Player:
    """A person at one window."""

    def __init__(self, program: Program, qtbot: QtBot) -> None:
        self.program = program
        self._qtbot = qtbot
        self.lost: list[str] = []
        """After which keys the keyboard was nowhere, or had jumped up into the bar."""

    # Keys

    def presses(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key in the focused widget, and wait for its effects."""
        before = _keyboard(self.program.window)
        told = f"{key.name} on {type(before).__name__} {before.accessibleName() or _text(before)}"
        was_lost = self._is_lost()
        QTest.keyClick(before, key, modifiers)
        self.rests()
        if self._is_lost() and not was_lost:
            self.lost.append(told)

    def types(self, text: str) -> None:
        """Letters of any script, where the keyboard is."""
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                target = _keyboard(self.program.window)
                QApplication.sendEvent(target, QKeyEvent(kind, 0, NONE, letter))
        QApplication.processEvents()

    def saves(self) -> None:
        """Ctrl+S."""
        self.presses(Key.Key_S, CTRL)

    def waits_for(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        self._qtbot.waitUntil(is_so)
        self.rests()

    def rests(self) -> None:
        """Wait until the worker has nothing to do and everything is made and laid out."""
        work = self.program.kit.worker
        for _turn in range(2):
            QApplication.processEvents()
            self._qtbot.waitUntil(lambda: not work.is_busy and is_whole())
        if QApplication.activePopupWidget() is None and not isinstance(
            QApplication.activeWindow(), Window | QFileDialog
        ):
            self.program.window.activateWindow()  # after a list has closed a desktop does it
            QApplication.processEvents()

    # Coming to things

    def goes_to(self, words: str, **places: str) -> QWidget:
        """Walk by Tab to the control of this name, which is told in English."""
        name = self.says(words, **places)
        return self._walks(lambda focus: name in {focus.accessibleName(), _text(focus)}, name)

    def goes_to_gate(self, code: str, *words: str) -> None:
        """Walk to the button of a condition that has one of these words."""
        label = gate_label(code, self.language)
        names = {f"{self.says(one)}: {label}" for one in words}
        self._walks(lambda focus: focus.accessibleName() in names, " or ".join(sorted(names)))

    def does(self, words: str, **places: str) -> None:
        """Walk to a button and press it."""
        self.goes_to(words, **places)
        self.presses(Key.Key_Space)

    def goes_to_button(self, button: QWidget) -> None:
        """Walk to a button whose words say how much there is."""
        self._walks(button.__eq__, _text(button))

    def writes_now(self, record_type: str, key: str) -> None:
        """Press the button beside a day or a time that writes that it is now."""
        field = RECORD_TYPES[record_type].fields[key]
        word = "Today" if isinstance(field.kind, DateKind) else "Now"
        name = f"{self.says(field.label)}: {self.says(word)}"
        self._walks(lambda focus: focus.accessibleName() == name, name)
        self.presses(Key.Key_Space)

    def names_file(self, path: Path) -> None:
        """Type a path into the question for a file, unless it is where the question begins."""
        asks = QApplication.activeWindow()
        assert isinstance(asks, QFileDialog), asks
        if Path(asks.directory().absolutePath()) != path:
            self.types(str(path))
        self.presses(Key.Key_Return)
        self.waits_for(lambda: QApplication.activeWindow() is self.program.window)

    def goes_to_field(self, record_type: str, key: str) -> Editor:
        """Walk by Tab into the editor of a field; on from here, not back."""
        field = RECORD_TYPES[record_type].fields[key]
        self._walks(lambda focus: _field_of(focus) is field, f"{record_type}.{key}")
        editor = _editor_of(_keyboard(self.program.window))
        assert editor is not None
        return editor

    def does_for(self, words: str, name: str) -> None:
        """Walk to the button that does something for one of several, and press it."""
        named = f"{self.says(words)}: {name}"
        self._walks(lambda focus: focus.accessibleName() == named, named)
        self.presses(Key.Key_Space)

    def does_some(self, one: str, many: str) -> None:
        """Walk to a button that counts something, whatever the count, and press it."""
        spoken = self.language
        names = {spoken.ngettext(one, many, n).format(count=n) for n in range(99)}
        self._walks(lambda focus: _text(focus) in names, many)
        self.presses(Key.Key_Space)

    def goes_to_section(self, key: str) -> None:
        """Walk the sections of a plan; in a field Alt with an arrow is the field's."""
        page = self.page
        keys = list(page.parts)
        here = keys.index(page.place().partition("/")[2])
        for _ in range(abs(keys.index(key) - here)):
            self.presses(Key.Key_PageDown if keys.index(key) > here else Key.Key_PageUp, CTRL)
        assert page.parts[key].isVisible(), key

    def checks(self) -> None:
        """Alt+C: what is open before the next step."""
        self.presses(Key.Key_C, ALT)

    def mends(self, code: str) -> None:
        """Come by Alt+C to a condition, and follow it to where it is mended."""
        self.checks()
        self.goes_to_gate(code, *_MENDED)
        self.presses(Key.Key_Space)

    # Filling in

    def fills(self, record_type: str, key: str, text: str) -> None:
        """Type a text, a number or a day in its field."""
        self.goes_to_field(record_type, key)
        self.presses(Key.Key_A, CTRL)
        self.types(text)

    def picks(self, record_type: str, key: str, *begins: str) -> None:
        """Find entries by how their names begin, and take the first of each list."""
        self.goes_to_field(record_type, key)
        for text in begins:
            self.types(text)
            self.presses(Key.Key_Return)

    def chooses(self, record_type: str, key: str, code: str) -> None:
        """Go down a choice to one answer."""
        editor = self.goes_to_field(record_type, key)
        assert isinstance(editor, ChoiceEditor), key
        self.presses(Key.Key_Home)
        for _ in range(editor.choice.count()):
            if editor.choice.key == code:
                return
            self.presses(Key.Key_Down)
        assert editor.choice.key == code

    def ticks(self, record_type: str, key: str, codes: Iterable[str]) -> None:
        """Tick boxes by Tab and the space bar."""
        wanted = list(codes)
        editor = self.goes_to_field(record_type, key)
        assert isinstance(editor, CheckBoxesEditor), key
        for code, box in editor.boxes.items():
            if code in wanted:
                self._walks(box.__eq__, code)
                self.presses(Key.Key_Space)
        assert set(editor.boxes) >= set(wanted)

    def answers(self, record_type: str, key: str, *, yes: bool) -> None:
        """Say yes or no."""
        self.goes_to_field(record_type, key)
        self.presses(Key.Key_Space)
        if not yes:
            self.presses(Key.Key_Right)

    def tells(self, record_type: str, key: str, *texts: str) -> None:
        """Say a text in as many languages as stand there."""
        editor = self.goes_to_field(record_type, key)
        assert isinstance(editor, LocalizedTextEditor), key
        for telling, text in zip(editor.tellings, texts, strict=False):
            self._walks(telling.area.__eq__, key)
            self.presses(Key.Key_A, CTRL)
            self.types(text)

    def names_place(self, record_type: str, key: str, begins: str) -> None:
        """Type how a place begins and take the first that is offered."""
        editor = self.goes_to_field(record_type, key)
        assert isinstance(editor, LocalizedTextEditor), key
        self.presses(Key.Key_A, CTRL)
        self.types(begins)
        assert any(each.is_open for each in editor.findChildren(SuggestionPopup)), begins
        self.presses(Key.Key_Down)
        self.presses(Key.Key_Return)

    def sets_time(self, record_type: str, key: str, day: str, clock: str, whose: str = "") -> None:
        """Type a day and a time of day and, if it is not there already, whose clock shows it."""
        editor = self.goes_to_field(record_type, key)
        assert isinstance(editor, ZonedTimeEditor), key
        for text in (day, clock):
            self.presses(Key.Key_A, CTRL)
            self.types(text)
            self.presses(Key.Key_Tab)
        if whose:
            self.presses(Key.Key_A, CTRL)
            self.types(whose)
            self.presses(Key.Key_Return)

    # Reading

    @property
    def language(self) -> Language:
        """The language of the page on view; that of a plan has the pronoun of its client."""
        plan = getattr(getattr(shell_of(self.program), "page", None), "plan", None)
        kit = plan._kit if isinstance(plan, PlanView) else self.program.kit
        return kit.translator.language

    def says(self, words: str, **places: str) -> str:
        """Return the window's text for an English message."""
        said = self.language.gettext(words)
        return said.format(**places) if places else said

    def sees(self, words: str, **places: str) -> bool:
        """Return whether it stands on view, alone or within a longer text."""
        said = self.says(words, **places)
        return any(said in text for text in self.texts())

    def texts(self, within: QWidget | None = None) -> set[str]:
        """Return the texts of the visible labels."""
        QApplication.processEvents()
        labels = (within or self.program.window).findChildren(QLabel)
        return {label.text() for label in labels if label.isVisible()}

    @property
    def page(self) -> PlanView:
        """The plan on view."""
        page = shell_of(self.program).page.plan
        assert isinstance(page, PlanView)
        return page

    # The store behind the window

    @property
    def desk(self) -> Session:
        """The open desk."""
        return session_of(self.program)

    @property
    def plan(self) -> bytes:
        """The one plan."""
        (row,) = self.behind(lambda desk: tuple(desk.store.rows("plan")))
        return row.rid

    @property
    def state(self) -> str:
        """The one plan's state, as the store has it."""
        (row,) = self.behind(lambda desk: tuple(desk.store.rows("plan")))
        return str(view(row, Plan).record.state)

    def behind(self, function: Callable[[Session], T]) -> T:
        """Return what `function` returns on the worker: to look, or to do what no key can."""
        desk, results = self.desk, list[T]()
        self.program.kit.worker.run(lambda: function(desk), results.append)
        self._qtbot.waitUntil(lambda: bool(results))
        return results[0]

    def _is_lost(self) -> bool:
        focus = QApplication.activePopupWidget() or QApplication.focusWidget()
        return focus is None or isinstance(focus, QuickFindField)

    def _walks(self, is_it: Callable[[QWidget], object], name: str) -> QWidget:
        for _ in range(_ROUND):
            focus = _keyboard(self.program.window)
            if is_it(focus) is True:
                return focus
            QTest.keyClick(focus, Key.Key_Tab)
        raise AssertionError(f"no Tab comes to: {name}")


def _keyboard(window: QWidget) -> QWidget:
    """Return the widget with the keyboard: an open popup, or the focused one."""
    return QApplication.activePopupWidget() or QApplication.focusWidget() or window


def _text(widget: QWidget) -> str:
    if isinstance(widget, QAbstractButton):
        return widget.text()
    return widget.currentText() if isinstance(widget, QComboBox) else ""


def _editor_of(widget: QWidget | None) -> Editor | None:
    while widget is not None and not isinstance(widget, Editor):
        widget = widget.parentWidget()
    return widget


def _field_of(widget: QWidget) -> object:
    editor = _editor_of(widget)
    return editor.field if editor is not None else None
