# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Risk on a real store: both sides' picture, our answers by keys, versions, events."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from tests.gui.test_gui_decision import Sight, Stand, prepared, press, stand, texts, write
from tests.integration.course_samples import Walk
from tests.support.windows import colours, missed_by_tab, nameless, read_by, session_of

from kfdesk.demo import people, story
from kfdesk.domain.codes.risk import RISK_CATEGORY
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.risk import RiskAssessment
from kfdesk.domain.risk import (
    ItemAnswer,
    MatrixCell,
    RiskItem,
    ThemeAnswer,
    items_on_line,
)
from kfdesk.services.core.drafts import OpenDraft, count_drafts, read_draft
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.exchange import transfer
from kfdesk.services.plans.risk import (
    answer_risk_items,
    answer_risk_theme,
    create_risk_assessment,
    read_risks,
)
from kfdesk.services.workflow import move_plan
from kfdesk.ui.pages.plan.risk import RiskSection
from kfdesk.ui.pages.plan.risk_table import RiskMatrix
from kfdesk.ui.tokens import LIGHT
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.table import CELL_ROLE
from kfdesk.ui.widgets.text import Chip

__all__ = ("stand",)
BOTH_WEIGHED = "decision_ready"
ALT = Qt.KeyboardModifier.AltModifier


@dataclass
class Look:
    """A window on a plan's section Risk."""

    sight: Sight

    @property
    def risk(self) -> RiskSection:
        section = self.sight.page.parts["risk"]
        assert isinstance(section, RiskSection)
        return section

    @property
    def rows(self) -> list[list[str]]:
        """Return what stands in the list beside the picture."""
        return cells(self.risk.picture.make_table())

    @property
    def categories(self) -> dict[str, str]:
        found = cells(self.risk.answering.categories.table)
        return {row[1]: ", ".join(filter(None, row[2:])) for row in found}

    def records(self, record_type: str) -> list[Any]:
        """Return the records of a type, as the page has read them."""
        page = read_by(self.sight.page)
        return [one.record for one in page.case.all_views(record_type)]

    def behind(self, action: object) -> None:
        """Write in the store as another page would, and tell the window."""
        assert callable(action)
        self.sight.behind(action)
        self.sight.program.kit.events.changed.emit(frozenset({"risk_line"}))
        self.sight.settle()


