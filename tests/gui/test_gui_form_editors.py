# SPDX-License-Identifier: GPL-3.0-or-later
"""Each kind's editor: what it holds, what it refuses, and the answers that are no value."""

from datetime import date

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.support.windows import Stage, colours, nameless, picture

from kfdesk.domain import kinds
from kfdesk.domain.kinds import MAX_VALUE_BYTES
from kfdesk.domain.records.registry import QUESTIONS, RECORD_TYPES
from kfdesk.domain.values import LocalizedText, MissingAnswer, PartialDate, Translation, Value
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import Editor, FormOptions, FormRow
from kfdesk.ui.forms.editors import (
    BORN_LATER,
    BORN_TOO_EARLY,
    NOT_A_DAY,
    AutocompleteEditor,
    BirthDateEditor,
    CheckBoxesEditor,
    ChipsEditor,
    ChoiceEditor,
    DayEditor,
    NumberEditor,
    TextEditor,
    YesNoEditor,
)
from kfdesk.ui.forms.moments import ZonedTimeEditor
from kfdesk.ui.forms.parts import clean_input
from kfdesk.ui.forms.registry import EDITOR_OVERRIDES, EDITORS, ZONE_FIELD_OF_PLACE, make_editor
from kfdesk.ui.forms.translated import LocalizedTextEditor
from kfdesk.ui.theme import Scheme

OFFERS = FormOptions(
    references={"receiver": [("a" * 32, "Tartu kvinnohus"), ("b" * 32, "Kaunas rättshjälp")]},
    languages=("sv", "ru"),
)
TOLD: LocalizedText = (Translation("ru", "Спросить Анну"), Translation("sv", "Fråga efter Anna"))

EACH: list[tuple[str, str, type[Editor], Value]] = [
    ("client", "given_name", TextEditor, "Nina"),
    ("plan", "alarm_plan", TextEditor, "Ring\nringledaren"),
    ("client", "safe_contact", LocalizedTextEditor, TOLD),
    ("leg", "from_place", LocalizedTextEditor, TOLD),
    ("client", "birth_date", DayEditor, date(1999, 5, 1)),
    ("client", "birth_date", DayEditor, PartialDate("1999")),
    ("leg", "sequence", NumberEditor, 3),
    ("leg", "alone", YesNoEditor, False),
    ("leg", "mode", ChoiceEditor, "ferry"),
    ("leg", "mode", ChoiceEditor, "airship"),
    ("plan", "to_country", AutocompleteEditor, "LV"),
    ("plan", "receiver", AutocompleteEditor, "a" * 32),
    ("plan", "receiver", AutocompleteEditor, "c" * 32),
    ("client", "languages", ChipsEditor, ("ru", "sv")),
    ("client", "languages", ChipsEditor, ("ru", "xx")),
    ("consent", "groups", CheckBoxesEditor, ("travel", "identity")),
    ("consent", "groups", CheckBoxesEditor, ("travel", "newer")),
]


def made(kit: UiContext, record_type: str, key: str) -> Editor:
    return make_editor(kit, record_type, key, OFFERS)


def menu_of(editor: Editor) -> QMenu:
    menu = next(menu for menu in editor.findChildren(QMenu) if menu.isVisible())
    assert isinstance(menu, QMenu)
    return menu


def type_into(widget: QWidget, text: str) -> None:
    """Letter by letter, also those that QTest has no key for."""
    widget.setFocus()
    none = Qt.KeyboardModifier.NoModifier
    for letter in text:
        QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, 0, none, letter))


def focused() -> QWidget:
    focus = QApplication.focusWidget()
    assert focus is not None
    return focus


def test_every_kind_has_an_editor() -> None:
    described = {type(f.kind) for each in RECORD_TYPES.values() for f in each.fields.values()}
    every = {kind for kind in vars(kinds).values() if isinstance(kind, type)}
    every = {
        kind for kind in every if issubclass(kind, kinds.FieldKind) and kind is not kinds.FieldKind
    }
    assert sorted(kind.__name__ for kind in (every | described) - EDITORS.keys()) == []


