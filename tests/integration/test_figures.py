# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of a real desk: who is counted, what is released, and what cannot be worked out."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.integration.pair_samples import refusal
from tests.support.figure_samples import IN_MARCH, QUARTER, YEAR, add_below, add_clients, asked, on

from kfdesk.domain.accounts import Role
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.papers import ReportLine
from kfdesk.domain.records.network import Activity, Project
from kfdesk.domain.rows import encode_changes, seen_writes
from kfdesk.domain.values import MissingAnswer, PartialDate, Translation, Value
from kfdesk.i18n.language import Language
from kfdesk.services.core.records import change_record, create_record, delete_record, put_changed
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.figures.estimates import (
    add_estimate,
    add_publication,
    change_estimate,
    change_publication,
    delete_figure_record,
    list_estimates,
    list_publications,
    shipped_estimates,
)
from kfdesk.services.figures.files import release_csv
from kfdesk.services.figures.populations import read_counted_store
from kfdesk.services.figures.releases import (
    FigureQuestion,
    attack_figures,
    freeze_release,
    list_releases,
    preview_figures,
    read_release,
)
from kfdesk.services.papers.figure_papers import report_lines
from kfdesk.storage.figures import CountedClients

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
TRANSLATIONS = RESOURCES.parent / "translations"
ENGLISH = Language("en", TRANSLATIONS)


def counted(desk: Session, population: str, period: FigurePeriod = YEAR) -> frozenset[bytes]:
    return read_counted_store(desk).population(population, period)


# --- who is counted


def test_each_population_counts_what_it_says(desk: Session) -> None:
    new, old, away, late = (
        add_clients(desk, 1, opened=day)[0]
        for day in (IN_MARCH, date(2024, 2, 1), date(2023, 1, 1), date(2026, 1, 1))
    )
    add_below(desk, old, "transition", to_state="arrived", happened=on(date(2025, 2, 1)))
    add_below(desk, old, "follow_up", happened=on(date(2025, 6, 1)), result="reached")
    add_below(desk, new, "follow_up", happened=on(date(2025, 6, 1)), result="not_reached")
    add_below(desk, old, "transition", to_state="closed", happened=on(date(2025, 12, 31)))
    add_below(desk, away, "transition", to_state="closed", happened=on(date(2024, 12, 31)))
    assert counted(desk, "new_clients") == {new}
    assert counted(desk, "in_care") == {new, old}
    assert counted(desk, "returned") == counted(desk, "followed_up") == {old}
    assert counted(desk, "ended") == {old}
    assert counted(desk, "returned", FigurePeriod.parse("2025-Q2")) == frozenset()
    assert late not in counted(desk, "in_care")


def test_a_client_counts_once_and_only_if_her_plan_is_ours(desk: Session) -> None:
    (client,) = add_clients(desk, 1)
    again = desk.new_row("plan", client)
    with desk.store.transaction():
        put_changed(desk, again, encode_changes("plan", {"opened": date(2025, 9, 1)}), ())
    add_clients(desk, 1, {"closure_reason": "duplicate_record"})
    (binned,) = add_clients(desk, 1)
    delete_record(desk, binned)
    assert counted(desk, "new_clients") == {client}
    assert counted(desk, "new_clients", FigurePeriod.parse("2025-Q3")) == frozenset()


def test_a_plan_that_was_opened_again_counts_once(desk: Session) -> None:
    (client,) = add_clients(desk, 1)
    for state, month in (("closed", 4), ("aftercare", 5), ("closed", 9)):
        day = on(date(2025, month, 1))
        add_below(desk, client, "transition", to_state=state, happened=day)
    assert counted(desk, "ended") == counted(desk, "in_care") == {client}
    add_clients(desk, 13)
    assert preview_figures(desk, asked(population="in_care")).total == 14


