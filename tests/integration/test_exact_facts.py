# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts that a machine's speed does not change, and that decide how fast the program is.

What is asked of the store is heard as it is asked, by real services on real stores. The others of
these facts stand where they belong: what the door has loaded (`architecture/test_start.py`), the
count of `None` (`architecture/test_qt.py`), embedded fonts (`documents/test_clean_files.py`).
Times are taken by `make bench`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from benchmarks import desks
from benchmarks.desks import Pair

from kfdesk import app
from kfdesk.domain.directory import DirectoryNeed, title_terms, word_terms
from kfdesk.domain.names import fold_words
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import apply_changes, live_writes
from kfdesk.domain.rows import seen_writes
from kfdesk.services import today
from kfdesk.services.core import drafts
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory.search import DirectoryQuery, read_result_page, search_directory
from kfdesk.services.exchange import transfer
from kfdesk.services.plans import plans

LEGS = 30
FEW, MANY = 60, 600
DELTA = 20
EDITS = 2_000  # of fewer, the pages that are begun say more than the edits
PAGE = 4096  # bytes
BEGUN = 6  # four letters after two marks: longer beginnings have few words
KEPT = 140
"""Bytes of an edit in history, its word and the index by which it is pruned among them."""
NEED = DirectoryNeed(("legal",), "EE", ("ru",), ("Tartu",), ("women",))
RANKED = {"who fits a step": frozenset({"listed"})}
"""Where every entry is a candidate and has to be weighed; it is the narrow table of the index."""
WHOLE_LISTS = frozenset({"record_client", "record_leg", "record_plan", "record_task",
                         "record_help_number", "record_consent", "record_follow_up",
                         "record_approval", "record_legal_status", "record_referral",
                         "record_cooperation", "record_suggestion"})  # fmt: skip
"""What a house has as many of as clients, or gets from members: Today reads it whole."""
FEW_ROWS = frozenset({"partner", "draft", "acknowledged", "kept_notice", "mark", "taking",
                      "unlisted", "user", "record_organisation USING", "record_network",
                      "record_membership", "record_agreement", "record_decision",
                      "record_sum_round"})  # fmt: skip
