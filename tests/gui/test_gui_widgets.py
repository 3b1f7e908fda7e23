# SPDX-License-Identifier: GPL-3.0-or-later
"""Each widget shows its states: rest, hover, focus, disabled, wrong."""

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QToolTip, QVBoxLayout
from pytestqt.qtbot import QtBot
from tests.support.windows import Stage, colour_at, colours, nameless, picture, point_at, show

from kfdesk.domain.message_marks import N_
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.parts import GrowingTextArea
from kfdesk.ui.theme import Scheme
from kfdesk.ui.tokens import RESERVE, Tone
from kfdesk.ui.translator import fixed_text
from kfdesk.ui.widgets.build import column, extend, on_escape, panel
from kfdesk.ui.widgets.buttons import Button, ButtonLook, SegmentedControl
from kfdesk.ui.widgets.collapsible import CollapsibleCard
from kfdesk.ui.widgets.inputs import ChoiceBox, LabelledField, TextEntry
from kfdesk.ui.widgets.layout import Banner, CardFrame, EmptyState, clear_layout
from kfdesk.ui.widgets.navigation import SectionEntry, SectionList
from kfdesk.ui.widgets.painting import Completion, draw_disc, text_width
from kfdesk.ui.widgets.table import ColumnKeeper, ColumnSpec, RowDelegate, TableCell, TableView
from kfdesk.ui.widgets.text import Chip, Icon, Label

ACCENTED = (
    ButtonLook.PRIMARY,
    ButtonLook.SECONDARY,
    ButtonLook.QUIET,
    ButtonLook.DANGER,
    ButtonLook.TONAL,
)
FILLS = {
    ButtonLook.PRIMARY: ("accent", "accent_hover"),
    ButtonLook.SECONDARY: ("surface", "hover"),
    ButtonLook.QUIET: ("", "accent_soft"),
    ButtonLook.DANGER: ("surface", "danger_soft"),
    ButtonLook.TONAL: ("accent_soft", "selection"),
}


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
@pytest.mark.parametrize("look", ACCENTED)
def test_a_button_shows_rest_hover_and_disabled(
    kit: UiContext, qtbot: QtBot, look: ButtonLook, scheme: Scheme, stage: Stage
) -> None:
    kit.set_theme(scheme)
    button = Button(kit, N_("Save"), "check", look)
    stage(button, QLineEdit())
    at_rest, hovered = FILLS[look]
    middle = button.height() // 2
    qtbot.waitUntil(lambda: not button.underMouse())
    if at_rest:
        assert colour_at(button, 8, middle) == getattr(kit.theme.colours, at_rest)
    point_at(button, button.rect().center())
    qtbot.waitUntil(button.underMouse)
    assert colour_at(button, 8, middle) == getattr(kit.theme.colours, hovered)
    button.setEnabled(False)
    assert kit.theme.colours.text_muted in colours(button)


@pytest.mark.parametrize("look", ACCENTED)
def test_the_focus_ring_stands_outside_the_box_with_a_gap(
    kit: UiContext, stage: Stage, look: ButtonLook
) -> None:
    first, second = Button(kit, N_("Save"), look=look), Button(kit, N_("Cancel"))
    stage(first, second)
    second.setFocus()
    ring = kit.theme.colours.focus
    middle = first.height() // 2
    assert ring not in colours(first)
    QTest.keyClick(second, Qt.Key.Key_Backtab)
    assert [colour_at(first, x, middle) for x in (0, 1)] == [ring, ring]
    assert ring not in {colour_at(first, 2, middle), colour_at(first, 3, middle)}


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_focused_button_is_pressed_by_key(
    kit: UiContext, qtbot: QtBot, key: Qt.Key, stage: Stage
) -> None:
    button = Button(kit, N_("Save"))
    stage(button)
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(button, key)


def test_a_button_answers_its_key_even_after_its_word_has_changed(
    kit: UiContext, qtbot: QtBot, stage: Stage
) -> None:
    button = Button(kit, N_("Save")).bind_key("Alt+G")
    window = stage(button)
    button.set_message(N_("Cancel"))
    kit.set_language("sv")
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.AltModifier)


def test_choice_without_an_answer_shows_its_hint_in_the_muted_colour(
    kit: UiContext, stage: Stage
) -> None:
    choice = ChoiceBox(kit)
    choice.set_options([("ru", N_("Russian"))])
    choice.setCurrentIndex(-1)
    stage(choice).resize(300, 40)
    empty = picture(choice)
    choice.setPlaceholderText("The first language")
    hinted = colours(choice)
    assert picture(choice) != empty
    assert kit.theme.colours.text_muted.upper() in hinted
    choice.setPlaceholderText("")
    choice.setCurrentIndex(0)
    assert kit.theme.colours.text.upper() in colours(choice)


