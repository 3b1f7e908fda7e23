# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Cooperation of a plan: begin, say how steps go, call, prolong, go over, end."""

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from shiboken6 import isValid
from tests.gui.desk_samples import OpenDesk, texts

from kfdesk.demo import people
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.procedures.clocks import Due
from kfdesk.domain.procedures.runs import RunStep
from kfdesk.domain.records.case import LegalStatus
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.directory import Contact, Organisation, Phone
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.rows import encode_changes, seen_writes
from kfdesk.domain.values import MissingAnswer, Translation, Value
from kfdesk.services.core.records import (
    change_record,
    create_record,
    put_changed,
    require_record,
)
from kfdesk.services.procedures import procedures, runs
from kfdesk.services.procedures.runs import Run
from kfdesk.ui.pages.plan.cooperation import CooperationSection
from kfdesk.ui.pages.plan.cooperation_steps import StepLine
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.pages.printing.page import PrintingPage
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.widgets.collapsible import CollapsibleCard

WHY = (Translation("sv", "Nämnden bad om det"),)
STEPS: tuple[dict[str, Value], ...] = (
    {"prefix": "1", "lead": "anyone", "law": "112, 114 14"},
    {"prefix": "4b", "lead": "social_board", "event": "opened", "amount": 14, "unit": "d",
     "clock": "statutory", "prolong": WHY, "after": "1", "deputy": "police"},
    {"prefix": "6", "lead": "social_board", "event": "opened", "amount": 3, "unit": "d",
     "clock": "advised"},
    {"prefix": "6a", "lead": "client", "proof": "reflection_granted"},
    {"prefix": "6b", "title": (Translation("en", "Longer"),), "lead": "head_of_investigation",
     "applies": ("investigation_open",)},
    {"prefix": "9", "lead": "head_of_investigation", "event": "reflection_ends", "amount": 4_000,
     "unit": "d", "clock": "statutory"},
)  # fmt: skip


def told(text: str) -> tuple[Translation, ...]:
    return (Translation("sv", text), Translation("en", text))


def put_in_force(opened: OpenDesk, *steps: dict[str, Value], **more: Value) -> bytes:
    """Put a procedure with these steps in force and return it."""
    desk = opened.desk
    values: dict[str, Value] = {
        "title": told("Invented cooperation"), "status": "draft", "version": "1",
        "confidentiality": "circle", "country": "SE",
    }  # fmt: skip

    def put() -> bytes:
        head = create_record(desk, Procedure, values | more)
        for number, step in enumerate(steps or STEPS):
            create_record(desk, ProcedureStep, {"title": told(f"Step {number}")} | step, head)
        procedures.activate_procedure(desk, head)
        return head

    return opened.run(put)


@pytest.fixture
def section(shell: SessionView, opened: OpenDesk) -> CooperationSection:
    """Return the section of a plan that has no run; one procedure is in force."""
    put_in_force(opened)
    shell.go_to("plans")
    page = shell.page
    assert isinstance(page, PlansPage)
    page.open_plan(opened.plan, section="cooperation")
    opened.rest()
    assert isinstance(page.plan, PlanView)
    part = page.plan.parts["cooperation"]
    assert isinstance(part, CooperationSection)
    return part


def read(opened: OpenDesk) -> Run:
    found = opened.run(lambda: runs.read_run(opened.desk, opened.plan))
    assert found is not None
    return found


def step_of(opened: OpenDesk, prefix: str) -> RunStep:
    return next(one for one in read(opened).steps if one.prefix == prefix)


def begin(opened: OpenDesk, section: CooperationSection) -> None:
    QTest.keyClick(section.start.begin, Qt.Key.Key_Space)
    opened.rest()


def line(section: CooperationSection, prefix: str) -> StepLine:
    return next(one for one in section.lines.values() if one.step.prefix == prefix)


def press(opened: OpenDesk, button: Any) -> None:
    QTest.keyClick(button, Qt.Key.Key_Space)
    opened.rest()


