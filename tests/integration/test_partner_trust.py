# SPDX-License-Identifier: GPL-3.0-or-later
"""Trust in a partner: paused, gone on with, ended for good; what is open between two desks."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.pair_samples import Pair, met_pair, refusal

from kfdesk.domain.consent import WithheldReason
from kfdesk.domain.exchange import PartnerState
from kfdesk.services.exchange import partners, transfer
from kfdesk.services.exchange.outbox import Parcel
from kfdesk.services.exchange.partners import PartnerLine, PartnerTerms
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.plans.plans import open_plan


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as met:
        yield met


def them(pair: Pair) -> bytes:
    return pair.theirs.identity.organisation


def us(pair: Pair) -> bytes:
    return pair.ours.identity.organisation


def line(pair: Pair) -> PartnerLine:
    (one,) = partners.list_partners(pair.ours)
    return one


def prepared(pair: Pair) -> Parcel:
    return transfer.prepare_bundle(pair.ours, pair.plan, them(pair))


def test_suspended_partner_gets_nothing_and_nothing_of_theirs_is_taken(pair: Pair) -> None:
    pair.send()
    theirs = transfer.send_notices
    answer = transfer.send_bundle(pair.theirs, pair.plan, us(pair), pair.post).path
    partners.suspend_partner(pair.ours, them(pair))
    assert {kept.reason for kept in prepared(pair).may.withheld} >= {WithheldReason.UNVERIFIED}
    assert refusal(lambda: theirs(pair.ours, them(pair), pair.post)).code == "exchange.nothing_new"
    assert (
        refusal(lambda: transfer.review_bundle(pair.ours, answer)).code == "bundle.sender_suspended"
    )
    partners.resume_partner(pair.ours, them(pair))
    assert prepared(pair).may.rows
    assert transfer.review_bundle(pair.ours, answer).partner == pair.theirs.identity.name


def test_only_the_next_state_is_taken(pair: Pair) -> None:
    digits = partners.verification_digits(pair.ours, them(pair))
    again = refusal(lambda: partners.verify_partner(pair.ours, them(pair), digits))
    assert again.code == "partner.not_pending"
    resumed = refusal(lambda: partners.resume_partner(pair.ours, them(pair)))
    assert resumed.code == "partner.not_suspended"
    partners.suspend_partner(pair.ours, them(pair))
    twice = refusal(lambda: partners.suspend_partner(pair.ours, them(pair)))
    assert twice.code == "partner.not_verified"


def test_revoked_card_never_counts_again(pair: Pair) -> None:
    card = line(pair).partner.card
    digits = partners.verification_digits(pair.ours, them(pair))
    partners.revoke_partner(pair.ours, them(pair))
    assert not prepared(pair).may.rows
    for attempt in (
        lambda: partners.verify_partner(pair.ours, them(pair), digits),
        lambda: partners.resume_partner(pair.ours, them(pair)),
        lambda: partners.suspend_partner(pair.ours, them(pair)),
    ):
        assert refusal(attempt).code.startswith("partner.not_")
    partners.add_partner(pair.ours, card, PartnerTerms(is_third_country=True))
    assert line(pair).partner.state is PartnerState.REVOKED


def test_new_card_after_a_revoked_one_is_compared_like_the_first(pair: Pair) -> None:
    renewed = replace(pair.theirs, identity=replace(pair.theirs.identity, sign_seed=bytes(32)))
    card, terms = partners.our_card(renewed), PartnerTerms(is_third_country=True)
    refused = refusal(lambda: partners.add_partner(pair.ours, card, terms))
    assert refused.code == "card.changed_keys"
    partners.revoke_partner(pair.ours, them(pair))
    partners.add_partner(pair.ours, card, terms)
    assert line(pair).partner.state is PartnerState.PENDING
    assert not prepared(pair).may.rows
    partners.verify_partner(
        pair.ours, them(pair), partners.verification_digits(pair.ours, them(pair))
    )
    assert prepared(pair).may.rows


def test_line_says_what_is_open(pair: Pair) -> None:
    assert (line(pair).unconfirmed, line(pair).missing, line(pair).notices) == (0, (), 0)
    pair.send()
    assert line(pair).unconfirmed == 1
    withdraw_consent(pair.ours, open_plan(pair.ours, pair.plan).consents[0].view.rid)
    assert line(pair).notices == 1
    told = transfer.send_notices(pair.ours, them(pair), pair.post).path
    transfer.import_bundle(pair.theirs, told, transfer.review_bundle(pair.theirs, told))
    (theirs,) = partners.list_partners(pair.theirs)
    assert theirs.waits
    lost = transfer.send_notices(pair.theirs, us(pair), pair.post).path
    lost.unlink()
    again = transfer.send_notices(pair.ours, them(pair), pair.post).path
    transfer.import_bundle(pair.theirs, again, transfer.review_bundle(pair.theirs, again))
    answer = transfer.send_notices(pair.theirs, us(pair), pair.post).path
    transfer.import_bundle(pair.ours, answer, transfer.review_bundle(pair.ours, answer))
    # what the lost file held has come by the later one, so its number is missed no more
    assert (line(pair).unconfirmed, line(pair).missing, line(pair).notices) == (0, (), 0)