def test_heading_of_a_folded_card_begins_where_that_of_an_open_card_does(
    kit: UiContext, stage: Stage
) -> None:
    open_card, folded = CardFrame(), CollapsibleCard(kit, N_("Folded"), "user")
    open_card.add_heading(kit, N_("Open"), "user")
    stage(panel(column(open_card, folded, gap=8, margins=(20, 20, 20, 20)))).resize(600, 300)
    QApplication.processEvents()
    (icon,) = open_card.findChildren(Icon)
    begins = folded.fold.mapTo(folded, QPoint(RESERVE, 0)).x()
    assert begins == icon.mapTo(open_card, QPoint(0, 0)).x()


def test_a_button_grows_with_its_words_or_breaks_them_and_is_never_cut(
    kit: UiContext, qtbot: QtBot
) -> None:
    button = Button(kit, N_("Save"), "check")
    narrow = button.sizeHint()
    button.set_message(lambda _: "Заблокировать до завтра")
    assert button.sizeHint().width() > narrow.width()
    longest = text_width("Заблокировать", button.font())
    assert longest < button.minimumSizeHint().width() < button.sizeHint().width()
    button.resize(button.minimumSizeHint())
    show(qtbot, button)
    assert button.height() >= button.heightForWidth(button.width()) > narrow.height()


def test_a_button_of_one_width_grows_when_its_words_do(kit: UiContext, stage: Stage) -> None:
    """The language is switched in an open plan: nothing becomes wider, and nothing is resized."""
    button = Button(kit, N_("Save")).with_end_icon("chevron-right")
    button.setFixedWidth(button.sizeHint().width() + 8)
    stage(button)
    one_line = button.height()
    button.set_message(lambda _: "Nästa som saknas")
    QApplication.processEvents()
    assert button.height() >= button.heightForWidth(button.width()) > one_line
    button.set_message(N_("Save"))
    QApplication.processEvents()
    assert button.minimumHeight() == one_line


def test_where_there_is_little_room_a_button_keeps_its_word_and_not_the_sign_of_its_key(
    kit: UiContext, stage: Stage
) -> None:
    keyed, plain = Button(kit, N_("Save")).show_key("Ctrl+S"), Button(kit, N_("Save"))
    assert keyed.minimumSizeHint() == plain.sizeHint()
    stage(Button(kit, N_("Cancel")), keyed, plain)
    for button in (keyed, plain):
        button.setFixedSize(plain.sizeHint())
    assert picture(keyed) == picture(plain)


def test_a_button_with_an_icon_alone_keeps_its_name(kit: UiContext, stage: Stage) -> None:
    button = Button(kit, N_("Save"), "check").bared()
    window = stage(button)
    assert nameless(window) == []
    assert button.toolTip() == "Save"
    assert button.sizeHint().width() == button.sizeHint().height()
    kit.set_language("sv")
    assert button.toolTip() == "⟦Save⟧"


