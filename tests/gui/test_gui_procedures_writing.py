# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedures are begun, written, put in force and compared; and what goes wrong is said."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.gui.editing_samples import press, type_in
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

from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.rows import view
from kfdesk.services.core.drafts import list_drafts
from kfdesk.services.core.records import change_record, delete_record
from kfdesk.services.procedures import procedures
from kfdesk.services.procedures.procedures import ProcedureDetails, list_procedures, read_procedure
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.procedures.comparison import ComparisonPage
from kfdesk.ui.pages.procedures.details import ProcedurePage
from kfdesk.ui.pages.procedures.page import ProceduresPage
from kfdesk.ui.pages.procedures.templates import ProcedureImportPage, TemplatesPage
from kfdesk.ui.shell.session_view import SessionView

ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
ONE: Values = {"prefix": "1"}


def packed(*action: dict[str, Any]) -> str:
    """Return a file with these steps."""
    return json.dumps({"resourceType": "PlanDefinition", "kfdesk": 1, "action": action})


def after(prefix: str) -> dict[str, Any]:
    """Return the part of a step that follows another."""
    return {"relatedAction": [{"targetId": prefix, "relationship": "after-end"}]}


def led_by(role: str) -> dict[str, Any]:
    """Return the part of a step that somebody leads."""
    return {"participant": [{"type": "lead", "role": role}]}


@pytest.fixture
def page(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> ProceduresPage:
    return on_view(kit, qtbot, opened)


@pytest.fixture
def heard(kit: UiContext) -> list[Notification]:
    """Return what the window was told, the newest last."""
    told_so: list[Notification] = []
    kit.events.told.connect(told_so.append)
    return told_so


def details(page: ProceduresPage) -> ProcedurePage:
    assert page.details is not None
    return page.details


def now(opened: OpenDesk, rid: bytes) -> ProcedureDetails:
    return opened.run(lambda: read_procedure(opened.desk, rid))


def undo(heard: list[Notification], opened: OpenDesk) -> None:
    act = heard[-1].undo
    assert act is not None
    act()
    opened.rest()


def preview_of(page: ProceduresPage, opened: OpenDesk, source: str | Path) -> ProcedureImportPage:
    page.look_at(source)
    opened.rest()
    assert isinstance(page.task, ProcedureImportPage)
    return page.task


# --- a new one


def test_shipped_procedure_is_looked_at_taken_over_and_taken_back_by_keys(
    page: ProceduresPage, opened: OpenDesk, heard: list[Notification]
) -> None:
    before = opened.run(opened.desk.store.digest)
    press(Qt.Key.Key_N, ALT)
    opened.rest()
    assert isinstance(page.task, TemplatesPage)
    assert list(page.task.buttons) == ["stockholm-region", "return-and-reception", "empty"]
    assert {"22 steps", "6 steps", "3 steps"} <= texts(page.task)
    press(ENTER)
    opened.rest()
    look = page.task
    assert isinstance(look, ProcedureImportPage)
    assert len(lines(look.table)) == 22
    assert "Step 8: Not checked: it is not recorded that SFS 1988:609 was read." in look.odd.text
    assert opened.run(opened.desk.store.digest) == before
    assert look.take.hasFocus()
    press(ENTER)
    opened.rest()
    assert page.task is None
    assert page.shown is not None
    assert page.shown.details.view.record.status == "draft"
    assert details(page).table.hasFocus()
    undo(heard, opened)
    assert page.currentWidget() is page.listing
    assert opened.run(lambda: list_procedures(opened.desk)) == ()


def test_whoever_takes_it_over_says_who_may_see_it(page: ProceduresPage, opened: OpenDesk) -> None:
    look = preview_of(page, opened, "empty")
    look.sights.setCurrentIndex([*range(look.sights.count())][-1])
    wanted = look.sights.key
    look.take.click()
    opened.rest()
    (line,) = page.listing.lines
    assert line.view.record.confidentiality == wanted != "circle"


def test_second_time_says_that_it_is_here_already(page: ProceduresPage, opened: OpenDesk) -> None:
    shipped(opened, "empty")
    look = preview_of(page, opened, "empty")
    assert "This version of the procedure is already here." in texts(look)
    press(ESC)
    opened.rest()
    assert isinstance(page.task, TemplatesPage)
    press(ESC)
    opened.rest()
    assert page.currentWidget() is page.listing


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b" " * 10_485_760, "procedure.too_large"),
        (b"\0\1\2", "procedure.not_json"),
        (b'{"resourceType": "PlanDefinition", "kfdesk": 99}', "procedure.newer"),
        (packed({"prefix": 5}).encode(), "procedure.torn"),
    ],
    ids=["ten megabytes", "no text", "newer", "odd number"],
)  # fmt: skip
def test_odd_file_is_refused_with_a_sentence_and_nothing_is_written(
    data: bytes, code: str, page: ProceduresPage, opened: OpenDesk, tmp_path: Path
) -> None:
    before = opened.run(opened.desk.store.digest)
    path = tmp_path / "odd.json"
    path.write_bytes(data)
    look = preview_of(page, opened, path)
    assert f"{code} in en." in look.outcome.text
    assert not look.take.isEnabled()
    assert look.back.hasFocus()
    assert opened.run(opened.desk.store.digest) == before


