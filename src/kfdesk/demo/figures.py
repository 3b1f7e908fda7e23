# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's figures: the desk in Tartu releases its year, and three desks add up theirs.

We take over what others estimate, too.

Its clients are invented like everybody here. What comes to us is the release, and nothing about
anybody in it. Everything goes through the services, as in `story.py`.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

from kfdesk import store_lifecycle
from kfdesk.demo.network import NetworkStory, know_each_other
from kfdesk.demo.people import Values, consent_to_case_work, localized
from kfdesk.demo.story import NARVA
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.records.client import Client, Consent
from kfdesk.domain.records.directory import Membership
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.schema import DataGroup
from kfdesk.environment import Environment
from kfdesk.services.core.records import create_record, undo_all
from kfdesk.services.core.session import Session
from kfdesk.services.directory.networks import list_networks, share_in_network
from kfdesk.services.figures.case_data import export_case_data
from kfdesk.services.figures.case_import import (
    import_cases,
    preview_case_import,
    read_case_file,
)
from kfdesk.services.figures.estimates import (
    add_estimate,
    add_publication,
    estimate_values,
    shipped_estimates,
)
from kfdesk.services.figures.releases import FigureQuestion, freeze_release, list_releases
from kfdesk.services.figures.sums import add_up, answer_sum, begin_sum, release_sum
from kfdesk.services.plans.case import create_plan
from kfdesk.services.plans.plans import load_case

_GROUPS: Sequence[tuple[int, Values]] = (
    (14, {"gender": "Feminine", "age_band": "age_21_23", "citizenship": ("LV",)}),
    (12, {"gender": "Feminine", "age_band": "age_30_38", "citizenship": ("UA",)}),
    (11, {"gender": "Masculine", "age_band": "age_39_47", "citizenship": ("UA",)}),
)
NARVA_HOUSE = "Näidiskodu Narvas"
NARVA_WORKER = Credentials("LT", "kask jõgi lamp sild torn vihm")
_HERS: Values = {
    "given_name": "Jana", "gender": "Feminine", "age_band": "age_24_26", "age_disputed": False,
    "languages": ("lv", "ru"), "citizenship": ("LV",), "number_of_children": 1,
}  # fmt: skip
_HISTORY: Values = {
    "type_of_exploitation": ("ForcedLabour",), "methods_of_control": ("WithholdsDocuments",),
    "method_of_recruitment": ("ThroughAnOnlineAdvertisement",), "country_of_recruitment": "LV",
    "forced_labour_industry": "N_AdministrativeAndSupportServiceActivities",
}  # fmt: skip
_SHARES = ("directory", "network_work", "figures")
_REPORT: Values = {
    "title": localized("Vårt första år", "Наш первый год", "Our first year"),
    "kind": "report",
    "abstract": localized(
        "Ingen reste ensam. Alla möttes av någon.",
        "Никто не ехал один. Каждого кто-то встретил.",
        "No one travelled alone. Everyone was met by someone.",
    ),
}


def release_in_tartu(story: NetworkStory) -> tuple[int | None, Sequence[str]]:
    """Let Tartu release its last year, and send it to us.

    Return the clients in all, and the rows of the tables that we have then.
    """
    year = story.tartu.adapters.clock.now().year - 1
    for count, values in _GROUPS:
        for _ in range(count):
            client = create_record(story.tartu, Client, values)
            create_record(story.tartu, Plan, {"opened": date(year, 5, 1)}, client)
    period = FigurePeriod.parse(str(year))
    freeze_release(
        story.tartu, FigureQuestion("new_clients", period, ("sex", "age", "citizenship"))
    )
    (line,) = list_networks(story.tartu)
    share_in_network(story.tartu, line.view.rid, _SHARES)
    story.pass_file(story.tartu, story.ours)
    (held,) = list_releases(story.ours)
    figures = held.figures
    assert figures is not None
    rows = [f"{' '.join(key)} {n}" for table in figures.tables for key, n in table.cells.items()]
    return figures.total, rows


def add_up_with_two(
    story: NetworkStory, folder: Path, machine: Environment
) -> tuple[int | None, int]:
    """Add up the clients of three desks of two years ago, by ordinary files.

    Return the sum, and how many shares came here: one of three from each of the others.
    """
    narva = store_lifecycle.create_store(folder / NARVA, NARVA_HOUSE, NARVA_WORKER, machine)
    desks, there = (story.ours, story.tartu, narva), narva.identity.organisation
    for desk in desks[:2]:
        know_each_other(desk, narva)
    (line,) = list_networks(story.ours)
    network = line.view.rid
    create_record(story.ours, Membership, {"organisation": there.hex(), "role": "member"}, network)
    for desk, count in ((story.tartu, 9), (narva, 8)):
        story.pass_file(story.ours, desk)
        share_in_network(desk, network, ("figures",))
        year = desk.adapters.clock.now().year - 2
        for _ in range(count):
            client = create_record(desk, Client, _GROUPS[0][1])
            create_record(desk, Plan, {"opened": date(year, 5, 1)}, client)
    today = story.ours.adapters.clock.now().date()
    question = FigureQuestion("new_clients", FigurePeriod.parse(str(today.year - 2)))
    members = (story.tartu.identity.organisation, there)
    rid = begin_sum(story.ours, network, question, members, today + timedelta(days=30))
    for desk in desks[1:]:
        story.pass_file(story.ours, desk)
    for desk in desks:
        answer_sum(desk, rid)
    for sender, receiver in permutations(desks, 2):
        story.pass_file(sender, receiver)
    for desk in desks:
        add_up(desk, rid)
    for desk in desks[1:]:
        story.pass_file(desk, story.ours)
    release_sum(story.ours, rid)
    newest = max(list_releases(story.ours), key=lambda one: one.is_ours)
    shares = story.ours.store.rows_below("sum_share", rid)
    came = sum(one.custodian != story.ours.identity.organisation for one in shares)
    narva.store.close()
    return newest.figures.total if newest.figures is not None else None, came


def begin_report(desk: Session, resources: Path) -> int:
    """Take over the estimates that come with the program, and begin a year report; count them."""
    taken = shipped_estimates(resources)
    for one in taken:
        add_estimate(desk, estimate_values(one))
    year = desk.adapters.clock.now().year - 1
    add_publication(desk, {**_REPORT, "about_year": year, "publisher": desk.identity.name})
    return len(taken)


def pass_case_data(story: NetworkStory) -> tuple[int, int, int]:
    """Let Tartu save case data of a client who agreed, and look at the sheet with us.

    Return the columns that are filled, the details that stayed in Tartu, and the clients that the
    sheet would add here. It is imported as a draft, and taken back.
    """
    tartu, ours = story.tartu, story.ours.identity.organisation
    plan, _ = create_plan(tartu, _HERS, _HISTORY)
    client = load_case(tartu, plan).client.rid
    agreed = consent_to_case_work(tartu.adapters.clock.now(), ours.hex())
    groups = (DataGroup.IDENTITY, DataGroup.EXPLOITATION_HISTORY)
    create_record(tartu, Consent, {**agreed, "groups": groups}, client)
    path = story.post.parent / "cases.xlsx"
    (given,) = export_case_data(tartu, [plan], ours, path)
    preview = preview_case_import(story.ours, read_case_file(path))
    done = import_cases(story.ours, preview)
    undo_all(story.ours, done.done)
    path.unlink()
    return len(given.filled), given.withheld, len(done.plans)