def test_every_field_of_every_record_can_be_edited(kit: UiContext, qtbot: QtBot) -> None:
    for name, each in RECORD_TYPES.items():
        for key in each.fields:
            editor = make_editor(kit, name, key)
            qtbot.addWidget(editor)
            assert editor.value() is None, f"{name}.{key}"


def test_special_editors_are_of_fields_that_there_are() -> None:
    for path in (*EDITOR_OVERRIDES, *ZONE_FIELD_OF_PLACE):
        record_type, key = path.split(".")
        assert key in RECORD_TYPES[record_type].fields, path


@pytest.mark.parametrize(("record_type", "key", "cls", "value"), EACH)
def test_a_value_that_is_only_shown_is_the_same_afterwards(
    kit: UiContext, stage: Stage, record_type: str, key: str, cls: type[Editor], value: Value
) -> None:
    editor = made(kit, record_type, key)
    stage(editor)
    assert isinstance(editor, cls)
    editor.show_value(value)
    editor.focus()
    kit.set_language("ru")
    kit.set_language("en")
    assert editor.value() == value
    assert not editor.is_touched
    editor.enter(value)
    assert editor.value() == value
    assert not editor.has_changed


@pytest.mark.parametrize(
    ("record_type", "key", "cls", "value"),
    [each for each in EACH if each[1] in QUESTIONS.get(each[0], ())],
)
def test_the_three_answers_without_a_value_are_reached_by_keyboard(
    kit: UiContext, stage: Stage, record_type: str, key: str, cls: type[Editor], value: Value
) -> None:
    editor = made(kit, record_type, key)
    stage(editor)
    editor.show_value(value)
    for steps, answer in ((2, MissingAnswer.UNKNOWN), (3, MissingAnswer.DECLINED), (1, None)):
        editor.focus()
        QTest.keyClick(editor.focus_targets[0], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        menu = menu_of(editor)
        for _ in range(steps):
            QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        assert editor.value() is answer
        assert editor.missing_view.isVisible() is isinstance(answer, MissingAnswer)
        assert editor.is_valid
        assert editor.has_changed


@pytest.mark.parametrize(
    ("record_type", "key", "cls", "value"),
    [each for each in EACH if each[1] not in QUESTIONS.get(each[0], ())],
)
def test_what_nobody_can_decline_has_no_other_answer(
    kit: UiContext, stage: Stage, record_type: str, key: str, cls: type[Editor], value: Value
) -> None:
    editor = made(kit, record_type, key)
    stage(editor)
    editor.show_value(value)
    editor.focus()
    QTest.keyClick(editor.focus_targets[0], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert not any(menu.isVisible() for menu in editor.findChildren(QMenu))
    assert not editor.answers.isVisible()
    assert editor.value() == value


def test_an_answer_that_came_from_elsewhere_can_be_emptied(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, "leg", "carrier")
    stage(editor)
    editor.show_value(MissingAnswer.DECLINED)
    assert editor.answers.isVisible()
    editor.open_answer_menu()
    first, second = menu_of(editor).actions()
    assert (first.text(), second.text()) == ("not filled in", "does not want to say")
    first.trigger()
    assert editor.value() is None
    assert not editor.answers.isVisible()


def test_yes_or_no_that_is_no_question_can_be_emptied(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, "plan", "receipts_in")
    stage(editor)
    editor.show_value(value=True)
    editor.open_answer_menu()
    (only,) = menu_of(editor).actions()
    assert only.text() == "not filled in"
    only.trigger()
    assert editor.value() is None


def test_the_three_answers_are_reached_by_mouse_and_look_unlike_each_other(
    kit: UiContext, stage: Stage
) -> None:
    editor = made(kit, "client", "given_name")
    stage(editor)
    pictures = [picture(editor)]
    for place, answer in ((1, MissingAnswer.UNKNOWN), (2, MissingAnswer.DECLINED)):
        QTest.mouseClick(editor.answers, Qt.MouseButton.LeftButton)
        menu = menu_of(editor)
        middle = menu.actionGeometry(menu.actions()[place]).center()
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=middle)
        assert editor.value() is answer
        QApplication.processEvents()
        pictures.append(picture(editor))
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]


