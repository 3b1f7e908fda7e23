# SPDX-License-Identifier: GPL-3.0-or-later
"""What every editor does: show a value, say what it holds now, and take the answers without one.

Not asked, unknown and "does not want to say" are answers of every kind, reached by the small
button or Alt+Down; they never look like an empty line. What cannot be read stays as it was typed
and is a fault, never a loss. An editor knows its field, and no record, store or service.
"""

from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_, Field
from kfdesk.domain.values import Gap, Value
from kfdesk.ui import tokens
from kfdesk.ui.form.parts.given import GAP_WORDS, AnswerButton, Given
from kfdesk.ui.kit import Kit
from kfdesk.ui.words import Message


class Editor(QWidget):
    """The editor of one field. A kind of its own fills `_show`, `_read` and perhaps the rest."""

    edited = Signal()
    """A person changed something; what holds now is asked of `value`."""

    settled = Signal()
    """The keyboard left the editor, so what was typed may be judged."""

    stops_changed = Signal()
    """Other widgets than before take the keyboard."""

    zone_chosen = Signal(str)
    """A place was chosen whose clock is this zone."""

    _names_first = True  # the first target has the field's name; else each names itself

    def __init__(self, kit: Kit, field: Field) -> None:
        super().__init__()
        self._kit = kit
        self.field = field
        self._held: Value = None
        self._gap: Gap | None = None
        self._is_touched = False
        self._is_read_only = False
        self._targets: list[QWidget] = []
        self._given: Given | None = None
        self.answers = AnswerButton(kit)
        self.answers.clicked.connect(self.open_answers)
        kit.words.bind(self.answers.setAccessibleName, _answer_name(field.label))
        self._body = QWidget()
        self.column = QVBoxLayout(self._body)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(tokens.GRID)
        self._lay_out()

    # What a kind fills in

    def _show(self, value: Value) -> None:
        """Show a value that is no gap, or nothing for None."""
        raise NotImplementedError

    def _read(self) -> Value:
        """The value that the body holds; asked only while there is no fault."""
        raise NotImplementedError

    def _fault(self) -> Message | None:
        """What keeps the body from being a value."""
        return None

    def _note(self) -> Message | None:
        """What is worth knowing about it."""
        return None

    def raw(self) -> str:
        """What was typed, as it stands; for a draft of what is no value yet."""
        return ""

    def _show_raw(self, raw: str) -> None:
        """Put back what `raw` gave."""

    # What pages and forms call

    def value(self) -> Value:
        """The value now; while there is a fault, the one last shown."""
        if not self._is_touched or not self.is_valid:
            return self._held
        return self._gap or self._read()

    def show_value(self, value: Value) -> None:
        """Show a value, as from the store; nothing counts as edited then."""
        self._held = value
        self._is_touched = False
        self._place(value)

    def enter(self, value: Value) -> None:
        """Put in a value as if a person had: a draft, or a proposal that was taken."""
        self._is_touched = True
        self._place(value)
        self.edited.emit()

    def enter_raw(self, raw: str) -> None:
        """Put in what `raw` gave, as if a person had typed it."""
        self._is_touched = True
        self._take_gap(None)
        self._show_raw(raw)
        self.edited.emit()

    def rebase(self, value: Value) -> None:
        """Count what differs from `value` as edited: it was saved while a person typed on."""
        self._held = value

    @property
    def held(self) -> Value:
        """The value last shown, which edits are compared with."""
        return self._held

    @property
    def is_touched(self) -> bool:
        """Whether a person changed something since a value was shown."""
        return self._is_touched

    @property
    def has_changed(self) -> bool:
        """Whether it holds another value than the one shown, or none that can be read."""
        return self._is_touched and (not self.is_valid or self.value() != self._held)

    @property
    def fault(self) -> Message | None:
        """What keeps what was typed from being saved; a whole sentence."""
        return None if self._gap or not self._is_touched else self._fault()

    @property
    def is_valid(self) -> bool:
        """Whether what stands there can be saved."""
        return self.fault is None

    @property
    def note(self) -> Message | None:
        """What is worth knowing about what stands there."""
        return None if self._gap else self._note()

    @property
    def stops(self) -> list[QWidget]:
        """The widgets that take the keyboard, in their order."""
        return [self.given] if self._gap else list(self._targets)

    def focus(self) -> None:
        """Give the keyboard to the first of its stops."""
        self.stops[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def set_read_only(self, *, is_read_only: bool) -> None:
        """Let it be only read, or be edited again."""
        self._is_read_only = is_read_only
        self._body.setEnabled(not is_read_only)
        if self._given is not None:
            self._given.setEnabled(not is_read_only)
        self.answers.setVisible(not is_read_only)

    def take_in(self, _button: QWidget) -> bool:
        """Take in a button that does something about the field; whether there is room for it."""
        return False

    def mark_wrong(self, *, is_wrong: bool, saying: Message = "") -> None:
        """Show by its border that something is wrong, and say it to those who listen."""
        for target in self._targets:
            if bool(target.property("wrong")) != is_wrong:
                target.setProperty("wrong", is_wrong)
                target.style().polish(target)
                target.update()
        first = self._targets[0]
        if saying or first.accessibleDescription():
            self._kit.words.bind(first.setAccessibleDescription, saying)

    def open_answers(self) -> None:
        """Offer the answers that are no value."""
        if self._is_read_only:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        now = None if self._is_touched and not self.is_valid else self.value()
        for gap, (words, _) in GAP_WORDS.items():
            action = QAction(self._kit.words.say(words), menu)
            action.setCheckable(True)
            action.setChecked(now is gap)
            action.triggered.connect(lambda _=False, gap=gap: self.answer(gap))
            menu.addAction(action)
        menu.popup(self.answers.mapToGlobal(QPoint(0, self.answers.height())))

    def answer(self, gap: Gap | None) -> None:
        """Take one of the answers without a value; None is "not asked" and empties the body."""
        self._is_touched = True
        self._place(gap)
        self.edited.emit()
        self.focus()

    @property
    def given(self) -> Given:
        """What stands in place of the body for an answer that is no value; made when asked for."""
        if self._given is None:
            self._given = given = Given(self._kit, self.field.label)
            given.menu_asked.connect(self.open_answers)
            given.typed.connect(self._on_typed_over)
            given.installEventFilter(self)
            given.setEnabled(not self._is_read_only)
            given.hide()
            self._across.insertWidget(1, given, 1)
        return self._given

    # What kinds use

    def _aim(self, *targets: QWidget) -> None:
        """These take the keyboard, in this order; the first has the field's name."""
        for target in targets:
            if target not in self._targets:
                target.installEventFilter(self)
        self._targets = list(targets)
        if self._names_first:
            self._kit.words.bind(self._targets[0].setAccessibleName, self.field.label)
        self.stops_changed.emit()

    def _touch(self) -> None:
        """A person changed something in the body."""
        self._is_touched = True
        self.edited.emit()

    def _on_changed(self) -> None:
        self._touch()

    def _name(self, part: Message) -> Message:
        """The accessible name of a part: the field's, and what the part is."""
        return lambda language: f"{language.gettext(self.field.label)}: {self._kit.words.say(part)}"

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Alt+Down opens the answers; a focus that leaves the editor settles it."""
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            key = cast("QKeyEvent", event)
            is_ours = key.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == _ALT
            if is_ours and key.key() == Qt.Key.Key_Down:
                event.accept()
                if event.type() is QEvent.Type.KeyPress:
                    self.open_answers()
                    return True
                return False
        if event.type() is QEvent.Type.FocusOut:
            reason = cast("QFocusEvent", event).reason()
            if reason is not Qt.FocusReason.PopupFocusReason:
                QTimer.singleShot(0, self, self._on_focus_left)
        return super().eventFilter(watched, event)

    def _on_focus_left(self) -> None:
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            self.settled.emit()

    def _on_typed_over(self, text: str) -> None:
        """A letter typed on an answer begins a value."""
        self.answer(None)
        self._begin(text)

    def _begin(self, text: str) -> None:
        """Begin the value with what was typed; kinds without letters do nothing."""

    def _place(self, value: Value) -> None:
        is_gap = isinstance(value, Gap)
        self._show(None if is_gap else value)
        self._take_gap(value if isinstance(value, Gap) else None)

    def _take_gap(self, gap: Gap | None) -> None:
        had_focus = any(stop.hasFocus() for stop in self.stops)
        self._gap = gap
        if gap is not None:
            self.given.show_gap(gap)
        self._body.setVisible(gap is None)
        if self._given is not None:
            self._given.setVisible(gap is not None)
        self.stops_changed.emit()
        if had_focus:
            self.focus()

    def _lay_out(self) -> None:
        self._across = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._body, 1)
        row.addWidget(self.answers, 0, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)


_ALT = Qt.KeyboardModifier.AltModifier


def _answer_name(label: str) -> Message:
    return lambda language: language.gettext(N_("Other answer: {field}")).format(
        field=language.gettext(label)
    )
