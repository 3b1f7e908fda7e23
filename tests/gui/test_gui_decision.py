# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Decision on a real store: conditions are mended from their list, by the keyboard."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.integration.course_samples import WHO, SetClock, Walk, begun, walked
from tests.support.windows import (
    missed_by_tab,
    nameless,
    read_by,
    session_of,
    settle,
    shell_of,
    show,
)

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import ALL_ROLES, Credentials
from kfdesk.domain.records.case import Approval, LegalStatus, Reception, Transition
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import Row, view
from kfdesk.domain.workflow.decision import CHILD_GATES
from kfdesk.domain.workflow.gates import FieldLocation, Gate, GateAnswer, GateReason
from kfdesk.environment import Environment
from kfdesk.i18n.messages import error_remedy, error_sentence
from kfdesk.services.accounts import add_user
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.workflow import move_plan, request_approval
from kfdesk.storage import key_slots
from kfdesk.system import paths
from kfdesk.ui.forms.record_form import AFTER_ARRIVAL_FIELDS, CLOSING_FIELDS
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.pages.plan.decision import DecisionSection
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.plan.person import PersonSection
from kfdesk.ui.pages.plan.risk import RiskSection
from kfdesk.ui.pages.plan.travel import TravelSection
from kfdesk.ui.plan_sections import MissingItem
from kfdesk.ui.program import Program, ProgramConfig
from kfdesk.ui.theme import Scheme
from kfdesk.ui.widgets.painting import Completion

SECOND = Credentials(people.SECOND_PERSON, "andra vanliga ord till samma prov")
PLAN_KEYS = (
    "wish", "wish_stated", "interpreter_used", "alternatives_explained", "needs_assessed",
    "legal_checked", "decision_signed",
    "decision_language", "third_country_explained", "receiver", "escort_kind", "escort",
    "fit_to_travel_needed", "fit_to_travel_until", "wants_paper", "wish_reconfirmed", "risk_read",
    "reintegration_agreed", "services_running", "follow_up_set", "closure_reason",
    "last_risk_read", "told_what_is_kept", "retention_until", "receipts_in",
)  # fmt: skip
Prepare = Callable[[Walk], object]


def texts(widget: QWidget) -> set[str]:
    """Return the texts of the visible labels."""
    return {label.text() for label in widget.findChildren(QLabel) if label.isVisible()}


def keyboard() -> QWidget:
    """Return the widget with the keyboard focus."""
    focus = QApplication.focusWidget()
    assert focus is not None
    return focus


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(keyboard(), key, modifiers)


def write(text: str) -> None:
    """Type a text where the keyboard is."""
    QTest.keyClicks(keyboard(), text)