def test_an_empty_field_says_that_it_was_not_asked(kit: UiContext, stage: Stage) -> None:
    text, choice = made(kit, "client", "given_name"), made(kit, "leg", "mode")
    name = made(kit, "organisation", "name")
    stage(text, choice, name)
    other = name.focus_targets[0]
    assert isinstance(other, QPlainTextEdit)
    assert other.placeholderText() == "not filled in"
    area = text.focus_targets[0]
    assert isinstance(area, QPlainTextEdit)
    assert area.placeholderText() == "not asked"
    kit.set_language("sv")
    assert area.placeholderText() == "⟦not asked⟧"
    assert kit.theme.colours.text_muted in colours(choice.focus_targets[0])


def test_a_letter_typed_on_an_answer_begins_a_value_and_backspace_takes_it_back(
    kit: UiContext, stage: Stage
) -> None:
    editor = made(kit, "client", "given_name")
    stage(editor)
    editor.show_value(MissingAnswer.UNKNOWN)
    editor.focus()
    QTest.keyClicks(editor.missing_view, "N")
    QTest.keyClicks(focused(), "ina")
    assert editor.value() == "Nina"
    editor.show_value(MissingAnswer.DECLINED)
    editor.focus()
    QTest.keyClick(editor.missing_view, Qt.Key.Key_Backspace)
    assert editor.value() is None
    assert editor.focus_targets[0].hasFocus()


def test_what_is_pasted_is_made_fit_to_keep(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, "client", "given_name")
    stage(editor)
    assert isinstance(editor, TextEditor)
    pasted = QMimeData()
    pasted.setText("Ni\u202ena\tE\u0301va\x07\nB")
    editor.area.insertFromMimeData(pasted)
    assert editor.value() == "Nina Éva B"


def test_a_sign_that_turns_the_reading_is_gone_as_soon_as_it_is_typed(
    kit: UiContext, stage: Stage
) -> None:
    editor = made(kit, "client", "given_name")
    stage(editor)
    assert isinstance(editor, TextEditor)
    type_into(editor.area, "Ni")
    editor.area.insertPlainText("\u202e")  # as the menu of some desktops does
    type_into(editor.area, "na")
    assert editor.area.toPlainText() == "Nina"
    assert editor.value() == "Nina"


def test_signs_that_turn_the_reading_never_stand_in_a_line(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, "leg", "sequence")
    stage(editor)
    assert isinstance(editor, NumberEditor)
    editor.line.setFocus()
    QApplication.clipboard().setText("1\u20662")
    editor.line.paste()
    assert editor.line.text() == "12"
    assert clean_input(" a\u200fb ") == " ab "
    QApplication.clipboard().clear()


def test_enter_in_a_single_line_is_left_to_the_page(kit: UiContext, stage: Stage) -> None:
    short, long = made(kit, "client", "given_name"), made(kit, "plan", "alarm_plan")
    stage(short, long)
    for editor, text in ((short, "ab"), (long, "a\nb")):
        area = editor.focus_targets[0]
        type_into(area, "a")
        QTest.keyClick(area, Qt.Key.Key_Return)
        QTest.keyClicks(area, "b")
        assert editor.value() == text


def test_line_breaks_of_a_text_from_elsewhere_survive_an_edit(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, "client", "given_name")
    stage(editor)
    editor.show_value("one\ntwo")
    type_into(editor.focus_targets[0], "x")
    assert editor.value() == "xone\ntwo"


def test_an_area_grows_with_its_text(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, "client", "given_name")
    stage(editor)
    assert isinstance(editor, TextEditor)
    low = editor.area.height()
    editor.show_value("a\nb\nc")
    assert editor.area.height() > low
    editor.show_value("a")
    assert editor.area.height() == low


