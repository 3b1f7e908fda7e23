# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture and the lists of risks by themselves: what stands where, in words and strokes."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from tests.support import make
from tests.support.windows import colours, show
from tests.unit.domain.gates.gate_samples import line

from kfdesk.domain.codes.risk import RISK_CATEGORY
from kfdesk.domain.records.risk import RiskAssessment, RiskLine
from kfdesk.domain.risk import (
    CategoryRating,
    MatrixCell,
    RiskLevel,
    RiskRating,
    required_categories,
    risk_status,
    worst_by_category,
)
from kfdesk.domain.rows import view
from kfdesk.services.plans.risk import AssessmentVersion, PlanRisks
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plan.risk_table import (
    BOTH_SIDES,
    MATRIX_SIZE,
    RISK_LEVEL_LOOKS,
    RiskMatrix,
    RiskMatrixCard,
    RiskTable,
    ScoreCell,
    _disc_places,
    risk_category_text,
    risk_items_text,
    risk_level_colour,
    risk_level_text_colour,
    risk_rows,
    risk_status_look,
)
from kfdesk.ui.pages.plan.risk_themes import RiskThemesCard
from kfdesk.ui.tokens import LIGHT, Tone
from kfdesk.ui.widgets.table import CELL_ROLE

ALT = Qt.KeyboardModifier.AltModifier
GRAVE: dict[str, Any] = {
    "answer": "found", "likelihood": "certain", "severity": "life_threatening",
}  # fmt: skip
NAMES = {make.OURS.hex(): "Nordhuset", make.PARTNER.hex(): "Дом у реки"}


@pytest.fixture
def matrix(kit: UiContext, qtbot: QtBot) -> RiskMatrix:
    made = RiskMatrix(kit, "Now")
    made.resize(400, made.sizeHint().height())
    show(qtbot, made)
    return made


def version(*lines: Any, custodian: bytes = make.OURS, **more: Any) -> AssessmentVersion:
    weighing = view(make.row("risk_assessment", custodian=custodian), RiskAssessment)
    views = tuple(view(one, RiskLine) for one in lines)
    is_ours = custodian == make.OURS
    status = risk_status(views, has_children=False, is_own=is_ours)
    return AssessmentVersion(weighing, views, is_ours, counts=True, status=status, **more)


def risks(*versions: AssessmentVersion, has_children: bool = False) -> PlanRisks:
    lines = [one for each in versions for one in each.lines]
    return PlanRisks(versions, worst_by_category(lines), (), None, frozenset(), None, has_children)


# The picture


def test_cells_lie_beside_one_another_and_none_leaves_the_widget(matrix: RiskMatrix) -> None:
    areas = [
        matrix._area(MatrixCell(*pair)) for pair in product(range(1, MATRIX_SIZE + 1), repeat=2)
    ]
    for one, other in product(areas, areas):
        assert one == other or not one.intersects(other)
    assert all(QRectF(matrix.rect()).contains(area) for area in areas)
    top, bottom = matrix._area(MatrixCell(5, 1)), matrix._area(MatrixCell(1, 1))
    assert top.top() < bottom.top()  # likelihood goes up
    assert matrix._area(MatrixCell(1, 1)).left() < matrix._area(MatrixCell(1, 5)).left()


@pytest.mark.parametrize("count", range(1, 5))
@pytest.mark.parametrize("width", [50, 60, 90])
def test_discs_stand_in_their_cell_and_leave_its_score_to_be_read(count: int, width: int) -> None:
    area = QRectF(100, 200, width, 38)
    centres, sizes = _disc_places(area, count)
    assert len(centres) == len(sizes) == count
    for centre, size in zip(centres, sizes, strict=True):
        assert area.top() - 1 <= centre.y() - size / 2
        assert centre.y() + size / 2 <= area.bottom() + 1
        assert centre.x() + size / 2 <= area.right() - 12
        assert area.left() - 2 <= centre.x() - size / 2
    for one, other in product(range(count), repeat=2):
        gap: QPointF = centres[one] - centres[other]
        assert one == other or gap.manhattanLength() >= 16


