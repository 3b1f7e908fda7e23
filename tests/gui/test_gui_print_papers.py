# SPDX-License-Identifier: GPL-3.0-or-later
"""Every paper in the print centre: chosen by keyboard, in its own language, size and subject."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.gui.printer_samples import choose_plan, choose_subject
from tests.support.make import Values
from tests.support.windows import nameless

from kfdesk.domain.codes.core import (
    PAPER,
    ListFilter,
    PaperFormat,
    PaperName,
)
from kfdesk.domain.papers import PAPER_PURPOSES
from kfdesk.domain.records.directory import Organisation
from kfdesk.services.core.records import create_record
from kfdesk.services.papers.kinds import PAPER_KINDS
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.printing.page import PrintingPage
from kfdesk.ui.tokens import PAGE_MARGIN
from kfdesk.ui.widgets.inputs import ChoiceBox

WHOLE = (1500, 820)
"""A window in which all papers stand side by side."""


def press(centre: PrintingPage, opened: OpenDesk, paper: PaperName) -> None:
    """Choose a paper as a person does."""
    option = centre.choices.papers.options[paper]
    option.setFocus()
    QTest.keyClick(option, Qt.Key.Key_Space)
    opened.rest()


def pick(centre: PrintingPage, opened: OpenDesk, place: int) -> None:
    """Choose the subject in this place, below `none chosen`."""
    centre.choices.subject.setCurrentIndex(place)
    centre.choices.subject.activated.emit(place)
    opened.rest()


def cut_off(part: QWidget) -> list[str]:
    """List children of a widget that are narrower than their text or beyond its right edge."""
    return [
        f"{type(child).__name__} {child.geometry()}"
        for child in part.findChildren(QWidget)
        if child.isVisible()
        and (
            child.mapTo(part, child.rect().topRight()).x() > part.width()
            or child.width() < child.minimumSizeHint().width()
        )
    ]


def sentences(part: QWidget) -> list[QLabel]:
    """Return the labels that show a fault."""
    return [label for label in part.findChildren(QLabel) if label.text().startswith("paper.")]


def test_every_paper_that_is_made_has_a_box_with_whom_it_is_for(centre: PrintingPage) -> None:
    assert set(centre.choices.papers.options) == set(PAPER_KINDS) <= set(PAPER_PURPOSES)
    for option in centre.choices.papers.options.values():
        assert option.accessibleDescription()
        assert option.text()


def test_arrow_keys_walk_through_the_papers(centre: PrintingPage, opened: OpenDesk) -> None:
    centre.resize(*WHOLE)
    first, second, *_ = centre.choices.papers.options.values()
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert second.isChecked()
    assert centre.choices.papers.options[centre.choices.papers.paper] is second
    opened.rest()


def test_paper_for_others_begins_in_the_windows_language(
    centre: PrintingPage, opened: OpenDesk
) -> None:
    press(centre, opened, PaperName.FILE_COPY)
    pick(centre, opened, 2)
    assert centre.choices.language.key == "en"
    assert centre.preview.page.isVisible()
    assert centre.foot.printing.isEnabled()
    assert any("Page 1 of " in said for said in texts(centre))


def test_paper_for_her_begins_in_her_own(centre: PrintingPage, opened: OpenDesk) -> None:
    press(centre, opened, PaperName.FILE_COPY)
    press(centre, opened, PaperName.TRAVELLERS_SHEET)
    assert centre.choices.language.key == ""
    choose_plan(centre, opened.rest, opened.plan)
    assert centre.choices.language.key == "ru"


def test_duty_sheet_is_made_of_the_plan(
    centre: PrintingPage, opened: OpenDesk, tmp_path: Path
) -> None:
    choose_plan(centre, opened.rest, opened.plan, PaperName.DUTY_SHEET)
    assert centre.choices.papers.paper is PaperName.DUTY_SHEET
    assert centre.foot.printing.isEnabled()
    centre.save(tmp_path / "sheet.pdf")
    opened.rest()
    assert (tmp_path / "sheet.pdf").exists()
    assert centre.head.copies.text() == "1 copy handed out"


def test_consent_form_is_about_a_consent_and_names_its_purpose(
    centre: PrintingPage, opened: OpenDesk
) -> None:
    press(centre, opened, PaperName.CONSENT_FORM)
    assert centre.choices.subject.count() > 1
    assert "Consent" in texts(centre)
    pick(centre, opened, 1)
    assert " · " in centre.choices.subject.currentText()
    assert centre.choices.language.key == "ru"
    assert centre.preview.page.isVisible()


def choose(choice: ChoiceBox, opened: OpenDesk, words: str) -> None:
    """Choose by its words what is offered."""
    place = choice.findText(words)
    assert place >= 0
    choice.setCurrentIndex(place)
    choice.activated.emit(place)
    opened.rest()


def test_list_needs_no_subject_and_is_narrowed_by_what_entries_have(
    centre: PrintingPage, opened: OpenDesk
) -> None:
    for name, country, services, spoken in (
        ("Naiste Näide", "EE", ("legal", "family"), ("et", "ru")),
        ("Centrs Paraugs", "LV", ("housing",), ("lv", "ru")),
    ):
        values: Values = {
            "name": name, "country": country, "confidentiality": "partners_only",
            "services": services, "languages": spoken,
        }  # fmt: skip
        opened.run(partial(create_record, opened.desk, Organisation, values))
    press(centre, opened, PaperName.CONTACT_LIST)
    filters = centre.choices.filters
    assert not centre.choices.subject.isVisible()
    assert filters.isVisible()
    assert centre.foot.printing.isEnabled()
    assert [filters.country.itemText(place) for place in range(3)] == [
        "All countries", "Estonia", "Latvia",
    ]  # fmt: skip
    choose(filters.country, opened, "Estonia")
    choose(filters.service, opened, "Legal help")
    choose(filters.spoken, opened, "Russian")
    assert centre.choices.paper_order.filter == ListFilter("EE", "legal", "ru")
    assert centre.foot.printing.isEnabled()
    choose(filters.service, opened, "Housing")  # not in Estonia
    assert centre.obstacles.isVisible()
    assert not centre.foot.printing.isEnabled()


def test_choices_of_a_list_stay_when_the_language_of_the_window_changes(
    centre: PrintingPage, opened: OpenDesk, kit: UiContext
) -> None:
    values = {"name": "Naiste Näide", "country": "EE", "confidentiality": "partners_only"}
    opened.run(partial(create_record, opened.desk, Organisation, values))
    press(centre, opened, PaperName.CONTACT_LIST)
    choose(centre.choices.filters.country, opened, "Estonia")
    kit.translator.set_language("ru")
    assert centre.choices.filters.country.currentText() == "Эстония"
    assert centre.choices.paper_order.filter.country == "EE"


def test_card_of_a_secret_house_is_kept_back_and_leads_to_no_plan(
    centre: PrintingPage, opened: OpenDesk
) -> None:
    press(centre, opened, PaperName.CONTACT_CARD)
    choose_subject(centre, opened.house)
    opened.rest()
    assert centre.obstacles.isVisible()
    assert not centre.obstacles.open_plan.isVisible()
    assert not centre.foot.printing.isEnabled()


def test_only_sizes_that_a_paper_comes_in_are_offered(
    centre: PrintingPage, opened: OpenDesk
) -> None:
    for paper, kind in PAPER_KINDS.items():
        press(centre, opened, paper)
        visible = [form for form in PaperFormat if centre.choices.form.parts[form].isVisible()]
        offered = kind.forms if len(kind.forms) > 1 else ()
        assert visible == [form for form in PaperFormat if form in offered]
        assert centre.choices.beside.isVisible() is kind.is_bilingual


@pytest.mark.parametrize(("width", "height"), [(797, 477), (1080, 500)])
def test_small_window_has_the_papers_in_a_list_and_nothing_is_cut(
    qtbot: QtBot, centre: PrintingPage, opened: OpenDesk, width: int, height: int
) -> None:
    papers = centre.choices.papers
    centre.resize(*WHOLE)
    qtbot.waitUntil(lambda: not papers.list.isVisible())
    papers.focus_target.setFocus()
    centre.resize(width, height)
    qtbot.waitUntil(papers.list.isVisible)
    assert papers.list.hasFocus()
    assert not any(option.isVisible() for option in papers.options.values())
    choose(papers.list, opened, PAPER[PaperName.DUTY_SHEET])
    assert papers.paper is PaperName.DUTY_SHEET
    for paper in (PaperName.TRAVELLERS_SHEET, PaperName.CONTACT_LIST):
        choose(papers.list, opened, PAPER[paper])
        assert cut_off(centre.choices) == []
    centre.resize(*WHOLE)
    qtbot.waitUntil(papers.options[PaperName.CONTACT_LIST].hasFocus)
    assert papers.options[PaperName.CONTACT_LIST].isChecked()


def test_long_name_of_a_paper_wraps_in_its_box_and_a_long_word_folds_the_papers(
    kit: UiContext, qtbot: QtBot, centre: PrintingPage, opened: OpenDesk
) -> None:
    papers = centre.choices.papers
    room = round((papers.boxes_width + 12) * 14 / 5) + 2 * PAGE_MARGIN + 20
    centre.resize(room + 5, 800)  # there is just room for them
    qtbot.waitUntil(lambda: not papers.list.isVisible())
    kit.translator.set_language("sv")  # with brackets around each name
    opened.rest()
    assert not papers.list.isVisible()
    box = papers.options[PaperName.DUTY_SHEET]
    for name, is_folded in (("One word and one more word " * 5, False), ("W" * 40, True)):
        box.setText(name)
        centre.resize(centre.width() + 1, 800)
        opened.rest()
        assert papers.list.isVisible() is is_folded
    kit.translator.set_language("en")
    qtbot.waitUntil(lambda: not papers.list.isVisible())
    assert cut_off(centre.choices) == []


def test_what_the_look_has_found_comes_into_view(
    qtbot: QtBot, centre: PrintingPage, opened: OpenDesk
) -> None:
    centre.resize(797, 477)
    choose_plan(centre, opened.rest, opened.plan)
    ready = centre.ready
    qtbot.waitUntil(lambda: ready.isVisible() and not ready.visibleRegion().isEmpty())
    qtbot.waitUntil(lambda: ready.visibleRegion().boundingRect() == ready.rect())


def test_in_a_narrow_panel_the_way_to_the_field_stands_below_its_sentence(
    centre: PrintingPage, opened: OpenDesk, qtbot: QtBot
) -> None:
    choose_plan(centre, opened.rest, opened.empty)
    for width, is_below in ((1080, False), (690, True)):
        centre.resize(width, 740)
        opened.rest()
        way, sentence = centre.obstacles.fixes[0], sentences(centre.obstacles)[0]
        qtbot.waitUntil(lambda part=way: part.visibleRegion().boundingRect() == part.rect())  # type: ignore[misc]
        assert (way.y() > sentence.geometry().bottom()) is is_below
        assert (way.x() > sentence.geometry().right()) is not is_below


def test_size_is_changed_by_keyboard_and_the_page_follows(
    centre: PrintingPage, opened: OpenDesk
) -> None:
    choose_plan(centre, opened.rest, opened.plan)
    large = centre.choices.form.parts[PaperFormat.LARGE]
    large.setFocus()
    QTest.keyClick(large, Qt.Key.Key_Space)
    opened.rest()
    assert centre.choices.paper_order.form is PaperFormat.LARGE
    assert "Page 1 of 3" in texts(centre)
    QTest.keyClick(centre.preview.forth, Qt.Key.Key_Space)
    assert "Page 2 of 3" in texts(centre)
    centre.preview.page.area.setFocus()
    QTest.keyClick(centre.preview.page.area, Qt.Key.Key_PageUp)
    assert "Page 1 of 3" in texts(centre)


def test_every_word_of_every_paper_follows_the_window(
    kit: UiContext, centre: PrintingPage, opened: OpenDesk
) -> None:
    values = {"name": "tulpan", "country": "EE", "confidentiality": "partners_only"}
    opened.run(partial(create_record, opened.desk, Organisation, values))
    for paper in PAPER_KINDS:
        press(centre, opened, paper)
        assert nameless(centre) == []
        kit.translator.set_language("sv")
        opened.rest()
        said = {one for one in texts(centre) if one.strip() and not one.startswith("⟦")}
        said -= {one for one in said if one == "Do this." or one.endswith(" in sv.")}  # of the kit
        assert not {one for one in said if one[0].isalpha() and "tulpan" not in one}, said
        kit.translator.set_language("en")