def pick(choice: ChoiceBox, words: str) -> None:
    """Walk to an answer by the arrow keys."""
    choice.setFocus()
    steps = choice.findText(words) - choice.currentIndex()
    for _ in range(abs(steps)):
        press(Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    assert choice.currentText() == words


def cells(table: object) -> list[list[str]]:
    model = table.model()  # type: ignore[attr-defined]
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def opened(stand: Stand, language: str = "en", house: str = "ours") -> Look:
    sight = stand.open(language=language, house=house)
    sight.page.go_to("risk")
    sight.settle()
    look = Look(sight)
    look.risk.complete()
    sight.settle()
    return look


# The picture


def test_worse_of_both_is_seen_first_with_the_same_numbers_in_the_list(stand: Stand) -> None:
    stand.prepare(state=BOTH_WEIGHED)
    look = opened(stand)
    before, after = look.risk.picture.before, look.risk.picture.after
    assert before.matrix._discs == {
        MatrixCell(4, 5): [1], MatrixCell(3, 3): [2, 4], MatrixCell(3, 4): [3],
        MatrixCell(2, 4): [6], MatrixCell(4, 3): [7],
    }  # fmt: skip
    assert after.matrix._discs == {
        MatrixCell(2, 4): [1, 3],
        MatrixCell(1, 3): [2, 6],
        MatrixCell(2, 3): [4, 7],
    }
    assert (before.level.text(), after.level.text()) == ("Very high", "Moderate")
    assert [row[0] for row in look.rows] == ["1", "2", "3", "4", "6", "7"]
    first = look.rows[0]
    assert first[1:] == [
        f"Traffickers and their network, {people.SAFE_HOUSE}: 12 → 8 · Nordhuset: 20 → 8",
        "20 → 8", "Another region, Pskov", "In place",
    ]  # fmt: skip
    assert "She says: “I am afraid of the first week." in look.risk.picture.view.text()
    assert {f"{people.SAFE_HOUSE}, 1 December 2026", "Nordhuset, 1 December 2026"} <= texts(
        look.risk
    )


def test_one_sides_own_weighing_is_chosen_and_says_what_is_so(stand: Stand) -> None:
    stand.prepare(state=BOTH_WEIGHED)
    look = opened(stand)
    choice = look.risk.picture.whose
    assert choice.itemText(0) == "The higher of the two"
    theirs = next(p for p in range(choice.count()) if people.SAFE_HOUSE in choice.itemText(p))
    choice.setCurrentIndex(theirs)
    choice.activated.emit(theirs)
    assert [row[0] for row in look.rows] == ["1", "4"]
    # which items are so stays there; where they come from and how sure it is, goes along
    assert look.rows[0][1] == (
        "Traffickers and their network, The partner in the home country · Probable"
    )
    ours = next(p for p in range(choice.count()) if "Nordhuset" in choice.itemText(p))
    choice.setCurrentIndex(ours)
    choice.activated.emit(ours)
    assert look.rows[0][1] == (
        "Traffickers and their network, They know the home address, They are in the home community"
    )


def test_arrow_keys_walk_the_cells_and_each_is_said_in_words(stand: Stand) -> None:
    stand.prepare(state=BOTH_WEIGHED)
    look = opened(stand)
    matrix = look.risk.picture.before.matrix
    assert matrix.current == MatrixCell(4, 5)  # the gravest
    matrix.setFocus()
    said = []
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up):
        press(key)
        said.append(matrix.accessibleDescription())
    assert said == [
        "Likely, severe: 16, very high",
        "Possible, severe: 12, high. Risk 3",
        "Possible, serious: 9, moderate. Risks 2, 4",
        "Likely, serious: 12, high. Risk 7",
        "Almost certain, serious: 15, high",
    ]
    assert look.risk.picture.before.where.text() == said[-1]
    press(Qt.Key.Key_Up)  # there is nothing above
    assert matrix.current == MatrixCell(5, 3)
    interface = QAccessible.queryAccessibleInterface(matrix)
    assert interface.text(QAccessible.Text.Name) == "Now"
    assert interface.text(QAccessible.Text.Description) == said[-1]


def test_enter_in_a_cell_leads_to_its_risk_in_the_list_and_so_does_a_click(stand: Stand) -> None:
    stand.prepare(state=BOTH_WEIGHED)
    look = opened(stand)
    matrix, table = look.risk.picture.before.matrix, look.risk.picture.make_table()
    matrix.go_to(MatrixCell(4, 3))
    matrix.setFocus()
    press(Qt.Key.Key_Return)
    assert table.hasFocus()
    assert table.currentIndex().row() == 5
    area = matrix._area(MatrixCell(3, 4)).center().toPoint()
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=area)
    assert matrix.current == MatrixCell(3, 4)
    assert table.currentIndex().row() == 2
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))  # on a label: nothing
    assert matrix.current == MatrixCell(3, 4)


def test_more_than_four_discs_in_a_cell_are_three_and_how_many_others(stand: Stand) -> None:
    stand.prepare(state=BOTH_WEIGHED)
    look = opened(stand)
    matrix = look.risk.picture.before.matrix
    few = {
        MatrixCell(1, 1): list(range(1, 5)),
        MatrixCell(1, 2): [5, 6],
        MatrixCell(1, 3): [7, 8, 9],
    }
    matrix.show_discs(few)
    assert {LIGHT.text, LIGHT.risk_low} <= colours(matrix)
    matrix.show_discs({MatrixCell(1, 1): list(range(1, 9))})
    assert matrix.cell_text(MatrixCell(1, 1), look.sight.program.kit.translator.language) == (
        "Very unlikely, minor: 1, low. Risks 1, 2, 3, 4, 5, 6, 7, 8"
    )
    assert isinstance(matrix, RiskMatrix)


