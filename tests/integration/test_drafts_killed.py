# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 while somebody types: a kept draft is there, whole; saving it is all or nothing."""

import random
from collections.abc import Callable
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

import pytest
from tests.integration.pair_samples import MACHINE, WHO
from tests.torture.kill_children import READY, TWIN_FIELDS, Job
from tests.torture.kills import killed
from tests.torture.world import Place, open_at

from kfdesk import app
from kfdesk.demo import people, story
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.rows import seen_in, view
from kfdesk.services.desk import Desk
from kfdesk.services.writing.drafts import Form, draft_of, finish_draft, keep_draft
from kfdesk.services.writing.records import create_record, found
from kfdesk.storage import slots

T = TypeVar("T")
WITHIN = 0.05  # seconds in which the blow falls


@pytest.fixture
def place(tmp_path: Path) -> tuple[Place, bytes]:
    folder = tmp_path / "store"
    desk = app.create_store(folder, people.HOUSE, WHO, MACHINE)
    house = create_record(desk, Organisation, {"name": people.SAFE_HOUSE})
    _, legs = story.enter_plan(desk, house)
    desk.store.close()
    key = slots.open_slots(slots.read_slots(folder), WHO.initials, WHO.passphrase)
    return Place(folder, key), legs[0]


def typed(desk: Desk, rid: bytes, number: int) -> Form:
    row = found(desk, rid)
    text = str(number)
    return Form(
        row.type, dict.fromkeys(TWIN_FIELDS, text), {"arrives": text}, row.parent, seen_in(row)
    )


def type_on(job: Job, told: Connection) -> None:
    """Keep draft after draft; say each that is kept."""
    desk = open_at(job.place)
    told.send(READY)
    for number in count(1):
        keep_draft(desk, job.rid, typed(desk, job.rid, number))
        told.send(number)


def save_on(job: Job, told: Connection) -> None:
    """Keep a draft and save it, again and again; say each that is saved."""
    desk = open_at(job.place)
    told.send(READY)
    for number in count(1):
        form = typed(desk, job.rid, number)
        keep_draft(desk, job.rid, Form(form.type, form.values, {}, form.parent, form.seen))
        finish_draft(desk, job.rid)
        told.send(number)


def after(place: Place, ask: Callable[[Desk], T]) -> T:
    desk = open_at(place)
    try:
        assert desk.store.verify() == ()
        return ask(desk)
    finally:
        desk.store.close()


@pytest.mark.parametrize("trial", range(6))
def test_kept_draft_outlives_the_program(place: tuple[Place, bytes], trial: int) -> None:
    where, leg = place
    seconds = random.Random(trial).uniform(0, WITHIN)
    said = killed(type_on, Job(where, leg, where.folder), seconds)
    opened = after(where, lambda desk: draft_of(desk, leg))
    if opened is None:
        assert said == 0
        return
    form = opened.form
    (number,) = {*form.values.values(), *form.typed.values()}
    assert said <= int(str(number)) <= said + 1


@pytest.mark.parametrize("trial", range(6))
def test_draft_is_gone_if_and_only_if_it_was_saved(place: tuple[Place, bytes], trial: int) -> None:
    where, leg = place
    seconds = random.Random(trial).uniform(0, WITHIN)
    said = killed(save_on, Job(where, leg, where.folder), seconds)

    def seen(desk: Desk) -> tuple[str, object]:
        shown, waiting = view(found(desk, leg), Leg), draft_of(desk, leg)
        assert shown.conflicts == frozenset()
        return str(shown.record.carrier), waiting and waiting.form.values["carrier"]

    saved, waiting = after(where, seen)
    number = int(saved) if saved.isdigit() else 0
    assert said <= number <= said + 1
    assert waiting in (None, str(number + 1))
