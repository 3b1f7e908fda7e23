# SPDX-License-Identifier: GPL-3.0-or-later
"""Erasing a client: all of her, for good, whatever partners send afterwards."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.pair_samples import Pair, met_pair, refusal

from kfdesk.domain.audit import Action
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.exchange import REASON_BELOW_ERASED
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.exchange.import_review import ImportReview
from kfdesk.services.plans import plans
from kfdesk.services.plans.retention import lift_legal_hold, set_legal_hold

WHY = ErasureReason.CLIENT_REQUEST


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as met:
        yield met


def her(pair: Pair) -> bytes:
    (client,) = pair.ours.store.rows("client")
    return client.rid


def answered(pair: Pair) -> ImportReview:
    """Import a new file of theirs into ours; return what it does there."""
    organisation = pair.ours.identity.organisation
    made = transfer.send_bundle(pair.theirs, pair.plan, organisation, pair.post)
    reviewed = transfer.review_bundle(pair.ours, made.path)
    transfer.import_bundle(pair.ours, made.path, reviewed)
    return reviewed


def test_client_goes_with_everything_under_her(pair: Pair) -> None:
    before = {row.rid for row in pair.ours.store.rows("organisation")}
    changes = erase_client(pair.ours, her(pair), WHY)
    assert {"client", "plan", "leg", "consent"} <= changes.types
    assert plans.list_plans(pair.ours) == ()
    assert {row.rid for row in pair.ours.store.rows("organisation")} == before
    assert pair.ours.store.verify() == ()


def test_history_says_who_erased_what_when_and_no_more(pair: Pair) -> None:
    client = her(pair)
    erase_client(pair.ours, client, WHY)
    (_, event), *_ = pair.ours.store.ledger.events(None, 1)
    assert (event.action, event.rid, event.keys) == (Action.ERASE, client, ())


def test_only_a_client_that_is_here_is_erased(pair: Pair) -> None:
    for rid in (bytes(16), pair.plan):
        assert refusal(lambda rid=rid: erase_client(pair.ours, rid, WHY)).code == "record.missing"
    assert len(pair.ours.store.rows("plan")) == 1


def test_who_may_not_erase_erases_nothing(pair: Pair) -> None:
    nobody = replace(pair.ours, roles=frozenset())
    assert refusal(lambda: erase_client(nobody, her(pair), WHY)).code == "user.not_allowed"
    assert len(pair.ours.store.rows("client")) == 1


def test_what_must_be_kept_is_not_erased_until_that_is_lifted(pair: Pair) -> None:
    set_legal_hold(pair.ours, pair.plan, "court, 2026")
    assert refusal(lambda: erase_client(pair.ours, her(pair), WHY)).code == "erasure.held"
    assert len(pair.ours.store.rows("leg")) == 2
    lift_legal_hold(pair.ours, pair.plan)
    erase_client(pair.ours, her(pair), WHY)
    assert pair.ours.store.rows("leg") == ()


def test_partners_bundle_brings_nothing_of_it_back(pair: Pair) -> None:
    pair.send()
    erase_client(pair.ours, her(pair), WHY)
    change_record(pair.theirs, pair.legs[0], {"carrier": "their new value"})
    reviewed = answered(pair)
    assert reviewed.new == reviewed.changed == ()
    assert reviewed.refused == len(reviewed.taken.rows) > 0
    assert pair.ours.store.rows("leg") == ()
    assert pair.ours.store.verify() == ()


def test_new_records_under_what_was_erased_stay_out_for_good(pair: Pair) -> None:
    pair.send()
    client = her(pair)
    erase_client(pair.ours, client, WHY)
    leg = create_record(pair.theirs, Leg, {"sequence": 9, "carrier": "new"}, pair.plan)
    assert leg in answered(pair).erased
    marks = {each.rid: each.reason for each in pair.ours.store.erasures.entries()}
    assert marks[leg] == REASON_BELOW_ERASED
    assert pair.ours.store.row(leg) is None


def test_later_file_with_a_child_alone_is_known_by_its_marked_parent(pair: Pair) -> None:
    """A new plan under her was kept out; what comes under that plan has no erased parent of old."""
    pair.send()
    client = her(pair)
    erase_client(pair.ours, client, WHY)
    plan = create_record(pair.theirs, Plan, {"state": "draft"}, client)
    other = Pair(pair.ours, pair.theirs, plan, pair.legs, pair.post)
    assert plan in answered(other).erased
    leg = create_record(pair.theirs, Leg, {"sequence": 1, "carrier": "new"}, plan)
    reviewed = answered(other)
    assert leg in reviewed.erased
    assert pair.ours.store.row(leg) is None


def test_another_clients_plan_is_taken_as_ever(pair: Pair) -> None:
    """A mark keeps out what it names, and no more."""
    client = her(pair)
    other = create_record(pair.ours, Client, {"code": "vide-33"})
    erase_client(pair.ours, other, WHY)
    pair.send()
    change_record(pair.theirs, pair.legs[0], {"carrier": "their new value"})
    reviewed = answered(pair)
    assert reviewed.erased == frozenset()
    assert [row.rid for row in reviewed.changed] == [pair.legs[0]]
    assert pair.ours.store.row(client) is not None