def test_file_that_is_dropped_is_looked_at_with_its_faults_line_by_line(
    page: ProceduresPage, opened: OpenDesk, tmp_path: Path
) -> None:
    path = tmp_path / "ring.json"
    path.write_text(
        packed(
            {"prefix": "1", "title": {"en": "<b>One</b>"}, "later": "?", **after("2")},
            {
                "prefix": "2",
                "participant": [{"type": "lead", "role": "space_agency"}],
                **after("1"),
            },
        )
    )
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                      Qt.KeyboardModifier.NoModifier)  # fmt: skip
    page.dropEvent(drop)
    opened.rest()
    look = page.task
    assert isinstance(look, ProcedureImportPage)
    told_so = look.odd.text
    assert "Step 1: It comes after itself, through other steps, so it has no time limit." in told_so
    assert "Step 2: This program does not know “space_agency”. A newer one may." in told_so
    assert cells(look.table)[0][1].text == "<b>One</b>"
    assert look.left_out.isVisible()


def test_file_with_two_hundred_faulty_steps_names_the_first_and_counts_the_rest(
    page: ProceduresPage, opened: OpenDesk, tmp_path: Path
) -> None:
    path = tmp_path / "many.json"
    path.write_text(packed(*({"prefix": str(number), **after("999")} for number in range(200))))
    look = preview_of(page, opened, path)
    assert "188 more" in look.odd.text
    assert look.odd.text.count("999") == 12


# --- writing a draft


def test_step_is_added_changed_and_put_in_the_bin(
    page: ProceduresPage, opened: OpenDesk, heard: list[Notification]
) -> None:
    rid = draft(opened, ONE)
    opened_at(page, opened, rid)
    press(Qt.Key.Key_N, ALT)
    opened.rest()
    assert page.step is not None
    assert page.step.form is not None
    type_in(page.step.form, "prefix", "2")
    type_in(page.step.form, "after", "1")
    press(Qt.Key.Key_S, CTRL)
    opened.rest()
    assert page.step is None
    assert [one.record.prefix for one in now(opened, rid).steps] == ["1", "2"]
    assert len(lines(details(page).table)) == 2
    details(page).table.chosen.emit(1)
    opened.rest()
    assert page.step is not None
    assert page.step.form is not None
    type_in(page.step.form, "after", "7")
    press(Qt.Key.Key_S, CTRL)
    opened.rest()
    assert "It comes after step 7, which is not there." in lines(details(page).table)[1]
    details(page).table.chosen.emit(1)
    opened.rest()
    assert page.step is not None
    page.step.bin_button.click()
    opened.rest()
    assert len(now(opened, rid).steps) == 1
    undo(heard, opened)
    assert len(lines(details(page).table)) == 2


def test_head_of_a_draft_is_changed(page: ProceduresPage, opened: OpenDesk) -> None:
    rid = draft(opened, ONE)
    opened_at(page, opened, rid)
    details(page).edit.click()
    form = details(page).about.form
    assert form is not None
    type_in(form, "region", "Skåne")
    press(Qt.Key.Key_S, CTRL)
    opened.rest()
    assert now(opened, rid).view.record.region == "Skåne"
    assert "Skåne" in details(page).under.text()


def test_what_was_typed_stays_as_a_draft_and_is_resumed(
    shell: SessionView, opened: OpenDesk
) -> None:
    rid = draft(opened, ONE)
    shell.go_to("procedures")
    assert isinstance(shell.page, ProceduresPage)
    page = opened_at(shell.page, opened, rid)
    page.begin_step()
    opened.rest()
    assert page.step is not None
    assert page.step.form is not None
    type_in(page.step.form, "prefix", "9")
    press(ESC)
    opened.rest()
    assert page.step is None
    assert details(page).drafts.isVisible()
    (line,) = opened.run(lambda: list_drafts(opened.desk))
    shell.go_to("today")
    shell.page.draft_chosen.emit(line)
    opened.rest()
    assert shell.page is page
    assert page.step is not None
    assert page.step.form is not None
    assert page.step.form.form.editors["prefix"].value() == "9"
    press(Qt.Key.Key_S, CTRL)
    opened.rest()
    assert [one.record.prefix for one in now(opened, rid).steps] == ["1", "9"]


