# SPDX-License-Identifier: GPL-3.0-or-later
"""The door to SQLCipher: what is let in, what is refused, and that it is shut at all."""

import errno
import os
import shutil
import sqlite3
from functools import partial
from pathlib import Path

import pytest
from tests.support import make
from tests.torture.world import connection_of
from tests.unit.storage.store_samples import (
    KEY,
    PAGE,
    contents,
    flip,
    made_in,
    refusal,
    without_patience,
)

from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import driver, key_slots
from kfdesk.storage.driver import Connection

OTHER_KEY = make.named_bytes("another key", 32)

IN_FORCE = {
    "cipher_page_size": "4096",
    "journal_mode": "delete",
    "synchronous": 3,
    "fullfsync": 1,
    "temp_store": 2,
    "secure_delete": 1,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "mmap_size": 0,
    "cache_size": -65536,
    "application_id": driver.APPLICATION_ID,
    "cipher_memory_security": "0",
}


@pytest.mark.parametrize(("pragma", "value"), IN_FORCE.items())
def test_pragma_is_in_force(connection: Connection, pragma: str, value: object) -> None:
    assert connection.execute(f"PRAGMA {pragma}").fetchone()[0] == value


def test_every_pragma_that_is_set_is_looked_at_here() -> None:
    assert {pragma.split(" ")[0] for pragma in driver._PRAGMAS} <= IN_FORCE.keys()


def test_cipher_is_there_and_its_format_is_the_fourth(connection: Connection) -> None:
    version = connection.execute("PRAGMA cipher_version").fetchone()[0]
    assert int(version.split(".")[0]) == 4


