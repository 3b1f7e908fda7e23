# SPDX-License-Identifier: GPL-3.0-or-later
"""What waits to go to a partner, plan by plan, several plans in one file, and where it was put."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.integration.pair_samples import Pair, met_pair, refusal

from kfdesk import app
from kfdesk.demo import story
from kfdesk.domain.audit import Action, FileDisclosures
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.exchange import Partner, PartnerState
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import apply_changes, decode_trusted
from kfdesk.domain.rows import Row
from kfdesk.services.core.history import read_history
from kfdesk.services.core.records import change_record, delete_record, require_record
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.disclosure_log import (
    PendingRecords,
    last_destination,
    list_pending,
    list_pending_by_partner,
)
from kfdesk.services.exchange.outbox import current_watermark
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.upkeep.backup import start_new_epoch
from kfdesk.storage.store import Store
from kfdesk.ui.record_views import field_words

CONSENT = RECORD_TYPES["consent"]


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


def count_states(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the states of records that are decoded from now on."""
    counted = [0]

    def counting(data: bytes) -> Any:
        counted[0] += 1
        return decode_trusted(data)

    monkeypatch.setattr("kfdesk.storage.store.decode_trusted", counting)
    return counted


def test_what_waits_for_a_partner_costs_nothing_for_plans_of_others(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = count_states(monkeypatch)
    before = list_pending(pair.ours, partner(pair))
    few, counted[0] = counted[0], 0
    for _ in range(4):
        story.enter_plan(pair.ours, b"\x77" * 16)
    counted[0] = 0
    assert list_pending(pair.ours, partner(pair)) == before
    assert counted[0] == few


def test_sending_costs_no_states_of_consents_of_others(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        story.enter_plan(pair.ours, b"\x77" * 16)
    read: Counter[str] = Counter()
    rows = Store.rows

    def counting(store: Store, record_type: str) -> tuple[Row, ...]:
        found = rows(store, record_type)
        read[record_type] += len(found)
        return found

    monkeypatch.setattr(Store, "rows", counting)
    assert transfer.prepare_bundle(pair.ours, pair.plan, them(pair)).goes.rows
    assert read["consent"] <= len(rows(pair.ours.store, "consent"))  # for the notices alone


def test_what_waits_is_the_same_for_all_partners_at_once_and_for_each_alone(pair: Pair) -> None:
    other = replace(partner(pair), organisation=b"\x77" * 16)
    story.enter_plan(pair.ours, other.organisation)
    unknown = replace(other, organisation=b"\x78" * 16)
    pending = replace(other, organisation=b"\x79" * 16, state=PartnerState.PENDING)
    story.enter_plan(pair.ours, pending.organisation)
    everybody = (partner(pair), other, unknown, pending)
    at_once = list_pending_by_partner(pair.ours, everybody)
    each = {one.organisation: list_pending(pair.ours, one) for one in everybody}
    assert {org: at_once.get(org, {}) for org in each} == each
    assert [len(each[one.organisation]) for one in everybody] == [1, 1, 0, 0]
    (plan,) = each[other.organisation]
    delete_record(pair.ours, plan)
    assert list_pending_by_partner(pair.ours, everybody)[other.organisation] == {}


def test_consent_whose_recipient_is_in_conflict_names_nobody(pair: Pair) -> None:
    (consent,) = pair.ours.store.rows("consent")
    other = replace(partner(pair), organisation=b"\x77" * 16)
    values = [{"recipient": org.hex()} for org in (them(pair), other.organisation)]
    torn = consent
    for value in values:
        wired = {CONSENT.ids[k]: CONSENT.fields[k].kind.encode(v) for k, v in value.items()}
        torn = replace(torn, state=apply_changes(torn.state, wired, (), pair.ours.signature))
    with pair.ours.store.transaction():
        pair.ours.store.put(torn)
    assert list_pending_by_partner(pair.ours, (partner(pair), other)) == {
        them(pair): {}, other.organisation: {},
    }  # fmt: skip


def test_file_is_one_entry_of_the_history_that_holds_what_the_books_say_of_it(pair: Pair) -> None:
    pair.send()
    ledger = pair.ours.store.ledger
    (line,) = [one for one in read_history(pair.ours).lines if one.action is Action.EXPORT]
    told = FileDisclosures.read(line.keys)
    assert told is not None
    assert (line.rid, told.count) == (them(pair), len(ledger.entries(them(pair), Channel.BUNDLE)))
    assert field_words(line, app.language("en")) == f"{told.count} records"
    assert pair.ours.store.verify() == ()
    pair.ours.store._connection.execute("UPDATE sent SET writes = x'' WHERE id = 1")
    assert f"audit:{line.number}" in ledger.verify()
