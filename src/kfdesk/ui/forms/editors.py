# SPDX-License-Identifier: GPL-3.0-or-later
"""The editors of the simple kinds: yes or no, codes, references, text, numbers and days.

A few answers are shown as buttons or in a drop-down list, many in a list filtered by
typing. An answer that the list does not know, from a newer version of the program, is kept
and offered too. Parsed input is reformatted when the focus leaves.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import cast

from PySide6.QtWidgets import QGridLayout, QWidget

from kfdesk.domain.codes.world import COUNTRIES, LANGUAGES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import MAX_NAME_LETTERS, MAX_VALUE_BYTES, CodeKind, CodeSetKind, clean_text
from kfdesk.domain.message_marks import N_
from kfdesk.domain.schema import Field
from kfdesk.domain.values import PartialDate, Value
from kfdesk.i18n.language import Language
from kfdesk.i18n.parsing import parse_day, parse_number, read_weekday
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.day_picker import DayInput, today_in_window
from kfdesk.ui.forms.editor import Editor
from kfdesk.ui.forms.parts import (
    NOT_IN_CONTACTS,
    NOT_IN_LIST,
    AutocompleteInput,
    GrowingTextArea,
    LineInput,
    Options,
    RowSearch,
    make_labeller,
    make_row_source,
    matching_rows,
    sorted_options,
)
from kfdesk.ui.tokens import CONTROL_COMPACT, RESERVE
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import STRETCH, extend, filled, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook, SegmentedControl
from kfdesk.ui.widgets.inputs import CheckBox, ChoiceBox
from kfdesk.ui.widgets.layout import FlowBox, clear_layout

MAX_VISIBLE_OPTIONS = 15
"""Up to this number all answers are visible; more are found by typing."""

_ANSWERS = {"yes": True, "no": False}


def code_label(codes: Mapping[str, str], code: str) -> Message:
    """Return the label of a code, as a message for any language."""
    if codes is LANGUAGES:
        return lambda language: _capitalised(language.language(code))
    if codes is COUNTRIES:
        return lambda language: language.country(code)
    if code in codes:
        return codes[code]
    return lambda language: language.gettext(N_("unknown code {code}")).format(code=code)


def code_options(field: Field) -> Options:
    """Return all codes of a field's list with their labels."""
    codes = cast("CodeKind | CodeSetKind", field.kind).codes
    return [(code, code_label(codes, code)) for code in codes]


# --- One of a few or of many


class YesNoEditor(Editor):
    """An editor of yes or no, side by side; at first neither is chosen."""

    _names_first = False

    def __init__(self, kit: UiContext, field: Field) -> None:
        super().__init__(kit, field)
        self.choice = SegmentedControl(kit, (("yes", N_("Yes")), ("no", N_("No"))))
        self.choice.chosen.connect(self._on_changed)
        kit.translator.bind(self.choice.setAccessibleName, field.label)
        extend(self.column, self.choice)
        self._set_focus_targets(*self.choice.parts.values())
        kit.translator.bind(
            self.choice.parts["yes"].setAccessibleName, self._accessible_name(N_("Yes"))
        )
        kit.translator.bind(
            self.choice.parts["no"].setAccessibleName, self._accessible_name(N_("No"))
        )

    def _show(self, value: Value) -> None:
        clear_choice(self.choice)
        if isinstance(value, bool):
            self.choice.select("yes" if value else "no")

    def _read(self) -> Value:
        return _ANSWERS.get(self.choice.key)

    def _note(self) -> Message | None:
        return self.empty_words if self._read() is None else None


class ChoiceEditor(Editor):
    """An editor of one code out of a few."""

    def __init__(self, kit: UiContext, field: Field) -> None:
        super().__init__(kit, field)
        self.choice = ChoiceBox(kit)
        self.choice.chosen.connect(self._on_changed)
        self.choice.currentIndexChanged.connect(self._on_row_changed)
        extend(self.column, self.choice)
        self._set_focus_targets(self.choice)

    def _show(self, value: Value) -> None:
        options = [("", self.empty_words), *code_options(self.field)]
        key = value if isinstance(value, str) else ""
        if key not in dict(options):
            options.append((key, code_label(cast("CodeKind", self.field.kind).codes, key)))
        self.choice.set_options(options, key)

    def _read(self) -> Value:
        return self.choice.key or None

    def _on_row_changed(self) -> None:
        """Style the empty value differently from a chosen code."""
        is_gap = self.choice.currentIndex() <= 0
        if bool(self.choice.property("gap")) != is_gap:
            self.choice.setProperty("gap", is_gap)
            self.choice.style().polish(self.choice)