def test_file_does_not_begin_as_a_plain_store_does(file: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.db"
    with sqlite3.connect(plain) as other:
        other.execute("CREATE TABLE t (x)")
    other.close()
    assert plain.read_bytes().startswith(b"SQLite format 3\x00")
    assert not file.read_bytes().startswith(b"SQLite")


def test_right_key_opens(file: Path) -> None:
    connection = driver.connect(file, KEY)
    assert connection.execute("SELECT count(*) FROM record_client").fetchone() == (1,)
    connection.close()


@pytest.mark.parametrize("key", [OTHER_KEY, KEY[::-1], bytes(32), KEY[:-1] + b"\x00"])
def test_wrong_key_is_refused_and_says_nothing_aloud(
    file: Path, key: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    before = file.read_bytes()
    assert refusal(lambda: driver.connect(file, key)) == "store.wrong_key"
    assert file.read_bytes() == before
    assert capfd.readouterr() == ("", "")


def test_error_does_not_show_the_key(file: Path) -> None:
    with pytest.raises(KfdeskError) as refused:
        driver.connect(file, OTHER_KEY)
    assert OTHER_KEY.hex() not in repr(refused.getrepr())
    assert refused.value.data == {}


@pytest.mark.parametrize("size", [0, 16, 31, 33, 64])
def test_key_of_another_length_is_a_bug(file: Path, size: int) -> None:
    """With 63 digits SQLCipher would silently take the text for a passphrase."""
    with pytest.raises(AssertionError):
        driver.connect(file, bytes(size))


@pytest.mark.parametrize("content", [b"", b"x", b"x" * (PAGE - 1)], ids=len)
def test_file_smaller_than_a_store_is_refused(file: Path, content: bytes) -> None:
    """SQLite would take an empty file for a new store under any key."""
    file.write_bytes(content)
    assert refusal(lambda: driver.connect(file, KEY)) == "store.not_a_store"
    assert file.read_bytes() == content


def test_plain_store_is_refused(file: Path) -> None:
    file.unlink()
    plain = sqlite3.connect(file)
    plain.execute("CREATE TABLE record_client (x)")
    plain.commit()
    plain.close()
    assert file.stat().st_size >= PAGE
    before = file.read_bytes()
    assert refusal(lambda: driver.connect(file, KEY)) == "store.not_a_store"
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"?" * 9000, bytes(PAGE), make.named_bytes("noise", 8192)])
def test_foreign_file_is_refused_and_left_alone(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert refusal(lambda: driver.connect(file, KEY)) == "store.wrong_key"
    assert file.read_bytes() == content


def test_missing_file_is_refused_and_not_made(folder: Path) -> None:
    for missing in (folder / "other.db", folder / "no" / "folder", folder):
        assert refusal(partial(driver.connect, missing, KEY)) == "store.missing"
    assert not (folder / "other.db").exists()


def test_file_that_is_there_is_not_made_anew(file: Path) -> None:
    before = file.read_bytes()
    assert refusal(lambda: driver.connect(file, KEY, create=True)) == "store.exists"
    assert file.read_bytes() == before


def test_file_that_the_disk_does_not_open_is_refused(tmp_path: Path) -> None:
    nowhere = tmp_path / "none" / "notebook.db"
    assert refusal(lambda: driver.connect(nowhere, KEY, create=True)) == "store.disk"


def test_new_file_is_encrypted_before_the_first_table(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    connection = driver.connect(file, KEY, create=True)
    assert file.stat().st_size >= PAGE
    assert not file.read_bytes().startswith(b"SQLite")
    connection.close()
    driver.connect(file, KEY).close()
    assert refusal(lambda: driver.connect(file, OTHER_KEY)) == "store.wrong_key"


def test_store_that_another_program_is_writing_is_in_use(
    connection: Connection, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_patience(monkeypatch)
    connection.execute("BEGIN EXCLUSIVE")
    assert refusal(lambda: driver.connect(file, KEY)) == "store.in_use"
    connection.execute("ROLLBACK")
    driver.connect(file, KEY).close()


# damage


DAMAGED = ["store.damaged"]


def pages_of(file: Path) -> list[str]:
    """Return what is found, or the code with which the store stays shut."""
    try:
        connection = driver.connect(file, KEY)
    except KfdeskError as error:
        return [error.code]
    found = driver.check_pages(connection, file)
    connection.close()
    return found


def test_whole_store_has_whole_pages(file: Path) -> None:
    assert pages_of(file) == []


def test_flipped_bit_is_found_in_every_page(file: Path) -> None:
    whole = file.read_bytes()
    for page in range(1, len(whole) // PAGE):
        file.write_bytes(whole)
        flip(file, page * PAGE + 1000)
        assert pages_of(file) in ([f"HMAC verification failed for page {page + 1}"], DAMAGED)


@pytest.mark.parametrize("place", [0, 15, 16, 2000, PAGE - 1])
def test_flipped_bit_in_the_first_page_keeps_the_store_shut(file: Path, place: int) -> None:
    flip(file, place)
    assert refusal(lambda: driver.connect(file, KEY)) == "store.wrong_key"


def cut(file: Path, size: int) -> None:
    os.truncate(file, size)


@pytest.mark.parametrize("pages", [1, 2, 20])
def test_file_cut_at_the_border_of_a_page_is_found(file: Path, pages: int) -> None:
    cut(file, file.stat().st_size - pages * PAGE)
    assert pages_of(file) == DAMAGED


def test_file_cut_inside_a_page_is_found(file: Path) -> None:
    cut(file, file.stat().st_size - 100)
    assert pages_of(file)


def test_file_with_something_at_its_end_is_found(file: Path) -> None:
    cut(file, file.stat().st_size + PAGE)
    assert "size" in pages_of(file)


def test_pages_that_were_swapped_are_found(file: Path) -> None:
    data = file.read_bytes()
    two, three = data[PAGE : 2 * PAGE], data[2 * PAGE : 3 * PAGE]
    file.write_bytes(data[:PAGE] + three + two + data[3 * PAGE :])
    assert pages_of(file)


def test_page_of_another_store_is_found(file: Path, tmp_path: Path) -> None:
    made_in(tmp_path / "other", "other").close()
    other = (tmp_path / "other" / file.name).read_bytes()
    data = file.read_bytes()
    file.write_bytes(data[:PAGE] + other[PAGE : 2 * PAGE] + data[2 * PAGE :])
    assert pages_of(file)


def test_broken_index_under_whole_pages_is_found(connection: Connection, file: Path) -> None:
    """Damage that was encrypted in good order, as a bug of SQLite's would leave it."""
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema "
        "WHERE name = 'record_leg_n') WHERE name = 'record_plan_n'"
    )
    connection.execute("PRAGMA writable_schema = RESET")
    again = driver.connect(file, KEY)
    found = driver.check_pages(again, file)
    again.close()
    assert found
    assert "size" not in found


def test_slots_say_nothing_of_the_key(folder: Path) -> None:
    for data in contents(folder).values():
        assert KEY not in data
        assert KEY.hex().encode() not in data
        assert KEY.hex().upper().encode() not in data
        assert KEY[:16] not in data
    assert set(contents(folder)) == {"notebook.db", *key_slots.SLOT_FILES}


def test_copy_of_the_file_opens_elsewhere(file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "копия.db"
    shutil.copyfile(file, elsewhere)
    connection = driver.connect(elsewhere, KEY)
    assert driver.check_pages(connection, elsewhere) == []
    connection.close()


def test_disk_that_refuses_the_first_bytes_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_in(tmp_path).close()
    file = tmp_path / driver.STORE_FILE

    def fails(*_given: object, **_named: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "open", fails)
    assert refusal(lambda: driver.connect(file, KEY)) == "store.unreadable"


def test_store_that_was_closed_meanwhile_is_told_of_as_that(tmp_path: Path) -> None:
    """A page that still wanted to read when the lock came must not end the program."""
    made_in(tmp_path).close()
    connection = driver.connect(tmp_path / driver.STORE_FILE, KEY)
    connection.close()

    def reads() -> None:
        with driver.translated_errors():
            connection.execute("SELECT 1")

    assert refusal(reads) == "store.closed"


@pytest.mark.parametrize(
    ("question", "words"),
    [("SELECT ?", "bindings"), ("SELECT * FROM nowhere", "no such table"), ("SELEC", "syntax")],
)
def test_fault_in_our_own_question_stays_a_bug(tmp_path: Path, question: str, words: str) -> None:
    """It is told neither as a defective disk nor as an error of the translation."""
    store = made_in(tmp_path)
    connection = connection_of(store)
    with pytest.raises(driver.DatabaseError, match=words), driver.translated_errors():
        connection.execute(question)
    with pytest.raises(driver.DatabaseError, match=words), store.transaction():
        connection.execute(question)
    store.close()


def test_fault_of_the_disk_in_the_same_place_is_told_as_that(tmp_path: Path) -> None:
    store = made_in(tmp_path)
    connection = connection_of(store)
    connection.execute("PRAGMA max_page_count = 1")  # no page more: the disk is full

    def fills() -> None:
        with store.transaction():
            connection.execute("INSERT INTO setting VALUES ('much', zeroblob(1000000))")

    assert refusal(fills) == "store.disk"
    store.close()
