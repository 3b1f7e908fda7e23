# SPDX-License-Identifier: GPL-3.0-or-later
"""A mother with a child of unknown age: stopped, then let through by the right papers."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.test_gui_decision import Sight, Stand, consented, stand, texts, write
from tests.gui.travel_samples import on_worker, walking
from tests.integration.course_samples import Walk, with_a_child
from tests.support.samples import first
from tests.support.windows import Stage, missed_by_tab, nameless, read_by, session_of, settle

from kfdesk.demo.people import Values
from kfdesk.domain.accounts import Role, rights_of
from kfdesk.domain.records.client import ChildPapers, Relationship
from kfdesk.domain.rows import encode_changes
from kfdesk.domain.values import Value
from kfdesk.services.core.authorization import READ_RIGHTS
from kfdesk.services.core.records import change_record, create_record, put_changed
from kfdesk.services.plans.plans import PlanPage, open_plan
from kfdesk.services.workflow import move_plan
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plan.decision import DecisionSection
from kfdesk.ui.pages.plan.decision_parts import ChildrenCard

__all__ = ("stand",)
CODES = (
    "guardian_named", "child_heard", "family_assessed", "best_interests", "guardian_order",
    "takeover_written",
)  # fmt: skip
TODAY = date(2026, 12, 1)


def card(sight: Sight) -> ChildrenCard:
    return sight.section.children_card


def page_of(sight: Sight) -> PlanPage:
    """Return the plan as the window has read it."""
    return read_by(sight.page)


def buttons(sight: Sight) -> dict[str, QPushButton]:
    """Return the buttons that fill in a child's papers, by gate."""
    return {code: button for (_, code), button in card(sight).buttons.items()}


def fill(sight: Sight, **values: Value) -> None:
    """Write values into the papers that are open, and save them."""
    form = card(sight).papers.form
    assert form is not None
    for key, value in values.items():
        editor = form.form.editors[key]
        form.form.focus_on(key)
        if isinstance(value, str) and key in ("guardian", "guardian_order", "takeover_authority"):
            write(value)
        else:
            editor.enter(value)
    sight.save()


def decision(stand: Stand) -> Sight:
    sight = stand.open()
    sight.page.go_to("decision")
    sight.settle()
    return sight


@pytest.mark.slow
def test_mother_with_a_child_of_unknown_age_is_stopped_and_let_through_by_the_right_papers(
    stand: Stand,
) -> None:
    stand.prepare(state="assessing", further=with_a_child)
    sight = stand.open()
    sight.check()
    assert sight.open_codes == set(CODES[:4])
    assert not sight.section.step.move_button.isEnabled()
    rows = sight.section.step.conditions.rows
    assert not any(rows[code].ask.isVisible() for code in CODES[:4])  # nobody is asked to set aside
    said = texts(card(sight))
    assert {"Alva", "6 papers missing"} <= said
    named = (
        "Child: a guardian, or the parent who travels along, is named. This is not filled in yet."
    )
    assert named in said
    sight.mend("guardian_named")
    assert sight.is_at("guardian")
    fill(sight, guardian="Nina Vymyslova")
    assert "5 papers missing" in texts(card(sight))
    sight.mend("child_heard")
    fill(sight, childs_view_heard=TODAY)
    sight.mend("family_assessed")
    fill(sight, family_assessed=TODAY, family_assessment_result="safe")
    sight.mend("best_interests")
    fill(sight, bid_decided=TODAY, bid_decision="bid_against")
    sight.check()
    assert sight.open_codes == {"best_interests"}  # against is no paper to leave on
    sight.mend("best_interests")
    fill(sight, bid_decision="bid_in_favour")
    sight.check()
    assert sight.open_codes == set()
    sight.section.step.move_button.click()
    sight.settle()
    assert page_of(sight).plan.record.state == "decision_ready"
    assert list(buttons(sight)) == ["guardian_order", "takeover_written"]
    buttons(sight)["guardian_order"].click()
    fill(sight, guardian_order="En domstol 1", custody_contested=False)
    buttons(sight)["takeover_written"].click()
    fill(sight, takeover_authority="En myndighet", takeover_by_authority=TODAY)
    assert "all papers in hand" in texts(card(sight))
    (record,) = (one.record for one in page_of(sight).case.all_views("child_papers"))
    (child,) = page_of(sight).case.all_views("relationship")
    assert record.child == child.rid.hex()
    assert record.takeover_authority == "En myndighet"


def test_each_child_has_its_own_rows_and_papers(stand: Stand) -> None:
    def two(walk: Walk) -> None:
        grown: Values = {"given_name": "Bo", "travels_with": True, "age_band": "age_30_38"}
        young: Values = {"given_name": "Ylva", "travels_with": True, "age_band": "age_9_17"}
        for values in (grown, young):
            create_record(walk.ours, Relationship, values, parent=walk.client)
        change_record(walk.ours, walk.client, {"age_disputed": True})

    stand.prepare(two, state="assessing", further=with_a_child)
    sight = decision(stand)
    said = texts(card(sight))
    assert {"The client, tulpan-47", "Alva", "Ylva"} <= said
    assert "Bo" not in said
    assert len(card(sight).buttons) == 18
    rid, code = next(key for key in list(card(sight).buttons)[12:])
    card(sight).buttons[(rid, code)].click()
    form = card(sight).papers.form
    assert form is not None
    assert form.form.editors["child"].value() == rid.hex()
    assert not form.form.form_rows["child"].isEnabled() or form.form.editors["child"].value()
    fill(sight, guardian="Ingen Alls")
    assert f"Papers of {named(sight, rid)}" in texts(card(sight).papers)
    assert len(card(sight).buttons) == 17
    assert nameless(sight.section) == []
    card(sight).papers.lines[next(iter(card(sight).papers.lines))].setFocus()
    assert missed_by_tab(sight.section) == []