class AutocompleteEditor(Editor):
    """An editor of one of many, found by typing: a code or another record."""

    def __init__(
        self,
        kit: UiContext,
        field: Field,
        options: Options,
        other: Message,
        seeker: RowSearch | None = None,
    ) -> None:
        """Build the editor; `other` labels an unknown key, `seeker` searches beyond `options`."""
        super().__init__(kit, field)
        self.is_from_contacts = False
        self._options = options
        source, name = make_row_source(kit, self._offered), make_labeller(self._offered, kit, other)
        self.pick = AutocompleteInput(kit, source, name, seeker)
        self.pick.learned.connect(self.add_option)
        self.pick.typed.connect(self._on_changed)
        self.pick.chosen.connect(self._on_changed)
        self.settled.connect(self.pick.commit_text)
        kit.translator.bind(self.pick.setPlaceholderText, self.empty_words)
        extend(self.column, self.pick)
        self._set_focus_targets(self.pick)

    def set_options(self, options: Options) -> None:
        """Replace the options; keep the chosen one, with its name."""
        chosen = [one for one in self._options if one[0] == self.pick.key]
        self._options = options if self.pick.key in dict(options) else (*options, *chosen)
        if self.pick.key:
            self.pick.show_key(self.pick.key)

    def add_option(self, key: str, name: str) -> None:
        """Add the name of a key that is not among the options."""
        if key not in dict(self._options):
            self._options = (*self._options, (key, lambda _: name))

    def _offered(self) -> Options:
        return self._options

    def _show(self, value: Value) -> None:
        self.pick.show_key(value if isinstance(value, str) else "")

    def _read(self) -> Value:
        return self.pick.key or None

    def _fault(self) -> Message | None:
        unknown = NOT_IN_CONTACTS if self.is_from_contacts else NOT_IN_LIST
        return unknown if self.pick.has_invalid_text else None

    def raw(self) -> str:
        return self.pick.text()

    def _show_raw(self, raw: str) -> None:
        self.pick.show_key("")
        self.pick.setText(raw)

    def _begin(self, text: str) -> None:
        self.pick.insert(text)
        self.pick.typed.emit()


def make_code_editor(kit: UiContext, field: Field) -> Editor:
    """Return the editor of one code: a drop-down list, or an autocomplete input for many."""
    codes = cast("CodeKind", field.kind).codes
    if len(codes) <= MAX_VISIBLE_OPTIONS:
        return ChoiceEditor(kit, field)
    return AutocompleteEditor(
        kit, field, code_options(field), N_("a code that this program does not know")
    )


def clear_choice(choice: SegmentedControl) -> None:
    """Uncheck every answer."""
    for part in choice.parts.values():
        group = part.group()
        group.setExclusive(False)
        part.setChecked(False)
        group.setExclusive(True)


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]


# --- Several codes

_COLUMNS = 2
_CHIPS_IN_ROW = 3


class CheckBoxesEditor(Editor):
    """An editor of several codes out of a few: one check box each."""

    _names_first = False

    def __init__(self, kit: UiContext, field: Field) -> None:
        super().__init__(kit, field)
        self._order: list[str] = []
        self.boxes: dict[str, CheckBox] = {}
        self._flow = FlowBox(gap=2, columns=_COLUMNS)
        extend(self.column, self._flow)
        for code, message in code_options(field):
            self._add(code, message)
        kit.translator.bind(self._body.setAccessibleName, field.label)

    def _add(self, code: str, message: Message) -> None:
        box = CheckBox(self._kit, message)
        box.clicked.connect(partial(self._on_clicked, code))
        self._put(code, box)
        self.boxes[code] = box
        self._set_focus_targets(*self.boxes.values())
        self._kit.translator.bind(box.setAccessibleName, self._accessible_name(message))

    def _put(self, _code: str, box: CheckBox) -> None:
        """Place a check box."""
        self._flow.add(box)
        box.show()

    def _show(self, value: Value) -> None:
        self._order = _code_list(value)
        for code in self._order:
            if code not in self.boxes:
                self._add(code, code_label(cast("CodeSetKind", self.field.kind).codes, code))
        for code, box in self.boxes.items():
            box.setChecked(code in self._order)

    def _read(self) -> Value:
        return tuple(self._order) or None

    def _note(self) -> Message | None:
        return self.empty_words if self._read() is None else None

    def _on_clicked(self, code: str) -> None:
        if code in self._order:
            self._order.remove(code)
        else:
            self._order.append(code)
        self._touch()


