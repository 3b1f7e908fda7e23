# SPDX-License-Identifier: GPL-3.0-or-later
"""The form on real records: what changed, what was seen, drafts, conflicts, and where Tab goes."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.support.samples import first
from tests.support.windows import Stage, missed_by_tab, nameless, show, timer_of

from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.values import MissingAnswer, Translation, Value
from kfdesk.services.core.records import change_record, create_record, require_record
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.editors import DayEditor, TextEditor
from kfdesk.ui.forms.form import DRAFT_DELAY, ONE_COLUMN_WIDTH, Form, IncrementalForm
from kfdesk.ui.theme import Scheme

KEYS = ("given_name", "alias", "birth_date", "languages", "safe_contact")
ROWS = (("given_name", "birth_date"), ("alias", "languages"))
OFFERS = FormOptions(languages=("sv", "ru"), readers={"given_name": "Staff, Tartu"})
VALUES: dict[str, Value] = {"given_name": "Nina", "birth_date": date(1999, 5, 1)}


class Sheet:
    """A form on a client of a real store, as a page connects them."""

    def __init__(self, desk: OpenDesk, form: Form) -> None:
        self._desk = desk
        self.form = form
        self.rid = desk.run(lambda: create_record(desk.desk, Client, VALUES))
        self.form.show_view(self.read())

    def read(self) -> RecordView[Any]:
        return view(self._desk.run(lambda: require_record(self._desk.desk, self.rid)), Client)

    def write(self, values: dict[str, Value]) -> None:
        """Somebody else writes."""
        self._desk.run(lambda: change_record(self._desk.desk, self.rid, values))

    def save(self) -> None:
        """Save as a page does."""
        changes, seen = self.form.changes(), self.form.seen_writes
        self._desk.run(lambda: change_record(self._desk.desk, self.rid, changes, seen))
        self.form.refresh(self.read(), changes)


@pytest.fixture
def sheet(kit: UiContext, qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[Sheet]:
    desk = OpenDesk(kit, qtbot, tmp_path / "desk")
    form = Form(kit, "client", KEYS, OFFERS, ROWS)
    stage(form)
    yield Sheet(desk, form)
    desk.close()


def type_name(form: Form, text: str) -> None:
    editor = form.editors["given_name"]
    assert isinstance(editor, TextEditor)
    editor.area.selectAll()
    QTest.keyClicks(editor.area, text)


def test_a_form_shows_the_record_under_its_labels_and_nothing_has_changed(sheet: Sheet) -> None:
    assert {"Given name", "Alias", "Date of birth", "Languages"} <= texts(sheet.form)
    assert sheet.form.editors["given_name"].value() == "Nina"
    assert not sheet.form.has_changes
    assert sheet.form.changes() == {}


def test_only_what_differs_is_a_change(sheet: Sheet) -> None:
    type_name(sheet.form, "Vera")
    assert sheet.form.changes() == {"given_name": "Vera"}
    type_name(sheet.form, "Nina")
    assert sheet.form.changes() == {}
    sheet.form.editors["alias"].set_missing_answer(MissingAnswer.DECLINED)
    assert sheet.form.changes() == {"alias": MissingAnswer.DECLINED}


def test_what_cannot_be_read_is_told_when_the_field_is_left_and_is_no_change(
    sheet: Sheet, qtbot: QtBot
) -> None:
    editor, slot = sheet.form.editors["birth_date"], sheet.form.form_rows["birth_date"]
    assert isinstance(editor, DayEditor)
    editor.line.setFocus()
    editor.line.selectAll()
    QTest.keyClicks(editor.line, "12.12")
    assert slot.message_text == ""
    QTest.keyClick(editor.line, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: "not saved" in slot.message_text)
    assert editor.line.accessibleDescription() == slot.message_text
    assert bool(editor.line.property("wrong"))
    assert sheet.form.changes() == {}
    assert sheet.form.has_changes
    assert sheet.form.unparsed() == {"birth_date": "12.12"}
    assert sheet.form.validate() == "birth_date"
    editor.line.setFocus()
    QTest.keyClick(editor.line, Qt.Key.Key_End)
    QTest.keyClicks(editor.line, ".1999")
    assert slot.message_text == ""
    assert not editor.line.property("wrong")
    assert sheet.form.changes() == {"birth_date": date(1999, 12, 12)}
    assert sheet.form.validate() is None


def test_a_draft_is_due_two_seconds_after_the_last_key(sheet: Sheet, qtbot: QtBot) -> None:
    timer_of(sheet.form, DRAFT_DELAY).setInterval(50)
    with qtbot.waitSignal(sheet.form.draft_asked):
        type_name(sheet.form, "Vera")
    type_name(sheet.form, "Nina")
    with qtbot.assertNotEmitted(sheet.form.draft_asked, wait=150):
        pass


def test_a_draft_comes_back_over_the_record(sheet: Sheet) -> None:
    told = (Translation("sv", "Ring"),)
    draft: dict[str, Value] = {"given_name": "Vera", "safe_contact": told, "code": "elsewhere"}
    sheet.form.restore(draft, {"birth_date": "12.12"})
    assert sheet.form.changes() == {"given_name": "Vera", "safe_contact": told}
    assert sheet.form.unparsed() == {"birth_date": "12.12"}
    assert "not saved" in sheet.form.form_rows["birth_date"].message_text


def test_saving_keeps_what_was_typed_meanwhile(sheet: Sheet) -> None:
    type_name(sheet.form, "Vera")
    changes, seen = sheet.form.changes(), sheet.form.seen_writes
    type_name(sheet.form, "Verа Ivanova".replace("а", "a"))
    desk = sheet._desk
    desk.run(lambda: change_record(desk.desk, sheet.rid, changes, seen))
    sheet.form.refresh(sheet.read(), changes)
    assert sheet.form.changes() == {"given_name": "Vera Ivanova"}
    sheet.save()
    assert sheet.form.changes() == {}
    assert sheet.read().record.given_name == "Vera Ivanova"
    assert sheet.read().conflicts == frozenset()


def test_a_newer_record_does_not_touch_what_is_being_edited(sheet: Sheet) -> None:
    type_name(sheet.form, "Vera")
    sheet.write({"given_name": "Olga", "alias": "Lo"})
    sheet.form.refresh(sheet.read())
    assert sheet.form.editors["alias"].value() == "Lo"
    assert sheet.form.changes() == {"given_name": "Vera"}
    assert "Someone has changed this field" in sheet.form.form_rows["given_name"].message_text


def test_what_came_in_between_becomes_a_conflict_and_is_shown_with_both_values(
    sheet: Sheet, qtbot: QtBot
) -> None:
    type_name(sheet.form, "Vera")
    sheet.write({"given_name": "Olga", "alias": "Lo"})
    sheet.form.refresh(sheet.read())
    sheet.save()
    assert sheet.read().conflicts == {"given_name"}
    slot = sheet.form.form_rows["given_name"]
    assert slot.has_conflict
    assert not sheet.form.editors["given_name"].isVisible()
    assert {"Olga", "Vera", "Two values, not yet decided."} <= texts(slot)
    assert sheet.form.changes() == {}
    with qtbot.waitSignal(sheet.form.decision_asked) as asked:
        QTest.keyClick(slot.conflict_view.decide, Qt.Key.Key_Space)
    assert asked.args == ["given_name"]


def test_what_is_being_typed_in_a_field_that_comes_into_conflict_stays(sheet: Sheet) -> None:
    sheet.write({"given_name": "Olga"})
    seen = sheet.form.seen_writes
    type_name(sheet.form, "Vera")
    desk = sheet._desk
    desk.run(lambda: change_record(desk.desk, sheet.rid, {"given_name": "Anna"}, seen))
    sheet.form.refresh(sheet.read())
    assert sheet.form.form_rows["given_name"].has_conflict
    assert sheet.form.editors["given_name"].isVisible()
    assert sheet.form.changes() == {"given_name": "Vera"}


def test_findings_stand_beside_their_field_and_block_nothing(sheet: Sheet) -> None:
    sheet.form.show_findings({"given_name": ["This is missing.", "And this."]})
    assert sheet.form.form_rows["given_name"].message_text == "This is missing.\nAnd this."
    sheet.form.show_findings({})
    assert sheet.form.form_rows["given_name"].message_text == ""
    sheet.form.show_findings({"given_name": ["This is missing."]})
    type_name(sheet.form, "Vera")
    assert sheet.form.changes() == {"given_name": "Vera"}


def test_who_may_receive_a_value_is_said_with_its_field(sheet: Sheet) -> None:
    assert "Staff, Tartu" in texts(sheet.form.form_rows["given_name"])


def test_words_follow_the_language_and_values_stay(sheet: Sheet, kit: UiContext) -> None:
    type_name(sheet.form, "Vera")
    sheet.form.restore({}, {"birth_date": "12.12"})
    kit.set_language("sv")
    assert "⟦Given name⟧" in texts(sheet.form)
    assert sheet.form.form_rows["birth_date"].message_text.startswith("⟦This is not a day")
    assert sheet.form.changes() == {"given_name": "Vera"}
    assert sheet.form.unparsed() == {"birth_date": "12.12"}


def test_fields_stand_in_two_columns_where_there_is_room(sheet: Sheet) -> None:
    slots = sheet.form.form_rows
    sheet.form.window().resize(ONE_COLUMN_WIDTH + 100, 900)
    QApplication.processEvents()
    assert slots["given_name"].y() == slots["birth_date"].y()
    assert slots["birth_date"].x() > slots["given_name"].x()
    assert slots["safe_contact"].width() > slots["given_name"].width() * 1.9
    sheet.form.window().resize(ONE_COLUMN_WIDTH - 100, 900)
    QApplication.processEvents()
    assert slots["birth_date"].x() == slots["given_name"].x()
    assert [slots[key].y() for key in KEYS] == sorted(slots[key].y() for key in KEYS)


@pytest.mark.parametrize("width", [ONE_COLUMN_WIDTH - 100, ONE_COLUMN_WIDTH + 100])
def test_tab_walks_the_fields_as_one_reads_them_and_misses_none(sheet: Sheet, width: int) -> None:
    window = sheet.form.window()
    window.resize(width, 900)
    QApplication.processEvents()
    sheet.form.focus_on("given_name")
    assert missed_by_tab(window) == []
    assert nameless(window) == []
    sheet.form.focus_on("given_name")
    places = []
    for _ in range(4):
        focus = QApplication.focusWidget()
        assert focus is not None
        at = focus.mapTo(window, focus.rect().topLeft())
        places.append((at.y(), at.x()))
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert places == sorted(places)


def test_tab_comes_by_an_answer_and_a_language_that_were_added(sheet: Sheet) -> None:
    sheet.form.editors["alias"].set_missing_answer(MissingAnswer.UNKNOWN)
    told = sheet.form.editors["safe_contact"]
    told.enter((Translation("sv", "Ring"), Translation("uk", "Anna")))
    QApplication.processEvents()
    sheet.form.focus_on("given_name")
    assert missed_by_tab(sheet.form.window()) == []


def test_a_form_is_only_read_where_it_may_not_be_written(sheet: Sheet) -> None:
    sheet.form.set_read_only(is_read_only=True)
    assert not sheet.form.editors["given_name"].answers.isVisible()
    assert not any(
        stop.isEnabled() for each in sheet.form.editors.values() for stop in each.focus_targets
    )


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
@pytest.mark.parametrize("code", ["en", "sv", "ru"])
@pytest.mark.parametrize("points", first(1, [10.5, 21.0]))
def test_no_word_is_cut_in_any_language_or_size(
    kit: UiContext, qtbot: QtBot, code: str, scheme: Scheme, points: float
) -> None:
    """Every kind of editor, in a narrow window that scrolls."""
    kit.set_theme(scheme)
    kit.set_language(code)
    window = QWidget()
    column = QVBoxLayout(window)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    column.addWidget(scroll)
    sample = QWidget()
    rows = QVBoxLayout(sample)
    forms = [
        Form(kit, "client", KEYS, OFFERS, ROWS),
        Form(kit, "leg", ("sequence", "mode", "from_place", "departs", "alone"), OFFERS),
        Form(kit, "consent", ("groups",)),
    ]
    for form in forms:
        rows.addWidget(form)
    forms[0].restore(
        {"alias": MissingAnswer.DECLINED, "languages": ("sv",)}, {"birth_date": "12.12"}
    )
    forms[1].restore({}, {"departs": "25.10.2026\t02:30\tEurope/Stockholm"})
    scroll.setWidget(sample)
    for part in sample.findChildren(QWidget):
        font = part.font()
        font.setPointSizeF(font.pointSizeF() * points / 10.5)
        part.setFont(font)
    window.resize(QSize(640, 700))
    show(qtbot, window)
    qtbot.wait(30)
    for label in sample.findChildren(QLabel):
        if label.isVisible():
            needed = label.heightForWidth(label.width()) if label.wordWrap() else 0
            assert label.height() >= needed, label.text()
    for form in forms:
        for editor in form.editors.values():
            for stop in editor.focus_targets:
                if stop.isVisible():
                    assert stop.height() >= stop.fontMetrics().height(), stop
    kit.set_language("en")


def test_fields_that_are_built_later_show_what_the_form_was_told_before(
    kit: UiContext, sheet: Sheet, stage: Stage
) -> None:
    form = IncrementalForm(kit, "client", KEYS, OFFERS, ROWS)
    stage(form)
    form.show_view(sheet.read())
    sheet.write({"given_name": "Vera"})
    form.refresh(sheet.read())
    form.show_findings({"alias": ("A finding.",)})
    form.set_read_only(is_read_only=True, but={"alias"})
    assert not form.is_complete
    assert not form.has_changes
    assert (form.changes(), form.unparsed(), form.validate()) == ({}, {}, None)
    form.complete()
    assert form.editors["given_name"].value() == "Vera"
    assert form.editors["birth_date"].value() == VALUES["birth_date"]
    assert form.form_rows["alias"].message_text == "A finding."
    assert [key for key, slot in form.form_rows.items() if not slot.is_read_only] == ["alias"]
    assert not form.has_changes
    assert form.seen_writes != sheet.form.seen_writes  # it has seen what was written meanwhile


def test_change_of_a_field_that_was_built_later_replaces_only_what_was_seen(
    kit: UiContext, sheet: Sheet, stage: Stage
) -> None:
    form = IncrementalForm(kit, "client", KEYS, OFFERS, ROWS)
    stage(form)
    form.show_view(sheet.read())
    seen = form.seen_writes
    form.restore({"given_name": "Vera"})
    assert form.is_complete
    assert form.changes() == {"given_name": "Vera"}
    assert form.seen_writes == seen == sheet.form.seen_writes