def lines(length: int) -> str:
    """Return a text of this length; Qt lays out one line of it in no time, a single word never."""
    return "".join("\n" if place % 80 == 79 else "a" for place in range(length - 1)) + "a"


def test_room_is_counted_when_little_is_left_and_too_much_is_refused(
    kit: UiContext, stage: Stage
) -> None:
    editor = made(kit, "plan", "alarm_plan")
    stage(editor)
    assert isinstance(editor, TextEditor)
    editor.enter("a" * 100)
    assert editor.note is None
    editor.enter(lines(MAX_VALUE_BYTES - 200))
    assert editor.note is not None
    assert kit.translator.translate(editor.note) == "Room for about 100 more characters."
    assert editor.is_valid
    editor.enter(lines(MAX_VALUE_BYTES + 1))
    assert not editor.is_valid
    assert len(editor.area.toPlainText()) == MAX_VALUE_BYTES + 1


def test_a_name_has_a_limit_that_is_said_and_cuts_nothing(
    kit: UiContext, stage: Stage, qtbot: QtBot
) -> None:
    slot = FormRow(kit, made(kit, "client", "alias"))
    editor = slot.editor
    stage(slot, made(kit, "client", "other_names"))
    assert isinstance(editor, TextEditor)
    editor.show_value("a" * 5000)  # an older one stays
    assert editor.is_valid
    editor.show_value(None)
    type_into(editor.area, "я" * 190)
    assert slot.message_text == "Room for about 10 more characters."
    editor.area.insertPlainText("я" * 9000)
    assert (editor.is_valid, editor.value()) == (False, None)
    with qtbot.waitSignal(editor.settled):
        QTest.keyClick(editor.area, Qt.Key.Key_Tab)
    assert slot.message_text == "This has 9190 characters, so it is not saved. Shorten it to 200."
    assert len(editor.area.toPlainText()) == 9190
    editor.enter("я" * 200)
    assert editor.is_valid
    for record_type, key in (("organisation", "fees"), ("plan", "alarm_plan"), ("note", "content")):
        other = made(kit, record_type, key)
        qtbot.addWidget(other)
        other.enter("a b " * 200)
        assert other.is_valid, key


@pytest.mark.parametrize("record_type", ["client", "relationship"])
@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("31.12.1899", BORN_TOO_EARLY),
        ("1899", BORN_TOO_EARLY),
        ("1.1.1900", None),
        ("1900", None),
        ("24.11.2026", None),
        ("2026", None),
        ("11.2026", None),
        ("25.11.2026", BORN_LATER),
        ("12.2026", BORN_LATER),
        ("2027", BORN_LATER),
        ("", None),
        ("in May", NOT_A_DAY),
    ],
)
def test_a_date_of_birth_that_cannot_be_is_not_saved(
    kit: UiContext, stage: Stage, record_type: str, typed: str, fault: str | None
) -> None:
    editor = made(kit, record_type, "birth_date")
    stage(editor)
    assert isinstance(editor, BirthDateEditor)
    editor.today = lambda: date(2026, 11, 24)
    type_into(editor.line, typed)
    assert editor.fault == fault
    assert editor.raw() == typed


@pytest.mark.parametrize(
    ("typed", "value", "written"),
    [
        ("1.5.1999", date(1999, 5, 1), "1 May 1999"),
        ("1 мая 1999", date(1999, 5, 1), "1 May 1999"),
        ("5.1999", PartialDate("1999-05"), "1999-05"),
        ("1999", PartialDate("1999"), "1999"),
    ],
)
def test_a_typed_day_is_written_as_it_was_understood(
    kit: UiContext, stage: Stage, qtbot: QtBot, typed: str, value: Value, written: str
) -> None:
    editor, other = made(kit, "client", "birth_date"), made(kit, "client", "alias")
    stage(editor, other)
    assert isinstance(editor, DayEditor)
    type_into(editor.line, typed)
    assert editor.value() == value
    with qtbot.waitSignal(editor.settled):
        QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    assert editor.line.text() == written
    assert (editor.note is not None) is isinstance(value, PartialDate)
    assert editor.value() == value


