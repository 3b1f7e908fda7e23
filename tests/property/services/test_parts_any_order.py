# SPDX-License-Identifier: GPL-3.0-or-later
"""Three forms of one record, kept, dropped and saved in any order: no part loses another's words.

A small model says what each form holds and what the record has; a real store must agree after
every step. Only a save writes the record, and only the fields of the form that is saved.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.integration.pair_samples import MACHINE, WHO
from tests.support.samples import examples

from kfdesk import store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import seen_writes, view
from kfdesk.domain.values import Value
from kfdesk.services.core.drafts import (
    FieldKeys,
    FormState,
    discard_partial_draft,
    read_draft,
    restrict_form,
    save_partial,
    save_partial_draft,
)
from kfdesk.services.core.records import create_record, require_record, undo
from kfdesk.services.core.session import Session

PARTS: Mapping[str, FieldKeys] = {
    "booking": frozenset({"carrier", "booking_reference"}),
    "road": frozenset({"mode", "status"}),
    "safety": frozenset({"fallback", "sequence"}),
}
ALL = frozenset().union(*PARTS.values())
VALUES: Mapping[str, tuple[Value, ...]] = {
    "carrier": ("A", "B", None),
    "booking_reference": ("1", "2", None),
    "mode": ("bus", "ferry", None),
    "status": ("planned", "booked"),
    "fallback": ("Ring.", "Vänta.", None),
    "sequence": (1, 2, 3),
}
SMALL = settings(max_examples=examples(25), deadline=None)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder: Path = tmp_path_factory.mktemp("parts")
    made = store_lifecycle.create_store(folder / "store", people.HOUSE, WHO, MACHINE)
    yield made
    made.store.close()
    shutil.rmtree(folder)


@dataclass(frozen=True)
class Step:
    """Something that one form does: what it holds, and whether it keeps, drops or saves that."""

    part: str
    what: str
    values: dict[str, Value]
    typed: dict[str, str]


@st.composite
def steps(draw: st.DrawFn) -> Step:
    name = draw(st.sampled_from(sorted(PARTS)))
    what = draw(st.sampled_from(("keep", "keep", "drop", "save")))
    values: dict[str, Value] = {}
    typed: dict[str, str] = {}
    for key in sorted(PARTS[name]):
        held = draw(st.sampled_from(("nothing", "value", "typed")))
        if held == "value":
            values[key] = draw(st.sampled_from(VALUES[key]))
        elif held == "typed":
            typed[key] = draw(st.sampled_from(("half", "?", "13 dec kl")))
    return Step(name, what, values, typed)


@dataclass
class Model:
    """Content that the draft and the record ought to hold."""

    values: dict[str, Value] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    record: dict[str, Value] = field(default_factory=lambda: dict.fromkeys(ALL))

    def take(self, step: Step) -> None:
        keys = PARTS[step.part]
        self.values = {k: v for k, v in self.values.items() if k not in keys}
        self.typed = {k: v for k, v in self.typed.items() if k not in keys}
        if step.what == "keep":
            self.values |= step.values
        if step.what == "save":
            self.record |= step.values
        if step.what != "drop":
            self.typed |= step.typed


def form(desk: Session, rid: bytes, step: Step) -> FormState:
    row = desk.store.row(rid)
    seen = seen_writes(row) if row is not None else frozenset()
    return FormState("leg", step.values, step.typed, None, seen)


def carry_out(desk: Session, rid: bytes, step: Step) -> object:
    service = {"keep": save_partial_draft, "drop": discard_partial_draft, "save": save_partial}[
        step.what
    ]
    return service(desk, rid, form(desk, rid, step), PARTS[step.part])


def drafted(desk: Session, rid: bytes) -> tuple[dict[str, Value], dict[str, str]]:
    draft = read_draft(desk, rid)
    return (dict(draft.form.values), dict(draft.form.typed)) if draft is not None else ({}, {})


def recorded(desk: Session, rid: bytes) -> dict[str, Value]:
    seen = view(require_record(desk, rid), Leg)
    assert seen.conflicts == frozenset()
    return {key: getattr(seen.record, key) for key in ALL}


@SMALL
@given(walk=st.lists(steps(), min_size=1, max_size=7))
def test_in_any_order_draft_and_record_hold_what_each_form_said_last(
    desk: Session, walk: list[Step]
) -> None:
    rid, model = create_record(desk, Leg, {}), Model()
    for step in walk:
        carry_out(desk, rid, step)
        model.take(step)
        assert drafted(desk, rid) == (model.values, model.typed)
        assert recorded(desk, rid) == model.record


@SMALL
@given(before=st.lists(steps(), max_size=4), step=steps())
def test_what_was_dropped_is_had_back_whole(desk: Session, before: list[Step], step: Step) -> None:
    rid = create_record(desk, Leg, {})
    for one in before:
        carry_out(desk, rid, one)
    kept, keys = drafted(desk, rid), PARTS[step.part]
    empty = Step(step.part, "drop", {}, {})
    gone = discard_partial_draft(desk, rid, form(desk, rid, empty), keys)
    assert not {*drafted(desk, rid)[0], *drafted(desk, rid)[1]} & keys
    save_partial_draft(desk, rid, gone, keys)
    assert drafted(desk, rid) == kept


@SMALL
@given(before=st.lists(steps(), max_size=4), step=steps())
def test_what_was_dropped_before_it_was_kept_is_had_back_too(
    desk: Session, before: list[Step], step: Step
) -> None:
    rid, model = create_record(desk, Leg, {}), Model()
    for one in (*before, Step(step.part, "keep", step.values, step.typed)):
        model.take(one)
    for one in before:
        carry_out(desk, rid, one)
    if not step.values and not step.typed:
        return
    gone = discard_partial_draft(desk, rid, form(desk, rid, step), PARTS[step.part])
    save_partial_draft(desk, rid, gone, PARTS[step.part])
    assert drafted(desk, rid) == (model.values, model.typed)


@SMALL
@given(before=st.lists(steps(), max_size=4), step=steps())
def test_save_that_is_taken_back_leaves_other_forms_as_they_were(
    desk: Session, before: list[Step], step: Step
) -> None:
    rid = create_record(desk, Leg, {})
    for one in before:
        carry_out(desk, rid, one)
    was = recorded(desk, rid)
    others = restrict_form(FormState("leg", *drafted(desk, rid)), ALL - PARTS[step.part])
    done = save_partial(desk, rid, form(desk, rid, step), PARTS[step.part])
    undo(desk, done)
    assert recorded(desk, rid) == was
    left = restrict_form(FormState("leg", *drafted(desk, rid)), ALL - PARTS[step.part])
    assert (left.values, left.typed) == (others.values, others.typed)


@SMALL
@given(walk=st.lists(steps().filter(lambda step: step.what != "save"), max_size=5))
def test_new_record_begins_with_all_that_was_kept(desk: Session, walk: list[Step]) -> None:
    rid, model = desk.new_id(), Model()
    for step in walk:
        carry_out(desk, rid, step)
        model.take(step)
    assert desk.store.row(rid) is None
    last = Step("booking", "save", {"carrier": "A"}, {})
    model.take(Step("booking", "keep", last.values, {}))
    if model.typed:  # a new record is not made by halves
        save_partial_draft(desk, rid, form(desk, rid, last), PARTS["booking"])
        assert drafted(desk, rid) == (model.values, model.typed)
        return
    carry_out(desk, rid, last)
    assert recorded(desk, rid) == {**dict.fromkeys(ALL), **model.values}
    assert drafted(desk, rid) == ({}, {})


@given(step=steps(), other=steps())
def test_parts_of_a_form_share_nothing(step: Step, other: Step) -> None:
    whole = FormState("leg", {**step.values, **other.values}, {**step.typed, **other.typed})
    found_parts = [restrict_form(whole, keys) for keys in PARTS.values()]
    for kept in ("values", "typed"):
        pieces = [getattr(part, kept) for part in found_parts]
        assert sum(map(len, pieces)) == len(getattr(whole, kept))
        assert {k: v for piece in pieces for k, v in piece.items()} == getattr(whole, kept)


def test_sample_fields_are_fields_of_a_leg() -> None:
    assert RECORD_TYPES["leg"].fields.keys() >= ALL == VALUES.keys()
