# SPDX-License-Identifier: GPL-3.0-or-later
"""The place Procedures: the list, one version and its steps to read, and who may see them."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.gui.editing_samples import press
from tests.gui.procedure_samples import (
    Values,
    cells,
    draft,
    in_force,
    lines,
    on_view,
    opened_at,
    shipped,
    theirs,
    told,
)
from tests.support.windows import missed_by_tab, nameless

from kfdesk.domain.accounts import Role
from kfdesk.services.core.records import change_record
from kfdesk.services.procedures import files, procedures
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.access import NoAccessPage
from kfdesk.ui.pages.printing.page import PrintingPage
from kfdesk.ui.pages.procedures.page import ProceduresPage
from kfdesk.ui.shell.help import ManualSheet, chapter_for_place
from kfdesk.ui.shell.session_view import SessionView, make_session_view
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.text import tooltip_text

ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def page(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> ProceduresPage:
    return on_view(kit, qtbot, opened)


# --- the list


def test_empty_list_says_what_a_procedure_is_and_begins_one(page: ProceduresPage) -> None:
    shown = texts(page)
    assert {"No procedures yet", "0 versions"} <= shown
    assert page.listing.first.hasFocus()
    assert nameless(page) == []


def test_list_says_where_each_version_stands(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    today = opened.desk.adapters.clock.now().date()
    in_force(opened, country="SE", region="Stockholm")
    draft(opened, {"prefix": "1"}, {"prefix": "1"}, title=told("Another"), version="8")
    theirs(opened, {"prefix": "1", "law": "5:15"})
    page = on_view(kit, qtbot, opened)
    found = lines(page.listing.table)
    day = kit.translator.language.short_day(today, year=True)
    assert found == [
        "Their way | 1 | In force, 1 law to read | – | 1 | an organisation that is not known here",
        f"Together, Sweden, Stockholm | 3 | In force | from {day} | 1 | our own",
        "Another | 8 | Draft, 2 things to put right | – | 2 | our own",
    ]


def test_filter_by_words_and_by_what_is_to_be_put_right(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    in_force(opened)
    draft(opened, {"prefix": None}, title=told("Another"))
    page = on_view(kit, qtbot, opened)
    listing = page.listing
    listing.search.setText("tog")
    assert [row[0].text for row in cells(listing.table)] == ["Together"]
    listing.search.setText("nothing like it")
    assert "Nothing found" in texts(listing)
    listing.search.setFocus()
    press(ESC)
    assert len(listing.lines) == 2
    listing.states.setCurrentIndex(4)
    listing.states.activated.emit(4)
    assert [row[0].text for row in cells(listing.table)] == ["Another"]


# --- reading


def test_reader_opens_a_version_and_a_step_and_comes_back_by_keys(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    rid = shipped(opened)
    opened.run(lambda: procedures.activate_procedure(opened.desk, rid))
    page = on_view(kit, qtbot, opened)
    press(ENTER)
    opened.rest()
    assert page.details is not None
    assert page.details.title.text() == "Cooperation in the Stockholm region"
    assert len(lines(page.details.table)) == 22
    assert page.details.table.hasFocus()
    for _ in range(3):
        press(Qt.Key.Key_Down)
    press(ENTER)
    opened.rest()
    assert page.step is not None
    assert page.step.title.text() == "4  Child: report of concern to the social welfare board"
    assert page.step.form is None
    assert {"All who must report", "at once · by law"} <= texts(page.step)
    press(Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    opened.rest()
    assert page.step.title.text().startswith("4a")
    assert [one.keys for one in page.commands()] == ["Ctrl+PgUp", "Ctrl+PgDown"]
    press(ESC)
    opened.rest()
    assert page.step is None
    assert page.details.table.currentIndex().row() == 4
    press(ESC)
    opened.rest()
    assert page.currentWidget() is page.listing
    assert page.listing.table.hasFocus()


def test_law_says_who_read_it_and_warns_when_that_is_long_ago_or_never(
    page: ProceduresPage, opened: OpenDesk
) -> None:
    today = opened.desk.adapters.clock.now().date()
    steps: tuple[Values, ...] = (
        {"prefix": "1", "law": "5:15", "law_read": today, "law_read_by": "M. Ek"},
        {"prefix": "2", "law": "5:16", "law_read": today - timedelta(days=366)},
        {"prefix": "3", "law": "5:17"},
        {"prefix": "4"},
    )
    opened_at(page, opened, draft(opened, *steps))
    assert page.details is not None
    laws = [row[4] for row in cells(page.details.table)]
    day = page.listing._kit.translator.language.short_day(today, year=True)
    assert laws[0].accessible_text == f"5:15, read on {day} by M. Ek"
    assert [(one.icon, one.tone) for one in laws[1:3]] == [("triangle-alert", Tone.WARNING)] * 2
    assert laws[2].accessible_text == "5:17, not checked"
    assert (laws[3].accessible_text, laws[3].icon) == ("", "")
    assert "2 laws to read" in texts(page.details)


RING: tuple[Values, ...] = (
    {"prefix": "1", "after": "3"}, {"prefix": "2", "after": "1"}, {"prefix": "3", "after": "2"},
)  # fmt: skip
STRANGE: Values = {
    "prefix": "1", "lead": "space_agency", "takes_part": ("police", "moon_office"),
    "event": "full_moon", "unit": "fortnight", "clock": "cosmic", "amount": 3,
    "requirement": "perhaps", "proof": "stars", "applies": ("martian",),
}  # fmt: skip


def test_order_that_goes_round_in_a_circle_is_told_at_each_step_with_a_remedy(
    page: ProceduresPage, opened: OpenDesk
) -> None:
    opened_at(page, opened, draft(opened, *RING))
    assert page.details is not None
    assert all("It comes after itself" in line for line in lines(page.details.table))
    assert {cell[1].icon for cell in cells(page.details.table)} == {"triangle-alert"}
    page.details.table.chosen.emit(1)
    opened.rest()
    assert page.step is not None
    assert "Take one number out of “After the steps”." in texts(page.step.faults)


@pytest.mark.parametrize("make", [draft, theirs])
def test_codes_of_a_newer_program_are_shown_as_unknown_and_nothing_falls(
    make: object, page: ProceduresPage, opened: OpenDesk
) -> None:
    assert callable(make)
    rid = make(opened, STRANGE, country="XX")
    opened_at(page, opened, rid)
    assert page.details is not None
    (line,) = lines(page.details.table)
    for code in ("space_agency", "moon_office", "cosmic"):
        assert f"unknown code {code}" in line
    page.details.table.chosen.emit(0)
    opened.rest()
    assert page.step is not None
    assert "This program does not know “space_agency”. A newer one may." in texts(page.step)
    kept = opened.run(lambda: procedures.read_procedure(opened.desk, rid)).steps[0].record
    assert (kept.lead, kept.applies) == ("space_agency", ("martian",))


def test_text_with_tags_is_shown_as_it_was_written(page: ProceduresPage, opened: OpenDesk) -> None:
    evil = '<h1>Big</h1><img src="file:///etc/passwd">'
    opened_at(page, opened, theirs(opened, {"prefix": "1", "title": told(evil), "what": told(evil)},
                                   title=told(evil)))  # fmt: skip
    assert page.details is not None
    assert page.details.title.text() == evil
    assert cells(page.details.table)[0][1].text == evil
    page.details.table.chosen.emit(0)
    opened.rest()
    assert page.step is not None
    assert evil in texts(page.step)
    formats = {label.textFormat() for label in page.findChildren(QLabel)}
    assert formats == {Qt.TextFormat.PlainText}
    assert "<h1>" not in tooltip_text(evil)
    assert tooltip_text("a & b") == "a & b"


def test_two_hundred_steps_are_one_table(page: ProceduresPage, opened: OpenDesk) -> None:
    steps: tuple[Values, ...] = tuple(
        {"prefix": str(number), "law": "x" * 5000} for number in range(1, 201)
    )
    opened_at(page, opened, theirs(opened, *steps))
    assert page.details is not None
    assert len(lines(page.details.table)) == 200
    assert "200 steps" in texts(page.details)
    assert max(len(cell.text) for cell in cells(page.details.table)[0]) < 200
    assert len(page.details.findChildren(QLabel)) < 60


def test_version_in_force_without_a_step_says_so(page: ProceduresPage, opened: OpenDesk) -> None:
    opened_at(page, opened, theirs(opened))
    assert page.details is not None
    assert "No steps yet" in texts(page.details)
    assert page.details.back.hasFocus()


def test_partners_version_is_only_read_and_its_next_version_is_ours(
    page: ProceduresPage, opened: OpenDesk
) -> None:
    opened_at(page, opened, theirs(opened, {"prefix": "1"}))
    assert page.details is not None
    offered = {
        button for button in ("add", "edit", "retire", "activate", "bin_button", "next")
        if getattr(page.details, button).isVisible()
    }  # fmt: skip
    assert offered == {"next"}
    page.details.next.click()
    opened.rest()
    assert page.shown is not None
    assert (page.shown.details.is_ours, page.shown.details.may_write) == (True, True)


def test_partners_draft_outside_our_networks_has_no_form(
    page: ProceduresPage, opened: OpenDesk
) -> None:
    opened_at(page, opened, theirs(opened, {"prefix": "1"}, status="draft"))
    assert page.details is not None
    assert not page.details.add.isVisible()
    assert page.details.about.form is None
    page.details.table.chosen.emit(0)
    opened.rest()
    assert page.step is not None
    assert page.step.form is None


def test_version_that_says_something_else_than_what_was_put_in_force_warns(
    page: ProceduresPage, opened: OpenDesk
) -> None:
    opened_at(page, opened, theirs(opened, {"prefix": "1"}, adopted="0" * 32))
    assert page.details is not None
    assert "It no longer says what its organisation put into force." in texts(page.details)


# --- who may see them, and the ways that lead here and from here


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.STATISTICS_READER])
def test_who_may_not_see_procedures_gets_no_place(
    role: Role, kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    in_force(opened, title=told("Together"))
    shell = make_session_view(kit, replace(opened.desk, roles=frozenset({role})))
    qtbot.addWidget(shell)
    shell.go_to("procedures")
    opened.rest()
    assert isinstance(shell.page, NoAccessPage)
    assert not any("Together" in one for one in texts(shell))


def test_who_may_only_read_sees_why_and_cannot_write(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    rid = draft(opened, {"prefix": "1"})
    reader = replace(opened.desk, user="QQ", roles=frozenset({Role.APPROVER}))
    page = on_view(kit, qtbot, opened, reader)
    why = "Your roles do not allow you to enter or change procedures. Settings shows who may."
    assert why in texts(page.listing)
    assert not page.listing.new.isVisible()
    assert [one.keys for one in page.commands()] == ["Ctrl+F"]
    press(Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    assert page.task is None
    opened_at(page, opened, rid)
    assert page.details is not None
    assert why in texts(page.details)
    assert not any(
        button.isVisible() for button in (page.details.add, page.details.activate,
                                          page.details.next, page.details.bin_button)
    )  # fmt: skip


def test_help_of_the_place_is_its_own_chapter(shell: SessionView, opened: OpenDesk) -> None:
    rid = in_force(opened)
    shell.go_to("procedures")
    opened.rest()
    page = shell.page
    assert isinstance(page, ProceduresPage)
    opened_at(page, opened, rid)
    assert shell.place() == f"procedures/{rid.hex()}"
    assert chapter_for_place(shell.place()) == "procedures"
    shell.show_help()
    assert isinstance(shell.layer.sheet, ManualSheet)
    shell.layer.close_sheet()
    shell.go_to("today")
    shell.return_to(f"procedures/{rid.hex()}")
    opened.rest()
    assert page.details is not None
    page.show_list()
    shell.return_to(f"procedures/{'0' * 32}")
    opened.rest()
    assert page.currentWidget() is page.listing


def test_print_leads_to_its_sheet_in_the_print_centre(shell: SessionView, opened: OpenDesk) -> None:
    in_force(opened, title=told("Another"))
    rid = in_force(opened)
    shell.go_to("procedures")
    assert isinstance(shell.page, ProceduresPage)
    page = opened_at(shell.page, opened, rid)
    assert page.details is not None
    press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    opened.rest()
    centre = shell.page
    assert isinstance(centre, PrintingPage)
    assert centre.choices.paper_order.subject == rid
    assert centre.choices.papers.paper == "procedure_sheet"
    assert centre.foot.printing.isEnabled()


def test_version_is_saved_as_a_file_and_a_secret_one_is_not(
    page: ProceduresPage, opened: OpenDesk, tmp_path: Path
) -> None:
    rid = shipped(opened)
    opened_at(page, opened, rid)
    assert page.details is not None
    page.details.save(tmp_path / "one.json")
    opened.rest()
    data = (tmp_path / "one.json").read_bytes()
    assert len(opened.run(lambda: files.preview_procedure(opened.desk, data)).file.steps) == 22
    opened.run(lambda: change_record(opened.desk, rid, {"confidentiality": "secret"}))
    page.details.save(tmp_path / "two.json")
    opened.rest()
    assert "procedure.stays in en." in page.details.outcome.text
    assert not (tmp_path / "two.json").exists()


def test_procedure_that_goes_away_leaves_the_list(page: ProceduresPage, opened: OpenDesk) -> None:
    rid = draft(opened, {"prefix": "1"}, dated=date(2026, 1, 1))
    opened_at(page, opened, rid)
    assert page.details is not None
    page.details.bin_button.click()
    opened.rest()
    assert page.currentWidget() is page.listing
    assert page.listing.lines == ()
    opened_at(page, opened, rid)
    assert page.currentWidget() is page.listing


def test_everything_has_a_name_and_is_reached_by_tab(
    page: ProceduresPage, opened: OpenDesk
) -> None:
    rid = shipped(opened)
    page.listing.read()
    opened.rest()
    for go in (
        page.show_list,
        lambda: page.open_procedure(rid),
        lambda: page.open_step(page.shown.details.steps[0].rid),  # type: ignore[union-attr]
        page.begin_step,
        page.begin,
        lambda: page.look_at("empty"),
    ):
        go()
        opened.rest()
        assert nameless(page) == []
        assert missed_by_tab(page) == []