class ChipsEditor(Editor):
    """An editor of several codes out of many: chips, and an input to find more."""

    def __init__(self, kit: UiContext, field: Field) -> None:
        super().__init__(kit, field)
        self._order: list[str] = []
        self.chips: dict[str, Button] = {}
        self._row = QWidget()
        self._grid = QGridLayout(self._row)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        held = row(self._row, STRETCH, margins=(-RESERVE, 0, 0, 0))
        self.pick = AutocompleteInput(
            kit, self._find, lambda code, _: kit.translator.translate(self._code_label(code))
        )
        self.pick.chosen.connect(self._on_chosen)
        self.pick.typed.connect(self._on_changed)
        self.settled.connect(self.pick.commit_text)
        kit.translator.bind(self.pick.setPlaceholderText, self._placeholder)
        extend(self.column, self.pick, held)
        self._set_focus_targets(self.pick)

    def _show(self, value: Value) -> None:
        self._order = _code_list(value)
        self.pick.show_key("")
        self._show_chips()

    def _read(self) -> Value:
        return tuple(self._order) or None

    def _fault(self) -> Message | None:
        return NOT_IN_LIST if self.pick.has_invalid_text else None

    def raw(self) -> str:
        return "\t".join((*self._order, self.pick.text()))

    def _show_raw(self, raw: str) -> None:
        *self._order, typed = raw.split("\t")
        self._show_chips()
        self.pick.show_key("")
        self.pick.setText(typed)

    def _begin(self, text: str) -> None:
        self.pick.insert(text)
        self.pick.typed.emit()

    def _placeholder(self, language: object) -> str:
        return self._kit.translator.translate(
            N_("Add another") if self._order else self.empty_words
        )

    def _code_label(self, code: str) -> Message:
        return code_label(cast("CodeSetKind", self.field.kind).codes, code)

    def _find(self, typed: str) -> list[tuple[str, str]]:
        options = [pair for pair in code_options(self.field) if pair[0] not in self._order]
        return list(matching_rows(sorted_options(options, self._kit), typed))

    def _on_chosen(self, code: str) -> None:
        self._order.append(code)
        self.pick.show_key("")
        self._show_chips()
        self._touch()

    def _on_chip_pressed(self, code: str) -> None:
        self._order.remove(code)
        self._show_chips()
        self.pick.setFocus()
        self._touch()

    def _show_chips(self) -> None:
        clear_layout(self._grid)
        self.chips = {code: self._make_chip(code) for code in self._order}
        for place, chip in enumerate(self.chips.values()):
            self._grid.addWidget(chip, *divmod(place, _CHIPS_IN_ROW))
        self._row.setVisible(bool(self._order))
        self._kit.translator.bind(self.pick.setPlaceholderText, self._placeholder)
        self._set_focus_targets(self.pick, *self.chips.values())

    def _make_chip(self, code: str) -> Button:
        word = self._code_label(code)
        chip = Button(self._kit, word, look=ButtonLook.TONAL).with_end_icon("x")
        chip.with_height(CONTROL_COMPACT - 2)
        chip.clicked.connect(partial(self._on_chip_pressed, code))
        self._kit.translator.bind(
            chip.setAccessibleName,
            N_("Remove {name}"),
            name=lambda _: self._kit.translator.translate(word),
        )
        return chip