def test_a_day_that_cannot_be_read_keeps_its_text_and_is_not_saved(
    kit: UiContext, stage: Stage, qtbot: QtBot
) -> None:
    editor, other = made(kit, "client", "birth_date"), made(kit, "client", "alias")
    stage(editor, other)
    editor.show_value(date(1999, 5, 1))
    assert isinstance(editor, DayEditor)
    editor.line.selectAll()
    type_into(editor.line, "in May")
    with qtbot.waitSignal(editor.settled):
        QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    kit.set_language("sv")
    assert editor.line.text() == "in May"
    assert not editor.is_valid
    assert editor.has_changed
    assert editor.value() == date(1999, 5, 1)


def test_a_number_is_whole_and_within_what_is_kept(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, "leg", "sequence")
    stage(editor)
    assert isinstance(editor, NumberEditor)
    type_into(editor.line, "12")
    assert editor.value() == 12
    QTest.keyClicks(editor.line, "x")
    assert not editor.is_valid
    editor.line.selectAll()
    QTest.keyClicks(editor.line, "9" * 20)
    assert not editor.is_valid
    editor.line.clear()
    QTest.keyClicks(editor.line, " ")
    assert editor.is_valid
    assert editor.value() is None


def test_yes_and_no_are_chosen_by_keys_and_none_holds_at_first(
    kit: UiContext, stage: Stage
) -> None:
    editor = made(kit, "leg", "alone")
    stage(editor)
    assert isinstance(editor, YesNoEditor)
    assert editor.choice.key == ""
    editor.focus()
    QTest.keyClick(editor.choice.parts["yes"], Qt.Key.Key_Space)
    assert editor.value() is True
    QTest.keyClick(editor.choice.parts["yes"], Qt.Key.Key_Right)
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    assert editor.value() is False


def test_typing_in_a_long_list_finds_a_country_whatever_the_letters(
    kit: UiContext, stage: Stage
) -> None:
    editor = made(kit, "plan", "to_country")
    stage(editor)
    assert isinstance(editor, AutocompleteEditor)
    pick = editor.pick
    type_into(pick, "aland")
    assert pick.proposals.is_open
    assert pick.proposals.list is not None
    QTest.keyClick(pick.proposals.list, Qt.Key.Key_Down)
    QTest.keyClick(pick.proposals.list, Qt.Key.Key_Return)
    assert editor.value() == "AX"
    kit.set_language("sv")
    assert pick.text() == "Åland"


def test_a_list_stands_in_the_order_of_the_windows_alphabet(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, "plan", "to_country")
    stage(editor)
    assert isinstance(editor, AutocompleteEditor)
    kit.set_language("sv")
    editor.pick.setFocus()
    QTest.keyClick(editor.pick, Qt.Key.Key_Down)
    assert editor.pick.proposals.list is not None
    model = editor.pick.proposals.list.model()
    names = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert names.index("Zimbabwe") < names.index("Åland") < names.index("Österrike")
    kit.set_language("en")


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Return])
@pytest.mark.parametrize(
    ("record_type", "field", "typed", "value"),
    [("plan", "to_country", "est", "EE"), ("client", "languages", "est", ("et",)),
     ("plan", "receiver", "rätts", "b" * 32)],
)  # fmt: skip
def test_only_match_in_the_list_is_the_answer(
    kit: UiContext, stage: Stage, qtbot: QtBot, record_type: str, field: str, typed: str,
    value: Value, key: Qt.Key,
) -> None:  # fmt: skip
    editor, other = made(kit, record_type, field), made(kit, "plan", "code_word")
    stage(editor, other)
    assert isinstance(editor, AutocompleteEditor | ChipsEditor)
    type_into(editor.pick, typed)
    shown = editor.pick.proposals.list
    assert shown is not None
    with qtbot.waitSignal(editor.pick.chosen):
        QTest.keyClick(shown, key)
    assert (editor.value(), editor.is_valid) == (value, True)
    assert not editor.pick.proposals.is_open
    if key == Qt.Key.Key_Tab:
        qtbot.waitUntil(lambda: QApplication.focusWidget() is not editor.pick)


