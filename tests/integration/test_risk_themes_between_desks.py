# SPDX-License-Identifier: GPL-3.0-or-later
"""Themes of risk at several desks: older programs, two laptops of ours, and what a partner gets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.integration.course_samples import Walk, walked
from tests.integration.test_own_laptops import MACHINE, NAMED, WHO, Laptops
from tests.support.laptops import SetUp, make_house

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.codes.risk import CATEGORY_ITEMS
from kfdesk.domain.records.risk import RiskLine
from kfdesk.domain.risk import (
    ItemAnswer,
    RiskItem,
    RiskLevel,
    RiskState,
    ThemeAnswer,
    contradicting_items,
    line_answer,
    line_fields,
    line_of_category,
)
from kfdesk.domain.rows import encode_changes, seen_writes, view
from kfdesk.domain.workflow.gates import GateReason
from kfdesk.domain.workflow.table import gates_before
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import risk_status_text
from kfdesk.services.core.history import read_record_history
from kfdesk.services.core.records import change_record, put_changed, put_new, require_record, undo
from kfdesk.services.core.session import Session
from kfdesk.services.directory.search import quick_find
from kfdesk.services.plans.plans import open_plan, read_case_context
from kfdesk.services.plans.risk import (
    AssessmentVersion,
    answer_risk_items,
    answer_risk_theme,
    create_risk_assessment,
    read_risks,
)
from kfdesk.system.paths import translations_folder

SO, NOT_SO = RiskItem(ItemAnswer.SO), RiskItem(ItemAnswer.NOT_SO)
THEME = "reception"
ITEMS = CATEGORY_ITEMS[THEME]
ALL_NOT_SO = dict.fromkeys(ITEMS, NOT_SO)
OPEN = dict.fromkeys(ITEMS, RiskItem())
ONE_YES = OPEN | {"bed_unconfirmed": SO}


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    """Yield a plan that both sides have assessed; our side found nothing in one theme."""
    with walked(tmp_path, "assessing") as begun:
        story.prepare(begun.ours, begun.plan, begun.partner)
        begun.weigh()
        yield begun


def ours(desk: Session, plan: bytes) -> AssessmentVersion:
    version = read_risks(desk, plan).ours
    assert version is not None
    return version


def by_an_older_program(desk: Session, rid: bytes, items: Mapping[str, RiskItem]) -> None:
    """Write the items of a line as a program writes them that knows no themes."""
    row = require_record(desk, rid)
    with desk.store.transaction():
        put_changed(desk, row, encode_changes(row.type, line_fields(items)), seen_writes(row))


@dataclass(frozen=True)
class Answered:
    """One theme at our desk and at the partner's."""

    walk: Walk
    assessment: bytes

    def answer(self, theme: ThemeAnswer) -> bytes:
        return answer_risk_theme(self.walk.ours, self.assessment, THEME, theme).rid

    @property
    def here(self) -> RiskLine:
        found = line_of_category(ours(self.walk.ours, self.walk.plan).lines, THEME)
        assert found is not None
        return found.record

    @property
    def there(self) -> RiskLine:
        version = self.theirs
        found = line_of_category(version.lines, THEME)
        assert found is not None
        return found.record

    @property
    def theirs(self) -> AssessmentVersion:
        """Our assessment as the partner has it."""
        versions = read_risks(self.walk.theirs, self.walk.plan).versions
        return next(one for one in versions if one.view.rid == self.assessment)


@pytest.fixture
def answered(walk: Walk) -> Answered:
    return Answered(walk, ours(walk.ours, walk.plan).view.rid)


def why(walk: Walk, code: str, target: str) -> GateReason | None:
    found = gates_before(target, read_case_context(walk.ours, walk.plan))
    return next(gate.why for gate in found if gate.code == code and gate.is_open)


# Not known is not nothing