def make_codes_editor(kit: UiContext, field: Field) -> Editor:
    """Return the editor of a field that holds several codes."""
    is_long = len(cast("CodeSetKind", field.kind).codes) > MAX_VISIBLE_OPTIONS
    return ChipsEditor(kit, field) if is_long else CheckBoxesEditor(kit, field)


def _code_list(value: Value) -> list[str]:
    return [code for code in value if isinstance(code, str)] if isinstance(value, tuple) else []


# --- Text, numbers and days

_FEW_BYTES_LEFT = MAX_VALUE_BYTES // 10  # below this the user is told how much is left
_LONG_TEXT_LINES = 4  # lines of an area for long texts

NOT_A_NUMBER = N_("This is not a whole number, so it is not saved.")
WRONG_WEEKDAY = N_("The weekday does not fit: that day is {day}. Write the date that is meant.")
TWO_DAYS = N_("This can be {day} or {other}. Write the date that is meant.")
NOT_A_DAY = N_(
    "This is not a day that can be read, so it is not saved. Write it with the year: 12.12.2026, "
    "or 12.2026 or 2026 if only that is known."
)
_FIRST_BIRTH_YEAR = 1900
BORN_TOO_EARLY = N_(
    "A date of birth before 1900 cannot be right, so it is not saved. Check the year."
)
BORN_LATER = N_("This date of birth is in the future, so it is not saved. Check the year.")
PARTIAL_DATE_NOTE = N_("Approximate: the exact day is not known.")


class TextEditor(Editor):
    """An editor of plain text; it starts with one line and grows with its text.

    It takes `most` letters, or with 0 as many as a value can hold.
    """

    def __init__(
        self, kit: UiContext, field: Field, *, lines: int = 1, most: int = MAX_NAME_LETTERS
    ) -> None:
        super().__init__(kit, field)
        self._most = most
        self.area = GrowingTextArea(lines=lines)
        self.area.typed.connect(self._on_changed)
        extend(self.column, self.area)
        kit.translator.bind(self.area.setPlaceholderText, self.empty_words)
        self._set_focus_targets(self.area)

    def _show(self, value: Value) -> None:
        self.area.show_text(value if isinstance(value, str) else "")

    def _read(self) -> Value:
        return self._text or None

    def _fault(self) -> Message | None:
        if self._most and len(self._text) > self._most:
            return self._too_long
        return length_fault(self, self._read())

    def _note(self) -> Message | None:
        if self._most:
            left = self._most - len(self._text)
            return _room_note(left) if 0 <= left < self._most // 10 else None
        return remaining_length_note(self.area.toPlainText())

    @property
    def _text(self) -> str:
        return clean_text(self.area.toPlainText())

    def _too_long(self, language: Language) -> str:
        return language.gettext(
            N_("This has {count} characters, so it is not saved. Shorten it to {most}.")
        ).format(count=len(self._text), most=self._most)

    def raw(self) -> str:
        return self.area.toPlainText()

    def _show_raw(self, raw: str) -> None:
        self.area.show_text(raw)

    def _begin(self, text: str) -> None:
        self.area.insertPlainText(text)


def make_long_text_editor(kit: UiContext, field: Field) -> TextEditor:
    """Return an editor for a text of several lines."""
    return TextEditor(kit, field, lines=_LONG_TEXT_LINES, most=0)


class LineEditor(Editor):
    """An editor of one line, parsed as a value; the value is reformatted when the focus leaves."""

    def __init__(self, kit: UiContext, field: Field) -> None:
        super().__init__(kit, field)
        self.line = self._make_line()
        self.line.typed.connect(self._on_changed)
        extend(self.column, self.line)
        kit.translator.bind(self.line.setPlaceholderText, self.empty_words)
        kit.translator.changed.connect(self._on_language_changed)
        self.settled.connect(self._reformat)
        self._set_focus_targets(self.line)

    def _make_line(self) -> LineInput:
        """Return the line. For subclasses."""
        return LineInput()

    @abstractmethod
    def _parse(self, text: str) -> Value:
        """Return the value of the text, or None."""

    @abstractmethod
    def _write(self, value: Value, language: Language) -> str:
        """Return the value as text for the line."""

    def _show(self, value: Value) -> None:
        is_there = value is not None
        self.line.show_text(self._write(value, self._kit.translator.language) if is_there else "")

    def _read(self) -> Value:
        return self._parse(self.line.text())

    def raw(self) -> str:
        return self.line.text()

    def _show_raw(self, raw: str) -> None:
        self.line.setText(raw)

    def _begin(self, text: str) -> None:
        self.line.insert(text)
        self._touch()

    def _reformat(self) -> None:
        if self.is_valid and (value := self._read()) is not None:
            self._show(value)

    def _on_language_changed(self) -> None:
        """Reformat the value; leave input that is no value as typed."""
        if not self.is_touched:
            self._show_any(self.shown_value)
        else:
            self._reformat()