@pytest.mark.parametrize("icon", ["plus", "chevron-left", "x"])
def test_an_icon_alone_is_in_the_middle_of_its_button(
    kit: UiContext, stage: Stage, icon: str
) -> None:
    button = Button(kit, N_("Add"), icon, ButtonLook.PRIMARY).bared()
    stage(button)
    image = picture(button)
    ground = image.pixelColor(image.width() // 2, 6)
    inked = [
        (x, y)
        for x in range(8, image.width() - 8)
        for y in range(8, image.height() - 8)
        if image.pixelColor(x, y) != ground
    ]
    for axis, length in ((0, image.width()), (1, image.height())):
        ends = [at[axis] for at in inked]
        assert abs(min(ends) + max(ends) + 1 - length) <= 2


def test_targets_are_large_enough_to_hit(kit: UiContext) -> None:
    for widget in (Button(kit, N_("Save")).bared(), TextEntry(), ChoiceBox(kit), Chip(kit)):
        assert max(widget.sizeHint().height(), widget.minimumHeight()) >= 24


def test_a_field_ties_label_error_and_entry_together(kit: UiContext, stage: Stage) -> None:
    entry = TextEntry()
    field = LabelledField(kit, N_("Language"), entry)
    window = stage(field, QLineEdit())
    assert entry.accessibleName() == "Language"
    field.show_error(N_("Caps Lock is on"))
    assert field.has_error
    assert entry.accessibleDescription() == "Caps Lock is on"
    assert kit.theme.colours.danger in colours(entry)
    kit.set_language("sv")
    assert entry.accessibleDescription() == "⟦Caps Lock is on⟧"
    field.clear_note()
    assert not field.has_error
    assert entry.accessibleDescription() == ""
    assert kit.theme.colours.danger not in colours(window)


@pytest.mark.parametrize("tone", [Tone.WARNING, Tone.SUCCESS, Tone.MUTED])
def test_a_note_is_not_an_error(kit: UiContext, stage: Stage, tone: Tone) -> None:
    field = LabelledField(kit, N_("Language"), TextEntry())
    stage(field)
    field.show_error(N_("Caps Lock is on"))
    field.show_note(tone, N_("Language"))
    assert not field.has_error
    assert tone.ink(kit.theme.colours) in colours(field)


def test_a_focused_field_has_the_focus_border(kit: UiContext, stage: Stage) -> None:
    entry = TextEntry()
    stage(QLineEdit(), entry)
    middle = entry.height() // 2
    assert colour_at(entry, 0, middle) == kit.theme.colours.control
    entry.setFocus()
    assert colour_at(entry, 1, middle) == kit.theme.colours.focus


def test_a_choice_is_made_by_keys_and_speaks_the_language(kit: UiContext, stage: Stage) -> None:
    choice = ChoiceBox(kit)
    choice.set_options([("open", N_("Open")), ("close", N_("Close"))], "close")
    stage(choice)
    chosen: list[str] = []
    choice.chosen.connect(chosen.append)
    assert choice.key == "close"
    QTest.keyClick(choice, Qt.Key.Key_Up)
    assert chosen == ["open"]
    kit.set_language("sv")
    assert choice.currentText() == "⟦Open⟧"
    assert choice.key == "open"


def test_the_wheel_changes_no_answer(kit: UiContext, stage: Stage) -> None:
    choice = ChoiceBox(kit)
    choice.set_options([("open", N_("Open")), ("close", N_("Close"))])
    window = stage(choice)
    at = choice.mapTo(window, choice.rect().center())
    QTest.wheelEvent(window.windowHandle(), at, QPoint(0, -120))
    assert choice.key == "open"


def test_the_wheel_does_not_take_the_keyboard(kit: UiContext) -> None:
    """A user who scrolls a page over a list goes on typing where she was."""
    table = TableView(kit, (ColumnSpec(N_("Name")),))
    for widget in (table, ChoiceBox(kit), GrowingTextArea()):
        assert widget.focusPolicy() is Qt.FocusPolicy.StrongFocus


def test_arrow_keys_walk_a_segmented_choice(kit: UiContext, stage: Stage) -> None:
    segmented = SegmentedControl(kit, [("ours", N_("Open")), ("theirs", N_("Close"))])
    stage(segmented)
    chosen: list[str] = []
    segmented.chosen.connect(chosen.append)
    assert segmented.key == ""
    segmented.select("ours")
    assert chosen == []
    segmented.parts["ours"].setFocus()
    QTest.keyClick(segmented.parts["ours"], Qt.Key.Key_Right)
    assert segmented.parts["theirs"].hasFocus()
    QTest.keyClick(segmented.parts["theirs"], Qt.Key.Key_Space)
    assert segmented.key == "theirs"
    assert chosen[-1] == "theirs"
    assert kit.theme.colours.focus in colours(segmented)
    segmented.setEnabled(False)
    assert kit.theme.colours.text_muted in colours(segmented)


@pytest.mark.parametrize("tone", list(Tone))
def test_a_chip_carries_word_and_icon_in_its_tone(kit: UiContext, stage: Stage, tone: Tone) -> None:
    chip = Chip(kit, tone, "circle-check")
    chip.set_message(N_("Open"))
    stage(chip)
    assert chip.size() == chip.sizeHint()
    assert {tone.ink(kit.theme.colours), tone.ground(kit.theme.colours)} <= colours(chip)
    chip.show_look(Tone.MUTED, "")
    assert chip.sizeHint().width() < chip.width()


def test_a_long_sentence_breaks_into_lines_and_is_not_cut(
    kit: UiContext, qtbot: QtBot, stage: Stage
) -> None:
    banner = Banner(kit, Tone.WARNING, "clock")
    banner.set_message(lambda _: "Программа заблокировалась: " * 6, N_("Open"))
    banner.setFixedWidth(300)
    stage(banner)
    for label in banner.findChildren(Label):
        assert label.height() >= label.heightForWidth(label.width())
    lines = banner.height()
    banner.set_message(N_("Open"))
    qtbot.waitUntil(lambda: banner.minimumSizeHint().height() < lines)


def test_an_empty_state_offers_one_thing_to_do(kit: UiContext, stage: Stage) -> None:
    empty = EmptyState(kit, "inbox", N_("Open"), N_("Close"))
    button = Button(kit, N_("Save"))
    empty.set_action(button)
    stage(empty)
    assert button.isVisible()
    assert kit.theme.colours.accent_soft in colours(empty)


def test_a_layout_can_be_emptied_and_filled_anew(kit: UiContext, stage: Stage) -> None:
    card = CardFrame()
    card.add_heading(kit, N_("Open"), "route")
    card.body.addWidget(QLineEdit())
    inner = QVBoxLayout()
    inner.addWidget(QLineEdit())
    card.body.addLayout(inner)
    stage(card)
    clear_layout(card.body)
    assert card.body.count() == 0
    assert [line for line in card.findChildren(QLineEdit) if line.isVisible()] == []


def test_esc_acts_for_the_widget_around_it_and_goes_on_up_otherwise(
    kit: UiContext, stage: Stage
) -> None:
    heard: list[str] = []
    line, is_open = QLineEdit(), [True]
    inner = CardFrame(parts=(line,))
    outer = CardFrame(parts=(inner,))
    on_escape(outer, lambda: heard.append("outer"))
    on_escape(inner, lambda: heard.append("inner"), lambda: is_open[0])
    stage(outer)
    for is_open[0] in (True, False):
        QTest.keyClick(line, Qt.Key.Key_Escape)
    QTest.keyClick(line, Qt.Key.Key_A)
    assert heard == ["inner", "outer"]
    assert line.text() == "a"


SECTIONS = (
    SectionEntry("person", N_("Open"), Completion.DONE),
    SectionEntry("travel", N_("Close"), Completion.PART, fact=N_("Save"), tone=Tone.WARNING),
    SectionEntry("papers", N_("Help"), icon="paperclip", fact=lambda _: "2"),
)


@pytest.fixture
def sections(kit: UiContext, stage: Stage) -> SectionList:
    made = SectionList(kit)
    made.show_sections(SECTIONS)
    made.show_current("person")
    stage(made)
    return made


def test_sections_say_how_far_they_are(sections: SectionList) -> None:
    names = [item.accessibleName() for item in sections.items.values()]
    assert names == ["Open, filled in", "Close, incomplete, Save", "Help, 2"]


def test_sections_are_walked_by_step_and_stop_at_the_ends(sections: SectionList) -> None:
    chosen: list[str] = []
    sections.chosen.connect(chosen.append)
    for by in (-1, 1, 1, 1):
        sections.step(by)
    assert chosen == ["person", "travel", "papers", "papers"]
    assert sections.items["papers"].isChecked()


def test_a_section_changes_where_it_stands(kit: UiContext, sections: SectionList) -> None:
    item = sections.items["travel"]
    sections.show_sections([SectionEntry("travel", N_("Close"), Completion.DONE)])
    assert sections.items["travel"] is item
    assert item.accessibleName() == "Close, filled in"
    kit.set_language("sv")
    assert item.accessibleName() == "⟦Close⟧, ⟦filled in⟧"


def test_a_fact_too_long_for_its_line_stands_below_the_word(
    kit: UiContext, sections: SectionList
) -> None:
    item = sections.items["travel"]
    height = item.sizeHint().height()
    sections.show_sections(
        [
            SectionEntry(
                "travel", N_("Close"), Completion.PART, fact=lambda _: "до 31 декабря 2026 года"
            )
        ]
    )
    assert item.sizeHint().height() > height


def test_legend_leaves_its_room_to_the_sections(kit: UiContext, stage: Stage) -> None:
    """In a low window, and also when a fact becomes longer there, as in another language."""
    shown = SectionList(kit)
    window = stage(shown)

    def facts(fact: str) -> list[SectionEntry]:
        return [SectionEntry(str(number), N_("Open"), fact=lambda _: fact) for number in range(9)]

    for height in range(300, 800, 25):
        window.resize(window.width(), height)
        for fact in ("", "two conditions are still open here, and another one, too"):
            shown.show_sections(facts(fact))
            QApplication.processEvents()
            QApplication.processEvents()
            bar = shown.findChildren(QScrollArea)[0].verticalScrollBar()
            assert bar.maximum() == 0 or shown._legend.isHidden(), (height, fact)


def test_eleven_sections_of_which_half_have_a_fact_below_need_no_scroll_bar(
    kit: UiContext, stage: Stage
) -> None:
    """In a window of 732 pixels, as a screen of 1366x768 leaves it, below the head of a plan."""
    shown = SectionList(kit)
    extend(shown.foot, Button(kit, N_("Close")))
    facts = ["", "3 conditions are open"] * 5 + [""]
    shown.show_sections(
        [SectionEntry(str(at), N_("Close"), fact=fixed_text(fact)) for at, fact in enumerate(facts)]
    )
    window = stage(shown)
    window.resize(window.width(), 604 + window.height() - shown.height())
    for _ in range(3):
        QApplication.processEvents()
    assert shown.height() == 604
    bar = shown.findChildren(QScrollArea)[0].verticalScrollBar()
    assert bar.maximum() == 0
    low = shown.items["0"].height()
    window.resize(window.width(), 1000)
    for _ in range(3):
        QApplication.processEvents()
    assert shown.items["0"].height() > low


def test_the_current_section_carries_the_tick(kit: UiContext, sections: SectionList) -> None:
    item = sections.items["person"]
    item.clearFocus()
    middle = item.height() // 2
    assert colour_at(item, 1, middle) == kit.theme.colours.accent
    assert colour_at(sections.items["papers"], 1, middle) != kit.theme.colours.accent


COLUMNS = (ColumnSpec(N_("Open")), ColumnSpec(N_("Close"), stretches=True))
ROWS = [
    (TableCell("tulpan-47", is_strong=True), TableCell("Riga", "EET", "ship", Tone.SUCCESS)),
    (
        TableCell("maple-12", "under"),
        TableCell("No one yet", icon="triangle-alert", tone=Tone.WARNING),
    ),
]


@pytest.fixture
def table(kit: UiContext, stage: Stage) -> TableView:
    made = TableView(kit, COLUMNS)
    made.show_rows(ROWS)
    made.setFixedSize(420, 200)
    stage(made)
    return made


def test_a_row_is_chosen_by_enter(table: TableView) -> None:
    chosen: list[int] = []
    table.chosen.connect(chosen.append)
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert chosen == [1]


def test_the_selected_row_has_ground_tick_and_ring(kit: UiContext, table: TableView) -> None:
    table.selectRow(0)
    table.setFocus()
    seen = colours(table.viewport())
    assert {kit.theme.colours.selection, kit.theme.colours.accent} <= seen
    assert kit.theme.colours.focus in seen


def test_the_row_under_the_pointer_is_hovered_whole(
    kit: UiContext, qtbot: QtBot, table: TableView
) -> None:
    table.clearSelection()
    point_at(table.viewport(), table.visualRect(table.rows.index(1, 0)).center())
    qtbot.waitUntil(lambda: table.hovered_row == 1)
    right = table.visualRect(table.rows.index(1, 1)).topRight() + QPoint(-3, 3)
    assert colour_at(table.viewport(), right.x(), right.y()) == kit.theme.colours.hover
    table.leaveEvent(None)  # type: ignore[arg-type]
    assert table.hovered_row == -1


def test_cells_and_headings_are_heard_in_words(kit: UiContext, table: TableView) -> None:
    assert table.rows.data(table.rows.index(1, 0)) == "maple-12, under"
    header = table.rows.headerData
    assert header(0, Qt.Orientation.Horizontal) == "Open"
    assert header(0, Qt.Orientation.Vertical) is None
    kit.set_language("sv")
    assert header(0, Qt.Orientation.Horizontal) == "⟦Open⟧"


def test_new_rows_keep_the_selected_place(table: TableView) -> None:
    table.selectRow(1)
    table.show_rows([*ROWS, *ROWS])
    assert table.currentIndex().row() == 1
    table.show_rows(ROWS[:1])
    assert not table.currentIndex().isValid()


def test_a_short_table_is_as_high_as_its_rows(table: TableView) -> None:
    table.fit_height()
    header = table.horizontalHeader().height()
    assert table.height() == header + 2 * table.row_height


def test_a_narrow_table_keeps_room_for_names_and_scrolls_to_the_rest(table: TableView) -> None:
    table.fit_height()
    names = table.rows.columns.index(next(one for one in table.rows.columns if one.stretches))
    wide, high = table.columnWidth(names), table.height()
    table.setFixedWidth(150)
    QApplication.processEvents()
    assert 100 < table.columnWidth(names) < wide
    assert table.horizontalScrollBar().maximum() > 0
    assert table.height() > high
    table.setFixedWidth(420)
    QApplication.processEvents()
    assert (table.columnWidth(names), table.height()) == (wide, high)


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_each_painted_widget_follows_the_theme(
    kit: UiContext, scheme: Scheme, table: TableView, sections: SectionList
) -> None:
    kit.set_theme(scheme)
    assert kit.theme.colours.surface in colours(table.viewport())
    assert kit.theme.colours.accent_soft in colours(sections)


def test_a_table_gives_two_lines_the_room_of_two(kit: UiContext, table: TableView) -> None:
    high = table.row_height
    table.show_rows([(TableCell("tulpan-47"), TableCell("Riga"))])
    assert table.row_height < high
    table.show_rows(ROWS)
    assert table.row_height == high == table.rowHeight(0)


def test_the_heading_of_a_column_is_whole_once_it_is_shown_again(
    kit: UiContext, stage: Stage
) -> None:
    table = TableView(kit, (ColumnSpec(N_("Open"), stretches=True), ColumnSpec("Heading " * 4)))
    keeper = ColumnKeeper(kit, table, "invented", column=-1)
    stage(table)
    header = table.horizontalHeader()
    for is_hidden_by_page in (False, True):
        table.setColumnHidden(1, is_hidden_by_page)
        table.show_rows([(TableCell("a"), TableCell("b"))])
        keeper.fit()
    table.showColumn(1)
    assert header.sectionSize(1) >= header.sectionSizeHint(1)


def test_headings_of_a_hidden_table_have_their_room_once_it_is_shown(
    kit: UiContext, stage: Stage
) -> None:
    table = TableView(kit, (ColumnSpec(N_("Plans")), ColumnSpec(stretches=True)))
    stage(table)
    header = table.horizontalHeader()
    before = header.sectionSize(0)
    table.hide()
    kit.translator.set_language("sv")  # with brackets round each word
    table.show()
    QApplication.processEvents()
    assert header.sectionSize(0) == header.sectionSizeHint(0) > before
    kit.translator.set_language("en")
    QApplication.processEvents()
    assert header.sectionSize(0) == before


def test_cell_that_is_cut_stands_whole_where_the_pointer_rests(
    kit: UiContext, stage: Stage
) -> None:
    table = TableView(kit, (ColumnSpec(stretches=True),))
    stage(table)
    for words in ("short", "a name that is far longer than this narrow table has room for"):
        table.show_rows([(TableCell(words),)])
        table.setFixedWidth(150)
        place = table.visualRect(table.rows.index(0, 0)).center()
        at = table.viewport().mapToGlobal(place)
        QApplication.sendEvent(table.viewport(), QHelpEvent(QEvent.Type.ToolTip, place, at))
        assert QToolTip.text() == (words if " " in words else "")


def test_long_table_measures_some_rows_for_its_widths(
    kit: UiContext, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column measured cell by cell would hold the window up for each of many thousand plans."""
    columns = (ColumnSpec("Code"), ColumnSpec("Name", stretches=True))
    measured = set[int]()
    whole = RowDelegate._whole_width

    def noted(delegate: RowDelegate, index: QModelIndex) -> int:
        measured.add(index.row())
        return whole(delegate, index)

    monkeypatch.setattr(RowDelegate, "_whole_width", noted)
    table = TableView(kit, columns)
    stage(table)
    table.rows.show_rows([(TableCell(f"{n}"), TableCell("Ett namn")) for n in range(3000)])
    table.resizeColumnToContents(0)
    assert 0 < len(measured) <= 128


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_disc_of_what_is_complete_is_not_green(kit: UiContext, scheme: Scheme) -> None:
    """Green is for what is safe or has happened: a filled form may tell of a danger."""
    kit.theme.set_scheme(scheme)
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor(kit.theme.colours.surface))
    painter = QPainter(image)
    draw_disc(painter, kit.theme, QRectF(0, 0, 40, 40), Completion.DONE)
    painter.end()
    seen = {image.pixelColor(x, y).name().upper() for x in range(40) for y in range(40)}
    assert kit.theme.colours.accent.upper() in seen
    assert kit.theme.colours.success.upper() not in seen
