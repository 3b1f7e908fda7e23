# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of all field editors, and the row of a form that holds one.

"Not asked", "unknown" and "does not want to say" are possible answers to each question that
is asked of the client. The small button or Alt+Down offers them; they never look like an empty
line. Any other empty field is "not filled in". Input that cannot be parsed stays as typed and
is a fault, never lost. The row adds the label, the message
below and the conflict. Neither knows a record, a store or a service.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import cast

from PySide6.QtCore import QDeadlineTimer, QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QWidget

from kfdesk.domain.kinds import BooleanKind
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.registry import is_question
from kfdesk.domain.rows import FieldVersion
from kfdesk.domain.schema import Field
from kfdesk.domain.values import MissingAnswer, Value
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import empty_text
from kfdesk.i18n.places import Places
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.parts import (
    MISSING_ANSWER_WORDS,
    AnswerButton,
    ConflictView,
    FieldMessage,
    MissingAnswerView,
    Options,
    RowSearch,
)
from kfdesk.ui.tokens import GRID, LABEL_GAP, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import STRETCH, TOP, aligned, column, extend, grown, muted
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.inputs import has_typing_to_undo
from kfdesk.ui.widgets.popup import PopupMenu
from kfdesk.ui.widgets.text import keep_room


class Editor(QWidget):
    """The editor of one field. A subclass implements `_show`, `_read` and other hooks."""

    edited = Signal()
    """The user changed something; see `value`."""

    settled = Signal()
    """The focus left the editor, so the input can be validated."""

    stops_changed = Signal()
    """Other widgets than before take the focus."""

    zone_chosen = Signal(str)
    """A place in this time zone was chosen."""

    has_usual_note = False
    """True if nearly every value has a note, so that a form keeps room for it."""

    _names_first = True  # the first target has the field's name; else each names itself

    def __init__(self, kit: UiContext, field: Field) -> None:
        super().__init__()
        self._kit = kit
        self.field = field
        self.empty_words = empty_text(field)
        self._is_question = is_question(field)
        self.shown_value: Value = None
        """The value last shown, with which edits are compared."""
        self._gap: MissingAnswer | None = None
        self.is_touched = False
        """True if the user changed something since a value was shown."""
        self._is_read_only = False
        self._targets: list[QWidget] = []
        self._given: MissingAnswerView | None = None
        self.answers = AnswerButton(kit)
        self.answers.clicked.connect(self.open_answer_menu)
        kit.translator.bind(self.answers.setAccessibleName, _answer_name(field.label))
        self._body = QWidget()
        self.column = column(gap=GRID, on=self._body)
        self._lay_out()

    # Hooks of the subclasses

    @abstractmethod
    def _show(self, value: Value) -> None:
        """Show a value that is no missing answer, or nothing for None."""

    @abstractmethod
    def _read(self) -> Value:
        """Return the value of the body; called only while there is no fault."""

    def _fault(self) -> Message | None:
        """Return why the body holds no valid value, or None."""
        return None

    def _note(self) -> Message | None:
        """Return a remark about the value, or None."""
        return None

    def raw(self) -> str:
        """Return the input as typed, for a draft of what is no value yet."""
        return ""

    def _show_raw(self, raw: str) -> None:
        """Show input that `raw` returned."""

    # Interface for pages and forms

    def value(self) -> Value:
        """Return the value now; while there is a fault, the value last shown."""
        if not self.is_touched or not self.is_valid:
            return self.shown_value
        return self._gap or self._read()

    def show_value(self, value: Value) -> None:
        """Show a value from the store; nothing counts as edited afterwards."""
        self.shown_value = value
        self.is_touched = False
        self._show_any(value)

    def enter(self, value: Value) -> None:
        """Enter a value as if the user had: a draft, or an accepted proposal."""
        self.is_touched = True
        self._show_any(value)
        self.edited.emit()

    def enter_raw(self, raw: str) -> None:
        """Enter the result of `raw` as if the user had typed it."""
        self.is_touched = True
        self._set_missing(None)
        self._show_raw(raw)
        self.edited.emit()

    def rebase(self, value: Value) -> None:
        """Compare edits with `value` from now on: it was saved while the user typed on."""
        self.shown_value = value

    @property
    def has_changed(self) -> bool:
        """True if the value differs from the shown one, or cannot be parsed."""
        return self.is_touched and (not self.is_valid or self.value() != self.shown_value)

    @property
    def fault(self) -> Message | None:
        """The reason why the input cannot be saved, as a whole sentence; None if it can."""
        return None if self._gap or not self.is_touched else self._fault()

    @property
    def is_valid(self) -> bool:
        """True if the input can be saved."""
        return self.fault is None

    @property
    def note(self) -> Message | None:
        """A remark about the value, or None."""
        return None if self._gap else self._note()

    @property
    def focus_targets(self) -> list[QWidget]:
        """The widgets that take the keyboard focus, in tab order."""
        return [self.missing_view] if self._gap else list(self._targets)

    def focus(self) -> None:
        """Focus the first of its widgets."""
        self.focus_targets[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def focusInEvent(self, _event: QFocusEvent) -> None:
        """Pass the focus on to where one writes."""
        self.focus()

    def set_read_only(self, *, is_read_only: bool) -> None:
        """Make the editor read-only, or editable again."""
        self._is_read_only = is_read_only
        self._body.setEnabled(not is_read_only)
        if self._given is not None:
            self._given.setEnabled(not is_read_only)
        self._show_answer_button()

    def add_button(self, _button: QWidget) -> bool:
        """Add a button for the field. Return whether the editor has room for it."""
        return False

    def mark_wrong(self, *, is_wrong: bool, saying: Message = "") -> None:
        """Show an error by the border, and describe it to screen readers."""
        for target in self._targets:
            if bool(target.property("wrong")) != is_wrong:
                target.setProperty("wrong", is_wrong)
                target.style().polish(target)
                target.update()
        first = self._targets[0]
        if saying or first.accessibleDescription():
            self._kit.translator.bind(first.setAccessibleDescription, saying)

    def open_answer_menu(self) -> None:
        """Open the menu of missing answers, if the field has any."""
        if self._is_read_only or not self._missing_answers:
            return
        menu = PopupMenu(self.answers)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        now = None if self.is_touched and not self.is_valid else self.value()
        for gap in self._missing_answers:
            words = MISSING_ANSWER_WORDS[gap][0] if gap else self.empty_words
            action = QAction(self._kit.translator.translate(words), menu)
            action.setCheckable(True)
            action.setChecked(now is gap)
            action.triggered.connect(lambda _=False, gap=gap: self.set_missing_answer(gap))
            menu.addAction(action)
        menu.popup(self.answers.mapToGlobal(QPoint(0, self.answers.height())))

    def set_missing_answer(self, gap: MissingAnswer | None) -> None:
        """Enter a missing answer; None is none yet and empties the body."""
        self.is_touched = True
        self._show_any(gap)
        self.edited.emit()
        self.focus()

    @property
    def _missing_answers(self) -> tuple[MissingAnswer | None, ...]:
        """The answers to offer: all to a question to the client, else only how to empty it."""
        if self._is_question:
            return (None, *MISSING_ANSWER_WORDS)
        if self._gap is not None:  # written by another desk or an older version
            return (None, self._gap)
        return (None,) if isinstance(self.field.kind, BooleanKind) else ()

    def _show_answer_button(self) -> None:
        self.answers.setVisible(not self._is_read_only and bool(self._missing_answers))

    @property
    def missing_view(self) -> MissingAnswerView:
        """The widget that replaces the body for a missing answer; built on first access."""
        if self._given is None:
            self._given = given = MissingAnswerView(self._kit, self.field.label)
            given.menu_asked.connect(self.open_answer_menu)
            given.typed.connect(self._on_typed_over)
            given.installEventFilter(self)
            given.setEnabled(not self._is_read_only)
            given.hide()
            self._across.insertWidget(1, given, 1)
        return self._given

    # Helpers for the subclasses

    def _set_focus_targets(self, *targets: QWidget) -> None:
        """Set the widgets that take the focus, in order; the first gets the field's name."""
        for target in targets:
            if target not in self._targets:
                target.installEventFilter(self)
        self._targets = list(targets)
        if self._names_first:
            self._kit.translator.bind(self._targets[0].setAccessibleName, self.field.label)
        self.stops_changed.emit()

    def _touch(self) -> None:
        """Record that the user changed the body."""
        self.is_touched = True
        self.edited.emit()

    def _on_changed(self) -> None:
        self._touch()

    def _accessible_name(self, part: Message) -> Message:
        """Return the accessible name of a part: the field's name and the part's."""
        return lambda language: (
            f"{language.gettext(self.field.label)}: {self._kit.translator.translate(part)}"
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open the answers on Alt+Down; emit `settled` when the focus leaves the editor."""
        kind = event.type()
        if kind is _SHORTCUT or kind is _KEY_PRESS:
            key = cast("QKeyEvent", event)
            is_ours = key.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == _ALT
            if kind is _SHORTCUT and _undoes_no_typing(key, watched):
                event.ignore()  # the window's shortcut undoes the last step
                return True
            if is_ours and key.key() == Qt.Key.Key_Down:
                event.accept()
                if kind is _KEY_PRESS:
                    self.open_answer_menu()
                    return True
                return False
        elif kind is _FOCUS_OUT:
            reason = cast("QFocusEvent", event).reason()
            if reason is not Qt.FocusReason.PopupFocusReason:
                QTimer.singleShot(0, self, self._on_focus_left)
        return False

    def _on_focus_left(self) -> None:
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            self.settled.emit()

    def _on_typed_over(self, text: str) -> None:
        """Begin a value with a letter that was typed on a missing answer."""
        self.set_missing_answer(None)
        self._begin(text)

    def _begin(self, text: str) -> None:
        """Begin the value with this text; kinds without letters do nothing."""

    def _show_any(self, value: Value) -> None:
        is_gap = isinstance(value, MissingAnswer)
        self._show(None if is_gap else value)
        self._set_missing(value if isinstance(value, MissingAnswer) else None)

    def _set_missing(self, gap: MissingAnswer | None) -> None:
        had_focus = any(stop.hasFocus() for stop in self.focus_targets)
        self._gap = gap
        self._show_answer_button()
        if gap is not None:
            self.missing_view.show_answer(gap)
        self._body.setVisible(gap is None)
        if self._given is not None:
            self._given.setVisible(gap is not None)
        self.stops_changed.emit()
        if had_focus and not any(stop.hasFocus() for stop in self.focus_targets):
            self.focus()

    def _lay_out(self) -> None:
        self._across = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        extend(row, grown(self._body), aligned(self.answers, TOP))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)


_ALT = Qt.KeyboardModifier.AltModifier
_SHORTCUT, _KEY_PRESS = QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress
_FOCUS_OUT = QEvent.Type.FocusOut


def _undoes_no_typing(key: QKeyEvent, watched: QObject) -> bool:
    """Return whether the key is Undo in a text field without anything to undo."""
    is_undo = key.matches(QKeySequence.StandardKey.Undo)
    return is_undo and isinstance(watched, QWidget) and not has_typing_to_undo(watched)


def _answer_name(label: str) -> Message:
    return lambda language: language.gettext(N_("Other answer: {field}")).format(
        field=language.gettext(label)
    )


# --- The row of a form


@dataclass(frozen=True, slots=True)
class FormOptions:
    """The options of a form; every field is optional.

    `references` holds the options by field key. `languages` are those that a translated text
    needs. `zone` is the default of a new time. `readers` says by field key who may receive the
    value. `seekers` holds by field key a search, for references with too many options to list.
    `contact_keys` are the fields whose entries are made in Contacts.
    """

    references: Mapping[str, Options] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    zone: str = "Europe/Stockholm"
    places: Places | None = None
    readers: Mapping[str, Message] = field(default_factory=dict)
    seekers: Mapping[str, RowSearch] = field(default_factory=dict)
    contact_keys: frozenset[str] = frozenset()


OUTDATED_TEXT = N_(
    "Someone has changed this field since you opened it. If you save, both values stay "
    "until you choose one."
)


class _MessageStyle(Enum):
    """The tone and the icon of a message."""

    DANGER = (Tone.DANGER, "circle-alert")
    WARNING = (Tone.WARNING, "triangle-alert")
    NOTE = (Tone.MUTED, "info")


_HELD_DELAY = 20  # milliseconds, until it is asked again whether a mouse button is down
_HELD_LONGEST = 1000  # milliseconds


class FormRow(QWidget):
    """One field of a form. `decision_asked` when the user wants to decide its conflict.

    Rarely shown parts are built on first use: a page of forty fields would otherwise take twice
    as long to build.
    """

    decision_asked = Signal()

    def __init__(self, kit: UiContext, editor: Editor, readers: Message = "") -> None:
        super().__init__()
        self._kit = kit
        self.editor = editor
        self._findings: tuple[Message, ...] = ()
        self._are_findings_old = False
        self.is_read_only = False
        self._is_judged = False
        self._has_moved = False
        self._label = muted(kit, editor.field.label, TextStyle.LABEL)
        self.beside: list[Button] = []
        self._below: list[Button] = []
        self._line = QHBoxLayout()
        self._torn: ConflictView | None = None
        self._note: FieldMessage | None = None
        self._is_held = False
        self._held_until: QDeadlineTimer | None = None
        self._keeps_room = editor.has_usual_note
        self._lay_out(readers)
        editor.edited.connect(self._on_edited)
        editor.settled.connect(self.validate)
        editor.stops_changed.connect(self._on_stops_changed)
        self._on_stops_changed()
        if self._keeps_room:
            self.reserve_message()
        self.update_message()

    def add_beside(self, button: Button) -> None:
        """Add a button for the field beside the editor."""
        if not self.editor.add_button(button):
            extend(self._line, aligned(button, TOP))
        self.beside.append(button)

    def reserve_message(self) -> None:
        """Keep room for a message of one line, so that what is below stays where it is."""
        self._keeps_room = True
        note = self._message_widget()
        keep_room(note)
        if note.isHidden():
            note.words.set_message("\N{NO-BREAK SPACE}")

    def add_below(self, part: QWidget, buttons: Sequence[Button]) -> None:
        """Add a widget with buttons below the editor, such as a proposal for the field."""
        self._column.insertWidget(self._end_of_parts, part)
        self._end_of_parts += 1
        self._below.extend(buttons)

    @property
    def focus_targets(self) -> list[QWidget]:
        """All widgets here that take the keyboard focus, in tab order."""
        torn = [self._torn.decide] if self._torn is not None else []
        return [*torn, *self.editor.focus_targets, *self._below, *self.beside]

    def hide_label(self) -> None:
        """Hide the label of the field, because a heading above it says the same."""
        self._label.hide()

    def set_read_only(self, *, is_read_only: bool) -> None:
        """Make the field read-only, or editable again; hide or show the buttons beside it."""
        self.is_read_only = is_read_only
        self.editor.set_read_only(is_read_only=is_read_only)
        for button in self.beside:
            button.setVisible(not is_read_only)

    @property
    def message_text(self) -> str:
        """The message below the field; empty if there is none."""
        return "" if self._note is None or self._note.isHidden() else self._note.words.text()

    @property
    def has_conflict(self) -> bool:
        """True if it shows the versions of a conflict."""
        return self._torn is not None and not self._torn.isHidden()

    @property
    def conflict_view(self) -> ConflictView:
        """The view of the conflict, in place of the editor; built on first access."""
        if self._torn is None:
            self._torn = ConflictView(self._kit, self.editor.field)
            self._torn.decide.clicked.connect(self.decision_asked)
            self._column.insertWidget(1, self._torn)
            self._end_of_parts += 1
            self.editor.stops_changed.emit()
        return self._torn

    def validate(self) -> None:
        """Show the fault from now on, until it is corrected."""
        self._is_judged = True
        self.update_message()

    def reset_validation(self) -> None:
        """Show no fault until the focus leaves the field again."""
        self._is_judged = self._has_moved = self._are_findings_old = False
        self.update_message()

    def show_findings(self, findings: Sequence[Message]) -> None:
        """Show the findings of a check about the field; they block nothing.

        They disappear when the value is changed, until the next check.
        """
        self._findings, self._are_findings_old = tuple(findings), False
        self.update_message()

    def show_outdated(self) -> None:
        """Show that the stored value changed after editing began."""
        self._has_moved = True
        self.update_message()

    def show_conflict(self, versions: Sequence[FieldVersion]) -> None:
        """Show the versions in place of the editor, or the editor if there are none.

        An edited editor stays visible with its input.
        """
        if versions or self._torn is not None:
            self.conflict_view.show_versions(versions)
        self.editor.setVisible(not versions or self.editor.has_changed)
        self.update_message()

    def update_message(self) -> None:
        """Show the most important message below the field.

        While a mouse button is held down nothing moves: what is pressed gets its click. No click
        takes longer than a second; a release that Qt was not told of hides no message.
        """
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            if self._held_until is None:
                self._held_until = QDeadlineTimer(_HELD_LONGEST)
            if not self._held_until.hasExpired():
                if not self._is_held:
                    self._is_held = True
                    QTimer.singleShot(_HELD_DELAY, self, self._on_held)
                return
        else:
            self._held_until = None
        fault = self.editor.fault
        if fault is None:
            self._is_judged = False
        is_wrong = fault is not None and self._is_judged
        said = self._most_important(fault if is_wrong else None)
        spoken: Message = ""
        if said is not None:
            sign, spoken = said
            self._message_widget().show_message(spoken, sign.value[1], sign.value[0])
            self._message_widget().show()
            keep_room(self._message_widget())  # it goes without moving what is below
        elif self._note is not None:
            self._note.hide()
        self.editor.mark_wrong(is_wrong=is_wrong, saying=spoken)

    def release_room(self) -> None:
        """Keep no room for a message that was shown of another record."""
        if self._note is not None and not self._keeps_room:
            keep_room(self._note, is_kept=False)

    def _on_held(self) -> None:
        self._is_held = False
        self.update_message()

    def _message_widget(self) -> FieldMessage:
        if self._note is None:
            self._note = FieldMessage(self._kit)
            self._note.hide()
            self._column.insertWidget(self._end_of_parts, self._note)
        return self._note

    def _most_important(self, fault: Message | None) -> tuple[_MessageStyle, Message] | None:
        if fault is not None:
            return _MessageStyle.DANGER, fault
        if self._has_moved:
            return _MessageStyle.WARNING, OUTDATED_TEXT
        if self._findings and not self._are_findings_old:
            return _MessageStyle.WARNING, self._findings_text
        note = self.editor.note if not self.has_conflict else None
        return (_MessageStyle.NOTE, note) if note is not None else None

    def _findings_text(self, _language: Language) -> str:
        return "\n".join(self._kit.translator.translate(finding) for finding in self._findings)

    def _on_edited(self) -> None:
        self._are_findings_old = True
        self.update_message()

    def _on_stops_changed(self) -> None:
        self._label.setBuddy(self.editor.focus_targets[0])

    def _lay_out(self, readers: Message) -> None:
        self._column = column(gap=LABEL_GAP, on=self)
        self._line.setSpacing(GRID)
        extend(self._line, grown(self.editor))
        extend(self._column, self._label, self._line)
        self._end_of_parts = self._column.count()
        for message, icon in ((self.editor.field.help, "info"), (readers, "eye")):
            if message:  # a permanent line
                hint = FieldMessage(self._kit)
                hint.show_message(message, icon, Tone.MUTED)
                extend(self._column, hint)
        extend(self._column, STRETCH)
