# SPDX-License-Identifier: GPL-3.0-or-later
"""Erasing reaches partners: asked by file, done or declined there, told back, never resurrected."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration.pair_samples import MACHINE, WHO, Pair, met_pair, refusal
from tests.support.erasing import erase_fields
from tests.support.make import sheet
from tests.support.stores import remembering, unlock

from kfdesk import store_lifecycle
from kfdesk.domain.audit import Action
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.exchange import Direction, ErasureOrderState
from kfdesk.domain.records.case import Note
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.registers import writes_by_field
from kfdesk.domain.rows import seen_writes, view
from kfdesk.services.core.drafts import FormState, count_drafts, save_draft
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import erasure, partners, transfer
from kfdesk.services.exchange.erasure import ErasureOrderLine, erase_client
from kfdesk.services.exchange.import_review import ImportReview
from kfdesk.services.exchange.notices import notices_due, record_withdrawal_call
from kfdesk.services.papers.production import make_paper
from kfdesk.services.plans import plans, retention
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.upkeep.backup import make_backup

REQUEST = ErasureReason.CLIENT_REQUEST


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as met:
        yield met


def org(desk: Session) -> bytes:
    return desk.identity.organisation


def herself(pair: Pair) -> bytes:
    row = pair.ours.store.row(pair.plan)
    assert row is not None
    assert row.parent is not None
    return row.parent


def tell(here: Session, there: Session, pair: Pair) -> ImportReview:
    """Send a file without data and import it at once."""
    file = transfer.send_notices(here, org(there), pair.post).path
    reviewed = transfer.review_bundle(there, file)
    transfer.import_bundle(there, file, reviewed)
    return reviewed


def states(desk: Session) -> set[ErasureOrderState]:
    return {one.state for one in erasure.list_erasure_orders(desk)}


def hold(pair: Pair) -> None:
    """Their own desk must keep her plan by law."""
    retention.set_legal_hold(pair.theirs, pair.plan, "Rättegång")


def test_erased_client_goes_at_the_partner_too_and_it_says_so(pair: Pair) -> None:
    pair.send()
    old = transfer.send_bundle(pair.ours, pair.plan, org(pair.theirs), pair.post).path
    given = {entry.rid for entry in pair.ours.store.ledger.entries(org(pair.theirs))}
    erase_client(pair.ours, herself(pair), REQUEST)
    orders = erasure.list_erasure_orders(pair.ours)
    assert {one.rid for one in orders} == given
    assert {(one.state, one.is_sent, one.is_by_file) for one in orders} == {
        (ErasureOrderState.OPEN, False, True)
    }
    assert all(one.deadline is not None and not one.is_overdue for one in orders)
    assert pair.theirs.store.row(pair.plan) is not None  # it is asked, and not yet erased there

    reviewed = tell(pair.ours, pair.theirs, pair)

    assert reviewed.erased_by_order == given
    assert reviewed.requests == 0
    assert all(pair.theirs.store.row(rid) is None for rid in given)
    assert pair.theirs.store.verify() == ()
    assert {one.is_sent for one in erasure.list_erasure_orders(pair.ours)} == {True}
    tell(pair.theirs, pair.ours, pair)
    assert states(pair.ours) == {ErasureOrderState.DONE}
    assert erasure.erasure_call_list(pair.ours) == ()
    again = transfer.review_bundle(pair.theirs, old)  # a file from before brings nothing back
    assert (again.new, again.changed) == ((), ())
    transfer.import_bundle(pair.theirs, old, again)
    assert all(pair.theirs.store.row(rid) is None for rid in given)


def test_order_goes_with_each_file_until_it_is_answered_and_the_answer_until_it_arrived(
    pair: Pair,
) -> None:
    pair.send()
    erase_client(pair.ours, herself(pair), REQUEST)
    lost = transfer.send_notices(pair.ours, org(pair.theirs), pair.post)
    lost.path.unlink()
    count = len(erasure.list_erasure_orders(pair.ours))
    assert len(transfer.prepare_notices(pair.ours, org(pair.theirs)).dealings.orders) == count
    tell(pair.ours, pair.theirs, pair)
    transfer.send_notices(pair.theirs, org(pair.ours), pair.post).path.unlink()
    answer = transfer.prepare_notices(pair.theirs, org(pair.ours)).dealings.receipts
    assert len(answer) == count
    tell(pair.theirs, pair.ours, pair)
    assert transfer.prepare_notices(pair.ours, org(pair.theirs)).dealings.orders == ()


def requested(pair: Pair) -> tuple[ErasureOrderLine, ...]:
    """They ask us to erase a leg of ours that they had sent back changed."""
    pair.send()
    change_record(pair.theirs, pair.legs[0], {"carrier": "19, Exempelbuss"})
    pair.answer()
    erase_client(pair.theirs, herself(pair), REQUEST)
    reviewed = tell(pair.theirs, pair.ours, pair)
    assert reviewed.erased_by_order == frozenset()
    assert reviewed.requests > 0
    return erasure.list_erasure_requests(pair.ours)


def with_own_note(pair: Pair) -> bytes:
    """They have our case, and a note of their own below its plan; return the note."""
    pair.send()
    return create_record(pair.theirs, Note, {"content": "Hon sover bättre."}, pair.plan)


def test_order_for_a_case_with_records_of_ones_own_below_waits_for_people(pair: Pair) -> None:
    note = with_own_note(pair)
    erase_client(pair.ours, herself(pair), REQUEST)
    reviewed = tell(pair.ours, pair.theirs, pair)
    assert reviewed.erased_by_order == frozenset()
    (line,) = plans.list_plans(pair.theirs)
    assert line.rid == pair.plan
    assert line.legs != ()
    asked = {one.rid: one.below for one in erasure.list_erasure_requests(pair.theirs)}
    assert note in asked[pair.plan]
    assert states(pair.ours) == {ErasureOrderState.OPEN}


def test_people_who_agree_erase_what_is_their_own_below_as_well(pair: Pair) -> None:
    note = with_own_note(pair)
    draft = FormState("note", {"content": "Hon säger"}, parent=pair.plan)
    save_draft(pair.theirs, pair.theirs.new_id(), draft)
    erase_client(pair.ours, herself(pair), REQUEST)
    tell(pair.ours, pair.theirs, pair)
    lines = erasure.list_erasure_requests(pair.theirs)
    erasure.answer_erasure_requests(
        pair.theirs, org(pair.ours), [one.id for one in lines], erases=True
    )
    assert pair.theirs.store.row(note) is None
    assert count_drafts(pair.theirs) == 0
    assert pair.theirs.store.verify() == ()
    tell(pair.theirs, pair.ours, pair)
    assert states(pair.ours) == {ErasureOrderState.DONE}


def test_order_for_a_part_without_records_of_ones_own_is_carried_out(pair: Pair) -> None:
    with_own_note(pair)
    leg = pair.ours.store.row(pair.legs[0])
    assert leg is not None
    with pair.ours.store.transaction():
        erasure.order_erasure(pair.ours, [(leg.rid, None)], REQUEST)
    assert tell(pair.ours, pair.theirs, pair).erased_by_order == {leg.rid}
    assert pair.theirs.store.row(leg.rid) is None


def test_request_is_shown_to_people_and_nothing_happens_by_itself(pair: Pair) -> None:
    lines = requested(pair)
    assert {one.partner for one in lines} == {org(pair.theirs)}
    assert {one.name for one in lines} == {pair.theirs.identity.name}
    assert pair.ours.store.row(pair.legs[0]) is not None


def test_request_that_is_declined_is_told_back(pair: Pair) -> None:
    lines = requested(pair)
    for one in lines:
        erasure.answer_erasure_requests(pair.ours, one.partner, [one.id], erases=False)
    assert erasure.list_erasure_requests(pair.ours) == ()
    tell(pair.ours, pair.theirs, pair)
    assert ErasureOrderState.DECLINED in states(pair.theirs)
    assert pair.ours.store.row(pair.legs[0]) is not None
    actions = [event.action for _, event in pair.ours.store.ledger.events(None, 40)]
    assert Action.ORDER_DECLINED in actions


def test_request_that_people_follow_erases_that_record_alone(pair: Pair) -> None:
    lines = [one for one in requested(pair) if one.rid == pair.legs[0]]
    (one,) = lines
    erasure.answer_erasure_requests(pair.ours, one.partner, [one.id], erases=True)
    assert pair.ours.store.row(pair.legs[0]) is None
    assert pair.ours.store.row(pair.plan) is not None
    fault = refusal(
        lambda: erasure.answer_erasure_requests(pair.ours, one.partner, [one.id], erases=True)
    )
    assert fault.code == "order.missing"


def test_requests_about_one_client_are_followed_together(pair: Pair) -> None:
    lines = requested(pair)
    erasure.answer_erasure_requests(
        pair.ours, org(pair.theirs), [one.id for one in lines], erases=True
    )
    assert erasure.list_erasure_requests(pair.ours) == ()
    assert all(pair.ours.store.row(one.rid) is None for one in lines)
    tell(pair.ours, pair.theirs, pair)
    assert set(states(pair.theirs)) == {ErasureOrderState.DONE}


def test_client_who_is_erased_here_answers_what_was_asked_of_her(pair: Pair) -> None:
    assert requested(pair) != ()
    erase_client(pair.ours, herself(pair), REQUEST)
    assert erasure.list_erasure_requests(pair.ours) == ()
    tell(pair.ours, pair.theirs, pair)
    assert set(states(pair.theirs)) == {ErasureOrderState.DONE}


def test_what_must_be_kept_by_law_waits_for_people_and_cannot_be_erased_by_them(
    pair: Pair,
) -> None:
    pair.send()
    hold(pair)
    erase_client(pair.ours, herself(pair), REQUEST)
    reviewed = tell(pair.ours, pair.theirs, pair)
    assert reviewed.erased_by_order == frozenset()
    assert pair.theirs.store.row(pair.plan) is not None
    one = next(
        line for line in erasure.list_erasure_requests(pair.theirs) if line.rid == pair.legs[0]
    )
    fault = refusal(
        lambda: erasure.answer_erasure_requests(pair.theirs, one.partner, [one.id], erases=True)
    )
    assert fault.code == "erasure.held"
    assert len(erasure.erasure_call_list(pair.ours)) == len(erasure.list_erasure_orders(pair.ours))


def test_order_that_overtakes_the_record_keeps_it_out(pair: Pair) -> None:
    late = transfer.send_bundle(pair.ours, pair.plan, org(pair.theirs), pair.post).path
    erase_client(pair.ours, herself(pair), REQUEST)
    tell(pair.ours, pair.theirs, pair)
    reviewed = transfer.review_bundle(pair.theirs, late)
    assert reviewed.new == ()
    transfer.import_bundle(pair.theirs, late, reviewed)
    assert pair.theirs.store.rows("leg") == ()
    tell(pair.theirs, pair.ours, pair)
    assert states(pair.ours) == {ErasureOrderState.NOT_HERE}


def test_fields_are_erased_here_and_there_with_all_their_past(pair: Pair) -> None:
    leg = pair.legs[0]
    pair.send()
    change_record(pair.ours, leg, {"carrier": "second"})
    pair.send()
    old = transfer.send_bundle(pair.ours, pair.plan, org(pair.theirs), pair.post).path
    erase_fields(pair.ours, leg, ["carrier"], REQUEST)
    for desk in (pair.ours, pair.theirs):
        if desk is pair.theirs:
            assert tell(pair.ours, pair.theirs, pair).erased_by_order == {leg}
        row = desk.store.row(leg)
        assert row is not None
        assert view(row, Leg).record.carrier is None
        assert view(row, Leg).record.departs is not None
        assert all(write.value != "second" for write in desk.store.history(leg))
        assert "carrier" not in {
            write.value for w in writes_by_field(row.state).values() for write in w
        }
        assert desk.store.verify() == ()
    transfer.import_bundle(pair.theirs, old, transfer.review_bundle(pair.theirs, old))
    row = pair.theirs.store.row(leg)
    assert row is not None
    assert view(row, Leg).record.carrier is None
    tell(pair.theirs, pair.ours, pair)
    assert states(pair.ours) == {ErasureOrderState.DONE}


def test_what_is_written_after_an_erasure_is_new_and_travels(pair: Pair) -> None:
    leg = pair.legs[0]
    pair.send()
    erase_fields(pair.ours, leg, ["carrier"], REQUEST)
    change_record(pair.ours, leg, {"carrier": "fresh"})
    pair.send()
    row = pair.theirs.store.row(leg)
    assert row is not None
    assert view(row, Leg).record.carrier == "fresh"


def test_form_that_was_open_while_a_field_was_erased_writes_anew(pair: Pair) -> None:
    leg = pair.legs[0]
    row = pair.ours.store.row(leg)
    assert row is not None
    seen = seen_writes(row)
    erase_fields(pair.ours, leg, ["carrier"], REQUEST)
    change_record(pair.ours, leg, {"carrier": "typed meanwhile"}, seen)
    kept = pair.ours.store.row(leg)
    assert kept is not None
    assert view(kept, Leg).record.carrier == "typed meanwhile"


def test_who_has_paper_alone_is_called_and_crossed_off(pair: Pair) -> None:
    make_paper(pair.ours, sheet(pair.plan))
    pair.send()
    partners.suspend_partner(pair.ours, org(pair.theirs))
    she = herself(pair)
    erase_client(pair.ours, she, REQUEST)
    lines = erasure.erasure_call_list(pair.ours)
    assert lines
    assert not any(one.is_by_file for one in lines)
    assert all(one.partner != she for one in lines)  # she is not called about her own
    for one in lines:
        erasure.mark_order_told(pair.ours, one.partner, one.id)
    assert erasure.erasure_call_list(pair.ours) == ()
    assert states(pair.ours) == {ErasureOrderState.TOLD}
    told = [line for line in erasure.list_erasure_orders(pair.ours) if line.settled is None]
    assert told == []
    last = pair.ours.store.ledger.events(None, 1)[0][1]
    assert (last.action, last.user) == (Action.ORDER_TOLD, pair.ours.user)


def test_late_answer_is_overdue_and_stands_first(pair: Pair) -> None:
    pair.send()
    erase_client(pair.ours, herself(pair), REQUEST)
    (first, *_), last = (
        erasure.list_erasure_orders(pair.ours),
        erasure.list_erasure_orders(pair.ours)[-1],
    )
    today = pair.ours.adapters.clock.now().date()
    assert first.deadline == today + timedelta(days=30)
    standing = next(
        one for one in pair.ours.store.orders.standing(Direction.OUT) if one.order.id == last.id
    )
    late = replace(standing, order=replace(standing.order, deadline=1))
    with pair.ours.store.transaction():
        pair.ours.store.orders.enter(Direction.OUT, [late])
    head = erasure.erasure_call_list(pair.ours)[0]
    assert (head.id, head.is_overdue) == (last.id, True)


def withdrawn(pair: Pair) -> None:
    """She takes her consent back after the partner was given something."""
    pair.send()
    (row,) = pair.ours.store.rows("consent")
    withdraw_consent(pair.ours, row.rid, ())


def test_withdrawal_is_not_lost_when_she_is_erased_before_it_was_told(pair: Pair) -> None:
    withdrawn(pair)
    before = [(one.consent, one.recipient) for one in notices_due(pair.ours)]
    assert before
    erase_client(pair.ours, herself(pair), REQUEST)
    due = notices_due(pair.ours)
    assert [(one.consent, one.recipient) for one in due] == before
    assert all(one.is_kept for one in due)
    reviewed = tell(pair.ours, pair.theirs, pair)
    assert len(reviewed.taken.notices) == len(before)
    tell(pair.theirs, pair.ours, pair)
    assert notices_due(pair.ours) == ()


def test_who_was_told_by_telephone_is_crossed_off_with_who_and_when(pair: Pair) -> None:
    withdrawn(pair)
    (due,) = notices_due(pair.ours)
    record_withdrawal_call(pair.ours, due.consent, due.recipient)
    assert notices_due(pair.ours) == ()
    last = pair.ours.store.ledger.events(None, 1)[0][1]
    assert (last.action, last.rid, last.user) == (
        Action.NOTICE_CALLED, due.consent, pair.ours.user,
    )  # fmt: skip
    fault = refusal(lambda: record_withdrawal_call(pair.ours, due.consent, due.recipient))
    assert fault.code == "notice.not_due"


def test_kept_withdrawal_that_was_told_by_telephone_is_forgotten(pair: Pair) -> None:
    withdrawn(pair)
    (due,) = notices_due(pair.ours)
    erase_client(pair.ours, herself(pair), REQUEST)
    record_withdrawal_call(pair.ours, due.consent, due.recipient)
    assert pair.ours.store.orders.kept_notices() == []


def test_erasing_leaves_no_taking_to_take_back(pair: Pair) -> None:
    pair.send()
    erase_client(pair.ours, herself(pair), REQUEST)
    change_record(pair.theirs, pair.plan, {"to_country": "EE"})
    tell(pair.ours, pair.theirs, pair)
    assert pair.theirs.store.takings.open() == ()


def test_erased_fields_and_open_orders_outlive_an_old_backup(pair: Pair, tmp_path: Path) -> None:
    leg, stick = pair.legs[0], tmp_path / "stick"
    stick.mkdir()
    pair.send()
    backup = make_backup(pair.ours, stick).path
    erase_fields(pair.ours, leg, ["carrier"], REQUEST)
    asked = erasure.list_erasure_orders(pair.ours)
    pair.ours.store.close()
    with remembering():
        store_lifecycle.restore_store(backup, tmp_path / "ours", WHO, MACHINE)
    ours = unlock(tmp_path / "ours", WHO, MACHINE)
    row = ours.store.row(leg)
    assert row is not None
    assert view(row, Leg).record.carrier is None
    assert erasure.list_erasure_orders(ours) == asked
    assert ours.store.verify() == ()
    ours.store.close()