def test_cooperation_begins_with_the_procedure_in_force(
    opened: OpenDesk, section: CooperationSection
) -> None:
    assert section.start.isVisible()
    assert not section.head.isVisible()
    begin(opened, section)
    assert not section.start.isVisible()
    assert section.head.isVisible()
    assert [one.step.prefix for one in section.lines.values()] == ["1", "4b", "6", "6a", "9"]
    assert any(one.startswith("Next: 6  Step 2") for one in texts(section.head))
    assert "0 of 5 done" in texts(section.head)


def test_without_a_procedure_in_force_it_says_where_to_get_one(
    shell: SessionView, opened: OpenDesk
) -> None:
    shell.go_to("plans")
    page = shell.page
    assert isinstance(page, PlansPage)
    page.open_plan(opened.plan, section="cooperation")
    opened.rest()
    assert page.plan is not None
    part = page.plan.parts["cooperation"]
    assert isinstance(part, CooperationSection)
    assert not part.start.begin.isVisible()
    assert any("under Procedures" in one for one in texts(part.start))


def test_step_is_asked_done_and_opened_again_with_undo(
    shell: SessionView, opened: OpenDesk, section: CooperationSection
) -> None:
    begin(opened, section)
    press(opened, line(section, "1").asked)
    assert step_of(opened, "1").state == "requested"
    assert not line(section, "1").asked.isVisible()
    press(opened, line(section, "1").done)
    assert step_of(opened, "1").is_settled
    assert step_of(opened, "1").view.record.done_by == "EV"
    press(opened, line(section, "1").again)
    assert step_of(opened, "1").state == ""


def test_step_before_its_turn_needs_a_reason(opened: OpenDesk, section: CooperationSection) -> None:
    begin(opened, section)
    late = line(section, "4b")
    press(opened, late.done)
    assert late.question.isVisible()
    assert any("Step 1 is still open" in one for one in texts(late.question))
    assert not late.question.confirm.isEnabled()
    late.question.entry.setText("The board asked for it")
    QTest.keyClick(late.question.entry, Qt.Key.Key_Return)
    opened.rest()
    assert step_of(opened, "4b").is_settled
    assert step_of(opened, "4b").view.record.early_because == (
        Translation("en", "The board asked for it"),
    )


def test_step_that_does_not_apply_says_why_and_escape_takes_the_question_back(
    opened: OpenDesk, section: CooperationSection
) -> None:
    begin(opened, section)
    press(opened, line(section, "6").not_applicable)
    question = line(section, "6").question
    QTest.keyClick(question.entry, Qt.Key.Key_Escape)
    assert not question.isVisible()
    assert step_of(opened, "6").state == ""
    press(opened, line(section, "6").not_applicable)
    line(section, "6").question.entry.setText("She has a permit")
    press(opened, line(section, "6").question.confirm)
    assert step_of(opened, "6").state == "not_applicable"


def test_what_a_record_proves_has_no_button_and_leads_to_the_record(
    shell: SessionView, opened: OpenDesk, section: CooperationSection
) -> None:
    begin(opened, section)
    assert not line(section, "6a").done.isVisible()
    assert not line(section, "6a").proof.isVisible()
    today = opened.desk.adapters.clock.now().date()
    values: dict[str, Value] = {
        "kind": "reflection", "decision": "granted",
        "begins": today - timedelta(days=1), "ends": today + timedelta(days=29),
    }  # fmt: skip
    opened.run(lambda: create_record(opened.desk, LegalStatus, values, opened.plan))
    section.read()
    opened.rest()
    proven = line(section, "6a")
    assert proven.step.is_settled
    press(opened, proven.proof)
    page = shell.page
    assert isinstance(page, PlansPage)
    assert page.plan is not None
    assert page.plan.place().split("/")[1] != "cooperation"