def test_of_several_matches_none_is_taken_unless_it_is_marked(kit: UiContext, stage: Stage) -> None:
    editor, other = made(kit, "plan", "to_country"), made(kit, "plan", "code_word")
    stage(editor, other)
    assert isinstance(editor, AutocompleteEditor)
    type_into(editor.pick, "l")
    shown = editor.pick.proposals.list
    assert shown is not None
    QTest.keyClick(shown, Qt.Key.Key_Tab)
    assert (editor.value(), editor.is_valid) == (None, False)
    assert editor.pick.text() == "l"


def test_name_that_can_be_only_one_needs_no_list_and_any_other_is_no_choice(
    kit: UiContext, stage: Stage, qtbot: QtBot
) -> None:
    editor, other = made(kit, "plan", "to_country"), made(kit, "plan", "code_word")
    stage(editor, other)
    assert isinstance(editor, AutocompleteEditor)
    for typed, value in (("latvia", "LV"), ("latv", "LV"), ("l", None)):
        editor.show_value(None)
        type_into(editor.pick, typed)
        QApplication.processEvents()
        assert editor.pick.proposals.list is not None
        QTest.keyClick(editor.pick.proposals.list, Qt.Key.Key_Escape)
        assert not editor.pick.proposals.is_open
        with qtbot.waitSignal(editor.settled):
            other.focus()
        assert editor.value() == value
        assert editor.is_valid is (value is not None)
    assert editor.pick.text() == "l"


def test_an_entry_of_the_directory_is_found_by_its_name(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, "plan", "receiver")
    stage(editor)
    assert isinstance(editor, AutocompleteEditor)
    type_into(editor.pick, "rätts")
    assert editor.pick.proposals.list is not None
    QTest.keyClick(editor.pick.proposals.list, Qt.Key.Key_Down)
    QTest.keyClick(editor.pick.proposals.list, Qt.Key.Key_Return)
    assert editor.value() == "b" * 32
    editor.show_value("c" * 32)
    assert editor.pick.text() == "an entry that is not in this list"
    editor.set_options([("c" * 32, "Pskov kriscentrum")])
    assert editor.pick.text() == "Pskov kriscentrum"


def test_languages_are_added_by_typing_and_taken_away_by_their_chips(
    kit: UiContext, stage: Stage
) -> None:
    editor = made(kit, "client", "languages")
    stage(editor)
    assert isinstance(editor, ChipsEditor)
    for typed in ("russ", "swed"):
        type_into(editor.pick, typed)
        assert editor.pick.proposals.list is not None
        QTest.keyClick(editor.pick.proposals.list, Qt.Key.Key_Down)
        QTest.keyClick(editor.pick.proposals.list, Qt.Key.Key_Return)
    assert editor.value() == ("ru", "sv")
    assert editor.chips["ru"].accessibleName() == "Remove Russian"
    editor.chips["ru"].setFocus()
    QTest.keyClick(editor.chips["ru"], Qt.Key.Key_Space)
    assert editor.value() == ("sv",)


def test_boxes_are_ticked_by_keys_and_keep_the_order_of_ticking(
    kit: UiContext, stage: Stage
) -> None:
    editor = made(kit, "consent", "groups")
    stage(editor)
    assert isinstance(editor, CheckBoxesEditor)
    for code in ("travel", "identity", "health"):
        editor.boxes[code].setFocus()
        QTest.keyClick(editor.boxes[code], Qt.Key.Key_Space)
    QTest.keyClick(editor.boxes["health"], Qt.Key.Key_Space)
    assert editor.value() == ("travel", "identity")
    for code in ("travel", "identity"):
        editor.boxes[code].click()
    assert editor.value() is None