def test_not_known_is_high_at_both_desks_in_the_gate_and_in_words(answered: Answered) -> None:
    walk = answered.walk
    answered.answer(ThemeAnswer.NOT_KNOWN)
    walk.send()
    assert (answered.there.answer, answered.there.theme_answer) == ("not_known", None)
    english = Language("en", translations_folder())
    for status in (ours(walk.ours, walk.plan).status, answered.theirs.status):
        assert status.unknown == (THEME,)
        assert status.state is RiskState.FOUND
        assert status.level is not None
        assert status.level >= RiskLevel.HIGH
        assert "themes not known: 1" in risk_status_text(status, english)
    page = open_plan(walk.ours, walk.plan)
    assert page.risk is not None
    assert page.risk.unknown == (THEME,)
    for desk in (walk.ours, walk.theirs):
        found = {one.category: one for one in read_risks(desk, walk.plan).worse}
        assert found[THEME].is_high
    assert why(walk, "measures_agreed", "approved") is GateReason.MEASURE_NOT_AGREED


@pytest.mark.parametrize("theme", [ThemeAnswer.NOT_KNOWN, ThemeAnswer.SOMETHING])
def test_older_laptop_that_says_no_to_each_question_makes_it_no_nothing_at_a_partner(
    answered: Answered, theme: ThemeAnswer
) -> None:
    walk = answered.walk
    rid = answered.answer(theme)
    walk.send()
    before = answered.there.answer
    by_an_older_program(walk.ours, rid, ALL_NOT_SO)
    change_record(walk.ours, rid, {"measure_by": "Karin"})
    assert answered.here.answer == "nothing_found"
    assert line_answer(answered.here) == {"not_known": "not_known", "something": "found"}[theme]
    assert why(walk, "measures_agreed", "approved") is GateReason.MEASURE_NOT_AGREED
    walk.send()
    assert answered.there.measure_by == "Karin"
    assert answered.there.answer == before  # what the older program wrote stays here
    assert answered.theirs.status.state is not RiskState.NOTHING_FOUND
    answered.answer(ThemeAnswer.NOTHING)  # a person has decided
    walk.send()
    assert answered.there.answer == "nothing_found"


def test_answer_that_a_partner_never_had_is_open_there_and_no_nothing(walk: Walk) -> None:
    new = create_risk_assessment(walk.ours, walk.plan)
    rid = answer_risk_theme(walk.ours, new, THEME, ThemeAnswer.NOT_KNOWN).rid
    by_an_older_program(walk.ours, rid, ALL_NOT_SO)
    walk.send()
    there = Answered(walk, new)
    assert there.there.answer is None
    assert not there.theirs.status.is_complete
    assert there.theirs.status.state is not RiskState.NOTHING_FOUND


# Contradictions are seen


def test_older_laptop_that_says_yes_under_nothing_is_seen_at_once(answered: Answered) -> None:
    walk = answered.walk
    rid = answered.answer(ThemeAnswer.NOTHING)
    by_an_older_program(walk.ours, rid, ONE_YES)
    assert (answered.here.theme_answer, answered.here.answer) == ("nothing", None)
    assert contradicting_items(answered.here) == ("bed_unconfirmed",)
    seen = read_risks(walk.ours, walk.plan)
    assert seen.open == (THEME,)
    assert THEME in {one.category for one in seen.worse if one.is_high}
    assert why(walk, "risk_assessed", "decision_ready") is GateReason.QUESTIONS_OPEN
    status = ours(walk.ours, walk.plan).status
    assert (status.answered, status.is_complete) == (status.asked - 1, False)
    answer_risk_items(walk.ours, answered.assessment, THEME, {"bed_unconfirmed": NOT_SO})
    assert answered.here.answer == "nothing_found"
    assert read_risks(walk.ours, walk.plan).open == ()


def test_theme_that_an_older_laptop_opened_again_is_open_until_it_is_answered(
    answered: Answered,
) -> None:
    rid = answered.answer(ThemeAnswer.NOTHING)
    by_an_older_program(answered.walk.ours, rid, OPEN)
    assert read_risks(answered.walk.ours, answered.walk.plan).open == (THEME,)
    answered.answer(ThemeAnswer.NOTHING)
    assert read_risks(answered.walk.ours, answered.walk.plan).open == ()


