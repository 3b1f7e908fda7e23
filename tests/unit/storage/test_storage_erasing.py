# SPDX-License-Identifier: GPL-3.0-or-later
"""What is erased is gone from every table, every page, and for good; only ids stay."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support import make
from tests.unit.storage.store_samples import KEY

from kfdesk.domain.audit import Action, AuditEvent, DisclosureEntry
from kfdesk.domain.backup import ErasureEntry
from kfdesk.domain.rows import StoredDraft
from kfdesk.storage import driver, tables
from kfdesk.storage.erasure import KEPT_TABLES
from kfdesk.storage.store import Store

WITH_PARTNERS = {"erasure_order", "erased_write", "kept_notice"}  # nothing where none has it

CANARY = "Kanariefågel"
OTHER, OTHERS_PLAN = make.named_id("another client"), make.named_id("another plan")
NEW_LEG = make.named_id("a leg that was only typed")
WHY = ErasureEntry(make.HER, 1, "client_request")


def fill(store: Store) -> None:
    """Save a client with children of children, all that can hang on her, and another client."""
    before = {"client": {"given_name": f"{CANARY} förr"}, "leg": {"carrier": f"{CANARY} leg"}}
    with store.transaction():
        for kind in ("client", "plan", "leg", "help_number"):
            row = make.row(kind, before.get(kind))
            store.put(row, took=make.named_bytes(f"{CANARY} took {kind}"))
        store.put(make.consent())
        later = {"given_name": f"{CANARY} nu", "family_name": f"{CANARY} släkt" * 300}
        store.put(make.changed(make.row("client", before["client"]), later, make.signature()))
        for number in range(60):  # enough to fill pages, which are freed again
            rid = make.named_id(f"leg {number}")
            store.put(make.row("leg", {"carrier": f"{CANARY} {number} " * 60}, rid=rid))
        store.drafts.keep(draft(make.HER, None))
        store.drafts.keep(draft(NEW_LEG, make.PLAN))
        connection_of(store).execute(
            "INSERT INTO chunk (rid, part, data) VALUES (?, 0, ?)", (make.PLAN, CANARY.encode())
        )
        store.put(make.row("client", {"given_name": "Vera"}, rid=OTHER))
        store.put(make.row("plan", {"state": "draft"}, rid=OTHERS_PLAN, parent=OTHER))
        store.ledger.log(AuditEvent("EV", 1, Action.CHANGE, make.HER, ("given_name",)))
        file = DisclosureEntry(make.HER, "client", make.PARTNER, "bundle", (), {}, b"t", 1)
        store.ledger.enter([file, replace(file, recipient=make.HER, channel="carried")])


def draft(rid: bytes, parent: bytes | None) -> StoredDraft:
    return StoredDraft(
        rid, "ev", "leg", parent, 1, frozenset(), {"carrier": CANARY}, {"sign": CANARY}
    )


def connection_of(store: Store) -> driver.Connection:
    return store._connection


def erase(store: Store, what: ErasureEntry = WHY) -> frozenset[bytes]:
    with store.transaction():
        return store.erasures.erase(what)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "notebook.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    connection = driver.connect(file, KEY, create=True)
    tables.create_tables(connection)
    made = Store(connection, file)
    fill(made)
    yield made
    made.close()


def has_rid(store: Store, table: str, rid: bytes) -> bool:
    found = connection_of(store).execute(f'SELECT 1 FROM "{table}" WHERE rid = ?', (rid,))
    return found.fetchone() is not None


def tables_with_rids(store: Store) -> set[str]:
    names = connection_of(store).execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    return {
        name
        for (name,) in names.fetchall()
        if "rid" in {row[1] for row in connection_of(store).execute(f"PRAGMA table_info({name})")}
    }


def test_the_whole_family_goes_and_nobody_else(store: Store) -> None:
    rids = erase(store)
    legs = {make.named_id(f"leg {number}") for number in range(60)}
    assert rids == legs | {
        make.HER, make.PLAN, make.named_id("leg"), make.named_id("help_number"),
        make.named_id("consent"),
    }  # fmt: skip
    assert all(store.row(rid) is None and store.history(rid) == () for rid in rids)
    assert store.row(OTHER) is not None
    assert store.row(OTHERS_PLAN) is not None
    assert store.verify() == ()


def test_no_table_knows_an_erased_record_but_those_that_keep_ids(store: Store) -> None:
    rids = erase(store)
    left = {name for name in tables_with_rids(store) for rid in rids if has_rid(store, name, rid)}
    assert left == KEPT_TABLES - WITH_PARTNERS
    assert store.drafts.of_user("ev") == ()
    assert [entry.rid for entry in store.ledger.entries(make.PARTNER)] == [make.HER]


def test_list_of_erasures_says_what_when_and_why_and_nothing_else(store: Store) -> None:
    rids = erase(store)
    assert store.erasures.rids() == rids
    listed = {replace(WHY, rid=rid, custodian=make.OURS) for rid in rids}
    assert set(store.erasures.entries()) == listed


def test_erasing_again_changes_nothing_in_the_list(store: Store) -> None:
    erase(store)
    before = store.erasures.entries()
    assert erase(store, ErasureEntry(make.HER, 99, "error")) == {make.HER}
    assert store.erasures.entries() == before


def test_what_is_not_here_is_marked_all_the_same(store: Store) -> None:
    stranger = make.named_id("never seen")
    assert erase(store, ErasureEntry(stranger, 1, "error")) == {stranger}
    assert stranger in store.erasures.rids()


def test_erasure_that_fails_takes_nothing(store: Store) -> None:
    before = store.digest()
    with suppress(ZeroDivisionError), store.transaction():
        store.erasures.erase(WHY)
        raise ZeroDivisionError
    assert store.digest() == before
    assert store.erasures.rids() == frozenset()


# what the pages themselves hold: an unencrypted twin of the store, made by the same statements


def plain_twin(file: Path) -> Store:
    dbapi2 = vars(driver)["dbapi2"]
    connection: driver.Connection = dbapi2.connect(file, isolation_level=None)
    for pragma in driver._PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    tables.create_tables(connection)
    return Store(connection, file)


def traces(file: Path) -> int:
    whole = file.read_bytes()
    tooks = [make.named_bytes(f"{CANARY} took {kind}") for kind in ("client", "plan", "leg")]
    return whole.count(CANARY.encode()) + sum(whole.count(took) for took in tooks)


def test_no_page_holds_a_word_or_a_digest_of_the_erased(tmp_path: Path) -> None:
    file = tmp_path / "plain.db"
    twin = plain_twin(file)
    fill(twin)
    assert file.read_bytes()[:6] == b"SQLite"
    assert traces(file) > 1000
    erase(twin)
    twin.erasures.vacuum()
    assert traces(file) == 0
    assert b"Vera" in file.read_bytes()
    twin.close()
    assert [path.name for path in tmp_path.iterdir()] == ["plain.db"]


def test_without_overwriting_and_rewriting_the_words_would_stay(tmp_path: Path) -> None:
    """The control: the scan finds what a plain deletion leaves."""
    file = tmp_path / "plain.db"
    twin = plain_twin(file)
    connection_of(twin).execute("PRAGMA secure_delete = OFF")
    fill(twin)
    erase(twin)
    assert traces(file) > 100
    twin.close()


def test_rewriting_gives_the_room_back_and_keeps_store_and_key(store: Store, file: Path) -> None:
    before = file.stat().st_size
    erase(store)
    store.erasures.vacuum()
    assert file.stat().st_size < before
    assert store.verify() == ()
    digest = store.digest()
    store.close()
    again = Store(driver.connect(file, KEY), file)
    assert (again.digest(), again.verify()) == (digest, ())
    again.close()
