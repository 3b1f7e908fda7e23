# SPDX-License-Identifier: GPL-3.0-or-later
"""Small parts of the window are whole and say what is so: rows, boxes, hints, times with a zone."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.support.windows import picture, show

from kfdesk.domain.message_marks import N_
from kfdesk.domain.values import Translation, ZonedTime
from kfdesk.i18n.language import PROGRAM, Language
from kfdesk.system import paths
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plan.decision_parts import _time_phrase
from kfdesk.ui.pages.plan.journey import leg_title
from kfdesk.ui.pages.plan.risk_assessments import assessment_dates_text
from kfdesk.ui.pages.unlock import WelcomeBar
from kfdesk.ui.translator import fixed_text
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.layout import TaskPage
from kfdesk.ui.widgets.table import ColumnSpec, GroupedTable, GroupRow, RowGroup, TableCell
from kfdesk.ui.widgets.text import Icon


@pytest.fixture
def english() -> Language:
    """Return English as the program speaks it."""
    return Language("en", paths.translations_folder(), PROGRAM)


def grouped(table: GroupedTable, *sizes: int) -> None:
    """Show groups of so many rows, each with a line below its text."""
    rows = [
        [GroupRow((TableCell("19 December", "CET"), TableCell()), lambda: None)] * size
        for size in sizes
    ]
    table.show_groups([RowGroup(N_("Today"), "sun", each) for each in rows])


@pytest.mark.parametrize("before", [(1, 1, 1), (2, 3), (1, 4), (3,)])
@pytest.mark.parametrize("after", [(5,), (2, 2), (4, 1), (1, 1, 1, 1)])
def test_row_that_was_a_heading_before_gets_the_height_of_a_row(
    kit: UiContext, qtbot: QtBot, before: tuple[int, ...], after: tuple[int, ...]
) -> None:
    table = GroupedTable(kit, N_("Today"), (ColumnSpec(stretches=True), ColumnSpec()))
    show(qtbot, table)
    grouped(table, *before)
    grouped(table, *after)
    heads = {sum(after[:at]) + at for at in range(len(after))}
    heights = {(row in heads, table.rowHeight(row)) for row in range(table.rows.rowCount())}
    assert heights == {(True, table._heading_height), (False, table.row_height)}
    assert table.row_height > table._heading_height


def test_text_of_a_box_without_room_ends_in_dots(kit: UiContext, qtbot: QtBot) -> None:
    boxes = [ChoiceBox(kit) for _ in range(3)]
    whole = "Russian, checked twice, not yet by a native speaker"
    seen = []
    for box, said in zip(boxes, (whole, whole[:60] + " of it", ""), strict=True):
        box.set_options([("only", fixed_text(said))])
        box.setFixedWidth(200)
        box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        show(qtbot, box)
        seen.append(picture(box))
    assert seen[0] == seen[1]  # both end in dots at the same place
    assert seen[0] != seen[2]
    assert boxes[0].currentText() == boxes[0].toolTip() == whole


def test_text_size_is_whole_when_the_language_has_changed(kit: UiContext, qtbot: QtBot) -> None:
    page = TaskPage(kit, N_("Settings"))
    bar = WelcomeBar(kit, page)
    bar.resize(900, 60)
    show(qtbot, bar)
    for code in ("sv", "en", "sv"):
        kit.set_language(code)
        for _ in range(3):
            QApplication.processEvents()
        assert bar.letters.toolTip() == ""  # it has one where the text is cut
    kit.set_language("en")


def test_sign_in_the_foot_is_there_only_beside_a_hint(kit: UiContext, qtbot: QtBot) -> None:
    page = TaskPage(kit, N_("Settings"))
    show(qtbot, page)
    (sign,) = (each for each in page._foot.findChildren(Icon) if each.parent() is page._foot)
    assert not sign.isVisible()
    page.hint.set_message(N_("Nothing has been changed yet."))
    assert sign.isVisible()
    page.hint.show_text("")
    assert not sign.isVisible()


def place(text: str) -> tuple[Translation, ...] | None:
    return (Translation("en", text),) if text else None


@pytest.mark.parametrize(
    ("start", "end", "title"),
    [
        ("Stockholm", "Riga", "Leg 2: Stockholm – Riga"), ("Riga", "", "Leg 2: Riga – …"),
        ("", "Pskov", "Leg 2: … – Pskov"), ("", "", "Leg 2"),
    ],
)  # fmt: skip
def test_leg_without_places_has_no_row_of_dashes_for_a_title(
    english: Language, start: str, end: str, title: str
) -> None:
    leg: Any = SimpleNamespace(record=SimpleNamespace(from_place=place(start), to_place=place(end)))
    assert leg_title(2, leg, english) == title


def test_assessment_without_a_conclusion_is_started_and_not_done(english: Language) -> None:
    record = SimpleNamespace(
        done=date(2026, 12, 1), valid_until=None, unanswered=0, conclusion=None
    )
    assert assessment_dates_text(record, english) == "Started 1 December 2026"
    record.conclusion = "return_with_measures"
    assert assessment_dates_text(record, english).startswith("Done 1 December 2026, valid until")


def test_time_of_a_question_or_an_answer_has_its_zone(english: Language) -> None:
    asked = ZonedTime.at(datetime(2026, 12, 1, 12, 0), "Europe/Stockholm")  # noqa: DTZ001 - wall time
    said = _time_phrase(N_("asked {when}"), asked, english)
    assert said == "asked 1 Dec 12:00 CET"