@pytest.mark.slow
def test_what_is_not_rated_stands_beside_the_picture_and_counts_as_high(stand: Stand) -> None:
    stand.prepare(state=BOTH_WEIGHED)
    look = opened(stand)
    desk, plan = session_of(look.sight.program), stand.plan

    def not_known() -> None:
        ours = read_risks(desk, plan).ours
        assert ours is not None
        answer_risk_items(
            desk, ours.view.rid, "reception", {"bed_unconfirmed": RiskItem(ItemAnswer.NOT_KNOWN)}
        )

    look.behind(not_known)
    assert look.risk.picture.unrated.text() == (
        "Not shown in the picture, and counted as high: 8 Reception"
    )
    row = next(row for row in look.rows if row[0] == "8")
    assert row[2] == "High"
    assert look.categories["Reception"] == "Nothing · a question says more, High"


@pytest.mark.parametrize(
    "language",
    [pytest.param("sv", marks=pytest.mark.slow), "en", pytest.param("ru", marks=pytest.mark.slow)],
)
def test_every_control_has_a_name_and_is_come_by(stand: Stand, language: str) -> None:
    stand.prepare(state=BOTH_WEIGHED)
    look = opened(stand, language)
    look.risk.answering.open_category("trafficker_network")
    look.sight.settle()
    assert nameless(look.risk) == []
    look.risk.picture.whose.setFocus()
    assert missed_by_tab(look.risk) == []


# Our answers


def answer_theme(look: Look, theme: str, key: Qt.Key) -> None:
    """Answer a theme by its key in the list."""
    table = look.risk.answering.categories.table
    table.setFocus()
    look.risk.answering.categories.go_to(theme)
    press(key)
    look.sight.settle()


def begun(walk: Walk) -> None:
    create_risk_assessment(walk.ours, walk.plan)


def test_category_is_opened_answered_and_weighed_by_keys_alone(stand: Stand) -> None:
    stand.prepare(begun, state="assessing")
    look = opened(stand)
    assert set(look.categories.values()) == {"Not answered"}
    table = look.risk.answering.categories.table
    table.setFocus()
    table.selectRow(list(RISK_CATEGORY).index("country_context"))
    press(Qt.Key.Key_2)
    look.sight.settle()
    assert look.categories["The country"] == "Something · 0 of 4 questions answered, High"
    press(Qt.Key.Key_Return)
    look.sight.settle()
    answers = look.risk.answering.answers
    assert answers.table.hasFocus()
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_1):
        press(key)
        look.sight.settle()
    assert [row[1] for row in cells(answers.table)] == ["No", "Yes", "Not known", "No"]
    assert look.categories["The country"] == "Something, High"
    answers.table.selectRow(2)
    press(Qt.Key.Key_1)  # it was cleared
    look.sight.settle()
    assert look.categories["The country"] == "Something · still to be rated, High"
    form = answers.form
    assert form is not None
    form.form.focus_on("likelihood")
    form.form.editors["likelihood"].enter("possible")
    form.form.editors["severity"].enter("severe")
    look.sight.save()
    assert look.categories["The country"] == "Something, High"
    (row,) = look.records("risk_line")
    assert (row.answer, row.present, row.likelihood) == ("found", ("disaster",), "possible")
    press(Qt.Key.Key_Escape)
    assert not answers.isVisible()
    assert table.hasFocus()


def test_source_goes_with_the_next_answers_and_how_sure_it_is_with_one_alone(stand: Stand) -> None:
    stand.prepare(begun, state="assessing")
    look = opened(stand)
    answer_theme(look, "reception", Qt.Key.Key_2)
    look.risk.answering.open_category("reception")
    answers = look.risk.answering.answers
    pick(answers.origin.from_where, "An authority")
    assert cells(answers.table)[0] == [
        ("It is still open who will be the receiver, by name"),
        "Not answered",
    ]
    answers.table.setFocus()
    press(Qt.Key.Key_2)
    answers.table.selectRow(0)
    pick(answers.origin.how_sure, "Probable")
    answers.table.selectRow(1)
    assert answers.origin.confidence is None
    answers.table.setFocus()
    press(Qt.Key.Key_3)
    answers.table.selectRow(1)
    pick(answers.origin.from_where, "What she says")
    look.sight.settle()
    (line,) = look.records("risk_line")
    held = items_on_line("reception", line)
    assert held["receiver_unconfirmed"] == RiskItem(ItemAnswer.SO, "authority", "probable")
    assert held["bed_unconfirmed"] == RiskItem(ItemAnswer.NOT_KNOWN, "client_statement")
    shown = [answers.table.model().index(row, 0).data(CELL_ROLE).under for row in range(3)]
    assert shown == ["An authority · Probable", "What she says", ""]