def test_telephones_are_two_presses_away_and_the_stand_in_comes_last(
    opened: OpenDesk, section: CooperationSection
) -> None:
    begin(opened, section)
    desk, rid = opened.desk, step_of(opened, "4b").view.rid

    def name() -> None:
        board = create_record(desk, Organisation, {"name": "Nämnden", "confidentiality": "circle"})
        create_record(desk, Phone, {"number": "+46 8 465 004 10"}, board)
        who = {"given_name": "Karin", "phone": "+46 8 465 004 11", "confidentiality": "circle"}
        stand_in = create_record(desk, Contact, who)
        change_record(desk, rid, {"led_by": board.hex(), "stand_in": stand_in.hex()})

    opened.run(name)
    section.read()
    opened.rest()
    press(opened, line(section, "4b").more)
    details = line(section, "4b").details
    assert details is not None
    said = texts(details)
    assert {"+46 8 465 004 10", "+46 8 465 004 11"} <= said
    assert any(one.startswith("No answer? Call") for one in said)


def test_deadline_is_prolonged_with_a_ground_and_only_to_a_later_day(
    opened: OpenDesk, section: CooperationSection
) -> None:
    begin(opened, section)
    press(opened, line(section, "4b").more)
    before = step_of(opened, "4b").due
    assert isinstance(before, Due)
    (fold,) = line(section, "4b").findChildren(CollapsibleCard)
    fold.set_open(is_open=True)
    (change, _) = line(section, "4b").changes
    change.day.enter(before.last_day - timedelta(days=1))
    change.ground.setText("Special grounds")
    press(opened, change.save)
    assert change.fault.isVisible()
    change.day.enter(before.last_day + timedelta(days=30))
    press(opened, change.save)
    after = step_of(opened, "4b").due
    assert isinstance(after, Due)
    assert after.last_day == before.last_day + timedelta(days=30)


def test_details_stay_open_after_something_was_written(
    opened: OpenDesk, section: CooperationSection
) -> None:
    begin(opened, section)
    press(opened, line(section, "1").more)
    press(opened, line(section, "1").asked)
    assert line(section, "1").is_open
    press(opened, line(section, "1").more)
    assert not line(section, "1").is_open


def test_clock_with_a_nonsense_length_says_so_and_falls_on_nobody(
    opened: OpenDesk, section: CooperationSection
) -> None:
    begin(opened, section)
    assert any("ten years" in one for one in texts(line(section, "9")))


def test_another_version_is_shown_before_it_is_followed(
    opened: OpenDesk, section: CooperationSection
) -> None:
    begin(opened, section)
    press(opened, line(section, "1").done)
    put_in_force(
        opened, {"prefix": "1", "lead": "anyone"}, {"prefix": "2", "title": told("New")},
        title=told("Another one"), version="2",
    )  # fmt: skip
    section.read()
    opened.rest()
    press(opened, section.head.over)
    assert section.mapping.isVisible()
    said = texts(section.mapping)
    assert any(one.startswith("2 ") and "is new" in one for one in said)
    assert any(one.startswith("4b ") and "no longer" in one for one in said)
    press(opened, section.mapping.take)
    assert [one.prefix for one in read(opened).steps] == ["1", "2"]
    assert step_of(opened, "1").is_settled
    assert not section.mapping.isVisible()


def test_run_ends_and_goes_on(opened: OpenDesk, section: CooperationSection) -> None:
    begin(opened, section)
    press(opened, section.head.end)
    assert read(opened).view.record.closed is not None
    assert not any(one.done.isVisible() for one in section.lines.values())
    press(opened, section.head.again)
    assert read(opened).view.record.closed is None
    assert line(section, "1").done.isVisible()


def test_long_hostile_texts_stay_text(opened: OpenDesk, section: CooperationSection) -> None:
    begin(opened, section)
    rid = step_of(opened, "1").view.rid
    evil = "<b>bold</b> " + "x" * 3_000
    opened.run(lambda: change_record(opened.desk, rid, {"said": told(evil)}))
    section.read()
    opened.rest()
    press(opened, line(section, "1").more)
    details = line(section, "1").details
    assert details is not None
    assert any(one.startswith("<b>bold</b>") or "&lt;b&gt;" in one for one in texts(details))