def test_a_told_text_shows_the_languages_it_is_wanted_in(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, "client", "safe_contact")
    stage(editor)
    assert isinstance(editor, LocalizedTextEditor)
    assert [telling.language for telling in editor.tellings] == ["sv", "ru"]
    type_into(editor.tellings[0].area, "Ring")
    assert editor.value() == (Translation("sv", "Ring"),)
    assert editor.tellings[1].area.placeholderText() == "not in this language yet"


def test_a_language_is_added_and_taken_away(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, "client", "safe_contact")
    stage(editor)
    assert isinstance(editor, LocalizedTextEditor)
    editor.show_value(TOLD)
    editor.add.setFocus()
    QTest.keyClick(editor.add, Qt.Key.Key_Space)
    QTest.keyClicks(editor.pick, "ukr")
    assert editor.pick.proposals.list is not None
    QTest.keyClick(editor.pick.proposals.list, Qt.Key.Key_Down)
    QTest.keyClick(editor.pick.proposals.list, Qt.Key.Key_Return)
    QTest.keyClicks(focused(), "Anna")
    assert editor.value() == (*TOLD, Translation("uk", "Anna"))
    telling = editor.input_for("ru")
    assert telling is not None
    QTest.mouseClick(telling.remove, Qt.MouseButton.LeftButton)
    assert editor.value() == (TOLD[1], Translation("uk", "Anna"))


def test_the_last_language_is_emptied_but_stays(kit: UiContext, stage: Stage) -> None:
    editor = make_editor(kit, "client", "safe_contact", FormOptions(languages=("sv",)))
    stage(editor)
    assert isinstance(editor, LocalizedTextEditor)
    editor.show_value((Translation("sv", "Ring"),))
    editor.tellings[0].remove.click()
    assert editor.value() is None
    assert len(editor.tellings) == 1


@pytest.mark.parametrize(
    ("record_type", "key"), sorted({(record_type, key) for record_type, key, *_ in EACH})
)
def test_the_first_stop_has_the_fields_name_and_no_control_is_nameless(
    kit: UiContext, stage: Stage, record_type: str, key: str
) -> None:
    editor = made(kit, record_type, key)
    window = stage(editor)
    assert nameless(window) == []
    label = RECORD_TYPES[record_type].fields[key].label
    assert all(stop.accessibleName().startswith(label) for stop in editor.focus_targets)
    editor.show_value(MissingAnswer.UNKNOWN)
    assert editor.missing_view.accessibleName() == label
    assert editor.missing_view.accessibleDescription() == "unknown"


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_wrong_read_only_and_focus_are_seen(kit: UiContext, stage: Stage, scheme: Scheme) -> None:
    kit.set_theme(scheme)
    editor, other = made(kit, "client", "birth_date"), made(kit, "leg", "mode")
    stage(editor, other)
    other.focus()
    assert kit.theme.colours.focus in colours(other)
    editor.mark_wrong(is_wrong=True, saying="No.")
    assert kit.theme.colours.danger in colours(editor)
    assert editor.focus_targets[0].accessibleDescription() == "No."
    editor.mark_wrong(is_wrong=False)
    assert kit.theme.colours.danger not in colours(editor)
    editor.set_read_only(is_read_only=True)
    assert kit.theme.colours.sunken in colours(editor)
    editor.open_answer_menu()
    assert not [menu for menu in editor.findChildren(QMenu) if menu.isVisible()]


