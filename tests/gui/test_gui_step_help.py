# SPDX-License-Identifier: GPL-3.0-or-later
"""From a step of a plan to who can help, and back with the one that was found: two clicks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.gui.desk_samples import OpenDesk, texts
from tests.support.samples import first
from tests.support.windows import nameless

from kfdesk.demo import people
from kfdesk.domain.records.aftercare import Goal
from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.domain.values import Value
from kfdesk.services.core.records import create_record
from kfdesk.services.plans.plans import open_plan
from kfdesk.ui.forms.editors import AutocompleteEditor
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.pages.aftercare.support import GoalList, SupportSection
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.plan.travel import TravelSection
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.widgets.table import CELL_ROLE

LAWYER = "Pskovs advokathjälp"
FAR_LAWYER = "Ett svenskt juristhus"


@pytest.fixture
def directory(opened: OpenDesk) -> None:
    """Two lawyers and a doctor."""
    enter(opened, LAWYER, country="RU", city="Псков", languages=("ru",), services=("legal",))
    enter(opened, FAR_LAWYER, country="SE", languages=("ru", "sv"), services=("legal",),
          contact_risk="ask_first")  # fmt: skip
    enter(opened, "Ryskt läkarhus", country="RU", services=("health_physical",))


@pytest.fixture
def shell(directory: None, shell: SessionView) -> SessionView:
    """Return the SessionView, opened when the directory is filled."""
    return shell


def enter(opened: OpenDesk, name: str, **values: Value) -> bytes:
    whole: dict[str, Value] = {"name": name, "confidentiality": "public", **values}
    return opened.run(lambda: create_record(opened.desk, Organisation, whole))


def enter_goal(opened: OpenDesk, **values: Value) -> bytes:
    whole: dict[str, Value] = {"aim": people.localized("Ett råd", "Совет", "Advice"), **values}
    return opened.run(lambda: create_record(opened.desk, Goal, whole, opened.plan))


def plan_at(shell: SessionView, opened: OpenDesk, section: str) -> PlanView:
    shell.go_to("plans")
    assert isinstance(shell.page, PlansPage)
    shell.page.open_plan(opened.plan, section=section)
    opened.rest()
    assert shell.page.plan is not None
    return shell.page.plan


def contacts(shell: SessionView, opened: OpenDesk) -> DirectoryPage:
    opened.rest()
    assert isinstance(shell.page, DirectoryPage)
    return shell.page


def plan_after(shell: SessionView, opened: OpenDesk) -> PlanView:
    opened.rest()
    assert isinstance(shell.page, PlansPage)
    assert shell.page.plan is not None
    return shell.page.plan


def rows(page: DirectoryPage, opened: OpenDesk) -> list[tuple[str, str]]:
    """Return the names in the list with the lines below them."""
    opened.rest()
    model = page.table.model()
    cells = (model.index(row, 0).data(CELL_ROLE) for row in range(model.rowCount()))
    return [(cell.text, cell.under) for cell in cells]


def test_one_click_on_an_aim_shows_who_offers_it_the_nearest_first_with_the_reason(
    shell: SessionView, opened: OpenDesk
) -> None:
    goal = enter_goal(opened, domain="legal")
    view = plan_at(shell, opened, "support")
    goals_of(view).helps[goal].click()
    page = contacts(shell, opened)
    assert rows(page, opened) == [
        (LAWYER, "Legal help · Russia · speaks Russian · Псков"),
        (FAR_LAWYER, "⚠ Ask the client first · Legal help · speaks Russian"),
    ]
    assert page.wanted.isVisible()
    said = texts(page.wanted)
    assert "tulpan-47: Help with one of her goals" in said
    assert any("Legal help · Russia" in line for line in said)
    assert nameless(page.wanted) == []


@pytest.mark.slow
def test_the_second_click_opens_the_organisation_and_it_can_be_taken_into_the_aim(
    shell: SessionView, opened: OpenDesk
) -> None:
    goal = enter_goal(opened, domain="legal")
    goals_of(plan_at(shell, opened, "support")).helps[goal].click()
    page = contacts(shell, opened)
    page.table.selectRow(1)
    opened.rest()
    assert FAR_LAWYER in texts(page.entry)
    page.table.selectRow(0)
    opened.rest()
    page.entry.take.click()
    view = plan_after(shell, opened)
    form = goals_of(view).form
    assert form is not None
    assert form.rid == goal
    assert LAWYER in named_in(form, "organisation")
    form.save()
    opened.rest()
    seen = opened.run(lambda: open_plan(opened.desk, opened.plan)).case.all_views("goal")
    assert bytes.fromhex(str(seen[0].record.organisation)) in {
        rid for rid, name in named(opened).items() if name == LAWYER
    }


def help_with_law(shell: SessionView, opened: OpenDesk) -> DirectoryPage:
    """Open the contacts from a goal that a lawyer helps with."""
    goal = enter_goal(opened, domain="legal")
    goals_of(plan_at(shell, opened, "support")).helps[goal].click()
    return contacts(shell, opened)


def goals_of(view: PlanView) -> GoalList:
    part = view.parts["support"]
    assert isinstance(part, SupportSection)
    return part.goals


def travel_of(view: PlanView) -> TravelSection:
    part = view.parts["travel"]
    assert isinstance(part, TravelSection)
    return part


def named_in(form: RecordForm, key: str) -> str:
    """Return the name that stands in a reference field."""
    editor = form.form.editors[key]
    assert isinstance(editor, AutocompleteEditor)
    return editor.pick.text()


def named(opened: OpenDesk) -> dict[bytes, str]:
    page = opened.run(lambda: open_plan(opened.desk, opened.plan))
    return {bytes.fromhex(rid): name for rid, name in page.choices.organisations}


def test_all_of_it_goes_by_the_keyboard(shell: SessionView, opened: OpenDesk) -> None:
    goal = enter_goal(opened, domain="legal")
    view = plan_at(shell, opened, "support")
    goals_of(view).open_record(goal)
    opened.rest()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(QApplication.focusWidget() or view, Qt.Key.Key_F, both)
    page = contacts(shell, opened)
    assert [name for name, _ in rows(page, opened)] == [LAWYER, FAR_LAWYER]
    assert page.table.hasFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    opened.rest()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert page.entry.take.hasFocus()
    QTest.keyClick(page.entry.take, Qt.Key.Key_Return)
    form = goals_of(plan_after(shell, opened)).form
    assert form is not None
    assert named_in(form, "organisation") == FAR_LAWYER
    focus = QApplication.focusWidget()
    assert focus is not None
    assert form.form.editors["organisation"].isAncestorOf(focus)


def test_esc_goes_back_to_the_step_and_who_was_found_waits_until_all_are_asked_for(
    shell: SessionView, opened: OpenDesk
) -> None:
    page = help_with_law(shell, opened)
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert plan_after(shell, opened).place().endswith("/support")
    shell.go_to("contacts")
    assert len(rows(page, opened)) == 2
    page.wanted.drop.click()
    assert len(rows(page, opened)) == 6
    assert not page.wanted.isVisible()
    assert not page.entry.take.isVisible()


def test_who_is_looked_up_by_name_meanwhile_is_not_for_the_step(
    shell: SessionView, opened: OpenDesk
) -> None:
    page = help_with_law(shell, opened)
    page.show_entry(opened.house)
    assert len(rows(page, opened)) == 6
    assert not page.wanted.isVisible()
    assert not page.entry.take.isVisible()


def test_organisation_that_is_entered_meanwhile_can_be_taken(
    shell: SessionView, opened: OpenDesk
) -> None:
    page = help_with_law(shell, opened)
    page.begin("organisation")
    opened.rest()
    assert page.side.editor is not None
    editor = page.side.editor
    assert editor.form is not None
    editor.form.form.editors["name"].enter("Ny rådgivning")
    editor.form.save()
    opened.rest()
    editor.close_button.click()
    opened.rest()
    assert "Ny rådgivning" in texts(page.entry)
    page.entry.take.click()
    form = goals_of(plan_after(shell, opened)).form
    assert form is not None
    assert named_in(form, "organisation") == "Ny rådgivning"


@pytest.mark.parametrize(
    ("section", "record_type"),
    first(
        3,
        [
            ("person", "client"),
            ("consent", "client"),
            ("risk", "risk_assessment"),
            ("decision", "reception"),
            ("travel", "plan"),
            ("support", "service"),
            ("follow_up", "follow_up"),
            ("notes", "client"),
            ("documents", "travel_document"),
            ("keeping", "client"),
        ],
    ),
)
def test_every_section_leads_to_who_can_help(
    shell: SessionView, opened: OpenDesk, section: str, record_type: str
) -> None:
    view = plan_at(shell, opened, section)
    view.header.help.click()
    page = contacts(shell, opened)
    assert page.wanted.step is not None
    assert (page.wanted.step.section, page.wanted.step.record_type) == (section, record_type)
    assert rows(page, opened)
    page.wanted.back.click()
    assert plan_after(shell, opened).place().endswith(section)


def test_where_nobody_offers_it_all_stand_there_and_that_is_said(
    shell: SessionView, opened: OpenDesk
) -> None:
    goal = enter_goal(opened, domain="vocational")
    goals_of(plan_at(shell, opened, "support")).helps[goal].click()
    page = contacts(shell, opened)
    assert rows(page, opened)[0][0] == LAWYER
    assert any(line.startswith("None of the contacts offers this.") for line in texts(page.wanted))


def test_reception_that_was_not_begun_is_begun_with_who_was_found(
    shell: SessionView, opened: OpenDesk
) -> None:
    view = plan_at(shell, opened, "decision")
    view.header.help.click()
    page = contacts(shell, opened)
    first = rows(page, opened)[0][0]
    page.entry.take.click()
    forms = plan_after(shell, opened).parts["decision"].open_forms
    form = next(one for one in forms if one.record_type == "reception")
    assert named_in(form, "organisation") == first


def test_leg_is_met_by_a_person_whose_house_fits(shell: SessionView, opened: OpenDesk) -> None:
    house = next(rid for rid, name in named(opened).items() if name == LAWYER)
    values: dict[str, Value] = {
        "given_name": "Påhittad Vera", "organisation": house.hex(), "confidentiality": "public",
    }  # fmt: skip
    opened.run(lambda: create_record(opened.desk, Contact, values))
    view = plan_at(shell, opened, "travel")
    view.parts["travel"].open_record(opened.legs[0])
    opened.rest()
    view.header.help.click()
    page = contacts(shell, opened)
    names = [name for name, _ in rows(page, opened)]
    page.table.selectRow(names.index("Påhittad Vera"))
    opened.rest()
    assert dict(rows(page, opened))["Påhittad Vera"].startswith("Contact person, Pskovs advokat")
    page.entry.take.click()
    editor = travel_of(plan_after(shell, opened)).editor.form
    assert editor is not None
    assert named_in(editor, "meeter") == "Påhittad Vera"


def test_point_of_the_list_before_leaving_leads_to_its_help(
    shell: SessionView, opened: OpenDesk
) -> None:
    view = plan_at(shell, opened, "travel")
    checklist = travel_of(view).checklist
    checklist.set_open(is_open=True)
    checklist.table.selectRow(checklist.shown.index("fit_to_travel"))
    assert checklist.current == "fit_to_travel"
    checklist.help.click()
    page = contacts(shell, opened)
    assert [name for name, _ in rows(page, opened)] == ["Ryskt läkarhus"]
    assert not page.entry.take.isVisible()
