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
from tests.support.samples import first
from tests.torture.kill_children import READY, TWIN_FIELDS, Job
from tests.torture.kills import killed
from tests.torture.world import Place, open_at

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import seen_writes, view
from kfdesk.services.core.drafts import FormState, finish_draft, read_draft, save_draft
from kfdesk.services.core.records import create_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.storage import key_slots

T = TypeVar("T")
WITHIN = 0.05  # seconds in which the blow falls


@pytest.fixture
def place(tmp_path: Path) -> tuple[Place, bytes]:
    folder = tmp_path / "store"
    desk = store_lifecycle.create_store(folder, people.HOUSE, WHO, MACHINE)
    house = create_record(desk, Organisation, {"name": people.SAFE_HOUSE})
    _, legs = story.enter_plan(desk, house)
    desk.store.close()
    key = key_slots.open_user_slot(key_slots.read_slots(folder), WHO.initials, WHO.passphrase)
    return Place(folder, key), legs[0]


def typed(desk: Session, rid: bytes, number: int) -> FormState:
    row = require_record(desk, rid)
    text = str(number)
    return FormState(
        row.type, dict.fromkeys(TWIN_FIELDS, text), {"arrives": text}, row.parent, seen_writes(row)
    )


def type_on(job: Job, told: Connection) -> None:
    """Keep draft after draft; say each that is kept."""
    desk = open_at(job.place)
    told.send(READY)
    for number in count(1):
        save_draft(desk, job.rid, typed(desk, job.rid, number))
        told.send(number)


def save_on(job: Job, told: Connection) -> None:
    """Keep a draft and save it, again and again; say each that is saved."""
    desk = open_at(job.place)
    told.send(READY)
    for number in count(1):
        form = typed(desk, job.rid, number)
        save_draft(desk, job.rid, FormState(form.type, form.values, {}, form.parent, form.seen))
        finish_draft(desk, job.rid)
        told.send(number)


def after(place: Place, ask: Callable[[Session], T]) -> T:
    desk = open_at(place)
    try:
        assert desk.store.verify() == ()
        return ask(desk)
    finally:
        desk.store.close()


@pytest.mark.parametrize("trial", first(2, range(6)))
def test_kept_draft_outlives_the_program(place: tuple[Place, bytes], trial: int) -> None:
    where, leg = place
    seconds = random.Random(trial).uniform(0, WITHIN)
    said = killed(type_on, Job(where, leg, where.folder), seconds)
    opened = after(where, lambda desk: read_draft(desk, leg))
    if opened is None:
        assert said == 0
        return
    form = opened.form
    (number,) = {*form.values.values(), *form.typed.values()}
    assert said <= int(str(number)) <= said + 1


@pytest.mark.parametrize("trial", first(2, range(6)))
def test_draft_is_gone_if_and_only_if_it_was_saved(place: tuple[Place, bytes], trial: int) -> None:
    where, leg = place
    seconds = random.Random(trial).uniform(0, WITHIN)
    said = killed(save_on, Job(where, leg, where.folder), seconds)

    def seen(desk: Session) -> tuple[str, object]:
        shown, waiting = view(require_record(desk, leg), Leg), read_draft(desk, leg)
        assert shown.conflicts == frozenset()
        return str(shown.record.carrier), waiting and waiting.form.values["carrier"]

    saved, waiting = after(where, seen)
    number = int(saved) if saved.isdigit() else 0
    assert said <= number <= said + 1
    assert waiting in (None, str(number + 1))