def test_a_day_that_is_not_known_lies_only_where_all_of_it_does(desk: Session) -> None:
    (march,) = add_clients(desk, 1, {"opened": PartialDate("2025-03")})
    (year,) = add_clients(desk, 1, {"opened": PartialDate("2025")})
    add_clients(desk, 1, {"opened": MissingAnswer.UNKNOWN})
    assert counted(desk, "new_clients", QUARTER) == {march}
    assert counted(desk, "new_clients") == {march, year}


def test_categories_of_a_client(desk: Session) -> None:
    (plain,) = add_clients(desk, 1)
    (odd,) = add_clients(
        desk, 1, {"type_of_exploitation": ("ForcedLabour", "Servitude"), "to_country": None},
        gender=None, birth_date=None, age_band="age_9_17", citizenship=("EE", "RU"),
    )  # fmt: skip
    values = read_counted_store(desk).values((plain, odd))
    assert values[plain] == ("women", "age_21_23", "EE", "ForcedLabour", "EE", "unknown")
    assert values[odd] == ("other_sex", "age_9_17", "unknown", "several", "unknown", "unknown")


# --- medians


def returned(desk: Session, days: list[int]) -> list[bytes]:
    """Enter clients who arrived home so many days after their plan began."""
    people = add_clients(desk, len(days))
    for client, later in zip(people, days, strict=True):
        home = on(IN_MARCH + timedelta(days=later))
        add_below(desk, client, "transition", to_state="arrived", happened=home)
    return people


HOME = asked("sex", population="returned")


def test_a_median_is_of_eleven_and_in_weeks(desk: Session) -> None:
    people = returned(desk, [20, 25, 30, 40, 45, 50, 55, 60, 70, 90])
    assert preview_figures(desk, HOME).median is None
    returned(desk, [51])
    found = preview_figures(desk, HOME)
    assert (found.total, found.median) == (11, 7)
    rid = freeze_release(desk, HOME)
    assert "Weeks from the beginning of the plan to arrival, median: 7" in release_csv(
        desk, rid, ENGLISH
    )
    details = read_release(desk, rid)
    assert details.figures is not None
    assert details.figures.median == 7
    change_record(desk, plan_of(desk, people[0]), {"opened": PartialDate("2025-03")})
    assert preview_figures(desk, HOME).median is None, "of ten it is known exactly"


def plan_of(desk: Session, client: bytes) -> bytes:
    return next(row.rid for row in desk.store.children(client) if row.type == "plan")


def test_a_median_is_not_told_again_after_other_people_or_data(desk: Session) -> None:
    people = returned(desk, [20] * 6 + [60] * 6)
    freeze_release(desk, asked(population="returned"))
    assert preview_figures(desk, HOME).median == 6
    for client in people[6:]:
        change_record(desk, plan_of(desk, client), {"opened": IN_MARCH + timedelta(days=30)})
    assert preview_figures(desk, HOME).median is None
    returned(desk, [90] * 11)
    found = preview_figures(desk, HOME)
    assert (found.total, found.median) == (23, None)


def test_each_duration_is_between_its_own_two_days(desk: Session) -> None:
    (client,) = returned(desk, [10])
    add_below(desk, client, "follow_up", happened=on(IN_MARCH + timedelta(17)), result="reached")
    add_below(
        desk, client, "transition", to_state="closed", happened=on(IN_MARCH + timedelta(days=40))
    )
    store = read_counted_store(desk)
    found = {
        name: store.durations(name, YEAR, [client])
        for name in ("returned", "followed_up", "ended", "in_care")
    }
    assert found == {"returned": [10], "followed_up": [7], "ended": [40], "in_care": []}
    assert store.durations("returned", FigurePeriod.parse("2025-Q4"), [client]) == []


# --- releases


def test_nine_clients_tell_no_number_anywhere(desk: Session) -> None:
    add_clients(desk, 9)
    found = preview_figures(desk, asked("sex", "age"))
    assert (found.total, found.tables) == (None, ())
    rid = freeze_release(desk, asked("sex", "age"))
    said = release_csv(desk, rid, ENGLISH)
    assert "Fewer than 11 clients" in said
    add_clients(desk, 1)  # the same words for ten, so they tell nothing of nine
    rid_of_ten = freeze_release(desk, asked("sex", "age"))
    assert release_csv(desk, rid_of_ten, ENGLISH) == said