def test_print_leads_to_the_cooperation_sheet_of_this_plan(
    shell: SessionView, opened: OpenDesk, section: CooperationSection
) -> None:
    begin(opened, section)
    press(opened, section.head.printing)
    page = shell.page
    assert isinstance(page, PrintingPage)
    assert page.choices.paper_order.paper is PaperName.COOPERATION_SHEET
    assert page.choices.paper_order.subject == opened.plan
    assert page.preview.page.isVisible()


def test_step_that_applies_by_now_is_offered_and_added(
    shell: SessionView, opened: OpenDesk, section: CooperationSection
) -> None:
    begin(opened, section)
    assert not section.more.isVisible()
    values: dict[str, Value] = {"kind": "injured_party", "decision": "applied"}
    opened.run(lambda: create_record(opened.desk, LegalStatus, values, opened.plan))
    section.read()
    opened.rest()
    assert section.more.isVisible()
    assert any("Longer" in one for one in texts(section.more))
    press(opened, section.more.add)
    assert "6b" in [one.prefix for one in read(opened).steps]
    assert not section.more.isVisible()


def test_end_that_is_no_time_leaves_the_run_open(
    opened: OpenDesk, section: CooperationSection
) -> None:
    begin(opened, section)
    head = read(opened).view.rid

    def put() -> None:
        row = require_record(opened.desk, head)
        changes = encode_changes("cooperation", {"closed": MissingAnswer.UNKNOWN})
        with opened.desk.store.transaction():
            put_changed(opened.desk, row, changes, seen_writes(row))

    opened.run(put)
    section.read()
    opened.rest()
    assert not section.start.isVisible()
    assert section.head.end.isVisible()
    press(opened, line(section, "1").done)
    assert step_of(opened, "1").is_settled


def test_what_is_being_typed_in_a_step_outlives_what_happens_to_it(
    opened: OpenDesk, section: CooperationSection
) -> None:
    begin(opened, section)
    press(opened, line(section, "1").more)
    form = line(section, "1").form
    assert form is not None
    form.form.editors["note"].enter("Ring före tio")
    press(opened, line(section, "1").asked)
    again = line(section, "1").form
    assert again is form
    assert again.form.editors["note"].value() == "Ring före tio"
    assert [one for one in section.forms if one.rid == line(section, "1").step.view.rid] == [form]
    assert all(isValid(one) for one in section.open_forms)
    assert any("Asked" in one for one in texts(line(section, "1")))


def test_only_the_line_of_a_changed_step_is_made_anew(
    opened: OpenDesk, section: CooperationSection
) -> None:
    begin(opened, section)
    before = dict(section.lines)
    press(opened, line(section, "6").asked)
    assert section.lines == before


def test_two_hundred_steps_come_piece_by_piece(
    shell: SessionView, opened: OpenDesk, section: CooperationSection
) -> None:
    steps: list[dict[str, Value]] = [{"prefix": str(number)} for number in range(1, 201)]
    version = put_in_force(opened, *steps, title=told("Long"), version="9")
    opened.run(lambda: runs.start_run(opened.desk, opened.plan, version))
    section.read()
    opened.rest()
    assert len(section.lines) == 200
    assert line(section, "200").isVisible()


def test_missing_consent_of_a_step_is_told_until_it_stands(
    opened: OpenDesk, section: CooperationSection
) -> None:
    desk = opened.desk
    version = put_in_force(
        opened, {"prefix": "7", "needs_consent": "police_report"}, title=told("Report"), version="5"
    )
    opened.run(lambda: runs.start_run(desk, opened.plan, version))
    section.read()
    opened.rest()
    assert "Her consent is missing: Report to the police" in texts(line(section, "7"))

    def agree() -> bytes:
        given = people.consent_to_case_work(desk.adapters.clock.now(), opened.house.hex())
        client = require_record(desk, opened.plan).parent
        return create_record(desk, Consent, {**given, "purpose": "police_report"}, client)

    opened.run(agree)
    section.read()
    opened.rest()
    assert not any("consent is missing" in one for one in texts(line(section, "7")))
