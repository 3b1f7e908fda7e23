# SPDX-License-Identifier: GPL-3.0-or-later
"""What a restored desk gets back of its own is no alarm; what a partner forges in its name is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.pair_samples import Pair, met_pair
from tests.support.forging import Forger
from tests.support.stores import remembering, unlock

from kfdesk import store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.exchange import FileIssue
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.import_review import ImportReview
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.storage import key_slots

MACHINE = Environment(cost=key_slots.MIN_COST)
WHO = Credentials(people.INITIALS, people.PASSPHRASE)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as met:
        yield met


@pytest.fixture
def restored(pair: Pair, tmp_path: Path) -> Iterator[Pair]:
    """Yield the pair; ours was put back to a day before a write that the partner has."""
    pair.send()
    (stick := tmp_path / "stick").mkdir()
    backup = make_backup(pair.ours, stick).path
    change_record(pair.ours, pair.legs[0], {"carrier": "written after the backup"})
    pair.send()
    pair.ours.store.close()
    with remembering():
        store_lifecycle.restore_store(backup, tmp_path / "ours", WHO, MACHINE)
    ours = unlock(tmp_path / "ours", WHO, MACHINE)
    yield replace(pair, ours=ours)
    ours.store.close()


def answer(pair: Pair) -> ImportReview:
    """Let the partner send and take its file; return the review."""
    change_record(pair.theirs, pair.legs[1], {"carrier": "41, Exempelbuss"})
    us = pair.ours.identity.organisation
    path = transfer.send_bundle(pair.theirs, pair.plan, us, pair.post).path
    review = transfer.review_bundle(pair.ours, path)
    transfer.import_bundle(pair.ours, path, review)
    return review


def issues(review: ImportReview) -> set[FileIssue]:
    return {one.finding for one in review.findings}


def forged_in_our_name(pair: Pair) -> ImportReview:
    """Return the review of a partner's file with a value that names us as its author."""
    forger = Forger(pair.theirs, pair.ours, pair.post)
    row = pair.theirs.store.row(pair.legs[0])
    assert row is not None
    forged = forger.changed(row, {"carrier": "forged"}, author=people.HOUSE)
    return transfer.review_bundle(pair.ours, forger.file([forged]))


def carrier(desk: Session, leg: bytes) -> object:
    row = desk.store.row(leg)
    assert row is not None
    return view(row, Leg).record.carrier


@pytest.mark.parametrize("is_told", [False, True])
def test_our_own_lost_write_comes_back_without_an_alarm(restored: Pair, *, is_told: bool) -> None:
    """The partner may or may not have heard of the restore before it answers."""
    if is_told:
        change_record(restored.ours, restored.legs[1], {"booking_reference": "AB 12"})
        restored.send()
    review = answer(restored)
    assert FileIssue.IN_OUR_NAME not in issues(review)
    assert review.needs_look  # what comes back is read by a person, as what was lost
    assert carrier(restored.ours, restored.legs[0]) == "written after the backup"


def test_forgery_in_our_name_still_raises_the_alarm_once_the_lost_came_back(
    restored: Pair,
) -> None:
    answer(restored)
    restored.send()
    answer(restored)
    assert FileIssue.IN_OUR_NAME in issues(forged_in_our_name(restored))


def test_value_in_our_name_that_was_written_after_the_restore_raises_the_alarm(
    restored: Pair,
) -> None:
    """The partner has not heard of the restore, and its file brings back what was lost, too."""
    assert FileIssue.IN_OUR_NAME in issues(forged_in_our_name(restored))


def test_forgery_in_our_name_raises_the_alarm_on_a_desk_that_was_not_restored(pair: Pair) -> None:
    """The control: the same file, without a restore."""
    pair.send()
    assert FileIssue.IN_OUR_NAME in issues(forged_in_our_name(pair))
