# SPDX-License-Identifier: GPL-3.0-or-later
"""What a step of a plan needs of the directory, and why an entry fits it."""

from datetime import date

import pytest
from tests.support import make

from kfdesk.domain.codes.case import DEPARTURE_CHECK, NEED_DOMAIN
from kfdesk.domain.codes.core import NETWORKS, POPULATIONS, SERVICES
from kfdesk.domain.directory import (
    DirectoryNeed,
    MatchAspect,
    SearchQuery,
    has_directory_help,
    match_reasons,
    narrow_query,
    need_for_step,
    ranked_queries,
    required_terms,
)
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.domain.values import MissingAnswer, Translation, Value

TODAY = date(2026, 11, 20)
BARE = view(make.row("plan", {}), Plan).record
PLACE = (Translation("sv", "Pskov oblast"), Translation("ru", "Псковская область, Россия"))


def plan(**values: Value) -> Plan:
    whole: dict[str, Value] = {"from_country": "SE", "to_country": "RU", "to_place": PLACE}
    return view(make.row("plan", whole | values), Plan).record


def client(**values: Value) -> Client:
    whole: dict[str, Value] = {"languages": ("ru",), "gender": "Feminine"}
    return view(make.row("client", whole | values), Client).record


def organisation(**values: Value) -> Organisation:
    return view(make.row("organisation", values), Organisation).record


def test_aim_needs_the_part_of_her_life_that_it_is_about_where_she_goes() -> None:
    need = need_for_step("goal", plan(), client(), "legal")
    assert need == DirectoryNeed(
        ("legal",), "RU", ("ru",), ("Pskov", "Псковская", "Россия"), ("women",)
    )  # fmt: skip


@pytest.mark.parametrize("domain", NEED_DOMAIN)
def test_every_part_of_a_life_is_a_service(domain: str) -> None:
    assert need_for_step("service", plan(), client(), domain).services == (domain,)


@pytest.mark.parametrize("about", [None, MissingAnswer.UNKNOWN, "none_of_them"])
def test_aim_about_nothing_yet_needs_no_service(about: object) -> None:
    assert need_for_step("goal", plan(), client(), about).services == ()


@pytest.mark.parametrize("step", ["client", "legal_status", "check.documents"])
def test_what_is_done_before_she_leaves_is_needed_where_she_is(step: str) -> None:
    assert need_for_step(step, plan(), client()).country == "SE"
    assert need_for_step(step, plan(), client()).towns == ()
    assert need_for_step(step, plan(state="arrived"), client()).country == "RU"


def test_reception_and_journey_are_about_where_she_goes() -> None:
    for step in ("reception", "leg", "risk_assessment"):
        need = need_for_step(step, plan(), client())
        assert (need.country, need.towns[0]) == ("RU", "Pskov")
        assert need.services


def test_nothing_known_of_her_needs_nothing_of_anybody() -> None:
    need = need_for_step("note", BARE, client(languages=MissingAnswer.DECLINED, gender=None))
    assert need == DirectoryNeed()
    assert need.networks == ()
    assert required_terms(need) == ()
    assert narrow_query(SearchQuery(), need, TODAY).words == ()


@pytest.mark.parametrize(
    ("values", "for_whom"),
    [
        ({}, ("women",)),
        ({"age_band": "age_9_17"}, ("girls",)),
        ({"gender": "Masculine", "age_band": "age_0_8"}, ("boys",)),
        ({"gender": "TransgenderMasculine"}, ("lgbti",)),
        ({"gender": None, "number_of_children": 2}, ("families",)),
        ({"gender": "NonSpecifiedUnknown", "number_of_children": 0}, ()),
    ],
)
def test_for_whom_follows_from_who_she_is(
    values: dict[str, Value], for_whom: tuple[str, ...]
) -> None:
    assert need_for_step("leg", plan(), client(**values)).populations == for_whom


def test_for_whom_follows_from_what_was_done_to_her_each_once() -> None:
    kinds = ("SexualExploitation", "ForcedLabour", "Servitude", "OrganRemoval")
    need = need_for_step("leg", plan(type_of_exploitation=kinds), client(gender=None))
    assert need.populations == ("sexual", "labour")


def test_every_code_is_one_of_the_directory() -> None:
    steps = (*(f"check.{one}" for one in DEPARTURE_CHECK), "client", "reception", "plan", "leg")
    for step in steps:
        assert set(need_for_step(step, plan(), client()).services) <= SERVICES.keys()
        assert has_directory_help(step) == bool(need_for_step(step, plan(), client()).services)
    for country in ("SE", "RU", "EE", "NO", "MD"):
        assert set(DirectoryNeed(country=country).networks) <= NETWORKS.keys()
    assert {"sexual", "labour", "women"} <= POPULATIONS.keys()


def test_networks_are_those_that_reach_there_and_the_world_last() -> None:
    assert DirectoryNeed(country="RU").networks == ("angel_coalition", "baltic_partners", "global")
    assert DirectoryNeed(country="SE").networks[0] == "contact_network_se"
    assert DirectoryNeed(country="EE").networks == ("baltic_partners", "cbss_trm", "global")
    assert DirectoryNeed(country="MD").networks == ("global",)


def test_ranks_stand_in_the_order_of_the_aspects_and_leave_out_what_does_not_matter() -> None:
    need = need_for_step("goal", plan(), client(), "legal")
    found = ranked_queries(need, TODAY)
    assert len(found) == len(MatchAspect)
    assert found[0].words == (("@services_legal",),)
    assert found[1].words == (("@country_ru",),)
    assert found[5] == SearchQuery(since="2025-11-21")
    assert [one.since for one in ranked_queries(DirectoryNeed(), TODAY)] == ["2025-11-21"]


def test_narrowed_asks_for_one_of_the_services_and_keeps_what_was_typed() -> None:
    sought = narrow_query(SearchQuery((("anna",),)), DirectoryNeed(("legal", "safety")), TODAY)
    assert sought.words == (("anna",), ("@services_legal", "@services_safety"))
    assert sought.ranks == ranked_queries(
        DirectoryNeed(), TODAY
    )  # by what all of them do nobody stands above


def test_reasons_name_all_that_fits_in_its_order_and_nothing_else() -> None:
    need = need_for_step("goal", plan(), client(), "legal")
    entry = organisation(
        name="Ett hus", country="RU", city="Псков", languages=("en", "ru"), services=("legal",),
        populations=("women", "men"), networks=("angel_coalition",),
        verification="verified_by_call", checked=date(2026, 9, 2),
    )  # fmt: skip
    assert list(match_reasons(entry, need, TODAY)) == [
        (MatchAspect.SERVICES, ("legal",)),
        (MatchAspect.COUNTRY, ("RU",)),
        (MatchAspect.LANGUAGES, ("ru",)),
        (MatchAspect.TOWN, ("Псков",)),
        (MatchAspect.POPULATIONS, ("women",)),
        (MatchAspect.CHECKED, ()),
        (MatchAspect.NETWORKS, ("angel_coalition",)),
    ]
    other = organisation(name="Ett hus", country="SE", languages=MissingAnswer.UNKNOWN, city="Umeå")
    assert list(match_reasons(other, need, TODAY)) == []
    assert list(match_reasons(organisation(), DirectoryNeed(), TODAY)) == []


def test_town_may_stand_in_the_name_alone() -> None:
    need = need_for_step("reception", plan(), client())
    named = organisation(name="Pskov crisis centre")
    assert list(match_reasons(named, need, TODAY)) == [(MatchAspect.TOWN, ("Pskov crisis centre",))]
