# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps of procedures: order, faults, which apply; and versions of a procedure side by side."""

from datetime import date
from typing import Any

import pytest
from tests.support import make

from kfdesk.domain.procedures.steps import (
    CaseFacts,
    StepDoubt,
    StepFault,
    applies,
    doubt_of,
    followed_by,
    in_order,
    prefix_key,
    step_faults,
    steps_in_ring,
)
from kfdesk.domain.procedures.versions import (
    StepChange,
    StepChangeKind,
    are_in_force_together,
    compare_steps,
    line_of,
    next_version,
    version_digest,
)
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.rows import view
from kfdesk.domain.values import PartialDate, Translation

TODAY = date(2026, 11, 29)


def step(prefix: str | None, **values: Any) -> ProcedureStep:
    return ProcedureStep(prefix=prefix, **values)


def told(text: str) -> tuple[Translation, ...]:
    return (Translation("sv", text),)


# --- order


def test_numbers_are_in_the_order_in_which_people_read_them() -> None:
    numbers = ["10", "4b", "4", "", "4a", "1", "x", "4A2", "9999999"]
    assert sorted(numbers, key=prefix_key) == [
        "1",
        "4",
        "4a",
        "4A2",
        "4b",
        "10",
        "9999999",
        "",
        "x",
    ]
    assert [one.prefix for one in in_order([step("2"), step(" 1")])] == [" 1", "2"]


def test_steps_that_one_follows_are_read_as_a_list() -> None:
    assert followed_by(step("9", after="3, 5 3")) == ("3", "5")
    assert followed_by(step("9")) == ()
    assert len(followed_by(step("9", after=" ".join(map(str, range(900)))))) == 50


@pytest.mark.parametrize(
    ("after", "ring"),
    [
        ({"1": "", "2": "1"}, ""),
        ({"1": "1"}, "1"),
        ({"1": "2", "2": "1", "3": "2", "4": "9"}, "12"),
        ({"1": "3", "2": "1", "3": "2", "4": "4"}, "1234"),
        ({"1": "2", "2": "3", "3": "2"}, "23"),
    ],
)
def test_ring_is_found_and_what_only_leads_to_it_is_not_in_it(after: Any, ring: str) -> None:
    steps = [step(prefix, after=text) for prefix, text in after.items()]
    assert steps_in_ring(steps) == frozenset(ring)


# --- which apply


@pytest.mark.parametrize(
    ("wanted", "facts", "does"),
    [
        ((), (), True), (("child",), ("adult",), False), (("child", "adult"), ("adult",), True),
        (("child", "no_permit"), ("child",), False),
        (("child", "no_permit"), ("child", "no_permit"), True),
        (("moon",), ("adult",), True), (("moon", "child"), ("adult",), False),
    ],
)  # fmt: skip
def test_step_applies_if_each_question_is_answered(wanted: Any, facts: Any, does: bool) -> None:
    assert applies(step("1", applies=wanted or None), CaseFacts(frozenset(facts))) is does


@pytest.mark.parametrize(
    ("wanted", "doubt"),
    [
        ((), None), (("adult",), None), (("no_permit",), StepDoubt.FREE_MOVEMENT),
        (("adult", "no_permit"), StepDoubt.FREE_MOVEMENT), (("child", "adult"), None),
        (("eu_citizen", "third_country"), None), (("third_country",), StepDoubt.CITIZENSHIP),
    ],
)  # fmt: skip
def test_doubt_leaves_no_step_out_and_is_told(wanted: Any, doubt: StepDoubt | None) -> None:
    unclear = {"no_permit": StepDoubt.FREE_MOVEMENT, "third_country": StepDoubt.CITIZENSHIP}
    facts = CaseFacts(frozenset({"adult", "eu_citizen"}), unclear)
    asked = step("1", applies=wanted or None)
    assert applies(asked, facts)
    assert doubt_of(asked, facts) is doubt


def test_doubt_does_not_bring_in_a_step_that_does_not_apply() -> None:
    facts = CaseFacts(frozenset({"adult"}), {"no_permit": StepDoubt.FREE_MOVEMENT})
    asked = step("1", applies=("child", "no_permit"))
    assert not applies(asked, facts)
    assert not applies(step("2", applies=("stays",)), facts)
    assert doubt_of(step("2", applies=("stays",)), facts) is None


