# SPDX-License-Identifier: GPL-3.0-or-later
"""The consent form on paper, from the plan's page: before she has answered, and afterwards."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.gui.desk_samples import texts
from tests.gui.printer_samples import file_printer
from tests.gui.test_gui_consent import NEAR, Page, choose, pick
from tests.gui.test_gui_consent import page as page
from tests.support.samples import first

from kfdesk.domain.codes.core import PaperFormat
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record
from kfdesk.services.papers.production import list_copies
from kfdesk.services.plans.consents import list_consent_drafts
from kfdesk.ui.pages.printing.print_dialog import ConsentFormPrinting


def copies(page: Page) -> int:
    return len(page.opened.run(lambda: list_copies(page.desk)))


def offered(printing: ConsentFormPrinting) -> list[tuple[str, str, str]]:
    return [action.data() for action in printing.menu.actions()]


def talking(page: Page) -> ConsentFormPrinting:
    """Begin a consent, and return the printing part with its button."""
    page.section.begin()
    page.rest()
    paper = page.section.talks.paper
    assert paper is not None
    return paper


def test_form_of_a_recorded_consent_goes_to_the_printer_and_is_counted(
    page: Page, tmp_path: Path
) -> None:
    page.record(page.agreed(NEAR))
    before = copies(page)
    page.card.paper.print_on(file_printer(tmp_path / "out.pdf"), "ru")
    page.rest()
    assert (tmp_path / "out.pdf").stat().st_size > 1000
    assert copies(page) == before + 1
    assert "The form has been sent to the printer. Collect it now." in page.told


def test_form_is_printed_while_the_talk_is_only_a_draft(page: Page, tmp_path: Path) -> None:
    paper = talking(page)
    pick(page.form, "recipient", NEAR)
    choose(page.form, "purpose", "referral_service")
    page.form.sheet.editors["groups"].enter(("identity",))
    paper.print_on(file_printer(tmp_path / "out.pdf"), "sv")
    page.rest()
    assert (tmp_path / "out.pdf").exists()
    assert page.consents == []
    assert len(page.opened.run(lambda: list_consent_drafts(page.desk, page.client))) == 1


def test_form_of_which_the_recipient_is_not_said_is_not_printed(page: Page, tmp_path: Path) -> None:
    paper, before = talking(page), copies(page)
    choose(page.form, "purpose", "referral_service")
    paper.print_on(file_printer(tmp_path / "out.pdf"), "sv")
    page.rest()
    assert "paper.missing in en. Do this." in texts(paper)
    assert not (tmp_path / "out.pdf").exists()
    assert copies(page) == before


def test_form_is_not_printed_before_anybody_asked_what_she_reads(
    page: Page, tmp_path: Path
) -> None:
    page.opened.run(lambda: change_record(page.desk, page.client, {"languages": None}))
    paper, before = talking(page), copies(page)
    pick(page.form, "recipient", NEAR)
    choose(page.form, "purpose", "referral_service")
    page.form.sheet.editors["groups"].enter(("identity",))
    page.form.sheet.editors["language"].enter(None)
    page.rest()
    assert page.form.sheet.places["language"].message_text == ""
    paper.print_on(file_printer(tmp_path / "out.pdf"), "sv")
    page.rest()
    assert "paper.missing in en. Do this." in texts(paper)
    assert not (tmp_path / "out.pdf").exists()
    assert copies(page) == before
    page.form.sheet.editors["language"].enter("vi")  # asked now: an interpreter reads
    page.rest()
    paper.print_on(file_printer(tmp_path / "out.pdf"), "sv")
    page.rest()
    assert (tmp_path / "out.pdf").exists()
    assert copies(page) == before + 1


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_printer_that_refuses_is_told_of(page: Page, tmp_path: Path) -> None:
    page.record(page.agreed(NEAR))
    page.card.paper.print_on(file_printer(tmp_path), "sv")  # a folder cannot be written as a file
    page.rest()
    assert "paper.not_printed in en. Do this." in texts(page.card.paper)


def test_her_language_stands_first_and_each_comes_in_large_print_too(page: Page) -> None:
    page.record(page.agreed(NEAR))
    pairs = [("ru", ""), ("ru", "en"), ("sv", ""), ("en", "")]
    assert offered(page.card.paper) == [
        (code, form, second) for form in ("a4", "large") for code, second in pairs
    ]
    assert offered(talking(page))[0] == ("ru", PaperFormat.A4.value, "")
    words = [action.text() for action in page.card.paper.menu.actions()]
    state = "checked twice, not yet by a native speaker"
    assert words[0] == f"In Russian · {state}"
    assert words[1] == f"In Russian and English · {state}"
    assert words[4] == f"In Russian · large print · {state}"


def test_form_in_a_language_without_a_text_is_read_aloud_and_never_offered_in_it(
    page: Page,
) -> None:
    paper = talking(page)
    page.form.sheet.editors["language"].enter("vi")
    page.rest()
    assert offered(paper)[0] == ("ru", "a4", "")  # she speaks it, too
    paper.set_options(("vi",))
    assert {(code, second) for code, _, second in offered(paper)} == {
        ("sv", ""), ("en", ""), ("ru", "")
    }  # fmt: skip
    words = {action.text() for action in paper.menu.actions()}
    assert "In Swedish · an interpreter reads it aloud" in words
    place = page.form.sheet.places["language"]
    assert place.message_text.startswith("There is no text in this language: an interpreter")
    page.form.sheet.editors["language"].enter("uk")
    assert (
        place.message_text
        == "The text in this language is checked twice, not yet by a native speaker."
    )


def test_form_in_two_languages_goes_to_the_printer(page: Page, tmp_path: Path) -> None:
    page.record(page.agreed(NEAR))
    printer = file_printer(tmp_path / "out.pdf")
    page.card.paper.print_on(printer, "ru", PaperFormat.LARGE, "sv")
    page.rest()
    assert (tmp_path / "out.pdf").stat().st_size > 1000


def test_button_opens_the_languages_by_keyboard(page: Page) -> None:
    page.record(page.agreed(NEAR))
    paper = page.card.paper
    assert paper.button in page.card.buttons
    paper.button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(paper.button, Qt.Key.Key_Space)
    assert paper.menu.isVisible()
    QTest.keyClick(paper.menu, Qt.Key.Key_Escape)
    assert not paper.menu.isVisible()
    assert f"Print the form: {NEAR}" in paper.button.accessibleName()


@pytest.mark.parametrize(
    "values",
    first(1, [{"withdrawn": "now"}, {"form": "vital_interests", "reason": "Påhittat skäl"}]),
)
def test_what_is_withdrawn_or_decided_by_two_has_no_form(
    page: Page, values: dict[str, Value]
) -> None:
    agreed = page.agreed(NEAR)
    if "withdrawn" in values:
        values = {"withdrawn": agreed["given"]}
    page.record({**agreed, **values})
    assert not page.card.paper.isVisible()
    assert "Print the form" not in texts(page.card)