"""Tables that hold as many rows as there are partners, people, meetings or sums of this desk."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = desks.pair(tmp_path_factory.mktemp("facts"), LEGS)
    yield made
    made.ours.store.close()
    made.theirs.store.close()


@contextmanager
def heard(desk: Session) -> Iterator[list[str]]:
    """Every statement that is put to the store meanwhile, with its values."""
    connection, said = connection_of(desk), list[str]()
    connection.set_trace_callback(said.append)
    try:
        yield said
    finally:
        connection.set_trace_callback(None)


def connection_of(desk: Session):  # type: ignore[no-untyped-def]  # the driver has no types
    return desk.store._connection


def scanned(desk: Session, statement: str) -> list[str]:
    """Return the tables that a statement reads from one end to the other, row by row."""
    found = connection_of(desk).execute(f"EXPLAIN QUERY PLAN {statement}")
    lines = [row[3] for row in found if row[3].startswith("SCAN ")]
    walked = " ORDER BY " in statement and " LIMIT " in statement  # ends after a page of it
    return [
        line.removeprefix("SCAN ")
        for line in lines
        if "VIRTUAL TABLE" not in line
        and "CONSTANT ROW" not in line
        and "_torn" not in line
        and "(subquery" not in line
        and not (walked and ("USING COVERING INDEX listed_" in line or line == "SCAN audit"))
        and "count(*) FROM listed" not in statement
    ]


def one_leg(pair: Pair) -> bytes:
    return next(row.rid for row in pair.ours.store.children(pair.plan) if row.type == "leg")


def look_for(asked: DirectoryQuery) -> Callable[[Pair], object]:
    def look(pair: Pair) -> object:
        found = search_directory(pair.ours, asked, app.language("sv"), 64)
        return read_result_page(pair.ours, found.ids)

    return look


HOT: dict[str, Callable[[Pair], object]] = {
    "the first page of contacts": look_for(DirectoryQuery("")),
    "a name": look_for(DirectoryQuery("cededrueke")),
    "a letter": look_for(DirectoryQuery("c")),
    "a name with an error in it": look_for(DirectoryQuery("cedrdu")),
    "who fits a step": look_for(DirectoryQuery(need=NEED)),
    "a plan": lambda pair: plans.open_plan(pair.ours, pair.plan),
    "the plans": lambda pair: plans.list_plans(pair.ours),
    "Today": lambda pair: today.read_today(pair.ours),
    "a save": lambda pair: change_record(pair.ours, one_leg(pair), {"carrier": "Exempelbuss"}),
    "a draft": lambda pair: drafts.save_draft(
        pair.ours, one_leg(pair), drafts.FormState("leg", {"carrier": "Exempelbuss 41"})
    ),
    "whether a draft waits": lambda pair: drafts.read_draft(pair.ours, one_leg(pair)),
    "what a record was": lambda pair: pair.ours.store.history(one_leg(pair)),
}


@pytest.mark.parametrize("name", HOT)
def test_hot_questions_read_no_table_from_end_to_end(both: Pair, name: str) -> None:
    with heard(both.ours) as said:
        HOT[name](both)
    asked = [one for one in said if one.startswith(("SELECT", "UPDATE", "DELETE"))]
    assert asked
    found = {table.split()[0] for one in asked for table in scanned(both.ours, one)}
    assert found - WHOLE_LISTS - FEW_ROWS - RANKED.get(name, frozenset()) == set()


@pytest.mark.parametrize("typed", ["Sjös", "Cede", "Ljus", "Щука", "Юлия"])
def test_first_four_letters_are_looked_up_and_not_word_by_word(both: Pair, typed: str) -> None:
    (table,) = (
        connection_of(both.ours)
        .execute("SELECT sql FROM sqlite_schema WHERE name = 'lead'")
        .fetchone()
    )
    kept = {int(length) for length in table.partition("prefix='")[2].partition("'")[0].split()}
    for count in range(1, len(typed) + 1):
        begun = typed[:count]
        asked = {
            *title_terms(begun),
            *(lead for word in fold_words(begun) for lead in word_terms(word)),
        }
        assert {min(len(lead), BEGUN) for lead in asked} <= kept


def test_directory_is_not_read_to_say_what_is_undecided(both: Pair) -> None:
    with heard(both.ours) as said:
        both.ours.store.conflicted_rows()
    plans_of = [
        row[3]
        for one in said
        for row in connection_of(both.ours).execute(f"EXPLAIN QUERY PLAN {one}")
        if row[3].startswith(("SCAN", "SEARCH"))
    ]
    assert len(plans_of) == len(RECORD_TYPES)
    assert all("_torn" in line for line in plans_of)


def test_page_of_contacts_is_read_together_and_not_row_by_row(both: Pair) -> None:
    ours = both.ours
    with ours.store.transaction():
        for _ in range(12):
            ours.store.put(desks.new_row(ours, "organisation", None, {"name": "Tolvhuset"}))
    ids, asked = search_directory(ours, DirectoryQuery("tolvhuset"), app.language("sv")).ids, []
    for count in (2, 12):
        with heard(ours) as said:
            assert len(read_result_page(ours, ids[:count])) == count
        asked.append(len(said))
    assert asked[0] == asked[1]


def test_table_that_is_read_from_end_to_end_is_seen(both: Pair) -> None:
    said = "SELECT rid FROM record_organisation WHERE f_name LIKE '%x%'"
    assert scanned(both.ours, said) == ["record_organisation"]


def shapes(said: list[str]) -> Counter[str]:
    """Return how often each statement was asked, whatever its values."""
    bare = (re.sub(r"x?'[^']*'|\b\d+\b", "?", one) for one in said)
    return Counter(re.sub(r"\?(, \?)+", "?", one) for one in bare)


def send(ours: Session, theirs: Session, plan: bytes, folder: Path) -> None:
    """Send a file from one desk to the other and import it there."""
    file = transfer.send_bundle(ours, plan, theirs.identity.organisation, folder).path
    transfer.import_bundle(theirs, file, transfer.review_bundle(theirs, file))


def taken(folder: Path, legs: int) -> Counter[str]:
    """Return the queries made while changes of a plan with so many legs are imported."""
    made = desks.pair(folder, legs)
    ours, theirs, plan = made.ours, made.theirs, made.plan
    send(ours, theirs, plan, folder)
    change_record(theirs, theirs.store.rows("leg")[0].rid, {"carrier": "41, Exempelbuss"})
    send(theirs, ours, plan, folder)  # so that we know what has arrived
    with ours.store.transaction():
        for number in range(DELTA):
            ours.store.put(desks.new_leg(ours, plan, legs + number))
    news = transfer.send_bundle(ours, plan, theirs.identity.organisation, folder).path
    review = transfer.review_bundle(theirs, news)
    with heard(theirs) as said:
        transfer.import_bundle(theirs, news, review)
    ours.store.close()
    theirs.store.close()
    return shapes(said)


@pytest.mark.slow
def test_news_ask_as_much_of_a_large_store_as_of_a_small_one(tmp_path: Path) -> None:
    (tmp_path / "few").mkdir()
    (tmp_path / "many").mkdir()
    few, many = taken(tmp_path / "few", FEW), taken(tmp_path / "many", MANY)
    assert sum(many.values()) == sum(few.values()), many - few


def test_what_somebody_lacks_is_asked_of_the_records_and_not_of_all_that_has_arrived(
    both: Pair,
) -> None:
    with heard(both.ours) as said:
        both.ours.store.ledger.records_with_unsent_writes(
            both.plan, "bundle", [both.plan], lambda _rid: {}
        )
    (asked,) = said
    found = connection_of(both.ours).execute(f"EXPLAIN QUERY PLAN {asked}")
    assert any("USING INDEX disclosure_rid (rid=?)" in row[3] for row in found)


def used(desk: Session) -> int:
    """Return the bytes of the pages that hold something."""
    count, free = (
        int(connection_of(desk).execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count")
    )
    return (count - free) * PAGE


def test_a_record_takes_no_more_than_five_times_its_text(both: Pair) -> None:
    rows = [desks.new_leg(both.ours, both.plan, number) for number in range(400)]
    values = [write.value for row in rows for write in live_writes(row.state)]
    text = sum(len(str(value).encode()) for value in values)
    before = used(both.ours)
    with both.ours.store.transaction():
        both.ours.store.put_all((row, None) for row in rows)
    grown = used(both.ours) - before
    assert grown <= 5 * text, f"{grown / text:.2f} × {text} bytes"


@pytest.mark.slow
def test_an_edit_that_is_kept_takes_little_and_a_pruned_one_an_id(both: Pair) -> None:
    store, row = both.ours.store, desks.new_leg(both.ours, both.plan, 0)
    store.put(row)
    before = used(both.ours)
    with store.transaction():
        for number in range(EDITS):
            value = {RECORD_TYPES["leg"].ids["carrier"]: f"Buss {number}"}
            row = replace(
                row, state=apply_changes(row.state, value, seen_writes(row), both.ours.signature)
            )
            store.put(row)
    kept = (used(both.ours) - before) / EDITS
    with store.transaction():
        store.prune_history(date.max)
    pruned = (used(both.ours) - before) / EDITS
    assert kept <= KEPT, f"{kept:.0f} bytes"
    assert pruned <= 16 + 4, f"{pruned:.0f} bytes"