def test_one_client_more_is_refused_and_eleven_more_are_allowed(desk: Session) -> None:
    add_clients(desk, 14)
    freeze_release(desk, asked("citizenship", period=QUARTER))
    add_clients(desk, 1)
    again = refusal(lambda: freeze_release(desk, asked("citizenship", period=QUARTER)))
    assert again.code == "figures.difference"
    assert refusal(lambda: preview_figures(desk, asked("sex"))).code == "figures.difference"
    add_clients(desk, 10)
    found = preview_figures(desk, asked("citizenship"))
    assert found.total == 25
    rid = freeze_release(desk, asked("citizenship", period=QUARTER))
    assert attack_figures(desk, rid) == ()


def test_a_year_tells_no_more_of_halves_that_are_fewer_than_eleven(desk: Session) -> None:
    halves = [FigurePeriod.parse(f"2025-H{number}") for number in (1, 2)]
    for half in halves:
        add_clients(desk, 10, opened=half.first)
        freeze_release(desk, asked("sex", period=half))
    code = refusal(lambda: freeze_release(desk, asked("sex"))).code
    assert code == "figures.difference", "20 would say that each half has 10"
    add_clients(desk, 5, {"opened": PartialDate("2025")})
    year = freeze_release(desk, asked())
    assert read_release(desk, year).figures is not None


def test_a_year_that_says_little_of_its_halves_may_be_released(desk: Session) -> None:
    for month, count in ((2, 5), (8, 6)):
        add_clients(desk, count, opened=date(2025, month, 1))
    for half in ("2025-H1", "2025-H2"):
        freeze_release(desk, asked(period=FigurePeriod.parse(half)))
    year = freeze_release(desk, asked("sex"))
    assert attack_figures(desk, year) == ()


@pytest.mark.parametrize("code", ["a|b", "a\nwomen=99", "@sex.0", "=HYPERLINK(1)", "x=5"])
def test_text_in_place_of_a_code_breaks_no_release(desk: Session, code: str) -> None:
    """A partner may write it: then nothing more could be released."""
    add_clients(desk, 12, {"type_of_exploitation": (code,), "closure_reason": code})
    add_clients(desk, 12)
    for question in (asked("exploitation", "sex"), asked("ended_by", population="in_care")):
        rid = freeze_release(desk, question)
        assert read_release(desk, rid).figures is not None
        assert code not in release_csv(desk, rid, ENGLISH)
    assert preview_figures(desk, asked("age")).total == 24


def test_a_release_is_as_it_was_made(desk: Session) -> None:
    people = add_clients(desk, 14) + add_clients(desk, 12, gender="Masculine")
    rid = freeze_release(desk, asked("sex"))
    for client in people[:3]:
        change_record(desk, client, {"gender": "Masculine"})
    details = read_release(desk, rid)
    assert details.figures is not None
    assert details.figures.tables[0].cells == {("women",): 14, ("men",): 12}
    assert [one.view.record.number for one in list_releases(desk)] == [1]
    changed = preview_figures(desk, asked("sex", "age"))
    assert [table.variables for table in changed.tables] == [("age",)]


def test_a_correction_names_what_it_corrects(desk: Session) -> None:
    add_clients(desk, 14)
    first = freeze_release(desk, asked("age"))
    add_clients(desk, 11)
    second = freeze_release(desk, asked("age"), corrects=first)
    assert read_release(desk, second).view.record.corrects == first.hex()
    other = asked("age", population="in_care")
    assert refusal(lambda: freeze_release(desk, other, first)).code == "figures.not_same"


