# SPDX-License-Identifier: GPL-3.0-or-later
"""Every paper in the print centre: chosen by keyboard, in its own language, size and subject."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.gui.gui_samples import nameless, show

from kfdesk.domain.papers.order import Form, PaperName
from kfdesk.domain.records.organisation import Organisation
from kfdesk.services.papers.kinds import KINDS
from kfdesk.services.writing.records import create_record
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.print_views.papers import UNDER
from kfdesk.ui.pages.printing import Printing


@pytest.fixture
def opened(kit: Kit, qtbot: QtBot, tmp_path: Path) -> Iterator[OpenDesk]:
    made = OpenDesk(kit, qtbot, tmp_path / "store")
    yield made
    made.close()


@pytest.fixture
def page(kit: Kit, qtbot: QtBot, opened: OpenDesk) -> Printing:
    made = Printing(kit, opened.desk)
    made.resize(1080, 740)
    show(qtbot, made)
    opened.rest()
    return made


def press(page: Printing, opened: OpenDesk, paper: PaperName) -> None:
    """Choose a paper as a person does."""
    option = page.choices.papers.options[paper]
    option.setFocus()
    QTest.keyClick(option, Qt.Key.Key_Space)
    opened.rest()


def pick(page: Printing, opened: OpenDesk, place: int) -> None:
    """Choose the subject in this place, below `none chosen`."""
    page.choices.subject.setCurrentIndex(place)
    page.choices.subject.activated.emit(place)
    opened.rest()


def test_every_paper_that_is_made_has_a_box_with_whom_it_is_for(page: Printing) -> None:
    assert set(page.choices.papers.options) == set(KINDS) <= set(UNDER)
    for option in page.choices.papers.options.values():
        assert option.accessibleDescription()
        assert option.text()


def test_arrow_keys_walk_through_the_papers(page: Printing, opened: OpenDesk) -> None:
    first, second, *_ = page.choices.papers.options.values()
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert second.isChecked()
    assert page.choices.papers.options[page.choices.papers.paper] is second
    opened.rest()


def test_paper_for_others_begins_in_the_windows_language(page: Printing, opened: OpenDesk) -> None:
    press(page, opened, PaperName.FILE_COPY)
    pick(page, opened, 2)
    assert page.choices.language.key == "en"
    assert page.preview.page.isVisible()
    assert page.foot.printing.isEnabled()
    assert any("Page 1 of " in said for said in texts(page))


def test_paper_for_her_begins_in_her_own(page: Printing, opened: OpenDesk) -> None:
    press(page, opened, PaperName.FILE_COPY)
    press(page, opened, PaperName.TRAVELLERS_SHEET)
    assert page.choices.language.key == ""
    page.choose_plan(opened.plan)
    opened.rest()
    assert page.choices.language.key == "ru"


def test_duty_sheet_is_made_of_the_plan(page: Printing, opened: OpenDesk, tmp_path: Path) -> None:
    page.choose_plan(opened.plan, PaperName.DUTY_SHEET)
    opened.rest()
    assert page.choices.papers.paper is PaperName.DUTY_SHEET
    assert page.foot.printing.isEnabled()
    page.save(tmp_path / "sheet.pdf")
    opened.rest()
    assert (tmp_path / "sheet.pdf").exists()
    assert page.head.copies.text() == "1 copy out"


def test_consent_form_is_about_a_consent_and_names_its_purpose(
    page: Printing, opened: OpenDesk
) -> None:
    press(page, opened, PaperName.CONSENT_FORM)
    assert page.choices.subject.count() > 1
    assert "Consent" in texts(page)
    pick(page, opened, 1)
    assert " · " in page.choices.subject.currentText()
    assert page.choices.language.key == "ru"
    assert page.preview.page.isVisible()


def test_list_needs_no_subject_and_a_country_narrows_it(page: Printing, opened: OpenDesk) -> None:
    for name, country in (("Naiste Näide", "EE"), ("Centrs Paraugs", "LV")):
        values = {"name": name, "country": country, "confidentiality": "partners_only"}
        opened.run(partial(create_record, opened.desk, Organisation, values))
    press(page, opened, PaperName.CONTACT_LIST)
    assert not page.choices.subject.isVisible()
    assert page.choices.country.isVisible()
    assert page.foot.printing.isEnabled()
    every = page.choices.order.only
    countries = [page.choices.country.itemText(n) for n in range(page.choices.country.count())]
    assert countries[0] == "All countries"
    assert {"Estonia", "Latvia"} <= set(countries)
    place = countries.index("Estonia")
    page.choices.country.setCurrentIndex(place)
    page.choices.country.activated.emit(place)
    opened.rest()
    assert len(page.choices.order.only) == 1 < len(every)
    assert page.foot.printing.isEnabled()


def test_card_of_a_secret_house_is_kept_back_and_leads_to_no_plan(
    page: Printing, opened: OpenDesk
) -> None:
    press(page, opened, PaperName.CONTACT_CARD)
    page.choices.choose_subject(opened.house)
    page.read()
    opened.rest()
    assert page.obstacles.isVisible()
    assert not page.obstacles.open_plan.isVisible()
    assert not page.foot.printing.isEnabled()


def test_only_sizes_that_a_paper_comes_in_are_offered(page: Printing, opened: OpenDesk) -> None:
    for paper, kind in KINDS.items():
        press(page, opened, paper)
        visible = [form for form in Form if page.choices.form.parts[form].isVisible()]
        assert visible == (list(kind.forms) if len(kind.forms) > 1 else [])
        assert page.choices.beside.isVisible() is kind.is_bilingual


def test_size_is_changed_by_keyboard_and_the_page_follows(page: Printing, opened: OpenDesk) -> None:
    page.choose_plan(opened.plan)
    opened.rest()
    large = page.choices.form.parts[Form.LARGE]
    large.setFocus()
    QTest.keyClick(large, Qt.Key.Key_Space)
    opened.rest()
    assert page.choices.order.form is Form.LARGE
    assert "Page 1 of 2" in texts(page)
    QTest.keyClick(page.preview.forth, Qt.Key.Key_Space)
    assert "Page 2 of 2" in texts(page)


def test_every_word_of_every_paper_follows_the_window(
    kit: Kit, page: Printing, opened: OpenDesk
) -> None:
    for paper in KINDS:
        press(page, opened, paper)
        assert nameless(page) == []
        kit.words.speak("sv")
        opened.rest()
        said = {one for one in texts(page) if one.strip() and not one.startswith("⟦")}
        assert not {one for one in said if one[0].isalpha() and "tulpan" not in one}, said
        kit.words.speak("en")