class NumberEditor(LineEditor):
    """An editor of a whole number."""

    def _parse(self, text: str) -> Value:
        return parse_number(text)

    def _write(self, value: Value, _language: Language) -> str:
        return str(value)

    def _fault(self) -> Message | None:
        if not self.line.text().strip():
            return None
        value = self._read()
        return NOT_A_NUMBER if value is None or not _is_encodable(self.field, value) else None


def day_fault(typed: str, today: date) -> Message:
    """Return why a text is no day, or which days a text with a weekday may mean."""
    reading = read_weekday(typed, today)
    if reading is None or not reading.days:
        return NOT_A_DAY
    first, last = reading.days[0], reading.days[-1]
    return filled(
        WRONG_WEEKDAY if first == last else TWO_DAYS,
        day=lambda language: language.full_date(first),
        other=lambda language: language.full_date(last),
    )


class DayEditor(LineEditor):
    """An editor of a day, or of a year, or of a year and a month.

    A day without its year is the nearest one to `today`; the line shows it in full.
    """

    def __init__(self, kit: UiContext, field: Field) -> None:
        super().__init__(kit, field)
        self.today: Callable[[], date] = partial(today_in_window, kit)

    def follow_today(self, today: Callable[[], date]) -> None:
        """Read days without a year, and open the calendar, by this day."""
        self.today = today
        if isinstance(self.line, DayInput):
            self.line.today = today

    def _make_line(self) -> LineInput:
        return DayInput(self._kit)

    def _parse(self, text: str) -> Value:
        return parse_day(text, self.today())

    def _write(self, value: Value, language: Language) -> str:
        if isinstance(value, PartialDate):
            return value.text
        return language.day(value, year=True) if isinstance(value, date) else ""

    def _fault(self) -> Message | None:
        typed = self.line.text().strip()
        return day_fault(typed, self.today()) if typed and self._read() is None else None

    def _note(self) -> Message | None:
        return PARTIAL_DATE_NOTE if isinstance(self._read(), PartialDate) else None


class BirthDateEditor(DayEditor):
    """An editor of a date of birth: with its year, no day before 1900, and none after `today`."""

    def __init__(self, kit: UiContext, field: Field) -> None:
        super().__init__(kit, field)
        self.today = lambda: date.max

    def _parse(self, text: str) -> Value:
        return parse_day(text)

    def _fault(self) -> Message | None:
        born = self._read()
        if isinstance(born, date | PartialDate):
            text = born.text if isinstance(born, PartialDate) else born.isoformat()
            if text < str(_FIRST_BIRTH_YEAR):
                return BORN_TOO_EARLY
            if text > self.today().isoformat()[: len(text)]:
                return BORN_LATER
        return super()._fault()


def length_fault(editor: Editor, value: Value) -> Message | None:
    """Return the fault of a text that is too long for its kind, or None."""
    if _is_encodable(editor.field, value):
        return None
    return N_("This text is too long to be kept in full, so it is not saved. Shorten it.")


def remaining_length_note(text: str) -> Message | None:
    """Return how many letters still fit, once there are few."""
    left = MAX_VALUE_BYTES - len(text.encode())
    if not 0 <= left < _FEW_BYTES_LEFT:
        return None
    return _room_note(left // 2)  # a Cyrillic letter takes two bytes


def _room_note(letters: int) -> Message:
    return lambda language: language.plural(
        "Room for {count} more character.", "Room for about {count} more characters.", letters
    )


def _is_encodable(field: Field, value: Value) -> bool:
    try:
        field.kind.encode(value)
    except KfdeskError:
        return False
    return True
