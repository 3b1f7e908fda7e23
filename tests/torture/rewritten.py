# SPDX-License-Identifier: GPL-3.0-or-later
"""A history that somebody with the data key of a store rewrites, so that all its checks pass.

A partner has a file that was made before. The partner's next file must say that it has seen more.
The control keeps no head of anybody's history.
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.chains import audit_head, rewrite_chain
from tests.torture.harness import Harness, Seen, Size
from tests.torture.world import World

from kfdesk.domain.exchange import FileIssue
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import sequence, transfer
from kfdesk.services.exchange.import_review import ImportReview
from kfdesk.storage.store import Store

_ALARMS = {FileIssue.OUR_HISTORY, FileIssue.AHEAD_OF_US}

Hurting = Callable[[Store, int], None]


def shortened(store: Store, place: int) -> None:
    """Take away entries from the end, so that one that was sent is gone."""
    rewrite_chain(store, without=place)


def altered(store: Store, place: int) -> None:
    """Put another user into an entry from before the file, and relink all that follow."""
    rewrite_chain(store, changed=place)


def _trial(world: World, rng: random.Random) -> Seen:
    hurt: Hurting = rng.choice((shortened, altered))
    ours, theirs = (world.opened(world.copy(place)) for place in (world.ours, world.theirs))
    sent = _take(theirs, _sent(world, ours, theirs, "sent"))
    newest = audit_head(ours).number
    assert sent.taken.dealings.audit is not None
    hurt(ours.store, newest - rng.randrange(sent.taken.dealings.audit.number))
    for number in range(rng.randrange(12)):
        change_record(ours, world.leg, {"carrier": f"after {number}"})
    broken = ours.store.verify()
    if broken:
        return Seen(hurt.__name__, f"the forgery is not valid: {broken[0]}")
    found = _take(ours, _sent(world, theirs, ours, "answered"))
    is_seen = any(one.finding in _ALARMS for one in found.findings)
    return Seen(hurt.__name__, "" if is_seen else "a rewritten history was not noticed")


def _sent(world: World, here: Session, there: Session, text: str) -> Path:
    change_record(here, world.leg, {"carrier": text})
    organisation = there.identity.organisation
    return transfer.send_bundle(here, world.plan, organisation, world.post).path


def _take(desk: Session, path: Path) -> ImportReview:
    review = transfer.review_bundle(desk, path)
    transfer.import_bundle(desk, path, review)
    return review


def _forgetting(world: World, rng: random.Random) -> Seen:
    """Keep no head of a partner's history: the control."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sequence, "record_audit_head", lambda *_: None)
        return _trial(world, rng)


HARNESSES = (Harness("a history rewritten with the key", _trial, _forgetting, Size(2, 60, 2_000)),)