# --- faults


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({}, []),
        ({"prefix": None}, [(StepFault.NO_NUMBER, "")]),
        ({"prefix": "1"}, [(StepFault.SAME_NUMBER, "1")]),
        ({"after": "2"}, [(StepFault.AFTER_RING, "2")]),
        ({"after": "77"}, [(StepFault.AFTER_MISSING, "77")]),
        ({"event": "moon", "amount": 1, "unit": "d"}, [(StepFault.UNKNOWN_CODE, "moon")]),
        ({"event": "opened", "unit": "d"}, [(StepFault.AMOUNT, "")]),
        ({"event": "opened", "amount": 4_000, "unit": "d"}, [(StepFault.AMOUNT, "")]),
        ({"event": "opened", "amount": 4}, [(StepFault.UNIT, "")]),
        ({"event": "step_done", "amount": 4, "unit": "d"}, [(StepFault.START_MISSING, "")]),
        ({"event": "step_done", "event_step": "8", "amount": 4, "unit": "d"},
         [(StepFault.START_MISSING, "8")]),
        ({"event": "opened", "amount": 4, "unit": "d", "warn": "5"},
         [(StepFault.BAD_WARNING, "5")]),
        ({"warn": "x" * 90}, [(StepFault.BAD_WARNING, "x" * 40)]),
        ({"lead": "emperor", "takes_part": ("emperor", "client")},
         [(StepFault.UNKNOWN_CODE, "emperor")]),
        ({"informs": ("king",), "applies": ("moon",)},
         [(StepFault.UNKNOWN_CODE, "king"), (StepFault.UNKNOWN_CODE, "moon")]),
        ({"law": "SoL 20:2"}, [(StepFault.LAW_NOT_READ, "SoL 20:2")]),
        ({"law": "SoL 20:2", "law_read": date(2026, 11, 1)}, []),
        ({"law": "SoL 20:2", "law_read": date(2025, 11, 1)}, [(StepFault.LAW_OLD, "SoL 20:2")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_the_step_kept(values: Any, faults: Any) -> None:
    steps = [step("1"), step(**{"prefix": "2"} | values)]
    found = step_faults(steps, TODAY)
    mine = [(one.fault, one.about) for one in found]
    assert mine == faults * (2 if values.get("prefix") == "1" else 1)


# --- versions


@pytest.mark.parametrize(
    ("version", "taken", "following"),
    [("3", (), "4"), ("2.1", (), "2.2"), ("3", ("4", " 5 "), "6"), ("spring", (), "spring 1"),
     ("", (), "1"), ("v9", ("v10",), "v11")],
)  # fmt: skip
def test_next_version_is_the_first_free_number(version: str, taken: Any, following: str) -> None:
    assert next_version(version, taken) == following


def test_steps_of_two_versions_are_the_same_by_number_or_else_by_title() -> None:
    before = [step("1", title=told("a")), step("2", title=told("b")), step("3", title=told("c")),
              step("4"), step("5", title=told("e"))]  # fmt: skip
    after = [step("1", title=told("a")), step("2", title=told("b"), amount=4),
             step("2a", title=told("c")), step("6"), step("5", title=told("e"))]  # fmt: skip
    kinds = StepChangeKind
    assert compare_steps(before, after) == (
        StepChange(kinds.SAME, 0, 0),
        StepChange(kinds.CHANGED, 1, 1, ("amount",)),
        StepChange(kinds.RENUMBERED, 2, 2, ("prefix",)),
        StepChange(kinds.SAME, 4, 4),
        StepChange(kinds.ADDED, None, 3),
        StepChange(kinds.REMOVED, 3, None),
    )


@pytest.mark.parametrize(
    ("one", "other", "is_common"),
    [
        ((None, None), (None, None), True),
        ((date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 2, 1), None), True),
        ((date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), None), False),
        ((None, PartialDate("2026")), (PartialDate("2026-03"), None), False),
    ],
)
def test_two_versions_are_in_force_together_as_far_as_their_days_tell(
    one: Any, other: Any, is_common: bool
) -> None:
    days = [{"effective_from": begins, "effective_to": ends} for begins, ends in (one, other)]
    first, second = (view(make.row("procedure", each), Procedure).record for each in days)
    assert are_in_force_together(first, second) is is_common


def test_digest_is_of_what_a_version_says_and_of_nothing_else() -> None:
    head = make.row("procedure", {"title": told("x"), "version": "3", "status": "draft"})
    steps = [make.row("procedure_step", {"prefix": each}, rid=make.named_id(each)) for each in "12"]
    digest = version_digest(head, steps)
    assert len(digest) == 32
    assert version_digest(head, reversed(steps)) == digest
    by = make.signature(minute=9)
    assert version_digest(make.changed(head, {"status": "active"}, by), steps) == digest
    assert version_digest(make.changed(head, {"version": "4"}, by), steps) != digest
    assert version_digest(head, steps[:1]) != digest
    assert version_digest(head, (steps[0], make.changed(steps[1], {"law": "x"}, by))) != digest


def test_line_of_a_procedure_goes_by_what_follows_it() -> None:
    first = make.row("procedure", {"version": "1"}, rid=make.named_id("first"))
    later = make.row("procedure", {"supersedes": first.rid.hex()}, rid=make.named_id("later"))
    other = make.row("procedure", {"version": "1"}, rid=make.named_id("other"))
    versions = [view(one, Procedure) for one in (other, later, first)]
    assert line_of(first.rid, versions) == line_of(later.rid, versions) == {first.rid, later.rid}
    assert line_of(other.rid, versions) == {other.rid}


def test_ring_and_a_long_line_of_versions_are_looked_at_once_each() -> None:
    rids = [make.named_id(f"version {number}") for number in range(2_000)]
    followed = [*rids[1:], rids[0]]
    versions = (
        view(make.row("procedure", {"supersedes": after.hex()}, rid=rid), Procedure)
        for rid, after in zip(rids, followed, strict=True)
    )
    assert line_of(rids[7], versions) == frozenset(rids)