def test_erasing_a_client_takes_her_hash_and_leaves_the_release(desk: Session) -> None:
    people = add_clients(desk, 25)
    rid = freeze_release(desk, asked("age"))
    before = desk.store.setting(f"figures.{rid.hex()}") or b""
    assert all(client not in before for client in people), "hashes, and no ids"
    assert desk.store.counted.counted(rid, people)[1] == 25
    erase_client(desk, people[0], ErasureReason.CLIENT_REQUEST)
    members, kept = desk.store.counted.counted(rid, people)
    assert (len(members), kept) == (24, 24)
    assert len(desk.store.setting(f"figures.{rid.hex()}") or b"") == len(before) - 16
    details = read_release(desk, rid)
    assert details.figures is not None
    assert details.figures.total == 25
    assert refusal(lambda: preview_figures(desk, asked("age"))).code == "figures.difference"


def test_a_release_of_another_computer_is_not_compared(desk: Session) -> None:
    add_clients(desk, 25)
    rid = freeze_release(desk, asked("age"))
    with desk.store.transaction():
        desk.store.set_setting("figure_key", bytes(32))
    assert not desk.store.counted.knows(rid)
    assert refusal(lambda: preview_figures(desk, asked("age"))).code == "figures.elsewhere"
    with pytest.raises(KeyError):
        desk.store.counted.counted(bytes(16), ())


def test_hashes_need_the_key_of_the_store(desk: Session) -> None:
    first, second = CountedClients(desk.store._connection), bytes(range(16))
    with desk.store.transaction():
        first.forget([second])
        first.keep(b"r" * 16, [second], desk.adapters.random)
    assert first.counted(b"r" * 16, [second, bytes(16)]) == (frozenset({second}), 1)


def test_questions_that_are_refused(desk: Session) -> None:
    add_clients(desk, 25)
    year = desk.adapters.clock.now().year
    for code, question in (
        ("figures.period_open", asked(period=FigurePeriod.parse(str(year)))),
        ("figures.period_open", asked(period=FigurePeriod.parse(str(year + 1)))),
        ("figures.population", asked(population="everybody")),
        ("figures.least", FigureQuestion("new_clients", YEAR, ("sex",), least=3)),
        ("figures.variables", asked("shoes")),
        ("figures.nothing", asked(population="returned")),
    ):
        assert refusal(lambda q=question: freeze_release(desk, q)).code == code, code


def test_only_who_has_the_right_counts_and_releases(desk: Session) -> None:
    add_clients(desk, 25)
    reader = replace(desk, roles=frozenset({Role.STATISTICS_READER}))
    assert preview_figures(reader, asked("age")).total == 25
    assert refusal(lambda: freeze_release(reader, asked("age"))).code == "user.not_allowed"
    worker = replace(desk, roles=frozenset({Role.SHELTER_WORKER}))
    assert refusal(lambda: preview_figures(worker, asked("age"))).code == "user.not_allowed"
    lead = replace(desk, roles=frozenset({Role.DATA_PROTECTION_LEAD}))
    assert read_release(lead, freeze_release(lead, asked("age"))).is_ours


def test_a_release_is_written_by_nothing_else(desk: Session) -> None:
    add_clients(desk, 25)
    rid = freeze_release(desk, asked("age"))
    for action in (
        lambda: change_record(desk, rid, {"total": "26"}),
        lambda: delete_record(desk, rid),
        lambda: delete_figure_record(desk, rid),
    ):
        assert refusal(action).code in ("record.guarded", "record.missing")


def test_a_release_of_others_that_cannot_be_read_is_shown_as_such(desk: Session) -> None:
    add_clients(desk, 25)
    rid = freeze_release(desk, asked("age"))
    row = desk.store.row(rid)
    assert row is not None
    odd: tuple[dict[str, Value], ...] = (
        {"total": "many"}, {"total": "26", "cells": "@shoes.0"}, {"total": None, "cells": "@age.0"},
        {"least": 0, "total": "25"}, {"period_to": date(2025, 2, 3), "least": 11},
        {"period_to": None},
    )  # fmt: skip
    for values in odd:
        with desk.store.transaction():
            put_changed(desk, row, encode_changes("figure_release", values), seen_writes(row))
        row = desk.store.row(rid)
        assert row is not None
        details = read_release(desk, rid)
        assert details.figures is None
        assert refusal(lambda: attack_figures(desk, rid)).code == "figures.unreadable"
        assert refusal(lambda: release_csv(desk, rid, ENGLISH)).code == "figures.unreadable"