@pytest.mark.slow
def test_same_key_opens_an_answer_again_and_the_rest_is_answered_at_once(stand: Stand) -> None:
    stand.prepare(begun, state="assessing")
    look = opened(stand)
    answer_theme(look, "reception", Qt.Key.Key_2)
    look.risk.answering.open_category("reception")
    answers = look.risk.answering.answers
    assert answers.none.text() == "No to the rest"
    press(Qt.Key.Key_1)
    look.sight.settle()
    answers.table.selectRow(0)
    press(Qt.Key.Key_1)
    look.sight.settle()
    assert cells(answers.table)[0][1] == "Not answered"
    answers.buttons[ItemAnswer.NOT_KNOWN].click()
    look.sight.settle()
    answers.table.setFocus()
    press(Qt.Key.Key_0)
    look.sight.settle()
    assert not answers.none.isVisible()
    assert [row[1] for row in cells(answers.table)] == ["Not known", *["No"] * 4]
    QTest.keyClick(look.sight.program.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    look.sight.settle()
    assert [row[1] for row in cells(answers.table)] == ["Not known", *["Not answered"] * 4]
    answers.table.setFocus()
    press(Qt.Key.Key_2, ALT)  # is the page's
    press(Qt.Key.Key_0, ALT)
    assert cells(answers.table)[1][1] == "Not answered"


def test_what_is_typed_into_a_category_waits_as_a_draft(stand: Stand) -> None:
    stand.prepare(state=BOTH_WEIGHED)
    look = opened(stand)
    look.risk.answering.open_category("travel")
    form = look.risk.answering.answers.form
    assert form is not None
    rid = form.rid
    assert rid is not None
    form.form.focus_on("measure_by")
    write("Karin")
    look.risk.answering.answers.close_card()
    look.sight.settle()
    drafts: list[OpenDraft | None] = []
    look.sight.behind(lambda: drafts.append(read_draft(session_of(look.sight.program), rid)))
    (draft,) = drafts
    assert draft is not None
    look.sight.page.go_to("person")
    look.sight.page.resume_draft(draft)
    look.sight.settle()
    again = look.risk.answering.answers.form
    assert again is not None
    assert again.form.editors["measure_by"].value() == "KarinNord"
    assert look.risk.answering.answers.category == "travel"


def test_gate_leads_to_the_question_that_is_open(stand: Stand) -> None:
    def left_open(walk: Walk) -> None:
        ours = read_risks(walk.ours, walk.plan).ours
        assert ours is not None
        answer_risk_items(walk.ours, ours.view.rid, "health", {"pregnancy": RiskItem()})

    stand.prepare(left_open, state="assessing", further=prepared)
    sight = stand.open()
    sight.mend("risk_assessed")
    look = Look(sight)
    assert look.risk.isVisible()
    assert look.risk.answering.answers.category == "health"
    assert look.risk.answering.answers.table.hasFocus()


def test_gate_leads_to_the_measure_that_is_not_agreed(stand: Stand) -> None:
    def proposed(walk: Walk) -> None:
        ours = read_risks(walk.ours, walk.plan).ours
        assert ours is not None
        (line,) = (x for x in ours.lines if x.record.category == "travel")
        change_record(walk.ours, line.rid, {"mitigation_status": "proposed"})

    stand.prepare(proposed, state="decision_ready")
    sight = stand.open()
    sight.mend("measures_agreed")
    assert Look(sight).risk.answering.answers.category == "travel"


# Versions, the other side, and what happens


def test_new_weighing_begins_where_the_last_one_ended_and_that_one_is_still_read(
    stand: Stand,
) -> None:
    stand.prepare(state=BOTH_WEIGHED)
    assert stand.clock is not None
    stand.clock.time += timedelta(days=2)
    look = opened(stand)
    look.risk.weighings.ours.begin()
    look.sight.settle()
    assert look.risk.answering.categories.table.hasFocus()  # at the themes, on top
    assert look.risk.weighings.ours.form is None
    look.risk.answering.categories.conclusion.click()
    look.sight.settle()
    form = look.risk.weighings.ours.form
    assert form is not None
    assert form.form.editors["client_view"].value() is not None  # her own view stands first
    assert next(iter(form.form.editors)) == "client_view"
    choice = look.risk.picture.whose
    names = [choice.itemText(place) for place in range(choice.count())]
    assert names[-1] == "Nordhuset, 1 December 2026 (earlier)"
    assert "Nordhuset, 3 December 2026" in names
    choice.setCurrentIndex(len(names) - 1)
    choice.activated.emit(len(names) - 1)
    assert [row[0] for row in look.rows] == ["1", "2", "3", "6", "7"]
    ours = look.risk.weighings.ours
    old = [rid for rid in ours.lines if rid != form.rid]
    assert len(old) == 1
    assert not ours.lines[old[0]].isVisible()  # only the one that counts is edited
    assert not ours.open_record(old[0])


@pytest.mark.slow
def test_worse_conclusion_is_marked_and_theirs_is_only_read(stand: Stand) -> None:
    def worse(walk: Walk) -> None:
        ours = [r for r in walk.of("risk_assessment") if r.custodian != walk.partner]
        change_record(walk.ours, ours[0].rid, {"conclusion": "postpone"})

    stand.prepare(worse, state="assessing", further=prepared)
    look = opened(stand)
    marked = "the higher of the two: it decides"
    weighings = look.risk.weighings
    assert marked in {label.text() for label in weighings.ours.findChildren(QLabel)}
    said = texts(weighings.theirs)
    assert marked not in said
    assert {people.SAFE_HOUSE, "read-only"} <= said


def test_event_is_written_down_and_both_weighings_are_void(stand: Stand) -> None:
    stand.prepare(state=BOTH_WEIGHED)
    look = opened(stand)
    assert not look.risk.void.isVisible()
    look.sight.page.jump_to("risk_event", None, "")
    look.sight.settle()
    form = look.risk.weighings.events.form
    assert form is not None
    assert form.form.editors["happened"].value() is not None
    form.form.editors["kind"].enter("new_threat")
    look.sight.save()
    assert look.risk.void.isVisible()
    (row,) = look.records("risk_event")
    assert row.kind == "new_threat"
    assert "A new threat" in texts(look.risk.weighings.events)


def test_reading_again_is_written_down_with_one_button(stand: Stand) -> None:
    stand.prepare(state=BOTH_WEIGHED)
    look = opened(stand)
    assert look.risk.last_read.text().startswith("The risks have not been reviewed")
    look.risk.read_again.click()
    look.sight.settle()
    assert look.risk.last_read.text().startswith("Risks reviewed: 1 Dec")


def test_plan_without_a_weighing_offers_to_begin_one(stand: Stand) -> None:
    stand.prepare(state="assessing")
    look = opened(stand)
    assert not look.risk.picture.isVisible()
    assert not look.risk.answering.isVisible()
    look.sight.page.jump_to("risk_assessment", None, "conclusion")
    look.sight.settle()
    assert look.risk.picture.isVisible()
    assert look.risk.answering.categories.table.hasFocus()
    assert look.risk.column.indexOf(look.risk.answering) < look.risk.column.indexOf(
        look.risk.picture
    )
    assert len(look.categories) == 10  # nobody who travels counts as a child


def test_ended_plan_is_only_read(stand: Stand) -> None:
    def ended(walk: Walk) -> None:
        move_plan(walk.ours, walk.plan, "not_safe")

    stand.prepare(ended, state="decision_ready")
    look = opened(stand)
    assert not look.risk.read_again.isVisible()
    assert not look.risk.answering.open_category("travel")
    assert not look.risk.weighings.events.add_button.isVisible()
    assert look.rows


def test_state_of_the_section_is_its_gravest_risk(stand: Stand) -> None:
    stand.prepare(state=BOTH_WEIGHED)
    look = opened(stand)
    page = read_by(look.sight.page)
    state = RiskSection.state(page)
    fact = look.sight.program.kit.translator.translate(state.fact)
    assert (state.fill.name, fact) == ("DONE", "Very high")
    assert RiskSection.missing(page) == ()
    assert not look.risk.open_record(page.client.rid)
    assert not look.risk.begin_record("leg")


# Two desks, files that cross


@pytest.mark.slow
def test_two_files_that_cross_leave_no_conflict_and_the_worse_is_seen_at_both(
    stand: Stand,
) -> None:
    def crossed(walk: Walk) -> None:
        story.prepare(walk.ours, walk.plan, walk.partner)
        walk.weigh()
        for desk, likely in ((walk.ours, "rare"), (walk.theirs, "certain")):
            found = read_risks(desk, walk.plan).ours
            assert found is not None
            (line,) = (x for x in found.lines if x.record.category == "trafficker_network")
            change_record(desk, line.rid, {"likelihood": likely, "severity": "life_threatening"})
        us, them = walk.ours.identity.organisation, walk.partner
        sent = transfer.send_bundle(walk.ours, walk.plan, them, walk.post).path
        back = transfer.send_bundle(
            walk.theirs, walk.plan, us, walk.post
        ).path  # neither saw the other's
        for desk, path in ((walk.theirs, sent), (walk.ours, back)):
            review = transfer.review_bundle(desk, path)
            assert (review.conflicts, review.refused) == (0, 0)
            transfer.import_bundle(desk, path, review)

    stand.prepare(crossed, state="assessing")
    for house in ("ours", "theirs"):
        look = opened(stand, house=house)
        assert look.sight.page.conflicts == []
        assert look.risk.picture.before.matrix._discs[MatrixCell(5, 5)] == [1]
        words = look.rows[0][1]
        assert f"{people.SAFE_HOUSE}: 25 → 8" in words
        assert "Nordhuset: 5 → 8" in words
        look.sight.program.close()


def test_weighing_from_an_older_program_is_shown_without_lines(stand: Stand) -> None:
    def older(walk: Walk) -> None:
        values: people.Values = {"done": walk.clock.time.date(), "conclusion": "return_possible",
                                 "unanswered": 0}  # fmt: skip
        create_record(walk.ours, RiskAssessment, values, parent=walk.plan)

    stand.prepare(older, state="assessing")
    look = opened(stand)
    assert look.rows == []
    assert look.risk.picture.before.level.text() == "Not answered (0 of 10 themes)"
    assert "0 of 10 themes answered" in texts(look.risk.answering.categories)


# A status never says more than was answered


def said_everywhere(look: Look) -> set[str]:
    """Return what the matrices, the chips above, the list and the entry of the section say."""
    picture, entry = look.risk.picture, look.sight.page.sections.list.items["risk"]
    chips = [chip.text() for chip in look.risk._desks.findChildren(QLabel)]
    return {picture.before.level.text(), picture.after.level.text(), entry.accessibleName(), *chips}


def conclude(walk: Walk) -> None:
    """Our conclusion, without an answer to any question."""
    rid = create_risk_assessment(walk.ours, walk.plan)
    change_record(walk.ours, rid, {"conclusion": "return_possible"})


def answer_one(walk: Walk) -> None:
    conclude(walk)
    ours = read_risks(walk.ours, walk.plan).ours
    assert ours is not None
    answer_risk_theme(walk.ours, ours.view.rid, "health", ThemeAnswer.NOTHING)


@pytest.mark.parametrize(
    ("begun", "said"),
    [
        (conclude, "Not answered (0 of 10 themes)"),
        (answer_one, "Partly answered (1 of 10 themes)"),
    ],
)
def test_conclusion_without_answers_is_not_done_anywhere(
    stand: Stand, begun: Callable[[Walk], None], said: str
) -> None:
    stand.prepare(begun, state="assessing")
    look = opened(stand)
    house = "Nordhuset, 1 December 2026"
    assert said_everywhere(look) == {
        said, f"{house} · {said}", f"Risk, incomplete, {said}",
    }  # fmt: skip
    assert any(text.startswith(said) for text in texts(look.risk.weighings.ours))
    (chip,) = look.risk._desks.findChildren(Chip)
    assert chip._icon != "circle-check"
    page = read_by(look.sight.page)
    assert [one.record_type for one in RiskSection.missing(page)] == ["risk_assessment"]


def test_partner_is_told_that_the_answers_were_not_sent(stand: Stand) -> None:
    stand.prepare(conclude, lambda walk: walk.send(), state="assessing")
    look = opened(stand, house="theirs")
    said = "Their answers were not sent"
    heard = said_everywhere(look)
    assert {said, f"Nordhuset, 1 December 2026 · {said}"} <= heard
    assert not any("Nothing found" in text or "done" in text.split(", ") for text in heard)
    assert said in texts(look.risk.weighings.theirs)


def name_partner(walk: Walk, *, is_named: bool) -> None:
    change_record(walk.ours, walk.plan, {"receiver": walk.partner.hex() if is_named else None})


def test_partner_who_is_no_receiver_is_told_why_at_once_and_nothing_is_made(stand: Stand) -> None:
    def unnamed(walk: Walk) -> None:
        name_partner(walk, is_named=False)
        conclude(walk)
        walk.send()

    stand.prepare(unnamed, state="assessing")
    look = opened(stand, house="theirs")
    ours = look.risk.weighings.ours
    assert not ours.add_button.isEnabled()
    assert ours.refusal.isVisible()
    assert ours.refusal.text().startswith("Nordhuset has not named you as the receiver")
    assert ours.add_button.accessibleDescription() == ours.refusal.text()
    for begin in (
        ours.add_button.click,
        ours.begin,
        partial(look.risk.begin_record, "risk_assessment"),
    ):
        begin()
        look.sight.settle()
        assert len(look.records("risk_assessment")) == 1  # the one that was sent
    assert ours.form is None


def test_label_follows_the_receiver_as_soon_as_it_is_known(stand: Stand) -> None:
    def unnamed(walk: Walk) -> None:
        walk.send()
        create_risk_assessment(walk.theirs, walk.plan)
        name_partner(walk, is_named=False)
        walk.send()
        name_partner(walk, is_named=True)
        sent.append(transfer.send_bundle(walk.ours, walk.plan, walk.partner, walk.post).path)

    sent: list[Path] = []
    stand.prepare(unnamed, state="assessing")
    look = opened(stand, house="theirs")
    ours = look.risk.weighings.ours
    assert "not valid" in texts(ours)

    def take() -> None:
        desk = session_of(look.sight.program)
        transfer.import_bundle(desk, sent[0], transfer.review_bundle(desk, sent[0]))

    look.sight.behind(take)
    look.sight.reread()
    assert "not valid" not in texts(ours)
    assert ours.add_button.isEnabled()
    assert ours.refusal.isHidden()
    (edit,) = ours.lines.values()
    assert edit.isVisible()


@pytest.mark.parametrize("has_desk", [True, False])
def test_fix_of_the_receivers_assessment_leaves_no_draft(stand: Stand, has_desk: bool) -> None:
    def without(walk: Walk) -> None:
        house = create_record(walk.ours, Organisation, {"name": "Dom bez datora"})
        other = house.hex() if not has_desk else None
        change_record(walk.ours, walk.plan, {"receiver": other})

    stand.prepare(without, state="assessing", further=prepared)
    sight = stand.open()
    sight.mend("risk_assessed")
    look = Look(sight)
    if has_desk:  # no receiver: the way leads to its field
        assert sight.is_at("receiver")
    else:
        assert look.risk.weighings.told.form is not None
        press(Qt.Key.Key_Escape)
        sight.settle()
    counted: list[int] = []
    sight.behind(lambda: counted.append(count_drafts(session_of(sight.program))))
    assert counted == [0]


def test_next_gap_leads_to_the_assessment_and_begins_none(stand: Stand) -> None:
    stand.prepare(state="assessing")
    look = opened(stand)
    page = read_by(look.sight.page)
    look.risk.jump_to(RiskSection.missing(page)[0])
    look.sight.settle()
    assert look.risk.weighings.ours.add_button.hasFocus()
    assert look.records("risk_assessment") == []
