# SPDX-License-Identifier: GPL-3.0-or-later
"""A field's place in a form: its label, its editor, and below them what is to be said about it.

What is wrong is told when the field is left, not while one types; from then on it follows the
typing. A field in conflict shows its versions in place of the editor. Knows no service.
"""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.rows import Version
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import tokens
from kfdesk.ui.form.editor import Editor
from kfdesk.ui.form.parts.said import Note, Torn
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.words import Message

MOVED = N_(
    "Somebody has changed this field since you opened it. If you save, both values stay until "
    "one is chosen."
)


class _Sign(Enum):
    DANGER = (Tone.DANGER, "circle-alert")
    WARNING = (Tone.WARNING, "triangle-alert")
    NOTE = (Tone.MUTED, "info")


class Slot(QWidget):
    """One field of a form. `decision_asked` when its conflict is to be decided.

    What few fields ever show is made when it is first needed: a page of forty fields would
    otherwise take twice as long to come.
    """

    decision_asked = Signal()

    def __init__(self, kit: Kit, editor: Editor, readers: Message = "") -> None:
        super().__init__()
        self._kit = kit
        self.editor = editor
        self._findings: tuple[Message, ...] = ()
        self._are_findings_old = False
        self.is_read_only = False
        self._is_judged = False
        self._has_moved = False
        self._label = Label(kit, editor.field.label, Type.LABEL, Tone.MUTED).wrapped()
        self.beside: list[Button] = []
        self._below: list[Button] = []
        self._line = QHBoxLayout()
        self._torn: Torn | None = None
        self._note: Note | None = None
        self._lay_out(readers)
        editor.edited.connect(self._on_edited)
        editor.settled.connect(self.judge)
        editor.stops_changed.connect(self._on_stops_changed)
        self._on_stops_changed()
        self.tell()

    def put_beside(self, button: Button) -> None:
        """Put a button beside the editor: it does something about the field."""
        if not self.editor.take_in(button):
            self._line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.beside.append(button)

    def put_below(self, part: QWidget, buttons: Sequence[Button]) -> None:
        """Put a part with buttons below the editor: it offers something for the field."""
        self._column.insertWidget(self._end_of_parts, part)
        self._end_of_parts += 1
        self._below.extend(buttons)

    @property
    def stops(self) -> list[QWidget]:
        """All that takes the keyboard here, in its order."""
        torn = [self._torn.decide] if self._torn is not None else []
        return [*torn, *self.editor.stops, *self._below, *self.beside]

    def set_read_only(self, *, is_read_only: bool) -> None:
        """Let the field be only read, or be edited again; what stands beside it goes, too."""
        self.is_read_only = is_read_only
        self.editor.set_read_only(is_read_only=is_read_only)
        for button in self.beside:
            button.setVisible(not is_read_only)

    @property
    def said(self) -> str:
        """What stands below the field; empty if nothing does."""
        return "" if self._note is None or self._note.isHidden() else self._note.words.text()

    @property
    def is_torn(self) -> bool:
        """Whether it shows versions of a conflict."""
        return self._torn is not None and not self._torn.isHidden()

    @property
    def torn(self) -> Torn:
        """The versions of a conflict, in place of the editor; made when asked for."""
        if self._torn is None:
            self._torn = Torn(self._kit, self.editor.field)
            self._torn.decide.clicked.connect(self.decision_asked)
            self._column.insertWidget(1, self._torn)
            self._end_of_parts += 1
            self.editor.stops_changed.emit()
        return self._torn

    def judge(self) -> None:
        """Tell what is wrong, from now on until it is right."""
        self._is_judged = True
        self.tell()

    def forgive(self) -> None:
        """Tell nothing as wrong until the field is left again."""
        self._is_judged = self._has_moved = self._are_findings_old = False
        self.tell()

    def show_findings(self, findings: Sequence[Message]) -> None:
        """Show what a check has found about the field; it blocks nothing.

        Once the value is changed it is no longer said, until the next check.
        """
        self._findings, self._are_findings_old = tuple(findings), False
        self.tell()

    def tell_moved(self) -> None:
        """Tell that the stored value is another than the one that is being edited."""
        self._has_moved = True
        self.tell()

    def show_conflict(self, versions: Sequence[Version]) -> None:
        """Show versions in place of the editor; none shows the editor. What is typed stays."""
        if versions or self._torn is not None:
            self.torn.show_versions(versions)
        self.editor.setVisible(not versions or self.editor.has_changed)
        self.tell()

    def tell(self) -> None:
        """Say below the field the weightiest of what there is to say."""
        fault = self.editor.fault
        if fault is None:
            self._is_judged = False
        is_wrong = fault is not None and self._is_judged
        said = self._weightiest(fault if is_wrong else None)
        spoken: Message = ""
        if said is not None:
            sign, spoken = said
            self._made_note().say(spoken, sign.value[1], sign.value[0])
            self._made_note().show()
        elif self._note is not None:
            self._note.hide()
        self.editor.mark_wrong(is_wrong=is_wrong, saying=spoken)

    def _made_note(self) -> Note:
        if self._note is None:
            self._note = Note(self._kit)
            self._column.insertWidget(self._end_of_parts, self._note)
        return self._note

    def _weightiest(self, fault: Message | None) -> tuple[_Sign, Message] | None:
        if fault is not None:
            return _Sign.DANGER, fault
        if self._has_moved:
            return _Sign.WARNING, MOVED
        if self._findings and not self._are_findings_old:
            return _Sign.WARNING, self._found
        note = self.editor.note if not self.is_torn else None
        return (_Sign.NOTE, note) if note is not None else None

    def _found(self, _language: Language) -> str:
        return "\n".join(self._kit.words.say(finding) for finding in self._findings)

    def _on_edited(self) -> None:
        self._are_findings_old = True
        self.tell()

    def _on_stops_changed(self) -> None:
        self._label.setBuddy(self.editor.stops[0])

    def _lay_out(self, readers: Message) -> None:
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.LABEL_GAP)
        self._line.setSpacing(tokens.GRID)
        self._line.addWidget(self.editor, 1)
        column.addWidget(self._label)
        column.addLayout(self._line)
        self._end_of_parts = column.count()
        for message, icon in ((self.editor.field.help, "info"), (readers, "eye")):
            if message:  # a line that always stands there
                hint = Note(self._kit)
                hint.say(message, icon, Tone.MUTED)
                column.addWidget(hint)
        column.addStretch(1)
