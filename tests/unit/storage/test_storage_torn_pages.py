# SPDX-License-Identifier: GPL-3.0-or-later
"""A page that holds nothing and was torn by a power cut is no damage; any other is.

SQLite journals no page that was free when a transaction began. If the power goes while it writes
one, the rollback leaves the torn page on the free list.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.unit.storage.store_samples import KEY, PAGE, WHO, refusal

from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import driver, keyring
from kfdesk.storage.store import Store

HELD = 12  # pages that are filled and given back
NAME = "notebook-2026-11-24-1405"


def nobody(_done: int, _of: int) -> None:
    """Nobody asks."""


def tear(file: Path, page: int) -> None:
    """Write half of a page with other bytes, as a cut does with a disk of small sectors."""
    data = bytearray(file.read_bytes())
    data[(page - 1) * PAGE : (page - 1) * PAGE + PAGE // 2] = bytes(PAGE // 2)
    file.write_bytes(data)


def holds_something(file: Path, page: int) -> bool:
    """Return whether SQLite's own check reads a page; it passes over a free one.

    Of a torn page the cipher makes zeros, and only what is read after it fails.
    """
    beside = Path(shutil.copyfile(file, file.with_name("beside.db")))
    tear(beside, page)
    with suppress(driver.DatabaseError, KfdeskError):
        connection = driver.connect(beside, KEY)
        try:
            connection.execute("BEGIN")
            found = connection.execute("PRAGMA integrity_check").fetchall()
            connection.execute("CREATE TABLE another (content)")
            return found != [("ok",)]
        finally:
            connection.close()
    return True


@pytest.fixture
def used(folder: Path) -> Path:
    """Return the file of a store in which much was written and removed."""
    store = keyring.unlock(folder, WHO)
    with store.transaction():
        store.set_setting("long", bytes(HELD * PAGE))
    with store.transaction():
        store.set_setting("long", b"")
    store.close()
    return folder / driver.STORE_FILE


def last_pages(file: Path) -> range:
    """Return the newest pages of a store, where records, long values and free pages lie mixed."""
    pages = file.stat().st_size // PAGE
    return range(pages, pages - 3 * HELD, -1)


def free_pages(file: Path) -> Iterator[int]:
    return (page for page in last_pages(file) if not holds_something(file, page))


def checks(store: Store, into: Path) -> None:
    """Expect that nothing is wrong, and that a backup is made and opens."""
    assert store.verify() == ()
    into.mkdir()
    path, _ = store.backups.make(into, (NAME,), nobody)
    keyring.unlock(path, WHO).close()


def test_torn_page_that_holds_nothing_stops_no_check_and_no_backup(
    used: Path, tmp_path: Path
) -> None:
    tear(used, next(free_pages(used)))
    store = keyring.unlock(used.parent, WHO)
    checks(store, tmp_path / "stick")
    assert not store.had_torn_pages, "no program was cut off since"
    store.close()


def test_torn_page_is_damage_where_it_holds_something_and_nowhere_else(used: Path) -> None:
    """One holds the end of a long value, which SQLite's check reads last and takes for zeros."""
    store = keyring.unlock(used.parent, WHO)
    with store.transaction():
        store.set_setting("zzz", bytes(5 * PAGE))
    store.close()
    whole, free = used.read_bytes(), set(free_pages(used))
    assert 0 < len(free) < len(last_pages(used))
    for page in last_pages(used):
        used.write_bytes(whole)
        tear(used, page)
        with suppress(KfdeskError):
            connection = driver.connect(used, KEY)
            assert (driver.check_cipher(connection, used) == []) is (page in free), page
            connection.close()


def test_store_with_a_torn_page_that_holds_something_is_left_alone(
    used: Path, tmp_path: Path
) -> None:
    page = next(page for page in last_pages(used) if holds_something(used, page))
    tear(used, page)
    before = used.read_bytes()
    connection = driver.connect(used, KEY)
    assert driver.check_pages(connection, used)
    assert not driver.rewrite_torn_pages(connection, used)
    assert used.read_bytes() == before
    store = Store(connection, used)
    (tmp_path / "stick").mkdir()
    assert refusal(lambda: store.backups.make(tmp_path / "stick", (NAME,), nobody)) in {
        "store.damaged", "backup.not_sound", "backup.not_written",
    }  # fmt: skip
    store.close()


def test_file_that_is_too_long_is_damage_beside_a_torn_page(used: Path) -> None:
    tear(used, next(free_pages(used)))
    with used.open("ab") as file:
        file.write(bytes(PAGE))
    connection = driver.connect(used, KEY)
    assert "size" in driver.check_cipher(connection, used)
    connection.close()


def cut_off(used: Path, folder: Path) -> Path:
    """Return a copy of a store as it is on the disk in the middle of a transaction."""
    store = keyring.unlock(used.parent, WHO)
    connection = store._connection
    connection.execute("PRAGMA cache_size = 5")  # so that pages are written before the end
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE setting SET value = zeroblob(?)", (3 * PAGE,))
    shutil.copytree(used.parent, folder)
    connection.execute("ROLLBACK")
    store.close()
    file = folder / driver.STORE_FILE
    assert driver.journal_of(file).stat().st_size > 0
    return file


def test_pages_torn_by_a_power_cut_are_written_again_at_opening(used: Path, tmp_path: Path) -> None:
    torn = next(free_pages(used))
    file = cut_off(used, tmp_path / "cut")
    tear(file, torn)
    store = keyring.unlock(file.parent, WHO)
    assert store.had_torn_pages
    assert store._connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
    checks(store, tmp_path / "stick")
    store.close()
    again = keyring.unlock(file.parent, WHO)
    assert not again.had_torn_pages
    again.close()


def test_cut_that_tore_nothing_writes_nothing_again(used: Path, tmp_path: Path) -> None:
    store = keyring.unlock(cut_off(used, tmp_path / "cut").parent, WHO)
    assert not store.had_torn_pages
    assert store.verify() == ()
    store.close()
