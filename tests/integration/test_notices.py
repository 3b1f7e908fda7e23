# SPDX-License-Identifier: GPL-3.0-or-later
"""A withdrawal travels: told to each who had something, until they say that they know. No data."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.integration.course_samples import Walk, walked
from tests.integration.pair_samples import refusal
from tests.support.make import disclosed

from kfdesk.domain.audit import Action
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.consent import (
    NOTICE_FIELDS,
    WithdrawalNotice,
    WithheldReason,
    is_withdrawn,
    withdrawal_notice,
)
from kfdesk.domain.exchange import Acknowledgement, Destination, Envelope, FileIssue, Payload
from kfdesk.domain.records.client import Consent
from kfdesk.domain.registers import EMPTY_STATE, apply_changes, live_writes, merge_states
from kfdesk.domain.rows import Row, encode_changes, seen_writes, view
from kfdesk.domain.values import ZonedTime
from kfdesk.services.core.records import change_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.exchange.import_review import ImportReview
from kfdesk.services.exchange.notices import (
    ReceivedWithdrawal,
    holder_under_consent,
    list_received_withdrawals,
    mark_withdrawals_seen,
    notices_due,
    notices_to_send,
    owes_answer,
    record_withdrawal_call,
    withdrawal_call_list,
)
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.plans.plans import load_case, open_plan
from kfdesk.services.today import read_today


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    with walked(tmp_path) as begun:
        yield begun


def us(walk: Walk) -> bytes:
    return walk.ours.identity.organisation


def consent_of(walk: Walk) -> bytes:
    return open_plan(walk.ours, walk.plan).consents[0].view.rid


def shut(desk: Session, plan: bytes) -> WithheldReason | None:
    """Return why her consent does not stand at a desk."""
    return open_plan(desk, plan).consents[0].shut


def told(walk: Walk, here: Session, there: Session, *, plan: bytes | None = None) -> ImportReview:
    """Send a file of a plan, or of notices alone, and import it there."""
    there_rid = there.identity.organisation
    made = (
        transfer.send_notices(here, there_rid, walk.post)
        if plan is None
        else transfer.send_bundle(here, plan, there_rid, walk.post)
    )
    reviewed = transfer.review_bundle(there, made.path)
    transfer.import_bundle(there, made.path, reviewed)
    return reviewed


def events(desk: Session, action: Action) -> list[bytes | None]:
    return [event.rid for _, event in desk.store.ledger.events(None, 500) if event.action is action]


def heard(desk: Session) -> ReceivedWithdrawal:
    (one,) = list_received_withdrawals(desk)
    return one


def forged(walk: Walk, by: Session, *notices: WithdrawalNotice) -> Path:
    """Return a file for us with these notices, which `by` signs whatever it has a right to."""
    envelope = Envelope(
        by.identity.epoch, 77, bytes(32), 1, Acknowledgement(bytes(16), 0), bytes(32)
    )
    to = partners.find_partner(by, us(walk))
    nothing = disclosed(to=to.recipient, rows=())
    route = Destination(by.identity, to, walk.post)
    return by.adapters.bundles.make(
        route, envelope, Payload(nothing, notices), lambda _digest: None
    ).path


def words(walk: Walk, **head: Any) -> WithdrawalNotice:
    """Return a notice of a consent that never existed."""
    values: dict[str, Any] = {"withdrawn": ZonedTime.at(walk.clock.time.replace(tzinfo=None),
                                                     "Europe/Stockholm")}  # fmt: skip
    state = apply_changes(EMPTY_STATE, encode_changes("consent", values), (), walk.theirs.signature)
    row = Row(walk.ours.new_id(), "consent", walk.client, us(walk), state)
    return WithdrawalNotice(replace(row, **head))


# she takes it back with us


def test_who_had_something_is_told_with_the_next_file_and_gets_no_data(walk: Walk) -> None:
    walk.send()
    withdraw_consent(walk.ours, consent_of(walk))
    reviewed = told(walk, walk.ours, walk.theirs, plan=walk.plan)
    assert reviewed.taken.rows == ()
    assert [one.after.rid for one in reviewed.new_withdrawals] == [consent_of(walk)]
    assert shut(walk.theirs, walk.plan) is WithheldReason.WITHDRAWN
    assert events(walk.ours, Action.NOTICE_SENT) == [consent_of(walk)]
    assert events(walk.theirs, Action.NOTICE_TAKEN) == [consent_of(walk)]


def test_partner_that_was_told_shares_nothing_back_under_it(walk: Walk) -> None:
    walk.send()
    change_record(walk.theirs, walk.legs[0], {"carrier": "M/S Exempel"})
    assert transfer.prepare_bundle(walk.theirs, walk.plan, us(walk)).goes.rows
    withdraw_consent(walk.ours, consent_of(walk))
    told(walk, walk.ours, walk.theirs)
    parcel = transfer.prepare_bundle(walk.theirs, walk.plan, us(walk))
    assert not any(given.row.type in ("leg", "plan", "client") for given in parcel.may.rows)


def test_notice_goes_with_every_file_until_it_is_confirmed(walk: Walk) -> None:
    walk.send()
    withdraw_consent(walk.ours, consent_of(walk))
    (due,) = notices_due(walk.ours)
    assert (due.recipient, due.is_sent) == (walk.partner, False)
    transfer.send_notices(walk.ours, walk.partner, walk.post)  # and lost on its way
    (due,) = notices_due(walk.ours)
    assert due.is_sent
    assert told(walk, walk.ours, walk.theirs).new_withdrawals
    assert len(notices_to_send(walk.ours, walk.partner)) == 1
    assert owes_answer(walk.theirs, us(walk))
    answer = told(walk, walk.theirs, walk.ours)
    assert (answer.taken.rows, answer.taken.notices) == ((), ())
    assert notices_due(walk.ours) == ()
    assert refusal(lambda: told(walk, walk.ours, walk.theirs)).code == "exchange.nothing_new"


def test_answered_partner_is_owed_nothing_until_it_tells_again(walk: Walk) -> None:
    walk.send()
    withdraw_consent(walk.ours, consent_of(walk))
    told(walk, walk.ours, walk.theirs)
    transfer.send_notices(walk.theirs, us(walk), walk.post)  # and lost on its way
    assert not owes_answer(walk.theirs, us(walk))
    again = told(walk, walk.ours, walk.theirs)
    assert again.told
    assert (
        again.new_withdrawals == ()
    )  # known already: nothing is written, but an answer is due again
    assert owes_answer(walk.theirs, us(walk))
    assert events(walk.theirs, Action.NOTICE_TAKEN) == [consent_of(walk)]


def test_notice_that_overtakes_the_consent_keeps_out_what_it_opened(walk: Walk) -> None:
    late = transfer.send_bundle(walk.ours, walk.plan, walk.partner, walk.post).path
    withdraw_consent(walk.ours, consent_of(walk))
    (news,) = told(walk, walk.ours, walk.theirs).new_withdrawals
    assert news.before is None
    review = transfer.review_bundle(walk.theirs, late)
    transfer.import_bundle(walk.theirs, late, review)
    assert FileIssue.WITHDRAWN in {one.finding for one in review.findings}
    assert walk.theirs.store.row(walk.plan) is None
    (consent,) = walk.theirs.store.rows("consent")
    assert is_withdrawn(consent)


def test_old_file_that_is_taken_again_does_not_open_it_again(walk: Walk) -> None:
    old = transfer.send_bundle(walk.ours, walk.plan, walk.partner, walk.post).path
    other = transfer.send_bundle(walk.ours, walk.plan, walk.partner, walk.post).path
    transfer.import_bundle(walk.theirs, old, transfer.review_bundle(walk.theirs, old))
    withdraw_consent(walk.ours, consent_of(walk))
    told(walk, walk.ours, walk.theirs)
    assert refusal(lambda: transfer.review_bundle(walk.theirs, old)).code == "bundle.taken_before"
    transfer.import_bundle(walk.theirs, other, transfer.review_bundle(walk.theirs, other))
    assert shut(walk.theirs, walk.plan) is WithheldReason.WITHDRAWN


def test_cancelled_taking_leaves_the_store_as_it_was(walk: Walk) -> None:
    walk.send()
    withdraw_consent(walk.ours, consent_of(walk))
    made = transfer.send_notices(walk.ours, walk.partner, walk.post)
    before = walk.theirs.store.digest()
    transfer.review_bundle(walk.theirs, made.path)
    assert walk.theirs.store.digest() == before
    assert list_received_withdrawals(walk.theirs) == ()
    assert not owes_answer(walk.theirs, us(walk))


def test_one_who_had_nothing_is_told_nothing(walk: Walk) -> None:
    withdraw_consent(walk.ours, consent_of(walk))
    assert notices_to_send(walk.ours, walk.partner) == ()
    code = refusal(lambda: transfer.send_bundle(walk.ours, walk.plan, walk.partner, walk.post)).code
    assert code == "exchange.nothing_allowed"


def test_notice_of_a_consent_that_lies_in_the_bin_goes_all_the_same(walk: Walk) -> None:
    walk.send()
    rid = consent_of(walk)
    withdraw_consent(walk.ours, rid)
    row = require_record(walk.ours, rid)
    gone = apply_changes(row.state, {0: 1}, seen_writes(row), walk.ours.signature)
    with walk.ours.store.transaction():
        walk.ours.store.put(replace(row, state=gone))
    assert [one.row.rid for one in notices_to_send(walk.ours, walk.partner)] == [rid]


def test_withdrawal_beside_a_newer_write_that_had_not_seen_it_is_not_missed(walk: Walk) -> None:
    walk.send()
    desk, rid = walk.ours, consent_of(walk)
    before = require_record(desk, rid)
    withdraw_consent(desk, rid)
    withdrawn = require_record(desk, rid)
    none = encode_changes("consent", {"withdrawn": None})
    later = replace(desk.signature, hlc=desk.signature.hlc + 1_000_000)
    other = apply_changes(before.state, none, seen_writes(before), later)
    with desk.store.transaction():
        desk.store.put(replace(before, state=merge_states(withdrawn.state, other)))
    (cells,) = (one for one in desk.store.tree.cells("consent", ("withdrawn",)) if one.rid == rid)
    assert cells.wires == (None,)
    assert [one.row.rid for one in notices_to_send(desk, walk.partner)] == [rid]


def test_notice_of_what_was_erased_there_brings_nothing_back_and_is_answered(walk: Walk) -> None:
    walk.send()
    withdraw_consent(walk.ours, consent_of(walk))
    erase_client(walk.theirs, walk.client, ErasureReason.CLIENT_REQUEST)
    reviewed = told(walk, walk.ours, walk.theirs)
    assert reviewed.told == ()
    assert walk.theirs.store.row(consent_of(walk)) is None
    told(walk, walk.theirs, walk.ours)
    assert notices_due(walk.ours) == ()


def test_withdrawal_that_was_taken_back_here_stands_again_there(walk: Walk) -> None:
    walk.send()
    rid = consent_of(walk)
    withdraw_consent(walk.ours, rid)
    told(walk, walk.ours, walk.theirs)
    change_record(walk.ours, rid, {"withdrawn": None})  # it was another woman's
    walk.send()
    assert shut(walk.theirs, walk.plan) is None


# what people are told


def test_people_are_told_until_they_have_seen_it(walk: Walk) -> None:
    walk.send()
    withdraw_consent(walk.ours, consent_of(walk), ("request_erasure",))
    told(walk, walk.ours, walk.theirs)
    one = heard(walk.theirs)
    assert (one.consent, one.plan, one.is_ours) == (consent_of(walk), walk.plan, False)
    assert one.partner == walk.ours.identity.name
    assert one.effects == ("stop_new_sharing", "request_erasure")
    assert (
        one.withdrawn == view(require_record(walk.ours, consent_of(walk)), Consent).record.withdrawn
    )
    mark_withdrawals_seen(walk.theirs)
    assert list_received_withdrawals(walk.theirs) == ()
    told(walk, walk.ours, walk.theirs)  # told again, because no answer has come
    assert list_received_withdrawals(walk.theirs) == ()


@pytest.mark.parametrize("days", [-1, 700])
def test_clock_that_was_wrong_hides_no_withdrawal(walk: Walk, days: int) -> None:
    walk.send()
    right, wrong = walk.clock.time, walk.clock.time + timedelta(days=days)
    rid = consent_of(walk)
    seen_under, heard_under = (right, wrong) if days < 0 else (wrong, right)
    walk.clock.time = seen_under
    mark_withdrawals_seen(walk.theirs)
    walk.clock.time = right
    withdraw_consent(walk.ours, rid)
    file = transfer.send_notices(walk.ours, walk.theirs.identity.organisation, walk.post).path
    walk.clock.time = heard_under
    reviewed = transfer.review_bundle(walk.theirs, file)
    transfer.import_bundle(walk.theirs, file, reviewed)
    walk.clock.time = right
    assert heard(walk.theirs).consent == rid
    mark_withdrawals_seen(walk.theirs)
    assert list_received_withdrawals(walk.theirs) == ()


# she says no to the partner


def test_no_that_she_says_to_the_partner_counts_there_and_reaches_us(walk: Walk) -> None:
    walk.send()
    withdraw_consent(walk.theirs, consent_of(walk))
    assert shut(walk.theirs, walk.plan) is WithheldReason.WITHDRAWN
    reviewed = told(walk, walk.theirs, walk.ours, plan=walk.plan)
    assert [one.is_ours for one in reviewed.new_withdrawals] == [True]
    assert shut(walk.ours, walk.plan) is WithheldReason.WITHDRAWN
    assert not transfer.prepare_bundle(walk.ours, walk.plan, walk.partner).goes.rows
    assert heard(walk.ours).is_ours
    assert notices_to_send(walk.ours, walk.partner) == ()  # they know, having told us
    told(walk, walk.ours, walk.theirs)
    assert notices_due(walk.theirs) == ()


def test_no_that_is_said_at_both_desks_stays_a_no(walk: Walk) -> None:
    walk.send()
    withdraw_consent(walk.theirs, consent_of(walk))
    withdraw_consent(walk.ours, consent_of(walk))
    told(walk, walk.theirs, walk.ours)
    told(walk, walk.ours, walk.theirs)
    for desk, other in ((walk.ours, walk.partner), (walk.theirs, us(walk))):
        parcel = transfer.prepare_bundle(desk, walk.plan, other)
        assert not any(given.row.type in ("leg", "client") for given in parcel.may.rows)
        assert WithheldReason.WITHDRAWN in {kept.reason for kept in parcel.may.withheld}
    row, theirs = (desk.store.row(consent_of(walk)) for desk in (walk.ours, walk.theirs))
    assert row is not None
    assert theirs is not None
    assert merge_states(row.state, theirs.state) == row.state


def test_partner_cannot_take_back_a_no_about_our_client(walk: Walk) -> None:
    walk.send()
    withdraw_consent(walk.ours, consent_of(walk))
    told(walk, walk.ours, walk.theirs)
    code = refusal(lambda: change_record(walk.theirs, consent_of(walk), {"withdrawn": None})).code
    assert code == "record.not_ours"


# who is not believed


def test_notice_by_one_who_is_no_side_of_the_consent_is_refused(walk: Walk, tmp_path: Path) -> None:
    walk.send()
    row = require_record(walk.ours, consent_of(walk))
    other = change_record(walk.ours, row.rid, {"recipient": walk.ours.new_id().hex()})
    assert other.rids == {row.rid}
    theirs = require_record(walk.theirs, row.rid)
    values: dict[str, Any] = {"withdrawn": ZonedTime.at(walk.clock.time.replace(tzinfo=None),
                                                     "Europe/Stockholm")}  # fmt: skip
    no = apply_changes(theirs.state, encode_changes("consent", values), (), walk.theirs.signature)
    path = forged(walk, walk.theirs, withdrawal_notice(replace(theirs, state=no)))
    reviewed = transfer.review_bundle(walk.ours, path)
    assert (reviewed.told, reviewed.untold) == ((), 1)
    transfer.import_bundle(walk.ours, path, reviewed)
    assert shut(walk.ours, walk.plan) is None
    assert list_received_withdrawals(walk.ours) == ()


def test_notice_in_our_name_of_a_consent_that_is_not_here_is_refused(walk: Walk) -> None:
    path = forged(walk, walk.theirs, words(walk), words(walk, custodian=walk.ours.new_id()))
    reviewed = transfer.review_bundle(walk.ours, path)
    assert (reviewed.told, reviewed.untold) == ((), 2)
    transfer.import_bundle(walk.ours, path, reviewed)
    assert len(load_case(walk.ours, walk.plan).consents) == 1


def test_notice_that_moves_a_consent_to_another_client_is_refused(walk: Walk) -> None:
    walk.send()
    withdraw_consent(walk.theirs, consent_of(walk))
    row = require_record(walk.theirs, consent_of(walk))
    moved = withdrawal_notice(replace(row, parent=walk.ours.new_id()))
    reviewed = transfer.review_bundle(walk.ours, forged(walk, walk.theirs, moved))
    assert (reviewed.told, reviewed.untold) == ((), 1)


@pytest.mark.parametrize("ahead", [10**9, 2**46])
def test_notice_from_the_future_is_taken_with_a_time_that_is_not(walk: Walk, ahead: int) -> None:
    walk.send()
    row = require_record(walk.theirs, consent_of(walk))
    late = replace(
        walk.theirs.signature, hlc=min(walk.theirs.milliseconds + ahead, 2**47 - 2) << 16
    )
    values = encode_changes("consent", {"withdrawn": view(row, Consent).record.given})
    notice = withdrawal_notice(replace(row, state=apply_changes(row.state, values, (), late)))
    path = forged(walk, walk.theirs, notice)
    reviewed = transfer.review_bundle(walk.ours, path)
    assert reviewed.new_withdrawals
    transfer.import_bundle(walk.ours, path, reviewed)
    kept = require_record(walk.ours, consent_of(walk))
    assert shut(walk.ours, walk.plan) is WithheldReason.WITHDRAWN
    assert all(write.milliseconds <= walk.ours.milliseconds for write in live_writes(kept.state))
    assert walk.ours.store.verify() == ()


def test_only_a_verified_partner_gets_a_file_of_notices(walk: Walk) -> None:
    walk.send()
    withdraw_consent(walk.ours, consent_of(walk))
    partner = partners.find_partner(walk.ours, walk.partner)
    card = partner.card
    with walk.ours.store.transaction():
        walk.ours.store.ledger.set_partner(replace(partner, state="pending"))  # type: ignore[arg-type]
    assert refusal(lambda: told(walk, walk.ours, walk.theirs)).code == "exchange.nothing_new"
    partners.add_partner(walk.ours, card, PartnerTerms(is_third_country=True))
    digits = partners.verification_digits(walk.ours, walk.partner)
    partners.verify_partner(walk.ours, walk.partner, digits)
    assert told(walk, walk.ours, walk.theirs).new_withdrawals


def test_trail_names_the_fields_that_were_told_and_no_value(walk: Walk) -> None:
    walk.send()
    withdraw_consent(walk.ours, consent_of(walk))
    told(walk, walk.ours, walk.theirs)
    for desk, action in ((walk.ours, Action.NOTICE_SENT), (walk.theirs, Action.NOTICE_TAKEN)):
        kept = [e for _, e in desk.store.ledger.events(None, 50) if e.action is action]
        assert [event.keys for event in kept] == [NOTICE_FIELDS]


def test_whom_to_call_is_listed_until_it_is_crossed_off(walk: Walk) -> None:
    walk.send()
    assert withdrawal_call_list(walk.ours) == ()
    withdraw_consent(walk.ours, consent_of(walk))
    (call,) = withdrawal_call_list(walk.ours)
    assert (call.recipient, call.consent) == (walk.partner, consent_of(walk))
    assert (call.has_desk, call.is_sent) == (True, False)
    assert call.code
    assert call.withdrawn is not None
    transfer.send_notices(walk.ours, walk.partner, walk.post)
    assert withdrawal_call_list(walk.ours)[0].is_sent
    record_withdrawal_call(walk.ours, call.consent, call.recipient)
    assert withdrawal_call_list(walk.ours) == ()
    assert notices_due(walk.ours) == ()


def test_who_had_something_knows_of_it_when_it_was_confirmed(walk: Walk) -> None:
    def knows() -> bool:
        holder = holder_under_consent(walk.ours, open_plan(walk.ours, walk.plan), consent_of(walk))
        assert holder is not None
        return holder.knows

    walk.send()
    assert not knows()  # it stands
    withdraw_consent(walk.ours, consent_of(walk))
    told(walk, walk.ours, walk.theirs)
    assert not knows()  # a file has left, and nobody has said that it came
    told(walk, walk.theirs, walk.ours)
    assert knows()


def test_partner_without_a_desk_stands_first_on_the_list(walk: Walk) -> None:
    walk.send()
    withdraw_consent(walk.ours, consent_of(walk))
    partners.suspend_partner(walk.ours, walk.partner)
    (call,) = withdrawal_call_list(walk.ours)
    assert not call.has_desk
    assert call.name == partners.find_partner(walk.ours, walk.partner).name


def test_badge_of_the_day_counts_what_was_heard_until_it_is_seen(walk: Walk) -> None:
    walk.send()
    before = read_today(walk.theirs).count
    withdraw_consent(walk.ours, consent_of(walk))
    told(walk, walk.ours, walk.theirs)
    assert read_today(walk.theirs).count == before + 1
    mark_withdrawals_seen(walk.theirs)
    assert read_today(walk.theirs).heard == ()
