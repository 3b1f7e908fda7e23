# SPDX-License-Identifier: GPL-3.0-or-later
"""What waits to go to a partner, plan by plan, several plans in one file, and where it was put."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.integration.pair_samples import Pair, met_pair, refusal

from kfdesk.demo import story
from kfdesk.domain.exchange import Partner
from kfdesk.domain.rows import Row
from kfdesk.services.core.records import change_record, delete_record, require_record
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.disclosure_log import PendingRecords, last_destination, list_pending
from kfdesk.services.exchange.outbox import current_watermark
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.upkeep.backup import start_new_epoch
from kfdesk.storage.store import Store


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as made:
        yield made


def them(pair: Pair) -> bytes:
    return pair.theirs.identity.organisation


def partner(pair: Pair) -> Partner:
    return partners.find_partner(pair.ours, them(pair))


def test_what_was_never_sent_waits_until_the_partner_has_said_to_have_it(pair: Pair) -> None:
    waiting = list_pending(pair.ours, partner(pair))
    sent = transfer.prepare_bundle(pair.ours, pair.plan, them(pair)).goes
    count = len(sent.rows)
    assert waiting == {pair.plan: PendingRecords(count)}
    pair.send()
    assert list_pending(pair.ours, partner(pair)) == {
        pair.plan: PendingRecords(count, on_way=count)
    }
    change_record(pair.theirs, pair.legs[1], {"carrier": "19, Exempelbuss"})
    pair.answer()
    word = {pair.plan: PendingRecords(0, echoed=1)}  # that we have their word
    assert list_pending(pair.ours, partner(pair)) == word
    change_record(pair.ours, pair.legs[0], {"carrier": "18, Exempelbuss"})
    assert list_pending(pair.ours, partner(pair)) == {pair.plan: PendingRecords(1, echoed=1)}
    pair.send()
    assert list_pending(pair.ours, partner(pair)) == {pair.plan: PendingRecords(1, on_way=1)}


def test_what_changes_after_a_file_was_made_is_not_on_its_way(pair: Pair) -> None:
    pair.send()
    (before,) = list_pending(pair.ours, partner(pair)).values()
    change_record(pair.ours, pair.legs[0], {"carrier": "18, Exempelbuss"})
    (after,) = list_pending(pair.ours, partner(pair)).values()
    assert (after.records, after.on_way) == (before.records, before.on_way - 1)


def test_nothing_waits_without_a_consent_or_a_partner_who_may_receive(pair: Pair) -> None:
    known = partner(pair)
    partners.suspend_partner(pair.ours, known.organisation)
    assert list_pending(pair.ours, partner(pair)) == {}
    partners.resume_partner(pair.ours, known.organisation)
    (consent,) = (row for row in pair.ours.store.rows("consent"))
    withdraw_consent(pair.ours, consent.rid)
    assert list_pending(pair.ours, partner(pair)) == {}


def test_partners_own_client_waits_for_our_answer(pair: Pair) -> None:
    pair.send()
    us = partners.find_partner(pair.theirs, pair.ours.identity.organisation)
    (waits,) = list_pending(pair.theirs, us).values()
    assert waits.records == waits.on_way == 0  # all of it is the partner's own
    assert waits.echoed > 0  # that it has come is not known there yet
    assert partners.list_partners(pair.ours)[0].unconfirmed == 1
    pair.answer()
    assert list_pending(pair.theirs, us) == {}
    assert partners.list_partners(pair.ours)[0].unconfirmed == 0


def test_field_that_we_add_to_a_partners_record_waits_for_it(pair: Pair) -> None:
    pair.send()
    us = partners.find_partner(pair.theirs, pair.ours.identity.organisation)
    (before,) = list_pending(pair.theirs, us).values()
    change_record(pair.theirs, pair.legs[0], {"carrier": "18, Exempelbuss"})
    (after,) = list_pending(pair.theirs, us).values()
    assert (after.records, after.on_way, after.echoed) == (1, 0, before.echoed - 1)


def test_what_a_restored_partner_sent_before_may_be_lost_there_and_counts(pair: Pair) -> None:
    pair.send()
    us = partners.find_partner(pair.theirs, pair.ours.identity.organisation)
    (before,) = list_pending(pair.theirs, us).values()
    start_new_epoch(pair.ours, ())
    change_record(pair.ours, pair.legs[0], {"carrier": "18, Exempelbuss"})
    pair.send()
    (after,) = list_pending(pair.theirs, us).values()
    assert after.records >= before.echoed
    assert after.echoed == 0


def test_plan_in_the_bin_does_not_wait(pair: Pair) -> None:
    delete_record(pair.ours, pair.plan)
    assert list_pending(pair.ours, partner(pair)) == {}


def test_several_plans_go_in_one_file_each_by_its_own_consent(pair: Pair) -> None:
    other, (leg, _) = story.enter_plan(pair.ours, them(pair))
    client = require_record(pair.ours, other).parent
    assert client is not None
    names = {"code": "vinter-21", "alias": "Vera", "given_name": "Вера"}
    change_record(pair.ours, client, names)
    parcel = transfer.prepare_bundle(pair.ours, (pair.plan, other), them(pair))
    assert pair.legs[0] in parcel.whose[pair.plan] - parcel.whose[other]
    assert leg in parcel.whose[other] - parcel.whose[pair.plan]
    made = transfer.send_bundle(pair.ours, (pair.plan, other), them(pair), pair.post)
    transfer.import_bundle(pair.theirs, made.path, transfer.review_bundle(pair.theirs, made.path))
    assert {row.rid for row in pair.theirs.store.rows("plan")} == {pair.plan, other}


def test_one_without_a_consent_brings_nothing_of_hers_along(pair: Pair) -> None:
    other, (leg, _) = story.enter_plan(pair.ours, them(pair))
    consent = next(
        row
        for row in pair.ours.store.rows("consent")
        if row.parent == require_record(pair.ours, other).parent
    )
    delete_record(pair.ours, consent.rid)
    parcel = transfer.prepare_bundle(pair.ours, (pair.plan, other), them(pair))
    gone = {given.row.rid for given in parcel.goes.rows}
    assert pair.legs[0] in gone
    assert leg not in gone
    assert (
        refusal(lambda: transfer.send_bundle(pair.ours, other, them(pair), pair.post)).code
        == "exchange.nothing_allowed"
    )


def test_where_a_file_was_put_is_known_until_the_next(pair: Pair) -> None:
    assert last_destination(pair.ours, them(pair)) is None
    pair.send()
    assert last_destination(pair.ours, them(pair)) == pair.post
    assert last_destination(pair.theirs, pair.ours.identity.organisation) is None
    stick = pair.post / "stick"
    stick.mkdir()
    change_record(pair.ours, pair.legs[0], {"carrier": "18, Exempelbuss"})
    transfer.send_bundle(pair.ours, pair.plan, them(pair), stick)
    assert last_destination(pair.ours, them(pair)) == stick


def test_what_decides_of_a_plan_is_read_of_its_own_client_alone(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        story.enter_plan(pair.ours, them(pair))
    read: Counter[str] = Counter()
    select = Store._select

    def counted(store: Store, record_type: str, *asked: Any) -> tuple[Row, ...]:
        rows = select(store, record_type, *asked)
        read[record_type] += len(rows)
        return rows

    monkeypatch.setattr(Store, "_select", counted)
    current_watermark(pair.ours, require_record(pair.ours, pair.plan), partner(pair).recipient)
    assert read["consent"] == 1
    plans = len(pair.ours.store.rows("plan"))
    read.clear()
    assert len(list_pending(pair.ours, partner(pair))) == plans
    assert read["consent"] <= 3 * plans  # to look for plans, for each its own, and to decide
