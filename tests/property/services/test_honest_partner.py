# SPDX-License-Identifier: GPL-3.0-or-later
"""Two partners of ill will and an honest one: nothing of the honest one is lost by their word."""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.integration.hostile_samples import MACHINE, WHO, Trio, hostile_trio
from tests.torture.word_of_a_file import (
    case_of,
    erased_here,
    forged_file,
    live_client,
    withdrawn,
)

from kfdesk import store_lifecycle
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.consent import is_withdrawn, withdrawal_notice
from kfdesk.domain.exchange import ControlMessages, ErasureOrder
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import partners
from kfdesk.services.exchange.partners import PartnerTerms


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Trio, Session]]:
    """Yield our desk with B and C, and D, a second partner of ill will; ids are new each time."""
    with hostile_trio(tmp_path_factory.mktemp("town")) as trio:
        folder = Path(tmp_path_factory.mktemp("fourth")) / "store"
        other = store_lifecycle.create_store(folder, "Fjärde Huset", WHO, MACHINE)
        for one, two in ((trio.ours, other), (other, trio.ours)):
            terms = PartnerTerms(is_third_country=False)
            partners.add_partner(one, partners.our_card(two), terms)
        for one, two in ((trio.ours, other), (other, trio.ours)):
            whose = two.identity.organisation
            partners.verify_partner(one, whose, partners.verification_digits(one, whose))
        yield trio, other
        other.store.close()


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_honest_case_order_and_withdrawal_come_whatever_two_others_say(
    town: tuple[Trio, Session], seed: int
) -> None:
    trio, other = town
    rng, third = random.Random(seed), trio.forger(trio.third)
    case = case_of(trio, trio.third)
    gone = replace(third.written("client", {"code": "late"}))
    order = ErasureOrder(rng.randbytes(16), gone.rid, None, ErasureReason.ERROR, 0, 1 << 16)
    told = withdrawal_notice(withdrawn(trio, case[3], trio.third))
    lies = []
    for liar in (trio.bad, other):
        parents = [erased_here(trio, liar, rng), live_client(trio, liar)]
        about = (*case, gone)
        lies += [partial(forged_file, trio, liar, about, parents, rng) for _ in range(2)]
    honest = [
        partial(third.file, case),
        partial(third.file, dealings=ControlMessages(orders=(order,))),
        partial(third.notices, [told]),
    ]
    steps = [*honest, *lies]
    rng.shuffle(steps)
    for step in steps:
        trio.take(step())
    trio.take(third.file([gone]))  # it was ordered erased before it came
    is_late = steps.index(honest[2]) < steps.index(honest[0])  # only the consent comes then
    here = trio.ours.store.tree.custodians(row.rid for row in case)
    wanted = case[3:] if is_late else case
    assert here == {row.rid: trio.third.identity.organisation for row in wanted}
    assert is_withdrawn(trio.row(case[3].rid))
    assert trio.ours.store.row(gone.rid) is None