def test_of_two_lines_of_one_theme_the_graver_is_answered_first(answered: Answered) -> None:
    """Two desks with an older program may each have begun one."""
    walk = answered.walk
    values = line_fields(dict.fromkeys(ITEMS, RiskItem(ItemAnswer.NOT_KNOWN)))
    with walk.ours.store.transaction():
        new = walk.ours.new_row("risk_line", answered.assessment)
        put_new(walk.ours, new, encode_changes(new.type, values | {"category": THEME}))
    assert line_answer(answered.here) == "not_known"
    assert ours(walk.ours, walk.plan).status.unknown == (THEME,)
    answer_risk_items(walk.ours, answered.assessment, THEME, ALL_NOT_SO)
    assert answered.here.answer == "nothing_found"
    assert ours(walk.ours, walk.plan).status.unknown == ()


# Undo, history, search


def test_answers_are_undone_one_by_one_and_stand_in_the_history(answered: Answered) -> None:
    walk = answered.walk
    rid = answered.answer(ThemeAnswer.NOTHING)
    change_record(walk.ours, rid, {"own_words": "Jag sover illa"})
    done = answer_risk_theme(walk.ours, answered.assessment, THEME, ThemeAnswer.NOT_KNOWN)
    history = read_record_history(walk.ours, rid)
    assert {"theme_answer", "answer", "own_words"} <= {line.key for line in history.lines}
    undo(walk.ours, done)
    assert (answered.here.theme_answer, answered.here.answer) == ("nothing", "nothing_found")
    assert answered.here.own_words == "Jag sover illa"


def test_her_words_are_found_by_no_search_and_copied_into_the_next_assessment(
    answered: Answered,
) -> None:
    walk = answered.walk
    rid = answered.answer(ThemeAnswer.NOTHING)
    change_record(walk.ours, rid, {"own_words": "hjortronmyren"})
    english = Language("en", translations_folder())
    assert quick_find(walk.ours, "hjortronmyren", 9, english) == ()
    create_risk_assessment(walk.ours, walk.plan)
    assert (answered.here.own_words, answered.here.theme_answer) == ("hjortronmyren", "nothing")
    walk.send()
    for row in walk.theirs.store.rows("risk_line"):
        assert view(row, RiskLine).record.own_words is None


# Two laptops of ours


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[Laptops]:
    first = store_lifecycle.create_store(tmp_path / "0", people.HOUSE, WHO, MACHINE)
    desks = make_house(tmp_path, first, 2, SetUp(WHO, MACHINE, NAMED))
    (tmp_path / "stick").mkdir()
    yield Laptops(tuple(desks), tmp_path / "stick")
    for desk in desks:
        desk.store.close()


@pytest.mark.parametrize("other", [ThemeAnswer.SOMETHING, ThemeAnswer.NOT_KNOWN])
def test_two_laptops_that_answer_a_theme_meet_in_one_conflict_that_one_answer_ends(
    laptops: Laptops, other: ThemeAnswer
) -> None:
    one, two = laptops.desks
    plan, _ = story.enter_plan(one, one.identity.organisation)
    assessment = create_risk_assessment(one, plan)
    laptops.passes(one, two)
    first = answer_risk_theme(one, assessment, THEME, ThemeAnswer.NOTHING).rid
    assert answer_risk_theme(two, assessment, THEME, other).rid == first
    laptops.pass_on(iter([(one, two)]))
    for desk in laptops.desks:
        (line,) = ours(desk, plan).lines
        assert {"theme_answer", "answer"} <= set(line.conflicts)
        status = ours(desk, plan).status
        assert (status.answered, status.level) == (0, RiskLevel.HIGH)
        assert THEME in read_risks(desk, plan).open
    answer_risk_theme(two, assessment, THEME, ThemeAnswer.NOTHING)
    laptops.pass_on(iter([]))
    for desk in laptops.desks:
        (line,) = ours(desk, plan).lines
        assert not line.conflicts
        assert ours(desk, plan).status.answered == 1