@dataclass
class Sight:
    """A window on a plan's section Decision, and the store behind it."""

    qtbot: QtBot
    program: Program
    folder: Path
    clock: SetClock

    def settle(self) -> None:
        """Wait until nothing is being read or written."""
        settle(self.qtbot, self.program.kit)

    @property
    def page(self) -> PlanView:
        page = shell_of(self.program).page.currentWidget()
        assert isinstance(page, PlanView)
        return page

    @property
    def section(self) -> DecisionSection:
        section = self.page.parts["decision"]
        assert isinstance(section, DecisionSection)
        return section

    def check(self) -> None:
        """Alt+C: what is open before the next step."""
        press(Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
        self.settle()
        assert self.section.isVisible()

    def enter(self) -> None:
        """Press Enter where the keyboard is, and wait."""
        press(Qt.Key.Key_Return)
        self.settle()

    def save(self) -> None:
        """Ctrl+S, and wait."""
        press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        self.settle()

    def mend(self, code: str) -> None:
        """Go to a condition by Alt+C and Tab, and press Enter on "Fix"."""
        self.check()
        button = self.section.step.conditions.rows[code].mend
        assert button.isVisible()
        for _ in range(40):
            if button.hasFocus():
                break
            press(Qt.Key.Key_Tab)
        assert button.hasFocus()
        self.enter()

    def is_at(self, key: str) -> bool:
        """Return whether the keyboard is in a field's editor."""
        forms = [form for part in self.page.parts.built.values() for form in part.forms]
        forms += [
            each.form for part in self.page.parts.built.values() for each in part.lists if each.form
        ]
        focus = keyboard()
        editors = [form.form.editors[key] for form in forms if key in form.form.editors]
        return any(editor.isAncestorOf(focus) for editor in editors)

    def behind(self, action: Callable[[], object]) -> None:
        """Write in the store without the window's knowing, as another page would."""
        self.program.kit.worker.run(action)
        self.settle()

    def reread(self) -> None:
        """Tell the window that something was written."""
        self.program.kit.events.changed.emit(frozenset({"plan"}))
        self.settle()

    @property
    def open_codes(self) -> set[str]:
        rows = self.section.step.conditions.rows
        return {code for code, row in rows.items() if row._gate is not None and row._gate.is_open}


@dataclass
class Stand:
    """Prepares a walk, then opens windows on its store."""

    qtbot: QtBot
    qapp: QApplication
    folder: Path
    stack: ExitStack
    clock: SetClock | None = None
    plan: bytes = b""

    def prepare(
        self, *steps: Prepare, state: str = "draft", further: Prepare | None = None
    ) -> None:
        if not steps:
            time, self.plan, *_ = begun(self.folder, state, further)
            self.clock = SetClock(time)
            return
        with walked(self.folder, state, further) as walk:
            self.clock, self.plan = walk.clock, walk.plan
            for step in steps:
                step(walk)

    def open(self, who: Credentials = WHO, language: str = "en", house: str = "ours") -> Sight:
        assert self.clock is not None
        machine = Environment(clock=self.clock, cost=key_slots.MIN_COST)
        bugs: list[BaseException] = []
        setting = ProgramConfig(
            resources=paths.resources_folder(),
            translations=paths.translations_folder(),
            language=language,
            store="store",
            unlock=lambda initials, words: store_lifecycle.unlock_store(
                self.folder / house, Credentials(initials, words), machine
            ),
            faults=lambda fault, words: (error_sentence(fault, words), error_remedy(fault, words)),
            crashed=bugs.append,
            scheme=Scheme.LIGHT,
        )
        program = Program(self.qapp, setting)

        def end() -> None:
            program.close()
            assert bugs == []

        self.stack.callback(end)
        show(self.qtbot, program.window)
        sight = Sight(self.qtbot, program, self.folder, self.clock)
        QTest.keyClicks(program.door.initials, who.initials)
        QTest.keyClick(program.door.initials, Qt.Key.Key_Return)
        program.door.passphrase.line.setText(who.passphrase)
        QTest.keyClick(program.door.passphrase.line, Qt.Key.Key_Return)
        self.qtbot.waitUntil(lambda: program.shell is not None)
        sight.settle()
        QTest.keyClick(program.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        sight.settle()
        shell_of(program).page.listing.table.setFocus()
        QTest.keyClick(shell_of(program).page.listing.table, Qt.Key.Key_Return)
        sight.settle()
        return sight

    def rows(self, record_type: str) -> list[Row]:
        """Return the records of a type, as another opening of the store finds them."""
        assert self.clock is not None
        machine = Environment(clock=self.clock, cost=key_slots.MIN_COST)
        desk = store_lifecycle.unlock_store(self.folder / "ours", WHO, machine)
        try:
            return list(desk.store.rows(record_type))
        finally:
            desk.store.close()


@pytest.fixture
def stand(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Stand]:
    with ExitStack() as stack:
        yield Stand(qtbot, qapp, tmp_path, stack)


def consented(walk: Walk) -> None:
    """Her consent to case management, and the age from which she is no child."""
    ours = walk.ours.identity.organisation.hex()
    values = people.consent_to_case_work(walk.clock.time, ours)
    create_record(walk.ours, Consent, values, parent=walk.client)
    change_record(walk.ours, walk.partner, {"country": "RU"})
    change_record(walk.ours, walk.client, {"age_band": "age_24_26", "age_disputed": False})


def prepared(walk: Walk) -> None:
    """All that our side does before a decision, but her needs."""
    story.prepare(walk.ours, walk.plan, walk.partner)
    change_record(walk.ours, walk.plan, {"needs_assessed": None})
    walk.weigh()


def decided(walk: Walk) -> None:
    """Ready for the second person, where both sides have weighed."""
    change_record(walk.ours, walk.plan, people.decision_signed(walk.clock.time))


def shared(walk: Walk) -> None:
    """Somebody else opens the desk, too."""
    add_user(walk.ours, WHO.passphrase, SECOND.initials, SECOND.passphrase, ALL_ROLES)


def states(stand: Stand) -> list[str]:
    return [str(view(row, Plan).record.state) for row in stand.rows("plan")]


# The way on


def test_plan_leaves_draft_by_what_the_list_leads_to(stand: Stand) -> None:
    stand.prepare(consented)
    sight = stand.open()
    assert sight.page.header.check.text() == "Check · 2"
    sight.check()
    assert not sight.section.step.move_button.isEnabled()
    assert "2 conditions are open" in texts(sight.section.step)
    sight.mend("interpreter_used")
    assert sight.is_at("needs_interpreter")
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_Right)  # she needs none
    sight.save()
    sight.mend("options_explained")
    assert sight.is_at("alternatives_explained")
    press(Qt.Key.Key_Space)
    sight.save()
    sight.check()
    assert sight.open_codes == set()
    assert sight.section.step.move_button.hasFocus()
    assert sight.section.step.move_button.text() == "Move to: Assessing"
    sight.enter()
    assert sight.section.step.move_button.text() == "Move to: Ready for decision"
    sight.program.close()
    assert states(stand) == ["assessing"]
    (step,) = (view(row, Transition).record for row in stand.rows("transition"))
    assert (step.to_state, step.taken_by) == ("assessing", people.INITIALS)


def test_day_is_written_by_one_button_and_taken_back_by_one_key(stand: Stand) -> None:
    stand.prepare(state="assessing", further=prepared)
    sight = stand.open()
    sight.mend("needs_assessed")
    assert sight.is_at("needs_assessed")
    card = sight.section.cards["Before the decision"]
    for _ in range(4):
        press(Qt.Key.Key_Tab)
        if card.record is not None and card.record.now["needs_assessed"].hasFocus():
            break
    sight.enter()
    assert sight.open_codes == set()
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    sight.settle()
    assert sight.open_codes == {"needs_assessed"}


def test_enquiry_is_begun_from_the_list_and_confirmed_by_one_button(stand: Stand) -> None:
    stand.prepare(
        lambda walk: create_record(
            walk.ours, Reception, {"organisation": walk.partner.hex()}, parent=walk.plan
        ),
        state="assessing",
    )
    sight = stand.open()
    sight.mend("reception_asked")
    assert sight.is_at("asked")
    sight.section.receptions.close_form()
    sight.settle()
    for words, facts in (("Asked now", "Asked"), ("Confirmed now", "Confirmed")):
        buttons = [b for b in sight.section.receptions.findChildren(QWidget)
                   if b.isVisible() and getattr(b, "text", str)() == words]  # fmt: skip
        buttons[0].setFocus()
        sight.enter()
        assert facts in texts(sight.section.receptions)
    sight.program.close()
    (reception,) = (view(row, Reception).record for row in stand.rows("reception"))
    assert (reception.status, reception.asked) == ("confirmed", people.zoned_time(sight.clock.time))


def test_condition_that_opens_meanwhile_stops_the_step_in_words(stand: Stand) -> None:
    stand.prepare(
        lambda w: change_record(w.ours, w.plan, people.needs_and_law_checked(w.clock.time)),
        state="assessing",
        further=prepared,
    )
    sight = stand.open()
    sight.check()
    assert sight.section.step.move_button.hasFocus()
    desk = session_of(sight.program)
    sight.behind(lambda: change_record(desk, stand.plan, {"needs_assessed": None}))
    sight.enter()
    assert "Not everything is ready for this step yet." in texts(sight.section.step.outcome)
    sight.program.close()
    assert states(stand) == ["assessing"]


def test_departure_asks_when_it_was(stand: Stand) -> None:
    def left(walk: Walk) -> None:
        walk.clock.time += timedelta(days=18)
        change_record(walk.ours, walk.legs[0], {  # as by an older program: no state followed
            "status": "departed", "departed": people.zoned_time(walk.clock.time),
        })  # fmt: skip

    stand.prepare(left, state="travel_ready")
    sight = stand.open()
    sight.check()
    sight.enter()
    step = sight.section.step
    assert "When did she leave?" in texts(step.asking)
    assert sight.is_at("happened") or step.asking.isAncestorOf(keyboard())
    assert step.asking.go is not None
    step.asking.go.setFocus()
    sight.enter()
    sight.program.close()
    assert states(stand) == ["travelling"]


def test_what_only_the_receiver_can_do_offers_nothing_to_mend(stand: Stand) -> None:
    stand.prepare(
        lambda walk: story.prepare(walk.ours, walk.plan, walk.partner),
        state="assessing",
    )
    sight = stand.open()
    sight.check()
    row = sight.section.step.conditions.rows["risk_assessed"]
    assert sight.open_codes == {"risk_assessed"}
    assert not row.mend.isVisible()
    assert not row.ask.isVisible()


def without_a_desk(walk: Walk) -> None:
    """Make the receiver a shelter without the program."""
    story.prepare(walk.ours, walk.plan, walk.partner)
    shelter = create_record(walk.ours, Organisation, {"name": "Дом без компьютера"})
    change_record(walk.ours, walk.plan, {"receiver": shelter.hex()})


def test_what_a_receiver_without_the_program_tells_is_written_down_from_the_list(
    stand: Stand,
) -> None:
    stand.prepare(without_a_desk, state="assessing")
    sight = stand.open()
    sight.mend("risk_assessed")
    told = cast("RiskSection", sight.page.parts["risk"]).weighings.told
    form = told.form
    assert form is not None
    named = {key: editor.value() for key, editor in form.form.editors.items()}
    assert named["told"] is not None
    assert named["done"] is not None
    form.form.focus_on("told_by")
    write("Olga")
    form.form.editors["told_way"].enter("telephone")
    form.form.editors["conclusion"].enter("return_possible")
    form.form.editors["unanswered"].enter(0)
    sight.save()
    said = " ".join(texts(told))
    assert "Reported by Olga, Дом без компьютера, 1 Dec" in said
    assert f"By phone. Recorded by {people.INITIALS}, {people.HOUSE}." in said
    assert nameless(sight.page.parts["risk"]) == []
    sight.check()
    assert "risk_assessed" not in sight.open_codes


@pytest.mark.slow
def test_hearing_during_the_journey_is_marked(stand: Stand) -> None:
    def heard(walk: Walk) -> None:
        day = people.zoned_time(walk.clock.time + timedelta(days=19))
        values: people.Values = {"kind": "witness", "next_hearing": day}
        create_record(walk.ours, LegalStatus, values, parent=walk.plan)

    stand.prepare(heard)
    sight = stand.open()
    sight.page.go_to("decision")
    sight.settle()
    assert "hearing during the journey" in texts(sight.section.matters)


# Other ways


@pytest.mark.slow
def test_she_changes_her_mind_and_a_new_plan_follows(stand: Stand) -> None:
    stand.prepare(state="assessing")
    sight = stand.open()
    sight.page.go_to("decision")
    sight.settle()
    sight.section.ways.buttons["withdrawn"].setFocus()
    sight.enter()
    write("Hon vill stanna.")
    go = sight.section.step.asking.go
    assert go is not None
    go.setFocus()
    sight.enter()
    old, header = sight.page, sight.page.header
    assert header.ended.isVisible()
    assert "Withdrawn on 1 December 2026" in texts(header.ended)
    assert not sight.section.ways.isVisible()
    record = sight.section.cards["Before the decision"].record
    assert record is not None
    assert record.form.editors["needs_assessed"]._is_read_only
    header.ended.reopen.setFocus()
    sight.enter()
    assert sight.page is not old
    assert not sight.page.header.ended.isVisible()
    sight.program.close()
    plans = {row.rid: view(row, Plan).record for row in stand.rows("plan")}
    assert {plan.state for plan in plans.values()} == {"withdrawn", "draft"}
    (new,) = (plan for plan in plans.values() if plan.state == "draft")
    assert new.previous == stand.plan.hex()
    reasons = [view(row, Transition).record.reason for row in stand.rows("transition")]
    assert "Hon vill stanna." in reasons


def test_plan_is_not_ended_by_us_without_a_reason(stand: Stand) -> None:
    stand.prepare(state="assessing")
    sight = stand.open()
    sight.page.go_to("decision")
    sight.settle()
    sight.section.ways.buttons["not_safe"].setFocus()
    sight.enter()
    asking = sight.section.step.asking
    assert asking.go is not None
    asking.go.setFocus()
    sight.enter()
    assert "Write down why. Without a reason this cannot be done." in texts(asking)
    press(Qt.Key.Key_Escape)
    assert not asking.isVisible()
    sight.program.close()
    assert states(stand) == ["assessing"]


# A second person


def test_second_user_approves_what_the_first_has_asked_for(stand: Stand) -> None:
    stand.prepare(decided, shared, state="decision_ready")
    sight = stand.open()
    sight.check()
    row = sight.section.step.conditions.rows["second_person"]
    assert sight.open_codes == {"second_person"}
    assert row.ask.hasFocus()
    sight.enter()
    assert any("You have asked a second person" in said for said in texts(sight.section.step))
    assert not sight.section.step.waiting.buttons
    sight.program.close()
    second = stand.open(SECOND)
    second.check()
    (button,) = second.section.step.waiting.buttons
    assert button.hasFocus()
    second.enter()
    go = second.section.step.asking.go
    assert go is not None
    go.setFocus()
    second.enter()
    assert second.open_codes == set()
    second.check()
    second.enter()
    second.program.close()
    assert states(stand) == ["approved"]
    given = [view(row, Approval).record for row in stand.rows("approval")]
    assert [one.given_by for one in given if one.given is not None] == [SECOND.initials]


def test_condition_is_set_aside_by_a_second_person_with_a_reason(stand: Stand) -> None:
    stand.prepare(
        shared,
        lambda walk: request_approval(
            walk.second(), walk.plan, "override", "needs_assessed", "Akut läge"
        ),
        state="assessing",
        further=prepared,
    )
    sight = stand.open()
    # whoever moved the plan last is not the second person either
    sight.check()
    (button,) = sight.section.step.waiting.buttons
    sight.enter()
    write("Akut")
    go = sight.section.step.asking.go
    assert button is not None
    assert go is not None
    go.setFocus()
    sight.enter()
    said = texts(sight.section.step.outcome)
    assert "A second person must do this: you asked for it, or moved the plan on." in said


@pytest.mark.slow
def test_lone_desk_is_told_that_the_partner_can_approve(stand: Stand) -> None:
    stand.prepare(
        decided,
        lambda walk: request_approval(walk.ours, walk.plan, "decision"),
        state="decision_ready",
    )
    sight = stand.open()
    sight.check()
    said = " ".join(texts(sight.section.step.waiting))
    assert "a person in the partner's organisation can" in said


@pytest.mark.slow
def test_partners_person_gives_the_word_at_the_partners_desk(stand: Stand) -> None:
    stand.prepare(
        decided,
        lambda walk: request_approval(walk.ours, walk.plan, "decision"),
        lambda walk: walk.send(),
        state="decision_ready",
    )
    sight = stand.open(house="theirs")
    sight.check()
    said = texts(sight.section.step)
    assert "Another organisation is responsible for this plan. Its steps are taken there." in said
    assert not sight.section.step.move_button.isEnabled()
    assert not sight.section.ways.isVisible()
    (button,) = sight.section.step.waiting.buttons
    assert button.hasFocus()
    sight.enter()
    go = sight.section.step.asking.go
    assert go is not None
    go.setFocus()
    sight.enter()
    assert not sight.section.step.waiting.isVisible()
    assert "The decision to return was approved" in texts(sight.section.taken)


def test_every_field_that_a_gate_of_the_plan_names_can_be_led_to(stand: Stand) -> None:
    stand.prepare()
    sight = stand.open()
    for key in PLAN_KEYS:
        sight.page.jump_to("plan", stand.plan, key)
        sight.settle()
        assert sight.is_at(key), key


# What stands above everything


PLACES = (
    ("consent", "purpose"), ("client", "needs_interpreter"), ("plan", "interpreter_used"),
    ("risk_assessment", "conclusion"), ("reception", "asked"), ("reception", "status"),
    ("reception", "received_by"), ("reception", "organisation"),
    ("legal_status", "must_be_present"), ("legal_status", "lapses_on_leaving"),
    ("legal_status", "next_hearing"),
    ("travel_document", "kind"), ("travel_document", "status"),
    ("travel_document", "valid_until"), ("leg", "check_in"), ("leg", "departed"),
    ("handover", "result"), ("help_number", "number"),
    *(("plan", key) for key in PLAN_KEYS
      if key not in {*AFTER_ARRIVAL_FIELDS.keys, *CLOSING_FIELDS.keys, "third_country_explained"}),
)  # fmt: skip
"""Where the gates say that something is to be filled in."""


def test_conditions_of_a_child_are_one_line_where_none_travels(stand: Stand) -> None:
    stand.prepare(consented, state="assessing")
    sight = stand.open()
    sight.check()
    rows = sight.section.step.conditions.rows
    assert not rows.keys() & CHILD_GATES
    told = texts(rows["children"])
    assert {"Child conditions", "does not apply"} <= told
    assert sum("hild" in text for text in texts(sight.section.step)) == 1
    shown = [row for row in rows.values() if row.isVisible()]
    shown[0].book_button.show()  # the book has an article about this one alone
    QApplication.processEvents()
    assert len({row._word.geometry().right() for row in shown}) == 1 < len(shown)


def test_sections_are_complete_only_where_check_asks_for_nothing(stand: Stand) -> None:
    stand.prepare(consented)
    sight = stand.open()
    page = read_by(sight.page)
    sight.check()
    asked = {row._gate.where for row in sight.section.step.conditions.rows.values()
             if row._gate is not None and row._gate.is_open}  # fmt: skip
    keys = {where.key for where in asked if where is not None}
    assert keys == {"needs_interpreter", "alternatives_explained"}
    assert PersonSection.state(page).fill is Completion.PART
    assert keys <= {one.key for one in PersonSection.missing(page)}
    assert sight.page.sections.gaps[0].text() == "Next missing item"


@pytest.mark.slow
def test_travel_is_complete_only_where_check_asks_for_nothing_there(stand: Stand) -> None:
    def without_an_escort(walk: Walk) -> None:
        change_record(walk.ours, walk.plan, {"escort_kind": None})

    stand.prepare(without_an_escort, state="approved")
    sight = stand.open()
    page = read_by(sight.page)
    assert "escort_set" in {gate.code for gate in page.open_gates}
    assert TravelSection.state(page).fill is Completion.PART
    assert "escort_kind" in {one.key for one in TravelSection.missing(page)}
    assert all(one.rid for one in TravelSection.missing(page) if one.record_type == "leg")


def test_what_the_decision_lacks_is_a_gap_that_leads_to_its_field_or_the_list(
    stand: Stand,
) -> None:
    stand.prepare(decided, state="assessing", further=prepared)
    sight = stand.open()
    page = read_by(sight.page)
    assert [one.key for one in DecisionSection.missing(page)] == ["needs_assessed"]
    sight.page.go_to("decision")
    sight.settle()
    sight.page.go_to_gap()
    sight.settle()
    assert sight.is_at("needs_assessed")
    for lost in (MissingItem("approval", b"0" * 16, "given_by"), MissingItem("organisation")):
        sight.section.jump_to(lost)
        sight.settle()
        assert sight.section.step.isAncestorOf(keyboard())


HAVE_OWN_EDITORS = frozenset({"consent", "risk_assessment", "leg"})
"""Types whose records have no form of the usual kind: the keyboard is in their section."""


@pytest.mark.slow
def test_every_place_that_a_gate_names_takes_the_keyboard(stand: Stand) -> None:
    def with_matters(walk: Walk) -> None:
        create_record(walk.ours, Reception, {"status": "asked"}, parent=walk.plan)
        create_record(walk.ours, LegalStatus, {"kind": "asylum"}, parent=walk.plan)

    stand.prepare(with_matters, state="assessing")
    sight = stand.open()
    page = read_by(sight.page)
    lost = []
    for record_type, key in PLACES:
        single = {"client": page.client.rid, "plan": page.plan.rid}.get(record_type)
        known = [single] if single else [seen.rid for seen in page.case.all_views(record_type)]
        there: list[bytes | None] = [*known[:1]]
        for rid in there or [None]:
            where = FieldLocation(record_type, key, rid)
            gate = Gate("any", GateAnswer.NOT_MET, GateReason.MISSING, where)
            sight.check()
            sight.section.step.mend_asked.emit(gate)
            sight.settle()
            focus, parts = keyboard(), sight.page.parts.built.values()
            is_there = any(p.isAncestorOf(focus) for p in parts if record_type in p.types)
            if rid is not None and record_type not in HAVE_OWN_EDITORS:
                is_there = sight.is_at(key)
            if not (is_there and focus.isVisible() and focus.isEnabled()):
                lost.append((record_type, key, rid is not None, type(focus)))
            for part in parts:
                for records in part.lists:
                    records.close_form()
            sight.settle()
    assert lost == []


@pytest.mark.slow
def test_country_of_the_receiver_is_come_by_in_contacts(stand: Stand) -> None:
    def without_a_country(walk: Walk) -> None:
        house = create_record(walk.ours, Organisation, {"name": "Dom bez datora"})
        change_record(walk.ours, walk.plan, {"receiver": house.hex()})

    stand.prepare(without_a_country, state="assessing", further=prepared)
    sight = stand.open()
    sight.check()
    where = FieldLocation("organisation", "country")
    sight.section.step.mend_asked.emit(
        Gate("third_country", GateAnswer.NOT_MET, GateReason.MISSING, where)
    )
    sight.settle()
    contacts = shell_of(sight.program).page
    assert isinstance(contacts, DirectoryPage)
    entry = contacts.side.card.entry
    assert entry is not None
    assert entry.view.record.name == "Dom bez datora"
    contacts.side.edit()
    sight.settle()
    editor = contacts.side.editor
    assert editor is not None
    assert editor.form is not None
    assert "country" in editor.form.form.editors


@pytest.mark.slow
def test_warning_that_a_gate_asks_for_is_a_field_though_she_heard_one_before_a_consent(
    stand: Stand,
) -> None:
    stand.prepare(state="assessing", further=prepared)
    sight = stand.open()
    sight.check()
    page, section = read_by(sight.page), sight.section
    record = section.cards["Before the decision"].record
    assert record is not None
    slot = record.form.form_rows["third_country_explained"]
    assert not slot.isVisible()
    where = FieldLocation("plan", "third_country_explained", page.plan.rid)
    asked = Gate("third_country", GateAnswer.NOT_MET, GateReason.MISSING, where)
    section._show_warning(replace(page, open_gates=(asked,)))
    assert slot.isVisible()
    section._show_warning(page)
    section.step.mend_asked.emit(asked)
    sight.settle()
    assert sight.is_at("third_country_explained")
    assert keyboard().isVisible()


def test_receiver_that_has_confirmed_is_entered_by_one_button_and_taken_back(stand: Stand) -> None:
    def confirmed(walk: Walk) -> None:
        change_record(walk.ours, walk.plan, {"receiver": None})
        for row in walk.ours.store.rows("reception"):
            values = {"organisation": walk.partner.hex(), "status": "confirmed"}
            change_record(walk.ours, row.rid, values)

    stand.prepare(confirmed, state="assessing", further=prepared)
    sight = stand.open()
    sight.check()
    condition = sight.section.step.conditions.rows["risk_assessed"]
    assert condition.take.isVisible()
    assert f"{people.SAFE_HOUSE} has confirmed the reception." in " ".join(texts(condition))
    assert people.SAFE_HOUSE in condition.take.accessibleName()
    condition.take.setFocus()
    sight.enter()
    assert "risk_assessed" not in sight.open_codes
    assert not condition.take.isVisible()
    sight.program.kit.worker.run(lambda: None)
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    sight.settle()
    assert "risk_assessed" in sight.open_codes
    assert condition.take.isVisible()


@pytest.mark.slow
@pytest.mark.parametrize("answers", [["asked"], ["confirmed", "confirmed"]])
def test_receiver_is_offered_only_if_one_alone_has_confirmed(
    stand: Stand, answers: list[str]
) -> None:
    def several(walk: Walk) -> None:
        change_record(walk.ours, walk.plan, {"receiver": None})
        for row in walk.ours.store.rows("reception"):
            delete_record(walk.ours, row.rid)
        houses = (walk.partner, create_record(walk.ours, Organisation, {"name": "Dom"}))
        for house, status in zip(houses, answers, strict=False):
            values = {"organisation": house.hex(), "status": status}
            create_record(walk.ours, Reception, values, parent=walk.plan)

    stand.prepare(several, state="assessing", further=prepared)
    sight = stand.open()
    sight.check()
    condition = sight.section.step.conditions.rows["risk_assessed"]
    assert not condition.take.isVisible()
    sight.mend("risk_assessed")
    assert sight.is_at("receiver")


@pytest.mark.slow
def test_alarm_stands_above_every_section_and_once_in_that_of_the_journey(stand: Stand) -> None:
    stand.prepare(state="travelling")
    assert stand.clock is not None
    stand.clock.time += timedelta(days=3)
    sight = stand.open()
    for section in sight.page.parts:
        sight.page.go_to(section)
        sight.settle()
        above = sight.page.header.alarms
        part = sight.page.parts[section]
        told = part.alarm if isinstance(part, TravelSection) else above
        assert "Leg 1: No arrival is recorded, and its time has passed." in texts(told)
        assert above.isVisible() == (told is above)


def test_steps_keep_their_evidence_to_be_read(stand: Stand) -> None:
    stand.prepare(state="assessing")
    sight = stand.open()
    sight.page.go_to("decision")
    sight.settle()
    taken = sight.section.taken
    assert "Draft → Assessing" in texts(taken)
    (more,) = taken.findChildren(type(sight.section.step.move_button))
    more.setFocus()
    sight.enter()
    assert any(said.startswith("Met: Consent to case management is valid") for said in texts(taken))


@pytest.mark.parametrize(
    "language",
    [pytest.param("sv", marks=pytest.mark.slow), "en", pytest.param("ru", marks=pytest.mark.slow)],
)
def test_every_control_has_a_name_and_is_come_by(stand: Stand, language: str) -> None:
    stand.prepare(state="assessing", further=prepared)
    sight = stand.open(language=language)
    sight.check()
    assert nameless(sight.program.window) == []
    assert missed_by_tab(sight.program.window) == []


@pytest.mark.slow
def test_ended_plan_elsewhere_moves_nothing_here(stand: Stand) -> None:
    stand.prepare(
        lambda walk: move_plan(walk.ours, walk.plan, "cancelled", None, "Slut på platser")
    )
    sight = stand.open()
    sight.page.go_to("decision")
    sight.settle()
    assert sight.page.header.ended.isVisible()
    assert not sight.section.step.move_button.isVisible()