def test_a_click_on_the_arrow_opens_the_list_and_it_goes_with_its_field(
    kit: UiContext, stage: Stage
) -> None:
    editor = made(kit, "plan", "to_country")
    stage(editor)
    assert isinstance(editor, AutocompleteEditor)
    editor.show_value("LV")
    at = QPoint(editor.pick.width() - 12, editor.pick.height() // 2)
    QTest.mouseClick(editor.pick, Qt.MouseButton.LeftButton, pos=at)
    assert editor.pick.proposals.is_open
    editor.hide()
    assert not editor.pick.proposals.is_open


@pytest.mark.parametrize(
    ("record_type", "key", "value"), [("leg", "alone", True), ("consent", "groups", ("travel",))]
)
def test_answers_side_by_side_say_below_that_they_were_not_asked(
    kit: UiContext, stage: Stage, record_type: str, key: str, value: Value
) -> None:
    editor = made(kit, record_type, key)
    stage(editor)
    assert editor.note == "not asked"
    editor.show_value(value)
    assert editor.note is None


def test_boxes_that_are_only_read_are_muted(kit: UiContext, stage: Stage) -> None:
    editor = made(kit, "consent", "groups")
    stage(editor, made(kit, "leg", "mode"))
    editor.show_value(("travel",))
    editor.set_read_only(is_read_only=True)
    assert kit.theme.colours.accent not in colours(editor)


@pytest.mark.parametrize("value", [None, "ferry"])
def test_a_choice_is_muted_only_while_nothing_is_chosen(
    kit: UiContext, stage: Stage, value: Value
) -> None:
    editor = made(kit, "leg", "mode")
    stage(editor)
    editor.show_value(value)
    combo = editor.focus_targets[0]
    assert isinstance(combo, QComboBox)
    assert bool(combo.property("gap")) is (value is None)


@pytest.mark.parametrize(
    ("record_type", "key", "letter"),
    [
        ("client", "birth_date", "1"),
        ("leg", "departs", "1"),
        ("plan", "to_country", "l"),
        ("client", "languages", "r"),
        ("client", "safe_contact", "R"),
    ],
)
def test_a_letter_typed_on_an_answer_begins_a_value_of_any_kind_with_letters(
    kit: UiContext, stage: Stage, record_type: str, key: str, letter: str
) -> None:
    editor = made(kit, record_type, key)
    stage(editor)
    editor.show_value(MissingAnswer.UNKNOWN)
    editor.focus()
    QTest.keyClicks(editor.missing_view, letter)
    assert not editor.missing_view.isVisible()
    assert letter in editor.raw()


@pytest.mark.slow
def test_texts_too_long_come_back_from_a_draft_whole(kit: UiContext, stage: Stage) -> None:
    for record_type, key in (("plan", "alarm_plan"), ("client", "safe_contact")):
        editor, other = made(kit, record_type, key), made(kit, record_type, key)
        stage(editor, other)
        long: Value = "a" * (MAX_VALUE_BYTES + 1)
        editor.enter(long if key == "alarm_plan" else (Translation("sv", str(long)),))
        assert not editor.is_valid
        other.enter_raw(editor.raw())
        assert other.raw() == editor.raw()
        assert not other.is_valid


def test_what_was_typed_comes_back_from_a_draft(kit: UiContext, stage: Stage) -> None:
    pairs = [
        ("client", "birth_date", "in May"),
        ("plan", "to_country", "latv"),
        ("client", "languages", "ru\tswe"),
        ("leg", "sequence", "1x"),
        ("leg", "departs", "31.4\t17\tEurope/Riga"),
    ]
    for record_type, key, raw in pairs:
        editor = made(kit, record_type, key)
        stage(editor)
        editor.enter_raw(raw)
        assert not editor.is_valid
        assert editor.raw() == raw
        assert isinstance(editor, ZonedTimeEditor) is (key == "departs")


@pytest.mark.parametrize("below", [0, 2000])
@pytest.mark.parametrize(("record_type", "key"), [("leg", "mode"), ("plan", "wants_paper")])
def test_a_list_of_choices_shows_whole_rows_on_the_screen(
    kit: UiContext, stage: Stage, record_type: str, key: str, below: int
) -> None:
    editor = made(kit, record_type, key)
    window = stage(editor)
    assert isinstance(editor, ChoiceEditor)
    room = window.screen().availableGeometry()
    window.move(window.x(), min(below, room.bottom() - window.height()))
    editor.choice.showPopup()
    QApplication.processEvents()
    view = editor.choice.view()
    rows = [view.visualRect(view.model().index(row, 0)) for row in range(editor.choice.count())]
    assert rows[0].top() == 0
    assert rows[-1].bottom() == view.viewport().height() - 1
    assert room.contains(view.window().geometry())
    editor.choice.hidePopup()