def test_every_level_is_seen_in_its_colour(matrix: RiskMatrix) -> None:
    seen = colours(matrix)
    for level in RiskLevel:
        assert risk_level_colour(LIGHT, level) in seen
        assert risk_level_text_colour(LIGHT, level) != risk_level_colour(LIGHT, level)


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        (Qt.Key.Key_Up, MatrixCell(5, 3), MatrixCell(5, 3)),
        (Qt.Key.Key_Down, MatrixCell(1, 3), MatrixCell(1, 3)),
        (Qt.Key.Key_Left, MatrixCell(3, 1), MatrixCell(3, 1)),
        (Qt.Key.Key_Right, MatrixCell(3, 5), MatrixCell(3, 5)),
        (Qt.Key.Key_Right, MatrixCell(3, 3), MatrixCell(3, 4)),
        (Qt.Key.Key_Tab, MatrixCell(3, 3), MatrixCell(3, 3)),
    ],
)
def test_arrows_stop_at_the_edges(
    matrix: RiskMatrix, key: Qt.Key, start: MatrixCell, end: MatrixCell
) -> None:
    matrix.go_to(start)
    QTest.keyClick(matrix, key)
    assert matrix.current == end


def test_alt_with_an_arrow_is_the_pages(matrix: RiskMatrix) -> None:
    matrix.go_to(MatrixCell(3, 3))
    QTest.keyClick(matrix, Qt.Key.Key_Up, ALT)
    assert matrix.current == MatrixCell(3, 3)


def test_cell_is_said_in_the_windows_language(matrix: RiskMatrix, kit: UiContext) -> None:
    matrix.show_discs({MatrixCell(1, 1): [3]})
    matrix.go_to(MatrixCell(1, 1))
    assert matrix.accessibleDescription() == "Very unlikely, minor: 1, low. Risk 3"
    kit.translator.set_language("sv")
    assert matrix.accessibleDescription().startswith("⟦")


def test_ring_is_seen_where_the_keyboard_is(matrix: RiskMatrix) -> None:
    matrix.clearFocus()
    before = colours(matrix)
    matrix.setFocus()
    assert LIGHT.focus in colours(matrix) - before


# The list


def test_row_says_number_category_scores_measure_and_state(kit: UiContext) -> None:
    helped = line(
        "health", answer="found", likelihood="likely", severity="serious",
        likelihood_after="rare", severity_after="some", mitigation_status="agreed",
        measure=make.told("Tio dagar", "Десять дней"), measure_by="Nord",
    )  # fmt: skip
    (row,) = risk_rows(
        worst_by_category([view(helped, RiskLine)]), lambda _: "under it", kit.translator.language
    )
    assert [cell.accessible_text for cell in row] == [
        "6", "Health, under it", "12 → 2", "Tio dagar, Nord", "Agreed",
    ]  # fmt: skip
    score = row[2]
    assert isinstance(score, ScoreCell)
    assert score.scores == (12, 2)


def test_row_without_a_rating_says_its_level_and_unknown_codes_stand_as_they_are(
    kit: UiContext,
) -> None:
    language = kit.translator.language
    strange = line("x_new", answer="not_known", mitigation_status="x_odd", unclear=("x_item",))
    (one,) = worst_by_category([view(strange, RiskLine)])
    (row,) = risk_rows([one], lambda found: risk_items_text(found, language), language)
    assert [cell.accessible_text for cell in row] == [
        "12",
        "x_new, Not known: x_item",
        "High",
        "",
        "",
    ]
    assert risk_category_text("x_new", language) == "x_new"
    assert set(RISK_LEVEL_LOOKS) == set(RiskLevel)


def test_table_draws_discs_and_scores_and_tells_the_same(kit: UiContext, qtbot: QtBot) -> None:
    table = RiskTable(kit)
    table.resize(700, 300)
    found = worst_by_category(
        [view(line("health", **GRAVE), RiskLine), view(line("travel"), RiskLine)]
    )
    table.show_rows(risk_rows(found, lambda _: "", kit.translator.language))
    show(qtbot, table)
    assert {risk_level_colour(LIGHT, RiskLevel.VERY_HIGH), LIGHT.text} <= colours(table)
    spoken = [str(table.model().index(0, place).data()) for place in range(5)]
    assert spoken[:3] == ["6", "Health", "25 → 25"]
    assert isinstance(table.model().index(0, 2).data(CELL_ROLE), ScoreCell)
    assert table.sizeHintForColumn(2) > 60


# The cards


