# SPDX-License-Identifier: GPL-3.0-or-later
"""A field's place in a form: its label, its editor, and below them what is to be said about it.

What is wrong is told when the field is left, not while one types; from then on it follows the
typing. A field in conflict shows its versions in place of the editor. Knows no service.
"""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.rows import Version
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import tokens
from kfdesk.ui.form.editor import Editor
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import value_text, written_at
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import clear
from kfdesk.ui.words import Message

_SIGN = 16

TORN = N_("Two values, not decided.")
MOVED = N_(
    "Somebody has changed this field since you opened it. If you save, both values stay until "
    "one is chosen."
)


class _Sign(Enum):
    DANGER = (Tone.DANGER, "circle-alert")
    WARNING = (Tone.WARNING, "triangle-alert")
    NOTE = (Tone.MUTED, "info")


class Slot(QWidget):
    """One field of a form. `decision_asked` when its conflict is to be decided."""

    decision_asked = Signal()

    def __init__(self, kit: Kit, editor: Editor, readers: Message = "") -> None:
        super().__init__()
        self._kit = kit
        self.editor = editor
        self._findings: tuple[Message, ...] = ()
        self.is_read_only = False
        self._is_judged = False
        self._has_moved = False
        self._label = Label(kit, editor.field.label, Type.LABEL, Tone.MUTED).wrapped()
        self.beside: list[Button] = []
        self._below: list[Button] = []
        self._line = QHBoxLayout()
        self._torn = QFrame()
        self._versions = QVBoxLayout()
        self.decide = Button(kit, N_("Decide"), "git-merge").sized(tokens.CONTROL_COMPACT)
        self.decide.clicked.connect(self.decision_asked)
        self._note = QWidget()
        self._sign = Icon(kit, "info", size=_SIGN)
        self._words = Label(kit, style=Type.SMALL).wrapped()
        self._lay_out(readers)
        editor.edited.connect(self.tell)
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
        self._column.insertWidget(self._column.indexOf(self._note), part)
        self._below.extend(buttons)

    @property
    def stops(self) -> list[QWidget]:
        """All that takes the keyboard here, in its order."""
        return [self.decide, *self.editor.stops, *self._below, *self.beside]

    def set_read_only(self, *, is_read_only: bool) -> None:
        """Let the field be only read, or be edited again; what stands beside it goes, too."""
        self.is_read_only = is_read_only
        self.editor.set_read_only(is_read_only=is_read_only)
        for button in self.beside:
            button.setVisible(not is_read_only)

    @property
    def said(self) -> str:
        """What stands below the field; empty if nothing does."""
        return "" if self._note.isHidden() else self._words.text()

    @property
    def is_torn(self) -> bool:
        """Whether it shows versions of a conflict."""
        return not self._torn.isHidden()

    def judge(self) -> None:
        """Tell what is wrong, from now on until it is right."""
        self._is_judged = True
        self.tell()

    def forgive(self) -> None:
        """Tell nothing as wrong until the field is left again."""
        self._is_judged = self._has_moved = False
        self.tell()

    def show_findings(self, findings: Sequence[Message]) -> None:
        """Show what a check has found about the field; it blocks nothing."""
        self._findings = tuple(findings)
        self.tell()

    def tell_moved(self) -> None:
        """Tell that the stored value is another than the one that is being edited."""
        self._has_moved = True
        self.tell()

    def show_conflict(self, versions: Sequence[Version]) -> None:
        """Show versions in place of the editor; none shows the editor. What is typed stays."""
        clear(self._versions)
        for version in versions:
            self._versions.addWidget(self._make_version(version))
        self._torn.setVisible(bool(versions))
        self.editor.setVisible(not versions or self.editor.has_changed)
        self.tell()

    def tell(self) -> None:
        """Say below the field the weightiest of what there is to say."""
        fault = self.editor.fault
        if fault is None:
            self._is_judged = False
        is_wrong = fault is not None and self._is_judged
        said = self._weightiest(fault if is_wrong else None)
        self._note.setVisible(said is not None)
        spoken = ""
        if said is not None:
            sign, message = said
            tone, icon = sign.value
            self._sign.show_icon(icon, tone)
            self._words.set_tone(tone)
            self._words.tell(message)
            spoken = self._words.text()
        self.editor.mark_wrong(is_wrong=is_wrong, saying=spoken)

    def _weightiest(self, fault: Message | None) -> tuple[_Sign, Message] | None:
        if fault is not None:
            return _Sign.DANGER, fault
        if self._has_moved:
            return _Sign.WARNING, MOVED
        if self._findings:
            return _Sign.WARNING, self._found
        note = self.editor.note if not self.is_torn else None
        return (_Sign.NOTE, note) if note is not None else None

    def _found(self, _language: Language) -> str:
        return "\n".join(self._kit.words.say(finding) for finding in self._findings)

    def _make_version(self, version: Version) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        field = self.editor.field
        value = Label(self._kit, style=Type.STRONG).wrapped()
        value.tell(lambda language: value_text(field, version.value, language))
        author = Label(self._kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        author.tell(
            lambda language: f"{version.author}, {written_at(version.milliseconds, language)}"
        )
        column.addWidget(value)
        column.addWidget(author)
        return part

    def _on_stops_changed(self) -> None:
        self._label.setBuddy(self.editor.stops[0])

    def _lay_out(self, readers: Message) -> None:
        self._torn.setProperty("ground", "sunken")
        inner = QVBoxLayout(self._torn)
        inner.setContentsMargins(12, 8, 12, 8)
        inner.setSpacing(tokens.GRID)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(Icon(self._kit, "triangle-alert", Tone.WARNING, _SIGN))
        head.addWidget(Label(self._kit, TORN, Type.SMALL, Tone.WARNING).wrapped(), 1)
        inner.addLayout(head)
        inner.addLayout(self._versions)
        foot = QHBoxLayout()
        foot.setSpacing(0)
        foot.addSpacing(-tokens.RESERVE)
        foot.addWidget(self.decide)
        foot.addStretch(1)
        inner.addLayout(foot)
        self._torn.hide()
        row = QHBoxLayout(self._note)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self._note.hide()
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.LABEL_GAP)
        self._line.setSpacing(tokens.GRID)
        self._line.addWidget(self.editor, 1)
        column.addWidget(self._label)
        column.addWidget(self._torn)
        column.addLayout(self._line)
        parts = [self._note]
        parts += [self._make_hint(self.editor.field.help, "info")] if self.editor.field.help else []
        parts += [self._make_hint(readers, "eye")] if readers else []
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)

    def _make_hint(self, message: Message, icon: str) -> QWidget:
        """A line that always stands there: how to fill in the field, or who may read it."""
        hint = QWidget()
        row = QHBoxLayout(hint)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(Icon(self._kit, icon, size=_SIGN), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(self._kit, message, Type.SMALL, Tone.MUTED).wrapped(), 1)
        return hint