def test_field_in_conflict_is_told_and_decided(page: ProceduresPage, opened: OpenDesk) -> None:
    rid = draft(opened, ONE)
    step = now(opened, rid).steps[0].rid
    for desk_rid, values in ((step, {"law": "one"}), (step, {"law": "two"})):
        opened.run(lambda rid=desk_rid, values=values: change_record(opened.desk, rid, values, ()))  # type: ignore[misc]
    opened_at(page, opened, rid)
    assert "two values, not yet decided" in lines(details(page).table)[0]
    details(page).activate.click()
    details(page).question.yes.click()
    opened.rest()
    assert "record.undecided in en." in details(page).outcome.text
    details(page).table.chosen.emit(0)
    opened.rest()
    assert page.step is not None
    assert len(page.step.conflicts.buttons) == 2
    page.step.conflicts.buttons[0].click()
    opened.rest()
    assert not now(opened, rid).steps[0].conflicts
    assert not page.step.conflicts.isVisible()


def test_head_in_conflict_is_decided_before_it_can_be_printed_or_hold(
    page: ProceduresPage, opened: OpenDesk
) -> None:
    rid = draft(opened, ONE)
    for region in ("Skåne", "Halland"):
        opened.run(lambda region=region: change_record(opened.desk, rid, {"region": region}, ()))  # type: ignore[misc]
    opened_at(page, opened, rid)
    assert len(details(page).conflicts.buttons) == 2
    details(page).conflicts.buttons[1].click()
    opened.rest()
    assert not now(opened, rid).view.conflicts
    assert not details(page).conflicts.isVisible()


def test_step_that_somebody_else_deletes_leads_back_to_the_version(
    page: ProceduresPage, opened: OpenDesk, kit: UiContext
) -> None:
    rid = draft(opened, ONE)
    opened_at(page, opened, rid)
    details(page).table.chosen.emit(0)
    opened.rest()
    step = now(opened, rid).steps[0].rid
    opened.run(lambda: delete_record(opened.desk, step))
    kit.events.changed.emit(frozenset({"procedure_step"}))
    opened.rest()
    assert page.step is None
    assert page.currentWidget() is details(page)
    assert details(page).add.hasFocus()


# --- what is decided for good


def test_putting_in_force_asks_and_esc_takes_the_question_back(
    page: ProceduresPage, opened: OpenDesk, heard: list[Notification]
) -> None:
    rid = draft(opened, ONE)
    opened_at(page, opened, rid)
    details(page).activate.click()
    assert details(page).question.no.hasFocus()
    press(ESC)
    assert not details(page).question.isVisible()
    assert page.currentWidget() is details(page)
    details(page).activate.click()
    QTest.keyClick(details(page).question.yes, ENTER)
    opened.rest()
    assert now(opened, rid).view.record.status == "active"
    assert not details(page).add.isVisible()
    assert details(page).about.form is None
    assert details(page).next.isVisible()
    undo(heard, opened)
    assert now(opened, rid).view.record.status == "draft"
    assert details(page).add.isVisible()


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ((), "procedure.no_steps"),
        (({"prefix": "1"}, {"prefix": "1"}), "procedure.step_faults"),
        (({"prefix": "1", "after": "1"},), "procedure.step_faults"),
    ],
)
def test_draft_that_cannot_hold_is_refused_with_a_sentence(
    steps: tuple[Values, ...], code: str, page: ProceduresPage, opened: OpenDesk
) -> None:
    rid = draft(opened, *steps)
    opened_at(page, opened, rid)
    details(page).activate.click()
    details(page).question.yes.click()
    opened.rest()
    assert f"{code} in en." in details(page).outcome.text
    assert now(opened, rid).view.record.status == "draft"


def test_version_number_that_is_taken_is_refused_and_the_former_holds(
    page: ProceduresPage, opened: OpenDesk, heard: list[Notification]
) -> None:
    first = in_force(opened)
    opened_at(page, opened, first)
    details(page).next.click()
    opened.rest()
    undo(heard, opened)
    assert [one.view.rid for one in page.listing.lines] == [first]
    opened_at(page, opened, first)
    details(page).next.click()
    opened.rest()
    assert page.shown is not None
    second = page.shown.details.view.rid
    assert page.shown.details.view.record.version == "4"
    opened.run(lambda: change_record(opened.desk, second, {"version": "3"}))
    details(page).activate.click()
    details(page).question.yes.click()
    opened.rest()
    assert "procedure.version_taken in en." in details(page).outcome.text
    assert now(opened, first).view.record.status == "active"


def test_retiring_asks_ends_it_and_is_taken_back(
    page: ProceduresPage, opened: OpenDesk, heard: list[Notification]
) -> None:
    rid = in_force(opened)
    opened_at(page, opened, rid)
    details(page).retire.click()
    assert "Retire this version?" in texts(details(page))
    details(page).question.yes.click()
    opened.rest()
    assert now(opened, rid).view.record.status == "retired"
    assert not details(page).retire.isVisible()
    undo(heard, opened)
    assert now(opened, rid).view.record.status == "active"