def test_picture_shows_the_worse_and_then_whoever_is_chosen(kit: UiContext, qtbot: QtBot) -> None:
    ours = version(line("health", answer="found", likelihood="rare", severity="minor"))
    theirs = version(line("health", "their risks", make.PARTNER, **GRAVE), custodian=make.PARTNER)
    theirs = replace(theirs, view=replace(theirs.view, row=replace(
        theirs.view.row, rid=make.named_id("their risks"))))  # fmt: skip
    card = RiskMatrixCard(kit)
    qtbot.addWidget(card)
    card.show_risks(risks(ours, theirs), NAMES)
    card.make_table()
    assert card.version is None
    assert card.before.matrix._discs == {MatrixCell(5, 5): [6]}
    assert card.whose.key == BOTH_SIDES
    card.whose.setCurrentIndex(1)
    card.whose.activated.emit(1)
    assert card.version is ours
    assert card.before.matrix._discs == {MatrixCell(1, 1): [6]}
    card.show_risks(risks(ours, theirs), NAMES)  # read again, and what was chosen stays
    assert card.version is ours


def test_picture_says_that_nothing_was_found_only_when_all_is_answered(
    kit: UiContext, qtbot: QtBot
) -> None:
    card = RiskMatrixCard(kit)
    qtbot.addWidget(card)
    card._show()  # before anything was read
    categories = required_categories(has_children=False)
    shown = {
        "Not answered (0 of 10 themes)": version(),
        "Partly answered (1 of 10 themes)": version(line("health")),
        "Their answers were not sent": version(line("health"), custodian=make.PARTNER),
        "Nothing found": version(*map(line, categories)),
    }
    for said, one in shown.items():
        card.show_risks(risks(one), NAMES)
        assert {card.before.level.text(), card.after.level.text()} == {said}
        is_ticked = risk_status_look(one.status)[1] == "circle-check"
        assert is_ticked == (said == "Nothing found")
    card.show_risks(risks(version(line("health"))), NAMES)
    assert card.make_table() is card.make_table()
    assert not card.make_table().isVisibleTo(card)
    card.go_to("health")
    card._on_cell_chosen(MatrixCell(1, 1))
    assert card.unrated.isHidden()


@pytest.mark.parametrize("has_children", [True, False])
def test_themes_say_what_each_comes_to(kit: UiContext, qtbot: QtBot, has_children: bool) -> None:
    card = RiskThemesCard(kit)
    qtbot.addWidget(card)
    begun = line("travel", answer=None, present=("transit_unmet",), absent=("document_tells",))
    rated = line("health", **GRAVE)
    unrated = line("reception", answer="found")
    seen = risks(version(begun, rated, unrated, line("country_context")), has_children=has_children)
    card.show_risks(seen, is_read_only=False)
    model = card.table.model()
    said = {
        str(model.index(row, 1).data()): tuple(str(model.index(row, n).data()) for n in (2, 3))
        for row in range(model.rowCount())
    }
    assert len(said) == len(RISK_CATEGORY) - (not has_children)
    assert said["The journey"] == ("2 of 7 questions answered", "")
    assert said["Health"] == ("Something", "Very high")
    assert said["Reception"] == ("Something · still to be rated", "High")
    assert said["The country"] == ("Nothing", "")
    assert said["Family and community"] == ("Not answered", "")
    card.go_to("health")
    assert card.table.currentIndex().row() == 5
    card.go_to("x_new")
    assert card.table.currentIndex().row() == 5
    asked = "3 of 10 themes answered"
    assert any(label.text() == asked for label in card.findChildren(QLabel))


def test_themes_without_a_weighing_of_ours_are_not_shown(kit: UiContext, qtbot: QtBot) -> None:
    card = RiskThemesCard(kit)
    qtbot.addWidget(card)
    card.show_risks(risks(version(custodian=make.PARTNER)), is_read_only=False)
    assert card.isHidden()


def test_high_is_danger_and_no_level_is_safe() -> None:
    tones = {level: tone for level, (tone, _) in RISK_LEVEL_LOOKS.items()}
    assert {level for level, tone in tones.items() if tone is Tone.DANGER} == {
        RiskLevel.HIGH, RiskLevel.VERY_HIGH,
    }  # fmt: skip
    assert Tone.SUCCESS not in tones.values()


def test_risk_without_a_level_has_no_tick(kit: UiContext) -> None:
    none = RiskRating(None, None)
    one = CategoryRating(6, "health", none, none, view(line("health"), RiskLine))
    (row,) = risk_rows([one], lambda _: "", kit.translator.language)
    assert (row[2].tone, row[2].icon) == (Tone.MUTED, "")
