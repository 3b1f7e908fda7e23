# SPDX-License-Identifier: GPL-3.0-or-later
"""Case conferences in a plan: a decision becomes a step of the cooperation, by keys alone."""

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.gui.desk_samples import OpenDesk, texts
from tests.gui.test_gui_cooperation import begin, line, press, read, section, told

from kfdesk.domain.records.network import CaseConference, ConferenceDecision
from kfdesk.domain.values import Value
from kfdesk.services.core.records import create_record
from kfdesk.ui.pages.plan.cooperation import CooperationSection

__all__ = ["section"]


def confer(opened: OpenDesk, section: CooperationSection, **more: Value) -> bytes:
    """Return the decision of a new conference, which is open on the page."""
    desk = opened.desk
    due = desk.adapters.clock.now().date() + timedelta(days=5)
    values: dict[str, Value] = {
        "decided": told("Call the school"), "state": "open", "due": due,
        "owner": desk.identity.organisation.hex(),
    }  # fmt: skip

    def put() -> tuple[bytes, bytes]:
        head = create_record(desk, CaseConference, {"place": "Här"}, opened.plan)
        return head, create_record(desk, ConferenceDecision, values | more, head)

    head, decision = opened.run(put)
    section.kit.events.changed.emit(frozenset({"case_conference", "conference_decision"}))
    opened.rest()
    assert section.conferences.open(head)
    opened.rest()
    return decision


def test_decision_becomes_a_step_and_leads_to_it(
    opened: OpenDesk, section: CooperationSection
) -> None:
    begin(opened, section)
    decision = confer(opened, section)
    part = section.conferences
    press(opened, part.steps[decision])
    assert part.question.isVisible()
    assert part.question.entry.text() == "Call the school"
    part.question.entry.setText("Call the school about Monday")
    QTest.keyClick(part.question.entry, Qt.Key.Key_Return)
    opened.rest()
    assert read(opened).steps[-1].prefix == "+1"
    made = line(section, "+1")
    assert "+1  Call the school about Monday" in texts(made)
    assert not part.question.isVisible()
    assert part.steps[decision].text() == "Show step +1"
    press(opened, part.steps[decision])
    assert made.details is not None


def test_without_a_run_it_is_said_what_to_do_first(
    opened: OpenDesk, section: CooperationSection
) -> None:
    decision = confer(opened, section)
    part = section.conferences
    press(opened, part.steps[decision])
    QTest.keyClick(part.question.entry, Qt.Key.Key_Return)
    opened.rest()
    assert part.fault.isVisible()
    assert "cooperation.none in en." in texts(part.fault)
    press(opened, part.steps[decision])
    assert not part.fault.isVisible()
    press(opened, part.question.cancel)
    assert not part.question.isVisible()


def test_decision_that_is_done_is_made_no_step(
    opened: OpenDesk, section: CooperationSection
) -> None:
    begin(opened, section)
    decision = confer(opened, section, state="done")
    assert decision not in section.conferences.steps
