# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's figures: a release comes from the third desk, and nothing of its clients does."""

from pathlib import Path

from tests.integration.pair_samples import MACHINE, met_pair

from kfdesk.demo import figures, network
from kfdesk.domain.registers import is_deleted
from kfdesk.services.figures.estimates import list_estimates, list_publications
from kfdesk.services.figures.releases import attack_figures, list_releases

RESOURCES = Path(__file__).parents[2] / "resources"


def test_a_release_and_the_estimates_are_in_the_demo(tmp_path: Path) -> None:
    with met_pair(tmp_path) as pair:
        partner = pair.theirs.identity.organisation
        story = network.begin_network(pair.ours, (partner,), tmp_path, MACHINE)
        network.send_first_file(story)
        clients = {row.rid for row in pair.ours.store.rows("client")}
        total, rows = figures.release_in_tartu(story)
        assert (total, len(rows)) == (37, 7)
        (held,) = list_releases(pair.ours)
        assert held.custodian == network.TARTU_HOUSE
        assert attack_figures(pair.ours, held.view.rid) == ()
        assert {row.rid for row in pair.ours.store.rows("client")} == clients
        assert figures.add_up_with_two(story, tmp_path, MACHINE) == (17, 2)
        assert {row.rid for row in pair.ours.store.rows("client")} == clients
        assert figures.begin_report(pair.ours, RESOURCES) == 10
        assert len(list_estimates(pair.ours)) == 10
        (report,) = list_publications(pair.ours)
        assert report.view.record.publisher == pair.ours.identity.name
        filled, withheld, new = figures.pass_case_data(story)
        assert (filled, withheld, new) == (13, 2, 1), "her child and the status of the plan stay"
        there = {row.rid for row in pair.ours.store.rows("client") if not is_deleted(row.state)}
        assert there == clients, "the import was taken back"
        story.tartu.store.close()
