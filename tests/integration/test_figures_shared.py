# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures among the members of a network: each has its own word, and nobody learns who counted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import begin_network, send
from tests.integration.pair_samples import refusal
from tests.support import make
from tests.support.figure_samples import add_clients, asked

from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks
from kfdesk.services.figures.estimates import add_estimate, list_estimates
from kfdesk.services.figures.releases import (
    attack_figures,
    freeze_release,
    list_releases,
    preview_figures,
)

SORTS = ("figures",)


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def share(trio: Trio, *there: Session, shares: tuple[str, ...] = SORTS) -> None:
    begun = begin_network(trio.ours, *there, shares=shares)
    for desk in there:
        trio.take(send(trio, trio.ours, desk), desk)
        networks.share_in_network(desk, begun, shares)


def test_members_get_a_release_and_others_do_not(trio: Trio) -> None:
    share(trio, trio.bad)
    add_clients(trio.ours, 25)
    rid = freeze_release(trio.ours, asked("age"))
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert refusal(lambda: send(trio, trio.ours, trio.third)).code == "exchange.nothing_new"
    (there,) = list_releases(trio.bad)
    assert (there.view.rid, there.is_ours, there.custodian) == (rid, False, trio.ours.identity.name)
    assert there.figures is not None
    assert there.figures.total == 25
    assert attack_figures(trio.bad, rid) == ()
    assert list_releases(trio.third) == ()
    assert not trio.bad.store.counted.knows(rid), "who was counted never leaves"


def test_a_network_that_shares_other_things_does_not_share_figures(trio: Trio) -> None:
    share(trio, trio.bad, shares=("directory",))
    add_clients(trio.ours, 25)
    freeze_release(trio.ours, asked("age"))
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert list_releases(trio.bad) == ()


def test_releases_of_others_do_not_count_as_ours(trio: Trio) -> None:
    share(trio, trio.bad)
    add_clients(trio.ours, 25)
    freeze_release(trio.ours, asked("age"))
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    add_clients(trio.bad, 14)
    assert preview_figures(trio.bad, asked("age")).total == 14


def test_estimates_go_along(trio: Trio) -> None:
    share(trio, trio.bad)
    add_estimate(trio.ours, {"point": 300, "publisher": "Polis", "source_title": "Rapport"})
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    (line,) = list_estimates(trio.bad)
    assert (line.record.point, line.is_ours) == (300, False)


def test_nobody_writes_in_our_release_or_brings_one_of_a_third(trio: Trio) -> None:
    share(trio, trio.bad)
    add_clients(trio.ours, 25)
    rid = freeze_release(trio.ours, asked("age"))
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    forger = trio.forger(trio.bad)
    row = trio.row(rid)
    changed = forger.changed(row, {"total": "14"})
    third = make.row("figure_release", custodian=trio.third.identity.organisation)
    for odd in (changed, third):
        trio.take(forger.file([odd]))
    assert trio.row(rid).state == row.state
    assert [one.view.rid for one in list_releases(trio.ours)] == [rid]