# --- estimates and publications


def test_shipped_estimates_are_whole_and_say_where_they_are_from(desk: Session) -> None:
    shipped = shipped_estimates(RESOURCES)
    assert len(shipped) == 10
    assert all(one.publisher and one.source_title for one in shipped)
    read = [one for one in shipped if one.read_on]
    assert len(read) == 9
    assert all(one.url and one.note for one in read)
    (other,) = (one for one in shipped if not one.read_on)
    assert not other.url
    assert isinstance(other.note, tuple)
    assert {one.language for one in other.note} == {"en", "sv", "ru"}
    assert any("check it before you quote it" in one.text for one in other.note)
    assert shipped_estimates(RESOURCES / "missing") == ()
    assert len(list_estimates(desk, RESOURCES)) == 10
    assert list_estimates(desk) == ()


ESTIMATE: dict[str, Value] = {
    "low": 200, "high": 500, "unit": "women", "year_from": 2003, "year_to": 2003,
    "publisher": "Police", "source_title": "Report",
}  # fmt: skip


def test_estimates_are_added_changed_replaced_and_deleted(desk: Session) -> None:
    rid = add_estimate(desk, ESTIMATE).rid
    change_estimate(desk, rid, {"high": 600})
    (line,) = list_estimates(desk)
    assert (line.record.low, line.record.high, line.is_ours) == (200, 600, True)
    newer = add_estimate(desk, ESTIMATE | {"supersedes": rid.hex()}).rid
    assert [one.row.rid for one in list_estimates(desk) if one.row] == [newer]
    delete_figure_record(desk, newer)
    assert [one.row.rid for one in list_estimates(desk) if one.row] == [rid]


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("estimate.bounds", {"low": 600}), ("estimate.bounds", {"low": -1}),
        ("estimate.year", {"year_to": 20206}), ("estimate.year", {"year_from": 2004}),
        ("estimate.source", {"publisher": None}),
        ("estimate.no_number", {"low": None, "high": None}),
    ],
)  # fmt: skip
def test_estimates_that_cannot_be_are_refused(
    desk: Session, code: str, wrong: dict[str, Value]
) -> None:
    assert refusal(lambda: add_estimate(desk, ESTIMATE | wrong)).code == code
    rid = add_estimate(desk, ESTIMATE).rid
    assert refusal(lambda: change_estimate(desk, rid, wrong)).code == code


def test_report_names_the_activities_of_its_year_and_no_others(desk: Session) -> None:
    title = (Translation("sv", "Påhittad utbildning"),)
    project = create_record(desk, Project, {"title": title})
    for year, women in ((2024, 7), (2025, 12)):
        values: dict[str, Value] = {
            "title": title, "kind": "training", "begins": date(year, 3, 1), "women": women,
            "place": "Tartu",
        }  # fmt: skip
        create_record(desk, Activity, values, project)
    delete_record(desk, create_record(desk, Activity, {"begins": date(2025, 4, 1)}, project))
    lines = report_lines(desk, 2025, "ru")
    assert lines == (ReportLine("Påhittad utbildning", "Tartu", 12),)


def test_publications_need_a_title(desk: Session) -> None:
    assert refusal(lambda: add_publication(desk, {})).code == "publication.no_title"
    rid = add_publication(desk, {"title": (Translation("sv", "Rapport"),), "kind": "report"}).rid
    change_publication(desk, rid, {"creator": "PP"})
    (line,) = list_publications(desk)
    assert (line.view.record.creator, line.is_ours) == ("PP", True)
    assert refusal(lambda: change_publication(desk, rid, {"title": None})).code == (
        "publication.no_title"
    )
    assert refusal(lambda: change_estimate(desk, rid, {})).code == "record.missing"
