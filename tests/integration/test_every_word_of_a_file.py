# SPDX-License-Identifier: GPL-3.0-or-later
"""Every record type × every false claim, and each kind of message: no lasting table changes.

B has valid keys. What it says of an id that is ours, or bound to C, is refused, whatever the type
of the record. A message that does not fit is counted and changes nothing of anybody else's.
"""

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.support.lasting import differing, lasting_rows
from tests.support.make import FILLED
from tests.torture.word_of_a_file import erased_here, live_client, withdrawn

from kfdesk.demo import people
from kfdesk.domain.authority import make_record_id
from kfdesk.domain.consent import withdrawal_notice
from kfdesk.domain.exchange import (
    ControlMessages,
    Countersignature,
    ErasureOutcome,
    ErasureReceipt,
    KeyRevocation,
    Provenance,
    ResendRequest,
)
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import live_writes
from kfdesk.domain.rows import Row
from kfdesk.services.exchange import partners
from kfdesk.services.exchange.import_policy import ImportPolicy


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Trio, bytes, bytes]]:
    """Yield three desks, an erased id and a live client of B: no test may change any of it."""
    with hostile_trio(tmp_path_factory.mktemp("words")) as trio:
        rng = random.Random("every word")
        yield trio, erased_here(trio, trio.bad, rng), live_client(trio, trio.bad)


def claim(trio: Trio, name: str, above: bytes | None, whose: bytes, rid: bytes) -> Row:
    """Return a record of this type that names another's id, as its own or as theirs."""
    values = FILLED.get(name, {})
    if name == "consent":  # one without a recipient is not sent at all
        now, ours = trio.ours.adapters.clock.now(), trio.ours.identity.organisation
        values = people.reception_consent(now, ours.hex())
    row = trio.forger(trio.bad).written(name, values, rid=rid)
    return replace(row, parent=above, custodian=whose)


@pytest.mark.parametrize("name", sorted(RECORD_TYPES))
def test_no_type_of_record_says_anything_of_another_houses_id(
    stage: tuple[Trio, bytes, bytes], name: str
) -> None:
    trio, erased, own = stage
    bad, third = (one.identity.organisation for one in (trio.bad, trio.third))
    ours = trio.ours.identity.organisation
    client = trio.row(trio.plan).parent
    assert client is not None
    consent = next(row for row in trio.ours.store.children(client) if row.type == "consent")
    live = [client, trio.plan, *trio.legs, consent.rid]
    bound = make_record_id(third, os.urandom(8))
    claims = [
        claim(trio, name, above, whose, rid)
        for above in (erased, own, trio.plan, None)
        for whose, rid in ((bad, bound), (bad, ours), *((bad, one) for one in live))
    ]
    claims += [claim(trio, name, erased, third, make_record_id(third, os.urandom(8)))]
    before = lasting_rows(trio.ours)
    for row in claims:
        review = trio.take(trio.forger(trio.bad).file([row]))
        assert review.needs_look or review.refused, (row.rid, row.parent, row.custodian)
    assert differing(before, lasting_rows(trio.ours)) == []


def _receipts(trio: Trio) -> ControlMessages:
    return ControlMessages(
        receipts=tuple(ErasureReceipt(os.urandom(16), one, 1 << 16) for one in ErasureOutcome)
    )


def _provenance(trio: Trio) -> ControlMessages:
    row = trio.row(trio.plan)
    third = trio.third.identity.organisation
    wrote = frozenset(write[:2] for write in live_writes(row.state))
    return ControlMessages(provenance=(Provenance(row.rid, third, wrote),))


def _countersigned(trio: Trio) -> ControlMessages:
    card = partners.our_card(trio.third)
    return ControlMessages(countersigned=(Countersignature(card, "C", 20_000, os.urandom(64)),))


def _revoked(trio: Trio) -> ControlMessages:
    return ControlMessages(revoked=(KeyRevocation(os.urandom(32), 1 << 16),))


def _resends(trio: Trio) -> ControlMessages:
    return ControlMessages(resends=(ResendRequest(os.urandom(16), 1, 3),))


def _cards(trio: Trio) -> ControlMessages:
    return ControlMessages(cards=(partners.our_card(trio.ours), os.urandom(200)))


@pytest.mark.parametrize(
    "said", [_receipts, _provenance, _countersigned, _revoked, _resends, _cards]
)
def test_message_that_is_not_the_senders_to_give_changes_nothing(
    stage: tuple[Trio, bytes, bytes], said: Callable[[Trio], ControlMessages]
) -> None:
    trio = stage[0]
    before = lasting_rows(trio.ours)
    trio.take(trio.forger(trio.bad).file(dealings=said(trio)))
    assert differing(before, lasting_rows(trio.ours)) == []


def test_notice_of_a_consent_that_is_not_the_senders_changes_nothing(
    stage: tuple[Trio, bytes, bytes],
) -> None:
    trio, erased, own = stage
    bad, third = (one.identity.organisation for one in (trio.bad, trio.third))
    client = trio.row(trio.plan).parent
    assert client is not None
    real = next(row for row in trio.ours.store.children(client) if row.type == "consent")
    consent = replace(real, rid=make_record_id(third, os.urandom(8)))
    before = lasting_rows(trio.ours)
    for above in (erased, own):
        for whose in (bad, third):
            claimed = replace(consent, parent=above, custodian=whose)
            notice = withdrawal_notice(withdrawn(trio, claimed, trio.bad))
            trio.take(trio.forger(trio.bad).notices([notice]))
    assert differing(before, lasting_rows(trio.ours)) == []


def test_rule_that_is_taken_away_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImportPolicy, "_claim", lambda *_: None)
    with hostile_trio(tmp_path) as trio:
        third = trio.third.identity.organisation
        bound, bad = make_record_id(third, os.urandom(8)), trio.bad.identity.organisation
        before = lasting_rows(trio.ours)
        trio.take(trio.forger(trio.bad).file([claim(trio, "client", None, bad, bound)]))
        changed = differing(before, lasting_rows(trio.ours))
        assert any(told.startswith("record_client") for told in changed)