def test_two_versions_in_force_on_the_same_days_are_told(
    page: ProceduresPage, opened: OpenDesk
) -> None:
    first = in_force(opened)
    theirs(opened, ONE, supersedes=first.hex())
    opened_at(page, opened, first)
    assert "Another version of it is in force on the same days." in texts(details(page))


# --- two versions


def compared(page: ProceduresPage, opened: OpenDesk, kit: UiContext) -> ComparisonPage:
    """Return the comparison of the draft that follows a version with changes of every kind."""
    first = in_force(opened, ONE, {"prefix": "2", "title": told("Two")},
                     {"prefix": "3", "title": told("Three")}, {"prefix": "4"})  # fmt: skip
    second = opened.run(lambda: procedures.make_next_version(opened.desk, first))
    steps = now(opened, second).steps

    def write() -> None:
        change_record(opened.desk, steps[0].rid, {"amount": 5, "lead": "space_agency"})
        change_record(opened.desk, steps[1].rid, {"prefix": "2a"})
        delete_record(opened.desk, steps[2].rid)

    opened.run(write)
    kit.events.changed.emit(frozenset({"procedure", "procedure_step"}))
    opened_at(page, opened, second)
    page.begin_step()
    opened.rest()
    assert page.step is not None
    assert page.step.form is not None
    type_in(page.step.form, "prefix", "9")
    press(Qt.Key.Key_S, CTRL)
    opened.rest()
    details(page).compare.click()
    opened.rest()
    assert isinstance(page.task, ComparisonPage)
    return page.task


def test_versions_stand_side_by_side_and_changes_are_words(
    page: ProceduresPage, opened: OpenDesk, kit: UiContext
) -> None:
    found = compared(page, opened, kit)
    words = [row[0].text for row in cells(found.table)]
    assert words == ["changed", "changed", "other number", "new step", "no longer there"]
    assert len({row[0].icon for row in cells(found.table)}) == 4
    assert "1 step is unchanged" in texts(found)
    assert lines(found.table)[2] == "other number, Number | 2  Two | 2a  Two"
    found.table.setFocus()
    press(Qt.Key.Key_Down)
    opened.rest()
    shown = texts(found)
    assert {"How long", "5", "Who leads", "unknown code space_agency"} <= shown
    assert {"version 3", "version 4"} <= shown
    found.changed_only.click()
    assert [row[0].text for row in cells(found.table)].count("unchanged") == 1
    press(ESC)
    opened.rest()
    assert page.currentWidget() is details(page)


def test_former_version_is_before_whichever_of_the_two_is_opened(
    page: ProceduresPage, opened: OpenDesk, kit: UiContext
) -> None:
    found = compared(page, opened, kit)
    assert found._found is not None
    first, second = found._found.before.view.rid, found._found.after.view.rid
    page.show_details()
    opened_at(page, opened, first)
    details(page).compare.click()
    opened.rest()
    again = page.task
    assert isinstance(again, ComparisonPage)
    assert again._found is not None
    assert (again._found.before.view.rid, again._found.after.view.rid) == (first, second)


def test_words_of_the_window_change_their_language_in_every_part(
    page: ProceduresPage, opened: OpenDesk, kit: UiContext
) -> None:
    found = compared(page, opened, kit)
    kit.set_language("sv")
    opened.rest()
    assert cells(found.table)[0][0].text == "⟦changed⟧"
    page.show_details()
    opened.rest()
    assert "⟦A step⟧" not in lines(details(page).table)[0]
    assert "⟦unknown code {code}⟧".format(code="space_agency") in lines(details(page).table)[0]
    page.show_list()
    opened.rest()
    assert "⟦Draft⟧" in lines(page.listing.table)[1]
    assert QApplication.focusWidget() is page.listing.table


def test_day_of_reading_a_law_is_asked_again_after_a_year_and_written(
    page: ProceduresPage, opened: OpenDesk
) -> None:
    today = opened.desk.adapters.clock.now().date()
    rid = draft(opened, {"prefix": "1", "law": "5:15", "law_read": today - timedelta(days=400)})
    opened_at(page, opened, rid)
    details(page).table.chosen.emit(0)
    opened.rest()
    assert page.step is not None
    assert "Then enter the new day under “Law read on”." in texts(page.step.faults)
    step = now(opened, rid).steps[0].rid
    opened.run(lambda: change_record(opened.desk, step, {"law_read": today}))
    row = opened.run(lambda: opened.desk.store.row(step))
    assert row is not None
    assert view(row, ProcedureStep).record.law_read == today
    head = opened.run(lambda: opened.desk.store.row(rid))
    assert head is not None
    assert view(head, Procedure).record.status == "draft"
