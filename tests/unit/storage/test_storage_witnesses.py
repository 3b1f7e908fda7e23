# SPDX-License-Identifier: GPL-3.0-or-later
"""Other people's programs open our store with its key and count the same rows.

So a store can be read without this program, and its encryption is what it says it is.
"""

import shutil
import sqlite3
import subprocess
from pathlib import Path

import apsw
import pytest
from tests.support import make
from tests.unit.storage.store_samples import KEY, contents

from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.storage.store import Store

COUNTS = " UNION ALL ".join(
    f"SELECT '{name}', count(*) FROM record_{name}" for name in RECORD_TYPES
)
WRONG = make.named_bytes("a wrong key", 32)


def expected(store: Store) -> dict[str, int]:
    return {name: len(store.rows(name)) for name in RECORD_TYPES}


def opened_by_apsw(file: Path, key: bytes) -> apsw.Connection:
    """Return the store in SQLite3 Multiple Ciphers, which is another implementation."""
    connection = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
    for pragma in ("cipher = 'sqlcipher'", "legacy = 4", f"key = \"x'{key.hex()}'\""):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def asked_of_sqlcipher(file: Path, key: bytes, question: str) -> str:
    program = shutil.which("sqlcipher")
    if program is None:
        pytest.skip("the sqlcipher program is not installed")
    script = f"PRAGMA key = \"x'{key.hex()}'\";\n.mode list\n{question};\n"  # never on argv
    return subprocess.run(
        [program, "-batch", "-readonly", str(file)],
        input=script, capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip


def test_sample_has_rows_to_count(store: Store) -> None:
    filled = {"client", "plan", "leg", "help_number", "consent", "organisation"}
    assert expected(store) == {name: int(name in filled) for name in RECORD_TYPES}


def test_another_implementation_reads_the_same(store: Store, file: Path) -> None:
    witness = opened_by_apsw(file, KEY)
    assert dict(witness.execute(COUNTS)) == expected(store)
    assert list(witness.execute("SELECT f_given_name, f_code FROM record_client")) == [
        ("Нина", "tulpan-47")
    ]
    assert list(witness.execute("PRAGMA integrity_check")) == [("ok",)]
    witness.close()


def test_another_implementation_needs_the_key(file: Path) -> None:
    witness = opened_by_apsw(file, WRONG)
    with pytest.raises(apsw.NotADBError):
        witness.execute("SELECT count(*) FROM sqlite_schema")
    witness.close()


def test_systems_sqlcipher_reads_the_same(store: Store, file: Path) -> None:
    answer = asked_of_sqlcipher(file, KEY, COUNTS)
    lines = [line.split("|") for line in answer.splitlines() if "|" in line]
    assert {name: int(number) for name, number in lines} == expected(store)
    assert "Нина" in asked_of_sqlcipher(file, KEY, "SELECT f_given_name FROM record_client")


def test_systems_sqlcipher_finds_the_pages_whole(file: Path) -> None:
    answer = asked_of_sqlcipher(file, KEY, "PRAGMA cipher_integrity_check")
    assert "HMAC" not in answer
    assert "Нина" not in asked_of_sqlcipher(file, WRONG, "SELECT * FROM record_client")


def test_witnesses_change_nothing(folder: Path, file: Path) -> None:
    before = contents(folder)
    witness = opened_by_apsw(file, KEY)
    assert list(witness.execute("SELECT count(*) FROM record_client")) == [(1,)]
    witness.close()
    asked_of_sqlcipher(file, KEY, COUNTS)
    assert contents(folder) == before


def test_without_a_cipher_there_is_nothing_to_count(file: Path) -> None:
    plain = sqlite3.connect(file)
    with pytest.raises(sqlite3.DatabaseError):
        plain.execute(COUNTS)
    plain.close()
