# SPDX-License-Identifier: GPL-3.0-or-later
"""Weighing the risks at two real desks: versions, answers, and files that cross."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration.course_samples import Walk, walked

from kfdesk.demo import people, story
from kfdesk.domain.accounts import Role
from kfdesk.domain.authority import is_id_of
from kfdesk.domain.codes.risk import CATEGORY_ITEMS, RISK_CATEGORY
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.records.risk import RiskAssessment, RiskEvent, RiskLine
from kfdesk.domain.registers import apply_changes
from kfdesk.domain.risk import (
    ITEM_KEYS,
    ItemAnswer,
    RiskItem,
    RiskLevel,
    RiskState,
    ThemeAnswer,
    contradicting_items,
    items_on_line,
)
from kfdesk.domain.rows import Row, seen_writes, view
from kfdesk.domain.workflow.gates import GateAnswer, GateReason
from kfdesk.domain.workflow.table import gates_before
from kfdesk.services.core.records import change_record, create_record, delete_record, undo
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.plans import plans
from kfdesk.services.plans.plans import read_case_context
from kfdesk.services.plans.risk import (
    AssessmentVersion,
    PlanRisks,
    answer_risk_items,
    answer_risk_theme,
    create_risk_assessment,
    read_risks,
)
from kfdesk.services.workflow import approve, move_plan, request_approval

SO, NOT_SO, NOT_KNOWN, OPEN = (
    RiskItem(ItemAnswer.SO), RiskItem(ItemAnswer.NOT_SO), RiskItem(ItemAnswer.NOT_KNOWN),
    RiskItem(),
)  # fmt: skip


@pytest.fixture
def walk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Walk]:
    """Yield a plan in the state that the test asks for."""
    with walked(tmp_path, getattr(request, "param", "draft")) as begun:
        yield begun


def risks(walk: Walk, desk: Session | None = None) -> PlanRisks:
    return read_risks(desk or walk.ours, walk.plan)


def ours(walk: Walk) -> AssessmentVersion:
    version = risks(walk).ours
    assert version is not None
    return version


def line_of(walk: Walk, category: str) -> RiskLine:
    (found,) = (one.record for one in ours(walk).lines if one.record.category == category)
    return found


def why(walk: Walk, code: str, target: str = "decision_ready") -> GateReason | GateAnswer | None:
    found = next(
        g for g in gates_before(target, read_case_context(walk.ours, walk.plan)) if g.code == code
    )
    return found.why if found.is_open else found.answer


def lines_in(walk: Walk, weighing: bytes, desk: Session | None = None) -> list[Row]:
    rows = (desk or walk.ours).store.children(weighing)
    return [row for row in rows if row.type == "risk_line"]


def test_answers_come_to_one_that_leaves_and_stay_at_the_desk_themselves(walk: Walk) -> None:
    weighing = create_risk_assessment(walk.ours, walk.plan)
    done = answer_risk_items(walk.ours, weighing, "travel", {"transit_unmet": SO})
    assert line_of(walk, "travel").answer is None  # the others are open still
    rest = dict.fromkeys(set(CATEGORY_ITEMS["travel"]) - {"transit_unmet"}, NOT_SO)
    answer_risk_items(walk.ours, weighing, "travel", rest)
    assert line_of(walk, "travel").answer == "found"
    answer_risk_items(walk.ours, weighing, "travel", {"document_tells": NOT_KNOWN})
    found = line_of(walk, "travel")
    assert (found.answer, found.present, found.unclear) == (
        "not_known", ("transit_unmet",), ("document_tells",),
    )  # fmt: skip
    assert isinstance(found.absent, tuple)
    assert set(found.absent) == set(CATEGORY_ITEMS["travel"]) - {"transit_unmet", "document_tells"}
    answer_risk_items(
        walk.ours, weighing, "travel", dict.fromkeys(CATEGORY_ITEMS["travel"], NOT_SO)
    )
    assert line_of(walk, "travel").answer == "nothing_found"
    answer_risk_items(walk.ours, weighing, "travel", {"document_tells": OPEN})
    assert line_of(walk, "travel").answer is None
    assert [row.rid for row in lines_in(walk, weighing)] == [done.rid]


@pytest.mark.parametrize("walk", ["assessing"], indirect=True)
def test_source_and_confidence_are_of_each_item_and_stay_at_the_desk(walk: Walk) -> None:
    weighing = create_risk_assessment(walk.ours, walk.plan)
    items = {
        "debt": RiskItem(ItemAnswer.SO, "authority", "confirmed"),
        "no_income": RiskItem(ItemAnswer.NOT_KNOWN, "client_statement", "uncertain"),
        "addiction": RiskItem(ItemAnswer.NOT_SO, "worker_observation", "confirmed"),
    }
    answer_risk_items(walk.ours, weighing, "retrafficking", items)
    line = line_of(walk, "retrafficking")
    held = items_on_line("retrafficking", line)
    assert {name: held[name] for name in items} == items
    assert held["no_housing"] == OPEN
    assert (line.sources, line.confidence) == (("client_statement", "authority"), "uncertain")
    walk.send()
    (theirs,) = lines_in(walk, weighing, walk.theirs)
    told = view(theirs, RiskLine).record
    assert (told.sources, told.confidence) == (("client_statement", "authority"), "uncertain")
    kept_here = ITEM_KEYS - {"answer", "sources", "confidence"}
    assert {getattr(told, key) for key in kept_here} == {None}


@pytest.mark.parametrize("walk", ["assessing"], indirect=True)
@pytest.mark.parametrize("theme", ThemeAnswer)
def test_theme_is_answered_at_once_and_a_partner_gets_what_it_comes_to(
    walk: Walk, theme: ThemeAnswer
) -> None:
    weighing = create_risk_assessment(walk.ours, walk.plan)
    done = answer_risk_theme(walk.ours, weighing, "health", theme)
    change_record(walk.ours, done.rid, {"own_words": "I sleep badly"})
    held = line_of(walk, "health")
    comes_to = {"nothing": "nothing_found", "something": None, "not_known": "not_known"}[theme]
    assert (held.theme_answer, held.answer) == (theme, comes_to)
    assert set(items_on_line("health", held).values()) == {OPEN}  # no answer is made up
    status = ours(walk).status
    assert (status.answered, status.unknown) == (
        int(theme is ThemeAnswer.NOTHING), ("health",) if theme is ThemeAnswer.NOT_KNOWN else (),
    )  # fmt: skip
    walk.send()
    (theirs,) = lines_in(walk, weighing, walk.theirs)
    told = view(theirs, RiskLine).record
    assert (told.answer, told.theme_answer, told.own_words) == (comes_to, None, None)
    after = answer_risk_theme(walk.ours, weighing, "health", ThemeAnswer.SOMETHING)
    undo(walk.ours, after)
    assert line_of(walk, "health").theme_answer == theme


def test_items_under_a_theme_follow_it_and_a_yes_under_nothing_counts(walk: Walk) -> None:
    weighing = create_risk_assessment(walk.ours, walk.plan)
    answer_risk_theme(walk.ours, weighing, "health", ThemeAnswer.NOTHING)
    answer_risk_items(walk.ours, weighing, "health", {"pregnancy": SO})
    held = line_of(walk, "health")
    assert (held.theme_answer, held.answer) == ("nothing", "found")
    assert contradicting_items(held) == ("pregnancy",)
    assert ours(walk).status.level is RiskLevel.HIGH
    answer_risk_items(walk.ours, weighing, "health", {"pregnancy": NOT_SO})
    assert line_of(walk, "health").answer == "nothing_found"
    answer_risk_theme(walk.ours, weighing, "health", ThemeAnswer.SOMETHING)
    assert line_of(walk, "health").answer is None  # its questions are open


def test_theme_of_a_newer_program_is_kept_when_its_items_are_answered(walk: Walk) -> None:
    weighing = create_risk_assessment(walk.ours, walk.plan)
    rid = answer_risk_theme(walk.ours, weighing, "health", ThemeAnswer.NOTHING).rid
    row = walk.ours.store.row(rid)
    assert row is not None
    newer = {RECORD_TYPES["risk_line"].ids["theme_answer"]: "x_newer"}
    by = walk.ours.signature
    state = apply_changes(row.state, newer, seen_writes(row), by)
    with walk.ours.store.transaction():
        walk.ours.store.put(replace(row, state=state))
    answer_risk_items(walk.ours, weighing, "health", {"pregnancy": NOT_SO})
    held = line_of(walk, "health")
    assert (held.theme_answer, held.answer) == ("x_newer", "not_known")


def test_two_desks_answer_one_line_and_a_deleted_one_leaves_its_place(walk: Walk) -> None:
    weighing = create_risk_assessment(walk.ours, walk.plan)
    first = answer_risk_theme(walk.ours, weighing, "health", ThemeAnswer.NOTHING).rid
    other = answer_risk_theme(walk.ours, weighing, "travel", ThemeAnswer.NOTHING).rid
    assert first != other
    assert is_id_of(first, walk.ours.identity.organisation)
    new = create_risk_assessment(walk.ours, walk.plan)
    assert answer_risk_theme(walk.ours, new, "health", ThemeAnswer.NOTHING).rid != first
    delete_record(walk.ours, first)
    again = answer_risk_theme(walk.ours, weighing, "health", ThemeAnswer.SOMETHING).rid
    assert again != first


def test_theme_is_answered_in_an_assessment_alone(walk: Walk) -> None:
    with pytest.raises(KfdeskError) as refused:
        answer_risk_theme(walk.ours, walk.plan, "health", ThemeAnswer.NOTHING)
    assert refused.value.code == "record.missing"


def test_item_that_is_opened_again_comes_from_nowhere(walk: Walk) -> None:
    weighing = create_risk_assessment(walk.ours, walk.plan)
    answer_risk_items(
        walk.ours, weighing, "health", {"pregnancy": RiskItem(ItemAnswer.SO, "authority")}
    )
    answer_risk_items(
        walk.ours, weighing, "health", {"pregnancy": RiskItem(ItemAnswer.OPEN, "authority")}
    )
    line = line_of(walk, "health")
    assert (line.from_authority, line.sources) == (None, None)
    assert items_on_line("health", line)["pregnancy"] == OPEN


def test_answer_is_taken_back_as_any_save(walk: Walk) -> None:
    weighing = create_risk_assessment(walk.ours, walk.plan)
    answer_risk_items(
        walk.ours, weighing, "health", dict.fromkeys(CATEGORY_ITEMS["health"], NOT_SO)
    )
    done = answer_risk_items(walk.ours, weighing, "health", {"pregnancy": NOT_KNOWN})
    assert line_of(walk, "health").answer == "not_known"
    undo(walk.ours, done)
    assert line_of(walk, "health").answer == "nothing_found"


@pytest.mark.parametrize("walk", ["assessing"], indirect=True)
def test_new_weighing_takes_over_the_lines_and_the_old_one_stays_as_it_was(walk: Walk) -> None:
    story.prepare(walk.ours, walk.plan, walk.partner)
    before = ours(walk)
    kept = {line.record.category: line.record for line in before.lines}
    walk.clock.time += timedelta(days=3)
    new = create_risk_assessment(walk.ours, walk.plan)
    now = ours(walk)
    assert now.view.rid == new
    assert {line.record.category: line.record for line in now.lines} == kept
    assert (now.view.record.conclusion, now.view.record.measures_agreed) == (None, None)
    assert now.view.record.client_view == before.view.record.client_view
    assert now.view.record.done == walk.clock.time.date()
    assert why(walk, "risk_assessed") is GateReason.MISSING  # a conclusion is drawn anew
    answer_risk_items(walk.ours, new, "health", {"pregnancy": NOT_KNOWN})
    versions = risks(walk).versions
    assert [one.view.rid for one in versions] == [new, before.view.rid]
    assert [one.counts for one in versions] == [True, False]
    old = {line.record.category: line.record for line in versions[1].lines}
    assert old == kept


def test_first_weighing_is_blank_and_says_all_that_is_open(walk: Walk) -> None:
    assert risks(walk).ours is None
    create_risk_assessment(walk.ours, walk.plan)
    seen = risks(walk)
    assert seen.ours is not None
    assert seen.ours.lines == ()
    assert (
        seen.open == tuple(c for c in RISK_CATEGORY if c != "child_specific") or seen.has_children
    )


def test_what_others_told_is_not_taken_over_by_our_next_weighing(walk: Walk) -> None:
    values: people.Values = {
        "organisation": walk.partner.hex(),
        "client_view": people.localized("–", "–", "–"),
    }
    create_record(walk.ours, RiskAssessment, values, parent=walk.plan)
    create_risk_assessment(walk.ours, walk.plan)
    assert ours(walk).view.record.client_view is None


@pytest.mark.parametrize("key", sorted(ITEM_KEYS))
def test_answers_are_written_by_the_questions_alone(walk: Walk, key: str) -> None:
    weighing = create_risk_assessment(walk.ours, walk.plan)
    rid = answer_risk_items(walk.ours, weighing, "health", {"pregnancy": NOT_KNOWN}).rid
    values: people.Values = {
        "answer": "found", "theme_answer": "nothing", "confidence": "probable",
        "sources": ("authority",),
    }  # fmt: skip
    value = values.get(key, ("disability",))
    for write in (
        lambda: change_record(walk.ours, rid, {key: value}),
        lambda: create_record(walk.ours, RiskLine, {key: value}, parent=weighing),
    ):
        with pytest.raises(KfdeskError) as refused:
            write()
        assert refused.value.code == "field.guarded"
    change_record(walk.ours, rid, {"likelihood": "rare", "severity": "minor"})


def test_items_of_another_category_and_other_records_are_not_answered(walk: Walk) -> None:
    weighing = create_risk_assessment(walk.ours, walk.plan)
    for place, item in ((weighing, "debt"), (walk.plan, "pregnancy")):
        with pytest.raises(KfdeskError) as refused:
            answer_risk_items(walk.ours, place, "health", {item: SO})
        assert refused.value.code == "record.missing"
    assert lines_in(walk, weighing) == []


def test_line_that_was_put_into_the_bin_is_begun_anew(walk: Walk) -> None:
    weighing = create_risk_assessment(walk.ours, walk.plan)
    first = answer_risk_items(walk.ours, weighing, "health", {"pregnancy": SO}).rid
    delete_record(walk.ours, first)
    second = answer_risk_items(walk.ours, weighing, "health", {"disability": SO}).rid
    assert second != first
    assert line_of(walk, "health").present == ("disability",)


# files that cross


def crossing(walk: Walk) -> tuple[Row, Row]:
    """Both desks have weighed; our line and theirs of one category."""
    walk.to("assessing")
    story.prepare(walk.ours, walk.plan, walk.partner)
    walk.weigh()
    mine = next(v for v in risks(walk).versions if v.is_ours)
    theirs = next(v for v in risks(walk).versions if not v.is_ours)
    (own,) = (x.row for x in mine.lines if x.record.category == "trafficker_network")
    (other,) = (x.row for x in theirs.lines if x.record.category == "trafficker_network")
    return own, other


def test_two_files_of_risks_that_cross_make_no_conflict_and_the_worse_wins(walk: Walk) -> None:
    own, other = crossing(walk)
    change_record(walk.ours, own.rid, {"likelihood": "rare", "severity": "minor"})
    change_record(
        walk.theirs, other.rid,
        {"likelihood": "certain", "severity": "life_threatening", "mitigation_status": "failed"},
    )  # fmt: skip
    sent = transfer.send_bundle(walk.ours, walk.plan, walk.partner, walk.post).path
    back = transfer.send_bundle(
        walk.theirs, walk.plan, walk.ours.identity.organisation, walk.post
    ).path  # neither has seen the other's
    for desk, path in ((walk.theirs, sent), (walk.ours, back)):
        review = transfer.review_bundle(desk, path)
        assert review.conflicts == 0
        transfer.import_bundle(desk, path, review)
    for desk in (walk.ours, walk.theirs):
        assert plans.open_plan(desk, walk.plan).conflicts == ()
        found = {one.category: one for one in read_risks(desk, walk.plan).worse}
        network = found["trafficker_network"]
        assert (network.before.level, network.after.level) == (RiskLevel.VERY_HIGH,) * 2
        assert network.line.rid == other.rid
    assert why(walk, "conclusion_allows", "approved") is GateReason.STILL_VERY_HIGH
    assert why(walk, "measures_agreed", "approved") is GateReason.MEASURE_NOT_AGREED


def test_what_is_so_stays_here_and_what_it_comes_to_goes(walk: Walk) -> None:
    own, _ = crossing(walk)
    walk.send()
    row = walk.theirs.store.row(own.rid)
    assert row is not None
    there = view(row, RiskLine).record
    assert (there.present, there.absent, there.unclear) == (None, None, None)
    assert (there.category, there.answer, there.likelihood) == (
        "trafficker_network", "found", "likely",
    )  # fmt: skip
    assert there.measure == view(own, RiskLine).record.measure


def test_partner_writes_in_none_of_our_lines_and_adds_none_to_our_weighing(walk: Walk) -> None:
    own, _ = crossing(walk)
    with pytest.raises(KfdeskError) as refused:
        change_record(walk.theirs, own.rid, {"likelihood": "rare"})
    assert refused.value.code == "record.not_ours"
    with pytest.raises(KfdeskError) as refused:
        answer_risk_items(walk.theirs, own.parent or b"", "health", {"pregnancy": NOT_SO})
    assert refused.value.code == "record.not_ours"
    forged = create_record(walk.theirs, RiskLine, {"category": "health"}, parent=own.parent)
    walk.answer()
    assert walk.ours.store.row(forged) is not None
    assert forged not in {line.rid for line in ours(walk).lines}


def test_event_at_the_partners_desk_makes_both_weighings_void_here(walk: Walk) -> None:
    crossing(walk)
    move_plan(walk.ours, walk.plan, "decision_ready")
    values: people.Values = {"kind": "trafficker_released",
                             "happened": people.zoned_time(walk.clock.time)}  # fmt: skip
    create_record(walk.theirs, RiskEvent, values, parent=walk.plan)
    walk.answer()
    seen = risks(walk)
    assert seen.void == {version.view.rid for version in seen.versions}
    assert why(walk, "conclusion_allows", "approved") is GateReason.SOMETHING_HAPPENED
    weighing = create_risk_assessment(walk.ours, walk.plan)
    assert risks(walk).void == {one.view.rid for one in seen.versions if not one.is_ours}
    change_record(walk.ours, weighing, {"conclusion": "return_possible_with_measures"})
    assert (
        why(walk, "conclusion_allows", "approved") is GateReason.SOMETHING_HAPPENED
    )  # theirs is old


@pytest.mark.parametrize("walk", ["decision_ready"], indirect=True)
def test_answer_after_the_approval_asks_for_it_again(walk: Walk) -> None:
    request_approval(walk.ours, walk.plan, "decision")
    approve(walk.second(), walk.plan, "decision")
    assert why(walk, "second_person", "approved") is GateAnswer.MET
    line = next(x for x in ours(walk).lines if x.record.category == "health")
    change_record(walk.ours, line.rid, {"measure_by": "Karin"})
    assert why(walk, "second_person", "approved") is GateReason.RISK_IS_NEWER


# who may


@pytest.mark.parametrize("walk", ["assessing"], indirect=True)
def test_who_may_not_see_what_is_sensitive_sees_no_answer(walk: Walk) -> None:
    story.prepare(walk.ours, walk.plan, walk.partner)
    change_record(walk.ours, walk.plan, {"owner": "ZZ"})
    reader = replace(walk.ours, user="YY", roles=frozenset({Role.ADMINISTRATOR}))
    with pytest.raises(KfdeskError):
        read_risks(reader, walk.plan)
    worker = replace(walk.ours, user="YY", roles=frozenset({Role.SHELTER_WORKER}))
    with pytest.raises(KfdeskError):
        read_risks(worker, walk.plan)


@pytest.mark.parametrize("walk", ["assessing"], indirect=True)
def test_plan_that_has_ended_is_not_weighed_any_more(walk: Walk) -> None:
    weighing = create_risk_assessment(walk.ours, walk.plan)
    move_plan(walk.ours, walk.plan, "not_safe")
    for act in (
        lambda: create_risk_assessment(walk.ours, walk.plan),
        lambda: answer_risk_items(walk.ours, weighing, "health", {"pregnancy": SO}),
    ):
        with pytest.raises(KfdeskError) as refused:
            act()
        assert refused.value.code == "plan.read_only"


@pytest.mark.parametrize("walk", ["assessing"], indirect=True)
def test_weighing_without_lines_from_before_is_read_and_asks_for_its_answers(walk: Walk) -> None:
    values: people.Values = {
        "organisation": walk.ours.identity.organisation.hex(), "done": walk.clock.time.date(),
        "conclusion": "return_possible", "unanswered": 0,
    }  # fmt: skip
    old = create_record(walk.ours, RiskAssessment, values, parent=walk.plan)
    assert why(walk, "risk_assessed") is GateReason.QUESTIONS_OPEN
    for category in risks(walk).open:
        answer_risk_items(walk.ours, old, category, dict.fromkeys(CATEGORY_ITEMS[category], NOT_SO))
    assert risks(walk).open == ()
    assert why(walk, "risk_assessed") is GateReason.THEIRS_MISSING


# Who assesses


@pytest.mark.parametrize("named", ["nobody", "another house"])
def test_partner_who_does_not_receive_her_begins_no_assessment(walk: Walk, named: str) -> None:
    house = create_record(walk.ours, Organisation, {"name": "Ett annat hus"})
    receiver = house.hex() if named == "another house" else None
    change_record(walk.ours, walk.plan, {"receiver": receiver})
    walk.send()
    assert not risks(walk, walk.theirs).may_assess
    with pytest.raises(KfdeskError) as refused:
        create_risk_assessment(walk.theirs, walk.plan)
    assert refused.value.code == "risk.not_receiver"
    assert risks(walk, walk.theirs).versions == ()
    change_record(walk.ours, walk.plan, {"receiver": walk.partner.hex()})
    walk.send()
    create_risk_assessment(walk.theirs, walk.plan)
    (version,) = risks(walk, walk.theirs).versions
    assert version.counts


def test_page_of_the_plan_agrees_with_what_its_next_step_asks(walk: Walk) -> None:
    def page(desk: Session) -> plans.PlanPage:
        return plans.open_plan(desk, walk.plan)

    def codes() -> set[str]:
        return {gate.code for gate in page(walk.ours).open_gates}

    assert page(walk.ours).risk is None
    assert "consent_case_management" in codes()
    story.assess(walk.ours, walk.plan, walk.partner)
    assert "risk_assessed" in codes()
    rid = create_risk_assessment(walk.ours, walk.plan)
    change_record(walk.ours, rid, {"conclusion": "return_possible"})
    begun = page(walk.ours)
    assert begun.risk is not None
    assert (begun.risk.state, begun.is_risk_assessed) == (RiskState.NOT_ANSWERED, False)
    walk.send()
    theirs = page(walk.theirs)
    assert theirs.risk is not None
    assert (theirs.risk.state, theirs.is_risk_assessed) == (RiskState.NOT_SENT, False)
    assert theirs.open_gates == ()
    delete_record(walk.ours, rid)
    story.prepare(walk.ours, walk.plan, walk.partner)
    walk.weigh()
    assert page(walk.ours).is_risk_assessed
    assert "risk_assessed" not in codes()
    assert page(walk.theirs).is_risk_assessed
