# SPDX-License-Identifier: GPL-3.0-or-later
"""Editors in which one types: texts, whole numbers, and days.

A number or a day that cannot be read stays as it was typed and is a fault; nothing is guessed and
nothing is lost. What may be typed for a day is read in `i18n/typed.py`.
"""

from datetime import date

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import MAX_BYTES, cleaned_text
from kfdesk.domain.schema import N_, Field
from kfdesk.domain.values import About, Value
from kfdesk.i18n.language import Language
from kfdesk.i18n.typed import read_day, read_number
from kfdesk.ui.form.editor import Editor
from kfdesk.ui.form.parts.entries import Area, Line
from kfdesk.ui.form.parts.given import NOT_ASKED
from kfdesk.ui.kit import Kit
from kfdesk.ui.words import Message

_NEAR = MAX_BYTES // 10  # so little room left is worth saying
_LONG = 4  # lines of an area for long texts

NOT_A_NUMBER = N_("This is not a whole number, so it is not saved.")
NOT_A_DAY = N_(
    "This is not a day that can be read, so it is not saved. Write it with the year: 12.12.2026, "
    "or 12.2026 or 2026 if only that is known."
)
ABOUT_NOTE = N_("Only about when: the day is not known.")


class TextEditor(Editor):
    """Plain text; one line at first, growing with its text."""

    def __init__(self, kit: Kit, field: Field, *, lines: int = 1) -> None:
        super().__init__(kit, field)
        self.area = Area(lines=lines)
        self.area.typed.connect(self._on_changed)
        self.column.addWidget(self.area)
        kit.words.bind(self.area.setPlaceholderText, NOT_ASKED)
        self._aim(self.area)

    def _show(self, value: Value) -> None:
        self.area.show_text(value if isinstance(value, str) else "")

    def _read(self) -> Value:
        return cleaned_text(self.area.toPlainText()) or None

    def _fault(self) -> Message | None:
        return too_long(self, self._read())

    def _note(self) -> Message | None:
        return room_left(self.area.toPlainText())

    def raw(self) -> str:
        """The text as it stands."""
        return self.area.toPlainText()

    def _show_raw(self, raw: str) -> None:
        self.area.show_text(raw)

    def _begin(self, text: str) -> None:
        self.area.insertPlainText(text)


def long_text(kit: Kit, field: Field) -> TextEditor:
    """An editor for a text of several lines."""
    return TextEditor(kit, field, lines=_LONG)


class LineEditor(Editor):
    """One line that is read as a value, and written again as that value when it is left."""

    def __init__(self, kit: Kit, field: Field) -> None:
        super().__init__(kit, field)
        self.line = Line()
        self.line.typed.connect(self._on_changed)
        self.column.addWidget(self.line)
        kit.words.bind(self.line.setPlaceholderText, NOT_ASKED)
        kit.words.changed.connect(self._on_language_changed)
        self.settled.connect(self._rewrite)
        self._aim(self.line)

    def _parse(self, text: str) -> Value:
        """What the text means, or None."""
        raise NotImplementedError

    def _write(self, value: Value, language: Language) -> str:
        """The value as it stands in the line."""
        raise NotImplementedError

    def _show(self, value: Value) -> None:
        is_there = value is not None
        self.line.show_text(self._write(value, self._kit.words.language) if is_there else "")

    def _read(self) -> Value:
        return self._parse(self.line.text())

    def raw(self) -> str:
        """The line as it stands."""
        return self.line.text()

    def _show_raw(self, raw: str) -> None:
        self.line.setText(raw)

    def _begin(self, text: str) -> None:
        self.line.insert(text)
        self._touch()

    def _rewrite(self) -> None:
        if self.is_valid and (value := self._read()) is not None:
            self._show(value)

    def _on_language_changed(self) -> None:
        """Write a value anew; what is no value stays as it was typed."""
        if not self._is_touched:
            self._place(self._held)
        else:
            self._rewrite()


class NumberEditor(LineEditor):
    """A whole number."""

    def _parse(self, text: str) -> Value:
        return read_number(text)

    def _write(self, value: Value, _language: Language) -> str:
        return str(value)

    def _fault(self) -> Message | None:
        if not self.line.text().strip():
            return None
        value = self._read()
        return NOT_A_NUMBER if value is None or not _is_kept(self.field, value) else None


class DayEditor(LineEditor):
    """A day, or about when: a year, or a year and a month."""

    def _parse(self, text: str) -> Value:
        return read_day(text)

    def _write(self, value: Value, language: Language) -> str:
        if isinstance(value, About):
            return value.text
        return language.day(value, year=True) if isinstance(value, date) else ""

    def _fault(self) -> Message | None:
        is_empty = not self.line.text().strip()
        return NOT_A_DAY if not is_empty and self._read() is None else None

    def _note(self) -> Message | None:
        return ABOUT_NOTE if isinstance(self._read(), About) else None


def too_long(editor: Editor, value: Value) -> Message | None:
    """What to say of a text that its kind does not keep."""
    if _is_kept(editor.field, value):
        return None
    return N_("This text is too long to be kept whole, so it is not saved. Shorten it.")


def room_left(text: str) -> Message | None:
    """How much room is left, once there is little."""
    left = MAX_BYTES - len(text.encode())
    if not 0 <= left < _NEAR:
        return None
    letters = left // 2  # a Cyrillic letter takes two bytes
    return lambda language: language.ngettext(
        "Room for {count} more letter.", "Room for about {count} more letters.", letters
    ).format(count=letters)


def _is_kept(field: Field, value: Value) -> bool:
    try:
        field.kind.encode(value)
    except KfdeskError:
        return False
    return True
