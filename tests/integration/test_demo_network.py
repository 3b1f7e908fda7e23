# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's network: what goes to its third desk, and how a suggestion comes back as our value."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.pair_samples import MACHINE, Pair, met_pair

from kfdesk.demo import book, network
from kfdesk.demo.network import NetworkStory
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.rows import view, view_any
from kfdesk.services.directory.networks import list_networks, list_suggestions
from kfdesk.services.exchange import transfer


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as made:
        yield made


@pytest.fixture
def begun(pair: Pair, tmp_path: Path) -> Iterator[NetworkStory]:
    partner = pair.theirs.identity.organisation
    story = network.begin_network(pair.ours, (partner,), tmp_path, MACHINE)
    yield story
    story.tartu.store.close()


def test_third_desk_gets_what_the_network_shares_and_no_more(begun: NetworkStory) -> None:
    assert network.send_first_file(begun) == {
        "network": 1, "membership": 2, "organisation": 2, "phone": 1, "contact": 1,
        "entry_check": 1,
    }  # fmt: skip
    names = {view_any(row).record.name for row in begun.tartu.store.rows("organisation")}
    assert network.HELPLINE["name"] in names
    assert network.SECRET_HOUSE["name"] not in names
    work = {"meeting", "attendance", "decision", "agreement", "agreement_party", "project",
            "activity"}  # fmt: skip
    assert {name: len(begun.tartu.store.rows(name)) for name in work} == dict.fromkeys(work, 1)
    (line,) = list_networks(begun.tartu)
    assert (line.takes_part, len(line.members)) == (True, 2)


def test_suggestion_of_the_third_desk_comes_back_as_our_value(begun: NetworkStory) -> None:
    network.send_first_file(begun)
    assert begun.hours_in_tartu() == network.HELPLINE["hours"]
    suggested, then = network.exchange_suggestion(begun)
    assert suggested == then == network.SUGGESTED[1]
    row = begun.ours.store.row(begun.helpline)
    assert row is not None
    assert view(row, Organisation).record.hours == suggested
    assert list_suggestions(begun.ours) == list_suggestions(begun.tartu) == ()


def test_article_written_apart_is_joined_as_far_as_files_can(begun: NetworkStory) -> None:
    network.send_first_file(begun)
    torn = book.write_apart(begun)
    assert (torn.joined, torn.left) == (2, 1)
    row = begun.ours.store.row(torn.text)
    assert row is not None
    assert view_any(row).conflicts == {"body"}


def test_the_other_member_gets_it_with_the_next_file_about_a_plan(
    pair: Pair, begun: NetworkStory
) -> None:
    partner = pair.theirs.identity.organisation
    assert transfer.count_common(pair.ours, partner).ready == 15
    pair.send()
    assert pair.theirs.store.row(begun.helpline) is not None
    assert transfer.count_common(pair.ours, partner).is_member
