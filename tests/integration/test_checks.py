# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of entries: what they prove, what they warn of, and that they follow the entry."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import begin_network, send
from tests.integration.pair_samples import refusal
from tests.integration.test_networks import add_house

from kfdesk import app
from kfdesk.domain.directory import check_alarm
from kfdesk.domain.records.directory import Contact, EntryCheck, Organisation
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.services.core.records import create_record, undo_all
from kfdesk.services.core.session import Session
from kfdesk.services.directory.checks import newest_checks, record_check
from kfdesk.services.directory.entries import list_directory, read_entry, read_lines
from kfdesk.services.directory.search import (
    DirectoryQuery,
    read_result_page,
    search_directory,
)


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


ENGLISH: Language = app.language("en")


def outcomes(desk: Session, house: bytes) -> list[object]:
    return [seen.record.outcome for seen in newest_checks(desk, (house,)).get(house, ())]


def checked_since(desk: Session, day: date) -> set[str]:
    found = search_directory(desk, DirectoryQuery(since=day), ENGLISH)
    return {line.name for line in read_result_page(desk, found.ids)}


def on(day: int, outcome: str) -> dict[str, Value]:
    when = ZonedTime.at(
        datetime(2026, 10, day, 12, 0, tzinfo=UTC).replace(tzinfo=None), "Europe/Stockholm"
    )
    return {"when": when, "how": "visit", "outcome": outcome}


@pytest.mark.parametrize(
    ("how", "outcome", "verification"),
    [
        ("call", "right", "verified_by_call"), ("visit", "corrected", "verified_by_visit"),
        ("website", "right", None), ("call", "not_reached", None), ("visit", "closed_down", None),
    ],
)  # fmt: skip
def test_check_that_found_it_right_dates_the_entry_and_is_one_undo(
    trio: Trio, how: str, outcome: str, verification: str | None
) -> None:
    house = add_house(trio.ours, "Öppna huset", "public")
    before = trio.row(house)
    done = record_check(trio.ours, house, how, outcome)
    record, today = (
        view(trio.row(house), Organisation).record,
        trio.ours.adapters.clock.now().date(),
    )
    is_right = outcome in ("right", "corrected")
    assert record.verification == verification
    assert (record.checked, record.checked_by) == ((today, "EV") if is_right else (None, None))
    assert outcomes(trio.ours, house) == [outcome]
    assert ("Öppna huset" in checked_since(trio.ours, today)) is is_right
    undo_all(trio.ours, done)
    after = trio.row(house)
    assert view(after, Organisation).record == view(before, Organisation).record
    assert outcomes(trio.ours, house) == []
    assert "Öppna huset" not in checked_since(trio.ours, today)


def test_only_an_organisation_is_checked_and_only_by_known_words(trio: Trio) -> None:
    plan = trio.plan
    assert refusal(lambda: record_check(trio.ours, plan, "call", "right")).code == "record.missing"
    assert refusal(lambda: record_check(trio.ours, bytes(16), "call", "right")).code == (
        "record.missing"
    )


def test_newest_checks_come_first_and_three_vain_ones_warn(trio: Trio) -> None:
    house = add_house(trio.ours, "Öppna huset", "public")
    for day, outcome in ((3, "not_reached"), (1, "right"), (4, "not_reached"), (2, "not_reached")):
        create_record(trio.ours, EntryCheck, on(day, outcome), house)
    (line,) = read_lines(trio.ours, (house,))
    seen = [one.record for one in line.checks]
    assert [one.outcome for one in seen] == ["not_reached"] * 3 + ["right"]
    assert check_alarm(seen) == "not_reached"
    create_record(trio.ours, EntryCheck, on(5, "closed_down"), house)
    entry = read_entry(trio.ours, house)
    assert entry is not None
    assert check_alarm([one.record for one in entry.checks]) == "closed_down"
    whole = next(one for one in list_directory(trio.ours) if one.rid == house)
    assert whole.checks == entry.checks


def test_checks_of_one_minute_stand_in_the_order_in_which_they_were_made(trio: Trio) -> None:
    house, words = add_house(trio.ours, "Öppna huset", "public"), ["right", "not_reached"] * 6
    for outcome in words:
        create_record(trio.ours, EntryCheck, on(3, outcome), house)
    create_record(trio.ours, EntryCheck, on(3, "closed_down"), house)
    made = outcomes(trio.ours, house)
    assert made == ["closed_down", *reversed(words)][: len(made)]
    assert len(made) > 2


def test_check_of_the_owner_counts_at_its_partners_and_for_who_works_there(trio: Trio) -> None:
    begin_network(trio.ours, trio.bad)
    house = add_house(trio.ours, "Öppna huset", "public")
    person: dict[str, Value] = {
        "given_name": "Påhittad", "organisation": house.hex(), "confidentiality": "public",
        "may_be_shared": True,
    }  # fmt: skip
    create_record(trio.ours, Contact, person)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert {"Öppna huset", "Påhittad"}.isdisjoint(checked_since(trio.bad, date(2026, 10, 1)))
    create_record(trio.ours, EntryCheck, on(7, "right") | {"by": "EV"}, house)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert checked_since(trio.bad, date(2026, 10, 7)) == {"Öppna huset", "Påhittad"}
    assert "Öppna huset" not in checked_since(trio.bad, date(2026, 10, 8))
    ((seen,),) = newest_checks(trio.bad, (house,)).values()
    assert (seen.record.how, seen.record.outcome, seen.record.by) == ("visit", "right", None)


def test_checks_of_a_flood_are_not_all_read(trio: Trio) -> None:
    house = add_house(trio.ours, "Öppna huset", "public")
    for day in range(1, 29):
        create_record(trio.ours, EntryCheck, on(day, "right"), house)
    (line,) = read_lines(trio.ours, (house,))
    days = [
        one.record.when.wall.day for one in line.checks if isinstance(one.record.when, ZonedTime)
    ]
    assert days == list(range(28, 20, -1))