def named(sight: Sight, rid: bytes) -> str:
    (one,) = (v for v in page_of(sight).case.all_views("relationship") if v.rid == rid)
    return str(one.record.given_name)


@pytest.mark.slow
def test_what_an_earlier_program_kept_with_the_plan_is_offered_to_the_one_child(
    stand: Stand,
) -> None:
    def older(walk: Walk) -> None:
        row = walk.ours.store.row(walk.plan)
        assert row is not None
        values: Values = {"guardian": "Ingen Påhittad", "childs_view_heard": TODAY}
        with walk.ours.store.transaction():
            put_changed(walk.ours, row, encode_changes("plan", values), ())

    stand.prepare(older, state="assessing", further=with_a_child)
    sight = decision(stand)
    assert len(buttons(sight)) == 6  # it counts for nobody until it is taken over
    buttons(sight)["guardian_named"].click()
    sight.settle()
    sight.save()
    assert set(buttons(sight)) == set(CODES) - {"guardian_named", "child_heard"}


@pytest.mark.slow
def test_card_stands_only_where_somebody_counts_as_a_child(stand: Stand) -> None:
    stand.prepare(lambda walk: change_record(walk.ours, walk.client, {"age_band": None}))
    sight = decision(stand)
    assert card(sight).isVisible()  # nobody has said how old she is
    desk, client = session_of(sight.program), page_of(sight).client.rid
    sight.behind(
        lambda: change_record(desk, client, {"age_band": "age_24_26", "age_disputed": False})
    )
    sight.reread()
    assert not card(sight).isVisible()
    assert not sight.section.begin_record("child_papers")


def test_age_in_doubt_is_asked_of_who_goes_with_her(stand: Stand) -> None:
    def grown(walk: Walk) -> None:
        consented(walk)
        values: Values = {"given_name": "Alva", "travels_with": True, "age_band": "age_18_20"}
        create_record(walk.ours, Relationship, values, parent=walk.client)

    stand.prepare(grown)
    sight = decision(stand)
    assert not card(sight).isVisible()
    (row,) = page_of(sight).case.all_views("relationship")
    sight.page.jump_to("relationship", row.rid, "age_disputed")
    sight.settle()
    assert sight.is_at("age_disputed")
    desk = session_of(sight.program)
    sight.behind(lambda: change_record(desk, row.rid, {"age_disputed": True}))
    sight.page.go_to("decision")
    sight.reread()
    assert card(sight).isVisible()


@pytest.mark.slow
def test_plan_that_has_ended_offers_nothing_to_fill_in(stand: Stand) -> None:
    def ended(walk: Walk) -> None:
        values: Values = {"guardian": "Nina Vymyslova"}
        create_record(walk.ours, ChildPapers, values, parent=walk.plan)
        move_plan(walk.ours, walk.plan, "not_safe")

    stand.prepare(ended, state="assessing", further=with_a_child)
    sight = decision(stand)
    assert "6 papers missing" in texts(card(sight))  # those papers name no child
    assert card(sight).buttons == {}
    assert not card(sight).begin()
    assert not card(sight).papers.add_button.isVisible()
    assert "Papers of –" in texts(card(sight).papers)


@pytest.mark.slow
def test_gate_leads_to_the_papers_that_are_there_already(stand: Stand) -> None:
    def begun(walk: Walk) -> None:
        (child,) = walk.of("relationship")
        values: Values = {"child": child.rid.hex(), "guardian": "Nina Vymyslova"}
        create_record(walk.ours, ChildPapers, values, parent=walk.plan)

    stand.prepare(begun, state="assessing", further=with_a_child)
    sight = stand.open(language="ru")
    sight.mend("child_heard")
    form = card(sight).papers.form
    assert form is not None
    assert form.form.editors["guardian"].value() == "Nina Vymyslova"
    assert sight.is_at("childs_view_heard")
    buttons(sight)["best_interests"].click()
    sight.settle()
    assert sight.is_at("bid_decided")
    (record,) = page_of(sight).case.all_views("child_papers")
    sight.page.jump_to("child_papers", record.rid, "family_assessed")
    sight.settle()
    assert sight.is_at("family_assessed")


READERS = [role for role in Role if not rights_of(frozenset({role})).isdisjoint(READ_RIGHTS)]


@pytest.mark.parametrize(
    "role",
    first(1, READERS),  # the gate itself: each role in tests/integration/test_children.py
)
def test_window_offers_no_role_a_way_round_a_childs_gate(
    kit: UiContext, qtbot: QtBot, stage: Stage, tmp_path: Path, role: Role
) -> None:
    with walking(kit, qtbot, tmp_path, "assessing", with_a_child) as walk:
        desk = replace(walk.ours, roles=frozenset({role}))
        section = DecisionSection(kit, desk)
        stage(section)
        section.show_plan(on_worker(kit, qtbot, lambda: open_plan(desk, walk.plan)))
        section.complete()
        settle(qtbot, kit)
        rows = section.step.conditions.rows
        assert {code for code in CODES[:4] if rows[code].isVisible()} == set(CODES[:4])
        assert not any(rows[code].ask.isVisible() for code in CODES[:4])
        assert not section.step.move_button.isEnabled()
